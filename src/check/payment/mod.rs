//! PAY: payment vouchers.

mod bill;
mod dates;
mod numbers;
pub(in crate::check) mod parties;
mod state;

use super::{Rule, case};

/// The rules of this family, by code.
pub(super) const RULES: &[Rule] = &[
    case("PAY-001", parties::payer),
    case("PAY-002", parties::payee),
    case("PAY-003", parties::amount),
    case("PAY-004", dates::dates),
    case("PAY-005", numbers::numbers),
    case("PAY-006", state::capitals),
    case("PAY-007", state::state),
    case("PAY-008", bill::bill),
];

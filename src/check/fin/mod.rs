//! FIN: figures of the form and statements.

mod audit;
mod balance;
pub(in crate::check) mod figures;
mod flow;
mod more;

use super::{Rule, case};

/// The rules of this family, by code.
pub(super) const RULES: &[Rule] = &[
    case("FIN-001", figures::assets),
    case("FIN-002", figures::debt_ratio),
    case("FIN-003", figures::revenue),
    case("FIN-004", figures::profit),
    case("FIN-005", more::research),
    case("FIN-006", balance::balances),
    case("FIN-007", flow::chains),
    case("FIN-008", balance::continuity),
    case("FIN-009", more::copies),
    case("FIN-010", audit::audited),
    case("FIN-011", more::income),
    case("FIN-012", more::ratios),
];

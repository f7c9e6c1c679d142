//! FORM: what the application form says and lacks.

mod blank;
mod choices;
pub(in crate::check) mod facts;
mod figures;
mod layout;
mod signed;

use super::{Rule, case};

/// The rules of this family, by code.
pub(super) const RULES: &[Rule] = &[
    case("FORM-001", blank::blank),
    case("FORM-002", blank::indicators),
    case("FORM-003", facts::staff),
    case("FORM-004", figures::story),
    case("FORM-005", facts::same),
    case("FORM-006", facts::code),
    case("FORM-007", facts::period),
    case("FORM-008", signed::promise),
    case("FORM-009", signed::cover),
    case("FORM-010", figures::deadline),
    case("FORM-011", layout::layout),
    case("FORM-012", choices::single),
    case("FORM-013", choices::counted),
    case("FORM-014", figures::effort),
    case("FORM-015", figures::years),
];

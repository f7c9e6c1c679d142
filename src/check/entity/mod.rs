//! ENTITY: who the applicant is.

mod licence;
mod status;

use super::{Rule, case};

/// The rules of this family, by code.
pub(super) const RULES: &[Rule] = &[
    case("ENTITY-001", licence::name),
    case("ENTITY-002", licence::code),
    case("ENTITY-003", status::founded),
    case("ENTITY-004", licence::province),
    case("ENTITY-005", status::status),
    case("ENTITY-006", status::person),
    case("ENTITY-007", status::began),
];

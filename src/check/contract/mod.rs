//! CONTRACT: parties, amounts, dates and signatures of contracts.

pub(in crate::check) mod dates;
mod signed;
pub(in crate::check) mod wording;

use super::{Rule, case};

/// The rules of this family, by code.
pub(super) const RULES: &[Rule] = &[
    case("CONTRACT-001", wording::parties),
    case("CONTRACT-002", wording::amounts),
    case("CONTRACT-003", dates::late),
    case("CONTRACT-004", signed::signed),
    case("CONTRACT-005", dates::unborn),
];

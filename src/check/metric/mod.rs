//! METRIC: figures of the platform against its lists.

mod figures;
mod lists;
mod orders;

use super::{Rule, case};

/// The rules of this family, by code.
pub(super) const RULES: &[Rule] = &[
    case("METRIC-001", figures::contracts),
    case("METRIC-002", lists::counts),
    case("METRIC-003", figures::pairs),
    case("METRIC-004", lists::unsupported),
    case("METRIC-005", lists::younger),
    case("METRIC-006", figures::plain),
];

//! EVIDENCE: papers that are asked for, and whether they can be read.

mod quality;
mod required;

use super::{Rule, batch, case};

/// The rules of this family, by code.
pub(super) const RULES: &[Rule] = &[
    case("EVIDENCE-001", required::pictures),
    case("EVIDENCE-002", required::licence),
    case("EVIDENCE-003", required::investment),
    case("EVIDENCE-004", required::regions),
    case("EVIDENCE-005", required::customers),
    case("EVIDENCE-006", required::certificates),
    case("EVIDENCE-007", required::statements),
    case("EVIDENCE-008", required::taxes),
    case("EVIDENCE-009", quality::list),
    batch("EVIDENCE-010", required::unread),
    case("EVIDENCE-011", quality::poor),
    case("EVIDENCE-012", quality::numbers),
    case("EVIDENCE-013", quality::honours),
];

//! TAMPER: traces of a document changed after it was issued.

mod made;
mod over;
mod pasted;
mod revised;
mod stamps;
mod unlike;

use super::{Rule, case};

/// The rules of this family, by code.
pub(super) const RULES: &[Rule] = &[
    case("TAMPER-001", revised::revised),
    case("TAMPER-002", made::edited),
    case("TAMPER-003", over::covered),
    case("TAMPER-004", over::odd),
    case("TAMPER-005", pasted::pasted),
    case("TAMPER-006", made::dated),
    case("TAMPER-007", stamps::same_stamp),
    case("TAMPER-008", unlike::unlike),
    case("TAMPER-009", over::annotated),
];

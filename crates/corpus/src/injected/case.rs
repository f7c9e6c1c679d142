//! Faults of the form, its figures and statements, of the applicant, of evidence and of the call's procedure.

use crate::cases::Draft;

/// All of them.
pub fn all(_seed: u64) -> Vec<Draft> {
    Vec::new()
}

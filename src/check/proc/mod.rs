//! PROC: the summary table of the recommending city.

mod pairs;
mod rows;

use super::{Rule, batch};

/// The rules of this family, by code.
pub(super) const RULES: &[Rule] =
    &[batch("PROC-001", rows::rows), batch("PROC-002", pairs::one_to_one), batch("PROC-003", rows::cap)];

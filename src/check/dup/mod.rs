//! DUP: what several submissions, or earlier years, have in common.

mod contact;
mod papers;
mod pictures;
mod platform;
mod prices;
mod runs;
mod text;
pub(in crate::check) mod used;

use super::{Rule, batch};

/// The rules of this family, by code.
pub(super) const RULES: &[Rule] = &[
    batch("DUP-001", papers::invoices),
    batch("DUP-002", papers::numbers),
    batch("DUP-003", papers::files),
    batch("DUP-004", pictures::pictures),
    batch("DUP-005", text::passages),
    batch("DUP-006", contact::contacts),
    batch("DUP-007", platform::twice),
    batch("DUP-008", used::before),
    batch("DUP-009", runs::runs),
    batch("DUP-010", prices::prices),
];

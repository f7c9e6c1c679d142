//! Faults of purchases: the list, invoices, contracts, payments, taxes, and what submissions share.

use crate::cases::Draft;

/// All of them.
pub fn all(_seed: u64) -> Vec<Draft> {
    Vec::new()
}

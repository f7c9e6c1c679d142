//! Faults of purchases: the list, invoices, contracts, payments, taxes, and what submissions share.

mod again;
mod bills;
mod hand;
mod honest;
mod invoices;
mod rows;
mod scanned;
mod shared;
mod sums;

use crate::cases::Draft;

/// All of them.
pub fn all(seed: u64) -> Vec<Draft> {
    let mut out = vec![rows::papers(seed), rows::items(seed), invoices::numbers(seed), sums::sums(seed)];
    out.extend(shared::all(seed));
    out.extend([again::amounts(seed), scanned::papers(seed), again::list(seed), scanned::form(seed)]);
    out.extend([again::bundled(seed), honest::courses(seed), honest::papers(seed)]);
    out
}

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
    let (mut eight, mut nine) = (again::amounts(seed), scanned::papers(seed));
    let (mut ten, mut twelve) = (again::list(seed), again::bundled(seed));
    shared::pairs(seed, [&mut eight, &mut nine], [&mut ten, &mut twelve]);
    let fifteen = shared::once_more(seed, &mut ten);
    out.extend([eight, nine, ten, scanned::form(seed), twelve]);
    let (mut thirteen, mut fourteen) = (honest::courses(seed), honest::papers(seed));
    shared::alike(seed, [&mut thirteen, &mut fourteen]);
    out.extend([thirteen, fourteen, fifteen]);
    out
}

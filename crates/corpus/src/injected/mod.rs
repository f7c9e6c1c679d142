//! A fault for every rule, at least once on electronic and, where that applies, once on scanned papers; and what looks
//! like it and is honest. Drawn when the tests run: nothing of it lies in the repository.
//!
//! A submission bears several faults that have nothing to do with one another.

mod case;
mod deeds;
mod forged;

pub use case::{CITIES, summary};

use crate::cases::Draft;

/// All of them.
pub fn all(seed: u64) -> Vec<Draft> {
    let mut out = case::all(seed);
    out.extend(deeds::all(seed));
    out.extend(forged::all(seed));
    out
}

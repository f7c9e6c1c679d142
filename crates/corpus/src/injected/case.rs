//! Faults of the form, its figures and statements, of the applicant, of evidence and of the call's procedure.

mod books;
mod first;
mod honest;
mod second;
mod tables;
mod words;

use crate::cases::{Draft, Pack};
use crate::names::{HUNAN, Place, YUEYANG};
use crate::world::Plan;

pub use tables::{CITIES, summary};

/// Where those with a table of many rows sit.
const HENGYANG: (&Place, &str) = (&HUNAN[3], "衡阳市");
/// Where those with a scanned table sit.
const IN_YUEYANG: (&Place, &str) = (&YUEYANG, "岳阳市");

/// All of them.
pub fn all(seed: u64) -> Vec<Draft> {
    let mut out = first::all(seed);
    out.extend(second::all(seed));
    out.extend(honest::all(seed));
    out
}

/// An honest submission. The number gives its look.
fn draft(
    seed: u64,
    key: (&'static str, u8),
    seat: (&Place, &'static str),
    class: &'static str,
    pack: Pack,
    plans: &[Plan],
) -> Draft {
    let mut d = Draft::at(seed, key, seat, (class, crate::batch::CCB), pack, plans);
    d.s.sales.clear();
    // No font of the drawn papers has ☑.
    if d.look.form.ticks.0 == "☑" {
        d.look.form.ticks = ("√", "□");
    }
    d
}

/// Writes on the form what is not true.
fn write(d: &mut Draft, slips: &[(&'static str, String)]) {
    d.faults.form.extend_from_slice(slips);
}

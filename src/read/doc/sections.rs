//! Sections: where each ends, how large its paper is, and whether it began on a page of its own.

use std::collections::BTreeMap;

use super::File;
use super::fib::{Fib, table};
use super::sprm;
use crate::read::dom::Node;
use crate::read::flow;
use crate::read::ole::{slice, u16_at, u32_at};

/// Bytes of a section's entry.
const ENTRY: usize = 12;

/// The section that ends before each position of the text, as an element.
pub(super) fn by_end(file: &File, fib: &Fib) -> BTreeMap<usize, Node> {
    let entries = fib.table(&file.tables, table::SECTIONS);
    let count = entries.len().saturating_sub(4) / (4 + ENTRY);
    let mut out = BTreeMap::new();
    for i in 0..count {
        let Some(end) = u32_at(entries, (i + 1) * 4) else { break };
        let at = u32_at(entries, (count + 1) * 4 + i * ENTRY + 2).unwrap_or(u32::MAX) as usize;
        let length = u16_at(&file.stream, at).map_or(0, usize::from);
        let list = slice(&file.stream, at.saturating_add(2), length).unwrap_or(&[]);
        let (mut width, mut height, mut continuous) = (None, None, false);
        for (code, operand) in sprm::each(list) {
            match code {
                0x3009 => continuous = operand.first() == Some(&0),
                0xB01F => width = u16_at(operand, 0),
                0xB020 => height = u16_at(operand, 0),
                _ => {}
            }
        }
        let size = width.zip(height).map(|(w, h)| (u32::from(w), u32::from(h)));
        // A section that states nothing is A4 to whoever wrote it.
        out.insert(end as usize, flow::section(size.filter(|s| s.0 > 0 && s.1 > 0), continuous));
    }
    out
}

//! Text boxes: their texts stand in a story of their own, tied to the anchors in the text by the drawing's number.

use std::collections::BTreeMap;
use std::ops::Range;

use super::File;
use super::fib::{Fib, table};
use crate::read::ole::u32_at;

/// Bytes of an anchor's entry and of a text's.
const ANCHOR: usize = 26;
const BOX: usize = 22;
/// Most boxes of a document.
const MOST: usize = 10_000;

/// The texts of boxes by the position of their anchors.
pub(super) fn by_anchor(file: &File, fib: &Fib) -> BTreeMap<usize, Vec<Range<usize>>> {
    let start: usize = fib.stories.iter().take(6).map(|n| *n as usize).sum();
    let end = start.saturating_add(fib.stories[6] as usize).min(file.text.units.len());
    let texts = fib.table(&file.tables, table::BOXES);
    let count = (texts.len().saturating_sub(4) / (4 + BOX)).min(MOST);
    let mut by_drawing: BTreeMap<u32, Vec<Range<usize>>> = BTreeMap::new();
    for i in 0..count {
        let (Some(from), Some(to)) = (u32_at(texts, i * 4), u32_at(texts, i * 4 + 4)) else { break };
        let range = start.saturating_add(from as usize)..start.saturating_add(to as usize).min(end);
        let drawing = u32_at(texts, (count + 1) * 4 + i * BOX + 14);
        if let Some(drawing) = drawing.filter(|_| range.start < range.end) {
            by_drawing.entry(drawing).or_default().push(range);
        }
    }
    let anchors = fib.table(&file.tables, table::ANCHORS);
    let count = (anchors.len().saturating_sub(4) / (4 + ANCHOR)).min(MOST);
    let mut out: BTreeMap<usize, Vec<Range<usize>>> = BTreeMap::new();
    for i in 0..count {
        let (Some(at), Some(drawing)) =
            (u32_at(anchors, i * 4), u32_at(anchors, (count + 1) * 4 + i * ANCHOR))
        else {
            break;
        };
        if let Some(texts) = by_drawing.remove(&drawing) {
            out.entry(at as usize).or_default().extend(texts);
        }
    }
    out
}

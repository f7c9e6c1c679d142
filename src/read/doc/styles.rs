//! The style sheet: which styles begin a page.

use std::collections::BTreeSet;

use super::properties::Paragraph;
use crate::read::ole::{slice, u16_at};

/// Styles upon styles: how deep.
const DEPTH: usize = 16;
/// The number of no style.
const NONE: u16 = 0xFFF;

/// A style: what it rests on, and what it says of the page.
struct Style {
    base: u16,
    breaks: Option<bool>,
}

/// The numbers of the styles whose paragraphs begin on a new page.
pub(super) fn breaking(sheet: &[u8]) -> BTreeSet<u16> {
    let styles = parse(sheet).unwrap_or_default();
    let breaks = |number: usize| {
        let mut style = styles.get(number)?.as_ref()?;
        for _ in 0..DEPTH {
            if style.breaks.is_some() {
                return style.breaks;
            }
            style = styles.get(usize::from(style.base))?.as_ref()?;
        }
        None
    };
    let numbers = (0..styles.len()).filter(|n| breaks(*n) == Some(true));
    numbers.filter_map(|n| u16::try_from(n).ok()).collect()
}

fn parse(sheet: &[u8]) -> Option<Vec<Option<Style>>> {
    let head = usize::from(u16_at(sheet, 0)?);
    let count = u16_at(sheet, 2)?;
    let fixed = usize::from(u16_at(sheet, 4)?);
    let mut at = 2 + head;
    let mut out = Vec::new();
    for _ in 0..count {
        let Some(length) = u16_at(sheet, at).map(usize::from) else { break };
        out.push(slice(sheet, at + 2, length).and_then(|s| style(s, fixed)));
        // Each begins at an even byte.
        at += 2 + length + length % 2;
    }
    Some(out)
}

/// A paragraph style; `None` for others and for numbers that are not in use.
fn style(bytes: &[u8], fixed: usize) -> Option<Style> {
    let kind = u16_at(bytes, 2)?;
    if kind & 0xF != 1 {
        return None;
    }
    // The name stands between, with its length before and a zero behind.
    let name = usize::from(u16_at(bytes, fixed)?);
    let at = fixed + 2 + (name + 1) * 2;
    let length = u16_at(bytes, at).map_or(0, usize::from);
    // Its properties begin with the style's own number.
    let list = slice(bytes, at + 2, length).and_then(|l| l.get(2..)).unwrap_or(&[]);
    let says = |before: bool| {
        let mut paragraph = Paragraph::of_style(before);
        paragraph.apply(list, &[]);
        paragraph.break_before
    };
    // What does not change with what was before is stated.
    let breaks = (says(true) == says(false)).then(|| says(true));
    Some(Style { base: (kind >> 4).min(NONE), breaks })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(kind: u16, base: u16, list: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let papx = [&[0, 0][..], list].concat();
        let name: Vec<u16> = "章".encode_utf16().collect();
        for word in [0, base << 4 | kind, 1, 0, 0, u16::try_from(name.len()).unwrap()] {
            out.extend_from_slice(&word.to_le_bytes());
        }
        name.iter().chain(&[0]).for_each(|u| out.extend_from_slice(&u.to_le_bytes()));
        out.extend_from_slice(&u16::try_from(papx.len()).unwrap().to_le_bytes());
        out.extend_from_slice(&papx);
        [&u16::try_from(out.len()).unwrap().to_le_bytes()[..], &out, &[0][..out.len() % 2]].concat()
    }

    #[test]
    fn styles_and_what_rests_on_them() {
        let on = [0x07, 0x24, 1];
        let off = [0x07, 0x24, 0];
        let entries = [
            entry(1, 0xFFF, &[]),
            entry(1, 0, &on),
            entry(1, 1, &[]),
            entry(1, 1, &off),
            vec![0, 0],
            // A character style, and one that rests on itself.
            entry(2, 1, &[]),
            entry(1, 6, &[]),
        ];
        let head: Vec<u8> = [4u16, 7, 10].iter().flat_map(|w| w.to_le_bytes()).collect();
        let sheet = [head, entries.concat()].concat();
        assert_eq!(breaking(&sheet), BTreeSet::from([1, 2]));
        for end in 0..sheet.len() {
            breaking(&sheet[..end]);
        }
    }
}

//! Property modifiers: a list of codes with their operands.

use crate::read::ole::u16_at;

/// Walks a list of modifiers: code and operand. A list that breaks off ends there.
pub(super) fn each(list: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut at = 0usize;
    std::iter::from_fn(move || {
        let code = u16_at(list, at)?;
        let start = at + 2;
        let (skip, length) = operand(code, list.get(start..)?)?;
        let from = start + skip;
        let operand = list.get(from..from.checked_add(length)?)?;
        at = from + length;
        Some((code, operand))
    })
}

/// How many bytes of length stand before an operand, and how long it is.
fn operand(code: u16, rest: &[u8]) -> Option<(usize, usize)> {
    const TABLE: u16 = 0xD608;
    const TABLE_OLD: u16 = 0xD606;
    const TABS: u16 = 0xC615;
    match code >> 13 {
        0 | 1 => Some((0, 1)),
        2 | 4 | 5 => Some((0, 2)),
        3 => Some((0, 4)),
        7 => Some((0, 3)),
        _ if matches!(code, TABLE | TABLE_OLD) => Some((2, usize::from(u16_at(rest, 0)?).saturating_sub(1))),
        _ if code == TABS && rest.first() == Some(&255) => {
            let deleted = usize::from(*rest.get(1)?) * 4;
            let added = usize::from(*rest.get(2 + deleted)?) * 3;
            Some((1, 2 + deleted + added))
        }
        _ => Some((1, usize::from(*rest.first()?))),
    }
}

/// The list of modifiers that a piece applies to its text: by number into the lists beside the pieces, or one
/// modifier written out in two bytes.
pub(super) fn of_piece(prm: u16, lists: &[Vec<u8>]) -> Vec<u8> {
    if prm & 1 == 1 {
        return lists.get(usize::from(prm >> 1)).cloned().unwrap_or_default();
    }
    let code: u16 = match (prm >> 1) & 0x7F {
        0x09 => 0x2407,
        0x18 => 0x2416,
        0x19 => 0x2417,
        0x41 => 0x0800,
        0x5C => 0x083C,
        _ => return Vec::new(),
    };
    let [low, high] = code.to_le_bytes();
    vec![low, high, (prm >> 8) as u8]
}

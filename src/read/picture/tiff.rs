//! The directory chain of a TIFF. The decoder reads the first page only; a page further on is reached by handing it
//! the file with the header pointing there.

use std::borrow::Cow;

/// Most pages looked for; a chain longer than this is a loop or a bomb.
const MOST: usize = 5_000;

/// Offsets of the full-size pages of a classic TIFF; empty for anything else.
pub(super) fn pages(bytes: &[u8]) -> Vec<u32> {
    let Some(little) = endian(bytes) else { return Vec::new() };
    let mut out = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    let mut next = u32_at(bytes, 4, little).unwrap_or(0);
    while next != 0 && out.len() < MOST && seen.insert(next) {
        let Some(count) = u16_at(bytes, next as usize, little) else { break };
        if !reduced(bytes, next as usize + 2, count, little) {
            out.push(next);
        }
        let end = next as usize + 2 + 12 * usize::from(count);
        next = u32_at(bytes, end, little).unwrap_or(0);
    }
    out
}

/// The file as the decoder must see it to read page `number` (from 1).
pub(super) fn at_page(bytes: &[u8], number: u32) -> Option<Cow<'_, [u8]>> {
    let Some(little) = endian(bytes) else { return (number == 1).then_some(Cow::Borrowed(bytes)) };
    let pages = pages(bytes);
    if number == 1 && pages.is_empty() {
        return Some(Cow::Borrowed(bytes));
    }
    let offset = *pages.get(number.checked_sub(1)? as usize)?;
    let mut copy = bytes.to_vec();
    copy[4..8].copy_from_slice(&if little { offset.to_le_bytes() } else { offset.to_be_bytes() });
    Some(Cow::Owned(copy))
}

/// The resolution a page states, in dots per inch.
pub(super) fn stated(bytes: &[u8]) -> Option<f32> {
    let directory = Directory::of(bytes)?;
    let little = directory.little;
    let value = u32_at(bytes, directory.entry(282)? + 8, little)? as usize;
    let (over, under) = (u32_at(bytes, value, little)?, u32_at(bytes, value.checked_add(4)?, little)?);
    let density = over as f32 / (under.max(1)) as f32;
    match directory.number(296).unwrap_or(2) {
        2 => Some(density),
        3 => Some(density * 2.54),
        _ => None,
    }
}

/// The directory that the header points to.
pub(super) struct Directory<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) little: bool,
    at: usize,
    count: u16,
}

impl<'a> Directory<'a> {
    /// Most values of one entry.
    const VALUES: usize = 1 << 20;

    pub(super) fn of(bytes: &'a [u8]) -> Option<Self> {
        let little = endian(bytes)?;
        let at = u32_at(bytes, 4, little)? as usize;
        Some(Self { bytes, little, at, count: u16_at(bytes, at, little)? })
    }

    /// Where the entry of a tag stands.
    fn entry(&self, tag: u16) -> Option<usize> {
        (0..usize::from(self.count))
            .map(|i| self.at + 2 + 12 * i)
            .find(|e| u16_at(self.bytes, *e, self.little) == Some(tag))
    }

    /// The values of a tag; none where it is missing or broken.
    pub(super) fn numbers(&self, tag: u16) -> Vec<u32> {
        self.values(tag).unwrap_or_default()
    }

    /// The first value of a tag.
    pub(super) fn number(&self, tag: u16) -> Option<u32> {
        self.numbers(tag).first().copied()
    }

    fn values(&self, tag: u16) -> Option<Vec<u32>> {
        let entry = self.entry(tag)?;
        let (kind, count) =
            (u16_at(self.bytes, entry + 2, self.little)?, u32_at(self.bytes, entry + 4, self.little)?);
        let count = (count as usize).min(Self::VALUES);
        let width = match kind {
            1 | 2 | 7 => 1,
            3 => 2,
            4 => 4,
            _ => return None,
        };
        let inside = count * width <= 4;
        let from = if inside { entry + 8 } else { u32_at(self.bytes, entry + 8, self.little)? as usize };
        (0..count)
            .map(|i| {
                let at = from.checked_add(i * width)?;
                match width {
                    1 => self.bytes.get(at).map(|b| u32::from(*b)),
                    2 => u16_at(self.bytes, at, self.little).map(u32::from),
                    _ => u32_at(self.bytes, at, self.little),
                }
            })
            .collect()
    }
}

fn endian(bytes: &[u8]) -> Option<bool> {
    match bytes.get(..4)? {
        b"II*\0" => Some(true),
        b"MM\0*" => Some(false),
        _ => None,
    }
}

/// Whether a directory describes a reduced copy of another page (bit 0 of tag 254).
fn reduced(bytes: &[u8], entries: usize, count: u16, little: bool) -> bool {
    (0..usize::from(count))
        .map(|i| entries + 12 * i)
        .find(|e| u16_at(bytes, *e, little) == Some(254))
        .and_then(|e| u32_at(bytes, e + 8, little))
        .is_some_and(|v| v & 1 == 1)
}

fn u16_at(bytes: &[u8], at: usize, little: bool) -> Option<u16> {
    let b = bytes.get(at..at.checked_add(2)?)?;
    Some(if little { u16::from_le_bytes([b[0], b[1]]) } else { u16::from_be_bytes([b[0], b[1]]) })
}

fn u32_at(bytes: &[u8], at: usize, little: bool) -> Option<u32> {
    let b = bytes.get(at..at.checked_add(4)?)?;
    let b = [b[0], b[1], b[2], b[3]];
    Some(if little { u32::from_le_bytes(b) } else { u32::from_be_bytes(b) })
}

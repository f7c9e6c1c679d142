//! Pages of formatted properties: which modifiers hold for which bytes of the stream.

use crate::read::ole::{slice, u16_at, u32_at};

/// Size of a page.
const PAGE: usize = 512;
/// Most runs of a document.
const RUNS: usize = 4_000_000;

/// Bytes `from..to` of the stream with their modifiers at `list..list + length`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    pub(super) from: usize,
    pub(super) to: usize,
    list: usize,
    length: usize,
}

/// All runs of one kind, by their place.
#[derive(Debug, Default)]
pub(super) struct Runs(Vec<Run>);

impl Runs {
    /// Runs of characters.
    pub(super) fn characters(table: &[u8], stream: &[u8]) -> Self {
        Self::parse(table, stream, |page, base, count, i| {
            let at = usize::from(*page.get((count + 1) * 4 + i)?) * 2;
            let length = usize::from(*page.get(at)?);
            (at > 0).then_some((base + at + 1, length))
        })
    }

    /// Runs of paragraphs; their lists begin behind the style's number.
    pub(super) fn paragraphs(table: &[u8], stream: &[u8]) -> Self {
        Self::parse(table, stream, |page, base, count, i| {
            let at = usize::from(*page.get((count + 1) * 4 + i * 13)?) * 2;
            let words = usize::from(*page.get(at)?);
            let (start, length) = match words {
                0 => (at + 2, usize::from(*page.get(at + 1)?) * 2),
                n => (at + 1, n * 2 - 1),
            };
            (at > 0 && length >= 2).then(|| (base + start + 2, length - 2))
        })
    }

    fn parse(
        table: &[u8],
        stream: &[u8],
        list_of: impl Fn(&[u8], usize, usize, usize) -> Option<(usize, usize)>,
    ) -> Self {
        let pages = table.len().saturating_sub(4) / 8;
        let mut runs = Vec::new();
        for n in 0..pages {
            let Some(number) = u32_at(table, (pages + 1) * 4 + n * 4) else { break };
            let base = (number & 0x003F_FFFF) as usize * PAGE;
            let Some(page) = slice(stream, base, PAGE) else { continue };
            let count = usize::from(page[PAGE - 1]);
            for i in 0..count {
                let (Some(from), Some(to)) = (u32_at(page, i * 4), u32_at(page, i * 4 + 4)) else { break };
                let (list, length) = list_of(page, base, count, i).unwrap_or((0, 0));
                if from < to && runs.len() < RUNS {
                    runs.push(Run { from: from as usize, to: to as usize, list, length });
                }
            }
        }
        runs.sort_by_key(|r| (r.from, r.to));
        Self(runs)
    }

    /// The run that holds a byte.
    pub(super) fn at(&self, byte: usize) -> Option<&Run> {
        let index = self.0.partition_point(|r| r.from <= byte);
        self.0.get(index.checked_sub(1)?).filter(|r| byte < r.to)
    }
}

impl Run {
    /// The number of a paragraph's style, which stands before its modifiers.
    pub(super) fn style(&self, stream: &[u8]) -> Option<u16> {
        u16_at(stream, self.list.checked_sub(2)?)
    }

    /// Its modifiers.
    pub(super) fn list<'a>(&self, stream: &'a [u8]) -> &'a [u8] {
        slice(stream, self.list, self.length).unwrap_or(&[])
    }
}

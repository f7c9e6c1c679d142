//! The records a workbook's stream consists of.

use crate::read::ole::{slice, u16_at};

/// What continues the record before.
const CONTINUE: u16 = 0x3C;

/// A record with what continues it.
pub(super) struct Record<'a> {
    pub(super) kind: u16,
    pub(super) data: &'a [u8],
    pub(super) more: Vec<&'a [u8]>,
}

/// Walks the records from a position. The stream may break off: see [`Records::cut`].
pub(super) struct Records<'a> {
    stream: &'a [u8],
    at: usize,
    /// Whether the last record was not whole.
    pub(super) cut: bool,
}

impl<'a> Records<'a> {
    pub(super) fn new(stream: &'a [u8], at: usize) -> Self {
        Self { stream, at, cut: false }
    }

    fn one(&mut self) -> Option<(u16, &'a [u8])> {
        let kind = u16_at(self.stream, self.at)?;
        let length = usize::from(u16_at(self.stream, self.at + 2)?);
        let Some(data) = slice(self.stream, self.at + 4, length) else {
            self.cut = true;
            return None;
        };
        self.at += 4 + length;
        Some((kind, data))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let (kind, data) = self.one()?;
        let mut more = Vec::new();
        while u16_at(self.stream, self.at) == Some(CONTINUE) {
            let Some((_, data)) = self.one() else { break };
            more.push(data);
        }
        Some(Record { kind, data, more })
    }
}

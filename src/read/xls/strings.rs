//! Strings, which may run on over records: each continuation of one says anew how wide its characters are.

use encoding_rs::Encoding;

use super::records::Record;
use crate::read::ole::u16_at;

/// Reads a record and its continuations as one.
pub(super) struct Chunks<'a> {
    parts: Vec<&'a [u8]>,
    part: usize,
    at: usize,
}

impl<'a> Chunks<'a> {
    /// From `at` of a record's data.
    pub(super) fn new(record: &Record<'a>, at: usize) -> Self {
        let mut parts = vec![record.data];
        parts.extend(&record.more);
        Self { parts, part: 0, at }
    }

    fn byte(&mut self) -> Option<u8> {
        loop {
            let part = self.parts.get(self.part)?;
            if let Some(byte) = part.get(self.at) {
                self.at += 1;
                return Some(*byte);
            }
            self.part += 1;
            self.at = 0;
        }
    }

    fn word(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn skip(&mut self, mut count: usize) {
        while let Some(part) = self.parts.get(self.part).filter(|_| count > 0) {
            let step = count.min(part.len().saturating_sub(self.at));
            self.at += step;
            count -= step;
            if count > 0 {
                self.part += 1;
                self.at = 0;
            }
        }
    }

    /// A string of Excel 97 and later whose length stands before it.
    pub(super) fn unicode(&mut self) -> Option<String> {
        let length = usize::from(self.word()?);
        self.unicode_of(length)
    }

    /// A string of this many characters.
    pub(super) fn unicode_of(&mut self, length: usize) -> Option<String> {
        let flags = self.byte()?;
        let runs = if flags & 8 != 0 { usize::from(self.word()?) } else { 0 };
        let extra =
            if flags & 4 != 0 { usize::from(self.word()?) | usize::from(self.word()?) << 16 } else { 0 };
        let mut wide = flags & 1 == 1;
        let mut units = Vec::new();
        while units.len() < length {
            let part = *self.parts.get(self.part)?;
            if self.at >= part.len() {
                self.part += 1;
                self.at = 0;
                wide = self.parts.get(self.part)?.first()? & 1 == 1;
                self.at = 1;
                continue;
            }
            let unit = if wide { u16_at(part, self.at) } else { part.get(self.at).map(|b| u16::from(*b)) };
            let Some(unit) = unit else {
                // Half a character at the end of a record.
                self.at = part.len();
                continue;
            };
            self.at += if wide { 2 } else { 1 };
            units.push(unit);
        }
        self.skip(runs * 4 + extra);
        Some(String::from_utf16_lossy(&units))
    }
}

/// A string of Excel 5 and 95: bytes in the workbook's code page.
pub(super) fn bytes(data: &[u8], at: usize, length: usize, encoding: &'static Encoding) -> String {
    let end = at.saturating_add(length).min(data.len());
    encoding.decode_without_bom_handling(data.get(at..end).unwrap_or(&[])).0.into_owned()
}

/// The encoding of a code page.
pub(super) fn encoding(page: u16) -> &'static Encoding {
    match page {
        936 | 54936 => encoding_rs::GB18030,
        950 => encoding_rs::BIG5,
        932 => encoding_rs::SHIFT_JIS,
        949 => encoding_rs::EUC_KR,
        65001 => encoding_rs::UTF_8,
        _ => encoding_rs::WINDOWS_1252,
    }
}

//! What holds for the whole workbook: its sheets, shared strings and number formats.

use std::collections::BTreeMap;

use encoding_rs::Encoding;

use super::records::{Record, Records};
use super::strings::{self, Chunks};
use crate::model::ReadError;
use crate::read::ole::{u16_at, u32_at};
use crate::read::sheet::display;

/// Most shared strings, and most bytes of all of them.
const STRINGS: usize = 2_000_000;
const BYTES: usize = 256 << 20;
/// Most sheets listed.
const SHEETS: usize = 10_000;

/// A sheet in the list.
pub(super) struct Entry {
    pub(super) name: String,
    /// Where its records begin.
    pub(super) at: usize,
    pub(super) hidden: bool,
    /// It holds cells (no chart, no macros).
    pub(super) cells: bool,
}

/// The workbook.
pub(super) struct Book {
    pub(super) sheets: Vec<Entry>,
    pub(super) strings: Vec<String>,
    /// Whether strings are Unicode (Excel 97 and later).
    pub(super) unicode: bool,
    pub(super) encoding: &'static Encoding,
    pub(super) since_1904: bool,
    formats: BTreeMap<u16, String>,
    styles: Vec<u16>,
}

impl Book {
    /// Reads the records before the first sheet.
    pub(super) fn parse(stream: &[u8]) -> Result<Self, ReadError> {
        let mut book = Self {
            sheets: Vec::new(),
            strings: Vec::new(),
            unicode: true,
            encoding: encoding_rs::WINDOWS_1252,
            since_1904: false,
            formats: BTreeMap::new(),
            styles: Vec::new(),
        };
        let mut begun = false;
        for record in Records::new(stream, 0) {
            match record.kind {
                0x0809 => {
                    begun = true;
                    book.unicode = u16_at(record.data, 0) != Some(0x0500);
                }
                0x002F => return Err(ReadError::Encrypted),
                0x0042 => book.encoding = strings::encoding(u16_at(record.data, 0).unwrap_or(1252)),
                0x0022 => book.since_1904 = u16_at(record.data, 0) == Some(1),
                0x041E => book.format(&record),
                0x00E0 => book.styles.push(u16_at(record.data, 2).unwrap_or(0)),
                0x0085 => book.sheet(&record),
                0x00FC => book.shared(&record),
                0x000A => break,
                _ => {}
            }
            if !begun {
                return Err(ReadError::Damaged("工作簿数据流的开头不是工作簿".into()));
            }
        }
        Ok(book)
    }

    /// The number format of a style.
    pub(super) fn format_of(&self, style: u16) -> Option<&str> {
        let number = *self.styles.get(usize::from(style))?;
        self.formats.get(&number).map(String::as_str).or_else(|| display::built_in(number))
    }

    fn format(&mut self, record: &Record<'_>) {
        let Some(number) = u16_at(record.data, 0) else { return };
        let code = if self.unicode {
            Chunks::new(record, 2).unicode()
        } else {
            record.data.get(2).map(|n| strings::bytes(record.data, 3, usize::from(*n), self.encoding))
        };
        if let Some(code) = code {
            self.formats.insert(number, code);
        }
    }

    fn sheet(&mut self, record: &Record<'_>) {
        let data = record.data;
        let (Some(at), Some(state), Some(kind), Some(length)) =
            (u32_at(data, 0), data.get(4), data.get(5), data.get(6))
        else {
            return;
        };
        let length = usize::from(*length);
        let name = if self.unicode {
            Chunks::new(record, 7).unicode_of(length).unwrap_or_default()
        } else {
            strings::bytes(data, 7, length, self.encoding)
        };
        if self.sheets.len() < SHEETS {
            let entry = Entry {
                name: name.replace('\0', ""),
                at: at as usize,
                hidden: state & 3 != 0,
                cells: *kind == 0,
            };
            self.sheets.push(entry);
        }
    }

    fn shared(&mut self, record: &Record<'_>) {
        let mut chunks = Chunks::new(record, 8);
        let mut bytes = 0;
        while let Some(text) = chunks.unicode() {
            bytes += text.len();
            self.strings.push(text);
            if self.strings.len() >= STRINGS || bytes >= BYTES {
                break;
            }
        }
    }
}

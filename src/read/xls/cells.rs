//! The cells of a sheet.

use super::book::Book;
use super::records::{Record, Records};
use super::strings::{self, Chunks};
use crate::read::ole::{slice, u16_at, u32_at};
use crate::read::sheet::{CELLS, Grid, Spans, display};

/// How much of a workbook is still read: a small file may name one long text a million times.
#[derive(Default)]
pub(super) struct Budget {
    pub(super) cells: usize,
    pub(super) bytes: usize,
}

impl Budget {
    /// Enough for any workbook that people made.
    pub(super) const WHOLE: Self = Self { cells: 2_000_000, bytes: 256 << 20 };
}

/// What was read of a sheet.
#[derive(Default)]
pub(super) struct Sheet {
    pub(super) grid: Grid,
    pub(super) spans: Spans,
    /// There were more cells than are read.
    pub(super) full: bool,
    /// The records broke off.
    pub(super) cut: bool,
    /// The formula whose text comes in the next record.
    formula: Option<(u32, u32)>,
    left: Budget,
}

/// Reads the records of a sheet.
pub(super) fn read(stream: &[u8], at: usize, book: &Book, budget: &mut Budget) -> Sheet {
    let mut sheet = Sheet { left: Budget { cells: budget.cells.min(CELLS), ..*budget }, ..Sheet::default() };
    let given = sheet.left.cells;
    let mut records = Records::new(stream, at);
    // Charts within a sheet are records within its records.
    let mut depth = 0usize;
    let mut ended = false;
    for record in records.by_ref() {
        match record.kind {
            0x0809 => depth += 1,
            0x000A => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    ended = true;
                    break;
                }
            }
            _ if depth == 1 => sheet.record(&record, book),
            // A sheet begins with its mark: this is none.
            _ if depth == 0 => break,
            _ => {}
        }
        if sheet.full {
            break;
        }
    }
    sheet.cut = !ended && !sheet.full;
    budget.cells = budget.cells.saturating_sub(given - sheet.left.cells);
    budget.bytes = sheet.left.bytes;
    sheet
}

impl Sheet {
    fn record(&mut self, record: &Record<'_>, book: &Book) {
        let data = record.data;
        if record.kind == 0x00E5 {
            return self.merged(data);
        }
        if record.kind == 0x0207 {
            let text = text(record, 0, book);
            if let (Some(at), Some(text)) = (self.formula.take(), text) {
                self.put(at, text);
            }
            return;
        }
        let (Some(row), Some(col)) = (u16_at(data, 0), u16_at(data, 2)) else { return };
        let at = (u32::from(row), u32::from(col));
        let style = u16_at(data, 4).unwrap_or(0);
        let number =
            |value: f64, style: u16| display::number_or_date(value, book.format_of(style), book.since_1904);
        let shown = match record.kind {
            0x0203 => double(data, 6).map(|v| number(v, style)),
            0x027E => u32_at(data, 6).map(|v| number(packed(v), style)),
            0x00BD => {
                let count = data.len().saturating_sub(6) / 6;
                for i in 0..count {
                    let (Some(style), Some(value)) = (u16_at(data, 4 + i * 6), u32_at(data, 6 + i * 6))
                    else {
                        break;
                    };
                    self.put((at.0, at.1 + i as u32), number(packed(value), style));
                }
                None
            }
            0x00FD => u32_at(data, 6).and_then(|i| book.strings.get(i as usize)).cloned(),
            0x0204 | 0x00D6 => text(record, 6, book),
            0x0205 => data.get(6).zip(data.get(7)).map(|(v, e)| bool_or_error(*v, *e == 1)),
            0x0006 | 0x0206 | 0x0406 => self.formula(data, at, |v| number(v, style)),
            _ => None,
        };
        if let Some(shown) = shown {
            self.put(at, shown);
        }
    }

    /// The cached result of a formula.
    fn formula(&mut self, data: &[u8], at: (u32, u32), number: impl Fn(f64) -> String) -> Option<String> {
        let result = slice(data, 6, 8)?;
        self.formula = None;
        if result[6..] != [0xFF, 0xFF] {
            return double(data, 6).map(number);
        }
        match result[0] {
            0 => {
                self.formula = Some(at);
                None
            }
            1 => Some(bool_or_error(result[2], false)),
            2 => Some(bool_or_error(result[2], true)),
            _ => None,
        }
    }

    fn put(&mut self, at: (u32, u32), text: String) {
        if text.trim().is_empty() {
            return;
        }
        if self.left.cells == 0 || self.left.bytes < text.len() {
            self.full = true;
            return;
        }
        self.left.cells -= 1;
        self.left.bytes -= text.len();
        self.grid.insert(at, text);
    }

    fn merged(&mut self, data: &[u8]) {
        let count = usize::from(u16_at(data, 0).unwrap_or(0));
        for i in 0..count {
            let word = |n: usize| u16_at(data, 2 + i * 8 + n * 2).map(u32::from);
            let (Some(top), Some(bottom), Some(left), Some(right)) = (word(0), word(1), word(2), word(3))
            else {
                break;
            };
            if top <= bottom && left <= right && self.spans.len() < CELLS {
                self.spans.insert((top, left), (bottom - top + 1, right - left + 1));
            }
        }
    }
}

/// The text of a cell or of a formula's result.
fn text(record: &Record<'_>, at: usize, book: &Book) -> Option<String> {
    if book.unicode {
        return Chunks::new(record, at).unicode();
    }
    let length = usize::from(u16_at(record.data, at)?);
    Some(strings::bytes(record.data, at + 2, length, book.encoding))
}

fn double(data: &[u8], at: usize) -> Option<f64> {
    let eight: [u8; 8] = slice(data, at, 8)?.try_into().ok()?;
    Some(f64::from_le_bytes(eight))
}

/// A number packed into four bytes: the upper half of a double, or a whole number, of hundredths perhaps.
fn packed(value: u32) -> f64 {
    let number = if value & 2 != 0 {
        f64::from(value as i32 >> 2)
    } else {
        f64::from_bits(u64::from(value & 0xFFFF_FFFC) << 32)
    };
    if value & 1 != 0 { number / 100.0 } else { number }
}

fn bool_or_error(value: u8, error: bool) -> String {
    let words = match (error, value) {
        (false, 0) => "FALSE",
        (false, _) => "TRUE",
        (true, 0x00) => "#NULL!",
        (true, 0x07) => "#DIV/0!",
        (true, 0x0F) => "#VALUE!",
        (true, 0x17) => "#REF!",
        (true, 0x1D) => "#NAME?",
        (true, 0x24) => "#NUM!",
        (true, _) => "#N/A",
    };
    words.to_string()
}

//! Workbooks of Excel 5 to 2003 (and of WPS, which writes the same): the records of each sheet, cached results of
//! formulas, numbers as their formats show them.
//!
//! An own reader, as the crate that reads XLSX drops the number formats of this one and trusts lengths it reads.

mod book;
mod cells;
mod records;
mod strings;

use super::ole::Ole;
use super::sheet;
use super::{ReadContext, Reader};
use crate::model::{Format, ReadBy, ReadError, Reading};

/// Reads XLS.
pub struct XlsReader;

impl Reader for XlsReader {
    fn formats(&self) -> &'static [Format] {
        &[Format::Xls]
    }

    fn read(&self, bytes: &[u8], cx: &ReadContext<'_>) -> Result<Reading, ReadError> {
        let mut ole = Ole::open(bytes, cx.max_inflated)?;
        if ole.has("EncryptedPackage") {
            return Err(ReadError::Encrypted);
        }
        let stream = match ole.stream("Workbook")? {
            Some(stream) => stream,
            None => ole.stream("Book")?.ok_or_else(|| ReadError::Damaged("缺少 Workbook 数据流".into()))?,
        };
        let book = book::Book::parse(&stream)?;
        let mut notes = Vec::new();
        let mut pages = Vec::new();
        let mut budget = cells::Budget::WHOLE;
        for entry in &book.sheets {
            let number = u32::try_from(pages.len()).unwrap_or(u32::MAX) + 1;
            if number > cx.max_pages {
                notes.push(sheet::too_many(cx.max_pages));
                break;
            }
            if entry.hidden {
                notes.push(sheet::hidden(&entry.name));
            }
            let mut page = sheet::page(number, ReadBy::Xls);
            if entry.cells {
                let read = cells::read(&stream, entry.at, &book, &mut budget);
                if read.full {
                    notes.push(sheet::too_large(&entry.name));
                }
                if read.cut {
                    notes.push(format!("工作表“{}”的数据不完整，只读出了中断之前的内容", entry.name));
                }
                sheet::fill(&mut page, &entry.name, &read.grid, &read.spans);
            }
            pages.push(page);
        }
        if pages.is_empty() {
            return Err(ReadError::Damaged("工作簿中没有工作表".into()));
        }
        Ok(Reading { notes, ..Reading::new(ReadBy::Xls, pages) })
    }

    fn render(&self, _bytes: &[u8], _page: u32, _dpi: f32) -> Option<image::RgbImage> {
        None
    }
}

#[cfg(test)]
mod tests;

//! Word 97–2003 (and WPS, which writes the same): paragraphs, tables and tick boxes, through the tree that Word's own
//! XML is, so that a form gives the same pages whether it was saved as DOC or as DOCX.

mod boxes;
mod build;
mod fib;
mod fkp;
mod pieces;
mod properties;
mod sections;
mod sprm;
mod styles;

use std::collections::BTreeSet;

use super::docx::styles::Styles;
use super::ole::Ole;
use super::{ReadContext, Reader, docx};
use crate::model::{Format, ReadBy, ReadError, Reading};
use fib::{Fib, table};

/// Reads DOC.
pub struct DocReader;

impl Reader for DocReader {
    fn formats(&self) -> &'static [Format] {
        &[Format::Doc]
    }

    fn read(&self, bytes: &[u8], cx: &ReadContext<'_>) -> Result<Reading, ReadError> {
        let mut ole = Ole::open(bytes, cx.max_inflated)?;
        if ole.has("EncryptedPackage") {
            return Err(ReadError::Encrypted);
        }
        let missing = |name: &str| ReadError::Damaged(format!("缺少 {name} 数据流"));
        let stream = ole.stream("WordDocument")?.ok_or_else(|| missing("WordDocument"))?;
        let fib = Fib::parse(&stream)?;
        let tables = ole.stream(fib.table)?.ok_or_else(|| missing(fib.table))?;
        let data = ole.stream("Data")?.unwrap_or_default();
        let file = File::parse(stream, tables, data, &fib)?;
        let mut notes = Vec::new();
        if file.text.cut {
            notes.push("DOC 文件不完整，只读出了其中的一部分文字".to_string());
        }
        let boxes = boxes::by_anchor(&file, &fib);
        let sections = sections::by_end(&file, &fib);
        let body = build::body(&file, &fib, &boxes, &sections);
        let pages = docx::pages_of(&body, &Styles::default(), ReadBy::Doc, cx.max_pages, &mut notes);
        Ok(Reading { notes, ..Reading::new(ReadBy::Doc, pages) })
    }

    fn render(&self, _bytes: &[u8], _page: u32, _dpi: f32) -> Option<image::RgbImage> {
        None
    }
}

/// All of a file that the text is built from.
struct File {
    stream: Vec<u8>,
    tables: Vec<u8>,
    data: Vec<u8>,
    text: pieces::Text,
    characters: fkp::Runs,
    paragraphs: fkp::Runs,
    fonts: Vec<String>,
    /// Styles whose paragraphs begin on a new page.
    breaking: BTreeSet<u16>,
}

impl File {
    fn parse(stream: Vec<u8>, tables: Vec<u8>, data: Vec<u8>, fib: &Fib) -> Result<Self, ReadError> {
        let text = pieces::Text::parse(fib.table(&tables, table::PIECES), &stream, fib.chinese)?;
        let characters = fkp::Runs::characters(fib.table(&tables, table::CHARACTERS), &stream);
        let paragraphs = fkp::Runs::paragraphs(fib.table(&tables, table::PARAGRAPHS), &stream);
        let fonts = fonts(fib.table(&tables, table::FONTS));
        let breaking = styles::breaking(fib.table(&tables, table::STYLES));
        Ok(Self { stream, tables, data, text, characters, paragraphs, fonts, breaking })
    }

    /// The name of a font; empty where there is none.
    fn font(&self, number: Option<u16>) -> &str {
        number.and_then(|n| self.fonts.get(usize::from(n))).map_or("", String::as_str)
    }
}

/// Names of the fonts by their number.
fn fonts(table: &[u8]) -> Vec<String> {
    const NAME: usize = 40;
    let mut out = Vec::new();
    let mut at = 4;
    while let Some(length) = table.get(at) {
        let end = at + 1 + usize::from(*length);
        let name = table.get(at + NAME..end.min(table.len())).unwrap_or(&[]);
        let units = name.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])).take_while(|u| *u != 0);
        out.push(char::decode_utf16(units).filter_map(Result::ok).collect());
        at = end;
    }
    out
}

#[cfg(test)]
mod tests;

//! Rich text: paragraphs, tables and tick boxes, through the tree that Word's own XML is.
//!
//! An own reader: the crates for it know no tables, or only Western code pages.

mod charset;
mod lexer;
mod parser;
mod state;

use super::docx::styles::Styles;
use super::{ReadContext, Reader, docx};
use crate::model::{Format, ReadBy, ReadError, Reading};

/// Reads RTF.
pub struct RtfReader;

impl Reader for RtfReader {
    fn formats(&self) -> &'static [Format] {
        &[Format::Rtf]
    }

    fn read(&self, bytes: &[u8], cx: &ReadContext<'_>) -> Result<Reading, ReadError> {
        if bytes.len() as u64 > cx.max_inflated {
            return Err(ReadError::Limit(format!("RTF 超过 {} 字节", cx.max_inflated)));
        }
        let mut notes = Vec::new();
        let (body, whole) = parser::parse(bytes)?;
        if !whole {
            notes.push("RTF 文件不完整，只读出了中断之前的内容".to_string());
        }
        let pages = docx::pages_of(&body, &Styles::default(), ReadBy::Rtf, cx.max_pages, &mut notes);
        Ok(Reading { notes, ..Reading::new(ReadBy::Rtf, pages) })
    }

    fn render(&self, _bytes: &[u8], _page: u32, _dpi: f32) -> Option<image::RgbImage> {
        None
    }
}

#[cfg(test)]
mod tests;

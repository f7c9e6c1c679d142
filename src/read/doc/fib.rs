//! The head of a Word file: what kind it is, and where its tables lie.

use crate::model::ReadError;
use crate::read::ole::{u16_at, u32_at};

/// What the head says.
#[derive(Clone, Debug, Default)]
pub(super) struct Fib {
    /// The stream that holds the tables.
    pub(super) table: &'static str,
    /// Lengths in characters of the stories, in their order: text, footnotes, headers, macros, comments, endnotes,
    /// text boxes.
    pub(super) stories: [u32; 7],
    /// Whether the writer's Far East language is Chinese.
    pub(super) chinese: bool,
    /// Offset and length of each table, by its number.
    tables: Vec<(u32, u32)>,
}

/// Numbers of the tables that are read.
pub(super) mod table {
    /// Styles.
    pub(in crate::read::doc) const STYLES: usize = 1;
    /// Sections.
    pub(in crate::read::doc) const SECTIONS: usize = 6;
    /// Pages of character properties.
    pub(in crate::read::doc) const CHARACTERS: usize = 12;
    /// Pages of paragraph properties.
    pub(in crate::read::doc) const PARAGRAPHS: usize = 13;
    /// Fonts.
    pub(in crate::read::doc) const FONTS: usize = 15;
    /// The pieces the text is put together from.
    pub(in crate::read::doc) const PIECES: usize = 33;
    /// Anchors of drawings.
    pub(in crate::read::doc) const ANCHORS: usize = 40;
    /// Texts of text boxes.
    pub(in crate::read::doc) const BOXES: usize = 56;
}

impl Fib {
    /// Reads the head of a `WordDocument` stream.
    pub(super) fn parse(stream: &[u8]) -> Result<Self, ReadError> {
        let damaged = || ReadError::Damaged("Word 文件头不完整".to_string());
        let word = |at| u16_at(stream, at).ok_or_else(damaged);
        let ident = word(0)?;
        let version = word(2)?;
        let flags = word(10)?;
        if !matches!(ident, 0xA5EC | 0xA5DC | 0xA5DB | 0xA59B | 0xA59C) {
            return Err(ReadError::Damaged(format!("不是 Word 文件头（{ident:04X}）")));
        }
        if ident != 0xA5EC || version < 0xBE {
            let words = "Word 95 及更早版本的 DOC，请用 Word 或 WPS 另存为 DOCX 后重新提交";
            return Err(ReadError::Unsupported(words.to_string()));
        }
        if flags & 0x0100 != 0 {
            return Err(ReadError::Encrypted);
        }
        // Two arrays of stated lengths stand before the tables' offsets; writers that state none mean the usual ones.
        let words_at = 32;
        let words = usize::from(word(words_at)?).max(14);
        let longs_at = words_at + 2 + words * 2;
        let longs = usize::from(word(longs_at)?).max(22);
        let pairs_at = longs_at + 2 + longs * 4;
        let pairs = usize::from(word(pairs_at)?).max(93);
        let mut stories = [0; 7];
        for (i, story) in stories.iter_mut().enumerate() {
            let length = u32_at(stream, longs_at + 2 + 12 + i * 4).ok_or_else(damaged)?;
            *story = if length > i32::MAX as u32 { 0 } else { length };
        }
        let pair = |i: usize| {
            let at = pairs_at + 2 + i * 8;
            Some((u32_at(stream, at)?, u32_at(stream, at + 4)?))
        };
        let tables = (0..pairs).map_while(pair).collect();
        let east = u16_at(stream, words_at + 2 + 13 * 2).unwrap_or(0);
        let here = word(6)?;
        let chinese = [east, here].iter().any(|l| l & 0x3FF == 0x04);
        let table = if flags & 0x0200 != 0 { "1Table" } else { "0Table" };
        Ok(Self { table, stories, chinese, tables })
    }

    /// The bytes of a table; empty where there is none.
    pub(super) fn table<'a>(&self, stream: &'a [u8], number: usize) -> &'a [u8] {
        let Some((at, length)) = self.tables.get(number) else { return &[] };
        let at = *at as usize;
        let end = at.saturating_add(*length as usize).min(stream.len());
        stream.get(at..end).unwrap_or(&[])
    }
}

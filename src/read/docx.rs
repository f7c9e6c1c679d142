//! Word: paragraphs, tables and tick boxes in their order, with pages as far as the file tells.

mod body;
pub(in crate::read) mod styles;
mod symbol;

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::{ReadContext, Reader, dom};
use crate::model::{Format, Page, ReadBy, ReadError, Reading};
use styles::Styles;

/// Reads DOCX.
pub struct DocxReader;

impl Reader for DocxReader {
    fn formats(&self) -> &'static [Format] {
        &[Format::Docx]
    }

    fn read(&self, bytes: &[u8], cx: &ReadContext<'_>) -> Result<Reading, ReadError> {
        let mut archive =
            ZipArchive::new(Cursor::new(bytes)).map_err(|e| ReadError::Damaged(e.to_string()))?;
        let mut notes = Vec::new();
        let path = main_part(&mut archive, cx.max_inflated);
        let beside =
            path.rsplit_once('/').map_or("styles.xml".to_string(), |p| format!("{}/styles.xml", p.0));
        // Without its styles a text is still a text.
        let styles = part(&mut archive, &beside, cx.max_inflated).ok().flatten();
        let styles = styles.and_then(|s| dom::parse(&s).ok()).map(|s| Styles::of(s.0.child("styles")));
        let xml = part(&mut archive, &path, cx.max_inflated)?
            .ok_or_else(|| ReadError::Damaged(format!("缺少正文部件 {path}")))?;
        let (root, broken) = dom::parse(&xml)?;
        drop(xml);
        if broken {
            notes.push("正文 XML 不完整，只读出了中断之前的内容".to_string());
        }
        let document =
            root.child("document").ok_or_else(|| ReadError::Damaged("正文部件中没有文档".into()))?;
        let empty = dom::Node::default();
        let body = document.child("body").unwrap_or(&empty);
        let styles = styles.unwrap_or_default();
        let pages = pages_of(body, &styles, ReadBy::Docx, cx.max_pages, &mut notes);
        Ok(Reading { notes, ..Reading::new(ReadBy::Docx, pages) })
    }

    fn render(&self, _bytes: &[u8], _page: u32, _dpi: f32) -> Option<image::RgbImage> {
        None
    }
}

/// The pages of a body in the tree of Word's XML. Other formats of word processing come as the same tree.
pub(in crate::read) fn pages_of(
    body: &dom::Node,
    styles: &Styles,
    read_by: ReadBy,
    max_pages: u32,
    notes: &mut Vec<String>,
) -> Vec<Page> {
    let mut walker = body::Walker::new(styles, read_by, max_pages);
    walker.whole(body);
    walker.finish(notes)
}

/// The path of the main part, by the package's relations.
fn main_part(archive: &mut ZipArchive<Cursor<&[u8]>>, limit: u64) -> String {
    let usual = "word/document.xml".to_string();
    let Ok(Some(rels)) = part(archive, "_rels/.rels", limit) else { return usual };
    let Ok((root, _)) = dom::parse(&rels) else { return usual };
    let Some(relations) = root.child("Relationships") else { return usual };
    relations
        .nodes()
        .find(|r| r.attribute("Type").is_some_and(|t| t.ends_with("/officeDocument")))
        .and_then(|r| r.attribute("Target"))
        .map_or(usual, |t| t.trim_start_matches('/').to_string())
}

/// A part as text, UTF-8 or UTF-16; `None` if the package has no such part.
pub(in crate::read) fn part(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    path: &str,
    limit: u64,
) -> Result<Option<String>, ReadError> {
    let Some(index) = index_of(archive, path) else { return Ok(None) };
    let Ok(file) = archive.by_index(index) else { return Ok(None) };
    let mut bytes = Vec::new();
    let read = file.take(limit.saturating_add(1)).read_to_end(&mut bytes);
    if bytes.len() as u64 > limit {
        return Err(ReadError::Limit(format!("{path} 解压后超过 {limit} 字节")));
    }
    if let Err(e) = read
        && bytes.is_empty()
    {
        return Err(ReadError::Damaged(e.to_string()));
    }
    let encoding = encoding_rs::Encoding::for_bom(&bytes).map_or(encoding_rs::UTF_8, |(e, _)| e);
    Ok(Some(encoding.decode(&bytes).0.into_owned()))
}

/// Which member a part is. Names are the same whatever their case; some packers write the other slash.
fn index_of(archive: &ZipArchive<Cursor<&[u8]>>, path: &str) -> Option<usize> {
    let plain = |name: &str| name.replace('\\', "/").trim_start_matches('/').to_lowercase();
    archive.index_for_name(path).or_else(|| {
        let sought = plain(path);
        (0..archive.len())
            .find(|i| archive.name_for_index(*i).and_then(Result::ok).is_some_and(|n| plain(&n) == sought))
    })
}

#[cfg(test)]
pub(crate) mod tests;

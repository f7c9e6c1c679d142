//! OpenDocument workbooks: a sheet is a page, cells as they are shown, which the file itself says.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use zip::ZipArchive;

use super::dom::{self, Child, Node};
use super::sheet::{self, CELLS, Grid, Spans};
use super::{ReadContext, Reader, docx};
use crate::model::{Format, ReadBy, ReadError, Reading};

/// Most rows and columns any program fills.
const ROWS: u32 = 1 << 20;
const COLUMNS: u32 = 1 << 14;
/// Most bytes of all cells of a sheet: one long text may be said to be repeated.
const BYTES: usize = 64 << 20;

/// Reads ODS.
pub struct OdsReader;

impl Reader for OdsReader {
    fn formats(&self) -> &'static [Format] {
        &[Format::Ods]
    }

    fn read(&self, bytes: &[u8], cx: &ReadContext<'_>) -> Result<Reading, ReadError> {
        let (root, mut notes) = content(bytes, cx.max_inflated)?;
        let document = root
            .child("document-content")
            .ok_or_else(|| ReadError::Damaged("content.xml 中没有文档".into()))?;
        let body = document.child("body").and_then(|b| b.child("spreadsheet"));
        let body = body.ok_or_else(|| ReadError::Damaged("content.xml 中没有工作表".into()))?;
        let hidden = hidden_styles(document);
        let mut pages = Vec::new();
        for table in body.nodes().filter(|n| n.name == "table") {
            let number = u32::try_from(pages.len()).unwrap_or(u32::MAX) + 1;
            if number > cx.max_pages {
                notes.push(sheet::too_many(cx.max_pages));
                break;
            }
            let name = table.attribute("name").unwrap_or_default();
            if table.attribute("style-name").is_some_and(|s| hidden.contains(s)) {
                notes.push(sheet::hidden(name));
            }
            let mut read = Sheet::default();
            read.rows(table);
            if read.full {
                notes.push(sheet::too_large(name));
            }
            let mut page = sheet::page(number, ReadBy::Ods);
            sheet::fill(&mut page, name, &read.grid, &read.spans);
            pages.push(page);
        }
        Ok(Reading { notes, ..Reading::new(ReadBy::Ods, pages) })
    }

    fn render(&self, _bytes: &[u8], _page: u32, _dpi: f32) -> Option<image::RgbImage> {
        None
    }
}

/// The content of an OpenDocument package, and what is to be said about it.
pub(in crate::read) fn content(bytes: &[u8], limit: u64) -> Result<(Node, Vec<String>), ReadError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| ReadError::Damaged(e.to_string()))?;
    if docx::part(&mut archive, "META-INF/manifest.xml", limit)?
        .is_some_and(|m| m.contains("encryption-data"))
    {
        return Err(ReadError::Encrypted);
    }
    let xml = docx::part(&mut archive, "content.xml", limit)?
        .ok_or_else(|| ReadError::Damaged("缺少正文部件 content.xml".into()))?;
    let (root, broken) = dom::parse(&xml)?;
    let notes = if broken {
        vec!["正文 XML 不完整，只读出了中断之前的内容".to_string()]
    } else {
        Vec::new()
    };
    Ok((root, notes))
}

/// The named styles of an OpenDocument package. Without them its content is still content.
pub(in crate::read) fn styles(bytes: &[u8], limit: u64) -> Option<Node> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let xml = docx::part(&mut archive, "styles.xml", limit).ok().flatten()?;
    dom::parse(&xml).ok().map(|(root, _)| root)
}

/// Styles of tables that are not shown.
fn hidden_styles(document: &Node) -> BTreeSet<&str> {
    let styles = document.child("automatic-styles").into_iter().flat_map(Node::nodes);
    let hides =
        |s: &&Node| s.child("table-properties").is_some_and(|p| p.attribute("display") == Some("false"));
    styles.filter(hides).filter_map(|s| s.attribute("name")).collect()
}

#[derive(Default)]
struct Sheet {
    grid: Grid,
    spans: Spans,
    row: u32,
    bytes: usize,
    full: bool,
}

impl Sheet {
    /// Rows, in their groups and headings too.
    fn rows(&mut self, node: &Node) {
        for child in node.nodes() {
            match child.name.as_str() {
                "table-row" => self.table_row(child),
                "table-header-rows" | "table-rows" | "table-row-group" => self.rows(child),
                _ => {}
            }
        }
    }

    fn table_row(&mut self, node: &Node) {
        let rows = number(node, "number-rows-repeated").min(ROWS);
        let mut col = 0u32;
        let mut cells: BTreeMap<u32, (String, (u32, u32))> = BTreeMap::new();
        for cell in node.nodes() {
            let covered = cell.name == "covered-table-cell";
            if !covered && cell.name != "table-cell" {
                continue;
            }
            let columns = number(cell, "number-columns-repeated").min(COLUMNS);
            let text = if covered { String::new() } else { shown(cell) };
            let span = (number(cell, "number-rows-spanned"), number(cell, "number-columns-spanned"));
            if !text.trim().is_empty() || span != (1, 1) {
                for n in 0..columns {
                    cells.insert(col.saturating_add(n), (text.clone(), span));
                    if cells.len() > COLUMNS as usize {
                        break;
                    }
                }
            }
            col = col.saturating_add(columns);
        }
        if !cells.is_empty() {
            for n in 0..rows {
                if self.full {
                    break;
                }
                self.put_row(self.row.saturating_add(n), &cells);
            }
        }
        self.row = self.row.saturating_add(rows);
    }

    fn put_row(&mut self, row: u32, cells: &BTreeMap<u32, (String, (u32, u32))>) {
        for (col, (text, span)) in cells {
            if *span != (1, 1) {
                self.spans.insert((row, *col), *span);
            }
            if text.trim().is_empty() {
                continue;
            }
            self.bytes += text.len();
            self.grid.insert((row, *col), text.clone());
        }
        self.full = self.grid.len() + self.spans.len() >= CELLS || self.bytes >= BYTES;
    }
}

fn number(node: &Node, name: &str) -> u32 {
    node.attribute(name).and_then(|v| v.parse().ok()).filter(|n| *n > 0).unwrap_or(1)
}

/// The text of a cell: what is shown, else its value.
fn shown(cell: &Node) -> String {
    let mut lines = Vec::new();
    for paragraph in cell.nodes().filter(|n| n.name == "p") {
        let mut line = String::new();
        words(paragraph, &mut line);
        lines.push(line);
    }
    if lines.is_empty() {
        let value = ["string-value", "date-value", "value"].iter().find_map(|n| cell.attribute(n));
        return value.unwrap_or_default().to_string();
    }
    lines.join("\n")
}

/// The words of a paragraph; notes and comments are none of it.
pub(in crate::read) fn words(node: &Node, out: &mut String) {
    for child in &node.children {
        match child {
            // White space is one blank; more of it is told apart.
            Child::Text(text) => out.push_str(&text.replace(['\n', '\r', '\t'], " ")),
            Child::Node(n) => match n.name.as_str() {
                "s" => {
                    let blanks = n.attribute("c").and_then(|c| c.parse::<usize>().ok()).unwrap_or(1);
                    out.extend(std::iter::repeat_n(' ', blanks.min(200)));
                }
                "tab" => out.push('\t'),
                "line-break" => out.push('\n'),
                "note" | "annotation" | "annotation-end" => {}
                _ => words(n, out),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::model::Place;

    fn book(body: &str) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("content.xml", zip::write::SimpleFileOptions::default()).unwrap();
        write!(
            zip,
            r#"<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:style="s"><office:automatic-styles>
            <style:style style:name="h"><style:table-properties table:display="false"/></style:style></office:automatic-styles>
            <office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"#
        )
        .unwrap();
        zip.finish().unwrap().into_inner()
    }

    fn read(body: &str) -> Reading {
        OdsReader.read(&book(body), &ReadContext::new(None)).unwrap()
    }

    #[test]
    fn cells_as_shown_with_merges_and_repeats() {
        let reading = read(
            r#"<table:table table:name="清单" table:style-name="h">
            <table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="3"/></table:table-row>
            <table:table-row><table:table-cell/><table:table-cell table:number-columns-spanned="2"><text:p>投资<text:s text:c="2"/>清单</text:p></table:table-cell><table:covered-table-cell/></table:table-row>
            <table:table-row><table:table-cell/><table:table-cell office:value="0.365"><text:p>36.5%</text:p></table:table-cell><table:table-cell office:value="7"/></table:table-row>
            </table:table>"#,
        );
        assert_eq!(reading.notes, ["工作表“清单”是隐藏的"]);
        let table = &reading.pages[0].tables[0];
        assert_eq!((table.rows, table.cols), (2, 2));
        assert_eq!((table.cells[0].text.as_str(), table.cells[0].col_span), ("投资  清单", 2));
        assert_eq!(table.at(1, 0).unwrap().text, "36.5%");
        assert_eq!(table.at(1, 1).unwrap().place, Place::Cell { sheet: "清单".into(), row: 3, col: 2 });
    }

    #[test]
    fn repeats_are_bounded_and_passwords_told() {
        let row = r#"<table:table-row table:number-rows-repeated="4000000000"><table:table-cell table:number-columns-repeated="4000000000"><text:p>x</text:p></table:table-cell></table:table-row>"#;
        let reading = read(&format!(r#"<table:table table:name="a">{row}</table:table>"#));
        assert_eq!(reading.notes, [sheet::too_large("a")]);
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("META-INF/manifest.xml", zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(b"<manifest:encryption-data/>").unwrap();
        let bytes = zip.finish().unwrap().into_inner();
        assert_eq!(OdsReader.read(&bytes, &ReadContext::new(None)), Err(ReadError::Encrypted));
    }

    #[test]
    fn any_damage_ends_in_a_reading_or_a_reason() {
        let sheet = r#"<table:table table:name="清单" table:style-name="h"><table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="3"/></table:table-row>
            <table:table-row><table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="3"><text:p>投资<text:s text:c="2"/>清单</text:p></table:table-cell><table:covered-table-cell/></table:table-row></table:table>"#;
        crate::read::mutants::mutants(sheet.as_bytes(), |bytes| {
            let _ = OdsReader.read(&book(&String::from_utf8_lossy(bytes)), &ReadContext::new(None));
        });
        crate::read::mutants::mutants(&book(sheet), |bytes| {
            let _ = OdsReader.read(bytes, &ReadContext::new(None));
        });
    }
}

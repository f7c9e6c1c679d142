//! OpenDocument text, through the tree that Word's own XML is.

use super::dom::{Child, Node};
use super::flow::{self, Spanned};
use super::{ReadContext, Reader, docx, ods};
use crate::model::{Format, ReadBy, ReadError, Reading};

/// Most cells of a file.
const CELLS: usize = 400_000;
/// Most columns one element may stand for.
const REPEATS: u32 = 512;

/// Reads ODT.
pub struct OdtReader;

impl Reader for OdtReader {
    fn formats(&self) -> &'static [Format] {
        &[Format::Odt]
    }

    fn read(&self, bytes: &[u8], cx: &ReadContext<'_>) -> Result<Reading, ReadError> {
        let (root, mut notes) = ods::content(bytes, cx.max_inflated)?;
        let body = root.child("document-content").and_then(|d| d.child("body")).and_then(|b| b.child("text"));
        let body = body.ok_or_else(|| ReadError::Damaged("content.xml 中没有正文".into()))?;
        let mut cells = 0;
        let mut out = Vec::new();
        blocks(body, &mut out, &mut cells);
        if cells >= CELLS {
            notes.push(format!("文档中的单元格超过 {CELLS} 个，之后的未读"));
        }
        let pages = docx::pages_of(&flow::node("body", &[], out), ReadBy::Odt, cx.max_pages, &mut notes);
        Ok(Reading { notes, ..Reading::new(ReadBy::Odt, pages) })
    }

    fn render(&self, _bytes: &[u8], _page: u32, _dpi: f32) -> Option<image::RgbImage> {
        None
    }
}

/// Paragraphs and tables. What was deleted stands in the list of changes, which is no part of the text.
fn blocks(node: &Node, out: &mut Vec<Node>, cells: &mut usize) {
    for child in node.nodes() {
        match child.name.as_str() {
            "p" | "h" => {
                let mut content = Vec::new();
                inline(child, &mut content, cells);
                out.push(flow::node("p", &[], content));
            }
            "table" => out.push(table(child, cells)),
            "list" | "list-item" | "list-header" | "section" | "index-body" | "table-of-content" => {
                blocks(child, out, cells);
            }
            _ => {}
        }
    }
}

fn inline(node: &Node, out: &mut Vec<Node>, cells: &mut usize) {
    for child in &node.children {
        let node = match child {
            Child::Text(text) => {
                out.push(flow::text_run(&text.replace(['\n', '\r', '\t'], " "), ""));
                continue;
            }
            Child::Node(node) => node,
        };
        match node.name.as_str() {
            "s" => {
                let blanks = node.attribute("c").and_then(|c| c.parse::<usize>().ok()).unwrap_or(1);
                out.push(flow::text_run(&" ".repeat(blanks.min(200)), ""));
            }
            "tab" => out.push(flow::run("", flow::node("tab", &[], Vec::new()))),
            "line-break" => out.push(flow::run("", flow::node("br", &[], Vec::new()))),
            "soft-page-break" => {
                out.push(flow::run("", flow::node("lastRenderedPageBreak", &[], Vec::new())))
            }
            "note" | "annotation" | "annotation-end" | "tracked-changes" | "ruby-text" => {}
            "text-box" => {
                let mut content = Vec::new();
                blocks(node, &mut content, cells);
                let text_box = flow::node("txbxContent", &[], content);
                out.push(flow::run("", flow::node("pict", &[], vec![text_box])));
            }
            "image" => {
                let blip = flow::node("blip", &[], Vec::new());
                out.push(flow::run("", flow::node("drawing", &[], vec![blip])));
            }
            _ => inline(node, out, cells),
        }
    }
}

fn table(node: &Node, cells: &mut usize) -> Node {
    let mut rows = Vec::new();
    gather(node, &mut rows, cells);
    flow::spanned_table(rows)
}

fn gather(node: &Node, rows: &mut Vec<Vec<Spanned>>, cells: &mut usize) {
    let number =
        |n: &Node, name: &str| n.attribute(name).and_then(|v| v.parse::<u32>().ok()).unwrap_or(1).max(1);
    for child in node.nodes() {
        match child.name.as_str() {
            "table-row" => {
                let mut row = Vec::new();
                for cell in child.nodes().filter(|n| n.name == "table-cell") {
                    // Only empty cells are repeated: what has content stands once, whatever it claims.
                    let times = if cell.nodes().next().is_none() {
                        number(cell, "number-columns-repeated")
                    } else {
                        1
                    };
                    for _ in 0..times.min(REPEATS) {
                        if *cells >= CELLS {
                            return;
                        }
                        *cells += 1;
                        let mut content = Vec::new();
                        blocks(cell, &mut content, cells);
                        let rows = number(cell, "number-rows-spanned");
                        row.push(Spanned { content, rows, cols: number(cell, "number-columns-spanned") });
                    }
                }
                rows.push(row);
            }
            "table-header-rows" | "table-rows" | "table-row-group" => gather(child, rows, cells),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::*;

    #[test]
    fn paragraphs_tables_and_boxes() {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("content.xml", zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(
            r#"<o:document-content xmlns:o="o" xmlns:x="x" xmlns:t="t"><o:body><o:text>
            <x:tracked-changes><x:changed-region><x:deletion><x:p>旧</x:p></x:deletion></x:changed-region></x:tracked-changes>
            <x:p>单位<x:span>名称</x:span>：<x:s x:c="2"/>甲</x:p><x:list><x:list-item><x:p>一项</x:p></x:list-item></x:list>
            <t:table><t:table-row><t:table-cell t:number-rows-spanned="2"><x:p>类</x:p></t:table-cell><t:table-cell t:number-columns-spanned="2"><x:p>金额</x:p></t:table-cell><t:covered-table-cell/></t:table-row>
            <t:table-row><t:covered-table-cell/><t:table-cell><x:p>1</x:p></t:table-cell><t:table-cell><x:p>2</x:p></t:table-cell></t:table-row></t:table>
            </o:text></o:body></o:document-content>"#
                .as_bytes(),
        )
        .unwrap();
        let bytes = zip.finish().unwrap().into_inner();
        let reading = OdtReader.read(&bytes, &ReadContext::new(None)).unwrap();
        let page = &reading.pages[0];
        assert_eq!(page.text(), "单位名称：  甲\n一项\n类\n金额\n1\n2\n");
        let table = &page.tables[0];
        assert_eq!((table.rows, table.cols, table.cells[0].row_span, table.cells[1].col_span), (2, 3, 2, 2));
        assert_eq!(table.at(1, 2).unwrap().text, "2");
    }
}

//! OpenDocument text, through the tree that Word's own XML is.

mod styles;

use std::collections::BTreeMap;

use super::docx::styles::Styles as WordStyles;
use super::dom::{Child, Node};
use super::flow::{self, Spanned};
use super::{ReadContext, Reader, docx, ods};
use crate::model::{Format, ReadBy, ReadError, Reading};
use styles::Styles;

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
        let document = root.child("document-content");
        let body = document.and_then(|d| d.child("body")).and_then(|b| b.child("text"));
        let body = body.ok_or_else(|| ReadError::Damaged("content.xml 中没有正文".into()))?;
        let named = ods::styles(bytes, cx.max_inflated);
        let styles = Styles::of(document, named.as_ref().and_then(|n| n.child("document-styles")));
        let mut writer =
            Writer { styles, ticks: BTreeMap::new(), cells: 0, inner: 0, soft: false, after: false };
        body.child("forms").into_iter().for_each(|f| ticks(f, &mut writer.ticks));
        let mut out = Vec::new();
        writer.blocks(body, &mut out);
        out.push(flow::section(writer.styles.paper(), false));
        if writer.cells >= CELLS {
            notes.push(format!("文档中的单元格超过 {CELLS} 个，之后的未读"));
        }
        let body = flow::node("body", &[], out);
        let pages = docx::pages_of(&body, &WordStyles::default(), ReadBy::Odt, cx.max_pages, &mut notes);
        Ok(Reading { notes, ..Reading::new(ReadBy::Odt, pages) })
    }

    fn render(&self, _bytes: &[u8], _page: u32, _dpi: f32) -> Option<image::RgbImage> {
        None
    }
}

/// The check boxes among the controls of a form: whether each is ticked, by the name drawings call it by.
fn ticks<'a>(node: &'a Node, out: &mut BTreeMap<&'a str, bool>) {
    for child in node.nodes() {
        if matches!(child.name.as_str(), "checkbox" | "radio")
            && let Some(id) = child.attribute("id")
        {
            let states = ["current-state", "current-selected", "state", "selected"];
            let state = states.iter().find_map(|n| child.attribute(n));
            out.insert(id, matches!(state, Some("checked" | "true")));
        }
        ticks(child, out);
    }
}

/// Writes Word's tree.
struct Writer<'a> {
    styles: Styles<'a>,
    ticks: BTreeMap<&'a str, bool>,
    cells: usize,
    /// Cells and boxes that are open: within them no section ends.
    inner: usize,
    /// Where the page ended when the file was laid out last: the next words are on a new one.
    soft: bool,
    /// The paragraph before ends its page.
    after: bool,
}

impl Writer<'_> {
    /// Paragraphs and tables. What was deleted stands in the list of changes, which is no part of the text.
    fn blocks(&mut self, node: &Node, out: &mut Vec<Node>) {
        for child in node.nodes() {
            match child.name.as_str() {
                "p" | "h" => {
                    let breaks = self.breaks(child, out);
                    let mut content = Vec::new();
                    if breaks {
                        content.push(new_page());
                    }
                    if std::mem::take(&mut self.soft) {
                        content.push(flow::run("", flow::node("lastRenderedPageBreak", &[], Vec::new())));
                    }
                    self.inline(child, &mut content);
                    out.push(flow::node("p", &[], content));
                }
                "table" => {
                    let breaks = self.breaks(child, out);
                    let mut rows = Vec::new();
                    self.rows(child, &mut rows);
                    // Word's own tables say so in their first paragraph.
                    if breaks && let Some(cell) = rows.iter_mut().flatten().next() {
                        match cell.content.iter_mut().find(|n| n.name == "p") {
                            Some(first) => first.children.insert(0, Child::Node(new_page())),
                            None => cell.content.push(flow::node("p", &[], vec![new_page()])),
                        }
                    }
                    out.push(flow::spanned_table(rows));
                }
                "soft-page-break" => self.soft = true,
                // Drawings that hang on a page instead of a paragraph.
                "frame" | "g" | "custom-shape" | "rect" | "control" => {
                    let mut content = Vec::new();
                    self.drawn(child, &mut content);
                    out.push(flow::node("p", &[], content));
                }
                "list" | "list-item" | "list-header" | "numbered-paragraph" | "section" | "index-body"
                | "index-title" | "table-of-content" | "table-index" | "illustration-index" => {
                    self.blocks(child, out);
                }
                _ => {}
            }
        }
    }

    /// Whether a paragraph or table begins on a new page; ends the section where it does so on other paper.
    fn breaks(&mut self, node: &Node, out: &mut Vec<Node>) -> bool {
        let says = self.styles.breaks(node.attribute("style-name"));
        let breaks = std::mem::replace(&mut self.after, says.after) || says.before;
        if self.inner == 0
            && let Some(master) = says.master
        {
            let before = self.styles.paper();
            self.styles.turn(master);
            if self.styles.paper() != before && !out.is_empty() {
                out.push(flow::section(before, false));
            }
        }
        breaks
    }

    fn inline(&mut self, node: &Node, out: &mut Vec<Node>) {
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
                    out.push(flow::run("", flow::node("lastRenderedPageBreak", &[], Vec::new())));
                }
                "note" | "annotation" | "annotation-end" | "tracked-changes" | "ruby-text" | "param" => {}
                "fieldmark" | "fieldmark-start" => {
                    out.extend(check_box(node));
                    self.inline(node, out);
                }
                "text-box" | "image" | "frame" | "control" | "custom-shape" | "rect" | "ellipse" | "g" => {
                    self.drawn(node, out);
                }
                _ => self.inline(node, out),
            }
        }
    }

    /// A drawing: the text in it, one picture, or a box to tick.
    fn drawn(&mut self, node: &Node, out: &mut Vec<Node>) {
        match node.name.as_str() {
            "control" => {
                let ticked = node.attribute("control").and_then(|id| self.ticks.get(id));
                out.extend(ticked.map(|t| flow::tick(*t)));
            }
            "image" => {
                let blip = flow::node("blip", &[], Vec::new());
                out.push(flow::run("", flow::node("drawing", &[], vec![blip])));
            }
            "frame" | "g" => {
                // A frame holds one thing, and then what to show instead of it.
                let mut shown = false;
                for child in node.nodes() {
                    let picture = child.name == "image";
                    if matches!(child.name.as_str(), "text-box" | "image" | "frame" | "control" | "g")
                        || child.name == "custom-shape"
                        || child.name == "rect"
                    {
                        if !(picture && shown) {
                            self.drawn(child, out);
                        }
                        shown |= picture;
                    }
                }
            }
            _ => {
                let mut content = Vec::new();
                self.inner += 1;
                self.blocks(node, &mut content);
                self.inner -= 1;
                if !content.is_empty() {
                    let text_box = flow::node("txbxContent", &[], content);
                    out.push(flow::run("", flow::node("pict", &[], vec![text_box])));
                }
            }
        }
    }

    fn rows(&mut self, node: &Node, rows: &mut Vec<Vec<Spanned>>) {
        for child in node.nodes() {
            match child.name.as_str() {
                "table-row" => {
                    let mut row = Vec::new();
                    for cell in child.nodes().filter(|n| n.name == "table-cell") {
                        if !self.cell(cell, &mut row) {
                            return;
                        }
                    }
                    rows.push(row);
                }
                "soft-page-break" => self.soft = true,
                "table-header-rows" | "table-rows" | "table-row-group" => self.rows(child, rows),
                _ => {}
            }
        }
    }

    /// A cell; false when there are too many.
    fn cell(&mut self, cell: &Node, row: &mut Vec<Spanned>) -> bool {
        let number =
            |name: &str| cell.attribute(name).and_then(|v| v.parse::<u32>().ok()).unwrap_or(1).max(1);
        // Only empty cells are repeated: what has content stands once, whatever it claims.
        let times = if cell.nodes().next().is_none() { number("number-columns-repeated") } else { 1 };
        for _ in 0..times.min(REPEATS) {
            if self.cells >= CELLS {
                return false;
            }
            self.cells += 1;
            let mut content = Vec::new();
            self.inner += 1;
            self.blocks(cell, &mut content);
            self.inner -= 1;
            let (rows, cols) = (number("number-rows-spanned"), number("number-columns-spanned"));
            row.push(Spanned { content, rows, cols });
        }
        true
    }
}

/// The properties of a paragraph that begins a page.
fn new_page() -> Node {
    flow::node("pPr", &[], vec![flow::node("pageBreakBefore", &[], Vec::new())])
}

/// A check box that came from a form of Word.
fn check_box(mark: &Node) -> Option<Node> {
    if !mark.attribute("type")?.to_ascii_uppercase().contains("CHECKBOX") {
        return None;
    }
    let state = mark.nodes().find(|n| n.attribute("name").is_some_and(|n| n.ends_with("Checkbox_Checked")));
    let ticked = state.and_then(|s| s.attribute("value")).is_some_and(|v| v != "false" && v != "0");
    Some(flow::tick(ticked))
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::*;

    /// A package of the content and, if any, the named styles.
    fn package(content: &str, named: &str) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in [("content.xml", content), ("styles.xml", named)] {
            if !text.is_empty() {
                zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
                zip.write_all(text.as_bytes()).unwrap();
            }
        }
        zip.finish().unwrap().into_inner()
    }

    fn document(styles: &str, body: &str) -> String {
        format!(
            r#"<o:document-content xmlns:o="o" xmlns:x="x" xmlns:t="t" xmlns:s="s" xmlns:f="f" xmlns:d="d"><o:automatic-styles>{styles}</o:automatic-styles><o:body><o:text>{body}</o:text></o:body></o:document-content>"#
        )
    }

    const NAMED: &str = r#"<o:document-styles xmlns:o="o" xmlns:s="s" xmlns:f="f">
        <o:styles><s:style s:name="章" s:family="paragraph"><s:paragraph-properties f:break-before="page"/></s:style></o:styles>
        <o:automatic-styles><s:page-layout s:name="L"><s:page-layout-properties f:page-width="29.7cm" f:page-height="21cm"/></s:page-layout></o:automatic-styles>
        <o:master-styles><s:master-page s:name="Standard" s:page-layout-name="P"/><s:master-page s:name="横" s:page-layout-name="L"/></o:master-styles></o:document-styles>"#;

    #[test]
    fn pages_by_styles_soft_breaks_and_paper() {
        let styles = r#"<s:style s:name="P1" s:family="paragraph" s:parent-style-name="章"/>
            <s:style s:name="P2" s:family="paragraph" s:parent-style-name="章"><s:paragraph-properties f:break-before="auto" f:break-after="page"/></s:style>
            <s:style s:name="P3" s:family="paragraph" s:master-page-name="横"/>
            <s:style s:name="T1" s:family="table"><s:table-properties f:break-before="page"/></s:style>"#;
        let body = r#"<x:p x:style-name="P1">一</x:p><x:p x:style-name="P1">二</x:p><x:p x:style-name="P2">还是二</x:p><x:p>三</x:p>
            <x:p>三末<x:soft-page-break/>四</x:p><x:soft-page-break/><x:p>五</x:p>
            <t:table t:style-name="T1"><t:table-row><t:table-cell><x:p>六</x:p></t:table-cell></t:table-row><x:soft-page-break/>
            <t:table-row><t:table-cell><x:p>七</x:p></t:table-cell></t:table-row></t:table><x:p x:style-name="P3">八</x:p>"#;
        let bytes = package(&document(styles, body), NAMED);
        let reading = OdtReader.read(&bytes, &ReadContext::new(None)).unwrap();
        let texts: Vec<String> = reading.pages.iter().map(|p| p.text().replace('\n', " ")).collect();
        // A line of text, and a table, stand on the page where they begin.
        assert_eq!(texts, ["一 ", "二 还是二 ", "三 三末四 ", "", "五 ", "六 七 ", "", "八 "]);
        let cells = &reading.pages[5].tables[0].cells;
        assert!(matches!(cells[1].place, crate::model::Place::Block { page: 7, .. }), "{:?}", cells[1].place);
        assert!(reading.pages[6].width < 600.0 && reading.pages[7].width > 800.0);
    }

    #[test]
    fn boxes_to_tick_and_drawings() {
        let body = r#"<o:forms><f:form><f:checkbox f:id="c1" f:current-state="checked"/><f:checkbox f:id="c2"/></o:forms></o:forms>
            <x:p><d:control d:control="c1"/>甲<d:control d:control="c2"/>乙<f:fieldmark f:type="vnd.FORMCHECKBOX"><f:param f:name="Checkbox_Checked" f:value="true"/></f:fieldmark>丙</x:p>
            <d:frame><d:image/><d:image/></d:frame><x:p>正<d:custom-shape><x:p>框一</x:p><x:p>框二</x:p></d:custom-shape>文</x:p>"#;
        let body = body.replace("</f:form>", "").replacen("</o:forms></o:forms>", "</f:form></o:forms>", 1);
        let reading = OdtReader.read(&package(&document("", &body), ""), &ReadContext::new(None)).unwrap();
        assert_eq!(reading.pages[0].text(), "☑甲☐乙☑丙\n正文\n框一\n框二\n");
        assert_eq!(reading.notes, ["文档中有 1 张图片，图片中的文字未识别"]);
    }

    #[test]
    fn damaged_content_does_no_harm() {
        let styles =
            r#"<s:style s:name="P3" s:family="paragraph" s:parent-style-name="P3" s:master-page-name="横"/>"#;
        let body = r#"<x:p x:style-name="P3">一<x:s x:c="3"/></x:p><t:table><t:table-row><t:table-cell t:number-rows-spanned="2" t:number-columns-repeated="9"/><t:table-cell><x:p>六</x:p></t:table-cell></t:table-row></t:table><x:list><x:list-item><x:p>八</x:p></x:list-item></x:list>"#;
        let content = document(styles, body);
        let context = ReadContext { max_pages: 50, ..ReadContext::new(None) };
        crate::read::mutants::mutants(content.as_bytes(), |bytes| {
            let _ = OdtReader.read(&package(&String::from_utf8_lossy(bytes), NAMED), &context);
        });
        crate::read::mutants::mutants(&package(&content, NAMED), |bytes| {
            let _ = OdtReader.read(bytes, &context);
        });
    }

    #[test]
    fn paragraphs_tables_and_boxes() {
        let content = r#"<o:document-content xmlns:o="o" xmlns:x="x" xmlns:t="t"><o:body><o:text>
            <x:tracked-changes><x:changed-region><x:deletion><x:p>旧</x:p></x:deletion></x:changed-region></x:tracked-changes>
            <x:p>单位<x:span>名称</x:span>：<x:s x:c="2"/>甲</x:p><x:list><x:list-item><x:p>一项</x:p></x:list-item></x:list>
            <t:table><t:table-row><t:table-cell t:number-rows-spanned="2"><x:p>类</x:p></t:table-cell><t:table-cell t:number-columns-spanned="2"><x:p>金额</x:p></t:table-cell><t:covered-table-cell/></t:table-row>
            <t:table-row><t:covered-table-cell/><t:table-cell><x:p>1</x:p></t:table-cell><t:table-cell><x:p>2</x:p></t:table-cell></t:table-row></t:table>
            </o:text></o:body></o:document-content>"#;
        let bytes = package(content, "");
        let reading = OdtReader.read(&bytes, &ReadContext::new(None)).unwrap();
        let page = &reading.pages[0];
        assert_eq!(page.text(), "单位名称：  甲\n一项\n类\n金额\n1\n2\n");
        let table = &page.tables[0];
        assert_eq!((table.rows, table.cols, table.cells[0].row_span, table.cells[1].col_span), (2, 3, 2, 2));
        assert_eq!(table.at(1, 2).unwrap().text, "2");
    }
}

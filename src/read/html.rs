//! Web pages that are named as workbooks or Word files: accounting software "saves as" them, and Word does.
//!
//! Only paragraphs and tables are read; nothing is fetched, no script is looked at.

mod tokens;

use super::docx::styles::Styles;
use super::dom::Node;
use super::flow::{self, Spanned};
use super::{ReadContext, Reader, docx};
use crate::model::{Format, ReadBy, ReadError, Reading};
use tokens::{Tag, Token, Tokens};

/// Tables in tables: how deep.
const DEPTH: usize = 16;
/// Most cells of a file.
const CELLS: usize = 400_000;

/// Reads HTML.
pub struct HtmlReader;

impl Reader for HtmlReader {
    fn formats(&self) -> &'static [Format] {
        &[Format::Html]
    }

    fn read(&self, bytes: &[u8], cx: &ReadContext<'_>) -> Result<Reading, ReadError> {
        if bytes.len() as u64 > cx.max_inflated {
            return Err(ReadError::Limit(format!("网页超过 {} 字节", cx.max_inflated)));
        }
        let text = tokens::decode(bytes);
        let mut page = Page::default();
        for token in Tokens::new(&text) {
            match token {
                Token::Text(text) => page.text(&text),
                Token::Tag(tag) => page.tag(&tag),
            }
        }
        let mut notes = vec!["文件内容实为网页（HTML），按网页中的表格和文字读取".to_string()];
        if page.cells >= CELLS {
            notes.push(format!("网页中的单元格超过 {CELLS} 个，之后的未读"));
        }
        let body = page.finish();
        let pages = docx::pages_of(&body, &Styles::default(), ReadBy::Html, cx.max_pages, &mut notes);
        Ok(Reading { notes, ..Reading::new(ReadBy::Html, pages) })
    }

    fn render(&self, _bytes: &[u8], _page: u32, _dpi: f32) -> Option<image::RgbImage> {
        None
    }
}

/// A table that is being put together.
#[derive(Default)]
struct Table {
    rows: Vec<Vec<Spanned>>,
    row: Option<Vec<Spanned>>,
    cell: Option<Spanned>,
}

#[derive(Default)]
struct Page {
    body: Vec<Node>,
    tables: Vec<Table>,
    line: String,
    /// Runs and breaks of the paragraph so far.
    content: Vec<Node>,
    cells: usize,
    deeper: usize,
}

impl Page {
    fn text(&mut self, text: &str) {
        for c in text.chars() {
            // White space collapses; the hard blank is one that stays.
            let c = if c.is_whitespace() && c != '\u{a0}' { ' ' } else { c };
            if c != ' ' || !(self.line.is_empty() || self.line.ends_with(' ')) {
                self.line.push(c);
            }
        }
    }

    fn tag(&mut self, tag: &Tag) {
        match (tag.name.as_str(), tag.closes) {
            ("br", _) => {
                self.words();
                self.content.push(flow::run("", flow::node("br", &[], Vec::new())));
            }
            (
                "p" | "div" | "li" | "ul" | "ol" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "caption" | "hr",
                _,
            ) => {
                self.paragraph();
            }
            ("img", _) => {
                self.words();
                self.content.push(flow::run(
                    "",
                    flow::node("drawing", &[], vec![flow::node("blip", &[], Vec::new())]),
                ));
            }
            ("table", false) if self.tables.len() < DEPTH => {
                self.paragraph();
                self.tables.push(Table::default());
            }
            ("table", false) => self.deeper += 1,
            ("table", true) if self.deeper > 0 => self.deeper -= 1,
            ("table", true) => self.end_table(),
            ("tr", false) => {
                self.end_row();
                self.tables.last_mut().into_iter().for_each(|t| t.row = Some(Vec::new()));
            }
            ("tr", true) => self.end_row(),
            ("td" | "th", false) => self.begin_cell(tag),
            ("td" | "th", true) => self.end_cell(),
            _ => {}
        }
    }

    /// Text so far becomes a run.
    fn words(&mut self) {
        let line = std::mem::take(&mut self.line);
        let line = line.trim_matches(' ').replace('\u{a0}', " ");
        if !line.trim().is_empty() {
            self.content.push(flow::text_run(&line, ""));
        }
    }

    fn paragraph(&mut self) {
        self.words();
        if !self.content.is_empty() {
            let content = std::mem::take(&mut self.content);
            self.place(flow::node("p", &[], content));
        }
    }

    fn place(&mut self, element: Node) {
        match self.tables.last_mut() {
            None => self.body.push(element),
            Some(table) => match &mut table.cell {
                Some(cell) => cell.content.push(element),
                // Text between the cells of a table is shown before it.
                None => self.body.push(element),
            },
        }
    }

    fn begin_cell(&mut self, tag: &Tag) {
        self.end_cell();
        if self.cells >= CELLS {
            return;
        }
        let span = |name: &str| tag.attribute(name).and_then(|v| v.trim().parse().ok()).unwrap_or(1);
        let cell = Spanned { content: Vec::new(), rows: span("rowspan"), cols: span("colspan") };
        if let Some(table) = self.tables.last_mut() {
            self.cells += 1;
            table.row.get_or_insert_default();
            table.cell = Some(cell);
        }
    }

    fn end_cell(&mut self) {
        self.paragraph();
        if let Some(table) = self.tables.last_mut()
            && let Some(cell) = table.cell.take()
        {
            table.row.get_or_insert_default().push(cell);
        }
    }

    fn end_row(&mut self) {
        self.end_cell();
        if let Some(table) = self.tables.last_mut()
            && let Some(row) = table.row.take()
        {
            table.rows.push(row);
        }
    }

    fn end_table(&mut self) {
        self.end_row();
        if let Some(table) = self.tables.pop().filter(|t| !t.rows.is_empty()) {
            self.place(flow::spanned_table(table.rows));
        }
    }

    fn finish(mut self) -> Node {
        while !self.tables.is_empty() {
            self.end_table();
        }
        self.paragraph();
        flow::node("body", &[], self.body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &[u8]) -> Reading {
        HtmlReader.read(html, &ReadContext::new(None)).unwrap()
    }

    #[test]
    fn a_saved_workbook() {
        let html = r#"<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset=gbk><style>td{}</style><title>t</title></head>
            <body><!--[if gte mso 9]><xml>x</xml><![endif]--><p>编制单位：甲&amp;乙&nbsp;公司</p>
            <table border=1><tr><td colspan=2 rowspan="2">项目<br>名称</td><td>金额</td></tr>
            <tr><td x:num="1234.5">1,234.50
            </table></body></html>"#;
        let reading = read(&encoding_rs::GB18030.encode(html).0);
        let page = &reading.pages[0];
        assert_eq!(page.lines[0].text, "编制单位：甲&乙 公司");
        let table = &page.tables[0];
        assert_eq!((table.rows, table.cols, table.cells.len()), (2, 3, 3));
        assert_eq!((table.cells[0].row_span, table.cells[0].col_span), (2, 2));
        assert_eq!(table.cells[0].text, "项目\n名称");
        assert_eq!(table.at(1, 2).unwrap().text, "1,234.50");
    }

    #[test]
    fn what_never_closes_and_what_goes_deep() {
        let deep = "<table><tr><td>内".repeat(5_000);
        assert!(!read(deep.as_bytes()).pages[0].lines.is_empty());
        let script = read(b"<html><script>if (a<b) '</p>'</SCRIPT><td>x</td><p");
        assert_eq!(script.pages[0].text(), "x\n");
        assert_eq!(
            read("<p>甲<p>乙&#x4e19;&#19969;&bogus;".as_bytes()).pages[0].lines[1].text,
            "乙丙丁&bogus;"
        );
    }

    #[test]
    fn any_damage_ends_in_a_reading_or_a_reason() {
        let html = r#"<html><head><meta charset=gbk><style>td{}</style></head><body><!--[if gte mso 9]><xml>x</xml><![endif]--><p>甲&amp;乙&nbsp;&#x4e19;</p>
            <table border=1><tr><td colspan=2 rowspan="2">项目<br>名称<table><tr><td>内</table></td><th>金额</tr><tr><td x:num="1234.5">1,234.50</table><img src=x>"#;
        for bytes in [html.as_bytes(), &encoding_rs::GB18030.encode(html).0] {
            crate::read::mutants::mutants(bytes, |bytes| {
                let _ = HtmlReader.read(bytes, &ReadContext::new(None));
            });
        }
    }
}

//! Walks a Word body into lines and tables.

mod inline;
mod table;

use super::styles::Styles;
use crate::model::{Confidence, Grade, Line, Page, Place, ReadBy};
use crate::read::dom::Node;

/// A4 in points, where a section states no size.
const A4: (f32, f32) = (595.3, 841.9);

/// Collects what a body shows.
pub(super) struct Walker<'a> {
    styles: &'a Styles,
    pages: Vec<Page>,
    read_by: ReadBy,
    max_pages: u32,
    page: u32,
    /// Nothing was written since the last break, so that Word's mark of the same break counts once.
    fresh: bool,
    block: u32,
    row: u32,
    cells: usize,
    pictures: usize,
    capped: bool,
    /// Code of the field that is open.
    code: String,
    /// Of each section, whether it goes on on the page of the one before.
    continuous: Vec<bool>,
    /// Sections that have ended.
    sections: usize,
    /// Pages whose size a section has told.
    sized: usize,
}

/// The text of a paragraph: its lines, each with the page it stands on.
struct Written {
    lines: Vec<(u32, String)>,
    /// Text boxes anchored in the paragraph.
    boxes: Vec<(u32, String)>,
}

impl<'a> Walker<'a> {
    pub(super) fn new(styles: &'a Styles, read_by: ReadBy, max_pages: u32) -> Self {
        let pages = vec![Page::empty(1, A4.0, A4.1, read_by)];
        Self {
            styles,
            pages,
            read_by,
            max_pages,
            page: 1,
            fresh: true,
            block: 0,
            row: 0,
            cells: 0,
            pictures: 0,
            capped: false,
            code: String::new(),
            continuous: Vec::new(),
            sections: 0,
            sized: 0,
        }
    }

    /// All of a body.
    pub(super) fn whole(&mut self, node: &Node) {
        section_starts(node, &mut self.continuous);
        self.body(node);
    }

    /// The pages, and what was left out.
    pub(super) fn finish(self, notes: &mut Vec<String>) -> Vec<Page> {
        if self.pictures > 0 {
            notes.push(format!("文档中有 {} 张图片，图片中的文字未识别", self.pictures));
        }
        if self.capped {
            notes.push("文档的页数或表格单元格超出处理上限，之后的内容未读".to_string());
        }
        self.pages
    }

    /// The children of a body, a content control or another wrapper.
    fn body(&mut self, node: &Node) {
        for child in node.nodes() {
            if self.capped {
                return;
            }
            match child.name.as_str() {
                "p" => self.body_paragraph(child),
                "tbl" => {
                    self.begin_table(child);
                    let home = self.page;
                    let block = self.block;
                    self.block += 1;
                    self.table(child, home, block);
                }
                "sdt" => child.child("sdtContent").into_iter().for_each(|c| self.body(c)),
                "ins" | "moveTo" | "customXml" | "smartTag" => self.body(child),
                "AlternateContent" => chosen(child).into_iter().for_each(|c| self.body(c)),
                "sectPr" => self.section(child),
                _ => {}
            }
        }
    }

    /// A table whose first words begin a page stands on that page.
    fn begin_table(&mut self, node: &Node) {
        let mut rows = Vec::new();
        table::gather(node, "tr", &mut rows);
        let mut cells = Vec::new();
        rows.first().into_iter().for_each(|r| table::gather(r, "tc", &mut cells));
        let Some(first) = cells.first().and_then(|c| c.child("p")) else { return };
        if self.styles.breaks_before(first.child("pPr")) && !self.fresh {
            self.break_page(false);
        } else if first
            .nodes()
            .find(|n| n.name == "r")
            .is_some_and(|r| r.child("lastRenderedPageBreak").is_some())
        {
            self.break_page(true);
        }
    }

    fn body_paragraph(&mut self, node: &Node) {
        let block = self.block;
        self.block += 1;
        let written = self.paragraph(node);
        for (page, text) in written.lines.iter().chain(&written.boxes) {
            let row = self.row;
            self.row += 1;
            // Tabs set fields side by side: runs of their own on one row.
            for run in text.split('\t').filter(|r| !r.trim().is_empty()) {
                let place = Place::Block { page: *page, block, cell: None };
                self.line(*page, run, place, row, None);
            }
        }
        if let Some(section) = node.child("pPr").and_then(|p| p.child("sectPr")) {
            self.section(section);
            // A section says of itself how it begins: whether a page ends here is told by the next one.
            if self.continuous.get(self.sections) != Some(&true) {
                self.break_page(false);
            }
        }
    }

    /// The end of a section. Its paper is that of the pages since the section before.
    fn section(&mut self, node: &Node) {
        self.sections += 1;
        let first = std::mem::replace(&mut self.sized, self.pages.len());
        let Some(size) = node.child("pgSz") else { return };
        let points = |name: &str| size.attribute(name).and_then(|v| v.parse::<f32>().ok()).map(|v| v / 20.0);
        if let (Some(w), Some(h)) = (points("w"), points("h")) {
            // Two sections on one page: the page is the first one's.
            for page in self.pages.iter_mut().skip(first) {
                (page.width, page.height) = (w, h);
            }
        }
    }

    /// A page break; `rendered` marks what Word saw at its last layout, which repeats explicit breaks.
    fn break_page(&mut self, rendered: bool) {
        if rendered && self.fresh {
            return;
        }
        if self.page >= self.max_pages {
            self.capped = true;
            return;
        }
        self.page += 1;
        self.fresh = true;
        let (w, h) = self.pages.last().map_or(A4, |p| (p.width, p.height));
        self.pages.push(Page::empty(self.page, w, h, self.read_by));
    }

    fn line(&mut self, home: u32, text: &str, place: Place, row: u32, table: Option<u32>) -> Option<u32> {
        let page = self.pages.get_mut(home.saturating_sub(1) as usize)?;
        page.lines.push(Line {
            text: text.to_string(),
            place,
            grade: Grade::Text,
            confidence: Confidence::FULL,
            row,
            table,
            edges: Vec::new(),
            size: 0.0,
        });
        u32::try_from(page.lines.len() - 1).ok()
    }

    /// The lines of one paragraph.
    fn paragraph(&mut self, node: &Node) -> Written {
        if self.styles.breaks_before(node.child("pPr")) && !self.fresh {
            self.break_page(false);
        }
        let mut written = Written { lines: vec![(self.page, String::new())], boxes: Vec::new() };
        self.inline(node, "", &mut written);
        for line in &mut written.lines {
            line.1 = line.1.trim_end().to_string();
        }
        written.lines.retain(|(_, t)| !t.trim().is_empty());
        written
    }
}

/// Of each section in its order, whether it begins on the page on which the one before ends.
fn section_starts(node: &Node, out: &mut Vec<bool>) {
    for child in node.nodes() {
        match child.name.as_str() {
            "p" => child.child("pPr").into_iter().for_each(|p| section_starts(p, out)),
            "sectPr" => out.push(child.value_of("type") == Some("continuous")),
            "sdt" | "sdtContent" | "ins" | "moveTo" | "customXml" | "smartTag" => section_starts(child, out),
            "AlternateContent" => chosen(child).into_iter().for_each(|c| section_starts(c, out)),
            _ => {}
        }
    }
}

/// The branch of an alternative that Word itself shows.
fn chosen(node: &Node) -> Option<&Node> {
    node.child("Choice").or_else(|| node.child("Fallback"))
}

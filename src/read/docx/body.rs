//! Walks a Word body into lines and tables.

use super::symbol;
use crate::model::{BBox, Cell, Confidence, Grade, ImageBox, Line, Page, Place, ReadBy, Table};
use crate::read::dom::{Child, Node};
use crate::read::flow;

/// A4 in points, where a section states no size.
const A4: (f32, f32) = (595.3, 841.9);
/// Most cells of one document.
const CELLS: usize = 400_000;
/// Widest table followed.
const COLUMNS: u32 = 512;
/// Longest code of a field kept.
const CODE: usize = 400;
/// Points in an EMU.
const EMU: f32 = 1.0 / 12_700.0;

/// Collects what a body shows.
pub(super) struct Walker {
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
}

/// The text of a paragraph: its lines, each with the page it stands on.
struct Written {
    lines: Vec<(u32, String)>,
    /// Text boxes anchored in the paragraph.
    boxes: Vec<(u32, String)>,
}

impl Walker {
    pub(super) fn new(read_by: ReadBy, max_pages: u32) -> Self {
        let pages = vec![Page::empty(1, A4.0, A4.1, read_by)];
        Self {
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
        }
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
    pub(super) fn body(&mut self, node: &Node) {
        for child in node.nodes() {
            if self.capped {
                return;
            }
            match child.name.as_str() {
                "p" => self.body_paragraph(child),
                "tbl" => {
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
            if section.value_of("type") != Some("continuous") {
                self.break_page(false);
            }
        }
    }

    /// Page size of a section: it holds for the pages up to here that do not know theirs.
    fn section(&mut self, node: &Node) {
        let Some(size) = node.child("pgSz") else { return };
        let points = |name: &str| size.attribute(name).and_then(|v| v.parse::<f32>().ok()).map(|v| v / 20.0);
        if let (Some(w), Some(h)) = (points("w"), points("h"))
            && let Some(page) = self.pages.last_mut()
        {
            (page.width, page.height) = (w, h);
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

    /// A table; all of it lies on its `home` page, its cells' places say their own. Gives its lines and its text.
    fn table(&mut self, node: &Node, home: u32, block: u32) -> (Vec<u32>, String) {
        let index = self.pages.get(home as usize - 1).map_or(0, |p| p.tables.len());
        let place = Place::Block { page: self.page, block, cell: None };
        let table = Table { place, rows: 0, cols: 0, cells: Vec::new(), ruled: true };
        if let Some(page) = self.pages.get_mut(home as usize - 1) {
            page.tables.push(table);
        }
        let mut cells: Vec<Cell> = Vec::new();
        let mut row = 0u32;
        let mut rows = Vec::new();
        gather(node, "tr", &mut rows);
        for tr in rows {
            if self.capped {
                break;
            }
            self.table_row(tr, row, (home, index as u32, block), &mut cells);
            row += 1;
        }
        let lines: Vec<u32> = cells.iter().flat_map(|c| c.lines.iter().copied()).collect();
        let text = plain(&cells, row);
        if let Some(table) = self.pages.get_mut(home as usize - 1).and_then(|p| p.tables.get_mut(index)) {
            table.rows = row;
            table.cols = cells.iter().map(|c| c.col + c.col_span).max().unwrap_or(0);
            table.cells = cells;
        }
        (lines, text)
    }

    fn table_row(&mut self, tr: &Node, row: u32, at: (u32, u32, u32), cells: &mut Vec<Cell>) {
        let properties = tr.child("trPr");
        if properties.is_some_and(|p| p.child("del").is_some()) {
            return;
        }
        let number = |n: Option<&str>| n.and_then(|v| v.parse::<u32>().ok()).map(|n| n.min(COLUMNS));
        let mut col = number(properties.and_then(|p| p.value_of("gridBefore"))).unwrap_or(0);
        let first = self.row;
        let mut tallest = 1;
        let mut tcs = Vec::new();
        gather(tr, "tc", &mut tcs);
        for tc in tcs {
            if col >= COLUMNS || self.cells >= CELLS {
                self.capped |= self.cells >= CELLS;
                break;
            }
            let properties = tc.child("tcPr");
            let span = number(properties.and_then(|p| p.value_of("gridSpan"))).unwrap_or(1).max(1);
            let merge = properties.and_then(|p| p.child("vMerge"));
            if merge.is_some_and(|m| m.attribute("val") != Some("restart"))
                && let Some(above) =
                    cells.iter_mut().rev().find(|c| c.col == col && c.row + c.row_span == row)
            {
                above.row_span += 1;
                col += span;
                continue;
            }
            self.cells += 1;
            self.row = first;
            let (cell, height) = self.cell(tc, (row, col, span), at);
            tallest = tallest.max(height);
            cells.push(cell);
            col += span;
        }
        self.row = first + tallest;
    }

    fn cell(&mut self, tc: &Node, (row, col, span): (u32, u32, u32), at: (u32, u32, u32)) -> (Cell, u32) {
        let (home, index, block) = at;
        let page = self.page;
        let first = self.row;
        let mut lines = Vec::new();
        let mut texts: Vec<String> = Vec::new();
        self.cell_content(tc, at, (row, col), &mut lines, &mut texts);
        let height = (self.row - first).max(1);
        let place = Place::Block { page, block, cell: Some((row, col)) };
        let text = texts.join("\n").trim_matches('\n').to_string();
        let (grade, confidence) = (Grade::Text, Confidence::FULL);
        let _ = (home, index);
        (Cell { row, col, row_span: 1, col_span: span, text, place, grade, confidence, lines }, height)
    }

    fn cell_content(
        &mut self,
        node: &Node,
        at: (u32, u32, u32),
        cell: (u32, u32),
        lines: &mut Vec<u32>,
        texts: &mut Vec<String>,
    ) {
        let (home, index, block) = at;
        for child in node.nodes() {
            match child.name.as_str() {
                "p" => {
                    let written = self.paragraph(child);
                    if written.lines.is_empty() && written.boxes.is_empty() {
                        texts.push(String::new());
                    }
                    for (page, text) in written.lines.into_iter().chain(written.boxes) {
                        let text = text.replace('\t', " ");
                        let row = self.row;
                        self.row += 1;
                        if !text.trim().is_empty() {
                            let place = Place::Block { page, block, cell: Some(cell) };
                            lines.extend(self.line(home, &text, place, row, Some(index)));
                        }
                        texts.push(text);
                    }
                }
                "tbl" => {
                    let (inner, text) = self.table(child, home, block);
                    lines.extend(inner);
                    texts.push(text);
                }
                "sdt" => {
                    for content in child.child("sdtContent").into_iter() {
                        self.cell_content(content, at, cell, lines, texts);
                    }
                }
                "ins" | "moveTo" | "customXml" | "smartTag" => {
                    self.cell_content(child, at, cell, lines, texts)
                }
                _ => {}
            }
        }
    }

    /// The lines of one paragraph.
    fn paragraph(&mut self, node: &Node) -> Written {
        if node.child("pPr").is_some_and(|p| p.on("pageBreakBefore")) && !self.fresh {
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

    fn inline(&mut self, node: &Node, font: &str, out: &mut Written) {
        for child in node.nodes() {
            match child.name.as_str() {
                "r" => self.run(child, out),
                "t" => {
                    let text = child.text();
                    self.write(&text, font, out);
                }
                "sdt" => self.control(child, out),
                "ins" | "moveTo" | "hyperlink" | "smartTag" | "customXml" | "fldSimple" | "oMath"
                | "oMathPara" | "dir" | "bdo" | "rt" | "rubyBase" => self.inline(child, font, out),
                "ruby" => child.child("rubyBase").into_iter().for_each(|b| self.inline(b, font, out)),
                "AlternateContent" => chosen(child).into_iter().for_each(|c| self.inline(c, font, out)),
                "tab" | "ptab" => self.write("\t", "", out),
                "noBreakHyphen" => self.write("-", "", out),
                "cr" => out.lines.push((self.page, String::new())),
                "br" if matches!(child.attribute("type"), Some("page" | "column")) => {
                    if child.attribute("type") == Some("page") {
                        self.break_page(false);
                    }
                    out.lines.push((self.page, String::new()));
                }
                "br" => out.lines.push((self.page, String::new())),
                "lastRenderedPageBreak" => {
                    self.break_page(true);
                    self.turn(out);
                }
                "sym" => {
                    let code = child.attribute("char").and_then(|c| u32::from_str_radix(c, 16).ok());
                    if let Some(c) = code.and_then(|c| symbol::of(child.attribute("font").unwrap_or(""), c)) {
                        self.write(&c.to_string(), "", out);
                    }
                }
                "instrText" if self.code.len() < CODE => self.code.push_str(&child.text()),
                "fldChar" => {
                    self.field_code(child, out);
                    if let Some(check) = child.child("ffData").and_then(|f| f.child("checkBox")) {
                        let state = check.child("checked").or_else(|| check.child("default"));
                        self.tick(state.is_some_and(Node::is_on), out);
                    }
                }
                "drawing" | "pict" | "object" => self.drawing(child, out),
                _ => {}
            }
        }
    }

    /// A paragraph that runs over a page break: what comes is on the new page, in the same line of text.
    fn turn(&mut self, out: &mut Written) {
        if out.lines.last().is_some_and(|(_, t)| t.trim().is_empty())
            && let Some(last) = out.lines.last_mut()
        {
            last.0 = self.page;
        }
    }

    fn run(&mut self, run: &Node, out: &mut Written) {
        let properties = run.child("rPr");
        if properties.is_some_and(|p| p.on("vanish")) {
            return;
        }
        let fonts = properties.and_then(|p| p.child("rFonts"));
        let font = ["ascii", "hAnsi"].iter().find_map(|n| fonts.and_then(|f| f.attribute(n))).unwrap_or("");
        self.inline(run, font, out);
    }

    fn write(&mut self, text: &str, font: &str, out: &mut Written) {
        let Some((_, line)) = out.lines.last_mut() else { return };
        if symbol::is_symbol_font(font) {
            line.extend(text.chars().map(|c| symbol::of(font, u32::from(c)).unwrap_or(c)));
        } else {
            // A private-use character of a symbol font without its font is a Wingdings one in practice.
            line.extend(text.chars().map(|c| match u32::from(c) {
                code @ 0xF020..=0xF0FF => symbol::of("wingdings", code).unwrap_or(c),
                _ => c,
            }));
        }
        if !text.trim().is_empty() {
            self.fresh = false;
        }
    }

    /// A field whose code draws something in place of a result: a symbol, a mark over a box.
    fn field_code(&mut self, mark: &Node, out: &mut Written) {
        let code = std::mem::take(&mut self.code);
        let drawn = !code.trim_start().to_ascii_uppercase().starts_with("FORM");
        if mark.attribute("fldCharType") != Some("begin")
            && drawn
            && let Some(run) = flow::field(&code, None)
        {
            self.run(&run, out);
        }
    }

    fn tick(&mut self, ticked: bool, out: &mut Written) {
        let mark = if ticked { symbol::TICKED } else { symbol::OPEN };
        self.write(&mark.to_string(), "", out);
    }

    /// An inline content control: a check box counts by its state, a placeholder is no content.
    fn control(&mut self, node: &Node, out: &mut Written) {
        let properties = node.child("sdtPr");
        if let Some(check) = properties.and_then(|p| p.child("checkbox")) {
            let ticked = matches!(check.value_of("checked"), Some("1" | "true" | "on"));
            self.tick(ticked, out);
            return;
        }
        if properties.is_some_and(|p| p.on("showingPlcHdr")) {
            return;
        }
        node.child("sdtContent").into_iter().for_each(|c| self.inline(c, "", out));
    }

    /// A drawing: its text boxes and pictures.
    fn drawing(&mut self, node: &Node, out: &mut Written) {
        let mut boxes = Vec::new();
        gather_deep(node, "txbxContent", &mut boxes);
        for text_box in boxes {
            let mut paragraphs = Vec::new();
            gather_deep(text_box, "p", &mut paragraphs);
            for paragraph in paragraphs {
                let inner = self.paragraph(paragraph);
                out.boxes.extend(inner.lines);
                out.boxes.extend(inner.boxes);
            }
        }
        if node.find("blip").is_some() || node.find("imagedata").is_some() {
            self.pictures += 1;
            self.fresh = false;
            let extent = node.find("extent");
            let side = |n: &str| {
                extent.and_then(|e| e.attribute(n)).and_then(|v| v.parse::<f32>().ok()).unwrap_or(0.0)
            };
            let (w, h) = (side("cx") * EMU, side("cy") * EMU);
            if let Some(page) = self.pages.last_mut() {
                // Flow gives no position: only the size is known.
                page.images.push(ImageBox { bbox: BBox::new(0.0, 0.0, w, h), width: 0, height: 0 });
            }
        }
    }
}

/// The branch of an alternative that Word itself shows.
fn chosen(node: &Node) -> Option<&Node> {
    node.child("Choice").or_else(|| node.child("Fallback"))
}

/// The elements of this name below, through wrappers (content controls, insertions) but not through their like.
fn gather<'a>(node: &'a Node, name: &str, out: &mut Vec<&'a Node>) {
    for child in node.nodes() {
        match child.name.as_str() {
            n if n == name => out.push(child),
            "sdt" | "sdtContent" | "ins" | "moveTo" | "customXml" | "smartTag" => gather(child, name, out),
            _ => {}
        }
    }
}

/// The outermost elements of this name anywhere below.
fn gather_deep<'a>(node: &'a Node, name: &str, out: &mut Vec<&'a Node>) {
    for child in &node.children {
        if let Child::Node(child) = child {
            match child.name.as_str() {
                n if n == name => out.push(child),
                "Fallback" if node.child("Choice").is_some() => {}
                _ => gather_deep(child, name, out),
            }
        }
    }
}

/// A nested table as the text of the cell that holds it.
fn plain(cells: &[Cell], rows: u32) -> String {
    let row = |r| {
        let texts =
            cells.iter().filter(move |c| c.row == r && !c.text.is_empty()).map(|c| c.text.replace('\n', ""));
        texts.collect::<Vec<_>>().join("  ")
    };
    (0..rows).map(row).filter(|t: &String| !t.is_empty()).collect::<Vec<_>>().join("\n")
}

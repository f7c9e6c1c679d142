//! The tables of a body: rows, merged cells, tables in cells.

use super::Walker;
use crate::model::{Cell, Confidence, Grade, Place, Table};
use crate::read::dom::Node;

/// Most cells of one document.
const CELLS: usize = 400_000;
/// Widest table followed.
const COLUMNS: u32 = 512;

impl Walker<'_> {
    /// A table; all of it lies on its `home` page, its cells' places say their own. Gives its lines and its text.
    pub(super) fn table(&mut self, node: &Node, home: u32, block: u32) -> (Vec<u32>, String) {
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
            let along = properties.and_then(|p| p.child("hMerge"));
            if along.is_some_and(|m| m.attribute("val") != Some("restart"))
                && let Some(before) = cells.last_mut().filter(|c| c.row == row && c.col + c.col_span == col)
            {
                before.col_span += span;
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
        let (home, _, block) = at;
        let page = self.page;
        let first = self.row;
        let mut lines = Vec::new();
        let mut texts: Vec<String> = Vec::new();
        self.cell_content(tc, at, (row, col), &mut lines, &mut texts);
        let height = (self.row - first).max(1);
        // A page may end before the first words of a cell.
        let page = lines.first().and_then(|l| self.page_of(home, *l)).unwrap_or(page);
        let place = Place::Block { page, block, cell: Some((row, col)) };
        let text = texts.join("\n").trim_matches('\n').to_string();
        let (grade, confidence) = (Grade::Text, Confidence::FULL);
        (Cell { row, col, row_span: 1, col_span: span, text, place, grade, confidence, lines }, height)
    }

    /// The page a line's place says, of the lines kept on the page `home`.
    fn page_of(&self, home: u32, line: u32) -> Option<u32> {
        match self.pages.get(home.checked_sub(1)? as usize)?.lines.get(line as usize)?.place {
            Place::Block { page, .. } => Some(page),
            _ => None,
        }
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
}

/// The elements of this name below, through wrappers (content controls, insertions) but not through their like.
pub(super) fn gather<'a>(node: &'a Node, name: &str, out: &mut Vec<&'a Node>) {
    for child in node.nodes() {
        match child.name.as_str() {
            n if n == name => out.push(child),
            "sdt" | "sdtContent" | "ins" | "moveTo" | "customXml" | "smartTag" => gather(child, name, out),
            _ => {}
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

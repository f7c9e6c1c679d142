//! A sheet of a workbook as a page, whatever the workbook was saved as.

pub(in crate::read) mod display;

use std::collections::BTreeMap;

use crate::model::{Cell, Confidence, Grade, Line, Page, Place, ReadBy, Table};

/// Most cells of a sheet.
pub(in crate::read) const CELLS: usize = 400_000;
/// Sheets are as wide and high as paper for whoever asks.
const PAPER: (f32, f32) = (841.9, 595.3);

/// The shown cells of a sheet by row and column.
pub(in crate::read) type Grid = BTreeMap<(u32, u32), String>;

/// Rows and columns that merged cells cover, by their top left cell.
pub(in crate::read) type Spans = BTreeMap<(u32, u32), (u32, u32)>;

/// An empty page for a sheet.
pub(in crate::read) fn page(number: u32, read_by: ReadBy) -> Page {
    Page::empty(number, PAPER.0, PAPER.1, read_by)
}

/// Note: not all sheets were read.
pub(in crate::read) fn too_many(most: u32) -> String {
    format!("工作表超过 {most} 张，之后的未读")
}

/// Note: a sheet is not shown.
pub(in crate::read) fn hidden(sheet: &str) -> String {
    format!("工作表“{sheet}”是隐藏的")
}

/// Note: not all cells of a sheet were read.
pub(in crate::read) fn too_large(sheet: &str) -> String {
    format!("工作表“{sheet}”的单元格超过 {CELLS} 个，之后的未读")
}

/// Puts a sheet's cells on a page: one table over the used range, a line for every text line.
pub(in crate::read) fn fill(page: &mut Page, sheet: &str, grid: &Grid, spans: &Spans) {
    let Some(top) = grid.keys().map(|k| k.0).min() else { return };
    let Some(left) = grid.keys().map(|k| k.1).min() else { return };
    let bottom = grid.keys().map(|k| k.0).max().unwrap_or(top);
    let right = grid.keys().map(|k| k.1).max().unwrap_or(left);
    let place = |row, col| Place::Cell { sheet: sheet.to_string(), row, col };
    let mut cells = Vec::new();
    // Empty merged cells matter too: they say which columns belong together.
    let mut corners: BTreeMap<(u32, u32), &str> = grid.iter().map(|(k, v)| (*k, v.as_str())).collect();
    for (corner, span) in spans {
        let inside = (top..=bottom).contains(&corner.0) && (left..=right).contains(&corner.1);
        if inside && span.0.max(span.1) > 1 {
            corners.entry(*corner).or_insert("");
        }
    }
    for ((row, col), text) in corners {
        let (rows, cols) = spans.get(&(row, col)).copied().unwrap_or((1, 1));
        let mut lines = Vec::new();
        for part in text.split(['\n', '\r']).filter(|p| !p.trim().is_empty()) {
            lines.push(page.lines.len() as u32);
            page.lines.push(Line {
                text: part.to_string(),
                place: place(row, col),
                grade: Grade::Text,
                confidence: Confidence::FULL,
                row: row - top,
                table: Some(0),
                edges: Vec::new(),
                size: 0.0,
            });
        }
        cells.push(Cell {
            row: row - top,
            col: col - left,
            row_span: rows.min(bottom - row + 1),
            col_span: cols.min(right - col + 1),
            text: text.replace("\r\n", "\n").replace('\r', "\n"),
            place: place(row, col),
            grade: Grade::Text,
            confidence: Confidence::FULL,
            lines,
        });
    }
    page.tables.push(Table {
        place: place(top, left),
        rows: bottom - top + 1,
        cols: right - left + 1,
        cells,
        ruled: true,
    });
}

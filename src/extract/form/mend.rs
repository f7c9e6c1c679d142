//! Mends the tables of scanned forms: a cell whose inner ruling was missed is cut at the label inside it, and what a
//! recogniser made of a label's unit is put away.

use std::borrow::Cow;

use super::labels::Labels;
use crate::model::{BBox, Cell, Confidence, Grade, Line, Page, Place};
use crate::text::normal;

/// Columns a column becomes where a cell is cut.
const SPREAD: u32 = 4;
/// Below this a short run right after a label is no value but the label's misread unit.
const SCRAP: f32 = 0.7;

/// The page with its recognised tables mended; as it is where there is nothing to do.
pub(super) fn page<'a>(page: &'a Page, labels: &Labels) -> Cow<'a, Page> {
    let scanned =
        page.tables.iter().flat_map(|t| &t.cells).any(|c| c.grade == Grade::Ocr && c.lines.len() > 1);
    if !scanned {
        return Cow::Borrowed(page);
    }
    let mut out = Cow::Borrowed(page);
    for (t, table) in page.tables.iter().enumerate() {
        for (c, cell) in table.cells.iter().enumerate() {
            if cell.grade != Grade::Ocr || cell.lines.len() < 2 || cell.lines.len() > 12 {
                continue;
            }
            if let Some(kept) = without_scraps(page, cell, labels) {
                let mended = part(page, cell, &kept, None);
                out.to_mut().tables[t].cells[c] = mended;
            }
        }
    }
    for t in 0..out.tables.len() {
        cut_cells(&mut out, t, labels);
    }
    out
}

/// Cuts the cells of a table that hold a label of their own behind other text.
fn cut_cells(page: &mut Cow<'_, Page>, table: usize, labels: &Labels) {
    let cuts: Vec<(usize, Vec<Vec<u32>>)> = page.tables[table]
        .cells
        .iter()
        .enumerate()
        .filter_map(|(index, cell)| Some((index, parts(page, cell, labels)?)))
        .collect();
    if cuts.is_empty() {
        return;
    }
    let source = page.clone().into_owned();
    let table = &mut page.to_mut().tables[table];
    table.cols *= SPREAD;
    for cell in &mut table.cells {
        cell.col *= SPREAD;
        cell.col_span *= SPREAD;
    }
    for (index, parts) in cuts.iter().rev() {
        let whole = table.cells.remove(*index);
        let count = u32::try_from(parts.len()).unwrap_or(1).max(1);
        let step = (whole.col_span / count).max(1);
        for (i, lines) in (0..count).zip(parts).rev() {
            let col = whole.col + i * step;
            let end = if i + 1 == count { whole.col + whole.col_span } else { col + step };
            table
                .cells
                .insert(*index, part(&source, &whole, lines, Some((col, end.saturating_sub(col).max(1)))));
        }
    }
}

/// The runs of a cell of one visual row, apart where a label begins that is not the cell's first run: what stands
/// before it, the label, what stands behind it. None if there is no such label.
fn parts(page: &Page, cell: &Cell, labels: &Labels) -> Option<Vec<Vec<u32>>> {
    let lines = lines(page, cell);
    let (first, rest) = lines.split_first()?;
    if cell.grade != Grade::Ocr || rest.is_empty() || cell.col_span * SPREAD < 4 {
        return None;
    }
    let middle = first.1.bbox()?.mid_y();
    let height = first.1.bbox()?.height().max(5.0);
    if lines.iter().any(|(_, l)| l.bbox().is_none_or(|b| (b.mid_y() - middle).abs() > 0.7 * height)) {
        return None;
    }
    let names = |line: &Line| {
        labels.of(&normal::squash(&line.text), false).iter().any(|m| m.rest.is_empty())
            && normal::squash(&line.text).chars().count() >= 4
    };
    let at = rest.iter().position(|(_, l)| names(l))? + 1;
    let index = |range: &[(u32, &Line)]| range.iter().map(|(i, _)| *i).collect::<Vec<_>>();
    // A label first in the cell has its value behind it: three parts or four.
    let mut out = Vec::new();
    let head = if names(first.1) && at > 1 { 1 } else { 0 };
    if head == 1 {
        out.push(index(&lines[..1]));
    }
    out.push(index(&lines[head..at]));
    out.push(index(&lines[at..=at]));
    if at + 1 < lines.len() {
        out.push(index(&lines[at + 1..]));
    }
    Some(out)
}

/// The lines of a cell without short, poorly read runs right behind its label, if it has such.
fn without_scraps(page: &Page, cell: &Cell, labels: &Labels) -> Option<Vec<u32>> {
    let lines = lines(page, cell);
    let (_, first) = lines.first()?;
    let found = labels.of(&normal::squash(&first.text), true);
    if !found.iter().any(|m| m.rest.is_empty() && m.bracket.is_empty()) {
        return None;
    }
    let label = first.bbox()?;
    let height = label.height().max(5.0);
    let scrap = |line: &Line| {
        line.bbox().is_some_and(|b| {
            (b.mid_y() - label.mid_y()).abs() < 0.8 * height
                && b.x0 > label.x0
                && b.x0 - label.x1 < 2.0 * height
                && line.confidence.as_unit() < SCRAP
                && normal::squash(&line.text).chars().count() <= 5
        })
    };
    let kept: Vec<u32> = lines.iter().filter(|(_, l)| !scrap(l)).map(|(i, _)| *i).collect();
    (kept.len() < lines.len()).then_some(kept)
}

fn lines<'p>(page: &'p Page, cell: &Cell) -> Vec<(u32, &'p Line)> {
    cell.lines.iter().filter_map(|i| Some((*i, page.lines.get(*i as usize)?))).collect()
}

/// A part of a cell: only these of its lines, in these columns.
fn part(page: &Page, cell: &Cell, kept: &[u32], columns: Option<(u32, u32)>) -> Cell {
    let mut text = String::new();
    let mut row = None;
    let mut confidence: Option<Confidence> = None;
    let mut bbox: Option<BBox> = None;
    for line in kept.iter().filter_map(|i| page.lines.get(*i as usize)) {
        if let Some(row) = row {
            text.push(if row == line.row { ' ' } else { '\n' });
        }
        row = Some(line.row);
        text.push_str(&line.text);
        confidence = Some(confidence.map_or(line.confidence, |c| c.min(line.confidence)));
        bbox = bbox.map_or(line.bbox(), |b| Some(line.bbox().map_or(b, |l| b.union(l))));
    }
    let (col, col_span) = columns.unwrap_or((cell.col, cell.col_span));
    let place = match (columns, bbox, &cell.place) {
        (Some(_), Some(bbox), Place::Page { page, .. }) => Place::Page { page: *page, bbox },
        _ => cell.place.clone(),
    };
    Cell {
        col,
        col_span,
        text,
        place,
        confidence: confidence.unwrap_or(cell.confidence),
        lines: kept.to_vec(),
        ..cell.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::fixture;
    use crate::model::Table;
    use crate::pack::Pack;

    /// A page of one table: a label and one wide cell that holds all other runs.
    fn scan(runs: &[(&str, f32, f32, f32)], poor: Option<usize>) -> Page {
        let mut page = fixture::page(runs, Grade::Ocr);
        if let Some(poor) = poor {
            page.lines[poor].confidence = Confidence(450);
        }
        let place = |x0, x1| Place::Page { page: 1, bbox: BBox::new(x0, 90.0, x1, 120.0) };
        let count = page.lines.len() as u32;
        let empty = Cell {
            row: 0,
            col: 0,
            row_span: 1,
            col_span: 1,
            text: String::new(),
            place: place(0.0, 90.0),
            grade: Grade::Ocr,
            confidence: Confidence(930),
            lines: vec![0],
        };
        let first = part(&page, &empty, &[0], Some((0, 1)));
        let all: Vec<u32> = (1..count).collect();
        let wide = part(&page, &empty, &all, Some((1, 1)));
        page.tables =
            vec![Table { place: place(0.0, 600.0), rows: 1, cols: 2, cells: vec![first, wide], ruled: true }];
        page
    }

    fn told(page: &Page) -> Vec<String> {
        let labels = Labels::new(&Pack::embedded().unwrap());
        let mended = super::page(page, &labels);
        mended.tables[0].cells.iter().map(|c| format!("{}+{} {}", c.col, c.col_span, c.text)).collect()
    }

    #[test]
    fn a_cell_is_cut_at_the_label_inside_it() {
        let page = scan(
            &[
                ("计划投资", 20.0, 100.0, 10.0),
                ("100（万元）", 150.0, 100.0, 10.0),
                ("已完成投资", 300.0, 100.0, 10.0),
                ("70.18", 430.0, 100.0, 10.0),
            ],
            None,
        );
        assert_eq!(told(&page), ["0+4 计划投资", "4+1 100（万元）", "5+1 已完成投资", "6+2 70.18"]);
    }

    #[test]
    fn a_misread_unit_is_no_value() {
        let runs = [
            ("3", 20.0, 100.0, 10.0),
            ("覆盖行业数", 150.0, 100.0, 10.0),
            ("19", 212.0, 100.0, 10.0),
            ("2", 400.0, 100.0, 10.0),
        ];
        assert_eq!(told(&scan(&runs, Some(2)))[1], "1+1 覆盖行业数 2");
        // What was read well, or stands apart, is kept.
        assert_eq!(told(&scan(&runs, None))[1], "1+1 覆盖行业数 19 2");
        assert_eq!(told(&scan(&runs, Some(3)))[1], "1+1 覆盖行业数 19 2");
    }
}

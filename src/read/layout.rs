//! From runs of text and ruling lines to tables and reading order. Text layers and scans go through the same code.

pub use super::ruling::Ruling;
use super::ruling::join;
use super::table::{self, Grid};
use super::table_borderless::{Item, borderless, tokens};
use super::table_rows::{Inside, split_rows};
use crate::model::{BBox, Cell, Confidence, Grade, Line, Place, Table};

/// What a page's runs and rulings make.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arranged {
    /// All runs in reading order, with `row` and `table` set; runs that cross a cell border are split.
    pub lines: Vec<Line>,
    /// Tables in reading order, their cells pointing into `lines`.
    pub tables: Vec<Table>,
}

/// A run with where it belongs.
struct Placed {
    line: Line,
    bbox: BBox,
    /// Grid and cell.
    cell: Option<(usize, u32)>,
}

/// Finds tables (ruled first, then borderless ones by alignment), splits runs at cell borders, and orders everything.
/// The runs need a `Place::Page` and `edges`; `row` and `table` are overwritten.
pub fn arrange(runs: Vec<Line>, rulings: &[Ruling], page: u32) -> Arranged {
    let bars = join(rulings);
    let mut grids = table::ruled(&bars);
    let mut placed = Vec::with_capacity(runs.len());
    for line in runs {
        let Some(bbox) = line.bbox() else { continue };
        put(line, bbox, &grids, &mut placed);
    }
    number_rows(&mut placed);
    split_tall_rows(&mut grids, &mut placed);
    let free: Vec<Item> = placed
        .iter()
        .filter(|p| p.cell.is_none())
        .flat_map(|p| tokens(&p.line.text, &p.line.edges, p.bbox, p.line.row))
        .collect();
    let found = borderless(free, &bars.horizontal);
    if !found.is_empty() {
        grids.extend(found);
        for p in std::mem::take(&mut placed) {
            match p.cell {
                Some(_) => placed.push(p),
                None => put(p.line, p.bbox, &grids, &mut placed),
            }
        }
        number_rows(&mut placed);
    }
    order(placed, &grids, page)
}

/// Parts ruled rows that hold several rows of numbers.
fn split_tall_rows(grids: &mut [Grid], placed: &mut [Placed]) {
    for (g, grid) in grids.iter_mut().enumerate() {
        let inside: Vec<Inside<'_>> = placed
            .iter()
            .filter_map(|p| {
                let (_, cell) = p.cell.filter(|(owner, _)| *owner == g)?;
                Some(Inside { cell, bbox: p.bbox, row: p.line.row, text: &p.line.text })
            })
            .collect();
        let Some(split) = split_rows(grid, &inside) else { continue };
        for p in placed.iter_mut().filter(|p| p.cell.is_some_and(|(owner, _)| owner == g)) {
            p.cell = split.cell_at(p.bbox.mid_x(), p.bbox.mid_y()).map(|cell| (g, cell)).or(p.cell);
        }
        *grid = split;
    }
}

/// Puts a run into the cells it crosses.
fn put(line: Line, bbox: BBox, grids: &[Grid], placed: &mut Vec<Placed>) {
    let y = bbox.mid_y();
    let touched = |grid: &Grid| {
        y >= grid.bbox.y0 && y <= grid.bbox.y1 && bbox.x1 > grid.bbox.x0 && bbox.x0 < grid.bbox.x1
    };
    if !grids.iter().any(touched) {
        placed.push(Placed { line, bbox, cell: None });
        return;
    }
    // Of nested tables the innermost counts: the cell with the least area.
    let at = |x: f32| -> Option<(usize, u32)> {
        let area = |&(g, c): &(usize, u32)| {
            let b = grids[g].cells[c as usize].bbox;
            b.width() * b.height()
        };
        let hits = grids.iter().enumerate().filter_map(|(g, grid)| Some((g, grid.cell_at(x, y)?)));
        hits.min_by(|a, b| area(a).total_cmp(&area(b)))
    };
    let chars = line.text.chars().count();
    if line.edges.len() != chars + 1 || chars < 2 {
        let cell = at(bbox.mid_x());
        placed.push(Placed { line, bbox, cell });
        return;
    }
    let cells: Vec<Option<(usize, u32)>> =
        (0..chars).map(|i| at((line.edges[i] + line.edges[i + 1]) / 2.0)).collect();
    if cells.iter().all(|c| *c == cells[0]) {
        placed.push(Placed { line, bbox, cell: cells[0] });
        return;
    }
    for (from, to) in parts(&line, &cells) {
        let cell = majority(&cells[from..to]);
        if let Some(part) = slice(&line, from, to) {
            let bbox = part.bbox().unwrap_or(bbox);
            placed.push(Placed { line: part, bbox, cell });
        }
    }
}

/// Where a run that lies in several cells is cut. Written text that runs over a border without a pause there
/// overflows its cell and stays whole; what was recognised is cut at borders between cells in any case (but not at a
/// table's outer edge: where a ruling stands there, its strip was cut before it was recognised).
fn parts(line: &Line, cells: &[Option<(usize, u32)>]) -> Vec<(usize, usize)> {
    let text: Vec<char> = line.text.chars().collect();
    let mut parts = Vec::new();
    let mut from = 0;
    for i in 1..cells.len() {
        if cells[i] == cells[i - 1] {
            continue;
        }
        // The border may run through a character: the blank beside it is where the texts part.
        let pause = [i, i + 1, i.wrapping_sub(1), i + 2, i.wrapping_sub(2)]
            .into_iter()
            .find(|&k| k > from && text.get(k).is_some_and(|c| c.is_whitespace()));
        let between = cells[i].is_some() && cells[i - 1].is_some();
        let at = if line.grade == Grade::Ocr && between { Some(i) } else { pause };
        if let Some(at) = at {
            parts.push((from, at));
            from = at;
        }
    }
    parts.push((from, cells.len()));
    parts
}

fn majority(cells: &[Option<(usize, u32)>]) -> Option<(usize, u32)> {
    let mut best = (0, None);
    for cell in cells {
        let count = cells.iter().filter(|c| *c == cell).count();
        if count > best.0 {
            best = (count, *cell);
        }
    }
    best.1
}

/// Characters `from..to` of a run as a run of its own, without blanks at its ends; None if nothing stays.
pub(in crate::read) fn slice(line: &Line, from: usize, to: usize) -> Option<Line> {
    let text: Vec<char> = line.text.chars().collect();
    let (mut from, mut to) = (from, to.min(text.len()));
    while from < to && text[from].is_whitespace() {
        from += 1;
    }
    while to > from && text[to - 1].is_whitespace() {
        to -= 1;
    }
    if from >= to {
        return None;
    }
    let edges = line.edges.get(from..=to).map(<[f32]>::to_vec).unwrap_or_default();
    Some(Line {
        text: text[from..to].iter().collect(),
        place: line.place_of(from, to),
        edges,
        ..line.clone()
    })
}

/// Numbers the visual rows of the page.
fn number_rows(placed: &mut [Placed]) {
    let mut order: Vec<usize> = (0..placed.len()).collect();
    order.sort_by(|&a, &b| {
        placed[a]
            .bbox
            .mid_y()
            .total_cmp(&placed[b].bbox.mid_y())
            .then(placed[a].bbox.x0.total_cmp(&placed[b].bbox.x0))
    });
    let mut row = 0;
    let mut band: Option<BBox> = None;
    for i in order {
        let bbox = placed[i].bbox;
        let same = band.is_some_and(|b| b.shared_height(bbox) >= 0.55 * b.height().min(bbox.height()));
        if !same {
            row += u32::from(band.is_some());
            band = Some(bbox);
        }
        placed[i].line.row = row;
    }
}

/// Brings runs and tables into reading order and fills the cells.
fn order(placed: Vec<Placed>, grids: &[Grid], page: u32) -> Arranged {
    // A table stands where it begins; its runs follow cell by cell.
    let mut keyed: Vec<(Key, Placed)> = placed.into_iter().map(|p| (key(&p, grids), p)).collect();
    keyed.sort_by_key(|a| a.0);
    let mut arranged = Arranged::default();
    let mut number: Vec<Option<u32>> = vec![None; grids.len()];
    let mut cells: Vec<Vec<Vec<u32>>> = grids.iter().map(|g| vec![Vec::new(); g.cells.len()]).collect();
    let mut order_of_grids: Vec<usize> = Vec::new();
    for (_, mut p) in keyed {
        if let Some((g, c)) = p.cell {
            let next = order_of_grids.len() as u32;
            let index = *number[g].get_or_insert_with(|| {
                order_of_grids.push(g);
                next
            });
            p.line.table = Some(index);
            cells[g][c as usize].push(arranged.lines.len() as u32);
        } else {
            p.line.table = None;
        }
        arranged.lines.push(p.line);
    }
    for g in order_of_grids {
        arranged.tables.push(fill(&grids[g], &cells[g], &arranged.lines, page));
    }
    arranged
}

/// Sorting key, in hundredths of a point so that it is total: top, then table, cell, row, left.
type Key = (i64, i64, usize, u32, u32, i64);

fn key(p: &Placed, grids: &[Grid]) -> Key {
    let hundredths = |v: f32| (f64::from(v) * 100.0) as i64;
    let left = hundredths(p.bbox.x0);
    match p.cell {
        Some((g, c)) => {
            let b = grids[g].bbox;
            (hundredths(b.y0), hundredths(b.x0), g + 1, c, p.line.row, left)
        }
        None => (hundredths(p.bbox.y0.min(p.bbox.mid_y())), 0, 0, 0, p.line.row, left),
    }
}

/// A table with its texts.
fn fill(grid: &Grid, runs: &[Vec<u32>], lines: &[Line], page: u32) -> Table {
    let cells = grid.cells.iter().zip(runs).map(|(cell, runs)| {
        let of: Vec<&Line> = runs.iter().filter_map(|&i| lines.get(i as usize)).collect();
        Cell {
            row: cell.row,
            col: cell.col,
            row_span: cell.row_span,
            col_span: cell.col_span,
            text: cell_text(&of),
            place: Place::Page { page, bbox: cell.bbox },
            grade: of.iter().map(|l| l.grade).min().unwrap_or(Grade::Text),
            confidence: of.iter().map(|l| l.confidence).min().unwrap_or(Confidence::FULL),
            lines: runs.clone(),
        }
    });
    Table {
        place: Place::Page { page, bbox: grid.bbox },
        rows: grid.rows(),
        cols: grid.cols(),
        cells: cells.collect(),
        ruled: grid.ruled,
    }
}

/// The text of a cell: rows joined by line breaks, runs of one row by a blank. A label written downwards, one
/// character a row, is one word.
fn cell_text(lines: &[&Line]) -> String {
    let downwards = is_downwards(lines);
    let mut text = String::new();
    for (i, line) in lines.iter().enumerate() {
        if i > 0 && !downwards {
            text.push(if lines[i - 1].row == line.row { ' ' } else { '\n' });
        }
        text.push_str(&line.text);
    }
    text
}

/// Whether the lines are single characters one below the other at even distances.
fn is_downwards(lines: &[&Line]) -> bool {
    let single = |l: &&Line| {
        let mut chars = l.text.chars();
        chars.next().is_some_and(|c| !c.is_ascii_digit()) && chars.next().is_none()
    };
    if lines.len() < 2 || !lines.iter().all(single) || lines.windows(2).any(|w| w[0].row == w[1].row) {
        return false;
    }
    let boxes: Vec<BBox> = lines.iter().filter_map(|l| l.bbox()).collect();
    let steps: Vec<f32> = boxes.windows(2).map(|w| w[1].mid_y() - w[0].mid_y()).collect();
    let least = steps.iter().copied().fold(f32::MAX, f32::min);
    let most = steps.iter().copied().fold(f32::MIN, f32::max);
    let aligned = boxes.windows(2).all(|w| (w[1].mid_x() - w[0].mid_x()).abs() < 0.5 * w[0].width().max(1.0));
    least > 0.0 && most <= 1.3 * least && aligned
}

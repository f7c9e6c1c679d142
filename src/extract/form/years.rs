//! 单位运营状况: metrics with a column (or a row) a year, wherever the years stand.

use std::sync::Arc;

use super::fields::Fields;
use super::labels::{Labels, Match};
use super::sheet::{Section, Sheet, Unit, of_cell};
use super::spec;
use super::{table, value};
use crate::model::{self, BBox, Cell, Table};
use crate::text::{amount, normal};

/// A year that heads a column.
#[derive(Clone, Copy)]
struct Column {
    year: i32,
    bbox: Option<BBox>,
    col: u32,
}

/// Reads the yearly metrics.
pub(super) fn read(sheet: &Sheet<'_>, labels: &Labels, file: &Arc<str>, out: &mut Fields) {
    // Years of the last header seen: a table cut by a page break goes on without one.
    let mut last: Vec<Column> = Vec::new();
    for unit in &sheet.units {
        let Some((grid, cell)) = unit.cell() else { continue };
        if unit.section > Section::Ability || unit.section == Section::Cover {
            continue;
        }
        if let Some(year) = year_in(&unit.squashed).filter(|_| unit.squashed.chars().count() <= 8) {
            let column = Column { year, bbox: cell.place.bbox(), col: cell.col };
            if last.iter().any(|c| c.year == year) {
                last.clear();
            }
            last.push(column);
            continue;
        }
        let Some((m, own_year)) = metric(labels, unit) else { continue };
        let ask = Ask { sheet, unit, m: &m, years: &labels.years, file };
        if let Some(year) = own_year {
            if let Some((at, sure)) = table::inline(unit, &m)
                .map(|f| (f, 0.97))
                .or_else(|| table::value_of(sheet, unit, &m, m.kind))
            {
                ask.put(year, &at, sure, out);
            }
        } else if !ask.across(grid, cell, &last, out) {
            ask.down(grid, cell, out);
        }
    }
}

/// The metric a cell names, with the year if it names one ("2021年总资产").
fn metric(labels: &Labels, unit: &Unit<'_>) -> Option<(Match, Option<i32>)> {
    let yearly = |found: Vec<Match>| found.into_iter().find(|m| spec::YEARLY.contains(&m.field.as_str()));
    if let Some(m) = yearly(unit.labels.clone()) {
        return Some((m, None));
    }
    let year = year_in(&unit.squashed)?;
    let rest = unit.squashed.strip_prefix(&year.to_string())?.trim_start_matches(['年', '度', '末']);
    let ocr = unit.fragment().grade == model::Grade::Ocr;
    yearly(labels.of(rest, ocr)).map(|m| (m, Some(year)))
}

struct Ask<'a> {
    sheet: &'a Sheet<'a>,
    unit: &'a Unit<'a>,
    m: &'a Match,
    years: &'a [i32],
    file: &'a Arc<str>,
}

impl Ask<'_> {
    /// Values right of the label, a column a year. False if another metric stands there: the years go down.
    fn across(&self, grid: &Table, cell: &Cell, last: &[Column], out: &mut Fields) -> bool {
        let mut cells: Vec<&Cell> = Vec::new();
        let mut col = cell.col + cell.col_span;
        while let Some(next) = grid.at(cell.row, col) {
            if let table::Seen::Label =
                table::look(self.sheet, self.unit.page, next, Section::Basic, &self.m.field)
            {
                break;
            }
            // A unit on its own is no column.
            let squashed = normal::squash(&next.text);
            if squashed.is_empty() || !matches!(squashed.as_str(), "万元" | "%" | "元" | "(万元)" | "(%)")
            {
                cells.push(next);
            }
            col = next.col + next.col_span.max(1);
        }
        if cells.is_empty() {
            return false;
        }
        let headed = cells.iter().any(|c| above(grid, c).is_some());
        for (position, next) in cells.iter().enumerate() {
            let (year, sure) = match above(grid, next) {
                Some(year) => (Some(year), 1.0),
                None if headed => (None, 0.0),
                None => inherited(next, position, cells.len(), last, self.years),
            };
            // A year is a head, never a figure.
            let squashed = normal::squash(&next.text);
            let blank = value::is_blank(&next.text)
                || (squashed.chars().count() <= 8 && squashed.contains('年') && year_in(&squashed).is_some());
            if let Some(year) = year.filter(|_| !blank) {
                self.put(year, &of_cell(self.unit.page, next), sure, out);
            }
        }
        true
    }

    /// Values below the label, a row a year.
    fn down(&self, grid: &Table, cell: &Cell, out: &mut Fields) {
        for row in cell.row + cell.row_span..grid.rows {
            let year =
                grid.row(row).filter(|c| c.col < cell.col).find_map(|c| year_in(&normal::squash(&c.text)));
            let Some(year) = year else { break };
            if let Some(found) = grid.at(row, cell.col).filter(|c| !value::is_blank(&c.text)) {
                self.put(year, &of_cell(self.unit.page, found), 0.98, out);
            }
        }
    }

    fn put(&self, year: i32, at: &crate::extract::label::Fragment, sure: f32, out: &mut Fields) {
        let kind = self.m.kind;
        let unit = amount::unit_in(&self.m.bracket).unwrap_or(model::Unit::TenThousand);
        let exact = if self.m.exact { 1.0 } else { 0.85 };
        if let Some(found) = value::field(kind, at, unit, sure * exact, self.file) {
            out.entry(format!("{}.{year}", self.m.field)).or_insert(found);
        }
    }
}

/// The year that heads a cell's column in its own table.
fn above(grid: &Table, cell: &Cell) -> Option<i32> {
    (0..cell.row).rev().find_map(|row| {
        let head = grid.at(row, cell.col)?;
        let text = normal::squash(&head.text);
        (text.chars().count() <= 8).then(|| year_in(&text)).flatten()
    })
}

/// The year by the header of the table before, by position across the page or in the row; without any header the
/// notice's own order, and little trust in it.
fn inherited(
    cell: &Cell,
    position: usize,
    count: usize,
    last: &[Column],
    years: &[i32],
) -> (Option<i32>, f32) {
    let over = cell.place.bbox().and_then(|b| {
        let shared = |c: &Column| c.bbox.map_or(0.0, |h| h.shared_width(b));
        last.iter().filter(|c| shared(c) > 0.4 * b.width()).max_by(|x, y| shared(x).total_cmp(&shared(y)))
    });
    if let Some(column) = over.or_else(|| last.iter().find(|c| c.col == cell.col && c.bbox.is_none())) {
        return (Some(column.year), 0.95);
    }
    if last.len() == count
        && let Some(column) = last.get(position)
    {
        return (Some(column.year), 0.9);
    }
    let year = years.get(position).copied().filter(|_| count == years.len() && last.is_empty());
    (year, 0.6)
}

/// The year a text names.
pub(super) fn year_in(text: &str) -> Option<i32> {
    let start = text.find("20")?;
    let digits: String = text[start..].chars().take_while(char::is_ascii_digit).collect();
    if digits.len() != 4 {
        return None;
    }
    digits.parse().ok().filter(|y| (2015..2035).contains(y))
}

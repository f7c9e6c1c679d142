//! Walks in a table from a label cell to its value.

use super::labels::Match;
use super::sheet::{Section, Sheet, Unit, of_cell};
use super::spec::Type;
use super::value;
use crate::extract::label::Fragment;
use crate::model::{Cell, Page, Table};
use crate::text::normal;

/// What stands in a cell, seen from a label.
pub(super) enum Seen {
    Label,
    Blank,
    Value(Fragment),
}

/// Whether a cell holds a label of the section, a value or nothing.
pub(super) fn look(sheet: &Sheet<'_>, page: &Page, cell: &Cell, section: Section, from: &str) -> Seen {
    if normal::squash(&cell.text).is_empty() {
        return Seen::Blank;
    }
    if let Some(unit) = sheet.unit_of(page, cell)
        && unit.labels.iter().any(|m| counts(m, section, from))
    {
        return Seen::Label;
    }
    if value::is_blank(&cell.text) { Seen::Blank } else { Seen::Value(of_cell(page, cell)) }
}

/// Whether a match is a label to one who looks from `from`: of its section, and no answer to it ("职称 | 高级职称").
fn counts(m: &Match, section: Section, from: &str) -> bool {
    m.field.starts_with(section.name()) && !(from.ends_with(".职称") && m.field.contains("职称"))
}

/// The value right of a label, or below it where labels head columns.
pub(super) fn value_of(sheet: &Sheet<'_>, unit: &Unit<'_>, m: &Match, kind: Type) -> Option<(Fragment, f32)> {
    let (table, cell) = unit.cell()?;
    let mut col = cell.col + cell.col_span;
    let mut passed = false;
    while let Some(next) = table.at(cell.row, col) {
        match look(sheet, unit.page, next, unit.section, &m.field) {
            Seen::Label => break,
            Seen::Blank => passed = true,
            Seen::Value(found) if fits(kind, &found.text) => return Some((found, 1.0)),
            Seen::Value(_) => passed = true,
        }
        col = next.col + next.col_span.max(1);
    }
    if passed {
        return None;
    }
    let below = table.at(cell.row + cell.row_span, cell.col)?;
    match look(sheet, unit.page, below, unit.section, &m.field) {
        // The cell below must be this column's: one that spans more belongs to something else.
        Seen::Value(found) if fits(kind, &found.text) && below.col_span <= cell.col_span.max(2) => {
            Some((found, 0.98))
        }
        _ => None,
    }
}

/// Whether a text may be a value of the type.
pub(super) fn fits(kind: Type, text: &str) -> bool {
    match kind {
        Type::Money | Type::Number => {
            text.contains(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c))
                || value::is_none_word(text)
        }
        _ => true,
    }
}

/// The rest of a piece after its label, as printed, with its place where that is known.
pub(super) fn inline(unit: &Unit<'_>, m: &Match) -> Option<Fragment> {
    if value::is_blank(&m.rest) {
        return None;
    }
    let whole = unit.fragment();
    let consumed = unit.squashed.chars().count().checked_sub(m.rest.chars().count())?;
    let mut passed = 0;
    let total = whole.text.chars().count();
    let start = whole.text.chars().position(|c| {
        let done = passed >= consumed;
        passed += normal::squash(&c.to_string()).chars().count();
        done
    })?;
    Some(whole.slice(start, total).trim())
}

/// Whether a row belongs to a block whose heads read like the applicant's labels: 技术支撑单位, 企业荣誉.
pub(super) fn in_block(table: &Table, row: u32) -> bool {
    let covered = table.cells.iter().any(|c| {
        (c.row..c.row + c.row_span).contains(&row) && normal::squash(&c.text).starts_with("技术支撑单位")
    });
    let heads = ["单位名称", "单位性质", "组织机构代码"];
    let header = heads.iter().all(|h| table.row(row).any(|c| normal::squash(&c.text).starts_with(h)));
    let honours = table.row(row).any(|c| normal::squash(&c.text) == "荣誉名称");
    covered || header || honours
}

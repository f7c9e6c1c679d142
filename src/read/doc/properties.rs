//! What modifiers make of characters, paragraphs and table rows.

use super::sprm;
use crate::read::flow::{Merge, RowShape};
use crate::read::ole::{slice, u16_at, u32_at};

/// Most columns of a row Word knows.
const COLUMNS: usize = 64;

/// What matters of a run of characters.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Character {
    /// Marked as deleted.
    pub(super) deleted: bool,
    /// Not shown.
    pub(super) hidden: bool,
    /// Its place in the data stream: a picture, or the state of a form field.
    pub(super) data: Option<u32>,
    /// The place holds a form field.
    pub(super) form: bool,
    /// Number of its font.
    pub(super) font: Option<u16>,
    /// A character of a symbol font: the font's number and the code.
    pub(super) symbol: Option<(u16, u16)>,
}

impl Character {
    /// Applies a list of modifiers.
    pub(super) fn apply(&mut self, list: &[u8]) {
        for (code, operand) in sprm::each(list) {
            let on = operand.first().is_some_and(|b| b & 1 == 1);
            match code {
                0x0800 => self.deleted = on,
                0x083C => self.hidden = on,
                0x0806 => self.form = on,
                0x6A03 => self.data = u32_at(operand, 0),
                0x4A4F => self.font = u16_at(operand, 0),
                0x6A09 => self.symbol = u16_at(operand, 0).zip(u16_at(operand, 2)),
                _ => {}
            }
        }
    }
}

/// What matters of a paragraph.
#[derive(Clone, Debug, Default)]
pub(super) struct Paragraph {
    in_table: bool,
    depth: u32,
    /// It ends a row of the outermost table.
    pub(super) row_end: bool,
    /// It ends a cell of a table in a table.
    pub(super) inner_cell: bool,
    /// It ends a row of a table in a table.
    pub(super) inner_row_end: bool,
    /// It starts on a new page.
    pub(super) break_before: bool,
    /// The row it ends.
    pub(super) row: RowShape,
}

impl Paragraph {
    /// A paragraph of a style that begins a page, or of one that does not.
    pub(super) fn of_style(break_before: bool) -> Self {
        Self { break_before, ..Self::default() }
    }

    /// How many tables it stands in.
    pub(super) fn depth(&self) -> u32 {
        if self.depth > 0 { self.depth } else { u32::from(self.in_table) }
    }

    /// Applies a list of modifiers; `data` holds those that were too long for their page.
    pub(super) fn apply(&mut self, list: &[u8], data: &[u8]) {
        self.apply_nested(list, data, 0);
    }

    fn apply_nested(&mut self, list: &[u8], data: &[u8], level: u32) {
        for (code, operand) in sprm::each(list) {
            let on = operand.first().is_some_and(|b| b & 1 == 1);
            match code {
                0x2416 => self.in_table = on,
                0x2417 => self.row_end = on,
                0x244B => self.inner_cell = on,
                0x244C => self.inner_row_end = on,
                0x2407 => self.break_before = on,
                0x6649 => self.depth = u32_at(operand, 0).unwrap_or(0),
                0x6645 | 0x6646 if level == 0 => {
                    let at = u32_at(operand, 0).unwrap_or(0) as usize;
                    let length = u16_at(data, at).map_or(0, usize::from);
                    let far = slice(data, at.saturating_add(2), length).unwrap_or(&[]);
                    self.apply_nested(far, data, 1);
                }
                0xD606 | 0xD608 => self.define(operand),
                0xD62B => self.merge_down(operand),
                0x5624 | 0x5625 => self.merge_along(operand, code == 0x5624),
                _ => {}
            }
        }
    }

    /// The edges of a row's cells, and how each is merged.
    fn define(&mut self, operand: &[u8]) {
        const CELL: usize = 20;
        let count = operand.first().map_or(0, |n| usize::from(*n)).min(COLUMNS);
        let edge = |i: usize| u16_at(operand, 1 + i * 2).map(|e| i32::from(e as i16));
        let Some(edges) = (0..=count).map(edge).collect::<Option<Vec<i32>>>() else { return };
        let cells_at = 1 + (count + 1) * 2;
        let flags: Vec<u16> = (0..count).map(|i| u16_at(operand, cells_at + i * CELL).unwrap_or(0)).collect();
        let mut cells = Vec::with_capacity(count);
        let mut along = 0;
        for flag in flags {
            // Two bits say "first of merged cells" and "merged into the first"; descriptions do not agree which is
            // which, but the first one of a row of them is what its name says.
            let now = flag & 3;
            let joined = now != 0 && along != 0 && now != along;
            if !joined {
                along = now;
            }
            cells.push(Merge { along: joined, down: flag & 0x60 == 0x20, starts: flag & 0x40 != 0 });
        }
        self.row.edges = edges;
        self.row.cells = cells;
    }

    fn merge_down(&mut self, operand: &[u8]) {
        let (Some(index), Some(how)) = (operand.first(), operand.get(1)) else { return };
        if let Some(cell) = self.row.cells.get_mut(usize::from(*index)) {
            cell.down = *how == 1;
            cell.starts = *how & 2 != 0;
        }
    }

    fn merge_along(&mut self, operand: &[u8], merged: bool) {
        let (Some(first), Some(limit)) = (operand.first(), operand.get(1)) else { return };
        for index in usize::from(*first)..usize::from(*limit) {
            if let Some(cell) = self.row.cells.get_mut(index) {
                cell.along = merged && index > usize::from(*first);
            }
        }
    }
}

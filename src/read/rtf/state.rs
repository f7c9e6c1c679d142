//! What a group of rich text inherits and forgets.

use crate::read::flow::{Merge, RowShape};

/// Where what stands in a group goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Target {
    /// Text.
    #[default]
    Text,
    /// Nowhere.
    Nothing,
    /// The table of fonts.
    Fonts,
    /// The code of a field.
    Code,
    /// What a form field holds.
    Form,
    /// A picture.
    Picture,
    /// The shape of a row of a table in a table.
    InnerRow,
    /// A drawing: only the text in it counts.
    Shape,
}

/// What holds within a group.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) target: Target,
    /// Characters that stand for one of `\u` and are passed over.
    pub(super) fallback: usize,
    pub(super) font: i32,
    pub(super) hidden: bool,
    pub(super) deleted: bool,
    pub(super) in_table: bool,
    pub(super) depth: u32,
    pub(super) break_before: bool,
    /// Ends a field when it closes.
    pub(super) field: bool,
    /// Ends a text box when it closes.
    pub(super) text_box: bool,
    /// The next control word names a destination that readers may not know.
    pub(super) optional: bool,
}

impl Default for State {
    fn default() -> Self {
        Self {
            target: Target::Text,
            fallback: 1,
            font: -1,
            hidden: false,
            deleted: false,
            in_table: false,
            depth: 0,
            break_before: false,
            field: false,
            text_box: false,
            optional: false,
        }
    }
}

impl State {
    /// The state of a group that opens in this one.
    pub(super) fn inner(&self) -> Self {
        Self { field: false, text_box: false, optional: false, ..self.clone() }
    }

    /// How many tables a paragraph stands in.
    pub(super) fn tables(&self) -> u32 {
        if self.depth > 0 { self.depth } else { u32::from(self.in_table) }
    }
}

/// A row as it is being defined.
#[derive(Clone, Debug, Default)]
pub(super) struct RowDefinition {
    pub(super) left: i32,
    edges: Vec<i32>,
    merges: Vec<Merge>,
    /// How the cell whose edge comes next is merged.
    pub(super) next: Merge,
}

impl RowDefinition {
    /// Most columns followed.
    const COLUMNS: usize = 512;

    /// The right edge of the next cell.
    pub(super) fn edge(&mut self, at: i32) {
        let merge = std::mem::take(&mut self.next);
        if self.edges.len() < Self::COLUMNS {
            self.edges.push(at);
            self.merges.push(merge);
        }
    }

    /// The shape of the row.
    pub(super) fn shape(&self) -> RowShape {
        let mut edges = Vec::new();
        if let Some(first) = self.edges.first() {
            edges.push(self.left.min(*first));
            edges.extend(&self.edges);
        }
        RowShape { edges, cells: self.merges.clone(), deleted: false }
    }
}

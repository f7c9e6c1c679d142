//! Where something stands: file, page and box, or cell, or paragraph.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A box in points (1/72 inch) from the page's top left corner, after the page's rotation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BBox {
    /// Left edge.
    pub x0: f32,
    /// Top edge.
    pub y0: f32,
    /// Right edge.
    pub x1: f32,
    /// Bottom edge.
    pub y1: f32,
}

impl BBox {
    /// A box from its four edges.
    pub fn new(x0: f32, y0: f32, x1: f32, y1: f32) -> Self {
        Self { x0, y0, x1, y1 }
    }

    /// The smallest box that holds both.
    pub fn union(self, other: Self) -> Self {
        Self {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    /// Width in points.
    pub fn width(self) -> f32 {
        self.x1 - self.x0
    }

    /// Height in points.
    pub fn height(self) -> f32 {
        self.y1 - self.y0
    }

    /// Horizontal middle.
    pub fn mid_x(self) -> f32 {
        (self.x0 + self.x1) / 2.0
    }

    /// Vertical middle.
    pub fn mid_y(self) -> f32 {
        (self.y0 + self.y1) / 2.0
    }

    /// Whether the point lies in the box.
    pub fn contains(self, x: f32, y: f32) -> bool {
        x >= self.x0 && x <= self.x1 && y >= self.y0 && y <= self.y1
    }

    /// The height that both share, in points; zero or less when they lie one above the other.
    pub fn shared_height(self, other: Self) -> f32 {
        self.y1.min(other.y1) - self.y0.max(other.y0)
    }

    /// The width that both share, in points; zero or less when they lie side by side.
    pub fn shared_width(self, other: Self) -> f32 {
        self.x1.min(other.x1) - self.x0.max(other.x0)
    }
}

/// A place within a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Place {
    /// The file as a whole.
    File,
    /// A box on a page; pages count from 1.
    Page {
        /// Page number, from 1.
        page: u32,
        /// Box on that page.
        bbox: BBox,
    },
    /// A cell of a workbook; rows and columns count from 0.
    Cell {
        /// Sheet name.
        sheet: String,
        /// Row, from 0.
        row: u32,
        /// Column, from 0.
        col: u32,
    },
    /// A paragraph, or a cell of a table, of a flowing document such as DOCX.
    Block {
        /// Page as far as the document tells (explicit and last rendered breaks), from 1.
        page: u32,
        /// Number of the paragraph or table in the document's body, from 0.
        block: u32,
        /// Row and column when the block is a table, from 0.
        cell: Option<(u32, u32)>,
    },
}

impl Place {
    /// The page number where the place has one.
    pub fn page(&self) -> Option<u32> {
        match self {
            Place::Page { page, .. } | Place::Block { page, .. } => Some(*page),
            Place::File | Place::Cell { .. } => None,
        }
    }

    /// The box where the place has one.
    pub fn bbox(&self) -> Option<BBox> {
        match self {
            Place::Page { bbox, .. } => Some(*bbox),
            _ => None,
        }
    }
}

/// A place in one file of the input; the path is relative to the input root, with `/`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Path relative to the input root; inside an archive `archive.zip!/inner/path`.
    pub file: Arc<str>,
    /// Place in that file.
    pub place: Place,
}

//! What a page is made of: glyphs, filled areas and pictures, with their places.

use crate::model::BBox;

/// Direction of writing, seen on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::read) enum Turn {
    /// Left to right.
    None,
    /// Bottom to top.
    Up,
    /// Right to left, upside down.
    Over,
    /// Top to bottom, lying on its side.
    Down,
    /// Any other angle.
    Slanted,
}

/// A character on the page. Coordinates are in the frame of its direction: x along the text, y across it.
#[derive(Clone, Copy, Debug)]
pub(in crate::read) struct Glyph {
    pub(in crate::read) ch: char,
    pub(in crate::read) x0: f32,
    pub(in crate::read) x1: f32,
    pub(in crate::read) base: f32,
    pub(in crate::read) size: f32,
    pub(in crate::read) turn: Turn,
    /// Number in paint order.
    pub(in crate::read) seq: u32,
    /// Drawn with no ink (a recognised layer over a scan).
    pub(in crate::read) invisible: bool,
    /// Drawn in white.
    pub(in crate::read) white: bool,
    /// A blank stood before it.
    pub(in crate::read) blank: bool,
    /// Which of the file's fonts it is of; 0 where that is not known.
    pub(in crate::read) font: u16,
    /// Its outline cannot be the figure that it is said to be.
    pub(in crate::read) unlike: bool,
}

impl Glyph {
    /// The box on the page.
    pub(in crate::read) fn bbox(&self) -> BBox {
        back(self.turn, self.x0, self.base - 0.88 * self.size, self.x1, self.base + 0.12 * self.size)
    }
}

/// From the frame of a direction to the page.
pub(in crate::read) fn back(turn: Turn, x0: f32, y0: f32, x1: f32, y1: f32) -> BBox {
    match turn {
        Turn::None | Turn::Slanted => BBox::new(x0, y0, x1, y1),
        Turn::Up => BBox::new(y0, -x1, y1, -x0),
        Turn::Over => BBox::new(-x1, -y1, -x0, -y0),
        Turn::Down => BBox::new(-y1, x0, -y0, x1),
    }
}

/// A filled area.
#[derive(Clone, Copy, Debug)]
pub(in crate::read) struct Fill {
    pub(in crate::read) bbox: BBox,
    pub(in crate::read) seq: u32,
    /// Nothing shines through.
    pub(in crate::read) opaque: bool,
    pub(in crate::read) white: bool,
    /// A picture, not a colour.
    pub(in crate::read) picture: bool,
}

/// A picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Picture {
    pub(super) bbox: BBox,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// A small square that may be a tick box.
#[derive(Clone, Copy, Debug)]
pub(super) struct Square {
    pub(super) bbox: BBox,
}

/// The direction of writing along this vector.
pub(in crate::read) fn direction(x: f64, y: f64) -> Turn {
    if y.abs() <= 0.08 * x.abs() {
        if x >= 0.0 { Turn::None } else { Turn::Over }
    } else if x.abs() <= 0.08 * y.abs() {
        if y < 0.0 { Turn::Up } else { Turn::Down }
    } else {
        Turn::Slanted
    }
}

//! What the objects of a page draw, in points.

use kurbo::{Affine, BezPath, PathEl, Point, Rect, Shape};

use super::text::Placed;
use crate::model::BBox;
use crate::read::drawn::{self, Drawn};
use crate::read::layout::Ruling;
use crate::read::pdf::marks::{Fill, Glyph, Turn, direction};

/// Most characters, and most lines and fills, that are kept of one page.
const MOST_GLYPHS: usize = 300_000;
const MOST_PATHS: usize = 200_000;
/// Filled shapes up to this many points are lines; strokes above this width are areas.
const THIN: f64 = 2.6;
const THICK: f64 = 4.0;

/// A picture on the page.
#[derive(Clone, Debug)]
pub(super) struct Picture {
    /// Its resource.
    pub(super) resource: String,
    pub(super) bbox: BBox,
}

/// How something is painted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ink {
    pub(super) white: bool,
    pub(super) opaque: bool,
    pub(super) invisible: bool,
}

/// Collects what a page draws.
#[derive(Default)]
pub(super) struct Canvas {
    pub(super) glyphs: Vec<Glyph>,
    pub(super) rulings: Vec<Ruling>,
    pub(super) fills: Vec<Fill>,
    pub(super) pictures: Vec<Picture>,
    /// Dark pieces that may be of a drawn QR code, whatever else they are.
    pub(super) pieces: Vec<BBox>,
    pub(super) seq: u32,
    /// A blank stood before what comes next; it may be an object of its own.
    blank: bool,
    /// Something was left out because there was too much of it.
    pub(super) over: bool,
}

impl Canvas {
    /// Draws the characters of a text object. `to_page` takes its space to the page.
    pub(super) fn text(&mut self, characters: &[Placed], size: f64, to_page: Affine, ink: Ink) {
        self.seq += 1;
        let origin = to_page * Point::ZERO;
        let along = to_page * Point::new(1.0, 0.0) - origin;
        let up = to_page * Point::new(0.0, 1.0) - origin;
        let (stretch, size) = (along.hypot(), up.hypot() * size);
        if !(0.3..=2000.0).contains(&size) || !stretch.is_finite() {
            return;
        }
        let turn = direction(along.x, along.y);
        for one in characters {
            if self.glyphs.len() >= MOST_GLYPHS {
                self.over = true;
                return;
            }
            if one.ch.is_whitespace() || matches!(one.ch, '\u{200b}' | '\u{feff}' | '\u{ad}') {
                self.blank = true;
                continue;
            }
            let at = to_page * Point::new(one.x, one.y);
            if one.ch.is_control() || !at.x.is_finite() || !at.y.is_finite() {
                continue;
            }
            let (x, y) = match turn {
                Turn::None | Turn::Slanted => (at.x, at.y),
                Turn::Up => (-at.y, at.x),
                Turn::Over => (-at.x, -at.y),
                Turn::Down => (at.y, -at.x),
            };
            self.glyphs.push(Glyph {
                ch: one.ch,
                x0: x as f32,
                x1: (x + one.width * stretch) as f32,
                base: y as f32,
                size: size as f32,
                turn,
                seq: self.seq,
                invisible: ink.invisible,
                white: ink.white,
                blank: self.blank,
                font: 0,
                unlike: false,
            });
            self.blank = false;
        }
    }

    fn full(&mut self) -> bool {
        let full = self.rulings.len() + self.fills.len() + self.pieces.len() >= MOST_PATHS;
        self.over |= full;
        full
    }

    /// Fills a path: thin rectangles are lines, the others cover what is under them.
    pub(super) fn fill(&mut self, path: &BezPath, to_page: Affine, ink: Ink) {
        self.seq += 1;
        let parts = parts(path, to_page);
        let nested = parts.len() > 1;
        for (bounds, rect) in parts {
            if self.full() || ink.invisible {
                return;
            }
            let (w, h) = (bounds.width(), bounds.height());
            if !ink.white && rect {
                self.piece(bounds);
            }
            if w.min(h) <= THIN {
                if !ink.white {
                    let middle = bounds.center();
                    if w >= h {
                        self.ruling(Point::new(bounds.x0, middle.y), Point::new(bounds.x1, middle.y));
                    } else {
                        self.ruling(Point::new(middle.x, bounds.y0), Point::new(middle.x, bounds.y1));
                    }
                }
            } else {
                let opaque = ink.opaque && rect && !nested;
                self.area(bounds, Ink { opaque, ..ink }, false);
            }
        }
    }

    fn piece(&mut self, bounds: Rect) {
        let longest = bounds.width().max(bounds.height());
        if longest <= drawn::LONGEST && longest > 0.2 && self.pieces.len() < drawn::MOST {
            self.pieces.push(to_bbox(bounds));
        }
    }

    /// The drawn codes; their pieces are no rulings.
    pub(super) fn take_codes(&mut self) -> Vec<Drawn> {
        let found = drawn::find(&std::mem::take(&mut self.pieces));
        let inside = |x: f32, y: f32| {
            found.iter().any(|d| {
                let a = d.area;
                BBox::new(a.x0 - 1.0, a.y0 - 1.0, a.x1 + 1.0, a.y1 + 1.0).contains(x, y)
            })
        };
        self.rulings.retain(|r| !(inside(r.x0, r.y0) && inside(r.x1, r.y1)));
        found
    }

    fn area(&mut self, bounds: Rect, ink: Ink, picture: bool) {
        let (bbox, seq) = (to_bbox(bounds), self.seq);
        self.fills.push(Fill { bbox, seq, opaque: ink.opaque, white: ink.white, picture });
    }

    /// Strokes a path: its straight pieces along the page are rulings.
    pub(super) fn stroke(&mut self, path: &BezPath, width: f64, to_page: Affine, ink: Ink) {
        self.seq += 1;
        if ink.invisible || ink.white && width < THICK {
            return;
        }
        let bounds = to_page.transform_rect_bbox(path.bounding_box());
        if width > THICK && bounds.width().min(bounds.height()) < 0.5 {
            let grow = width / 2.0;
            let flat = bounds.width() > bounds.height();
            let bar = if flat { bounds.inflate(0.0, grow) } else { bounds.inflate(grow, 0.0) };
            self.area(bar, ink, false);
            return;
        }
        let (mut start, mut at) = (Point::ZERO, Point::ZERO);
        for element in path.elements() {
            if self.full() {
                return;
            }
            let to = match *element {
                PathEl::MoveTo(p) => {
                    (start, at) = (p, p);
                    continue;
                }
                PathEl::LineTo(p) => p,
                PathEl::ClosePath => start,
                PathEl::QuadTo(_, p) | PathEl::CurveTo(_, _, p) => {
                    at = p;
                    continue;
                }
            };
            let (a, b) = (to_page * at, to_page * to);
            if (a.y - b.y).abs() < 0.05 && width >= 0.4 {
                self.piece(Rect::from_points(a, b).inflate(0.0, width / 2.0));
            } else if (a.x - b.x).abs() < 0.05 && width >= 0.4 {
                self.piece(Rect::from_points(a, b).inflate(width / 2.0, 0.0));
            }
            if (a.x - b.x).abs() < 1.0 || (a.y - b.y).abs() < 1.0 {
                self.ruling(a, b);
            }
            at = to;
        }
    }

    fn ruling(&mut self, from: Point, to: Point) {
        let (x0, y0, x1, y1) = (from.x as f32, from.y as f32, to.x as f32, to.y as f32);
        if [x0, y0, x1, y1].iter().all(|v| v.is_finite() && v.abs() < 100_000.0) {
            self.rulings.push(Ruling { x0, y0, x1, y1 });
        }
    }

    /// Places a picture.
    pub(super) fn picture(&mut self, resource: &str, to_page: Affine, opaque: bool) {
        self.seq += 1;
        let bounds = to_page.transform_rect_bbox(Rect::new(0.0, 0.0, 1.0, 1.0));
        if self.full() || !bounds.is_finite() {
            return;
        }
        self.pictures.push(Picture { resource: resource.to_string(), bbox: to_bbox(bounds) });
        self.area(bounds, Ink { white: false, opaque, invisible: false }, true);
    }
}

fn to_bbox(r: Rect) -> BBox {
    BBox::new(r.x0 as f32, r.y0 as f32, r.x1 as f32, r.y1 as f32)
}

/// The bounds of the parts of a path on the page, and whether each is a rectangle.
fn parts(path: &BezPath, to_page: Affine) -> Vec<(Rect, bool)> {
    let mut out = Vec::new();
    let mut points: Vec<Point> = Vec::new();
    let mut straight = true;
    let mut finish = |points: &mut Vec<Point>, straight: &mut bool| {
        if points.len() >= 2 {
            let bounds = points.iter().fold(Rect::from_points(points[0], points[1]), |r, p| r.union_pt(*p));
            let near = |a: f64, b: f64| (a - b).abs() < 0.3;
            let corner = |p: &Point| {
                (near(p.x, bounds.x0) || near(p.x, bounds.x1))
                    && (near(p.y, bounds.y0) || near(p.y, bounds.y1))
            };
            if bounds.is_finite() {
                out.push((bounds, *straight && points.len() >= 4 && points.iter().all(corner)));
            }
        }
        points.clear();
        *straight = true;
    };
    for element in path.elements() {
        match *element {
            PathEl::MoveTo(p) => {
                finish(&mut points, &mut straight);
                points.push(to_page * p);
            }
            PathEl::LineTo(p) => points.push(to_page * p),
            PathEl::QuadTo(_, p) | PathEl::CurveTo(_, _, p) => {
                points.push(to_page * p);
                straight = false;
            }
            PathEl::ClosePath => {}
        }
    }
    finish(&mut points, &mut straight);
    out
}

//! What a page draws: glyphs with their places in paint order, lines, fills and pictures.

use hayro_interpret::font::{Glyph as PdfGlyph, GlyphRun};
use hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, Paint, SoftMask,
};
use kurbo::{Affine, BezPath, ParamCurve, PathEl, PathSeg, Point, Rect, Shape};

use super::marks::{Fill, Glyph, Picture, Square, Turn, direction};
use super::shape::{Part, subpaths};
use super::unicode::Unicode;
use crate::model::BBox;
use crate::read::drawn;
use crate::read::layout::Ruling;

/// Most characters, and most lines and fills, that are kept of one page.
const MOST_GLYPHS: usize = 300_000;
const MOST_PATHS: usize = 200_000;
/// Beyond this many, shapes are a drawing and no text.
const MOST_OUTLINES: usize = 3_000;

/// Collects what a page draws.
pub(super) struct Collector<'u, 'p> {
    unicode: &'u mut Unicode<'p>,
    page: Rect,
    /// Clips with whether they are rectangles.
    clips: Vec<(Rect, bool)>,
    opacity: Vec<f32>,
    seq: u32,
    blank: bool,
    /// Taken and given back for each glyph.
    text: String,
    last_run: Option<(usize, Point)>,
    pub(super) glyphs: Vec<Glyph>,
    pub(super) rulings: Vec<Ruling>,
    pub(super) fills: Vec<Fill>,
    pub(super) pictures: Vec<Picture>,
    pub(super) squares: Vec<Square>,
    /// Short slanted strokes: what a tick is made of.
    pub(super) strokes: Vec<BBox>,
    /// Small filled pieces: of dotted lines, or the modules of a drawn QR code.
    pub(super) dots: Vec<BBox>,
    /// Dark pieces that may be of a drawn QR code, whatever else they are.
    pub(super) pieces: Vec<BBox>,
    /// Filled shapes of the size and the curves of letters.
    pub(super) outlines: Vec<BBox>,
    /// Something was left out because there was too much of it.
    pub(super) over: bool,
}

impl<'u, 'p> Collector<'u, 'p> {
    pub(super) fn new(unicode: &'u mut Unicode<'p>, width: f32, height: f32) -> Self {
        Self {
            unicode,
            page: Rect::new(0.0, 0.0, f64::from(width), f64::from(height)),
            clips: Vec::new(),
            opacity: Vec::new(),
            seq: 0,
            blank: false,
            text: String::new(),
            last_run: None,
            glyphs: Vec::new(),
            rulings: Vec::new(),
            fills: Vec::new(),
            pictures: Vec::new(),
            squares: Vec::new(),
            strokes: Vec::new(),
            dots: Vec::new(),
            pieces: Vec::new(),
            outlines: Vec::new(),
            over: false,
        }
    }

    /// Names of the fonts met so far, by their numbers.
    pub(super) fn fonts(&self) -> std::collections::BTreeMap<u16, String> {
        self.unicode.names()
    }

    /// The number of what was painted last.
    pub(super) fn last_seq(&self) -> u32 {
        self.seq
    }

    fn clip(&self) -> Rect {
        self.clips.last().map_or(self.page, |c| c.0)
    }

    fn clip_is_rect(&self) -> bool {
        self.clips.last().is_none_or(|c| c.1)
    }

    fn alpha(&self) -> f32 {
        self.opacity.last().copied().unwrap_or(1.0)
    }

    /// Transparency and whiteness of a paint.
    fn ink(&self, paint: &Paint<'_>) -> (f32, bool, bool) {
        match paint {
            Paint::Color(color) => {
                let [r, g, b, a] = color.to_rgba().components();
                (a * self.alpha(), r > 0.97 && g > 0.97 && b > 0.97, true)
            }
            Paint::Pattern(_) => (self.alpha(), false, false),
        }
    }

    fn full(&mut self) -> bool {
        let full = self.rulings.len() + self.fills.len() + self.strokes.len() + self.dots.len() >= MOST_PATHS;
        self.over |= full;
        full
    }

    fn ruling(&mut self, from: Point, to: Point) {
        let clip = self.clip().inflate(1.0, 1.0);
        let inside = |p: Point| Point::new(p.x.clamp(clip.x0, clip.x1), p.y.clamp(clip.y0, clip.y1));
        let bounds = Rect::from_points(from, to);
        if bounds.x1 < clip.x0 || bounds.x0 > clip.x1 || bounds.y1 < clip.y0 || bounds.y0 > clip.y1 {
            return;
        }
        let (from, to) = (inside(from), inside(to));
        let (x0, y0, x1, y1) = (from.x as f32, from.y as f32, to.x as f32, to.y as f32);
        if [x0, y0, x1, y1].iter().all(|v| v.is_finite()) {
            self.rulings.push(Ruling { x0, y0, x1, y1 });
        }
    }

    /// A filled rectangle: a line if it is thin, else an area.
    fn area(&mut self, rect: Rect, opaque: bool, white: bool) {
        self.seq += 1;
        let (w, h) = (rect.width(), rect.height());
        if !white {
            self.piece(rect);
        }
        if !white && w.min(h) <= DOT && w.max(h) <= DOT_LENGTH {
            self.dots.push(to_bbox(rect));
            return;
        }
        if w.min(h) <= THIN {
            if !white {
                let middle = rect.center();
                if w >= h {
                    self.ruling(Point::new(rect.x0, middle.y), Point::new(rect.x1, middle.y));
                } else {
                    self.ruling(Point::new(middle.x, rect.y0), Point::new(middle.x, rect.y1));
                }
            }
            return;
        }
        let bbox = to_bbox(rect.intersect(self.clip()));
        if bbox.width() > 0.0 && bbox.height() > 0.0 {
            self.fills.push(Fill { bbox, seq: self.seq, opaque, white, picture: false });
        }
    }

    fn piece(&mut self, rect: Rect) {
        let longest = rect.width().max(rect.height());
        if longest <= drawn::LONGEST && longest > 0.2 && self.pieces.len() < drawn::MOST {
            self.pieces.push(to_bbox(rect));
        }
    }

    fn fill(&mut self, path: &BezPath, transform: Affine, opaque: bool, white: bool) {
        let parts = subpaths(path, transform);
        // Two rectangles one in the other are a drawn frame: four lines, and nothing is covered.
        if let [a, b] = parts.as_slice()
            && a.straight
            && b.straight
            && ring(a.bounds, b.bounds)
            && !white
        {
            self.outline(a.bounds);
            return;
        }
        let nested = parts.len() > 1;
        if !white && self.outlines.len() < MOST_OUTLINES {
            self.letters(path, &parts);
        }
        for part in &parts {
            self.area(part.bounds, opaque && part.rect && !nested, white);
        }
    }

    /// A shape of more corners than a box has, no larger than a letter: perhaps a letter, or a row of them.
    fn letters(&mut self, path: &BezPath, parts: &[Part]) {
        let letter = |r: Rect| {
            (2.0..60.0).contains(&r.height()) && r.width() > 0.5 && r.width() < 1.6 * r.height() + 4.0
        };
        if path.elements().len() < 7 {
            return;
        }
        let Some(whole) = parts.iter().map(|p| p.bounds).reduce(|a, b| a.union(b)) else { return };
        let clip = self.clip();
        let mut keep = |r: Rect| {
            if letter(r) && clip.contains(r.center()) {
                self.outlines.push(to_bbox(r));
            }
        };
        if letter(whole) {
            keep(whole);
        } else if whole.height() < 60.0 && parts.len() > 2 {
            parts.iter().take(400).for_each(|p| keep(p.bounds));
        }
    }

    fn outline(&mut self, r: Rect) {
        let (a, b, c, d) =
            (Point::new(r.x0, r.y0), Point::new(r.x1, r.y0), Point::new(r.x1, r.y1), Point::new(r.x0, r.y1));
        for (from, to) in [(a, b), (b, c), (c, d), (d, a)] {
            self.ruling(from, to);
        }
    }

    /// The straight pieces of a stroke as bars: codes are drawn so, too.
    fn bars(&mut self, path: &BezPath, transform: Affine, width: f64) {
        if width < 0.4 {
            return;
        }
        for segment in path.segments().take(drawn::MOST) {
            let (a, b) = (transform * segment.start(), transform * segment.end());
            let straight = matches!(segment, PathSeg::Line(_));
            let bar = if straight && (a.y - b.y).abs() < 0.05 {
                Rect::from_points(a, b).inflate(0.0, width / 2.0)
            } else if straight && (a.x - b.x).abs() < 0.05 {
                Rect::from_points(a, b).inflate(width / 2.0, 0.0)
            } else {
                continue;
            };
            self.piece(bar);
        }
    }

    fn stroke(&mut self, path: &BezPath, transform: Affine) {
        let bounds = transform.transform_rect_bbox(path.bounding_box());
        if is_box(bounds) && closed_box(path) {
            self.squares.push(Square { bbox: to_bbox(bounds) });
            return;
        }
        let (mut start, mut at) = (Point::ZERO, Point::ZERO);
        let mut slanted: Option<Rect> = None;
        for element in path.elements() {
            let mut segment = |collector: &mut Self, to: Point| {
                let (a, b) = (transform * at, transform * to);
                if (a.x - b.x).abs() < 1.0 || (a.y - b.y).abs() < 1.0 {
                    collector.ruling(a, b);
                } else {
                    let r = Rect::from_points(a, b);
                    slanted = Some(slanted.map_or(r, |s| s.union(r)));
                }
            };
            match *element {
                PathEl::MoveTo(p) => {
                    start = p;
                    at = p;
                }
                PathEl::LineTo(p) => {
                    segment(self, p);
                    at = p;
                }
                PathEl::QuadTo(_, p) | PathEl::CurveTo(_, _, p) => at = p,
                PathEl::ClosePath => {
                    segment(self, start);
                    at = start;
                }
            }
        }
        if let Some(r) = slanted
            && r.width() < 30.0
            && r.height() < 30.0
        {
            self.strokes.push(to_bbox(r));
        }
    }

    fn paint(&mut self, path: &BezPath, props: &DrawProps<'_>, mode: &DrawMode) {
        if self.full() {
            return;
        }
        self.seq += 1;
        let (alpha, white, solid) = self.ink(&props.paint);
        if alpha < 0.02 {
            return;
        }
        let opaque = solid
            && alpha > 0.98
            && self.clip_is_rect()
            && props.blend_mode == BlendMode::Normal
            && props.soft_mask.is_none();
        match mode {
            DrawMode::Fill(_) => self.fill(path, props.transform, opaque, white),
            DrawMode::Stroke(stroke) | DrawMode::FillAndStroke(_, stroke) => {
                let scale = props.transform.determinant().abs().sqrt();
                let width = f64::from(stroke.line_width) * scale;
                if width > THICK {
                    // A thick stroke is a bar of colour: it covers, it does not rule.
                    let bounds = props.transform.transform_rect_bbox(path.bounding_box());
                    if bounds.width().min(bounds.height()) < 0.5 {
                        let grow = width / 2.0;
                        let bar = if bounds.width() > bounds.height() {
                            bounds.inflate(0.0, grow)
                        } else {
                            bounds.inflate(grow, 0.0)
                        };
                        self.area(bar, opaque, white);
                        return;
                    }
                }
                if matches!(mode, DrawMode::FillAndStroke(..)) {
                    self.fill(path, props.transform, opaque, white);
                }
                if !white {
                    self.bars(path, props.transform, width);
                    self.stroke(path, props.transform);
                }
            }
            DrawMode::Invisible => {}
        }
    }

    fn glyph(
        &mut self,
        glyph: &hayro_interpret::font::PositionedGlyph<'_>,
        next: Option<Point>,
        props: &Affine,
        look: (bool, bool, u16),
    ) {
        let transform = *props * glyph.transform();
        let origin = transform * Point::ZERO;
        let advance = match &**glyph {
            PdfGlyph::Outline(o) => o.advance_width(),
            PdfGlyph::Type3(t) => t.advance_width(),
        };
        let along = transform * Point::new(1000.0, 0.0) - origin;
        let up = transform * Point::new(0.0, 1000.0) - origin;
        let size = up.hypot();
        let width = match advance {
            Some(advance) if advance > 0.0 => along.hypot() * f64::from(advance) / 1000.0,
            _ => next.map_or(0.5 * size, |n| (*props * n - origin).hypot()),
        };
        let finite = origin.x.is_finite() && origin.y.is_finite() && width.is_finite();
        if !finite || !(0.3..=2000.0).contains(&size) {
            return;
        }
        let turn = direction(along.x, along.y);
        let (x, y) = match turn {
            Turn::None | Turn::Slanted => (origin.x, origin.y),
            Turn::Up => (-origin.y, origin.x),
            Turn::Over => (-origin.x, -origin.y),
            Turn::Down => (origin.y, -origin.x),
        };
        let mut text = std::mem::take(&mut self.text);
        self.unicode.of(glyph, &mut text);
        let unlike = self.unicode.contradicts(glyph, &text);
        let step = width / text.chars().count().max(1) as f64;
        for (i, ch) in text.chars().enumerate() {
            if ch.is_whitespace() || ch == '\u{200b}' || ch == '\u{feff}' || ch == '\u{ad}' {
                self.blank = true;
                continue;
            }
            if ch.is_control() {
                continue;
            }
            let x0 = x + step * i as f64;
            let one = Glyph {
                ch,
                x0: x0 as f32,
                x1: (x0 + step) as f32,
                base: y as f32,
                size: size as f32,
                turn,
                seq: self.seq,
                invisible: look.0,
                white: look.1,
                blank: self.blank,
                font: look.2,
                unlike,
            };
            let bbox = one.bbox();
            if self.clip().contains(Point::new(f64::from(bbox.mid_x()), f64::from(bbox.mid_y()))) {
                self.blank = false;
                self.glyphs.push(one);
            }
        }
        self.text = text;
    }
}

/// Filled shapes up to this are lines.
const THIN: f64 = 2.6;
/// The sides of a piece of a dotted line or of a drawn code.
const DOT: f64 = 4.0;
const DOT_LENGTH: f64 = 30.0;
/// Strokes wider than this are areas.
const THICK: f64 = 4.0;

fn to_bbox(r: Rect) -> BBox {
    BBox::new(r.x0 as f32, r.y0 as f32, r.x1 as f32, r.y1 as f32)
}

/// Whether the size is that of a tick box.
fn is_box(r: Rect) -> bool {
    let (w, h) = (r.width(), r.height());
    (5.0..=18.0).contains(&w) && (5.0..=18.0).contains(&h) && w / h < 1.25 && h / w < 1.25
}

fn closed_box(path: &BezPath) -> bool {
    let lines = path.elements().iter().filter(|e| matches!(e, PathEl::LineTo(_) | PathEl::ClosePath)).count();
    lines >= 4 && path.elements().iter().all(|e| !matches!(e, PathEl::CurveTo(..) | PathEl::QuadTo(..)))
}

/// Whether the two are the edges of a thin frame.
fn ring(a: Rect, b: Rect) -> bool {
    let (outer, inner) = if a.area() >= b.area() { (a, b) } else { (b, a) };
    let gaps = [inner.x0 - outer.x0, inner.y0 - outer.y0, outer.x1 - inner.x1, outer.y1 - inner.y1];
    gaps.iter().all(|g| (0.0..=3.5).contains(g))
}

impl<'a> Device<'a> for Collector<'_, '_> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.paint(path, &props, mode);
    }

    fn draw_rect(&mut self, rect: &Rect, props: DrawProps<'a>, mode: &DrawMode) {
        self.paint(&rect.to_path(0.1), &props, mode);
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        // The box of a form or an annotation arrives as a path, too.
        let rect = match subpaths(&clip.path, Affine::IDENTITY).as_slice() {
            [part] => part.rect && self.clip_is_rect(),
            _ => false,
        };
        let clip = self.clip().intersect(clip.path.bounding_box());
        self.clips.push((clip, rect));
    }

    fn push_clip_rect(&mut self, rect: &Rect) {
        let clip = (self.clip().intersect(*rect), self.clip_is_rect());
        self.clips.push(clip);
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn push_transparency_group(&mut self, opacity: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        let opacity = self.alpha() * opacity;
        self.opacity.push(opacity);
    }

    fn pop_transparency_group(&mut self) {
        self.opacity.pop();
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let glyphs = run.glyphs();
        let Some(first) = glyphs.first() else { return };
        if self.glyphs.len() >= MOST_GLYPHS {
            self.over = true;
            return;
        }
        let start = props.transform * (first.transform() * Point::ZERO);
        // Fill and stroke arrive as two runs: the second one says nothing new.
        if matches!(mode, DrawMode::Stroke(_)) && self.last_run == Some((glyphs.len(), start)) {
            return;
        }
        self.last_run = Some((glyphs.len(), start));
        self.seq += 1;
        let (alpha, white, _) = self.ink(&props.paint);
        let invisible = matches!(mode, DrawMode::Invisible) || alpha < 0.02;
        self.unicode.begin();
        let font = self.unicode.font(first);
        for (i, glyph) in glyphs.iter().enumerate() {
            let next = glyphs.get(i + 1).map(|g| g.transform() * Point::ZERO);
            self.glyph(glyph, next, &props.transform, (invisible, white, font));
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        if self.full() {
            return;
        }
        self.seq += 1;
        let (width, height) = (image.width(), image.height());
        let rect =
            props.transform.transform_rect_bbox(Rect::new(0.0, 0.0, f64::from(width), f64::from(height)));
        if rect.width().min(rect.height()) <= THIN {
            self.area(rect, false, false);
            return;
        }
        let bbox = to_bbox(rect.intersect(self.clip()));
        if bbox.width() <= 0.0 || bbox.height() <= 0.0 {
            return;
        }
        self.pictures.push(Picture { bbox, width, height });
        let opaque = match &image {
            Image::Raster(raster) => {
                let stream = raster.stream();
                let dict = stream.dict();
                !dict.contains_key(b"SMask") && !dict.contains_key(b"Mask")
            }
            Image::Stencil(_) => false,
        };
        let opaque = opaque
            && self.clip_is_rect()
            && self.alpha() > 0.98
            && props.soft_mask.is_none()
            && props.blend_mode == BlendMode::Normal;
        self.fills.push(Fill { bbox, seq: self.seq, opaque, white: false, picture: true });
    }
}

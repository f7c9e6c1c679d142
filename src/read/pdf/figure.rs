//! Whether the outline of a glyph can be the figure that the text layer says it is. Coarse on purpose: what cannot be
//! is drawn and recognised, and only what is recognised as another figure counts.

use kurbo::{BezPath, PathEl, Point, Rect, Shape};

/// Outlines with more elements are ornaments.
const MOST: usize = 400;
/// Heights, as shares of the glyph's, at which its ink is measured: low, high.
const LOW: f64 = 0.24;
const HIGH: f64 = 0.70;

/// Whether the outline may be this figure. Anything but a figure may be anything.
pub(super) fn may_be(ch: char, outline: &BezPath) -> bool {
    let Some(figure) = ch.to_digit(10) else { return true };
    let count = outline.elements().len();
    if count == 0 || count > MOST {
        return true;
    }
    Figure::of(outline).is_none_or(|seen| seen.may_be(figure))
}

/// The outline as straight pieces, with its bounds.
struct Figure {
    pieces: Vec<(Point, Point)>,
    bounds: Rect,
    /// Bounds of what is left open within the glyph.
    holes: Vec<Rect>,
}

impl Figure {
    fn of(outline: &BezPath) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut loops: Vec<(Rect, f64)> = Vec::new();
        let (mut start, mut at) = (Point::ZERO, Point::ZERO);
        let mut own = BezPath::new();
        let mut finish = |own: &mut BezPath| {
            if own.elements().len() > 2 {
                own.close_path();
                loops.push((own.bounding_box(), own.area()));
            }
            own.truncate(0);
        };
        let close = |pieces: &mut Vec<(Point, Point)>, at: Point, start: Point| {
            if at != start {
                pieces.push((at, start));
            }
        };
        kurbo::flatten(outline, 4.0, |element| match element {
            PathEl::MoveTo(p) => {
                close(&mut pieces, at, start);
                finish(&mut own);
                own.move_to(p);
                (start, at) = (p, p);
            }
            PathEl::LineTo(p) => {
                pieces.push((at, p));
                own.line_to(p);
                at = p;
            }
            PathEl::ClosePath => {
                close(&mut pieces, at, start);
                at = start;
            }
            PathEl::QuadTo(..) | PathEl::CurveTo(..) => {}
        });
        close(&mut pieces, at, start);
        finish(&mut own);
        let bounds = outline.bounding_box();
        let sound = bounds.width() > 20.0 && bounds.height() > 100.0 && bounds.is_finite();
        let largest = loops.iter().map(|l| l.1.abs()).fold(0.0, f64::max);
        let outer = loops.iter().find(|l| l.1.abs() >= largest)?.1;
        let holes = loops.iter().filter(|l| l.1 * outer < 0.0 && l.1.abs() > 0.01 * largest).map(|l| l.0);
        let holes = holes.collect();
        sound.then_some(Self { pieces, bounds, holes })
    }

    /// Where the ink lies at a height (a share of the glyph's): its left and right end, as shares of the width.
    fn ink(&self, height: f64) -> Option<(f64, f64)> {
        let y = self.bounds.y0 + height * self.bounds.height();
        let crossed = self.pieces.iter().filter(|(a, b)| (a.y > y) != (b.y > y));
        let x = |(a, b): &(Point, Point)| a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x);
        let share = |x: f64| (x - self.bounds.x0) / self.bounds.width();
        let ends = crossed.map(x).fold(None, |ends: Option<(f64, f64)>, x| {
            Some(ends.map_or((x, x), |(from, to)| (from.min(x), to.max(x))))
        });
        ends.map(|(from, to)| (share(from), share(to)))
    }

    fn may_be(&self, figure: u32) -> bool {
        let height = self.bounds.height().max(1.0);
        let middle = |hole: &Rect| (hole.center().y - self.bounds.y0) / height;
        let tall = |hole: &Rect| hole.height() / height;
        match self.holes.as_slice() {
            [] => self.open(figure),
            [one] => match figure {
                0 => tall(one) > 0.5,
                4 => tall(one) < 0.62 && middle(one) > 0.4,
                6 => tall(one) < 0.62 && middle(one) < 0.5,
                9 => tall(one) < 0.62 && middle(one) > 0.5,
                _ => false,
            },
            // A zero may be crossed or dotted.
            [..] => matches!(figure, 8 | 0),
        }
    }

    /// Figures without a hole, by where their ink lies low and high.
    fn open(&self, figure: u32) -> bool {
        let (Some(low), Some(high)) = (self.ink(LOW), self.ink(HIGH)) else { return true };
        let centre = |(from, to): (f64, f64)| (from + to) / 2.0;
        let foot = self.ink(0.04).map_or(0.0, |(from, to)| to - from);
        match figure {
            // A narrow upright stroke, with or without a foot.
            1 => {
                (centre(low) - centre(high)).abs() < 0.22
                    && low.1 - low.0 < 0.75
                    && self.ink(0.5).is_none_or(|(from, to)| to - from < 0.75)
            }
            2 => centre(low) < 0.62 && centre(high) > 0.5 && foot > 0.55,
            // Some draw it with a flat top, like a 7 above.
            3 => low.1 > 0.75 && high.1 > 0.55,
            // Open on top, or drawn in strokes.
            4 => low.1 > 0.5,
            5 => low.1 > 0.75 && high.0 < 0.3,
            7 => foot < 0.5 && centre(low) < 0.6 && high.1 > 0.55,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Outlines of the figures in a font of this machine; none where it has no fonts.
    #[allow(clippy::disallowed_methods, reason = "fonts of the machine")]
    fn outlines(font: &str) -> Option<Vec<BezPath>> {
        let bytes = std::fs::read(font).ok()?;
        let face = ttf_parser::Face::parse(&bytes, 0).ok()?;
        struct Pen(BezPath);
        impl ttf_parser::OutlineBuilder for Pen {
            fn move_to(&mut self, x: f32, y: f32) {
                self.0.move_to((f64::from(x), f64::from(y)));
            }
            fn line_to(&mut self, x: f32, y: f32) {
                self.0.line_to((f64::from(x), f64::from(y)));
            }
            fn quad_to(&mut self, a: f32, b: f32, x: f32, y: f32) {
                self.0.quad_to((f64::from(a), f64::from(b)), (f64::from(x), f64::from(y)));
            }
            fn curve_to(&mut self, a: f32, b: f32, c: f32, d: f32, x: f32, y: f32) {
                self.0.curve_to(
                    (f64::from(a), f64::from(b)),
                    (f64::from(c), f64::from(d)),
                    (f64::from(x), f64::from(y)),
                );
            }
            fn close(&mut self) {
                self.0.close_path();
            }
        }
        let scale = 1000.0 / f64::from(face.units_per_em());
        let one = |c: char| {
            let mut pen = Pen(BezPath::new());
            face.outline_glyph(face.glyph_index(c)?, &mut pen)?;
            Some(kurbo::Affine::scale(scale) * pen.0)
        };
        ('0'..='9').map(one).collect()
    }

    #[test]
    fn figures_of_common_fonts_may_be_themselves_and_most_others_may_not() {
        let fonts = [
            "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
            "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf",
            "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
            "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
            "/usr/share/fonts/truetype/arphic/ukai.ttc",
            "/usr/share/fonts/truetype/arphic/uming.ttc",
            "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
            "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
            "/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf",
        ];
        for font in fonts {
            let Some(figures) = outlines(font) else { continue };
            let mut mistaken = Vec::new();
            for (i, outline) in figures.iter().enumerate() {
                for said in '0'..='9' {
                    let own = said.to_digit(10) == Some(i as u32);
                    let may = may_be(said, outline);
                    assert!(may || !own, "{font}: {said}");
                    if may && !own {
                        mistaken.push((i, said));
                    }
                }
            }
            assert!(mistaken.len() <= 12, "{font}: {mistaken:?}");
        }
        assert!(may_be('合', &BezPath::new()) && may_be('1', &BezPath::new()));
    }
}

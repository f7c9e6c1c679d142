//! A page to draw on. What is drawn as a field is recorded with its value and its box: labels are never typed twice.

use std::sync::Arc;

use krilla::geom::{PathBuilder, Point, Rect, Size, Transform};
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::TextDirection;

use crate::font::{Face, split};

/// A colour.
pub type Rgb = (u8, u8, u8);
/// Black.
pub const BLACK: Rgb = (0, 0, 0);
/// The brown of printed invoice forms.
pub const BROWN: Rgb = (140, 75, 35);
/// The red of seals.
pub const RED: Rgb = (205, 25, 30);
/// The blue of some bank receipts.
pub const BLUE: Rgb = (30, 60, 150);
/// Grey.
pub const GREY: Rgb = (120, 120, 120);

/// A rectangle: left, top, width, height in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area(pub f32, pub f32, pub f32, pub f32);

/// Where a text stands in its rectangle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Left.
    Left,
    /// Centre.
    Centre,
    /// Right.
    Right,
}

/// A field as it stands on the paper.
#[derive(Clone, Debug)]
pub struct Mark {
    /// Name, as in the report.
    pub field: String,
    /// Value, as the report writes it.
    pub value: String,
    /// Page of its document, from 1 (set when the document is put together).
    pub page: u32,
    /// Which document of its file it belongs to, from 0.
    pub part: usize,
    /// `[x0, y0, x1, y1]`, where the format has fixed places.
    pub bbox: Option<[f32; 4]>,
}

/// Names and values of what a text shows: usually none or one.
pub type Shows = Vec<(String, String)>;

/// One field.
pub fn shows(field: &str, value: impl ToString) -> Shows {
    vec![(field.to_string(), value.to_string())]
}

/// A step of drawing.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Op {
    Text { x: f32, y: f32, size: f32, face: Face, text: String, rgb: Rgb, turn: Option<(f32, f32, f32)> },
    Line { a: (f32, f32), b: (f32, f32), width: f32, rgb: Rgb },
    Rect { area: Area, fill: Option<Rgb>, stroke: Option<(Rgb, f32)> },
    Ring { c: (f32, f32), r: (f32, f32), width: f32, rgb: Rgb },
    Star { c: (f32, f32), r: f32, rgb: Rgb },
    Image { area: Area, bytes: Arc<Vec<u8>>, jpeg: bool },
    InkOn,
    InkOff,
}

/// A page under the pen.
#[derive(Clone, Debug)]
pub struct Canvas {
    /// Points.
    pub w: f32,
    /// Points.
    pub h: f32,
    /// What is drawn, in order.
    pub ops: Vec<Op>,
    /// The fields drawn.
    pub marks: Vec<Mark>,
}

impl Canvas {
    /// An empty page.
    pub fn new(w: f32, h: f32) -> Self {
        Self { w, h, ops: Vec::new(), marks: Vec::new() }
    }

    /// An upright A4 page.
    pub fn a4() -> Self {
        Self::new(595.0, 842.0)
    }

    /// Text with its baseline at `y`.
    pub fn text(&mut self, x: f32, y: f32, size: f32, face: Face, rgb: Rgb, text: &str) {
        self.ops.push(Op::Text { x, y, size, face, text: text.to_string(), rgb, turn: None });
    }

    /// Text that shows fields.
    pub fn field(&mut self, (x, y): (f32, f32), size: f32, face: Face, rgb: Rgb, text: &str, shown: &Shows) {
        self.text(x, y, size, face, rgb, text);
        self.mark(Area(x, y - size * 0.88, face.width(text, size), size * 1.08), shown);
    }

    /// Records fields without drawing.
    pub fn mark(&mut self, Area(x, y, w, h): Area, shown: &Shows) {
        for (field, value) in shown {
            let bbox = Some([x, y, x + w, y + h].map(|v| (v * 10.0).round() / 10.0));
            self.marks.push(Mark { field: field.clone(), value: value.clone(), page: 1, part: 0, bbox });
        }
    }

    /// Text inside a rectangle, wrapped, centred vertically. Shrinks when it would not fit.
    pub fn boxed(
        &mut self,
        area: Area,
        align: Align,
        size: f32,
        face: Face,
        rgb: Rgb,
        text: &str,
        shown: &Shows,
    ) {
        let Area(x, y, w, h) = area;
        let mut size = size;
        // A number is never broken: it shrinks.
        if align == Align::Right && face.width(text, size) > w - 4.0 {
            size *= (w - 4.0) / face.width(text, size) * 0.99;
        }
        let mut lines = wrap(face, size, text, w - 4.0);
        while size > 4.0 && lines.len() as f32 * size * 1.22 > h {
            size -= 0.5;
            lines = wrap(face, size, text, w - 4.0);
        }
        let lead = size * 1.22;
        let mut base = y + (h - lead * lines.len() as f32) / 2.0 + size * 0.96;
        let (mut x0, mut x1, top) = (x + w, x, base - size * 0.88);
        for line in &lines {
            let lw = face.width(line, size);
            let lx = match align {
                Align::Left => x + 2.0,
                Align::Centre => x + (w - lw) / 2.0,
                Align::Right => x + w - lw - 2.0,
            };
            if !line.trim().is_empty() {
                self.text(lx, base, size, face, rgb, line);
            }
            (x0, x1) = (x0.min(lx), x1.max(lx + lw));
            base += lead;
        }
        self.mark(Area(x0, top, x1 - x0, base - lead + size * 0.2 - top), shown);
    }

    /// Text from top to bottom, one character a line.
    pub fn column(&mut self, area: Area, size: f32, face: Face, rgb: Rgb, text: &str) {
        let n = text.chars().count() as f32;
        let step = (area.3 / n).min(size * 1.35);
        let mut y = area.1 + (area.3 - step * n) / 2.0 + step * 0.5 + size * 0.36;
        for c in text.chars() {
            let c = c.to_string();
            self.text(area.0 + (area.2 - face.width(&c, size)) / 2.0, y, size, face, rgb, &c);
            y += step;
        }
    }

    /// A line.
    pub fn line(&mut self, a: (f32, f32), b: (f32, f32), width: f32, rgb: Rgb) {
        self.ops.push(Op::Line { a, b, width, rgb });
    }

    /// A rectangle.
    pub fn rect(&mut self, area: Area, fill: Option<Rgb>, stroke: Option<(Rgb, f32)>) {
        self.ops.push(Op::Rect { area, fill, stroke });
    }

    /// An ellipse's outline.
    pub fn ring(&mut self, c: (f32, f32), r: (f32, f32), width: f32, rgb: Rgb) {
        self.ops.push(Op::Ring { c, r, width, rgb });
    }

    /// A picture (PNG or JPEG bytes).
    pub fn image(&mut self, area: Area, bytes: Vec<u8>, jpeg: bool) {
        self.ops.push(Op::Image { area, bytes: Arc::new(bytes), jpeg });
    }

    /// The bytes of the picture that the page consists of.
    pub fn picture(&self) -> Option<Vec<u8>> {
        match &self.ops[..] {
            [Op::Image { bytes, jpeg: true, .. }] => Some(bytes.as_ref().clone()),
            _ => None,
        }
    }

    /// A QR code as a picture.
    pub fn qr(&mut self, area: Area, payload: &str) {
        let code = qrcode::QrCode::with_error_correction_level(payload, qrcode::EcLevel::M).expect("fits");
        let n = code.width();
        let colours = code.to_colors();
        let scale = 4;
        let side = ((n + 4) * scale) as u32;
        let picture = image::GrayImage::from_fn(side, side, |x, y| {
            let (cx, cy) = (x as usize / scale, y as usize / scale);
            let inside = (2..n + 2).contains(&cx) && (2..n + 2).contains(&cy);
            let dark = inside && colours[(cy - 2) * n + cx - 2] == qrcode::Color::Dark;
            image::Luma([if dark { 0 } else { 255 }])
        });
        let mut png = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut png, image::ImageFormat::Png).expect("in memory");
        self.image(area, png.into_inner(), false);
    }

    /// A round seal: ring, star, the owner's name around, and a word below the star.
    pub fn seal(&mut self, c: (f32, f32), r: f32, owner: &str, word: &str) {
        let mut pad = Self::new(2.2 * r, 2.2 * r);
        let m = (1.1 * r, 1.1 * r);
        pad.ring(m, (r, r), r * 0.055, RED);
        pad.ops.push(Op::Star { c: m, r: r * 0.3, rgb: RED });
        pad.around(m, (r * 0.78, r * 0.78), r * 0.23, owner);
        let size = r * 0.2;
        pad.text(m.0 - Face::Serif.width(word, size) / 2.0, m.1 + r * 0.62, size, Face::Serif, RED, word);
        self.stamp(&pad, c);
    }

    /// An oval invoice seal with the owner's name and tax id.
    pub fn oval_seal(&mut self, c: (f32, f32), rx: f32, owner: &str, id: &str) {
        let ry = rx * 0.7;
        let mut pad = Self::new(2.2 * rx, 2.2 * ry);
        let m = (1.1 * rx, 1.1 * ry);
        pad.ring(m, (rx, ry), rx * 0.05, RED);
        pad.around(m, (rx * 0.8, ry * 0.76), rx * 0.2, owner);
        for (dy, size, text) in [(0.06, rx * 0.17, id), (0.42, rx * 0.2, "发票专用章")] {
            pad.text(
                m.0 - Face::Serif.width(text, size) / 2.0,
                m.1 + ry * dy + size * 0.3,
                size,
                Face::Serif,
                RED,
                text,
            );
        }
        self.stamp(&pad, c);
    }

    /// Presses a drawn seal on the page, as a transparent picture: electronic seals are pictures too.
    fn stamp(&mut self, pad: &Self, c: (f32, f32)) {
        let ink = crate::scan::render(pad, 165.0);
        let picture = image::RgbaImage::from_fn(ink.width(), ink.height(), |x, y| {
            let [_, g, b] = ink.get_pixel(x, y).0;
            // Few levels of cover keep the picture small.
            let cover = (255 - g.max(b)) / 36 * 36;
            image::Rgba([RED.0, RED.1, RED.2, cover.saturating_mul(2).min(235)])
        });
        let mut png = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut png, image::ImageFormat::Png).expect("in memory");
        self.ops.push(Op::InkOn);
        self.image(Area(c.0 - pad.w / 2.0, c.1 - pad.h / 2.0, pad.w, pad.h), png.into_inner(), false);
        self.ops.push(Op::InkOff);
    }

    fn around(&mut self, c: (f32, f32), r: (f32, f32), size: f32, text: &str) {
        let n = text.chars().count() as f32;
        let span = (n * 21.0).min(275.0);
        // A long name is set smaller, so that its characters do not touch.
        let size = size.min(span.to_radians() * r.0.min(r.1) / n * 0.92);
        for (i, ch) in text.chars().enumerate() {
            let deg = -span / 2.0 + span * (i as f32 + 0.5) / n;
            let a = deg.to_radians();
            let (px, py) = (c.0 + r.0 * a.sin(), c.1 - r.1 * a.cos());
            let ch = ch.to_string();
            let w = Face::Serif.width(&ch, size);
            let turn = Some((deg, px, py));
            self.ops.push(Op::Text {
                x: px - w / 2.0,
                y: py + size * 0.36,
                size,
                face: Face::Serif,
                text: ch,
                rgb: RED,
                turn,
            });
        }
    }

    /// A ruled grid: column edges and row edges.
    pub fn grid(&mut self, xs: &[f32], ys: &[f32], width: f32, rgb: Rgb) {
        let (x0, x1) = (xs[0], xs[xs.len() - 1]);
        let (y0, y1) = (ys[0], ys[ys.len() - 1]);
        for &x in xs {
            self.line((x, y0), (x, y1), width, rgb);
        }
        for &y in ys {
            self.line((x0, y), (x1, y), width, rgb);
        }
    }
}

/// Breaks a text into lines that fit. `\n` breaks always.
pub fn wrap(face: Face, size: f32, text: &str, width: f32) -> Vec<String> {
    let mut out = Vec::new();
    for part in text.split('\n') {
        let mut line = String::new();
        let mut used = 0.0;
        for c in part.chars() {
            let cw = face.width(&c.to_string(), size);
            let hangs = "，。；：、）》”！？,.;:)".contains(c);
            if used + cw > width && !line.is_empty() && !hangs {
                out.push(std::mem::take(&mut line));
                used = 0.0;
            }
            line.push(c);
            used += cw;
        }
        out.push(line);
    }
    out
}

/// Writes pages as a PDF with subset fonts.
pub fn to_pdf(pages: &[&Canvas]) -> Vec<u8> {
    let mut doc = krilla::Document::new();
    let stamp = krilla::metadata::DateTime::new(2023).month(2).day(10).hour(9);
    doc.set_metadata(krilla::metadata::Metadata::new().creation_date(stamp));
    for canvas in pages {
        let settings = krilla::page::PageSettings::from_wh(canvas.w, canvas.h).expect("a page size");
        let mut page = doc.start_page_with(settings);
        let mut surface = page.surface();
        for op in &canvas.ops {
            draw(&mut surface, op);
        }
        surface.finish();
        page.finish();
    }
    doc.finish().expect("a PDF")
}

fn fill((r, g, b): Rgb) -> Fill {
    Fill {
        paint: krilla::color::rgb::Color::new(r, g, b).into(),
        opacity: NormalizedF32::ONE,
        ..Fill::default()
    }
}

fn stroke((r, g, b): Rgb, width: f32) -> Stroke {
    Stroke { paint: krilla::color::rgb::Color::new(r, g, b).into(), width, ..Stroke::default() }
}

fn draw(s: &mut Surface<'_>, op: &Op) {
    match op {
        Op::Text { x, y, size, face, text, rgb, turn } => {
            s.set_stroke(None);
            s.set_fill(Some(fill(*rgb)));
            if let Some((deg, cx, cy)) = turn {
                s.push_transform(&Transform::from_rotate_at(*deg, *cx, *cy));
            }
            let mut at = *x;
            for (f, run) in split(*face, text) {
                s.draw_text(
                    Point::from_xy(at, *y),
                    f.get().pdf.clone(),
                    *size,
                    &run,
                    turn.is_some(),
                    TextDirection::LeftToRight,
                );
                at += f.width(&run, *size);
            }
            if turn.is_some() {
                s.pop();
            }
        }
        Op::Line { a, b, width, rgb } => {
            let mut p = PathBuilder::new();
            p.move_to(a.0, a.1);
            p.line_to(b.0, b.1);
            path(s, p, None, Some((*rgb, *width)));
        }
        Op::Rect { area: Area(x, y, w, h), fill, stroke } => {
            let mut p = PathBuilder::new();
            p.push_rect(Rect::from_xywh(*x, *y, *w, *h).expect("a rectangle"));
            path(s, p, *fill, *stroke);
        }
        Op::Ring { c, r, width, rgb } => {
            let k = 0.5523;
            let mut p = PathBuilder::new();
            p.move_to(c.0 + r.0, c.1);
            for (u, v) in [
                ((1.0, k), (k, 1.0)),
                ((-k, 1.0), (-1.0, k)),
                ((-1.0, -k), (-k, -1.0)),
                ((k, -1.0), (1.0, -k)),
            ] {
                let end: (f32, f32) = (
                    if v.0 == k || v.0 == -k { 0.0 } else { v.0 },
                    if v.1 == k || v.1 == -k { 0.0 } else { v.1 },
                );
                let at = |(a, b): (f32, f32)| (c.0 + r.0 * a, c.1 + r.1 * b);
                let (a, b, e) = (at(u), at(v), at(end));
                p.cubic_to(a.0, a.1, b.0, b.1, e.0, e.1);
            }
            p.close();
            path(s, p, None, Some((*rgb, *width)));
        }
        Op::Star { c, r, rgb } => {
            let mut p = PathBuilder::new();
            for i in 0..10 {
                let rr = if i % 2 == 0 { *r } else { r * 0.382 };
                let a = (i as f32 * 36.0).to_radians();
                let (x, y) = (c.0 + rr * a.sin(), c.1 - rr * a.cos());
                if i == 0 { p.move_to(x, y) } else { p.line_to(x, y) }
            }
            p.close();
            path(s, p, Some(*rgb), None);
        }
        Op::Image { area: Area(x, y, w, h), bytes, jpeg } => {
            let data = bytes.as_ref().clone().into();
            let image = if *jpeg {
                krilla::image::Image::from_jpeg(data, true)
            } else {
                krilla::image::Image::from_png(data, false)
            };
            s.push_transform(&Transform::from_translate(*x, *y));
            s.draw_image(image.expect("a picture"), Size::from_wh(*w, *h).expect("a size"));
            s.pop();
        }
        // Ink mixes with what lies under it; it does not cover it.
        Op::InkOn => s.push_blend_mode(krilla::blend::BlendMode::Multiply),
        Op::InkOff => s.pop(),
    }
}

fn path(s: &mut Surface<'_>, p: PathBuilder, filled: Option<Rgb>, stroked: Option<(Rgb, f32)>) {
    let Some(p) = p.finish() else { return };
    s.set_fill(filled.map(fill));
    s.set_stroke(stroked.map(|(rgb, w)| stroke(rgb, w)));
    s.draw_path(&p);
    s.set_stroke(None);
}

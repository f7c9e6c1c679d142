//! QR codes of a page with a text layer: pictures that look like one, and codes drawn piece by piece.

use image::{GrayImage, imageops};

use super::device::Collector;
use super::render::Renderer;
use crate::model::{BBox, Code};
use crate::read::drawn::{self, Drawn};
use crate::read::layout::Ruling;
use crate::read::qr;

/// What looks like a code drawn piece by piece, and what it says if it is one.
pub(super) struct DrawnCode {
    area: BBox,
    texts: Vec<String>,
}

impl DrawnCode {
    fn of(drawn: Drawn) -> Self {
        let texts = qr::decode(&drawn.picture()).into_iter().map(|(text, _)| text).collect();
        Self { area: drawn.area, texts }
    }
}

/// Takes drawn codes out of what the page draws: their pieces are no rulings. Small pieces elsewhere are pieces of lines.
pub(super) fn take_drawn(collector: &mut Collector<'_, '_>) -> Vec<DrawnCode> {
    let found: Vec<DrawnCode> = drawn::find(&std::mem::take(&mut collector.pieces))
        .into_iter()
        .take(MOST)
        .map(DrawnCode::of)
        .collect();
    let within = |areas: &[BBox], x: f32, y: f32| areas.iter().any(|a| a.contains(x, y));
    // The rulings of a table may look like a code: only what is one takes them away.
    let sure: Vec<BBox> = found.iter().filter(|d| !d.texts.is_empty()).map(|d| grow(d.area, 1.0)).collect();
    if !sure.is_empty() {
        collector.rulings.retain(|r| !(within(&sure, r.x0, r.y0) && within(&sure, r.x1, r.y1)));
        collector.squares.retain(|s| !within(&sure, s.bbox.mid_x(), s.bbox.mid_y()));
    }
    for dot in std::mem::take(&mut collector.dots) {
        let (x, y) = (dot.mid_x(), dot.mid_y());
        if within(&sure, x, y) {
            continue;
        }
        // A square dot may belong to a line of either direction.
        if dot.width() * 1.5 >= dot.height() {
            collector.rulings.push(Ruling { x0: dot.x0, y0: y, x1: dot.x1, y1: y });
        }
        if dot.height() * 1.5 >= dot.width() {
            collector.rulings.push(Ruling { x0: x, y0: dot.y0, x1: x, y1: dot.y1 });
        }
    }
    found
}

fn grow(b: BBox, by: f32) -> BBox {
    BBox::new(b.x0 - by, b.y0 - by, b.x1 + by, b.y1 + by)
}

/// Most places of a page that are tried, and most pictures that are no squares.
const MOST: usize = 12;
const MOST_WIDE: usize = 4;

/// Decodes the codes of a page with a text layer. `invoice`: the page speaks of invoices, so that a code within a
/// larger picture is worth a look.
pub(super) fn decode(
    drawn: &[DrawnCode],
    pictures: &[BBox],
    renderer: &Renderer<'_>,
    number: u32,
    invoice: bool,
) -> Vec<Code> {
    let mut codes: Vec<Code> = Vec::new();
    let mut add = |text: String, bbox: BBox| {
        if codes.iter().all(|c| c.text != text) {
            codes.push(Code { text, bbox });
        }
    };
    let mut areas: Vec<BBox> = Vec::new();
    for code in drawn {
        if code.texts.is_empty() {
            // Rounded or ringed pieces are more than their boxes.
            areas.push(grow(code.area, 8.0));
        }
        code.texts.iter().for_each(|text| add(text.clone(), code.area));
    }
    let pictures = joined(pictures);
    areas.extend(pictures.iter().filter(|b| square(b)).map(|b| grow(*b, 8.0)));
    for area in areas.into_iter().take(MOST) {
        seen(renderer, number, area).into_iter().for_each(|(text, bbox)| add(text, bbox));
    }
    if codes.is_empty() && invoice {
        let wide = pictures.iter().filter(|b| !square(b) && b.width().min(b.height()) >= 40.0);
        for area in wide.take(MOST_WIDE) {
            for (text, bbox) in seen(renderer, number, *area) {
                codes.push(Code { text, bbox });
            }
        }
    }
    codes
}

fn square(b: &BBox) -> bool {
    let shape = b.width() / b.height().max(0.1);
    (0.75..1.33).contains(&shape) && b.width() >= 20.0 && b.width() <= 260.0
}

/// Pictures, those that are strips of one joined.
fn joined(pictures: &[BBox]) -> Vec<BBox> {
    let mut sorted = pictures.to_vec();
    sorted.sort_by(|a, b| a.x0.total_cmp(&b.x0).then(a.y0.total_cmp(&b.y0)));
    let mut out: Vec<BBox> = Vec::new();
    for b in sorted {
        let near = |v: f32, w: f32| (v - w).abs() < 1.0;
        match out.last_mut() {
            Some(a) if near(a.x0, b.x0) && near(a.x1, b.x1) && near(a.y1, b.y0) => *a = a.union(b),
            _ => out.push(b),
        }
    }
    out
}

/// Codes in an area of the page as it is drawn, with their places. A code that fills the area is read at half the
/// resolution first: that shows its modules well enough, and costs a quarter.
fn seen(renderer: &Renderer<'_>, number: u32, area: BBox) -> Vec<(String, BBox)> {
    let side = area.width().max(area.height());
    let fine = (72.0 * 700.0 / side).clamp(150.0, 450.0);
    if square(&area) {
        match drawn(renderer, number, area, fine / 2.0, qr::decode) {
            Some(found) if found.is_empty() => {}
            done => return done.unwrap_or_default(),
        }
    }
    drawn(renderer, number, area, fine, decode_shrunk).unwrap_or_default()
}

/// Codes in an area drawn at a resolution; None if nothing there looks like one.
fn drawn(
    renderer: &Renderer<'_>,
    number: u32,
    area: BBox,
    dpi: f32,
    decode: impl Fn(&GrayImage) -> Vec<qr::Found>,
) -> Option<Vec<(String, BBox)>> {
    let (picture, origin, dpi) = renderer.area(number, area, dpi)?;
    let grey = qr::shades(&picture);
    if !qr::may_hold_code(&grey) {
        return None;
    }
    let (x, y) = (|v: f32| origin.0 + v * 72.0 / dpi, |v: f32| origin.1 + v * 72.0 / dpi);
    let placed = |(text, [x0, y0, x1, y1]): qr::Found| (text, BBox::new(x(x0), y(y0), x(x1), y(y1)));
    Some(decode(&grey).into_iter().map(placed).collect())
}

/// Decodes as drawn, then smaller: between the modules of a drawn code fine light seams may stay that a coarser
/// picture does not have.
fn decode_shrunk(picture: &GrayImage) -> Vec<qr::Found> {
    for factor in [1u32, 2, 3] {
        let (w, h) = (picture.width() / factor, picture.height() / factor);
        if w < 60 || h < 60 {
            break;
        }
        let found =
            if factor == 1 { qr::decode(picture) } else { qr::decode(&imageops::thumbnail(picture, w, h)) };
        if !found.is_empty() {
            return found.into_iter().map(|(text, b)| (text, b.map(|v| v * factor as f32))).collect();
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_of_a_picture_are_one_picture() {
        let strip = |i: u32| BBox::new(10.0, 10.0 * i as f32, 70.0, 10.0 * (i + 1) as f32);
        let apart = BBox::new(10.0, 300.0, 70.0, 320.0);
        let strips = [strip(2), strip(0), apart, strip(1)];
        assert_eq!(joined(&strips), [BBox::new(10.0, 0.0, 70.0, 30.0), apart]);
    }
}

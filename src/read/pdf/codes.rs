//! QR codes of a page: pictures that look like one, and codes drawn module by module.

use image::{GrayImage, imageops};

use super::device::Collector;
use super::render::Renderer;
use crate::model::{BBox, Code};
use crate::read::layout::Ruling;
use crate::read::qr;

/// Drawn codes are sought in fields of this size, in points.
const FIELD: f32 = 18.0;

/// Whether the pieces of a field are modules of a code: spread over the field, not strung along lines.
fn is_code(dots: &[(i32, i32)]) -> bool {
    let distinct = |of: &dyn Fn(&(i32, i32)) -> i32| {
        let mut values: Vec<i32> = dots.iter().map(of).collect();
        values.sort_unstable();
        values.dedup();
        values.len()
    };
    let (columns, rows) = (distinct(&|d| d.0), distinct(&|d| d.1));
    dots.len() >= 6 && columns >= 3 && rows >= 3 && dots.len() * 6 >= columns * rows
}

/// Takes the modules of drawn codes out of the small pieces and gives the rest back as pieces of lines. Returns the
/// areas of drawn codes.
pub(super) fn take_drawn(collector: &mut Collector<'_, '_>) -> Vec<BBox> {
    let dots = std::mem::take(&mut collector.dots);
    let mut areas: Vec<BBox> = Vec::new();
    if dots.len() >= 100 {
        let mut fields: std::collections::BTreeMap<(i32, i32), Vec<(i32, i32)>> =
            std::collections::BTreeMap::new();
        let field = |b: &BBox| ((b.mid_x() / FIELD) as i32, (b.mid_y() / FIELD) as i32);
        for dot in &dots {
            let at = ((dot.mid_x() * 2.0) as i32, (dot.mid_y() * 2.0) as i32);
            fields.entry(field(dot)).or_default().push(at);
        }
        fields.retain(|_, dots| is_code(dots));
        while let Some((&start, _)) = fields.iter().next() {
            let (mut waiting, mut area): (Vec<(i32, i32)>, Option<BBox>) = (vec![start], None);
            fields.remove(&start);
            while let Some((x, y)) = waiting.pop() {
                let own = BBox::new(
                    x as f32 * FIELD,
                    y as f32 * FIELD,
                    (x + 1) as f32 * FIELD,
                    (y + 1) as f32 * FIELD,
                );
                area = Some(area.map_or(own, |a| a.union(own)));
                for next in [(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1), (x + 1, y + 1), (x - 1, y - 1)] {
                    if fields.remove(&next).is_some() {
                        waiting.push(next);
                    }
                }
            }
            areas.extend(area.filter(|a| {
                let shape = a.width() / a.height();
                (0.6..1.7).contains(&shape) && a.width() >= 24.0 && a.width() <= 300.0
            }));
        }
    }
    for dot in dots {
        if areas.iter().any(|a| grow(*a, FIELD).contains(dot.mid_x(), dot.mid_y())) {
            continue;
        }
        let (x, y) = (dot.mid_x(), dot.mid_y());
        // A square dot may belong to a line of either direction.
        if dot.width() * 1.5 >= dot.height() {
            collector.rulings.push(Ruling { x0: dot.x0, y0: y, x1: dot.x1, y1: y });
        }
        if dot.height() * 1.5 >= dot.width() {
            collector.rulings.push(Ruling { x0: x, y0: dot.y0, x1: x, y1: dot.y1 });
        }
    }
    areas
}

fn grow(b: BBox, by: f32) -> BBox {
    BBox::new(b.x0 - by, b.y0 - by, b.x1 + by, b.y1 + by)
}

/// Most places of a page that are tried.
const MOST: usize = 12;

/// Decodes the codes of a page with a text layer.
pub(super) fn decode(drawn: &[BBox], pictures: &[BBox], renderer: &Renderer<'_>, number: u32) -> Vec<Code> {
    let square = |b: &&BBox| {
        let shape = b.width() / b.height().max(0.1);
        (0.75..1.33).contains(&shape) && b.width() >= 20.0 && b.width() <= 260.0
    };
    let mut codes: Vec<Code> = Vec::new();
    // The fields of a drawn code are coarse: its edge lies somewhere beyond them.
    let drawn = drawn.iter().map(|b| grow(*b, FIELD));
    let pictures = pictures.iter().filter(square).map(|b| grow(*b, 8.0));
    for area in drawn.chain(pictures).take(MOST) {
        let dpi = (72.0 * 700.0 / area.width()).clamp(150.0, 450.0);
        let Some((picture, origin, dpi)) = renderer.area(number, area, dpi) else { continue };
        for (text, [x0, y0, x1, y1]) in decode_shrunk(&imageops::grayscale(&picture)) {
            if codes.iter().any(|c| c.text == text) {
                continue;
            }
            let (x, y) = (|v: f32| origin.0 + v * 72.0 / dpi, |v: f32| origin.1 + v * 72.0 / dpi);
            codes.push(Code { text, bbox: BBox::new(x(x0), y(y0), x(x1), y(y1)) });
        }
    }
    codes
}

/// Decodes as drawn, then smaller: between the modules of a drawn code fine light seams may stay that a coarser
/// picture does not have.
fn decode_shrunk(picture: &GrayImage) -> Vec<qr::Found> {
    for factor in [1u32, 2, 3] {
        let (w, h) = (picture.width() / factor, picture.height() / factor);
        if w < 60 || h < 60 {
            break;
        }
        let found = if factor == 1 {
            qr::decode(picture)
        } else {
            qr::decode(&imageops::resize(picture, w, h, imageops::FilterType::Triangle))
        };
        if !found.is_empty() {
            return found.into_iter().map(|(text, b)| (text, b.map(|v| v * factor as f32))).collect();
        }
    }
    Vec::new()
}

//! QR codes that a page draws: module by module, in strips, or as strokes. The pieces are put together again without
//! drawing the page.

use std::collections::BTreeMap;

use image::{GrayImage, Luma};

use crate::model::BBox;

/// Pieces longer than this belong to no code.
pub(in crate::read) const LONGEST: f64 = 130.0;
/// Most pieces kept of a page, and fewest of a code.
pub(in crate::read) const MOST: usize = 60_000;
const FEWEST: usize = 60;
/// Codes are sought in fields of these sizes, in points: of usual modules, of large ones.
const FIELDS: [f32; 2] = [18.0, 45.0];
/// The side of a picture of a code, and the paper around it, in pixels.
const SIDE: f32 = 480.0;
const PAPER: u32 = 48;

/// A drawn code.
pub(in crate::read) struct Drawn {
    /// Where it is.
    pub(in crate::read) area: BBox,
    pieces: Vec<BBox>,
}

impl Drawn {
    /// The pieces as a picture.
    pub(in crate::read) fn picture(&self) -> GrayImage {
        let scale = SIDE / self.area.width().max(self.area.height()).max(1.0);
        let to = |v: f32| (v * scale).round().clamp(0.0, SIDE) as u32 + PAPER;
        let side = SIDE as u32 + 2 * PAPER;
        let mut out = GrayImage::from_pixel(side, side, Luma([255]));
        for piece in &self.pieces {
            // Dots that do not quite touch are modules, too.
            let by = 0.06 * piece.width().min(piece.height());
            let piece = BBox::new(piece.x0 - by, piece.y0 - by, piece.x1 + by, piece.y1 + by);
            for y in to(piece.y0 - self.area.y0)..to(piece.y1 - self.area.y0) {
                for x in to(piece.x0 - self.area.x0)..to(piece.x1 - self.area.x0) {
                    out.put_pixel(x, y, Luma([0]));
                }
            }
        }
        out
    }
}

/// The codes among the dark pieces of a page.
pub(in crate::read) fn find(pieces: &[BBox]) -> Vec<Drawn> {
    if pieces.len() < FEWEST {
        return Vec::new();
    }
    // Small fields see but a part of a code of large modules: then the larger ones see more.
    let mut out: Vec<Drawn> = Vec::new();
    for code in FIELDS.iter().flat_map(|size| among(pieces, *size)) {
        let known = out.iter().any(|o| {
            let (x, y) = (o.area.shared_width(code.area), o.area.shared_height(code.area));
            x > 0.9 * code.area.width() && y > 0.9 * code.area.height()
        });
        if !known {
            out.push(code);
        }
    }
    out
}

type Field = (i32, i32);

fn among(pieces: &[BBox], size: f32) -> Vec<Drawn> {
    let at = |v: f32| (v / size).floor() as i32;
    let half = |v: f32| (v * 2.0) as i32;
    let mut fields: BTreeMap<Field, Vec<(i32, i32)>> = BTreeMap::new();
    for piece in pieces {
        for x in at(piece.x0)..=at(piece.x1 - 0.01).max(at(piece.x0)) {
            for y in at(piece.y0)..=at(piece.y1 - 0.01).max(at(piece.y0)) {
                let corner = (half(piece.x0.max(x as f32 * size)), half(piece.y0.max(y as f32 * size)));
                fields.entry((x, y)).or_default().push(corner);
            }
        }
    }
    fields.retain(|_, corners| is_code(corners));
    let mut out = Vec::new();
    while let Some((&start, _)) = fields.iter().next() {
        fields.remove(&start);
        let (mut waiting, mut area) = (vec![start], field_box(start, size));
        while let Some((x, y)) = waiting.pop() {
            for (dx, dy) in [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1), (1, -1), (-1, 1)] {
                let next = (x + dx, y + dy);
                if fields.remove(&next).is_some() {
                    area = area.union(field_box(next, size));
                    waiting.push(next);
                }
            }
        }
        out.extend(drawn(pieces, area, size));
    }
    out
}

fn field_box((x, y): Field, size: f32) -> BBox {
    let (x, y) = (x as f32 * size, y as f32 * size);
    BBox::new(x, y, x + size, y + size)
}

/// Whether the pieces of a field are of a code: spread over the field, not strung along lines.
fn is_code(corners: &[(i32, i32)]) -> bool {
    let distinct = |of: &dyn Fn(&(i32, i32)) -> i32| {
        let mut values: Vec<i32> = corners.iter().map(of).collect();
        values.sort_unstable();
        values.dedup();
        values.len()
    };
    let (columns, rows) = (distinct(&|c| c.0), distinct(&|c| c.1));
    corners.len() >= 6 && columns >= 3 && rows >= 3 && corners.len() * 6 >= columns * rows
}

/// The code in an area of fields: its edge lies somewhere around theirs.
fn drawn(pieces: &[BBox], area: BBox, size: f32) -> Option<Drawn> {
    let near = BBox::new(area.x0 - size, area.y0 - size, area.x1 + size, area.y1 + size);
    let inside = |b: &&BBox| near.contains(b.mid_x(), b.mid_y());
    let own: Vec<BBox> = pieces.iter().filter(inside).copied().collect();
    let area = own.iter().copied().reduce(BBox::union)?;
    let shape = area.width() / area.height().max(0.1);
    let square = (0.6..1.7).contains(&shape) && (20.0..=300.0).contains(&area.width());
    (square && own.len() >= FEWEST).then_some(Drawn { area, pieces: own })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::qr;

    const TEXT: &str = "01,32,,24432000000012345678,1130.00,20240305,,1A2B";

    /// A code at (100, 50): rows of modules, those beside each other as one piece if `strips`.
    fn code(module: f32, strips: bool) -> Vec<BBox> {
        let code = qrcode::QrCode::new(TEXT.as_bytes()).unwrap();
        let (side, colors) = (code.width(), code.to_colors());
        let mut out = Vec::new();
        for y in 0..side {
            let mut x = 0;
            while x < side {
                let dark = |x: usize| colors[y * side + x] == qrcode::Color::Dark;
                let mut to = x + 1;
                while strips && dark(x) && to < side && dark(to) {
                    to += 1;
                }
                if dark(x) {
                    let (x0, y0) = (100.0 + x as f32 * module, 50.0 + y as f32 * module);
                    out.push(BBox::new(x0, y0, x0 + (to - x) as f32 * module, y0 + module));
                }
                x = to;
            }
        }
        out
    }

    fn decoded(pieces: &[BBox]) -> Vec<String> {
        find(pieces).iter().flat_map(|d| qr::decode(&d.picture())).map(|(text, _)| text).collect()
    }

    #[test]
    fn modules_and_strips_small_and_large() {
        for module in [0.9, 1.7, 2.4, 5.5] {
            for strips in [false, true] {
                assert_eq!(decoded(&code(module, strips)), [TEXT], "{module} {strips}");
            }
        }
    }

    #[test]
    fn turned_and_beside_a_table() {
        let turned: Vec<BBox> =
            code(2.0, true).iter().map(|b| BBox::new(400.0 - b.y1, b.x0, 400.0 - b.y0, b.x1)).collect();
        assert_eq!(decoded(&turned), [TEXT]);
        let mut pieces = code(2.0, true);
        pieces.extend(
            (0..40).map(|i| BBox::new(60.0, 300.0 + 20.0 * i as f32, 180.0, 300.5 + 20.0 * i as f32)),
        );
        assert_eq!(decoded(&pieces), [TEXT]);
    }

    #[test]
    fn rulings_and_dotted_lines_are_no_code() {
        let rows = (0..40).map(|i| BBox::new(50.0, 20.0 * i as f32, 170.0, 20.0 * i as f32 + 0.5));
        let dots = (0..300).map(|i| BBox::new(2.0 * i as f32, 400.0, 2.0 * i as f32 + 1.0, 401.0));
        assert!(find(&rows.chain(dots).collect::<Vec<_>>()).is_empty());
    }
}

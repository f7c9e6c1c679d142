//! Seals as objects: round, oval or square blots of red ink of a seal's size, and dark rings on pages without colours.

use super::prepare::PURPLE;
use super::{Grey, rings};
use crate::model::{SealInk, SealShape};

/// A seal in pixels: left, top, right, bottom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Found {
    pub bbox: [f32; 4],
    pub ink: SealInk,
    pub shape: SealShape,
}

/// Seals among the red pixels of a page picture.
pub(super) fn find(red: &[u8], w: usize, h: usize, dpi: f32) -> Vec<Found> {
    // Coarse cells of about a millimetre close the gaps between a seal's strokes.
    let side = ((dpi / 25.4).round() as usize).max(2);
    let (cw, ch) = (w.div_ceil(side), h.div_ceil(side));
    let mut cells = vec![0u32; cw * ch];
    for y in 0..h {
        for (x, v) in red[y * w..(y + 1) * w].iter().enumerate() {
            if *v != 0 {
                cells[(y / side) * cw + x / side] += 1;
            }
        }
    }
    let least = (side * side) as u32 / 12;
    let inked: Vec<bool> = cells.iter().map(|n| *n > least).collect();
    let mm = |cells: usize| cells as f32 * side as f32 * 25.4 / dpi;
    let mut out = Vec::new();
    for (x0, y0, x1, y1, n) in regions(&inked, cw, ch) {
        let (wide, high) = (mm(x1 - x0), mm(y1 - y0));
        let filled = n as f32 / ((x1 - x0) * (y1 - y0)) as f32;
        // Company seals measure 38–45 mm, oval invoice seals 40 × 30, name stamps about 20 mm.
        let sized = (14.0..65.0).contains(&wide) && (11.0..65.0).contains(&high);
        let seal = sized && wide < 2.2 * high && high < 1.7 * wide && filled > 0.15;
        // Seals that touch are one region, larger than any seal.
        let several = wide.min(high) > 28.0 && wide.max(high) < 150.0;
        if !seal && !several {
            continue;
        }
        let bbox = [x0, y0, x1, y1].map(|cells| (cells * side) as f32);
        let whole = x0 > 0 && y0 > 0 && x1 < cw && y1 < ch;
        let mask = Mask { red, w, h };
        let (ink, shape) = (mask.ink(bbox), mask.shape(bbox, whole));
        let apart = if !seal || shape == SealShape::Unknown { mask.rings(bbox, dpi) } else { Vec::new() };
        if apart.len() > 1 || (!seal && !apart.is_empty()) {
            out.extend(apart.into_iter().map(|r| Found { ink, ..r }));
        } else if seal {
            out.push(Found { bbox, ink, shape });
        }
    }
    out
}

/// The mask of seal ink.
#[derive(Clone, Copy)]
struct Mask<'a> {
    red: &'a [u8],
    w: usize,
    h: usize,
}

impl Mask<'_> {
    fn rows(&self, b: [f32; 4]) -> impl Iterator<Item = &[u8]> {
        let side = |v: f32, most: usize| (v.max(0.0) as usize).min(most);
        let (x0, x1) = (side(b[0], self.w), side(b[2], self.w));
        (side(b[1], self.h)..side(b[3], self.h))
            .map(move |y| &self.red[y * self.w + x0.min(x1)..y * self.w + x1])
    }

    fn ink(&self, b: [f32; 4]) -> SealInk {
        let (mut purple, mut all) = (0usize, 0usize);
        for row in self.rows(b) {
            purple += row.iter().filter(|v| **v == PURPLE).count();
            all += row.iter().filter(|v| **v != 0).count();
        }
        if purple * 2 > all { SealInk::Purple } else { SealInk::Red }
    }

    /// The outline, by the ink's bounds and by what stands in their corners: nothing where the outline is bent.
    fn shape(&self, b: [f32; 4], whole: bool) -> SealShape {
        let Some(b) = self.tight(b) else { return SealShape::Unknown };
        let (w, h) = (b[2] - b[0], b[3] - b[1]);
        let (dx, dy) = (w * 0.11, h * 0.11);
        let corner = |x: f32, y: f32| -> bool {
            let n: usize =
                self.rows([x, y, x + dx, y + dy]).map(|r| r.iter().filter(|v| **v != 0).count()).sum();
            n as f32 > 0.06 * dx * dy
        };
        let corners = [(b[0], b[1]), (b[2] - dx, b[1]), (b[0], b[3] - dy), (b[2] - dx, b[3] - dy)];
        let bent = corners.iter().filter(|c| !corner(c.0, c.1)).count();
        let even = w < 1.13 * h && h < 1.13 * w;
        match bent {
            4 if even => SealShape::Round,
            4 if whole && w < 2.0 * h => SealShape::Oval,
            0 | 1 => SealShape::Square,
            _ => SealShape::Unknown,
        }
    }

    /// The rings of seals that touch or overlap.
    fn rings(&self, b: [f32; 4], dpi: f32) -> Vec<Found> {
        let rows: Vec<&[u8]> = self.rows(b).collect();
        let w = rows.first().map_or(0, |r| r.len());
        // Room around them: a ring at the edge has paper outside.
        let ink = |v: &u8| if *v == 0 { 255 } else { 0 };
        let px: Vec<u8> = rows.iter().flat_map(|r| r.iter().map(ink)).collect();
        let pad = (dpi * 0.2) as usize;
        let page = Grey { w, h: rows.len(), px }.padded(pad, pad, pad, pad);
        let (left, top) = (b[0].max(0.0).floor() - pad as f32, b[1].max(0.0).floor() - pad as f32);
        let back = |f: Found| Found {
            bbox: [f.bbox[0] + left, f.bbox[1] + top, f.bbox[2] + left, f.bbox[3] + top],
            ..f
        };
        rings::find(&page, dpi).into_iter().map(back).collect()
    }

    /// The bounds drawn in to rows and columns with more ink than specks.
    fn tight(&self, b: [f32; 4]) -> Option<[f32; 4]> {
        let least = (((b[2] - b[0]).max(b[3] - b[1]) / 60.0) as usize).max(2);
        let mut columns = vec![0usize; (b[2] - b[0]).max(0.0) as usize + 1];
        let mut rows = Vec::new();
        for row in self.rows(b) {
            rows.push(row.iter().filter(|v| **v != 0).count());
            for (n, v) in columns.iter_mut().zip(row) {
                *n += usize::from(*v != 0);
            }
        }
        let ends = |n: &[usize]| {
            let first = n.iter().position(|n| *n >= least)?;
            Some((first as f32, n.iter().rposition(|n| *n >= least)? as f32 + 1.0))
        };
        let ((x0, x1), (y0, y1)) = (ends(&columns)?, ends(&rows)?);
        let (left, top) = (b[0].max(0.0).floor(), b[1].max(0.0).floor());
        Some([left + x0, top + y0, left + x1, top + y1])
    }
}

/// Connected regions of cells (gaps of one cell are bridged): bounds and number of cells.
fn regions(inked: &[bool], w: usize, h: usize) -> Vec<(usize, usize, usize, usize, usize)> {
    let mut seen = vec![false; inked.len()];
    let mut out = Vec::new();
    for start in 0..inked.len() {
        if seen[start] || !inked[start] {
            continue;
        }
        let mut bounds = (w, h, 0, 0, 0);
        let mut stack = vec![start];
        seen[start] = true;
        while let Some(at) = stack.pop() {
            let (x, y) = (at % w, at / w);
            bounds =
                (bounds.0.min(x), bounds.1.min(y), bounds.2.max(x + 1), bounds.3.max(y + 1), bounds.4 + 1);
            for ny in y.saturating_sub(2)..(y + 3).min(h) {
                for nx in x.saturating_sub(2)..(x + 3).min(w) {
                    let n = ny * w + nx;
                    if inked[n] && !seen[n] {
                        seen[n] = true;
                        stack.push(n);
                    }
                }
            }
        }
        out.push(bounds);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_is_a_seal_and_a_line_is_not() {
        let (w, h) = (800, 600);
        let mut red = vec![0u8; w * h];
        for a in 0..3600 {
            let (s, c) = (a as f32 / 10.0).to_radians().sin_cos();
            for r in 150..160 {
                let (x, y) = (300.0 + r as f32 * c, 300.0 + r as f32 * s);
                red[y as usize * w + x as usize] = 255;
            }
        }
        for x in 0..800 {
            for y in 560..564 {
                red[y * w + x] = 255;
            }
        }
        let seals = find(&red, w, h, 200.0);
        assert_eq!(seals.len(), 1);
        let b = seals[0].bbox;
        assert!(((b[0] + b[2]) / 2.0 - 300.0).abs() < 11.0, "{seals:?}");
        assert_eq!((seals[0].ink, seals[0].shape), (SealInk::Red, SealShape::Round));
    }

    #[test]
    fn ovals_squares_and_purple_are_told_apart() {
        let (w, h) = (800, 600);
        let found = |inside: &dyn Fn(f32, f32) -> bool, ink: u8| {
            let red: Vec<u8> = (0..w * h)
                .map(|i| if inside((i % w) as f32 - 400.0, (i / w) as f32 - 300.0) { ink } else { 0 })
                .collect();
            let seals = find(&red, w, h, 200.0);
            assert_eq!(seals.len(), 1);
            (seals[0].ink, seals[0].shape)
        };
        let oval = |x: f32, y: f32| (0.9..1.0).contains(&(x / 160.0).hypot(y / 120.0));
        assert_eq!(found(&oval, PURPLE), (SealInk::Purple, SealShape::Oval));
        let square = |x: f32, y: f32| (70.0..80.0).contains(&x.abs().max(y.abs()));
        assert_eq!(found(&square, 255), (SealInk::Red, SealShape::Square));
    }

    #[test]
    fn seals_that_touch_are_two() {
        let (w, h) = (800, 900);
        let ring = |x: usize, y: usize, cx: f32, cy: f32| {
            (148.0..157.0).contains(&(x as f32 - cx).hypot(y as f32 - cy))
        };
        let on = |i: usize| ring(i % w, i / w, 400.0, 260.0) || ring(i % w, i / w, 440.0, 570.0);
        let red: Vec<u8> = (0..w * h).map(|i| if on(i) { 255 } else { 0 }).collect();
        let mut middles: Vec<f32> =
            find(&red, w, h, 200.0).iter().map(|s| f32::midpoint(s.bbox[1], s.bbox[3])).collect();
        middles.sort_by(f32::total_cmp);
        assert_eq!(middles.len(), 2, "{middles:?}");
        assert!((middles[0] - 260.0).abs() < 12.0 && (middles[1] - 570.0).abs() < 12.0, "{middles:?}");
    }

    #[test]
    fn a_dark_ring_on_a_grey_page_is_found_among_text() {
        let (w, h) = (1000usize, 1200usize);
        let mut g = Grey::new(w, h, 250);
        for y in 0..h {
            for x in 0..w {
                let text = y % 40 < 18 && x % 20 < 9 && (x / 20 * 7 + y / 40 * 3) % 5 > 1;
                let r = (x as f32 - 500.0).hypot(y as f32 - 700.0);
                if text || (150.0..157.0).contains(&r) {
                    g.px[y * w + x] = 40;
                }
            }
        }
        let found = rings::find(&g, 200.0);
        assert_eq!(found.len(), 1, "{found:?}");
        let b = found[0].bbox;
        assert!((b[0] - 343.0).abs() < 12.0 && (b[3] - 857.0).abs() < 12.0, "{b:?}");
        assert_eq!(found[0].ink, SealInk::Grey);
        for y in 500..900 {
            for x in 300..700 {
                let r = (x as f32 - 500.0).hypot(y as f32 - 700.0);
                if (149.0..158.0).contains(&r) {
                    g.px[y * w + x] = 250;
                }
            }
        }
        assert!(rings::find(&g, 200.0).is_empty());
    }
}

//! Finds text lines: the detector's probability map, and boxes out of it.

use super::Grey;
use hecha_neural::Net;

/// A probability above this belongs to text.
const INK: f32 = 0.3;
/// A box whose mean probability is below this is dropped.
const SURE: f32 = 0.5;
/// How far a box grows beyond the shrunk text region the model marks.
const GROW: f32 = 1.6;

/// A detected piece of text in pixels. `slope` is its rise per pixel to the right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct TextBox {
    pub x0: f32,
    pub y0: f32,
    pub x1: f32,
    pub y1: f32,
    pub slope: f32,
}

impl TextBox {
    pub(super) fn width(&self) -> f32 {
        self.x1 - self.x0
    }

    pub(super) fn height(&self) -> f32 {
        self.y1 - self.y0
    }

    /// Taller than wide: text that runs down, or a page that lies on its side.
    pub(super) fn tall(&self) -> bool {
        self.height() > 1.5 * self.width()
    }
}

/// Detects text on a prepared page. The longer side is brought to at most `side` pixels.
pub(super) fn text_boxes(net: &Net, page: &Grey, side: usize) -> Vec<TextBox> {
    let (w, h) = (page.w, page.h);
    if w < 4 || h < 4 {
        return Vec::new();
    }
    let shrink = (side as f32 / w.max(h) as f32).min(1.0);
    // Very small pictures are enlarged: the model wants letters of at least some ten pixels.
    let scale = if w.max(h) < 320 { (320.0 / w.max(h) as f32).min(2.0) } else { shrink };
    let to = |v: usize| (((v as f32 * scale / 32.0).round() as usize) * 32).max(32);
    let (dw, dh) = (to(w), to(h));
    let small = page.resized(dw, dh);
    let plane: Vec<f32> = small.px.iter().map(|v| f32::from(*v) / 127.5 - 1.0).collect();
    let mut input = Vec::with_capacity(plane.len() * 3);
    for _ in 0..3 {
        input.extend_from_slice(&plane);
    }
    let Some((shape, map)) = net.run([1, 3, dh, dw], input) else { return Vec::new() };
    if shape.iter().product::<usize>() != dw * dh {
        return Vec::new();
    }
    let (kx, ky) = (w as f32 / dw as f32, h as f32 / dh as f32);
    boxes(&map, dw, dh)
        .into_iter()
        .map(|b| TextBox {
            x0: (b.x0 * kx).max(0.0),
            x1: (b.x1 * kx).min(w as f32),
            y0: (b.y0 * ky).max(0.0),
            y1: (b.y1 * ky).min(h as f32),
            slope: b.slope * ky / kx,
        })
        .filter(|b| b.width() > 3.0 && b.height() > 3.0)
        .collect()
}

/// Boxes of the connected regions of a probability map.
pub(super) fn boxes(map: &[f32], w: usize, h: usize) -> Vec<TextBox> {
    let mut out = Vec::new();
    let mut seen = vec![false; w * h];
    let mut stack = Vec::new();
    let mut region = Vec::new();
    for start in 0..w * h {
        if seen[start] || map[start] <= INK {
            continue;
        }
        region.clear();
        stack.push(start);
        seen[start] = true;
        while let Some(at) = stack.pop() {
            region.push(at);
            let (x, y) = (at % w, at / w);
            for ny in y.saturating_sub(1)..(y + 2).min(h) {
                for nx in x.saturating_sub(1)..(x + 2).min(w) {
                    let n = ny * w + nx;
                    if !seen[n] && map[n] > INK {
                        seen[n] = true;
                        stack.push(n);
                    }
                }
            }
        }
        out.extend(region_box(map, w, &region));
    }
    out
}

fn region_box(map: &[f32], w: usize, region: &[usize]) -> Option<TextBox> {
    let mean = region.iter().map(|i| map[*i]).sum::<f32>() / region.len() as f32;
    if region.len() < 6 || mean < SURE {
        return None;
    }
    let xs = || region.iter().map(|i| (i % w) as f32);
    let ys = || region.iter().map(|i| (i / w) as f32);
    let x0 = xs().fold(f32::MAX, f32::min);
    let x1 = xs().fold(f32::MIN, f32::max) + 1.0;
    let (top, bottom) = (ys().fold(f32::MAX, f32::min), ys().fold(f32::MIN, f32::max) + 1.0);
    let slope = if x1 - x0 > 4.0 * (bottom - top) { slope_of(w, region) } else { 0.0 };
    // Height across the slope, about the middle of the box.
    let cx = (x0 + x1) / 2.0;
    let level = |i: &usize| (i / w) as f32 - ((i % w) as f32 - cx) * slope;
    let y0 = region.iter().map(level).fold(f32::MAX, f32::min);
    let y1 = region.iter().map(level).fold(f32::MIN, f32::max) + 1.0;
    let (bw, bh) = (x1 - x0, y1 - y0);
    if bw.min(bh) < 2.0 {
        return None;
    }
    let grow = bw * bh * GROW / (2.0 * (bw + bh));
    Some(TextBox { x0: x0 - grow, x1: x1 + grow, y0: y0 - grow, y1: y1 + grow, slope })
}

/// Slope of a region's points by least squares.
fn slope_of(w: usize, region: &[usize]) -> f32 {
    let n = region.len() as f64;
    let (mut sx, mut sy, mut sxx, mut sxy) = (0f64, 0f64, 0f64, 0f64);
    for i in region {
        let (x, y) = ((i % w) as f64, (i / w) as f64);
        sx += x;
        sy += y;
        sxx += x * x;
        sxy += x * y;
    }
    let spread = sxx - sx * sx / n;
    if spread < 1.0 { 0.0 } else { ((sxy - sx * sy / n) / spread) as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_become_grown_boxes() {
        let (w, h) = (100, 40);
        let mut map = vec![0f32; w * h];
        for y in 10..14 {
            for x in 20..80 {
                map[y * w + x] = 0.9;
            }
        }
        map[30 * w + 5] = 0.95; // a speck
        let found = boxes(&map, w, h);
        assert_eq!(found.len(), 1);
        let b = found[0];
        assert!(b.x0 < 20.0 && b.x1 > 80.0 && b.height() > 9.0 && b.height() < 12.0, "{b:?}");
        assert!(b.slope.abs() < 1e-3);
    }

    #[test]
    fn weak_regions_are_dropped() {
        assert!(boxes(&vec![0.35; 400], 20, 20).is_empty());
    }
}

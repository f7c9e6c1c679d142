//! The characters of a page as they stand in the picture, with what is measured of each.

use image::RgbImage;

use super::{meet, quantile};
use crate::model::{BBox, Confidence, Page};

/// No more characters of a page are measured than this.
const MOST: usize = 1_600;
/// Ink must stand out from the paper by so many shades.
const CONTRAST: f32 = 70.0;
/// Shades by which the channels of black ink on paper may differ.
const TINT: f32 = 22.0;
/// What is recognised less surely may be no character.
const LEAST_SURE: Confidence = Confidence(600);

/// A character of black ink.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    /// Index of its line, and of the character in it.
    pub(super) line: usize,
    pub(super) index: usize,
    pub(super) ch: char,
    /// Where, in pixels: left, top, right, bottom.
    pub(super) rect: [u32; 4],
    /// The darkest of its ink.
    pub(super) dark: f32,
    /// The steepest of its edges, as a share of its contrast.
    pub(super) sharp: f32,
    /// The shade of the paper at it, and above and below it.
    pub(super) paper: f32,
    pub(super) around: f32,
    /// How much neighbouring pixels of its paper differ.
    pub(super) grain: f32,
}

/// The characters of a page that can be measured, in order.
pub(super) fn cells(picture: &RgbImage, dpi: f32, page: &Page) -> Vec<Cell> {
    let k = dpi / 72.0;
    let seals: Vec<BBox> =
        page.seals.iter().map(|s| s.bbox).chain(page.codes.iter().map(|c| c.bbox)).collect();
    let mut out = Vec::new();
    for (number, line) in page.lines.iter().enumerate() {
        let Some(own) = line.bbox().filter(|_| line.confidence >= LEAST_SURE) else { continue };
        let text: Vec<char> = line.text.chars().collect();
        let upright = own.height() > 4.0 && own.height() < 40.0;
        if line.edges.len() != text.len() + 1 || !upright {
            continue;
        }
        for (index, ch) in text.into_iter().enumerate() {
            let Some(b) = line.place_of(index, index + 1).bbox().filter(|_| !ch.is_whitespace()) else {
                continue;
            };
            if seals.iter().any(|s| meet(*s, b)) || out.len() >= MOST {
                continue;
            }
            let seen = of(picture, page.as_filed(b), k);
            out.extend(seen.map(|cell| Cell { line: number, index, ch, ..cell }));
        }
    }
    out
}

/// Measures a character; none for what is pale, coloured or cut off.
fn of(picture: &RgbImage, b: BBox, k: f32) -> Option<Cell> {
    let (w, h) = picture.dimensions();
    let high = b.height() * k;
    let (dx, dy) = (0.12 * high, 0.12 * high);
    let rect = [b.x0 * k - dx, b.y0 * k - dy, b.x1 * k + dx, b.y1 * k + dy];
    let inside = rect[0] >= 1.0 && rect[1] >= high && rect[2] < w as f32 - 1.0 && rect[3] + high < h as f32;
    if !inside || rect[2] - rect[0] < 5.0 || rect[3] - rect[1] < 8.0 || high > 160.0 {
        return None;
    }
    let rect = rect.map(|v| v as u32);
    let [x0, y0, x1, y1] = rect;
    let (width, height) = ((x1 - x0) as usize, (y1 - y0) as usize);
    let grey = shades(picture, rect);
    let (dark, light) = (quantile(grey.clone(), 0.02), quantile(grey.clone(), 0.85));
    let contrast = light - dark;
    if contrast < CONTRAST || tint(picture, rect) > TINT {
        return None;
    }
    let at = |x: usize, y: usize| grey[y * width + x];
    let (mut steep, mut grain, mut count, mut paper) = (Vec::new(), 0.0f32, 0usize, Vec::new());
    let plain = dark + 0.8 * contrast;
    for y in 1..height - 1 {
        for x in 1..width - 1 {
            let v = at(x, y);
            let around = [at(x - 1, y), at(x + 1, y), at(x, y - 1), at(x, y + 1)];
            // From one pixel to the next: over two of them every edge of a good scan is steep.
            let across = (around[1] - v).abs().max((around[3] - v).abs());
            if across > 0.15 * contrast {
                steep.push(across);
            }
            if v > plain && around.iter().all(|n| *n > plain) {
                grain += (4.0 * v - around.iter().sum::<f32>()).abs() / 4.0;
                count += 1;
                paper.push(v);
            }
        }
    }
    if count < 8 || steep.is_empty() {
        return None;
    }
    let strip = |y: f32| shades(picture, [x0, y as u32, x1, (y + 0.3 * high).max(y + 2.0) as u32]);
    let beside = [strip(y0 as f32 - 0.55 * high), strip(y1 as f32 + 0.25 * high)].concat();
    Some(Cell {
        line: 0,
        index: 0,
        ch: ' ',
        rect,
        dark,
        sharp: quantile(steep, 0.9) / contrast,
        paper: quantile(paper, 0.5),
        around: quantile(beside, 0.7),
        grain: grain / count as f32,
    })
}

/// The shades of a part of a picture, row by row.
pub(super) fn shades(picture: &RgbImage, [x0, y0, x1, y1]: [u32; 4]) -> Vec<f32> {
    let mut out = Vec::with_capacity(((x1 - x0) * (y1 - y0)) as usize);
    for y in y0..y1.min(picture.height()) {
        for x in x0..x1.min(picture.width()) {
            let [r, g, b] = picture.get_pixel(x, y).0.map(f32::from);
            out.push(0.30 * r + 0.586 * g + 0.114 * b);
        }
    }
    out
}

/// How much the channels of a part of a picture differ, on the whole.
fn tint(picture: &RgbImage, [x0, y0, x1, y1]: [u32; 4]) -> f32 {
    let (mut sum, mut count) = (0u32, 0u32);
    for y in (y0..y1).step_by(2) {
        for x in (x0..x1).step_by(2) {
            let p = picture.get_pixel(x, y).0;
            sum += u32::from(p[0].max(p[1]).max(p[2]) - p[0].min(p[1]).min(p[2]));
            count += 1;
        }
    }
    sum as f32 / count.max(1) as f32
}

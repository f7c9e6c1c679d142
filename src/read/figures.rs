//! Pictures printed on a scanned page: screens and photographs between lines of text, as areas without paper.

use image::RgbImage;

use crate::model::{BBox, Shown};

use super::imprint;

/// Points on a side of the cells that are looked at.
const CELL: f32 = 6.0;
/// Brightness by which the brightest part of a cell is darker than the page's paper, for no paper to be in it. Letters
/// leave paper between them.
const DARKER: u8 = 36;
/// Share of the page's width and height that a picture takes at least.
const LEAST: (f32, f32) = (0.3, 0.1);
/// Share of its frame that is no paper.
const FILLED: f32 = 0.7;
/// What takes more of the page than this is the page.
const MOST: f32 = 0.9;

/// What the pictures on a scanned page look like.
pub(super) fn on(page: &RgbImage, dpi: f32) -> Vec<Shown> {
    let frames = frames(page, dpi);
    frames.into_iter().filter_map(|frame| imprint::shown(page, dpi, frame)).collect()
}

/// The frames of pictures, in points.
fn frames(page: &RgbImage, dpi: f32) -> Vec<BBox> {
    let side = (CELL * dpi / 72.0).round().max(2.0) as u32;
    let (w, h) = ((page.width() / side) as usize, (page.height() / side) as usize);
    if w < 20 || h < 20 {
        return Vec::new();
    }
    let bright: Vec<u8> = (0..w * h).map(|i| brightest(page, (i % w) as u32, (i / w) as u32, side)).collect();
    let mut sorted = bright.clone();
    sorted.sort_unstable();
    let paper = sorted[sorted.len() * 3 / 4];
    let dark: Vec<bool> = bright.iter().map(|b| b.saturating_add(DARKER) < paper).collect();
    let mut seen = vec![false; w * h];
    let mut out = Vec::new();
    for start in 0..w * h {
        if !dark[start] || seen[start] {
            continue;
        }
        let Some((x0, y0, x1, y1)) = grown(&dark, &mut seen, (w, h), start) else { continue };
        let share = ((x1 - x0) as f32 / w as f32, (y1 - y0) as f32 / h as f32);
        if share.0 >= LEAST.0 && share.1 >= LEAST.1 && (share.0 < MOST || share.1 < MOST) {
            let points = |cells: usize| cells as f32 * side as f32 * 72.0 / dpi;
            out.push(BBox::new(points(x0), points(y0), points(x1), points(y1)));
        }
    }
    out
}

/// The cells that hang together with one, cells aside of one gap included; None where their frame is mostly paper.
fn grown(
    dark: &[bool],
    seen: &mut [bool],
    (w, h): (usize, usize),
    start: usize,
) -> Option<(usize, usize, usize, usize)> {
    let (mut x0, mut y0, mut x1, mut y1) = (w, h, 0, 0);
    let mut stack = vec![start];
    let mut count = 0;
    seen[start] = true;
    while let Some(at) = stack.pop() {
        let (x, y) = (at % w, at / w);
        count += 1;
        (x0, y0, x1, y1) = (x0.min(x), y0.min(y), x1.max(x + 1), y1.max(y + 1));
        for j in y.saturating_sub(2)..(y + 3).min(h) {
            for i in x.saturating_sub(2)..(x + 3).min(w) {
                let next = j * w + i;
                if dark[next] && !seen[next] {
                    seen[next] = true;
                    stack.push(next);
                }
            }
        }
    }
    (count as f32 >= FILLED * ((x1 - x0) * (y1 - y0)) as f32).then_some((x0, y0, x1, y1))
}

/// The shade of a cell's brighter part: nine of ten points are darker.
fn brightest(page: &RgbImage, x: u32, y: u32, side: u32) -> u8 {
    let step = (side / 6).max(1) as usize;
    let mut shades: Vec<u8> = Vec::new();
    for j in (0..side).step_by(step) {
        for i in (0..side).step_by(step) {
            let [r, g, b] = page.get_pixel(x * side + i, y * side + j).0;
            shades.push(r.min(g).min(b));
        }
    }
    let at = shades.len() * 9 / 10;
    *shades.select_nth_unstable(at).1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(draw: impl Fn(u32, u32) -> Option<u8>) -> RgbImage {
        RgbImage::from_fn(620, 877, |x, y| image::Rgb([draw(x, y).unwrap_or(244); 3]))
    }

    #[test]
    fn a_screen_between_lines_of_text_is_found() {
        // Two screens of different content under a line of text, at 75 dpi.
        let screen = |x: u32, y: u32| Some(if (x / 40 + y / 30).is_multiple_of(3) { 120 } else { 40 });
        let text = |x: u32, y: u32| (y % 14 < 6 && x % 5 < 3).then_some(20);
        let drawn = page(|x, y| match (x, y) {
            (60..560, 100..380) => screen(x, y),
            (60..560, 420..700) => screen(x + 13, y * 2),
            (60..560, 760..850) => text(x, y),
            _ => None,
        });
        let found = frames(&drawn, 75.0);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!((found[0].x0 - 57.6).abs() < 8.0 && (found[0].y1 - 364.8).abs() < 8.0, "{found:?}");
    }

    #[test]
    fn text_tables_and_pages_that_are_dark_are_no_pictures() {
        let text = page(|x, y| (y % 14 < 8 && x % 5 < 3).then_some(20));
        assert!(frames(&text, 75.0).is_empty());
        let table = page(|x, y| (x % 90 < 2 || y % 24 < 2).then_some(30));
        assert!(frames(&table, 75.0).is_empty());
        assert!(frames(&page(|_, _| Some(60)), 75.0).is_empty());
    }
}

//! How alike two pictures are, pixel by pixel: the structure of their small parts, wherever there is any. Even areas
//! agree in all screens of one program and say nothing.

use image::imageops::{self, FilterType};
use image::{GrayImage, RgbImage};

use super::imprint::trimmed;

/// Width to which both are brought.
const WIDTH: u32 = 384;
/// Side of the windows that are compared, and how far apart they are.
const WINDOW: usize = 8;
const STEP: usize = 6;
/// Shades by which the pixels of a window spread at least, for it to show anything.
const SPREAD: f32 = 7.0;
/// A picture shows something in this many windows at least.
const LEAST: usize = 30;
/// Sides may differ by this share: a picture is not stretched by being copied.
const STRETCH: f32 = 0.06;

/// The likeness of two pictures without their margins, 0 to 1; none where they differ in shape or show too little.
pub fn likeness(a: &RgbImage, b: &RgbImage, mirrored: bool) -> Option<f32> {
    let (a, mut b) = (trimmed(a)?, trimmed(b)?);
    if mirrored {
        b = imageops::flip_horizontal(&b);
    }
    let shape = |p: &GrayImage| p.height() as f32 / p.width().max(1) as f32;
    let (tall, wide) = (shape(&a).max(shape(&b)), shape(&a).min(shape(&b)));
    if tall > (1.0 + STRETCH) * wide || tall > 8.0 {
        return None;
    }
    let height = ((WIDTH as f32 * shape(&a)).round() as u32).max(WINDOW as u32 * 2);
    let one_size = |p: &GrayImage| imageops::resize(p, WIDTH, height, FilterType::Triangle);
    let (a, b) = (one_size(&a), one_size(&b));
    let shifts = (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| (dx, dy)));
    shifts.filter_map(|shift| compare(&a, &b, shift)).max_by(f32::total_cmp)
}

fn compare(a: &GrayImage, b: &GrayImage, shift: (i32, i32)) -> Option<f32> {
    let (w, h) = (a.width() as usize, a.height() as usize);
    let (mut sum, mut count) = (0.0f32, 0usize);
    for y in (2..h.saturating_sub(WINDOW + 2)).step_by(STEP) {
        for x in (2..w.saturating_sub(WINDOW + 2)).step_by(STEP) {
            if let Some(alike) = window(a, b, (x, y), shift) {
                sum += alike;
                count += 1;
            }
        }
    }
    (count >= LEAST).then(|| sum / count as f32)
}

/// The structural part of the similarity of a window; none where it is even in both.
fn window(a: &GrayImage, b: &GrayImage, (x0, y0): (usize, usize), (dx, dy): (i32, i32)) -> Option<f32> {
    let n = (WINDOW * WINDOW) as f32;
    let (mut sa, mut sb, mut saa, mut sbb, mut sab) = (0.0f32, 0.0f32, 0.0f32, 0.0f32, 0.0f32);
    for y in y0..y0 + WINDOW {
        for x in x0..x0 + WINDOW {
            let p = f32::from(a.get_pixel(x as u32, y as u32).0[0]);
            let q = f32::from(b.get_pixel((x as i32 + dx) as u32, (y as i32 + dy) as u32).0[0]);
            (sa, sb) = (sa + p, sb + q);
            (saa, sbb, sab) = (saa + p * p, sbb + q * q, sab + p * q);
        }
    }
    let spread = |sum: f32, squares: f32| (squares / n - (sum / n) * (sum / n)).max(0.0).sqrt();
    let (da, db) = (spread(sa, saa), spread(sb, sbb));
    if da.max(db) < SPREAD {
        return None;
    }
    let both = sab / n - (sa / n) * (sb / n);
    // The constant keeps faint noise from counting as structure.
    const C: f32 = 30.0;
    Some((both + C) / (da * db + C))
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    /// A screen of one program; `seed` tells its figures.
    fn screen(seed: u32) -> RgbImage {
        RgbImage::from_fn(800, 500, |x, y| {
            let frame = y < 40 || x < 90 || x % 200 < 3;
            let cell = (x / 5) * 31 + (y / 7) * 17 + seed * 7_919;
            let letter = y % 40 > 22 && x % 200 > 60 && cell.wrapping_mul(2_654_435_761) >> 31 == 1;
            Rgb(if frame {
                [40, 70, 120]
            } else if letter {
                [30, 30, 30]
            } else {
                [245, 245, 248]
            })
        })
    }

    #[test]
    fn copies_are_alike_and_other_figures_in_one_frame_are_not() {
        let scaled = imageops::resize(&screen(1), 560, 350, FilterType::CatmullRom);
        let copy = likeness(&screen(1), &scaled, false).unwrap();
        let other = likeness(&screen(1), &screen(2), false).unwrap();
        assert!(copy > 0.9 && other < 0.75, "{copy} {other}");
        let turned = imageops::flip_horizontal(&scaled);
        assert!(likeness(&screen(1), &turned, true).unwrap() > 0.9);
    }

    #[test]
    fn blank_and_stretched_pictures_have_no_likeness() {
        let blank = RgbImage::from_pixel(400, 300, Rgb([255, 255, 255]));
        assert_eq!(likeness(&blank, &blank, false), None);
        let stretched = imageops::resize(&screen(1), 800, 700, FilterType::Triangle);
        assert_eq!(likeness(&screen(1), &stretched, false), None);
    }
}

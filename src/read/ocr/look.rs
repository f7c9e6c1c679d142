//! What a picture looks like as a whole: the screen of a computer, or a photograph of something that is no paper.

use image::RgbImage;

use crate::model::Look;

/// Points that are looked at in each direction.
const POINTS: u32 = 160;
/// Share of bright, colourless points from which a picture is paper.
const PAPER: f32 = 0.5;
/// Share of points that equal their neighbour from which a picture was drawn by a computer.
const DRAWN: f32 = 0.62;
/// Share up to which it was taken by a camera.
const TAKEN: f32 = 0.5;
/// A screen with a light ground is as bright as paper, but wider than high, drawn through and through, and in colour.
const LIGHT: f32 = 0.8;
const WIDE: std::ops::RangeInclusive<f32> = 1.3..=2.5;
const COLOURED: f32 = 0.06;
/// Shades between the channels of a point from which it is coloured.
const CHROMA: u8 = 60;
/// Spread of brightness below which nothing is shown.
const EMPTY: f32 = 14.0;
/// Mean brightness of a picture that is black.
const BLACK: f32 = 48.0;

/// The look of a picture; `None` for paper, for an even surface and where it cannot be told.
pub(super) fn of(picture: &RgbImage) -> Option<Look> {
    let (w, h) = picture.dimensions();
    if w < 64 || h < 64 {
        return None;
    }
    let (mut flat, mut count) = (0u32, 0u32);
    let (mut paper, mut coloured, mut sum, mut squares) = (0u32, 0u32, 0f32, 0f32);
    for j in 0..POINTS {
        for i in 0..POINTS {
            let (x, y) = (i * (w - 2) / POINTS, j * (h - 2) / POINTS);
            let here = picture.get_pixel(x, y).0;
            let apart =
                |there: [u8; 3]| here.iter().zip(there).map(|(a, b)| a.abs_diff(b)).max().unwrap_or(0);
            let equal = |dx, dy| apart(picture.get_pixel(x + dx, y + dy).0) <= 1;
            flat += u32::from(equal(1, 0) && equal(0, 1));
            let (low, high) = (here.iter().min().copied(), here.iter().max().copied());
            let (low, high) = (low.unwrap_or(0), high.unwrap_or(0));
            paper += u32::from(low > 150 && high - low < 40);
            coloured += u32::from(high - low >= CHROMA);
            let bright = (f32::from(here[0]) + f32::from(here[1]) + f32::from(here[2])) / 3.0;
            sum += bright;
            squares += bright * bright;
            count += 1;
        }
    }
    let share = |n: u32| n as f32 / count.max(1) as f32;
    let mean = sum / count.max(1) as f32;
    let spread = (squares / count.max(1) as f32 - mean * mean).max(0.0).sqrt();
    if spread < EMPTY && mean < BLACK {
        return Some(Look::Dark);
    }
    let wide = WIDE.contains(&(w as f32 / h as f32));
    if wide && share(flat) >= LIGHT && share(coloured) >= COLOURED {
        return Some(Look::Screen);
    }
    if spread < EMPTY || share(paper) > PAPER {
        return None;
    }
    match share(flat) {
        f if f >= DRAWN => Some(Look::Screen),
        f if f <= TAKEN => Some(Look::Photo),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A coarse generator of noise, the same in every run.
    fn noise(x: u32, y: u32) -> u8 {
        let n = x.wrapping_mul(374_761_393) ^ y.wrapping_mul(668_265_263);
        ((n ^ (n >> 13)).wrapping_mul(1_274_126_177) >> 28) as u8
    }

    #[test]
    fn screens_photographs_paper_and_nothing() {
        let screen = RgbImage::from_fn(800, 500, |x, y| {
            image::Rgb(if y < 50 || x < 120 {
                [24, 36, 70]
            } else if (x / 150 + y / 90) % 2 == 0 {
                [70, 130, 210]
            } else {
                [20, 30, 60]
            })
        });
        assert_eq!(of(&screen), Some(Look::Screen));
        let light = RgbImage::from_fn(1280, 720, |x, y| {
            image::Rgb(match (x, y) {
                (_, 0..52) | (40..98, 248..436) | (236..294, 340..436) => [30, 144, 255],
                (20..628, 210..212) | (640..1240, 210..212) => [180, 180, 180],
                _ if y > 540 && y < 560 && x % 9 < 4 => [40, 40, 40],
                _ => [243, 246, 251],
            })
        });
        assert_eq!(of(&light), Some(Look::Screen));
        // A drawn invoice has colour in its lines only.
        let invoice = RgbImage::from_fn(1280, 720, |x, y| {
            image::Rgb(match (x, y) {
                _ if y % 90 < 2 || x % 300 < 2 => [160, 70, 30],
                _ if y % 30 < 10 && x % 9 < 3 => [30, 30, 30],
                _ => [255, 255, 255],
            })
        });
        assert_eq!(of(&invoice), None);
        let photo = RgbImage::from_fn(800, 500, |x, y| {
            let base = (x / 5 + y / 7) as u8;
            image::Rgb([
                base.saturating_add(noise(x, y)),
                (base / 2).saturating_add(noise(y, x)),
                noise(x + 7, y) + 60,
            ])
        });
        assert_eq!(of(&photo), Some(Look::Photo));
        let paper = RgbImage::from_fn(800, 500, |x, y| {
            let ink = y % 20 < 4 && x % 9 < 5;
            image::Rgb([if ink { 30 } else { 235 + noise(x, y) / 2 }; 3])
        });
        assert_eq!(of(&paper), None);
        assert_eq!(of(&RgbImage::from_pixel(300, 300, image::Rgb([90, 90, 90]))), None);
        assert_eq!(of(&RgbImage::new(300, 300)), Some(Look::Dark));
    }
}

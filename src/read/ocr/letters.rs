//! Pictures whose letters are too small: thumbnails of invoices, statements scanned at a hundred dots per inch. The
//! size of letters is measured, not concluded from what a file says of its resolution.

use image::RgbImage;
use image::imageops::{self, FilterType};

use super::Grey;
use super::detect;
use super::engine::Models;

/// Only pictures up to this many pixels on the longer side are looked at: on larger ones letters are not so small.
const LONGEST: u32 = 1420;
/// Letters this high are read well, and lower ones are brought to the second height.
const READABLE: f32 = 17.0;
const WANTED: f32 = 26.0;
/// Most by which a picture is enlarged: what is not there cannot be drawn.
const MOST: f32 = 3.0;
/// Share of a detected box's height that its letters have.
const OF_BOX: f32 = 0.62;
/// Height of letters in points, as papers are usually printed.
const USUAL: f32 = 9.5;
/// So many lines say how large letters are.
const LINES: usize = 6;

/// By how much a picture is to be enlarged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Small {
    pub factor: f32,
    /// The resolution that goes with the letters of the enlarged picture.
    pub dpi: f32,
}

/// Whether a picture's letters are too small to be read.
pub(super) fn too_small(models: &Models, picture: &RgbImage) -> Option<Small> {
    let (w, h) = picture.dimensions();
    if w.max(h) > LONGEST || w.min(h) < 200 {
        return None;
    }
    let luma = |p: &[u8]| ((u32::from(p[0]) * 77 + u32::from(p[1]) * 150 + u32::from(p[2]) * 29) >> 8) as u8;
    let grey =
        Grey { w: w as usize, h: h as usize, px: picture.as_raw().chunks_exact(3).map(luma).collect() };
    let boxes = detect::text_boxes(&models.det, &grey, LONGEST as usize);
    of_heights(boxes.iter().map(|b| b.height().min(b.width())).collect())
}

fn of_heights(mut heights: Vec<f32>) -> Option<Small> {
    if heights.len() < LINES {
        return None;
    }
    heights.sort_by(f32::total_cmp);
    let letters = heights[heights.len() / 2] * OF_BOX;
    if letters >= READABLE {
        return None;
    }
    let factor = (WANTED / letters.max(1.0)).clamp(1.2, MOST);
    Some(Small { factor, dpi: (letters * factor * 72.0 / USUAL).clamp(100.0, 300.0) })
}

impl Small {
    /// The picture enlarged.
    pub(super) fn enlarged(self, picture: &RgbImage) -> Option<RgbImage> {
        let to = |v: u32| (v as f32 * self.factor).round() as u32;
        let (w, h) = (to(picture.width()), to(picture.height()));
        (w > 0 && h > 0).then(|| imageops::resize(picture, w, h, FilterType::CatmullRom))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_letters_are_enlarged_and_others_are_not() {
        assert_eq!(of_heights(vec![40.0; 20]), None);
        assert_eq!(of_heights(vec![15.0; 3]), None);
        let small = of_heights(vec![15.0; 20]).unwrap();
        assert!((small.factor - 26.0 / 9.3).abs() < 0.01 && (190.0..205.0).contains(&small.dpi), "{small:?}");
        let tiny = of_heights(vec![5.0; 20]).unwrap();
        assert_eq!(tiny.factor, MOST);
        let drawn = tiny.enlarged(&RgbImage::new(300, 200)).unwrap();
        assert_eq!(drawn.dimensions(), (900, 600));
    }
}

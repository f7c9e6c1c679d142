//! Crops: the part of a page around a value, with the value's box drawn.

use image::{Rgb, RgbImage, imageops};

use crate::model::BBox;

/// Resolution of crops (`domain.md` §9: at least 200 dpi).
pub const DPI: f32 = 200.0;
/// What is shown around a box: enough of the row to recognise the table, some lines above and below.
const MARGIN: (f32, f32) = (130.0, 26.0);
/// Points between the text and the frame.
const GAP: f32 = 1.5;
/// The frame's colour, and its width in pixels.
const FRAME: (Rgb<u8>, u32) = (Rgb([214, 40, 40]), 3);

/// The part of a page of this size (points) that a crop of `bbox` shows.
pub fn window(bbox: BBox, width: f32, height: f32) -> BBox {
    BBox {
        x0: (bbox.x0 - MARGIN.0).max(0.0),
        y0: (bbox.y0 - MARGIN.1).max(0.0),
        x1: (bbox.x1 + MARGIN.0).min(width),
        y1: (bbox.y1 + MARGIN.1).min(height),
    }
}

/// Cuts the window out of a page drawn at `dpi` and frames the box.
pub fn crop(page: &RgbImage, dpi: f32, bbox: BBox) -> RgbImage {
    let scale = dpi / 72.0;
    let window = window(bbox, page.width() as f32 / scale, page.height() as f32 / scale);
    let (x0, y0) = ((window.x0 * scale) as u32, (window.y0 * scale) as u32);
    let (w, h) = ((window.width() * scale).max(1.0) as u32, (window.height() * scale).max(1.0) as u32);
    let mut cut = imageops::crop_imm(page, x0, y0, w, h).to_image();
    let inner = |v: f32, origin: f32| ((v - origin) * scale) as i64;
    frame(
        &mut cut,
        inner(bbox.x0 - GAP, window.x0),
        inner(bbox.y0 - GAP, window.y0),
        inner(bbox.x1 + GAP, window.x0),
        inner(bbox.y1 + GAP, window.y0),
    );
    cut
}

fn frame(image: &mut RgbImage, x0: i64, y0: i64, x1: i64, y1: i64) {
    let (width, height) = (i64::from(image.width()), i64::from(image.height()));
    let thick = i64::from(FRAME.1);
    for y in (y0 - thick).max(0)..(y1 + thick).min(height) {
        for x in (x0 - thick).max(0)..(x1 + thick).min(width) {
            let inside = x >= x0 && x < x1 && y >= y0 && y < y1;
            if !inside {
                image.put_pixel(x as u32, y as u32, FRAME.0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frame_surrounds_and_leaves_the_value() {
        let page = RgbImage::from_pixel(600, 800, Rgb([255, 255, 255]));
        let bbox = BBox::new(50.0, 50.0, 80.0, 60.0);
        let cut = crop(&page, 72.0, bbox);
        let origin = window(bbox, 600.0, 800.0);
        let at = |x: f32, y: f32| *cut.get_pixel((x - origin.x0) as u32, (y - origin.y0) as u32);
        assert_eq!(at(47.0, 55.0), FRAME.0);
        assert_eq!(at(65.0, 55.0), Rgb([255, 255, 255]));
    }

    #[test]
    fn boxes_outside_the_page_do_no_harm() {
        let page = RgbImage::from_pixel(100, 100, Rgb([255, 255, 255]));
        let cut = crop(&page, 72.0, BBox::new(-500.0, -500.0, 5000.0, 5000.0));
        assert_eq!(cut.dimensions(), (100, 100));
        crop(&page, 72.0, BBox::new(900.0, 900.0, 950.0, 950.0));
    }
}

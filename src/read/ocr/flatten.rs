//! Photographs: the sheet's four corners, or the convergence of its rulings, tell how it lay before the camera; it is
//! drawn again as if seen from straight above. Scans and screenshots are left as they are.

use image::RgbImage;

use super::{converge, paper};
use crate::model::Perspective;

/// A point in pixels.
pub(super) type Point = (f32, f32);

/// Where a flat sheet lies on a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Flat {
    /// Its corners on the picture: top left, top right, bottom right, bottom left; they may lie outside.
    pub corners: [Point; 4],
    /// Pixels of the flat sheet.
    pub w: u32,
    pub h: u32,
    /// Whether the corners are those of the paper (else those of the picture).
    pub sheet: bool,
}

/// How the sheet lies, if it does not lie flat already.
pub(super) fn find(picture: &RgbImage) -> Option<Flat> {
    let large = |f: &Flat| f.w >= 64 && f.h >= 64;
    let straight = |f: &Flat| f.draw(picture).is_some_and(|drawn| !converge::remains(&drawn));
    paper::find(picture).filter(large).filter(straight).or_else(|| converge::find(picture).filter(large))
}

impl Flat {
    /// From a place on the flat sheet to the picture, both in points. `flat_k` and `k` are points a pixel.
    pub(super) fn perspective(&self, flat_k: f32, k: f32) -> Option<Perspective> {
        let size = (self.w as f32 * flat_k, self.h as f32 * flat_k);
        Perspective::new(size, self.corners.map(|(x, y)| (x * k, y * k)))
    }

    /// The sheet seen from straight above; what lies outside the picture is white.
    pub(super) fn draw(&self, picture: &RgbImage) -> Option<RgbImage> {
        let map = Perspective::new((self.w as f32, self.h as f32), self.corners)?;
        let (w, h) = (picture.width() as usize, picture.height() as usize);
        let from = picture.as_raw();
        let mut out = vec![255u8; self.w as usize * self.h as usize * 3];
        for (y, row) in out.chunks_exact_mut(self.w as usize * 3).enumerate() {
            for (x, to) in row.chunks_exact_mut(3).enumerate() {
                let (px, py) = map.at(x as f32 + 0.5, y as f32 + 0.5);
                let (px, py) = (px - 0.5, py - 0.5);
                if !(px >= 0.0 && py >= 0.0 && px < (w - 1) as f32 && py < (h - 1) as f32) {
                    continue;
                }
                let (x0, y0) = (px as usize, py as usize);
                let (fx, fy) = (((px - x0 as f32) * 256.0) as u32, ((py - y0 as f32) * 256.0) as u32);
                let at = (y0 * w + x0) * 3;
                for c in 0..3 {
                    let v = |i: usize| u32::from(from[i + c]);
                    let top = v(at) * (256 - fx) + v(at + 3) * fx;
                    let low = v(at + w * 3) * (256 - fx) + v(at + w * 3 + 3) * fx;
                    to[c] = ((top * (256 - fy) + low * fy) >> 16) as u8;
                }
            }
        }
        RgbImage::from_raw(self.w, self.h, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sheet with rulings and words on a dark desk, seen from one side; and the corners.
    fn photograph(corners: [Point; 4], desk: u8) -> RgbImage {
        let (w, h) = (700.0, 480.0);
        let back = inverse(corners, (w, h));
        RgbImage::from_fn(1000, 800, |x, y| {
            let (u, v) = back.at(x as f32 + 0.5, y as f32 + 0.5);
            let inside = u >= 0.0 && v >= 0.0 && u < w && v < h;
            let line = [60.0, 150.0, 300.0, 420.0].iter().any(|l| f32::abs(v - l) < 1.5)
                && (50.0..650.0).contains(&u)
                || [50.0, 250.0, 650.0].iter().any(|l| f32::abs(u - l) < 1.5) && (60.0..420.0).contains(&v);
            // A shadow falls from the left.
            let light = 0.65 + 0.35 * x as f32 / 1000.0;
            let shade = if !inside {
                f32::from(desk)
            } else if line {
                40.0
            } else {
                235.0 * light
            };
            image::Rgb([shade as u8; 3])
        })
    }

    /// The map from the picture to the sheet.
    fn inverse(corners: [Point; 4], (w, h): (f32, f32)) -> Perspective {
        Perspective::between(corners, [(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)]).unwrap()
    }

    fn off(a: [Point; 4], b: [Point; 4]) -> f32 {
        a.iter().zip(b).map(|(a, b)| (a.0 - b.0).hypot(a.1 - b.1)).fold(0.0, f32::max)
    }

    #[test]
    fn the_corners_of_a_sheet_are_found_under_a_shadow() {
        let corners = [(130.0, 120.0), (860.0, 170.0), (920.0, 690.0), (70.0, 640.0)];
        let flat = find(&photograph(corners, 70)).unwrap();
        assert!(flat.sheet);
        assert!(off(flat.corners, corners) < 14.0, "{flat:?}");
    }

    #[test]
    fn rulings_tell_where_paper_and_desk_are_alike() {
        let corners = [(-80.0, -60.0), (1060.0, 30.0), (1150.0, 860.0), (-160.0, 830.0)];
        let picture = photograph(corners, 0);
        let flat = find(&picture).unwrap();
        assert!(!flat.sheet);
        let drawn = flat.draw(&picture).unwrap();
        assert_eq!(find(&drawn), None, "flat now");
    }

    #[test]
    fn what_lies_flat_is_left_alone() {
        let flat = [(0.0, 0.0), (1000.0, 0.0), (1000.0, 800.0), (0.0, 800.0)];
        assert_eq!(find(&photograph(flat, 0)), None);
        // A scan on a dark lid, slightly askew: levelling is another step's.
        let lid = [(30.0, 20.0), (980.0, 30.0), (975.0, 790.0), (25.0, 780.0)];
        assert_eq!(find(&photograph(lid, 20)), None);
        assert_eq!(find(&RgbImage::from_pixel(400, 300, image::Rgb([255; 3]))), None);
        assert_eq!(find(&RgbImage::from_pixel(400, 300, image::Rgb([0; 3]))), None);
        assert_eq!(find(&RgbImage::from_pixel(5, 3, image::Rgb([9; 3]))), None);
    }
}

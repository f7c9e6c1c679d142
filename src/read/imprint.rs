//! What pictures and seals look like, from their pixels: small enough to be kept and compared later.

use image::{GrayImage, RgbImage};

use crate::model::{BBox, Impression, Imprint, Shown};

/// Side of the grey picture that is transformed.
const SIDE: usize = 32;
/// Frequencies kept in each direction.
const KEPT: usize = 8;
/// No more pixels than this on a side are looked at.
const SAMPLES: usize = 512;
/// Shades by which a margin may differ from the corner of the picture.
const MARGIN: u8 = 14;
/// Pictures smaller than this, and paler ones, say nothing.
const LEAST: u32 = 96;
const EVEN: f32 = 9.0;

/// What stands in an area of a page picture looks like this; `area` and the box in points, at `dpi`.
pub(super) fn shown(page: &RgbImage, dpi: f32, area: BBox) -> Option<Shown> {
    let k = dpi / 72.0;
    let pixel = |v: f32, most: u32| ((v * k).round().max(0.0) as u32).min(most);
    let (x0, x1) = (pixel(area.x0, page.width()), pixel(area.x1, page.width()));
    let (y0, y1) = (pixel(area.y0, page.height()), pixel(area.y1, page.height()));
    if x1 < x0 + LEAST || y1 < y0 + LEAST {
        return None;
    }
    imprint(page, (x0, y0, x1, y1)).map(|imprint| Shown { bbox: area, imprint })
}

/// The imprint of a part of a picture, its even margins left out; none for what is nearly even.
fn imprint(picture: &RgbImage, part: (u32, u32, u32, u32)) -> Option<Imprint> {
    let (grey, w, h) = sampled(picture, part);
    let (x0, y0, x1, y1) = content(&grey, w, h)?;
    let small = shrunk(&grey, w, (x0, y0, x1, y1));
    let mean = small.iter().sum::<f32>() / small.len() as f32;
    let spread = (small.iter().map(|v| (v - mean) * (v - mean)).sum::<f32>() / small.len() as f32).sqrt();
    (spread >= EVEN).then(|| Imprint(signs(&small)))
}

/// A picture in grey without its even margins; none where nothing is left.
pub(super) fn trimmed(picture: &RgbImage) -> Option<GrayImage> {
    let whole = (0, 0, picture.width(), picture.height());
    let (grey, w, h) = sampled(picture, whole);
    let (x0, y0, x1, y1) = content(&grey, w, h)?;
    let (kx, ky) = (picture.width() as f32 / w as f32, picture.height() as f32 / h as f32);
    let pixel = |v: usize, k: f32| (v as f32 * k) as u32;
    let (left, top) = (pixel(x0, kx), pixel(y0, ky));
    let (right, bottom) = (pixel(x1, kx).min(picture.width()), pixel(y1, ky).min(picture.height()));
    let part = image::imageops::crop_imm(picture, left, top, right - left, bottom - top).to_image();
    Some(image::DynamicImage::ImageRgb8(part).into_luma8())
}

/// Grey samples of a part of a picture.
fn sampled(picture: &RgbImage, (x0, y0, x1, y1): (u32, u32, u32, u32)) -> (Vec<u8>, usize, usize) {
    let step = |from: u32, to: u32| (to - from).div_ceil(SAMPLES as u32).max(1);
    let (dx, dy) = (step(x0, x1) as usize, step(y0, y1) as usize);
    let row = picture.width() as usize * 3;
    let raw = picture.as_raw();
    let mut out = Vec::new();
    for y in (y0 as usize..y1 as usize).step_by(dy) {
        let line = &raw[y * row + 3 * x0 as usize..y * row + 3 * x1 as usize];
        let grey =
            |p: &[u8]| ((u32::from(p[0]) * 77 + u32::from(p[1]) * 150 + u32::from(p[2]) * 29) >> 8) as u8;
        out.extend(line.chunks_exact(3).step_by(dx).map(grey));
    }
    let (w, h) = (((x1 - x0) as usize).div_ceil(dx), ((y1 - y0) as usize).div_ceil(dy));
    (out, w, h)
}

/// The part of a picture within its margins, in samples: left, top, right, bottom.
fn content(grey: &[u8], w: usize, h: usize) -> Option<(usize, usize, usize, usize)> {
    let corner = *grey.first()?;
    let told = |v: &u8| v.abs_diff(corner) > MARGIN;
    // A speck in a margin is dust.
    let least = |side: usize| side / 100 + 1;
    let rows: Vec<bool> = grey.chunks(w).map(|r| r.iter().filter(|v| told(v)).count() > least(w)).collect();
    let column = |x: usize| (0..h).filter(|y| told(&grey[y * w + x])).count() > least(h);
    let (y0, y1) = (rows.iter().position(|on| *on)?, rows.iter().rposition(|on| *on)? + 1);
    let (x0, x1) = ((0..w).find(|x| column(*x))?, (0..w).rfind(|x| column(*x))? + 1);
    (x1 > x0 + SIDE && y1 > y0 + SIDE).then_some((x0, y0, x1, y1))
}

/// Means of `SIDE` × `SIDE` fields.
fn shrunk(grey: &[u8], w: usize, (x0, y0, x1, y1): (usize, usize, usize, usize)) -> Vec<f32> {
    let edge = |from: usize, to: usize, i: usize| from + (to - from) * i / SIDE;
    let mut out = Vec::with_capacity(SIDE * SIDE);
    for j in 0..SIDE {
        let (top, bottom) = (edge(y0, y1, j), edge(y0, y1, j + 1));
        for i in 0..SIDE {
            let (left, right) = (edge(x0, x1, i), edge(x0, x1, i + 1));
            let sum: u32 =
                (top..bottom).flat_map(|y| &grey[y * w + left..y * w + right]).map(|v| u32::from(*v)).sum();
            out.push(sum as f32 / ((bottom - top) * (right - left)).max(1) as f32);
        }
    }
    out
}

/// The signs of the lowest frequencies; the mean says nothing.
fn signs(small: &[f32]) -> u64 {
    let cosine: Vec<f32> = (0..KEPT)
        .flat_map(|u| {
            (0..SIDE).map(move |x| {
                (std::f32::consts::PI * (2 * x + 1) as f32 * u as f32 / (2 * SIDE) as f32).cos()
            })
        })
        .collect();
    let mut across = vec![0.0f32; SIDE * KEPT];
    for y in 0..SIDE {
        for u in 0..KEPT {
            across[y * KEPT + u] = (0..SIDE).map(|x| small[y * SIDE + x] * cosine[u * SIDE + x]).sum();
        }
    }
    let mut bits = 0u64;
    for v in 0..KEPT {
        for u in 0..KEPT {
            let sum: f32 = (0..SIDE).map(|y| across[y * KEPT + u] * cosine[v * SIDE + y]).sum();
            if (u, v) != (0, 0) && sum > 0.0 {
                bits |= 1 << (v * KEPT + u);
            }
        }
    }
    bits
}

/// A pixel counts as red ink where red stands out by this much; brown, in which forms are printed, is no red.
const RED: i32 = 24;
const BROWN: i32 = 28;
/// Darker than this in red light is black print.
const BLACK: f32 = 115.0;
/// Samples of a cell in each direction.
const FINE: usize = 2;

/// What a seal looks like. `bbox` is in pixels; `turn` and `skew` are the degrees by which the page is turned
/// clockwise, and levelled, to be upright.
pub(super) fn seal(picture: &RgbImage, bbox: [f32; 4], turn: u16, skew: f32) -> Option<Impression> {
    let frame = Frame::of(picture, bbox, turn, skew)?;
    let side = Impression::SIDE * FINE;
    let mut samples = Vec::with_capacity(side * side);
    for j in 0..side {
        for i in 0..side {
            let at = |n: usize| (n as f32 + 0.5) / side as f32 - 0.5;
            samples.push(frame.pixel(at(i), at(j)));
        }
    }
    let mut shares = Vec::with_capacity(Impression::SIDE * Impression::SIDE);
    for cy in 0..Impression::SIDE {
        for cx in 0..Impression::SIDE {
            let own = (0..FINE).flat_map(|y| (0..FINE).map(move |x| (cy * FINE + y) * side + cx * FINE + x));
            let (mut ink, mut hidden) = (0.0, 0usize);
            for [r, g, _] in own.map(|i| samples[i]) {
                hidden += usize::from(r < BLACK);
                ink += ((238.0 - g) / 150.0).clamp(0.0, 1.0);
            }
            let all = FINE * FINE;
            shares.push((2 * hidden < all).then_some(ink / all as f32));
        }
    }
    Some(Impression::of(&shares))
}

/// The side of a box along the text, on a page that was turned to be read.
fn wide_of(wide: f32, high: f32, turn: u16) -> f32 {
    if turn.is_multiple_of(180) { wide } else { high }
}

/// A seal's own square on the picture: its middle, and its side with a little room around it.
struct Frame<'a> {
    picture: &'a RgbImage,
    middle: (f32, f32),
    side: f32,
    sin: f32,
    cos: f32,
}

impl<'a> Frame<'a> {
    fn of(picture: &'a RgbImage, b: [f32; 4], turn: u16, skew: f32) -> Option<Self> {
        // Turned clockwise by so much the page is upright: what is right on it lies so much counter-clockwise here.
        let angle = (skew - f32::from(turn)).to_radians();
        let (sin, cos) = angle.sin_cos();
        let (mx, my) = (f32::midpoint(b[0], b[2]), f32::midpoint(b[1], b[3]));
        let (wide, high) = (b[2] - b[0], b[3] - b[1]);
        let reach = wide.max(high) / 2.0 * 1.1;
        let cells = (2.0 * reach).ceil() as usize;
        if !(16..=4000).contains(&cells) {
            return None;
        }
        let mut frame = Self { picture, middle: (mx, my), side: 2.0 * reach, sin, cos };
        let (mut across, mut down) = (vec![0usize; cells], vec![0usize; cells]);
        for (j, row) in down.iter_mut().enumerate() {
            for (i, column) in across.iter_mut().enumerate() {
                let at = |n: usize| (n as f32 + 0.5) / cells as f32 - 0.5;
                // Ruling lines and other seals stand around.
                let (u, v) = (at(i) * frame.side, at(j) * frame.side);
                if 2.0 * u.abs() > 1.1 * wide_of(wide, high, turn)
                    || 2.0 * v.abs() > 1.1 * wide_of(high, wide, turn)
                {
                    continue;
                }
                let [r, g, b] = frame.pixel(at(i), at(j)).map(|v| v as i32);
                if r - g.max(b) > RED && (g - b) * 100 < (r - g.min(b)) * BROWN {
                    *column += 1;
                    *row += 1;
                }
            }
        }
        let least = cells / 40 + 1;
        let ends = |n: &[usize]| {
            let first = n.iter().position(|n| *n >= least)?;
            Some((first as f32, n.iter().rposition(|n| *n >= least)? as f32 + 1.0))
        };
        let ((x0, x1), (y0, y1)) = (ends(&across)?, ends(&down)?);
        let (du, dv) = (f32::midpoint(x0, x1) - reach, f32::midpoint(y0, y1) - reach);
        frame.middle = (mx + du * cos - dv * sin, my + du * sin + dv * cos);
        frame.side = (x1 - x0).max(y1 - y0) * 1.08;
        (frame.side >= 40.0).then_some(frame)
    }

    /// The colour at a place of the square, −½ to ½ each way; white beyond the picture.
    fn pixel(&self, u: f32, v: f32) -> [f32; 3] {
        let (u, v) = (u * self.side, v * self.side);
        let x = self.middle.0 + u * self.cos - v * self.sin - 0.5;
        let y = self.middle.1 + u * self.sin + v * self.cos - 0.5;
        let (w, h) = self.picture.dimensions();
        if x < 0.0 || y < 0.0 || x + 1.0 >= w as f32 || y + 1.0 >= h as f32 {
            return [255.0; 3];
        }
        let (x0, y0) = (x as u32, y as u32);
        let (fx, fy) = (x - x0 as f32, y - y0 as f32);
        let at = |i: u32, j: u32| self.picture.get_pixel(x0 + i, y0 + j).0.map(f32::from);
        let (a, b, c, d) = (at(0, 0), at(1, 0), at(0, 1), at(1, 1));
        [0, 1, 2].map(|k| {
            let top = a[k] * (1.0 - fx) + b[k] * fx;
            let low = c[k] * (1.0 - fx) + d[k] * fx;
            top * (1.0 - fy) + low * fy
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::imageops::{self, FilterType};
    use image::{Rgb, RgbImage};

    /// A picture of blocks, told by a seed.
    fn scene(seed: u32) -> RgbImage {
        RgbImage::from_fn(640, 400, |x, y| {
            let cell = (x / 80) * 7 + (y / 50) * 13 + seed * 101;
            let v = (cell.wrapping_mul(2_654_435_761) >> 24) as u8;
            Rgb([v, v / 2 + 40, 255 - v])
        })
    }

    fn of(picture: &RgbImage) -> Imprint {
        imprint(picture, (0, 0, picture.width(), picture.height())).unwrap()
    }

    #[test]
    fn copies_keep_their_imprint_and_others_have_their_own() {
        let scene = (scene(1), scene(2));
        let small = imageops::resize(&scene.0, 410, 256, FilterType::Triangle);
        assert!(of(&scene.0).distance(of(&small)) <= 4, "{}", of(&scene.0).distance(of(&small)));
        let mut framed = RgbImage::from_pixel(800, 600, Rgb([255, 255, 255]));
        imageops::replace(&mut framed, &scene.0, 90, 120);
        assert!(of(&scene.0).distance(of(&framed)) <= 6, "{}", of(&scene.0).distance(of(&framed)));
        let mirrored = imageops::flip_horizontal(&scene.0);
        assert!(of(&scene.0).mirrored().distance(of(&mirrored)) <= 4);
        assert!(of(&scene.0).distance(of(&scene.1)) > 14);
    }

    #[test]
    fn even_and_tiny_pictures_say_nothing() {
        let blank = RgbImage::from_pixel(400, 400, Rgb([250, 250, 250]));
        assert_eq!(shown(&blank, 72.0, BBox::new(0.0, 0.0, 400.0, 400.0)), None);
        assert_eq!(shown(&scene(1), 72.0, BBox::new(0.0, 0.0, 50.0, 300.0)), None);
        assert_eq!(shown(&scene(1), 72.0, BBox::new(-9.0, 900.0, 5000.0, 9000.0)), None);
    }

    /// A ring with a bar that tells its turn.
    fn stamp(angle: f32) -> RgbImage {
        let (sin, cos) = angle.to_radians().sin_cos();
        RgbImage::from_fn(400, 400, |x, y| {
            let (dx, dy) = (x as f32 - 200.0, y as f32 - 200.0);
            let (u, v) = (dx * cos + dy * sin, dy * cos - dx * sin);
            let r = u.hypot(v);
            let sector = (v.atan2(u) * 5.0).floor() as i32;
            let ink = (110.0..120.0).contains(&r)
                || ((80.0..100.0).contains(&r) && (sector * sector + sector) % 3 == 0)
                || (v.abs() < 8.0 && u > 0.0 && u < 60.0);
            Rgb(if ink { [210, 60, 60] } else { [245, 245, 245] })
        })
    }

    #[test]
    fn a_seal_on_a_skewed_page_is_the_seal() {
        let whole = [70.0, 70.0, 330.0, 330.0];
        let level = seal(&stamp(0.0), whole, 0, 0.0).unwrap();
        let skewed = seal(&stamp(2.0), whole, 0, 2.0).unwrap();
        let share = |other: &Impression| level.agreement(other).map_or(0.0, |a| a.0);
        assert!(share(&skewed) > 0.8, "{}", share(&skewed));
        let lying = seal(&imageops::rotate270(&stamp(0.0)), whole, 90, 0.0).unwrap();
        assert!(share(&lying) > 0.85, "{}", share(&lying));
        let other = seal(&stamp(120.0), whole, 0, 0.0).unwrap();
        assert!(share(&other) < 0.7, "{}", share(&other));
        assert_eq!(seal(&stamp(0.0), [0.0, 0.0, 20.0, 20.0], 0, 0.0), None);
    }
}

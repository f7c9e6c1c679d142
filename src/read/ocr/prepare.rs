//! From a colour picture to an even grey page: red seals out, paper to white.

use image::RgbImage;

use super::Grey;
use super::seals::Found;

/// A pixel counts as seal ink where red stands out by this much over the stronger of green and blue.
const RED_EXCESS: i32 = 28;

/// Marks in the mask of seal ink.
pub(super) const RED: u8 = 255;
pub(super) const PURPLE: u8 = 254;

/// Whether a picture was taken in colour: paper and noise of a colour scan are never quite grey.
pub(super) fn in_colour(picture: &RgbImage) -> bool {
    let tinted = |p: &[u8]| p[0].max(p[1]).max(p[2]) - p[0].min(p[1]).min(p[2]) >= 4;
    let some = picture.as_raw().chunks_exact(3).step_by(7);
    let (n, all) = some.fold((0usize, 0usize), |(n, all), p| (n + usize::from(tinted(p)), all + 1));
    n * 1000 > all
}

/// A page in grey without its red seals.
pub(super) struct Plain {
    /// The page, seal ink lifted to paper.
    pub grey: Grey,
    /// Where seal ink is, one byte a pixel (0, [`RED`] or [`PURPLE`]); None when there is hardly any.
    pub red: Option<Vec<u8>>,
    /// The page with everything red on it, where there is any: forms are ruled in red as well.
    pub all: Option<Grey>,
}

impl Plain {
    /// Takes seals off the page that keeps its red lines: the sides of a ring are no ruling lines. Boxes in pixels.
    pub(super) fn take_off(&mut self, seals: &[Found]) {
        let Some(all) = &mut self.all else { return };
        for b in seals.iter().map(|s| s.bbox) {
            let clamp = |v: f32, most: usize| (v.max(0.0) as usize).min(most);
            let (x0, x1) = (clamp(b[0] - 2.0, all.w), clamp(b[2] + 2.0, all.w));
            for y in clamp(b[1] - 2.0, all.h)..clamp(b[3] + 2.0, all.h) {
                let row = y * all.w;
                all.px[row + x0..row + x1].copy_from_slice(&self.grey.px[row + x0..row + x1]);
            }
        }
    }
}

/// Whether a reddish pixel is seal ink: red or vermilion, but not the brown of printed invoice forms.
fn is_seal(r: i32, g: i32, b: i32) -> bool {
    let excess = r - g.max(b);
    let red = excess > RED_EXCESS && r > 90 && excess * 100 > r * 18 && (g - b) * 100 < (r - g.min(b)) * 28;
    red || is_purple(r, g, b)
}

/// Purple ink takes green away and leaves red and blue; blue ink, with which people write, leaves hardly any red.
fn is_purple(r: i32, g: i32, b: i32) -> bool {
    let (high, low) = (r.max(b), r.min(b));
    low - g > RED_EXCESS && low * 100 > high * 62 && (low - g) * 100 > low * 18
}

/// Whether reddish ink is dark: seal ink lets red light through, the dark red in which forms are printed does not. Holds
/// for the pale edges of strokes as well, which are ink mixed with paper.
fn is_dark(r: i32, g: i32, b: i32) -> bool {
    (PAPER - r) * 100 > (PAPER - g.min(b)) * 34
}

/// The shade of paper that dark red ink is measured against.
const PAPER: i32 = 250;
/// A form is printed in red where this share of the picture's fields, of so many a side, has dark red ink in it: seals
/// are larger than letters but stand in few places.
const FIELDS: usize = 12;
const PRINTED: f32 = 0.3;

/// Whether the form itself is printed in dark red, all over the picture: labels and rulings, no seal.
fn is_printed_red(picture: &RgbImage) -> bool {
    let (w, h) = (picture.width() as usize, picture.height() as usize);
    let mut fields = [0usize; FIELDS * FIELDS];
    for (i, rgb) in picture.as_raw().chunks_exact(3).enumerate() {
        let (r, g, b) = (i32::from(rgb[0]), i32::from(rgb[1]), i32::from(rgb[2]));
        if is_seal(r, g, b) && is_dark(r, g, b) {
            fields[(i / w * FIELDS / h) * FIELDS + i % w * FIELDS / w] += 1;
        }
    }
    let least = (w * h / (FIELDS * FIELDS) / 400).max(2);
    let inked = fields.iter().filter(|n| **n >= least).count();
    inked as f32 > PRINTED * fields.len() as f32
}

/// Takes the red channel where ink is red: a red seal is bright there, black text under it stays dark.
pub(super) fn without_seals(picture: &RgbImage) -> Plain {
    let (w, h) = (picture.width() as usize, picture.height() as usize);
    let mut px = vec![0u8; w * h];
    let mut red = vec![0u8; w * h];
    let mut histogram = [0usize; 256];
    let mut count = 0usize;
    let printed = is_printed_red(picture);
    for (i, rgb) in picture.as_raw().chunks_exact(3).enumerate() {
        let (r, g, b) = (i32::from(rgb[0]), i32::from(rgb[1]), i32::from(rgb[2]));
        let excess = r - g.max(b);
        if printed && is_dark(r, g, b) {
            px[i] = ((r * 77 + g * 150 + b * 29) >> 8) as u8;
        } else if is_seal(r, g, b) {
            red[i] = if is_purple(r, g, b) { PURPLE } else { RED };
            count += 1;
            let brightest = rgb[0].max(rgb[2]);
            histogram[brightest as usize] += 1;
            px[i] = brightest;
        } else if excess > 10 && (g - b) * 100 < (r - g.min(b)) * 28 {
            px[i] = rgb[0];
        } else {
            px[i] = ((r * 77 + g * 150 + b * 29) >> 8) as u8;
        }
    }
    let enough = (w * h / 8000).max(200);
    if count <= enough {
        return Plain { grey: Grey { w, h, px }, red: None, all: None };
    }
    lift(&mut px, &red, &histogram, count);
    let luma = |p: &[u8]| ((u32::from(p[0]) * 77 + u32::from(p[1]) * 150 + u32::from(p[2]) * 29) >> 8) as u8;
    let all = picture.as_raw().chunks_exact(3).map(luma).collect();
    Plain { grey: Grey { w, h, px }, red: Some(red), all: Some(Grey { w, h, px: all }) }
}

/// Seal ink in the red channel is a little darker than paper: its median is raised to paper white.
fn lift(px: &mut [u8], red: &[u8], histogram: &[usize; 256], count: usize) {
    let mut seen = 0;
    let median = histogram
        .iter()
        .position(|n| {
            seen += n;
            seen * 2 > count
        })
        .unwrap_or(200)
        .max(60);
    let gain = 250.0 / (median as f32 * 0.93);
    let table: Vec<u8> = (0..256).map(|v| (v as f32 * gain).min(255.0) as u8).collect();
    for (v, mask) in px.iter_mut().zip(red) {
        if *mask != 0 {
            *v = table[*v as usize];
        }
    }
}

/// Side of the tiles whose paper shade is measured.
const TILE: usize = 24;

/// Evens out shadows and yellowed paper: every pixel is divided by the paper's shade around it.
/// Areas darker than half of the page's paper (photographs, reversed headings) keep their shade.
pub(super) fn even(grey: &Grey) -> Grey {
    let (tw, th) = (grey.w.div_ceil(TILE), grey.h.div_ceil(TILE));
    if tw < 2 || th < 2 {
        return stretched(grey);
    }
    let paper = spread(&tile_paper(grey, tw, th), tw, th);
    let mut sorted = paper.clone();
    sorted.sort_unstable();
    let page_paper = sorted[sorted.len() * 3 / 4].max(40);
    let floor = (u32::from(page_paper) * 55 / 100) as u8;
    let shades = Grey { w: tw, h: th, px: paper.iter().map(|p| (*p).max(floor)).collect() };
    let mut out = Grey::new(grey.w, grey.h, 255);
    let gains: Vec<u32> = (0..256u32).map(|p| 250 * 256 / p.max(1)).collect();
    let xs: Vec<(usize, usize, u32)> = (0..grey.w).map(|x| tap(x, tw)).collect();
    let mut between = vec![0u32; tw];
    for y in 0..grey.h {
        let (y0, y1, fy) = tap(y, th);
        let (a, b) = (shades.row(y0), shades.row(y1));
        for (i, v) in between.iter_mut().enumerate() {
            *v = u32::from(a[i]) * (256 - fy) + u32::from(b[i]) * fy;
        }
        let to = &mut out.px[y * grey.w..(y + 1) * grey.w];
        for ((to, v), &(x0, x1, fx)) in to.iter_mut().zip(grey.row(y)).zip(&xs) {
            let shade = (between[x0] * (256 - fx) + between[x1] * fx) >> 16;
            *to = ((u32::from(*v) * gains[shade as usize]) >> 8).min(255) as u8;
        }
    }
    out
}

fn tap(at: usize, tiles: usize) -> (usize, usize, u32) {
    let p = ((at as f32 + 0.5) / TILE as f32 - 0.5).clamp(0.0, (tiles - 1) as f32);
    let a = p as usize;
    (a, (a + 1).min(tiles - 1), ((p - a as f32) * 256.0) as u32)
}

/// The shade that four fifths of a tile's pixels do not exceed: paper, unless text fills the tile.
fn tile_paper(grey: &Grey, tw: usize, th: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(tw * th);
    for ty in 0..th {
        for tx in 0..tw {
            let mut histogram = [0u16; 64];
            let mut n = 0u16;
            for y in (ty * TILE..((ty + 1) * TILE).min(grey.h)).step_by(2) {
                for v in grey.row(y)[tx * TILE..((tx + 1) * TILE).min(grey.w)].iter().step_by(2) {
                    histogram[usize::from(*v >> 2)] += 1;
                    n += 1;
                }
            }
            let mut left = n / 5;
            let mut shade = 63;
            while shade > 0 && histogram[shade] <= left {
                left -= histogram[shade];
                shade -= 1;
            }
            out.push((shade * 4 + 2) as u8);
        }
    }
    out
}

/// Lets bright tiles speak for their dark neighbours (text-filled tiles), then smooths.
fn spread(tiles: &[u8], tw: usize, th: usize) -> Vec<u8> {
    let around = |from: &[u8], f: &dyn Fn(&mut dyn Iterator<Item = u8>) -> u8| -> Vec<u8> {
        let mut out = Vec::with_capacity(from.len());
        for y in 0..th {
            for x in 0..tw {
                let (xa, xb) = (x.saturating_sub(1), (x + 1).min(tw - 1));
                let (ya, yb) = (y.saturating_sub(1), (y + 1).min(th - 1));
                out.push(f(&mut (ya..=yb)
                    .flat_map(|y| (xa..=xb).map(move |x| (x, y)))
                    .map(|(x, y)| from[y * tw + x])));
            }
        }
        out
    };
    let bright = around(tiles, &|i| i.max().unwrap_or(255));
    around(&bright, &|i| {
        let (sum, n) = i.fold((0u32, 0u32), |(s, n), v| (s + u32::from(v), n + 1));
        (sum / n.max(1)) as u8
    })
}

/// A tiny picture: its brightest shade becomes white.
fn stretched(grey: &Grey) -> Grey {
    let paper = grey.px.iter().copied().max().unwrap_or(255).max(60);
    let px = grey.px.iter().map(|v| (u32::from(*v) * 250 / u32::from(paper)).min(255) as u8).collect();
    Grey { w: grey.w, h: grey.h, px }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn red_goes_black_stays() {
        let mut p = RgbImage::from_pixel(100, 100, image::Rgb([240, 240, 240]));
        for x in 0..100 {
            for y in 20..60 {
                p.put_pixel(x, y, image::Rgb([225, 60, 70]));
            }
            for y in 30..40 {
                p.put_pixel(x, y, image::Rgb([50, 20, 25]));
            }
        }
        let plain = without_seals(&p);
        assert!(plain.grey.at(50, 25) > 235, "{}", plain.grey.at(50, 25));
        assert!(plain.grey.at(50, 35) < 80);
        assert!(plain.red.is_some());
    }

    #[test]
    fn purple_goes_and_blue_ink_stays() {
        let inked = |ink: [u8; 3]| {
            RgbImage::from_fn(200, 100, |x, y| {
                image::Rgb(match y {
                    _ if x > 90 => [240, 240, 240],
                    30..40 => [45, 25, 50],
                    20..60 => ink,
                    _ => [240, 240, 240],
                })
            })
        };
        let plain = without_seals(&inked([165, 70, 175]));
        assert!(plain.grey.at(50, 25) > 230, "{}", plain.grey.at(50, 25));
        assert!(plain.grey.at(50, 35) < 80 && plain.red.is_some());
        let blue = without_seals(&inked([50, 60, 170]));
        assert!(blue.grey.at(50, 25) < 110 && blue.red.is_none());
    }

    #[test]
    fn brown_print_stays() {
        let p = RgbImage::from_fn(100, 100, |_, y| {
            image::Rgb(if y % 4 == 0 { [140, 75, 35] } else { [250, 248, 240] })
        });
        let plain = without_seals(&p);
        assert!(plain.red.is_none() && plain.grey.at(5, 4) < 110);
    }

    #[test]
    fn a_form_printed_in_dark_red_stays_and_a_seal_on_it_goes() {
        let mut p = RgbImage::from_fn(240, 240, |x, y| {
            image::Rgb(if y % 12 < 2 && x % 3 != 0 { [150, 56, 30] } else { [255, 255, 255] })
        });
        for y in 100..130 {
            for x in 100..130 {
                p.put_pixel(x, y, image::Rgb([235, 40, 50]));
            }
        }
        let plain = without_seals(&p);
        assert!(plain.grey.at(40, 24) < 120 && plain.grey.at(220, 216) < 120);
        assert!(plain.grey.at(115, 115) > 235, "{}", plain.grey.at(115, 115));
        assert!(plain.red.is_some());
    }

    #[test]
    fn a_dark_seal_on_black_print_goes() {
        let mut p = RgbImage::from_pixel(240, 240, image::Rgb([245, 245, 245]));
        for y in 60..130 {
            for x in 60..130 {
                p.put_pixel(x, y, image::Rgb([150, 56, 60]));
            }
        }
        assert!(without_seals(&p).grey.at(100, 100) > 235);
    }

    #[test]
    fn shadow_is_evened() {
        let mut g = Grey::new(240, 240, 0);
        for y in 0..240 {
            for x in 0..240 {
                g.px[y * 240 + x] = 250 - (x / 3) as u8;
            }
        }
        let dark = 100 * 240 + 200;
        g.px[dark] = 60;
        let e = even(&g);
        assert!(e.at(5, 5) > 235 && e.at(235, 235) > 215, "{} {}", e.at(5, 5), e.at(235, 235));
        assert!(e.px[dark] < 110);
    }
}

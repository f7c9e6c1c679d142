//! The same picture of a figure twice on a page. A scanner never gives two figures alike to the pixel: they lie
//! differently on its raster, and noise comes on top. Where many are alike, the page was not made by a scanner alone.

use std::collections::{BTreeMap, BTreeSet};

use image::RgbImage;

use super::cells::{Cell, shades};
use super::quantile;

/// Most figures of one kind that are compared with each other.
const MOST: usize = 70;
/// Copies differ by less than this share of the contrast, on average, and by less than this part of what figures of
/// one kind usually differ by at least.
const ALIKE: f32 = 0.016;
const PART: f32 = 0.4;
/// Where more pairs than this are alike, the page is made that way.
const MOST_PAIRS: usize = 4;

/// A figure cut out of the page.
struct Cut {
    /// Index of its cell.
    cell: usize,
    w: usize,
    h: usize,
    /// Shades, row by row, as shares of its contrast.
    px: Vec<f32>,
}

/// The cells that are copies of one another.
pub(super) fn copied(picture: &RgbImage, cells: &[Cell]) -> BTreeSet<usize> {
    let mut by_figure: BTreeMap<char, Vec<Cut>> = BTreeMap::new();
    for (i, cell) in cells.iter().enumerate().filter(|(_, c)| c.ch.is_ascii_digit()) {
        let list = by_figure.entry(cell.ch).or_default();
        if list.len() < MOST {
            list.extend(cut(picture, i, cell));
        }
    }
    let mut distances: Vec<(f32, usize, usize)> = Vec::new();
    for list in by_figure.values() {
        for (i, a) in list.iter().enumerate() {
            distances.extend(list[..i].iter().filter_map(|b| Some((distance(a, b)?, a.cell, b.cell))));
        }
    }
    let usual = quantile(distances.iter().map(|d| d.0).collect(), 0.08);
    let alike: Vec<&(f32, usize, usize)> =
        distances.iter().filter(|d| d.0 <= ALIKE && d.0 <= PART * usual).collect();
    if alike.len() > MOST_PAIRS || distances.len() < 12 {
        return BTreeSet::new();
    }
    alike.iter().flat_map(|d| [d.1, d.2]).collect()
}

/// A figure cut to its ink and one pixel around it; none where it touches its neighbours.
fn cut(picture: &RgbImage, cell: usize, of: &Cell) -> Option<Cut> {
    let [x0, y0, x1, y1] = of.rect;
    // Room for a figure that the recogniser placed a little beside.
    let (dx, dy) = ((x1 - x0) / 4, (y1 - y0) / 5);
    let (right, bottom) = ((x1 + dx).min(picture.width()), (y1 + dy).min(picture.height()));
    let rect = [x0.saturating_sub(dx), y0.saturating_sub(dy), right, bottom];
    let grey = shades(picture, rect);
    let (w, h) = ((rect[2] - rect[0]) as usize, (rect[3] - rect[1]) as usize);
    let contrast = (of.paper - of.dark).max(1.0);
    let ink = |x: usize, y: usize| grey[y * w + x] < of.paper - 0.35 * contrast;
    let column = |x: &usize| (0..h).any(|y| ink(*x, y));
    let middle = w / 2;
    let start = (0..w).filter(column).min_by_key(|x| x.abs_diff(middle))?;
    let left = (0..=start).rev().take_while(column).last()?;
    let right = (start..w).take_while(column).last()?;
    let row = |y: &usize| (left..=right).any(|x| ink(x, *y));
    let start = (0..h).filter(row).min_by_key(|y| y.abs_diff(h / 2))?;
    let top = (0..=start).rev().take_while(row).last()?;
    let bottom = (start..h).take_while(row).last()?;
    let clear = left > 0 && right + 1 < w && top > 0 && bottom + 1 < h;
    let (cw, ch) = (right - left + 3, bottom - top + 3);
    if !clear || cw < 6 || ch < 12 || cw > ch {
        return None;
    }
    let at = |x: usize, y: usize| (of.paper - grey[(top + y - 1) * w + left + x - 1]) / contrast;
    let px = (0..ch).flat_map(|y| (0..cw).map(move |x| (x, y))).map(|(x, y)| at(x, y)).collect();
    Some(Cut { cell, w: cw, h: ch, px })
}

/// How much two cuts of one size differ on average; none for others.
fn distance(a: &Cut, b: &Cut) -> Option<f32> {
    if (a.w, a.h) != (b.w, b.h) {
        return None;
    }
    let sum: f32 = a.px.iter().zip(&b.px).map(|(p, q)| (p - q).abs()).sum();
    Some(sum / a.px.len().max(1) as f32)
}

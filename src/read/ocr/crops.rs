//! Cuts a piece of text out of the page, level and trimmed to its ink.

use super::Grey;
use super::detect::TextBox;

/// A pixel darker than this is ink on an evened page.
pub(super) const INK: u8 = 150;

/// Gaps wider than this many times the height of the ink part two runs.
const WIDE_GAP: f32 = 1.6;

/// A strip of text with the way back to the page.
pub(super) struct Strip {
    /// The picture: one line, upright.
    pub grey: Grey,
    /// Left edge of the strip on the page, in pixels.
    pub x0: f32,
    /// The ink's top and bottom on the page, in pixels, in the middle of the strip.
    pub top: f32,
    pub bottom: f32,
    /// Stacked characters were laid side by side: positions along the strip say nothing about the page.
    pub stacked: bool,
}

/// Cuts a box out of the page. None when there is no ink in it.
pub(super) fn strip(page: &Grey, b: &TextBox) -> Option<Strip> {
    if b.tall()
        && let Some(strip) = stacked(page, b)
    {
        return Some(strip);
    }
    let cut = levelled(page, b);
    let (left, top, right, bottom) = ink_bounds(&cut)?;
    // A little paper around the ink: the recogniser was taught on boxes with some.
    let margin = ((bottom - top) as f32 * 0.16).ceil() as usize + 1;
    let (x0, x1) = (left as i64 - margin as i64, (right + margin) as i64);
    let (y0, y1) = (top as i64 - margin as i64, (bottom + margin) as i64);
    let grey = window(&cut, x0, y0, x1, y1);
    Some(Strip {
        grey,
        x0: b.x0.floor() + x0 as f32,
        top: b.y0.floor() + top as f32,
        bottom: b.y0.floor() + bottom as f32,
        stacked: false,
    })
}

/// A box that cuts through a letter at its end, moved out to where the ink ends.
fn whole_letters(page: &Grey, b: &TextBox) -> TextBox {
    let (y0, y1) = ((b.y0 + b.height() * 0.2).max(0.0) as usize, (b.y1 - b.height() * 0.2).max(0.0) as usize);
    let y1 = y1.min(page.h);
    let reach = (b.height() * 0.6) as usize;
    let ink = faint(&levelled(page, b));
    let inked = |x: usize, lift: f32| {
        let lift = lift as i64;
        (y0..y1).any(|y| page.at(x as i64, y as i64 + lift) < ink)
    };
    let half = b.width() / 2.0 * b.slope;
    let (mut x0, mut x1) = (b.x0.max(0.0) as usize, (b.x1.max(0.0) as usize).min(page.w.saturating_sub(1)));
    for _ in 0..reach {
        if x0 > 0 && inked(x0, -half) {
            x0 -= 1;
        }
        if x1 + 1 < page.w && inked(x1, half) {
            x1 += 1;
        }
    }
    TextBox { x0: x0 as f32, x1: x1 as f32 + 1.0, ..*b }
}

/// Parts a box at gaps wider than any space inside a run: two columns side by side are two runs.
pub(super) fn at_gaps(page: &Grey, b: &TextBox) -> Vec<TextBox> {
    if b.tall() {
        return vec![*b];
    }
    let b = &whole_letters(page, b);
    let cut = levelled(page, b);
    let Some((left, top, right, bottom)) = ink_bounds(&cut) else { return Vec::new() };
    let ink = faint(&cut);
    let wide = ((bottom - top) as f32 * WIDE_GAP).max(6.0) as usize;
    let mut out = Vec::new();
    let (mut from, mut last) = (left, left);
    for x in left..right {
        if (top..bottom).all(|y| cut.px[y * cut.w + x] >= ink) {
            continue;
        }
        if x - last > wide {
            out.push((from, last + 1));
            from = x;
        }
        last = x;
    }
    out.push((from, right));
    if out.len() == 1 {
        return vec![*b];
    }
    let (middle, origin) = ((b.x0 + b.x1) / 2.0, b.x0.floor());
    let part = |(x0, x1): (usize, usize)| {
        let (x0, x1) = (origin + x0 as f32 - 2.0, origin + x1 as f32 + 2.0);
        // A part of a sloping line stands higher or lower than the whole.
        let lift = ((x0 + x1) / 2.0 - middle) * b.slope;
        TextBox { x0, x1, y0: b.y0 + lift, y1: b.y1 + lift, slope: b.slope }
    };
    out.into_iter().map(part).collect()
}

/// The box cut out along its slope.
fn levelled(page: &Grey, b: &TextBox) -> Grey {
    let (x0, x1) = (b.x0.floor() as i64, b.x1.ceil() as i64);
    let (y0, y1) = (b.y0.floor() as i64, b.y1.ceil() as i64);
    if (b.slope * b.width()).abs() < 1.5 {
        return page.crop(x0, y0, x1, y1);
    }
    let (w, h) = ((x1 - x0).max(1) as usize, (y1 - y0).max(1) as usize);
    let mut out = Grey::new(w, h, 255);
    let cx = w as f32 / 2.0;
    for x in 0..w {
        let shift = (x as f32 - cx) * b.slope;
        let (whole, part) = (shift.floor() as i64, shift - shift.floor());
        for y in 0..h {
            let at = y0 + y as i64 + whole;
            let (a, c) = (page.at(x0 + x as i64, at), page.at(x0 + x as i64, at + 1));
            out.px[y * w + x] = (f32::from(a) * (1.0 - part) + f32::from(c) * part) as u8;
        }
    }
    out
}

/// Left, top, right, bottom of the ink. Rows at the edges that belong to a neighbouring line (parted from the
/// rest by paper, and thin) are left out.
fn ink_bounds(cut: &Grey) -> Option<(usize, usize, usize, usize)> {
    // Digits at the ends of a faint run are fainter than its darkest strokes: cutting them off makes another number.
    let ink = faint(cut);
    let rows: Vec<usize> = (0..cut.h).map(|y| cut.row(y).iter().filter(|v| **v < ink).count()).collect();
    let (top, bottom) = middle_band(&rows, cut.w)?;
    let has = |x: usize| (top..bottom).any(|y| cut.px[y * cut.w + x] < ink);
    let left = (0..cut.w).find(|x| has(*x))?;
    let right = (0..cut.w).rev().find(|x| has(*x))? + 1;
    ((right - left) >= 2 && bottom - top >= 3).then_some((left, top, right, bottom))
}

/// What counts as ink in a cut: of faint print also what is lighter than [`INK`], but nearer to ink than to paper.
/// Single dark specks in it are no print.
fn faint(cut: &Grey) -> u8 {
    let mut histogram = [0usize; 256];
    cut.px.iter().for_each(|v| histogram[usize::from(*v)] += 1);
    let mut left = cut.px.len() / 250;
    let darkest = histogram.iter().position(|n| {
        let here = *n > left;
        left = left.saturating_sub(*n);
        here
    });
    let darkest = darkest.unwrap_or(0) as u8;
    (darkest + (255 - darkest) / 2).clamp(INK, 190)
}

/// The rows from the first to the last with ink, without strips of a neighbour at the very edges.
fn middle_band(rows: &[usize], width: usize) -> Option<(usize, usize)> {
    let some = (width / 400).max(1);
    let mut bands: Vec<(usize, usize)> = Vec::new();
    for (y, n) in rows.iter().enumerate() {
        if *n < some {
            continue;
        }
        match bands.last_mut() {
            Some(last) if last.1 == y => last.1 = y + 1,
            _ => bands.push((y, y + 1)),
        }
    }
    let tallest = bands.iter().map(|b| b.1 - b.0).max()?;
    let edge =
        |b: &(usize, usize)| (b.0 == 0 || b.1 == rows.len()) && (b.1 - b.0) * 3 < tallest.max(rows.len() / 3);
    let kept: Vec<_> = bands.iter().filter(|b| !edge(b)).collect();
    Some((kept.first()?.0, kept.last()?.1))
}

/// A window of a picture that may reach beyond it; what lies beyond is white.
fn window(cut: &Grey, x0: i64, y0: i64, x1: i64, y1: i64) -> Grey {
    let inner = cut.crop(x0, y0, x1, y1);
    let over = |v: i64| v.max(0) as usize;
    inner.padded(over(-x0), over(-y0), over(x1 - cut.w as i64), over(y1 - cut.h as i64))
}

/// Upright characters below each other (购买方 on an invoice), laid side by side. None for a single stroke: a digit 1
/// alone in its cell is tall as well.
fn stacked(page: &Grey, b: &TextBox) -> Option<Strip> {
    let cut = page.crop(b.x0.floor() as i64, b.y0.floor() as i64, b.x1.ceil() as i64, b.y1.ceil() as i64);
    let (left, top, right, bottom) = ink_bounds(&cut)?;
    let (side, ink) = (right - left, faint(&cut));
    let rows: Vec<bool> = (top..bottom).map(|y| cut.row(y)[left..right].iter().any(|v| *v < ink)).collect();
    if rows.iter().all(|ink| *ink) {
        return None;
    }
    let mut parts: Vec<(usize, usize)> = Vec::new();
    for (i, ink) in rows.iter().enumerate() {
        if !ink {
            continue;
        }
        let y = top + i;
        match parts.last_mut() {
            // Strokes of one character may be parted by thin gaps: join up to the width of the column.
            Some(p) if y - p.1 <= side / 8 + 1 && y + 1 - p.0 <= side + side / 4 => p.1 = y + 1,
            _ => parts.push((y, y + 1)),
        }
    }
    let gap = side / 6 + 1;
    let mut out = Grey::new(parts.len() * (side + gap) + gap, side + side / 2, 255);
    for (i, (y0, y1)) in parts.iter().enumerate() {
        let h = (y1 - y0).min(out.h);
        let (dx, dy) = (gap + i * (side + gap), (out.h - h) / 2);
        for y in 0..h {
            let to = (dy + y) * out.w + dx;
            out.px[to..to + side].copy_from_slice(&cut.row(y0 + y)[left..right]);
        }
    }
    Some(Strip {
        grey: out,
        x0: b.x0.floor() + left as f32,
        top: b.y0.floor() + top as f32,
        bottom: b.y0.floor() + bottom as f32,
        stacked: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(blocks: &[(usize, usize, usize, usize)]) -> Grey {
        let mut page = Grey::new(100, 200, 255);
        for (x0, y0, x1, y1) in blocks {
            for y in *y0..*y1 {
                page.px[y * 100 + x0..y * 100 + x1].fill(0);
            }
        }
        page
    }

    #[test]
    fn a_stroke_alone_is_no_stack() {
        let b = TextBox { x0: 38.0, y0: 40.0, x1: 48.0, y1: 76.0, slope: 0.0 };
        let one = strip(&drawn(&[(41, 42, 45, 74)]), &b).unwrap();
        assert!(!one.stacked && one.grey.h > one.grey.w);
        let b = TextBox { x0: 30.0, y0: 10.0, x1: 60.0, y1: 120.0, slope: 0.0 };
        let word = strip(&drawn(&[(33, 14, 57, 38), (33, 50, 57, 74), (33, 86, 57, 110)]), &b).unwrap();
        assert!(word.stacked && word.grey.w > 2 * word.grey.h);
    }
}

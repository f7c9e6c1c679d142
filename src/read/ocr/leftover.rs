//! Text that the detector passed over: single digits in a cell, a lone 无 or /.

use super::Grey;
use super::blobs::{self, Blob};
use super::crops::INK;
use super::detect::TextBox;

/// Most pieces looked at again: a page with more is noise.
const MOST: usize = 80;

/// Boxes of letter-sized ink that no detected box covers. `dpi` gives the size of letters.
pub(super) fn find(page: &Grey, covered: &[TextBox], dpi: f32) -> Vec<TextBox> {
    let mut blobs = letters(page, dpi);
    blobs.retain(|b| !covered.iter().any(|c| meets(b, c)));
    let words = grouped(blobs, dpi, dpi * 0.06);
    if words.len() > MOST {
        return Vec::new();
    }
    boxes(&words, dpi)
}

/// Lines of text by connected ink alone, for when no detector is there.
pub(super) fn lines(page: &Grey, dpi: f32) -> Vec<TextBox> {
    let words = grouped(letters(page, dpi), dpi, dpi * 0.15);
    if words.len() > 40 * MOST {
        return Vec::new();
    }
    boxes(&words, dpi)
}

fn letters(page: &Grey, dpi: f32) -> Vec<Blob> {
    let most = (dpi * 0.35) as usize;
    let mut blobs = blobs::find(page, INK);
    blobs.retain(|b| b.n > (dpi * dpi / 8000.0) as usize && b.h() <= most && b.w() <= 3 * most);
    blobs.sort_by_key(|b| (b.x0, b.y0));
    blobs
}

/// Groups ink side by side on one height (up to `reach` apart) and the strokes of one character above each other.
fn grouped(blobs: Vec<Blob>, dpi: f32, reach: f32) -> Vec<Blob> {
    let most = (dpi * 0.35) as usize;
    let (reach, above) = (reach as usize, (dpi * 0.03) as usize);
    let together = |a: &Blob, b: &Blob| {
        let shared_h = a.y1.min(b.y1).saturating_sub(a.y0.max(b.y0));
        let shared_w = a.x1.min(b.x1).saturating_sub(a.x0.max(b.x0));
        let gap_x = a.x0.max(b.x0).saturating_sub(a.x1.min(b.x1));
        let gap_y = a.y0.max(b.y0).saturating_sub(a.y1.min(b.y1));
        let high = a.y1.max(b.y1) - a.y0.min(b.y0);
        let beside = gap_x <= reach && shared_h * 2 >= a.h().min(b.h()) && high <= most;
        let stacked = shared_w * 2 >= a.w().min(b.w()) && gap_y <= above && high * 2 <= most;
        beside || stacked
    };
    let mut words: Vec<Blob> = Vec::new();
    for b in blobs {
        match words.iter_mut().rev().find(|w| together(w, &b)) {
            Some(w) => *w = joined(w, &b),
            None => words.push(b),
        }
    }
    // Groups that met only later.
    let mut i = 0;
    while i < words.len() {
        match (i + 1..words.len()).find(|j| together(&words[i], &words[*j])) {
            Some(j) => {
                let other = words.swap_remove(j);
                words[i] = joined(&words[i], &other);
            }
            None => i += 1,
        }
    }
    words.retain(|w| w.h() >= (dpi * 0.035) as usize && w.n * 25 > w.w() * w.h());
    words.sort_by_key(|w| (w.y0, w.x0));
    words
}

fn joined(a: &Blob, b: &Blob) -> Blob {
    Blob { x0: a.x0.min(b.x0), y0: a.y0.min(b.y0), x1: a.x1.max(b.x1), y1: a.y1.max(b.y1), n: a.n + b.n }
}

fn boxes(words: &[Blob], dpi: f32) -> Vec<TextBox> {
    let pad = dpi * 0.02;
    let of = |w: &Blob| TextBox {
        x0: (w.x0 as f32 - pad).max(0.0),
        y0: (w.y0 as f32 - pad).max(0.0),
        x1: w.x1 as f32 + pad,
        y1: w.y1 as f32 + pad,
        slope: 0.0,
    };
    words.iter().map(of).collect()
}

/// Whether a box holds a blob: most of its width. A letter of which a box takes the edge is passed over all the same.
fn meets(b: &Blob, c: &TextBox) -> bool {
    let lean = (c.slope * c.width()).abs() / 2.0;
    let across = (b.x1 as f32).min(c.x1) - (b.x0 as f32).max(c.x0);
    across * 2.0 > b.w() as f32 && (b.y0 as f32) < c.y1 + lean && (b.y1 as f32) > c.y0 - lean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_digit_is_found_and_specks_are_not() {
        let mut g = Grey::new(400, 300, 255);
        for y in 100..122 {
            for x in 200..204 {
                g.px[y * 400 + x] = 0;
            }
        }
        g.px[50 * 400 + 50] = 0;
        let found = find(&g, &[], 200.0);
        assert_eq!(found.len(), 1);
        assert!(found[0].x0 < 200.0 && found[0].x1 > 204.0);
        assert!(find(&g, &found, 200.0).is_empty());
    }
}

//! Text that the detector passed over: single digits in a cell, a lone 无 or /.

use super::Grey;
use super::blobs::{self, Blob};
use super::crops::INK;
use super::detect::TextBox;

/// Most pieces looked at again: a page with more is noise.
const MOST: usize = 80;

/// Boxes of letter-sized ink that no detected box covers. `dpi` gives the size of letters.
pub(super) fn find(page: &Grey, covered: &[TextBox], dpi: f32) -> Vec<TextBox> {
    let (least, most) = ((dpi * 0.035) as usize, (dpi * 0.35) as usize);
    let mut words: Vec<Blob> = Vec::new();
    let mut blobs: Vec<Blob> = blobs::find(page, INK);
    blobs.retain(|b| b.n > (dpi * dpi / 4000.0) as usize && b.h() <= most && b.w() <= 3 * most);
    blobs.retain(|b| !covered.iter().any(|c| meets(b, c)));
    blobs.sort_by_key(|b| b.x0);
    for b in blobs {
        // Strokes side by side or within each other's reach make one word.
        let reach = (dpi * 0.06) as usize;
        let near = words.iter_mut().find(|w| {
            b.x0 <= w.x1 + reach && b.y0 < w.y1 && w.y0 < b.y1 && w.y1.max(b.y1) - w.y0.min(b.y0) <= most
        });
        match near {
            Some(w) => {
                *w = Blob {
                    x0: w.x0.min(b.x0),
                    y0: w.y0.min(b.y0),
                    x1: w.x1.max(b.x1),
                    y1: w.y1.max(b.y1),
                    n: w.n + b.n,
                }
            }
            None => words.push(b),
        }
    }
    words.retain(|w| w.h() >= least && w.n * 25 > w.w() * w.h());
    if words.len() > MOST {
        return Vec::new();
    }
    let pad = dpi * 0.02;
    words.sort_by_key(|w| (w.y0, w.x0));
    words
        .iter()
        .map(|w| TextBox {
            x0: (w.x0 as f32 - pad).max(0.0),
            y0: (w.y0 as f32 - pad).max(0.0),
            x1: w.x1 as f32 + pad,
            y1: w.y1 as f32 + pad,
            slope: 0.0,
        })
        .collect()
}

/// Whether a blob reaches into a box.
fn meets(b: &Blob, c: &TextBox) -> bool {
    let lean = (c.slope * c.width()).abs() / 2.0;
    (b.x0 as f32) < c.x1 && (b.x1 as f32) > c.x0 && (b.y0 as f32) < c.y1 + lean && (b.y1 as f32) > c.y0 - lean
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

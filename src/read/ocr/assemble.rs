//! From recognised strips to the lines of a page, in points.

use super::crops::Strip;
use super::recognise::Text;
use crate::model::{BBox, Confidence, Grade, Line, Place};

/// A run on the page. `k` is points per pixel.
pub(super) fn line(strip: &Strip, text: Text, k: f32, page: u32) -> Line {
    let height = strip.bottom - strip.top;
    let x0 = strip.x0.max(0.0);
    let x1 = x0 + width_on_page(strip);
    let bbox = BBox::new(x0 * k, strip.top * k, x1 * k, strip.bottom * k);
    let edges = if strip.stacked { Vec::new() } else { edges(strip, &text.middles, k) };
    let size = if strip.stacked { bbox.width() } else { height * k };
    Line {
        text: text.text,
        place: Place::Page { page, bbox },
        grade: Grade::Ocr,
        confidence: Confidence::from_unit(text.confidence),
        row: 0,
        table: None,
        edges,
        size,
    }
}

fn width_on_page(strip: &Strip) -> f32 {
    if strip.stacked { strip.grey.h as f32 / 1.5 } else { strip.grey.w as f32 }
}

/// Left edge of each character and the right edge of the last: half-way between the middles, never further from a
/// middle than a full-width character reaches.
fn edges(strip: &Strip, middles: &[f32], k: f32) -> Vec<f32> {
    if middles.is_empty() {
        return Vec::new();
    }
    let mut out = Vec::with_capacity(middles.len() + 1);
    let reach = (strip.bottom - strip.top) * 0.6;
    let width = strip.grey.w as f32;
    out.push((middles[0] - reach).max(0.0));
    for pair in middles.windows(2) {
        let half = (pair[1] - pair[0]) / 2.0;
        // In front of a wide gap the edge stays with the right-hand character.
        out.push(if half > reach { pair[1] - reach } else { pair[0] + half });
    }
    out.push((middles[middles.len() - 1] + reach).min(width));
    let mut last = f32::MIN;
    for e in &mut out {
        *e = ((strip.x0 + *e) * k).max(last);
        last = *e;
    }
    out
}

/// Gives runs side by side the same row number and orders them for reading.
pub(super) fn rows(lines: &mut Vec<Line>) {
    let middle = |l: &Line| l.bbox().map_or(0.0, BBox::mid_y);
    lines.sort_by(|a, b| middle(a).total_cmp(&middle(b)));
    let (mut row, mut last) = (0u32, f32::MIN);
    for line in lines.iter_mut() {
        let (at, size) = (middle(line), line.size.max(4.0));
        if last > f32::MIN && at - last > size * 0.5 {
            row += 1;
        }
        last = at;
        line.row = row;
    }
    let left = |l: &Line| l.bbox().map_or(0.0, |b| b.x0);
    lines.sort_by(|a, b| a.row.cmp(&b.row).then(left(a).total_cmp(&left(b))));
}

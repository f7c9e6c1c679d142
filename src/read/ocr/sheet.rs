//! A level page with what stands on it besides text: ruling lines and tick boxes.

use super::detect::TextBox;
use super::rulings::{self, Rulings};
use super::ticks::{self, Tick};
use super::{Grey, blobs, crops, leftover};

/// How many times as high as a box one around it is that holds more than one line.
const MANY_LINES: f32 = 2.5;

/// A page as the recogniser wants it.
pub(super) struct Sheet {
    /// The page without lines and tick boxes.
    pub text: Grey,
    pub rulings: Rulings,
    pub ticks: Vec<Tick>,
    pub dpi: f32,
}

impl Sheet {
    /// Finds and erases lines and tick boxes of a level page. `ruled` is the same page with its red lines, where
    /// seal removal may have taken them.
    pub(super) fn new(mut page: Grey, ruled: Option<&Grey>, dpi: f32) -> Self {
        let rulings = rulings::find(ruled.unwrap_or(&page), dpi);
        rulings::erase(&mut page, &rulings);
        let ticks = ticks::find(&page, dpi);
        ticks::erase(&mut page, &ticks);
        Self { text: page, rulings, ticks, dpi }
    }

    /// The boxes to read: detected ones cut at lines and at wide gaps.
    pub(super) fn pieces(&self, detected: &[TextBox]) -> Vec<TextBox> {
        let parts = |b: &TextBox| -> Vec<TextBox> {
            let split = self.rulings.split(b);
            split.iter().flat_map(|part| crops::at_gaps(&self.text, part)).collect()
        };
        let (heaps, lines): (Vec<&TextBox>, Vec<&TextBox>) =
            detected.iter().partition(|b| is_heap(b, detected));
        let mut out: Vec<TextBox> = lines.into_iter().flat_map(parts).collect();
        drop_covered(&mut out);
        tie(&mut out);
        let of_heaps = heaps.into_iter().flat_map(parts);
        let free: Vec<TextBox> = of_heaps.filter(|h| !out.iter().any(|b| shared(h, b) > 0.0)).collect();
        out.extend(free);
        out
    }

    /// What no box covers: letters that the detector passed over.
    pub(super) fn leftovers(&self, pieces: &[TextBox]) -> Vec<TextBox> {
        leftover::find(&self.text, pieces, self.dpi)
    }

    /// Letters at the end of a run that the detector left out of it (a bracket, a star, a digit) join the run: alone
    /// they are read badly, and the run without them is another text. Gives the leftovers that stay alone.
    pub(super) fn rejoin(&self, pieces: &mut [TextBox], alone: Vec<TextBox>) -> Vec<TextBox> {
        let mut rest = Vec::new();
        for a in alone {
            let near = pieces.iter().enumerate().filter_map(|(i, p)| Some((i, self.gap(p, &a)?)));
            match near.min_by(|x, y| x.1.total_cmp(&y.1)) {
                Some((i, _)) => {
                    let p = &mut pieces[i];
                    let middle = f32::midpoint(p.x0, p.x1);
                    (p.x0, p.x1) = (p.x0.min(a.x0), p.x1.max(a.x1));
                    // The middle moves along the slope.
                    let lift = (f32::midpoint(p.x0, p.x1) - middle) * p.slope;
                    (p.y0, p.y1) = (p.y0 + lift, p.y1 + lift);
                }
                None => rest.push(a),
            }
        }
        rest
    }

    /// How far a leftover stands from the end of a run that it may belong to.
    fn gap(&self, p: &TextBox, a: &TextBox) -> Option<f32> {
        if p.tall() {
            return None;
        }
        let (at, y) = (f32::midpoint(a.x0, a.x1), f32::midpoint(a.y0, a.y1));
        let lift = (at - f32::midpoint(p.x0, p.x1)) * p.slope;
        let inside = y > p.y0 + lift + 0.1 * p.height() && y < p.y1 + lift - 0.1 * p.height();
        let small = a.width() < p.height() && a.height() < 1.15 * p.height() && a.height() < 7.0 * a.width();
        let (gap, from, to) = if at > p.x1 { (a.x0 - p.x1, p.x1, at) } else { (p.x0 - a.x1, at, p.x0) };
        let beside = (at > p.x1 || at < p.x0) && gap < 0.35 * p.height();
        let ruled = self.rulings.down.iter().any(|s| {
            let x = s.at(y);
            s.from < y && s.to > y && x > from.min(to) - 2.0 && x < from.max(to) + 2.0
        });
        (inside && small && beside && !ruled).then_some(gap)
    }

    /// Whether there is hardly anything on the page.
    pub(super) fn blank(&self) -> bool {
        let small = self.text.resized(self.text.w / 4 + 1, self.text.h / 4 + 1);
        !blobs::find(&small, 200).iter().any(|b| b.h() >= 3 || b.w() >= 3)
    }
}

/// Ties boxes of one line that share a letter: the detector gave one run in two.
fn tie(boxes: &mut Vec<TextBox>) {
    let mut i = 0;
    while i < boxes.len() {
        let other = (0..boxes.len()).find(|j| *j != i && shares_a_letter(&boxes[i], &boxes[*j]));
        match other {
            Some(j) => {
                let (a, b) = (boxes[i], boxes[j]);
                let longer = if a.width() >= b.width() { a } else { b };
                let (x0, x1) = (a.x0.min(b.x0), a.x1.max(b.x1));
                let lift = (f32::midpoint(x0, x1) - f32::midpoint(longer.x0, longer.x1)) * longer.slope;
                boxes[i] =
                    TextBox { x0, x1, y0: longer.y0 + lift, y1: longer.y1 + lift, slope: longer.slope };
                boxes.remove(j);
                i = if j < i { i - 1 } else { i };
            }
            None => i += 1,
        }
    }
}

fn shares_a_letter(a: &TextBox, b: &TextBox) -> bool {
    if a.tall() || b.tall() || a.height() > 1.3 * b.height() || b.height() > 1.3 * a.height() {
        return false;
    }
    let longer = if a.width() >= b.width() { a } else { b };
    let middle = |t: &TextBox| f32::midpoint(t.x0, t.x1);
    // Both on one line, along its slope.
    let lift = (middle(a) - middle(b)) * longer.slope;
    let down = (a.y1 - lift).min(b.y1) - (a.y0 - lift).max(b.y0);
    let across = a.x1.min(b.x1) - a.x0.max(b.x0);
    let low = a.height().min(b.height());
    down > 0.75 * low && across > 0.4 * low
}

/// Whether a box holds more than one line, as the ring of a seal on a grey scan does: lines that were found by
/// themselves lie in it or reach into it. What is read of it must not stand in their place.
fn is_heap(b: &TextBox, all: &[TextBox]) -> bool {
    all.iter().any(|o| !o.tall() && b.height() > MANY_LINES * o.height() && shared(b, o) > 0.3)
}

/// Which part of the second box lies in the first.
fn shared(a: &TextBox, b: &TextBox) -> f32 {
    let across = a.x1.min(b.x1) - a.x0.max(b.x0);
    let down = a.y1.min(b.y1) - a.y0.max(b.y0);
    across.max(0.0) * down.max(0.0) / (b.width() * b.height()).max(1.0)
}

/// Drops boxes that lie mostly within a wider one: two detections that overlap at a border leave such ends.
fn drop_covered(boxes: &mut Vec<TextBox>) {
    let all = boxes.clone();
    let mut at = 0;
    boxes.retain(|b| {
        let me = at;
        at += 1;
        !all.iter().enumerate().any(|(i, o)| {
            let across = b.x1.min(o.x1) - b.x0.max(o.x0);
            let down = b.y1.min(o.y1) - b.y0.max(o.y0);
            let wider = o.width() > b.width() || (o.width() == b.width() && i < me);
            i != me && wider && across > 0.6 * b.width() && down > 0.6 * b.height()
        })
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_neighbours_are_dropped() {
        let b = |x0: f32, x1: f32| TextBox { x0, x1, y0: 0.0, y1: 30.0, slope: 0.0 };
        let mut boxes = vec![b(0.0, 200.0), b(180.0, 203.0), b(210.0, 300.0), b(210.0, 300.0)];
        drop_covered(&mut boxes);
        assert_eq!(boxes, [b(0.0, 200.0), b(210.0, 300.0)]);
    }

    #[test]
    fn the_ring_of_a_seal_takes_no_line() {
        let mut page = Grey::new(600, 400, 255);
        for y in 40..60 {
            for x in (95..590).filter(|x| x % 12 < 5) {
                page.px[y * 600 + x] = 0;
            }
        }
        let sheet = Sheet::new(page, None, 200.0);
        let line = TextBox { x0: 94.0, x1: 470.0, y0: 36.0, y1: 64.0, slope: 0.0 };
        let ring = TextBox { x0: 100.0, x1: 590.0, y0: 30.0, y1: 330.0, slope: 0.0 };
        let pieces = sheet.pieces(&[ring, line]);
        assert_eq!(pieces.len(), 1);
        assert!(pieces[0].x0 < 97.0 && pieces[0].height() < 30.0, "{pieces:?}");
        assert_eq!(sheet.pieces(&[line]).len(), 1);
    }

    #[test]
    fn runs_that_share_a_letter_are_one() {
        let b = |x0: f32, x1: f32, y0: f32| TextBox { x0, x1, y0, y1: y0 + 30.0, slope: 0.0 };
        let mut boxes =
            vec![b(180.0, 400.0, 2.0), b(0.0, 200.0, 0.0), b(405.0, 500.0, 0.0), b(300.0, 600.0, 40.0)];
        tie(&mut boxes);
        assert_eq!(boxes, [b(0.0, 400.0, 2.0), b(405.0, 500.0, 0.0), b(300.0, 600.0, 40.0)]);
    }

    #[test]
    fn ends_that_the_detector_left_out_join_their_run() {
        let mut page = Grey::new(600, 200, 255);
        for y in 20..180 {
            page.px[y * 600 + 400..y * 600 + 403].fill(0);
        }
        let sheet = Sheet::new(page, None, 200.0);
        assert_eq!(sheet.rulings.down.len(), 1);
        let b = |x0: f32, x1: f32, y0: f32| TextBox { x0, x1, y0, y1: y0 + 30.0, slope: 0.0 };
        let mut runs = [b(100.0, 300.0, 50.0), b(200.0, 395.0, 100.0)];
        let bracket = TextBox { y0: 54.0, y1: 78.0, ..b(304.0, 314.0, 50.0) };
        let (far, beyond) = (b(340.0, 350.0, 50.0), b(405.0, 420.0, 100.0));
        let rest = sheet.rejoin(&mut runs, vec![bracket, far, beyond]);
        assert_eq!(rest, [far, beyond]);
        assert_eq!((runs[0].x0, runs[0].x1, runs[1].x1), (100.0, 314.0, 395.0));
    }
}

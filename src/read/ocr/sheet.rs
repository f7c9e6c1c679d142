//! A level page with what stands on it besides text: ruling lines and tick boxes.

use super::detect::TextBox;
use super::rulings::{self, Rulings};
use super::ticks::{self, Tick};
use super::{Grey, blobs, crops, leftover};

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
        let mut out: Vec<TextBox> = Vec::new();
        for b in detected {
            for part in self.rulings.split(b) {
                out.extend(crops::at_gaps(&self.text, &part));
            }
        }
        drop_covered(&mut out);
        out
    }

    /// What no box covers: letters that the detector passed over.
    pub(super) fn leftovers(&self, pieces: &[TextBox]) -> Vec<TextBox> {
        leftover::find(&self.text, pieces, self.dpi)
    }

    /// Whether there is hardly anything on the page.
    pub(super) fn blank(&self) -> bool {
        let small = self.text.resized(self.text.w / 4 + 1, self.text.h / 4 + 1);
        !blobs::find(&small, 200).iter().any(|b| b.h() >= 3 || b.w() >= 3)
    }
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
}

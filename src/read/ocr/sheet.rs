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
    /// Finds and erases lines and tick boxes of a level page.
    pub(super) fn new(mut page: Grey, dpi: f32) -> Self {
        let rulings = rulings::find(&page, dpi);
        rulings::erase(&mut page, &rulings);
        let ticks = ticks::find(&page, dpi);
        ticks::erase(&mut page, &ticks);
        Self { text: page, rulings, ticks, dpi }
    }

    /// The boxes to read: detected ones cut at lines and at wide gaps, and what the detector passed over.
    pub(super) fn pieces(&self, detected: &[TextBox]) -> Vec<TextBox> {
        let mut out: Vec<TextBox> = Vec::new();
        for b in detected {
            for part in self.rulings.split(b) {
                out.extend(crops::at_gaps(&self.text, &part));
            }
        }
        out.extend(leftover::find(&self.text, &out, self.dpi));
        out
    }

    /// Whether there is hardly anything on the page.
    pub(super) fn blank(&self) -> bool {
        let small = self.text.resized(self.text.w / 4 + 1, self.text.h / 4 + 1);
        !blobs::find(&small, 200).iter().any(|b| b.h() >= 3 || b.w() >= 3)
    }
}

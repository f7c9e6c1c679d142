//! Text that may be only a part of what is printed: what it ends at could not be read, or a dark ring lies over it.
//! A recogniser is sure of the characters it sees; of those it does not see it says nothing.

use crate::model::{BBox, Confidence, Line, Seal, SealInk};
use crate::read::layout::Ruling;

/// How sure such text is at most.
const AT_MOST: Confidence = Confidence(900);

/// Marks seals that stand on text, and text under dark rings as less sure: strokes of the ring pass for strokes of
/// letters, and runs end at it.
pub(super) fn under_seals(lines: &mut [Line], seals: &mut [Seal]) {
    for seal in seals {
        for line in lines.iter_mut() {
            let Some(b) = line.bbox() else { continue };
            if b.shared_width(seal.bbox) < 2.0 || b.shared_height(seal.bbox) < 2.0 {
                continue;
            }
            seal.over_text = true;
            if seal.ink == SealInk::Grey {
                line.confidence = line.confidence.min(AT_MOST);
            }
        }
    }
}

/// Marks text as less sure that begins or ends at letter-sized ink which gave no text.
pub(super) fn beside_unread(lines: &mut [Line], unread: &[BBox], rulings: &[Ruling]) {
    for line in lines.iter_mut().filter(|l| l.confidence > AT_MOST) {
        let Some(b) = line.bbox() else { continue };
        if unread.iter().any(|u| goes_on(b, *u) && !parted(b, *u, rulings)) {
            line.confidence = AT_MOST;
        }
    }
}

/// Whether ink stands at one end of a run, on its height and about as high.
fn goes_on(run: BBox, ink: BBox) -> bool {
    let (high, low) = (run.height().max(ink.height()), run.height().min(ink.height()));
    let gap = (ink.x0 - run.x1).max(run.x0 - ink.x1);
    high < 2.5 * low && run.shared_height(ink) > 0.6 * low && gap > -0.5 * high && gap < 0.9 * run.height()
}

/// Whether an upright ruling stands between the middles of two boxes.
fn parted(a: BBox, b: BBox, rulings: &[Ruling]) -> bool {
    let (from, to) = if a.mid_x() < b.mid_x() {
        (a.x1.min(b.x0), b.x0.max(a.x1))
    } else {
        (b.x1.min(a.x0), a.x0.max(b.x1))
    };
    rulings.iter().any(|r| {
        let x = f32::midpoint(r.x0, r.x1);
        (r.y1 - r.y0).abs() > (r.x1 - r.x0).abs()
            && r.y0.min(r.y1) < a.mid_y()
            && r.y0.max(r.y1) > a.mid_y()
            && x > from - 1.0
            && x < to + 1.0
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Grade, Place};

    fn run(x0: f32, x1: f32) -> Line {
        Line {
            text: "南京长风科技有限公司".into(),
            place: Place::Page { page: 1, bbox: BBox::new(x0, 100.0, x1, 110.0) },
            grade: Grade::Ocr,
            confidence: Confidence(997),
            row: 0,
            table: None,
            edges: Vec::new(),
            size: 10.0,
        }
    }

    #[test]
    fn a_run_that_ends_at_ink_nobody_read_is_not_sure() {
        let ink = BBox::new(204.0, 101.0, 214.0, 111.0);
        let sure = |ink: BBox, rulings: &[Ruling]| {
            let mut lines = [run(100.0, 200.0)];
            beside_unread(&mut lines, &[ink], rulings);
            lines[0].confidence.0
        };
        assert_eq!(sure(ink, &[]), 900);
        assert_eq!(sure(ink, &[Ruling { x0: 202.0, y0: 90.0, x1: 202.0, y1: 120.0 }]), 997);
        assert_eq!(sure(BBox::new(230.0, 101.0, 240.0, 111.0), &[]), 997);
        assert_eq!(sure(BBox::new(204.0, 101.0, 206.0, 103.0), &[]), 997);
    }

    #[test]
    fn text_under_a_dark_ring_is_not_sure_and_under_a_red_one_it_is() {
        for (ink, sure) in [(SealInk::Grey, 900), (SealInk::Red, 997)] {
            let mut lines = [run(100.0, 200.0)];
            let mut seals = [Seal { ink, ..Seal::at(BBox::new(180.0, 60.0, 290.0, 170.0)) }];
            under_seals(&mut lines, &mut seals);
            assert_eq!((lines[0].confidence.0, seals[0].over_text), (sure, true));
        }
    }
}

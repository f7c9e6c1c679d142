//! Drawn tick boxes: small squares with straight sides, empty or marked.

use super::Grey;
use super::blobs::{self, Blob};

/// A tick box in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Tick {
    pub blob: Blob,
    /// Whether it carries a mark.
    pub ticked: bool,
    /// Between 0 and 1.
    pub sure: f32,
}

/// Finds tick boxes on a level page.
pub(super) fn find(page: &Grey, dpi: f32) -> Vec<Tick> {
    let (least, most) = (((dpi * 0.065) as usize).max(9), (dpi * 0.26) as usize);
    if most < least {
        return Vec::new();
    }
    blobs::find(page, 170)
        .into_iter()
        .filter(|b| (least..=most).contains(&b.w()) && (least..=most).contains(&b.h()))
        .filter(|b| b.w() * 4 <= b.h() * 5 && b.h() * 4 <= b.w() * 5)
        .filter_map(|b| judge(page, b))
        .collect()
}

/// Whether a blob is a box, and a ticked one. The characters 口 日 田 have no four straight sides on one square:
/// their feet stick out, or bars cross them from side to side.
fn judge(page: &Grey, b: Blob) -> Option<Tick> {
    let dark = |x: usize, y: usize| page.px[y * page.w + x] < 170;
    let share = |n: usize, of: usize| n as f32 / of.max(1) as f32;
    let row = |y: usize, x0: usize, x1: usize| share((x0..x1).filter(|x| dark(*x, y)).count(), x1 - x0);
    let col = |x: usize, y0: usize, y1: usize| share((y0..y1).filter(|y| dark(x, *y)).count(), y1 - y0);
    // A side may be a pixel or two inside the bounds: a tick can stick out, paper can lie askew.
    let depth = (b.w() / 10).max(2);
    let best = |side: &dyn Fn(usize) -> f32| (0..depth).map(side).fold(0.0, f32::max);
    let sides = [
        best(&|d| row(b.y0 + d, b.x0, b.x1)),
        best(&|d| row(b.y1 - 1 - d, b.x0, b.x1)),
        best(&|d| col(b.x0 + d, b.y0, b.y1)),
        best(&|d| col(b.x1 - 1 - d, b.y0, b.y1)),
    ];
    if sides.iter().any(|s| *s < 0.9) {
        return None;
    }
    // The outermost rows and columns are whole: no feet.
    let outer =
        [row(b.y1 - 1, b.x0, b.x1), row(b.y0, b.x0, b.x1), col(b.x0, b.y0, b.y1), col(b.x1 - 1, b.y0, b.y1)];
    if outer.iter().any(|s| *s < 0.45) {
        return None;
    }
    let wall = (b.w() / 6).max(3);
    let (x0, x1, y0, y1) = (b.x0 + wall, b.x1 - wall, b.y0 + wall, b.y1 - wall);
    if x1 <= x0 + 3 || y1 <= y0 + 3 {
        return None;
    }
    let ink = (y0..y1).map(|y| (x0..x1).filter(|x| dark(*x, y)).count()).sum::<usize>();
    let filled = share(ink, (x1 - x0) * (y1 - y0));
    let bars = (y0..y1).any(|y| row(y, x0, x1) > 0.85) || (x0..x1).any(|x| col(x, y0, y1) > 0.85);
    if filled < 0.04 {
        Some(Tick { blob: b, ticked: false, sure: 0.95 })
    } else if filled > 0.8 {
        Some(Tick { blob: b, ticked: true, sure: 0.85 })
    } else if bars || filled < 0.07 {
        None
    } else {
        Some(Tick { blob: b, ticked: true, sure: 0.9 })
    }
}

/// Paints tick boxes white, so that they are not read as 口.
pub(super) fn erase(page: &mut Grey, ticks: &[Tick]) {
    for t in ticks {
        let (x0, x1) = (t.blob.x0.saturating_sub(1), (t.blob.x1 + 1).min(page.w));
        for y in t.blob.y0.saturating_sub(1)..(t.blob.y1 + 1).min(page.h) {
            page.px[y * page.w + x0..y * page.w + x1].fill(255);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(g: &mut Grey, x: usize, y: usize, side: usize) {
        for i in 0..side {
            for t in 0..2 {
                for (px, py) in
                    [(x + i, y + t), (x + i, y + side - 1 - t), (x + t, y + i), (x + side - 1 - t, y + i)]
                {
                    g.px[py * g.w + px] = 0;
                }
            }
        }
    }

    #[test]
    fn empty_ticked_and_a_character() {
        let mut g = Grey::new(400, 100, 255);
        square(&mut g, 20, 20, 24);
        square(&mut g, 120, 20, 24);
        for i in 0..14 {
            for t in 0..3 {
                g.px[(25 + i) * 400 + 125 + i + t] = 0;
            }
        }
        // 日: a bar across
        square(&mut g, 220, 20, 24);
        for x in 220..244 {
            g.px[32 * 400 + x] = 0;
            g.px[31 * 400 + x] = 0;
        }
        let found = find(&g, 200.0);
        assert_eq!(found.iter().map(|t| t.ticked).collect::<Vec<_>>(), [false, true]);
        erase(&mut g, &found);
        assert!(g.crop(0, 0, 200, 100).px.iter().all(|v| *v == 255));
    }
}

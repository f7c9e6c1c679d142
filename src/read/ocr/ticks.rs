//! Drawn tick boxes: small squares with straight sides, empty or marked; the mark may be a pen's, over or beside them.

use super::Grey;
use super::blobs::{self, Blob};

/// A tick box in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Tick {
    pub blob: Blob,
    /// The ink of box and mark together, where a mark reaches out of the box or stands beside it.
    pub mark: Option<Blob>,
    /// Whether it carries a mark.
    pub ticked: bool,
    /// Between 0 and 1.
    pub sure: f32,
}

/// What is dark.
const DARK: u8 = 170;

/// Finds tick boxes on a level page.
pub(super) fn find(page: &Grey, dpi: f32) -> Vec<Tick> {
    let (least, most) = (((dpi * 0.065) as usize).max(9), (dpi * 0.26) as usize);
    if most < least {
        return Vec::new();
    }
    let blobs = blobs::find(page, DARK);
    let fits = |v: usize| (least..=most).contains(&v);
    let mut out = Vec::new();
    for b in &blobs {
        let square = fits(b.w()) && fits(b.h()) && b.w() * 4 <= b.h() * 5 && b.h() * 4 <= b.w() * 5;
        let tick = if square { judge(page, *b) } else { None };
        let crossed = |b: &Blob| {
            // Smaller frames are parts of characters.
            let least = (dpi * 0.1) as usize;
            let large = b.w() >= least && b.h() >= least && b.w() <= most * 5 / 2 && b.h() <= most * 5 / 2;
            if large { crossed(page, *b, least, most) } else { None }
        };
        out.extend(tick.or_else(|| crossed(b)));
    }
    beside(page, &mut out, &blobs);
    out
}

/// Whether a blob is a box, and a ticked one. The characters 口 日 田 have no four straight sides on one square:
/// their feet stick out, or bars cross them from side to side.
fn judge(page: &Grey, b: Blob) -> Option<Tick> {
    let dark = |x: usize, y: usize| page.px[y * page.w + x] < DARK;
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
    let (filled, bars) = inside(page, &b)?;
    let tick = |ticked: bool, sure: f32| Some(Tick { blob: b, mark: None, ticked, sure });
    if filled < 0.04 {
        tick(false, 0.95)
    } else if filled > 0.8 {
        tick(true, 0.85)
    } else if bars || filled < 0.07 {
        None
    } else {
        tick(true, 0.9)
    }
}

fn share(n: usize, of: usize) -> f32 {
    n as f32 / of.max(1) as f32
}

/// Share of ink within a box's walls, and whether bars cross it from side to side.
fn inside(page: &Grey, b: &Blob) -> Option<(f32, bool)> {
    let dark = |x: usize, y: usize| page.px[y * page.w + x] < DARK;
    let wall = (b.w() / 6).max(3);
    let (x0, x1) = (b.x0 + wall, b.x1.checked_sub(wall)?);
    let (y0, y1) = (b.y0 + wall, b.y1.checked_sub(wall)?);
    if x1 <= x0 + 3 || y1 <= y0 + 3 {
        return None;
    }
    let in_row = |y: usize| (x0..x1).filter(|x| dark(*x, y)).count();
    let in_col = |x: usize| (y0..y1).filter(|y| dark(x, *y)).count();
    let ink: usize = (y0..y1).map(in_row).sum();
    let bars = (y0..y1).any(|y| share(in_row(y), x1 - x0) > 0.85)
        || (x0..x1).any(|x| share(in_col(x), y1 - y0) > 0.85);
    Some((share(ink, (x1 - x0) * (y1 - y0)), bars))
}

/// A box whose mark reaches out of it: a frame within a larger blob. What a pen draws leaves the box on one side at
/// least; characters with a frame in them (由 国 古) fill it with bars, have feet, or leave it empty.
fn crossed(page: &Grey, b: Blob, least: usize, most: usize) -> Option<Tick> {
    let bars = bars(page, &b, least, most);
    for (i, top) in bars.iter().enumerate() {
        for low in &bars[i + 1..] {
            let high = low.0 + 1 - top.0;
            // The mark may lengthen a side where it crosses it.
            let (x0, x1) = (top.1.max(low.1), top.2.min(low.2));
            let wide = x1.saturating_sub(x0);
            let longest = (top.2 - top.1).max(low.2 - low.1);
            if high * 5 > wide * 6 || high * 6 < wide * 5 || wide < least || longest * 5 > wide * 8 {
                continue;
            }
            let frame = Blob { x0, y0: top.0, x1, y1: low.0 + 1, n: b.n };
            if is_frame(page, &b, &frame) {
                let (filled, barred) = inside(page, &frame)?;
                // A pen's strokes are few: characters with a frame, and letters that touch, are denser.
                let dark = |x: usize, y: usize| page.px[y * page.w + x] < DARK;
                let framed: usize =
                    (frame.y0..frame.y1).map(|y| (frame.x0..frame.x1).filter(|x| dark(*x, y)).count()).sum();
                let outside = share(b.n.saturating_sub(framed), frame.w() * frame.h());
                let marked = (0.06..0.36).contains(&filled) && !barred && outside < 0.4;
                return marked.then_some(Tick { blob: frame, mark: Some(b), ticked: true, sure: 0.85 });
            }
        }
    }
    None
}

/// The straight dark runs of a box's length along a blob's rows, the longest of neighbouring rows: row, from, to.
fn bars(page: &Grey, b: &Blob, least: usize, most: usize) -> Vec<(usize, usize, usize)> {
    let mut out: Vec<(usize, usize, usize)> = Vec::new();
    for y in b.y0..b.y1 {
        let mut from = None;
        for x in b.x0..=b.x1 {
            let dark = x < b.x1 && page.px[y * page.w + x] < DARK;
            match (dark, from) {
                (true, None) => from = Some(x),
                (false, Some(start)) => {
                    from = None;
                    if !(least..=most + 4).contains(&(x - start)) {
                        continue;
                    }
                    match out.last_mut().filter(|l| l.0 + 2 >= y && l.1 < x && start < l.2) {
                        Some(last) if x - start > last.2 - last.1 => *last = (y, start, x),
                        Some(_) => {}
                        None => out.push((y, start, x)),
                    }
                }
                _ => {}
            }
        }
    }
    out.truncate(24);
    out
}

/// Whether four sides stand where a frame's should, without feet, and the blob's ink reaches well out of them.
fn is_frame(page: &Grey, b: &Blob, f: &Blob) -> bool {
    let dark = |x: usize, y: usize| page.px[y * page.w + x] < DARK;
    let near = |x: usize| x.saturating_sub(2)..(x + 3).min(page.w);
    let side = |at: usize| {
        near(at).map(|x| share((f.y0..f.y1).filter(|y| dark(x, *y)).count(), f.h())).fold(0.0, f32::max)
    };
    if side(f.x0) < 0.88 || side(f.x1 - 1) < 0.88 {
        return false;
    }
    let below = (f.y1 + 2).min(page.h - 1);
    let foot = |at: usize| near(at).any(|x| dark(x, below));
    if foot(f.x0) && foot(f.x1 - 1) {
        return false;
    }
    let out = [f.x0 - b.x0.min(f.x0), b.x1.max(f.x1) - f.x1, f.y0 - b.y0.min(f.y0), b.y1.max(f.y1) - f.y1];
    out.iter().any(|o| o * 4 > f.w())
}

/// A check mark drawn beside an empty box ticks it, if no other box is about as near.
fn beside(page: &Grey, ticks: &mut [Tick], blobs: &[Blob]) {
    for mark in blobs {
        let mut near: Vec<(usize, usize)> = Vec::new();
        for (i, t) in ticks.iter().enumerate() {
            let side = t.blob.w();
            let sized = mark.w() * 2 >= side
                && mark.w() <= side * 5 / 2
                && mark.h() * 2 >= side
                && mark.h() <= side * 5 / 2;
            let gap = (t.blob.x0.saturating_sub(mark.x1)).max(mark.x0.saturating_sub(t.blob.x1));
            let apart = mark.x1 <= t.blob.x0 || mark.x0 >= t.blob.x1;
            let level = mark.y0 < t.blob.y1 && mark.y1 > t.blob.y0;
            if sized && apart && level && gap * 5 < side * 4 {
                near.push((gap, i));
            }
        }
        near.sort_unstable();
        let Some(&(gap, i)) = near.first() else { continue };
        let alone = near.get(1).is_none_or(|n| n.0 > gap + ticks[i].blob.w() / 4);
        if alone && !ticks[i].ticked && is_check(page, mark) {
            (ticks[i].ticked, ticks[i].sure, ticks[i].mark) = (true, 0.75, Some(*mark));
        }
    }
}

/// Whether a blob has the strokes of √: thin, its foot left of the middle, its top at the right end and nowhere else.
fn is_check(page: &Grey, b: &Blob) -> bool {
    if b.n * 100 > 36 * b.w() * b.h() {
        return false;
    }
    let ends = |y0: usize, y1: usize| {
        let inked = |x: &usize| (y0..y1).any(|y| page.px[y * page.w + *x] < DARK);
        let mut at = (b.x0..b.x1).filter(inked);
        let first = at.next()?;
        Some((share(first - b.x0, b.w()), share(at.next_back().unwrap_or(first) - b.x0, b.w())))
    };
    let part = (b.h() / 8).max(1);
    let (Some(top), Some(foot)) = (ends(b.y0, b.y0 + part), ends(b.y1 - part, b.y1)) else { return false };
    top.0 > 0.6 && foot.0 > 0.08 && foot.1 < 0.62
}

/// Paints tick boxes white, so that they are not read as 口, and the marks that go with them.
pub(super) fn erase(page: &mut Grey, ticks: &[Tick]) {
    for b in ticks.iter().flat_map(|t| [Some(t.blob), t.mark]).flatten() {
        let (x0, x1) = (b.x0.saturating_sub(1), (b.x1 + 1).min(page.w));
        for y in b.y0.saturating_sub(1)..(b.y1 + 1).min(page.h) {
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

    /// A stroke three pixels thick.
    fn stroke(g: &mut Grey, (x0, y0): (i32, i32), (x1, y1): (i32, i32)) {
        for i in 0..=100 {
            let (x, y) = (x0 + (x1 - x0) * i / 100, y0 + (y1 - y0) * i / 100);
            for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1), (2, 1)] {
                g.px[(y + dy) as usize * g.w + (x + dx) as usize] = 0;
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

    #[test]
    fn a_pen_mark_over_a_box_ticks_it() {
        let mut g = Grey::new(400, 100, 255);
        square(&mut g, 40, 40, 26);
        stroke(&mut g, (44, 52), (52, 60));
        stroke(&mut g, (52, 60), (78, 26));
        // 由: a frame with a bar from side to side and a stroke that leaves it.
        square(&mut g, 200, 40, 26);
        stroke(&mut g, (212, 28), (212, 64));
        stroke(&mut g, (200, 52), (223, 52));
        let found = find(&g, 200.0);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].ticked && found[0].blob.x0.abs_diff(40) < 4 && found[0].blob.x1.abs_diff(66) < 4);
        erase(&mut g, &found);
        assert!(g.crop(0, 0, 150, 100).px.iter().all(|v| *v == 255));
    }

    #[test]
    fn a_pen_mark_beside_a_box_ticks_it() {
        let check = |g: &mut Grey, x: i32| {
            stroke(g, (x, 52), (x + 8, 62));
            stroke(g, (x + 8, 62), (x + 24, 36));
        };
        let mut g = Grey::new(600, 100, 255);
        square(&mut g, 60, 40, 24);
        check(&mut g, 26);
        square(&mut g, 200, 40, 24);
        let found = find(&g, 200.0);
        assert_eq!(found.iter().map(|t| t.ticked).collect::<Vec<_>>(), [true, false]);
        // Between two boxes it may belong to either.
        let mut g = Grey::new(600, 100, 255);
        square(&mut g, 60, 40, 24);
        square(&mut g, 124, 40, 24);
        check(&mut g, 90);
        assert!(find(&g, 200.0).iter().all(|t| !t.ticked));
    }
}

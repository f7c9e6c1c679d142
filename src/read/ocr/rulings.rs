//! Ruling lines of a level page: long runs of dark pixels, tied together into segments.

use super::Grey;
use super::detect::TextBox;
use crate::read::layout::Ruling;

/// A pixel darker than this may belong to a line.
const DARK: u8 = 165;
/// A lighter one may, where the paper beside it is so much lighter: thin lines on rough scans are pale.
const PALE: u8 = 218;
const STEP: u8 = 24;
/// How far beside a pale line its paper is looked at.
const BESIDE: usize = 4;

/// A segment: along its axis from `from` to `to`, at `at_from` and `at_to` across it; all in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Segment {
    pub from: f32,
    pub to: f32,
    pub at_from: f32,
    pub at_to: f32,
    pub thick: f32,
}

impl Segment {
    /// Position across the axis at a point along it.
    pub(super) fn at(&self, along: f32) -> f32 {
        let share = (along - self.from) / (self.to - self.from).max(1.0);
        self.at_from + (self.at_to - self.at_from) * share.clamp(0.0, 1.0)
    }
}

/// The ruling lines of a page.
#[derive(Clone, Debug, Default)]
pub(super) struct Rulings {
    pub across: Vec<Segment>,
    pub down: Vec<Segment>,
}

/// A run of dark pixels: on which line, from, to.
type Run = (usize, usize, usize);

/// Finds the ruling lines. Shorter limits than these eat the strokes of letters.
pub(super) fn find(page: &Grey, dpi: f32) -> Rulings {
    let dark = |shade: u8, _: u8, _: u8| shade < DARK;
    let mut across = segments(runs_across(page, (dpi * 0.70) as usize, dark), dpi);
    let mut down = segments(runs_down(page, (dpi * 0.45) as usize, dark), dpi);
    across.retain(|s| !on_ring(page, s, dpi, false));
    down.retain(|s| !on_ring(page, s, dpi, true));
    // Pale edges tie the foot strokes of large letters together: pale lines are long and thin, or none.
    let pale = |found: Vec<Segment>, least: f32| {
        found.into_iter().filter(move |s| s.to - s.from > least && s.thick < dpi * 0.012 + 1.5)
    };
    add(&mut across, pale(segments(runs_across(page, (dpi * 1.2) as usize, stands_out), dpi), dpi * 2.0));
    add(&mut down, pale(segments(runs_down(page, (dpi * 0.8) as usize, stands_out), dpi), dpi * 1.2));
    // A row alone between two that span the table is lower than the limit: strokes of letters do not reach from one
    // line to the next.
    let low = segments(runs_down(page, (dpi * 0.18) as usize, dark), dpi);
    let joins = |s: &Segment| joins(s, &across, dpi);
    add(&mut down, low.into_iter().filter(joins));
    Rulings { across, down }
}

/// Whether a line down reaches from one line across to another.
fn joins(s: &Segment, across: &[Segment], dpi: f32) -> bool {
    let near = dpi * 0.012 + 1.5;
    let touches = |at: f32| {
        across.iter().any(|a| {
            a.from - near < s.at_from && s.at_from < a.to + near && (a.at(s.at_from) - at).abs() < near
        })
    };
    s.thick < dpi * 0.03 + 1.5 && touches(s.from) && touches(s.to)
}

/// Adds lines to those that are known, in the place of parts of theirs.
fn add(known: &mut Vec<Segment>, more: impl Iterator<Item = Segment>) {
    let within = |a: &Segment, b: &Segment| {
        let (from, to) = (a.from.max(b.from), a.to.min(b.to));
        to - from > 0.9 * (a.to - a.from)
            && (a.at(from) - b.at(from)).abs() < 4.0
            && (a.at(to) - b.at(to)).abs() < 4.0
    };
    for s in more {
        if known.iter().any(|k| within(&s, k)) {
            continue;
        }
        known.retain(|k| !within(k, &s));
        known.push(s);
    }
    known.sort_by(|a, b| a.at_from.total_cmp(&b.at_from).then(a.from.total_cmp(&b.from)));
}

/// Whether a shade belongs to a line: it is dark, or darker than what lies on both sides.
fn stands_out(shade: u8, one: u8, other: u8) -> bool {
    shade < DARK || (shade < PALE && shade.saturating_add(STEP) < one && shade.saturating_add(STEP) < other)
}

/// Dark runs along rows. Two neighbouring rows count together, and gaps of two pixels are bridged.
fn runs_across(page: &Grey, least: usize, inked: impl Fn(u8, u8, u8) -> bool) -> Vec<Run> {
    let mut out = Vec::new();
    for y in 0..page.h {
        let (row, next) = (page.row(y), page.row((y + 1).min(page.h - 1)));
        let (above, below) = (page.row(y.saturating_sub(BESIDE)), page.row((y + 1 + BESIDE).min(page.h - 1)));
        let (mut start, mut last, mut open) = (0usize, 0usize, false);
        for (x, (a, b)) in row.iter().zip(next).enumerate() {
            if !inked(*a.min(b), above[x], below[x]) {
                continue;
            }
            if !open || x - last > 3 {
                if open && last + 1 - start >= least {
                    out.push((y, start, last + 1));
                }
                (start, open) = (x, true);
            }
            last = x;
        }
        if open && last + 1 - start >= least {
            out.push((y, start, last + 1));
        }
    }
    out
}

/// The same down columns, in one pass over the rows so that memory is read in order.
fn runs_down(page: &Grey, least: usize, inked: impl Fn(u8, u8, u8) -> bool) -> Vec<Run> {
    let mut out = Vec::new();
    // For each column: start of the open run and its last dark row; start > last means none is open.
    let mut open = vec![(1usize, 0usize); page.w];
    let close = |x: usize, run: (usize, usize), out: &mut Vec<Run>| {
        if run.0 <= run.1 && run.1 + 1 - run.0 >= least {
            out.push((x, run.0, run.1 + 1));
        }
    };
    for y in 0..page.h {
        let row = page.row(y);
        for (x, run) in open.iter_mut().enumerate() {
            let shade = row[x].min(row.get(x + 1).copied().unwrap_or(255));
            let right = (x + 1 + BESIDE).min(page.w - 1);
            if !inked(shade, row[x.saturating_sub(BESIDE)], row[right]) {
                continue;
            }
            if run.0 > run.1 || y - run.1 > 3 {
                close(x, *run, &mut out);
                run.0 = y;
            }
            run.1 = y;
        }
    }
    for (x, run) in open.into_iter().enumerate() {
        close(x, run, &mut out);
    }
    out.sort_unstable();
    out
}

/// A region of overlapping runs on neighbouring lines.
struct Bundle {
    last: usize,
    runs: Vec<Run>,
}

/// Ties runs of neighbouring lines into segments, drops filled areas, and joins collinear pieces.
fn segments(runs: Vec<Run>, dpi: f32) -> Vec<Segment> {
    let mut open: Vec<Bundle> = Vec::new();
    let mut done: Vec<Bundle> = Vec::new();
    for run in runs {
        let mut i = 0;
        while i < open.len() {
            if open[i].last + 3 < run.0 { done.push(open.swap_remove(i)) } else { i += 1 }
        }
        let touches = |b: &Bundle| {
            b.runs.iter().rev().take_while(|r| r.0 + 3 >= run.0).any(|r| r.1 < run.2 + 3 && run.1 < r.2 + 3)
        };
        let mut home: Option<usize> = None;
        let mut i = 0;
        while i < open.len() {
            if !touches(&open[i]) {
                i += 1;
                continue;
            }
            match home {
                None => {
                    open[i].runs.push(run);
                    open[i].last = run.0;
                    home = Some(i);
                    i += 1;
                }
                Some(to) => {
                    let other = open.swap_remove(i);
                    open[to].runs.extend(other.runs);
                    open[to].runs.sort_unstable();
                }
            }
        }
        if home.is_none() {
            open.push(Bundle { last: run.0, runs: vec![run] });
        }
    }
    done.extend(open);
    let mut found: Vec<Segment> = done.iter().flat_map(|b| segment(b, dpi)).collect();
    found.sort_by(|a, b| a.at_from.total_cmp(&b.at_from).then(a.from.total_cmp(&b.from)));
    join(found, dpi)
}

/// A bundle's segment by least squares; a filled area gives its two edges.
fn segment(bundle: &Bundle, dpi: f32) -> Vec<Segment> {
    let from = bundle.runs.iter().map(|r| r.1).min().unwrap_or(0) as f32;
    let to = bundle.runs.iter().map(|r| r.2).max().unwrap_or(0) as f32;
    let area: usize = bundle.runs.iter().map(|r| r.2 - r.1).sum();
    let thick = area as f32 / (to - from).max(1.0);
    let flat = |at: f32| Segment { from, to, at_from: at, at_to: at, thick: 2.0 };
    if thick > dpi * 0.06 {
        let first = bundle.runs.iter().map(|r| r.0).min().unwrap_or(0) as f32;
        return vec![flat(first), flat(bundle.last as f32 + 1.0)];
    }
    // Every run weighs by its length; it stands at the middle of its two lines.
    let (mut n, mut sx, mut sy, mut sxx, mut sxy) = (0f64, 0f64, 0f64, 0f64, 0f64);
    for (line, a, b) in &bundle.runs {
        let (k, y) = ((b - a) as f64, *line as f64 + 1.0);
        let (mid, len) = ((a + b) as f64 / 2.0, (b - a) as f64);
        n += k;
        sx += k * mid;
        sy += k * y;
        sxx += k * (mid * mid + len * len / 12.0);
        sxy += k * mid * y;
    }
    let spread = sxx - sx * sx / n;
    let slope = if spread > 1.0 { (sxy - sx * sy / n) / spread } else { 0.0 };
    let level = |x: f32| (sy / n + slope * (f64::from(x) - sx / n)) as f32;
    vec![Segment { from, to, at_from: level(from), at_to: level(to), thick: (thick - 1.0).max(1.0) }]
}

/// Whether a short segment is the side of a seal's ring: beyond both of its ends the ink goes on, bent to one side.
fn on_ring(page: &Grey, s: &Segment, dpi: f32, down: bool) -> bool {
    let long = s.to - s.from;
    if long > dpi {
        return false;
    }
    let dark = |along: f32, across: f32| {
        let (a, b) = (along.round() as i64, across.round() as i64);
        (if down { page.at(b, a) } else { page.at(a, b) }) < DARK
    };
    let bends = |side: f32| {
        [(s.from, s.at_from, -1.0), (s.to, s.at_to, 1.0)].iter().all(|(end, at, way)| {
            [0.12f32, 0.25].iter().all(|share| {
                let along = end + way * share * long;
                let steps = (long * 1.4 * share) as i32;
                let straight = (-1..=1).any(|i| dark(along, at + i as f32));
                !straight && (2..=steps).any(|i| dark(along, at + side * i as f32))
            })
        })
    };
    bends(-1.0) || bends(1.0)
}

/// Joins pieces of one line that a gap parts.
fn join(mut found: Vec<Segment>, dpi: f32) -> Vec<Segment> {
    let (gap, off) = (dpi * 0.12, (dpi * 0.02).max(2.5));
    let mut i = 0;
    while i < found.len() {
        let mut j = i + 1;
        let mut grew = false;
        while j < found.len() {
            let (a, b) =
                if found[i].from <= found[j].from { (found[i], found[j]) } else { (found[j], found[i]) };
            let near = b.from - a.to < gap
                && (a.at_to - b.at_from).abs() < off
                && (a.at(b.from) - b.at_from).abs() < off;
            if near {
                let last = if b.to > a.to { (b.to, b.at_to) } else { (a.to, a.at_to) };
                found[i] = Segment {
                    from: a.from,
                    at_from: a.at_from,
                    to: last.0,
                    at_to: last.1,
                    thick: a.thick.max(b.thick),
                };
                found.remove(j);
                grew = true;
            } else {
                j += 1;
            }
        }
        if !grew {
            i += 1;
        }
    }
    found
}

/// Paints the lines white, but leaves strokes that cross them.
pub(super) fn erase(page: &mut Grey, rulings: &Rulings) {
    for s in &rulings.across {
        for x in s.from.max(0.0) as usize..(s.to as usize).min(page.w) {
            wipe(page, s, s.at(x as f32), |along| (x as i64, along));
        }
    }
    for s in &rulings.down {
        for y in s.from.max(0.0) as usize..(s.to as usize).min(page.h) {
            wipe(page, s, s.at(y as f32), |along| (along, y as i64));
        }
    }
}

/// Wipes one position of a line: the dark run across it, if it is no longer than the line is thick.
fn wipe(page: &mut Grey, s: &Segment, at: f32, place: impl Fn(i64) -> (i64, i64)) {
    let most = (s.thick * 1.6).max(s.thick + 3.0).ceil() as i64;
    let dark = |page: &Grey, p: i64| {
        let (x, y) = place(p);
        page.at(x, y) < 190
    };
    let centre = at.round() as i64;
    let Some(start) = [0, -1, 1, -2, 2].into_iter().map(|d| centre + d).find(|p| dark(page, *p)) else {
        return;
    };
    let (mut a, mut b) = (start, start);
    while dark(page, a - 1) && b - a <= most {
        a -= 1;
    }
    while dark(page, b + 1) && b - a <= most {
        b += 1;
    }
    if b - a >= most {
        return;
    }
    for p in a - 1..=b + 1 {
        let (x, y) = place(p);
        if x >= 0 && y >= 0 && (x as usize) < page.w && (y as usize) < page.h {
            page.px[y as usize * page.w + x as usize] = 255;
        }
    }
}

impl Rulings {
    /// As the layout code wants them: in points.
    pub(super) fn in_points(&self, k: f32) -> Vec<Ruling> {
        let across = self.across.iter().map(|s| Ruling {
            x0: s.from * k,
            y0: s.at_from * k,
            x1: s.to * k,
            y1: s.at_to * k,
        });
        let down = self.down.iter().map(|s| Ruling {
            x0: s.at_from * k,
            y0: s.from * k,
            x1: s.at_to * k,
            y1: s.to * k,
        });
        across.chain(down).collect()
    }

    /// Cuts a detected box at the lines that cross it.
    pub(super) fn split(&self, b: &TextBox) -> Vec<TextBox> {
        let mut cuts: Vec<f32> = Vec::new();
        let middle = (b.y0 + b.y1) / 2.0;
        for s in &self.down {
            let reach = 0.2 * b.height();
            if s.from < middle + reach && s.to > middle - reach {
                let x = s.at(middle);
                if x > b.x0 + 1.0 && x < b.x1 - 1.0 {
                    cuts.push(x);
                }
            }
        }
        let mut out = Vec::new();
        for piece in between(b.x0, b.x1, cuts) {
            let part = TextBox { x0: piece.0, x1: piece.1, ..*b };
            let centre = (part.x0 + part.x1) / 2.0;
            let edge = 0.15 * part.height().min(part.width());
            let cuts = self
                .across
                .iter()
                .filter(|s| s.from <= centre && s.to >= centre)
                .map(|s| s.at(centre))
                .filter(|y| *y > part.y0 + edge && *y < part.y1 - edge)
                .collect();
            out.extend(between(part.y0, part.y1, cuts).into_iter().map(|(y0, y1)| TextBox {
                y0,
                y1,
                ..part
            }));
        }
        out.retain(|p| p.width() > 3.0 && p.height() > 3.0);
        out
    }
}

fn between(from: f32, to: f32, mut cuts: Vec<f32>) -> Vec<(f32, f32)> {
    cuts.sort_by(f32::total_cmp);
    let mut out = Vec::new();
    let mut last = from;
    for cut in cuts {
        out.push((last, cut));
        last = cut;
    }
    out.push((last, to));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> Grey {
        let mut g = Grey::new(900, 700, 250);
        for y in [100usize, 200, 300] {
            for x in 50..850 {
                // a slight slant and a gap
                if (400..405).contains(&x) {
                    continue;
                }
                for t in 0..2 {
                    g.px[(y + t + x / 400) * 900 + x] = 20;
                }
            }
        }
        for x in [50usize, 300, 849] {
            for y in 100..303 {
                g.px[y * 900 + x] = 30;
                g.px[y * 900 + x + 1] = 30;
            }
        }
        g
    }

    #[test]
    fn finds_a_grid() {
        let r = find(&grid(), 200.0);
        assert_eq!((r.across.len(), r.down.len()), (3, 3), "{r:?}");
        let top = r.across[0];
        assert!(top.from < 53.0 && top.to > 847.0 && (top.at(450.0) - 102.0).abs() < 2.0, "{top:?}");
        assert!((r.down[1].at(200.0) - 301.0).abs() < 2.0);
    }

    #[test]
    fn a_low_row_keeps_its_lines() {
        let mut g = Grey::new(900, 700, 250);
        for y in [100usize, 146] {
            g.px[y * 900 + 50..y * 900 + 850].fill(20);
            g.px[(y + 1) * 900 + 50..(y + 1) * 900 + 850].fill(20);
        }
        // A line from one to the other, and the stroke of a letter between them.
        for (x, from, to) in [(300usize, 100, 147), (500, 107, 140)] {
            for y in from..to {
                g.px[y * 900 + x..y * 900 + x + 2].fill(30);
            }
        }
        let r = find(&g, 200.0);
        assert_eq!((r.across.len(), r.down.len()), (2, 1), "{r:?}");
        assert!((r.down[0].at(120.0) - 301.0).abs() < 2.0);
    }

    #[test]
    fn pale_lines_are_found_and_shades_are_not() {
        let mut g = Grey::new(900, 700, 250);
        for x in 50..850 {
            g.px[200 * 900 + x] = 200;
        }
        for y in 400..500 {
            for x in 50..850 {
                g.px[y * 900 + x] = 205;
            }
        }
        let r = find(&g, 200.0);
        assert_eq!((r.across.len(), r.down.len()), (1, 0), "{r:?}");
        assert!((r.across[0].at(300.0) - 200.5).abs() < 1.5);
    }

    #[test]
    fn feet_of_large_letters_are_no_line() {
        let mut g = Grey::new(900, 300, 250);
        for x in 100..420 {
            // Strokes of forty pixels with blurred ends, six apart.
            let shade = match x % 46 {
                0..40 => 40,
                40 | 45 => 205,
                _ => 240,
            };
            for y in 150..154 {
                g.px[y * 900 + x] = shade;
            }
        }
        let r = find(&g, 200.0);
        assert!(r.across.is_empty() && r.down.is_empty(), "{r:?}");
    }

    #[test]
    fn erasing_keeps_crossing_strokes() {
        let mut g = grid();
        for y in 185..225 {
            for x in 500..504 {
                g.px[y * 900 + x] = 0;
            }
        }
        let r = find(&g, 200.0);
        erase(&mut g, &r);
        assert!(g.at(600, 201) > 240 && g.at(100, 100) > 240 && g.at(300, 150) > 240);
        assert_eq!(g.at(501, 201), 0);
        let left = g.px.iter().filter(|v| **v < 100).count();
        assert!((160..320).contains(&left), "{left}");
    }

    #[test]
    fn boxes_are_cut_at_lines() {
        let r = find(&grid(), 200.0);
        let b = TextBox { x0: 250.0, x1: 420.0, y0: 130.0, y1: 160.0, slope: 0.0 };
        assert_eq!(r.split(&b).len(), 2);
        let over = TextBox { y0: 170.0, y1: 235.0, x0: 320.0, ..b };
        assert_eq!(r.split(&over).len(), 2);
        let free = TextBox { y0: 400.0, y1: 430.0, ..b };
        assert_eq!(r.split(&free), vec![free]);
    }

    #[test]
    fn the_side_of_a_ring_is_no_line() {
        let mut g = Grey::new(600, 500, 255);
        for y in 0..500 {
            for x in 0..600 {
                let r = (x as f32 - 300.0).hypot(y as f32 - 250.0);
                if (150.0..160.0).contains(&r) {
                    g.px[y * 600 + x] = 60;
                }
            }
        }
        let r = find(&g, 200.0);
        assert!(r.across.is_empty() && r.down.is_empty(), "{r:?}");
    }

    #[test]
    fn text_gives_no_lines() {
        let mut g = Grey::new(800, 300, 255);
        for y in 100..120 {
            for x in 50..700 {
                if x % 12 < 7 {
                    g.px[y * 800 + x] = 0;
                }
            }
        }
        let r = find(&g, 200.0);
        assert!(r.across.is_empty() && r.down.is_empty(), "{r:?}");
    }
}

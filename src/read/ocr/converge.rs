//! Rulings that converge: a photographed page without visible edges is flattened by its own lines.

use image::RgbImage;

use super::Grey;
use super::flatten::{Flat, Point};
use crate::model::Perspective;

/// Longest side of the picture in which lines are looked for.
const SIDE: usize = 1000;
/// Share of the picture's width or height that a line covers at least.
const LONG: f32 = 0.14;
/// Shortest stretch of a line in one row.
const STRETCH: usize = 8;
/// Steepest lines looked at.
const STEEPEST: f32 = 0.2;
/// Degrees by which lines of one direction must differ before anything is done, and by which a line may miss.
const CONVERGING: f32 = 0.6;
const MISS: f32 = 0.35;
/// Lines in one direction before their convergence is believed.
const ENOUGH: usize = 4;

/// A line `y = offset + slope x` about the picture's middle (x and y exchanged for upright ones).
#[derive(Clone, Copy, Debug)]
struct Ruling {
    offset: f32,
    slope: f32,
    length: f32,
}

/// How lines of one direction run: `slope = level + change * offset`, as they do under perspective.
#[derive(Clone, Copy)]
struct Bundle {
    level: f32,
    change: f32,
    /// The offsets of the outermost lines.
    span: (f32, f32),
}

impl Bundle {
    fn slope(&self, offset: f32) -> f32 {
        self.level + self.change * offset
    }

    /// Degrees between the outermost lines.
    fn converging(&self) -> f32 {
        (self.change * (self.span.1 - self.span.0)).abs().atan().to_degrees()
    }
}

/// How the lines of a picture run, from left to right and from top to bottom.
struct Lines {
    w: f32,
    h: f32,
    across: Option<Bundle>,
    down: Option<Bundle>,
}

impl Lines {
    fn of(picture: &RgbImage) -> Self {
        let k = scale(picture);
        let to = |v: u32| ((v as f32 / k) as u32).max(1);
        let small = image::imageops::thumbnail(picture, to(picture.width()), to(picture.height()));
        let px = small.as_raw().chunks_exact(3).map(|p| p[1]).collect();
        let dark = dark(&Grey { w: small.width() as usize, h: small.height() as usize, px });
        let (across, down) = (bundle(&rulings(&dark)), bundle(&rulings(&transposed(&dark))));
        Self { w: dark.w as f32, h: dark.h as f32, across, down }
    }

    fn converging(&self) -> Option<f32> {
        let all = [self.across, self.down].into_iter().flatten();
        all.map(|b| b.converging()).max_by(f32::total_cmp)
    }
}

/// Pixels of the picture for one of the small picture in which lines are looked for.
fn scale(picture: &RgbImage) -> f32 {
    let longest = picture.width().max(picture.height()).max(1) as usize;
    longest as f32 / SIDE.min(longest) as f32
}

/// The page, if its lines tell that it does not lie flat.
pub(super) fn find(picture: &RgbImage) -> Option<Flat> {
    if picture.width().min(picture.height()) < 100 {
        return None;
    }
    let (lines, k) = (Lines::of(picture), scale(picture));
    lines.converging().filter(|c| *c > CONVERGING)?;
    let corners = corners(lines.w, lines.h, lines.across, lines.down)?;
    let (w, h) = picture.dimensions();
    Some(Flat { corners: corners.map(|(x, y)| (x * k, y * k)), w, h, sheet: false })
}

/// Whether lines of one direction still converge on a picture: they must not on a flat sheet.
pub(super) fn remains(picture: &RgbImage) -> bool {
    Lines::of(picture).converging().is_some_and(|c| c > 2.0 * CONVERGING)
}

/// The four-sided shape on the picture whose sides run as the lines do: through the middles of the picture's sides.
fn corners(w: f32, h: f32, across: Option<Bundle>, down: Option<Bundle>) -> Option<[Point; 4]> {
    let (cx, cy) = (w / 2.0, h / 2.0);
    // Lines seen only in one direction: the others are taken to stand square on the middle one.
    let level = across.map(|b| b.level).or(down.map(|b| -b.level))?;
    let upright = down.map(|b| b.level).or(across.map(|b| -b.level))?;
    let across = |y: f32| across.map_or(level, |b| b.slope(y));
    let down = |x: f32| down.map_or(upright, |b| b.slope(x));
    let meet = |x: f32, y: f32| -> Option<Point> {
        // y = y0 + s x and x = x0 + t y, about the middle.
        let (s, t) = (across(y), down(x));
        let det = 1.0 - s * t;
        (det > 0.5).then(|| (cx + (x + t * y) / det, cy + (y + s * x) / det))
    };
    let corners = [meet(-cx, -cy)?, meet(cx, -cy)?, meet(cx, cy)?, meet(-cx, cy)?];
    Perspective::new((w, h), corners).map(|_| corners)
}

/// Where ink is, for lines: darker than what lies around.
struct Ink {
    w: usize,
    h: usize,
    px: Vec<bool>,
}

fn transposed(ink: &Ink) -> Ink {
    let mut px = vec![false; ink.px.len()];
    for y in 0..ink.h {
        for x in 0..ink.w {
            px[x * ink.h + y] = ink.px[y * ink.w + x];
        }
    }
    Ink { w: ink.h, h: ink.w, px }
}

fn dark(grey: &Grey) -> Ink {
    const REACH: usize = 8;
    const DARKER: u64 = 14;
    let (w, h) = (grey.w, grey.h);
    let mut sums = vec![0u64; (w + 1) * (h + 1)];
    for y in 0..h {
        let mut row = 0;
        for x in 0..w {
            row += u64::from(grey.px[y * w + x]);
            sums[(y + 1) * (w + 1) + x + 1] = sums[y * (w + 1) + x + 1] + row;
        }
    }
    let mut px = vec![false; w * h];
    for y in 0..h {
        let (y0, y1) = (y.saturating_sub(REACH), (y + REACH + 1).min(h));
        for x in 0..w {
            let (x0, x1) = (x.saturating_sub(REACH), (x + REACH + 1).min(w));
            let at = |x: usize, y: usize| sums[y * (w + 1) + x];
            let sum = at(x1, y1) + at(x0, y0) - at(x0, y1) - at(x1, y0);
            let area = ((x1 - x0) * (y1 - y0)) as u64;
            px[y * w + x] = (u64::from(grey.px[y * w + x]) + DARKER) * area < sum;
        }
    }
    Ink { w, h, px }
}

/// A chain of stretches that touch from row to row.
#[derive(Clone, Copy, Default)]
struct Chain {
    n: f64,
    x: f64,
    y: f64,
    xx: f64,
    xy: f64,
    yy: f64,
    x0: usize,
    x1: usize,
}

impl Chain {
    fn add(&mut self, x0: usize, x1: usize, y: usize) {
        let (n, mid, y) = ((x1 - x0) as f64, (x0 + x1) as f64 / 2.0, y as f64);
        if self.n == 0.0 {
            (self.x0, self.x1) = (x0, x1);
        }
        (self.x0, self.x1) = (self.x0.min(x0), self.x1.max(x1));
        self.n += n;
        self.x += n * mid;
        self.y += n * y;
        self.xx += n * (mid * mid + n * n / 12.0);
        self.xy += n * mid * y;
        self.yy += n * y * y;
    }

    fn merge(&mut self, o: &Self) {
        (self.x0, self.x1) = (self.x0.min(o.x0), self.x1.max(o.x1));
        self.n += o.n;
        self.x += o.x;
        self.y += o.y;
        self.xx += o.xx;
        self.xy += o.xy;
        self.yy += o.yy;
    }

    /// The line through the chain, if it is straight and thin.
    fn ruling(&self, w: usize, h: usize) -> Option<Ruling> {
        let length = self.x1.saturating_sub(self.x0) as f64;
        if length < f64::from(LONG) * w as f64 {
            return None;
        }
        let (mx, my) = (self.x / self.n, self.y / self.n);
        let (xx, xy, yy) =
            (self.xx / self.n - mx * mx, self.xy / self.n - mx * my, self.yy / self.n - my * my);
        let slope = xy / xx.max(1.0);
        let spread = (yy - slope * xy).max(0.0).sqrt();
        let (cx, cy) = (w as f64 / 2.0, h as f64 / 2.0);
        (spread < 2.0 && slope.abs() < f64::from(STEEPEST) && self.n > 0.5 * length).then_some(Ruling {
            offset: (my - cy - slope * (mx - cx)) as f32,
            slope: slope as f32,
            length: length as f32,
        })
    }
}

/// Long thin lines that run roughly from left to right.
fn rulings(ink: &Ink) -> Vec<Ruling> {
    let mut chains: Vec<Chain> = Vec::new();
    let mut parent: Vec<usize> = Vec::new();
    let mut above: Vec<(usize, usize, usize)> = Vec::new();
    for y in 0..ink.h {
        let mut here: Vec<(usize, usize, usize)> = Vec::new();
        for (x0, x1) in stretches(&ink.px[y * ink.w..(y + 1) * ink.w]) {
            let mut own = None;
            for &(a, b, id) in &above {
                if a <= x1 + 1 && x0 <= b + 1 {
                    let root = root(&mut parent, id);
                    match own {
                        None => own = Some(root),
                        Some(o) if o != root => {
                            let gone = chains[root];
                            chains[o].merge(&gone);
                            chains[root] = Chain::default();
                            parent[root] = o;
                        }
                        Some(_) => {}
                    }
                }
            }
            let id = own.unwrap_or_else(|| {
                chains.push(Chain::default());
                parent.push(parent.len());
                parent.len() - 1
            });
            chains[id].add(x0, x1, y);
            here.push((x0, x1, id));
        }
        above = here;
    }
    chains.iter().filter(|c| c.n > 0.0).filter_map(|c| c.ruling(ink.w, ink.h)).collect()
}

fn root(parent: &mut [usize], mut id: usize) -> usize {
    while parent[id] != id {
        parent[id] = parent[parent[id]];
        id = parent[id];
    }
    id
}

fn stretches(row: &[bool]) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut from = None;
    for x in 0..=row.len() {
        match (row.get(x).copied().unwrap_or(false), from) {
            (true, None) => from = Some(x),
            (false, Some(start)) => {
                if x - start >= STRETCH {
                    out.push((start, x));
                }
                from = None;
            }
            _ => {}
        }
    }
    out
}

/// How the lines run together; none where they are few, close together, or disagree.
fn bundle(rulings: &[Ruling]) -> Option<Bundle> {
    let mut kept = rulings.to_vec();
    for _ in 0..4 {
        let bundle = fit(&kept)?;
        let miss = |r: &Ruling| (r.slope - bundle.slope(r.offset)).abs().atan().to_degrees();
        let good: Vec<Ruling> = kept.iter().copied().filter(|r| miss(r) < MISS).collect();
        if good.len() == kept.len() {
            return Some(bundle);
        }
        // The worst third goes at once, so that a few strays do not pull the rest along.
        let mut by_miss = kept.clone();
        by_miss.sort_by(|a, b| miss(a).total_cmp(&miss(b)));
        by_miss.truncate((kept.len() * 2 / 3).max(good.len()));
        kept = by_miss;
    }
    let bundle = fit(&kept)?;
    let agrees = |r: &&Ruling| (r.slope - bundle.slope(r.offset)).abs().atan().to_degrees() < MISS;
    (rulings.iter().filter(agrees).count() * 3 > rulings.len() * 2).then_some(bundle)
}

fn fit(rulings: &[Ruling]) -> Option<Bundle> {
    if rulings.len() < ENOUGH {
        return None;
    }
    let weight: f32 = rulings.iter().map(|r| r.length).sum();
    let mean = |f: &dyn Fn(&Ruling) -> f32| rulings.iter().map(|r| r.length * f(r)).sum::<f32>() / weight;
    let (mo, ms) = (mean(&|r| r.offset), mean(&|r| r.slope));
    let spread = mean(&|r| (r.offset - mo) * (r.offset - mo));
    let change = mean(&|r| (r.offset - mo) * (r.slope - ms)) / spread.max(1.0);
    let offsets = || rulings.iter().map(|r| r.offset);
    let span = (offsets().fold(f32::INFINITY, f32::min), offsets().fold(f32::NEG_INFINITY, f32::max));
    // Lines close together tell nothing of the rest of the page.
    let change = if span.1 - span.0 < 120.0 { 0.0 } else { change };
    Some(Bundle { level: ms - change * mo, change, span })
}

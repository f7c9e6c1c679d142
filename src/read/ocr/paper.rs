//! The sheet on a photograph: the largest bright area with four straight sides.

use image::RgbImage;

use super::flatten::{Flat, Point};

/// Longest side of the picture in which the sheet is looked for.
const SIDE: u32 = 480;
/// Reach of the filter that takes text away.
const REACH: usize = 3;
/// Share of the picture that a sheet covers at least.
const LEAST_SHARE: f32 = 0.2;
/// How far hull and four-sided shape may differ in area.
const FIT: f32 = 0.95;
/// How much brighter the sheet is than the desk beside it.
const CONTRAST: f32 = 12.0;
/// Degrees by which opposite sides converge, or by which the sheet is turned, before anything is done. Less is what
/// levelling serves, and pages with a coloured frame are no photographs.
const CONVERGING: f32 = 0.8;
const TURNED: f32 = 4.0;

/// One byte a pixel.
struct Map {
    w: usize,
    h: usize,
    px: Vec<u8>,
}

/// The sheet, if there is one that does not lie straight already.
pub(super) fn find(picture: &RgbImage) -> Option<Flat> {
    let longest = picture.width().max(picture.height());
    if picture.width().min(picture.height()) < 100 {
        return None;
    }
    let k = longest as f32 / SIDE.min(longest) as f32;
    let to = |v: u32| ((v as f32 / k) as u32).max(1);
    let small = image::imageops::thumbnail(picture, to(picture.width()), to(picture.height()));
    let map = |f: fn(&[u8]) -> u8| Map {
        w: small.width() as usize,
        h: small.height() as usize,
        px: small.as_raw().chunks_exact(3).map(f).collect(),
    };
    // Coloured desks differ from paper most in the weakest of the three colours.
    let weakest = map(|p| p[0].min(p[1]).min(p[2]));
    let luma = map(|p| ((u32::from(p[0]) * 77 + u32::from(p[1]) * 150 + u32::from(p[2]) * 29) >> 8) as u8);
    // Shadows and patterns end areas too early, not too late: the largest sheet is the sheet.
    let sheets = [&weakest, &luma].into_iter().flat_map(sheets);
    let quad = sheets.max_by(|a, b| size(a).total_cmp(&size(b))).filter(askew)?;
    let corners = quad.map(|(x, y)| (x * k, y * k));
    let side = |a: usize, b: usize| (corners[a].0 - corners[b].0).hypot(corners[a].1 - corners[b].1);
    let (w, h) = (side(0, 1).max(side(3, 2)), side(0, 3).max(side(1, 2)));
    Some(Flat { corners, w: w.round() as u32, h: h.round() as u32, sheet: true })
}

fn sheets(raw: &Map) -> Vec<[Point; 4]> {
    let plain = brightest_around(raw);
    let level = otsu(&plain.px);
    let by_shade: Vec<bool> = plain.px.iter().map(|v| *v > level).collect();
    let found = [by_shade, smooth(&plain)].into_iter().filter_map(|mask| {
        let area = largest(&mask, plain.w, plain.h)?;
        four_sides(&area, plain.w).filter(|quad| stands_out(raw, quad))
    });
    found.collect()
}

/// The brightest value around each pixel: text disappears, the sheet grows by the reach.
fn brightest_around(map: &Map) -> Map {
    let (w, h) = (map.w, map.h);
    let mut across = vec![0u8; w * h];
    for y in 0..h {
        let row = &map.px[y * w..(y + 1) * w];
        for x in 0..w {
            let around = &row[x.saturating_sub(REACH)..(x + REACH + 1).min(w)];
            across[y * w + x] = around.iter().copied().max().unwrap_or(0);
        }
    }
    let mut px = vec![0u8; w * h];
    for y in 0..h {
        for other in y.saturating_sub(REACH)..(y + REACH + 1).min(h) {
            for x in 0..w {
                px[y * w + x] = px[y * w + x].max(across[other * w + x]);
            }
        }
    }
    Map { w, h, px }
}

/// The shade that parts a picture's pixels best into two groups (Otsu).
fn otsu(px: &[u8]) -> u8 {
    let mut histogram = [0f64; 256];
    px.iter().for_each(|v| histogram[usize::from(*v)] += 1.0);
    let all: f64 = px.len() as f64;
    let sum: f64 = histogram.iter().enumerate().map(|(v, n)| v as f64 * n).sum();
    let (mut below, mut sum_below, mut best) = (0.0, 0.0, (0.0, 127));
    for (v, n) in histogram.iter().enumerate() {
        below += n;
        sum_below += v as f64 * n;
        let above = all - below;
        if below > 0.0 && above > 0.0 {
            let apart = sum_below / below - (sum - sum_below) / above;
            let between = below * above * apart * apart;
            if between > best.0 {
                best = (between, v);
            }
        }
    }
    best.1 as u8
}

/// Where the shade changes slowly, as it does under a soft shadow.
fn smooth(map: &Map) -> Vec<bool> {
    const STEP: i32 = 14;
    let at = |x: usize, y: usize| i32::from(map.px[y.min(map.h - 1) * map.w + x.min(map.w - 1)]);
    let mut out = vec![false; map.w * map.h];
    for y in 0..map.h {
        for x in 0..map.w {
            let here = at(x, y);
            out[y * map.w + x] = here > 60
                && (at(x + 2, y) - at(x.saturating_sub(2), y)).abs() < STEP
                && (at(x, y + 2) - at(x, y.saturating_sub(2))).abs() < STEP;
        }
    }
    out
}

/// The largest connected area that is neither nearly nothing nor nearly everything, as its pixels' positions.
fn largest(mask: &[bool], w: usize, h: usize) -> Option<Vec<usize>> {
    let mut seen: Vec<bool> = mask.iter().map(|m| !m).collect();
    let mut best: Vec<usize> = Vec::new();
    for start in 0..mask.len() {
        if seen[start] {
            continue;
        }
        seen[start] = true;
        let mut area = vec![start];
        let mut next = 0;
        while let Some(&p) = area.get(next) {
            next += 1;
            let (x, y) = (p % w, p / w);
            let neighbours = [
                (x > 0).then(|| p - 1),
                (x + 1 < w).then(|| p + 1),
                (y > 0).then(|| p - w),
                (y + 1 < h).then(|| p + w),
            ];
            for n in neighbours.into_iter().flatten() {
                if !seen[n] {
                    seen[n] = true;
                    area.push(n);
                }
            }
        }
        if area.len() > best.len() {
            best = area;
        }
    }
    let share = best.len() as f32 / mask.len() as f32;
    (LEAST_SHARE..0.97).contains(&share).then_some(best)
}

/// The four-sided shape around an area, if it is one: top left, top right, bottom right, bottom left.
fn four_sides(area: &[usize], w: usize) -> Option<[Point; 4]> {
    let outline = outline(area, w);
    let hull = hull(outline.clone());
    let covered = size(&hull);
    if (area.len() as f32) < 0.8 * covered {
        return None;
    }
    let rough = reduced(hull)?;
    if covered < FIT * size(&rough) {
        return None;
    }
    let sides: Vec<Side> = (0..4).map(|i| Side::along(&outline, rough[i], rough[(i + 1) % 4])).collect();
    let mut corners: Vec<Point> = Vec::with_capacity(4);
    for i in 0..4 {
        corners.push(sides[(i + 3) % 4].meets(&sides[i])?);
    }
    let drift = corners.iter().zip(&rough).map(|(a, b)| (a.0 - b.0).hypot(a.1 - b.1)).fold(0.0, f32::max);
    if drift > 12.0 {
        corners = rough;
    }
    ordered(corners)
}

/// Leftmost and rightmost pixel of each row, topmost and bottommost of each column.
fn outline(area: &[usize], w: usize) -> Vec<Point> {
    let mut rows = std::collections::BTreeMap::<usize, (usize, usize)>::new();
    let mut cols = std::collections::BTreeMap::<usize, (usize, usize)>::new();
    for p in area {
        let (x, y) = (p % w, p / w);
        let row = rows.entry(y).or_insert((x, x));
        *row = (row.0.min(x), row.1.max(x));
        let col = cols.entry(x).or_insert((y, y));
        *col = (col.0.min(y), col.1.max(y));
    }
    let of = |x: usize, y: usize| (x as f32, y as f32);
    let mut out: Vec<Point> = rows.iter().flat_map(|(y, (a, b))| [of(*a, *y), of(b + 1, *y)]).collect();
    out.extend(cols.iter().flat_map(|(x, (a, b))| [of(*x, *a), of(*x, b + 1)]));
    out
}

/// Convex hull, in one direction around.
fn hull(mut points: Vec<Point>) -> Vec<Point> {
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    points.dedup();
    let turn = |o: Point, a: Point, b: Point| (a.0 - o.0) * (b.1 - o.1) - (a.1 - o.1) * (b.0 - o.0);
    let half = |points: &mut dyn Iterator<Item = Point>| {
        let mut chain: Vec<Point> = Vec::new();
        for p in points {
            while chain.len() >= 2 && turn(chain[chain.len() - 2], chain[chain.len() - 1], p) <= 0.0 {
                chain.pop();
            }
            chain.push(p);
        }
        chain.pop();
        chain
    };
    let mut out = half(&mut points.iter().copied());
    out.extend(half(&mut points.iter().rev().copied()));
    out
}

fn size(polygon: &[Point]) -> f32 {
    let next = polygon.iter().cycle().skip(1);
    polygon.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f32>().abs() / 2.0
}

/// Takes away sides of a convex polygon, the one that costs least area first, until four are left.
fn reduced(mut polygon: Vec<Point>) -> Option<Vec<Point>> {
    while polygon.len() > 4 {
        let n = polygon.len();
        let cut = (0..n).filter_map(|i| {
            let (a, b, c, d) =
                (polygon[(i + n - 1) % n], polygon[i], polygon[(i + 1) % n], polygon[(i + 2) % n]);
            let corner = Side::through(a, b).meets(&Side::through(c, d))?;
            let beyond = (corner.0 - b.0) * (b.0 - a.0) + (corner.1 - b.1) * (b.1 - a.1) >= 0.0
                && (corner.0 - c.0) * (c.0 - d.0) + (corner.1 - c.1) * (c.1 - d.1) >= 0.0;
            beyond.then(|| (size(&[b, corner, c]), i, corner))
        });
        let (_, i, corner) = cut.min_by(|a, b| a.0.total_cmp(&b.0))?;
        polygon[i] = corner;
        polygon.remove((i + 1) % n);
    }
    (polygon.len() == 4).then_some(polygon)
}

/// A straight line: `a x + b y = c` with a normal of length one.
#[derive(Clone, Copy)]
struct Side {
    a: f32,
    b: f32,
    c: f32,
}

impl Side {
    fn through(p: Point, q: Point) -> Self {
        let (dx, dy) = (q.0 - p.0, q.1 - p.1);
        let length = dx.hypot(dy).max(1e-6);
        let (a, b) = (-dy / length, dx / length);
        Self { a, b, c: a * p.0 + b * p.1 }
    }

    /// The line through the outline's points along the middle of a side.
    fn along(outline: &[Point], p: Point, q: Point) -> Self {
        let rough = Self::through(p, q);
        let (dx, dy) = (rough.b, -rough.a);
        let length = (q.0 - p.0).hypot(q.1 - p.1);
        let near: Vec<Point> = outline
            .iter()
            .copied()
            .filter(|o| {
                let t = ((o.0 - p.0) * dx + (o.1 - p.1) * dy) / length.max(1.0);
                (0.08..0.92).contains(&t) && (rough.a * o.0 + rough.b * o.1 - rough.c).abs() < 3.0
            })
            .collect();
        if near.len() < 12 { rough } else { fitted(&near) }
    }

    fn meets(&self, other: &Self) -> Option<Point> {
        let det = self.a * other.b - other.a * self.b;
        (det.abs() > 1e-4).then(|| {
            ((self.c * other.b - other.c * self.b) / det, (self.a * other.c - other.a * self.c) / det)
        })
    }
}

/// The line with the least sum of squared distances.
fn fitted(points: &[Point]) -> Side {
    let n = points.len() as f32;
    let (mx, my) = (points.iter().map(|p| p.0).sum::<f32>() / n, points.iter().map(|p| p.1).sum::<f32>() / n);
    let sum = |f: &dyn Fn(f32, f32) -> f32| points.iter().map(|p| f(p.0 - mx, p.1 - my)).sum::<f32>();
    let (xx, yy, xy) = (sum(&|x, _| x * x), sum(&|_, y| y * y), sum(&|x, y| x * y));
    let angle = 0.5 * (2.0 * xy).atan2(xx - yy);
    let (a, b) = (-angle.sin(), angle.cos());
    Side { a, b, c: a * mx + b * my }
}

fn ordered(mut corners: Vec<Point>) -> Option<[Point; 4]> {
    let (mx, my) =
        (corners.iter().map(|p| p.0).sum::<f32>() / 4.0, corners.iter().map(|p| p.1).sum::<f32>() / 4.0);
    corners.sort_by(|p, q| (p.1 - my).atan2(p.0 - mx).total_cmp(&(q.1 - my).atan2(q.0 - mx)));
    let first = (0..4).min_by(|a, b| {
        let sum = |i: usize| corners[i].0 + corners[i].1;
        sum(*a).total_cmp(&sum(*b))
    })?;
    corners.rotate_left(first);
    corners.try_into().ok()
}

/// Whether the area inside is brighter along the sides than what lies outside.
fn stands_out(raw: &Map, quad: &[Point; 4]) -> bool {
    let apart = REACH as f32 + 4.0;
    let value = |x: f32, y: f32| -> Option<f32> {
        let inside = x >= 0.0 && y >= 0.0 && x < raw.w as f32 && y < raw.h as f32;
        inside.then(|| f32::from(raw.px[y as usize * raw.w + x as usize]))
    };
    let clear = (0..4).filter(|i| {
        let (p, q) = (quad[*i], quad[(i + 1) % 4]);
        let side = Side::through(p, q);
        // Corners run clockwise on the picture: the normal points inside.
        let samples: Vec<f32> = (5..=55)
            .filter_map(|s| {
                let t = s as f32 / 60.0;
                let (x, y) = (p.0 + (q.0 - p.0) * t, p.1 + (q.1 - p.1) * t);
                let inner = value(x + side.a * apart, y + side.b * apart)?;
                Some(inner - value(x - side.a * apart, y - side.b * apart)?)
            })
            .collect();
        samples.len() >= 25 && samples.iter().filter(|d| **d > CONTRAST).count() * 4 > samples.len() * 3
    });
    clear.count() >= 3
}

/// Whether the sheet lies so that levelling alone does not serve.
fn askew(quad: &[Point; 4]) -> bool {
    let angle = |a: usize, b: usize| (quad[b].1 - quad[a].1).atan2(quad[b].0 - quad[a].0).to_degrees();
    let (top, low) = (angle(0, 1), angle(3, 2));
    let (left, right) = (angle(0, 3) - 90.0, angle(1, 2) - 90.0);
    let converging = (top - low).abs().max((left - right).abs());
    let level = ((top + low) / 2.0 - (left + right) / 2.0).abs();
    converging > CONVERGING || level > CONVERGING || ((top + low) / 2.0).abs() > TURNED
}

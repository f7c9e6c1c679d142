//! Dark rings on pages without colours: the outline of a round seal is all that tells it there.

use super::Grey;
use super::seals::Found;
use crate::model::{SealInk, SealShape};

/// Resolution at which rings are looked for.
const DPI: f32 = 50.0;
/// Radii of round seals, in millimetres.
const RADII: (f32, f32) = (14.5, 24.0);
/// Least step in shade of an edge.
const EDGE: i32 = 60;
/// What is dark.
const DARK: u8 = 175;
/// Most rings, and places that are looked at closely.
const MOST: usize = 6;
const PLACES: usize = 16;
/// Share of a circle that is inked where it is a ring. Print covers less than half of any circle.
const COVERED: f32 = 0.84;

/// Finds dark rings of a seal's size.
pub(super) fn find(page: &Grey, dpi: f32) -> Vec<Found> {
    let k = DPI / dpi;
    let small = page.resized(((page.w as f32 * k) as usize).max(1), ((page.h as f32 * k) as usize).max(1));
    let radii = RADII.0 * DPI / 25.4..RADII.1 * DPI / 25.4;
    if (small.w.min(small.h) as f32) < radii.start || small.w * small.h > 4_000_000 {
        return Vec::new();
    }
    let mut votes = votes(&small, &radii);
    let mut out: Vec<Found> = Vec::new();
    for _ in 0..PLACES {
        let Some((at, most)) = votes.iter().copied().enumerate().max_by_key(|(_, v)| *v) else { break };
        if most < 40 || out.len() >= MOST {
            break;
        }
        let (x, y) = ((at % small.w) as i64, (at / small.w) as i64);
        if let Some((cx, cy, r)) = ring_at(&small, x, y, &radii) {
            let bbox = [(cx - r) / k, (cy - r) / k, (cx + r) / k, (cy + r) / k];
            out.push(Found { bbox, ink: SealInk::Grey, shape: SealShape::Round });
        }
        for ny in (y - 8).max(0)..(y + 9).min(small.h as i64) {
            for nx in (x - 8).max(0)..(x + 9).min(small.w as i64) {
                votes[ny as usize * small.w + nx as usize] = 0;
            }
        }
    }
    out
}

/// Every edge votes for the middles of the circles it may be part of: those lie across it.
fn votes(page: &Grey, radii: &std::ops::Range<f32>) -> Vec<u32> {
    let mut votes = vec![0u32; page.w * page.h];
    for y in 1..page.h.saturating_sub(1) {
        for x in 1..page.w.saturating_sub(1) {
            let at = |dx: i64, dy: i64| i32::from(page.at(x as i64 + dx, y as i64 + dy));
            let (gx, gy) = (at(1, 0) - at(-1, 0), at(0, 1) - at(0, -1));
            let strength = f32::hypot(gx as f32, gy as f32);
            if strength < EDGE as f32 {
                continue;
            }
            let (dx, dy) = (gx as f32 / strength, gy as f32 / strength);
            let mut r = radii.start;
            while r < radii.end {
                for side in [-1.0f32, 1.0] {
                    let (cx, cy) = ((x as f32 + side * dx * r) as i64, (y as f32 + side * dy * r) as i64);
                    if cx >= 0 && cy >= 0 && (cx as usize) < page.w && (cy as usize) < page.h {
                        votes[cy as usize * page.w + cx as usize] += 1;
                    }
                }
                r += 1.0;
            }
        }
    }
    smoothed(&votes, page.w, page.h)
}

/// Sums over fields of five a side: the directions of edges are rough.
fn smoothed(votes: &[u32], w: usize, h: usize) -> Vec<u32> {
    let mut across = vec![0u32; w * h];
    for y in 0..h {
        for x in 0..w {
            across[y * w + x] = votes[y * w + x.saturating_sub(2)..y * w + (x + 3).min(w)].iter().sum();
        }
    }
    let mut out = vec![0u32; w * h];
    for y in 0..h {
        for x in 0..w {
            out[y * w + x] = (y.saturating_sub(2)..(y + 3).min(h)).map(|y| across[y * w + x]).sum();
        }
    }
    out
}

/// The ring about a middle, if there is one: nearly closed, thin, with paper outside of it.
fn ring_at(page: &Grey, x: i64, y: i64, radii: &std::ops::Range<f32>) -> Option<(f32, f32, f32)> {
    let around: Vec<(f32, f32)> = (0..120).map(|a| (a as f32 * 3.0).to_radians().sin_cos()).collect();
    let covered = |cx: f32, cy: f32, r: f32, step: usize| -> f32 {
        let inked = around.iter().step_by(step).filter(|(sin, cos)| {
            page.at((cx + r * cos).round() as i64, (cy + r * sin).round() as i64) < DARK
        });
        inked.count() as f32 * step as f32 / 120.0
    };
    let mut best = (0.0f32, 0.0, 0.0, 0.0);
    for dy in -3..=3 {
        for dx in -3..=3 {
            let (cx, cy) = ((x + dx) as f32, (y + dy) as f32);
            let mut r = radii.start;
            while r < radii.end {
                // A look at every sixth place first: nearly all circles are none.
                if covered(cx, cy, r, 6) > 0.6 {
                    let share = covered(cx, cy, r, 1);
                    if share > best.0 {
                        best = (share, cx, cy, r);
                    }
                }
                r += 0.5;
            }
        }
    }
    let (share, cx, cy, r) = best;
    let outside = covered(cx, cy, r + 4.0, 1);
    (share >= COVERED && outside < 0.6).then_some((cx, cy, r + 1.0))
}

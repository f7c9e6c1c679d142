//! Seals as objects: round or oval blots of red ink of a seal's size.

/// Seals among the red pixels of a page picture: left, top, right, bottom in pixels.
pub(super) fn find(red: &[u8], w: usize, h: usize, dpi: f32) -> Vec<[f32; 4]> {
    // Coarse cells of about a millimetre close the gaps between a seal's strokes.
    let side = ((dpi / 25.4).round() as usize).max(2);
    let (cw, ch) = (w.div_ceil(side), h.div_ceil(side));
    let mut cells = vec![0u32; cw * ch];
    for y in 0..h {
        for (x, v) in red[y * w..(y + 1) * w].iter().enumerate() {
            if *v != 0 {
                cells[(y / side) * cw + x / side] += 1;
            }
        }
    }
    let least = (side * side) as u32 / 12;
    let inked: Vec<bool> = cells.iter().map(|n| *n > least).collect();
    let mm = |cells: usize| cells as f32 * side as f32 * 25.4 / dpi;
    let mut out = Vec::new();
    for (x0, y0, x1, y1, n) in regions(&inked, cw, ch) {
        let (wide, high) = (mm(x1 - x0), mm(y1 - y0));
        let filled = n as f32 / ((x1 - x0) * (y1 - y0)) as f32;
        // Company seals measure 38–45 mm, oval invoice seals 40 × 30, name stamps about 20 mm.
        let seal = (14.0..65.0).contains(&wide) && (11.0..65.0).contains(&high);
        if seal && wide < 2.2 * high && high < 1.7 * wide && filled > 0.15 {
            out.push([x0, y0, x1, y1].map(|cells| (cells * side) as f32));
        }
    }
    out
}

/// Connected regions of cells (gaps of one cell are bridged): bounds and number of cells.
fn regions(inked: &[bool], w: usize, h: usize) -> Vec<(usize, usize, usize, usize, usize)> {
    let mut seen = vec![false; inked.len()];
    let mut out = Vec::new();
    for start in 0..inked.len() {
        if seen[start] || !inked[start] {
            continue;
        }
        let mut bounds = (w, h, 0, 0, 0);
        let mut stack = vec![start];
        seen[start] = true;
        while let Some(at) = stack.pop() {
            let (x, y) = (at % w, at / w);
            bounds =
                (bounds.0.min(x), bounds.1.min(y), bounds.2.max(x + 1), bounds.3.max(y + 1), bounds.4 + 1);
            for ny in y.saturating_sub(2)..(y + 3).min(h) {
                for nx in x.saturating_sub(2)..(x + 3).min(w) {
                    let n = ny * w + nx;
                    if inked[n] && !seen[n] {
                        seen[n] = true;
                        stack.push(n);
                    }
                }
            }
        }
        out.push(bounds);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_is_a_seal_and_a_line_is_not() {
        let (w, h) = (800, 600);
        let mut red = vec![0u8; w * h];
        for a in 0..3600 {
            let (s, c) = (a as f32 / 10.0).to_radians().sin_cos();
            for r in 150..160 {
                let (x, y) = (300.0 + r as f32 * c, 300.0 + r as f32 * s);
                red[y as usize * w + x as usize] = 255;
            }
        }
        for x in 0..800 {
            for y in 560..564 {
                red[y * w + x] = 255;
            }
        }
        let seals = find(&red, w, h, 200.0);
        assert_eq!(seals.len(), 1);
        assert!(((seals[0][0] + seals[0][2]) / 2.0 - 300.0).abs() < 11.0, "{seals:?}");
    }
}

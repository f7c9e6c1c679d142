//! Connected dark regions of a page.

use super::Grey;

/// A connected region: its bounds (right and bottom exclusive) and its number of pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Blob {
    pub x0: usize,
    pub y0: usize,
    pub x1: usize,
    pub y1: usize,
    pub n: usize,
}

impl Blob {
    pub(super) fn w(&self) -> usize {
        self.x1 - self.x0
    }

    pub(super) fn h(&self) -> usize {
        self.y1 - self.y0
    }
}

/// All regions of pixels darker than `level`, corners connecting, in the order of their first pixel.
pub(super) fn find(page: &Grey, level: u8) -> Vec<Blob> {
    let (w, h) = (page.w, page.h);
    let mut open: Vec<bool> = page.px.iter().map(|v| *v < level).collect();
    let mut out = Vec::new();
    let mut stack = Vec::new();
    for start in 0..w * h {
        if !open[start] {
            continue;
        }
        let mut blob = Blob { x0: w, y0: h, x1: 0, y1: 0, n: 0 };
        stack.push(start);
        open[start] = false;
        while let Some(at) = stack.pop() {
            let (x, y) = (at % w, at / w);
            blob = Blob {
                x0: blob.x0.min(x),
                y0: blob.y0.min(y),
                x1: blob.x1.max(x + 1),
                y1: blob.y1.max(y + 1),
                n: blob.n + 1,
            };
            for ny in y.saturating_sub(1)..(y + 2).min(h) {
                for nx in x.saturating_sub(1)..(x + 2).min(w) {
                    let to = ny * w + nx;
                    if open[to] {
                        open[to] = false;
                        stack.push(to);
                    }
                }
            }
        }
        out.push(blob);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diagonals_connect() {
        let mut g = Grey::new(6, 4, 255);
        for (x, y) in [(0, 0), (1, 1), (2, 0), (5, 3)] {
            g.px[y * 6 + x] = 0;
        }
        let found = find(&g, 128);
        assert_eq!(
            found,
            [Blob { x0: 0, y0: 0, x1: 3, y1: 2, n: 3 }, Blob { x0: 5, y0: 3, x1: 6, y1: 4, n: 1 }]
        );
    }
}

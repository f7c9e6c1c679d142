//! A grey picture and the few operations on it that reading needs.

/// A grey picture, row by row, 0 black to 255 white.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grey {
    /// Width in pixels.
    pub w: usize,
    /// Height in pixels.
    pub h: usize,
    /// `w * h` values.
    pub px: Vec<u8>,
}

impl Grey {
    /// A picture of one shade.
    pub fn new(w: usize, h: usize, shade: u8) -> Self {
        Self { w, h, px: vec![shade; w * h] }
    }

    /// One row.
    pub fn row(&self, y: usize) -> &[u8] {
        &self.px[y * self.w..(y + 1) * self.w]
    }

    /// The pixel, or white outside.
    pub fn at(&self, x: i64, y: i64) -> u8 {
        if x < 0 || y < 0 || x >= self.w as i64 || y >= self.h as i64 {
            return 255;
        }
        self.px[y as usize * self.w + x as usize]
    }

    /// The part `x0..x1`, `y0..y1`, clamped to the picture; at least one pixel of white.
    pub fn crop(&self, x0: i64, y0: i64, x1: i64, y1: i64) -> Self {
        let clamp = |v: i64, max: usize| v.clamp(0, max as i64) as usize;
        let (x0, x1, y0, y1) = (clamp(x0, self.w), clamp(x1, self.w), clamp(y0, self.h), clamp(y1, self.h));
        if x1 <= x0 || y1 <= y0 {
            return Self::new(1, 1, 255);
        }
        let mut px = Vec::with_capacity((x1 - x0) * (y1 - y0));
        for y in y0..y1 {
            px.extend_from_slice(&self.px[y * self.w + x0..y * self.w + x1]);
        }
        Self { w: x1 - x0, h: y1 - y0, px }
    }

    /// The picture with a white margin.
    pub fn padded(&self, left: usize, top: usize, right: usize, bottom: usize) -> Self {
        let mut out = Self::new(self.w + left + right, self.h + top + bottom, 255);
        for y in 0..self.h {
            let to = (y + top) * out.w + left;
            out.px[to..to + self.w].copy_from_slice(self.row(y));
        }
        out
    }

    /// Scaled: averaged over the area when shrinking by much, bilinear otherwise.
    pub fn resized(&self, w: usize, h: usize) -> Self {
        let (w, h) = (w.max(1), h.max(1));
        if w == self.w && h == self.h {
            return self.clone();
        }
        if self.w == 0 || self.h == 0 {
            return Self::new(w, h, 255);
        }
        if self.w as f32 / w as f32 > 1.3 || self.h as f32 / h as f32 > 1.3 {
            return self.averaged(w, h);
        }
        self.bilinear(w, h)
    }

    fn bilinear(&self, w: usize, h: usize) -> Self {
        let taps = |from: usize, to: usize| -> Vec<(usize, usize, u32)> {
            let scale = from as f32 / to as f32;
            (0..to)
                .map(|i| {
                    let p = ((i as f32 + 0.5) * scale - 0.5).clamp(0.0, (from - 1) as f32);
                    let a = p as usize;
                    (a, (a + 1).min(from - 1), ((p - a as f32) * 256.0) as u32)
                })
                .collect()
        };
        let (xs, ys) = (taps(self.w, w), taps(self.h, h));
        let mut px = Vec::with_capacity(w * h);
        for &(y0, y1, fy) in &ys {
            let (a, b) = (self.row(y0), self.row(y1));
            for &(x0, x1, fx) in &xs {
                let top = u32::from(a[x0]) * (256 - fx) + u32::from(a[x1]) * fx;
                let low = u32::from(b[x0]) * (256 - fx) + u32::from(b[x1]) * fx;
                px.push(((top * (256 - fy) + low * fy + (1 << 15)) >> 16) as u8);
            }
        }
        Self { w, h, px }
    }

    /// Area average: each target pixel is the mean of the source area it covers. Done one axis after the other.
    fn averaged(&self, w: usize, h: usize) -> Self {
        let spans = |from: usize, to: usize| -> Vec<(usize, Vec<u32>)> {
            let scale = from as f64 / to as f64;
            (0..to)
                .map(|i| {
                    let (a, b) = (i as f64 * scale, ((i + 1) as f64 * scale).min(from as f64));
                    let (first, last) = (a as usize, (b.ceil() as usize).clamp(a as usize + 1, from));
                    let weights: Vec<f64> =
                        (first..last).map(|p| (b.min((p + 1) as f64) - a.max(p as f64)).max(1e-3)).collect();
                    let sum: f64 = weights.iter().sum();
                    (first, weights.iter().map(|v| (v / sum * 4096.0).round() as u32).collect())
                })
                .collect()
        };
        let xs = spans(self.w, w);
        let mut narrow = vec![0u8; w * self.h];
        for y in 0..self.h {
            let row = self.row(y);
            for (x, (first, weights)) in xs.iter().enumerate() {
                let sum: u32 = weights.iter().zip(&row[*first..]).map(|(k, v)| k * u32::from(*v)).sum();
                narrow[y * w + x] = ((sum + 2048) >> 12).min(255) as u8;
            }
        }
        let mut px = vec![0u8; w * h];
        let mut sums = vec![0u32; w];
        for (y, (first, weights)) in spans(self.h, h).iter().enumerate() {
            sums.fill(2048);
            for (i, k) in weights.iter().enumerate() {
                let row = &narrow[(first + i) * w..(first + i + 1) * w];
                for (sum, v) in sums.iter_mut().zip(row) {
                    *sum += k * u32::from(*v);
                }
            }
            for (out, sum) in px[y * w..(y + 1) * w].iter_mut().zip(&sums) {
                *out = (sum >> 12).min(255) as u8;
            }
        }
        Self { w, h, px }
    }

    /// Turned clockwise by a multiple of 90 degrees.
    pub fn turned(&self, degrees: u16) -> Self {
        match degrees % 360 {
            90 => {
                let mut out = Self::new(self.h, self.w, 255);
                for y in 0..self.h {
                    for (x, v) in self.row(y).iter().enumerate() {
                        out.px[x * self.h + (self.h - 1 - y)] = *v;
                    }
                }
                out
            }
            180 => Self { w: self.w, h: self.h, px: self.px.iter().rev().copied().collect() },
            270 => self.turned(90).turned(180),
            _ => self.clone(),
        }
    }

    /// Rotated about its centre by a small angle; positive turns the right side up. White comes in at the edges.
    pub fn rotated(&self, degrees: f32) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let (cx, cy) = (self.w as f32 / 2.0, self.h as f32 / 2.0);
        let mut out = Self::new(self.w, self.h, 255);
        if self.w < 2 || self.h < 2 {
            return self.clone();
        }
        let (step_x, step_y) = ((cos * 65536.0) as i64, (sin * 65536.0) as i64);
        for y in 0..self.h {
            let (dx, dy) = (0.5 - cx, y as f32 + 0.5 - cy);
            let mut fx = ((dx * cos - dy * sin + cx - 0.5) * 65536.0) as i64;
            let mut fy = ((dx * sin + dy * cos + cy - 0.5) * 65536.0) as i64;
            for to in &mut out.px[y * self.w..(y + 1) * self.w] {
                let (x0, y0) = (fx >> 16, fy >> 16);
                if x0 >= 0 && y0 >= 0 && (x0 as usize) < self.w - 1 && (y0 as usize) < self.h - 1 {
                    let at = y0 as usize * self.w + x0 as usize;
                    let (wx, wy) = (((fx >> 8) & 255) as u32, ((fy >> 8) & 255) as u32);
                    let (a, b) = (u32::from(self.px[at]), u32::from(self.px[at + 1]));
                    let (c, d) = (u32::from(self.px[at + self.w]), u32::from(self.px[at + self.w + 1]));
                    let (top, low) = (a * (256 - wx) + b * wx, c * (256 - wx) + d * wx);
                    *to = ((top * (256 - wy) + low * wy) >> 16) as u8;
                }
                fx += step_x;
                fy += step_y;
            }
        }
        out
    }

    /// Share of pixels darker than `level` in a part of the picture.
    pub fn ink(&self, x0: usize, y0: usize, x1: usize, y1: usize, level: u8) -> f32 {
        let (x1, y1) = (x1.min(self.w), y1.min(self.h));
        if x1 <= x0 || y1 <= y0 {
            return 0.0;
        }
        let dark: usize = (y0..y1).map(|y| self.row(y)[x0..x1].iter().filter(|v| **v < level).count()).sum();
        dark as f32 / ((x1 - x0) * (y1 - y0)) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turning_four_times_is_nothing() {
        let mut g = Grey::new(3, 2, 200);
        g.px[0] = 10;
        g.px[5] = 20;
        assert_eq!(g.turned(90).at(1, 0), 10);
        assert_eq!(g.turned(90).turned(90), g.turned(180));
        assert_eq!(g.turned(270).turned(90), g);
    }

    #[test]
    fn shrinking_keeps_the_mean() {
        let px: Vec<u8> = (0..100).map(|i| (i * 2) as u8).collect();
        let g = Grey { w: 10, h: 10, px };
        let s = g.resized(3, 3);
        let mean = |g: &Grey| g.px.iter().map(|v| f32::from(*v)).sum::<f32>() / g.px.len() as f32;
        assert!((mean(&g) - mean(&s)).abs() < 1.5, "{} {}", mean(&g), mean(&s));
        assert_eq!(Grey::new(9, 7, 77).resized(4, 20), Grey::new(4, 20, 77));
    }

    #[test]
    fn rotation_moves_the_right_side_up() {
        let mut g = Grey::new(200, 100, 255);
        for x in 0..200 {
            let y = (50.0 + (x as f32 - 100.0) * 2f32.to_radians().tan()) as usize;
            for k in 0..4 {
                g.px[(y + k) * 200 + x] = 0;
            }
        }
        // the line falls to the right by two degrees; turning its right side up levels it
        let level = g.rotated(2.0);
        let dark = (40..62).filter(|y| level.at(10, *y) < 128 && level.at(190, *y) < 128).count();
        assert!(dark >= 3, "{dark}");
    }
}

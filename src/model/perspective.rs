//! The map between a flat sheet and the place where it lies on a photograph.

use serde::{Deserialize, Serialize};

use super::BBox;

/// A projective map, by its eight coefficients (row by row, the ninth is 1).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Perspective([f32; 8]);

type Corners = [(f32, f32); 4];

impl Perspective {
    /// The map that takes a sheet of this size to these corners (top left, top right, bottom right, bottom left);
    /// none where they do not span an area.
    pub fn new((w, h): (f32, f32), corners: Corners) -> Option<Self> {
        Self::between([(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)], corners)
    }

    /// The map that takes four points to four others.
    pub fn between(from: Corners, to: Corners) -> Option<Self> {
        let mut m = [[0f64; 9]; 8];
        for (i, ((x, y), (u, v))) in from.into_iter().zip(to).enumerate() {
            let [x, y, u, v] = [x, y, u, v].map(f64::from);
            m[2 * i] = [x, y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y, u];
            m[2 * i + 1] = [0.0, 0.0, 0.0, x, y, 1.0, -v * x, -v * y, v];
        }
        solve(m).map(|s| Self(s.map(|v| v as f32)))
    }

    /// Where a point goes.
    pub fn at(&self, x: f32, y: f32) -> (f32, f32) {
        let h = &self.0;
        let depth = h[6] * x + h[7] * y + 1.0;
        ((h[0] * x + h[1] * y + h[2]) / depth, (h[3] * x + h[4] * y + h[5]) / depth)
    }

    /// The box that holds where a box goes.
    pub fn bbox(&self, b: BBox) -> BBox {
        let points = [self.at(b.x0, b.y0), self.at(b.x1, b.y0), self.at(b.x1, b.y1), self.at(b.x0, b.y1)];
        let least = |f: fn(&(f32, f32)) -> f32| points.iter().map(f).fold(f32::INFINITY, f32::min);
        let most = |f: fn(&(f32, f32)) -> f32| points.iter().map(f).fold(f32::NEG_INFINITY, f32::max);
        BBox::new(least(|p| p.0), least(|p| p.1), most(|p| p.0), most(|p| p.1))
    }
}

/// Gaussian elimination with pivots.
fn solve(mut m: [[f64; 9]; 8]) -> Option<[f64; 8]> {
    for col in 0..8 {
        let pivot = (col..8).max_by(|a, b| m[*a][col].abs().total_cmp(&m[*b][col].abs()))?;
        if m[pivot][col].abs() < 1e-9 {
            return None;
        }
        m.swap(col, pivot);
        let head = m[col];
        for (row, line) in m.iter_mut().enumerate() {
            if row != col {
                let factor = line[col] / head[col];
                line.iter_mut().zip(head).for_each(|(v, h)| *v -= factor * h);
            }
        }
    }
    Some(std::array::from_fn(|i| m[i][8] / m[i][i]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_go_to_corners_and_back() {
        let corners = [(10.0, 20.0), (210.0, 35.0), (190.0, 150.0), (20.0, 170.0)];
        let map = Perspective::new((300.0, 200.0), corners).unwrap();
        let back =
            Perspective::between(corners, [(0.0, 0.0), (300.0, 0.0), (300.0, 200.0), (0.0, 200.0)]).unwrap();
        for (x, y) in [(0.0, 0.0), (300.0, 0.0), (300.0, 200.0), (0.0, 200.0), (77.0, 130.0)] {
            let (u, v) = map.at(x, y);
            let (bx, by) = back.at(u, v);
            assert!((bx - x).hypot(by - y) < 0.01, "{x} {y} {bx} {by}");
        }
        assert_eq!(map.at(0.0, 0.0), (10.0, 20.0));
        assert!(Perspective::new((10.0, 10.0), [(1.0, 1.0); 4]).is_none());
    }

    #[test]
    fn a_box_is_held() {
        let map =
            Perspective::new((10.0, 10.0), [(0.0, 0.0), (20.0, 10.0), (10.0, 30.0), (-10.0, 20.0)]).unwrap();
        let b = map.bbox(BBox::new(0.0, 0.0, 10.0, 10.0));
        let near = |a: f32, b: f32| (a - b).abs() < 1e-3;
        assert!(near(b.x0, -10.0) && near(b.x1, 20.0) && near(b.y0, 0.0) && near(b.y1, 30.0), "{b:?}");
    }
}

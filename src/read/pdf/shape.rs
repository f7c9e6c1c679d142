//! The closed parts of a drawn path, and which of them are rectangles.

use kurbo::{Affine, BezPath, PathEl, Point, Rect};

/// A closed part, in points on the page.
pub(super) struct Part {
    pub(super) bounds: Rect,
    pub(super) straight: bool,
    pub(super) rect: bool,
}

/// The closed parts of a path on the page.
pub(super) fn subpaths(path: &BezPath, transform: Affine) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut points: Vec<Point> = Vec::new();
    let mut straight = true;
    let mut finish = |points: &mut Vec<Point>, straight: &mut bool| {
        if points.len() >= 2 {
            let bounds = points.iter().fold(Rect::from_points(points[0], points[1]), |r, p| r.union_pt(*p));
            let corner = |p: &Point| {
                ((p.x - bounds.x0).abs() < 0.3 || (p.x - bounds.x1).abs() < 0.3)
                    && ((p.y - bounds.y0).abs() < 0.3 || (p.y - bounds.y1).abs() < 0.3)
            };
            let rect = *straight && points.len() >= 4 && points.iter().all(corner);
            parts.push(Part { bounds, straight: *straight, rect });
        }
        points.clear();
        *straight = true;
    };
    for element in path.elements() {
        match *element {
            PathEl::MoveTo(p) => {
                finish(&mut points, &mut straight);
                points.push(transform * p);
            }
            PathEl::LineTo(p) => points.push(transform * p),
            PathEl::QuadTo(_, p) | PathEl::CurveTo(_, _, p) => {
                points.push(transform * p);
                straight = false;
            }
            PathEl::ClosePath => {}
        }
        if parts_limit(points.len()) {
            break;
        }
    }
    finish(&mut points, &mut straight);
    parts
}

/// No shape that matters has more corners.
fn parts_limit(points: usize) -> bool {
    points > 100_000
}

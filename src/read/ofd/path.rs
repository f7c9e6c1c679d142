//! The outline of a path object: `M x y L x y Q … B … A … C`, in the space of its object.

use kurbo::{BezPath, Point};

/// Most points of one path.
const MOST: usize = 400_000;

/// Reads the abbreviated form of a path. What cannot be read ends it.
pub(super) fn path(text: &str) -> BezPath {
    let mut out = BezPath::new();
    let mut words = text.split(|c: char| c.is_whitespace() || c == ',').filter(|w| !w.is_empty());
    let mut started = false;
    let mut points = 0;
    while let Some(word) = words.next() {
        let mut coordinates = |n: usize| -> Option<Vec<f64>> {
            let read: Vec<f64> = words.by_ref().take(n).filter_map(|w| w.parse().ok()).collect();
            (read.len() == n && read.iter().all(|v| v.is_finite() && v.abs() < 1e6)).then_some(read)
        };
        let needed = match word {
            "M" | "S" | "L" => 2,
            "Q" => 4,
            "B" => 6,
            "A" => 7,
            "C" => 0,
            _ => break,
        };
        let Some(c) = coordinates(needed) else { break };
        let at = |i: usize| Point::new(c[i], c[i + 1]);
        if needed > 0 && !started && !matches!(word, "M" | "S") {
            out.move_to(Point::ZERO);
        }
        match word {
            "M" | "S" => out.move_to(at(0)),
            "L" => out.line_to(at(0)),
            "Q" => out.quad_to(at(0), at(2)),
            "B" => out.curve_to(at(0), at(2), at(4)),
            // Arcs are no rulings; their ends are what the bounds need.
            "A" => out.quad_to(at(5), at(5)),
            _ if started => out.close_path(),
            _ => {}
        }
        started |= needed > 0;
        points += 1;
        if points > MOST {
            break;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_paths_end_where_they_break() {
        assert_eq!(path("M 0 0 L 201 0").to_svg(), "M0,0 L201,0");
        assert_eq!(path("M 0 0 L 1 0 L 1 1 C").to_svg(), "M0,0 L1,0 L1,1 Z");
        assert_eq!(path("M 0 0 L 1").to_svg(), "M0,0");
        assert_eq!(path("C L 1 nan X").to_svg(), "");
    }
}

//! Ruling lines: the pieces that a page draws, joined to whole lines.

/// A ruling line, horizontal or vertical within a little, in points from the page's top left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ruling {
    /// One end.
    pub x0: f32,
    /// One end.
    pub y0: f32,
    /// The other end.
    pub x1: f32,
    /// The other end.
    pub y1: f32,
}

/// A joined line: `at` is its y if it is horizontal, its x if vertical; `from..to` runs along it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bar {
    pub(super) at: f32,
    pub(super) from: f32,
    pub(super) to: f32,
}

impl Bar {
    pub(super) fn len(self) -> f32 {
        self.to - self.from
    }
}

/// Joined lines of a page.
#[derive(Clone, Debug, Default)]
pub(super) struct Bars {
    pub(super) horizontal: Vec<Bar>,
    pub(super) vertical: Vec<Bar>,
}

/// Pieces this close to one another across their direction belong to one line.
const ACROSS: f32 = 1.5;
/// A gap up to this is bridged.
const GAP: f32 = 3.0;
/// Between short pieces (dotted and dashed lines drawn piece by piece) a wider gap is bridged.
const DASH_GAP: f32 = 8.0;
const DASH: f32 = 6.0;
/// Joined lines shorter than this rule nothing.
const SHORTEST: f32 = 7.0;
/// Drawings and charts bring thousands of lines; the longest ones are what tables are made of.
const MOST: usize = 1500;

/// Joins pieces to lines.
pub(super) fn join(pieces: &[Ruling]) -> Bars {
    let (mut horizontal, mut vertical) = (Vec::new(), Vec::new());
    for piece in pieces {
        let (dx, dy) = ((piece.x1 - piece.x0).abs(), (piece.y1 - piece.y0).abs());
        if !(dx.is_finite() && dy.is_finite()) {
            continue;
        }
        if dy <= (0.02 * dx).max(0.8) && dx >= dy {
            let (from, to) = (piece.x0.min(piece.x1), piece.x0.max(piece.x1));
            horizontal.push(Bar { at: (piece.y0 + piece.y1) / 2.0, from, to });
        } else if dx <= (0.02 * dy).max(0.8) {
            let (from, to) = (piece.y0.min(piece.y1), piece.y0.max(piece.y1));
            vertical.push(Bar { at: (piece.x0 + piece.x1) / 2.0, from, to });
        }
    }
    Bars { horizontal: join_bars(horizontal), vertical: join_bars(vertical) }
}

fn join_bars(mut bars: Vec<Bar>) -> Vec<Bar> {
    bars.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.from.total_cmp(&b.from)));
    let mut joined: Vec<Bar> = Vec::new();
    let mut start = 0;
    while start < bars.len() {
        let mut end = start + 1;
        while end < bars.len() && bars[end].at - bars[start].at <= ACROSS {
            end += 1;
        }
        join_group(&mut bars[start..end], &mut joined);
        start = end;
    }
    joined.retain(|bar| bar.len() >= SHORTEST);
    if joined.len() > MOST {
        joined.sort_by(|a, b| b.len().total_cmp(&a.len()));
        joined.truncate(MOST);
        joined.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.from.total_cmp(&b.from)));
    }
    joined
}

/// Joins pieces that lie on one line.
fn join_group(group: &mut [Bar], joined: &mut Vec<Bar>) {
    group.sort_by(|a, b| a.from.total_cmp(&b.from));
    let mut current: Option<(Bar, f32)> = None;
    for bar in group {
        if let Some((line, piece)) = &mut current {
            let gap = bar.from - line.to;
            let bridge = if *piece <= DASH && bar.len() <= DASH { DASH_GAP } else { GAP };
            if gap <= bridge {
                // The longest piece says where the line runs: a stub beside it must not bend it.
                if bar.len() > *piece {
                    line.at = bar.at;
                }
                *piece = piece.max(bar.len());
                line.to = line.to.max(bar.to);
                continue;
            }
        }
        if let Some((line, _)) = current.take() {
            joined.push(line);
        }
        current = Some((*bar, bar.len()));
    }
    if let Some((line, _)) = current {
        joined.push(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn horizontal(x0: f32, x1: f32, y: f32) -> Ruling {
        Ruling { x0, y0: y, x1, y1: y }
    }

    #[test]
    fn broken_lines_are_bridged_and_distant_ones_are_not() {
        let bars =
            join(&[horizontal(10.0, 50.0, 5.0), horizontal(52.0, 90.0, 5.4), horizontal(120.0, 160.0, 5.0)]);
        assert_eq!(bars.horizontal.len(), 2);
        assert_eq!((bars.horizontal[0].from, bars.horizontal[0].to), (10.0, 90.0));
    }

    #[test]
    fn dots_make_a_line() {
        let dots: Vec<Ruling> =
            (0..30).map(|i| horizontal(i as f32 * 4.0, i as f32 * 4.0 + 1.0, 9.0)).collect();
        let bars = join(&dots);
        assert_eq!(bars.horizontal.len(), 1);
        assert!(bars.horizontal[0].len() > 110.0);
    }

    #[test]
    fn slanted_lines_rule_nothing() {
        let bars = join(&[Ruling { x0: 0.0, y0: 0.0, x1: 100.0, y1: 60.0 }]);
        assert!(bars.horizontal.is_empty() && bars.vertical.is_empty());
    }
}

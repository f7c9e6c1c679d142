//! Ruled tables: from ruling lines to cells, merged ones included.

use super::ruling::{Bar, Bars};
use crate::model::BBox;

/// A cell of a grid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct GridCell {
    pub(super) row: u32,
    pub(super) col: u32,
    pub(super) row_span: u32,
    pub(super) col_span: u32,
    pub(super) bbox: BBox,
}

/// The cells of a table before text is put in.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Grid {
    pub(super) bbox: BBox,
    pub(super) xs: Vec<f32>,
    pub(super) ys: Vec<f32>,
    pub(super) cells: Vec<GridCell>,
    pub(super) ruled: bool,
    /// Index of the cell over each elementary field, row by row.
    owner: Vec<Option<u32>>,
}

impl Grid {
    /// A grid from cells that are known; `xs` and `ys` are the borders of columns and rows.
    pub(super) fn new(xs: Vec<f32>, ys: Vec<f32>, mut cells: Vec<GridCell>, ruled: bool) -> Self {
        let (rows, cols) = (ys.len() - 1, xs.len() - 1);
        cells.sort_by_key(|c| (c.row, c.col));
        let mut owner = vec![None; rows * cols];
        for (index, cell) in cells.iter().enumerate() {
            for row in cell.row..cell.row + cell.row_span {
                for col in cell.col..cell.col + cell.col_span {
                    owner[row as usize * cols + col as usize] = Some(index as u32);
                }
            }
        }
        let bbox = BBox::new(xs[0], ys[0], xs[cols], ys[rows]);
        Self { bbox, xs, ys, cells, ruled, owner }
    }

    /// The cell at a point.
    pub(super) fn cell_at(&self, x: f32, y: f32) -> Option<u32> {
        let col = self.xs.partition_point(|&edge| edge <= x).checked_sub(1)?;
        let row = self.ys.partition_point(|&edge| edge <= y).checked_sub(1)?;
        let cols = self.xs.len() - 1;
        if col >= cols || row >= self.ys.len() - 1 {
            return None;
        }
        self.owner[row * cols + col]
    }

    pub(super) fn rows(&self) -> u32 {
        self.ys.len() as u32 - 1
    }

    pub(super) fn cols(&self) -> u32 {
        self.xs.len() as u32 - 1
    }
}

/// Lines that end this close to another line meet it.
const MEET: f32 = 3.0;
/// Lines this close to one another are one border (double rules).
const SAME: f32 = 3.2;
/// The share of a cell's side that a line must cover to be its border.
const COVER: f32 = 0.6;
/// Sides further apart than this are open (no line closes the table there).
const OPEN: f32 = 6.0;

/// The tables that the lines make, from the top.
pub(super) fn ruled(bars: &Bars) -> Vec<Grid> {
    let mut grids: Vec<Grid> = components(bars).into_iter().filter_map(grid).collect();
    grids.sort_by(|a, b| a.bbox.y0.total_cmp(&b.bbox.y0).then(a.bbox.x0.total_cmp(&b.bbox.x0)));
    grids
}

/// Groups of lines that touch one another.
fn components(bars: &Bars) -> Vec<Bars> {
    let offset = bars.horizontal.len();
    let mut parent: Vec<usize> = (0..offset + bars.vertical.len()).collect();
    for (v, vertical) in bars.vertical.iter().enumerate() {
        // Horizontal lines are sorted by y.
        let first = bars.horizontal.partition_point(|h| h.at < vertical.from - MEET);
        for (h, horizontal) in bars.horizontal.iter().enumerate().skip(first) {
            if horizontal.at > vertical.to + MEET {
                break;
            }
            if vertical.at >= horizontal.from - MEET && vertical.at <= horizontal.to + MEET {
                unite(&mut parent, h, offset + v);
            }
        }
    }
    let mut groups: std::collections::BTreeMap<usize, Bars> = std::collections::BTreeMap::new();
    for (h, bar) in bars.horizontal.iter().enumerate() {
        groups.entry(find(&mut parent, h)).or_default().horizontal.push(*bar);
    }
    for (v, bar) in bars.vertical.iter().enumerate() {
        groups.entry(find(&mut parent, offset + v)).or_default().vertical.push(*bar);
    }
    groups.into_values().filter(|g| g.horizontal.len() >= 2 && !g.vertical.is_empty()).collect()
}

fn find(parent: &mut [usize], mut i: usize) -> usize {
    while parent[i] != i {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    i
}

fn unite(parent: &mut [usize], a: usize, b: usize) {
    let (a, b) = (find(parent, a), find(parent, b));
    if a != b {
        parent[a.max(b)] = a.min(b);
    }
}

/// Where the lines of one direction stand, close ones taken together, with what they cover.
struct Tracks {
    at: Vec<f32>,
    covered: Vec<Vec<(f32, f32)>>,
}

fn tracks(mut bars: Vec<Bar>) -> Tracks {
    bars.sort_by(|a, b| a.at.total_cmp(&b.at));
    let (mut at, mut covered): (Vec<f32>, Vec<Vec<(f32, f32)>>) = (Vec::new(), Vec::new());
    let (mut sum, mut weight, mut first) = (0.0, 0.0, f32::MIN);
    for bar in bars {
        if at.is_empty() || bar.at - first > SAME {
            at.push(bar.at);
            covered.push(Vec::new());
            (sum, weight, first) = (0.0, 0.0, bar.at);
        }
        sum += bar.at * bar.len();
        weight += bar.len();
        if let (Some(last), Some(list)) = (at.last_mut(), covered.last_mut()) {
            *last = sum / weight.max(f32::EPSILON);
            list.push((bar.from, bar.to));
        }
    }
    Tracks { at, covered }
}

impl Tracks {
    /// Whether the track covers most of `from..to`.
    fn covers(&self, track: usize, from: f32, to: f32) -> bool {
        let mut intervals: Vec<(f32, f32)> = self.covered[track]
            .iter()
            .map(|&(a, b)| (a.max(from), b.min(to)))
            .filter(|(a, b)| b > a)
            .collect();
        intervals.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut sum, mut end) = (0.0, from);
        for (a, b) in intervals {
            sum += (b - a.max(end)).max(0.0);
            end = end.max(b);
        }
        sum >= COVER * (to - from)
    }
}

/// Closes sides that no line closes: where most of the horizontal lines begin (or end) together well outside the
/// outermost vertical line, the table is open there.
fn close_open_sides(along: &[Bar], across: &mut Vec<Bar>) {
    let (Some(low), Some(high)) = (
        across.iter().map(|b| b.at).min_by(f32::total_cmp),
        across.iter().map(|b| b.at).max_by(f32::total_cmp),
    ) else {
        return;
    };
    let mut close = |outer: f32, end_of: &dyn Fn(&Bar) -> f32| {
        let reaching: Vec<&Bar> = along.iter().filter(|b| (end_of(b) - outer).abs() <= SAME).collect();
        if reaching.len() >= 2 && reaching.len() * 2 >= along.len() {
            let top = reaching.iter().map(|b| b.at).fold(f32::MAX, f32::min);
            let bottom = reaching.iter().map(|b| b.at).fold(f32::MIN, f32::max);
            across.push(Bar { at: outer, from: top, to: bottom });
        }
    };
    let begin = along.iter().map(|b| b.from).fold(f32::MAX, f32::min);
    if begin < low - OPEN {
        close(begin, &|b| b.from);
    }
    let end = along.iter().map(|b| b.to).fold(f32::MIN, f32::max);
    if end > high + OPEN {
        close(end, &|b| b.to);
    }
}

fn grid(mut bars: Bars) -> Option<Grid> {
    close_open_sides(&bars.horizontal, &mut bars.vertical);
    close_open_sides(&bars.vertical, &mut bars.horizontal);
    let columns = tracks(bars.vertical);
    let rows = tracks(bars.horizontal);
    let (xs, ys) = (columns.at.clone(), rows.at.clone());
    let (n_cols, n_rows) = (xs.len().checked_sub(1)?, ys.len().checked_sub(1)?);
    if n_cols == 0 || n_rows == 0 || n_cols * n_rows > 60_000 {
        return None;
    }
    let field = |r: usize, c: usize| r * n_cols + c;
    let mut parent: Vec<usize> = (0..n_cols * n_rows).collect();
    for r in 0..n_rows {
        for c in 0..n_cols {
            if c + 1 < n_cols && !columns.covers(c + 1, ys[r], ys[r + 1]) {
                unite(&mut parent, field(r, c), field(r, c + 1));
            }
            if r + 1 < n_rows && !rows.covers(r + 1, xs[c], xs[c + 1]) {
                unite(&mut parent, field(r, c), field(r + 1, c));
            }
        }
    }
    let mut groups: std::collections::BTreeMap<usize, Vec<(usize, usize)>> =
        std::collections::BTreeMap::new();
    for r in 0..n_rows {
        for c in 0..n_cols {
            groups.entry(find(&mut parent, field(r, c))).or_default().push((r, c));
        }
    }
    let mut cells = Vec::new();
    for fields in groups.into_values() {
        if !outside(&fields, &columns, &rows) {
            rectangles(&fields, &xs, &ys, &mut cells);
        }
    }
    drop_unused(xs, ys, cells)
}

/// Whether the fields lie outside of the table: two or more of the grid's outer sides are open there.
fn outside(fields: &[(usize, usize)], columns: &Tracks, rows: &Tracks) -> bool {
    let (xs, ys) = (&columns.at, &rows.at);
    let (last_col, last_row) = (xs.len() - 2, ys.len() - 2);
    let mut open = [false; 4];
    for &(r, c) in fields {
        open[0] |= c == 0 && !columns.covers(0, ys[r], ys[r + 1]);
        open[1] |= c == last_col && !columns.covers(last_col + 1, ys[r], ys[r + 1]);
        open[2] |= r == 0 && !rows.covers(0, xs[c], xs[c + 1]);
        open[3] |= r == last_row && !rows.covers(last_row + 1, xs[c], xs[c + 1]);
    }
    open.iter().filter(|&&side| side).count() >= 2
}

/// Makes cells of united fields: one where they fill their rectangle, else one for each stack of equal row parts.
fn rectangles(fields: &[(usize, usize)], xs: &[f32], ys: &[f32], cells: &mut Vec<GridCell>) {
    let mut push = |r0: usize, r1: usize, c0: usize, c1: usize| {
        cells.push(GridCell {
            row: r0 as u32,
            col: c0 as u32,
            row_span: (r1 - r0 + 1) as u32,
            col_span: (c1 - c0 + 1) as u32,
            bbox: BBox::new(xs[c0], ys[r0], xs[c1 + 1], ys[r1 + 1]),
        });
    };
    // Fields come row by row, so equal neighbours make stretches.
    let mut stretches: Vec<(usize, usize, usize)> = Vec::new();
    for &(r, c) in fields {
        match stretches.last_mut() {
            Some((row, _, end)) if *row == r && *end + 1 == c => *end = c,
            _ => stretches.push((r, c, c)),
        }
    }
    let mut open: Vec<(usize, usize, usize, usize)> = Vec::new();
    for (r, c0, c1) in stretches {
        match open.iter_mut().find(|(_, end, a, b)| *end + 1 == r && *a == c0 && *b == c1) {
            Some((_, end, _, _)) => *end = r,
            None => open.push((r, r, c0, c1)),
        }
    }
    for (r0, r1, c0, c1) in open {
        push(r0, r1, c0, c1);
    }
}

/// Removes rows and columns in which no cell begins or ends (lines of what lies outside) and cells that are mere
/// gaps between double lines; gives nothing if less than two cells stay: a frame is no table.
fn drop_unused(xs: Vec<f32>, ys: Vec<f32>, mut cells: Vec<GridCell>) -> Option<Grid> {
    cells.retain(|c| c.bbox.width() >= 4.0 && c.bbox.height() >= 4.0);
    if cells.len() < 2 {
        return None;
    }
    let keep = |edges: Vec<f32>, used: &dyn Fn(u32) -> bool| -> (Vec<f32>, Vec<u32>) {
        let (mut kept, mut number) = (Vec::new(), Vec::new());
        for (i, edge) in edges.into_iter().enumerate() {
            number.push(kept.len() as u32);
            if used(i as u32) {
                kept.push(edge);
            }
        }
        (kept, number)
    };
    let (xs, col_of) = keep(xs, &|i| cells.iter().any(|c| c.col == i || c.col + c.col_span == i));
    let (ys, row_of) = keep(ys, &|i| cells.iter().any(|c| c.row == i || c.row + c.row_span == i));
    for cell in &mut cells {
        let (right, bottom) = (cell.col + cell.col_span, cell.row + cell.row_span);
        cell.col = col_of[cell.col as usize];
        cell.row = row_of[cell.row as usize];
        cell.col_span = (col_of[right as usize] - cell.col).max(1);
        cell.row_span = (row_of[bottom as usize] - cell.row).max(1);
    }
    Some(Grid::new(xs, ys, cells, true))
}

#[cfg(test)]
mod tests {
    use super::super::ruling::{Ruling, join};
    use super::*;

    fn h(x0: f32, x1: f32, y: f32) -> Ruling {
        Ruling { x0, y0: y, x1, y1: y }
    }

    fn v(x: f32, y0: f32, y1: f32) -> Ruling {
        Ruling { x0: x, y0, x1: x, y1 }
    }

    fn spans(grid: &Grid) -> Vec<(u32, u32, u32, u32)> {
        grid.cells.iter().map(|c| (c.row, c.col, c.row_span, c.col_span)).collect()
    }

    #[test]
    fn merged_cells_span_rows_and_columns() {
        let rulings = [
            h(0.0, 300.0, 0.0),
            h(100.0, 300.0, 20.0),
            h(0.0, 300.0, 40.0),
            v(0.0, 0.0, 40.0),
            v(100.0, 0.0, 40.0),
            v(200.0, 20.0, 40.0),
            v(300.0, 0.0, 40.0),
        ];
        let grids = ruled(&join(&rulings));
        assert_eq!(grids.len(), 1);
        assert_eq!(spans(&grids[0]), [(0, 0, 2, 1), (0, 1, 1, 2), (1, 1, 1, 1), (1, 2, 1, 1)]);
        assert_eq!(grids[0].cell_at(50.0, 30.0), Some(0));
        assert_eq!(grids[0].cell_at(350.0, 30.0), None);
    }

    #[test]
    fn open_sides_are_closed() {
        let rulings = [
            h(0.0, 300.0, 0.0),
            h(0.0, 300.0, 20.0),
            h(0.0, 300.0, 40.0),
            v(100.0, 0.0, 40.0),
            v(200.0, 0.0, 40.0),
        ];
        let grids = ruled(&join(&rulings));
        assert_eq!((grids[0].rows(), grids[0].cols()), (2, 3));
    }

    #[test]
    fn a_frame_is_no_table_and_two_tables_stay_two() {
        let frame = [h(0.0, 300.0, 0.0), h(0.0, 300.0, 500.0), v(0.0, 0.0, 500.0), v(300.0, 0.0, 500.0)];
        assert!(ruled(&join(&frame)).is_empty());
        let mut all = frame.to_vec();
        for dy in [50.0, 200.0] {
            all.extend([h(20.0, 200.0, dy), h(20.0, 200.0, dy + 30.0)]);
            all.extend([v(20.0, dy, dy + 30.0), v(90.0, dy, dy + 30.0), v(200.0, dy, dy + 30.0)]);
        }
        let grids = ruled(&join(&all));
        assert_eq!(grids.len(), 2);
        assert_eq!(grids[0].cells.len(), 2);
    }

    #[test]
    fn a_narrower_part_leaves_nothing_outside() {
        // The upper part is half as wide as the lower one.
        let rulings = [
            h(0.0, 100.0, 0.0),
            h(0.0, 200.0, 20.0),
            h(0.0, 200.0, 40.0),
            v(0.0, 0.0, 40.0),
            v(100.0, 0.0, 40.0),
            v(200.0, 20.0, 40.0),
        ];
        let grids = ruled(&join(&rulings));
        assert_eq!(spans(&grids[0]), [(0, 0, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1)]);
    }
}

//! Rows that no line parts: a ruled cell beside others that hold several numbers one below the other each (the goods of
//! an invoice, statements with vertical lines only) is as many rows as there are numbers.

use super::table::{Grid, GridCell};
use super::table_borderless::is_number;
use crate::model::BBox;

/// A run in a cell.
#[derive(Clone, Copy, Debug)]
pub(super) struct Inside<'t> {
    pub(super) cell: u32,
    pub(super) bbox: BBox,
    /// Visual row.
    pub(super) row: u32,
    pub(super) text: &'t str,
}

/// The grid with such rows parted, or None if there are none.
pub(super) fn split_rows(grid: &Grid, runs: &[Inside<'_>]) -> Option<Grid> {
    let mut cuts: Vec<(u32, Vec<f32>, Vec<u32>)> = Vec::new();
    for row in 0..grid.rows() {
        let cells: Vec<u32> = (0..grid.cells.len() as u32)
            .filter(|&i| grid.cells[i as usize].row == row && grid.cells[i as usize].row_span == 1)
            .collect();
        if cells.len() >= 2
            && let Some((ys, whole)) = cut(grid, row, &cells, runs)
        {
            cuts.push((row, ys, whole));
        }
    }
    if cuts.is_empty() { None } else { Some(apply(grid, &cuts)) }
}

/// Where a row is cut, and the cells in it that stay whole.
fn cut(grid: &Grid, row: u32, cells: &[u32], runs: &[Inside<'_>]) -> Option<(Vec<f32>, Vec<u32>)> {
    let of = |cell: u32| runs.iter().filter(move |r| r.cell == cell);
    let mut numeric = 0;
    let mut anchors: Vec<(u32, BBox)> = Vec::new();
    for &cell in cells {
        let numbers: Vec<&Inside<'_>> = of(cell).filter(|r| is_number(r.text)).collect();
        let mut rows: Vec<u32> = numbers.iter().map(|r| r.row).collect();
        rows.sort_unstable();
        rows.dedup();
        if rows.len() >= 2 {
            numeric += 1;
            anchors.extend(numbers.iter().map(|r| (r.row, r.bbox)));
        }
    }
    if numeric < 2 {
        return None;
    }
    anchors.sort_by_key(|a| a.0);
    let mut lines: Vec<BBox> = Vec::new();
    let mut numbers: Vec<u32> = Vec::new();
    for (number, bbox) in anchors {
        if numbers.last() == Some(&number) {
            if let Some(last) = lines.last_mut() {
                *last = last.union(bbox);
            }
        } else {
            numbers.push(number);
            lines.push(bbox);
        }
    }
    // A label written downwards keeps its cell; single characters beside the numbers (台, 套) are data.
    let first = numbers.first().copied().unwrap_or_default();
    let is_label = |cell: u32| {
        let texts: Vec<&Inside<'_>> = of(cell).collect();
        let single = texts.iter().all(|r| r.text.chars().count() == 1 && !is_number(r.text));
        let beside = texts.iter().filter(|r| r.row >= first).all(|r| numbers.contains(&r.row));
        texts.len() >= 2 && single && !beside
    };
    let whole: Vec<u32> = cells.iter().copied().filter(|&cell| is_label(cell)).collect();
    let labels: Vec<&Inside<'_>> = cells.iter().filter(|c| !whole.contains(c)).flat_map(|&c| of(c)).collect();
    Some((borders(grid.ys[row as usize], grid.ys[row as usize + 1], &lines, &numbers, &labels), whole))
}

/// The new borders between the top and the bottom of a row.
fn borders(top: f32, bottom: f32, lines: &[BBox], numbers: &[u32], labels: &[&Inside<'_>]) -> Vec<f32> {
    let mut extent: Vec<BBox> = lines.to_vec();
    // A name that begins beside its numbers wraps downwards; one that stands around them wraps to both sides.
    let first_col = labels.iter().map(|l| l.bbox.x0).fold(f32::MAX, f32::min);
    let named: Vec<bool> =
        numbers.iter().map(|n| labels.iter().any(|l| l.row == *n && l.bbox.x0 < first_col + 12.0)).collect();
    let mut header: Option<BBox> = None;
    for label in labels.iter().filter(|l| !numbers.contains(&l.row)) {
        let y = label.bbox.mid_y();
        let after = lines.iter().rposition(|l| l.mid_y() <= y);
        let nearest = (0..lines.len())
            .min_by(|&a, &b| (lines[a].mid_y() - y).abs().total_cmp(&(lines[b].mid_y() - y).abs()));
        let target = match after {
            None => nearest.filter(|&n| !named[n] && lines[n].mid_y() - y < 0.9 * label.bbox.height()),
            Some(line) if named.get(line + 1).copied().unwrap_or(true) => Some(line),
            Some(_) => nearest,
        };
        match target {
            Some(line) => {
                extent[line] =
                    extent[line].union(BBox { x0: lines[line].x0, x1: lines[line].x1, ..label.bbox })
            }
            None => header = Some(header.map_or(label.bbox, |h| h.union(label.bbox))),
        }
    }
    if let Some(header) = header {
        extent.insert(0, header);
    }
    let mut ys = Vec::new();
    let mut last = top;
    for pair in extent.windows(2) {
        let y = (pair[0].y1 + pair[1].y0) / 2.0;
        if y > last + 1.0 && y < bottom - 1.0 {
            ys.push(y);
            last = y;
        }
    }
    ys
}

/// Puts the cuts into the grid.
fn apply(grid: &Grid, cuts: &[(u32, Vec<f32>, Vec<u32>)]) -> Grid {
    let mut ys = Vec::new();
    // The new number of each old border.
    let mut number = Vec::with_capacity(grid.ys.len());
    for (i, &y) in grid.ys.iter().enumerate() {
        number.push(ys.len() as u32);
        ys.push(y);
        if let Some((_, new, _)) = cuts.iter().find(|(row, ..)| *row as usize == i) {
            ys.extend(new);
        }
    }
    let mut cells = Vec::new();
    for (index, cell) in grid.cells.iter().enumerate() {
        let row = number[cell.row as usize];
        let row_span = number[(cell.row + cell.row_span) as usize] - row;
        let whole = cuts.iter().any(|(_, _, whole)| whole.contains(&(index as u32)));
        if cell.row_span > 1 || row_span <= 1 || whole {
            cells.push(GridCell { row, row_span, ..*cell });
            continue;
        }
        for r in row..row + row_span {
            let bbox = BBox { y0: ys[r as usize], y1: ys[r as usize + 1], ..cell.bbox };
            cells.push(GridCell { row: r, row_span: 1, bbox, ..*cell });
        }
    }
    Grid::new(grid.xs.clone(), ys, cells, grid.ruled)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One ruled row with a header, two goods, the second one's name wrapped around its numbers, and a sum.
    #[allow(clippy::type_complexity, reason = "used by this test alone")]
    fn goods() -> (Grid, Vec<(u32, f32, f32, u32, &'static str)>) {
        let cell = |col: u32, x0: f32, x1: f32| GridCell {
            row: 0,
            col,
            row_span: 1,
            col_span: 1,
            bbox: BBox::new(x0, 0.0, x1, 100.0),
        };
        let grid = Grid::new(
            vec![0.0, 100.0, 120.0, 180.0, 240.0],
            vec![0.0, 100.0],
            vec![cell(0, 0.0, 100.0), cell(1, 100.0, 120.0), cell(2, 120.0, 180.0), cell(3, 180.0, 240.0)],
            true,
        );
        let runs = vec![
            (0, 5.0, 2.0, 0, "项目名称"),
            (1, 105.0, 2.0, 0, "单"),
            (2, 150.0, 2.0, 0, "金额"),
            (3, 200.0, 2.0, 0, "税额"),
            (0, 5.0, 20.0, 1, "服务器"),
            (1, 105.0, 20.0, 1, "台"),
            (2, 150.0, 20.0, 1, "100.00"),
            (3, 200.0, 20.0, 1, "13.00"),
            (0, 5.0, 38.0, 2, "名称很长的"),
            (1, 105.0, 45.0, 3, "套"),
            (2, 150.0, 45.0, 3, "200.00"),
            (3, 200.0, 45.0, 3, "26.00"),
            (0, 5.0, 52.0, 4, "数据采集软件"),
            (0, 5.0, 80.0, 5, "合计"),
            (2, 150.0, 80.0, 5, "¥300.00"),
            (3, 200.0, 80.0, 5, "¥39.00"),
        ];
        (grid, runs)
    }

    #[test]
    fn goods_without_lines_become_rows() {
        let (grid, runs) = goods();
        let inside: Vec<Inside<'_>> = runs
            .iter()
            .map(|&(cell, x, y, row, text)| Inside {
                cell,
                bbox: BBox::new(x, y, x + 30.0, y + 10.0),
                row,
                text,
            })
            .collect();
        let split = split_rows(&grid, &inside).unwrap();
        assert_eq!((split.rows(), split.cols()), (4, 4));
        let row_of = |y: f32| split.cells[split.cell_at(10.0, y).unwrap() as usize].row;
        assert_eq!([row_of(7.0), row_of(25.0), row_of(43.0), row_of(57.0), row_of(85.0)], [0, 1, 2, 2, 3]);
    }

    #[test]
    fn one_row_of_numbers_is_left_alone() {
        let (grid, runs) = goods();
        let inside: Vec<Inside<'_>> = runs[..8]
            .iter()
            .map(|&(cell, x, y, row, text)| Inside {
                cell,
                bbox: BBox::new(x, y, x + 30.0, y + 10.0),
                row,
                text,
            })
            .collect();
        assert!(split_rows(&grid, &inside).is_none());
    }
}

//! Tables without lines: statements and lists whose columns are told by alignment alone. Their mark is numbers that
//! stand one below the other.

use super::ruling::Bar;
use super::table::{Grid, GridCell};
use crate::model::BBox;

/// A piece of text that no ruled table holds.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) bbox: BBox,
    /// Visual row.
    pub(super) row: u32,
    pub(super) text: String,
}

impl Item {
    fn numeric(&self) -> bool {
        is_number(&self.text)
    }
}

/// A visual row.
struct Row {
    items: Vec<Item>,
    bbox: BBox,
    numbers: usize,
}

impl Row {
    fn new(mut items: Vec<Item>) -> Self {
        items.sort_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0));
        let bbox = items.iter().skip(1).fold(items[0].bbox, |b, i| b.union(i.bbox));
        let numbers = items.iter().filter(|i| i.numeric()).count();
        Self { items, bbox, numbers }
    }

    /// Has a number beside something else.
    fn tabular(&self) -> bool {
        self.items.len() >= 2 && self.numbers >= 1
    }
}

/// Rows further apart than this many times the usual distance do not belong together.
const APART: f32 = 2.7;
/// Rows closer than this share of the usual distance are one row.
const CLOSE: f32 = 0.62;
/// Rows without numbers that may stand between rows with numbers.
const HEADINGS: usize = 4;
/// Rows with numbers that make a table.
const LEAST_ROWS: usize = 3;
/// Header rows above the first numbers.
const HEADER: usize = 4;

/// Whether the text is a number as tables print them: digits, separators, brackets, currency, per cent.
pub(super) fn is_number(text: &str) -> bool {
    let text = text.trim();
    let mut digits = 0;
    for c in text.chars() {
        match c {
            '0'..='9' | '０'..='９' => digits += 1,
            ',' | '.' | '，' | '．' | '-' | '−' | '－' | '–' | '+' | '(' | ')' | '（' | '）' | '¥' | '￥'
            | '%' | '％' | ' ' | '*' => {}
            _ => return false,
        }
    }
    // Account and document numbers are no figures.
    (1..=15).contains(&digits)
}

/// Cuts amounts off the texts they were joined with (narrow gaps between a label and its number).
pub(super) fn tokens(text: &str, edges: &[f32], bbox: BBox, row: u32) -> Vec<Item> {
    let whole = || vec![Item { bbox, row, text: text.to_string() }];
    let chars: Vec<char> = text.chars().collect();
    if edges.len() != chars.len() + 1 || !text.contains(' ') || is_number(text) {
        return whole();
    }
    let mut words: Vec<(usize, usize)> = Vec::new();
    let mut from = 0;
    for i in 0..=chars.len() {
        if i == chars.len() || chars[i] == ' ' {
            if i > from {
                words.push((from, i));
            }
            from = i + 1;
        }
    }
    let is_amount = |&(a, b): &(usize, usize)| {
        let word: String = chars[a..b].iter().collect();
        let decimals = word.trim_end_matches([')', '）']).rsplit_once('.').is_some_and(|(_, d)| d.len() == 2);
        is_number(&word) && (decimals || word.contains(','))
    };
    // The number of the line stands close behind its label.
    let last = words.len() - 1;
    let height = bbox.height();
    let line_number = |i: usize| {
        let (a, b) = words[i];
        i == last
            && i > 0
            && b - a <= 3
            && chars[a..b].iter().all(char::is_ascii_digit)
            && edges[a] - edges[words[i - 1].1] > 0.45 * height
    };
    if !words.iter().any(is_amount) && !line_number(last) {
        return whole();
    }
    let mut items: Vec<(usize, usize, bool)> = Vec::new();
    for (i, word) in words.iter().enumerate() {
        let amount = is_amount(word) || line_number(i);
        match items.last_mut() {
            Some((_, end, false)) if !amount => *end = word.1,
            _ => items.push((word.0, word.1, amount)),
        }
    }
    items
        .into_iter()
        .map(|(a, b, _)| Item {
            bbox: BBox { x0: edges[a], x1: if b == chars.len() { bbox.x1 } else { edges[b] }, ..bbox },
            row,
            text: chars[a..b].iter().collect(),
        })
        .collect()
}

/// The tables among the items; `bars` are the page's horizontal lines.
pub(super) fn borderless(items: Vec<Item>, bars: &[Bar]) -> Vec<Grid> {
    let mut by_row: std::collections::BTreeMap<u32, Vec<Item>> = std::collections::BTreeMap::new();
    for item in items {
        by_row.entry(item.row).or_default().push(item);
    }
    let mut rows: Vec<Row> = by_row.into_values().map(Row::new).collect();
    rows.sort_by(|a, b| a.bbox.mid_y().total_cmp(&b.bbox.mid_y()));
    let mut grids = Vec::new();
    let mut start = 0;
    while start < rows.len() {
        if !rows[start].tabular() {
            start += 1;
            continue;
        }
        let end = block_end(&rows, start);
        let count = rows[start..end].iter().filter(|r| r.tabular()).count();
        if count >= LEAST_ROWS
            && let Some((grid, next)) = table(&rows, start, end, bars)
        {
            grids.push(grid);
            start = next;
            continue;
        }
        start = end;
    }
    grids
}

/// The end of the stretch of rows that may be one table; it ends with a row with numbers.
fn block_end(rows: &[Row], start: usize) -> usize {
    let pitch = pitch(rows, start);
    let (mut end, mut headings) = (start + 1, 0);
    for i in start + 1..rows.len() {
        if rows[i].bbox.mid_y() - rows[i - 1].bbox.mid_y() > APART * pitch {
            break;
        }
        if rows[i].tabular() || rows[i].numbers > 0 {
            end = i + 1;
            headings = 0;
        } else {
            headings += 1;
            if headings > HEADINGS {
                break;
            }
        }
    }
    while end < rows.len() && rows[end].bbox.mid_y() - rows[end - 1].bbox.mid_y() < CLOSE * pitch {
        end += 1;
    }
    end
}

/// The usual distance of rows from here on.
fn pitch(rows: &[Row], start: usize) -> f32 {
    let mut steps: Vec<f32> = rows[start..]
        .windows(2)
        .take(12)
        .map(|w| w[1].bbox.mid_y() - w[0].bbox.mid_y())
        .filter(|d| *d > 2.0)
        .collect();
    if steps.is_empty() {
        return 20.0;
    }
    let middle = (steps.len() - 1) / 2;
    let (_, median, _) = steps.select_nth_unstable_by(middle, f32::total_cmp);
    median.clamp(6.0, 40.0)
}

/// Makes a table of the rows, with its header; tells where to go on.
fn table(rows: &[Row], start: usize, end: usize, bars: &[Bar]) -> Option<(Grid, usize)> {
    let xs = columns(&rows[start..end])?;
    let top = header(rows, start, &xs, bars);
    let groups = merge_rows(&rows[top..end], &xs, bars);
    if groups.len() < LEAST_ROWS || !is_filled(&groups, &xs) {
        return None;
    }
    let mut ys = Vec::with_capacity(groups.len() + 1);
    let box_of = |group: &[&Row]| group.iter().skip(1).fold(group[0].bbox, |b, r| b.union(r.bbox));
    let boxes: Vec<BBox> = groups.iter().map(|g| box_of(g)).collect();
    ys.push(boxes[0].y0 - 1.0);
    for pair in boxes.windows(2) {
        ys.push(((pair[0].y1 + pair[1].y0) / 2.0).max(ys[ys.len() - 1] + 0.5));
    }
    ys.push((boxes[boxes.len() - 1].y1 + 1.0).max(ys[ys.len() - 1] + 0.5));
    let mut cells = Vec::new();
    for (r, group) in groups.iter().enumerate() {
        let mut c = 0;
        while c + 1 < xs.len() {
            let span = span(group, &xs, c);
            cells.push(GridCell {
                row: r as u32,
                col: c as u32,
                row_span: 1,
                col_span: span as u32,
                bbox: BBox::new(xs[c], ys[r], xs[c + span], ys[r + 1]),
            });
            c += span;
        }
    }
    Some((Grid::new(xs, ys, cells, false), end))
}

/// Columns a text that begins in this one runs over, when nothing else stands there.
fn span(group: &[&Row], xs: &[f32], col: usize) -> usize {
    let begins = |i: &&Item| column_of(xs, i.bbox.x0 + 1.0) == Some(col) && !i.numeric();
    let reach =
        group.iter().flat_map(|r| &r.items).filter(begins).map(|i| i.bbox.x1).fold(f32::MIN, f32::max);
    let mut span = 1;
    while col + span + 1 < xs.len() {
        let (left, right) = (xs[col + span], xs[col + span + 1]);
        let other = group
            .iter()
            .flat_map(|r| &r.items)
            .any(|i| i.bbox.mid_x() > left && i.bbox.mid_x() < right && i.bbox.x0 > left - 2.0);
        // A text that just sticks out covers no column.
        if other || reach < left + 0.3 * (right - left) {
            break;
        }
        span += 1;
    }
    span
}

fn column_of(xs: &[f32], x: f32) -> Option<usize> {
    let col = xs.partition_point(|&edge| edge <= x).checked_sub(1)?;
    (col + 1 < xs.len()).then_some(col)
}

/// The borders of the columns: where no text of the rows with numbers stands. Labels that run into a column of
/// numbers do not count.
fn columns(rows: &[Row]) -> Option<Vec<f32>> {
    let tabular: Vec<&Row> = rows.iter().filter(|r| r.tabular()).collect();
    let items: Vec<&Item> = tabular.iter().flat_map(|r| &r.items).collect();
    let left = items.iter().map(|i| i.bbox.x0).fold(f32::MAX, f32::min);
    let right = items.iter().map(|i| i.bbox.x1).fold(f32::MIN, f32::max);
    let mut heights: Vec<f32> = items.iter().map(|i| i.bbox.height()).collect();
    let middle = heights.len() / 2;
    let size = *heights.select_nth_unstable_by(middle, f32::total_cmp).1;
    let numbers = number_columns(&items);
    if numbers.is_empty() || right - left > 5000.0 {
        return None;
    }
    // Twice a point is fine enough for gaps.
    let slots = ((right - left) * 2.0) as usize + 2;
    let slot = |x: f32| (((x - left) * 2.0).max(0.0) as usize).min(slots - 1);
    let mut covered = vec![false; slots];
    for item in &items {
        let overhang = !item.numeric()
            && numbers.iter().any(|&(a, b)| item.bbox.x0 < a - 2.0 && item.bbox.x1 > a + 0.2 * (b - a));
        if !overhang {
            covered[slot(item.bbox.x0)..=slot(item.bbox.x1)].fill(true);
        }
    }
    let mut xs = vec![left - 1.0];
    let mut gap = None;
    for (i, &full) in covered.iter().enumerate() {
        match (full, gap) {
            (false, None) => gap = Some(i),
            (true, Some(from)) => {
                if (i - from) as f32 / 2.0 >= 0.35 * size && from > 0 {
                    xs.push(left + (from + i) as f32 / 4.0);
                }
                gap = None;
            }
            _ => {}
        }
    }
    // Columns of numbers part even where the gap is narrow.
    for pair in numbers.windows(2) {
        let (from, to) = (pair[0].1, pair[1].0);
        if to > from && !xs.iter().any(|&x| x > from - 1.0 && x < to + 1.0) {
            xs.push((from + to) / 2.0);
        }
    }
    xs.push(right + 1.0);
    xs.sort_by(f32::total_cmp);
    (xs.len() >= 3).then_some(xs)
}

/// Columns of numbers: right (or left, or middle) edges one below the other.
fn number_columns(items: &[&Item]) -> Vec<(f32, f32)> {
    let mut numbers: Vec<BBox> = items.iter().filter(|i| i.numeric()).map(|i| i.bbox).collect();
    numbers.sort_by(|a, b| a.x1.total_cmp(&b.x1));
    let mut columns: Vec<(f32, f32, usize)> = Vec::new();
    for b in numbers {
        match columns.last_mut() {
            Some((left, right, count)) if b.x1 - *right <= 5.0 || b.x0 < *right => {
                *left = left.min(b.x0);
                *right = right.max(b.x1);
                *count += 1;
            }
            _ => columns.push((b.x0, b.x1, 1)),
        }
    }
    columns.into_iter().filter(|c| c.2 >= 2).map(|c| (c.0, c.1)).collect()
}

/// The first header row above the numbers.
fn header(rows: &[Row], start: usize, xs: &[f32], bars: &[Bar]) -> usize {
    let pitch = pitch(rows, start);
    let (left, right) = (xs[0], xs[xs.len() - 1]);
    let mut top = start;
    // A line over the table says where it begins; without one, rows of several short texts are headers.
    let rule = bars
        .iter()
        .filter(|b| b.to.min(right) - b.from.max(left) > 0.6 * (right - left))
        .filter(|b| b.at < rows[start].bbox.y0 && b.at > rows[start].bbox.y0 - 70.0)
        .map(|b| b.at)
        .fold(f32::MAX, f32::min);
    for i in (start.saturating_sub(HEADER)..start).rev() {
        let row = &rows[i];
        let far = rows[i + 1].bbox.mid_y() - row.bbox.mid_y() > APART * pitch;
        let inside = row.bbox.x0 > left - 40.0 && row.bbox.x1 < right + 40.0;
        let speaks = row.items.iter().any(|i| i.text.contains(['：', ':']));
        let below_rule = rule < f32::MAX && row.bbox.mid_y() > rule;
        if far
            || !inside
            || (rule < f32::MAX && !below_rule)
            || (!below_rule && (row.items.len() < 2 || speaks))
        {
            break;
        }
        top = i;
    }
    top
}

/// Takes visual rows together that are one row of the table: between two lines with at most one row of numbers, and
/// labels that wrap around their numbers.
fn merge_rows<'r>(rows: &'r [Row], xs: &[f32], bars: &[Bar]) -> Vec<Vec<&'r Row>> {
    let (left, right) = (xs[0], xs[xs.len() - 1]);
    let rules: Vec<f32> = bars
        .iter()
        .filter(|b| b.to.min(right) - b.from.max(left) > 0.6 * (right - left))
        .map(|b| b.at)
        .collect();
    let band = |r: &Row| rules.iter().filter(|&&y| y < r.bbox.mid_y()).count();
    let pitch = pitch(rows, 0);
    let mut groups: Vec<Vec<&Row>> = Vec::new();
    let mut i = 0;
    while i < rows.len() {
        let same = (i..rows.len()).take_while(|&j| band(&rows[j]) == band(&rows[i])).count();
        let ruled_row =
            rules.len() >= 4 && same > 1 && rows[i..i + same].iter().filter(|r| r.numbers > 0).count() <= 1;
        if ruled_row {
            groups.push(rows[i..i + same].iter().collect());
            i += same;
            continue;
        }
        let label_only = |r: &Row| {
            r.numbers == 0 && r.items.len() == 1 && column_of(xs, r.items[0].bbox.x0 + 1.0) == Some(0)
        };
        let bare =
            |r: &Row| r.numbers > 0 && r.items.iter().all(|i| column_of(xs, i.bbox.mid_x()) != Some(0));
        let near = |a: usize, b: usize| rows[b].bbox.mid_y() - rows[a].bbox.mid_y() < 0.8 * pitch;
        // Rows too close to be rows of their own: texts that wrap beside others that do not.
        let close = (i + 1..rows.len())
            .take_while(|&j| {
                rows[j].bbox.mid_y() - rows[j - 1].bbox.mid_y() < CLOSE * pitch
                    && rows[i..=j].iter().filter(|r| r.numbers > 0).count() <= 1
            })
            .count();
        if close > 0 {
            groups.push(rows[i..=i + close].iter().collect());
            i += close + 1;
            continue;
        }
        // Label, numbers, rest of the label.
        if i + 2 < rows.len()
            && label_only(&rows[i])
            && bare(&rows[i + 1])
            && label_only(&rows[i + 2])
            && near(i, i + 1)
            && near(i + 1, i + 2)
        {
            groups.push(rows[i..i + 3].iter().collect());
            i += 3;
        } else if i + 1 < rows.len() && label_only(&rows[i]) && bare(&rows[i + 1]) {
            groups.push(rows[i..i + 2].iter().collect());
            i += 2;
        } else {
            groups.push(vec![&rows[i]]);
            i += 1;
        }
    }
    groups
}

/// Whether enough rows have something in two columns or more, so that it is a table and not text with numbers.
fn is_filled(groups: &[Vec<&Row>], xs: &[f32]) -> bool {
    let filled = groups.iter().filter(|group| {
        let mut cols: Vec<usize> =
            group.iter().flat_map(|r| &r.items).filter_map(|i| column_of(xs, i.bbox.mid_x())).collect();
        cols.sort_unstable();
        cols.dedup();
        cols.len() >= 2
    });
    filled.count() * 2 >= groups.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(x0: f32, x1: f32, row: u32, text: &str) -> Item {
        let y = 100.0 + 20.0 * row as f32;
        Item { bbox: BBox::new(x0, y, x1, y + 10.0), row, text: text.into() }
    }

    fn statement() -> Vec<Item> {
        let mut items = vec![
            item(50.0, 90.0, 0, "项目"),
            item(210.0, 250.0, 0, "本期金额"),
            item(310.0, 350.0, 0, "上期金额"),
        ];
        for (row, label) in (1..).zip(["营业收入", "营业成本", "营业利润", "净利润"]) {
            items.push(item(50.0, 120.0, row, label));
            items.push(item(200.0 + row as f32, 250.0, row, "1,234.00"));
            items.push(item(300.0 - row as f32, 350.0, row, "987.00"));
        }
        items
    }

    #[test]
    fn numbers_below_one_another_make_columns() {
        let grids = borderless(statement(), &[]);
        assert_eq!(grids.len(), 1);
        assert_eq!((grids[0].rows(), grids[0].cols()), (5, 3));
    }

    #[test]
    fn a_signature_block_is_no_table() {
        let items = (0..4)
            .flat_map(|r| [item(50.0, 120.0, r, "甲方（盖章）："), item(300.0, 370.0, r, "乙方（盖章）：")])
            .collect();
        assert!(borderless(items, &[]).is_empty());
    }

    #[test]
    fn amounts_are_cut_off_their_labels() {
        let text = "营业收入 1,234.00";
        let edges: Vec<f32> = (0..=text.chars().count()).map(|i| i as f32 * 10.0).collect();
        let items = tokens(text, &edges, BBox::new(0.0, 0.0, 130.0, 10.0), 0);
        assert_eq!(items.iter().map(|i| i.text.as_str()).collect::<Vec<_>>(), ["营业收入", "1,234.00"]);
        assert_eq!(items[1].bbox.x0, 50.0);
    }

    #[test]
    fn numbers_are_told() {
        for yes in ["1,234.00", "(12.5)", "-3", "13%", "￥1 000.00"] {
            assert!(is_number(yes), "{yes}");
        }
        for no in ["R740", "2022年", "", "—", "6222021234567890123"] {
            assert!(!is_number(no), "{no}");
        }
    }
}

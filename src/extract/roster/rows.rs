//! Rows of a list under its header, over pages and blocks.

use std::collections::BTreeMap;

use super::heads::Heads;
use crate::extract::grid::{GridRow, Item};
use crate::extract::label::{Fragment, is_cjk};
use crate::extract::list::{self, Column, List};
use crate::pack::Lexicon;
use crate::text::normal;

/// One row.
#[derive(Clone, Debug, Default)]
pub(in crate::extract) struct Entry {
    /// What stands in it by role; what has no role stands under `?…` no more.
    pub(in crate::extract) cells: BTreeMap<String, Fragment>,
    /// Which block of a list printed in blocks side by side.
    block: usize,
    /// Index of the grid row it began in.
    at: usize,
}

impl Entry {
    /// What shows where the row is.
    pub(in crate::extract) fn anchor(&self) -> &Fragment {
        static ORDER: [&str; 3] = ["index", "name", "region"];
        let first = ORDER.iter().find_map(|r| self.cells.get(*r));
        // An entry is only made of a row with something in it.
        first.or_else(|| self.cells.values().next()).unwrap_or(&NOTHING)
    }

    /// Its number.
    pub(in crate::extract) fn number(&self) -> Option<u32> {
        number(&self.cells.get("index")?.text)
    }

    /// What names it.
    pub(in crate::extract) fn main(&self, lexicon: &Lexicon) -> Option<&Fragment> {
        lexicon.of("main").iter().find_map(|role| self.cells.get(role))
    }
}

static NOTHING: Fragment = Fragment {
    text: String::new(),
    place: crate::model::Place::File,
    grade: crate::model::Grade::Ocr,
    confidence: crate::model::Confidence(0),
    edges: Vec::new(),
};

/// A list.
#[derive(Clone, Debug, Default)]
pub(in crate::extract) struct Found {
    /// Its rows.
    pub(in crate::extract) entries: Vec<Entry>,
    /// The rows that sum it up.
    pub(in crate::extract) totals: Vec<GridRow>,
    /// The columns of its first header.
    pub(in crate::extract) columns: Vec<Column>,
}

/// The list of a document: the longest, if there are several with different headings. Without a header, the numbered
/// lines.
pub(in crate::extract) fn read(grid: &[GridRow], heads: &Heads, lexicon: &Lexicon) -> Found {
    let mut lists: Vec<(Vec<String>, Found)> = Vec::new();
    let mut at = 0;
    while at < grid.len() {
        let Some((columns, end)) = header(grid, at, heads) else {
            at += 1;
            continue;
        };
        let stop = (end..grid.len()).find(|i| header(grid, *i, heads).is_some()).unwrap_or(grid.len());
        let names: Vec<String> =
            columns.iter().map(|c| c.name.clone()).filter(|n| !n.contains('?')).collect();
        if lists.last().is_none_or(|(before, _)| *before != names) {
            lists.push((names, Found { columns: columns.clone(), ..Found::default() }));
        }
        if let Some((_, found)) = lists.last_mut() {
            body(grid, end..stop, &columns, lexicon, found);
        }
        at = stop;
    }
    let best =
        lists.into_iter().map(|l| l.1).reduce(|a, b| if b.entries.len() > a.entries.len() { b } else { a });
    match best {
        Some(found) if !found.entries.is_empty() => found,
        _ => Found { entries: numbered(grid), ..Found::default() },
    }
}

/// The header that begins at a row, and the first row behind it. Headings of a page without rulings may be broken over
/// two rows.
fn header(grid: &[GridRow], at: usize, heads: &Heads) -> Option<(Vec<Column>, usize)> {
    let row = &grid[at];
    if let Some(columns) = heads.columns(row) {
        return Some((columns, at + 1));
    }
    let next = grid.get(at + 1).filter(|n| row.table.is_none() && n.table.is_none() && n.page == row.page)?;
    if row.items.len() < 2 || next.items.len() < 2 {
        return None;
    }
    let mut merged = row.clone();
    for item in &next.items {
        let above = merged.items.iter_mut().find(|i| i.x0 < item.x1 && item.x0 < i.x1);
        match above {
            Some(above) => {
                above.text.push_str(&item.text);
                (above.x0, above.x1) = (above.x0.min(item.x0), above.x1.max(item.x1));
            }
            None => merged.items.push(item.clone()),
        }
    }
    merged.items.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    heads.columns(&merged).map(|columns| (columns, at + 2))
}

/// Reads the rows under a header.
fn body(
    grid: &[GridRow],
    range: std::ops::Range<usize>,
    columns: &[Column],
    lexicon: &Lexicon,
    out: &mut Found,
) {
    let list = List { header: range.start, columns: columns.to_vec() };
    let blocks = columns.iter().filter_map(|c| block_of(&c.name)).max().unwrap_or(0) + 1;
    let numbered = columns.iter().any(|c| c.name.ends_with(":index"));
    let mut lines: Vec<Entry> = Vec::new();
    for at in range {
        let row = &grid[at];
        if sums_up(row, lexicon) {
            out.totals.push(row.clone());
            continue;
        }
        if row.items.len() == 1 && columns.len() > 2 && !is_cell(row) && footer(&row.items[0]) {
            continue;
        }
        let cells = list::cells(row, &list);
        for block in 0..blocks {
            let own: BTreeMap<String, Fragment> = cells
                .iter()
                .filter(|(name, at)| block_of(name) == Some(block) && !at.is_blank())
                .filter_map(|(name, at)| Some((name.split_once(':')?.1.to_string(), at.clone())))
                .collect();
            if !own.is_empty() {
                lines.push(Entry { cells: own, block, at });
            }
        }
    }
    lines.sort_by_key(|e| e.block);
    for line in gathered(lines, grid, numbered, lexicon) {
        out.entries.push(line);
    }
}

/// Puts the lines of wrapped rows together and drops what is no row.
fn gathered(lines: Vec<Entry>, grid: &[GridRow], numbered: bool, lexicon: &Lexicon) -> Vec<Entry> {
    let mut out: Vec<Entry> = Vec::new();
    let mut before: Vec<Entry> = Vec::new();
    for line in lines {
        let ruled = is_cell(&grid[line.at]);
        let whole = if numbered && !ruled { line.number().is_some() } else { line.main(lexicon).is_some() };
        let filled = line.cells.keys().filter(|k| *k != "index").count() > 0;
        if whole || (ruled && line.number().is_some() && filled) {
            let mut line = line;
            // Lines above a number that stands in the middle of its row's height.
            while let Some(part) = before.pop() {
                if part.block == line.block && close(&part, &line, grid) {
                    line = glue(part, line);
                }
            }
            out.push(line);
        } else if !ruled && filled {
            match out.last_mut().filter(|last| last.block == line.block && follows(last, &line, grid)) {
                Some(last) => {
                    let at = line.at;
                    *last = glue(std::mem::take(last), line);
                    last.at = at;
                }
                None => before.push(line),
            }
        }
    }
    out.retain(|e| e.cells.keys().any(|k| k != "index" && !k.starts_with('?')));
    for entry in &mut out {
        entry.cells.retain(|k, _| !k.starts_with('?'));
    }
    out
}

/// Two lines of one row, the upper first.
fn glue(upper: Entry, lower: Entry) -> Entry {
    let mut out = upper;
    out.at = lower.at;
    for (role, at) in lower.cells {
        match out.cells.remove(&role) {
            Some(there) => {
                out.cells.insert(role, there.join(&at, "\n"));
            }
            None => {
                out.cells.insert(role, at);
            }
        }
    }
    out
}

/// Whether a line without a number goes on with the row above it: nearer to it than to the numbered row below.
fn follows(last: &Entry, line: &Entry, grid: &[GridRow]) -> bool {
    if !close(last, line, grid) {
        return false;
    }
    let Some((_, bottom)) = heights(&grid[last.at]) else { return line.at == last.at + 1 };
    let Some((top, own)) = heights(&grid[line.at]) else { return false };
    let below = grid.get(line.at + 1).filter(|r| r.page == grid[line.at].page).and_then(heights);
    let to_next = below.map_or(f32::MAX, |(next, _)| next - own);
    top - bottom <= to_next + 0.5
}

/// Whether two lines are neighbours on a page.
fn close(upper: &Entry, lower: &Entry, grid: &[GridRow]) -> bool {
    let (a, b) = (&grid[upper.at], &grid[lower.at]);
    let gap = match (heights(a), heights(b)) {
        (Some((y0, y1)), Some((z0, _))) => z0 - y1 < 0.9 * (y1 - y0).max(6.0),
        _ => lower.at == upper.at + 1,
    };
    a.page == b.page && gap
}

fn heights(row: &GridRow) -> Option<(f32, f32)> {
    let boxes: Vec<_> = row.items.iter().filter_map(|i| i.at.place.bbox()).collect();
    let top = boxes.iter().map(|b| b.y0).reduce(f32::min)?;
    let bottom = boxes.iter().map(|b| b.y1).reduce(f32::max)?;
    Some((top, bottom))
}

fn is_cell(row: &GridRow) -> bool {
    row.table.is_some()
}

fn block_of(name: &str) -> Option<usize> {
    name.split_once(':')?.0.parse().ok()
}

/// A row that sums up: 合计 where its number or its name would stand.
fn sums_up(row: &GridRow, lexicon: &Lexicon) -> bool {
    row.items.iter().take(2).any(|i| lexicon.of("合计").iter().any(|w| i.text.starts_with(w.as_str())))
}

/// What stands below a list and is no row of it.
fn footer(item: &Item) -> bool {
    let text = item.text.as_str();
    let page = text.contains('页') && text.chars().count() <= 14;
    let dashes = text.trim_matches(['-', '—', '–', '·']).chars().all(|c| c.is_ascii_digit() || c == '/');
    let words =
        ["注:", "备注:", "说明:", "单位:", "制表", "填表", "申报单位", "企业(盖章)", "共", "截至", "截止"];
    page || dashes || words.iter().any(|w| text.starts_with(w))
}

/// A row number: one to five digits, with a point or a comma behind it at most.
fn number(text: &str) -> Option<u32> {
    let text = normal::squash(text);
    let digits = text.trim_end_matches(['.', '、', ',', ')']).trim_start_matches('(');
    (digits.len() <= 5 && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
        .then(|| digits.parse().ok())?
}

/// A list without a header: lines that begin with the numbers 1, 2, 3 …
fn numbered(grid: &[GridRow]) -> Vec<Entry> {
    let mut out: Vec<Entry> = Vec::new();
    for (at, row) in grid.iter().enumerate() {
        let Some(first) = row.items.first() else { continue };
        let (index, name) = match (number(&first.text), row.items.get(1)) {
            (Some(_), Some(second)) => (first.at.clone(), second.at.clone()),
            _ => {
                let digits = first.at.text.chars().take_while(char::is_ascii_digit).count();
                let mark = first.at.text.chars().nth(digits);
                let fits = (1..=5).contains(&digits)
                    && mark.is_some_and(|c| matches!(c, '、' | '.' | '．' | ')' | '）' | ' '));
                if !fits {
                    continue;
                }
                let total = first.at.text.chars().count();
                (first.at.slice(0, digits), first.at.slice(digits + 1, total).trim())
            }
        };
        let expected = u32::try_from(out.len() + 1).ok();
        let words = name.text.chars().filter(|c| is_cjk(*c)).count() >= 2;
        if number(&index.text) == expected && words {
            let cells = BTreeMap::from([("index".to_string(), index), ("name".to_string(), name)]);
            out.push(Entry { cells, block: 0, at });
        }
    }
    if out.len() >= 2 { out } else { Vec::new() }
}

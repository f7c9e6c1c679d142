//! A view as rows of items, whatever carries it: cells of ruled tables, of workbooks and of Word tables, or runs that
//! share a visual row. Columns are told by where items stand (points, or column numbers where there are no points).

use std::collections::BTreeMap;

use crate::extract::View;
use crate::extract::label::{Fragment, is_cjk};
use crate::model::{Cell, Line, Page, Place, Table};
use crate::text::{amount, normal};

/// A cell or a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What is printed, with its place.
    pub at: Fragment,
    /// The text without blanks.
    pub text: String,
    /// Left edge.
    pub x0: f32,
    /// Right edge.
    pub x1: f32,
}

impl Item {
    /// Horizontal middle.
    pub fn mid(&self) -> f32 {
        f32::midpoint(self.x0, self.x1)
    }
}

/// Items side by side, from left to right.
#[derive(Clone, Debug, PartialEq)]
pub struct GridRow {
    /// Page, from 1.
    pub page: u32,
    /// Index of the page's table the row belongs to, if its cells were used.
    pub table: Option<usize>,
    /// Never empty.
    pub items: Vec<Item>,
}

impl GridRow {
    /// The row's text without blanks.
    pub fn text(&self) -> String {
        self.items.iter().map(|i| i.text.as_str()).collect()
    }
}

/// The rows of a view from top to bottom.
pub fn rows(view: &View<'_>) -> Vec<GridRow> {
    let mut out = Vec::new();
    for page in &view.pages {
        page_rows(view, page, &mut out);
    }
    out
}

fn page_rows(view: &View<'_>, page: &Page, out: &mut Vec<GridRow>) {
    let by_cells: Vec<bool> = page.tables.iter().map(trusted).collect();
    let inside = |place: &Place| match (view.segment.area, place.bbox()) {
        (Some(area), Some(b)) => area.contains(b.mid_x(), b.mid_y()),
        _ => true,
    };
    // Rows of runs by their number; a table stands where its first run stands.
    let mut loose: BTreeMap<u32, Vec<Item>> = BTreeMap::new();
    let mut tables: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    let mut seen = vec![false; page.tables.len()];
    for line in &page.lines {
        match line.table.map(|t| t as usize).filter(|t| by_cells.get(*t) == Some(&true)) {
            Some(t) if !seen[t] => {
                seen[t] = true;
                tables.entry(line.row).or_default().push(t);
            }
            Some(_) => {}
            None if inside(&line.place) => split(line, loose.entry(line.row).or_default()),
            None => {}
        }
    }
    let numbers: std::collections::BTreeSet<u32> = loose.keys().chain(tables.keys()).copied().collect();
    for number in numbers {
        if let Some(mut items) = loose.remove(&number).filter(|i| !i.is_empty()) {
            items.sort_by(|a, b| a.x0.total_cmp(&b.x0));
            out.push(GridRow { page: page.number, table: None, items });
        }
        for t in tables.remove(&number).unwrap_or_default() {
            let table = &page.tables[t];
            for row in 0..table.rows {
                let cells = table.row(row).filter(|c| !c.text.trim().is_empty() && inside(&c.place));
                let items: Vec<Item> = cells.map(of_cell).collect();
                if !items.is_empty() {
                    out.push(GridRow { page: page.number, table: Some(t), items });
                }
            }
        }
    }
}

/// Whether a table's cells are its columns and rows: ruled, and no cell holds a stack of numbers (then only the frame is
/// ruled, and the runs tell more).
fn trusted(table: &Table) -> bool {
    let stacked = |c: &&Cell| c.text.split('\n').filter(|l| amount::parse_number(l).is_some()).count() > 1;
    table.ruled && table.cols > 1 && table.cells.iter().filter(stacked).count() == 0
}

fn of_cell(cell: &Cell) -> Item {
    let (x0, x1) = match cell.place.bbox() {
        Some(b) => (b.x0, b.x1),
        None => (cell.col as f32, (cell.col + cell.col_span) as f32),
    };
    let at = Fragment::of_cell(cell);
    Item { text: normal::squash(&at.text), at, x0, x1 }
}

/// A run as one item; as several where it holds nothing but numbers, ends in one, or begins with an amount.
fn split(line: &Line, out: &mut Vec<Item>) {
    let whole = Fragment::of_line(line);
    if whole.is_blank() {
        return;
    }
    let chars: Vec<char> = line.text.chars().collect();
    let mut words: Vec<(usize, usize)> = Vec::new();
    for (at, c) in chars.iter().enumerate() {
        if c.is_whitespace() {
            continue;
        }
        match words.last_mut() {
            Some(word) if word.1 == at && !touches(&chars[word.0..at], *c) => word.1 = at + 1,
            _ => words.push((at, at + 1)),
        }
    }
    let printed = |w: &(usize, usize)| chars[w.0..w.1].iter().collect::<String>();
    let number = |w: &(usize, usize)| {
        let text = printed(w);
        amount::parse_number(&text).is_some() || is_dash(&text)
    };
    let whole_number = amount::parse_number(&line.text).is_some();
    let tail = words.iter().rev().take_while(|w| number(w)).count();
    // A whole number may begin a name (3号机房), an amount does not.
    let amount = |w: &(usize, usize)| number(w) && printed(w).contains(['.', '．', ',', '，']);
    let lead = words.iter().take(words.len() - tail).take_while(|w| amount(w)).count();
    if words.len() < 2 || whole_number || tail + lead == 0 {
        push(&whole, 0, chars.len(), out);
        return;
    }
    for word in &words[..lead] {
        push(&whole, word.0, word.1, out);
    }
    let head = words.len() - tail;
    if head > lead {
        push(&whole, words[lead].0, words[head - 1].1, out);
    }
    for word in &words[head..] {
        push(&whole, word.0, word.1, out);
    }
}

/// Whether a Chinese character begins a new word right behind an amount: columns printed so close that no gap shows.
/// Units belong to the amount.
fn touches(before: &[char], next: char) -> bool {
    let unit = "元圆万亿千百仟佰拾整正角分年月日号人个台套条家户项次天".contains(next);
    let amount = || {
        let text: String = before.iter().collect();
        let text = normal::squash(&text);
        let body = text.trim_end_matches(')');
        let decimals = body.rsplit('.').next().filter(|d| d.len() < body.len());
        decimals.is_some_and(|d| d.len() == 2) && amount::parse_number(&text).is_some()
    };
    is_cjk(next) && !unit && amount()
}

fn push(whole: &Fragment, from: usize, to: usize, out: &mut Vec<Item>) {
    let at = whole.slice(from, to).trim();
    let total = whole.text.chars().count().max(1) as f32;
    let (x0, x1) = match (at.place.bbox(), at.edges.is_empty()) {
        (Some(b), false) => (b.x0, b.x1),
        // Positions within the run are not known: its width is shared out evenly.
        (Some(b), true) => (b.x0 + b.width() * from as f32 / total, b.x0 + b.width() * to as f32 / total),
        (None, _) => (out.len() as f32, out.len() as f32 + 1.0),
    };
    out.push(Item { text: normal::squash(&at.text), at, x0, x1 });
}

/// Whether the text stands for "nothing" in a column of numbers.
pub fn is_dash(text: &str) -> bool {
    let text = normal::squash(text);
    !text.is_empty() && text.chars().all(|c| matches!(c, '-' | '−' | '—' | '–' | '―' | '/' | '一'))
}

/// Whether the text is a number, or so full of digits that it should be one.
pub fn numeric(text: &str) -> bool {
    if amount::parse_number(text).is_some() {
        return true;
    }
    let text = normal::squash(text);
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let all = text.chars().count();
    digits >= 2 && digits * 10 >= all * 6 && !text.contains(['年', '月', '日'])
}

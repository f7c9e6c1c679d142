//! Lists with a header, from the grid: price tables of contracts, the rows of tax certificates. Works where there are no
//! points (Word, workbooks) as well as on pages.

use std::collections::BTreeMap;

use crate::extract::grid::{GridRow, Item};
use crate::extract::label::Fragment;
use crate::model::Unit;
use crate::pack::Lexicon;
use crate::text::{amount, normal};

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name: the lexicon's key without the prefix.
    pub name: String,
    /// Left edge of the heading.
    pub x0: f32,
    /// Right edge of the heading.
    pub x1: f32,
    /// The unit that the heading names.
    pub unit: Option<Unit>,
}

/// A list: its header, and the rows below it up to the next header or page end.
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    /// Index of the header among the grid's rows.
    pub header: usize,
    /// Columns from left to right.
    pub columns: Vec<Column>,
}

/// The lists of a view: rows in which headings of `prefix` stand, one of each name of `need` at least.
pub fn lists(rows: &[GridRow], lexicon: &Lexicon, prefix: &str, need: &[&[&str]]) -> Vec<List> {
    let words: Vec<(&str, String)> = lexicon
        .labels
        .iter()
        .filter_map(|(key, words)| Some((key.strip_prefix(prefix)?, words)))
        .flat_map(|(name, words)| words.iter().map(move |w| (name, normal::squash(w))))
        .collect();
    let mut out = Vec::new();
    for (header, row) in rows.iter().enumerate() {
        let columns: Vec<Column> = row.items.iter().filter_map(|i| column(i, &words)).collect();
        let enough = need.iter().all(|names| columns.iter().any(|c| names.contains(&c.name.as_str())));
        if enough && columns.len() * 2 >= row.items.len() {
            out.push(List { header, columns });
        }
    }
    out
}

fn column(item: &Item, words: &[(&str, String)]) -> Option<Column> {
    let text = item.text.trim_end_matches(':');
    let bare = match text.find('(') {
        Some(at) if at > 0 => &text[..at],
        _ => text,
    };
    let fits = |w: &str| w == text || w == bare;
    let found = words.iter().filter(|(_, w)| fits(w)).max_by_key(|(_, w)| w.len())?;
    let unit = if bare.len() < text.len() { amount::unit_in(&text[bare.len()..]) } else { None };
    Some(Column { name: found.0.to_string(), x0: item.x0, x1: item.x1, unit })
}

/// The items of a row by column name. Items of one column are joined; what stands under no heading goes to none.
pub fn cells(row: &GridRow, list: &List) -> BTreeMap<String, Fragment> {
    let mut out: BTreeMap<String, Fragment> = BTreeMap::new();
    for item in &row.items {
        let Some(column) = under(item, &list.columns, row.table.is_some()) else { continue };
        match out.get_mut(&column.name) {
            Some(there) => *there = there.join(&item.at, " "),
            None => {
                out.insert(column.name.clone(), item.at.clone());
            }
        }
    }
    out
}

/// The column an item stands under: the one it shares most width with; on pages without cells else the nearest.
fn under<'c>(item: &Item, columns: &'c [Column], cells: bool) -> Option<&'c Column> {
    let shared = |c: &Column| item.x1.min(c.x1) - item.x0.max(c.x0);
    if cells {
        return columns.iter().filter(|c| shared(c) > 0.0).max_by(|a, b| shared(a).total_cmp(&shared(b)));
    }
    let distance = |c: &Column| {
        let mid = f32::midpoint(c.x0, c.x1);
        (item.mid() - mid).abs().min((item.x0 - c.x0).abs()).min((item.x1 - c.x1).abs())
    };
    columns.iter().min_by(|a, b| distance(a).total_cmp(&distance(b))).filter(|c| distance(c) < 80.0)
}

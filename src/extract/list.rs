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
    /// Whether the heading says that tax is in it, or that it is not.
    pub taxed: Option<bool>,
}

/// The name of columns that hold nothing of interest.
const SKIP: &str = "skip";

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
        let mut columns: Vec<Column> = row.items.iter().filter_map(|i| column(i, &words)).collect();
        tell_apart(&mut columns);
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
    let taxed = if text.contains("不含税") || text.contains("未税") {
        Some(false)
    } else {
        (text.contains("含税") || text.contains("价税")).then_some(true)
    };
    Some(Column { name: found.0.to_string(), x0: item.x0, x1: item.x1, unit, taxed })
}

/// Two headings of one meaning: of amounts and prices the one with tax counts, or the last where none says so; of words
/// the first is the name, and the second describes it (服务项目 | 内容).
fn tell_apart(columns: &mut [Column]) {
    for at in 0..columns.len() {
        let name = columns[at].name.clone();
        let again = |c: &Column| c.name == name && name != SKIP;
        let Some(other) = (at + 1..columns.len()).find(|i| again(&columns[*i])) else { continue };
        let rank = |c: &Column| c.taxed.map_or(1, |t| if t { 2 } else { 0 });
        let loser = match name.as_str() {
            "amount" | "unit_price" if rank(&columns[at]) > rank(&columns[other]) => other,
            "amount" | "unit_price" => at,
            _ => other,
        };
        let described = name == "name" && columns.iter().all(|c| c.name != "model");
        columns[loser].name = if described { "model".into() } else { SKIP.into() };
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::fixture::at;

    fn row(items: &[&str]) -> GridRow {
        let item = |(k, t): (usize, &&str)| {
            let x = 100.0 * k as f32;
            Item { at: at(t), text: normal::squash(t), x0: x, x1: x + 90.0 }
        };
        GridRow { page: 1, table: Some(0), items: items.iter().enumerate().map(item).collect() }
    }

    fn told(head: &[&str], line: &[&str]) -> BTreeMap<String, String> {
        let pack = crate::pack::Pack::embedded().unwrap();
        let rows = [row(head), row(line)];
        let need: &[&[&str]] = &[&["name"], &["amount", "unit_price"]];
        let found = lists(&rows, pack.lexicon("contract"), "表.", need);
        cells(&rows[1], &found[0]).into_iter().map(|(k, f)| (k, f.text)).collect()
    }

    #[test]
    fn of_two_names_the_second_describes_the_first() {
        let x = told(
            &["序号", "服务项目", "内容", "单位", "小计（元）"],
            &["1", "边缘网关", "EG-820W", "台", "5.00"],
        );
        assert_eq!((x["name"].as_str(), x["model"].as_str()), ("边缘网关", "EG-820W"));
        let x = told(&["产品名称", "型号", "内容", "金额"], &["网关", "EG", "含安装", "5.00"]);
        assert_eq!((x["name"].as_str(), x["model"].as_str()), ("网关", "EG"));
    }

    #[test]
    fn of_two_amounts_the_one_with_tax_counts() {
        let x = told(&["名称", "含税金额", "金额"], &["网关", "113.00", "100.00"]);
        assert_eq!(x["amount"], "113.00");
        let x = told(
            &["名称", "未税单价", "含税单价", "金额", "价税合计"],
            &["网关", "1.00", "1.13", "100.00", "113.00"],
        );
        assert_eq!((x["unit_price"].as_str(), x["amount"].as_str()), ("1.13", "113.00"));
    }
}

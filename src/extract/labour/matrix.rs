//! Payrolls with a column for each month (1月 … 12月) and what each person got in all at the end of the row.

use crate::extract::grid::{GridRow, Item};
use crate::extract::label::Fragment;
use crate::extract::list::{self, Column, List};
use crate::model::{Unit, YearMonth};
use crate::pack::Lexicon;
use crate::text::{amount, normal};

/// Fewest columns of months: a list of one month is no matrix.
const MONTHS: usize = 2;

/// What such a payroll says.
pub(super) struct Matrix {
    /// The months, with the cell that names each.
    pub(super) months: Vec<(YearMonth, YearMonth, Fragment)>,
    /// The people's names.
    pub(super) names: Vec<Fragment>,
    /// The sum of all wages, as printed, and its unit where the heading names one.
    pub(super) total: Option<(Fragment, Option<Unit>)>,
}

/// Reads the first such list. `year` is that of the title, for headings without one.
pub(super) fn read(rows: &[GridRow], lexicon: &Lexicon, year: Option<i32>) -> Option<Matrix> {
    let heads = |key: &str| lexicon.of(key).to_vec();
    let (people, sums) = (heads("列.name"), heads("列.gross"));
    let (header, row) = rows.iter().enumerate().find(|(_, row)| {
        let named = row.items.iter().any(|i| people.contains(&i.text));
        named && row.items.iter().filter(|i| month(&i.text).is_some()).count() >= MONTHS
    })?;
    let months = row.items.iter().filter_map(|i| {
        let (own, month) = month(&i.text)?;
        let at = YearMonth { year: own.or(year)?, month };
        Some((at, at, i.at.clone()))
    });
    let months: Vec<_> = months.collect();
    let bare = |i: &Item| i.text.split('(').next().unwrap_or_default().to_owned();
    let summed = |i: &&Item| sums.contains(&bare(i)) || ["合计", "总计", "小计"].contains(&bare(i).as_str());
    let column = |name: &str, i: &Item| Column {
        name: name.to_owned(),
        x0: i.x0,
        x1: i.x1,
        unit: i.text.find('(').and_then(|at| amount::unit_in(&i.text[at..])),
        taxed: None,
    };
    let columns = row.items.iter().map(|i| {
        let name = if people.contains(&i.text) { "name" } else { "other" };
        column(name, i)
    });
    let mut list = List { header, columns: columns.collect() };
    let last = row.items.iter().rposition(|i| summed(&i));
    if let Some(at) = last {
        list.columns[at].name = "sum".to_owned();
    }
    let unit = last.and_then(|at| list.columns[at].unit);
    let (mut names, mut total) = (Vec::new(), None);
    for row in rows[header + 1..].iter().filter(|r| r.items.len() > 1) {
        let text = row.text();
        if lexicon.of("合计").iter().any(|w| text.starts_with(w.as_str())) {
            let at =
                list::cells(row, &list).remove("sum").filter(|at| amount::parse_number(&at.text).is_some());
            total = total.or(at.map(|at| (at, unit)));
            continue;
        }
        let name = list::cells(row, &list).remove("name");
        let person = |at: &Fragment| {
            let text = normal::squash(&at.text);
            (2..=12).contains(&text.chars().count()) && !text.chars().any(|c| c.is_ascii_digit())
        };
        names.extend(name.filter(|at| person(at) && !people.contains(&normal::squash(&at.text))));
    }
    (months.len() >= MONTHS && !names.is_empty()).then_some(Matrix { months, names, total })
}

/// The month that a heading names, with its year if it has one: 7月, 7月份, 2022年7月.
fn month(text: &str) -> Option<(Option<i32>, u32)> {
    let text = text.trim_end_matches(['份', '工', '资']).strip_suffix('月')?;
    let (year, month) = match text.split_once('年') {
        Some((year, month)) => (Some(year.parse().ok()?), month),
        None => (None, text),
    };
    let month: u32 = month.parse().ok()?;
    let sane = year.is_none_or(|y: i32| (2000..2100).contains(&y));
    ((1..=12).contains(&month) && sane).then_some((year, month))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_months() {
        assert_eq!(month("7月"), Some((None, 7)));
        assert_eq!(month("2022年12月份"), Some((Some(2022), 12)));
        assert_eq!(month("13月"), None);
        assert_eq!(month("本月"), None);
    }
}

//! The columns of a statement by their headings.

use chrono::{Datelike, NaiveDate};

use crate::extract::grid::{GridRow, Item};
use crate::model::Kind;
use crate::pack::Lexicon;
use crate::text::{date, normal};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// Names of lines.
    Name,
    /// Closing balances, or the current period.
    Now,
    /// Opening balances, or the prior period.
    Before,
    /// The month alone, beside a cumulated column.
    Month,
    /// Row numbers, notes, changes.
    Skip,
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Column {
    pub(super) holds: Holds,
    /// Which half of a two-sided statement, from 0.
    pub(super) side: usize,
    pub(super) x0: f32,
    pub(super) x1: f32,
    /// The day or the last day of the year in the heading, where there is one.
    pub(super) day: Option<NaiveDate>,
}

impl Column {
    pub(super) fn mid(&self) -> f32 {
        f32::midpoint(self.x0, self.x1)
    }

    pub(super) fn is_value(&self) -> bool {
        matches!(self.holds, Holds::Now | Holds::Before)
    }
}

/// Words of headings, from the lexicon.
#[derive(Clone, Debug)]
pub(super) struct Headings {
    words: Vec<(String, Holds)>,
    balance: bool,
}

impl Headings {
    pub(super) fn new(lexicon: &Lexicon, kind: Kind) -> Self {
        let balance = kind == Kind::BalanceSheet;
        let holds = [
            ("列.closing", Holds::Now),
            ("列.opening", Holds::Before),
            ("列.current", Holds::Now),
            ("列.prior", Holds::Before),
            ("列.month", Holds::Month),
            ("列.skip", Holds::Skip),
            ("列.name", Holds::Name),
        ];
        let words = holds
            .into_iter()
            .flat_map(|(key, h)| lexicon.of(key).iter().map(move |w| (normal::squash(w), h)))
            .collect();
        Self { words, balance }
    }

    /// The columns, if the row is a header: at least one column of values, and another heading.
    pub(super) fn columns(&self, row: &GridRow) -> Option<Vec<Column>> {
        let mut out: Vec<Column> = Vec::new();
        for item in &row.items {
            out.extend(self.of_item(item));
        }
        dated(&mut out);
        let values = out.iter().filter(|c| c.is_value() || c.holds == Holds::Month).count();
        if values == 0 || out.len() < 2 || out.len() * 2 < row.items.len() {
            return None;
        }
        if !out.iter().any(|c| c.holds == Holds::Now) {
            // Nothing but months: that is not the year.
            return None;
        }
        sides(&mut out);
        Some(out)
    }

    fn of_item(&self, item: &Item) -> Vec<Column> {
        let column = |holds, x0, x1, day| Column { holds, side: 0, x0, x1, day };
        if let Some((holds, day)) = self.of_text(&item.text) {
            return vec![column(holds, item.x0, item.x1, day)];
        }
        // Two headings close together are read as one run.
        let words: Vec<&str> = item.at.text.split_whitespace().collect();
        let total = item.at.text.chars().count().max(1) as f32;
        let step = (item.x1 - item.x0) / total;
        let mut out = Vec::new();
        let mut at = 0;
        for word in &words {
            let from = item.at.text[at..].find(word).map_or(at, |p| at + p);
            let chars_before = item.at.text[..from].chars().count() as f32;
            let Some((holds, day)) = self.of_text(word) else { return self.glued(item) };
            let x0 = item.x0 + step * chars_before;
            out.push(column(holds, x0, x0 + step * word.chars().count() as f32, day));
            at = from + word.len();
        }
        if out.len() > 1 { out } else { self.glued(item) }
    }

    /// Two headings printed so close that not even a blank was read between them.
    fn glued(&self, item: &Item) -> Vec<Column> {
        let chars: Vec<char> = item.text.chars().collect();
        let step = (item.x1 - item.x0) / chars.len().max(1) as f32;
        let two = (2..chars.len().saturating_sub(1)).find_map(|at| {
            let word = |part: &[char]| self.of_text(&part.iter().collect::<String>());
            Some((at, word(&chars[..at])?, word(&chars[at..])?))
        });
        let Some((at, left, right)) = two else { return Vec::new() };
        let middle = item.x0 + step * at as f32;
        let column = |(holds, day), x0, x1| Column { holds, side: 0, x0, x1, day };
        vec![column(left, item.x0, middle), column(right, middle, item.x1)]
    }

    fn of_text(&self, text: &str) -> Option<(Holds, Option<NaiveDate>)> {
        let text = normal::squash(text);
        let bare: String = match text.find('(') {
            // 期末余额（元）; but （或股东权益） stands within the name.
            Some(at) if at > 0 && text.ends_with(')') => text[..at].to_string(),
            _ => text.replace(['(', ')'], ""),
        };
        let bare = bare.trim_matches(|c: char| ":*#".contains(c));
        let found = self.words.iter().find(|(w, _)| w == bare).map(|(_, h)| *h);
        if let Some(holds) = found {
            return Some((holds, None));
        }
        if bare.starts_with("负债") && bare.contains("权益") && !bare.contains("计") {
            return Some((Holds::Name, None));
        }
        year_end(bare, self.balance).map(|day| (Holds::Now, Some(day)))
    }
}

/// The last day of the year, or the day, that a heading names: 2022年12月31日, 2022年度, 2022年末, 2022年1-12月.
fn year_end(text: &str, balance: bool) -> Option<NaiveDate> {
    if let Some(day) = date::parse_date(text) {
        return Some(day);
    }
    let year: i32 = text.get(..4)?.parse().ok().filter(|y| (1990..=2100).contains(y))?;
    let rest = &text[4..];
    let fits = matches!(
        rest,
        "年" | "年度" | "年末" | "年1-12月" | "年累计" | "年金额" | "年度金额" | "年末余额" | "年度累计"
    ) || (balance && matches!(rest, "年期末" | "年期末余额"));
    fits.then(|| NaiveDate::from_ymd_opt(year, 12, 31)).flatten()
}

/// Of columns headed by days the latest is now, the one before it is before.
fn dated(columns: &mut [Column]) {
    let mut days: Vec<NaiveDate> = columns.iter().filter_map(|c| c.day).collect();
    days.sort_unstable();
    days.dedup();
    let Some(latest) = days.last().copied() else { return };
    for column in columns.iter_mut().filter(|c| c.day.is_some()) {
        column.holds = match column.day {
            Some(day) if day == latest => Holds::Now,
            // The 1st of January is the opening of the same year as well.
            Some(day) if day.year() + 1 >= latest.year() => Holds::Before,
            _ => Holds::Skip,
        };
    }
}

/// Tells the halves of a two-sided statement apart: a new half begins with names after values, or where a kind of value
/// comes again.
fn sides(columns: &mut [Column]) {
    columns.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    let (mut side, mut seen): (usize, Vec<Holds>) = (0, Vec::new());
    for column in columns.iter_mut() {
        let values = seen.contains(&Holds::Now) || seen.contains(&Holds::Before);
        let again = column.is_value() && seen.contains(&column.holds);
        if (column.holds == Holds::Name && values) || again {
            side += 1;
            seen.clear();
        }
        seen.push(column.holds);
        column.side = side;
    }
}

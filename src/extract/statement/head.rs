//! The head of a statement: whose it is, for which period, in which unit.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::lines::Sheet;
use crate::extract::View;
use crate::extract::grid::GridRow;
use crate::extract::label::{self, Fragment, Options};
use crate::extract::typed::Typed;
use crate::model::{Field, Kind, Unit, Value};
use crate::pack::Lexicon;
use crate::text::{amount, date, name, normal};

/// What the head says.
pub(super) struct Head {
    /// `company`, `period`, `unit`.
    pub(super) fields: BTreeMap<String, Field>,
    /// The unit of all amounts; 元 where none is printed.
    pub(super) unit: Unit,
}

pub(super) fn read(view: &View<'_>, rows: &[GridRow], sheet: &Sheet, lexicon: &Lexicon, kind: Kind) -> Head {
    let typed = Typed::new(&view.file);
    let mut fields = BTreeMap::new();
    let above = &rows[..sheet.header.map_or(rows.len().min(12), |h| (h + 1).min(rows.len()))];
    if let Some(company) = company(view, above, lexicon) {
        let clean = name::normal_name(&company.text);
        fields.insert("company".to_string(), typed.found(Value::Text(clean), &company));
    }
    if let Some((value, at)) = period(above, sheet, kind) {
        fields.insert("period".to_string(), typed.found(value, &at));
    }
    let mut unit = Unit::Yuan;
    if let Some((found, at)) = unit_of(above) {
        unit = found;
        fields.insert("unit".to_string(), typed.found(Value::Text(found.name().to_string()), &at));
    }
    Head { fields, unit }
}

/// The company: behind its label, or a line above the header that is nothing but a company's name.
fn company(view: &View<'_>, above: &[GridRow], lexicon: &Lexicon) -> Option<Fragment> {
    let labels = lexicon.of("头.company");
    let known: Vec<String> = ["头.period", "头.unit"].iter().flat_map(|k| lexicon.of(k).to_vec()).collect();
    let is_name = |text: &str| {
        let text: String = text.chars().take(end_of(text)).collect();
        let n = normal::squash(&text).chars().count();
        let squashed = normal::squash(&text);
        let unit = n <= 8 && squashed.ends_with('元') && amount::unit_in(&squashed).is_some();
        let time = squashed.starts_with("20") && squashed.contains('年');
        (4..60).contains(&n) && amount::parse_number(&text).is_none() && !unit && !time
    };
    let options = Options { known: &known, accept: Some(&is_name), not_below: true, ..Options::default() };
    if let Some(hit) = label::find_best(view, labels, &options) {
        return Some(cut(&hit.value));
    }
    above.iter().flat_map(|r| &r.items).find_map(|item| {
        let name = name::normal_name(&item.text);
        let company = ["公司", "厂", "研究院", "合作社", "中心"].iter().any(|end| name.ends_with(end));
        (company && name.chars().count() >= 6 && !name.contains(':')).then(|| item.at.clone())
    })
}

/// A value that shares its run with what follows it, cut.
fn cut(value: &Fragment) -> Fragment {
    value.slice(0, end_of(&value.text)).trim()
}

/// Where a company's name ends, in characters: at a wide blank, at a day or a year, at the next label.
fn end_of(text: &str) -> usize {
    let chars: Vec<char> = text.chars().collect();
    let blank = chars.windows(2).position(|w| w.iter().all(|c| c.is_whitespace()));
    let day = date::find_dates(text).first().map(|(r, _)| normal::char_range(text, r).start);
    let year =
        chars.windows(5).position(|w| w[0] == '2' && w[4] == '年' && w[..4].iter().all(char::is_ascii_digit));
    let label = ["单位：", "单位:", "金额单位", "会企", "会小企"]
        .iter()
        .filter_map(|w| text.find(w).map(|p| text[..p].chars().count()))
        .min();
    [blank, day, year, label].into_iter().flatten().filter(|at| *at > 0).min().unwrap_or(chars.len())
}

/// The unit: 单位：万元; or in a heading, （万元）.
fn unit_of(above: &[GridRow]) -> Option<(Unit, Fragment)> {
    let items = || above.iter().flat_map(|r| &r.items);
    let labelled = |text: &str| {
        let at = text
            .rfind("单位:")
            .map(|p| p + "单位:".len())
            .or_else(|| text.rfind("单位为").map(|p| p + "单位为".len()))?;
        amount::unit_in(&text[at..])
    };
    items()
        .find_map(|i| labelled(&i.text).map(|u| (u, i.at.clone())))
        .or_else(|| unit_beside(above))
        .or_else(|| items().find_map(|i| bracketed(&i.text).map(|u| (u, i.at.clone()))))
}

/// 单位： and 元 as items of their own.
fn unit_beside(above: &[GridRow]) -> Option<(Unit, Fragment)> {
    above.iter().find_map(|row| {
        row.items.windows(2).find_map(|pair| {
            let label = pair[0].text.trim_end_matches(':');
            let unit = pair[1].text.as_str();
            let bare = unit.trim_start_matches("人民币");
            (label.ends_with("单位") && matches!(bare, "元" | "千元" | "万元" | "百万元" | "亿元"))
                .then(|| amount::unit_in(bare).map(|u| (u, pair[1].at.clone())))
                .flatten()
        })
    })
}

fn bracketed(text: &str) -> Option<Unit> {
    let open = text.rfind('(')?;
    let inner =
        text[open..].trim_matches(['(', ')']).trim_start_matches("人民币").trim_start_matches("单位:");
    ["元", "千元", "万元", "百万元", "亿元"].contains(&inner).then(|| amount::unit_in(inner)).flatten()
}

/// The period: a day for balance sheets, a year for the others; what is neither is given as printed.
fn period(above: &[GridRow], sheet: &Sheet, kind: Kind) -> Option<(Value, Fragment)> {
    let items: Vec<_> = above.iter().flat_map(|r| &r.items).collect();
    let latest = sheet.columns.iter().filter_map(|c| c.day).max();
    if let Some(day) = latest {
        let at =
            items.iter().rev().find(|i| i.text.contains(&day.year().to_string())).map(|i| i.at.clone())?;
        return Some((value_of(day, kind), at));
    }
    if kind == Kind::BalanceSheet {
        return items
            .iter()
            .find_map(|i| {
                let (range, day) = date::find_dates(&i.at.text).pop()?;
                let chars = normal::char_range(&i.at.text, &range);
                Some((Value::Date(day), i.at.slice(chars.start, chars.end)))
            })
            .or_else(|| items.iter().find_map(|i| bare_year(i, kind)));
    }
    items.iter().find_map(|i| spanned(&i.at).or_else(|| bare_year(i, kind)))
}

fn value_of(day: NaiveDate, kind: Kind) -> Value {
    if kind == Kind::BalanceSheet { Value::Date(day) } else { Value::Text(day.year().to_string()) }
}

/// 2022年1-12月, 2022年1月1日至2022年12月31日, 2022年12月: the year when it ends in December, else as printed.
fn spanned(at: &Fragment) -> Option<(Value, Fragment)> {
    let text = normal::squash(&at.text);
    let start = text.find("20")?;
    let body: String = text[start..].chars().take_while(|c| !matches!(c, ')' | ']' | '单' | '金')).collect();
    let (from, to) = date::parse_period(body.trim_end_matches(['。', ',']))?;
    let value = if to.month == 12 && from.year == to.year {
        Value::Text(to.year.to_string())
    } else {
        Value::Text(body)
    };
    Some((value, at.clone()))
}

/// A year alone: 2022年度, 2022 年.
fn bare_year(item: &crate::extract::grid::Item, kind: Kind) -> Option<(Value, Fragment)> {
    let chars: Vec<char> = item.text.chars().collect();
    let at = chars.windows(5).position(|w| {
        w[4] == '年' && w[0] == '2' && w[1] == '0' && w[2..4].iter().all(char::is_ascii_digit)
    })?;
    if at > 0 && chars[at - 1].is_ascii_digit() {
        return None;
    }
    let year: i32 = chars[at..at + 4].iter().collect::<String>().parse().ok()?;
    let rest: String = chars[at + 5..].iter().collect();
    // A balance sheet of 2022年度 is of its last day; any other month stays unread.
    if kind == Kind::BalanceSheet {
        let ends =
            rest.is_empty() || rest.starts_with('度') || rest.starts_with('末') || rest.starts_with("12月");
        return ends
            .then(|| NaiveDate::from_ymd_opt(year, 12, 31).map(|d| (Value::Date(d), item.at.clone())))
            .flatten();
    }
    let whole = !rest.contains('月') || rest.starts_with("12月") || rest.starts_with("1-12月");
    whole.then(|| (Value::Text(year.to_string()), item.at.clone()))
}

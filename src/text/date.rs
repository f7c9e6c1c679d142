//! Days, months and periods as they are printed.

use std::ops::Range;

use chrono::NaiveDate;

use super::normal::{self, Glyph};
use crate::model::YearMonth;

/// A day: `2022年3月5日`, `2022-03-05`, `2022/3/5`, `2022.03.05`, `20220305`, `二〇二二年三月五日`; a time of day or a remark
/// in brackets may follow.
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let all = normal::glyphs(text);
    let (date, used) = date_at(&all, true)?;
    let rest: String = all[used..].iter().map(|g| g.c).collect();
    let time = rest.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.' | '时' | '分' | '秒' | 'T'));
    let remark =
        rest.starts_with('(') || matches!(rest.as_str(), "起" | "止" | "前" | "。" | "," | ";" | "、");
    (rest.is_empty() || remark || (time && (rest.contains(':') || rest.contains('时')))).then_some(date)
}

/// All days of a text with the bytes they cover, from left to right.
pub fn find_dates(text: &str) -> Vec<(Range<usize>, NaiveDate)> {
    let all = normal::glyphs(text);
    let mut out = Vec::new();
    let mut at = 0;
    while at < all.len() {
        let inside = at > 0 && !all[at].gap && is_digit(all[at].c) && is_digit(all[at - 1].c);
        match (!inside).then(|| date_at(&all[at..], false)).flatten() {
            Some((date, used)) => {
                out.push((normal::span(&all[at..at + used]), date));
                at += used;
            }
            None => at += 1,
        }
    }
    out
}

/// A month: `2022年3月`, `2022-03`, `2022.3`, `2022/03`, `202203`, `二〇二二年三月`.
pub fn parse_month(text: &str) -> Option<YearMonth> {
    let all = normal::glyphs(text);
    let (month, used) = month_at(&all)?;
    matches!(all[used..], [] | [Glyph { c: '份', .. }]).then_some(month)
}

/// A period in months, both ends included: two days or two months with 至, `-`, `~` between; `2022年1-3月`, `2022年度`,
/// `2022年第一季度`, a single day or month. An open end (至今) is none.
pub fn parse_period(text: &str) -> Option<(YearMonth, YearMonth)> {
    let all = normal::glyphs(text);
    let all = match all.first() {
        Some(g) if matches!(g.c, '自' | '从') => &all[1..],
        _ => &all[..],
    };
    span_of(all).filter(|(from, to)| from <= to)
}

/// Two months as they are written, whichever comes first: what a form states may be impossible.
pub fn parse_span(text: &str) -> Option<(YearMonth, YearMonth)> {
    let all = normal::glyphs(text);
    span_of(if all.first().is_some_and(|g| matches!(g.c, '自' | '从')) { &all[1..] } else { &all[..] })
}

fn span_of(all: &[Glyph]) -> Option<(YearMonth, YearMonth)> {
    period_of_days(all).or_else(|| period_of_months(all)).or_else(|| within_year(all))
}

fn period_of_days(all: &[Glyph]) -> Option<(YearMonth, YearMonth)> {
    let (first, used) = date_at(all, false)?;
    let rest = joined(&all[used..]);
    if rest.is_empty() {
        return Some((month_of(first), month_of(first)));
    }
    let (last, used) = date_at(rest, true)?;
    closes(&rest[used..]).then(|| (month_of(first), month_of(last)))
}

fn period_of_months(all: &[Glyph]) -> Option<(YearMonth, YearMonth)> {
    let (first, used) = month_at(all)?;
    let rest = joined(&all[used..]);
    if rest.is_empty() {
        return Some((first, first));
    }
    if let Some((last, used)) = month_at(rest) {
        return closes(&rest[used..]).then_some((first, last));
    }
    // 2022年1月至3月
    let (month, used) = number_at(rest, 2)?;
    let tail = rest.get(used..)?;
    (tail.first()?.c == '月' && closes(&tail[1..])).then_some(())?;
    Some((first, year_month(first.year, month)?))
}

/// Parts of one year: 2022年1-3月, 2022年度, 2022年第一季度, 2022年上半年.
fn within_year(all: &[Glyph]) -> Option<(YearMonth, YearMonth)> {
    let (year, used) = year_at(all)?;
    (all.get(used)?.c == '年').then_some(())?;
    let rest = &all[used + 1..];
    let text: String = rest.iter().map(|g| g.c).collect();
    let months = |from, to| Some((year_month(year, from)?, year_month(year, to)?));
    match text.as_str() {
        "" | "度" | "全年" | "年度" => return months(1, 12),
        "上半年" | "度上半年" => return months(1, 6),
        "下半年" | "度下半年" => return months(7, 12),
        _ => {}
    }
    if let Some(quarter) = text.strip_suffix("季度").or_else(|| text.strip_suffix("季")) {
        let quarter = quarter.trim_start_matches('度').trim_start_matches('第');
        let n = ["1一", "2二", "3三", "4四"]
            .iter()
            .position(|q| quarter.chars().count() == 1 && q.contains(quarter))?;
        return months(n as u32 * 3 + 1, n as u32 * 3 + 3);
    }
    let (first, used) = number_at(rest, 2)?;
    let rest = joined(rest.get(used..)?);
    let (last, used) = number_at(rest, 2)?;
    (rest.get(used)?.c == '月' && closes(&rest[used + 1..])).then(|| months(first, last)).flatten()
}

/// What stands between the ends of a period, taken off.
fn joined(rest: &[Glyph]) -> &[Glyph] {
    let n = rest
        .iter()
        .take_while(|g| {
            matches!(g.c, '至' | '到' | '-' | '–' | '—' | '~' | '～' | '起' | '止' | ',' | '一' | '─')
        })
        .count();
    &rest[n..]
}

fn closes(rest: &[Glyph]) -> bool {
    rest.iter().all(|g| matches!(g.c, '止' | '。' | ')' | '份' | '期' | '间'))
}

fn month_of(date: NaiveDate) -> YearMonth {
    use chrono::Datelike;
    YearMonth { year: date.year(), month: date.month() }
}

fn year_month(year: i32, month: u32) -> Option<YearMonth> {
    (1..=12).contains(&month).then_some(YearMonth { year, month })
}

/// A day at the start of the text. With `lenient` a 日 that is cut off at the end of the text is forgiven.
fn date_at(all: &[Glyph], lenient: bool) -> Option<(NaiveDate, usize)> {
    if let Some(found) = compact_at(all) {
        return Some(found);
    }
    let (year, mut at) = year_at(all)?;
    let mark = all.get(at)?.c;
    if !matches!(mark, '年' | '-' | '/' | '.' | '−' | '–') {
        return None;
    }
    at += 1;
    let (month, used) = number_at(&all[at..], 2)?;
    at += used;
    let second = all.get(at)?.c;
    let fits = if mark == '年' { second == '月' } else { second == mark || second == '月' };
    fits.then_some(())?;
    at += 1;
    let (day, used) = number_at(&all[at..], 2)?;
    at += used;
    match all.get(at) {
        Some(g) if matches!(g.c, '日' | '号') => at += 1,
        Some(g) if mark == '年' => {
            return (lenient && g.gap)
                .then(|| NaiveDate::from_ymd_opt(year, month, day))
                .flatten()
                .map(|d| (d, at));
        }
        Some(g) if !g.gap && (is_digit(g.c) || g.c.is_ascii_alphabetic() && g.c != 'T') => return None,
        None if mark == '年' && !lenient => return None,
        _ => {}
    }
    Some((NaiveDate::from_ymd_opt(year, month, day)?, at))
}

/// 20220305, standing alone.
fn compact_at(all: &[Glyph]) -> Option<(NaiveDate, usize)> {
    let run = digits_at(all, 9);
    if run.len() != 8 || all.get(8).is_some_and(|g| !g.gap && g.c.is_ascii_alphanumeric()) {
        return None;
    }
    let year = run[..4].parse().ok().filter(|y| plausible(*y))?;
    let date = NaiveDate::from_ymd_opt(year, run[4..6].parse().ok()?, run[6..].parse().ok()?)?;
    Some((date, 8))
}

fn month_at(all: &[Glyph]) -> Option<(YearMonth, usize)> {
    let compact = digits_at(all, 7);
    if compact.len() == 6 {
        let year = compact[..4].parse().ok().filter(|y| plausible(*y))?;
        return Some((year_month(year, compact[4..].parse().ok()?)?, 6));
    }
    let (year, mut at) = year_at(all)?;
    let mark = all.get(at)?.c;
    at += 1;
    let (month, used) = number_at(all.get(at..)?, 2)?;
    at += used;
    match mark {
        '年' => {
            (all.get(at)?.c == '月').then_some(())?;
            at += 1;
        }
        // A bare "2022.5" is a month only when it is written as one: two digits or a dash.
        '-' | '/' | '.' | '−' | '–' => {
            if all.get(at).is_some_and(|g| g.c == '月') {
                at += 1;
            }
        }
        _ => return None,
    }
    Some((year_month(year, month)?, at))
}

/// Four digits or four Chinese numerals that make a plausible year.
fn year_at(all: &[Glyph]) -> Option<(i32, usize)> {
    let text: Option<String> =
        all.get(..4)?.iter().map(|g| numeral(g.c).and_then(|d| char::from_digit(d, 10))).collect();
    let year = text?.parse().ok().filter(|y| plausible(*y))?;
    let more = all.get(4).is_some_and(|g| is_digit(g.c) && !g.gap);
    (!more).then_some((year, 4))
}

/// A month or a day: one or two digits, or a Chinese numeral up to 三十一.
fn number_at(all: &[Glyph], most: usize) -> Option<(u32, usize)> {
    let run = digits_at(all, most);
    if !run.is_empty() {
        return Some((run.parse().ok()?, run.len()));
    }
    let n = all.iter().take(4).take_while(|g| numeral(g.c).is_some() || ten(g.c)).count();
    let text: Vec<char> = all[..n].iter().map(|g| g.c).collect();
    let digit = |c: char| numeral(c);
    // 零 before the numeral is how bills write it (零叁月).
    let body: &[char] = if text.len() > 1 && digit(text[0]) == Some(0) { &text[1..] } else { &text };
    let value = match *body {
        [a] if ten(a) => 10,
        [a] => digit(a)?,
        [a, b] if ten(a) => 10 + digit(b)?,
        [a, b] if ten(b) => digit(a)? * 10,
        [a, b, c] if ten(b) => digit(a)? * 10 + digit(c)?,
        _ => return None,
    };
    Some((value, n))
}

fn digits_at(all: &[Glyph], most: usize) -> String {
    let mut out = String::new();
    for (at, g) in all.iter().take(most).enumerate() {
        if !is_digit(g.c) || (at > 0 && g.gap) {
            break;
        }
        out.push(g.c);
    }
    out
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn ten(c: char) -> bool {
    matches!(c, '十' | '拾')
}

fn numeral(c: char) -> Option<u32> {
    if c.is_ascii_digit() {
        return c.to_digit(10);
    }
    ["〇零○Oo", "一壹", "二贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"]
        .iter()
        .position(|g| g.contains(c))
        .map(|d| d as u32)
}

fn plausible(year: i32) -> bool {
    (1900..=2100).contains(&year)
}

#[cfg(test)]
#[path = "date_tests.rs"]
mod tests;

//! 合计 and 价税合计: the three amounts of an invoice and the one in capital numerals.

use rust_decimal::Decimal;

use crate::extract::Extracted;
use crate::extract::columns::Header;
use crate::extract::label::Fragment;
use crate::extract::sheet::{Sheet, Word, bounds, squashed};
use crate::extract::typed::{Typed, weaken};
use crate::model::{BBox, Grade, Money, Unit, Value};
use crate::text::{amount, normal};

use super::apart;
use super::items::ends_list;

/// An amount as printed.
#[derive(Clone, Debug)]
pub(super) struct Amount {
    pub(super) money: Money,
    pub(super) at: Fragment,
    pub(super) marked: bool,
    mid_x: f32,
}

/// The row of 价税合计, which ends the upper part of every layout.
pub(super) fn capital_row(sheet: &Sheet) -> Option<usize> {
    let named = |r: &Vec<Word>| {
        let text = squashed(r);
        text.contains("价税合计")
            || text.contains("税合计(大")
            || (text.contains("(大写)") && text.contains("(小写)"))
    };
    sheet.rows.iter().position(named).or_else(|| {
        sheet
            .rows
            .iter()
            .position(|r| amount::find_capital(&squashed(r)).is_some() && amounts(r).iter().any(|a| a.marked))
    })
}

/// Reads `amount`, `tax`, `total` and `total_capital`.
pub(super) fn read(sheet: &Sheet, headers: &[Header], typed: &Typed, out: &mut Extracted) {
    let row = capital_row(sheet);
    let apart = if row.is_none() { apart::on_two_rows(sheet) } else { (None, None) };
    let capital = row.and_then(|r| capital(sheet, r)).or(apart.1);
    if let Some(at) = &capital {
        let made = if lost_beginning(at) { typed.unreadable(at) } else { typed.capital(at) };
        out.fields.insert("total_capital".into(), made);
    } else if let Some(at) = row.and_then(|r| garbled_capital(&sheet.rows[r])) {
        out.fields.insert("total_capital".into(), typed.unreadable(&at));
    }
    let total = row.and_then(|r| small(sheet, r)).or(apart.0);
    let sum = sum_row(sheet, headers, row);
    let (mut net, mut tax) = sum.map_or((None, None), |r| net_and_tax(&sheet.rows[r], headers));
    let mut by_arithmetic = false;
    if net.is_none()
        && tax.is_none()
        && let Some(total) = &total
        && let Some((a, t)) = only_pair(sheet, total)
    {
        (net, tax, by_arithmetic) = (Some(a), Some(t), true);
    }
    let exempt = sum.and_then(|r| sheet.rows[r].iter().rev().find(|w| stars(&w.text)));
    let fits = match (&net, &tax, &total) {
        (Some(a), Some(t), Some(s)) => a.money.yuan + t.money.yuan == s.money.yuan,
        (Some(a), None, Some(s)) => exempt.is_none() || a.money.yuan == s.money.yuan,
        _ => true,
    };
    let factor = if !fits {
        0.7
    } else if by_arithmetic {
        0.85
    } else {
        1.0
    };
    for (name, value) in [("amount", net), ("tax", tax.clone()), ("total", total)] {
        if let Some(a) = value {
            out.fields.insert(name.into(), weaken(typed.found(Value::Money(a.money), &a.at), factor));
        }
    }
    if tax.is_none()
        && let Some(word) = exempt
    {
        out.fields.insert("tax".into(), typed.text(&word.at));
    }
}

fn stars(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c == '*')
}

/// The amounts of a row, from left to right.
pub(super) fn amounts(row: &[Word]) -> Vec<Amount> {
    let mut out = Vec::new();
    for word in row {
        for found in amount::find_money(&word.at.text, Unit::Yuan) {
            let range = normal::char_range(&word.at.text, &found.range);
            let at = word.at.slice(range.start, range.end);
            let mid_x = at.place.bbox().unwrap_or(word.bbox).mid_x();
            out.push(Amount { money: found.money, at, marked: found.marked, mid_x });
        }
    }
    out
}

/// The amount in capital numerals on the row.
fn capital(sheet: &Sheet, row: usize) -> Option<Fragment> {
    let words = &sheet.rows[row];
    // Recognised numerals may come in two pieces: either piece alone would be another amount.
    let whole = words.iter().any(|w| w.at.grade == Grade::Ocr) && in_pieces(words);
    for word in words.iter().filter(|_| !whole) {
        if let Some((range, _)) = amount::find_capital(&word.at.text) {
            let range = normal::char_range(&word.at.text, &range);
            let from = negative_start(&word.at.text, range.start);
            return Some(word.at.slice(from, range.end));
        }
    }
    // Letter-spaced numerals come as several words.
    let glued = words.iter().map(|w| w.at.clone()).reduce(|a, b| a.join(&b, ""))?;
    let (range, _) = amount::find_capital(&glued.text)?;
    // Numerals before it, with what is none between: the amount began there.
    let torn = glued.grade == Grade::Ocr && glued.text[..range.start].contains(is_numeral);
    let range = normal::char_range(&glued.text, &range);
    (!torn).then(|| glued.slice(range.start, range.end))
}

fn is_numeral(c: char) -> bool {
    "壹贰叁肆伍陆柒捌玖拾佰仟万亿".contains(c)
}

/// Whether numerals stand in more words than one.
fn in_pieces(words: &[Word]) -> bool {
    words.iter().filter(|w| w.text.chars().filter(|c| is_numeral(*c)).count() >= 2).count() >= 2
}

/// Whether recognised numerals lost their beginning: 叁角玖分 is what is left where 圆 was not read, far more often than
/// an amount below one 元; and no amount begins with the 零 between its parts.
fn lost_beginning(at: &Fragment) -> bool {
    let text = at.text.trim_start();
    let between = text.strip_prefix('零').is_some_and(|rest| !rest.starts_with(['圆', '元', '圓']));
    at.grade == Grade::Ocr && (between || !text.contains(['圆', '元', '圓']))
}

/// What stands where the capital numerals should, and is none: between the label and the digits.
fn garbled_capital(row: &[Word]) -> Option<Fragment> {
    let label = row.iter().position(|w| normal::squash(&w.text).ends_with("(大写)"))?;
    let numerals = |w: &&Word| w.text.chars().any(|c| "零壹贰叁肆伍陆柒捌玖拾佰仟圆元角分整".contains(c));
    row[label + 1..].iter().take_while(|w| !w.text.contains("小写")).find(numerals).map(|w| w.at.clone())
}

/// Where the amount begins when 负 or （负数） stands before it.
fn negative_start(text: &str, from: usize) -> usize {
    let before: String = text.chars().take(from).collect();
    ["(负数)", "（负数）", "负"]
        .iter()
        .find(|m| before.ends_with(*m))
        .map_or(from, |m| from - m.chars().count())
}

/// The amount in digits beside 价税合计: the last one at that height, a signed one before others.
fn small(sheet: &Sheet, row: usize) -> Option<Amount> {
    let at = bounds(&sheet.rows[row]);
    let page = sheet.rows[row][0].page;
    let beside = |w: &&Word| w.page == page && BBox::shared_height(w.bbox, at) > 0.5 * w.bbox.height();
    let words: Vec<Word> = sheet.words().filter(beside).cloned().collect();
    let all = amounts(&words);
    let after = words.iter().find(|w| normal::squash(&w.text).contains("小写")).map(|w| w.bbox.x0);
    let right = |a: &&Amount| after.is_none_or(|x| a.mid_x > x);
    let found =
        all.iter().filter(right).rfind(|a| a.marked).or_else(|| all.iter().rfind(|a| right(a))).cloned();
    found.or_else(|| loose(&words, after))
}

/// An amount whose currency sign was recognised as a letter ("Y7018.83").
fn loose(words: &[Word], after: Option<f32>) -> Option<Amount> {
    let fits = |w: &&Word| w.at.grade == Grade::Ocr && after.is_none_or(|x| w.bbox.mid_x() > x);
    words.iter().rev().filter(fits).find_map(unsigned)
}

fn unsigned(word: &Word) -> Option<Amount> {
    let text = &word.at.text;
    let at = text.chars().position(|c| c.is_ascii_digit() || c == '-')?;
    let total = text.chars().count();
    let part = word.at.slice(at, total);
    let money = amount::parse_money(&part.text, Unit::Yuan).filter(|m| at <= 2 && m.decimals == 2)?;
    Some(Amount { money, mid_x: word.bbox.mid_x(), marked: at > 0, at: part })
}

/// The row of 合计 above the capital row.
fn sum_row(sheet: &Sheet, headers: &[Header], capital: Option<usize>) -> Option<usize> {
    let start = headers.iter().map(|h| h.row + 1).next_back().unwrap_or(0);
    let last = capital.unwrap_or(sheet.rows.len());
    // The sum of one page of several is not the invoice's.
    // Nor is the total with its tax, which rolls call 合计金额.
    let whole = |r: &usize| {
        let text = squashed(&sheet.rows[*r]);
        !text.starts_with("小计") && !text.contains("小写") && !text.contains("大写")
    };
    let candidates: Vec<usize> = (0..last).filter(|r| ends_list(&sheet.rows[*r])).filter(whole).collect();
    let named = |r: &usize| squashed(&sheet.rows[*r]).starts_with("合计");
    candidates
        .iter()
        .copied()
        .rfind(|r| *r >= start && named(r))
        .or_else(|| candidates.iter().copied().rfind(|r| named(r)))
        .or_else(|| candidates.iter().copied().rfind(|r| *r >= start && !amounts(&sheet.rows[*r]).is_empty()))
        .or_else(|| signed_row(sheet, last))
}

/// Without words to go by: the last row above the capital row with two signed amounts.
fn signed_row(sheet: &Sheet, before: usize) -> Option<usize> {
    (before.saturating_sub(6)..before)
        .rev()
        .find(|r| amounts(&sheet.rows[*r]).iter().filter(|a| a.marked).count() == 2)
}

/// Which amounts of the sum row are the net amount and the tax: by their columns, or by order.
fn net_and_tax(row: &[Word], headers: &[Header]) -> (Option<Amount>, Option<Amount>) {
    let mut all = amounts(row);
    if all.is_empty() {
        all = row.iter().filter_map(unsigned).collect();
    }
    let column =
        |name: &str| headers.last().and_then(|h| h.columns.iter().find(|c| c.name == name)).map(|c| c.x1);
    match all.as_slice() {
        [] => (None, None),
        [one] => match (column("amount"), column("tax")) {
            (Some(a), Some(t)) if (one.mid_x - t).abs() < (one.mid_x - a).abs() => (None, Some(one.clone())),
            _ => (Some(one.clone()), None),
        },
        [a, t] => (Some(a.clone()), Some(t.clone())),
        many => match (column("amount"), column("tax")) {
            (Some(a), Some(t)) => {
                let nearest = |x: f32| {
                    many.iter().min_by(|p, q| (p.mid_x - x).abs().total_cmp(&(q.mid_x - x).abs())).cloned()
                };
                (nearest(a), nearest(t))
            }
            _ => (many.get(many.len() - 2).cloned(), many.last().cloned()),
        },
    }
}

/// The only two signed amounts that add up to the total.
fn only_pair(sheet: &Sheet, total: &Amount) -> Option<(Amount, Amount)> {
    let all: Vec<Amount> = sheet
        .rows
        .iter()
        .flat_map(|r| amounts(r))
        .filter(|a| a.marked && a.money.yuan != Decimal::ZERO)
        .collect();
    let mut found = None;
    for (i, a) in all.iter().enumerate() {
        for b in &all[i + 1..] {
            if a.money.yuan + b.money.yuan == total.money.yuan {
                if found.is_some() {
                    return None;
                }
                let (net, tax) = if a.money.yuan.abs() >= b.money.yuan.abs() { (a, b) } else { (b, a) };
                found = Some((net.clone(), tax.clone()));
            }
        }
    }
    found
}

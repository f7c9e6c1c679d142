//! Numbers and amounts in digits (`domain.md` §4.4). Amounts in capital numerals are in [`super::capital`], whose
//! functions are re-exported here.

use std::ops::Range;

use rust_decimal::Decimal;

use super::normal::{self, Glyph};
use crate::model::{Money, Unit};

pub use super::capital::{find_capital, parse_capital, to_capital};

/// A number as printed: `1,234.56`, `1，234`, `（1,234.56）`, `△12`, `-3`, `12%` (as 12). The whole text must be one.
pub fn parse_number(text: &str) -> Option<Decimal> {
    let all = normal::glyphs(text);
    let (number, used) = signed(&all)?;
    match &all[used..] {
        [] => Some(number),
        [g] if g.c == '%' || g.c == '‰' => Some(number),
        _ => None,
    }
}

/// A number and what follows it, for values such as `2 台` or `3年`.
pub fn leading_number(text: &str) -> Option<(Decimal, &str)> {
    let all = normal::glyphs(text);
    let (number, used) = signed(&all)?;
    let rest = all.get(used).map_or("", |g| &text[g.from..]);
    Some((number, rest))
}

/// An amount as printed, in its own unit or else in `default`: `¥1,234.50`, `RMB 300000`, `30万元`, `(1,234.56)`.
pub fn parse_money(text: &str, default: Unit) -> Option<Money> {
    let all = normal::glyphs(text);
    let mut body = all.as_slice();
    while let [.., last] = body
        && matches!(last.c, '。' | ',' | ';' | ':' | '、' | '.')
    {
        body = &body[..body.len() - 1];
    }
    // Brackets around a currency sign belong to the sentence, brackets around a bare number are a minus.
    if let [open, inner @ .., close] = body
        && open.c == '('
        && close.c == ')'
        && currency(inner) > 0
    {
        body = inner;
    }
    let (money, used) = money_at(body, default)?;
    body[used..].is_empty().then_some(money)
}

/// An amount found in running text.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundMoney {
    /// Bytes of the text, the currency sign and the unit included.
    pub range: Range<usize>,
    /// The amount.
    pub money: Money,
    /// Whether a currency sign or a unit says that it is money.
    pub marked: bool,
}

/// All numbers of a text that may be amounts, from left to right. Percentages, dates and codes are left out.
pub fn find_money(text: &str, default: Unit) -> Vec<FoundMoney> {
    let all = normal::glyphs(text);
    let mut out = Vec::new();
    let mut at = 0;
    while at < all.len() {
        let before = at.checked_sub(1).map(|b| all[b].c);
        let inside = before.is_some_and(|c| c.is_ascii_alphanumeric() || "-.,/".contains(c)) && !all[at].gap;
        if inside && all[at].c.is_ascii_digit() {
            at += 1;
            continue;
        }
        let sign = currency(&all[at..]);
        match money_at(&all[at..], default) {
            Some((money, used)) if !part_of_other(&all[at + used..]) => {
                let unit = all[at + used - 1].c;
                out.push(FoundMoney {
                    range: normal::span(&all[at..at + used]),
                    money,
                    marked: sign > 0 || matches!(unit, '元' | '圆' | '万' | '亿'),
                });
                at += used;
            }
            Some((_, used)) => at += used,
            None => at += 1,
        }
    }
    out
}

/// The unit that a text names, as in `单位：万元` or `金额（元）`.
pub fn unit_in(text: &str) -> Option<Unit> {
    let text = normal::squash(text).replace('圆', "元").replace('仟', "千");
    [
        ("百万元", Unit::Million),
        ("亿元", Unit::HundredMillion),
        ("万元", Unit::TenThousand),
        ("千元", Unit::Thousand),
        ("元", Unit::Yuan),
    ]
    .into_iter()
    .find(|(name, _)| text.contains(name))
    .map(|(_, unit)| unit)
}

/// What follows a number that is no amount: a date, a code, a share.
fn part_of_other(rest: &[Glyph]) -> bool {
    match rest {
        [g, ..] if g.gap => matches!(g.c, '%' | '‰' | '年' | '月' | '日'),
        [g, ..] => {
            g.c.is_ascii_alphanumeric()
                || matches!(
                    g.c,
                    '%' | '‰' | '年' | '月' | '日' | '号' | '天' | '个' | '条' | '份' | '台' | '套'
                )
                || (matches!(g.c, '-' | '/' | '.') && rest.get(1).is_some_and(|n| n.c.is_ascii_digit()))
        }
        [] => false,
    }
}

/// How many glyphs of a currency sign the text begins with.
fn currency(text: &[Glyph]) -> usize {
    let starts = |word: &str| {
        let n = word.chars().count();
        let found = text.len() >= n && word.chars().zip(text).all(|(w, g)| w == g.c.to_ascii_uppercase());
        if found { n } else { 0 }
    };
    let mut n = ["人民币", "RMB", "CNY"].into_iter().map(starts).find(|n| *n > 0).unwrap_or(0);
    if n > 0 && text.get(n).is_some_and(|g| g.c == ':') {
        n += 1;
    }
    match text.get(n).map(|g| g.c) {
        Some('¥') => n + 1,
        // What engines make of ¥ when a digit follows.
        Some('Y' | 'y') if n == 0 && text.get(1).is_some_and(|g| g.c.is_ascii_digit()) => 1,
        _ => n,
    }
}

/// A currency sign, a number and a unit, all but the number optional; with the glyphs used.
fn money_at(text: &[Glyph], default: Unit) -> Option<(Money, usize)> {
    let mut at = currency(text);
    // ¥-5.00 and -¥5.00 are both met.
    let mut negative = false;
    if at == 0 && text.first().is_some_and(|g| is_minus(g.c)) && currency(&text[1..]) > 0 {
        negative = true;
        at = 1 + currency(&text[1..]);
    }
    let (number, used) = signed(&text[at..])?;
    at += used;
    let (unit, used) = unit_at(&text[at..]).unwrap_or((default, 0));
    at += used;
    let number = if negative { -number } else { number };
    Some((Money::printed(number, unit), at))
}

/// The unit that the text begins with. `万` alone counts; `千` alone does not, being no unit of amounts.
fn unit_at(text: &[Glyph]) -> Option<(Unit, usize)> {
    let c = |i: usize| text.get(i).map_or(' ', |g| g.c);
    let yuan = |i: usize| matches!(c(i), '元' | '圆');
    let (unit, mut used) = match c(0) {
        '元' | '圆' => (Unit::Yuan, 1),
        '万' | '萬' => (Unit::TenThousand, if yuan(1) { 2 } else { 1 }),
        '亿' | '億' => (Unit::HundredMillion, if yuan(1) { 2 } else { 1 }),
        '千' | '仟' if yuan(1) => (Unit::Thousand, 2),
        '百' | '佰' if matches!(c(1), '万') && yuan(2) => (Unit::Million, 3),
        _ => return None,
    };
    if matches!(c(used), '整' | '正') {
        used += 1;
    }
    if c(used) == '人' && c(used + 1) == '民' && c(used + 2) == '币' {
        used += 3;
    }
    Some((unit, used))
}

fn is_minus(c: char) -> bool {
    matches!(c, '-' | '−' | '–' | '—' | '―' | '﹣' | '△' | '▲' | '负')
}

/// A number with its sign; brackets around a bare number are a minus. With the glyphs used.
fn signed(text: &[Glyph]) -> Option<(Decimal, usize)> {
    let first = text.first()?.c;
    if first == '(' {
        let (number, used) = unsigned(&text[1..])?;
        return (text.get(used + 1)?.c == ')').then_some((-number, used + 2));
    }
    if is_minus(first) {
        let (number, used) = unsigned(&text[1..])?;
        return Some((-number, used + 1));
    }
    let plus = usize::from(first == '+');
    unsigned(&text[plus..]).map(|(number, used)| (number, used + plus))
}

/// Digits with separators every three and a fraction. Blanks may stand for the separators, or between all characters
/// (letter-spaced print); any other blank ends the number.
fn unsigned(text: &[Glyph]) -> Option<(Decimal, usize)> {
    let mut len = text.iter().take_while(|g| g.c.is_ascii_digit() || g.c == ',' || g.c == '.').count();
    while len > 0 && !text[len - 1].c.is_ascii_digit() {
        len -= 1;
    }
    let run = text.get(..len).filter(|r| r.first().is_some_and(|g| g.c.is_ascii_digit()))?;
    let spaced = run.len() > 2 && run[1..].iter().all(|g| g.gap);
    let tight = !run[1..].iter().any(|g| g.gap && g.c.is_ascii_digit());
    if !spaced && !tight {
        // "1 234 567.89" and "1,234. 56" are one number, "12 34" are two.
        let end = blank_groups(run);
        return number_of(&run[..end]).map(|n| (n, end));
    }
    number_of(run).map(|n| (n, run.len()))
}

/// Where a number with blanks inside ends.
fn blank_groups(run: &[Glyph]) -> usize {
    let whole = run.iter().position(|g| g.c == '.').unwrap_or(run.len());
    let breaks: Vec<usize> = (1..run.len()).filter(|i| run[*i].gap && run[*i].c.is_ascii_digit()).collect();
    let after_mark = |i: usize| matches!(run[i - 1].c, '.' | ',');
    let by_three =
        |i: usize| i < whole && (whole - i).is_multiple_of(3) && !run[..whole].iter().any(|g| g.c == ',');
    let all_threes = (1..whole).rev().filter(|i| (whole - i).is_multiple_of(3)).all(|i| run[i].gap);
    if breaks.iter().all(|i| after_mark(*i) || (by_three(*i) && all_threes)) {
        return run.len();
    }
    let end = breaks.into_iter().find(|i| !after_mark(*i)).unwrap_or(run.len());
    (1..=end).rev().find(|e| run[*e - 1].c.is_ascii_digit()).unwrap_or(end)
}

/// The value of digits, separators and one point; `None` if the separators are not where they belong.
fn number_of(run: &[Glyph]) -> Option<Decimal> {
    let text: String = run.iter().map(|g| g.c).collect();
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text.as_str(), None),
    };
    if fraction.is_some_and(|f| f.contains([',', '.'])) {
        return None;
    }
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    if !rest.is_empty() && (first.len() > 3 || rest.iter().any(|g| g.len() != 3)) {
        return None;
    }
    let digits = whole.replace(',', "");
    let plain = fraction.map_or(digits.clone(), |f| format!("{digits}.{f}"));
    plain.parse().ok()
}

#[cfg(test)]
#[path = "amount_tests.rs"]
mod tests;

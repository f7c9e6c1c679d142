//! Amounts in capital numerals, 大写金额 (`domain.md` §3). Everything is counted in 分 and exact.

use std::ops::Range;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::normal::{self, Glyph};

/// What a character means in a capital numeral.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Sign {
    Zero,
    Digit(u64),
    /// 拾, 佰, 仟
    Unit(u64),
    /// 万, 亿
    Section(u64),
    Yuan,
    Jiao,
    Fen,
    End,
}

fn sign(c: char) -> Option<Sign> {
    Some(match c {
        '零' | '〇' | '○' | '另' => Sign::Zero,
        '壹' | '壱' | '弌' | '一' => Sign::Digit(1),
        '贰' | '貳' | '貮' | '弍' | '二' | '两' | '兩' => Sign::Digit(2),
        '叁' | '参' | '參' | '叄' | '弎' | '三' => Sign::Digit(3),
        '肆' | '四' => Sign::Digit(4),
        '伍' | '五' => Sign::Digit(5),
        '陆' | '陸' | '六' => Sign::Digit(6),
        '柒' | '七' => Sign::Digit(7),
        '捌' | '八' => Sign::Digit(8),
        '玖' | '九' => Sign::Digit(9),
        '拾' | '十' => Sign::Unit(10),
        '佰' | '百' | '伯' => Sign::Unit(100),
        '仟' | '千' => Sign::Unit(1000),
        '万' | '萬' => Sign::Section(10_000),
        '亿' | '億' => Sign::Section(100_000_000),
        '元' | '圆' | '圓' | '块' => Sign::Yuan,
        '角' | '毛' => Sign::Jiao,
        '分' => Sign::Fen,
        '整' | '正' => Sign::End,
        _ => return None,
    })
}

/// Whether the character is one that only amounts use.
fn formal(c: char) -> bool {
    "壹贰貳叁參叄肆伍陆陸柒捌玖拾佰仟圆圓".contains(c)
}

/// An amount in capital numerals, in 元. The whole text must be one, but for what commonly stands before it
/// (人民币, （大写）, ⊗, 负) and brackets or punctuation around it.
pub fn parse_capital(text: &str) -> Option<Decimal> {
    let all = normal::glyphs(text);
    let mut body = all.as_slice();
    while let [.., last] = body
        && matches!(last.c, ')' | '。' | ',' | ';' | '.' | ']' | '】')
    {
        body = &body[..body.len() - 1];
    }
    let (negative, body) = prefix(body);
    let cents = cents_of(body)?;
    Some(Decimal::new(if negative { -cents } else { cents }, 2))
}

/// The first amount in capital numerals of a text: its bytes and its value in 元. Everyday numerals (三十万元) count
/// when they end in 整 or 正; a lone digit is no amount. Numerals that a misread character parts (捌方伍仟圆) are none:
/// either half would be another amount.
pub fn find_capital(text: &str) -> Option<(Range<usize>, Decimal)> {
    let all = normal::glyphs(text);
    let mut at = 0;
    while at < all.len() {
        let run = run_at(&all, at);
        if run == 0 {
            at += 1;
            continue;
        }
        let mut end = at + run;
        while let Some(more) = goes_on(&all, at, end) {
            end = more;
        }
        if end == at + run
            && let Some(found) = within(&all, at, run)
        {
            return Some(found);
        }
        at = end;
    }
    None
}

/// How many numerals stand here.
fn run_at(all: &[Glyph], at: usize) -> usize {
    all[at..].iter().take_while(|g| sign(g.c).is_some()).count()
}

/// Where an amount ends that goes on behind one character that is no numeral: what stands before it is formal and no
/// whole amount, what follows is formal too.
fn goes_on(all: &[Glyph], from: usize, end: usize) -> Option<usize> {
    let ideograph = all.get(end).is_some_and(|g| ('\u{4e00}'..='\u{9fff}').contains(&g.c));
    let run = if ideograph { run_at(all, end + 1) } else { 0 };
    let whole = "圆圓元角分整正".contains(all[end - 1].c);
    let any = |part: &[Glyph]| part.iter().any(|g| formal(g.c));
    let ordinal = from.checked_sub(1).is_some_and(|b| all[b].c == '第');
    let broken = run > 0 && !whole && !ordinal && any(&all[from..end]) && any(&all[end + 1..end + 1 + run]);
    broken.then(|| end + 1 + run)
}

/// An amount within a run of numeral characters: the longest that parses, from the left. Formal numerals before it
/// are part of it: without them it is another amount (of 壹仟陆玖拾圆 a character is missing, it is no 玖拾圆).
fn within(all: &[Glyph], at: usize, run: usize) -> Option<(Range<usize>, Decimal)> {
    for from in at..at + run {
        if from > at && formal(all[from - 1].c) {
            return None;
        }
        for to in (from + 2..=at + run).rev() {
            let body = &all[from..to];
            let serious = body.iter().any(|g| formal(g.c))
                || (body.len() > 2 && sign(body[body.len() - 1].c) == Some(Sign::End));
            let Some(cents) = serious.then(|| cents_of(body)).flatten() else { continue };
            let minus = from.checked_sub(1).is_some_and(|b| all[b].c == '负')
                || (from >= 4 && all[from - 4..from].iter().map(|g| g.c).eq("(负数)".chars()))
                || (from >= 3 && all[from - 3..from].iter().map(|g| g.c).eq("负数)".chars()));
            return Some((normal::span(body), Decimal::new(if minus { -cents } else { cents }, 2)));
        }
    }
    None
}

/// Takes off what stands before the numeral and tells whether it is negative.
fn prefix(mut body: &[Glyph]) -> (bool, &[Glyph]) {
    const WORDS: &[&str] = &[
        "人民币",
        "大写",
        "金额",
        "合计",
        "价税",
        "总计",
        "RMB",
        "CNY",
        "(",
        ")",
        "[",
        "]",
        "【",
        "】",
        ":",
        "⊗",
        "⊕",
        "Ⓧ",
        "Ⓞ",
        "×",
        "X",
        "O",
        "图",
        "¥",
        ",",
    ];
    let mut negative = false;
    'again: while let Some(first) = body.first() {
        if sign(first.c).is_some() {
            break;
        }
        if matches!(first.c, '负' | '-' | '−') {
            negative = true;
            body = &body[1..];
            if body.first().is_some_and(|g| g.c == '数') {
                body = &body[1..];
            }
            continue;
        }
        for word in WORDS {
            let n = word.chars().count();
            if body.len() > n && word.chars().zip(body).all(|(w, g)| w == g.c.to_ascii_uppercase()) {
                body = &body[n..];
                continue 'again;
            }
        }
        break;
    }
    (negative, body)
}

/// The value of a numeral in 分.
fn cents_of(body: &[Glyph]) -> Option<i64> {
    let signs: Vec<Sign> = body.iter().map(|g| sign(g.c)).collect::<Option<_>>()?;
    let yuan = signs.iter().position(|s| *s == Sign::Yuan);
    let ends = signs.last() == Some(&Sign::End);
    let (whole, fraction) = match yuan {
        Some(at) => (&signs[..at], &signs[at + 1..]),
        // Without 元 it is either a fraction alone (伍角), or an amount closed by 整.
        None if signs.iter().any(|s| matches!(s, Sign::Jiao | Sign::Fen)) => (&signs[..0], &signs[..]),
        None if ends => (&signs[..signs.len() - 1], &signs[..0]),
        None => return None,
    };
    let whole = if yuan.is_none() && whole.is_empty() { 0 } else { whole_of(whole)? };
    let cents = fraction_of(fraction, yuan.is_none())?;
    whole.checked_mul(100)?.checked_add(cents)?.to_i64()
}

/// The part before 元.
fn whole_of(signs: &[Sign]) -> Option<u64> {
    if signs.is_empty() {
        return None;
    }
    if signs.iter().all(|s| *s == Sign::Zero) {
        return (signs.len() == 1).then_some(0);
    }
    let (mut total, mut last_large) = (0u64, u64::MAX);
    let mut rest = signs;
    while let Some(at) = rest.iter().position(|s| matches!(s, Sign::Section(_))) {
        let Sign::Section(mut large) = rest[at] else { return None };
        let value = section_of(&rest[..at])?;
        let mut used = at + 1;
        // 万亿 is one unit.
        if large == 10_000 && rest.get(used) == Some(&Sign::Section(100_000_000)) {
            large = 1_000_000_000_000;
            used += 1;
        }
        if value == 0 || large >= last_large {
            return None;
        }
        last_large = large;
        total = total.checked_add(value.checked_mul(large)?)?;
        rest = &rest[used..];
    }
    let zeros_only = rest.iter().all(|s| *s == Sign::Zero);
    let low = if zeros_only { 0 } else { section_of(rest)? };
    total.checked_add(low)
}

/// Up to four digits: 仟 佰 拾 and the ones, each at most once and in order, 零 between.
fn section_of(signs: &[Sign]) -> Option<u64> {
    let (mut value, mut last_unit) = (0u64, 10_000u64);
    let mut digit: Option<u64> = None;
    for (at, s) in signs.iter().enumerate() {
        match *s {
            Sign::Zero if digit.is_none() => {}
            Sign::Digit(d) if digit.is_none() && last_unit > 1 => digit = Some(d),
            Sign::Unit(u) if u < last_unit => {
                // 拾万 begins without its 壹; nothing else does.
                let leading = u == 10 && value == 0 && signs[..at].iter().all(|s| *s == Sign::Zero);
                value += digit.take().or(leading.then_some(1))? * u;
                last_unit = u;
            }
            _ => return None,
        }
    }
    value += digit.unwrap_or(0);
    (value > 0).then_some(value)
}

/// The part after 元 in 分: 角, 分, 零 between, 整 at the end. `alone` where there is no 元: then one must be there.
fn fraction_of(signs: &[Sign], alone: bool) -> Option<u64> {
    let body = signs.strip_suffix(&[Sign::End]).unwrap_or(signs);
    let (mut jiao, mut fen) = (None, None);
    let mut digit: Option<u64> = None;
    let mut zero = false;
    for s in body {
        match *s {
            Sign::Zero if digit.is_none() => zero = true,
            Sign::Digit(d) if digit.is_none() && fen.is_none() => digit = Some(d),
            Sign::Jiao if jiao.is_none() && fen.is_none() => jiao = Some(digit.take().or(zero.then_some(0))?),
            Sign::Fen if fen.is_none() => fen = Some(digit.take().or(zero.then_some(0))?),
            _ => return None,
        }
    }
    if digit.is_some() || (alone && jiao.is_none() && fen.is_none()) {
        return None;
    }
    Some(jiao.unwrap_or(0) * 10 + fen.unwrap_or(0))
}

/// The amount in capital numerals, rounded to 分, as invoices print it.
pub fn to_capital(amount: Decimal) -> String {
    let cents = (amount.abs() * Decimal::ONE_HUNDRED).round().to_u128().unwrap_or(0);
    let (yuan, jiao, fen) = (cents / 100, (cents / 10 % 10) as usize, (cents % 10) as usize);
    let mut out = String::new();
    if amount.is_sign_negative() && cents > 0 {
        out.push('负');
    }
    if yuan > 0 || cents == 0 {
        out.push_str(&whole_in_capital(yuan));
        out.push('元');
    }
    let digits: Vec<char> = "零壹贰叁肆伍陆柒捌玖".chars().collect();
    if jiao > 0 {
        if yuan > 0 && yuan.is_multiple_of(10) {
            out.push('零');
        }
        out.push(digits[jiao]);
        out.push('角');
    }
    if fen > 0 {
        if jiao == 0 && yuan > 0 {
            out.push('零');
        }
        out.push(digits[fen]);
        out.push('分');
    } else {
        out.push('整');
    }
    out
}

fn whole_in_capital(yuan: u128) -> String {
    let digits: Vec<char> = "零壹贰叁肆伍陆柒捌玖".chars().collect();
    if yuan == 0 {
        return "零".to_string();
    }
    let (mut out, mut pending) = (String::new(), false);
    let printed = yuan.to_string();
    let count = printed.len();
    let mut in_section = false;
    for (at, c) in printed.chars().enumerate() {
        let place = count - 1 - at;
        let d = c.to_digit(10).unwrap_or(0) as usize;
        if d == 0 {
            pending = pending || !out.is_empty();
        } else {
            if pending {
                out.push('零');
            }
            pending = false;
            in_section = true;
            out.push(digits[d]);
            out.push_str(["", "拾", "佰", "仟"][place % 4]);
        }
        if place.is_multiple_of(4) {
            if in_section || (place == 8 && count > 12) {
                out.push_str(["", "万", "亿", "万"].get(place / 4).copied().unwrap_or(""));
            }
            // Zeros at the end of a section are silent, its missing thousands are not.
            pending = pending && !in_section;
            in_section = false;
        }
    }
    out
}

#[cfg(test)]
#[path = "capital_tests.rs"]
mod tests;

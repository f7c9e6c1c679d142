//! Amounts as papers write them. Written apart from the library on purpose: the oracle must not share its mistakes.

use rust_decimal::{Decimal, RoundingStrategy};

/// Rounded to 分, half up.
pub fn cents(d: Decimal) -> Decimal {
    d.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// As the report writes amounts: two decimals.
pub fn plain(d: Decimal) -> String {
    format!("{:.2}", cents(d))
}

/// With two decimals and separators: 1,234,567.80.
pub fn grouped(d: Decimal) -> String {
    let s = plain(d.abs());
    let (whole, frac) = s.split_once('.').unwrap_or((&s, "00"));
    let mut out = String::new();
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    format!("{}{out}.{frac}", if d.is_sign_negative() && !d.is_zero() { "-" } else { "" })
}

/// 元 shown in 万元 with as many decimals as needed, at most `dp`.
pub fn wan(d: Decimal, dp: u32) -> String {
    (d / Decimal::from(10_000))
        .round_dp_with_strategy(dp, RoundingStrategy::MidpointAwayFromZero)
        .normalize()
        .to_string()
}

/// 元 shown in 万元 with two decimals.
pub fn wan2(d: Decimal) -> String {
    format!(
        "{:.2}",
        (d / Decimal::from(10_000)).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
    )
}

/// 大写 with 圆 or 元.
pub fn capital(d: Decimal, yuan: &str) -> String {
    const DIGITS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];
    let fen: i128 = (cents(d.abs()) * Decimal::from(100)).trunc().to_string().parse().unwrap_or(0);
    let (whole, jiao, rest) = (fen / 100, (fen / 10 % 10) as usize, (fen % 10) as usize);
    let mut out = String::new();
    let sections = [(whole / 100_000_000, "亿"), (whole / 10_000 % 10_000, "万"), (whole % 10_000, "")];
    let mut zero = false;
    for (n, unit) in sections {
        if n == 0 {
            zero = !out.is_empty();
            continue;
        }
        if !out.is_empty() && (zero || n < 1000) {
            out.push('零');
        }
        zero = false;
        let mut gap = false;
        for (k, u) in [(1000, "仟"), (100, "佰"), (10, "拾"), (1, "")] {
            let digit = (n / k % 10) as usize;
            if digit == 0 {
                gap = true;
                continue;
            }
            if gap && n >= k * 10 {
                out.push('零');
            }
            gap = false;
            out.push_str(DIGITS[digit]);
            out.push_str(u);
        }
        out.push_str(unit);
    }
    if whole > 0 {
        out.push_str(yuan);
    }
    match (jiao, rest) {
        (0, 0) => out.push_str(if whole > 0 { "整" } else { "零圆整" }),
        (0, f) => out = format!("{out}{}{}分", if whole > 0 { "零" } else { "" }, DIGITS[f]),
        (j, 0) => out = format!("{out}{}角整", DIGITS[j]),
        (j, f) => out = format!("{out}{}角{}分", DIGITS[j], DIGITS[f]),
    }
    if d.is_sign_negative() { format!("（负数）{out}") } else { out }
}

/// 大写 of a date's number, as in 贰零贰贰年.
pub fn self_test() {
    let d = |s: &str| s.parse::<Decimal>().expect("a number");
    for (n, c) in [
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("1010010.01", "壹佰零壹万零壹拾元零壹分"),
        ("100000001.00", "壹亿零壹元整"),
        ("150000000", "壹亿伍仟万元整"),
        ("1000010000", "壹拾亿零壹万元整"),
        ("170500", "壹拾柒万零伍佰元整"),
        ("99999.99", "玖万玖仟玖佰玖拾玖元玖角玖分"),
    ] {
        assert_eq!(capital(d(n), "元"), c, "{n}");
    }
}

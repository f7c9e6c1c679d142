//! The amount of a payment, in digits and in capital numerals.

use crate::extract::Extracted;
use crate::extract::label::Fragment;
use crate::extract::sheet::{Word, spelled};
use crate::extract::typed::weaken;
use crate::model::{Money, Unit, Value};
use crate::text::{amount, normal};

use super::{BY_SHAPE, Receipt};

pub(super) fn read(receipt: &Receipt<'_>, out: &mut Extracted) {
    let labelled = || labelled_digits(receipt).map(|a| (a, 1.0));
    let shaped = || signed(receipt).map(|a| (a, BY_SHAPE));
    // Boxes for single digits come first: what stands beside other labels are parts of them.
    if let Some(((money, at), factor)) = boxed(receipt).map(|a| (a, 0.95)).or_else(labelled).or_else(shaped) {
        out.fields.insert("amount".into(), weaken(receipt.typed.found(Value::Money(money), &at), factor));
    } else if let Some(at) = receipt.value("amount", &has_digit, false).filter(|a| capital_in(a).is_none()) {
        out.fields.insert("amount".into(), receipt.typed.money(&at, Unit::Yuan));
    }
    let labels: Vec<Fragment> = ["amount_capital", "amount"]
        .iter()
        .flat_map(|field| receipt.hits(field, &|t| amount::find_capital(t).is_some(), false))
        .map(|h| h.value)
        .collect();
    let by_label = labels.iter().find_map(capital_in).map(|a| (a, 1.0));
    let anywhere = || receipt.sheet.words().find_map(|w| capital_in(&w.at)).map(|a| (a, BY_SHAPE));
    if let Some((at, factor)) = by_label.or_else(anywhere) {
        let at = continued(receipt, at);
        out.fields.insert("amount_capital".into(), weaken(receipt.typed.capital(&at), factor));
    }
}

fn has_digit(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
}

/// The amount in capital numerals within a fragment.
fn capital_in(at: &Fragment) -> Option<Fragment> {
    let (range, _) = amount::find_capital(&at.text)?;
    // Behind other numerals it is the rest of an amount, one character of which was misread.
    let before: String =
        at.text[..range.start].chars().rev().filter(|c| !c.is_whitespace()).take(6).collect();
    if before.contains(|c| "零壹贰叁肆伍陆柒捌玖拾佰仟".contains(c)) {
        return None;
    }
    let range = normal::char_range(&at.text, &range);
    Some(at.slice(range.start, range.end))
}

/// An amount in capital numerals breaks where its cell ends: the line below belongs to it if both read as one amount.
fn continued(receipt: &Receipt<'_>, at: Fragment) -> Fragment {
    let open = !normal::squash(&at.text).ends_with(['整', '正', '分']);
    let Some(here) = at.place.bbox().filter(|_| open) else { return at };
    let below = receipt.sheet.words().find(|w| {
        let gap = w.bbox.y0 - here.y1;
        gap > -0.3 * here.height()
            && gap < here.height()
            && w.bbox.x0 < here.x1
            && w.bbox.mid_y() > here.y1
            && w.at
                .text
                .chars()
                .next()
                .is_some_and(|c| "零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正".contains(c))
    });
    let joined = below.map(|w| at.join(&w.at, ""));
    joined
        .and_then(|j| capital_in(&j).filter(|c| c.text.chars().count() > at.text.chars().count()))
        .unwrap_or(at)
}

/// The amount in digits within a fragment: the one marked as money, or the only one.
fn money_in(at: &Fragment) -> Option<(Money, Fragment)> {
    if let Some(money) = amount::parse_money(&at.text, Unit::Yuan) {
        return Some((money, at.clone()));
    }
    let all = amount::find_money(&at.text, Unit::Yuan);
    let found = all.iter().find(|f| f.marked).or(match all.as_slice() {
        [one] => Some(one),
        _ => None,
    })?;
    let range = normal::char_range(&at.text, &found.range);
    Some((found.money, at.slice(range.start, range.end)))
}

fn labelled_digits(receipt: &Receipt<'_>) -> Option<(Money, Fragment)> {
    let probe = |t: &str| {
        amount::parse_money(t, Unit::Yuan).is_some()
            || amount::find_money(t, Unit::Yuan).iter().any(|f| f.marked || f.money.decimals == 2)
    };
    let labels = receipt.lexicon.of("amount");
    let mut hits = receipt.hits("amount", &probe, false);
    hits.sort_by_key(|h| (!h.exact, labels.iter().position(|l| *l == h.label), h.how));
    let found = hits.iter().find_map(|h| money_in(&h.value));
    // 金额（大写） … ¥: the digits may stand after the capitals under their label.
    found.or_else(|| {
        let marked = |t: &str| amount::find_money(t, Unit::Yuan).iter().any(|f| f.marked);
        receipt.hits("amount_capital", &marked, false).iter().find_map(|h| money_in(&h.value))
    })
}

/// A signed amount without a label; none where several differ.
fn signed(receipt: &Receipt<'_>) -> Option<(Money, Fragment)> {
    let mut found: Option<(Money, Fragment)> = None;
    for word in receipt.sheet.words() {
        let marked = amount::find_money(&word.at.text, Unit::Yuan)
            .into_iter()
            .find(|f| f.marked && f.money.decimals == 2);
        let Some(hit) = marked else { continue };
        if found.as_ref().is_some_and(|f| f.0.yuan != hit.money.yuan) {
            return None;
        }
        let range = normal::char_range(&word.at.text, &hit.range);
        found.get_or_insert((hit.money, word.at.slice(range.start, range.end)));
    }
    found
}

/// One digit a box under 亿千百十万千百十元角分: every digit counts by the heading above it, and none may be missing.
fn boxed(receipt: &Receipt<'_>) -> Option<(Money, Fragment)> {
    let rows = &receipt.sheet.rows;
    let (head, units) = rows.iter().enumerate().find_map(|(at, row)| Some((at, units(row)?)))?;
    let last = units.len() - 1;
    let step = (units[last] - units[0]) / last as f32;
    for row in rows.iter().skip(head + 1).take(3) {
        let (mut digits, mut at): (Vec<(usize, u32)>, Option<Fragment>) = (Vec::new(), None);
        for (c, x0, x1) in spelled(row) {
            let x = f32::midpoint(x0, x1);
            if x < units[0] - 0.8 * step || x > units[last] + 0.8 * step {
                continue;
            }
            match c.to_digit(10) {
                Some(d) => {
                    let near = |i: &usize| (units[*i] - x).abs();
                    let column = (0..units.len()).min_by(|a, b| near(a).total_cmp(&near(b)))?;
                    digits.push((column, d));
                }
                None if matches!(c, '¥' | 'Y') => {}
                None => digits.clear(),
            }
        }
        let whole = digits.len() >= 3
            && digits.last().is_some_and(|d| d.0 == last)
            && digits.windows(2).all(|w| w[1].0 == w[0].0 + 1);
        if !whole {
            continue;
        }
        for word in row.iter().filter(|w| w.bbox.mid_x() > units[0] - 0.8 * step) {
            at = Some(at.map_or(word.at.clone(), |a: Fragment| a.join(&word.at, "")));
        }
        let value =
            digits.iter().try_fold(0i64, |sum, d| sum.checked_mul(10)?.checked_add(i64::from(d.1)))?;
        return Some((Money::yuan(rust_decimal::Decimal::new(value, 2)), at?));
    }
    None
}

/// The middles of the headings of boxes for digits, where the row has them.
fn units(row: &[Word]) -> Option<Vec<f32>> {
    const WHOLE: &str = "十亿千百十万千百十元角分";
    let all = spelled(row);
    let from = (0..all.len()).find(|i| {
        let rest: String = all[*i..].iter().map(|c| c.0).collect();
        let heads = |word: &str| rest.starts_with(word);
        (0..=4).any(|skip| WHOLE.char_indices().nth(skip).is_some_and(|(b, _)| heads(&WHOLE[b..])))
    })?;
    let end = (from..all.len()).find(|i| all[*i].0 == '分')?;
    Some(all[from..=end].iter().map(|c| f32::midpoint(c.1, c.2)).collect())
}

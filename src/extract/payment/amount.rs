//! The amount of a payment, in digits and in capital numerals.

use crate::extract::Extracted;
use crate::extract::label::Fragment;
use crate::extract::sheet::squashed;
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
        out.fields.insert("amount".into(), receipt.typed.unreadable(&at));
    }
    let labels: Vec<Fragment> = ["amount_capital", "amount"]
        .iter()
        .flat_map(|field| receipt.hits(field, &|t| amount::find_capital(t).is_some(), false))
        .map(|h| h.value)
        .collect();
    let by_label = labels.iter().find_map(capital_in).map(|a| (a, 1.0));
    let anywhere = || receipt.sheet.words().find_map(|w| capital_in(&w.at)).map(|a| (a, BY_SHAPE));
    if let Some((at, factor)) = by_label.or_else(anywhere) {
        out.fields.insert("amount_capital".into(), weaken(receipt.typed.capital(&at), factor));
    }
}

fn has_digit(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
}

/// The amount in capital numerals within a fragment.
fn capital_in(at: &Fragment) -> Option<Fragment> {
    let (range, _) = amount::find_capital(&at.text)?;
    let range = normal::char_range(&at.text, &range);
    Some(at.slice(range.start, range.end))
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

/// One digit a box under 亿千百十万千百十元角分.
fn boxed(receipt: &Receipt<'_>) -> Option<(Money, Fragment)> {
    let rows = &receipt.sheet.rows;
    let head = rows.iter().position(|r| squashed(r).contains("百十万千百十元角分"))?;
    let units = rows[head].iter().map(|w| w.bbox).reduce(crate::model::BBox::union)?;
    for row in rows.iter().skip(head + 1).take(2) {
        let words: Vec<_> = row.iter().filter(|w| w.bbox.x0 > units.x0 - 12.0).collect();
        let digits: String = words.iter().flat_map(|w| w.text.chars()).filter(char::is_ascii_digit).collect();
        let plain =
            words.iter().all(|w| w.text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || c == '¥'));
        if plain && (3..=14).contains(&digits.len()) {
            let at = words.iter().map(|w| w.at.clone()).reduce(|a, b| a.join(&b, ""))?;
            let value: i64 = digits.parse().ok()?;
            return Some((Money::yuan(rust_decimal::Decimal::new(value, 2)), at));
        }
    }
    None
}

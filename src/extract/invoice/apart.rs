//! Totals whose two writings stand on rows of their own: rolls, and tickets whose sum is one of many fields.

use super::totals::{Amount, amounts};
use crate::extract::label::{Finder, Fragment, Options, best};
use crate::extract::sheet::{Sheet, squashed};
use crate::extract::typed::Typed;
use crate::extract::{Extracted, sheet::Word};
use crate::model::{Field, Unit};
use crate::pack::Lexicon;
use crate::text::amount;

/// The total in digits behind 小写 and the one in capitals behind 大写, on two rows.
pub(super) fn on_two_rows(sheet: &Sheet) -> (Option<Amount>, Option<Fragment>) {
    let behind = |label: &str, other: &str| {
        sheet.rows.iter().position(|r| {
            let text = squashed(r);
            text.contains(label) && !text.contains(other)
        })
    };
    let small = behind("小写", "大写").and_then(|r| {
        let all = amounts(&sheet.rows[r]);
        all.iter().rfind(|a| a.marked).or(all.last()).cloned()
    });
    (small, behind("大写", "小写").and_then(|r| capital(sheet, r)))
}

/// An amount in capital numerals that begins on this row; on a narrow roll it goes on at the left of the next.
fn capital(sheet: &Sheet, row: usize) -> Option<Fragment> {
    let one = |words: &[Word]| words.iter().map(|w| w.at.clone()).reduce(|a, b| a.join(&b, ""));
    let first = one(&sheet.rows[row])?;
    let next =
        sheet.rows.get(row + 1).filter(|r| r.iter().all(|w| is_numerals(&w.text))).and_then(|r| one(r));
    let whole = next.map(|n| first.join(&n, ""));
    [whole, Some(first)].into_iter().flatten().find_map(|at| {
        let (range, _) = amount::find_capital(&at.text)?;
        let range = crate::text::normal::char_range(&at.text, &range);
        Some(at.slice(range.start, range.end))
    })
}

fn is_numerals(text: &str) -> bool {
    text.chars().all(|c| "零壹贰叁肆伍陆柒捌玖拾佰仟万亿圆元角分整正".contains(c))
}

/// What a ticket costs. A railway's fare is all that is paid; an airline's total and tax have fields of their own.
pub(super) fn ticket(finder: &Finder<'_>, lexicon: &Lexicon, typed: &Typed, out: &mut Extracted) {
    let kind = out.fields.get("kind_name").and_then(Field::found).map(|k| k.value.to_plain());
    let (Some(kind), false) = (kind, out.fields.contains_key("total")) else { return };
    let money = |t: &str| amount::parse_money(t, Unit::Yuan).is_some();
    let mut put = |name: &str, labels: &str, not_below: bool| {
        let options = Options { accept: Some(&money), not_below, ..Options::default() };
        let labels = lexicon.of(labels);
        if let Some(hit) = best(finder.find(labels, &options), labels) {
            out.fields.insert(name.into(), typed.money(&hit.value, Unit::Yuan));
        }
    };
    if kind.contains("铁路") {
        put("total", "fare", true);
    } else if kind.contains("行程单") {
        put("total", "sum", false);
        put("tax", "ticket_tax", false);
    }
}

//! The face of a bill of exchange (银行承兑汇票, 商业承兑汇票), electronic or on paper, with its endorsements.

use std::sync::LazyLock;

use regex::Regex;

use crate::extract::label::{Fragment, Hit};
use crate::extract::{Extracted, View, grid, list};
use crate::model::{Field, Row, Value};
use crate::text::{date, normal};

use super::{Receipt, keep, sides};

/// Whether the voucher is a bill: by its name, or by the number that only electronic bills have.
pub(super) fn is_bill(kind: Option<&str>, receipt: &Receipt<'_>) -> bool {
    kind.is_some_and(|k| k.contains("承兑汇票"))
        || (kind.is_none() && receipt.value("bill_number", &|t| electronic(t).is_some(), true).is_some())
}

/// Reads the face. A bill pays from its last endorser to its last endorsee; the drawer pays only where nobody endorsed.
pub(super) fn read(view: &View<'_>, receipt: &Receipt<'_>, out: &mut Extracted) {
    number(receipt, out);
    let dated = |t: &str| !date::find_dates(t).is_empty();
    for field in ["issued_on", "due_on"] {
        if let Some(at) = receipt.value(field, &dated, true) {
            keep(out, field, receipt.typed.date(&super::narrowed(&at)));
        }
    }
    if let Some(day) = out.fields.get("issued_on").cloned() {
        out.fields.insert("date".into(), day);
    }
    parties(receipt, out);
    out.items = endorsements(view, receipt);
    let state =
        out.fields.get("status").and_then(Field::found).map(|s| s.value.to_plain()).unwrap_or_default();
    if out.items.is_empty()
        && !state.contains("背书")
        && let Some(drawer) = out.fields.get("drawer").cloned()
    {
        keep(out, "payer_name", drawer);
    } else {
        for part in ["name", "account", "bank"] {
            out.fields.remove(&format!("payer_{part}"));
        }
    }
}

/// The 30 digits of an electronic bill's number, printed in groups or not.
fn electronic(text: &str) -> Option<String> {
    static NUMBER: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?:^|[^0-9])([1-9](?:[ -]?[0-9]){29})(?:[^0-9]|$)").ok());
    let folded = normal::fold(text);
    let digits = NUMBER.as_ref()?.captures(&folded)?.get(1)?.as_str().to_string();
    Some(digits.chars().filter(char::is_ascii_digit).collect())
}

fn number(receipt: &Receipt<'_>, out: &mut Extracted) {
    let labelled = receipt.value("bill_number", &|t| electronic(t).is_some(), true);
    let alone = || receipt.sheet.words().find(|w| electronic(&w.text).is_some()).map(|w| w.at.clone());
    if let Some(at) = labelled.or_else(alone)
        && let Some(digits) = electronic(&at.text)
    {
        let field = receipt.typed.found(Value::Text(digits), &at);
        out.fields.insert("receipt_number".into(), field.clone());
        out.fields.insert("bill_number".into(), field);
    } else if let Some(at) = receipt.value("bill_number", &super::is_number_of_paper, true) {
        keep(out, "bill_number", receipt.typed.plain(&super::first_word(&at)));
    }
    out.fields.remove("voucher_number");
    static RANGE: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"([0-9]+) ?[,\-—至~] ?([0-9]+)").ok());
    let range = |text: &str| {
        let folded = normal::fold(text);
        let found = RANGE.as_ref()?.captures(&folded)?;
        Some(format!("{},{}", &found[1], &found[2]))
    };
    if let Some(at) = receipt.value("sub_range", &|t| range(t).is_some(), true)
        && let Some(text) = range(&at.text)
    {
        keep(out, "sub_range", receipt.typed.found(Value::Text(text), &at));
    }
}

/// Which party of the bill a heading names.
fn heading(text: &str) -> Option<&'static str> {
    let text = normal::squash(text);
    let fits = |words: &[&str]| words.contains(&text.trim_end_matches([':', '(', ')']));
    if fits(&["出", "出票人", "出票人信息", "付款人"]) {
        Some("drawer")
    } else if fits(&["收", "收票人", "收款人", "收票人信息"]) {
        Some("payee")
    } else if fits(&["承", "承兑人", "承兑人信息", "承兑行"]) {
        Some("acceptor")
    } else {
        None
    }
}

/// The heading a label stands behind: the nearest to its left at about its height, or on the rows above it.
fn party_of(receipt: &Receipt<'_>, hit: &Hit) -> Option<&'static str> {
    let at = hit.at.place.bbox()?;
    let mut best: Option<(f32, &'static str)> = None;
    for word in receipt.sheet.words() {
        let Some(name) = heading(&word.text) else { continue };
        let b = word.bbox;
        let left = at.x0 - b.x1;
        let apart = (b.mid_y() - at.mid_y()).abs();
        // A heading over several rows is written downwards: its first letter stands at the first of them.
        if left < -2.0 || left > 12.0 * at.height() || apart > 4.5 * at.height() {
            continue;
        }
        let distance = left + 2.0 * apart;
        if best.is_none_or(|(d, _)| distance < d) {
            best = Some((distance, name));
        }
    }
    best.map(|b| b.1)
}

fn parties(receipt: &Receipt<'_>, out: &mut Extracted) {
    for (party, labels) in [("drawer", "payer"), ("payee", "payee")] {
        for part in ["name", "account", "bank"] {
            let field = if (party, part) == ("drawer", "name") {
                "drawer".to_string()
            } else {
                format!("{party}_{part}")
            };
            if let Some(at) = receipt.value(&format!("{labels}_{part}"), sides::accepts(part), true) {
                keep(out, &field, sides::made(receipt, part, &at));
            }
        }
    }
    if let Some(at) = receipt.value("acceptor", sides::accepts("name"), true).filter(is_party) {
        keep(out, "acceptor", receipt.typed.text(&at));
    }
    for part in ["name", "account", "bank"] {
        for hit in receipt.hits(part, sides::accepts(part), true) {
            let Some(party) = party_of(receipt, &hit) else { continue };
            let field = match (party, part) {
                ("drawer" | "acceptor", "name") => party.to_string(),
                _ => format!("{party}_{part}"),
            };
            keep(out, &field, sides::made(receipt, part, &hit.value));
        }
    }
}

/// A firm or a bank, not a promise that the acceptor gives.
fn is_party(at: &Fragment) -> bool {
    names_party(&at.text)
}

fn names_party(text: &str) -> bool {
    let text = normal::squash(text);
    ["公司", "银行", "支行", "分行", "联社", "营业部", "厂", "集团", "中心"].iter().any(|w| text.contains(w))
        && !text.contains(['。', ','])
}

/// The endorsements: rows of a list, or one below the other under their labels.
fn endorsements(view: &View<'_>, receipt: &Receipt<'_>) -> Vec<Row> {
    let rows = grid::rows(view);
    let mut out = Vec::new();
    for found in list::lists(&rows, receipt.lexicon, "背书.", &[&["endorser"], &["endorsee"]]) {
        for row in &rows[found.header + 1..] {
            let cells = list::cells(row, &found);
            match (cells.get("endorser"), cells.get("endorsee")) {
                (Some(a), Some(b)) if is_party(a) && is_party(b) => {
                    out.push(entry(receipt, a, b, cells.get("date")));
                }
                _ => break,
            }
        }
    }
    if !out.is_empty() {
        return out;
    }
    let named = |t: &str| sides::accepts("name")(t) && names_party(t);
    let (from, to) = (receipt.hits("endorser", &named, true), receipt.hits("endorsee", &named, true));
    let days = receipt.hits("endorsed_on", &|t| !date::find_dates(t).is_empty(), true);
    if from.len() == to.len() {
        for (at, (a, b)) in from.iter().zip(&to).enumerate() {
            let day = days.get(at).filter(|_| days.len() == from.len()).map(|h| &h.value);
            out.push(entry(receipt, &a.value, &b.value, day));
        }
    }
    out
}

fn entry(receipt: &Receipt<'_>, from: &Fragment, to: &Fragment, day: Option<&Fragment>) -> Row {
    let mut row = Row::new();
    row.insert("endorser".into(), receipt.typed.text(from));
    row.insert("endorsee".into(), receipt.typed.text(to));
    if let Some(at) = day.filter(|f| !date::find_dates(&f.text).is_empty()) {
        row.insert("date".into(), receipt.typed.date(&super::narrowed(at)));
    }
    row
}

//! Papers that belong to other papers: amendments to their contracts, credit notes to their invoices; and the
//! instalments that contracts agree.

use rust_decimal::Decimal;

use super::facts::Paper;
use crate::model::{Document, Kind, Value};
use crate::pack::Matching;
use crate::text::goods::Name;

/// Finds for each amendment its contract, and for each credit note its invoice.
pub(super) fn relate(papers: &mut [Paper], matching: Matching) {
    let found: Vec<Option<usize>> = (0..papers.len())
        .map(|p| {
            if papers[p].is(Kind::Contract) {
                original(papers, p, matching.title())
            } else {
                cancelled(papers, p)
            }
        })
        .collect();
    for (p, to) in found.into_iter().enumerate() {
        papers[p].belongs = to;
        if let Some(to) = to.filter(|t| papers[*t].is(Kind::Invoice)) {
            let (gross, net) = (papers[p].gross.unwrap_or_default(), papers[p].net.unwrap_or_default());
            papers[to].offset.0 += gross;
            papers[to].offset.1 += net;
        }
    }
}

/// The contract that an amendment names by number or title; else the only other contract with its seller.
fn original(papers: &[Paper], at: usize, near: f32) -> Option<usize> {
    let named = papers[at].amends.as_ref()?;
    let others =
        || (0..papers.len()).filter(|p| papers[*p].is(Kind::Contract) && papers[*p].amends.is_none());
    let numbered: Vec<usize> =
        others().filter(|p| papers[*p].number.chars().count() >= 4 && papers[*p].number == *named).collect();
    if let [one] = numbered[..] {
        return Some(one);
    }
    let title = Name::new(named);
    let titled: Vec<usize> = others().filter(|p| papers[*p].title.alike(&title, near) >= near).collect();
    if let [one] = titled[..] {
        return Some(one);
    }
    let group = papers[at].group?;
    let sold: Vec<usize> = others().filter(|p| papers[*p].group == Some(group)).collect();
    if let [one] = sold[..] { Some(one) } else { None }
}

/// The invoice that a credit note takes back: the one whose number it names, else the only one of its seller and amount.
fn cancelled(papers: &[Paper], at: usize) -> Option<usize> {
    let red = &papers[at];
    let gross = red.gross.filter(|g| red.is(Kind::Invoice) && *g < Decimal::ZERO)?;
    let blue = || {
        (0..papers.len()).filter(|p| {
            let o = &papers[*p];
            o.is(Kind::Invoice)
                && o.gross.is_some_and(|g| g > Decimal::ZERO)
                && (o.group == red.group || red.group.is_none())
        })
    };
    let named: Vec<usize> =
        blue().filter(|p| papers[*p].number.len() >= 8 && red.text.contains(&papers[*p].number)).collect();
    if let [one] = named[..] {
        return Some(one);
    }
    let equal: Vec<usize> =
        blue().filter(|p| red.group.is_some() && papers[*p].gross == Some(-gross)).collect();
    if let [one] = equal[..] { Some(one) } else { None }
}

/// 元 of each instalment: `30%` of the total, `至95%` where the paper counts up, or an amount.
pub(super) fn instalments(d: &Document, gross: Decimal) -> Vec<Decimal> {
    let Some(Value::List(parts)) = d.value("schedule").map(|s| &s.value) else { return Vec::new() };
    let (mut out, mut sum) = (Vec::new(), Decimal::ZERO);
    for part in parts {
        let figure = part.trim_start_matches('至').trim_end_matches('%');
        let Ok(figure) = figure.parse::<Decimal>() else { return Vec::new() };
        let all = if part.ends_with('%') {
            match gross.checked_mul(figure) {
                Some(x) => x / Decimal::ONE_HUNDRED,
                None => return Vec::new(),
            }
        } else {
            figure
        };
        let own = if part.starts_with('至') { all - sum } else { all };
        sum += own;
        out.push(own.round_dp(2));
    }
    out
}

//! How a contract is paid: its instalments, and what is kept back until the warranty ends.

use std::ops::Range;

use rust_decimal::Decimal;

use crate::extract::flow::Flow;
use crate::extract::label::Fragment;
use crate::model::Unit;
use crate::text::amount;

/// The share kept back until the warranty ends, in percent, with its place.
pub(super) fn retention(flow: &Flow) -> Option<(Decimal, Fragment)> {
    let bare = flow.bare();
    for word in ["质保金", "质量保证金", "保修金", "质保款"] {
        for (at, _) in bare.text.match_indices(word) {
            let after = sentence(&bare.text, at + word.len(), 24);
            if let Some((range, share)) = percent(after) {
                let from = at + word.len();
                let place = flow.fragment(&bare.origin(&(from + range.start..from + range.end)))?;
                return Some((share, place));
            }
            let start = bare.text[..at].char_indices().rev().nth(15).map_or(0, |(i, _)| i);
            let before = &bare.text[start..at];
            let cut = before.rfind(['。', ';', ',']).map_or(0, |p| p + 1);
            if let Some((range, share)) = percent(before.get(cut..).unwrap_or_default()) {
                let from = start + cut;
                let place = flow.fragment(&bare.origin(&(from + range.start..from + range.end)))?;
                return Some((share, place));
            }
        }
    }
    None
}

fn sentence(text: &str, from: usize, chars: usize) -> &str {
    let rest = &text[from..];
    let end = rest.char_indices().nth(chars).map_or(rest.len(), |(i, _)| i);
    let rest = &rest[..end];
    &rest[..rest.find(['。', ';']).unwrap_or(rest.len())]
}

/// The first percentage of a text.
fn percent(text: &str) -> Option<(Range<usize>, Decimal)> {
    let mark = text.find('%')?;
    let digits =
        text[..mark].char_indices().rev().take_while(|(_, c)| c.is_ascii_digit() || *c == '.').last()?;
    let value = text[digits.0..mark].parse().ok()?;
    Some((digits.0..mark + 1, value))
}

/// A share or an amount that a clause on payment names.
struct Share {
    /// As it is told: `30%`, `至95%` where the paper counts up, `90000.00` where it names amounts.
    told: String,

    range: Range<usize>,
}

/// The instalments, if sentences on payment name shares that make up the whole, or else amounts that make up `total`.
pub(super) fn instalments(flow: &Flow, total: Option<Decimal>) -> Option<(Vec<String>, Fragment)> {
    let bare = flow.bare();
    let pieces = clauses(&bare.text);
    let shares = shares(&bare.text, &pieces).filter(|s| s.len() > 1);
    let found = shares.or_else(|| amounts(&bare.text, &pieces, total?))?;
    let place = flow.fragment(&bare.origin(&(found.first()?.range.start..found.last()?.range.end)))?;
    Some((found.into_iter().map(|s| s.told).collect(), place))
}

/// The clauses that speak of payment, and those that go on with it.
fn clauses(text: &str) -> Vec<Range<usize>> {
    const PAYS: [&str; 6] = ["支付", "付款", "付清", "预付", "首付", "付至"];
    const OTHER: [&str; 10] =
        ["违约", "逾期", "利率", "赔偿", "折扣", "上浮", "误差", "不低于", "准确率", "保证金为"];
    let (mut out, mut from, mut within) = (Vec::new(), 0, false);
    for piece in text.split_inclusive(['。', ';']) {
        let range = from..from + piece.len();
        from = range.end;
        let pays = PAYS.iter().any(|w| piece.contains(w));
        let goes_on =
            within && (piece.contains('付') || piece.contains("质保金") || piece.contains("保证金"));
        within = (pays || goes_on) && !OTHER.iter().any(|w| piece.contains(w));
        if within {
            out.push(range);
        }
    }
    out
}

/// The shares in percent that make up the whole.
fn shares(text: &str, pieces: &[Range<usize>]) -> Option<Vec<Share>> {
    let (mut out, mut sum) = (Vec::new(), Decimal::ZERO);
    for piece in pieces {
        let body = &text[piece.clone()];
        let mut at = 0;
        while let Some((range, share)) = percent(&body[at..]) {
            let (from, to) = (at + range.start, at + range.end);
            at = to;
            let after: String = body[to..].chars().take(6).collect();
            let before: String =
                body[..from].chars().rev().take(4).collect::<String>().chars().rev().collect();
            // A rate of tax stands beside the word; what 合同总价 is a share of is not paid twice.
            let tax = ["增值税", "税", "的增值税", "专票", "普票"].iter().any(|w| after.starts_with(w))
                || ["税率", "税点", "征收率"].iter().any(|w| before.contains(w));
            if tax {
                continue;
            }
            let up_to = before.ends_with('至') || before.ends_with('到');
            let part = if up_to { share - sum } else { share };
            if part <= Decimal::ZERO {
                return None;
            }
            sum += part;
            let told = format!("{}{}%", if up_to { "至" } else { "" }, share.normalize());
            out.push(Share { told, range: piece.start + from..piece.start + to });
            if sum == Decimal::ONE_HUNDRED {
                return Some(out);
            }
            if sum > Decimal::ONE_HUNDRED {
                return None;
            }
        }
    }
    None
}

/// The amounts that make up the total.
fn amounts(text: &str, pieces: &[Range<usize>], total: Decimal) -> Option<Vec<Share>> {
    let (mut out, mut sum): (Vec<Share>, Decimal) = (Vec::new(), Decimal::ZERO);
    for piece in pieces {
        let body = &text[piece.clone()];
        for found in amount::find_money(body, Unit::Yuan).into_iter().filter(|f| f.marked) {
            let yuan = found.money.yuan;
            if yuan <= Decimal::ZERO || yuan >= total {
                continue;
            }
            sum += yuan;
            let range = piece.start + found.range.start..piece.start + found.range.end;
            out.push(Share { told: found.money.to_plain(), range });
            if sum == total {
                return (out.len() > 1).then_some(out);
            }
            if sum > total {
                return None;
            }
        }
    }
    None
}

//! PAY-005 one receipt number with different contents, or presented for more than it paid.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::parties::title_of;
use crate::check::chain::{payment_amount, row_name, total};
use crate::check::cx::yuan;
use crate::check::{Cx, Out, say};
use crate::model::{Document, Draft, Evidence, Grade, InvestmentRow, Kind, Severity, Sourced, Value};
use crate::text::code::clean_code;
use crate::text::party::{Party, is_sale, is_scrap, names};
use crate::text::voucher::{receipt_key, sides};

/// PAY-005.
pub(super) fn numbers(cx: &Cx<'_>, out: &mut Out) {
    let mut by_number: BTreeMap<String, Vec<&Document>> = BTreeMap::new();
    for d in cx.of(Kind::Payment) {
        // A receipt of charges carries the number of the transfer it charges for.
        let fee = ["手续费", "工本费", "汇划费"].iter().any(|w| d.text.contains(w))
            && payment_amount(d).is_some_and(|a| a.1.yuan < Decimal::from(500));
        if is_sale(&cx.applicant, d) || is_scrap(cx.case, d) || fee {
            continue;
        }
        match receipt_key(d) {
            Some(key) => by_number.entry(key).or_default().push(d),
            None => out.skip(),
        }
    }
    if by_number.is_empty() {
        return out.cannot("没有读到回单编号");
    }
    for same in by_number.values() {
        match same.as_slice() {
            [_] => out.pass(),
            // What stands on many different vouchers is the number of a customer or a form, not of a receipt.
            several if different(several) > 2 => out.skip(),
            [first, rest @ ..] => match rest.iter().find_map(|d| conflict(cx, first, d)) {
                Some(draft) => out.hit(draft),
                None => reused(cx, same, out),
            },
            [] => {}
        }
    }
}

/// How many different payments the vouchers show.
fn different(vouchers: &[&Document]) -> usize {
    let seen: BTreeSet<(String, String)> = vouchers
        .iter()
        .map(|d| {
            let amount = payment_amount(d).map(|a| a.1.to_plain()).unwrap_or_default();
            (amount, d.value("date").map(|s| s.value.to_plain()).unwrap_or_default())
        })
        .collect();
    seen.len()
}

/// The first thing in which two receipts of one number differ.
fn conflict(cx: &Cx<'_>, a: &Document, b: &Document) -> Option<Draft> {
    let sums = payment_amount(a).zip(payment_amount(b)).filter(|(x, y)| x.1.yuan != y.1.yuan);
    let dates = a.value("date").zip(b.value("date")).filter(|(x, y)| x.value != y.value);
    let payees = sides(&cx.applicant, a).payee.zip(sides(&cx.applicant, b).payee).filter(|(x, y)| {
        let ocr = x.grade == Grade::Ocr || y.grade == Grade::Ocr;
        names(&x.value.to_plain(), &y.value.to_plain(), ocr) == Party::Other
    });
    let (label, x, y): (&str, &Sourced<Value>, &Sourced<Value>) = if let Some((x, y)) = sums {
        ("金额", x.0, y.0)
    } else if let Some((x, y)) = payees {
        ("收款人", x, y)
    } else {
        let (x, y) = dates?;
        ("日期", x, y)
    };
    let number = |d: &Document| d.value("receipt_number").map(|s| Evidence::of("回单编号", s));
    let mut evidence: Vec<Evidence> = [number(a), number(b)].into_iter().flatten().collect();
    if evidence.len() < 2 {
        return None;
    }
    evidence.push(Evidence::of(format!("{label}（{}）", say::doc(a)), x));
    evidence.push(Evidence::of(format!("{label}（{}）", say::doc(b)), y));
    let message = format!(
        "{}在附件中出现两次（{}、{}），{label}却分别是“{}”和“{}”。回单编号由银行系统生成，一个编号只对应一笔交易；补打的回单内容相同，手续费回单和票据的不同子票区间已排除。请申报单位提供原件，并向开户银行核实。",
        title_of(a),
        say::doc(a),
        say::doc(b),
        x.value.to_plain(),
        y.value.to_plain(),
    );
    let amount = payment_amount(b).map(|m| m.1.yuan).unwrap_or_default();
    let title = format!("{}内容前后不同", title_of(a));
    // Other numbers of the bank that differ say that this one may not be the receipt's own.
    let serials = a.value("serial_number").zip(b.value("serial_number"));
    if serials.is_some_and(|(x, y)| x.value != y.value) {
        let message = format!("{message}两份凭证的交易流水号不同，也可能是编号读错了栏，请对照原件。");
        return Some(Draft::unverifiable(title, message, evidence));
    }
    // A day alone may be that of printing.
    let severity = if label == "日期" { Severity::Major } else { Severity::Critical };
    Some(Draft::anomaly(title, message, evidence).severity(severity).effect(amount).still_holds(|v| {
        let plain = |i: usize| v[i].as_ref().map(Value::to_plain).unwrap_or_default();
        clean_code(&plain(0)) == clean_code(&plain(1)) && v[2] != v[3]
    }))
}

/// Copies of one receipt for rows that together cost more than it paid.
fn reused(cx: &Cx<'_>, copies: &[&Document], out: &mut Out) {
    let ids: BTreeSet<u32> = copies.iter().map(|d| d.id).collect();
    let rows: Vec<&InvestmentRow> = cx
        .case
        .investment
        .rows
        .iter()
        .filter(|r| r.payments.iter().any(|l| ids.contains(&l.document)))
        .collect();
    let used: BTreeSet<u32> =
        rows.iter().flat_map(|r| &r.payments).map(|l| l.document).filter(|d| ids.contains(d)).collect();
    let amount = copies.iter().find_map(|d| payment_amount(d));
    let claimed: Option<Decimal> = rows.iter().map(|r| total(r).map(|t| t.1.yuan)).sum();
    let (Some((_, paid)), Some(claimed)) = (amount, claimed) else { return out.skip() };
    let others: BTreeSet<u32> =
        rows.iter().flat_map(|r| &r.payments).map(|l| l.document).filter(|d| !ids.contains(d)).collect();
    let other: Decimal =
        others.iter().filter_map(|d| cx.document(*d)).filter_map(payment_amount).map(|m| m.1.yuan).sum();
    let percent = cx.notice.param("PAY-005", "percent") / Decimal::ONE_HUNDRED;
    let available = (paid.yuan + other) * (Decimal::ONE + percent) + Decimal::from(50);
    // The same paper bound in twice for one row, or shared by rows it suffices for.
    if rows.len() < 2 || used.len() < 2 || claimed <= available {
        return out.pass();
    }
    let mut evidence: Vec<Evidence> =
        copies.iter().filter_map(|d| Some(Evidence::of("回单编号", d.value("receipt_number")?))).collect();
    let from = evidence.len();
    evidence.extend(
        rows.iter().filter_map(|r| total(r).map(|(s, _)| Evidence::of(format!("清单第{}行总价", r.row), s))),
    );
    let names: Vec<String> = rows.iter().map(|r| row_name(r)).collect();
    let places: Vec<String> = copies.iter().map(|d| say::doc(d)).collect();
    let message = format!(
        "同一张{}的{}份复印件（{}）分别作为{}的支付凭证。这些行合计申报{}，该笔付款{}，其他付款{}，{}没有付款支持。已排除一笔付款分摊到几行（那时合计不超过付款）和重复装订。请申报单位说明各行分别由哪笔款支付。",
        title_of(copies[0]),
        copies.len(),
        places.join("、"),
        say::list(&names, 4),
        say::yuan(claimed),
        say::yuan(paid.yuan),
        say::yuan(other),
        say::yuan(claimed - paid.yuan - other),
    );
    let title = format!("{}重复用于{}行", title_of(copies[0]), rows.len());
    let mut blind = cx.blind_spots();
    blind.extend(crate::check::vouchers::open(cx));
    if !blind.is_empty() {
        let message = format!("{message}但以下材料未能完全读取：{}。", say::list(&blind, 5));
        return out.hit(Draft::unverifiable(title, message, evidence));
    }
    out.hit(Draft::anomaly(title, message, evidence).effect(claimed - paid.yuan - other).still_holds(
        move |v| {
            let numbers: BTreeSet<String> =
                v[..from].iter().flatten().map(|x| clean_code(&x.to_plain())).collect();
            let sum: Option<Decimal> = v[from..].iter().map(yuan).sum();
            numbers.len() == 1 && sum.is_some_and(|s| s > available)
        },
    ));
}

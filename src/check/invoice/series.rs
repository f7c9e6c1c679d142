//! INVOICE-013 consecutive numbers, INVOICE-016 numbers against dates, INVOICE-015 one check code on two invoices.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::marks::day_of;
use super::sums::title_of;
use crate::check::chain::invoice_key;
use crate::check::cx::text;
use crate::check::{All, Cx, Out, say};
use crate::model::{Document, Draft, Evidence, Grade, Kind, Sourced, Value};
use crate::text::code::clean_code;
use crate::text::name::normal_name;
use crate::text::normal::squash;
use crate::text::party::is_sale;

/// An invoice in a seller's series.
struct Issued<'a> {
    document: &'a Document,
    number: u128,
    day: NaiveDate,
}

/// Invoices by seller and code (and year for those without one), in the order of their numbers.
fn series<'a>(cx: &Cx<'a>) -> Vec<Vec<Issued<'a>>> {
    let mut groups: BTreeMap<(String, String, String), BTreeMap<u128, Issued<'a>>> = BTreeMap::new();
    for d in cx.of(Kind::Invoice).filter(|d| !is_sale(&cx.applicant, d)) {
        let (Some((code, number)), Some((_, day))) = (invoice_key(d), day_of(d)) else { continue };
        let seller = text(d, "seller_tax_id")
            .map(|x| clean_code(&x.1))
            .or_else(|| text(d, "seller_name").map(|x| normal_name(&x.1)));
        let (Some(seller), Ok(value)) = (seller, number.parse::<u128>()) else { continue };
        let prefix = if code.is_empty() { number.get(..5).unwrap_or_default().to_owned() } else { code };
        let machine = text(d, "machine_number").map(|x| clean_code(&x.1)).unwrap_or_default();
        let group = groups.entry((seller, prefix, machine)).or_default();
        group.entry(value).or_insert(Issued { document: d, number: value, day });
    }
    groups.into_values().map(|g| g.into_values().collect()).collect()
}

/// INVOICE-013.
pub(super) fn consecutive(cx: &Cx<'_>, out: &mut Out) {
    let least = cx.notice.param("INVOICE-013", "run").to_usize().unwrap_or(3).max(2);
    let days = cx.notice.param("INVOICE-013", "days").to_i64().unwrap_or(60);
    let series = series(cx);
    if series.is_empty() {
        return out.cannot("没有读到发票的号码、日期和销售方");
    }
    for group in &series {
        let mut found = false;
        for run in group.chunk_by(|a, b| b.number == a.number + 1).filter(|r| r.len() >= least) {
            let (first, last) = (run.iter().map(|i| i.day).min(), run.iter().map(|i| i.day).max());
            let (Some(first), Some(last)) = (first, last) else { continue };
            if (last - first).num_days() < days {
                continue;
            }
            found = true;
            out.hit(run_draft(run, first, last));
        }
        if !found {
            out.pass();
        }
    }
}

fn run_draft(run: &[Issued<'_>], first: NaiveDate, last: NaiveDate) -> Draft {
    let evidence: Vec<Evidence> =
        run.iter().filter_map(|i| Some(Evidence::of("发票号码", i.document.value("number")?))).collect();
    let seller = text(run[0].document, "seller_name").map(|x| x.1).unwrap_or_default();
    let message = format!(
        "“{seller}”开给申报单位的{}张发票号码连续，开票日期却从{first}到{last}，相隔{}天：其间该销售方没有用同一号段给别人开过票。业务很少的小供应商、专为一个客户备用的票本可以造成，请结合合同和付款判断是否为真实交易。",
        run.len(),
        (last - first).num_days()
    );
    let count = run.len();
    Draft::anomaly(format!("{count}张连号发票相隔{}天", (last - first).num_days()), message, evidence)
        .still_holds(|v| {
            let numbers: Vec<Option<u128>> =
                v.iter().map(|x| clean_code(&x.as_ref()?.to_plain()).parse().ok()).collect();
            numbers.windows(2).all(|w| matches!((w[0], w[1]), (Some(a), Some(b)) if b == a + 1))
        })
}

/// INVOICE-016.
pub(super) fn order(cx: &Cx<'_>, out: &mut Out) {
    let near = cx.notice.param("INVOICE-016", "near").to_u128().unwrap_or(200);
    let mut any = false;
    for group in series(cx).iter().filter(|g| g.len() >= 2) {
        // Digital numbers come from segments in any order.
        if group[0].number >= 10u128.pow(8) {
            continue;
        }
        any = true;
        let back = group.windows(2).find(|w| w[1].number - w[0].number <= near && w[1].day < w[0].day);
        match back {
            Some([a, b]) => out.hit(order_draft(a, b)),
            _ => out.pass(),
        }
    }
    if !any {
        out.cannot("没有同一销售方、同一代码的两张以上发票");
    }
}

fn order_draft(a: &Issued<'_>, b: &Issued<'_>) -> Draft {
    let mut evidence = Vec::new();
    for i in [a, b] {
        evidence.extend(i.document.value("number").map(|s| Evidence::of("发票号码", s)));
        evidence.extend(day_of(i.document).map(|(s, _)| Evidence::of("开票日期", s)));
    }
    let message = format!(
        "同一销售方、同一代码的两张发票，{}开于{}，号码较大的{}却开于更早的{}。税控发票按号码顺序开具；只有几台开票机分用号段时才会倒序（票面没有不同的机器编号）。请到查验平台查验两张发票的日期。",
        title_of(a.document),
        a.day,
        title_of(b.document),
        b.day
    );
    let title = format!("{}与{}的号码和日期次序相反", title_of(a.document), title_of(b.document));
    Draft::anomaly(title, message, evidence).still_holds(|v| {
        let number =
            |i: usize| v.get(i).and_then(|x| clean_code(&x.as_ref()?.to_plain()).parse::<u128>().ok());
        match (number(0), v.get(1), number(2), v.get(3)) {
            (Some(a), Some(Some(Value::Date(x))), Some(b), Some(Some(Value::Date(y)))) => (a < b) == (y < x),
            _ => false,
        }
    })
}

/// What the tax control system makes for each invoice alone: field, name, and from how many characters on no two are
/// the same by chance.
const OWN: [(&str, &str, usize); 2] = [("check_code", "校验码", 20), ("cipher", "密码区", 60)];

/// A submission, its invoice, and what is on it.
type User<'a> = (&'a str, &'a Document, &'a Sourced<Value>);

fn own_text(field: &str, value: &str) -> String {
    if field == "check_code" { clean_code(value) } else { squash(value) }
}

/// INVOICE-015.
pub(super) fn check_codes(all: &All<'_>, out: &mut Out) {
    let mut by_code: BTreeMap<(usize, String), Vec<User<'_>>> = BTreeMap::new();
    for cx in &all.cases {
        for d in cx.of(Kind::Invoice) {
            for (n, (field, _, least)) in OWN.iter().enumerate() {
                let Some((s, code)) = text(d, field) else { continue };
                let code = own_text(field, &code);
                let varied = code.bytes().any(|b| Some(b) != code.bytes().next());
                if code.len() >= *least && varied && s.grade != Grade::Qr {
                    by_code.entry((n, code)).or_default().push((&cx.case.id, d, s));
                }
            }
        }
    }
    if by_code.is_empty() {
        return out.cannot("没有读到20位校验码和密码区");
    }
    let mut told: Vec<(u32, u32, Vec<String>)> = Vec::new();
    for ((n, _), users) in &by_code {
        let Some((first, key)) = users.iter().find_map(|u| Some((u, invoice_key(u.1)?))) else { continue };
        let other = users.iter().find(|u| invoice_key(u.1).is_some_and(|k| k != key));
        let Some(other) = other else {
            out.pass();
            continue;
        };
        let mut submissions = vec![first.0.to_owned(), other.0.to_owned()];
        submissions.sort();
        submissions.dedup();
        // Both on the same two invoices are one finding.
        let pair = (first.1.id, other.1.id, submissions.clone());
        if !told.contains(&pair) {
            told.push(pair);
            out.hit_on(submissions, shared(OWN[*n], first, other));
        }
    }
}

fn shared((field, name, _): (&'static str, &str, usize), a: &User<'_>, b: &User<'_>) -> Draft {
    let mut evidence = vec![Evidence::of(name, a.2), Evidence::of(name, b.2)];
    for d in [a.1, b.1] {
        evidence.extend(d.value("number").map(|s| Evidence::of("发票号码", s)));
    }
    let message = format!(
        "{}（{}）与{}（{}）是两张号码不同的发票，{name}却完全相同。{name}由税控系统逐张生成，不会重复；同一张发票的复印件号码应当相同。请到查验平台分别查验。",
        title_of(a.1),
        say::doc(a.1),
        title_of(b.1),
        say::doc(b.1)
    );
    let title = format!("{}与{}的{name}相同", title_of(a.1), title_of(b.1));
    let draft = Draft::anomaly(title, message, evidence).still_holds(move |v| {
        let t = |i: usize| v.get(i).and_then(|x| x.as_ref()).map(Value::to_plain);
        let own = |i: usize| t(i).map(|x| own_text(field, &x));
        let number = |i: usize| t(i).map(|x| clean_code(&x));
        own(0) == own(1) && number(2) != number(3)
    });
    match crate::check::chain::invoice_total(b.1) {
        Some((_, m)) => draft.effect(m.yuan),
        None => draft.effect(Decimal::ZERO),
    }
}

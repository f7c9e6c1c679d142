//! CONTRACT-003 signed after its invoices or payments, CONTRACT-005 signed before a party existed.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::wording::name_of;
use crate::check::amends::{is_amendment, purchases};
use crate::check::cx::{date_of, text};
use crate::check::{Cx, Out};
use crate::model::{Document, Draft, Evidence, Grade, Kind, Severity, Sourced, Value};
use crate::text::party::names;
use crate::text::voucher::{Standing, standing};

/// A day of a document.
pub(in crate::check) fn day<'d>(d: &'d Document, field: &str) -> Option<(&'d Sourced<Value>, NaiveDate)> {
    let s = d.value(field)?;
    match s.value {
        Value::Date(day) => Some((s, day)),
        _ => None,
    }
}

/// The papers that rest on a contract for certain: contract, then invoices and payments of the rows.
fn followers<'a>(cx: &Cx<'a>) -> BTreeMap<u32, Vec<&'a Document>> {
    let mut out: BTreeMap<u32, Vec<&Document>> = BTreeMap::new();
    for row in &cx.case.investment.rows {
        // With two contracts for a row it is not known which of them a paper follows.
        let [contract] = row.contracts.as_slice() else { continue };
        if !contract.unique {
            continue;
        }
        let papers = row.invoices.iter().chain(&row.payments).filter(|l| l.unique);
        let list = out.entry(contract.document).or_default();
        for d in papers.filter_map(|l| cx.document(l.document)) {
            if !list.iter().any(|x| x.id == d.id) {
                list.push(d);
            }
        }
    }
    out
}

/// CONTRACT-003.
pub(super) fn late(cx: &Cx<'_>, out: &mut Out) {
    let limit = cx.notice.param("CONTRACT-003", "days").to_i64().unwrap_or(90);
    let mut any = false;
    for (id, papers) in followers(cx) {
        let Some(contract) = cx.document(id).filter(|d| !is_amendment(d)) else { continue };
        let Some((s, signed)) = day(contract, "signed_on") else {
            out.skip();
            continue;
        };
        any = true;
        // What is paid ahead is PAY-004's, unless it is very long ahead.
        let mut early: Vec<(&Sourced<Value>, NaiveDate, i64)> = papers
            .iter()
            .filter(|d| d.kind == Kind::Invoice || standing(&cx.applicant, d) == Standing::Made)
            .filter_map(|d| day(d, "date").map(|(s, x)| (s, x, d.kind)))
            .map(|(s, x, kind)| (s, x, (signed - x).num_days(), kind))
            .filter(|(_, _, gap, kind)| *gap > if *kind == Kind::Payment { limit } else { 0 })
            .map(|(s, x, gap, _)| (s, x, gap))
            .collect();
        early.sort_by_key(|e| (e.1, e.0.raw.clone()));
        let Some((first, on, gap)) = early.first().copied() else {
            out.pass();
            continue;
        };
        let long = gap > limit;
        let message = format!(
            "{}签订于{signed}，而所附最早的{}日期为{on}，早{gap}天。{}天以内的补签较常见，只作提示；已排除补充协议、另有合同的行以及签约前的预付款。{}",
            name_of(contract),
            if papers.iter().any(|d| d.kind == Kind::Invoice && day(d, "date").is_some_and(|x| x.1 == on)) {
                "发票"
            } else {
                "付款"
            },
            limit,
            if long {
                "相隔过久，请申报单位说明签约经过，并提供当时的订单、会议纪要等。"
            } else {
                "请核对是否补签。"
            },
        );
        let evidence = vec![Evidence::of("合同签订日期", s), Evidence::of("发票或付款日期", first)];
        let title = format!("{}晚于发票或付款{gap}天签订", name_of(contract));
        let least = if long { limit } else { 0 };
        out.hit(
            Draft::anomaly(title, message, evidence)
                .severity(if long { Severity::Major } else { Severity::Notice })
                .still_holds(move |v| {
                    matches!((date_of(&v[0]), date_of(&v[1])), (Some(a), Some(b)) if (a - b).num_days() > least)
                }),
        );
    }
    if !any {
        out.cannot("没有读到合同签订日期，或合同与凭证不能唯一对应");
    }
}

/// The days on which firms were founded, as licences and the form say.
fn founded<'a>(cx: &Cx<'a>) -> Vec<(String, &'a Sourced<Value>, NaiveDate)> {
    let mut out: Vec<(String, &Sourced<Value>, NaiveDate)> = cx
        .of(Kind::BusinessLicence)
        .filter_map(|d| {
            let (s, since) = day(d, "established")?;
            Some((text(d, "name")?.1, s, since))
        })
        .collect();
    if let Some(s) = cx.form("基本信息.成立时间")
        && let Value::Date(since) = s.value
        && let Some(name) = cx.applicant.names.first()
        && !out.iter().any(|o| cx.applicant.meets(Some(&o.0), None, false).is_same())
    {
        out.push((name.clone(), s, since));
    }
    out
}

/// CONTRACT-005.
pub(super) fn unborn(cx: &Cx<'_>, out: &mut Out) {
    let founded = founded(cx);
    if founded.is_empty() {
        return out.cannot("没有营业执照可以核对当事人的成立日期");
    }
    let mut any = false;
    for contract in purchases(cx) {
        let Some((s, signed)) = day(contract, "signed_on") else { continue };
        for side in ["party_a", "party_b"] {
            let Some(party) = contract.value(side) else { continue };
            let name = party.value.to_plain();
            let known = founded.iter().find(|f| {
                names(&name, &f.0, false).is_same()
                    || (cx.applicant.meets(Some(&name), None, false).is_same()
                        && cx.applicant.meets(Some(&f.0), None, false).is_same())
            });
            let Some((_, born, since)) = known else { continue };
            any = true;
            if signed >= *since {
                out.pass();
                continue;
            }
            out.hit(before_birth(contract, (s, signed), (&name, party), (born, *since)));
        }
    }
    if !any {
        out.cannot("没有能与营业执照对上的合同当事人和签订日期");
    }
}

fn before_birth(
    contract: &Document,
    (s, signed): (&Sourced<Value>, NaiveDate),
    (name, party): (&str, &Sourced<Value>),
    (born, since): (&Sourced<Value>, NaiveDate),
) -> Draft {
    let evidence = vec![
        Evidence::of("合同签订日期", s),
        Evidence::of("成立日期", born),
        Evidence::of("合同当事人", party),
    ];
    let months = (since.year() - signed.year()) * 12 + since.month() as i32 - signed.month() as i32;
    let message = format!(
        "{}签订于{signed}，而当事人“{name}”{since}才成立，早{}天（约{}个月）。尚未成立的企业不能签约。筹建期由发起人代签、更名或分立后重新登记的，应有书面材料。请申报单位提供，并核对合同原件的日期。",
        name_of(contract),
        (since - signed).num_days(),
        months.max(1),
    );
    let amount = crate::check::cx::money(contract, "amount").map(|m| m.1.yuan).unwrap_or(Decimal::ZERO);
    let title = format!("{}签订时{name}尚未成立", name_of(contract));
    let doubtful = party.grade == Grade::Ocr;
    let name = name.to_owned();
    Draft::anomaly(title, message, evidence).effect(amount).still_holds(move |v| {
        let same = !doubtful || v[2].as_ref().is_some_and(|p| names(&p.to_plain(), &name, false).is_same());
        same && matches!((date_of(&v[0]), date_of(&v[1])), (Some(a), Some(b)) if a < b)
    })
}

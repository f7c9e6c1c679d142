//! METRIC-001: the list of served companies against the service contracts, and what of the stated sum no paper shows.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::lists::partial;
use crate::check::cx::{money, money_of, text_of, yuan};
use crate::check::{Cx, Out, say};
use crate::model::{Document, Draft, Evidence, Field, Kind, Money, Row, Sourced, Value};
use crate::text::code::clean_code;
use crate::text::date::parse_date;
use crate::text::normal::squash;
use crate::text::party::is_sale;

/// A row of a list that names a contract.
struct Listed<'a> {
    number: &'a Sourced<Value>,
    signed: Option<(&'a Sourced<Value>, NaiveDate)>,
    price: Option<(&'a Sourced<Value>, Money)>,
}

fn listed(row: &Row) -> Option<Listed<'_>> {
    let cell = |name: &str| row.get(name).and_then(Field::found);
    let day = |s: &Sourced<Value>| match &s.value {
        Value::Date(day) => Some(*day),
        other => parse_date(&other.to_plain()),
    };
    Some(Listed {
        number: cell("contract")?,
        signed: cell("signed").and_then(|s| Some((s, day(s)?))),
        price: cell("price").and_then(|s| Some((s, money_of(s)?))),
    })
}

/// The rows of lists against the contracts they name: a contract of another year was counted, or with another amount.
pub(super) fn rows(cx: &Cx<'_>, year: i32, out: &mut Out) {
    let mut contracts: BTreeMap<String, &Document> = BTreeMap::new();
    for d in cx.of(Kind::Contract).filter(|d| is_sale(&cx.applicant, d)) {
        if let Some(number) = d.value("number").map(|s| clean_code(&text_of(s))).filter(|n| n.len() >= 4) {
            contracts.entry(number).or_insert(d);
        }
    }
    for row in cx.of(Kind::ServiceList).flat_map(|d| &d.items).filter_map(listed) {
        let Some(contract) = contracts.get(&clean_code(&text_of(row.number))) else { continue };
        let signed = contract.value("signed_on").and_then(|s| match s.value {
            Value::Date(day) => Some((s, day)),
            _ => None,
        });
        if let (Some((told, listed)), Some((s, day))) = (row.signed, signed) {
            if listed.year() == year && day.year() != year {
                out.hit(of_another_year(year, &row, (told, listed), (s, day)));
            } else {
                out.pass();
            }
        }
        if let (Some((told, listed)), Some((s, own))) = (row.price, money(contract, "amount")) {
            if (listed.yuan - own.yuan).abs() > listed.half_unit() + own.half_unit() {
                out.hit(of_another_amount(&row, (told, listed), (s, own)));
            } else {
                out.pass();
            }
        }
    }
}

fn of_another_year(
    year: i32,
    row: &Listed<'_>,
    (told, listed): (&Sourced<Value>, NaiveDate),
    (s, day): (&Sourced<Value>, NaiveDate),
) -> Draft {
    let number = squash(&text_of(row.number));
    let message = format!(
        "服务企业列表把合同{number}列在{listed}，所附合同却签订于{day}，不是{year}年的合同，不应计入{year}年订单数量和服务合同额。续签、补签的请附该份合同。"
    );
    let evidence = vec![
        Evidence::of("列表中的日期", told),
        Evidence::of("合同签订日期", s),
        Evidence::of("合同编号", row.number),
    ];
    Draft::anomaly(format!("合同{number}不是{year}年签订"), message, evidence).still_holds(move |v| {
        let day = |x: &Option<Value>| match x {
            Some(Value::Date(d)) => Some(*d),
            Some(Value::Text(t)) => parse_date(t),
            _ => None,
        };
        match (day(&v[0]), day(&v[1])) {
            (Some(a), Some(b)) => a.year() == year && b.year() != year,
            _ => true,
        }
    })
}

fn of_another_amount(
    row: &Listed<'_>,
    (told, listed): (&Sourced<Value>, Money),
    (s, own): (&Sourced<Value>, Money),
) -> Draft {
    let number = squash(&text_of(row.number));
    let message = format!(
        "服务企业列表中合同{number}的金额为{}，所附合同为{}，相差{}。列表按变更后或实收金额填写的，请附依据。",
        say::printed(listed),
        say::printed(own),
        say::yuan((listed.yuan - own.yuan).abs())
    );
    let slack = listed.half_unit() + own.half_unit();
    let evidence = vec![
        Evidence::of("列表中的金额", told),
        Evidence::of("合同金额", s),
        Evidence::of("合同编号", row.number),
    ];
    Draft::anomaly(format!("合同{number}的金额与列表不符"), message, evidence).still_holds(move |v| {
        match (yuan(&v[0]), yuan(&v[1])) {
            (Some(a), Some(b)) => (a - b).abs() > slack,
            _ => true,
        }
    })
}

/// What a list of a year's contracts comes to against the stated sum (domain K-04).
pub(super) fn listed_total(cx: &Cx<'_>, year: i32, (s, m): (&Sourced<Value>, Money), out: &mut Out) {
    for d in cx.of(Kind::ServiceList).filter(|d| !partial(d)) {
        let rows: Vec<Listed<'_>> = d.items.iter().filter_map(listed).collect();
        let amounts: Option<Vec<(&Sourced<Value>, Money)>> = rows
            .iter()
            .map(|r| r.price.filter(|_| r.signed.is_some_and(|(_, day)| day.year() == year)))
            .collect();
        // A row of another year, or one without an amount: what the list comes to nobody can say.
        let Some(amounts) = amounts.filter(|a| a.len() >= 2) else { continue };
        let sum: Decimal = amounts.iter().map(|a| a.1.yuan).sum();
        let slack = m.half_unit() + amounts.iter().map(|a| a.1.half_unit()).sum::<Decimal>();
        if (sum - m.yuan).abs() <= slack {
            out.pass();
            continue;
        }
        let message = format!(
            "{year}年服务合同额填{}，{}所列{}份{year}年合同合计{}，相差{}。列表没有注明是节选。请申报单位核对。",
            say::printed(m),
            say::doc(d),
            amounts.len(),
            say::yuan(sum),
            say::yuan((sum - m.yuan).abs())
        );
        let mut evidence = vec![Evidence::of(format!("{year}年服务合同额"), s)];
        evidence.extend(amounts.iter().map(|a| Evidence::of("列表中的金额", a.0)));
        let draft = Draft::anomaly("服务合同额与服务企业列表合计不符", message, evidence);
        out.hit(draft.still_holds(move |v| {
            match (yuan(&v[0]), v[1..].iter().map(yuan).sum::<Option<Decimal>>()) {
                (Some(x), Some(sum)) => (sum - x).abs() > slack,
                _ => true,
            }
        }));
    }
}

/// What of the stated sum no attached contract shows: contracts may be attached in part, so nobody is accused, but the
/// rest is not proven.
pub(super) fn rest(
    year: i32,
    (s, m): (&Sourced<Value>, Money),
    amounts: &[&Sourced<Value>],
    sum: Decimal,
    out: &mut Out,
) {
    if m.yuan <= sum + m.half_unit() * Decimal::TWO {
        return out.pass();
    }
    let mut evidence = vec![Evidence::of(format!("{year}年服务合同额"), s)];
    evidence.extend(amounts.iter().map(|a| Evidence::of("服务合同金额", a)));
    let message = format!(
        "{year}年服务合同额填{}，附件中{year}年签订的服务合同{}份合计{}，其余{}（{}）没有合同可以核对。所附合同可以只是一部分；请申报单位补附其余合同，或由复核人员抽查。",
        say::printed(m),
        amounts.len(),
        say::yuan(sum),
        say::yuan(m.yuan - sum),
        say::percent(m.yuan - sum, m.yuan)
    );
    out.hit(Draft::unverifiable(format!("{year}年服务合同额只有部分合同可以核对"), message, evidence));
}

//! PAY-004 paid after the filing, or before the contract.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::parties::title_of;
use crate::check::amends::is_amendment;
use crate::check::chain::payment_amount;
use crate::check::contract::dates::day;
use crate::check::contract::wording::name_of;
use crate::check::cx::date_of;
use crate::check::filing::Filing;
use crate::check::invoice::facts::is_linked;
use crate::check::{Cx, Out};
use crate::model::{Document, Draft, Evidence, Field, Kind, Severity, Sourced, Value};
use crate::text::party::{is_sale, is_scrap};
use crate::text::voucher::{Standing, standing};

/// The day on which the applicant paid. A bill is drawn long before it is passed on: there the endorsement counts.
pub(super) fn pay_day<'d>(cx: &Cx<'_>, d: &'d Document) -> Option<(&'d Sourced<Value>, NaiveDate)> {
    let ours = |s: Option<&Sourced<Value>>| {
        s.is_some_and(|s| cx.applicant.meets(Some(&s.value.to_plain()), None, false).is_same())
    };
    if d.value("drawer").is_none() || ours(d.value("drawer")) {
        return day(d, "date");
    }
    let row = d.items.iter().rev().find(|r| ours(r.get("endorser").and_then(Field::found)))?;
    let s = row.get("date").and_then(Field::found)?;
    match s.value {
        Value::Date(day) => Some((s, day)),
        _ => None,
    }
}

/// PAY-004.
pub(super) fn dates(cx: &Cx<'_>, out: &mut Out) {
    let filing = Filing::of(cx);
    let mut any = false;
    for d in cx.of(Kind::Payment) {
        if is_sale(&cx.applicant, d) || is_scrap(cx.case, d) || standing(&cx.applicant, d) == Standing::Void {
            continue;
        }
        let Some((s, paid)) = pay_day(cx, d) else {
            out.skip();
            continue;
        };
        any = true;
        if paid > filing.limit {
            out.hit(after_filing(cx, d, (s, paid), filing));
        } else if let Some((contract, c, signed)) = contract_of(cx, d).filter(|c| paid < c.2) {
            let message = format!(
                "{}付款日期为{paid}，早于{}的签订日期{signed}（{}天）。先付款后补签合同较常见，只作提示；已排除补充协议。请核对该款是否确为本合同所付。",
                title_of(d),
                name_of(contract),
                (signed - paid).num_days()
            );
            let evidence = vec![Evidence::of("付款日期", s), Evidence::of("合同签订日期", c)];
            out.hit(
                Draft::anomaly(format!("{}早于合同签订", title_of(d)), message, evidence)
                    .still_holds(|v| matches!((date_of(&v[0]), date_of(&v[1])), (Some(a), Some(b)) if a < b)),
            );
        } else {
            out.pass();
        }
    }
    if !any {
        out.cannot("没有读到支付凭证的日期");
    }
}

fn after_filing(
    cx: &Cx<'_>,
    d: &Document,
    (s, paid): (&Sourced<Value>, NaiveDate),
    filing: Filing<'_>,
) -> Draft {
    let message = format!(
        "{}付款日期为{paid}，晚于{}。申报时这笔款还没有付，不能作为已完成投资的凭证；打印日期不作付款日期。请核对申报日期是否填错，并提供回单原件。",
        title_of(d),
        filing.name()
    );
    let amount = payment_amount(d).map(|a| a.1.yuan).filter(|_| is_linked(cx, d.id)).unwrap_or(Decimal::ZERO);
    Draft::anomaly(format!("{}付款晚于申报", title_of(d)), message, filing.evidence("付款日期", s))
        .severity(Severity::Critical)
        .effect(amount)
        .still_holds(filing.still_later())
}

/// The contract of the rows that the payment serves, where that is certain.
fn contract_of<'a>(cx: &Cx<'a>, d: &Document) -> Option<(&'a Document, &'a Sourced<Value>, NaiveDate)> {
    let rows =
        cx.case.investment.rows.iter().filter(|r| r.payments.iter().any(|l| l.document == d.id && l.unique));
    let mut found = None;
    for row in rows {
        let [link] = row.contracts.as_slice() else { return None };
        let contract = cx.document(link.document).filter(|c| link.unique && !is_amendment(c))?;
        let (s, signed) = day(contract, "signed_on")?;
        // Of several contracts the payment may belong to any: the first that was signed counts.
        if found.is_none_or(|f: (&Document, &Sourced<Value>, NaiveDate)| signed < f.2) {
            found = Some((contract, s, signed));
        }
    }
    found
}

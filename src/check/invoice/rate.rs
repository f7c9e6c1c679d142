//! INVOICE-003: the rate was in force on the day, and amount × rate is the tax.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::facts::is_linked;
use super::marks::{day_of, marked};
use super::sums::{amount_of, field, is_special, title_of};
use crate::check::cx::{money, number_of, yuan};
use crate::check::{Cx, Out, say};
use crate::model::{Document, Draft, Evidence, Grade, Kind, Row, Severity, Sourced, Value};
use crate::text::party::is_scrap;

const CODE: &str = "INVOICE-003";

/// A line with a rate in figures.
struct Line<'a> {
    number: usize,
    rate: &'a Sourced<Value>,
    percent: Decimal,
    row: &'a Row,
}

/// INVOICE-003.
pub(super) fn rates(cx: &Cx<'_>, out: &mut Out) {
    let mut any = false;
    for d in cx.of(Kind::Invoice).filter(|d| !is_scrap(cx.case, d)) {
        let lines: Vec<Line<'_>> = d.items.iter().enumerate().filter_map(line).collect();
        let reduced = is_special(d) || marked(d, "差额征税") || d.text.contains("减按");
        if lines.is_empty() || reduced {
            out.skip();
            continue;
        }
        any = true;
        let draft = lines
            .iter()
            .find_map(|l| unlawful(cx, d, l).or_else(|| wrong_tax(cx, d, l)))
            .or_else(|| wrong_sum(cx, d, &lines));
        match draft {
            Some(draft) => out.hit(draft),
            None => out.pass(),
        }
    }
    if !any {
        out.cannot("发票上没有读到税率");
    }
}

fn line((i, row): (usize, &Row)) -> Option<Line<'_>> {
    let rate = field(row, "rate")?;
    let percent = number_of(rate)?.normalize();
    Some(Line { number: i + 1, rate, percent, row })
}

/// The tax the line prints, exempt lines aside.
fn tax_of(l: &Line<'_>) -> Option<Decimal> {
    amount_of(l.row, "tax")
}

/// Whether another lawful rate would explain the tax: then the rate was misread, or the print is cut.
fn explained(cx: &Cx<'_>, l: &Line<'_>, day: Option<NaiveDate>) -> Option<Decimal> {
    let (amount, tax) = (amount_of(l.row, "amount")?, tax_of(l)?);
    let slack = cx.notice.param(CODE, "line_tax");
    let mut known: Vec<Decimal> = cx.notice.tax.rates.iter().flat_map(|p| p.rates.iter().copied()).collect();
    known.sort();
    known.into_iter().find(|r| {
        *r != l.percent
            && day.is_none_or(|d| cx.notice.tax.in_force(*r, d))
            && (amount * *r / Decimal::ONE_HUNDRED - tax).abs() <= slack
    })
}

fn unlawful(cx: &Cx<'_>, d: &Document, l: &Line<'_>) -> Option<Draft> {
    let (dated, day) = day_of(d)?;
    if cx.notice.tax.rates.is_empty() || cx.notice.tax.in_force(l.percent, day) {
        return None;
    }
    let since = cx.notice.tax.days_after(l.percent, day);
    let months = cx.notice.param(CODE, "months") * Decimal::from(31);
    let late = since.is_some_and(|days| Decimal::from(days) <= months);
    let evidence =
        vec![Evidence::of(format!("第{}行税率", l.number), l.rate), Evidence::of("开票日期", dated)];
    let title = format!("{}的税率在开票日期不适用", title_of(d));
    let why = match since {
        Some(_) => "该税率此前曾经施行，为以前的纳税义务补开的发票可以沿用，请附说明",
        None => "该税率从未施行",
    };
    let message = format!(
        "{}第{}行税率为{}%，开票日期为{day}，当日可用的税率、征收率为{}。{why}。请到查验平台查验。",
        title_of(d),
        l.number,
        say::number(l.percent),
        lawful(cx, day)
    );
    if l.rate.grade == Grade::Ocr
        && let Some(other) = explained(cx, l, Some(day))
    {
        let message = format!(
            "{message}但按金额与税额推算的税率为{}%，税率更可能是误读，请对照原件。",
            say::number(other)
        );
        return Some(Draft::unverifiable(title, message, evidence));
    }
    let tax = cx.notice.tax.clone();
    let draft = Draft::anomaly(title, message, evidence).still_holds(move |v| match (yuan(&v[0]), &v[1]) {
        (Some(r), Some(Value::Date(d))) => !tax.in_force(r.normalize(), *d),
        _ => true,
    });
    Some(if late { draft.severity(Severity::Notice) } else { draft })
}

fn lawful(cx: &Cx<'_>, day: NaiveDate) -> String {
    let mut all: Vec<Decimal> = cx.notice.tax.rates.iter().flat_map(|p| p.rates.iter().copied()).collect();
    all.retain(|r| cx.notice.tax.in_force(*r, day));
    all.sort_by(|a, b| b.cmp(a));
    all.dedup();
    all.iter().map(|r| format!("{}%", say::number(*r))).collect::<Vec<_>>().join("、")
}

fn wrong_tax(cx: &Cx<'_>, d: &Document, l: &Line<'_>) -> Option<Draft> {
    let (amount, tax) = (amount_of(l.row, "amount")?, tax_of(l)?);
    let slack = cx.notice.param(CODE, "line_tax");
    let due = amount * l.percent / Decimal::ONE_HUNDRED;
    if (due - tax).abs() <= slack {
        return None;
    }
    let (a, t) = (field(l.row, "amount")?, field(l.row, "tax")?);
    let evidence = vec![
        Evidence::of(format!("第{}行税额", l.number), t),
        Evidence::of(format!("第{}行金额", l.number), a),
        Evidence::of(format!("第{}行税率", l.number), l.rate),
    ];
    let title = format!("{}第{}行税额与税率不符", title_of(d), l.number);
    let message = format!(
        "{}第{}行：金额{} × {}% = {}，而税额为{}，相差{}。已排除差额征税、免税、减按征收和尾差（允许{}）。请到查验平台查验，并核对原件。",
        title_of(d),
        l.number,
        say::yuan(amount),
        say::number(l.percent),
        say::yuan(due),
        say::yuan(tax),
        say::yuan((due - tax).abs()),
        say::yuan(slack)
    );
    let ocr = [a, t, l.rate].iter().any(|s| s.grade == Grade::Ocr);
    if ocr && let Some(other) = explained(cx, l, day_of(d).map(|x| x.1)) {
        let message =
            format!("{message}但按金额与税额推算的税率为{}%，税率更可能是误读。", say::number(other));
        return Some(Draft::unverifiable(title, message, evidence));
    }
    let grave = (due - tax).abs() > cx.notice.param(CODE, "grave");
    // Where the totals still fit each other, one line may have been misprinted on a list; the whole invoice is not.
    let severity = if grave && totals_break(cx, d) { Severity::Critical } else { Severity::Major };
    Some(effect(cx, d, Draft::anomaly(title, message, evidence).severity(severity)).still_holds(move |v| {
        match (yuan(&v[0]), yuan(&v[1]), yuan(&v[2])) {
            (Some(t), Some(a), Some(r)) => (a * r / Decimal::ONE_HUNDRED - t).abs() > slack,
            _ => true,
        }
    }))
}

/// Whether the sum of the lines' due taxes also differs from the printed total of tax.
fn totals_break(cx: &Cx<'_>, d: &Document) -> bool {
    let due: Option<Decimal> = d
        .items
        .iter()
        .map(|r| Some(amount_of(r, "amount")? * number_of(field(r, "rate")?)? / Decimal::ONE_HUNDRED))
        .sum();
    match (due, money(d, "tax")) {
        (Some(due), Some((_, m))) => (due - m.yuan).abs() > cx.notice.param(CODE, "sum_tax"),
        _ => false,
    }
}

/// Lines without tax of their own: the total counts.
fn wrong_sum(cx: &Cx<'_>, d: &Document, lines: &[Line<'_>]) -> Option<Draft> {
    let (t, tax) = money(d, "tax")?;
    let (a, amount) = money(d, "amount")?;
    let amounts: Option<Vec<Decimal>> = lines.iter().map(|l| amount_of(l.row, "amount")).collect();
    let amounts = amounts?;
    // A line that was not read makes the sum mean nothing.
    if lines.len() != d.items.len()
        || (amounts.iter().sum::<Decimal>() - amount.yuan).abs() > Decimal::new(1, 2)
    {
        return None;
    }
    let slack = cx.notice.param(CODE, "sum_tax");
    let shares: Vec<Decimal> = lines.iter().map(|l| l.percent).collect();
    let due: Decimal = amounts.iter().zip(&shares).map(|(a, r)| a * r / Decimal::ONE_HUNDRED).sum();
    if (due - tax.yuan).abs() <= slack {
        return None;
    }
    let mut evidence = vec![Evidence::of("合计税额", t), Evidence::of("合计金额", a)];
    evidence.extend(lines.iter().map(|l| Evidence::of(format!("第{}行税率", l.number), l.rate)));
    let message = format!(
        "{}：各行金额乘税率合计为{}，而合计税额为{}，相差{}。已排除差额征税、免税和尾差（允许{}）。请到查验平台查验。",
        title_of(d),
        say::yuan(due),
        say::yuan(tax.yuan),
        say::yuan((due - tax.yuan).abs()),
        say::yuan(slack)
    );
    let title = format!("{}合计税额与税率不符", title_of(d));
    if lines.iter().any(|l| l.rate.grade == Grade::Ocr) {
        let message = format!("{message}税率来自扫描识别，可能是误读，请对照原件。");
        return Some(Draft::unverifiable(title, message, evidence));
    }
    Some(effect(cx, d, Draft::anomaly(title, message, evidence)).still_holds(move |v| {
        let rates: Option<Vec<Decimal>> = v[2..].iter().map(yuan).collect();
        match (yuan(&v[0]), rates) {
            (Some(t), Some(rates)) => {
                let due: Decimal = amounts.iter().zip(rates).map(|(a, r)| a * r / Decimal::ONE_HUNDRED).sum();
                (due - t).abs() > slack
            }
            _ => true,
        }
    }))
}

fn effect(cx: &Cx<'_>, d: &Document, draft: Draft) -> Draft {
    match money(d, "total").filter(|_| is_linked(cx, d.id)) {
        Some((_, m)) => draft.effect(m.yuan),
        None => draft,
    }
}

//! TAX-001 税金 on the form against the certificates and the statements, TAX-002 whose certificates they are.

use chrono::Datelike;
use rust_decimal::Decimal;

use super::cx::{money, money_of, yuan};
use super::fin::figures::{line, years_of};
use super::invoice::facts::fields;
use super::{Cx, Out, Rule, case, say};
use crate::model::{Document, Draft, Evidence, Field, Kind, Money, Row, Severity, Sourced, Value};
use crate::text::date::parse_period;
use crate::text::party::{Party, names, party};

/// The rules of this family, by code.
pub(super) const RULES: &[Rule] = &[case("TAX-001", taxes), case("TAX-002", taxpayer)];

struct Reading<'a> {
    label: String,
    amount: Decimal,
    parts: Vec<(String, &'a Sourced<Value>)>,
}

/// TAX-001.
fn taxes(cx: &Cx<'_>, out: &mut Out) {
    let stated: Vec<(i32, &Sourced<Value>, Money)> = cx
        .notice
        .years
        .iter()
        .filter_map(|y| {
            let s = cx.form(&format!("基本信息.税金.{y}"))?;
            Some((*y, s, money_of(s)?))
        })
        .collect();
    if stated.is_empty() {
        return out.cannot("没有读到申报书的税金");
    }
    let certificates: Vec<&Document> = cx.of(Kind::TaxCertificate).collect();
    let percent = cx.notice.param("TAX-001", "percent") / Decimal::ONE_HUNDRED;
    let floor = cx.notice.param("TAX-001", "yuan");
    let slack = move |x: Decimal, half: Decimal| (x.abs() * percent).max(floor).max(half * Decimal::TWO);
    let all = whole(&certificates);
    let both: Decimal = stated.iter().map(|s| s.2.yuan).sum();
    let together = all.as_ref().is_some_and(|r| (r.amount - both).abs() <= slack(r.amount, Decimal::ZERO));
    for (year, s, m) in stated {
        let readings = readings(cx, &certificates, year);
        if readings.is_empty() {
            if !together {
                out.cannot(format!("没有读到{year}年的纳税证明金额或报表税费"));
            }
            continue;
        }
        let periods = for_periods(&certificates, year);
        let by_periods = periods.is_some_and(|sum| (sum - m.yuan).abs() <= slack(sum, m.half_unit()));
        if together
            || by_periods
            || readings.iter().any(|r| (r.amount - m.yuan).abs() <= slack(r.amount, m.half_unit()))
        {
            out.pass();
            continue;
        }
        out.hit(differs(cx, &certificates, year, (s, m), &readings, slack));
    }
}

fn differs(
    cx: &Cx<'_>,
    certificates: &[&Document],
    year: i32,
    (s, m): (&Sourced<Value>, Money),
    readings: &[Reading<'_>],
    slack: impl Fn(Decimal, Decimal) -> Decimal + Send + Sync + 'static,
) -> Draft {
    let table: Vec<String> = readings
        .iter()
        .map(|r| {
            format!(
                "{}{}（申报{}{}）",
                r.label,
                say::yuan(r.amount),
                if m.yuan > r.amount { "多" } else { "少" },
                say::yuan((m.yuan - r.amount).abs())
            )
        })
        .collect();
    let mut evidence = vec![Evidence::of(format!("申报书{year}年税金"), s)];
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for r in readings {
        let mut group = Vec::new();
        for (label, part) in &r.parts {
            group.push(evidence.len());
            evidence.push(Evidence::of(label.clone(), part));
        }
        groups.push(group);
    }
    let title = format!("{year}年税金与纳税证明、报表均不符");
    let message = format!(
        "申报书{year}年税金填{}，各种口径为：{}。通知没有定义“税金”，与其中任何一个相符（误差{}%或{}以内）即可，均不相符。请申报单位说明口径并补充证明。",
        say::printed(m),
        table.join("；"),
        say::number(cx.notice.param("TAX-001", "percent")),
        say::yuan(cx.notice.param("TAX-001", "yuan"))
    );
    let unclear: Vec<String> = certificates
        .iter()
        .filter(|d| money(d, "amount").is_none() || year_of(d).is_none())
        .map(|d| say::doc(d))
        .collect();
    let mut blind = cx.blind_spots();
    blind.extend(unclear);
    if certificates.is_empty() || !blind.is_empty() {
        let why = if certificates.is_empty() {
            "没有读到纳税证明，只有报表可比".to_owned()
        } else {
            format!("以下材料的金额或所属期未能确定：{}", say::list(&blind, 5))
        };
        return Draft::unverifiable(title, format!("{message}但{why}，不能据此认定。"), evidence);
    }
    let half = m.half_unit();
    Draft::anomaly(title, message, evidence).still_holds(move |v| {
        let Some(x) = yuan(&v[0]) else { return true };
        !groups.iter().any(|g| {
            let sum: Option<Decimal> = g.iter().map(|i| yuan(&v[*i])).sum();
            sum.is_some_and(|a| (a - x).abs() <= slack(a, half))
        })
    })
}

/// The year of a certificate: that of its periods, or that in which all of its taxes were paid (a year's last taxes and
/// the income tax of the year before are paid in the next).
fn year_of(d: &Document) -> Option<i32> {
    if let [year] = years_of(d)[..] {
        return Some(year);
    }
    let paid = d.items.iter().map(|r| match r.get("paid_on").and_then(Field::found)?.value {
        Value::Date(day) => Some(day.year()),
        _ => None,
    });
    let mut paid: Vec<i32> = paid.collect::<Option<_>>()?;
    paid.sort_unstable();
    paid.dedup();
    if let [year] = paid[..] { Some(year) } else { None }
}

/// What the rows of all certificates come to for periods within a year, whenever they were paid.
fn for_periods(certificates: &[&Document], year: i32) -> Option<Decimal> {
    let rows = certificates.iter().flat_map(|d| &d.items);
    let of = |r: &Row| {
        let period =
            r.get("period").and_then(Field::found).and_then(|s| parse_period(&s.value.to_plain()))?;
        let amount = r.get("amount").and_then(Field::found).and_then(money_of)?;
        (period.0.year == year && period.1.year == year).then_some(amount.yuan)
    };
    let amounts: Vec<Decimal> = rows.filter_map(of).collect();
    (!amounts.is_empty()).then(|| amounts.iter().sum())
}

/// All certificates together, for those that cover both years without a split.
fn whole<'a>(certificates: &[&'a Document]) -> Option<Reading<'a>> {
    let parts: Vec<(&Sourced<Value>, Money)> =
        certificates.iter().filter_map(|d| money(d, "amount")).collect();
    (!parts.is_empty()).then(|| Reading {
        label: "全部完税证明".into(),
        amount: parts.iter().map(|p| p.1.yuan).sum(),
        parts: parts.iter().map(|p| ("完税证明金额".to_owned(), p.0)).collect(),
    })
}

fn readings<'a>(cx: &Cx<'a>, certificates: &[&'a Document], year: i32) -> Vec<Reading<'a>> {
    let mut out = Vec::new();
    let of_year: Vec<(&Sourced<Value>, Money)> =
        certificates.iter().filter(|d| year_of(d) == Some(year)).filter_map(|d| money(d, "amount")).collect();
    if !of_year.is_empty() {
        out.push(Reading {
            label: format!("{year}年完税证明合计"),
            amount: of_year.iter().map(|p| p.1.yuan).sum(),
            parts: of_year.iter().map(|p| (format!("{year}年完税证明"), p.0)).collect(),
        });
        for (s, m) in of_year.iter().filter(|_| of_year.len() > 1) {
            out.push(Reading {
                label: "其中一份".into(),
                amount: m.yuan,
                parts: vec![(format!("{year}年完税证明"), *s)],
            });
        }
    }
    let surcharge = line(cx, Kind::IncomeStatement, &["税金及附加"], year);
    let income = line(cx, Kind::IncomeStatement, &["所得税费用"], year);
    let paid = line(cx, Kind::CashFlow, &["支付的各项税费", "支付的税费"], year);
    for c in surcharge.iter().chain(&paid) {
        out.push(Reading {
            label: c.label.clone(),
            amount: c.money.yuan,
            parts: vec![(c.label.clone(), c.source)],
        });
    }
    if let (Some(a), Some(b)) = (surcharge.first(), income.first()) {
        out.push(Reading {
            label: "税金及附加+所得税费用".into(),
            amount: a.money.yuan + b.money.yuan,
            parts: vec![(a.label.clone(), a.source), (b.label.clone(), b.source)],
        });
    }
    out
}

/// TAX-002.
fn taxpayer(cx: &Cx<'_>, out: &mut Out) {
    if !cx.applicant.is_known() {
        return out.cannot("没有读到申报单位的名称和代码");
    }
    let mut any = false;
    for d in cx.of(Kind::TaxCertificate) {
        any = true;
        let evidence = || fields(d, &[("taxpayer", "纳税人名称"), ("taxpayer_id", "纳税人识别号")]);
        let name = d.value("taxpayer").map(|s| s.value.to_plain()).unwrap_or_default();
        let own = cx.applicant.names.first().cloned().unwrap_or_default();
        let draft = match party(&cx.applicant, d, "taxpayer", "taxpayer_id") {
            Party::Same | Party::Variant => {
                out.pass();
                continue;
            }
            Party::Branch => {
                let message = format!(
                    "纳税证明（{}）的纳税人为“{name}”，是申报单位“{own}”的分支机构。其税款是否计入请说明。",
                    say::doc(d)
                );
                Draft::anomaly("纳税人是申报单位的分支机构", message, evidence()).severity(Severity::Notice)
            }
            Party::Doubtful => {
                let message = format!(
                    "纳税证明（{}）的纳税人读作“{name}”，与申报单位“{own}”相近但不相同，可能是误读，请对照原件。",
                    say::doc(d)
                );
                Draft::unverifiable("纳税人名称未能核对", message, evidence())
            }
            Party::Unknown => {
                let message =
                    format!("纳税证明（{}）的纳税人名称和识别号均未能读取，请人工查看。", say::doc(d));
                Draft::unverifiable("纳税人未能读取", message, evidence())
            }
            Party::Other => {
                let who = cx.applicant.clone();
                let named = d.value("taxpayer").is_some();
                let by_name = cx.applicant.names.iter().any(|n| names(n, &name, false).is_same());
                let apart = if by_name {
                    "名称与申报单位相同，识别号却不同"
                } else {
                    "不是申报单位"
                };
                let message = format!(
                    "纳税证明（{}）的纳税人为“{name}”（{}），{apart}（申报单位“{own}”，{}）。已比对识别号和规范化名称，并排除分支机构；更名的请附变更通知书，母公司汇总缴纳的请附说明。",
                    say::doc(d),
                    d.value("taxpayer_id").map(|s| s.value.to_plain()).unwrap_or_default(),
                    cx.applicant.ids.join("、")
                );
                Draft::anomaly("纳税证明属于其他纳税人", message, evidence()).still_holds(move |v| {
                    let t = |i: usize| v.get(i).and_then(|x| x.as_ref()).map(Value::to_plain);
                    let (name, id) = if named { (t(0), t(1)) } else { (None, t(0)) };
                    who.meets(name.as_deref(), id.as_deref(), false) == Party::Other
                })
            }
        };
        out.hit(draft);
    }
    if !any {
        out.cannot("没有纳税证明");
    }
}

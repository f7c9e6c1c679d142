//! INVEST-020 labour costs without persons, months and payroll, or that these do not bear (`domain.md` L-14).

use rust_decimal::Decimal;

use crate::check::chain::{row_evidence, row_name, total};
use crate::check::cx::{money, number_of, text, yuan};
use crate::check::{Cx, Out, say};
use crate::model::{Category, Document, Draft, Evidence, InvestmentRow, Kind, Severity};
use crate::text::date::parse_period;

/// What the papers on labour say.
struct Proof<'a> {
    papers: Vec<&'a Document>,
    persons: Option<Decimal>,
    /// Persons × months over all payrolls.
    person_months: Decimal,
    paid: Option<Decimal>,
}

/// INVEST-020.
pub(super) fn labour(cx: &Cx<'_>, out: &mut Out) {
    let rows: Vec<&InvestmentRow> =
        cx.case.investment.rows.iter().filter(|r| r.category == Some(Category::Labour)).collect();
    if cx.case.investment.rows.is_empty() {
        return out.cannot("没有读到投资清单");
    }
    // What is bought from another firm has its invoice and is judged by it.
    let own: Vec<&InvestmentRow> = rows
        .iter()
        .copied()
        .filter(|r| r.invoices.is_empty() && total(r).is_some_and(|t| t.1.yuan > Decimal::ZERO))
        .collect();
    if own.is_empty() {
        return out.skip();
    }
    let claimed: Decimal = own.iter().filter_map(|r| total(r)).map(|t| t.1.yuan).sum();
    let proof = proof(cx);
    if !beyond_wages(cx, &own, claimed, out) {
        shown(cx, &own, claimed, &proof, out);
    }
}

fn proof<'a>(cx: &Cx<'a>) -> Proof<'a> {
    let papers: Vec<&Document> =
        cx.of(Kind::Other).filter(|d| d.fields.contains_key("labour.kind")).collect();
    let payrolls = || papers.iter().filter(|d| text(d, "labour.kind").is_some_and(|k| k.1 == "工资表"));
    let persons = |d: &Document| d.value("labour.persons").and_then(number_of);
    let months = |d: &Document| {
        text(d, "labour.months")
            .map_or(0, |t| t.1.split('、').filter_map(parse_period).map(|(a, b)| span(a, b)).sum())
    };
    let of = |d: &Document| {
        let told = d.value("labour.person_months").and_then(number_of);
        told.unwrap_or_else(|| persons(d).unwrap_or_default() * Decimal::from(months(d)))
    };
    let person_months = payrolls().map(|d| of(d)).sum::<Decimal>();
    let sums: Vec<Decimal> = payrolls().filter_map(|d| money(d, "labour.total")).map(|m| m.1.yuan).collect();
    Proof {
        persons: papers.iter().filter_map(|d| persons(d)).max(),
        person_months,
        paid: (!sums.is_empty()).then(|| sums.iter().sum()),
        papers,
    }
}

fn span(a: crate::model::YearMonth, b: crate::model::YearMonth) -> i32 {
    ((b.year - a.year) * 12 + b.month as i32 - a.month as i32 + 1).clamp(0, 240)
}

fn names(rows: &[&InvestmentRow]) -> String {
    say::list(&rows.iter().map(|r| row_name(r)).collect::<Vec<_>>(), 4)
}

fn claims(rows: &[&InvestmentRow]) -> Vec<Evidence> {
    let out: Vec<Evidence> = rows
        .iter()
        .filter_map(|r| total(r).map(|(s, _)| Evidence::of(format!("清单第{}行总价", r.row), s)))
        .collect();
    if out.is_empty() { rows.iter().filter_map(|r| row_evidence(r)).collect() } else { out }
}

/// More than the company paid to all its people in the years that count.
fn beyond_wages(cx: &Cx<'_>, rows: &[&InvestmentRow], claimed: Decimal, out: &mut Out) -> bool {
    const LINE: &str = "支付给职工以及为职工支付的现金.current";
    let flows: Vec<_> = cx
        .notice
        .years
        .iter()
        .filter_map(|y| {
            let year = y.to_string();
            let d = cx
                .of(Kind::CashFlow)
                .find(|d| d.value("period").is_some_and(|p| p.value.to_plain().contains(&year)))?;
            money(d, LINE)
        })
        .collect();
    let wages: Decimal = flows.iter().map(|f| f.1.yuan).sum();
    if flows.len() < cx.notice.years.len() || claimed <= wages {
        return false;
    }
    let mut evidence = claims(rows);
    let parts = evidence.len();
    evidence.extend(flows.iter().map(|f| Evidence::of("支付给职工以及为职工支付的现金", f.0)));
    let message = format!(
        "{}合计申报人工费用{}，超过现金流量表{}年支付给全体职工的现金{}。人工费用只计本项目新增人员，不可能大于全部职工薪酬。请申报单位更正。",
        names(rows),
        say::yuan(claimed),
        cx.notice.years.iter().map(i32::to_string).collect::<Vec<_>>().join("、"),
        say::yuan(wages),
    );
    out.hit(
        Draft::anomaly("人工费用超过全部职工薪酬", message, evidence)
            .severity(Severity::Major)
            .effect(claimed - wages)
            .still_holds(move |v| {
                let c: Option<Decimal> = v[..parts].iter().map(yuan).sum();
                let w: Option<Decimal> = v[parts..].iter().map(yuan).sum();
                matches!((c, w), (Some(c), Some(w)) if c > w)
            }),
    );
    true
}

/// Persons, months and money, as far as the papers show them.
fn shown(cx: &Cx<'_>, rows: &[&InvestmentRow], claimed: Decimal, proof: &Proof<'_>, out: &mut Out) {
    let mut missing = Vec::new();
    if proof.persons.is_none() {
        missing.push("人员");
    }
    if proof.person_months.is_zero() {
        missing.push("月份");
    }
    if proof.paid.is_none() {
        missing.push("工资发放金额");
    }
    let mut evidence = claims(rows);
    evidence.extend(proof.papers.iter().take(4).map(|d| crate::check::cx::whole("人工费用凭证", d)));
    if !missing.is_empty() {
        let papers: Vec<String> = proof.papers.iter().map(|d| say::doc(d)).collect();
        let message = format!(
            "{}合计申报人工费用{}，附件中{}。人工费用指本项目开发与实施新增的人员劳务费用，应附人员名单、月份和工资发放表（不要求发票）。{}",
            names(rows),
            say::yuan(claimed),
            if papers.is_empty() {
                "没有找到工资表、社保证明等凭证".to_owned()
            } else {
                format!("虽有{}，但没有读到{}", say::list(&papers, 4), missing.join("、"))
            },
            cx.looked_through(),
        );
        let title = "人工费用缺少人员、月份或工资凭证";
        let blind = cx.blind_spots();
        let unread = proof.papers.iter().any(|d| d.read_by == crate::model::ReadBy::Ocr);
        // A payroll of persons and amounts has its months somewhere.
        let only_months = missing == ["月份"];
        if !blind.is_empty() || unread || only_months {
            let why = if blind.is_empty() {
                "所附凭证可能未读全".to_owned()
            } else {
                format!("以下材料未能完全读取：{}", say::list(&blind, 5))
            };
            let message = format!("{message}。但{why}，请人工查看。");
            return out.hit(Draft::unverifiable(title, message, evidence));
        }
        let message = format!("{message}。请申报单位补交工资表和社保、个税等证明。");
        return out.hit(Draft::anomaly(title, message, evidence).effect(claimed));
    }
    let paid = proof.paid.unwrap_or_default();
    // Both tolerances of INVEST-008: what a payroll rounds, it rounds for every month.
    let percent = cx.notice.param("INVEST-008", "percent") / Decimal::ONE_HUNDRED;
    let slack = claimed * percent + cx.notice.param("INVEST-008", "yuan");
    if claimed > paid + slack {
        let message = format!(
            "{}合计申报人工费用{}，所附工资表发放合计{}，多{}。工资表可能只附了部分月份，单位缴纳的社保和公积金也可计入。请申报单位补附其余月份，或核减。",
            names(rows),
            say::yuan(claimed),
            say::yuan(paid),
            say::yuan(claimed - paid)
        );
        return out.hit(
            Draft::anomaly("人工费用超过所附工资表", message, evidence)
                .effect(claimed - paid)
                .still_holds(move |v| v.iter().filter_map(yuan).sum::<Decimal>() > paid + slack),
        );
    }
    let rate = claimed / proof.person_months;
    let (low, high) = (cx.notice.param("INVEST-020", "low"), cx.notice.param("INVEST-020", "high"));
    if rate < low || rate > high {
        let message = format!(
            "{}合计申报人工费用{}，工资表共{}人月，每人月{}，不在通常的{}至{}之间。请核对是否含非本项目人员，或月份、人数有误。",
            names(rows),
            say::yuan(claimed),
            say::number(proof.person_months),
            say::yuan(rate),
            say::yuan(low),
            say::yuan(high),
        );
        return out.hit(
            Draft::anomaly("人工费用的人月单价异常", message, evidence)
                .severity(Severity::Notice)
                .still_holds(|_| true),
        );
    }
    out.pass();
}

//! INVEST-003 the list against 平台投资情况.

use std::collections::BTreeMap;

use chrono::Datelike;
use rust_decimal::Decimal;

use super::sums::product;
use crate::check::chain::total;
use crate::check::cx::{money_of, yuan};
use crate::check::{Cx, Out, say};
use crate::model::{Draft, Evidence, InvestmentRow, Link, Money, Sourced, Value};

/// INVEST-003.
pub(super) fn against_platform(cx: &Cx<'_>, out: &mut Out) {
    let rows = &cx.case.investment.rows;
    if rows.is_empty() {
        return out.cannot("没有读到投资清单");
    }
    whole_sum(cx, out);
    let cells: Vec<(i32, &Sourced<Value>, Money)> = cx
        .notice
        .years
        .iter()
        .filter_map(|y| {
            let s = cx.form(&format!("平台基本信息.{y}年投资额"))?;
            Some((*y, s, money_of(s)?))
        })
        .collect();
    if cells.len() < cx.notice.years.len() {
        return out.skip();
    }
    by_year(cx, &cells, out);
}

/// 投资总额 equals the list, 已完成投资 or 计划投资.
fn whole_sum(cx: &Cx<'_>, out: &mut Out) {
    let Some((s, m)) = cx.form("平台基本信息.投资总额").and_then(|s| Some((s, money_of(s)?)))
    else {
        return out.skip();
    };
    let form = |f: &str| cx.form(f).and_then(|s| Some((s, money_of(s)?)));
    let sum: Option<Decimal> = cx.case.investment.rows.iter().map(|r| total(r).map(|t| t.1.yuan)).sum();
    let mut candidates: Vec<(&str, Decimal, Option<&Sourced<Value>>)> = Vec::new();
    candidates.extend(form("投资清单.合计").map(|(s, m)| ("清单合计", m.yuan, Some(s))));
    candidates.extend(sum.map(|d| ("清单各行之和", d, None)));
    candidates.extend(form("基本信息.已完成投资").map(|(s, m)| ("已完成投资", m.yuan, Some(s))));
    candidates.extend(form("基本信息.计划投资").map(|(s, m)| ("计划投资", m.yuan, Some(s))));
    if candidates.is_empty() {
        return out.skip();
    }
    let percent = cx.notice.param("INVEST-003", "total_percent") / Decimal::ONE_HUNDRED;
    let slack = (m.half_unit() * Decimal::TWO).max(m.yuan * percent);
    if candidates.iter().any(|c| (c.1 - m.yuan).abs() <= slack) {
        return out.pass();
    }
    let table: Vec<String> = candidates
        .iter()
        .map(|c| format!("{}{}（差{}）", c.0, say::yuan(c.1), say::yuan((c.1 - m.yuan).abs())))
        .collect();
    let mut evidence = vec![Evidence::of("投资总额", s)];
    evidence.extend(candidates.iter().filter_map(|c| c.2.map(|s| Evidence::of(c.0, s))));
    let computed = sum;
    let message = format!(
        "平台投资情况“投资总额”为{}，与以下各数都不相等：{}。通知没有定义投资总额，与其中任何一个相等即视为相符。请申报单位说明口径。",
        say::printed(m),
        table.join("、")
    );
    out.hit(Draft::anomaly("投资总额与清单、已完成投资、计划投资均不符", message, evidence).still_holds(
        move |v| {
            let Some(t) = yuan(&v[0]) else { return true };
            !v[1..].iter().filter_map(yuan).chain(computed).any(|c| (c - t).abs() <= slack)
        },
    ));
}

type Years = BTreeMap<i32, Decimal>;

/// The two cells against the rows by year, on several bases; any one that fits is enough.
fn by_year(cx: &Cx<'_>, cells: &[(i32, &Sourced<Value>, Money)], out: &mut Out) {
    let rows = &cx.case.investment.rows;
    let percent = cx.notice.param("INVEST-003", "percent") / Decimal::ONE_HUNDRED;
    let (first, last) = (cells[0].0, cells[cells.len() - 1].0);
    let fits = |years: &Years| {
        cells.iter().all(|(y, _, m)| {
            let slack = (m.half_unit() * Decimal::TWO).max(m.yuan * percent) + half_units(rows);
            let within = |a: Decimal| (a - m.yuan).abs() <= slack;
            let exact = years.get(y).copied().unwrap_or_default();
            let below: Decimal = years.range(..=*y).map(|x| *x.1).sum();
            let above: Decimal = years.range(*y..).map(|x| *x.1).sum();
            within(exact) || (*y == first && within(below)) || (*y == last && within(above))
        })
    };
    let mut shown: Option<(Years, Decimal)> = None;
    for field in ["invoices", "payments", "contracts"] {
        for amount in ["claim", "product", "share"] {
            let (years, undated) = split(cx, field, amount);
            // What has no paper (labour, a missing invoice) may belong to any one of the years.
            let placed = cells.iter().any(|(y, ..)| {
                let mut with = years.clone();
                *with.entry(*y).or_default() += undated;
                fits(&with)
            });
            if fits(&years) || (!undated.is_zero() && undated < years.values().sum() && placed) {
                return out.pass();
            }
            if field == "invoices" && amount == "claim" {
                shown = Some((years, undated));
            }
        }
    }
    let Some((years, undated)) = shown else { return out.skip() };
    let list: Vec<String> = years.iter().map(|(y, a)| format!("{y}年{}", say::yuan(*a))).collect();
    let cells_text: Vec<String> =
        cells.iter().map(|(y, _, m)| format!("{y}年{}", say::printed(*m))).collect();
    let mut evidence: Vec<Evidence> =
        cells.iter().map(|(y, s, _)| Evidence::of(format!("{y}年投资额"), s)).collect();
    for row in rows {
        evidence.extend(total(row).map(|(s, _)| Evidence::of(format!("清单第{}行总价", row.row), s)));
    }
    let mut message = format!(
        "平台投资情况填{}；清单各行按发票年度归集为{}",
        cells_text.join("、"),
        if list.is_empty() { "（均无开票日期）".to_owned() } else { list.join("、") }
    );
    if !undated.is_zero() {
        message += &format!("，另有{}没有可用的日期", say::yuan(undated));
    }
    message +=
        "。已改按付款日期、合同日期以及按发票金额、数量×单价归集再试，均不相符。请申报单位说明分年口径。";
    let all: Decimal = years.values().sum::<Decimal>() + undated;
    let title = "分年投资额与清单凭证年度不符";
    let listed: Decimal = rows.iter().filter_map(total).map(|t| t.1.yuan).sum();
    let broken = rows.iter().any(|r| product(r).is_some_and(|p| p.is_broken()));
    if undated * Decimal::TEN > all || broken || listed.is_zero() || unclear(rows) {
        out.hit(Draft::unverifiable(
            title,
            format!("{message}无日期、行内有误或归属不唯一的部分影响结论。"),
            evidence,
        ));
    } else {
        out.hit(Draft::anomaly(title, message, evidence).still_holds(|_| true));
    }
}

fn half_units(rows: &[InvestmentRow]) -> Decimal {
    rows.iter().filter_map(total).map(|t| t.1.half_unit()).sum()
}

/// Whether more than a tenth of the list rests on links that are not unique.
fn unclear(rows: &[InvestmentRow]) -> bool {
    let amount = |r: &&InvestmentRow| total(r).map(|t| t.1.yuan).unwrap_or_default();
    let all: Decimal = rows.iter().map(|r| amount(&r)).sum();
    let open: Decimal =
        rows.iter().filter(|r| r.invoices.iter().any(|l| !l.unique)).map(|r| amount(&r)).sum();
    open * Decimal::TEN > all
}

/// The rows' amounts by the year of their papers.
fn split(cx: &Cx<'_>, papers: &str, amount: &str) -> (Years, Decimal) {
    let mut years = Years::new();
    let mut undated = Decimal::ZERO;
    for row in &cx.case.investment.rows {
        let claim = match amount {
            "product" => product(row).map(|p| p.computed()),
            _ => None,
        }
        .or_else(|| total(row).map(|t| t.1.yuan))
        .unwrap_or_default();
        let (links, date): (&Vec<Link>, &str) = match papers {
            "invoices" => (&row.invoices, "date"),
            "payments" => (&row.payments, "date"),
            _ => (&row.contracts, "signed_on"),
        };
        let dated: Vec<(i32, Decimal)> = links
            .iter()
            .filter_map(|l| {
                let Value::Date(d) = cx.document(l.document)?.value(date)?.value else { return None };
                Some((d.year(), l.share.unwrap_or_default()))
            })
            .collect();
        let weight: Decimal = dated.iter().map(|d| d.1).sum();
        let same_year = dated.iter().all(|d| d.0 == dated[0].0);
        if dated.is_empty() || (!same_year && weight.is_zero()) {
            undated += claim;
        } else if amount == "share" && !weight.is_zero() {
            for (y, a) in dated {
                *years.entry(y).or_default() += a;
            }
        } else if same_year {
            *years.entry(dated[0].0).or_default() += claim;
        } else {
            for (y, a) in dated {
                *years.entry(y).or_default() += (claim * a / weight).round_dp(2);
            }
        }
    }
    (years, undated)
}

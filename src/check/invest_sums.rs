//! INVEST-001 quantity × price, INVEST-002 sums, INVEST-003 the list against 平台投资情况.

use std::collections::BTreeMap;

use chrono::Datelike;
use rust_decimal::Decimal;

use super::chain::{row_name, total};
use super::cx::{money_of, number_of, yuan};
use super::{Cx, Out, say};
use crate::model::{Draft, Evidence, Field, InvestmentRow, Link, Money, ReadBy, Severity, Sourced, Value};

/// Scales of a slipped unit or decimal point, each with its name.
pub(super) fn slips() -> [(Decimal, &'static str); 6] {
    let d = Decimal::from;
    [
        (d(10_000), "万元与元混用（相差10000倍）"),
        (Decimal::new(1, 4), "元与万元混用（相差10000倍）"),
        (d(1_000), "小数点或单位错三位（相差1000倍）"),
        (Decimal::new(1, 3), "小数点或单位错三位（相差1000倍）"),
        (d(10), "小数点错一位（相差10倍）"),
        (Decimal::new(1, 1), "小数点错一位（相差10倍）"),
    ]
}

/// Quantity, unit price and total of a row, as far as they were read.
pub(super) struct Product<'a> {
    pub(super) quantity: Option<(&'a Sourced<Value>, Decimal)>,
    pub(super) price: (&'a Sourced<Value>, Money),
    pub(super) total: (&'a Sourced<Value>, Money),
}

pub(super) fn product(row: &InvestmentRow) -> Option<Product<'_>> {
    let get = |f: &str| row.fields.get(f).and_then(Field::found);
    let price = get("unit_price")?;
    let quantity = get("quantity").and_then(|s| Some((s, number_of(s)?)));
    Some(Product { quantity, price: (price, money_of(price)?), total: total(row)? })
}

impl Product<'_> {
    pub(super) fn computed(&self) -> Decimal {
        self.price.1.yuan * self.quantity.map_or(Decimal::ONE, |q| q.1)
    }

    pub(super) fn tolerance(&self) -> Decimal {
        let quantity = self.quantity.map_or(Decimal::ONE, |q| q.1.abs());
        quantity * self.price.1.half_unit() + self.total.1.half_unit()
    }

    pub(super) fn is_broken(&self) -> bool {
        (self.computed() - self.total.1.yuan).abs() > self.tolerance()
    }

    /// A slip of unit or decimal point that explains the difference.
    pub(super) fn slip(&self) -> Option<&'static str> {
        let (a, b) = (self.computed(), self.total.1.yuan);
        slips()
            .into_iter()
            .find(|(k, _)| {
                !a.is_zero() && (a * *k - b).abs() <= (self.tolerance() * *k).max(self.total.1.half_unit())
            })
            .map(|s| s.1)
    }

    pub(super) fn evidence(&self, row: u32) -> Vec<Evidence> {
        let mut out = vec![
            Evidence::of(format!("清单第{row}行总价"), self.total.0),
            Evidence::of(format!("清单第{row}行单价"), self.price.0),
        ];
        out.extend(self.quantity.map(|q| Evidence::of(format!("清单第{row}行数量"), q.0)));
        out
    }
}

/// INVEST-001.
pub(super) fn products(cx: &Cx<'_>, out: &mut Out) {
    let rows = &cx.case.investment.rows;
    if rows.is_empty() {
        return out.cannot("没有读到投资清单");
    }
    for row in rows {
        let Some(p) = product(row) else {
            out.skip();
            continue;
        };
        if !p.is_broken() {
            out.pass();
            continue;
        }
        if p.slip().is_some() {
            // INVEST-016 says it.
            out.skip();
            continue;
        }
        let evidence = p.evidence(row.row);
        let title = format!("{}：数量×单价与总价不符", row_name(row));
        let Some((_, quantity)) = p.quantity else {
            let message = format!(
                "数量栏没有填写可计算的数字，无法核对单价{}与总价{}的关系。",
                say::printed(p.price.1),
                say::printed(p.total.1)
            );
            out.hit(Draft::unverifiable(title, message, evidence));
            continue;
        };
        let (computed, claimed) = (p.computed(), p.total.1.yuan);
        let message = format!(
            "{} × {} = {}，而总价填{}，{}{}。已考虑单价和总价的显示位数（允许误差{}）。请申报单位说明哪一个数正确。",
            say::number(quantity),
            say::printed(p.price.1),
            say::yuan(computed),
            say::printed(p.total.1),
            if claimed > computed { "多出" } else { "少" },
            say::yuan((claimed - computed).abs()),
            say::yuan(p.tolerance()),
        );
        let tolerance = p.tolerance();
        let draft = Draft::anomaly(title, message, evidence)
            .effect((claimed - computed).max(Decimal::ZERO))
            .still_holds(move |v| match (yuan(&v[0]), yuan(&v[1]), yuan(&v[2])) {
                (Some(t), Some(p), Some(q)) => (p * q - t).abs() > tolerance,
                _ => true,
            });
        out.hit(draft);
    }
}

/// INVEST-002.
pub(super) fn sums(cx: &Cx<'_>, out: &mut Out) {
    let rows = &cx.case.investment.rows;
    if rows.is_empty() {
        return out.cannot("没有读到投资清单");
    }
    let totals: Vec<(&Sourced<Value>, Money)> = rows.iter().filter_map(total).collect();
    let lost = rows.len() - totals.len();
    let sum: Decimal = totals.iter().map(|t| t.1.yuan).sum();
    let half: Decimal = totals.iter().map(|t| t.1.half_unit()).sum();
    let printed = cx.form("投资清单.合计").and_then(|s| Some((s, money_of(s)?)));
    let claim = cx.form("基本信息.已完成投资").and_then(|s| Some((s, money_of(s)?)));
    let rows_evidence = || {
        rows.iter().filter_map(|r| total(r).map(|(s, _)| Evidence::of(format!("清单第{}行总价", r.row), s)))
    };
    if let Some((s, m)) = printed {
        let slack = half + m.half_unit();
        let difference = sum - m.yuan;
        if difference.abs() <= slack || repaired(rows, m.yuan, slack) {
            out.pass();
        } else {
            let mut evidence = vec![Evidence::of("清单合计", s)];
            evidence.extend(rows_evidence());
            let message = format!(
                "清单{}行总价相加为{}，而合计栏为{}，相差{}。已考虑显示位数（允许误差{}）。请申报单位核对各行后更正。",
                totals.len(),
                say::yuan(sum),
                say::printed(m),
                say::yuan(difference.abs()),
                say::yuan(slack)
            );
            out.hit(sum_draft(cx, "清单各行之和与合计不符", message, evidence, lost, difference, slack));
        }
    }
    let Some((c, claimed)) = claim else {
        return out.cannot("没有读到已完成投资");
    };
    let (label, list, basis) = match printed {
        Some((s, m)) => ("清单合计", m.yuan, Some(s)),
        None => ("清单各行之和", sum, None),
    };
    let unit = claimed.half_unit() * Decimal::TWO;
    let percent = cx.notice.param("INVEST-002", "percent") / Decimal::ONE_HUNDRED;
    let slack = unit.max(claimed.yuan * percent) + if basis.is_none() { half } else { Decimal::ZERO };
    let difference = list - claimed.yuan;
    if difference.abs() <= slack || (basis.is_none() && repaired(rows, claimed.yuan, slack)) {
        return out.pass();
    }
    let mut evidence = vec![Evidence::of("已完成投资", c)];
    match basis {
        Some(s) => evidence.push(Evidence::of(label, s)),
        None => evidence.extend(rows_evidence()),
    }
    let message = format!(
        "基本信息“已完成投资”填{}，{label}为{}，{}{}。已考虑显示位数和{}%的误差。{}",
        say::printed(claimed),
        say::yuan(list),
        if difference < Decimal::ZERO { "清单少" } else { "清单多" },
        say::yuan(difference.abs()),
        say::number(cx.notice.param("INVEST-002", "percent")),
        if difference < Decimal::ZERO {
            "少的部分没有清单支持，请补列或更正。"
        } else {
            "请核对是否有行不应计入。"
        },
    );
    let mut draft = sum_draft(
        cx,
        "清单合计与已完成投资不符",
        message,
        evidence,
        if basis.is_some() { 0 } else { lost },
        difference,
        slack,
    )
    .effect((-difference).max(Decimal::ZERO));
    if difference > Decimal::ZERO {
        draft = draft.severity(Severity::Notice);
    }
    out.hit(draft);
}

/// The first evidence against the sum of the others.
fn sum_draft(
    cx: &Cx<'_>,
    title: &str,
    message: String,
    evidence: Vec<Evidence>,
    lost: usize,
    difference: Decimal,
    slack: Decimal,
) -> Draft {
    let scanned = cx.case.form().is_some_and(|f| f.read_by == ReadBy::Ocr);
    if lost > 0 || (scanned && difference < Decimal::ZERO && evidence.len() > 2) {
        let why = if lost > 0 {
            format!("另有{lost}行总价未能读取。")
        } else {
            "申报书是扫描件，不能排除有行在识别中丢失。".into()
        };
        return Draft::unverifiable(title, format!("{message}{why}"), evidence);
    }
    Draft::anomaly(title, message, evidence).still_holds(move |v| {
        let parts: Option<Decimal> = v[1..].iter().map(yuan).sum();
        match (yuan(&v[0]), parts) {
            (Some(t), Some(p)) => (p - t).abs() > slack,
            _ => true,
        }
    })
}

/// Whether the sum fits once rows with a wrong product are taken at quantity × price: then the row is the fault, and
/// INVEST-001 says so.
fn repaired(rows: &[InvestmentRow], target: Decimal, slack: Decimal) -> bool {
    let mut any = false;
    let sum: Option<Decimal> = rows
        .iter()
        .map(|r| match product(r) {
            Some(p) if p.is_broken() && p.quantity.is_some() => {
                any = true;
                Some(p.computed())
            }
            _ => total(r).map(|t| t.1.yuan),
        })
        .sum();
    any && sum.is_some_and(|s| (s - target).abs() <= slack)
}

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

//! INVEST-001 quantity × price, INVEST-002 sums.

use rust_decimal::Decimal;

use crate::check::chain::{row_name, total};
use crate::check::cx::{money_of, number_of, yuan};
use crate::check::{Cx, Out, say};
use crate::model::{Draft, Evidence, Field, InvestmentRow, Money, ReadBy, Severity, Sourced, Value};

/// Scales of a slipped unit or decimal point, each with its name.
pub(in crate::check) fn slips() -> [(Decimal, &'static str); 6] {
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
pub(super) fn repaired(rows: &[InvestmentRow], target: Decimal, slack: Decimal) -> bool {
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

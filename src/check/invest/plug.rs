//! INVEST-019 the total fits the claim while the rows do not, or a row was put in to make it fit (`domain.md` X-39).

use rust_decimal::Decimal;

use super::sums::{product, repaired};
use crate::check::chain::{row_name, total};
use crate::check::cx::{money_of, yuan};
use crate::check::{Cx, Out, say};
use crate::model::{Category, Draft, Evidence, InvestmentRow, Money, ReadBy, Severity, Sourced, Value};
use crate::text::normal::squash;

/// INVEST-019.
pub(super) fn plugged(cx: &Cx<'_>, out: &mut Out) {
    let rows = &cx.case.investment.rows;
    if rows.is_empty() {
        return out.cannot("没有读到投资清单");
    }
    let read = |f: &str| cx.form(f).and_then(|s| Some((s, money_of(s)?)));
    let Some(claim) = read("基本信息.已完成投资") else {
        return out.cannot("没有读到已完成投资");
    };
    let printed = read("投资清单.合计");
    let totals: Vec<(&Sourced<Value>, Money)> = rows.iter().filter_map(total).collect();
    let sum: Decimal = totals.iter().map(|t| t.1.yuan).sum();
    let half: Decimal = totals.iter().map(|t| t.1.half_unit()).sum::<Decimal>() + claim.1.half_unit();
    if let Some((s, m)) = printed {
        let fits_claim = (m.yuan - claim.1.yuan).abs() <= m.half_unit() + claim.1.half_unit();
        let gap = m.yuan - sum;
        if fits_claim && gap.abs() > half + m.half_unit() && !repaired(rows, m.yuan, half + m.half_unit()) {
            return forced(cx, (s, m), claim, gap, half + m.half_unit(), out);
        }
    }
    match plug(cx, claim.1, half) {
        Some(row) => out.hit(plug_draft(row, claim, sum)),
        None => out.pass(),
    }
}

/// The total equals the claim to the last digit and the rows do not.
fn forced(
    cx: &Cx<'_>,
    printed: (&Sourced<Value>, Money),
    claim: (&Sourced<Value>, Money),
    gap: Decimal,
    slack: Decimal,
    out: &mut Out,
) {
    let rows = &cx.case.investment.rows;
    let lost = rows.iter().filter(|r| total(r).is_none()).count();
    let mut evidence = vec![Evidence::of("清单合计", printed.0), Evidence::of("已完成投资", claim.0)];
    evidence.extend(
        rows.iter().filter_map(|r| total(r).map(|(s, _)| Evidence::of(format!("清单第{}行总价", r.row), s))),
    );
    let message = format!(
        "清单合计{}与已完成投资{}恰好相等，而{}行总价相加只有{}，{}{}。已考虑显示位数（允许误差{}）和行内数量、单价的差错。合计可能是按已完成投资倒填的。请申报单位逐行核对，说明差额对应的投入。",
        say::printed(printed.1),
        say::printed(claim.1),
        rows.len() - lost,
        say::yuan(printed.1.yuan - gap),
        if gap > Decimal::ZERO { "差" } else { "多" },
        say::yuan(gap.abs()),
        say::yuan(slack),
    );
    let title = "清单合计迎合已完成投资而各行不符";
    let scanned = cx.case.form().is_some_and(|f| f.read_by == ReadBy::Ocr);
    if lost > 0 || (scanned && gap > Decimal::ZERO) {
        let why = if lost > 0 {
            format!("另有{lost}行总价未能读取。")
        } else {
            "申报书是扫描件，不能排除有行在识别中丢失。".into()
        };
        return out.hit(Draft::unverifiable(title, format!("{message}{why}"), evidence));
    }
    out.hit(Draft::anomaly(title, message, evidence).effect(gap.max(Decimal::ZERO)).still_holds(move |v| {
        let parts: Option<Decimal> = v[2..].iter().map(yuan).sum();
        matches!((yuan(&v[0]), yuan(&v[1]), parts),
            (Some(t), Some(c), Some(p)) if (t - c).abs() <= slack && (p - t).abs() > slack)
    }));
}

/// A row of no particular name and without papers, of an odd amount among round ones, that makes the sum fit.
fn plug<'a>(cx: &Cx<'a>, claim: Money, half: Decimal) -> Option<&'a InvestmentRow> {
    let rows = &cx.case.investment.rows;
    let totals: Option<Vec<Decimal>> = rows.iter().map(|r| total(r).map(|t| t.1.yuan)).collect();
    let totals = totals.filter(|t| t.len() >= 3)?;
    if (totals.iter().sum::<Decimal>() - claim.yuan).abs() > half {
        return None;
    }
    // How fine an amount is: the largest power of ten that divides it.
    let grain = |a: Decimal| {
        let mut unit = Decimal::from(10_000);
        while unit > Decimal::new(1, 2) && !(a % unit).is_zero() {
            unit /= Decimal::TEN;
        }
        unit
    };
    let (at, row) = rows.iter().enumerate().next_back()?;
    let name = row.fields.get("name").and_then(crate::model::Field::found)?.value.to_plain();
    let squashed = squash(&name);
    let generic = cx.notice.scope.generic.contains(&squashed)
        || ["其他", "其它", "零星", "杂项", "差额", "调整", "尾差", "配套费用"]
            .iter()
            .any(|w| squashed.starts_with(w));
    let bare = row.contracts.is_empty() && row.invoices.is_empty() && row.payments.is_empty();
    let finer =
        totals.iter().enumerate().filter(|(i, _)| *i != at).all(|(_, t)| grain(*t) > grain(totals[at]));
    let labour = row.category == Some(Category::Labour);
    let broken = product(row).is_some_and(|p| p.is_broken());
    (generic && bare && finer && !labour && !broken).then_some(row)
}

fn plug_draft(row: &InvestmentRow, claim: (&Sourced<Value>, Money), sum: Decimal) -> Draft {
    let amount = total(row).map(|t| t.1.yuan).unwrap_or_default();
    let mut evidence = vec![Evidence::of("已完成投资", claim.0)];
    evidence.extend(total(row).map(|(s, _)| Evidence::of(format!("清单第{}行总价", row.row), s)));
    let message = format!(
        "{}（{}）名称笼统，没有任何合同、发票和支付凭证，尾数比其余各行都细；加上它，各行之和{}才与已完成投资{}相等。可能是为凑足合计而加的一行。已排除人工费用和显示位数造成的尾差。请申报单位列明该行的内容并补交凭证。",
        row_name(row),
        say::yuan(amount),
        say::yuan(sum),
        say::printed(claim.1),
    );
    let (rest, half) = (sum - amount, claim.1.half_unit() * Decimal::TWO);
    Draft::anomaly(format!("{}像是凑数的一行", row_name(row)), message, evidence)
        .effect(amount)
        .severity(Severity::Minor)
        .still_holds(move |v| {
            matches!((yuan(&v[0]), v.get(1).and_then(yuan)), (Some(c), Some(p)) if (rest + p - c).abs() <= half + Decimal::ONE)
        })
}

//! INVEST-018 the investment against what the statements can hold (`domain.md` L-21 and the plausibility of §4.5).

use rust_decimal::Decimal;

use crate::check::cx::{money, money_of, yuan};
use crate::check::{Cx, Out, say};
use crate::model::{Document, Draft, Evidence, Kind, Sourced, Value};

/// Lines of the balance sheet in which an investment comes to stand.
const ASSETS: [&str; 5] = ["固定资产", "在建工程", "无形资产", "开发支出", "长期待摊费用"];
/// Lines of the income statement through which it may have gone.
const EXPENSES: [&str; 4] = ["研发费用", "管理费用", "销售费用", "营业成本"];
const CASH: &str = "购建固定资产、无形资产和其他长期资产支付的现金";

/// What the statements of a year can hold.
#[derive(Default)]
struct Room<'a> {
    parts: Vec<(String, &'a Sourced<Value>, Decimal)>,
    assets: bool,
    expenses: bool,
}

/// INVEST-018.
pub(super) fn plausible(cx: &Cx<'_>, out: &mut Out) {
    let mut any = against_assets(cx, out);
    let factor = cx.notice.param("INVEST-018", "factor");
    for year in &cx.notice.years {
        let field = format!("平台基本信息.{year}年投资额");
        let Some((s, claimed)) = cx.form(&field).and_then(|s| Some((s, money_of(s)?))) else { continue };
        let room = room(cx, *year);
        // Half a set of statements holds nothing against anybody.
        if !room.assets || !room.expenses {
            continue;
        }
        any = true;
        let held: Decimal = room.parts.iter().map(|p| p.2).sum();
        if claimed.yuan <= held * factor {
            out.pass();
            continue;
        }
        let parts: Vec<String> = room.parts.iter().map(|p| format!("{}{}", p.0, say::yuan(p.2))).collect();
        let message = format!(
            "{year}年平台投资额填{}，而该年报表中能够容纳投资的各项合计只有{}：{}。长期资产取购建支付的现金与年内增加额中较大者，费用取全额，已尽量放宽。集团垫付、融资租赁、受赠等会使两者不一致，请申报单位说明资金来源和入账科目。",
            say::printed(claimed),
            say::yuan(held),
            parts.join("、"),
        );
        let mut evidence = vec![Evidence::of(format!("{year}年投资额"), s)];
        evidence.extend(room.parts.iter().map(|p| Evidence::of(p.0.clone(), p.1)));
        let others: Decimal =
            room.parts.iter().map(|p| p.2 - yuan(&Some(p.1.value.clone())).unwrap_or_default()).sum();
        out.hit(
            Draft::anomaly(format!("{year}年投资额超过报表所能容纳"), message, evidence)
                .effect(claimed.yuan - held)
                .still_holds(move |v| {
                    let held: Option<Decimal> = v[1..].iter().map(yuan).sum();
                    matches!((yuan(&v[0]), held), (Some(c), Some(h)) if c > (h + others) * factor)
                }),
        );
    }
    if !any {
        out.cannot("没有可比的资产负债表、利润表或现金流量表");
    }
}

fn of_year<'a>(cx: &Cx<'a>, kind: Kind, year: i32) -> Option<&'a Document> {
    let year = year.to_string();
    cx.of(kind).find(|d| d.value("period").is_some_and(|p| p.value.to_plain().contains(&year)))
}

fn room<'a>(cx: &Cx<'a>, year: i32) -> Room<'a> {
    let mut out = Room::default();
    let cash = of_year(cx, Kind::CashFlow, year).and_then(|d| money(d, &format!("{CASH}.current")));
    let mut grown: Vec<(String, &Sourced<Value>, Decimal)> = Vec::new();
    if let Some(d) = of_year(cx, Kind::BalanceSheet, year) {
        for line in ASSETS {
            let (closing, opening) =
                (money(d, &format!("{line}.closing")), money(d, &format!("{line}.opening")));
            if let Some((s, c)) = closing {
                let grew = c.yuan - opening.map_or(Decimal::ZERO, |o| o.1.yuan);
                if grew > Decimal::ZERO {
                    grown.push((format!("{line}增加"), s, grew));
                }
                out.assets = true;
            }
        }
    }
    let sum: Decimal = grown.iter().map(|g| g.2).sum();
    match cash {
        Some((s, m)) if m.yuan >= sum => {
            out.assets = true;
            out.parts.push(("购建长期资产支付的现金".into(), s, m.yuan));
        }
        _ => out.parts.extend(grown),
    }
    if let Some(d) = of_year(cx, Kind::IncomeStatement, year) {
        for line in EXPENSES {
            if let Some((s, m)) = money(d, &format!("{line}.current")) {
                out.expenses |= line != "销售费用";
                out.parts.push((line.to_owned(), s, m.yuan));
            }
        }
    }
    // Of the expenses those must be there through which development goes.
    out.expenses &= out.parts.iter().any(|p| p.0 == "管理费用" || p.0 == "研发费用");
    out
}

/// The whole investment against the assets of the last year; true where that could be compared.
fn against_assets(cx: &Cx<'_>, out: &mut Out) -> bool {
    let Some((s, claimed)) = cx.form("基本信息.已完成投资").and_then(|s| Some((s, money_of(s)?)))
    else {
        return false;
    };
    let sheets = cx.notice.years.iter().rev().filter_map(|y| of_year(cx, Kind::BalanceSheet, *y));
    let Some((a, assets)) = sheets.filter_map(|d| money(d, "资产总计.closing")).next() else {
        return false;
    };
    if claimed.yuan <= assets.yuan {
        out.pass();
        return true;
    }
    let message = format!(
        "已完成投资{}，超过企业全部资产{}。投资额大于总资产只在大部分已转作费用或由他方出资时可能。请申报单位说明资金来源，并核对两处的单位。",
        say::printed(claimed),
        say::yuan(assets.yuan)
    );
    let evidence = vec![Evidence::of("已完成投资", s), Evidence::of("资产总计", a)];
    out.hit(
        Draft::anomaly("已完成投资超过总资产", message, evidence)
            .effect(claimed.yuan - assets.yuan)
            .still_holds(|v| matches!((yuan(&v[0]), yuan(&v[1])), (Some(c), Some(a)) if c > a)),
    );
    true
}

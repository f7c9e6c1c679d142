//! INVEST-010 rows above their contract, amendments considered.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::sums::slips;
use crate::check::amends::{Ceiling, ceiling, is_amendment, original_of, purchases};
use crate::check::chain::{row_name, total};
use crate::check::cx::{money, money_of, yuan};
use crate::check::{Cx, Out, say};
use crate::model::{Document, Draft, Evidence, Field, InvestmentRow, Kind, Sourced, Value};
use crate::text::goods::Name;

/// Rows and the contracts they rest on together.
struct Group<'a> {
    rows: Vec<&'a InvestmentRow>,
    contracts: BTreeSet<u32>,
}

/// INVEST-010.
pub(super) fn above(cx: &Cx<'_>, out: &mut Out) {
    let groups = groups(cx);
    if groups.is_empty() {
        return out.cannot("清单各行没有能唯一对应的合同");
    }
    for group in &groups {
        if !whole(cx, group, out) {
            lines(cx, group, out);
        }
    }
}

/// Rows whose contracts are certain, joined where they share one.
fn groups<'a>(cx: &Cx<'a>) -> Vec<Group<'a>> {
    let root = |id: u32| -> Option<u32> {
        let d = cx.document(id)?;
        Some(if is_amendment(d) { original_of(cx, d).map_or(id, |o| o.id) } else { id })
    };
    let mut out: Vec<Group<'a>> = Vec::new();
    let mut open: BTreeSet<u32> = BTreeSet::new();
    for row in &cx.case.investment.rows {
        let roots: BTreeSet<u32> = row.contracts.iter().filter_map(|l| root(l.document)).collect();
        if row.contracts.iter().any(|l| !l.unique) {
            open.extend(&roots);
        } else if !roots.is_empty() {
            let (joined, rest): (Vec<_>, Vec<_>) =
                out.into_iter().partition(|g| !g.contracts.is_disjoint(&roots));
            let mut group = Group { rows: vec![row], contracts: roots };
            for g in joined {
                group.rows.extend(g.rows);
                group.contracts.extend(g.contracts);
            }
            group.rows.sort_by_key(|r| r.row);
            out = rest;
            out.push(group);
        }
    }
    out.sort_by_key(|g| g.rows[0].row);
    out
}

fn slack(cx: &Cx<'_>, rows: &[&InvestmentRow], limit: Decimal) -> Decimal {
    let half: Decimal = rows.iter().filter_map(|r| total(r)).map(|t| t.1.half_unit()).sum();
    half.max(Decimal::ONE) + limit * cx.notice.param("INVEST-010", "percent") / Decimal::ONE_HUNDRED
}

/// Whether the claim is the contract's amount with another unit or a slipped point.
fn slipped(cx: &Cx<'_>, claimed: Decimal, limit: Decimal) -> bool {
    let near = limit.abs() * cx.notice.param("INVEST-010", "percent") / Decimal::ONE_HUNDRED;
    slips().iter().any(|(k, _)| (claimed * *k - limit).abs() <= near)
}

/// The rows together against their contracts; true where something was said.
fn whole(cx: &Cx<'_>, group: &Group<'_>, out: &mut Out) -> bool {
    let ceilings: Vec<Ceiling<'_>> =
        group.contracts.iter().filter_map(|id| cx.document(*id)).map(|d| ceiling(cx, d)).collect();
    let claims: Option<Decimal> = group.rows.iter().map(|r| total(r).map(|t| t.1.yuan)).sum();
    let limit: Option<Decimal> = ceilings.iter().map(|c| c.most).sum();
    let (Some(claimed), Some(limit)) = (claims, limit) else {
        // A framework contract leaves its total to orders.
        out.skip();
        return true;
    };
    let slack = slack(cx, &group.rows, limit);
    if claimed <= limit + slack {
        out.pass();
        return false;
    }
    if slipped(cx, claimed, limit) {
        // INVEST-016 speaks of slipped units.
        out.skip();
        return true;
    }
    if ceilings.iter().flat_map(|c| &c.papers).any(|d| names_figure(d, claimed)) {
        // The contract speaks of the very amount: another of its amounts may be the total.
        out.skip();
        return true;
    }
    let names: Vec<String> = group.rows.iter().map(|r| row_name(r)).collect();
    let mut evidence: Vec<Evidence> = group.rows.iter().filter_map(|r| claim(r)).collect();
    let parts = evidence.len();
    evidence.extend(ceilings.iter().flat_map(Ceiling::evidence));
    let said: Vec<&str> = ceilings.iter().map(|c| c.said.as_str()).collect();
    let message = format!(
        "{}申报{}，所依据的{}，最多支持{}，超出{}（{}）。已把补充协议按“变更后总价”和“增加金额”两种读法中较宽的一种计入，并考虑显示位数和{}%的误差；没有总价的框架合同不比。请申报单位补交补充协议，或核减该项金额。",
        say::list(&names, 4),
        say::yuan(claimed),
        said.join("；"),
        say::yuan(limit),
        say::yuan(claimed - limit),
        say::percent(claimed - limit, limit),
        say::number(cx.notice.param("INVEST-010", "percent")),
    );
    let title = format!("{}申报金额超过合同{}", say::list(&names, 2), say::yuan(claimed - limit));
    let mut blind = cx.blind_spots();
    blind.extend(
        purchases(cx)
            .into_iter()
            .filter(|d| is_amendment(d) && original_of(cx, d).is_none())
            .map(|d| format!("{}（未能确定补充哪份合同）", say::doc(d))),
    );
    if ceilings.iter().any(|c| c.open) {
        blind.push("补充协议的金额未能读取".into());
    }
    if !blind.is_empty() {
        let message = format!("{message}但以下材料未能完全读取，可能是补充协议：{}。", say::list(&blind, 5));
        out.hit(Draft::unverifiable(title, message, evidence));
        return true;
    }
    // What is lifted for tax or amendments is lifted under other readings as well.
    let printed: Decimal = evidence[parts..].iter().map(|e| yuan(&e.value).unwrap_or_default()).sum();
    out.hit(Draft::anomaly(title, message, evidence).effect(claimed - limit).still_holds(move |v| {
        let claims: Option<Decimal> = v[..parts].iter().map(yuan).sum();
        let limits: Option<Decimal> = v[parts..].iter().map(yuan).sum();
        matches!((claims, limits), (Some(c), Some(l)) if c > limit + (l - printed) + slack)
    }));
    true
}

/// Whether a paper prints the amount anywhere, with or without separators.
fn names_figure(d: &Document, amount: Decimal) -> bool {
    let plain = amount.normalize().to_string();
    let grouped = crate::model::money::grouped(amount);
    let whole = grouped.trim_end_matches(".00");
    let text = d.text.replace('，', ",");
    [plain.as_str(), grouped.as_str(), whole].iter().any(|figure| {
        figure.len() >= 4
            && text.match_indices(figure).any(|(at, _)| {
                let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || c == ',');
                !digit(text[..at].chars().next_back()) && !digit(text[at + figure.len()..].chars().next())
            })
    })
}

fn claim(row: &InvestmentRow) -> Option<Evidence> {
    total(row).map(|(s, _)| Evidence::of(format!("清单第{}行总价", row.row), s))
}

/// A row against the line of the price table that names its goods, where the table makes up the contract's total.
fn lines(cx: &Cx<'_>, group: &Group<'_>, out: &mut Out) {
    let [id] = group.contracts.iter().copied().collect::<Vec<_>>()[..] else { return };
    let Some(contract) = cx.document(id).filter(|d| ceiling(cx, d).papers.len() == 1) else { return };
    let Some(table) = table(contract) else { return };
    let names: Vec<Name> = group.rows.iter().map(|r| Name::new(&plain(r, "name"))).collect();
    let same = cx.notice.matching.line();
    let mut taken: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (r, name) in names.iter().enumerate() {
        let fits: Vec<usize> =
            (0..table.lines.len()).filter(|l| table.lines[*l].0.alike(name, same) >= same).collect();
        if let [line] = fits[..] {
            taken.entry(line).or_default().push(r);
        }
    }
    for (line, rows) in taken {
        let ([r], (_, s, amount)) = (&rows[..], &table.lines[line]) else { continue };
        let row = group.rows[*r];
        let Some((_, claimed)) = total(row) else { continue };
        let limit = (*amount * table.factor).round_dp(2);
        let slack = slack(cx, &[row], limit);
        if claimed.yuan <= limit + slack || slipped(cx, claimed.yuan, limit) {
            continue;
        }
        let gap = claimed.yuan - limit;
        let message = format!(
            "{}申报{}，而合同（{}）价目表中该项为{}，超出{}。价目表各行合计与合同总价相符；已考虑价目不含税的情形、显示位数和{}%的误差。合同没有补充协议。请申报单位说明，或核减该项金额。",
            row_name(row),
            say::printed(claimed),
            say::doc(contract),
            say::yuan(limit),
            say::yuan(gap),
            say::number(cx.notice.param("INVEST-010", "percent")),
        );
        let title = format!("{}申报金额超过合同价目{}", row_name(row), say::yuan(gap));
        let mut evidence: Vec<Evidence> = claim(row).into_iter().collect();
        evidence.push(Evidence::of("合同价目金额", s));
        let factor = table.factor;
        out.hit(Draft::anomaly(title, message, evidence).effect(gap).still_holds(
            move |v| matches!((yuan(&v[0]), yuan(&v[1])), (Some(c), Some(l)) if c > l * factor + slack),
        ));
    }
}

fn plain(row: &InvestmentRow, field: &str) -> String {
    row.fields.get(field).and_then(Field::found).map(|s| s.value.to_plain()).unwrap_or_default()
}

struct Table<'a> {
    lines: Vec<(Name, &'a Sourced<Value>, Decimal)>,
    /// What takes the lines to the total: one, or one and a rate of tax.
    factor: Decimal,
}

fn table(contract: &Document) -> Option<Table<'_>> {
    debug_assert!(contract.kind == Kind::Contract);
    let amount = money(contract, "amount")?.1.yuan;
    let lines: Option<Vec<_>> = contract
        .items
        .iter()
        .map(|r| {
            let s = r.get("amount").and_then(Field::found)?;
            let name = r.get("name").and_then(Field::found)?.value.to_plain();
            Some((Name::new(&name), s, money_of(s)?.yuan))
        })
        .collect();
    let lines = lines.filter(|l| !l.is_empty())?;
    let sum: Decimal = lines.iter().map(|l| l.2).sum();
    let factor = [0, 1, 3, 5, 6, 9, 10, 13, 16].iter().map(|r| Decimal::ONE + Decimal::new(*r, 2));
    let factor = factor.into_iter().find(|f| (sum * *f - amount).abs() <= Decimal::ONE)?;
    Some(Table { lines, factor })
}

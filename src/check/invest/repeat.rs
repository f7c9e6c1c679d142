//! INVEST-014 the same item claimed in two rows.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::check::chain::{invoice_key, invoice_total, row_name, total, unlinked};
use crate::check::cx::yuan;
use crate::check::{Cx, Out, say};
use crate::model::{Category, Draft, Evidence, Field, InvestmentRow, Kind, Value};
use crate::text::name::normal_name;
use crate::text::normal::squash;

type Key = (String, String, String, Decimal);

fn plain(row: &InvestmentRow, field: &str) -> String {
    squash(&row.fields.get(field).and_then(Field::found).map(|s| s.value.to_plain()).unwrap_or_default())
        .to_lowercase()
}

/// What must agree for two rows to be the same item: name, contract, maker, total.
fn key(row: &InvestmentRow) -> Option<Key> {
    let name = plain(row, "name");
    let sum = total(row)?.1.yuan;
    (name.chars().count() >= 2 && sum > Decimal::ZERO)
        .then(|| (name, plain(row, "contract"), normal_name(&plain(row, "manufacturer")), sum))
}

/// INVEST-014.
pub(super) fn repeated(cx: &Cx<'_>, out: &mut Out) {
    let rows = &cx.case.investment.rows;
    if rows.is_empty() {
        return out.cannot("没有读到投资清单");
    }
    let mut by_key: BTreeMap<Key, Vec<&InvestmentRow>> = BTreeMap::new();
    for row in rows {
        match key(row) {
            Some(k) => by_key.entry(k).or_default().push(row),
            None => out.skip(),
        }
    }
    for ((_, _, _, each), same) in &by_key {
        if same.len() < 2 {
            out.pass();
        } else {
            judge(cx, same, *each, out);
        }
    }
}

/// Different invoices, enough for all the rows, show that the item was bought that often.
fn judge(cx: &Cx<'_>, rows: &[&InvestmentRow], each: Decimal, out: &mut Out) {
    let mut seen = BTreeSet::new();
    let (mut gross, mut net, mut unread) = (Decimal::ZERO, Decimal::ZERO, false);
    let links = rows.iter().flat_map(|r| &r.invoices);
    for d in links.clone().filter_map(|l| cx.document(l.document)) {
        if !seen.insert(invoice_key(d).unwrap_or_else(|| ("#".into(), d.id.to_string()))) {
            continue;
        }
        let share = links.clone().filter(|l| l.document == d.id).filter_map(|l| l.share).sum::<Decimal>();
        let whole = invoice_total(d).map(|t| t.1.yuan);
        unread |= whole.is_none();
        // Where lines tell the rows' shares, the rest of the invoice belongs to others.
        gross += if share.is_zero() { whole.unwrap_or_default() } else { share };
        net += crate::check::cx::money(d, "amount").map(|m| m.1.yuan).unwrap_or_default();
    }
    let claimed = each * Decimal::from(rows.len());
    let slack: Decimal = rows.iter().filter_map(|r| total(r)).map(|t| t.1.half_unit()).sum();
    let slack = slack.max(Decimal::from(50));
    let enough = gross + slack >= claimed || net + slack >= claimed;
    if !seen.is_empty() && enough {
        return out.pass();
    }
    let names: Vec<String> = rows.iter().map(|r| row_name(r)).collect();
    let evidence: Vec<Evidence> = rows
        .iter()
        .filter_map(|r| total(r).map(|(s, _)| Evidence::of(format!("清单第{}行总价", r.row), s)))
        .collect();
    if evidence.is_empty() {
        return out.skip();
    }
    let title = format!("{}重复列报", say::list(&names, 3));
    let extra = each * Decimal::from(rows.len() - 1);
    let facts = format!(
        "{}的名称、合同、生产厂商和总价（每行{}）完全相同，合计申报{}",
        say::list(&names, 4),
        say::yuan(each),
        say::yuan(claimed)
    );
    let labour = rows.iter().all(|r| r.category == Some(Category::Labour));
    if seen.is_empty() || unread || labour {
        let message = format!(
            "{facts}。这些行{}，无法判断是分批采购还是重复列报。请申报单位说明，并补附各批次的发票。",
            if seen.is_empty() { "没有可比的发票" } else { "的发票未能读全" }
        );
        return out.hit(Draft::unverifiable(title, message, evidence));
    }
    let message = format!(
        "{facts}，而对应的{}张不同发票价税合计只有{}，只够{}行。若是分批采购，各批应有各自的发票，已按此核对。请申报单位删去重复的行，或补交其余批次的发票。",
        seen.len(),
        say::yuan(gross),
        (gross / each).floor(),
    );
    let count = rows.len();
    let mut blind = cx.blind_spots();
    blind.extend(
        unlinked(cx, Kind::Invoice)
            .into_iter()
            .filter(|d| invoice_total(d).is_none_or(|t| (t.1.yuan - each).abs() <= slack))
            .map(|d| format!("{}（未能确定对应哪一行）", say::doc(d))),
    );
    if !blind.is_empty() {
        let message =
            format!("{message}但以下材料未能完全读取，可能是另一批次的发票：{}。", say::list(&blind, 5));
        return out.hit(Draft::unverifiable(title, message, evidence));
    }
    out.hit(
        Draft::anomaly(title, message, evidence)
            .effect(extra.min(claimed - gross).max(Decimal::ZERO))
            .still_holds(move |v: &[Option<Value>]| {
                let all: Vec<Decimal> = v.iter().filter_map(yuan).collect();
                all.len() == count
                    && all.iter().all(|a| *a == all[0])
                    && all.iter().sum::<Decimal>() > gross + slack
            }),
    );
}

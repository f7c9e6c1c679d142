//! DUP-010 one seller with equal items and prices at many applicants; different sellers with one account (`domain.md`
//!

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::runs::seller_of;
use crate::check::cx::{money_of, number_of};
use crate::check::{All, Out, say};
use crate::model::{Document, Draft, Evidence, Field, Kind, Row, Severity, Sourced, Value};
use crate::text::goods::goods;
use crate::text::name::normal_name;
use crate::text::party::{Party, is_sale, names};
use crate::text::voucher::sides;

/// A line of an invoice: whose, of which seller, at which price.
struct Line<'a> {
    case: usize,
    doc: &'a Document,
    price: &'a Sourced<Value>,
    yuan: Decimal,
}

/// DUP-010.
pub(super) fn prices(all: &All<'_>, out: &mut Out) {
    if all.cases.len() < 2 {
        return out.cannot("只有一个申报项目");
    }
    same_prices(all, out);
    same_account(all, out);
}

fn same_prices(all: &All<'_>, out: &mut Out) {
    let least = all.notice.param("DUP-010", "applicants").to_usize().unwrap_or(3).max(2);
    let percent = all.notice.param("DUP-010", "percent") / Decimal::ONE_HUNDRED;
    let mut by_item: BTreeMap<(String, String), Vec<Line<'_>>> = BTreeMap::new();
    for (case, cx) in all.cases.iter().enumerate() {
        for doc in cx.of(Kind::Invoice).filter(|d| !is_sale(&cx.applicant, d)) {
            let Some(seller) = seller_of(doc) else { continue };
            for row in &doc.items {
                if let Some((name, price, yuan)) = item(row) {
                    by_item.entry((seller.clone(), name)).or_default().push(Line { case, doc, price, yuan });
                }
            }
        }
    }
    let mut by_seller: BTreeMap<String, Vec<(String, Vec<Line<'_>>)>> = BTreeMap::new();
    for ((seller, name), mut lines) in by_item {
        lines.sort_by_key(|l| (l.yuan, l.case));
        // The longest stretch of prices that lie close together.
        let mut best = 0..0;
        for from in 0..lines.len() {
            let to = lines.partition_point(|l| l.yuan <= lines[from].yuan * (Decimal::ONE + percent));
            let count = |r: &std::ops::Range<usize>| {
                lines[r.clone()].iter().map(|l| l.case).collect::<BTreeSet<_>>().len()
            };
            if count(&(from..to)) > count(&best) {
                best = from..to;
            }
        }
        let close: Vec<Line<'_>> = lines.drain(best).collect();
        if close.iter().map(|l| l.case).collect::<BTreeSet<_>>().len() >= least {
            by_seller.entry(seller).or_default().push((name, close));
        }
    }
    for items in by_seller.values() {
        let cases: BTreeSet<usize> = items.iter().flat_map(|i| &i.1).map(|l| l.case).collect();
        let ids = cases.iter().map(|i| all.cases[*i].case.id.clone()).collect();
        out.hit_on(ids, price_draft(items, cases.len()));
    }
}

/// Name and unit price of a line; without a price its amount, where one piece was sold.
fn item(row: &Row) -> Option<(String, &Sourced<Value>, Decimal)> {
    let get = |f: &str| row.get(f).and_then(Field::found);
    let name = goods(&get("name")?.value.to_plain()).to_lowercase();
    let one = get("quantity").and_then(number_of).is_none_or(|q| q == Decimal::ONE);
    let price = get("unit_price").or_else(|| get("amount").filter(|_| one))?;
    let yuan = money_of(price).map(|m| m.yuan).or_else(|| number_of(price))?;
    (name.chars().count() >= 2 && yuan > Decimal::ZERO).then_some((name, price, yuan))
}

fn price_draft(items: &[(String, Vec<Line<'_>>)], applicants: usize) -> Draft {
    let seller = items[0].1[0].doc.value("seller_name").map(|s| s.value.to_plain()).unwrap_or_default();
    let list: Vec<String> =
        items.iter().map(|(name, lines)| format!("{name}（单价{}）", say::yuan(lines[0].yuan))).collect();
    let evidence: Vec<Evidence> = items
        .iter()
        .flat_map(|(_, lines)| lines.iter().take(4).map(|l| Evidence::of("单价", l.price)))
        .take(12)
        .collect();
    let message = format!(
        "“{seller}”向{applicants}家申报单位销售名称相同、单价相差不超过百分之一的{}：{}。标准化的软件和云服务对各客户同价属正常，只作提示，可与成交价格和实际交付情况一并核对。",
        if items.len() > 1 { "几项" } else { "一项" },
        say::list(&list, 6)
    );
    Draft::anomaly(format!("同一销售方对{applicants}家申报单位同品同价"), message, evidence)
        .severity(Severity::Notice)
        .still_holds(|_| true)
}

/// One account under the names of different sellers, at different applicants.
fn same_account(all: &All<'_>, out: &mut Out) {
    type Payee<'a> = (usize, String, &'a Sourced<Value>, &'a Sourced<Value>);
    let mut by_account: BTreeMap<String, Vec<Payee<'_>>> = BTreeMap::new();
    for (case, cx) in all.cases.iter().enumerate() {
        for d in cx.of(Kind::Payment).filter(|d| !is_sale(&cx.applicant, d)) {
            let (Some(account), Some(name)) = (d.value("payee_account"), sides(&cx.applicant, d).payee)
            else {
                continue;
            };
            let plain = account.value.to_plain();
            let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
            if digits.len() >= 10 && !plain.contains('*') {
                let who = normal_name(&name.value.to_plain());
                by_account.entry(digits).or_default().push((case, who, account, name));
            }
        }
    }
    for (account, uses) in &by_account {
        let first = &uses[0];
        let other = uses.iter().find(|u| u.0 != first.0 && names(&u.1, &first.1, true) == Party::Other);
        let Some(other) = other else { continue };
        let message = format!(
            "收款账号{account}在两个申报单位的支付凭证上分别属于“{}”和“{}”。一个账号只有一个户名。已排除写法差别和扫描误读造成的相近名称；更名后沿用账号的应有证明。请向开户银行核实。",
            first.3.value.to_plain(),
            other.3.value.to_plain()
        );
        let evidence = vec![
            Evidence::of("收款账号", first.2),
            Evidence::of("收款人", first.3),
            Evidence::of("收款账号", other.2),
            Evidence::of("收款人", other.3),
        ];
        let ids = vec![all.cases[first.0].case.id.clone(), all.cases[other.0].case.id.clone()];
        let draft = Draft::anomaly("不同收款人使用同一账号", message, evidence).severity(Severity::Minor);
        out.hit_on(
            ids,
            draft.still_holds(|v| {
                let digits = |i: usize| -> Option<String> {
                    Some(v[i].as_ref()?.to_plain().chars().filter(char::is_ascii_digit).collect())
                };
                digits(0) == digits(2)
            }),
        );
    }
}

//! DUP-009 consecutive invoice numbers of one seller across applicants (`domain.md` X-23).

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::prelude::ToPrimitive;

use super::papers::same_applicant;
use crate::check::chain::invoice_key;
use crate::check::contract::dates::day;
use crate::check::{All, Out, say};
use crate::model::{Document, Draft, Evidence, Kind, Severity, Value};
use crate::text::code::clean_code;
use crate::text::name::normal_name;
use crate::text::party::{is_placeholder, is_sale};

/// One invoice of a seller.
struct Use<'a> {
    case: usize,
    doc: &'a Document,
}

/// Who sold: by id, else by name.
pub(super) fn seller_of(d: &Document) -> Option<String> {
    let plain = |f: &str| d.value(f).map(|s| s.value.to_plain());
    plain("seller_tax_id")
        .map(|i| clean_code(&i))
        .filter(|i| !is_placeholder(i))
        .or_else(|| plain("seller_name").map(|n| normal_name(&n)).filter(|n| n.chars().count() >= 4))
}

/// DUP-009.
pub(super) fn runs(all: &All<'_>, out: &mut Out) {
    if all.cases.len() < 2 {
        return out.cannot("只有一个申报项目");
    }
    let mut books: BTreeMap<(String, String), BTreeMap<u128, Use<'_>>> = BTreeMap::new();
    for (i, cx) in all.cases.iter().enumerate() {
        for d in cx.of(Kind::Invoice).filter(|d| !is_sale(&cx.applicant, d)) {
            let (Some(seller), Some((code, number))) = (seller_of(d), invoice_key(d)) else { continue };
            if let Ok(n) = number.parse() {
                books.entry((seller, code)).or_default().entry(n).or_insert(Use { case: i, doc: d });
            }
        }
    }
    for book in books.values() {
        let mut run: Vec<&Use<'_>> = Vec::new();
        let mut last: Option<u128> = None;
        for (n, used) in book {
            if last.is_some_and(|l| l + 1 != *n) {
                judge(all, &run, out);
                run.clear();
            }
            run.push(used);
            last = Some(*n);
        }
        judge(all, &run, out);
    }
}

fn judge(all: &All<'_>, run: &[&Use<'_>], out: &mut Out) {
    let cases: BTreeSet<usize> = run.iter().map(|u| u.case).collect();
    let apart = cases.iter().any(|i| cases.iter().any(|j| !same_applicant(&all.cases[*i], &all.cases[*j])));
    if cases.len() < 2 || !apart {
        return;
    }
    let days: Vec<NaiveDate> = run.iter().filter_map(|u| day(u.doc, "date")).map(|d| d.1).collect();
    let spread = match (days.iter().min(), days.iter().max()) {
        (Some(a), Some(b)) => (*b - *a).num_days(),
        _ => 0,
    };
    let limit = all.notice.param("DUP-009", "days").to_i64().unwrap_or(60);
    let seller = run[0].doc.value("seller_name").map(|s| s.value.to_plain()).unwrap_or_default();
    let list: Vec<String> = run
        .iter()
        .map(|u| {
            let number = u.doc.value("number").map(|s| s.value.to_plain()).unwrap_or_default();
            let on = day(u.doc, "date").map_or_else(String::new, |d| format!("，{}", d.1));
            format!("{number}（{}{on}）", all.cases[u.case].case.id)
        })
        .collect();
    let evidence: Vec<Evidence> =
        run.iter().take(8).filter_map(|u| Some(Evidence::of("发票号码", u.doc.value("number")?))).collect();
    if evidence.is_empty() {
        return;
    }
    let strong = run.len() >= 3 || spread >= limit;
    let message = format!(
        "“{seller}”开给不同申报单位的{}张发票号码相连：{}。开票日期相隔{spread}天。{}小规模销售方业务少、同日集中开票都可能连号；已按同一销售方、同一发票代码比对，同一张发票另由 DUP-001 报。请查验这些发票。",
        run.len(),
        say::list(&list, 8),
        if spread >= limit {
            "相隔较久仍连号，说明该销售方其间没有给别人开过票。"
        } else {
            ""
        }
    );
    let ids = cases.iter().map(|i| all.cases[*i].case.id.clone()).collect();
    let draft =
        Draft::anomaly(format!("{}张发票跨申报单位连号", run.len()), message, evidence).still_holds(|v| {
            let numbers: Option<Vec<u128>> = v
                .iter()
                .map(|x| match x {
                    Some(Value::Text(t)) => t.trim().parse().ok(),
                    Some(Value::Number(n)) => n.to_u128(),
                    _ => None,
                })
                .collect();
            numbers.is_none_or(|n| n.windows(2).all(|w| w[1] == w[0] + 1))
        });
    out.hit_on(ids, if strong { draft } else { draft.severity(Severity::Notice) });
}

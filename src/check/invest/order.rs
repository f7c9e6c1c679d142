//! INVEST-017 a row's papers bound in another order than contract, invoice, payment voucher.

use crate::check::chain::row_name;
use crate::check::cx::whole;
use crate::check::{Cx, Out, say};
use crate::model::{Document, Draft, Evidence, Link};

/// INVEST-017.
pub(super) fn order(cx: &Cx<'_>, out: &mut Out) {
    let mut wrong: Vec<(String, Vec<&Document>)> = Vec::new();
    let mut compared = false;
    for row in &cx.case.investment.rows {
        let of = |links: &[Link]| -> Option<Vec<&Document>> {
            links.iter().map(|l| cx.document(l.document).filter(|_| l.unique)).collect()
        };
        let (Some(contracts), Some(invoices), Some(payments)) =
            (of(&row.contracts), of(&row.invoices), of(&row.payments))
        else {
            out.skip();
            continue;
        };
        let mut pairs = Vec::new();
        for (earlier, later) in [(&contracts, &invoices), (&invoices, &payments), (&contracts, &payments)] {
            pairs.extend(first_of_a_file(earlier, later));
        }
        if pairs.is_empty() {
            // Files of their own have no order but their names.
            out.skip();
            continue;
        }
        compared = true;
        match pairs.into_iter().find(|(a, b)| a.pages.0 > b.pages.0) {
            Some((a, b)) => wrong.push((row_name(row), vec![a, b])),
            None => out.pass(),
        }
    }
    if !compared {
        return out.cannot("各行凭证不在同一文件中，没有装订顺序可比");
    }
    if wrong.is_empty() {
        return;
    }
    let names: Vec<String> = wrong.iter().map(|w| w.0.clone()).collect();
    let first = &wrong[0].1;
    let message = format!(
        "通知要求每项按合同、发票、支付凭证的顺序排列附后。{}没有按此排列，例如{}的{}在{}的{}之后。已排除合同、发票为几行共用以及分文件存放的情形。不影响金额，便于审阅起见请重新编排。",
        say::list(&names, 6),
        say::kind(first[0].kind),
        say::doc(first[0]),
        say::kind(first[1].kind),
        say::doc(first[1]),
    );
    let evidence: Vec<Evidence> =
        wrong.iter().take(5).flat_map(|w| &w.1).map(|d| whole(say::kind(d.kind), d)).collect();
    let title = format!("{}行凭证的排列顺序不合要求", wrong.len());
    out.hit(Draft::anomaly(title, message, evidence).still_holds(|_| true));
}

/// The first documents of two kinds that lie in one file.
fn first_of_a_file<'a>(a: &[&'a Document], b: &[&'a Document]) -> Option<(&'a Document, &'a Document)> {
    let first = |docs: &[&'a Document], file: &str| {
        docs.iter().copied().filter(|d| *d.file == *file).min_by_key(|d| (d.pages.0, d.id))
    };
    let x = a.iter().copied().min_by_key(|d| (d.file.to_string(), d.pages.0))?;
    Some((first(a, &x.file)?, first(b, &x.file)?))
}

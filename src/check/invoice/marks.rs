//! INVOICE-010: red-letter and voided invoices that are counted all the same.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::facts::is_linked;
use super::sums::title_of;
use crate::check::chain::{Chain, chains, invoice_key, invoice_total};
use crate::check::cx::{text, yuan};
use crate::check::{Cx, Out, say};
use crate::model::{Document, Draft, Evidence, Kind, Severity, Sourced, Value};
use crate::text::party::{is_sale, is_scrap, names, same_id};

/// Whether an invoice carries a mark.
pub(super) fn marked(d: &Document, mark: &str) -> bool {
    matches!(d.value("marks").map(|s| &s.value), Some(Value::List(l)) if l.iter().any(|m| m == mark))
}

/// The day of issue.
pub(super) fn day_of(d: &Document) -> Option<(&Sourced<Value>, NaiveDate)> {
    let s = d.value("date")?;
    match s.value {
        Value::Date(day) => Some((s, day)),
        _ => None,
    }
}

fn is_red(d: &Document) -> bool {
    invoice_total(d).is_some_and(|t| t.1.yuan < Decimal::ZERO)
}

/// INVOICE-010.
pub(super) fn counted(cx: &Cx<'_>, out: &mut Out) {
    let own: Vec<&Document> =
        cx.of(Kind::Invoice).filter(|d| !is_sale(&cx.applicant, d) && !is_scrap(cx.case, d)).collect();
    if own.is_empty() {
        return out.cannot("没有投资发票");
    }
    let chains = chains(cx);
    let reds = red_letters(cx, &own);
    for d in own.iter().filter(|d| !is_red(d)) {
        if marked(d, "作废") && is_linked(cx, d.id) {
            out.hit(voided(d));
            continue;
        }
        let red = reds.iter().find_map(|r| cancels(r, d).map(|named| (*r, named)));
        let chain = chains.iter().find(|c| c.copies.iter().any(|x| x.id == d.id));
        match (red, chain) {
            (Some((red, named)), Some(chain)) => match netted(chain, d, red, named) {
                Some(draft) => out.hit(draft),
                None => out.pass(),
            },
            _ => out.pass(),
        }
    }
}

/// Red-letter invoices of the submission, and those elsewhere in the batch.
fn red_letters<'a>(cx: &Cx<'a>, own: &[&'a Document]) -> Vec<&'a Document> {
    let elsewhere = cx.batch.cases.iter().filter(|c| c.id != cx.case.id).flat_map(|c| &c.documents);
    own.iter().copied().chain(elsewhere.filter(|d| d.kind == Kind::Invoice)).filter(|d| is_red(d)).collect()
}

/// Whether a red-letter invoice takes back another: true if it names it, false if only seller and amount say so.
fn cancels(red: &Document, blue: &Document) -> Option<bool> {
    let (code, number) = invoice_key(blue)?;
    if invoice_key(red).is_some_and(|k| k.1 == number) {
        return None;
    }
    if red.text.contains(&number) && (code.is_empty() || red.text.contains(&code)) {
        return Some(true);
    }
    let seller = match (text(red, "seller_tax_id"), text(blue, "seller_tax_id")) {
        (Some(a), Some(b)) => same_id(&a.1, &b.1),
        _ => match (text(red, "seller_name"), text(blue, "seller_name")) {
            (Some(a), Some(b)) => names(&a.1, &b.1, false).is_same(),
            _ => false,
        },
    };
    let amount = invoice_total(red)?.1.yuan == -invoice_total(blue)?.1.yuan;
    let after = day_of(red)?.1 >= day_of(blue)?.1;
    // A red letter that names another invoice takes back that one.
    let names_another = ["对应正数发票", "被红冲蓝字"].iter().any(|w| red.text.contains(w));
    (seller && amount && after && !names_another && red.file != blue.file).then_some(false)
}

fn voided(d: &Document) -> Draft {
    let mut evidence: Vec<Evidence> =
        d.value("marks").map(|s| Evidence::of("作废标记", s)).into_iter().collect();
    let total = invoice_total(d);
    evidence.extend(total.map(|t| Evidence::of("价税合计", t.0)));
    let electronic = d.value("kind_name").is_some_and(|s| s.value.to_plain().contains("电子"));
    let message = format!(
        "{}标有“作废”，却作为清单的凭证。{}作废发票不是有效凭证，请申报单位换附重新开具的发票。",
        title_of(d),
        if electronic {
            "电子发票不能作废，只能开红字发票，该标记本身也需说明。"
        } else {
            ""
        }
    );
    Draft::anomaly(format!("{}已作废仍被计入", title_of(d)), message, evidence)
        .effect(total.map(|t| t.1.yuan).unwrap_or_default())
}

/// The rows that rest on a taken-back invoice claim more than is left of it.
fn netted(chain: &Chain<'_>, blue: &Document, red: &Document, named: bool) -> Option<Draft> {
    let claim = chain.claimed()?;
    let gross: Decimal = chain
        .invoices
        .iter()
        .filter(|d| !is_red(d))
        .map(|d| invoice_total(d).map(|t| t.1.yuan))
        .sum::<Option<Decimal>>()?;
    let back = -invoice_total(red)?.1.yuan;
    let left = gross - back;
    let slack = chain.slack() + Decimal::ONE;
    if claim <= left + slack {
        return None;
    }
    let mut evidence = vec![
        Evidence::of("红字发票价税合计", invoice_total(red)?.0),
        Evidence::of("被冲发票价税合计", invoice_total(blue)?.0),
    ];
    evidence.extend(blue.value("number").map(|s| Evidence::of("被冲发票号码", s)));
    let fixed = evidence.len();
    evidence.extend(chain.claim_evidence());
    let short = (claim - left).min(back);
    let message = format!(
        "{}已被{}（{}）红字冲回{}{}，而{}仍申报{}：有关发票合计{} − 冲回{} = {}，{}没有发票支持。已考虑部分冲红、冲红后重新开具（重开的发票已计入）。请申报单位说明。",
        title_of(blue),
        title_of(red),
        say::doc(red),
        say::yuan(back),
        if named {
            "，红字发票写明了被冲发票的号码"
        } else {
            "（销售方相同、金额相等）"
        },
        chain.name(),
        say::yuan(claim),
        say::yuan(gross),
        say::yuan(back),
        say::yuan(left),
        say::yuan(short)
    );
    let rest = gross - invoice_total(blue)?.1.yuan;
    let draft = Draft::anomaly(format!("{}已被红冲仍全额计入", title_of(blue)), message, evidence)
        .effect(short)
        .still_holds(move |v| {
            let claims: Option<Decimal> = v[fixed..].iter().map(yuan).sum();
            match (yuan(&v[0]), yuan(&v[1]), claims) {
                (Some(red), Some(blue), Some(claim)) => claim > rest + blue - red.abs() + slack,
                _ => true,
            }
        });
    Some(draft.severity(if named { Severity::Critical } else { Severity::Major }))
}

//! Reconciling the investment list with its evidence (`design.md` §4).
//!
//! Rows, contracts, invoices and payments form a graph whose links are many-to-many: instalments, retention, one
//! invoice for several rows, several invoices for one row, one contract for all. Candidates come from the seller
//! (ids first, then normalised names), names of contracts and goods, amounts (with and without tax), and
//! neighbourhood; amounts are allotted by exact match, then small subset sums, then seller totals. A link that is not
//! unique asserts nothing. Each link says why.
//!
//! What is small is solved exactly (`exact`: up to 8 rows and 10 papers of a seller, every way of sharing out; `sums`: up
//! to 6 of 40 papers): only what all solutions have in common is asserted. Beyond those bounds nothing is determined:
//! rows and papers of the seller stay tied together, marked as not unique. The order in which papers are found does not
//! matter; the order in which they are bound does, as a cue.

mod across;
mod contracts;
mod exact;
mod facts;
mod graph;
mod invoices;
mod payments;
mod place;
mod relate;
mod sellers;
mod sums;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_large;

use rust_decimal::Decimal;

use crate::model::{Case, Document, Field, Investment, InvestmentRow, Kind, Link, RowStatus, Value};
use crate::pack::Pack;
use crate::text::party::{Renamings, Who, applicant_of, may_be_paper, poor_papers};
use crate::text::voucher::{Standing, may_be_passed_on, standing};
use facts::{Claim, Paper};
use graph::Graph;

/// Reconciles a submission's list; fills `case.investment`.
pub fn investment(case: &mut Case, pack: &Pack) {
    let Some(form) = case.form() else {
        case.investment = Investment::default();
        return;
    };
    let who = applicant_of(case);
    let items = form.items.clone();
    let renamed = Renamings::of(case);
    let mut claims = facts::claims(&items);
    claims.iter_mut().for_each(|c| c.maker = renamed.current(&c.maker).to_owned());
    let papers = facts::papers(case, &who, &renamed, pack.notice.matching);
    let mut graph = Graph::new(&claims, &papers, pack.notice.matching);
    contracts::link(&mut graph);
    invoices::link(&mut graph);
    contracts::link_by_invoice(&mut graph);
    payments::link(&mut graph);
    let net = graph.net_basis();
    let invoiced = graph.sums(Kind::Invoice, net);
    let paid = graph.sums(Kind::Payment, false);
    let blind = is_blind(case, &who, &papers);
    let tolerance = |claim: Decimal, slack: Decimal| pack.notice.claim_slack(claim).max(slack);
    // What is paid but for a retention counts as paid (INVEST-009).
    let paid_off = pack.notice.param("INVEST-009", "paid_percent") / Decimal::ONE_HUNDRED;
    let mut rows = Vec::new();
    for (i, fields) in items.into_iter().enumerate() {
        let mut row = InvestmentRow {
            row: i as u32 + 1,
            category: claims[i].category,
            fields,
            contracts: graph.links_of(i, Kind::Contract),
            invoices: graph.links_of(i, Kind::Invoice),
            payments: graph.links_of(i, Kind::Payment),
            invoiced: invoiced[i],
            paid: paid[i],
            status: RowStatus::Missing,
        };
        row.status = status(&row, &claims[i], &tolerance, paid_off, blind);
        rows.push(row);
    }
    let supported = rows.iter().zip(&claims).map(|(r, c)| supported(r, c, paid_off)).sum();
    let claimed = form_money(case, "基本信息.已完成投资");
    case.investment = Investment { claimed, supported: (!rows.is_empty()).then_some(supported), rows };
}

fn form_money(case: &Case, field: &str) -> Option<Decimal> {
    match &case.form()?.value(field)?.value {
        Value::Money(m) => Some(m.yuan),
        _ => None,
    }
}

/// Whether a paper that seems to be missing may be among what nobody could read.
fn is_blind(case: &Case, who: &Who, papers: &[Paper]) -> bool {
    let open = |d: &Document| standing(who, d) == Standing::Pending || may_be_passed_on(who, d);
    !case.unread.is_empty()
        || case.documents.iter().any(|d| d.kind == Kind::Payment && open(d))
        || poor_papers(case).next().is_some()
        || case.documents.iter().any(may_be_paper)
        || papers.iter().any(|p| p.seller.is_none() && p.gross.is_none())
}

fn status(
    row: &InvestmentRow,
    claim: &Claim,
    tolerance: &dyn Fn(Decimal, Decimal) -> Decimal,
    paid_off: Decimal,
    blind: bool,
) -> RowStatus {
    let unreadable = matches!(row.fields.get("total"), Some(Field::Unreadable(_)));
    let Some(total) = claim.total else { return RowStatus::Unverifiable };
    if unreadable {
        return RowStatus::Unverifiable;
    }
    let reach = |sum: Option<Decimal>, share: Decimal| {
        sum.is_some_and(|s| s + tolerance(total, claim.slack) >= total * share)
    };
    let shared = row.invoices.iter().chain(&row.payments).any(|l| !l.unique);
    match (reach(row.invoiced, Decimal::ONE), reach(row.paid, paid_off)) {
        (true, true) => RowStatus::Supported,
        _ if row.invoices.is_empty() && row.payments.is_empty() && row.contracts.is_empty() => {
            if blind {
                RowStatus::Unverifiable
            } else {
                RowStatus::Missing
            }
        }
        _ if blind || shared => RowStatus::Unverifiable,
        _ => RowStatus::Short,
    }
}

/// What of the claim is backed: invoiced, and paid but for a retention.
fn supported(row: &InvestmentRow, claim: &Claim, paid_off: Decimal) -> Decimal {
    let Some(total) = claim.total else { return Decimal::ZERO };
    if row.status == RowStatus::Supported {
        return total;
    }
    let invoiced = row.invoiced.unwrap_or_default();
    let paid = row.paid.unwrap_or_default();
    if invoiced.is_zero() || paid.is_zero() {
        return Decimal::ZERO;
    }
    let paid = if paid >= invoiced * paid_off { invoiced } else { paid };
    total.min(invoiced).min(paid).max(Decimal::ZERO)
}

fn link(document: u32, share: Option<Decimal>, unique: bool, why: Vec<String>) -> Link {
    Link { document, share, unique, why }
}

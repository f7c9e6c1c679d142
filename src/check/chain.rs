//! Rows that share invoices, and what the shared invoices come to: the ground of the coverage rules.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::Cx;
use super::cx::{money, money_of, text};
use crate::model::{Document, Evidence, Field, InvestmentRow, Kind, Money, Sourced, Value};
use crate::text::voucher::is_received;

/// Rows that share invoices.
pub(super) struct Chain<'a> {
    pub(super) rows: Vec<&'a InvestmentRow>,
    /// One document for each different invoice.
    pub(super) invoices: Vec<&'a Document>,
    /// All documents linked as invoices, copies included.
    pub(super) copies: Vec<&'a Document>,
    pub(super) payments: Vec<&'a Document>,
    pub(super) contracts: Vec<&'a Document>,
    /// Those of the payments that are money paid back.
    pub(super) refunds: BTreeSet<u32>,
}

/// Code and number; a 20-digit number stands alone.
pub(super) fn invoice_key(d: &Document) -> Option<(String, String)> {
    let (_, number) = text(d, "number")?;
    let number: String = number.chars().filter(char::is_ascii_digit).collect();
    let code: String =
        text(d, "code").map(|c| c.1.chars().filter(char::is_ascii_digit).collect()).unwrap_or_default();
    match number.len() {
        20 => Some((String::new(), number)),
        // Without its code an 8-digit number names no invoice.
        8 if code.len() == 10 || code.len() == 12 => Some((code, number)),
        _ => None,
    }
}

/// The chains of a submission, in the order of the list.
pub(super) fn chains<'a>(cx: &Cx<'a>) -> Vec<Chain<'a>> {
    let rows = &cx.case.investment.rows;
    let key = |id: u32| -> Option<(String, String)> {
        let d = cx.document(id)?;
        Some(invoice_key(d).unwrap_or_else(|| (String::from("#"), id.to_string())))
    };
    let mut mark: Vec<usize> = (0..rows.len()).collect();
    let mut owner: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (i, row) in rows.iter().enumerate() {
        for k in row.invoices.iter().filter_map(|l| key(l.document)) {
            if let Some(&other) = owner.get(&k) {
                let (from, to) = (mark[i].max(mark[other]), mark[i].min(mark[other]));
                for m in &mut mark {
                    if *m == from {
                        *m = to;
                    }
                }
            } else {
                owner.insert(k, i);
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (i, m) in mark.iter().enumerate() {
        groups.entry(*m).or_default().push(i);
    }
    groups.into_values().map(|members| chain(cx, &members)).collect()
}

fn chain<'a>(cx: &Cx<'a>, members: &[usize]) -> Chain<'a> {
    let rows: Vec<&InvestmentRow> = members.iter().map(|i| &cx.case.investment.rows[*i]).collect();
    let collect = |of: fn(&InvestmentRow) -> &Vec<crate::model::Link>| -> Vec<&'a Document> {
        let ids: BTreeSet<u32> = rows.iter().flat_map(|r| of(r).iter().map(|l| l.document)).collect();
        ids.into_iter().filter_map(|i| cx.document(i)).collect()
    };
    let copies = collect(|r| &r.invoices);
    let mut seen = BTreeSet::new();
    let invoices = copies
        .iter()
        .copied()
        .filter(|d| seen.insert(invoice_key(d).unwrap_or_else(|| ("#".into(), d.id.to_string()))))
        .collect();
    let (payments, contracts) = (collect(|r| &r.payments), collect(|r| &r.contracts));
    let refunds = payments.iter().filter(|d| is_received(&cx.applicant, d)).map(|d| d.id).collect();
    Chain { rows, invoices, copies, payments, contracts, refunds }
}

impl Chain<'_> {
    /// What the rows claim.
    pub(super) fn claimed(&self) -> Option<Decimal> {
        self.rows.iter().map(|r| total(r).map(|(_, m)| m.yuan)).sum()
    }

    /// What display rounding of the claims may hide.
    pub(super) fn slack(&self) -> Decimal {
        self.rows.iter().filter_map(|r| total(r)).map(|(_, m)| m.half_unit()).sum()
    }

    /// The invoices with tax; none if one of them cannot be read.
    pub(super) fn gross(&self) -> Option<Decimal> {
        self.invoices.iter().map(|d| invoice_total(d).map(|(_, m)| m.yuan)).sum()
    }

    /// The invoices without tax.
    pub(super) fn net(&self) -> Option<Decimal> {
        self.invoices.iter().map(|d| money(d, "amount").map(|(_, m)| m.yuan)).sum()
    }

    /// The payments, less what suppliers paid back.
    pub(super) fn paid(&self) -> Option<Decimal> {
        self.payments
            .iter()
            .map(|d| {
                let paid = payment_amount(d).map(|(_, m)| m.yuan)?;
                Some(if self.refunds.contains(&d.id) { -paid } else { paid })
            })
            .sum()
    }

    /// `第3行“边缘网关”`, several joined.
    pub(super) fn name(&self) -> String {
        let names: Vec<String> = self.rows.iter().map(|r| row_name(r)).collect();
        super::say::list(&names, 4)
    }

    /// Evidence for the claims.
    pub(super) fn claim_evidence(&self) -> Vec<Evidence> {
        self.rows
            .iter()
            .filter_map(|r| total(r).map(|(s, _)| Evidence::of(format!("清单第{}行总价", r.row), s)))
            .collect()
    }
}

/// A row's printed total.
pub(super) fn total(row: &InvestmentRow) -> Option<(&Sourced<Value>, Money)> {
    let s = row.fields.get("total")?.found()?;
    money_of(s).map(|m| (s, m))
}

/// `第3行“边缘网关”`.
pub(super) fn row_name(row: &InvestmentRow) -> String {
    let name = row.fields.get("name").and_then(Field::found).map(|s| s.value.to_plain()).unwrap_or_default();
    format!("第{}行“{name}”", row.row)
}

/// The total of an invoice, in digits or, where they cannot be read, in capitals.
pub(super) fn invoice_total(d: &Document) -> Option<(&Sourced<Value>, Money)> {
    money(d, "total").or_else(|| money(d, "total_capital"))
}

/// The amount of a payment, in digits or in capitals.
pub(super) fn payment_amount(d: &Document) -> Option<(&Sourced<Value>, Money)> {
    money(d, "amount").or_else(|| money(d, "amount_capital"))
}

/// Whether the list claims amounts without tax: more chains fit that way than with tax.
pub(super) fn claims_without_tax(chains: &[Chain<'_>]) -> bool {
    let (mut gross, mut net) = (0, 0);
    for c in chains.iter().filter(|c| !c.invoices.is_empty()) {
        let Some(claim) = c.claimed() else { continue };
        if c.gross() == c.net() {
            continue;
        }
        let fits = |a: Option<Decimal>| a.is_some_and(|a| (a - claim).abs() <= c.slack() + Decimal::ONE);
        gross += u32::from(fits(c.gross()));
        net += u32::from(fits(c.net()));
    }
    net > gross
}

/// Evidence for a row as a whole: its total, or whatever field it has.
pub(super) fn row_evidence(row: &InvestmentRow) -> Option<Evidence> {
    let field =
        row.fields.get("total").or_else(|| row.fields.get("name")).or_else(|| row.fields.values().next())?;
    Some(Evidence::of_field(format!("清单第{}行", row.row), field))
}

/// Documents of a kind that no row is linked to and that are not the applicant's sales.
pub(super) fn unlinked<'a>(cx: &Cx<'a>, kind: Kind) -> Vec<&'a Document> {
    let linked: BTreeSet<u32> = cx
        .case
        .investment
        .rows
        .iter()
        .flat_map(|r| r.contracts.iter().chain(&r.invoices).chain(&r.payments))
        .map(|l| l.document)
        .collect();
    cx.of(kind)
        .filter(|d| {
            !linked.contains(&d.id)
                && !crate::text::party::is_scrap(cx.case, d)
                && !crate::text::party::is_sale(&cx.applicant, d)
        })
        .collect()
}

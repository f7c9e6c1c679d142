//! Contracts with what amends them: what a contract comes to after its amendments (`domain.md` C-07).

use rust_decimal::Decimal;

use super::Cx;
use super::cx::{money, text};
use crate::model::{Document, Evidence, Kind};
use crate::text::goods::alike;
use crate::text::normal::squash;
use crate::text::party::{is_sale, is_scrap};

/// Contracts that may back the list.
pub(super) fn purchases<'a>(cx: &Cx<'a>) -> Vec<&'a Document> {
    cx.of(Kind::Contract).filter(|d| !is_sale(&cx.applicant, d) && !is_scrap(cx.case, d)).collect()
}

/// Whether a paper amends another one.
pub(super) fn is_amendment(d: &Document) -> bool {
    d.fields.contains_key("amends")
        || text(d, "title").is_some_and(|t| {
            ["补充协议", "补充合同", "变更协议", "变更合同", "增补协议", "补充条款"]
                .iter()
                .any(|w| t.1.contains(w))
        })
}

/// The contract that an amendment amends: by its number, by its title, or the only other one with the same parties.
pub(super) fn original_of<'a>(cx: &Cx<'a>, amendment: &Document) -> Option<&'a Document> {
    let others: Vec<&Document> =
        purchases(cx).into_iter().filter(|d| d.id != amendment.id && !is_amendment(d)).collect();
    if let Some((_, named)) = text(amendment, "amends") {
        let named = squash(&named);
        let number = |d: &&&Document| text(d, "number").is_some_and(|n| squash(&n.1) == named);
        if let Some(d) = others.iter().find(number) {
            return Some(*d);
        }
        let near = cx.notice.matching.title();
        let titled: Vec<&&Document> =
            others.iter().filter(|d| text(d, "title").is_some_and(|t| alike(&t.1, &named) >= near)).collect();
        if let [one] = titled.as_slice() {
            return Some(**one);
        }
    }
    let party = |d: &Document| text(d, "party_b").map(|p| squash(&p.1));
    let same: Vec<&&Document> =
        others.iter().filter(|d| party(d).is_some() && party(d) == party(amendment)).collect();
    if let [one] = same.as_slice() { Some(**one) } else { None }
}

/// What a contract and its amendments allow to be claimed.
pub(super) struct Ceiling<'a> {
    /// 元, read in the way that allows most; none where the contract leaves its total open.
    pub(super) most: Option<Decimal>,
    /// Words: how it was computed.
    pub(super) said: String,
    /// The contract and its amendments.
    pub(super) papers: Vec<&'a Document>,
    /// An amendment's amount was not read.
    pub(super) open: bool,
}

impl Ceiling<'_> {
    /// The amounts it was computed from.
    pub(super) fn evidence(&self) -> Vec<Evidence> {
        let label = |d: &Document| if is_amendment(d) { "补充协议金额" } else { "合同金额" };
        self.papers.iter().filter_map(|d| Some(Evidence::of(label(d), money(d, "amount")?.0))).collect()
    }
}

/// The ceiling of a contract.
pub(super) fn ceiling<'a>(cx: &Cx<'a>, contract: &'a Document) -> Ceiling<'a> {
    let amendments: Vec<&Document> = purchases(cx)
        .into_iter()
        .filter(|d| is_amendment(d) && original_of(cx, d).is_some_and(|o| o.id == contract.id))
        .collect();
    let mut papers = vec![contract];
    papers.extend(&amendments);
    let untaxed = money(contract, "amount_untaxed").map(|m| m.1.yuan);
    // Where digits and capitals differ, which is CONTRACT-002's, the larger counts here.
    let both = ["amount", "amount_capital"].iter().filter_map(|f| money(contract, f)).map(|m| m.1.yuan);
    let base = both.max();
    let mut said = base.map(|b| format!("合同金额{}", super::say::yuan(b))).unwrap_or_default();
    // A total without tax is lifted by the highest rate in force.
    let mut most = match (base, untaxed) {
        (Some(b), Some(u)) if b == u => {
            said += "（不含税，按13%税率放宽）";
            Some(b * Decimal::new(113, 2))
        }
        (b, _) => b,
    };
    let mut open = false;
    for d in &amendments {
        // A changed total, or what is added to it: the paper may mean either.
        match (most, money(d, "amount").map(|m| m.1.yuan)) {
            (Some(m), Some(a)) => {
                most = Some((m + a.max(Decimal::ZERO)).max(a));
                said += &format!("，补充协议{}", super::say::yuan(a));
            }
            _ => open = true,
        }
    }
    Ceiling { most, said, papers, open }
}

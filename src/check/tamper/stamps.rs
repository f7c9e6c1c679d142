//! TAMPER-007 one picture of a seal on papers of different parties.

use std::collections::BTreeSet;

use crate::check::{Cx, Out, say};
use crate::model::{Confidence, Document, Draft, Evidence, Grade, Kind, Sourced, Stamp, Value};
use crate::text::party::{Party, names};

/// Seals of a submission that are compared with each other.
const MOST: usize = 300;
/// Seals narrower than this (points; 25 mm) are name stamps: a person may act for several companies.
const LEAST_WIDE: f32 = 70.0;
/// Share of a seal's blocks that agree in copies of one picture, and the likeness that no block falls below.
const SAME: f32 = 0.9;
const WORST: f32 = 0.5;
/// What is read on a ring less surely than this says nothing.
const SURE: Confidence = Confidence(850);

/// A seal with the paper it stands on.
struct Sealed<'a> {
    document: &'a Document,
    stamp: &'a Stamp,
    parties: Vec<&'a Sourced<Value>>,
}

/// TAMPER-007.
pub(super) fn same_stamp(cx: &Cx<'_>, out: &mut Out) {
    let mut sealed: Vec<Sealed<'_>> = cx.case.documents.iter().flat_map(of_document).collect();
    sealed.truncate(MOST);
    if sealed.is_empty() {
        return out.cannot("没有彩色扫描的、盖有印章并读到出具方的材料");
    }
    let mut told: BTreeSet<(u32, u32)> = BTreeSet::new();
    for (i, a) in sealed.iter().enumerate() {
        for b in &sealed[i + 1..] {
            let pair = (a.document.id, b.document.id);
            if pair.0 != pair.1
                && !told.contains(&pair)
                && let Some(draft) = judged(a, b)
            {
                told.insert(pair);
                out.hit(draft);
            }
        }
    }
    if told.is_empty() {
        out.pass();
    }
}

fn of_document(d: &Document) -> Vec<Sealed<'_>> {
    let fields: &[&str] = match d.kind {
        Kind::Contract => &["party_a", "party_b"],
        Kind::Invoice => &["seller_name"],
        Kind::AuditReport | Kind::SpecialAudit => &["firm"],
        _ => &[],
    };
    let parties: Vec<&Sourced<Value>> = fields.iter().filter_map(|f| d.value(f)).collect();
    // A party that was not read may be the one whose seal it is. Offices issue invoices for many sellers.
    if fields.is_empty() || parties.len() < fields.len() || d.text.contains("代开") {
        return Vec::new();
    }
    let own = |s: &&Stamp| {
        let wide = s.source.place.bbox().is_some_and(|b| b.width().max(b.height()) >= LEAST_WIDE);
        wide && !is_authority(s) && !(d.kind == Kind::Invoice && is_on_top(d, s))
    };
    d.stamps.iter().filter(own).map(|stamp| Sealed { document: d, stamp, parties: parties.clone() }).collect()
}

/// The seal of an authority, that many papers bear.
fn is_authority(stamp: &Stamp) -> bool {
    let text = stamp.text.as_deref().unwrap_or_default();
    ["税务", "监制", "财政", "国家", "局"].iter().any(|w| text.contains(w))
}

/// Whether a seal stands above the sums of an invoice, where the tax authority's own is printed.
fn is_on_top(d: &Document, stamp: &Stamp) -> bool {
    let Some(b) = stamp.source.place.bbox() else { return true };
    let sums = d.value("total").or_else(|| d.value("seller_name")).and_then(|s| s.source().place.bbox());
    sums.is_none_or(|s| b.mid_y() < s.y0)
}

fn judged(a: &Sealed<'_>, b: &Sealed<'_>) -> Option<Draft> {
    let common = a.parties.iter().flat_map(|p| b.parties.iter().map(|q| meets(p, q)));
    let common: Vec<Party> = common.collect();
    let apart = common.iter().all(|p| *p == Party::Other);
    // On papers with a party in common the seal may be that party's, unless it reads otherwise.
    let stranger = (!apart).then(|| reads_other(a, b).or_else(|| reads_other(b, a))).flatten();
    if !apart && stranger.is_none() {
        return None;
    }
    let (share, worst) = a.stamp.impression.agreement(&b.stamp.impression)?;
    if share < SAME || worst < WORST {
        return None;
    }
    let mut evidence = vec![picture(a), picture(b)];
    let (x, y) = (a.parties.last()?, b.parties.last()?);
    evidence.extend([Evidence::of("出具方", x), Evidence::of("出具方", y)]);
    let papers = format!("{}与{}", say::doc(a.document), say::doc(b.document));
    if let Some(name) = stranger {
        let message = format!(
            "{papers}上有同一幅印章图像，印文读作“{name}”，而其中一份材料的各方都不是该单位。两份材料有共同的一方，印章也可能属于该方，不据此认定。请对照原件核对印文。"
        );
        return Some(Draft::unverifiable("两份材料有同一印章图像，印文与一方不符", message, evidence));
    }
    let message = format!(
        "{papers}的出具方是不同单位（{}、{}），却盖有同一幅印章图像：印文、缺损、角度逐处相同（{:.0}%的图块一致）。已排除同一单位自己的印章、税务监制章和代开章、个人名章，以及双方有共同一方的合同。同一枚印章两次加盖不会完全相同。请向两家单位核实。",
        x.value.to_plain(),
        y.value.to_plain(),
        share * 100.0
    );
    let draft = Draft::anomaly("不同单位的材料有同一印章图像", message, evidence);
    Some(draft.still_holds(|v| match v {
        [_, _, Some(x), Some(y)] => names(&x.to_plain(), &y.to_plain(), true) == Party::Other,
        _ => false,
    }))
}

fn meets(a: &Sourced<Value>, b: &Sourced<Value>) -> Party {
    let doubtful = [a, b].iter().any(|s| s.grade == Grade::Ocr);
    names(&a.value.to_plain(), &b.value.to_plain(), doubtful)
}

/// What the seal surely reads, if that is a party of one paper and none of the other.
fn reads_other(a: &Sealed<'_>, b: &Sealed<'_>) -> Option<String> {
    let text = [a, b].iter().find_map(|s| s.stamp.text.clone().filter(|_| s.stamp.confidence >= SURE))?;
    let is = |p: &&Sourced<Value>| names(&text, &p.value.to_plain(), true).is_same();
    let is_not = |p: &&Sourced<Value>| names(&text, &p.value.to_plain(), true) == Party::Other;
    (a.parties.iter().any(is) && b.parties.iter().all(is_not)).then_some(text)
}

fn picture(s: &Sealed<'_>) -> Evidence {
    Evidence {
        label: "印章图像".into(),
        value: None,
        raw: s.stamp.text.clone().unwrap_or_default(),
        source: s.stamp.source.clone(),
        grade: Grade::Text,
        confidence: Confidence::FULL,
    }
}

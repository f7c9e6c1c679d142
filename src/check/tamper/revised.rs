//! TAMPER-001 what changed on an issued document after it was issued; and what the rules of its family share.

use std::collections::BTreeSet;

use crate::check::chain::invoice_total;
use crate::check::cx::{money, whole};
use crate::check::invoice::facts::is_linked;
use crate::check::{Cx, Out, say};
use crate::model::{
    BBox, Change, Document, Draft, Evidence, Field, Grade, IntegrityState, Kind, Severity, Source, Sourced,
    Trace, Value,
};
use crate::text::normal::squash;

/// Papers that somebody else gave to the applicant: nobody but the issuer has anything to change on them.
const BY_OTHERS: &[Kind] = &[
    Kind::Invoice,
    Kind::Payment,
    Kind::TaxCertificate,
    Kind::BusinessLicence,
    Kind::IpCertificate,
    Kind::AuditReport,
    Kind::SpecialAudit,
];
/// Papers that the applicant helped to write, and may have rewritten before they were final.
const BY_APPLICANT: &[Kind] = &[Kind::Contract, Kind::BalanceSheet, Kind::IncomeStatement, Kind::CashFlow];

/// Whether somebody else issued the document.
pub(super) fn is_by_others(d: &Document) -> bool {
    BY_OTHERS.contains(&d.kind)
}

/// The documents that are judged: issued ones, never the applicant's own form.
pub(super) fn issued<'a>(cx: &Cx<'a>) -> impl Iterator<Item = &'a Document> + use<'a> {
    cx.case.documents.iter().filter(|d| is_by_others(d) || BY_APPLICANT.contains(&d.kind))
}

/// The money that rests on a document, if a row of the list rests on it.
pub(super) fn effect(cx: &Cx<'_>, d: &Document) -> rust_decimal::Decimal {
    let sum = match d.kind {
        Kind::Invoice => invoice_total(d),
        _ => money(d, "amount"),
    };
    sum.filter(|_| is_linked(cx, d.id)).map(|t| t.1.yuan).unwrap_or_default()
}

/// A trace as evidence.
pub(super) fn at(label: &str, text: &str, trace: &Trace, d: &Document) -> Evidence {
    Evidence {
        label: label.into(),
        value: (!text.is_empty()).then(|| Value::Text(text.to_owned())),
        raw: text.to_owned(),
        source: Source { file: d.file.clone(), place: trace.place.clone() },
        grade: Grade::Text,
        confidence: crate::model::Confidence::FULL,
    }
}

/// The fields that stand where the trace is: what the document is about, no long texts.
/// A field in a table has the box of its cell, which is larger than its text.
pub(super) fn fields_at<'d>(d: &'d Document, trace: &Trace) -> Vec<(&'d str, &'d Sourced<Value>)> {
    let Some((page, area)) = trace.place.page().zip(trace.place.bbox()) else { return Vec::new() };
    let rows = d.items.iter().flatten();
    let all = d.fields.iter().filter(|(n, _)| !n.starts_with("qr.")).chain(rows);
    let found = all.filter_map(|(name, field)| Some((name.as_str(), Field::found(field)?)));
    let here = |s: &&Sourced<Value>| {
        let source = s.source();
        source.file == d.file
            && source.place.page() == Some(page)
            && source.place.bbox().is_some_and(|b| share(b, area) >= 0.4 || share(area, b) >= 0.7)
    };
    found.filter(|(_, s)| s.raw.chars().count() <= 60 && here(s)).collect()
}

/// How much of a box lies in an area.
fn share(b: BBox, area: BBox) -> f32 {
    let (w, h) = (b.shared_width(area), b.shared_height(area));
    if w <= 0.0 || h <= 0.0 { 0.0 } else { w * h / (b.width() * b.height()).max(f32::EPSILON) }
}

/// Whether the text says something: no mask, no blank, no line of a form.
pub(super) fn says(text: &str) -> bool {
    let known = squash(text);
    let letters = known.chars().filter(|c| c.is_alphanumeric() && !matches!(c, 'x' | 'X' | '口')).count();
    // 6222****1234 is what is left of an account that was made unreadable on purpose.
    let masked =
        known.chars().filter(|c| matches!(c, '*' | '＊' | '×' | '█' | '■' | '●' | 'x' | 'X')).count();
    letters > 0 && masked < 3
}

/// Whether two texts differ in their figures, or in most of a name.
pub(super) fn differ(before: &str, after: &str) -> bool {
    let digits = |s: &str| squash(s).chars().filter(char::is_ascii_digit).collect::<String>();
    let (old, new) = (digits(before), digits(after));
    let chinese = |s: &str| {
        squash(s).chars().filter(|c| ('\u{3400}'..='\u{9fff}').contains(c)).collect::<BTreeSet<char>>()
    };
    let (a, b) = (chinese(before), chinese(after));
    let changed = a.difference(&b).count().min(b.difference(&a).count());
    // A figure that was nothing yet was filled in, not changed.
    let filled = old.chars().all(|c| c == '0');
    (old != new && !filled && !new.is_empty()) || changed >= 2
}

/// TAMPER-001.
pub(super) fn revised(cx: &Cx<'_>, out: &mut Out) {
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let mut any = false;
    for d in issued(cx) {
        // A file without history and signature has nothing that could have changed.
        if d.traces.is_empty() && d.integrity.is_empty() {
            out.skip();
            continue;
        }
        any = true;
        let findings = [text_changed(cx, d), broken(cx, d, &mut told)];
        if findings.iter().all(Option::is_none) {
            out.pass();
        }
        findings.into_iter().flatten().for_each(|f| out.hit(f));
    }
    if !any {
        out.cannot("没有带修改历史或签名的证明材料");
    }
}

/// A later revision that shows other text than the one before.
fn text_changed(cx: &Cx<'_>, d: &Document) -> Option<Draft> {
    let (mut said, mut evidence, mut doubtful) = (Vec::new(), Vec::new(), Vec::new());
    let mut after_signing = false;
    for t in &d.traces {
        let Change::Revised { before, after, signed } = &t.mark else { continue };
        if !says(before) {
            continue;
        }
        if says(after) && differ(before, after) {
            after_signing |= signed;
            said.push(format!("“{before}”变为“{after}”"));
            evidence.push(at("修改之前", before, t, d));
            evidence.push(at("修改之后", after, t, d));
        } else if *signed {
            doubtful.push((t, before, after));
        }
    }
    if said.is_empty() {
        let (t, before, after) = doubtful.first()?;
        let message = format!(
            "{}在签名之后又改写过页面：“{before}”变为“{after}”。文字被遮去（脱敏）或只是重新排写，与改动要素不能区分，不据此认定。请索取签名时的原始文件。",
            say::doc(d)
        );
        let evidence = vec![at("签名时的文字", before, t, d)];
        return Some(Draft::unverifiable(
            format!("{}在签名之后改写过页面", say::kind(d.kind)),
            message,
            evidence,
        ));
    }
    let when = if after_signing { "签名之后" } else { "首次保存之后" };
    let message = format!(
        "{}的文件保留了修改之前的版本：{when}追加的修订改变了页面文字，{}。已排除追加签名、时间戳、批注、印章、表单元数据，以及只增加文字而不改原有文字的修订。请向出具单位核对，并索取原始文件。",
        say::doc(d),
        say::list(&said, 6)
    );
    evidence.truncate(12);
    let draft = Draft::anomaly(format!("{}{when}页面文字被修改", say::kind(d.kind)), message, evidence)
        .effect(effect(cx, d));
    // Parties may change a paper of their own before it is final; nobody but the issuer may change the others.
    Some(if after_signing || is_by_others(d) { draft } else { draft.severity(Severity::Minor) })
}

/// A digest or signature that no longer fits the file. Of invoices INVOICE-012 speaks.
fn broken<'a>(cx: &Cx<'_>, d: &'a Document, told: &mut BTreeSet<&'a str>) -> Option<Draft> {
    let states = d.integrity.iter().filter_map(|i| match &i.state {
        IntegrityState::Broken(how) => Some((i.what.as_str(), how)),
        _ => None,
    });
    let (appended, digests): (Vec<_>, Vec<_>) = states.partition(|(what, _)| what.contains("追加"));
    if d.kind == Kind::Invoice || (appended.is_empty() && digests.is_empty()) || !told.insert(&d.sha256) {
        return None;
    }
    let list = |states: &[(&str, &String)]| {
        let parts: Vec<String> = states.iter().map(|(what, how)| format!("{what}：{how}")).collect();
        say::list(&parts, 6)
    };
    let evidence = vec![whole(say::kind(d.kind), d)];
    if digests.is_empty() {
        // What changed in words is said with its text.
        if d.traces.iter().any(|t| matches!(t.mark, Change::Revised { signed: true, .. })) {
            return None;
        }
        let message = format!(
            "{}：{}。页面上的文字没有变化，可能是加盖印章图像或由签署平台重写，不据此认定。请索取签名时的原始文件。",
            say::doc(d),
            list(&appended)
        );
        let title = format!("{}在签名之后改写过页面", say::kind(d.kind));
        return Some(Draft::unverifiable(title, message, evidence));
    }
    let message = format!(
        "{}带有签发时的摘要或签名，重新计算后不符：{}。说明文件在签发之后被改动过。没有签名、算法不认识的都不算在内。请向出具单位核对，并索取原始文件。",
        say::doc(d),
        list(&digests)
    );
    let title = format!("{}的摘要或签名与内容不符", say::kind(d.kind));
    Some(Draft::anomaly(title, message, evidence).effect(effect(cx, d)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_and_names_differ_layout_and_masks_do_not() {
        assert!(differ("113,000.00", "1,113,000.00"));
        assert!(differ("2021年3月5日", "2022年3月5日"));
        assert!(differ("湖南甲乙科技有限公司", "湖南丙丁科技有限公司"));
        assert!(!differ("113,000.00", "113 000.00"));
        assert!(!differ("0.00", "113,000.00"), "a figure filled in");
        assert!(!differ("合 计", "合计："));
        assert!(says("113,000.00") && says("王强"));
        assert!(!says("6222 **** **** 1234") && !says("____") && !says("xxxx"));
    }
}

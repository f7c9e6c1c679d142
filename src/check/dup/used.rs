//! Which papers of a submission the ledger keeps, and DUP-008: one that an earlier run or year used already.

use crate::check::chain::{invoice_key, invoice_total};
use crate::check::cx::{money, text};
use crate::check::{All, Cx, Out, say};
use crate::model::{Batch, Document, Draft, Evidence, Kind, Use, UsedKind};
use crate::pack::Notice;
use crate::text::normal::squash;
use crate::text::party::{is_sale, names};

/// The papers of a batch that the ledger keeps; `day` is the day of the run.
pub fn papers(batch: &Batch, notice: &Notice, day: &str) -> Vec<Use> {
    let cases = batch.cases.iter().map(|case| Cx::new(batch, case, notice));
    let mut all: Vec<Use> = cases
        .flat_map(|cx| {
            cx.case.documents.iter().filter_map(|d| used(&cx, d, day).map(|u| u.1)).collect::<Vec<_>>()
        })
        .collect();
    for case in &batch.cases {
        all.extend(pictures(&Cx::new(batch, case, notice), day));
    }
    all.sort();
    // Copies of one invoice in one submission are one use.
    all.dedup_by(|a, b| (a.kind, &a.key, &a.submission) == (b.kind, &b.key, &b.submission));
    all
}

/// The pictures of a submission, as far as they are few enough to tell anything.
fn pictures(cx: &Cx<'_>, day: &str) -> Vec<Use> {
    const MOST: usize = 200;
    let Some(applicant) = cx.applicant.names.first() else { return Vec::new() };
    let pictures = cx.case.documents.iter().flat_map(|d| &d.pictures);
    let one = |p: &crate::model::Picture| Use {
        kind: UsedKind::Picture,
        key: p.imprint.name(),
        notice: cx.notice.id.clone(),
        submission: cx.case.id.clone(),
        applicant: applicant.clone(),
        applicant_id: cx.applicant.ids.first().cloned(),
        amount: None,
        file: p.source.file.to_string(),
        page: p.source.place.page().unwrap_or(1),
        noted: day.to_string(),
    };
    pictures.take(MOST).map(one).collect()
}

/// The field that names the paper, and the use.
fn used(cx: &Cx<'_>, d: &Document, day: &str) -> Option<(&'static str, Use)> {
    let plain = |field: &str| {
        let kept: String = squash(&text(d, field)?.1).chars().filter(|c| c.is_alphanumeric()).collect();
        (kept.chars().count() >= 8).then(|| kept.to_uppercase())
    };
    let (kind, field, key, amount) = match d.kind {
        Kind::Invoice if !is_sale(&cx.applicant, d) => {
            let (code, number) = invoice_key(d)?;
            let key = if code.is_empty() { number } else { format!("{code}/{number}") };
            (UsedKind::Invoice, "number", key, invoice_total(d).map(|t| t.1.yuan))
        }
        Kind::Payment => {
            let key = format!("{}/{}", plain("receipt_number")?, squash(&text(d, "date")?.1));
            (UsedKind::Payment, "receipt_number", key, money(d, "amount").map(|m| m.1.yuan))
        }
        Kind::IpCertificate => (UsedKind::Certificate, "number", plain("number")?, None),
        _ => return None,
    };
    let applicant = cx.applicant.names.first()?.clone();
    Some((
        field,
        Use {
            kind,
            key,
            notice: cx.notice.id.clone(),
            submission: cx.case.id.clone(),
            applicant,
            applicant_id: cx.applicant.ids.first().cloned(),
            amount,
            file: d.file.to_string(),
            page: d.pages.0,
            noted: day.to_string(),
        },
    ))
}

/// DUP-008.
pub(super) fn before(all: &All<'_>, out: &mut Out) {
    let Some(earlier) = &all.batch.earlier else { return out.cannot("没有使用台账（--ledger）") };
    for cx in &all.cases {
        let mut seen: Vec<String> = Vec::new();
        for d in &cx.case.documents {
            let Some((field, now)) = used(cx, d, "").filter(|u| u.1.kind == UsedKind::Invoice) else {
                continue;
            };
            let Some(before) = earlier.iter().find(|e| same_paper(e, &now) && !same_filing(cx, e)) else {
                continue;
            };
            if seen.contains(&now.key) {
                continue;
            }
            seen.push(now.key.clone());
            out.hit_on(vec![cx.case.id.clone()], draft(cx, d, field, &now, before));
        }
    }
}

fn draft(cx: &Cx<'_>, d: &Document, field: &str, now: &Use, before: &Use) -> Draft {
    let own = same_applicant(cx, before);
    let who = if own { "同一申报单位".to_string() } else { format!("“{}”", before.applicant) };
    let year = if before.notice == now.notice {
        "本次通知".to_string()
    } else {
        format!("通知 {}", before.notice)
    };
    let message = format!(
        "发票{}（价税合计{}）已由{who}在{year}的申报项目“{}”中作为投资凭证（台账 {} 记入，{} 第{}页）。{}请调阅以前的申报材料，由申报单位说明。",
        now.key,
        now.amount.map_or_else(|| "未读取".to_owned(), say::yuan),
        before.submission,
        before.noted,
        before.file,
        before.page,
        if own {
            "跨年度项目分期申报时，已认定的投资不应再次计入。"
        } else {
            "已排除同一项目再次核查、一方为销售方的正常情形。"
        },
    );
    let mut evidence: Vec<Evidence> =
        d.value(field).map(|s| Evidence::of("发票号码", s)).into_iter().collect();
    evidence.extend(d.value("code").map(|s| Evidence::of("发票代码", s)));
    evidence.extend(d.value("total").map(|s| Evidence::of("价税合计", s)));
    let draft = Draft::anomaly(format!("发票{}以前已作为投资凭证", now.key), message, evidence);
    match now.amount {
        Some(amount) => draft.effect(amount),
        None => draft,
    }
}

fn same_paper(a: &Use, b: &Use) -> bool {
    a.kind == b.kind && a.key == b.key
}

fn same_applicant(cx: &Cx<'_>, earlier: &Use) -> bool {
    let by_id = earlier.applicant_id.as_ref().is_some_and(|id| cx.applicant.ids.contains(id));
    by_id || cx.applicant.names.iter().any(|n| names(n, &earlier.applicant, false).is_same())
}

/// The same applicant under the same notice: the same folder checked again, not the same paper used again.
fn same_filing(cx: &Cx<'_>, earlier: &Use) -> bool {
    earlier.notice == cx.notice.id && same_applicant(cx, earlier)
}

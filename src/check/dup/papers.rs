//! DUP-001 one invoice in two submissions, DUP-002 one number for different applicants, DUP-003 one file twice.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::chain::{invoice_key, invoice_total};
use crate::check::cx::{text, whole};
use crate::check::{All, Cx, Out, say};
use crate::model::{Document, Draft, Evidence, Kind, Severity};
use crate::text::normal::squash;
use crate::text::party::{is_sale, names};

/// Whether two submissions come from one applicant.
pub(super) fn same_applicant(a: &Cx<'_>, b: &Cx<'_>) -> bool {
    a.applicant.ids.iter().any(|i| b.applicant.ids.contains(i))
        || a.applicant.names.iter().any(|x| b.applicant.names.iter().any(|y| names(x, y, false).is_same()))
}

/// Whether one names the other as its partner.
pub(super) fn partners(a: &Cx<'_>, b: &Cx<'_>) -> bool {
    let one = |x: &Cx<'_>, y: &Cx<'_>| {
        x.form("平台基本信息.合作伙伴").is_some_and(|s| {
            let partner = squash(&s.value.to_plain());
            y.applicant.names.iter().any(|n| partner.contains(&squash(n)))
        })
    };
    one(a, b) || one(b, a)
}

/// DUP-001.
pub(super) fn invoices(all: &All<'_>, out: &mut Out) {
    let mut by_key: BTreeMap<(String, String), Vec<(usize, &Document)>> = BTreeMap::new();
    for (i, cx) in all.cases.iter().enumerate() {
        for d in cx.of(Kind::Invoice).filter(|d| !is_sale(&cx.applicant, d)) {
            if let Some(key) = invoice_key(d) {
                by_key.entry(key).or_default().push((i, d));
            }
        }
    }
    if all.cases.len() < 2 {
        return out.cannot("只有一个申报项目");
    }
    for ((code, number), uses) in &by_key {
        let cases: BTreeSet<usize> = uses.iter().map(|u| u.0).collect();
        if cases.len() < 2 {
            continue;
        }
        let first: Vec<&(usize, &Document)> =
            cases.iter().filter_map(|c| uses.iter().find(|u| u.0 == *c)).collect();
        let mut evidence: Vec<Evidence> =
            first.iter().filter_map(|(_, d)| Some(Evidence::of("发票号码", d.value("number")?))).collect();
        evidence
            .extend(first.iter().filter_map(|(_, d)| Some(Evidence::of("购买方", d.value("buyer_name")?))));
        let submissions: Vec<String> = cases.iter().map(|c| all.cases[*c].case.id.clone()).collect();
        let amount = first.iter().find_map(|(_, d)| invoice_total(d)).map(|t| t.1.yuan);
        let joint = partners(&all.cases[first[0].0], &all.cases[first[1].0]);
        let message = format!(
            "发票{}{number}（价税合计{}）在{}个申报项目（{}）中都作为投资凭证。已排除一方是销售方、一方是购买方的正常情形。{}请查验该发票，并由各申报单位说明。",
            if code.is_empty() { String::new() } else { format!("{code}/") },
            amount.map_or_else(|| "未读取".to_owned(), say::yuan),
            cases.len(),
            submissions.join("、"),
            if joint {
                "申报书载明双方为合作共建，可能按约定分摊，请核对分摊协议。"
            } else {
                "没有看到合作共建的说明。"
            }
        );
        let mut draft =
            Draft::anomaly(format!("发票{number}用于{}个申报项目", cases.len()), message, evidence)
                .effect(amount.unwrap_or_default());
        if joint {
            draft = draft.severity(Severity::Major);
        }
        out.hit_on(submissions, draft);
    }
}

/// A number that names a paper, with what must agree besides for it to be the same paper.
fn numbered(d: &Document) -> Option<(&'static str, String, String)> {
    let (label, field, beside, least) = match d.kind {
        Kind::Contract => ("合同编号", "number", "party_b", 6),
        Kind::Payment => ("回单编号", "receipt_number", "date", 8),
        Kind::IpCertificate => ("证书编号", "number", "", 8),
        Kind::AuditReport | Kind::SpecialAudit => ("报告编号", "number", "", 6),
        _ => return None,
    };
    let number: String = squash(&text(d, field)?.1).chars().filter(|c| c.is_alphanumeric()).collect();
    let beside = if beside.is_empty() { String::new() } else { squash(&text(d, beside)?.1) };
    (number.chars().count() >= least && number.chars().filter(char::is_ascii_digit).count() >= 4)
        .then(|| (label, number.to_uppercase(), beside))
}

/// DUP-002.
pub(super) fn numbers(all: &All<'_>, out: &mut Out) {
    if all.cases.len() < 2 {
        return out.cannot("只有一个申报项目");
    }
    // Label, number and what tells issuers apart → the cases that show it.
    type Key<'a> = (&'a str, String, String);
    let mut by_key: BTreeMap<Key<'_>, Vec<(usize, &Document)>> = BTreeMap::new();
    for (i, cx) in all.cases.iter().enumerate() {
        for d in &cx.case.documents {
            if let Some(key) = numbered(d) {
                by_key.entry(key).or_default().push((i, d));
            }
        }
    }
    for ((label, number, _), uses) in &by_key {
        let Some((a, first)) = uses.first() else { continue };
        let Some((b, second)) = uses.iter().find(|(i, d)| i != a && conflict(all, (*a, first), (*i, d)))
        else {
            continue;
        };
        let field = if first.kind == Kind::Payment { "receipt_number" } else { "number" };
        let owner = |d: &Document| {
            ["party_a", "payer_name", "owner", "company"]
                .iter()
                .find_map(|f| text(d, f))
                .map(|x| x.1)
                .unwrap_or_else(|| "（未读取）".into())
        };
        let evidence: Vec<Evidence> =
            [first, second].iter().filter_map(|d| Some(Evidence::of(*label, d.value(field)?))).collect();
        let submissions = vec![all.cases[*a].case.id.clone(), all.cases[*b].case.id.clone()];
        let message = format!(
            "{label}{number}同时出现在两个申报单位的材料中：{}（{}）和{}（{}）。已排除同一单位申报两个项目、买卖双方各持一份、权利人共有的情形。编号应当唯一，请向出具单位核实。",
            say::doc(first),
            owner(first),
            say::doc(second),
            owner(second)
        );
        out.hit_on(
            submissions,
            Draft::anomaly(format!("{label}{number}用于不同申报单位"), message, evidence),
        );
    }
}

/// Whether one number in two submissions means trouble.
fn conflict(all: &All<'_>, (i, a): (usize, &Document), (j, b): (usize, &Document)) -> bool {
    let (x, y) = (&all.cases[i], &all.cases[j]);
    if same_applicant(x, y) || partners(x, y) {
        return false;
    }
    // One sold it, the other bought it: both hold the same paper.
    if is_sale(&x.applicant, a) != is_sale(&y.applicant, b) {
        return false;
    }
    // Owners in common.
    let owner = |d: &Document| text(d, "owner").map(|o| squash(&o.1)).unwrap_or_default();
    let holds = |cx: &Cx<'_>, d: &Document| cx.applicant.names.iter().any(|n| owner(d).contains(&squash(n)));
    if a.kind == Kind::IpCertificate
        && (holds(x, b) || holds(y, a))
        && owner(a) == owner(b)
        && holds(x, a)
        && holds(y, b)
    {
        return false;
    }
    // A customer's licence, a supplier's certificate: the paper of a third party may be with both.
    if a.kind == Kind::IpCertificate && owner(a) == owner(b) && !holds(x, a) && !holds(y, b) {
        return false;
    }
    true
}

/// DUP-003.
pub(super) fn files(all: &All<'_>, out: &mut Out) {
    if all.cases.len() < 2 {
        return out.cannot("只有一个申报项目");
    }
    let mut by_hash: BTreeMap<&str, Vec<(usize, &Document)>> = BTreeMap::new();
    for (i, cx) in all.cases.iter().enumerate() {
        for d in &cx.case.documents {
            let uses = by_hash.entry(&d.sha256).or_default();
            if !uses.iter().any(|(c, _)| *c == i) {
                uses.push((i, d));
            }
        }
    }
    for uses in by_hash.values().filter(|u| u.len() > 1) {
        let (i, a) = uses[0];
        let (j, b) = uses[1];
        let (x, y) = (&all.cases[i], &all.cases[j]);
        if uses.len() > 3 || same_applicant(x, y) || is_common(x, &a.file) || said_elsewhere((x, a), (y, b)) {
            continue;
        }
        let submissions: Vec<String> = uses.iter().map(|(c, _)| all.cases[*c].case.id.clone()).collect();
        let evidence = vec![whole("文件", a), whole("文件", b)];
        let message = format!(
            "{}（{}）与{}内容完全相同（SHA-256 一致），出现在{}个不同申报单位的材料中。已排除申报书、汇总表、证明材料清单、空白模板、通知等不含单位信息的文件，以及买卖双方各持一份的情形。请各申报单位说明来源。",
            say::doc(a),
            say::kind(a.kind),
            say::doc(b),
            uses.len()
        );
        out.hit_on(
            submissions,
            Draft::anomaly(format!("{}份申报材料使用同一文件", uses.len()), message, evidence),
        );
    }
}

/// Whether a file holds nothing of anybody's own: forms, tables, lists, templates and public documents.
fn is_common(cx: &Cx<'_>, file: &str) -> bool {
    let mut papers = cx.case.documents.iter().filter(|d| *d.file == *file).peekable();
    let embedded = cx.case.documents.iter().any(|d| *d.file == *file && d.kind == Kind::ApplicationForm);
    embedded || (papers.peek().is_some() && papers.all(is_impersonal))
}

/// Whether a paper says nothing of who filed it, so that two applicants may well have the same.
fn is_impersonal(d: &Document) -> bool {
    let public = ["关于征集", "通知", "管理办法", "标准", "填报说明", "模板"].iter().any(|w| {
        d.kind == Kind::Other
            && (d.file.contains(w) || d.text.chars().take(120).collect::<String>().contains(w))
    });
    let figures = d.text.chars().filter(char::is_ascii_digit).count();
    // A picture without words is a photo, and whose photo it is matters.
    let words = d.read_by != crate::model::ReadBy::Ocr || d.text.chars().count() > 60;
    let blank = matches!(d.kind, Kind::Other | Kind::Commitment | Kind::ServiceList)
        && (d.kind == Kind::ServiceList || (d.fields.is_empty() && d.items.is_empty()))
        && figures < 8
        && !d.text.contains("公司")
        && words;
    // The notice prescribes the list of evidence: everybody's is the same.
    matches!(d.kind, Kind::ApplicationForm | Kind::SummaryTable | Kind::EvidenceList) || public || blank
}

/// Whether DUP-001 or DUP-002 already says it, or sale and purchase explain it.
fn said_elsewhere((x, a): (&Cx<'_>, &Document), (y, b): (&Cx<'_>, &Document)) -> bool {
    let papers = |cx: &Cx<'_>, d: &Document| -> Vec<u32> {
        cx.case.documents.iter().filter(|o| o.file == d.file).map(|o| o.id).collect()
    };
    if is_sale(&x.applicant, a) != is_sale(&y.applicant, b) {
        return true;
    }
    papers(x, a).iter().filter_map(|i| x.document(*i)).any(|d| {
        (d.kind == Kind::Invoice && invoice_key(d).is_some())
            || (numbered(d).is_some() && d.kind != Kind::IpCertificate)
    })
}

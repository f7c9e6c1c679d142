//! FORM-008 the commitment, FORM-009 the seals of the cover.

use crate::check::cx::text_of;
use crate::check::{Cx, Out, say};
use crate::model::{Document, Draft, Evidence, Grade, Kind, ReadBy, Sourced, Value};
use crate::text::name::normal_name;
use crate::text::normal::{likeness, squash};

/// Where a scan may be one: signatures and seals are to be seen there and nowhere else.
pub(super) fn is_scan(d: &Document) -> bool {
    d.read_by == ReadBy::Ocr
}

/// The document and the field of the commitment: in the form, or on a page of its own.
fn commitment<'a>(cx: &Cx<'a>, field: &str) -> Option<&'a Sourced<Value>> {
    let name = format!("真实性承诺.{field}");
    cx.form(&name).or_else(|| cx.of(Kind::Commitment).find_map(|d| d.value(&name)))
}

/// The scanned document that would bear signature and seal, if there is one.
fn signed_page<'a>(cx: &Cx<'a>) -> Option<&'a Document> {
    let alone = cx.of(Kind::Commitment).find(|d| is_scan(d));
    alone.or_else(|| cx.case.documents.iter().find(|d| d.kind == Kind::ApplicationForm && is_scan(d)))
}

/// FORM-008.
pub(super) fn promise(cx: &Cx<'_>, out: &mut Out) {
    let Some(form) = cx.case.form() else {
        return out.cannot("没有申报书");
    };
    match commitment(cx, "全文") {
        Some(s) => wording(cx, s, out),
        None if cx.of(Kind::Commitment).next().is_some() || names_commitment(form) => {
            let evidence = vec![cx.whole_form("申报书（真实性承诺）")];
            if is_scan(form) || !cx.blind_spots().is_empty() {
                let message = "有真实性承诺一页，但承诺的文字未能读取，请对照原件查看是否为通知规定的文字。";
                out.hit(Draft::unverifiable("真实性承诺的文字未能读取", message, evidence));
            } else {
                out.cannot("真实性承诺的文字未能读取");
            }
        }
        None => absent(cx, form, out),
    }
    signature(cx, out);
}

fn names_commitment(form: &Document) -> bool {
    form.text.contains("真实性承诺") || form.text.contains("特此承诺")
}

fn absent(cx: &Cx<'_>, form: &Document, out: &mut Out) {
    let evidence = vec![cx.whole_form("申报书")];
    let message = format!(
        "申报书中没有真实性承诺，附件中也没有单独的承诺书。{}。承诺书是申报的前提，请申报单位补交签字盖章的承诺书。",
        cx.looked_through()
    );
    let blind = cx.blind_spots();
    if is_scan(form) || !blind.is_empty() {
        let message = format!("{message}但申报书是扫描件或有材料未能读取，可能就在其中，请人工查看。");
        out.hit(Draft::unverifiable("没有找到真实性承诺", message, evidence));
    } else {
        out.hit(Draft::anomaly("缺少真实性承诺", message, evidence));
    }
}

/// Letters alone: punctuation and its width vary from copy to copy.
fn letters(text: &str) -> String {
    squash(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Parts of the notice's wording that a commitment lacks.
fn lacking(notice: &str, stated: &str) -> Vec<String> {
    let stated = letters(stated);
    notice
        .split(['，', '。', '；', '：', ','])
        .map(str::trim)
        .filter(|part| {
            let part = letters(part);
            part.chars().count() >= 4 && !stated.contains(&part)
        })
        .map(|p| format!("“{p}”"))
        .collect()
}

fn wording(cx: &Cx<'_>, s: &Sourced<Value>, out: &mut Out) {
    let notice = cx.notice.commitment.clone();
    if notice.is_empty() {
        return out.skip();
    }
    let stated = text_of(s);
    let (a, b) = (letters(&notice), letters(&stated));
    // A company may put its own name in place of 我单位, and close with 特此承诺.
    // What was cut off where the page breaks still stands somewhere in the form.
    let whole = cx.case.form().map(|f| f.text.clone()).unwrap_or_default();
    if b.contains(&a) || lacking(&notice, &format!("{stated}{whole}")).is_empty() {
        return out.pass();
    }
    let evidence = vec![Evidence::of("真实性承诺", s)];
    let missing = lacking(&notice, &format!("{stated}{whole}"));
    let facts = format!(
        "承诺的文字与通知附件1不同，未见：{}。已不计标点、空格和全半角差别。",
        say::list(&missing, 5)
    );
    if s.grade == Grade::Ocr {
        if likeness(&a, &b) >= cx.notice.share("FORM-008", "scan_percent") {
            return out.pass();
        }
        let message = format!("{facts}文字来自扫描识别，可能没有读全，请对照原件。");
        return out.hit(Draft::unverifiable("真实性承诺的文字未能核对", message, evidence));
    }
    let message = format!("{facts}请申报单位按通知原文重新签署；由系统导出的表格也应使用原文。");
    out.hit(Draft::anomaly("真实性承诺的文字被改动", message, evidence));
}

/// Signature, seal and date are on paper: a scan may show them, an electronic form need not.
fn signature(cx: &Cx<'_>, out: &mut Out) {
    let Some(page) = signed_page(cx) else {
        return out.cannot("申报书是可编辑的电子件，签字、公章和日期只在纸质件上，请查看纸质件");
    };
    let mut unseen = Vec::new();
    if commitment(cx, "单位负责人").is_none() {
        unseen.push("单位负责人签字");
    }
    if commitment(cx, "日期").is_none() {
        unseen.push("日期");
    }
    let seals = seals_of(cx, "真实性承诺.印章");
    match &seals {
        None => unseen.push("申报单位公章"),
        Some((s, texts)) if foreign(cx, texts, false) => {
            return out.hit(other_seal(cx, "真实性承诺", s, texts));
        }
        _ => {}
    }
    if unseen.is_empty() {
        return out.pass();
    }
    let message = format!(
        "真实性承诺一页没有辨认出：{}。手写签名和印章不作自动认定，请对照原件查看（要求字迹及公章清晰）。",
        unseen.join("、")
    );
    out.hit(Draft::unverifiable(
        "真实性承诺的签字盖章未能核对",
        message,
        vec![crate::check::cx::whole("真实性承诺", page)],
    ));
}

/// The seals that were read, if any was.
fn seals_of<'a>(cx: &Cx<'a>, field: &str) -> Option<(&'a Sourced<Value>, Vec<String>)> {
    let forms =
        cx.case.documents.iter().filter(|d| matches!(d.kind, Kind::ApplicationForm | Kind::Commitment));
    forms.filter_map(|d| d.value(field)).find_map(|s| match &s.value {
        Value::List(l) if !l.is_empty() => Some((s, l.clone())),
        _ => None,
    })
}

/// A seal names a party if the likeness of the names says so; rings are read with gaps.
fn names_party(cx: &Cx<'_>, text: &str, party: &str) -> bool {
    let (a, b) = (normal_name(text), normal_name(party));
    let (x, y) = (a.trim_end_matches("公章"), b.as_str());
    !y.is_empty() && (x.contains(y) || likeness(x, y) >= cx.notice.share("FORM-009", "seal_percent"))
}

fn is_read(text: &str) -> bool {
    text != "未能辨认" && text.chars().filter(|c| ('\u{3400}'..='\u{9fff}').contains(c)).count() >= 6
}

/// Whether every seal was read, and none is the applicant's (or, on the cover, the recommending unit's).
fn foreign(cx: &Cx<'_>, texts: &[String], cover: bool) -> bool {
    let recommending = cx.form("封面.推荐单位").map(text_of).filter(|_| cover);
    let far = cx.notice.share("FORM-009", "far_percent");
    texts.iter().all(|t| is_read(t))
        && cx.applicant.is_known()
        && !texts.iter().any(|t| {
            let known = |n: &String| names_party(cx, t, n) || likeness(t, n) >= far;
            cx.applicant.names.iter().chain(&recommending).any(known) || t.contains("工业和信息化")
        })
}

fn other_seal(cx: &Cx<'_>, place: &str, s: &Sourced<Value>, texts: &[String]) -> Draft {
    let message = format!(
        "{place}上的印章读作“{}”，不是申报单位“{}”。印章文字由图像识别，请对照原件。",
        texts.join("”“"),
        cx.applicant.names.first().cloned().unwrap_or_default()
    );
    // Ring text is the hardest to read: a name that differs is a reason to look, never an accusation.
    Draft::unverifiable(format!("{place}的印章可能不是申报单位的"), message, vec![Evidence::of("印章", s)])
}

/// FORM-009.
pub(super) fn cover(cx: &Cx<'_>, out: &mut Out) {
    if cx.case.form().is_none() {
        return out.cannot("没有申报书");
    }
    let scan = cx.case.documents.iter().find(|d| d.kind == Kind::ApplicationForm && is_scan(d));
    let Some((s, texts)) = seals_of(cx, "封面.印章") else {
        let Some(scan) = scan else {
            return out.cannot("申报书是可编辑的电子件，公章只在纸质件的封面上，请查看纸质件");
        };
        let message = "申报书封面没有辨认出印章。复印或黑白扫描会使印章看不出来，请对照原件查看封面是否加盖申报单位和推荐单位公章。";
        return out.hit(Draft::unverifiable(
            "封面的公章未能辨认",
            message,
            vec![crate::check::cx::whole("申报书封面", scan)],
        ));
    };
    if foreign(cx, &texts, true) {
        return out.hit(other_seal(cx, "封面", s, &texts));
    }
    let by = |names: &[String]| texts.iter().any(|t| names.iter().any(|n| names_party(cx, t, n)));
    let own = by(&cx.applicant.names);
    let recommending: Vec<String> = cx.form("封面.推荐单位").map(text_of).into_iter().collect();
    let theirs = by(&recommending) || texts.iter().any(|t| t.contains("工业和信息化") || t.contains("工信"));
    let unread = texts.iter().filter(|t| !is_read(t)).count();
    if (own && theirs) || unread > 0 && own | theirs || texts.len() >= 2 {
        return out.pass();
    }
    let missing = if own { "推荐单位" } else { "申报单位" };
    let evidence = vec![Evidence::of("封面印章", s)];
    let title = format!("封面没有看到{missing}公章");
    let message = format!(
        "封面只看到一枚印章，读作“{}”，没有看到{missing}公章。通知要求申报书加盖申报单位和推荐单位公章。请查看原件，缺少的请补盖。",
        texts.join("”“")
    );
    if !own && !theirs {
        return out.hit(Draft::unverifiable("封面的公章未能核对", message, evidence));
    }
    out.hit(Draft::anomaly(title, message, evidence));
}

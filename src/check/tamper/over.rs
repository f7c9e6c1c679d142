//! TAMPER-003 text covered and other text set on top, TAMPER-004 odd type, TAMPER-009 annotations laid over what a document says.

use super::revised::{at, differ, effect, fields_at, is_by_others, issued, says};
use crate::check::{Cx, Out, say};
use crate::model::{Change, Document, Draft, Evidence, ReadBy, Severity, Trace, Value};
use crate::text::normal::squash;

/// TAMPER-003.
pub(super) fn covered(cx: &Cx<'_>, out: &mut Out) {
    let mut any = false;
    for d in issued(cx).filter(|d| d.read_by == ReadBy::Pdf) {
        any = true;
        let (mut sure, mut doubtful) = (Vec::new(), Vec::new());
        for t in &d.traces {
            let Change::Covered { under, shows, .. } = &t.mark else { continue };
            if !says(under) || !says(shows) {
                continue;
            }
            match (differ(under, shows), fields_at(d, t).is_empty()) {
                (true, false) => sure.push((t, under, shows)),
                // Drawings and letterheads lie in layers, too: only what the document is about counts.
                (true, true) if figures(under) >= 3 && figures(shows) >= 3 => {
                    doubtful.push((t, under, shows))
                }
                _ => {}
            }
        }
        if let Some(draft) = replaced(cx, d, &sure) {
            out.hit(draft);
        } else if let Some((t, under, shows)) = doubtful.first() {
            let message = format!(
                "{}有一处文字“{under}”被遮盖，其上另写“{shows}”。该处不是已识别的要素，不能判断是否影响内容。请对照原件复核。",
                say::doc(d)
            );
            let evidence = vec![at("被遮盖的文字", under, t, d)];
            let title = format!("{}有文字被遮盖后另写", say::kind(d.kind));
            out.hit(Draft::unverifiable(title, message, evidence));
        } else {
            out.pass();
        }
    }
    if !any {
        out.cannot("没有带文字层的证明材料");
    }
}

fn replaced(cx: &Cx<'_>, d: &Document, sure: &[(&Trace, &String, &String)]) -> Option<Draft> {
    if sure.is_empty() {
        return None;
    }
    let mut evidence = Vec::new();
    let mut said = Vec::new();
    for (t, under, shows) in sure.iter().take(6) {
        let by = match &t.mark {
            Change::Covered { picture: true, .. } => "图片",
            _ => "色块",
        };
        said.push(format!("{by}之下原为“{under}”，其上现为“{shows}”"));
        evidence.push(at("被遮盖的文字", under, t, d));
        evidence.push(at("其上另写的文字", shows, t, d));
    }
    let message = format!(
        "{}的页面先写有文字，后被不透明的色块或图片遮盖，再在原处写上另外的文字：{}。已排除遮盖后重写同样文字、只遮不写（脱敏）、以星号代替、占位的零，以及整页的底图。请向出具单位核对，并索取原始文件。",
        say::doc(d),
        said.join("；")
    );
    let title = format!("{}有要素被遮盖后另写", say::kind(d.kind));
    Some(Draft::anomaly(title, message, evidence).effect(effect(cx, d)))
}

fn figures(text: &str) -> usize {
    text.chars().filter(char::is_ascii_digit).count()
}

/// TAMPER-004.
pub(super) fn odd(cx: &Cx<'_>, out: &mut Out) {
    let mut any = false;
    for d in issued(cx).filter(|d| d.read_by == ReadBy::Pdf) {
        any = true;
        let (mut said, mut evidence, mut whole_number) = (Vec::new(), Vec::new(), true);
        for t in &d.traces {
            let Change::Odd { text, how, within } = &t.mark else { continue };
            // Page numbers and serial numbers of print may look as they like.
            if fields_at(d, t).is_empty() {
                continue;
            }
            whole_number &= !within;
            said.push(format!("“{text}”{how}"));
            evidence.push(at("字体异常的数字", text, t, d));
        }
        if said.is_empty() {
            out.pass();
            continue;
        }
        let message = format!(
            "{}有数字与同列或同一数字的其余部分不是同一种字体或字号：{}。已排除货币符号、合计行、整行加粗、为容纳长数字而缩小、同一字体的不同子集。这只是线索，请与其他凭证的金额核对，并向出具单位索取原始文件。",
            say::doc(d),
            said.join("；")
        );
        let title = format!("{}有个别数字字体异常", say::kind(d.kind));
        let draft = Draft::anomaly(title, message, evidence);
        out.hit(match (is_by_others(d), whole_number) {
            (true, false) => draft,
            // A cell typed later into one's own table is everyday work.
            (true, true) => draft.severity(Severity::Minor),
            (false, _) => draft.severity(Severity::Notice),
        });
    }
    if !any {
        out.cannot("没有带文字层的证明材料");
    }
}

/// What an annotation does to what lies under it.
enum Over {
    /// Hides text and shows other text.
    Replaces,
    /// Supplies what the document says.
    Supplies,
    /// Hides text and shows none, or scribbles over an amount.
    Hides,
}

/// TAMPER-009.
pub(super) fn annotated(cx: &Cx<'_>, out: &mut Out) {
    let mut any = false;
    for d in issued(cx).filter(|d| d.read_by == ReadBy::Pdf) {
        any = true;
        let found: Vec<(&Trace, Over)> = d.traces.iter().filter_map(|t| Some((t, over(d, t)?))).collect();
        let grave: Vec<&(&Trace, Over)> = found.iter().filter(|(_, o)| !matches!(o, Over::Hides)).collect();
        if !grave.is_empty() {
            out.hit(laid_over(cx, d, &grave));
        } else if let Some((t, _)) = found.first()
            && let Change::Annotated { subtype, under, .. } = &t.mark
        {
            let message = format!(
                "{}有一处{}盖在“{under}”之上，没有写上另外的内容，可能是印章、脱敏或审阅标记，不据此认定。请对照原件复核。",
                say::doc(d),
                name(subtype)
            );
            let title = format!("{}有批注盖住要素", say::kind(d.kind));
            out.hit(Draft::unverifiable(title, message, vec![at("批注之下的文字", under, t, d)]));
        } else {
            out.pass();
        }
    }
    if !any {
        out.cannot("没有带文字层的证明材料");
    }
}

fn over(d: &Document, t: &Trace) -> Option<Over> {
    let Change::Annotated { subtype, under, hides, shows } = &t.mark else { return None };
    let fields = fields_at(d, t);
    let value = |v: &Value| matches!(v, Value::Money(_) | Value::Date(_) | Value::Number(_));
    if *hides && says(under) {
        if says(shows) {
            let matters = !fields.is_empty() || (figures(under) >= 3 && figures(shows) >= 3);
            return (matters && differ(under, shows)).then_some(Over::Replaces);
        }
        return (figures(under) >= 3 || !fields.is_empty()).then_some(Over::Hides);
    }
    // A blank of a contract may be filled in; on what others issued, the issuer fills in.
    let written = squash(shows);
    let supplies = |raw: &str| raw.chars().count() >= 3 && written.contains(&squash(raw));
    if is_by_others(d)
        && says(shows)
        && !squash(under).contains(&written)
        && fields.iter().any(|(_, s)| supplies(&s.raw) && !squash(under).contains(&squash(&s.raw)))
    {
        return Some(Over::Supplies);
    }
    let scribbled = matches!(subtype.as_str(), "Ink" | "Line" | "PolyLine") && is_by_others(d);
    (scribbled && fields.iter().any(|(_, s)| value(&s.value))).then_some(Over::Hides)
}

fn laid_over(cx: &Cx<'_>, d: &Document, found: &[&(&Trace, Over)]) -> Draft {
    let mut said = Vec::new();
    let mut evidence: Vec<Evidence> = Vec::new();
    for (t, how) in found.iter().take(6) {
        let Change::Annotated { subtype, under, shows, .. } = &t.mark else { continue };
        let what = name(subtype);
        if matches!(how, Over::Replaces) {
            said.push(format!("{what}盖住“{under}”，显示“{shows}”"));
            evidence.push(at("批注之下的文字", under, t, d));
        } else {
            said.push(format!("“{shows}”不是文书本身的文字，由{what}写成"));
        }
        evidence.push(at("批注显示的文字", shows, t, d));
    }
    let message = format!(
        "{}的要素之上有出具之后加上的批注：{}。已排除高亮、下划线、便笺、链接、表单控件、电子签名，以及不遮盖文字的印章和审阅标记。请去掉批注后查看，或向出具单位索取原始文件。",
        say::doc(d),
        said.join("；")
    );
    Draft::anomaly(format!("{}有批注改写要素", say::kind(d.kind)), message, evidence).effect(effect(cx, d))
}

fn name(subtype: &str) -> &'static str {
    match subtype {
        "FreeText" => "文本框批注",
        "Stamp" => "图章批注",
        "Square" | "Circle" | "Polygon" => "图形批注",
        "Ink" => "手写批注",
        "Redact" => "涂黑批注",
        _ => "线条批注",
    }
}

//! FORM-012 single choices, FORM-013 the numbers of scenarios and trades against the boxes.

use rust_decimal::Decimal;

use super::signed::is_scan;
use crate::check::cx::{number_of, text_of};
use crate::check::{Cx, Out};
use crate::model::{Draft, Evidence, Grade, Severity, Sourced, Value};

/// What must be filled in beside some choices.
const BESIDE: [(&str, &str, &str); 2] =
    [("建设方式", "合作共建", "合作伙伴"), ("IaaS设施", "租用", "服务商")];

fn ticked<'a>(cx: &Cx<'a>, group: &str) -> Option<(&'a Sourced<Value>, Vec<String>)> {
    let s = cx.form(&format!("平台基本信息.{group}"))?;
    match &s.value {
        Value::List(l) => Some((s, l.clone())),
        _ => None,
    }
}

/// Whether ticks were read from pixels, too poorly to reproach anyone with them.
fn unsure(cx: &Cx<'_>, s: &Sourced<Value>) -> bool {
    s.grade == Grade::Ocr && s.confidence.0 <= cx.notice.reading.sure
}

/// FORM-012.
pub(super) fn single(cx: &Cx<'_>, out: &mut Out) {
    let Some(form) = cx.case.form() else {
        return out.cannot("没有申报书");
    };
    for group in &cx.notice.form.single {
        match ticked(cx, group) {
            Some((s, choices)) if choices.len() > 1 => {
                let title = format!("{group}勾选了{}项", choices.len());
                let message =
                    format!("{group}应只选一项，却勾选了：{}。请申报单位更正。", choices.join("、"));
                let evidence = vec![Evidence::of(group.as_str(), s)];
                out.hit(if unsure(cx, s) {
                    Draft::unverifiable(title, format!("{message}勾选由图像识别，请对照原件。"), evidence)
                } else {
                    Draft::anomaly(title, message, evidence)
                });
            }
            Some((_, choices)) if choices.len() == 1 => out.pass(),
            _ if !form.text.contains(group.as_str()) => out.cannot(format!("申报书中没有读到{group}一栏")),
            _ => {
                let title = format!("{group}没有勾选");
                let message = format!("{group}一栏没有看到勾选。应选且只选一项，请申报单位补选。");
                let evidence = vec![cx.whole_form("平台基本信息")];
                let drawn = form.fields.values().any(|f| f.found().is_some_and(|s| s.grade == Grade::Ocr));
                out.hit(if is_scan(form) || drawn {
                    Draft::unverifiable(title, format!("{message}勾选由图像识别，请对照原件。"), evidence)
                } else {
                    Draft::anomaly(title, message, evidence)
                });
            }
        }
    }
    for (group, choice, blank) in BESIDE {
        let Some((s, choices)) = ticked(cx, group) else { continue };
        if choices != [choice] || cx.form_field(&format!("平台基本信息.{blank}")).is_some() {
            continue;
        }
        let title = format!("{group}选“{choice}”而没有填写{blank}");
        let message = format!("{group}选了“{choice}”，{blank}却是空白。请申报单位补填{blank}。");
        let evidence = vec![Evidence::of(group, s)];
        out.hit(if is_scan(form) || s.grade == Grade::Ocr {
            Draft::unverifiable(title, format!("{message}申报书为扫描件，可能没有读到。"), evidence)
        } else {
            Draft::anomaly(title, message, evidence).severity(Severity::Notice)
        });
    }
}

/// Groups whose boxes a number counts, and the box that may or may not count as one.
const COUNTED: [(&str, &str, &str, &str); 2] =
    [("覆盖场景数", "覆盖场景", "新技术应用场景", "场景"), ("覆盖行业数", "面向行业", "", "行业")];

/// FORM-013.
pub(super) fn counted(cx: &Cx<'_>, out: &mut Out) {
    for (number, group, either, what) in COUNTED {
        let stated = cx.form(&format!("平台基本信息.{number}")).and_then(|s| Some((s, number_of(s)?)));
        let (Some((n, count)), Some((t, boxes))) = (stated, ticked(cx, group)) else {
            out.cannot(format!("没有读到{number}或{group}的勾选"));
            continue;
        };
        let most = Decimal::from(boxes.len());
        let optional = boxes.iter().filter(|b| !either.is_empty() && b.contains(either)).count();
        let least = most - Decimal::from(optional);
        if count >= least && count <= most {
            out.pass();
            continue;
        }
        let evidence = vec![Evidence::of(number, n), Evidence::of(group, t)];
        let facts = format!("{number}填{}，{group}勾选{}项（{}）", text_of(n), boxes.len(), boxes.join("、"));
        let other = boxes.iter().any(|b| b == "其他");
        let draft = if count > most {
            let why = if other { "“其他”一项可以写明几个，" } else { "" };
            let message = format!("{facts}，所填数较多。{why}一项之下也可能有几个{what}，请申报单位列明。");
            Draft::anomaly(format!("{number}多于勾选的项数"), message, evidence).severity(Severity::Notice)
        } else {
            let extra = if optional > 0 { "，新技术应用场景计与不计都不相符" } else { "" };
            let message = format!("{facts}，所填数少于勾选的项数{extra}。请申报单位更正。");
            Draft::anomaly(format!("{number}少于勾选的项数"), message, evidence)
        };
        if t.grade == Grade::Ocr && unsure(cx, t) {
            let message = format!("{}勾选由图像识别，请对照原件。", draft.message);
            out.hit(Draft::unverifiable(draft.title, message, draft.evidence));
        } else {
            let less = count < least;
            out.hit(draft.still_holds(move |v| match crate::check::cx::yuan(&v[0]) {
                Some(c) => {
                    if less {
                        c < least
                    } else {
                        c > most
                    }
                }
                None => true,
            }));
        }
    }
}

//! ENTITY-003 the founding day, ENTITY-005 expiry and status, ENTITY-006 an independent legal person, ENTITY-007 founded
//! after the project began.

use chrono::{Datelike, NaiveDate};

use crate::check::cx::{text, text_of, whole};
use crate::check::filing::Filing;
use crate::check::form::facts::as_month;
use crate::check::{Cx, Out, say};
use crate::model::{Document, Draft, Evidence, Field, Grade, Kind, Severity, Sourced, Value, YearMonth};
use crate::text::normal::squash;
use crate::text::party::{NAME_FIELDS, is_sale, names};

/// The applicant's own licences: a partner's or a supplier's may lie beside them.
fn licences<'a>(cx: &Cx<'a>) -> Vec<&'a Document> {
    let all: Vec<&Document> = cx.of(Kind::BusinessLicence).collect();
    let stated: Vec<String> = NAME_FIELDS.iter().filter_map(|f| cx.form(f)).map(text_of).collect();
    let own = |d: &&Document| {
        text(d, "name")
            .is_none_or(|(_, n)| stated.is_empty() || stated.iter().any(|s| names(s, &n, true).may_be_same()))
    };
    all.into_iter().filter(own).collect()
}

fn day(d: &Document, field: &str) -> Option<(Sourced<Value>, NaiveDate)> {
    let s = d.value(field)?;
    match s.value {
        Value::Date(day) => Some((s.clone(), day)),
        _ => None,
    }
}

fn month_of(d: NaiveDate) -> YearMonth {
    YearMonth { year: d.year(), month: d.month() }
}

fn show(m: YearMonth) -> String {
    format!("{}年{}月", m.year, m.month)
}

/// ENTITY-003.
pub(super) fn founded(cx: &Cx<'_>, out: &mut Out) {
    let stated = cx.form("基本信息.成立时间").and_then(|s| Some((s, as_month(&Some(s.value.clone()))?)));
    let Some((s, month)) = stated else {
        return out.cannot("没有读到申报书的成立时间");
    };
    let own = licences(cx);
    let days: Vec<(Sourced<Value>, NaiveDate)> = own.iter().filter_map(|d| day(d, "established")).collect();
    let Some((l, first)) = days.first() else {
        return out.cannot("没有读到营业执照的成立日期");
    };
    if days.iter().any(|(_, d)| month_of(*d) == month) {
        return out.pass();
    }
    let evidence = vec![Evidence::of("申报书成立时间", s), Evidence::of("营业执照成立日期", l)];
    let facts = format!("申报书成立时间为{}，营业执照成立日期为{first}。只比较到月份。", show(month));
    let issued = own.iter().filter_map(|d| day(d, "issued")).any(|(_, d)| month_of(d) == month);
    let draft = if issued {
        let message = format!("{facts}所填正是执照的发照（核准）日期，多半是抄错了栏目，请更正。");
        Draft::anomaly("成立时间填成发照日期", message, evidence).severity(Severity::Notice)
    } else {
        let message = format!("{facts}也不是发照日期。请以执照为准更正。");
        Draft::anomaly("成立时间与营业执照不符", message, evidence)
    };
    out.hit(draft.still_holds(|v| match (as_month(&v[0]), as_month(&v[1])) {
        (Some(a), Some(b)) => a != b,
        _ => true,
    }));
}

/// Words by which a licence, or an extract from the register, says that the firm no longer trades.
const ENDED: [&str; 6] = ["已吊销", "吊销,未注销", "吊销未注销", "已注销", "登记状态:注销", "登记状态:吊销"];

/// ENTITY-005.
pub(super) fn status(cx: &Cx<'_>, out: &mut Out) {
    let own = licences(cx);
    if own.is_empty() {
        return out.cannot("没有营业执照");
    }
    let limit = Filing::of(cx).limit;
    for d in own {
        if let Some(word) = ENDED.iter().find(|w| squash(&d.text).contains(**w)) {
            let message = format!(
                "营业执照或登记信息（{}）中有“{word}”字样。请到国家企业信用信息公示系统核实登记状态。",
                say::doc(d)
            );
            let evidence = vec![whole("营业执照", d)];
            out.hit(if d.read_by == crate::model::ReadBy::Ocr {
                Draft::unverifiable("登记状态可能异常", message, evidence)
            } else {
                Draft::anomaly("登记状态异常", message, evidence).severity(Severity::Major)
            });
            continue;
        }
        match d.fields.get("expires") {
            Some(Field::Unreadable(s)) => {
                let message = format!("营业期限读作“{}”，未能认定是否到期，请对照原件。", s.raw);
                let evidence = vec![Evidence::of_field("营业期限", &d.fields["expires"])];
                out.hit(Draft::unverifiable("营业期限未能读取", message, evidence));
            }
            Some(Field::Found(s)) => match s.value {
                Value::Date(end) if end < limit => {
                    let message = format!(
                        "营业执照的营业期限到{end}止，早于申报时间{limit}。期满前办理延期的，换发的执照应写明新的期限；请提供有效执照。"
                    );
                    out.hit(
                        Draft::anomaly("营业执照已过营业期限", message, vec![Evidence::of("营业期限", s)])
                            .still_holds(move |v| matches!(&v[0], Some(Value::Date(d)) if *d < limit)),
                    );
                }
                _ => out.pass(),
            },
            // Licences issued since 2022 print no term.
            None => out.pass(),
        }
    }
}

/// What a type or a name says about who answers for debts: true, nobody but another (a branch, a trader); false, its
/// owners beside it.
fn dependent(text: &str) -> Option<(bool, &'static str)> {
    let t = squash(text);
    let branch = ["分公司", "分支机构", "办事处", "非法人分支"].into_iter().find(|w| t.contains(w));
    if let Some(w) = branch {
        return Some((true, w));
    }
    if t.contains("个体工商户") || t == "个体户" {
        return Some((true, "个体工商户"));
    }
    ["个人独资企业", "合伙企业", "合伙)"].into_iter().find(|w| t.contains(w)).map(|w| (false, w))
}

/// ENTITY-006.
pub(super) fn person(cx: &Cx<'_>, out: &mut Out) {
    let own = licences(cx);
    if own.is_empty() {
        return out.cannot("没有营业执照");
    }
    let mut said = false;
    for d in own {
        let fields: Vec<(&str, &Sourced<Value>)> = [("类型", "type"), ("名称", "name")]
            .into_iter()
            .filter_map(|(l, f)| Some((l, d.value(f)?)))
            .collect();
        let Some((label, s, (grave, word))) =
            fields.iter().find_map(|(l, s)| Some((*l, *s, dependent(&text_of(s))?)))
        else {
            if fields.iter().any(|f| f.0 == "类型") {
                said = true;
            }
            continue;
        };
        let evidence = vec![Evidence::of(format!("营业执照{label}"), s)];
        let facts = format!("营业执照{label}为“{}”", text_of(s));
        let draft = if grave {
            let message = format!(
                "{facts}，属于{word}，不能独立承担民事责任，而通知要求申报单位具有独立承担民事责任能力（二、征集条件1）。请以法人单位申报，或说明情况。"
            );
            Draft::anomaly("申报单位不是独立法人", message, evidence)
        } else {
            let message = format!(
                "{facts}，属于非法人组织（{}），是否符合“独立承担民事责任能力”由审核人员认定。",
                word.trim_end_matches(')')
            );
            Draft::anomaly("申报单位是非法人组织", message, evidence).severity(Severity::Notice)
        };
        out.hit(draft.still_holds(|v| v[0].as_ref().is_none_or(|x| dependent(&x.to_plain()).is_some())));
        return;
    }
    if said {
        out.pass();
    } else {
        out.cannot("没有读到营业执照的类型");
    }
}

/// ENTITY-007.
pub(super) fn began(cx: &Cx<'_>, out: &mut Out) {
    let own = licences(cx);
    let Some((l, founded)) = own.iter().filter_map(|d| day(d, "established")).min_by_key(|x| x.1) else {
        return out.cannot("没有读到营业执照的成立日期");
    };
    let start = cx.form("基本信息.项目开始").and_then(|s| Some((s, as_month(&Some(s.value.clone()))?)));
    if let Some((s, month)) = start {
        if month < month_of(founded) {
            let message = format!(
                "项目开始时间为{}，申报单位到{founded}才成立。只比较到月份；由股东或原单位先行建设、后来承继的，请附承继的书面材料。",
                show(month)
            );
            let evidence = vec![Evidence::of("营业执照成立日期", &l), Evidence::of("项目开始", s)];
            out.hit(Draft::anomaly("申报单位成立晚于项目开始", message, evidence).still_holds(|v| {
                match (as_month(&v[0]), as_month(&v[1])) {
                    (Some(a), Some(b)) => b < a,
                    _ => true,
                }
            }));
        } else {
            out.pass();
        }
    }
    let bought = cx.of(Kind::Contract).filter(|d| !is_sale(&cx.applicant, d));
    let first = bought.filter_map(|d| Some((d, day(d, "signed_on")?))).min_by_key(|x| x.1.1);
    let Some((d, (s, signed))) = first else { return };
    if signed >= founded {
        return out.pass();
    }
    let message = format!(
        "合同“{}”签订于{signed}，早于申报单位成立日期{founded}。以前身名义签订的应有更名或承继材料；请核实签订日期。",
        text(d, "title").map_or_else(|| say::doc(d), |t| t.1)
    );
    let evidence = vec![Evidence::of("营业执照成立日期", &l), Evidence::of("合同签订日期", &s)];
    let draft = Draft::anomaly("合同签订早于申报单位成立", message, evidence)
        .still_holds(|v| matches!((&v[0], &v[1]), (Some(Value::Date(a)), Some(Value::Date(b))) if b < a));
    // Days on contracts are written by hand as often as not.
    out.hit(if s.grade == Grade::Ocr && s.confidence.0 < cx.notice.reading.sure {
        Draft::unverifiable(
            draft.title,
            format!("{}签订日期由图像识别，请对照原件。", draft.message),
            draft.evidence,
        )
    } else {
        draft
    });
}

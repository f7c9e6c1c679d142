//! FORM-003 staff, FORM-005 one fact in two places, FORM-006 codes, FORM-007 the period.

use chrono::Datelike;
use rust_decimal::Decimal;

use crate::check::cx::{number_of, text_of, yuan};
use crate::check::filing::filed;
use crate::check::{Cx, Out, say};
use crate::model::{Draft, Evidence, Grade, ReadBy, Severity, Sourced, Value, YearMonth};
use crate::text::code::{CodeCheck, check_organisation_code, check_uscc, clean_code};
use crate::text::name::normal_name;
use crate::text::normal::{likeness, partly_alike, squash};
use crate::text::party::{Party, names};

/// FORM-003.
pub(super) fn staff(cx: &Cx<'_>, out: &mut Out) {
    let field = |f: &str| cx.form(&format!("基本信息.项目参与工作人员.{f}"));
    let Some((total, sum)) = field("总数").and_then(|s| Some((s, number_of(s)?))) else {
        return out.cannot("没有读到项目参与工作人员总数");
    };
    let parts: Vec<(&str, Option<&Sourced<Value>>)> =
        ["高级职称", "中级职称", "初级职称", "其他人员"].iter().map(|f| (*f, field(f))).collect();
    let read: Vec<(&str, &Sourced<Value>, Decimal)> =
        parts.iter().filter_map(|(f, s)| Some((*f, (*s)?, number_of((*s)?)?))).collect();
    if read.is_empty() {
        return out.skip();
    }
    let unreadable = parts.iter().any(|(f, _)| {
        matches!(
            cx.form_field(&format!("基本信息.项目参与工作人员.{f}")),
            Some(crate::model::Field::Unreadable(_))
        )
    });
    let got: Decimal = read.iter().map(|r| r.2).sum();
    if got == sum {
        return out.pass();
    }
    let blanks: Vec<&str> = parts.iter().filter(|(_, s)| s.is_none()).map(|p| p.0).collect();
    let mut evidence = vec![Evidence::of("总数", total)];
    evidence.extend(read.iter().map(|(f, s, _)| Evidence::of(*f, s)));
    let terms: Vec<String> = read.iter().map(|(f, _, n)| format!("{f}{}", say::number(*n))).collect();
    let mut message = format!(
        "{} = {}人，而总数填{}人，相差{}人。",
        terms.join(" + "),
        say::number(got),
        say::number(sum),
        say::number((got - sum).abs())
    );
    if !blanks.is_empty() {
        message += &format!("其中{}空白，按0计。", blanks.join("、"));
    }
    message += "请申报单位核对人员名册后更正。";
    let title = "参与人员分项之和与总数不符";
    let scanned = cx.case.form().is_some_and(|f| f.read_by == ReadBy::Ocr);
    if scanned && !blanks.is_empty() && got < sum {
        message += "申报书是扫描件，空白的一格可能是没有读到。";
        return out.hit(Draft::unverifiable(title, message, evidence));
    }
    if unreadable {
        return out.hit(Draft::unverifiable(title, message, evidence));
    }
    out.hit(Draft::anomaly(title, message, evidence).still_holds(|v| {
        let parts: Option<Decimal> = v[1..].iter().map(yuan).sum();
        yuan(&v[0]) != parts
    }));
}

/// FORM-005.
pub(super) fn same(cx: &Cx<'_>, out: &mut Out) {
    let company: &[(&str, &str)] =
        &[("封面.企业名称", "封面“企业名称”"), ("基本信息.单位名称", "基本信息“单位名称”")];
    let platform: &[(&str, &str)] = &[
        ("封面.平台名称", "封面“平台名称”"),
        ("基本信息.平台名称", "基本信息“平台名称”"),
        ("平台基本信息.平台名称", "平台基本信息“平台名称”"),
    ];
    let misread = cx.notice.share("FORM-005", "scan_percent");
    for (what, places, is_company) in [("企业名称", company, true), ("平台名称", platform, false)] {
        let found: Vec<(&str, &Sourced<Value>)> = places
            .iter()
            .filter_map(|(f, l)| Some((*l, cx.form(f)?)))
            .filter(|(_, s)| !text_of(s).trim().is_empty())
            .collect();
        if found.len() < 2 {
            out.skip();
            continue;
        }
        let differs =
            |f: &&(&str, &Sourced<Value>)| relation(found[0].1, f.1, is_company, misread) != Party::Same;
        match found.iter().skip(1).find(differs) {
            None => out.pass(),
            Some(other) => out.hit(differing(what, found[0], *other, is_company, misread)),
        }
    }
}

fn relation(a: &Sourced<Value>, b: &Sourced<Value>, company: bool, misread: f32) -> Party {
    let ocr = a.grade == Grade::Ocr || b.grade == Grade::Ocr;
    named_alike(&text_of(a), &text_of(b), ocr.then_some(misread), company)
}

/// `misread` is the likeness from which a recognised name may be the other, misread; none where nothing was recognised.
fn named_alike(a: &str, b: &str, misread: Option<f32>, company: bool) -> Party {
    if company {
        return names(a, b, misread.is_some());
    }
    let (x, y) = (squash(a).replace(['“', '”', '"'], ""), squash(b).replace(['“', '”', '"'], ""));
    let (x, y) = (normal_name(&x), normal_name(&y));
    if x == y {
        Party::Same
    } else if x.contains(&y) || y.contains(&x) {
        Party::Variant
    } else if misread.is_some_and(|m| likeness(&x, &y) >= m || cut_off(&x, &y)) {
        Party::Doubtful
    } else {
        Party::Other
    }
}

/// Whether one of two names looks like a part of the other: under a seal, or in a narrow cell, only a part is read.
fn cut_off(x: &str, y: &str) -> bool {
    x.chars().count().abs_diff(y.chars().count()) >= 2 && partly_alike(x, y) >= 0.75
}

fn differing(
    what: &str,
    a: (&str, &Sourced<Value>),
    b: (&str, &Sourced<Value>),
    company: bool,
    misread: f32,
) -> Draft {
    let evidence = vec![Evidence::of(a.0, a.1), Evidence::of(b.0, b.1)];
    let title = format!("申报书内{what}不一致");
    let facts = format!("{}为“{}”，{}为“{}”。", a.0, text_of(a.1), b.0, text_of(b.1));
    match relation(a.1, b.1, company, misread) {
        Party::Doubtful => Draft::unverifiable(title, format!("{facts}至少一处来自扫描识别，差异可能是识别误差，请对照原件。"), evidence),
        Party::Variant | Party::Branch => {
            let why = if company { "属于写法差别或分支机构" } else { "一处是另一处的简称" };
            Draft::anomaly(title, format!("{facts}已排除空格、括号、全半角等写法差别；{why}，请统一为全称。"), evidence)
                .severity(Severity::Notice)
        }
        _ => Draft::anomaly(
            title,
            format!("{facts}已排除空格、括号、全半角等写法差别，也不是简称。请申报单位说明哪一处正确；更名的应附变更通知书。"),
            evidence,
        )
        .still_holds(move |v| match (&v[0], &v[1]) {
            (Some(x), Some(y)) => named_alike(&x.to_plain(), &y.to_plain(), None, company) == Party::Other,
            _ => true,
        }),
    }
}

/// FORM-006.
pub(super) fn code(cx: &Cx<'_>, out: &mut Out) {
    let Some(s) = cx.form("基本信息.组织机构代码") else {
        return out.cannot("没有读到组织机构代码");
    };
    let raw = text_of(s);
    let code = clean_code(&raw);
    let what = fault(&code);
    let Some(why) = what else { return out.pass() };
    let evidence = vec![Evidence::of("组织机构代码", s)];
    let message = format!(
        "申报书填写的代码为“{raw}”：{why}。已按统一社会信用代码（GB 32100，18位）和组织机构代码（GB 11714，9位）两种规则核对。请对照营业执照更正。"
    );
    let title = "统一社会信用代码或组织机构代码有误";
    if s.grade == Grade::Ocr {
        return out.hit(Draft::unverifiable(
            title,
            format!("{message}该代码来自扫描识别，可能是误读。"),
            evidence,
        ));
    }
    out.hit(Draft::anomaly(title, message, evidence));
}

/// What is wrong with a code, if anything.
fn fault(code: &str) -> Option<String> {
    let check = if code.chars().count() == 9 { check_organisation_code(code) } else { check_uscc(code) };
    match check {
        CodeCheck::Valid => None,
        CodeCheck::WrongCheck { expected } => {
            Some(format!("校验位应为“{expected}”，实为“{}”", code.chars().last().unwrap_or(' ')))
        }
        CodeCheck::Malformed => Some(format!("共{}位，位数或字符不合规则", code.chars().count())),
    }
}

/// FORM-007.
pub(super) fn period(cx: &Cx<'_>, out: &mut Out) {
    let month = |f: &str| match cx.form(f) {
        Some(s) => match s.value {
            Value::Month(m) => Some((s, m)),
            Value::Date(d) => Some((s, YearMonth { year: d.year(), month: d.month() })),
            _ => None,
        },
        None => None,
    };
    let (start, end) = (month("基本信息.项目开始"), month("基本信息.项目结束"));
    let limit = cx.notice.completion;
    if start.is_none() && end.is_none() {
        return out.cannot("没有读到项目起止时间");
    }
    let show = |m: YearMonth| format!("{}年{}月", m.year, m.month);
    if let (Some((s, a)), Some((e, b))) = (start, end) {
        if a > b {
            let evidence = vec![Evidence::of("项目开始", s), Evidence::of("项目结束", e)];
            let message = format!("项目起止时间填为{}至{}，开始晚于结束。请申报单位更正。", show(a), show(b));
            out.hit(
                Draft::anomaly("项目开始晚于结束", message, evidence).still_holds(
                    |v| matches!((as_month(&v[0]), as_month(&v[1])), (Some(a), Some(b)) if a > b),
                ),
            );
        } else {
            out.pass();
        }
    }
    if let Some((e, b)) = end {
        if b > limit {
            let message = format!(
                "项目结束时间为{}，晚于通知要求的{}（二、征集条件：{}年{}月底前能完成平台建设任务）。请核实能否按期完成。",
                show(b),
                show(limit),
                limit.year,
                limit.month
            );
            out.hit(
                Draft::anomaly("项目不能在规定时间前完成", message, vec![Evidence::of("项目结束", e)])
                    .still_holds(move |v| as_month(&v[0]).is_some_and(|m| m > limit)),
            );
        } else {
            out.pass();
        }
    }
    if let (Some((s, a)), Some((f, filed))) = (start, filed(cx)) {
        if a > (YearMonth { year: filed.year(), month: filed.month() }) {
            let message = format!("项目开始时间{}晚于申报日期{filed}。请申报单位更正。", show(a));
            let evidence = vec![Evidence::of("项目开始", s), Evidence::of("申报日期", f)];
            out.hit(
                Draft::anomaly("项目开始晚于申报日期", message, evidence).still_holds(
                    |v| matches!((as_month(&v[0]), as_month(&v[1])), (Some(a), Some(b)) if a > b),
                ),
            );
        } else {
            out.pass();
        }
    }
}

pub(in crate::check) fn as_month(v: &Option<Value>) -> Option<YearMonth> {
    match v {
        Some(Value::Month(m)) => Some(*m),
        Some(Value::Date(d)) => Some(YearMonth { year: d.year(), month: d.month() }),
        _ => None,
    }
}

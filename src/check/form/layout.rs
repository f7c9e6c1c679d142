//! FORM-011: paper, letters and lines as the notice wants them. Only what pages tell; never adverse by itself.

use rust_decimal::Decimal;

use super::signed::is_scan;
use crate::check::{Cx, Out, say};
use crate::model::{Draft, Evidence, Sourced, Value};

/// What, and how often.
type Histogram = Vec<(String, Decimal)>;

/// The entries of a histogram that the form extractor wrote: what, and how often.
fn counted<'a>(cx: &Cx<'a>, name: &str) -> Option<(&'a Sourced<Value>, Histogram)> {
    let s = cx.form(&format!("版式.{name}"))?;
    let Value::List(list) = &s.value else { return None };
    let entries: Histogram = list
        .iter()
        .filter_map(|e| {
            let (what, n) = e.rsplit_once(':')?;
            Some((what.to_owned(), n.parse().ok()?))
        })
        .collect();
    (!entries.is_empty()).then_some((s, entries))
}

/// FORM-011.
pub(super) fn layout(cx: &Cx<'_>, out: &mut Out) {
    let Some(form) = cx.case.form() else {
        return out.cannot("没有申报书");
    };
    if is_scan(form) {
        return out.cannot("申报书是扫描件，幅面、字号和行距不作核对");
    }
    let param = |name: &str| cx.notice.param("FORM-011", name);
    let mut any = paper(cx, out);
    for (field, name, wanted, slack, unit) in [
        ("正文字号", "字号", param("size"), param("size_slack"), "4号"),
        ("行距", "行距", param("spacing"), param("size_slack"), "26磅"),
    ] {
        let Some((s, entries)) = counted(cx, field) else { continue };
        let all: Decimal = entries.iter().map(|e| e.1).sum();
        // A few lines make no habit.
        if all < param("lines") {
            continue;
        }
        any = true;
        let fits = |what: &str| what.parse::<Decimal>().is_ok_and(|v| (v - wanted).abs() <= slack);
        let right: Decimal = entries.iter().filter(|e| fits(&e.0)).map(|e| e.1).sum();
        if right * Decimal::ONE_HUNDRED >= all * param("share") {
            out.pass();
            continue;
        }
        let common = entries.iter().max_by_key(|e| e.1).map(|e| e.0.clone()).unwrap_or_default();
        let message = format!(
            "建设方案正文{name}要求{unit}（{}磅），符合的占{}，最多的是{common}磅。表格和标题不计。请按填报说明二调整；由其他软件转换的文件可能略有出入。",
            say::number(wanted),
            say::percent(right, all)
        );
        out.hit(Draft::anomaly(format!("正文{name}与填报说明不同"), message, vec![Evidence::of(field, s)]));
    }
    if !any {
        out.cannot("没有读到版式");
    }
}

fn paper(cx: &Cx<'_>, out: &mut Out) -> bool {
    let Some((s, entries)) = counted(cx, "纸张") else { return false };
    let param = |name: &str| cx.notice.param("FORM-011", name);
    let (w, h) = (param("width"), param("height"));
    let slack = param("paper_percent") / Decimal::ONE_HUNDRED;
    let near = |a: Decimal, b: Decimal| (a - b).abs() <= b * slack;
    let is_right = |size: &str| {
        let sides: Vec<Decimal> = size.split('×').filter_map(|x| x.parse().ok()).collect();
        matches!(sides.as_slice(), [a, b] if (near(*a, w) && near(*b, h)) || (near(*a, h) && near(*b, w)))
    };
    let other: Vec<&(String, Decimal)> = entries.iter().filter(|e| !is_right(&e.0)).collect();
    if other.is_empty() {
        out.pass();
        return true;
    }
    let pages: Decimal = other.iter().map(|e| e.1).sum();
    let sizes: Vec<String> = other.iter().map(|e| format!("{}磅{}页", e.0, say::number(e.1))).collect();
    let message = format!(
        "申报书有{}页不是A4幅面（{}）。填报说明二要求A4；横排的A4也可以。请调整。",
        say::number(pages),
        say::list(&sizes, 4)
    );
    out.hit(Draft::anomaly("申报书有的页面不是A4", message, vec![Evidence::of("幅面", s)]));
    true
}

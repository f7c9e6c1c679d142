//! TAMPER-002 programs that edit, TAMPER-006 dates of a file against the date of its document.

use chrono::{Days, NaiveDate};

use super::revised::{at, is_by_others, issued};
use crate::check::cx::whole;
use crate::check::{Cx, Out, say};
use crate::model::{Change, Document, Draft, Evidence, Kind, ReadBy, Severity, Trace, Value};

/// What a file says of its making.
fn made(d: &Document) -> Option<(&Trace, String, Option<NaiveDate>, Option<NaiveDate>)> {
    d.traces.iter().find_map(|t| match &t.mark {
        Change::Made { producer, creator, created, modified } => {
            let both = [creator.as_str(), producer.as_str()];
            let programs: Vec<&str> = both.into_iter().filter(|p| !p.is_empty()).collect();
            Some((t, programs.join("；"), *created, *modified))
        }
        _ => None,
    })
}

/// TAMPER-002.
pub(super) fn edited(cx: &Cx<'_>, out: &mut Out) {
    let mut any = false;
    // What is a picture on paper says nothing by the program that packed it.
    for d in issued(cx).filter(|d| is_by_others(d) && d.read_by == ReadBy::Pdf) {
        let Some((trace, programs, ..)) = made(d) else { continue };
        any = true;
        let known = programs.to_lowercase();
        if !cx.notice.editors.iter().any(|e| known.contains(e)) {
            out.pass();
            continue;
        }
        let message = format!(
            "{}由编辑软件保存（{programs}），不是出具系统直接生成的文件。合并、压缩、拆分、转换也会留下这样的记录，本身不说明内容有改动，只提示优先核对原件。",
            say::doc(d)
        );
        let evidence = vec![at("文件的生成软件", &programs, trace, d)];
        out.hit(Draft::anomaly(format!("{}经编辑软件保存", say::kind(d.kind)), message, evidence));
    }
    if !any {
        out.cannot("没有带生成信息的电子证明材料");
    }
}

/// The day a document bears, where its file is made on that day or later: papers that a system prints when they are
/// issued. Contracts are drawn up before they are signed.
fn issued_on(d: &Document) -> Option<(NaiveDate, Evidence)> {
    if !matches!(d.kind, Kind::Invoice | Kind::Payment | Kind::TaxCertificate | Kind::IpCertificate) {
        return None;
    }
    let s = d.value("date").or_else(|| d.value("issued"))?;
    match s.value {
        Value::Date(day) => Some((day, Evidence::of("文书日期", s))),
        _ => None,
    }
}

/// TAMPER-006.
pub(super) fn dated(cx: &Cx<'_>, out: &mut Out) {
    let mut any = false;
    for d in issued(cx).filter(|d| matches!(d.read_by, ReadBy::Pdf | ReadBy::Ocr)) {
        let Some(((_, _, created, modified), (day, evidence))) = made(d).zip(issued_on(d)) else { continue };
        let Some(last) = created.max(modified) else { continue };
        any = true;
        // A day of grace for time zones. A template's own date of creation is older than what is printed with it.
        let Some(earliest) = day.checked_sub_days(Days::new(1)) else { continue };
        if last >= earliest {
            out.pass();
            continue;
        }
        let dates = [created.map(|c| format!("创建于{c}")), modified.map(|m| format!("最后保存于{m}"))];
        let dates: Vec<String> = dates.into_iter().flatten().collect();
        let message = format!(
            "{}的日期为{day}，而文件{}，在该日期之前已经完成，此后没有再保存过。出具系统沿用模板的创建时间、时区差一天的情形已经排除；电脑时钟有误也会造成。请向出具单位核对。",
            say::doc(d),
            dates.join("、")
        );
        let title = format!("{}的文件早于文书日期", say::kind(d.kind));
        let draft = Draft::anomaly(title, message, vec![evidence, whole("文件", d)]).still_holds(move |v| {
            matches!(v.first(), Some(Some(Value::Date(day))) if day.checked_sub_days(Days::new(1)).is_some_and(|e| last < e))
        });
        // The clock of a scanner is nobody's concern.
        out.hit(if d.read_by == ReadBy::Ocr { draft.severity(Severity::Notice) } else { draft });
    }
    if !any {
        out.cannot("没有带生成时间的电子证明材料");
    }
}

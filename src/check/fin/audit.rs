//! FIN-010: audited statements, the auditor's opinion, and the audit's day.

use chrono::{Datelike, NaiveDate};

use super::figures::{year_of, years_of};
use crate::check::cx::{text, whole};
use crate::check::filing::filed;
use crate::check::{Cx, Out, say};
use crate::model::{Document, Draft, Evidence, Kind, ReadBy, Severity, Value};

/// The business year of a report: its period; else what its text names as the balance day.
fn years(cx: &Cx<'_>, d: &Document) -> Vec<i32> {
    let named = years_of(d);
    if !named.is_empty() {
        return named;
    }
    cx.notice.years.iter().copied().filter(|y| d.text.contains(&format!("{y}年12月31日"))).collect()
}

/// FIN-010.
pub(super) fn audited(cx: &Cx<'_>, out: &mut Out) {
    let reports: Vec<&Document> = cx.of(Kind::AuditReport).collect();
    let last = cx.notice.years.last().copied();
    for year in cx.notice.years.clone() {
        let statements: Vec<&Document> = cx
            .case
            .documents
            .iter()
            .filter(|d| {
                matches!(d.kind, Kind::BalanceSheet | Kind::IncomeStatement) && year_of(d) == Some(year)
            })
            .collect();
        if reports.iter().any(|r| years(cx, r).contains(&year)) {
            out.pass();
            continue;
        }
        if statements.is_empty() {
            out.skip();
            continue;
        }
        out.hit(unaudited(cx, year, &statements, &reports, last == Some(year)));
    }
    for r in &reports {
        match opinion(r).or_else(|| impossible_day(cx, r)) {
            Some(draft) => out.hit(draft),
            None => out.pass(),
        }
    }
}

fn unaudited(cx: &Cx<'_>, year: i32, statements: &[&Document], reports: &[&Document], last: bool) -> Draft {
    let evidence: Vec<Evidence> = statements.iter().take(2).map(|d| whole(say::kind(d.kind), d)).collect();
    let title = format!("{year}年财务报表未见审计报告");
    let facts = format!(
        "附有{year}年财务报表（{}），没有找到该年度的审计报告。通知要求经审计的{}年度财务报表（三、有关证明材料7）。",
        say::list(&statements.iter().map(|d| say::doc(d)).collect::<Vec<_>>(), 3),
        cx.notice.years.iter().map(ToString::to_string).collect::<Vec<_>>().join("、")
    );
    // A report whose year could not be read may be the one.
    let undated = reports.iter().any(|r| years(cx, r).is_empty());
    let scans = statements.iter().any(|s| {
        cx.case
            .documents
            .iter()
            .any(|d| d.file == s.file && d.kind == Kind::Other && d.read_by == ReadBy::Ocr)
    });
    if undated || scans || !cx.blind_spots().is_empty() {
        let message = format!("{facts}但有审计报告的年度或有的材料未能读取，可能就是，请人工查看。");
        return Draft::unverifiable(title, message, evidence);
    }
    if last {
        let message = format!(
            "{facts}申报截止时年审多未完成，未审报表多被接受，请在审计完成后补交；审定数与未审数可能不同。"
        );
        return Draft::anomaly(title, message, evidence).severity(Severity::Notice);
    }
    Draft::anomaly(title, format!("{facts}请申报单位补交。"), evidence)
}

fn opinion(r: &Document) -> Option<Draft> {
    let (s, stated) = text(r, "opinion")
        .filter(|o| !o.1.contains("无保留") && !o.1.contains("标准"))
        .or_else(|| text(r, "emphasis"))?;
    let message = format!(
        "审计报告（{}）的意见为“{stated}”，不是标准的无保留意见。请阅读形成意见的基础，结合承诺书“经营良好，无重大金融风险”判断。",
        say::doc(r)
    );
    Some(
        Draft::anomaly(format!("审计意见：{stated}"), message, vec![Evidence::of("审计意见", s)])
            .severity(Severity::Notice),
    )
}

/// A report is signed after the year it is about, and before it is filed.
fn impossible_day(cx: &Cx<'_>, r: &Document) -> Option<Draft> {
    let s = r.value("date")?;
    let Value::Date(day) = s.value else { return None };
    let evidence = |more: Option<Evidence>| {
        let mut all = vec![Evidence::of("审计报告日期", s)];
        all.extend(more);
        all
    };
    let year = r.value("period").and(year_of(r))?;
    let close = NaiveDate::from_ymd_opt(year, 12, 31)?;
    if day <= close && day.year() <= year {
        let message = format!(
            "审计报告（{}）审计{year}年度报表，报告日期却是{day}，早于该年度结束。请核对报告原件，并向会计师事务所核实。",
            say::doc(r)
        );
        let period = r.value("period").map(|p| Evidence::of("审计年度", p));
        return Some(
            Draft::anomaly("审计报告日期早于年度结束", message, evidence(period))
                .severity(Severity::Critical)
                .still_holds(move |v| matches!(&v[0], Some(Value::Date(d)) if *d <= close)),
        );
    }
    let (f, filing) = filed(cx)?;
    (day > filing).then(|| {
        let message = format!(
            "审计报告（{}）的日期为{day}，晚于申报日期{filing}。申报后补交的请注明；否则请核对两个日期。",
            say::doc(r)
        );
        Draft::anomaly("审计报告日期晚于申报", message, evidence(Some(Evidence::of("申报日期", f))))
            .severity(Severity::Major)
            .still_holds(|v| matches!((&v[0], &v[1]), (Some(Value::Date(a)), Some(Value::Date(b))) if a > b))
    })
}

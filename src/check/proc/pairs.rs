//! PROC-002: summary table (附件2) and submissions, one to one.

use std::collections::BTreeSet;

use crate::check::cx::{text, text_of, whole};
use crate::check::{All, Cx, Out, say};
use crate::model::{Document, Draft, Evidence, Field, Grade, Row, Sourced, Value};
use crate::text::normal::{likeness, squash};
use crate::text::party::{NAME_FIELDS, Party, names};

/// PROC-002.
pub(super) fn one_to_one(all: &All<'_>, out: &mut Out) {
    let tables = &all.batch.summaries;
    if tables.is_empty() {
        return out.cannot("没有推荐汇总表（附件2）");
    }
    let paired: Vec<Paired> = tables.iter().map(|t| pair(all, t)).collect();
    for (index, cx) in all.cases.iter().enumerate() {
        let mut covering = tables.iter().zip(&paired).filter(|(t, _)| covers(t, &cx.case.id)).peekable();
        let Some((first, _)) = covering.peek().copied() else { continue };
        if cx.case.form().is_some() && !covering.any(|(_, p)| p.cases.contains(&index)) {
            out.hit_on(vec![cx.case.id.clone()], without_row(cx, first));
        }
    }
    for (t, paired) in tables.iter().zip(&paired) {
        if !all.cases.iter().any(|cx| covers(t, &cx.case.id)) {
            continue;
        }
        for (index, row) in t.items.iter().enumerate() {
            if company(row).is_some() && !paired.rows.contains(&index) {
                out.hit_on(Vec::new(), without_submission(all, t, row));
            }
        }
    }
    two_cities(all, out);
}

/// Which submissions and which rows of a table found each other.
pub(super) struct Paired {
    cases: BTreeSet<usize>,
    rows: BTreeSet<usize>,
    /// Submission and row, each by its index.
    pub(super) links: Vec<(usize, usize)>,
}

/// Pairs rows and submissions one to one, the likest first: names of one city's companies resemble each other, and
/// a row that is another submission's own does not stand for this one, however doubtful the reading.
pub(super) fn pair(all: &All<'_>, table: &Document) -> Paired {
    let mut candidates: Vec<(u32, usize, usize)> = Vec::new();
    for (c, cx) in all.cases.iter().enumerate().filter(|(_, cx)| covers(table, &cx.case.id)) {
        for (r, row) in table.items.iter().enumerate().filter(|(_, row)| fits(cx, row)) {
            candidates.push((nearness(cx, row), c, r));
        }
    }
    candidates.sort_by_key(|&(near, c, r)| (std::cmp::Reverse(near), c, r));
    let mut paired = Paired { cases: BTreeSet::new(), rows: BTreeSet::new(), links: Vec::new() };
    for (_, c, r) in candidates {
        if !paired.cases.contains(&c) && !paired.rows.contains(&r) {
            paired.cases.insert(c);
            paired.rows.insert(r);
            paired.links.push((c, r));
        }
    }
    paired
}

/// How like a row and a submission are, by company and by platform, in thousandths.
fn nearness(cx: &Cx<'_>, row: &Row) -> u32 {
    let best = |names: Vec<String>, printed: Option<String>| {
        let printed = printed.unwrap_or_default();
        names.iter().map(|n| (likeness(n, &printed) * 1000.0) as u32).max().unwrap_or(0)
    };
    let platforms =
        ["封面.平台名称", "基本信息.平台名称"].iter().filter_map(|f| cx.form(f)).map(text_of).collect();
    let platform = row.get("platform").and_then(Field::found).map(text_of);
    best(cx.applicant.names.clone(), company(row).map(|c| c.1)) + best(platforms, platform)
}

/// Whether the table lies beside or above the submission.
pub(super) fn covers(table: &Document, case: &str) -> bool {
    let folder = table.file.rsplit_once('/').map_or("", |x| x.0);
    folder.is_empty() || case == folder || case.starts_with(&format!("{folder}/"))
}

fn company(row: &Row) -> Option<(&Sourced<Value>, String)> {
    let s = row.get("company").and_then(Field::found)?;
    let t = text_of(s);
    (t.chars().count() >= 4).then_some((s, t))
}

/// Whether a row means a submission: by company, or by platform where the company is misread or was renamed.
fn fits(cx: &Cx<'_>, row: &Row) -> bool {
    let by_company = company(row).is_some_and(|(s, n)| {
        cx.applicant.names.iter().any(|k| {
            let doubtful = s.grade == Grade::Ocr
                || NAME_FIELDS.iter().filter_map(|f| cx.form(f)).any(|s| s.grade == Grade::Ocr);
            matches!(names(k, &n, doubtful), Party::Same | Party::Variant | Party::Branch | Party::Doubtful)
        })
    });
    let platform = row.get("platform").and_then(Field::found).map(|s| squash(&text_of(s)));
    let same = cx.notice.share("PROC-002", "percent");
    let by_platform = platform.is_some_and(|p| {
        ["封面.平台名称", "基本信息.平台名称"]
            .iter()
            .filter_map(|f| cx.form(f))
            .any(|s| p.chars().count() >= 4 && likeness(&squash(&text_of(s)), &p) >= same)
    });
    by_company || by_platform
}

fn without_row(cx: &Cx<'_>, table: &Document) -> Draft {
    let form = NAME_FIELDS.iter().find_map(|f| cx.form(f));
    let mut evidence: Vec<Evidence> = form.iter().map(|s| Evidence::of("申报书单位名称", s)).collect();
    evidence.push(whole("推荐汇总表", table));
    let rows = table.items.len();
    let name = form.map_or_else(|| cx.case.id.clone(), text_of);
    let message = format!(
        "“{name}”提交了申报书，但推荐汇总表（{}，{rows}行）中没有该单位或该平台。已按单位名称和平台名称比对，并考虑识别误差。请市州工信部门核对是否漏列。",
        say::doc(table)
    );
    let title = format!("“{name}”不在推荐汇总表中");
    let unread = table.items.iter().any(|r| company(r).is_none()) || rows == 0 || form.is_none();
    if unread {
        return Draft::unverifiable(title, format!("{message}但有行未能读出建设单位。"), evidence);
    }
    Draft::anomaly(title, message, evidence)
}

fn without_submission(all: &All<'_>, table: &Document, row: &Row) -> Draft {
    let mut evidence = vec![whole("推荐汇总表", table)];
    let mut name = String::new();
    if let Some((s, n)) = company(row) {
        evidence = vec![Evidence::of("汇总表建设单位", s)];
        name = n;
    }
    let title = format!("汇总表所列“{name}”没有申报材料");
    let message = format!(
        "推荐汇总表（{}）列有“{name}”，但没有找到它的申报书。已按单位名称和平台名称在{}份申报材料中比对。请市州工信部门补报或更正。",
        say::doc(table),
        all.cases.len()
    );
    if all.batch.unread.is_empty() && all.cases.iter().all(|c| c.case.form().is_some()) {
        Draft::anomaly(title, message, evidence)
    } else {
        Draft::unverifiable(title, format!("{message}但有文件未能读取，可能就在其中。"), evidence)
    }
}

/// One unit recommended by two cities.
fn two_cities(all: &All<'_>, out: &mut Out) {
    let mut rows: Vec<(&Document, &Sourced<Value>, String)> = Vec::new();
    for t in &all.batch.summaries {
        rows.extend(t.items.iter().filter_map(company).map(|(s, n)| (t, s, n)));
    }
    let same = all.notice.share("PROC-002", "percent");
    for (i, (t, s, n)) in rows.iter().enumerate() {
        for (u, r, m) in &rows[i + 1..] {
            let unit = |d: &Document| text(d, "recommending_unit").map(|x| squash(&x.1));
            let other_city =
                matches!((unit(t), unit(u)), (Some(a), Some(b)) if a != b && likeness(&a, &b) < same);
            if other_city && names(n, m, false) == Party::Same {
                let message = format!(
                    "“{n}”同时列入两个市州的推荐汇总表（{}、{}）。一个单位应只由所在市州推荐一次。请核实。",
                    say::doc(t),
                    say::doc(u)
                );
                let submissions = all
                    .cases
                    .iter()
                    .filter(|cx| cx.applicant.names.iter().any(|k| names(k, n, false).is_same()))
                    .map(|cx| cx.case.id.clone())
                    .collect();
                out.hit_on(
                    submissions,
                    Draft::anomaly(
                        format!("“{n}”由两个市州推荐"),
                        message,
                        vec![Evidence::of("建设单位", s), Evidence::of("建设单位", r)],
                    ),
                );
            }
        }
    }
}

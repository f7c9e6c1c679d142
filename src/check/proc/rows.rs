//! PROC-001 the rows of the summary table against their submissions, PROC-003 how many are recommended.

use rust_decimal::Decimal;

use super::pairs::{covers, pair};
use crate::check::cx::{text, text_of, whole};
use crate::check::{All, Cx, Out, say};
use crate::model::{Document, Draft, Evidence, Field, Grade, Kind, Row, Severity, Sourced, Value};
use crate::text::name::normal_name;
use crate::text::normal::{likeness, squash};
use crate::text::party::{NAME_FIELDS, Party, names};

/// PROC-001.
pub(super) fn rows(all: &All<'_>, out: &mut Out) {
    let tables = &all.batch.summaries;
    if tables.is_empty() {
        return out.cannot("没有推荐汇总表（附件2）");
    }
    for table in tables {
        for (c, r) in pair(all, table).links {
            let (Some(cx), Some(row)) = (all.cases.get(c), table.items.get(r)) else { continue };
            let drafts =
                [platform(cx, row), company(cx, row), city(cx, row), contact(cx, row), unit(cx, table)];
            for draft in drafts.into_iter().flatten() {
                out.hit_on(vec![cx.case.id.clone()], draft);
            }
        }
        let covered: Vec<String> =
            all.cases.iter().filter(|cx| covers(table, &cx.case.id)).map(|cx| cx.case.id.clone()).collect();
        if let Some(draft) = numbering(table).filter(|_| !covered.is_empty()) {
            out.hit_on(Vec::new(), draft);
        }
    }
}

fn cell<'r>(row: &'r Row, name: &str) -> Option<(&'r Sourced<Value>, String)> {
    let s = row.get(name).and_then(Field::found)?;
    let t = squash(&text_of(s));
    (!t.is_empty() && !matches!(t.as_str(), "/" | "无" | "-")).then_some((s, t))
}

fn finding(
    what: &str,
    table: (&Sourced<Value>, &str),
    form: (&str, &Sourced<Value>, &str),
    doubtful: bool,
) -> Draft {
    let title = format!("汇总表{what}与申报书不一致");
    let message = format!(
        "汇总表{what}为“{}”，申报书{}为“{}”。已排除空格、括号和全半角差别。请市州工信部门核对更正。",
        table.1, form.0, form.2
    );
    let evidence = vec![
        Evidence::of(format!("汇总表{what}"), table.0),
        Evidence::of(format!("申报书{}", form.0), form.1),
    ];
    if doubtful {
        Draft::unverifiable(title, format!("{message}至少一处来自扫描识别，可能是误读。"), evidence)
    } else {
        Draft::anomaly(title, message, evidence)
    }
}

fn is_ocr(a: &Sourced<Value>, b: &Sourced<Value>) -> bool {
    a.grade == Grade::Ocr || b.grade == Grade::Ocr
}

fn platform(cx: &Cx<'_>, row: &Row) -> Option<Draft> {
    let (s, stated) = cell(row, "platform")?;
    let plain = |t: &str| normal_name(&t.replace(['“', '”', '"', '《', '》'], ""));
    let own: Vec<(&str, &Sourced<Value>, String)> = [
        ("封面平台名称", "封面.平台名称"),
        ("平台名称", "基本信息.平台名称"),
        ("平台名称", "平台基本信息.平台名称"),
    ]
    .into_iter()
    .filter_map(|(l, f)| Some((l, cx.form(f)?, squash(&text_of(cx.form(f)?)))))
    .filter(|x| !x.2.is_empty())
    .collect();
    let (label, f, name) = own.first()?;
    if own.iter().any(|x| plain(&x.2) == plain(&stated)) {
        return None;
    }
    let contained = own.iter().any(|x| x.2.contains(&stated) || stated.contains(&x.2));
    let ocr = is_ocr(s, f);
    let misread = cx.notice.share("PROC-001", "scan_percent");
    let doubtful = ocr && own.iter().any(|x| likeness(&x.2, &stated) >= misread);
    let draft = finding("平台名称", (s, &stated), (label, f, name), doubtful);
    Some(if contained && !ocr { draft.severity(Severity::Notice) } else { draft })
}

fn company(cx: &Cx<'_>, row: &Row) -> Option<Draft> {
    let (s, stated) = cell(row, "company")?;
    let (f, name) = NAME_FIELDS.iter().find_map(|f| Some((cx.form(f)?, text_of(cx.form(f)?))))?;
    let relation = cx
        .applicant
        .names
        .iter()
        .map(|n| names(n, &stated, is_ocr(s, f)))
        .find(|p| matches!(p, Party::Same))
        .unwrap_or_else(|| names(&name, &stated, is_ocr(s, f)));
    let draft = |doubtful| finding("建设单位", (s, &stated), ("单位名称", f, &name), doubtful);
    match relation {
        Party::Same | Party::Unknown => None,
        Party::Variant | Party::Branch => Some(draft(false).severity(Severity::Notice)),
        Party::Doubtful => Some(draft(true)),
        Party::Other => Some(draft(false)),
    }
}

/// The city of the row against licence and form. Districts change hands; cities do not.
fn city(cx: &Cx<'_>, row: &Row) -> Option<Draft> {
    let (s, stated) = cell(row, "region")?;
    let within = |t: &str| cx.notice.cities.iter().find(|c| t.contains(c.as_str())).cloned();
    let named = within(&stated)?;
    let licence =
        cx.of(Kind::BusinessLicence).filter_map(|d| d.value("address")).map(|s| ("营业执照住所", s));
    let form = cx.form("基本信息.单位地址").map(|s| ("单位地址", s));
    let known: Vec<(&str, &Sourced<Value>, String)> =
        licence.chain(form).filter_map(|(l, a)| Some((l, a, within(&text_of(a))?))).collect();
    let (label, a, other) = known.first()?;
    if known.iter().any(|k| k.2 == named) {
        return None;
    }
    let message = format!(
        "汇总表所在市州为“{stated}”，{label}为“{}”，属{other}。注册地与经营地可以不同，应由所在市州推荐；请核实。",
        text_of(a)
    );
    let evidence = vec![Evidence::of("汇总表所在市州", s), Evidence::of(*label, a)];
    let title = "汇总表所在市州与地址不符";
    Some(if is_ocr(s, a) && likeness(&named, other) > 0.4 {
        Draft::unverifiable(title, message, evidence)
    } else {
        Draft::anomaly(title, message, evidence)
    })
}

/// Name and phone of the contact; people change, so that it is only worth a look.
fn contact(cx: &Cx<'_>, row: &Row) -> Option<Draft> {
    let (s, stated) = cell(row, "contact")?;
    let phones = |t: &str| -> Vec<String> {
        t.split(|c: char| !c.is_ascii_digit() && c != '-')
            .map(|p| p.replace('-', ""))
            .filter(|p| p.len() >= 7)
            .collect()
    };
    let theirs = phones(&stated);
    let own: Vec<&Sourced<Value>> =
        ["封面.联系电话", "基本信息.平台负责人.移动电话", "基本信息.平台负责人.固定电话"]
            .iter()
            .filter_map(|f| cx.form(f))
            .collect();
    let first = *own.first()?;
    let known: Vec<String> = own.iter().flat_map(|p| phones(&squash(&text_of(p)))).collect();
    if theirs.is_empty() || known.is_empty() || theirs.iter().any(|p| known.contains(p)) {
        return None;
    }
    // A misread digit is no other phone.
    let near = theirs.iter().any(|t| known.iter().any(|k| crate::text::confusion::one_apart(t, k)));
    let draft =
        finding("联系电话", (s, &stated), ("联系电话", first, &text_of(first)), is_ocr(s, first) && near);
    Some(draft.severity(Severity::Notice))
}

fn unit(cx: &Cx<'_>, table: &Document) -> Option<Draft> {
    let (s, stated) = text(table, "recommending_unit")?;
    let f = cx.form("封面.推荐单位")?;
    let name = text_of(f);
    let short = |t: &str| squash(t).replace("工业和信息化", "工信").replace("(盖章)", "");
    let (a, b) = (short(&stated), short(&name));
    let like = likeness(&a, &b);
    let same = like >= cx.notice.share("PROC-001", "unit_percent");
    if a.is_empty() || b.is_empty() || a.contains(&b) || b.contains(&a) || same {
        return None;
    }
    let doubtful = is_ocr(s, f) && like >= 0.5;
    Some(finding("推荐单位", (s, &stated), ("封面推荐单位", f, &name), doubtful))
}

/// 序号 from 1 on, none twice.
fn numbering(table: &Document) -> Option<Draft> {
    let numbers: Vec<(&Sourced<Value>, Decimal)> = table
        .items
        .iter()
        .filter_map(|r| {
            let s = r.get("index").and_then(Field::found)?;
            crate::check::cx::number_of(s).map(|n| (s, n))
        })
        .collect();
    if numbers.is_empty()
        || numbers.len() < table.items.len()
        || numbers.iter().any(|n| n.0.grade == Grade::Ocr)
    {
        return None;
    }
    let wrong = numbers.iter().zip(1u32..).find(|((_, n), want)| *n != Decimal::from(*want))?;
    let message = format!(
        "推荐汇总表（{}）的序号应为{}处写作{}：序号不连续或重复，请核对是否漏列。",
        say::doc(table),
        wrong.1,
        say::number(wrong.0.1)
    );
    let evidence = vec![Evidence::of("汇总表序号", wrong.0.0), whole("推荐汇总表", table)];
    Some(Draft::anomaly("汇总表序号不连续", message, evidence).severity(Severity::Notice))
}

/// PROC-003.
pub(super) fn cap(all: &All<'_>, out: &mut Out) {
    let total = all.notice.param("PROC-003", "total");
    let listed: usize = all
        .batch
        .summaries
        .iter()
        .map(|t| t.items.iter().filter(|r| r.contains_key("company") || r.contains_key("platform")).count())
        .sum();
    let filed = all.cases.iter().filter(|cx| cx.case.form().is_some()).count();
    let (count, by) = if listed > 0 { (listed, "汇总表各行") } else { (filed, "申报书") };
    if all.batch.summaries.is_empty() && filed == 0 {
        return out.cannot("没有汇总表和申报书");
    }
    if Decimal::from(count) <= total {
        return;
    }
    let evidence: Vec<Evidence> = match all.batch.summaries.as_slice() {
        [] => all.cases.iter().take(1).map(|cx| cx.whole_form("申报书")).collect(),
        tables => tables.iter().map(|t| whole("推荐汇总表", t)).collect(),
    };
    let message = format!(
        "本次运行共有{count}个项目（按{by}计），超过通知所定的计划总数{}个。该数限制的是最终计划，不限制各市州推荐，仅供掌握。",
        say::number(total)
    );
    out.hit_on(Vec::new(), Draft::anomaly("推荐项目多于计划总数", message, evidence));
}

//! The sections of `report.html`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use maud::{Markup, html};
use rust_decimal::Decimal;

use super::html::Page;
use super::{Exhibit, arithmetic, identity, place_words};
use crate::model::money::grouped;
use crate::model::{
    Aside, Case, Document, Evidence, Field, Finding, InvestmentRow, Link, Outcome, RowStatus, Severity,
    Value, Verdict,
};

/// Figures of the run and one line for each submission.
pub(super) fn overview(page: &Page<'_>, order: &[usize]) -> Markup {
    let lang = page.lang;
    let with = |v: Verdict| order.iter().filter(|&&i| page.case(i).1.verdict == v).count();
    html! {
        section.overview {
            div.tiles {
                (tile(lang.t("申报项目", "submissions"), &order.len().to_string()))
                (tile(lang.t("有重大疑点", "suspect"), &with(Verdict::Suspect).to_string()))
                (tile(lang.t("需重点复核", "to review"), &with(Verdict::Review).to_string()))
                (tile(lang.t("材料待补正", "incomplete"), &with(Verdict::Incomplete).to_string()))
                (tile(lang.t("未见异常", "clear"), &with(Verdict::Clear).to_string()))
                (tile(lang.t("涉及金额（元）", "money touched (CNY)"),
                      &grouped(order.iter().map(|&i| page.touched(i)).sum())))
            }
            h2 { (lang.t("总览", "Overview")) }
            table {
                thead { tr {
                    th { (lang.t("申报单位 / 平台", "applicant / platform")) }
                    th.c { (lang.t("结论", "verdict")) }
                    th.n { (lang.t("重大", "critical")) }
                    th.n { (lang.t("重要", "major")) }
                    th.n { (lang.t("一般", "minor")) }
                    th.n { (lang.t("无法核验", "unverifiable")) }
                    th.n { (lang.t("申报已完成投资（元）", "claimed (CNY)")) }
                    th.n { (lang.t("材料支撑（元）", "supported (CNY)")) }
                    th.n { (lang.t("涉及金额（元）", "touched (CNY)")) }
                } }
                tbody { @for &i in order { (overview_row(page, i)) } }
            }
        }
    }
}

fn overview_row(page: &Page<'_>, i: usize) -> Markup {
    let (case, judged) = page.case(i);
    let who = identity(case);
    html! {
        tr {
            td {
                a href={"#" (Page::anchor(i))} { (page.name(i)) }
                br; span.soft { (who.platform.unwrap_or_default()) " · " (case.id) }
            }
            td.c { (verdict(page, judged.verdict)) }
            td.n { (page.count(i, Severity::Critical)) }
            td.n { (page.count(i, Severity::Major)) }
            td.n { (page.count(i, Severity::Minor)) }
            td.n { (page.doubts(i)) }
            td.n { (money(case.investment.claimed)) }
            td.n { (money(case.investment.supported)) }
            td.n { (grouped(page.touched(i))) }
        }
    }
}

/// Findings that concern more than one submission.
pub(super) fn cross_findings(page: &Page<'_>) -> Markup {
    if page.judgement.findings.is_empty() && page.judgement.suppressed.is_empty() {
        return html! {};
    }
    html! {
        section {
            h2 { (page.lang.t("跨项目比对", "Across submissions")) }
            @for finding in &page.judgement.findings { (card(page, finding)) }
            (suppressed(page, &page.judgement.suppressed))
        }
    }
}

/// Findings that a reviewer has set aside: still to be seen, but counted nowhere.
fn suppressed(page: &Page<'_>, list: &[Aside]) -> Markup {
    let lang = page.lang;
    html! {
        @if !list.is_empty() {
            h3 { (lang.t("经复核搁置的发现（不计入结论）", "Set aside by a reviewer (not counted)")) }
            @for aside in list {
                p.note {
                    (lang.t("搁置理由：", "reason: ")) (aside.by.reason)
                    (lang.t("；复核人：", "; reviewer: ")) (aside.by.reviewer)
                    (lang.t("；有效期至 ", "; until ")) (aside.by.until)
                }
                (card(page, &aside.finding))
            }
        }
    }
}

/// Decisions of reviewers that set nothing aside.
pub(super) fn unused_suppressions(page: &Page<'_>) -> Markup {
    if page.judgement.unused.is_empty() {
        return html! {};
    }
    let lang = page.lang;
    html! {
        section {
            h2 { (lang.t("未起作用的搁置决定", "Suppressions without effect")) }
            table {
                thead { tr {
                    th.n { (lang.t("行", "line")) } th { (lang.t("规则", "rule")) }
                    th { (lang.t("申报项目", "submission")) } th { (lang.t("复核人", "reviewer")) }
                    th { (lang.t("说明", "why")) }
                } }
                tbody { @for (by, why) in &page.judgement.unused { tr {
                    td.n { (by.line) } td { (by.rule) } td { (by.submission) } td { (by.reviewer) } td { (why) }
                } } }
            }
        }
    }
}

/// One submission.
pub(super) fn submission(page: &Page<'_>, i: usize) -> Markup {
    let lang = page.lang;
    let (case, judged) = page.case(i);
    let of = |outcome: Outcome| page.findings(i).filter(move |f| f.outcome == outcome);
    html! {
        section id=(Page::anchor(i)) {
            h2 { (page.name(i)) " " (verdict(page, judged.verdict)) }
            (facts(page, case))
            (investment(page, case))
            h3 { (lang.t("发现的问题", "Findings")) }
            @if of(Outcome::Anomaly).next().is_none() {
                p { (lang.t("未发现材料之间的不一致或缺项。", "No contradiction and no gap was found.")) }
            }
            @for finding in of(Outcome::Anomaly) { (card(page, finding)) }
            @if of(Outcome::Unverifiable).next().is_some() {
                h3 { (lang.t("无法核验的事项及原因", "What could not be verified, and why")) }
                @for finding in of(Outcome::Unverifiable) { (card(page, finding)) }
            }
            (suppressed(page, &judged.suppressed))
            (checked(page, i))
            (documents(page, case))
        }
    }
}

fn facts(page: &Page<'_>, case: &Case) -> Markup {
    let lang = page.lang;
    let who = identity(case);
    html! {
        p.soft {
            (lang.t("统一社会信用代码：", "code: ")) (who.uscc.unwrap_or_else(|| "—".into())) " · "
            (lang.t("平台：", "platform: ")) (who.platform.unwrap_or_else(|| "—".into())) " · "
            (lang.t("类别：", "category: ")) (who.category.unwrap_or_else(|| "—".into())) " · "
            (lang.t("目录：", "folder: ")) (case.id) " · "
            (case.documents.len()) (lang.t(" 份材料", " documents"))
        }
    }
}

fn investment(page: &Page<'_>, case: &Case) -> Markup {
    let lang = page.lang;
    let inv = &case.investment;
    let gap = inv.claimed.zip(inv.supported).map(|(c, s)| (c - s).max(Decimal::ZERO));
    html! {
        h3 { (lang.t("已完成投资：申报与支撑", "Completed investment: claimed and supported")) }
        div.tiles {
            (tile(lang.t("申报金额（元）", "claimed (CNY)"), &money(inv.claimed)))
            (tile(lang.t("材料支撑（元）", "supported (CNY)"), &money(inv.supported)))
            (tile(lang.t("差额（元）", "gap (CNY)"), &money(gap)))
        }
        @if inv.rows.is_empty() {
            p.note { (lang.t("没有读到“平台已完成的投资清单”。", "The investment list was not found.")) }
        } @else {
            table {
                thead { tr {
                    th.c { (lang.t("行", "row")) }
                    th { (lang.t("名称 / 合同名称", "item / contract")) }
                    th.n { (lang.t("清单总价（元）", "claimed (CNY)")) }
                    th.n { (lang.t("发票（元）", "invoiced (CNY)")) }
                    th.n { (lang.t("付款（元）", "paid (CNY)")) }
                    th.c { (lang.t("支撑情况", "status")) }
                } }
                tbody { @for row in &inv.rows { (list_row(page, case, row)) } }
            }
        }
    }
}

fn list_row(page: &Page<'_>, case: &Case, row: &InvestmentRow) -> Markup {
    let lang = page.lang;
    let plain = |name: &str| row.fields.get(name).map(field_text).unwrap_or_default();
    let total = row.fields.get("total").and_then(Field::found).map(|s| match &s.value {
        Value::Money(m) => grouped(m.yuan),
        other => other.to_plain(),
    });
    html! {
        tr {
            td.c { (row.row) @if let Some(c) = row.category { br; span.soft { (lang.category(c)) } } }
            td { (plain("name")) br; span.soft { (plain("contract")) @if row.fields.contains_key("manufacturer") { " · " (plain("manufacturer")) } } }
            td.n { (total.unwrap_or_else(|| "—".into())) }
            td.n { (money(row.invoiced)) }
            td.n { (money(row.paid)) }
            td.c { span.badge.(status_class(row.status)) { (lang.status(row.status)) } }
        }
        tr.chain {
            td {}
            td colspan="5" {
                (chain(page, case, lang.t("合同", "contracts"), &row.contracts))
                (chain(page, case, lang.t("发票", "invoices"), &row.invoices))
                (chain(page, case, lang.t("付款", "payments"), &row.payments))
                @if let Some(sums) = arithmetic::line(case, row, lang) { div.money { (sums) } }
            }
        }
    }
}

/// Most papers named of those that may belong to a row: more say nothing to a reader, and report.json has them all.
const POSSIBLE: usize = 8;

fn chain(page: &Page<'_>, case: &Case, title: &str, links: &[Link]) -> Markup {
    let lang = page.lang;
    let (sure, possible): (Vec<&Link>, Vec<&Link>) = links.iter().partition(|l| l.unique);
    let rest = possible.len().saturating_sub(POSSIBLE);
    html! {
        div {
            (title) "："
            @if links.is_empty() { (lang.t("无", "none")) }
            @for (n, link) in sure.into_iter().chain(possible.into_iter().take(POSSIBLE)).enumerate() {
                @if n > 0 { "；" }
                @if let Some(d) = case.documents.get(link.document as usize) { (document_name(d)) }
                @if let Some(share) = link.share { " " span.money { (grouped(share)) } }
                @if !link.unique { " " (lang.t("（对应关系不唯一，不作结论）", "(not unique: asserts nothing)")) }
                @if !link.why.is_empty() { " — " (link.why.join(lang.t("、", ", "))) }
            }
            @if rest > 0 {
                (lang.t("；另有 ", "; ")) (rest)
                (lang.t(" 份同样可能，全部见 report.json", " more are as possible: all in report.json"))
            }
        }
    }
}

fn document_name(document: &Document) -> String {
    let pages = match document.pages {
        (1, 1) => String::new(),
        (a, b) if a == b => format!(" 第{a}页"),
        (a, b) => format!(" 第{a}–{b}页"),
    };
    format!("{}{pages}", document.file)
}

fn card(page: &Page<'_>, finding: &Finding) -> Markup {
    let lang = page.lang;
    let doubt = finding.outcome == Outcome::Unverifiable;
    let class = if doubt { "doubt" } else { severity_class(finding.severity) };
    html! {
        article.card.{"is-" (class)} {
            h4 {
                span.badge.(class) {
                    (if doubt { lang.outcome(finding.outcome) } else { lang.severity(finding.severity) })
                }
                " " (finding.title)
                span.code { (finding.rule) " " (page.rule_name(&finding.rule)) }
            }
            @for line in finding.message.lines() { p { (line) } }
            @if finding.submissions.len() > 1 {
                p.soft { (lang.t("涉及项目：", "submissions: ")) (finding.submissions.join("；")) }
            }
            @if let Some(effect) = finding.effect {
                p { (lang.t("如属实，已完成投资中失去支撑的金额：", "completed investment left unsupported if this stands: "))
                    span.money { (grouped(effect)) (lang.t(" 元", " CNY")) } }
            }
            (evidence_table(page, finding))
            div.exhibits { @for e in &finding.evidence { (exhibit(page, e)) } }
        }
    }
}

fn evidence_table(page: &Page<'_>, finding: &Finding) -> Markup {
    let lang = page.lang;
    html! {
        table {
            thead { tr {
                th { (lang.t("依据", "evidence")) } th { (lang.t("数值", "value")) } th { (lang.t("原文", "as printed")) }
                th { (lang.t("出处", "source")) } th { (lang.t("读取方式", "read from")) }
            } }
            tbody { @for e in &finding.evidence { tr {
                td { (e.label) }
                td { (e.value.as_ref().map_or_else(|| "—".into(), value_text)) }
                td { (shorten(&e.raw)) }
                td { (e.source.file) "，" (place_words(&e.source, lang)) }
                td { (lang.grade(e.grade)) " " (percent(e)) }
            } } }
        }
    }
}

fn exhibit(page: &Page<'_>, e: &Evidence) -> Markup {
    let caption =
        html! { figcaption { (e.label) " · " (e.source.file) "，" (place_words(&e.source, page.lang)) } };
    match page.exhibits.show(e) {
        Some(Exhibit::Picture { mime, bytes, width, height }) => html! {
            figure {
                img alt=(e.label) width=(width) height=(height) src={"data:" (mime) ";base64," (BASE64.encode(bytes))};
                (caption)
            }
        },
        Some(Exhibit::Excerpt(parts)) => html! {
            figure {
                div.excerpt {
                    @for part in parts {
                        @if part.hit { mark { (part.text) } } @else { span { (part.text) } }
                    }
                }
                (caption)
            }
        },
        None => html! {},
    }
}

fn checked(page: &Page<'_>, i: usize) -> Markup {
    let lang = page.lang;
    let (_, judged) = page.case(i);
    html! {
        h3 { (lang.t("核查通过的规则", "Rules passed")) }
        p.soft {
            (lang.t("检查对象合计：通过 ", "targets: passed ")) (judged.tally.passed)
            (lang.t("，异常 ", ", anomaly ")) (judged.tally.anomaly)
            (lang.t("，无法核验 ", ", unverifiable ")) (judged.tally.unverifiable)
            (lang.t("，不适用 ", ", not applicable ")) (judged.tally.not_applicable)
        }
        p { @for (n, code) in judged.passed.iter().enumerate() { @if n > 0 { "；" } (code) " " (page.rule_name(code)) } }
        @if !judged.not_executed.is_empty() {
            h3 { (lang.t("未能执行的规则", "Rules not executed")) }
            ul.plain { @for (code, why) in &judged.not_executed {
                li { (code) " " (page.rule_name(code)) "：" (why) }
            } }
        }
    }
}

fn documents(page: &Page<'_>, case: &Case) -> Markup {
    let lang = page.lang;
    html! {
        details {
            summary { (lang.t("材料清单（", "Documents (")) (case.documents.len()) (lang.t(" 份）", ")")) }
            table {
                thead { tr {
                    th { (lang.t("文件", "file")) } th.c { (lang.t("页", "pages")) } th { (lang.t("种类", "kind")) }
                    th { (lang.t("读取方式", "read from")) } th.n { (lang.t("字段", "fields")) }
                } }
                tbody { @for d in &case.documents { tr {
                    td { (d.file) } td.c { (d.pages.0) "–" (d.pages.1) } td { (lang.kind(d.kind)) }
                    td { (lang.read_by(d.read_by)) } td.n { (d.fields.len()) }
                } } }
            }
        }
    }
}

/// Files that no submission could use.
pub(super) fn unread(page: &Page<'_>) -> Markup {
    if page.batch.unread.is_empty() {
        return html! {};
    }
    let lang = page.lang;
    html! {
        section {
            h2 { (lang.t("未能读取的文件", "Files that could not be read")) }
            table {
                thead { tr { th { (lang.t("文件", "file")) } th { (lang.t("原因与处理", "reason")) } } }
                tbody { @for (file, _, reason) in &page.batch.unread { tr { td { (file) } td { (reason) } } } }
            }
        }
    }
}

fn tile(label: &str, value: &str) -> Markup {
    html! { div.tile { b { (value) } span.soft { (label) } } }
}

fn verdict(page: &Page<'_>, verdict: Verdict) -> Markup {
    let class = match verdict {
        Verdict::Clear => "ok",
        Verdict::Incomplete => "minor",
        Verdict::Review => "major",
        Verdict::Suspect => "critical",
    };
    html! { span.badge.(class) { (page.lang.verdict(verdict)) } }
}

fn severity_class(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::Major => "major",
        Severity::Minor => "minor",
        Severity::Notice => "notice",
    }
}

fn status_class(status: RowStatus) -> &'static str {
    match status {
        RowStatus::Supported => "ok",
        RowStatus::Short => "major",
        RowStatus::Missing => "critical",
        RowStatus::Unverifiable => "doubt",
    }
}

fn money(value: Option<Decimal>) -> String {
    value.map_or_else(|| "—".into(), grouped)
}

fn value_text(value: &Value) -> String {
    match value {
        Value::Money(m) => format!("{} 元", grouped(m.yuan)),
        other => shorten(&other.to_plain()),
    }
}

fn field_text(field: &Field) -> String {
    match field {
        Field::Found(s) => s.value.to_plain(),
        Field::Unreadable(s) => s.raw.clone(),
    }
}

/// Long passages are cut: the exhibit and the original show the rest.
fn shorten(text: &str) -> String {
    const MOST: usize = 120;
    if text.chars().count() <= MOST {
        return text.to_string();
    }
    text.chars().take(MOST).chain("……".chars()).collect()
}

fn percent(e: &Evidence) -> String {
    let tenths = u32::from(e.confidence.0);
    if tenths == 1000 { String::new() } else { format!("{}.{}%", tenths / 10, tenths % 10) }
}

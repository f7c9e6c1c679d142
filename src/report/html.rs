//! `report.html`: one file, offline, no script. Everything from a document passes through maud's escaping.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use super::sections::{cross_findings, overview, submission, unread, unused_suppressions};
use super::style::CSS;
use super::{Exhibits, Lang, RunInfo, identity};
use crate::model::{Batch, Case, CaseJudgement, Judgement, Outcome, Severity};

/// The sections of the report, with their exhibits: all of it but head and foot, which tell how long this took.
pub struct Body(Markup);

/// Writes the sections. Of the run only the names of the rules are needed.
pub fn body(
    batch: &Batch,
    judgement: &Judgement,
    rule_names: &BTreeMap<String, String>,
    exhibits: &dyn Exhibits,
    lang: Lang,
) -> Body {
    let page = Page { batch, judgement, rule_names, exhibits, lang };
    let order = page.order();
    Body(html! {
        (overview(&page, &order))
        (cross_findings(&page))
        @for &i in &order { (submission(&page, i)) }
        (unused_suppressions(&page))
        (unread(&page))
    })
}

/// Writes the report for people.
pub fn report(body: &Body, run: &RunInfo, lang: Lang) -> String {
    let title = lang.t("申报材料核查报告", "Review of submissions");
    let markup = html! {
        (DOCTYPE)
        html lang=(lang.t("zh-CN", "en")) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                title { (title) }
                style { (PreEscaped(CSS)) }
            }
            body {
                main {
                    (head(run, title, lang))
                    (body.0)
                    (foot(run, lang))
                }
            }
        }
    };
    markup.into_string()
}

/// What every section needs.
pub(super) struct Page<'a> {
    pub(super) batch: &'a Batch,
    pub(super) judgement: &'a Judgement,
    rule_names: &'a BTreeMap<String, String>,
    pub(super) exhibits: &'a dyn Exhibits,
    pub(super) lang: Lang,
}

impl Page<'_> {
    pub(super) fn case(&self, i: usize) -> (&Case, &CaseJudgement) {
        (&self.batch.cases[i], &self.judgement.cases[i])
    }

    /// Submissions, the gravest and then the dearest first.
    fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.batch.cases.len().min(self.judgement.cases.len())).collect();
        order.sort_by_key(|&i| {
            let (case, judged) = self.case(i);
            (std::cmp::Reverse((judged.verdict, self.worst(i), self.touched(i))), case.id.clone())
        });
        order
    }

    /// All findings that concern a submission, its own and those across submissions.
    pub(super) fn findings(&self, i: usize) -> impl Iterator<Item = &crate::model::Finding> {
        let (case, judged) = self.case(i);
        judged
            .findings
            .iter()
            .chain(self.judgement.findings.iter().filter(|f| f.submissions.contains(&case.id)))
    }

    pub(super) fn count(&self, i: usize, severity: Severity) -> usize {
        self.findings(i).filter(|f| f.outcome == Outcome::Anomaly && f.severity == severity).count()
    }

    pub(super) fn doubts(&self, i: usize) -> usize {
        self.findings(i).filter(|f| f.outcome == Outcome::Unverifiable).count()
    }

    fn worst(&self, i: usize) -> Option<Severity> {
        self.findings(i).filter(|f| f.outcome == Outcome::Anomaly).map(|f| f.severity).max()
    }

    /// The money the anomalies touch: never more than the claim, because several findings may touch the same money.
    pub(super) fn touched(&self, i: usize) -> Decimal {
        let sum: Decimal =
            self.findings(i).filter(|f| f.outcome == Outcome::Anomaly).filter_map(|f| f.effect).sum();
        match self.batch.cases[i].investment.claimed {
            Some(claimed) if claimed > Decimal::ZERO => sum.min(claimed),
            _ => sum,
        }
    }

    pub(super) fn anchor(i: usize) -> String {
        format!("s{}", i + 1)
    }

    pub(super) fn name(&self, i: usize) -> String {
        let case = &self.batch.cases[i];
        identity(case).name.unwrap_or_else(|| case.id.clone())
    }

    pub(super) fn rule_name(&self, code: &str) -> &str {
        self.rule_names.get(code).map_or("", String::as_str)
    }
}

/// Nothing may load or run but this very style sheet and embedded pictures.
fn policy() -> String {
    let hash = BASE64.encode(Sha256::digest(CSS.as_bytes()));
    format!(
        "default-src 'none'; img-src data:; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'"
    )
}

fn head(run: &RunInfo, title: &str, lang: Lang) -> Markup {
    html! {
        header.top {
            h1 { (title) }
            p.soft {
                (run.notice) " · " (lang.t("材料目录：", "folder: ")) (run.folder) " · "
                (lang.t("核查时间：", "checked: ")) (lang.moment(&run.started)) " · hecha " (run.version)
            }
            p.soft {
                (lang.t(
                    "本报告由程序比对材料得出，只陈述材料之间的不一致、缺项与无法核验之处，不作真伪结论；每项均附原件出处，请以原件复核为准。",
                    "This report compares papers. It states contradictions, gaps and what could not be verified; it does not judge intent. Every item shows its source; the originals decide.",
                ))
            }
        }
        @for note in &run.notes { p.note { (note) } }
    }
}

fn foot(run: &RunInfo, lang: Lang) -> Markup {
    html! {
        footer {
            p {
                (lang.t("规则包：", "rule pack: ")) (run.pack) " (" (run.pack_sha256.get(..12).unwrap_or("")) ") · "
                (lang.t("完成时间：", "finished: ")) (lang.moment(&run.finished))
            }
            @if !run.stages.is_empty() {
                p {
                    (lang.t("各步用时：", "time by stage: "))
                    @for (n, s) in run.stages.iter().enumerate() {
                        @if n > 0 { (lang.t("，", ", ")) }
                        (lang.stage(s.stage)) " " (lang.span(s.took))
                    }
                }
            }
            p {
                (lang.t(
                    "读取方式与可信程度：结构化数据、电子文本、二维码可直接比对；扫描识别的关键数值均经第二次独立识别，两次不一致的列为“无法核验”，不作为异常。",
                    "Readings: data, text and QR codes are compared as they are; decisive values read from scans are read a second time, and what differs is reported as unverifiable, not as an anomaly.",
                ))
            }
        }
    }
}

//! `report.html`: one file, offline, no script. Everything from a document passes through maud's escaping.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use super::sections::{cross_findings, overview, submission, unread};
use super::style::CSS;
use super::{Exhibits, Lang, RunInfo, identity};
use crate::model::{Batch, Case, CaseJudgement, Judgement, Outcome, Severity};

/// Writes the report for people.
pub fn report(
    batch: &Batch,
    judgement: &Judgement,
    run: &RunInfo,
    exhibits: &dyn Exhibits,
    lang: Lang,
) -> String {
    let page = Page { batch, judgement, run, exhibits, lang };
    let order = page.order();
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
                    (head(&page, title))
                    (overview(&page, &order))
                    (cross_findings(&page))
                    @for &i in &order { (submission(&page, i)) }
                    (unread(&page))
                    (foot(&page))
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
    pub(super) run: &'a RunInfo,
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
        self.run.rule_names.get(code).map_or("", String::as_str)
    }
}

/// Nothing may load or run but this very style sheet and embedded pictures.
fn policy() -> String {
    let hash = BASE64.encode(Sha256::digest(CSS.as_bytes()));
    format!(
        "default-src 'none'; img-src data:; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'"
    )
}

fn head(page: &Page<'_>, title: &str) -> Markup {
    let lang = page.lang;
    html! {
        header.top {
            h1 { (title) }
            p.soft {
                (page.run.notice) " · " (lang.t("材料目录：", "folder: ")) (page.run.folder) " · "
                (lang.t("核查时间：", "checked: ")) (page.run.started) " · hecha " (page.run.version)
            }
            p.soft {
                (lang.t(
                    "本报告由程序比对材料得出，只陈述材料之间的不一致、缺项与无法核验之处，不作真伪结论；每项均附原件出处，请以原件复核为准。",
                    "This report compares papers. It states contradictions, gaps and what could not be verified; it does not judge intent. Every item shows its source; the originals decide.",
                ))
            }
        }
        @for note in &page.run.notes { p.note { (note) } }
    }
}

fn foot(page: &Page<'_>) -> Markup {
    let lang = page.lang;
    html! {
        footer {
            p {
                (lang.t("规则包：", "rule pack: ")) (page.run.pack) " (" (page.run.pack_sha256.get(..12).unwrap_or("")) ") · "
                (lang.t("完成时间：", "finished: ")) (page.run.finished)
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

//! Sets findings aside that a reviewer has decided on. They stay in the report with reason and reviewer, and no longer
//! count.

use std::sync::Arc;

use chrono::NaiveDate;

use super::runner::{uncount, verdict};
use crate::model::{Aside, Decision, Finding, Judgement};
use crate::pack::suppress::Suppression;

/// Applies the suppressions to a judgement. What is left over (expired, or without a finding) comes back in words; it
/// stands in the judgement too.
pub fn set_aside(judgement: &mut Judgement, list: &[Suppression], today: NaiveDate) {
    let mut matched = vec![false; list.len()];
    let mut decide = |finding: &Finding| {
        // All that fit are used, so that none is told to be without a finding.
        let fitting: Vec<usize> = (0..list.len()).filter(|i| fits(&list[*i], finding)).collect();
        for i in &fitting {
            matched[*i] = true;
        }
        fitting.into_iter().map(|i| &list[i]).find(|s| s.until >= today)
    };
    for i in 0..judgement.cases.len() {
        let findings = std::mem::take(&mut judgement.cases[i].findings);
        for finding in findings {
            let case = &mut judgement.cases[i];
            match decide(&finding) {
                Some(by) => {
                    uncount(&mut case.tally, finding.outcome);
                    case.suppressed.push(aside(finding, by));
                }
                None => case.findings.push(finding),
            }
        }
    }
    for finding in std::mem::take(&mut judgement.findings) {
        let Some(by) = decide(&finding) else {
            judgement.findings.push(finding);
            continue;
        };
        for case in judgement.cases.iter_mut().filter(|c| finding.submissions.contains(&c.case)) {
            uncount(&mut case.tally, finding.outcome);
        }
        judgement.suppressed.push(aside(finding, by));
    }
    for case in &mut judgement.cases {
        case.verdict = verdict(case, &judgement.findings);
    }
    judgement.unused = list
        .iter()
        .zip(matched)
        .filter_map(|(s, matched)| {
            let why = match (s.until < today, matched) {
                (true, true) => format!("已于{}到期，相应的发现恢复计入", s.until),
                (true, false) => format!("已于{}到期，也没有相应的发现", s.until),
                (false, false) => "没有相应的发现".to_owned(),
                (false, true) => return None,
            };
            Some((decision(s), why))
        })
        .collect();
}

/// A finding across submissions concerns others too: only its fingerprint names it.
fn fits(s: &Suppression, finding: &Finding) -> bool {
    s.rule == finding.rule
        && finding.submissions.contains(&s.submission)
        && (finding.submissions.len() == 1 || s.fingerprint.is_some())
        && s.fingerprint.as_ref().is_none_or(|f| *f == finding.fingerprint)
        && s.file.as_ref().is_none_or(|file| {
            let inside = format!("{}/{file}", s.submission);
            finding.evidence.iter().any(|e| *e.source.file == **file || *e.source.file == *inside)
        })
}

fn aside(finding: Finding, by: &Suppression) -> Aside {
    Aside { finding, by: Arc::new(decision(by)) }
}

fn decision(s: &Suppression) -> Decision {
    Decision {
        rule: s.rule.clone(),
        submission: s.submission.clone(),
        reason: s.reason.clone(),
        reviewer: s.reviewer.clone(),
        until: s.until,
        line: s.line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{FIRST, build};
    use crate::model::Verdict;

    const SHORT: &str = "[item.form.2]\nunit_price = \"¥36.20万\"\ntotal = \"¥36.20万\"\n";

    fn suppression(rule: &str) -> Suppression {
        Suppression {
            rule: rule.into(),
            submission: FIRST.into(),
            file: None,
            fingerprint: None,
            reason: "已核对".into(),
            reviewer: "审核员".into(),
            until: "2023-12-31".parse().expect("day"),
            line: 2,
        }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("day")
    }

    #[test]
    fn what_is_set_aside_stays_visible_and_no_longer_counts() {
        let mut judgement = build(SHORT).judge();
        let before = judgement.cases[0].clone();
        let rules: Vec<String> = before.findings.iter().map(|f| f.rule.to_string()).collect();
        assert!(rules.contains(&"INVEST-008".to_owned()) && before.verdict == Verdict::Review, "{rules:?}");
        let all: Vec<Suppression> = rules.iter().map(|r| suppression(r)).collect();
        set_aside(&mut judgement, &all, day("2023-12-31"));
        let case = &judgement.cases[0];
        assert_eq!((case.findings.len(), case.suppressed.len()), (0, before.findings.len()));
        assert_eq!((case.verdict, case.tally.anomaly), (Verdict::Clear, 0));
        assert_eq!(case.suppressed[0].by.reviewer, "审核员");
        assert!(judgement.unused.is_empty());
    }

    #[test]
    fn an_expired_one_counts_again_and_one_without_finding_is_told() {
        let mut judgement = build(SHORT).judge();
        let before = judgement.cases[0].findings.len();
        set_aside(&mut judgement, &[suppression("INVEST-008"), suppression("INVEST-004")], day("2024-01-01"));
        assert_eq!(judgement.cases[0].findings.len(), before);
        let why: Vec<&str> = judgement.unused.iter().map(|u| u.1.as_str()).collect();
        assert!(why[0].contains("恢复计入") && why[1].contains("也没有"), "{why:?}");
        set_aside(&mut judgement, &[suppression("INVEST-004")], day("2023-01-01"));
        assert_eq!(judgement.unused[0].1, "没有相应的发现");
    }

    #[test]
    fn file_and_fingerprint_narrow_it() {
        let fitting = |change: &dyn Fn(&mut Suppression, &Finding)| {
            let judgement = build(SHORT).judge();
            let finding =
                judgement.cases[0].findings.iter().find(|f| f.rule == "INVEST-008").expect("found").clone();
            let mut s = suppression("INVEST-008");
            change(&mut s, &finding);
            fits(&s, &finding)
        };
        assert!(fitting(&|s, _| s.file = Some("申报书.docx".into())));
        assert!(fitting(&|s, _| s.file = Some(format!("{FIRST}/申报书.docx"))));
        assert!(!fitting(&|s, _| s.file = Some("书.docx".into())));
        assert!(fitting(&|s, f| s.fingerprint = Some(f.fingerprint.clone())));
        assert!(!fitting(&|s, _| s.fingerprint = Some("00".into())));
        assert!(!fitting(&|s, _| s.submission = "长沙市/乙".into()));
    }

    #[test]
    fn a_finding_across_submissions_needs_its_fingerprint() {
        let judgement = build(SHORT).judge();
        let mut finding = judgement.cases[0].findings[0].clone();
        finding.submissions.push("长沙市/乙".into());
        let mut s = suppression(&finding.rule);
        assert!(!fits(&s, &finding));
        s.fingerprint = Some(finding.fingerprint.clone());
        assert!(fits(&s, &finding));
    }
}

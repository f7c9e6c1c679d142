//! Runs the rules and judges: severity, grade caps, counts, verdict, fingerprints.

use sha2::{Digest, Sha256};

use super::reading::{Reread, settle};
use super::{All, Cx, Out, Rule, Run, rules};
use crate::model::{
    Batch, CaseJudgement, Draft, Finding, Judgement, Outcome, Place, Severity, Tally, Verdict,
};
use crate::pack::{Notice, Pack};

/// Judges a batch. `reread` reads the place of an evidence a second time, independently, if that is possible.
pub fn judge(batch: &Batch, pack: &Pack, reread: &Reread<'_>) -> Judgement {
    let notice = &pack.notice;
    let cases: Vec<Cx<'_>> = batch.cases.iter().map(|c| Cx::new(batch, c, notice)).collect();
    let mut out = Judgement {
        cases: cases.iter().map(|cx| judge_case(cx, notice, reread)).collect(),
        findings: Vec::new(),
    };
    let all = All { batch, notice, cases };
    for rule in rules() {
        if let Run::Batch(run) = rule.run {
            judge_batch(*rule, run, &all, reread, &mut out);
        }
    }
    for case in &mut out.cases {
        case.findings.sort_by(order);
        case.verdict = verdict(case, &out.findings);
    }
    out.findings.sort_by(order);
    out
}

fn judge_case(cx: &Cx<'_>, notice: &Notice, reread: &Reread<'_>) -> CaseJudgement {
    let mut judged = CaseJudgement {
        case: cx.case.id.clone(),
        verdict: Verdict::Clear,
        tally: Tally::default(),
        findings: Vec::new(),
        passed: Vec::new(),
        not_executed: Vec::new(),
    };
    for rule in rules() {
        let Run::Case(run) = rule.run else { continue };
        if !notice.enabled(rule.code) {
            judged.not_executed.push((rule.code, "通知中已关闭该规则".into()));
            continue;
        }
        let mut out = Out::default();
        run(cx, &mut out);
        let findings = out
            .drafts
            .drain(..)
            .map(|(d, _)| finish(rule.code, d, vec![cx.case.id.clone()], notice, reread))
            .collect();
        absorb(&mut judged, rule.code, &out, findings);
    }
    judged
}

fn judge_batch(
    rule: Rule,
    run: fn(&All<'_>, &mut Out),
    all: &All<'_>,
    reread: &Reread<'_>,
    judgement: &mut Judgement,
) {
    if !all.notice.enabled(rule.code) {
        for case in &mut judgement.cases {
            case.not_executed.push((rule.code, "通知中已关闭该规则".into()));
        }
        return;
    }
    let mut out = Out::default();
    run(all, &mut out);
    let mut touched = vec![false; judgement.cases.len()];
    for (draft, submissions) in out.drafts.drain(..) {
        let finding = finish(rule.code, draft, submissions, all.notice, reread);
        for (i, case) in judgement.cases.iter_mut().enumerate() {
            if finding.submissions.contains(&case.case) {
                touched[i] = true;
                count(&mut case.tally, finding.outcome);
            }
        }
        match finding.submissions.as_slice() {
            [one] => {
                if let Some(case) = judgement.cases.iter_mut().find(|c| c.case == *one) {
                    case.findings.push(finding);
                }
            }
            _ => judgement.findings.push(finding),
        }
    }
    for (case, touched) in judgement.cases.iter_mut().zip(touched) {
        match &out.cannot {
            Some(why) if !touched => case.not_executed.push((rule.code, why.clone())),
            _ if !touched => {
                case.tally.passed += 1;
                case.passed.push(rule.code);
            }
            _ => {}
        }
    }
}

fn absorb(judged: &mut CaseJudgement, code: &'static str, out: &Out, findings: Vec<Finding>) {
    judged.tally.passed += out.passed;
    judged.tally.not_applicable += out.not_applicable;
    for f in &findings {
        count(&mut judged.tally, f.outcome);
    }
    if findings.is_empty() {
        if out.passed > 0 {
            judged.passed.push(code);
        } else if let Some(why) = &out.cannot {
            judged.not_executed.push((code, why.clone()));
        } else if out.not_applicable == 0 {
            judged.tally.not_applicable += 1;
        }
    }
    judged.findings.extend(findings);
}

fn count(tally: &mut Tally, outcome: Outcome) {
    match outcome {
        Outcome::Pass => tally.passed += 1,
        Outcome::Anomaly => tally.anomaly += 1,
        Outcome::Unverifiable => tally.unverifiable += 1,
        Outcome::NotApplicable => tally.not_applicable += 1,
    }
}

fn finish(
    code: &'static str,
    mut draft: Draft,
    submissions: Vec<String>,
    notice: &Notice,
    reread: &Reread<'_>,
) -> Finding {
    let set = notice.rules.get(code).and_then(|s| s.severity);
    let severity = set.or(draft.severity).unwrap_or_else(|| notice.severity(code));
    let severity = settle(&mut draft, severity, notice.reading, reread);
    let fingerprint = fingerprint(code, &submissions, &draft);
    Finding {
        rule: code,
        outcome: draft.outcome,
        // What could not be verified accuses nobody: it never ranks above a minor point.
        severity: if draft.outcome == Outcome::Unverifiable {
            severity.min(Severity::Minor)
        } else {
            severity
        },
        submissions,
        title: draft.title,
        message: draft.message,
        effect: draft.effect.filter(|e| !e.is_zero()),
        evidence: draft.evidence,
        fingerprint,
    }
}

/// Rule, submissions and what stands where; no wording, no confidence, no box, so that a decision outlives a better
/// reading of the same value.
fn fingerprint(code: &str, submissions: &[String], draft: &Draft) -> String {
    let mut hash = Sha256::new();
    let mut add = |part: &str| {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    };
    add(code);
    for s in submissions {
        add(s);
    }
    for e in &draft.evidence {
        add(&e.label);
        add(&e.source.file);
        add(&match &e.source.place {
            Place::File => String::new(),
            Place::Page { page, .. } | Place::Block { page, .. } => page.to_string(),
            Place::Cell { sheet, row, col } => format!("{sheet}!{row},{col}"),
        });
        add(&e.value.as_ref().map(crate::model::Value::to_plain).unwrap_or_default());
    }
    hash.finalize().iter().take(16).map(|b| format!("{b:02x}")).collect()
}

/// The gravest first; then what was proven before what could not be; then by money and code.
fn order(a: &Finding, b: &Finding) -> std::cmp::Ordering {
    let rank = |f: &Finding| (f.outcome != Outcome::Anomaly, std::cmp::Reverse(f.severity));
    rank(a)
        .cmp(&rank(b))
        .then_with(|| b.effect.unwrap_or_default().cmp(&a.effect.unwrap_or_default()))
        .then_with(|| a.rule.cmp(b.rule))
        .then_with(|| a.fingerprint.cmp(&b.fingerprint))
}

fn verdict(case: &CaseJudgement, across: &[Finding]) -> Verdict {
    let all = || case.findings.iter().chain(across.iter().filter(|f| f.submissions.contains(&case.case)));
    let worst = all().filter(|f| f.outcome == Outcome::Anomaly).map(|f| f.severity).max();
    let t = case.tally;
    let executed = t.passed + t.anomaly + t.unverifiable;
    let much_unverified = t.unverifiable >= 5 && t.unverifiable * 4 > executed;
    match worst {
        Some(Severity::Critical) => Verdict::Suspect,
        Some(Severity::Major) => Verdict::Review,
        _ if much_unverified => Verdict::Review,
        Some(Severity::Minor) => Verdict::Incomplete,
        _ => Verdict::Clear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict_of(tally: Tally) -> Verdict {
        let case = CaseJudgement {
            case: "长沙市/甲".into(),
            verdict: Verdict::Clear,
            tally,
            findings: Vec::new(),
            passed: Vec::new(),
            not_executed: Vec::new(),
        };
        verdict(&case, &[])
    }

    #[test]
    fn a_few_unverifiable_points_hold_nobody_up() {
        let tally = |passed, unverifiable| Tally { passed, unverifiable, ..Tally::default() };
        assert_eq!(verdict_of(tally(60, 0)), Verdict::Clear);
        assert_eq!(verdict_of(tally(60, 8)), Verdict::Clear);
        assert_eq!(verdict_of(tally(3, 4)), Verdict::Clear);
        assert_eq!(verdict_of(tally(20, 9)), Verdict::Review);
    }
}

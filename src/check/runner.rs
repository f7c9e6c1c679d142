//! Runs the rules and judges: severity, grade caps, counts, verdict, fingerprints.

use std::cell::OnceCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::reading::{Reread, settle};
use super::{All, Cx, Out, Rule, Run, own, rules};
use crate::model::{
    Batch, CaseJudgement, Draft, Finding, Judgement, Outcome, Place, RuleCode, Severity, Tally, Verdict,
};
use crate::pack::{Notice, Pack};

/// What is told of a rule that broke.
const BROKE: &str = "执行本规则时发生内部错误，本规则未能执行；其他规则不受影响。请把材料种类告诉开发者";

/// Judges a batch. `reread` reads the place of an evidence a second time, independently, if that is possible.
pub fn judge(batch: &Batch, pack: &Pack, reread: &Reread<'_>) -> Judgement {
    judge_by(&rules().copied().collect::<Vec<_>>(), batch, pack, reread)
}

fn judge_by(rules: &[Rule], batch: &Batch, pack: &Pack, reread: &Reread<'_>) -> Judgement {
    let notice = &pack.notice;
    let cases: Vec<Cx<'_>> = batch.cases.iter().map(|c| Cx::new(batch, c, notice)).collect();
    let mut out = Judgement {
        cases: cases.iter().map(|cx| judge_case(rules, cx, notice, reread)).collect(),
        ..Judgement::default()
    };
    let all = All { batch, notice, cases };
    for rule in rules {
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

fn judge_case(rules: &[Rule], cx: &Cx<'_>, notice: &Notice, reread: &Reread<'_>) -> CaseJudgement {
    let mut judged = CaseJudgement {
        case: cx.case.id.clone(),
        verdict: Verdict::Clear,
        tally: Tally::default(),
        findings: Vec::new(),
        passed: Vec::new(),
        not_executed: Vec::new(),
        suppressed: Vec::new(),
    };
    let mut execute = |code: RuleCode, run: &dyn Fn(&mut Out)| {
        if !notice.enabled(&code) {
            return judged.not_executed.push((code, "通知中已关闭该规则".into()));
        }
        let mine = |_| vec![cx.case.id.clone()];
        match executed(&code, run, &mine, notice, reread) {
            Some((out, findings)) => absorb(&mut judged, code, &out, findings),
            None => judged.not_executed.push((code, BROKE.into())),
        }
    };
    for rule in rules {
        if let Run::Case(run) = rule.run {
            execute(rule.code.into(), &|out| run(cx, out));
        }
    }
    let facts = OnceCell::new();
    for rule in &notice.own {
        let facts = || facts.get_or_init(|| Arc::new(own::Facts::of(cx)));
        execute(rule.code.clone().into(), &|out| own::apply(rule, cx, facts(), out));
    }
    judged
}

/// What a rule says, judged; none if it broke, which costs this rule and no other. `whose` names the submissions.
fn executed(
    code: &RuleCode,
    run: &dyn Fn(&mut Out),
    whose: &dyn Fn(Vec<String>) -> Vec<String>,
    notice: &Notice,
    reread: &Reread<'_>,
) -> Option<(Out, Vec<Finding>)> {
    catch_unwind(AssertUnwindSafe(|| {
        let mut out = Out::default();
        run(&mut out);
        let drafts = std::mem::take(&mut out.drafts);
        let findings =
            drafts.into_iter().map(|(draft, of)| finish(code, draft, whose(of), notice, reread)).collect();
        (out, findings)
    }))
    .ok()
}

fn judge_batch(
    rule: Rule,
    run: fn(&All<'_>, &mut Out),
    all: &All<'_>,
    reread: &Reread<'_>,
    judgement: &mut Judgement,
) {
    let code: RuleCode = rule.code.into();
    let done = if all.notice.enabled(rule.code) {
        executed(&code, &|out| run(all, out), &|of| of, all.notice, reread).ok_or(BROKE)
    } else {
        Err("通知中已关闭该规则")
    };
    let (out, findings) = match done {
        Ok(done) => done,
        Err(why) => {
            for case in &mut judgement.cases {
                case.not_executed.push((code.clone(), why.into()));
            }
            return;
        }
    };
    let mut touched = vec![false; judgement.cases.len()];
    for finding in findings {
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
            Some(why) if !touched => case.not_executed.push((code.clone(), why.clone())),
            _ if !touched => {
                case.tally.passed += 1;
                case.passed.push(code.clone());
            }
            _ => {}
        }
    }
}

fn absorb(judged: &mut CaseJudgement, code: RuleCode, out: &Out, findings: Vec<Finding>) {
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
    *counter(tally, outcome) += 1;
}

/// Takes a finding out of the counts.
pub(super) fn uncount(tally: &mut Tally, outcome: Outcome) {
    let counter = counter(tally, outcome);
    *counter = counter.saturating_sub(1);
}

fn counter(tally: &mut Tally, outcome: Outcome) -> &mut u32 {
    match outcome {
        Outcome::Pass => &mut tally.passed,
        Outcome::Anomaly => &mut tally.anomaly,
        Outcome::Unverifiable => &mut tally.unverifiable,
        Outcome::NotApplicable => &mut tally.not_applicable,
    }
}

fn finish(
    code: &RuleCode,
    mut draft: Draft,
    submissions: Vec<String>,
    notice: &Notice,
    reread: &Reread<'_>,
) -> Finding {
    let set = notice.rules.get(&**code).and_then(|s| s.severity);
    let severity = set.or(draft.severity).unwrap_or_else(|| notice.severity(code));
    let severity = settle(&mut draft, severity, notice.reading, reread);
    let fingerprint = fingerprint(code, &submissions, &draft);
    Finding {
        rule: code.clone(),
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
        .then_with(|| a.rule.cmp(&b.rule))
        .then_with(|| a.fingerprint.cmp(&b.fingerprint))
}

pub(super) fn verdict(case: &CaseJudgement, across: &[Finding]) -> Verdict {
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
            suppressed: Vec::new(),
        };
        verdict(&case, &[])
    }

    #[test]
    fn a_rule_that_breaks_costs_itself_alone() {
        fn broken(_: &Cx<'_>, _: &mut Out) {
            panic!("planted");
        }
        fn broken_too(_: &All<'_>, _: &mut Out) {
            panic!("planted");
        }
        fn passes(_: &Cx<'_>, out: &mut Out) {
            out.pass();
        }
        let rules = [
            Rule { code: "FORM-001", run: Run::Case(broken) },
            Rule { code: "FORM-002", run: Run::Case(passes) },
            Rule { code: "DUP-001", run: Run::Batch(broken_too) },
        ];
        let built = crate::check::testing::build("");
        let pack = Pack::embedded().expect("pack");
        let judged = judge_by(&rules, &built.batch, &pack, &|_, _| None);
        let case = &judged.cases[0];
        assert_eq!(case.passed, ["FORM-002"]);
        let broke: Vec<&str> = case.not_executed.iter().map(|n| n.0.as_ref()).collect();
        assert_eq!(broke, ["FORM-001", "DUP-001"]);
        assert_eq!((case.tally.passed, case.findings.len(), case.verdict), (1, 0, Verdict::Clear));
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

//! A bureau's own rules, applied to a case. They go through the same runner as the built-in ones, so that the same caps
//! hold for what they conclude from scans.

mod eval;
mod facts;
#[cfg(test)]
mod tests;
mod value;

use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use super::{Cx, Out, say};
use crate::model::{Draft, Evidence, Grade, Value};
use crate::pack::expression::Expression;
use crate::pack::own::{Each, OwnRule, Part};

use eval::Eval;
pub(super) use facts::Facts;
use facts::Key;
use value::Trouble;

/// Steps of one rule on one case, all its rows or documents together; a step is well below a microsecond.
const STEPS: i64 = 5_000_000;
/// Pieces of evidence a finding shows.
const SHOWN: usize = 40;
/// What reaches papers, beside `documents`: a paper that nobody could read may be the one that is missing.
const PAPERS: &[&str] = &["contracts", "invoices", "payments", "invoiced", "paid"];

/// Applies a rule to a case.
pub(super) fn apply(rule: &OwnRule, cx: &Cx<'_>, facts: &Arc<Facts>, out: &mut Out) {
    let targets: Vec<Option<(&str, usize)>> = match rule.each {
        Each::Submission => vec![None],
        Each::Row => facts.rows.iter().map(|t| Some(("row", *t))).collect(),
        Each::Document(kind) => {
            let of = facts.documents.iter().filter(|d| d.1 == kind);
            of.map(|d| Some(("document", d.0))).collect()
        }
    };
    if targets.is_empty() {
        out.skip();
    }
    let work = Work {
        rule,
        facts,
        when: Arc::new(rule.when.clone()),
        budget: Arc::new(AtomicI64::new(STEPS)),
        again: Arc::new(AtomicI64::new(STEPS)),
        blind: if reaches_papers(&rule.when) { cx.blind_spots() } else { Vec::new() },
    };
    // Targets that lack what the condition needs, with the reason.
    let mut lacking: Vec<(Option<usize>, String)> = Vec::new();
    for target in targets {
        match work.judge(target) {
            Ok(Some(draft)) => out.hit(draft),
            Ok(None) => out.pass(),
            Err(Trouble::Budget) => {
                // What the rule has said so far is not all it would say.
                *out = Out::default();
                return out.cannot("规则的计算量超过上限，未能执行完；请简化表达式");
            }
            Err(Trouble::Doubtful(key)) => match work.doubtful(&key) {
                Some(draft) => out.hit(draft),
                None => out.cannot(format!("{}看不清", facts.label(&key))),
            },
            Err(Trouble::Absent(why) | Trouble::Unfit(why)) => lacking.push((target.map(|t| t.1), why)),
        }
    }
    let Some((_, why)) = lacking.first() else { return };
    if out.passed == 0 && out.drafts.is_empty() {
        return out.cannot(why.clone());
    }
    // Others were judged: that some were not must not read as a pass.
    out.hit(work.partly(&lacking));
}

fn reaches_papers(when: &Expression) -> bool {
    when.uses("documents") || when.selects(PAPERS)
}

struct Work<'a> {
    rule: &'a OwnRule,
    facts: &'a Arc<Facts>,
    when: Arc<Expression>,
    budget: Arc<AtomicI64>,
    /// Steps for the evaluations with other readings.
    again: Arc<AtomicI64>,
    /// What could not be read, if the rule may rest on the absence of papers.
    blind: Vec<String>,
}

impl Work<'_> {
    /// None if the condition does not hold.
    fn judge(&self, target: Option<(&str, usize)>) -> Result<Option<Draft>, Trouble> {
        let eval = || Eval::new(self.facts, &self.budget, target);
        let mut condition = eval();
        if !condition.value(&self.when)?.bool()? {
            return Ok(None);
        }
        let mut keys: Vec<Key> = Vec::new();
        for path in &self.rule.evidence {
            let mut proof = eval();
            proof.value(path)?;
            keys.extend(proof.used);
        }
        keys.extend(condition.used);
        let mut message = String::new();
        for part in &self.rule.message {
            match part {
                Part::Text(text) => message.push_str(text),
                Part::Value(e) => message.push_str(&eval().value(e)?.show()),
            }
        }
        Ok(Some(self.draft(target, keys, message)))
    }

    fn draft(&self, target: Option<(&str, usize)>, keys: Vec<Key>, mut message: String) -> Draft {
        let mut seen = std::collections::BTreeSet::new();
        // Keys and evidence in one order: what is read again is told by its place.
        let found = keys.into_iter().filter(|k| seen.insert(k.clone()));
        let (keys, mut evidence): (Vec<Key>, Vec<Evidence>) =
            found.filter_map(|k| self.facts.evidence(&k).map(|e| (k, e))).unzip();
        // Without a field of its own the target itself is what the finding points at.
        let about = target.map(|t| t.1);
        if about.is_none_or(|t| !keys.iter().any(|k| k.thing == t))
            && (about.is_some() || evidence.is_empty())
        {
            evidence.push(self.facts.whole(about));
        }
        let hidden = evidence.len().saturating_sub(SHOWN);
        let unseen_scan = evidence.iter().skip(SHOWN).any(|e| e.grade == Grade::Ocr);
        evidence.truncate(SHOWN);
        if hidden > 0 {
            message.push_str(&format!("\n另有{hidden}项依据未列出。"));
        }
        let title = self.rule.title.clone();
        if unseen_scan {
            message.push_str("\n无法据此认定：依据中有未逐项复读的扫描件数值。");
            return Draft::unverifiable(title, message, evidence);
        }
        if !self.blind.is_empty() {
            let blind = say::list(&self.blind, 5);
            message.push_str(&format!("\n无法据此认定：所需材料可能在未能读取之处（{blind}）。"));
            return Draft::unverifiable(title, message, evidence);
        }
        Draft::anomaly(title, message, evidence).still_holds(self.again(target, keys))
    }

    /// The condition with other readings of its fields.
    fn again(
        &self,
        target: Option<(&str, usize)>,
        keys: Vec<Key>,
    ) -> impl Fn(&[Option<Value>]) -> bool + Send + Sync + 'static {
        let (facts, when, budget) = (Arc::clone(self.facts), Arc::clone(&self.when), Arc::clone(&self.again));
        let target = target.map(|(name, thing)| (name.to_owned(), thing));
        move |values: &[Option<Value>]| {
            let changed: Vec<(Key, Option<Value>)> =
                keys.iter().cloned().zip(values.iter().cloned()).collect();
            let target = target.as_ref().map(|(name, thing)| (name.as_str(), *thing));
            let mut eval = Eval::new(&facts, &budget, target);
            eval.changed = &changed;
            eval.value(&when).and_then(|v| v.bool()).unwrap_or(false)
        }
    }

    fn partly(&self, lacking: &[(Option<usize>, String)]) -> Draft {
        let why: Vec<String> = lacking.iter().map(|l| l.1.clone()).collect();
        let message = format!("有{}处缺少本条所需的内容，未能核对：{}。", lacking.len(), say::list(&why, 5));
        let evidence = lacking.iter().take(SHOWN).map(|l| self.facts.whole(l.0)).collect();
        Draft::unverifiable(format!("{}（部分未能核对）", self.rule.title), message, evidence)
    }

    fn doubtful(&self, key: &Key) -> Option<Draft> {
        let evidence = self.facts.evidence(key)?;
        let message = format!("“{}”看不清或识别置信度过低，本条无法核验。请对照原件。", evidence.label);
        Some(Draft::unverifiable(self.rule.title.clone(), message, vec![evidence]))
    }
}

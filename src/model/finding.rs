//! What a rule says, and what the runner makes of it.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Confidence, Field, Grade, Source, Sourced, Value};

/// Code of a rule: of the catalogue, or of a bureau's own.
pub type RuleCode = Cow<'static, str>;

/// Outcome of a rule on one target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Checked and in order.
    Pass,
    /// Checked and not in order.
    Anomaly,
    /// An input is missing or was read too poorly.
    Unverifiable,
    /// Nothing to check.
    NotApplicable,
}

/// Severity of an anomaly, from the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// 提示
    Notice,
    /// 一般问题 / 缺项
    Minor,
    /// 重要不一致
    Major,
    /// 重大疑点
    Critical,
}

/// The verdict on a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing above a notice.
    Clear,
    /// Something is missing (minor), nothing contradicts.
    Incomplete,
    /// Major findings, or much that could not be verified.
    Review,
    /// Critical findings.
    Suspect,
}

/// What a second reading may expect to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Expect {
    /// Digits, separators, currency signs.
    Amount,
    /// Digits and capital letters.
    Code,
    /// A date.
    Date,
    /// 大写金额.
    Capital,
    /// Anything.
    Text,
}

/// One piece of evidence: a value at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// What it is, in Chinese ("清单总价").
    pub label: String,
    /// The value, or none where the evidence is a place without one (a blank cell, a whole file).
    pub value: Option<Value>,
    /// What was printed.
    pub raw: String,
    /// Where.
    pub source: Source,
    /// How it was read.
    pub grade: Grade,
    /// How surely.
    pub confidence: Confidence,
}

impl Evidence {
    /// Evidence from a value that was read.
    pub fn of(label: impl Into<String>, s: &Sourced<Value>) -> Self {
        Self {
            label: label.into(),
            value: Some(s.value.clone()),
            raw: s.raw.clone(),
            source: s.source().clone(),
            grade: s.grade,
            confidence: s.confidence,
        }
    }

    /// Evidence from a field, readable or not.
    pub fn of_field(label: impl Into<String>, field: &Field) -> Self {
        match field {
            Field::Found(s) => Self::of(label, s),
            Field::Unreadable(s) => Self {
                label: label.into(),
                value: None,
                raw: s.raw.clone(),
                source: s.source().clone(),
                grade: s.grade,
                confidence: s.confidence,
            },
        }
    }
}

/// Whether an anomaly would remain if the evidence had these values (same order as the evidence).
pub type StillHolds = Arc<dyn Fn(&[Option<Value>]) -> bool + Send + Sync>;

/// What a rule reports on one target. The runner stamps code and severity and applies the grade caps of `rules.md`.
#[derive(Clone)]
pub struct Draft {
    /// `Anomaly` or `Unverifiable`.
    pub outcome: Outcome,
    /// Chinese, one line.
    pub title: String,
    /// Chinese: the arithmetic in words.
    pub message: String,
    /// 元 of 已完成投资 left unsupported if this stands.
    pub effect: Option<Decimal>,
    /// Never empty (guarded by the constructors).
    pub evidence: Vec<Evidence>,
    /// Severity other than the rule's default, where the catalogue gives several.
    pub severity: Option<Severity>,
    /// Re-evaluates the contradiction with other values, so that the runner can test whether one OCR confusion
    /// would make it vanish. Without it, an anomaly with a doubtful OCR value is unverifiable.
    pub still_holds: Option<StillHolds>,
}

impl Draft {
    /// An anomaly.
    pub fn anomaly(title: impl Into<String>, message: impl Into<String>, evidence: Vec<Evidence>) -> Self {
        Self::new(Outcome::Anomaly, title, message, evidence)
    }

    /// Something that could not be verified.
    pub fn unverifiable(
        title: impl Into<String>,
        message: impl Into<String>,
        evidence: Vec<Evidence>,
    ) -> Self {
        Self::new(Outcome::Unverifiable, title, message, evidence)
    }

    fn new(
        outcome: Outcome,
        title: impl Into<String>,
        message: impl Into<String>,
        evidence: Vec<Evidence>,
    ) -> Self {
        assert!(!evidence.is_empty(), "a draft needs evidence");
        Self {
            outcome,
            title: title.into(),
            message: message.into(),
            effect: None,
            evidence,
            severity: None,
            still_holds: None,
        }
    }

    /// With the money it touches.
    pub fn effect(mut self, yuan: Decimal) -> Self {
        self.effect = Some(yuan);
        self
    }

    /// With a severity other than the default.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// With the test whether the contradiction remains under other values.
    pub fn still_holds(mut self, f: impl Fn(&[Option<Value>]) -> bool + Send + Sync + 'static) -> Self {
        self.still_holds = Some(Arc::new(f));
        self
    }
}

/// A finding as the report shows it.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Code of the rule.
    pub rule: RuleCode,
    /// `Anomaly` or `Unverifiable`.
    pub outcome: Outcome,
    /// Severity after the caps.
    pub severity: Severity,
    /// Ids of the submissions it concerns.
    pub submissions: Vec<String>,
    /// Chinese, one line.
    pub title: String,
    /// Chinese.
    pub message: String,
    /// 元 left unsupported.
    pub effect: Option<Decimal>,
    /// Evidence.
    pub evidence: Vec<Evidence>,
    /// Stable from run to run.
    pub fingerprint: String,
}

/// A reviewer's decision to set findings aside.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// Code of the rule.
    pub rule: String,
    /// Id of the submission.
    pub submission: String,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub reviewer: String,
    /// Last day on which it holds.
    pub until: NaiveDate,
    /// Its line in the list of suppressions.
    pub line: usize,
}

/// A finding that was set aside.
#[derive(Clone, Debug)]
pub struct Aside {
    /// As it was found.
    pub finding: Finding,
    /// By whom and why.
    pub by: Arc<Decision>,
}

/// How many targets came out how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// In order.
    pub passed: u32,
    /// Not in order.
    pub anomaly: u32,
    /// Could not be verified.
    pub unverifiable: u32,
    /// Nothing to check.
    pub not_applicable: u32,
}

/// What the rules said of one submission.
#[derive(Clone, Debug)]
pub struct CaseJudgement {
    /// `Case::id`.
    pub case: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Counts of targets.
    pub tally: Tally,
    /// Findings on this submission alone, the gravest first.
    pub findings: Vec<Finding>,
    /// Codes of rules that passed on every target they had.
    pub passed: Vec<RuleCode>,
    /// Rules that could not be executed, with the reason in Chinese.
    pub not_executed: Vec<(RuleCode, String)>,
    /// Findings on this submission alone that a reviewer has set aside: they count nowhere.
    pub suppressed: Vec<Aside>,
}

/// What the rules said of a run.
#[derive(Clone, Debug, Default)]
pub struct Judgement {
    /// One for each case, in the order of the cases.
    pub cases: Vec<CaseJudgement>,
    /// Findings across submissions.
    pub findings: Vec<Finding>,
    /// Those that a reviewer has set aside.
    pub suppressed: Vec<Aside>,
    /// Decisions that set nothing aside, with the reason in Chinese.
    pub unused: Vec<(Decision, String)>,
}

//! `report.json`: the fixed interface for machines (`hecha.report/1`). Key order is the order of the structs here.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{RunInfo, StageTime};
use crate::model::{
    Aside, BBox, Batch, Case, CaseJudgement, Category, Continued, Decision, Document, Evidence, Field,
    Finding, Grade, InvestmentRow, Judgement, Kind, Link, Outcome, Place, ReadBy, Row, RowStatus, Severity,
    Sourced, Value, Verdict, money,
};

/// The name and version of the format.
pub const SCHEMA: &str = "hecha.report/1";

/// Writes the report of a run.
pub fn report(batch: &Batch, judgement: &Judgement, run: &RunInfo) -> String {
    let submissions =
        batch.cases.iter().zip(&judgement.cases).map(|(case, judged)| submission(case, judged)).collect();
    let report = Report {
        schema: SCHEMA,
        tool: Tool { name: "hecha", version: &run.version },
        run: Run { started: &run.started, finished: &run.finished, stages: Stages(&run.stages) },
        rules: Rules { pack: &run.pack, sha256: &run.pack_sha256 },
        submissions,
        findings: judgement.findings.iter().map(finding).collect(),
        suppressed: judgement.suppressed.iter().map(suppressed).collect(),
        suppressions_unused: judgement.unused.iter().map(unused).collect(),
        unread: batch.unread.iter().map(|(file, _, reason)| Unread { file, reason }).collect(),
    };
    pretty(&report)
}

/// Writes what `hecha read --json` prints: documents and what could not be read.
pub fn reading(documents: &[Document], unread: &[(String, String)]) -> String {
    #[derive(Serialize)]
    struct Out<'a> {
        documents: Vec<DocumentOut<'a>>,
        unread: Vec<Unread<'a>>,
    }
    pretty(&Out {
        documents: documents.iter().map(document).collect(),
        unread: unread.iter().map(|(file, reason)| Unread { file, reason }).collect(),
    })
}

fn pretty(value: &impl Serialize) -> String {
    // Serialising plain structs of strings and numbers cannot fail.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    tool: Tool<'a>,
    run: Run<'a>,
    rules: Rules<'a>,
    submissions: Vec<Submission<'a>>,
    findings: Vec<FindingOut<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressed: Vec<SuppressedOut<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions_unused: Vec<UnusedOut<'a>>,
    unread: Vec<Unread<'a>>,
}

#[derive(Serialize)]
struct Tool<'a> {
    name: &'static str,
    version: &'a str,
}

#[derive(Serialize)]
struct Run<'a> {
    started: &'a str,
    finished: &'a str,
    #[serde(skip_serializing_if = "Stages::is_empty")]
    stages: Stages<'a>,
}

/// Seconds by stage, in the order of the stages.
struct Stages<'a>(&'a [StageTime]);

impl Stages<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Stages<'_> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|s| (s.stage.name(), s.took.as_millis() as f64 / 1000.0)))
    }
}

#[derive(Serialize)]
struct Rules<'a> {
    pack: &'a str,
    sha256: &'a str,
}

#[derive(Serialize)]
struct Unread<'a> {
    file: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct Submission<'a> {
    id: &'a str,
    applicant: Applicant,
    platform: Platform,
    verdict: Verdict,
    checks: Checks,
    documents: Vec<DocumentOut<'a>>,
    investment: InvestmentOut,
    findings: Vec<FindingOut<'a>>,
    /// Set aside by a reviewer: counted nowhere else.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressed: Vec<SuppressedOut<'a>>,
    not_executed: Vec<NotExecuted<'a>>,
}

#[derive(Serialize)]
struct Applicant {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uscc: Option<String>,
}

#[derive(Serialize)]
struct Platform {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<String>,
}

#[derive(Serialize)]
struct Checks {
    passed: u32,
    anomaly: u32,
    unverifiable: u32,
    not_applicable: u32,
}

#[derive(Serialize)]
struct NotExecuted<'a> {
    rule: &'a str,
    why: &'a str,
}

#[derive(Serialize)]
struct DocumentOut<'a> {
    id: u32,
    file: &'a str,
    sha256: &'a str,
    pages: [u32; 2],
    /// The rest of it, where it lies in further files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    continued: Vec<ContinuedOut<'a>>,
    kind: Kind,
    read_by: ReadBy,
    fields: BTreeMap<&'a str, FieldOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Vec<BTreeMap<&'a str, FieldOut<'a>>>>,
}

#[derive(Serialize)]
struct ContinuedOut<'a> {
    file: &'a str,
    sha256: &'a str,
    pages: [u32; 2],
    why: &'a str,
}

#[derive(Serialize)]
struct FieldOut<'a> {
    value: ValueOut,
    raw: &'a str,
    /// Only where the value lies in another file than the document's beginning.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bbox: Option<[Points; 4]>,
    grade: Grade,
    confidence: Share,
}

#[derive(Serialize)]
#[serde(untagged)]
enum ValueOut {
    One(String),
    Many(Vec<String>),
}

/// Points with one decimal: a tenth of a point is finer than any reading, and prints the same everywhere.
#[derive(Serialize)]
struct Points(f64);

/// A share with three decimals.
#[derive(Serialize)]
struct Share(f64);

#[derive(Serialize)]
struct InvestmentOut {
    #[serde(skip_serializing_if = "Option::is_none")]
    claimed: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    supported: Option<String>,
    items: Vec<ItemOut>,
}

#[derive(Serialize)]
struct ItemOut {
    row: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<Category>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contract: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    manufacturer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_price: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<String>,
    contracts: Vec<u32>,
    invoices: Vec<u32>,
    payments: Vec<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invoiced: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paid: Option<String>,
    status: RowStatus,
}

#[derive(Serialize)]
struct FindingOut<'a> {
    rule: &'a str,
    outcome: Outcome,
    severity: Severity,
    submissions: &'a [String],
    title: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    effect: Option<String>,
    evidence: Vec<EvidenceOut<'a>>,
    fingerprint: &'a str,
}

/// A finding with the decision that set it aside.
#[derive(Serialize)]
struct SuppressedOut<'a> {
    #[serde(flatten)]
    finding: FindingOut<'a>,
    suppression: DecisionOut<'a>,
}

#[derive(Serialize)]
struct DecisionOut<'a> {
    reason: &'a str,
    reviewer: &'a str,
    until: String,
}

#[derive(Serialize)]
struct UnusedOut<'a> {
    rule: &'a str,
    submission: &'a str,
    line: usize,
    why: &'a str,
}

#[derive(Serialize)]
struct EvidenceOut<'a> {
    label: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    raw: &'a str,
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bbox: Option<[Points; 4]>,
    grade: Grade,
    confidence: Share,
}

fn submission<'a>(case: &'a Case, judged: &'a CaseJudgement) -> Submission<'a> {
    let identity = super::identity(case);
    Submission {
        id: &case.id,
        applicant: Applicant { name: identity.name, uscc: identity.uscc },
        platform: Platform { name: identity.platform, category: identity.category },
        verdict: judged.verdict,
        checks: Checks {
            passed: judged.tally.passed,
            anomaly: judged.tally.anomaly,
            unverifiable: judged.tally.unverifiable,
            not_applicable: judged.tally.not_applicable,
        },
        documents: case.documents.iter().map(document).collect(),
        investment: InvestmentOut {
            claimed: case.investment.claimed.map(money::plain),
            supported: case.investment.supported.map(money::plain),
            items: case.investment.rows.iter().map(item).collect(),
        },
        findings: judged.findings.iter().map(finding).collect(),
        suppressed: judged.suppressed.iter().map(suppressed).collect(),
        not_executed: judged.not_executed.iter().map(|(rule, why)| NotExecuted { rule, why }).collect(),
    }
}

fn document(document: &Document) -> DocumentOut<'_> {
    // An invoice always has its list; the other kinds' lists are given where there are any.
    const LISTS: &[Kind] =
        &[Kind::Contract, Kind::Payment, Kind::ServiceList, Kind::TaxCertificate, Kind::EvidenceList];
    let listed = LISTS.contains(&document.kind) && !document.items.is_empty();
    let items = (document.kind == Kind::Invoice || listed)
        .then(|| document.items.iter().map(|item| row(item, &document.file)).collect());
    DocumentOut {
        id: document.id,
        file: &document.file,
        sha256: &document.sha256,
        pages: [document.pages.0, document.pages.1],
        continued: document.continued.iter().map(part).collect(),
        kind: document.kind,
        read_by: document.read_by,
        fields: row(&document.fields, &document.file),
        items,
    }
}

fn part(continued: &Continued) -> ContinuedOut<'_> {
    ContinuedOut {
        file: &continued.file,
        sha256: &continued.sha256,
        pages: [continued.pages.0, continued.pages.1],
        why: &continued.why,
    }
}

/// Fields that were read; what could not be read is left out here and named in the findings.
fn row<'a>(fields: &'a Row, file: &str) -> BTreeMap<&'a str, FieldOut<'a>> {
    fields.iter().filter_map(|(name, field)| Some((name.as_str(), field_out(field.found()?, file)))).collect()
}

fn field_out<'a>(read: &'a Sourced<Value>, file: &str) -> FieldOut<'a> {
    let source = read.source();
    let place = &source.place;
    FieldOut {
        value: match &read.value {
            Value::List(list) => ValueOut::Many(list.clone()),
            other => ValueOut::One(other.to_plain()),
        },
        raw: &read.raw,
        file: (*source.file != *file).then_some(&source.file),
        page: place.page(),
        bbox: bbox(place),
        grade: read.grade,
        confidence: share(read.confidence),
    }
}

fn item(row: &InvestmentRow) -> ItemOut {
    let plain = |name: &str| row.fields.get(name).and_then(Field::found).map(|s| s.value.to_plain());
    let ids = |links: &[Link]| links.iter().map(|l| l.document).collect();
    ItemOut {
        row: row.row,
        category: row.category,
        name: plain("name"),
        contract: plain("contract"),
        manufacturer: plain("manufacturer"),
        quantity: plain("quantity"),
        unit_price: plain("unit_price"),
        total: plain("total"),
        contracts: ids(&row.contracts),
        invoices: ids(&row.invoices),
        payments: ids(&row.payments),
        invoiced: row.invoiced.map(money::plain),
        paid: row.paid.map(money::plain),
        status: row.status,
    }
}

fn finding(finding: &Finding) -> FindingOut<'_> {
    FindingOut {
        rule: &finding.rule,
        outcome: finding.outcome,
        severity: finding.severity,
        submissions: &finding.submissions,
        title: &finding.title,
        message: &finding.message,
        effect: finding.effect.map(money::plain),
        evidence: finding.evidence.iter().map(evidence).collect(),
        fingerprint: &finding.fingerprint,
    }
}

fn suppressed(aside: &Aside) -> SuppressedOut<'_> {
    let by = &aside.by;
    SuppressedOut {
        finding: finding(&aside.finding),
        suppression: DecisionOut { reason: &by.reason, reviewer: &by.reviewer, until: by.until.to_string() },
    }
}

fn unused((by, why): &(Decision, String)) -> UnusedOut<'_> {
    UnusedOut { rule: &by.rule, submission: &by.submission, line: by.line, why }
}

fn evidence(e: &Evidence) -> EvidenceOut<'_> {
    EvidenceOut {
        label: &e.label,
        value: e.value.as_ref().map(Value::to_plain),
        raw: &e.raw,
        file: &e.source.file,
        page: e.source.place.page(),
        bbox: bbox(&e.source.place),
        grade: e.grade,
        confidence: share(e.confidence),
    }
}

fn bbox(place: &Place) -> Option<[Points; 4]> {
    let BBox { x0, y0, x1, y1 } = place.bbox()?;
    let tenth = |v: f32| Points((f64::from(v) * 10.0).round() / 10.0);
    Some([tenth(x0), tenth(y0), tenth(x1), tenth(y1)])
}

fn share(confidence: crate::model::Confidence) -> Share {
    Share(f64::from(confidence.0) / 1000.0)
}

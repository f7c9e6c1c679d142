//! The report over a small hand-made run: exact JSON, escaped HTML, strict policy.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use rust_decimal::Decimal;

use super::{ExcerptPart, Exhibit, Exhibits, Lang, NoExhibits, RunInfo, Stage, StageTime, html, json};
use crate::model::*;

fn source(file: &str, page: u32) -> Source {
    Source {
        file: Arc::from(file),
        place: Place::Page { page, bbox: BBox::new(100.0, 200.04, 180.0, 212.0) },
    }
}

fn found(value: Value, raw: &str, file: &str, grade: Grade) -> Field {
    Field::Found(Sourced::new(value, raw, grade, Confidence(990), source(file, 1)))
}

fn yuan(n: i64) -> Value {
    Value::Money(Money::yuan(Decimal::from(n)))
}

fn document(id: u32, kind: Kind, file: &str, fields: &[(&str, Field)]) -> Document {
    Document {
        id,
        file: Arc::from(file),
        sha256: "00".repeat(32),
        pages: (1, 1),
        continued: Vec::new(),
        kind,
        kind_confidence: Confidence(970),
        integrity: Vec::new(),
        traces: Vec::new(),
        pictures: Vec::new(),
        stamps: Vec::new(),
        read_by: ReadBy::Pdf,
        fields: fields.iter().map(|(k, v)| (k.to_string(), v.clone())).collect(),
        items: Vec::new(),
        text: String::new(),
    }
}

#[allow(clippy::too_many_lines, reason = "one case, written out")]
fn sample() -> (Batch, Judgement, RunInfo) {
    let form = document(
        0,
        Kind::ApplicationForm,
        "甲/申报书.pdf",
        &[
            (
                "基本信息.单位名称",
                found(
                    Value::Text("湖南<script>alert(1)</script>公司".into()),
                    "x",
                    "甲/申报书.pdf",
                    Grade::Text,
                ),
            ),
            (
                "平台基本信息.平台类别",
                found(
                    Value::List(vec!["综合型工业互联网平台".into()]),
                    "☑综合型",
                    "甲/申报书.pdf",
                    Grade::Text,
                ),
            ),
        ],
    );
    let invoice = document(
        1,
        Kind::Invoice,
        "甲/发票.pdf",
        &[("total", found(yuan(45_000), "¥45,000.00", "甲/发票.pdf", Grade::Text))],
    );
    let mut fields = BTreeMap::new();
    fields.insert(
        "name".into(),
        found(Value::Text("边缘网关".into()), "边缘网关", "甲/申报书.pdf", Grade::Text),
    );
    fields.insert(
        "total".into(),
        found(
            Value::Money(Money::printed(Decimal::new(500, 2), Unit::TenThousand)),
            "5.00",
            "甲/申报书.pdf",
            Grade::Text,
        ),
    );
    let row = InvestmentRow {
        row: 1,
        category: Some(Category::Hardware),
        fields,
        contracts: vec![],
        invoices: vec![Link {
            document: 1,
            share: Some(Decimal::from(45_000)),
            unique: true,
            why: vec!["销售方一致".into()],
        }],
        payments: vec![],
        invoiced: Some(Decimal::from(45_000)),
        paid: None,
        status: RowStatus::Short,
    };
    let case = Case {
        id: "长沙市/甲".into(),
        documents: vec![form, invoice],
        form: Some(0),
        investment: Investment {
            claimed: Some(Decimal::from(50_000)),
            supported: Some(Decimal::from(45_000)),
            rows: vec![row],
        },
        unread: vec![],
        poor_pages: vec![],
    };
    let evidence = |label: &str, n: i64, file: &str| Evidence {
        label: label.into(),
        value: Some(yuan(n)),
        raw: "5.00".into(),
        source: source(file, 1),
        grade: Grade::Text,
        confidence: Confidence(990),
    };
    let finding = Finding {
        rule: "INVEST-008".into(),
        outcome: Outcome::Anomaly,
        severity: Severity::Major,
        submissions: vec!["长沙市/甲".into()],
        title: "第1行申报金额高于发票金额".into(),
        message: "清单总价 50,000.00 元，发票价税合计 45,000.00 元，相差 5,000.00 元。".into(),
        effect: Some(Decimal::from(5_000)),
        evidence: vec![
            evidence("清单总价", 50_000, "甲/申报书.pdf"),
            evidence("价税合计", 45_000, "甲/发票.pdf"),
        ],
        fingerprint: "ab12".into(),
    };
    let judged = CaseJudgement {
        case: case.id.clone(),
        verdict: Verdict::Review,
        tally: Tally { passed: 3, anomaly: 1, unverifiable: 0, not_applicable: 2 },
        findings: vec![finding],
        passed: vec!["FORM-006".into()],
        not_executed: vec![("FIN-005".into(), "没有找到研发费用的依据".into())],
        suppressed: vec![],
    };
    let batch = Batch {
        alike: Vec::new(),
        cases: vec![case],
        summaries: vec![],
        earlier: None,
        unread: vec![(Arc::from("甲/坏.pdf"), None, ReadError::Damaged("xref".into()).to_string())],
    };
    let run = RunInfo { version: "0.1.0".into(), pack: "hunan-2023".into(), ..RunInfo::default() };
    (batch, Judgement { cases: vec![judged], ..Judgement::default() }, run)
}

#[test]
fn json_is_as_the_contract_says() {
    let (batch, judgement, run) = sample();
    insta::assert_snapshot!(json::report(&batch, &judgement, &run));
}

fn html_of(
    batch: &Batch,
    judgement: &Judgement,
    run: &RunInfo,
    exhibits: &dyn Exhibits,
    lang: Lang,
) -> String {
    html::report(&html::body(batch, judgement, &BTreeMap::new(), exhibits, lang), run, lang)
}

#[test]
fn nothing_from_a_document_becomes_markup() {
    let (batch, judgement, run) = sample();
    let page = html_of(&batch, &judgement, &run, &NoExhibits, Lang::Zh);
    assert!(!page.contains("<script"));
    assert!(page.contains("&lt;script&gt;"));
    assert!(page.contains("default-src 'none'"));
    assert!(!page.contains("http://") && !page.contains("https://") && !page.contains(" style=\""));
}

struct Hostile;

impl Exhibits for Hostile {
    fn show(&self, _: &Evidence) -> Option<Exhibit> {
        Some(Exhibit::Excerpt(vec![ExcerptPart { text: "<img src=x onerror=alert(1)>".into(), hit: true }]))
    }
}

#[test]
fn excerpts_are_escaped_too() {
    let (batch, judgement, run) = sample();
    let page = html_of(&batch, &judgement, &run, &Hostile, Lang::En);
    assert!(!page.contains("<img src=x"));
    assert!(page.contains("&lt;img src=x"));
}

#[test]
fn english_changes_the_words_around() {
    let (batch, judgement, run) = sample();
    let page = html_of(&batch, &judgement, &run, &NoExhibits, Lang::En);
    assert!(page.contains("Overview") && page.contains("Rules not executed"));
}

fn with_one_set_aside() -> (Batch, Judgement, RunInfo) {
    let (batch, mut judgement, mut run) = sample();
    let finding = judgement.cases[0].findings.remove(0);
    let decision = Decision {
        rule: finding.rule.to_string(),
        submission: "长沙市/甲".into(),
        reason: "原件已核对<b>".into(),
        reviewer: "审核员".into(),
        until: "2023-12-31".parse().expect("day"),
        line: 2,
    };
    judgement.unused = vec![(Decision { line: 9, ..decision.clone() }, "没有相应的发现".into())];
    judgement.cases[0].suppressed = vec![Aside { finding, by: Arc::new(decision) }];
    run.started = "2026-11-28T17:30:05+00:00".into();
    run.stages = vec![
        StageTime { stage: Stage::Read, took: Duration::from_millis(12_345) },
        StageTime { stage: Stage::Write, took: Duration::from_millis(50) },
    ];
    (batch, judgement, run)
}

#[test]
fn what_was_set_aside_is_shown_with_reason_and_reviewer() {
    let (batch, judgement, run) = with_one_set_aside();
    let page = html_of(&batch, &judgement, &run, &NoExhibits, Lang::Zh);
    for words in ["经复核搁置", "原件已核对&lt;b&gt;", "审核员", "2023-12-31", "第1行申报金额高于发票金额"]
    {
        assert!(page.contains(words), "{words}");
    }
    assert!(page.contains("未起作用的搁置决定") && page.contains("没有相应的发现"));
    let json: serde_json::Value =
        serde_json::from_str(&json::report(&batch, &judgement, &run)).expect("json");
    let case = &json["submissions"][0];
    assert_eq!(case["findings"].as_array().map(Vec::len), Some(0));
    assert_eq!(case["suppressed"][0]["rule"], "INVEST-008");
    assert_eq!(case["suppressed"][0]["suppression"]["reviewer"], "审核员");
    assert_eq!(json["suppressions_unused"][0]["line"], 9);
}

#[test]
fn the_times_of_the_stages_are_in_run_and_in_the_foot() {
    let (batch, judgement, run) = with_one_set_aside();
    let json: serde_json::Value =
        serde_json::from_str(&json::report(&batch, &judgement, &run)).expect("json");
    assert_eq!(json["run"]["stages"], serde_json::json!({ "read": 12.345, "write": 0.05 }));
    let page = html_of(&batch, &judgement, &run, &NoExhibits, Lang::Zh);
    assert!(page.contains("各步用时：读取 12.3秒，生成报告 0.1秒"), "{page}");
    assert!(page.contains("2026年11月28日 17:30") && !page.contains("17:30:05+"));
    let page = html_of(&batch, &judgement, &run, &NoExhibits, Lang::En);
    assert!(page.contains("2026-11-28 17:30") && page.contains("read 12.3 s"));
}

//! DUP-008: what an earlier run counted is known to a later one, by the ledger they share.

use std::path::Path;
use std::process::Command;

use hecha_corpus::{Drawn, Set};
use serde_json::Value;

/// The findings of a rule on the submission that lies alone below `files`, judged with a ledger.
fn found(work: &Path, one: &Drawn, ledger: &Path, rule: &str) -> Vec<Value> {
    let out = work.join("out").join(&one.key);
    let input = work.join("in").join(&one.key);
    super::copy(&work.join("files").join(&one.id), &input.join(&one.id));
    let status = Command::new(env!("CARGO_BIN_EXE_hecha"))
        .args(["check", "--quiet", "-o"])
        .arg(&out)
        .arg("--ledger")
        .arg(ledger)
        .arg(&input)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(0), "hecha check {}", one.key);
    let report: Value = serde_json::from_slice(&std::fs::read(out.join("report.json")).unwrap()).unwrap();
    let list = |v: &Value| v["findings"].as_array().cloned().unwrap_or_default();
    let own = report["submissions"].as_array().unwrap().iter().flat_map(list);
    own.chain(list(&report)).filter(|f| f["rule"] == rule).collect()
}

#[test]
fn an_invoice_of_an_earlier_run_is_known_again() {
    let scratch = tempfile::tempdir().unwrap();
    let work = scratch.path();
    let only = ["d5", "d6", "d14"].map(str::to_owned);
    let drawn = hecha_corpus::draw(work, Set::Injected, 1, Some(&only));
    let ledger = work.join("台账.sqlite");
    let of = |key: &str| drawn.iter().find(|d| d.key == key).unwrap();
    assert!(found(work, of("d5"), &ledger, "DUP-008").is_empty());
    // Another applicant files the first one's purchase later, with the buyer's name changed.
    let hits = found(work, of("d6"), &ledger, "DUP-008");
    let invoice = |f: &&Value| f["title"].as_str().is_some_and(|t| t.starts_with("发票"));
    let bought: Vec<&Value> = hits.iter().filter(invoice).collect();
    assert_eq!(bought.len(), 1, "{hits:#?}");
    assert_eq!((&bought[0]["outcome"], &bought[0]["severity"]), (&"anomaly".into(), &"critical".into()));
    // An honest one, and the same once more: nothing is held against it.
    for _ in 0..2 {
        assert!(found(work, of("d14"), &ledger, "DUP-008").is_empty());
    }
}

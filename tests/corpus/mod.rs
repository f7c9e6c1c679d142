//! Scores the whole way on the labelled corpus: fields, links, findings. The committed scoreboard is the floor.
//!
//! `HECHA_SCOREBOARD=write` writes `corpus/scoreboard.csv` instead of holding the run against it;
//! `HECHA_CORPUS=DIR` scores another corpus made by the generator (other seeds) and asserts nothing;
//! `HECHA_FAILURES=FILE` lists what came out wrong; `HECHA_REPORT=FILE` scores a report.json that is there already.
#![allow(clippy::print_stderr)]

mod injected;
mod ledger;
mod score;
mod truth;

use std::path::{Path, PathBuf};
use std::process::Command;

use self::score::Score;
use self::truth::Truth;

/// Share in percent of recognised values at a confidence of 0.95 and above that are right, at least.
const SURE: f64 = 99.5;

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to.parent().unwrap()).unwrap();
    if from.is_dir() {
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else if from.exists() {
        std::fs::copy(from, to).unwrap();
    }
}

/// Runs the program over the files of these cases and gives its report.
fn run(corpus: &Path, cases: &[Truth], work: &Path) -> serde_json::Value {
    let input = work.join("in");
    for case in cases {
        let whole = corpus.join("files").join(&case.id);
        if case.documents.iter().all(|d| d.kind == "summary_table") {
            for d in &case.documents {
                copy(&corpus.join("files").join(&d.file), &input.join(&d.file));
            }
        } else {
            copy(&whole, &input.join(&case.id));
        }
    }
    let out = work.join("out");
    let status = Command::new(env!("CARGO_BIN_EXE_hecha"))
        .args(["check", "--quiet", "-o"])
        .arg(&out)
        .arg("--store")
        .arg(work.join("store"))
        .arg(&input)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .unwrap();
    // 3: some files could not be read, as the corpus wants it.
    assert!(matches!(status.code(), Some(0 | 3)), "hecha check: {status}");
    let report = std::fs::read(out.join("report.json")).unwrap();
    serde_json::from_slice(&report).unwrap()
}

fn models() -> bool {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    std::fs::read_dir(dir)
        .is_ok_and(|d| d.flatten().any(|e| e.path().extension().is_some_and(|x| x == "onnx")))
}

#[test]
fn corpus() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let other = std::env::var_os("HECHA_CORPUS").map(PathBuf::from);
    let dir = other.clone().unwrap_or_else(|| home.clone());
    let mut cases = Truth::all(&dir.join("truth"));
    assert!(!cases.is_empty(), "no labels in {}", dir.display());
    let ocr = models();
    if !ocr {
        eprintln!("no recognition models: the scanned submissions are skipped (make models fetches them)");
        cases.retain(|c| !c.scanned);
    }
    let work = tempfile::tempdir().unwrap();
    let report = match std::env::var_os("HECHA_REPORT") {
        Some(path) => serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap(),
        None => run(&dir, &cases, work.path()),
    };
    let mut score = Score::default();
    for case in &cases {
        score.case(case, &report);
    }
    eprintln!("{}", score.summary());
    eprintln!("{}", score.reliability());
    if let Some(path) = std::env::var_os("HECHA_FAILURES") {
        std::fs::write(path, score.failures.join("\n")).unwrap();
    }
    if other.is_some() {
        return;
    }
    let board = home.join("scoreboard.csv");
    if std::env::var_os("HECHA_SCOREBOARD").is_some() {
        assert!(ocr, "the scoreboard is written with the models only");
        std::fs::write(board, score.csv()).unwrap();
        return;
    }
    let fallen = score.below(&std::fs::read_to_string(board).unwrap_or_default());
    assert!(fallen.is_empty(), "below the scoreboard:\n{}", fallen.join("\n"));
    if let Some(right) = score.sure_and_right() {
        assert!(right >= SURE, "of values said to be sure at 0.95 or more only {right:.2} % are right");
    }
    assert!(score.missed.is_empty(), "injected, but not found:\n{}", score.missed.join("\n"));
    assert!(score.wronged.is_empty(), "honest submissions accused:\n{}", score.wronged.join("\n"));
}

//! A fault for every rule of the catalogue, drawn now: each is found, and nothing else is held against anyone.
//!
//! `HECHA_SEED=N` draws with another seed; `HECHA_ONLY=a1,a2` some submissions only; `HECHA_KEEP=DIR` keeps files and
//! report there; `HECHA_FAILURES=FILE` lists what came out wrong.

use std::path::PathBuf;

use hecha_corpus::Set;

use super::score::Score;
use super::truth::Truth;
use super::{models, run};

#[test]
fn every_rule_finds_its_fault() {
    let var = |name: &str| std::env::var(name).ok();
    let seed = var("HECHA_SEED").map_or(1, |s| s.parse().unwrap());
    let only = var("HECHA_ONLY").map(|o| o.split(',').map(str::to_owned).collect::<Vec<_>>());
    let scratch = tempfile::tempdir().unwrap();
    let work = var("HECHA_KEEP").map_or_else(|| scratch.path().to_path_buf(), PathBuf::from);
    hecha_corpus::draw(&work, Set::Injected, seed, only.as_deref());
    let mut cases = Truth::all(&work.join("truth"));
    if !models() {
        eprintln!("no recognition models: the scanned submissions are skipped (make models fetches them)");
        cases.retain(|c| !c.scanned);
    }
    let report = run(&work, &cases, &work);
    let mut score = Score::default();
    for case in &cases {
        score.case(case, &report);
    }
    eprintln!("{}", score.summary());
    if let Some(path) = var("HECHA_FAILURES") {
        std::fs::write(path, score.failures.join("\n")).unwrap();
    }
    assert!(score.missed.is_empty(), "injected, but not found:\n{}", score.missed.join("\n"));
    let unfounded: Vec<&str> =
        score.failures.iter().map(String::as_str).filter(|line| line.contains(": FALSE ")).collect();
    assert!(unfounded.is_empty(), "held against a submission without cause:\n{}", unfounded.join("\n"));
}

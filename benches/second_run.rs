//! The first and the second run of `hecha check` on one electronic submission of the corpus: the second finds every
//! page in the store. Run with `cargo bench --bench second_run [-- FOLDER]`.
#![allow(clippy::print_stdout, clippy::disallowed_methods, clippy::unwrap_used, missing_docs)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

fn main() {
    let given = std::env::args().skip(1).find(|a| !a.starts_with('-')).map(PathBuf::from);
    let Some(folder) = given.or_else(electronic) else {
        println!("no electronic submission in corpus/: nothing to measure");
        return;
    };
    let out = tempfile::tempdir().unwrap();
    let first = seconds(&folder, out.path());
    let second = seconds(&folder, out.path());
    println!("first run          {first:>7.2} s");
    println!("second run         {second:>7.2} s");
    println!("share              {:>7.1} %", 100.0 * second / first.max(0.001));
}

/// The first submission whose labels say that nothing in it is scanned.
fn electronic() -> Option<PathBuf> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut labels: Vec<PathBuf> =
        std::fs::read_dir(corpus.join("truth")).ok()?.flatten().map(|e| e.path()).collect();
    labels.sort();
    labels.iter().find_map(|path| {
        let truth: toml::Table = std::fs::read_to_string(path).ok()?.parse().ok()?;
        let folder = corpus.join("files").join(truth.get("id")?.as_str()?);
        (truth.get("scanned")?.as_bool() == Some(false) && folder.is_dir()).then_some(folder)
    })
}

fn seconds(folder: &Path, out: &Path) -> f64 {
    let start = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_hecha"))
        .args(["check", "--quiet", "-o"])
        .arg(out)
        .arg(folder)
        .stdout(std::process::Stdio::null())
        .status()
        .unwrap();
    assert!(matches!(status.code(), Some(0 | 3)), "hecha check: {status}");
    start.elapsed().as_secs_f64()
}

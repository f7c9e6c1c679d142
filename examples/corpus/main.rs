//! Makes the labelled corpus: `cargo run --example corpus -- corpus [--seed N] [--only LETTERS]`.
//!
//! Companies, people, numbers and papers are invented; codes, check digits and QR payloads are valid. The same seed
//! gives the same bytes. Files go to `<out>/files`, labels to `<out>/truth`: a run on the files cannot see the labels.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::too_many_arguments
)]

mod canvas;
mod cases;
mod codes;
mod contract;
mod deal;
mod flow;
mod font;
mod form;
mod invoice;
mod money;
mod names;
mod office;
mod paper;
mod papers;
mod receipt;
mod rng;
mod scan;
mod statement;
mod truth;
mod world;

use std::path::{Path, PathBuf};

fn put(root: &Path, name: &str, bytes: &[u8]) {
    let path = root.join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(&path, bytes).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
}

fn main() {
    money::self_test();
    codes::self_test();
    let args: Vec<String> = std::env::args().skip(1).collect();
    let after = |flag: &str| args.iter().position(|a| a == flag).and_then(|i| args.get(i + 1)).cloned();
    let seed = after("--seed").map_or(1, |s| s.parse().expect("--seed takes a number"));
    let only = after("--only");
    let out = PathBuf::from(
        args.first().filter(|a| !a.starts_with('-')).cloned().unwrap_or_else(|| "corpus".into()),
    );
    for part in ["files", "truth"] {
        let _ = std::fs::remove_dir_all(out.join(part));
    }
    let mut total = 0;
    // Every case has its letter; the labels carry it.
    let drafts = [("A", cases::clean_electronic as fn(u64) -> cases::Draft)];
    for (key, make) in drafts {
        if only.as_ref().is_some_and(|o| !o.contains(key)) {
            continue;
        }
        let (files, case) = make(seed).finish();
        for (name, bytes) in &files {
            total += bytes.len();
            put(&out.join("files"), name, bytes);
        }
        put(&out.join("truth"), &format!("{key}.toml"), truth::toml(&case).as_bytes());
        println!("{key}: {} 个文件，{} 份材料，{}", files.len(), case.docs.len(), case.id);
    }
    println!("共 {} KB，写入 {}", total / 1024, out.display());
}

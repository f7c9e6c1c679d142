//! Makes the labelled corpus: `cargo run --example corpus -- corpus [--seed N] [--only LETTERS]`.
//!
//! Companies, people, numbers and papers are invented; codes, check digits and QR payloads are valid. The same seed
//! gives the same bytes. Files go to `<out>/files`, labels to `<out>/truth`: a run on the files cannot see the labels.
// A tool of the project, not a part of the library: it may write files, print and stop on what cannot be. Papers are
// drawn top to bottom, so their functions are long and plain.
#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::too_many_lines,
    clippy::too_many_arguments,
    clippy::type_complexity
)]

mod batch;
mod binder;
mod canvas;
mod cases;
mod cities;
mod codes;
mod contract;
mod deal;
mod flow;
mod font;
mod forge;
mod forged;
mod form;
mod invoice;
mod kinds;
mod later;
mod locked;
mod money;
mod names;
mod ofd;
mod office;
mod paper;
mod papers;
mod receipt;
mod rng;
mod scan;
mod statement;
mod truth;
#[allow(dead_code, reason = "drawn numbers stay in the sequence, so that a seed gives the same bytes")]
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
    let mut write = |key: &str, (files, case): (Vec<(String, Vec<u8>)>, truth::Case)| {
        let mut size = 0;
        for (name, bytes) in &files {
            size += bytes.len();
            put(&out.join("files"), name, bytes);
        }
        total += size;
        put(&out.join("truth"), &format!("{key}.toml"), truth::toml(&case).as_bytes());
        println!(
            "{key}: {} 个文件，{} 份材料，{} KB，{}",
            files.len(),
            case.docs.len(),
            size / 1024,
            case.id
        );
    };
    let drafts = batch::all(seed);
    for (n, city) in ["长沙市", "株洲市", "湘潭市"].into_iter().enumerate() {
        write(&format!("S{}", n + 1), cities::summary(seed, n, city, &drafts));
    }
    for draft in drafts {
        if only.as_ref().is_none_or(|o| o.contains(draft.key)) {
            write(draft.key, draft.finish());
        }
    }
    println!("共 {} KB，写入 {}", total / 1024, out.display());
}

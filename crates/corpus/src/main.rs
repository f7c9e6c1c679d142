//! `cargo run -p hecha-corpus -- corpus [--seed N] [--only A,B] [--injected]`.
#![allow(clippy::print_stdout, clippy::expect_used)]

use std::path::PathBuf;

use hecha_corpus::Set;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let after = |flag: &str| args.iter().position(|a| a == flag).and_then(|i| args.get(i + 1)).cloned();
    let seed = after("--seed").map_or(1, |s| s.parse().expect("--seed takes a number"));
    let only = after("--only").map(|o| o.split(',').map(str::to_owned).collect::<Vec<_>>());
    let set = if args.iter().any(|a| a == "--injected") { Set::Injected } else { Set::Corpus };
    let out = args.first().filter(|a| !a.starts_with('-')).cloned().unwrap_or_else(|| "corpus".into());
    let out = PathBuf::from(out);
    let drawn = hecha_corpus::draw(&out, set, seed, only.as_deref());
    for d in &drawn {
        println!("{}: {} 个文件，{} 份材料，{} KB，{}", d.key, d.files, d.documents, d.size / 1024, d.id);
    }
    println!("共 {} KB，写入 {}", drawn.iter().map(|d| d.size).sum::<usize>() / 1024, out.display());
}

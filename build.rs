//! Hashes the sources that decide what a reading, and what a document, looks like: the store's key carries the hash, so that results of
//! another version are never taken for results of this one.

#![allow(clippy::disallowed_methods, reason = "a build script reads sources")]

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::Path;

fn main() {
    let reading = ["src/read", "src/model", "src/text", "src/worker", "Cargo.lock"];
    let documents = ["src/classify", "src/extract", "src/pack", "src/pipeline"];
    let mut hash = DefaultHasher::new();
    for (name, folders) in [("READING", &reading[..]), ("DOCUMENTS", &documents[..])] {
        for folder in folders {
            println!("cargo:rerun-if-changed={folder}");
            visit(Path::new(folder), &mut hash);
        }
        println!("cargo:rustc-env=HECHA_{name}_VERSION={:016x}", hash.clone().finish());
    }
    println!("cargo:rerun-if-changed=build.rs");
}

fn visit(path: &Path, hash: &mut DefaultHasher) {
    if path.is_dir() {
        let mut entries: Vec<_> =
            fs::read_dir(path).into_iter().flatten().flatten().map(|e| e.path()).collect();
        entries.sort();
        for entry in entries {
            visit(&entry, hash);
        }
    } else if let Ok(text) = fs::read(path) {
        path.hash(hash);
        text.hash(hash);
    }
}

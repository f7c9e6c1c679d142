//! Hashes the sources that decide what a reading looks like: the store's key carries the hash, so that results of
//! another version are never taken for results of this one.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::Path;

fn main() {
    let mut hash = DefaultHasher::new();
    for folder in ["src/read", "src/model", "src/text", "src/worker"] {
        println!("cargo:rerun-if-changed={folder}");
        visit(Path::new(folder), &mut hash);
    }
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-env=HECHA_READING_VERSION={:016x}", hash.finish());
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

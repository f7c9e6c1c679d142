//! Any bytes as a container (archive, compressed file, mail): files or reasons, never a crash.
#![no_main]

use std::path::PathBuf;

use hecha::ingest::{Limits, Passwords, take_files};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(dir) = tempfile::tempdir() else { return };
    let path: PathBuf = dir.path().join("input");
    if std::fs::write(&path, bytes).is_err() {
        return;
    }
    let limits = Limits { file: 4 << 20, inflated: 16 << 20, small: 1 << 20, tries: 300, ..Limits::default() };
    let Ok(passwords) = Passwords::parse(b"secret\n") else { return };
    let intake = take_files(&[path], dir.path(), &limits, &passwords);
    assert!(intake.unread.iter().all(|(_, why)| !why.contains("中止")), "a parser panicked");
});

//! Inputs that once brought a parser down (`fuzz/crashes/<target>/`): none may again.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use hecha::ingest::{Limits, Passwords, sniff, take_files};
use hecha::model::Format;
use hecha::read::{ReadContext, Reader, doc, ofd, reader_of, rtf, xls, xml};

fn reader(target: &str, bytes: &[u8]) -> Option<&'static dyn Reader> {
    let format = match sniff::sniff(&bytes[..bytes.len().min(sniff::HEAD)]) {
        Format::Zip => sniff::inside_zip(Cursor::new(bytes)),
        Format::Ole => sniff::inside_ole(Cursor::new(bytes)),
        other => other,
    };
    match target {
        "doc" => Some(&doc::DocReader),
        "ofd" => Some(&ofd::OfdReader),
        "rtf" => Some(&rtf::RtfReader),
        "xls" => Some(&xls::XlsReader),
        "xml" => Some(&xml::XmlReader),
        _ => reader_of(format),
    }
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let mut out: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    out.sort();
    out
}

#[test]
fn none_comes_back() {
    let context = ReadContext { max_inflated: 16 << 20, ..ReadContext::new(None) };
    for dir in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/crashes")) {
        let target = dir.file_name().unwrap().to_string_lossy().into_owned();
        for file in files(&dir) {
            let bytes = std::fs::read(&file).unwrap();
            assert!(bytes.len() < 16 << 10, "{}: keep it small", file.display());
            if let Some(reader) = reader(&target, &bytes) {
                // A panic ends the test and names the file.
                let done = catch_unwind(AssertUnwindSafe(|| drop(reader.read(&bytes, &context))));
                assert!(done.is_ok(), "{}", file.display());
            }
            let spool = tempfile::tempdir().unwrap();
            let limits = Limits { file: 4 << 20, inflated: 16 << 20, tries: 300, ..Limits::default() };
            let intake =
                take_files(std::slice::from_ref(&file), spool.path(), &limits, &Passwords::default());
            assert!(intake.unread.iter().all(|(_, why)| !why.contains("中止")), "{}", file.display());
        }
    }
}

//! A bundle of 300 electronic pages, put together from files of the corpus: CPU seconds of `hecha read` with one worker.
//! Screenshots are left out: what stands in a picture is recognised, however electronic its file.
//! Run with `cargo bench --bench bundle`.
#![allow(clippy::print_stdout, clippy::disallowed_methods, clippy::unwrap_used, missing_docs)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use lopdf::{Document, Object, ObjectId};

const PAGES: usize = 300;

fn main() {
    let files = electronic();
    if files.is_empty() {
        println!("no electronic papers in corpus/: nothing to measure");
        return;
    }
    let work = tempfile::tempdir().unwrap();
    let path = work.path().join("bundle.pdf");
    let pages = bundle(&files).map(|(mut bundle, pages)| {
        bundle.save(&path).unwrap();
        pages
    });
    let Some(pages) = pages else {
        println!("the files of the corpus could not be put together");
        return;
    };
    let (start, before) = (Instant::now(), cpu());
    let out = Command::new(env!("CARGO_BIN_EXE_hecha"))
        .args(["read", "--json", "--quiet", "--jobs", "1", "--store"])
        .arg(work.path().join("store"))
        .arg(&path)
        .output()
        .unwrap();
    let (wall, used) = (start.elapsed().as_secs_f64(), cpu() - before);
    let read: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let documents = read["documents"].as_array().map_or(0, Vec::len);
    let size = std::fs::metadata(&path).unwrap().len() / 1024;
    println!("{pages} pages, {size} KiB, {documents} documents");
    println!("hecha read         {used:>7.2} CPU s   {wall:>7.2} s");
}

/// CPU seconds of finished children (Linux).
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks: f64 =
        fields.get(13..15).unwrap_or_default().iter().filter_map(|f| f.parse::<f64>().ok()).sum();
    ticks / 100.0
}

/// PDF files of submissions whose labels say that nothing in them is scanned, in the order of their names.
fn electronic() -> Vec<PathBuf> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut labels: Vec<PathBuf> =
        std::fs::read_dir(corpus.join("truth")).into_iter().flatten().flatten().map(|e| e.path()).collect();
    labels.sort();
    let mut out = Vec::new();
    for label in labels {
        let Ok(truth) = std::fs::read_to_string(&label).unwrap_or_default().parse::<toml::Table>() else {
            continue;
        };
        if truth.get("scanned").and_then(toml::Value::as_bool) != Some(false) {
            continue;
        }
        let documents = truth.get("documents").and_then(toml::Value::as_array).cloned().unwrap_or_default();
        let pictured = |d: &toml::Value| d.get("kind").and_then(toml::Value::as_str) == Some("screenshot");
        let file = |d: &toml::Value| Some(corpus.join("files").join(d.get("file")?.as_str()?));
        let pictures: Vec<PathBuf> = documents.iter().filter(|d| pictured(d)).filter_map(file).collect();
        let files = documents.iter().filter_map(file).filter(|f| !pictures.contains(f));
        out.extend(files.filter(|f| f.extension().is_some_and(|e| e == "pdf") && f.is_file()));
    }
    out.dedup();
    out
}

/// Pages of the files one after the other until there are enough.
fn bundle(files: &[PathBuf]) -> Option<(Document, usize)> {
    let mut out = Document::with_version("1.5");
    let mut kids: Vec<ObjectId> = Vec::new();
    let mut next = 1;
    for file in files.iter().cycle().take(files.len() * 8) {
        if kids.len() >= PAGES {
            break;
        }
        let mut document = Document::load(file).ok()?;
        document.renumber_objects_with(next);
        next = document.max_id + 1;
        let pages: BTreeMap<u32, ObjectId> = document.get_pages();
        kids.extend(pages.values().copied());
        out.objects.extend(document.objects);
    }
    kids.truncate(PAGES);
    out.max_id = next;
    let tree = out.new_object_id();
    for kid in &kids {
        let page = out.objects.get_mut(kid)?.as_dict_mut().ok()?;
        page.set("Parent", tree);
    }
    let count = i64::try_from(kids.len()).ok()?;
    let list: Vec<Object> = kids.iter().map(|k| Object::Reference(*k)).collect();
    let root = lopdf::dictionary! { "Type" => "Pages", "Kids" => list, "Count" => count };
    out.objects.insert(tree, Object::Dictionary(root));
    let catalog = out.add_object(lopdf::dictionary! { "Type" => "Catalog", "Pages" => tree });
    out.trailer.set("Root", catalog);
    Some((out, kids.len()))
}

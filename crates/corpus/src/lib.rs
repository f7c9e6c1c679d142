//! Draws the labelled submissions: the corpus in the repository, and those with a fault for every rule, which tests
//! draw when they run.
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
mod injected;
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

use std::path::Path;

/// Which submissions to draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// Those of the repository.
    Corpus,
    /// A fault for every rule, electronic and scanned, and the innocent look-alikes.
    Injected,
}

/// One submission as it was drawn.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// Name of its label file.
    pub key: String,
    /// Where it lies below `files`.
    pub id: String,
    /// How many files.
    pub files: usize,
    /// How many documents.
    pub documents: usize,
    /// Bytes of all files.
    pub size: usize,
}

/// Draws a set into a folder, whose `files` and `truth` are emptied first; of the submissions only those whose key is
/// in `only`.
///
/// # Panics
/// Where the folder cannot be written, or a font is missing.
pub fn draw(out: &Path, set: Set, seed: u64, only: Option<&[String]>) -> Vec<Drawn> {
    money::self_test();
    codes::self_test();
    for part in ["files", "truth"] {
        let _ = std::fs::remove_dir_all(out.join(part));
    }
    let mut all = Vec::new();
    let mut write = |key: &str, (files, case): (Vec<(String, Vec<u8>)>, truth::Case)| {
        for (name, bytes) in &files {
            put(&out.join("files"), name, bytes);
        }
        put(&out.join("truth"), &format!("{key}.toml"), truth::toml(&case).as_bytes());
        all.push(Drawn {
            key: key.to_owned(),
            files: files.len(),
            documents: case.docs.len(),
            size: files.iter().map(|f| f.1.len()).sum(),
            id: case.id,
        });
    };
    let drafts = match set {
        Set::Corpus => batch::all(seed),
        Set::Injected => injected::all(seed),
    };
    if set == Set::Corpus {
        for (n, city) in ["长沙市", "株洲市", "湘潭市"].into_iter().enumerate() {
            write(&format!("S{}", n + 1), cities::summary(seed, n, city, &drafts));
        }
    }
    if set == Set::Injected {
        let wanted = |d: &cases::Draft| only.is_none_or(|o| o.iter().any(|k| k == d.key));
        for city in injected::CITIES {
            if drafts.iter().any(|d| d.s.city == city.name && wanted(d)) {
                write(city.key, injected::summary(seed, &city, &drafts));
            }
        }
    }
    for draft in drafts {
        if only.is_none_or(|o| o.iter().any(|k| k == draft.key)) {
            let key = draft.key;
            write(key, draft.finish());
        }
    }
    all
}

fn put(root: &Path, name: &str, bytes: &[u8]) {
    let path = root.join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(&path, bytes).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
}

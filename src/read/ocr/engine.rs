//! The neural models: loaded from a folder, once, lazily; each run on one thread.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rten::ThreadPool;
use sha2::{Digest, Sha256};

use super::net::Net;

/// Beginnings of the file names of the three models.
const NAMES: [&str; 3] = ["det", "rec", "cls"];

/// The three models with the recogniser's alphabet.
pub(super) struct Models {
    /// Finds text lines.
    pub det: Net,
    /// Reads a line.
    pub rec: Net,
    /// Tells upright from upside down; may be missing.
    pub cls: Option<Net>,
    /// Alphabet of `rec`: index 0 is the blank.
    pub alphabet: Vec<String>,
}

/// Where the models lie; they are loaded at the first use.
pub(super) struct Shelf {
    files: [Option<PathBuf>; 3],
    hashes: OnceCell<Vec<String>>,
    models: OnceCell<Option<Models>>,
}

impl Shelf {
    /// Looks for the models in a folder; nothing is loaded yet.
    pub(super) fn new(dir: Option<&Path>) -> Self {
        let mut files: [Option<PathBuf>; 3] = [None, None, None];
        let mut names: Vec<PathBuf> = dir
            .and_then(|d| d.read_dir().ok())
            .map(|entries| entries.flatten().map(|e| e.path()).collect())
            .unwrap_or_default();
        names.sort();
        for path in names {
            let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default().to_ascii_lowercase();
            if !name.ends_with(".onnx") {
                continue;
            }
            for (slot, part) in files.iter_mut().zip(NAMES) {
                if slot.is_none() && name.split(['_', '-', '.']).any(|w| w == part) {
                    *slot = Some(path.clone());
                }
            }
        }
        Self { files, hashes: OnceCell::new(), models: OnceCell::new() }
    }

    /// Whether the two indispensable models are there.
    pub(super) fn complete(&self) -> bool {
        self.files[0].is_some() && self.files[1].is_some()
    }

    /// File name and SHA-256 of each model.
    pub(super) fn hashes(&self) -> &[String] {
        self.hashes.get_or_init(|| {
            let mut out = Vec::new();
            for path in self.files.iter().flatten() {
                let name = path.file_name().and_then(|n| n.to_str()).unwrap_or("?");
                let hash = bytes_of(path).map_or_else(|| "unreadable".into(), |b| hex(&Sha256::digest(&b)));
                out.push(format!("{name}:{hash}"));
            }
            out
        })
    }

    /// The models, or None when they are missing or do not load.
    pub(super) fn models(&self) -> Option<&Models> {
        self.models.get_or_init(|| self.load()).as_ref()
    }

    fn load(&self) -> Option<Models> {
        let pool = Arc::new(ThreadPool::with_num_threads(1));
        let net = |i: usize| Net::load(bytes_of(self.files[i].as_ref()?)?, &pool);
        let rec = net(1)?;
        let alphabet = alphabet(rec.note("character")?);
        Some(Models { det: net(0)?, rec, cls: net(2), alphabet })
    }
}

/// The alphabet in the order of the model's outputs: blank, the listed characters, space.
fn alphabet(listed: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    out.extend(listed.lines().map(str::to_owned));
    out.push(" ".into());
    out
}

// Models are part of the installation, not of the input: they are read here and nowhere else.
#[allow(clippy::disallowed_methods)]
fn bytes_of(path: &Path) -> Option<Vec<u8>> {
    std::fs::read(path).ok()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

//! The neural models: loaded from a folder, once, lazily; each run on one thread.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hecha_neural::{Net, ThreadPool};
use sha2::{Digest, Sha256};

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
    models: OnceCell<Result<Models, String>>,
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
        self.loaded().as_ref().ok()
    }

    /// Why models that are there cannot be used, in Chinese. Loads them.
    pub(super) fn trouble(&self) -> Option<&str> {
        if self.files.iter().all(Option::is_none) {
            return None;
        }
        self.loaded().as_ref().err().map(String::as_str)
    }

    fn loaded(&self) -> &Result<Models, String> {
        self.models.get_or_init(|| self.load())
    }

    fn load(&self) -> Result<Models, String> {
        let pool = Arc::new(ThreadPool::with_num_threads(1));
        let named = |i: usize| -> String {
            let name = self.files[i].as_ref().and_then(|p| p.file_name()).and_then(|n| n.to_str());
            name.unwrap_or("?").to_owned()
        };
        let net = |i: usize, what: &str| -> Result<Net, String> {
            let path = self.files[i].as_ref().ok_or_else(|| format!("没有{what}模型"))?;
            let bytes = bytes_of(path).ok_or_else(|| format!("{what}模型 {} 无法读取", named(i)))?;
            Net::load(bytes, &pool).ok_or_else(|| format!("{what}模型 {} 不完整或已损坏", named(i)))
        };
        let (det, rec) = (net(0, "文字检测")?, net(1, "文字识别")?);
        let other = |what: &str, i: usize| format!("{what}模型 {} 不是本程序支持的版本", named(i));
        let listed = rec.note("character").ok_or_else(|| other("文字识别", 1))?;
        let alphabet = alphabet(listed);
        // Another version of a model takes or gives tensors of another shape; a model is asked once to be sure.
        let shape = rec.run([1, 3, 48, 96], vec![1.0; 3 * 48 * 96]).map(|out| out.0);
        if shape.is_none_or(|s| s.len() != 3 || s.last() != Some(&alphabet.len())) {
            return Err(other("文字识别", 1));
        }
        let map = det.run([1, 3, 32, 32], vec![1.0; 3 * 32 * 32]).map(|out| out.0);
        if map.is_none_or(|s| s.iter().product::<usize>() != 32 * 32) {
            return Err(other("文字检测", 0));
        }
        // The third only tells upright from upside down: without it pages are taken as they lie.
        Ok(Models { det, rec, cls: net(2, "方向").ok(), alphabet })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::disallowed_methods, reason = "models are files")]
    fn models_that_cannot_be_used_say_why() {
        let dir = tempfile::tempdir().unwrap();
        let trouble = |dir: &Path| Shelf::new(Some(dir)).trouble().map(str::to_owned);
        assert_eq!(trouble(dir.path()), None);
        std::fs::write(dir.path().join("x_rec_y.onnx"), b"cut").unwrap();
        assert!(trouble(dir.path()).unwrap().contains("没有文字检测模型"));
        std::fs::write(dir.path().join("x_det_y.onnx"), b"cut").unwrap();
        assert!(trouble(dir.path()).unwrap().contains("x_det_y.onnx 不完整或已损坏"));
        // A real model in the place of another is another version for us.
        let real = Shelf::new(Some(Path::new("models")));
        let (Some(det), Some(rec)) = (&real.files[0], &real.files[1]) else { return };
        assert_eq!(real.trouble(), None);
        for (name, from) in [("x_det_y.onnx", det), ("x_rec_y.onnx", det)] {
            std::fs::copy(from, dir.path().join(name)).unwrap();
        }
        assert!(trouble(dir.path()).unwrap().contains("x_rec_y.onnx 不是本程序支持的版本"));
        std::fs::copy(rec, dir.path().join("x_rec_y.onnx")).unwrap();
        assert_eq!(trouble(dir.path()), None);
        let whole = std::fs::read(rec).unwrap();
        std::fs::write(dir.path().join("x_rec_y.onnx"), &whole[..whole.len() / 2]).unwrap();
        assert!(trouble(dir.path()).unwrap().contains("x_rec_y.onnx 不完整或已损坏"));
    }
}

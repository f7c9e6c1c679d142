//! The rule pack: lexicon, kinds, notices and rule pages, embedded or from a folder.

pub mod catalogue;
pub mod elements;
pub mod expression;
pub mod form;
pub mod kinds;
pub mod lexicon;
pub mod matching;
pub mod notice;
pub mod own;
pub mod page;
pub mod suppress;
pub mod tax;

pub use catalogue::{CATALOGUE, Entry, Param, entry_of};
pub use elements::{Elements, element_of};
pub use kinds::KindCues;
pub use lexicon::Lexicon;
pub use matching::Matching;
pub use notice::{Notice, Setting};
pub use own::OwnRule;
pub use page::{PageCase, RulePage};

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};

/// The embedded pack.
static RULES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// The notice used where none is named.
pub const DEFAULT_NOTICE: &str = "hunan-2023";

/// A loaded rule pack.
#[derive(Clone, Debug, Default)]
pub struct Pack {
    /// Lexicons by file stem (`invoice`, `payment`, `form`, `statement` …).
    pub lexicons: BTreeMap<String, Lexicon>,
    /// Cues of document kinds by the kind's serialised name.
    pub kinds: BTreeMap<String, KindCues>,
    /// The notice.
    pub notice: Notice,
    /// Rule pages by code.
    pub pages: BTreeMap<String, RulePage>,
    /// SHA-256 over all files of the pack and the notice's id, in hex.
    pub sha256: String,
}

/// Why a pack could not be loaded: file, line and what is wrong.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{file}:{line}: {why}")]
pub struct PackError {
    /// File relative to the rules folder.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub why: String,
}

impl Pack {
    /// The pack that is compiled in, with the default notice.
    ///
    /// # Errors
    /// When a file of the pack is broken, which a test rules out.
    pub fn embedded() -> Result<Self, PackError> {
        Self::embedded_for(DEFAULT_NOTICE)
    }

    /// The pack that is compiled in, with another notice.
    ///
    /// # Errors
    /// When there is no such notice.
    pub fn embedded_for(notice: &str) -> Result<Self, PackError> {
        let mut files = BTreeMap::new();
        collect(&RULES, &mut files);
        Self::build(&files, notice)
    }

    /// The pack that is compiled in, with a notice from its text: for tests of what notices say.
    #[cfg(test)]
    pub(crate) fn with_notice(id: &str, text: &str) -> Result<Self, PackError> {
        let mut files = BTreeMap::new();
        collect(&RULES, &mut files);
        files.insert(format!("notices/{id}.toml"), text.to_owned());
        Self::build(&files, id)
    }

    /// A pack from a folder laid out like `rules/`. A file that is not there is the one compiled in, so that a bureau
    /// keeps only what it changes.
    ///
    /// # Errors
    /// When the folder cannot be read or a file in it is broken: with file and line.
    pub fn load(dir: &Path, notice: &str) -> Result<Self, PackError> {
        let mut files = BTreeMap::new();
        collect(&RULES, &mut files);
        read_folder(dir, "", &mut files)?;
        Self::build(&files, notice)
    }

    fn build(files: &BTreeMap<String, String>, notice: &str) -> Result<Self, PackError> {
        let mut lexicons = BTreeMap::new();
        let mut kinds = BTreeMap::new();
        let mut pages = BTreeMap::new();
        let mut hash = Sha256::new();
        hash.update(notice.as_bytes());
        for (path, text) in files {
            for part in [path, text] {
                hash.update((part.len() as u64).to_be_bytes());
                hash.update(part.as_bytes());
            }
            if let Some(stem) = path.strip_prefix("lexicon/").and_then(|p| p.strip_suffix(".toml")) {
                lexicons.insert(stem.to_owned(), parse(path, text)?);
            } else if let Some(stem) = path.strip_prefix("kinds/").and_then(|p| p.strip_suffix(".toml")) {
                kinds.insert(stem.to_owned(), parse(path, text)?);
            } else if let Some(code) = path.strip_prefix("checks/").and_then(|p| p.strip_suffix(".md")) {
                if entry_of(code).is_none() && !own::is_code(code) {
                    let why = format!("没有规则 {code}");
                    return Err(PackError { file: path.clone(), line: 1, why });
                }
                pages.insert(code.to_owned(), RulePage { code: code.to_owned(), text: text.clone() });
            }
        }
        let notice = notice::load(files, notice)?;
        if let Some(form) = lexicons.get_mut("form") {
            *form = notice.form.labels(form, &notice.years);
        }
        // A page of another notice's own rule is of no use here, and no mistake.
        let of_another = |code: &str| own::is_code(code) && !notice.own.iter().any(|own| own.code == code);
        pages.retain(|code: &String, _| !of_another(code));
        let sha256 = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
        Ok(Self { lexicons, kinds, notice, pages, sha256 })
    }

    /// A lexicon by its file stem; an empty one if there is none.
    pub fn lexicon(&self, name: &str) -> &Lexicon {
        static EMPTY: Lexicon = Lexicon { labels: BTreeMap::new() };
        self.lexicons.get(name).unwrap_or(&EMPTY)
    }
}

/// Parses a TOML file of the pack; an error names file and line.
pub(crate) fn parse<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> Result<T, PackError> {
    toml::from_str(text).map_err(|e| PackError {
        file: file.to_owned(),
        line: line_of(text, e.span().map_or(0, |s| s.start)),
        why: e.message().to_owned(),
    })
}

/// The line of a place in a text, from 1.
fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or_default().matches('\n').count() + 1
}

fn collect(dir: &Dir<'_>, out: &mut BTreeMap<String, String>) {
    for file in dir.files() {
        let name = file.path().to_string_lossy().replace('\\', "/");
        if let (Some(text), true) = (file.contents_utf8(), name.ends_with(".toml") || name.ends_with(".md")) {
            out.insert(name, text.to_owned());
        }
    }
    for dir in dir.dirs() {
        collect(dir, out);
    }
}

fn read_folder(dir: &Path, prefix: &str, out: &mut BTreeMap<String, String>) -> Result<(), PackError> {
    let fail =
        |file: String, e: std::io::Error| PackError { file, line: 1, why: format!("无法读取：{e}") };
    let entries = std::fs::read_dir(dir).map_err(|e| fail(dir.to_string_lossy().into_owned(), e))?;
    for entry in entries {
        let entry = entry.map_err(|e| fail(prefix.to_owned(), e))?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let path = entry.path();
        if path.is_dir() {
            read_folder(&path, &format!("{name}/"), out)?;
        } else if name.ends_with(".toml") || name.ends_with(".md") {
            let text = std::fs::read_to_string(&path).map_err(|e| fail(name.clone(), e))?;
            out.insert(name, text);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embedded_pack_loads() {
        let pack = Pack::embedded().expect("the embedded pack is sound");
        assert_eq!(pack.notice.years, [2021, 2022]);
        assert_eq!(pack.notice.material.len(), 8);
        assert_eq!(pack.sha256.len(), 64);
        assert_eq!(Pack::embedded_for("nirgends").unwrap_err().line, 1);
    }

    #[test]
    fn folder_equals_embedded() {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
        let pack = Pack::load(&dir, DEFAULT_NOTICE).expect("loads");
        assert_eq!(pack.sha256, Pack::embedded().expect("loads").sha256);
    }

    #[test]
    fn codes_are_unique_and_sorted_by_family() {
        let mut codes: Vec<&str> = CATALOGUE.iter().map(|e| e.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), CATALOGUE.len());
        for e in CATALOGUE {
            assert!(
                e.params.iter().all(|p| p.default.parse::<rust_decimal::Decimal>().is_ok()),
                "{}",
                e.code
            );
        }
    }
}

//! The rule pack: lexicon, kinds, notices and rule pages, embedded or from a folder.

pub mod lexicon;

pub use lexicon::Lexicon;

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};

/// The embedded pack.
static RULES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// A loaded rule pack.
#[derive(Clone, Debug, Default)]
pub struct Pack {
    /// Lexicons by file stem (`invoice`, `payment`, `form`, `statement` …).
    pub lexicons: BTreeMap<String, Lexicon>,
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
    /// The pack that is compiled in.
    ///
    /// # Errors
    /// When a file of the pack is broken, which a test rules out.
    pub fn embedded() -> Result<Self, PackError> {
        let mut pack = Self::default();
        for file in RULES.get_dir("lexicon").map(Dir::files).into_iter().flatten() {
            let name = file.path().to_string_lossy().into_owned();
            let stem = file.path().file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
            let text = file.contents_utf8().unwrap_or_default();
            let lexicon = toml::from_str(text).map_err(|e| PackError {
                file: name,
                line: e.span().map_or(1, |s| text[..s.start].matches('\n').count() + 1),
                why: e.message().to_string(),
            })?;
            pack.lexicons.insert(stem, lexicon);
        }
        Ok(pack)
    }

    /// A lexicon by its file stem; an empty one if there is none.
    pub fn lexicon(&self, name: &str) -> &Lexicon {
        static EMPTY: Lexicon = Lexicon { labels: BTreeMap::new() };
        self.lexicons.get(name).unwrap_or(&EMPTY)
    }
}

//! Label synonyms: `rules/lexicon/<name>.toml`, one table `[labels]` with `field = ["label", "synonym", …]`.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The synonyms of one lexicon file: field name → labels, the best first.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lexicon {
    /// Field name → labels.
    pub labels: BTreeMap<String, Vec<String>>,
}

impl Lexicon {
    /// The labels of a field; empty if the lexicon has none.
    pub fn of(&self, field: &str) -> &[String] {
        self.labels.get(field).map_or(&[], Vec::as_slice)
    }
}

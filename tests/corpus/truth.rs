//! The labels, as the generator wrote them.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

/// Labels of a submission.
#[derive(Debug, Deserialize)]
pub struct Truth {
    /// Folder.
    pub id: String,
    /// Applicant's name; empty for the files of a city.
    pub applicant: String,
    /// Honest.
    pub clean: bool,
    /// Needs the models.
    pub scanned: bool,
    /// Rules that may speak as a consequence.
    pub may: Vec<String>,
    /// What must be found.
    #[serde(default)]
    pub expected: Vec<Expected>,
    /// Rows with the keys of their papers.
    #[serde(default)]
    pub rows: Vec<Row>,
    /// Documents.
    #[serde(default)]
    pub documents: Vec<Doc>,
}

/// A finding that must come.
#[derive(Debug, Deserialize)]
pub struct Expected {
    /// Code.
    pub rule: String,
    /// `anomaly`, or `any` where unverifiable is as good.
    pub outcome: String,
    /// What was done.
    pub what: String,
}

/// A row of the list.
#[derive(Debug, Deserialize)]
pub struct Row {
    /// From 1.
    pub row: u64,
    /// Name.
    pub name: String,
    /// Keys.
    pub contracts: Vec<String>,
    /// Keys.
    pub invoices: Vec<String>,
    /// Keys.
    pub payments: Vec<String>,
}

/// A document.
#[derive(Debug, Deserialize)]
pub struct Doc {
    /// Key.
    pub key: String,
    /// File.
    pub file: String,
    /// Kind.
    pub kind: String,
    /// First and last page.
    pub pages: (u64, u64),
    /// `text` or `ocr`.
    pub grade: String,
    /// Fields.
    #[serde(default)]
    pub fields: BTreeMap<String, Label>,
}

/// A labelled value.
#[derive(Debug, Deserialize)]
pub struct Label {
    /// As the report writes it.
    pub value: String,
}

impl Truth {
    /// All labels of a folder, in the order of their names.
    pub fn all(dir: &Path) -> Vec<Self> {
        let mut paths: Vec<_> =
            std::fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path()).collect();
        paths.sort();
        paths.iter().map(|p| toml::from_str(&std::fs::read_to_string(p).unwrap()).unwrap()).collect()
    }
}

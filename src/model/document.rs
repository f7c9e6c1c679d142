//! A document: a file, or a part of one, with its kind and its fields.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{BBox, Confidence, Field, Integrity, Picture, ReadBy, Row, Sourced, Stamp, Trace, Value};

/// What a document is. The serialised names are those of `report.json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Kind {
    ApplicationForm,
    SummaryTable,
    Contract,
    Invoice,
    Payment,
    BalanceSheet,
    IncomeStatement,
    CashFlow,
    AuditReport,
    SpecialAudit,
    TaxCertificate,
    BusinessLicence,
    IpCertificate,
    ServiceList,
    Screenshot,
    EvidenceList,
    Commitment,
    Other,
}

/// A run of pages, or a part of one page, that is one document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// First and last page, from 1.
    pub pages: (u32, u32),
    /// The part of the page, when a page holds several documents.
    pub area: Option<BBox>,
    /// What it is.
    pub kind: Kind,
    /// How surely.
    pub confidence: Confidence,
    /// The cues that decided, for people.
    pub why: Vec<String>,
}

/// A document with what was extracted from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Number within its submission, from 0.
    pub id: u32,
    /// Path relative to the input root.
    pub file: Arc<str>,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
    /// First and last page, from 1.
    pub pages: (u32, u32),
    /// Where it goes on, in order; empty for a document that lies in one file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub continued: Vec<Continued>,
    /// What it is.
    pub kind: Kind,
    /// How surely.
    pub kind_confidence: Confidence,
    /// The reader of its first page.
    pub read_by: ReadBy,
    /// Header fields under the names of `contract.md`; what an invoice's QR code says stands beside them under
    /// `qr.code`, `qr.number`, `qr.date`, `qr.amount`, `qr.kind`.
    pub fields: BTreeMap<String, Field>,
    /// Lines: an invoice's goods, the form's investment list, a summary table's rows, a contract's price table.
    pub items: Vec<Row>,
    /// The document's text without blanks, normalised: for cues and comparisons.
    pub text: String,
    /// What digests and signatures of its file say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub integrity: Vec<Integrity>,
    /// What changes left behind on its pages and in its file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub traces: Vec<Trace>,
    /// Its pictures, where it is made of pictures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<Picture>,
    /// Its seals that were seen in colour.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stamps: Vec<Stamp>,
}

/// A part of a document that lies in another file than its beginning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Continued {
    /// Path relative to the input root.
    pub file: Arc<str>,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
    /// First and last page in that file, from 1.
    pub pages: (u32, u32),
    /// Why it was joined, in Chinese.
    pub why: String,
}

impl Document {
    /// The value of a field if it was read.
    pub fn value(&self, name: &str) -> Option<&Sourced<Value>> {
        self.fields.get(name).and_then(Field::found)
    }
}

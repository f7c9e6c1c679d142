//! A submission with its documents and the links between them; and all of them together.

use std::sync::Arc;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Alike, Document, Row, Source, Use};

/// All submissions of a run.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// Submissions by id.
    pub cases: Vec<Case>,
    /// Summary tables (附件2) that lie above the submissions, one document each.
    pub summaries: Vec<Document>,
    /// Files that could not be read: path, submission it belongs to if any, and the reason in Chinese.
    pub unread: Vec<(Arc<str>, Option<String>, String)>,
    /// What the ledger knows of the papers of these submissions; none without a ledger.
    pub earlier: Option<Vec<Use>>,
    /// Pictures of different submissions that are the same to the eye.
    pub alike: Vec<Alike>,
}

/// One row of a summary table.
#[derive(Clone, Debug)]
pub struct SummaryRow {
    /// Index into `Batch::summaries`.
    pub summary: usize,
    /// Index into that document's items.
    pub item: usize,
}

/// One submission.
#[derive(Clone, Debug)]
pub struct Case {
    /// Folder relative to the input root.
    pub id: String,
    /// Its documents; `Document::id` is the index.
    pub documents: Vec<Document>,
    /// The application form's index (the electronic one where there are two).
    pub form: Option<u32>,
    /// The list, reconciled.
    pub investment: Investment,
    /// Files of the submission that could not be read, with the reason in Chinese.
    pub unread: Vec<(Arc<str>, String)>,
    /// Pages too poor to read.
    pub poor_pages: Vec<Source>,
}

impl Case {
    /// The application form.
    pub fn form(&self) -> Option<&Document> {
        self.form.and_then(|i| self.documents.get(i as usize))
    }
}

/// The four categories of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Category {
    Hardware,
    Software,
    Cloud,
    Labour,
}

/// How far a row is backed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RowStatus {
    /// Invoice and payment reach the claim.
    Supported,
    /// Something is attached, but less than the claim.
    Short,
    /// Nothing is attached.
    Missing,
    /// Papers that may belong to it cannot be read or told apart.
    Unverifiable,
}

/// The reconciled list.
#[derive(Clone, Debug, Default)]
pub struct Investment {
    /// What the form claims as 已完成投资, in 元.
    pub claimed: Option<Decimal>,
    /// What the papers support, in 元.
    pub supported: Option<Decimal>,
    /// Rows in the order of the list.
    pub rows: Vec<InvestmentRow>,
}

/// One row of the list with its evidence.
#[derive(Clone, Debug)]
pub struct InvestmentRow {
    /// Number in the list, from 1 (totals and subtotals are no rows).
    pub row: u32,
    /// Category, if the list tells.
    pub category: Option<Category>,
    /// The printed fields: `name`, `contract`, `manufacturer`, `quantity` (Number), `unit_price` (Money), `total` (Money).
    pub fields: Row,
    /// Contracts.
    pub contracts: Vec<Link>,
    /// Invoices.
    pub invoices: Vec<Link>,
    /// Payments.
    pub payments: Vec<Link>,
    /// Invoiced for this row, in 元, on the basis the claim uses.
    pub invoiced: Option<Decimal>,
    /// Paid for this row, in 元.
    pub paid: Option<Decimal>,
    /// How far it is backed.
    pub status: RowStatus,
}

/// A link from a row to a document. A link that is not unique asserts nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// `Document::id`.
    pub document: u32,
    /// What of the document's amount is allocated to the row, in 元.
    pub share: Option<Decimal>,
    /// False if other allocations fit as well.
    pub unique: bool,
    /// Why, in Chinese, for the report ("销售方一致", "金额相等" …).
    pub why: Vec<String>,
}

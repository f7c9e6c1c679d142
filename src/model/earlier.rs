//! What earlier runs used as evidence, as the ledger remembers it.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A kind of paper that has a number of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum UsedKind {
    Invoice,
    Payment,
    Certificate,
    /// A screenshot or photograph; its key is its imprint.
    Picture,
}

/// One paper used as evidence in one submission.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Use {
    /// What it is.
    pub kind: UsedKind,
    /// What tells it from all others of its kind: code and number, normalised.
    pub key: String,
    /// Id of the notice the submission answered.
    pub notice: String,
    /// The submission, as its run named it.
    pub submission: String,
    /// The applicant's name.
    pub applicant: String,
    /// The applicant's credit code, if it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applicant_id: Option<String>,
    /// Its amount in 元, if it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Decimal>,
    /// The file it was read from.
    pub file: String,
    /// The page, from 1.
    pub page: u32,
    /// The day it was put down.
    pub noted: String,
}

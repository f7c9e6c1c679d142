//! Extractors: one per document kind, each turning a segment's pages into fields with their sources.

pub mod agree;
pub mod audit_report;
pub mod business_licence;
pub mod columns;
pub mod contract;
#[cfg(test)]
mod fixture;
pub mod flow;
pub mod form;
pub mod grid;
pub mod invoice;
pub mod ip_certificate;
pub mod label;
mod labelled;
pub mod labour;
pub mod list;
pub mod payment;
mod printed;
mod roster;
pub mod screenshot;
pub mod service_list;
pub mod sheet;
pub mod statement;
pub mod tax_certificate;
pub mod typed;
mod wrapped;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Field, Kind, Page, Row, Segment};
use crate::pack::Pack;

/// What an extractor sees: the pages of one segment.
pub struct View<'a> {
    /// Path of the file, for sources.
    pub file: Arc<str>,
    /// The segment.
    pub segment: &'a Segment,
    /// Its pages. Where the segment has an area, only what lies in it counts.
    pub pages: Vec<&'a Page>,
}

/// What an extractor found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extracted {
    /// Header fields under the names of `contract.md`.
    pub fields: BTreeMap<String, Field>,
    /// Lines.
    pub items: Vec<Row>,
}

/// An extractor of one kind.
pub trait Extractor: Sync {
    /// The kind it reads.
    fn kind(&self) -> Kind;
    /// Extracts.
    fn extract(&self, view: &View<'_>, pack: &Pack) -> Extracted;
}

/// All extractors.
pub const EXTRACTORS: &[&dyn Extractor] = &[
    &invoice::Invoice,
    &payment::Payment,
    &audit_report::AUDIT_REPORT,
    &audit_report::SPECIAL_AUDIT,
    &business_licence::BusinessLicence,
    &contract::Contract,
    &ip_certificate::IpCertificate,
    &labour::Labour,
    &screenshot::Screenshot,
    &service_list::ServiceList,
    &tax_certificate::TaxCertificate,
    &statement::BALANCE_SHEET,
    &statement::INCOME_STATEMENT,
    &statement::CASH_FLOW,
    &form::FormExtractor,
    &form::SummaryExtractor,
    &form::EvidenceListExtractor,
    &form::CommitmentExtractor,
];

/// Extracts with the extractor of the segment's kind; kinds without one give no fields.
pub fn extract(view: &View<'_>, pack: &Pack) -> Extracted {
    let extractor = EXTRACTORS.iter().find(|e| e.kind() == view.segment.kind);
    let mut extracted = extractor.map(|e| e.extract(view, pack)).unwrap_or_default();
    printed::restore(&mut extracted);
    extracted
}

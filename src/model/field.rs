//! Values with their provenance.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Money, Source};

/// How a value was read, from the weakest to the strongest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Recognised from pixels.
    Ocr,
    /// Decoded from a QR code.
    Qr,
    /// Text layer or office file.
    Text,
    /// Structured data (XML, OFD).
    Data,
}

/// How sure a reading is, in thousandths (integers keep reports byte-identical).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Confidence(pub u16);

impl Confidence {
    /// Certain.
    pub const FULL: Self = Self(1000);

    /// From a share between 0 and 1.
    pub fn from_unit(share: f32) -> Self {
        Self((share.clamp(0.0, 1.0) * 1000.0).round() as u16)
    }

    /// As a share between 0 and 1.
    pub fn as_unit(self) -> f32 {
        f32::from(self.0) / 1000.0
    }
}

/// A month of a year, where the paper names no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct YearMonth {
    /// Four-digit year.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
}

/// A typed value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// Text, normalised (NFKC, blanks folded) but never corrected.
    Text(String),
    /// An amount.
    Money(Money),
    /// A plain number: a count, a quantity, a percentage (5 for 5 %).
    Number(Decimal),
    /// A day.
    Date(NaiveDate),
    /// A month.
    Month(YearMonth),
    /// Ticked choices, in the form's order.
    List(Vec<String>),
}

impl Value {
    /// The value as `report.json` writes it (lists joined with `、`; the json writer keeps them lists).
    pub fn to_plain(&self) -> String {
        match self {
            Value::Text(t) => t.clone(),
            Value::Money(m) => m.to_plain(),
            Value::Number(n) => n.normalize().to_string(),
            Value::Date(d) => d.format("%Y-%m-%d").to_string(),
            Value::Month(m) => format!("{:04}-{:02}", m.year, m.month),
            Value::List(l) => l.join("、"),
        }
    }
}

/// A value that knows where it was read, how, how surely, and what was printed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// What was printed.
    pub raw: String,
    /// How it was read.
    pub grade: Grade,
    /// How surely.
    pub confidence: Confidence,
    /// Where; never empty.
    pub sources: Vec<Source>,
    /// Other readings of the same place (a second engine, a QR code), as read; never a guess.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<String>,
}

impl<T> Sourced<T> {
    /// A value from one source.
    pub fn new(
        value: T,
        raw: impl Into<String>,
        grade: Grade,
        confidence: Confidence,
        source: Source,
    ) -> Self {
        Self { value, raw: raw.into(), grade, confidence, sources: vec![source], alternatives: Vec::new() }
    }

    /// The same provenance with another value.
    pub fn map<U>(&self, f: impl FnOnce(&T) -> U) -> Sourced<U> {
        Sourced {
            value: f(&self.value),
            raw: self.raw.clone(),
            grade: self.grade,
            confidence: self.confidence,
            sources: self.sources.clone(),
            alternatives: self.alternatives.clone(),
        }
    }

    /// The first source.
    pub fn source(&self) -> &Source {
        &self.sources[0]
    }
}

/// What was found where a field was looked for. A field that is not in a document's map was not there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Field {
    /// Read.
    Found(Sourced<Value>),
    /// Something stands there that cannot be read as the type it should have.
    Unreadable(Sourced<String>),
}

impl Field {
    /// The value if it was read.
    pub fn found(&self) -> Option<&Sourced<Value>> {
        match self {
            Field::Found(s) => Some(s),
            Field::Unreadable(_) => None,
        }
    }
}

/// One line of a table: fields by name.
pub type Row = std::collections::BTreeMap<String, Field>;

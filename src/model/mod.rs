//! Plain data that every stage shares. Imports nothing of the project.
//!
//! The types carry the honesty: a value without a source cannot be built, absent is not zero and
//! unreadable is not absent.

pub mod case;
pub mod document;
mod earlier;
pub mod field;
pub mod finding;
pub mod format;
pub mod imprint;
pub mod mark;
pub mod money;
pub mod near;
pub mod page;
mod perspective;
pub mod place;
pub mod trace;

pub use case::{Batch, Case, Category, Investment, InvestmentRow, Link, RowStatus, SummaryRow};
pub use document::{Continued, Document, Kind, Segment};
pub use earlier::{Use, UsedKind};
pub use field::{Confidence, Field, Grade, Row, Sourced, Value, YearMonth};
pub use finding::{
    Aside, CaseJudgement, Decision, Draft, Evidence, Expect, Finding, Judgement, Outcome, RuleCode, Severity,
    Tally, Verdict,
};
pub use format::Format;
pub use imprint::{Alike, Impression, Imprint, Picture, Shown, Stamp};
pub use mark::{Mark, MarkKind, Seal, SealInk, SealShape, Seen, TickBox};
pub use money::{Money, Unit};
pub use page::{
    Cell, Code, Datum, ImageBox, Integrity, IntegrityState, Line, Look, Page, ReadBy, ReadError, Reading,
    Table,
};
pub use perspective::Perspective;
pub use place::{BBox, Place, Source};
pub use trace::{Change, Cue, Trace};

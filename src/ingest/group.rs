//! Grouping documents into submissions.

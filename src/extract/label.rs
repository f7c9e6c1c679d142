//! Finds values by their labels: in the same run, the same cell, the cell to the right or below, the next run on the
//! row, or the run below. Layout is never assumed beyond that; what the labels are is the caller's knowledge.

mod finder;
mod fragment;
mod tokens;

pub use finder::Finder;
pub use fragment::Fragment;
pub(crate) use tokens::is_cjk;

use crate::extract::View;
use crate::model::BBox;

/// How a value stood to its label, from the surest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// In the same run, after the label ("开票日期：2022年3月5日").
    SameRun,
    /// In the same cell, on another run than the label.
    SameCell,
    /// In the next cell to the right.
    RightCell,
    /// In the next run on the same visual row.
    NextRun,
    /// In the cell below (the label heads a column).
    BelowCell,
    /// In the run below.
    Below,
}

/// A label with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The label that matched, as the caller wrote it.
    pub label: String,
    /// What stood in brackets right after the label ("万元", "小写"), if anything did.
    pub qualifier: Option<String>,
    /// Where the label stands.
    pub at: Fragment,
    /// The value.
    pub value: Fragment,
    /// How it stood to the label.
    pub how: How,
    /// False if the label was recognised although one character of it differs.
    pub exact: bool,
}

/// What to look for, and where.
#[derive(Clone, Copy, Default)]
pub struct Options<'a> {
    /// Other labels of the document: never taken as values, and they end the value before them.
    pub known: &'a [String],
    /// Only values for which this holds; where a nearer candidate fails, the next one is tried.
    pub accept: Option<&'a dyn Fn(&str) -> bool>,
    /// Only labels and values whose middle lies in this box of this page.
    pub within: Option<(u32, BBox)>,
    /// Never look below a label (lists of label and value side by side, where the row below is the next pair).
    pub not_below: bool,
    /// A value that begins beside its label and breaks over further lines of the same cell is taken whole.
    pub whole_cell: bool,
}

/// All values of these labels, in reading order. Labels match without regard to blanks, width or radicals; those of
/// four characters and more also with one damaged or misread character.
pub fn find(view: &View<'_>, labels: &[String], options: &Options<'_>) -> Vec<Hit> {
    let known: Vec<String> = labels.iter().chain(options.known).cloned().collect();
    Finder::new(view, &known).find(labels, options)
}

/// The first value, or the one standing nearest to its label where several labels match.
pub fn find_best(view: &View<'_>, labels: &[String], options: &Options<'_>) -> Option<Hit> {
    best(find(view, labels, options), labels)
}

/// The best of several hits: exact before damaged labels, the caller's earlier synonyms before later ones, nearer
/// before farther values, then reading order.
pub fn best(hits: Vec<Hit>, labels: &[String]) -> Option<Hit> {
    hits.into_iter().min_by_key(|h| (!h.exact, labels.iter().position(|l| *l == h.label), h.how))
}

#[cfg(test)]
#[path = "label/tests.rs"]
mod tests;

//! A piece of text with its place.

use crate::model::{Cell, Confidence, Grade, Line, Place};

/// A piece of a run or a cell, as printed.
#[derive(Clone, Debug, PartialEq)]
pub struct Fragment {
    /// The text, not normalised; runs of a cell joined by `\n`.
    pub text: String,
    /// Where.
    pub place: Place,
    /// How it was read.
    pub grade: Grade,
    /// How surely.
    pub confidence: Confidence,
    /// Left edge of each character and the right edge of the last; empty where not known.
    pub edges: Vec<f32>,
}

impl Fragment {
    /// A whole run.
    pub fn of_line(line: &Line) -> Self {
        let known = line.edges.len() == line.text.chars().count() + 1;
        Self {
            text: line.text.clone(),
            place: line.place.clone(),
            grade: line.grade,
            confidence: line.confidence,
            edges: if known { line.edges.clone() } else { Vec::new() },
        }
    }

    /// A whole cell.
    pub fn of_cell(cell: &Cell) -> Self {
        Self {
            text: cell.text.clone(),
            place: cell.place.clone(),
            grade: cell.grade,
            confidence: cell.confidence,
            edges: Vec::new(),
        }
    }

    /// Characters `from..to` (counted in characters), with the box narrowed to them where that is known.
    pub fn slice(&self, from: usize, to: usize) -> Self {
        let text: String = self.text.chars().skip(from).take(to.saturating_sub(from)).collect();
        let edges = self.edges.get(from..=to).map(<[f32]>::to_vec).unwrap_or_default();
        let place = match (&self.place, edges.first(), edges.last()) {
            (Place::Page { page, bbox }, Some(&x0), Some(&x1)) if x1 > x0 => {
                Place::Page { page: *page, bbox: crate::model::BBox { x0, x1, ..*bbox } }
            }
            (place, ..) => place.clone(),
        };
        Self { text, place, grade: self.grade, confidence: self.confidence, edges }
    }

    /// Without blanks at either end.
    pub fn trim(&self) -> Self {
        let total = self.text.chars().count();
        let lead = self.text.chars().take_while(|c| c.is_whitespace()).count();
        let tail = self.text.chars().rev().take_while(|c| c.is_whitespace()).count();
        if lead == 0 && tail == 0 {
            self.clone()
        } else {
            self.slice(lead, total.saturating_sub(tail).max(lead))
        }
    }

    /// Both, the other after this one, with `glue` between; the weaker grade and confidence count for the whole.
    pub fn join(&self, other: &Self, glue: &str) -> Self {
        let place = match (&self.place, &other.place) {
            (Place::Page { page: p, bbox: a }, Place::Page { page: q, bbox: b }) if p == q => {
                Place::Page { page: *p, bbox: a.union(*b) }
            }
            (place, _) => place.clone(),
        };
        Self {
            text: format!("{}{glue}{}", self.text, other.text),
            place,
            grade: self.grade.min(other.grade),
            confidence: self.confidence.min(other.confidence),
            edges: Vec::new(),
        }
    }

    /// Whether nothing is printed here.
    pub fn is_blank(&self) -> bool {
        self.text.chars().all(char::is_whitespace)
    }
}

//! Seals and handwriting as objects on a page: what rules on signing and sealing rest on.
//!
//! `Page::seals` are the seals that were seen; `Page::marks` are the places that ask for a signature, a seal or a
//! date, each with whether something is there. *Cannot be told* is an answer of its own: on a grey scan a faint seal
//! looks like any other grey, and a rule must not turn that into "there is none".

use serde::{Deserialize, Serialize};

use super::{BBox, Confidence, Impression, Page, ReadBy};

/// A seal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seal {
    /// Where.
    pub bbox: BBox,
    /// What it reads, if that can be told.
    pub text: Option<String>,
    /// How surely the text was read; none where there is none.
    #[serde(default)]
    pub confidence: Confidence,
    /// Its ink.
    #[serde(default)]
    pub ink: SealInk,
    /// Its outline.
    #[serde(default)]
    pub shape: SealShape,
    /// Whether it stands on text: characters under it are read less surely.
    #[serde(default)]
    pub over_text: bool,
    /// What it looks like, where it was seen in colour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impression: Option<Impression>,
}

impl Seal {
    /// A seal of which nothing but its place is known.
    pub fn at(bbox: BBox) -> Self {
        Self {
            bbox,
            text: None,
            confidence: Confidence(0),
            ink: SealInk::Unknown,
            shape: SealShape::Unknown,
            over_text: false,
            impression: None,
        }
    }
}

/// The ink of a seal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SealInk {
    /// Red or vermilion.
    Red,
    /// Purple.
    Purple,
    /// The page has no colours: a copy, or a scan in grey.
    Grey,
    /// Not looked at.
    #[default]
    Unknown,
}

/// The outline of a seal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SealShape {
    /// Companies and authorities.
    Round,
    /// Invoice seals.
    Oval,
    /// Seals of persons, contract and finance seals of some.
    Square,
    /// None of these, or cut off.
    #[default]
    Unknown,
}

/// A place that asks for a signature, a seal or a date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// What is asked for.
    pub kind: MarkKind,
    /// The words that ask for it, as read.
    pub label: String,
    /// Where these words stand.
    pub label_box: BBox,
    /// The place beside them that was looked at.
    pub bbox: BBox,
    /// Whether something is there.
    pub seen: Seen,
    /// What is written there, where it could be read (a date, a printed name); writing by hand often cannot.
    pub text: Option<String>,
}

/// What a place asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MarkKind {
    /// 签字、签名.
    Signature,
    /// 盖章、公章, （章）.
    Seal,
    /// 签章, 签字（盖章）: either does.
    Either,
    /// 日期, 年 月 日.
    Date,
}

/// Whether something is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Seen {
    /// Yes.
    Present,
    /// No: the place is empty paper.
    Absent,
    /// It cannot be told: a grey scan, or a place that other print covers.
    Unknown,
}

/// A tick box that is drawn, not written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TickBox {
    /// Where.
    pub bbox: BBox,
    /// Whether it carries a mark.
    pub ticked: bool,
    /// How surely.
    pub confidence: Confidence,
}

impl Page {
    /// Whether colours can be told on the page; `None` where it was not read from pixels. On a grey scan seals are
    /// found only by their outline.
    pub fn in_colour(&self) -> Option<bool> {
        (self.read_by == ReadBy::Ocr).then_some(self.coloured)
    }

    /// The seals whose middle lies within `reach` points of a box.
    pub fn seals_near(&self, b: BBox, reach: f32) -> impl Iterator<Item = &Seal> {
        self.seals.iter().filter(move |s| {
            let (x, y) = (s.bbox.mid_x(), s.bbox.mid_y());
            x >= b.x0 - reach && x <= b.x1 + reach && y >= b.y0 - reach && y <= b.y1 + reach
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seals_are_found_by_where_they_stand() {
        let mut page = Page::empty(1, 595.0, 842.0, ReadBy::Ocr);
        page.seals.push(Seal::at(BBox::new(300.0, 600.0, 420.0, 720.0)));
        let label = BBox::new(280.0, 640.0, 340.0, 652.0);
        assert_eq!(page.seals_near(label, 40.0).count(), 1);
        assert_eq!(page.seals_near(label, 10.0).count(), 0);
        assert_eq!(page.in_colour(), Some(false));
    }

    #[test]
    fn readings_kept_before_seals_had_a_colour_still_load() {
        let old = r#"{"bbox":{"x0":1.0,"y0":1.0,"x1":9.0,"y1":9.0},"text":null}"#;
        let seal: Seal = serde_json::from_str(old).unwrap();
        assert_eq!((seal.ink, seal.shape), (SealInk::Unknown, SealShape::Unknown));
    }
}

//! What changes leave behind in a file. Facts, no judgement: rules judge.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Confidence, Place};

/// A trace, with its place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// Where: a box on a page, or the file.
    pub place: Place,
    /// What it is.
    pub mark: Change,
}

/// What a trace says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// A later revision of the file shows other text here than the one before.
    Revised {
        /// What stood here.
        before: String,
        /// What stands here now; empty if nothing.
        after: String,
        /// Whether the earlier revision carried a signature.
        signed: bool,
    },
    /// An annotation lies over the page's own content.
    Annotated {
        /// The annotation's kind: `FreeText`, `Stamp`, `Square` …
        subtype: String,
        /// The page's own text in its box; empty if there is none.
        under: String,
        /// Whether the annotation hides that text.
        hides: bool,
        /// The text that the annotation shows itself.
        shows: String,
    },
    /// Text that a fill or a picture covers, with other text drawn on top of that.
    Covered {
        /// What is covered.
        under: String,
        /// What is seen in its place.
        shows: String,
        /// Covered by a picture, not a colour.
        picture: bool,
    },
    /// A number that looks otherwise than its column, or not of a piece.
    Odd {
        /// The number.
        text: String,
        /// How it differs, in Chinese.
        how: String,
        /// Whether its own figures differ from one another.
        within: bool,
    },
    /// The text layer says one thing, the drawn page shows another.
    Unlike {
        /// What the text layer says.
        says: String,
        /// What is recognised in the drawn page.
        shows: String,
        /// How surely it was recognised.
        confidence: Confidence,
        /// A picture lies over the text.
        picture: bool,
    },
    /// Figures of a scan that do not look like the rest of it.
    Pasted {
        /// The number they stand in, as recognised.
        text: String,
        /// In what they differ.
        cues: Vec<Cue>,
    },
    /// What the file says of its making.
    Made {
        /// The program that wrote the file.
        producer: String,
        /// The program the document was made with.
        creator: String,
        /// When it was created.
        created: Option<NaiveDate>,
        /// When it was last saved.
        modified: Option<NaiveDate>,
    },
}

/// In what figures of a scan differ from the rest of it. Each is another physical property, so that two of them are
/// independent of each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cue {
    /// Ink: pure black or sharper than everything around it, as what never went through the scanner is.
    Ink,
    /// Paper: brighter, darker or without the grain of the paper around it.
    Paper,
    /// Shape: the very same picture of a character stands elsewhere on the page.
    Copied,
}

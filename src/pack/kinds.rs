//! Cues by which a page's kind is told: `rules/kinds/<kind>.toml`, one file a kind.

use serde::Deserialize;

/// The cues of one kind. All phrases are compared without blanks and width; on recognised pages those of five
/// characters and more also with one misread character.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindCues {
    /// Titles: strong when they stand alone on a row, stronger near the top or in large print.
    #[serde(default)]
    pub titles: Vec<String>,
    /// A row that ends so and holds no sentence is a title as well.
    #[serde(default)]
    pub endings: Vec<String>,
    /// Phrases worth two points.
    #[serde(default)]
    pub strong: Vec<String>,
    /// Phrases worth one point.
    #[serde(default)]
    pub cues: Vec<String>,
    /// Of each group at least one must be there, or the page is not of the kind whatever else it says.
    #[serde(default)]
    pub needs: Vec<Vec<String>>,
    /// Phrases that speak against the kind, three points each.
    #[serde(default)]
    pub anti: Vec<String>,
    /// Titles of pages that belong to the document of this kind they follow.
    #[serde(default)]
    pub parts: Vec<String>,
    /// Whether its title may recur at the head of every page without starting a new document.
    #[serde(default)]
    pub running: bool,
    /// Whether the page is mainly a picture.
    #[serde(default)]
    pub picture: bool,
    /// The structural cue of the kind that needs code: `invoice` for an invoice's QR payload.
    #[serde(default)]
    pub paper: Option<String>,
    /// Points from which a page counts as this kind.
    pub minimum: i32,
}

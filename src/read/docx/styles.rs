//! What a paragraph's style says of it that matters for pages.

use std::collections::{BTreeMap, BTreeSet};

use crate::read::dom::Node;

/// Styles upon styles: how deep.
const DEPTH: usize = 16;

/// Styles of a document.
#[derive(Debug, Default)]
pub(in crate::read) struct Styles {
    /// Those whose paragraphs begin on a new page.
    breaking: BTreeSet<String>,
}

impl Styles {
    /// Reads the `styles` element.
    pub(in crate::read) fn of(styles: Option<&Node>) -> Self {
        let all: BTreeMap<&str, &Node> = styles
            .into_iter()
            .flat_map(Node::nodes)
            .filter(|n| n.name == "style")
            .filter_map(|n| Some((n.attribute("styleId")?, n)))
            .collect();
        let breaks = |id: &str| {
            let mut id = id;
            for _ in 0..DEPTH {
                let style = all.get(id)?;
                if let Some(stated) = style.child("pPr").and_then(|p| p.child("pageBreakBefore")) {
                    return Some(stated.is_on());
                }
                id = style.value_of("basedOn")?;
            }
            None
        };
        let breaking = all.keys().filter(|id| breaks(id) == Some(true)).map(ToString::to_string).collect();
        Self { breaking }
    }

    /// Whether a paragraph of these properties begins on a new page: what it says itself, else what its style says.
    pub(super) fn breaks_before(&self, properties: Option<&Node>) -> bool {
        let Some(properties) = properties else { return false };
        match properties.child("pageBreakBefore") {
            Some(stated) => stated.is_on(),
            None => properties.value_of("pStyle").is_some_and(|s| self.breaking.contains(s)),
        }
    }
}

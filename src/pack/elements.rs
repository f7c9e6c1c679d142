//! What elements of structured data mean, by their names: `rules/lexicon/invoice_data.toml`.

use std::collections::HashMap;

use super::Lexicon;
use crate::text::normal;

/// A name an element may have, and what it then means.
#[derive(Debug)]
struct Target {
    field: String,
    rank: usize,
    /// Names of the elements around it, from the outside.
    above: Vec<String>,
}

/// A lexicon of element names, by the last name of a path.
#[derive(Debug, Default)]
pub struct Elements {
    by_last: HashMap<String, Vec<Target>>,
    skip: Vec<String>,
}

/// What an element may mean.
#[derive(Debug)]
pub struct Means<'a> {
    /// Fields with the rank of the name in the lexicon, the surest 0.
    pub fields: Vec<(&'a str, usize)>,
    /// How many elements are around it.
    pub depth: usize,
}

impl Elements {
    /// Of a lexicon whose labels are names, or ends of paths with `/`. What stands under `skip` belongs to something
    /// else, with all that is in it.
    pub fn new(lexicon: &Lexicon) -> Self {
        let mut out = Self { skip: lexicon.of("skip").iter().map(|s| plain(s)).collect(), ..Self::default() };
        for (field, labels) in &lexicon.labels {
            for (rank, label) in labels.iter().enumerate() {
                let mut above: Vec<String> = label.split('/').map(plain).collect();
                let Some(last) = above.pop().filter(|_| field != "skip") else { continue };
                out.by_last.entry(last).or_default().push(Target { field: field.clone(), rank, above });
            }
        }
        out
    }

    /// What the element at a path may mean; none if its name says nothing.
    pub fn of(&self, path: &str) -> Option<Means<'_>> {
        let (around, last) = path.rsplit_once('/').unwrap_or(("", path));
        let targets = self.by_last.get(&plain(last))?;
        let above: Vec<String> = around.split('/').map(plain).collect();
        if above.iter().any(|a| self.skip.contains(a)) {
            return None;
        }
        let fits = |t: &&Target| above.ends_with(&t.above);
        let fields: Vec<(&str, usize)> =
            targets.iter().filter(fits).map(|t| (t.field.as_str(), t.rank)).collect();
        (!fields.is_empty()).then_some(Means { fields, depth: above.len() })
    }
}

/// The path of the element that a tag's pointers and texts belong to.
pub fn element_of(path: &str) -> &str {
    let mut base = path;
    while let Some((above, last)) = base.rsplit_once('/') {
        if !matches!(last.split('[').next(), Some("ObjectRef" | "ObjectData")) {
            break;
        }
        base = above;
    }
    base
}

/// A name without its number, case and joints.
fn plain(name: &str) -> String {
    let name = name.split('[').next().unwrap_or(name);
    let name = if name.is_ascii() { name.to_string() } else { normal::squash(name) };
    name.chars().filter(|c| !matches!(c, '-' | '_')).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_whatever_their_case_and_joints() {
        let lexicon: Lexicon = toml::from_str(
            "[labels]\nskip = [\"Red\"]\ntotal = [\"A/TotalTax-includedAmount\", \"JSHJ\"]\nkind = [\"A/LabelName\"]",
        )
        .unwrap();
        let elements = Elements::new(&lexicon);
        let field = |path: &str| elements.of(path).map(|m| (m.fields[0].0.to_string(), m.fields[0].1));
        assert_eq!(field("X/A/TotalTaxIncludedAmount"), Some(("total".into(), 0)));
        assert_eq!(field("R/FP[3]/jsHj"), Some(("total".into(), 1)));
        assert_eq!(field("X/B/LabelName"), None);
        assert_eq!(field("X/Red/JSHJ"), None);
        assert_eq!(element_of("eInvoice/Note/ObjectRef[2]"), "eInvoice/Note");
    }
}

//! What elements of structured data mean, by their names: `rules/lexicon/invoice_data.toml`.

use std::collections::{BTreeSet, HashMap};

use super::Lexicon;
use crate::text::normal;

/// A name an element may have, and what it then means.
#[derive(Debug)]
struct Target {
    field: String,
    rank: usize,
    /// Names of the elements around it, from the outside.
    above: Vec<String>,
    /// It means that only where an element of this name stands among the others.
    beside: Option<String>,
}

/// A lexicon of element names, by the last name of a path.
#[derive(Debug, Default)]
pub struct Elements {
    by_last: HashMap<String, Vec<Target>>,
    skip: Vec<String>,
    /// Codes of kinds with the name of the kind.
    kinds: HashMap<String, String>,
    /// Names that a label wants to stand beside.
    asked: BTreeSet<String>,
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
    /// Of a lexicon whose labels are names, or ends of paths with `/`. `name@other` holds where an element `other`
    /// stands among the data too. What stands under `skip` belongs to something else, with all that is in it, unless a
    /// label names it. Labels of `kind_code.<name>` are the codes of that kind.
    pub fn new(lexicon: &Lexicon) -> Self {
        let mut out = Self { skip: lexicon.of("skip").iter().map(|s| plain(s)).collect(), ..Self::default() };
        for (field, labels) in &lexicon.labels {
            if let Some(name) = field.strip_prefix("kind_code.") {
                out.kinds.extend(labels.iter().map(|code| (code.clone(), name.to_string())));
                continue;
            }
            for (rank, label) in labels.iter().enumerate().filter(|_| field != "skip") {
                let (label, beside) = match label.split_once('@') {
                    Some((label, beside)) => (label, Some(plain(beside))),
                    None => (label.as_str(), None),
                };
                let mut above: Vec<String> = label.split('/').map(plain).collect();
                let Some(last) = above.pop() else { continue };
                out.asked.extend(beside.clone());
                let target = Target { field: field.clone(), rank, above, beside };
                out.by_last.entry(last).or_default().push(target);
            }
        }
        out
    }

    /// What the element at a path may mean, whatever stands beside it; none if its name says nothing.
    pub fn of(&self, path: &str) -> Option<Means<'_>> {
        self.means(path, None)
    }

    /// What the element at a path means among others of these names (see [`Elements::names`]).
    pub fn among(&self, path: &str, others: &BTreeSet<String>) -> Option<Means<'_>> {
        self.means(path, Some(others))
    }

    /// The names of elements as [`Elements::among`] wants them, as far as any label asks for them.
    pub fn names<'p>(&self, paths: impl Iterator<Item = &'p str>) -> BTreeSet<String> {
        let last = |path: &'p str| plain(path.rsplit('/').next().unwrap_or(path));
        paths.map(last).filter(|name| self.asked.contains(name)).collect()
    }

    /// The name of the kind that a code stands for.
    pub fn kind(&self, code: &str) -> Option<&str> {
        self.kinds.get(code).map(String::as_str)
    }

    fn means(&self, path: &str, others: Option<&BTreeSet<String>>) -> Option<Means<'_>> {
        let (around, last) = path.rsplit_once('/').unwrap_or(("", path));
        let targets = self.by_last.get(&plain(last))?;
        let above: Vec<String> = around.split('/').map(plain).collect();
        let foreign = |names: &[String]| names.iter().any(|a| self.skip.contains(a));
        let skipped = foreign(&above);
        let fits = |t: &&Target| {
            let there = match (&t.beside, others) {
                (Some(name), Some(others)) => others.contains(name),
                _ => true,
            };
            there && above.ends_with(&t.above) && (!skipped || foreign(&t.above))
        };
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
            "[labels]\nskip = [\"Red\"]\ntotal = [\"A/TotalTax-includedAmount\", \"JSHJ\", \"Sum@Air\"]\nkind = [\"A/LabelName\"]\noriginal = [\"Red/Old\"]\n\"kind_code.甲\" = [\"026\"]",
        )
        .unwrap();
        let elements = Elements::new(&lexicon);
        let field = |path: &str| elements.of(path).map(|m| (m.fields[0].0.to_string(), m.fields[0].1));
        assert_eq!(field("X/A/TotalTaxIncludedAmount"), Some(("total".into(), 0)));
        assert_eq!(field("R/FP[3]/jsHj"), Some(("total".into(), 1)));
        assert_eq!(field("X/B/LabelName"), None);
        assert_eq!(field("X/Red/JSHJ"), None);
        assert_eq!(field("X/Red/Old"), Some(("original".into(), 0)));
        assert_eq!((elements.kind("026"), elements.kind("甲")), (Some("甲"), None));
        let among =
            |other: &str| elements.among("X/Sum", &elements.names([other, "X/Y"].into_iter())).is_some();
        assert!(among("X/Air[2]") && !among("X/Rail"));
        assert_eq!(element_of("eInvoice/Note/ObjectRef[2]"), "eInvoice/Note");
    }
}

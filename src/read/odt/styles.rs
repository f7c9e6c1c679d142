//! Styles of OpenDocument: where pages begin, and on which paper.

use std::collections::BTreeMap;

use crate::read::dom::Node;

/// Styles upon styles: how deep.
const DEPTH: usize = 16;

/// What a style says of pages.
#[derive(Clone, Copy, Debug, Default)]
struct Style<'a> {
    parent: Option<&'a str>,
    before: Option<bool>,
    after: Option<bool>,
    master: Option<&'a str>,
}

/// What holds for a paragraph or a table.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Breaks<'a> {
    /// It begins on a new page.
    pub(super) before: bool,
    /// The page ends with it.
    pub(super) after: bool,
    /// The page it begins is of this kind.
    pub(super) master: Option<&'a str>,
}

/// All styles of a document, and the paper of the page that is being written.
pub(super) struct Styles<'a> {
    styles: BTreeMap<&'a str, Style<'a>>,
    /// Width and height in twentieths of a point, by the name of the kind of page.
    papers: BTreeMap<&'a str, (u32, u32)>,
    paper: Option<(u32, u32)>,
}

impl<'a> Styles<'a> {
    /// The styles that the content made up, and the named ones.
    pub(super) fn of(content: Option<&'a Node>, named: Option<&'a Node>) -> Self {
        let mut styles = BTreeMap::new();
        let children = |root: Option<&'a Node>, name: &'static str| {
            root.and_then(|r| r.child(name)).into_iter().flat_map(Node::nodes)
        };
        // What the content says goes before what is named alike; paragraphs and tables do not share names in practice.
        for node in children(content, "automatic-styles").chain(children(named, "styles")) {
            if let Some(name) = node.attribute("name").filter(|_| node.name == "style") {
                styles.entry(name).or_insert_with(|| style(node));
            }
        }
        let mut layouts = BTreeMap::new();
        for node in children(named, "automatic-styles").filter(|n| n.name == "page-layout") {
            let properties = node.child("page-layout-properties");
            let side = |n: &str| properties.and_then(|p| p.attribute(n)).and_then(twentieths);
            if let (Some(name), Some(w), Some(h)) =
                (node.attribute("name"), side("page-width"), side("page-height"))
            {
                layouts.insert(name, (w, h));
            }
        }
        let mut papers = BTreeMap::new();
        let mut paper = None;
        let mut begun = false;
        for node in children(named, "master-styles").filter(|n| n.name == "master-page") {
            let size = node.attribute("page-layout-name").and_then(|l| layouts.get(l));
            let Some(name) = node.attribute("name") else { continue };
            papers.extend(size.map(|s| (name, *s)));
            // A text begins on the usual kind of page, else on the first one.
            if !begun || name == "Standard" {
                paper = size.copied();
                begun = true;
            }
        }
        Self { styles, papers, paper }
    }

    /// What holds for an element of this style.
    pub(super) fn breaks(&self, style: Option<&str>) -> Breaks<'a> {
        let mut found = Style::default();
        let mut name = style;
        for _ in 0..DEPTH {
            let Some(style) = name.and_then(|n| self.styles.get(n)) else { break };
            found.before = found.before.or(style.before);
            found.after = found.after.or(style.after);
            found.master = found.master.or(style.master);
            name = style.parent;
        }
        let master = found.master.filter(|m| !m.is_empty());
        // A kind of page can only begin with a page.
        let before = found.before == Some(true) || master.is_some();
        Breaks { before, after: found.after == Some(true), master }
    }

    /// Goes on on another kind of page.
    pub(super) fn turn(&mut self, master: &str) {
        self.paper = self.papers.get(master).copied().or(self.paper);
    }

    /// The paper of this page.
    pub(super) fn paper(&self) -> Option<(u32, u32)> {
        self.paper
    }
}

fn style(node: &Node) -> Style<'_> {
    let properties = ["paragraph-properties", "table-properties"].iter().find_map(|n| node.child(n));
    let breaks = |name: &str| {
        let value = properties.and_then(|p| p.attribute(name))?;
        Some(matches!(value, "page" | "even-page" | "odd-page"))
    };
    Style {
        parent: node.attribute("parent-style-name"),
        before: breaks("break-before"),
        after: breaks("break-after"),
        master: node.attribute("master-page-name"),
    }
}

/// A length in twentieths of a point; `None` for what is no paper's.
fn twentieths(length: &str) -> Option<u32> {
    const UNITS: &[(&str, f32)] =
        &[("mm", 1440.0 / 25.4), ("cm", 1440.0 / 2.54), ("in", 1440.0), ("pt", 20.0), ("pc", 240.0)];
    let (number, unit) = UNITS.iter().find_map(|(u, by)| Some((length.trim().strip_suffix(u)?, by)))?;
    let length = number.trim().parse::<f32>().ok()? * unit;
    (20.0..=100_000.0).contains(&length).then_some(length.round() as u32)
}

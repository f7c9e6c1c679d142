//! Structured data of a document: attachments, custom data, and tags that name pieces of the page.

use std::collections::HashMap;

use super::document::Document;
use super::package::{Package, folder};
use crate::model::{BBox, Datum, Place, ReadError};
use crate::read::dom::Node;
use crate::read::xml::{flatten, parse};

/// A text object of the document's pages.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub(super) text: String,
    /// Page number and box, if a reader of the page sees it.
    pub(super) place: Option<(u32, BBox)>,
}

/// Text objects by index of their page and id.
pub(super) type Texts = HashMap<(usize, String), Shown>;

/// All structured data of a document.
pub(super) fn data(
    package: &Package<'_>,
    document: &Document,
    body: &Node,
    texts: &Texts,
) -> Result<Vec<Datum>, ReadError> {
    let mut out = Vec::new();
    for part in attachments(package, document)? {
        let Some(bytes) = package.bytes(&part)? else { continue };
        // An attachment that is no XML after all costs itself only.
        if let Some(tree) = parse(&bytes) {
            flatten(&tree, &tree.name, &part, &mut out);
        }
    }
    custom(body, &mut out);
    for part in listed(package, document, "CustomTags", "CustomTag")? {
        if let Some(tree) = package.tree(&part)? {
            let mut found = Vec::new();
            flatten(&tree, &tree.name, &part, &mut found);
            out.extend(pointed(found, document, texts));
        }
    }
    Ok(out)
}

/// The attachments, as listed, and what lies among them unlisted.
fn attachments(package: &Package<'_>, document: &Document) -> Result<Vec<String>, ReadError> {
    let mut parts = listed(package, document, "Attachments", "Attachment")?;
    let base = folder(&document.name).to_lowercase();
    for name in package.names() {
        let lower = name.to_lowercase();
        let own = base.is_empty() || lower.starts_with(&format!("{base}/"));
        let data = lower.ends_with("original_invoice.xml")
            || lower.ends_with(".xbrl")
            || (lower.contains("/attach") && lower.ends_with(".xml") && !lower.ends_with("attachments.xml"));
        if own && data && !parts.iter().any(|p| p == name) {
            parts.push(name.to_string());
        }
    }
    Ok(parts)
}

/// The files that a list of the document names.
fn listed(
    package: &Package<'_>,
    document: &Document,
    list: &str,
    entry: &str,
) -> Result<Vec<String>, ReadError> {
    let mut out = Vec::new();
    for node in document.root.nodes().filter(|n| n.name == list) {
        let Some(name) = package.resolve(folder(&document.name), &node.text()) else { continue };
        let Some(tree) = package.tree(&name)? else { continue };
        for item in tree.nodes().filter(|n| n.name == entry) {
            let location = item.child("FileLoc").map(Node::text);
            let location = location.or_else(|| item.attribute("FileLoc").map(str::to_string));
            if let Some(part) = location.and_then(|l| package.resolve(folder(&name), &l)) {
                out.push(part);
            }
        }
    }
    Ok(out)
}

/// Names and values in the document's head.
fn custom(body: &Node, out: &mut Vec<Datum>) {
    let Some(info) = body.child("DocInfo") else { return };
    let listed = info.nodes().filter(|n| n.name == "CustomDatas").flat_map(Node::nodes);
    for item in listed.chain(info.nodes()).filter(|n| n.name == "CustomData") {
        // A slash in a name is no path.
        let name: String = item.attribute("Name").unwrap_or_default().replace(['/', '[', ']'], "");
        out.push(Datum {
            part: "OFD.xml".into(),
            path: format!("OFD/DocBody/DocInfo/CustomDatas/{}", name.trim()),
            value: item.text().trim().to_string(),
            place: Place::File,
        });
    }
}

/// Tags with the text they point at in place of its id.
fn pointed(tags: Vec<Datum>, document: &Document, texts: &Texts) -> Vec<Datum> {
    let mut page: Option<usize> = None;
    let mut out = Vec::with_capacity(tags.len());
    for mut tag in tags {
        let last = tag.path.rsplit('/').next().unwrap_or_default();
        if last == "@PageRef" {
            page = document.page_of(&tag.value);
            continue;
        }
        if last.starts_with("ObjectRef") {
            let id = std::mem::take(&mut tag.value);
            let of_page = page.take().and_then(|p| texts.get(&(p, id.clone())));
            let all = || (0..document.pages.len()).find_map(|p| texts.get(&(p, id.clone())));
            if let Some(shown) = of_page.or_else(all) {
                tag.value = shown.text.trim().to_string();
                if let Some((page, bbox)) = shown.place {
                    tag.place = Place::Page { page, bbox };
                }
            }
        }
        out.push(tag);
    }
    out
}

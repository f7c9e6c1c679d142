//! Resources: pictures, composite units and drawing parameters by their id.

use std::collections::HashMap;
use std::rc::Rc;

use super::package::{Package, folder};
use crate::model::ReadError;
use crate::read::dom::Node;

/// The resources of a document, or of a page.
#[derive(Clone, Default)]
pub(super) struct Resources {
    /// Pictures: id → part.
    media: HashMap<String, String>,
    /// The resource files, for units and parameters.
    files: Vec<Rc<Node>>,
}

impl Resources {
    /// Adds a resource file; one that is absent adds nothing.
    pub(super) fn add(&mut self, package: &Package<'_>, from: &str, location: &str) -> Result<(), ReadError> {
        let Some(name) = package.resolve(from, location) else { return Ok(()) };
        let Some(root) = package.tree(&name)? else { return Ok(()) };
        let base = match root.attribute("BaseLoc") {
            Some(loc) if loc.starts_with(['/', '\\']) => loc.to_string(),
            Some(loc) => format!("{}/{loc}", folder(&name)),
            None => folder(&name).to_string(),
        };
        for media in root.nodes().filter(|n| n.name == "MultiMedias").flat_map(Node::nodes) {
            let (Some(id), Some(file)) = (media.attribute("ID"), media.child("MediaFile")) else { continue };
            let file = file.text();
            let found = package.resolve(&base, &file).or_else(|| package.resolve(folder(&name), &file));
            if let Some(part) = found {
                self.media.insert(id.to_string(), part);
            }
        }
        self.files.push(root);
        Ok(())
    }

    /// The part that holds a picture.
    pub(super) fn media(&self, id: &str) -> Option<&str> {
        self.media.get(id).map(String::as_str)
    }

    /// A composite unit.
    pub(super) fn unit(&self, id: &str) -> Option<&Node> {
        self.of("CompositeGraphicUnits", id)
    }

    /// A drawing parameter.
    pub(super) fn parameter(&self, id: &str) -> Option<&Node> {
        self.of("DrawParams", id)
    }

    fn of(&self, list: &str, id: &str) -> Option<&Node> {
        let lists = self.files.iter().flat_map(|f| f.nodes()).filter(|n| n.name == list);
        lists.flat_map(Node::nodes).find(|n| n.attribute("ID") == Some(id))
    }
}

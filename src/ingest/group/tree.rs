//! The folders of the input as a tree; an archive is a folder whose name ends in `!`.

use std::collections::BTreeMap;

use super::Item;

/// A folder.
#[derive(Default)]
pub(super) struct Node {
    pub(super) children: BTreeMap<String, Node>,
    /// Files that lie directly in it, as indices.
    pub(super) files: Vec<usize>,
}

impl Node {
    pub(super) fn build(items: &[Item]) -> Node {
        let mut root = Node::default();
        for (index, item) in items.iter().enumerate() {
            let mut node = &mut root;
            let mut parts = item.path.split('/').peekable();
            while let Some(part) = parts.next() {
                if parts.peek().is_none() {
                    node.files.push(index);
                } else {
                    node = node.children.entry(part.to_string()).or_default();
                }
            }
        }
        root
    }

    /// All files below, by index.
    pub(super) fn all(&self) -> Vec<usize> {
        let mut out = self.files.clone();
        for child in self.children.values() {
            out.extend(child.all());
        }
        out.sort_unstable();
        out
    }
}

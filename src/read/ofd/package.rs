//! The parts of an OFD package, under limits.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::io::{Cursor, Read};
use std::rc::Rc;

use zip::ZipArchive;

use crate::model::ReadError;
use crate::read::dom::{self, Node};
use crate::read::xml;

/// Most parts of a package.
const PARTS: usize = 20_000;

/// A package. Parts are named by their path from the root, without a leading slash.
pub(super) struct Package<'b> {
    archive: RefCell<ZipArchive<Cursor<&'b [u8]>>>,
    /// Names in lower case, with the index: producers are careless with case and slashes.
    index: HashMap<String, (usize, String)>,
    /// Bytes that may still be inflated.
    left: Cell<u64>,
    /// Templates and resources are asked for once a page.
    trees: RefCell<HashMap<String, Option<Rc<Node>>>>,
}

impl<'b> Package<'b> {
    pub(super) fn open(bytes: &'b [u8], limit: u64) -> Result<Self, ReadError> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| ReadError::Damaged(e.to_string()))?;
        if archive.len() > PARTS {
            return Err(ReadError::Limit(format!("OFD 内的文件超过 {PARTS} 个")));
        }
        let mut index = HashMap::new();
        for (i, raw) in archive.file_names_raw().enumerate() {
            let name = clean("", &String::from_utf8_lossy(raw));
            index.entry(name.to_lowercase()).or_insert((i, name));
        }
        Ok(Self {
            archive: RefCell::new(archive),
            index,
            left: Cell::new(limit),
            trees: RefCell::new(HashMap::new()),
        })
    }

    /// The names of all parts, in order.
    pub(super) fn names(&self) -> Vec<&str> {
        let mut names: Vec<&(usize, String)> = self.index.values().collect();
        names.sort();
        names.into_iter().map(|(_, name)| name.as_str()).collect()
    }

    /// The part that a location in another part's folder means: from there, or from the root.
    pub(super) fn resolve(&self, folder: &str, location: &str) -> Option<String> {
        let location = location.trim();
        let from_root = clean("", location);
        let near =
            if location.starts_with(['/', '\\']) { from_root.clone() } else { clean(folder, location) };
        [near, from_root]
            .iter()
            .find_map(|name| self.index.get(&name.to_lowercase()).map(|(_, name)| name.clone()))
    }

    /// The bytes of a part; none if it is not there or cannot be inflated.
    pub(super) fn bytes(&self, name: &str) -> Result<Option<Vec<u8>>, ReadError> {
        let Some((index, _)) = self.index.get(&name.to_lowercase()) else { return Ok(None) };
        let mut archive = self.archive.borrow_mut();
        let file = match archive.by_index(*index) {
            Ok(file) => file,
            Err(zip::result::ZipError::UnsupportedArchive(why)) if why.contains("assword") => {
                return Err(ReadError::Encrypted);
            }
            Err(_) => return Ok(None),
        };
        let limit = self.left.get();
        let mut bytes = Vec::new();
        let read = file.take(limit.saturating_add(1)).read_to_end(&mut bytes);
        if bytes.len() as u64 > limit {
            return Err(ReadError::Limit("OFD 解压后过大".into()));
        }
        self.left.set(limit - bytes.len() as u64);
        Ok(read.is_ok().then_some(bytes))
    }

    /// The root element of an XML part; none if it is not there or is no XML.
    pub(super) fn tree(&self, name: &str) -> Result<Option<Rc<Node>>, ReadError> {
        if let Some(known) = self.trees.borrow().get(name) {
            return Ok(known.clone());
        }
        let root = match self.bytes(name)? {
            Some(bytes) => root(&bytes)?,
            None => None,
        };
        self.trees.borrow_mut().insert(name.to_string(), root.clone());
        Ok(root)
    }
}

/// The root element of an XML part.
pub(super) fn root(bytes: &[u8]) -> Result<Option<Rc<Node>>, ReadError> {
    let (mut tree, _) = dom::parse(&xml::decode(bytes))?;
    let first = tree.children.iter().position(|c| matches!(c, dom::Child::Node(_)));
    Ok(first.and_then(|i| match tree.children.swap_remove(i) {
        dom::Child::Node(node) => Some(Rc::new(node)),
        dom::Child::Text(_) => None,
    }))
}

/// The folder of a part.
pub(super) fn folder(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A path from the root, without `.` and `..`.
fn clean(folder: &str, location: &str) -> String {
    let location = location.replace('\\', "/");
    let mut out: Vec<&str> = Vec::new();
    for piece in folder.split('/').chain(location.split('/')) {
        match piece {
            "" | "." => {}
            ".." => {
                out.pop();
            }
            piece => out.push(piece),
        }
    }
    out.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cleaned() {
        assert_eq!(clean("Doc_0", "Pages/Page_0/Content.xml"), "Doc_0/Pages/Page_0/Content.xml");
        assert_eq!(clean("Doc_0/Res", ".././Tpls\\T.xml"), "Doc_0/Tpls/T.xml");
        assert_eq!(clean("", "/../../etc/passwd"), "etc/passwd");
    }
}

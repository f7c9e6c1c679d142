//! A document of the package: its pages, templates, resources and annotations.

use std::collections::HashMap;
use std::rc::Rc;

use kurbo::Affine;

use super::canvas::Canvas;
use super::draw::{Painter, Said, own};
use super::package::{Package, folder};
use super::resource::Resources;
use super::text::numbers;
use crate::model::ReadError;
use crate::read::dom::Node;

/// Points in a millimetre.
pub(super) const MM: f64 = 72.0 / 25.4;
/// A4 in millimetres, where nothing says how large a page is.
const PAPER: [f64; 4] = [0.0, 0.0, 210.0, 297.0];

/// A document.
pub(super) struct Document {
    /// Its main part.
    pub(super) name: String,
    pub(super) root: Rc<Node>,
    resources: Resources,
    /// Template pages: id → part, drawn in front.
    templates: HashMap<String, (String, bool)>,
    /// Pages in order: id, part.
    pub(super) pages: Vec<(String, Option<String>)>,
    /// Annotations by page id: parts.
    annotations: HashMap<String, Vec<String>>,
    area: [f64; 4],
}

/// A page as drawn.
pub(super) struct Drawn {
    pub(super) canvas: Canvas,
    pub(super) said: Vec<Said>,
    /// Points.
    pub(super) size: (f32, f32),
    pub(super) resources: Resources,
    /// Its content is not in the package.
    pub(super) absent: bool,
}

impl Document {
    pub(super) fn load(package: &Package<'_>, name: String) -> Result<Option<Self>, ReadError> {
        let Some(root) = package.tree(&name)? else { return Ok(None) };
        let base = folder(&name).to_string();
        let mut resources = Resources::default();
        let mut templates = HashMap::new();
        let mut area = PAPER;
        if let Some(common) = root.child("CommonData") {
            for node in common.nodes() {
                match node.name.as_str() {
                    "PublicRes" | "DocumentRes" => resources.add(package, &base, &node.text())?,
                    "TemplatePage" => {
                        let part = node.attribute("BaseLoc").and_then(|l| package.resolve(&base, l));
                        if let (Some(id), Some(part)) = (node.attribute("ID"), part) {
                            let front = node.attribute("ZOrder") == Some("Foreground");
                            templates.insert(id.to_string(), (part, front));
                        }
                    }
                    "PageArea" => area = boxed(node).unwrap_or(area),
                    _ => {}
                }
            }
        }
        let pages = root.nodes().filter(|n| n.name == "Pages").flat_map(Node::nodes);
        let pages = pages
            .filter(|n| n.name == "Page")
            .map(|page| {
                let part = page.attribute("BaseLoc").and_then(|l| package.resolve(&base, l));
                (page.attribute("ID").unwrap_or_default().to_string(), part)
            })
            .collect();
        let annotations = annotations(package, &root, &base)?;
        Ok(Some(Self { name, root, resources, templates, pages, annotations, area }))
    }

    /// The parts that its pages show: their content and templates.
    pub(super) fn shown(&self) -> Vec<String> {
        let pages = self.pages.iter().filter_map(|(_, part)| part.clone());
        let mut parts: Vec<String> = pages.chain(self.templates.values().map(|t| t.0.clone())).collect();
        parts.sort();
        parts
    }

    /// Draws a page: what lies behind it, itself, what lies in front, and the annotations.
    pub(super) fn draw(&self, package: &Package<'_>, index: usize) -> Result<Drawn, ReadError> {
        let (id, part) = &self.pages[index];
        let root = part.as_deref().map(|p| package.tree(p)).transpose()?.flatten();
        let mut resources = self.resources.clone();
        let (mut canvas, mut said) = (Canvas::default(), Vec::new());
        let mut area = self.area;
        let mut behind: Vec<Rc<Node>> = Vec::new();
        let mut before: Vec<Rc<Node>> = Vec::new();
        if let (Some(root), Some(part)) = (&root, part) {
            area = root.child("Area").and_then(boxed).unwrap_or(area);
            for node in root.nodes() {
                match node.name.as_str() {
                    "PageRes" => resources.add(package, folder(part), &node.text())?,
                    "Template" => {
                        let id = node.attribute("TemplateID").unwrap_or_default();
                        let Some((part, front)) = self.templates.get(id) else { continue };
                        let front = node.attribute("ZOrder").map_or(*front, |z| z == "Foreground");
                        if let Some(template) = package.tree(part)? {
                            if front { &mut before } else { &mut behind }.push(template);
                        }
                    }
                    _ => {}
                }
            }
        }
        let to_page = Affine::scale(MM) * Affine::translate((-area[0], -area[1]));
        let annotated = self.annotated(package, id)?;
        let mut painter =
            Painter { package, resources: &resources, canvas: &mut canvas, said: &mut said, objects: 0 };
        for content in behind.iter().chain(&root).chain(&before).filter_map(|n| n.child("Content")) {
            painter.layers(content, to_page);
        }
        for list in &annotated {
            for annotation in list.nodes().filter(|a| a.attribute("Visible") != Some("false")) {
                for appearance in annotation.nodes().filter(|n| n.name == "Appearance") {
                    painter.block(appearance, own(appearance, to_page), None, 0);
                }
            }
        }
        let size = ((area[2] * MM) as f32, (area[3] * MM) as f32);
        Ok(Drawn { canvas, said, size, resources, absent: root.is_none() })
    }

    fn annotated(&self, package: &Package<'_>, id: &str) -> Result<Vec<Rc<Node>>, ReadError> {
        let mut out = Vec::new();
        for part in self.annotations.get(id).into_iter().flatten() {
            out.extend(package.tree(part)?);
        }
        Ok(out)
    }

    /// The number of a page of the document, from 0, by its id.
    pub(super) fn page_of(&self, id: &str) -> Option<usize> {
        self.pages.iter().position(|(own, _)| own == id)
    }
}

/// The annotation parts of each page.
fn annotations(
    package: &Package<'_>,
    root: &Node,
    base: &str,
) -> Result<HashMap<String, Vec<String>>, ReadError> {
    let mut out: HashMap<String, Vec<String>> = HashMap::new();
    for node in root.nodes().filter(|n| n.name == "Annotations") {
        let Some(list) = package.resolve(base, &node.text()) else { continue };
        let Some(tree) = package.tree(&list)? else { continue };
        for page in tree.nodes().filter(|n| n.name == "Page") {
            let file = page.child("FileLoc").map(Node::text);
            let part = file.and_then(|f| package.resolve(folder(&list), &f));
            if let (Some(id), Some(part)) = (page.attribute("PageID"), part) {
                out.entry(id.to_string()).or_default().push(part);
            }
        }
    }
    Ok(out)
}

/// The size of a page: its paper, else whichever box is given.
fn boxed(area: &Node) -> Option<[f64; 4]> {
    ["PhysicalBox", "CropBox", "ApplicationBox", "ContentBox"].iter().find_map(|name| {
        let b = numbers(area.child(name).map(Node::text).as_deref());
        match b.as_slice() {
            [x, y, w, h] if *w > 1.0 && *h > 1.0 && *w < 20_000.0 && *h < 20_000.0 => Some([*x, *y, *w, *h]),
            _ => None,
        }
    })
}

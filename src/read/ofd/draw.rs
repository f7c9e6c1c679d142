//! Walks the objects of a page, its templates and annotations, and draws them on a canvas.

use kurbo::Affine;

use super::canvas::{Canvas, Ink};
use super::package::Package;
use super::resource::Resources;
use super::text::{characters, content, number, numbers};
use super::{path, picture};
use crate::read::dom::Node;

/// Deepest nesting of blocks and composite units.
const DEPTH: usize = 16;
/// Most objects of a page: a unit used a million times is no page.
const OBJECTS: usize = 200_000;

/// A text object that tags may point at.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) id: String,
    pub(super) text: String,
    /// Its number in paint order, as its glyphs have it.
    pub(super) seq: u32,
}

/// Draws objects.
pub(super) struct Painter<'a, 'b> {
    pub(super) package: &'a Package<'b>,
    pub(super) resources: &'a Resources,
    pub(super) canvas: &'a mut Canvas,
    pub(super) said: &'a mut Vec<Said>,
    pub(super) objects: usize,
}

impl Painter<'_, '_> {
    /// The layers of a page's or template's content, from the background to the foreground.
    pub(super) fn layers(&mut self, content: &Node, to_page: Affine) {
        let rank = |n: &&Node| match n.attribute("Type") {
            Some("Background") => 0,
            Some("Foreground") => 2,
            _ => 1,
        };
        let mut layers: Vec<&Node> = content.nodes().filter(|n| n.name == "Layer").collect();
        layers.sort_by_key(rank);
        for layer in layers {
            self.block(layer, to_page, layer.attribute("DrawParam"), 0);
        }
    }

    /// The objects of a layer, block, unit or appearance.
    pub(super) fn block(&mut self, block: &Node, to_page: Affine, parameter: Option<&str>, depth: usize) {
        for object in block.nodes() {
            self.objects += 1;
            if self.objects > OBJECTS || depth > DEPTH {
                self.canvas.over = true;
                return;
            }
            let parameter = object.attribute("DrawParam").or(parameter);
            match object.name.as_str() {
                "TextObject" => self.text(object, to_page, parameter),
                "PathObject" => self.path(object, to_page, parameter),
                "ImageObject" => self.image(object, to_page),
                "PageBlock" => self.block(object, to_page, parameter, depth + 1),
                "CompositeObject" => self.composite(object, to_page, parameter, depth),
                _ => {}
            }
        }
    }

    fn text(&mut self, object: &Node, to_page: Affine, parameter: Option<&str>) {
        let size = number(object.attribute("Size")).unwrap_or(0.0);
        let stretch = number(object.attribute("HScale")).unwrap_or(1.0);
        let mut ink = self.ink(object, "FillColor", parameter);
        let filled = object.attribute("Fill") != Some("false");
        ink.invisible |= !filled && object.attribute("Stroke") != Some("true");
        let placed = characters(object, size, stretch);
        self.canvas.text(&placed, size, own(object, to_page), ink);
        if let Some(id) = object.attribute("ID") {
            let text: String = object.nodes().filter(|n| n.name == "TextCode").map(content).collect();
            self.said.push(Said { id: id.to_string(), text, seq: self.canvas.seq });
        }
    }

    fn path(&mut self, object: &Node, to_page: Affine, parameter: Option<&str>) {
        let Some(data) = object.child("AbbreviatedData") else { return };
        let outline = path::path(&data.text());
        let transform = own(object, to_page);
        if object.attribute("Fill") == Some("true") {
            let ink = self.ink(object, "FillColor", parameter);
            self.canvas.fill(&outline, transform, ink);
        }
        if object.attribute("Stroke") != Some("false") {
            let ink = self.ink(object, "StrokeColor", parameter);
            let width = number(object.attribute("LineWidth")).unwrap_or(0.353);
            let scale = transform.determinant().abs().sqrt();
            self.canvas.stroke(&outline, width * scale, transform, ink);
        }
    }

    fn image(&mut self, object: &Node, to_page: Affine) {
        let Some(resource) = object.attribute("ResourceID") else { return };
        if is_hidden(object) {
            return;
        }
        let transform = match object.attribute("CTM") {
            Some(_) => own(object, to_page),
            None => {
                let b = boundary(object);
                own(object, to_page) * Affine::scale_non_uniform(b[2], b[3])
            }
        };
        let part = self.resources.media(resource);
        let clear = object.attribute("ImageMask").is_some() || alpha(object) < 250.0;
        let bytes = part.filter(|_| !clear).and_then(|p| self.package.bytes(p).ok().flatten());
        let opaque = bytes.is_some_and(|b| picture::is_opaque(&b));
        self.canvas.picture(resource, transform, opaque);
    }

    fn composite(&mut self, object: &Node, to_page: Affine, parameter: Option<&str>, depth: usize) {
        let resources = self.resources;
        let unit = object.attribute("ResourceID").and_then(|id| resources.unit(id));
        if let Some(content) = unit.and_then(|u| u.child("Content")).filter(|_| !is_hidden(object)) {
            self.block(content, own(object, to_page), parameter, depth + 1);
        }
    }

    /// How an object is painted: by its own colour, else that of its drawing parameter, else black.
    fn ink(&self, object: &Node, colour: &str, parameter: Option<&str>) -> Ink {
        let mut found = object.child(colour);
        let mut next = parameter;
        for _ in 0..4 {
            if found.is_some() {
                break;
            }
            let Some(parameter) = next.and_then(|id| self.resources.parameter(id)) else { break };
            found = parameter.child(colour);
            next = parameter.attribute("Relative");
        }
        let alpha = found.map_or(255.0, alpha).min(alpha(object));
        let pattern = found.is_some_and(|c| c.nodes().next().is_some());
        let white = !pattern && found.and_then(|c| c.attribute("Value")).is_some_and(is_white);
        Ink { white, opaque: alpha > 250.0 && !pattern, invisible: alpha < 5.0 || is_hidden(object) }
    }
}

fn is_hidden(object: &Node) -> bool {
    object.attribute("Visible") == Some("false")
}

fn alpha(node: &Node) -> f64 {
    number(node.attribute("Alpha")).unwrap_or(255.0)
}

/// Whether a colour is white: grey, RGB or CMYK, decimal or `#` with hexadecimal digits.
fn is_white(value: &str) -> bool {
    let part = |w: &str| match w.strip_prefix('#') {
        Some(hex) => i64::from_str_radix(hex, 16).ok(),
        None => w.parse::<f64>().ok().map(|v| v as i64),
    };
    let parts: Vec<i64> = value.split_ascii_whitespace().filter_map(part).collect();
    match parts.len() {
        1 | 3 => parts.iter().all(|v| *v >= 247),
        4 => parts.iter().all(|v| *v <= 8),
        _ => false,
    }
}

/// Left, top, width and height of an object.
pub(super) fn boundary(object: &Node) -> [f64; 4] {
    let b = numbers(object.attribute("Boundary"));
    match b.as_slice() {
        [x, y, w, h, ..] => [*x, *y, *w, *h],
        _ => [0.0; 4],
    }
}

/// From an object's own space to the page.
pub(super) fn own(object: &Node, to_page: Affine) -> Affine {
    let b = boundary(object);
    let moved = to_page * Affine::translate((b[0], b[1]));
    match numbers(object.attribute("CTM")).as_slice() {
        [a, b, c, d, e, f] => moved * Affine::new([*a, *b, *c, *d, *e, *f]),
        _ => moved,
    }
}

//! What lies over a page's own text: fills and pictures with other text on top, and annotations.

use hayro_interpret::{InterpreterSettings, RenderContent, TransformExt};
use hayro_syntax::object::{Array, Dict, Name, Rect, String as PdfString};
use hayro_syntax::page::Page as PdfPage;

use super::form::decode;
use super::marks::{Fill, Glyph};
use super::runs;
use super::visible::{Sorted, cover};
use crate::model::{BBox, Change, Line, Place, Trace};
use crate::text::normal::squash;

/// Kinds of annotations that draw over what is there. Notes, links, marks of text and form fields do not.
const OVER: &[&str] =
    &["FreeText", "Stamp", "Square", "Circle", "Polygon", "PolyLine", "Line", "Ink", "Redact"];
/// Most annotations looked at on a page.
const MOST: usize = 200;
/// A page with more covered characters than this is made in layers, not touched up.
const MOST_COVERED: usize = 2_000;
/// Nor does a cover of a larger share of the page hide a field.
const LARGEST: f32 = 0.5;

/// Whether anything is annotated.
pub(super) fn has_annotations(page: &PdfPage<'_>) -> bool {
    page.raw().get::<Array<'_>>(b"Annots").is_some_and(|a| a.iter::<Dict<'_>>().next().is_some())
}

/// Settings that draw the page's own content alone.
pub(super) fn without_annotations(settings: &InterpreterSettings) -> InterpreterSettings {
    InterpreterSettings { render_content: RenderContent::PAGE, ..settings.clone() }
}

/// The traces of a page. `own` is the last number in paint order of the page's own content, where it has annotations.
pub(super) fn traces(
    page: &PdfPage<'_>,
    number: u32,
    sorted: &Sorted,
    fills: &[Fill],
    own: Option<u32>,
) -> Vec<Trace> {
    let last = own.unwrap_or(u32::MAX);
    let at = fills.partition_point(|f| f.seq <= last);
    let (own_fills, annotation_fills) = fills.split_at(at);
    let layers = Layers { sorted, last, number };
    let (width, height) = page.render_dimensions();
    let mut out = layers.covered(own_fills, width * height);
    if own.is_some() {
        out.extend(annotations(page).iter().filter_map(|a| layers.annotated(a, annotation_fills)));
    }
    out
}

/// The glyphs of a page, own and annotated.
struct Layers<'s> {
    sorted: &'s Sorted,
    last: u32,
    number: u32,
}

impl Layers<'_> {
    fn covered(&self, fills: &[Fill], page: f32) -> Vec<Trace> {
        let hidden: Vec<&Glyph> = self.sorted.hidden.iter().filter(|g| g.seq <= self.last).collect();
        if hidden.len() > MOST_COVERED {
            return Vec::new();
        }
        // Text under one fill belongs together.
        let mut groups: Vec<(Fill, Vec<Glyph>)> = Vec::new();
        for glyph in hidden {
            let Some(fill) = cover(glyph, fills) else { continue };
            match groups.iter_mut().find(|(f, _)| f.seq == fill.seq) {
                Some((_, glyphs)) => glyphs.push(*glyph),
                None => groups.push((*fill, vec![*glyph])),
            }
        }
        let small = |f: &Fill| f.bbox.width() * f.bbox.height() < LARGEST * page;
        groups.retain(|(f, _)| small(f));
        groups.iter().filter_map(|(fill, under)| self.replaced(fill, under)).collect()
    }

    /// Covered text with what is written on its cover.
    fn replaced(&self, fill: &Fill, under: &[Glyph]) -> Option<Trace> {
        let area = extent(under)?;
        // New text rarely stands exactly where the old one stood; a neighbour's column is not new text.
        let (dx, dy) = (2.0 * area.height().min(12.0), 0.3 * area.height());
        let reach = BBox::new(
            (area.x0 - dx).max(fill.bbox.x0),
            (area.y0 - dy).max(fill.bbox.y0 - 1.0),
            (area.x1 + dx).min(fill.bbox.x1),
            (area.y1 + dy).min(fill.bbox.y1 + 1.0),
        );
        let on_top = |g: &&Glyph| {
            let b = g.bbox();
            g.seq > fill.seq && g.seq <= self.last && reach.contains(b.mid_x(), b.mid_y())
        };
        let shown: Vec<Glyph> = self.sorted.seen.iter().filter(on_top).copied().collect();
        let (under, shows) = (text(under, self.number), text(&shown, self.number));
        if shows.is_empty() || letters(&under) == letters(&shows) {
            return None;
        }
        Some(Trace {
            place: Place::Page { page: self.number, bbox: area.union(extent(&shown)?) },
            mark: Change::Covered { under, shows, picture: fill.picture },
        })
    }

    fn annotated(&self, a: &Annotation, fills: &[Fill]) -> Option<Trace> {
        let inside = |g: &&Glyph| {
            let b = g.bbox();
            a.bbox.contains(b.mid_x(), b.mid_y())
        };
        let Sorted { seen, hidden, .. } = self.sorted;
        let by_it = |g: &&Glyph| g.seq <= self.last && cover(g, fills).is_some();
        let gone: Vec<Glyph> =
            hidden.iter().filter(inside).filter(by_it).take(MOST_COVERED).copied().collect();
        let kept: Vec<Glyph> = seen.iter().filter(inside).filter(|g| g.seq <= self.last).copied().collect();
        let own: Vec<Glyph> = seen.iter().filter(inside).filter(|g| g.seq > self.last).copied().collect();
        let under = text(if gone.is_empty() { &kept } else { &gone }, self.number);
        let mut shows = text(&own, self.number);
        // A viewer draws the words of a box that brings no drawing of its own.
        if shows.is_empty() && a.subtype == "FreeText" && !a.drawn {
            shows = a.contents.trim().chars().take(200).collect();
        }
        (!under.is_empty() || !shows.is_empty()).then(|| Trace {
            place: Place::Page { page: self.number, bbox: a.bbox },
            mark: Change::Annotated { subtype: a.subtype.clone(), under, hides: !gone.is_empty(), shows },
        })
    }
}

/// An annotation that draws over the page.
struct Annotation {
    subtype: String,
    bbox: BBox,
    contents: String,
    drawn: bool,
}

fn annotations(page: &PdfPage<'_>) -> Vec<Annotation> {
    let Some(list) = page.raw().get::<Array<'_>>(b"Annots") else { return Vec::new() };
    let transform = page.initial_transform(true).to_kurbo();
    let one = |a: Dict<'_>| {
        let subtype = a.get::<Name<'_>>(b"Subtype")?.as_str().to_string();
        // Hidden, or not to be viewed.
        let unseen = a.get::<i32>(b"F").is_some_and(|flags| flags & 0b10_0010 != 0);
        if unseen || !OVER.contains(&subtype.as_str()) {
            return None;
        }
        let r = a.get::<Rect>(b"Rect")?;
        let r = transform.transform_rect_bbox(kurbo::Rect::new(r.x0, r.y0, r.x1, r.y1));
        Some(Annotation {
            subtype,
            bbox: BBox::new(r.x0 as f32, r.y0 as f32, r.x1 as f32, r.y1 as f32),
            contents: a.get::<PdfString<'_>>(b"Contents").map(|s| decode(&s)).unwrap_or_default(),
            drawn: a.contains_key(b"AP"),
        })
    };
    list.iter::<Dict<'_>>().take(MOST).filter_map(one).collect()
}

fn extent(glyphs: &[Glyph]) -> Option<BBox> {
    glyphs.iter().map(Glyph::bbox).reduce(BBox::union)
}

/// The glyphs as lines, from the top.
fn text(glyphs: &[Glyph], page: u32) -> String {
    let mut lines = runs::runs(glyphs, &[], page);
    let top = |l: &Line| l.bbox().map_or((0.0, 0.0), |b| (b.y0, b.x0));
    lines.sort_by(|a, b| top(a).partial_cmp(&top(b)).unwrap_or(std::cmp::Ordering::Equal));
    let parts: Vec<&str> = lines.iter().map(|l| l.text.as_str()).collect();
    parts.join(" ").chars().take(200).collect()
}

/// The characters in any order: the same text cut and arranged otherwise is no change.
fn letters(text: &str) -> Vec<char> {
    let mut out: Vec<char> = squash(text).chars().collect();
    out.sort_unstable();
    out
}

#[cfg(test)]
#[path = "traces_tests.rs"]
mod tests;

//! Which glyphs a reader of the page sees.

use super::marks::{Fill, Glyph};
use crate::model::BBox;

/// Glyphs by what can be seen of them.
pub(in crate::read) struct Sorted {
    pub(in crate::read) seen: Vec<Glyph>,
    /// Covered by a later fill or picture, or white on white.
    pub(in crate::read) hidden: Vec<Glyph>,
    /// Drawn without ink: the recognised layer of a scan.
    pub(in crate::read) inkless: Vec<Glyph>,
}

/// A fill must cover this share of a glyph to hide it.
const COVER: f32 = 0.75;

/// Sorts the glyphs of a page.
pub(in crate::read) fn sort(glyphs: Vec<Glyph>, fills: &[Fill]) -> Sorted {
    let mut sorted =
        Sorted { seen: Vec::with_capacity(glyphs.len()), hidden: Vec::new(), inkless: Vec::new() };
    let covers: Vec<&Fill> =
        fills.iter().filter(|f| f.opaque && f.bbox.width() > 1.5 && f.bbox.height() > 3.0).collect();
    let last_cover = covers.iter().map(|f| f.seq).max().unwrap_or(0);
    for glyph in glyphs {
        if glyph.invisible {
            sorted.inkless.push(glyph);
        } else if (glyph.seq < last_cover && is_covered(&glyph, &covers))
            || (glyph.white && on_white(&glyph, fills))
        {
            sorted.hidden.push(glyph);
        } else {
            sorted.seen.push(glyph);
        }
    }
    sorted
}

fn is_covered(glyph: &Glyph, covers: &[&Fill]) -> bool {
    // Fills are in paint order.
    let later = covers.partition_point(|f| f.seq <= glyph.seq);
    let bbox = ink(glyph);
    let area = (bbox.width() * bbox.height()).max(f32::EPSILON);
    covers[later..].iter().any(|fill| {
        let (w, h) = (bbox.shared_width(fill.bbox), bbox.shared_height(fill.bbox));
        w > 0.0 && h > 0.0 && w * h / area >= COVER
    })
}

/// The first fill or picture that hides a glyph, of fills in paint order.
pub(super) fn cover<'f>(glyph: &Glyph, fills: &'f [Fill]) -> Option<&'f Fill> {
    let later = fills.partition_point(|f| f.seq <= glyph.seq);
    let hides =
        |f: &&Fill| f.opaque && f.bbox.width() > 1.5 && f.bbox.height() > 3.0 && is_covered(glyph, &[f]);
    fills[later..].iter().find(hides)
}

/// Whether nothing dark lies under a white glyph.
fn on_white(glyph: &Glyph, fills: &[Fill]) -> bool {
    let bbox = ink(glyph);
    let under = fills.iter().rfind(|f| f.seq < glyph.seq && f.bbox.contains(bbox.mid_x(), bbox.mid_y()));
    under.is_none_or(|f| f.white && !f.picture)
}

/// Roughly where the ink of a glyph is.
fn ink(glyph: &Glyph) -> BBox {
    let b = glyph.bbox();
    BBox::new(b.x0, b.y0 + 0.1 * b.height(), b.x1, b.y1 - 0.1 * b.height())
}

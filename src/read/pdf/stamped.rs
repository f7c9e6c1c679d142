//! Pictures of seals on electronic pages: red, about as high as wide, of a seal's size.

use super::marks::Picture;
use super::render::Renderer;
use crate::model::{BBox, Seal, SealInk};
use crate::read::imprint;

/// Points that a company's seal measures, and how far it is from square.
const WIDE: std::ops::RangeInclusive<f32> = 70.0..=200.0;
const SQUARE: std::ops::RangeInclusive<f32> = 0.8..=1.25;
/// Most pictures of a page that are looked at.
const MOST: usize = 12;
/// Resolution at which they are drawn, and the paper around them, in points.
const DPI: f32 = 150.0;
const MARGIN: f32 = 3.0;

/// The seals among a page's pictures.
pub(super) fn seals(pictures: &[Picture], renderer: &Renderer<'_>, number: u32) -> Vec<Seal> {
    let like_a_seal =
        |b: &BBox| WIDE.contains(&b.width()) && SQUARE.contains(&(b.width() / b.height().max(1.0)));
    let placed = pictures.iter().map(|p| p.bbox).filter(like_a_seal).take(MOST);
    placed.filter_map(|bbox| seal(bbox, renderer, number)).collect()
}

/// A seal where red ink is; what else stands there is none.
fn seal(bbox: BBox, renderer: &Renderer<'_>, number: u32) -> Option<Seal> {
    let area = BBox::new(bbox.x0 - MARGIN, bbox.y0 - MARGIN, bbox.x1 + MARGIN, bbox.y1 + MARGIN);
    let (picture, (x, y), dpi) = renderer.area(number, area, DPI)?;
    let k = dpi / 72.0;
    let pixels = [(bbox.x0 - x) * k, (bbox.y0 - y) * k, (bbox.x1 - x) * k, (bbox.y1 - y) * k];
    let impression = imprint::seal(&picture, pixels, 0, 0.0)?;
    Some(Seal { ink: SealInk::Red, impression: Some(impression), ..Seal::at(bbox) })
}

//! Seals on a contract: those seen on a scan, and pictures of the size of a seal where the paper is electronic.

use rust_decimal::Decimal;

use crate::extract::View;
use crate::model::{BBox, Confidence, Field, Grade, Page, Place, ReadBy, Source, Sourced, Value};

/// How many seals there are, at the first of them; nothing where none is seen, which on a grey scan says little.
pub(super) fn read(view: &View<'_>) -> Option<Field> {
    let seals: Vec<(&Page, BBox)> = view.pages.iter().flat_map(|p| of_page(view, p)).collect();
    let (page, bbox) = *seals.first()?;
    let (grade, confidence) = if page.read_by == ReadBy::Ocr {
        (Grade::Ocr, Confidence(900))
    } else {
        (Grade::Text, Confidence::from_unit(0.9))
    };
    let source = Source { file: view.file.clone(), place: Place::Page { page: page.number, bbox } };
    let count = Value::Number(Decimal::from(seals.len()));
    Some(Field::Found(Sourced::new(count, "", grade, confidence, source)))
}

fn of_page<'a>(view: &View<'_>, page: &'a Page) -> Vec<(&'a Page, BBox)> {
    let inside = |b: &BBox| view.segment.area.is_none_or(|a| a.contains(b.mid_x(), b.mid_y()));
    let seen = page.seals.iter().map(|s| s.bbox);
    // A seal measures three to six centimetres and is about as high as it is wide.
    let like_a_seal = |b: &BBox| {
        (40.0..=200.0).contains(&b.width()) && (0.6..=1.7).contains(&(b.width() / b.height().max(1.0)))
    };
    let pictures =
        page.images.iter().map(|i| i.bbox).filter(|b| page.read_by != ReadBy::Ocr && like_a_seal(b));
    seen.chain(pictures).filter(inside).map(|b| (page, b)).collect()
}

//! Takes the places of what was extracted from the upright, level page to the page as it lies in the file: reports,
//! crops and second readings work on the file.

use crate::extract::Extracted;
use crate::model::{Field, Page, Place, Source};

/// Moves all sources of recognised pages.
pub(super) fn to_file(extracted: &mut Extracted, pages: &[&Page]) {
    let moved: Vec<&Page> = pages.iter().copied().filter(|p| p.moved()).collect();
    if moved.is_empty() {
        return;
    }
    let items = extracted.items.iter_mut().flat_map(|row| row.values_mut());
    for field in extracted.fields.values_mut().chain(items) {
        let sources = match field {
            Field::Found(s) => &mut s.sources,
            Field::Unreadable(s) => &mut s.sources,
        };
        sources.iter_mut().for_each(|source| move_one(source, &moved));
    }
}

fn move_one(source: &mut Source, pages: &[&Page]) {
    if let Place::Page { page, bbox } = &mut source.place
        && let Some(of) = pages.iter().find(|p| p.number == *page)
    {
        *bbox = of.as_filed(*bbox);
    }
}

//! Seals on the cover and on the commitment: what they read, as far as it can be told.

use std::sync::Arc;

use super::fields::Fields;
use super::sheet::{Section, Sheet};
use crate::model::{BBox, Confidence, Field, Grade, Page, Place, Source, Sourced, Value};

/// What stands for a seal that cannot be read.
pub(super) const UNREAD: &str = "未能辨认";

/// Lists the seals of a section's pages under `封面.印章`, `真实性承诺.印章`. Pages without seals say nothing: none was
/// seen, or nobody looked.
pub(super) fn read(sheet: &Sheet<'_>, file: &Arc<str>, out: &mut Fields) {
    for (section, name) in [(Section::Cover, "封面.印章"), (Section::Commitment, "真实性承诺.印章")]
    {
        let mut pages: Vec<&Page> = Vec::new();
        for unit in sheet.units.iter().filter(|u| u.section == section) {
            if !pages.iter().any(|p| p.number == unit.page.number) {
                pages.push(unit.page);
            }
        }
        if let Some(field) = listed(&pages, file) {
            out.insert(name.into(), field);
        }
    }
}

fn listed(pages: &[&Page], file: &Arc<str>) -> Option<Field> {
    let mut texts = Vec::new();
    let mut at: Option<(u32, BBox)> = None;
    for page in pages {
        for seal in &page.seals {
            let text = seal.text.as_deref().map(str::trim).filter(|t| !t.is_empty());
            texts.push(text.unwrap_or(UNREAD).to_owned());
            at = Some(match at {
                Some((number, bbox)) if number == page.number => (number, bbox.union(seal.bbox)),
                Some(first) => first,
                None => (page.number, seal.bbox),
            });
        }
    }
    let (page, bbox) = at?;
    let source = Source { file: file.clone(), place: Place::Page { page, bbox } };
    let raw = texts.join("、");
    Some(Field::Found(Sourced::new(Value::List(texts), raw, Grade::Ocr, Confidence(900), source)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ReadBy, Seal};

    #[test]
    fn seals_of_a_page_are_listed_and_none_is_silent() {
        let mut page = Page::empty(1, 595.0, 842.0, ReadBy::Ocr);
        let file: Arc<str> = "申报书.pdf".into();
        assert!(listed(&[&page], &file).is_none());
        let seal = |x, text: Option<&str>| Seal {
            text: text.map(str::to_owned),
            ..Seal::at(BBox::new(x, 10.0, x + 90.0, 100.0))
        };
        page.seals = vec![seal(50.0, Some("湖南样本科技有限公司")), seal(300.0, None)];
        let Some(Field::Found(s)) = listed(&[&page], &file) else { panic!("no seals") };
        assert_eq!(s.value, Value::List(vec!["湖南样本科技有限公司".into(), UNREAD.into()]));
        assert_eq!(s.sources[0].place.bbox().unwrap().x1, 390.0);
    }
}

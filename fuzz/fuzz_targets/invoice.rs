//! The invoice extractor over pages made from any bytes: words anywhere, data of any names, codes; fields, never a crash.
#![no_main]

use std::sync::{Arc, LazyLock};

use hecha::extract::{Extractor, View, invoice::Invoice};
use hecha::model::{
    BBox, Code, Confidence, Datum, Grade, Kind, Line, Page, Place, ReadBy, Segment,
};
use hecha::pack::Pack;
use libfuzzer_sys::fuzz_target;

static PACK: LazyLock<Pack> = LazyLock::new(|| Pack::embedded().expect("the embedded pack"));

/// A page: each line of the input is a run at a place told by its first bytes; `=` begins data, `#` a code.
fn page(input: &str) -> Page {
    let mut page = Page::empty(1, 595.0, 397.0, ReadBy::Pdf);
    for (row, text) in input.lines().take(400).enumerate() {
        let mut place = text.bytes().map(|b| f32::from(b) * 2.0);
        let (x, y) = (place.next().unwrap_or(0.0), place.next().unwrap_or(row as f32 * 9.0));
        let bbox = BBox::new(x, y, x + 6.0 * text.chars().count() as f32, y + 9.0);
        let place = Place::Page { page: 1, bbox };
        match text.split_once('=') {
            Some(("", rest)) => {
                let (path, value) = rest.split_once(' ').unwrap_or((rest, ""));
                page.data.push(Datum { part: String::new(), path: path.into(), value: value.into(), place });
            }
            _ if text.starts_with('#') => page.codes.push(Code { text: text[1..].into(), bbox }),
            _ => page.lines.push(Line {
                text: text.into(),
                place,
                grade: if text.len() % 5 == 0 { Grade::Ocr } else { Grade::Text },
                confidence: Confidence::FULL,
                row: row as u32,
                table: None,
                edges: (0..=text.chars().count()).map(|i| x + 6.0 * i as f32).collect(),
                size: 9.0,
            }),
        }
    }
    page
}

fuzz_target!(|input: &str| {
    let page = page(input);
    let segment =
        Segment { pages: (1, 1), area: None, kind: Kind::Invoice, confidence: Confidence::FULL, why: Vec::new() };
    let view = View { file: Arc::from("fuzz"), segment: &segment, pages: vec![&page] };
    Invoice.extract(&view, &PACK);
});

//! Values of form fields that the file holds but does not draw.

use hayro_interpret::TransformExt;
use hayro_syntax::object::{Array, Dict, Name, Object, Rect, String as PdfString};
use hayro_syntax::page::Page as PdfPage;

use crate::model::{BBox, Confidence, Grade, Line, Place, TickBox};

/// Fields of one page whose values are drawn by nobody.
#[derive(Default)]
pub(super) struct Undrawn {
    pub(super) lines: Vec<Line>,
    pub(super) ticks: Vec<TickBox>,
}

/// Most fields looked at on a page, and most steps from a field to its root.
const MOST_FIELDS: usize = 5_000;
const DEEPEST: usize = 16;

/// Reads the page's widgets. `seen` tells whether text is already drawn in a box.
pub(super) fn undrawn(page: &PdfPage<'_>, number: u32, seen: impl Fn(BBox) -> bool) -> Undrawn {
    let mut out = Undrawn::default();
    let Some(annotations) = page.raw().get::<Array<'_>>(b"Annots") else { return out };
    let transform = page.initial_transform(true).to_kurbo();
    let place = |r: &Rect| {
        let r = transform.transform_rect_bbox(kurbo::Rect::new(r.x0, r.y0, r.x1, r.y1));
        BBox::new(r.x0 as f32, r.y0 as f32, r.x1 as f32, r.y1 as f32)
    };
    for widget in annotations.iter::<Dict<'_>>().take(MOST_FIELDS) {
        let is_widget = widget.get::<Name<'_>>(b"Subtype").is_some_and(|n| n.as_str() == "Widget");
        let Some(rect) = widget.get::<Rect>(b"Rect").filter(|_| is_widget) else { continue };
        let hidden = widget.get::<i32>(b"F").is_some_and(|flags| flags & 0b10_0010 != 0);
        let bbox = place(&rect);
        if hidden || !(bbox.width() > 0.0 && bbox.height() > 0.0) {
            continue;
        }
        let kind = inherited(&widget, b"FT");
        match kind.and_then(Object::into_name).as_ref().map(|n| n.as_str().to_string()).as_deref() {
            Some("Btn") => {
                let state = widget.get::<Name<'_>>(b"AS").or_else(|| inherited(&widget, b"V")?.into_name());
                // Push buttons have no state.
                if let Some(state) = state {
                    let ticked = state.as_str() != "Off";
                    out.ticks.push(TickBox { bbox, ticked, confidence: Confidence::FULL });
                }
            }
            Some("Tx" | "Ch") if !seen(bbox) => {
                let Some(Object::String(value)) = inherited(&widget, b"V") else { continue };
                let text = decode(&value);
                let rows: Vec<&str> =
                    text.split(['\n', '\r']).map(str::trim).filter(|t| !t.is_empty()).collect();
                let step = bbox.height() / rows.len().max(1) as f32;
                for (i, row) in rows.iter().enumerate() {
                    let y0 = bbox.y0 + step * i as f32;
                    let bbox = BBox::new(bbox.x0, y0, bbox.x1, y0 + step);
                    out.lines.push(line(row, bbox, number));
                }
            }
            _ => {}
        }
    }
    out
}

fn line(text: &str, bbox: BBox, page: u32) -> Line {
    Line {
        text: text.to_string(),
        place: Place::Page { page, bbox },
        grade: Grade::Text,
        confidence: Confidence::FULL,
        row: 0,
        table: None,
        edges: Vec::new(),
        size: bbox.height().min(12.0),
    }
}

/// A property of a field or of the fields above it.
fn inherited<'a>(widget: &Dict<'a>, key: &[u8]) -> Option<Object<'a>> {
    let mut field = widget.clone();
    for _ in 0..DEEPEST {
        if let Some(value) = field.get::<Object<'_>>(key) {
            return Some(value);
        }
        field = field.get::<Dict<'_>>(b"Parent")?;
    }
    None
}

/// A text string: UTF-16 or UTF-8 with a mark, else the PDF's own Latin encoding.
pub(super) fn decode(value: &PdfString<'_>) -> String {
    match value.as_bytes() {
        [0xfe, 0xff, rest @ ..] => {
            let units: Vec<u16> = rest.chunks_exact(2).map(|p| u16::from_be_bytes([p[0], p[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        [0xff, 0xfe, rest @ ..] => {
            let units: Vec<u16> = rest.chunks_exact(2).map(|p| u16::from_le_bytes([p[0], p[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        bytes => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_string(),
            // Some Chinese tools write GBK against the standard.
            Err(_) => encoding_rs::GB18030.decode(bytes).0.into_owned(),
        },
    }
}

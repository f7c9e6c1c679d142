//! The QR code of an invoice, as fields beside the print.

use crate::extract::View;
use crate::extract::label::Fragment;
use crate::extract::typed::Typed;
use crate::model::{Confidence, Field, Grade, Place, Unit, Value};
use crate::text::amount;
use crate::text::payload::Payload;

/// The invoice code of the view's pages that says most, with its place: an address of the tax administration may
/// stand beside the code proper.
pub(super) fn find(view: &View<'_>) -> Option<(Payload, Fragment)> {
    let inside = |b: crate::model::BBox| view.segment.area.is_none_or(|a| a.contains(b.mid_x(), b.mid_y()));
    let mut best: Option<(Payload, Fragment)> = None;
    for page in &view.pages {
        for code in page.codes.iter().filter(|c| inside(c.bbox)) {
            let Some(payload) = Payload::parse(&code.text) else { continue };
            if best.as_ref().is_some_and(|(b, _)| b.kind.is_some() || payload.kind.is_none()) {
                continue;
            }
            let at = Fragment {
                text: code.text.clone(),
                place: Place::Page { page: page.number, bbox: code.bbox },
                grade: Grade::Qr,
                confidence: Confidence::FULL,
                edges: Vec::new(),
            };
            best = Some((payload, at));
        }
    }
    best
}

/// Fields `qr.…` of a payload.
pub(super) fn fields(payload: &Payload, at: &Fragment, typed: &Typed) -> Vec<(String, Field)> {
    let mut out = Vec::new();
    let part = |text: &str| Fragment { text: text.to_string(), ..at.clone() };
    for (name, value) in [
        ("kind", payload.kind.as_ref()),
        ("code", payload.code.as_ref()),
        ("number", Some(&payload.number)),
        ("check_code", payload.check_code.as_ref()),
    ] {
        if let Some(text) = value {
            out.push((format!("qr.{name}"), typed.found(Value::Text(text.clone()), &part(text))));
        }
    }
    if let Some(text) = &payload.amount {
        let field = match amount::parse_money(text, Unit::Yuan) {
            Some(m) => typed.found(Value::Money(m), &part(text)),
            None => typed.unreadable(&part(text)),
        };
        out.push(("qr.amount".into(), field));
    }
    if let Some(date) = payload.date {
        let field = typed.found(Value::Date(date), &part(&date.format("%Y%m%d").to_string()));
        out.push(("qr.date".into(), field));
    }
    out
}

//! The QR code of an invoice: `01,kind,code,number,amount,yyyymmdd,check code,crc`.

use chrono::NaiveDate;

use crate::extract::View;
use crate::extract::label::Fragment;
use crate::extract::typed::Typed;
use crate::model::{Confidence, Field, Grade, Place, Unit, Value};
use crate::text::{amount, normal};

/// What an invoice's QR code says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Payload {
    pub(super) kind: Option<String>,
    pub(super) code: Option<String>,
    pub(super) number: Option<String>,
    pub(super) amount: Option<String>,
    pub(super) date: Option<NaiveDate>,
    pub(super) check_code: Option<String>,
}

impl Payload {
    /// Parses a code's text; none if it is no invoice's.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = normal::squash(text).replace('，', ",");
        let parts: Vec<&str> = text.split(',').collect();
        let [version, kind, code, number, amount, date, rest @ ..] = parts.as_slice() else { return None };
        let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if *version != "01" || !digits(kind) || !digits(number) || !matches!(number.len(), 8 | 20) {
            return None;
        }
        let some = |s: &str| (!s.is_empty()).then(|| s.to_string());
        let plain: String = date.chars().filter(char::is_ascii_digit).collect();
        Some(Self {
            kind: some(kind),
            code: some(code),
            number: some(number),
            amount: some(amount),
            date: NaiveDate::parse_from_str(&plain, "%Y%m%d").ok(),
            check_code: rest.first().and_then(|c| some(c)),
        })
    }
}

/// The first invoice code of the view's pages, with its place.
pub(super) fn find(view: &View<'_>) -> Option<(Payload, Fragment)> {
    for page in &view.pages {
        for code in &page.codes {
            let inside = view.segment.area.is_none_or(|a| a.contains(code.bbox.mid_x(), code.bbox.mid_y()));
            if let Some(payload) = Payload::parse(&code.text).filter(|_| inside) {
                let at = Fragment {
                    text: code.text.clone(),
                    place: Place::Page { page: page.number, bbox: code.bbox },
                    grade: Grade::Qr,
                    confidence: Confidence::FULL,
                    edges: Vec::new(),
                };
                return Some((payload, at));
            }
        }
    }
    None
}

/// Fields `qr.…` of a payload.
pub(super) fn fields(payload: &Payload, at: &Fragment, typed: &Typed) -> Vec<(String, Field)> {
    let mut out = Vec::new();
    let part = |text: &str| Fragment { text: text.to_string(), ..at.clone() };
    for (name, value) in [
        ("kind", &payload.kind),
        ("code", &payload.code),
        ("number", &payload.number),
        ("check_code", &payload.check_code),
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
        out.push((
            "qr.date".into(),
            typed.found(Value::Date(date), &part(&date.format("%Y%m%d").to_string())),
        ));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tax_control_and_digital_payloads() {
        let p = Payload::parse("01,04,4200161350,00015045,165106.00,20160501,48114255542168294433,DBFE,")
            .unwrap();
        assert_eq!(p.number.as_deref(), Some("00015045"));
        assert_eq!(p.check_code.as_deref(), Some("48114255542168294433"));
        let p = Payload::parse("01,32,,26427000000375586818,10.70,2026-04-30,,FAFB").unwrap();
        assert_eq!((p.code, p.date), (None, NaiveDate::from_ymd_opt(2026, 4, 30)));
    }

    #[test]
    fn other_codes_are_no_invoices() {
        for text in ["https://example.com/a,b,c,d,e,f", "01,x,1,2,3,4", "02,10,1,12345678,1,20200101", ""] {
            assert_eq!(Payload::parse(text), None);
        }
    }
}

//! 真实性承诺: its wording, who signed, and when; as a page of the form or alone.

use std::sync::Arc;

use super::fields::Fields;
use super::sheet::{Section, Sheet, Unit};
use super::spec::Type;
use super::{labels::Labels, value};
use crate::extract::label::Fragment;
use crate::extract::{Extracted, Extractor, View};
use crate::model::{self, Kind, Value};
use crate::pack::Pack;
use crate::text::date;

/// Reads a commitment page that stands alone.
pub struct CommitmentExtractor;

impl Extractor for CommitmentExtractor {
    fn kind(&self) -> Kind {
        Kind::Commitment
    }

    fn extract(&self, view: &View<'_>, _pack: &Pack) -> Extracted {
        let sheet = Sheet::new(view, &Labels::none());
        let mut out = Extracted::default();
        read(&sheet, &view.file, &mut out.fields);
        super::seals::read(&sheet, &view.file, &mut out.fields);
        out
    }
}

/// Reads the commitment of a form.
pub(super) fn read(sheet: &Sheet<'_>, file: &Arc<str>, out: &mut Fields) {
    let units: Vec<&Unit<'_>> = sheet.units.iter().filter(|u| u.section == Section::Commitment).collect();
    let mut text: Option<Fragment> = None;
    let mut ended = false;
    for unit in units.iter().skip_while(|u| is_heading(u)) {
        let squashed = &unit.squashed;
        if !ended {
            let closing = squashed.find("特此承");
            let piece = unit.fragment();
            let part = match closing {
                Some(0) => None,
                Some(_) => piece.text.find("特此").map(|b| piece.slice(0, piece.text[..b].chars().count())),
                None => Some(piece.clone()),
            };
            let signature = squashed.contains("单位负责人") || squashed.contains("申报单位(");
            if let Some(part) = part.filter(|p| !p.is_blank() && !signature) {
                text = Some(text.map_or(part.clone(), |t| t.join(&part, "")));
            }
            ended = closing.is_some() || signature;
        }
        signed(unit, file, out);
        if ended
            && !out.contains_key("真实性承诺.日期")
            && let Some((_, day)) = date::find_dates(&unit.fragment().text).into_iter().next()
        {
            let at = unit.fragment();
            let raw = at.text.trim().to_string();
            out.insert("真实性承诺.日期".into(), value::found(Value::Date(day), &at, &raw, 0.98, file));
        }
    }
    if let Some(text) = text.filter(|t| t.text.contains("承诺")) {
        let raw = text.text.trim().to_string();
        out.insert("真实性承诺.全文".into(), value::found(Value::Text(raw.clone()), &text, &raw, 0.98, file));
    }
}

fn is_heading(unit: &Unit<'_>) -> bool {
    unit.squashed.chars().count() <= 10 && unit.squashed.contains("承诺") && !unit.squashed.contains("特此")
}

/// "单位负责人（签字）：…"
fn signed(unit: &Unit<'_>, file: &Arc<str>, out: &mut Fields) {
    let whole = unit.fragment();
    let Some(at) = whole.text.find("单位负责人") else { return };
    let rest = &whole.text[at..];
    let Some(colon) = rest.find([':', '：']) else { return };
    let start = whole.text[..at + colon].chars().count() + 1;
    let found = whole.slice(start, whole.text.chars().count()).trim();
    // The seal's label may follow on the same line.
    let stop = found.text.find("申报单位").map(|b| found.text[..b].chars().count());
    let found = stop.map_or(found.clone(), |n| found.slice(0, n).trim());
    if let Some(field) = value::field(Type::Text, &found, model::Unit::Yuan, 0.97, file) {
        out.entry("真实性承诺.单位负责人".into()).or_insert(field);
    }
}

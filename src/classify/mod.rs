//! What each page is, and which pages make one document. Pure; names of files play no part.

mod data;
mod facts;
mod join;
mod score;
mod split;

use crate::model::{Confidence, Kind, ReadBy, Reading, Segment};
use crate::pack::{Elements, Pack};

/// Cuts a reading into documents with their kinds. Every page that shows anything lies in at least one segment.
pub fn segments(reading: &Reading, pack: &Pack) -> Vec<Segment> {
    let kinds = score::kinds(pack);
    let elements = Elements::new(pack.lexicon("invoice_data"));
    let mut joiner = join::Joiner::new(&kinds);
    let mut out = Vec::new();
    for page in &reading.pages {
        let mut facts = facts::Facts::of(page, None);
        facts.invoice_data = data::is_invoice(page, &elements);
        if page.read_by == ReadBy::Xml {
            // A record of data is a document; only its elements say what it is, never words among its values.
            joiner.close(&mut out);
            out.push(record(page.number, facts.invoice_data));
            continue;
        }
        let scores = score::scores(&facts, &kinds);
        let parts = split::parts(page, &facts, &scores, &kinds);
        if parts.len() > 1 && !facts.invoice_data && !joiner.within_form(&scores) {
            joiner.close(&mut out);
            out.extend(parts);
            continue;
        }
        joiner.page(&facts, &scores, &mut out);
    }
    joiner.close(&mut out);
    if out.is_empty()
        && let Some(last) = reading.pages.len().try_into().ok().filter(|n| *n > 0)
    {
        let confidence = Confidence::from_unit(0.1);
        out.push(Segment { pages: (1, last), area: None, kind: Kind::Other, confidence, why: Vec::new() });
    }
    out
}

/// A record of an XML file.
fn record(number: u32, invoice: bool) -> Segment {
    let (kind, sure, why) = match invoice {
        true => (Kind::Invoice, 1.0, vec!["发票结构化数据".to_string()]),
        false => (Kind::Other, 0.2, Vec::new()),
    };
    Segment { pages: (number, number), area: None, kind, confidence: Confidence::from_unit(sure), why }
}

#[cfg(test)]
mod tests;

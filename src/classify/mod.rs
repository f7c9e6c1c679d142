//! What each page is, and which pages make one document. Pure; names of files play no part.

mod data;
mod facts;
mod join;
mod number;
mod score;
mod split;

use crate::model::{Confidence, Kind, ReadBy, Reading, Segment};
use crate::pack::{Elements, Pack};

/// Cuts a reading into documents with their kinds. Every page that shows anything lies in at least one segment, but
/// for sheets that only part documents.
pub fn segments(reading: &Reading, pack: &Pack) -> Vec<Segment> {
    let kinds = score::kinds(pack);
    let elements = Elements::new(pack.lexicon("invoice_data"));
    let mut joiner = join::Joiner::new(&kinds);
    let mut out = Vec::new();
    let mut all: Vec<facts::Facts> = reading.pages.iter().map(|p| facts::Facts::of(p, None)).collect();
    let mut marks: Vec<_> = all.iter_mut().map(|f| (f.number, std::mem::take(&mut f.marks))).collect();
    number::without_running(&mut marks);
    all.iter_mut().zip(marks).for_each(|(f, (_, marks))| f.marks = marks);
    for (page, mut facts) in reading.pages.iter().zip(all) {
        facts.invoice_data = data::is_invoice(page, &elements);
        if page.read_by == ReadBy::Xml {
            // A record of data is a document; only its elements say what it is, never words among its values.
            joiner.close(&mut out);
            out.push(record(page.number, facts.invoice_data));
            continue;
        }
        if facts.is_separator() && joiner.falls_away(&facts) {
            joiner.close(&mut out);
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
    // An audit report that was taken up again behind its statements came late.
    out.sort_by_key(|s| s.pages.0);
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

//! What each page is, and which pages make one document. Pure; names of files play no part.

mod data;
mod facts;
mod join;
mod number;
mod score;
mod shape;
mod split;

use crate::model::{Confidence, Kind, ReadBy, Reading, Segment};
use crate::pack::{Elements, KindCues, Pack};

/// Cuts a reading into documents with their kinds. Every page that shows anything lies in at least one segment, but
/// for sheets that only part documents.
pub fn segments(reading: &Reading, pack: &Pack) -> Vec<Segment> {
    let walk = Walk::new(pack);
    let mut joiner = join::Joiner::new(&walk.kinds);
    let mut out = Vec::new();
    walk.through(reading, &mut joiner, &mut out);
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

/// How many pages of the second file go on with the last document of the first, why, and what the whole is. `series`: the second file's
/// name counts on from the first's.
pub fn goes_on(
    before: &Reading,
    after: &Reading,
    series: bool,
    pack: &Pack,
) -> Option<(u32, &'static str, Kind)> {
    let walk = Walk::new(pack);
    let mut joiner = join::Joiner::new(&walk.kinds);
    walk.through(before, &mut joiner, &mut Vec::new());
    let offset = before.pages.last()?.number;
    let (mut count, mut why) = (0, None);
    for (n, mut facts) in facts_of(after).into_iter().enumerate() {
        facts.number += offset;
        let scores = score::scores(&facts, &walk.kinds);
        if n == 0 {
            why = Some(joiner.crosses(&facts, &scores, series)?);
            joiner.take(&facts, &scores);
        } else if facts.is_separator() || !joiner.takes(&facts, &scores) {
            break;
        }
        count += 1;
    }
    Some((count, why?, joiner.kind()?))
}

/// What does not change from page to page.
struct Walk<'a> {
    kinds: Vec<(Kind, &'a KindCues)>,
    elements: Elements,
}

impl<'a> Walk<'a> {
    fn new(pack: &'a Pack) -> Self {
        Self { kinds: score::kinds(pack), elements: Elements::new(pack.lexicon("invoice_data")) }
    }

    /// Goes through the pages; the last document stays open.
    fn through(&self, reading: &Reading, joiner: &mut join::Joiner<'_>, out: &mut Vec<Segment>) {
        for (page, mut facts) in reading.pages.iter().zip(facts_of(reading)) {
            facts.invoice_data = data::is_invoice(page, &self.elements);
            if page.read_by == ReadBy::Xml {
                // A record of data is a document; only its elements say what it is, never words among its values.
                joiner.close(out);
                out.push(record(page.number, facts.invoice_data));
                continue;
            }
            if facts.is_separator() && joiner.falls_away(&facts) {
                joiner.close(out);
                continue;
            }
            let scores = score::scores(&facts, &self.kinds);
            let parts = split::parts(page, &facts, &scores, &self.kinds);
            if parts.len() > 1 && !facts.invoice_data && !joiner.within_form(&scores) {
                joiner.close(out);
                out.extend(parts);
                continue;
            }
            joiner.page(&facts, &scores, out);
        }
    }
}

/// The facts of all pages, without the numbers that count the bundle.
fn facts_of(reading: &Reading) -> Vec<facts::Facts> {
    let mut all: Vec<facts::Facts> = reading.pages.iter().map(|p| facts::Facts::of(p, None)).collect();
    let mut marks: Vec<_> = all.iter_mut().map(|f| (f.number, std::mem::take(&mut f.marks))).collect();
    number::without_running(&mut marks);
    all.iter_mut().zip(marks).for_each(|(f, (_, marks))| f.marks = marks);
    all
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

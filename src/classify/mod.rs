//! What each page is, and which pages make one document. Pure; names of files play no part.

mod facts;
mod join;
mod score;
mod split;

use crate::model::{Kind, Reading, Segment};
use crate::pack::Pack;

/// Cuts a reading into documents with their kinds. Every page that shows anything lies in at least one segment.
pub fn segments(reading: &Reading, pack: &Pack) -> Vec<Segment> {
    let kinds = score::kinds(pack);
    let mut joiner = join::Joiner::new(&kinds);
    let mut out = Vec::new();
    for page in &reading.pages {
        let facts = facts::Facts::of(page, None);
        let scores = score::scores(&facts, &kinds);
        let parts = split::parts(page, &facts, &scores, &kinds);
        if parts.len() > 1 && !joiner.within_form(&scores) {
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
        let confidence = crate::model::Confidence::from_unit(0.1);
        out.push(Segment { pages: (1, last), area: None, kind: Kind::Other, confidence, why: Vec::new() });
    }
    out
}

#[cfg(test)]
mod tests;

//! A document that goes on in another file: pages of a contract handed in one by one.

use super::{COVER, Evidence, Joiner, Open};
use crate::classify::facts::Facts;
use crate::classify::score::Score;
use crate::model::Kind;

/// Kinds that are handed in in parts.
const IN_PARTS: &[Kind] =
    &[Kind::Contract, Kind::AuditReport, Kind::SpecialAudit, Kind::ServiceList, Kind::SummaryTable];
/// A page with fewer characters may be anything: a photograph, a stamp.
const ENOUGH: usize = 60;

impl Joiner<'_> {
    /// Why the first page of another file goes on with the open document, if it does. `series`: the file's name counts
    /// on from the one before. A page that begins something never goes on.
    pub(in crate::classify) fn crosses(
        &self,
        facts: &Facts,
        scores: &[Score],
        series: bool,
    ) -> Option<&'static str> {
        let open = self.open.as_ref()?;
        let kind = open.segment.kind;
        if facts.flow || facts.is_blank() || facts.is_separator() {
            return None;
        }
        let best = scores.first().filter(|s| s.holds());
        let evidence = Evidence::of(open, facts);
        if self.behind_cover(open, best, &evidence) {
            return Some("封面之后的正文，合同编号相同");
        }
        if !IN_PARTS.contains(&kind) {
            return None;
        }
        let fits = best.is_none_or(|b| b.kind == kind || (b.titled() == 0 && b.points < b.minimum + 4))
            && !evidence.anew;
        let headless = best.is_none_or(|b| b.titled() < 4) && !facts.begins();
        if !fits || evidence.other_id {
            return None;
        }
        if evidence.next && best.is_none_or(|b| b.titled() < 5) {
            return Some("页码与前一文件相接");
        }
        if evidence.same_id && headless && !evidence.ended {
            return Some("合同编号与前一文件相同，且没有首页");
        }
        let counted = open.mark.zip(facts.mark()).is_some_and(|(a, b)| a.before(b));
        let open_ended = counted || !is_signed(&open.text);
        let part = series && self.is_part(kind, facts) && !evidence.anew && !evidence.other_id;
        if part && best.is_none_or(|b| b.titled() <= 5 && b.kind != Kind::Invoice) {
            return Some("文件名与前一文件相接，且为其附件");
        }
        if !headless {
            return None;
        }
        let goes_on = series && !evidence.ended && open_ended && facts.len() >= ENOUGH;
        goes_on.then_some("文件名与前一文件相接，且没有首页")
    }

    /// Whether the open document is but a cover, and the page begins the contract of the same number.
    fn behind_cover(&self, open: &Open, best: Option<&Score>, evidence: &Evidence) -> bool {
        let cover = open.text.chars().count() < COVER
            && (open.segment.kind == Kind::Contract || open.cover_of == Some(Kind::Contract));
        cover && evidence.same_id && best.is_some_and(|b| b.kind == Kind::Contract)
    }
}

/// Whether a text ends with the places for both parties' seals.
fn is_signed(text: &str) -> bool {
    let tail: String = {
        let chars: Vec<char> = text.chars().collect();
        chars[chars.len().saturating_sub(500)..].iter().collect()
    };
    ["盖章", "签章", "签字", "(章)"].iter().map(|w| tail.matches(w).count()).sum::<usize>() >= 2
}

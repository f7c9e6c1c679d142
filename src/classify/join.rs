//! Joins pages into documents: what continues, and what begins anew.

mod across;
mod halves;

use halves::{is_back_of_bill, statement_goes_on};

use super::facts::Facts;
use super::number::Mark;
use super::score::{Score, title};
use crate::model::{Confidence, Kind, Segment};
use crate::pack::KindCues;

/// Kinds whose further pages carry no cue of their own.
const LONG: &[Kind] = &[
    Kind::ApplicationForm,
    Kind::Contract,
    Kind::AuditReport,
    Kind::SpecialAudit,
    Kind::ServiceList,
    Kind::SummaryTable,
    Kind::EvidenceList,
];
const STATEMENTS: &[Kind] = &[Kind::BalanceSheet, Kind::IncomeStatement, Kind::CashFlow];

/// Kinds that a page with a heading of its own does not continue: an annex may have one, a list has none.
const LISTS: &[Kind] = &[Kind::ServiceList, Kind::SummaryTable, Kind::EvidenceList, Kind::Other];
const AUDITS: &[Kind] = &[Kind::AuditReport, Kind::SpecialAudit];
/// A contract's page with fewer characters is its cover.
const COVER: usize = 260;

/// What page numbers, sizes and contract numbers say about a page behind an open document.
struct Evidence {
    /// Its number comes right after.
    next: bool,
    /// Its number begins anew or counts other pages.
    anew: bool,
    /// The document has reached its last page by its own words.
    ended: bool,
    /// It names the same contract.
    same_id: bool,
    /// It names another contract and not the same.
    other_id: bool,
    /// It is a slip behind sheets, or a sheet behind slips.
    other_paper: bool,
}

impl Evidence {
    fn of(open: &Open, facts: &Facts) -> Self {
        let marks = open.mark.zip(facts.mark());
        let next = marks.is_some_and(|(a, b)| a.before(b) && a.of.is_some());
        let anew = marks.is_some_and(|(a, b)| {
            !a.before(b) && (b.n == 1 || (a.of.is_some() && b.of.is_some() && a.of != b.of))
        });
        let ended = open.marked && open.mark.is_some_and(Mark::is_last) && !next;
        let same_id = facts.ids.iter().any(|id| open.ids.contains(id));
        let other_id = !same_id && !facts.ids.is_empty() && !open.ids.is_empty();
        let other_paper = !facts.flow && !facts.ocr && other_paper(open.size, facts.size);
        Self { next, anew, ended, same_id, other_id, other_paper }
    }
}

/// Whether two sizes are those of different papers, whichever way they lie. Scans are cut as they come: they are not
/// asked.
fn other_paper(a: (f32, f32), b: (f32, f32)) -> bool {
    let sides = |(w, h): (f32, f32)| (w.min(h), w.max(h));
    let (a, b) = (sides(a), sides(b));
    let far = |x: f32, y: f32| (x - y).abs() > 0.12 * x.max(y);
    far(a.0, b.0) || far(a.1, b.1)
}

/// A document whose end is not reached yet.
struct Open {
    segment: Segment,
    title: Option<String>,
    /// The last page number that was printed, counted on over pages without.
    mark: Option<Mark>,
    /// Every page so far carries a number.
    marked: bool,
    text: String,
    /// Numbers of contracts on its pages.
    ids: Vec<String>,
    /// The size of its last page.
    size: (f32, f32),
    /// A title of this kind stands on a page that shows too little to be sure: a cover.
    cover_of: Option<Kind>,
}

/// Goes through the pages in order.
pub(super) struct Joiner<'a> {
    kinds: &'a [(Kind, &'a KindCues)],
    open: Option<Open>,
    /// Where in the output the audit report lies whose statements are being read.
    audit: Option<(usize, Open)>,
}

impl<'a> Joiner<'a> {
    pub(super) fn new(kinds: &'a [(Kind, &'a KindCues)]) -> Self {
        Self { kinds, open: None, audit: None }
    }

    /// Ends the open document.
    pub(super) fn close(&mut self, out: &mut Vec<Segment>) {
        out.extend(self.open.take().map(|o| o.segment));
        self.audit = None;
    }

    /// Whether the page lies inside a form whose own words it shows.
    pub(super) fn within_form(&self, scores: &[Score]) -> bool {
        self.open.as_ref().is_some_and(|o| o.segment.kind == Kind::ApplicationForm)
            && scores.first().is_some_and(|s| s.kind == Kind::ApplicationForm && s.holds())
    }

    /// Whether a sheet with little on it parts documents here and is not a page of the open one.
    pub(super) fn falls_away(&self, facts: &Facts) -> bool {
        let Some(open) = &self.open else { return true };
        if open.mark.zip(facts.mark()).is_some_and(|(a, b)| a.before(b)) && open.marked {
            return false;
        }
        let text = &facts.text;
        match open.segment.kind {
            // Headings of the form stand alone on a page as well.
            Kind::ApplicationForm => text.starts_with("附件") || text.starts_with("证明材料"),
            Kind::Contract => {
                let named = |(_, cues): &&(Kind, &KindCues)| {
                    cues.parts.iter().any(|p| p != "附件" && text.contains(p.as_str()))
                };
                !self.kinds.iter().find(|(k, _)| *k == Kind::Contract).as_ref().is_some_and(named)
            }
            _ => true,
        }
    }

    /// Takes the next page.
    pub(super) fn page(&mut self, facts: &Facts, scores: &[Score], out: &mut Vec<Segment>) {
        if facts.is_blank() {
            // A long table of a flowing document leaves its further pages empty.
            if let Some(open) = self.open.as_mut().filter(|_| facts.flow) {
                open.segment.pages.1 = facts.number;
            }
            return;
        }
        let best = scores.first().filter(|s| s.holds());
        if self.open.as_ref().is_some_and(|open| self.continues(open, facts, best)) {
            self.extend(facts, best, scores);
            return;
        }
        if self.back_to_audit(facts, best, out) {
            self.extend(facts, None, scores);
            return;
        }
        self.finish(facts, best, out);
        let (kind, sure, why) = match best {
            Some(best) => (best.kind, confidence(best, scores.get(1), facts.ocr), best.why.clone()),
            None => (Kind::Other, Confidence::from_unit(0.2), Vec::new()),
        };
        let segment =
            Segment { pages: (facts.number, facts.number), area: None, kind, confidence: sure, why };
        let title = best.and_then(|b| b.title.as_ref()).map(|t| t.text.clone());
        // A statement broken over two pages shows on neither all that makes one.
        let first_half = |s: &Score| {
            STATEMENTS.contains(&s.kind)
                && s.title.as_ref().is_some_and(|t| facts.rows[t.row].y < 0.3)
                && s.why.len() >= 4
        };
        let cover = scores.iter().filter(|s| (LONG.contains(&s.kind) || first_half(s)) && s.titled() >= 4);
        self.open = Some(Open {
            segment,
            title,
            mark: facts.mark(),
            marked: facts.mark().is_some(),
            text: facts.text.clone(),
            ids: facts.ids.clone(),
            size: facts.size,
            cover_of: cover.max_by_key(|s| (s.titled(), s.points)).map(|s| s.kind),
        });
    }

    /// The kind of the open document.
    pub(super) fn kind(&self) -> Option<Kind> {
        self.open.as_ref().map(|o| o.segment.kind)
    }

    /// Takes a page of another file into the open document.
    pub(super) fn take(&mut self, facts: &Facts, scores: &[Score]) {
        self.extend(facts, scores.first().filter(|s| s.holds()), scores);
    }

    /// Takes a further page of another file if it goes on with the open document.
    pub(super) fn takes(&mut self, facts: &Facts, scores: &[Score]) -> bool {
        let best = scores.first().filter(|s| s.holds());
        let goes_on = facts.is_blank() || self.open.as_ref().is_some_and(|o| self.continues(o, facts, best));
        if goes_on {
            self.extend(facts, best, scores);
        }
        goes_on
    }

    /// The page belongs to the open document.
    fn extend(&mut self, facts: &Facts, best: Option<&Score>, scores: &[Score]) {
        let Some(open) = &mut self.open else { return };
        if let Some(half) = open.half().filter(|_| best.is_none()) {
            open.segment.kind = half;
            open.segment.confidence = Confidence::from_unit(0.8);
        }
        if let Some(best) = best.filter(|b| open.segment.kind == Kind::Other && b.kind != Kind::Other) {
            // The cover before it was its own.
            open.segment.kind = best.kind;
            open.segment.confidence = confidence(best, scores.get(1), facts.ocr);
            open.segment.why.clone_from(&best.why);
            open.title = best.title.as_ref().map(|t| t.text.clone());
        }
        open.segment.pages.1 = facts.number;
        let counted = open.mark.map(|m| Mark { n: m.n + 1, ..m });
        open.mark = facts.mark().or(counted);
        open.marked &= facts.mark().is_some();
        open.text.push_str(&facts.text);
        open.ids.extend(facts.ids.iter().cloned());
        open.size = facts.size;
    }

    /// Ends the open document before a page of another one; statements behind an audit report lie inside it.
    fn finish(&mut self, facts: &Facts, best: Option<&Score>, out: &mut Vec<Segment>) {
        let Some(open) = self.open.take() else { return };
        let (from, to) = (open.segment.kind, best.map(|b| b.kind));
        let statement = to.is_some_and(|k| STATEMENTS.contains(&k));
        out.push(open.segment.clone());
        if statement && AUDITS.contains(&from) && open.segment.pages.1 + 1 == facts.number {
            self.audit = Some((out.len() - 1, open));
        } else if STATEMENTS.contains(&from)
            && let Some((at, _)) = &self.audit
        {
            out[*at].pages.1 = open.segment.pages.1;
            if !statement {
                self.audit = None;
            }
        }
    }

    /// Notes behind the statements belong to the audit report before them: it is taken up again.
    fn back_to_audit(&mut self, facts: &Facts, best: Option<&Score>, out: &mut Vec<Segment>) -> bool {
        let statement = self.open.as_ref().is_some_and(|o| STATEMENTS.contains(&o.segment.kind));
        let note = match best {
            None => true,
            Some(b) if b.kind == Kind::Other => {
                b.title.as_ref().is_some_and(|t| ["附注", "变动表"].iter().any(|w| t.text.contains(w)))
            }
            Some(b) => AUDITS.contains(&b.kind) && b.titled() < 5,
        };
        if !statement || !note || facts.mark().is_some_and(|m| m.n == 1) {
            return false;
        }
        let Some((at, audit)) = self.audit.take() else { return false };
        out.extend(self.open.take().map(|o| o.segment));
        out.remove(at);
        self.open = Some(audit);
        true
    }

    fn continues(&self, open: &Open, facts: &Facts, best: Option<&Score>) -> bool {
        let kind = open.segment.kind;
        let evidence = Evidence::of(open, facts);
        let next_mark = evidence.next;
        if kind == Kind::Payment && is_back_of_bill(&open.text, &facts.text) {
            return true;
        }
        let Some(best) = best else {
            if self.is_part(kind, facts) && !evidence.anew {
                return true;
            }
            if evidence.anew || evidence.other_paper {
                return false;
            }
            if let Some(half) = open.half() {
                return statement_goes_on(half, open, facts);
            }
            let begins = LISTS.contains(&kind) && facts.begins() && !next_mark;
            return (LONG.contains(&kind) && !evidence.ended && !begins)
                || (kind == Kind::Other && !begins)
                || next_mark
                || (STATEMENTS.contains(&kind) && statement_goes_on(kind, open, facts));
        };
        if kind == Kind::ApplicationForm {
            return form_goes_on(open, facts, best);
        }
        if self.is_part(kind, facts) && best.titled() <= 5 && best.kind != Kind::Invoice {
            return true;
        }
        if kind == Kind::Other && open.cover_of == Some(best.kind) {
            let pages = facts.number - open.segment.pages.0;
            return pages <= 3 && !(evidence.anew && pages > 1);
        }
        if best.kind == kind {
            return self.same_kind_goes_on(open, facts, best, &evidence);
        }
        // 目录 behind the cover names what follows as if it were there.
        let contents = matches!(best.kind, Kind::Other | Kind::EvidenceList)
            && LONG.contains(&kind)
            && facts.number == open.segment.pages.0 + 1
            && open.text.chars().count() < COVER;
        if contents && facts.rows.iter().any(|r| r.text == "目录" && r.y < 0.3) {
            return true;
        }
        let untitled = best.titled() == 0;
        let weak = best.points < best.minimum + 4;
        (untitled && next_mark)
            || (untitled
                && weak
                && !evidence.anew
                && matches!(kind, Kind::Contract | Kind::AuditReport | Kind::SpecialAudit))
            || (matches!(
                (kind, best.kind),
                (Kind::AuditReport, Kind::SpecialAudit) | (Kind::SpecialAudit, Kind::AuditReport)
            ) && (untitled || (!evidence.anew && !is_opinion(&open.text))))
    }

    /// Whether the page is a titled part of a document of this kind: a price list of a contract, the list of an invoice.
    fn is_part(&self, kind: Kind, facts: &Facts) -> bool {
        let Some((_, cues)) = self.kinds.iter().find(|(k, _)| *k == kind) else { return false };
        if cues.parts.is_empty() {
            return false;
        }
        let parts = KindCues { titles: cues.parts.clone(), ..KindCues::default() };
        title(facts, &parts).is_some_and(|t| t.weight >= 3 && facts.rows[t.row].y < 0.35)
    }

    fn same_kind_goes_on(&self, open: &Open, facts: &Facts, best: &Score, evidence: &Evidence) -> bool {
        let next_mark = evidence.next;
        let same_title = best.title.as_ref().is_some_and(|t| open.title.as_ref() == Some(&t.text));
        match best.kind {
            // Every page of a long 数电票 bears its title and number.
            Kind::Invoice => {
                self.is_part(Kind::Invoice, facts)
                    || (next_mark && (best.titled() == 0 || shares_number(&open.text, &facts.text)))
            }
            Kind::Payment => next_mark && best.titled() == 0,
            Kind::Contract => {
                let cover = open.text.chars().count() < COVER && open.segment.pages.0 + 1 == facts.number;
                let first = evidence.anew || (evidence.other_id && best.titled() >= 3);
                next_mark
                    || (cover && !evidence.other_id && (same_title || evidence.same_id || best.titled() < 4))
                    || (!first && (best.titled() < 4 || !opens_contract(facts)))
            }
            Kind::AuditReport | Kind::SpecialAudit => {
                best.titled() < 5 || next_mark || !is_opinion(&open.text)
            }
            Kind::BalanceSheet | Kind::IncomeStatement | Kind::CashFlow => {
                next_mark || facts.text.contains("(续)") || statement_goes_on(best.kind, open, facts)
            }
            Kind::BusinessLicence | Kind::TaxCertificate | Kind::IpCertificate => {
                best.titled() == 0 && (next_mark || best.kind != Kind::TaxCertificate)
            }
            Kind::Screenshot | Kind::ApplicationForm => true,
            Kind::Other => false,
            _ => best.titled() < 4 || same_title || next_mark,
        }
    }
}

/// Whether both texts give the same twenty-digit number.
fn shares_number(a: &str, b: &str) -> bool {
    let mut numbers = a.split(|c: char| !c.is_ascii_digit()).filter(|n| n.len() == 20);
    numbers.any(|n| b.split(|c: char| !c.is_ascii_digit()).any(|m| m == n))
}

/// Inside the form: its own pages, its commitment, and plan pages that merely speak of other papers.
fn form_goes_on(open: &Open, facts: &Facts, best: &Score) -> bool {
    // Behind the heading of the evidence section anything with a title begins a document.
    let evidence = open.text.contains("有关证明材料") || open.text.contains("证明材料请列明清单");
    let top = best.title.as_ref().is_some_and(|t| facts.rows[t.row].y < 0.3);
    match best.kind {
        Kind::ApplicationForm => {
            let cover = |t: &str| t.contains("申报书") && t.contains("推荐单位") && t.contains("申报日期");
            !(cover(&facts.text) && cover(&open.text) && best.titled() >= 4)
        }
        Kind::Commitment => true,
        Kind::Screenshot | Kind::Other => !evidence,
        Kind::ServiceList | Kind::EvidenceList => !(top && best.titled() >= 4),
        Kind::SummaryTable => best.titled() < 4,
        _ => best.titled() < 3 && best.points < best.minimum + 4,
    }
}

/// Whether an auditor's opinion has been given: what is titled as a report behind it is another one.
fn is_opinion(text: &str) -> bool {
    ["我们审计了", "我们认为", "我们接受委托", "接受委托"].iter().any(|w| text.contains(w))
        || text.chars().count() > 1500
}

/// A page on which a contract begins names its parties or its number in the upper part.
fn opens_contract(facts: &Facts) -> bool {
    let upper = facts.rows.iter().filter(|r| r.y < 0.65 || facts.flow);
    let text: String = upper.map(|r| r.text.as_str()).collect();
    let first =
        ["甲方", "买方", "需方", "委托方", "采购方", "购买方", "发包方", "委托人", "合同编号", "协议编号"];
    first.iter().any(|w| text.contains(w))
}

/// How surely a page is of a kind.
pub(super) fn confidence(best: &Score, second: Option<&Score>, ocr: bool) -> Confidence {
    let over = (best.points - best.minimum).clamp(0, 12) as f32;
    let base = if best.titled() >= 3 { 0.86 + 0.012 * over } else { 0.62 + 0.025 * over };
    let close = second.is_some_and(|s| s.holds() && best.points - s.points < 3);
    let sure = base - if close { 0.15 } else { 0.0 };
    Confidence::from_unit(if ocr { sure * 0.97 } else { sure })
}

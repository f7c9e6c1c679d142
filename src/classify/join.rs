//! Joins pages into documents: what continues, and what begins anew.

use super::facts::Facts;
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

/// A document whose end is not reached yet.
struct Open {
    segment: Segment,
    title: Option<String>,
    mark: Option<(u32, u32)>,
    text: String,
}

/// Goes through the pages in order.
pub(super) struct Joiner<'a> {
    kinds: &'a [(Kind, &'a KindCues)],
    open: Option<Open>,
}

impl<'a> Joiner<'a> {
    pub(super) fn new(kinds: &'a [(Kind, &'a KindCues)]) -> Self {
        Self { kinds, open: None }
    }

    /// Ends the open document.
    pub(super) fn close(&mut self, out: &mut Vec<Segment>) {
        out.extend(self.open.take().map(|o| o.segment));
    }

    /// Whether the page lies inside a form whose own words it shows.
    pub(super) fn within_form(&self, scores: &[Score]) -> bool {
        self.open.as_ref().is_some_and(|o| o.segment.kind == Kind::ApplicationForm)
            && scores.first().is_some_and(|s| s.kind == Kind::ApplicationForm && s.holds())
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
        let joins = self.open.as_ref().is_some_and(|open| self.continues(open, facts, best));
        if joins && let Some(open) = &mut self.open {
            open.segment.pages.1 = facts.number;
            open.mark = facts.mark.or(open.mark.map(|(n, total)| (n + 1, total)));
            open.text.push_str(&facts.text);
            return;
        }
        self.close(out);
        let (kind, sure, why) = match best {
            Some(best) => (best.kind, confidence(best, scores.get(1), facts.ocr), best.why.clone()),
            None => (Kind::Other, Confidence::from_unit(0.2), Vec::new()),
        };
        let segment =
            Segment { pages: (facts.number, facts.number), area: None, kind, confidence: sure, why };
        let title = best.and_then(|b| b.title.as_ref()).map(|t| t.text.clone());
        self.open = Some(Open { segment, title, mark: facts.mark, text: facts.text.clone() });
    }

    fn continues(&self, open: &Open, facts: &Facts, best: Option<&Score>) -> bool {
        let kind = open.segment.kind;
        let next_mark = match (open.mark, facts.mark) {
            (Some((n, total)), Some((m, of))) => m == n + 1 && of == total,
            _ => false,
        };
        let Some(best) = best else {
            return LONG.contains(&kind)
                || kind == Kind::Other
                || next_mark
                || self.is_part(kind, facts)
                || (STATEMENTS.contains(&kind) && self.statement_goes_on(open, facts));
        };
        if kind == Kind::ApplicationForm {
            return form_goes_on(open, facts, best);
        }
        if self.is_part(kind, facts) && best.titled() <= 5 && best.kind != Kind::Invoice {
            return true;
        }
        if best.kind == kind {
            return self.same_kind_goes_on(open, facts, best, next_mark);
        }
        let untitled = best.titled() == 0;
        let weak = best.points < best.minimum + 4;
        (untitled && next_mark)
            || (untitled && weak && matches!(kind, Kind::Contract | Kind::AuditReport | Kind::SpecialAudit))
            || (matches!(
                (kind, best.kind),
                (Kind::AuditReport, Kind::SpecialAudit) | (Kind::SpecialAudit, Kind::AuditReport)
            ) && (untitled || !open.text.contains("我们审计了")))
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

    fn same_kind_goes_on(&self, open: &Open, facts: &Facts, best: &Score, next_mark: bool) -> bool {
        let same_title = best.title.as_ref().is_some_and(|t| open.title.as_ref() == Some(&t.text));
        match best.kind {
            // Every page of a long 数电票 bears its title and number.
            Kind::Invoice => {
                self.is_part(Kind::Invoice, facts)
                    || (next_mark && (best.titled() == 0 || shares_number(&open.text, &facts.text)))
            }
            Kind::Payment => next_mark && best.titled() == 0,
            Kind::Contract => best.titled() < 4 || next_mark || !opens_contract(facts),
            Kind::AuditReport | Kind::SpecialAudit => {
                best.titled() < 5 || next_mark || !open.text.contains("我们审计了")
            }
            Kind::BalanceSheet | Kind::IncomeStatement | Kind::CashFlow => {
                next_mark || facts.text.contains("(续)") || self.statement_goes_on(open, facts)
            }
            Kind::BusinessLicence | Kind::TaxCertificate | Kind::IpCertificate => {
                best.titled() == 0 && (next_mark || best.kind != Kind::TaxCertificate)
            }
            Kind::Screenshot | Kind::ApplicationForm => true,
            Kind::Other => false,
            _ => best.titled() < 4 || same_title || next_mark,
        }
    }

    /// A statement cut over two pages: the second half brings what the first has not.
    fn statement_goes_on(&self, open: &Open, facts: &Facts) -> bool {
        let (head, tail): (&[&str], &[&str]) = match open.segment.kind {
            Kind::BalanceSheet => (
                &["货币资金", "资产总计"],
                &[
                    "所有者权益总计",
                    "所有者权益(或股东权益)总计",
                    "股东权益总计",
                    "负债和所有者权益合计",
                    "权益合计",
                ],
            ),
            Kind::IncomeStatement => (&["营业收入", "营业成本"], &["净利润"]),
            _ => (&["销售商品"], &["期末现金及现金等价物余额", "净增加额"]),
        };
        let any = |text: &str, words: &[&str]| words.iter().any(|w| text.contains(w));
        !any(&open.text, tail) && any(&facts.text, tail) && !any(&facts.text, head)
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

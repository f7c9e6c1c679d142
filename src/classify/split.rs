//! Pages that hold several documents: receipts one below the other, two statements on a sheet.

use super::facts::Facts;
use super::join::confidence;
use super::score::{Score, scores, titles};
use crate::model::{BBox, Kind, Page, Segment};
use crate::pack::KindCues;

/// Kinds that come several to a page.
const SMALL: &[Kind] = &[
    Kind::Payment,
    Kind::Invoice,
    Kind::BalanceSheet,
    Kind::IncomeStatement,
    Kind::CashFlow,
    Kind::TaxCertificate,
    Kind::BusinessLicence,
];
/// Statements that share a sheet.
const STATEMENTS: &[Kind] = &[Kind::BalanceSheet, Kind::IncomeStatement, Kind::CashFlow];

/// The documents of a page, when it shows more than one.
pub(super) fn parts(page: &Page, facts: &Facts, all: &[Score], kinds: &[(Kind, &KindCues)]) -> Vec<Segment> {
    if facts.flow {
        return shared_sheet(page, all);
    }
    let mut anchors: Vec<(f32, Kind)> = Vec::new();
    for (kind, cues) in kinds.iter().filter(|(k, _)| SMALL.contains(k)) {
        for title in titles(facts, cues) {
            // "发票联" stands below the title of the same invoice.
            if title.text.ends_with('联') && title.text.chars().count() <= 4 {
                continue;
            }
            if let Some(bbox) = facts.rows[title.row].bbox {
                anchors.push((bbox.y0, *kind));
            }
        }
    }
    anchors.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut tops: Vec<f32> = Vec::new();
    for (y, _) in anchors {
        if tops.last().is_none_or(|last| y - last > (0.12 * page.height).max(100.0)) {
            tops.push(y);
        }
    }
    if tops.len() < 2 {
        return Vec::new();
    }
    let mut cuts = vec![0.0];
    cuts.extend(tops.windows(2).map(|w| cut_before(facts, w[0], w[1])));
    cuts.push(page.height);
    let mut out = Vec::new();
    for zone in cuts.windows(2) {
        let area = BBox::new(0.0, zone[0], page.width, zone[1]);
        let part = Facts::of(page, Some(area));
        let scored = scores(&part, kinds);
        match scored.first() {
            Some(best) if best.holds() && SMALL.contains(&best.kind) => {
                out.push(segment(page.number, Some(area), &scored, facts.ocr));
            }
            // What is no document of its own belongs to the one above it.
            _ => {
                let Some(last) = out.last_mut() else { return Vec::new() };
                let last: &mut Segment = last;
                last.area = last.area.map(|a| a.union(area));
            }
        }
    }
    if out.len() > 1 { out } else { Vec::new() }
}

/// The widest gap between rows above a title: a bank's name and logo stand above it and belong to it.
fn cut_before(facts: &Facts, above: f32, title: f32) -> f32 {
    let mut edges: Vec<(f32, f32)> = facts
        .rows
        .iter()
        .filter_map(|r| r.bbox)
        .filter(|b| b.y0 > above && b.y0 <= title + 1.0)
        .map(|b| (b.y0, b.y1))
        .collect();
    edges.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut gaps: Vec<(f32, f32)> = Vec::new();
    let mut low = f32::MIN;
    for (y0, y1) in edges {
        if low > f32::MIN && y0 > low && y0 > title - 90.0 {
            gaps.push((y0 - low, (y0 + low) / 2.0));
        }
        low = low.max(y1);
    }
    // The gap right above the title, unless one further up is clearly wider.
    let mut best = gaps.pop().unwrap_or((0.0, title - 3.0));
    for gap in gaps.into_iter().rev() {
        if gap.0 > 1.5 * best.0 {
            best = gap;
        }
    }
    best.1
}

/// Balance sheet and income statement on one sheet of a workbook: both see all of it.
fn shared_sheet(page: &Page, all: &[Score]) -> Vec<Segment> {
    let fits = |s: &&Score| STATEMENTS.contains(&s.kind) && s.holds() && s.titled() > 0;
    if !all.first().is_some_and(|best| STATEMENTS.contains(&best.kind)) {
        return Vec::new();
    }
    let chosen = all.iter().filter(fits).map(|s| segment(page.number, None, std::slice::from_ref(s), false));
    let mut out: Vec<Segment> = chosen.collect();
    out.sort_by_key(|s| s.kind);
    out
}

fn segment(page: u32, area: Option<BBox>, scored: &[Score], ocr: bool) -> Segment {
    let best = &scored[0];
    Segment {
        pages: (page, page),
        area,
        kind: best.kind,
        confidence: confidence(best, scored.get(1), ocr),
        why: best.why.clone(),
    }
}

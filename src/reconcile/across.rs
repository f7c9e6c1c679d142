//! Invoices that their seller did not bring to a row: by goods and amount, and copies of what other rows have.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::graph::Graph;
use super::invoices::{is_near, open_papers, open_rows, reasons, slack, whole};
use crate::model::Category;

/// Rows without an invoice and invoices without a row, whoever the seller: by goods and amount together, or by either
/// if nothing else fits.
pub(super) fn link(graph: &mut Graph<'_>, invoices: &[usize]) {
    let rows: Vec<usize> =
        (0..graph.claims.len()).filter(|r| graph.claims[*r].category != Some(Category::Labour)).collect();
    by_lines(graph, &rows, invoices);
    for need in [2.0f32, 1.0] {
        // How well each open row fits each open invoice; both sets only shrink.
        let mut fits: BTreeMap<usize, Vec<(usize, f32)>> = BTreeMap::new();
        let open = open_rows(graph, &rows);
        let papers = open_papers(graph, invoices);
        for paper in &papers {
            for row in &open {
                let fit = affinity(graph, *row, *paper);
                if fit > 0.0 {
                    fits.entry(*row).or_default().push((*paper, fit));
                }
            }
        }
        for paper in papers {
            let mut scored: Vec<(f32, usize)> = open_rows(graph, &rows)
                .into_iter()
                .filter_map(|r| {
                    let fit = fits.get(&r)?.iter().find(|f| f.0 == paper)?.1;
                    Some((fit + f32::from(u8::from(is_near(graph, r, paper))) * 0.3, r))
                })
                .filter(|s| s.0 >= need)
                .collect();
            scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            let Some(&(best, row)) = scored.first() else { continue };
            let clear = scored.get(1).is_none_or(|s| best - s.0 >= 0.12);
            // The same row may fit another invoice better.
            let rivals = fits.get(&row).into_iter().flatten();
            let rival = rivals.into_iter().any(|(p, fit)| *p != paper && !graph.is_used(*p) && *fit >= best);
            if clear && !rival {
                let whys = reasons(graph, row, paper, "品名或金额与清单相符");
                graph.add(whole(graph, row, paper, true, whys));
            }
        }
    }
}

/// An invoice for several rows whose lines name the goods of rows and cost what those claim: each line one row, and
/// that row no other line.
fn by_lines(graph: &mut Graph<'_>, rows: &[usize], invoices: &[usize]) {
    let same = graph.matching.goods();
    for paper in open_papers(graph, invoices) {
        let open = open_rows(graph, rows);
        let mut found: Vec<(usize, Option<Decimal>, Option<Decimal>)> = Vec::new();
        for (name, gross, net) in &graph.papers[paper].lines {
            let fits = |r: &&usize| {
                let claim = &graph.claims[**r];
                let equal = |a: &Option<Decimal>| matches!((a, claim.total), (Some(a), Some(t)) if (a - t).abs() <= slack(claim) && !t.is_zero());
                name.alike(&claim.name, same) >= same && (equal(gross) || equal(net))
            };
            let fitting: Vec<usize> = open.iter().filter(fits).copied().collect();
            if let [row] = fitting[..] {
                found.push((row, *gross, *net));
            }
        }
        let twice = |row: usize| found.iter().filter(|f| f.0 == row).count() > 1;
        let certain: Vec<_> = found.iter().filter(|f| !twice(f.0)).copied().collect();
        if certain.len() < 2 {
            continue;
        }
        for (row, gross, net) in certain {
            let why = reasons(graph, row, paper, "品名和金额均与清单相符");
            let mut edge = whole(graph, row, paper, true, why);
            (edge.share, edge.net) = (gross, net);
            graph.add(edge);
        }
    }
}

/// A copy of an invoice that another row already has may be the evidence of a row that has none: the rows then share
/// one invoice, and the checks see that it does not suffice for both.
pub(super) fn by_copies(graph: &mut Graph<'_>, invoices: &[usize]) {
    let rows: Vec<usize> = (0..graph.claims.len()).collect();
    for &paper in invoices {
        let copies = graph.papers[paper].copies.len();
        if copies == 0 || !graph.is_used(paper) {
            continue;
        }
        let fitting: Vec<usize> = open_rows(graph, &rows)
            .into_iter()
            .filter(|r| affinity(graph, *r, paper) >= 1.0)
            .take(copies)
            .collect();
        graph.tie(&fitting, &[paper], "另附有同一发票的复印件");
    }
}

fn affinity(graph: &Graph<'_>, row: usize, paper: usize) -> f32 {
    let (claim, p) = (&graph.claims[row], &graph.papers[paper]);
    let same = graph.matching.goods();
    let name = p.lines.iter().map(|l| l.0.alike(&claim.name, same)).fold(0.0, f32::max);
    let mut score = if name >= same { name } else { 0.0 };
    let equal = |a: Option<Decimal>| matches!((a, claim.total), (Some(a), Some(t)) if (a - t).abs() <= slack(claim) && !t.is_zero());
    if equal(p.due()) || equal(p.due_net()) {
        score += 1.0;
    }
    if graph.makes(row, paper) {
        score += 1.0;
    }
    score
}

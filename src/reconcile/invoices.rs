//! Rows and invoices, seller by seller: lines by name, exact amounts, subset sums, then what is left over.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::facts::{Claim, Paper, alike, near};
use super::graph::{Edge, Graph};
use super::sums::subsets;
use crate::model::{Category, Kind};

/// Likeness from which two goods' names mean the same.
const SAME: f32 = 0.6;

/// Links rows to invoices.
pub(super) fn link(graph: &mut Graph<'_>) {
    let invoices = graph.of(Kind::Invoice);
    let groups: BTreeSet<usize> = invoices.iter().filter_map(|p| graph.papers[*p].group).collect();
    let sellers: Vec<BTreeSet<usize>> = (0..graph.claims.len()).map(|r| graph.sellers_of(r)).collect();
    for group in groups {
        let rows: Vec<usize> = (0..graph.claims.len()).filter(|r| sellers[*r].contains(&group)).collect();
        let papers: Vec<usize> =
            invoices.iter().copied().filter(|p| graph.papers[*p].group == Some(group)).collect();
        within_seller(graph, &rows, &papers);
    }
    across_sellers(graph, &invoices);
    by_copies(graph, &invoices);
    for row in 0..graph.claims.len() {
        share_out(graph, row);
    }
}

fn within_seller(graph: &mut Graph<'_>, rows: &[usize], papers: &[usize]) {
    if rows.is_empty() || papers.is_empty() {
        return;
    }
    if let [row] = rows {
        let claim = &graph.claims[*row];
        let fitting = exact_set(claim, graph.papers, papers);
        let (chosen, why) = match fitting {
            Some(set) => (set, "销售方一致，合计等于清单金额"),
            None => (papers.to_vec(), "销售方一致，且该销售方只对应这一行"),
        };
        for paper in chosen {
            let whys = reasons(graph, *row, paper, why);
            graph.add(whole(graph, *row, paper, true, whys));
        }
        return;
    }
    by_lines(graph, rows, papers);
    by_amount(graph, rows, papers);
    by_contract(graph, rows, papers);
    left_over(graph, rows, papers);
}

/// The smallest set of invoices that makes up the claim, with or without tax, if there is one and no other.
fn exact_set(claim: &Claim, all: &[Paper], papers: &[usize]) -> Option<Vec<usize>> {
    let total = claim.total?;
    for amount in [|p: &Paper| p.gross, |p: &Paper| p.net] {
        let usable: Vec<usize> = papers.iter().copied().filter(|p| amount(&all[*p]).is_some()).collect();
        let amounts: Vec<Decimal> = usable.iter().filter_map(|p| amount(&all[*p])).collect();
        // All of them together first: that is the plainest reading.
        if (amounts.iter().sum::<Decimal>() - total).abs() <= slack(claim) {
            return Some(usable);
        }
        if let [only] = subsets(total, slack(claim), &amounts).as_slice() {
            return Some(only.iter().map(|i| usable[*i]).collect());
        }
    }
    None
}

fn slack(claim: &Claim) -> Decimal {
    claim.slack.max(Decimal::ONE)
}

/// Invoices whose lines name goods of the rows.
fn by_lines(graph: &mut Graph<'_>, rows: &[usize], papers: &[usize]) {
    for &paper in papers {
        let mut found: Vec<(usize, Option<Decimal>, Option<Decimal>, bool)> = Vec::new();
        for (name, gross, net) in &graph.papers[paper].lines {
            if gross.is_some_and(|g| g < Decimal::ZERO)
                && graph.papers[paper].gross.is_some_and(|g| g > Decimal::ZERO)
            {
                // A discount line belongs to the line above it.
                if let (Some(last), Some(g), Some(n)) = (found.last_mut(), gross, net) {
                    last.1 = last.1.map(|x| x + *g);
                    last.2 = last.2.map(|x| x + *n);
                }
                continue;
            }
            if let Some((row, clear)) = best_row(graph, rows, paper, name, *gross, *net) {
                match found.iter_mut().find(|f| f.0 == row) {
                    Some(f) => {
                        f.1 = f.1.zip(*gross).map(|(a, b)| a + b);
                        f.2 = f.2.zip(*net).map(|(a, b)| a + b);
                        f.3 &= clear;
                    }
                    None => found.push((row, *gross, *net, clear)),
                }
            }
        }
        let single = graph.papers[paper].lines.len() == 1 || found.len() == 1;
        for (row, gross, net, clear) in found {
            if !clear {
                continue;
            }
            let why = reasons(graph, row, paper, "销售方一致，品名与清单相符");
            let mut edge = whole(graph, row, paper, true, why);
            if !single {
                (edge.share, edge.net) = (gross, net);
            }
            graph.add(edge);
        }
    }
}

/// The row a line of goods belongs to, and whether no other row fits as well.
fn best_row(
    graph: &Graph<'_>,
    rows: &[usize],
    paper: usize,
    name: &str,
    gross: Option<Decimal>,
    net: Option<Decimal>,
) -> Option<(usize, bool)> {
    let mut scored: Vec<(f32, usize)> = rows
        .iter()
        .map(|&r| {
            let claim = &graph.claims[r];
            let like = alike(name, &claim.name);
            let mut score = if like >= SAME { like } else { 0.0 };
            let equal = |a: Option<Decimal>| matches!((a, claim.total), (Some(a), Some(t)) if (a - t).abs() <= slack(claim));
            if score > 0.0 && (equal(gross) || equal(net)) {
                score += 0.6;
            }
            if score > 0.0 && mentions_contract(graph, r, paper) {
                score += 0.4;
            }
            if score > 0.0 && is_near(graph, r, paper) {
                score += 0.25;
            }
            (score, r)
        })
        .filter(|s| s.0 > 0.0)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let best = *scored.first()?;
    let next = scored.get(1).map_or(0.0, |s| s.0);
    Some((best.1, best.0 - next >= 0.12))
}

fn mentions_contract(graph: &Graph<'_>, row: usize, paper: usize) -> bool {
    graph.contract_of(row).is_some_and(|c| {
        let number = &graph.papers[c].number;
        number.chars().count() >= 4 && graph.papers[paper].text.contains(number.as_str())
    })
}

fn is_near(graph: &Graph<'_>, row: usize, paper: usize) -> bool {
    graph.contract_of(row).is_some_and(|c| near(&graph.papers[c].file, &graph.papers[paper].file))
}

fn open_rows(graph: &Graph<'_>, rows: &[usize]) -> Vec<usize> {
    rows.iter().copied().filter(|r| graph.edges_of(*r, Kind::Invoice).next().is_none()).collect()
}

fn open_papers(graph: &Graph<'_>, papers: &[usize]) -> Vec<usize> {
    papers.iter().copied().filter(|p| !graph.is_used(*p)).collect()
}

/// One invoice of exactly a row's amount, one invoice for several rows, several invoices for one row.
fn by_amount(graph: &mut Graph<'_>, rows: &[usize], papers: &[usize]) {
    for amount in [|p: &Paper| p.gross, |p: &Paper| p.net] {
        for paper in open_papers(graph, papers) {
            let open = open_rows(graph, rows);
            let Some(a) = amount(&graph.papers[paper]) else { continue };
            let amounts: Vec<Decimal> =
                open.iter().map(|r| graph.claims[*r].total.unwrap_or_default()).collect();
            let most = open.iter().map(|r| slack(&graph.claims[*r])).max().unwrap_or_default();
            let sets = subsets(a, most, &amounts);
            let rivals =
                open_papers(graph, papers).iter().filter(|p| amount(&graph.papers[**p]) == Some(a)).count();
            if let ([only], 1) = (sets.as_slice(), rivals) {
                let several = only.len() > 1;
                for r in only.iter().map(|i| open[*i]).collect::<Vec<_>>() {
                    let why = if several {
                        "销售方一致，几行合计等于发票金额"
                    } else {
                        "销售方一致，金额相等"
                    };
                    let whys = reasons(graph, r, paper, why);
                    let mut edge = whole(graph, r, paper, true, whys);
                    if several {
                        edge.share = graph.claims[r].total;
                        edge.net = None;
                    }
                    graph.add(edge);
                }
            }
        }
        for row in open_rows(graph, rows) {
            let free = open_papers(graph, papers);
            let usable: Vec<usize> =
                free.into_iter().filter(|p| amount(&graph.papers[*p]).is_some()).collect();
            let amounts: Vec<Decimal> = usable.iter().filter_map(|p| amount(&graph.papers[*p])).collect();
            let Some(total) = graph.claims[row].total else { continue };
            // Another row of the same amount could have them as well.
            let rival = open_rows(graph, rows).iter().any(|r| {
                *r != row
                    && graph.claims[*r].total.is_some_and(|t| (t - total).abs() <= slack(&graph.claims[row]))
            });
            if rival {
                continue;
            }
            if let [only] = subsets(total, slack(&graph.claims[row]), &amounts).as_slice() {
                for p in only.iter().map(|i| usable[*i]).collect::<Vec<_>>() {
                    let whys = reasons(graph, row, p, "销售方一致，几张发票合计等于清单金额");
                    graph.add(whole(graph, row, p, true, whys));
                }
            }
        }
    }
}

/// What names the contract's number, or lies beside the contract, belongs to the contract's rows.
fn by_contract(graph: &mut Graph<'_>, rows: &[usize], papers: &[usize]) {
    for paper in open_papers(graph, papers) {
        let mut fitting: Vec<usize> =
            rows.iter().copied().filter(|r| mentions_contract(graph, *r, paper)).collect();
        let mut why = "发票注明该合同编号";
        if fitting.is_empty() {
            fitting = rows.iter().copied().filter(|r| is_near(graph, *r, paper)).collect();
            why = "与该行合同放在一起";
        }
        let contracts: BTreeSet<Option<usize>> = fitting.iter().map(|r| graph.contract_of(*r)).collect();
        if contracts.len() != 1 {
            continue;
        }
        let unique = fitting.len() == 1;
        for r in fitting {
            let whys = reasons(graph, r, paper, why);
            let mut edge = whole(graph, r, paper, unique, whys);
            if !unique {
                (edge.share, edge.net) = (None, None);
            }
            graph.add(edge);
        }
    }
}

/// The rest: to the only row without an invoice, or to all of them without asserting anything.
fn left_over(graph: &mut Graph<'_>, rows: &[usize], papers: &[usize]) {
    let rest = open_papers(graph, papers);
    let open = open_rows(graph, rows);
    let unique = open.len() == 1;
    for paper in rest {
        for &row in &open {
            let why = if unique {
                "销售方一致，该销售方只剩这一行没有发票"
            } else {
                "销售方一致，未能唯一确定对应哪一行"
            };
            let whys = reasons(graph, row, paper, why);
            let mut edge = whole(graph, row, paper, unique, whys);
            if !unique {
                (edge.share, edge.net) = (None, None);
            }
            graph.add(edge);
        }
    }
}

/// Rows without an invoice and invoices without a row, whoever the seller: by goods and amount together, or by either
/// if nothing else fits.
fn across_sellers(graph: &mut Graph<'_>, invoices: &[usize]) {
    for need in [2.0f32, 1.0] {
        for paper in open_papers(graph, invoices) {
            let rows: Vec<usize> = (0..graph.claims.len()).collect();
            let mut scored: Vec<(f32, usize)> = open_rows(graph, &rows)
                .into_iter()
                .filter(|r| graph.claims[*r].category != Some(Category::Labour))
                .map(|r| {
                    (
                        affinity(&graph.claims[r], &graph.papers[paper])
                            + f32::from(u8::from(is_near(graph, r, paper))) * 0.3,
                        r,
                    )
                })
                .filter(|s| s.0 >= need)
                .collect();
            scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            let Some(&(best, row)) = scored.first() else { continue };
            let clear = scored.get(1).is_none_or(|s| best - s.0 >= 0.12);
            // The same row may fit another invoice better.
            let rival = open_papers(graph, invoices)
                .iter()
                .any(|p| *p != paper && affinity(&graph.claims[row], &graph.papers[*p]) >= best);
            if clear && !rival {
                let whys = reasons(graph, row, paper, "品名或金额与清单相符");
                graph.add(whole(graph, row, paper, true, whys));
            }
        }
    }
}

/// A copy of an invoice that another row already has may be the evidence of a row that has none: the rows then share
/// one invoice, and the checks see that it does not suffice for both.
fn by_copies(graph: &mut Graph<'_>, invoices: &[usize]) {
    let rows: Vec<usize> = (0..graph.claims.len()).collect();
    for &paper in invoices {
        let copies = graph.papers[paper].copies.len();
        if copies == 0 || !graph.is_used(paper) {
            continue;
        }
        let fitting: Vec<usize> = open_rows(graph, &rows)
            .into_iter()
            .filter(|r| affinity(&graph.claims[*r], &graph.papers[paper]) >= 1.0)
            .take(copies)
            .collect();
        for row in fitting {
            let whys = reasons(graph, row, paper, "另附有同一发票的复印件");
            let mut edge = whole(graph, row, paper, false, whys);
            (edge.share, edge.net) = (None, None);
            graph.add(edge);
        }
    }
}

fn affinity(claim: &Claim, paper: &Paper) -> f32 {
    let name = paper.lines.iter().map(|l| alike(&l.0, &claim.name)).fold(0.0, f32::max);
    let mut score = if name >= SAME { name } else { 0.0 };
    let equal = |a: Option<Decimal>| matches!((a, claim.total), (Some(a), Some(t)) if (a - t).abs() <= slack(claim) && !t.is_zero());
    if equal(paper.gross) || equal(paper.net) {
        score += 1.0;
    }
    if claim.maker.chars().count() >= 4
        && paper
            .seller
            .as_deref()
            .is_some_and(|s| crate::text::party::names(&claim.maker, s, paper.doubtful).is_same())
    {
        score += 1.0;
    }
    score
}

/// Rows that share an invoice in parts only know their share when lines told it; else none is asserted.
fn share_out(graph: &mut Graph<'_>, row: usize) {
    let shared: Vec<usize> =
        graph.edges_of(row, Kind::Invoice).map(|e| e.paper).filter(|p| graph.rows_of(*p).len() > 1).collect();
    for e in &mut graph.edges {
        if e.row == row && shared.contains(&e.paper) && e.share == graph.papers[e.paper].gross {
            (e.share, e.net) = (None, None);
        }
    }
}

fn whole(graph: &Graph<'_>, row: usize, paper: usize, unique: bool, why: Vec<String>) -> Edge {
    let p = &graph.papers[paper];
    Edge { row, paper, share: p.gross, net: p.net, unique, why }
}

fn reasons(graph: &Graph<'_>, row: usize, paper: usize, first: &str) -> Vec<String> {
    let mut out = vec![first.to_owned()];
    let claim = &graph.claims[row];
    let p = &graph.papers[paper];
    if p.lines.iter().any(|l| alike(&l.0, &claim.name) >= SAME) && !first.contains("品名") {
        out.push("品名相符".into());
    }
    if let (Some(t), Some(g)) = (claim.total, p.gross)
        && (t - g).abs() <= slack(claim)
        && !first.contains("金额")
    {
        out.push("价税合计等于清单金额".into());
    }
    if mentions_contract(graph, row, paper) {
        out.push("发票注明该合同编号".into());
    }
    out
}

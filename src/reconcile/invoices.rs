//! Rows and invoices, seller by seller: lines by name, references, exact amounts, subset sums, then what is left over.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::across;
use super::exact::{Cover, PAPERS, ROWS, cover};
use super::facts::{Claim, Paper};
use super::graph::{Edge, Graph};
use super::place::near;
use super::sums::subsets;
use crate::model::Kind;
use crate::text::goods::Name;

/// The two amounts a claim may mean, credit notes taken off.
const BASES: [fn(&Paper) -> Option<Decimal>; 2] = [Paper::due, Paper::due_net];

/// Links rows to invoices. Credit notes follow the invoice that they take back.
pub(super) fn link(graph: &mut Graph<'_>) {
    let invoices: Vec<usize> =
        graph.of(Kind::Invoice).into_iter().filter(|p| graph.papers[*p].belongs.is_none()).collect();
    let rows = graph.rows_by_seller();
    for (group, papers) in graph.papers_by_seller(&invoices) {
        if let Some(rows) = rows.get(&group) {
            within_seller(graph, rows, &papers);
        }
    }
    across::link(graph, &invoices);
    across::by_copies(graph, &invoices);
    credit_notes(graph);
    for row in 0..graph.claims.len() {
        graph.unsettle(row, Kind::Invoice);
    }
}

fn within_seller(graph: &mut Graph<'_>, rows: &[usize], papers: &[usize]) {
    if let [row] = rows {
        let claim = &graph.claims[*row];
        let (chosen, why) = match exact_set(claim, graph.papers, papers) {
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
    by_reference(graph, rows, papers);
    for amount in BASES {
        exactly(graph, rows, papers, amount);
    }
    for amount in BASES {
        by_amount(graph, rows, papers, amount);
    }
    by_contract(graph, rows, papers);
    left_over(graph, rows, papers);
}

/// The smallest set of invoices that makes up the claim, with or without tax, if there is one and no other.
fn exact_set(claim: &Claim, all: &[Paper], papers: &[usize]) -> Option<Vec<usize>> {
    let total = claim.total?;
    for amount in BASES {
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

pub(super) fn slack(claim: &Claim) -> Decimal {
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
    name: &Name,
    gross: Option<Decimal>,
    net: Option<Decimal>,
) -> Option<(usize, bool)> {
    let same = graph.matching.goods();
    let mut scored: Vec<(f32, usize)> = rows
        .iter()
        .map(|&r| {
            let claim = &graph.claims[r];
            let like = name.alike(&claim.name, same);
            let mut score = if like >= same { like } else { 0.0 };
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
            if score > 0.0 && graph.is_early(r, paper) {
                score -= 0.2;
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
        let mark = &graph.papers[c].mark;
        mark.chars().count() >= 4 && graph.papers[paper].text.contains(mark.as_str())
    })
}

pub(super) fn is_near(graph: &Graph<'_>, row: usize, paper: usize) -> bool {
    graph.contract_of(row).is_some_and(|c| near(&graph.papers[c], &graph.papers[paper]))
}

pub(super) fn open_rows(graph: &Graph<'_>, rows: &[usize]) -> Vec<usize> {
    rows.iter().copied().filter(|r| graph.edges_of(*r, Kind::Invoice).next().is_none()).collect()
}

pub(super) fn open_papers(graph: &Graph<'_>, papers: &[usize]) -> Vec<usize> {
    papers.iter().copied().filter(|p| !graph.is_used(*p)).collect()
}

/// An invoice that names the contract of one row only.
fn by_reference(graph: &mut Graph<'_>, rows: &[usize], papers: &[usize]) {
    for paper in open_papers(graph, papers) {
        let fitting: Vec<usize> =
            rows.iter().copied().filter(|r| mentions_contract(graph, *r, paper)).collect();
        if let [row] = fitting[..] {
            let whys = reasons(graph, row, paper, "发票注明该合同编号");
            graph.add(whole(graph, row, paper, true, whys));
        }
    }
}

/// Every way to share out what is still open, where it is little enough: what they have in common is certain.
fn exactly(graph: &mut Graph<'_>, rows: &[usize], papers: &[usize], amount: fn(&Paper) -> Option<Decimal>) {
    let rows = open_rows(graph, rows);
    let papers = open_papers(graph, papers);
    if rows.len() > ROWS || papers.len() > PAPERS {
        return;
    }
    let claims: Option<Vec<(Decimal, Decimal)>> =
        rows.iter().map(|r| Some((graph.claims[*r].total?, slack(&graph.claims[*r])))).collect();
    let amounts: Option<Vec<Decimal>> = papers.iter().map(|p| amount(&graph.papers[*p])).collect();
    let (Some(claims), Some(amounts)) = (claims, amounts) else { return };
    // Dates decide only between ways that amounts leave open: a contract may have been signed late.
    let mut found = cover(&claims, &amounts, &|_, _| false);
    if matches!(&found, Cover::Ways(pairs) if pairs.iter().any(|p| !p.2)) {
        let dated = cover(&claims, &amounts, &|r, p| graph.is_early(rows[r], papers[p]));
        if let Cover::Ways(_) = dated {
            found = dated;
        }
    }
    let Cover::Ways(pairs) = found else { return };
    let mut rows_of: BTreeMap<usize, usize> = BTreeMap::new();
    for (_, p, _) in &pairs {
        *rows_of.entry(*p).or_default() += 1;
    }
    for (r, p, certain) in pairs {
        let (row, paper) = (rows[r], papers[p]);
        let several = rows_of.get(&p).is_some_and(|n| *n > 1);
        let why = match (certain, several) {
            (true, true) => "销售方一致，几行合计等于发票金额",
            (true, false) => "销售方一致，金额相符",
            _ => "销售方一致，有几种分配都与金额相符，未能唯一确定",
        };
        let whys = reasons(graph, row, paper, why);
        let mut edge = whole(graph, row, paper, certain, whys);
        if !certain {
            (edge.share, edge.net) = (None, None);
        } else if several {
            (edge.share, edge.net) = (graph.claims[row].total, None);
        }
        graph.add(edge);
    }
}

/// One invoice of exactly a row's amount, one invoice for several rows, several invoices for one row.
fn by_amount(graph: &mut Graph<'_>, rows: &[usize], papers: &[usize], amount: fn(&Paper) -> Option<Decimal>) {
    for paper in open_papers(graph, papers) {
        let open = open_rows(graph, rows);
        let Some(a) = amount(&graph.papers[paper]) else { continue };
        let amounts: Vec<Decimal> = open.iter().map(|r| graph.claims[*r].total.unwrap_or_default()).collect();
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
        let usable: Vec<usize> =
            open_papers(graph, papers).into_iter().filter(|p| amount(&graph.papers[*p]).is_some()).collect();
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
        if let [row] = fitting[..] {
            let whys = reasons(graph, row, paper, why);
            graph.add(whole(graph, row, paper, true, whys));
        } else {
            graph.tie(&fitting, &[paper], why);
        }
    }
}

/// The rest: to the only row without an invoice, or to all of them without asserting anything.
fn left_over(graph: &mut Graph<'_>, rows: &[usize], papers: &[usize]) {
    let rest = open_papers(graph, papers);
    let open = open_rows(graph, rows);
    if let [row] = open[..] {
        for paper in rest {
            let whys = reasons(graph, row, paper, "销售方一致，该销售方只剩这一行没有发票");
            graph.add(whole(graph, row, paper, true, whys));
        }
    } else {
        graph.tie(&open, &rest, "销售方一致，未能唯一确定对应哪一行");
    }
}

/// What takes an invoice back goes where the invoice went.
fn credit_notes(graph: &mut Graph<'_>) {
    for red in graph.of(Kind::Invoice) {
        let Some(blue) = graph.papers[red].belongs else { continue };
        let edges = graph.edges_to(blue);
        let alone = edges.len() == 1;
        for e in edges {
            let mut edge = whole(graph, e.row, red, e.unique, vec!["红字发票，冲减该行的发票".into()]);
            if !alone || !e.unique {
                (edge.share, edge.net) = (None, None);
            }
            graph.add(edge);
        }
    }
}

pub(super) fn whole(graph: &Graph<'_>, row: usize, paper: usize, unique: bool, why: Vec<String>) -> Edge {
    let p = &graph.papers[paper];
    Edge { row, paper, share: p.gross, net: p.net, unique, why }
}

pub(super) fn reasons(graph: &Graph<'_>, row: usize, paper: usize, first: &str) -> Vec<String> {
    let mut out = vec![first.to_owned()];
    let claim = &graph.claims[row];
    let p = &graph.papers[paper];
    let same = graph.matching.goods();
    if !first.contains("品名") && p.lines.iter().any(|l| l.0.alike(&claim.name, same) >= same) {
        out.push("品名相符".into());
    }
    if let (Some(t), Some(g)) = (claim.total, p.gross)
        && (t - g).abs() <= slack(claim)
        && !first.contains("金额")
    {
        out.push("价税合计等于清单金额".into());
    }
    if !first.contains("合同编号") && mentions_contract(graph, row, paper) {
        out.push("发票注明该合同编号".into());
    }
    if is_near(graph, row, paper) && !first.contains("放在一起") {
        out.push("与该行合同放在一起".into());
    }
    out
}

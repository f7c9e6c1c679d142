//! Rows and contracts: by number, name, seller, price table and amount.

use std::collections::BTreeMap;

use memchr::memmem::Finder;
use rust_decimal::Decimal;

use super::facts::Claim;
use super::graph::{Edge, Graph};
use super::sums::subsets;
use crate::model::Kind;

/// Contracts that are shown for a row when none of them is certain.
const MOST_SHOWN: usize = 12;

/// A row, and the contracts that fit it alike with the reasons of each.
type Tied = (usize, Vec<(usize, Vec<String>)>);

/// Links each row to the contract that fits best; amendments go with the contract that they amend.
pub(super) fn link(graph: &mut Graph<'_>) {
    let contracts: Vec<usize> =
        graph.of(Kind::Contract).into_iter().filter(|p| graph.papers[*p].belongs.is_none()).collect();
    let mut tied: Vec<Tied> = Vec::new();
    for row in 0..graph.claims.len() {
        let words = Words::of(&graph.claims[row]);
        let mut scored: Vec<(i32, usize, Vec<String>)> = contracts
            .iter()
            .filter_map(|&p| {
                let (score, why) = score(graph, row, p, &words);
                (score >= needed(graph, row, p)).then_some((score, p, why))
            })
            .collect();
        scored.sort_by_key(|s| (-s.0, s.1));
        let Some(best) = scored.first().map(|s| s.0) else { continue };
        let top: Vec<(usize, Vec<String>)> =
            scored.into_iter().filter(|s| s.0 == best).map(|s| (s.1, s.2)).collect();
        if let [(paper, why)] = top.as_slice() {
            graph.add(edge(row, *paper, true, why.clone()));
        } else {
            tied.push((row, top));
        }
    }
    resolve(graph, tied);
    amendments(graph);
}

/// Rows that several contracts fit alike: a set of rows that makes up a contract's amount decides.
fn resolve(graph: &mut Graph<'_>, mut tied: Vec<Tied>) {
    for paper in graph.of(Kind::Contract) {
        let Some(gross) = graph.papers[paper].gross else { continue };
        let settled: Decimal = graph.rows_of(paper).iter().filter_map(|r| graph.claims[*r].total).sum();
        let open: Vec<usize> =
            (0..tied.len()).filter(|i| tied[*i].1.iter().any(|(p, _)| *p == paper)).collect();
        let amounts: Vec<Decimal> =
            open.iter().map(|i| graph.claims[tied[*i].0].total.unwrap_or_default()).collect();
        let slack: Decimal =
            open.iter().map(|i| graph.claims[tied[*i].0].slack).sum::<Decimal>() + Decimal::ONE;
        if let [only] = subsets(gross - settled, slack, &amounts).as_slice() {
            let chosen: Vec<usize> = only.iter().map(|k| open[*k]).collect();
            for i in chosen.into_iter().rev() {
                let (row, mut options) = tied.remove(i);
                let at = options.iter().position(|(p, _)| *p == paper).unwrap_or_default();
                let mut why = options.swap_remove(at).1;
                why.push("各行合计等于合同金额".into());
                graph.add(edge(row, paper, true, why));
            }
        }
    }
    for (row, options) in tied {
        // Of very many that fit alike some are enough to show that none is certain.
        for (paper, mut why) in options.into_iter().take(MOST_SHOWN) {
            why.push("另有合同同样相符，未能唯一确定".into());
            graph.add(edge(row, paper, false, why));
        }
    }
}

/// What amends a contract belongs to the contract's rows.
fn amendments(graph: &mut Graph<'_>) {
    for paper in graph.of(Kind::Contract) {
        let Some(original) = graph.papers[paper].belongs else { continue };
        for e in graph.edges_to(original) {
            graph.add(edge(e.row, paper, e.unique, vec!["补充该行的合同".into()]));
        }
    }
}

/// Rows that have invoices but no contract: the only contract with that seller is theirs.
pub(super) fn link_by_invoice(graph: &mut Graph<'_>) {
    let mut by_group: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for p in graph.of(Kind::Contract) {
        if let Some(group) = graph.papers[p].group.filter(|_| graph.papers[p].belongs.is_none()) {
            by_group.entry(group).or_default().push(p);
        }
    }
    for row in 0..graph.claims.len() {
        if graph.edges_of(row, Kind::Contract).next().is_some() {
            continue;
        }
        let mut groups: Vec<usize> = graph
            .edges_of(row, Kind::Invoice)
            .filter(|e| e.unique)
            .filter_map(|e| graph.papers[e.paper].group)
            .collect();
        groups.sort_unstable();
        groups.dedup();
        let of_seller: Vec<usize> =
            groups.iter().filter_map(|g| by_group.get(g)).flatten().copied().collect();
        let named = graph.claims[row].contract.len() >= 4;
        for paper in &of_seller {
            let free = graph.rows_of(*paper).is_empty();
            // A contract that the row names otherwise and that serves other rows is not the row's.
            if named && !free && of_seller.len() > 1 {
                continue;
            }
            let why = vec!["与该行发票的销售方一致".into()];
            graph.add(edge(row, *paper, of_seller.len() == 1, why));
        }
    }
    amendments(graph);
}

fn edge(row: usize, paper: usize, unique: bool, why: Vec<String>) -> Edge {
    Edge { row, paper, share: None, net: None, unique, why }
}

/// A row that names another contract needs more than the seller.
fn needed(graph: &Graph<'_>, row: usize, paper: usize) -> i32 {
    let (name, title) = (&graph.claims[row].contract, &graph.papers[paper].title);
    let other = graph.matching.title_other();
    let named_otherwise = name.len() >= 4 && title.len() >= 4 && name.alike(title, other) < other;
    if named_otherwise { 5 } else { 3 }
}

/// A row's words, ready to be looked for in many texts.
struct Words<'a> {
    name: Finder<'a>,
    contract: Finder<'a>,
}

impl<'a> Words<'a> {
    fn of(claim: &'a Claim) -> Self {
        Self { name: Finder::new(claim.name.as_str()), contract: Finder::new(claim.contract.as_str()) }
    }
}

fn score(graph: &Graph<'_>, row: usize, at: usize, words: &Words<'_>) -> (i32, Vec<String>) {
    let (claim, paper) = (&graph.claims[row], &graph.papers[at]);
    let mut why = Vec::new();
    let mut score = 0;
    let mut add = |points: i32, reason: String| {
        score += points;
        why.push(reason);
    };
    let text = paper.text.as_bytes();
    if paper.number.chars().count() >= 4 && claim.contract.as_str().contains(paper.mark.as_str()) {
        add(6, format!("合同编号一致（{}）", paper.number));
    }
    if claim.contract.len() >= 2 {
        let (near, part) = (graph.matching.title(), graph.matching.title_part());
        let like = claim.contract.alike(&paper.title, part);
        if like >= 0.99 {
            add(5, "合同名称一致".into());
        } else if like >= near {
            add(4, "合同名称相近".into());
        } else if claim.contract.len() >= 5 && words.contract.find(text).is_some() {
            add(4, "合同文本中有该合同名称".into());
        } else if like >= part {
            add(2, "合同名称部分相同".into());
        }
    }
    if graph.makes(row, at) {
        add(3, "生产厂商即合同乙方".into());
    }
    let total = claim.total;
    let equal = |a: Option<Decimal>| matches!((a, total), (Some(a), Some(t)) if (a - t).abs() <= claim.slack.max(Decimal::ONE));
    if equal(paper.gross) {
        add(3, "金额等于合同金额".into());
    }
    if claim.name.len() >= 2 {
        let same = graph.matching.line();
        let line = paper.lines.iter().find(|l| claim.name.alike(&l.0, same) >= same);
        if line.is_some() {
            add(3, "标的名称一致".into());
        } else if claim.name.len() >= 3 && words.name.find(text).is_some() {
            add(2, "合同文本中有该设备名称".into());
        } else if claim.name.alike(&paper.title, same) >= same {
            add(2, "合同名称中有该设备名称".into());
        }
        if line.is_some_and(|l| equal(l.1)) {
            add(2, "标的金额一致".into());
        }
    }
    (score, why)
}

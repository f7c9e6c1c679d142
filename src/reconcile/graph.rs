//! The graph of rows and papers while it grows.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::facts::{Claim, Paper};
use super::sellers;
use crate::model::{Kind, Link};
use crate::pack::Matching;

/// Pairs of rows and papers up to which every candidate is shown; beyond it, one of each ties them together.
const SHOWN: usize = 400;

/// An edge from a row to a paper.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    pub(super) row: usize,
    pub(super) paper: usize,
    pub(super) share: Option<Decimal>,
    /// Share without tax.
    pub(super) net: Option<Decimal>,
    pub(super) unique: bool,
    pub(super) why: Vec<String>,
}

/// Rows, papers, edges.
pub(super) struct Graph<'a> {
    pub(super) claims: &'a [Claim],
    pub(super) papers: &'a [Paper],
    pub(super) matching: Matching,
    edges: Vec<Edge>,
    by_row: Vec<Vec<usize>>,
    by_paper: Vec<BTreeSet<usize>>,
    /// The sellers that each row's maker names.
    makers: Vec<BTreeSet<usize>>,
    /// The certain contracts of each row, amendments aside: the first, and whether it is the only one.
    contracts: Vec<Option<(usize, bool)>>,
}

impl<'a> Graph<'a> {
    pub(super) fn new(claims: &'a [Claim], papers: &'a [Paper], matching: Matching) -> Self {
        Self {
            claims,
            papers,
            matching,
            edges: Vec::new(),
            by_row: vec![Vec::new(); claims.len()],
            by_paper: vec![BTreeSet::new(); papers.len()],
            makers: sellers::makers(claims, papers),
            contracts: vec![None; claims.len()],
        }
    }

    /// Adds an edge unless row and paper are linked.
    pub(super) fn add(&mut self, edge: Edge) {
        if self.by_paper[edge.paper].insert(edge.row) {
            let p = &self.papers[edge.paper];
            if edge.unique && p.is(Kind::Contract) && p.belongs.is_none() {
                let known = &mut self.contracts[edge.row];
                *known = Some(known.map_or((edge.paper, true), |(first, _)| (first, false)));
            }
            self.by_row[edge.row].push(self.edges.len());
            self.edges.push(edge);
        }
    }

    /// Papers of a kind, by index.
    pub(super) fn of(&self, kind: Kind) -> Vec<usize> {
        (0..self.papers.len()).filter(|p| self.papers[*p].is(kind)).collect()
    }

    /// Edges of a row to papers of a kind.
    pub(super) fn edges_of(&self, row: usize, kind: Kind) -> impl Iterator<Item = &Edge> {
        self.by_row[row].iter().map(|e| &self.edges[*e]).filter(move |e| self.papers[e.paper].is(kind))
    }

    /// Whether the paper has an edge.
    pub(super) fn is_used(&self, paper: usize) -> bool {
        !self.by_paper[paper].is_empty()
    }

    /// Rows linked to a paper.
    pub(super) fn rows_of(&self, paper: usize) -> &BTreeSet<usize> {
        &self.by_paper[paper]
    }

    /// The edges of a paper.
    pub(super) fn edges_to(&self, paper: usize) -> Vec<Edge> {
        let rows = self.by_paper[paper].iter();
        rows.filter_map(|r| self.by_row[*r].iter().map(|e| &self.edges[*e]).find(|e| e.paper == paper))
            .cloned()
            .collect()
    }

    /// The contract of a row, if one link is unique; its amendments aside.
    pub(super) fn contract_of(&self, row: usize) -> Option<usize> {
        self.contracts[row].filter(|c| c.1).map(|c| c.0)
    }

    /// Whether a paper is so much older than the row's contract that it hardly belongs to the row.
    pub(super) fn is_early(&self, row: usize, paper: usize) -> bool {
        let signed = self.contract_of(row).and_then(|c| self.papers[c].date);
        matches!((signed, self.papers[paper].date), (Some(s), Some(d)) if (s - d).num_days() > i64::from(self.matching.early_days))
    }

    /// Whether the row's maker is this paper's seller.
    pub(super) fn makes(&self, row: usize, paper: usize) -> bool {
        self.papers[paper].group.is_some_and(|g| self.makers[row].contains(&g))
    }

    /// Sellers a row may have: of its contracts, its invoices, or its manufacturer.
    pub(super) fn sellers_of(&self, row: usize) -> BTreeSet<usize> {
        let linked: BTreeSet<usize> = self.by_row[row]
            .iter()
            .map(|e| &self.edges[*e])
            .filter(|e| e.unique)
            .filter_map(|e| self.papers[e.paper].group)
            .collect();
        if linked.is_empty() { self.makers[row].clone() } else { linked }
    }

    /// The rows that may buy of each seller.
    pub(super) fn rows_by_seller(&self) -> BTreeMap<usize, Vec<usize>> {
        let mut out: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for row in 0..self.claims.len() {
            for group in self.sellers_of(row) {
                out.entry(group).or_default().push(row);
            }
        }
        out
    }

    /// Papers of a kind by their seller.
    pub(super) fn papers_by_seller(&self, papers: &[usize]) -> BTreeMap<usize, Vec<usize>> {
        let mut out: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for p in papers {
            if let Some(group) = self.papers[*p].group {
                out.entry(group).or_default().push(*p);
            }
        }
        out
    }

    /// Links rows and papers of which nobody knows which belongs to which. They assert nothing, but they stay together.
    pub(super) fn tie(&mut self, rows: &[usize], papers: &[usize], why: &str) {
        let all = rows.len() * papers.len() <= SHOWN;
        for (i, row) in rows.iter().enumerate() {
            for (j, paper) in papers.iter().enumerate() {
                if all || i == 0 || j == 0 {
                    let mut whys = vec![why.to_owned()];
                    if !all {
                        whys.push("候选过多，未逐一列出".to_owned());
                    }
                    self.add(Edge {
                        row: *row,
                        paper: *paper,
                        share: None,
                        net: None,
                        unique: false,
                        why: whys,
                    });
                }
            }
        }
    }

    /// Shares of papers that several rows have in whole are not known.
    pub(super) fn unsettle(&mut self, row: usize, kind: Kind) {
        for e in &self.by_row[row] {
            let e = &mut self.edges[*e];
            let p = &self.papers[e.paper];
            if p.is(kind) && self.by_paper[e.paper].len() > 1 && e.share == p.gross {
                (e.share, e.net) = (None, None);
            }
        }
    }

    /// Components of rows that share papers of a kind: rows and the papers (by index).
    pub(super) fn components(&self, rows: &[usize], kind: Kind) -> Vec<(Vec<usize>, Vec<usize>)> {
        let mut root: BTreeMap<usize, usize> = rows.iter().map(|r| (*r, *r)).collect();
        fn top(root: &BTreeMap<usize, usize>, mut r: usize) -> usize {
            while root[&r] != r {
                r = root[&r];
            }
            r
        }
        let mut first: BTreeMap<usize, usize> = BTreeMap::new();
        for row in rows {
            for e in self.edges_of(*row, kind) {
                let other = *first.entry(e.paper).or_insert(*row);
                let (a, b) = (top(&root, other), top(&root, *row));
                root.insert(a.max(b), a.min(b));
            }
        }
        let mut out: BTreeMap<usize, (Vec<usize>, BTreeSet<usize>)> = BTreeMap::new();
        for row in rows {
            let entry = out.entry(top(&root, *row)).or_default();
            entry.0.push(*row);
            entry.1.extend(self.edges_of(*row, kind).map(|e| e.paper));
        }
        out.into_values().map(|(r, p)| (r, p.into_iter().collect())).collect()
    }

    /// Whether the list claims amounts without tax: more rows fit that way than with tax.
    pub(super) fn net_basis(&self) -> bool {
        let (mut gross, mut net) = (0, 0);
        let rows: Vec<usize> = (0..self.claims.len()).collect();
        for (rows, papers) in self.components(&rows, Kind::Invoice) {
            let claim: Option<Decimal> = rows.iter().map(|r| self.claims[*r].total).sum();
            let slack: Decimal = rows.iter().map(|r| self.claims[*r].slack).sum::<Decimal>() + Decimal::ONE;
            let g: Option<Decimal> = papers.iter().map(|p| self.papers[*p].gross).sum();
            let n: Option<Decimal> = papers.iter().map(|p| self.papers[*p].net).sum();
            let fits =
                |a: Option<Decimal>| matches!((a, claim), (Some(a), Some(c)) if (a - c).abs() <= slack);
            if papers.is_empty() || g == n {
                continue;
            }
            gross += usize::from(fits(g));
            net += usize::from(fits(n));
        }
        net > gross
    }

    /// Invoiced, or paid, for each row: the shares of its papers; of papers that several rows share without anybody
    /// knowing how, the row's part of what they come to together.
    pub(super) fn sums(&self, kind: Kind, net: bool) -> Vec<Option<Decimal>> {
        let rows: Vec<usize> = (0..self.claims.len()).collect();
        let mut out = vec![None; rows.len()];
        for (rows, papers) in self.components(&rows, kind) {
            for row in &rows {
                out[*row] = self.sum_of(*row, kind, (&rows, &papers), net);
            }
        }
        out
    }

    fn sum_of(
        &self,
        row: usize,
        kind: Kind,
        (rows, papers): (&[usize], &[usize]),
        net: bool,
    ) -> Option<Decimal> {
        if papers.is_empty() {
            return None;
        }
        let amount = |e: &Edge| if net { e.net } else { e.share };
        let own: Option<Decimal> = self.edges_of(row, kind).map(amount).sum();
        if own.is_some() && self.edges_of(row, kind).next().is_some() {
            return own;
        }
        let all: Decimal = papers
            .iter()
            .map(|p| if net { self.papers[*p].net } else { self.papers[*p].gross })
            .sum::<Option<Decimal>>()?;
        let claims: Decimal = rows.iter().map(|r| self.claims[*r].total).sum::<Option<Decimal>>()?;
        let claim = self.claims[row].total?;
        if claims.is_zero() {
            return None;
        }
        Some(if all >= claims && kind == Kind::Invoice {
            claim.max(all - (claims - claim))
        } else {
            (all * claim / claims).round_dp(2)
        })
    }

    /// The links of a row for the report. Copies of one paper go to the rows in turn.
    pub(super) fn links_of(&self, row: usize, kind: Kind) -> Vec<Link> {
        let mut out: Vec<Link> = Vec::new();
        for e in self.edges_of(row, kind) {
            let paper = &self.papers[e.paper];
            let turn = self.by_paper[e.paper].iter().position(|r| *r == row).unwrap_or_default();
            let document =
                if turn == 0 { paper.id } else { paper.copies.get(turn - 1).copied().unwrap_or(paper.id) };
            out.push(super::link(document, e.share, e.unique, e.why.clone()));
        }
        out.sort_by_key(|l| l.document);
        out
    }
}

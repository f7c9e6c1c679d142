//! The graph of rows and papers while it grows.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::facts::{Claim, Paper};
use crate::model::{Kind, Link};

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
    pub(super) edges: Vec<Edge>,
}

impl<'a> Graph<'a> {
    pub(super) fn new(claims: &'a [Claim], papers: &'a [Paper]) -> Self {
        Self { claims, papers, edges: Vec::new() }
    }

    /// Adds an edge unless row and paper are linked.
    pub(super) fn add(&mut self, edge: Edge) {
        if !self.edges.iter().any(|e| e.row == edge.row && e.paper == edge.paper) {
            self.edges.push(edge);
        }
    }

    /// Papers of a kind, by index.
    pub(super) fn of(&self, kind: Kind) -> Vec<usize> {
        (0..self.papers.len()).filter(|p| self.papers[*p].kind == kind).collect()
    }

    /// Edges of a row to papers of a kind.
    pub(super) fn edges_of(&self, row: usize, kind: Kind) -> impl Iterator<Item = &Edge> {
        self.edges.iter().filter(move |e| e.row == row && self.papers[e.paper].kind == kind)
    }

    /// Whether the paper has an edge.
    pub(super) fn is_used(&self, paper: usize) -> bool {
        self.edges.iter().any(|e| e.paper == paper)
    }

    /// Rows linked to a paper.
    pub(super) fn rows_of(&self, paper: usize) -> BTreeSet<usize> {
        self.edges.iter().filter(|e| e.paper == paper).map(|e| e.row).collect()
    }

    /// The contract of a row, if one link is unique.
    pub(super) fn contract_of(&self, row: usize) -> Option<usize> {
        let mut of = self.edges_of(row, Kind::Contract).filter(|e| e.unique);
        let first = of.next()?.paper;
        of.next().is_none().then_some(first)
    }

    /// Sellers a row may have: of its contracts, its invoices, or its manufacturer.
    pub(super) fn sellers_of(&self, row: usize) -> BTreeSet<usize> {
        let linked: BTreeSet<usize> = self
            .edges
            .iter()
            .filter(|e| e.row == row && e.unique)
            .filter_map(|e| self.papers[e.paper].group)
            .collect();
        if !linked.is_empty() {
            return linked;
        }
        let maker = &self.claims[row].maker;
        if maker.chars().count() < 4 {
            return BTreeSet::new();
        }
        self.papers
            .iter()
            .filter(|p| {
                p.seller.as_deref().is_some_and(|s| crate::text::party::names(maker, s, p.doubtful).is_same())
            })
            .filter_map(|p| p.group)
            .collect()
    }

    /// Components of rows that share invoices: rows and the invoices (by index).
    pub(super) fn components(&self, rows: &[usize]) -> Vec<(Vec<usize>, Vec<usize>)> {
        let mut mark: BTreeMap<usize, usize> = rows.iter().map(|r| (*r, *r)).collect();
        let shared: Vec<Vec<usize>> = self
            .of(Kind::Invoice)
            .into_iter()
            .map(|p| self.rows_of(p).into_iter().filter(|r| mark.contains_key(r)).collect())
            .collect();
        for group in shared.iter().filter(|g: &&Vec<usize>| g.len() > 1) {
            let to = group.iter().map(|r| mark[r]).min().unwrap_or_default();
            let from: BTreeSet<usize> = group.iter().map(|r| mark[r]).collect();
            for m in mark.values_mut() {
                if from.contains(m) {
                    *m = to;
                }
            }
        }
        let mut out: BTreeMap<usize, (Vec<usize>, BTreeSet<usize>)> = BTreeMap::new();
        for (row, m) in &mark {
            let entry = out.entry(*m).or_default();
            entry.0.push(*row);
            entry.1.extend(self.edges_of(*row, Kind::Invoice).map(|e| e.paper));
        }
        out.into_values().map(|(r, p)| (r, p.into_iter().collect())).collect()
    }

    /// Whether the list claims amounts without tax: more rows fit that way than with tax.
    pub(super) fn net_basis(&self) -> bool {
        let (mut gross, mut net) = (0, 0);
        let rows: Vec<usize> = (0..self.claims.len()).collect();
        for (rows, papers) in self.components(&rows) {
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

    /// Invoiced for a row: the shares of its invoices; of a shared set, the row's part of the claim.
    pub(super) fn invoiced(&self, row: usize, net: bool) -> Option<Decimal> {
        let rows: Vec<usize> = (0..self.claims.len()).collect();
        let (rows, papers) = self.components(&rows).into_iter().find(|(r, _)| r.contains(&row))?;
        if papers.is_empty() {
            return None;
        }
        let amount = |e: &Edge| if net { e.net } else { e.share };
        let own: Option<Decimal> = self.edges_of(row, Kind::Invoice).map(amount).sum();
        if own.is_some() {
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
        Some(if all >= claims {
            claim.max(all - (claims - claim))
        } else {
            (all * claim / claims).round_dp(2)
        })
    }

    /// Paid for a row.
    pub(super) fn paid(&self, row: usize) -> Option<Decimal> {
        let shares: Vec<&Edge> = self.edges_of(row, Kind::Payment).collect();
        if shares.is_empty() {
            return None;
        }
        shares.iter().map(|e| e.share).sum()
    }

    /// The links of a row for the report. Copies of one invoice go to the rows in turn.
    pub(super) fn links_of(&self, row: usize, kind: Kind) -> Vec<Link> {
        let mut out: Vec<Link> = Vec::new();
        for e in self.edges_of(row, kind) {
            let paper = &self.papers[e.paper];
            let turn = self.rows_of(e.paper).into_iter().position(|r| r == row).unwrap_or_default();
            let document =
                if turn == 0 { paper.id } else { paper.copies.get(turn - 1).copied().unwrap_or(paper.id) };
            out.push(super::link(document, e.share, e.unique, e.why.clone()));
        }
        out.sort_by_key(|l| l.document);
        out
    }
}

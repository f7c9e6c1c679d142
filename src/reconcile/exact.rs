//! Sharing out papers among rows exactly: every way in which each row's amount is made up by papers of its own, or each
//! paper's amount by rows of its own. What all ways have in common is certain; the rest is not asserted.

use rust_decimal::Decimal;

/// Most rows, and most papers, for which all ways are looked at.
pub(super) const ROWS: usize = 8;
/// See [`ROWS`].
pub(super) const PAPERS: usize = 10;
/// Most ways that are compared, and most steps until they are found. Beyond them nothing is determined.
const WAYS: usize = 200;
const STEPS: usize = 100_000;

/// What the ways of sharing out come to.
#[derive(Debug, PartialEq)]
pub(super) enum Cover {
    /// There is none: something is missing, or claimed too much.
    None,
    /// Pairs of row and paper, and whether all ways have them.
    Ways(Vec<(usize, usize, bool)>),
    /// Too many to tell.
    Unknown,
}

/// A row with its papers, or a paper with its rows.
struct Block {
    rows: u32,
    papers: u32,
}

/// Shares out `papers` among `rows` (amounts, each with what display rounding may hide), without the pairs that are
/// barred.
pub(super) fn cover(
    rows: &[(Decimal, Decimal)],
    papers: &[Decimal],
    barred: &dyn Fn(usize, usize) -> bool,
) -> Cover {
    if rows.is_empty() || papers.is_empty() {
        return Cover::None;
    }
    if rows.len() > ROWS || papers.len() > PAPERS {
        return Cover::Unknown;
    }
    let all: Decimal = rows.iter().map(|r| r.0).sum();
    let slack: Decimal = rows.iter().map(|r| r.1.max(Decimal::ONE)).sum();
    if (all - papers.iter().sum::<Decimal>()).abs() > slack {
        return Cover::None;
    }
    let mut blocks = blocks(rows, papers);
    blocks.retain(|b| !members(b.rows).any(|r| members(b.papers).any(|p| barred(r, p))));
    let mut search = Search {
        blocks: &blocks,
        papers: papers.len(),
        whole: (full(rows.len()), full(papers.len())),
        steps: 0,
        chosen: 0,
        ways: Vec::new(),
    };
    search.extend((0, 0));
    if search.steps > STEPS || search.ways.len() > WAYS {
        return Cover::Unknown;
    }
    let Some(first) = search.ways.first().copied() else { return Cover::None };
    let (certain, possible) =
        search.ways.iter().fold((first, first), |(all, any), way| (all & way, any | way));
    let pairs = (0..rows.len()).flat_map(|r| (0..papers.len()).map(move |p| (r, p)));
    let bit = |r: usize, p: usize| 1u128 << (r * papers.len() + p);
    Cover::Ways(
        pairs
            .filter(|(r, p)| possible & bit(*r, *p) != 0)
            .map(|(r, p)| (r, p, certain & bit(r, p) != 0))
            .collect(),
    )
}

fn full(n: usize) -> u32 {
    (1u32 << n) - 1
}

fn members(mask: u32) -> impl Iterator<Item = usize> {
    (0..32).filter(move |i| mask >> i & 1 == 1)
}

fn blocks(rows: &[(Decimal, Decimal)], papers: &[Decimal]) -> Vec<Block> {
    let mut out = Vec::new();
    for set in 1..=full(papers.len()) {
        let sum: Decimal = members(set).map(|p| papers[p]).sum();
        for (r, (amount, slack)) in rows.iter().enumerate() {
            if (sum - amount).abs() <= (*slack).max(Decimal::ONE) {
                out.push(Block { rows: 1 << r, papers: set });
            }
        }
    }
    for set in (1..=full(rows.len())).filter(|s| s.count_ones() > 1) {
        let sum: Decimal = members(set).map(|r| rows[r].0).sum();
        let slack: Decimal = members(set).map(|r| rows[r].1).sum::<Decimal>().max(Decimal::ONE);
        for (p, amount) in papers.iter().enumerate() {
            if (sum - amount).abs() <= slack {
                out.push(Block { rows: set, papers: 1 << p });
            }
        }
    }
    out
}

struct Search<'a> {
    blocks: &'a [Block],
    papers: usize,
    whole: (u32, u32),
    steps: usize,
    /// Pairs of the blocks taken so far, a bit each.
    chosen: u128,
    ways: Vec<u128>,
}

impl Search<'_> {
    /// Takes the first row that has no block yet.
    fn extend(&mut self, (rows, papers): (u32, u32)) {
        if (rows, papers) == self.whole {
            self.ways.push(self.chosen);
            return;
        }
        let next = (!rows & self.whole.0).trailing_zeros();
        if next >= 32 {
            // Papers are left over: no way.
            return;
        }
        let blocks = self.blocks;
        for b in
            blocks.iter().filter(|b| b.rows >> next & 1 == 1 && b.rows & rows == 0 && b.papers & papers == 0)
        {
            self.steps += 1;
            if self.steps > STEPS || self.ways.len() > WAYS {
                return;
            }
            let mine = members(b.rows)
                .flat_map(|r| members(b.papers).map(move |p| (r, p)))
                .fold(0u128, |bits, (r, p)| bits | 1 << (r * self.papers + p));
            let before = self.chosen;
            self.chosen |= mine;
            self.extend((rows | b.rows, papers | b.papers));
            self.chosen = before;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shared(rows: &[i64], papers: &[i64]) -> Cover {
        let rows: Vec<(Decimal, Decimal)> = rows.iter().map(|r| (Decimal::from(*r), Decimal::ZERO)).collect();
        let papers: Vec<Decimal> = papers.iter().map(|p| Decimal::from(*p)).collect();
        cover(&rows, &papers, &|_, _| false)
    }

    #[test]
    fn what_all_ways_share_is_certain() {
        assert_eq!(shared(&[300, 700], &[700, 300]), Cover::Ways(vec![(0, 1, true), (1, 0, true)]));
        assert_eq!(
            shared(&[1000], &[300, 600, 100]),
            Cover::Ways(vec![(0, 0, true), (0, 1, true), (0, 2, true)])
        );
        // One invoice for two rows.
        assert_eq!(shared(&[300, 200], &[500]), Cover::Ways(vec![(0, 0, true), (1, 0, true)]));
        // Which of the two equal papers belongs to which row is not known, but the third is.
        assert_eq!(
            shared(&[300, 500], &[300, 200, 300]),
            Cover::Ways(vec![(0, 0, false), (0, 2, false), (1, 0, false), (1, 1, true), (1, 2, false),])
        );
        // Two ways: the plainer one is not thereby the true one.
        let Cover::Ways(pairs) = shared(&[400, 600], &[100, 300, 200, 400]) else { panic!("ways") };
        let certain: Vec<(usize, usize)> = pairs.iter().filter(|p| p.2).map(|p| (p.0, p.1)).collect();
        assert_eq!(certain, [(1, 2)]);
    }

    #[test]
    fn without_a_way_or_beyond_the_bounds_nothing_is_said() {
        assert_eq!(shared(&[300, 700], &[700, 200]), Cover::None);
        assert_eq!(shared(&[], &[700]), Cover::None);
        assert_eq!(shared(&[1; ROWS + 1], &[1; PAPERS]), Cover::Unknown);
        assert_eq!(shared(&[100; ROWS], &[100; ROWS]), Cover::Unknown);
    }

    #[test]
    fn what_is_barred_is_in_no_way() {
        let rows = [(Decimal::from(300), Decimal::ZERO), (Decimal::from(300), Decimal::ZERO)];
        let papers = [Decimal::from(300), Decimal::from(300)];
        let ways = cover(&rows, &papers, &|r, p| (r, p) == (1, 0));
        assert_eq!(ways, Cover::Ways(vec![(0, 0, true), (1, 1, true)]));
        assert_eq!(cover(&rows, &papers, &|_, p| p == 0), Cover::None);
    }

    proptest! {
        #[test]
        fn the_order_of_the_papers_does_not_matter(parts in proptest::collection::vec(1i64..60, 2..7), cut in 1usize..6) {
            let cut = cut.min(parts.len() - 1);
            let rows = [parts[..cut].iter().sum::<i64>() * 100, parts[cut..].iter().sum::<i64>() * 100];
            let papers: Vec<i64> = parts.iter().map(|p| p * 100).collect();
            let back: Vec<i64> = papers.iter().rev().copied().collect();
            let turned = |c: Cover| match c {
                Cover::Ways(mut w) => {
                    for x in &mut w {
                        x.1 = papers.len() - 1 - x.1;
                    }
                    w.sort_unstable();
                    Cover::Ways(w)
                }
                other => other,
            };
            let there = shared(&rows, &papers);
            prop_assert!(there != Cover::None);
            prop_assert_eq!(there, turned(shared(&rows, &back)));
        }
    }
}

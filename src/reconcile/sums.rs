//! Subset sums, exact within stated bounds: at most [`MOST`] members of at most [`WIDEST`] candidates, and at most
//! [`STEPS`] steps. Beyond them nothing is found, and what nobody found asserts nothing.

use rust_decimal::Decimal;

/// Most members of a subset.
pub(super) const MOST: usize = 6;
/// Most candidates that are searched.
pub(super) const WIDEST: usize = 40;
/// Most steps of a search.
const STEPS: usize = 50_000;

/// The subsets of `parts` that sum to `target` within `slack`: the smallest size that has any, at most two of them
/// (two are enough to know that it is not unique). What is found does not depend on the order of the parts.
pub(super) fn subsets(target: Decimal, slack: Decimal, parts: &[Decimal]) -> Vec<Vec<usize>> {
    if parts.len() > WIDEST || target.is_zero() {
        return Vec::new();
    }
    let mut sorted: Vec<(Decimal, usize)> = parts.iter().copied().zip(0..).collect();
    sorted.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut search = Search { slack, parts: &sorted, steps: 0, taken: Vec::new(), found: Vec::new() };
    for size in 1..=MOST.min(parts.len()) {
        search.choose(target, size, 0);
        if search.steps > STEPS {
            return Vec::new();
        }
        if !search.found.is_empty() {
            break;
        }
    }
    search.found
}

struct Search<'a> {
    slack: Decimal,
    /// From the largest.
    parts: &'a [(Decimal, usize)],
    steps: usize,
    taken: Vec<usize>,
    found: Vec<Vec<usize>>,
}

impl Search<'_> {
    fn choose(&mut self, left: Decimal, size: usize, from: usize) {
        if size == 0 {
            if left.abs() <= self.slack {
                let mut set: Vec<usize> = self.taken.iter().map(|i| self.parts[*i].1).collect();
                set.sort_unstable();
                self.found.push(set);
            }
            return;
        }
        let rest = self.parts.len();
        for i in from..rest.saturating_sub(size - 1) {
            self.steps += 1;
            if self.found.len() >= 2 || self.steps > STEPS {
                return;
            }
            let most: Decimal = self.parts[i..i + size].iter().map(|p| p.0).sum();
            let least: Decimal =
                self.parts[i].0 + self.parts[rest + 1 - size..].iter().map(|p| p.0).sum::<Decimal>();
            if left - most > self.slack {
                // What follows is smaller still.
                return;
            }
            if least - left > self.slack {
                continue;
            }
            self.taken.push(i);
            self.choose(left - self.parts[i].0, size - 1, i + 1);
            self.taken.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(v: &[i64]) -> Vec<Decimal> {
        v.iter().map(|x| Decimal::from(*x)).collect()
    }

    #[test]
    fn finds_the_smallest_and_notices_ambiguity() {
        let one = subsets(Decimal::from(30), Decimal::ZERO, &d(&[10, 20, 30]));
        assert_eq!(one, [vec![2]]);
        let two = subsets(Decimal::from(50), Decimal::ZERO, &d(&[10, 20, 30]));
        assert_eq!(two, [vec![1, 2]]);
        assert_eq!(subsets(Decimal::from(30), Decimal::ZERO, &d(&[30, 30])).len(), 2);
        assert!(subsets(Decimal::from(31), Decimal::ZERO, &d(&[10, 20, 30])).is_empty());
        assert_eq!(subsets(Decimal::from(31), Decimal::ONE, &d(&[10, 20, 30])).len(), 1);
        // A credit note among them.
        assert_eq!(subsets(Decimal::from(20), Decimal::ZERO, &d(&[50, -30, 70])), [vec![0, 1]]);
    }

    #[test]
    fn beyond_the_bounds_nothing_is_found() {
        let many: Vec<Decimal> = (1..=WIDEST as i64 + 1).map(Decimal::from).collect();
        assert!(subsets(Decimal::from(3), Decimal::ZERO, &many).is_empty());
        let even: Vec<Decimal> = (0..WIDEST as i64).map(|i| Decimal::from(1000 + 2 * i)).collect();
        assert!(subsets(Decimal::from(6101), Decimal::ZERO, &even).is_empty());
    }

    proptest! {
        #[test]
        fn what_is_found_sums(parts in proptest::collection::vec(-300i64..1000, 1..12), pick in 0usize..4096) {
            let all = d(&parts);
            let chosen: Vec<usize> = (0..parts.len()).filter(|i| pick >> i & 1 == 1).take(MOST).collect();
            let target: Decimal = chosen.iter().map(|i| all[*i]).sum();
            let found = subsets(target, Decimal::ZERO, &all);
            prop_assert!(chosen.is_empty() || target.is_zero() || !found.is_empty());
            for f in found {
                prop_assert_eq!(f.iter().map(|i| all[*i]).sum::<Decimal>(), target);
            }
        }
    }
}

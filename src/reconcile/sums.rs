//! Small subset sums, with stated bounds: at most five members, at most 18 candidates.

use rust_decimal::Decimal;

/// Most members of a subset.
pub(super) const MOST: usize = 5;
/// Most candidates that are searched.
pub(super) const WIDEST: usize = 18;

/// The subsets of `parts` that sum to `target` within `slack`: the smallest size that has any, at most two of them
/// (two are enough to know that it is not unique).
pub(super) fn subsets(target: Decimal, slack: Decimal, parts: &[Decimal]) -> Vec<Vec<usize>> {
    if parts.len() > WIDEST || target.is_zero() {
        return Vec::new();
    }
    for size in 1..=MOST.min(parts.len()) {
        let mut out = Vec::new();
        choose(target, slack, parts, size, 0, &mut Vec::new(), &mut out);
        if !out.is_empty() {
            return out;
        }
    }
    Vec::new()
}

fn choose(
    left: Decimal,
    slack: Decimal,
    parts: &[Decimal],
    size: usize,
    from: usize,
    taken: &mut Vec<usize>,
    out: &mut Vec<Vec<usize>>,
) {
    if size == 0 {
        if left.abs() <= slack {
            out.push(taken.clone());
        }
        return;
    }
    for i in from..parts.len() {
        if out.len() >= 2 {
            return;
        }
        taken.push(i);
        choose(left - parts[i], slack, parts, size - 1, i + 1, taken, out);
        taken.pop();
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
    }

    proptest! {
        #[test]
        fn what_is_found_sums(parts in proptest::collection::vec(1i64..1000, 1..12), pick in 0usize..4096) {
            let all = d(&parts);
            let chosen: Vec<usize> = (0..parts.len()).filter(|i| pick >> i & 1 == 1).take(MOST).collect();
            let target: Decimal = chosen.iter().map(|i| all[*i]).sum();
            let found = subsets(target, Decimal::ZERO, &all);
            prop_assert!(chosen.is_empty() || !found.is_empty());
            for f in found {
                prop_assert_eq!(f.iter().map(|i| all[*i]).sum::<Decimal>(), target);
            }
        }
    }
}

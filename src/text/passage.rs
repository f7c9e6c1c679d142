//! Passages that texts have in common, found without comparing every text with every other: a text is known by some of
//! the hashes of its runs of 13 characters, the least of every window (winnowing, a running MinHash). A common passage
//! of [`SURE`] characters leaves at least one of them in both texts.

use std::ops::Range;

/// Characters of a run.
pub const RUN: usize = 13;
/// Hashes of a window, of which the least is kept.
const WINDOW: usize = 48;
/// Passages of this many characters are never missed.
pub const SURE: usize = RUN + WINDOW - 1;

/// The hash of each run of a text, by the place of its first character.
pub fn runs(text: &[char]) -> Vec<u64> {
    text.windows(RUN).map(hash).collect()
}

/// FNV-1a over the characters: the same on every machine, unlike the hashes of the standard library.
fn hash(run: &[char]) -> u64 {
    let mut h = 0xcbf2_9ce4_8422_2325_u64;
    for c in run {
        for byte in u32::from(*c).to_le_bytes() {
            h = (h ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    // The low bits of FNV mix badly; the least of a window should be any of them alike.
    h ^= h >> 32;
    h.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The hashes by which a text is known, in order and without repetition.
pub fn marks(runs: &[u64]) -> Vec<u64> {
    let mut out: Vec<u64> = if runs.len() < WINDOW {
        runs.iter().min().copied().into_iter().collect()
    } else {
        runs.windows(WINDOW).filter_map(|w| w.iter().min().copied()).collect()
    };
    out.sort_unstable();
    out.dedup();
    out
}

/// A passage that stands in two texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Characters in the first text.
    pub first: Range<usize>,
    /// Characters in the second text.
    pub second: Range<usize>,
}

/// The longest passages of at least `least` characters that two texts have in common, in the order of the first. Runs
/// for which `counts` says no (what everybody writes) end a passage.
pub fn common(a: &[u64], b: &[u64], least: usize, counts: &dyn Fn(u64) -> bool) -> Vec<Passage> {
    let mut places: Vec<(u64, usize)> = b.iter().copied().zip(0..).filter(|(h, _)| counts(*h)).collect();
    places.sort_unstable();
    let mut out: Vec<Passage> = Vec::new();
    let mut i = 0;
    while i < a.len() {
        let from = places.partition_point(|p| p.0 < a[i]);
        let mut best: Option<(usize, usize)> = None;
        // A run that stands in a text very often is no passage of anybody's.
        for (_, at) in places[from..].iter().take_while(|p| p.0 == a[i]).take(8) {
            let n = (0..).take_while(
                |n| matches!((a.get(i + n), b.get(at + n)), (Some(x), Some(y)) if x == y && counts(*x)),
            );
            let n = n.count();
            if best.is_none_or(|b| n > b.1) {
                best = Some((*at, n));
            }
        }
        match best {
            Some((at, n)) if n > 0 => {
                let chars = n + RUN - 1;
                if chars >= least {
                    out.push(Passage { first: i..i + chars, second: at..at + chars });
                }
                i += n;
            }
            _ => i += 1,
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn a_passage_is_found_where_it_stands() {
        let shared = "平台通过边缘网关采集设备数据并在云端完成工艺参数的建模分析与优化闭环控制";
        let a = chars(&format!("甲公司的介绍在前。{shared}。后面是甲的话"));
        let b = chars(&format!("乙写了别的开头，很长很长，{shared}，乙的结尾"));
        let found = common(&runs(&a), &runs(&b), 20, &|_| true);
        assert_eq!(found.len(), 1);
        let text: String = a[found[0].first.clone()].iter().collect();
        assert_eq!(text, shared);
        assert_eq!(a[found[0].first.clone()], b[found[0].second.clone()]);
        // What does not count is no passage.
        assert!(common(&runs(&a), &runs(&b), 20, &|_| false).is_empty());
        assert!(common(&runs(&a), &[], 20, &|_| true).is_empty());
    }

    proptest! {
        #[test]
        fn long_passages_leave_a_common_mark(
            a in proptest::collection::vec(0u32..3000, 0..80),
            b in proptest::collection::vec(0u32..3000, 0..80),
            shared in proptest::collection::vec(0u32..3000, SURE..SURE + 40),
        ) {
            let text = |x: &[u32]| -> Vec<char> {
                x.iter().chain(&shared).chain(x).filter_map(|c| char::from_u32(0x4e00 + c)).collect()
            };
            let (x, y) = (marks(&runs(&text(&a))), marks(&runs(&text(&b))));
            prop_assert!(x.iter().any(|m| y.binary_search(m).is_ok()));
        }
    }
}

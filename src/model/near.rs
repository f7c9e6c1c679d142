//! Finds imprints that are nearly the same without comparing all with all.

use std::collections::BTreeMap;

use super::Imprint;

/// Bits of an imprint are cut into so many bands: two that differ in less bits agree in one of them.
const BANDS: u32 = 7;
const WIDTH: u32 = 9;

/// Imprints by their bands.
#[derive(Debug, Default)]
pub struct Near {
    all: Vec<Imprint>,
    bands: BTreeMap<(u32, u64), Vec<usize>>,
}

impl Near {
    /// The most bits by which imprints that are found may differ.
    pub const MOST: u32 = BANDS - 1;

    /// An index of imprints; they are known by their numbers from here on.
    pub fn of(imprints: impl IntoIterator<Item = Imprint>) -> Self {
        let mut near = Self { all: imprints.into_iter().collect(), ..Self::default() };
        for (i, imprint) in near.all.iter().enumerate() {
            for key in keys(*imprint) {
                near.bands.entry(key).or_default().push(i);
            }
        }
        near
    }

    /// The numbers of all imprints that differ from this one in no more bits (at most [`Near::MOST`]), in order.
    pub fn to(&self, imprint: Imprint, bits: u32) -> Vec<usize> {
        let bits = bits.min(Self::MOST);
        let alike = keys(imprint).filter_map(|key| self.bands.get(&key)).flatten().copied();
        let mut found: Vec<usize> = alike.filter(|i| self.all[*i].distance(imprint) <= bits).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn keys(imprint: Imprint) -> impl Iterator<Item = (u32, u64)> {
    // The lowest bit is the mean, which says nothing.
    (0..BANDS).map(move |band| (band, (imprint.0 >> (1 + WIDTH * band)) & ((1 << WIDTH) - 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_a_full_comparison_finds() {
        let mut state = 7u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state
        };
        let mut all: Vec<Imprint> = (0..300).map(|_| Imprint(next() & !1)).collect();
        for i in 0..100 {
            let bits = (0..i % 9).fold(0, |bits, _| bits | 1 << (1 + next() % 63));
            all.push(Imprint(all[i as usize].0 ^ bits));
        }
        let near = Near::of(all.iter().copied());
        for imprint in &all {
            let full: Vec<usize> = (0..all.len()).filter(|i| all[*i].distance(*imprint) <= 6).collect();
            assert_eq!(near.to(*imprint, 6), full);
        }
        assert!(near.to(all[300], 0).contains(&300));
    }
}

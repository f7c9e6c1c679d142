//! What pictures and seals look like, small enough to be kept for every page and compared without it. Facts, no
//! judgement: pictures that agree here are compared pixel by pixel before anything is said of them.

use serde::{Deserialize, Serialize};

use super::{BBox, Confidence, Source};

/// What a picture looks like as a whole: the signs of the lowest frequencies of its cosine transform, eight by eight.
/// Copies that were recompressed or scaled differ in a few bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Imprint(pub u64);

/// The odd horizontal frequencies: a mirror turns their signs.
const MIRRORED: u64 = 0xaaaa_aaaa_aaaa_aaaa;

impl Imprint {
    /// In how many bits two pictures differ, of 63.
    pub fn distance(self, other: Self) -> u32 {
        (self.0 ^ other.0).count_ones()
    }

    /// Its name in a ledger.
    pub fn name(self) -> String {
        format!("{:016x}", self.0)
    }

    /// The imprint of this name.
    pub fn named(name: &str) -> Option<Self> {
        u64::from_str_radix(name, 16).ok().filter(|_| name.len() == 16).map(Self)
    }

    /// The imprint of the picture seen in a mirror.
    pub fn mirrored(self) -> Self {
        Self(self.0 ^ MIRRORED)
    }
}

/// A picture on a page.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    /// Where, on the page as it lies in the file.
    pub bbox: BBox,
    /// What it looks like.
    pub imprint: Imprint,
}

/// A picture of a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// Where.
    pub source: Source,
    /// What it looks like.
    pub imprint: Imprint,
}

/// A seal of a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stamp {
    /// Where.
    pub source: Source,
    /// What it reads, if that can be told.
    pub text: Option<String>,
    /// How surely.
    pub confidence: Confidence,
    /// What it looks like.
    pub impression: Impression,
}

/// Two pictures of different submissions that are the same to the eye, compared pixel by pixel.
#[derive(Clone, Debug, PartialEq)]
pub struct Alike {
    /// The submissions, by their number in the batch.
    pub cases: [usize; 2],
    /// The pictures.
    pub sources: [Source; 2],
    /// How alike their structure is, in thousandths.
    pub likeness: u16,
    /// Bits in which their imprints differ.
    pub distance: u32,
    /// One shows the other in a mirror.
    pub mirrored: bool,
}

/// What a seal looks like, level, cut to its outline and brought to one size: shares of ink on a square grid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Impression {
    /// Two cells a byte, row by row: 0 (paper) to 14 (ink), 15 where black print hides what is there.
    cells: Vec<u8>,
}

/// Black print hides what is there.
const HIDDEN: u8 = 15;
/// Full ink.
const INK: u8 = 14;
/// Side of the blocks that are compared one by one, in cells: about a character of the name on the ring.
const BLOCK: usize = 7;
/// A block whose shares of ink vary less than this (squared levels) is even.
const EVEN: f32 = 1.5;
/// How far outlines may be off, in cells.
const SHIFT: isize = 2;
/// Blocks with ink in them that two impressions need to have in common before they can be compared.
const LEAST: usize = 16;
/// From this correlation on a block shows the same. On scans at 150 dpi with strong compression, blocks of copies reach
/// 0.95 and more; another name in the same ring leaves a quarter of the blocks between 0.6 and 0.9.
const ALIKE: f32 = 0.9;

impl Impression {
    /// Cells on a side.
    pub const SIDE: usize = 56;

    /// From shares of ink (0 to 1; none where hidden) of `SIDE` × `SIDE` cells, row by row.
    pub fn of(shares: &[Option<f32>]) -> Self {
        let level = |share: &Option<f32>| {
            share.map_or(HIDDEN, |s| (s.clamp(0.0, 1.0) * f32::from(INK)).round() as u8)
        };
        let cells = shares.chunks(2).map(|pair| {
            let high = pair.get(1).map_or(HIDDEN, level);
            level(&pair[0]) | (high << 4)
        });
        Self { cells: cells.take(Self::SIDE * Self::SIDE / 2).collect() }
    }

    fn unpacked(&self) -> Vec<u8> {
        self.cells.iter().flat_map(|pair| [pair & 0x0f, pair >> 4]).collect()
    }

    /// The share of blocks in which two impressions show the same, and the likeness of the worst of them; none where
    /// too little can be compared. Two impressions of one stamp on paper differ in pressure and in rotation, so that
    /// only copies of one picture come near 1.
    pub fn agreement(&self, other: &Self) -> Option<(f32, f32)> {
        let (a, b) = (self.unpacked(), other.unpacked());
        if a.len() != Self::SIDE * Self::SIDE || b.len() != a.len() {
            return None;
        }
        let shifts = (-SHIFT..=SHIFT).flat_map(|dy| (-SHIFT..=SHIFT).map(move |dx| (dx, dy)));
        let tried = shifts.filter_map(|shift| compare(&a, &b, shift));
        tried.max_by(|x, y| x.0.total_cmp(&y.0).then(x.1.total_cmp(&y.1)))
    }
}

/// Compares block by block, the second grid moved.
fn compare(a: &[u8], b: &[u8], shift: (isize, isize)) -> Option<(f32, f32)> {
    let (mut told, mut alike, mut worst) = (0usize, 0usize, 1.0f32);
    for y in (0..Impression::SIDE).step_by(BLOCK) {
        for x in (0..Impression::SIDE).step_by(BLOCK) {
            if let Some(likeness) = block(a, b, (x, y), shift) {
                told += 1;
                alike += usize::from(likeness >= ALIKE);
                worst = worst.min(likeness);
            }
        }
    }
    (told >= LEAST).then(|| (alike as f32 / told as f32, worst))
}

/// The correlation of a block in both grids; none where it is empty in both, or mostly hidden.
fn block(a: &[u8], b: &[u8], (x0, y0): (usize, usize), (dx, dy): (isize, isize)) -> Option<f32> {
    let side = Impression::SIDE;
    let (mut n, mut sa, mut sb, mut saa, mut sbb, mut sab) = (0.0f32, 0.0f32, 0.0f32, 0.0f32, 0.0f32, 0.0f32);
    for y in y0..y0 + BLOCK {
        for x in x0..x0 + BLOCK {
            let (Some(bx), Some(by)) = (x.checked_add_signed(dx), y.checked_add_signed(dy)) else { continue };
            if bx >= side || by >= side {
                continue;
            }
            let (p, q) = (a[y * side + x], b[by * side + bx]);
            if p == HIDDEN || q == HIDDEN {
                continue;
            }
            let (p, q) = (f32::from(p), f32::from(q));
            n += 1.0;
            (sa, sb) = (sa + p, sb + q);
            (saa, sbb, sab) = (saa + p * p, sbb + q * q, sab + p * q);
        }
    }
    if n < 0.7 * (BLOCK * BLOCK) as f32 {
        return None;
    }
    let (va, vb) = (saa / n - (sa / n) * (sa / n), sbb / n - (sb / n) * (sb / n));
    // Even ink and even paper have no shape.
    if va.max(vb) < EVEN {
        return None;
    }
    let both = sab / n - (sa / n) * (sb / n);
    Some(both / (va.max(1.0) * vb.max(1.0)).sqrt())
}

#[cfg(test)]
impl Impression {
    /// A ring with marks around it, told by a seed.
    pub(crate) fn drawn(seed: u32, noise: f32) -> Self {
        let side = Impression::SIDE as f32;
        let mut state = 77u32;
        let mut shares = Vec::new();
        for y in 0..Impression::SIDE {
            for x in 0..Impression::SIDE {
                let (u, v) = (x as f32 - side / 2.0, y as f32 - side / 2.0);
                let (r, angle) = (u.hypot(v), v.atan2(u));
                let sector = ((angle + 3.2) * 3.0) as u32;
                let mark = (sector.wrapping_mul(2_654_435_761) ^ seed.wrapping_mul(40_503)) >> 9;
                let cell = (x as u32 / 2 + 3 * (y as u32 / 2)) % 7;
                let letter = (17.0..24.0).contains(&r) && (mark >> cell) & 1 == 1;
                let ink = (25.0..28.0).contains(&r) || r < 6.0 || letter;
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let grain = noise * ((state >> 16) as f32 / 65_536.0 - 0.5);
                shares.push(Some(f32::from(u8::from(ink)) * 0.8 + grain));
            }
        }
        Impression::of(&shares)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(seed: u32, noise: f32) -> Impression {
        Impression::drawn(seed, noise)
    }

    #[test]
    fn one_seal_agrees_with_its_noisy_copy_and_not_with_another_name() {
        let (share, _) = seal(1, 0.0).agreement(&seal(1, 0.15)).unwrap();
        assert!(share > 0.95, "{share}");
        let (share, _) = seal(1, 0.0).agreement(&seal(2, 0.0)).unwrap();
        assert!(share < 0.85, "{share}");
        assert_eq!(Impression::of(&[]).agreement(&seal(1, 0.0)), None);
    }

    #[test]
    fn a_mirror_turns_the_odd_frequencies() {
        let imprint = Imprint(0b1011);
        assert_eq!(imprint.mirrored().mirrored(), imprint);
        assert_eq!(imprint.distance(imprint.mirrored()), 32);
    }
}

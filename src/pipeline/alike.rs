//! Pictures of different submissions that are the same to the eye: found by their imprints, then drawn and compared
//! pixel by pixel.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::near::Near;
use crate::model::{Alike, Batch, Imprint, Picture, Source};

/// Most pairs that are drawn in one run, and of two submissions.
const MOST: usize = 2_000;
const MOST_OF_TWO: usize = 12;

/// When pictures count as one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Bits in which imprints may differ.
    pub(super) bits: u32,
    /// Thousandths of likeness that are needed.
    pub(super) likeness: u16,
    /// Submissions beyond which a picture is everybody's.
    pub(super) common: usize,
}

/// The pairs of a batch. `likeness` draws two pictures (the second in a mirror, if told so) and compares them, in
/// thousandths.
pub(super) fn find(
    batch: &Batch,
    limits: Limits,
    likeness: &dyn Fn(&Source, &Source, bool) -> Option<u16>,
) -> Vec<Alike> {
    let pictures = of_batch(batch);
    let near = Near::of(pictures.iter().map(|p| p.1.imprint));
    let mut left: BTreeMap<[usize; 2], usize> = BTreeMap::new();
    let mut out = Vec::new();
    let mut tried = 0;
    for (i, (case, picture)) in pictures.iter().enumerate() {
        let found = neighbours(&near, picture.imprint, limits.bits);
        let users: BTreeSet<usize> = found.iter().map(|(j, _)| pictures[*j].0).chain([*case]).collect();
        if users.len() > limits.common {
            continue;
        }
        for (j, mirrored) in found.into_iter().filter(|(j, _)| *j > i && pictures[*j].0 != *case) {
            let (other, twin) = &pictures[j];
            let cases = [*case, *other];
            let of_two = left.entry(cases).or_insert(MOST_OF_TWO);
            if *of_two == 0 || tried >= MOST {
                continue;
            }
            *of_two -= 1;
            tried += 1;
            let imprint = if mirrored { twin.imprint.mirrored() } else { twin.imprint };
            let alike = likeness(&picture.source, &twin.source, mirrored);
            if let Some(likeness) = alike.filter(|l| *l >= limits.likeness) {
                out.push(Alike {
                    cases,
                    sources: [picture.source.clone(), twin.source.clone()],
                    likeness,
                    distance: picture.imprint.distance(imprint),
                    mirrored,
                });
            }
        }
    }
    out
}

/// The pictures of all submissions, one of each kind a submission.
fn of_batch(batch: &Batch) -> Vec<(usize, &Picture)> {
    let mut out: Vec<(usize, &Picture)> = Vec::new();
    for (i, case) in batch.cases.iter().enumerate() {
        let mut seen: BTreeSet<Imprint> = BTreeSet::new();
        let pictures = case.documents.iter().flat_map(|d| &d.pictures);
        out.extend(pictures.filter(|p| seen.insert(p.imprint)).map(|p| (i, p)));
    }
    out
}

/// Pictures near an imprint, as they are and in a mirror.
fn neighbours(near: &Near, imprint: Imprint, bits: u32) -> Vec<(usize, bool)> {
    let plain = near.to(imprint, bits);
    let mirrored = near.to(imprint.mirrored(), bits);
    let turned = mirrored.into_iter().filter(|i| !plain.contains(i)).map(|i| (i, true)).collect::<Vec<_>>();
    plain.into_iter().map(|i| (i, false)).chain(turned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BBox, Case, Document, Investment, Place};

    fn batch(hashes: &[&[u64]]) -> Batch {
        let mut batch = Batch::default();
        for (i, own) in hashes.iter().enumerate() {
            let mut document: Document = serde_json::from_value(serde_json::json!({
                "id": 0, "file": format!("{i}.pdf"), "sha256": "", "pages": [1, 1], "kind": "screenshot",
                "kind_confidence": 1000, "read_by": "ocr", "fields": {}, "items": [], "text": "",
            }))
            .unwrap();
            for (n, hash) in own.iter().enumerate() {
                let place = Place::Page { page: n as u32 + 1, bbox: BBox::new(0.0, 0.0, 9.0, 9.0) };
                let source = Source { file: document.file.clone(), place };
                document.pictures.push(Picture { source, imprint: Imprint(*hash) });
            }
            batch.cases.push(Case {
                id: format!("长沙市/{i}"),
                documents: vec![document],
                form: None,
                investment: Investment::default(),
                unread: Vec::new(),
                poor_pages: Vec::new(),
            });
        }
        batch
    }

    const LIMITS: Limits = Limits { bits: 6, likeness: 900, common: 3 };

    #[test]
    fn near_imprints_are_compared_and_templates_are_not() {
        let hash = 0x1234_5678_9abc_def0;
        let two = batch(&[&[hash, 0x0f0f], &[hash ^ 0b110], &[!hash]]);
        let all = |_: &Source, _: &Source, _: bool| Some(950);
        let found = find(&two, LIMITS, &all);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].cases, found[0].distance, found[0].mirrored), ([0, 1], 2, false));
        assert!(find(&two, LIMITS, &|_, _, _| Some(800)).is_empty());
        let everybody = batch(&[&[hash], &[hash], &[hash], &[hash]]);
        assert!(find(&everybody, LIMITS, &all).is_empty());
        let mirror = Imprint(hash).mirrored().0;
        assert!(find(&batch(&[&[hash], &[mirror]]), LIMITS, &all)[0].mirrored);
    }

    #[test]
    fn pictures_of_one_submission_are_its_own_affair() {
        let found = find(&batch(&[&[8, 8, 12]]), LIMITS, &|_, _, _| Some(1000));
        assert!(found.is_empty());
    }
}

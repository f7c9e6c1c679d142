//! The order of the papers: what lies beside what.

use std::collections::BTreeMap;

use super::facts::Paper;
use crate::model::Kind;

/// Marks the parts of bound files: what stands between the beginning of one contract and that of the next. A file in
/// which all contracts come before everything else has no parts.
pub(super) fn sections(papers: &mut [Paper]) {
    let mut starts: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for p in papers.iter().filter(|p| p.is(Kind::Contract) && p.amends.is_none()) {
        starts.entry(p.file.clone()).or_default().push(p.page);
    }
    for pages in starts.values_mut() {
        pages.sort_unstable();
    }
    let part = |p: &Paper| starts.get(&p.file).map(|s| s.partition_point(|page| *page <= p.page));
    let mut used: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for p in papers.iter().filter(|p| !p.is(Kind::Contract)) {
        if let Some(n) = part(p) {
            let parts = used.entry(p.file.clone()).or_default();
            if !parts.contains(&n) {
                parts.push(n);
            }
        }
    }
    for p in papers.iter_mut() {
        let bound = used.get(&p.file).is_some_and(|u| u.len() > 1);
        let alone = starts.get(&p.file).is_some_and(|s| s.len() == 1);
        p.section = part(p).filter(|n| *n > 0 && (bound || alone));
    }
}

/// How near two papers lie: in one part of a bound file, in one small folder, or under one number.
pub(super) fn near(a: &Paper, b: &Paper) -> bool {
    if a.file == b.file {
        return a.section.is_some() && a.section == b.section;
    }
    near_files(&a.file, &b.file)
}

fn near_files(a: &str, b: &str) -> bool {
    let split = |p: &str| {
        p.rsplit_once('/').map_or((String::new(), p.to_owned()), |(d, f)| (d.to_owned(), f.to_owned()))
    };
    let ((da, fa), (db, fb)) = (split(a), split(b));
    let digits = |s: &str| s.chars().take_while(char::is_ascii_digit).collect::<String>();
    let tail = |s: &str| {
        let stem = s.rsplit_once('.').map_or(s, |x| x.0);
        let t: String = stem.chars().rev().take_while(char::is_ascii_digit).collect();
        t.chars().rev().collect::<String>()
    };
    let last = |d: &str| digits(d.rsplit('/').next().unwrap_or_default());
    if da == db && !last(&da).is_empty() {
        return true;
    }
    (!digits(&fa).is_empty() && digits(&fa) == digits(&fb))
        || (da != db && !tail(&fa).is_empty() && tail(&fa) == tail(&fb))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper(kind: Kind, page: u32) -> Paper {
        Paper { kind: Some(kind), file: "合订本.pdf".into(), page, ..Paper::default() }
    }

    #[test]
    fn a_bound_file_has_parts_where_papers_follow_their_contract() {
        use Kind::{Contract, Invoice, Payment};
        let mut papers = vec![
            paper(Contract, 1),
            paper(Invoice, 4),
            paper(Payment, 5),
            paper(Contract, 6),
            paper(Invoice, 9),
        ];
        sections(&mut papers);
        assert!(near(&papers[0], &papers[1]) && near(&papers[1], &papers[2]) && near(&papers[3], &papers[4]));
        assert!(!near(&papers[0], &papers[4]) && !near(&papers[2], &papers[3]));
        // All contracts first: the invoices behind the last of them are not its own.
        let mut papers = vec![paper(Contract, 1), paper(Contract, 4), paper(Invoice, 8), paper(Invoice, 9)];
        sections(&mut papers);
        assert!(!near(&papers[1], &papers[2]));
    }
}

//! Documents that go on in another file: 合同-1.pdf and 合同-2.pdf, scan_001.jpg and scan_002.jpg. The parts are read as
//! one document; every field keeps the file in which it stands.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::classify;
use crate::ingest::InputFile;
use crate::model::{Continued, Document, Field, Kind, Page, Place, Reading, Segment, Source};
use crate::pack::Pack;

use super::understand::{self, Understood};

/// Kinds that are handed in in parts.
const IN_PARTS: &[Kind] =
    &[Kind::Contract, Kind::AuditReport, Kind::SpecialAudit, Kind::ServiceList, Kind::SummaryTable];
/// A page with more characters is no cover.
const COVER: usize = 260;
/// A document lies in no more files than this.
const MOST: usize = 60;

/// A document on its way through the files: its pages under running numbers.
struct Whole {
    /// File and document in it where it begins.
    at: (usize, usize),
    kind: Kind,
    reading: Reading,
    parts: Vec<Part>,
}

struct Part {
    /// Index of the file.
    file: usize,
    /// What to take from a running number to get the file's own.
    offset: u32,
    pages: u32,
    why: &'static str,
}

/// Joins what goes on in the next file. `pages` gives the reading of a file by its index.
pub(super) fn join(
    files: &[InputFile],
    understood: &mut [Understood],
    pages: &dyn Fn(usize) -> Option<Reading>,
    pack: &Pack,
) {
    let mut whole: Option<Whole> = None;
    for (before, after, series) in neighbours(files) {
        if !may_follow(&understood[after]) {
            settle(whole.take(), files, understood, pack);
            continue;
        }
        let goes_on = whole.as_ref().is_some_and(|w| w.last() == before && w.parts.len() < MOST);
        if !goes_on {
            settle(whole.take(), files, understood, pack);
            whole = begin(before, understood, pages);
        }
        let Some(current) = &mut whole else { continue };
        let next = pages(after);
        let found = next.as_ref().and_then(|r| classify::goes_on(&current.reading, r, series, pack));
        let (Some(next), Some((count, why, kind))) = (next, found) else {
            settle(whole.take(), files, understood, pack);
            continue;
        };
        // A document that lies across the cut would lose pages: then nothing is joined.
        if understood[after].documents.iter().any(|d| d.pages.0 <= count && d.pages.1 > count) {
            settle(whole.take(), files, understood, pack);
            continue;
        }
        let rest = understood[after].documents.iter().any(|d| d.pages.0 > count);
        understood[after].documents.retain(|d| d.pages.0 > count);
        current.add(after, next, count, why);
        current.kind = kind;
        if rest {
            settle(whole.take(), files, understood, pack);
        }
    }
    settle(whole, files, understood, pack);
}

/// The last document of a file, if it may go on.
fn begin(file: usize, understood: &[Understood], pages: &dyn Fn(usize) -> Option<Reading>) -> Option<Whole> {
    let documents = &understood[file].documents;
    let at = (0..documents.len()).max_by_key(|i| documents[*i].pages.1)?;
    let kind = documents[at].kind;
    // What is not known may be a cover.
    let cover = kind == Kind::Other && documents[at].text.chars().count() < COVER;
    if !IN_PARTS.contains(&kind) && !cover {
        return None;
    }
    let reading = pages(file)?;
    let last = reading.pages.last()?.number;
    let part = Part { file, offset: 0, pages: last, why: "" };
    (documents[at].pages.1 == last).then(|| Whole { at: (file, at), kind, reading, parts: vec![part] })
}

/// Whether the first thing in a file can be the rest of something: it is not known, or of a kind that comes in parts.
fn may_follow(file: &Understood) -> bool {
    let first = file.documents.iter().min_by_key(|d| d.pages.0);
    first.is_some_and(|d| d.kind == Kind::Other || IN_PARTS.contains(&d.kind) || d.kind_confidence.0 < 700)
}

impl Whole {
    fn last(&self) -> usize {
        self.parts.last().map_or(self.at.0, |p| p.file)
    }

    fn add(&mut self, file: usize, next: Reading, count: u32, why: &'static str) {
        let offset = self.reading.pages.last().map_or(0, |p| p.number);
        for mut page in next.pages.into_iter().filter(|p| p.number <= count) {
            renumber(&mut page, offset);
            self.reading.pages.push(page);
        }
        self.parts.push(Part { file, offset, pages: count, why });
    }
}

/// Gives a page another number, and all places on it.
fn renumber(page: &mut Page, offset: u32) {
    page.number += offset;
    let cells = page
        .tables
        .iter_mut()
        .flat_map(|t| std::iter::once(&mut t.place).chain(t.cells.iter_mut().map(|c| &mut c.place)));
    let lines = page.lines.iter_mut().chain(&mut page.hidden).map(|l| &mut l.place);
    for place in cells.chain(lines).chain(page.data.iter_mut().map(|d| &mut d.place)) {
        if let Place::Page { page, .. } = place {
            *page += offset;
        }
    }
}

/// Reads the joined document anew, if anything was joined, and puts it where it begins.
fn settle(whole: Option<Whole>, files: &[InputFile], understood: &mut [Understood], pack: &Pack) {
    let Some(whole) = whole.filter(|w| w.parts.len() > 1) else { return };
    let (file, at) = whole.at;
    let (Some(input), Some(old)) = (files.get(file), understood[file].documents.get(at)) else { return };
    let Some(last) = whole.reading.pages.last().map(|p| p.number) else { return };
    let segment = Segment {
        pages: (old.pages.0, last),
        area: None,
        kind: whole.kind,
        confidence: old.kind_confidence,
        why: Vec::new(),
    };
    let Some(mut new) = understand::document(input, &whole.reading, &segment, &[], pack) else { return };
    new.pages = old.pages;
    new.continued = whole.parts[1..]
        .iter()
        .filter_map(|p| {
            let file = files.get(p.file)?;
            let (file, sha256) = (file.path.clone(), file.sha256.clone());
            Some(Continued { file, sha256, pages: (1, p.pages), why: p.why.to_string() })
        })
        .collect();
    send_home(&mut new, &whole.parts, files);
    understood[file].documents[at] = new;
}

/// Gives every source the file and the page number where it stands.
fn send_home(document: &mut Document, parts: &[Part], files: &[InputFile]) {
    let rows = document.items.iter_mut().flat_map(|row| row.values_mut());
    for field in document.fields.values_mut().chain(rows) {
        let sources: &mut Vec<Source> = match field {
            Field::Found(s) => &mut s.sources,
            Field::Unreadable(s) => &mut s.sources,
        };
        sources.iter_mut().for_each(|source| send_one(source, parts, files));
    }
    document.stamps.iter_mut().for_each(|stamp| send_one(&mut stamp.source, parts, files));
}

fn send_one(source: &mut Source, parts: &[Part], files: &[InputFile]) {
    let Place::Page { page, .. } = &mut source.place else { return };
    let Some(part) = parts.iter().rev().find(|p| *page > p.offset) else { return };
    *page -= part.offset;
    if let Some(file) = files.get(part.file) {
        source.file = Arc::clone(&file.path);
    }
}

/// Files of one folder that stand next to each other: those whose names count on, and those that come one after the
/// other in the order of their names.
fn neighbours(files: &[InputFile]) -> Vec<(usize, usize, bool)> {
    let mut series: BTreeMap<(String, String), Vec<(u32, usize)>> = BTreeMap::new();
    for (index, file) in files.iter().enumerate() {
        if let Some((before, number, after)) = counted(&file.path) {
            series.entry((before, after)).or_default().push((number, index));
        }
    }
    let mut out = Vec::new();
    let mut in_series = vec![false; files.len()];
    for list in series.values_mut() {
        list.sort_unstable();
        for pair in list.windows(2) {
            if pair[1].0 == pair[0].0 + 1 {
                out.push((pair[0].1, pair[1].1, true));
                in_series[pair[1].1] = true;
            }
        }
    }
    let folder = |i: usize| files[i].path.rsplit_once('/').map_or("", |(f, _)| f).to_string();
    for after in (1..files.len()).filter(|i| !in_series[*i]) {
        if folder(after - 1) == folder(after) {
            out.push((after - 1, after, false));
        }
    }
    out
}

/// A path as what stands before its last number, the number, and what stands behind it. Years count nothing.
fn counted(path: &str) -> Option<(String, u32, String)> {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let from = stem.rfind('/').map_or(0, |at| at + 1);
    let end = stem.rfind(|c: char| c.is_ascii_digit())? + 1;
    let start = stem[..end]
        .rfind(|c: char| !c.is_ascii_digit())
        .map_or(0, |at| at + stem[at..].chars().next().map_or(1, char::len_utf8));
    if start < from || end - start > 6 {
        return None;
    }
    let number: u32 = stem[start..end].parse().ok()?;
    let year = end - start == 4 && (1990..2100).contains(&number);
    let folder = |s: &str| s.to_lowercase();
    (!year).then(|| (folder(&stem[..start]), number, folder(&path[end..])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_count_on() {
        let stem = |p: &str| counted(p).map(|(a, n, _)| (a, n));
        assert_eq!(stem("附件/合同-1.pdf"), Some(("附件/合同-".into(), 1)));
        assert_eq!(stem("扫描/scan_002.jpg"), Some(("扫描/scan_".into(), 2)));
        assert_eq!(stem("合同（12）.pdf"), Some(("合同（".into(), 12)));
        assert_eq!(stem("审计报告2021.pdf"), None);
        assert_eq!(stem("3-附件/合同.pdf"), None);
        assert_eq!(stem("合同.pdf"), None);
    }
}

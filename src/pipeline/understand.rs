//! From a reading to documents: classify, extract; the part of the pipeline that is pure.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::{Deserialize, Serialize};

use crate::classify;
use crate::extract::{self, View};
use crate::ingest::InputFile;
use crate::model::{
    BBox, Document, Grade, Kind, Page, Picture, Place, ReadBy, Reading, Segment, Source, Stamp, Trace,
};
use crate::pack::Pack;
use crate::text::normal::squash;

use super::filed;
use super::readings::{Outcome, failure_words};

/// Below this mean confidence, in thousandths, a recognised page is too poor to rest anything on.
const POOR: u32 = 600;

/// A file with what is in it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Understood {
    /// Its documents, in the order of the pages; `id` is not yet that of the submission.
    pub documents: Vec<Document>,
    /// Why it, or some of its pages, could not be read.
    pub unread: Option<String>,
    /// Pages too poor to read.
    pub poor_pages: Vec<Source>,
    /// What was degraded.
    pub notes: Vec<String>,
}

/// Classifies and extracts. A panic in a stage costs this file, with a reason.
pub fn understand(file: &InputFile, outcome: Outcome, pack: &Pack) -> Understood {
    match outcome {
        Outcome::Failed(why) => Understood { unread: Some(why.to_string()), ..Understood::default() },
        Outcome::Read(reading, failed) => {
            let done = catch_unwind(AssertUnwindSafe(|| documents(file, &reading, pack)));
            let mut unread = failure_words(&failed);
            let documents = done.unwrap_or_else(|_| {
                unread.push("内容分析时发生内部错误".to_string());
                Vec::new()
            });
            Understood {
                documents,
                unread: (!unread.is_empty()).then(|| unread.join("；")),
                poor_pages: poor_pages(file, &reading),
                notes: reading.notes,
            }
        }
    }
}

fn documents(file: &InputFile, reading: &Reading, pack: &Pack) -> Vec<Document> {
    let segments = classify::segments(reading, pack);
    segments.iter().filter_map(|segment| document(file, reading, segment, &segments, pack)).collect()
}

/// Pages of a segment that are not those of a document inside it: the statements within an audit report.
fn own_pages<'a>(reading: &'a Reading, segment: &Segment, all: &[Segment]) -> Vec<&'a Page> {
    let (first, last) = segment.pages;
    let inside = |s: &&Segment| s.pages.0 > first && s.pages.1 <= last && s.pages != segment.pages;
    let inner: Vec<(u32, u32)> = all.iter().filter(inside).map(|s| s.pages).collect();
    let own = |n: u32| (first..=last).contains(&n) && !inner.iter().any(|(a, b)| (*a..=*b).contains(&n));
    reading.pages.iter().filter(|p| own(p.number)).collect()
}

pub(super) fn document(
    file: &InputFile,
    reading: &Reading,
    segment: &Segment,
    all: &[Segment],
    pack: &Pack,
) -> Option<Document> {
    let mut pages = own_pages(reading, segment, all);
    let read_by = pages.first().map_or(reading.read_by, |p| p.read_by);
    let text =
        pages.iter().flat_map(|p| &p.lines).filter(|l| in_area(segment, &l.place)).map(|l| squash(&l.text));
    let text = text.collect();
    // What an audit report says of itself stands before the statements; the notes behind them speak of much else.
    let head = pages.windows(2).position(|w| w[1].number > w[0].number + 1 && w[1].number > segment.pages.0);
    if matches!(segment.kind, Kind::AuditReport)
        && let Some(at) = head
    {
        pages.truncate(at + 1);
    }
    let (pictures, stamps) = (pictures(file, segment, &pages), stamps(file, segment, &pages));
    let view = View { file: file.path.clone(), segment, pages };
    let mut extracted = extract::extract(&view, pack);
    filed::to_file(&mut extracted, &view.pages);
    Some(Document {
        id: 0,
        file: file.path.clone(),
        sha256: file.sha256.clone(),
        pages: segment.pages,
        continued: Vec::new(),
        kind: segment.kind,
        kind_confidence: segment.confidence,
        read_by,
        fields: extracted.fields,
        items: extracted.items,
        text,
        integrity: reading.integrity.clone(),
        traces: traces(reading, segment),
        pictures,
        stamps,
    })
}

/// The pictures of a document that is made of pictures.
fn pictures(file: &InputFile, segment: &Segment, pages: &[&Page]) -> Vec<Picture> {
    let wanted = pages.iter().filter(|_| segment.kind == Kind::Screenshot);
    let of = |p: &&Page| {
        let number = p.number;
        p.shown.clone().into_iter().map(move |s| (number, s))
    };
    let here = |(page, shown): (u32, crate::model::Shown)| Picture {
        source: source(file, page, shown.bbox),
        imprint: shown.imprint,
    };
    wanted.flat_map(of).map(here).collect()
}

/// The seals of a paper that its parties seal.
fn stamps(file: &InputFile, segment: &Segment, pages: &[&Page]) -> Vec<Stamp> {
    const SEALED: &[Kind] = &[Kind::Contract, Kind::Invoice, Kind::AuditReport, Kind::SpecialAudit];
    if !SEALED.contains(&segment.kind) {
        return Vec::new();
    }
    let inside = |b: BBox| segment.area.is_none_or(|a| a.contains(b.mid_x(), b.mid_y()));
    let mut out = Vec::new();
    for page in pages {
        for seal in page.seals.iter().filter(|s| inside(s.bbox)) {
            let Some(impression) = seal.impression.clone() else { continue };
            out.push(Stamp {
                source: source(file, page.number, page.as_filed(seal.bbox)),
                text: seal.text.clone(),
                confidence: seal.confidence,
                impression,
            });
        }
    }
    out
}

fn source(file: &InputFile, page: u32, bbox: BBox) -> Source {
    Source { file: file.path.clone(), place: Place::Page { page, bbox } }
}

/// The traces on the document's pages, and those of the file as a whole.
fn traces(reading: &Reading, segment: &Segment) -> Vec<Trace> {
    let (first, last) = segment.pages;
    let own =
        |t: &&Trace| t.place.page().is_none_or(|p| (first..=last).contains(&p) && in_area(segment, &t.place));
    reading.traces.iter().filter(own).cloned().collect()
}

fn in_area(segment: &Segment, place: &Place) -> bool {
    match (segment.area, place.bbox()) {
        (Some(area), Some(bbox)) => area.contains(bbox.mid_x(), bbox.mid_y()),
        _ => true,
    }
}

fn poor_pages(file: &InputFile, reading: &Reading) -> Vec<Source> {
    let pages = reading.pages.iter().filter(|p| p.read_by == ReadBy::Ocr && is_poor(p));
    pages
        .map(|p| {
            let bbox = crate::model::BBox::new(0.0, 0.0, p.width, p.height);
            Source { file: file.path.clone(), place: Place::Page { page: p.number, bbox } }
        })
        .collect()
}

/// A recognised page is poor when its characters, on the whole, are. A page without any text is a picture.
fn is_poor(page: &Page) -> bool {
    let read = page.lines.iter().filter(|l| l.grade == Grade::Ocr);
    let (sum, count) = read.fold((0u64, 0u64), |(sum, count), line| {
        let chars = line.text.chars().filter(|c| !c.is_whitespace()).count() as u64;
        (sum + u64::from(line.confidence.0) * chars, count + chars)
    });
    (count >= 20 && sum < u64::from(POOR) * count) || is_mute_table(page, count)
}

/// Cells of a table from which on it must have said something.
const CELLS: usize = 12;

/// Rulings show through where letters do not: a table of which next to nothing could be read.
fn is_mute_table(page: &Page, chars: u64) -> bool {
    let cells: usize = page.tables.iter().map(|t| t.cells.len()).sum();
    page.look.is_none() && cells >= CELLS && chars < cells as u64 / 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BBox, Cell, Confidence, Look, Table};

    #[test]
    fn a_scanned_table_of_which_nothing_was_read_is_poor() {
        let place = Place::Page { page: 1, bbox: BBox::new(40.0, 90.0, 640.0, 370.0) };
        let cell = |n: u32| Cell {
            row: n / 4,
            col: n % 4,
            row_span: 1,
            col_span: 1,
            text: String::new(),
            place: place.clone(),
            grade: Grade::Ocr,
            confidence: Confidence::FULL,
            lines: Vec::new(),
        };
        let table = |rows: u32| Table {
            place: place.clone(),
            rows,
            cols: 4,
            cells: (0..rows * 4).map(cell).collect(),
            ruled: true,
        };
        let mut page = Page::empty(1, 684.0, 420.0, ReadBy::Ocr);
        assert!(!is_poor(&page), "an empty back");
        page.tables = vec![table(2)];
        assert!(!is_poor(&page), "too few cells to say anything");
        page.tables = vec![table(6)];
        assert!(is_poor(&page));
        page.look = Some(Look::Screen);
        assert!(!is_poor(&page), "tiles of a screen");
    }
}

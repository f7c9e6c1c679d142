//! Pages made by hand, for tests of extractors.

use crate::extract::Extracted;
use crate::extract::label::Fragment;
use crate::model::{BBox, Confidence, Field, Grade, Line, Page, Place, ReadBy};

/// A text that stands nowhere in particular.
pub(super) fn at(text: &str) -> Fragment {
    Fragment {
        text: text.into(),
        place: Place::File,
        grade: Grade::Text,
        confidence: Confidence::FULL,
        edges: Vec::new(),
    }
}

/// Width of a text at a size: half an em for narrow characters.
fn edges(text: &str, x0: f32, size: f32) -> Vec<f32> {
    let mut x = x0;
    let mut out = vec![x];
    for c in text.chars() {
        x += if c.is_ascii() { size / 2.0 } else { size };
        out.push(x);
    }
    out
}

/// A page of runs: text, left edge, top, size. Runs at one height share a row.
pub(super) fn page(runs: &[(&str, f32, f32, f32)], grade: Grade) -> Page {
    let mut tops: Vec<f32> = runs.iter().map(|r| r.2).collect();
    tops.sort_by(f32::total_cmp);
    tops.dedup();
    let mut lines: Vec<Line> = runs
        .iter()
        .map(|(text, x0, y0, size)| {
            let edges = edges(text, *x0, *size);
            let x1 = edges.last().copied().unwrap_or(*x0);
            Line {
                text: (*text).into(),
                place: Place::Page { page: 1, bbox: BBox::new(*x0, *y0, x1, y0 + size) },
                grade,
                confidence: Confidence(if grade == Grade::Ocr { 930 } else { 1000 }),
                row: tops.iter().position(|t| t == y0).unwrap_or(0) as u32,
                table: None,
                edges,
                size: *size,
            }
        })
        .collect();
    lines.sort_by(|a, b| a.row.cmp(&b.row).then(a.edges[0].total_cmp(&b.edges[0])));
    Page { lines, ..Page::empty(1, 600.0, 400.0, ReadBy::Pdf) }
}

/// One line a field, `!` for what could not be read.
pub(super) fn told(out: &Extracted) -> String {
    let field = |f: &Field| match f {
        Field::Found(s) => format!("{} ({:?} {})", s.value.to_plain(), s.grade, s.confidence.0),
        Field::Unreadable(s) => format!("!{}", s.raw),
    };
    let mut text: String = out.fields.iter().map(|(k, f)| format!("{k}: {}\n", field(f))).collect();
    for row in &out.items {
        let cells: Vec<String> = row
            .iter()
            .map(|(k, f)| match f {
                Field::Found(s) => format!("{k}={}", s.value.to_plain()),
                Field::Unreadable(s) => format!("{k}=!{}", s.raw),
            })
            .collect();
        text.push_str(&format!("- {}\n", cells.join(" | ")));
    }
    text
}

//! The form's layout as far as pages tell it: paper, size of the letters and distance of the lines of its running text.
//! Facts only, as histograms; what a notice asks for is its own matter.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fields::Fields;
use super::sheet::{Piece, Section, Sheet};
use crate::model::{Confidence, Field, Grade, Line, Page, Place, ReadBy, Source, Sourced, Value};

/// Characters from which a line is running text and no heading.
const RUNNING: usize = 15;

/// Writes `版式.纸张` (`595.3×841.9:12` is 12 pages), `版式.正文字号` and `版式.行距` (`14.0:120` is 120 lines), in points.
pub(super) fn read(pages: &[&Page], sheet: &Sheet<'_>, file: &Arc<str>, out: &mut Fields) {
    // A scan's paper is the scanner's.
    if pages.iter().any(|p| p.read_by == ReadBy::Ocr) {
        return;
    }
    let place = pages.first().map_or(Place::File, |p| match p.read_by {
        ReadBy::Pdf | ReadBy::Ofd => Place::Page { page: p.number, bbox: Default::default() },
        _ => Place::File,
    });
    let mut put = |name: &str, counts: BTreeMap<String, u32>| {
        if counts.is_empty() {
            return;
        }
        let list: Vec<String> = counts.into_iter().map(|(what, n)| format!("{what}:{n}")).collect();
        let source = Source { file: file.clone(), place: place.clone() };
        let raw = list.join("、");
        let value = Sourced::new(Value::List(list), raw, Grade::Text, Confidence::FULL, source);
        out.insert(format!("版式.{name}"), Field::Found(value));
    };
    let mut papers = BTreeMap::new();
    for p in pages.iter().filter(|p| p.width > 0.0 && p.height > 0.0) {
        *papers.entry(format!("{:.1}×{:.1}", p.width, p.height)).or_insert(0) += 1;
    }
    put("纸张", papers);
    let (mut sizes, mut steps) = (BTreeMap::new(), BTreeMap::new());
    let mut before: Option<(u32, &Line)> = None;
    for unit in &sheet.units {
        let Piece::Line(line) = unit.piece else {
            before = None;
            continue;
        };
        let running = unit.section == Section::Plan
            && line.size > 0.0
            && line.grade != Grade::Ocr
            && unit.squashed.chars().count() >= RUNNING;
        if !running {
            before = None;
            continue;
        }
        *sizes.entry(format!("{:.1}", line.size)).or_insert(0) += 1;
        if let Some((page, last)) = before
            && page == unit.page.number
            && let (Some(a), Some(b)) = (last.bbox(), line.bbox())
            && b.y1 > a.y1
        {
            *steps.entry(format!("{:.1}", b.y1 - a.y1)).or_insert(0) += 1;
        }
        before = Some((unit.page.number, line));
    }
    put("正文字号", sizes);
    put("行距", steps);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paper_is_told_and_scans_are_silent() {
        let file: Arc<str> = "申报书.pdf".into();
        let sheet = Sheet { units: Vec::new() };
        let page = |read_by| Page::empty(1, 595.3, 841.9, read_by);
        let mut out = Fields::default();
        read(&[&page(ReadBy::Ocr)], &sheet, &file, &mut out);
        assert!(out.is_empty());
        read(&[&page(ReadBy::Pdf), &page(ReadBy::Pdf)], &sheet, &file, &mut out);
        assert_eq!(out["版式.纸张"].found().unwrap().raw, "595.3×841.9:2");
        assert!(!out.contains_key("版式.正文字号"));
    }
}

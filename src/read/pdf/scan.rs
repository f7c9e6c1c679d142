//! Pages and parts of pages without a usable text layer: drawn and given to the recogniser.

use super::marks::{Glyph, Picture};
use super::render::Renderer;
use super::unicode::UNKNOWN;
use crate::model::{BBox, Line, Page, Place, ReadBy, Table, Trace};
use crate::read::{Recogniser, figures, imprint, pasted};

/// How a page is to be read.
#[derive(Debug, PartialEq)]
pub(super) enum Plan {
    /// The text layer tells all.
    Text,
    /// The page is a picture, at this resolution.
    Whole(f32),
    /// The text layer is good, and these areas are pictures of papers, with their resolution.
    Parts(Vec<(BBox, f32)>),
    /// Text stands on a picture of the whole page: a form's template may be in it.
    Backed,
}

/// A page with less written characters than this may be a scan with a page number or a stamp on it.
const FEW: usize = 60;
/// The share of the page a picture covers to be the page.
const WHOLE: f32 = 0.5;
/// The share of the page, and the pixels, from which on a picture may be a paper with text.
const PART: f32 = 0.08;
const PART_PIXELS: (u32, u32) = (360, 200);
/// The share of characters without meaning that makes a text layer useless.
const USELESS: f32 = 0.3;

/// Decides how to read a page.
pub(super) fn plan(seen: &[Glyph], pictures: &[Picture], width: f32, height: f32) -> Plan {
    let unknown = seen.iter().filter(|g| g.ch == UNKNOWN).count();
    // Where enough is plain, only what is damaged is recognised: a form's labels may hide while its values do not.
    let useless = unknown as f32 > USELESS * seen.len() as f32 && seen.len() - unknown < FEW;
    if seen.len() >= 12 && useless {
        return Plan::Whole(200.0);
    }
    let page = (width * height).max(1.0);
    let groups = groups(pictures);
    let share = |b: BBox| b.width() * b.height() / page;
    let within = |b: BBox| {
        seen.iter()
            .filter(|g| {
                let own = g.bbox();
                b.contains(own.mid_x(), own.mid_y())
            })
            .count()
    };
    if let Some((_, dpi)) = groups.iter().find(|(b, _)| share(*b) >= WHOLE)
        && seen.len() < FEW
    {
        return Plan::Whole(*dpi);
    }
    if groups.iter().any(|(b, _)| share(*b) >= WHOLE) {
        return Plan::Backed;
    }
    let parts: Vec<(BBox, f32)> = groups
        .into_iter()
        .filter(|(b, dpi)| {
            let pixels = (b.width() * dpi / 72.0, b.height() * dpi / 72.0);
            share(*b) >= PART
                && pixels.0 >= PART_PIXELS.0 as f32
                && pixels.1 >= PART_PIXELS.1 as f32
                && within(*b) < FEW / 3
        })
        .take(12)
        .collect();
    if parts.is_empty() { Plan::Text } else { Plan::Parts(parts) }
}

/// Pictures that touch (scans come in strips) taken together, with their resolution.
fn groups(pictures: &[Picture]) -> Vec<(BBox, f32)> {
    let mut groups: Vec<(BBox, f32)> = Vec::new();
    for picture in pictures.iter().take(400) {
        let b = picture.bbox;
        let dpi = (picture.width as f32 / b.width().max(1.0))
            .max(picture.height as f32 / b.height().max(1.0))
            * 72.0;
        // A few pixels stretched are a background; a coarse scan has few to the inch, but not few.
        let few =
            u64::from(picture.width) * u64::from(picture.height) < u64::from(PART_PIXELS.0 * PART_PIXELS.1);
        if dpi < 40.0 && few {
            continue;
        }
        let mut group = (b, dpi.clamp(150.0, 300.0));
        while let Some(i) = groups.iter().position(|(g, _)| {
            let strip = g.shared_width(group.0) > 0.9 * g.width().min(group.0.width())
                && g.shared_height(group.0) > -2.0
                || g.shared_height(group.0) > 0.9 * g.height().min(group.0.height())
                    && g.shared_width(group.0) > -2.0;

            strip && (g.shared_width(group.0) > 0.0 || g.shared_height(group.0) > 0.0)
        }) {
            let (other, resolution) = groups.swap_remove(i);
            group = (group.0.union(other), group.1.max(resolution));
        }
        groups.push(group);
    }
    groups.sort_by(|a, b| a.0.y0.total_cmp(&b.0.y0).then(a.0.x0.total_cmp(&b.0.x0)));
    groups
}

/// Reads a whole page from its picture, which lies in an area of it. What is written on the scan (page numbers, stamps)
/// stays as written. Gives what seems to be pasted as well.
pub(super) fn whole(
    renderer: &Renderer<'_>,
    recogniser: &dyn Recogniser,
    number: u32,
    (dpi, area): (f32, BBox),
    written: Vec<Line>,
) -> Option<(Page, Vec<Trace>)> {
    let (picture, dpi) = renderer.page(number, dpi)?;
    let mut page = recogniser.page(&picture, dpi, number);
    page.read_by = ReadBy::Ocr;
    page.shown.extend(imprint::shown(&picture, dpi, area));
    page.shown.extend(figures::on(&picture, dpi));
    let traces = pasted::traces(&picture, dpi, &page);
    let mut row = page.lines.iter().map(|l| l.row + 1).max().unwrap_or(0);
    for mut line in written {
        let Some(own) = line.bbox() else { continue };
        let read_too = page.lines.iter().filter_map(Line::bbox).any(|b| covers(b, own));
        let unknown = line.text.contains(UNKNOWN);
        if !read_too && !unknown {
            line.row = row;
            row += 1;
            line.table = None;
            page.lines.push(line);
        }
    }
    Some((page, traces))
}

/// Whether `b` holds most of `own`.
fn covers(b: BBox, own: BBox) -> bool {
    let (w, h) = (b.shared_width(own), b.shared_height(own));
    w > 0.0 && h > 0.0 && w * h > 0.5 * own.width() * own.height()
}

/// Reads pictures of papers on a page and adds what they say; gives what seems to be pasted in them.
pub(super) fn parts(
    page: &mut Page,
    parts: &[(BBox, f32)],
    renderer: &Renderer<'_>,
    recogniser: &dyn Recogniser,
) -> Vec<Trace> {
    let mut traces = Vec::new();
    for &(area, dpi) in parts {
        let Some((picture, origin, dpi)) = renderer.area(page.number, area, dpi) else { continue };
        let part = recogniser.page(&picture, dpi, page.number);
        let whole = BBox::new(0.0, 0.0, area.width(), area.height());
        let shown = imprint::shown(&picture, dpi, whole);
        page.shown.extend(shown.map(|s| crate::model::Shown { bbox: area, ..s }));
        for mut trace in pasted::traces(&picture, dpi, &part) {
            if let Place::Page { bbox: b, .. } = &mut trace.place {
                *b = BBox::new(b.x0 + origin.0, b.y0 + origin.1, b.x1 + origin.0, b.y1 + origin.1);
            }
            traces.push(trace);
        }
        append(page, part, origin);
    }
    traces
}

/// Adds a page that was read from a part of this one.
fn append(page: &mut Page, part: Page, origin: (f32, f32)) {
    let number = page.number;
    // A part that was turned or flattened to be read goes back to where it lies on the page; a little skew does not
    // matter there, and the places of single characters are worth more.
    let moved = part.turned != 0 || part.flattened.is_some();
    let mut frame = Page::empty(number, part.width, part.height, ReadBy::Ocr);
    if moved {
        (frame.turned, frame.skew, frame.flattened) = (part.turned, part.skew, part.flattened);
    }
    let shift = |b: BBox| {
        let b = frame.as_filed(b);
        BBox::new(b.x0 + origin.0, b.y0 + origin.1, b.x1 + origin.0, b.y1 + origin.1)
    };
    let place = |p: &Place| match p {
        Place::Page { bbox, .. } => Place::Page { page: number, bbox: shift(*bbox) },
        other => other.clone(),
    };
    let lines = page.lines.len() as u32;
    let tables = page.tables.len() as u32;
    let rows = page.lines.iter().map(|l| l.row + 1).max().unwrap_or(0);
    page.lines.extend(part.lines.into_iter().map(|line| Line {
        place: place(&line.place),
        row: line.row + rows,
        table: line.table.map(|t| t + tables),
        edges: if moved { Vec::new() } else { line.edges.iter().map(|x| x + origin.0).collect() },
        ..line
    }));
    page.tables.extend(part.tables.into_iter().map(|mut table| {
        for cell in &mut table.cells {
            cell.place = place(&cell.place);
            cell.lines.iter_mut().for_each(|l| *l += lines);
        }
        Table { place: place(&table.place), ..table }
    }));
    page.seals.extend(part.seals.into_iter().map(|mut s| {
        s.bbox = shift(s.bbox);
        s
    }));
    page.coloured |= part.coloured;
    page.marks.extend(part.marks.into_iter().map(|mut m| {
        (m.bbox, m.label_box) = (shift(m.bbox), shift(m.label_box));
        m
    }));
    page.ticks.extend(part.ticks.into_iter().map(|mut t| {
        t.bbox = shift(t.bbox);
        t
    }));
    for mut code in part.codes {
        code.bbox = shift(code.bbox);
        if page.codes.iter().all(|c| c.text != code.text) {
            page.codes.push(code);
        }
    }
}

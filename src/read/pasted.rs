//! Figures of a scan that did not go through the scanner with the rest of it: other ink, other paper, or the very
//! picture of a character that stands elsewhere on the page. Everything is measured against the page itself, and a page
//! that is unlike itself in many places was made that way (enhanced, compressed by shared symbols, printed twice) and
//! says nothing.

mod cells;
mod copies;

use image::RgbImage;

use self::cells::{Cell, cells};
use crate::model::{BBox, Change, Cue, Line, Page, Place, Trace};

/// Resolution below which strokes are too few pixels wide to be measured.
const LEAST_DPI: f32 = 110.0;
/// A page with fewer characters than this has nothing to measure a few of them against.
const LEAST: usize = 40;
/// Where more numbers than this stand out, the page is made that way.
const MOST: usize = 3;

/// What seems to be pasted on a page that was read from this picture. Places are those of the picture.
pub(super) fn traces(picture: &RgbImage, dpi: f32, page: &Page) -> Vec<Trace> {
    // What a camera sees is sharp here and blurred there.
    if dpi < LEAST_DPI || page.flattened.is_some() || page.look.is_some() {
        return Vec::new();
    }
    let cells = cells(picture, dpi, page);
    if cells.len() < LEAST {
        return Vec::new();
    }
    let numbers = numbers(&page.lines, &cells);
    let usual = Usual::of(&cells);
    let copied = copies::copied(picture, &cells);
    let mut found = Vec::new();
    for number in &numbers {
        let mut cues = usual.cues(&cells, number);
        if number.clone().any(|i| copied.contains(&i)) {
            cues.push(Cue::Copied);
        }
        if cues.len() > 1 || cues.contains(&Cue::Copied) {
            found.push((number.clone(), cues));
        }
    }
    if found.len() > MOST {
        return Vec::new();
    }
    found.into_iter().filter_map(|(number, cues)| trace(page, &cells[number], cues)).collect()
}

/// Cells of one number, by their indices.
type Range = std::ops::Range<usize>;

/// Runs of cells that are one number: at least three figures, with what stands between them.
fn numbers(lines: &[Line], cells: &[Cell]) -> Vec<Range> {
    let mut out = Vec::new();
    let mut from = 0;
    while from < cells.len() {
        let part = |c: &Cell| c.ch.is_ascii_digit() || ",.，-/:：年月日".contains(c.ch);
        let mut to = from;
        while to < cells.len()
            && cells[to].line == cells[from].line
            && part(&cells[to])
            && (to == from || cells[to].index == cells[to - 1].index + 1)
        {
            to += 1;
        }
        let figures = cells[from..to].iter().filter(|c| c.ch.is_ascii_digit()).count();
        if figures >= 3 && lines.get(cells[from].line).is_some() {
            out.push(from..to);
        }
        from = to.max(from + 1);
    }
    out
}

/// What characters of the page usually look like.
struct Usual {
    /// Darkest and sharpest that is usual, and how far the paper around a character differs from the paper at it.
    dark: f32,
    sharp: f32,
    step: f32,
    /// The grain of the paper: usual, and the least of most.
    grain: f32,
    finest: f32,
    /// The paper is white without any grain: the scanner's program, or somebody's, made it so.
    bleached: bool,
}

/// The value that this share of all does not exceed.
fn quantile(mut values: Vec<f32>, share: f32) -> f32 {
    if values.is_empty() {
        return 0.0;
    }
    values.sort_by(f32::total_cmp);
    values[((values.len() - 1) as f32 * share) as usize]
}

impl Usual {
    fn of(cells: &[Cell]) -> Self {
        let all = |f: fn(&Cell) -> f32| cells.iter().map(f).collect::<Vec<f32>>();
        let paper = quantile(all(|c| c.paper), 0.5);
        let grain = quantile(all(|c| c.grain), 0.5);
        Self {
            dark: quantile(all(|c| c.dark), 0.08),
            sharp: quantile(all(|c| c.sharp), 0.92),
            step: quantile(all(|c| (c.paper - c.around).abs()), 0.92),
            grain,
            finest: quantile(all(|c| c.grain), 0.08),
            bleached: paper > 253.5 || grain < 0.6,
        }
    }

    fn cues(&self, cells: &[Cell], number: &Range) -> Vec<Cue> {
        let figures = || cells[number.clone()].iter().filter(|c| c.ch.is_ascii_digit());
        let mut out = Vec::new();
        if figures().any(|c| self.is_other_ink(c)) {
            out.push(Cue::Ink);
        }
        if !self.bleached && figures().any(|c| self.is_other_paper(c)) {
            out.push(Cue::Paper);
        }
        out
    }

    /// Pure black where the scanner's black is grey, and as sharp as no stroke of the page.
    fn is_other_ink(&self, c: &Cell) -> bool {
        c.dark <= 14.0 && c.dark + 14.0 <= self.dark && c.sharp >= 1.15 * self.sharp
    }

    /// A patch that is brighter or darker than the paper around it, or has no grain where the paper has.
    fn is_other_paper(&self, c: &Cell) -> bool {
        let step = (c.paper - c.around).abs();
        let level = step >= 5.0 && step >= 2.5 * self.step;
        let even = c.grain <= 0.2 * self.grain && c.grain <= 0.5 * self.finest;
        level || even
    }
}

fn trace(page: &Page, cells: &[Cell], cues: Vec<Cue>) -> Option<Trace> {
    let line = page.lines.get(cells.first()?.line)?;
    let (first, last) = (cells.first()?.index, cells.last()?.index);
    let bbox = line.place_of(first, last + 1).bbox()?;
    let text: String = cells.iter().map(|c| c.ch).collect();
    Some(Trace {
        place: Place::Page { page: page.number, bbox: page.as_filed(bbox) },
        mark: Change::Pasted { text, cues },
    })
}

/// Whether two boxes share anything.
fn meet(a: BBox, b: BBox) -> bool {
    a.shared_width(b) > 0.0 && a.shared_height(b) > 0.0
}

#[cfg(test)]
mod tests;

//! What a page shows but does not say: fonts without maps, letters drawn as outlines, templates that are pictures. It is
//! drawn and recognised; what the text layer says plainly stays as written.

use image::RgbImage;

use super::marks::Picture;
use super::render::Renderer;
use super::unicode::UNKNOWN;
use crate::model::{BBox, Confidence, Grade, Line};
use crate::read::Recogniser;
use crate::read::layout::slice;

/// Most places that are recognised on one page.
const MOST: usize = 160;
/// Pixels that an em should have for recognition.
const EM: f32 = 26.0;

/// A page drawn once for all its damaged places.
pub(super) struct Drawn<'a, 'p> {
    renderer: &'a Renderer<'p>,
    recogniser: Option<&'a dyn Recogniser>,
    number: u32,
    picture: Option<(RgbImage, f32)>,
}

impl<'a, 'p> Drawn<'a, 'p> {
    pub(super) fn new(
        renderer: &'a Renderer<'p>,
        recogniser: Option<&'a dyn Recogniser>,
        number: u32,
    ) -> Self {
        Self { renderer, recogniser, number, picture: None }
    }

    /// Recognises what stands in an area; `size` is the height of its letters.
    pub(super) fn read(&mut self, area: BBox, size: f32) -> Vec<Line> {
        let Some(recogniser) = self.recogniser else { return Vec::new() };
        let wanted = (72.0 * EM / size.max(1.0)).clamp(60.0, 600.0);
        if self.picture.as_ref().is_none_or(|(_, dpi)| *dpi < 0.7 * wanted) {
            self.picture = self.renderer.page(self.number, wanted.max(150.0));
        }
        let Some((page, dpi)) = &self.picture else { return Vec::new() };
        let k = dpi / 72.0;
        let (w, h) = (page.width() as f32, page.height() as f32);
        let (x0, y0) = ((area.x0 * k).floor().clamp(0.0, w), (area.y0 * k).floor().clamp(0.0, h));
        let (x1, y1) = ((area.x1 * k).ceil().clamp(x0, w), (area.y1 * k).ceil().clamp(y0, h));
        let (width, height) = ((x1 - x0) as u32, (y1 - y0) as u32);
        if width < 4 || height < 4 {
            return Vec::new();
        }
        let mut part = image::imageops::crop_imm(page, x0 as u32, y0 as u32, width, height).to_image();
        if is_red(&part) {
            // Forms are printed in red as well: what the preparation of scans would take for a seal is the text itself.
            for pixel in part.pixels_mut() {
                let luma =
                    (u32::from(pixel[0]) * 77 + u32::from(pixel[1]) * 150 + u32::from(pixel[2]) * 29) >> 8;
                pixel.0 = [luma as u8; 3];
            }
        }
        recogniser.region(&part, *dpi, (x0 / k, y0 / k), self.number)
    }
}

/// Whether most of the ink of a picture is reddish.
fn is_red(picture: &RgbImage) -> bool {
    let (mut ink, mut red) = (0usize, 0usize);
    for pixel in picture.pixels() {
        let [r, g, b] = pixel.0.map(i32::from);
        if r.min(g).min(b) < 150 {
            ink += 1;
            red += usize::from(r - g.max(b) > 20);
        }
    }
    10 * red > 6 * ink
}

/// Reads the parts of runs whose characters mean nothing from the drawn page; the good parts stay as written. Returns
/// the runs and how many parts were read anew.
pub(super) fn mend(runs: Vec<Line>, drawn: &mut Drawn<'_, '_>) -> (Vec<Line>, usize) {
    if runs.iter().all(|r| !r.text.contains(UNKNOWN)) {
        return (runs, 0);
    }
    let (mut good, mut damaged) = (Vec::new(), Vec::new());
    for run in runs {
        if run.text.contains(UNKNOWN) && !run.edges.is_empty() {
            split(&run, &mut good, &mut damaged);
        } else {
            good.push(run);
        }
    }
    let mut mended = 0;
    for (i, run) in damaged.into_iter().enumerate() {
        let read = if i < MOST { read_again(&run, drawn) } else { None };
        mended += usize::from(read.is_some());
        good.push(read.unwrap_or(run));
    }
    (good, mended)
}

/// Parts a run into good and damaged stretches.
fn split(run: &Line, good: &mut Vec<Line>, damaged: &mut Vec<Line>) {
    let text: Vec<char> = run.text.chars().collect();
    let bad = |i: usize| text[i] == UNKNOWN;
    let mut from = 0;
    while from < text.len() {
        let mut to = from + 1;
        // Blanks and a single good character between damaged ones go with them.
        while to < text.len() && (bad(to) == bad(from) || (bad(from) && to + 1 < text.len() && bad(to + 1))) {
            to += 1;
        }
        if let Some(part) = slice(run, from, to) {
            if bad(from) {
                damaged.push(Line { confidence: Confidence(0), ..part });
            } else {
                good.push(Line { confidence: Confidence::FULL, ..part });
            }
        }
        from = to;
    }
}

fn read_again(run: &Line, drawn: &mut Drawn<'_, '_>) -> Option<Line> {
    let own = run.bbox()?;
    let pad = 0.2 * own.height();
    let area = BBox::new(own.x0 - pad, own.y0 - pad, own.x1 + pad, own.y1 + pad);
    let mut lines = drawn.read(area, own.height());
    lines.retain(|l| l.bbox().is_some_and(|b| b.mid_y() > own.y0 && b.mid_y() < own.y1));
    lines.sort_by(|a, b| {
        let left = |l: &Line| l.bbox().unwrap_or_default().x0;
        left(a).total_cmp(&left(b))
    });
    let text: String = lines.iter().map(|l| l.text.trim()).collect();
    if text.is_empty() {
        return None;
    }
    let confidence = lines.iter().map(|l| l.confidence).min()?;
    let count = text.chars().count() as f32;
    let edges = (0..=count as usize).map(|i| own.x0 + own.width() * i as f32 / count).collect();
    Some(Line { text, grade: Grade::Ocr, confidence, edges, ..run.clone() })
}

/// Letters drawn as outlines, row by row, recognised. What is written at the same place is not read again.
pub(super) fn outlines(shapes: &[BBox], runs: &[Line], drawn: &mut Drawn<'_, '_>) -> Vec<Line> {
    let written: Vec<BBox> = runs.iter().filter_map(Line::bbox).collect();
    let free = |b: &BBox| !written.iter().any(|w| w.contains(b.mid_x(), b.mid_y()));
    let mut out = Vec::new();
    for row in rows(shapes.iter().copied().filter(free).collect()).into_iter().take(MOST) {
        let pad = 0.25 * row.height();
        let area = BBox::new(row.x0 - pad, row.y0 - pad, row.x1 + pad, row.y1 + pad);
        let mut lines = drawn.read(area, row.height());
        lines.retain(|l| {
            l.bbox().is_some_and(|b| row.y0 - pad < b.mid_y() && b.mid_y() < row.y1 + pad && free(&b))
        });
        out.extend(lines);
    }
    out
}

/// Shapes that stand side by side as letters do. A single one is no text, nor are few that are not level: seals.
fn rows(mut shapes: Vec<BBox>) -> Vec<BBox> {
    shapes.sort_by(|a, b| a.x0.total_cmp(&b.x0).then(a.y0.total_cmp(&b.y0)));
    let mut rows: Vec<(BBox, usize)> = Vec::new();
    for shape in shapes {
        let joins = |(row, _): &&mut (BBox, usize)| {
            let level = row.shared_height(shape) > 0.5 * shape.height().min(row.height());
            level
                && shape.x0 - row.x1 < 1.2 * row.height().max(shape.height())
                && shape.height() < 2.2 * row.height()
        };
        match rows.iter_mut().rev().find(joins) {
            Some(row) => *row = (row.0.union(shape), row.1 + 1),
            None => rows.push((shape, 1)),
        }
    }
    rows.retain(|(b, n)| *n >= 2 && b.width() > 1.2 * b.height());
    rows.sort_by(|a, b| a.0.y0.total_cmp(&b.0.y0).then(a.0.x0.total_cmp(&b.0.x0)));
    rows.into_iter().map(|r| r.0).collect()
}

/// What a picture behind the text shows besides it: a form's template with its labels.
pub(super) fn behind(runs: &[Line], pictures: &[Picture], drawn: &mut Drawn<'_, '_>) -> Vec<Line> {
    let (Some(recogniser), written) = (drawn.recogniser, runs.iter().filter_map(Line::bbox)) else {
        return Vec::new();
    };
    let written: Vec<BBox> = written.collect();
    let Some((picture, dpi)) = drawn.renderer.page(drawn.number, 72.0) else { return Vec::new() };
    let small = |p: &&Picture| {
        p.bbox.width() * p.bbox.height() * (dpi / 72.0).powi(2) < 0.2 * picture.len() as f32 / 3.0
    };
    let taken: Vec<BBox> =
        written.iter().copied().chain(pictures.iter().filter(small).map(|p| p.bbox)).collect();
    if !has_print(&picture, dpi / 72.0, &taken) {
        return Vec::new();
    }
    let Some((picture, dpi)) = drawn.renderer.page(drawn.number, 200.0) else { return Vec::new() };
    let page = recogniser.page(&picture, dpi, drawn.number);
    if page.moved() {
        return Vec::new();
    }
    page.lines.iter().flat_map(|line| outside(line, &written)).collect()
}

/// Whether dark spots of the size of letters stand outside these boxes.
fn has_print(picture: &RgbImage, k: f32, taken: &[BBox]) -> bool {
    let (w, h) = (picture.width() as usize, picture.height() as usize);
    let mut ink: Vec<bool> =
        picture.pixels().map(|p| p.0.iter().map(|v| u32::from(*v)).sum::<u32>() < 3 * 170).collect();
    for b in taken {
        let cell = |v: f32, most: usize| (v * k).clamp(0.0, most as f32) as usize;
        for y in cell(b.y0 - 1.0, h)..cell(b.y1 + 2.0, h) {
            ink[y * w + cell(b.x0 - 1.0, w)..y * w + cell(b.x1 + 2.0, w)].fill(false);
        }
    }
    // Rulings are long; letters are not.
    let letters: usize = ink
        .chunks(w.max(1))
        .flat_map(|row| row.split(|on| !on))
        .map(<[bool]>::len)
        .filter(|run| (1..=14).contains(run))
        .sum();
    letters * 600 > w * h
}

/// The stretches of a recognised run that no written one covers.
fn outside(line: &Line, written: &[BBox]) -> Vec<Line> {
    let count = line.text.chars().count();
    let Some(b) = line.bbox() else { return Vec::new() };
    let beside: Vec<&BBox> =
        written.iter().filter(|w| w.shared_height(b) > 0.4 * b.height().min(w.height())).collect();
    if line.edges.len() != count + 1 {
        let free = beside.iter().all(|w| w.shared_width(b) < 0.2 * b.width());
        return if free { vec![line.clone()] } else { Vec::new() };
    }
    let free = |i: usize| {
        let x = f32::midpoint(line.edges[i], line.edges[i + 1]);
        !beside.iter().any(|w| x > w.x0 && x < w.x1)
    };
    let mut out = Vec::new();
    let mut from = 0;
    while from < count {
        let to = (from..count).find(|i| free(*i) != free(from)).unwrap_or(count);
        if free(from) {
            out.extend(slice(line, from, to));
        }
        from = to;
    }
    out
}

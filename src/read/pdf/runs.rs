//! From glyphs in paint order to runs of text.

use super::marks::{Glyph, Turn, back};
use super::unicode::UNKNOWN;
use crate::model::{BBox, Confidence, Grade, Line, Place};
use crate::read::layout::Ruling;

/// Glyphs drawn one after another on one baseline, without a gap.
struct Chunk {
    glyphs: Vec<Glyph>,
    x0: f32,
    x1: f32,
    base: f32,
    size: f32,
    turn: Turn,
}

impl Chunk {
    fn new(glyph: Glyph) -> Self {
        let Glyph { x0, x1, base, size, turn, .. } = glyph;
        Self { glyphs: vec![glyph], x0, x1, base, size, turn }
    }

    fn push(&mut self, glyph: Glyph) {
        self.x1 = self.x1.max(glyph.x1);
        self.glyphs.push(glyph);
    }

    /// Leaves out the glyphs that another chunk has at the same place.
    fn leave_out(&mut self, other: &Chunk) {
        let there = |g: &Glyph| {
            other.glyphs.iter().any(|o| {
                o.ch == g.ch
                    && (o.x0 - g.x0).abs() < 0.25 * (g.x1 - g.x0)
                    && (o.base - g.base).abs() < 0.2 * g.size
            })
        };
        self.glyphs.retain(|g| !there(g));
        self.x0 = self.glyphs.first().map_or(self.x0, |g| g.x0);
    }

    fn mid(&self) -> f32 {
        self.base - 0.38 * self.size
    }

    /// One Chinese character.
    fn single(&self) -> bool {
        self.glyphs.len() == 1 && is_cjk(self.glyphs[0].ch)
    }

    /// The last character of a label whose characters stand apart.
    fn ends_label(&self) -> bool {
        let colon = self.glyphs.get(1).is_none_or(|g| matches!(g.ch, '：' | ':'));
        self.glyphs.first().is_some_and(|g| is_cjk(g.ch)) && colon
    }
}

/// A gap up to this share of the size never parts a run.
const CLOSE: f32 = 1.1;
/// Single characters of a label spread over its width stand up to this far apart.
const SPREAD: f32 = 4.5;
/// Between two numbers a smaller gap parts: columns. A blank that is written between them is part of one number.
const NUMBERS: f32 = 0.36;
const NUMBERS_BLANK: f32 = 0.75;
/// After a number with two decimals nothing but its unit follows.
const AMOUNTS: f32 = 0.18;
/// From this share of the size on a gap is a blank.
const BLANK: f32 = 0.24;

/// The runs of a page, in no particular order.
pub(in crate::read) fn runs(glyphs: &[Glyph], rulings: &[Ruling], page: u32) -> Vec<Line> {
    let mut chunks = chunks(glyphs);
    let upright: Vec<&Ruling> =
        rulings.iter().filter(|r| (r.x1 - r.x0).abs() < 1.0 && (r.y1 - r.y0).abs() > 4.0).collect();
    let separators = Separators::new(&upright);
    let mut lines = Vec::new();
    chunks.sort_by(|a, b| a.turn.cmp(&b.turn).then(a.mid().total_cmp(&b.mid())).then(a.x0.total_cmp(&b.x0)));
    let mut start = 0;
    while start < chunks.len() {
        let mut end = start + 1;
        // A row: chunks whose middles lie within the first one's height.
        while end < chunks.len() && same_row(&chunks[start], &chunks[end]) {
            end += 1;
        }
        let mut row: Vec<Chunk> = chunks[start..end].iter_mut().map(take).collect();
        row.sort_by(|a, b| a.x0.total_cmp(&b.x0));
        join_row(row, &separators, page, &mut lines);
        start = end;
    }
    lines
}

fn take(chunk: &mut Chunk) -> Chunk {
    Chunk { glyphs: std::mem::take(&mut chunk.glyphs), ..*chunk }
}

fn same_row(first: &Chunk, other: &Chunk) -> bool {
    if first.turn != other.turn || first.turn == Turn::Slanted {
        return false;
    }
    let small = first.size.min(other.size);
    (first.mid() - other.mid()).abs() <= 0.42 * small
}

/// Chunks in paint order.
fn chunks(glyphs: &[Glyph]) -> Vec<Chunk> {
    let mut chunks: Vec<Chunk> = Vec::new();
    for glyph in glyphs {
        if let Some(chunk) = chunks.last_mut() {
            let last = chunk.glyphs[chunk.glyphs.len() - 1];
            let size = chunk.size.min(glyph.size);
            let gap = glyph.x0 - last.x1;
            let level = glyph.turn == last.turn
                && (glyph.base - chunk.base).abs() <= 0.12 * size
                && chunk.size.max(glyph.size) <= 1.2 * size;
            // Bold made by drawing twice.
            if level && last.ch == glyph.ch && (glyph.x0 - last.x0).abs() < 0.25 * (last.x1 - last.x0) {
                continue;
            }
            if (level && gap.abs() <= 0.35 * size)
                || (glyph.turn == Turn::Slanted && last.turn == glyph.turn && glyph.seq == last.seq)
            {
                chunk.push(*glyph);
                continue;
            }
        }
        chunks.push(Chunk::new(*glyph));
    }
    chunks
}

/// Vertical lines by x, for the question whether one stands between two chunks.
struct Separators<'a>(Vec<&'a Ruling>);

impl<'a> Separators<'a> {
    fn new(upright: &[&'a Ruling]) -> Self {
        let mut sorted = upright.to_vec();
        sorted.sort_by(|a, b| a.x0.total_cmp(&b.x0));
        Self(sorted)
    }

    fn between(&self, left: f32, right: f32, y: f32) -> bool {
        let from = self.0.partition_point(|r| r.x0 < left);
        self.0[from..].iter().take_while(|r| r.x0 <= right).any(|r| y > r.y0.min(r.y1) && y < r.y0.max(r.y1))
    }
}

/// Joins the chunks of a row, from the left, to runs.
fn join_row(row: Vec<Chunk>, separators: &Separators<'_>, page: u32, lines: &mut Vec<Line>) {
    let mut run: Vec<Chunk> = Vec::new();
    for mut chunk in row {
        if let Some(last) = run.last() {
            // Text painted twice, in objects that are cut differently: what stands there already goes.
            if chunk.x0 < last.x1 - 0.3 * last.size {
                chunk.leave_out(last);
                if chunk.glyphs.is_empty() {
                    continue;
                }
            }
            let again = chunk.glyphs.len() == last.glyphs.len()
                && (chunk.x0 - last.x0).abs() < 0.3 * chunk.size
                && chunk.glyphs.iter().zip(&last.glyphs).all(|(a, b)| a.ch == b.ch);
            if again {
                continue;
            }
            let apart = chunk.turn == Turn::None
                && separators.between(last.x1 - 0.3 * last.size, chunk.x0 + 0.3 * chunk.size, chunk.mid());
            if apart || !joins(last, &chunk, run.iter().all(Chunk::single)) {
                lines.push(line(&run, page));
                run.clear();
            }
        }
        run.push(chunk);
    }
    if !run.is_empty() {
        lines.push(line(&run, page));
    }
}

/// Whether the gap between two neighbours is narrow enough for one run.
fn joins(left: &Chunk, right: &Chunk, all_single: bool) -> bool {
    let size = left.size.max(right.size);
    let gap = right.x0 - left.x1;
    if gap < -0.6 * size {
        return false;
    }
    if all_single && right.ends_label() && left.size / right.size < 1.2 && right.size / left.size < 1.2 {
        return gap <= SPREAD * size;
    }
    let number = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.' | '%' | '-' | '(' | ')' | '¥' | '￥');
    let ends = left.glyphs.last().is_some_and(|g| number(g.ch));
    let begins = right.glyphs.first().is_some_and(|g| number(g.ch));
    let most = match (ends && begins, right.glyphs.first().is_some_and(|g| g.blank)) {
        (true, _) if is_amount(left) => AMOUNTS,
        (true, true) => NUMBERS_BLANK,
        (true, false) => NUMBERS,
        (false, _) => CLOSE,
    };
    gap <= most * size
}

/// Whether the chunk ends with a number with two decimals.
fn is_amount(chunk: &Chunk) -> bool {
    let mut last = chunk.glyphs.iter().rev().map(|g| g.ch);
    let mut digit = || last.next().is_some_and(|c| c.is_ascii_digit());
    digit() && digit() && last.next() == Some('.') && last.next().is_some_and(|c| c.is_ascii_digit())
}

/// A run's line: blanks where the gaps are, an edge for every character.
fn line(chunks: &[Chunk], page: u32) -> Line {
    let glyphs: Vec<&Glyph> = chunks.iter().flat_map(|c| &c.glyphs).collect();
    let turn = chunks[0].turn;
    let wide = 1.8 * usual_gap(&glyphs);
    let (mut text, mut edges) = (String::new(), Vec::with_capacity(glyphs.len() + 1));
    let mut bbox: Option<BBox> = None;
    let (mut size, mut unknown) = (0.0f32, 0usize);
    for (i, glyph) in glyphs.iter().enumerate() {
        if let Some(last) = i.checked_sub(1).and_then(|j| glyphs.get(j)) {
            let gap = glyph.x0 - last.x1;
            let em = last.size.max(glyph.size);
            if gap > (BLANK * em).max(wide) || (glyph.blank && gap > 0.05 * em) {
                text.push(' ');
                edges.push(last.x1);
            }
        }
        text.push(glyph.ch);
        edges.push(glyph.x0);
        unknown += usize::from(glyph.ch == UNKNOWN);
        size = size.max(glyph.size);
        let own =
            BBox::new(glyph.x0, glyph.base - 0.88 * glyph.size, glyph.x1, glyph.base + 0.12 * glyph.size);
        bbox = Some(bbox.map_or(own, |b| b.union(own)));
    }
    let frame = bbox.unwrap_or_default();
    edges.push(frame.x1);
    if turn != Turn::None || edges.windows(2).any(|w| w[1] < w[0] - 0.5) {
        edges.clear();
    }
    let bbox = back(turn, frame.x0, frame.y0, frame.x1, frame.y1);
    let share = 1.0 - unknown as f32 / glyphs.len().max(1) as f32;
    Line {
        text,
        place: Place::Page { page, bbox },
        grade: Grade::Text,
        confidence: if unknown == 0 { Confidence::FULL } else { Confidence::from_unit(share * share) },
        row: 0,
        table: None,
        edges,
        size,
    }
}

/// The usual gap in a run of spread letters, 0 in ordinary text: spread letters are no words apart.
fn usual_gap(glyphs: &[&Glyph]) -> f32 {
    if glyphs.len() < 4 {
        return 0.0;
    }
    let mut gaps: Vec<f32> = glyphs.windows(2).map(|w| (w[1].x0 - w[0].x1) / w[1].size).collect();
    let middle = gaps.len() / 2;
    let (_, median, _) = gaps.select_nth_unstable_by(middle, f32::total_cmp);
    if *median > 0.12 && *median < 1.0 { *median * glyphs[0].size } else { 0.0 }
}

fn is_cjk(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{2fdf}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

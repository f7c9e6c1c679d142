//! Reads strips of text with the recognition model.

use super::Grey;
use super::ctc::{self, Glyph};
use super::engine::Models;
use super::grammar;

/// Height of the model's input.
const HEIGHT: usize = 48;
/// A strip wider than this (at the model's height) is read in parts.
const WIDEST: usize = 1500;
/// A narrower strip is padded to this.
const NARROWEST: usize = 96;
/// Widths are padded to multiples of this.
const WIDTHS: usize = 32;
/// Pixels of width that go through the model at once.
const BATCH: usize = 1920;
/// The model's steps are this many pixels wide.
const STEP: f32 = 8.0;

/// What stands on a strip.
#[derive(Clone, Debug, Default)]
pub(super) struct Text {
    /// The characters.
    pub text: String,
    /// Between 0 and 1.
    pub confidence: f32,
    /// Middle of each character along the strip, in pixels of the strip.
    pub middles: Vec<f32>,
    /// Probability of each character.
    pub scores: Vec<f32>,
}

/// A number less sure than this is read once more, wider.
const SURE: f32 = 0.9;
/// How much wider. Narrow digits stand closer than the model's steps can part: of two equal neighbours one is lost.
const WIDER: f32 = 1.5;

/// Reads a strip.
pub(super) fn read(models: &Models, strip: &Grey) -> Text {
    read_all(models, &[strip]).pop().unwrap_or_default()
}

/// Reads strips; those of about one width go through the model together.
pub(super) fn read_all(models: &Models, strips: &[&Grey]) -> Vec<Text> {
    let mut texts = stretched(models, strips, 1.0);
    let unsure = |t: &Text| t.confidence < SURE && is_number(&t.text);
    let again: Vec<usize> = (0..texts.len()).filter(|i| unsure(&texts[*i])).collect();
    let narrow: Vec<&Grey> = again.iter().map(|i| strips[*i]).collect();
    for (i, second) in again.into_iter().zip(stretched(models, &narrow, WIDER)) {
        // A point is what a narrow strip loses first: the same digits without it are the worse reading.
        let lost =
            |a: &str, b: &str| a.len() > b.len() && a.replace(['.', ','], "") == b.replace(['.', ','], "");
        let (first, other) = (&texts[i].text, &second.text);
        if lost(other, first) || (second.confidence > texts[i].confidence && !lost(first, other)) {
            texts[i] = second;
        }
    }
    texts
}

/// Whether a text is digits with their signs.
fn is_number(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let signs = text.chars().filter(|c| ",.，。:-−¥￥()（） %".contains(*c)).count();
    digits >= 3 && digits + signs == text.chars().count()
}

/// A part of a strip as the model takes it.
struct Part {
    /// Which strip it is of.
    of: usize,
    /// Where in the strip it begins, in pixels at the model's height.
    from: usize,
    line: Grey,
    glyphs: Vec<Glyph>,
}

impl Part {
    /// The width it is padded to: few widths, so that many parts share one.
    fn padded(&self) -> usize {
        self.line.w.max(NARROWEST).div_ceil(WIDTHS) * WIDTHS
    }
}

/// Reads strips whose widths are multiplied by `stretch`.
fn stretched(models: &Models, strips: &[&Grey], stretch: f32) -> Vec<Text> {
    let scale = |strip: &Grey| HEIGHT as f32 / strip.h.max(1) as f32 * stretch;
    let mut all: Vec<Part> = Vec::new();
    for (of, strip) in strips.iter().enumerate().filter(|(_, s)| s.w >= 2 && s.h >= 2) {
        let width = ((strip.w as f32 * scale(strip)).ceil() as usize).max(8);
        let line = strip.resized(width, HEIGHT);
        for (from, to) in parts(&line) {
            let line = line.crop(from as i64, 0, to as i64, HEIGHT as i64);
            all.push(Part { of, from, line, glyphs: Vec::new() });
        }
    }
    all.sort_by_key(Part::padded);
    for same in all.chunk_by_mut(|a, b| a.padded() == b.padded()) {
        let width = same[0].padded();
        for batch in same.chunks_mut((BATCH / width).max(1)) {
            let lines: Vec<&Grey> = batch.iter().map(|part| &part.line).collect();
            let read = run(models, &lines, width);
            batch.iter_mut().zip(read).for_each(|(part, glyphs)| part.glyphs = glyphs);
        }
    }
    all.sort_by_key(|part| (part.of, part.from));
    let mut glyphs: Vec<Vec<(Glyph, f32)>> = vec![Vec::new(); strips.len()];
    for part in all {
        let (strip, scale) = (strips[part.of], scale(strips[part.of]));
        for glyph in part.glyphs {
            let middle = ((part.from as f32 + glyph.at * STEP) / scale).min(strip.w as f32);
            glyphs[part.of].push((glyph, middle));
        }
    }
    glyphs.into_iter().map(text).collect()
}

/// Glyphs with their places become a text.
fn text(mut glyphs: Vec<(Glyph, f32)>) -> Text {
    trim(&mut glyphs);
    let mut only: Vec<Glyph> = glyphs.iter().map(|g| g.0.clone()).collect();
    grammar::settle(&mut only);
    let mut out = Text { confidence: ctc::confidence(&only), ..Text::default() };
    for (glyph, (_, middle)) in only.iter().zip(glyphs) {
        for c in glyph.text.chars() {
            out.text.push(c);
            out.middles.push(middle);
            out.scores.push(glyph.score);
        }
    }
    out
}

/// Blanks at either end are no text.
fn trim(glyphs: &mut Vec<(Glyph, f32)>) {
    while glyphs.last().is_some_and(|g| g.0.text.trim().is_empty()) {
        glyphs.pop();
    }
    let lead = glyphs.iter().take_while(|g| g.0.text.trim().is_empty()).count();
    glyphs.drain(..lead);
}

/// Runs the model on lines padded to one width.
fn run(models: &Models, lines: &[&Grey], width: usize) -> Vec<Vec<Glyph>> {
    let plane = HEIGHT * width;
    let mut input = vec![0f32; lines.len() * 3 * plane];
    for (line, to) in lines.iter().zip(input.chunks_exact_mut(3 * plane)) {
        for y in 0..HEIGHT {
            for (to, v) in to[y * width..].iter_mut().zip(line.row(y)) {
                *to = f32::from(*v) / 127.5 - 1.0;
            }
        }
        let (first, others) = to.split_at_mut(plane);
        others.chunks_exact_mut(plane).for_each(|other| other.copy_from_slice(first));
    }
    let nothing = || vec![Vec::new(); lines.len()];
    let Some((shape, scores)) = models.rec.run([lines.len(), 3, HEIGHT, width], input) else {
        return nothing();
    };
    let classes = models.alphabet.len();
    if shape.first() != Some(&lines.len()) || shape.last() != Some(&classes) || scores.is_empty() {
        return nothing();
    }
    scores.chunks_exact(scores.len() / lines.len()).map(|s| ctc::best_path(s, &models.alphabet)).collect()
}

/// Cuts a long line at its widest gaps so that no part is wider than the model was taught.
fn parts(line: &Grey) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut from = 0;
    while line.w - from > WIDEST {
        let cut = widest_gap(line, from + WIDEST * 2 / 3, from + WIDEST);
        out.push((from, cut));
        from = cut;
    }
    out.push((from, line.w));
    out
}

/// Middle of the widest run of columns without ink between two columns; the brightest column if there is none.
fn widest_gap(line: &Grey, from: usize, to: usize) -> usize {
    let darkest: Vec<u8> =
        (from..to).map(|x| (0..line.h).map(|y| line.px[y * line.w + x]).min().unwrap_or(255)).collect();
    let (mut best, mut run) = ((0, to - 1), 0);
    for (i, v) in darkest.iter().enumerate() {
        if *v >= 170 {
            run += 1;
            if run >= best.0 {
                best = (run, from + i - run / 2);
            }
        } else {
            run = 0;
        }
    }
    if best.0 > 0 {
        return best.1;
    }
    let brightest = darkest.iter().enumerate().max_by_key(|(_, v)| **v).map_or(0, |(i, _)| i);
    from + brightest.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_from_words() {
        assert!(is_number("¥57,571,102.00") && is_number("(1,234.5)"));
        assert!(!is_number("2022年") && !is_number("EG-200") && !is_number("1.0"));
    }

    #[test]
    fn long_lines_are_cut_in_gaps() {
        let mut line = Grey::new(4000, 48, 255);
        for x in 0..4000 {
            if x % 50 < 40 {
                for y in 10..38 {
                    line.px[y * 4000 + x] = 0;
                }
            }
        }
        let parts = parts(&line);
        assert!(parts.len() >= 3);
        assert_eq!(parts[0].0, 0);
        assert_eq!(parts.last().map(|p| p.1), Some(4000));
        for pair in parts.windows(2) {
            assert_eq!(pair[0].1, pair[1].0);
            assert!(pair[0].1 % 50 >= 40, "cut through ink at {}", pair[0].1);
        }
    }
}

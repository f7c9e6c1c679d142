//! Reads strips of text with the recognition model.

use super::Grey;
use super::ctc::{self, Glyph};
use super::engine::Models;

/// Height of the model's input.
const HEIGHT: usize = 48;
/// A strip wider than this (at the model's height) is read in parts.
const WIDEST: usize = 1500;
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
    if strip.w < 2 || strip.h < 2 {
        return Text::default();
    }
    let first = stretched(models, strip, 1.0);
    if first.confidence >= SURE || !is_number(&first.text) {
        return first;
    }
    let second = stretched(models, strip, WIDER);
    if second.confidence > first.confidence { second } else { first }
}

/// Whether a text is digits with their signs.
fn is_number(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let signs = text.chars().filter(|c| ",.，。:-−¥￥()（） %".contains(*c)).count();
    digits >= 3 && digits + signs == text.chars().count()
}

/// Reads a strip whose width is multiplied by `stretch`.
fn stretched(models: &Models, strip: &Grey, stretch: f32) -> Text {
    let scale = HEIGHT as f32 / strip.h as f32 * stretch;
    let width = ((strip.w as f32 * scale).ceil() as usize).max(8);
    let line = strip.resized(width, HEIGHT);
    let mut glyphs: Vec<(Glyph, f32)> = Vec::new();
    for (from, to) in parts(&line) {
        let part = line.crop(from as i64, 0, to as i64, HEIGHT as i64);
        for glyph in piece(models, &part) {
            let middle = (from as f32 + glyph.at * STEP).min(width as f32) / scale;
            glyphs.push((glyph, middle));
        }
    }
    trim(&mut glyphs);
    let only: Vec<Glyph> = glyphs.iter().map(|g| g.0.clone()).collect();
    let mut out = Text { confidence: ctc::confidence(&only), ..Text::default() };
    for (glyph, middle) in glyphs {
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

fn piece(models: &Models, part: &Grey) -> Vec<Glyph> {
    let padded = (part.w.max(96)).div_ceil(8) * 8;
    let mut plane = vec![0f32; HEIGHT * padded];
    for y in 0..HEIGHT {
        for (to, v) in plane[y * padded..].iter_mut().zip(part.row(y)) {
            *to = f32::from(*v) / 127.5 - 1.0;
        }
    }
    let mut input = Vec::with_capacity(plane.len() * 3);
    for _ in 0..3 {
        input.extend_from_slice(&plane);
    }
    let Some((shape, scores)) = models.rec.run([1, 3, HEIGHT, padded], input) else { return Vec::new() };
    if shape.last() != Some(&models.alphabet.len()) {
        return Vec::new();
    }
    ctc::best_path(&scores, &models.alphabet)
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

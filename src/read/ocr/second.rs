//! Second readings: one value again, with another engine and from another preparation; and parts of a page.

use image::RgbImage;

use super::chain::{Chain, LEAST_SURE};
use super::detect::{self, TextBox};
use super::recognise::{self, Text};
use super::sheet::Sheet;
use super::tesseract::{Symbol, Tesseract};
use super::upright::DETECT_SIDE;
use super::{Grey, assemble, crops, leftover, prepare};
use crate::model::{Confidence, Line};
use crate::read::Expect;

/// Resolution of the crops that second readings get.
const DPI: f32 = 300.0;

/// A strip read by Tesseract: Chinese first; what turns out to be figures and letters again in English.
pub(super) fn mixed(tesseract: &Tesseract, strip: &Grey) -> Text {
    let picture = &roomy(strip);
    let scale = strip.h as f32 / (picture.h as f32 - 2.0 * MARGIN as f32);
    let text = |language: &str| {
        tesseract.read(language, picture, "").map(|s| text_of(&s, scale)).unwrap_or_default()
    };
    let chinese = text("chi_sim");
    let latin = chinese.text.chars().filter(|c| c.is_ascii()).count();
    if latin * 10 >= chinese.text.chars().count() * 9 && tesseract.speaks("eng") {
        let english = text("eng");
        if !english.text.is_empty() {
            return english;
        }
    }
    chinese
}

/// White margin around what Tesseract reads.
const MARGIN: usize = 12;
/// Height in pixels at which Tesseract reads a line best.
const TALL: usize = 48;

fn roomy(strip: &Grey) -> Grey {
    let height = strip.h.clamp(TALL, 2 * TALL);
    let width = (strip.w * height / strip.h.max(1)).clamp(1, 12_000);
    strip.resized(width, height).padded(MARGIN, MARGIN, MARGIN, MARGIN)
}

fn text_of(symbols: &[Symbol], scale: f32) -> Text {
    let mut out = Text::default();
    for s in symbols.iter().filter(|s| !s.text.trim().is_empty()) {
        for c in s.text.trim().chars() {
            out.text.push(c);
            out.middles.push((((s.x0 + s.x1) / 2.0 - MARGIN as f32) * scale).max(0.0));
            out.scores.push(s.score);
        }
    }
    let n = out.scores.len();
    if n > 0 {
        let least = out.scores.iter().copied().fold(1.0, f32::min);
        out.confidence = 0.6 * out.scores.iter().sum::<f32>() / n as f32 + 0.4 * least;
    }
    out
}

/// Reads a part of a page whose text layer is damaged. It is drawn, hence level and upright.
pub(super) fn region(chain: &Chain, picture: &RgbImage, dpi: f32, k: f32, page: u32) -> Vec<Line> {
    if picture.width() < 4 || picture.height() < 4 {
        return Vec::new();
    }
    // Room around it, so that letters at the very edge are seen as letters.
    let pad = (dpi * 0.08) as usize;
    let grey = prepare::even(&prepare::without_seals(picture).grey).padded(pad, pad, pad, pad);
    let mut sheet = Sheet::new(grey, None, dpi);
    // On a crop this small a tick box may be a character: nothing is taken out but lines.
    sheet.ticks.clear();
    let mut pieces = all_pieces(chain, &sheet);
    pieces.sort_by(|a, b| a.y0.total_cmp(&b.y0).then(a.x0.total_cmp(&b.x0)));
    let mut lines = chain.pieces(&sheet, &pieces, k, page, LEAST_SURE).0;
    for line in &mut lines {
        assemble::shift(line, (-(pad as f32) * k, -(pad as f32) * k));
    }
    lines
}

fn all_pieces(chain: &Chain, sheet: &Sheet) -> Vec<TextBox> {
    let mut pieces = sheet.pieces(&boxes_of(chain, &sheet.text, sheet.dpi));
    pieces.extend(sheet.leftovers(&pieces));
    pieces
}

fn boxes_of(chain: &Chain, page: &Grey, dpi: f32) -> Vec<TextBox> {
    match chain.shelf.models() {
        Some(models) => detect::text_boxes(&models.det, page, DETECT_SIDE),
        None => leftover::lines(page, dpi),
    }
}

/// Reads a value again. Tesseract first, being another engine altogether; then the models on another preparation
/// (plain red channel, other scale, other margin).
pub(super) fn reread(chain: &Chain, picture: &RgbImage, expect: Expect) -> Vec<(String, Confidence)> {
    if picture.width() < 4 || picture.height() < 4 {
        return Vec::new();
    }
    let page = level(chain, &red_channel(picture).padded(24, 24, 24, 24));
    let mut sheet = Sheet::new(page, None, DPI);
    sheet.ticks.clear();
    let mut boxes = all_pieces(chain, &sheet);
    order(&mut boxes);
    let strips: Vec<Grey> =
        boxes.iter().filter_map(|b| crops::strip(&sheet.text, b)).map(|s| s.grey).collect();
    let mut out: Vec<(String, Confidence)> = Vec::new();
    let mut add = |texts: Vec<Text>| {
        let text: String = texts.iter().map(|t| t.text.trim()).collect();
        let least = texts.iter().map(|t| t.confidence).fold(1.0, f32::min);
        if !text.is_empty() && out.iter().all(|o| o.0 != text) {
            out.push((text, Confidence::from_unit(least)));
        }
    };
    let (language, allowed) = alphabet(expect);
    if chain.tesseract.speaks(language) {
        add(strips.iter().map(|s| by_tesseract(&chain.tesseract, s, language, allowed)).collect());
    }
    if let Some(models) = chain.shelf.models() {
        let other = |s: &Grey| {
            let pad = s.h / 5;
            recognise::read(models, &s.resized(s.w * 3 / 4, s.h * 3 / 4).padded(pad, pad / 2, pad, pad / 2))
        };
        add(strips.iter().map(other).collect());
    }
    out
}

fn by_tesseract(tesseract: &Tesseract, strip: &Grey, language: &str, allowed: &str) -> Text {
    let picture = roomy(strip);
    let scale = strip.h as f32 / (picture.h as f32 - 2.0 * MARGIN as f32);
    tesseract.read(language, &picture, allowed).map(|s| text_of(&s, scale)).unwrap_or_default()
}

/// Language and characters for what is expected.
fn alphabet(expect: Expect) -> (&'static str, &'static str) {
    match expect {
        Expect::Amount => ("eng", "0123456789.,-%¥()"),
        Expect::Code => ("eng", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-"),
        Expect::Date => ("chi_sim", "0123456789-/.年月日"),
        Expect::Capital => ("chi_sim", "零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正"),
        Expect::Text => ("chi_sim", ""),
    }
}

/// The red channel alone: black print stays, seals vanish, and it is not how the first reading saw it.
fn red_channel(picture: &RgbImage) -> Grey {
    let px = picture.as_raw().chunks_exact(3).map(|p| p[0]).collect();
    let grey = Grey { w: picture.width() as usize, h: picture.height() as usize, px };
    let (low, high) = ends(&grey);
    let span = (u32::from(high) - u32::from(low)).max(40);
    let stretch = |v: u8| (u32::from(v.saturating_sub(low)) * 250 / span).min(255) as u8;
    Grey { px: grey.px.iter().map(|v| stretch(*v)).collect(), ..grey }
}

/// Shades of ink and of paper: the darkest two hundredth, and the shade above the middle.
fn ends(grey: &Grey) -> (u8, u8) {
    let mut histogram = [0usize; 256];
    for v in &grey.px {
        histogram[*v as usize] += 1;
    }
    let at = |share: f32| {
        let mut left = (grey.px.len() as f32 * share) as usize;
        histogram.iter().position(|n| {
            let here = *n > left;
            left = left.saturating_sub(*n);
            here
        })
    };
    let low = at(0.005).unwrap_or(0).min(120) as u8;
    (low, at(0.6).unwrap_or(255) as u8)
}

/// Levels a crop of a skewed page: the box of a long value holds corners of its neighbours, which are whitened.
fn level(chain: &Chain, crop: &Grey) -> Grey {
    let Some(models) = chain.shelf.models() else { return crop.clone() };
    let boxes = detect::text_boxes(&models.det, crop, DETECT_SIDE);
    let Some(longest) = boxes.iter().max_by(|a, b| a.width().total_cmp(&b.width())) else {
        return crop.clone();
    };
    let rise = (longest.slope * crop.w as f32).abs();
    if rise < 4.0 || longest.slope.abs() > 0.12 {
        return crop.clone();
    }
    let mut out = crop.rotated(longest.slope.atan().to_degrees());
    let band = ((out.h as f32 - rise) / 2.0).max(out.h as f32 * 0.2);
    let middle = out.h as f32 / 2.0;
    for y in 0..out.h {
        if (y as f32 - middle).abs() > band {
            out.px[y * out.w..(y + 1) * out.w].fill(255);
        }
    }
    out
}

/// Reading order of a value's pieces: lines from the top, each from the left.
fn order(boxes: &mut [TextBox]) {
    let height = boxes.iter().map(TextBox::height).fold(f32::MAX, f32::min).max(1.0);
    let row = |b: &TextBox| ((b.y0 + b.y1) / 2.0 / height).round() as i64;
    boxes.sort_by(|a, b| row(a).cmp(&row(b)).then(a.x0.total_cmp(&b.x0)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_come_in_reading_order() {
        let b = |x0: f32, y0: f32| TextBox { x0, y0, x1: x0 + 50.0, y1: y0 + 20.0, slope: 0.0 };
        let mut boxes = [b(100.0, 31.0), b(80.0, 2.0), b(10.0, 0.0), b(5.0, 30.0)];
        order(&mut boxes);
        assert_eq!(boxes.map(|b| b.x0), [10.0, 80.0, 5.0, 100.0]);
    }

    #[test]
    fn red_channel_reaches_from_black_to_white() {
        let mut p = RgbImage::from_pixel(40, 40, image::Rgb([200, 190, 180]));
        for x in 0..40 {
            p.put_pixel(x, 20, image::Rgb([60, 60, 60]));
        }
        let g = red_channel(&p);
        assert!(g.at(0, 0) > 240 && g.at(5, 20) < 20);
    }
}

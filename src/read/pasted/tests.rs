//! Pages drawn as a scanner gives them: strokes on no raster, soft edges, grey ink, grain.

use image::{Rgb, RgbImage};

use super::*;
use crate::model::{Confidence, Grade, ReadBy};

/// Segments of a figure as a clock shows it: top, upper left, upper right, middle, lower left, lower right, bottom.
const SEGMENTS: [u8; 10] = [
    0b111_0111, 0b001_0010, 0b101_1101, 0b101_1011, 0b011_1010, 0b110_1011, 0b110_1111, 0b101_0010,
    0b111_1111, 0b111_1011,
];
const DPI: f32 = 200.0;
/// Pixels of a figure: width, height; and from one to the next.
const SIZE: (f32, f32) = (13.0, 24.0);
const STEP: f32 = 20.0;

struct Drawn {
    picture: RgbImage,
    page: Page,
    state: u32,
}

impl Drawn {
    /// A page of rows of numbers.
    fn new() -> Self {
        let (w, h) = (900, 900);
        let page = Page::empty(1, w as f32 * 72.0 / DPI, h as f32 * 72.0 / DPI, ReadBy::Ocr);
        let mut drawn = Self { picture: RgbImage::from_pixel(w, h, Rgb([238; 3])), page, state: 9 };
        for row in 0..10 {
            let text: String = (0..12)
                .map(|i| char::from(b'0' + ((row * 7 + i * i * 3 + i * 5 + row * i) % 10) as u8))
                .collect();
            let x = 60.0 + 3.37 * row as f32;
            let y = 80.0 + 70.31 * row as f32;
            drawn.row(&text, x, y);
        }
        drawn.grain(7.0);
        drawn
    }

    fn row(&mut self, text: &str, x: f32, y: f32) {
        for (i, ch) in text.chars().enumerate() {
            self.figure(ch, (x + STEP * 1.013 * i as f32, y + 0.11 * i as f32), 46.0, 1.8);
        }
        let k = 72.0 / DPI;
        let bbox = BBox::new(x * k, y * k, (x + STEP * text.len() as f32) * k, (y + SIZE.1) * k);
        let edges = (0..=text.len()).map(|i| (x - 3.0 + STEP * 1.013 * i as f32) * k).collect();
        self.page.lines.push(Line {
            text: text.into(),
            place: Place::Page { page: 1, bbox },
            grade: Grade::Ocr,
            confidence: Confidence(970),
            row: self.page.lines.len() as u32,
            table: None,
            edges,
            size: SIZE.1 * k,
        });
    }

    /// Draws a figure; `soft` is the width of its edges in pixels.
    fn figure(&mut self, ch: char, (x, y): (f32, f32), ink: f32, soft: f32) {
        let on = SEGMENTS[ch.to_digit(10).unwrap() as usize];
        let (w, h) = SIZE;
        let bars = [
            (0.0, 0.0, w, 0.0),
            (0.0, 0.0, 0.0, h / 2.0),
            (w, 0.0, w, h / 2.0),
            (0.0, h / 2.0, w, h / 2.0),
            (0.0, h / 2.0, 0.0, h),
            (w, h / 2.0, w, h),
            (0.0, h, w, h),
        ];
        for py in (y - 4.0) as u32..(y + h + 5.0) as u32 {
            for px in (x - 4.0) as u32..(x + w + 5.0) as u32 {
                let (u, v) = (px as f32 + 0.5 - x, py as f32 + 0.5 - y);
                let away = bars.iter().enumerate().filter(|(i, _)| on >> (6 - i) & 1 == 1);
                let away = away.map(|(_, b)| (u - u.clamp(b.0, b.2)).hypot(v - v.clamp(b.1, b.3)));
                let near = away.fold(f32::MAX, f32::min);
                let share = ((1.7 - near) / soft + 0.5).clamp(0.0, 1.0);
                let old = f32::from(self.picture.get_pixel(px, py).0[0]);
                let new = old + (ink - old) * share;
                self.picture.put_pixel(px, py, Rgb([new as u8; 3]));
            }
        }
    }

    fn grain(&mut self, strength: f32) {
        for p in self.picture.pixels_mut() {
            self.state = self.state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let by = strength * ((self.state >> 16) as f32 / 65_536.0 - 0.5);
            p.0 = p.0.map(|v| (f32::from(v) + by).clamp(0.0, 255.0) as u8);
        }
    }

    /// Where a figure of a row stands.
    fn at(&self, row: usize, i: usize) -> (f32, f32) {
        (60.0 + 3.37 * row as f32 + STEP * 1.013 * i as f32, 80.0 + 70.31 * row as f32 + 0.11 * i as f32)
    }

    fn told(&self) -> Vec<(String, Vec<Cue>)> {
        let mark = |t: Trace| match t.mark {
            Change::Pasted { text, cues } => (text, cues),
            other => panic!("{other:?}"),
        };
        traces(&self.picture, DPI, &self.page).into_iter().map(mark).collect()
    }
}

#[test]
fn a_page_of_one_make_is_quiet() {
    assert_eq!(Drawn::new().told(), []);
}

#[test]
fn a_clean_black_figure_on_a_white_patch_is_told() {
    let mut drawn = Drawn::new();
    let (x, y) = drawn.at(4, 3);
    for py in (y - 4.0) as u32..(y + 29.0) as u32 {
        for px in (x - 3.0) as u32..(x + 17.0) as u32 {
            drawn.picture.put_pixel(px, py, Rgb([255; 3]));
        }
    }
    let ch = drawn.page.lines[4].text.chars().nth(3).unwrap();
    drawn.figure(ch, (x, y), 0.0, 0.2);
    assert_eq!(drawn.told(), [(drawn.page.lines[4].text.clone(), vec![Cue::Ink, Cue::Paper])]);
}

#[test]
fn a_figure_copied_from_elsewhere_is_told_at_both_places() {
    let mut drawn = Drawn::new();
    let wanted = drawn.page.lines[2].text.chars().nth(5).unwrap();
    let from = drawn.page.lines[7].text.chars().position(|c| c == wanted).unwrap();
    let ((sx, sy), (x, y)) = (drawn.at(7, from), drawn.at(2, 5));
    let part = image::imageops::crop_imm(&drawn.picture, sx as u32 - 3, sy as u32 - 3, 20, 32).to_image();
    image::imageops::replace(&mut drawn.picture, &part, x as i64 - 3, y as i64 - 3);
    let told: Vec<(String, Vec<Cue>)> = drawn.told();
    let lines = [2, 7].map(|i| (drawn.page.lines[i].text.clone(), vec![Cue::Copied]));
    assert_eq!(told, lines);
}

#[test]
fn pages_made_of_symbols_and_bleached_pages_are_quiet() {
    let mut drawn = Drawn::new();
    // Every figure stands on the raster, without grain.
    drawn.picture = RgbImage::from_pixel(900, 900, Rgb([255; 3]));
    for line in drawn.page.lines.clone() {
        let b = line.bbox().unwrap();
        for (i, ch) in line.text.chars().enumerate() {
            let x = (b.x0 * DPI / 72.0).round() + (STEP * 1.013 * i as f32).round();
            drawn.figure(ch, (x, (b.y0 * DPI / 72.0).round()), 0.0, 1.8);
        }
    }
    assert_eq!(drawn.told(), []);
}

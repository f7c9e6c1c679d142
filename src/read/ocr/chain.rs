//! The chain of engines behind `read::Recogniser`.

use std::path::{Path, PathBuf};

use image::RgbImage;

use super::Grey;
use super::detect::{self, TextBox};
use super::engine::{Models, Shelf};
use super::sheet::Sheet;
use super::ticks::Tick;
use super::{assemble, crops, orient, prepare, recognise, seals, skew};
use crate::model::{BBox, Code, Confidence, Line, Page, ReadBy, Seal, TickBox};
use crate::read::{Expect, Recogniser, layout, qr};

/// Longest side of the picture the detector sees.
const DETECT_SIDE: usize = 1536;
/// What is read with less confidence than this is noise, not text.
const LEAST_SURE: f32 = 0.3;

/// Reads pixels with whatever engines are installed: PP-OCR models first, Tesseract for second readings and where
/// there are no models.
pub struct Chain {
    shelf: Shelf,
    #[allow(dead_code)]
    tessdata: Option<PathBuf>,
}

impl Chain {
    /// A chain over the models in a folder and the language data of Tesseract. Nothing is loaded yet.
    pub fn new(models_dir: Option<&Path>, tessdata: Option<PathBuf>) -> Self {
        Self { shelf: Shelf::new(models_dir), tessdata }
    }

    /// Whether any engine is there.
    pub fn usable(&self) -> bool {
        self.shelf.complete()
    }
}

/// A page brought upright and level, with its detected text.
struct Upright {
    sheet: Sheet,
    turned: u16,
    skew: f32,
    boxes: Vec<TextBox>,
}

fn level(page: &Grey) -> (Grey, f32) {
    let angle = skew::find(page);
    if angle == 0.0 { (page.clone(), 0.0) } else { (page.rotated(angle), angle) }
}

/// Turns and levels a page. Without models only the skew can be told here.
fn upright(models: Option<&Models>, page: &Grey, dpi: f32) -> Upright {
    let (grey, skew) = level(page);
    let mut up = Upright { sheet: Sheet::new(grey, dpi), turned: 0, skew, boxes: Vec::new() };
    let Some(models) = models else { return up };
    if up.sheet.blank() {
        return up;
    }
    up.boxes = detect::text_boxes(&models.det, &up.sheet.text, DETECT_SIDE);
    let mut kept = None;
    if orient::sideways(&up.boxes) {
        let (grey, skew) = level(&page.turned(90));
        kept = Some(skew);
        up = Upright { sheet: Sheet::new(grey, dpi), turned: 90, skew, boxes: Vec::new() };
        up.boxes = detect::text_boxes(&models.det, &up.sheet.text, DETECT_SIDE);
    }
    if orient::upside_down(models, &up.sheet.text, &up.boxes) {
        let skew = kept.unwrap_or(up.skew);
        let grey = page.turned(up.turned + 180).rotated(skew);
        let (w, h) = (grey.w as f32, grey.h as f32);
        for b in &mut up.boxes {
            *b = TextBox { x0: w - b.x1, x1: w - b.x0, y0: h - b.y1, y1: h - b.y0, slope: b.slope };
        }
        up = Upright { sheet: Sheet::new(grey, dpi), turned: up.turned + 180, ..up };
    }
    up
}

/// Moves a box of the picture as it is to where it stands on the upright, level page; all in pixels.
fn carry(b: [f32; 4], w: f32, h: f32, up: &Upright) -> [f32; 4] {
    let turned = match up.turned {
        90 => [h - b[3], b[0], h - b[1], b[2]],
        180 => [w - b[2], h - b[3], w - b[0], h - b[1]],
        270 => [b[1], w - b[2], b[3], w - b[0]],
        _ => b,
    };
    let (w, h) = if up.turned % 180 == 90 { (h, w) } else { (w, h) };
    let (sin, cos) = (-up.skew).to_radians().sin_cos();
    let (mx, my) = ((turned[0] + turned[2]) / 2.0 - w / 2.0, (turned[1] + turned[3]) / 2.0 - h / 2.0);
    let (dx, dy) = (mx * cos - my * sin - mx, mx * sin + my * cos - my);
    [turned[0] + dx, turned[1] + dy, turned[2] + dx, turned[3] + dy]
}

fn points(b: [f32; 4], k: f32) -> BBox {
    BBox::new(b[0] * k, b[1] * k, b[2] * k, b[3] * k)
}

/// Reads all pieces of text of a sheet.
fn read_pieces(models: &Models, sheet: &Sheet, pieces: &[TextBox], k: f32, page: u32) -> Vec<Line> {
    let mut out = Vec::new();
    for b in pieces {
        let Some(strip) = crops::strip(&sheet.text, b) else { continue };
        let text = recognise::read(models, &strip.grey);
        if !text.text.is_empty() && text.confidence >= LEAST_SURE {
            out.push(assemble::line(&strip, text, k, page));
        }
    }
    out
}

fn tick_boxes(sheet: &Sheet, k: f32) -> Vec<TickBox> {
    let of = |t: &Tick| TickBox {
        bbox: points([t.blob.x0 as f32, t.blob.y0 as f32, t.blob.x1 as f32, t.blob.y1 as f32], k),
        ticked: t.ticked,
        confidence: Confidence::from_unit(t.sure),
    };
    sheet.ticks.iter().map(of).collect()
}

impl Recogniser for Chain {
    fn fingerprint(&self) -> String {
        format!("ocr/1 {}", self.shelf.hashes().join(" "))
    }

    fn page(&self, picture: &RgbImage, dpi: f32, number: u32) -> Page {
        let dpi = if dpi.is_finite() { dpi.clamp(30.0, 2400.0) } else { 200.0 };
        let k = 72.0 / dpi;
        let (w, h) = (picture.width() as f32, picture.height() as f32);
        let mut page = Page::empty(number, w * k, h * k, ReadBy::Ocr);
        if picture.width() < 8 || picture.height() < 8 {
            return page;
        }
        let plain = prepare::without_seals(picture);
        let grey = prepare::even(&plain.grey);
        let models = self.shelf.models();
        let up = upright(models, &grey, dpi);
        (page.turned, page.skew) = (up.turned, up.skew);
        if up.turned % 180 == 90 {
            (page.width, page.height) = (page.height, page.width);
        }
        if let Some(red) = &plain.red {
            page.seals = seals::find(red, plain.grey.w, plain.grey.h, dpi)
                .into_iter()
                .map(|b| Seal { bbox: points(carry(b, w, h, &up), k), text: None })
                .collect();
        }
        if up.sheet.blank() {
            return page;
        }
        page.codes = codes(&plain.grey)
            .into_iter()
            .map(|(text, b)| Code { text, bbox: points(carry(b, w, h, &up), k) })
            .collect();
        let Some(models) = models else { return page };
        let pieces = up.sheet.pieces(&up.boxes);
        let mut lines = read_pieces(models, &up.sheet, &pieces, k, number);
        page.ticks = tick_boxes(&up.sheet, k);
        assemble::write_ticks(&mut lines, &page.ticks, number);
        let arranged = layout::arrange(lines, &up.sheet.rulings.in_points(k), number);
        (page.lines, page.tables) = (arranged.lines, arranged.tables);
        page
    }

    fn region(&self, picture: &RgbImage, dpi: f32, origin: (f32, f32), page: u32) -> Vec<Line> {
        let _ = (picture, dpi, origin, page);
        Vec::new()
    }

    fn reread(&self, picture: &RgbImage, expect: Expect) -> Vec<(String, Confidence)> {
        let _ = (picture, expect);
        Vec::new()
    }
}

fn codes(grey: &Grey) -> Vec<qr::Found> {
    let picture = image::GrayImage::from_raw(grey.w as u32, grey.h as u32, grey.px.clone());
    picture.map(|p| qr::decode(&p)).unwrap_or_default()
}

//! The chain of engines behind `read::Recogniser`.

use std::path::{Path, PathBuf};

use image::RgbImage;

use super::Grey;
use super::engine::{Models, Shelf};
use super::{assemble, crops, detect, orient, prepare, recognise, seals, skew};
use crate::model::{Confidence, Line, Page, ReadBy};
use crate::read::{Expect, Recogniser};

/// Longest side of the picture the detector sees.
const DETECT_SIDE: usize = 1536;

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

/// A page brought upright and level.
struct Upright {
    grey: Grey,
    turned: u16,
    skew: f32,
    boxes: Vec<detect::TextBox>,
}

fn level(page: &Grey) -> (Grey, f32) {
    let angle = skew::find(page);
    if angle == 0.0 { (page.clone(), 0.0) } else { (page.rotated(angle), angle) }
}

fn upright(models: &Models, page: &Grey) -> Upright {
    let (mut grey, mut angle) = level(page);
    let mut turned = 0;
    let mut boxes = detect::text_boxes(&models.det, &grey, DETECT_SIDE);
    if orient::sideways(&boxes) {
        turned = 90;
        (grey, angle) = level(&page.turned(90));
        boxes = detect::text_boxes(&models.det, &grey, DETECT_SIDE);
    }
    if orient::upside_down(models, &grey, &boxes) {
        turned += 180;
        grey = grey.turned(180);
        let (w, h) = (grey.w as f32, grey.h as f32);
        for b in &mut boxes {
            *b = detect::TextBox { x0: w - b.x1, x1: w - b.x0, y0: h - b.y1, y1: h - b.y0, slope: b.slope };
        }
    }
    Upright { grey, turned, skew: angle, boxes }
}

impl Recogniser for Chain {
    fn fingerprint(&self) -> String {
        format!("ocr/1 {}", self.shelf.hashes().join(" "))
    }

    fn page(&self, picture: &RgbImage, dpi: f32, number: u32) -> Page {
        let k = 72.0 / dpi.max(1.0);
        let (w, h) = (picture.width() as f32 * k, picture.height() as f32 * k);
        let mut page = Page::empty(number, w, h, ReadBy::Ocr);
        let plain = prepare::without_seals(picture);
        if let Some(red) = &plain.red {
            page.seals = seals::find(red, plain.grey.w, plain.grey.h, dpi);
        }
        let grey = prepare::even(&plain.grey);
        let Some(models) = self.shelf.models() else { return page };
        let up = upright(models, &grey);
        page.turned = up.turned;
        page.skew = up.skew;
        if up.turned % 180 == 90 {
            (page.width, page.height) = (page.height, page.width);
        }
        for b in &up.boxes {
            let Some(strip) = crops::strip(&up.grey, b) else { continue };
            let text = recognise::read(models, &strip.grey);
            if !text.text.is_empty() {
                page.lines.push(assemble::line(&strip, text, k, number));
            }
        }
        assemble::rows(&mut page.lines);
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

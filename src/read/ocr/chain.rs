//! The chain of engines behind `read::Recogniser`.

use std::path::{Path, PathBuf};

use image::RgbImage;

use super::detect::TextBox;
use super::engine::Shelf;
use super::recognise::Text;
use super::sheet::Sheet;
use super::tesseract::Tesseract;
use super::ticks::Tick;
use super::upright::{self, Upright, Views, carry};
use super::{Grey, assemble, crops, flatten, look, prepare, recognise, seals, second};
use crate::model::{BBox, Code, Confidence, Line, Page, ReadBy, Seal, TickBox};
use crate::read::picture::scale;
use crate::read::{Expect, Recogniser, layout, qr};

/// What is read with less confidence than this is noise, not text.
pub(super) const LEAST_SURE: f32 = 0.35;
/// The same for ink that the detector does not take for text.
const LEAST_SURE_ALONE: f32 = 0.65;
/// Part of the fingerprint: changes whenever this code reads differently.
const VERSION: &str = "ocr/5";

/// Reads pixels with whatever engines are installed: PP-OCR models first, Tesseract for second readings and where
/// there are no models.
pub struct Chain {
    pub(super) shelf: Shelf,
    pub(super) tesseract: Tesseract,
}

/// What engines a chain has, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Engines {
    /// File name and SHA-256 of each PP-OCR model, joined by a colon.
    pub models: Vec<String>,
    /// Whether the models load.
    pub models_work: bool,
    /// Tesseract's version.
    pub tesseract: Option<String>,
    /// Folder of its language data.
    pub tessdata: Option<PathBuf>,
    /// Those of `chi_sim`, `eng` and `osd` that are there.
    pub languages: Vec<String>,
}

impl Chain {
    /// A chain over the models in a folder and the language data of Tesseract (the usual folders are searched
    /// without). Nothing is loaded yet.
    pub fn new(models_dir: Option<&Path>, tessdata: Option<PathBuf>) -> Self {
        Self { shelf: Shelf::new(models_dir), tesseract: Tesseract::new(tessdata) }
    }

    /// Whether any engine is there that reads Chinese.
    pub fn usable(&self) -> bool {
        self.shelf.complete() || self.tesseract.speaks("chi_sim")
    }

    /// What is there. Loads everything: for `hecha doctor`.
    pub fn available(&self) -> Engines {
        let languages = ["chi_sim", "eng", "osd"].into_iter().filter(|l| self.tesseract.speaks(l));
        Engines {
            models: self.shelf.hashes().to_vec(),
            models_work: self.shelf.models().is_some(),
            tesseract: self.tesseract.version().map(str::to_owned),
            tessdata: self.tesseract.data().map(Path::to_owned),
            languages: languages.map(str::to_owned).collect(),
        }
    }

    /// Finds a page's text with the best engine there is.
    fn upright(&self, views: Views<'_>, dpi: f32) -> Upright {
        match self.shelf.models() {
            Some(models) => upright::by_models(models, views, dpi),
            None => upright::by_ink(&self.tesseract, views, dpi),
        }
    }

    /// Reads a strip with the best engine there is.
    fn strip(&self, strip: &Grey) -> Text {
        match self.shelf.models() {
            Some(models) => recognise::read(models, strip),
            None => second::mixed(&self.tesseract, strip),
        }
    }

    /// Reads pieces of text of a sheet; what is less sure than `least` is noise.
    pub(super) fn pieces(
        &self,
        sheet: &Sheet,
        pieces: &[TextBox],
        k: f32,
        page: u32,
        least: f32,
    ) -> Vec<Line> {
        let mut out = Vec::new();
        for b in pieces {
            let Some(strip) = crops::strip(&sheet.text, b) else { continue };
            let text = self.strip(&strip.grey);
            if !text.text.trim().is_empty() && text.confidence >= least {
                out.push(assemble::line(&strip, text, k, page));
            }
        }
        out
    }
}

/// A resolution that can be reckoned with.
fn sane(dpi: f32) -> f32 {
    if dpi.is_finite() { dpi.clamp(30.0, 2400.0) } else { 200.0 }
}

fn points(b: [f32; 4], k: f32) -> BBox {
    BBox::new(b[0] * k, b[1] * k, b[2] * k, b[3] * k)
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
        let tesseract = self.tesseract.version().unwrap_or("-");
        format!("{VERSION} {} tesseract:{tesseract}", self.shelf.hashes().join(" "))
    }

    fn page(&self, picture: &RgbImage, dpi: f32, number: u32) -> Page {
        let dpi = sane(dpi);
        if picture.width() < 8 || picture.height() < 8 {
            let points = |pixels: u32| pixels as f32 * 72.0 / dpi;
            return Page::empty(number, points(picture.width()), points(picture.height()), ReadBy::Ocr);
        }
        let Some((flat, drawn)) = flatten::find(picture).and_then(|f| Some((f, f.draw(picture)?))) else {
            return self.flat(picture, dpi, number);
        };
        // A sheet found on a photograph has a size of its own; the rest of the picture said nothing about it.
        let own = if flat.sheet { scale::dpi(flat.w, flat.h, None) } else { dpi };
        let mut page = self.flat(&drawn, own, number);
        page.flattened = flat.perspective(72.0 / own, 72.0 / dpi);
        page
    }

    fn region(&self, picture: &RgbImage, dpi: f32, origin: (f32, f32), page: u32) -> Vec<Line> {
        let dpi = sane(dpi);
        let k = 72.0 / dpi;
        let mut lines = second::region(self, picture, dpi, k, page);
        for line in &mut lines {
            assemble::shift(line, origin);
        }
        lines
    }

    fn reread(&self, picture: &RgbImage, expect: Expect) -> Vec<(String, Confidence)> {
        second::reread(self, picture, expect)
    }
}

impl Chain {
    /// Reads a page that lies flat.
    fn flat(&self, picture: &RgbImage, dpi: f32, number: u32) -> Page {
        let k = 72.0 / dpi;
        let (w, h) = (picture.width() as f32, picture.height() as f32);
        let mut page = Page::empty(number, w * k, h * k, ReadBy::Ocr);
        page.look = look::of(picture);
        let plain = prepare::without_seals(picture);
        let grey = prepare::even(&plain.grey);
        let ruled = plain.all.as_ref().map(prepare::even);
        let up = self.upright(Views { page: &grey, ruled: ruled.as_ref() }, dpi);
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
        let pieces = up.sheet.pieces(&up.boxes);
        let mut lines = self.pieces(&up.sheet, &pieces, k, number, LEAST_SURE);
        let alone = up.sheet.leftovers(&pieces);
        lines.extend(self.pieces(&up.sheet, &alone, k, number, LEAST_SURE_ALONE));
        page.ticks = tick_boxes(&up.sheet, k);
        assemble::write_ticks(&mut lines, &page.ticks, number);
        let rulings = up.sheet.rulings.in_points(k);
        assemble::join_spaced(&mut lines, &rulings);
        let arranged = layout::arrange(lines, &rulings, number);
        (page.lines, page.tables) = (arranged.lines, arranged.tables);
        page
    }
}

fn codes(grey: &Grey) -> Vec<qr::Found> {
    let picture = image::GrayImage::from_raw(grey.w as u32, grey.h as u32, grey.px.clone());
    picture.map(|p| qr::decode(&p)).unwrap_or_default()
}

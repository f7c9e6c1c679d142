//! The chain of engines behind `read::Recogniser`.

use std::path::{Path, PathBuf};

use image::RgbImage;

use super::crops::Strip;
use super::detect::TextBox;
use super::engine::Shelf;
use super::recognise::Text;
use super::seals::Found;
use super::sheet::Sheet;
use super::tesseract::Tesseract;
use super::ticks::Tick;
use super::upright::{self, Upright, Views, carry};
use super::watch::{Step, Watch};
use super::{
    Grey, assemble, crops, doubt, flatten, letters, look, marks, prepare, recognise, ring, rings, seals,
    second,
};
use crate::model::{BBox, Code, Confidence, Line, Page, ReadBy, Seal, SealInk, TickBox};
use crate::read::picture::scale;
use crate::read::{Expect, Recogniser, imprint, layout, qr};

/// What is read with less confidence than this is noise, not text.
pub(super) const LEAST_SURE: f32 = 0.35;
/// The same for ink that the detector does not take for text.
const LEAST_SURE_ALONE: f32 = 0.65;
/// Part of the fingerprint: changes whenever this code reads differently.
const VERSION: &str = "ocr/10";
/// Tesseract alone is surer than it is right: of values at 0.95 and more one in nine was wrong.
const ALONE: f32 = 0.9;

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
        (self.shelf.complete() && self.shelf.models().is_some()) || self.tesseract.speaks("chi_sim")
    }

    /// Why models that are there cannot be used, in Chinese. Loads them.
    pub fn trouble(&self) -> Option<&str> {
        self.shelf.trouble()
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
    fn upright(&self, views: Views<'_>, dpi: f32, watch: Watch<'_>) -> Upright {
        match self.shelf.models() {
            Some(models) => upright::by_models(models, views, dpi, watch),
            None => upright::by_ink(&self.tesseract, views, dpi, watch),
        }
    }

    /// Reads strips with the best engine there is.
    fn texts(&self, strips: &[&Grey]) -> Vec<Text> {
        match self.shelf.models() {
            Some(models) => recognise::read_all(models, strips),
            None => strips.iter().map(|s| at_most(second::mixed(&self.tesseract, s), ALONE)).collect(),
        }
    }

    /// Reads pieces of text of a sheet; what is less sure than `least` is noise. Also gives where ink was that gave no
    /// text.
    pub(super) fn pieces(
        &self,
        sheet: &Sheet,
        pieces: &[TextBox],
        k: f32,
        page: u32,
        least: f32,
    ) -> (Vec<Line>, Vec<BBox>) {
        let strips: Vec<Strip> = pieces.iter().filter_map(|b| crops::strip(&sheet.text, b)).collect();
        let texts = self.texts(&strips.iter().map(|s| &s.grey).collect::<Vec<_>>());
        let (mut lines, mut unread) = (Vec::new(), Vec::new());
        for (strip, text) in strips.iter().zip(texts) {
            let noise = text.text.trim().is_empty() || text.confidence < least;
            let line = assemble::line(strip, text, k, page);
            if noise {
                unread.extend(line.bbox());
            } else {
                lines.push(line);
            }
        }
        (lines, unread)
    }
}

/// A text that is no surer than this.
fn at_most(mut text: Text, most: f32) -> Text {
    text.confidence = text.confidence.min(most);
    text.scores.iter_mut().for_each(|s| *s = s.min(most));
    text
}

/// A resolution that can be reckoned with.
fn sane(dpi: f32) -> f32 {
    if dpi.is_finite() { dpi.clamp(30.0, 2400.0) } else { 200.0 }
}

/// The resolution by which the size of letters is judged: sheets larger than A3 do not exist, but files that say so do,
/// with letters in proportion. Small pictures are tickets and parts of pages, with letters of the usual size.
fn of_letters(picture: &RgbImage, dpi: f32) -> f32 {
    const A3: f32 = 16.6;
    const A4: f32 = 11.7;
    let longest = picture.width().max(picture.height()) as f32;
    if longest / dpi <= A3 { dpi } else { (longest / A4).clamp(30.0, 2400.0) }
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
        self.watched(picture, dpi, number, &mut |_| ())
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
    /// Reads a page as [`Recogniser::page`] does and tells when each step is done.
    pub fn watched(&self, picture: &RgbImage, dpi: f32, number: u32, watch: &mut dyn FnMut(Step)) -> Page {
        let dpi = sane(dpi);
        if picture.width() < 8 || picture.height() < 8 {
            let points = |pixels: u32| pixels as f32 * 72.0 / dpi;
            return Page::empty(number, points(picture.width()), points(picture.height()), ReadBy::Ocr);
        }
        let found = flatten::find(picture).and_then(|f| Some((f, f.draw(picture)?)));
        watch(Step::Flatten);
        let Some((flat, drawn)) = found else {
            return self.sized(picture, dpi, number, watch);
        };
        // A sheet found on a photograph has a size of its own; the rest of the picture said nothing about it.
        let own = if flat.sheet { scale::dpi(flat.w, flat.h, None) } else { dpi };
        let mut page = self.sized(&drawn, own, number, watch);
        page.flattened = flat.perspective(72.0 / own, 72.0 / dpi);
        page
    }

    /// Reads a page that lies flat; one with letters too small to be read is enlarged first.
    fn sized(&self, picture: &RgbImage, dpi: f32, number: u32, watch: Watch<'_>) -> Page {
        let k = 72.0 / dpi;
        let by_size = of_letters(picture, dpi);
        let small = self.shelf.models().and_then(|m| letters::too_small(m, picture));
        match small.and_then(|s| Some((s, s.enlarged(picture)?))) {
            Some((s, large)) => self.flat(&large, (k / s.factor, s.dpi), number, watch),
            None => self.flat(picture, (k, by_size), number, watch),
        }
    }

    /// The name on a seal's ring, where the models read one with some certainty. `turned` is how the page lay.
    fn name_on(&self, picture: &RgbImage, seal: [f32; 4], turned: u16) -> Option<(String, f32)> {
        let models = self.shelf.models()?;
        let side = |v: f32, most: u32| (v.max(0.0) as u32).min(most);
        let (x0, y0) = (side(seal[0] - 4.0, picture.width()), side(seal[1] - 4.0, picture.height()));
        let (x1, y1) = (side(seal[2] + 4.0, picture.width()), side(seal[3] + 4.0, picture.height()));
        let part = image::imageops::crop_imm(picture, x0, y0, x1 - x0, y1 - y0).to_image();
        let part = match turned {
            90 => image::imageops::rotate90(&part),
            180 => image::imageops::rotate180(&part),
            270 => image::imageops::rotate270(&part),
            _ => part,
        };
        let (w, h) = (part.width() as f32, part.height() as f32);
        let strip = ring::laid_out(&part, [4.0f32.min(w), 4.0f32.min(h), w - 4.0, h - 4.0])?;
        let text = recognise::read(models, &strip);
        let read = text.confidence >= LEAST_SURE_ALONE && text.text.chars().count() >= 4;
        read.then_some((text.text, text.confidence))
    }

    /// Reads a page that lies flat: `k` points a pixel, letters as large as they are at `dpi`.
    fn flat(&self, picture: &RgbImage, (k, dpi): (f32, f32), number: u32, watch: Watch<'_>) -> Page {
        let (w, h) = (picture.width() as f32, picture.height() as f32);
        let mut page = Page::empty(number, w * k, h * k, ReadBy::Ocr);
        page.look = look::of(picture);
        page.coloured = prepare::in_colour(picture);
        let mut plain = prepare::without_seals(picture);
        let found = plain.red.as_ref().map(|red| seals::find(red, plain.grey.w, plain.grey.h, dpi));
        let found = found.unwrap_or_default();
        plain.take_off(&found);
        let grey = prepare::even(&plain.grey);
        let ruled = plain.all.as_ref().map(prepare::even);
        watch(Step::Colour);
        let mut up = self.upright(Views { page: &grey, ruled: ruled.as_ref() }, dpi, watch);
        (page.turned, page.skew) = (up.turned, up.skew);
        if up.turned % 180 == 90 {
            (page.width, page.height) = (page.height, page.width);
        }
        page.seals = found.iter().map(|f| self.seal(picture, f, &up, k)).collect();
        if plain.red.is_none() {
            page.seals
                .extend(rings::find(&up.sheet.text, dpi).into_iter().map(|f| plain_seal(&f, f.bbox, k)));
        }
        watch(Step::Seals);
        if up.sheet.blank() {
            return page;
        }
        let codes: Vec<(String, [f32; 4])> =
            codes(&plain.grey).into_iter().map(|(text, b)| (text, carry(b, w, h, &up))).collect();
        watch(Step::Codes);
        let mut lines = self.lines(&mut up, &codes, k, number, watch);
        page.codes = codes.into_iter().map(|(text, b)| Code { text, bbox: points(b, k) }).collect();
        page.ticks = tick_boxes(&up.sheet, k);
        assemble::write_ticks(&mut lines, &page.ticks, number);
        let rulings = up.sheet.rulings.in_points(k);
        assemble::join_spaced(&mut lines, &rulings);
        doubt::under_seals(&mut lines, &mut page.seals);
        let arranged = layout::arrange(lines, &rulings, number);
        (page.lines, page.tables) = (arranged.lines, arranged.tables);
        page.marks = marks::find(&page, &up.sheet, k);
        watch(Step::Arrange);
        page
    }

    /// Reads the text of an upright page, but for what stands in its codes.
    fn lines(
        &self,
        up: &mut Upright,
        codes: &[(String, [f32; 4])],
        k: f32,
        number: u32,
        watch: Watch<'_>,
    ) -> Vec<Line> {
        let in_code = |x: f32, y: f32| {
            codes.iter().any(|(_, b)| {
                let edge = 0.02 * (b[2] - b[0]);
                x > b[0] + edge && x < b[2] - edge && y > b[1] + edge && y < b[3] - edge
            })
        };
        let free = |b: &TextBox| !in_code(f32::midpoint(b.x0, b.x1), f32::midpoint(b.y0, b.y1));
        up.sheet.ticks.retain(|t| {
            !in_code(
                f32::midpoint(t.blob.x0 as f32, t.blob.x1 as f32),
                f32::midpoint(t.blob.y0 as f32, t.blob.y1 as f32),
            )
        });
        let mut pieces = up.sheet.pieces(&up.boxes);
        pieces.retain(free);
        let mut alone = up.sheet.leftovers(&pieces);
        alone.retain(free);
        let alone = up.sheet.rejoin(&mut pieces, alone);
        watch(Step::Cut);
        let (mut lines, mut unread) = self.pieces(&up.sheet, &pieces, k, number, LEAST_SURE);
        let (others, noise) = self.pieces(&up.sheet, &alone, k, number, LEAST_SURE_ALONE);
        lines.extend(others);
        unread.extend(noise);
        doubt::beside_unread(&mut lines, &unread, &up.sheet.rulings.in_points(k));
        watch(Step::Recognise);
        lines
    }

    /// A seal of the page, with the name on its ring.
    fn seal(&self, picture: &RgbImage, found: &Found, up: &Upright, k: f32) -> Seal {
        let (w, h) = (picture.width() as f32, picture.height() as f32);
        let mut seal = plain_seal(found, carry(found.bbox, w, h, up), k);
        if found.ink == SealInk::Red {
            seal.impression = imprint::seal(picture, found.bbox, up.turned, up.skew);
        }
        if let Some((text, sure)) = self.name_on(picture, found.bbox, up.turned) {
            (seal.text, seal.confidence) = (Some(text), Confidence::from_unit(sure));
        }
        seal
    }
}

fn plain_seal(found: &Found, at: [f32; 4], k: f32) -> Seal {
    Seal { ink: found.ink, shape: found.shape, ..Seal::at(points(at, k)) }
}

fn codes(grey: &Grey) -> Vec<qr::Found> {
    let picture = image::GrayImage::from_raw(grey.w as u32, grey.h as u32, grey.px.clone());
    picture.map(|p| qr::decode(&p)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_too_large_are_taken_for_a4_and_tickets_for_what_they_are() {
        let of = |w: u32, h: u32, dpi: f32| of_letters(&RgbImage::new(w, h), dpi);
        assert_eq!(of(1654, 2339, 200.0), 200.0);
        assert_eq!(of(1900, 1100, 200.0), 200.0);
        assert!((of(10417, 6946, 300.0) - 890.3).abs() < 1.0);
        assert_eq!(of(1016, 638, 300.0), 300.0);
    }
}

//! Pictures of a page: decoded for QR codes and for the recogniser.

use hayro_jbig2::{DecodeSettings, Decoder, File};
use image::{GrayImage, Luma, Rgb, RgbImage, imageops};

use super::canvas::Picture;
use super::document::Drawn;
use super::package::Package;
use crate::model::{BBox, Code};
use crate::read::drawn::Drawn as Shape;
use crate::read::picture::decode;
use crate::read::qr;

/// Most pictures of a page that may be codes.
const MOST: usize = 12;
/// Most pixels of a bilevel picture.
const MOST_PIXELS: u64 = 100_000_000;

/// Whether a picture hides what is under it: it has no transparency.
pub(super) fn is_opaque(bytes: &[u8]) -> bool {
    if bytes.starts_with(b"\x89PNG") {
        let clear = bytes.windows(4).take(4096).any(|w| w == b"tRNS");
        return matches!(bytes.get(25), Some(0 | 2 | 3)) && !clear;
    }
    bytes.starts_with(&[0xff, 0xd8]) || bytes.starts_with(b"BM")
}

/// The pixels of a picture of the page.
pub(super) fn pixels(package: &Package<'_>, drawn: &Drawn, picture: &Picture) -> Option<RgbImage> {
    let part = drawn.resources.media(&picture.resource)?;
    let bytes = package.bytes(part).ok()??;
    if bytes.starts_with(b"\x97JB2") {
        return bilevel(&bytes);
    }
    decode::page(&bytes, 1).ok().map(|d| d.picture)
}

/// Decodes JBIG2, in which tax-control invoices carry their code.
fn bilevel(bytes: &[u8]) -> Option<RgbImage> {
    struct Rows(Vec<u8>);
    impl Decoder for Rows {
        fn push_pixel(&mut self, black: bool) {
            self.0.extend([if black { 0 } else { 255 }; 3]);
        }
        fn push_pixel_chunk(&mut self, black: bool, chunk_count: u32) {
            let value = if black { 0 } else { 255 };
            self.0.extend(std::iter::repeat_n(value, 24 * chunk_count as usize));
        }
        fn next_line(&mut self) {}
    }
    let file = File::new(bytes, &DecodeSettings::default()).ok()?;
    let page = file.page(0)?;
    let (w, h) = (page.width(), page.height());
    if u64::from(w) * u64::from(h) > MOST_PIXELS {
        return None;
    }
    let mut rows = Rows(Vec::new());
    page.decode(&mut rows).ok()?;
    RgbImage::from_raw(w, h, rows.0)
}

/// The QR codes of a page: among its pictures, and drawn piece by piece.
pub(super) fn codes(package: &Package<'_>, drawn: &Drawn, shapes: &[Shape]) -> Vec<Code> {
    let mut codes: Vec<Code> = Vec::new();
    let square = |b: BBox| {
        let shape = b.width() / b.height().max(0.1);
        (0.75..1.33).contains(&shape) && b.width() >= 20.0 && b.width() <= 260.0
    };
    for picture in drawn.canvas.pictures.iter().filter(|p| square(p.bbox)).take(MOST) {
        let Some(pixels) = pixels(package, drawn, picture) else { continue };
        let grey = qr::shades(&pixels);
        add(&mut codes, &grey, picture.bbox);
    }
    for code in shapes.iter().take(MOST) {
        for (text, _) in qr::decode(&code.picture()) {
            if codes.iter().all(|c| c.text != text) {
                codes.push(Code { text, bbox: code.area });
            }
        }
    }
    codes
}

fn add(codes: &mut Vec<Code>, grey: &GrayImage, bbox: BBox) {
    let picture = roomy(grey);
    if !qr::may_hold_code(&picture) {
        return;
    }
    for (text, _) in qr::decode(&picture) {
        if codes.iter().all(|c| c.text != text) {
            codes.push(Code { text, bbox });
        }
    }
}

/// A code of few pixels enlarged, with paper around it: decoders want both.
fn roomy(grey: &GrayImage) -> GrayImage {
    let (w, h) = grey.dimensions();
    let times = (300 / w.max(h).max(1)).clamp(1, 6);
    let (large_w, large_h) = (w * times, h * times);
    let pad = (large_w.max(large_h) / 12).max(8);
    let mut out = GrayImage::from_pixel(large_w + 2 * pad, large_h + 2 * pad, Luma([255]));
    let row = out.width() as usize;
    let lines = out.chunks_exact_mut(row).skip(pad as usize).take(large_h as usize);
    for (y, line) in lines.enumerate() {
        let from = &grey.as_raw()[(y / times as usize) * w as usize..][..w as usize];
        let squares = line[pad as usize..].chunks_exact_mut(times as usize);
        squares.zip(from).for_each(|(square, v)| square.fill(*v));
    }
    out
}

/// The page as a picture, where a picture is the page: all large pictures on paper, and its resolution.
pub(super) fn scan(package: &Package<'_>, drawn: &Drawn) -> Option<(RgbImage, f32)> {
    let (width, height) = drawn.size;
    let large = |p: &&Picture| p.bbox.width() * p.bbox.height() >= 0.2 * width * height;
    let mut parts = Vec::new();
    for picture in drawn.canvas.pictures.iter().filter(large).take(8) {
        parts.push((picture.bbox, pixels(package, drawn, picture)?));
    }
    let finest = parts.iter().map(|(b, p)| p.width() as f32 / b.width().max(1.0) * 72.0).fold(0.0, f32::max);
    let dpi = finest.clamp(100.0, 300.0).min(9000.0 * 72.0 / width.max(height).max(1.0));
    let to = |v: f32| (v * dpi / 72.0).round();
    let mut page = RgbImage::from_pixel(to(width).max(1.0) as u32, to(height).max(1.0) as u32, Rgb([255; 3]));
    for (b, pixels) in &parts {
        let (w, h) = (to(b.width()).clamp(1.0, 9000.0) as u32, to(b.height()).clamp(1.0, 9000.0) as u32);
        let fitted = imageops::resize(pixels, w, h, imageops::FilterType::Triangle);
        imageops::overlay(&mut page, &fitted, to(b.x0) as i64, to(b.y0) as i64);
    }
    (!parts.is_empty()).then_some((page, dpi))
}

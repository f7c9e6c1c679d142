//! Pictures as pages: PNG, JPEG, TIFF (with several pages), BMP, WebP, GIF; of those that move, the first picture. Size is checked before anything is decoded.

pub(in crate::read) mod decode;
mod moving;
pub(super) mod scale;
mod strips;
mod tiff;

use image::RgbImage;

use self::decode::Decoded;
use super::{ReadContext, Reader, figures, imprint, pasted};
use crate::model::{BBox, Format, ImageBox, ReadBy, ReadError, Reading};

/// Resolution below which small print cannot be read reliably.
const POOR: f32 = 110.0;

/// Reads pictures through the recogniser.
pub struct PictureReader;

impl Reader for PictureReader {
    fn formats(&self) -> &'static [Format] {
        &[Format::Png, Format::Jpeg, Format::Tiff, Format::Bmp, Format::Webp, Format::Gif]
    }

    fn page_count(&self, bytes: &[u8], _cx: &ReadContext<'_>) -> Option<u32> {
        let pages = tiff::pages(bytes);
        (pages.len() > 1).then_some(pages.len() as u32)
    }

    fn read(&self, bytes: &[u8], cx: &ReadContext<'_>) -> Result<Reading, ReadError> {
        let recogniser = cx.recogniser.ok_or(ReadError::NoEngine)?;
        let count = tiff::pages(bytes).len().max(1) as u32;
        let mut reading = Reading::new(ReadBy::Ocr, Vec::new());
        let mut failed = None;
        for number in (1..=count).filter(|n| cx.wants(*n)) {
            let decoded = match decode::page(bytes, number) {
                Ok(decoded) => decoded,
                Err(why) => {
                    reading.notes.push(format!("第 {number} 页：{why}"));
                    failed = Some(why);
                    continue;
                }
            };
            if decoded.partial {
                reading.notes.push(format!("第 {number} 页：图像数据不完整，只读取了完好的部分"));
            }
            let Decoded { picture, dpi, .. } = decoded;
            if dpi < POOR {
                reading
                    .notes
                    .push(format!("第 {number} 页：分辨率约 {dpi:.0} dpi，偏低，识别结果可能不可靠"));
            }
            let mut page = recogniser.page(&picture, dpi, number);
            reading.notes.extend(super::black(&page));
            reading.traces.extend(pasted::traces(&picture, dpi, &page));
            // The page as read is turned upright; the picture lies in the file as it is.
            let k = 72.0 / dpi;
            let filed = BBox::new(0.0, 0.0, picture.width() as f32 * k, picture.height() as f32 * k);
            page.shown.extend(imprint::shown(&picture, dpi, filed));
            page.shown.extend(figures::on(&picture, dpi));
            let bbox = BBox::new(0.0, 0.0, page.width, page.height);
            page.images.push(ImageBox { bbox, width: picture.width(), height: picture.height() });
            reading.pages.push(page);
        }
        if count > cx.max_pages {
            reading.notes.push(format!("共 {count} 页，只读取前 {} 页", cx.max_pages));
        }
        match failed {
            Some(why) if reading.pages.is_empty() => Err(why),
            _ => Ok(reading),
        }
    }

    fn render(&self, bytes: &[u8], page: u32, dpi: f32) -> Option<RgbImage> {
        let decoded = decode::page(bytes, page).ok()?;
        let factor = dpi / decoded.dpi;
        if !(factor.is_finite() && factor > 0.0) {
            return None;
        }
        let to = |v: u32| ((v as f32 * factor).round() as u32).clamp(1, 20_000);
        let (w, h) = (to(decoded.picture.width()), to(decoded.picture.height()));
        if w == decoded.picture.width() && h == decoded.picture.height() {
            return Some(decoded.picture);
        }
        Some(image::imageops::resize(&decoded.picture, w, h, image::imageops::FilterType::Triangle))
    }
}

#[cfg(test)]
mod tests;

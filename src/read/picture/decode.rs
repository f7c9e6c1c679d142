//! From a file's bytes to an upright RGB picture.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits, RgbImage};

use super::{moving, scale, strips, tiff};
use crate::model::ReadError;

/// Most pixels a picture may have: A3 at 600 dpi is 70 million.
const MOST_PIXELS: u64 = 100_000_000;
/// Longest side.
const LONGEST: u32 = 30_000;
/// Resolution to which finer scans are brought; more tells the recogniser nothing.
const FINE: f32 = 300.0;

/// A decoded page.
pub(in crate::read) struct Decoded {
    pub picture: RgbImage,
    pub dpi: f32,
    /// The data broke off; what follows is blank.
    pub partial: bool,
}

/// Decodes a page (from 1; only TIFF has more than one).
pub(in crate::read) fn page(bytes: &[u8], number: u32) -> Result<Decoded, ReadError> {
    let bytes = tiff::at_page(bytes, number).ok_or_else(|| ReadError::Damaged("没有这一页".into()))?;
    if moving::is_gif(&bytes) {
        let picture = moving::first(&bytes)?;
        let dpi = scale::dpi(picture.width(), picture.height(), None);
        return Ok(reduced(picture, dpi, false));
    }
    let damaged = |e: image::ImageError| ReadError::Damaged(short(&e.to_string()));
    let mut reader = ImageReader::new(Cursor::new(&bytes[..]))
        .with_guessed_format()
        .map_err(|e| ReadError::Damaged(short(&e.to_string())))?;
    if reader.format().is_none() {
        return Err(ReadError::Unsupported("未知的图片格式".into()));
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(1 << 30);
    reader.limits(limits);
    // Scanners write TIFFs that the library does not know.
    let own = tiff::Directory::of(&bytes).filter(strips::is_wanted);
    let decoder = match own {
        Some(_) => None,
        None => Some(reader.into_decoder().map_err(|e| match e {
            image::ImageError::Unsupported(e) => ReadError::Unsupported(short(&e.to_string())),
            e => damaged(e),
        })?),
    };
    let (w, h) = decoder.as_ref().map_or_else(|| strips::size(&own), ImageDecoder::dimensions);
    check_size(w, h)?;
    let (image, partial, orientation) = match (decoder, own) {
        (Some(mut decoder), _) => {
            let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
            let (image, partial) = pixels_of(decoder).map_err(ReadError::Damaged)?;
            (flat(image), partial || cut_off(&bytes), orientation)
        }
        (None, Some(directory)) => strips::decode(&directory)?,
        (None, None) => return Err(ReadError::Unsupported("未知的图片格式".into())),
    };
    let mut image = DynamicImage::ImageRgb8(image);
    image.apply_orientation(orientation);
    let picture = image.into_rgb8();
    let stated = scale::stated(&bytes).or_else(|| tiff::stated(&bytes));
    let dpi = scale::dpi(picture.width(), picture.height(), stated);
    Ok(reduced(picture, dpi, partial))
}

/// Refuses what has too many pixels, or none.
pub(super) fn check_size(w: u32, h: u32) -> Result<(), ReadError> {
    if u64::from(w) * u64::from(h) > MOST_PIXELS || w.max(h) > LONGEST {
        return Err(ReadError::Limit(format!("图片 {w}×{h} 像素，上限 {} 万像素", MOST_PIXELS / 10_000)));
    }
    if w == 0 || h == 0 {
        return Err(ReadError::Damaged("图片没有像素".into()));
    }
    Ok(())
}

/// Decodes into a buffer of our own: when the data breaks off, what came before is kept.
fn pixels_of(decoder: impl ImageDecoder) -> Result<(DynamicImage, bool), String> {
    let (w, h) = decoder.dimensions();
    let colour = decoder.color_type();
    let size = usize::try_from(decoder.total_bytes()).map_err(|e| e.to_string())?;
    let mut buffer = vec![0u8; size];
    let broke = match decoder.read_image(&mut buffer) {
        Ok(()) => None,
        Err(e) => Some(short(&e.to_string())),
    };
    if let Some(why) = &broke {
        // Nothing at all came: that is no picture. Rows that never came are paper, not ink.
        let row = size / h.max(1) as usize;
        let last = buffer.iter().rposition(|v| *v != 0).ok_or_else(|| why.clone())?;
        let from = (last / row.max(1) + 1) * row;
        buffer[from.min(size)..].fill(255);
    }
    let image = assemble(w, h, colour, buffer).ok_or("不支持的像素格式")?;
    Ok((image, broke.is_some()))
}

fn assemble(w: u32, h: u32, colour: image::ColorType, buffer: Vec<u8>) -> Option<DynamicImage> {
    use image::{ColorType as C, ImageBuffer as B};
    let wide =
        |b: &[u8]| -> Vec<u16> { b.chunks_exact(2).map(|c| u16::from_ne_bytes([c[0], c[1]])).collect() };
    Some(match colour {
        C::L8 => B::from_raw(w, h, buffer)?.into_image(DynamicImage::ImageLuma8),
        C::La8 => B::from_raw(w, h, buffer)?.into_image(DynamicImage::ImageLumaA8),
        C::Rgb8 => B::from_raw(w, h, buffer)?.into_image(DynamicImage::ImageRgb8),
        C::Rgba8 => B::from_raw(w, h, buffer)?.into_image(DynamicImage::ImageRgba8),
        C::L16 => B::from_raw(w, h, wide(&buffer))?.into_image(DynamicImage::ImageLuma16),
        C::La16 => B::from_raw(w, h, wide(&buffer))?.into_image(DynamicImage::ImageLumaA16),
        C::Rgb16 => B::from_raw(w, h, wide(&buffer))?.into_image(DynamicImage::ImageRgb16),
        C::Rgba16 => B::from_raw(w, h, wide(&buffer))?.into_image(DynamicImage::ImageRgba16),
        _ => return None,
    })
}

/// Lets the table above read like one.
trait IntoImage: Sized {
    fn into_image(self, wrap: impl FnOnce(Self) -> DynamicImage) -> DynamicImage {
        wrap(self)
    }
}

impl<P: image::Pixel, C> IntoImage for image::ImageBuffer<P, C> {}

/// Without transparency: what is transparent is paper.
fn flat(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let rgba = image.into_rgba8();
    let mut out = RgbImage::new(rgba.width(), rgba.height());
    for (to, from) in out.pixels_mut().zip(rgba.pixels()) {
        let alpha = u32::from(from[3]);
        for c in 0..3 {
            to[c] = ((u32::from(from[c]) * alpha + 255 * (255 - alpha)) / 255) as u8;
        }
    }
    out
}

/// Whether a JPEG ends before its end marker: its decoder fills the rest with grey and says nothing.
fn cut_off(bytes: &[u8]) -> bool {
    if !bytes.starts_with(&[0xFF, 0xD8]) {
        return false;
    }
    let tail = &bytes[bytes.len().saturating_sub(4096)..];
    !tail.windows(2).any(|w| w == [0xFF, 0xD9])
}

fn reduced(picture: RgbImage, dpi: f32, partial: bool) -> Decoded {
    if dpi <= FINE * 1.15 {
        return Decoded { picture, dpi, partial };
    }
    let factor = FINE / dpi;
    let to = |v: u32| ((v as f32 * factor).round() as u32).max(1);
    let (w, h) = (to(picture.width()), to(picture.height()));
    let picture = image::imageops::thumbnail(&picture, w, h);
    Decoded { picture, dpi: FINE, partial }
}

fn short(why: &str) -> String {
    why.chars().take(160).collect()
}

//! GIF: its first picture.

use image::{Rgb, RgbImage};

use super::decode::check_size;
use crate::model::ReadError;

pub(super) fn is_gif(bytes: &[u8]) -> bool {
    bytes.starts_with(b"GIF8")
}

/// The first picture, on paper where it is transparent.
pub(super) fn first(bytes: &[u8]) -> Result<RgbImage, ReadError> {
    let damaged = |e: gif::DecodingError| ReadError::Damaged(e.to_string().chars().take(160).collect());
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::RGBA);
    let mut decoder = options.read_info(bytes).map_err(damaged)?;
    let (w, h) = (u32::from(decoder.width()), u32::from(decoder.height()));
    check_size(w, h)?;
    let Some(frame) = decoder.read_next_frame().map_err(damaged)? else {
        return Err(ReadError::Damaged("图片没有像素".into()));
    };
    let mut out = RgbImage::from_pixel(w, h, Rgb([255, 255, 255]));
    let width = usize::from(frame.width).max(1);
    for (index, colour) in frame.buffer.chunks_exact(4).enumerate() {
        let x = u32::from(frame.left) + (index % width) as u32;
        let y = u32::from(frame.top) + (index / width) as u32;
        if x < w && y < h && colour[3] > 0 {
            out.put_pixel(x, y, Rgb([colour[0], colour[1], colour[2]]));
        }
    }
    Ok(out)
}

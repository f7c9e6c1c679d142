//! Drawing pages to pixels.

use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use hayro_syntax::Pdf;
use image::RgbImage;

use super::fonts;

/// No picture of a page has more pixels on a side: the renderer counts them in 16 bits, and memory is finite.
const LONGEST: f32 = 9000.0;

/// Draws pages of one file; keeps what it learnt of its fonts.
pub(super) struct Renderer<'p> {
    pdf: &'p Pdf,
    cache: RenderCache<'p>,
}

impl<'p> Renderer<'p> {
    pub(super) fn new(pdf: &'p Pdf) -> Self {
        Self { pdf, cache: RenderCache::new() }
    }

    /// Draws a page, counted from 1, and tells the resolution that was possible.
    pub(super) fn page(&self, number: u32, dpi: f32) -> Option<(RgbImage, f32)> {
        let page = self.pdf.pages().get(number.checked_sub(1)? as usize)?;
        let (width, height) = page.render_dimensions();
        if !(width >= 1.0 && height >= 1.0 && dpi >= 1.0) {
            return None;
        }
        let scale = (dpi / 72.0).min(LONGEST / width.max(height));
        if width * scale < 1.0 || height * scale < 1.0 {
            return None;
        }
        let pixels = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
        let pixmap =
            hayro::render(page, &self.cache, &fonts::settings(), &RenderSettings::default(), &pixels);
        let (w, h) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
        let mut rgb = Vec::with_capacity((w * h * 3) as usize);
        for pixel in pixmap.data() {
            rgb.extend([pixel.r, pixel.g, pixel.b]);
        }
        Some((RgbImage::from_raw(w, h, rgb)?, scale * 72.0))
    }
}

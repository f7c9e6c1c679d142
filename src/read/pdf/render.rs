//! Drawing pages to pixels.

use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::vello_cpu::{Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit};
use hayro::{RenderCache, RenderSettings};
use hayro_interpret::{InterpreterSettings, TransformExt};
use hayro_syntax::Pdf;
use image::RgbImage;
use kurbo::Affine;

use super::fonts;
use crate::model::BBox;

/// No picture of a page has more pixels on a side: the renderer counts them in 16 bits, and memory is finite.
const LONGEST: f32 = 9000.0;

/// Draws pages of one file; keeps what it learnt of its fonts.
pub(super) struct Renderer<'p> {
    pdf: &'p Pdf,
    cache: RenderCache<'p>,
    settings: InterpreterSettings,
}

impl<'p> Renderer<'p> {
    pub(super) fn new(pdf: &'p Pdf) -> Self {
        Self { pdf, cache: RenderCache::new(), settings: fonts::settings() }
    }

    /// Draws a page, counted from 1, and tells the resolution that was possible.
    pub(super) fn page(&self, number: u32, dpi: f32) -> Option<(RgbImage, f32)> {
        let page = self.pdf.pages().get(number.checked_sub(1)? as usize)?;
        let (width, height) = page.render_dimensions();
        self.area(number, BBox::new(0.0, 0.0, width, height), dpi).map(|(picture, _, dpi)| (picture, dpi))
    }

    /// Draws a part of a page; tells its top left in points and the resolution that was possible.
    pub(super) fn area(&self, number: u32, area: BBox, dpi: f32) -> Option<(RgbImage, (f32, f32), f32)> {
        let page = self.pdf.pages().get(number.checked_sub(1)? as usize)?;
        let (width, height) = page.render_dimensions();
        let area = BBox::new(area.x0.max(0.0), area.y0.max(0.0), area.x1.min(width), area.y1.min(height));
        let longest = area.width().max(area.height());
        if !(area.width() >= 1.0 && area.height() >= 1.0 && longest.is_finite() && dpi >= 1.0) {
            return None;
        }
        let scale = (dpi / 72.0).min(LONGEST / longest);
        let (w, h) = ((area.width() * scale).round() as u16, (area.height() * scale).round() as u16);
        if w == 0 || h == 0 {
            return None;
        }
        let transform = Affine::translate((f64::from(-area.x0 * scale), f64::from(-area.y0 * scale)))
            * Affine::scale(f64::from(scale))
            * page.initial_transform(true).to_kurbo();
        let mut context = RenderContext::new(w, h);
        hayro::render_into(
            page,
            &self.cache,
            &self.settings,
            &RenderSettings::default(),
            &mut context,
            transform,
        );
        context.flush();
        let mut pixmap = Pixmap::new(w, h);
        let settings =
            RasterizerSettings { target_init: TargetInit::Clear(WHITE), ..RasterizerSettings::default() };
        context.render_with(&mut pixmap, &mut Resources::default(), settings);
        let mut rgb = vec![0; usize::from(w) * usize::from(h) * 3];
        for (to, pixel) in rgb.chunks_exact_mut(3).zip(pixmap.data()) {
            to.copy_from_slice(&[pixel.r, pixel.g, pixel.b]);
        }
        let picture = RgbImage::from_raw(u32::from(w), u32::from(h), rgb)?;
        Some((picture, (area.x0, area.y0), scale * 72.0))
    }
}

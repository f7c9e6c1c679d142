//! Brings a page upright and level, and boxes with it.

use super::detect::{self, TextBox};
use super::engine::Models;
use super::sheet::Sheet;
use super::tesseract::Tesseract;
use super::watch::{Step, Watch};
use super::{Grey, leftover, orient, skew};

/// Longest side of the picture the detector sees.
pub(super) const DETECT_SIDE: usize = 1536;

/// A page brought upright and level, with its detected text.
pub(super) struct Upright {
    pub sheet: Sheet,
    pub turned: u16,
    pub skew: f32,
    pub boxes: Vec<TextBox>,
}

/// The page as seen by the recogniser, and with everything red where that was taken out.
#[derive(Clone, Copy)]
pub(super) struct Views<'a> {
    pub page: &'a Grey,
    pub ruled: Option<&'a Grey>,
}

impl Views<'_> {
    /// The sheet after a turn, levelled (by a known angle or by what is found).
    fn sheet(&self, turned: u16, skew: Option<f32>, dpi: f32, watch: Watch<'_>) -> (Sheet, f32) {
        let view = |g: &Grey| if turned == 0 { g.clone() } else { g.turned(turned) };
        let page = view(self.page);
        let skew = skew.unwrap_or_else(|| skew::find(&page));
        let level = |g: Grey| if skew == 0.0 { g } else { g.rotated(skew) };
        let ruled = self.ruled.map(|g| level(view(g)));
        let page = level(page);
        watch(Step::Level);
        let sheet = Sheet::new(page, ruled.as_ref(), dpi);
        watch(Step::Rulings);
        (sheet, skew)
    }
}

/// Turns and levels a page without models: Tesseract tells the turn, connected ink the lines.
pub(super) fn by_ink(tesseract: &Tesseract, views: Views<'_>, dpi: f32, watch: Watch<'_>) -> Upright {
    let turned = tesseract.turn(views.page).unwrap_or(0);
    let (sheet, skew) = views.sheet(turned, None, dpi, watch);
    let boxes = leftover::lines(&sheet.text, dpi);
    Upright { sheet, turned, skew, boxes }
}

/// Turns and levels a page and finds its text with the models.
pub(super) fn by_models(models: &Models, views: Views<'_>, dpi: f32, watch: Watch<'_>) -> Upright {
    let (sheet, skew) = views.sheet(0, None, dpi, watch);
    let mut up = Upright { sheet, turned: 0, skew, boxes: Vec::new() };
    if up.sheet.blank() {
        return up;
    }
    up.boxes = detect::text_boxes(&models.det, &up.sheet.text, DETECT_SIDE);
    watch(Step::Detect);
    if orient::sideways(&up.boxes) {
        let (sheet, skew) = views.sheet(90, None, dpi, watch);
        let boxes = detect::text_boxes(&models.det, &sheet.text, DETECT_SIDE);
        watch(Step::Detect);
        up = Upright { sheet, turned: 90, skew, boxes };
    }
    let upside_down = orient::upside_down(models, &up.sheet.text, &up.boxes);
    watch(Step::Orient);
    if upside_down {
        let turned = up.turned + 180;
        let (sheet, _) = views.sheet(turned, Some(up.skew), dpi, watch);
        let (w, h) = (sheet.text.w as f32, sheet.text.h as f32);
        for b in &mut up.boxes {
            *b = TextBox { x0: w - b.x1, x1: w - b.x0, y0: h - b.y1, y1: h - b.y0, slope: b.slope };
        }
        up = Upright { sheet, turned, ..up };
    }
    up
}

/// Moves a box of the picture as it is to where it stands on the upright, level page; all in pixels.
pub(super) fn carry(b: [f32; 4], w: f32, h: f32, up: &Upright) -> [f32; 4] {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_follow_the_page() {
        let up = |turned: u16| Upright {
            sheet: Sheet::new(Grey::new(20, 20, 255), None, 200.0),
            turned,
            skew: 0.0,
            boxes: Vec::new(),
        };
        let b = [10.0, 20.0, 30.0, 25.0];
        assert_eq!(carry(b, 100.0, 200.0, &up(0)), b);
        assert_eq!(carry(b, 100.0, 200.0, &up(90)), [175.0, 10.0, 180.0, 30.0]);
        assert_eq!(carry(b, 100.0, 200.0, &up(180)), [70.0, 175.0, 90.0, 180.0]);
        assert_eq!(carry(b, 100.0, 200.0, &up(270)), [20.0, 70.0, 25.0, 90.0]);
    }
}

//! The whole chain on a drawn page. Needs the models and a Chinese font; skips with a note without them.

use std::path::PathBuf;

use image::{RgbImage, imageops};
use krilla::geom::{PathBuilder, Point};
use krilla::paint::Stroke;
use krilla::text::{Font, TextDirection};

use super::Chain;
use crate::read::pdf::PdfReader;
use crate::read::{Expect, Reader, Recogniser};

pub(super) const FONTS: &[(&str, u32)] = &[
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0),
];
const DPI: f32 = 150.0;

pub(super) fn models() -> Option<PathBuf> {
    #[allow(clippy::disallowed_methods)]
    let named = std::env::var("HECHA_MODELS").ok().map(PathBuf::from);
    named.or_else(|| Some(PathBuf::from("models"))).filter(|d| Chain::new(Some(d), None).shelf.complete())
}

/// A page with a heading, a table of two rows and a line below, drawn and rendered.
fn page() -> Option<RgbImage> {
    #[allow(clippy::disallowed_methods)]
    let font = FONTS.iter().find_map(|(p, i)| Font::new(std::fs::read(p).ok()?.into(), *i))?;
    let mut doc = krilla::Document::new();
    let mut page = doc.start_page_with(krilla::page::PageSettings::from_wh(420.0, 300.0)?);
    let mut s = page.surface();
    let texts = [
        (120.0, 50.0, "设备采购合同价款明细"),
        (60.0, 100.0, "工业网关"),
        (220.0, 100.0, "1,234,567.89"),
        (60.0, 130.0, "采集软件"),
        (220.0, 130.0, "48,600.00"),
        (50.0, 200.0, "统一社会信用代码：91430100MA4L8K2R3T"),
    ];
    for (x, y, text) in texts {
        s.draw_text(Point::from_xy(x, y), font.clone(), 11.0, text, false, TextDirection::Auto);
    }
    s.set_stroke(Some(Stroke { width: 0.8, ..Stroke::default() }));
    let mut lines = PathBuilder::new();
    for y in [80.0, 110.0, 140.0] {
        lines.move_to(50.0, y);
        lines.line_to(350.0, y);
    }
    for x in [50.0, 200.0, 350.0] {
        lines.move_to(x, 80.0);
        lines.line_to(x, 140.0);
    }
    s.set_fill(None);
    s.draw_path(&lines.finish()?);
    s.finish();
    page.finish();
    PdfReader.render(&doc.finish().ok()?, 1, DPI)
}

#[test]
#[allow(clippy::print_stderr, reason = "a skipped test says so")]
fn a_drawn_page_reads_upright_and_upside_down() {
    let (Some(models), Some(picture)) = (models(), page()) else {
        eprintln!("skipped: no OCR models (./models or HECHA_MODELS) or no Chinese font");
        return;
    };
    let chain = Chain::new(Some(&models), None);
    assert!(chain.usable() && chain.fingerprint().contains("rec"));
    for (turned, picture) in [(0, picture.clone()), (180, imageops::rotate180(&picture))] {
        let page = chain.page(&picture, DPI, 3);
        assert_eq!(page.turned, turned);
        let text = page.text();
        for part in ["设备采购合同价款明细", "1,234,567.89", "48,600.00", "91430100MA4L8K2R3T"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert_eq!(page.tables.len(), 1);
        let table = &page.tables[0];
        assert_eq!((table.rows, table.cols, table.ruled), (2, 2, true));
        assert_eq!(table.at(1, 1).map(|c| c.text.as_str()), Some("48,600.00"));
        assert_eq!(table.at(0, 0).map(|c| c.text.as_str()), Some("工业网关"));
        let code = page.lines.iter().find(|l| l.text.contains("9143")).unwrap();
        let b = code.bbox().unwrap();
        assert!((b.x0 - 50.0).abs() < 4.0 && b.y0 > 186.0 && b.y1 < 206.0, "{b:?}");
        assert_eq!(code.edges.len(), code.text.chars().count() + 1);
    }
    // The amount alone, a second time.
    let k = DPI / 72.0;
    let crop = imageops::crop_imm(
        &picture,
        (210.0 * k) as u32,
        (86.0 * k) as u32,
        (110.0 * k) as u32,
        (20.0 * k) as u32,
    );
    let again = chain.reread(&crop.to_image(), Expect::Amount);
    assert!(again.iter().any(|(text, _)| text == "1,234,567.89"), "{again:?}");
}

#[test]
fn odd_pictures_do_no_harm() {
    let chain = Chain::new(models().as_deref(), None);
    let mut seed = 1u32;
    let noise = RgbImage::from_fn(300, 200, |_, _| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        image::Rgb([(seed >> 24) as u8; 3])
    });
    let pictures = [
        RgbImage::new(0, 0),
        RgbImage::new(1, 1),
        RgbImage::new(300, 200),
        RgbImage::from_pixel(300, 200, image::Rgb([255, 255, 255])),
        RgbImage::from_pixel(2000, 9, image::Rgb([230, 0, 0])),
        noise,
    ];
    for picture in &pictures {
        for dpi in [0.0, 150.0, f32::NAN] {
            let page = chain.page(picture, dpi, 1);
            let certain = page.lines.iter().filter(|l| l.confidence.0 > 950 && l.text.chars().count() > 3);
            assert_eq!(certain.count(), 0, "{:?}", page.text());
        }
        chain.region(picture, 150.0, (0.0, 0.0), 1);
        chain.reread(picture, Expect::Text);
    }
}

//! Turns drawn pages into scans: rendered, inked, turned, skewed, noisy, compressed.

use std::sync::Arc;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use image::{DynamicImage, GrayImage, Luma, Rgb, RgbImage};

use crate::canvas::{Area, Canvas, to_pdf};
use crate::rng::Rng;

/// How a page was scanned.
#[derive(Clone, Copy, Debug)]
pub struct Scan {
    /// Dots per inch.
    pub dpi: f32,
    /// Degrees of skew.
    pub skew: f32,
    /// Upside down or sideways, in degrees clockwise: 0, 90, 180, 270.
    pub turn: u16,
    /// Colour or grey.
    pub colour: bool,
    /// Strength of the noise in grey levels.
    pub noise: f32,
    /// JPEG quality.
    pub quality: u8,
}

/// Renders a drawn page.
pub fn render(canvas: &Canvas, dpi: f32) -> RgbImage {
    let bytes = to_pdf(&[canvas]);
    let pdf = Pdf::new(Arc::new(bytes)).expect("our own PDF");
    let scale = dpi / 72.0;
    let settings = hayro::PixmapSettings {
        x_scale: scale,
        y_scale: scale,
        bg_color: hayro::vello_cpu::color::palette::css::WHITE,
    };
    let cache = hayro::RenderCache::new();
    let map = hayro::render(
        &pdf.pages()[0],
        &cache,
        &InterpreterSettings::default(),
        &hayro::RenderSettings::default(),
        &settings,
    );
    let (w, h) = (u32::from(map.width()), u32::from(map.height()));
    let data = map.data_as_u8_slice();
    RgbImage::from_fn(w, h, |x, y| {
        let i = ((y * w + x) * 4) as usize;
        Rgb([data[i], data[i + 1], data[i + 2]])
    })
}

/// A picture as JPEG.
pub fn jpeg(picture: &DynamicImage, quality: u8) -> Vec<u8> {
    let mut out = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, quality);
    picture.write_with_encoder(encoder).expect("in memory");
    out
}

/// Scans a page: the JPEG and its size in points.
pub fn scan(canvas: &Canvas, how: Scan, seed: u64) -> (Vec<u8>, f32, f32) {
    let mut rng = Rng::new(seed, "scan");
    let clean = render(canvas, how.dpi);
    let mut page = skewed(&clean, how.skew);
    let (w, h) = page.dimensions();
    let lean = (rng.unit() - 0.5) * 16.0;
    for (x, y, p) in page.enumerate_pixels_mut() {
        // Paper is not white, the lamp is not even.
        let light = 243.0 + lean * (x as f32 / w as f32 - 0.5) - 6.0 * (y as f32 / h as f32);
        let grain = (rng.unit() + rng.unit() - 1.0) * how.noise;
        for v in &mut p.0 {
            *v = (f32::from(*v) * light / 255.0 + 12.0 * (1.0 - f32::from(*v) / 255.0) + grain)
                .clamp(0.0, 255.0) as u8;
        }
    }
    for _ in 0..rng.int(4, 18) {
        let (x, y) = (rng.int(0, i64::from(w) - 2) as u32, rng.int(0, i64::from(h) - 2) as u32);
        page.put_pixel(x, y, Rgb([70, 70, 70]));
        page.put_pixel(x + 1, y, Rgb([90, 90, 90]));
    }
    let page = match how.turn {
        90 => image::imageops::rotate90(&page),
        180 => image::imageops::rotate180(&page),
        270 => image::imageops::rotate270(&page),
        _ => page,
    };
    let (pw, ph) = (page.width() as f32 * 72.0 / how.dpi, page.height() as f32 * 72.0 / how.dpi);
    let picture = if how.colour {
        DynamicImage::ImageRgb8(page)
    } else {
        let grey = GrayImage::from_fn(page.width(), page.height(), |x, y| {
            let [r, g, b] = page.get_pixel(x, y).0.map(f32::from);
            Luma([(0.299 * r + 0.587 * g + 0.114 * b) as u8])
        });
        DynamicImage::ImageLuma8(grey)
    };
    (jpeg(&picture, how.quality), pw, ph)
}

/// Rotates by a small angle with bilinear sampling; this also softens the strokes a little, as optics do.
fn skewed(src: &RgbImage, degrees: f32) -> RgbImage {
    let (w, h) = src.dimensions();
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (cx, cy) = (w as f32 / 2.0, h as f32 / 2.0);
    RgbImage::from_fn(w, h, |x, y| {
        let (dx, dy) = (x as f32 - cx + 0.25, y as f32 - cy + 0.25);
        let (sx, sy) = (cx + dx * cos + dy * sin, cy - dx * sin + dy * cos);
        let (x0, y0) = (sx.floor(), sy.floor());
        if x0 < 0.0 || y0 < 0.0 || x0 as u32 + 1 >= w || y0 as u32 + 1 >= h {
            return Rgb([255, 255, 255]);
        }
        let (fx, fy) = (sx - x0, sy - y0);
        let at = |i: u32, j: u32| src.get_pixel(x0 as u32 + i, y0 as u32 + j).0;
        let (a, b, c, d) = (at(0, 0), at(1, 0), at(0, 1), at(1, 1));
        let mut out = [0u8; 3];
        for k in 0..3 {
            let top = f32::from(a[k]) * (1.0 - fx) + f32::from(b[k]) * fx;
            let low = f32::from(c[k]) * (1.0 - fx) + f32::from(d[k]) * fx;
            out[k] = (top * (1.0 - fy) + low * fy) as u8;
        }
        Rgb(out)
    })
}

/// A photograph of a sheet lying on a table: perspective, a shadow, light from one side, JPEG.
pub fn photograph(canvas: &Canvas, seed: u64) -> Vec<u8> {
    let mut rng = Rng::new(seed, "photograph");
    let sheet = render(canvas, 165.0);
    let (w, h) = (sheet.width() as f32, sheet.height() as f32);
    let margin = 0.07 * w.max(h);
    let (width, height) = (w + 2.0 * margin, h + 2.0 * margin);
    let mut off = || (rng.unit() * 0.6 + 0.2) * margin;
    let quad =
        [(off(), off()), (width - off(), off()), (width - off(), height - off()), (off(), height - off())];
    let back = inverse(&square_to(quad));
    let table = [92.0 + rng.unit() * 30.0, 74.0 + rng.unit() * 20.0, 60.0];
    let (side, edge) = (rng.unit() - 0.5, 0.55 + 0.3 * rng.unit());
    let mut grain = Rng::new(seed, "grain");
    let picture = RgbImage::from_fn(width as u32, height as u32, |px, py| {
        let (x, y) = (px as f32 + 0.5, py as f32 + 0.5);
        let d = back[6] * x + back[7] * y + back[8];
        let (u, v) = ((back[0] * x + back[1] * y + back[2]) / d, (back[3] * x + back[4] * y + back[5]) / d);
        let inside = (0.0..1.0).contains(&u) && (0.0..1.0).contains(&v);
        let colour = if inside { sample(&sheet, u * w - 0.5, v * h - 0.5) } else { table };
        // Light falls off to one side; a soft shadow lies over a corner.
        let light = 0.94 + 0.1 * side * (x / width - 0.5);
        let shadow = 1.0 - 0.22 * (((x / width + y / height) / 2.0 - edge) * 9.0).clamp(0.0, 1.0);
        let noise = (grain.unit() - 0.5) * 9.0;
        Rgb(colour.map(|c| (c * light * shadow + noise).clamp(0.0, 255.0) as u8))
    });
    jpeg(&DynamicImage::ImageRgb8(picture), 52)
}

/// A point between pixels.
fn sample(src: &RgbImage, x: f32, y: f32) -> [f32; 3] {
    let (x0, y0) = (x.floor().max(0.0), y.floor().max(0.0));
    let (fx, fy) = ((x - x0).clamp(0.0, 1.0), (y - y0).clamp(0.0, 1.0));
    let at = |i: f32, j: f32| {
        let (i, j) = (i.min(src.width() as f32 - 1.0), j.min(src.height() as f32 - 1.0));
        src.get_pixel(i as u32, j as u32).0.map(f32::from)
    };
    let (a, b, c, d) = (at(x0, y0), at(x0 + 1.0, y0), at(x0, y0 + 1.0), at(x0 + 1.0, y0 + 1.0));
    [0, 1, 2].map(|k| (a[k] * (1.0 - fx) + b[k] * fx) * (1.0 - fy) + (c[k] * (1.0 - fx) + d[k] * fx) * fy)
}

/// The projection that takes the unit square to four corners, clockwise from the top left.
fn square_to(q: [(f32, f32); 4]) -> [f32; 9] {
    let [(x0, y0), (x1, y1), (x2, y2), (x3, y3)] = q;
    let (sx, sy) = (x0 - x1 + x2 - x3, y0 - y1 + y2 - y3);
    let (dx1, dx2, dy1, dy2) = (x1 - x2, x3 - x2, y1 - y2, y3 - y2);
    let det = dx1 * dy2 - dx2 * dy1;
    let (g, h) = ((sx * dy2 - dx2 * sy) / det, (dx1 * sy - sx * dy1) / det);
    [x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h, 1.0]
}

/// The inverse of a projection, up to a factor.
fn inverse(m: &[f32; 9]) -> [f32; 9] {
    let [a, b, c, d, e, f, g, h, i] = *m;
    [
        e * i - f * h,
        c * h - b * i,
        b * f - c * e,
        f * g - d * i,
        a * i - c * g,
        c * d - a * f,
        d * h - e * g,
        b * g - a * h,
        a * e - b * d,
    ]
}

/// A page that shows nothing but a scan of another one; it keeps that page's fields (boxes turn with the page).
pub fn as_page(canvas: &Canvas, how: Scan, seed: u64) -> Canvas {
    let (bytes, w, h) = scan(canvas, how, seed);
    let mut out = Canvas::new(w, h);
    out.image(Area(0.0, 0.0, w, h), bytes, true);
    out.marks = canvas.marks.clone();
    for m in &mut out.marks {
        m.bbox = m.bbox.map(|b| turned(b, how.turn, (canvas.w, canvas.h)));
    }
    out
}

fn turned([x0, y0, x1, y1]: [f32; 4], turn: u16, (w, h): (f32, f32)) -> [f32; 4] {
    match turn {
        90 => [h - y1, x0, h - y0, x1],
        180 => [w - x1, h - y1, w - x0, h - y0],
        270 => [y0, w - x1, y1, w - x0],
        _ => [x0, y0, x1, y1],
    }
}

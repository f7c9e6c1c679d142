//! QR codes in pictures.

use image::{GrayImage, RgbImage, imageops};
use rxing::common::HybridBinarizer;
use rxing::multi::MultipleBarcodeReader;
use rxing::multi::qrcode::QRCodeMultiReader;
use rxing::{BarcodeFormat, BinaryBitmap, DecodeHints, Luma8LuminanceSource};

/// A decoded code with its box in pixels: left, top, right, bottom.
pub type Found = (String, [f32; 4]);

/// Decodes every QR code of a page picture. Codes on invoices stand in a corner and are small, so the corners
/// are looked at again by themselves where the whole page gives nothing.
pub fn decode(picture: &GrayImage) -> Vec<Found> {
    let mut found = decode_part(picture, (0, 0));
    if !found.is_empty() {
        return found;
    }
    let (width, height) = picture.dimensions();
    let (part_w, part_h) = (width * 4 / 10, height / 3);
    if part_w < 40 || part_h < 40 {
        return found;
    }
    for (x, y) in [(0, 0), (width - part_w, 0), (0, height - part_h), (width - part_w, height - part_h)] {
        let part = imageops::crop_imm(picture, x, y, part_w, part_h).to_image();
        found.extend(decode_part(&part, (x, y)));
    }
    found
}

/// The shades a code is read in. (`imageops::grayscale` weighs each pixel in floating point: four times as slow.)
pub fn shades(picture: &RgbImage) -> GrayImage {
    let luma = |p: &[u8]| ((u32::from(p[0]) * 77 + u32::from(p[1]) * 150 + u32::from(p[2]) * 29) >> 8) as u8;
    let shades = picture.as_raw().chunks_exact(3).map(luma).collect();
    GrayImage::from_raw(picture.width(), picture.height(), shades).unwrap_or_default()
}

/// Whether anything in a picture of even light looks like the corner of a code: dark and light in the widths 1, 1, 3, 1,
/// 1, on several rows one below the other. Far cheaper than decoding a logo in vain.
pub fn may_hold_code(picture: &GrayImage) -> bool {
    let (width, height) = picture.dimensions();
    let (least, most) = picture.as_raw().iter().fold((255u8, 0u8), |(a, b), p| (a.min(*p), b.max(*p)));
    if width < 21 || height < 21 || most - least < 40 {
        return false;
    }
    let middle = least + (most - least) / 2;
    let mut hits: Vec<u32> = Vec::new();
    let step = (height / 300).max(1);
    for row in picture.as_raw().chunks_exact(width as usize).step_by(step as usize) {
        corners(row, middle, &mut hits);
    }
    hits.sort_unstable();
    let near = width / 100 + 1;
    hits.windows(4).any(|w| w[3] - w[0] <= near)
}

/// Adds the middles of what on this row may be a corner of a code.
fn corners(row: &[u8], middle: u8, hits: &mut Vec<u32>) {
    let mut runs = [0u32; 5];
    let (mut dark, mut start) = (false, 0u32);
    let mut count = 0;
    for x in 0..=row.len() {
        let now = row.get(x).is_some_and(|p| *p < middle);
        if now == dark && x < row.len() {
            continue;
        }
        runs.rotate_left(1);
        runs[4] = x as u32 - start;
        count += 1;
        // A dark run has just ended.
        if dark && count >= 5 && is_corner(&runs) {
            hits.push(x as u32 - runs[4] - runs[3] - runs[2] / 2);
        }
        (dark, start) = (now, x as u32);
    }
}

fn is_corner(runs: &[u32; 5]) -> bool {
    let total: u32 = runs.iter().sum();
    let module = total as f32 / 7.0;
    let fits = |run: u32, modules: f32| {
        (run as f32 - modules * module).abs() < 0.7 * module * modules.max(1.0).sqrt()
    };
    module >= 1.0 && runs.iter().zip([1.0, 1.0, 3.0, 1.0, 1.0]).all(|(run, m)| fits(*run, m))
}

/// Decodes one part of a picture; boxes are moved by `origin`.
fn decode_part(picture: &GrayImage, origin: (u32, u32)) -> Vec<Found> {
    let (width, height) = picture.dimensions();
    let pixels = picture.as_raw().clone();
    // The decoder indexes by what it believes to have seen; on noise that has gone wrong.
    let results = std::panic::catch_unwind(|| {
        let source = Luma8LuminanceSource::new(pixels, width, height).ok()?;
        let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
        let hints = DecodeHints {
            TryHarder: Some(true),
            PossibleFormats: Some([BarcodeFormat::QR_CODE].into_iter().collect()),
            ..DecodeHints::default()
        };
        QRCodeMultiReader::default().decode_multiple_with_hints(&mut bitmap, &hints).ok()
    });
    let mut found: Vec<Found> = Vec::new();
    for result in results.ok().flatten().unwrap_or_default() {
        let text = result.getText().to_string();
        let mut bbox = [f32::MAX, f32::MAX, f32::MIN, f32::MIN];
        for point in result.getPoints() {
            bbox = [bbox[0].min(point.x), bbox[1].min(point.y), bbox[2].max(point.x), bbox[3].max(point.y)];
        }
        if text.is_empty() || bbox[0] > bbox[2] || found.iter().any(|(other, _)| *other == text) {
            continue;
        }
        // The points are the centres of the finder patterns: 3.5 modules inside the code.
        let pad = 0.18 * (bbox[2] - bbox[0]).max(bbox[3] - bbox[1]);
        let (dx, dy) = (origin.0 as f32, origin.1 as f32);
        found.push((text, [bbox[0] - pad + dx, bbox[1] - pad + dy, bbox[2] + pad + dx, bbox[3] + pad + dy]));
    }
    found.sort_by(|a, b| a.1[1].total_cmp(&b.1[1]).then(a.1[0].total_cmp(&b.1[0])));
    found
}

#[cfg(test)]
mod tests {
    use image::Luma;

    use super::*;

    fn page(text: &str, scale: u32, at: (u32, u32), size: (u32, u32)) -> GrayImage {
        let code = qrcode::QrCode::new(text.as_bytes()).unwrap();
        let modules = code.width() as u32;
        let colors = code.to_colors();
        let mut picture = GrayImage::from_pixel(size.0, size.1, Luma([255]));
        for y in 0..modules * scale {
            for x in 0..modules * scale {
                if colors[(y / scale * modules + x / scale) as usize] == qrcode::Color::Dark {
                    picture.put_pixel(at.0 + x, at.1 + y, Luma([0]));
                }
            }
        }
        picture
    }

    #[test]
    fn reads_a_code_and_its_place() {
        let text = "01,32,,22432000000012345678,1234.00,20220304,,ABCD";
        let found = decode(&page(text, 4, (60, 50), (1200, 800)));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, text);
        let [x0, y0, x1, y1] = found[0].1;
        assert!((x0 - 60.0).abs() < 12.0 && (y0 - 50.0).abs() < 12.0, "{x0} {y0}");
        assert!(x1 > x0 + 80.0 && y1 > y0 + 80.0);
    }

    #[test]
    fn a_code_is_worth_a_look_and_a_logo_is_not() {
        let code = page("01,32,,22432000000012345678,1234.00,20220304,,ABCD", 4, (60, 50), (400, 400));
        for picture in [code.clone(), imageops::rotate90(&code), imageops::rotate270(&code)] {
            assert!(may_hold_code(&picture));
        }
        let tilted = GrayImage::from_fn(420, 420, |x, y| {
            let (dx, dy) = (x as f32 - 210.0, y as f32 - 210.0);
            let (u, v) = (210.0 + dx * 0.978 + dy * 0.208, 210.0 - dx * 0.208 + dy * 0.978);
            if (0.0..400.0).contains(&u) && (0.0..400.0).contains(&v) {
                *code.get_pixel(u as u32, v as u32)
            } else {
                Luma([255])
            }
        });
        assert!(may_hold_code(&tilted));
        assert_eq!(decode(&tilted).len(), 1);
        let disc = |x: u32, y: u32| (x as i32 - 100).pow(2) + (y as i32 - 100).pow(2) < 6000;
        let logo = GrayImage::from_fn(200, 200, |x, y| Luma([if disc(x, y) { 0 } else { 255 }]));
        assert!(!may_hold_code(&logo));
        assert!(!may_hold_code(&GrayImage::from_pixel(200, 200, Luma([255]))));
    }

    #[test]
    fn turned_code_reads_and_empty_page_gives_nothing() {
        let picture = page("HTTPS://EXAMPLE.ORG/1", 4, (300, 500), (600, 800));
        assert_eq!(decode(&imageops::rotate90(&picture)).len(), 1);
        assert_eq!(decode(&imageops::rotate180(&picture)).len(), 1);
        assert!(decode(&GrayImage::from_pixel(400, 400, Luma([255]))).is_empty());
        assert!(decode(&GrayImage::from_pixel(3, 3, Luma([255]))).is_empty());
    }
}

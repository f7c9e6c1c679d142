use image::{DynamicImage, ImageFormat, Luma, Rgb};
use std::io::Cursor;

use super::*;
use crate::model::{Confidence, Line, Page};
use crate::read::{Expect, Recogniser};

/// Tells the size of what it was shown.
struct Fake;

impl Recogniser for Fake {
    fn fingerprint(&self) -> String {
        "fake".into()
    }
    fn page(&self, picture: &RgbImage, dpi: f32, number: u32) -> Page {
        let k = 72.0 / dpi;
        Page::empty(number, picture.width() as f32 * k, picture.height() as f32 * k, ReadBy::Ocr)
    }
    fn region(&self, _: &RgbImage, _: f32, _: (f32, f32), _: u32) -> Vec<Line> {
        Vec::new()
    }
    fn reread(&self, _: &RgbImage, _: Expect) -> Vec<(String, Confidence)> {
        Vec::new()
    }
}

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    image.write_to(&mut out, format).unwrap();
    out.into_inner()
}

fn read(bytes: &[u8]) -> Result<Reading, ReadError> {
    PictureReader.read(bytes, &ReadContext::new(Some(&Fake)))
}

fn striped(w: u32, h: u32) -> DynamicImage {
    let mut seed = 7u32;
    DynamicImage::ImageRgb8(RgbImage::from_fn(w, h, |x, y| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        if (x / 8 + y / 8) % 2 == 0 { Rgb([200, (seed >> 26) as u8, 30]) } else { Rgb([250, 250, 240]) }
    }))
}

#[test]
fn every_format_becomes_a_page() {
    let image = striped(827, 1169);
    for format in
        [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Tiff, ImageFormat::Bmp, ImageFormat::WebP]
    {
        let reading = read(&encoded(&image, format)).unwrap();
        assert_eq!(reading.pages.len(), 1, "{format:?}");
        assert!((reading.pages[0].width - 595.0).abs() < 3.0, "{format:?} {}", reading.pages[0].width);
        assert!(reading.notes.iter().any(|n| n.contains("dpi")), "100 dpi is poor");
    }
}

#[test]
fn sixteen_bits_and_transparency() {
    let deep = DynamicImage::ImageLuma16(image::ImageBuffer::from_pixel(900, 1200, Luma([65_535u16])));
    assert_eq!(read(&encoded(&deep, ImageFormat::Png)).unwrap().pages.len(), 1);
    let clear =
        DynamicImage::ImageRgba8(image::ImageBuffer::from_pixel(900, 1200, image::Rgba([0, 0, 0, 0])));
    let drawn = PictureReader.render(&encoded(&clear, ImageFormat::Png), 1, 72.0).unwrap();
    assert_eq!(drawn.get_pixel(10, 10), &Rgb([255, 255, 255]));
    assert_eq!(drawn.height(), 794);
}

#[test]
fn half_a_file_is_read_with_a_note() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Bmp] {
        let bytes = encoded(&striped(800, 1100), format);
        match read(&bytes[..bytes.len() / 2]) {
            Ok(reading) => {
                assert!(reading.notes.iter().any(|n| n.contains("不完整")), "{format:?}: {:?}", reading.notes)
            }
            Err(why) => assert!(matches!(why, ReadError::Damaged(_)), "{format:?}: {why:?}"),
        }
        assert!(
            matches!(read(&bytes[..20]), Err(ReadError::Damaged(_) | ReadError::Unsupported(_))),
            "{format:?}"
        );
    }
    assert!(matches!(read(b"not a picture at all"), Err(ReadError::Unsupported(_))));
}

#[test]
fn huge_pictures_are_refused_before_decoding() {
    // A PNG header that claims 30,000 × 30,000 pixels, with no data behind it.
    let mut bytes = encoded(&DynamicImage::ImageLuma8(image::GrayImage::new(4, 4)), ImageFormat::Png);
    bytes[16..20].copy_from_slice(&30_000u32.to_be_bytes());
    bytes[20..24].copy_from_slice(&30_000u32.to_be_bytes());
    let crc = crc(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    assert!(matches!(read(&bytes), Err(ReadError::Limit(_))), "{:?}", read(&bytes).err());
}

fn crc(data: &[u8]) -> u32 {
    !data.iter().fold(!0u32, |crc, b| {
        (0..8).fold(crc ^ u32::from(*b), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xEDB8_8320 } else { c >> 1 })
    })
}

#[test]
fn tiff_pages_are_counted_and_reached() {
    // Two little grey pages, one 2 × 3 and one 4 × 1, written by hand.
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    let mut directory = |w: u16, h: u16, shade: u8, last: bool| {
        let at = bytes.len() as u32;
        let n = u32::from(w) * u32::from(h);
        let data = at + 2 + 12 * 8 + 4;
        let short = |tag: u16, v: u16| {
            [tag.to_le_bytes().to_vec(), vec![3, 0, 1, 0, 0, 0], v.to_le_bytes().to_vec(), vec![0, 0]]
                .concat()
        };
        let long = |tag: u16, v: u32| {
            [tag.to_le_bytes().to_vec(), vec![4, 0, 1, 0, 0, 0], v.to_le_bytes().to_vec()].concat()
        };
        bytes.extend([8, 0]);
        for entry in [
            short(256, w),
            short(257, h),
            short(258, 8),
            short(259, 1),
            short(262, 1),
            long(273, data),
            short(278, h),
            long(279, n),
        ] {
            bytes.extend(entry);
        }
        bytes.extend(if last { 0u32 } else { data + n + n % 2 }.to_le_bytes());
        bytes.extend(vec![shade; (n + n % 2) as usize]);
    };
    directory(2, 3, 200, false);
    directory(4, 1, 90, true);
    assert_eq!(PictureReader.page_count(&bytes, &ReadContext::new(None)), Some(2));
    let second = decode::page(&bytes, 2).unwrap();
    assert_eq!((second.picture.width(), second.picture.height()), (4, 1));
    assert_eq!(second.picture.get_pixel(0, 0), &Rgb([90, 90, 90]));
    assert_eq!(read(&bytes).unwrap().pages.len(), 2);
    let one = ReadContext { pages: Some((2, 2)), ..ReadContext::new(Some(&Fake)) };
    assert_eq!(PictureReader.read(&bytes, &one).unwrap().pages[0].number, 2);
}

#[test]
fn without_an_engine_it_says_so() {
    let bytes = encoded(&striped(50, 60), ImageFormat::Png);
    assert_eq!(PictureReader.read(&bytes, &ReadContext::new(None)).err(), Some(ReadError::NoEngine));
}

/// The picture of a fixture: its left half one colour, its right half another.
fn halves(bytes: &[u8]) -> ([u8; 3], [u8; 3], bool) {
    let decoded = decode::page(bytes, 1).unwrap();
    assert_eq!((decoded.picture.width(), decoded.picture.height()), (64, 48));
    (decoded.picture.get_pixel(8, 20).0, decoded.picture.get_pixel(56, 40).0, decoded.partial)
}

macro_rules! fixture {
    ($name:literal) => {
        (
            $name,
            include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/pictures/", $name))
                .as_slice(),
        )
    };
}

fn near(a: [u8; 3], b: [u8; 3]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= 8)
}

#[test]
fn tiffs_as_scanners_write_them() {
    for (name, bytes) in [
        fixture!("g3.tif"),
        fixture!("g3_2d.tif"),
        fixture!("g4.tif"),
        fixture!("rle.tif"),
        fixture!("lzw1.tif"),
        fixture!("packbits1.tif"),
        fixture!("grey16.tif"),
    ] {
        assert_eq!(halves(bytes), ([0; 3], [255; 3], false), "{name}");
    }
    for (name, bytes) in [
        fixture!("palette.tif"),
        fixture!("jpeg.tif"),
        fixture!("ycc_jpeg.tif"),
        fixture!("cmyk.tif"),
        fixture!("lzw.tif"),
    ] {
        let (left, right, partial) = halves(bytes);
        assert!(near(left, [200, 30, 30]) && near(right, [250, 250, 240]), "{name}: {left:?} {right:?}");
        assert!(!partial, "{name}");
    }
    let (_, g4) = fixture!("g4.tif");
    assert!((tiff::stated(g4).unwrap() - 200.0).abs() < 0.1);
    let (_, three) = fixture!("three.tif");
    assert_eq!(PictureReader.page_count(three, &ReadContext::new(None)), Some(3));
    let last = decode::page(three, 3).unwrap().picture;
    assert_eq!((last.get_pixel(8, 20).0, last.get_pixel(56, 20).0), ([90; 3], [220; 3]));
}

#[test]
fn a_cut_off_tiff_is_read_as_far_as_it_goes() {
    for (name, bytes) in [fixture!("palette.tif"), fixture!("g3.tif"), fixture!("ycc_jpeg.tif")] {
        for length in 0..bytes.len() {
            // Any length ends in a picture or a reason.
            let _ = decode::page(&bytes[..length], 1);
        }
        let mut changed = bytes.to_vec();
        for at in 8..bytes.len() {
            for value in [0, 1, 0x7F, 0xFF] {
                changed[at] = value;
                let _ = decode::page(&changed, 1);
            }
            changed[at] = bytes[at];
        }
        assert!(decode::page(&changed, 1).is_ok(), "{name}");
    }
}

#[test]
fn of_pictures_that_move_the_first_counts() {
    for (name, bytes) in [fixture!("two.gif"), fixture!("moving.png"), fixture!("moving.webp")] {
        let (left, right, _) = halves(bytes);
        assert!(near(left, [200, 30, 30]) && near(right, [250, 250, 240]), "{name}: {left:?} {right:?}");
    }
}

#[test]
fn photographs_are_turned_as_the_camera_was() {
    let (_, bytes) = fixture!("turned.jpg");
    let picture = decode::page(bytes, 1).unwrap().picture;
    assert_eq!((picture.width(), picture.height()), (48, 64), "a quarter turn");
    assert!(near(picture.get_pixel(24, 8).0, [200, 30, 30]), "left came to the top");
}

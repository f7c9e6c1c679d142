//! Bad paper and bad engines: each costs a clear word, none costs the run.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use image::{DynamicImage, ImageBuffer, ImageFormat, Luma, Rgb, RgbImage};

use super::common::{Ran, Scratch, check, hecha, reason, report, run};

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, format).unwrap();
    out.into_inner()
}

fn noise(w: u32, h: u32) -> RgbImage {
    let mut seed = 7u32;
    RgbImage::from_fn(w, h, |_, _| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Rgb([(seed >> 24) as u8; 3])
    })
}

/// Even colours that run into each other: a photograph of nothing.
fn colours(w: u32, h: u32) -> RgbImage {
    let noise = noise(w, h);
    RgbImage::from_fn(w, h, |x, y| {
        let grain = noise.get_pixel(x, y).0[0] / 16;
        let wave =
            |a: f32, b: f32| (120.0 + 90.0 * ((x as f32 * a).sin() * (y as f32 * b).cos())) as u8 + grain;
        Rgb([wave(0.011, 0.013), wave(0.017, 0.007), wave(0.005, 0.019)])
    })
}

/// A PNG that says it is 30,000 pixels wide and high.
fn enormous() -> Vec<u8> {
    let mut png = encoded(&DynamicImage::from(RgbImage::new(8, 8)), ImageFormat::Png);
    png[16..20].copy_from_slice(&30_000u32.to_be_bytes());
    png[20..24].copy_from_slice(&30_000u32.to_be_bytes());
    let sum = super::fault::crc(&png[12..29]);
    png[29..33].copy_from_slice(&sum.to_be_bytes());
    png
}

fn read(scratch: &Scratch, name: &str) -> (Ran, serde_json::Value) {
    let ran = run(hecha().args(["read", "--json"]).arg(scratch.path(name)));
    let json = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{name}: {}{}", ran.out, ran.err));
    (ran, json)
}

fn models() -> Option<&'static Path> {
    let dir = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/models"));
    fs::read_dir(dir)
        .ok()?
        .flatten()
        .any(|e| e.path().extension().is_some_and(|x| x == "onnx"))
        .then_some(dir)
}

#[test]
#[allow(clippy::print_stderr, reason = "a skipped test says so")]
fn pictures_of_nothing_are_nothing() {
    if models().is_none() {
        eprintln!("no recognition models: pictures are not read (make models fetches them)");
        return;
    }
    let scratch = Scratch::new();
    let jpeg = encoded(&DynamicImage::from(colours(640, 480)), ImageFormat::Jpeg);
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pictures");
    let sixteen = ImageBuffer::from_fn(300, 200, |x, y| Luma([(x * 150 + y * 90) as u16]));
    for (name, bytes) in [
        ("black.png", encoded(&DynamicImage::from(RgbImage::new(620, 877)), ImageFormat::Png)),
        ("noise.png", encoded(&DynamicImage::from(noise(620, 877)), ImageFormat::Png)),
        ("colours.jpg", jpeg.clone()),
        ("half.jpg", jpeg[..jpeg.len() / 2].to_vec()),
        ("cmyk.jpg", fs::read(fixtures.join("cmyk.jpg")).unwrap()),
        ("sixteen.png", encoded(&DynamicImage::ImageLuma16(sixteen), ImageFormat::Png)),
    ] {
        scratch.put(name, &bytes);
        let (ran, json) = read(&scratch, name);
        assert_eq!(ran.code, Some(0), "{name}: {}", ran.err);
        let kinds: Vec<&str> =
            json["documents"].as_array().unwrap().iter().filter_map(|d| d["kind"].as_str()).collect();
        assert!(kinds.iter().all(|k| matches!(*k, "other" | "screenshot")), "{name}: {kinds:?}");
        assert_eq!(json["unread"].as_array().unwrap().len(), 0, "{name}");
        let said = [("black.png", "几乎全黑"), ("half.jpg", "不完整")];
        for (_, word) in said.iter().filter(|s| s.0 == name) {
            // What was degraded is told to people.
            let told = run(hecha().arg("read").arg(scratch.path(name)));
            let told = told.out + &told.err;
            assert!(told.contains(word), "{name}: {told}");
        }
    }
}

#[test]
fn a_picture_of_thirty_thousand_pixels_a_side_is_refused() {
    let scratch = Scratch::with_submission();
    scratch.put("in/长沙市/甲辰智能/huge.png", &enormous());
    let ran = check(&scratch.input(), &scratch.out(), &[]);
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    let report = report(&scratch.out());
    // Without any engine that is said instead: nothing is decoded then.
    let why = reason(&report, "huge.png");
    assert!(why.contains("30000×30000") || why.contains("识别引擎"), "{why}");
}

/// A run over a blank scan with these folders of models and language data.
fn with_engines(models: &Path, tessdata: &Path) -> (Ran, serde_json::Value) {
    let scratch = Scratch::with_submission();
    let white = DynamicImage::from(RgbImage::from_pixel(200, 200, Rgb([255, 255, 255])));
    scratch.put("in/长沙市/甲辰智能/scan.png", &encoded(&white, ImageFormat::Png));
    let ran = run(hecha()
        .arg("check")
        .arg(scratch.input())
        .arg("-o")
        .arg(scratch.out())
        .env("HECHA_MODELS", models)
        .env("TESSDATA_PREFIX", tessdata));
    let report = report(&scratch.out());
    (ran, report)
}

#[test]
fn models_that_are_cut_off_are_named() {
    let Some(models) = models() else { return };
    let scratch = Scratch::new();
    for entry in fs::read_dir(models).unwrap().flatten() {
        let bytes = fs::read(entry.path()).unwrap();
        let cut =
            if entry.file_name().to_string_lossy().contains("rec") { bytes.len() / 3 } else { bytes.len() };
        scratch.put(&format!("models/{}", entry.file_name().to_string_lossy()), &bytes[..cut]);
    }
    let (ran, report) = with_engines(&scratch.path("models"), Path::new("/nonexistent"));
    assert_eq!(ran.code, Some(3), "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("不完整或已损坏"), "{}", ran.err);
    assert!(reason(&report, "scan.png").contains("识别引擎"));
}

#[test]
fn a_tesseract_without_chinese_is_no_engine() {
    let scratch = Scratch::new();
    scratch.put("tessdata/eng.traineddata", b"not looked at");
    let (ran, report) = with_engines(Path::new("/nonexistent"), &scratch.path("tessdata"));
    assert_eq!(ran.code, Some(3), "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("hecha doctor"), "{}", ran.err);
    assert!(reason(&report, "scan.png").contains("识别引擎"));
    let doctor = run(hecha().arg("doctor").env("TESSDATA_PREFIX", scratch.path("tessdata")));
    assert!(doctor.out.contains("chi_sim"), "{}", doctor.out);
}

//! Reading scans: 24 mixed pages at 300 dpi, drawn from the electronic papers of the corpus and spoilt as a scanner
//! does. CPU seconds a page by step, and against Tesseract and the Python package `rapidocr-onnxruntime` on the same
//! pictures in the same run; with each, the share of the printed runs that come out character by character.
//! Run with `cargo bench --bench scans`. `RAPIDOCR_PYTHON` names an interpreter that has the package.
#![allow(clippy::print_stdout, clippy::disallowed_methods, clippy::unwrap_used, missing_docs)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use hecha::read::ocr::{Chain, Step};
use hecha::read::pdf::PdfReader;
use hecha::read::{ReadContext, Reader};
use image::RgbImage;

const PAGES: usize = 24;
const DPI: f32 = 300.0;

/// A page as a picture file, with the runs printed on it.
struct Sheet {
    file: PathBuf,
    runs: Vec<String>,
}

fn main() {
    let chain = Chain::new(Some(&models()), None);
    if !chain.usable() {
        println!("no OCR engine here: nothing to measure");
        return;
    }
    let work = tempfile::tempdir().unwrap();
    let sheets = sheets(work.path());
    println!(
        "{} pages at {DPI} dpi, {} runs",
        sheets.len(),
        sheets.iter().map(|s| s.runs.len()).sum::<usize>()
    );
    let ours = hecha(&chain, &sheets);
    let peers = [("tesseract", tesseract(&sheets)), ("rapidocr-onnxruntime", rapidocr(&sheets, work.path()))];
    for (name, peer) in peers {
        match peer {
            Some((seconds, texts)) => {
                report(name, seconds, &sheets, &texts);
                println!("{:22} {:>6.2} pages of hecha for one of it", "", seconds / ours);
            }
            None => println!("{name:22} is not here"),
        }
    }
}

fn models() -> PathBuf {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    std::env::var_os("HECHA_MODELS").map_or(beside, PathBuf::from)
}

fn hecha(chain: &Chain, sheets: &[Sheet]) -> f64 {
    // The models are loaded once a worker, not once a page.
    let _ = chain.watched(&RgbImage::from_pixel(400, 300, image::Rgb([255; 3])), DPI, 1, &mut |_| ());
    let mut steps: BTreeMap<Option<Step>, f64> = BTreeMap::new();
    let mut texts = Vec::new();
    let start = cpu();
    let mut last = start;
    for (sheet, number) in sheets.iter().zip(1..) {
        let picture = image::open(&sheet.file).unwrap().into_rgb8();
        let mut took = |step: Option<Step>| {
            let now = cpu();
            *steps.entry(step).or_default() += now - last;
            last = now;
        };
        took(None);
        texts.push(chain.watched(&picture, DPI, number, &mut |step| took(Some(step))).text());
    }
    let all = cpu() - start;
    for (step, seconds) in &steps {
        let name = step.map_or("Decode".to_string(), |s| format!("{s:?}"));
        println!("  {name:20} {:>6.3} CPU s a page", seconds / sheets.len() as f64);
    }
    report("hecha", all, sheets, &texts);
    all
}

fn report(name: &str, seconds: f64, sheets: &[Sheet], texts: &[String]) {
    let squash = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let (mut right, mut of) = (0, 0);
    for (sheet, text) in sheets.iter().zip(texts) {
        let text = hecha::text::normal::fold(&squash(text));
        of += sheet.runs.len();
        right += sheet.runs.iter().filter(|r| text.contains(&hecha::text::normal::fold(r))).count();
    }
    let page = seconds / sheets.len() as f64;
    let share = 100.0 * right as f64 / of.max(1) as f64;
    println!("{name:22} {page:>6.2} CPU s a page   {right}/{of} runs exact ({share:.1} %)");
}

fn tesseract(sheets: &[Sheet]) -> Option<(f64, Vec<String>)> {
    let before = children();
    let mut texts = Vec::new();
    for sheet in sheets {
        let run = Command::new("tesseract")
            .arg(&sheet.file)
            .args(["-", "-l", "chi_sim+eng", "--dpi", "300"])
            .env("OMP_THREAD_LIMIT", "1")
            .output();
        texts.push(String::from_utf8_lossy(&run.ok().filter(|o| o.status.success())?.stdout).into_owned());
    }
    Some((children() - before, texts))
}

const SCRIPT: &str = "
import json, sys, time
from rapidocr_onnxruntime import RapidOCR
engine = RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1)
before, texts = time.process_time(), []
for path in sys.argv[1:]:
    found, _ = engine(path)
    texts.append('\\n'.join(line[1] for line in found or []))
print(json.dumps([time.process_time() - before, texts]))
";

fn rapidocr(sheets: &[Sheet], work: &Path) -> Option<(f64, Vec<String>)> {
    let script = work.join("peer.py");
    std::fs::write(&script, SCRIPT).ok()?;
    let python = std::env::var("RAPIDOCR_PYTHON").unwrap_or_else(|_| "python3".into());
    let out = Command::new(python).arg(&script).args(sheets.iter().map(|s| &s.file)).output().ok()?;
    serde_json::from_str(String::from_utf8_lossy(&out.stdout).lines().last()?).ok()
}

/// Pages of different files, chosen at even distances, spoilt and written as JPEG.
fn sheets(work: &Path) -> Vec<Sheet> {
    let mut files = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/files"), &mut files);
    files.sort();
    let mut pages = Vec::new();
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        let Ok(reading) = PdfReader.read(&bytes, &ReadContext::new(None)) else { continue };
        for page in reading.pages.iter().filter(|p| p.lines.len() > 8) {
            let runs = page.lines.iter().map(|l| l.text.chars().filter(|c| !c.is_whitespace()).collect());
            pages.push((
                file.clone(),
                page.number,
                runs.filter(|r: &String| r.chars().count() > 1).collect(),
            ));
        }
    }
    let step = (pages.len() / PAGES).max(1);
    let chosen = pages.into_iter().step_by(step).take(PAGES);
    let made = chosen.enumerate().filter_map(|(i, (file, number, runs))| {
        let picture = PdfReader.render(&std::fs::read(file).ok()?, number, DPI)?;
        let to = work.join(format!("{i:02}.jpg"));
        let mut out = std::fs::File::create(&to).ok()?;
        let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, 75);
        spoilt(picture, i as u32).write_with_encoder(encoder).ok()?;
        Some(Sheet { file: to, runs })
    });
    made.collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "pdf") {
            files.push(path);
        }
    }
}

/// Paper that is not white, ink that is not black, grain, and half a degree of skew.
fn spoilt(picture: RgbImage, seed: u32) -> RgbImage {
    let mut state = seed.wrapping_mul(2_654_435_761) | 1;
    let slope = if seed.is_multiple_of(2) { 0.009 } else { -0.006 };
    let (w, h) = picture.dimensions();
    RgbImage::from_fn(w, h, |x, y| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let grain = (state >> 24) as f32 / 16.0 - 8.0;
        let at = y as f32 + slope * (x as f32 - w as f32 / 2.0);
        let (y0, part) = (at.floor().clamp(0.0, (h - 1) as f32), at - at.floor());
        let (a, b) = (picture.get_pixel(x, y0 as u32), picture.get_pixel(x, (y0 as u32 + 1).min(h - 1)));
        image::Rgb([0, 1, 2].map(|c| {
            let v = f32::from(a[c]) * (1.0 - part) + f32::from(b[c]) * part;
            (40.0 + v * 0.78 + grain).clamp(0.0, 255.0) as u8
        }))
    })
}

/// CPU seconds of all threads of this process (Linux): the models run on a thread of their own.
fn cpu() -> f64 {
    let threads = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let nanos = threads.filter_map(|t| {
        let schedule = std::fs::read_to_string(t.path().join("schedstat")).ok()?;
        schedule.split_whitespace().next()?.parse::<f64>().ok()
    });
    nanos.sum::<f64>() / 1e9
}

/// CPU seconds of finished children (Linux).
fn children() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = fields.get(13..15).unwrap_or_default().iter().filter_map(|f| f.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

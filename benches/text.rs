//! Text extraction against `pdftotext -bbox` on the same generated file of 50 Chinese pages: pages per CPU second.
//! Run with `cargo bench --bench text`; skips what the machine lacks (a Chinese font, poppler).
#![allow(clippy::print_stdout, clippy::disallowed_methods, clippy::unwrap_used, missing_docs)]

use std::process::Command;

use hecha::read::pdf::{PdfReader, fonts};
use hecha::read::{ReadContext, Reader};
use krilla::geom::Point;
use krilla::text::{Font, TextDirection};

const PAGES: u32 = 50;
const ROUNDS: u32 = 10;

fn main() {
    let Some((font, face)) = fonts::chinese() else {
        println!("no Chinese font here: nothing to measure");
        return;
    };
    let bytes = document((*font).as_ref(), face);
    let path = std::env::temp_dir().join(format!("hecha-bench-{}.pdf", std::process::id()));
    std::fs::write(&path, &bytes).unwrap();
    let before = cpu(false);
    let mut characters = 0;
    for _ in 0..ROUNDS {
        let reading = PdfReader.read(&bytes, &ReadContext::new(None)).unwrap();
        characters = reading.pages.iter().map(|p| p.text().chars().count()).sum();
    }
    let ours = cpu(false) - before;
    println!("{} KiB, {characters} characters, {ROUNDS} rounds", bytes.len() / 1024);
    println!("hecha              {:>6.0} pages per CPU second (text, layout and tables)", rate(ours));
    let before = cpu(true);
    let ran = (0..ROUNDS).all(|_| {
        Command::new("pdftotext").arg("-bbox").arg(&path).arg("/dev/null").status().is_ok_and(|s| s.success())
    });
    let theirs = cpu(true) - before;
    let _ = std::fs::remove_file(&path);
    if ran {
        println!("pdftotext -bbox    {:>6.0} pages per CPU second", rate(theirs));
        println!("ratio              {:>6.2}", theirs / ours);
    } else {
        println!("pdftotext is not here");
    }
}

fn rate(seconds: f64) -> f64 {
    f64::from(PAGES * ROUNDS) / seconds.max(0.001)
}

/// CPU seconds of this process, or of its finished children (Linux).
fn cpu(children: bool) -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let at = if children { 13 } else { 11 };
    let ticks: f64 =
        fields.get(at..at + 2).unwrap_or_default().iter().filter_map(|f| f.parse::<f64>().ok()).sum();
    ticks / 100.0
}

/// Pages full of text from a fixed sequence, with amounts in columns.
fn document(font: &[u8], face: u32) -> Vec<u8> {
    let font = Font::new(font.to_vec().into(), face).unwrap();
    let mut document = krilla::Document::new();
    let mut seed = 1u32;
    let mut next = |most: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) % most
    };
    for _ in 0..PAGES {
        let settings = krilla::page::PageSettings::from_wh(595.0, 842.0).unwrap();
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for row in 0..44u8 {
            let y = 50.0 + 17.0 * f32::from(row);
            let mut put = |x: f32, text: &str| {
                surface.draw_text(
                    Point::from_xy(x, y),
                    font.clone(),
                    10.5,
                    text,
                    false,
                    TextDirection::LeftToRight,
                );
            };
            if row < 34 {
                let text: String = (0..44).filter_map(|_| char::from_u32(0x4e00 + next(800))).collect();
                put(50.0, &text);
            } else {
                let label: String = (0..6).filter_map(|_| char::from_u32(0x4e00 + next(800))).collect();
                put(50.0, &label);
                put(250.0, &format!("{}.{:02}", next(900_000), next(100)));
                put(400.0, &format!("{}.{:02}", next(900_000), next(100)));
            }
        }
        surface.finish();
        page.finish();
    }
    document.finish().unwrap()
}

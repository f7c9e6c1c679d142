//! How long an OFD or XML invoice takes, from bytes to fields: `cargo bench --bench invoice_data [FILE…]`.
//! Without files, the public samples are read, where they are.
#![allow(clippy::print_stdout, clippy::disallowed_methods, missing_docs)]

use std::sync::Arc;
use std::time::Instant;

use hecha::classify::segments;
use hecha::extract::{View, extract};
use hecha::ingest::sniff;
use hecha::model::Format;
use hecha::pack::Pack;
use hecha::read::{ReadContext, reader_of};

const ROUNDS: u32 = 50;

fn main() {
    let mut files: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    if files.is_empty() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/samples/invoice");
        let folder = std::env::var("HECHA_SAMPLES").map_or(folder.into(), |s| format!("{s}/invoice"));
        let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        files.extend(entries.map(|e| e.path().display().to_string()));
        files.retain(|f| f.ends_with(".ofd") || f.ends_with(".xml"));
        files.sort();
    }
    let Ok(pack) = Pack::embedded() else { return };
    for file in files {
        let Ok(bytes) = std::fs::read(&file) else { continue };
        let format = match sniff::sniff(&bytes[..bytes.len().min(sniff::HEAD)]) {
            Format::Zip => sniff::inside_zip(std::io::Cursor::new(&bytes)),
            format => format,
        };
        let Some(reader) = reader_of(format) else { continue };
        let (mut reading_time, mut fields, mut pages) = (0.0, 0, 0);
        let start = Instant::now();
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            let Ok(reading) = reader.read(&bytes, &ReadContext::new(None)) else { break };
            reading_time += begun.elapsed().as_secs_f64();
            pages = reading.pages.len();
            for segment in segments(&reading, &pack) {
                let (first, last) = segment.pages;
                let of = reading.pages.iter().filter(|p| (first..=last).contains(&p.number));
                let view = View { file: Arc::from("bench"), segment: &segment, pages: of.collect() };
                fields = extract(&view, &pack).fields.len();
            }
        }
        let each = |seconds: f64| 1000.0 * seconds / f64::from(ROUNDS);
        let (all, read) = (each(start.elapsed().as_secs_f64()), each(reading_time));
        println!("{all:6.2} ms ({read:.2} ms reading), {pages} pages, {fields} fields: {file}");
    }
}

//! How much processor time an invoice takes, from bytes to fields: `cargo bench --bench invoice_data [FILE…]`. Without
//! files: OFD and XML invoices of the corpus and of the public samples, where they are, and one-page PDF invoices.
#![allow(clippy::print_stdout, clippy::disallowed_methods, missing_docs)]

use std::path::Path;
use std::sync::Arc;

use hecha::classify::segments;
use hecha::extract::{View, extract};
use hecha::ingest::sniff;
use hecha::model::{Format, Kind, Reading};
use hecha::pack::Pack;
use hecha::read::{ReadContext, Reader, reader_of};
use rustix::time::{ClockId, clock_gettime};

const ROUNDS: u32 = 50;
/// Most one-page PDF invoices of the corpus.
const PDFS: usize = 6;

/// Milliseconds of processor time this process has used.
fn cpu() -> f64 {
    let t = clock_gettime(ClockId::ProcessCPUTime);
    t.tv_sec as f64 * 1000.0 + t.tv_nsec as f64 / 1e6
}

/// All files below a folder, sorted.
fn below(folder: &Path, out: &mut Vec<String>) {
    let mut entries: Vec<_> =
        std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|e| e.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            below(&path, out);
        } else {
            out.push(path.display().to_string());
        }
    }
}

fn reader(bytes: &[u8]) -> Option<&'static dyn Reader> {
    reader_of(match sniff::sniff(&bytes[..bytes.len().min(sniff::HEAD)]) {
        Format::Zip => sniff::inside_zip(std::io::Cursor::new(bytes)),
        format => format,
    })
}

/// The fields of the documents of a reading, and whether it is one page that is an invoice.
fn understand(reading: &Reading, pack: &Pack) -> (usize, bool) {
    let segments = segments(reading, pack);
    let mut fields = 0;
    for segment in &segments {
        let (first, last) = segment.pages;
        let pages = reading.pages.iter().filter(|p| (first..=last).contains(&p.number)).collect();
        fields += extract(&View { file: Arc::from("bench"), segment, pages }, pack).fields.len();
    }
    (fields, reading.pages.len() == 1 && segments.len() == 1 && segments[0].kind == Kind::Invoice)
}

fn main() {
    let mut files: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let named = !files.is_empty();
    if !named {
        let root = env!("CARGO_MANIFEST_DIR");
        below(Path::new(&format!("{root}/corpus/files")), &mut files);
        let samples = std::env::var("HECHA_SAMPLES").unwrap_or_else(|_| format!("{root}/../shared/samples"));
        below(Path::new(&format!("{samples}/invoice")), &mut files);
        files.retain(|f| [".ofd", ".xml", ".pdf"].iter().any(|e| f.ends_with(e)));
    }
    let Ok(pack) = Pack::embedded() else { return };
    let mut pdfs = 0;
    for file in files {
        let pdf = file.ends_with(".pdf") && !named;
        if pdf && pdfs >= PDFS {
            continue;
        }
        let Ok(bytes) = std::fs::read(&file) else { continue };
        let Some(reader) = reader(&bytes) else { continue };
        let Ok(reading) = reader.read(&bytes, &ReadContext::new(None)) else { continue };
        let (fields, one) = understand(&reading, &pack);
        if pdf && (!one || fields < 8) {
            continue;
        }
        pdfs += usize::from(pdf);
        let start = cpu();
        for _ in 0..ROUNDS {
            let Ok(reading) = reader.read(&bytes, &ReadContext::new(None)) else { break };
            std::hint::black_box(reading);
        }
        let read = cpu() - start;
        for _ in 0..ROUNDS {
            std::hint::black_box(understand(&reading, &pack));
        }
        let all = cpu() - start;
        let each = |ms: f64| ms / f64::from(ROUNDS);
        let pages = reading.pages.len();
        println!(
            "{:6.2} ms CPU ({:.2} ms reading), {pages} pages, {fields} fields: {file}",
            each(all),
            each(read)
        );
    }
}

//! Any bytes as what they look like, for the formats of offices: packages, locked ones, CSV, web pages, XML.
#![no_main]

use std::io::Cursor;

use hecha::ingest::sniff;
use hecha::model::Format;
use hecha::read::{ReadContext, reader_of};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let format = match sniff::sniff(&bytes[..bytes.len().min(sniff::HEAD)]) {
        Format::Zip => sniff::inside_zip(Cursor::new(bytes)),
        Format::Ole => sniff::inside_ole(Cursor::new(bytes)),
        other => other,
    };
    let ours = [
        Format::Csv,
        Format::Html,
        Format::SheetXml,
        Format::WordXml,
        Format::Ods,
        Format::Odt,
        Format::Docx,
        Format::Xlsx,
        Format::LockedOffice,
    ];
    if ours.contains(&format)
        && let Some(reader) = reader_of(format)
    {
        let context = ReadContext { max_inflated: 16 << 20, ..ReadContext::new(None) };
        match reader.unlock(bytes, &["a"]) {
            Some(Ok(open)) => drop(reader.read(&open, &context)),
            Some(Err(_)) => {}
            None => drop(reader.read(bytes, &context)),
        }
    }
});

//! Any bytes as XML, through to the invoice: an error or fields, never a crash.
#![no_main]

use std::sync::{Arc, LazyLock};

use hecha::classify::segments;
use hecha::extract::{View, extract};
use hecha::pack::Pack;
use hecha::read::{ReadContext, Reader, xml::XmlReader};
use libfuzzer_sys::fuzz_target;

static PACK: LazyLock<Pack> = LazyLock::new(|| Pack::embedded().expect("the embedded pack"));

fuzz_target!(|bytes: &[u8]| {
    let Ok(reading) = XmlReader.read(bytes, &ReadContext::new(None)) else { return };
    for segment in segments(&reading, &PACK) {
        let (first, last) = segment.pages;
        let pages = reading.pages.iter().filter(|p| (first..=last).contains(&p.number)).collect();
        extract(&View { file: Arc::from("fuzz.xml"), segment: &segment, pages }, &PACK);
    }
});

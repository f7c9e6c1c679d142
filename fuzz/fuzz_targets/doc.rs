//! Any bytes as a Word file: an error or pages, never a crash.
#![no_main]

use hecha::model::ReadError;
use hecha::read::{ReadContext, Reader, doc::DocReader};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let context = ReadContext { max_inflated: 16 << 20, ..ReadContext::new(None) };
    assert!(!matches!(DocReader.read(bytes, &context), Err(ReadError::Crashed(_))));
});

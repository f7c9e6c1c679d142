//! Any bytes as rich text: an error or pages, never a crash.
#![no_main]

use hecha::model::ReadError;
use hecha::read::{ReadContext, Reader, rtf::RtfReader};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let context = ReadContext { max_inflated: 16 << 20, ..ReadContext::new(None) };
    assert!(!matches!(RtfReader.read(bytes, &context), Err(ReadError::Crashed(_))));
});

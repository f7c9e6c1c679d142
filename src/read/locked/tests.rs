//! Files locked by another program: `msoffcrypto` (agile), and after its description of the older way.

use std::io::Read;

use super::*;

fn fixture(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut out).unwrap();
    out
}

fn files() -> [Vec<u8>; 2] {
    [
        fixture(include_bytes!("../../../tests/fixtures/office/locked_agile.docx.gz")),
        fixture(include_bytes!("../../../tests/fixtures/office/locked_std.docx.gz")),
    ]
}

#[test]
fn both_ways_open_with_the_list_only() {
    for file in files() {
        let reader = LockedReader;
        assert_eq!(reader.unlock(&file, &[]), Some(Err(ReadError::Locked(0))));
        assert_eq!(reader.unlock(&file, &["123456", "口令"]), Some(Err(ReadError::Locked(2))));
        let open = reader.unlock(&file, &["123456", "口令123"]).unwrap().unwrap();
        let reading = reader.read(&open, &ReadContext::new(None)).unwrap();
        assert_eq!(reading.pages[0].text(), "采购合同（加密）\n");
        assert_eq!(reader.read(&file, &ReadContext::new(None)), Err(ReadError::Encrypted));
    }
}

#[test]
fn any_damage_ends_in_a_file_or_a_reason() {
    for file in files() {
        let mut count = 0;
        crate::read::mutants::mutants(&file, |bytes| {
            // A try takes tenths of a second on purpose.
            count += 1;
            if count % 12 == 0 {
                let _ = LockedReader.unlock(bytes, &[]);
            }
        });
    }
}

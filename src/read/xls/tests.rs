//! Workbooks put together record by record.

use std::io::{Cursor, Write};

use super::*;
use crate::model::Place;

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &u16::try_from(data.len()).unwrap().to_le_bytes(), data].concat()
}

fn words(values: &[u16]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

/// A string with its length in two bytes.
fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    [&words(&[u16::try_from(units.len()).unwrap()])[..], &[1], &words(&units)].concat()
}

fn number(row: u16, col: u16, style: u16, value: f64) -> Vec<u8> {
    record(0x0203, &[&words(&[row, col, style])[..], &value.to_le_bytes()].concat())
}

/// A compound file with one stream.
pub(super) fn ole(name: &str, stream: &[u8]) -> Vec<u8> {
    let mut ole = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    ole.create_stream(format!("/{name}")).unwrap().write_all(stream).unwrap();
    ole.flush().unwrap();
    ole.into_inner().into_inner()
}

/// A workbook of Excel 97: globals, a list of sheets, each sheet's records.
fn stream(globals: &[u8], sheets: &[(&str, u8, Vec<u8>)]) -> Vec<u8> {
    let bof = |kind: u16| record(0x0809, &words(&[0x0600, kind, 0, 0, 0, 0, 0, 0]));
    let entry = |at: usize, name: &str, hidden: u8| {
        let units: Vec<u16> = name.encode_utf16().collect();
        let head =
            [&u32::try_from(at).unwrap().to_le_bytes()[..], &[hidden, 0, units.len() as u8, 1]].concat();
        record(0x0085, &[head, words(&units)].concat())
    };
    let end = record(0x000A, &[]);
    let start = bof(5).len() + globals.len() + end.len();
    let list: usize = sheets.iter().map(|s| entry(0, s.0, s.1).len()).sum();
    let (mut out, mut body, mut at) = ([bof(5), globals.to_vec()].concat(), Vec::new(), start + list);
    for (name, hidden, records) in sheets {
        out.extend(entry(at, name, *hidden));
        let sheet = [bof(0x10), records.clone(), end.clone()].concat();
        at += sheet.len();
        body.extend(sheet);
    }
    [out, end, body].concat()
}

fn globals() -> Vec<u8> {
    let style = |format: u16| record(0x00E0, &words(&[0, format, 0, 0, 0, 0, 0, 0, 0, 0]));
    // A shared string that runs on over a record, and becomes narrow there.
    let first = [&words(&[2, 0, 2, 0])[..], &wide("投资清单"), &words(&[4]), &[1], &words(&[0x670D, 0x52A1])]
        .concat();
    [
        record(0x041E, &[words(&[164]), wide("0.00\"万元\"")].concat()),
        style(0),
        style(164),
        style(10),
        style(57),
        record(0x00FC, &first),
        record(0x003C, &[&[0u8][..], b"AB"].concat()),
    ]
    .concat()
}

#[test]
fn numbers_as_their_formats_show_them() {
    let text = [words(&[3, 2, 0]), vec![0, 0, 0, 0, 0, 0, 0xFF, 0xFF], vec![0; 6]].concat();
    let sheet = [
        record(0x00FD, &[words(&[1, 1, 0]), words(&[0, 0])].concat()),
        record(0x00E5, &words(&[1, 1, 1, 1, 2])),
        record(0x00FD, &[words(&[2, 1, 0]), words(&[1, 0])].concat()),
        number(2, 2, 1, 86.5),
        record(
            0x00BD,
            &[
                words(&[3, 0]),
                words(&[2]),
                0x3FD7_5C28u32.to_le_bytes().to_vec(),
                words(&[0]),
                ((1234 << 2) | 3u32).to_le_bytes().to_vec(),
                words(&[1]),
            ]
            .concat(),
        ),
        record(0x0006, &text),
        record(0x0207, &wide("合格")),
        number(4, 1, 3, 44_927.0),
        record(0x0205, &[words(&[4, 2, 0]), vec![7, 1]].concat()),
    ]
    .concat();
    let bytes = ole("Workbook", &stream(&globals(), &[("清单", 0, sheet), ("底稿", 1, Vec::new())]));
    let reading = XlsReader.read(&bytes, &ReadContext::new(None)).unwrap();
    assert_eq!(reading.notes, ["工作表“底稿”是隐藏的"]);
    let table = &reading.pages[0].tables[0];
    assert_eq!((table.cells[0].text.as_str(), table.cells[0].col_span), ("投资清单", 2));
    let shown: Vec<&str> = table.cells[1..].iter().map(|c| c.text.as_str()).collect();
    assert_eq!(shown, ["服务AB", "86.50万元", "36.50%", "12.34", "合格", "2023年1月", "#DIV/0!"]);
    assert_eq!(table.at(3, 1).unwrap().place, Place::Cell { sheet: "清单".into(), row: 4, col: 1 });
}

#[test]
fn excel_5_writes_bytes_of_its_code_page() {
    let gbk = encoding_rs::GBK.encode("合计").0.into_owned();
    let label = [words(&[0, 0, 0]), words(&[4]), gbk.clone()].concat();
    let name = [&40u32.to_le_bytes()[..], &[0, 0, 4], &gbk].concat();
    let stream = [
        record(0x0809, &words(&[0x0500, 5, 0, 0])),
        record(0x0042, &words(&[936])),
        record(0x0085, &name),
        record(0x000A, &[]),
    ]
    .concat();
    assert_eq!(stream.len(), 37);
    let sheet =
        [record(0x0809, &words(&[0x0500, 0x10, 0, 0])), record(0x0204, &label), record(0x000A, &[])].concat();
    let bytes = ole("Book", &[stream, vec![0; 3], sheet].concat());
    let reading = XlsReader.read(&bytes, &ReadContext::new(None)).unwrap();
    let cell = &reading.pages[0].tables[0].cells[0];
    assert_eq!(cell.text, "合计");
    assert_eq!(cell.place, Place::Cell { sheet: "合计".into(), row: 0, col: 0 });
}

#[test]
fn passwords_and_damage_are_told() {
    let locked = [record(0x0809, &words(&[0x0600, 5])), record(0x002F, &words(&[0]))].concat();
    let read = |bytes: &[u8]| XlsReader.read(bytes, &ReadContext::new(None));
    assert_eq!(read(&ole("Workbook", &locked)), Err(ReadError::Encrypted));
    assert_eq!(read(&ole("EncryptedPackage", b"x")), Err(ReadError::Encrypted));
    assert!(matches!(read(&ole("Workbook", b"nothing of the kind")), Err(ReadError::Damaged(_))));
    assert!(matches!(read(b"\xd0\xcf\x11\xe0"), Err(ReadError::Damaged(_))));
}

#[test]
fn one_long_text_named_a_million_times_is_bounded() {
    let long = "长".repeat(4_000);
    let globals = record(0x00FC, &[words(&[1, 0, 1, 0]), wide(&long)].concat());
    let cell =
        |n: u32| record(0x00FD, &[words(&[(n >> 8) as u16, (n & 255) as u16, 0]), words(&[0, 0])].concat());
    let sheet: Vec<u8> = (0..30_000).flat_map(cell).collect();
    let bytes = ole("Workbook", &stream(&globals, &[("a", 0, sheet)]));
    let reading = XlsReader.read(&bytes, &ReadContext::new(None)).unwrap();
    assert_eq!(reading.notes, [sheet::too_large("a")]);
}

/// Bits flipped and ends cut off: a reading or a reason, never a panic. Longer runs: `HECHA_MUTATIONS=100000`.
#[test]
fn any_damage_ends_in_a_reading_or_a_reason() {
    let sheet = [
        record(0x00FD, &[words(&[1, 1, 0]), words(&[0, 0])].concat()),
        record(0x00E5, &words(&[1, 1, 1, 1, 2])),
        number(2, 2, 1, 86.5),
        record(0x0207, &wide("合格")),
    ]
    .concat();
    let whole = stream(&globals(), &[("清单", 0, sheet)]);
    let context = ReadContext { max_inflated: 16 << 20, ..ReadContext::new(None) };
    crate::read::mutants::mutants(&whole, |stream| {
        let _ = XlsReader.read(&ole("Workbook", stream), &context);
    });
    crate::read::mutants::mutants(&ole("Workbook", &whole), |bytes| {
        let _ = XlsReader.read(bytes, &context);
    });
}

//! Word files as LibreOffice wrote them from an invented form, and files put together byte by byte.

mod written;

use std::io::Read;

use super::*;
use crate::model::{Cell, Page};
use crate::read::docx::DocxReader;
use written::{Written, row, sprm};

fn fixture(name: &str) -> Vec<u8> {
    let packed: &[u8] = match name {
        "doc" => include_bytes!("../../../tests/fixtures/office/form.doc.gz"),
        _ => include_bytes!("../../../tests/fixtures/office/form.docx.gz"),
    };
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(packed).read_to_end(&mut bytes).unwrap();
    bytes
}

fn read(bytes: &[u8]) -> Result<Reading, ReadError> {
    DocReader.read(bytes, &ReadContext::new(None))
}

fn texts(reading: &Reading) -> Vec<&str> {
    reading.pages.iter().flat_map(|p| p.lines.iter().map(|l| l.text.as_str())).collect()
}

fn shape(cell: &Cell) -> (u32, u32, u32, u32, &str) {
    (cell.row, cell.col, cell.row_span, cell.col_span, &cell.text)
}

#[test]
fn a_form_gives_the_same_pages_as_doc_and_as_docx() {
    let doc = read(&fixture("doc")).unwrap();
    let docx = DocxReader.read(&fixture("docx"), &ReadContext::new(None)).unwrap();
    assert_eq!(doc.read_by, ReadBy::Doc);
    assert_eq!(texts(&doc), texts(&docx));
    let tables = |pages: &[Page]| pages.iter().flat_map(|p| p.tables.clone()).collect::<Vec<_>>();
    let (ours, theirs) = (tables(&doc.pages), tables(&docx.pages));
    assert!(ours.len() > 3 && ours.len() == theirs.len());
    for (a, b) in ours.iter().zip(&theirs) {
        assert_eq!((a.rows, a.cols), (b.rows, b.cols));
        assert!(a.cells.iter().map(shape).eq(b.cells.iter().map(shape)), "{:?}\n{:?}", a.cells, b.cells);
    }
}

#[test]
fn revisions_stand_as_they_are_shown() {
    let bytes = Written::default()
        .part("合同", &[])
        .part("旧", &sprm(0x0800, &[1]))
        .part("新", &sprm(0x0801, &[1]))
        .part("藏", &sprm(0x083C, &[1]))
        .part("\t金额\u{1e}1\r", &[])
        .bytes();
    assert_eq!(texts(&read(&bytes).unwrap()), ["合同新", "金额-1"]);
}

#[test]
fn every_kind_of_tick_box_becomes_a_character() {
    let form = |at: u32| [sprm(0x6A03, &at.to_le_bytes()), sprm(0x0806, &[1])].concat();
    let symbol = [sprm(0x0855, &[1]), sprm(0x6A09, &[0, 0, 0xFE, 0xF0])].concat();
    let bytes = Written { fonts: vec!["Wingdings"], ..Written::default() }
        .part("\u{13} FORMCHECKBOX ", &[])
        .part("\u{1}", &form(0))
        .part("\u{14}\u{15}自建\u{13}FORMCHECKBOX", &[])
        .part("\u{1}", &form(written::FIELD))
        .part("\u{15}租用", &[])
        .part("(", &symbol)
        .part("其他\u{13}SYMBOL 168 \\f \"Wingdings\" \\s 10\u{14}\u{15}无", &[])
        .part("\u{13}eq \\o\\ac(□,√)\u{15}有\u{13} DATE \u{14}2023年\u{15}\r", &[])
        .bytes();
    assert_eq!(texts(&read(&bytes).unwrap()).concat(), "☑自建☐租用☑其他☐无☑有2023年");
}

#[test]
fn tables_with_merges_and_tables_in_them() {
    let cell = |depth: u32| [sprm(0x2416, &[1]), sprm(0x6649, &depth.to_le_bytes())].concat();
    let end = |edges: &[i16], flags: &[u16]| [cell(1), sprm(0x2417, &[1]), row(edges, flags)].concat();
    let inner = |extra: u16| [cell(2), sprm(extra, &[1])].concat();
    let inner_end = [cell(2), sprm(0x244B, &[1]), sprm(0x244C, &[1]), row(&[100, 900], &[0])].concat();
    let bytes = Written::default()
        .part("类别\u{7}金额\u{7}\u{7}\u{7}", &[])
        .part("\u{7}内\r\r外\u{7}右\u{7}\u{7}后文\r", &[])
        .paragraphs(vec![cell(1), cell(1), cell(1), end(&[0, 1000, 2000, 3000], &[0x60, 1, 2])])
        .paragraphs(vec![cell(1), inner(0x244B), inner_end, cell(1), cell(1)])
        .paragraphs(vec![end(&[2, 1000, 2005, 3000], &[0x20, 0, 0]), Vec::new()])
        .bytes();
    let reading = read(&bytes).unwrap();
    let page = &reading.pages[0];
    assert_eq!(texts(&reading), ["类别", "金额", "内", "外", "右", "后文"]);
    let outer = page.tables.iter().find(|t| t.cols == 3).unwrap();
    let cells: Vec<_> = outer.cells.iter().map(shape).collect();
    assert_eq!(
        cells,
        [(0, 0, 2, 1, "类别"), (0, 1, 1, 2, "金额"), (1, 1, 1, 1, "内\n外"), (1, 2, 1, 1, "右")]
    );
    assert_eq!(page.tables.len(), 2);
}

#[test]
fn what_is_no_body_is_not_read() {
    let bytes =
        Written { headers: "页眉\r", boxed: "框中\r", ..Written::default() }.part("正文\u{8}\r", &[]).bytes();
    assert_eq!(texts(&read(&bytes).unwrap()), ["正文", "框中"]);
}

#[test]
fn bytes_of_the_national_encoding_are_told_from_western_ones() {
    let bytes = Written { narrow: true, ..Written::default() }.part("单位名称：湖南\r", &[]).bytes();
    assert_eq!(texts(&read(&bytes).unwrap()), ["单位名称：湖南"]);
}

#[test]
fn passwords_age_and_damage_are_told() {
    let whole = Written::default().part("文\r", &[]).streams();
    let with = |at: usize, value: [u8; 2]| {
        let mut streams = whole.clone();
        streams[0].1[at..at + 2].copy_from_slice(&value);
        read(&written::ole(&streams))
    };
    assert!(with(2, [0xC1, 0]).is_ok());
    assert_eq!(with(10, [0, 0x03]), Err(ReadError::Encrypted));
    assert!(matches!(with(2, [0x68, 0]), Err(ReadError::Unsupported(_))));
    assert!(matches!(with(0, [1, 2]), Err(ReadError::Damaged(_))));
    assert!(matches!(read(&written::ole(&whole[..1])), Err(ReadError::Damaged(_))));
    assert!(matches!(read(b"\xd0\xcf\x11\xe0"), Err(ReadError::Damaged(_))));
}

#[test]
fn any_damage_ends_in_a_reading_or_a_reason() {
    let context = ReadContext { max_inflated: 16 << 20, ..ReadContext::new(None) };
    crate::read::mutants::mutants(&fixture("doc"), |bytes| {
        let _ = DocReader.read(bytes, &context);
    });
    let streams = Written { headers: "页眉\r", boxed: "框中\r", ..Written::default() }
        .part("甲\u{7}乙\u{7}\u{7}正文\u{8}\u{13}FORMCHECKBOX\u{15}\r", &sprm(0x6A03, &[0; 4]))
        .paragraphs(vec![sprm(0x2416, &[1]); 2])
        .paragraphs(vec![[sprm(0x2417, &[1]), row(&[0, 1000, 2000], &[0x60, 1])].concat()])
        .streams();
    for i in 0..streams.len() {
        crate::read::mutants::mutants(&streams[i].1, |bytes| {
            let mut bent = streams.clone();
            bent[i].1 = bytes.to_vec();
            let _ = DocReader.read(&written::ole(&bent), &context);
        });
    }
}

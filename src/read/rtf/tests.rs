//! Rich text as LibreOffice wrote it from an invented form, and as Word and WPS write it, in small.

use std::io::Read;

use super::*;
use crate::model::{Cell, Page};
use crate::read::docx::DocxReader;

fn unpacked(packed: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(packed).read_to_end(&mut bytes).unwrap();
    bytes
}

fn form() -> Vec<u8> {
    unpacked(include_bytes!("../../../tests/fixtures/office/form.rtf.gz"))
}

fn read(text: &str) -> Reading {
    // Blanks are text in this format: those that only indent the lines here must go.
    let text: String = text.lines().map(str::trim_start).collect();
    let bytes = format!(
        r"{{\rtf1\ansi\ansicpg936{{\fonttbl{{\f0\fcharset0 Times New Roman;}}{{\f1\fcharset134 SimSun;}}{{\f2\fcharset2 Wingdings;}}}}{text}}}"
    );
    RtfReader.read(bytes.as_bytes(), &ReadContext::new(None)).unwrap()
}

fn texts(reading: &Reading) -> Vec<&str> {
    reading.pages.iter().flat_map(|p| p.lines.iter().map(|l| l.text.as_str())).collect()
}

fn shape(cell: &Cell) -> (u32, u32, u32, u32, &str) {
    (cell.row, cell.col, cell.row_span, cell.col_span, &cell.text)
}

#[test]
fn a_form_gives_the_same_pages_as_rtf_and_as_docx() {
    let rtf = RtfReader.read(&form(), &ReadContext::new(None)).unwrap();
    let docx = unpacked(include_bytes!("../../../tests/fixtures/office/form.docx.gz"));
    let docx = DocxReader.read(&docx, &ReadContext::new(None)).unwrap();
    assert_eq!(rtf.notes, docx.notes);
    assert_eq!(texts(&rtf), texts(&docx));
    let tables = |pages: &[Page]| pages.iter().flat_map(|p| p.tables.clone()).collect::<Vec<_>>();
    let (ours, theirs) = (tables(&rtf.pages), tables(&docx.pages));
    assert!(ours.len() > 3 && ours.len() == theirs.len());
    for (a, b) in ours.iter().zip(&theirs) {
        assert_eq!((a.rows, a.cols), (b.rows, b.cols));
        assert!(a.cells.iter().map(shape).eq(b.cells.iter().map(shape)), "{:?}\n{:?}", a.cells, b.cells);
    }
}

#[test]
fn bytes_and_code_points_in_every_spelling() {
    let reading = read(
        r"\f0\'b5\'a5\'ce\'bb{\f1 \'c3\'fb}{\uc2\u31216\'b3\'c6}\uc1\u65306?\u-10179?\u-8704?A\~B\_C\{\}\\\par \lquote x\rdblquote\par",
    );
    assert_eq!(texts(&reading), ["单位名称：😀A\u{a0}B-C{}\\", "‘x”"]);
}

#[test]
fn revisions_fields_and_tick_boxes() {
    let reading = read(
        r"{\info{\title t}}{\header h\par}\pard a{\deleted b}{\revised c}{\v d}{\*\unknown e}\plain
        {\field{\*\fldinst DATE}{\fldrslt f}}{\field{\*\fldinst FORMCHECKBOX {\*\formfield{\fftype1\ffres1\ffdefres0}}}}x{\field{\*\fldinst FORMCHECKBOX {\*\formfield{\ffres25\ffdefres1}}}{\fldrslt}}
        y{\field{\*\fldinst FORMCHECKBOX {\*\formfield{\ffres0}}}}{\field{\*\fldinst {SYMBOL 254 \\f Wingdings \\s 10}}{\fldrslt}}z{\f2\'a8\u-3842?}\par",
    );
    assert_eq!(texts(&reading), ["acf☑x☑y☐☑z☐☑"]);
}

#[test]
fn tables_with_merges_and_tables_in_them() {
    let reading = read(
        r"\trowd\trleft0\clvmgf\cellx1000\clmgf\cellx2000\clmrg\cellx3000\pard\intbl A\cell B\cell\cell\row
        \trowd\trleft5\clvmrg\cellx1000\cellx2000\cellx3000\pard\intbl\cell
        \pard\intbl\itap2 in\nestcell{\nonesttables\par}{\*\nesttableprops\trowd\cellx800\nestrow}\pard\intbl\itap1 C\line D\cell E\cell\row\pard F\par",
    );
    assert_eq!(texts(&reading), ["A", "B", "in", "C", "D", "E", "F"]);
    let table = &reading.pages[0].tables[0];
    let cells: Vec<_> = table.cells.iter().map(shape).collect();
    assert_eq!(cells, [(0, 0, 2, 1, "A"), (0, 1, 1, 2, "B"), (1, 1, 1, 1, "in\nC\nD"), (1, 2, 1, 1, "E")]);
}

#[test]
fn boxes_pictures_pages_and_sections() {
    let reading = read(
        r"\paperw11906\paperh16838 a{\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt \pard box\par}}{\shprslt old}}\par
        {\*\shppict{\pict{\*\picprop x}\picwgoal1440\pichgoal720 00ff}}{\nonshppict{\pict 00}}\page b{\footnote n}\sect\sbknone c\par",
    );
    assert_eq!(texts(&reading), ["a", "box", "b", "c"]);
    assert_eq!(reading.pages[0].images.len(), 1);
    assert_eq!(reading.pages[0].images[0].bbox.width(), 72.0);
    // The section that begins with c says of itself that it needs no page of its own.
    assert_eq!(reading.pages.len(), 2);
    assert_eq!(read(r"\sbknone a\sect\sectd b\par").pages.len(), 2);
    assert_eq!((reading.pages[0].width * 20.0) as u32, 11906);
}

#[test]
fn binary_data_and_ends_that_are_missing() {
    assert_eq!(texts(&read("a{\\pict\\bin3 }}}}b\\par")), ["ab"]);
    let cut = RtfReader.read(b"{\\rtf1 a\\par b", &ReadContext::new(None)).unwrap();
    assert_eq!(texts(&cut), ["a", "b"]);
    assert_eq!(cut.notes.len(), 1);
    let deep = format!("{{\\rtf1 {}", "{".repeat(10_000));
    assert!(matches!(RtfReader.read(deep.as_bytes(), &ReadContext::new(None)), Err(ReadError::Limit(_))));
}

#[test]
fn any_damage_ends_in_a_reading_or_a_reason() {
    let context = ReadContext::new(None);
    let small = r"{\rtf1\ansicpg936{\fonttbl{\f1\fcharset134 SimSun;}}{\shp{\*\shpinst{\shptxt box\par}}}\trowd\clvmgf\cellx1000\clmgf\cellx2000\pard\intbl\f1\'b5\'a5\cell{\field{\*\fldinst FORMCHECKBOX{\*\formfield\ffres1}}}\cell\row\itap2 x\nestcell{\*\nesttableprops\trowd\cellx5\nestrow}{\pict\picwgoal9 00}\u8730?\sect}";
    crate::read::mutants::mutants(small.as_bytes(), |bytes| {
        let _ = RtfReader.read(bytes, &context);
    });
    let form = form();
    let mut count = 0;
    crate::read::mutants::mutants(&form, |bytes| {
        count += 1;
        if count % 10 == 0 {
            let _ = RtfReader.read(bytes, &context);
        }
    });
}

//! The reader on small files written by hand, each about one difficulty.

use image::RgbImage;

use super::*;
use crate::model::Table;
use crate::read::Expect;

/// A file of one page with a content stream and further entries of its resources and page.
fn file(content: &str, resources: &str, extra: &[&str], page: &str) -> Vec<u8> {
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_string(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_string(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 300] /Contents 4 0 R {page} \
             /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> {resources} >> >>"
        ),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len() + 1),
    ];
    objects.extend(extra.iter().map(ToString::to_string));
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", i + 1).into_bytes());
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).into_bytes());
    for offset in offsets {
        out.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    let size = objects.len() + 1;
    out.extend(format!("trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").into_bytes());
    out
}

fn page(content: &str) -> Page {
    read_with(&file(content, "", &[], ""), None)
}

fn read_with(bytes: &[u8], recogniser: Option<&dyn Recogniser>) -> Page {
    PdfReader.read(bytes, &ReadContext::new(recogniser)).unwrap().pages.remove(0)
}

fn texts(page: &Page) -> Vec<&str> {
    page.lines.iter().map(|l| l.text.as_str()).collect()
}

fn grid(table: &Table) -> Vec<Vec<&str>> {
    (0..table.rows).map(|r| table.row(r).map(|c| c.text.as_str()).collect()).collect()
}

#[test]
fn text_has_places_from_the_top_left_and_an_edge_for_each_character() {
    let page = page("BT /F1 10 Tf 50 250 Td (Total 12) Tj ET");
    let line = &page.lines[0];
    assert_eq!(line.text, "Total 12");
    let b = line.bbox().unwrap();
    assert!((b.x0 - 50.0).abs() < 0.1 && b.y0 > 38.0 && b.y1 < 53.0, "{b:?}");
    assert_eq!(line.edges.len(), 9);
    assert_eq!((page.width, page.height), (400.0, 300.0));
}

#[test]
fn turned_pages_read_upright() {
    let bytes = file("BT /F1 10 Tf 0 1 -1 0 100 50 Tm (Turned) Tj ET", "", &[], "/Rotate 90");
    let page = read_with(&bytes, None);
    assert_eq!(texts(&page), ["Turned"]);
    assert_eq!((page.width, page.height), (300.0, 400.0));
    assert!(!page.lines[0].edges.is_empty());
}

#[test]
fn wide_gaps_part_runs_of_one_row() {
    let page = page("BT /F1 10 Tf 50 250 Td (Left) Tj 200 0 Td (Right) Tj -200 -40 Td (Below) Tj ET");
    assert_eq!(texts(&page), ["Left", "Right", "Below"]);
    let rows: Vec<u32> = page.lines.iter().map(|l| l.row).collect();
    assert_eq!(rows, [0, 0, 1]);
}

#[test]
fn text_painted_twice_is_read_once() {
    let stroked = page("BT /F1 10 Tf 2 Tr 50 250 Td (Bold) Tj ET");
    assert_eq!(texts(&stroked), ["Bold"]);
    let shifted = page("BT /F1 10 Tf 50 250 Td (Bold) Tj ET BT /F1 10 Tf 50.3 250 Td (Bold) Tj ET");
    assert_eq!(texts(&shifted), ["Bold"]);
}

#[test]
fn covered_and_white_text_is_hidden() {
    let covered = page(
        "BT /F1 10 Tf 50 250 Td (10000) Tj ET 1 g 48 246 60 14 re f 0 g BT /F1 10 Tf 50 250 Td (90000) Tj ET",
    );
    assert_eq!(texts(&covered), ["90000"]);
    assert_eq!(covered.hidden[0].text, "10000");
    let white = page("1 g BT /F1 10 Tf 50 250 Td (ghost) Tj ET");
    assert!(white.lines.is_empty());
    assert_eq!(white.hidden.len(), 1);
    let on_dark = page("0 0 0.5 rg 40 240 100 30 re f 1 g BT /F1 10 Tf 50 250 Td (head) Tj ET");
    assert_eq!(texts(&on_dark), ["head"]);
}

#[test]
fn clipped_text_is_not_read() {
    let page = page("q 0 0 100 300 re W n BT /F1 10 Tf 50 250 Td (in) Tj 150 0 Td (out) Tj ET Q");
    assert_eq!(texts(&page), ["in"]);
}

#[test]
fn cells_from_strokes_thin_fills_and_boxes_are_the_same_table() {
    let text = "BT /F1 10 Tf 55 233 Td (A) Tj 100 0 Td (B) Tj -100 -20 Td (C) Tj 100 0 Td (D) Tj ET ";
    let strokes = "50 250 m 250 250 l 50 230 m 250 230 l 50 210 m 250 210 l \
                   50 250 m 50 210 l 150 250 m 150 210 l 250 250 m 250 210 l S";
    let fills = "50 249.5 200 1 re 50 229.5 200 1 re 50 209.5 200 1 re \
                 49.5 210 1 40 re 149.5 210 1 40 re 249.5 210 1 40 re f";
    let boxes = "50 230 100 20 re S 150 230 100 20 re S 50 210 100 20 re S 150 210 100 20 re S";
    for lines in [strokes, fills, boxes] {
        let page = page(&format!("{text}{lines}"));
        assert_eq!(grid(&page.tables[0]), [["A", "B"], ["C", "D"]], "{lines}");
        assert!(page.tables[0].ruled);
        assert_eq!(page.lines[3].table, Some(0));
    }
}

#[test]
fn a_run_over_a_border_is_cut_there() {
    let page = page(
        "BT /F1 10 Tf 133 235 Td (AB CD) Tj ET 50 230 100 20 re S 150 230 100 20 re S 50 210 100 20 re S",
    );
    assert_eq!(grid(&page.tables[0])[0], ["AB", "CD"]);
}

#[test]
fn drawn_boxes_are_ticks_when_they_stand_alone() {
    let page = page(
        "50 250 9 9 re S 52 254 m 54 251 l 58 258 l S 100 250 9 9 re S BT /F1 9 Tf 112 251 Td (no) Tj ET",
    );
    let ticked: Vec<bool> = page.ticks.iter().map(|t| t.ticked).collect();
    assert_eq!(ticked, [true, false]);
    assert!(page.tables.is_empty());
}

#[test]
fn undrawn_field_values_are_read() {
    let field = "<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V <FEFF67D067D0> /Rect [50 200 200 220] >>";
    let tick = "<< /Type /Annot /Subtype /Widget /FT /Btn /T (b) /AS /Yes /Rect [50 150 60 160] >>";
    let page = read_with(&file("", "", &[field, tick], "/Annots [5 0 R 6 0 R]"), None);
    assert_eq!(texts(&page), ["某某"]);
    assert!(page.ticks[0].ticked);
}

#[test]
fn a_code_the_cmap_does_not_know_leaves_the_rest_in_step() {
    let font = "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>";
    let descendant = "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 \
                      /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>";
    let bytes = file("BT /F2 12 Tf 50 250 Td <22978D304E074F0D4EDF> Tj ET", "", &[font, descendant], "");
    let bytes = String::from_utf8(bytes).unwrap().replace("/F1 <<", "/F2 5 0 R /F1 <<").into_bytes();
    assert_eq!(texts(&read_with(&bytes, None)), ["⊗贰万伍仟"]);
}

#[test]
fn gbk_text_without_embedded_font_is_read() {
    let font = "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /GBK-EUC-H /DescendantFonts [6 0 R] >>";
    let descendant = "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light \
                      /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 >>";
    let bytes = file("BT /F2 12 Tf 50 250 Td <B7A2C6B1> Tj ET", "", &[font, descendant], "");
    let text = String::from_utf8(bytes).unwrap().replace("/Font << /F1", "/Font << /F2 5 0 R /F1");
    let page = read_with(text.as_bytes(), None);
    assert_eq!(texts(&page), ["发票"]);
}

/// Says how large the pictures were that it was given.
struct Fake;

impl Recogniser for Fake {
    fn fingerprint(&self) -> String {
        "fake".into()
    }

    fn page(&self, picture: &RgbImage, dpi: f32, number: u32) -> Page {
        let (w, h) = (picture.width() as f32 * 72.0 / dpi, picture.height() as f32 * 72.0 / dpi);
        let mut page = Page::empty(number, w, h, ReadBy::Ocr);
        page.lines.push(Line {
            text: "recognised".into(),
            place: crate::model::Place::Page { page: number, bbox: BBox::new(10.0, 10.0, 60.0, 20.0) },
            grade: Grade::Ocr,
            confidence: Confidence(900),
            row: 0,
            table: None,
            edges: Vec::new(),
            size: 10.0,
        });
        page
    }

    fn region(&self, _: &RgbImage, _: f32, _: (f32, f32), _: u32) -> Vec<Line> {
        Vec::new()
    }

    fn reread(&self, _: &RgbImage, _: Expect) -> Vec<(String, Confidence)> {
        Vec::new()
    }
}

fn with_picture(content: &str) -> Vec<u8> {
    let pixels = "80".repeat(400 * 300);
    let picture = format!(
        "<< /Type /XObject /Subtype /Image /Width 400 /Height 300 /ColorSpace /DeviceGray /BitsPerComponent 8 \
         /Filter /ASCIIHexDecode /Length {} >>\nstream\n{pixels}>\nendstream",
        pixels.len() + 1
    );
    file(content, "/XObject << /I 5 0 R >>", &[&picture], "")
}

#[test]
fn scans_go_to_the_recogniser_and_without_one_are_noted() {
    let bytes = with_picture("q 400 0 0 300 0 0 cm /I Do Q BT /F1 8 Tf 190 10 Td (12) Tj ET");
    let page = read_with(&bytes, Some(&Fake));
    assert_eq!(page.read_by, ReadBy::Ocr);
    assert_eq!(texts(&page), ["recognised", "12"]);
    let reading = PdfReader.read(&bytes, &ReadContext::new(None)).unwrap();
    assert_eq!(texts(&reading.pages[0]), ["12"]);
    assert_eq!(reading.notes.len(), 1);
}

#[test]
fn a_scanners_invisible_layer_serves_only_without_an_engine() {
    let bytes = with_picture("q 400 0 0 300 0 0 cm /I Do Q BT 3 Tr /F1 10 Tf 50 250 Td (layer) Tj ET");
    assert_eq!(texts(&read_with(&bytes, Some(&Fake))), ["recognised"]);
    let page = read_with(&bytes, None);
    assert_eq!(texts(&page), ["layer"]);
    assert_eq!(page.lines[0].grade, Grade::Ocr);
}

#[test]
fn pictures_of_papers_are_read_where_they_stand() {
    let mut content = String::from("q 200 0 0 150 100 100 cm /I Do Q BT /F1 8 Tf 12 TL 20 90 Td ");
    for _ in 0..5 {
        content.push_str("(Words beside the picture of a paper) Tj T* ");
    }
    content.push_str("ET");
    let page = read_with(&with_picture(&content), Some(&Fake));
    assert_eq!(page.read_by, ReadBy::Pdf);
    let read = page.lines.iter().find(|l| l.text == "recognised").unwrap();
    let b = read.bbox().unwrap();
    assert!((b.x0 - 110.0).abs() < 1.0 && (b.y0 - 60.0).abs() < 1.0, "{b:?}");
    assert_eq!(page.lines.len(), 6);
}

#[test]
fn broken_and_locked_files_say_why() {
    let cx = ReadContext::new(None);
    assert!(matches!(PdfReader.read(b"%PDF-1.4 nothing", &cx), Err(ReadError::Damaged(_))));
    assert!(matches!(PdfReader.read(b"", &cx), Err(ReadError::Damaged(_))));
    assert!(PdfReader.render(b"", 1, 100.0).is_none());
    let bytes = file("", "", &[], "");
    assert!(PdfReader.render(&bytes, 2, 100.0).is_none());
    assert_eq!(PdfReader.page_count(&bytes, &ReadContext::new(None)), Some(1));
    assert_eq!(PdfReader.render(&bytes, 1, 144.0).unwrap().dimensions(), (800, 600));
}

#[test]
fn hostile_files_end() {
    for folder in ["hostile", "signed"] {
        let Ok(entries) = std::fs::read_dir(format!("../shared/samples/{folder}")) else { continue };
        for path in entries.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "pdf"))
        {
            #[allow(clippy::disallowed_methods)]
            let bytes = std::fs::read(&path).unwrap();
            let _ = PdfReader.read(&bytes, &ReadContext::new(None));
            let _ = PdfReader.render(&bytes, 1, 72.0);
        }
    }
}

#[test]
fn labels_with_spread_characters_are_one_run() {
    let font = "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /GBK-EUC-H /DescendantFonts [6 0 R] >>";
    let descendant = "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light \
                      /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 >>";
    // 名 … 称：某某
    let content = "BT /F2 12 Tf 50 250 Td <C3FB> Tj 40 0 Td <B3C6A3BA> Tj 28 0 Td <C4B3C4B3> Tj ET";
    let bytes = file(content, "", &[font, descendant], "");
    let text = String::from_utf8(bytes).unwrap().replace("/Font << /F1", "/Font << /F2 5 0 R /F1");
    assert_eq!(texts(&read_with(text.as_bytes(), None)), ["名 称：某某"]);
}

#[test]
fn a_code_drawn_module_by_module_is_decoded() {
    let value = "01,32,,22432000000012345678,1234.00,20220304,,ABCD";
    let code = qrcode::QrCode::new(value).unwrap();
    let mut content = String::new();
    for (y, row) in code.to_colors().chunks(code.width()).enumerate() {
        for (x, color) in row.iter().enumerate() {
            if *color == qrcode::Color::Dark {
                content.push_str(&format!("{} {} 2 2 re f ", 100 + 2 * x, 250 - 2 * y as i32));
            }
        }
    }
    let page = page(&content);
    assert_eq!(page.codes.len(), 1);
    assert_eq!(page.codes[0].text, value);
    assert!(page.tables.is_empty());
}

/// A page of one composite font with a map to characters, and Helvetica beside it.
fn mapped(map: &str, codes: &str) -> Vec<u8> {
    let font = "<< /Type /Font /Subtype /Type0 /BaseFont /Labels /Encoding /Identity-H /DescendantFonts [6 0 R] \
                /ToUnicode 7 0 R >>";
    let descendant = "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Labels /DW 1000 \
                      /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>";
    let cmap = format!(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def \
         1 begincodespacerange <0000> <ffff> endcodespacerange 1 beginbfrange {map} endbfrange \
         endcmap end end"
    );
    let stream = format!("<< /Length {} >>\nstream\n{cmap}\nendstream", cmap.len() + 1);
    let content = format!(
        "BT /F2 10 Tf 50 250 Td <{codes}> Tj ET BT /F1 10 Tf 150 250 Td (23432000000012345678) Tj ET \
         BT /F1 10 Tf 50 200 Td (Words enough that the page itself is no picture, whatever its labels are) Tj ET"
    );
    let bytes = file(&content, "", &[font, descendant, &stream], "");
    String::from_utf8(bytes).unwrap().replace("/F1 <<", "/F2 5 0 R /F1 <<").into_bytes()
}

#[test]
fn labels_by_private_names_are_recognised_and_values_stay_as_written() {
    let page = read_with(&mapped("<0001> <0009> <E100>", "0001000200030004"), Some(&LABEL));
    assert!(texts(&page).contains(&"发票号码"), "{:?}", texts(&page));
    let value = page.lines.iter().find(|l| l.text == "23432000000012345678").unwrap();
    assert_eq!(value.grade, Grade::Text);
}

#[test]
fn a_healthy_page_is_never_given_to_the_recogniser() {
    let page = read_with(&mapped("<0001> <0009> <4E00>", "0001000200030004"), Some(&LABEL));
    assert!(page.lines.iter().all(|l| l.grade == Grade::Text), "{:?}", texts(&page));
}

/// Reads one text wherever it is asked.
pub(super) struct Says(pub(super) &'static str);

/// Reads 发票号码.
const LABEL: Says = Says("发票号码");

impl Recogniser for Says {
    fn fingerprint(&self) -> String {
        "says".into()
    }

    fn page(&self, _: &RgbImage, _: f32, number: u32) -> Page {
        Page::empty(number, 1.0, 1.0, ReadBy::Ocr)
    }

    fn region(&self, picture: &RgbImage, dpi: f32, origin: (f32, f32), page: u32) -> Vec<Line> {
        let (w, h) = (picture.width() as f32 * 72.0 / dpi, picture.height() as f32 * 72.0 / dpi);
        let bbox = BBox::new(origin.0, origin.1, origin.0 + w, origin.1 + h);
        vec![Line {
            text: self.0.into(),
            place: crate::model::Place::Page { page, bbox },
            grade: Grade::Ocr,
            confidence: Confidence(900),
            row: 0,
            table: None,
            edges: Vec::new(),
            size: 10.0,
        }]
    }

    fn reread(&self, _: &RgbImage, _: Expect) -> Vec<(String, Confidence)> {
        Vec::new()
    }
}

#[test]
fn a_coarse_scan_of_a_page_is_no_background() {
    let whole = BBox::new(0.0, 0.0, 684.0, 420.0);
    let planned = |width, height| {
        scan::plan(&[], &[marks::Picture { bbox: whole, width, height }], whole.width(), whole.height())
    };
    assert!(matches!(planned(361, 221), scan::Plan::Whole(_)));
    assert_eq!(planned(64, 40), scan::Plan::Text);
}

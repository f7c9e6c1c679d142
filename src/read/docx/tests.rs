//! Word files written by hand, as small as they get.

use std::io::{Cursor, Write};

use super::*;
use crate::model::Place;

/// A Word package around the content of a body.
pub(crate) fn package(body: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
    write!(
        zip,
        r#"<?xml version="1.0"?><w:document xmlns:w="w" xmlns:w14="w14" xmlns:wps="wps" xmlns:mc="mc"><w:body>{body}</w:body></w:document>"#
    )
    .unwrap();
    zip.finish().unwrap().into_inner()
}

/// A paragraph of plain text.
fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn read(body: &str) -> Reading {
    DocxReader.read(&package(body), &ReadContext::new(None)).unwrap()
}

fn texts(reading: &Reading) -> Vec<&str> {
    reading.pages.iter().flat_map(|p| p.lines.iter().map(|l| l.text.as_str())).collect()
}

#[test]
fn merged_cells_stand_once_with_their_spans() {
    let tc = |props: &str, text: &str| format!("<w:tc><w:tcPr>{props}</w:tcPr>{}</w:tc>", p(text));
    let reading = read(&format!(
        "<w:tbl><w:tr>{}{}</w:tr><w:tr>{}{}{}</w:tr></w:tbl>",
        tc(r#"<w:vMerge w:val="restart"/>"#, "类别"),
        tc(r#"<w:gridSpan w:val="2"/>"#, "金额"),
        tc("<w:vMerge/>", ""),
        tc("", "1"),
        tc("", "2"),
    ));
    let table = &reading.pages[0].tables[0];
    assert_eq!((table.rows, table.cols, table.cells.len()), (2, 3, 4));
    assert_eq!((table.cells[0].row_span, table.cells[1].col_span), (2, 2));
    assert_eq!(table.at(1, 0).unwrap().text, "类别");
    assert_eq!(table.at(1, 2).unwrap().text, "2");
    assert_eq!(reading.pages[0].lines[table.at(1, 2).unwrap().lines[0] as usize].text, "2");
}

#[test]
fn deletions_fall_away_and_insertions_stay() {
    let reading = read(
        "<w:p><w:r><w:t>合同</w:t></w:r><w:del><w:r><w:delText>旧</w:delText></w:r></w:del>\
         <w:ins><w:r><w:t>新A&amp;B</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r></w:p>",
    );
    assert_eq!(texts(&reading), ["合同新A&B"]);
}

#[test]
fn every_kind_of_tick_box_becomes_a_character() {
    let reading = read(
        r#"<w:p><w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="1"/></w14:checkbox></w:sdtPr>
           <w:sdtContent><w:r><w:t>☒</w:t></w:r></w:sdtContent></w:sdt><w:r><w:t>自建</w:t></w:r>
           <w:r><w:sym w:font="Wingdings" w:char="F0A8"/><w:t>租用</w:t></w:r>
           <w:r><w:sym w:font="Wingdings 2" w:char="F052"/><w:t>其他</w:t></w:r>
           <w:r><w:rPr><w:rFonts w:ascii="Wingdings 2"/></w:rPr><w:t>R</w:t></w:r><w:r><w:t>工程机械</w:t></w:r>
           <w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r></w:p>"#,
    );
    assert_eq!(texts(&reading).concat().replace(char::is_whitespace, ""), "☑自建☐租用☑其他☑工程机械☑");
}

#[test]
fn fields_that_draw_a_ticked_box_are_one() {
    let mark = |kind: &str| format!(r#"<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>"#);
    let code = |code: &str| format!("<w:r><w:instrText>{code}</w:instrText></w:r>");
    let field = |words: &str, result: &str| {
        let result = format!("<w:r><w:t>{result}</w:t></w:r>");
        [mark("begin"), code(words), mark("separate"), result, mark("end")].concat()
    };
    let boxed = [mark("begin"), code(r" eq \o\ac(□,"), code("√)"), mark("end")].concat();
    let symbol = field(r#"SYMBOL 168 \f "Wingdings" \s 10"#, "");
    let reading = read(&format!("<w:p>{boxed}{}{symbol}{}</w:p>", field("DATE", "今"), field("PAGE", "1")));
    assert_eq!(texts(&reading), ["☑今☐1"]);
}

#[test]
fn a_break_and_words_mark_of_it_are_one_page() {
    let reading = read(&format!(
        r#"{}<w:p><w:r><w:br w:type="page"/></w:r></w:p><w:p><w:r><w:lastRenderedPageBreak/><w:t>第二页</w:t></w:r></w:p>{}"#,
        p("第一页"),
        r#"<w:p><w:r><w:t>前半</w:t><w:lastRenderedPageBreak/><w:t>后半</w:t></w:r></w:p>"#,
    ));
    assert_eq!(reading.pages.len(), 3);
    assert_eq!(reading.pages[1].lines[0].text, "第二页");
    assert_eq!(reading.pages[1].lines[1].place, Place::Block { page: 2, block: 3, cell: None });
}

#[test]
fn text_boxes_are_read_once() {
    let boxed = "<w:txbxContent><w:p><w:r><w:t>框中</w:t></w:r></w:p></w:txbxContent>";
    let reading = read(&format!(
        "<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{boxed}</wps:txbx></w:drawing></mc:Choice>\
         <mc:Fallback><w:pict>{boxed}</w:pict></mc:Fallback></mc:AlternateContent><w:t>外</w:t></w:r></w:p>"
    ));
    assert_eq!(texts(&reading), ["外", "框中"]);
}

#[test]
fn tabs_part_runs_of_one_row_and_placeholders_are_no_text() {
    let reading = read(
        "<w:p><w:r><w:t>联系人：</w:t><w:tab/><w:t>联系电话：</w:t></w:r>\
         <w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>单击此处</w:t></w:r></w:sdtContent></w:sdt></w:p>",
    );
    assert_eq!(texts(&reading), ["联系人：", "联系电话："]);
    assert_eq!(reading.pages[0].lines[0].row, reading.pages[0].lines[1].row);
}

#[test]
fn limits_and_damage_are_errors_or_notes() {
    let deep = format!("{}{}", "<w:ins>".repeat(500), "</w:ins>".repeat(500));
    let result = DocxReader.read(&package(&deep), &ReadContext::new(None));
    assert!(matches!(result, Err(ReadError::Limit(_))), "{result:?}");
    let cx = ReadContext { max_inflated: 1000, ..ReadContext::new(None) };
    assert!(matches!(DocxReader.read(&package(&p(&"长".repeat(2000))), &cx), Err(ReadError::Limit(_))));
    assert!(matches!(DocxReader.read(b"PK\x03\x04none", &cx), Err(ReadError::Damaged(_))));
    let cut = read("<w:p><w:r><w:t>前</w:t></w:r></w:p><w:p><w:r><w:t a=>后");
    assert!(texts(&cut).contains(&"前"));
}

#[test]
fn pages_by_styles_sections_and_tables() {
    let styles = r#"<w:styles xmlns:w="w"><w:style w:styleId="a"><w:pPr><w:pageBreakBefore/></w:pPr></w:style>
        <w:style w:styleId="b"><w:basedOn w:val="a"/></w:style><w:style w:styleId="loop"><w:basedOn w:val="loop"/></w:style></w:styles>"#;
    let styled = |style: &str, text: &str| {
        format!(r#"<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"#)
    };
    // The first section goes over to a page of its own, as the second one says; the third goes on on the same page.
    let section = |how: &str, width: u32| {
        format!(r#"<w:sectPr><w:type w:val="{how}"/><w:pgSz w:w="{width}" w:h="10000"/></w:sectPr>"#)
    };
    let ends = |section: String| format!("<w:p><w:pPr>{section}</w:pPr></w:p>");
    let body = [
        styled("b", "一"),
        styled("b", "二"),
        format!("<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>", styled("a", "三")),
        ends(section("continuous", 2000)),
        styled("loop", "四"),
        ends(section("nextPage", 4000)),
        p("还是四"),
        section("continuous", 6000),
    ]
    .concat();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    // As some packers write it: other case, other slashes, no order.
    for (name, text) in [
        ("word\\styles.xml", styles.to_string()),
        ("Word\\Document.xml", format!(r#"<w:document xmlns:w="w"><w:body>{body}</w:body></w:document>"#)),
    ] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    let reading = DocxReader.read(&zip.finish().unwrap().into_inner(), &ReadContext::new(None)).unwrap();
    let texts: Vec<String> = reading.pages.iter().map(|p| p.text().replace('\n', " ")).collect();
    assert_eq!(texts, ["一 ", "二 ", "三 ", "四 还是四 "]);
    assert_eq!(reading.pages[2].tables.len(), 1);
    let widths: Vec<f32> = reading.pages.iter().map(|p| p.width).collect();
    assert_eq!(widths, [100.0, 100.0, 100.0, 200.0]);
}

#[test]
fn any_damage_ends_in_a_reading_or_a_reason() {
    let body = format!(
        r#"<w:tbl><w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr><w:tc><w:tcPr><w:gridSpan w:val="2"/><w:vMerge w:val="restart"/></w:tcPr>{0}</w:tc></w:tr>
        <w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:tbl><w:tr><w:tc>{0}</w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>
        <w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>EQ \o\ac(□,√)</w:instrText><w:fldChar w:fldCharType="end"/><w:br w:type="page"/><w:sym w:font="Wingdings" w:char="F0FE"/></w:r></w:p>"#,
        p("甲")
    );
    let context = ReadContext { max_pages: 50, ..ReadContext::new(None) };
    crate::read::mutants::mutants(body.as_bytes(), |bytes| {
        let _ = DocxReader.read(&package(&String::from_utf8_lossy(bytes)), &context);
    });
    crate::read::mutants::mutants(&package(&body), |bytes| {
        let _ = DocxReader.read(bytes, &context);
    });
}

use std::io::{Cursor, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::model::{IntegrityState, Place};

const HEAD: &str = r#"<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"><ofd:DocBody><ofd:DocInfo><ofd:CustomDatas><ofd:CustomData Name="发票号码">24432000000012345678</ofd:CustomData><ofd:CustomData Name="购买方纳税人识别号"/></ofd:CustomDatas></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot><ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures></ofd:DocBody></ofd:OFD>"#;
const DOCUMENT: &str = r#"<ofd:Document xmlns:ofd="u"><ofd:CommonData><ofd:TemplatePage ID="2" BaseLoc="tpls/Tpl_0/Content.xml"/><ofd:PageArea><ofd:PhysicalBox>0 0 210 140</ofd:PhysicalBox></ofd:PageArea><ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes></ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages><ofd:Annotations>Annots/Annotations.xml</ofd:Annotations><ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments><ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags></ofd:Document>"#;
const TEMPLATE: &str = r#"<ofd:Page xmlns:ofd="u"><ofd:Content><ofd:Layer ID="3"><ofd:TextObject ID="4" Boundary="10 10 30 5" Size="3"><ofd:TextCode X="0" Y="3" DeltaX="g 4 3">发票号码：</ofd:TextCode></ofd:TextObject>
<ofd:PathObject ID="5" Boundary="10 50 100 20"><ofd:AbbreviatedData>M 0 0 L 100 0 L 100 20 L 0 20 C M 50 0 L 50 20</ofd:AbbreviatedData></ofd:PathObject></ofd:Layer></ofd:Content></ofd:Page>"#;
const PAGE: &str = r#"<ofd:Page xmlns:ofd="u"><ofd:Template TemplateID="2" ZOrder="Background"/><ofd:Content><ofd:Layer ID="6">
<ofd:TextObject ID="7" Boundary="30 10 60 5" Size="3"><ofd:TextCode X="0" Y="3" DeltaX="g 19 1.5">24432000000012345678</ofd:TextCode></ofd:TextObject>
<ofd:TextObject ID="8" Boundary="10 80 20 5" Size="3"><ofd:TextCode X="0" Y="3" DeltaX="g 5 1.5">900.00</ofd:TextCode></ofd:TextObject>
<ofd:PathObject ID="9" Boundary="9 79 30 8" Fill="true" Stroke="false"><ofd:FillColor Value="255 255 255"/><ofd:AbbreviatedData>M 0 0 L 30 0 L 30 8 L 0 8 C</ofd:AbbreviatedData></ofd:PathObject>
<ofd:TextObject ID="10" Boundary="12 52 20 5" Size="3"><ofd:TextCode X="0" Y="3">左格</ofd:TextCode></ofd:TextObject>
<ofd:TextObject ID="11" Boundary="100 100 20 20" Size="3" CTM="0 1 -1 0 10 0"><ofd:TextCode X="0" Y="3">竖排</ofd:TextCode></ofd:TextObject>
<ofd:TextObject ID="12" Boundary="150 10 20 5" Size="3" Visible="false"><ofd:TextCode X="0" Y="3">看不见</ofd:TextCode></ofd:TextObject>
</ofd:Layer></ofd:Content></ofd:Page>"#;
const NOTE: &str = r#"<ofd:PageAnnot xmlns:ofd="u"><ofd:Annot ID="20" Type="Watermark"><ofd:Appearance Boundary="150 120 40 10"><ofd:TextObject ID="21" Boundary="0 0 40 5" Size="3"><ofd:TextCode X="0" Y="3">批注文字</ofd:TextCode></ofd:TextObject></ofd:Appearance></ofd:Annot></ofd:PageAnnot>"#;
const TAGS: &str = r#"<:eInvoice xmlns:=""><InvoiceNo><ofd:ObjectRef PageRef="1">7</ofd:ObjectRef></InvoiceNo><TaxInclusiveTotalAmount><ofd:ObjectRef PageRef="1">8</ofd:ObjectRef></TaxInclusiveTotalAmount><Note><ofd:ObjectRef PageRef="1">0</ofd:ObjectRef></Note></:eInvoice>"#;

/// The parts of a small file, without its signature.
fn parts() -> Vec<(&'static str, String)> {
    let list = |xml: &str| xml.to_string();
    vec![
        ("OFD.xml", HEAD.into()),
        ("Doc_0/Document.xml", DOCUMENT.into()),
        ("Doc_0/DocumentRes.xml", list(r#"<ofd:Res BaseLoc="Res"/>"#)),
        ("Doc_0/Tpls/Tpl_0/Content.xml", TEMPLATE.into()),
        ("Doc_0/Pages/Page_0/Content.xml", PAGE.into()),
        (
            "Doc_0/Annots/Annotations.xml",
            list(r#"<A><Page PageID="1"><FileLoc>Page_0.xml</FileLoc></Page></A>"#),
        ),
        ("Doc_0/Annots/Page_0.xml", NOTE.into()),
        (
            "Doc_0/Attachs/Attachments.xml",
            list(
                r#"<A><Attachment Name="x"><FileLoc>/Doc_0/Attachs/original_invoice.xml</FileLoc></Attachment></A>"#,
            ),
        ),
        (
            "Doc_0/Attachs/original_invoice.xml",
            list(
                r#"<eInvoice xmlns:fp="u" Version="1.0"><fp:InvoiceNo>24432000000012345678</fp:InvoiceNo></eInvoice>"#,
            ),
        ),
        (
            "Doc_0/Tags/CustomTags.xml",
            list(r"<T><CustomTag><FileLoc>CustomTag.xml</FileLoc></CustomTag></T>"),
        ),
        ("Doc_0/Tags/CustomTag.xml", TAGS.into()),
    ]
}

/// The parts with a signature over them by this method.
fn signed(method: &str) -> Vec<(&'static str, String)> {
    let mut all = parts();
    let reference = |(name, text): &(&str, String)| {
        let value =
            integrity::digest(method, text.as_bytes()).map(|d| STANDARD.encode(d)).unwrap_or_default();
        format!(r#"<Reference FileRef="/{name}"><CheckValue>{value}</CheckValue></Reference>"#)
    };
    let references: String = all.iter().map(reference).collect();
    all.push((
        "Doc_0/Signs/Signatures.xml",
        r#"<S><Signature ID="1" BaseLoc="Sign_0/Signature.xml"/></S>"#.into(),
    ));
    let info = format!(
        r#"<Signature><SignedInfo><References CheckMethod="{method}">{references}</References><StampAnnot PageRef="1" Boundary="90 8 30 20"/></SignedInfo></Signature>"#
    );
    all.push(("Doc_0/Signs/Sign_0/Signature.xml", info));
    all
}

fn zip(parts: &[(&str, String)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn read_parts(parts: &[(&str, String)]) -> Reading {
    OfdReader.read(&zip(parts), &ReadContext::new(None)).unwrap()
}

fn change(parts: &mut [(&str, String)], name: &str, from: &str, to: &str) {
    let part = parts.iter_mut().find(|p| p.0 == name).unwrap();
    assert!(part.1.contains(from));
    part.1 = part.1.replace(from, to);
}

fn texts(page: &Page) -> Vec<&str> {
    page.lines.iter().map(|l| l.text.as_str()).collect()
}

#[test]
fn page_template_annotation_and_what_is_covered() {
    let reading = read_parts(&parts());
    let page = &reading.pages[0];
    assert_eq!((page.width.round(), page.height.round()), (595.0, 397.0));
    let read = texts(page);
    for text in ["发票号码：", "24432000000012345678", "左格", "批注文字", "竖排"] {
        assert!(read.contains(&text), "{text} is not among {read:?}");
    }
    let hidden: Vec<&str> = page.hidden.iter().map(|l| l.text.as_str()).collect();
    assert_eq!(hidden, ["看不见", "900.00"]);
    assert_eq!((page.tables[0].rows, page.tables[0].cols), (1, 2));
    assert_eq!(page.tables[0].cells[0].text, "左格");
    // Turned by a quarter: it runs downwards.
    let down = page.lines.iter().find(|l| l.text == "竖排").and_then(Line::bbox).unwrap();
    assert!(down.height() > down.width());
}

#[test]
fn data_of_attachments_head_and_tags() {
    let page = &read_parts(&parts()).pages[0];
    let of =
        |path: &str| page.data.iter().find(|d| d.path.ends_with(path)).map(|d| (d.value.as_str(), &d.place));
    assert_eq!(of("eInvoice/InvoiceNo"), Some(("24432000000012345678", &Place::File)));
    assert_eq!(of("CustomDatas/发票号码").map(|d| d.0), Some("24432000000012345678"));
    assert_eq!(of("CustomDatas/购买方纳税人识别号").map(|d| d.0), Some(""));
    let number = of("InvoiceNo/ObjectRef").unwrap();
    assert_eq!(number.0, "24432000000012345678");
    let place = number.1.bbox().unwrap();
    assert!((place.x0 - 85.0).abs() < 1.0 && (place.y1 - 38.0).abs() < 3.0, "{place:?}");
    // Covered by a white box: the tag says what it says, the page does not show it.
    assert_eq!(of("TaxInclusiveTotalAmount/ObjectRef"), Some(("900.00", &Place::File)));
    assert_eq!(of("Note/ObjectRef").map(|d| d.0), Some(""));
}

#[test]
fn digests_of_every_method() {
    for method in ["1.2.156.10197.1.401", "SM3", "MD5", "1.3.14.3.2.26", "SHA-256"] {
        let mut all = signed(method);
        let facts = read_parts(&all).integrity;
        assert_eq!(facts[0].state, IntegrityState::Verified, "{method} {facts:?}");
        change(&mut all, "Doc_0/Pages/Page_0/Content.xml", "900.00", "901.00");
        let facts = read_parts(&all).integrity;
        assert_eq!(facts[0].what, "OFD 摘要 Doc_0/Pages/Page_0/Content.xml");
        assert!(matches!(facts[0].state, IntegrityState::Broken(_)));
    }
    let facts = read_parts(&signed("SHA3")).integrity;
    assert!(facts.iter().all(|f| matches!(f.state, IntegrityState::Unknown(_))), "{facts:?}");
}

#[test]
fn a_file_saved_anew_is_no_reproach_a_page_exchanged_is() {
    let mut all = signed("SM3");
    change(&mut all, "Doc_0/Annots/Page_0.xml", "批注", "附注");
    change(&mut all, "Doc_0/Document.xml", "210 140", "210 141");
    let broken = |r: &Reading| r.integrity.iter().any(|f| matches!(f.state, IntegrityState::Broken(_)));
    assert!(!broken(&read_parts(&all)));
    change(&mut all, "Doc_0/Document.xml", "Pages/Page_0/Content.xml", "Pages/Other.xml");
    all.push(("Doc_0/Pages/Other.xml", PAGE.replace("900", "100")));
    assert!(broken(&read_parts(&all)));
    let mut all = signed("SM3");
    all.retain(|p| !p.0.contains("original_invoice"));
    assert!(broken(&read_parts(&all)));
}

#[test]
fn seals_unsigned_files_and_absent_parts() {
    let page = &read_parts(&signed("SM3")).pages[0];
    assert!((page.seals[0].bbox.x0 - 255.1).abs() < 0.2);
    let mut all = parts();
    change(&mut all, "OFD.xml", "<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures>", "");
    assert_eq!(read_parts(&all).integrity[0].state, IntegrityState::Absent);
    all.retain(|p| !p.0.contains("Pages"));
    let reading = read_parts(&all);
    assert_eq!(reading.notes, ["第 1 页的内容不在文件中"]);
    assert!(!reading.pages[0].data.is_empty());
    let damaged =
        |bytes: &[u8]| matches!(OfdReader.read(bytes, &ReadContext::new(None)), Err(ReadError::Damaged(_)));
    assert!(damaged(b"PK"));
    assert!(damaged(&zip(&[("OFD.xml", "<a/>".into())])));
}

#[test]
fn two_documents_keep_their_data_apart() {
    let mut all = parts();
    let second: Vec<(&str, String)> = vec![
        ("Doc_1/Document.xml", DOCUMENT.into()),
        ("Doc_1/Pages/Page_0/Content.xml", PAGE.replace("24432000000012345678", "24432000000087654321")),
        (
            "Doc_1/Attachs/original_invoice.xml",
            "<eInvoice><InvoiceNo>24432000000087654321</InvoiceNo></eInvoice>".into(),
        ),
    ];
    all.extend(second);
    let body = "<ofd:DocBody><ofd:DocRoot>Doc_1/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>";
    change(&mut all, "OFD.xml", "</ofd:OFD>", body);
    let reading = read_parts(&all);
    assert_eq!(reading.pages.len(), 2);
    let second = &reading.pages[1].data;
    assert!(second.iter().all(|d| d.value != "24432000000012345678"), "{second:?}");
    assert!(texts(&reading.pages[1]).contains(&"24432000000087654321"));
}

/// Damaged packages and parts cost an error or a part, never a panic, and end in bounded time. `HECHA_MUTATIONS` for
/// longer runs.
#[test]
#[allow(clippy::disallowed_methods, reason = "how long to run is said from outside")]
fn damaged_files_do_no_harm() {
    let rounds: u64 = std::env::var("HECHA_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    let whole = zip(&signed("SM3"));
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    let words = ["g 99999999 1", "-1e300", "nan", "<a>", "&x;", "\0", "1e9", "]]>", "M 0 0", "../../x", "2"];
    for round in 0..rounds {
        let bytes = if round % 3 == 0 {
            let mut bytes = whole.clone();
            for _ in 0..1 + next(8) {
                let at = next(bytes.len());
                bytes[at] = next(256) as u8;
            }
            bytes.truncate(if round % 6 == 0 { next(bytes.len()) } else { bytes.len() });
            bytes
        } else {
            let mut all = signed("SM3");
            let part = next(all.len());
            let text = &mut all[part].1;
            for _ in 0..1 + next(4) {
                let mut from = next(text.len());
                while !text.is_char_boundary(from) {
                    from -= 1;
                }
                let mut to = (from + next(40)).min(text.len());
                while !text.is_char_boundary(to) {
                    to -= 1;
                }
                text.replace_range(from.min(to)..to, words[next(words.len())]);
            }
            zip(&all)
        };
        let result = OfdReader.read(&bytes, &ReadContext::new(None));
        assert!(!matches!(result, Err(ReadError::Crashed(_))), "round {round}");
    }
}

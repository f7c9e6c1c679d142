//! Heads and containers, as small as they get.

use std::io::{Cursor, Write};

use super::*;

#[test]
fn by_content() {
    assert_eq!(sniff(b"\r\n%PDF-1.7\n"), Format::Pdf);
    assert_eq!(sniff(&[&[0u8; 2000][..], b"%PDF-1.7"].concat()), Format::Unknown);
    assert_eq!(sniff(b"\xef\xbb\xbf<?xml version=\"1.0\"?><a/>"), Format::Xml);
    assert_eq!(sniff(b"<EInvoice><Header/></EInvoice>"), Format::Xml);
    assert_eq!(sniff(b"<!DOCTYPE html><html>"), Format::Html);
    assert_eq!(
        sniff(b"<?xml version=\"1.0\"?>\n<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\">"),
        Format::Html
    );
    assert_eq!(sniff(b"<table border=1><tr><td>1</td></tr></table>"), Format::Html);
    assert_eq!(sniff(b"<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>\n<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">"), Format::SheetXml);
    assert_eq!(sniff(b"<?xml version=\"1.0\"?><w:wordDocument xmlns:w=\"x\">"), Format::WordXml);
    assert_eq!(sniff(b"{\\rtf1\\ansi\\ansicpg936"), Format::Rtf);
    assert_eq!(sniff("序号,名称,金额\n1,服务器,2\n2,软件,3".as_bytes()), Format::Csv);
    assert_eq!(
        sniff(&encoding_rs::GB18030.encode("序号\t名称\t金额\n1\t服务器\t2\n2\t软件\t3").0),
        Format::Csv
    );
    assert_eq!(sniff("说明：本文件夹".as_bytes()), Format::Text);
    assert_eq!(sniff(&encoding_rs::GB18030.encode("说明：本文件夹共三份").0), Format::Text);
    assert_eq!(sniff(b"\x00\x01\x02\x03"), Format::Unknown);
    assert_eq!(sniff(b"Rar!\x1a\x07\x01\x00"), Format::Rar);
    assert_eq!(sniff(b"BZh91AY&SY"), Format::Bzip2);
    assert_eq!(sniff("BZhou 的说明".as_bytes()), Format::Text);
    assert_eq!(sniff(b"\0\0\0\x18ftypheic\0\0\0\0"), Format::Heif);
    assert_ne!(sniff(b"\0\0\0\x18ftypisom\0\0\0\0"), Format::Heif);
    assert_eq!(sniff(b"GIF89a\x01\0"), Format::Gif);
    assert_eq!(sniff(b"Received: from a\r\n by b\r\nSubject: x\r\n\r\nbody"), Format::Eml);
    assert_eq!(sniff("From: 甲\nTo: 乙\n正文没有空行".as_bytes()), Format::Text);
    assert_eq!(sniff("合同编号: 1\n日期: 2\n".as_bytes()), Format::Text);
    assert_eq!(sniff(b"Subject: only\n\nx"), Format::Text);
    assert_eq!(sniff(b""), Format::Text);
}

fn zip_of(names: &[&str]) -> Cursor<Vec<u8>> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for name in names {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(b"x").unwrap();
    }
    writer.finish().unwrap()
}

#[test]
fn containers() {
    assert_eq!(inside_zip(zip_of(&["[Content_Types].xml", "word/document.xml"])), Format::Docx);
    assert_eq!(inside_zip(zip_of(&["[Content_Types].xml", "xl/workbook.xml"])), Format::Xlsx);
    assert_eq!(inside_zip(zip_of(&["OFD.xml", "Doc_0/Document.xml"])), Format::Ofd);
    assert_eq!(inside_zip(zip_of(&["甲公司/OFD.xml", "word/a.docx"])), Format::Zip);
    assert_eq!(inside_zip(zip_of(&["word\\Document.xml", "a.png", "[content_types].xml"])), Format::Docx);
    assert_eq!(inside_zip(zip_of(&["xl/workbook.bin", "[Content_Types].xml"])), Format::Xlsb);
    assert_eq!(inside_zip(Cursor::new(b"PK\x03\x04broken".to_vec())), Format::Zip);
    assert_eq!(inside_zip(zip_of(&["[Content_Types].xml", "ppt/presentation.xml"])), Format::Slides);
    for (kind, format) in
        [("spreadsheet", Format::Ods), ("text", Format::Odt), ("presentation", Format::Slides)]
    {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file("mimetype", zip::write::SimpleFileOptions::default()).unwrap();
        write!(writer, "application/vnd.oasis.opendocument.{kind}").unwrap();
        assert_eq!(inside_zip(writer.finish().unwrap()), format);
    }
}

#[test]
fn bytes_before_a_package() {
    let packed = zip_of(&["readme", "word/document.xml", "[Content_Types].xml"]).into_inner();
    let moved = [b"MZ some stub\0\x01", &packed[..]].concat();
    assert_eq!(sniff(&moved), Format::Unknown);
    assert!(ends_zip(&moved));
    assert_eq!(inside_zip(Cursor::new(&moved)), Format::Docx);
    assert!(!ends_zip(&moved[..moved.len() - 1]) && !ends_zip(b"PK\x05\x06"));
}

#[test]
fn compound_files() {
    for (names, format) in [
        (&["WordDocument", "1Table"][..], Format::Doc),
        (&["Workbook"], Format::Xls),
        (&["Book"], Format::Xls),
        (&["PowerPoint Document"], Format::Slides),
        (&["EncryptedPackage", "EncryptionInfo"], Format::LockedOffice),
        (&["VisioDocument"], Format::Ole),
    ] {
        let mut ole = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        for name in names {
            ole.create_stream(format!("/{name}")).unwrap().write_all(b"x").unwrap();
        }
        ole.flush().unwrap();
        let mut bytes = ole.into_inner().into_inner();
        assert_eq!(sniff(&bytes), Format::Ole);
        assert_eq!(inside_ole(Cursor::new(&bytes)), format);
        // A file that breaks off is refused as what it is.
        bytes.truncate(bytes.len() - 700);
        assert_eq!(inside_ole(Cursor::new(&bytes)), format, "{names:?}");
    }
}

//! The format of a file, told by its bytes and never by its name.

use std::io::{Read, Seek};

use crate::model::Format;

/// How many bytes from the start decide, but for ZIP containers.
pub const HEAD: usize = 4096;

const MAGIC: &[(&[u8], Format)] = &[
    (b"\x89PNG\r\n\x1a\n", Format::Png),
    (b"\xff\xd8\xff", Format::Jpeg),
    (b"II*\0", Format::Tiff),
    (b"MM\0*", Format::Tiff),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format::Ole),
    (b"PK\x03\x04", Format::Zip),
    (b"PK\x05\x06", Format::Zip),
    (b"7z\xbc\xaf\x27\x1c", Format::Archive),
    (b"Rar!\x1a\x07", Format::Archive),
    (b"\x1f\x8b\x08", Format::Archive),
    (b"BZh", Format::Archive),
    (b"\xfd7zXZ\0", Format::Archive),
];

/// Tells a format from the first bytes. A ZIP container is [`Format::Zip`]; see [`inside_zip`].
pub fn sniff(head: &[u8]) -> Format {
    if let Some((_, format)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return *format;
    }
    if head.get(257..262) == Some(b"ustar") {
        return Format::Archive;
    }
    if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        return Format::Webp;
    }
    if head.starts_with(b"BM") && head.get(6..10) == Some(&[0; 4]) {
        return Format::Bmp;
    }
    // Mail gateways and portals put bytes before the header; readers accept the first kilobyte.
    if find(&head[..head.len().min(1024)], b"%PDF-").is_some() {
        return Format::Pdf;
    }
    sniff_text(head)
}

/// What a ZIP container holds: an office file, an OFD, or an archive. A broken one stays an archive.
pub fn inside_zip<R: Read + Seek>(reader: R) -> Format {
    let Ok(zip) = zip::ZipArchive::new(reader) else {
        return Format::Zip;
    };
    let names: Vec<String> =
        zip.file_names_raw().map(|n| String::from_utf8_lossy(n).replace('\\', "/")).collect();
    let has = |prefix: &str| names.iter().any(|n| n.trim_start_matches('/').starts_with(prefix));
    if has("[Content_Types].xml") || has("_rels/.rels") {
        if has("word/") {
            return Format::Docx;
        }
        if has("xl/") {
            return Format::Xlsx;
        }
    }
    if names.iter().any(|n| n.trim_start_matches('/') == "OFD.xml") {
        return Format::Ofd;
    }
    Format::Zip
}

/// Whether an OLE file is an encrypted Office document: it then holds a stream of this name and nothing to read.
pub fn is_encrypted_ole(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    find(bytes, &name).is_some()
}

/// The format's name for people.
pub fn name_of(format: Format) -> &'static str {
    match format {
        Format::Pdf => "PDF",
        Format::Ofd => "OFD",
        Format::Xml => "XML",
        Format::Docx => "DOCX",
        Format::Xlsx => "XLSX",
        Format::Png => "PNG 图片",
        Format::Jpeg => "JPEG 图片",
        Format::Tiff => "TIFF 图片",
        Format::Bmp => "BMP 图片",
        Format::Webp => "WebP 图片",
        Format::Zip => "ZIP 压缩包",
        Format::Ole => "旧版 Office 文件（DOC/XLS/WPS），请另存为 DOCX、XLSX 或 PDF 后重新提交",
        Format::Archive => "7z/RAR/tar/gz 压缩包，请解压后再核查，或改用 ZIP",
        Format::Text => "纯文本",
        Format::Unknown => "无法识别的文件内容",
    }
}

fn sniff_text(head: &[u8]) -> Format {
    let text = decode(head);
    let Some(text) = text else {
        return Format::Unknown;
    };
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let lower: String = start.chars().take(64).collect::<String>().to_lowercase();
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        return Format::Text;
    }
    let mut chars = start.chars();
    let tag =
        chars.next() == Some('<') && chars.next().is_some_and(|c| c == '?' || c == '!' || c.is_alphabetic());
    if tag { Format::Xml } else { Format::Text }
}

/// The head as text, if it is text in UTF-8, UTF-16 with a mark, or GB18030.
fn decode(head: &[u8]) -> Option<String> {
    if let Some((encoding, skip)) = encoding_rs::Encoding::for_bom(head) {
        return Some(encoding.decode_without_bom_handling(&head[skip..]).0.into_owned());
    }
    if head.contains(&0) {
        return None;
    }
    // The head may cut the last character: forgive its up to three bytes.
    let cut = (0..4.min(head.len() + 1)).find_map(|n| std::str::from_utf8(&head[..head.len() - n]).ok());
    if let Some(text) = cut {
        return Some(text.to_string());
    }
    let text = (0..4.min(head.len() + 1)).find_map(|n| {
        let (text, broken) = encoding_rs::GB18030.decode_without_bom_handling(&head[..head.len() - n]);
        (!broken).then(|| text.into_owned())
    })?;
    text.chars().all(|c| !c.is_control() || c.is_whitespace()).then_some(text)
}

fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len()).position(|w| w == needle)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::*;

    #[test]
    fn by_content() {
        assert_eq!(sniff(b"\r\n%PDF-1.7\n"), Format::Pdf);
        assert_eq!(sniff(&[&[0u8; 2000][..], b"%PDF-1.7"].concat()), Format::Unknown);
        assert_eq!(sniff(b"\xef\xbb\xbf<?xml version=\"1.0\"?><a/>"), Format::Xml);
        assert_eq!(sniff(b"<EInvoice><Header/></EInvoice>"), Format::Xml);
        assert_eq!(sniff(b"<!DOCTYPE html><html>"), Format::Text);
        assert_eq!(sniff("说明：本文件夹".as_bytes()), Format::Text);
        assert_eq!(sniff(&encoding_rs::GB18030.encode("说明：本文件夹共三份").0), Format::Text);
        assert_eq!(sniff(b"\x00\x01\x02\x03"), Format::Unknown);
        assert_eq!(sniff(b"Rar!\x1a\x07\x01\x00"), Format::Archive);
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
        assert_eq!(inside_zip(Cursor::new(b"PK\x03\x04broken".to_vec())), Format::Zip);
    }

    #[test]
    fn encrypted_office() {
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(is_encrypted_ole(&[&[0u8; 100][..], &name].concat()));
        assert!(!is_encrypted_ole(b"WordDocument"));
    }
}

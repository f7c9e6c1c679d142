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
    (b"7z\xbc\xaf\x27\x1c", Format::SevenZ),
    (b"Rar!\x1a\x07", Format::Rar),
    (b"RE~^", Format::Rar),
    (b"\x1f\x8b\x08", Format::Gzip),
    (b"\xfd7zXZ\0", Format::Xz),
    (b"\x78\x9f\x3e\x22", Format::Tnef),
    (b"GIF87a", Format::Gif),
    (b"GIF89a", Format::Gif),
    (b"MSCF\0\0\0\0", Format::Archive),
    (b"\x28\xb5\x2f\xfd", Format::Archive),
    (b"\x1f\x9d", Format::Archive),
];

/// Tells a format from the first bytes. A ZIP container is [`Format::Zip`]; see [`inside_zip`].
pub fn sniff(head: &[u8]) -> Format {
    if let Some((_, format)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return *format;
    }
    if is_tar(head) {
        return Format::Tar;
    }
    if is_bzip2(head) {
        return Format::Bzip2;
    }
    if is_lzh(head) {
        return Format::Archive;
    }
    if is_heif(head) {
        return Format::Heif;
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
    if is_mail(head) {
        return Format::Eml;
    }
    sniff_text(head)
}

/// Old tars have no mark: what tells them is the sum of their header, which stands in it.
fn is_tar(head: &[u8]) -> bool {
    if head.get(257..262) == Some(b"ustar") {
        return true;
    }
    let Some(header) = head.get(..512).filter(|h| h[0] != 0) else { return false };
    let digits: Vec<u8> = header[148..156].iter().copied().filter(|b| !matches!(b, b' ' | 0)).collect();
    let stated = std::str::from_utf8(&digits).ok().and_then(|d| u32::from_str_radix(d, 8).ok());
    let sum: u32 =
        (0..).zip(header).map(|(i, b)| if (148..156).contains(&i) { 32 } else { u32::from(*b) }).sum();
    stated == Some(sum)
}

/// The mark is short: what follows it are a digit and the start of a block, or of an empty stream.
fn is_bzip2(head: &[u8]) -> bool {
    head.starts_with(b"BZh")
        && head.get(3).is_some_and(u8::is_ascii_digit)
        && head.get(4..10).is_some_and(|m| m == b"1AY&SY" || m == b"\x17rE8P\x90")
}

fn is_lzh(head: &[u8]) -> bool {
    head.get(2..7).is_some_and(|m| m.starts_with(b"-l") && m[4] == b'-' && m[3].is_ascii_alphanumeric())
}

/// Still pictures in the container that MP4 uses as well.
fn is_heif(head: &[u8]) -> bool {
    const BRANDS: &[&[u8]] =
        &[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"];
    head.get(4..8) == Some(b"ftyp") && head.get(8..12).is_some_and(|b| BRANDS.contains(&b))
}

/// Whether the text begins like a mail: lines that are fields, at least two of them fields of mails.
fn is_mail(head: &[u8]) -> bool {
    const SURE: &[&str] =
        &["from", "received", "return-path", "mime-version", "message-id", "delivered-to", "x-mailer"];
    const OTHER: &[&str] = &["to", "cc", "subject", "date", "content-type", "sender", "reply-to"];
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let (mut sure, mut other) = (0, 0);
    let mut lines = head.split(|b| *b == b'\n').peekable();
    while let Some(line) = lines.next() {
        let line = line.trim_ascii_end();
        // The last line of the head may be cut.
        if line.is_empty() || (lines.peek().is_none() && head.len() >= HEAD) {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            if sure + other == 0 {
                return false;
            }
            continue;
        }
        let Some((name, _)) = super::archive::field(line) else { return false };
        sure += usize::from(SURE.contains(&name.as_str()));
        other += usize::from(OTHER.contains(&name.as_str()));
    }
    sure > 0 && sure + other >= 2
}

/// Whether an OLE file is a mail: Outlook keeps its properties in a stream of this name.
pub fn is_message<R: Read + Seek>(reader: R) -> bool {
    cfb::CompoundFile::open(reader).is_ok_and(|ole| ole.is_stream("/__properties_version1.0"))
}

/// Whether a PDF names an encryption: conservative, since the words may stand anywhere.
pub(super) fn names_encryption(bytes: &[u8]) -> bool {
    find(bytes, b"/Encrypt").is_some()
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
        Format::Archive => "CAB、LZH、Z 或 Zstandard 压缩包，请解压后再核查，或改用 ZIP",
        Format::SevenZ => "7z 压缩包",
        Format::Rar => "RAR 压缩包",
        Format::Tar => "tar 压缩包",
        Format::Gzip => "gzip 压缩文件",
        Format::Bzip2 => "bzip2 压缩文件",
        Format::Xz => "xz 压缩文件",
        Format::Eml => "邮件（EML）",
        Format::Msg => "Outlook 邮件（MSG）",
        Format::Tnef => "Outlook 附件包（winmail.dat）",
        Format::Gif => "GIF 图片",
        Format::Heif => "手机照片格式 HEIC/HEIF/AVIF，请在手机或电脑上另存为 JPG 后重新提交",
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
        assert_eq!(inside_zip(Cursor::new(b"PK\x03\x04broken".to_vec())), Format::Zip);
    }

    #[test]
    fn encrypted_office() {
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(is_encrypted_ole(&[&[0u8; 100][..], &name].concat()));
        assert!(!is_encrypted_ole(b"WordDocument"));
    }
}

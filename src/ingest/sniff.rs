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
    if head.trim_ascii_start().starts_with(b"{\\rtf") {
        return Format::Rtf;
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

/// Whether a PDF names an encryption: conservative, since the words may stand anywhere.
pub(super) fn names_encryption(bytes: &[u8]) -> bool {
    find(bytes, b"/Encrypt").is_some()
}

/// What a ZIP container holds: an office file, an OFD, or an archive. A broken one stays an archive.
pub fn inside_zip<R: Read + Seek>(reader: R) -> Format {
    let Ok(mut zip) = zip::ZipArchive::new(reader) else {
        return Format::Zip;
    };
    if let Some(format) = open_document(&mut zip) {
        return format;
    }
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
        if has("ppt/") {
            return Format::Slides;
        }
    }
    if names.iter().any(|n| n.trim_start_matches('/') == "OFD.xml") {
        return Format::Ofd;
    }
    Format::Zip
}

/// What an OpenDocument package says it is.
fn open_document<R: Read + Seek>(zip: &mut zip::ZipArchive<R>) -> Option<Format> {
    let mut says = String::new();
    zip.by_name("mimetype").ok()?.take(100).read_to_string(&mut says).ok()?;
    let kind = says.trim().strip_prefix("application/vnd.oasis.opendocument.")?;
    Some(match kind.split('-').next()? {
        "spreadsheet" => Format::Ods,
        "text" => Format::Odt,
        "presentation" => Format::Slides,
        _ => return None,
    })
}

/// What an OLE container holds, by the names in its directory; [`Format::Ole`] for what is neither text nor workbook
/// nor slides, and for encrypted documents.
pub fn inside_ole<R: Read + Seek>(mut reader: R) -> Format {
    const MOST: u64 = 16 << 20;
    if let Ok(ole) = cfb::CompoundFile::open(&mut reader) {
        return by_entries(|name| ole.exists(format!("/{name}")));
    }
    // A broken one still shows its names somewhere; its reader will say what is broken.
    let mut bytes = Vec::new();
    let read = reader.rewind().and_then(|()| reader.take(MOST).read_to_end(&mut bytes));
    let wide = |name: &str| name.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    by_entries(|name| read.is_ok() && find(&bytes, &[&wide(name)[..], &[0, 0]].concat()).is_some())
}

fn by_entries(has: impl Fn(&str) -> bool) -> Format {
    const ENTRIES: &[(&str, Format)] = &[
        ("EncryptedPackage", Format::Ole),
        ("__properties_version1.0", Format::Msg),
        ("WordDocument", Format::Doc),
        ("Workbook", Format::Xls),
        ("Book", Format::Xls),
        ("PowerPoint Document", Format::Slides),
    ];
    ENTRIES.iter().find(|(name, _)| has(name)).map_or(Format::Ole, |(_, format)| *format)
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
        Format::Doc => "DOC",
        Format::Xls => "XLS",
        Format::Ods => "ODS",
        Format::Odt => "ODT",
        Format::Rtf => "RTF",
        Format::Csv => "CSV",
        Format::Html => "网页",
        Format::SheetXml => "Excel 2003 XML 表格",
        Format::WordXml => "Word 2003 XML 文档",
        Format::Slides => "演示文稿（PPT/PPTX/DPS/ODP），请另存为 PDF 后重新提交",
        Format::Ole => "不是文档、表格的 OLE 文件（如 Visio、Project），请导出为 PDF 后重新提交",
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
        return Format::Html;
    }
    let mut chars = start.chars();
    let tag =
        chars.next() == Some('<') && chars.next().is_some_and(|c| c == '?' || c == '!' || c.is_alphabetic());
    if tag { sniff_xml(start) } else { sniff_lines(start, head.len() >= HEAD) }
}

/// XML that is a web page, or a workbook or a text as Office 2003 wrote them, or else data.
fn sniff_xml(text: &str) -> Format {
    let lower = text.to_lowercase();
    // Scripts of accounting software begin a web page anywhere; a page that is one soon says so.
    let begins = |tag: &str| lower.starts_with(tag);
    if lower.contains("urn:schemas-microsoft-com:office:spreadsheet") && lower.contains("<workbook")
        || lower.contains("<ss:workbook")
    {
        return Format::SheetXml;
    }
    if lower.contains("<w:worddocument") {
        return Format::WordXml;
    }
    let inner = if begins("<?xml") { lower.split_once("?>").map_or("", |p| p.1) } else { &lower };
    let inner = inner.trim_start();
    let html = ["<!doctype html", "<html", "<head", "<body", "<table", "<meta", "<style", "<div"];
    if html.iter().any(|t| inner.starts_with(t)) { Format::Html } else { Format::Xml }
}

/// Plain text, or a table of it. The last line of a cut head is no whole one.
fn sniff_lines(text: &str, cut: bool) -> Format {
    let whole = if cut { text.rsplit_once('\n').map_or(text, |p| p.0) } else { text };
    if crate::text::separated::delimiter_of(whole).is_some() { Format::Csv } else { Format::Text }
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
    fn compound_files() {
        for (names, format) in [
            (&["WordDocument", "1Table"][..], Format::Doc),
            (&["Workbook"], Format::Xls),
            (&["Book"], Format::Xls),
            (&["PowerPoint Document"], Format::Slides),
            (&["EncryptedPackage", "EncryptionInfo"], Format::Ole),
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

    #[test]
    fn encrypted_office() {
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(is_encrypted_ole(&[&[0u8; 100][..], &name].concat()));
        assert!(!is_encrypted_ole(b"WordDocument"));
    }
}

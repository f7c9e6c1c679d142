//! The format of a file, told by its bytes and never by its name.

use std::io::{Read, Seek};

use crate::model::Format;

/// How many bytes from the start decide, but for ZIP containers.
pub const HEAD: usize = 4096;

/// How many bytes from the end may hold the mark that ends a ZIP: it is followed by a comment.
pub(super) const TAIL: usize = (1 << 16) + 22;

const MAGIC: &[(&[u8], Format)] = &[
    (b"\x89PNG\r\n\x1a\n", Format::Png),
    (b"\xff\xd8\xff", Format::Jpeg),
    (b"II*\0", Format::Tiff),
    (b"MM\0*", Format::Tiff),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format::Ole),
    (b"PK\x03\x04", Format::Zip),
    (b"PK\x05\x06", Format::Zip),
    (b"PK\x07\x08PK", Format::Zip),
    (b"PK00PK", Format::Zip),
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

/// Whether bytes end like a ZIP: with the mark that ends its directory, and a comment as long as the mark says.
pub(super) fn ends_zip(tail: &[u8]) -> bool {
    const END: usize = 22;
    tail.windows(4).enumerate().any(|(at, mark)| {
        mark == b"PK\x05\x06"
            && tail
                .get(at + 20..at + END)
                .is_some_and(|n| at + END + usize::from(u16::from_le_bytes([n[0], n[1]])) == tail.len())
    })
}

/// What a ZIP container holds: an office file, an OFD, or an archive. A broken one stays an archive.
pub fn inside_zip<R: Read + Seek>(reader: R) -> Format {
    let Ok(mut zip) = zip::ZipArchive::new(reader) else {
        return Format::Zip;
    };
    if let Some(format) = open_document(&mut zip) {
        return format;
    }
    // Parts are named without regard to case; some packers write the other slash.
    let names: Vec<String> = zip
        .file_names_raw()
        .map(|n| String::from_utf8_lossy(n).replace('\\', "/").trim_start_matches('/').to_lowercase())
        .collect();
    let has = |prefix: &str| names.iter().any(|n| n.starts_with(prefix));
    let is = |name: &str| names.iter().any(|n| n == name);
    if has("[content_types].xml") || has("_rels/.rels") {
        if has("word/") {
            return Format::Docx;
        }
        if is("xl/workbook.bin") && !is("xl/workbook.xml") {
            return Format::Xlsb;
        }
        if has("xl/") {
            return Format::Xlsx;
        }
        if has("ppt/") {
            return Format::Slides;
        }
    }
    if is("ofd.xml") {
        return Format::Ofd;
    }
    Format::Zip
}

/// What an OpenDocument package says it is.
fn open_document<R: Read + Seek>(zip: &mut zip::ZipArchive<R>) -> Option<Format> {
    let mut part = |name: &str, most: u64| {
        let mut says = String::new();
        zip.by_name(name).ok()?.take(most).read_to_string(&mut says).ok()?;
        Some(says)
    };
    // Packed anew, a package may have lost the mark that should come first; its list of parts says the same.
    let says = part("mimetype", 100)
        .or_else(|| part("META-INF/manifest.xml", 4096).filter(|m| m.contains("full-path=\"/\"")))?;
    let kind = says.split_once("application/vnd.oasis.opendocument.")?.1;
    Some(match kind.split(|c: char| !c.is_ascii_alphabetic()).next()? {
        "spreadsheet" => Format::Ods,
        "text" => Format::Odt,
        "presentation" => Format::Slides,
        _ => return None,
    })
}

/// What an OLE container holds, by the names in its directory; [`Format::Ole`] for what is neither text nor workbook
/// nor slides.
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
        ("EncryptedPackage", Format::LockedOffice),
        ("__properties_version1.0", Format::Msg),
        ("WordDocument", Format::Doc),
        ("Workbook", Format::Xls),
        ("Book", Format::Xls),
        ("PowerPoint Document", Format::Slides),
    ];
    ENTRIES.iter().find(|(name, _)| has(name)).map_or(Format::Ole, |(_, format)| *format)
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
        Format::LockedOffice => "加密的 Office 文件",
        Format::Xlsb => "XLSB（Excel 二进制工作簿），请用 Excel 或 WPS 另存为 .xlsx 后重新提交",
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
mod tests;

#![allow(clippy::disallowed_methods)]
use std::io::{Cursor, Write};

use super::*;

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/archives/", $name)).as_slice()
    };
}

pub(super) fn zip_of(files: &[(&[u8], &[u8])]) -> Vec<u8> {
    zip_with(files, zip::write::SimpleFileOptions::default())
}

fn zip_with(files: &[(&[u8], &[u8])], options: zip::write::FileOptions<'_, '_, ()>) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (index, (_, content)) in files.iter().enumerate() {
        writer.start_file(placeholder(index, files[index].0.len()), options).unwrap();
        writer.write_all(content).unwrap();
    }
    let mut bytes = writer.finish().unwrap().into_inner();
    // The writer only takes UTF-8 names: put the raw ones in place of placeholders of equal length.
    for (index, (name, _)) in files.iter().enumerate() {
        let from = placeholder(index, name.len()).into_bytes();
        while let Some(at) = bytes.windows(from.len()).position(|w| w == from) {
            bytes[at..at + from.len()].copy_from_slice(name);
        }
    }
    bytes
}

fn placeholder(index: usize, len: usize) -> String {
    format!("{}{}", char::from(b'Q' + u8::try_from(index).unwrap()), "q".repeat(len - 1))
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn bz2(bytes: &[u8]) -> Vec<u8> {
    let mut writer = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

/// A tar of files and links (a target instead of content).
fn tar_of(files: &[(&[u8], &[u8])], links: &[(&str, &str)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in files {
        let mut header = tar::Header::new_gnu();
        let field = &mut header.as_old_mut().name;
        if name.len() > field.len() {
            let mut long = tar::Header::new_gnu();
            long.as_old_mut().name[..13].copy_from_slice(b"././@LongLink");
            long.set_entry_type(tar::EntryType::GNULongName);
            long.set_size(name.len() as u64 + 1);
            long.set_cksum();
            builder.append(&long, [*name, b"\0"].concat().as_slice()).unwrap();
        } else {
            field[..name.len()].copy_from_slice(name);
        }
        header.set_size(content.len() as u64);
        header.set_cksum();
        builder.append(&header, *content).unwrap();
    }
    for (name, target) in links {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::Symlink);
        header.set_size(0);
        builder.append_link(&mut header, name, target).unwrap();
    }
    builder.into_inner().unwrap()
}

fn b64(bytes: &[u8]) -> String {
    base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes)
}

/// A mail with attachments, names as given in the head.
fn mail_of(subject: &str, attachments: &[(&str, &str, &[u8])]) -> Vec<u8> {
    // A mail in a mail has another boundary.
    let mark = format!("=_{}", subject.len());
    let mut mail = format!(
        "From: a@example.com\r\nSubject: =?utf-8?B?{}?=\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"{mark}\"\r\n\r\n--{mark}\r\nContent-Type: text/plain\r\n\r\n\
         words\r\n",
        b64(subject.as_bytes())
    );
    for (media, disposition, content) in attachments {
        let encoded = if media.starts_with("message/") {
            format!("\r\n\r\n{}", String::from_utf8_lossy(content))
        } else {
            format!("\r\nContent-Transfer-Encoding: base64\r\n\r\n{}", b64(content))
        };
        mail.push_str(&format!(
            "--{mark}\r\nContent-Type: {media}\r\nContent-Disposition: {disposition}{encoded}\r\n"
        ));
    }
    mail.push_str(&format!("--{mark}--\r\n"));
    mail.into_bytes()
}

/// An Outlook mail with one attachment, and a mail in it with another.
fn msg() -> Vec<u8> {
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let mut ole = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    let mut put = |path: &str, bytes: &[u8]| {
        let parent = path.rsplit_once('/').unwrap().0;
        ole.create_storage_all(parent).unwrap();
        ole.create_stream(path).unwrap().write_all(bytes).unwrap();
    };
    put("/__properties_version1.0", b"");
    put("/__substg1.0_1000001F", &wide("正文"));
    put("/__attach_version1.0_#00000000/__substg1.0_37010102", b"%PDF-1.4 one");
    put("/__attach_version1.0_#00000000/__substg1.0_3707001F", &wide("采购/合同.pdf\0"));
    put("/__attach_version1.0_#00000000/__substg1.0_3704001F", &wide("CAIGOU~1.PDF"));
    let inner = "/__attach_version1.0_#00000001/__substg1.0_3701000D";
    put(&format!("{inner}/__properties_version1.0"), b"");
    put(&format!("{inner}/__substg1.0_0037001F"), &wide("转发：发票"));
    put(&format!("{inner}/__attach_version1.0_#00000000/__substg1.0_37010102"), b"%PDF-1.4 two");
    put(
        &format!("{inner}/__attach_version1.0_#00000000/__substg1.0_3704001E"),
        &encoding_rs::GBK.encode("发票.pdf").0,
    );
    ole.flush().unwrap();
    ole.into_inner().into_inner()
}

/// `winmail.dat` with one attachment that has a short and a long name.
fn tnef() -> Vec<u8> {
    let mut out = 0x223E_9F78u32.to_le_bytes().to_vec();
    out.extend([1, 0]);
    let mut attribute = |id: u16, value: &[u8]| {
        out.push(2);
        out.extend(id.to_le_bytes());
        out.extend([0, 0]);
        out.extend((value.len() as u32).to_le_bytes());
        out.extend(value);
        out.extend([0, 0]);
    };
    attribute(0x9002, &[0; 14]);
    attribute(0x8010, b"HETONG~1.PDF\0");
    attribute(0x800F, b"%PDF-1.4 three");
    let name: Vec<u8> = "合同.pdf\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut properties = 2u32.to_le_bytes().to_vec();
    properties.extend([3, 0, 0x05, 0x37, 1, 0, 0, 0]);
    properties.extend([0x1F, 0, 0x07, 0x37]);
    properties.extend(1u32.to_le_bytes());
    properties.extend((name.len() as u32).to_le_bytes());
    properties.extend(&name);
    properties.extend([0, 0]);
    attribute(0x9005, &properties);
    out
}

fn intake(name: &str, bytes: &[u8], limits: &Limits, passwords: &Passwords) -> Intake {
    let dir = tempfile::tempdir().unwrap();
    let spool = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(name), bytes).unwrap();
    super::super::take_in(dir.path(), &[], spool.path(), limits, passwords).unwrap()
}

fn take(bytes: &[u8], limits: &Limits) -> Intake {
    intake("a.zip", bytes, limits, &Passwords::default())
}

fn take_as(name: &str, bytes: &[u8]) -> Intake {
    intake(name, bytes, &Limits::default(), &Passwords::default())
}

fn with(name: &str, bytes: &[u8], passwords: &str) -> Intake {
    intake(name, bytes, &Limits::default(), &Passwords::parse(passwords.as_bytes()).unwrap())
}

fn paths(intake: &Intake) -> Vec<&str> {
    intake.files.iter().map(|f| &*f.path).collect()
}

fn reasons(intake: &Intake) -> String {
    intake.unread.iter().map(|(path, why)| format!("{path}: {why}\n")).collect()
}

#[test]
fn gbk_names_and_nesting() {
    let gbk = encoding_rs::GB18030.encode("发票.pdf").0.into_owned();
    let inner = zip_of(&[(&gbk, b"one"), (b"__MACOSX/x.txt", b"junk")]);
    let outer = zip_of(&[("内层.zip".as_bytes(), &inner), (b"b.pdf", b"two")]);
    let intake = take(&outer, &Limits::default());
    assert_eq!(paths(&intake), ["a.zip!/b.pdf", "a.zip!/内层.zip!/发票.pdf"]);
    assert_eq!(intake.junk.len(), 1);
    let flat = take(&outer, &Limits { depth: 1, ..Limits::default() });
    assert_eq!(paths(&flat), ["a.zip!/b.pdf"]);
    assert!(flat.unread[0].1.contains("嵌套"));
}

#[test]
fn names_that_lead_out_stay_inside() {
    let files: [(&[u8], &[u8]); 2] = [(b"../../up.pdf", b"one"), (b"up.pdf", b"two")];
    for (name, bytes) in [("a.zip", zip_of(&files)), ("a.tar", tar_of(&files, &[]))] {
        let intake = take_as(name, &bytes);
        assert_eq!(paths(&intake), [format!("{name}!/up.pdf"), format!("{name}!/up.pdf#2")]);
        assert!(intake.notes[0].contains("以外"));
    }
}

#[test]
fn bombs_are_refused() {
    let zeros = vec![0u8; 1 << 20];
    let bytes = zip_of(&[(b"bomb.pdf", &zeros), (b"ok.pdf", b"fine")]);
    let limits = Limits { small: 1 << 10, ..Limits::default() };
    let intake = take(&bytes, &limits);
    assert_eq!(paths(&intake), ["a.zip!/ok.pdf"]);
    assert!(intake.unread[0].1.contains("压缩比"), "{:?}", intake.unread);
    let intake = take(&bytes, &Limits { inflated: 1 << 10, ..Limits::default() });
    assert!(intake.unread[0].1.contains("展开后超过"), "{:?}", intake.unread);
    assert_eq!(intake.unread.len(), 1, "one reason, not one for every member that follows");
    let intake = take(&bytes, &Limits { members: 1, ..Limits::default() });
    assert!(intake.unread[0].1.contains("超过 1 个"), "{:?}", intake.unread);
}

#[test]
fn bombs_of_other_kinds_are_refused_too() {
    let zeros = vec![0u8; 24 << 20];
    let limits = Limits { small: 1 << 20, ..Limits::default() };
    let passwords = Passwords::default();
    let tar = tar_of(&[(b"._junk", &zeros), (b"ok.pdf", b"fine")], &[]);
    for (name, bytes) in [
        ("a.pdf.gz", gz(&zeros)),
        ("a.pdf.bz2", bz2(&zeros)),
        ("junk.tar.gz", gz(&tar)),
        ("bomb.7z", fixture!("bomb.7z").to_vec()),
        ("in.zip", zip_of(&[(b"x.gz", &gz(&zeros))])),
    ] {
        let intake = intake(name, &bytes, &limits, &passwords);
        assert!(intake.files.is_empty(), "{name}: {:?}", paths(&intake));
        assert_eq!(intake.unread.len(), 1, "{name}: {}", reasons(&intake));
        assert!(
            intake.unread[0].1.contains("压缩比") || intake.unread[0].1.contains("过多"),
            "{}",
            reasons(&intake)
        );
    }
}

#[test]
fn limits_hold_over_the_nest() {
    let block =
        |seed: u8| (0..40_000u32).map(|i| (i * 7 + u32::from(seed) * i * i) as u8).collect::<Vec<u8>>();
    let inner = zip_of(&[(b"1.bin", &block(1)), (b"2.bin", &block(2))]);
    let outer = zip_of(&[(b"a.zip", &inner), (b"b.zip", &inner)]);
    let all = take(&outer, &Limits::default());
    assert_eq!(all.files.len(), 4);
    let few = take(&outer, &Limits { members: 3, ..Limits::default() });
    assert_eq!((few.files.len(), few.unread.len()), (2, 1), "{}", reasons(&few));
}

#[test]
fn broken_archives_are_told() {
    let mut bytes = zip_of(&[(b"a.pdf", b"content")]);
    bytes.truncate(bytes.len() - 10);
    let intake = take(&bytes, &Limits::default());
    assert!(intake.files.is_empty());
    assert!(intake.unread[0].1.contains("损坏"));
    for (name, bytes) in [
        ("solid.7z", fixture!("solid.7z")),
        ("rar5.rar", fixture!("rar5.rar")),
        ("rar4.rar", fixture!("rar4.rar")),
        ("one.xz", fixture!("one.xz")),
    ] {
        for part in [2, 3] {
            let intake = take_as(name, &bytes[..bytes.len() * (part - 1) / part]);
            assert!(!intake.unread.is_empty(), "{name}: {:?}", intake);
        }
    }
    let cut = gz(&[7u8; 5000].map(|b| b.wrapping_mul(3)));
    assert!(take_as("a.pdf.gz", &cut[..cut.len() - 8]).unread[0].1.contains("损坏"));
    let tar = tar_of(&[(b"a.pdf", &[1u8; 2000])], &[]);
    assert!(take_as("a.tar", &tar[..1024]).unread[0].1.contains("损坏"));
}

#[test]
fn every_kind_gives_its_files() {
    let expect = |name: &str| vec![format!("{name}!/发票/一.pdf"), format!("{name}!/合同.pdf")];
    for (name, bytes) in [
        ("rar5.rar", fixture!("rar5.rar")),
        ("rar5_solid.rar", fixture!("rar5_solid.rar")),
        ("rar4.rar", fixture!("rar4.rar")),
        ("solid.7z", fixture!("solid.7z")),
    ] {
        let intake = take_as(name, bytes);
        assert_eq!(paths(&intake), expect(name), "{}", reasons(&intake));
        assert!(intake.files.iter().all(|f| f.format == Format::Pdf && f.size > 300), "{:?}", intake.files);
        assert_eq!((intake.unread.len(), intake.junk.len()), (0, 1), "{name}");
    }
    let one = take_as("一.pdf.xz", fixture!("one.xz"));
    assert_eq!(paths(&one), ["一.pdf.xz!/一.pdf"]);
    assert_eq!(one.files[0].size, 520);
    assert_eq!(paths(&take_as("发票.PDF.GZ", &gz(b"%PDF-1.4"))), ["发票.PDF.GZ!/发票.PDF"]);
    assert_eq!(paths(&take_as("a.bz2", &bz2(b"%PDF-1.4"))), ["a.bz2!/a"]);
}

#[test]
fn every_packing_method_of_zip() {
    use zip::CompressionMethod as M;
    for method in [M::Stored, M::Deflated, M::Bzip2, M::Xz] {
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        let intake = take(&zip_with(&[(b"a.pdf", b"%PDF-1.4 abc abc abc")], options), &Limits::default());
        assert_eq!(paths(&intake), ["a.zip!/a.pdf"], "{method:?}: {}", reasons(&intake));
    }
    let mut unknown = zip_of(&[(b"a.pdf", b"%PDF-1.4")]);
    // Method 93 in both headers.
    unknown[8] = 93;
    let at = unknown.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    unknown[at + 10] = 93;
    let intake = take(&unknown, &Limits::default());
    assert!(intake.unread[0].1.contains("Zstandard"), "{}", reasons(&intake));
}

#[test]
fn tars_with_long_and_gbk_names_and_links() {
    let long = format!("{}/合同.pdf", "很长的文件夹名称".repeat(8));
    let gbk = encoding_rs::GB18030.encode("发票.pdf").0.into_owned();
    let tar = tar_of(
        &[(long.as_bytes(), b"%PDF-1.4 one"), (&gbk, b"%PDF-1.4 two"), (b"empty.pdf", b"")],
        &[("link.pdf", "/etc/hostname")],
    );
    for (name, bytes) in [("a.tar", tar.clone()), ("a.tar.gz", gz(&tar)), ("a.tbz", bz2(&tar))] {
        let intake = take_as(name, &bytes);
        assert_eq!(paths(&intake), [format!("{name}!/发票.pdf"), format!("{name}!/{long}")]);
        assert_eq!(intake.unread.len(), 1);
        assert!(intake.unread[0].1.contains("链接"), "{}", reasons(&intake));
        assert_eq!(intake.junk.len(), 1, "the empty one");
    }
}

#[test]
fn mails_with_their_attachments() {
    let gbk = encoding_rs::GBK.encode("合同.pdf").0.into_owned();
    let word = format!("attachment; filename=\"=?GBK?B?{}?=\"", b64(&gbk));
    let inner = mail_of("转发：发票", &[("application/pdf", "attachment; filename=b.pdf", b"%PDF-1.4 b")]);
    let archive = zip_of(&[(b"c.pdf", b"%PDF-1.4 c")]);
    let mail = mail_of(
        "材料",
        &[
            ("application/octet-stream", &word, b"%PDF-1.4 a"),
            ("message/rfc822", "attachment", &inner),
            ("application/zip", "attachment; filename*=utf-8''%E6%9D%90%E6%96%99.zip", &archive),
            ("application/pdf", "inline", b"%PDF-1.4 d"),
        ],
    );
    let intake = take_as("mail.eml", &mail);
    assert_eq!(
        paths(&intake),
        [
            "mail.eml!/合同.pdf",
            "mail.eml!/材料.zip!/c.pdf",
            "mail.eml!/转发：发票.eml!/b.pdf",
            "mail.eml!/附件5.pdf"
        ],
        "{}",
        reasons(&intake)
    );
    assert!(intake.files.iter().all(|f| f.format == Format::Pdf && f.size == 10));
    let plain: Vec<&str> = intake.plain.iter().map(|p| &**p).collect();
    assert_eq!(plain, ["mail.eml!/转发：发票.eml!/邮件正文.txt", "mail.eml!/邮件正文.txt"]);
    let broken = b"From: a\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed\r\n\r\nnothing";
    assert!(take_as("x.eml", broken).unread[0].1.contains("结构损坏"));
    let cut = take_as("mail.eml", &mail[..mail.len() - 100]);
    assert!(cut.notes.iter().any(|n| n.contains("不完整")), "{:?}", cut.notes);
}

#[test]
fn an_attached_invoice_keeps_its_bytes() {
    // Decoding the text would break the declared encoding.
    let xml = encoding_rs::GBK.encode("<?xml version=\"1.0\" encoding=\"GBK\"?><发票/>").0.into_owned();
    let mail = mail_of("x", &[("text/xml; charset=gbk", "attachment; filename=a.xml", &xml)]);
    let intake = take_as("mail.eml", &mail);
    assert_eq!((intake.files[0].size, intake.files[0].format), (xml.len() as u64, Format::Xml));
}

#[test]
fn outlook_mails() {
    let intake = take_as("a.msg", &msg());
    assert_eq!(
        paths(&intake),
        ["a.msg!/转发：发票/发票.pdf", "a.msg!/采购 合同.pdf"],
        "{}",
        reasons(&intake)
    );
    assert_eq!(intake.plain.len(), 1);
    let intake = take_as("winmail.dat", &tnef());
    assert_eq!(paths(&intake), ["winmail.dat!/合同.pdf"], "{}", reasons(&intake));
    assert!(!take_as("winmail.dat", &tnef()[..60]).unread.is_empty());
}

#[test]
fn locked_archives_open_with_the_list() {
    use zip::unstable::write::FileOptionsExt;
    let plain = zip::write::SimpleFileOptions::default();
    let files: &[(&[u8], &[u8])] =
        &[(b"a.pdf", b"%PDF-1.4 one one one"), (b"b.pdf", b"%PDF-1.4 two two two")];
    let gbk = encoding_rs::GBK.encode("口令123").0.into_owned();
    let old = zip_with(files, plain.with_deprecated_encryption(&gbk).unwrap());
    let aes = zip_with(files, plain.with_aes_encryption(zip::AesMode::Aes256, "口令123"));
    for (name, bytes) in [
        ("old.zip", old.as_slice()),
        ("aes.zip", &aes),
        ("locked.7z", fixture!("locked.7z")),
        ("hidden.7z", fixture!("hidden.7z")),
        ("rar5_locked.rar", fixture!("rar5_locked.rar")),
        ("rar5_hidden.rar", fixture!("rar5_hidden.rar")),
    ] {
        let without = take_as(name, bytes);
        assert!(without.files.is_empty() && !without.unread.is_empty(), "{name}");
        assert!(without.unread.iter().all(|u| u.1.contains("--passwords")), "{}", reasons(&without));
        let wrong = with(name, bytes, "123456\n口令");
        assert!(wrong.files.is_empty(), "{name}");
        assert!(
            wrong.unread.iter().all(|u| u.1.contains("2 个密码") && !u.1.contains("口令")),
            "{}",
            reasons(&wrong)
        );
        let right = with(name, bytes, "123456\n口令123\n");
        assert_eq!((right.files.len(), right.unread.len()), (2, 0), "{name}: {}", reasons(&right));
    }
    let old = with("r4.rar", fixture!("rar4_locked.rar"), "123\nsecret");
    assert_eq!((old.files.len(), old.unread.len()), (2, 0), "{}", reasons(&old));
}

#[test]
fn volumes_are_told_by_their_names() {
    let packed = fixture!("solid.7z");
    let packed_rar = fixture!("rar5.rar");
    let split = [&b"PK\x07\x08"[..], &zip_of(&[(b"a.pdf", b"%PDF-1.4 one")])[..40]].concat();
    let rest: Vec<u8> = (0..200u8).map(|n| n.wrapping_mul(37) | 0x80).chain([0, 0]).collect();
    let outer = zip_of(&[("材料.7z.002".as_bytes(), &rest)]);
    for (name, bytes) in [
        ("材料.7z.001", &packed[..packed.len() / 2]),
        ("材料.part1.rar", &packed_rar[..packed_rar.len() / 2]),
        ("材料.7z.002", &rest),
        ("材料.z01", &split),
        ("外.zip", &outer),
    ] {
        let intake = take_as(name, bytes);
        assert!(reasons(&intake).contains("分卷"), "{name}: {}", reasons(&intake));
    }
    // The only volume is the whole archive.
    assert!(!take_as("材料.7z.001", packed).files.is_empty());
}

/// Changed bytes anywhere give files or reasons, never a panic that reaches the caller, and always an end.
#[test]
fn mutations_of_every_kind() {
    let rounds: u32 = std::env::var("HECHA_ROUNDS").ok().and_then(|r| r.parse().ok()).unwrap_or(40);
    let inner = zip_of(&[(b"a.pdf", b"%PDF-1.4 one"), (b"b/c.pdf", b"%PDF-1.4 two")]);
    let tar = tar_of(&[(b"a.pdf", b"%PDF-1.4 one"), ("长名".repeat(60).as_bytes(), b"x")], &[("l", "a.pdf")]);
    let mail = mail_of("材料", &[("application/zip", "attachment; filename=a.zip", &inner)]);
    let seeds: Vec<(&str, Vec<u8>)> = vec![
        ("zip", zip_of(&[(b"in.zip", &inner), (b"t.tar.gz", &gz(&tar))])),
        ("7z", fixture!("solid.7z").to_vec()),
        ("locked 7z", fixture!("locked.7z").to_vec()),
        ("rar5", fixture!("rar5.rar").to_vec()),
        ("rar5 solid", fixture!("rar5_solid.rar").to_vec()),
        ("rar4", fixture!("rar4.rar").to_vec()),
        ("tar", tar.clone()),
        ("gz", gz(&tar)),
        ("bz2", bz2(&tar)),
        ("xz", fixture!("one.xz").to_vec()),
        ("eml", mail),
        ("msg", msg()),
        ("tnef", tnef()),
    ];
    let limits =
        Limits { file: 4 << 20, inflated: 16 << 20, small: 1 << 20, tries: 300, ..Limits::default() };
    let passwords = Passwords::parse(b"a").unwrap();
    let mut seed = 0x2545_F491_4F6C_DD1Du64;
    let mut random = move |most: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % most as u64) as usize
    };
    for (kind, bytes) in &seeds {
        for round in 0..rounds {
            let mut changed = bytes.clone();
            for _ in 0..=random(8) {
                let at = random(changed.len());
                changed[at] = [0, 1, 0x7F, 0x80, 0xFF, random(256) as u8][random(6)];
            }
            if random(6) == 0 {
                changed.truncate(random(changed.len()) + 1);
            }
            let intake = intake("x", &changed, &limits, &passwords);
            let words = reasons(&intake);
            assert!(!words.contains("中止"), "{kind} {round}: {words}");
        }
    }
}

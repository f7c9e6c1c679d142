//! Bad input and bad luck: every line of what the tool promises about them.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::common::{Scratch, check, form, hecha, reason, report, report_bytes, run, zip};

#[test]
fn missing_and_empty_folders() {
    let scratch = Scratch::new();
    let ran = check(&scratch.path("none"), &scratch.out(), &[]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("不存在"), "{}", ran.err);
    fs::create_dir_all(scratch.path("empty/inner")).unwrap();
    scratch.put("empty/.DS_Store", b"junk");
    scratch.put("empty/blank.pdf", b"");
    let ran = check(&scratch.path("empty"), &scratch.out(), &[]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("是空的"), "{}", ran.err);
    scratch.put("file.pdf", b"%PDF-1.4");
    let ran = check(&scratch.path("file.pdf"), &scratch.out(), &[]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("hecha read"), "{}", ran.err);
}

#[test]
fn a_folder_without_any_form_names_every_file() {
    let scratch = Scratch::new();
    scratch.put("in/甲/说明.docx", &super::common::docx(&["会议纪要"], &[]));
    let ran = check(&scratch.input(), &scratch.out(), &[]);
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    assert!(ran.out.contains("没有找到任何申报书"), "{}", ran.out);
    let report = report(&scratch.out());
    assert!(reason(&report, "甲/说明.docx").contains("没有找到"));
    assert_eq!(report["submissions"].as_array().unwrap().len(), 0);
}

#[test]
fn files_that_cannot_be_read_cost_only_themselves() {
    let scratch = Scratch::with_submission();
    let at = |name: &str| format!("in/长沙市/甲辰智能/{name}");
    scratch.put(&at("damaged.pdf"), b"%PDF-1.7\n1 0 obj << broken");
    scratch.put(&at("locked.pdf"), &encrypted_pdf());
    scratch.put(&at("locked.docx"), &encrypted_office());
    scratch.put(&at("old.rar"), b"Rar!\x1a\x07\x01\x00rest");
    scratch.put(&at("old.cab"), b"MSCF\0\0\0\0rest");
    scratch.put(&at("photo.heic"), b"\0\0\0\x18ftypheic\0\0\0\0mif1heic");
    scratch.put(&at("broken.zip"), b"PK\x03\x04 not really");
    scratch.put(&at("huge.png"), &png_bomb());
    std::os::unix::fs::symlink("/etc/hostname", scratch.path(&at("link.pdf"))).unwrap();
    std::os::unix::fs::symlink("nowhere", scratch.path(&at("dangling.pdf"))).unwrap();
    let ran = check(&scratch.input(), &scratch.out(), &[]);
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    let report = report(&scratch.out());
    assert_eq!(report["submissions"][0]["id"], "长沙市/甲辰智能");
    for (file, word) in [
        ("damaged.pdf", "损坏"),
        ("locked.pdf", "密码"),
        ("locked.docx", "密码"),
        ("old.rar", "损坏"),
        ("old.cab", "解压"),
        ("photo.heic", "JPG"),
        ("broken.zip", "损坏"),
        ("huge.png", "上限"),
        ("link.pdf", "链接"),
        ("dangling.pdf", "链接"),
    ] {
        let why = reason(&report, file);
        assert!(why.contains(word), "{file}: {why}");
    }
    let whole = report.to_string();
    assert!(!whole.contains(&*scratch.input().to_string_lossy()), "paths are relative");
}

#[test]
fn plain_text_is_no_evidence_and_no_fault() {
    let scratch = Scratch::new();
    scratch.put("in/甲/申报书.docx", &form("湖南甲辰智能科技有限公司"));
    scratch.put("in/甲/说明.txt", "先看申报书".as_bytes());
    scratch.put("in/甲/首页.html", b"<html><body>portal</body></html>");
    let ran = check(&scratch.input(), &scratch.out(), &["--verbose"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("2 个纯文本或网页文件"), "{}", ran.err);
    let told = report(&scratch.out());
    assert_eq!(told["unread"].as_array().map(Vec::len), Some(0));
    scratch.put("in/甲/发票.pdf", "这不是 PDF".as_bytes());
    let ran = check(&scratch.input(), &scratch.out(), &[]);
    assert_eq!(ran.code, Some(3), "text that calls itself a PDF is told: {}", ran.err);
}

#[test]
fn unreadable_by_permission() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::with_submission();
    scratch.put("in/长沙市/甲辰智能/secret.pdf", b"%PDF-1.7");
    let path = scratch.path("in/长沙市/甲辰智能/secret.pdf");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::File::open(&path).is_ok() {
        return; // Root reads everything.
    }
    let ran = check(&scratch.input(), &scratch.out(), &[]);
    assert_eq!(ran.code, Some(3));
    assert!(reason(&report(&scratch.out()), "secret.pdf").contains("权限"));
}

#[test]
fn bombs_and_names_that_lead_out_of_an_archive() {
    let scratch = Scratch::new();
    let zeros = vec![0u8; 64 << 20];
    let company = form("湖南甲辰智能科技有限公司");
    let inner = zip(&[("zeros.bin", &zeros)]);
    let archive = zip(&[("申报书.docx", &company), ("../../../escape.txt", b"hello"), ("inner.zip", &inner)]);
    scratch.put("in/甲辰.zip", &archive);
    let ran = check(&scratch.input(), &scratch.out(), &["--verbose"]);
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    assert!(ran.err.contains("压缩包以外"), "{}", ran.err);
    let report = report(&scratch.out());
    assert_eq!(report["submissions"][0]["id"], "甲辰.zip");
    assert!(reason(&report, "甲辰.zip!/inner.zip!/zeros.bin").contains("炸弹"));
    assert!(!scratch.path("escape.txt").exists() && !scratch.path("in/escape.txt").exists());
    let left: Vec<_> = fs::read_dir(scratch.out().join(".hecha-store")).unwrap().flatten().collect();
    assert!(left.iter().all(|e| !e.file_name().to_string_lossy().starts_with("spool-")));
}

/// A mail that holds a locked archive that holds an archive that holds the form.
#[test]
fn a_locked_archive_in_a_mail_opens_with_the_list() {
    use base64::Engine;
    use zip::unstable::write::FileOptionsExt;
    let form = form("湖南甲辰智能科技有限公司");
    let inner = zip(&[("申报书.docx", &form)]);
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().with_deprecated_encryption(b"k3y").unwrap();
    writer.start_file("材料.zip", options).unwrap();
    std::io::Write::write_all(&mut writer, &inner).unwrap();
    let locked = writer.finish().unwrap().into_inner();
    let mail = format!(
        "From: a@example.com\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\n\r\n请查收\r\n--b\r\nContent-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\
         Content-Disposition: attachment; filename*=utf-8''%E5%8A%A0%E5%AF%86.zip\r\n\r\n{}\r\n--b--\r\n",
        base64::engine::general_purpose::STANDARD.encode(&locked)
    );
    let scratch = Scratch::new();
    scratch.put("in/长沙市/甲辰/材料.eml", mail.as_bytes());
    scratch.put("passwords.txt", b"nope\nk3y\n");
    scratch.put("wrong.txt", b"nope\n");
    let member = "材料.eml!/加密.zip!/材料.zip";
    let ran = check(&scratch.input(), &scratch.out(), &[]);
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    assert!(reason(&report(&scratch.out()), member).contains("--passwords"));
    let wrong = scratch.path("wrong.txt").to_string_lossy().into_owned();
    let ran = check(&scratch.input(), &scratch.out(), &["--passwords", &wrong, "--verbose"]);
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    assert!(reason(&report(&scratch.out()), member).contains("1 个密码"));
    let right = scratch.path("passwords.txt").to_string_lossy().into_owned();
    let ran = check(&scratch.input(), &scratch.out(), &["--passwords", &right, "--verbose"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let told = report(&scratch.out());
    assert_eq!(told["submissions"].as_array().unwrap().len(), 1);
    assert_eq!(told["unread"].as_array().map(Vec::len), Some(0));
    let page = fs::read_to_string(scratch.out().join("report.html")).unwrap();
    for text in [told.to_string(), page, ran.out, ran.err] {
        assert!(!text.contains("k3y") && !text.contains("nope"), "a password is shown");
    }
    let ran = check(&scratch.input(), &scratch.out(), &["--passwords", "/nonexistent"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
}

/// What was read with one list is not taken for what another gives.
#[test]
fn a_locked_pdf_opens_with_the_list() {
    let scratch = Scratch::with_submission();
    scratch.put("in/长沙市/甲辰智能/合同.pdf", &lock(&plain_pdf(), "k3y"));
    scratch.put("passwords.txt", b"nope\nk3y\n");
    scratch.put("wrong.txt", b"nope\n");
    let list = |name: &str| scratch.path(name).to_string_lossy().into_owned();
    let tell = |more: &[&str]| {
        let ran = check(&scratch.input(), &scratch.out(), more);
        (ran.code, report(&scratch.out()))
    };
    let (code, told) = tell(&[]);
    assert_eq!(code, Some(3));
    assert!(reason(&told, "合同.pdf").contains("--passwords"));
    let (code, told) = tell(&["--passwords", &list("wrong.txt")]);
    assert_eq!(code, Some(3));
    assert!(reason(&told, "合同.pdf").contains("1 个密码"));
    let (code, told) = tell(&["--passwords", &list("passwords.txt")]);
    assert_eq!((code, told["unread"].as_array().map(Vec::len)), (Some(0), Some(0)));
    let (code, _) = tell(&["--passwords", &list("wrong.txt")]);
    assert_eq!(code, Some(3), "the lock is back");
}

/// A page without anything on it.
fn plain_pdf() -> Vec<u8> {
    use lopdf::{Document, Object, dictionary};
    let mut document = Document::with_version("1.5");
    let pages = document.new_object_id();
    let size: Vec<Object> = vec![0.into(), 0.into(), 595.into(), 842.into()];
    let page = document.add_object(dictionary! { "Type" => "Page", "Parent" => pages, "MediaBox" => size });
    let kids: Vec<Object> = vec![page.into()];
    let list = dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => 1 };
    document.objects.insert(pages, Object::Dictionary(list));
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    let id = Object::string_literal(vec![7u8; 16]);
    document.trailer.set("ID", Object::Array(vec![id.clone(), id]));
    let mut out = Vec::new();
    document.save_to(&mut out).unwrap();
    out
}

/// The PDF with a lock that asks for a password.
fn lock(pdf: &[u8], password: &str) -> Vec<u8> {
    use lopdf::{Document, EncryptionState, EncryptionVersion, Permissions};
    let mut document = Document::load_mem(pdf).unwrap();
    let version = EncryptionVersion::V2 {
        document: &document,
        owner_password: "owner",
        user_password: password,
        key_length: 128,
        permissions: Permissions::all(),
    };
    let state = EncryptionState::try_from(version).unwrap();
    document.encrypt(&state).unwrap();
    let mut out = Vec::new();
    document.save_to(&mut out).unwrap();
    out
}

#[test]
fn an_xml_bomb_in_an_office_file_ends_with_a_reason() {
    let mut entities = String::from("<!ENTITY a0 \"0123456789\">");
    for n in 1..12 {
        entities.push_str(&format!("<!ENTITY a{n} \"{}\">", format!("&a{};", n - 1).repeat(10)));
    }
    let document = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE x [{entities}]><w:document xmlns:w=\"urn\">&a11;</w:document>"
    );
    let bomb =
        zip(&[("[Content_Types].xml", b"<Types/>".as_slice()), ("word/document.xml", document.as_bytes())]);
    let scratch = Scratch::with_submission();
    scratch.put("in/长沙市/甲辰智能/bomb.docx", &bomb);
    let ran = check(&scratch.input(), &scratch.out(), &[]);
    assert!(matches!(ran.code, Some(0 | 3)), "{}", ran.err);
    assert_eq!(report(&scratch.out())["submissions"].as_array().unwrap().len(), 1);
}

#[test]
fn a_broken_rule_pack_names_file_and_line() {
    let scratch = Scratch::with_submission();
    copy(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/rules")), &scratch.path("rules"));
    let rules = scratch.path("rules").to_string_lossy().into_owned();
    let ran = check(&scratch.input(), &scratch.out(), &["--rules", &rules]);
    assert_ne!(ran.code, Some(2), "{}", ran.err);
    let file = scratch.path("rules/lexicon/invoice.toml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{text}\nbroken = [\n")).unwrap();
    let line = text.lines().count() + 2;
    let ran = check(&scratch.input(), &scratch.out(), &["--rules", &rules]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("lexicon/invoice.toml:"), "{}", ran.err);
    let told: usize =
        ran.err.split("invoice.toml:").nth(1).unwrap().split(':').next().unwrap().parse().unwrap();
    assert!((line - 1..=line + 1).contains(&told), "line {told} for {line}: {}", ran.err);
    let ran = check(&scratch.input(), &scratch.out(), &["--rules", "/nonexistent"]);
    assert_eq!(ran.code, Some(2));
}

#[test]
fn an_output_that_cannot_be_written() {
    let scratch = Scratch::with_submission();
    let ran = check(&scratch.input(), std::path::Path::new("/proc/hecha-out"), &[]);
    assert_eq!(ran.code, Some(4));
    assert!(ran.err.contains("输出目录") && ran.err.contains("-o"), "{}", ran.err);
    scratch.put("taken", b"a file");
    let ran = check(&scratch.input(), &scratch.path("taken"), &[]);
    assert_eq!(ran.code, Some(4));
    // A full disk, as a process without room for larger files sees it.
    let mut shell = Command::new("sh");
    let script = "trap '' XFSZ; ulimit -f 9; exec \"$@\"";
    shell.args(["-c", script, "sh", env!("CARGO_BIN_EXE_hecha"), "check"]);
    let ran = run(shell.arg(scratch.input()).arg("-o").arg(scratch.out()));
    assert_eq!(ran.code, Some(4), "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("无法写入") && ran.err.contains("磁盘"), "{}", ran.err);
    assert!(!scratch.out().join("report.html").exists());
    let ran = check(&scratch.input(), &scratch.out(), &[]);
    assert_eq!(ran.code, Some(0), "what was read is not lost: {}", ran.err);
}

#[test]
fn no_engine_at_all() {
    let scratch = Scratch::with_submission();
    let mut png = Vec::new();
    let picture = image::RgbImage::from_pixel(200, 200, image::Rgb([255, 255, 255]));
    picture.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
    scratch.put("in/长沙市/甲辰智能/scan.png", &png);
    let ran = run(hecha()
        .arg("check")
        .arg(scratch.input())
        .arg("-o")
        .arg(scratch.out())
        .env("HECHA_MODELS", "/nonexistent")
        .env("TESSDATA_PREFIX", "/nonexistent"));
    assert_eq!(ran.code, Some(3), "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("hecha doctor"), "{}", ran.err);
    assert!(reason(&report(&scratch.out()), "scan.png").contains("识别引擎"));
}

#[test]
fn two_runs_cannot_share_a_store() {
    let scratch = Scratch::with_submission();
    let store = scratch.path("store");
    let held = hecha::store::Store::open(&store).unwrap();
    let named = store.to_string_lossy().into_owned();
    let ran = check(&scratch.input(), &scratch.out(), &["--store", &named]);
    assert_eq!(ran.code, Some(4));
    assert!(ran.err.contains("--store"), "{}", ran.err);
    drop(held);
    assert_eq!(check(&scratch.input(), &scratch.out(), &["--store", &named]).code, Some(0));
}

fn many() -> Scratch {
    let scratch = Scratch::new();
    for n in 0..12 {
        let name = format!("湖南甲辰{n}号智能科技有限公司");
        scratch.put(&format!("in/长沙市/{n:02}/申报书.docx"), &form(&name));
        scratch.put(&format!("in/长沙市/{n:02}/附件/说明{n}.docx"), &super::common::docx(&[&name], &[]));
    }
    scratch
}

#[test]
fn same_bytes_for_any_number_of_jobs_and_from_the_store() {
    let scratch = many();
    assert_eq!(check(&scratch.input(), &scratch.path("one"), &["--jobs", "1"]).code, Some(0));
    assert_eq!(check(&scratch.input(), &scratch.path("two"), &["--jobs", "2"]).code, Some(0));
    assert_eq!(report_bytes(&scratch.path("one")), report_bytes(&scratch.path("two")));
    let first = report_bytes(&scratch.path("one"));
    let ran = check(&scratch.input(), &scratch.path("one"), &[]);
    assert!(ran.err.contains("已读过"), "{}", ran.err);
    assert!(!ran.err.contains("读取 1 个文件"), "{}", ran.err);
    assert_eq!(report_bytes(&scratch.path("one")), first);
    assert_eq!(report(&scratch.path("one"))["submissions"].as_array().unwrap().len(), 12);
}

#[test]
fn killed_and_started_again() {
    let scratch = many();
    assert_eq!(check(&scratch.input(), &scratch.path("whole"), &[]).code, Some(0));
    for wait in [5, 40, 120] {
        let mut child = hecha()
            .arg("check")
            .arg(scratch.input())
            .arg("-o")
            .arg(scratch.out())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(wait));
        let _ = child.kill();
        let status = child.wait().unwrap();
        assert!(status.signal().is_some() || status.success());
    }
    assert_eq!(check(&scratch.input(), &scratch.out(), &[]).code, Some(0));
    assert_eq!(report_bytes(&scratch.out()), report_bytes(&scratch.path("whole")));
}

#[test]
fn interrupted_by_the_user() {
    let scratch = many();
    let child = hecha()
        .arg("check")
        .arg(scratch.input())
        .arg("-o")
        .arg(scratch.out())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(60));
    let pid = rustix::process::Pid::from_child(&child);
    let _ = rustix::process::kill_process(pid, rustix::process::Signal::INT);
    let output = child.wait_with_output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    match output.status.code() {
        Some(4) => assert!(err.contains("中断"), "{err}"),
        // It was done, or had not yet set its handler.
        code => assert!(code == Some(0) || output.status.signal() == Some(2), "{code:?} {err}"),
    }
    assert_eq!(check(&scratch.input(), &scratch.out(), &[]).code, Some(0));
}

#[test]
fn originals_stay_as_they_are() {
    let scratch = many();
    let before = tree(&scratch.input());
    check(&scratch.input(), &scratch.input().join("out"), &[]);
    fs::remove_dir_all(scratch.input().join("out")).unwrap();
    assert_eq!(tree(&scratch.input()), before);
}

fn tree(dir: &std::path::Path) -> Vec<(std::path::PathBuf, u64, std::time::SystemTime)> {
    let mut out = Vec::new();
    for entry in fs::read_dir(dir).unwrap().flatten() {
        let meta = entry.metadata().unwrap();
        if meta.is_dir() {
            out.extend(tree(&entry.path()));
        } else {
            out.push((entry.path(), meta.len(), meta.modified().unwrap()));
        }
    }
    out.sort();
    out
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.metadata().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A PDF that asks for a password: its /U fits no empty one.
fn encrypted_pdf() -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_string(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_string(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>".to_string(),
        format!(
            "<< /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <{}> /U <{}> >>",
            "41".repeat(32),
            "42".repeat(32)
        ),
    ];
    let mut pdf = String::from("%PDF-1.4\n");
    let mut table = String::from("0000000000 65535 f \n");
    for (index, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", pdf.len()));
        pdf.push_str(&format!("{} 0 obj\n{object}\nendobj\n", index + 1));
    }
    let start = pdf.len();
    pdf.push_str(&format!(
        "xref\n0 5\n{table}trailer\n<< /Size 5 /Root 1 0 R /Encrypt 4 0 R /ID [<{0}> <{0}>] >>\nstartxref\n{start}\n%%EOF\n",
        "43".repeat(16)
    ));
    pdf.into_bytes()
}

/// An encrypted Office file: an OLE container with the stream that holds the ciphertext.
fn encrypted_office() -> Vec<u8> {
    let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    bytes.resize(1024, 0);
    bytes.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(2048, 0);
    bytes
}

/// A small PNG that says it is 60,000 pixels wide and high.
fn png_bomb() -> Vec<u8> {
    let mut png = Vec::new();
    image::RgbImage::new(8, 8)
        .write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png)
        .unwrap();
    png[16..20].copy_from_slice(&60_000u32.to_be_bytes());
    png[20..24].copy_from_slice(&60_000u32.to_be_bytes());
    let sum = crc(&png[12..29]);
    png[29..33].copy_from_slice(&sum.to_be_bytes());
    png
}

pub fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte), |s, _| if s & 1 == 1 { (s >> 1) ^ 0xedb8_8320 } else { s >> 1 })
    })
}

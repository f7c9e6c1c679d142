//! Mails as files (EML): their attachments, and mails in mails. The words of a mail are no evidence.

use std::io::Read;

use super::Opened;
use super::mime::{Head, Leaf, Parts};
use super::name::single;

/// A picture up to this size that a mail shows within its text is a logo, not a document.
const LOGO: usize = 16 << 10;

pub(super) fn unpack(opened: &mut Opened<'_, '_>) -> Result<(), String> {
    let mut bytes = Vec::new();
    let most = opened.nest.limits.file;
    opened.file()?.take(most).read_to_end(&mut bytes).map_err(|e| crate::ingest::io_reason(&e))?;
    let (head, at) = Head::parse(&bytes);
    let parts = Parts::of(head, &bytes[at..]);
    let mut words = false;
    for (number, leaf) in (1..).zip(&parts.leaves) {
        words |= take(opened, leaf, number);
        if opened.nest.full {
            return Ok(());
        }
    }
    if words {
        opened.put_aside("邮件正文.txt");
    }
    if parts.cut {
        let note = format!("邮件 {} 不完整，最后一个附件可能被截断；请重新导出", opened.archive.path);
        opened.note(note);
    }
    if parts.broken {
        return Err("邮件结构损坏，部分内容无法读取；请把附件另存为文件后提交".to_string());
    }
    Ok(())
}

/// Takes a part; whether it was words of the mail.
fn take(opened: &mut Opened<'_, '_>, leaf: &Leaf<'_>, number: usize) -> bool {
    let media = leaf.head.media();
    let name = leaf.head.file_name();
    let is_mail = matches!(media.as_str(), "message/rfc822" | "message/global");
    let is_words = media.starts_with("text/") || media.starts_with("message/");
    if is_words && !is_mail && name.is_none() && !leaf.head.is_attachment() {
        return !leaf.body.trim_ascii().is_empty();
    }
    let bytes = leaf.head.decode(leaf.body);
    let name = match name {
        Some(name) => name,
        None if is_mail => mail_name(&bytes, number),
        None => format!("附件{number}.{}", ending(&media)),
    };
    let shown = leaf.head.get("content-id").is_some() && !leaf.head.is_attachment();
    if shown && media.starts_with("image/") && bytes.len() <= LOGO {
        let path = format!("{}!/{}", opened.archive.path, single(&name));
        opened.nest.intake.junk.push(path.into());
        opened.taken += 1;
        return false;
    }
    // A name is no path here: a slash in it is a character.
    opened.take_bytes(&name.replace(['/', '\\'], "／"), &bytes);
    false
}

fn mail_name(bytes: &[u8], number: usize) -> String {
    let subject = Head::parse(bytes).0.text("subject").map(|s| single(&s)).filter(|s| !s.is_empty());
    format!("{}.eml", subject.unwrap_or_else(|| format!("邮件{number}")))
}

/// The usual ending of a media type.
fn ending(media: &str) -> &str {
    match media {
        "application/pdf" => "pdf",
        "application/zip" | "application/x-zip-compressed" => "zip",
        "application/msword" => "doc",
        "application/vnd.ms-excel" => "xls",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        "image/jpeg" | "image/jpg" => "jpg",
        "image/png" => "png",
        "image/tiff" => "tif",
        "application/xml" | "text/xml" => "xml",
        "text/plain" => "txt",
        "text/html" => "html",
        _ => "bin",
    }
}

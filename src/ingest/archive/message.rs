//! Mails as Outlook keeps them (MSG): an OLE file whose attachments are storages, mails in mails among them.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use super::name::single;
use super::{Offer, Opened, broken, decode_name};

type Ole = cfb::CompoundFile<BufReader<File>>;

/// Mails within mails: how deep.
const DEPTH: usize = 8;
/// Most attachments of one mail.
const ATTACHMENTS: usize = 2_000;
/// Longest text that is read of a mail's fields.
const TEXT: u64 = 4096;

pub(super) fn unpack(opened: &mut Opened<'_, '_>) -> Result<(), String> {
    let mut ole = Ole::open(BufReader::new(opened.file()?)).map_err(|e| broken(&e))?;
    mail(opened, &mut ole, Path::new("/"), "", 0)
}

/// Takes in a mail's attachments; `folder` stands before their names.
fn mail(
    opened: &mut Opened<'_, '_>,
    ole: &mut Ole,
    at: &Path,
    folder: &str,
    depth: usize,
) -> Result<(), String> {
    let entries = ole.read_storage(at).map_err(|e| broken(&e))?;
    let mut attachments: Vec<PathBuf> = entries
        .filter(|e| e.is_storage() && e.name().to_ascii_lowercase().starts_with("__attach_version1.0_#"))
        .map(|e| e.path().to_path_buf())
        .take(ATTACHMENTS)
        .collect();
    attachments.sort();
    for (number, attachment) in (1..).zip(&attachments) {
        let name = name(ole, attachment);
        let inner = attachment.join("__substg1.0_3701000D");
        let data = attachment.join("__substg1.0_37010102");
        if ole.is_stream(&data) {
            let name = name.unwrap_or_else(|| format!("附件{number}.bin"));
            stream(opened, ole, &data, &format!("{folder}{name}"));
        } else if ole.is_storage(&inner) && ole.is_stream(inner.join("__properties_version1.0")) {
            if depth >= DEPTH {
                return Err(format!("邮件嵌套超过 {DEPTH} 层，未再展开；请把附件另存为文件后提交"));
            }
            let subject = name.unwrap_or_else(|| format!("邮件{number}"));
            mail(opened, ole, &inner, &format!("{folder}{subject}/"), depth + 1)?;
        } else if let Offer::Take(slot) =
            opened.offer(&format!("{folder}{}", name.unwrap_or_else(|| format!("附件{number}"))))
        {
            opened.refuse(&slot, "邮件中的附件不是文件（链接或嵌入对象），请另存为文件后提交");
        }
        if opened.nest.full {
            return Ok(());
        }
    }
    let words = ["1000001F", "1000001E", "10130102", "10090102"];
    let is_words = |tag: &str| {
        let path = at.join(format!("__substg1.0_{tag}"));
        ole.entry(path).is_ok_and(|e| e.is_stream() && !e.is_empty())
    };
    if words.iter().any(|tag| is_words(tag)) {
        opened.put_aside(&format!("{folder}邮件正文.txt"));
    }
    Ok(())
}

fn stream(opened: &mut Opened<'_, '_>, ole: &mut Ole, at: &Path, name: &str) {
    let Offer::Take(slot) = opened.offer(name) else { return };
    match ole.open_stream(at) {
        Ok(mut data) => {
            opened.take(&slot, None, &mut data);
        }
        Err(e) => opened.refuse(&slot, super::damaged(&e)),
    }
}

/// The long name of an attachment, else the short one, else what is shown for it; for a mail its subject.
fn name(ole: &mut Ole, attachment: &Path) -> Option<String> {
    let inner = attachment.join("__substg1.0_3701000D");
    let places =
        [(attachment, "3707"), (attachment, "3704"), (attachment, "3001"), (inner.as_path(), "0037")];
    let found = places.into_iter().find_map(|(at, tag)| text(ole, at, tag))?;
    let name = single(&found);
    (!name.is_empty()).then_some(name)
}

/// A property that is a text: in UTF-16, or in the code page of the writer.
fn text(ole: &mut Ole, at: &Path, tag: &str) -> Option<String> {
    let mut read = |kind: &str| {
        let mut bytes = Vec::new();
        let stream = ole.open_stream(at.join(format!("__substg1.0_{tag}{kind}"))).ok()?;
        stream.take(TEXT).read_to_end(&mut bytes).ok()?;
        (!bytes.is_empty()).then_some(bytes)
    };
    let text = match read("001F") {
        Some(wide) => encoding_rs::UTF_16LE.decode_without_bom_handling(&wide).0.into_owned(),
        None => decode_name(&read("001E")?),
    };
    let text = text.trim_matches(['\0', ' ']).to_string();
    (!text.is_empty()).then_some(text)
}

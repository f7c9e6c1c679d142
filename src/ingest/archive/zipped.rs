//! ZIP: every packing method that is plain Rust, and both ways of locking.

use std::fs::File;
use std::io::{self, BufReader};

use zip::CompressionMethod;
use zip::result::ZipError;

use super::copy::Copy;
use super::{Offer, Opened, Slot, broken, damaged, decode_name};

type Zip = zip::ZipArchive<BufReader<File>>;

/// What the directory says of a member.
struct Entry {
    packed: u64,
    encrypted: bool,
    link: bool,
    method: CompressionMethod,
}

pub(super) fn unpack(opened: &mut Opened<'_, '_>) -> Result<(), String> {
    let mut zip = Zip::new(BufReader::new(opened.file()?)).map_err(|e| match e {
        ZipError::UnsupportedArchive(why) => unsupported(why),
        e => broken(&e),
    })?;
    if zip.has_duplicate_names() {
        let path = &opened.archive.path;
        let note = format!("压缩包 {path} 中有完全同名的文件，按规则只能读到其中最后一个；请改名后重新打包");
        opened.note(note);
    }
    let mut fitting = None;
    for index in 0..zip.len() {
        let (name, entry) = match zip.by_index_raw(index) {
            Ok(entry) if entry.is_dir() => continue,
            Ok(entry) => (
                decode_name(entry.name_raw()),
                Entry {
                    packed: entry.compressed_size(),
                    encrypted: entry.encrypted(),
                    link: entry.is_symlink(),
                    method: entry.compression(),
                },
            ),
            Err(e) => {
                let path = opened.archive.path.clone();
                opened.nest.refuse(&path, format!("压缩包内第 {} 个文件的记录损坏（{e}）", index + 1));
                continue;
            }
        };
        match opened.offer(&name) {
            Offer::Stop => break,
            Offer::Pass => {}
            Offer::Take(slot) if entry.link => opened.refuse(&slot, super::tarball::LINK),
            Offer::Take(slot) if is_unknown(entry.method) => {
                opened.refuse(&slot, unknown(entry.method));
            }
            Offer::Take(slot) if entry.encrypted => {
                unlock(opened, &mut zip, index, &slot, &entry, &mut fitting);
            }
            Offer::Take(slot) => match zip.by_index(index) {
                Ok(mut from) => {
                    opened.take(&slot, Some(entry.packed), &mut from);
                }
                Err(e) => opened.refuse(&slot, words(&e, entry.method)),
            },
        }
    }
    Ok(())
}

/// Tries the passwords on a locked member, the one that fitted before first. The check of the old locking lets one
/// wrong password in 256 pass: only a copy whose checksum holds counts.
fn unlock(
    opened: &mut Opened<'_, '_>,
    zip: &mut Zip,
    index: usize,
    slot: &Slot,
    entry: &Entry,
    fitting: &mut Option<Vec<u8>>,
) {
    let spellings = opened.nest.passwords.spellings();
    let known = fitting.clone();
    let others = spellings.into_iter().filter(|s| Some(s) != known.as_ref());
    let mut over: Option<Copy> = None;
    for password in known.clone().into_iter().chain(others) {
        if !opened.may_try(1) {
            break;
        }
        let mut from = match zip.by_index_decrypt(index, &password) {
            Ok(from) => from,
            Err(ZipError::InvalidPassword) => continue,
            Err(e) => return opened.refuse(slot, words(&e, entry.method)),
        };
        let mut copy = match opened.copy(slot, Some(entry.packed)) {
            Ok(copy) => copy,
            Err(reason) => return opened.refuse(slot, reason),
        };
        match io::copy(&mut from, &mut copy) {
            Ok(_) => {
                *fitting = Some(password);
                return opened.settle(slot, copy, Ok(()));
            }
            Err(_) if copy.over => over = Some(copy),
            Err(e) if known.as_ref() == Some(&password) => {
                // It opened other members: here the data is at fault.
                return opened.settle(slot, copy, Err(damaged(&e)));
            }
            Err(_) => opened.nest.inflated = opened.nest.inflated.saturating_add(copy.written),
        }
    }
    match over {
        Some(copy) => opened.settle(slot, copy, Ok(())),
        None => {
            let reason = opened.locked();
            opened.refuse(slot, reason);
        }
    }
}

fn words(e: &ZipError, method: CompressionMethod) -> String {
    match e {
        ZipError::CompressionMethodNotSupported(_) => unknown(method),
        ZipError::UnsupportedArchive(why) => unsupported(why),
        e => format!("压缩方式不支持或记录损坏（{e}），请解压后提交"),
    }
}

fn unsupported(why: &str) -> String {
    if why.to_lowercase().contains("disk") {
        return "分卷压缩包，无法单独打开；请合并或解压后提交".to_string();
    }
    format!("压缩包的形式不支持（{why}），请解压后提交")
}

/// Methods that are not built in have no name of their own in the library.
fn is_unknown(method: CompressionMethod) -> bool {
    format!("{method:?}").starts_with("Unsupported")
}

fn unknown(method: CompressionMethod) -> String {
    let digits: String = format!("{method:?}").chars().filter(char::is_ascii_digit).collect();
    let name = match digits.as_str() {
        "93" => "Zstandard".to_string(),
        number => format!("方式 {number}"),
    };
    format!("压缩方式不支持（{name}），请解压后提交")
}

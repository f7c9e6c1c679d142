//! 7z. Declared sizes bound what its blocks give, so that a bomb is told before anything is decoded.

use std::fs::File;
use std::io::{self, BufReader, Read};

use sevenz_rust2::{Archive, ArchiveReader, EntryDecision, Error, Password};

use super::copy::Bound;
use super::{Offer, Opened, broken};

type Source = BufReader<File>;

/// Most memory of a decoder's dictionary, in KiB.
const MEMORY: usize = 640 << 10;
/// What a try of a password takes, in milliseconds: its key is hashed half a million times.
const TRY: u32 = 150;

pub(super) fn unpack(opened: &mut Opened<'_, '_>) -> Result<(), String> {
    let password = password(opened)?;
    let mut reader = ArchiveReader::new_with_memory_limit(source(opened)?, password, MEMORY)
        .map_err(|e| words(&e, opened))?;
    reader.set_thread_count(1);
    let files = &reader.archive().files;
    let declared = files.iter().fold(0u64, |sum, f| sum.saturating_add(f.size));
    let expected = files.iter().filter(|f| f.has_stream && !f.is_directory).count();
    let room = opened.room();
    if declared > room.most {
        return Err(too_much(opened, room.bound));
    }
    let mut met = 0;
    let mut broke = false;
    let done = reader.for_each_entries_with_decision(|entry, data| {
        if entry.is_directory || entry.is_anti_item {
            return Ok(EntryDecision::Continue);
        }
        met += usize::from(entry.has_stream);
        Ok(match opened.offer(&entry.name) {
            Offer::Stop => EntryDecision::Stop,
            Offer::Pass => EntryDecision::Continue,
            Offer::Take(slot) if opened.take(&slot, None, data) => EntryDecision::Continue,
            // What follows in the block cannot be had without what came before.
            Offer::Take(_) => {
                broke = true;
                EntryDecision::SkipBlock
            }
        })
    });
    let left = expected.saturating_sub(met);
    match done {
        Err(e) => Err(format!("{}；其余未读", words(&e, opened))),
        Ok(()) if broke && left > 0 && !opened.nest.full => {
            Err(format!("压缩数据损坏，其后 {left} 个文件无法解出；请重新打包后提交"))
        }
        Ok(()) => Ok(()),
    }
}

fn source(opened: &Opened<'_, '_>) -> Result<Source, String> {
    Ok(BufReader::new(opened.file()?))
}

fn too_much(opened: &mut Opened<'_, '_>, bound: Bound) -> String {
    let limits = opened.nest.limits;
    if bound == Bound::Ratio {
        return format!("压缩比超过 {} 倍，疑似压缩炸弹，未展开", limits.ratio);
    }
    format!("压缩包展开后超过 {} MiB，未展开；请拆分后重新提交", limits.inflated >> 20)
}

/// The password that opens it; an empty one where none is needed.
fn password(opened: &mut Opened<'_, '_>) -> Result<Password, String> {
    match Archive::read_with_memory_limit(&mut source(opened)?, &Password::empty(), MEMORY) {
        Ok(archive) if !(0..archive.files.len()).any(|i| archive.is_file_encrypted(i)) => {
            return Ok(Password::empty());
        }
        Ok(_) | Err(Error::PasswordRequired) => {}
        Err(e) => return Err(words(&e, opened)),
    }
    let list: Vec<String> = opened.nest.passwords.iter().map(str::to_string).collect();
    for text in list {
        if !opened.may_try(TRY) {
            break;
        }
        let password = Password::new(&text);
        if fits(source(opened)?, password.clone()) {
            return Ok(password);
        }
    }
    Err(opened.locked())
}

/// Whether a password opens the directory, and the first locked member comes out with its checksum right.
fn fits(source: Source, password: Password) -> bool {
    let Ok(mut reader) = ArchiveReader::new_with_memory_limit(source, password, MEMORY) else {
        return false;
    };
    reader.set_thread_count(1);
    let archive = reader.archive();
    let locked: std::collections::BTreeSet<String> = (0..archive.files.len())
        .filter(|i| archive.is_file_encrypted(*i))
        .filter_map(|i| archive.files.get(i))
        .filter(|f| f.has_stream)
        .map(|f| f.name.clone())
        .collect();
    // Only the directory was locked: it has opened.
    let mut fits = locked.is_empty();
    let done = reader.for_each_entries_with_decision(|entry, data| {
        if !entry.has_stream || !locked.contains(&entry.name) {
            return Ok(EntryDecision::SkipBlock);
        }
        let came = io::copy(&mut data.take(entry.size.saturating_add(1)), &mut io::sink())?;
        fits = came == entry.size;
        Ok(EntryDecision::Stop)
    });
    fits && done.is_ok()
}

fn words(e: &Error, opened: &Opened<'_, '_>) -> String {
    match e {
        Error::UnsupportedCompressionMethod(name) => {
            format!("7z 压缩方式不支持（{name}），请解压后提交，或改用 ZIP")
        }
        Error::Unsupported(what) => format!("7z 压缩包的形式不支持（{what}），请解压后提交，或改用 ZIP"),
        Error::MaxMemLimited { .. } => "7z 压缩包所需内存超过上限，请解压后提交，或改用 ZIP".to_string(),
        Error::PasswordRequired | Error::MaybeBadPassword(_) => opened.locked(),
        Error::Io(e, _) | Error::FileOpen(e, _) => broken(e),
        Error::Other(why) => broken(why),
        Error::ChecksumVerificationFailed | Error::NextHeaderCrcMismatch => broken(&"校验和不符"),
        _ => broken(&"目录结构无法识别"),
    }
}

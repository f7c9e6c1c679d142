//! Unpacking containers (archives, compressed files, mails), nested ones too, under limits. Members go to a spool
//! folder under names of our own, so that no name inside a container ever reaches the disk. What the kinds have in
//! common is here; each kind only tells its members and gives their bytes.

mod copy;
mod mail;
mod message;
mod mime;
mod name;
mod rar;
mod sevenz;
mod squeezed;
mod tarball;
mod tnef;
mod zipped;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::model::Format;

use self::copy::{Bound, Closed, Copy, Room};
pub(crate) use self::mime::field;
pub(crate) use self::name::decode_name;
use self::name::neutralise;
use super::{InputFile, Intake, Limits, Passwords, inspect, io_reason, junk, volume};

/// Unpacks one container: offers its members and copies those that are taken. An error is the reason why the rest of
/// the container stays unread.
type Unpacker = fn(&mut Opened<'_, '_>) -> Result<(), String>;

/// The kinds of containers.
const KINDS: &[(Format, Unpacker)] = &[
    (Format::Zip, zipped::unpack),
    (Format::SevenZ, sevenz::unpack),
    (Format::Rar, rar::unpack),
    (Format::Tar, tarball::unpack),
    (Format::Gzip, squeezed::gzip),
    (Format::Bzip2, squeezed::bzip2),
    (Format::Xz, squeezed::xz),
    (Format::Eml, mail::unpack),
    (Format::Msg, message::unpack),
    (Format::Tnef, tnef::unpack),
];

/// Parsers recurse; the room is only mapped when it is used.
const STACK: usize = 64 << 20;

fn unpacker(format: Format) -> Option<Unpacker> {
    KINDS.iter().find(|(kind, _)| *kind == format).map(|(_, unpacker)| *unpacker)
}

/// Whether files of this format are unpacked.
pub(crate) fn is_container(format: Format) -> bool {
    unpacker(format).is_some()
}

/// A container to unpack.
pub(crate) struct Archive {
    /// Where it lies.
    pub(crate) disk: PathBuf,
    /// Its path in the input.
    pub(crate) path: String,
    /// 1 for one that lies in a folder.
    pub(crate) depth: usize,
    /// What it is.
    pub(crate) format: Format,
    /// Its size in bytes.
    pub(crate) size: u64,
}

/// Unpacks a container and what is nested in it; failures become entries of `intake.unread`.
pub(crate) fn unpack(
    archive: &Archive,
    sha256: &str,
    spool: &Path,
    limits: &Limits,
    passwords: &Passwords,
    intake: &mut Intake,
) {
    let mut nest = Nest { spool, limits, passwords, members: 0, inflated: 0, tries: 0, full: false, intake };
    // Members of equal archives may share their copies: the name follows from the content.
    let stem = format!("{}-{}", &sha256[..sha256.len().min(24)], archive.size);
    std::thread::scope(|scope| {
        let work = || nest.open(archive, &stem);
        let started = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        if let Ok(thread) = started {
            // Panics of parsers are caught inside.
            let _ = thread.join();
        }
    });
}

/// An outermost container with everything in it: the limits hold for all of it together.
struct Nest<'a> {
    spool: &'a Path,
    limits: &'a Limits,
    passwords: &'a Passwords,
    members: usize,
    inflated: u64,
    tries: u32,
    /// A limit was reached: nothing more is unpacked.
    full: bool,
    intake: &'a mut Intake,
}

impl Nest<'_> {
    fn refuse(&mut self, path: &str, reason: impl Into<String>) {
        self.intake.unread.push((Arc::from(path), reason.into()));
    }

    fn open(&mut self, archive: &Archive, stem: &str) {
        let Some(unpacker) = unpacker(archive.format) else { return };
        let before = (self.intake.unread.len(), self.intake.junk.len());
        let mut opened =
            Opened { nest: self, archive, stem, seen: BTreeSet::new(), index: 0, inflated: 0, taken: 0 };
        let done = catch_unwind(AssertUnwindSafe(|| unpacker(&mut opened)));
        let taken = opened.taken;
        match done {
            Ok(Ok(())) if taken == 0 && before == (self.intake.unread.len(), self.intake.junk.len()) => {
                self.intake.notes.push(format!("{} 中没有文件", archive.path));
            }
            Ok(Ok(())) => {}
            // Opened as far as it goes; what then fails is explained by what it is.
            Ok(Err(_)) if volume::is_volume(&archive.path) && volume::may_be(archive.format) => {
                self.refuse(&archive.path, volume::CLOSED);
            }
            Ok(Err(reason)) => self.refuse(&archive.path, reason),
            Err(_) => {
                self.refuse(&archive.path, "文件内容异常，解压时中止，其余未读；请解压后提交，或重新打包");
            }
        }
    }
}

/// A container that is being unpacked.
struct Opened<'n, 'a> {
    nest: &'n mut Nest<'a>,
    archive: &'n Archive,
    stem: &'n str,
    /// Names that were given.
    seen: BTreeSet<String>,
    index: usize,
    /// Bytes of members that were taken.
    inflated: u64,
    taken: usize,
}

/// A member that is wanted.
#[derive(Clone)]
struct Slot {
    path: String,
    stem: String,
}

/// What becomes of an offered member.
enum Offer {
    /// It is wanted.
    Take(Slot),
    /// Junk, or a folder.
    Pass,
    /// A limit is reached.
    Stop,
}

impl Opened<'_, '_> {
    fn file(&self) -> Result<File, String> {
        File::open(&self.archive.disk).map_err(|e| io_reason(&e))
    }

    /// Offers a member by its name.
    fn offer(&mut self, raw: &str) -> Offer {
        if self.nest.full {
            return Offer::Stop;
        }
        let (mut name, escaped) = neutralise(raw);
        if name.is_empty() || raw.ends_with(['/', '\\']) {
            return Offer::Pass;
        }
        if escaped {
            self.nest.intake.notes.push(format!(
                "压缩包 {} 中的文件名「{raw}」试图指向压缩包以外，已按「{name}」读取",
                self.archive.path
            ));
        }
        if name.split('/').any(junk::is_junk) {
            self.nest.intake.junk.push(Arc::from(format!("{}!/{name}", self.archive.path)));
            return Offer::Pass;
        }
        if self.nest.members >= self.nest.limits.members {
            let most = self.nest.limits.members;
            self.nest.full = true;
            let reason = format!("压缩包内文件超过 {most} 个，其余未读；请拆分后重新提交");
            self.nest.refuse(&self.archive.path, reason);
            return Offer::Stop;
        }
        let plain = name.clone();
        let mut copies = 1;
        while !self.seen.insert(name.clone()) {
            copies += 1;
            name = format!("{plain}#{copies}");
        }
        self.nest.members += 1;
        self.taken += 1;
        self.index += 1;
        Offer::Take(Slot {
            path: format!("{}!/{name}", self.archive.path),
            stem: format!("{}-{}", self.stem, self.index),
        })
    }

    /// Says why a member stays unread.
    fn refuse(&mut self, slot: &Slot, reason: impl Into<String>) {
        self.nest.refuse(&slot.path, reason);
    }

    fn note(&mut self, note: String) {
        self.nest.intake.notes.push(note);
    }

    /// Most bytes that all members of this container may have: what it may inflate to, within what is left.
    fn room(&self) -> Room {
        let limits = self.nest.limits;
        let by_ratio = self.archive.size.saturating_mul(limits.ratio).max(limits.small);
        let ratio = Room { most: by_ratio.saturating_sub(self.inflated), bound: Bound::Ratio };
        let nest = Room { most: limits.inflated.saturating_sub(self.nest.inflated), bound: Bound::Nest };
        if nest.most < ratio.most { nest } else { ratio }
    }

    /// Most bytes of one member, `packed` bytes of the container where that is known.
    fn room_of(&self, packed: Option<u64>) -> Room {
        let limits = self.nest.limits;
        let mut room = self.room();
        let mut narrow = |most: u64, bound| {
            if most < room.most {
                room = Room { most, bound };
            }
        };
        narrow(limits.file, Bound::File);
        if let Some(packed) = packed {
            narrow(packed.saturating_mul(limits.ratio).max(limits.small), Bound::Ratio);
        }
        room
    }

    /// Begins the copy of a member.
    fn copy(&self, slot: &Slot, packed: Option<u64>) -> Result<Copy, String> {
        Copy::new(&self.nest.spool.join(&slot.stem), self.room_of(packed))
    }

    /// Copies a member that is read as a stream; false when its data broke off.
    fn take(&mut self, slot: &Slot, packed: Option<u64>, from: &mut dyn Read) -> bool {
        let mut copy = match self.copy(slot, packed) {
            Ok(copy) => copy,
            Err(reason) => {
                self.refuse(slot, reason);
                return false;
            }
        };
        let copied = io::copy(from, &mut copy);
        let whole = copied.is_ok();
        self.settle(slot, copy, copied.map(drop).map_err(|e| damaged(&e)));
        whole
    }

    /// Takes in a member whose bytes are here.
    fn take_bytes(&mut self, name: &str, mut bytes: &[u8]) -> bool {
        match self.offer(name) {
            Offer::Take(slot) => self.take(&slot, None, &mut bytes),
            Offer::Pass => true,
            Offer::Stop => false,
        }
    }

    /// A text that is no evidence: the words of a mail.
    fn put_aside(&mut self, name: &str) {
        if let Offer::Take(slot) = self.offer(name) {
            self.nest.intake.plain.push(Arc::from(slot.path));
        }
    }

    /// Ends a copy: what is whole is taken in, or unpacked in turn.
    fn settle(&mut self, slot: &Slot, copy: Copy, result: Result<(), String>) {
        let closed = match copy.close() {
            Ok(closed) => closed,
            Err(reason) => return self.refuse(slot, reason),
        };
        // Work that was done counts, whatever came of it.
        self.nest.inflated = self.nest.inflated.saturating_add(closed.written);
        if closed.over {
            return self.too_much(slot, &closed);
        }
        if let Err(reason) = result {
            discard(&closed.at);
            return self.refuse(slot, reason);
        }
        self.inflated = self.inflated.saturating_add(closed.written);
        self.member(slot, &closed.at);
    }

    fn too_much(&mut self, slot: &Slot, closed: &Closed) {
        // Not worth the disk: the copy is of no use.
        discard(&closed.at);
        let limits = self.nest.limits;
        match closed.bound {
            Bound::Ratio => {
                self.refuse(slot, format!("压缩比超过 {} 倍，疑似压缩炸弹，未展开", limits.ratio));
            }
            Bound::File => {
                self.refuse(
                    slot,
                    format!("文件大于 {} MiB，超出处理上限；请拆分后重新提交", limits.file >> 20),
                );
            }
            Bound::Nest => {
                self.nest.full = true;
                self.refuse(
                    slot,
                    format!("压缩包展开后超过 {} MiB，其余未读；请拆分后重新提交", limits.inflated >> 20),
                );
            }
        }
    }

    fn member(&mut self, slot: &Slot, disk: &Path) {
        let path = slot.path.clone();
        let found = inspect(disk, self.nest.passwords);
        match found {
            Ok(found) if found.size == 0 => self.nest.intake.junk.push(Arc::from(path)),
            Ok(found) if found.format == Format::Unknown && volume::is_volume(&path) => {
                self.refuse(slot, volume::CLOSED);
            }
            Ok(found) if is_container(found.format) && self.archive.depth >= self.nest.limits.depth => {
                let most = self.nest.limits.depth;
                self.refuse(slot, format!("压缩包嵌套超过 {most} 层，未再展开；请解压后提交"));
            }
            Ok(found) if is_container(found.format) => {
                let inner = Archive {
                    disk: disk.to_path_buf(),
                    path,
                    depth: self.archive.depth + 1,
                    format: found.format,
                    size: found.size,
                };
                self.nest.open(&inner, &slot.stem);
                discard(disk);
            }
            Ok(found) => self.nest.intake.files.push(InputFile::new(&path, disk, found)),
            Err(e) => self.refuse(slot, io_reason(&e)),
        }
    }

    /// Whether another password may be tried; `cost` is what a try takes, about a millisecond each.
    fn may_try(&mut self, cost: u32) -> bool {
        self.nest.tries = self.nest.tries.saturating_add(cost);
        self.nest.tries <= self.nest.limits.tries
    }

    fn locked(&self) -> String {
        self.nest.passwords.closed("压缩包")
    }
}

/// Removes a copy that nobody will read; if that fails it only takes room until the run ends.
fn discard(at: &Path) {
    let _ = fs::remove_file(at);
}

/// Why packed data could not be unpacked, for people.
fn damaged(e: &impl std::fmt::Display) -> String {
    let why: String = e.to_string().chars().take(120).collect();
    format!("压缩数据损坏（{why}），请重新打包后提交")
}

/// Why a container could not be opened at all, for people.
fn broken(e: &impl std::fmt::Display) -> String {
    let why: String = e.to_string().chars().take(120).collect();
    format!("压缩包损坏，无法打开（{why}）；请重新打包后提交")
}

#[cfg(test)]
mod tests;

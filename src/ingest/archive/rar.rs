//! RAR 1.3 to 7.

use std::cell::RefCell;
use std::io::{self, BufReader, Write};
use std::rc::Rc;

use rars::{
    Archive, ArchiveMember, ArchiveReadOptions, ArchiveReader, Error, ErrorKind, ExtractionDecision,
    ExtractionErrorAction,
};

use super::copy::Copy;
use super::{Offer, Opened, Slot, broken, decode_name};

/// Most memory of a decoder, dictionary included.
const MEMORY: u64 = 1 << 30;
/// Largest dictionary; WinRAR's usual ones are up to 32 MiB.
const DICTIONARY: u64 = 512 << 20;
/// Bytes of all headers.
const HEADERS: u64 = 64 << 20;
/// What a try of a password takes, in milliseconds.
const TRY: u32 = 100;

pub(super) fn unpack(opened: &mut Opened<'_, '_>) -> Result<(), String> {
    let (archive, password) = open(opened)?;
    let members: Vec<ArchiveMember> = archive.members().collect();
    if members.iter().any(|m| m.meta.is_split_before || m.meta.is_split_after) {
        return Err("分卷 RAR 压缩包，无法单独打开；请合并或解压后提交".to_string());
    }
    let solid = members.iter().any(ArchiveMember::is_solid);
    let room = opened.room();
    let walk = RefCell::new(Walk { opened, pending: None, solid });
    let options = options(password.as_deref()).with_max_total_output_bytes(room.most.saturating_add(1));
    let done = archive.extract_with_control_and_errors(
        options,
        |member| Ok(walk.borrow_mut().decide(member)),
        |_, error| {
            walk.borrow_mut().finish(Err(words(error)));
            Ok(ExtractionErrorAction::Continue)
        },
    );
    let mut walk = walk.into_inner();
    match done {
        Ok(_) => {
            walk.finish(Ok(()));
            Ok(())
        }
        Err(e) => {
            walk.finish(Err(words(&e)));
            Err(format!("{}；其余未读", words(&e)))
        }
    }
}

fn options(password: Option<&[u8]>) -> ArchiveReadOptions<'_> {
    ArchiveReadOptions::with_optional_password(password)
        .with_max_reader_workspace_bytes(MEMORY)
        .with_rar50_dictionary_size_limit(DICTIONARY)
        .with_max_header_bytes(HEADERS)
}

/// Opens it, with a password if one is needed and one fits.
fn open(opened: &mut Opened<'_, '_>) -> Result<(Archive, Option<Vec<u8>>), String> {
    let read = |opened: &Opened<'_, '_>, password: Option<&[u8]>| {
        let file = opened.file().map_err(|e| Error::from(io::Error::other(e)))?;
        ArchiveReader::read_reader_with_options(BufReader::new(file), options(password))
    };
    match read(opened, None) {
        Ok(archive) if archive.members().all(|m| !m.meta.is_encrypted) => return Ok((archive, None)),
        Ok(_) => {}
        Err(e) if matches!(e.kind(), ErrorKind::PasswordRequired | ErrorKind::BadPassword) => {}
        Err(e) => return Err(words(&e)),
    }
    let list: Vec<Vec<u8>> = opened.nest.passwords.iter().map(|p| p.as_bytes().to_vec()).collect();
    for password in list {
        if !opened.may_try(TRY) {
            break;
        }
        if let Ok(archive) = read(opened, Some(&password))
            && fits(&archive, &password)
        {
            return Ok((archive, Some(password)));
        }
    }
    Err(opened.locked())
}

/// Whether a locked member comes out with its checksum right.
fn fits(archive: &Archive, password: &[u8]) -> bool {
    let solid = archive.members().any(|m| m.is_solid());
    let wanted = archive
        .members()
        .enumerate()
        .filter(|(_, m)| m.meta.is_encrypted && !m.meta.is_directory && !m.meta.is_redirection)
        // In a solid archive a later member cannot be had without those before it.
        .min_by_key(|(index, m)| if solid { (0, *index) } else { (m.meta.unpacked_size, *index) });
    // Only the directory was locked: it has opened.
    let Some((wanted, _)) = wanted else { return true };
    let mut index = 0;
    let done = archive.extract_with_control(options(Some(password)), |member| {
        let at = index;
        index += 1;
        Ok(if at > wanted {
            ExtractionDecision::Stop
        } else if at == wanted || (solid && !member.meta.is_directory) {
            ExtractionDecision::Extract(Box::new(io::sink()))
        } else {
            ExtractionDecision::Skip
        })
    });
    done.is_ok()
}

/// What the extraction asks of us, member by member.
struct Walk<'o, 'n, 'a> {
    opened: &'o mut Opened<'n, 'a>,
    pending: Option<(Slot, Rc<RefCell<Copy>>)>,
    solid: bool,
}

impl Walk<'_, '_, '_> {
    fn decide(&mut self, member: &ArchiveMember) -> ExtractionDecision {
        // The next member is asked for when the one before has come whole.
        self.finish(Ok(()));
        if member.meta.is_directory {
            return ExtractionDecision::Skip;
        }
        // The data of a solid archive must be decoded even if nobody wants it.
        let pass = if self.solid && !member.meta.is_redirection {
            ExtractionDecision::Extract(Box::new(io::sink()))
        } else {
            ExtractionDecision::Skip
        };
        match self.opened.offer(&decode_name(&member.meta.name)) {
            Offer::Stop => ExtractionDecision::Stop,
            Offer::Pass => pass,
            Offer::Take(slot) if member.meta.is_redirection => {
                self.opened.refuse(&slot, super::tarball::LINK);
                pass
            }
            Offer::Take(slot) => match self.opened.copy(&slot, packed(member, self.solid)) {
                Ok(copy) => {
                    let shared = Rc::new(RefCell::new(copy));
                    self.pending = Some((slot, Rc::clone(&shared)));
                    ExtractionDecision::Extract(Box::new(Shared(shared)))
                }
                Err(reason) => {
                    self.opened.refuse(&slot, reason);
                    pass
                }
            },
        }
    }

    /// Ends the member that was being extracted.
    fn finish(&mut self, result: Result<(), String>) {
        let Some((slot, shared)) = self.pending.take() else { return };
        match Rc::try_unwrap(shared) {
            Ok(copy) => self.opened.settle(&slot, copy.into_inner(), result),
            // The library still holds the writer: it broke off within the member.
            Err(_) => self.opened.refuse(&slot, "压缩数据损坏，请重新打包后提交"),
        }
    }
}

/// The packed size, where it says something about this member alone.
fn packed(member: &ArchiveMember, solid: bool) -> Option<u64> {
    (!solid).then_some(member.meta.packed_size)
}

struct Shared(Rc<RefCell<Copy>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.borrow_mut().flush()
    }
}

fn words(e: &Error) -> String {
    match e.kind() {
        ErrorKind::UnsupportedFormat | ErrorKind::UnsupportedFeature => {
            format!("RAR 压缩包的形式不支持（{e}），请解压后提交，或改用 ZIP")
        }
        ErrorKind::ResourceLimit => format!("RAR 压缩包超出处理上限（{e}），请解压或拆分后提交"),
        ErrorKind::ChecksumMismatch | ErrorKind::BadPassword => {
            "压缩数据损坏（校验和不符），请重新打包后提交".to_string()
        }
        _ => broken(e),
    }
}

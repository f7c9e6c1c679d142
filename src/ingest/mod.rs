//! Taking in a folder: walking, telling formats by content, hashing, opening archives, and later grouping the
//! documents into submissions. Originals are opened for reading only.

pub mod archive;
pub mod group;
pub mod junk;
pub mod passwords;
pub mod sniff;
pub(crate) mod volume;
pub mod walk;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::model::Format;
use crate::text::hex::hex;

pub use passwords::Passwords;
pub use walk::{take_files, take_in};

/// A file of the input.
#[derive(Clone, Debug, PartialEq)]
pub struct InputFile {
    /// Path relative to the input root, with `/`; inside an archive `archive.zip!/inner/path`.
    pub path: Arc<str>,
    /// Where its bytes lie: the original, or the unpacked copy of an archive's member.
    pub disk: PathBuf,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its format.
    pub format: Format,
    /// Where it may be locked: what the passwords that are tried on it are called. What is read of it rests on them.
    pub lock: Option<String>,
}

impl InputFile {
    pub(crate) fn new(path: &str, disk: &Path, found: Found) -> Self {
        let Found { sha256, size, format, lock } = found;
        Self { path: Arc::from(path), disk: disk.to_path_buf(), sha256, size, format, lock }
    }
}

/// What was found in a folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Intake {
    /// Files to be read, by path.
    pub files: Vec<InputFile>,
    /// Files that cannot be taken in, with the reason in Chinese.
    pub unread: Vec<(Arc<str>, String)>,
    /// Files passed over: leftovers of systems and editors, empty files.
    pub junk: Vec<Arc<str>>,
    /// Plain text and web pages passed over: notes about the folder, never evidence.
    pub plain: Vec<Arc<str>>,
    /// What deserves a word, in Chinese.
    pub notes: Vec<String>,
}

impl Intake {
    /// Puts plain text aside. Text that calls itself a PDF or a picture stays: someone meant it as evidence.
    fn put_plain_aside(&mut self) {
        let (plain, files) = std::mem::take(&mut self.files)
            .into_iter()
            .partition(|f| matches!(f.format, Format::Text | Format::Html) && junk::is_plain(&f.path));
        self.files = files;
        self.plain.extend(plain.into_iter().map(|f: InputFile| f.path));
    }

    /// A word on the plain text that was put aside, in Chinese.
    pub fn plain_note(&self) -> Option<String> {
        const NAMED: usize = 5;
        let names: Vec<&str> = self.plain.iter().take(NAMED).map(|p| &**p).collect();
        let more = if self.plain.len() > NAMED { "等" } else { "" };
        (!names.is_empty()).then(|| {
            let (count, names) = (self.plain.len(), names.join("、"));
            format!("{count} 个纯文本或网页文件不作为证明材料，未读取：{names}{more}")
        })
    }
}

/// What is taken in at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of one file.
    pub file: u64,
    /// Files in one archive, those of nested archives included.
    pub members: usize,
    /// Bytes all members of one archive inflate to, nested ones included.
    pub inflated: u64,
    /// How often a member may inflate, above [`Limits::small`].
    pub ratio: u64,
    /// Members up to this size may inflate as they like.
    pub small: u64,
    /// Archives and mails within one another: how deep.
    pub depth: usize,
    /// Tries of passwords for one archive with all that is in it, weighed by what a try takes: about milliseconds.
    pub tries: u32,
    /// Folders within folders: how deep.
    pub folders: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file: 512 << 20,
            members: 20_000,
            inflated: 4 << 30,
            ratio: 200,
            small: 16 << 20,
            depth: 5,
            tries: 120_000,
            folders: 64,
        }
    }
}

/// What a look at a file's bytes tells.
pub(crate) struct Found {
    pub(crate) sha256: String,
    pub(crate) size: u64,
    pub(crate) format: Format,
    pub(crate) lock: Option<String>,
}

/// Hashes and sniffs a file on disk.
pub(crate) fn inspect(disk: &Path, passwords: &Passwords) -> io::Result<Found> {
    let mut file = File::open(disk)?;
    let mut hash = Sha256::new();
    let mut head = Vec::with_capacity(sniff::HEAD);
    let mut buffer = vec![0u8; 1 << 16];
    let mut size = 0u64;
    let (mut locked, mut tail) = (false, Vec::new());
    let mut end = Vec::new();
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            break;
        }
        let missing = sniff::HEAD.saturating_sub(head.len()).min(n);
        head.extend_from_slice(&buffer[..missing]);
        hash.update(&buffer[..n]);
        size += n as u64;
        end.extend_from_slice(&buffer[..n]);
        end.drain(..end.len().saturating_sub(sniff::TAIL));
        if !passwords.is_empty() && !locked {
            // The mark may lie across two blocks.
            tail.extend_from_slice(&buffer[..n]);
            locked = sniff::names_encryption(&tail);
            tail.drain(..tail.len().saturating_sub(16));
        }
    }
    let format = match sniff::sniff(&head) {
        Format::Zip => sniff::inside_zip(io::BufReader::new(file)),
        Format::Ole => sniff::inside_ole(io::BufReader::new(file)),
        // Mail gateways and self-extracting archives put bytes before a ZIP: its directory stands at the end.
        Format::Unknown | Format::Text if sniff::ends_zip(&end) => {
            sniff::inside_zip(io::BufReader::new(file))
        }
        other => other,
    };
    let lockable = locked && format == Format::Pdf || format == Format::LockedOffice;
    let lock = (lockable && !passwords.is_empty()).then(|| passwords.key());
    Ok(Found { sha256: hex(&hash.finalize()), size, format, lock })
}

/// Why a file could not be opened or read, for people.
pub(crate) fn io_reason(e: &io::Error) -> String {
    match e.kind() {
        io::ErrorKind::PermissionDenied => "没有读取权限，请检查文件权限后重新运行".to_string(),
        io::ErrorKind::NotFound => "文件在读取时已不存在".to_string(),
        _ => format!("磁盘读取失败（{e}），请检查磁盘后重新运行"),
    }
}

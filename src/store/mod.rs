//! The content-addressed store: results by what they were computed from. Entries are written by rename, so that a
//! reader sees a whole entry or none; a damaged one counts as absent.

#![allow(clippy::disallowed_methods, reason = "the store is one of the places where the disk belongs")]

pub mod atomic;
pub mod ledger;

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use sha2::{Digest, Sha256};

const MAGIC: &[u8; 8] = b"hecha/1\n";

/// Why a store cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another run holds it.
    #[error("存储目录 {0} 正被另一个 hecha 使用；请等它结束，或用 --store 指定另一个目录")]
    Busy(PathBuf),
    /// The disk refuses.
    #[error("存储目录 {0} 无法写入（{1}）；请检查权限和磁盘空间，或用 --store 指定另一个目录")]
    Disk(PathBuf, io::Error),
}

/// Names a result: the stage with its version, what it was computed from, and by what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// A key from its parts; the order counts.
    pub fn new(parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        Self(crate::text::hex::hex(&hash.finalize()))
    }
}

/// A store, locked for this run.
#[derive(Debug)]
pub struct Store {
    root: PathBuf,
    _lock: File,
}

impl Store {
    /// Opens a store, making it if needed, and locks it.
    ///
    /// # Errors
    /// When another run holds it, or the disk refuses.
    pub fn open(root: &Path) -> Result<Self, StoreError> {
        let disk = |e| StoreError::Disk(root.to_path_buf(), e);
        fs::create_dir_all(root.join("objects")).map_err(disk)?;
        let lock = File::create(root.join("lock")).map_err(disk)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StoreError::Busy(root.to_path_buf())),
            Err(TryLockError::Error(e)) => return Err(disk(e)),
        }
        let store = Self { root: root.to_path_buf(), _lock: lock };
        store.sweep();
        Ok(store)
    }

    /// A folder for this run's unpacked archives; removed when dropped.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn spool(&self) -> Result<tempfile::TempDir, StoreError> {
        tempfile::Builder::new()
            .prefix("spool-")
            .tempdir_in(&self.root)
            .map_err(|e| StoreError::Disk(self.root.clone(), e))
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether there is an entry, whole or not.
    pub fn has(&self, key: &Key) -> bool {
        self.path(key).exists()
    }

    /// A result, if it is there and undamaged.
    pub fn get(&self, key: &Key) -> Option<Vec<u8>> {
        let bytes = fs::read(self.path(key)).ok()?;
        let body = bytes.strip_prefix(MAGIC.as_slice())?;
        let (sum, packed) = body.split_at_checked(32)?;
        if Sha256::digest(packed).as_slice() != sum {
            return None;
        }
        let mut out = Vec::new();
        DeflateDecoder::new(packed).read_to_end(&mut out).ok()?;
        Some(out)
    }

    /// Keeps a result.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn put(&self, key: &Key, content: &[u8]) -> Result<(), StoreError> {
        let disk = |e| StoreError::Disk(self.root.clone(), e);
        let mut packer = DeflateEncoder::new(Vec::new(), Compression::fast());
        packer.write_all(content).map_err(disk)?;
        let packed = packer.finish().map_err(disk)?;
        let mut entry = Vec::with_capacity(packed.len() + 40);
        entry.extend_from_slice(MAGIC);
        entry.extend_from_slice(&Sha256::digest(&packed));
        entry.extend_from_slice(&packed);
        let path = self.path(key);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(disk)?;
        }
        atomic::write_unsynced(&path, &entry).map_err(disk)
    }

    fn path(&self, key: &Key) -> PathBuf {
        let (shard, rest) = key.0.split_at(2);
        self.root.join("objects").join(shard).join(rest)
    }

    /// Removes what a killed run left behind; nobody else can be using it while the lock is ours.
    fn sweep(&self) {
        for entry in fs::read_dir(&self.root).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with("spool-") {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_and_detects_damage() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let key = Key::new(&["read", "1", "abc"]);
        assert_eq!(store.get(&key), None);
        store.put(&key, "内容".as_bytes()).unwrap();
        assert_eq!(store.get(&key).unwrap(), "内容".as_bytes());
        let path = store.path(&key);
        let mut bytes = fs::read(&path).unwrap();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        fs::write(&path, &bytes).unwrap();
        assert_eq!(store.get(&key), None);
        fs::write(&path, b"").unwrap();
        assert_eq!(store.get(&key), None);
        store.put(&key, b"again").unwrap();
        assert_eq!(store.get(&key).unwrap(), b"again");
    }

    #[test]
    fn one_run_at_a_time_and_leftovers_go() {
        let dir = tempfile::tempdir().unwrap();
        let first = Store::open(dir.path()).unwrap();
        assert!(matches!(Store::open(dir.path()), Err(StoreError::Busy(_))));
        let spool = first.spool().unwrap().keep();
        drop(first);
        let _second = Store::open(dir.path()).unwrap();
        assert!(!spool.exists());
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(Key::new(&["a", "bc"]), Key::new(&["ab", "c"]));
    }
}

//! Writing files so that nobody ever sees half of one.

use std::io::{self, Write};
use std::path::Path;

/// Writes a file whole or not at all, and makes sure it is on the disk.
///
/// # Errors
/// When the disk refuses; the old file, if any, is then untouched.
pub fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    put(path, content, true)
}

/// Like [`write`], without waiting for the disk: for results that can be computed again and are checked when read.
///
/// # Errors
/// When the disk refuses.
pub fn write_unsynced(path: &Path, content: &[u8]) -> io::Result<()> {
    put(path, content, false)
}

fn put(path: &Path, content: &[u8], sync: bool) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let permissions = std::fs::Permissions::from_mode(0o644);
    let mut file = tempfile::Builder::new().prefix(".hecha-").permissions(permissions).tempfile_in(folder)?;
    file.write_all(content)?;
    file.flush()?;
    if sync {
        file.as_file().sync_all()?;
    }
    file.persist(path).map_err(|e| e.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)]
    use super::*;

    #[test]
    fn replaces_and_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.json");
        write(&path, b"one").unwrap();
        write(&path, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
        assert!(write(&dir.path().join("none/a.json"), b"x").is_err());
    }
}

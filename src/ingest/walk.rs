//! Walking the input folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::archive::{self, Archive};
use super::{InputFile, Intake, Limits, Passwords, inspect, io_reason, junk, volume};
use crate::model::Format;

/// Walks `root` and takes in every file, those in archives too. `skip` are folders that are not input (the output and
/// the store, when they lie inside). Members of archives are unpacked into `spool`.
///
/// # Errors
/// When the root itself cannot be listed.
pub fn take_in(
    root: &Path,
    skip: &[PathBuf],
    spool: &Path,
    limits: &Limits,
    passwords: &Passwords,
) -> io::Result<Intake> {
    fs::read_dir(root)?;
    let skip = skip.iter().filter_map(|p| p.canonicalize().ok()).collect();
    let root = root.canonicalize()?;
    let mut walk = Walk { root, skip, spool, limits, passwords, intake: Intake::default() };
    let start = walk.root.clone();
    walk.folder(&start, "", 0);
    let mut intake = walk.intake;
    intake.put_plain_aside();
    intake.files.sort_by(|a, b| a.path.cmp(&b.path));
    intake.unread.sort();
    intake.junk.sort();
    intake.plain.sort();
    Ok(intake)
}

/// Takes in single files by name, as `hecha read` does; the path is the one that was given.
pub fn take_files(paths: &[PathBuf], spool: &Path, limits: &Limits, passwords: &Passwords) -> Intake {
    let (root, skip) = (PathBuf::new(), Vec::new());
    let mut walk = Walk { root, skip, spool, limits, passwords, intake: Intake::default() };
    for path in paths {
        let name = path.to_string_lossy().into_owned();
        match fs::metadata(path) {
            Ok(meta) if meta.is_dir() => {
                walk.refuse(&name, "这是一个文件夹；核查文件夹请用 hecha check".to_string());
            }
            Ok(meta) => walk.file(path, &name, meta.len()),
            Err(e) if e.kind() == io::ErrorKind::NotFound => walk.refuse(&name, "文件不存在".to_string()),
            Err(e) => walk.refuse(&name, io_reason(&e)),
        }
    }
    walk.intake.put_plain_aside();
    walk.intake
}

struct Walk<'a> {
    root: PathBuf,
    skip: Vec<PathBuf>,
    spool: &'a Path,
    limits: &'a Limits,
    passwords: &'a Passwords,
    intake: Intake,
}

impl Walk<'_> {
    fn refuse(&mut self, path: &str, reason: String) {
        self.intake.unread.push((Arc::from(path), reason));
    }

    fn folder(&mut self, dir: &Path, prefix: &str, depth: usize) {
        if depth > self.limits.folders {
            return self.refuse(prefix, "文件夹嵌套过深，未再深入".to_string());
        }
        let entries = match fs::read_dir(dir) {
            Ok(entries) => entries,
            Err(e) => return self.refuse(prefix, format!("无法打开文件夹：{}", io_reason(&e))),
        };
        let mut found: Vec<(String, PathBuf)> =
            entries.flatten().map(|e| (name_of(&e.file_name()), e.path())).collect();
        found.sort();
        for (name, disk) in found {
            let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
            self.entry(&disk, &name, path, depth);
        }
    }

    fn entry(&mut self, disk: &Path, name: &str, path: String, depth: usize) {
        let meta = match fs::symlink_metadata(disk) {
            Ok(meta) => meta,
            Err(e) => return self.refuse(&path, io_reason(&e)),
        };
        if meta.is_symlink() {
            return self.link(disk, &path);
        }
        if self.skip.iter().any(|s| s == disk) {
            return;
        }
        if junk::is_junk(name) {
            self.intake.junk.push(Arc::from(path));
        } else if meta.is_dir() {
            self.folder(disk, &path, depth + 1);
        } else if meta.is_file() {
            self.file(disk, &path, meta.len());
        } else {
            self.refuse(&path, "不是普通文件（设备、管道等），已跳过".to_string());
        }
    }

    /// Links are never followed: what they point to is either met at its own place, or lies outside the input.
    fn link(&mut self, disk: &Path, path: &str) {
        match disk.canonicalize() {
            Ok(target) if target.starts_with(&self.root) => {
                self.intake.notes.push(format!("{path} 是指向文件夹内其他位置的链接，按原位置读取一次"));
            }
            Ok(_) => self.refuse(path, "链接指向所给文件夹以外，未跟随；请提供文件本身".to_string()),
            Err(_) => self.refuse(path, "链接的目标不存在；请提供文件本身".to_string()),
        }
    }

    fn file(&mut self, disk: &Path, path: &str, size: u64) {
        if size == 0 {
            self.intake.junk.push(Arc::from(path));
            return;
        }
        if size > self.limits.file {
            let most = self.limits.file >> 20;
            return self.refuse(path, format!("文件大于 {most} MiB，超出处理上限；请拆分后重新提交"));
        }
        match inspect(disk, self.passwords) {
            Ok(found) if found.format == Format::Unknown && volume::is_volume(path) => {
                self.refuse(path, volume::CLOSED.to_string());
            }
            Ok(found) if archive::is_container(found.format) => {
                let (disk, path) = (disk.to_path_buf(), path.to_string());
                let archive = Archive { disk, path, depth: 1, format: found.format, size: found.size };
                let sha256 = &found.sha256;
                archive::unpack(&archive, sha256, self.spool, self.limits, self.passwords, &mut self.intake);
            }
            Ok(found) => self.intake.files.push(InputFile::new(path, disk, found)),
            Err(e) => self.refuse(path, io_reason(&e)),
        }
    }
}

/// A file name as text: names that are no UTF-8 come from old Chinese systems.
fn name_of(name: &std::ffi::OsStr) -> String {
    use std::os::unix::ffi::OsStrExt;
    archive::decode_name(name.as_bytes())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)]
    use super::*;

    #[test]
    fn sorted_counted_and_without_links() {
        let dir = tempfile::tempdir().unwrap();
        let outside = tempfile::NamedTempFile::new().unwrap();
        fs::write(outside.path(), "geheim").unwrap();
        let root = dir.path();
        fs::create_dir_all(root.join("b/sub")).unwrap();
        fs::create_dir_all(root.join("out")).unwrap();
        fs::write(root.join("b/sub/x.pdf"), "%PDF-1.4").unwrap();
        fs::write(root.join("a.txt"), "文本").unwrap();
        fs::write(root.join("b/发票.pdf"), "不是 PDF").unwrap();
        fs::write(root.join("b/empty.pdf"), "").unwrap();
        fs::write(root.join("b/~$x.docx"), "lock").unwrap();
        fs::write(root.join("out/report.json"), "{}").unwrap();
        std::os::unix::fs::symlink(outside.path(), root.join("link")).unwrap();
        std::os::unix::fs::symlink(root.join("a.txt"), root.join("inner")).unwrap();
        let out = [root.join("out")];
        let intake = take_in(root, &out, root, &Limits::default(), &Passwords::default()).unwrap();
        let files: Vec<_> = intake.files.iter().map(|f| (&*f.path, f.format)).collect();
        assert_eq!(files, [("b/sub/x.pdf", Format::Pdf), ("b/发票.pdf", Format::Text)]);
        assert_eq!(intake.plain.iter().map(|p| &**p).collect::<Vec<_>>(), ["a.txt"]);
        assert!(intake.plain_note().is_some_and(|n| n.starts_with("1 个") && n.ends_with("a.txt")));
        assert_eq!(intake.junk.iter().map(|j| &**j).collect::<Vec<_>>(), ["b/empty.pdf", "b/~$x.docx"]);
        assert_eq!(intake.unread.len(), 1);
        assert!(intake.unread[0].1.contains("以外"));
        assert_eq!(intake.notes.len(), 1);
        assert_eq!(intake.files[0].sha256.len(), 64);
    }

    #[test]
    fn single_files() {
        let dir = tempfile::tempdir().unwrap();
        let files = [dir.path().to_path_buf(), dir.path().join("none")];
        let intake = take_files(&files, dir.path(), &Limits::default(), &Passwords::default());
        assert_eq!(intake.unread.len(), 2);
        assert_eq!(intake.unread[1].1, "文件不存在");
    }
}

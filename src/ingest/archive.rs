//! Unpacking ZIP archives, nested ones too, under limits. Members go to a spool folder under names of our own, so that
//! no name inside an archive ever reaches the disk.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::model::Format;

use super::{InputFile, Intake, Limits, inspect, io_reason, junk};

/// An archive to unpack.
pub(crate) struct Archive {
    /// Where it lies.
    pub(crate) disk: PathBuf,
    /// Its path in the input.
    pub(crate) path: String,
    /// 1 for one that lies in a folder.
    pub(crate) depth: usize,
}

/// Unpacks an archive and what is nested in it; failures become entries of `intake.unread`.
pub(crate) fn unpack(
    archive: Archive,
    sha256: &str,
    size: u64,
    spool: &Path,
    limits: &Limits,
    intake: &mut Intake,
) {
    let mut unpacking = Unpacking { spool, limits, members: 0, inflated: 0, intake };
    // Members of equal archives may share their copies: the name follows from the content.
    let stem = format!("{}-{size}", &sha256[..sha256.len().min(24)]);
    unpacking.archive(&archive, &stem);
}

/// A member's or file's name as text: UTF-8 if it is valid, else GB18030, which Chinese Windows writes.
pub(crate) fn decode_name(raw: &[u8]) -> String {
    match std::str::from_utf8(raw) {
        Ok(name) => name.to_string(),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(raw).0.into_owned(),
    }
}

/// A member's name without anything that leads out of the archive, and whether something had to go.
pub(crate) fn neutralise(name: &str) -> (String, bool) {
    let mut escaped = name.starts_with(['/', '\\']);
    let mut parts = Vec::new();
    for part in name.split(['/', '\\']) {
        let drive =
            part.len() == 2 && part.ends_with(':') && part.starts_with(|c: char| c.is_ascii_alphabetic());
        if part == ".." || drive {
            escaped = true;
        } else if !part.is_empty() && part != "." {
            // `!` at the end of a folder would read like an archive of ours.
            parts.push(part.chars().filter(|c| !c.is_control()).collect::<String>());
        }
    }
    (parts.join("/"), escaped)
}

struct Unpacking<'a> {
    spool: &'a Path,
    limits: &'a Limits,
    members: usize,
    inflated: u64,
    intake: &'a mut Intake,
}

impl Unpacking<'_> {
    fn refuse(&mut self, path: &str, reason: impl Into<String>) {
        self.intake.unread.push((Arc::from(path), reason.into()));
    }

    fn archive(&mut self, archive: &Archive, stem: &str) {
        let file = match File::open(&archive.disk) {
            Ok(file) => file,
            Err(e) => return self.refuse(&archive.path, io_reason(&e)),
        };
        let mut zip = match zip::ZipArchive::new(BufReader::new(file)) {
            Ok(zip) => zip,
            Err(e) => {
                return self.refuse(&archive.path, format!("压缩包损坏，无法打开（{e}）；请重新打包后提交"));
            }
        };
        let mut seen = std::collections::BTreeSet::new();
        for index in 0..zip.len() {
            if self.members >= self.limits.members {
                let most = self.limits.members;
                return self.refuse(
                    &archive.path,
                    format!("压缩包内文件超过 {most} 个，其余未读；请拆分后重新提交"),
                );
            }
            let Some(path) = self.member_path(&mut zip, index, archive, &mut seen) else {
                continue;
            };
            self.members += 1;
            let copy = self.spool.join(format!("{stem}-{index}"));
            if let Err(reason) = self.copy_out(&mut zip, index, &copy) {
                self.refuse(&path, reason);
                continue;
            }
            self.member(&copy, path, archive.depth, &format!("{stem}-{index}"));
        }
    }

    /// The path of a member in the input; None for folders and junk.
    fn member_path(
        &mut self,
        zip: &mut zip::ZipArchive<BufReader<File>>,
        index: usize,
        archive: &Archive,
        seen: &mut std::collections::BTreeSet<String>,
    ) -> Option<String> {
        let raw = match zip.by_index_raw(index) {
            Ok(entry) if entry.is_dir() => return None,
            Ok(entry) => decode_name(entry.name_raw()),
            Err(e) => {
                self.refuse(&archive.path, format!("压缩包内第 {} 个文件的记录损坏（{e}）", index + 1));
                return None;
            }
        };
        let (mut name, escaped) = neutralise(&raw);
        if name.is_empty() || raw.ends_with(['/', '\\']) {
            return None;
        }
        if escaped {
            self.intake.notes.push(format!(
                "压缩包 {} 中的文件名「{raw}」试图指向压缩包以外，已按「{name}」读取",
                archive.path
            ));
        }
        if name.split('/').any(junk::is_junk) {
            self.intake.junk.push(Arc::from(format!("{}!/{name}", archive.path)));
            return None;
        }
        let plain = name.clone();
        let mut copies = 1;
        while !seen.insert(name.clone()) {
            copies += 1;
            name = format!("{plain}#{copies}");
        }
        Some(format!("{}!/{name}", archive.path))
    }

    /// Copies a member to the spool, refusing what is encrypted or inflates beyond the limits.
    fn copy_out(
        &mut self,
        zip: &mut zip::ZipArchive<BufReader<File>>,
        index: usize,
        copy: &Path,
    ) -> Result<(), String> {
        let (packed, encrypted) = match zip.by_index_raw(index) {
            Ok(entry) => (entry.compressed_size(), entry.encrypted()),
            Err(e) => return Err(format!("压缩包内的记录损坏（{e}）")),
        };
        if encrypted {
            return Err("压缩包已加密，需要密码，请申报单位提供未加密的文件".to_string());
        }
        let entry =
            zip.by_index(index).map_err(|e| format!("压缩方式不支持或记录损坏（{e}），请解压后提交"))?;
        // The header may lie about the size: what counts is what comes out.
        let by_ratio = packed.saturating_mul(self.limits.ratio).max(self.limits.small);
        let left = self.limits.inflated.saturating_sub(self.inflated);
        let most = by_ratio.min(self.limits.file).min(left);
        let mut out = File::create(copy).map_err(|e| format!("无法写入临时文件（{e}），请检查磁盘空间"))?;
        let copied = io::copy(&mut entry.take(most + 1), &mut out).and_then(|n| out.flush().map(|()| n));
        let size = match copied {
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::StorageFull => {
                return Err("临时文件所在磁盘已满，请清理后重新运行".to_string());
            }
            Err(e) => return Err(format!("压缩数据损坏（{e}），请重新打包后提交")),
        };
        if size <= most {
            self.inflated += size;
            return Ok(());
        }
        // Not worth the disk: the copy is of no use.
        let _ = File::create(copy);
        Err(if most == by_ratio {
            format!("压缩比超过 {} 倍，疑似压缩炸弹，未展开", self.limits.ratio)
        } else if most == left {
            format!("压缩包展开后超过 {} MiB，其余未读；请拆分后重新提交", self.limits.inflated >> 20)
        } else {
            format!("文件大于 {} MiB，超出处理上限；请拆分后重新提交", self.limits.file >> 20)
        })
    }

    fn member(&mut self, copy: &Path, path: String, depth: usize, stem: &str) {
        match inspect(copy) {
            Ok((_, 0, _)) => self.intake.junk.push(Arc::from(path)),
            Ok((_, _, Format::Zip)) if depth >= self.limits.depth => {
                let most = self.limits.depth;
                self.refuse(&path, format!("压缩包嵌套超过 {most} 层，未再展开；请解压后提交"));
            }
            Ok((_, _, Format::Zip)) => {
                self.archive(&Archive { disk: copy.to_path_buf(), path, depth: depth + 1 }, stem);
            }
            Ok((sha256, size, format)) => self.intake.files.push(InputFile {
                path: Arc::from(path),
                disk: copy.to_path_buf(),
                sha256,
                size,
                format,
            }),
            Err(e) => self.refuse(&path, io_reason(&e)),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)]
    use std::fs;
    use std::io::Cursor;

    use super::*;

    fn zip_of(files: &[(&[u8], &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        for (index, (_, content)) in files.iter().enumerate() {
            writer.start_file(placeholder(index, files[index].0.len()), options).unwrap();
            writer.write_all(content).unwrap();
        }
        let mut bytes = writer.finish().unwrap().into_inner();
        // The writer only takes UTF-8 names: put the raw ones in place of placeholders of equal length.
        for (index, (name, _)) in files.iter().enumerate() {
            let from = placeholder(index, name.len()).into_bytes();
            while let Some(at) = bytes.windows(from.len()).position(|w| w == from) {
                bytes[at..at + from.len()].copy_from_slice(name);
            }
        }
        bytes
    }

    fn placeholder(index: usize, len: usize) -> String {
        format!("{}{}", char::from(b'Q' + u8::try_from(index).unwrap()), "q".repeat(len - 1))
    }

    fn take(bytes: &[u8], limits: &Limits) -> Intake {
        let dir = tempfile::tempdir().unwrap();
        let spool = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a.zip"), bytes).unwrap();
        super::super::take_in(dir.path(), &[], spool.path(), limits).unwrap()
    }

    fn paths(intake: &Intake) -> Vec<&str> {
        intake.files.iter().map(|f| &*f.path).collect()
    }

    #[test]
    fn gbk_names_and_nesting() {
        let gbk = encoding_rs::GB18030.encode("发票.pdf").0.into_owned();
        let inner = zip_of(&[(&gbk, b"one"), (b"__MACOSX/x.txt", b"junk")]);
        let outer = zip_of(&[("内层.zip".as_bytes(), &inner), (b"b.pdf", b"two")]);
        let intake = take(&outer, &Limits::default());
        assert_eq!(paths(&intake), ["a.zip!/b.pdf", "a.zip!/内层.zip!/发票.pdf"]);
        assert_eq!(intake.junk.len(), 1);
        let flat = take(&outer, &Limits { depth: 1, ..Limits::default() });
        assert_eq!(paths(&flat), ["a.zip!/b.pdf"]);
        assert!(flat.unread[0].1.contains("嵌套"));
    }

    #[test]
    fn names_stay_inside() {
        assert_eq!(neutralise("../../etc/passwd"), ("etc/passwd".into(), true));
        assert_eq!(neutralise("C:\\发票\\1.pdf"), ("发票/1.pdf".into(), true));
        assert_eq!(neutralise("/abs.pdf"), ("abs.pdf".into(), true));
        assert_eq!(neutralise("./甲/1.pdf"), ("甲/1.pdf".into(), false));
        let intake = take(&zip_of(&[(b"../../up.pdf", b"one"), (b"up.pdf", b"two")]), &Limits::default());
        assert_eq!(paths(&intake), ["a.zip!/up.pdf", "a.zip!/up.pdf#2"]);
        assert!(intake.notes[0].contains("以外"));
    }

    #[test]
    fn bombs_are_refused() {
        let zeros = vec![0u8; 1 << 20];
        let bytes = zip_of(&[(b"bomb.pdf", &zeros), (b"ok.pdf", b"fine")]);
        let limits = Limits { small: 1 << 10, ..Limits::default() };
        let intake = take(&bytes, &limits);
        assert_eq!(paths(&intake), ["a.zip!/ok.pdf"]);
        assert!(intake.unread[0].1.contains("压缩比"), "{:?}", intake.unread);
        let intake = take(&bytes, &Limits { inflated: 1 << 10, ..Limits::default() });
        assert!(intake.unread[0].1.contains("展开后超过"), "{:?}", intake.unread);
        let intake = take(&bytes, &Limits { members: 1, ..Limits::default() });
        assert!(intake.unread[0].1.contains("超过 1 个"), "{:?}", intake.unread);
    }

    #[test]
    fn broken_archives_are_told() {
        let mut bytes = zip_of(&[(b"a.pdf", b"content")]);
        bytes.truncate(bytes.len() - 10);
        let intake = take(&bytes, &Limits::default());
        assert!(intake.files.is_empty());
        assert!(intake.unread[0].1.contains("损坏"));
    }
}

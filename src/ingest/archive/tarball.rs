//! tar, as a file or as what a compressed stream holds. The headers that carry long names are read here under a
//! limit: the library would read them whole, however long they claim to be.

use std::io::{BufReader, Read};

use tar::EntryType;

use super::{Offer, Opened, broken, decode_name};

/// Why a link is no file.
pub(super) const LINK: &str = "是链接而不是文件本身，未跟随；请提供文件本身";
/// Longest name and longest set of extended records.
const MOST: u64 = 64 << 10;

pub(super) fn unpack(opened: &mut Opened<'_, '_>) -> Result<(), String> {
    let file = BufReader::new(opened.file()?);
    read(opened, file)
}

/// Unpacks a stream.
pub(super) fn read<R: Read>(opened: &mut Opened<'_, '_>, from: R) -> Result<(), String> {
    let mut archive = tar::Archive::new(from);
    let mut long: Option<Vec<u8>> = None;
    for entry in archive.entries().map_err(|e| broken(&e))?.raw(true) {
        let mut entry = entry.map_err(|e| format!("tar 压缩包损坏（{e}），其余未读；请重新打包后提交"))?;
        let size = entry.size();
        let kind = entry.header().entry_type();
        match kind {
            EntryType::GNULongName => {
                let mut name = head(&mut entry);
                name.truncate(name.iter().position(|b| *b == 0).unwrap_or(name.len()));
                long = Some(name);
                continue;
            }
            EntryType::XHeader => {
                long = record(&head(&mut entry), b"path").or(long);
                continue;
            }
            EntryType::XGlobalHeader | EntryType::GNULongLink => continue,
            _ => {}
        }
        let name = long.take().unwrap_or_else(|| entry.header().path_bytes().into_owned());
        if kind == EntryType::Directory {
            continue;
        }
        let slot = match opened.offer(&decode_name(&name)) {
            Offer::Stop => return Ok(()),
            Offer::Pass => continue,
            Offer::Take(slot) => slot,
        };
        match kind {
            EntryType::Regular | EntryType::Continuous => {
                // The stream ends without a word where the file was cut off.
                let mut whole = Whole { inner: &mut entry, left: size };
                opened.take(&slot, None, &mut whole);
            }
            EntryType::Link | EntryType::Symlink => opened.refuse(&slot, LINK),
            EntryType::GNUSparse => opened.refuse(&slot, "tar 中的稀疏文件不支持，请解压后提交"),
            _ => opened.refuse(&slot, "不是普通文件（设备、管道等），已跳过"),
        }
    }
    Ok(())
}

fn head(entry: &mut impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    // What cannot be read is missing from the name; the data behind it will tell.
    let _ = entry.take(MOST).read_to_end(&mut bytes);
    bytes
}

/// The value of a record `LENGTH KEY=VALUE\n`.
fn record(mut records: &[u8], key: &[u8]) -> Option<Vec<u8>> {
    let mut found = None;
    while let Some(blank) = records.iter().position(|b| *b == b' ') {
        let length: usize = std::str::from_utf8(&records[..blank]).ok()?.parse().ok()?;
        let line = records.get(blank + 1..length)?;
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        if let Some(value) = line.strip_prefix(key).and_then(|rest| rest.strip_prefix(b"=")) {
            found = Some(value.to_vec());
        }
        records = records.get(length..)?;
    }
    found
}

/// A stream that must have so many bytes.
struct Whole<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Whole<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.left = self.left.saturating_sub(n as u64);
        if n == 0 && self.left > 0 && !buffer.is_empty() {
            return Err(std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "数据不完整"));
        }
        Ok(n)
    }
}

//! The copy of a member in the spool. What counts is what comes out, never what a header says: a copy takes so many
//! bytes and no more.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// Which limit is the nearest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    /// Too much for what the packed data was.
    Ratio,
    /// Larger than any file may be.
    File,
    /// What all members of the outermost archive may inflate to.
    Nest,
}

/// How much may come, and why not more.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    pub(super) most: u64,
    pub(super) bound: Bound,
}

/// A copy that is being written.
pub(super) struct Copy {
    at: PathBuf,
    out: BufWriter<File>,
    pub(super) room: Room,
    /// Bytes that came, those over the limit not counted.
    pub(super) written: u64,
    /// More came than may.
    pub(super) over: bool,
    /// What the disk said; not the fault of the data.
    disk: Option<io::Error>,
}

impl Copy {
    pub(super) fn new(at: &Path, room: Room) -> Result<Self, String> {
        let out = File::create(at).map_err(|e| disk_words(&e))?;
        let out = BufWriter::with_capacity(1 << 16, out);
        Ok(Self { at: at.to_path_buf(), out, room, written: 0, over: false, disk: None })
    }

    /// Closes the copy; the reason if the disk refused.
    pub(super) fn close(mut self) -> Result<Closed, String> {
        let flushed = self.out.flush();
        if let Some(e) = self.disk.take().or(flushed.err()) {
            return Err(disk_words(&e));
        }
        Ok(Closed { at: self.at, written: self.written, over: self.over, bound: self.room.bound })
    }
}

/// A copy that was written.
pub(super) struct Closed {
    pub(super) at: PathBuf,
    pub(super) written: u64,
    pub(super) over: bool,
    pub(super) bound: Bound,
}

impl Write for Copy {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() as u64 > self.room.most.saturating_sub(self.written) {
            self.over = true;
            return Err(io::Error::other("over the limit"));
        }
        match self.out.write(bytes) {
            Ok(n) => {
                self.written += n as u64;
                Ok(n)
            }
            Err(e) => {
                let told = io::Error::new(e.kind(), e.to_string());
                self.disk = Some(e);
                Err(told)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn disk_words(e: &io::Error) -> String {
    if e.kind() == io::ErrorKind::StorageFull {
        return "临时文件所在磁盘已满，请清理后重新运行".to_string();
    }
    format!("无法写入临时文件（{e}），请检查磁盘空间")
}

/// Gives so many bytes of a stream and then an error: for streams that must be passed over without a copy.
pub(super) struct Meter<R> {
    inner: R,
    left: u64,
}

impl<R> Meter<R> {
    pub(super) fn new(inner: R, most: u64) -> Self {
        Self { inner, left: most }
    }
}

impl<R: Read> Read for Meter<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            // The end of the stream is no excess.
            let mut one = [0u8; 1];
            return match self.inner.read(&mut one)? {
                0 => Ok(0),
                _ => Err(io::Error::other("解压后的数据过多")),
            };
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let n = self.inner.read(&mut buffer[..most])?;
        self.left -= n as u64;
        Ok(n)
    }
}

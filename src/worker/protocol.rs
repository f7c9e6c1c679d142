//! What parent and worker say to each other: frames of a JSON head and raw bytes, each with its length before it.

use std::io::{self, Read, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::ingest::Passwords;
use crate::model::{BBox, Confidence, Format, ReadError, Reading};
use crate::read::Expect;

/// What a worker is told before anything else; not in its arguments, which everybody on the machine can see.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// Tried on locked files.
    pub passwords: Passwords,
}

/// A job as it travels, the file's bytes beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// What to do.
    pub task: Task,
    /// The file is that of the job before: its bytes stay where they are.
    pub same: bool,
}

/// What to do with a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Task {
    /// Read the file, or some of its pages.
    Read {
        /// Its format.
        format: Format,
        /// First and last page; readers that do not count pages read all.
        pages: Option<(u32, u32)>,
    },
    /// Draw a page, or a part of it with a frame around the box; the answer is a PNG.
    Render {
        /// The file's format.
        format: Format,
        /// From 1.
        page: u32,
        /// Dots per inch.
        dpi: f32,
        /// The part, in points; the whole page without.
        bbox: Option<BBox>,
    },
    /// Read one value again, independently.
    Reread {
        /// The file's format.
        format: Format,
        /// From 1.
        page: u32,
        /// Where, in points.
        bbox: BBox,
        /// Degrees clockwise by which the page is turned to be read.
        turned: u16,
        /// What it should be.
        expect: Expect,
    },
}

/// The answer to a [`Task`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// What was read, and how many pages the file has where the reader counts them.
    Read {
        /// The pages.
        reading: Reading,
        /// Pages of the whole file.
        total: Option<u32>,
    },
    /// A picture as PNG, in the bytes beside the answer.
    Picture(Vec<u8>),
    /// The readings of one value with their confidence.
    Values(Vec<(String, Confidence)>),
    /// Why not.
    Failed(ReadError),
}

/// What a worker says when it is ready.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hello {
    /// Fingerprint of the recogniser, if there is one.
    pub engine: Option<String>,
    /// What is missing or degraded, in Chinese.
    pub notes: Vec<String>,
}

/// No frame is larger than this; a longer one is a broken pipe or a broken worker.
const MOST: u64 = 2 << 30;

/// Sends a frame.
///
/// # Errors
/// When the other side is gone.
pub fn send<T: Serialize>(out: &mut impl Write, head: &T, bytes: &[u8]) -> io::Result<()> {
    let head = serde_json::to_vec(head).map_err(io::Error::other)?;
    out.write_all(&(head.len() as u64).to_le_bytes())?;
    out.write_all(&(bytes.len() as u64).to_le_bytes())?;
    out.write_all(&head)?;
    out.write_all(bytes)?;
    out.flush()
}

/// Receives a frame.
///
/// # Errors
/// When the other side is gone or speaks nonsense.
pub fn receive<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<(T, Vec<u8>)> {
    let mut lengths = [0u8; 16];
    from.read_exact(&mut lengths)?;
    let (first, second) = lengths.split_at(8);
    let number = |b: &[u8]| b.iter().rev().fold(0u64, |n, &x| (n << 8) | u64::from(x));
    let head = take(from, number(first))?;
    let bytes = take(from, number(second))?;
    let head = serde_json::from_slice(&head).map_err(io::Error::other)?;
    Ok((head, bytes))
}

fn take(from: &mut impl Read, length: u64) -> io::Result<Vec<u8>> {
    if length > MOST {
        return Err(io::Error::other("frame too long"));
    }
    let mut bytes = Vec::new();
    let got = from.take(length).read_to_end(&mut bytes)? as u64;
    if got == length { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_travel() {
        let mut pipe = Vec::new();
        let task = Task::Render { format: Format::Pdf, page: 2, dpi: 200.0, bbox: None };
        send(&mut pipe, &task, b"bytes").unwrap();
        let (back, bytes): (Task, _) = receive(&mut pipe.as_slice()).unwrap();
        assert_eq!((back, bytes.as_slice()), (task, b"bytes".as_slice()));
        assert!(receive::<Task>(&mut &pipe[..pipe.len() - 1]).is_err());
        assert!(receive::<Task>(&mut [0xffu8; 32].as_slice()).is_err());
    }
}

//! Compound files (OLE), the container of DOC, XLS and WPS: their streams, under limits.

use std::io::{Cursor, Read};

use cfb::CompoundFile;

use crate::model::ReadError;

/// An opened compound file.
pub(in crate::read) struct Ole<'a> {
    file: CompoundFile<Cursor<&'a [u8]>>,
    limit: u64,
}

impl<'a> Ole<'a> {
    /// Opens a compound file; no stream of it may be longer than `limit`.
    pub(in crate::read) fn open(bytes: &'a [u8], limit: u64) -> Result<Self, ReadError> {
        let file = CompoundFile::open(Cursor::new(bytes)).map_err(|e| ReadError::Damaged(e.to_string()))?;
        Ok(Self { file, limit })
    }

    /// Whether the root holds an entry of this name.
    pub(in crate::read) fn has(&self, name: &str) -> bool {
        self.file.exists(format!("/{name}"))
    }

    /// A stream of the root; `None` if there is none. A stream that breaks off gives what stands before the break.
    pub(in crate::read) fn stream(&mut self, name: &str) -> Result<Option<Vec<u8>>, ReadError> {
        let path = format!("/{name}");
        if !self.file.is_stream(&path) {
            return Ok(None);
        }
        let Ok(stream) = self.file.open_stream(&path) else { return Ok(None) };
        let mut bytes = Vec::new();
        let read = stream.take(self.limit.saturating_add(1)).read_to_end(&mut bytes);
        if bytes.len() as u64 > self.limit {
            return Err(ReadError::Limit(format!("{name} 超过 {} 字节", self.limit)));
        }
        match read {
            Err(e) if bytes.is_empty() => Err(ReadError::Damaged(e.to_string())),
            _ => Ok(Some(bytes)),
        }
    }
}

/// Two bytes, little end first.
pub(in crate::read) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let pair = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes([pair[0], pair[1]]))
}

/// Four bytes, little end first.
pub(in crate::read) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}

/// A part of a stream, if it lies within.
pub(in crate::read) fn slice(bytes: &[u8], at: usize, len: usize) -> Option<&[u8]> {
    bytes.get(at..at.checked_add(len)?)
}

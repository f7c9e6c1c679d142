//! `winmail.dat` (TNEF): what Outlook makes of attachments when it sends to programs that it does not know.

use std::io::Read;

use super::name::single;
use super::{Opened, broken, decode_name};

/// Begins an attachment.
const RENDERING: u16 = 0x9002;
const TITLE: u16 = 0x8010;
const DATA: u16 = 0x800F;
/// The attachment's properties; the long name is among them.
const PROPERTIES: u16 = 0x9005;
/// The property of the long name.
const LONG_NAME: u16 = 0x3707;
/// Most properties of one attachment.
const MOST: u32 = 1_000;

#[derive(Default)]
struct Attachment<'a> {
    title: Option<String>,
    long: Option<String>,
    data: Option<&'a [u8]>,
}

pub(super) fn unpack(opened: &mut Opened<'_, '_>) -> Result<(), String> {
    let mut bytes = Vec::new();
    let most = opened.nest.limits.file;
    opened.file()?.take(most).read_to_end(&mut bytes).map_err(|e| crate::ingest::io_reason(&e))?;
    let mut at = Cursor { bytes: &bytes, at: 6 };
    let mut current = Attachment::default();
    let mut number = 0;
    while at.at < bytes.len() {
        let Some((id, value)) = at.attribute() else {
            take(opened, current, number);
            return Err(broken(&"winmail.dat 不完整"));
        };
        match id {
            RENDERING => {
                take(opened, std::mem::take(&mut current), number);
                number += 1;
            }
            TITLE => current.title = Some(decode_name(until_zero(value))),
            DATA => current.data = Some(value),
            PROPERTIES => current.long = long_name(value),
            _ => {}
        }
        if opened.nest.full {
            return Ok(());
        }
    }
    take(opened, current, number);
    Ok(())
}

fn take(opened: &mut Opened<'_, '_>, attachment: Attachment<'_>, number: u32) {
    let Some(data) = attachment.data else { return };
    let name = attachment.long.or(attachment.title).map(|n| single(&n)).filter(|n| !n.is_empty());
    opened.take_bytes(&name.unwrap_or_else(|| format!("附件{number}.bin")), data);
}

fn until_zero(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len())]
}

/// Reads little-endian numbers and blocks.
struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(length)?;
        let out = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(out)
    }

    fn u16(&mut self) -> Option<u16> {
        self.take(2)?.try_into().ok().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }

    /// An attribute's number and value: level, number, type, length, value, checksum.
    fn attribute(&mut self) -> Option<(u16, &'a [u8])> {
        self.take(1)?;
        let id = self.u16()?;
        self.u16()?;
        let length = self.u32()?;
        let value = self.take(usize::try_from(length).ok()?)?;
        self.take(2)?;
        Some((id, value))
    }
}

/// The long name among an attachment's properties.
fn long_name(bytes: &[u8]) -> Option<String> {
    let mut at = Cursor { bytes, at: 0 };
    let count = at.u32()?;
    for _ in 0..count.min(MOST) {
        let (kind, id) = (at.u16()?, at.u16()?);
        if id >= 0x8000 {
            // A named property: whose it is, and a number or a name.
            at.take(16)?;
            let by_name = at.u32()? == 1;
            let length = at.u32()?;
            if by_name {
                at.take(padded(length)?)?;
            }
        }
        let several = kind & 0x1000 != 0;
        let values = match kind & 0x0FFF {
            0x001E | 0x001F | 0x000D | 0x0102 => at.u32()?,
            _ if several => at.u32()?,
            _ => 1,
        };
        for _ in 0..values.min(MOST) {
            let value = match kind & 0x0FFF {
                0x0002 | 0x0003 | 0x0004 | 0x000A | 0x000B => at.take(4)?,
                0x0005 | 0x0006 | 0x0007 | 0x0014 | 0x0040 => at.take(8)?,
                0x0048 => at.take(16)?,
                0x001E | 0x001F | 0x000D | 0x0102 => {
                    let length = at.u32()?;
                    let padded = at.take(padded(length)?)?;
                    padded.get(..usize::try_from(length).ok()?)?
                }
                _ => return None,
            };
            match (id, kind) {
                (LONG_NAME, 0x001F) => {
                    let text = encoding_rs::UTF_16LE.decode_without_bom_handling(value).0;
                    return Some(text.trim_end_matches('\0').to_string());
                }
                (LONG_NAME, 0x001E) => return Some(decode_name(until_zero(value))),
                _ => {}
            }
        }
    }
    None
}

/// Values fill up to four bytes.
fn padded(length: u32) -> Option<usize> {
    usize::try_from(length).ok()?.checked_next_multiple_of(4)
}

//! The piece table: the text of a Word file, put together from pieces anywhere in its stream.

use encoding_rs::{GBK, WINDOWS_1252};

use crate::model::ReadError;
use crate::read::ole::{slice, u16_at, u32_at};

/// Most characters of a document.
const CHARACTERS: usize = 8_000_000;

/// A piece: characters `from..to` of the text lie at `offset` of the stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) offset: usize,
    /// Bytes a character.
    pub(super) width: usize,
    /// What the piece applies to its properties.
    pub(super) prm: u16,
}

/// The text of all stories.
#[derive(Debug, Default)]
pub(super) struct Text {
    /// Characters as UTF-16; 0 where a character of two bytes took two positions.
    pub(super) units: Vec<u16>,
    /// The pieces in order.
    pub(super) pieces: Vec<Piece>,
    /// Modifiers that pieces name.
    pub(super) lists: Vec<Vec<u8>>,
    /// Whether the text was longer than what is read.
    pub(super) cut: bool,
}

impl Text {
    /// Puts the text together.
    pub(super) fn parse(clx: &[u8], stream: &[u8], chinese: bool) -> Result<Self, ReadError> {
        let mut text = Text::default();
        let mut at = 0;
        let table = loop {
            match clx.get(at) {
                Some(1) => {
                    let length = u16_at(clx, at + 1).map_or(0, usize::from);
                    text.lists.push(slice(clx, at + 3, length).unwrap_or(&[]).to_vec());
                    at += 3 + length;
                }
                Some(2) => {
                    let length = u32_at(clx, at + 1).unwrap_or(0) as usize;
                    let rest = clx.get(at + 5..).unwrap_or(&[]);
                    break &rest[..length.min(rest.len())];
                }
                _ => return Err(ReadError::Damaged("缺少文字分片表".into())),
            }
        };
        let count = table.len().saturating_sub(4) / 12;
        let mut last = 0;
        for i in 0..count {
            let (Some(from), Some(to)) = (u32_at(table, i * 4), u32_at(table, i * 4 + 4)) else { break };
            let entry = (count + 1) * 4 + i * 8;
            let (Some(place), Some(prm)) = (u32_at(table, entry + 2), u16_at(table, entry + 6)) else {
                break;
            };
            let (from, to) = (from as usize, to as usize);
            if from != last || to < from {
                text.cut = true;
                break;
            }
            last = to;
            let narrow = place & 0x4000_0000 != 0;
            let place = (place & 0x3FFF_FFFF) as usize;
            let (offset, width) = if narrow { (place / 2, 1) } else { (place, 2) };
            let piece = Piece { from, to, offset, width, prm };
            if !text.add(piece, stream, chinese) {
                break;
            }
        }
        Ok(text)
    }

    /// Adds the characters of a piece; false if this was the last one that can be read.
    fn add(&mut self, mut piece: Piece, stream: &[u8], chinese: bool) -> bool {
        let wanted = piece.to - piece.from;
        let there = stream.len().saturating_sub(piece.offset) / piece.width;
        let count = wanted.min(there).min(CHARACTERS - self.units.len());
        let bytes = slice(stream, piece.offset, count * piece.width).unwrap_or(&[]);
        if piece.width == 2 {
            self.units.extend(bytes.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])));
        } else {
            narrow(bytes, chinese, &mut self.units);
        }
        piece.to = piece.from + count;
        self.pieces.push(piece);
        self.cut |= count < wanted;
        count == wanted
    }

    /// The piece that holds a character.
    pub(super) fn piece(&self, at: usize) -> Option<&Piece> {
        let index = self.pieces.partition_point(|p| p.to <= at);
        self.pieces.get(index).filter(|p| p.from <= at)
    }
}

/// Characters of one byte: Western ones, but where all the high bytes stand in pairs of GB 2312 they are Chinese of
/// a writer that did not know better.
fn narrow(bytes: &[u8], chinese: bool, out: &mut Vec<u16>) {
    let start = out.len();
    let pairs = chinese && is_gb2312(bytes);
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if pairs
            && *byte >= 0xA1
            && let Some(pair) = bytes.get(at..at + 2)
            && let Some(c) = GBK.decode_without_bom_handling(pair).0.encode_utf16().next()
        {
            out.extend([c, 0]);
            at += 2;
            continue;
        }
        out.push(match byte {
            0x80..=0x9F => {
                let c = WINDOWS_1252.decode_without_bom_handling(&[*byte]).0.encode_utf16().next();
                c.unwrap_or(u16::from(*byte))
            }
            _ => u16::from(*byte),
        });
        at += 1;
    }
    debug_assert_eq!(out.len() - start, bytes.len());
}

fn is_gb2312(bytes: &[u8]) -> bool {
    let mut at = 0;
    let (mut common, mut all) = (0usize, 0usize);
    while let Some(byte) = bytes.get(at) {
        if *byte < 0x80 {
            at += 1;
            continue;
        }
        match bytes.get(at + 1) {
            Some(0xA1..=0xFE) if (0xA1..=0xF7).contains(byte) => {
                all += 1;
                common += usize::from((0xB0..=0xD7).contains(byte));
            }
            _ => return false,
        }
        at += 2;
    }
    common >= 2 && common * 2 >= all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8], chinese: bool) -> String {
        let mut units = Vec::new();
        narrow(bytes, chinese, &mut units);
        assert_eq!(units.len(), bytes.len());
        String::from_utf16_lossy(&units).replace('\0', "")
    }

    #[test]
    fn bytes_are_western_or_national() {
        let gbk = encoding_rs::GBK.encode("单位名称：A公司").0.into_owned();
        assert_eq!(decoded(&gbk, true), "单位名称：A公司");
        assert_ne!(decoded(&gbk, false), "单位名称：A公司");
        assert_eq!(decoded(b"\x93a\x94 \xd7 3", true), "“a” × 3");
    }
}

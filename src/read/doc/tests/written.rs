//! The smallest Word files there can be.

use std::io::{Cursor, Write};

/// Size of the head, and of a page of properties.
const HEAD: usize = 1024;
const PAGE: usize = 512;
/// Where the second form field begins in the data: the first is ticked, the second is as by default.
pub(super) const FIELD: u32 = 100;

/// A modifier with its operand.
pub(super) fn sprm(code: u16, operand: &[u8]) -> Vec<u8> {
    [&code.to_le_bytes()[..], operand].concat()
}

/// The modifier that defines a row by its edges and the flags of its cells.
pub(super) fn row(edges: &[i16], flags: &[u16]) -> Vec<u8> {
    let mut out = vec![flags.len() as u8];
    edges.iter().for_each(|e| out.extend(e.to_le_bytes()));
    for flag in flags {
        out.extend(flag.to_le_bytes());
        out.extend([0; 18]);
    }
    let length = (out.len() + 1) as u16;
    sprm(0xD608, &[&length.to_le_bytes()[..], &out].concat())
}

/// A file to be written.
#[derive(Default)]
pub(super) struct Written {
    pub(super) fonts: Vec<&'static str>,
    pub(super) headers: &'static str,
    pub(super) boxed: &'static str,
    /// Text in bytes of GBK.
    pub(super) narrow: bool,
    pub(super) parts: Vec<(String, Vec<u8>)>,
    pub(super) lists: Vec<Vec<u8>>,
}

impl Written {
    /// Text with its character modifiers.
    pub(super) fn part(mut self, text: &str, list: &[u8]) -> Self {
        self.parts.push((text.to_string(), list.to_vec()));
        self
    }

    /// Modifiers of the next paragraphs, one list for each mark in the text.
    pub(super) fn paragraphs(mut self, lists: Vec<Vec<u8>>) -> Self {
        self.lists.extend(lists);
        self
    }

    /// The file.
    pub(super) fn bytes(&self) -> Vec<u8> {
        ole(&self.streams())
    }

    /// Its streams.
    pub(super) fn streams(&self) -> Vec<(&'static str, Vec<u8>)> {
        let width = if self.narrow { 1 } else { 2 };
        let encode = |text: &str| match self.narrow {
            true => encoding_rs::GBK.encode(text).0.into_owned(),
            false => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        };
        let (mut text, mut runs, mut ends) = (Vec::new(), Vec::new(), Vec::new());
        for (part, list) in &self.parts {
            for c in part.chars() {
                text.extend(encode(&c.to_string()));
                if matches!(c, '\r' | '\u{7}') {
                    ends.push(HEAD + text.len());
                }
            }
            runs.push((HEAD + text.len(), list.clone()));
        }
        let main = text.len() / width;
        let anchor = self.parts.iter().flat_map(|p| p.0.chars()).position(|c| c == '\u{8}').unwrap_or(0);
        text.extend(encode(self.headers));
        text.extend(encode(self.boxed));
        let mut stream = vec![0; HEAD];
        stream.extend(&text);
        stream.resize(stream.len().div_ceil(PAGE) * PAGE, 0);
        let characters = pages(&mut stream, &runs, |list| [&[list.len() as u8][..], list].concat(), 1);
        let marks: Vec<(usize, Vec<u8>)> = ends
            .iter()
            .enumerate()
            .map(|(i, e)| (*e, self.lists.get(i).cloned().unwrap_or_default()))
            .collect();
        let odd = |list: &[u8]| {
            // A list of even length says half its length behind a zero; one of odd length says it at once.
            let words = (list.len() + 2).div_ceil(2);
            let body = [&[0, 0][..], list].concat();
            if body.len() % 2 == 0 {
                [&[0, words as u8][..], &body].concat()
            } else {
                [&[words as u8][..], &body].concat()
            }
        };
        let paragraphs = pages(&mut stream, &marks, odd, 13);
        let place = if self.narrow { 0x4000_0000 | (HEAD as u32 * 2) } else { HEAD as u32 };
        let count = (text.len() / width) as u32;
        let piece = [&[0u8; 4][..], &count.to_le_bytes(), &[0; 2], &place.to_le_bytes(), &[0; 2]].concat();
        let pieces = [&[2u8][..], &(piece.len() as u32).to_le_bytes(), &piece].concat();
        let boxed = self.boxed.encode_utf16().count() as u32;
        let texts = [&[0u8; 4][..], &boxed.to_le_bytes(), &[0; 14], &7u32.to_le_bytes(), &[0; 4]].concat();
        let anchors =
            [&(anchor as u32).to_le_bytes()[..], &count.to_le_bytes(), &7u32.to_le_bytes(), &[0; 22]]
                .concat();
        let mut table = vec![0; 16];
        for (number, bytes) in [
            (12, characters),
            (13, paragraphs),
            (15, self.font_table()),
            (33, pieces),
            (40, anchors),
            (56, texts),
        ] {
            let at = 154 + number * 8;
            stream[at..at + 4].copy_from_slice(&(table.len() as u32).to_le_bytes());
            stream[at + 4..at + 8].copy_from_slice(&(bytes.len() as u32).to_le_bytes());
            table.extend(bytes);
        }
        self.head(&mut stream, main as u32);
        vec![("WordDocument", stream), ("0Table", table), ("Data", data())]
    }

    fn head(&self, stream: &mut [u8], main: u32) {
        let mut word = |at: usize, value: u16| stream[at..at + 2].copy_from_slice(&value.to_le_bytes());
        word(0, 0xA5EC);
        word(2, 0xC1);
        word(6, 0x0804);
        word(32, 14);
        word(62, 22);
        word(152, 93);
        let mut long = |at: usize, value: u32| stream[at..at + 4].copy_from_slice(&value.to_le_bytes());
        long(76, main);
        long(84, self.headers.encode_utf16().count() as u32);
        long(100, self.boxed.encode_utf16().count() as u32);
    }

    fn font_table(&self) -> Vec<u8> {
        let mut out = vec![self.fonts.len() as u8, 0, 0, 0];
        for font in &self.fonts {
            let name: Vec<u8> = font.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
            out.push((39 + name.len()) as u8);
            out.extend([0; 39]);
            out.extend(name);
        }
        out
    }
}

/// Pages of properties, one a run, put behind the stream; gives the table that names them.
fn pages(
    stream: &mut Vec<u8>,
    runs: &[(usize, Vec<u8>)],
    entry: impl Fn(&[u8]) -> Vec<u8>,
    width: usize,
) -> Vec<u8> {
    let (mut places, mut numbers, mut from) = (vec![HEAD as u32], Vec::new(), HEAD);
    for (to, list) in runs {
        let mut page = vec![0; PAGE];
        page[..4].copy_from_slice(&(from as u32).to_le_bytes());
        page[4..8].copy_from_slice(&(*to as u32).to_le_bytes());
        let bytes = entry(list);
        let at = (8 + width).div_ceil(2) * 2;
        page[8] = (at / 2) as u8;
        page[at..at + bytes.len()].copy_from_slice(&bytes);
        page[PAGE - 1] = 1;
        numbers.push((stream.len() / PAGE) as u32);
        stream.extend(page);
        places.push(*to as u32);
        from = *to;
    }
    places.into_iter().chain(numbers).flat_map(u32::to_le_bytes).collect()
}

/// Two form fields: one ticked, one that is as by default, which is not.
fn data() -> Vec<u8> {
    let field = |bits: u16, default: u16| {
        let mut out = vec![0; 0x44];
        out[4] = 0x44;
        out.extend([0xFF; 4]);
        out.extend(bits.to_le_bytes());
        out.extend([0; 4]);
        // A name of one character, and its end.
        out.extend([1, 0, b'A', 0, 0, 0]);
        out.extend(default.to_le_bytes());
        out.resize(FIELD as usize, 0);
        out
    };
    [field(1 | 1 << 2, 0), field(1 | 25 << 2, 0)].concat()
}

/// A compound file of these streams.
pub(super) fn ole(streams: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut ole = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (name, bytes) in streams {
        ole.create_stream(format!("/{name}")).unwrap().write_all(bytes).unwrap();
    }
    ole.flush().unwrap();
    ole.into_inner().into_inner()
}

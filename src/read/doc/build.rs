//! The characters of a story with their properties, put together into paragraphs and tables.

use std::collections::BTreeMap;
use std::ops::Range;

use super::File;
use super::fib::Fib;
use super::properties::{Character, Paragraph};
use super::sprm;
use crate::read::dom::Node;
use crate::read::flow::{self, Builder, End, Flat};
use crate::read::ole::{slice, u16_at, u32_at};

/// Fields in fields: how deep.
const FIELDS: usize = 64;
/// Longest code of a field kept.
const CODE: usize = 200;

/// A field that has begun.
#[derive(Default)]
struct Field {
    code: String,
    /// Whether its result has begun.
    result: bool,
    /// The state of the check box it is.
    ticked: Option<bool>,
}

/// Builds one story.
struct Story<'a> {
    file: &'a File,
    boxes: &'a BTreeMap<usize, Vec<Range<usize>>>,
    builder: Builder,
    fields: Vec<Field>,
    content: Vec<Node>,
    words: Vec<u16>,
    font: String,
    /// Properties that hold for bytes of the stream `run`.
    character: Character,
    run: Range<usize>,
    prm: u16,
}

/// The body of the main story.
pub(super) fn body(
    file: &File,
    fib: &Fib,
    boxes: &BTreeMap<usize, Vec<Range<usize>>>,
    sections: &BTreeMap<usize, Node>,
) -> Node {
    let end = (fib.stories[0] as usize).min(file.text.units.len());
    let mut story = Story::new(file, boxes);
    story.read(0..end, sections);
    story.builder.finish()
}

impl<'a> Story<'a> {
    fn new(file: &'a File, boxes: &'a BTreeMap<usize, Vec<Range<usize>>>) -> Self {
        Self {
            file,
            boxes,
            builder: Builder::default(),
            fields: Vec::new(),
            content: Vec::new(),
            words: Vec::new(),
            font: String::new(),
            character: Character::default(),
            run: 0..0,
            prm: 0,
        }
    }

    fn read(&mut self, range: Range<usize>, sections: &BTreeMap<usize, Node>) {
        let end = range.end;
        let mut last = None;
        for at in range {
            let unit = self.file.text.units[at];
            let Some(byte) = self.properties_at(at) else { continue };
            let section = if unit == 0x0C { sections.get(&(at + 1)) } else { None };
            if matches!(unit, 0x0D | 0x07) || section.is_some() {
                // The last section says its size behind the text, where no page follows.
                let section = section.filter(|_| at + 1 < end);
                self.end_paragraph(unit, byte, section);
            } else {
                self.character(unit, at);
            }
            last = Some(byte);
        }
        self.flush();
        if let Some(byte) = last.filter(|_| !self.content.is_empty()) {
            self.end_paragraph(0x0D, byte, None);
        }
        if let Some(section) = sections.range(end..).next() {
            self.builder.element(section.1.clone());
        }
    }

    /// Takes up the properties of a character; gives its place in the stream.
    fn properties_at(&mut self, at: usize) -> Option<usize> {
        let piece = self.file.text.piece(at)?;
        let byte = piece.offset + (at - piece.from) * piece.width;
        if !self.run.contains(&byte) || self.prm != piece.prm {
            let run = self.file.characters.at(byte);
            self.run = run.map_or(byte..byte + 1, |r| r.from..r.to);
            self.prm = piece.prm;
            let mut character = Character::default();
            character.apply(run.map_or(&[], |r| r.list(&self.file.stream)));
            character.apply(&sprm::of_piece(piece.prm, &self.file.text.lists));
            self.character = character;
        }
        Some(byte)
    }

    fn end_paragraph(&mut self, unit: u16, byte: usize, section: Option<&Node>) {
        self.flush();
        let mut paragraph = Paragraph::default();
        if let Some(run) = self.file.paragraphs.at(byte) {
            let style = run.style(&self.file.stream);
            paragraph = Paragraph::of_style(style.is_some_and(|s| self.file.breaking.contains(&s)));
            paragraph.apply(run.list(&self.file.stream), &self.file.data);
        }
        paragraph.apply(&sprm::of_piece(self.prm, &self.file.text.lists), &self.file.data);
        let mut depth = paragraph.depth();
        let row_end = if depth > 1 { paragraph.inner_row_end } else { paragraph.row_end };
        let cell_end = unit == 0x07 || depth > 1 && paragraph.inner_cell;
        if unit == 0x07 {
            depth = depth.max(1);
        }
        let end = if row_end && depth > 0 {
            let mut shape = std::mem::take(&mut paragraph.row);
            shape.deleted = self.character.deleted;
            End::Row(shape)
        } else if cell_end {
            End::Cell
        } else {
            End::Paragraph
        };
        let mut properties = Vec::new();
        if paragraph.break_before {
            properties.push(flow::node("pageBreakBefore", &[], Vec::new()));
        }
        properties.extend(section.cloned());
        let content = std::mem::take(&mut self.content);
        self.builder.push(Flat { content, properties, depth, end });
    }

    fn character(&mut self, unit: u16, at: usize) {
        match unit {
            0x13 if self.fields.len() < FIELDS => self.fields.push(Field::default()),
            0x14 => self.fields.last_mut().into_iter().for_each(|f| f.result = true),
            0x15 => self.end_field(),
            _ if self.character.deleted || self.character.hidden => {}
            0x01 => self.object(),
            _ if self.in_code() => {
                if let (Some(field), Some(c)) = (self.fields.last_mut(), char::from_u32(u32::from(unit)))
                    && field.code.len() < CODE
                {
                    field.code.push(c);
                }
            }
            0x08 => self.anchored(at),
            0x09 => self.put(flow::node("tab", &[], Vec::new())),
            0x0B => self.put(flow::node("br", &[], Vec::new())),
            0x0C => self.put(flow::node("br", &[("type", "page")], Vec::new())),
            0x0E => self.put(flow::node("br", &[("type", "column")], Vec::new())),
            0x1E => self.put(flow::node("noBreakHyphen", &[], Vec::new())),
            0..0x20 => {}
            _ => match self.character.symbol {
                Some((font, code)) => {
                    let font = self.file.font(Some(font)).to_string();
                    let symbol =
                        flow::node("sym", &[("font", &font), ("char", &format!("{code:04X}"))], Vec::new());
                    self.put(symbol);
                }
                None => {
                    let font = self.file.font(self.character.font);
                    if font != self.font {
                        let font = font.to_string();
                        self.flush();
                        self.font = font;
                    }
                    self.words.push(unit);
                }
            },
        }
    }

    fn in_code(&self) -> bool {
        self.fields.iter().any(|f| !f.result)
    }

    /// A picture, or what a form field holds.
    fn object(&mut self) {
        let Some(place) = self.character.data else { return };
        if self.character.form {
            if let Some(field) = self.fields.last_mut() {
                field.ticked = form_tick(&self.file.data, place as usize);
            }
        } else if !self.in_code()
            && let Some((w, h)) = picture_size(&self.file.data, place as usize)
        {
            let size = [("cx", w.to_string()), ("cy", h.to_string())];
            let size: Vec<(&str, &str)> = size.iter().map(|(n, v)| (*n, v.as_str())).collect();
            let parts = vec![flow::node("extent", &size, Vec::new()), flow::node("blip", &[], Vec::new())];
            self.put(flow::node("drawing", &[], parts));
        }
    }

    fn end_field(&mut self) {
        let Some(field) = self.fields.pop() else { return };
        if self.in_code() || self.character.deleted || self.character.hidden {
            return;
        }
        if let Some(element) = flow::field(&field.code, field.ticked) {
            self.flush();
            self.content.push(element);
        }
    }

    /// Text boxes that hang on this character.
    fn anchored(&mut self, at: usize) {
        let Some(texts) = self.boxes.get(&at) else { return };
        let none = BTreeMap::new();
        for text in texts {
            let mut story = Story::new(self.file, &none);
            story.read(text.clone(), &BTreeMap::new());
            let mut content = story.builder.finish();
            content.name = "txbxContent".to_string();
            self.put(flow::node("pict", &[], vec![content]));
        }
    }

    fn put(&mut self, element: Node) {
        self.flush();
        self.content.push(flow::run("", element));
    }

    fn flush(&mut self) {
        if !self.words.is_empty() {
            let text = String::from_utf16_lossy(&std::mem::take(&mut self.words));
            self.content.push(flow::text_run(&text, &self.font));
        }
    }
}

/// Whether the check box of a form field is ticked.
fn form_tick(data: &[u8], at: usize) -> Option<bool> {
    let header = usize::from(u16_at(data, at.checked_add(4)?)?);
    let field = at.checked_add(header)?;
    if u32_at(data, field)? != u32::MAX {
        return None;
    }
    let bits = u16_at(data, field + 4)?;
    match (bits >> 2) & 0x1F {
        0 => Some(false),
        1 => Some(true),
        // As it is by default, which stands behind the name.
        _ => {
            let name = usize::from(u16_at(data, field + 10)?);
            Some(u16_at(data, field + 12 + (name + 1) * 2)? != 0)
        }
    }
}

/// Size of a picture in EMU; `None` if there is no picture.
fn picture_size(data: &[u8], at: usize) -> Option<(u64, u64)> {
    const EMU: u64 = 635;
    let length = u32_at(data, at)? as usize;
    let head = slice(data, at, 0x24)?;
    if length <= 0x44 {
        return None;
    }
    let side = |goal: usize, scale: usize| {
        Some(u64::from(u16_at(head, goal)?) * u64::from(u16_at(head, scale)?) / 1000 * EMU)
    };
    Some((side(0x1C, 0x20)?, side(0x1E, 0x22)?))
}

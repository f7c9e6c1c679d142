//! Tokens put together into paragraphs and tables.

mod output;

use super::charset::Fonts;
use super::lexer::{Lexer, Token};
use super::state::{RowDefinition, State, Target};
use crate::model::ReadError;
use crate::read::dom::Node;
use crate::read::flow::{self, Builder, End};

/// Groups in groups: how deep.
const GROUPS: usize = 5_000;
/// Text boxes in text boxes: how deep.
const BOXES: usize = 8;
/// Longest code of a field kept.
const CODE: usize = 400;

/// A field that has begun.
#[derive(Default)]
struct Field {
    code: String,
    result: Option<i32>,
    default: i32,
}

/// A text, of the body or of a text box.
#[derive(Default)]
struct Story {
    builder: Builder,
    content: Vec<Node>,
}

struct Parser {
    fonts: Fonts,
    states: Vec<State>,
    stories: Vec<Story>,
    fields: Vec<Field>,
    bytes: Vec<u8>,
    units: Vec<u16>,
    skip: usize,
    row: RowDefinition,
    inner_row: RowDefinition,
    font_name: Vec<u8>,
    font: (i32, i32),
    picture: (i32, i32),
    paper: (u32, u32),
    continuous: bool,
}

/// The body of a file, and whether the file was whole.
pub(super) fn parse(bytes: &[u8]) -> Result<(Node, bool), ReadError> {
    let mut parser = Parser {
        fonts: Fonts { page: 1252, ..Fonts::default() },
        states: vec![State::default()],
        stories: vec![Story::default()],
        fields: Vec::new(),
        bytes: Vec::new(),
        units: Vec::new(),
        skip: 0,
        row: RowDefinition::default(),
        inner_row: RowDefinition::default(),
        font_name: Vec::new(),
        font: (-1, 0),
        picture: (0, 0),
        paper: (0, 0),
        continuous: false,
    };
    let mut lexer = Lexer::new(bytes);
    let mut whole = false;
    while let Some(token) = lexer.next() {
        match token {
            Token::Open if parser.states.len() >= GROUPS => {
                return Err(ReadError::Limit(format!("RTF 嵌套超过 {GROUPS} 层")));
            }
            Token::Open => parser.open(),
            Token::Close => {
                parser.close();
                if parser.states.len() == 1 {
                    whole = true;
                    break;
                }
            }
            Token::Word("bin", Some(n)) => lexer.pass(usize::try_from(n).unwrap_or(0)),
            Token::Word(word, number) => parser.word(word, number),
            Token::Symbol(symbol) => parser.symbol(symbol),
            Token::Byte(byte) => parser.byte(byte),
        }
    }
    Ok((parser.finish(), whole))
}

impl Parser {
    fn state(&mut self) -> &mut State {
        if self.states.is_empty() {
            self.states.push(State::default());
        }
        let last = self.states.len() - 1;
        &mut self.states[last]
    }

    fn finish(mut self) -> Node {
        self.flush();
        while self.stories.len() > 1 {
            self.end_box();
        }
        if self.stories.last().is_some_and(|s| !s.content.is_empty()) {
            let depth = self.state().tables();
            self.end_paragraph(depth, End::Paragraph);
        }
        let section = self.section();
        let mut story = self.stories.pop().unwrap_or_default();
        story.builder.element(section);
        story.builder.finish()
    }

    fn open(&mut self) {
        self.flush();
        self.skip = 0;
        let inner = self.state().inner();
        self.states.push(inner);
    }

    fn close(&mut self) {
        self.flush();
        self.skip = 0;
        if self.states.len() < 2 {
            return;
        }
        let Some(state) = self.states.pop() else { return };
        let outer = self.state().target;
        match state.target {
            Target::Fonts => self.end_font(),
            Target::Picture if outer != Target::Picture && outer != Target::Nothing => self.end_picture(),
            _ => {}
        }
        if state.text_box {
            self.end_box();
        }
        if state.field
            && let Some(field) = self.fields.pop()
        {
            self.end_field(&field);
        }
    }

    fn symbol(&mut self, symbol: u8) {
        match symbol {
            b'*' => self.state().optional = true,
            b'~' => self.unit(0xA0),
            b'_' => self.unit(u16::from(b'-')),
            b'\\' | b'{' | b'}' => self.byte(symbol),
            b'\r' | b'\n' => self.word("par", None),
            b'\t' => self.word("tab", None),
            _ => {}
        }
    }

    fn byte(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        match self.state().target {
            Target::Text | Target::Code => {
                self.flush_units();
                self.bytes.push(byte);
            }
            Target::Fonts if byte == b';' => self.end_font(),
            Target::Fonts => self.font_name.push(byte),
            _ => {}
        }
    }

    fn unit(&mut self, unit: u16) {
        if matches!(self.state().target, Target::Text | Target::Code) {
            self.flush_bytes();
            self.units.push(unit);
        }
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        let optional = std::mem::take(&mut self.state().optional);
        if word != "u" {
            self.skip = 0;
        }
        if self.state().target == Target::Nothing {
            return;
        }
        let known = self.destination(word, optional) || self.character(word, number);
        if !known && !self.paragraph(word, number) {
            self.row_word(word, number.unwrap_or(0));
        }
    }

    /// Words that say where what stands in the group goes.
    fn destination(&mut self, word: &str, optional: bool) -> bool {
        let target = match word {
            "fonttbl" => Target::Fonts,
            "fldinst" => Target::Code,
            "formfield" => Target::Form,
            "pict" => Target::Picture,
            "nesttableprops" => Target::InnerRow,
            "shpinst" | "do" => Target::Shape,
            "shptxt" | "dptxbxtext" => {
                self.begin_box();
                return true;
            }
            "field" => {
                self.flush();
                if self.fields.len() < GROUPS {
                    self.fields.push(Field::default());
                    self.state().field = true;
                }
                return true;
            }
            "shppict" | "fldrslt" | "result" => return true,
            "colortbl" | "stylesheet" | "info" | "header" | "headerl" | "headerr" | "headerf" | "footer"
            | "footerl" | "footerr" | "footerf" | "footnote" | "annotation" | "listtext" | "pntext"
            | "nonshppict" | "shprslt" | "objdata" | "nonesttables" | "xe" | "tc" | "rxe" | "ftnsep"
            | "ftnsepc" | "aftnsep" | "private" | "themedata" | "datastore" | "listtable" => Target::Nothing,
            _ if optional => Target::Nothing,
            _ => return false,
        };
        self.flush();
        let inside = self.state().target;
        // What a picture or a drawing says about itself is never text.
        if inside != Target::Picture {
            self.state().target = target;
        }
        if target == Target::Picture {
            self.picture = (0, 0);
        }
        true
    }

    /// Words of characters.
    fn character(&mut self, word: &str, number: Option<i32>) -> bool {
        let on = number != Some(0);
        match word {
            "u" => {
                let unit = number.unwrap_or(0) as u16;
                self.unit(unit);
                self.skip = self.state().fallback;
            }
            "uc" => self.state().fallback = usize::try_from(number.unwrap_or(1)).unwrap_or(1).min(16),
            "f" if self.state().target == Target::Fonts => self.font.0 = number.unwrap_or(0),
            "fcharset" => self.font.1 = number.unwrap_or(0),
            "f" => {
                self.flush();
                self.state().font = number.unwrap_or(0);
            }
            "v" => {
                self.flush();
                self.state().hidden = on;
            }
            "deleted" => {
                self.flush();
                self.state().deleted = on;
            }
            "plain" => {
                self.flush();
                let state = self.state();
                (state.hidden, state.deleted, state.font) = (false, false, -1);
            }
            "ansicpg" => self.fonts.page = number.unwrap_or(1252),
            "lquote" => self.unit(0x2018),
            "rquote" => self.unit(0x2019),
            "ldblquote" => self.unit(0x201C),
            "rdblquote" => self.unit(0x201D),
            "emdash" => self.unit(0x2014),
            "endash" => self.unit(0x2013),
            "bullet" => self.unit(0x2022),
            "emspace" | "enspace" | "qmspace" => self.unit(0x20),
            "tab" => self.put(flow::node("tab", &[], Vec::new())),
            "line" => self.put(flow::node("br", &[], Vec::new())),
            "page" => self.put(flow::node("br", &[("type", "page")], Vec::new())),
            "column" => self.put(flow::node("br", &[("type", "column")], Vec::new())),
            "picwgoal" => self.picture.0 = number.unwrap_or(0),
            "pichgoal" => self.picture.1 = number.unwrap_or(0),
            "ffres" => self.fields.last_mut().into_iter().for_each(|f| f.result = number),
            "ffdefres" => self.fields.last_mut().into_iter().for_each(|f| f.default = number.unwrap_or(0)),
            _ => return false,
        }
        true
    }

    /// Words of paragraphs, sections and the ends of cells and rows.
    fn paragraph(&mut self, word: &str, number: Option<i32>) -> bool {
        let depth = self.state().tables();
        let size = |n: Option<i32>| n.and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
        match word {
            "par" => self.end_paragraph(depth, End::Paragraph),
            "cell" => self.end_paragraph(1, End::Cell),
            "nestcell" => self.end_paragraph(depth.max(2), End::Cell),
            "row" => {
                let shape = self.row.shape();
                self.end_paragraph(1, End::Row(shape));
            }
            "nestrow" => {
                let shape = self.inner_row.shape();
                self.end_paragraph(depth.max(2), End::Row(shape));
            }
            "pard" => {
                let state = self.state();
                (state.in_table, state.depth, state.break_before) = (false, 0, false);
            }
            "intbl" => self.state().in_table = true,
            "itap" => self.state().depth = size(number).min(64),
            "pagebb" => self.state().break_before = number != Some(0),
            "sect" => {
                let section = self.section();
                self.flush();
                self.end_with(depth, End::Paragraph, vec![section]);
            }
            "sectd" => self.continuous = false,
            "sbknone" => self.continuous = true,
            "paperw" | "pgwsxn" => self.paper.0 = size(number),
            "paperh" | "pghsxn" => self.paper.1 = size(number),
            _ => return false,
        }
        true
    }

    /// Words that define a row.
    fn row_word(&mut self, word: &str, number: i32) {
        let row = if self.state().target == Target::InnerRow { &mut self.inner_row } else { &mut self.row };
        match word {
            "trowd" => *row = RowDefinition::default(),
            "trleft" => row.left = number,
            "cellx" => row.edge(number),
            "clmrg" => row.next.along = true,
            "clvmgf" => row.next.starts = true,
            "clvmrg" => row.next.down = true,
            _ => {}
        }
    }
}

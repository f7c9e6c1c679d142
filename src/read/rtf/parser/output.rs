//! What has been read becomes elements: text, fields, pictures, paragraphs.

use super::{BOXES, CODE, Field, Parser, Story};
use crate::read::dom::Node;
use crate::read::flow::{self, End, Flat};
use crate::read::rtf::state::Target;

impl Parser {
    pub(super) fn section(&self) -> Node {
        let (w, h) = self.paper;
        flow::section(Some((w, h)).filter(|s| s.0 > 0 && s.1 > 0), self.continuous)
    }

    pub(super) fn end_paragraph(&mut self, depth: u32, end: End) {
        self.flush();
        self.end_with(depth, end, Vec::new());
    }

    pub(super) fn end_with(&mut self, depth: u32, end: End, mut properties: Vec<Node>) {
        // A row of an inner table ends in a group that holds its shape.
        if !matches!(self.state().target, Target::Text | Target::InnerRow) {
            return;
        }
        if self.state().break_before {
            properties.insert(0, flow::node("pageBreakBefore", &[], Vec::new()));
        }
        if let Some(story) = self.stories.last_mut() {
            let content = std::mem::take(&mut story.content);
            story.builder.push(Flat { content, properties, depth, end });
        }
    }

    pub(super) fn begin_box(&mut self) {
        self.flush();
        if self.stories.len() <= BOXES {
            self.stories.push(Story::default());
            let state = self.state();
            state.text_box = true;
            state.target = Target::Text;
            (state.in_table, state.depth) = (false, 0);
        } else {
            self.state().target = Target::Nothing;
        }
    }

    pub(super) fn end_box(&mut self) {
        let Some(mut story) = self.stories.pop() else { return };
        if !story.content.is_empty() {
            let content = std::mem::take(&mut story.content);
            story.builder.push(Flat { content, ..Flat::default() });
        }
        let mut content = story.builder.finish();
        content.name = "txbxContent".to_string();
        self.keep(flow::run("", flow::node("pict", &[], vec![content])));
    }

    pub(super) fn end_font(&mut self) {
        let name = std::mem::take(&mut self.font_name);
        let (number, set) = std::mem::replace(&mut self.font, (-1, 0));
        if number >= 0 && self.fonts.fonts.len() < 10_000 {
            let name = encoding_rs::GB18030.decode_without_bom_handling(&name).0.trim().to_string();
            self.fonts.fonts.insert(number, (name, set));
        }
    }

    pub(super) fn end_picture(&mut self) {
        const EMU: i64 = 635;
        let side = |n: i32| (i64::from(n.max(0)) * EMU).to_string();
        let (w, h) = (side(self.picture.0), side(self.picture.1));
        let extent = flow::node("extent", &[("cx", &w), ("cy", &h)], Vec::new());
        self.put(flow::node("drawing", &[], vec![extent, flow::node("blip", &[], Vec::new())]));
    }

    pub(super) fn end_field(&mut self, field: &Field) {
        if self.state().hidden || self.state().deleted {
            return;
        }
        let ticked = match field.result {
            Some(0) => false,
            Some(1) => true,
            _ => field.default == 1,
        };
        if let Some(element) = flow::field(&field.code, Some(ticked)) {
            self.keep(element);
        }
    }

    pub(super) fn put(&mut self, element: Node) {
        self.flush();
        if self.shows() {
            self.keep(flow::run("", element));
        }
    }

    pub(super) fn shows(&mut self) -> bool {
        let state = self.state();
        state.target == Target::Text && !state.hidden && !state.deleted
    }

    pub(super) fn keep(&mut self, element: Node) {
        if let Some(story) = self.stories.last_mut() {
            story.content.push(element);
        }
    }

    pub(super) fn flush(&mut self) {
        self.flush_bytes();
        self.flush_units();
    }

    pub(super) fn flush_bytes(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let font = self.state().font;
        let text = if self.fonts.is_symbol(font) {
            bytes.iter().map(|b| char::from(*b)).collect()
        } else {
            self.fonts.encoding(font).decode_without_bom_handling(&bytes).0.into_owned()
        };
        self.text(&text);
    }

    pub(super) fn flush_units(&mut self) {
        if !self.units.is_empty() {
            let text = String::from_utf16_lossy(&std::mem::take(&mut self.units));
            self.text(&text);
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        if self.state().target == Target::Code {
            if let Some(field) = self.fields.last_mut().filter(|f| f.code.len() < CODE) {
                field.code.push_str(text);
            }
            return;
        }
        if self.shows() {
            let font = self.state().font;
            let name =
                if self.fonts.is_symbol(font) { self.fonts.name(font).to_string() } else { String::new() };
            self.keep(flow::text_run(text, &name));
        }
    }
}

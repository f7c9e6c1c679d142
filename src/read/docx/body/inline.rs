//! What stands in a paragraph: runs, fields, check boxes, drawings.

use super::super::symbol;
use super::{Walker, Written, chosen};
use crate::model::{BBox, ImageBox};
use crate::read::dom::{Child, Node};
use crate::read::flow;

/// Longest code of a field kept.
const CODE: usize = 400;
/// Points in an EMU.
const EMU: f32 = 1.0 / 12_700.0;

impl Walker<'_> {
    pub(super) fn inline(&mut self, node: &Node, font: &str, out: &mut Written) {
        for child in node.nodes() {
            match child.name.as_str() {
                "r" => self.run(child, out),
                "t" => {
                    let text = child.text();
                    self.write(&text, font, out);
                }
                "sdt" => self.control(child, out),
                "ins" | "moveTo" | "hyperlink" | "smartTag" | "customXml" | "fldSimple" | "oMath"
                | "oMathPara" | "dir" | "bdo" | "rt" | "rubyBase" => self.inline(child, font, out),
                "ruby" => child.child("rubyBase").into_iter().for_each(|b| self.inline(b, font, out)),
                "AlternateContent" => chosen(child).into_iter().for_each(|c| self.inline(c, font, out)),
                "tab" | "ptab" => self.write("\t", "", out),
                "noBreakHyphen" => self.write("-", "", out),
                "cr" => out.lines.push((self.page, String::new())),
                "br" if matches!(child.attribute("type"), Some("page" | "column")) => {
                    if child.attribute("type") == Some("page") {
                        self.break_page(false);
                    }
                    out.lines.push((self.page, String::new()));
                }
                "br" => out.lines.push((self.page, String::new())),
                "lastRenderedPageBreak" => {
                    self.break_page(true);
                    self.turn(out);
                }
                "sym" => {
                    let code = child.attribute("char").and_then(|c| u32::from_str_radix(c, 16).ok());
                    if let Some(c) = code.and_then(|c| symbol::of(child.attribute("font").unwrap_or(""), c)) {
                        self.write(&c.to_string(), "", out);
                    }
                }
                "instrText" if self.code.len() < CODE => self.code.push_str(&child.text()),
                "fldChar" => {
                    self.field_code(child, out);
                    if let Some(check) = child.child("ffData").and_then(|f| f.child("checkBox")) {
                        let state = check.child("checked").or_else(|| check.child("default"));
                        self.tick(state.is_some_and(Node::is_on), out);
                    }
                }
                "drawing" | "pict" | "object" => self.drawing(child, out),
                _ => {}
            }
        }
    }

    /// A paragraph that runs over a page break: what comes is on the new page, in the same line of text.
    fn turn(&mut self, out: &mut Written) {
        if out.lines.last().is_some_and(|(_, t)| t.trim().is_empty())
            && let Some(last) = out.lines.last_mut()
        {
            last.0 = self.page;
        }
    }

    fn run(&mut self, run: &Node, out: &mut Written) {
        let properties = run.child("rPr");
        if properties.is_some_and(|p| p.on("vanish")) {
            return;
        }
        let fonts = properties.and_then(|p| p.child("rFonts"));
        let font = ["ascii", "hAnsi"].iter().find_map(|n| fonts.and_then(|f| f.attribute(n))).unwrap_or("");
        self.inline(run, font, out);
    }

    fn write(&mut self, text: &str, font: &str, out: &mut Written) {
        let Some((_, line)) = out.lines.last_mut() else { return };
        if symbol::is_symbol_font(font) {
            line.extend(text.chars().map(|c| symbol::of(font, u32::from(c)).unwrap_or(c)));
        } else {
            // A private-use character of a symbol font without its font is a Wingdings one in practice.
            line.extend(text.chars().map(|c| match u32::from(c) {
                code @ 0xF020..=0xF0FF => symbol::of("wingdings", code).unwrap_or(c),
                _ => c,
            }));
        }
        if !text.trim().is_empty() {
            self.fresh = false;
        }
    }

    /// A field whose code draws something in place of a result: a symbol, a mark over a box.
    fn field_code(&mut self, mark: &Node, out: &mut Written) {
        let code = std::mem::take(&mut self.code);
        let drawn = !code.trim_start().to_ascii_uppercase().starts_with("FORM");
        if mark.attribute("fldCharType") != Some("begin")
            && drawn
            && let Some(run) = flow::field(&code, None)
        {
            self.run(&run, out);
        }
    }

    fn tick(&mut self, ticked: bool, out: &mut Written) {
        let mark = if ticked { symbol::TICKED } else { symbol::OPEN };
        self.write(&mark.to_string(), "", out);
    }

    /// An inline content control: a check box counts by its state, a placeholder is no content.
    fn control(&mut self, node: &Node, out: &mut Written) {
        let properties = node.child("sdtPr");
        if let Some(check) = properties.and_then(|p| p.child("checkbox")) {
            let ticked = matches!(check.value_of("checked"), Some("1" | "true" | "on"));
            self.tick(ticked, out);
            return;
        }
        if properties.is_some_and(|p| p.on("showingPlcHdr")) {
            return;
        }
        node.child("sdtContent").into_iter().for_each(|c| self.inline(c, "", out));
    }

    /// A drawing: its text boxes and pictures.
    fn drawing(&mut self, node: &Node, out: &mut Written) {
        let mut boxes = Vec::new();
        gather_deep(node, "txbxContent", &mut boxes);
        for text_box in boxes {
            let mut paragraphs = Vec::new();
            gather_deep(text_box, "p", &mut paragraphs);
            for paragraph in paragraphs {
                let inner = self.paragraph(paragraph);
                out.boxes.extend(inner.lines);
                out.boxes.extend(inner.boxes);
            }
        }
        if node.find("blip").is_some() || node.find("imagedata").is_some() {
            self.pictures += 1;
            self.fresh = false;
            let extent = node.find("extent");
            let side = |n: &str| {
                extent.and_then(|e| e.attribute(n)).and_then(|v| v.parse::<f32>().ok()).unwrap_or(0.0)
            };
            let (w, h) = (side("cx") * EMU, side("cy") * EMU);
            if let Some(page) = self.pages.last_mut() {
                // Flow gives no position: only the size is known.
                page.images.push(ImageBox { bbox: BBox::new(0.0, 0.0, w, h), width: 0, height: 0 });
            }
        }
    }
}

/// The outermost elements of this name anywhere below.
fn gather_deep<'a>(node: &'a Node, name: &str, out: &mut Vec<&'a Node>) {
    for child in &node.children {
        if let Child::Node(child) = child {
            match child.name.as_str() {
                n if n == name => out.push(child),
                "Fallback" if node.child("Choice").is_some() => {}
                _ => gather_deep(child, name, out),
            }
        }
    }
}

//! The cipher block (密码区) of invoices of tax control: lines of figures and signs that say nothing to people, and are
//! never the same on two invoices.

use crate::extract::Extracted;
use crate::extract::sheet::Word;
use crate::extract::typed::Typed;
use crate::model::{Grade, Value};
use crate::text::normal;

/// Shortest line of a block.
const LINE: usize = 20;

/// Reads the block where its characters are known; what is recognised of them is wrong too often to be compared.
pub(super) fn read(words: &[&Word], typed: &Typed, out: &mut Extracted) {
    let lines: Vec<&&Word> = words.iter().filter(|w| w.at.grade != Grade::Ocr && is_line(&w.text)).collect();
    let Some(at) = lines.iter().map(|w| w.at.clone()).reduce(|a, b| a.join(&b, "\n")) else { return };
    let text: String = lines.iter().map(|w| normal::squash(&w.text)).collect();
    out.fields.insert("cipher".into(), typed.found(Value::Text(text), &at));
}

fn is_line(text: &str) -> bool {
    let text = normal::squash(text);
    let signs = text.chars().filter(|c| !c.is_ascii_digit()).count();
    text.len() >= LINE
        && text.chars().all(|c| c.is_ascii_digit() || "+-*/<>".contains(c))
        && (3..text.len()).contains(&signs)
}

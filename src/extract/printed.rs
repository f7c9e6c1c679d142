//! Text values keep the punctuation that was printed: 湖南某某（集团）有限公司 keeps its wide brackets.
//!
//! Extractors work on folded text, in which wide and narrow signs are one; a value that people see, and that is
//! compared with other systems, should stand as the paper has it.

use super::Extracted;
use crate::model::{Field, Value};
use crate::text::normal;

/// Restores the printed punctuation of all text values.
pub(super) fn restore(extracted: &mut Extracted) {
    let rows = extracted.items.iter_mut().flat_map(|row| row.values_mut());
    for field in extracted.fields.values_mut().chain(rows) {
        if let Field::Found(read) = field
            && let Value::Text(text) = &mut read.value
            && let Some(printed) = printed(text, &read.raw)
        {
            *text = printed;
        }
    }
}

/// The value with the punctuation of what was printed; none if the one does not follow the other.
fn printed(value: &str, raw: &str) -> Option<String> {
    if !raw.contains(is_wide_sign) {
        return None;
    }
    let mut out = String::with_capacity(value.len());
    let mut rest = raw.chars().flat_map(|c| {
        let folded: Vec<char> = normal::squash(c.encode_utf8(&mut [0; 4])).chars().collect();
        let blank = if folded.is_empty() { Some((' ', ' ')) } else { None };
        let shown = move |f: char| (f, if is_wide_sign(c) { c } else { f });
        folded.into_iter().map(shown).chain(blank)
    });
    for wanted in value.chars() {
        out.push(rest.find(|(folded, _)| *folded == wanted)?.1);
    }
    Some(out)
}

/// The wide forms of brackets and stops that Chinese print uses.
fn is_wide_sign(c: char) -> bool {
    matches!(c, '（' | '）' | '，' | '：' | '；' | '！' | '？')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_signs_stay_wide_and_narrow_ones_narrow() {
        assert_eq!(printed("湖南(集团)公司", "湖南 （集团）公司").as_deref(), Some("湖南（集团）公司"));
        assert_eq!(printed("湖南(集团)公司", "湖南(集团)公司").as_deref(), None);
        assert_eq!(printed("a(b", "甲（a(b").as_deref(), Some("a(b"));
    }

    #[test]
    fn what_does_not_follow_is_left_alone() {
        assert_eq!(printed("湖南(集团)", "另一段文字"), None);
    }
}

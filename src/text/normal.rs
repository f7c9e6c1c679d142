//! Normalising text before comparison (`domain.md`, discipline 5).

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::radical;

/// NFKC, plus the radical-supplement characters that NFKC leaves alone; blanks become single spaces.
pub fn fold(text: &str) -> String {
    if text.chars().all(plain) {
        return text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    let folded: String =
        text.nfkc().map(radical::ordinary).filter(|c| !invisible(*c) || c.is_whitespace()).collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// [`fold`] without any blank: for labels and cues.
pub fn squash(text: &str) -> String {
    if text.chars().all(plain) {
        return text.chars().filter(|c| !c.is_whitespace()).collect();
    }
    text.nfkc().map(radical::ordinary).filter(|c| !c.is_whitespace() && !invisible(*c)).collect()
}

/// Characters that normalising leaves as they are, whatever stands beside them: nearly all of a Chinese paper. Of the
/// ideographs only 戶 becomes another.
fn plain(c: char) -> bool {
    matches!(c, ' '..='~' | '\n' | '\t' | '、' | '。' | '《' | '》' | '\u{4e00}'..='\u{6235}' | '\u{6237}'..='\u{9fff}')
}

/// Controls and the marks that have no width: they come out of text layers and mean nothing.
fn invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// What [`squash`] makes of one character, a character at a time.
pub(crate) fn squash_char(c: char, mut add: impl FnMut(char)) {
    if plain(c) {
        if !c.is_whitespace() {
            add(c);
        }
    } else {
        let folded = std::iter::once(c).nfkc().map(radical::ordinary);
        folded.filter(|c| !c.is_whitespace() && !invisible(*c)).for_each(add);
    }
}

/// Likeness of two texts between 0 and 1: one minus the edit distance over the longer length, blanks left out.
pub fn likeness(a: &str, b: &str) -> f32 {
    let a: Vec<char> = squash(a).chars().collect();
    let b: Vec<char> = squash(b).chars().collect();
    let longer = a.len().max(b.len());
    if longer == 0 {
        return 1.0;
    }
    1.0 - edit_distance(&a, &b) as f32 / longer as f32
}

/// How much of the shorter text stands in the longer one in the same order, between 0 and 1: high where one is a part
/// of the other with some characters misread.
pub fn partly_alike(a: &str, b: &str) -> f32 {
    let a: Vec<char> = squash(a).chars().collect();
    let b: Vec<char> = squash(b).chars().collect();
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.is_empty() {
        return 1.0;
    }
    let mut row = vec![0usize; long.len() + 1];
    for x in &short {
        let mut diagonal = 0;
        for (j, y) in long.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = if x == y { diagonal + 1 } else { above.max(row[j]) };
            diagonal = above;
        }
    }
    row[long.len()] as f32 / short.len() as f32
}

/// How many characters must be put in, taken out or replaced to turn one text into the other.
pub fn edit_distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replace = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replace.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// A range of bytes of `text` as a range of characters.
pub fn char_range(text: &str, bytes: &Range<usize>) -> Range<usize> {
    let upto = |byte: usize| text.char_indices().take_while(|(at, _)| *at < byte).count();
    upto(bytes.start)..upto(bytes.end)
}

/// One character of a text that was folded and stripped of blanks, with its way back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Glyph {
    /// The folded character.
    pub(crate) c: char,
    /// Bytes of the original character it came from.
    pub(crate) from: usize,
    /// End of those bytes.
    pub(crate) to: usize,
    /// Whether blanks stood before it.
    pub(crate) gap: bool,
}

/// The text folded, without blanks, each character with its place in the original: grammars scan this and report
/// ranges of what was printed.
pub(crate) fn glyphs(text: &str) -> Vec<Glyph> {
    let mut out = Vec::with_capacity(text.len());
    let mut gap = false;
    for (at, original) in text.char_indices() {
        let to = at + original.len_utf8();
        let mut add = |c: char| {
            if c.is_whitespace() {
                gap = true;
            } else if !invisible(c) {
                out.push(Glyph { c, from: at, to, gap });
                gap = false;
            }
        };
        if plain(original) {
            add(original);
        } else {
            std::iter::once(original).nfkc().map(radical::ordinary).for_each(add);
        }
    }
    out
}

/// The bytes that a run of glyphs covers.
pub(crate) fn span(glyphs: &[Glyph]) -> Range<usize> {
    match (glyphs.first(), glyphs.last()) {
        (Some(first), Some(last)) => first.from..last.to,
        _ => 0..0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_width_radicals_and_blanks() {
        assert_eq!(fold("　合　　计（⼤写）：１２\u{200b}３ "), "合 计(大写):123");
        assert_eq!(squash("⻓ 沙 ⻔ ⼝"), "长沙门口");
        assert_eq!(squash("￥１,０００．００"), "¥1,000.00");
    }

    #[test]
    fn likeness_counts_edits() {
        assert_eq!(likeness("长沙甲公司", "长沙甲公司"), 1.0);
        assert!((likeness("长沙甲公司", "长沙乙公司") - 0.8).abs() < 1e-6);
        assert_eq!(likeness("", ""), 1.0);
        assert_eq!(likeness("甲", ""), 0.0);
    }

    #[test]
    fn what_is_plain_normalises_to_itself() {
        for c in ('\0'..='\u{ffff}').filter(|c| plain(*c)) {
            let text: String = std::iter::once(c).nfkc().map(radical::ordinary).collect();
            assert_eq!(text, c.to_string());
            let beside: String = ['年', c, 'e'].into_iter().nfkc().collect();
            assert_eq!(beside, format!("年{c}e"));
        }
    }

    #[test]
    fn glyphs_lead_back() {
        let text = "a ㎡　１";
        let all = glyphs(text);
        assert_eq!(all.iter().map(|g| g.c).collect::<String>(), "am21");
        assert_eq!(&text[all[1].from..all[2].to], "㎡");
        assert!(all[3].gap && !all[2].gap);
        assert_eq!(char_range("合计12", &(6..8)), 2..4);
    }
}

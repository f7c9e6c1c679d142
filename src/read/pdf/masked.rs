//! Fonts whose map to characters cannot be true: Chinese characters by the names of Latin ones, or by private names that
//! mean something in no other file. What they say is unknown, however plainly it is written.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::marks::Glyph;
use super::unicode::UNKNOWN;

/// Latin letters that may be as wide as they are high.
const WIDE: &str = "WMmw@%&—…Œ";
/// From so many glyphs on it is no accident.
const ENOUGH: usize = 4;

/// What the glyphs of one font are.
#[derive(Debug, Default)]
struct Tally {
    all: usize,
    /// Latin characters as wide as Chinese ones.
    masked: usize,
    chinese: usize,
    private: usize,
    names: BTreeSet<char>,
}

/// Marks glyphs whose map cannot be true.
pub(super) fn unmask(glyphs: &mut [Glyph]) {
    let odd = |g: &Glyph| is_sure(g) || is_private(g.ch);
    if glyphs.iter().filter(|g| odd(g)).take(ENOUGH).count() < ENOUGH {
        return;
    }
    let mut fonts: BTreeMap<u16, Tally> = BTreeMap::new();
    for glyph in glyphs.iter() {
        let tally = fonts.entry(glyph.font).or_default();
        tally.all += 1;
        tally.masked += usize::from(is_sure(glyph));
        tally.chinese += usize::from(('\u{3400}'..='\u{9fff}').contains(&glyph.ch));
        // Symbol fonts have their private names; their signs are narrow.
        let symbol = ('\u{f000}'..='\u{f0ff}').contains(&glyph.ch) && !is_full(glyph);
        if is_private(glyph.ch) && !symbol {
            tally.private += 1;
            tally.names.insert(glyph.ch);
        }
    }
    let of = |font: u16| fonts.get(&font);
    // A map that makes Latin letters of Chinese characters lies about figures as well: nothing of that font is to be
    // believed. Where the font has plain Chinese too, rather the widths are wrong.
    let lies = |font: u16| {
        font != 0 && of(font).is_some_and(|t| t.masked >= ENOUGH && t.chinese == 0 && 20 * t.masked > t.all)
    };
    let private = |font: u16| of(font).is_some_and(|t| t.names.len() >= ENOUGH && 3 * t.private > t.all);
    let total = glyphs.iter().filter(|g| is_sure(g)).take(ENOUGH).count();
    let masked: Vec<bool> = (0..glyphs.len())
        .map(|i| {
            let glyph = &glyphs[i];
            if lies(glyph.font) || (is_private(glyph.ch) && private(glyph.font)) {
                return true;
            }
            let beside = |k: Option<usize>| k.and_then(|k| glyphs.get(k)).is_some_and(is_sure);
            let near = || beside(i.checked_sub(1)) || beside(Some(i + 1));
            total >= ENOUGH && (is_sure(glyph) || (is_wide_latin(glyph) && near()))
        })
        .collect();
    for (glyph, masked) in glyphs.iter_mut().zip(masked) {
        if masked {
            glyph.ch = UNKNOWN;
        }
    }
}

fn is_full(g: &Glyph) -> bool {
    g.x1 - g.x0 > 0.97 * g.size
}

fn is_wide_latin(g: &Glyph) -> bool {
    ('!'..='\u{24f}').contains(&g.ch) && is_full(g)
}

fn is_sure(g: &Glyph) -> bool {
    is_wide_latin(g) && !WIDE.contains(g.ch)
}

fn is_private(c: char) -> bool {
    ('\u{e000}'..='\u{f8ff}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::pdf::marks::Turn;

    /// Glyphs side by side; the widths in parts of their size.
    fn row(text: &str, width: f32, font: u16) -> Vec<Glyph> {
        let at = |i: usize| 10.0 * width * i as f32;
        let glyph = |(i, ch): (usize, char)| Glyph {
            ch,
            x0: at(i),
            x1: at(i + 1),
            base: 100.0,
            size: 10.0,
            turn: Turn::None,
            seq: 0,
            invisible: false,
            white: false,
            blank: false,
            font,
            unlike: false,
        };
        text.chars().enumerate().map(glyph).collect()
    }

    fn unmasked(parts: &[(&str, f32, u16)]) -> String {
        let mut all: Vec<Glyph> = parts.iter().flat_map(|(t, w, f)| row(t, *w, *f)).collect();
        unmask(&mut all);
        all.iter().map(|g| if g.ch == UNKNOWN { '?' } else { g.ch }).collect()
    }

    #[test]
    fn a_font_that_lies_about_letters_lies_about_figures() {
        assert_eq!(unmasked(&[("abcd", 1.0, 1), ("123.45", 0.5, 1), ("123.45", 0.5, 2)]), "??????????123.45");
        // Of a font that is not known only what is seen to be wrong is doubted, and a few wide letters are no proof.
        assert_eq!(unmasked(&[("abcd", 1.0, 0), ("12", 0.5, 0)]), "????12");
        assert_eq!(unmasked(&[("abc", 1.0, 1), ("12", 0.5, 1)]), "abc12");
        assert_eq!(unmasked(&[("abcd", 1.0, 1), ("名称12", 0.5, 1)]), "????名称12");
    }

    #[test]
    fn private_names_mean_nothing_but_a_bullet_does() {
        let label = "\u{e001}\u{e002}\u{e003}\u{e004}";
        assert_eq!(unmasked(&[(label, 1.0, 1), ("8531", 0.5, 2)]), "????8531");
        let rare = "张\u{e816}三李四王五";
        assert_eq!(unmasked(&[(rare, 1.0, 1)]), rare);
        let bullets = "\u{f0b7}\u{f0b7}\u{f0b7}\u{f0b7}\u{f0b7}";
        assert_eq!(unmasked(&[(bullets, 0.5, 1)]), bullets);
    }
}

//! Where the form of a text says what a character cannot be, the next likeliest reading of that character is taken.
//! Only what the model itself took into account is chosen from; nothing is made to fit.

use super::ctc::Glyph;
use crate::text::code;

/// Signs that stand in amounts.
const SIGNS: &str = ",.-¥%()";
/// Letters that credit codes do not use (GB 32100-2015), being too like digits.
const UNUSED: &str = "IOSVZ";

/// Settles the characters of a strip that is a number or a credit code.
pub(super) fn settle(glyphs: &mut [Glyph]) {
    let text: String = glyphs.iter().map(|g| g.text.as_str()).collect();
    if text.chars().count() != glyphs.len() {
        return;
    }
    if let Some(other) = number(glyphs).or_else(|| credit_code(glyphs)) {
        glyphs.clone_from_slice(&other);
    }
}

/// An amount in which one character in five at most is none that amounts have.
fn number(glyphs: &[Glyph]) -> Option<Vec<Glyph>> {
    let digits = glyphs.iter().filter(|g| all(g, |c| c.is_ascii_digit())).count();
    let fits = |t: &str| t.chars().all(|c| c.is_ascii_digit() || SIGNS.contains(c));
    let strays = glyphs.iter().filter(|g| !fits(&fold(&g.text))).count();
    if digits < 4 || strays == 0 || strays * 5 > glyphs.len() {
        return None;
    }
    replaced(glyphs, |t| fits(&fold(t)))
}

/// Eighteen characters with letters that no credit code has; taken only if the check character then holds.
fn credit_code(glyphs: &[Glyph]) -> Option<Vec<Glyph>> {
    let alnum = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase();
    let unused = |g: &Glyph| all(g, |c| UNUSED.contains(c));
    if glyphs.len() != 18 || !glyphs.iter().all(|g| all(g, alnum)) || !glyphs.iter().any(unused) {
        return None;
    }
    let out = replaced(glyphs, |t| t.chars().all(|c| alnum(c) && !UNUSED.contains(c)))?;
    let text: String = out.iter().map(|g| g.text.as_str()).collect();
    (code::check_uscc(&text) == code::CodeCheck::Valid).then_some(out)
}

fn all(glyph: &Glyph, is: impl Fn(char) -> bool) -> bool {
    !glyph.text.is_empty() && glyph.text.chars().all(is)
}

fn fold(text: &str) -> String {
    text.replace('￥', "¥").replace('，', ",").replace('（', "(").replace('）', ")").replace('−', "-")
}

/// Each character that does not fit replaced by its likeliest reading that does; None where one has no such reading.
fn replaced(glyphs: &[Glyph], fits: impl Fn(&str) -> bool) -> Option<Vec<Glyph>> {
    let one = |g: &Glyph| {
        if fits(&g.text) {
            return Some(g.clone());
        }
        let (text, score) = g.others.iter().find(|(t, _)| fits(t))?;
        Some(Glyph { text: text.clone(), score: *score, at: g.at, others: Vec::new() })
    };
    glyphs.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glyphs(text: &str, others: &[(usize, &str, f32)]) -> Vec<Glyph> {
        let one = |(i, c): (usize, char)| Glyph {
            text: c.to_string(),
            at: i as f32,
            score: 0.9,
            others: others.iter().filter(|o| o.0 == i).map(|o| (o.1.to_string(), o.2)).collect(),
        };
        text.chars().enumerate().map(one).collect()
    }

    fn settled(text: &str, others: &[(usize, &str, f32)]) -> String {
        let mut all = glyphs(text, others);
        settle(&mut all);
        all.iter().map(|g| g.text.as_str()).collect()
    }

    #[test]
    fn amounts_take_what_was_read_and_nothing_else() {
        assert_eq!(settled("12O4.50", &[(2, "0", 0.2)]), "1204.50");
        assert_eq!(settled("12O4.50", &[(2, "Q", 0.2)]), "12O4.50");
        assert_eq!(settled("2022年12月", &[(4, "-", 0.1)]), "2022年12月");
    }

    #[test]
    fn the_check_character_decides_on_codes() {
        let (code, read) = ("91430200MA4L00011Q", "91430200MA4LO0011Q");
        assert_eq!(settled(read, &[(12, "0", 0.3)]), code);
        assert_eq!(settled(read, &[(12, "8", 0.3)]), read);
        assert_eq!(settled(read, &[]), read);
    }
}

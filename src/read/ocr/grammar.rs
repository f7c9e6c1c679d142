//! Where the form of a text says what a character cannot be, the next likeliest reading of that character is taken.
//! Only what the model itself took into account is chosen from; nothing is made to fit.

use std::ops::Range;

use super::ctc::Glyph;
use crate::text::code;

/// Signs that stand in amounts.
const SIGNS: &str = ",.-¥%()";
/// Letters that credit codes do not use (GB 32100-2015), being too like digits, with the digits they look like.
const UNUSED: &[(char, char)] = &[('I', '1'), ('O', '0'), ('S', '5'), ('Z', '2'), ('V', 'V')];
/// What capital amounts are written with.
const CAPITALS: &str = "零壹贰叁肆伍陆柒捌玖拾佰仟万亿圆元角分整正";
/// Capital numerals on both sides of a character, counted together, that make it part of an amount.
const AROUND: usize = 4;
/// How likely a reading must be to be tried in a code whose check character fails.
const TRIED: f32 = 0.04;
/// Most codes that are tried: a check character passes one in thirty-one by chance.
const MOST: usize = 6;
/// How sure a character is at most that the check character settled.
const SETTLED: f32 = 0.9;

/// Settles the characters of a strip: a number, capital amounts and credit codes within it. A character that goes gets
/// an empty text.
pub(super) fn settle(glyphs: &mut [Glyph]) {
    let text: String = glyphs.iter().map(|g| g.text.as_str()).collect();
    if text.chars().count() != glyphs.len() {
        return;
    }
    without_blanks(glyphs);
    if let Some(other) = number(glyphs) {
        glyphs.clone_from_slice(&other);
        return;
    }
    capitals(glyphs);
    for at in codes(glyphs) {
        if let Some(other) = credit_code(&glyphs[at.clone()]) {
            glyphs[at].clone_from_slice(&other);
        }
    }
}

/// Wide-set digits are read with blanks beside their points: `7170. 42` is one number. Blanks between digits stay, and
/// those behind the number of a clause (`3. 50万元`).
fn without_blanks(glyphs: &mut [Glyph]) {
    let is_digit = |g: &Glyph| all(g, |c| c.is_ascii_digit());
    let is_point = |g: &Glyph| matches!(g.text.as_str(), "." | ",");
    let only = |g: &Glyph| {
        g.text.trim().is_empty() || g.text.chars().all(|c| c.is_ascii_digit() || SIGNS.contains(c))
    };
    let number = glyphs.iter().all(only);
    let digits = |part: &mut dyn Iterator<Item = &Glyph>| part.take_while(|g| is_digit(g)).count();
    for i in 1..glyphs.len().saturating_sub(1) {
        if !glyphs[i].text.trim().is_empty() {
            continue;
        }
        let after = digits(&mut glyphs[i + 1..].iter());
        let before = digits(&mut glyphs[..i].iter().rev());
        let behind = is_point(&glyphs[i - 1]) && {
            let long = digits(&mut glyphs[..i - 1].iter().rev());
            after > 0 && long > 0 && (number || (long >= 3 && matches!(after, 2 | 3)))
        };
        let ahead = before > 0 && is_point(&glyphs[i + 1]) && glyphs.get(i + 2).is_some_and(is_digit);
        if behind || ahead {
            glyphs[i].text.clear();
        }
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

/// Characters among capital numerals that are none; what was settled once may make the amount around another.
fn capitals(glyphs: &mut [Glyph]) {
    let is = |g: &Glyph| all(g, |c| CAPITALS.contains(c));
    let within = 1..glyphs.len().saturating_sub(1);
    for i in within.clone().chain(within.rev()) {
        if is(&glyphs[i]) {
            continue;
        }
        let before = glyphs[..i].iter().rev().take_while(|g| is(g)).count();
        let after = glyphs[i + 1..].iter().take_while(|g| is(g)).count();
        if before == 0 || after == 0 || before + after < AROUND {
            continue;
        }
        let other = glyphs[i].others.iter().find(|(t, _)| t.chars().all(|c| CAPITALS.contains(c))).cloned();
        if let Some((text, score)) = other {
            glyphs[i] = Glyph { text, score, at: glyphs[i].at, others: Vec::new() };
        }
    }
}

/// Where eighteen digits and capital letters stand together, and no more.
fn codes(glyphs: &[Glyph]) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut from = 0;
    for i in 0..=glyphs.len() {
        let in_code = glyphs.get(i).is_some_and(|g| all(g, |c| c.is_ascii_digit() || c.is_ascii_uppercase()));
        if !in_code {
            if i - from == 18 {
                out.push(from..i);
            }
            from = i + 1;
        }
    }
    out
}

/// A code that cannot be as it was read: with letters that no credit code has, or with a check character that does not
/// hold. Other readings are tried, and what looks the same (O and 0); one is taken if it is the only one that holds.
fn credit_code(glyphs: &[Glyph]) -> Option<Vec<Glyph>> {
    let joined = |g: &[Glyph]| -> String { g.iter().map(|g| g.text.as_str()).collect() };
    if code::check_uscc(&joined(glyphs)) == code::CodeCheck::Valid {
        return None;
    }
    let mut tried: Vec<Vec<Glyph>> = vec![Vec::new()];
    for glyph in glyphs {
        let choices = choices(glyph);
        tried = tried
            .iter()
            .flat_map(|head| choices.iter().map(move |c| head.iter().chain([c]).cloned().collect()))
            .take(MOST + 1)
            .collect();
    }
    if tried.len() > MOST {
        return None;
    }
    tried.retain(|t| code::check_uscc(&joined(t)) == code::CodeCheck::Valid);
    if tried.len() == 1 { tried.pop() } else { None }
}

/// What a character of a code may be: as read, other readings, and the digit that looks like a letter that is none.
fn choices(glyph: &Glyph) -> Vec<Glyph> {
    let unused = |t: &str| UNUSED.iter().find(|u| t.chars().eq([u.0])).map(|u| u.1);
    let one =
        |t: &str| t.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase()) && unused(t).is_none();
    let as_read = unused(&glyph.text).is_none().then(|| glyph.clone());
    let mut out: Vec<Glyph> = as_read.into_iter().collect();
    let other = |text: String, score: f32| Glyph { text, score, at: glyph.at, others: Vec::new() };
    let least = if out.is_empty() { 0.0 } else { TRIED };
    for (text, score) in glyph.others.iter().filter(|o| o.1 >= least && one(&o.0)) {
        out.push(other(text.clone(), *score));
    }
    if let Some(digit) = unused(&glyph.text).filter(char::is_ascii_digit) {
        let digit = digit.to_string();
        if out.iter().all(|g| g.text != digit) {
            out.push(other(digit, glyph.score.min(SETTLED)));
        }
    }
    out
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
    fn blanks_beside_points_go_and_others_stay() {
        assert_eq!(settled("¥587500. 69", &[]), "¥587500.69");
        assert_eq!(settled("8 .0233", &[]), "8.0233");
        assert_eq!(settled("85004 36790", &[]), "85004 36790");
        assert_eq!(settled("No. 12", &[]), "No. 12");
        assert_eq!(settled("3. 50万元", &[]), "3. 50万元");
        assert_eq!(settled("（小写）¥7170. 42", &[]), "（小写）¥7170.42");
    }

    #[test]
    fn capital_amounts_take_what_was_read() {
        let (read, amount) = ("（大写）捌方伍仟玖佰圆整", "（大写）捌万伍仟玖佰圆整");
        assert_eq!(settled(read, &[(5, "万", 0.1)]), amount);
        assert_eq!(settled(read, &[(5, "力", 0.1)]), read);
        assert_eq!(settled("叁方各壹份", &[(1, "万", 0.1)]), "叁方各壹份");
        assert_eq!(settled("伍值伍拾为零叁圆整", &[(1, "佰", 0.1), (4, "万", 0.1)]), "伍佰伍拾万零叁圆整");
    }

    #[test]
    fn the_check_character_decides_on_codes() {
        let (code, read) = ("91430200MA4L00011Q", "91430200MA4LO0011Q");
        assert_eq!(settled(read, &[(12, "0", 0.3)]), code);
        // O is no letter of these codes: it looks like 0 and can be nothing else.
        assert_eq!(settled(read, &[]), code);
        assert_eq!(settled(&format!("识别号：{read}"), &[]), format!("识别号：{code}"));
        // Two letters that are none, of which the check character allows no reading.
        assert_eq!(settled("91430200MA4LO0I11Q", &[]), "91430200MA4LO0I11Q");
        // A wrong code without another reading stays what it is; with one that holds it was misread.
        assert_eq!(settled("91430200MA4L0B011Q", &[]), "91430200MA4L0B011Q");
        assert_eq!(settled("91430200MA4LB0011Q", &[(12, "0", 0.2)]), code);
        assert_eq!(settled("91430200MA4LB0011Q", &[(12, "0", 0.02)]), "91430200MA4LB0011Q");
    }
}

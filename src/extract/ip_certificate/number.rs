//! The number of a certificate: by its own shape and by its label.

use super::{Reader, Sort};
use crate::extract::flow::{Bare, Flow};
use crate::extract::label::Fragment;
use crate::extract::typed::{Typed, weaken};
use crate::model::{Field, Grade, Value};
use crate::text::code::{self, CodeCheck};
use crate::text::normal;

/// How much less sure a recognised number is whose shape or check character does not fit: it is misread first.
const DOUBTED: f32 = 0.6;

/// The number under which the right is registered.
pub(super) fn read(reader: &Reader<'_>, flow: &Flow, sort: Sort, typed: &Typed) -> Option<Field> {
    let bare = flow.bare();
    match sort {
        Sort::Software => software(reader, flow, &bare, typed),
        Sort::Patent => patent(reader, flow, &bare, typed),
        Sort::Mark => mark(reader, flow, &bare, typed),
        Sort::Other => {
            let long =
                |t: &str| t.chars().filter(char::is_ascii_digit).count() >= 4 && t.chars().count() <= 40;
            let at = reader
                .text("registration", &long)
                .or_else(|| reader.text("certificate_number", &long))
                .or_else(|| reader.text("trademark", &long))?;
            Some(typed.plain(&at))
        }
    }
}

/// Year, `SR`, five to eight digits; certificates of changes carry letters behind SR.
fn software(reader: &Reader<'_>, flow: &Flow, bare: &Bare, typed: &Typed) -> Option<Field> {
    let labelled = reader.text("registration", &|t| code::clean_code(t).len() >= 8);
    if let Some(at) = &labelled {
        let read = code::clean_code(&at.text);
        if copyright(&read) == Some(read.len()) {
            return Some(typed.found(Value::Text(read), at));
        }
    }
    let found = bare.text.char_indices().find_map(|(from, _)| {
        let before = bare.text[..from].chars().next_back();
        let len = copyright(&bare.text[from..]).filter(|_| !before.is_some_and(|c| c.is_ascii_digit()))?;
        flow.fragment(&bare.origin(&(from..from + len)))
    });
    if let Some(at) = found {
        return Some(typed.code(&at));
    }
    // Something stands there that is no such number: on a scan it is misread.
    let at = labelled.filter(|a| code::clean_code(&a.text).len() <= 20)?;
    Some(weaken(typed.code(&at), DOUBTED))
}

/// Length of the copyright number that a text begins with.
fn copyright(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let year = bytes.get(..4).filter(|y| y.iter().all(u8::is_ascii_digit))?;
    let sr = bytes.get(4..6)?.eq_ignore_ascii_case(b"SR");
    let fits = (year.starts_with(b"19") || year.starts_with(b"20")) && sr;
    let letters = bytes.get(6..)?.iter().take(3).take_while(|b| b.is_ascii_alphabetic()).count();
    let digits = bytes.get(6 + letters..)?.iter().take_while(|b| b.is_ascii_digit()).count();
    (fits && (4..=8).contains(&digits)).then_some(6 + letters + digits)
}

/// `ZL` and the application number. All prints of it on the certificate are readings of one number.
fn patent(reader: &Reader<'_>, flow: &Flow, bare: &Bare, typed: &Typed) -> Option<Field> {
    let upper = bare.text.to_ascii_uppercase();
    let mut readings: Vec<(String, Fragment)> = Vec::new();
    for (from, _) in upper.match_indices("ZL") {
        let len = 2 + figures(&upper[from + 2..]);
        if let Some(number) = canonical(&upper[from..from + len])
            && let Some(at) = flow.fragment(&bare.origin(&(from..from + len)))
        {
            readings.push((number, at));
        }
    }
    if readings.is_empty() {
        let digits = |t: &str| code::clean_code(t).chars().filter(char::is_ascii_digit).count() >= 8;
        let at = reader.text("patent", &digits)?;
        let text = normal::squash(&at.text).to_ascii_uppercase();
        return Some(match canonical(&text) {
            Some(number) => judged(number, &at, typed),
            None => weaken(typed.plain(&at), DOUBTED),
        });
    }
    // The print whose check character fits counts before those where it does not: one of them is misread.
    let best = readings.iter().position(|r| code::check_patent_number(&r.0) == CodeCheck::Valid).unwrap_or(0);
    let (number, at) = readings.get(best)?.clone();
    let mut field = judged(number.clone(), &at, typed);
    if let Field::Found(read) = &mut field {
        let mut others: Vec<String> = readings.into_iter().map(|r| r.0).filter(|r| *r != number).collect();
        others.sort();
        others.dedup();
        read.alternatives = others;
    }
    Some(field)
}

/// A recognised number with a wrong check character is doubted, never repaired.
fn judged(number: String, at: &Fragment, typed: &Typed) -> Field {
    let wrong =
        matches!(code::check_patent_number(&number), CodeCheck::WrongCheck { .. } | CodeCheck::Malformed);
    let field = typed.found(Value::Text(number), at);
    if wrong && at.grade == Grade::Ocr { weaken(field, DOUBTED) } else { field }
}

/// Bytes of digits, one point and the check character that a text begins with.
fn figures(text: &str) -> usize {
    let (mut len, mut point) = (0, false);
    for b in text.bytes() {
        match b {
            b'0'..=b'9' => len += 1,
            b'.' if !point => {
                point = true;
                len += 1;
            }
            b'X' if point || len == 12 || len == 8 => return len + 1,
            _ => break,
        }
        if point && text.as_bytes().get(len.wrapping_sub(2)) == Some(&b'.') {
            break;
        }
    }
    len
}

/// A patent number as all write it: `ZL202110123456.7`. Only blanks and the point are print; digits stand as read.
fn canonical(text: &str) -> Option<String> {
    let body = code::clean_code(text);
    let (prefix, body) =
        ["ZL", "CN"].iter().find_map(|p| Some((*p, body.strip_prefix(p)?))).unwrap_or(("", &body));
    let digits = body.trim_end_matches('X');
    if !digits.bytes().all(|b| b.is_ascii_digit()) || body.len() > digits.len() + 1 {
        return None;
    }
    match body.len() {
        9 | 13 => Some(format!("{prefix}{}.{}", &body[..body.len() - 1], &body[body.len() - 1..])),
        8 | 12 => Some(format!("{prefix}{body}")),
        _ => None,
    }
}

/// The kind of patent that a patent number says in its digit behind the year.
pub(super) fn patent_kind(number: &Field) -> Option<Field> {
    let read = number.found()?;
    let Value::Text(text) = &read.value else { return None };
    let body = text.strip_prefix("ZL")?;
    let digit = if body.find('.')? == 12 { body.get(4..5)? } else { body.get(2..3)? };
    let kind = match digit {
        "1" | "8" => "发明",
        "2" | "9" => "实用新型",
        "3" => "外观设计",
        _ => return None,
    };
    Some(Field::Found(read.map(|_| Value::Text(kind.to_string()))))
}

/// The number of a trade mark: 第12345678号, or behind its label.
fn mark(reader: &Reader<'_>, flow: &Flow, bare: &Bare, typed: &Typed) -> Option<Field> {
    let short =
        |t: &str| (5..=12).contains(&code::clean_code(t).len()) && t.chars().any(|c| c.is_ascii_digit());
    if let Some(at) = reader.text("trademark", &short) {
        return Some(typed.code(&at));
    }
    bare.text.match_indices('第').find_map(|(at, mark)| {
        let from = at + mark.len();
        let rest = &bare.text[from..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let letter = usize::from(rest[digits..].starts_with(|c: char| c.is_ascii_uppercase()));
        let fits = (5..=9).contains(&digits) && rest[digits + letter..].starts_with('号');
        let at = fits.then(|| flow.fragment(&bare.origin(&(from..from + digits + letter))))??;
        Some(typed.code(&at))
    })
}

/// The number of the paper itself: 软著登字第1234567号, 证书号第1234567号.
pub(super) fn certificate(reader: &Reader<'_>, flow: &Flow) -> Option<Fragment> {
    let bare = flow.bare();
    for word in ["软著登字", "软著变补字", "软著变字", "证书号第", "证书号:第"] {
        let Some(at) = bare.text.find(word) else { continue };
        // 证书号 names it; 软著登字 is a part of it.
        let from = if word.starts_with('软') { at } else { at + word.len() - '第'.len_utf8() };
        let rest: String = bare.text[from..].chars().take(24).collect();
        let Some(end) = rest.find('号').map(|p| p + '号'.len_utf8()) else { continue };
        let digits = rest[..end].bytes().filter(u8::is_ascii_digit).count();
        if (4..=14).contains(&digits) {
            return flow.fragment(&bare.origin(&(from..from + end)));
        }
    }
    let digits = |t: &str| t.bytes().filter(u8::is_ascii_digit).count() >= 4 && t.chars().count() <= 30;
    reader.text("certificate_number", &digits)
}

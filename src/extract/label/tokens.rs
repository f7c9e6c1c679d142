//! Labels within one run of text.

use std::collections::HashMap;

use crate::model::Grade;
use crate::text::normal;

/// The labels a document may carry, squashed, the longest first.
#[derive(Debug)]
pub(super) struct Known {
    /// As written by the caller, with the squashed characters.
    pub(super) labels: Vec<(String, Vec<char>)>,
    /// The labels that begin with a character, in the same order.
    by_first: HashMap<char, Vec<usize>>,
}

/// A label found in a run. Positions count the run's original characters.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    /// Index into [`Known::labels`].
    pub(super) label: usize,
    /// First character of the label.
    pub(super) from: usize,
    /// After its last character.
    pub(super) to: usize,
    /// Where the value may begin: after brackets and colon.
    pub(super) value: usize,
    /// What stood in brackets.
    pub(super) qualifier: Option<String>,
    /// Whether every character matched.
    pub(super) exact: bool,
}

/// A run's characters, normalised, each with the position it came from and whether a blank stood before it.
struct Squashed {
    chars: Vec<(char, usize)>,
    blank_before: Vec<bool>,
    total: usize,
    /// Whether a character is one the font does not name.
    damaged: bool,
}

impl Squashed {
    fn of(text: &str) -> Self {
        let (mut chars, mut blank_before, mut blank, mut total) = (Vec::new(), Vec::new(), false, 0);
        for (i, c) in text.chars().enumerate() {
            total = i + 1;
            blank |= c.is_whitespace();
            normal::squash_char(c, |f| {
                chars.push((f, i));
                blank_before.push(std::mem::take(&mut blank));
            });
        }
        let damaged = chars.iter().any(|c| is_damaged(c.0));
        Self { chars, blank_before, total, damaged }
    }

    fn char(&self, i: usize) -> Option<char> {
        self.chars.get(i).map(|c| c.0)
    }

    /// Position in the original of squashed position `i` (the end of the run past the last one).
    fn origin(&self, i: usize) -> usize {
        self.chars.get(i).map_or(self.total, |c| c.1)
    }
}

pub(crate) fn is_cjk(c: char) -> bool {
    ('\u{3400}'..='\u{9fff}').contains(&c) || ('\u{20000}'..='\u{2ffff}').contains(&c) || c == '\u{fffd}'
}

fn is_damaged(c: char) -> bool {
    c == '\u{fffd}'
}

fn is_colon(c: char) -> bool {
    matches!(c, ':' | '︰' | '∶' | ';' | '꞉')
}

impl Known {
    pub(super) fn new(labels: &[String]) -> Self {
        let mut out: Vec<(String, Vec<char>)> = Vec::new();
        for label in labels {
            let chars: Vec<char> = normal::squash(label).chars().collect();
            if !chars.is_empty() && !out.iter().any(|(_, known)| *known == chars) {
                out.push((label.clone(), chars));
            }
        }
        out.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then_with(|| a.0.cmp(&b.0)));
        let mut by_first: HashMap<char, Vec<usize>> = HashMap::new();
        for (i, (_, chars)) in out.iter().enumerate() {
            by_first.entry(chars[0]).or_default().push(i);
        }
        Self { labels: out, by_first }
    }

    /// Which of the labels this one is, blanks, width and radicals aside.
    pub(super) fn position(&self, label: &str) -> Option<usize> {
        let chars: Vec<char> = normal::squash(label).chars().collect();
        let alike = self.by_first.get(chars.first()?)?;
        alike.iter().copied().find(|i| self.labels[*i].1 == chars)
    }

    /// The labels of a run, from left to right, none inside another.
    pub(super) fn tokens(&self, text: &str, grade: Grade) -> Vec<Token> {
        let run = Squashed::of(text);
        let (mut out, mut i) = (Vec::new(), 0);
        while i < run.chars.len() {
            match self.at(&run, i, grade) {
                // A label repeated at once as its own value (a specimen's 收款人：收款人) is the value.
                Some((token, next))
                    if out
                        .last()
                        .is_some_and(|t: &Token| t.label == token.label && t.value == token.from) =>
                {
                    i = next.max(i + 1);
                }
                Some((token, next)) => {
                    out.push(token);
                    i = next.max(i + 1);
                }
                None => i += 1,
            }
        }
        out
    }

    /// The label that starts at squashed position `i`, and the position after it with brackets and colon.
    fn at(&self, run: &Squashed, i: usize, grade: Grade) -> Option<(Token, usize)> {
        let beginning = run.char(i).and_then(|c| self.by_first.get(&c)).map_or(&[][..], Vec::as_slice);
        let exact = beginning.iter().copied().find(|label| {
            let l = &self.labels[*label].1;
            run.chars.get(i..i + l.len()).is_some_and(|w| w.iter().zip(l).all(|(a, b)| a.0 == *b))
                && fits(run, i, i + l.len(), grade)
        });
        if let Some(label) = exact {
            return Some(self.token(run, label, i, true));
        }
        if grade != Grade::Ocr && !run.damaged {
            return None;
        }
        let mut near = self.labels.iter().enumerate().filter(|(_, (_, l))| one_off(run, i, l, grade));
        match (near.next(), near.next()) {
            // 付款人账号 and 收款人账号 are one character apart: a damaged one is neither.
            (Some((label, _)), None) => Some(self.token(run, label, i, false)),
            _ => None,
        }
    }

    fn token(&self, run: &Squashed, label: usize, i: usize, exact: bool) -> (Token, usize) {
        let end = i + self.labels[label].1.len();
        let (mut next, mut qualifier) = (end, None);
        if run.char(next) == Some(')') && bracketed(run, i) {
            next += 1;
        }
        if matches!(run.char(next), Some('(' | '[' | '【' | '〔')) {
            let close = (next..run.chars.len().min(next + 18))
                .find(|k| matches!(run.char(*k), Some(')' | ']' | '】' | '〕')));
            if let Some(close) = close {
                qualifier = Some(run.chars[next + 1..close].iter().map(|c| c.0).collect());
                next = close + 1;
            }
        }
        while run.char(next).is_some_and(is_colon) {
            next += 1;
        }
        let token = Token {
            label,
            from: run.origin(i),
            to: run.origin(end - 1) + 1,
            value: run.origin(next),
            qualifier,
            exact,
        };
        (token, next)
    }
}

/// Whether a bracket opens just before `i`.
fn bracketed(run: &Squashed, i: usize) -> bool {
    i.checked_sub(1).and_then(|b| run.char(b)) == Some('(')
}

/// Whether a label may stand at `from..to` of the run: at its beginning or after a gap, and not as the beginning of a
/// longer word.
fn fits(run: &Squashed, from: usize, to: usize, grade: Grade) -> bool {
    let len = to - from;
    let after = run.char(to);
    let blank_after = run.blank_before.get(to).copied().unwrap_or(true);
    let colon = after.is_some_and(is_colon);
    let bracket = after.is_some_and(|c| matches!(c, '(' | '[' | '【' | '〔'));
    let ends = match after {
        None => true,
        Some(c) if is_cjk(c) => blank_after,
        Some(_) => true,
    };
    let Some(before) = from.checked_sub(1).and_then(|i| run.char(i)) else {
        // Recognition loses colons: a long label that begins a run counts even when the value follows at once.
        return ends || (grade == Grade::Ocr && len >= 4);
    };
    if before == '(' && matches!(after, None | Some(')')) {
        return true;
    }
    if !is_cjk(before) {
        return colon || (ends && (bracket || len >= 3 || run.blank_before[from]));
    }
    if run.blank_before[from] {
        return colon || (len >= 3 && ends);
    }
    colon && len >= 3
}

/// Whether the label of at least four characters stands at `i` with exactly one character that differs: misread, or
/// from a font that does not say what it shows.
fn one_off(run: &Squashed, i: usize, label: &[char], grade: Grade) -> bool {
    if label.len() < 4 {
        return false;
    }
    let Some(window) = run.chars.get(i..i + label.len()) else { return false };
    let mut wrong = window.iter().zip(label).filter(|(a, b)| a.0 != **b).map(|(a, _)| a.0);
    let allowed = match (wrong.next(), wrong.next(), wrong.next()) {
        (Some(a), None, _) => grade == Grade::Ocr && is_cjk(a) || is_damaged(a),
        (Some(a), Some(b), None) => is_damaged(a) && is_damaged(b) && label.len() >= 6,
        _ => false,
    };
    allowed && fits(run, i, i + label.len(), grade)
}

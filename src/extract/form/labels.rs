//! Tells whether a cell's text is, or begins with, a label of the form.

use super::spec::{Type, type_of};
use crate::pack::Pack;
use crate::pack::form::Form;
use crate::text::normal;

/// A label that a text begins with.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Match {
    /// The field.
    pub(super) field: String,
    /// What it holds.
    pub(super) kind: Type,
    /// What stood in brackets after the label ("万元", "800字以内").
    pub(super) bracket: String,
    /// What follows in the same text: the value, where a cell holds both.
    pub(super) rest: String,
    /// Whether every character matched.
    pub(super) exact: bool,
}

/// The labels of a notice's form.
pub(super) struct Labels {
    /// Squashed synonym, field.
    all: Vec<(String, String)>,
    /// The form.
    pub(super) form: Form,
    /// The notice's years, in the order in which its form lists them.
    pub(super) years: Vec<i32>,
}

impl Labels {
    pub(super) fn new(pack: &Pack) -> Self {
        let mut all: Vec<(String, String)> = pack
            .lexicon("form")
            .labels
            .iter()
            .flat_map(|(field, names)| names.iter().map(move |n| (normal::squash(n), field.clone())))
            .collect();
        // The longest first: 覆盖场景数 before 覆盖场景.
        all.sort_by_key(|(name, field)| (std::cmp::Reverse(name.chars().count()), field.clone()));
        Self { all, form: pack.notice.form.clone(), years: pack.notice.years.clone() }
    }

    /// None, for what needs the sheet alone.
    pub(super) fn none() -> Self {
        Self { all: Vec::new(), form: Form::default(), years: Vec::new() }
    }

    fn found(&self, field: &str, bracket: String, rest: String, exact: bool) -> Match {
        Match { field: field.to_owned(), kind: type_of(field, &self.form), bracket, rest, exact }
    }

    /// The labels a squashed text begins with; several fields where sections share a label.
    pub(super) fn of(&self, text: &str, ocr: bool) -> Vec<Match> {
        let text = text.trim_start_matches(|c: char| "★*●•·".contains(c));
        if text.is_empty() || text.chars().count() > 400 {
            return Vec::new();
        }
        // "1、注册用户数": numbering goes, but a year ("2022年订单数量") stays.
        let digits = text.chars().take_while(char::is_ascii_digit).count();
        let after = &text[digits..];
        let numbered = digits <= 2 && after.starts_with(['、', '.', ')', '．', ' ']);
        let text = if numbered { &after[after.chars().next().map_or(0, char::len_utf8)..] } else { text };
        let text = text.strip_prefix("其中:").unwrap_or(text);
        let exact = self.exact(text, tail);
        if !exact.is_empty() || !ocr {
            return exact;
        }
        let frayed = self.exact(text, frayed_tail);
        if !frayed.is_empty() {
            return frayed;
        }
        self.damaged(text)
    }

    fn exact(&self, text: &str, tail: Tail) -> Vec<Match> {
        let mut out: Vec<Match> = Vec::new();
        let mut length = 0;
        for (name, field) in &self.all {
            let Some(rest) = strip_prefix_folded(text, name) else { continue };
            if !out.is_empty() && name.chars().count() < length {
                break;
            }
            if let Some((bracket, rest)) = tail(rest) {
                length = name.chars().count();
                if !out.iter().any(|m| m.field == *field) {
                    out.push(self.found(field, bracket, rest, true));
                }
            }
        }
        out
    }

    /// A label of four characters and more with one of them misread, of eight and more with two.
    fn damaged(&self, text: &str) -> Vec<Match> {
        let head: &str = text.split(['(', ':']).next().unwrap_or_default();
        // A unit whose bracket is lost belongs to the tail.
        let whole = self.all.iter().any(|(name, _)| name == head);
        let head = if whole { head } else { head.trim_end_matches(is_fray) };
        let chars: Vec<char> = head.chars().collect();
        let mut out: Vec<Match> = Vec::new();
        for (name, field) in &self.all {
            let wanted: Vec<char> = name.chars().collect();
            let near = wanted.len() >= 4
                && wanted.len().abs_diff(chars.len()) <= 1
                && (1..=if wanted.len() >= 8 { 2 } else { 1 }).contains(&normal::edit_distance(&chars, &wanted))
                // A lost or added character makes another label of short ones.
                && (wanted.len() == chars.len() || wanted.len() >= 6)
                && digits(head) == digits(name);
            if near && let Some((bracket, rest)) = frayed_tail(&text[head.len()..]) {
                out.push(self.found(field, bracket, rest, false));
            }
        }
        // Several labels at one character's distance: none of them.
        let fields: std::collections::BTreeSet<&str> =
            out.iter().map(|m| m.field.rsplit('.').next().unwrap_or("")).collect();
        if fields.len() > 1 { Vec::new() } else { out }
    }
}

/// The text after a prefix, case folded ("IAAS设施").
fn strip_prefix_folded<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let mut chars = text.char_indices();
    for wanted in prefix.chars() {
        let (_, c) = chars.next()?;
        if !c.eq_ignore_ascii_case(&wanted) {
            return None;
        }
    }
    Some(chars.as_str())
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Splits what follows a label into brackets and value; `None` if the label was but the beginning of a longer word.
fn tail(rest: &str) -> Option<(String, String)> {
    let mut bracket = String::new();
    let mut rest = rest;
    while let Some(inner) = rest.strip_prefix('(') {
        let end = inner.find(')')?;
        bracket.push_str(&inner[..end]);
        rest = &inner[end + 1..];
    }
    let Some(c) = rest.chars().next() else { return Some((bracket, String::new())) };
    if c == ':' || c == '_' {
        return Some((bracket, rest.trim_start_matches([':', '_']).to_string()));
    }
    // Without a colon only a number, or a value after a bracket, can follow a label.
    let value = c.is_ascii_digit() || "¥/-☐☑□■√✓".contains(c) || !bracket.is_empty();
    value.then(|| (bracket, rest.to_string()))
}

/// Splits what follows a label.
type Tail = fn(&str) -> Option<(String, String)>;

/// What is left of a unit in brackets when a scan loses some of it: "万元)", "(%", ".-".
fn is_fray(c: char) -> bool {
    "()[]{}<>〈〉《》「」|万元%个笔家台套种人份次TB户项年以上字内省级地市园区:.,;'\"`-·、".contains(c)
}

/// As [`tail`], of a scan that lost one bracket of a unit or both, or more of it.
fn frayed_tail(rest: &str) -> Option<(String, String)> {
    if let Some(whole) = tail(rest) {
        return Some(whole);
    }
    let end = rest.find(|c| !is_fray(c)).unwrap_or(rest.len());
    let (bracket, value) = rest.split_at(end);
    // What follows must be a number: words would make the label the beginning of a longer one.
    let number = value.is_empty() || value.starts_with(|c: char| c.is_ascii_digit());
    // A sign before a number may be the number's own.
    let sure = value.is_empty() || bracket.ends_with(|c: char| c.is_alphabetic() || c == ')' || c == '%');
    let unit: String = bracket.chars().filter(|c| c.is_alphanumeric() || *c == '%').collect();
    (number && sure && bracket.chars().count() <= 12).then(|| (unit, value.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::Pack;

    fn fields(text: &str, ocr: bool) -> Vec<String> {
        let pack = Pack::embedded().unwrap();
        Labels::new(&pack).of(&normal::squash(text), ocr).into_iter().map(|m| m.field).collect()
    }

    #[test]
    fn labels_are_told_with_units_numbers_and_blanks() {
        assert_eq!(fields("总资产\n（万元）", false), ["基本信息.总资产"]);
        assert_eq!(fields("1、 注册用户数（个）", false), ["平台能力信息.注册用户数"]);
        assert_eq!(fields("2022 年订单数量（笔）", false), ["平台能力信息.2022年订单数量"]);
        assert_eq!(fields("覆盖场景数（个）：11", false), ["平台基本信息.覆盖场景数"]);
        assert_eq!(fields("平台名称", false).len(), 3);
    }

    #[test]
    fn longer_words_are_no_labels() {
        assert!(fields("利润表", false).is_empty());
        assert!(fields("职务发明", false).is_empty());
        assert!(fields("地址栏输入", false).is_empty());
    }

    #[test]
    fn units_lose_their_brackets_on_scans() {
        for text in ["计划投资\n万元）", "计划投资（万元", "计划投资万元", "计划投瓷 万元", "计划投资 .-"]
        {
            assert_eq!(fields(text, true), ["基本信息.计划投资"], "{text}");
        }
        assert!(fields("计划投资万元", false).is_empty());
        assert!(fields("税金减免", true).is_empty());
        assert!(fields("利润表", true).is_empty());
        let pack = Pack::embedded().unwrap();
        let all = Labels::new(&pack);
        let found = all.of("税金万元)41.55", true);
        assert_eq!((found[0].bracket.as_str(), found[0].rest.as_str()), ("万元", "41.55"));
        assert!(all.of("税金-41.55", true).iter().all(|m| m.rest != "41.55"));
    }

    #[test]
    fn a_misread_label_counts_on_scans_only() {
        assert_eq!(fields("活跌用户数（个）", true), ["平台能力信息.活跃用户数"]);
        assert!(fields("活跌用户数（个）", false).is_empty());
        assert!(fields("高级职务", true).is_empty() || fields("高级职务", true).len() == 1);
    }
}

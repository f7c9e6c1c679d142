//! Rules that a bureau writes itself into its notice (`[[own]]`): a condition over the case, what to say if it holds,
//! and the fields that prove it. See `docs/own-rules.zh.md`.

use std::collections::BTreeSet;

use serde::Deserialize;
use toml::Spanned;

use super::catalogue::severity_of;
use super::expression::{Expression, compile};
use super::line_of;
use crate::model::{Kind, Severity};

/// What every own rule may name.
const NAMES: &[&str] = &["form", "applicant", "documents", "rows", "investment", "notice"];
/// The namespace: the catalogue has no code in it.
const PREFIX: &str = "LOCAL-";
/// Longest message, in characters.
const LONGEST: usize = 1_000;

/// A bureau's own rule.
#[derive(Clone, Debug)]
pub struct OwnRule {
    /// `LOCAL-001`.
    pub code: String,
    /// Chinese, one line.
    pub title: String,
    /// Severity of its anomalies.
    pub severity: Severity,
    /// What it is applied to.
    pub each: Each,
    /// The anomaly's condition.
    pub when: Expression,
    /// The condition as it was written, for `hecha explain`.
    pub written: String,
    /// What to say.
    pub message: Vec<Part>,
    /// Fields that prove it, beside those the condition has used.
    pub evidence: Vec<Expression>,
}

/// What an own rule is applied to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Each {
    /// The submission.
    Submission,
    /// Every row of the list: `row`.
    Row,
    /// Every document of a kind: `document`.
    Document(Kind),
}

/// A part of a message.
#[derive(Clone, Debug)]
pub enum Part {
    /// As it stands.
    Text(String),
    /// A value.
    Value(Expression),
}

// Compiled patterns cannot be compared; two rules are the same if they were written the same.
impl PartialEq for OwnRule {
    fn eq(&self, other: &Self) -> bool {
        format!("{self:?}") == format!("{other:?}")
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Raw {
    code: Spanned<String>,
    title: String,
    severity: Spanned<String>,
    each: Option<Spanned<String>>,
    when: Spanned<String>,
    message: Spanned<String>,
    #[serde(default)]
    evidence: Vec<Spanned<String>>,
}

/// Checks the own rules of one file; an error has its line.
pub(super) fn rules(text: &str, raw: Vec<Raw>) -> Result<Vec<OwnRule>, (usize, String)> {
    let mut seen = BTreeSet::new();
    raw.into_iter()
        .map(|raw| {
            if !seen.insert(raw.code.get_ref().clone()) {
                let line = line_of(text, raw.code.span().start);
                return Err((line, format!("自定规则 {} 重复", raw.code.get_ref())));
            }
            rule(text, raw)
        })
        .collect()
}

fn rule(text: &str, raw: Raw) -> Result<OwnRule, (usize, String)> {
    let at = |s: &Spanned<String>| line_of(text, s.span().start);
    let code = raw.code.get_ref();
    if !is_code(code) {
        return Err((at(&raw.code), format!("自定规则的代码应如 {PREFIX}001，这里是 {code}")));
    }
    let severity = severity_of(raw.severity.get_ref()).ok_or_else(|| {
        let why =
            format!("severity 应为 critical、major、minor 或 notice，这里是 {}", raw.severity.get_ref());
        (at(&raw.severity), why)
    })?;
    let each = match &raw.each {
        None => Each::Submission,
        Some(each) => each_of(each.get_ref()).ok_or_else(|| {
            (at(each), format!("each 应为 row 或材料种类（如 invoice、contract），这里是 {}", each.get_ref()))
        })?,
    };
    let mut names = NAMES.to_vec();
    match each {
        Each::Submission => {}
        Each::Row => names.push("row"),
        Each::Document(_) => names.push("document"),
    }
    let compiled = |s: &Spanned<String>| {
        compile(s.get_ref(), &names).map_err(|m| (first_line(text, s) + m.line - 1, m.why))
    };
    let when = compiled(&raw.when)?;
    let evidence = raw.evidence.iter().map(compiled).collect::<Result<_, _>>()?;
    let message = message(raw.message.get_ref(), &names)
        .map_err(|(line, why)| (first_line(text, &raw.message) + line - 1, why))?;
    let written = raw.when.get_ref().trim().to_owned();
    Ok(OwnRule { code: code.clone(), title: raw.title, severity, each, when, written, message, evidence })
}

/// Whether this may be the code of an own rule.
pub(super) fn is_code(code: &str) -> bool {
    let digits = code.strip_prefix(PREFIX).unwrap_or_default();
    digits.len() == 3 && digits.chars().all(|c| c.is_ascii_digit())
}

fn each_of(text: &str) -> Option<Each> {
    if text == "row" {
        return Some(Each::Row);
    }
    serde_json::from_value(serde_json::Value::from(text)).ok().map(Each::Document)
}

/// The line on which a text begins: after `'''` or `"""` and a line break it is the next one.
fn first_line(text: &str, s: &Spanned<String>) -> usize {
    let rest = text.get(s.span().start..).unwrap_or_default();
    let opened = ["'''", "\"\"\""].iter().any(|quotes| {
        rest.strip_prefix(quotes).is_some_and(|r| r.starts_with('\n') || r.starts_with("\r\n"))
    });
    line_of(text, s.span().start) + usize::from(opened)
}

/// Splits a message at its `{…}`.
fn message(text: &str, names: &[&str]) -> Result<Vec<Part>, (usize, String)> {
    if text.trim().is_empty() || text.chars().count() > LONGEST {
        return Err((1, format!("message 应有内容，且不超过{LONGEST}字")));
    }
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let line = text[..text.len() - after.len()].matches('\n').count() + 1;
        let Some((inside, after)) = after.split_once('}') else {
            return Err((line, "message 中的 { 没有对应的 }".into()));
        };
        parts.push(Part::Text(before.to_owned()));
        let value = compile(inside, names).map_err(|m| (line + m.line - 1, m.why))?;
        parts.push(Part::Value(value));
        rest = after;
    }
    parts.push(Part::Text(rest.to_owned()));
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct File {
        own: Vec<Raw>,
    }

    fn load(text: &str) -> Result<Vec<OwnRule>, (usize, String)> {
        let file: File = toml::from_str(text).expect("toml");
        rules(text, file.own)
    }

    fn one(change: (&str, &str)) -> Result<Vec<OwnRule>, (usize, String)> {
        let good = "[[own]]\ncode = 'LOCAL-001'\ntitle = '甲'\nseverity = 'minor'\neach = 'invoice'\n\
            when = '''\ndocument.fields.total > 1 &&\nform['a'] == 'b'\n'''\nmessage = '票面{document.fields.total}'\n\
            evidence = ['form[\"b\"]']\n";
        assert!(good.contains(change.0), "{}", change.0);
        load(&good.replacen(change.0, change.1, 1))
    }

    #[test]
    fn a_rule_loads() {
        let rules = one(("甲", "乙")).expect("loads");
        assert_eq!((rules.len(), rules[0].each), (1, Each::Document(Kind::Invoice)));
        assert_eq!((rules[0].message.len(), rules[0].evidence.len()), (3, 1));
    }

    #[test]
    fn every_mistake_has_its_line() {
        let line = |from, to| one((from, to)).expect_err("must fail").0;
        assert_eq!(line("LOCAL-001", "INVEST-008"), 2);
        assert_eq!(line("'minor'", "'schlimm'"), 4);
        assert_eq!(line("'invoice'", "'rechnung'"), 5);
        assert_eq!(line("form['a']", "from['a']"), 8);
        assert_eq!(line("> 1 &&", "> > &&"), 7);
        assert_eq!(line("{document.fields.total}", "{document"), 10);
        assert_eq!(line("{document.fields.total}", "{nobody}"), 10);
        assert_eq!(line("form[\"b\"]", "form["), 11);
        assert_eq!(line("'''\ndocument.fields.total > 1", "'''nobody > 1"), 6);
        let twice = "[[own]]\ncode='LOCAL-001'\ntitle='a'\nseverity='minor'\nwhen='true'\nmessage='a'\n";
        assert_eq!(load(&twice.repeat(2)).expect_err("twice").0, 8);
    }

    #[test]
    fn rows_and_documents_are_named_only_where_they_are() {
        assert!(one(("each = 'invoice'\n", "")).expect_err("no document").1.contains("document"));
    }
}

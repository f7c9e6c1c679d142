//! Findings that a reviewer has looked into and set aside: `--suppress FILE`. See `docs/suppress.zh.md`.

use chrono::NaiveDate;
use serde::Deserialize;
use toml::Spanned;

use super::{Notice, PackError, entry_of, line_of};

/// One decision of a reviewer.
#[derive(Clone, Debug, PartialEq)]
pub struct Suppression {
    /// Code of the rule.
    pub rule: String,
    /// Id of the submission.
    pub submission: String,
    /// Only findings with evidence in this file (relative to the input root, or to the submission).
    pub file: Option<String>,
    /// Only the finding with this fingerprint.
    pub fingerprint: Option<String>,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub reviewer: String,
    /// Last day on which it holds.
    pub until: NaiveDate,
    /// Its line in the file.
    pub line: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    suppress: Vec<Raw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    rule: Spanned<String>,
    submission: Spanned<String>,
    file: Option<Spanned<String>>,
    fingerprint: Option<Spanned<String>>,
    reason: Spanned<String>,
    reviewer: Spanned<String>,
    until: Spanned<String>,
}

/// Reads a list of suppressions; `name` is what an error calls the file.
///
/// # Errors
/// When it is no such list, names a rule that is not there, or leaves out reason, reviewer or a valid day.
pub fn suppressions(name: &str, text: &str, notice: &Notice) -> Result<Vec<Suppression>, PackError> {
    let file: File = super::parse(name, text)?;
    let fail = |s: &Spanned<String>, why: String| PackError {
        file: name.to_owned(),
        line: line_of(text, s.span().start),
        why,
    };
    let mut out: Vec<Suppression> = Vec::new();
    for raw in file.suppress {
        for (what, field) in [
            ("rule", Some(&raw.rule)),
            ("submission", Some(&raw.submission)),
            ("file", raw.file.as_ref()),
            ("fingerprint", raw.fingerprint.as_ref()),
            ("reason", Some(&raw.reason)),
            ("reviewer", Some(&raw.reviewer)),
        ] {
            if let Some(field) = field.filter(|f| f.get_ref().trim().is_empty()) {
                return Err(fail(field, format!("{what} 不能为空")));
            }
        }
        let code = raw.rule.get_ref();
        if entry_of(code).is_none() && !notice.own.iter().any(|own| own.code == *code) {
            return Err(fail(&raw.rule, format!("没有规则 {code}")));
        }
        let until = NaiveDate::parse_from_str(raw.until.get_ref(), "%Y-%m-%d").map_err(|_| {
            fail(&raw.until, format!("until 不是日期（应如 2023-12-31）：{}", raw.until.get_ref()))
        })?;
        let line = line_of(text, raw.rule.span().start);
        let new = Suppression {
            rule: raw.rule.into_inner(),
            submission: raw.submission.into_inner(),
            file: raw.file.map(Spanned::into_inner),
            fingerprint: raw.fingerprint.map(Spanned::into_inner),
            reason: raw.reason.into_inner(),
            reviewer: raw.reviewer.into_inner(),
            until,
            line,
        };
        out.push(new);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::Pack;

    const GOOD: &str = "[[suppress]]\nrule = 'INVEST-008'\nsubmission = '长沙市/甲'\nfile = '发票1.pdf'\n\
        fingerprint = 'ab'\nreason = '已核对原件'\nreviewer = '审核员'\nuntil = '2023-12-31'\n";

    fn read(from: &str, to: &str) -> Result<Vec<Suppression>, PackError> {
        assert!(GOOD.contains(from), "{from}");
        suppressions("s.toml", &GOOD.replacen(from, to, 1), &Pack::embedded().expect("pack").notice)
    }

    #[test]
    fn a_list_is_read() {
        let list = read("甲", "乙").expect("reads");
        assert_eq!((list.len(), list[0].line, list[0].submission.as_str()), (1, 2, "长沙市/乙"));
        assert_eq!(read(GOOD, "").expect("an empty list"), []);
    }

    #[test]
    fn every_mistake_has_its_line() {
        for (from, to, line) in [
            ("INVEST-008", "INVEST-999", 2),
            ("'已核对原件'", "' '", 6),
            ("'审核员'", "''", 7),
            ("2023-12-31", "bald", 8),
            ("until", "bis", 8),
            ("reviewer = '审核员'\n", "", 1),
            ("'长沙市/甲'", "7", 3),
            ("[[suppress]]", "[[suppress]", 1),
        ] {
            assert_eq!(read(from, to).expect_err(to).line, line, "{to}");
        }
    }
}

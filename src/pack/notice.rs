//! A notice: its dates, years, required material, and what it changes about the rules.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Deserialize;
use toml::Spanned;

use super::catalogue::{Param, entry_of, severity_of};
use super::form::{self, Form};
use super::matching::{self, Matching};
use super::own::{self, OwnRule};
use super::tax::{self, Tax};
use super::{PackError, line_of};
use crate::model::{Severity, YearMonth};

/// What a call for projects demands and how its rules are set.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Id, the file's stem.
    pub id: String,
    /// Title, in Chinese.
    pub title: String,
    /// Title of the summary table (附件2); the notice's own with 推荐汇总表 where it names none.
    pub summary_title: Option<String>,
    /// Digits 1 and 2 of the province's codes (GB/T 2260).
    pub province: String,
    /// The province's short name as it stands in addresses.
    pub province_name: String,
    /// Cities of the province, by short name: an address may leave out the province.
    pub cities: Vec<String>,
    /// Last day of filing.
    pub deadline: NaiveDate,
    /// Month by which the project must be finished.
    pub completion: YearMonth,
    /// Years whose figures count.
    pub years: Vec<i32>,
    /// Required material by its number in the notice.
    pub material: BTreeMap<u32, String>,
    /// First day of filing, if the notice or its practice has one.
    pub opens: Option<NaiveDate>,
    /// The wording of the 真实性承诺.
    pub commitment: String,
    /// Rates and other tax facts.
    pub tax: Tax,
    /// Thresholds of reading.
    pub reading: Thresholds,
    /// What counts as investment, by the words of names.
    pub scope: Scope,
    /// How like names must be, and how near days, to be matched.
    pub matching: Matching,
    /// Parts of the names of programs whose purpose is to change what a file shows, in small letters (TAMPER-002).
    pub editors: Vec<String>,
    /// Words of sentences that quote policies: everybody quotes them.
    pub policy: Vec<String>,
    /// The notice's and its form's own wording (`notices/ID.md`): what every applicant copies is nobody's own text.
    pub wording: String,
    /// Settings of rules by code.
    pub rules: BTreeMap<String, Setting>,
    /// The application form.
    pub form: Form,
    /// The bureau's own rules, by code.
    pub own: Vec<OwnRule>,
}

/// Words by which an item of the list is told to lie outside the notice's definition of investment.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scope {
    /// Names that end in these are clearly outside.
    pub outside: Vec<String>,
    /// Names that end in these may be outside.
    pub doubtful: Vec<String>,
    /// Tax classes of invoices (`*餐饮服务*`) that are clearly outside.
    pub classes: Vec<String>,
    /// Names that say nothing of what was bought.
    pub generic: Vec<String>,
}

/// When a recognised value may be relied on, in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// Below this a reading proves nothing.
    pub low: u16,
    /// From this on a reading may stand without a second one (for minor findings).
    pub sure: u16,
}

/// How a notice sets a rule.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Setting {
    /// Switched off if false.
    pub enabled: Option<bool>,
    /// Severity instead of the catalogue's.
    pub severity: Option<Severity>,
    /// Parameters.
    pub params: BTreeMap<String, Decimal>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    extends: Option<Spanned<String>>,
    title: Option<String>,
    summary_title: Option<String>,
    province: Option<String>,
    province_name: Option<String>,
    cities: Option<Vec<String>>,
    deadline: Option<Spanned<String>>,
    completion: Option<Spanned<String>>,
    years: Option<Vec<i32>>,
    opens: Option<Spanned<String>>,
    commitment: Option<String>,
    #[serde(default)]
    tax: tax::Raw,
    #[serde(default)]
    material: BTreeMap<Spanned<String>, String>,
    #[serde(default)]
    reading: RawThresholds,
    scope: Option<Scope>,
    #[serde(default)]
    matching: matching::Raw,
    editors: Option<Vec<String>>,
    policy: Option<Vec<String>>,
    #[serde(default)]
    rules: RawRules,
    #[serde(default)]
    form: form::Raw,
    #[serde(default)]
    own: Vec<own::Raw>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawThresholds {
    low: Option<u16>,
    sure: Option<u16>,
}

/// Reads a notice and those it extends. `files` maps paths below the rules folder to their text.
pub(super) fn load(files: &BTreeMap<String, String>, id: &str) -> Result<Notice, PackError> {
    let mut chain: Vec<(String, &str, Raw)> = Vec::new();
    let mut next = Some(id.to_owned());
    let mut asked = ("rules".to_owned(), 1);
    while let Some(id) = next.take() {
        let file = format!("notices/{id}.toml");
        let Some(text) = files.get(&file) else {
            let known: Vec<&str> =
                files.keys().filter_map(|f| f.strip_prefix("notices/")?.strip_suffix(".toml")).collect();
            return Err(PackError {
                file: asked.0,
                line: asked.1,
                why: format!("没有名为 {id} 的通知；现有：{}", known.join("、")),
            });
        };
        if chain.iter().any(|(f, ..)| *f == file) {
            return Err(PackError { file, line: 1, why: "extends 形成循环".into() });
        }
        let raw: Raw = toml::from_str(text).map_err(|e| PackError {
            line: line_of(text, e.span().map_or(0, |s| s.start)),
            why: e.message().to_owned(),
            file: file.clone(),
        })?;
        if let Some(base) = &raw.extends {
            asked = (file.clone(), line_of(text, base.span().start));
            next = Some(base.get_ref().clone());
        }
        chain.push((file, text.as_str(), raw));
    }
    let mut notice = blank(id);
    let wording = chain.iter().find_map(|(file, ..)| files.get(&file.replace(".toml", ".md")));
    notice.wording = wording.cloned().unwrap_or_default();
    for (file, text, raw) in chain.into_iter().rev() {
        apply(&mut notice, &file, text, raw)?;
    }
    if notice.years.is_empty() || notice.title.is_empty() || notice.deadline == NaiveDate::MIN {
        let why = "缺少 title、deadline 或 years".into();
        return Err(PackError { file: format!("notices/{id}.toml"), line: 1, why });
    }
    notice.form = std::mem::take(&mut notice.form).dated(&notice.years);
    Ok(notice)
}

fn blank(id: &str) -> Notice {
    Notice { id: id.into(), ..Notice::default() }
}

impl Default for Notice {
    fn default() -> Self {
        Notice {
            id: String::new(),
            title: String::new(),
            summary_title: None,
            province: String::new(),
            province_name: String::new(),
            cities: Vec::new(),
            deadline: NaiveDate::MIN,
            completion: YearMonth { year: 9999, month: 12 },
            years: Vec::new(),
            material: BTreeMap::new(),
            opens: None,
            commitment: String::new(),
            tax: Tax::default(),
            reading: Thresholds { low: 600, sure: 900 },
            scope: Scope::default(),
            matching: Matching::default(),
            editors: Vec::new(),
            policy: Vec::new(),
            wording: String::new(),
            rules: BTreeMap::new(),
            form: Form::default(),
            own: Vec::new(),
        }
    }
}

fn apply(notice: &mut Notice, file: &str, text: &str, raw: Raw) -> Result<(), PackError> {
    let fail = |at: usize, why: String| PackError { file: file.to_owned(), line: line_of(text, at), why };
    if let Some(v) = raw.title {
        notice.title = v;
        // The table of the notice below is another notice's.
        notice.summary_title = None;
    }
    notice.summary_title = raw.summary_title.or(notice.summary_title.take());
    if let Some(v) = raw.province {
        notice.province = v;
    }
    if let Some(v) = raw.province_name {
        notice.province_name = v;
    }
    if let Some(v) = raw.cities {
        notice.cities = v;
    }
    if let Some(v) = raw.years {
        notice.years = v;
    }
    if let Some(v) = raw.commitment {
        notice.commitment = v;
    }
    let day = |v: Spanned<String>| {
        NaiveDate::parse_from_str(v.get_ref(), "%Y-%m-%d")
            .map_err(|_| fail(v.span().start, format!("{} 不是日期（应如 2023-02-28）", v.get_ref())))
    };
    if let Some(v) = raw.deadline {
        notice.deadline = day(v)?;
    }
    if let Some(v) = raw.opens {
        notice.opens = Some(day(v)?);
    }
    notice.form.apply(raw.form).map_err(|(at, why)| fail(at, why))?;
    notice.tax.apply(raw.tax).map_err(|(at, why)| fail(at, why))?;
    if let Some(v) = raw.completion {
        let day = NaiveDate::parse_from_str(&format!("{}-01", v.get_ref()), "%Y-%m-%d")
            .map_err(|_| fail(v.span().start, format!("{} 不是月份（应如 2023-10）", v.get_ref())))?;
        use chrono::Datelike;
        notice.completion = YearMonth { year: day.year(), month: day.month() };
    }
    // What one notice asks for says nothing of what another does not: a list replaces the base's as a whole.
    if !raw.material.is_empty() {
        notice.material.clear();
    }
    for (key, name) in raw.material {
        let number = key.get_ref().parse();
        let number =
            number.map_err(|_| fail(key.span().start, format!("material.{} 不是编号", key.get_ref())))?;
        notice.material.insert(number, name);
    }
    if let Some(v) = raw.policy {
        notice.policy = v;
    }
    notice.matching.apply(raw.matching).map_err(|(at, why)| fail(at, why))?;
    if let Some(v) = raw.editors {
        notice.editors = v.iter().map(|e| e.to_lowercase()).collect();
    }
    if let Some(v) = raw.scope {
        notice.scope = v;
    }
    let own =
        own::rules(text, raw.own).map_err(|(line, why)| PackError { file: file.to_owned(), line, why })?;
    for rule in own {
        notice.own.retain(|known| known.code != rule.code);
        notice.own.push(rule);
    }
    notice.own.sort_by(|a, b| a.code.cmp(&b.code));
    notice.reading.low = raw.reading.low.unwrap_or(notice.reading.low);
    notice.reading.sure = raw.reading.sure.unwrap_or(notice.reading.sure);
    settings(notice, raw.rules).map_err(|(at, why)| fail(at, why))
}

type RawRules = BTreeMap<Spanned<String>, BTreeMap<Spanned<String>, Spanned<toml::Value>>>;

/// Takes over the settings of rules. An error has the place in the file.
fn settings(notice: &mut Notice, raw: RawRules) -> Result<(), (usize, String)> {
    for (code, settings) in raw {
        let params = match entry_of(code.get_ref()) {
            Some(entry) => entry.params,
            None if notice.own.iter().any(|own| own.code == *code.get_ref()) => &[],
            None => return Err((code.span().start, format!("没有规则 {}", code.get_ref()))),
        };
        let target = notice.rules.entry(code.get_ref().clone()).or_default();
        for (key, value) in settings {
            let at = key.span().start;
            set(target, code.get_ref(), params, key.get_ref(), value.get_ref()).map_err(|why| (at, why))?;
        }
    }
    Ok(())
}

fn set(
    setting: &mut Setting,
    code: &str,
    params: &[Param],
    key: &str,
    value: &toml::Value,
) -> Result<(), String> {
    match key {
        "enabled" => setting.enabled = Some(value.as_bool().ok_or("enabled 应为 true 或 false")?),
        "severity" => {
            let severity = value.as_str().and_then(severity_of);
            setting.severity = Some(severity.ok_or("severity 应为 critical、major、minor 或 notice")?);
        }
        _ => {
            if !params.iter().any(|p| p.name == key) {
                let known: Vec<&str> = params.iter().map(|p| p.name).collect();
                return Err(format!(
                    "规则 {} 没有参数 {key}（有：enabled、severity{}{}）",
                    code,
                    if known.is_empty() { "" } else { "、" },
                    known.join("、")
                ));
            }
            let text = match value {
                toml::Value::String(s) => s.clone(),
                toml::Value::Integer(i) => i.to_string(),
                toml::Value::Float(f) => f.to_string(),
                _ => return Err(format!("{key} 应为数字")),
            };
            let number = text.parse::<Decimal>().map_err(|_| format!("{key} 应为数字"))?;
            setting.params.insert(key.to_owned(), number);
        }
    }
    Ok(())
}

impl Notice {
    /// A parameter of a rule: the notice's value, else the catalogue's default, else zero.
    pub fn param(&self, code: &str, name: &str) -> Decimal {
        self.rules.get(code).and_then(|s| s.params.get(name).copied()).unwrap_or_else(|| {
            entry_of(code)
                .and_then(|e| e.params.iter().find(|p| p.name == name))
                .and_then(|p| p.default.parse().ok())
                .unwrap_or_default()
        })
    }

    /// By how much a claim of so many 元 may exceed its papers (INVEST-008).
    pub fn claim_slack(&self, claim: Decimal) -> Decimal {
        let percent = self.param("INVEST-008", "percent") / Decimal::ONE_HUNDRED;
        (claim * percent).max(self.param("INVEST-008", "yuan"))
    }

    /// A parameter that is a share in per cent, for likenesses.
    pub fn share(&self, code: &str, name: &str) -> f32 {
        (self.param(code, name) / Decimal::ONE_HUNDRED).to_f32().unwrap_or(1.0)
    }

    /// The severity of a rule's anomalies.
    pub fn severity(&self, code: &str) -> Severity {
        self.rules
            .get(code)
            .and_then(|s| s.severity)
            .or_else(|| entry_of(code).map(|e| e.severity))
            .or_else(|| self.own.iter().find(|own| own.code == code).map(|own| own.severity))
            .unwrap_or(Severity::Notice)
    }

    /// Whether a rule is switched on.
    pub fn enabled(&self, code: &str) -> bool {
        self.rules.get(code).and_then(|s| s.enabled).unwrap_or(true)
    }

    /// Settings of rules that are in the catalogue but not among `built`: they have no effect, which the run should say.
    pub fn unused(&self, built: &[&str]) -> Vec<String> {
        self.rules
            .keys()
            .filter(|code| entry_of(code).is_some() && !built.contains(&code.as_str()))
            .map(|code| format!("通知 {} 对规则 {code} 的设置未被使用：本版本尚未实现该规则", self.id))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "title='甲'\ndeadline='2023-02-28'\ncompletion='2023-10'\nyears=[2021,2022]\n";

    fn files(extra: &str) -> BTreeMap<String, String> {
        BTreeMap::from([
            ("notices/a.toml".to_owned(), BASE.to_owned()),
            ("notices/b.toml".to_owned(), format!("extends = 'a'\n{extra}")),
        ])
    }

    #[test]
    fn extends_and_overrides() {
        let notice =
            load(&files("[rules.INVEST-008]\npercent = 2\nseverity = 'minor'\n"), "b").expect("loads");
        assert_eq!(notice.years, [2021, 2022]);
        assert_eq!(notice.param("INVEST-008", "percent"), Decimal::TWO);
        assert_eq!(notice.param("INVEST-008", "yuan"), Decimal::from(50));
        assert_eq!(notice.severity("INVEST-008"), Severity::Minor);
        assert!(notice.enabled("INVEST-008"));
        assert_eq!(notice.unused(&[]).len(), 1);
    }

    #[test]
    fn scope_and_wording_come_from_the_base_unless_given() {
        let mut f = files("");
        f.insert("notices/a.md".into(), "征集范围".into());
        let notice = load(&f, "b").expect("loads");
        assert_eq!((notice.wording.as_str(), notice.scope.outside.len()), ("征集范围", 0));
        let notice = load(&files("[scope]\noutside = ['餐费']\n"), "b").expect("loads");
        assert_eq!((notice.wording.as_str(), notice.scope.outside.len()), ("", 1));
        assert_eq!(load(&files("[scope]\naussen = ['餐费']\n"), "b").unwrap_err().line, 3);
    }

    #[test]
    fn matching_is_set_one_by_one() {
        let mut f = files("[matching]\ngoods = 70\n");
        f.insert("notices/c.toml".into(), "extends = 'b'\n[matching]\nearly_days = 30\n".into());
        let notice = load(&f, "c").expect("loads");
        assert_eq!((notice.matching.goods(), notice.matching.early_days), (0.7, 30));
        for wrong in ["waren = 70", "goods = 101", "goods = 'viel'", "goods = -1"] {
            assert_eq!(load(&files(&format!("[matching]\n{wrong}\n")), "b").unwrap_err().line, 3, "{wrong}");
        }
    }

    #[test]
    fn unknown_code_has_its_line() {
        let e = load(&files("years = [2022]\n[rules.INVEST-999]\nenabled = false\n"), "b").unwrap_err();
        assert_eq!((e.file.as_str(), e.line), ("notices/b.toml", 3), "{e}");
    }

    #[test]
    fn unknown_parameter_has_its_line() {
        let e = load(&files("[rules.INVEST-008]\nenabled = true\nprozent = 3\n"), "b").unwrap_err();
        assert_eq!(e.line, 4, "{e}");
        assert!(e.why.contains("prozent"), "{e}");
    }

    #[test]
    fn unknown_field_bad_date_missing_base_and_cycle() {
        assert_eq!(load(&files("jahre = [2022]\n"), "b").unwrap_err().line, 2);
        assert_eq!(load(&files("[material]\nerstens = '甲'\n"), "b").unwrap_err().line, 3);
        assert_eq!(load(&files("title='乙'\ndeadline = 'morgen'\n"), "b").unwrap_err().line, 3);
        let mut f = files("");
        f.insert("notices/c.toml".into(), "extends = 'nein'\n".into());
        assert_eq!(load(&f, "c").unwrap_err().file, "notices/c.toml");
        f.insert("notices/c.toml".into(), "extends = 'c'\n".into());
        assert!(load(&f, "c").unwrap_err().why.contains("循环"));
    }
}

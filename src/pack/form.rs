//! A notice's application form: what must be filled, what can be ticked, and fields that other forms do not have.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::Lexicon;
use crate::text::normal::squash;

/// In names: each year of the notice.
const EACH_YEAR: &str = "{年}";
/// In names: its last year.
const LAST_YEAR: &str = "{末年}";

/// The form of a notice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Form {
    /// Required fields: what the reviewer calls them, and the fields of which one must be filled.
    pub required: Vec<(String, Vec<String>)>,
    /// Fields of 基本信息 that must be filled for every year of the notice.
    pub yearly: Vec<String>,
    /// The indicators of 平台能力信息 in their order.
    pub indicators: Vec<String>,
    /// The platforms that may leave out the first indicators.
    pub exempt: Option<Exempt>,
    /// Groups of tick boxes of 平台基本信息 with their choices in order.
    pub choices: BTreeMap<String, Vec<Choice>>,
    /// Groups of which exactly one choice is to be ticked.
    pub single: Vec<String>,
    /// Fields that are in no lexicon.
    pub fields: BTreeMap<String, FormField>,
}

/// Which platforms may leave out some indicators.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exempt {
    /// A part of the 平台类别.
    pub category: String,
    /// How many of the first indicators.
    pub first: usize,
}

/// A choice of a group of tick boxes.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// As the report names it.
    pub name: String,
    /// As forms write it, without blanks; the name among them.
    pub written: Vec<String>,
}

/// A field of the form.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormField {
    /// Its labels.
    pub labels: Vec<String>,
    /// What it holds.
    #[serde(rename = "type", default)]
    pub holds: Holds,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Holds {
    /// Text.
    #[default]
    Text,
    /// An amount, in 万元 unless the form says otherwise.
    Money,
    /// A count or a share.
    Number,
    /// A day or a month.
    Date,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Raw {
    required: Option<Spanned<Vec<Vec<String>>>>,
    yearly: Option<Vec<String>>,
    indicators: Option<Vec<String>>,
    exempt: Option<Exempt>,
    single: Option<Vec<Spanned<String>>>,
    choices: BTreeMap<Spanned<String>, Spanned<Vec<Vec<String>>>>,
    fields: BTreeMap<Spanned<String>, FormField>,
}

impl Form {
    /// Takes over what a notice says; lists replace, tables add. An error has the place in the file.
    pub(super) fn apply(&mut self, raw: Raw) -> Result<(), (usize, String)> {
        if let Some(required) = raw.required {
            let at = required.span().start;
            let split = |mut row: Vec<String>| {
                let fields = row.split_off(row.len().min(1));
                row.pop().filter(|_| !fields.is_empty()).map(|name| (name, fields))
            };
            let rows: Option<_> = required.into_inner().into_iter().map(split).collect();
            self.required = rows.ok_or((at, "required 的每一项应为 [名称, 字段, …]".to_owned()))?;
        }
        if let Some(yearly) = raw.yearly {
            self.yearly = yearly;
        }
        if let Some(indicators) = raw.indicators {
            self.indicators = indicators;
        }
        if let Some(exempt) = raw.exempt {
            self.exempt = Some(exempt);
        }
        for (group, choices) in raw.choices {
            let at = choices.span().start;
            let choice = |written: Vec<String>| {
                let name = written.first()?.clone();
                // Compared without blanks; nothing at all would be found everywhere.
                let written: Vec<String> = written.iter().map(|w| squash(w)).collect();
                written.iter().all(|w| !w.is_empty()).then_some(Choice { name, written })
            };
            let list: Option<Vec<Choice>> = choices.into_inner().into_iter().map(choice).collect();
            let list =
                list.ok_or((at, format!("{} 的每一个选项应为 [名称, 其他写法, …]", group.get_ref())))?;
            self.choices.insert(group.into_inner(), list);
        }
        for group in raw.single.iter().flatten() {
            if !self.choices.contains_key(group.get_ref()) {
                let why = format!("single 中的 {} 不在 [form.choices] 里", group.get_ref());
                return Err((group.span().start, why));
            }
        }
        if let Some(single) = raw.single {
            self.single = single.into_iter().map(Spanned::into_inner).collect();
        }
        for (name, field) in raw.fields {
            let section = name.get_ref().split('.').next().unwrap_or_default();
            if !["封面", "基本信息", "平台基本信息", "平台能力信息"].contains(&section) {
                let why =
                    format!("{} 应以 封面.、基本信息.、平台基本信息. 或 平台能力信息. 开头", name.get_ref());
                return Err((name.span().start, why));
            }
            if field.labels.is_empty() || field.labels.iter().any(|l| squash(l).is_empty()) {
                return Err((name.span().start, format!("{} 的标签（labels）不能为空", name.get_ref())));
            }
            self.fields.insert(name.into_inner(), field);
        }
        Ok(())
    }

    /// Puts the notice's years in the place of `{年}` and `{末年}`.
    pub(super) fn dated(mut self, years: &[i32]) -> Self {
        self.required = self
            .required
            .into_iter()
            .map(|(name, fields)| (last(&name, years), fields.iter().flat_map(|f| each(f, years)).collect()))
            .collect();
        self.indicators = self.indicators.iter().flat_map(|i| each(i, years)).collect();
        self.fields = dated(std::mem::take(&mut self.fields), years, |field, year| FormField {
            labels: field.labels.iter().map(|l| year(l)).collect(),
            ..field.clone()
        });
        self
    }

    /// The labels of the form: the lexicon's, with the notice's years, and those of the notice's own fields.
    pub(super) fn labels(&self, lexicon: &Lexicon, years: &[i32]) -> Lexicon {
        let mut labels =
            dated(lexicon.labels.clone(), years, |names, year| names.iter().map(|n| year(n)).collect());
        labels.extend(self.fields.iter().map(|(name, field)| (name.clone(), field.labels.clone())));
        Lexicon { labels }
    }
}

/// A table whose keys and values may name years, with the years in their place.
fn dated<T>(
    table: BTreeMap<String, T>,
    years: &[i32],
    with: impl Fn(&T, &dyn Fn(&str) -> String) -> T,
) -> BTreeMap<String, T> {
    let mut out = BTreeMap::new();
    for (key, value) in table {
        let several: &[i32] =
            if key.contains(EACH_YEAR) { years } else { years.last().map_or(&[], std::slice::from_ref) };
        if several.is_empty() {
            out.insert(key, value);
            continue;
        }
        for year in several {
            let put = |text: &str| last(&text.replace(EACH_YEAR, &year.to_string()), years);
            out.insert(put(&key), with(&value, &put));
        }
    }
    out
}

/// A name for each year it is meant for.
fn each(name: &str, years: &[i32]) -> Vec<String> {
    if name.contains(EACH_YEAR) {
        years.iter().map(|y| name.replace(EACH_YEAR, &y.to_string())).collect()
    } else {
        vec![last(name, years)]
    }
}

fn last(name: &str, years: &[i32]) -> String {
    years.last().map_or_else(|| name.to_owned(), |y| name.replace(LAST_YEAR, &y.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> Result<Form, (usize, String)> {
        let mut form = Form::default();
        form.apply(toml::from_str(text).expect("toml"))?;
        Ok(form)
    }

    #[test]
    fn years_take_their_places() {
        let form = form(
            "required = [['投资', '平台基本信息.{年}年投资额']]\nindicators = ['用户', '{末年}年订单']\n\
             [fields]\n'平台能力信息.{末年}年数据' = { labels = ['{末年}年数据量', '数据量'], type = 'number' }\n",
        )
        .expect("reads")
        .dated(&[2024, 2025]);
        assert_eq!(form.required[0].1, ["平台基本信息.2024年投资额", "平台基本信息.2025年投资额"]);
        assert_eq!(form.indicators, ["用户", "2025年订单"]);
        assert_eq!(form.fields["平台能力信息.2025年数据"].labels, ["2025年数据量", "数据量"]);
        let labels = BTreeMap::from([("a.{年}年收入".to_owned(), vec!["{年}年度收入".to_owned()])]);
        let labels = form.labels(&Lexicon { labels }, &[2024, 2025]).labels;
        assert_eq!(labels["a.2024年收入"], ["2024年度收入"]);
        assert_eq!(labels.len(), 3);
    }

    #[test]
    fn mistakes_have_their_place() {
        assert!(form("single = ['类别']").expect_err("no such group").1.contains("类别"));
        assert!(form("required = [['投资']]").expect_err("no field").1.contains("required"));
        for none in ["[[]]", "[['']]", "[['甲', ' ']]"] {
            assert!(form(&format!("[choices]\n'类别' = {none}")).expect_err(none).1.contains("类别"));
        }
        assert!(form("[fields]\n'其他.甲' = { labels = ['甲'] }").expect_err("section").1.contains("开头"));
        for none in ["[]", "['甲', ' ']"] {
            let text = format!("[fields]\n'封面.甲' = {{ labels = {none} }}");
            assert!(form(&text).expect_err(none).1.contains("标签"));
        }
    }
}

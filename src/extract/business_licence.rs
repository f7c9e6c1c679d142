//! Business licences (营业执照): labels with values beside or below them, in one or two columns, upright or across.

use chrono::NaiveDate;

use crate::extract::label::Fragment;
use crate::extract::labelled::Reader;
use crate::extract::typed::Typed;
use crate::extract::{Extracted, Extractor, View, wrapped};
use crate::model::{Field, Grade, Kind, Money, Unit, Value};
use crate::pack::Pack;
use crate::text::code::CodeCheck;
use crate::text::{amount, code, date, normal};

/// Extracts business licences.
#[derive(Clone, Copy, Debug)]
pub struct BusinessLicence;

impl Extractor for BusinessLicence {
    fn kind(&self) -> Kind {
        Kind::BusinessLicence
    }

    fn extract(&self, view: &View<'_>, pack: &Pack) -> Extracted {
        let lexicon = pack.lexicon("licence");
        let known: Vec<String> = lexicon.labels.values().flatten().cloned().collect();
        let reader = Reader::new(view, lexicon, &known);
        let typed = Typed::new(&view.file);
        let mut out = Extracted::default();
        let mut put = |name: &str, field: Option<Field>| {
            if let Some(field) = field {
                out.fields.insert(name.to_string(), field);
            }
        };
        put("name", reader.text("name", &|t| chinese(t) >= 4).map(|at| name(&at, &typed)));
        put("uscc", reader.uscc().map(|at| typed.taxpayer_id(&at)));
        put("type", reader.text("type", &|t| chinese(t) >= 4).map(|at| typed.text(&at)));
        put("legal_representative", reader.text("legal_representative", &person).map(|at| typed.text(&at)));
        put(
            "address",
            reader.long("address").map(|at| typed.found(Value::Text(normal::squash(&at.text)), &at)),
        );
        put("scope", reader.long("scope").map(|at| typed.found(Value::Text(normal::squash(&at.text)), &at)));
        put(
            "registered_capital",
            reader.text("registered_capital", &like_money).map(|at| capital(&at, &typed)),
        );
        put("established", reader.text("established", &like_date).map(|at| day(&at, &typed)));
        put(
            "expires",
            reader.text("expires", &|t| like_date(t) || endless(t)).and_then(|at| expires(&at, &typed)),
        );
        put("authority", reader.text("authority", &|t| t.contains('局')).map(|at| typed.text(&at)));
        put("issued", reader.issued().map(|(d, at)| typed.found(Value::Date(d), &at)));
        out
    }
}

impl Reader<'_> {
    /// A value that may go on in the runs below it.
    fn long(&self, key: &str) -> Option<Fragment> {
        let hit = self.hit(key, &|t| chinese(t) >= 2)?;
        Some(wrapped::continued(self.view, hit.value, hit.at.place.bbox(), self.known))
    }

    /// The code behind its label; else the only text that is a valid code.
    fn uscc(&self) -> Option<Fragment> {
        if let Some(at) = self.text("uscc", &|t| code::clean_code(t).len() == 18) {
            return Some(at);
        }
        let lines = self.view.pages.iter().flat_map(|p| &p.lines);
        let bare = lines.map(Fragment::of_line).find_map(|f| {
            let text = f.text.clone();
            let valid = |w: &&str| code::check_uscc(w) == CodeCheck::Valid;
            let word = text.split(|c: char| !c.is_ascii_alphanumeric()).find(valid)?;
            let from = text.find(word)?;
            let chars = normal::char_range(&text, &(from..from + word.len()));
            Some(f.slice(chars.start, chars.end))
        });
        bare.or_else(|| self.text("uscc", &|t| (15..=20).contains(&code::clean_code(t).len())))
    }

    /// The day of issue: behind a label; else the last day on the page that stands alone, under the registrar's seal.
    fn issued(&self) -> Option<(NaiveDate, Fragment)> {
        if let Some(at) = self.text("issued", &like_date) {
            return date::parse_date(&at.text).map(|d| (d, at));
        }
        let page = self.view.pages.first()?;
        page.lines.iter().rev().find_map(|l| {
            let low = l.bbox().is_none_or(|b| b.mid_y() > 0.6 * page.height);
            let day = date::parse_date(&l.text).filter(|_| low)?;
            let left = page.lines.iter().any(|o| {
                o.row == l.row
                    && o != l
                    && self.known.iter().any(|k| {
                        normal::squash(&o.text) == normal::squash(k)
                            && !self.lexicon.of("authority").contains(k)
                    })
            });
            (!left).then(|| (day, Fragment::of_line(l)))
        })
    }
}

fn chinese(text: &str) -> usize {
    text.chars().filter(|c| ('\u{3400}'..='\u{9fff}').contains(c)).count()
}

/// A person's or a partner's name: no digits, no sentence.
fn person(text: &str) -> bool {
    let text = normal::squash(text);
    let count = text.chars().count();
    (2..=30).contains(&count) && !text.chars().any(|c| c.is_ascii_digit() || c == ';' || c == '。')
}

fn like_date(text: &str) -> bool {
    !date::find_dates(text).is_empty() || text.contains('年') && text.chars().any(|c| c.is_ascii_digit())
}

fn like_money(text: &str) -> bool {
    amount::find_capital(text).is_some()
        || text.chars().any(|c| c.is_ascii_digit()) && !text.contains(['年', '月'])
}

fn endless(text: &str) -> bool {
    ["长期", "无固定期限", "永久", "不约定期限", "无期限"].iter().any(|w| normal::squash(text).contains(w))
}

/// The name; blanks within a Chinese name are print.
fn name(at: &Fragment, typed: &Typed) -> Field {
    typed.found(Value::Text(normal::squash(&at.text)), at)
}

fn day(at: &Fragment, typed: &Typed) -> Field {
    match date::find_dates(&at.text).first() {
        Some((_, d)) => typed.found(Value::Date(*d), at),
        None => typed.unreadable(at),
    }
}

/// The capital, in digits or capital numerals, without a currency other than 人民币.
fn capital(at: &Fragment, typed: &Typed) -> Field {
    let text = normal::squash(&at.text);
    if ["美元", "欧元", "港元", "港币", "日元", "英镑"].iter().any(|c| text.contains(c)) {
        return typed.unreadable(at);
    }
    let digits = amount::parse_money(&text, Unit::Yuan)
        .or_else(|| amount::find_money(&text, Unit::Yuan).into_iter().find(|f| f.marked).map(|f| f.money));
    let found = digits.or_else(|| {
        // 伍佰万人民币, 伍佰万元
        let capital = amount::find_capital(&text).or_else(|| {
            let body = text.replace("人民币", "").replace(['(', ')'], "");
            let body = if body.contains(['元', '圆']) { body } else { format!("{body}元") };
            amount::find_capital(&body)
        });
        capital.map(|(_, v)| Money::yuan(v))
    });
    found.map_or_else(|| typed.unreadable(at), |m| typed.found(Value::Money(m), at))
}

/// The last day of the term; 长期 where there is none. A term without an end printed gives nothing.
fn expires(at: &Fragment, typed: &Typed) -> Option<Field> {
    if endless(&at.text) {
        return Some(typed.found(Value::Text("长期".to_string()), at));
    }
    let days = date::find_dates(&at.text);
    let (range, last) = days.last()?;
    let before = normal::squash(&at.text[..range.start]);
    let until = days.len() > 1 || ["至", "到", "-", "—", "止"].iter().any(|w| before.ends_with(w));
    if until {
        return Some(typed.found(Value::Date(*last), at));
    }
    (at.grade == Grade::Ocr && before.contains('至')).then(|| typed.unreadable(at))
}

#[cfg(test)]
#[path = "business_licence_tests.rs"]
mod tests;

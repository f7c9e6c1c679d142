//! Marks: what makes an invoice other than a plain one (红字, 作废, 差额征税, 免税 …), as the paper says it.

use crate::extract::label::Fragment;
use crate::extract::sheet::Sheet;
use crate::extract::typed::Typed;
use crate::extract::{Extracted, View};
use crate::model::{Field, Row, Value};
use crate::text::normal;

/// Words with the mark they stand for.
const WORDS: &[(&str, &str)] = &[
    ("销项负数", "红字"),
    ("红字发票", "红字"),
    ("红字增值税", "红字"),
    ("被红冲蓝字", "红字"),
    ("对应正数发票", "红字"),
    ("差额征税", "差额征税"),
    ("通行费", "通行费"),
    ("详见销货清单", "清单"),
    ("详见清单", "清单"),
    ("全电纸质", "数电纸质"),
    ("数电纸质", "数电纸质"),
];
/// Headings that stand alone at the top of invoices of special trades.
const TRADES: &[&str] = &[
    "成品油",
    "机动车",
    "建筑服务",
    "不动产经营租赁服务",
    "不动产租赁",
    "旅客运输服务",
    "货物运输服务",
    "自产农产品销售",
    "农产品收购",
    "代开",
    "稀土",
    "卷烟",
];

/// The marks that a text names.
pub(super) fn named(text: &str) -> Vec<String> {
    let text = normal::squash(text);
    let mut out: Vec<String> = Vec::new();
    for (_, mark) in WORDS.iter().filter(|(word, _)| text.contains(word)) {
        if !out.iter().any(|m| m == mark) {
            out.push((*mark).to_string());
        }
    }
    out
}

/// The marks of several readings as one list.
pub(super) fn of_all(readings: &[Option<&Field>]) -> Option<Field> {
    let mut found = readings.iter().filter_map(|f| f.and_then(Field::found));
    let mut first = found.next()?.clone();
    for other in found {
        if let (Value::List(all), Value::List(more)) = (&mut first.value, &other.value) {
            let new: Vec<String> = more.iter().filter(|m| !all.contains(m)).cloned().collect();
            all.extend(new);
        }
    }
    Some(Field::Found(first))
}

/// Marks found on the pages, each with the words that say it.
pub(super) fn read(view: &View<'_>, sheet: &Sheet, typed: &Typed, out: &mut Extracted) {
    let mut list: Vec<String> = Vec::new();
    let mut at: Option<Fragment> = None;
    let mut add = |mark: &str, word: &Fragment| {
        if !list.iter().any(|m| m == mark) {
            list.push(mark.to_string());
            at = Some(at.take().map_or(word.clone(), |a| a.join(word, "\n")));
        }
    };
    let top = view.pages.first().map_or(0.0, |p| 0.25 * p.height);
    for word in sheet.words() {
        let text = normal::squash(&word.text);
        for mark in named(&text) {
            add(&mark, &word.at);
        }
        // Stamped across the paper; among other words it may be anything.
        if matches!(text.as_str(), "作废" | "已作废") {
            add("作废", &word.at);
        }
        if word.bbox.mid_y() < top && TRADES.contains(&text.as_str()) {
            add(&text, &word.at);
        }
    }
    for name in ["total", "amount"] {
        if let Some(Field::Found(s)) = out.fields.get(name)
            && matches!(&s.value, Value::Money(m) if m.yuan.is_sign_negative() && !m.yuan.is_zero())
        {
            let printed = sheet.words().find(|w| w.at.text.contains(s.raw.as_str()));
            if let Some(word) = printed {
                add("红字", &word.at);
            }
        }
    }
    for (mark, row) in of_lines(&out.items) {
        let name = row.get("rate").or_else(|| row.get("amount")).and_then(Field::found);
        let printed = name.and_then(|s| sheet.words().find(|w| w.at.text.contains(s.raw.as_str())));
        if let Some(word) = printed {
            add(mark, &word.at);
        }
    }
    if let Some(at) = at {
        out.fields.insert("marks".into(), typed.found(Value::List(list), &at));
    }
}

/// What lines say: an exempt rate, a discount under the line of the same goods.
fn of_lines(rows: &[Row]) -> Vec<(&'static str, &Row)> {
    let plain = |row: &Row, name: &str| row.get(name).and_then(Field::found).map(|s| s.value.to_plain());
    let negative = |row: &Row| plain(row, "amount").is_some_and(|a| a.starts_with('-'));
    let mut out = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        match plain(row, "rate").as_deref() {
            Some("免税") => out.push(("免税", row)),
            Some("不征税") => out.push(("不征税", row)),
            _ => {}
        }
        let before = i.checked_sub(1).map(|b| &rows[b]);
        if negative(row) && before.is_some_and(|b| !negative(b) && plain(b, "name") == plain(row, "name")) {
            out.push(("折扣", row));
        }
    }
    out
}

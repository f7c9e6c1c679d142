//! Documents as tables for people.

use std::collections::BTreeSet;
use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::leftover::Leftover;
use crate::model::{Confidence, Document, Field, IntegrityState, Page, Place, Row, Source, Value};
use crate::report::Lang;
use crate::text::labels;

mod seals;

/// Widest value, printed form and cell of a list.
const WIDE: usize = 46;
const RAW: usize = 22;
const CELL: usize = 26;
/// Most lines of a list, and of what is told beside the documents.
const MOST: usize = 200;
const FEW: usize = 12;

/// One document: what it is, its fields, its lines.
pub(super) fn document(document: &Document, lang: Lang) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{}　{}　【{}】　{} {}　{}：{}",
        document.file,
        pages(document.pages, lang),
        lang.kind(document.kind),
        lang.t("把握", "confidence"),
        percent(document.kind_confidence),
        lang.t("读取方式", "read by"),
        lang.read_by(document.read_by)
    );
    let mut fields: Vec<(&String, &Field)> = document.fields.iter().collect();
    fields.sort_by(|a, b| labels::order(a.0).cmp(&labels::order(b.0)).then(a.0.cmp(b.0)));
    let head = [
        ("字段", "field"),
        ("值", "value"),
        ("原文", "printed"),
        ("把握", "sure"),
        ("依据", "from"),
        ("位置", "where"),
    ]
    .map(|(zh, en)| lang.t(zh, en).to_string());
    let rows: Vec<Vec<String>> = fields.iter().map(|(name, field)| cells(name, field, lang)).collect();
    table(&mut out, &head, &rows, &[]);
    items(&mut out, &document.items, lang);
    if rows.is_empty() && document.items.is_empty() {
        let _ = writeln!(out, "    {}", lang.t("没有可列出的字段", "no fields"));
    }
    out.push('\n');
    out
}

/// What is told of the file as a whole: digests and signatures, codes, hidden text, words that were not placed.
pub(super) fn beside(document: Option<&Document>, pages: &[Page], leftover: &Leftover, lang: Lang) -> String {
    let mut out = String::new();
    let facts = document.map_or(&[][..], |d| &d.integrity[..]);
    let facts = facts.iter().map(|i| {
        let (state, why) = match &i.state {
            IntegrityState::Verified => (lang.t("相符", "verified"), ""),
            IntegrityState::Broken(what) => (lang.t("不符", "broken"), what.as_str()),
            IntegrityState::Absent => (lang.t("没有", "absent"), ""),
            IntegrityState::Unknown(why) => (lang.t("不能判断", "unknown"), why.as_str()),
        };
        let why = if why.is_empty() { String::new() } else { format!("：{why}") };
        format!("{}　【{state}】{why}", i.what)
    });
    section(&mut out, lang.t("摘要与签名", "Digests and signatures"), facts.collect());
    let page = |n: u32| self::pages((n, n), lang);
    let codes = pages.iter().flat_map(|p| p.codes.iter().map(move |c| (p.number, c)));
    let codes = codes.map(|(n, c)| format!("{}　{}", page(n), short(&c.text, 100)));
    section(&mut out, lang.t("二维码", "QR codes"), codes.collect());
    seals::tell(&mut out, pages, lang);
    let hidden = pages.iter().flat_map(|p| p.hidden.iter().map(move |l| (p.number, l)));
    let hidden = hidden.map(|(n, l)| format!("{}　{}", page(n), short(&l.text, 80)));
    section(
        &mut out,
        lang.t("看不见的文字（被遮盖或与底色相同）", "Text nobody sees (covered, or white)"),
        hidden.collect(),
    );
    words(&mut out, leftover, lang);
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

fn section(out: &mut String, title: &str, lines: Vec<String>) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(out, "  {title}");
    for line in lines.iter().take(FEW) {
        let _ = writeln!(out, "    {line}");
    }
    if lines.len() > FEW {
        let _ = writeln!(out, "    … +{}", lines.len() - FEW);
    }
}

/// The words that were not placed, page by page, several on a line.
fn words(out: &mut String, leftover: &Leftover, lang: Lang) {
    if leftover.words.is_empty() {
        return;
    }
    let _ = writeln!(out, "  {}", lang.t("未能归类的文字", "Words that were not placed"));
    let mut lines: Vec<(u32, String)> = Vec::new();
    for (page, word) in &leftover.words {
        let word = short(word, 60);
        match lines.last_mut() {
            Some((of, line)) if of == page && line.width() + word.width() < 76 => {
                line.push_str(" │ ");
                line.push_str(&word);
            }
            _ => lines.push((*page, word)),
        }
    }
    let mut last = 0;
    for (page, line) in lines {
        let name = if page == last { String::new() } else { pages((page, page), lang) };
        let _ = writeln!(out, "    {}{line}", padded(&name, 9));
        last = page;
    }
    if leftover.more > 0 {
        let more = leftover.more;
        let text = lang.t("另有未列出的", "not listed:");
        let _ = writeln!(out, "    {text} {more} {}", lang.t("处", "more"));
    }
}

fn pages((first, last): (u32, u32), lang: Lang) -> String {
    match (first == last, lang) {
        (true, Lang::Zh) => format!("第{first}页"),
        (false, Lang::Zh) => format!("第{first}–{last}页"),
        (true, Lang::En) => format!("page {first}"),
        (false, Lang::En) => format!("pages {first}–{last}"),
    }
}

fn percent(confidence: Confidence) -> String {
    format!("{}%", confidence.0 / 10)
}

fn cells(name: &str, field: &Field, lang: Lang) -> Vec<String> {
    let label = labels::field(name, lang == Lang::En);
    match field {
        Field::Found(s) => {
            let value = s.value.to_plain();
            let raw = if tells_the_same(&s.raw, &value) { String::new() } else { short(&s.raw, RAW) };
            let other =
                s.alternatives.first().map(|a| format!("（另读作 {}）", short(a, RAW))).unwrap_or_default();
            let value = short(&value, WIDE) + &other;
            vec![
                label,
                value,
                raw,
                percent(s.confidence),
                lang.grade(s.grade).into(),
                place(s.source(), lang),
            ]
        }
        Field::Unreadable(s) => vec![
            label,
            lang.t("（无法识读）", "(unreadable)").to_string(),
            short(&s.raw, RAW),
            percent(s.confidence),
            lang.grade(s.grade).into(),
            place(s.source(), lang),
        ],
    }
}

/// Whether the printed form tells a person nothing that the value does not: blanks, currency signs and thousands apart.
fn tells_the_same(raw: &str, value: &str) -> bool {
    let bare = |t: &str| -> String {
        let t = crate::text::normal::squash(t);
        t.chars().filter(|c| !matches!(c, '¥' | ',' | '，' | '"')).collect()
    };
    bare(raw) == bare(value)
}

/// Lines as a table: the columns that any of them has.
fn items(out: &mut String, items: &[Row], lang: Lang) {
    if items.is_empty() {
        return;
    }
    let names: BTreeSet<&String> = items.iter().flat_map(|i| i.keys()).collect();
    let mut names: Vec<&String> = names.into_iter().collect();
    names.sort_by_key(|n| (labels::column_order(n), (*n).clone()));
    let head: Vec<String> = std::iter::once(lang.t("行", "line").to_string())
        .chain(names.iter().map(|n| labels::column(n, lang == Lang::En).to_string()))
        .collect();
    let cell = |field: &Field| match field {
        Field::Found(s) => short(&s.value.to_plain(), CELL),
        Field::Unreadable(s) => format!("？{}", short(&s.raw, CELL)),
    };
    let row = |(index, item): (usize, &Row)| -> Vec<String> {
        let cells = names.iter().map(|n| item.get(*n).map(cell).unwrap_or_default());
        std::iter::once((index + 1).to_string()).chain(cells).collect()
    };
    let rows: Vec<Vec<String>> = items.iter().enumerate().take(MOST).map(row).collect();
    let figure = |n: &&String| {
        let values =
            items.iter().filter_map(|i| i.get(n.as_str())).filter_map(Field::found).map(|s| &s.value);
        let mut values = values.peekable();
        values.peek().is_some() && values.all(|v| matches!(v, Value::Money(_) | Value::Number(_)))
    };
    let right: Vec<usize> = names.iter().enumerate().filter(|(_, n)| figure(n)).map(|(i, _)| i + 1).collect();
    let _ = writeln!(out, "  {}（{}）", lang.t("明细", "Lines"), items.len());
    table(out, &head, &rows, &right);
    if items.len() > MOST {
        let _ = writeln!(out, "    … +{}", items.len() - MOST);
    }
}

fn place(source: &Source, lang: Lang) -> String {
    let page = |n: u32| pages((n, n), lang);
    match &source.place {
        Place::File => lang.t("整个文件", "file").to_string(),
        Place::Page { page: n, bbox } => {
            format!("{} ({:.0},{:.0})–({:.0},{:.0})", page(*n), bbox.x0, bbox.y0, bbox.x1, bbox.y1)
        }
        Place::Cell { sheet, row, col } => match lang {
            Lang::Zh => format!("{} {}行{}列", short(sheet, 16), row + 1, col + 1),
            Lang::En => format!("{} R{}C{}", short(sheet, 16), row + 1, col + 1),
        },
        Place::Block { page: n, block, cell } => match (cell, lang) {
            (Some((row, col)), Lang::Zh) => {
                format!("{} 第{}块 {}行{}列", page(*n), block + 1, row + 1, col + 1)
            }
            (None, Lang::Zh) => format!("{} 第{}段", page(*n), block + 1),
            (Some((row, col)), Lang::En) => {
                format!("{} block {} R{}C{}", page(*n), block + 1, row + 1, col + 1)
            }
            (None, Lang::En) => format!("{} block {}", page(*n), block + 1),
        },
    }
}

fn short(text: &str, most: usize) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown: String = one_line.chars().filter(|c| !c.is_control()).collect();
    if shown.width() <= most {
        return shown;
    }
    let mut out = String::new();
    for c in shown.chars() {
        if out.width() + 3 > most {
            break;
        }
        out.push(c);
    }
    out + "…"
}

fn padded(text: &str, width: usize) -> String {
    text.to_string() + &" ".repeat(width.saturating_sub(text.width()))
}

/// A table without rulings, its columns aligned by the width of Chinese characters; columns of `right` by their end.
/// A column without any value is left out.
fn table(out: &mut String, head: &[String], rows: &[Vec<String>], right: &[usize]) {
    if rows.is_empty() {
        return;
    }
    let filled = |c: usize| rows.iter().any(|r| r.get(c).is_some_and(|v| !v.is_empty()));
    let columns: Vec<usize> = (0..head.len()).filter(|c| filled(*c)).collect();
    let width = |c: usize| {
        let cells = rows.iter().filter_map(|r| r.get(c));
        cells.chain(head.get(c)).map(|v| v.width()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = columns.iter().map(|c| width(*c)).collect();
    for row in std::iter::once(head).chain(rows.iter().map(Vec::as_slice)) {
        let mut text = String::from("    ");
        for (c, width) in columns.iter().zip(&widths) {
            let cell = row.get(*c).map_or("", String::as_str);
            let gap = " ".repeat(width - cell.width());
            let (before, after) = if right.contains(c) { (gap.as_str(), "") } else { ("", gap.as_str()) };
            let _ = write!(text, "{before}{cell}{after}  ");
        }
        let _ = writeln!(out, "{}", text.trim_end());
    }
}

#[cfg(test)]
#[path = "show/tests.rs"]
mod tests;

//! Documents as a table for people.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use crate::model::{Document, Field, Place, Row, Source};
use crate::report::Lang;

/// Prints what was found in one file.
pub(super) fn document(document: &Document, lang: Lang) -> String {
    let mut out = String::new();
    let (first, last) = document.pages;
    let pages = if first == last { format!("第{first}页") } else { format!("第{first}–{last}页") };
    let sure = document.kind_confidence.0 / 10;
    let _ = writeln!(
        out,
        "{}　{pages}　【{}】 把握 {sure}%　读取方式：{}",
        document.file,
        lang.kind(document.kind),
        lang.read_by(document.read_by)
    );
    let rows: Vec<[String; 5]> =
        document.fields.iter().map(|(name, field)| cells(name, field, lang)).collect();
    table(&mut out, &["字段", "值", "原文", "方式", "位置"].map(String::from), &rows);
    for (index, item) in document.items.iter().enumerate() {
        let _ = writeln!(out, "    第{}行　{}", index + 1, line(item));
    }
    out.push('\n');
    out
}

fn cells(name: &str, field: &Field, lang: Lang) -> [String; 5] {
    let how =
        |grade, confidence: crate::model::Confidence| format!("{} {}%", lang.grade(grade), confidence.0 / 10);
    match field {
        Field::Found(s) => {
            let value = s.value.to_plain();
            let raw = if s.raw == value { String::new() } else { short(&s.raw, 24) };
            [name.to_string(), short(&value, 44), raw, how(s.grade, s.confidence), place(s.source())]
        }
        Field::Unreadable(s) => [
            name.to_string(),
            "（无法识读）".to_string(),
            short(&s.raw, 24),
            how(s.grade, s.confidence),
            place(s.source()),
        ],
    }
}

fn line(item: &Row) -> String {
    let parts = item.iter().map(|(name, field)| match field {
        Field::Found(s) => format!("{name}={}", short(&s.value.to_plain(), 30)),
        Field::Unreadable(s) => format!("{name}=？{}", short(&s.raw, 20)),
    });
    parts.collect::<Vec<_>>().join("  ")
}

fn place(source: &Source) -> String {
    match &source.place {
        Place::File => "整个文件".to_string(),
        Place::Page { page, bbox } => format!("第{page}页 ({:.0},{:.0})", bbox.x0, bbox.y0),
        Place::Cell { sheet, row, col } => format!("{sheet} {}行{}列", row + 1, col + 1),
        Place::Block { page, block, cell } => match cell {
            Some((row, col)) => format!("第{page}页 第{}个表 {}行{}列", block + 1, row + 1, col + 1),
            None => format!("第{page}页 第{}段", block + 1),
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

/// A table without rulings, its columns aligned by the width of Chinese characters.
fn table(out: &mut String, head: &[String; 5], rows: &[[String; 5]]) {
    if rows.is_empty() {
        return;
    }
    let mut widths = [0; 5];
    for row in std::iter::once(head).chain(rows) {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    for row in std::iter::once(head).chain(rows) {
        let mut text = String::from("    ");
        for (width, cell) in widths.iter().zip(row) {
            text.push_str(cell);
            text.push_str(&" ".repeat(width - cell.width() + 2));
        }
        let _ = writeln!(out, "{}", text.trim_end());
    }
}

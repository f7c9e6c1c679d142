//! The lines of an invoice, and of the list (销货清单) that may carry them instead.

use crate::extract::View;
use crate::extract::columns::{Column, Header, Holds, assign, headers, is_number, is_rate};
use crate::extract::label::Fragment;
use crate::extract::sheet::{Sheet, Word, squashed};
use crate::extract::typed::{Typed, weaken};
use crate::model::{Field, Row, Unit, Value};
use crate::pack::Lexicon;
use crate::text::{amount, normal};

/// The headers of the lists of goods on the sheet.
pub(super) fn find_headers(view: &View<'_>, sheet: &Sheet, lexicon: &Lexicon) -> Vec<Header> {
    let holds = |name: &str| match name {
        "quantity" | "unit_price" | "amount" | "tax" => Holds::Number,
        "rate" => Holds::Rate,
        _ => Holds::Text,
    };
    let mut found = headers(view, sheet, lexicon, "items.", 4, &holds);
    found.retain(|h| h.columns.iter().any(|c| c.name == "amount" || c.name == "tax"));
    found
}

/// Lines without a header that could be read: each has a rate, its amount to the left and its tax to the right of it.
/// What stands further left is told by its kind only, so all of it is less sure.
pub(super) fn bare(sheet: &Sheet, capital: Option<usize>, typed: &Typed) -> Vec<Row> {
    let mut out: Vec<Row> = Vec::new();
    for row in sheet.rows.iter().take(capital.unwrap_or(sheet.rows.len())) {
        let rate = row.iter().rposition(|w| is_rate(&w.text) && !is_number(&w.text));
        let Some((rate, amount)) = rate.and_then(|r| Some((r, r.checked_sub(1)?))) else { continue };
        if !is_number(&row[amount].text) || row.len() > rate + 3 {
            continue;
        }
        let first_figure = (0..=amount).rev().find(|i| *i == 0 || !is_number(&row[*i - 1].text)).unwrap_or(0);
        let mut line: Vec<(&str, &Word)> = vec![("amount", &row[amount]), ("rate", &row[rate])];
        line.extend(row.get(rate + 1).filter(|w| is_number(&w.text)).map(|w| ("tax", w)));
        if amount - first_figure == 2 {
            line.extend([("quantity", &row[first_figure]), ("unit_price", &row[first_figure + 1])]);
        }
        let texts = &row[..first_figure];
        let short = |w: &Word| w.text.chars().count() <= 3;
        line.extend(texts.first().map(|w| ("name", w)));
        match texts {
            [_, model, unit] => line.extend([("model", model), ("unit", unit)]),
            [_, one] => line.push((if short(one) { "unit" } else { "model" }, one)),
            _ => {}
        }
        out.push(
            line.into_iter()
                .map(|(name, w)| (name.to_string(), weaken(field(name, &w.at, typed), 0.8)))
                .collect(),
        );
    }
    out
}

/// All lines under the headers. Where the invoice only refers to its list and the list is there, the list's lines.
pub(super) fn items(sheet: &Sheet, headers: &[Header], typed: &Typed) -> Vec<Row> {
    let mut blocks: Vec<Vec<Row>> = headers.iter().map(|h| block(sheet, h, typed)).collect();
    if blocks.len() > 1
        && blocks[0].len() == 1
        && refers_to_list(&blocks[0][0])
        && blocks[1..].iter().any(|b| !b.is_empty())
    {
        blocks.remove(0);
    }
    blocks.into_iter().flatten().collect()
}

fn refers_to_list(row: &Row) -> bool {
    let name = row.get("name").and_then(|f| f.found()).map(|s| s.value.to_plain()).unwrap_or_default();
    name.contains("清单") && name.contains("详见")
}

/// One line in the making: the words of each column, and whether it carries figures.
struct Draft<'a> {
    cells: Vec<Vec<Vec<&'a Word>>>,
    figures: bool,
}

fn block(sheet: &Sheet, header: &Header, typed: &Typed) -> Vec<Row> {
    let mut drafts: Vec<Draft<'_>> = Vec::new();
    for row in sheet.rows.iter().skip(header.row + 1).take_while(|r| r[0].page == header.page) {
        if ends_list(row) {
            break;
        }
        if rest_of_header(row, header) {
            continue;
        }
        let columns = assign(row, &header.columns);
        let mut cells: Vec<Vec<&Word>> = vec![Vec::new(); header.columns.len()];
        for (word, column) in row.iter().zip(&columns) {
            if let Some(c) = column {
                cells[*c].push(word);
            }
        }
        if cells.iter().any(|c| !c.is_empty()) {
            place(&mut drafts, cells, &header.columns);
        }
    }
    drafts.iter().map(|d| finish(d, &header.columns, typed)).filter(|r| !r.is_empty()).collect()
}

/// Puts a visual row where it belongs: a new line, the rest of the line before, or more of one that has no figures yet.
fn place<'a>(drafts: &mut Vec<Draft<'a>>, cells: Vec<Vec<&'a Word>>, columns: &[Column]) {
    let has = |name: &str| columns.iter().position(|c| c.name == name).is_some_and(|c| !cells[c].is_empty());
    let figures = has("amount") || has("tax");
    let name = columns.iter().position(|c| c.name == "name").and_then(|c| cells[c].first());
    let starts = name.is_some_and(|w| w.text.starts_with('*') && w.text.matches('*').count() >= 2);
    match drafts.last_mut() {
        Some(last) if !figures && !starts => last.cells.push(cells),
        Some(last) if figures && !last.figures && !starts => {
            last.cells.push(cells);
            last.figures = true;
        }
        _ => drafts.push(Draft { cells: vec![cells], figures }),
    }
}

fn finish(draft: &Draft<'_>, columns: &[Column], typed: &Typed) -> Row {
    let mut out = Row::new();
    for (c, column) in columns.iter().enumerate() {
        let lines: Vec<Fragment> = draft
            .cells
            .iter()
            .filter_map(|row| row[c].iter().map(|w| w.at.clone()).reduce(|a, b| a.join(&b, " ")))
            .collect();
        let Some(at) = lines.into_iter().reduce(|a, b| a.join(&b, "\n")) else { continue };
        if column.name != "other" {
            out.insert(column.name.clone(), field(&column.name, &at, typed));
        }
    }
    out
}

/// A value of a column, by the column's name.
fn field(name: &str, at: &Fragment, typed: &Typed) -> Field {
    match name {
        "quantity" => typed.number(at),
        "tax" if at.text.contains('*') => typed.text(at),
        "unit_price" | "amount" | "tax" => typed.money(at, Unit::Yuan),
        "rate" => match amount::parse_number(&at.text) {
            Some(n) => typed.found(Value::Number(n), at),
            None => typed.text(at),
        },
        _ => typed.text(at),
    }
}

/// Whether the row is the sum under the list, or what follows it.
pub(super) fn ends_list(row: &[Word]) -> bool {
    let text = squashed(row);
    let sums = ["合计", "小计", "价税合计", "总计", "总额", "合\u{fffd}", "备注"]
        .iter()
        .any(|s| text.starts_with(s));
    let capital = text.contains("价税合计")
        || text.contains("(大写)")
        || amount::find_capital(&text).is_some_and(|c| c.0.len() > 9);
    // The sum row is the only one whose amounts carry the currency sign when the words before them are damaged.
    let signed = row.iter().filter(|w| normal::squash(&w.text).starts_with('¥')).count();
    let wordless = !row.iter().any(|w| is_rate(&w.text) && !is_number(&w.text)) && row.len() <= signed + 2;
    sums || capital || (signed >= 2 && wordless) || (signed >= 1 && text.contains('计') && row.len() <= 4)
}

/// The second line of a heading ("税率/" "征收率").
fn rest_of_header(row: &[Word], header: &Header) -> bool {
    let near = row.iter().all(|w| w.bbox.y0 - header.bbox.y1 < header.bbox.height());
    let text = squashed(row);
    near && ["征收率", "/征收率", "(征收率)", "(元)", "(%)", "服务名称", "、服务名称"]
        .contains(&text.as_str())
}

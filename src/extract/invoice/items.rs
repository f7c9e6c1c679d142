//! The lines of an invoice, and of the list (销货清单) that may carry them instead.

use crate::extract::View;
use crate::extract::columns::{Column, Header, Holds, assign, headers, is_number, is_rate};
use crate::extract::label::{Fragment, is_cjk};
use crate::extract::sheet::{Sheet, Word, bounds, squashed};
use crate::extract::typed::{Typed, weaken};
use crate::model::{BBox, Field, Grade, Row, Unit, Value};
use crate::pack::Lexicon;
use crate::text::{amount, normal};

use super::seams::Seams;

/// The headers of the lists of goods on the sheet.
pub(super) fn find_headers(view: &View<'_>, sheet: &Sheet, lexicon: &Lexicon) -> Vec<Header> {
    let holds = |name: &str| match name {
        "quantity" | "unit_price" | "amount" | "tax" => Holds::Number,
        "rate" => Holds::Rate,
        _ => Holds::Text,
    };
    let mut found = headers(view, sheet, lexicon, "items.", 4, &holds);
    found.retain(|h| h.columns.iter().any(|c| c.name == "amount" || c.name == "tax"));
    found.iter_mut().for_each(|h| add_tax(h, sheet));
    found
}

/// On every invoice the tax stands right of the rate: where its heading could not be read, the figures further right
/// than the last heading, the rate's, are its column.
fn add_tax(header: &mut Header, sheet: &Sheet) {
    let Some(rate) = header.columns.last().filter(|c| c.name == "rate").cloned() else { return };
    if header.columns.iter().any(|c| c.name == "tax") {
        return;
    }
    let below = sheet.rows[(header.row + 1).min(sheet.rows.len())..].iter();
    let lines = below.take_while(|r| !ends_list(r) && r[0].page == header.page);
    let right = lines.filter_map(|r| {
        let last = r.last().filter(|w| is_number(&w.text) && w.bbox.x0 > rate.x1 - 2.0)?;
        // Right of a rate, not of an amount that slipped.
        r[..r.len() - 1].iter().any(|w| is_rate(&w.text) && !is_number(&w.text)).then_some(last.bbox)
    });
    let Some(area) = right.reduce(BBox::union) else { return };
    header.columns.push(Column {
        name: "tax".into(),
        holds: Holds::Number,
        x0: rate.x1.min(area.x0),
        x1: area.x1,
        ruled: false,
    });
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
pub(super) fn items(view: &View<'_>, sheet: &Sheet, headers: &[Header], typed: &Typed) -> Vec<Row> {
    let next = |i: usize| headers.get(i + 1).map(|h| h.row);
    let mut blocks: Vec<Vec<Row>> =
        headers.iter().enumerate().map(|(i, h)| block(view, sheet, h, next(i), typed)).collect();
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

/// One visual row under a header: the words of each column.
struct Part {
    cells: Vec<Vec<Word>>,
    /// Whether it carries an amount or a tax.
    figures: bool,
    /// Whether a new name begins in it (`*简称*名称`).
    starts: bool,
    page: u32,
    y: f32,
}

impl Part {
    /// Whether only numbers stand here: parts of numbers too long for their column.
    fn wordless(&self) -> bool {
        self.cells.iter().flatten().all(|w| is_number(&w.text))
    }
}

fn block(view: &View<'_>, sheet: &Sheet, header: &Header, next: Option<usize>, typed: &Typed) -> Vec<Row> {
    let parts = parts(sheet, header, next);
    let owners = owners(&parts, &bands(view, header));
    let figured = (0..parts.len()).filter(|i| parts[*i].figures);
    figured
        .map(|i| {
            let rows: Vec<&Part> =
                parts.iter().zip(&owners).filter(|(_, owner)| **owner == Some(i)).map(|(p, _)| p).collect();
            finish(&rows, &header.columns, typed)
        })
        .filter(|row| !row.is_empty())
        .collect()
}

/// The rows from the header to the sum; a list that is not closed goes on on the next page.
fn parts(sheet: &Sheet, header: &Header, next: Option<usize>) -> Vec<Part> {
    let at = |name: &str| header.columns.iter().position(|c| c.name == name);
    let mut out = Vec::new();
    let end = next.unwrap_or(sheet.rows.len());
    let seams = Seams::of(&sheet.rows[(header.row + 1).min(end)..end], header);
    for row in &sheet.rows[(header.row + 1).min(end)..end] {
        if ends_list(row) || row[0].page > header.page + 30 {
            break;
        }
        if rest_of_header(row, header) {
            continue;
        }
        let mut cells: Vec<Vec<Word>> = vec![Vec::new(); header.columns.len()];
        let mut row = seams.cut(&once(row));
        by_right_edge(&mut row);
        let row = &row;
        for (word, column) in row.iter().zip(assign(row, &header.columns)) {
            if let Some(c) = column {
                cells[c].push(word.clone());
            }
        }
        let has = |name: &str| at(name).is_some_and(|c| !cells[c].is_empty());
        let figures =
            at("tax").is_some_and(|c| cells[c].iter().any(|w| w.text.contains(|x: char| x.is_ascii_digit())));
        let figures = figures || has("amount");
        let starts = at("name").and_then(|c| cells[c].first()).is_some_and(|w| starred(&w.text));
        if cells.iter().any(|c| !c.is_empty()) {
            let b = bounds(row);
            out.push(Part { cells, figures, starts, page: row[0].page, y: b.mid_y() });
        }
    }
    out
}

/// Recognition finds some characters twice: alone, and in the word they stand in. As a word of its own such a character
/// would push the others out of their columns.
fn once(row: &[Word]) -> Vec<Word> {
    let within = |w: &Word, o: &Word| {
        w.run != o.run
            && w.at.grade == Grade::Ocr
            && w.text.chars().count() < o.text.chars().count()
            && o.text.contains(w.text.as_str())
            && w.bbox.shared_width(o.bbox) > 0.8 * w.bbox.width()
            && w.bbox.shared_height(o.bbox) > 0.8 * w.bbox.height()
    };
    row.iter().filter(|w| !row.iter().any(|o| within(w, o))).cloned().collect()
}

/// Numbers are set to the right of their columns: of two that overlap, a long one may begin before the one beside it.
fn by_right_edge(row: &mut [Word]) {
    for i in 1..row.len() {
        let (a, b) = (&row[i - 1], &row[i]);
        let overlap = a.bbox.shared_width(b.bbox) > 0.3 * b.bbox.height() && a.bbox.x1 > b.bbox.x1;
        if overlap && is_number(&a.text) && is_number(&b.text) {
            row.swap(i - 1, i);
        }
    }
}

fn starred(text: &str) -> bool {
    text.starts_with('*') && text.matches('*').count() >= 2
}

/// The ruled rows of the table at the amounts: page, top and bottom.
fn bands(view: &View<'_>, header: &Header) -> Vec<(u32, f32, f32)> {
    let Some(column) = header.columns.iter().find(|c| c.name == "amount" || c.name == "tax") else {
        return Vec::new();
    };
    let mid = f32::midpoint(column.x0, column.x1);
    view.pages
        .iter()
        .flat_map(|p| p.tables.iter().filter(|t| t.ruled).flat_map(|t| &t.cells).map(|c| (p.number, c)))
        .filter_map(|(page, c)| Some((page, c.place.bbox()?)))
        .filter(|(_, b)| b.x0 <= mid && b.x1 >= mid)
        .map(|(page, b)| (page, b.y0, b.y1))
        .collect()
}

/// Which row with figures each row belongs to: the one in its ruled row; else a new name belongs to the figures that
/// follow; else, where names begin above their figures, the nearest; else the one before.
fn owners(parts: &[Part], bands: &[(u32, f32, f32)]) -> Vec<Option<usize>> {
    let figured: Vec<usize> = (0..parts.len()).filter(|i| parts[*i].figures).collect();
    let centred = parts.first().is_some_and(|p| !p.figures);
    let own = |i: usize| {
        let part = &parts[i];
        if part.figures {
            return Some(i);
        }
        let before = figured.iter().copied().rfind(|k| *k < i);
        let after = figured.iter().copied().find(|k| *k > i);
        if part.starts && after.is_some_and(|a| !parts[a].starts) {
            return after;
        }
        let band = bands.iter().find(|b| b.0 == part.page && b.1 <= part.y && part.y <= b.2);
        if let Some(band) = band {
            let mut inside = figured
                .iter()
                .filter(|k| parts[**k].page == band.0 && (band.1..=band.2).contains(&parts[**k].y));
            if let (Some(k), None) = (inside.next(), inside.next()) {
                return Some(*k);
            }
        }
        match (before, after) {
            (Some(b), Some(a)) if centred || part.wordless() => {
                let far = |k: usize| {
                    if parts[k].page == part.page { (parts[k].y - part.y).abs() } else { f32::MAX }
                };
                Some(if far(a) < far(b) { a } else { b })
            }
            (Some(b), _) => Some(b),
            (None, after) => after,
        }
    };
    (0..parts.len()).map(own).collect()
}

fn finish(rows: &[&Part], columns: &[Column], typed: &Typed) -> Row {
    let mut out = Row::new();
    for (c, column) in columns.iter().enumerate() {
        let lines = rows
            .iter()
            .filter_map(|p| p.cells[c].iter().map(|w| w.at.clone()).reduce(|a, b| a.join(&b, " ")));
        // A number too long for its column goes on below, digit by digit.
        let glue = |b: &Fragment| {
            let digits = b.text.trim().bytes().all(|c| c.is_ascii_digit());
            if column.holds == Holds::Number && digits { "" } else { "\n" }
        };
        let Some(at) = lines.reduce(|a, b| a.join(&b, glue(&b))) else { continue };
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

/// Headings of further tables of an invoice.
const FURTHER: &[&str] = &[
    "出行人",
    "有效身份证件号",
    "出行日期",
    "出发地",
    "到达地",
    "等级",
    "交通工具类型",
    "运输工具种类",
    "运输工具牌号",
    "起运地",
    "运输货物名称",
    "车辆识别代号/车架号码",
    "车辆类型",
    "厂牌型号",
    "发动机号码",
    "合格证号",
];

/// Whether the row is the sum under the list, or what follows it.
pub(super) fn ends_list(row: &[Word]) -> bool {
    let text = squashed(row);
    let sums = ["合计", "小计", "价税合计", "总计", "总额", "合\u{fffd}", "备注"]
        .iter()
        .any(|s| text.starts_with(s));
    let capital = text.contains("价税合计")
        || text.contains("(大写)")
        || amount::find_capital(&text).is_some_and(|c| c.0.len() > 9);
    // Another table, of what was carried and for whom, stands under the goods of some trades.
    let other = row.iter().filter(|w| FURTHER.contains(&normal::squash(&w.text).as_str())).count();
    if other >= 2 {
        return true;
    }
    // The sum row is the only one whose amounts carry the currency sign when the words before them are damaged.
    let signed = row.iter().filter(|w| normal::squash(&w.text).starts_with('¥')).count();
    let wordless = !row.iter().any(|w| is_rate(&w.text) && !is_number(&w.text)) && row.len() <= signed + 2;
    sums || capital || (signed >= 2 && wordless) || (signed >= 1 && text.contains('计') && row.len() <= 4)
}

/// The second line of a heading ("税率/" "征收率").
fn rest_of_header(row: &[Word], header: &Header) -> bool {
    let near = row.iter().all(|w| w.bbox.y0 - header.bbox.y1 < header.bbox.height());
    let text = squashed(row);
    let text = text.trim_end_matches(|c: char| !is_cjk(c) && c != ')');
    near && ["名称", "征收率", "/征收率", "(征收率)", "(元)", "(%)", "服务名称", "、服务名称"].contains(&text)
}

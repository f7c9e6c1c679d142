//! The fields of the form's tables: label and value, a column a year, long texts.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::labels::Match;
use super::sheet::{Section, Sheet, Unit, of_cell, ordinary};
use super::spec::{self, Type};
use super::{table, value};
use crate::extract::label::Fragment;
use crate::model::{self, Field, Value};
use crate::text::{amount, date, normal};

pub(super) type Fields = BTreeMap<String, Field>;

/// Reads all plain fields of the tables; what stands in lines without tables is taken where no table has it.
pub(super) fn read(sheet: &Sheet<'_>, file: &Arc<str>, out: &mut Fields) {
    for (cells, sure) in [(true, 1.0), (false, 0.95)] {
        for (index, unit) in sheet.units.iter().enumerate() {
            if unit.cell().is_some() != cells {
                continue;
            }
            for m in unit
                .labels
                .iter()
                .filter(|m| m.field.starts_with(unit.section.name()) && !unit.section.name().is_empty())
            {
                let kind = m.kind;
                if out.contains_key(&m.field)
                    || unit.section == Section::Cover
                    || matches!(kind, Type::Ticks | Type::Story)
                    || spec::YEARLY.contains(&m.field.as_str())
                {
                    continue;
                }
                let found = if cells { in_table(sheet, unit, m, kind) } else { in_lines(sheet, index, m) };
                if let Some((at, weight)) = found {
                    let exact = if m.exact { 1.0 } else { 0.85 };
                    insert(&m.field, kind, &at, &m.bracket, weight * sure * exact, file, out);
                }
            }
        }
    }
    period(file, out);
    region(sheet, file, out);
}

fn in_table(sheet: &Sheet<'_>, unit: &Unit<'_>, m: &Match, kind: Type) -> Option<(Fragment, f32)> {
    let (grid, cell) = unit.cell()?;
    if table::in_block(grid, cell.row) {
        return None;
    }
    if let Some(at) = table::inline(unit, m).filter(|f| table::fits(kind, &f.text)) {
        return Some((at, 0.99));
    }
    table::value_of(sheet, unit, m, kind)
}

/// Label and value in lines: in the same line, or the next one of its row.
fn in_lines(sheet: &Sheet<'_>, index: usize, m: &Match) -> Option<(Fragment, f32)> {
    let unit = &sheet.units[index];
    if let Some(at) = table::inline(unit, m) {
        return Some((at, 0.97));
    }
    let super::sheet::Piece::Line(line) = unit.piece else { return None };
    let next = sheet.units.get(index + 1)?;
    let super::sheet::Piece::Line(other) = next.piece else { return None };
    let beside = next.page.number == unit.page.number && other.row == line.row && next.labels.is_empty();
    (beside && !value::is_blank(&other.text)).then(|| (next.fragment(), 0.95))
}

fn insert(
    field: &str,
    kind: Type,
    at: &Fragment,
    bracket: &str,
    sure: f32,
    file: &Arc<str>,
    out: &mut Fields,
) {
    let unit = amount::unit_in(bracket).unwrap_or(model::Unit::TenThousand);
    if let Some(found) = value::field(kind, at, unit, sure, file) {
        out.entry(field.to_string()).or_insert(found);
    }
}

/// 项目起止时间 as two months.
fn period(file: &Arc<str>, out: &mut Fields) {
    let _ = file;
    let Some(text) = out.get("基本信息.项目起止时间").and_then(Field::found).cloned() else {
        return;
    };
    let Value::Text(printed) = &text.value else { return };
    if let Some((from, to)) = date::parse_span(printed) {
        out.insert("基本信息.项目开始".into(), Field::Found(text.map(|_| Value::Month(from))));
        out.insert("基本信息.项目结束".into(), Field::Found(text.map(|_| Value::Month(to))));
    }
}

/// 服务区域数: the numbers may stand in the label's own brackets.
fn region(sheet: &Sheet<'_>, file: &Arc<str>, out: &mut Fields) {
    let name = "平台能力信息.服务区域数";
    if !out.contains_key(name) {
        let filled = sheet.units.iter().find_map(|u| {
            let m = u.label(name)?;
            m.bracket.contains(|c: char| c.is_ascii_digit()).then(|| (u.fragment(), m.bracket.clone()))
        });
        if let Some((at, bracket)) = filled {
            out.insert(name.into(), value::found(Value::Text(bracket.clone()), &at, &bracket, 0.97, file));
        }
    }
    let Some(text) = out.get(name).and_then(Field::found).cloned() else { return };
    let Value::Text(printed) = &text.value else { return };
    let printed = normal::squash(printed);
    for (part, words) in [
        ("地级市", &["个地级市", "个市州", "个市", "地级市"][..]),
        ("园区", &["个省级以上园区", "个园区", "个省级园区", "园区"][..]),
    ] {
        let number = words.iter().find_map(|w| {
            let before = &printed[..printed.find(w)?];
            let start = before
                .rfind(|c: char| !c.is_ascii_digit())
                .map_or(0, |i| i + before[i..].chars().next().map_or(1, char::len_utf8));
            before[start..].parse::<u64>().ok()
        });
        if let Some(n) = number {
            out.insert(format!("{name}.{part}"), Field::Found(text.map(|_| Value::Number(n.into()))));
        }
    }
}

/// The block of 技术支撑单位: a header row, a unit a row.
pub(super) fn support(sheet: &Sheet<'_>, file: &Arc<str>, out: &mut Fields) {
    let heads = ["单位名称", "单位性质", "组织机构代码"];
    let header = sheet.units.iter().find_map(|u| {
        let (grid, cell) = u.cell()?;
        let all = heads.map(|h| grid.row(cell.row).find(|c| normal::squash(&c.text).starts_with(h)));
        let [Some(a), Some(b), Some(c)] = all else { return None };
        Some((u.page, grid, cell.row, [a.col, b.col, c.col]))
    });
    let Some((page, grid, top, cols)) = header else { return };
    let mut number = 0;
    for row in top + 1..grid.rows {
        let cells = cols.map(|c| grid.at(row, c));
        let label = |c: &model::Cell| {
            sheet
                .unit_of(page, c)
                .is_some_and(|u| u.labels.iter().any(|m| m.exact && m.field.starts_with("基本信息")))
        };
        if grid.row(row).any(|c| label(c) || normal::squash(&c.text).starts_with("项目参与")) {
            break;
        }
        let filled = cells[0]
            .is_some_and(|c| c.row == row && !value::is_blank(&c.text) && !value::is_none_word(&c.text));
        if !filled {
            continue;
        }
        number += 1;
        for (head, cell) in heads.iter().zip(cells) {
            if let Some(cell) = cell.filter(|c| c.row == row)
                && let Some(found) =
                    value::field(Type::Text, &of_cell(page, cell), model::Unit::Yuan, 0.97, file)
            {
                out.insert(format!("基本信息.技术支撑单位.{number}.{head}"), found);
            }
        }
    }
}

/// The long texts: everything from the label to the next label or section.
pub(super) fn stories(sheet: &Sheet<'_>, file: &Arc<str>, out: &mut Fields) {
    for name in ["基本信息.企业荣誉", "基本信息.企业及项目简介"] {
        let Some(start) =
            sheet.units.iter().position(|u| u.section == Section::Basic && u.label(name).is_some())
        else {
            continue;
        };
        let mut at: Option<Fragment> = None;
        let mut row = None;
        let first = sheet.units[start].label(name).and_then(|m| table::inline(&sheet.units[start], m));
        // The heads of the honours' table (项目名称) read like labels of the applicant's.
        let heads = |u: &&Unit<'_>| u.cell().is_some_and(|(grid, cell)| table::in_block(grid, cell.row));
        let rest = sheet.units[start + 1..].iter().take_while(|u| {
            u.section == Section::Basic
                && (heads(u)
                    || !u
                        .labels
                        .iter()
                        .any(|m| m.exact && m.rest.is_empty() && m.field.starts_with("基本信息")))
        });
        let column = honour_column(sheet, start);
        let beside = |u: &&Unit<'_>| {
            let of = u.cell().map(|(_, c)| (c.row, c.col..c.col + c.col_span));
            matches!((&column, of), (Some((head, wanted)), Some((row, own)))
                if row > *head && (own.end <= wanted.start || own.start >= wanted.end))
        };
        let rest = rest.filter(|u| name != "基本信息.企业荣誉" || !beside(u));
        let pieces = rest.filter(|u| !is_prompt(&u.squashed)).map(|u| {
            let place = u.cell().map(|(_, c)| (u.page.number, c.row));
            // Paragraphs of a long text stay apart.
            let text = u.cell().map(|(_, c)| ordinary(&c.text));
            let at = u.fragment();
            (Fragment { text: text.unwrap_or(at.text), ..at }, place)
        });
        for (piece, place) in first.map(|f| (f, None)).into_iter().chain(pieces) {
            let glue = if place.is_some() && place == row { " " } else { "\n" };
            row = place;
            at = Some(at.map_or(piece.clone(), |a| {
                // The source is where the text begins; it may run over many pages.
                Fragment { place: a.place.clone(), ..a.join(&piece, glue) }
            }));
        }
        // Numbers of rows and strokes through empty ones tell nothing.
        let told = |f: &Fragment| f.text.chars().any(|c| c.is_alphanumeric() && !c.is_ascii_digit());
        if let Some(at) = at.filter(told) {
            let text = at.text.trim().to_string();
            out.insert(name.into(), value::found(Value::Text(text.clone()), &at, &text, 0.97, file));
        }
    }
}

/// The row of the heads of the honours' table, and the columns of the honours: the project beside each is none.
fn honour_column(sheet: &Sheet<'_>, start: usize) -> Option<(u32, std::ops::Range<u32>)> {
    let cells = sheet.units[start..].iter().filter(|u| u.section == Section::Basic);
    cells.filter(|u| u.squashed == "荣誉名称").find_map(|u| {
        let (_, cell) = u.cell()?;
        Some((cell.row, cell.col..cell.col + cell.col_span))
    })
}

/// Words the notice itself prints in the honours block.
fn is_prompt(text: &str) -> bool {
    text.starts_with("企业获得国家有关试点示范") || matches!(text, "序号" | "项目名称" | "荣誉名称")
}

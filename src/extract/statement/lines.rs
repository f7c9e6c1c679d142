//! Lines of a statement: which numbers belong to which name.

use std::collections::BTreeMap;

use super::header::{Column, Headings, Holds};
use super::names::{self, Names};
use crate::extract::View;
use crate::extract::grid::{self, GridRow, Item};
use crate::extract::label::Fragment;
use crate::extract::typed::{self, Typed};
use crate::model::{Field, Grade, Kind, Money, Unit, Value};
use crate::text::amount;

/// One name with its numbers; a heading has none, a wrapped name leaves some without a name.
#[derive(Clone, Debug, Default)]
struct Entry {
    name: String,
    ocr: bool,
    /// With the side it stands on.
    side: usize,
    now: Option<Fragment>,
    before: Option<Fragment>,
}

impl Entry {
    fn has_values(&self) -> bool {
        self.now.is_some() || self.before.is_some()
    }
}

/// The rows of a statement under its header.
#[derive(Clone, Debug, Default)]
pub(super) struct Sheet {
    /// Index of the first header row among the grid's rows.
    pub(super) header: Option<usize>,
    /// Its columns.
    pub(super) columns: Vec<Column>,
    entries: Vec<Entry>,
}

impl Sheet {
    pub(super) fn of(rows: &[GridRow], headings: &Headings) -> Self {
        let mut sheet = Self::default();
        let mut columns: Vec<Column> = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            if let Some(mut found) = headings.columns(row) {
                one_half(&mut found, &rows[index + 1..]);
                if sheet.header.is_none() {
                    sheet.header = Some(index);
                    sheet.columns.clone_from(&found);
                }
                columns = found;
            } else if !columns.is_empty() {
                read_row(row, &columns, &mut sheet.entries);
            }
        }
        // Both halves in reading order of their own: a wrapped name continues in its half.
        sheet.entries.sort_by_key(|e| e.side);
        sheet
    }
}

/// 合并 beside 母公司 repeats the columns without repeating names: then the first of them count, and the rest is passed
/// over. What tells is whether names stand between the columns, or their heading does.
fn one_half(columns: &mut [Column], below: &[GridRow]) {
    let headed = columns.iter().any(|c| c.side > 0 && c.holds == Holds::Name);
    if headed || columns.iter().all(|c| c.side == 0) {
        return;
    }
    let between = below
        .iter()
        .take(40)
        .flat_map(|r| &r.items)
        .filter(|i| !grid::numeric(&i.text) && !grid::is_dash(&i.text) && side_of(i, columns) > 0)
        .count();
    if between < 2 {
        for column in columns.iter_mut().filter(|c| c.side > 0) {
            (column.holds, column.side) = (Holds::Skip, 0);
        }
    }
}

fn read_row(row: &GridRow, columns: &[Column], out: &mut Vec<Entry>) {
    let sides = columns.iter().map(|c| c.side).max().unwrap_or(0) + 1;
    let mut entries: Vec<Entry> = (0..sides).map(|side| Entry { side, ..Entry::default() }).collect();
    let mut numbers: Vec<Vec<&Item>> = vec![Vec::new(); sides];
    for item in &row.items {
        if grid::numeric(&item.text) || grid::is_dash(&item.text) {
            let Some(column) = nearest(item, columns) else { continue };
            if column.holds != Holds::Skip && column.holds != Holds::Month {
                numbers[column.side].push(item);
            }
        } else if !beside_names(item, columns, row.table.is_some()) {
            let side = side_of(item, columns);
            let entry = &mut entries[side];
            entry.name.push_str(&item.text);
            entry.ocr |= item.at.grade == Grade::Ocr;
        }
    }
    for (side, numbers) in numbers.into_iter().enumerate() {
        place(&numbers, columns, side, &mut entries[side]);
    }
    out.extend(entries.into_iter().filter(|e| !e.name.is_empty() || e.has_values()));
}

/// Whether words stand in a column that holds no names: a note's number (五、3), a remark; between rulings also words
/// where a figure should stand (不适用).
fn beside_names(item: &Item, columns: &[Column], cells: bool) -> bool {
    columns.iter().any(|c| {
        let width = c.x1 - c.x0;
        let reach = 0.75 * width.max(item.x1 - item.x0);
        match c.holds {
            Holds::Name => false,
            Holds::Skip => item.x0 > c.x0 - 0.75 * width && (item.mid() - c.mid()).abs() < reach,
            _ => cells && item.x0 > c.x0 - 0.2 * width && item.x1 < c.x1 + 0.2 * width,
        }
    })
}

/// Puts the numbers of one half under their columns: in order where there are as many as columns, else by distance.
fn place(numbers: &[&Item], columns: &[Column], side: usize, entry: &mut Entry) {
    let values: Vec<&Column> = columns.iter().filter(|c| c.side == side && c.is_value()).collect();
    for (at, number) in numbers.iter().enumerate() {
        let column = if numbers.len() == values.len() && values.len() > 1 {
            values.get(at).copied()
        } else {
            let nearest =
                values.iter().copied().min_by(|a, b| distance(number, a).total_cmp(&distance(number, b)));
            // A number far from every heading stands under one that was not read: it is nobody's.
            nearest.filter(|c| distance(number, c) <= reach(number, c, columns))
        };
        let slot = match column.map(|c| c.holds) {
            Some(Holds::Now) => &mut entry.now,
            Some(Holds::Before) => &mut entry.before,
            _ => continue,
        };
        if slot.is_none() {
            *slot = Some(number.at.clone());
        }
    }
}

/// The column a number stands in: names hold no numbers.
fn nearest<'c>(item: &Item, columns: &'c [Column]) -> Option<&'c Column> {
    columns
        .iter()
        .filter(|c| c.holds != Holds::Name)
        .min_by(|a, b| distance(item, a).total_cmp(&distance(item, b)))
}

/// How far a number stands from a heading: numbers are centred under it, or flush with one of its edges.
fn distance(item: &Item, column: &Column) -> f32 {
    (item.mid() - column.mid()).abs().min((item.x1 - column.x1).abs())
}

/// How far from its heading a number may stand: one and a half of the wider of both, or half the way to the next column.
fn reach(number: &Item, column: &Column, columns: &[Column]) -> f32 {
    let next = columns
        .iter()
        .filter(|c| c.side == column.side && c.holds != Holds::Name && *c != column)
        .map(|c| (c.mid() - column.mid()).abs())
        .fold(0.0, |far: f32, d| if far == 0.0 { d } else { far.min(d) });
    (1.5 * (number.x1 - number.x0).max(column.x1 - column.x0)).max(0.55 * next)
}

/// The half of the statement that a name stands in.
fn side_of(item: &Item, columns: &[Column]) -> usize {
    let sides = columns.iter().map(|c| c.side).max().unwrap_or(0);
    (0..sides)
        .rev()
        .find(|side| {
            let last = columns.iter().filter(|c| c.side == *side && c.is_value()).map(Column::mid);
            item.x0 > last.fold(f32::MIN, f32::max)
        })
        .map_or(0, |side| side + 1)
}

/// The fields of the lines, under their standard names.
pub(super) fn fields(
    sheet: &Sheet,
    names: &Names,
    unit: Unit,
    kind: Kind,
    view: &View<'_>,
) -> BTreeMap<String, Field> {
    let typed = Typed::new(&view.file);
    let (now, before) =
        if kind == Kind::BalanceSheet { ("closing", "opening") } else { ("current", "prior") };
    let mut out = BTreeMap::new();
    for at in 0..sheet.entries.len() {
        let entry = &sheet.entries[at];
        if !entry.has_values() {
            continue;
        }
        let Some(name) = name_of(&sheet.entries, at, names) else { continue };
        for (suffix, value) in [(now, &entry.now), (before, &entry.before)] {
            let Some(value) = value.as_ref().filter(|v| !grid::is_dash(&v.text)) else { continue };
            let field = match amount::parse_number(&value.text) {
                Some(n) => typed.found(Value::Money(Money::printed(n, unit)), value),
                None => match typed::pointed(value).and_then(|t| amount::parse_number(&t)) {
                    Some(n) => typed::weaken(typed.found(Value::Money(Money::printed(n, unit)), value), 0.9),
                    None => typed.unreadable(value),
                },
            };
            out.entry(format!("{name}.{suffix}")).or_insert(field);
        }
    }
    out
}

/// The standard name of an entry. A name broken over rows is put together with the row before or after it when only
/// that makes a known name.
fn name_of(entries: &[Entry], at: usize, names: &Names) -> Option<String> {
    let entry = &entries[at];
    let neighbour = |i: Option<usize>| {
        i.and_then(|i| entries.get(i))
            .filter(|e| e.side == entry.side && !e.has_values())
            .map_or("", |e| e.name.as_str())
    };
    let (prev, next) = (neighbour(at.checked_sub(1)), neighbour(at.checked_add(1)));
    if let Some(name) = names.exact(&entry.name) {
        return Some(name.to_string());
    }
    for wrapped in [
        format!("{prev}{}", entry.name),
        format!("{}{next}", entry.name),
        format!("{prev}{}{next}", entry.name),
    ] {
        if wrapped != entry.name
            && let Some(name) = names.exact(&wrapped)
        {
            return Some(name.to_string());
        }
    }
    if entry.ocr
        && let Some(name) = names.near(&entry.name)
    {
        return Some(name.to_string());
    }
    // A line the lexicon does not know keeps its own name; what is shared by several lines names none.
    let bare = names::bare(&entry.name);
    let chinese = bare.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
    let vague = matches!(bare.as_str(), "其他" | "小计" | "合计" | "总计") || bare.contains("每股");
    let footer = [
        "负责人",
        "制表",
        "会计主管",
        "法定代表人",
        "编制单位",
        "编制人",
        "复核",
        "日期",
        "单位负责",
        "单位名称",
    ]
    .iter()
    .any(|w| bare.contains(w));
    (chinese >= 3 && bare.chars().count() <= 40 && !vague && !footer && !entry.ocr).then_some(bare)
}

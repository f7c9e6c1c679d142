//! The price table of a contract.

use crate::extract::grid::{self, GridRow};
use crate::extract::label::Fragment;
use crate::extract::list::{self, List};
use crate::extract::typed::Typed;
use crate::model::{Field, Row, Unit, Value};
use crate::pack::Lexicon;
use crate::text::{amount, normal};

/// The rows of the price tables, and the total under them.
pub(super) fn read(rows: &[GridRow], lexicon: &Lexicon, typed: &Typed) -> (Vec<Row>, Option<Field>) {
    let need: &[&[&str]] = &[&["name"], &["amount", "unit_price"]];
    let lists = list::lists(rows, lexicon, "表.", need);
    let (mut items, mut total) = (Vec::new(), None);
    for (at, list) in lists.iter().enumerate() {
        let end = lists.get(at + 1).map_or(rows.len(), |next| next.header);
        let mut summed = false;
        for row in &rows[list.header + 1..end] {
            if rows[list.header].table.is_some() && row.table.is_none() && row.page == rows[list.header].page
            {
                break;
            }
            let text = row.text();
            if sums(&text) {
                // 不含税合计, 税额 and 价税合计 stand one below the other: the last is the whole.
                let gross = text.contains("价税") || text.contains("含税") && !text.contains("不含税");
                if total.is_none() || (summed && gross) {
                    total = total_of(row, list, typed).or(total);
                }
                summed |= !text.contains("小计");
                continue;
            }
            if summed {
                break;
            }
            let Some(item) = item(row, list, typed) else {
                if row.table.is_none() { break } else { continue }
            };
            items.push(item);
        }
    }
    (items, total)
}

/// Whether a row sums up the rows above it.
fn sums(text: &str) -> bool {
    let short = text.chars().count() < 40;
    let taxed = [
        "不含税合计",
        "含税合计",
        "价税合计",
        "税额合计",
        "税额(",
        "税金(",
        "增值税额",
        "未税合计",
        "优惠",
        "税额",
    ];
    (short && taxed.iter().any(|w| text.starts_with(w)))
        || ["合计", "总计", "大写", "共计", "小计", "总价", "总金额"].iter().any(|w| {
            text.starts_with(w)
                || text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '、').starts_with(w)
        })
        || (text.contains("大写") && amount::find_capital(text).is_some())
        || (text.contains("总价") && text.contains(':'))
}

fn total_of(row: &GridRow, list: &List, typed: &Typed) -> Option<Field> {
    let unit = unit_of(list, "amount");
    let own = list::cells(row, list).get("amount").map(|at| typed.money(at, unit));
    if let Some(Field::Found(_)) = own {
        return own;
    }
    // The cells of a sum are often merged: the last amount of the row is the total.
    row.items.iter().rev().find_map(|item| {
        let found = amount::find_money(&item.at.text, unit).pop()?;
        let chars = normal::char_range(&item.at.text, &found.range);
        Some(typed.found(Value::Money(found.money), &item.at.slice(chars.start, chars.end)))
    })
}

fn unit_of(list: &List, column: &str) -> Unit {
    list.columns.iter().find(|c| c.name == column).and_then(|c| c.unit).unwrap_or(Unit::Yuan)
}

/// A row with a name and at least one number of its own.
fn item(row: &GridRow, list: &List, typed: &Typed) -> Option<Row> {
    let cells = list::cells(row, list);
    let name = cells.get("name").filter(|f| !grid::numeric(&f.text))?;
    let numbers =
        ["quantity", "unit_price", "amount"].iter().filter(|c| cells.get(**c).is_some_and(has_digit)).count();
    if numbers == 0 {
        return None;
    }
    let mut out = Row::new();
    out.insert("name".to_string(), typed.text(name));
    for column in ["model", "unit"] {
        // A stroke stands for nothing.
        if let Some(at) = cells.get(column).filter(|f| !grid::is_dash(&f.text)) {
            out.insert(column.to_string(), typed.text(at));
        }
    }
    if let Some(at) = cells.get("quantity").filter(|f| has_digit(f)) {
        out.insert("quantity".to_string(), quantity(at, typed));
    }
    for column in ["unit_price", "amount"] {
        if let Some(at) = cells.get(column).filter(|f| has_digit(f)) {
            out.insert(column.to_string(), typed.money(at, unit_of(list, column)));
        }
    }
    Some(out)
}

fn has_digit(at: &Fragment) -> bool {
    at.text.chars().any(|c| c.is_numeric())
}

/// A quantity, with its unit behind it or not.
fn quantity(at: &Fragment, typed: &Typed) -> Field {
    match amount::leading_number(&at.text) {
        Some((n, rest)) if rest.chars().count() <= 3 => typed.found(Value::Number(n), at),
        _ => typed.unreadable(at),
    }
}

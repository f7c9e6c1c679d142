//! A sheet of a workbook in XML.

use std::collections::BTreeMap;

use crate::read::dom::{Child, Node};
use crate::read::sheet::{CELLS, Grid, Spans, display};

/// What was read of a sheet.
#[derive(Default)]
pub(super) struct Sheet {
    pub(super) grid: Grid,
    pub(super) spans: Spans,
    /// There were more cells than are read.
    pub(super) full: bool,
}

/// Number formats by style; those with a name of their own by their code.
pub(super) fn formats(book: &Node) -> BTreeMap<&str, &str> {
    let styles = book.child("Styles").into_iter().flat_map(Node::nodes);
    styles
        .filter_map(|s| Some((s.attribute("ID")?, code_of(s.child("NumberFormat")?.attribute("Format")?))))
        .collect()
}

fn code_of(name: &str) -> &str {
    match name {
        "General Number" => "General",
        "Fixed" => "0.00",
        "Standard" => "#,##0.00",
        "Percent" => "0.00%",
        "Scientific" => "0.00E+00",
        "Currency" | "Euro Currency" => "\"￥\"#,##0.00",
        "General Date" | "Long Date" | "Medium Date" | "Short Date" => "yyyy-m-d",
        "Long Time" | "Medium Time" | "Short Time" => "h:mm:ss",
        other => other,
    }
}

/// Reads a sheet. Rows and cells count on from the one before unless they say where they are.
pub(super) fn read(node: &Node, formats: &BTreeMap<&str, &str>) -> Sheet {
    let mut sheet = Sheet::default();
    let number = |n: &Node, name: &str| n.attribute(name).and_then(|v| v.parse::<u32>().ok());
    let mut row = 0u32;
    for table in node.nodes().filter(|n| n.name == "Table") {
        for node in table.nodes().filter(|n| n.name == "Row") {
            row = number(node, "Index").map_or(row, |n| n.saturating_sub(1));
            let mut col = 0u32;
            for cell in node.nodes().filter(|n| n.name == "Cell") {
                col = number(cell, "Index").map_or(col, |n| n.saturating_sub(1));
                let across = number(cell, "MergeAcross").unwrap_or(0).min(1 << 14);
                let down = number(cell, "MergeDown").unwrap_or(0).min(1 << 20);
                if sheet.grid.len() + sheet.spans.len() >= CELLS {
                    sheet.full = true;
                    return sheet;
                }
                if across > 0 || down > 0 {
                    sheet.spans.insert((row, col), (down + 1, across + 1));
                }
                let style = cell.attribute("StyleID").or_else(|| node.attribute("StyleID"));
                let text = shown(cell, style.and_then(|s| formats.get(s)).copied());
                if !text.trim().is_empty() {
                    sheet.grid.insert((row, col), text);
                }
                col = col.saturating_add(across + 1);
            }
            let more = number(node, "Span").unwrap_or(0);
            row = row.saturating_add(1).saturating_add(more);
        }
    }
    sheet
}

fn shown(cell: &Node, format: Option<&str>) -> String {
    let Some(data) = cell.child("Data") else { return String::new() };
    let mut text = String::new();
    words(data, &mut text);
    match data.attribute("Type") {
        Some("Number") => match text.trim().parse::<f64>() {
            Ok(value) => display::number_or_date(value, format, false),
            Err(_) => text,
        },
        Some("DateTime") => moment(text.trim(), format),
        Some("Boolean") => if text.trim() == "0" { "FALSE" } else { "TRUE" }.to_string(),
        _ => text,
    }
}

/// All text of rich content.
fn words(node: &Node, out: &mut String) {
    for child in &node.children {
        match child {
            Child::Text(text) => out.push_str(text),
            Child::Node(node) => words(node, out),
        }
    }
}

/// A moment as its format shows it: the month of a date alone where it asks for no more.
fn moment(text: &str, format: Option<&str>) -> String {
    let (date, time) = text.split_once('T').unwrap_or((text, ""));
    let time = time.split('.').next().unwrap_or("");
    let code = format.unwrap_or("").to_ascii_lowercase();
    let mut parts = date.split('-');
    if code.contains('y')
        && code.contains('m')
        && !code.contains('d')
        && let (Some(year), Some(month)) = (parts.next(), parts.next())
    {
        return format!("{year}年{}月", month.trim_start_matches('0'));
    }
    match time {
        "" | "00:00:00" => date.to_string(),
        _ => format!("{date} {time}"),
    }
}

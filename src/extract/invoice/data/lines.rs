//! The lines of an invoice in its data: elements that lie together and have a line's names.

use std::collections::{BTreeMap, HashMap};

use super::part::{Entry, Part, money};
use crate::extract::label::Fragment;
use crate::extract::typed::Typed;
use crate::model::{Field, Row, Unit, Value};
use crate::text::amount;

/// Most lines of an invoice.
const MOST: usize = 20_000;

/// The lines of a part.
pub(super) fn lines(part: &Part<'_>, typed: &Typed) -> Vec<Row> {
    // What are sums of the whole invoice is no line.
    let sums = part.bare_sums();
    let sum = |e: &Entry<'_>| sums.iter().any(|(_, s)| std::ptr::eq(*s, e));
    let mut groups: Vec<Vec<&Entry<'_>>> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    let of_lines = |e: &&Entry<'_>| e.means.iter().any(|m| m.0.starts_with("items.")) && !sum(e);
    for entry in part.entries.iter().filter(of_lines) {
        let at = *places.entry(entry.around).or_insert(groups.len());
        if at == groups.len() {
            groups.push(Vec::new());
        }
        groups[at].push(entry);
    }
    let apart: Option<Vec<Vec<&Entry<'_>>>> =
        groups.into_iter().map(split).collect::<Option<Vec<_>>>().map(|g| g.into_iter().flatten().collect());
    let rows: Option<Vec<Row>> = apart
        .unwrap_or_default()
        .iter()
        .take(MOST)
        .map(|entries| line(entries))
        .filter(|l| l.as_ref().is_none_or(is_line))
        .map(|l| l.map(|l| l.into_iter().map(|(n, e)| (n.to_string(), cell(n, e, typed))).collect()))
        .collect();
    rows.unwrap_or_default()
}

/// A group in which names repeat holds several lines side by side, as XBRL without tuples does. None: which piece
/// belongs to which line cannot be told.
fn split<'e, 'a>(group: Vec<&'e Entry<'a>>) -> Option<Vec<Vec<&'e Entry<'a>>>> {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in &group {
        *times.entry(entry.name).or_default() += 1;
    }
    let most = times.values().copied().max().unwrap_or(0);
    if most <= 1 {
        return Some(vec![group]);
    }
    // Each line has a context of its own.
    let mut contexts: Vec<(&str, Vec<&Entry<'_>>)> = Vec::new();
    for entry in &group {
        match contexts.iter_mut().find(|(c, _)| *c == entry.context) {
            Some((_, list)) => list.push(entry),
            None => contexts.push((entry.context, vec![entry])),
        }
    }
    let once =
        |list: &[&Entry<'_>]| list.iter().all(|e| list.iter().filter(|o| o.name == e.name).count() == 1);
    if contexts.len() >= most && contexts.iter().all(|(_, list)| once(list)) {
        return Some(contexts.into_iter().map(|(_, list)| list).collect());
    }
    // As many of each: the first of each name is the first line.
    if times.values().all(|n| *n == most) {
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        let mut out: Vec<Vec<&Entry<'_>>> = vec![Vec::new(); most];
        for entry in group {
            let at = seen.entry(entry.name).or_default();
            out[*at].push(entry);
            *at += 1;
        }
        return Some(out);
    }
    // Line after line, some without all fields: each begins with the name that comes first.
    let first = group.first()?.name;
    let adjoining = group.windows(2).any(|w| w[0].name == w[1].name);
    if adjoining || times.get(first) != Some(&most) {
        return None;
    }
    let mut out: Vec<Vec<&Entry<'_>>> = Vec::new();
    for entry in group {
        if entry.name == first {
            out.push(Vec::new());
        }
        out.last_mut()?.push(entry);
    }
    out.iter().all(|list| once(list)).then_some(out)
}

/// Which element of a group is which field of a line. None: several amounts stand together, as where one tag points
/// at a whole column.
fn line<'e, 'a>(entries: &[&'e Entry<'a>]) -> Option<BTreeMap<&'e str, &'e Entry<'a>>> {
    let mut out: BTreeMap<&str, &Entry<'a>> = BTreeMap::new();
    let mut doubtful = Vec::new();
    for entry in entries.iter().filter(|e| !e.is_empty()) {
        let fields: Vec<&str> = entry.means.iter().filter_map(|m| m.0.strip_prefix("items.")).collect();
        match fields.as_slice() {
            [field] => {
                let figures =
                    entry.values.iter().filter(|d| amount::parse_money(&d.value, Unit::Yuan).is_some());
                if matches!(*field, "amount" | "tax") && figures.count() > 1 {
                    return None;
                }
                out.entry(field).or_insert(entry);
            }
            _ => doubtful.push((fields, *entry)),
        }
    }
    // A name that may mean two things (SL: 数量 or 税率) means the one that is not there yet.
    for (fields, entry) in doubtful {
        let open: Vec<&&str> = fields.iter().filter(|f| !out.contains_key(**f)).collect();
        if let [field] = open.as_slice() {
            out.insert(field, entry);
        }
    }
    Some(out)
}

fn is_line(line: &BTreeMap<&str, &Entry<'_>>) -> bool {
    line.contains_key("name") || (line.contains_key("amount") && line.len() >= 2)
}

/// A field of a line.
fn cell(name: &str, entry: &Entry<'_>, typed: &Typed) -> Field {
    let at = entry.fragment();
    match name {
        "quantity" => typed.number(&at),
        "unit_price" | "amount" | "tax" => money(entry, typed),
        "rate" => rate(&at, typed),
        _ => typed.text(&at),
    }
}

/// A rate in per cent: `13%`, `0.130000`, `13`; 免税 and `***` stay words.
fn rate(at: &Fragment, typed: &Typed) -> Field {
    let Some(number) = amount::parse_number(&at.text) else { return typed.text(at) };
    // 1 is one per cent: a rate of a hundred is none.
    let fraction = number < rust_decimal::Decimal::ONE && !at.text.contains(['%', '％']);
    let percent = if fraction { number * rust_decimal::Decimal::ONE_HUNDRED } else { number };
    typed.found(Value::Number(percent.normalize()), at)
}

/// The lines that tags point at, and those read off the page: where both are as many, a tag knows better which piece
/// belongs where; else the page shows lines that one tag for a whole column cannot part.
pub(super) fn tagged(tags: Vec<Row>, print: Vec<Row>) -> Vec<Row> {
    if print.is_empty() {
        return tags;
    }
    if tags.len() != print.len() {
        return print;
    }
    let over = |(mut row, tag): (Row, Row)| {
        for (name, field) in tag {
            let figure = matches!(name.as_str(), "quantity" | "unit_price" | "amount" | "tax");
            let good = match (field.found().map(|s| &s.value), row.get(&name).and_then(Field::found)) {
                (None, _) => false,
                (Some(Value::Text(_)), Some(other)) if figure => matches!(other.value, Value::Text(_)),
                _ => true,
            };
            if good || !row.contains_key(&name) {
                row.insert(name, field);
            }
        }
        row
    };
    print.into_iter().zip(tags).map(over).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::{Datum, Place};
    use crate::pack::{Elements, Pack};

    fn read(data: &[(&str, &str)]) -> Vec<String> {
        let names = Elements::new(Pack::embedded().unwrap().lexicon("invoice_data"));
        let datum = |(path, value): &(&str, &str)| Datum {
            part: String::new(),
            path: (*path).into(),
            value: (*value).into(),
            place: Place::File,
        };
        let data: Vec<Datum> = data.iter().map(datum).collect();
        let data: Vec<&Datum> = data.iter().collect();
        let rows = lines(&Part::new(&data, &names), &Typed::new(&Arc::from("a.xml")));
        let shown = |f: &Field| f.found().map_or("?".into(), |s| s.value.to_plain());
        let row = |r: &Row| r.iter().map(|(n, f)| format!("{n}={}", shown(f))).collect::<Vec<_>>().join(" ");
        rows.iter().map(row).collect()
    }

    #[test]
    fn lines_without_tuples_are_told_by_their_contexts() {
        // An element's attributes come before what it holds.
        let element = |path: &str, context: &str, value: &str| {
            [
                (format!("xbrl/{path}/@contextRef"), context.to_string()),
                (format!("xbrl/{path}"), value.into()),
            ]
        };
        let all = [
            element("ItemName[0]", "a", "甲"),
            element("ItemName[1]", "b", "乙"),
            element("Amount[0]", "b", "2.00"),
            element("Amount[1]", "a", "1.00"),
            element("Quantity", "a", "3"),
        ];
        let all: Vec<(&str, &str)> = all.iter().flatten().map(|(p, v)| (p.as_str(), v.as_str())).collect();
        let rows = read(&all);
        assert_eq!(rows, ["amount=1.00 name=甲 quantity=3", "amount=2.00 name=乙"]);
    }

    #[test]
    fn lines_without_tuples_and_contexts_by_their_order() {
        let columns = [
            ("xbrl/ItemName[0]", "甲"),
            ("xbrl/ItemName[1]", "乙"),
            ("xbrl/Amount[0]", "1.00"),
            ("xbrl/Amount[1]", "2.00"),
        ];
        assert_eq!(read(&columns), ["amount=1.00 name=甲", "amount=2.00 name=乙"]);
        let rows = [
            ("xbrl/ItemName[0]", "甲"),
            ("xbrl/Amount[0]", "1.00"),
            ("xbrl/ItemName[1]", "乙"),
            ("xbrl/Quantity", "3"),
            ("xbrl/Amount[1]", "2.00"),
        ];
        assert_eq!(read(&rows), ["amount=1.00 name=甲", "amount=2.00 name=乙 quantity=3"]);
        // Whose quantity it is cannot be told.
        assert!(read(&[columns.as_slice(), &[("xbrl/Quantity", "3")]].concat()).is_empty());
    }

    #[test]
    fn rates_of_all_writings() {
        let of = |rate: &str| read(&[("a/ItemName", "甲"), ("a/TaxRate", rate)]).concat();
        assert_eq!(of("0.130000"), "name=甲 rate=13");
        assert_eq!(of("13%"), "name=甲 rate=13");
        assert_eq!(of("0.015"), "name=甲 rate=1.5");
        assert_eq!(of("6"), "name=甲 rate=6");
        assert_eq!(of("1%"), "name=甲 rate=1");
        assert_eq!(of("免税"), "name=甲 rate=免税");
    }
}

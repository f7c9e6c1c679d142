//! Lists of served companies, regions, users, devices: their rows, and how many there are.
//!
//! The count is that of the rows that were read, over all pages. What the list itself says at its end (合计 128家) stands
//! beside it as `printed_count`: whether both agree is for rules to judge.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::extract::flow::Flow;
use crate::extract::grid::{self, GridRow};
use crate::extract::label::Fragment;
use crate::extract::roster::{self, Entry};
use crate::extract::typed::{self, Typed};
use crate::extract::{Extracted, Extractor, View};
use crate::model::{Confidence, Field, Grade, Kind, Row, Source, Sourced, Unit, Value};
use crate::pack::{Lexicon, Pack};
use crate::text::{amount, code, name, normal};

/// Extracts service lists.
#[derive(Clone, Copy, Debug)]
pub struct ServiceList;

impl Extractor for ServiceList {
    fn kind(&self) -> Kind {
        Kind::ServiceList
    }

    fn extract(&self, view: &View<'_>, pack: &Pack) -> Extracted {
        let lexicon = pack.lexicon("service_list");
        let typed = Typed::new(&view.file);
        let grid = grid::rows(view);
        let list = roster::read(&grid, &roster::Heads::new(lexicon), lexicon);
        let mut out = Extracted::default();
        if let Some(title) = title(&grid, pack) {
            out.fields.insert("title".to_string(), typed.text(&title));
        }
        let total = list.totals.last().and_then(|row| printed(row, &list.columns, lexicon));
        let printed = total.or_else(|| stated(&grid, lexicon));
        if let Some((number, at)) = &printed {
            out.fields.insert("printed_count".to_string(), typed.found(Value::Number(*number), at));
        }
        if list.entries.is_empty() {
            return out;
        }
        let count = count(&list.entries, printed.as_ref().map(|p| p.0), view);
        out.fields.insert("count".to_string(), Field::Found(count));
        if let Some(gaps) = gaps(&list.entries) {
            out.fields.insert("missing_index".to_string(), gaps_field(&gaps, &list.entries, &typed));
        }
        if let Some(names) = distinct(&list.entries, lexicon) {
            let value = Value::Number(Decimal::from(names));
            let at = list.entries[0].anchor();
            out.fields.insert("distinct".to_string(), typed.found(value, at));
        }
        // An amount without a unit in its heading is a text: 元 or 万元, nobody knows.
        let unit = list.columns.iter().find(|c| c.name.ends_with("price")).and_then(|c| c.unit);
        out.items = list.entries.iter().map(|e| item(e, lexicon, &typed, unit)).collect();
        out
    }
}

/// The list's own title, above its first row.
fn title(grid: &[GridRow], pack: &Pack) -> Option<Fragment> {
    let cues = pack.kinds.get("service_list")?;
    let ends = cues.titles.iter().chain(&cues.endings);
    let ends: Vec<&String> = ends.collect();
    grid.iter().take(8).filter(|r| r.items.len() == 1).find_map(|row| {
        let item = &row.items[0];
        let fits = ends.iter().any(|e| item.text.ends_with(e.as_str())) && item.text.chars().count() <= 40;
        fits.then(|| item.at.clone())
    })
}

/// How many rows there are. On scans the numbering is the witness: where it does not run through, or the list's own total
/// differs, a row may have been lost in reading.
fn count(entries: &[Entry], printed: Option<Decimal>, view: &View<'_>) -> Sourced<Value> {
    let total = Decimal::from(entries.len());
    let (first, last) = (entries[0].anchor(), entries[entries.len() - 1].anchor());
    let grade = entries.iter().map(|e| e.anchor().grade).min().unwrap_or(Grade::Text);
    let read = entries.iter().map(|e| e.anchor().confidence).min().unwrap_or(Confidence::FULL);
    let through = entries.iter().zip(1u32..).all(|(e, n)| e.number() == Some(n));
    let agrees = printed == Some(total);
    let sure = match (grade, through || agrees, printed.is_some() && !agrees) {
        (Grade::Ocr, true, false) => Confidence(970),
        (Grade::Ocr, false, false) => read.min(Confidence(700)),
        (Grade::Ocr, _, true) => Confidence(600),
        (_, true, _) => Confidence(990),
        (_, false, _) => Confidence(900),
    };
    let raw = match (entries[0].cells.get("index"), entries[entries.len() - 1].cells.get("index")) {
        (Some(a), Some(b)) => format!("序号{}至{}", normal::squash(&a.text), normal::squash(&b.text)),
        _ => format!("{} … {}", normal::fold(&first.text), normal::fold(&last.text)),
    };
    let source = |at: &Fragment| Source { file: view.file.clone(), place: at.place.clone() };
    let mut out = Sourced::new(Value::Number(total), raw, grade, sure, source(first));
    out.sources.push(source(last));
    out
}

/// Numbers that the numbering leaves out; only where it rises from row to row.
fn gaps(entries: &[Entry]) -> Option<Vec<u32>> {
    let numbers: Vec<u32> = entries.iter().filter_map(Entry::number).collect();
    let rising = numbers.windows(2).all(|w| w[0] < w[1]);
    let (first, last) = (*numbers.first()?, *numbers.last()?);
    let few = last.saturating_sub(first) < numbers.len() as u32 * 2;
    if !rising || !few || numbers.len() < entries.len() {
        return None;
    }
    let there: BTreeSet<u32> = numbers.into_iter().collect();
    let missing: Vec<u32> = (1..=last).filter(|n| !there.contains(n)).collect();
    (!missing.is_empty()).then_some(missing)
}

fn gaps_field(gaps: &[u32], entries: &[Entry], typed: &Typed) -> Field {
    let text: Vec<String> = gaps.iter().take(50).map(u32::to_string).collect();
    let field = typed.found(Value::Text(text.join("、")), entries[0].anchor());
    // On a scan a number that is missing is unread first.
    if entries[0].anchor().grade == Grade::Ocr { typed::weaken(field, 0.6) } else { field }
}

/// How many different names the rows carry.
fn distinct(entries: &[Entry], lexicon: &Lexicon) -> Option<usize> {
    let names: BTreeSet<String> =
        entries.iter().filter_map(|e| e.main(lexicon)).map(|at| name::normal_name(&at.text)).collect();
    (!names.is_empty()).then_some(names.len())
}

/// The number in a row that sums up: one with a word for what is counted, or the only one; not the total of a column of
/// figures.
fn printed(
    row: &GridRow,
    columns: &[crate::extract::list::Column],
    lexicon: &Lexicon,
) -> Option<(Decimal, Fragment)> {
    let figures: Vec<(f32, f32)> = columns
        .iter()
        .filter(|c| lexicon.of("numbers").iter().any(|n| c.name.ends_with(n.as_str())))
        .map(|c| (c.x0, c.x1))
        .collect();
    row.items.iter().find_map(|item| {
        let narrow = columns.iter().filter(|c| item.x0 < c.x1 && item.x1 > c.x0).count() <= 1;
        let summed = narrow && figures.iter().any(|(x0, x1)| item.x0 < *x1 && item.x1 > *x0);
        let (n, rest) = amount::leading_number(item.text.trim_start_matches(|c: char| !c.is_ascii_digit()))?;
        let counted = lexicon.of("量词").iter().any(|w| rest.starts_with(w.as_str()));
        let whole = n.fract().is_zero() && n > Decimal::ZERO;
        (whole && !summed && counted).then(|| (n, item.at.clone()))
    })
}

/// 共服务企业128家 in a line above or below the list.
fn stated(grid: &[GridRow], lexicon: &Lexicon) -> Option<(Decimal, Fragment)> {
    // What a row of totals says was weighed by its columns already.
    let sums = |r: &GridRow| lexicon.of("合计").iter().any(|w| r.items[0].text.starts_with(w.as_str()));
    let loose: Vec<GridRow> = grid.iter().filter(|r| r.items.len() <= 2 && !sums(r)).cloned().collect();
    let flow = Flow::of(&loose);
    let bare = flow.bare();
    for (at, word) in ["共", "合计", "总计", "累计"].iter().flat_map(|w| bare.text.match_indices(*w)) {
        let from = at + word.len();
        let lead: usize = bare.text[from..]
            .chars()
            .take(12)
            .take_while(|c| !c.is_ascii_digit() && !matches!(c, '。' | ',' | ';'))
            .map(char::len_utf8)
            .sum();
        let rest = &bare.text[from + lead..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let unit = rest[digits..].chars().next().map(|c| c.to_string()).unwrap_or_default();
        let counted = matches!(unit.as_str(), "家" | "个" | "户" | "台" | "款");
        if (1..=6).contains(&digits) && counted && lexicon.of("量词").contains(&unit) {
            let number: Decimal = rest[..digits].parse().ok()?;
            let range = bare.origin(&(from + lead..from + lead + digits + unit.len()));
            return Some((number, flow.fragment(&range)?));
        }
    }
    None
}

/// The fields of one row.
fn item(entry: &Entry, lexicon: &Lexicon, typed: &Typed, unit: Option<Unit>) -> Row {
    let mut row = Row::new();
    for (role, at) in &entry.cells {
        let field = match role.as_str() {
            "index" | "companies" | "devices" if amount::parse_number(&at.text).is_some() => typed.number(at),
            "uscc" if code::clean_code(&at.text).len() >= 9 => typed.taxpayer_id(at),
            "price" => match unit {
                Some(unit) if amount::parse_number(&at.text).is_some() => typed.money(at, unit),
                _ => typed.text(at),
            },
            _ => typed.text(at),
        };
        row.insert(role.clone(), field);
    }
    if !row.contains_key("name")
        && let Some(main) = entry.main(lexicon)
    {
        row.insert("name".to_string(), typed.text(main));
    }
    row
}

#[cfg(test)]
#[path = "service_list/tests.rs"]
mod tests;

//! Columns of a list by its header: which word of a row belongs under which heading, with or without rulings.

use crate::extract::View;
use crate::extract::sheet::{Sheet, Word, bounds, spelled};
use crate::model::BBox;
use crate::pack::Lexicon;
use crate::text::normal;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Words.
    Text,
    /// A number or an amount.
    Number,
    /// A percentage, or words that stand for one (免税).
    Rate,
}

/// A column of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name in the lexicon.
    pub name: String,
    /// What it holds.
    pub holds: Holds,
    /// Left edge: of the cell where rulings are known, else of the heading.
    pub x0: f32,
    /// Right edge.
    pub x1: f32,
    /// Whether the edges are those of ruled cells.
    pub ruled: bool,
}

/// The header of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// Page, from 1.
    pub page: u32,
    /// Index of its row in the sheet.
    pub row: usize,
    /// The header's row.
    pub bbox: BBox,
    /// Columns from left to right.
    pub columns: Vec<Column>,
}

/// The headers of lists on the sheet whose columns the lexicon names with this prefix; at least `least` columns must be
/// there. `holds` says what a column holds.
pub fn headers(
    view: &View<'_>,
    sheet: &Sheet,
    lexicon: &Lexicon,
    prefix: &str,
    least: usize,
    holds: &dyn Fn(&str) -> Holds,
) -> Vec<Header> {
    let mut labels: Vec<(&str, Vec<char>)> = lexicon
        .labels
        .iter()
        .filter_map(|(name, labels)| Some((name.strip_prefix(prefix)?, labels)))
        .flat_map(|(name, labels)| labels.iter().map(move |l| (name, normal::squash(l).chars().collect())))
        .collect();
    labels.sort_by_key(|l: &(&str, Vec<char>)| std::cmp::Reverse(l.1.len()));
    let mut out: Vec<Header> = Vec::new();
    for index in 0..sheet.rows.len() {
        let (words, last) = with_wrapped(sheet, index);
        let mut columns = headings(&stacked(&words), &labels, holds);
        if columns.len() < least {
            continue;
        }
        let (page, bbox) = (words[0].page, bounds(&words));
        between(&mut columns, holds);
        widen(view, page, bbox, &mut columns);
        let header = Header { page, row: last, bbox, columns };
        match out.last_mut() {
            // The lines of one wrapped heading are seen once from each of them: the fullest view counts.
            Some(before) if before.page == page && before.bbox.shared_height(bbox) > 0.0 => {
                if header.columns.len() > before.columns.len() {
                    *before = header;
                }
            }
            _ => out.push(header),
        }
    }
    out
}

/// A row with the lines just above and below it whose headings are wrapped, and the last row that was taken.
fn with_wrapped(sheet: &Sheet, index: usize) -> (Vec<Word>, usize) {
    let row = &sheet.rows[index];
    let own = bounds(row);
    // The shortest word's: a name set downwards (购买方信息) reaches over several lines that are none of its own.
    let shortest = |row: &[Word]| row.iter().map(|w| w.bbox.height()).fold(f32::MAX, f32::min);
    let (mut words, mut last) = (row.clone(), index);
    for (k, other) in sheet.rows.iter().enumerate().skip(index.saturating_sub(2)).take(5) {
        if k == index || other[0].page != row[0].page {
            continue;
        }
        let b = bounds(other);
        let apart = other.iter().all(|w| {
            row.iter().all(|o| w.bbox.shared_width(o.bbox) <= 0.0 || w.bbox.shared_height(o.bbox) <= 0.0)
        });
        let wordy = other.iter().all(|w| !is_number(&w.text) && !is_rate(&w.text));
        let near = 0.9 * shortest(row).min(shortest(other));
        if (b.mid_y() - own.mid_y()).abs() < near && apart && wordy {
            words.extend(other.iter().cloned());
            last = last.max(k);
        }
    }
    (words, last)
}

/// The letters of words in columns: what stands one above the other is read downwards, then to the right.
fn stacked(words: &[Word]) -> Vec<(char, f32, f32)> {
    let mut piles: Vec<Vec<Word>> = Vec::new();
    let mut sorted = words.to_vec();
    sorted.sort_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0));
    for word in sorted {
        match piles.iter_mut().find(|p| p.iter().any(|o| o.bbox.shared_width(word.bbox) > 1.0)) {
            Some(pile) => pile.push(word),
            None => piles.push(vec![word]),
        }
    }
    for pile in &mut piles {
        pile.sort_by(|a, b| a.bbox.mid_y().total_cmp(&b.bbox.mid_y()));
    }
    piles.iter().flat_map(|p| spelled(p)).collect()
}

/// The headings in a row's letters; one column a name.
fn headings(
    row: &[(char, f32, f32)],
    labels: &[(&str, Vec<char>)],
    holds: &dyn Fn(&str) -> Holds,
) -> Vec<Column> {
    let mut out: Vec<Column> = Vec::new();
    let mut i = 0;
    while i < row.len() {
        let hit = labels.iter().find(|(_, label)| {
            row.get(i..i + label.len()).is_some_and(|w| {
                let wrong = w.iter().zip(label).filter(|(a, b)| a.0 != **b).count();
                wrong == 0 || (wrong == 1 && label.len() >= 4)
            })
        });
        let Some((name, label)) = hit else {
            i += 1;
            continue;
        };
        if *name == "other" || !out.iter().any(|c| c.name == *name) {
            let letters = &row[i..i + label.len()];
            let x0 = letters.iter().map(|l| l.1).fold(f32::MAX, f32::min);
            let x1 = letters.iter().map(|l| l.2).fold(f32::MIN, f32::max);
            out.push(Column { name: (*name).to_string(), holds: holds(name), x0, x1, ruled: false });
        }
        i += label.len();
    }
    out
}

/// A heading that was not recognised between two that were, in the order that all lists of goods share.
fn between(columns: &mut Vec<Column>, holds: &dyn Fn(&str) -> Holds) {
    const ORDER: [&str; 7] = ["model", "unit", "quantity", "unit_price", "amount", "rate", "tax"];
    for names in ORDER.windows(3) {
        let at = |name: &str| columns.iter().position(|c| c.name == name);
        let (Some(left), None, Some(right)) = (at(names[0]), at(names[1]), at(names[2])) else { continue };
        let (from, to) = (columns[left].x1, columns[right].x0);
        if right == left + 1 && to - from > 24.0 {
            let third = (to - from) / 3.0;
            let holds = holds(names[1]);
            let column =
                Column { name: names[1].into(), holds, x0: from + third, x1: to - third, ruled: false };
            columns.insert(right, column);
        }
    }
}

/// Where the headings stand in ruled cells of their own, the cells are the columns.
fn widen(view: &View<'_>, page: u32, header: BBox, columns: &mut [Column]) {
    let Some(page) = view.pages.iter().find(|p| p.number == page) else { return };
    let cells: Vec<BBox> = page
        .tables
        .iter()
        .filter(|t| t.ruled)
        .flat_map(|t| &t.cells)
        .filter_map(|c| c.place.bbox())
        .filter(|b| b.shared_height(header) > 0.5 * header.height())
        .collect();
    let around = |c: &Column| {
        let mid = f32::midpoint(c.x0, c.x1);
        cells
            .iter()
            .copied()
            .filter(|b| b.x0 <= mid && b.x1 >= mid)
            .min_by(|a, b| a.width().total_cmp(&b.width()))
    };
    let found: Vec<Option<BBox>> = columns.iter().map(around).collect();
    for i in 0..columns.len() {
        let Some(cell) = found[i] else { continue };
        let own = found.iter().enumerate().all(|(k, other)| k == i || other.is_none_or(|o| o != cell));
        if own && cell.x0 <= columns[i].x0 + 2.0 && cell.x1 >= columns[i].x1 - 2.0 {
            (columns[i].x0, columns[i].x1, columns[i].ruled) = (cell.x0, cell.x1, true);
        }
    }
}

/// Whether a text can be a number in a list (exempt tax is printed `***`).
pub fn is_number(text: &str) -> bool {
    let text = normal::squash(text);
    let body = text.trim_matches(['¥', '-', '(', ')', '+', '元', '−']);
    let digits = body.chars().filter(char::is_ascii_digit).count();
    (digits > 0 && body.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ','))
        || (!text.is_empty() && text.chars().all(|c| c == '*'))
}

/// Whether a text can be a tax rate.
pub fn is_rate(text: &str) -> bool {
    let text = normal::squash(text);
    let percent = text
        .strip_suffix(['%', '％'])
        .is_some_and(|n| !n.is_empty() && n.len() <= 5 && n.chars().all(|c| c.is_ascii_digit() || c == '.'));
    percent
        || matches!(
            text.as_str(),
            "免税" | "不征税" | "零税率" | "出口零税" | "普通零税率" | "*" | "**" | "***" | "****"
        )
}

fn mostly_digits(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    digits >= 2 && 3 * digits >= 2 * text.chars().count()
}

/// Which column each word of a row belongs to: in order, each number column once, at the least distance.
pub fn assign(words: &[Word], columns: &[Column]) -> Vec<Option<usize>> {
    const SKIP: f32 = 260.0;
    let n = columns.len();
    // best[c]: least cost with the words so far, the last one used in a column before `c`; path alongside.
    let mut best: Vec<(f32, Vec<Option<usize>>)> = vec![(0.0, Vec::new()); n + 1];
    for (i, word) in words.iter().enumerate() {
        let mut next: Vec<(f32, Vec<Option<usize>>)> = Vec::with_capacity(n + 1);
        for upto in 0..=n {
            let mut option = (best[upto].0 + SKIP, with(&best[upto].1, None));
            for (c, column) in columns.iter().enumerate().take(upto) {
                // A text column may take several words, a number column one.
                let before = if column.holds == Holds::Text { c + 1 } else { c };
                let (base, path) = &best[before];
                let apart = i
                    .checked_sub(1)
                    .map_or(0.0, |p| torn(&words[p], word, path.last().copied().flatten(), c));
                let cost = base + cost(word, column) + apart;
                if cost < option.0 {
                    option = (cost, with(path, Some(c)));
                }
            }
            next.push(option);
        }
        best = next;
    }
    best.pop().map(|b| b.1).unwrap_or_default()
}

fn with(path: &[Option<usize>], last: Option<usize>) -> Vec<Option<usize>> {
    let mut path = path.to_vec();
    path.push(last);
    path
}

/// What it costs to tear apart two words of one run that stand close together.
fn torn(before: &Word, word: &Word, column: Option<usize>, to: usize) -> f32 {
    let close = before.run == word.run && word.bbox.x0 - before.bbox.x1 < 0.7 * word.bbox.height();
    if close && column.is_some_and(|c| c != to) && !is_number(&word.text) && !is_rate(&word.text) {
        30.0
    } else {
        0.0
    }
}

fn cost(word: &Word, column: &Column) -> f32 {
    let b = word.bbox;
    let mid = f32::midpoint(column.x0, column.x1);
    let distance = if column.ruled {
        let shared = b.x1.min(column.x1) - b.x0.max(column.x0);
        if shared > 0.5 * b.width() {
            0.0
        } else {
            20.0 + (column.x0 - b.mid_x()).max(b.mid_x() - column.x1).max(0.0)
        }
    } else {
        let gap = (column.x0 - b.x1).max(b.x0 - column.x1).max(0.0);
        let aligned = (b.mid_x() - mid).abs().min((b.x0 - column.x0).abs()).min((b.x1 - column.x1).abs());
        gap + 0.15 * aligned
    };
    let (number, rate) = (is_number(&word.text), is_rate(&word.text));
    let kind = match column.holds {
        Holds::Number if number => 0.0,
        Holds::Rate if rate => 0.0,
        // A misread number is still the number of its column, to be reported as unreadable.
        Holds::Number if !rate && mostly_digits(&word.text) => 25.0,
        Holds::Rate if number && word.text.len() <= 2 => 25.0,
        Holds::Number | Holds::Rate => 1000.0,
        Holds::Text if rate => 60.0,
        Holds::Text if number && word.text.contains('.') => 40.0,
        Holds::Text if number => 8.0,
        Holds::Text => 0.0,
    };
    let long_unit = column.name == "unit" && word.text.chars().count() > 4;
    let starred = column.name != "name" && word.text.starts_with('*') && word.text.matches('*').count() == 2;
    distance + kind + if long_unit { 60.0 } else { 0.0 } + if starred { 80.0 } else { 0.0 }
}

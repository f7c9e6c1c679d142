//! Numbers that do not look like their surroundings: a figure in another font or size within one number, and one
//! number of a column in another font, size or height than the others and than its own row.

use super::marks::{Glyph, Turn};
use crate::model::{BBox, Change, Place, Trace};

/// Pages with more characters than this are no papers with a few amounts.
const MOST_GLYPHS: usize = 20_000;
/// Most odd numbers told of a page: where there are more, the page is made that way.
const MOST: usize = 4;
/// A column has at least this many numbers.
const COLUMN: usize = 5;
/// Numbers of a column stand no further apart than this, and their edges differ by no more than this (points).
const APART: f32 = 60.0;
const ALIGNED: f32 = 1.2;

/// A number on the page: glyphs of one row.
struct Number<'g> {
    glyphs: Vec<&'g Glyph>,
    row: usize,
}

impl Number<'_> {
    fn text(&self) -> String {
        self.glyphs.iter().map(|g| g.ch).collect()
    }

    fn bbox(&self) -> BBox {
        self.glyphs.iter().map(|g| g.bbox()).reduce(BBox::union).unwrap_or_default()
    }

    fn digits(&self) -> impl Iterator<Item = &Glyph> {
        self.glyphs.iter().copied().filter(|g| g.ch.is_ascii_digit())
    }

    fn first(&self) -> &Glyph {
        self.digits().next().unwrap_or(self.glyphs[0])
    }
}

/// Names of fonts by their numbers.
pub(super) trait Names {
    /// The name, without the mark of a subset; none where it is not known.
    fn name(&self, font: u16) -> Option<String>;
}

impl Names for std::collections::BTreeMap<u16, String> {
    fn name(&self, font: u16) -> Option<String> {
        self.get(&font).cloned()
    }
}

/// The odd numbers of a page.
pub(super) fn traces(glyphs: &[Glyph], names: &impl Names, page: u32) -> Vec<Trace> {
    if glyphs.len() > MOST_GLYPHS {
        return Vec::new();
    }
    let rows = rows(glyphs);
    let numbers: Vec<Number<'_>> = rows.iter().enumerate().flat_map(|(i, row)| numbers(row, i)).collect();
    let mut found: Vec<(BBox, Change)> = Vec::new();
    for number in &numbers {
        if let Some(how) = mixed(number, names) {
            found.push((number.bbox(), Change::Odd { text: number.text(), how, within: true }));
        }
    }
    for at in [|b: BBox| b.x1, |b: BBox| b.x0, BBox::mid_x] {
        for column in columns(&numbers, at) {
            let Some((number, how)) = odd_one(&column, &rows, names) else { continue };
            if found.iter().all(|(b, _)| *b != number.bbox()) {
                found.push((number.bbox(), Change::Odd { text: number.text(), how, within: false }));
            }
        }
    }
    if found.len() > MOST {
        return Vec::new();
    }
    found.into_iter().map(|(bbox, mark)| Trace { place: Place::Page { page, bbox }, mark }).collect()
}

/// Glyphs that stand upright, by rows from the top, each from the left.
fn rows(glyphs: &[Glyph]) -> Vec<Vec<&Glyph>> {
    let mut upright: Vec<&Glyph> = glyphs.iter().filter(|g| g.turn == Turn::None).collect();
    upright.sort_by(|a, b| a.base.total_cmp(&b.base));
    let mut rows: Vec<Vec<&Glyph>> = Vec::new();
    for glyph in upright {
        match rows.last_mut() {
            Some(row) if (glyph.base - row[0].base).abs() <= 0.4 * row[0].size.min(glyph.size) => {
                row.push(glyph)
            }
            _ => rows.push(vec![glyph]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    }
    rows
}

/// The numbers of a row. What stands next to letters is part of a word.
fn numbers<'g>(row: &[&'g Glyph], index: usize) -> Vec<Number<'g>> {
    let figure = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.');
    let mut out: Vec<Number<'g>> = Vec::new();
    let mut run: Vec<&Glyph> = Vec::new();
    let mut last: Option<&Glyph> = None;
    let mut clean = true;
    let mut finish = |run: &mut Vec<&'g Glyph>, clean: bool| {
        if clean && run.iter().filter(|g| g.ch.is_ascii_digit()).count() >= 2 {
            out.push(Number { glyphs: std::mem::take(run), row: index });
        }
        run.clear();
    };
    for glyph in row {
        let joined = last.is_some_and(|l| glyph.x0 - l.x1 <= 0.15 * glyph.size.min(l.size));
        // Bold made by drawing twice.
        if last.is_some_and(|l| l.ch == glyph.ch && (glyph.x0 - l.x0).abs() < 0.25 * (l.x1 - l.x0)) {
            continue;
        }
        if !joined {
            finish(&mut run, clean);
            clean = true;
        }
        if figure(glyph.ch) {
            run.push(glyph);
        } else if glyph.ch.is_ascii_alphabetic() || matches!(glyph.ch, '(' | ')' | '/' | '*') {
            clean = false;
        } else {
            finish(&mut run, clean);
            clean = true;
        }
        last = Some(glyph);
    }
    finish(&mut run, clean);
    out
}

/// How two glyphs differ in font or size, in words.
fn unlike(a: &Glyph, b: &Glyph, names: &impl Names) -> Option<String> {
    if let (Some(x), Some(y)) = (names.name(a.font), names.name(b.font))
        && x != y
    {
        return Some(format!("字体为{x}，其余为{y}"));
    }
    let (small, large) = (a.size.min(b.size), a.size.max(b.size));
    (large > 1.04 * small && large - small > 0.3).then(|| format!("字号为{:.1}，其余为{:.1}", a.size, b.size))
}

/// Digits of one number that look different, in words.
fn mixed(number: &Number<'_>, names: &impl Names) -> Option<String> {
    let digits: Vec<&Glyph> = number.digits().collect();
    if digits.len() < 3 {
        return None;
    }
    let alike = |a: &Glyph| digits.iter().filter(|b| unlike(a, b, names).is_none()).count();
    let usual = digits.iter().max_by_key(|g| alike(g))?;
    let other: Vec<&&Glyph> = digits.iter().filter(|g| unlike(g, usual, names).is_some()).collect();
    let how = unlike(other.first()?, usual, names)?;
    let figures: String = other.iter().map(|g| g.ch).collect();
    Some(format!("其中“{figures}”的{how}"))
}

/// Numbers that stand below one another with the same edge.
fn columns<'n, 'g>(numbers: &'n [Number<'g>], at: fn(BBox) -> f32) -> Vec<Vec<&'n Number<'g>>> {
    let mut sorted: Vec<&Number<'_>> = numbers.iter().collect();
    sorted.sort_by(|a, b| at(a.bbox()).total_cmp(&at(b.bbox())));
    let mut out = Vec::new();
    let mut start = 0;
    while start < sorted.len() {
        let edge = at(sorted[start].bbox());
        let end = start + sorted[start..].partition_point(|n| at(n.bbox()) - edge <= ALIGNED);
        let mut column = sorted[start..end].to_vec();
        column.sort_by_key(|n| n.row);
        column.dedup_by_key(|n| n.row);
        let near = |pair: &[&Number<'_>]| pair[1].bbox().y0 - pair[0].bbox().y1 <= APART;
        if column.len() >= COLUMN && column.windows(2).all(near) {
            out.push(column);
        }
        start = end;
    }
    out
}

/// The only number of a column that looks otherwise than all the rest, and otherwise than everything in its own row.
fn odd_one<'n, 'g>(
    column: &[&'n Number<'g>],
    rows: &[Vec<&Glyph>],
    names: &impl Names,
) -> Option<(&'n Number<'g>, String)> {
    let alike =
        |a: &Number<'_>| column.iter().filter(|b| unlike(a.first(), b.first(), names).is_none()).count();
    let usual = column.iter().max_by_key(|n| alike(n))?;
    let mut others =
        column.iter().enumerate().filter(|(_, n)| unlike(n.first(), usual.first(), names).is_some());
    let (at, odd) = others.next()?;
    // Heads and totals stand at the ends, in a type of their own.
    if others.next().is_some() || at == 0 || at + 1 == column.len() {
        return None;
    }
    let length = odd.glyphs.len();
    let longest = column.iter().filter(|n| n.row != odd.row).all(|n| n.glyphs.len() < length);
    // A long number is shrunk to fit its cell.
    if longest && odd.first().size < usual.first().size {
        return None;
    }
    // A row in bold is a subtotal: there the number looks like its neighbours.
    let b = odd.bbox();
    let beside = rows.get(odd.row)?.iter().filter(|g| g.x1 < b.x0 || g.x0 > b.x1);
    let mut neighbours = 0;
    for glyph in beside {
        neighbours += 1;
        unlike(glyph, odd.first(), names)?;
    }
    let how = unlike(odd.first(), usual.first(), names)?;
    (neighbours > 0).then(|| (*odd, format!("{how}（同列{}个数字）", column.len() - 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fonts by number; two subsets of one font have one name.
    struct Known;

    impl Names for Known {
        fn name(&self, font: u16) -> Option<String> {
            ["", "SimSun", "Arial", "SimSun"]
                .get(usize::from(font))
                .filter(|n| !n.is_empty())
                .map(|n| n.to_string())
        }
    }

    fn word(text: &str, right: f32, base: f32, size: f32, font: u16) -> Vec<Glyph> {
        let start = right - 0.5 * size * text.chars().count() as f32;
        let glyph = |(i, ch): (usize, char)| Glyph {
            ch,
            x0: start + 0.5 * size * i as f32,
            x1: start + 0.5 * size * (i + 1) as f32,
            base,
            size,
            turn: Turn::None,
            seq: 1,
            invisible: false,
            white: false,
            blank: false,
            font,
            unlike: false,
        };
        text.chars().enumerate().map(glyph).collect()
    }

    fn column(change: impl Fn(usize) -> (f32, u16, u16)) -> Vec<Glyph> {
        let amounts = ["1,200.00", "350.00", "4,800.50", "96.00", "1,530.00", "7,976.50"];
        let row = |(i, text): (usize, &&str)| {
            let (size, font, label) = change(i);
            let base = 100.0 + 15.0 * i as f32;
            [word("品名", 100.0, base, 10.0, label), word(text, 300.0, base, size, font)].concat()
        };
        amounts.iter().enumerate().flat_map(row).collect()
    }

    fn told(glyphs: &[Glyph]) -> Vec<String> {
        let mark = |t: Trace| match t.mark {
            Change::Odd { text, how, .. } => format!("{text}: {how}"),
            other => panic!("{other:?}"),
        };
        traces(glyphs, &Known, 1).into_iter().map(mark).collect()
    }

    #[test]
    fn one_number_of_a_column_in_another_type_is_told() {
        assert!(told(&column(|_| (10.0, 1, 1))).is_empty());
        let font = told(&column(|i| (10.0, if i == 2 { 2 } else { 1 }, 1)));
        assert_eq!(font, ["4,800.50: 字体为Arial，其余为SimSun（同列5个数字）"]);
        let size = told(&column(|i| (if i == 3 { 11.0 } else { 10.0 }, 1, 1)));
        assert_eq!(size, ["96.00: 字号为11.0，其余为10.0（同列5个数字）"]);
    }

    #[test]
    fn totals_bold_rows_subsets_and_mixed_columns_are_lawful() {
        assert!(told(&column(|i| (10.0, if i == 5 { 2 } else { 1 }, 1))).is_empty(), "a total");
        assert!(told(&column(|i| if i == 2 { (10.0, 2, 2) } else { (10.0, 1, 1) })).is_empty(), "a row");
        assert!(told(&column(|i| (10.0, if i == 2 { 3 } else { 1 }, 1))).is_empty(), "a subset");
        assert!(told(&column(|i| (10.0, if i % 2 == 0 { 2 } else { 1 }, 1))).is_empty(), "two of a kind");
        assert!(told(&column(|i| (10.0, if i == 2 { 0 } else { 1 }, 1))).is_empty(), "a font without a name");
    }

    #[test]
    fn a_figure_put_into_a_number_is_told() {
        let mut number = word("13,000.00", 300.0, 50.0, 10.0, 1);
        assert!(told(&number).is_empty());
        number.extend(word("1", 255.0, 50.0, 10.0, 2));
        assert_eq!(told(&number), ["113,000.00: 其中“1”的字体为Arial，其余为SimSun"]);
        let mut sign = word("13,000.00", 300.0, 50.0, 10.0, 1);
        sign.extend(word("¥", 255.0, 50.0, 10.0, 2));
        assert!(told(&sign).is_empty(), "the sign of the currency");
    }
}

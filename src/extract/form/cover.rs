//! The cover: lines "企业名称：…（盖章）", two to a line, underlined, wrapped, or drawn as a table.

use std::sync::Arc;

use super::fields::Fields;
use super::labels::Labels;
use super::sheet::{Piece, Section, Sheet, Unit};
use super::spec::{Type, type_of};
use super::{table, value};
use crate::extract::label::Fragment;
use crate::model;
use crate::text::normal;

/// Reads the cover.
pub(super) fn read(sheet: &Sheet<'_>, labels: &Labels, file: &Arc<str>, out: &mut Fields) {
    let cover: Vec<(usize, &Unit<'_>)> =
        sheet.units.iter().enumerate().filter(|(_, u)| u.section == Section::Cover).collect();
    for (index, unit) in cover {
        for (field, exact, found) in pieces(sheet, labels, index, unit) {
            let kind = type_of(&field, &labels.form);
            let Some(found) = found else { continue };
            let sure = if exact { 1.0 } else { 0.85 };
            if let Some(value) = value::field(kind, &found, model::Unit::Yuan, sure, file) {
                out.entry(field).or_insert(value);
            }
        }
    }
}

/// The labels of a piece with their values.
fn pieces(
    sheet: &Sheet<'_>,
    labels: &Labels,
    index: usize,
    unit: &Unit<'_>,
) -> Vec<(String, bool, Option<Fragment>)> {
    let Some(m) = unit.labels.iter().find(|m| m.field.starts_with("封面.")) else { return Vec::new() };
    let whole = unit.fragment();
    // A second label on the same line ends the value of the first.
    let mut cuts: Vec<(usize, String)> = Vec::new();
    let chars: Vec<char> = whole.text.chars().collect();
    for start in 1..chars.len() {
        if !chars[start - 1].is_whitespace() && !"_）)".contains(chars[start - 1]) {
            continue;
        }
        let tail: String = chars[start..].iter().collect();
        let matched =
            labels.of(&normal::squash(&tail), false).into_iter().find(|n| n.field.starts_with("封面."));
        if let Some(n) = matched
            && tail.contains([':', '：'])
            && n.field != m.field
            && !chars[start].is_whitespace()
        {
            cuts.push((start, n.field));
        }
    }
    let first = table::inline(unit, m);
    let Some((cut, second)) = cuts.into_iter().next() else {
        let found =
            first.map(|f| wrapped(sheet, index, unit, f, &m.field)).or_else(|| beside(sheet, index, unit, m));
        return vec![(m.field.clone(), m.exact, found)];
    };
    let before = whole.slice(0, cut);
    let lead = before.text.chars().take_while(|c| !":：".contains(*c)).count() + 1;
    let value = before.slice(lead, cut).trim();
    let after = whole.slice(cut, chars.len());
    let lead = after.text.chars().take_while(|c| !":：".contains(*c)).count() + 1;
    let rest = after.slice(lead, after.text.chars().count()).trim();
    vec![(m.field.clone(), m.exact, Some(value)), (second, true, Some(rest))]
}

/// The value beside a label that stands alone: the cell to the right, the next run of the row, the line below.
fn beside(sheet: &Sheet<'_>, index: usize, unit: &Unit<'_>, m: &super::labels::Match) -> Option<Fragment> {
    match unit.piece {
        Piece::Cell(..) => table::value_of(sheet, unit, m, Type::Text).map(|(f, _)| f),
        Piece::Line(line) => {
            let next = sheet.units.get(index + 1).filter(|n| n.section == Section::Cover)?;
            let Piece::Line(other) = next.piece else { return None };
            let free = next.page.number == unit.page.number && next.labels.is_empty();
            if !free || other.row != line.row || value::is_blank(&other.text) {
                return None;
            }
            Some(wrapped(sheet, index + 1, next, next.fragment(), &m.field))
        }
    }
}

/// A name that runs on in the next line, right below its beginning.
fn wrapped(sheet: &Sheet<'_>, index: usize, unit: &Unit<'_>, found: Fragment, field: &str) -> Fragment {
    if !(field.ends_with("名称") || field.ends_with("单位")) || found.text.contains("盖章") {
        return found;
    }
    let Some(next) = sheet.units.get(index + 1) else { return found };
    let (Piece::Line(line), Piece::Line(below)) = (unit.piece, next.piece) else { return found };
    let (Some(at), Some(b)) = (found.place.bbox(), below.bbox()) else { return found };
    let follows = next.section == Section::Cover
        && next.page.number == unit.page.number
        && next.labels.is_empty()
        && below.row != line.row
        && !below.text.contains([':', '：'])
        && b.x0 > at.x0 - 3.0 * at.height()
        && b.y0 - at.y1 < 1.6 * at.height()
        && !value::is_blank(&below.text);
    if follows { found.join(&next.fragment(), "") } else { found }
}

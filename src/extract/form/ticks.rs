//! Tick boxes: marks written before or after the choices, or drawn beside them.

use std::sync::Arc;

use super::fields::Fields;
use super::sheet::{Section, Sheet, Unit, joined};
use super::{table, value};
use crate::model::{Confidence, Field, Grade, Line, Source, Sourced, Value};
use crate::pack::form::{Choice, Form};
use crate::text::normal;

const TICKED: &str = "☑☒■√✓✔✅●◉◆⊠⊙▣◼⬛🗹🗸✗✘";
const OPEN: &str = "□☐○〇◇▢◻⬜❏❐";
/// What engines make of an empty box before a word.
const OPEN_OCR: &str = "口囗ロ日";
/// What engines make of a ticked box before a word.
const TICKED_OCR: &str = "図团図囱VvJ";

/// The state of one choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Ticked,
    Open,
    Unknown,
}

/// A choice found in a text.
#[derive(Clone, Copy)]
struct Found {
    choice: usize,
    from: usize,
    to: usize,
}

/// Reads every group of tick boxes, and the blanks that go with some.
pub(super) fn read(sheet: &Sheet<'_>, form: &Form, file: &Arc<str>, out: &mut Fields) {
    for (name, choices) in &form.choices {
        let field = format!("平台基本信息.{name}");
        let mut ticked: Vec<usize> = Vec::new();
        let mut first: Option<(&Unit<'_>, String)> = None;
        let mut sure = 0.98f32;
        for unit in candidates(sheet, &field, choices) {
            let Some((states, confidence)) = states(unit, choices) else { continue };
            ticked.extend((0..choices.len()).filter(|i| states[*i] == State::Ticked));
            sure = sure.min(confidence);
            first = first.or_else(|| Some((unit, joined(&unit.fragment().text))));
        }
        ticked.sort_unstable();
        ticked.dedup();
        let Some((unit, raw)) = first.filter(|_| !ticked.is_empty()) else { continue };
        let names = ticked.iter().map(|i| choices[*i].name.clone()).collect();
        let at = unit.fragment();
        let source = Source { file: file.clone(), place: at.place.clone() };
        let confidence = Confidence::from_unit(sure.min(at.confidence.as_unit()));
        out.insert(field, Field::Found(Sourced::new(Value::List(names), raw, at.grade, confidence, source)));
    }
    for (name, label) in [("合作伙伴", "合作伙伴"), ("服务商", "服务商")] {
        blank_after(sheet, &format!("平台基本信息.{name}"), label, file, out);
    }
}

/// The pieces that hold the choices of a group: right of its label, or with its words wherever they stand.
fn candidates<'s, 'a>(sheet: &'s Sheet<'a>, field: &str, choices: &[Choice]) -> Vec<&'s Unit<'a>> {
    let mut out: Vec<&Unit<'a>> = Vec::new();
    let label = sheet.units.iter().position(|u| u.section == Section::Platform && u.label(field).is_some());
    let beside = label.and_then(|l| {
        let (_, cell) = sheet.units[l].cell()?;
        Some((sheet.units[l].page.number, cell.row..cell.row + cell.row_span, cell.col + cell.col_span))
    });
    for (index, unit) in sheet.units.iter().enumerate() {
        if !matches!(unit.section, Section::Platform | Section::Basic | Section::Ability) {
            continue;
        }
        let words = find(&unit.squashed, choices).len();
        let near = match (&beside, unit.cell()) {
            (Some((page, rows, col)), Some((_, cell))) => {
                unit.page.number == *page && rows.contains(&cell.row) && cell.col >= *col
            }
            (None, None) => label.is_some_and(|l| index > l && index <= l + 6),
            _ => false,
        };
        let own = label == Some(index);
        let marked = unit.squashed.contains(|c: char| TICKED.contains(c) || OPEN.contains(c));
        // Both 建设方式 and IaaS设施 offer 自建: elsewhere than beside the label a group must show more of its words.
        let elsewhere = unit.section == Section::Platform && words >= 3 && marked;
        if words > 0 && ((near || own) || elsewhere) && unit.squashed.chars().count() < 400 {
            out.push(unit);
        }
    }
    if out.is_empty() {
        let all = sheet.units.iter().filter(|u| u.section == Section::Platform && u.cell().is_none());
        out.extend(all.filter(|u| find(&u.squashed, choices).len() >= 2));
    }
    out
}

/// Where the choices stand in a squashed text, from left to right, none within another.
fn find(text: &str, choices: &[Choice]) -> Vec<Found> {
    let chars: Vec<char> = text.chars().collect();
    let mut all: Vec<Found> = Vec::new();
    for (choice, names) in choices.iter().enumerate() {
        for name in &names.written {
            let wanted: Vec<char> = name.chars().collect();
            for (from, window) in chars.windows(wanted.len()).enumerate() {
                if window == wanted.as_slice() {
                    all.push(Found { choice, from, to: from + wanted.len() });
                }
            }
        }
    }
    all.sort_by_key(|f| (std::cmp::Reverse(f.to - f.from), f.from));
    let mut out: Vec<Found> = Vec::new();
    for found in all {
        let apart = out.iter().all(|o| found.to <= o.from || found.from >= o.to);
        if apart && out.iter().all(|o| o.choice != found.choice) {
            out.push(found);
        }
    }
    out.sort_by_key(|f| f.from);
    out
}

/// The state of each choice of a piece, and how sure.
fn states(unit: &Unit<'_>, choices: &[Choice]) -> Option<(Vec<State>, f32)> {
    let ocr = unit.fragment().grade == Grade::Ocr;
    let found = find(&unit.squashed, choices);
    if found.is_empty() {
        return None;
    }
    let chars: Vec<char> = unit.squashed.chars().collect();
    let mut states = vec![State::Unknown; choices.len()];
    let mut sure = 0.98f32;
    // Marks stand after the choices if none stands before the first and one after the last.
    let last = found[found.len() - 1].to;
    let before = mark_before(&chars, 0, found[0].from, ocr) != State::Unknown
        || mark_after(&chars, last, chars.len()) == State::Unknown;
    for (i, f) in found.iter().enumerate() {
        let left = if i == 0 { 0 } else { found[i - 1].to };
        let right = found.get(i + 1).map_or(chars.len(), |n| n.from);
        states[f.choice] =
            if before { mark_before(&chars, left, f.from, ocr) } else { mark_after(&chars, f.to, right) };
    }
    // Where the text shows marks, drawn boxes only fill its gaps, on the side where the marks stand.
    let written = states.iter().any(|s| *s != State::Unknown);
    for (choice, state, confidence) in drawn(unit, choices, written.then_some(before)) {
        if states[choice] == State::Unknown {
            states[choice] = state;
            sure = sure.min(confidence);
        }
    }
    sure = sure.min(gaps(&mut states, &found, choices.len() <= 3, ocr));
    if states.iter().all(|s| *s == State::Unknown) {
        // No box anywhere: a single choice written down is the answer.
        if found.len() == 1 && found[0].from == 0 && chars.len() <= found[0].to + 12 {
            states[found[0].choice] = State::Ticked;
            sure = sure.min(0.85);
        } else {
            return None;
        }
    }
    if ocr {
        sure = sure.min(0.9);
    }
    Some((states, sure))
}

/// A scan may lose a box. One choice without a box among empty ones is the one that is marked, if only one may be;
/// elsewhere what is not known is left out, and the whole is worth little.
fn gaps(states: &mut [State], found: &[Found], single: bool, ocr: bool) -> f32 {
    let of = |states: &[State], wanted: State| found.iter().filter(|f| states[f.choice] == wanted).count();
    let (unknown, open) = (of(states, State::Unknown), of(states, State::Open));
    if !ocr || unknown == 0 || unknown == found.len() {
        return 1.0;
    }
    if single && unknown == 1 && open + 1 == found.len() && open > 0 {
        for f in found {
            if states[f.choice] == State::Unknown {
                states[f.choice] = State::Ticked;
            }
        }
        return 0.6;
    }
    0.5
}

/// The mark that ends right before a choice.
fn mark_before(chars: &[char], left: usize, from: usize, ocr: bool) -> State {
    let mut state = State::Unknown;
    let mut brackets = String::new();
    for c in chars[left..from].iter().rev() {
        if TICKED.contains(*c) {
            return State::Ticked;
        } else if OPEN.contains(*c) {
            state = State::Open;
        } else if "[]()【】〔〕".contains(*c) {
            brackets.insert(0, *c);
            if matches!(brackets.as_str(), "[]" | "()" | "【】" | "〔〕") {
                state = State::Open;
                break;
            }
        } else if ocr && state == State::Unknown && OPEN_OCR.contains(*c) {
            state = State::Open;
        } else if (ocr || !brackets.is_empty()) && (TICKED_OCR.contains(*c) || matches!(c, 'x' | 'X' | '×'))
        {
            return State::Ticked;
        } else {
            break;
        }
    }
    state
}

/// The mark right after a choice, a bracketed remark between them allowed.
fn mark_after(chars: &[char], to: usize, right: usize) -> State {
    let gap: String = chars[to..right].iter().collect();
    let empty = ["()", "[]", "【】", "〔〕"].iter().any(|b| gap.contains(b));
    let mut open = if empty { State::Open } else { State::Unknown };
    for c in gap.chars() {
        if TICKED.contains(c) {
            return State::Ticked;
        }
        if OPEN.contains(c) {
            open = State::Open;
        }
    }
    open
}

/// Drawn boxes: the nearest one left of a choice on its line, or right of it where none stands left.
fn drawn(unit: &Unit<'_>, choices: &[Choice], before: Option<bool>) -> Vec<(usize, State, f32)> {
    let mut out = Vec::new();
    if unit.page.ticks.is_empty() {
        return out;
    }
    let lines: Vec<&Line> = match unit.piece {
        super::sheet::Piece::Line(line) => vec![line],
        super::sheet::Piece::Cell(_, cell) => {
            cell.lines.iter().filter_map(|l| unit.page.lines.get(*l as usize)).collect()
        }
    };
    for line in lines {
        let Some(bbox) = line.bbox() else { continue };
        let squashed: Vec<char> = normal::squash(&line.text).chars().collect();
        // Choices that wrap over two lines are found by their beginning.
        let starts = find(&squashed.iter().collect::<String>(), choices)
            .into_iter()
            .chain(beginnings(&squashed, choices));
        for f in starts {
            let (x0, x1) = span(line, f.from, f.to, squashed.len());
            let height = bbox.height().max(6.0);
            let level =
                unit.page.ticks.iter().filter(|t| (t.bbox.mid_y() - bbox.mid_y()).abs() < 0.9 * height);
            let left =
                level.clone().filter(|t| t.bbox.mid_x() < x0 + 0.4 * height && x0 - t.bbox.x1 < 2.0 * height);
            let right = level.filter(|t| t.bbox.mid_x() > x1 - 0.2 * height && t.bbox.x0 - x1 < 1.0 * height);
            let left = left.filter(|_| before != Some(false));
            let right = right.filter(|_| before != Some(true));
            let nearest = left
                .min_by(|a, b| (x0 - a.bbox.x1).abs().total_cmp(&(x0 - b.bbox.x1).abs()))
                .or_else(|| right.min_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0)));
            if let Some(tick) = nearest {
                let state = if tick.ticked { State::Ticked } else { State::Open };
                out.push((f.choice, state, tick.confidence.as_unit()));
            }
        }
    }
    out
}

/// Choices of which a line's end shows only the first four characters and more.
fn beginnings(line: &[char], choices: &[Choice]) -> Vec<Found> {
    let mut out = Vec::new();
    for (choice, names) in choices.iter().enumerate() {
        for name in &names.written {
            let wanted: Vec<char> = name.chars().collect();
            for length in (4..wanted.len()).rev() {
                if line.ends_with(&wanted[..length]) {
                    out.push(Found { choice, from: line.len() - length, to: line.len() });
                    break;
                }
            }
        }
    }
    out
}

/// Left and right edge of squashed characters `from..to` of a line.
fn span(line: &Line, from: usize, to: usize, total: usize) -> (f32, f32) {
    let bbox = line.bbox().unwrap_or_default();
    let solid: Vec<usize> =
        line.text.chars().enumerate().filter(|(_, c)| !c.is_whitespace()).map(|(i, _)| i).collect();
    if solid.len() == total
        && let (Some(a), Some(b)) = (solid.get(from), solid.get(to.saturating_sub(1)))
        && let (Some(x0), Some(x1)) = (line.edges.get(*a), line.edges.get(b + 1))
    {
        return (*x0, *x1);
    }
    let step = bbox.width() / total.max(1) as f32;
    (bbox.x0 + step * from as f32, bbox.x0 + step * to as f32)
}

/// 合作伙伴 and 服务商: what is written after the word, up to the next box.
fn blank_after(sheet: &Sheet<'_>, field: &str, label: &str, file: &Arc<str>, out: &mut Fields) {
    if out.contains_key(field) {
        return;
    }
    for unit in sheet.units.iter().filter(|u| u.section == Section::Platform) {
        let whole = unit.fragment();
        let Some(at) = whole.text.find(label) else { continue };
        // "接入第三方服务商数量" is another thing, and so is a label cell.
        let before = whole.text[..at].trim_end();
        if unit.labels.iter().any(|m| m.field != field) && before.is_empty() || before.ends_with("第三方")
        {
            continue;
        }
        let rest = &whole.text[at + label.len()..];
        let end = rest.find(|c: char| TICKED.contains(c) || OPEN.contains(c)).unwrap_or(rest.len());
        let text = rest[..end].trim_matches(|c: char| c.is_whitespace() || "_:：()（）".contains(c));
        let start = whole.text[..at + label.len()].chars().count();
        let fragment = whole.slice(start, start + rest[..end].chars().count()).trim();
        let fragment = crate::extract::label::Fragment { text: text.to_string(), ..fragment };
        if !text.is_empty()
            && let Some(found) =
                value::field(super::spec::Type::Text, &fragment, crate::model::Unit::Yuan, 0.97, file)
        {
            out.insert(field.to_string(), found);
            return;
        }
        // A cell of its own: the value stands to the right.
        if let Some(m) = unit.label(field)
            && let Some((at, sure)) = table::value_of(sheet, unit, m, super::spec::Type::Text)
            && let Some(found) =
                value::field(super::spec::Type::Text, &at, crate::model::Unit::Yuan, sure, file)
        {
            out.insert(field.to_string(), found);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str, group: &str) -> Vec<String> {
        let form = crate::pack::Pack::embedded().unwrap().notice.form;
        let choices = &form.choices[group];
        let squashed = normal::squash(text);
        let page = crate::model::Page::empty(1, 595.0, 842.0, crate::model::ReadBy::Docx);
        let line = Line {
            text: text.into(),
            place: crate::model::Place::File,
            grade: Grade::Text,
            confidence: Confidence::FULL,
            row: 0,
            table: None,
            edges: Vec::new(),
            size: 0.0,
        };
        let piece = super::super::sheet::Piece::Line(&line);
        let unit = Unit { page: &page, piece, section: Section::Platform, squashed, labels: Vec::new() };
        let Some((states, _)) = states(&unit, choices) else { return Vec::new() };
        (0..choices.len()).filter(|i| states[*i] == State::Ticked).map(|i| choices[i].name.clone()).collect()
    }

    #[test]
    fn marks_in_every_style() {
        for text in [
            "☑自建 ☐合作共建 合作伙伴",
            "■ 自建 □ 合作共建",
            "√自建 合作共建",
            "□√自建 □合作共建",
            "[√]自建 []合作共建",
            "（√）自建 （ ）合作共建",
            "自建☑ 合作共建□",
            "自建（√） 合作共建（ ）",
            "自建",
            "☒自建 ☐合作共建",
        ] {
            assert_eq!(read_text(text, "建设方式"), ["自建"], "{text}");
        }
        assert_eq!(read_text("□自建 ☑合作共建 合作伙伴 样本公司", "建设方式"), ["合作共建"]);
        assert!(read_text("□自建 □合作共建", "建设方式").is_empty());
        assert!(read_text("自建 合作共建", "建设方式").is_empty());
    }

    #[test]
    fn many_choices_keep_the_forms_order() {
        let text =
            "☑研发设计 □采购供应 ☑质量管控 □其他（请注明）____ ☑5G、区块链、VR/AR、数字孪生等新技术应用场景";
        assert_eq!(
            read_text(text, "覆盖场景"),
            ["研发设计", "质量管控", "5G、区块链、VR/AR、数字孪生等新技术应用场景"]
        );
        let text =
            "☐综合型工业互联网平台\n☑特色型工业互联网平台（区域\\行业）\n☐专业型工业互联网平台（特定场景）";
        assert_eq!(read_text(text, "平台类别"), ["特色型工业互联网平台"]);
    }
}

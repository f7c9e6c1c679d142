//! The form as a sequence of cells and free lines, each in its section.

use std::collections::BTreeSet;

use super::labels::{Labels, Match};
use crate::extract::View;
use crate::extract::label::Fragment;
use crate::model::{Cell, Grade, Line, Page, Table};
use crate::text::normal;

/// Sections of the form, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Section {
    Cover,
    Instructions,
    Commitment,
    Basic,
    Platform,
    Ability,
    List,
    Plan,
    Evidence,
}

impl Section {
    /// The section's name in field names.
    pub(super) fn name(self) -> &'static str {
        match self {
            Section::Cover => "封面",
            Section::Basic => "基本信息",
            Section::Platform => "平台基本信息",
            Section::Ability => "平台能力信息",
            _ => "",
        }
    }

    fn of_name(name: &str) -> Option<Self> {
        [Section::Cover, Section::Basic, Section::Platform, Section::Ability]
            .into_iter()
            .find(|s| s.name() == name)
    }
}

/// A cell or a free line.
#[derive(Clone, Copy)]
pub(super) enum Piece<'a> {
    /// A cell of a table.
    Cell(&'a Table, &'a Cell),
    /// A line outside tables.
    Line(&'a Line),
}

/// A piece with its section and the labels it begins with.
pub(super) struct Unit<'a> {
    pub(super) page: &'a Page,
    pub(super) piece: Piece<'a>,
    pub(super) section: Section,
    /// Text without blanks.
    pub(super) squashed: String,
    /// Labels the piece may be, one for each section that has it.
    pub(super) labels: Vec<Match>,
}

impl<'a> Unit<'a> {
    /// The whole piece as a fragment.
    pub(super) fn fragment(&self) -> Fragment {
        match self.piece {
            Piece::Cell(_, cell) => of_cell(self.page, cell),
            Piece::Line(line) => {
                let fragment = Fragment::of_line(line);
                Fragment { text: ordinary(&fragment.text), ..fragment }
            }
        }
    }

    /// The cell with its table.
    pub(super) fn cell(&self) -> Option<(&'a Table, &'a Cell)> {
        match self.piece {
            Piece::Cell(table, cell) => Some((table, cell)),
            Piece::Line(_) => None,
        }
    }

    /// The label under this field name.
    pub(super) fn label(&self, field: &str) -> Option<&Match> {
        self.labels.iter().find(|m| m.field == field)
    }
}

/// A cell as a fragment; the box is that of its text where it has some.
pub(super) fn of_cell(page: &Page, cell: &Cell) -> Fragment {
    let mut fragment = Fragment::of_cell(cell);
    fragment.text = ordinary(&joined(&cell.text));
    let boxes = cell.lines.iter().filter_map(|l| page.lines.get(*l as usize)).map(Fragment::of_line);
    if let Some(all) = boxes.reduce(|a, b| a.join(&b, ""))
        && all.place.bbox().is_some()
    {
        fragment.place = all.place;
    }
    fragment
}

/// Text with ordinary characters for radicals and full-width forms, one for one, so that positions hold.
pub(super) fn ordinary(text: &str) -> String {
    let plain = |c: char| {
        let folded = normal::squash(c.encode_utf8(&mut [0; 4]));
        let mut chars = folded.chars();
        match (chars.next(), chars.next()) {
            // Punctuation stays as it was printed.
            (Some(one), None) if !c.is_ascii() && one.is_alphanumeric() => one,
            _ => c,
        }
    };
    text.chars().map(plain).collect()
}

/// The lines of a cell as one text: wrapped words and numbers grow together, Latin words stay apart.
pub(super) fn joined(text: &str) -> String {
    let mut out = String::new();
    for line in text.split('\n') {
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
        // An address that wraps is one word.
        let address = out.rsplit(char::is_whitespace).next().is_some_and(|word| word.contains(['@', '/']));
        if latin(out.chars().last()) && latin(line.chars().next()) && !address {
            out.push(' ');
        }
        out.push_str(line.trim_end());
    }
    out
}

/// All units of a form in reading order.
pub(super) struct Sheet<'a> {
    pub(super) units: Vec<Unit<'a>>,
}

impl<'a> Sheet<'a> {
    /// Goes through the view, telling sections by their headings and, without headings, by labels that only one has.
    pub(super) fn new(view: &View<'a>, labels: &Labels) -> Self {
        let mut units: Vec<Unit<'a>> = Vec::new();
        let mut section = Section::Cover;
        for page in &view.pages {
            let owners = owners(page);
            let mut seen = BTreeSet::new();
            for (index, line) in page.lines.iter().enumerate() {
                let piece = match owners.get(index).copied().flatten() {
                    Some((table, cell)) => {
                        if !seen.insert((table, cell)) {
                            continue;
                        }
                        let table = &page.tables[table];
                        Piece::Cell(table, &table.cells[cell])
                    }
                    None => Piece::Line(line),
                };
                let text = match piece {
                    Piece::Cell(_, cell) => &cell.text,
                    Piece::Line(line) => &line.text,
                };
                let squashed = normal::squash(text);
                if let Some(next) = heading(&squashed, section) {
                    section = next;
                }
                let ocr = line.grade == Grade::Ocr;
                let found = labels.of(&squashed, ocr);
                if let Some(implied) = implied(&found)
                    && matches!(piece, Piece::Cell(..))
                    && implied > section
                    && section < Section::List
                {
                    section = implied;
                }
                units.push(Unit { page, piece, section, squashed, labels: found });
            }
        }
        Self { units }
    }

    /// The unit of a cell.
    pub(super) fn unit_of(&self, page: &Page, cell: &Cell) -> Option<&Unit<'a>> {
        self.units
            .iter()
            .find(|u| u.page.number == page.number && u.cell().is_some_and(|(_, c)| std::ptr::eq(c, cell)))
    }
}

/// The cell each line of a page lies in, as table and cell index.
fn owners(page: &Page) -> Vec<Option<(usize, usize)>> {
    let mut out = vec![None; page.lines.len()];
    for (t, table) in page.tables.iter().enumerate() {
        for (c, cell) in table.cells.iter().enumerate() {
            for line in &cell.lines {
                if let Some(slot) = out.get_mut(*line as usize) {
                    // Nested tables come later and own their lines.
                    *slot = Some((t, c));
                }
            }
        }
    }
    out
}

/// The section that a heading opens.
fn heading(text: &str, now: Section) -> Option<Section> {
    let length = text.chars().count();
    let contents = text.contains("....") || text.contains("……") || text.contains("···");
    if length > 30 || contents {
        return None;
    }
    let bare = text.trim_start_matches(|c: char| "()（）一二三四五六七八九十、.．0123456789".contains(c));
    let is = |words: &[&str]| words.iter().any(|w| bare.starts_with(w));
    let next = if is(&["填报说明", "填写说明", "填表说明"]) {
        Section::Instructions
    } else if length <= 10 && is(&["真实性承诺", "承诺书"]) {
        Section::Commitment
    } else if is(&["申报单位基本信息", "单位基本信息", "企业基本信息"]) || (bare == "基本信息")
    {
        Section::Basic
    } else if is(&["平台基本信息"]) {
        Section::Platform
    } else if is(&["平台能力信息"]) {
        Section::Ability
    } else if is(&[
        "平台已完成的投资清单",
        "平台已完成投资清单",
        "已完成投资清单",
        "已完成的投资清单",
        "投资清单",
        "项目投资清单",
    ]) {
        Section::List
    } else if is(&["平台建设方案", "建设方案和预期成效", "平台建设必要性"]) {
        Section::Plan
    } else if is(&["有关证明材料", "相关证明材料", "证明材料"]) && now >= Section::Basic && length <= 14
    {
        Section::Evidence
    } else {
        return None;
    };
    Some(next)
}

/// The section of labels that stand in one section only.
fn implied(found: &[Match]) -> Option<Section> {
    let [only] = found else { return None };
    let certain = ["项目起止时间", "已完成投资", "建设方式", "平台类别", "注册用户数", "活跃用户数"];
    let (section, name) = only.field.split_once('.')?;
    (certain.contains(&name) && only.exact).then(|| Section::of_name(section)).flatten()
}

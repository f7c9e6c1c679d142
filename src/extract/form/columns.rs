//! Columns of a list by the meaning of their heads, in any order, with anything between them.

use crate::model::{Cell, Page, Table};
use crate::text::normal;

/// A role and the words that head its column, the best first.
pub(super) type Role = (&'static str, &'static [&'static str]);

/// A header row that was understood.
#[derive(Clone, Debug)]
pub(super) struct Header {
    /// First row below it.
    pub(super) body: u32,
    /// Role, first column, columns covered, the head's text.
    pub(super) columns: Vec<(&'static str, u32, u32, String)>,
}

impl Header {
    /// The column of a role.
    pub(super) fn of(&self, role: &str) -> Option<&(&'static str, u32, u32, String)> {
        self.columns.iter().find(|c| c.0 == role)
    }
}

/// The first row of a table (or two rows, where heads are merged) in which at least `least` roles are headed.
pub(super) fn header(table: &Table, roles: &[Role], least: usize) -> Option<Header> {
    (0..table.rows.min(400)).find_map(|row| {
        let one = heads(table, row, row, roles);
        let two = if row + 1 < table.rows { heads(table, row, row + 1, roles) } else { Vec::new() };
        // A second row counts only if it heads columns that the first leaves open, and holds no figures.
        let figures = table.row(row + 1).any(|c| c.text.trim().starts_with(|c: char| c.is_ascii_digit()));
        let (columns, last) = if two.len() > one.len() && !figures { (two, row + 1) } else { (one, row) };
        let below = columns
            .iter()
            .filter_map(|(_, col, ..)| table.at(row, *col))
            .map(|c| c.row + c.row_span)
            .filter(|end| *end <= row + 3)
            .max()
            .unwrap_or(0);
        (columns.len() >= least).then(|| Header { body: below.max(last + 1), columns })
    })
}

/// The heads of rows `from..=to`: the lowest head of a column tells its role, its merged head above adds words.
fn heads(table: &Table, from: u32, to: u32, roles: &[Role]) -> Vec<(&'static str, u32, u32, String)> {
    let mut out: Vec<(&'static str, u32, u32, String, usize)> = Vec::new();
    let mut col = 0;
    while col < table.cols {
        let cells: Vec<&Cell> = (from..=to).filter_map(|r| table.at(r, col)).collect();
        let Some(lowest) = cells.last().copied() else {
            col += 1;
            continue;
        };
        let span = lowest.col_span.max(1);
        let mut text = String::new();
        for cell in &cells {
            if !text.ends_with(cell.text.as_str()) {
                text.push_str(&cell.text);
            }
        }
        let own =
            role_of(&normal::squash(&lowest.text), roles).or_else(|| role_of(&normal::squash(&text), roles));
        if let Some((role, rank)) = own {
            match out.iter_mut().find(|o| o.0 == role) {
                Some(better) if rank < better.4 => *better = (role, lowest.col, span, text, rank),
                Some(_) => {}
                None => out.push((role, lowest.col, span, text, rank)),
            }
        }
        col = (lowest.col + span).max(col + 1);
    }
    out.into_iter().map(|(role, col, span, text, _)| (role, col, span, text)).collect()
}

/// The role a head names, and how far down the list of synonyms it stands.
fn role_of(text: &str, roles: &[Role]) -> Option<(&'static str, usize)> {
    let bare = text.split(['(', ':']).next().unwrap_or("");
    // A scan may lose the brackets of the unit.
    let bare = bare.trim_end_matches(')');
    let bare = ["万元", "元"].iter().find_map(|unit| bare.strip_suffix(unit)).unwrap_or(bare);
    if bare.is_empty() || bare.chars().count() > 16 {
        return None;
    }
    let exact = roles
        .iter()
        .find_map(|(role, words)| words.iter().position(|w| *w == bare).map(|rank| (*role, rank)));
    // A head misread in one character, or with a word more.
    let near = exact.or_else(|| {
        let chars: Vec<char> = bare.chars().collect();
        roles.iter().find_map(|(role, words)| {
            words
                .iter()
                .position(|w| {
                    let wanted: Vec<char> = w.chars().collect();
                    wanted.len() >= 4 && (normal::edit_distance(&chars, &wanted) == 1 || bare.starts_with(w))
                })
                .map(|rank| (*role, rank + 20))
        })
    });
    near.or_else(|| beginning(bare, roles))
}

/// The role of a head of which a scan kept the beginning, if heads of one role only begin so.
fn beginning(bare: &str, roles: &[Role]) -> Option<(&'static str, usize)> {
    let mut fits = roles.iter().filter(|(_, words)| words.iter().any(|w| w.starts_with(bare)));
    let (role, _) = fits.next()?;
    (fits.next().is_none() && bare.chars().count() >= 2).then_some((*role, 40))
}

/// Maps the columns of a table that goes on without a header: by number, or by position across the page.
pub(super) fn inherit(header: &Header, before: (&Page, &Table), table: &Table) -> Option<Header> {
    if before.1.cols == table.cols {
        return Some(Header { body: 0, columns: header.columns.clone() });
    }
    let mut columns = Vec::new();
    for (role, col, _, text) in &header.columns {
        let head = before
            .1
            .cells
            .iter()
            .find(|c| c.col <= *col && *col < c.col + c.col_span && c.place.bbox().is_some());
        let head = head?.place.bbox()?;
        let fit = table.cells.iter().filter_map(|c| {
            let b = c.place.bbox()?;
            let shared = b.shared_width(head);
            (shared > 0.5 * b.width().min(head.width())).then_some((c, shared))
        });
        if let Some((cell, _)) = fit.max_by(|a, b| a.1.total_cmp(&b.1)) {
            columns.push((*role, cell.col, cell.col_span, text.clone()));
        }
    }
    (columns.len() * 3 >= header.columns.len() * 2).then_some(Header { body: 0, columns })
}

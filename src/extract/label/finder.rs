//! Where the value of a label stands: neighbours within runs, cells and rows.

use crate::extract::View;
use crate::model::{BBox, Cell, Grade, Line, Page, Table};
use crate::text::normal;

use super::tokens::{Known, Token, is_cjk};
use super::{Fragment, Hit, How, Options};

/// A run with the labels in it.
struct Run<'a> {
    page: &'a Page,
    line: &'a Line,
    /// Index into the page's lines.
    index: u32,
    tokens: Vec<Token>,
    cell: Option<(&'a Table, &'a Cell)>,
    /// Set where the run is part of a label written over several runs or lines ("合" "计"): the token stands at the last.
    consumed: bool,
}

/// Whether two runs stand in one cell, or both in none.
fn share_cell(a: &Run<'_>, b: &Run<'_>) -> bool {
    match (a.cell, b.cell) {
        (Some((_, x)), Some((_, y))) => std::ptr::eq(x, y),
        (None, None) => true,
        _ => false,
    }
}

/// A view prepared for looking up many labels.
pub struct Finder<'a> {
    known: Known,
    runs: Vec<Run<'a>>,
}

impl<'a> Finder<'a> {
    /// Prepares a view; `known` are all labels its documents may carry, those to be looked up among them.
    pub fn new(view: &View<'a>, known: &[String]) -> Self {
        let known = Known::new(known);
        let mut runs = Vec::new();
        for page in &view.pages {
            for (index, line) in page.lines.iter().enumerate() {
                if !in_area(line, view.segment.area) {
                    continue;
                }
                let index = u32::try_from(index).unwrap_or(u32::MAX);
                let cell = line
                    .table
                    .and_then(|t| page.tables.get(t as usize))
                    .and_then(|t| t.cells.iter().find(|c| c.lines.contains(&index)).map(|c| (t, c)));
                let tokens = known.tokens(&line.text, line.grade);
                runs.push(Run { page, line, index, tokens, cell, consumed: false });
            }
        }
        let mut finder = Self { known, runs };
        finder.join_spread();
        finder
    }

    /// All values of these labels, in reading order. Labels that were not among the known ones are not found.
    pub fn find(&self, labels: &[String], options: &Options<'_>) -> Vec<Hit> {
        let mut out = Vec::new();
        let requested = self.requested(labels);
        for (i, run) in self.runs.iter().enumerate() {
            for (k, token) in run.tokens.iter().enumerate() {
                if let Some(label) = requested[token.label]
                    && allowed(run.line, options.within)
                    && let Some((value, how)) = self.value(i, k, options)
                {
                    out.push(Hit {
                        label: label.clone(),
                        qualifier: token.qualifier.clone(),
                        at: Fragment::of_line(run.line).slice(token.from, token.to),
                        value,
                        how,
                        exact: token.exact,
                    });
                }
            }
        }
        out
    }

    /// Where these labels stand, with or without values.
    pub fn places(&self, labels: &[String], options: &Options<'_>) -> Vec<Fragment> {
        let mut out = Vec::new();
        let requested = self.requested(labels);
        for run in &self.runs {
            for token in &run.tokens {
                if requested[token.label].is_some() && allowed(run.line, options.within) {
                    out.push(Fragment::of_line(run.line).slice(token.from, token.to));
                }
            }
        }
        out
    }

    /// For each known label the first of these that is written alike.
    fn requested<'l>(&self, labels: &'l [String]) -> Vec<Option<&'l String>> {
        let mut out = vec![None; self.known.labels.len()];
        for label in labels {
            if let Some(known) = self.known.position(label) {
                out[known].get_or_insert(label);
            }
        }
        out
    }

    /// Labels spread over several runs: letters with wide gaps on one row, or broken over the lines of a cell. The
    /// token stands in the last run, where the value may follow at once ("名" "称：某某公司").
    fn join_spread(&mut self) {
        for i in 0..self.runs.len() {
            let Some(mut text) = self.short(i) else { continue };
            if let Some((k, token)) = self.glued(i, &text) {
                self.settle(&[i, k], token, 1);
                continue;
            }
            let mut path = vec![i];
            while let Some(k) =
                path.last().and_then(|last| self.continuation(*last)).filter(|_| path.len() < 7)
            {
                path.push(k);
                let before = text.chars().count();
                text.push_str(&normal::squash(&self.runs[k].line.text));
                let first = self.known.tokens(&text, self.runs[i].line.grade).into_iter().next();
                let whole = |t: &Token| t.exact && t.from == 0 && t.to > before;
                if let Some(token) = first.filter(whole) {
                    self.settle(&path, token, before);
                    break;
                }
                if self.short(k).is_none() {
                    break;
                }
            }
        }
    }

    /// On a scan the last letter of a label of two may come with the value: "名" far before "称某某公司".
    fn glued(&self, i: usize, text: &str) -> Option<(usize, Token)> {
        let run = &self.runs[i];
        if run.line.grade != Grade::Ocr || text.chars().count() != 1 {
            return None;
        }
        let k = self.right_of(i)?;
        let other = &self.runs[k];
        let rest = normal::squash(&other.line.text);
        let label = self.known.position(&text.chars().chain(rest.chars().take(1)).collect::<String>())?;
        let (a, b) = (run.line.bbox()?, other.line.bbox()?);
        let spread = b.x0 - a.x1 > 0.8 * a.height() && b.x0 - a.x1 < 12.0 * a.height();
        let fits = spread
            && share_cell(run, other)
            && !other.consumed
            && other.tokens.is_empty()
            && rest.chars().count() > 2;
        let token = Token { label, from: 0, to: 2, value: 2, qualifier: None, exact: true };
        fits.then_some((k, token))
    }

    /// Puts a label that ends in the last run of the path there; `before` letters stand in the runs before it.
    fn settle(&mut self, path: &[usize], mut token: Token, before: usize) {
        let Some((&last, others)) = path.split_last() else { return };
        let run = &mut self.runs[last];
        let position = |squashed: usize| {
            let mut left = squashed.saturating_sub(before);
            let total = run.line.text.chars().count();
            run.line
                .text
                .chars()
                .position(|c| {
                    let size = normal::squash(c.encode_utf8(&mut [0; 4])).chars().count();
                    let here = left < size;
                    left = left.saturating_sub(size);
                    here
                })
                .unwrap_or(total)
        };
        (token.from, token.to, token.value) = (0, position(token.to).max(1), position(token.value).max(1));
        run.tokens.retain(|t| t.from >= token.value);
        run.tokens.insert(0, token);
        for i in others {
            self.runs[*i].consumed = true;
            self.runs[*i].tokens.clear();
        }
    }

    /// The letters of a run that may be the beginning of a label.
    fn short(&self, i: usize) -> Option<String> {
        let run = &self.runs[i];
        let text = normal::squash(&run.line.text);
        let count = text.chars().count();
        let fits = count > 0 && count <= 8 && text.chars().next().is_some_and(is_cjk);
        (fits && !run.consumed && run.tokens.is_empty()).then_some(text)
    }

    /// The run that may continue a label in run `a`: the next one of the cell, or the next to the right on the row.
    fn continuation(&self, a: usize) -> Option<usize> {
        let run = &self.runs[a];
        if let Some((_, cell)) = run.cell {
            let next = self.runs.get(a + 1).filter(|r| r.page.number == run.page.number)?;
            let same = next.cell.is_some_and(|(_, c)| std::ptr::eq(c, cell));
            if same && !next.consumed {
                return Some(a + 1);
            }
        }
        let single = |r: &Run<'_>| normal::squash(&r.line.text).chars().count() <= 2;
        let next = self.right_of(a)?;
        let other = &self.runs[next];
        (share_cell(run, other)
            && single(run)
            && (single(other) || other.line.text.contains(['(', '（', ':', '：'])))
        .then_some(next)
    }

    fn value(&self, i: usize, k: usize, options: &Options<'_>) -> Option<(Fragment, How)> {
        let run = &self.runs[i];
        let fits = |f: &Fragment| {
            !f.is_blank()
                && options.accept.is_none_or(|accept| accept(&f.text))
                && options.within.is_none_or(|w| {
                    f.place.page() == Some(w.0)
                        && f.place.bbox().is_none_or(|b| w.1.contains(b.mid_x(), b.mid_y()))
                })
        };
        if let Some(rest) = self.rest_of_run(run, k) {
            let rest = if options.whole_cell && k + 1 == run.tokens.len() {
                self.with_broken_lines(i, rest)
            } else {
                rest
            };
            if fits(&rest) {
                return Some((rest, How::SameRun));
            }
            // Without a test of values, what follows at once is the value.
            options.accept?;
        } else if k + 1 < run.tokens.len() {
            // Another label follows at once: this one is blank, unless it heads a column.
            return if options.not_below {
                None
            } else {
                self.below(i).filter(fits).map(|f| (f, How::Below))
            };
        }
        let mut tries: Vec<(Option<Fragment>, How)> = Vec::new();
        if let Some((table, cell)) = run.cell {
            let inside = self.beside(i, cell).or_else(|| self.rest_of_cell(i, cell));
            let blank_cell = inside.is_none();
            tries.push((inside, How::SameCell));
            if blank_cell || options.accept.is_some() {
                let (right, may_go_below) = self.right_cell(i, table, cell);
                // Rulings seen on a scan may be incomplete.
                let loose = !table.ruled || (run.line.grade == Grade::Ocr && may_go_below && right.is_none());
                tries.push((right, How::RightCell));
                if may_go_below && !options.not_below {
                    tries.push((self.below_cell(run.page, table, cell), How::BelowCell));
                }
                if loose {
                    tries.push((self.next_on_row(i), How::NextRun));
                }
            }
        } else {
            tries.push((self.next_on_row(i), How::NextRun));
            if !options.not_below {
                tries.push((self.below(i), How::Below));
            }
        }
        tries.into_iter().find_map(|(f, how)| f.filter(fits).map(|f| (f, how)))
    }

    /// What follows the label in its run, up to the next label.
    fn rest_of_run(&self, run: &Run<'_>, k: usize) -> Option<Fragment> {
        let token = &run.tokens[k];
        let end = run.tokens.get(k + 1).map_or_else(|| run.line.text.chars().count(), |next| next.from);
        let rest = Fragment::of_line(run.line).slice(token.value, end.max(token.value)).trim();
        (!rest.is_blank()).then_some(rest)
    }

    /// A value with the lines below it, where a cell holds one label and its value fills the cell's width.
    fn with_broken_lines(&self, i: usize, first: Fragment) -> Fragment {
        let run = &self.runs[i];
        let Some((table, cell)) = run.cell.filter(|(t, _)| t.ruled && t.cols > 1) else { return first };
        let labels = self
            .runs
            .iter()
            .filter(|r| r.cell.is_some_and(|(t, c)| std::ptr::eq(t, table) && std::ptr::eq(c, cell)))
            .map(|r| r.tokens.len())
            .sum::<usize>();
        let full = match (run.line.bbox(), cell.place.bbox()) {
            (Some(b), Some(c)) => c.x1 - b.x1 < 1.5 * b.height(),
            _ => false,
        };
        match self.rest_of_cell(i, cell).filter(|_| labels == 1 && full) {
            Some(rest) => first.join(&rest, "\n"),
            None => first,
        }
    }

    /// The other runs of the label's cell, from the label's on, up to the next label.
    fn rest_of_cell(&self, i: usize, cell: &Cell) -> Option<Fragment> {
        let mut out: Option<Fragment> = None;
        for run in &self.runs[i + 1..] {
            if run.page.number != self.runs[i].page.number || !cell.lines.contains(&run.index) {
                break;
            }
            if run.consumed {
                continue;
            }
            let part = Fragment::of_line(run.line);
            let stop = run.tokens.first().map(|t| t.from);
            let part = stop.map_or(part.clone(), |to| part.slice(0, to).trim());
            // A speck or a bit of a seal is recognised as a lone sign: it goes on with nothing.
            let speck = part.grade == Grade::Ocr
                && part.text.chars().count() == 1
                && !part.text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            let skip = part.is_blank() || (speck && out.is_some());
            if !skip {
                out = Some(out.map_or(part.clone(), |o| o.join(&part, "\n")));
            }
            if stop.is_some() {
                break;
            }
        }
        out
    }

    /// Whether a cell begins with a label.
    fn is_label(&self, page: &Page, cell: &Cell) -> bool {
        self.runs.iter().any(|r| {
            r.page.number == page.number && cell.lines.first() == Some(&r.index) && (r.consumed || leads(r))
        })
    }

    /// The next filled cell to the right, and whether none is there at all (so that the label may head a column).
    fn right_cell(&self, i: usize, table: &Table, cell: &Cell) -> (Option<Fragment>, bool) {
        let page = self.runs[i].page;
        let mut col = cell.col + cell.col_span;
        let mut passed = false;
        let row = self.row_at(i, table, cell);
        while let Some(next) = table.at(row, col) {
            if self.is_label(page, next) {
                return (None, !passed);
            }
            if !next.text.trim().is_empty() {
                return (Some(self.share(i, next)), false);
            }
            passed = true;
            col = next.col + next.col_span.max(1);
        }
        (None, !passed)
    }

    /// The row of a cell over several rows at the height of the label in it.
    fn row_at(&self, i: usize, table: &Table, cell: &Cell) -> u32 {
        let Some(at) = self.runs[i].line.bbox().filter(|_| cell.row_span > 1 && cell.lines.len() > 1) else {
            return cell.row;
        };
        let col = cell.col + cell.col_span;
        let here = |row: &u32| {
            let beside = table.at(*row, col).and_then(|c| c.place.bbox());
            beside.is_some_and(|b| b.y0 <= at.mid_y() && at.mid_y() <= b.y1)
        };
        (cell.row..cell.row + cell.row_span).find(here).unwrap_or(cell.row)
    }

    /// What of a cell belongs to the label beside it: all of it, unless rulings between rows were missed and several
    /// labels stand beside it; then the runs that are nearer to this label than to the others.
    fn share(&self, i: usize, cell: &Cell) -> Fragment {
        let whole = Fragment::of_cell(cell);
        let (Some(at), Some(area)) = (self.runs[i].line.bbox(), cell.place.bbox()) else { return whole };
        let rivals = self.rivals(i, at, area);
        if rivals.is_empty() {
            return whole;
        }
        let own = self
            .runs
            .iter()
            .filter(|r| r.page.number == self.runs[i].page.number && cell.lines.contains(&r.index));
        let near = own.filter(|r| r.line.bbox().is_some_and(|b| nearest(b, at, &rivals)));
        near.map(|r| self.before_label(r))
            .filter(|f| !f.is_blank())
            .reduce(|a, b| a.join(&b, "\n"))
            .unwrap_or(whole)
    }

    /// The other labels that stand in the column of this one, at the height of the area.
    fn rivals(&self, i: usize, at: BBox, area: BBox) -> Vec<BBox> {
        let others = self
            .runs
            .iter()
            .enumerate()
            .filter(|(k, r)| *k != i && r.page.number == self.runs[i].page.number && leads(r));
        others
            .filter_map(|(_, r)| r.line.bbox())
            .filter(|b| b.shared_width(at) > 0.0 && b.mid_y() > area.y0 && b.mid_y() < area.y1)
            .filter(|b| b.shared_height(at) < 0.5 * at.height().min(b.height()))
            .collect()
    }

    /// What stands to the right of the label within its own cell, up to the next label of the row.
    fn beside(&self, i: usize, cell: &Cell) -> Option<Fragment> {
        let run = &self.runs[i];
        let (at, area) = (run.line.bbox()?, cell.place.bbox()?);
        let rivals = self.rivals(i, at, area);
        let inside = || {
            self.runs
                .iter()
                .filter(|r| r.page.number == run.page.number && !r.consumed && cell.lines.contains(&r.index))
        };
        let labelled = |r: &&Run<'_>| leads(r);
        let limit = inside()
            .filter(labelled)
            .filter_map(|r| r.line.bbox())
            .filter(|b| b.x0 > at.x1 && b.shared_height(at) > 0.5 * b.height().min(at.height()))
            .map(|b| b.x0)
            .fold(f32::MAX, f32::min);
        inside()
            .filter(|r| !labelled(r))
            .filter(|r| {
                r.line.bbox().is_some_and(|b| b.x0 > at.x1 - 2.0 && b.x0 < limit && nearest(b, at, &rivals))
            })
            .filter(|r| !downward(&r.line.text))
            .map(|r| self.before_label(r))
            .filter(|f| !f.is_blank())
            .reduce(|a, b| a.join(&b, "\n"))
    }

    fn below_cell(&self, page: &Page, table: &Table, cell: &Cell) -> Option<Fragment> {
        let next = table.at(cell.row + cell.row_span, cell.col)?;
        (!self.is_label(page, next)).then(|| Fragment::of_cell(next))
    }

    /// The nearest run to the right on the same visual row, if it is no label.
    fn next_on_row(&self, i: usize) -> Option<Fragment> {
        self.right_of(i).map(|k| self.before_label(&self.runs[k]))
    }

    /// The nearest run to the right on the same visual row.
    fn right_of(&self, i: usize) -> Option<usize> {
        let run = &self.runs[i];
        let mut next: Option<(f32, usize)> = None;
        for (k, other) in self.runs.iter().enumerate() {
            if k == i
                || other.consumed
                || other.page.number != run.page.number
                || !same_row(run.line, other.line)
            {
                continue;
            }
            let gap = match (run.line.bbox(), other.line.bbox()) {
                (Some(a), Some(b)) => b.x0 - a.x1,
                _ => other.index as f32 - run.index as f32 - 1.0,
            };
            if gap > -2.0 && next.is_none_or(|(best, _)| gap < best) {
                next = Some((gap, k));
            }
        }
        next.map(|n| n.1)
    }

    /// The run's text up to the first label in it.
    fn before_label(&self, run: &Run<'_>) -> Fragment {
        let whole = Fragment::of_line(run.line);
        run.tokens.first().map_or(whole.clone(), |t| whole.slice(0, t.from).trim())
    }

    /// The nearest run below that shares width with the label, within three line heights, if it is no label.
    fn below(&self, i: usize) -> Option<Fragment> {
        let run = &self.runs[i];
        let at = run.line.bbox()?;
        let reach = at.y1 + 3.0 * at.height().max(6.0);
        let mut next: Option<(f32, &Run<'_>)> = None;
        for (k, other) in self.runs.iter().enumerate() {
            let Some(b) = other.line.bbox() else { continue };
            let takes_part = k != i
                && !other.consumed
                && other.page.number == run.page.number
                && !same_row(run.line, other.line);
            if takes_part
                && b.y0 > at.mid_y()
                && b.y0 < reach
                && b.shared_width(at) > 0.3 * b.width().min(at.width())
                && next.is_none_or(|(best, _)| b.y0 < best)
            {
                next = Some((b.y0, other));
            }
        }
        let (_, next) = next?;
        Some(self.before_label(next))
    }
}

/// Whether a run is one letter of a heading written downwards (付款人, 购买方信息).
fn downward(text: &str) -> bool {
    let text = normal::squash(text);
    let mut letters = text.chars();
    matches!((letters.next(), letters.next()), (Some(c), None) if "付收款人方购买销售信息备注密码区货单位".contains(c))
}

/// Whether a run begins with a label, which may stand in brackets.
fn leads(run: &Run<'_>) -> bool {
    run.tokens.first().is_some_and(|t| t.from <= 1)
}

/// Whether a run is nearer in height to its own label than to any other.
fn nearest(run: BBox, own: BBox, others: &[BBox]) -> bool {
    let far = |b: BBox| (b.mid_y() - run.mid_y()).abs();
    others.iter().all(|o| far(own) <= far(*o))
}

/// Whether a line counts in a segment that is only a part of its page.
fn in_area(line: &Line, area: Option<BBox>) -> bool {
    match (area, line.bbox()) {
        (Some(area), Some(b)) => area.contains(b.mid_x(), b.mid_y()),
        _ => true,
    }
}

fn allowed(line: &Line, within: Option<(u32, BBox)>) -> bool {
    within.is_none_or(|(page, area)| {
        line.place.page() == Some(page) && line.bbox().is_some_and(|b| area.contains(b.mid_x(), b.mid_y()))
    })
}

fn same_row(a: &Line, b: &Line) -> bool {
    a.row == b.row
        || match (a.bbox(), b.bbox()) {
            (Some(a), Some(b)) => a.shared_height(b) > 0.6 * a.height().min(b.height()),
            _ => false,
        }
}

//! Flowing papers: headings, paragraphs, tables. Set on pages here, or written as a Word file by `office.rs`.

use crate::canvas::{Align, Area, BLACK, Canvas, Shows, wrap};
use crate::font::Face;

/// A piece of a paragraph.
#[derive(Clone, Debug, Default)]
pub struct Span {
    /// Text.
    pub text: String,
    /// What it shows.
    pub shows: Shows,
    /// Underlined, as blanks that were filled in.
    pub under: bool,
}

/// Plain text.
pub fn t(text: impl Into<String>) -> Span {
    Span { text: text.into(), ..Span::default() }
}

/// A filled-in field.
pub fn f(field: &str, value: impl ToString, text: impl Into<String>) -> Span {
    Span { text: text.into(), shows: crate::canvas::shows(field, value), under: false }
}

/// A field whose text is its value.
pub fn same(field: &str, text: &str) -> Span {
    f(field, text, text)
}

impl Span {
    /// Underlined.
    pub fn lined(mut self) -> Self {
        self.under = true;
        self
    }
}

/// A table cell.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Text, `\n` breaks lines.
    pub text: String,
    /// What it shows.
    pub shows: Shows,
    /// Columns and rows it covers.
    pub span: (usize, usize),
    /// Alignment.
    pub align: Align,
}

/// A cell.
pub fn c(text: impl Into<String>) -> Cell {
    Cell { text: text.into(), shows: Vec::new(), span: (1, 1), align: Align::Centre }
}

/// A cell that shows a field.
pub fn cf(field: &str, value: impl ToString, text: impl Into<String>) -> Cell {
    Cell { shows: crate::canvas::shows(field, value), ..c(text) }
}

impl Cell {
    /// Covering so many columns.
    pub fn wide(mut self, cols: usize) -> Self {
        self.span.0 = cols;
        self
    }

    /// Covering so many rows.
    pub fn high(mut self, rows: usize) -> Self {
        self.span.1 = rows;
        self
    }

    /// Set flush left.
    pub fn left(mut self) -> Self {
        self.align = Align::Left;
        self
    }

    /// Set flush right.
    pub fn right(mut self) -> Self {
        self.align = Align::Right;
        self
    }

    /// Showing these too.
    pub fn also(mut self, more: Shows) -> Self {
        self.shows.extend(more);
        self
    }
}

/// A table.
#[derive(Clone, Debug)]
pub struct Grid {
    /// Column widths, relative.
    pub widths: Vec<f32>,
    /// Rows; a cell that hangs down from an earlier row is left out in the later ones.
    pub rows: Vec<Vec<Cell>>,
    /// Whether it has rulings.
    pub ruled: bool,
    /// Font size against the body's.
    pub scale: f32,
}

/// A part of a flowing paper.
#[derive(Clone, Debug)]
pub enum Block {
    /// Centred heading: text, size against the body's.
    Title(Vec<Span>, f32),
    /// First-level heading.
    Head(String),
    /// Second-level heading.
    Sub(String),
    /// Paragraph: spans, whether it is indented.
    Para(Vec<Span>, bool),
    /// Table.
    Table(Grid),
    /// New page.
    Break,
    /// Blank height in lines.
    Gap(f32),
    /// A seal over what was just set: centre as share of the text width, lines upward, owner, word.
    Seal(f32, f32, String, &'static str),
}

/// How a flowing paper is set.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Body face.
    pub body: Face,
    /// Face of headings.
    pub head: Face,
    /// Face of second headings.
    pub sub: Face,
    /// Body size.
    pub size: f32,
    /// Line pitch against the size.
    pub lead: f32,
}

struct Setter {
    style: Style,
    pages: Vec<Canvas>,
    y: f32,
}

const LEFT: f32 = 72.0;
const TOP: f32 = 74.0;
const BOTTOM: f32 = 772.0;
const WIDTH: f32 = 451.0;

/// Sets blocks on A4 pages, with page numbers.
pub fn set(blocks: &[Block], style: Style) -> Vec<Canvas> {
    let mut s = Setter { style, pages: vec![Canvas::a4()], y: TOP };
    for block in blocks {
        s.block(block);
    }
    let n = s.pages.len();
    if n > 1 {
        for (i, page) in s.pages.iter_mut().enumerate() {
            let text = format!("- {} -", i + 1);
            page.text(297.0 - style.body.width(&text, 9.0) / 2.0, 806.0, 9.0, style.body, BLACK, &text);
        }
    }
    s.pages
}

impl Setter {
    fn page(&mut self) -> &mut Canvas {
        self.pages.last_mut().expect("a page")
    }

    fn need(&mut self, height: f32) {
        if self.y + height > BOTTOM && self.y > TOP {
            self.pages.push(Canvas::a4());
            self.y = TOP;
        }
    }

    fn block(&mut self, block: &Block) {
        let st = self.style;
        match block {
            Block::Title(spans, scale) => self.para(spans, st.head, st.size * scale, Align::Centre, 0.0),
            Block::Head(text) => self.para(&[t(text.as_str())], st.head, st.size * 1.15, Align::Left, 0.0),
            Block::Sub(text) => self.para(&[t(text.as_str())], st.sub, st.size * 1.08, Align::Left, 0.0),
            Block::Para(spans, indent) => {
                self.para(spans, st.body, st.size, Align::Left, if *indent { st.size * 2.0 } else { 0.0 });
            }
            Block::Table(grid) => self.table(grid),
            Block::Break => {
                self.pages.push(Canvas::a4());
                self.y = TOP;
            }
            Block::Gap(lines) => self.y += lines * st.size * st.lead,
            Block::Seal(share, up, owner, word) => {
                let at = (LEFT + WIDTH * share, self.y - up * st.size * st.lead);
                self.page().seal(at, 42.0, owner, word);
            }
        }
    }

    fn para(&mut self, spans: &[Span], face: Face, size: f32, align: Align, indent: f32) {
        let lead = size * self.style.lead;
        let mut lines: Vec<Vec<(usize, String)>> = vec![Vec::new()];
        let mut used = indent;
        for (n, span) in spans.iter().enumerate() {
            for ch in span.text.chars() {
                let w = face.width(&ch.to_string(), size);
                if ch == '\n' || (used + w > WIDTH && !"，。；：、）》”,.;:)".contains(ch)) {
                    lines.push(Vec::new());
                    used = 0.0;
                }
                if ch == '\n' {
                    continue;
                }
                used += w;
                let line = lines.last_mut().expect("a line");
                match line.last_mut() {
                    Some((k, run)) if *k == n => run.push(ch),
                    _ => line.push((n, ch.to_string())),
                }
            }
        }
        let mut marked = vec![false; spans.len()];
        for (i, line) in lines.iter().enumerate() {
            self.need(lead);
            let full: f32 = line.iter().map(|(_, r)| face.width(r, size)).sum();
            let mut x = match align {
                Align::Centre => LEFT + (WIDTH - full) / 2.0,
                _ => LEFT + if i == 0 { indent } else { 0.0 },
            };
            let base = self.y + lead * 0.5 + size * 0.38;
            for (n, run) in line {
                let (w, span) = (face.width(run, size), &spans[*n]);
                let page = self.page();
                page.text(x, base, size, face, BLACK, run);
                if span.under {
                    page.line((x - 2.0, base + 2.5), (x + w + 2.0, base + 2.5), 0.6, BLACK);
                }
                if !marked[*n] && !span.shows.is_empty() {
                    page.mark(Area(x, base - size * 0.88, w, size * 1.08), &span.shows);
                    marked[*n] = true;
                }
                x += w;
            }
            self.y += lead;
        }
    }

    fn table(&mut self, grid: &Grid) {
        let size = self.style.size * grid.scale;
        let total: f32 = grid.widths.iter().sum();
        let mut xs = vec![LEFT];
        for w in &grid.widths {
            xs.push(xs[xs.len() - 1] + w / total * WIDTH);
        }
        let placed = place(grid);
        let face = self.style.body;
        let mut heights = vec![size * 1.7; grid.rows.len()];
        for (r, col, cell) in &placed {
            let w = xs[col + cell.span.0] - xs[*col] - 4.0;
            let need = wrap(face, size, &cell.text, w).len() as f32 * size * 1.22 + size * 0.5;
            let last = r + cell.span.1 - 1;
            let have: f32 = heights[*r..=last].iter().sum();
            if need > have {
                heights[last] += need - have;
            }
        }
        let mut from = 0;
        while from < heights.len() {
            let mut to = from;
            let mut y = self.y;
            while to < heights.len() && (y + heights[to] <= BOTTOM || to == from) {
                y += heights[to];
                to += 1;
            }
            if to < heights.len() && to == from + 1 && heights[from] + self.y > BOTTOM && self.y > TOP {
                self.pages.push(Canvas::a4());
                self.y = TOP;
                continue;
            }
            self.rows(grid, &placed, (&xs, &heights), (from, to));
            if to < heights.len() {
                self.pages.push(Canvas::a4());
                self.y = TOP;
            }
            from = to;
        }
        self.y += size * 0.6;
    }

    /// Draws rows `from..to`; a cell that hangs over the page break is cut there, its text stays above.
    fn rows(
        &mut self,
        grid: &Grid,
        placed: &[(usize, usize, &Cell)],
        (xs, heights): (&[f32], &[f32]),
        (from, to): (usize, usize),
    ) {
        let size = self.style.size * grid.scale;
        let face = self.style.body;
        let top = self.y;
        let y_of = |row: usize| top + heights[from..row].iter().sum::<f32>();
        for (r, col, cell) in placed {
            let end = (r + cell.span.1).min(to);
            let start = (*r).max(from);
            if start >= end {
                continue;
            }
            let area = Area(xs[*col], y_of(start), xs[col + cell.span.0] - xs[*col], y_of(end) - y_of(start));
            if grid.ruled {
                self.page().rect(area, None, Some((BLACK, 0.6)));
            }
            if *r >= from {
                self.page().boxed(area, cell.align, size, face, BLACK, &cell.text, &cell.shows);
            }
        }
        self.y = y_of(to);
    }
}

/// Every cell with its row and its column, hanging cells taken into account.
pub fn place(grid: &Grid) -> Vec<(usize, usize, &Cell)> {
    let cols = grid.widths.len();
    let mut busy = vec![0usize; cols];
    let mut out = Vec::new();
    for (r, row) in grid.rows.iter().enumerate() {
        let mut col = 0;
        let mut next = busy.iter().map(|b| b.saturating_sub(1)).collect::<Vec<_>>();
        for cell in row {
            while col < cols && busy[col] > 0 {
                col += 1;
            }
            assert!(col + cell.span.0 <= cols, "row {r} is too wide at {:?}", cell.text);
            for slot in &mut next[col..col + cell.span.0] {
                *slot = cell.span.1 - 1;
            }
            out.push((r, col, cell));
            col += cell.span.0;
        }
        while col < cols && busy[col] > 0 {
            col += 1;
        }
        assert_eq!(col, cols, "row {r} is too narrow: {:?}", row.iter().map(|c| &c.text).collect::<Vec<_>>());
        busy = next;
    }
    out
}

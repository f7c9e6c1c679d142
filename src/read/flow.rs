//! Flat word processing formats (DOC, RTF) as the tree that Word's own XML is.
//!
//! They write a table as paragraphs with a depth and marks where cells and rows end. Put into the same tree as DOCX,
//! they are read by the same walker, and a form gives the same pages whatever it was saved as.

use std::collections::BTreeMap;

use super::dom::{Child, Node};

/// Deepest nesting of tables followed.
const DEPTH: u32 = 16;
/// Edges as near as this, in twentieths of a point, are one edge.
const NEAR: i32 = 15;

/// What ends with a paragraph.
#[derive(Clone, Debug, Default)]
pub(in crate::read) enum End {
    /// The paragraph only.
    #[default]
    Paragraph,
    /// A cell.
    Cell,
    /// A row; the paragraph itself is no content.
    Row(RowShape),
}

/// How a cell is merged with others.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::read) struct Merge {
    /// It is part of the cell before.
    pub(in crate::read) along: bool,
    /// It is part of the cell above.
    pub(in crate::read) down: bool,
    /// Cells below may be part of it.
    pub(in crate::read) starts: bool,
}

/// The cells of a row.
#[derive(Clone, Debug, Default)]
pub(in crate::read) struct RowShape {
    /// Left edge of each cell and right edge of the last; empty where not known.
    pub(in crate::read) edges: Vec<i32>,
    /// Merging of each cell.
    pub(in crate::read) cells: Vec<Merge>,
    /// The row is marked as deleted.
    pub(in crate::read) deleted: bool,
}

/// A paragraph as it comes.
#[derive(Debug, Default)]
pub(in crate::read) struct Flat {
    /// Its content: runs.
    pub(in crate::read) content: Vec<Node>,
    /// Its properties (`sectPr`, `pageBreakBefore`).
    pub(in crate::read) properties: Vec<Node>,
    /// How many tables it stands in.
    pub(in crate::read) depth: u32,
    /// What ends with it.
    pub(in crate::read) end: End,
}

/// A row whose cells have come.
struct Row {
    cells: Vec<Vec<Node>>,
    shape: RowShape,
}

/// A table that is being put together.
#[derive(Default)]
struct Open {
    rows: Vec<Row>,
    cells: Vec<Vec<Node>>,
    cell: Vec<Node>,
}

/// Puts paragraphs together.
#[derive(Default)]
pub(in crate::read) struct Builder {
    body: Vec<Node>,
    open: Vec<Open>,
}

impl Builder {
    /// Takes the next paragraph.
    pub(in crate::read) fn push(&mut self, flat: Flat) {
        let depth = flat.depth.min(DEPTH) as usize;
        while self.open.len() > depth {
            self.close();
        }
        while self.open.len() < depth {
            self.open.push(Open::default());
        }
        let is_row = matches!(flat.end, End::Row(_));
        if !is_row || !flat.content.is_empty() {
            let mut children = Vec::new();
            if !flat.properties.is_empty() {
                children.push(node("pPr", &[], flat.properties));
            }
            children.extend(flat.content);
            self.place(node("p", &[], children));
        }
        let Some(open) = self.open.last_mut() else { return };
        match flat.end {
            End::Paragraph => {}
            End::Cell => open.cells.push(std::mem::take(&mut open.cell)),
            End::Row(shape) => {
                if !open.cell.is_empty() {
                    open.cells.push(std::mem::take(&mut open.cell));
                }
                open.rows.push(Row { cells: std::mem::take(&mut open.cells), shape });
            }
        }
    }

    /// Takes an element that stands between paragraphs (`sectPr`).
    pub(in crate::read) fn element(&mut self, element: Node) {
        while !self.open.is_empty() {
            self.close();
        }
        self.body.push(element);
    }

    /// The whole as a body.
    pub(in crate::read) fn finish(mut self) -> Node {
        while !self.open.is_empty() {
            self.close();
        }
        node("body", &[], self.body)
    }

    fn place(&mut self, element: Node) {
        match self.open.last_mut() {
            Some(open) => open.cell.push(element),
            None => self.body.push(element),
        }
    }

    /// Ends the innermost table. Cells whose row never ended are a row.
    fn close(&mut self) {
        let Some(mut open) = self.open.pop() else { return };
        if !open.cell.is_empty() {
            open.cells.push(open.cell);
        }
        if !open.cells.is_empty() {
            // Paragraphs that call themselves part of a table without any row of it are paragraphs.
            if open.rows.is_empty() && open.cells.len() == 1 {
                open.cells.into_iter().flatten().for_each(|n| self.place(n));
                return;
            }
            open.rows.push(Row { cells: open.cells, shape: RowShape::default() });
        }
        if !open.rows.is_empty() {
            let table = table(open.rows);
            self.place(table);
        }
    }
}

/// An element.
pub(in crate::read) fn node(name: &str, attributes: &[(&str, &str)], children: Vec<Node>) -> Node {
    let owned = |(n, v): &(&str, &str)| ((*n).to_string(), (*v).to_string());
    Node {
        name: name.to_string(),
        attributes: attributes.iter().map(owned).collect(),
        children: children.into_iter().map(Child::Node).collect(),
    }
}

/// A run of text in a font; the font may be empty.
pub(in crate::read) fn text_run(text: &str, font: &str) -> Node {
    let words =
        Node { name: "t".into(), attributes: Vec::new(), children: vec![Child::Text(text.to_string())] };
    run(font, words)
}

/// A run around one element.
pub(in crate::read) fn run(font: &str, content: Node) -> Node {
    let mut children = Vec::new();
    if !font.is_empty() {
        children.push(node("rPr", &[], vec![node("rFonts", &[("ascii", font)], Vec::new())]));
    }
    children.push(content);
    node("r", &[], children)
}

/// A check box of a form.
pub(in crate::read) fn tick(ticked: bool) -> Node {
    let state = node("checked", &[("val", if ticked { "1" } else { "0" })], Vec::new());
    let check = node("checkBox", &[], vec![state]);
    run("", node("fldChar", &[], vec![node("ffData", &[], vec![check])]))
}

/// What a field shows that has a state or a code instead of a result: a check box, a symbol, a mark drawn over a box.
pub(in crate::read) fn field(code: &str, ticked: Option<bool>) -> Option<Node> {
    let words: Vec<&str> = code.split_whitespace().collect();
    match words.first()?.to_ascii_uppercase().as_str() {
        "FORMCHECKBOX" => Some(tick(ticked.unwrap_or(false))),
        "SYMBOL" => {
            let number = words.get(1)?;
            let code = match number.strip_prefix("0x") {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            let font = words.iter().position(|w| *w == "\\f").and_then(|i| words.get(i + 1..))?;
            let font =
                font.iter().take_while(|w| !w.starts_with('\\')).copied().collect::<Vec<_>>().join(" ");
            let code = format!("{code:04X}");
            Some(run("", node("sym", &[("font", font.trim_matches('"')), ("char", &code)], Vec::new())))
        }
        // `EQ \o\ac(□,√)`: characters drawn one over the other. A box with a mark is a ticked box.
        "EQ" if code.to_ascii_lowercase().contains("\\o") => {
            let drawn = code.split_once('(')?.1;
            let has = |set: &[char]| drawn.contains(set);
            let ticked = has(&['□', '☐', '○', '口']) && has(&['√', '✓', '✔', '×', '✗', '■']);
            ticked.then(|| text_run("☑", ""))
        }
        _ => None,
    }
}

/// A section: its size in twentieths of a point, and whether it goes on on the same page.
pub(in crate::read) fn section(size: Option<(u32, u32)>, continuous: bool) -> Node {
    let mut children = Vec::new();
    if continuous {
        children.push(node("type", &[("val", "continuous")], Vec::new()));
    }
    if let Some((w, h)) = size {
        children.push(node("pgSz", &[("w", &w.to_string()), ("h", &h.to_string())], Vec::new()));
    }
    node("sectPr", &[], children)
}

/// A cell that says how many rows and columns it covers.
#[derive(Debug, Default)]
pub(in crate::read) struct Spanned {
    /// Its paragraphs and tables.
    pub(in crate::read) content: Vec<Node>,
    /// Rows covered.
    pub(in crate::read) rows: u32,
    /// Columns covered.
    pub(in crate::read) cols: u32,
}

/// Rows of cells that say what they cover, as a table: where a cell from above reaches into a row, Word's tree has a
/// cell of its own that says so.
pub(in crate::read) fn spanned_table(rows: Vec<Vec<Spanned>>) -> Node {
    const COLUMNS: u32 = 512;
    // Columns that a cell from above still covers: how many rows more, and whether the cell begins there.
    let mut above: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
    let mut out = Vec::new();
    for row in rows {
        let mut col = 0u32;
        let mut next: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
        let mut cells = vec![node("trPr", &[], Vec::new())];
        let mut row = row.into_iter();
        loop {
            if let Some((left, span)) = above.remove(&col) {
                cells.push(table_cell(span, Some(false), Vec::new()));
                if left > 1 {
                    next.insert(col, (left - 1, span));
                }
                col = col.saturating_add(span);
                continue;
            }
            let Some(cell) = row.next().filter(|_| col < COLUMNS) else { break };
            // A cell ends where one from above begins.
            let free = above.range(col..).next().map_or(COLUMNS, |(c, _)| *c) - col;
            let span = cell.cols.clamp(1, free.max(1));
            cells.push(table_cell(span, (cell.rows > 1).then_some(true), cell.content));
            if cell.rows > 1 {
                next.insert(col, (cell.rows - 1, span));
            }
            col += span;
        }
        // Cells from above beyond the end of the row go on below it.
        next.extend(
            above.into_iter().filter(|(_, (left, _))| *left > 1).map(|(c, (left, s))| (c, (left - 1, s))),
        );
        above = next;
        out.push(node("tr", &[], cells));
    }
    node("tbl", &[], out)
}

/// A cell of Word's tree; `merge`: it begins a merge downwards, or goes on with one.
fn table_cell(span: u32, merge: Option<bool>, content: Vec<Node>) -> Node {
    let mut properties = vec![node("gridSpan", &[("val", &span.to_string())], Vec::new())];
    match merge {
        Some(true) => properties.push(node("vMerge", &[("val", "restart")], Vec::new())),
        Some(false) => properties.push(node("vMerge", &[], Vec::new())),
        None => {}
    }
    let mut children = vec![node("tcPr", &[], properties)];
    children.extend(content);
    node("tc", &[], children)
}

/// Rows as a table: the columns are those between all edges of all rows.
fn table(rows: Vec<Row>) -> Node {
    let mut edges: Vec<i32> =
        rows.iter().filter(|r| is_shaped(r)).flat_map(|r| r.shape.edges.clone()).collect();
    edges.sort_unstable();
    let mut grid: Vec<i32> = Vec::new();
    for edge in edges {
        if grid.last().is_none_or(|last| edge.saturating_sub(*last) > NEAR) {
            grid.push(edge);
        }
    }
    node("tbl", &[], rows.into_iter().map(|r| table_row(r, &grid)).collect())
}

/// Whether a row knows the edges of its cells.
fn is_shaped(row: &Row) -> bool {
    let edges = &row.shape.edges;
    edges.len() > row.cells.len() && edges.windows(2).all(|w| w[0] <= w[1])
}

fn table_row(row: Row, grid: &[i32]) -> Node {
    // The last column that begins at or before an edge.
    let column = |edge: i32| grid.partition_point(|g| *g <= edge).saturating_sub(1);
    let shaped = is_shaped(&row);
    let edges = row.shape.edges;
    let mut properties = Vec::new();
    if row.shape.deleted {
        properties.push(node("del", &[], Vec::new()));
    }
    let before = if shaped { edges.first().map_or(0, |e| column(*e)) } else { 0 };
    if before > 0 {
        properties.push(node("gridBefore", &[("val", &before.to_string())], Vec::new()));
    }
    let mut cells: Vec<(Vec<Node>, usize, Merge)> = Vec::new();
    for (i, content) in row.cells.into_iter().enumerate() {
        let span = match (edges.get(i), edges.get(i + 1)) {
            (Some(left), Some(right)) if shaped => column(*right).saturating_sub(column(*left)).max(1),
            _ => 1,
        };
        let merge = row.shape.cells.get(i).copied().unwrap_or_default();
        match cells.last_mut() {
            Some(last) if merge.along => {
                last.1 += span;
                last.0.extend(content.into_iter().filter(|n| n.nodes().next().is_some()));
            }
            _ => cells.push((content, span, merge)),
        }
    }
    let mut children = vec![node("trPr", &[], properties)];
    children.extend(cells.into_iter().map(|(content, span, merge)| {
        let how = if merge.starts { Some(true) } else { merge.down.then_some(false) };
        table_cell(u32::try_from(span).unwrap_or(1), how, content)
    }));
    node("tr", &[], children)
}

#[cfg(test)]
mod tests;

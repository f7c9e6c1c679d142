//! Workbooks: a sheet is a page, its used range one table; cached formula results, as they are shown.

mod display;

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use calamine::{Reader as _, SheetType, SheetVisible, Xlsx};
use zip::ZipArchive;

use super::{ReadContext, Reader};
use crate::model::{Cell, Confidence, Format, Grade, Line, Page, Place, ReadBy, ReadError, Reading, Table};

/// Most cells of a sheet.
const CELLS: usize = 400_000;
/// Sheets are as wide and high as paper for whoever asks.
const PAPER: (f32, f32) = (841.9, 595.3);

/// Reads XLSX.
pub struct XlsxReader;

/// The shown cells of a sheet by row and column.
type Grid = BTreeMap<(u32, u32), String>;

impl Reader for XlsxReader {
    fn formats(&self) -> &'static [Format] {
        &[Format::Xlsx]
    }

    fn read(&self, bytes: &[u8], cx: &ReadContext<'_>) -> Result<Reading, ReadError> {
        guard(bytes, cx.max_inflated)?;
        let mut book: Xlsx<_> =
            Xlsx::new(Cursor::new(bytes)).map_err(|e| ReadError::Damaged(e.to_string()))?;
        let mut notes = Vec::new();
        let mut pages = Vec::new();
        for sheet in book.sheets_metadata().to_vec() {
            let number = u32::try_from(pages.len()).unwrap_or(u32::MAX) + 1;
            if number > cx.max_pages {
                notes.push(format!("工作表超过 {} 张，之后的未读", cx.max_pages));
                break;
            }
            if sheet.visible != SheetVisible::Visible {
                notes.push(format!("工作表“{}”是隐藏的", sheet.name));
            }
            let mut page = Page::empty(number, PAPER.0, PAPER.1, ReadBy::Xlsx);
            if matches!(sheet.typ, SheetType::WorkSheet) {
                match grid(&mut book, &sheet.name, &mut notes) {
                    Ok(grid) => {
                        let merged = book.merge_cells_by_sheet_name(&sheet.name).unwrap_or_default();
                        let spans = merged
                            .iter()
                            .map(|d| (d.start, (d.end.0 - d.start.0 + 1, d.end.1 - d.start.1 + 1)));
                        fill(&mut page, &sheet.name, &grid, &spans.collect());
                    }
                    Err(e) => notes.push(format!("工作表“{}”无法读取：{e}", sheet.name)),
                }
            }
            pages.push(page);
        }
        Ok(Reading { read_by: ReadBy::Xlsx, pages, notes })
    }

    fn render(&self, _bytes: &[u8], _page: u32, _dpi: f32) -> Option<image::RgbImage> {
        None
    }
}

/// Refuses packages that inflate beyond the limit before the parser sees them.
fn guard(bytes: &[u8], limit: u64) -> Result<(), ReadError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| ReadError::Damaged(e.to_string()))?;
    let mut left = limit;
    for i in 0..archive.len() {
        let Ok(file) = archive.by_index(i) else { continue };
        let media = file.name().is_ok_and(|n| !n.ends_with(".xml") && !n.ends_with(".rels"));
        if media {
            continue;
        }
        let size = std::io::copy(&mut file.take(left.saturating_add(1)), &mut std::io::sink()).unwrap_or(0);
        if size > left {
            return Err(ReadError::Limit(format!("工作簿解压后超过 {limit} 字节")));
        }
        left -= size;
    }
    Ok(())
}

fn grid(
    book: &mut Xlsx<Cursor<&[u8]>>,
    sheet: &str,
    notes: &mut Vec<String>,
) -> Result<Grid, calamine::XlsxError> {
    let mut reader = book.worksheet_cells_reader(sheet)?;
    let mut grid = Grid::new();
    while let Some((cell, style)) = reader.next_cell_with_style_id()? {
        let format =
            reader.styles().get(style).and_then(|s| s.number_format.as_ref()).map(|f| f.format_code.as_str());
        let text = display::shown(cell.get_value(), format);
        if text.trim().is_empty() {
            continue;
        }
        grid.insert(cell.get_position(), text);
        if grid.len() >= CELLS {
            notes.push(format!("工作表“{sheet}”的单元格超过 {CELLS} 个，之后的未读"));
            break;
        }
    }
    Ok(grid)
}

/// Puts a sheet's cells on a page: one table over the used range, a line for every text line.
fn fill(page: &mut Page, sheet: &str, grid: &Grid, spans: &BTreeMap<(u32, u32), (u32, u32)>) {
    let Some(top) = grid.keys().map(|k| k.0).min() else { return };
    let Some(left) = grid.keys().map(|k| k.1).min() else { return };
    let bottom = grid.keys().map(|k| k.0).max().unwrap_or(top);
    let right = grid.keys().map(|k| k.1).max().unwrap_or(left);
    let place = |row, col| Place::Cell { sheet: sheet.to_string(), row, col };
    let mut cells = Vec::new();
    // Empty merged cells matter too: they say which columns belong together.
    let mut corners: BTreeMap<(u32, u32), &str> = grid.iter().map(|(k, v)| (*k, v.as_str())).collect();
    for (corner, span) in spans {
        let inside = (top..=bottom).contains(&corner.0) && (left..=right).contains(&corner.1);
        if inside && span.0.max(span.1) > 1 {
            corners.entry(*corner).or_insert("");
        }
    }
    for ((row, col), text) in corners {
        let (rows, cols) = spans.get(&(row, col)).copied().unwrap_or((1, 1));
        let mut lines = Vec::new();
        for part in text.split(['\n', '\r']).filter(|p| !p.trim().is_empty()) {
            lines.push(page.lines.len() as u32);
            page.lines.push(Line {
                text: part.to_string(),
                place: place(row, col),
                grade: Grade::Text,
                confidence: Confidence::FULL,
                row: row - top,
                table: Some(0),
                edges: Vec::new(),
                size: 0.0,
            });
        }
        cells.push(Cell {
            row: row - top,
            col: col - left,
            row_span: rows.min(bottom - row + 1),
            col_span: cols.min(right - col + 1),
            text: text.replace("\r\n", "\n").replace('\r', "\n"),
            place: place(row, col),
            grade: Grade::Text,
            confidence: Confidence::FULL,
            lines,
        });
    }
    page.tables.push(Table {
        place: place(top, left),
        rows: bottom - top + 1,
        cols: right - left + 1,
        cells,
        ruled: true,
    });
}

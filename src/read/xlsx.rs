//! Workbooks: a sheet is a page, its used range one table; cached formula results, as they are shown.

use std::io::{Cursor, Read};

use calamine::{Reader as _, SheetType, SheetVisible, Xlsx};
use zip::ZipArchive;

use super::sheet::{self, CELLS, Grid, display};
use super::{ReadContext, Reader};
use crate::model::{Format, ReadBy, ReadError, Reading};

/// Reads XLSX.
pub struct XlsxReader;

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
        for meta in book.sheets_metadata().to_vec() {
            let number = u32::try_from(pages.len()).unwrap_or(u32::MAX) + 1;
            if number > cx.max_pages {
                notes.push(sheet::too_many(cx.max_pages));
                break;
            }
            if meta.visible != SheetVisible::Visible {
                notes.push(sheet::hidden(&meta.name));
            }
            let mut page = sheet::page(number, ReadBy::Xlsx);
            if matches!(meta.typ, SheetType::WorkSheet) {
                match grid(&mut book, &meta.name, &mut notes) {
                    Ok(grid) => {
                        let merged = book.merge_cells_by_sheet_name(&meta.name).unwrap_or_default();
                        let spans = merged
                            .iter()
                            .map(|d| (d.start, (d.end.0 - d.start.0 + 1, d.end.1 - d.start.1 + 1)));
                        sheet::fill(&mut page, &meta.name, &grid, &spans.collect());
                    }
                    Err(e) => notes.push(format!("工作表“{}”无法读取：{e}", meta.name)),
                }
            }
            pages.push(page);
        }
        Ok(Reading { notes, ..Reading::new(ReadBy::Xlsx, pages) })
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
    name: &str,
    notes: &mut Vec<String>,
) -> Result<Grid, calamine::XlsxError> {
    let mut reader = book.worksheet_cells_reader(name)?;
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
            notes.push(sheet::too_large(name));
            break;
        }
    }
    Ok(grid)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use crate::model::Place;

    use super::*;

    fn workbook(sheet: &str) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let package = "http://schemas.openxmlformats.org/package/2006/relationships";
        let parts = [
            (
                "_rels/.rels",
                format!(
                    r#"<Relationships xmlns="{package}"><Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
                ),
            ),
            (
                "xl/workbook.xml",
                format!(
                    r#"<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="清单" sheetId="1" r:id="r1"/><sheet name="底稿" sheetId="2" state="hidden" r:id="r1"/></sheets></workbook>"#
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                format!(
                    r#"<Relationships xmlns="{package}"><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
                ),
            ),
            ("xl/worksheets/sheet1.xml", format!(r#"<worksheet xmlns="{main}">{sheet}</worksheet>"#)),
        ];
        for (path, text) in parts {
            zip.start_file(path, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    const SHEET: &str = r#"<sheetData><row r="2"><c r="B2" t="inlineStr"><is><t>投资清单</t></is></c></row>
        <row r="3"><c r="B3" t="inlineStr"><is><t>服务器</t></is></c><c r="C3"><f>0.1+0.2</f><v>0.30000000000000004</v></c></row></sheetData>
        <mergeCells count="1"><mergeCell ref="B2:C2"/></mergeCells>"#;

    #[test]
    fn a_sheet_is_a_page_with_one_table() {
        let reading = XlsxReader.read(&workbook(SHEET), &ReadContext::new(None)).unwrap();
        assert_eq!(reading.pages.len(), 2);
        assert_eq!(reading.notes, ["工作表“底稿”是隐藏的"]);
        let table = &reading.pages[0].tables[0];
        assert_eq!((table.rows, table.cols), (2, 2));
        assert_eq!((table.cells[0].text.as_str(), table.cells[0].col_span), ("投资清单", 2));
        let sum = table.at(1, 1).unwrap();
        assert_eq!(sum.text, "0.3");
        assert_eq!(sum.place, Place::Cell { sheet: "清单".into(), row: 2, col: 2 });
    }

    #[test]
    fn what_inflates_beyond_the_limit_is_refused() {
        let cx = ReadContext { max_inflated: 500, ..ReadContext::new(None) };
        let result = XlsxReader.read(&workbook(SHEET), &cx);
        assert!(matches!(result, Err(ReadError::Limit(_))), "{result:?}");
    }

    #[test]
    fn any_damage_ends_in_a_reading_or_a_reason() {
        crate::read::mutants::mutants(SHEET.as_bytes(), |bytes| {
            let _ = XlsxReader.read(&workbook(&String::from_utf8_lossy(bytes)), &ReadContext::new(None));
        });
        crate::read::mutants::mutants(&workbook(SHEET), |bytes| {
            let _ = XlsxReader.read(bytes, &ReadContext::new(None));
        });
    }
}

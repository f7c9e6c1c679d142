//! Values parted by commas, semicolons, tabs or bars, in UTF-8, UTF-16 or the national encoding.

use super::sheet::{self, CELLS, Grid, Spans};
use super::{ReadContext, Reader, xml};
use crate::model::{Format, ReadBy, ReadError, Reading};
use crate::text::separated::{delimiter_of, records};

/// The name under which cells are cited.
const SHEET: &str = "CSV";

/// Reads CSV.
pub struct CsvReader;

impl Reader for CsvReader {
    fn formats(&self) -> &'static [Format] {
        &[Format::Csv]
    }

    fn read(&self, bytes: &[u8], cx: &ReadContext<'_>) -> Result<Reading, ReadError> {
        if bytes.len() as u64 > cx.max_inflated {
            return Err(ReadError::Limit(format!("CSV 超过 {} 字节", cx.max_inflated)));
        }
        let text = xml::decode(bytes);
        let text = text.trim_start_matches('\u{feff}');
        let delimiter = delimiter_of(text).unwrap_or(',');
        let mut notes = Vec::new();
        let mut grid = Grid::new();
        'all: for (row, record) in records(text, delimiter).enumerate() {
            for (col, field) in record.into_iter().enumerate() {
                // Exports keep long numbers from being rounded by a tab or an apostrophe, or write them as a formula.
                let field = plain(&field);
                if field.is_empty() {
                    continue;
                }
                if grid.len() >= CELLS {
                    notes.push(sheet::too_large(SHEET));
                    break 'all;
                }
                grid.insert((row as u32, col as u32), field.to_string());
            }
        }
        let mut page = sheet::page(1, ReadBy::Csv);
        sheet::fill(&mut page, SHEET, &grid, &Spans::new());
        Ok(Reading { notes, ..Reading::new(ReadBy::Csv, vec![page]) })
    }

    fn render(&self, _bytes: &[u8], _page: u32, _dpi: f32) -> Option<image::RgbImage> {
        None
    }
}

/// A field without what keeps a workbook from taking it for a number.
fn plain(field: &str) -> &str {
    let field = field.trim();
    let inner = field.strip_prefix("=\"").and_then(|f| f.strip_suffix('"'));
    let field = inner.unwrap_or(field);
    let long = |f: &&str| !f.is_empty() && f.bytes().all(|b| b.is_ascii_digit());
    field.strip_prefix('\'').filter(long).unwrap_or(field).trim()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Place;

    fn cells(bytes: &[u8]) -> Vec<(u32, u32, String)> {
        let reading = CsvReader.read(bytes, &ReadContext::new(None)).unwrap();
        reading.pages[0].tables[0].cells.iter().map(|c| (c.row, c.col, c.text.clone())).collect()
    }

    #[test]
    fn delimiters_quotes_and_encodings() {
        let text = "序号,名称,金额\r\n1,\"服务器, 机架式\",\"1,200.00\"\r\n2,\"两\"\"行\"\"\n字\",=\"43001234567890\"\r\n";
        let expected = vec![
            (0, 0, "序号".to_string()),
            (0, 1, "名称".into()),
            (0, 2, "金额".into()),
            (1, 0, "1".into()),
            (1, 1, "服务器, 机架式".into()),
            (1, 2, "1,200.00".into()),
            (2, 0, "2".into()),
            (2, 1, "两\"行\"\n字".into()),
            (2, 2, "43001234567890".into()),
        ];
        assert_eq!(cells(text.as_bytes()), expected);
        assert_eq!(cells(&encoding_rs::GB18030.encode(text).0), expected);
        let wide: Vec<u8> = "\u{feff}"
            .chars()
            .chain(
                text.replace("服务器, 机架式", "服务器")
                    .replace("\"1,200.00\"", "1200")
                    .chars()
                    .map(|c| if c == ',' { '\t' } else { c }),
            )
            .collect::<String>()
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(cells(&wide)[4], (1, 1, "服务器".into()));
    }

    #[test]
    fn places_are_cells() {
        let reading = CsvReader.read("甲;乙\n1;2\n3;4\n".as_bytes(), &ReadContext::new(None)).unwrap();
        let table = &reading.pages[0].tables[0];
        assert_eq!(table.at(1, 1).unwrap().place, Place::Cell { sheet: "CSV".into(), row: 1, col: 1 });
    }

    #[test]
    fn any_damage_ends_in_a_reading_or_a_reason() {
        let text =
            "序号,名称,金额\r\n1,\"服务器, 机架式\",\"1,200.00\"\r\n2,\"两\"\"行\"\"\n字\",=\"43001\"\r\n";
        for bytes in [text.as_bytes(), &encoding_rs::GB18030.encode(text).0] {
            crate::read::mutants::mutants(bytes, |bytes| {
                let _ = CsvReader.read(bytes, &ReadContext::new(None));
            });
        }
    }
}

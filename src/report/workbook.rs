//! Workbooks for people: a title, lines below it, a table with its heads. The same content gives the same bytes.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, XlsxError};
use unicode_width::UnicodeWidthStr;

/// One sheet.
pub(super) struct Sheet {
    /// Its name: at most 31 characters, of which some are not allowed; what does not fit is left out.
    pub name: String,
    /// Set large above the table.
    pub title: String,
    /// Lines between title and table.
    pub notes: Vec<String>,
    /// Heads of the columns with their widths in characters.
    pub heads: Vec<(&'static str, f64)>,
    /// The cells, all as text: a program must not turn a number of twenty digits into a rounded one.
    pub rows: Vec<Vec<String>>,
}

/// The workbook's bytes.
///
/// # Errors
/// What the library refuses, which no content of these sheets should be.
pub(super) fn bytes(sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The day of writing would make every copy another file.
    let properties = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&properties));
    let title = Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center);
    let head = Format::new()
        .set_bold()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap();
    let cell = Format::new()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap()
        .set_num_format("@");
    for (i, sheet) in sheets.iter().enumerate() {
        let page = book.add_worksheet();
        page.set_name(name(&sheet.name, i))?;
        page.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
        let last = column(sheet.heads.len().saturating_sub(1));
        page.merge_range(0, 0, 0, last, &sheet.title, &title)?;
        let mut row = 1;
        for note in &sheet.notes {
            page.write_string(row, 0, note)?;
            row += 1;
        }
        for (c, (text, width)) in sheet.heads.iter().enumerate() {
            page.set_column_width(column(c), *width)?;
            page.write_string_with_format(row, column(c), *text, &head)?;
        }
        page.set_repeat_rows(row, row)?;
        for (r, cells) in (row + 1..).zip(&sheet.rows) {
            // Not every program fits rows to wrapped text by itself.
            let lines = cells.iter().zip(&sheet.heads).map(|(text, head)| lines(text, head.1)).max();
            page.set_row_height(r, 15.0 * f64::from(lines.unwrap_or(1).min(27)))?;
            for (c, text) in cells.iter().enumerate() {
                page.write_string_with_format(r, column(c), text, &cell)?;
            }
        }
    }
    book.save_to_buffer()
}

/// Lines a text takes in a column of some width; a Chinese character is two wide.
fn lines(text: &str, width: f64) -> u32 {
    let one =
        |line: &str| (UnicodeWidthStr::width(line) as f64 / (width - 1.0).max(1.0)).ceil().max(1.0) as u32;
    text.lines().map(one).sum::<u32>().max(1)
}

fn column(i: usize) -> u16 {
    u16::try_from(i).unwrap_or(u16::MAX)
}

/// A name the format allows, and no other sheet's.
fn name(wanted: &str, index: usize) -> String {
    let kept: String =
        wanted.chars().filter(|c| !"[]:*?/\\'".contains(*c) && !c.is_control()).take(26).collect();
    match (kept.is_empty(), index) {
        (true, _) => format!("表{}", index + 1),
        (false, 0) => kept,
        (false, _) => format!("{kept}（{}）", index + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_text_gets_its_lines() {
        assert_eq!(lines("", 10.0), 1);
        assert_eq!(lines("12345678", 10.0), 1);
        assert_eq!(lines("销售方一致合计", 10.0), 2);
        assert_eq!(lines("甲\n乙", 10.0), 2);
    }
}

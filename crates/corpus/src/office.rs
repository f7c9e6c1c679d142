//! Word and Excel files, and the zip they and the packed submissions are made of. No clock: same bytes each run.

use std::fmt::Write as _;
use std::io::Write as _;

use crate::canvas::{Align, Mark};
use crate::flow::{Block, Grid, Span, place};

/// A zip of named parts; names as raw bytes, so that GBK names can be made.
pub fn zip(parts: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::new();
    let mut directory: Vec<u8> = Vec::new();
    for (name, data) in parts {
        let mut crc = flate2::Crc::new();
        crc.update(data);
        let mut deflate = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::new(6));
        deflate.write_all(data).expect("in memory");
        let packed = deflate.finish().expect("in memory");
        let offset = out.len() as u32;
        let mut head: Vec<u8> = Vec::new();
        // Version, flags, method, time, date (2023-02-10), crc, sizes, name length, extra length.
        for v in [20u16, 0, 8, 0x4800, 0x564a] {
            head.extend(v.to_le_bytes());
        }
        for v in [crc.sum(), packed.len() as u32, data.len() as u32] {
            head.extend(v.to_le_bytes());
        }
        head.extend((name.len() as u16).to_le_bytes());
        head.extend(0u16.to_le_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(&head);
        out.extend(name);
        out.extend(&packed);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&head);
        directory.extend([0u8; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name);
    }
    let start = out.len() as u32;
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    for _ in 0..2 {
        out.extend((parts.len() as u16).to_le_bytes());
    }
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn run(text: &str, font: &str, half_points: u32, under: bool) -> String {
    let u = if under { "<w:u w:val=\"single\"/>" } else { "" };
    let mut body = String::new();
    for (i, part) in text.split('\n').enumerate() {
        if i > 0 {
            body.push_str("<w:br/>");
        }
        let _ = write!(body, "<w:t xml:space=\"preserve\">{}</w:t>", escape(part));
    }
    format!(
        "<w:r><w:rPr><w:rFonts w:eastAsia=\"{font}\" w:ascii=\"{font}\" w:hAnsi=\"{font}\"/>{u}<w:sz w:val=\"{half_points}\"/></w:rPr>{body}</w:r>"
    )
}

fn paragraph(spans: &[Span], font: &str, half: u32, align: &str, indent: bool) -> String {
    let ind = if indent { "<w:ind w:firstLineChars=\"200\" w:firstLine=\"560\"/>" } else { "" };
    let runs: String = spans.iter().map(|s| run(&s.text, font, half, s.under)).collect();
    format!(
        "<w:p><w:pPr><w:spacing w:line=\"520\" w:lineRule=\"exact\"/>{ind}<w:jc w:val=\"{align}\"/></w:pPr>{runs}</w:p>"
    )
}

fn table(grid: &Grid) -> String {
    let total: f32 = grid.widths.iter().sum();
    let unit = |w: f32| (w / total * 9020.0).round() as u32;
    let border = if grid.ruled { "single" } else { "none" };
    let sides: String = ["top", "left", "bottom", "right", "insideH", "insideV"]
        .iter()
        .map(|s| format!("<w:{s} w:val=\"{border}\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>"))
        .collect();
    let cols: String = grid.widths.iter().map(|w| format!("<w:gridCol w:w=\"{}\"/>", unit(*w))).collect();
    let mut out = format!(
        "<w:tbl><w:tblPr><w:tblW w:w=\"9020\" w:type=\"dxa\"/><w:tblBorders>{sides}</w:tblBorders></w:tblPr><w:tblGrid>{cols}</w:tblGrid>"
    );
    let placed = place(grid);
    for r in 0..grid.rows.len() {
        out.push_str("<w:tr>");
        let mut col = 0;
        while col < grid.widths.len() {
            let Some((r0, c0, cell)) =
                placed.iter().find(|(r0, c0, cell)| *c0 == col && *r0 <= r && r < r0 + cell.span.1)
            else {
                col += 1;
                continue;
            };
            let width: f32 = grid.widths[*c0..c0 + cell.span.0].iter().sum();
            let _ = write!(out, "<w:tc><w:tcPr><w:tcW w:w=\"{}\" w:type=\"dxa\"/>", unit(width));
            if cell.span.0 > 1 {
                let _ = write!(out, "<w:gridSpan w:val=\"{}\"/>", cell.span.0);
            }
            if cell.span.1 > 1 {
                out.push_str(if *r0 == r { "<w:vMerge w:val=\"restart\"/>" } else { "<w:vMerge/>" });
            }
            out.push_str("<w:vAlign w:val=\"center\"/></w:tcPr>");
            let align = match cell.align {
                Align::Left => "left",
                Align::Centre => "center",
                Align::Right => "right",
            };
            let text = if *r0 == r { cell.text.as_str() } else { "" };
            for part in text.split('\n') {
                let _ = write!(
                    out,
                    "<w:p><w:pPr><w:jc w:val=\"{align}\"/></w:pPr>{}</w:p>",
                    run(part, "宋体", 21, false)
                );
            }
            out.push_str("</w:tc>");
            col += cell.span.0;
        }
        out.push_str("</w:tr>");
    }
    out.push_str("</w:tbl>");
    out
}

/// A Word file, with the fields it shows.
pub fn docx(blocks: &[Block]) -> (Vec<u8>, Vec<Mark>) {
    let mut body = String::new();
    let mut marks = Vec::new();
    let mut mark = |shows: &crate::canvas::Shows| {
        marks.extend(shows.iter().map(|(field, value)| Mark {
            field: field.clone(),
            value: value.clone(),
            page: 1,
            part: 0,
            bbox: None,
        }));
    };
    for block in blocks {
        match block {
            Block::Title(spans, scale) => {
                spans.iter().for_each(|s| mark(&s.shows));
                body.push_str(&paragraph(spans, "黑体", (28.0 * scale) as u32, "center", false));
            }
            Block::Head(text) => {
                body.push_str(&paragraph(&[crate::flow::t(text.as_str())], "黑体", 32, "left", false))
            }
            Block::Sub(text) => {
                body.push_str(&paragraph(&[crate::flow::t(text.as_str())], "楷体", 32, "left", false))
            }
            Block::Para(spans, indent) => {
                spans.iter().for_each(|s| mark(&s.shows));
                body.push_str(&paragraph(spans, "宋体", 28, "left", *indent));
            }
            Block::Table(grid) => {
                place(grid).iter().for_each(|(_, _, c)| mark(&c.shows));
                body.push_str(&table(grid));
                body.push_str("<w:p/>");
            }
            Block::Break => body.push_str("<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>"),
            Block::Gap(_) => body.push_str("<w:p/>"),
            Block::Seal(..) => {}
        }
    }
    let ns = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><w:document {ns}><w:body>{body}<w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1440\" w:right=\"1440\" w:bottom=\"1440\" w:left=\"1440\"/></w:sectPr></w:body></w:document>"
    );
    let bytes = package(
        &[("word/document.xml", document)],
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        "word/document.xml",
    );
    (bytes, marks)
}

fn package(parts: &[(&str, String)], main: &str, target: &str) -> Vec<u8> {
    let sheets: String = parts
        .iter()
        .filter(|(n, _)| n.contains("worksheets"))
        .map(|(n, _)| format!("<Override PartName=\"/{n}\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>"))
        .collect();
    let types = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/{target}\" ContentType=\"{main}\"/>{sheets}</Types>"
    );
    let rels = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"{target}\"/></Relationships>"
    );
    let mut all = vec![
        (b"[Content_Types].xml".to_vec(), types.into_bytes()),
        (b"_rels/.rels".to_vec(), rels.into_bytes()),
    ];
    all.extend(parts.iter().map(|(n, t)| (n.as_bytes().to_vec(), t.clone().into_bytes())));
    zip(&all)
}

fn reference(row: usize, col: usize) -> String {
    format!("{}{}", char::from(b'A' + col as u8), row + 1)
}

/// A workbook with one sheet for each named grid, with the fields it shows. Plain numbers are number cells.
pub fn xlsx(sheets: &[(&str, &Grid)]) -> (Vec<u8>, Vec<Mark>) {
    let mut marks = Vec::new();
    let mut parts = Vec::new();
    let mut list = String::new();
    let mut rels = String::new();
    for (n, (name, grid)) in sheets.iter().enumerate() {
        let mut rows = vec![String::new(); grid.rows.len()];
        let mut merges = String::new();
        let mut count = 0;
        for (r, col, cell) in place(grid) {
            let at = reference(r, col);
            let bare = cell.text.replace(',', "");
            let number = cell.align == Align::Right && bare.parse::<f64>().is_ok();
            if number {
                let _ = write!(rows[r], "<c r=\"{at}\"><v>{bare}</v></c>");
            } else if !cell.text.is_empty() {
                let _ = write!(
                    rows[r],
                    "<c r=\"{at}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
                    escape(&cell.text)
                );
            }
            if cell.span != (1, 1) {
                count += 1;
                let _ = write!(
                    merges,
                    "<mergeCell ref=\"{at}:{}\"/>",
                    reference(r + cell.span.1 - 1, col + cell.span.0 - 1)
                );
            }
            marks.extend(cell.shows.iter().map(|(f, v)| Mark {
                field: f.clone(),
                value: v.clone(),
                page: n as u32 + 1,
                part: n,
                bbox: None,
            }));
        }
        let data: String =
            rows.iter().enumerate().map(|(r, x)| format!("<row r=\"{}\">{x}</row>", r + 1)).collect();
        let merged = if count > 0 {
            format!("<mergeCells count=\"{count}\">{merges}</mergeCells>")
        } else {
            String::new()
        };
        let sheet = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{data}</sheetData>{merged}</worksheet>"
        );
        let id = n + 1;
        parts.push((format!("xl/worksheets/sheet{id}.xml"), sheet));
        let _ = write!(list, "<sheet name=\"{}\" sheetId=\"{id}\" r:id=\"rId{id}\"/>", escape(name));
        let _ = write!(
            rels,
            "<Relationship Id=\"rId{id}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet{id}.xml\"/>"
        );
    }
    let workbook = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>{list}</sheets></workbook>"
    );
    let book_rels = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{rels}</Relationships>"
    );
    let mut all: Vec<(&str, String)> =
        vec![("xl/workbook.xml", workbook), ("xl/_rels/workbook.xml.rels", book_rels)];
    all.extend(parts.iter().map(|(n, s)| (n.as_str(), s.clone())));
    let bytes = package(
        &all,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "xl/workbook.xml",
    );
    (bytes, marks)
}

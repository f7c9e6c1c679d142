//! What Office 2003 wrote as XML: workbooks (accounting software still does, and calls them `.xls`) and texts.

mod sheet_xml;

use super::docx::styles::Styles;
use super::dom::{self, Child, Node};
use super::{ReadContext, Reader, docx, flow, sheet, xml};
use crate::model::{Format, ReadBy, ReadError, Reading};

/// Reads workbooks of Excel 2003 in XML.
pub struct SheetXmlReader;

/// Reads texts of Word 2003 in XML.
pub struct WordXmlReader;

fn parse(bytes: &[u8], limit: u64) -> Result<(Node, Vec<String>), ReadError> {
    if bytes.len() as u64 > limit {
        return Err(ReadError::Limit(format!("XML 超过 {limit} 字节")));
    }
    let (root, broken) = dom::parse(&xml::decode(bytes))?;
    let notes = if broken {
        vec!["XML 不完整，只读出了中断之前的内容".to_string()]
    } else {
        Vec::new()
    };
    Ok((root, notes))
}

impl Reader for SheetXmlReader {
    fn formats(&self) -> &'static [Format] {
        &[Format::SheetXml]
    }

    fn read(&self, bytes: &[u8], cx: &ReadContext<'_>) -> Result<Reading, ReadError> {
        let (root, mut notes) = parse(bytes, cx.max_inflated)?;
        let book = root.child("Workbook").ok_or_else(|| ReadError::Damaged("XML 中没有工作簿".into()))?;
        let formats = sheet_xml::formats(book);
        let mut pages = Vec::new();
        for node in book.nodes().filter(|n| n.name == "Worksheet") {
            let number = u32::try_from(pages.len()).unwrap_or(u32::MAX) + 1;
            if number > cx.max_pages {
                notes.push(sheet::too_many(cx.max_pages));
                break;
            }
            let name = node.attribute("Name").unwrap_or_default();
            let options = node.child("WorksheetOptions").and_then(|o| o.child("Visible"));
            if options.is_some_and(|v| v.text().contains("Hidden")) {
                notes.push(sheet::hidden(name));
            }
            let read = sheet_xml::read(node, &formats);
            if read.full {
                notes.push(sheet::too_large(name));
            }
            let mut page = sheet::page(number, ReadBy::Xls);
            sheet::fill(&mut page, name, &read.grid, &read.spans);
            pages.push(page);
        }
        Ok(Reading { notes, ..Reading::new(ReadBy::Xls, pages) })
    }

    fn render(&self, _bytes: &[u8], _page: u32, _dpi: f32) -> Option<image::RgbImage> {
        None
    }
}

impl Reader for WordXmlReader {
    fn formats(&self) -> &'static [Format] {
        &[Format::WordXml]
    }

    fn read(&self, bytes: &[u8], cx: &ReadContext<'_>) -> Result<Reading, ReadError> {
        let (root, mut notes) = parse(bytes, cx.max_inflated)?;
        let document = root.child("wordDocument");
        let styles = Styles::of(document.and_then(|d| d.child("styles")));
        let body = document.and_then(|d| d.child("body"));
        let body = body.ok_or_else(|| ReadError::Damaged("XML 中没有正文".into()))?;
        let mut blocks = Vec::new();
        unwrapped(body, &mut blocks);
        let body = flow::node("body", &[], blocks);
        let pages = docx::pages_of(&body, &styles, ReadBy::Doc, cx.max_pages, &mut notes);
        Ok(Reading { notes, ..Reading::new(ReadBy::Doc, pages) })
    }

    fn render(&self, _bytes: &[u8], _page: u32, _dpi: f32) -> Option<image::RgbImage> {
        None
    }
}

/// The blocks of a body out of the sections that Word 2003 wraps around them, with marks of revisions as later
/// versions write them.
fn unwrapped(node: &Node, out: &mut Vec<Node>) {
    for child in node.nodes() {
        match child.name.as_str() {
            "sect" | "sub-section" | "pBdrGroup" => unwrapped(child, out),
            "annotation" if !is(child, "Deletion") => {
                child.child("content").into_iter().for_each(|c| unwrapped(c, out));
            }
            "annotation" => {}
            _ => out.push(plain(child)),
        }
    }
}

/// Whether an annotation is of this kind.
fn is(annotation: &Node, kind: &str) -> bool {
    annotation.attribute("type").is_some_and(|t| t.rsplit('.').next() == Some(kind))
}

/// An element without annotations: what was inserted stands in their place, what was deleted is gone, comments are no
/// text. A row says that it was deleted as rows do later.
fn plain(node: &Node) -> Node {
    let mut children = Vec::with_capacity(node.children.len());
    for child in &node.children {
        match child {
            Child::Node(note) if note.name == "annotation" => {
                if node.name == "trPr" && is(note, "Deletion") {
                    children.push(Child::Node(flow::node("del", &[], Vec::new())));
                } else if is(note, "Insertion")
                    && let Some(content) = note.child("content")
                {
                    children.extend(plain(content).children);
                }
            }
            Child::Node(group) if group.name == "pBdrGroup" => children.extend(plain(group).children),
            Child::Node(inner) => children.push(Child::Node(plain(inner))),
            Child::Text(text) => children.push(Child::Text(text.clone())),
        }
    }
    // Later versions write these names with a capital.
    let name = match node.name.as_str() {
        "vmerge" => "vMerge".to_string(),
        "hmerge" => "hMerge".to_string(),
        name => name.to_string(),
    };
    Node { name, attributes: node.attributes.clone(), children }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workbook_with_gaps_and_merges() {
        let xml = r#"<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
        <Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
        <Styles><Style ss:ID="s1"><NumberFormat ss:Format="Standard"/></Style><Style ss:ID="s2"><NumberFormat ss:Format="Percent"/></Style>
        <Style ss:ID="d"><NumberFormat ss:Format="yyyy&quot;年&quot;m&quot;月&quot;"/></Style></Styles>
        <Worksheet ss:Name="表"><Table>
        <Row ss:Index="2"><Cell ss:Index="2" ss:MergeAcross="1" ss:MergeDown="1"><Data ss:Type="String">项<B>目</B></Data></Cell><Cell><Data ss:Type="Number">1</Data></Cell></Row>
        <Row><Cell ss:Index="4" ss:StyleID="s1"><Data ss:Type="Number">1234.5</Data></Cell><Cell ss:StyleID="s2"><Data ss:Type="Number">0.365</Data></Cell></Row>
        <Row><Cell ss:Index="2" ss:StyleID="d"><Data ss:Type="DateTime">2022-12-31T00:00:00.000</Data></Cell><Cell><Data ss:Type="DateTime">2022-12-31T00:00:00.000</Data></Cell></Row>
        </Table><WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet></Workbook>"#;
        let reading = SheetXmlReader.read(xml.as_bytes(), &ReadContext::new(None)).unwrap();
        assert_eq!(reading.notes, ["工作表“表”是隐藏的"]);
        let table = &reading.pages[0].tables[0];
        assert_eq!((table.rows, table.cols), (3, 4));
        assert_eq!(
            (table.cells[0].text.as_str(), table.cells[0].row_span, table.cells[0].col_span),
            ("项目", 2, 2)
        );
        let shown: Vec<&str> = table.cells[1..].iter().map(|c| c.text.as_str()).collect();
        assert_eq!(shown, ["1", "1,234.50", "36.50%", "2022年12月", "2022-12-31"]);
    }

    #[test]
    fn a_text_with_sections() {
        let xml = r#"<w:wordDocument xmlns:w="w" xmlns:wx="x"><w:body><wx:sect><w:p><w:r><w:t>正文</w:t></w:r></w:p>
            <wx:sub-section><w:tbl><w:tr><w:tc><w:p><w:r><w:t>格</w:t></w:r></w:p></w:tc></w:tr></w:tbl></wx:sub-section></wx:sect></w:body></w:wordDocument>"#;
        let reading = WordXmlReader.read(xml.as_bytes(), &ReadContext::new(None)).unwrap();
        assert_eq!(reading.pages[0].text(), "正文\n格\n");
        assert_eq!(reading.pages[0].tables.len(), 1);
    }

    #[test]
    fn pages_by_styles_and_revisions() {
        let xml = r#"<w:wordDocument xmlns:w="w" xmlns:wx="x" xmlns:aml="a"><w:styles>
            <w:style w:type="paragraph" w:styleId="a"><w:pPr><w:pageBreakBefore/></w:pPr></w:style>
            <w:style w:type="paragraph" w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles><w:body><wx:sect>
            <w:p><w:r><w:t>一</w:t></w:r></w:p><w:p><w:pPr><w:pStyle w:val="b"/></w:pPr><w:r><w:t>二</w:t></w:r></w:p>
            <w:p><w:pPr><w:pStyle w:val="b"/><w:pageBreakBefore w:val="off"/></w:pPr>
            <aml:annotation aml:id="0" w:type="Word.Deletion"><aml:content><w:r><w:delText>旧</w:delText></w:r></aml:content></aml:annotation>
            <aml:annotation aml:id="1" w:type="Word.Insertion"><aml:content><w:r><w:t>还是二</w:t></w:r></aml:content></aml:annotation></w:p>
            <w:tbl><w:tr><w:trPr><aml:annotation w:type="Word.Deletion"/></w:trPr><w:tc><w:p><w:r><w:t>删</w:t></w:r></w:p></w:tc></w:tr>
            <w:tr><w:tc><w:p><w:pPr><w:pStyle w:val="a"/></w:pPr><w:r><w:t>三</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
            <w:sectPr><w:pgSz w:w="16838" w:h="11906"/></w:sectPr></wx:sect></w:body></w:wordDocument>"#;
        let reading = WordXmlReader.read(xml.as_bytes(), &ReadContext::new(None)).unwrap();
        let texts: Vec<String> = reading.pages.iter().map(|p| p.text().replace('\n', " ")).collect();
        assert_eq!(texts[..2], ["一 ".to_string(), "二 还是二 三 ".to_string()]);
        assert!(reading.pages.iter().all(|p| p.width > 800.0), "one section, one paper");
    }

    #[test]
    fn merged_cells() {
        let tc = |how: &str, text: &str| {
            format!("<w:tc><w:tcPr>{how}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>")
        };
        let rows = [
            [
                tc(r#"<w:vmerge w:val="restart"/>"#, "类"),
                tc(r#"<w:hmerge w:val="restart"/>"#, "金额"),
                tc("<w:hmerge/>", ""),
            ],
            [tc("<w:vmerge/>", ""), tc("", "1"), tc("", "2")],
        ];
        let rows: String = rows.iter().map(|r| format!("<w:tr>{}</w:tr>", r.concat())).collect();
        let xml =
            format!(r#"<w:wordDocument xmlns:w="w"><w:body><w:tbl>{rows}</w:tbl></w:body></w:wordDocument>"#);
        let reading = WordXmlReader.read(xml.as_bytes(), &ReadContext::new(None)).unwrap();
        let table = &reading.pages[0].tables[0];
        assert_eq!((table.rows, table.cols, table.cells.len()), (2, 3, 4));
        assert_eq!((table.cells[0].row_span, table.cells[1].col_span), (2, 2));
        assert_eq!(table.at(1, 2).unwrap().text, "2");
    }

    #[test]
    fn damage_does_no_harm() {
        let word = r#"<w:wordDocument xmlns:w="w"><w:styles><w:style w:styleId="b"><w:basedOn w:val="b"/></w:style></w:styles><w:body><w:p><w:pPr><w:pStyle w:val="b"/></w:pPr><w:r><w:t>一</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="3"/><w:vMerge/></w:tcPr><w:p/></w:tc></w:tr></w:tbl></w:body></w:wordDocument>"#;
        let sheet = r#"<Workbook xmlns:ss="s"><Worksheet ss:Name="表"><Table><Row ss:Index="2"><Cell ss:Index="2" ss:MergeAcross="1" ss:MergeDown="1"><Data ss:Type="Number">1</Data></Cell></Row></Table></Worksheet></Workbook>"#;
        let context = ReadContext { max_pages: 50, ..ReadContext::new(None) };
        crate::read::mutants::mutants(word.as_bytes(), |bytes| {
            let _ = WordXmlReader.read(bytes, &context);
        });
        crate::read::mutants::mutants(sheet.as_bytes(), |bytes| {
            let _ = SheetXmlReader.read(bytes, &context);
        });
    }
}

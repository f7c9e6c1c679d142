//! The notice's form, drawn in several ways.

use super::*;
use crate::extract::View;
use crate::model::{Confidence, Field, Reading, Segment};
use crate::read::docx::tests::package;
use crate::read::{ReadContext, Reader, docx::DocxReader};

/// A body from a plain notation: a line a paragraph, lines with `|` are rows of a table; `{3}` before a cell spans three
/// columns, `^` continues the cell above, `v` before a cell begins a vertical merge, `\n` is a line break.
fn body(text: &str) -> String {
    let mut out = String::new();
    let mut in_table = false;
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let row = line.contains('|');
        if row != in_table {
            out.push_str(if row { "<w:tbl>" } else { "</w:tbl>" });
            in_table = row;
        }
        if line == "---" {
            out.push_str(r#"<w:p><w:r><w:br w:type="page"/></w:r></w:p>"#);
        } else if row {
            let cells: String = line.trim_matches('|').split('|').map(|c| cell(c.trim())).collect();
            out.push_str(&format!("<w:tr>{cells}</w:tr>"));
        } else {
            out.push_str(&paragraph(line));
        }
    }
    if in_table { out + "</w:tbl>" } else { out }
}

fn cell(text: &str) -> String {
    let (mut props, mut text) = (String::new(), text);
    if let Some((span, rest)) = text.strip_prefix('{').and_then(|t| t.split_once('}')) {
        props.push_str(&format!(r#"<w:gridSpan w:val="{span}"/>"#));
        text = rest;
    }
    if let Some(rest) = text.strip_prefix('^') {
        props.push_str("<w:vMerge/>");
        text = rest;
    } else if let Some(rest) = text.strip_prefix('v') {
        props.push_str(r#"<w:vMerge w:val="restart"/>"#);
        text = rest;
    }
    let paragraphs: String = text.split("\\n").map(paragraph).collect();
    format!("<w:tc><w:tcPr>{props}</w:tcPr>{paragraphs}</w:tc>")
}

fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn extract(text: &str) -> Extracted {
    let reading = DocxReader.read(&package(&body(text)), &ReadContext::new(None)).unwrap();
    of(&reading)
}

fn of(reading: &Reading) -> Extracted {
    let segment = Segment {
        pages: (1, reading.pages.len() as u32),
        area: None,
        kind: Kind::ApplicationForm,
        confidence: Confidence::FULL,
        why: Vec::new(),
    };
    let view =
        View { file: "申报书.docx".into(), segment: &segment, pages: reading.pages.iter().collect() };
    FormExtractor.extract(&view, &Pack::embedded().unwrap())
}

fn told(out: &Extracted, prefix: &str) -> String {
    let plain = |f: &Field| match f {
        Field::Found(s) => s.value.to_plain(),
        Field::Unreadable(s) => format!("!{}", s.raw),
    };
    let fields = out.fields.iter().filter(|(k, _)| k.starts_with(prefix));
    let mut text: String = fields.map(|(k, f)| format!("{}: {}\n", &k[prefix.len()..], plain(f))).collect();
    if prefix.starts_with("投资清单") {
        for row in &out.items {
            let cells: Vec<String> = row.iter().map(|(k, f)| format!("{k}={}", plain(f))).collect();
            text.push_str(&format!("- {}\n", cells.join(" ")));
        }
    }
    text
}

const FORM: &str = include_str!("testing/form.txt");
const OTHER: &str = include_str!("testing/form_other.txt");

#[test]
fn the_cover() {
    insta::assert_snapshot!("cover_form", told(&extract(FORM), "封面."));
    insta::assert_snapshot!("cover_other", told(&extract(OTHER), "封面."));
}

#[test]
fn the_commitment() {
    insta::assert_snapshot!("commitment_form", told(&extract(FORM), "真实性承诺."));
}

#[test]
fn basic_information() {
    insta::assert_snapshot!("basic_form", told(&extract(FORM), "基本信息."));
    insta::assert_snapshot!("basic_other", told(&extract(OTHER), "基本信息."));
}

#[test]
fn platform_information() {
    insta::assert_snapshot!("platform_form", told(&extract(FORM), "平台基本信息."));
    insta::assert_snapshot!("platform_other", told(&extract(OTHER), "平台基本信息."));
}

#[test]
fn indicators() {
    insta::assert_snapshot!("ability_form", told(&extract(FORM), "平台能力信息."));
    insta::assert_snapshot!("ability_other", told(&extract(OTHER), "平台能力信息."));
}

#[test]
fn the_list() {
    insta::assert_snapshot!("list_form", told(&extract(FORM), "投资清单."));
    insta::assert_snapshot!("list_other", told(&extract(OTHER), "投资清单."));
}

#[test]
fn a_blank_form_gives_nothing() {
    let blank = extract(include_str!("testing/form_blank.txt"));
    let fields: Vec<&String> = blank.fields.keys().filter(|k| *k != "真实性承诺.全文").collect();
    assert!(fields.is_empty(), "{fields:?}");
    assert!(blank.items.is_empty());
}

#[test]
fn a_list_as_nobody_should_write_one() {
    // Merged cells, a row twice, units mixed in the cells, a credit, a gift, a row without money and one without a name.
    let list = "
        （四）平台已完成的投资清单
        |类别|设备名称|合同名称|生产厂商|数量|单价（万元）|总价（万元）|
        |v硬件|v服务器|采购合同一|湖南甲科技有限公司|2|10|20|
        |^|^|采购合同一|湖南甲科技有限公司|2|10|20|
        |^|交换机|采购合同二|湖南乙科技有限公司|1|30000元|30000元|
        |^|退货冲减|采购合同二|湖南乙科技有限公司|1|-0.5|-0.5|
        |软件|赠送软件|采购合同三|湖南丙软件有限公司|1|0|0|
        |软件|培训教材|采购合同三|湖南丙软件有限公司|1|||
        |软件||采购合同四|湖南丙软件有限公司|1|3|3|
        |合计||||||45.5|
    ";
    insta::assert_snapshot!("list_messy", told(&extract(list), "投资清单."));
}

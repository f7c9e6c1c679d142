use std::sync::Arc;

use super::*;
use crate::model::{Cell, Confidence, Grade, Kind, Line, Page, Place, ReadBy, Segment, Table};

fn line(text: &str, x0: f32, y0: f32, row: u32) -> Line {
    let n = text.chars().count();
    let edges: Vec<f32> = (0..=n).map(|i| x0 + 10.0 * i as f32).collect();
    Line {
        text: text.into(),
        place: Place::Page { page: 1, bbox: BBox::new(x0, y0, x0 + 10.0 * n as f32, y0 + 10.0) },
        grade: Grade::Text,
        confidence: Confidence::FULL,
        row,
        table: None,
        edges,
        size: 10.0,
    }
}

fn page(lines: Vec<Line>) -> Page {
    Page { lines, ..Page::empty(1, 600.0, 400.0, ReadBy::Pdf) }
}

fn segment() -> Segment {
    Segment { pages: (1, 1), area: None, kind: Kind::Other, confidence: Confidence::FULL, why: Vec::new() }
}

fn labels(l: &[&str]) -> Vec<String> {
    l.iter().map(|s| (*s).to_string()).collect()
}

fn values(page: &Page, wanted: &[&str], known: &[&str]) -> Vec<(String, How)> {
    let segment = segment();
    let view = View { file: Arc::from("a.pdf"), segment: &segment, pages: vec![page] };
    let known = labels(known);
    find(&view, &labels(wanted), &Options { known: &known, ..Options::default() })
        .into_iter()
        .map(|h| (h.value.text, h.how))
        .collect()
}

/// A ruled table of rows of cells, each cell one run.
fn table(rows: &[&[&str]]) -> Page {
    let (mut lines, mut cells) = (Vec::new(), Vec::new());
    for (r, row) in rows.iter().enumerate() {
        for (c, text) in row.iter().enumerate() {
            let (r32, c32) = (r as u32, c as u32);
            let mut indices = Vec::new();
            for (k, part) in text.split('\n').filter(|t| !t.is_empty()).enumerate() {
                indices.push(lines.len() as u32);
                let mut l =
                    line(part, 150.0 * c as f32, 40.0 * r as f32 + 12.0 * k as f32, 3 * r32 + k as u32);
                l.table = Some(0);
                lines.push(l);
            }
            let bbox =
                BBox::new(150.0 * c as f32, 40.0 * r as f32, 150.0 * (c + 1) as f32, 40.0 * (r + 1) as f32);
            cells.push(Cell {
                row: r32,
                col: c32,
                row_span: 1,
                col_span: 1,
                text: (*text).into(),
                place: Place::Page { page: 1, bbox },
                grade: Grade::Text,
                confidence: Confidence::FULL,
                lines: indices,
            });
        }
    }
    let place = Place::Page { page: 1, bbox: BBox::new(0.0, 0.0, 600.0, 400.0) };
    let cols = rows.iter().map(|r| r.len()).max().unwrap_or(0) as u32;
    let mut page = page(lines);
    page.tables.push(Table { place, rows: rows.len() as u32, cols, cells, ruled: true });
    page
}

#[test]
fn value_in_the_same_run_ends_at_the_next_label() {
    let p = page(vec![line("发票代码：043002100111 发票号码: 12345678", 0.0, 0.0, 0)]);
    assert_eq!(values(&p, &["发票代码"], &["发票号码"]), [("043002100111".to_string(), How::SameRun)]);
    assert_eq!(values(&p, &["发票号码"], &["发票代码"]), [("12345678".to_string(), How::SameRun)]);
}

#[test]
fn the_box_is_narrowed_to_the_value() {
    let p = page(vec![line("日期：2022", 100.0, 0.0, 0)]);
    let segment = segment();
    let view = View { file: Arc::from("a.pdf"), segment: &segment, pages: vec![&p] };
    let hit = find_best(&view, &labels(&["日期"]), &Options::default()).unwrap();
    assert_eq!(hit.value.place.bbox().map(|b| (b.x0, b.x1)), Some((130.0, 170.0)));
}

#[test]
fn letter_spaced_and_spread_labels() {
    let p = page(vec![line("开 户 行：某某银行", 0.0, 0.0, 0)]);
    assert_eq!(values(&p, &["开户行"], &[]), [("某某银行".to_string(), How::SameRun)]);
    let p = page(vec![line("合", 0.0, 0.0, 0), line("计", 40.0, 0.0, 0), line("¥100.00", 200.0, 0.0, 0)]);
    assert_eq!(values(&p, &["合计"], &[]), [("¥100.00".to_string(), How::NextRun)]);
}

#[test]
fn a_longer_known_label_is_not_its_part() {
    let p = page(vec![line("付款人账号：6222", 0.0, 0.0, 0), line("账号：88", 0.0, 20.0, 1)]);
    assert_eq!(values(&p, &["账号"], &["付款人账号"]), [("88".to_string(), How::SameRun)]);
    let p = page(vec![line("合同金额为人民币", 0.0, 0.0, 0), line("单位名称变更", 0.0, 20.0, 1)]);
    assert!(values(&p, &["合同金额", "单位名称"], &[]).is_empty());
}

#[test]
fn cells_right_and_below() {
    let p = table(&[&["企业名称", "湖南甲有限公司"], &["法定\n代表人", "张三"]]);
    assert_eq!(values(&p, &["企业名称"], &[]), [("湖南甲有限公司".to_string(), How::RightCell)]);
    assert_eq!(values(&p, &["法定代表人"], &[]), [("张三".to_string(), How::RightCell)]);
    let p = table(&[&["数量", "单价"], &["2", "15.00"]]);
    assert_eq!(values(&p, &["数量"], &["单价"]), [("2".to_string(), How::BelowCell)]);
}

#[test]
fn a_blank_cell_stays_blank() {
    let p = table(&[&["联系人", "", "电话", "138"], &["地址", "长沙", "邮编", "410000"]]);
    assert!(values(&p, &["联系人"], &["电话", "地址", "邮编"]).is_empty());
    let p = page(vec![line("备注：", 0.0, 0.0, 0), line("复核：李四", 200.0, 0.0, 0)]);
    assert!(values(&p, &["备注"], &["复核"]).is_empty());
}

#[test]
fn next_run_and_run_below() {
    let p = page(vec![line("交易日期", 0.0, 0.0, 0), line("2022-03-05", 200.0, 1.0, 0)]);
    assert_eq!(values(&p, &["交易日期"], &[]), [("2022-03-05".to_string(), How::NextRun)]);
    let p = page(vec![
        line("交易日期", 0.0, 0.0, 0),
        line("金额", 200.0, 0.0, 0),
        line("2022-03-05", 0.0, 16.0, 1),
    ]);
    assert_eq!(values(&p, &["交易日期"], &["金额"]), [("2022-03-05".to_string(), How::Below)]);
}

#[test]
fn one_damaged_character_is_bridged_unless_ambiguous() {
    let p = page(vec![line("开票\u{fffd}期：2022年3月5日", 0.0, 0.0, 0)]);
    assert_eq!(values(&p, &["开票日期"], &[]).len(), 1);
    let p = page(vec![line("\u{fffd}款人账号：1", 0.0, 0.0, 0)]);
    assert!(values(&p, &["付款人账号", "收款人账号"], &[]).is_empty());
    // A text layer that says what it shows is not misread.
    let p = page(vec![line("开票口期：2022年3月5日", 0.0, 0.0, 0)]);
    assert!(values(&p, &["开票日期"], &[]).is_empty());
}

#[test]
fn qualifier_and_accept() {
    let p = page(vec![line("金额（小写）：¥5.00", 0.0, 0.0, 0)]);
    let segment = segment();
    let view = View { file: Arc::from("a.pdf"), segment: &segment, pages: vec![&p] };
    let hit = find_best(&view, &labels(&["金额"]), &Options::default()).unwrap();
    assert_eq!((hit.qualifier.as_deref(), hit.value.text.as_str()), (Some("小写"), "¥5.00"));
    let never = |_: &str| false;
    assert!(
        find(&view, &labels(&["金额"]), &Options { accept: Some(&never), ..Options::default() }).is_empty()
    );
}

#[test]
fn only_the_area_counts() {
    let p = page(vec![line("金额：1.00", 0.0, 0.0, 0), line("金额：2.00", 0.0, 300.0, 1)]);
    let segment = Segment { area: Some(BBox::new(0.0, 200.0, 600.0, 400.0)), ..segment() };
    let view = View { file: Arc::from("a.pdf"), segment: &segment, pages: vec![&p] };
    let hits = find(&view, &labels(&["金额"]), &Options::default());
    assert_eq!(hits.iter().map(|h| h.value.text.as_str()).collect::<Vec<_>>(), ["2.00"]);
}

/// As licences print them and recognition reads them: 名 far from 称, and 称 close before the name.
#[test]
fn the_last_letter_of_a_spread_label_comes_with_the_value() {
    let recognised = |text: &str, x: f32| Line { grade: Grade::Ocr, ..line(text, x, 0.0, 0) };
    let p = page(vec![recognised("名", 0.0), recognised("称岳阳样本机械有限公司", 60.0)]);
    let found = values(&p, &["名称", "住所"], &[]);
    assert_eq!(found.iter().map(|v| v.0.as_str()).collect::<Vec<_>>(), ["岳阳样本机械有限公司"]);
    // Letters side by side are a word, and a text layer says where it ends.
    let p = page(vec![recognised("名", 40.0), recognised("称岳阳样本机械有限公司", 52.0)]);
    assert!(values(&p, &["名称"], &[]).is_empty());
    let p = page(vec![line("名", 0.0, 0.0, 0), line("称岳阳样本机械有限公司", 60.0, 0.0, 0)]);
    assert!(values(&p, &["名称"], &[]).is_empty());
}

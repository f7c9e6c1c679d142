use std::sync::Arc;

use super::*;
use crate::extract::fixture;
use crate::model::Segment;
use crate::pack::Pack;

fn read(runs: &[(&str, f32, f32, f32)], grade: Grade) -> Extracted {
    let page = fixture::page(runs, grade);
    let segment = Segment {
        pages: (1, 1),
        area: None,
        kind: Kind::ServiceList,
        confidence: Confidence::FULL,
        why: Vec::new(),
    };
    let view = View { file: Arc::from("列表.pdf"), segment: &segment, pages: vec![&page] };
    ServiceList.extract(&view, &Pack::embedded().unwrap())
}

fn plain(out: &Extracted, name: &str) -> Option<String> {
    Some(out.fields.get(name)?.found()?.value.to_plain())
}

const LIST: &[(&str, f32, f32, f32)] = &[
    ("平台服务企业列表", 200.0, 10.0, 16.0),
    ("序号", 20.0, 40.0, 10.0),
    ("企业名称", 80.0, 40.0, 10.0),
    ("所在地区", 300.0, 40.0, 10.0),
    ("1", 25.0, 60.0, 10.0),
    ("甲制造有限公司", 80.0, 60.0, 10.0),
    ("长沙市", 300.0, 60.0, 10.0),
    ("2", 25.0, 80.0, 10.0),
    ("乙装备制造（长沙）", 80.0, 80.0, 10.0),
    ("株洲市", 300.0, 80.0, 10.0),
    ("有限公司", 80.0, 92.0, 10.0),
    ("序号", 20.0, 112.0, 10.0),
    ("企业名称", 80.0, 112.0, 10.0),
    ("所在地区", 300.0, 112.0, 10.0),
    ("4", 25.0, 132.0, 10.0),
    ("甲制造有限公司", 80.0, 132.0, 10.0),
    ("长沙市", 300.0, 132.0, 10.0),
    ("合计", 20.0, 152.0, 10.0),
    ("4家", 80.0, 152.0, 10.0),
    ("第1页 共1页", 250.0, 380.0, 9.0),
];

#[test]
fn rows_are_counted_without_heads_totals_and_wrapped_lines() {
    let out = read(LIST, Grade::Text);
    assert_eq!(plain(&out, "count").as_deref(), Some("3"));
    assert_eq!(plain(&out, "printed_count").as_deref(), Some("4"));
    assert_eq!(plain(&out, "missing_index").as_deref(), Some("3"));
    assert_eq!(plain(&out, "distinct").as_deref(), Some("2"));
    assert_eq!(plain(&out, "title").as_deref(), Some("平台服务企业列表"));
    let names: Vec<String> = out.items.iter().map(|i| i["name"].found().unwrap().value.to_plain()).collect();
    assert_eq!(names, ["甲制造有限公司", "乙装备制造(长沙)有限公司", "甲制造有限公司"]);
    // On a scan the missing number may be a row that was not read.
    let scan = read(LIST, Grade::Ocr);
    assert!(scan.fields["count"].found().unwrap().confidence.0 <= 700);
}

#[test]
fn two_blocks_side_by_side() {
    let out = read(
        &[
            ("序号", 20.0, 40.0, 10.0),
            ("企业名称", 80.0, 40.0, 10.0),
            ("序号", 300.0, 40.0, 10.0),
            ("企业名称", 360.0, 40.0, 10.0),
            ("1", 25.0, 60.0, 10.0),
            ("甲公司", 80.0, 60.0, 10.0),
            ("3", 305.0, 60.0, 10.0),
            ("丙公司", 360.0, 60.0, 10.0),
            ("2", 25.0, 80.0, 10.0),
            ("乙公司", 80.0, 80.0, 10.0),
        ],
        Grade::Text,
    );
    assert_eq!(plain(&out, "count").as_deref(), Some("3"));
    assert_eq!(out.items[2]["name"].found().unwrap().value.to_plain(), "丙公司");
}

#[test]
fn the_total_of_a_column_is_no_count_of_rows() {
    let out = read(
        &[
            ("序号", 20.0, 40.0, 10.0),
            ("服务区域", 80.0, 40.0, 10.0),
            ("服务企业数", 300.0, 40.0, 10.0),
            ("1", 25.0, 60.0, 10.0),
            ("长沙市", 80.0, 60.0, 10.0),
            ("12", 320.0, 60.0, 10.0),
            ("2", 25.0, 80.0, 10.0),
            ("株洲市", 80.0, 80.0, 10.0),
            ("8", 320.0, 80.0, 10.0),
            ("合计", 80.0, 100.0, 10.0),
            ("20家", 320.0, 100.0, 10.0),
        ],
        Grade::Text,
    );
    assert_eq!(plain(&out, "count").as_deref(), Some("2"));
    assert_eq!(plain(&out, "printed_count"), None);
}

#[test]
fn numbered_lines_without_a_table() {
    let out = read(
        &[
            ("服务企业名单", 200.0, 10.0, 16.0),
            ("1、甲制造有限公司", 40.0, 40.0, 10.0),
            ("2、乙装备有限公司", 40.0, 60.0, 10.0),
        ],
        Grade::Text,
    );
    assert_eq!(plain(&out, "count").as_deref(), Some("2"));
    assert_eq!(out.items[1]["name"].found().unwrap().value.to_plain(), "乙装备有限公司");
}

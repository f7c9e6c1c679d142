use std::sync::Arc;

use super::*;
use crate::model::{BBox, Confidence, Field, Grade, Line, Page, Place, ReadBy, Segment};

/// A page of rows of runs: text and left edge; numbers are right-aligned at theirs.
fn page(grade: Grade, rows: &[&[(&str, f32)]]) -> Page {
    let mut page = Page::empty(1, 600.0, 800.0, ReadBy::Pdf);
    for (n, row) in rows.iter().enumerate() {
        for (text, at) in *row {
            let width = 5.0 * text.chars().map(|c| if c.is_ascii() { 1.0 } else { 2.0 }).sum::<f32>();
            let x0 = if grid::numeric(text) { at - width } else { *at };
            let y = 20.0 * n as f32;
            page.lines.push(Line {
                text: (*text).to_string(),
                place: Place::Page { page: 1, bbox: BBox::new(x0, y, x0 + width, y + 10.0) },
                grade,
                confidence: Confidence(900),
                row: n as u32,
                table: None,
                edges: Vec::new(),
                size: 10.0,
            });
        }
    }
    page
}

fn read(statement: &Statement, page: &Page) -> Extracted {
    let segment = Segment {
        pages: (1, 1),
        area: None,
        kind: statement.0,
        confidence: Confidence::FULL,
        why: Vec::new(),
    };
    let view = View { file: Arc::from("报表.pdf"), segment: &segment, pages: vec![page] };
    statement.extract(&view, &Pack::embedded().unwrap())
}

fn plain(x: &Extracted, name: &str) -> Option<String> {
    match x.fields.get(name)? {
        Field::Found(s) => Some(s.value.to_plain()),
        Field::Unreadable(s) => Some(format!("?{}", s.value)),
    }
}

#[test]
fn two_halves_without_rulings_and_opening_first() {
    let p = page(
        Grade::Text,
        &[
            &[("资产负债表", 250.0)],
            &[("编制单位：云杼科技有限公司", 30.0), ("2022年12月31日", 250.0), ("单位：元", 480.0)],
            &[
                ("资产", 60.0),
                ("行次", 100.0),
                ("年初数", 140.0),
                ("期末数", 210.0),
                ("负债及所有者权益", 280.0),
                ("年初数", 420.0),
                ("期末数", 500.0),
            ],
            &[("流动资产：", 30.0), ("流动负债：", 270.0)],
            &[
                ("货币资金", 30.0),
                ("1", 115.0),
                ("1,000.00", 170.0),
                ("2,500.00", 240.0),
                ("短期借款", 270.0),
                ("300.00", 450.0),
                ("500.00", 530.0),
            ],
            &[
                ("资产总计", 30.0),
                ("30", 115.0),
                ("1,000.00", 170.0),
                ("2,500.00", 240.0),
                ("负债及所有者权益总计", 270.0),
                ("1,000.00", 450.0),
                ("2,500.00", 530.0),
            ],
        ],
    );
    let x = read(&BALANCE_SHEET, &p);
    for (name, value) in [
        ("company", "云杼科技有限公司"),
        ("period", "2022-12-31"),
        ("unit", "元"),
        ("货币资金.opening", "1000.00"),
        ("货币资金.closing", "2500.00"),
        ("短期借款.opening", "300.00"),
        ("短期借款.closing", "500.00"),
        ("资产总计.closing", "2500.00"),
        ("负债和所有者权益总计.opening", "1000.00"),
    ] {
        assert_eq!(plain(&x, name).as_deref(), Some(value), "{name}");
    }
}

#[test]
fn years_as_headings_units_negatives_and_dashes() {
    let p = page(
        Grade::Text,
        &[
            &[("利润表", 250.0)],
            &[("单位名称：云杼科技有限公司", 30.0), ("金额单位：人民币万元", 400.0)],
            &[("项目", 60.0), ("2021年度", 300.0), ("2022年度", 450.0)],
            &[("一、营业收入", 30.0), ("80.50", 340.0), ("120.00", 490.0)],
            &[("减：营业成本", 30.0), ("60.5O1", 340.0), ("70.00", 490.0)],
            &[("二、营业利润（亏损以“－”号填列）", 30.0), ("(3.25)", 340.0), ("-", 480.0)],
        ],
    );
    let x = read(&INCOME_STATEMENT, &p);
    assert_eq!(plain(&x, "period").as_deref(), Some("2022"));
    assert_eq!(plain(&x, "营业收入.current").as_deref(), Some("1200000.00"));
    assert_eq!(plain(&x, "营业收入.prior").as_deref(), Some("805000.00"));
    assert_eq!(plain(&x, "营业利润.prior").as_deref(), Some("-32500.00"));
    assert_eq!(plain(&x, "营业利润.current"), None);
    assert_eq!(plain(&x, "营业成本.prior").as_deref(), Some("?60.5O1"));
}

#[test]
fn wrapped_names_and_cumulated_columns() {
    let p = page(
        Grade::Text,
        &[
            &[("现金流量表 2022年1-12月", 200.0), ("单位：元", 400.0)],
            &[("项目", 60.0), ("本月金额", 240.0), ("本年累计金额", 340.0)],
            &[("购建固定资产、无形资产和其", 30.0)],
            &[("10.00", 280.0), ("300.00", 390.0)],
            &[("他长期资产支付的现金", 30.0)],
            &[("支付的各项税费", 30.0), ("1.00", 280.0), ("40.00", 390.0)],
        ],
    );
    let x = read(&CASH_FLOW, &p);
    assert_eq!(
        plain(&x, "购建固定资产、无形资产和其他长期资产支付的现金.current").as_deref(),
        Some("300.00")
    );
    assert_eq!(plain(&x, "支付的各项税费.current").as_deref(), Some("40.00"));
    assert!(!x.fields.keys().any(|k| k.ends_with(".prior")));
}

#[test]
fn no_columns_no_values() {
    let p =
        page(Grade::Text, &[&[("利润表", 250.0)], &[("营业收入", 30.0), ("1.00", 200.0), ("2.00", 300.0)]]);
    assert!(read(&INCOME_STATEMENT, &p).fields.keys().all(|k| !k.contains('.')));
}

#[test]
fn identities_weigh_recognised_values_only() {
    let rows: &[&[(&str, f32)]] = &[
        &[("项目", 60.0), ("本期金额", 240.0), ("上期金额", 340.0)],
        &[("三、利润总额", 30.0), ("100.00", 280.0), ("50.00", 390.0)],
        &[("减：所得税费用", 30.0), ("20.00", 280.0), ("10.00", 390.0)],
        &[("四、净利润", 30.0), ("80.00", 280.0), ("41.00", 390.0)],
    ];
    let confidence = |x: &Extracted, name: &str| x.fields[name].found().unwrap().confidence;
    let x = read(&INCOME_STATEMENT, &page(Grade::Ocr, rows));
    assert_eq!(confidence(&x, "净利润.current"), Confidence(980));
    assert_eq!(confidence(&x, "净利润.prior"), Confidence(600));
    assert_eq!(plain(&x, "净利润.prior").as_deref(), Some("41.00"));
    let x = read(&INCOME_STATEMENT, &page(Grade::Text, rows));
    assert_eq!(confidence(&x, "净利润.prior"), Confidence(900));
}

#[test]
fn headings_that_touch_are_two_and_a_lost_heading_gives_its_numbers_to_none() {
    let rows: &[&[(&str, f32)]] = &[
        &[
            ("资产", 60.0),
            ("期末余额", 150.0),
            ("上年年末余额负债和所有者权益", 230.0),
            ("期末余额", 420.0),
            ("上年年末余额", 500.0),
        ],
        &[("应收票据", 30.0), ("7.00", 280.0), ("短期借款", 300.0), ("5.00", 460.0)],
    ];
    let x = read(&BALANCE_SHEET, &page(Grade::Text, rows));
    assert_eq!(plain(&x, "应收票据.opening").as_deref(), Some("7.00"));
    assert_eq!(plain(&x, "应收票据.closing"), None);
    assert_eq!(plain(&x, "短期借款.closing").as_deref(), Some("5.00"));
    assert_eq!(plain(&x, "短期借款.opening"), None);
    let lost: &[&[(&str, f32)]] = &[
        &[("资产", 60.0), ("期末余额", 150.0), ("负债和所有者权益", 300.0), ("期末余额", 420.0)],
        &[("应收票据", 30.0), ("7.00", 275.0), ("短期借款", 300.0), ("5.00", 460.0)],
    ];
    let x = read(&BALANCE_SHEET, &page(Grade::Text, lost));
    assert_eq!(plain(&x, "应收票据.closing"), None);
    assert_eq!(plain(&x, "短期借款.closing").as_deref(), Some("5.00"));
}

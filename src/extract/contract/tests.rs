use std::sync::Arc;

use super::*;
use crate::model::{BBox, Confidence, Field, Grade, Line, Page, Place, ReadBy, Segment};

/// A flowing document: a paragraph a line.
fn read(paragraphs: &[&str]) -> Extracted {
    let mut page = Page::empty(1, 0.0, 0.0, ReadBy::Docx);
    for (n, text) in paragraphs.iter().enumerate() {
        page.lines.push(Line {
            text: (*text).to_string(),
            place: Place::Block { page: 1, block: n as u32, cell: None },
            grade: Grade::Text,
            confidence: Confidence::FULL,
            row: n as u32,
            table: None,
            edges: Vec::new(),
            size: 0.0,
        });
    }
    let segment = Segment {
        pages: (1, 1),
        area: None,
        kind: Kind::Contract,
        confidence: Confidence::FULL,
        why: Vec::new(),
    };
    let view = View { file: Arc::from("合同.docx"), segment: &segment, pages: vec![&page] };
    Contract.extract(&view, &Pack::embedded().unwrap())
}

fn plain(x: &Extracted, name: &str) -> Option<String> {
    match x.fields.get(name)? {
        Field::Found(s) => Some(s.value.to_plain()),
        Field::Unreadable(s) => Some(format!("?{}", s.value)),
    }
}

#[test]
fn preamble_and_total_in_both_forms() {
    let x = read(&[
        "设备采购合同",
        "合同编号：YZ-2022-015",
        "甲方（采购方）：云杼科技有限公司（以下简称“甲方”）",
        "乙方（供货方）：恒拓自动化有限公司",
        "单价：每台5,000.00元，预付款¥90,000.00。",
        "合同总价为人民币（大写）叁拾万元整（¥300,000.00），甲方于签订后支付合同总价的30%，即¥90,000.00；验收后支付65%；余5%为质保金，一年后支付。",
        "逾期违约金不超过合同总价的5%，即15,000.00元。",
        "甲方（盖章）：        乙方（盖章）：",
        "日期：2022年3月5日    日期：2022年3月8日",
    ]);
    for (name, value) in [
        ("title", "设备采购合同"),
        ("number", "YZ-2022-015"),
        ("party_a", "云杼科技有限公司"),
        ("party_b", "恒拓自动化有限公司"),
        ("buyer", "云杼科技有限公司"),
        ("seller", "恒拓自动化有限公司"),
        ("amount", "300000.00"),
        ("amount_capital", "300000.00"),
        ("retention", "5"),
        ("schedule", "30%、65%、5%"),
        ("signed_on", "2022-03-08"),
    ] {
        assert_eq!(plain(&x, name).as_deref(), Some(value), "{name}");
    }
}

#[test]
fn capitals_and_digits_that_differ_are_both_kept() {
    let x = read(&["服务合同", "合同总金额：¥310,000.00（大写：叁拾万元整）"]);
    assert_eq!(plain(&x, "amount").as_deref(), Some("310000.00"));
    assert_eq!(plain(&x, "amount_capital").as_deref(), Some("300000.00"));
}

#[test]
fn amounts_in_ten_thousands() {
    let x = read(&["技术服务合同", "服务费总额（万元）：30.5"]);
    assert_eq!(plain(&x, "amount").as_deref(), Some("305000.00"));
    let x = read(&["技术服务合同", "技术服务费总额为30万元。"]);
    assert_eq!(plain(&x, "amount").as_deref(), Some("300000.00"));
}

#[test]
fn a_framework_contract_has_no_total() {
    let x = read(&[
        "年度采购框架协议",
        "具体金额以订单为准，单价：¥500.00。",
        "违约方支付违约金¥10,000.00。",
        "不含税合同总价：见订单",
    ]);
    assert_eq!(plain(&x, "amount"), None);
    assert_eq!(plain(&x, "amount_capital"), None);
}

#[test]
fn an_amendment_names_its_contract_and_the_new_total() {
    let x = read(&[
        "补充协议",
        "双方于2022年3月15日签订了《设备采购合同》（合同编号：YZ-2022-015，以下简称原合同）。",
        "合同总价由¥300,000.00调整为¥350,000.00。",
        "日期：2022年8月1日",
    ]);
    assert_eq!(plain(&x, "amends").as_deref(), Some("YZ-2022-015"));
    assert_eq!(plain(&x, "amount").as_deref(), Some("350000.00"));
    assert_eq!(plain(&x, "signed_on").as_deref(), Some("2022-08-01"));
}

#[test]
fn an_amendment_keeps_its_own_number_where_the_other_breaks_over_lines() {
    let x = read(&[
        "补充协议",
        "协议编号：YZ-2022-015-B1",
        "双方于2022年3月15日签订了《设备采购合同》（合同编号：YZ-2022-0",
        "15，以下简称原合同）。",
        "合同总价由¥300,000.00调整为¥350,000.00。",
    ]);
    assert_eq!(plain(&x, "amends").as_deref(), Some("YZ-2022-015"));
    assert_eq!(plain(&x, "number").as_deref(), Some("YZ-2022-015-B1"));
}

#[test]
fn total_without_tax_is_not_the_total() {
    let x = read(&["采购合同", "不含税总价：100,000.00元；含税总价：113,000.00元。"]);
    assert_eq!(plain(&x, "amount").as_deref(), Some("113000.00"));
}

#[test]
fn the_day_beside_the_signatures_counts_though_annexes_follow() {
    let mut lines = vec!["设备采购合同", "甲方：云杼科技有限公司", "乙方：恒拓自动化有限公司"];
    lines.extend(["条款。"; 30]);
    lines.extend(["甲方（盖章）：", "乙方（盖章）：", "日期：2022年3月5日"]);
    lines.extend(["附件一 技术要求。"; 60]);
    assert_eq!(plain(&read(&lines), "signed_on").as_deref(), Some("2022-03-05"));
}

#[test]
fn seals_are_counted_and_pictures_of_their_size() {
    let segment = Segment {
        pages: (1, 1),
        area: None,
        kind: Kind::Contract,
        confidence: Confidence::FULL,
        why: Vec::new(),
    };
    let count = |page: &Page| {
        let view = View { file: Arc::from("合同.pdf"), segment: &segment, pages: vec![page] };
        plain(&Contract.extract(&view, &Pack::embedded().unwrap()), "seals")
    };
    let mut scan = Page::empty(1, 595.0, 842.0, ReadBy::Ocr);
    assert_eq!(count(&scan), None);
    let seal = |x: f32| crate::model::Seal::at(BBox::new(x, 600.0, x + 110.0, 710.0));
    scan.seals = vec![seal(100.0), seal(350.0)];
    assert_eq!(count(&scan).as_deref(), Some("2"));
    let picture = |w: f32, h: f32| crate::model::ImageBox {
        bbox: BBox::new(50.0, 50.0, 50.0 + w, 50.0 + h),
        width: 300,
        height: 300,
    };
    let mut page = Page::empty(1, 595.0, 842.0, ReadBy::Pdf);
    // A logo is flat, a scan fills the page.
    page.images = vec![picture(160.0, 30.0), picture(595.0, 842.0)];
    assert_eq!(count(&page), None);
    page.images.push(picture(85.0, 85.0));
    assert_eq!(count(&page).as_deref(), Some("1"));
}

#[test]
fn a_tax_id_in_brackets_is_no_part_of_a_party() {
    let x = read(&[
        "采购订单",
        "订单号：HT202111-195",
        "买方：湖南样本物流装备有限公司（税号 91430304MA5LK14G3L）",
        "卖方：衡阳样本仪器仪表有限公司（税号 91430407369301129D）",
        "订单总额（大写）：人民币壹拾叁万伍仟元整。",
    ]);
    assert_eq!(plain(&x, "party_a").as_deref(), Some("湖南样本物流装备有限公司"));
    assert_eq!(plain(&x, "party_b").as_deref(), Some("衡阳样本仪器仪表有限公司"));
}

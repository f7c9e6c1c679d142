use std::sync::Arc;

use super::*;
use crate::extract::fixture;
use crate::model::{Confidence, Grade, Segment};

fn read(runs: &[(&str, f32, f32, f32)]) -> String {
    let page = fixture::page(runs, Grade::Text);
    let segment = Segment {
        pages: (1, 1),
        area: None,
        kind: Kind::TaxCertificate,
        confidence: Confidence::FULL,
        why: Vec::new(),
    };
    let view = View { file: Arc::from("完税证明.pdf"), segment: &segment, pages: vec![&page] };
    fixture::told(&TaxCertificate.extract(&view, &Pack::embedded().unwrap()))
}

#[test]
fn list_with_a_refund_and_social_insurance() {
    let told = read(&[
        ("（231）湘税证明 00012345", 20.0, 10.0, 8.0),
        ("纳税人识别号", 20.0, 30.0, 8.0),
        ("91430200MA4L00011Q", 90.0, 30.0, 8.0),
        ("纳税人名称", 300.0, 30.0, 8.0),
        ("云杼科技有限公司", 360.0, 30.0, 8.0),
        ("税种", 20.0, 50.0, 8.0),
        ("税款所属时期", 150.0, 50.0, 8.0),
        ("入(退)库日期", 330.0, 50.0, 8.0),
        ("实缴(退)金额", 480.0, 50.0, 8.0),
        ("增值税", 20.0, 70.0, 8.0),
        ("2022-01-01至2022-03-31", 130.0, 70.0, 8.0),
        ("2022-04-15", 330.0, 70.0, 8.0),
        ("1,000.00", 495.0, 70.0, 8.0),
        ("个人所得税", 20.0, 90.0, 8.0),
        ("2022-01-01至2022-06-30", 130.0, 90.0, 8.0),
        ("2022-07-15", 330.0, 90.0, 8.0),
        ("-200.00", 499.0, 90.0, 8.0),
        ("企业职工基本养老保险费", 20.0, 110.0, 8.0),
        ("2022-06-01至2022-06-30", 130.0, 110.0, 8.0),
        ("2022-06-15", 330.0, 110.0, 8.0),
        ("300.00", 503.0, 110.0, 8.0),
        ("金额合计", 20.0, 130.0, 8.0),
        ("（大写）壹仟壹佰元整", 130.0, 130.0, 8.0),
        ("￥1,100.00", 487.0, 130.0, 8.0),
    ]);
    for line in [
        "amount: 1100.00 (",
        "amount_capital: 1100.00 (",
        "number: (231)湘税证明00012345 (",
        "period: 2022-01至2022-06 (",
        "taxpayer: 云杼科技有限公司 (",
        "taxpayer_id: 91430200MA4L00011Q (",
        "- amount=-200.00 | name=个人所得税 | paid_on=2022-07-15",
        "- amount=300.00 | fee=费 | name=企业职工基本养老保险费",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
}

#[test]
fn prose() {
    let told = read(&[
        ("税收完税证明（文书式）", 100.0, 10.0, 14.0),
        ("纳税人名称：云杼科技有限公司　　纳税人识别号：91430200MA4L00011Q", 20.0, 40.0, 8.0),
        (
            "你单位自2022年1月1日至2022年12月31日缴纳增值税￥120,000.00元，企业所得税￥55,000.00",
            20.0,
            60.0,
            8.0,
        ),
        ("元，合计缴纳税款￥175,000.00元（大写：壹拾柒万伍仟元整）。", 20.0, 80.0, 8.0),
    ]);
    for line in
        ["amount: 175000.00 (", "amount_capital: 175000.00 (", "period: 2022年1月1日至2022年12月31日 ("]
    {
        assert!(told.contains(line), "{line}\n{told}");
    }
}

#[test]
fn no_sum_no_amount() {
    let told = read(&[("税收完税证明", 100.0, 10.0, 14.0), ("增值税￥120,000.00元", 20.0, 40.0, 8.0)]);
    assert!(!told.contains("amount"), "{told}");
}

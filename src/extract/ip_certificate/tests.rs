use std::sync::Arc;

use super::*;
use crate::extract::fixture;
use crate::model::{Confidence, Segment};
use crate::pack::Pack;

fn read(runs: &[(&str, f32, f32, f32)], grade: Grade) -> Extracted {
    let page = fixture::page(runs, grade);
    let segment = Segment {
        pages: (1, 1),
        area: None,
        kind: Kind::IpCertificate,
        confidence: Confidence::FULL,
        why: Vec::new(),
    };
    let view = View { file: Arc::from("证书.pdf"), segment: &segment, pages: vec![&page] };
    IpCertificate.extract(&view, &Pack::embedded().unwrap())
}

#[test]
fn software_with_a_short_name_between_name_and_version() {
    let told = fixture::told(&read(
        &[
            ("计算机软件著作权登记证书", 150.0, 20.0, 20.0),
            ("证书号：", 60.0, 50.0, 10.0),
            ("软著登字第9171324号", 120.0, 50.0, 10.0),
            ("软 件 名 称：", 60.0, 80.0, 10.0),
            ("云杼设备监测系统", 150.0, 80.0, 10.0),
            ("[简称：云杼监测]", 150.0, 95.0, 10.0),
            ("V2.0", 150.0, 110.0, 10.0),
            ("著 作 权 人：", 60.0, 140.0, 10.0),
            ("云杼科技（长沙）有限公司", 150.0, 140.0, 10.0),
            ("某某大学", 150.0, 154.0, 10.0),
            ("首次发表日期：", 60.0, 170.0, 10.0),
            ("2021年03月01日", 150.0, 170.0, 10.0),
            ("登　记　号：", 60.0, 200.0, 10.0),
            ("2022SR0220373", 150.0, 200.0, 10.0),
            ("No.08123456", 60.0, 350.0, 10.0),
            ("2022年06月17日", 300.0, 350.0, 10.0),
        ],
        Grade::Text,
    ));
    for line in [
        "number: 2022SR0220373 (Text 1000)",
        "certificate_number: 软著登字第9171324号 (Text 1000)",
        "title: 云杼设备监测系统V2.0 (Text 1000)",
        "short_name: 云杼监测 (Text 1000)",
        "owner: 云杼科技(长沙)有限公司；某某大学 (Text 1000)",
        "published: 2021-03-01 (Text 1000)",
        "date: 2022-06-17 (Text 1000)",
        "type: 计算机软件著作权 (Text 1000)",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
}

const PATENT: &[(&str, f32, f32, f32)] = &[
    ("证书号第4123456号", 60.0, 10.0, 10.0),
    ("发明专利证书", 200.0, 40.0, 20.0),
    ("发 明 名 称：一种基于平台的刀具磨损状态", 60.0, 80.0, 10.0),
    ("在线监测方法", 60.0, 95.0, 10.0),
    ("专  利  号：ZL 2021 1 0123456.7", 60.0, 120.0, 10.0),
    ("专利申请日：2021年03月05日", 60.0, 145.0, 10.0),
    ("专 利 权 人：云杼科技有限公司", 60.0, 170.0, 10.0),
    ("授权公告日：2022年05月03日", 60.0, 195.0, 10.0),
    ("授权公告号：CN 113123456 B", 300.0, 195.0, 10.0),
    ("2022年05月03日", 400.0, 350.0, 10.0),
];

#[test]
fn patents_by_their_labels_and_the_shape_of_their_number() {
    let told = fixture::told(&read(PATENT, Grade::Text));
    for line in [
        "number: ZL202110123456.7 (Text 1000)",
        "patent_kind: 发明 (Text 1000)",
        "certificate_number: 第4123456号 (Text 1000)",
        "title: 一种基于平台的刀具磨损状态在线监测方法 (Text 1000)",
        "owner: 云杼科技有限公司 (Text 1000)",
        "applied_on: 2021-03-05 (Text 1000)",
        "date: 2022-05-03 (Text 1000)",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
}

#[test]
fn a_misread_number_is_doubted_and_never_repaired() {
    let mut runs = PATENT.to_vec();
    runs[4].0 = "专  利  号：ZL 2021 1 0123458.7";
    let out = read(&runs, Grade::Ocr);
    let number = out.fields["number"].found().unwrap();
    assert_eq!(number.value.to_plain(), "ZL202110123458.7");
    assert!(number.confidence.0 < 700, "{number:?}");
    // Another print of the number whose check character fits is the better reading; the first stays beside it.
    runs.push(("ZL202110123456.7", 60.0, 250.0, 10.0));
    let out = read(&runs, Grade::Ocr);
    let number = out.fields["number"].found().unwrap();
    assert_eq!(number.value.to_plain(), "ZL202110123456.7");
    assert_eq!(number.alternatives, ["ZL202110123458.7"]);
}

#[test]
fn trade_marks() {
    let told = fixture::told(&read(
        &[
            ("第12345678号", 200.0, 10.0, 12.0),
            ("商 标 注 册 证", 200.0, 40.0, 20.0),
            ("注 册 人", 60.0, 150.0, 10.0),
            ("云杼科技有限公司", 150.0, 150.0, 10.0),
            ("注册日期", 60.0, 180.0, 10.0),
            ("2020年07月14日", 150.0, 180.0, 10.0),
            ("有效期至", 300.0, 180.0, 10.0),
            ("2030年07月13日", 370.0, 180.0, 10.0),
        ],
        Grade::Text,
    ));
    for line in
        ["number: 12345678 (", "owner: 云杼科技有限公司 (", "date: 2020-07-14 (", "expires: 2030-07-13 ("]
    {
        assert!(told.contains(line), "{line}\n{told}");
    }
}

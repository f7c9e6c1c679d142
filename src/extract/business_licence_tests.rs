use std::sync::Arc;

use super::*;
use crate::extract::fixture;
use crate::model::{Confidence, Segment};

fn read(runs: &[(&str, f32, f32, f32)]) -> String {
    let page = fixture::page(runs, Grade::Text);
    let segment = Segment {
        pages: (1, 1),
        area: None,
        kind: Kind::BusinessLicence,
        confidence: Confidence::FULL,
        why: Vec::new(),
    };
    let view = View { file: Arc::from("执照.pdf"), segment: &segment, pages: vec![&page] };
    fixture::told(&BusinessLicence.extract(&view, &Pack::embedded().unwrap()))
}

#[test]
fn two_columns_with_spaced_labels() {
    let told = read(&[
        ("统一社会信用代码", 20.0, 10.0, 10.0),
        ("91430200MA4L00011Q", 20.0, 24.0, 10.0),
        ("名　　称", 20.0, 100.0, 10.0),
        ("云杼科技有限公司", 80.0, 100.0, 10.0),
        ("注册资本", 320.0, 100.0, 10.0),
        ("伍佰万元整", 390.0, 100.0, 10.0),
        ("法定代表人", 20.0, 130.0, 10.0),
        ("张三", 80.0, 130.0, 10.0),
        ("营业期限", 320.0, 130.0, 10.0),
        ("2015年03月05日至2035年03月04日", 390.0, 130.0, 10.0),
        ("住　　所", 20.0, 160.0, 10.0),
        ("长沙市某路1号软件园", 80.0, 160.0, 10.0),
        ("成立日期", 320.0, 160.0, 10.0),
        ("2015年03月05日", 390.0, 160.0, 10.0),
        ("2栋301室", 80.0, 174.0, 10.0),
    ]);
    for line in [
        "address: 长沙市某路1号软件园2栋301室 (",
        "established: 2015-03-05 (",
        "expires: 2035-03-04 (",
        "legal_representative: 张三 (",
        "name: 云杼科技有限公司 (",
        "registered_capital: 5000000.00 (",
        "uscc: 91430200MA4L00011Q (",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
}

#[test]
fn an_open_term_has_no_end() {
    let told = read(&[("营业期限：2015年03月05日至", 20.0, 10.0, 10.0)]);
    assert!(!told.contains("expires"), "{told}");
    let told = read(&[("营业期限：2015年03月05日至长期", 20.0, 10.0, 10.0)]);
    assert!(told.contains("expires: 长期"), "{told}");
}

#[test]
fn capital_in_another_currency_is_not_read_as_yuan() {
    let told = read(&[("注册资本：100万美元", 20.0, 10.0, 10.0)]);
    assert!(told.contains("registered_capital: !"), "{told}");
    let told = read(&[("注册资本：1000万元人民币", 20.0, 10.0, 10.0)]);
    assert!(told.contains("registered_capital: 10000000.00"), "{told}");
}

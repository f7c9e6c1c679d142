use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::model::{BBox, Code, Grade, Integrity, Kind, Line, Money, ReadBy, Sourced};

fn found(value: Value, raw: &str, place: Place) -> Field {
    let source = Source { file: Arc::from("发票/01.pdf"), place };
    Field::Found(Sourced::new(value, raw, Grade::Text, Confidence(990), source))
}

fn at(x0: f32, y0: f32) -> Place {
    Place::Page { page: 1, bbox: BBox::new(x0, y0, x0 + 60.0, y0 + 9.0) }
}

fn money(cents: i64) -> Value {
    Value::Money(Money::yuan(rust_decimal::Decimal::new(cents, 2)))
}

fn invoice() -> Document {
    let text = |t: &str| Value::Text(t.into());
    let row = |name: &str, quantity: Option<i64>, cents: i64| {
        let mut row = Row::from([
            ("name".to_string(), found(text(name), name, at(20.0, 150.0))),
            ("amount".to_string(), found(money(cents), "", at(300.0, 150.0))),
        ]);
        row.extend(
            quantity.map(|q| ("quantity".to_string(), found(Value::Number(q.into()), "", at(200.0, 150.0)))),
        );
        row
    };
    let file: Arc<str> = Arc::from("发票/01.pdf");
    let unreadable = Sourced::new(
        "￥1?0".to_string(),
        "￥1?0",
        Grade::Ocr,
        Confidence(400),
        Source { file: file.clone(), place: at(400.0, 200.0) },
    );
    Document {
        continued: Vec::new(),
        id: 0,
        file,
        sha256: String::new(),
        pages: (1, 1),
        kind: Kind::Invoice,
        kind_confidence: Confidence(970),
        read_by: ReadBy::Pdf,
        fields: BTreeMap::from([
            ("number".into(), found(text("24432000000012345678"), "24432000000012345678", at(400.0, 20.0))),
            (
                "seller_name".into(),
                found(text("某某（集团）有限公司"), "某某（集团）有限公司", at(60.0, 60.0)),
            ),
            ("total".into(), found(money(120_000), "¥1,200.00", at(400.0, 220.0))),
            ("total_capital".into(), found(money(120_000), "壹仟贰佰圆整", at(100.0, 220.0))),
            ("tax".into(), Field::Unreadable(unreadable)),
            ("qr.number".into(), found(text("24432000000012345678"), "24432000000012345678", at(20.0, 20.0))),
            ("print.total".into(), found(money(120_000), "1200.00", at(400.0, 220.0))),
        ]),
        items: vec![
            row("*软件*平台V2.0", Some(1), 100_000),
            row("*服务*一个很长很长很长很长很长很长的名称", None, 6_195),
        ],
        text: String::new(),
        traces: Vec::new(),
        pictures: Vec::new(),
        stamps: Vec::new(),
        integrity: vec![
            Integrity { what: "PDF 签名1的摘要".into(), state: IntegrityState::Verified },
            Integrity {
                what: "PDF 签名1之后追加的内容".into(),
                state: IntegrityState::Broken("签名之后第1页的内容被改动".into()),
            },
        ],
    }
}

fn page() -> Page {
    let mut page = Page::empty(1, 595.0, 397.0, ReadBy::Pdf);
    page.codes.push(Code {
        text: "01,32,,24432000000012345678,1200.00,20240305,,ABCD".into(),
        bbox: BBox::default(),
    });
    page.hidden.push(Line {
        text: "被盖住的 900.00".into(),
        place: at(1.0, 1.0),
        grade: Grade::Text,
        confidence: Confidence::FULL,
        row: 0,
        table: None,
        edges: Vec::new(),
        size: 9.0,
    });
    page
}

fn shown(lang: Lang) -> String {
    let document = invoice();
    let leftover = Leftover {
        words: vec![(1, "下载次数：1".into()), (1, "国家税务总局监制".into()), (2, "附注".into())],
        more: 3,
    };
    super::document(&document, lang) + &beside(Some(&document), &[page()], &leftover, lang)
}

#[test]
fn a_table_that_a_person_can_read() {
    insta::assert_snapshot!(shown(Lang::Zh));
}

#[test]
fn in_english_too() {
    insta::assert_snapshot!(shown(Lang::En));
}

#[test]
fn columns_stand_one_below_the_other_whatever_the_script() {
    let mut out = String::new();
    let rows = [vec!["甲乙丙".to_string(), "1".to_string()], vec!["ab".to_string(), "22".to_string()]];
    table(&mut out, &["名".to_string(), "数".to_string()], &rows, &[1]);
    assert_eq!(out, "    名      数\n    甲乙丙   1\n    ab      22\n");
}

use std::sync::Arc;

use super::*;
use crate::extract::fixture::{page, told};
use crate::model::{BBox, Cell, Confidence, Grade, Line, Page, Place, ReadBy, Segment, Table};

fn read(page: &Page) -> Extracted {
    let segment = Segment {
        pages: (1, 1),
        area: None,
        kind: Kind::Payment,
        confidence: Confidence::FULL,
        why: Vec::new(),
    };
    let view = View { file: Arc::from("a.pdf"), segment: &segment, pages: vec![page] };
    Payment.extract(&view, &Pack::embedded().unwrap())
}

/// Two blocks side by side under headings written downwards.
#[test]
fn two_blocks_side_by_side() {
    let runs = [
        ("中国某商银行", 40.0, 20.0, 14.0),
        ("网上银行电子回单", 220.0, 20.0, 18.0),
        ("电子回单号码：0012-3456-7890-0001", 40.0, 50.0, 9.0),
        ("打印日期：2023年02月20日", 400.0, 50.0, 9.0),
        ("付", 42.0, 70.0, 9.0),
        ("户 名", 60.0, 72.0, 9.0),
        ("株洲云帆机械有限公司", 110.0, 72.0, 9.0),
        ("收", 302.0, 70.0, 9.0),
        ("户 名", 320.0, 72.0, 9.0),
        ("长沙启明网络设备有限公司", 370.0, 72.0, 9.0),
        ("款", 42.0, 84.0, 9.0),
        ("账 号", 60.0, 86.0, 9.0),
        ("1903020109200012345", 110.0, 86.0, 9.0),
        ("款", 302.0, 84.0, 9.0),
        ("账 号", 320.0, 86.0, 9.0),
        ("43050175363600000987", 370.0, 86.0, 9.0),
        ("人", 42.0, 98.0, 9.0),
        ("开户银行", 60.0, 100.0, 9.0),
        ("某商银行株洲天元支行", 110.0, 100.0, 9.0),
        ("人", 302.0, 98.0, 9.0),
        ("开户银行", 320.0, 100.0, 9.0),
        ("建设银行长沙岳麓支行", 370.0, 100.0, 9.0),
        ("金额", 60.0, 118.0, 9.0),
        ("¥29,000.00元", 110.0, 118.0, 9.0),
        ("金额（大写）", 302.0, 118.0, 9.0),
        ("人民币贰万玖仟元整", 370.0, 118.0, 9.0),
        ("摘要", 60.0, 134.0, 9.0),
        ("货款", 110.0, 134.0, 9.0),
        ("业务（产品）种类", 302.0, 134.0, 9.0),
        ("跨行汇款", 390.0, 134.0, 9.0),
        ("用途", 60.0, 150.0, 9.0),
        ("支付网关设备款", 110.0, 150.0, 9.0),
        ("交易流水号", 60.0, 166.0, 9.0),
        ("88112233", 130.0, 166.0, 9.0),
        ("时间戳", 302.0, 166.0, 9.0),
        ("2022-03-20-10.11.12.123456", 370.0, 166.0, 9.0),
    ];
    insta::assert_snapshot!(told(&read(&page(&runs, Grade::Text))));
}

/// Every label says whose it is, and the receipt is of money received.
#[test]
fn labels_with_their_side() {
    let runs = [
        ("某州银行收款回单", 220.0, 20.0, 16.0),
        ("交易日期：2022年03月20日  回单编号：20220320000123", 40.0, 50.0, 9.0),
        ("付款账号：1903020109200012345", 40.0, 70.0, 9.0),
        ("收款账号：43050175363600000987", 300.0, 70.0, 9.0),
        ("付款人：株洲云帆机械有限公司", 40.0, 86.0, 9.0),
        ("收款人：长沙启明网络设备有限公司", 300.0, 86.0, 9.0),
        ("付款开户行：", 40.0, 102.0, 9.0),
        ("收款开户行：建设银行长沙岳麓支行", 300.0, 102.0, 9.0),
        ("交易金额（小写）：CNY 29,000.00", 40.0, 118.0, 9.0),
        ("交易金额（大写）：人民币贰万玖仟元整", 300.0, 118.0, 9.0),
        ("交易摘要：设备款", 40.0, 134.0, 9.0),
    ];
    insta::assert_snapshot!(told(&read(&page(&runs, Grade::Text))));
}

/// One block above the other, the payee first, as on some credit notes; recognised from pixels.
#[test]
fn blocks_one_above_the_other() {
    let runs = [
        ("客户入账通知", 220.0, 20.0, 16.0),
        ("日期 2022-03-20", 40.0, 45.0, 9.0),
        ("收款人", 40.0, 76.0, 9.0),
        ("户名", 90.0, 62.0, 9.0),
        ("长沙启明网络设备有限公司", 130.0, 62.0, 9.0),
        ("账号", 90.0, 76.0, 9.0),
        ("43050175363600000987", 130.0, 76.0, 9.0),
        ("开户行", 90.0, 90.0, 9.0),
        ("建设银行长沙岳麓支行", 130.0, 90.0, 9.0),
        ("付款人", 40.0, 120.0, 9.0),
        ("户名", 90.0, 106.0, 9.0),
        ("株洲云帆机械有限公司", 130.0, 106.0, 9.0),
        ("账号", 90.0, 120.0, 9.0),
        ("1903020109200012345", 130.0, 120.0, 9.0),
        ("开户行", 90.0, 134.0, 9.0),
        ("某州银行天元支行", 130.0, 134.0, 9.0),
        ("币别：人民币", 40.0, 150.0, 9.0),
        ("金额（大写）贰万玖仟元整", 130.0, 150.0, 9.0),
        ("（小写）¥29,000.00", 400.0, 150.0, 9.0),
        ("流水号：430000220320A0001", 40.0, 166.0, 9.0),
    ];
    insta::assert_snapshot!(told(&read(&page(&runs, Grade::Ocr))));
}

/// A statement of one account: own side and other side, one digit a box.
#[test]
fn own_and_other_side_and_boxed_digits() {
    let runs = [
        ("转账支票付款凭证", 220.0, 20.0, 16.0),
        ("本方户名：株洲云帆机械有限公司", 40.0, 50.0, 9.0),
        ("对方户名：长沙启明网络设备有限公司", 300.0, 50.0, 9.0),
        ("2022 年 3 月 20 日", 220.0, 66.0, 9.0),
        ("亿千百十万千百十元角分", 400.0, 80.0, 9.0),
        ("¥ 2 9 0 0 0 0 0", 428.0, 92.0, 9.0),
        ("人民币（大写）：贰万玖仟元整", 40.0, 92.0, 9.0),
    ];
    insta::assert_snapshot!(told(&read(&page(&runs, Grade::Text))));
}

#[test]
fn a_blank_sheet_gives_nothing() {
    assert_eq!(read(&Page::empty(1, 600.0, 400.0, ReadBy::Pdf)), Extracted::default());
}

/// A heading over three rows: the row that says 户名 names the party, not the one that stands in its middle.
#[test]
fn a_heading_beside_rows_names_none_of_them() {
    let mut page = page(&[("中国某业银行 网上银行电子回单", 190.0, 20.0, 14.0)], Grade::Ocr);
    let mut cells = Vec::new();
    let mut cell = |page: &mut Page, (row, col, row_span): (u32, u32, u32), bbox: BBox, text: &str| {
        let place = Place::Page { page: 1, bbox };
        let run = BBox::new(bbox.x0 + 2.0, bbox.mid_y() - 4.5, bbox.x1 - 2.0, bbox.mid_y() + 4.5);
        let lines = vec![page.lines.len() as u32];
        let confidence = Confidence(990);
        page.lines.push(Line {
            text: text.to_owned(),
            place: Place::Page { page: 1, bbox: run },
            grade: Grade::Ocr,
            confidence,
            row: 1 + row,
            table: Some(0),
            edges: Vec::new(),
            size: 9.0,
        });
        let text = text.to_owned();
        cells.push(Cell {
            row,
            col,
            row_span,
            col_span: 1,
            text,
            place,
            grade: Grade::Ocr,
            confidence,
            lines,
        });
    };
    for (x, heading, account, name, bank) in [
        (60.0, "付款方", "514184083586974950", "湖南样本新材料股份有限公司", "某业银行股份有限公司岳阳支行"),
        (300.0, "收款方", "4838934801924998313", "广州样本信息科技有限公司", "某商银行股份有限公司广州支行"),
    ] {
        let at = if x < 100.0 { 0 } else { 3 };
        cell(&mut page, (0, at, 3), BBox::new(x, 50.0, x + 24.0, 122.0), heading);
        for (row, (label, value)) in
            [("账号", account), ("户名", name), ("开户行", bank)].into_iter().enumerate()
        {
            let y = 50.0 + 24.0 * row as f32;
            cell(&mut page, (row as u32, at + 1, 1), BBox::new(x + 24.0, y, x + 60.0, y + 24.0), label);
            cell(&mut page, (row as u32, at + 2, 1), BBox::new(x + 60.0, y, x + 238.0, y + 24.0), value);
        }
    }
    let place = Place::Page { page: 1, bbox: BBox::new(60.0, 50.0, 538.0, 122.0) };
    page.tables.push(Table { place, rows: 3, cols: 6, cells, ruled: true });
    let out = told(&read(&page));
    assert!(out.contains("payer_name: 湖南样本新材料股份有限公司 ("), "{out}");
    assert!(out.contains("payee_name: 广州样本信息科技有限公司 ("), "{out}");
}

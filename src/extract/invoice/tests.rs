use std::sync::Arc;

use super::*;
use crate::extract::fixture::{page, told};
use crate::model::{BBox, Code, Confidence, Grade, Page, ReadBy, Segment};

pub(super) fn read(page: &Page) -> Extracted {
    let segment = Segment {
        pages: (1, 1),
        area: None,
        kind: Kind::Invoice,
        confidence: Confidence::FULL,
        why: Vec::new(),
    };
    let view = View { file: Arc::from("a.pdf"), segment: &segment, pages: vec![page] };
    Invoice.extract(&view, &Pack::embedded().unwrap())
}

/// An electronic ordinary invoice of tax control: labels of a template, values beside them in another size.
fn electronic() -> Vec<(&'static str, f32, f32, f32)> {
    vec![
        ("机器编号：", 30.0, 60.0, 9.0),
        ("661510100000", 80.0, 61.0, 9.0),
        ("湖南增值税电子普通发票", 180.0, 25.0, 20.0),
        ("发票代码：", 430.0, 20.0, 9.0),
        ("043002100111", 480.0, 21.0, 9.0),
        ("发票号码：", 430.0, 33.0, 9.0),
        ("20210387", 480.0, 34.0, 9.0),
        ("开票日期：", 430.0, 46.0, 9.0),
        ("2022 年03 月15 日", 480.0, 47.0, 9.0),
        ("校 验 码：", 430.0, 59.0, 9.0),
        ("76939 05688 34666 77916", 480.0, 60.0, 9.0),
        ("购", 22.0, 85.0, 9.0),
        ("买", 22.0, 99.0, 9.0),
        ("方", 22.0, 113.0, 9.0),
        ("名", 40.0, 80.0, 9.0),
        ("称：", 85.0, 80.0, 9.0),
        ("株洲云帆机械有限公司", 106.0, 80.0, 9.0),
        ("纳税人识别号：", 40.0, 93.0, 9.0),
        ("91430200MA4L00011Q", 106.0, 93.0, 9.0),
        ("地 址、电 话：", 40.0, 106.0, 9.0),
        ("株洲市天元区珠江南路88号 0731-22880000", 106.0, 106.0, 9.0),
        ("开户行及账号：", 40.0, 119.0, 9.0),
        ("建行株洲分行 43001500000000000001", 106.0, 119.0, 9.0),
        ("密", 350.0, 82.0, 9.0),
        ("码", 350.0, 98.0, 9.0),
        ("区", 350.0, 114.0, 9.0),
        ("*7//048893934-/649-<580>53+", 370.0, 80.0, 10.0),
        ("227268<07//400<+3->>><0*8+6", 370.0, 93.0, 10.0),
        ("-+--4>0885<+74-<4316/8+6/*3", 370.0, 106.0, 10.0),
        (">772+08268<07//400<+3->9604", 370.0, 119.0, 10.0),
        ("货物或应税劳务、服务名称", 40.0, 135.0, 9.0),
        ("规格型号", 170.0, 135.0, 9.0),
        ("单位", 225.0, 135.0, 9.0),
        ("数 量", 262.0, 135.0, 9.0),
        ("单 价", 320.0, 135.0, 9.0),
        ("金", 390.0, 135.0, 9.0),
        ("额", 420.0, 135.0, 9.0),
        ("税率", 450.0, 135.0, 9.0),
        ("税 额", 520.0, 135.0, 9.0),
        ("*计算机网络设备*边缘计算网", 22.0, 148.0, 9.0),
        ("EG-2000", 170.0, 148.0, 9.0),
        ("台", 230.0, 148.0, 9.0),
        ("2", 295.0, 148.0, 9.0),
        ("13274.336283185841", 300.5, 148.0, 9.0),
        ("26548.67", 399.0, 148.0, 9.0),
        ("13%", 452.0, 148.0, 9.0),
        ("3451.33", 542.0, 148.0, 9.0),
        ("关", 22.0, 160.0, 9.0),
        ("*计算机网络设备*边缘计算网关", 22.0, 172.0, 9.0),
        ("-884.96", 403.5, 172.0, 9.0),
        ("13%", 452.0, 172.0, 9.0),
        ("-115.04", 542.0, 172.0, 9.0),
        ("合", 70.0, 250.0, 9.0),
        ("计", 120.0, 250.0, 9.0),
        ("￥25663.71", 389.0, 250.0, 9.0),
        ("￥3336.29", 530.0, 250.0, 9.0),
        ("价税合计（大写）", 50.0, 268.0, 9.0),
        ("⊗ 贰万玖仟圆整", 170.0, 268.0, 9.0),
        ("（小写）￥29000.00", 420.0, 268.0, 9.0),
        ("名", 40.0, 285.0, 9.0),
        ("称：", 85.0, 285.0, 9.0),
        ("长沙启明网络设备有限公司", 106.0, 285.0, 9.0),
        ("纳税人识别号：", 40.0, 298.0, 9.0),
        ("91433101MA4Q9X9Y2W", 106.0, 298.0, 9.0),
        ("地 址、电 话：", 40.0, 311.0, 9.0),
        ("长沙市岳麓区尖山路39号 0731-88990000", 106.0, 311.0, 9.0),
        ("备", 350.0, 290.0, 9.0),
        ("注", 350.0, 320.0, 9.0),
        ("合同号：HT-2022-001", 370.0, 290.0, 9.0),
        ("收款人：王一", 40.0, 345.0, 9.0),
        ("复核：", 180.0, 345.0, 9.0),
        ("开票人：李二", 300.0, 345.0, 9.0),
        ("销售方：（章）", 430.0, 345.0, 9.0),
    ]
}

/// A fully digitalised special invoice: parties side by side, a name over two lines, an exempt line.
fn digital() -> Vec<(&'static str, f32, f32, f32)> {
    vec![
        ("电子发票（增值税专用发票）", 190.0, 25.0, 18.0),
        ("发票号码：23432000000012345678", 420.0, 28.0, 9.0),
        ("开票日期：2023年05月06日", 420.0, 44.0, 9.0),
        ("购", 22.0, 80.0, 9.0),
        ("买", 22.0, 92.0, 9.0),
        ("名称：湘西数智工业互联网科技", 36.0, 82.0, 9.0),
        ("有限公司", 63.0, 94.0, 9.0),
        ("统一社会信用代码/纳税人识别号：91433101MA4Q9X9Y2W", 36.0, 112.0, 9.0),
        ("销", 305.0, 80.0, 9.0),
        ("售", 305.0, 92.0, 9.0),
        ("名称：株洲云帆软件有限公司", 320.0, 82.0, 9.0),
        ("统一社会信用代码/纳税人识别号：91430200MA4L00011Q", 320.0, 112.0, 9.0),
        ("项目名称", 50.0, 140.0, 9.0),
        ("规格型号", 140.0, 140.0, 9.0),
        ("单 位", 205.0, 140.0, 9.0),
        ("数 量", 265.0, 140.0, 9.0),
        ("单 价", 330.0, 140.0, 9.0),
        ("金 额", 405.0, 140.0, 9.0),
        ("税率/征收率", 445.0, 140.0, 9.0),
        ("税 额", 555.0, 140.0, 9.0),
        ("*软件*工业数据采集", 25.0, 155.0, 9.0),
        ("V3.0", 140.0, 155.0, 9.0),
        ("套", 210.0, 155.0, 9.0),
        ("1", 272.0, 155.0, 9.0),
        ("88495.5752212389", 288.0, 155.0, 9.0),
        ("88495.58", 391.0, 155.0, 9.0),
        ("13%", 460.0, 155.0, 9.0),
        ("11504.42", 541.0, 155.0, 9.0),
        ("软件", 25.0, 167.0, 9.0),
        ("*信息技术服务*平台技术开发", 25.0, 179.0, 9.0),
        ("50000.00", 391.0, 179.0, 9.0),
        ("免税", 460.0, 179.0, 9.0),
        ("***", 564.0, 179.0, 9.0),
        ("合 计", 60.0, 260.0, 9.0),
        ("¥138495.58", 386.0, 260.0, 9.0),
        ("¥11504.42", 537.0, 260.0, 9.0),
        ("价税合计（大写）", 40.0, 278.0, 9.0),
        ("壹拾伍万圆整", 170.0, 278.0, 9.0),
        ("（小写）", 400.0, 278.0, 9.0),
        ("¥150000.00", 440.0, 278.0, 9.0),
        ("备", 22.0, 300.0, 9.0),
        ("注", 22.0, 320.0, 9.0),
        ("购方开户银行:工行湘西分行;", 40.0, 300.0, 9.0),
        ("开票人：赵三", 60.0, 370.0, 9.0),
    ]
}

#[test]
fn electronic_of_tax_control() {
    insta::assert_snapshot!(told(&read(&page(&electronic(), Grade::Text))));
}

#[test]
fn a_character_recognised_twice_is_no_column() {
    let mut all = electronic();
    let lines =
        |x: &Extracted| told(x).lines().filter(|l| l.starts_with("- ")).collect::<Vec<_>>().join("\n");
    let plain = lines(&read(&page(&all, Grade::Ocr)));
    all.push(("1", 452.0, 148.0, 9.0));
    assert_eq!(lines(&read(&page(&all, Grade::Ocr))), plain);
}

#[test]
fn fully_digitalised() {
    let mut p = page(&digital(), Grade::Text);
    p.codes.push(Code {
        text: "01,31,,23432000000012345678,150000.00,20230506,,A1B2".into(),
        bbox: BBox::new(20.0, 20.0, 70.0, 70.0),
    });
    insta::assert_snapshot!(told(&read(&p)));
}

#[test]
fn labels_in_a_font_without_a_map() {
    // The template's words are damaged, the values are not: what their shape and place tell is kept, less surely.
    let damaged: Vec<(String, f32, f32, f32)> = electronic()
        .into_iter()
        .map(|(t, x, y, s)| {
            let value = t.chars().any(|c| c.is_ascii_digit())
                || t.contains('有')
                || t.starts_with(['*', '⊗', '台', '关']);
            let text =
                if value || t.is_ascii() { t.to_string() } else { "\u{fffd}".repeat(t.chars().count()) };
            (text, x, y, s)
        })
        .collect();
    let runs: Vec<(&str, f32, f32, f32)> =
        damaged.iter().map(|(t, x, y, s)| (t.as_str(), *x, *y, *s)).collect();
    insta::assert_snapshot!(told(&read(&page(&runs, Grade::Text))));
}

#[test]
fn amounts_that_do_not_fit_are_kept_but_doubted() {
    let mut runs = electronic();
    for run in &mut runs {
        if run.0 == "（小写）￥29000.00" {
            run.0 = "（小写）￥28000.00";
        }
    }
    let out = read(&page(&runs, Grade::Ocr));
    let total = out.fields["total"].found().unwrap();
    assert_eq!(total.value.to_plain(), "28000.00");
    assert!(total.confidence < Confidence(700));
}

#[test]
fn a_blank_sheet_gives_nothing() {
    assert_eq!(read(&Page::empty(1, 600.0, 400.0, ReadBy::Pdf)), Extracted::default());
}

#[test]
fn a_check_code_in_groups_that_stand_apart_is_one() {
    let mut all = electronic();
    all.retain(|r| !r.0.contains("校") && r.0.chars().filter(char::is_ascii_digit).count() != 20);
    let groups = ["12345", "67890", "12345", "67890"];
    all.push(("校验码：", 420.0, 75.0, 9.0));
    all.extend(groups.iter().enumerate().map(|(i, g)| (*g, 462.0 + 30.0 * i as f32, 75.0, 9.0)));
    let out = read(&page(&all, Grade::Text));
    assert!(told(&out).contains("check_code: 12345678901234567890"), "{}", told(&out));
}

fn value(out: &Extracted, name: &str) -> Option<String> {
    out.fields.get(name).and_then(Field::found).map(|f| f.value.to_plain())
}

#[test]
fn a_roll_writes_its_total_on_two_rows_and_has_no_net_amount() {
    let roll = [
        ("湖南增值税普通发票（卷票）", 20.0, 20.0, 10.0),
        ("发票代码 043002200107", 8.0, 40.0, 8.0),
        ("发票号码 31234567", 8.0, 51.0, 8.0),
        ("项目 单价 数量 金额", 8.0, 120.0, 8.0),
        ("餐费", 8.0, 131.0, 8.0),
        ("1280.00 1 1280.00", 40.0, 142.0, 8.0),
        ("合计金额（小写） ¥1280.50", 8.0, 160.0, 8.0),
        ("合计金额（大写） 壹仟贰佰捌", 8.0, 171.0, 8.0),
        ("拾圆伍角整", 8.0, 182.0, 8.0),
        ("校验码 12345678901234567890", 8.0, 200.0, 8.0),
    ];
    let out = read(&page(&roll, Grade::Text));
    assert_eq!(value(&out, "total").as_deref(), Some("1280.50"));
    assert_eq!(value(&out, "total_capital").as_deref(), Some("1280.50"));
    assert_eq!((value(&out, "amount"), value(&out, "tax")), (None, None));
}

#[test]
fn an_airline_ticket_tells_its_total_and_its_tax_below_their_heads() {
    let heads = ["票价", "燃油附加费", "增值税税率", "增值税税额", "民航发展基金", "其他税费", "合计"];
    let values = ["CNY 857.43", "CNY 60.00", "9%", "CNY 82.57", "CNY 50.00", "", "CNY 1050.00"];
    let mut all = vec![
        ("电子发票（航空运输电子客票行程单）", 200.0, 20.0, 16.0),
        ("发票号码：24437700000012345678", 30.0, 50.0, 9.0),
        ("填开日期：2024年05月06日", 500.0, 50.0, 9.0),
    ];
    for (i, (head, value)) in heads.iter().zip(values).enumerate() {
        let x = 30.0 + 95.0 * i as f32;
        all.push((head, x, 180.0, 9.0));
        if !value.is_empty() {
            all.push((value, x, 194.0, 9.0));
        }
    }
    let out = read(&page(&all, Grade::Text));
    assert_eq!(value(&out, "total").as_deref(), Some("1050.00"));
    assert_eq!(value(&out, "tax").as_deref(), Some("82.57"));
}

#[test]
fn a_long_name_pushes_its_row_up_and_the_parties_stay_side_by_side() {
    let mut all = digital();
    for run in &mut all {
        if run.0.starts_with("名称：株洲") {
            run.2 = 89.0;
        }
    }
    let out = read(&page(&all, Grade::Text));
    assert_eq!(value(&out, "seller_name").as_deref(), Some("株洲云帆软件有限公司"));
    assert_eq!(value(&out, "buyer_name").as_deref(), Some("湘西数智工业互联网科技有限公司"));
    assert_eq!(value(&out, "buyer_tax_id").as_deref(), Some("91433101MA4Q9X9Y2W"));
}

#[test]
fn the_last_character_of_a_name_on_a_line_of_its_own_belongs_to_it() {
    let mut all = digital();
    for run in &mut all {
        match run.0 {
            "名称：湘西数智工业互联网科技" => run.0 = "名称：湘西数智工业互联网科技有限公",
            "有限公司" => run.0 = "司",
            _ => {}
        }
    }
    let out = read(&page(&all, Grade::Text));
    assert_eq!(value(&out, "buyer_name").as_deref(), Some("湘西数智工业互联网科技有限公司"));
}

#[test]
fn without_labels_a_name_over_two_lines_is_whole_and_less_sure() {
    let values: Vec<(&str, f32, f32, f32)> = vec![
        ("23432000000012345678", 467.0, 28.0, 9.0),
        ("2023年05月06日", 467.0, 44.0, 9.0),
        ("湘西数智工业互联网科技", 36.0, 82.0, 9.0),
        ("有限公司", 36.0, 93.0, 9.0),
        ("91433101MA4Q9X9Y2W", 60.0, 112.0, 9.0),
        ("株洲云帆软件有限公司", 330.0, 82.0, 9.0),
        ("91430200MA4L00011Q", 400.0, 112.0, 9.0),
        ("*软件*工业数据采集", 25.0, 155.0, 9.0),
        ("¥1000.00", 386.0, 260.0, 9.0),
        ("¥130.00", 537.0, 260.0, 9.0),
        ("壹仟壹佰叁拾圆整", 170.0, 278.0, 9.0),
        ("¥1130.00", 440.0, 278.0, 9.0),
    ];
    let out = read(&page(&values, Grade::Text));
    for (name, wanted) in [
        ("buyer_name", "湘西数智工业互联网科技有限公司"),
        ("buyer_tax_id", "91433101MA4Q9X9Y2W"),
        ("seller_name", "株洲云帆软件有限公司"),
        ("seller_tax_id", "91430200MA4L00011Q"),
        ("number", "23432000000012345678"),
    ] {
        assert_eq!(value(&out, name).as_deref(), Some(wanted), "{name}");
        assert!(out.fields[name].found().unwrap().confidence < Confidence(900), "{name}");
    }
    assert_eq!(value(&out, "total").as_deref(), Some("1130.00"));
}

#[test]
fn on_a_roll_each_party_has_its_own_id() {
    let roll = [
        ("湖南增值税普通发票（卷票）", 20.0, 20.0, 10.0),
        ("销售方名称 湘西数智科技有限公司", 8.0, 60.0, 8.0),
        ("纳税人识别号 91433101MA4Q9X9Y2W", 8.0, 71.0, 8.0),
        ("购买方名称 株洲云帆软件有限公司", 8.0, 93.0, 8.0),
        ("纳税人识别号 91430200MA4L00011Q", 8.0, 104.0, 8.0),
        ("合计金额（小写） ¥1280.50", 8.0, 160.0, 8.0),
    ];
    let out = read(&page(&roll, Grade::Text));
    assert_eq!(value(&out, "buyer_tax_id").as_deref(), Some("91430200MA4L00011Q"));
    assert_eq!(value(&out, "seller_tax_id").as_deref(), Some("91433101MA4Q9X9Y2W"));
}

#[test]
fn a_lost_heading_of_the_tax_is_told_by_its_place() {
    let runs: Vec<_> = electronic().into_iter().filter(|r| r.0 != "税 额").collect();
    let out = read(&page(&runs, Grade::Ocr));
    let tax = |i: usize| out.items[i].get("tax").and_then(Field::found).map(|f| f.raw.clone());
    assert_eq!(tax(0).as_deref(), Some("3451.33"));
    let whole = read(&page(&electronic(), Grade::Ocr));
    assert_eq!(out.items.len(), whole.items.len());
    assert_eq!(out.items[0].get("amount"), whole.items[0].get("amount"));
}

#[test]
fn a_title_without_its_last_bracket_is_whole() {
    let mut runs = digital();
    runs.iter_mut().filter(|r| r.0.starts_with("电子发票")).for_each(|r| r.0 = "电子发票（普通发票");
    let out = read(&page(&runs, Grade::Ocr));
    assert_eq!(value(&out, "kind_name").as_deref(), Some("电子发票(普通发票)"));
    let raw = out.fields.get("kind_name").and_then(Field::found).map(|f| f.raw.clone());
    assert_eq!(raw.as_deref(), Some("电子发票(普通发票"));
}

#[test]
fn a_recognised_title_without_its_beginning_is_not_sure() {
    let sure = |title: &'static str, grade| {
        let mut runs = electronic();
        runs.iter_mut().filter(|r| r.0 == "湖南增值税电子普通发票").for_each(|r| r.0 = title);
        let out = read(&page(&runs, grade));
        out.fields.get("kind_name").and_then(Field::found).map(|f| f.confidence.as_unit())
    };
    let whole = sure("湖南增值税电子普通发票", Grade::Ocr).unwrap();
    assert!(sure("增值税电子普通发票", Grade::Ocr).unwrap() < 0.9 * whole);
    assert_eq!(sure("增值税电子普通发票", Grade::Text), Some(1.0));
}

#[test]
fn recognised_capitals_without_yuan_lost_their_beginning() {
    let mut runs = digital();
    runs.iter_mut().filter(|r| r.0 == "壹拾伍万圆整").for_each(|r| r.0 = "叁角玖分");
    let of = |grade| read(&page(&runs, grade)).fields.get("total_capital").cloned();
    assert!(matches!(of(Grade::Ocr), Some(Field::Unreadable(_))), "{:?}", of(Grade::Ocr));
    assert!(matches!(of(Grade::Text), Some(Field::Found(_))));
}

#[test]
fn a_name_ends_where_a_piece_of_the_next_label_begins() {
    let mut runs = digital();
    let (name, x, y, size) = *runs.iter().find(|r| r.0 == "名称：株洲云帆软件有限公司").unwrap();
    assert!(name.starts_with("名称"));
    runs.push(("社会信用代码/", x + 3.0 * size, y + 13.0, size));
    let out = read(&page(&runs, Grade::Ocr));
    assert_eq!(value(&out, "seller_name").as_deref(), Some("株洲云帆软件有限公司"));
}

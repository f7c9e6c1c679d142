//! Scanned invoices: roles set downwards, letters of seals among the values.

use super::tests::read;
use crate::extract::fixture::{page, told};
use crate::model::{BBox, Cell, Confidence, Grade, Line, Page, Place, Table};

/// A fully digital invoice without rulings between the columns of its list, scanned in grey: its seal is read as text.
fn sealed_in_grey() -> Vec<(&'static str, f32, f32, f32)> {
    vec![
        ("电子发票(增值税专用发票)", 180.0, 28.0, 17.0),
        ("发票号码：22437909950989981616", 411.0, 32.0, 8.0),
        ("开票日期：2022年02月16日", 411.0, 46.0, 8.0),
        ("购买方信息", 28.0, 84.0, 9.0),
        ("名称：株洲启明物联网技术有限公司", 42.0, 84.0, 9.0),
        ("销售方信息", 298.0, 84.0, 9.0),
        ("名称：长沙锐捷数电子有限公司", 312.0, 84.0, 9.0),
        ("统一社会信用代码/纳税人识别号：", 41.0, 104.0, 7.0),
        ("91430200MA8MTN6G6D", 163.0, 104.0, 7.0),
        ("统一社会信用代码/纳税人识别号：", 311.0, 104.0, 7.0),
        ("91320500MAHNGBJ68F", 433.0, 104.0, 7.0),
        ("项目名称", 79.0, 126.0, 7.0),
        ("规格型号", 182.0, 126.0, 7.0),
        ("单位", 239.0, 126.0, 7.0),
        ("数量", 280.0, 126.0, 7.0),
        ("单价", 337.0, 126.0, 7.0),
        ("金额", 412.0, 126.0, 7.0),
        ("税率/征收率", 461.0, 126.0, 7.0),
        ("税额", 523.0, 126.0, 7.0),
        ("*研发和技术服务*系统集成开发服务", 25.0, 136.0, 7.0),
        ("R740", 166.0, 136.0, 7.0),
        ("项", 244.0, 136.0, 7.0),
        ("2", 304.0, 136.0, 7.0),
        ("72623.00", 350.0, 136.0, 7.0),
        ("145246.00", 428.0, 136.0, 7.0),
        ("9%", 490.0, 136.0, 7.0),
        ("13072.14", 535.0, 136.0, 7.0),
        ("合计", 85.0, 198.0, 7.0),
        ("￥145246.00", 422.0, 198.0, 7.0),
        ("￥13072.14", 528.0, 198.0, 7.0),
        ("价税合计（大写）", 63.0, 216.0, 7.0),
        ("壹拾伍万捌仟叁佰壹拾捌圆壹角肆分", 171.0, 216.0, 8.0),
        ("（小写）", 419.0, 216.0, 7.0),
        ("￥158318.14", 451.0, 216.0, 7.0),
        ("91440300MATAB293X0", 262.0, 248.0, 7.0),
        ("发票专用章", 274.0, 271.0, 8.0),
        ("开票人：陈思远", 43.0, 276.0, 8.0),
    ]
}

/// Sets the names of the roles downwards, beside several lines.
fn downwards(page: &mut Page) {
    for line in page.lines.iter_mut().filter(|l| l.text.ends_with("方信息")) {
        let b = line.bbox().unwrap();
        line.place = Place::Page { page: 1, bbox: BBox::new(b.x0, 82.0, b.x0 + 7.0, 120.0) };
        line.edges.clear();
    }
}

#[test]
fn a_role_set_downwards_is_no_line_of_the_heading() {
    let mut page = page(&sealed_in_grey(), Grade::Ocr);
    downwards(&mut page);
    let out = told(&read(&page));
    for want in [
        "buyer_name: 株洲启明物联网技术有限公司 (",
        "buyer_tax_id: 91430200MA8MTN6G6D (",
        "seller_name: 长沙锐捷数电子有限公司 (",
        "seller_tax_id: 91320500MAHNGBJ68F (",
    ] {
        assert!(out.contains(want), "{want} is not in\n{out}");
    }
}

/// The page with what stands in a box as one cell.
fn with_cell(mut page: Page, b: BBox) -> Page {
    let inside = |l: &Line| l.bbox().is_some_and(|l| b.contains(l.mid_x(), l.mid_y()));
    let lines: Vec<u32> = (0..page.lines.len() as u32).filter(|i| inside(&page.lines[*i as usize])).collect();
    let texts: Vec<&str> = lines.iter().map(|i| page.lines[*i as usize].text.as_str()).collect();
    let cell = Cell {
        row: 0,
        col: 0,
        row_span: 1,
        col_span: 1,
        text: texts.join("\n"),
        place: Place::Page { page: 1, bbox: b },
        grade: Grade::Ocr,
        confidence: Confidence(930),
        lines: lines.clone(),
    };
    lines.iter().for_each(|i| page.lines[*i as usize].table = Some(0));
    page.tables.push(Table {
        place: Place::Page { page: 1, bbox: b },
        rows: 1,
        cols: 1,
        cells: vec![cell],
        ruled: true,
    });
    page
}

#[test]
fn letters_of_a_seal_beside_a_party_are_none_of_it() {
    let mut runs = sealed_in_grey();
    let at = |runs: &[(&str, f32, f32, f32)], text: &str| runs.iter().position(|r| r.0 == text).unwrap();
    let (name, id) = (at(&runs, "名称：长沙锐捷数电子有限公司"), at(&runs, "91320500MAHNGBJ68F"));
    runs[id].1 = 440.0;
    runs[name] = ("名称：", 312.0, 84.0, 9.0);
    runs.extend([
        ("e iv", 345.0, 84.0, 9.0),
        ("长沙锐捷数电子有限公司", 370.0, 84.0, 9.0),
        ("有", 475.0, 84.0, 9.0),
        ("N", 432.0, 104.0, 7.0),
    ]);
    let page = with_cell(page(&runs, Grade::Ocr), BBox::new(308.0, 80.0, 560.0, 122.0));
    let out = told(&read(&page));
    assert!(out.contains("seller_name: 长沙锐捷数电子有限公司 ("), "{out}");
    assert!(out.contains("seller_tax_id: 91320500MAHNGBJ68F ("), "{out}");
}

#[test]
fn what_follows_a_whole_name_belongs_to_it_only_if_it_ends_like_one() {
    let below = |rest: &'static str| {
        let mut runs = sealed_in_grey();
        runs.push((rest, 342.0, 95.0, 9.0));
        told(&read(&page(&runs, Grade::Text)))
    };
    assert!(below("长沙市高新区").contains("seller_name: 长沙锐捷数电子有限公司 ("));
    assert!(below("湘潭分公司").contains("seller_name: 长沙锐捷数电子有限公司湘潭分公司 ("));
}

#[test]
fn ink_behind_a_recognised_name_is_no_letter() {
    let mut page = page(&sealed_in_grey(), Grade::Ocr);
    let name = page.lines.iter_mut().find(|l| l.text.ends_with("锐捷数电子有限公司")).unwrap();
    name.text.push('关');
    let end = name.edges.last().unwrap() + 16.0;
    name.edges.push(end);
    let b = name.bbox().unwrap();
    name.place = Place::Page { page: 1, bbox: BBox { x1: end, ..b } };
    let out = told(&read(&page));
    assert!(out.contains("seller_name: 长沙锐捷数电子有限公司 ("), "{out}");
}

#[test]
fn recognised_capitals_that_begin_between_their_parts_lost_their_beginning() {
    let capital = |text: &'static str, grade: Grade| {
        let mut runs = sealed_in_grey();
        runs.iter_mut().find(|r| r.0.starts_with("壹拾伍万")).unwrap().0 = text;
        told(&read(&page(&runs, grade)))
    };
    assert!(capital("零叁佰壹拾捌圆壹角肆分", Grade::Ocr).contains("total_capital: !零叁佰"));
    assert!(capital("零圆壹角肆分", Grade::Ocr).contains("total_capital: 0.14 ("));
    assert!(capital("玖佰壹拾万零伍仟捌俩零 肆圆肆角", Grade::Ocr).contains("total_capital: !"));
    assert!(capital("玖佰壹拾万零伍仟捌佰零 肆圆肆角", Grade::Ocr).contains("total_capital: 9105804.40 ("));
}

#[test]
fn an_id_too_long_for_its_line_goes_on_below() {
    let broken = |rest: &'static str| {
        let mut runs = sealed_in_grey();
        let id = runs.iter_mut().find(|r| r.0 == "91320500MAHNGBJ68F").unwrap();
        id.0 = "91320500MAHNGBJ6";
        runs.push((rest, 311.0, 112.0, 7.0));
        told(&read(&page(&runs, Grade::Text)))
    };
    assert!(broken("8F").contains("seller_tax_id: 91320500MAHNGBJ68F ("));
    assert!(broken("8F0").contains("seller_tax_id: 91320500MAHNGBJ6 ("));
}

//! Bundles of pages written by hand.

use super::*;
use crate::model::{BBox, Confidence, Grade, Line, Page, Place, ReadBy};

/// A page with rows from the top, 20 points each; `|` parts runs of one row, a leading `#` is large print, `~` is an
/// empty row.
fn page(number: u32, by: ReadBy, rows: &str) -> Page {
    let mut page = Page::empty(number, 595.0, 842.0, by);
    for (row, text) in rows.lines().map(str::trim).filter(|t| !t.is_empty()).enumerate() {
        if text == "~" {
            continue;
        }
        let (size, text) = text.strip_prefix('#').map_or((10.0, text), |t| (18.0, t));
        let y = 60.0 + 20.0 * row as f32;
        for (k, run) in text.split('|').enumerate() {
            let x = 60.0 + 180.0 * k as f32;
            let bbox = BBox::new(x, y, x + size * run.chars().count() as f32, y + size);
            page.lines.push(Line {
                text: run.to_string(),
                place: Place::Page { page: number, bbox },
                grade: Grade::Text,
                confidence: Confidence::FULL,
                row: row as u32,
                table: None,
                edges: Vec::new(),
                size,
            });
        }
    }
    page
}

fn kinds_of(pages: &[(ReadBy, &str)]) -> Vec<(Kind, u32, u32)> {
    let pages = pages.iter().zip(1..).map(|((by, text), n)| page(n, *by, text)).collect();
    let reading = Reading::new(ReadBy::Pdf, pages);
    segments(&reading, &Pack::embedded().unwrap()).iter().map(|s| (s.kind, s.pages.0, s.pages.1)).collect()
}

const COVER: &str = "#2023年度省级工业互联网平台建设|#项目计划申报书
    企业名称：湖南样本科技有限公司（盖章）
    平台名称：样本平台
    推荐单位：长沙市工业和信息化局
    申报日期：2023年2月10日";
const COMMITMENT: &str = "#真实性承诺
    我单位承诺：此次申请所提交的材料及附件资料均真实、合法，愿承担相应的法律责任。
    特此承诺！
    单位负责人（签字）：";
const PLAN: &str = "应用案例：某企业签订采购合同后，开具增值税专用发票并付款，形成闭环。
    平台对收款人、付款人信息进行核验，提升了财务协同效率。";
const CONTRACT: &str = "#服务器采购合同
    合同编号：YB-2022-01
    甲方：湖南样本科技有限公司
    乙方：长沙某某设备有限公司
    一、乙方收款前应开具增值税专用发票。
    二、违约责任按本合同执行。";
const CONTRACT_2: &str = "七、争议解决：双方协商。乙方开户行、账号及收款人见下。
    甲方（盖章）：|乙方（盖章）：
    签订日期：2022年3月5日";
const PRICES: &str = "#报价清单
    序号|名称|数量|单价
    1|服务器|2|15000";
const INVOICE: &str = "#湖南增值税专用发票
    发票代码：4300221130|发票号码：12345678
    开票日期：2022年3月8日
    购买方 名称：湖南样本科技有限公司
    纳税人识别号：91430100XXXXXXXXXX
    货物或应税劳务、服务名称|金额|税率|税额
    价税合计（大写）|叁万元整|（小写）¥30000.00
    销售方 名称：长沙某某设备有限公司
    收款人：|复核：|开票人：";
const RECEIPT: &str = "某某银行
    #电子回单
    交易日期：2022年3月10日|流水号：123456789
    付款人户名：湖南样本科技有限公司|付款账号：430001
    收款人户名：长沙某某设备有限公司|收款账号：430002
    金额（大写）：叁万元整|（小写）：30000.00
    用途：货款 发票号12345678";

#[test]
fn a_bundle_falls_into_its_documents() {
    let by = ReadBy::Pdf;
    let found = kinds_of(&[
        (by, COVER),
        (by, COMMITMENT),
        (by, PLAN),
        (by, CONTRACT),
        (by, CONTRACT_2),
        (by, PRICES),
        (by, INVOICE),
        (by, RECEIPT),
        (by, CONTRACT),
    ]);
    let expected = [
        (Kind::ApplicationForm, 1, 3),
        (Kind::Contract, 4, 6),
        (Kind::Invoice, 7, 7),
        (Kind::Payment, 8, 8),
        (Kind::Contract, 9, 9),
    ];
    assert_eq!(found, expected);
}

#[test]
fn receipts_below_each_other_are_documents_of_their_own() {
    let two = format!("{RECEIPT}\n{}\n{RECEIPT}", "~\n".repeat(4));
    let reading = Reading::new(ReadBy::Pdf, vec![page(1, ReadBy::Pdf, &two)]);
    let found = segments(&reading, &Pack::embedded().unwrap());
    assert_eq!(found.iter().map(|s| s.kind).collect::<Vec<_>>(), [Kind::Payment, Kind::Payment]);
    let (first, second) = (found[0].area.unwrap(), found[1].area.unwrap());
    assert!((first.y1 - second.y0).abs() < 0.1);
    // The bank's name above the second title belongs to the second receipt.
    let bank = reading.pages[0].lines.iter().filter(|l| l.text == "某某银行").nth(1).unwrap().bbox().unwrap();
    assert!(second.contains(bank.mid_x(), bank.mid_y()), "{second:?} {bank:?}");
}

#[test]
fn a_scan_is_recognised_with_a_wrong_character_in_its_title() {
    let text = INVOICE
        .replace("专用发票", "寺用发票")
        .replace("价税合计", "价税台计")
        .replace("开票日期", "幵票日期");
    assert_eq!(kinds_of(&[(ReadBy::Ocr, &text)]), [(Kind::Invoice, 1, 1)]);
}

#[test]
fn statements_on_one_page_are_two_documents() {
    let text = "#资产负债表
        编制单位：湖南样本科技有限公司|2022年12月31日|单位：元
        资产|期末余额|负债和所有者权益|期末余额
        货币资金|100.00|流动负债合计|40.00
        资产总计|300.00|负债和所有者权益总计|300.00
        -
        -
        #利润表
        项目|本期金额|上期金额
        一、营业收入|500.00|400.00
        二、营业利润|60.00|50.00
        三、利润总额|60.00|50.00
        减：所得税费用|9.00|7.00
        四、净利润|51.00|43.00";
    assert_eq!(kinds_of(&[(ReadBy::Pdf, text)]), [(Kind::BalanceSheet, 1, 1), (Kind::IncomeStatement, 1, 1)]);
}

#[test]
fn what_merely_mentions_a_paper_is_not_that_paper() {
    let by = ReadBy::Pdf;
    let note = "说明
        我公司已取得营业执照，法定代表人未变更，发票号码见附表，付款人均为本公司。";
    assert_eq!(kinds_of(&[(by, note)]), [(Kind::Other, 1, 1)]);
    let filing = "#增值税及附加税费申报表
        纳税人识别号：91430100XXXXXXXXXX
        税款所属期：2022年12月|金额单位：元
        销售额|100.00|销项税额|13.00|应纳税额|3.00";
    assert_eq!(kinds_of(&[(by, filing)])[0].0, Kind::Other);
    let paid = "#税收完税证明
        填发日期：2023年1月10日|税务机关：国家税务总局长沙市税务局
        纳税人名称：湖南样本科技有限公司
        原凭证号|税种|品目名称|税款所属时期|入（退）库日期|实缴（退）金额
        1|增值税|商业|2022-12|2023-01-10|3.00";
    assert_eq!(kinds_of(&[(by, paid)])[0].0, Kind::TaxCertificate);
}

#[test]
fn every_kind_file_names_a_kind() {
    let pack = Pack::embedded().unwrap();
    assert_eq!(score::kinds(&pack).len(), pack.kinds.len());
    for cues in pack.kinds.values() {
        let phrases =
            cues.titles.iter().chain(&cues.strong).chain(&cues.cues).chain(&cues.anti).chain(&cues.parts);
        for phrase in phrases.chain(cues.needs.iter().flatten()) {
            assert_eq!(*phrase, crate::text::normal::squash(phrase), "phrases are compared squashed");
        }
    }
}

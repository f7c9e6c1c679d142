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
fn sheets_between_documents_fall_away() {
    let by = ReadBy::Pdf;
    let found = kinds_of(&[
        (by, "~\n~\n~\n~\n#附件三"),
        (by, CONTRACT),
        (by, ""),
        (by, "~\n~\n~\n~\n#证明材料2\n#发票"),
        (by, INVOICE),
        (by, "GD2022113301"),
        (by, RECEIPT),
    ]);
    let expected = [(Kind::Contract, 2, 2), (Kind::Invoice, 5, 5), (Kind::Payment, 7, 7)];
    assert_eq!(found, expected);
}

#[test]
fn page_numbers_end_a_contract_and_keep_its_pages() {
    let by = ReadBy::Pdf;
    let numbered = |text: &str, n: u32, of: u32| format!("{text}\n第{n}页 共{of}页");
    let (first, second) = (numbered(CONTRACT, 1, 2), numbered("采集周期不大于一秒。", 2, 2));
    // A page behind the last one that says nothing of itself is no page of the contract.
    let found = kinds_of(&[(by, &first), (by, &second), (by, "某年某月某日的一段记载，与前面的文字无关。")]);
    assert_eq!(found, [(Kind::Contract, 1, 2), (Kind::Other, 3, 3)]);
}

#[test]
fn a_cover_belongs_to_what_it_covers() {
    let by = ReadBy::Pdf;
    let cover =
        "~\n~\n#服务器采购合同\n合同编号：YB-2022-01\n甲方：湖南样本科技有限公司\n乙方：长沙某某设备有限公司";
    assert_eq!(kinds_of(&[(by, cover), (by, CONTRACT), (by, CONTRACT_2)]), [(Kind::Contract, 1, 3)]);
}

#[test]
fn papers_that_look_like_invoices_and_receipts_are_neither() {
    let by = ReadBy::Pdf;
    for title in ["发票查验明细", "开票申请单", "记账凭证", "费用报销单", "收款收据"]
    {
        let text = INVOICE.replace("湖南增值税专用发票", title);
        assert_eq!(kinds_of(&[(by, &text)]), [(Kind::Other, 1, 1)], "{title}");
    }
    for title in ["付款申请单", "供应商对账单", "银行账户交易明细"] {
        let text = RECEIPT.replace("电子回单", title);
        assert_eq!(kinds_of(&[(by, &text)]), [(Kind::Other, 1, 1)], "{title}");
    }
}

const TAXES: &str = "三、税项
    本公司按应税收入的百分之六计算销项税，按应纳税所得额的百分之十五计缴所得税。";

#[test]
fn notes_behind_the_statements_belong_to_the_audit_report() {
    let by = ReadBy::Pdf;
    let opinion = "#审计报告
        湘衡审字〔2023〕第1号
        我们审计了湖南样本科技有限公司财务报表，包括2022年12月31日的资产负债表。
        我们认为，后附的财务报表在所有重大方面按照企业会计准则的规定编制，公允反映了财务状况。
        某某会计师事务所（普通合伙）|中国注册会计师：";
    let balance = "#资产负债表
        编制单位：湖南样本科技有限公司|2022年12月31日|单位：元
        货币资金|100.00|流动负债合计|40.00
        流动资产合计|200.00|负债合计|90.00
        资产总计|300.00|负债和所有者权益总计|300.00";
    let notes = "#财务报表附注
        一、公司基本情况
        二、重要会计政策和会计估计";
    let found = kinds_of(&[(by, opinion), (by, balance), (by, notes), (by, TAXES), (by, INVOICE)]);
    let expected = [(Kind::AuditReport, 1, 4), (Kind::BalanceSheet, 2, 2), (Kind::Invoice, 5, 5)];
    assert_eq!(found, expected);
}

#[test]
fn a_contract_goes_on_in_the_next_file() {
    let pack = Pack::embedded().unwrap();
    let file = |text: &str| Reading::new(ReadBy::Pdf, vec![page(1, ReadBy::Pdf, text)]);
    let first = file(CONTRACT);
    let rest = "八、乙方应在合同签订后三十日内完成交付，逾期按日支付违约金，直至交付为止。
        九、知识产权归甲方所有，保密期限为三年，双方应当遵守，任何一方不得向第三方披露。";
    let count = |next: &str, series| goes_on(&first, &file(next), series, &pack).map(|g| (g.0, g.2));
    assert_eq!(count(rest, true), Some((1, Kind::Contract)));
    // Only the name speaks for it: without the name nothing does.
    assert_eq!(count(rest, false), None);
    assert_eq!(count(&format!("合同编号：YB-2022-01\n{rest}"), false), Some((1, Kind::Contract)));
    assert_eq!(count(&format!("合同编号：YB-2022-02\n{rest}"), true), None);
    for other in [CONTRACT, INVOICE, RECEIPT, "#附件三", "现场"] {
        assert_eq!(count(&other.replace("YB-2022-01", "YB-2022-09"), true), None, "{other}");
    }
    let numbered = file(&format!("{CONTRACT}\n第1页 共3页"));
    let second = file(&format!("{rest}\n第2页 共3页"));
    assert!(goes_on(&numbered, &second, false, &pack).is_some());
    assert!(goes_on(&numbered, &file(&format!("{rest}\n第1页 共3页")), true, &pack).is_none());
}

#[test]
fn papers_that_speak_of_a_contract_or_a_payment_are_neither() {
    let by = ReadBy::Pdf;
    let quotation = "#报价单
        客户名称：湖南样本科技有限公司|供应商：长沙某某设备有限公司
        序号|产品名称|数量|单价
        1|服务器|2|15000
        付款方式：签订合同后预付50%，交货时间：15天，质保期一年。";
    let request = "#付款申请单
        收款单位：长沙某某设备有限公司|开户银行：某行|账号：430002
        付款金额（大写）：叁万元整|小写：30000.00
        付款方式：转账|用途：货款|付款单位：湖南样本科技有限公司";
    let acceptance = "#项目验收单
        合同编号：YB-2022-01|合同金额：30000.00元
        甲方：湖南样本科技有限公司|乙方：长沙某某设备有限公司
        验收结论：合格";
    for text in [quotation, request, acceptance] {
        let found = kinds_of(&[(by, text)]);
        assert!(found.iter().all(|f| !matches!(f.0, Kind::Contract | Kind::Payment)), "{found:?}");
    }
    // A voucher whose name is one character away from a ledger's keeps its kind on a scan.
    let transfer = RECEIPT.replace("电子回单", "网银转账凭证");
    assert_eq!(kinds_of(&[(ReadBy::Ocr, &transfer)])[0].0, Kind::Payment);
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

#[test]
fn a_statement_cut_in_two_is_one_and_so_is_a_bill_with_its_back() {
    let first = "#利润表
    编制单位：云杼科技有限公司|2022年度
    项目|本期金额|上期金额
    一、营业收入|100.00|90.00
    减：营业成本|60.00|50.00
    税金及附加|1.00|1.00
    管理费用|9.00|9.00";
    let second = "三、营业利润|30.00|30.00
    四、利润总额|30.00|30.00
    减：所得税费用|3.00|3.00
    五、净利润|27.00|27.00";
    let by = |text| (ReadBy::Pdf, text);
    assert_eq!(kinds_of(&[by(first), by(second)]), [(Kind::IncomeStatement, 1, 2)]);
    let face = "#电子银行承兑汇票
    出票日期|2022-03-05|票据号码|1301
    出票人全称|云杼科技有限公司
    收款人全称|恒拓自动化有限公司
    票据金额|人民币（大写）壹万元整|10000.00
    汇票到期日|2022-09-05";
    let back = "背书人名称|恒拓自动化有限公司
    被背书人名称|湘某数控有限公司
    背书日期|2022-04-05";
    assert_eq!(kinds_of(&[by(face), by(back), by(face)]), [(Kind::Payment, 1, 2), (Kind::Payment, 3, 3)]);
}

#[test]
fn contents_behind_a_cover_belong_to_it() {
    let cover = "#审计报告
    云杼科技有限公司
    湘某会审字〔2023〕第019号
    某会计师事务所（普通合伙）";
    let contents = "#目录
    一、审计报告|1-3
    二、资产负债表|4
    三、利润表|5
    四、现金流量表|6
    五、财务报表附注|7-25";
    let opinion = "#审计报告
    云杼科技有限公司全体股东：
    我们审计了云杼科技有限公司财务报表。
    我们认为，财务报表在所有重大方面公允反映了财务状况。
    某会计师事务所（普通合伙）|中国注册会计师";
    let pages = [cover, contents, opinion].map(|text| (ReadBy::Pdf, text));
    assert_eq!(kinds_of(&pages), [(Kind::AuditReport, 1, 3)]);
}

#[test]
fn words_set_downwards_tell_a_receipt() {
    let mut receipt = page(
        1,
        ReadBy::Pdf,
        "#某设银行单位客户专用回单
        币别：人民币|2021年08月30日|流水号：4072632084210830743
        ~|全称 湖南样本科技有限公司|全称 广州样本仪器有限公司
        ~|账号 43055039465924607783|账号 431604037711393919419
        ~|开户行 某设银行长沙支行|开户行 某通银行广州支行
        金额（大写）壹拾捌万伍仟柒佰贰拾伍元整|（小写）¥185,725.00
        用途 设备款",
    );
    // The sides' headings stand letter by letter before their rows.
    for (side, x) in [("付款人", 40.0), ("收款人", 320.0)] {
        for (k, letter) in side.chars().enumerate() {
            let y = 100.0 + 20.0 * k as f32;
            let mut line = receipt.lines[0].clone();
            line.text = letter.to_string();
            line.place = Place::Page { page: 1, bbox: BBox::new(x, y, x + 9.0, y + 9.0) };
            (line.row, line.size) = (2 + k as u32, 9.0);
            receipt.lines.push(line);
        }
    }
    let reading = Reading::new(ReadBy::Pdf, vec![receipt]);
    let found = segments(&reading, &Pack::embedded().unwrap());
    assert_eq!(found[0].kind, Kind::Payment, "{found:?}");
}

#[test]
fn a_dashboard_is_no_form_and_a_directory_no_list() {
    let dashboard = "#样本协同制造平台
        注册用户数|活跃用户数|接入设备数
        3397|2649|1312
        告警趋势|质量分布";
    assert_ne!(kinds_of(&[(ReadBy::Ocr, dashboard)])[0].0, Kind::ApplicationForm);
    let directory = "三、有关证明材料
        1、平台各功能界面截图和应用场景现场照片
        2、企业法人营业执照副本（三证合一）
        4、服务区域列表
        5、服务企业列表及客户服务合同、发票、收款凭证
        8、纳税证明材料";
    assert_ne!(kinds_of(&[(ReadBy::Pdf, directory)])[0].0, Kind::ServiceList);
}

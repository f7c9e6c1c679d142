//! A second fault of every rule, in another way; on scanned papers where they may be scanned.

use chrono::Days;
use rust_decimal::Decimal;

use super::first::rename;
use super::{HENGYANG, IN_YUEYANG, books, draft, words, write};
use crate::batch::plan;
use crate::cases::{Draft, Pack};
use crate::deal::{Course, Form};
use crate::flow::{self, Block, t};
use crate::forge::{How, Touch};
use crate::form;
use crate::money::wan;
use crate::names::{self, Place, day, yuan};
use crate::paper::Paper;
use crate::rng::Rng;
use crate::scan::Scan;
use crate::{kinds, statement};

/// All of them.
pub fn all(seed: u64) -> Vec<Draft> {
    vec![scanned(seed), undated(seed), statements(seed), trader(seed), versions(seed)]
}

fn touch(d: &mut Draft, paper: &'static str, how: How) {
    d.touches.push(Touch { paper, how });
}

/// c6: a form on paper, scanned with the licence.
fn scanned(seed: u64) -> Draft {
    let plans = [plan("hardware", 1, Form::ElectronicPlain, Course::Plain, 2022)];
    let mut d = draft(seed, ("c6", 46), HENGYANG, "综合型", Pack::Files, &plans);
    d.look.word = false;
    d.look.form.ticks = ("√", "□");
    touch(&mut d, "申报书", How::Scanned);
    touch(&mut d, "2-营业执照", How::Scanned);
    d.s.us.founded = day(2011, 3, 8);
    let people: i64 = d.s.staff.iter().sum();
    let first = &d.s.books[0];
    let (spent, revenue) = (first.current("研发费用") * Decimal::new(18, 1), first.current("营业收入"));
    let much = (revenue * Decimal::new(13, 1) / yuan(10_000)).trunc() * yuan(10_000);
    let late = (d.s.books[1].current("营业收入") / yuan(10) / yuan(10_000)).trunc() * yuan(10_000);
    let (us, story) = (d.s.us.clone(), words::longer_story(&d.s));
    write(
        &mut d,
        &[
            ("封面.未盖章", us.name.clone()),
            ("真实性承诺.单位负责人", String::new()),
            ("基本信息.项目参与工作人员.总数", (people + 4).to_string()),
            ("基本信息.项目参与工作人员.工作总量", (people * 48).to_string()),
            ("基本信息.项目起止时间", "2022年8月至2021年12月".into()),
            ("基本信息.组织机构代码", us.uscc[..17].to_string()),
            ("基本信息.成立时间", "2012-10-08".into()),
            ("基本信息.研发投入.2021", wan(spent, 2)),
            ("平台基本信息.2021年平台收入", wan(much, 2)),
            ("平台基本信息.收入总额", wan(much + late, 2)),
            ("平台基本信息.覆盖行业数", "1".into()),
            ("基本信息.企业及项目简介", story),
        ],
    );
    d.faults.on_licence = vec![("term", "2011年03月08日至2021年03月07日".into())];
    for (rule, what) in [
        ("FORM-003", "人员总数多4人"),
        ("FORM-004", "简介一千余字"),
        ("FORM-006", "代码少一位"),
        ("FORM-007", "项目开始晚于结束"),
        ("FORM-008", "承诺书没有单位负责人签字"),
        ("FORM-009", "封面没有申报单位公章"),
        ("FORM-013", "行业勾选两项，只填1个"),
        ("FORM-014", "每人48个月"),
        ("FIN-005", "2021年研发投入是利润表研发费用的1.8倍"),
        ("FIN-011", "2021年平台收入是营业收入的1.3倍"),
        ("ENTITY-002", "申报书代码比执照少一位"),
        ("ENTITY-003", "成立时间比执照晚一年半"),
        ("ENTITY-005", "营业期限已满"),
    ] {
        d.suspect(rule, what);
    }
    d
}

/// c7: undated, without the promise, on American paper; blanks and boxes that were not ticked; no list of attachments.
fn undated(seed: u64) -> Draft {
    let plans = [plan("software", 1, Form::DigitalSpecial, Course::Plain, 2022)];
    let mut d = Draft::at(seed, ("c7", 47), HENGYANG, ("特色型", crate::batch::LOCAL), Pack::Files, &plans);
    d.look.word = false;
    d.look.form.ticks = ("■", "□");
    d.faults.sheet = Some((612.0, 792.0));
    d.faults.without = vec!["list"];
    let (claim, brand) = (d.s.claimed(), d.s.us.brand.clone());
    write(
        &mut d,
        &[
            ("真实性承诺.全文", String::new()),
            ("封面.申报日期", String::new()),
            ("封面.企业名称", format!("衡阳{brand}自动化工程有限公司")),
            ("基本信息.利润.2022", String::new()),
            ("平台基本信息.平台类别", String::new()),
            ("平台基本信息.投资总额", wan(claim - yuan(60_000), 2)),
            ("平台能力信息.2022年订单数量", "1".into()),
            ("平台能力信息.接入设备数", "5213".into()),
            ("平台能力信息.接入数据采集点数", "3120".into()),
        ],
    );
    for (rule, what) in [
        ("FORM-001", "2022年利润未填"),
        ("FORM-005", "封面的企业名称是另一个"),
        ("FORM-008", "没有承诺书"),
        ("FORM-010", "没有申报日期"),
        ("FORM-011", "申报书用Letter纸"),
        ("FORM-012", "平台类别没有勾选"),
        ("FORM-015", "投资总额少于分年之和"),
        ("METRIC-001", "订单数量1，附有两份服务合同"),
        ("METRIC-003", "设备多于采集点"),
        ("EVIDENCE-009", "没有证明材料清单"),
    ] {
        d.expect(rule, what);
    }
    d.case.may.extend(["INVEST-003", "ENTITY-001"]);
    d
}

/// c8: licence and statements scanned; the licence is another company's, the figures are not those of the statements.
fn statements(seed: u64) -> Draft {
    let plans = [plan("cloud", 1, Form::PaperPlain, Course::Plain, 2022)];
    let mut d = draft(seed, ("c8", 48), IN_YUEYANG, "专业型", Pack::Files, &plans);
    d.look.word = true;
    d.look.books = 0;
    for paper in ["2-营业执照", "7-审计报告2021", "7-审计报告2022"] {
        touch(&mut d, paper, How::Scanned);
    }
    const WUHAN: Place = Place {
        prefix: "武汉",
        region: "420100",
        address: "湖北省武汉市洪山区",
        dial: "027",
        branch: "武汉",
    };
    let mut rng = Rng::new(seed, "parent");
    d.faults.licence = Some(names::company(&mut rng, &WUHAN, "数字科技"));
    let b = &d.s.books;
    let percent = |k: usize| b[k].closing("负债合计") * yuan(100) / b[k].closing("资产总计");
    let slips = [
        ("基本信息.总资产.2022", wan(b[1].closing("资产总计") * Decimal::new(13, 1), 2)),
        ("基本信息.负债率.2021", (percent(0) - yuan(14)).round_dp(2).to_string()),
        ("基本信息.主营业务收入.2021", wan(b[0].current("营业收入") * Decimal::new(125, 2), 2)),
        ("基本信息.利润.2021", wan(b[0].current("利润总额") * Decimal::new(18, 1) + yuan(31_700), 2)),
        ("平台能力信息.平台积累的模型数", "无".into()),
        ("平台能力信息.可解析的工业网络协议种类", "无".into()),
    ];
    let operating = b[0].current("营业利润") + yuan(500_000);
    let current = b[1].closing("流动资产合计") + yuan(2_000_000);
    let prior = |name: &str| b[1].income.iter().find(|l| l.0 == name).map_or(Decimal::ZERO, |l| l.2);
    let (levy, net) = (prior("所得税费用") - yuan(300_000), prior("净利润") + yuan(300_000));
    d.faults.books[0] = vec![("营业利润", "current", operating)];
    d.faults.books[1] =
        vec![("流动资产合计", "closing", current), ("所得税费用", "prior", levy), ("净利润", "prior", net)];
    write(&mut d, &slips);
    for (rule, what) in [
        ("ENTITY-001", "执照是外省另一公司的"),
        ("ENTITY-002", "执照代码不同"),
        ("ENTITY-004", "执照住所在湖北"),
        ("FIN-001", "2022年总资产虚增三成"),
        ("FIN-002", "2021年负债率少14个百分点"),
        ("FIN-003", "2021年主营业务收入虚增四分之一"),
        ("FIN-004", "2021年利润虚增八成"),
        ("FIN-006", "2022年流动资产合计多200万元"),
        ("FIN-007", "2021年营业利润多50万元"),
        ("FIN-008", "2022年利润表的上年数与2021年的不同"),
    ] {
        d.suspect(rule, what);
    }
    d.expect("FORM-002", "专业型必填的指标填无");
    d.case.may.extend(["ENTITY-003", "TAX-001"]);
    d
}

/// c9: a trader, with nothing left but debts; a contract older than he is; a patent that cannot be, an honour of another;
/// customers counted twice.
fn trader(seed: u64) -> Draft {
    let plans = [plan("hardware", 1, Form::PaperSpecial, Course::Plain, 2022)];
    let mut d = Draft::at(seed, ("c9", 49), IN_YUEYANG, ("综合型", crate::batch::ICBC), Pack::Files, &plans);
    d.s.sales.truncate(1);
    d.look.word = true;
    d.look.books = 1;
    let name = format!("岳阳楼区{}电子设备经营部", d.s.us.brand);
    rename(&mut d, &name);
    d.faults.on_licence = vec![("type", "个体工商户".into()), ("head", "经　营　者".into())];
    books::lose(&mut d.s, Decimal::new(65, 2));
    let signed = d.s.deals[0].contract.as_ref().map_or(d.s.filed, |k| k.signed);
    d.s.us.founded = signed + Days::new(20);
    d.s.period.0 = (2022, 10);
    write(&mut d, &[("基本信息.项目参与工作人员.工作总量", "48".into())]);
    d.faults.without = vec!["audit2021"];
    let again: Vec<_> = d.s.customers.iter().take(5).cloned().collect();
    d.s.customers.extend(again);
    let filed = d.s.filed;
    let sale = &mut d.s.sales[0];
    sale.invoices.clear();
    sale.payments.clear();
    sale.contract.iter_mut().for_each(|k| k.signed = filed + Days::new(11));
    // 2021 1 0356217 has the check digit 6.
    let granted = day(2022, 5, 17);
    let number = ("ZL202110356217.4", "ZL 2021 1 0356217.4");
    let page = kinds::patent(
        &d.s,
        d.look.face,
        "发明专利证书",
        "发明名称",
        "一种设备运行数据的边缘预处理方法",
        number,
        granted,
    );
    d.more.push(Paper::one("附件/6-专利证书", "patent", "ip_certificate", vec![page]));
    let other = names::company(&mut Rng::new(seed, "honoured"), &names::HUNAN[1], "机械制造");
    let honour = "湖南省智能制造标杆车间";
    write(&mut d, &[("基本信息.企业荣誉", format!("总装智能车间|{honour}"))]);
    let plaque = vec![
        Block::Gap(3.0),
        Block::Title(vec![t("荣　誉　证　书")], 2.0),
        Block::Gap(2.0),
        Block::Para(vec![t(format!("{}：", other.name))], false),
        Block::Para(vec![t(format!("你单位总装智能车间被评为2021年度{honour}，特发此证。"))], true),
        Block::Gap(2.0),
        Block::Para(vec![t("　　　　　　　　　　　　　　　　湖南省工业和信息化厅")], false),
        Block::Para(vec![t("　　　　　　　　　　　　　　　　二〇二一年十二月")], false),
    ];
    d.faults.added.push(("附件/6-荣誉证书", plaque));
    for (rule, what) in [
        ("ENTITY-006", "个体工商户"),
        ("ENTITY-007", "合同早于成立20天"),
        ("FIN-010", "2021年报表没有审计报告"),
        ("FIN-012", "2022年末资不抵债"),
        ("EVIDENCE-012", "专利号校验位错误"),
        ("EVIDENCE-013", "荣誉证书是另一公司的"),
        ("METRIC-002", "服务企业列表有五家重复"),
        ("METRIC-005", "服务合同签订于申报之后"),
    ] {
        d.expect(rule, what);
    }
    d.case.may.push("CONTRACT-005");
    d
}

/// c10: two versions of the form and of a statement, scanned; guesses for figures; no picture; the city's table, scanned,
/// puts it elsewhere; a receipt nobody can read.
fn versions(seed: u64) -> Draft {
    let plans = [plan("software", 1, Form::ElectronicPlain, Course::Plain, 2022)];
    let mut d = draft(seed, ("c10", 50), IN_YUEYANG, "专业型", Pack::Files, &plans);
    d.look.word = true;
    d.look.books = 1;
    let round = [
        ("平台能力信息.注册用户数", "2000"),
        ("平台能力信息.活跃用户数", "1200"),
        ("平台能力信息.2022年订单数量", "0"),
        ("平台能力信息.服务区域数", "0"),
        ("平台能力信息.接入企业数", "0"),
        ("平台能力信息.接入第三方服务商数量", "100"),
        ("平台能力信息.接入设备数", "1000"),
        ("平台能力信息.接入数据采集点数", "20000"),
        ("平台能力信息.可解析的工业网络协议种类", "100"),
        ("平台能力信息.平台积累的工业数据存量", "100"),
        ("平台能力信息.平台积累的模型数", "100"),
        ("平台能力信息.工业APP数", "200"),
    ];
    write(&mut d, &round.map(|(k, v)| (k, v.to_owned())));
    d.faults.without = vec!["screens"];
    let mut sealed = d.faults.form.clone();
    sealed.extend([
        ("基本信息.主营业务收入.2022", wan(d.s.books[1].current("营业收入") + yuan(9_000_000), 2)),
        ("基本信息.单位地址", "湖南省长沙市开福区芙蓉北路1119号现代服务业孵化楼6层".to_owned()),
    ]);
    let mut layout = d.look.form;
    layout.ticks = ("■", "□");
    let pages = flow::set(&form::form(&d.s, layout, &sealed), d.look.style);
    d.more.push(Paper::one("申报书（盖章版）", "sealed", "application_form", pages));
    let net = d.s.books[1].current("净利润") - yuan(420_000);
    let levy = d.s.books[1].current("所得税费用") + yuan(420_000);
    let edits = vec![("所得税费用", "current", levy), ("净利润", "current", net)];
    let page = statement::income(&d.s.books[1], &d.s.us, 0, d.look.face, &edits);
    let how = Scan { dpi: 150.0, skew: 0.5, turn: 0, colour: true, noise: 3.0, quality: 50 };
    let filed = Paper::one("附件/7-利润表（年报）2022", "filed2022", "income_statement", vec![page]);
    d.more.push(filed.scanned(how, d.seed));
    touch(&mut d, "01-3付款回单", How::Faint(46.0));
    for row in &mut d.s.rows {
        row.payments.clear();
    }
    d.in_table = vec![(2, "株洲市天元区".into())];
    for (rule, what) in [
        ("SAME-001", "盖章版的2022年主营业务收入多900万元"),
        ("SAME-002", "盖章版的地址是另一处"),
        ("METRIC-006", "指标都是整百"),
    ] {
        d.expect(rule, what);
    }
    for (rule, what) in [
        ("METRIC-004", "用户、设备等指标没有截图"),
        ("EVIDENCE-001", "没有截图和照片"),
        ("FIN-009", "年报的利润表净利润少42万元"),
        ("EVIDENCE-011", "付款回单的扫描件看不清"),
        ("PROC-001", "汇总表写作株洲市"),
    ] {
        d.suspect(rule, what);
    }
    // Either form may be taken for the one to judge by.
    d.case.may.push("FIN-003");
    d
}

//! d5 to d7: applicants that have in common what honest ones do not.

use super::hand::{after, buy, draft, planned, redate, rng, surely};
use crate::batch::{CCB, ICBC, LOCAL, plan};
use crate::canvas::{Area, BLACK, Canvas, GREY, Shows, shows};
use crate::cases::{Draft, Pack};
use crate::deal::{Course, Form, Payment};
use crate::font::Face;
use crate::money::{grouped, plain};
use crate::names::{self, Company, day, good};
use crate::paper::Paper;
use crate::world::Row;

/// What one agency wrote for two applicants; only their names were put in.
fn prose(brand: &str) -> String {
    format!(
        "{brand}平台立足区域中小制造企业数字化转型的共性难题，针对老旧设备联网率低、工艺经验依赖老师傅口口相传、质量问题回溯周期长达数日等现状，提出先连接、再优化、后协同的三步走路径。第一步以低成本采集终端接入车间存量设备，十五分钟内完成单台改造；第二步把工艺参数与良率数据放到同一条时间轴上分析，找出影响质量的关键工序；第三步向上下游开放产能与库存视图，使紧急插单的响应时间由两天缩短到四小时。"
    )
}

/// The three of them: they share a seller, and two of them their text, telephone and platform.
pub fn all(seed: u64) -> Vec<Draft> {
    let pair = |form| {
        [
            plan("software", 1, form, Course::Plain, 2022),
            plan("cloud", 1, Form::PaperSpecial, Course::Plain, 2022),
        ]
    };
    let mut five = draft(seed, ("d5", 5), "特色型", ICBC, Pack::Files, &pair(Form::ElectronicPlain));
    let mut six = draft(seed, ("d6", 6), "特色型", CCB, Pack::Groups, &pair(Form::PaperPlain));
    let mut seven = draft(seed, ("d7", 7), "专业型", LOCAL, Pack::Files, &pair(Form::DigitalSpecial));
    let mut rng = rng(seed, "shared");

    five.faults.form.push(("（一）平台建设必要性", prose(&five.s.us.brand)));
    six.faults.form.push(("（一）平台建设必要性", prose(&six.s.us.brand)));
    both(&mut five, &mut six, "DUP-005", "两份申报书的建设必要性由同一人代写");
    six.s.contact = five.s.contact.clone();
    both(&mut five, &mut six, "DUP-006", "两家申报单位的联系人和电话相同");
    seven.s.platform = six.s.platform.clone();
    both(&mut six, &mut seven, "DUP-007", "两家申报单位申报同一平台");

    // One seller, one price list, one book of invoices.
    let seller = names::company(&mut rng, &names::HUNAN[0], "电子设备");
    let gateway =
        good("hardware", "计算机外部设备", "边缘计算一体机", "EC-2000X", "台", (28_600, 28_600), (9, 26), 13);
    let like = plan("hardware", 1, Form::PaperPlain, Course::Plain, 2022);
    let mut book: Option<(String, String)> = None;
    for (n, d) in [&mut five, &mut six, &mut seven].into_iter().enumerate() {
        let at = buy(d, gateway.clone(), like, &seller, &mut rng);
        let [a, b, c] = [[2, 3, 4], [5, 6, 7], [8, 9, 10]][n].map(|m| day(2022, m, 16));
        redate(d, at, [a, b, c], &mut rng);
        let inv = &mut d.s.deals[at].invoices[0];
        match &book {
            None => book = Some((inv.code.clone(), inv.number.clone())),
            Some((code, number)) => {
                inv.code.clone_from(code);
                inv.number = after(number, n as u64);
            }
        }
        d.expect("DUP-009", "同一销售方给三家申报单位开的发票连号");
        d.expect("DUP-010", "同一销售方以相同单价卖给三家申报单位");
    }
    // Two suppliers of two applicants are paid into one account.
    let account = five.s.deals[1].payments[0].payee.account.clone();
    let payee = &mut seven.s.deals[1].payments[0].payee;
    *payee = Company { account, ..payee.clone() };
    both(&mut five, &mut seven, "DUP-010", "两家供应商收款用同一账号");
    borrow(&mut six, &five, 0);
    both(&mut five, &mut six, "DUP-001", "同一张发票改了购买方后由另一家申报");
    for d in [&mut five, &mut six] {
        d.case.may.extend(["DUP-002", "INVOICE-009", "PAY-005"]);
    }
    vec![five, six, seven]
}

/// The purchase of another applicant, with the buyer's name changed on all its papers.
fn borrow(d: &mut Draft, of: &Draft, n: usize) {
    let mut deal = of.s.deals[n].clone();
    let m = d.s.deals.len();
    let key = |k: &str| k.replacen(&format!("{:02}", n + 1), &format!("{:02}", m + 1), 1);
    if let Some(k) = &mut deal.contract {
        (k.key, k.buyer) = (key(&k.key), d.s.us.clone());
    }
    for i in &mut deal.invoices {
        (i.key, i.buyer) = (key(&i.key), d.s.us.clone());
    }
    for p in &mut deal.payments {
        (p.key, p.payer) = (key(&p.key), d.s.us.clone());
    }
    let source = of.s.rows[deal.rows[0]].clone();
    deal.rows = vec![d.s.rows.len()];
    d.s.rows.push(Row {
        contracts: source.contracts.iter().map(|k| key(k)).collect(),
        invoices: source.invoices.iter().map(|k| key(k)).collect(),
        payments: source.payments.iter().map(|k| key(k)).collect(),
        ..source
    });
    d.s.deals.push(deal);
    d.s.plan = planned(d.s.claimed());
}

/// What an agency wrote for two of its clients, whole sections of it.
fn sections(name: &str) -> [(&'static str, String); 4] {
    [
        (
            "（一）平台建设必要性",
            format!(
                "{name}所在园区有铸造、机加和热处理企业三百余家，年用电量合计超过六亿千瓦时，多数企业仍靠人工抄表掌握能耗，峰谷电价的优惠无从利用。建设统一的能效与设备管理平台，可以把分散的电表、空压机、热处理炉接到同一套模型上，按班组、按工单核算单位产品能耗，使企业看得见浪费在哪里，也使园区在迎峰度夏时有据可依地安排错峰。平台还把设备的维修记录与备件消耗连在一起，改变事后抢修的做法，减少非计划停机。"
            ),
        ),
        (
            "（二）平台基础能力",
            "平台以自研的边缘采集盒为入口，内置四十余种常用仪表和控制器的驱动，现场只需选择型号即可接入；采集周期可在一秒到十五分钟之间设定，断网时本地缓存七天数据，恢复后自动补传。数据进入平台后先经过量纲统一、异常剔除和缺口标注三道处理，再写入按测点分区的时序库。上层提供拖拽式看板、规则告警和报表引擎，业务人员不写代码也能搭出自己的应用。安全方面采用双向证书认证和字段级脱敏，关键操作全部留痕，并按季度开展渗透测试。".into(),
        ),
        (
            "（三）平台服务能力",
            "围绕铸造企业，平台形成了熔炼能耗分析、砂处理质量追溯、造型线节拍优化三套成熟应用，典型客户上线半年后吨铸件电耗下降百分之七，废品率下降一点八个百分点。围绕热处理企业，平台提供炉温曲线比对和工艺合规报告，客户接受主机厂审核时可以直接导出。服务团队按区域驻点，两小时内响应，每月出具一份改进建议书，由客户的车间主任和平台的工艺工程师共同签字确认，形成闭环。".into(),
        ),
        (
            "（四）平台建设计划",
            "下一步用十八个月完成三件事：一是把接入企业从现有的数十家扩展到两百家，优先覆盖砂型铸造和渗碳淬火两类高耗能工序；二是与区域电网的需求响应系统对接，让企业以可中断负荷参与调峰并获得补偿；三是建立备件共享库，由平台统一采购易损件，企业按实际消耗结算，降低单家企业的库存资金占用。".into(),
        ),
    ]
}

/// What the submissions of other faults have in common, two by two: sections of text, an account, a seller's numbers.
pub fn pairs(seed: u64, text: [&mut Draft; 2], account: [&mut Draft; 2]) {
    let mut rng = rng(seed, "pairs");
    let seller = names::company(&mut rng, &names::HUNAN[3], "电气设备");
    let [a, b] = text;
    for d in [&mut *a, &mut *b] {
        d.faults.form.extend(sections(&d.s.us.brand.clone()));
        surely(d, "DUP-005", "两份申报书有三节由同一人代写");
    }
    let [c, d] = account;
    let number = c.s.us.account.clone();
    d.s.us.account.clone_from(&number);
    for p in d.s.deals.iter_mut().flat_map(|x| &mut x.payments) {
        p.payer.account.clone_from(&number);
    }
    for x in [&mut *c, &mut *d] {
        surely(x, "DUP-006", "两家申报单位从同一账号付款");
    }
    // Written on one day for two customers.
    let cabinet =
        good("hardware", "配电控制设备", "边缘采集控制柜", "KX-800", "台", (16_800, 24_600), (2, 9), 13);
    let like = plan("hardware", 1, Form::PaperPlain, Course::Plain, 2022);
    let mut first: Option<(String, String)> = None;
    for d in [a, c] {
        let at = buy(d, cabinet.clone(), like, &seller, &mut rng);
        redate(d, at, [day(2022, 4, 11), day(2022, 5, 18), day(2022, 6, 2)], &mut rng);
        let inv = &mut d.s.deals[at].invoices[0];
        match &first {
            None => first = Some((inv.code.clone(), inv.number.clone())),
            Some((code, number)) => (inv.code, inv.number) = (code.clone(), after(number, 1)),
        }
        surely(d, "DUP-009", "同一销售方给两家申报单位开的发票连号");
    }
}

/// What honest applicants have in common: a sentence of policy that everybody quotes, and a dealer with a price list.
pub fn alike(seed: u64, [a, b]: [&mut Draft; 2]) {
    let mut rng = rng(seed, "alike");
    let policy = "《湖南省“智赋万企”行动方案（2023—2025年）》和国务院《关于深化“互联网+先进制造业”发展工业互联网的指导意见》提出，要加快建设和推广工业互联网平台，推动工业企业和设备上云上平台，促进大中小企业融通发展，形成多层次、系统化的平台体系。";
    let dealer = names::company(&mut rng, &names::HUNAN[2], "电子设备");
    let thing =
        good("hardware", "计算机网络设备", "工业无线接入点", "WA-6528X", "台", (3_280, 3_280), (6, 30), 13);
    let like = plan("hardware", 1, Form::PaperPlain, Course::Plain, 2022);
    let mut first: Option<(String, String)> = None;
    let own = ["我们为轴承企业建设磨削工序的数据平台。", "本平台面向机场地面设备的远程运维。"];
    for (n, d) in [a, b].into_iter().enumerate() {
        d.faults.form.push(("（一）平台建设必要性", format!("{policy}{}", own[n])));
        let at = buy(d, thing.clone(), like, &dealer, &mut rng);
        let days = [[3, 4, 4], [4, 5, 5]][n].map(|m| day(2022, m, 21 + n as u32));
        redate(d, at, days, &mut rng);
        let inv = &mut d.s.deals[at].invoices[0];
        match &first {
            None => first = Some((inv.code.clone(), inv.number.clone())),
            Some((code, number)) => (inv.code, inv.number) = (code.clone(), after(number, 63)),
        }
    }
}

/// d15: the applicant of another submission once more, with nearly the same platform and other papers.
pub fn once_more(seed: u64, of: &mut Draft) -> Draft {
    let plans = [
        plan("software", 1, Form::ElectronicPlain, Course::Plain, 2022),
        plan("hardware", 1, Form::PaperSpecial, Course::Plain, 2022),
        plan("cloud", 1, Form::PaperSpecial, Course::Plain, 2022),
    ];
    let mut d = draft(seed, ("d15", 15), "专业型", CCB, Pack::Files, &plans);
    let first = d.s.deals[1].invoices[0].number.clone();
    d.s.deals[2].invoices[0].cipher_of = Some(first);
    d.expect("INVOICE-015", "第三张专用发票的密码区是第二张的");
    d.s.us = of.s.us.clone();
    for deal in &mut d.s.deals {
        deal.contract.iter_mut().for_each(|k| k.buyer = of.s.us.clone());
        deal.invoices.iter_mut().for_each(|i| i.buyer = of.s.us.clone());
        deal.payments.iter_mut().for_each(|p| p.payer = of.s.us.clone());
    }
    d.s.platform = of.s.platform.replace("工业互联网平台", "工业互联平台");
    d.case.applicant.clone_from(&of.case.applicant);
    d.case.id = format!("{}（补报）", of.case.id);
    let paid = d.s.deals[0].payments.remove(0);
    let name = "附件/3-合同发票支付凭证/01-3网银截图";
    d.more.push(Paper::one(name, &paid.key, "payment", vec![order(&paid, d.look.face)]));
    d.expect("PAY-007", "第一项附的是尚待授权的网银指令");
    // Who signs later pays later: whether it was paid cannot be told.
    surely(&mut d, "INVEST-007", "第一项没有付成的凭证");
    d.case.expected.last_mut().expect("just labelled").outcome = "any";
    both(of, &mut d, "DUP-007", "同一单位的同一平台换一个字又申报一次");
    d
}

fn both(a: &mut Draft, b: &mut Draft, rule: &'static str, what: &str) {
    a.expect(rule, what);
    b.expect(rule, what);
}

/// A page of the bank's web site: an order that still waits for the second signature.
fn order(p: &Payment, face: Face) -> Canvas {
    let mut cv = Canvas::new(760.0, 460.0);
    cv.rect(Area(0.0, 0.0, 760.0, 40.0), Some((20, 70, 140)), None);
    cv.text(24.0, 26.0, 14.0, face, (255, 255, 255), "企业网上银行　　转账汇款　＞　指令详情");
    let rows: [(&str, String, Shows); 9] = [
        ("付款账号", p.payer.account.clone(), shows("payer_account", &p.payer.account)),
        ("付款户名", p.payer.name.clone(), shows("payer_name", &p.payer.name)),
        ("收款账号", p.payee.account.clone(), shows("payee_account", &p.payee.account)),
        ("收款户名", p.payee.name.clone(), shows("payee_name", &p.payee.name)),
        ("收款银行", p.payee.bank.clone(), Vec::new()),
        ("转账金额", format!("{}元", grouped(p.amount)), shows("amount", plain(p.amount))),
        ("用途", p.purpose.clone(), shows("purpose", &p.purpose)),
        ("提交时间", p.date.format("%Y-%m-%d 16:41:09").to_string(), Vec::new()),
        ("指令状态", "等待授权".into(), Vec::new()),
    ];
    for (i, (label, text, shown)) in rows.iter().enumerate() {
        let y = 84.0 + 36.0 * i as f32;
        cv.text(60.0, y, 11.0, face, GREY, label);
        cv.field((190.0, y), 11.0, face, BLACK, text, shown);
        cv.line((50.0, y + 14.0), (710.0, y + 14.0), 0.5, (215, 220, 228));
    }
    cv
}

//! Papers of kinds that the other submissions lack.

use chrono::Days;
use rust_decimal::Decimal;

use crate::canvas::{Align, Area, BLACK, Canvas, GREY, RED, Shows, shows};
use crate::deal::{Form, Invoice, Item, Payment};
use crate::flow::{self, Block, Style, c, f, same, t};
use crate::font::Face;
use crate::form::grid;
use crate::invoice;
use crate::money::{capital, cents, grouped, plain};
use crate::names::{Company, day, good, yuan};
use crate::paper::{Look, Paper};
use crate::rng::Rng;
use crate::world::Submission;

/// All of them, for a submission with customers and sales.
pub fn papers(s: &Submission, look: &Look, seed: u64) -> Vec<Paper> {
    let mut rng = Rng::new(seed, "kinds");
    let mut out = vec![special(s, look, &mut rng), patents(s, look.face, &mut rng)];
    for y in 0..2 {
        let name = format!("附件/7-现金流量表{}", 2021 + y);
        let page = cash_flow(s, y, look.face);
        out.push(Paper::one(&name, &format!("cash{}", 2021 + y), "cash_flow", vec![page]));
    }
    out.extend(agreements(s, look, &mut rng));
    out.extend(invoices(s, look, &mut rng));
    out.extend(people(s, look, &mut rng));
    out
}

/// A receipt in the manner of 中国银行: labels and values in two columns, no rulings.
pub fn boc(cv: &mut Canvas, p: &Payment, face: Face) {
    cv.text(48.0, 40.0, 15.0, Face::SansBold, RED, "中国银行");
    cv.text(190.0, 40.0, 15.0, face, BLACK, "国内支付业务付款回单");
    let left: [(&str, String, Shows); 7] = [
        ("客户号：", p.payer.account[..9].to_string(), Vec::new()),
        ("付款人账号：", p.payer.account.clone(), shows("payer_account", &p.payer.account)),
        ("付款人名称：", p.payer.name.clone(), shows("payer_name", &p.payer.name)),
        ("付款人开户行：", p.payer.bank.clone(), Vec::new()),
        ("金额：", format!("CNY{}", grouped(p.amount)), shows("amount", plain(p.amount))),
        ("业务种类：", "转账汇款".into(), Vec::new()),
        ("用途：", p.purpose.clone(), shows("purpose", &p.purpose)),
    ];
    let right: [(&str, String, Shows); 4] = [
        ("日期：", p.date.format("%Y年%m月%d日").to_string(), shows("date", p.date.format("%Y-%m-%d"))),
        ("收款人账号：", p.payee.account.clone(), shows("payee_account", &p.payee.account)),
        ("收款人名称：", p.payee.name.clone(), shows("payee_name", &p.payee.name)),
        ("收款人开户行：", p.payee.bank.clone(), Vec::new()),
    ];
    for (x, room, rows) in [(48.0, 168.0, &left[..]), (310.0, 188.0, &right[..])] {
        for (i, (label, text, shown)) in rows.iter().enumerate() {
            let y = 76.0 + 26.0 * i as f32;
            cv.text(x, y, 9.5, face, BLACK, label);
            let size = 9.5 * (room / face.width(text, 9.5)).min(1.0);
            cv.field((x + 72.0, y), size, face, BLACK, text, shown);
        }
    }
    let words = format!("人民币{}", capital(p.capital, "元"));
    cv.field((310.0, 180.0), 9.5, face, BLACK, &words, &shows("amount_capital", plain(p.capital)));
    let tail = format!("交易渠道：网上银行　　交易流水号：{}", p.serial);
    cv.text(48.0, 262.0, 9.5, face, BLACK, &tail);
    cv.text(48.0, 286.0, 9.5, face, BLACK, "回单编号：");
    cv.field((96.0, 286.0), 9.5, face, BLACK, &p.receipt, &shows("receipt_number", &p.receipt));
    cv.text(48.0, 330.0, 8.0, face, GREY, "如您已通过银行网点取得相应纸质回单，请注意核对，勿重复记账！");
    cv.seal((480.0, 290.0), 34.0, "中国银行股份有限公司电子回单", "");
}

/// The face of an electronic bill.
pub fn bill(p: &Payment, face: Face) -> Canvas {
    let mut cv = Canvas::new(680.0, 400.0);
    let e = Vec::new();
    cv.text(236.0, 38.0, 18.0, face, BLACK, "电子银行承兑汇票");
    let (date, due) = (p.date.format("%Y-%m-%d").to_string(), p.date + Days::new(180));
    cv.text(40.0, 64.0, 9.5, face, BLACK, "出票日期");
    cv.field((88.0, 64.0), 9.5, face, BLACK, &date, &shows("date", &date));
    cv.text(400.0, 64.0, 9.5, face, BLACK, "票据状态　　提示收票已签收");
    cv.text(40.0, 82.0, 9.5, face, BLACK, &format!("汇票到期日　{}", due.format("%Y-%m-%d")));
    cv.text(400.0, 82.0, 9.5, face, BLACK, &format!("票据号码　1{}", "0".repeat(10) + &p.receipt));
    let xs = [36.0, 60.0, 120.0, 340.0, 364.0, 424.0, 644.0];
    let ys: Vec<f32> = (0..=3).map(|i| 92.0 + 26.0 * i as f32).collect();
    for x in xs {
        cv.line((x, ys[0]), (x, ys[3]), 0.8, BLACK);
    }
    for (i, y) in ys.iter().enumerate() {
        let whole = i == 0 || i == 3;
        for (a, b) in if whole { vec![(xs[0], xs[6])] } else { vec![(xs[1], xs[3]), (xs[4], xs[6])] } {
            cv.line((a, *y), (b, *y), 0.8, BLACK);
        }
    }
    for (k, who, role, word) in [(0, &p.payer, "payer", "出票人"), (3, &p.payee, "payee", "收款人")] {
        cv.column(Area(xs[k], ys[0], 24.0, 78.0), 9.5, face, BLACK, word);
        let rows = [
            ("全　称", &who.name, shows(&format!("{role}_name"), &who.name)),
            ("账　号", &who.account, shows(&format!("{role}_account"), &who.account)),
            ("开户银行", &who.bank, Vec::new()),
        ];
        for (i, (label, text, shown)) in rows.iter().enumerate() {
            cv.boxed(Area(xs[k + 1], ys[i], 60.0, 26.0), Align::Centre, 9.5, face, BLACK, label, &e);
            cv.boxed(Area(xs[k + 2], ys[i], 220.0, 26.0), Align::Left, 9.5, face, BLACK, text, shown);
        }
    }
    let y = ys[3];
    cv.grid(&[xs[0], xs[2], xs[6]], &[y, y + 28.0, y + 54.0, y + 80.0, y + 106.0], 0.8, BLACK);
    cv.boxed(Area(xs[0], y, 84.0, 28.0), Align::Centre, 9.5, face, BLACK, "票据金额", &e);
    cv.text(126.0, y + 18.0, 9.5, face, BLACK, "人民币（大写）");
    let words = capital(p.capital, "元");
    cv.field((196.0, y + 18.0), 10.0, face, BLACK, &words, &shows("amount_capital", plain(p.capital)));
    let figure = format!("¥{}", grouped(p.amount));
    cv.field((540.0, y + 18.0), 10.0, face, BLACK, &figure, &shows("amount", plain(p.amount)));
    let bank = p.payer.bank.clone();
    for (i, (label, text)) in
        [("承兑人信息", bank), ("交易合同号", String::new()), ("能否转让", "可再转让".to_string())]
            .iter()
            .enumerate()
    {
        let y = y + 28.0 + 26.0 * i as f32;
        cv.boxed(Area(xs[0], y, 84.0, 26.0), Align::Centre, 9.5, face, BLACK, label, &e);
        cv.boxed(Area(xs[2], y, 500.0, 26.0), Align::Left, 9.5, face, BLACK, text, &e);
    }
    cv.text(40.0, y + 128.0, 8.5, face, GREY, "本汇票已经承兑，到期无条件付款。");
    cv
}

/// A special audit of what was invested.
fn special(s: &Submission, look: &Look, rng: &mut Rng) -> Paper {
    let firm = "湖南砺衡会计师事务所（普通合伙）";
    let number = format!("湘砺专审字〔2023〕第{}号", rng.int(101, 988));
    let total = s.claimed();
    let mut rows = vec![vec![c("序号"), c("费用名称"), c("供应商"), c("审定金额（元）")]];
    for (i, r) in s.rows.iter().enumerate() {
        rows.push(vec![
            c((i + 1).to_string()),
            c(&r.name).left(),
            c(&r.maker).left(),
            c(grouped(r.total)).right(),
        ]);
    }
    rows.push(vec![c("合计").wide(3), c(grouped(total)).right()]);
    let blocks = vec![
        Block::Title(vec![t("工业互联网平台项目投资专项审计报告")], 1.5),
        Block::Para(vec![t("　　　　　　　　　　　　　　　　　　"), same("number", &number)], false),
        Block::Para(vec![same("company", &s.us.name), t("：")], false),
        Block::Para(
            vec![t(
                "我们接受委托，对贵公司工业互联网平台建设项目的投资情况进行了专项审计。提供真实、合法、完整的资料是贵公司的责任，我们的责任是在实施审计工作的基础上发表审计意见。",
            )],
            true,
        ),
        Block::Para(vec![t("一、项目投资情况")], true),
        Block::Para(
            vec![
                t("经审计，截至2023年1月31日，项目已完成投资合计人民币"),
                f("amount", plain(total), grouped(total)),
                t(format!("元（大写：{}）。", capital(total, "元"))),
            ],
            true,
        ),
        grid(&[0.5, 2.2, 2.4, 1.4], rows, 0.85),
        Block::Para(vec![t("二、审计意见")], true),
        Block::Para(vec![t("我们认为，上述投资支出在所有重大方面真实、合规，与项目建设内容相关。")], true),
        Block::Gap(1.0),
        Block::Para(vec![same("firm", firm), t("　　　中国注册会计师：")], false),
        Block::Para(
            vec![t("　　　　　　　　　　　　　　　　　　"), f("date", "2023-02-01", "二〇二三年二月一日")],
            false,
        ),
    ];
    Paper::one("附件/7-专项审计报告", "special", "special_audit", flow::set(&blocks, look.style))
}

/// Two patents with valid check digits.
fn patents(s: &Submission, face: Face, rng: &mut Rng) -> Paper {
    let kinds = [("发明专利证书", "发明名称", '1'), ("实用新型专利证书", "实用新型名称", '2')];
    let list = kinds
        .iter()
        .enumerate()
        .map(|(i, (title, label, class))| {
            let digits = format!("2021{class}0{}", rng.digits(6));
            let weights = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];
            let sum: u32 = digits.chars().zip(weights).map(|(d, w)| d.to_digit(10).unwrap_or(0) * w).sum();
            let check = if sum % 11 == 10 { "X".to_string() } else { (sum % 11).to_string() };
            let number = format!("ZL{digits}.{check}");
            let printed = format!("ZL {} {} {}.{check}", &digits[..4], &digits[4..5], &digits[5..]);
            let name = ["一种工业设备数据采集与边缘计算方法", "一种多协议工业网关装置"][i];
            let granted = day(2022, 3 + i as u32 * 4, 11);
            (
                format!("patent{}", i + 1),
                "ip_certificate",
                vec![patent(s, face, title, label, name, (&number, &printed), granted)],
            )
        })
        .collect();
    Paper::join("附件/6-专利证书", list)
}

/// A patent's certificate: its number as it is and as it is printed.
pub fn patent(
    s: &Submission,
    face: Face,
    title: &str,
    label: &str,
    name: &str,
    (number, printed): (&str, &str),
    granted: chrono::NaiveDate,
) -> Canvas {
    let mut cv = Canvas::a4();
    cv.text(390.0, 70.0, 10.0, face, BLACK, &format!("证书号第{}号", &number[8..14]));
    cv.text(298.0 - Face::SerifBold.width(title, 28.0) / 2.0, 140.0, 28.0, Face::SerifBold, RED, title);
    let date = granted.format("%Y年%m月%d日").to_string();
    let rows: [(&str, String, Shows); 6] = [
        (label, name.to_string(), shows("title", name)),
        ("发　明　人", format!("{}；{}", s.leader.0, s.contact.0), Vec::new()),
        ("专　利　号", printed.to_string(), shows("number", number)),
        ("专利申请日", "2021年02月18日".into(), Vec::new()),
        ("专 利 权 人", s.us.name.clone(), shows("owner", &s.us.name)),
        ("授权公告日", date, shows("date", granted.format("%Y-%m-%d"))),
    ];
    for (i, (label, text, shown)) in rows.iter().enumerate() {
        let y = 210.0 + 36.0 * i as f32;
        cv.text(80.0, y, 13.0, face, BLACK, &format!("{label}："));
        cv.field((180.0, y), 13.0, face, BLACK, text, shown);
    }
    for (i, line) in [
        "国家知识产权局依照中华人民共和国专利法进行审查，决定授予专利权，颁发",
        "本证书并在专利登记簿上予以登记。专利权自授权公告之日起生效。",
    ]
    .iter()
    .enumerate()
    {
        cv.text(80.0, 470.0 + 24.0 * i as f32, 12.0, face, BLACK, line);
    }
    cv.text(100.0, 640.0, 13.0, face, BLACK, "局长");
    cv.seal((420.0, 650.0), 46.0, "国家知识产权局", "");
    cv.text(262.0, 800.0, 9.0, face, BLACK, "第1页（共1页）");
    cv
}

/// The cash flow statement of a small company; it agrees with the balance sheets.
fn cash_flow(s: &Submission, y: usize, face: Face) -> Canvas {
    let cash = |k: i32| match k {
        2022 => s.books[1].closing("货币资金"),
        2021 => s.books[0].closing("货币资金"),
        _ => s.books[0].balance.iter().find(|l| l.0 == "货币资金").map_or(Decimal::ZERO, |l| l.2),
    };
    let column = |year: i32| -> Vec<(&'static str, &'static str, Decimal)> {
        let mut rng = Rng::new(year as u64, &s.us.uscc);
        let mut draw = |lo: i64, hi: i64| Decimal::new(rng.int(lo * 100, hi * 100), 2);
        let (goods, wages, other) = (draw(900_000, 2_000_000), draw(400_000, 900_000), draw(90_000, 300_000));
        let taxes = match year {
            2022 => s.tax_of(1),
            2021 => s.tax_of(0),
            _ => draw(200_000, 500_000),
        };
        let (built, loan, interest) = (draw(300_000, 800_000), draw(200_000, 600_000), draw(20_000, 60_000));
        let start = if year == 2020 { cents(cash(2020) * Decimal::new(8, 1)) } else { cash(year - 1) };
        let net = cash(year) - start;
        let (investing, financing) = (-built, loan - interest);
        let operating = net - investing - financing;
        vec![
            (
                "销售产成品、商品、提供劳务收到的现金",
                "销售商品、提供劳务收到的现金",
                operating + goods + wages + taxes + other,
            ),
            ("购买原材料、商品、接受劳务支付的现金", "购买商品、接受劳务支付的现金", goods),
            ("支付的职工薪酬", "支付给职工以及为职工支付的现金", wages),
            ("支付的税费", "", taxes),
            ("支付其他与经营活动有关的现金", "支付其他与经营活动有关的现金", other),
            ("经营活动产生的现金流量净额", "经营活动产生的现金流量净额", operating),
            ("购建固定资产、无形资产和其他非流动资产支付的现金", "", built),
            ("投资活动产生的现金流量净额", "投资活动产生的现金流量净额", investing),
            ("取得借款收到的现金", "取得借款收到的现金", loan),
            ("偿还借款利息支付的现金", "", interest),
            ("筹资活动产生的现金流量净额", "筹资活动产生的现金流量净额", financing),
            ("四、现金净增加额", "现金及现金等价物净增加额", net),
            ("加：期初现金余额", "", start),
            ("五、期末现金余额", "", cash(year)),
        ]
    };
    let year = 2021 + y as i32;
    let (now, before) = (column(year), column(year - 1));
    let mut cv = Canvas::a4();
    let title = "现 金 流 量 表";
    cv.text(298.0 - face.width(title, 18.0) / 2.0, 60.0, 18.0, face, BLACK, title);
    cv.text(480.0, 70.0, 9.0, face, BLACK, "会小企03表");
    cv.text(46.0, 88.0, 9.5, face, BLACK, "编制单位：");
    cv.field((94.0, 88.0), 9.5, face, BLACK, &s.us.name, &shows("company", &s.us.name));
    cv.field((290.0, 88.0), 9.5, face, BLACK, &format!("{year}年度"), &shows("period", year));
    cv.field((500.0, 88.0), 9.5, face, BLACK, "单位：元", &shows("unit", "元"));
    let xs = [40.0, 310.0, 345.0, 450.0, 555.0];
    let heads = [
        (0, "一、经营活动产生的现金流量："),
        (6, "二、投资活动产生的现金流量："),
        (8, "三、筹资活动产生的现金流量："),
    ];
    let n = now.len() + heads.len();
    let ys: Vec<f32> = (0..=n + 1).map(|i| 96.0 + 25.0 * i as f32).collect();
    cv.grid(&xs, &ys, 0.7, BLACK);
    let e = Vec::new();
    for (i, h) in ["项　　目", "行次", "本年累计金额", "上年金额"].iter().enumerate() {
        cv.boxed(Area(xs[i], ys[0], xs[i + 1] - xs[i], 25.0), Align::Centre, 10.0, face, BLACK, h, &e);
    }
    let mut row = 1;
    for (i, ((label, name, a), (_, _, b))) in now.iter().zip(&before).enumerate() {
        if let Some((_, head)) = heads.iter().find(|h| h.0 == i) {
            cv.boxed(Area(xs[0], ys[row], 270.0, 25.0), Align::Left, 9.5, face, BLACK, head, &e);
            row += 1;
        }
        let yy = ys[row];
        cv.boxed(Area(xs[0], yy, 270.0, 25.0), Align::Left, 9.5, face, BLACK, &format!("　{label}"), &e);
        cv.boxed(Area(xs[1], yy, 35.0, 25.0), Align::Centre, 9.0, face, BLACK, &(i + 1).to_string(), &e);
        for (k, value, which) in [(2, a, "current"), (3, b, "prior")] {
            let shown =
                if name.is_empty() { Vec::new() } else { shows(&format!("{name}.{which}"), plain(*value)) };
            let area = Area(xs[k], yy, xs[k + 1] - xs[k], 25.0);
            cv.boxed(area, Align::Right, 9.5, face, BLACK, &grouped(*value), &shown);
        }
        row += 1;
    }
    cv.text(
        46.0,
        ys[n + 1] + 26.0,
        9.0,
        face,
        BLACK,
        &format!("单位负责人：{}　　　　会计机构负责人：颜静姝", s.us.legal),
    );
    cv
}

/// With a customer: a framework contract without a total, the order under it, and an amendment of a sale.
fn agreements(s: &Submission, look: &Look, rng: &mut Rng) -> Vec<Paper> {
    let style = Style { size: 11.0, lead: 1.65, ..look.style };
    let customer = &s.customers[2];
    let number = format!("KJ2022-{}", rng.digits(4));
    let party = |role: &str, field: &str, who: &Company| {
        Block::Para(vec![t(format!("{role}：")), same(field, &who.name)], false)
    };
    let signed =
        |date: &str, shown: &str| Block::Para(vec![t("签订日期："), f("signed_on", date, shown)], false);
    let clause = |text: &str| Block::Para(vec![t(text)], true);
    let framework = vec![
        Block::Title(vec![same("title", "工业互联网平台服务框架协议")], 1.5),
        Block::Para(vec![t("协议编号："), same("number", &number)], false),
        party("甲方", "party_a", customer),
        party("乙方", "party_b", &s.us),
        clause(
            "甲乙双方就平台服务的长期合作达成本框架协议。具体服务内容、数量和金额以双方另行签订的订单为准，本协议不约定总金额。",
        ),
        clause("一、合作期限：自2022年1月1日起至2023年12月31日止。"),
        clause("二、付款方式：甲方按订单验收后30日内付款。"),
        clause("三、违约责任：任何一方违约，应赔偿对方因此受到的损失。"),
        clause("四、本协议一式两份，双方各执一份，自双方盖章之日起生效。"),
        Block::Gap(1.0),
        Block::Para(vec![t("甲方（盖章）：　　　　　　　　乙方（盖章）：")], false),
        signed("2022-01-05", "2022年1月5日"),
    ];
    let amount = yuan(rng.int(30, 90) * 1000);
    let order_number = format!("{number}-01");
    let rows = vec![
        vec![c("序号"), c("服务名称"), c("数量"), c("单价（元）"), c("金额（元）")],
        vec![
            c("1"),
            c("平台接入与运维服务").left(),
            c("1"),
            c(grouped(amount)).right(),
            c(grouped(amount)).right(),
        ],
    ];
    let order = vec![
        Block::Title(vec![same("title", "平台服务采购订单")], 1.5),
        Block::Para(
            vec![t("订单编号："), same("number", &order_number), t(format!("　　依据框架协议：{number}"))],
            false,
        ),
        party("需方", "party_a", customer),
        party("供方", "party_b", &s.us),
        grid(&[0.5, 2.2, 0.6, 1.2, 1.2], rows, 0.85),
        Block::Para(
            vec![
                t("订单总金额：人民币（大写）"),
                f("amount_capital", plain(amount), capital(amount, "元")),
                t("（小写：¥"),
                f("amount", plain(amount), grouped(amount)),
                t("）"),
            ],
            true,
        ),
        clause("交货时间：收到订单后15日内。付款方式及违约责任按框架协议执行。"),
        Block::Para(vec![t("需方（盖章）：　　　　　　　　供方（盖章）：")], false),
        signed("2022-03-16", "2022年3月16日"),
    ];
    let mut out = vec![
        Paper::one("附件/5-客户/03-1框架协议", "框架协议", "contract", flow::set(&framework, style)),
        Paper::one("附件/5-客户/03-2订单", "订单", "contract", flow::set(&order, style)),
    ];
    if let Some(k) = s.sales.first().and_then(|d| d.contract.as_ref()) {
        let amended = format!("{}-B1", k.number);
        let blocks = vec![
            Block::Title(vec![same("title", "补充协议")], 1.5),
            Block::Para(vec![t("协议编号："), same("number", &amended)], false),
            party("甲方", "party_a", &k.buyer),
            party("乙方", "party_b", &k.seller),
            clause(&format!(
                "双方于{}签订了《{}》（合同编号：{}，以下简称原合同），现就服务期限达成如下补充协议：",
                k.signed.format("%Y年%m月%d日"),
                k.title,
                k.number
            )),
            clause("一、原合同服务期限延长三个月，价款不变。"),
            clause("二、本补充协议为原合同的组成部分，未尽事宜按原合同执行。"),
            clause("三、本补充协议一式两份，自双方盖章之日起生效。"),
            Block::Para(vec![t("甲方（盖章）：　　　　　　　　乙方（盖章）：")], false),
            signed(
                &(k.signed + Days::new(90)).format("%Y-%m-%d").to_string(),
                &(k.signed + Days::new(90)).format("%Y年%m月%d日").to_string(),
            ),
        ];
        out.push(Paper::one("附件/5-客户/01-4补充协议", "补充协议", "contract", flow::set(&blocks, style)));
    }
    out
}

/// A sale's invoice taken back by a red-letter one and written anew, and one free of tax.
fn invoices(s: &Submission, look: &Look, rng: &mut Rng) -> Vec<Paper> {
    let mut out = Vec::new();
    if let Some(first) = s.sales.first().and_then(|d| d.invoices.first()) {
        let mut red = first.clone();
        red.key = "红字发票".into();
        red.number = rng.digits(8);
        red.check = rng.digits(20);
        red.date = first.date + Days::new(9);
        red.remark = format!("对应正数发票代码:{} 号码:{}", first.code, first.number);
        for i in &mut red.items {
            (i.quantity, i.amount, i.tax) = (i.quantity.map(|q| -q), -i.amount, -i.tax);
        }
        (red.amount, red.tax, red.total, red.capital) = (-red.amount, -red.tax, -red.total, -red.capital);
        let mut anew = first.clone();
        anew.key = "重开发票".into();
        anew.number = rng.digits(8);
        anew.check = rng.digits(20);
        anew.date = first.date + Days::new(10);
        for (name, inv) in [("01-5红字发票", &red), ("01-6重开发票", &anew)] {
            let page = invoice::invoice(inv, look.ink, true);
            out.push(Paper::one(&format!("附件/5-客户/{name}"), &inv.key, "invoice", vec![page]));
        }
    }
    let good = good("sale", "研发和技术服务", "技术开发服务", "", "项", (0, 0), (1, 1), 0);
    let item = Item::new(&good, 1, yuan(rng.int(40, 120) * 1000));
    let free = Invoice::new(
        rng,
        "免税发票",
        Form::ElectronicPlain,
        day(2022, 8, 19),
        (&s.customers[3], &s.us),
        vec![item],
    );
    let page = invoice::invoice(&free, look.ink, true);
    out.push(Paper::one("附件/5-客户/04-免税发票", &free.key, "invoice", vec![page]));
    out
}

/// A payroll and a proof of social insurance: papers without a kind of their own.
fn people(s: &Submission, look: &Look, rng: &mut Rng) -> Vec<Paper> {
    let names: Vec<String> = (0..14).map(|_| crate::names::person(rng)).collect();
    let heads = |h: &[&str]| h.iter().map(|h| c(*h)).collect::<Vec<_>>();
    let mut pay = vec![heads(&["序号", "姓名", "岗位", "应发工资", "代扣社保", "实发工资"])];
    let mut insured = vec![heads(&["序号", "姓名", "险种", "缴费起止", "缴费状态"])];
    for (i, n) in names.iter().enumerate() {
        let gross = rng.int(60, 180) * 100;
        pay.push(vec![
            c((i + 1).to_string()),
            c(n),
            c("平台研发"),
            c(grouped(yuan(gross))).right(),
            c(grouped(yuan(gross / 10))).right(),
            c(grouped(yuan(gross - gross / 10))).right(),
        ]);
        insured.push(vec![
            c((i + 1).to_string()),
            c(n),
            c("企业职工基本养老保险"),
            c("2022-01至2022-12"),
            c("正常缴费"),
        ]);
    }
    let title = |text: &str| Block::Title(vec![t(text)], 1.3);
    let payroll = vec![title("2022年6月工资发放表"), grid(&[0.5, 0.9, 1.1, 1.2, 1.1, 1.2], pay, 0.85)];
    let insurance = vec![
        title("湘潭市社会保险参保缴费证明"),
        Block::Para(
            vec![t(format!("单位名称：{}　　社会保险经办机构：湘潭市社会保险服务中心", s.us.name))],
            false,
        ),
        grid(&[0.5, 0.9, 1.9, 1.5, 1.0], insured, 0.85),
    ];
    vec![
        Paper::one("附件/9-工资发放表", "payroll", "other", flow::set(&payroll, look.style)),
        Paper::one("附件/9-社保证明", "insurance", "other", flow::set(&insurance, look.style)),
    ]
}

//! d8, d10, d12: electronic; the same faults as before, made in other ways.

use chrono::Days;
use rust_decimal::Decimal;

use super::bills::Bill;
use super::hand::{
    after, bare, buy, contract_price, draft, planned, redate, repay, repriced, rng, settle, surely,
};
use crate::batch::{CCB, ICBC, LOCAL, plan};
use crate::cases::{Draft, Pack};
use crate::deal::{Course, Form};
use crate::flow::{self, Block, Style, c, f, same, t};
use crate::money::{capital, cents, grouped, plain, wan};
use crate::names::{self, Company, day, good, yuan};
use crate::ofd::Carrier;
use crate::paper::Paper;
use crate::world::{Plan, Row};

/// d8: a file a document; amounts and days that were moved.
pub fn amounts(seed: u64) -> Draft {
    let plans = [
        plan("hardware", 1, Form::DigitalPlain, Course::Plain, 2022),
        plan("software", 1, Form::ElectronicPlain, Course::Plain, 2022),
        plan("cloud", 1, Form::PaperPlain, Course::Plain, 2022),
        plan("hardware", 1, Form::ElectronicPlain, Course::Plain, 2021),
        plan("hardware", 1, Form::PaperSpecial, Course::Plain, 2022),
        plan("software", 1, Form::PaperSpecial, Course::Plain, 2021),
        plan("hardware", 1, Form::DigitalSpecial, Course::Plain, 2022),
    ];
    let mut d = draft(seed, ("d8", 8), "综合型", ICBC, Pack::Files, &plans);
    let mut rng = rng(seed, "d8");
    contract_price(&mut d, 0, 70);
    let more = d.s.deals[0].contract.as_ref().map(|k| cents(k.amount / yuan(12))).unwrap_or_default();
    amend(&mut d, 0, more);
    d.expect("INVEST-010", "第一项超过合同与补充协议之和");
    let row = &mut d.s.rows[1];
    row.price *= yuan(10_000);
    d.expect("INVEST-016", "第二项单价以元填写，总价以万元填写");
    if let Some(k) = &mut d.s.deals[2].contract {
        k.items = k.items.iter().map(|i| repriced(i, 118)).collect();
    }
    d.expect("CONTRACT-002", "第三份合同的价目比总价多18%");
    redate(&mut d, 3, [day(2020, 9, 8), day(2020, 10, 26), day(2020, 11, 12)], &mut rng);
    let inv = &mut d.s.deals[3].invoices[0];
    inv.code.replace_range(5..7, "20");
    d.expect("INVOICE-006", "第四项的发票开于2020年，不在近两年内");
    let deal = &mut d.s.deals[4];
    let (paid, part) = (deal.payments[0].date, cents(deal.payments[0].amount * Decimal::new(38, 2)));
    repay(deal, 0, paid, Some(part), &mut rng);
    d.expect("PAY-003", "第五项只付38%，没有约定分期");
    let id = d.s.deals[5].invoices[0].seller.uscc.clone();
    d.s.deals[5].invoices[0].seller.uscc = id[..17].into();
    d.expect("INVOICE-005", "第六张发票的销售方税号只有17位");
    let (stated, shown) = raised(&mut d, 6);
    d.carriers.push(("07-发票1", Carrier::Xml, Some(stated)));
    d.more.push(shown);
    d.expect("INVOICE-009", "第七张发票的版式文件比同号数据多12000元");
    let us = d.s.us.clone();
    let seller = &mut d.s.deals[2].invoices[0].seller;
    (seller.bank, seller.account) = (us.bank, us.account);
    d.expect("INVOICE-014", "第三张发票销售方的账号就是申报单位的账号");
    d.faults.form = vec![("基本信息.税金.2021", wan(d.s.tax_of(0) * Decimal::new(17, 1), 2))];
    d.expect("TAX-001", "2021年税金比完税证明多七成");
    d.case.may.push("INVEST-009");
    d
}

/// An amendment that adds to the price of a purchase.
pub fn amend(d: &mut Draft, n: usize, more: Decimal) {
    let Some(k) = d.s.deals[n].contract.clone() else { return };
    let day = k.signed + Days::new(15);
    let blocks = vec![
        Block::Title(vec![same("title", "补充协议")], 1.5),
        Block::Para(vec![t("协议编号："), same("number", &format!("{}-B1", k.number))], false),
        Block::Para(vec![t("甲方："), same("party_a", &k.buyer.name)], false),
        Block::Para(vec![t("乙方："), same("party_b", &k.seller.name)], false),
        Block::Para(
            vec![t(format!(
                "双方于{}签订了《{}》（合同编号：{}，以下简称原合同），现就增加配件达成如下补充协议：",
                k.signed.format("%Y年%m月%d日"),
                k.title,
                k.number
            ))],
            true,
        ),
        Block::Para(
            vec![
                t("一、乙方增供安装辅件一批，增加金额人民币（大写）"),
                f("amount_capital", plain(more), capital(more, "元")),
                t("（小写：￥"),
                f("amount", plain(more), grouped(more)),
                t("元）。"),
            ],
            true,
        ),
        Block::Para(vec![t("二、未尽事宜按原合同执行。本补充协议自双方盖章之日起生效。")], true),
        Block::Para(vec![t("甲方（盖章）：　　　　　　　　　　　　乙方（盖章）：")], false),
        Block::Seal(0.25, 0.4, k.buyer.name.clone(), "合同专用章"),
        Block::Seal(0.8, 0.4, k.seller.name.clone(), "合同专用章"),
        Block::Para(
            vec![
                t("签订日期："),
                f("signed_on", day.format("%Y-%m-%d"), day.format("%Y年%m月%d日").to_string()),
            ],
            false,
        ),
    ];
    let style = Style { size: 11.0, lead: 1.65, ..d.look.style };
    let key = format!("{:02}-补充协议", n + 1);
    let name = format!("附件/3-合同发票支付凭证/{:02}-1补充协议", n + 1);
    d.more.push(Paper::one(&name, &key, "contract", flow::set(&blocks, style)));
    let rows = d.s.deals[n].rows.clone();
    rows.iter().for_each(|r| d.s.rows[*r].contracts.push(key.clone()));
}

/// The invoice as the tax office has it, and a page whose sums were raised. The row claims what the page says.
fn raised(d: &mut Draft, n: usize) -> (crate::deal::Invoice, Paper) {
    let stated = d.s.deals[n].invoices[0].clone();
    let mut shown = stated.clone();
    let item = &mut shown.items[0];
    let more = yuan(12_000);
    let part = cents(more * yuan(100) / yuan(100 + item.rate));
    item.amount += part;
    item.tax += more - part;
    settle(&mut shown);
    let page = crate::invoice::invoice(&shown, d.look.ink, true);
    let name = format!("附件/3-合同发票支付凭证/{:02}-2发票版式", n + 1);
    (stated, Paper::one(&name, &format!("{:02}-版式", n + 1), "invoice", vec![page]))
}

/// d10: each attachment one file; a list whose rows claim too much, too often, or nothing that can be seen.
pub fn list(seed: u64) -> Draft {
    let plans = [
        plan("hardware", 3, Form::ElectronicPlain, Course::Plain, 2022),
        plan("software", 1, Form::PaperSpecial, Course::Plain, 2022),
        plan("hardware", 1, Form::DigitalPlain, Course::Plain, 2022),
        plan("software", 1, Form::PaperPlain, Course::Instalments, 2022),
    ];
    let mut d = draft(seed, ("d10", 10), "专业型", CCB, Pack::Groups, &plans);
    let mut rng = rng(seed, "d10");
    let row = &mut d.s.rows[0];
    row.price = (row.price * Decimal::new(125, 2)).trunc();
    row.total = row.price * row.quantity;
    d.expect("INVEST-008", "三行合用的发票少于三行之和");
    let row = d.s.rows[3].clone();
    let twin = Row { name: format!("{}实施与培训", row.name), ..row };
    d.s.rows.push(twin);
    d.expect("INVEST-013", "实施一行再次用软件的发票报全额");
    let row = &mut d.s.rows[4];
    row.price = (row.price * Decimal::new(109, 2)).trunc();
    row.maker = names::company(&mut rng, &names::PILOT[2], "智能装备").name;
    d.expect("INVEST-001", "第五行单价乘数量比总价多9%");
    d.expect("INVEST-011", "第五行的生产厂商不见于任何凭证");
    let deal = &mut d.s.deals[3];
    deal.payments.truncate(1);
    d.s.rows[5].payments.truncate(1);
    d.expect("INVEST-009", "约定三期付款，只付了第一期30%");
    let seller = names::company(&mut rng, &names::HUNAN[2], "会展服务");
    let show = good("cloud", "会展服务", "平台云上推介服务", "", "项", (78_000, 118_000), (1, 1), 6);
    buy(&mut d, show, plan("cloud", 1, Form::PaperPlain, Course::Plain, 2022), &seller, &mut rng);
    d.expect("INVEST-015", "云服务一行的发票是会展服务");
    d.carriers.push(("03-发票1", Carrier::Tampered, None));
    d.expect("INVOICE-012", "第三张数电票的版面在签名之后被改动");
    backward_bill(&mut d, 2, &mut rng);
    d.expect("PAY-008", "第三项的汇票到期日早于出票日");
    payroll(&mut d);
    d.expect("INVEST-020", "人工费用比所附工资表多一倍");
    d.s.plan = planned(d.s.claimed());
    d.case.may.extend(["INVEST-010", "INVEST-012", "INVEST-014", "PAY-003", "INVEST-003", "INVOICE-003"]);
    d
}

/// Labour of twice what the payroll shows.
fn payroll(d: &mut Draft) {
    d.s.rows.push(bare("labour", "平台开发新增人员费用", yuan(388_800)));
    let head = vec![c("序号"), c("姓名"), c("岗位"), c("月份"), c("应发工资（元）")];
    let people = ["邹若川", "文伯钧"];
    let rows: Vec<Vec<flow::Cell>> = std::iter::once(head)
        .chain((0..24).map(|i| {
            vec![
                c((i + 1).to_string()),
                c(people[i % 2]),
                c("平台开发工程师"),
                c(format!("2022年{}月", i / 2 + 1)),
                c("8,100.00").right(),
            ]
        }))
        .chain(std::iter::once(vec![c("合计").wide(4), c("194,400.00").right()]))
        .collect();
    let blocks = vec![
        Block::Title(vec![t("项目新增人员工资发放明细表")], 1.3),
        crate::form::grid(&[0.5, 1.0, 1.5, 1.2, 1.3], rows, 0.85),
    ];
    d.faults.added.push(("附件/3-合同发票支付凭证/09-人工费用明细", blocks));
}

/// d12: everything in one PDF, licence and invoices scanned; another order, and a row to make the sum fit.
pub fn bundled(seed: u64) -> Draft {
    let again = |p: Plan| Plan { again: true, ..p };
    let plans = [
        plan("hardware", 1, Form::PaperSpecial, Course::Plain, 2022),
        plan("software", 1, Form::PaperPlain, Course::Plain, 2022),
        again(plan("software", 1, Form::PaperPlain, Course::Plain, 2022)),
        again(plan("software", 1, Form::PaperPlain, Course::Plain, 2022)),
        plan("cloud", 1, Form::PaperSpecial, Course::Plain, 2022),
    ];
    let mut d = draft(seed, ("d12", 12), "特色型", LOCAL, Pack::Bundle, &plans);
    let mut rng = rng(seed, "d12");
    d.muddled = true;
    surely(&mut d, "INVEST-017", "每项先附回单，合同在最后，全部材料一个文件");
    // A special invoice with the code of an ordinary one.
    d.s.deals[0].invoices[0].code = "4300221320".into();
    any(&mut d, "INVOICE-007", "专用发票的代码是普通发票的");
    let days = [[3, 4, 4], [5, 7, 7], [8, 9, 9]];
    for (n, months) in (1..4).zip(days) {
        let [a, b, c] = months.map(|m| day(2022, m, 8));
        redate(&mut d, n, [a, b, c + Days::new(12)], &mut rng);
    }
    let book = d.s.deals[1].invoices[0].clone();
    // The second of them was written before the first, by its number.
    for (n, by) in [(2, 1), (3, 2)] {
        let inv = &mut d.s.deals[n].invoices[0];
        inv.code.clone_from(&book.code);
        inv.number = after(&book.number, by);
        inv.machine.clone_from(&book.machine);
    }
    let later = d.s.deals[3].invoices[0].number.clone();
    let first = std::mem::replace(&mut d.s.deals[1].invoices[0].number, later);
    d.s.deals[3].invoices[0].number = first;
    any(&mut d, "INVOICE-013", "同一销售方三张连号发票相隔五个月");
    any(&mut d, "INVOICE-016", "三张发票的号码与日期次序相反");
    d.s.deals[3].invoices[0].check = book.check;
    any(&mut d, "INVOICE-015", "第二、第四张发票的校验码相同");
    let seller = d.s.deals[3].invoices[0].seller.clone();
    let founded = Company { founded: day(2022, 6, 1), ..seller };
    let page = crate::papers::licence(&founded, d.look.face, "湘潭市", &[]);
    let name = "附件/3-合同发票支付凭证/02-4供应商营业执照";
    d.more.push(Paper::one(name, "供应商执照", "business_licence", vec![page]));
    any(&mut d, "CONTRACT-005", "两份合同签于供应商成立之前");
    second_use(&mut d, &mut rng);
    any(&mut d, "INVOICE-011", "第一张发票又附在第六项，各报全额");
    d.s.rows.push(bare("cloud", "其他配套费用", yuan(73_219) + Decimal::new(36, 2)));
    d.s.plan = planned(d.s.claimed());
    surely(&mut d, "INVEST-019", "最后一行没有凭证，只为凑足合计");
    for rule in ["INVEST-005", "INVEST-006", "INVEST-007"] {
        any(&mut d, rule, "凑数的一行没有凭证");
    }
    d.case.may.extend(["INVEST-003", "INVEST-008", "INVEST-013", "PAY-003"]);
    d
}

/// Another purchase of the same goods, with a contract and a payment of its own and the first one's invoice.
fn second_use(d: &mut Draft, rng: &mut crate::rng::Rng) {
    let mut deal = d.s.deals[0].clone();
    let key = |k: &str| k.replacen("01", "06", 1);
    if let Some(k) = &mut deal.contract {
        (k.key, k.number) = (key(&k.key), format!("{}-2", k.number));
        k.title = k.title.replace("合同", "二期合同");
        k.signed = k.signed + Days::new(9);
    }
    deal.invoices.iter_mut().for_each(|i| i.key = key(&i.key));
    let day = deal.payments[0].date + Days::new(11);
    repay(&mut deal, 0, day, None, rng);
    deal.payments.iter_mut().for_each(|p| p.key = key(&p.key));
    let first = d.s.rows[deal.rows[0]].clone();
    deal.rows = vec![d.s.rows.len()];
    d.s.rows.push(Row {
        contract: deal.contract.as_ref().map(|k| k.title.clone()).unwrap_or_default(),
        contracts: first.contracts.iter().map(|k| key(k)).collect(),
        invoices: first.invoices.iter().map(|k| key(k)).collect(),
        payments: first.payments.iter().map(|k| key(k)).collect(),
        ..first
    });
    d.s.deals.push(deal);
}

/// Labels what a scan may leave unverifiable.
fn any(d: &mut Draft, rule: &'static str, what: &str) {
    surely(d, rule, what);
    if let Some(e) = d.case.expected.last_mut() {
        e.outcome = "any";
    }
}

/// A bill passed on by the applicant that falls due before it was drawn.
fn backward_bill(d: &mut Draft, n: usize, rng: &mut crate::rng::Rng) {
    let paid = d.s.deals[n].payments.remove(0);
    let drawer = names::company(rng, &names::HUNAN[2], "电气");
    let issued = paid.date - Days::new(30);
    let mut bill = Bill::new(rng, issued, (&drawer, &paid.payer), paid.amount);
    bill.due = issued - Days::new(61);
    bill.passed = vec![(paid.payer, paid.payee, paid.date)];
    let name = format!("附件/3-合同发票支付凭证/{:02}-3承兑汇票", n + 1);
    d.more.push(bill.paper(&name, &paid.key, d.look.face));
}

//! The submissions of the corpus: which are honest, and what is wrong with the others.

use chrono::Days;
use rust_decimal::Decimal;

use crate::cases::{Draft, Pack};
use crate::deal::{Course, Form, Item, payment};
use crate::flow::{c, t};
use crate::money::{cents, plain, wan};
use crate::names::{self, PILOT, day, yuan};
use crate::ofd::Carrier;
use crate::rng::Rng;
use crate::world::{Plan, Row};

/// A bank.
pub const ICBC: &str = "中国工商银行股份有限公司";
/// A bank.
pub const CCB: &str = "中国建设银行股份有限公司";
const ABC: &str = "中国农业银行股份有限公司";
const CMB: &str = "招商银行股份有限公司";
/// A bank.
pub const LOCAL: &str = "长沙银行股份有限公司";

/// A purchase of new goods.
pub fn plan(category: &'static str, lines: usize, form: Form, course: Course, year: i32) -> Plan {
    Plan { category, lines, form, course, year, again: false }
}

/// All submissions.
pub fn all(seed: u64) -> Vec<Draft> {
    let c = forged_invoices(seed);
    let j = shared(seed, &c);
    let mut out = vec![
        clean_electronic(seed),
        clean_scanned(seed),
        c,
        forged_scans(seed),
        bundled(seed),
        packed(seed),
        messy(seed),
        forged_form(seed),
        holes(seed),
        j,
        bare(seed),
        carried(seed),
    ];
    out.extend(crate::later::all(seed));
    let forged = crate::forged::forged(seed, &out[11]);
    out[11].expect("DUP-004", "现场照片与另一申报单位的相同");
    out.extend([forged, crate::forged::lookalikes(seed)]);
    let what = "与另一申报单位共用同一材料";
    for rule in ["DUP-001", "DUP-002", "DUP-003"] {
        out[2].expect(rule, what);
    }
    out
}

/// A: honest, electronic, a file for each document.
fn clean_electronic(seed: u64) -> Draft {
    let plans = [
        plan("hardware", 2, Form::ElectronicPlain, Course::Plain, 2021),
        plan("software", 1, Form::DigitalSpecial, Course::Prepaid, 2022),
        plan("cloud", 1, Form::PaperSpecial, Course::Plain, 2022),
    ];
    let mut d = Draft::new(seed, "A", "综合型", CMB, Pack::Files, &plans);
    d.s.sales.truncate(1);
    d
}

/// B: honest, scanned, one page upside down.
fn clean_scanned(seed: u64) -> Draft {
    let plans = [
        plan("hardware", 1, Form::PaperSpecial, Course::Plain, 2021),
        plan("software", 1, Form::PaperPlain, Course::Retention, 2022),
    ];
    let mut d = Draft::new(seed, "B", "专业型", ICBC, Pack::Scans, &plans);
    d.s.sales.clear();
    d
}

/// C: electronic invoices and figures that do not agree with themselves.
fn forged_invoices(seed: u64) -> Draft {
    let plans = [
        plan("hardware", 1, Form::ElectronicPlain, Course::Plain, 2021),
        plan("software", 1, Form::DigitalPlain, Course::Plain, 2022),
        plan("cloud", 1, Form::PaperPlain, Course::Plain, 2022),
        plan("hardware", 1, Form::PaperSpecial, Course::Plain, 2022),
    ];
    let mut d = Draft::new(seed, "C", "特色型", CCB, Pack::Groups, &plans);
    d.s.sales.clear();
    let inv = &mut d.s.deals[1].invoices[0];
    let old = inv.payload();
    inv.qr = Some(old.replace(&plain(inv.total), &plain(inv.total - yuan(90_000))));
    d.expect("INVOICE-008", "票面金额比二维码多90000元");
    let inv = &mut d.s.deals[0].invoices[0];
    inv.total += yuan(5_000);
    inv.capital += yuan(5_000);
    d.expect("INVOICE-001", "价税合计比金额与税额之和多5000元");
    d.s.deals[2].invoices[0].capital += yuan(30_000);
    d.expect("INVOICE-002", "大写比小写多30000元");
    if let Some(k) = &mut d.s.deals[3].contract {
        k.capital += yuan(8_000);
    }
    d.expect("CONTRACT-002", "合同大写比小写多8000元");
    d.s.rows[3].total += yuan(20_000);
    d.expect("INVEST-001", "数量乘单价比总价少20000元");
    d.expect("INVEST-008", "清单比发票多20000元");
    let b = &d.s.books;
    let slips = vec![
        ("基本信息.总资产.2021", wan(b[0].closing("资产总计") * Decimal::new(12, 1), 2)),
        ("基本信息.主营业务收入.2022", wan(b[1].current("营业收入") * Decimal::new(13, 1), 2)),
        ("基本信息.利润.2022", wan(b[1].current("利润总额") * Decimal::new(15, 1) + yuan(12_300), 2)),
        ("基本信息.项目参与工作人员.总数", (d.s.staff.iter().sum::<i64>() + 7).to_string()),
    ];
    d.faults.form = slips;
    for (rule, what) in [
        ("FIN-001", "2021年总资产虚增20%"),
        ("FIN-003", "2022年主营业务收入虚增30%"),
        ("FIN-004", "2022年利润虚增"),
        ("FORM-003", "人员总数多7人"),
    ] {
        d.expect(rule, what);
    }
    d.case.may.extend(["INVEST-010", "INVEST-009", "FIN-012", "FORM-014", "INVOICE-009", "DUP-010"]);
    d
}

/// D: scanned evidence in other names.
fn forged_scans(seed: u64) -> Draft {
    let plans = [
        plan("hardware", 1, Form::PaperSpecial, Course::Plain, 2021),
        plan("hardware", 1, Form::PaperPlain, Course::Plain, 2022),
        plan("software", 1, Form::ElectronicPlain, Course::Plain, 2022),
    ];
    let mut d = Draft::new(seed, "D", "专业型", ABC, Pack::Mixed, &plans);
    d.s.sales.clear();
    let mut rng = Rng::new(seed, "others");
    let other = names::company(&mut rng, &names::HUNAN[1], "机械制造");
    d.s.deals[0].invoices[0].buyer = other.clone();
    d.expect("INVOICE-004", "购买方不是申报单位");
    d.s.deals[1].payments[0].payer = crate::names::Company { bank: ABC.into(), ..other.clone() };
    d.expect("PAY-001", "付款人不是申报单位");
    d.s.deals[2].payments[0].payee = names::company(&mut rng, &names::HUNAN[3], "商贸");
    d.expect("PAY-002", "收款人不是销售方");
    d.s.deals[1].invoices[0].total += yuan(60_000);
    d.s.deals[1].invoices[0].capital += yuan(60_000);
    d.expect("INVOICE-001", "价税合计比金额与税额之和多60000元");
    d.case.may.extend([
        "INVOICE-008",
        "INVEST-006",
        "INVEST-007",
        "INVEST-011",
        "CONTRACT-001",
        "INVOICE-002",
        "INVEST-008",
        "INVEST-009",
        "PAY-003",
    ]);
    d
}

/// E: honest, everything in one PDF, licence and invoices scanned.
fn bundled(seed: u64) -> Draft {
    let plans = [
        plan("hardware", 2, Form::PaperSpecial, Course::PerItem, 2021),
        plan("cloud", 1, Form::ElectronicPlain, Course::Plain, 2022),
    ];
    let mut d = Draft::new(seed, "E", "特色型", LOCAL, Pack::Bundle, &plans);
    d.s.sales.truncate(1);
    d
}

/// F: a zip with GBK names; two files in it cannot be read.
fn packed(seed: u64) -> Draft {
    let plans = [plan("software", 1, Form::DigitalSpecial, Course::Plain, 2022)];
    let mut d = Draft::new(seed, "F", "专业型", CMB, Pack::Zip, &plans);
    d.s.sales.clear();
    let mut cv = crate::canvas::Canvas::a4();
    cv.text(80.0, 100.0, 16.0, crate::font::Face::Serif, crate::canvas::BLACK, "补充协议（扫描件）");
    let whole = crate::canvas::to_pdf(&[&cv]);
    d.extra.push(("附件/9-补充材料（损坏）.pdf".into(), whole[..whole.len() / 3].to_vec()));
    d.extra.push(("附件/9-补充材料（加密）.pdf".into(), crate::locked::encrypted(&whole)));
    d.expect("EVIDENCE-010", "一个文件截断");
    d.expect("EVIDENCE-010", "一个文件加密");
    d.case.may.push("FORM-008");
    d
}

/// G: honest but untidy: instalments, retention, one invoice for several rows, two contracts of one supplier, a
/// discount, the list in 元 and without tax, staff costs.
fn messy(seed: u64) -> Draft {
    let again = |p: Plan| Plan { again: true, ..p };
    let plans = [
        plan("hardware", 3, Form::ElectronicPlain, Course::Plain, 2021),
        plan("software", 1, Form::PaperSpecial, Course::Instalments, 2022),
        again(plan("software", 1, Form::PaperSpecial, Course::Retention, 2022)),
        plan("hardware", 1, Form::DigitalPlain, Course::Prepaid, 2022),
    ];
    let mut d = Draft::new(seed, "G", "综合型", CCB, Pack::Groups, &plans);
    d.s.sales.truncate(1);
    discount(&mut d);
    d.s.in_yuan = true;
    d.s.net = true;
    for deal in d.s.deals.clone() {
        for (n, &row) in deal.rows.iter().enumerate() {
            let name = d.s.rows[row].name.clone();
            let net: Decimal = deal
                .invoices
                .iter()
                .flat_map(|i| &i.items)
                .filter(|i| i.name == name)
                .map(|i| i.amount)
                .sum();
            let r = &mut d.s.rows[row];
            r.total = net;
            r.price = cents(net / r.quantity);
            // What three decimals would need is rounded: the list's product is off by less than its last digit allows.
            let _ = n;
        }
    }
    let staff = Row {
        category: "labour",
        name: "平台研发新增人员劳务费".into(),
        contract: String::new(),
        maker: String::new(),
        quantity: Decimal::ONE,
        price: yuan(186_000),
        total: yuan(186_000),
        contracts: Vec::new(),
        invoices: Vec::new(),
        payments: Vec::new(),
    };
    d.s.rows.push(staff);
    let rows: Vec<Vec<crate::flow::Cell>> =
        std::iter::once(vec![c("序号"), c("姓名"), c("岗位"), c("月份"), c("应发工资（元）")])
            .chain((0..12).map(|i| {
                vec![
                    c((i + 1).to_string()),
                    c(["谭若川", "易书航"][i % 2]),
                    c("平台开发工程师"),
                    c(format!("2022年{}月", i + 1)),
                    c("15,500.00").right(),
                ]
            }))
            .chain(std::iter::once(vec![c("合计").wide(4), c("186,000.00").right()]))
            .collect();
    let blocks = vec![
        crate::flow::Block::Title(vec![t("项目新增人员工资发放明细表")], 1.3),
        crate::form::grid(&[0.5, 1.0, 1.5, 1.2, 1.3], rows, 0.85),
    ];
    d.faults.added.push(("附件/3-合同发票支付凭证/09-人工费用明细", blocks));
    d
}

/// A discount line under the first line of the last deal; contract and payments follow.
fn discount(d: &mut Draft) {
    let deal = &mut d.s.deals[3];
    let inv = &mut deal.invoices[0];
    let first = inv.items[0].clone();
    let off = Item {
        quantity: None,
        amount: -cents(first.amount / yuan(20)),
        tax: -cents(first.tax / yuan(20)),
        model: String::new(),
        ..first
    };
    inv.amount += off.amount;
    inv.tax += off.tax;
    inv.total = inv.amount + inv.tax;
    inv.capital = inv.total;
    let total = inv.total;
    inv.items.push(off);
    let mut left = total;
    let n = deal.payments.len();
    for (i, p) in deal.payments.iter_mut().enumerate() {
        p.amount = if i + 1 == n { left } else { cents(total * yuan(30) / yuan(100)) };
        p.capital = p.amount;
        left -= p.amount;
    }
}

/// H: a form that does not agree with itself, the statements, the taxes and the licence; and no row in the summary.
fn forged_form(seed: u64) -> Draft {
    let plans = [plan("hardware", 1, Form::ElectronicPlain, Course::Plain, 2022)];
    let mut d = Draft::new(seed, "H", "综合型", ICBC, Pack::Groups, &plans);
    d.s.sales.clear();
    d.listed = false;
    let us = d.s.us.clone();
    let swapped: String = us
        .uscc
        .chars()
        .enumerate()
        .map(|(i, ch)| if i == 17 { if ch == '7' { '9' } else { '7' } } else { ch })
        .collect();
    let (claim, b) = (d.s.claimed(), d.s.books.clone());
    let ratio = (b[1].closing("负债合计") * yuan(100) / b[1].closing("资产总计")).round_dp(2) - yuan(17);
    d.faults.form = vec![
        ("基本信息.单位地址", String::new()),
        ("平台能力信息.工业APP数", "/".into()),
        ("平台能力信息.平台积累的模型数", "/".into()),
        ("平台基本信息.平台名称", format!("{}智慧能源管理平台", us.brand)),
        ("基本信息.组织机构代码", swapped),
        ("基本信息.项目起止时间", "2021年3月至2024年6月".into()),
        ("投资清单.合计", wan(claim + yuan(50_000), 6)),
        ("平台基本信息.2022年投资额", wan(claim + yuan(120_000), 2)),
        ("基本信息.负债率.2022", ratio.to_string()),
        ("基本信息.税金.2022", wan(d.s.tax_of(1) * yuan(2) + yuan(7_000), 2)),
    ];
    let debts = b[1].closing("负债合计") + yuan(1_300_000);
    let fixed = b[0].closing("固定资产") + yuan(450_000);
    let sum = b[0].closing("资产总计") + yuan(450_000);
    d.faults.books[1] =
        vec![("负债合计", "closing", debts), ("固定资产", "opening", fixed), ("资产总计", "opening", sum)];
    let mut rng = Rng::new(seed, "elsewhere");
    let mut other = names::company(&mut rng, &PILOT[0], "数字技术");
    other.address = format!("广东省{}", other.address);
    d.faults.licence = Some(other);
    for (rule, what) in [
        ("FORM-001", "单位地址未填"),
        ("FORM-002", "两项指标未填"),
        ("FORM-005", "平台名称前后不一"),
        ("FORM-006", "组织机构代码校验位错误"),
        ("FORM-007", "项目结束晚于2023年10月"),
        ("INVEST-002", "清单合计多50000元"),
        ("INVEST-003", "2022年投资额多120000元"),
        ("FIN-002", "负债率少17个百分点"),
        ("FIN-006", "资产总计不等于负债加权益"),
        ("FIN-008", "固定资产年初数与上年年末数不符"),
        ("TAX-001", "税金与完税证明不符"),
        ("ENTITY-001", "营业执照为另一单位"),
        ("ENTITY-002", "营业执照代码不同"),
        ("ENTITY-004", "营业执照住所在广东"),
        ("PROC-002", "汇总表没有该单位"),
    ] {
        d.expect(rule, what);
    }
    d.case.may.extend(["FORM-015", "FIN-001", "FIN-003", "FIN-012", "ENTITY-003", "INVOICE-004", "TAX-002"]);
    d
}

/// I: evidence that is missing, short, used twice, or slipped by a decimal.
fn holes(seed: u64) -> Draft {
    let plans = [
        plan("hardware", 1, Form::ElectronicPlain, Course::Plain, 2021),
        plan("software", 1, Form::DigitalSpecial, Course::Plain, 2022),
        plan("cloud", 1, Form::PaperPlain, Course::Plain, 2022),
        plan("hardware", 1, Form::PaperSpecial, Course::Plain, 2021),
        plan("hardware", 1, Form::ElectronicPlain, Course::Plain, 2022),
        plan("software", 1, Form::PaperSpecial, Course::Plain, 2022),
    ];
    let mut d = Draft::new(seed, "I", "专业型", LOCAL, Pack::Groups, &plans);
    d.s.sales.clear();
    d.faults.without = vec!["01-合同", "02-发票1", "03-付款1"];
    d.expect("INVEST-005", "第一项采购没有合同");
    d.expect("INVEST-006", "第二项采购没有发票");
    d.expect("INVEST-007", "第三项采购没有支付凭证");
    let p = &mut d.s.deals[3].payments[0];
    p.amount = cents(p.amount * Decimal::new(7, 1));
    p.capital = p.amount;
    d.expect("INVEST-009", "只付七成，没有约定分期");
    let twin = Row { name: format!("{}（二期）", d.s.rows[4].name), ..d.s.rows[4].clone() };
    d.s.rows.push(twin);
    d.expect("INVEST-013", "同一发票支撑两行");
    let r = &mut d.s.rows[5];
    r.price *= yuan(10);
    r.total *= yuan(10);
    d.expect("INVEST-016", "总价是发票的十倍");
    for row in &mut d.s.rows {
        row.contracts.retain(|k| k != "01-合同");
        row.invoices.retain(|k| k != "02-发票1");
        row.payments.retain(|k| k != "03-付款1");
    }
    d.case.may.extend([
        "INVEST-008",
        "INVEST-010",
        "INVEST-014",
        "PAY-003",
        "INVEST-003",
        "INVEST-009",
        "INVEST-018",
        "CONTRACT-001",
        "INVOICE-003",
    ]);
    d
}

/// L: invoices as data; one changed after it was signed, one whose page shows more than its data say.
fn carried(seed: u64) -> Draft {
    let plans = [
        plan("hardware", 1, Form::ElectronicPlain, Course::Plain, 2021),
        plan("software", 2, Form::DigitalSpecial, Course::Plain, 2022),
        plan("cloud", 1, Form::DigitalPlain, Course::Plain, 2022),
        plan("hardware", 1, Form::ElectronicPlain, Course::Plain, 2022),
        plan("hardware", 1, Form::ElectronicPlain, Course::Plain, 2022),
    ];
    let mut d = Draft::new(seed, "L", "专业型", LOCAL, Pack::Files, &plans);
    d.s.sales.clear();
    d.look.word_contracts = true;
    d.listed = false;
    let stated = d.s.deals[4].invoices[0].clone();
    let shown = &mut d.s.deals[4].invoices[0];
    let more = yuan(9_000);
    shown.total += more;
    shown.capital += more;
    d.carriers = vec![
        ("01-发票1", Carrier::Ofd, None),
        ("02-发票1", Carrier::Ofd, None),
        ("03-发票1", Carrier::Xml, None),
        ("04-发票1", Carrier::Tampered, None),
        ("05-发票1", Carrier::Apart, Some(stated)),
    ];
    d.expect("INVOICE-012", "第四张发票的版面在签名之后被改动");
    d.expect("INVOICE-009", "第五张发票的版面比数据多9000元");
    d.expect("PROC-002", "汇总表没有该单位");
    d
}

/// J: papers of the other submission C, wrong codes, late and repeated invoices, overpaid.
fn shared(seed: u64, of: &Draft) -> Draft {
    let plans = [
        plan("hardware", 1, Form::PaperSpecial, Course::Plain, 2021),
        plan("software", 1, Form::PaperSpecial, Course::Plain, 2022),
        plan("hardware", 1, Form::ElectronicPlain, Course::Plain, 2022),
        Plan { again: true, ..plan("hardware", 1, Form::ElectronicPlain, Course::Plain, 2022) },
        plan("cloud", 1, Form::PaperPlain, Course::Plain, 2022),
        plan("hardware", 1, Form::PaperSpecial, Course::Plain, 2022),
    ];
    let mut d = Draft::new(seed, "J", "特色型", CMB, Pack::Groups, &plans);
    d.s.sales.clear();
    let id = &mut d.s.deals[0].invoices[0].seller.uscc;
    let last = if id.ends_with('3') { '6' } else { '3' };
    id.replace_range(17..18, &last.to_string());
    d.expect("INVOICE-005", "销售方税号校验位错误");
    d.s.deals[1].invoices[0].date = d.s.filed + Days::new(20);
    d.s.deals[1].invoices[0].code = "4300231130".into();
    d.expect("INVOICE-006", "开票日期晚于申报日期");
    // The fourth purchase shows the third one's invoice and claims the same sum.
    let (third, row) = (d.s.deals[2].clone(), d.s.rows[2].clone());
    let mut fourth = third.clone();
    let key = |k: &str| k.replacen("03", "04", 1);
    let mut rng = Rng::new(seed, "again");
    if let (Some(k), Some(old)) = (&mut fourth.contract, &d.s.deals[3].contract) {
        (k.key, k.number, k.title) = (key(&k.key), old.number.clone(), format!("{}（二期）", k.title));
    }
    fourth.invoices.iter_mut().for_each(|i| i.key = key(&i.key));
    for p in &mut fourth.payments {
        *p = payment(
            &mut rng,
            &key(&p.key),
            p.date + Days::new(15),
            (&p.payer.clone(), &p.payee.clone()),
            p.amount,
            &p.purpose.clone(),
        );
    }
    d.s.rows[3] = Row {
        contract: fourth.contract.as_ref().map(|k| k.title.clone()).unwrap_or_default(),
        contracts: row.contracts.iter().map(|k| key(k)).collect(),
        invoices: row.invoices.iter().map(|k| key(k)).collect(),
        payments: row.payments.iter().map(|k| key(k)).chain(row.payments.clone()).collect(),
        ..row
    };
    // Two equal payments to one supplier for two equal purchases: nobody can tell which paid which.
    d.s.rows[2].payments = d.s.rows[3].payments.clone();
    d.s.deals[3] = fourth;
    d.expect("INVOICE-011", "同一张发票附在两处");
    let p = &mut d.s.deals[4].payments[0];
    p.amount = cents(p.amount * Decimal::new(14, 1));
    p.capital = p.amount;
    d.expect("PAY-003", "付款比发票多四成");
    let other = names::company(&mut rng, &names::HUNAN[1], "机械制造");
    if let Some(k) = &mut d.s.deals[4].contract {
        k.buyer = other;
    }
    d.expect("CONTRACT-001", "合同甲方不是申报单位");
    borrow(&mut d, of);
    d.case.may.extend([
        "INVEST-013",
        "INVEST-014",
        "INVEST-009",
        "INVEST-003",
        "INVOICE-009",
        "INVOICE-007",
        "PAY-004",
        "PAY-005",
        "INVEST-006",
        "INVEST-005",
        "CONTRACT-003",
    ]);
    d
}

/// The sixth purchase is one of another applicant, with the buyer's name changed; the screens are that applicant's file.
fn borrow(d: &mut Draft, of: &Draft) {
    let mut deal = of.s.deals[3].clone();
    let key = |k: &str| k.replacen("04", "06", 1);
    if let Some(k) = &mut deal.contract {
        (k.key, k.buyer, k.capital) = (key(&k.key), d.s.us.clone(), k.amount);
    }
    for i in &mut deal.invoices {
        (i.key, i.buyer) = (key(&i.key), d.s.us.clone());
    }
    for p in &mut deal.payments {
        (p.key, p.payer) = (key(&p.key), d.s.us.clone());
    }
    let source = &of.s.rows[3];
    d.s.rows[5] = Row {
        total: source.price * source.quantity,
        contracts: source.contracts.iter().map(|k| key(k)).collect(),
        invoices: source.invoices.iter().map(|k| key(k)).collect(),
        payments: source.payments.iter().map(|k| key(k)).collect(),
        ..source.clone()
    };
    d.s.deals[5] = deal;
    let papers = crate::paper::draw(&of.s, &of.look, &of.faults);
    if let Some(p) = papers.iter().find(|p| p.name.contains("/1-")) {
        d.extra.push(("附件/1-平台截图及现场照片.pdf".into(), p.file().1));
    }
    for rule in ["DUP-001", "DUP-002", "DUP-003"] {
        d.expect(rule, "与另一申报单位共用同一材料");
    }
}

/// K: a form alone.
fn bare(seed: u64) -> Draft {
    let plans = [plan("hardware", 1, Form::ElectronicPlain, Course::Plain, 2022)];
    let mut d = Draft::new(seed, "K", "综合型", CMB, Pack::Files, &plans);
    d.s.period.0 = (2022, 1);
    d.s.filed = day(2023, 2, 20);
    d.faults.without = vec![
        "list",
        "screens",
        "licence",
        "01*",
        "regions",
        "customers",
        "客户*",
        "copyright",
        "audit*",
        "balance*",
        "income*",
        "tax*",
    ];
    for row in &mut d.s.rows {
        (row.contracts, row.invoices, row.payments) = (Vec::new(), Vec::new(), Vec::new());
    }
    for rule in [
        "EVIDENCE-001",
        "EVIDENCE-002",
        "EVIDENCE-003",
        "EVIDENCE-004",
        "EVIDENCE-005",
        "EVIDENCE-006",
        "EVIDENCE-007",
        "EVIDENCE-008",
        "INVEST-005",
        "INVEST-006",
        "INVEST-007",
    ] {
        d.expect(rule, "只有申报书");
    }
    d.case.may.extend(["INVEST-003", "METRIC-001", "METRIC-002", "METRIC-004", "FORM-014"]);
    d
}

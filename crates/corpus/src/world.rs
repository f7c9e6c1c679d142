//! A submission as it should be: applicant, purchases, list, statements, taxes; everything agrees.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use crate::deal::{Course, Deal, Form, Item};
use crate::money::cents;
use crate::names::{self, Company, GOODS, Place, day, person, yuan};
use crate::rng::Rng;

/// A row of 平台已完成的投资清单.
#[derive(Clone, Debug)]
pub struct Row {
    /// hardware, software, cloud or labour.
    pub category: &'static str,
    /// 设备名称.
    pub name: String,
    /// 合同名称.
    pub contract: String,
    /// 生产厂商.
    pub maker: String,
    /// 数量.
    pub quantity: Decimal,
    /// 单价 in 元.
    pub price: Decimal,
    /// 总价 in 元, as claimed.
    pub total: Decimal,
    /// Keys of its contracts.
    pub contracts: Vec<String>,
    /// Keys of its invoices.
    pub invoices: Vec<String>,
    /// Keys of its payments.
    pub payments: Vec<String>,
}

/// Balance sheet and income statement of a year, by the standard names of their lines.
#[derive(Clone, Debug)]
pub struct Books {
    /// Year.
    pub year: i32,
    /// Line, closing, opening.
    pub balance: Vec<(&'static str, Decimal, Decimal)>,
    /// Line, this year, last year.
    pub income: Vec<(&'static str, Decimal, Decimal)>,
}

impl Books {
    /// A line of the balance sheet at the end of the year.
    pub fn closing(&self, name: &str) -> Decimal {
        self.balance.iter().find(|l| l.0 == name).map_or(Decimal::ZERO, |l| l.1)
    }

    /// A line of the income statement.
    pub fn current(&self, name: &str) -> Decimal {
        self.income.iter().find(|l| l.0 == name).map_or(Decimal::ZERO, |l| l.1)
    }
}

/// A tax paid.
#[derive(Clone, Debug)]
pub struct Tax {
    /// 税种.
    pub kind: &'static str,
    /// 税款所属时期.
    pub period: (NaiveDate, NaiveDate),
    /// 入库日期.
    pub paid: NaiveDate,
    /// Amount.
    pub amount: Decimal,
}

/// A submission.
#[derive(Clone, Debug)]
pub struct Submission {
    /// City folder.
    pub city: &'static str,
    /// 推荐单位.
    pub office: String,
    /// Applicant.
    pub us: Company,
    /// 平台名称.
    pub platform: String,
    /// 综合型, 特色型 or 专业型.
    pub class: &'static str,
    /// 联系人 and 联系电话.
    pub contact: (String, String),
    /// 平台负责人, 移动电话.
    pub leader: (String, String),
    /// 申报日期.
    pub filed: NaiveDate,
    /// Project months.
    pub period: ((i32, u32), (i32, u32)),
    /// 计划投资 in 元.
    pub plan: Decimal,
    /// Purchases.
    pub deals: Vec<Deal>,
    /// Sales on the platform (evidence 5).
    pub sales: Vec<Deal>,
    /// The list.
    pub rows: Vec<Row>,
    /// Statements, 2021 and 2022.
    pub books: [Books; 2],
    /// Taxes, 2021 and 2022.
    pub taxes: [Vec<Tax>; 2],
    /// 高级, 中级, 初级, 其他.
    pub staff: [i64; 4],
    /// Customers of the platform.
    pub customers: Vec<Company>,
    /// Software copyright: number, certificate number.
    pub copyright: (String, String),
    /// Whether the list stands in 元.
    pub in_yuan: bool,
    /// Whether the list claims amounts without tax.
    pub net: bool,
}

/// What a deal should look like.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Category of its goods.
    pub category: &'static str,
    /// How many lines.
    pub lines: usize,
    /// Form of its invoices.
    pub form: Form,
    /// Course.
    pub course: Course,
    /// Year of its invoices.
    pub year: i32,
    /// Bought from the supplier of the deal before.
    pub again: bool,
}

impl Submission {
    /// A submission whose papers agree.
    pub fn new(
        seed: u64,
        key: &str,
        (place, city): (&Place, &'static str),
        class: &'static str,
        bank: &str,
        plans: &[Plan],
    ) -> Self {
        let mut rng = Rng::new(seed, &format!("submission {key}"));
        let trade = *rng.pick(&["智能科技", "工业互联网", "数字技术", "信息科技"]);
        let mut us = names::company(&mut rng, place, trade);
        us.bank = format!("{bank}{}麓谷支行", place.branch);
        let field = *rng.pick(&["工程机械", "轨道交通装备", "电子信息", "新能源汽车"]);
        let platform = format!("{}{field}工业互联网平台", &us.brand);
        let mut s = Self {
            city,
            office: format!("{city}工业和信息化局"),
            contact: (person(&mut rng), format!("1{}{}", rng.pick(&["38", "39", "86", "77"]), rng.digits(8))),
            leader: (person(&mut rng), format!("1{}{}", rng.pick(&["37", "35", "89"]), rng.digits(8))),
            filed: day(2023, 2, rng.int(6, 24) as u32),
            period: ((2021, rng.int(1, 2) as u32), (2023, rng.int(6, 10) as u32)),
            plan: Decimal::ZERO,
            platform,
            class,
            deals: Vec::new(),
            sales: Vec::new(),
            rows: Vec::new(),
            books: books(&mut rng),
            taxes: [taxes(&mut rng, 2021), taxes(&mut rng, 2022)],
            staff: [rng.int(2, 6), rng.int(4, 12), rng.int(6, 15), rng.int(1, 6)],
            customers: Vec::new(),
            copyright: (format!("2022SR{}", rng.digits(7)), format!("软著登字第9{}号", rng.digits(6))),
            us,
            in_yuan: false,
            net: false,
        };
        let mut pool = GOODS.to_vec();
        for (n, plan) in plans.iter().enumerate() {
            let digital = matches!(plan.form, Form::DigitalPlain | Form::DigitalSpecial);
            let seat = if digital { rng.pick(&names::PILOT) } else { rng.pick(&names::HUNAN) };
            let trade = match plan.category {
                "hardware" => *rng.pick(&["电子设备", "自动化设备", "仪器仪表"]),
                "cloud" => *rng.pick(&["云计算", "网络科技"]),
                _ => *rng.pick(&["软件技术", "信息系统", "数据服务"]),
            };
            let mut seller = names::company(&mut rng, seat, trade);
            if plan.again
                && let Some(before) = s.deals.last().and_then(|d| d.invoices.first())
            {
                seller = before.seller.clone();
            }
            s.buy(&mut rng, &mut pool, *plan, n, &seller);
        }
        let total: Decimal = s.rows.iter().map(|r| r.total).sum();
        s.plan = ((total * yuan(14) / yuan(10) / yuan(100_000)).trunc() + Decimal::ONE) * yuan(100_000);
        for n in 0..rng.int(6, 9) {
            let trade = *rng.pick(&["机械制造", "精密铸造", "电气", "汽车零部件"]);
            let seat = &names::HUNAN[(n % 4) as usize];
            s.customers.push(names::company(&mut rng, seat, trade));
        }
        s.sell(&mut rng);
        s
    }

    /// Buys goods of a category and claims them.
    pub fn buy(
        &mut self,
        rng: &mut Rng,
        pool: &mut Vec<names::Good>,
        plan: Plan,
        n: usize,
        seller: &Company,
    ) {
        let of: Vec<usize> = (0..pool.len()).filter(|&i| pool[i].category == plan.category).collect();
        let mut chosen = rng.some(&of, plan.lines);
        chosen.sort_unstable();
        let items: Vec<Item> = chosen
            .iter()
            .map(|&i| {
                let g = &pool[i];
                Item::new(
                    g,
                    rng.int(g.quantity.0, g.quantity.1),
                    yuan(rng.int(g.price.0 / 100, g.price.1 / 100) * 100),
                )
            })
            .collect();
        if pool.iter().filter(|g| g.category == plan.category).count() > chosen.len() + 1 {
            for &i in chosen.iter().rev() {
                pool.remove(i);
            }
        }
        let signed = day(plan.year, rng.int(2, 8) as u32, rng.int(1, 28) as u32);
        let mut deal = Deal::new(
            rng,
            &format!("{:02}", n + 1),
            (&self.us.clone(), seller),
            items.clone(),
            signed,
            plan.form,
            plan.course,
        );
        for (i, item) in items.iter().enumerate() {
            deal.rows.push(self.rows.len());
            let per = plan.course == Course::PerItem;
            let keys = |k: Vec<String>| if per { vec![k[i].clone()] } else { k };
            self.rows.push(Row {
                category: item.category,
                name: item.name.clone(),
                contract: deal.contract.as_ref().map(|c| c.title.clone()).unwrap_or_default(),
                maker: seller.name.clone(),
                quantity: item.quantity.unwrap_or(Decimal::ONE),
                price: item.price,
                total: item.gross(),
                contracts: deal.contract.iter().map(|c| c.key.clone()).collect(),
                invoices: keys(deal.invoices.iter().map(|i| i.key.clone()).collect()),
                payments: keys(deal.payments.iter().map(|p| p.key.clone()).collect()),
            });
        }
        self.deals.push(deal);
    }

    /// Two service contracts with customers in 2022, where the applicant is the seller.
    fn sell(&mut self, rng: &mut Rng) {
        let service =
            names::good("sale", "信息技术服务", "工业互联网平台接入服务", "", "年", (0, 0), (1, 1), 6);
        for n in 0..2 {
            let item = Item::new(&service, 1, yuan(rng.int(60, 240) * 1000));
            let signed = day(2022, rng.int(2, 9) as u32, rng.int(1, 28) as u32);
            let mut deal = Deal::new(
                rng,
                &format!("客户{}", n + 1),
                (&self.customers[n].clone(), &self.us.clone()),
                vec![item],
                signed,
                Form::PaperPlain,
                Course::Plain,
            );
            if let Some(c) = &mut deal.contract {
                c.title = "平台技术服务合同".into();
            }
            self.sales.push(deal);
        }
    }

    /// Sum of the list in 元.
    pub fn claimed(&self) -> Decimal {
        self.rows.iter().map(|r| r.total).sum()
    }

    /// What the list claims of a year, by the dates of the invoices behind its rows.
    pub fn claimed_in(&self, year: i32) -> Decimal {
        let mut sum = Decimal::ZERO;
        for row in &self.rows {
            let invoices =
                self.deals.iter().flat_map(|d| &d.invoices).filter(|i| row.invoices.contains(&i.key));
            let (mut all, mut then) = (Decimal::ZERO, Decimal::ZERO);
            for i in invoices {
                let part: Decimal =
                    i.items.iter().filter(|it| row.name.starts_with(&it.name)).map(|it| it.amount).sum();
                all += part;
                then += if i.date.year() == year { part } else { Decimal::ZERO };
            }
            if all.is_zero() {
                sum += if year == 2022 { row.total } else { Decimal::ZERO };
            } else {
                sum += row.total * then / all;
            }
        }
        sum
    }

    /// Taxes paid in 2021 (0) or 2022 (1).
    pub fn tax_of(&self, year: usize) -> Decimal {
        self.taxes[year].iter().map(|t| t.amount).sum()
    }
}

fn fen(rng: &mut Rng, lo: i64, hi: i64) -> Decimal {
    Decimal::new(rng.int(lo * 100, hi * 100), 2)
}

fn taxes(rng: &mut Rng, year: i32) -> Vec<Tax> {
    let mut out = Vec::new();
    for (kind, month, lo, hi) in [
        ("增值税", 3, 60_000, 240_000),
        ("城市维护建设税", 3, 4_000, 16_000),
        ("企业所得税", 4, 50_000, 200_000),
        ("增值税", 9, 80_000, 260_000),
        ("教育费附加", 9, 2_000, 9_000),
        ("印花税", 10, 800, 6_000),
    ] {
        let paid = day(year, month, rng.int(5, 15) as u32);
        let end = day(year, month, 1).pred_opt().expect("a date");
        let start = day(end.year(), end.month(), 1);
        out.push(Tax { kind, period: (start, end), paid, amount: fen(rng, lo, hi) });
    }
    out
}

type Line = (&'static str, Vec<Decimal>);

/// Books of two years that chain: opening 2022 is closing 2021, and profit goes into equity.
fn books(rng: &mut Rng) -> [Books; 2] {
    let scale = rng.int(2, 9);
    let mut draw = |lo: i64, hi: i64| -> Vec<Decimal> {
        (0..3).map(|_| fen(rng, lo * scale * 1000, hi * scale * 1000)).collect()
    };
    let (revenue, cost) = (draw(10_500, 14_000), draw(5_000, 6_500));
    let mut inc: Vec<Line> = vec![("营业收入", revenue), ("营业成本", cost)];
    for (name, lo, hi) in [
        ("税金及附加", 30, 90),
        ("销售费用", 300, 700),
        ("管理费用", 400, 900),
        ("研发费用", 600, 1_100),
        ("财务费用", 20, 120),
        ("其他收益", 40, 260),
    ] {
        inc.push((name, draw(lo, hi)));
    }
    let at = |inc: &[Line], name: &str, y: usize| {
        inc.iter().find(|l| l.0 == name).map_or(Decimal::ZERO, |l| l.1[y])
    };
    let operating: Vec<Decimal> = (0..3)
        .map(|y| {
            at(&inc, "营业收入", y)
                - ["营业成本", "税金及附加", "销售费用", "管理费用", "研发费用", "财务费用"]
                    .iter()
                    .map(|n| at(&inc, n, y))
                    .sum::<Decimal>()
                + at(&inc, "其他收益", y)
        })
        .collect();
    inc.push(("营业利润", operating.clone()));
    let (extra, loss) = (draw(5, 40), draw(2, 30));
    let before: Vec<Decimal> = (0..3).map(|y| operating[y] + extra[y] - loss[y]).collect();
    let levy: Vec<Decimal> = before.iter().map(|b| cents(*b * Decimal::new(15, 2))).collect();
    let net: Vec<Decimal> = (0..3).map(|y| before[y] - levy[y]).collect();
    inc.extend([
        ("营业外收入", extra),
        ("营业外支出", loss),
        ("利润总额", before),
        ("所得税费用", levy),
        ("净利润", net.clone()),
    ]);

    let mut bal: Vec<Line> = Vec::new();
    for (name, lo, hi) in [
        ("应收票据", 100, 500),
        ("应收账款", 800, 1_500),
        ("预付款项", 150, 500),
        ("其他应收款", 80, 300),
        ("存货", 400, 900),
    ] {
        bal.push((name, draw(lo, hi)));
    }
    for (name, lo, hi) in [
        ("固定资产", 1_200, 2_000),
        ("在建工程", 100, 400),
        ("无形资产", 300, 800),
        ("开发支出", 100, 400),
        ("长期待摊费用", 50, 200),
    ] {
        bal.push((name, draw(lo, hi)));
    }
    for (name, lo, hi) in [
        ("短期借款", 900, 1_600),
        ("应付账款", 900, 1_500),
        ("合同负债", 200, 700),
        ("应付职工薪酬", 200, 400),
        ("应交税费", 60, 260),
        ("其他应付款", 100, 400),
        ("长期借款", 1_500, 2_600),
        ("递延收益", 100, 500),
    ] {
        bal.push((name, draw(lo, hi)));
    }
    let capital = fen(rng, 3_000 * scale * 1000, 3_000 * scale * 1000).trunc();
    let start = fen(rng, 600 * scale * 1000, 900 * scale * 1000);
    let (mut surplus, mut kept) = (vec![fen(rng, 100 * scale * 1000, 200 * scale * 1000)], vec![start]);
    for y in 1..3 {
        let tenth = cents(net[y] / yuan(10));
        surplus.push(surplus[y - 1] + tenth);
        kept.push(kept[y - 1] + net[y] - tenth);
    }
    bal.extend([
        ("实收资本", vec![capital; 3]),
        ("资本公积", vec![yuan(500_000); 3]),
        ("盈余公积", surplus),
        ("未分配利润", kept),
    ]);
    totals(&mut bal);
    let year = |k: usize, y: i32| Books {
        year: y,
        balance: bal.iter().map(|(n, v)| (*n, v[k], v[k - 1])).collect(),
        income: inc.iter().map(|(n, v)| (*n, v[k], v[k - 1])).collect(),
    };
    [year(1, 2021), year(2, 2022)]
}

/// Adds the totals; 货币资金 is what balances.
fn totals(bal: &mut Vec<Line>) {
    let sum = |bal: &[Line], names: &[&str]| -> Vec<Decimal> {
        (0..3).map(|y| bal.iter().filter(|l| names.contains(&l.0)).map(|l| l.1[y]).sum()).collect()
    };
    let add =
        |a: &[Decimal], b: &[Decimal]| -> Vec<Decimal> { a.iter().zip(b).map(|(x, y)| x + y).collect() };
    let debts = sum(bal, &["短期借款", "应付账款", "合同负债", "应付职工薪酬", "应交税费", "其他应付款"]);
    let long = sum(bal, &["长期借款", "递延收益"]);
    let equity = sum(bal, &["实收资本", "资本公积", "盈余公积", "未分配利润"]);
    let liabilities = add(&debts, &long);
    let all = add(&liabilities, &equity);
    let fixed = sum(bal, &["固定资产", "在建工程", "无形资产", "开发支出", "长期待摊费用"]);
    let others = sum(bal, &["应收票据", "应收账款", "预付款项", "其他应收款", "存货"]);
    let cash: Vec<Decimal> = (0..3).map(|y| all[y] - fixed[y] - others[y]).collect();
    assert!(cash.iter().all(|c| c.is_sign_positive()), "books need more cash: {cash:?}");
    bal.insert(0, ("货币资金", cash.clone()));
    bal.extend([
        ("流动资产合计", add(&others, &cash)),
        ("非流动资产合计", fixed),
        ("资产总计", all.clone()),
        ("流动负债合计", debts),
        ("非流动负债合计", long),
        ("负债合计", liabilities),
        ("所有者权益合计", equity),
        ("负债和所有者权益总计", all),
    ]);
}

//! What was bought: contracts, invoices, payments, and the rows of the list that come of them.

use chrono::{Datelike, Days, NaiveDate};
use rust_decimal::Decimal;

use crate::money::cents;
use crate::names::{Company, Good, yuan};
use crate::rng::Rng;

/// One line of an invoice or of a contract's price table.
#[derive(Clone, Debug)]
pub struct Item {
    /// hardware, software, cloud or labour.
    pub category: &'static str,
    /// 税收分类简称.
    pub class: &'static str,
    /// Name of the goods.
    pub name: String,
    /// Model.
    pub model: String,
    /// Unit.
    pub unit: String,
    /// Quantity; discounts have none.
    pub quantity: Option<Decimal>,
    /// Price with tax.
    pub price: Decimal,
    /// Amount without tax.
    pub amount: Decimal,
    /// Per cent.
    pub rate: i64,
    /// Tax.
    pub tax: Decimal,
    /// Whether the rate is printed as stars: the tax is not the rate's share of the amount.
    pub starred: bool,
}

impl Item {
    /// A line of so many pieces at a price with tax.
    pub fn new(good: &Good, quantity: i64, price: Decimal) -> Self {
        let gross = price * yuan(quantity);
        let amount = cents(gross * yuan(100) / yuan(100 + good.rate));
        Self {
            category: good.category,
            class: good.class,
            name: good.name.into(),
            model: good.model.into(),
            unit: good.unit.into(),
            quantity: Some(yuan(quantity)),
            price,
            amount,
            rate: good.rate,
            tax: gross - amount,
            starred: false,
        }
    }

    /// Taxed on what is left of it after a deduction.
    pub fn on_difference(mut self, deducted: Decimal) -> Self {
        let gross = self.gross();
        self.tax = cents((gross - deducted) * yuan(self.rate) / yuan(100 + self.rate));
        self.amount = gross - self.tax;
        self.starred = true;
        self
    }

    /// Amount with tax.
    pub fn gross(&self) -> Decimal {
        self.amount + self.tax
    }

    /// A part of it in hundredths: the same goods invoiced by instalments.
    pub fn part(&self, hundredths: i64) -> Self {
        let gross = cents(self.gross() * yuan(hundredths) / yuan(100));
        let amount = cents(gross * yuan(100) / yuan(100 + self.rate));
        Self { quantity: None, amount, tax: gross - amount, ..self.clone() }
    }

    /// Price without tax, as invoices print it.
    pub fn net_price(&self) -> Option<Decimal> {
        self.quantity.map(|q| (self.amount / q).round_dp(8).normalize())
    }
}

/// Which form an invoice has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Paper 增值税专用发票.
    PaperSpecial,
    /// Paper 增值税普通发票.
    PaperPlain,
    /// 增值税电子普通发票.
    ElectronicPlain,
    /// 电子发票（增值税专用发票）.
    DigitalSpecial,
    /// 电子发票（普通发票）.
    DigitalPlain,
    /// 通行费电子普通发票.
    Toll,
    /// 深圳电子普通发票, on a block chain.
    Chain,
}

/// An invoice as printed. Honest ones agree with themselves; falsified ones have single fields set apart.
#[derive(Clone, Debug)]
pub struct Invoice {
    /// Short name within the submission.
    pub key: String,
    /// Form.
    pub form: Form,
    /// 发票代码, empty for the digital forms.
    pub code: String,
    /// 发票号码.
    pub number: String,
    /// 开票日期.
    pub date: NaiveDate,
    /// 校验码, where the form has one.
    pub check: String,
    /// 购买方.
    pub buyer: Company,
    /// 销售方.
    pub seller: Company,
    /// Lines.
    pub items: Vec<Item>,
    /// 合计金额.
    pub amount: Decimal,
    /// 合计税额.
    pub tax: Decimal,
    /// 价税合计.
    pub total: Decimal,
    /// What the 大写 says.
    pub capital: Decimal,
    /// What the QR code says, where that is not the print.
    pub qr: Option<String>,
    /// 收款人, 复核, 开票人.
    pub staff: [String; 3],
    /// 机器编号.
    pub machine: String,
    /// 备注.
    pub remark: String,
    /// Whose seal it bears, where that is not the seller's.
    pub sealed_by: Option<Company>,
    /// Stamped across as void.
    pub void: bool,
    /// Number of the invoice whose 密码区 it shows, where that is not its own.
    pub cipher_of: Option<String>,
}

impl Invoice {
    /// An honest invoice.
    pub fn new(
        rng: &mut Rng,
        key: &str,
        form: Form,
        date: NaiveDate,
        (buyer, seller): (&Company, &Company),
        items: Vec<Item>,
    ) -> Self {
        let yy = date.year() % 100;
        let (code, number, check) = match form {
            Form::PaperSpecial => (format!("4300{yy}1130"), rng.digits(8), String::new()),
            Form::PaperPlain => (format!("04300{yy}00{}04", rng.int(1, 9)), rng.digits(8), rng.digits(20)),
            Form::ElectronicPlain => {
                (format!("04300{yy}00{}11", rng.int(1, 9)), rng.digits(8), rng.digits(20))
            }
            Form::Toll => (format!("04300{yy}00{}12", rng.int(1, 9)), rng.digits(8), rng.digits(20)),
            Form::Chain => {
                let hash = format!("{:05x}", rng.int(0x1_0000, 0xf_ffff));
                (format!("14403{yy}09{}10", rng.int(1, 9)), rng.digits(8), hash)
            }
            Form::DigitalSpecial | Form::DigitalPlain => {
                (String::new(), format!("{yy}{}20000{}", &seller.uscc[2..4], rng.digits(11)), String::new())
            }
        };
        let amount = items.iter().map(|i| i.amount).sum();
        let tax = items.iter().map(|i| i.tax).sum();
        let total = amount + tax;
        Self {
            key: key.into(),
            form,
            code,
            number,
            date,
            check,
            buyer: buyer.clone(),
            seller: seller.clone(),
            items,
            amount,
            tax,
            total,
            capital: total,
            qr: None,
            staff: [crate::names::person(rng), crate::names::person(rng), crate::names::person(rng)],
            machine: format!("6616{}", rng.digits(8)),
            remark: String::new(),
            sealed_by: None,
            void: false,
            cipher_of: None,
        }
    }

    /// The payload of its QR code.
    pub fn payload(&self) -> String {
        if let Some(qr) = &self.qr {
            return qr.clone();
        }
        let (kind, amount) = match self.form {
            Form::Chain => {
                return format!(
                    "https://bcfp.shenzhen.chinatax.gov.cn/verify/scan?hash={}&bill_num={}&total_amount={}",
                    format!("01{}{}", self.check, "7d3e").repeat(3),
                    self.number,
                    (self.total * yuan(100)).trunc().normalize()
                );
            }
            Form::Toll => ("14", self.amount),
            Form::PaperSpecial => ("01", self.amount),
            Form::PaperPlain => ("04", self.amount),
            Form::ElectronicPlain => ("10", self.amount),
            Form::DigitalSpecial => ("31", self.total),
            Form::DigitalPlain => ("32", self.total),
        };
        let tail: u32 = self.number.bytes().fold(7, |h, b| (h * 31 + u32::from(b)) & 0xffff);
        format!(
            "01,{kind},{},{},{:.2},{},{},{tail:04X},",
            self.code,
            self.number,
            amount,
            self.date.format("%Y%m%d"),
            self.check
        )
    }
}

/// A contract.
#[derive(Clone, Debug)]
pub struct Contract {
    /// Short name within the submission.
    pub key: String,
    /// 合同编号.
    pub number: String,
    /// Heading.
    pub title: String,
    /// 甲方.
    pub buyer: Company,
    /// 乙方.
    pub seller: Company,
    /// Price table, with tax.
    pub items: Vec<Item>,
    /// Total.
    pub amount: Decimal,
    /// What the 大写 says.
    pub capital: Decimal,
    /// Signed on.
    pub signed: NaiveDate,
    /// Terms of payment, one sentence.
    pub terms: String,
    /// Whether the parties sealed it.
    pub sealed: bool,
    /// Whether the day of signing was filled in.
    pub dated: bool,
}

/// A payment voucher.
#[derive(Clone, Debug)]
pub struct Payment {
    /// Short name within the submission.
    pub key: String,
    /// 回单编号.
    pub receipt: String,
    /// 交易流水号.
    pub serial: String,
    /// Day.
    pub date: NaiveDate,
    /// Payer.
    pub payer: Company,
    /// Payee.
    pub payee: Company,
    /// Amount.
    pub amount: Decimal,
    /// What the 大写 says.
    pub capital: Decimal,
    /// 用途.
    pub purpose: String,
    /// Paid by a bill.
    pub bill: bool,
    /// What became of the order, where the bank prints it.
    pub state: &'static str,
    /// Whether it is the payee's voucher: of money that came in.
    pub received: bool,
}

/// A purchase from one supplier.
#[derive(Clone, Debug)]
pub struct Deal {
    /// Contract, if it is attached.
    pub contract: Option<Contract>,
    /// Invoices.
    pub invoices: Vec<Invoice>,
    /// Payments.
    pub payments: Vec<Payment>,
    /// Which rows of the list it backs.
    pub rows: Vec<usize>,
}

/// How a deal was invoiced and paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// One invoice, one payment.
    Plain,
    /// One invoice a line, one payment each.
    PerItem,
    /// Two invoices (60 and 40 of a hundred), paid in three parts.
    Instalments,
    /// One invoice, 95 of a hundred paid, the rest retained.
    Retention,
    /// Prepaid three tenths, the rest on delivery.
    Prepaid,
}

impl Deal {
    /// A deal that agrees with itself.
    pub fn new(
        rng: &mut Rng,
        key: &str,
        (buyer, seller): (&Company, &Company),
        items: Vec<Item>,
        signed: NaiveDate,
        form: Form,
        course: Course,
    ) -> Self {
        let total: Decimal = items.iter().map(Item::gross).sum();
        let head = if items.len() > 1 { format!("{}等", items[0].name) } else { items[0].name.clone() };
        let service = items.iter().all(|i| i.category != "hardware");
        let title = format!(
            "{head}{}合同",
            if service {
                *rng.pick(&["技术服务", "采购", "委托"])
            } else {
                *rng.pick(&["采购", "购销", "买卖"])
            }
        );
        let terms = match course {
            Course::Plain | Course::PerItem => "货到验收合格并收到发票后30日内，甲方一次性支付全部合同价款",
            Course::Instalments => "合同签订后支付30%，交付后支付60%，验收合格后支付10%",
            Course::Retention => "验收合格后支付合同价款的95%，余下5%作为质量保证金，质保期满后无息支付",
            Course::Prepaid => "合同签订后7日内预付30%，货到验收合格后支付70%",
        };
        let contract = Contract {
            key: format!("{key}-合同"),
            number: format!(
                "{}{}-{}{}",
                rng.pick(&["CG", "HT", "XS", "JSFW"]),
                signed.format("%Y"),
                rng.pick(&["A", "B", "0", "1"]),
                rng.digits(3)
            ),
            title,
            buyer: buyer.clone(),
            seller: seller.clone(),
            items: items.clone(),
            amount: total,
            capital: total,
            signed,
            terms: terms.into(),
            sealed: true,
            dated: true,
        };
        let delivered = signed + Days::new(rng.int(18, 45) as u64);
        let groups: Vec<(NaiveDate, Vec<Item>)> = match course {
            Course::PerItem => items
                .iter()
                .enumerate()
                .map(|(i, it)| (delivered + Days::new(9 * i as u64), vec![it.clone()]))
                .collect(),
            Course::Instalments => vec![
                (delivered, items.iter().map(|i| i.part(60)).collect()),
                (delivered + Days::new(40), items.iter().map(|i| rest(i, 60)).collect()),
            ],
            _ => vec![(delivered, items.clone())],
        };
        let mut deal =
            Self { contract: Some(contract), invoices: Vec::new(), payments: Vec::new(), rows: Vec::new() };
        for (n, (date, lines)) in groups.into_iter().enumerate() {
            deal.invoices.push(Invoice::new(
                rng,
                &format!("{key}-发票{}", n + 1),
                form,
                date,
                (buyer, seller),
                lines,
            ));
        }
        let last = deal.invoices.last().map_or(delivered, |i| i.date);
        let shares: Vec<(NaiveDate, Decimal)> = match course {
            Course::PerItem => deal.invoices.iter().map(|i| (i.date + Days::new(12), i.total)).collect(),
            Course::Plain => vec![(last + Days::new(rng.int(5, 25) as u64), total)],
            Course::Retention => vec![(last + Days::new(20), cents(total * yuan(95) / yuan(100)))],
            Course::Prepaid => {
                let first = cents(total * yuan(30) / yuan(100));
                vec![(signed + Days::new(5), first), (last + Days::new(15), total - first)]
            }
            Course::Instalments => {
                let (a, b) = (cents(total * yuan(30) / yuan(100)), cents(total * yuan(60) / yuan(100)));
                vec![
                    (signed + Days::new(6), a),
                    (delivered + Days::new(8), b),
                    (last + Days::new(18), total - a - b),
                ]
            }
        };
        let purpose = if service {
            *rng.pick(&["技术服务费", "合同款", "软件款"])
        } else {
            *rng.pick(&["货款", "设备款", "合同款"])
        };
        for (n, (date, amount)) in shares.into_iter().enumerate() {
            deal.payments.push(payment(
                rng,
                &format!("{key}-付款{}", n + 1),
                date,
                (buyer, seller),
                amount,
                purpose,
            ));
        }
        deal
    }
}

/// What a first part in hundredths leaves of a line.
fn rest(item: &Item, hundredths: i64) -> Item {
    let gross = item.gross() - item.part(hundredths).gross();
    let amount = cents(gross * yuan(100) / yuan(100 + item.rate));
    Item { quantity: None, amount, tax: gross - amount, ..item.clone() }
}

/// A payment.
pub fn payment(
    rng: &mut Rng,
    key: &str,
    date: NaiveDate,
    (payer, payee): (&Company, &Company),
    amount: Decimal,
    purpose: &str,
) -> Payment {
    Payment {
        key: key.into(),
        receipt: format!("{}{}", date.format("%Y%m%d"), rng.digits(10)),
        serial: format!("{}{}", rng.pick(&["HQH", "G", "C", "TX"]), rng.digits(12)),
        date,
        payer: payer.clone(),
        payee: payee.clone(),
        amount,
        capital: amount,
        purpose: purpose.into(),
        bill: false,
        state: "交易成功",
        received: false,
    }
}

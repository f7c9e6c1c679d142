//! d13, d14: honest, and much like the faults of the others.

use chrono::Days;
use rust_decimal::Decimal;

use super::bills::Bill;
use super::hand::{contract_price, draft, red, redate, rng, settle};
use crate::batch::{LOCAL, plan};
use crate::cases::{Draft, Pack};
use crate::deal::{Course, Form, Item, payment};
use crate::flow::{self, Block, Style, t};
use crate::money::cents;
use crate::names::{self, day, yuan};
use crate::paper::Paper;

const CMB: &str = "招商银行股份有限公司";

/// d13: electronic; instalments, retention, a discount line, a transfer that came back and was repeated, a bill that the
/// applicant had from a customer, a contract some days younger than its invoice.
pub fn courses(seed: u64) -> Draft {
    let plans = [
        plan("hardware", 2, Form::ElectronicPlain, Course::Plain, 2021),
        plan("software", 1, Form::PaperSpecial, Course::Instalments, 2022),
        plan("hardware", 1, Form::PaperPlain, Course::Retention, 2022),
        plan("software", 1, Form::DigitalSpecial, Course::Plain, 2022),
        plan("cloud", 1, Form::PaperPlain, Course::Plain, 2022),
        plan("hardware", 1, Form::PaperSpecial, Course::Plain, 2022),
    ];
    let mut d = draft(seed, ("d13", 13), "综合型", CMB, Pack::Files, &plans);
    let mut rng = rng(seed, "d13");
    discount(&mut d);
    // The first order came back from the payee's bank and was given again two days later.
    let deal = &mut d.s.deals[3];
    let made = deal.payments[0].clone();
    let mut failed = payment(
        &mut rng,
        "04-付款0",
        made.date - Days::new(2),
        (&made.payer, &made.payee),
        made.amount,
        &made.purpose,
    );
    failed.state = "已退回";
    deal.payments.insert(0, failed);
    // Paid with a bill that the applicant had from a customer.
    let deal = &mut d.s.deals[4];
    let paid = deal.payments.remove(0);
    let drawer = d.s.customers[0].clone();
    let mut bill = Bill::new(&mut rng, paid.date - Days::new(70), (&drawer, &paid.payer), paid.amount);
    bill.passed = vec![(paid.payer.clone(), paid.payee.clone(), paid.date)];
    d.more.push(bill.paper("附件/3-合同发票支付凭证/05-3承兑汇票", &paid.key, d.look.face));
    redate(&mut d, 5, [day(2022, 6, 14), day(2022, 6, 2), day(2022, 7, 1)], &mut rng);
    // A fen that rounding leaves between the lines' taxes and the rate.
    let inv = &mut d.s.deals[5].invoices[0];
    inv.items[0].tax += Decimal::new(1, 2);
    inv.items[0].amount -= Decimal::new(1, 2);
    settle(inv);
    d
}

/// A discount line under the first line of the first invoice; contract, payment and rows follow.
fn discount(d: &mut Draft) {
    let deal = &mut d.s.deals[0];
    let inv = &mut deal.invoices[0];
    let first = inv.items[0].clone();
    let off = Item {
        quantity: None,
        amount: -cents(first.amount / yuan(25)),
        tax: -cents(first.tax / yuan(25)),
        model: String::new(),
        ..first
    };
    inv.items.insert(1, off.clone());
    settle(inv);
    let p = &mut deal.payments[0];
    (p.amount, p.capital) = (inv.total, inv.total);
    let row = &mut d.s.rows[deal.rows[0]];
    row.total += off.gross();
    row.price = (row.total / row.quantity).round_dp(2);
    row.total = row.price * row.quantity;
}

/// d14: each attachment one file; two rows of one invoice, a row of two invoices, a red letter with its replacement, a
/// payment by the parent company with its agreement.
pub fn papers(seed: u64) -> Draft {
    let plans = [
        plan("hardware", 2, Form::ElectronicPlain, Course::Plain, 2022),
        plan("hardware", 2, Form::PaperSpecial, Course::PerItem, 2021),
        plan("software", 1, Form::PaperPlain, Course::Plain, 2022),
        plan("cloud", 1, Form::ElectronicPlain, Course::Plain, 2022),
    ];
    let mut d = draft(seed, ("d14", 14), "特色型", LOCAL, Pack::Groups, &plans);
    let mut rng = rng(seed, "d14");
    // The book of numbers was given out the year before.
    d.s.deals[2].invoices[0].code.replace_range(5..7, "21");
    // Taken back for a wrong address and written anew: what counts is the second.
    let wrong = d.s.deals[2].invoices[0].clone();
    let back = red(&wrong, "03-发票2", wrong.date + Days::new(4), &mut rng);
    let mut anew = wrong.clone();
    anew.key = "03-发票3".into();
    (anew.number, anew.check) = (rng.digits(8), rng.digits(20));
    anew.date = wrong.date + Days::new(4);
    for row in d.s.deals[2].rows.clone() {
        d.s.rows[row].invoices.extend([back.key.clone(), anew.key.clone()]);
    }
    d.s.deals[2].invoices.extend([back, anew]);
    paid_by_parent(&mut d, 3, &mut rng);
    // What was added to the order later was agreed in an amendment.
    contract_price(&mut d, 2, 92);
    let agreed = d.s.deals[2].contract.as_ref().map(|k| k.amount).unwrap_or_default();
    let more = wrong.total - agreed;
    super::again::amend(&mut d, 2, more);
    d
}

/// The parent company paid, as an agreement of the three says.
fn paid_by_parent(d: &mut Draft, n: usize, rng: &mut crate::rng::Rng) {
    let parent = names::company(rng, &names::HUNAN[2], "控股");
    let deal = &mut d.s.deals[n];
    let p = &mut deal.payments[0];
    p.payer = names::Company { bank: LOCAL.into(), ..parent.clone() };
    let (us, seller, amount) = (d.s.us.name.clone(), p.payee.name.clone(), crate::money::grouped(p.amount));
    let number = deal.contract.as_ref().map(|k| k.number.clone()).unwrap_or_default();
    let day = p.date - Days::new(6);
    let blocks = vec![
        Block::Title(vec![t("委托付款协议")], 1.5),
        Block::Para(vec![t("甲方（委托方）："), t(&us)], false),
        Block::Para(vec![t("乙方（受托付款方）："), t(&parent.name)], false),
        Block::Para(vec![t("丙方（收款方）："), t(&seller)], false),
        Block::Para(
            vec![t(format!(
                "甲方委托乙方代甲方向丙方支付合同（编号：{number}）项下价款人民币{amount}元。乙方付款后，视为甲方已履行付款义务。甲方与乙方之间的往来由双方另行结算。"
            ))],
            true,
        ),
        Block::Para(vec![t("甲方（盖章）：　　　　　　乙方（盖章）：　　　　　　丙方（盖章）：")], false),
        Block::Seal(0.2, 0.4, us.clone(), "合同专用章"),
        Block::Seal(0.5, 0.4, parent.name.clone(), "合同专用章"),
        Block::Seal(0.85, 0.4, seller.clone(), "合同专用章"),
        Block::Para(vec![t("签订日期："), t(day.format("%Y年%m月%d日").to_string())], false),
    ];
    let style = Style { size: 11.0, lead: 1.65, ..d.look.style };
    let name = format!("附件/3-合同发票支付凭证/{:02}-4委托付款协议", n + 1);
    d.more.push(Paper::one(&name, "委托付款", "contract", flow::set(&blocks, style)));
}

//! d3: invoices whose numbers, codes and sellers tell against them.

use chrono::Days;

use super::hand::{after, draft, red, redate, resell, rng};
use crate::batch::plan;
use crate::cases::{Draft, Pack};
use crate::deal::{Course, Form};
use crate::names::{Company, day};
use crate::paper::Paper;
use crate::papers::licence;
use crate::world::Plan;

const CMB: &str = "招商银行股份有限公司";

/// d3: electronic; a red letter, a book of invoices kept for one customer, numbers that contradict their days.
pub fn numbers(seed: u64) -> Draft {
    let again = |p: Plan| Plan { again: true, ..p };
    let plans = [
        plan("hardware", 1, Form::ElectronicPlain, Course::Plain, 2022),
        plan("software", 1, Form::PaperPlain, Course::Plain, 2022),
        again(plan("software", 1, Form::PaperPlain, Course::Plain, 2022)),
        again(plan("software", 1, Form::PaperPlain, Course::Plain, 2022)),
        plan("hardware", 1, Form::PaperSpecial, Course::Plain, 2022),
        again(plan("hardware", 1, Form::PaperSpecial, Course::Plain, 2022)),
        plan("cloud", 1, Form::ElectronicPlain, Course::Plain, 2022),
        plan("hardware", 1, Form::ElectronicPlain, Course::Plain, 2022),
    ];
    let mut d = draft(seed, ("d3", 3), "综合型", CMB, Pack::Files, &plans);
    let mut rng = rng(seed, "d3");
    let first = d.s.deals[0].invoices[0].clone();
    let back = red(&first, "01-发票2", first.date + Days::new(40), &mut rng);
    d.s.deals[0].invoices.push(back);
    d.expect("INVOICE-010", "第一张发票已被红字冲回，仍列入清单");
    // Three invoices of one book, seven months apart, with nobody in between.
    let days = [[3, 4, 4], [6, 7, 7], [9, 10, 11]];
    for (n, months) in (1..4).zip(days) {
        let [a, b, c] = months.map(|m| day(2022, m, 12));
        redate(&mut d, n, [a, b, c + Days::new(9)], &mut rng);
    }
    let book = d.s.deals[1].invoices[0].clone();
    for n in 2..4 {
        let inv = &mut d.s.deals[n].invoices[0];
        inv.code.clone_from(&book.code);
        inv.number = after(&book.number, n as u64 - 1);
        inv.machine.clone_from(&book.machine);
    }
    d.expect("INVOICE-013", "同一销售方三张连号发票相隔六个月");
    d.s.deals[3].invoices[0].check = book.check;
    d.expect("INVOICE-015", "第二、第四张发票的校验码相同");
    redate(&mut d, 4, [day(2022, 4, 2), day(2022, 6, 20), day(2022, 7, 5)], &mut rng);
    redate(&mut d, 5, [day(2022, 3, 8), day(2022, 5, 9), day(2022, 6, 1)], &mut rng);
    let earlier = d.s.deals[4].invoices[0].clone();
    let inv = &mut d.s.deals[5].invoices[0];
    inv.code.clone_from(&earlier.code);
    inv.number = after(&earlier.number, 17);
    inv.machine.clone_from(&earlier.machine);
    d.expect("INVOICE-016", "号码较大的发票开票日期反而早六周");
    // The seller's telephone is the applicant's.
    let seller = Company { phone: d.s.us.phone.clone(), ..d.s.deals[6].invoices[0].seller.clone() };
    resell(&mut d, 6, &seller);
    d.expect("INVOICE-014", "销售方的电话就是申报单位的电话");
    // Made from the other receipt: payee and amount were changed, the numbers stayed.
    let other = d.s.deals[6].payments[0].clone();
    let forged = &mut d.s.deals[7].payments[0];
    (forged.receipt, forged.serial) = (other.receipt, other.serial);
    d.expect("PAY-005", "两张金额、收款人不同的回单编号相同");
    d.s.deals[5].payments[0].state = "交易失败";
    d.expect("PAY-007", "第六项的回单是一笔失败的交易");
    d.expect("INVEST-007", "第六项只有失败交易的回单");
    let seller = Company { founded: day(2022, 8, 15), ..d.s.deals[3].invoices[0].seller.clone() };
    young_seller(&mut d, &seller);
    d.expect("CONTRACT-005", "两份合同签于供应商成立之前");
    d.case.may.extend(["INVEST-008", "INVEST-003", "PAY-003"]);
    d
}

/// The seller's licence is attached, and says that it was founded after its first contract.
fn young_seller(d: &mut Draft, seller: &Company) {
    let page = licence(seller, d.look.face, "长沙市", &[]);
    let name = "附件/3-合同发票支付凭证/02-4供应商营业执照";
    d.more.push(Paper::one(name, "供应商执照", "business_licence", vec![page]));
}

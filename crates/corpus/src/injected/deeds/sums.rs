//! d4: a list that was made to fit, more than the company could carry, and bills that passed through other hands.

use chrono::Days;
use rust_decimal::Decimal;

use super::bills::Bill;
use super::hand::{buy, draft, redate, rng};
use crate::batch::{LOCAL, plan};
use crate::cases::{Draft, Pack};
use crate::deal::{Course, Form};
use crate::money::wan;
use crate::names::{self, day, good, yuan};

/// d4: electronic; the total is the claim and the rows are not; a purchase larger than the company; two bills.
pub fn sums(seed: u64) -> Draft {
    let plans = [
        plan("software", 1, Form::ElectronicPlain, Course::Plain, 2022),
        plan("hardware", 1, Form::PaperPlain, Course::Plain, 2022),
    ];
    let mut d = draft(seed, ("d4", 4), "专业型", LOCAL, Pack::Files, &plans);
    let mut rng = rng(seed, "d4");
    let seller = names::company(&mut rng, &names::HUNAN[0], "自动化设备");
    let robots = good(
        "hardware",
        "工业机器人",
        "智能产线成套设备",
        "ZC-9000",
        "套",
        (1_980_000, 2_100_000),
        (80, 90),
        13,
    );
    buy(&mut d, robots, plan("hardware", 1, Form::PaperSpecial, Course::Plain, 2022), &seller, &mut rng);
    one_payment(&mut d, &mut rng);
    d.expect("INVEST-018", "已完成投资超过全部资产和当年费用");
    let claim = d.s.claimed() + yuan(486_000);
    d.faults.form = vec![
        ("投资清单.合计", wan(claim, 6)),
        ("基本信息.已完成投资", wan(claim, 2)),
        ("平台基本信息.投资总额", wan(claim, 2)),
    ];
    d.expect("INVEST-019", "清单合计按已完成投资倒填，各行少486000元");
    bills(&mut d, &mut rng);
    d.case.may.extend([
        "INVEST-002",
        "INVEST-003",
        "INVEST-009",
        "PAY-003",
        "PAY-004",
        "FORM-015",
        "FIN-012",
    ]);
    d
}

/// Two equal purchases from one seller, each with its contract and invoice, and one receipt copied for both.
fn one_payment(d: &mut Draft, rng: &mut crate::rng::Rng) {
    let seller = names::company(rng, &names::HUNAN[1], "仪器仪表");
    let gauge = good("hardware", "仪器仪表", "在线粒度分析仪", "LS-60", "台", (88_000, 88_000), (3, 3), 13);
    let like = plan("hardware", 1, Form::PaperPlain, Course::Plain, 2022);
    let [one, two] = [day(2022, 3, 7), day(2022, 7, 18)].map(|signed| {
        let n = buy(d, gauge.clone(), like, &seller, rng);
        redate(d, n, [signed, signed + Days::new(30), signed + Days::new(41)], rng);
        n
    });
    let paid = d.s.deals[one].payments[0].clone();
    let key = d.s.deals[two].payments[0].key.clone();
    d.s.deals[two].payments[0] = crate::deal::Payment { key, ..paid };
    d.expect("PAY-005", "同一张回单复印后作为两项采购的付款");
}

/// The first purchase is paid by a bill whose day is not the one in its number, the second by one that the applicant
/// never held.
fn bills(d: &mut Draft, rng: &mut crate::rng::Rng) {
    for n in 0..2 {
        let deal = &mut d.s.deals[n];
        let paid = deal.payments.remove(0);
        let drawer = names::company(rng, &names::HUNAN[2], "机械制造");
        let issued = paid.date - Days::new(50);
        let (us, seller, amount): (_, _, Decimal) = (paid.payer, paid.payee, paid.amount);
        let mut bill = Bill::new(rng, issued, (&drawer, &us), amount);
        if n == 0 {
            bill.issued = issued + Days::new(31);
            bill.due = bill.issued + chrono::Months::new(6);
            bill.passed = vec![(us, seller, paid.date)];
        } else {
            let stranger = names::company(rng, &names::HUNAN[3], "商贸");
            bill.passed = vec![
                (us, names::company(rng, &names::HUNAN[1], "电气"), paid.date - Days::new(9)),
                (stranger, seller, paid.date),
            ];
        }
        let name = format!("附件/3-合同发票支付凭证/{:02}-3承兑汇票", n + 1);
        d.more.push(bill.paper(&name, &paid.key, d.look.face));
    }
    d.expect("PAY-008", "票据号码中的日期比出票日期早一个月；另一张背书不连续");
    d.case.may.extend(["PAY-002", "PAY-001"]);
}

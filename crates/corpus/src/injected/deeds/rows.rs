//! d1, d2: rows that their papers do not bear.

use chrono::Days;

use super::hand::{bare, buy, contract_price, draft, planned, redate, repay, retaxed, rng, settle, surely};
use crate::batch::{CCB, ICBC, plan};
use crate::cases::{Draft, Pack};
use crate::deal::{Course, Form};
use crate::names::{self, day, good, yuan};

/// d1: electronic; contracts, payments and taxes that do not fit what was bought.
pub fn papers(seed: u64) -> Draft {
    let plans = [
        plan("hardware", 1, Form::ElectronicPlain, Course::Plain, 2021),
        plan("software", 1, Form::DigitalSpecial, Course::Plain, 2022),
        plan("cloud", 1, Form::PaperPlain, Course::Plain, 2022),
        plan("hardware", 1, Form::PaperSpecial, Course::Plain, 2022),
        plan("software", 1, Form::PaperPlain, Course::Plain, 2022),
        plan("hardware", 1, Form::ElectronicPlain, Course::Plain, 2022),
    ];
    let mut d = draft(seed, ("d1", 1), "专业型", ICBC, Pack::Files, &plans);
    let mut rng = rng(seed, "d1");
    let inv = &mut d.s.deals[0].invoices[0];
    inv.items = inv.items.iter().map(|i| retaxed(i, 16)).collect();
    settle(inv);
    d.expect("INVOICE-003", "2021年的发票用已经废止的16%税率");
    contract_price(&mut d, 1, 78);
    d.expect("INVEST-010", "第二项的发票、付款和清单都是合同的1.28倍");
    d.s.deals[2].payments[0].capital += yuan(20_000);
    d.expect("PAY-006", "第三张回单大写多20000元");
    redate(&mut d, 3, [day(2022, 9, 21), day(2022, 5, 11), day(2022, 10, 8)], &mut rng);
    d.expect("CONTRACT-003", "第四份合同签于开票133天之后");
    if let Some(k) = &mut d.s.deals[4].contract {
        k.sealed = false;
    }
    d.expect("CONTRACT-004", "第五份合同没有盖章");
    let late = d.s.filed + Days::new(19);
    repay(&mut d.s.deals[5], 0, late, None, &mut rng);
    d.expect("PAY-004", "第六项的付款晚于申报");
    d.s.plan = (d.s.claimed() * yuan(8) / yuan(1_000_000)).trunc() * yuan(100_000);
    d.expect("INVEST-004", "计划投资只有已完成投资的八成");
    d.faults.taxpayer = Some((1, names::company(&mut rng, &names::HUNAN[0], "智能装备")));
    d.expect("TAX-002", "2022年完税证明是另一家公司的");
    d
}

/// d2: each attachment one file; items that nobody sold, or that are no investment.
pub fn items(seed: u64) -> Draft {
    let plans = [
        plan("hardware", 1, Form::PaperPlain, Course::Plain, 2022),
        plan("software", 1, Form::ElectronicPlain, Course::Plain, 2022),
        plan("cloud", 1, Form::PaperSpecial, Course::Plain, 2022),
        plan("hardware", 1, Form::DigitalPlain, Course::Plain, 2022),
    ];
    let mut d = draft(seed, ("d2", 2), "特色型", CCB, Pack::Groups, &plans);
    let mut rng = rng(seed, "d2");
    // A paper of a later year's print run, with a day put before it.
    d.s.deals[0].invoices[0].code = "043002300104".into();
    d.expect("INVOICE-007", "发票代码是2023年的，开票日期在2022年");
    d.s.rows[1].maker = names::company(&mut rng, &names::PILOT[1], "软件技术").name;
    d.expect("INVEST-011", "第二项的生产厂商不见于任何凭证");
    d.s.rows[2].name = "数字孪生可视化引擎".into();
    d.expect("INVEST-012", "清单写可视化引擎，合同和发票是云服务");
    let again = d.s.rows[3].clone();
    d.s.rows.insert(4, again);
    d.expect("INVEST-014", "同一项采购列了两行");
    let seller = names::company(&mut rng, &names::HUNAN[1], "家居");
    let desks = good("hardware", "家具", "研发中心办公家具", "HX-1600", "套", (96_000, 138_000), (1, 1), 13);
    let like = plan("hardware", 1, Form::PaperPlain, Course::Plain, 2022);
    buy(&mut d, desks, like, &seller, &mut rng);
    d.expect("INVEST-015", "办公家具列入硬件设备");
    d.s.rows.push(bare("labour", "平台研发新增人员劳务费", yuan(216_000)));
    d.s.plan = planned(d.s.claimed());
    d.expect("INVEST-020", "人工费用没有人员、月份和工资表");
    d.muddled = true;
    surely(&mut d, "INVEST-017", "每项先附回单和发票，合同在最后");
    d.case.may.extend(["INVEST-013", "INVEST-008", "INVEST-003", "INVEST-010"]);
    d
}

//! d9, d11: scanned in part or whole; the same faults as before on scanned papers.

use rust_decimal::Decimal;

use super::hand::{draft, planned, redate, rng, settle, surely};
use crate::batch::plan;
use crate::cases::{Draft, Pack};
use crate::deal::{Course, Form};
use crate::money::{cents, wan};
use crate::names::{self, Company, day, yuan};

const CMB: &str = "招商银行股份有限公司";
const ABC: &str = "中国农业银行股份有限公司";

/// d9: contracts, invoices and receipts scanned, the rest electronic.
pub fn papers(seed: u64) -> Draft {
    let plans = [
        plan("hardware", 1, Form::PaperSpecial, Course::Plain, 2022),
        plan("software", 1, Form::PaperPlain, Course::Plain, 2022),
        plan("cloud", 1, Form::PaperSpecial, Course::Plain, 2022),
        plan("hardware", 1, Form::PaperPlain, Course::Plain, 2022),
        plan("software", 1, Form::ElectronicPlain, Course::Plain, 2022),
        plan("hardware", 1, Form::ElectronicPlain, Course::Plain, 2021),
    ];
    let mut d = draft(seed, ("d9", 9), "专业型", CMB, Pack::Mixed, &plans);
    let mut rng = rng(seed, "d9");
    let inv = &mut d.s.deals[0].invoices[0];
    let other = rng.digits(8);
    inv.qr = Some(inv.payload().replace(&inv.number, &other));
    surely(&mut d, "INVOICE-008", "第一张发票的二维码是另一张发票的");
    d.s.deals[1].invoices[0].void = true;
    d.expect("INVOICE-010", "第二张发票盖有作废章");
    let inv = &mut d.s.deals[2].invoices[0];
    let part = cents(inv.amount * Decimal::new(3, 2));
    inv.items[0].amount -= part;
    inv.items[0].tax += part;
    settle(inv);
    d.expect("INVOICE-003", "第三张发票的税额多于金额乘税率");
    d.expect("PAY-006", "第四张回单大写多50000元");
    let p = &mut d.s.deals[4].payments[0];
    std::mem::swap(&mut p.payer, &mut p.payee);
    p.payer.bank = CMB.into();
    p.received = true;
    d.expect("PAY-007", "第五项附的是收款回单");
    d.expect("INVEST-007", "第五项只有收款回单");
    let other = names::company(&mut rng, &names::HUNAN[3], "设备");
    if let Some(k) = &mut d.s.deals[5].contract {
        k.seller = other;
    }
    d.expect("CONTRACT-001", "第六份合同的卖方不是发票销售方");
    redate(&mut d, 1, [day(2022, 6, 20), day(2022, 5, 11), day(2022, 7, 4)], &mut rng);
    d.s.deals[3].payments[0].capital += yuan(50_000);
    d.expect("CONTRACT-003", "第二份合同签于开票40天之后");
    d.s.rows[0].name = "边缘侧声纹诊断终端".into();
    d.expect("INVEST-012", "清单写声纹诊断终端，合同和发票是别的设备");
    let again = d.s.rows[3].clone();
    d.s.rows.push(again);
    d.expect("INVEST-014", "第四项采购列了两行");
    d.s.plan = planned(d.s.claimed());
    let (one, two) = (d.s.claimed_in(2021), d.s.claimed_in(2022));
    let moved = yuan(260_000);
    d.faults.form = vec![
        ("平台基本信息.2021年投资额", wan(one + moved, 2)),
        ("平台基本信息.2022年投资额", wan(two - moved, 2)),
    ];
    d.expect("INVEST-003", "260000元由2022年移到2021年");
    d.case.may.extend([
        "INVEST-013",
        "INVEST-008",
        "INVEST-010",
        "FORM-015",
        "INVEST-005",
        "INVEST-011",
        "INVOICE-009",
        "PAY-003",
        "PAY-002",
        "PAY-001",
        "INVEST-009",
    ]);
    d
}

/// d11: all scanned, the form too; a company younger than its contracts.
pub fn form(seed: u64) -> Draft {
    let plans = [
        plan("hardware", 1, Form::PaperSpecial, Course::Plain, 2022),
        plan("software", 1, Form::PaperPlain, Course::Plain, 2022),
        plan("cloud", 1, Form::PaperPlain, Course::Plain, 2022),
        plan("hardware", 1, Form::PaperPlain, Course::Plain, 2022),
    ];
    let mut d = draft(seed, ("d11", 11), "专业型", ABC, Pack::Scans, &plans);
    let mut rng = rng(seed, "d11");
    d.s.plan = (d.s.claimed() * yuan(7) / yuan(1_000_000)).trunc() * yuan(100_000);
    d.expect("INVEST-004", "计划投资只有已完成投资的七成");
    d.s.deals[0].invoices[0].capital += yuan(40_000);
    d.expect("INVOICE-002", "第一张发票大写多40000元");
    let group = names::company(&mut rng, &names::HUNAN[1], "控股集团");
    d.s.deals[1].invoices[0].buyer = group.clone();
    d.expect("INVOICE-004", "第二张发票的购买方是另一家公司");
    d.s.deals[1].payments[0].payer = Company { bank: ABC.into(), ..group };
    d.expect("PAY-001", "第二项由另一家公司付款");
    d.s.deals[2].payments[0].payee = names::company(&mut rng, &names::HUNAN[2], "贸易");
    d.expect("PAY-002", "第三项付给第三方");
    redate(&mut d, 3, [day(2022, 7, 20), day(2022, 8, 6), day(2022, 6, 25)], &mut rng);
    d.expect("PAY-004", "第四项在签约前25天付款");
    if let Some(k) = &mut d.s.deals[2].contract {
        k.dated = false;
    }
    d.expect("CONTRACT-004", "第三份合同没有填日期");
    d.faults.taxpayer = Some((0, names::company(&mut rng, &names::HUNAN[0], "精密制造")));
    d.expect("TAX-002", "2021年完税证明是另一家公司的");
    d.faults.form = vec![("基本信息.已完成投资", wan(d.s.claimed() + yuan(640_000), 2))];
    d.expect("INVEST-002", "已完成投资比清单多640000元");
    d.case.may.extend([
        "INVEST-006",
        "INVEST-007",
        "INVEST-003",
        "CONTRACT-001",
        "INVOICE-008",
        "PAY-003",
        "INVEST-009",
        "FORM-015",
    ]);
    d
}

//! Papers changed after they were issued, each in another place than those of the corpus; a submission without the
//! papers that the notice asks for, its purchases aside.

use crate::batch::{CCB, ICBC, plan};
use crate::cases::{Draft, Pack};
use crate::deal::{Course, Form};
use crate::forge::{How, Touch};
use crate::forged::CONSEQUENCES;

/// Both of them.
pub fn all(seed: u64) -> Vec<Draft> {
    vec![changed(seed), without_papers(seed)]
}

/// Invoices changed where the corpus changes receipts, and the other way round.
fn changed(seed: u64) -> Draft {
    let plans = [
        plan("hardware", 1, Form::ElectronicPlain, Course::Plain, 2021),
        plan("software", 1, Form::ElectronicPlain, Course::Plain, 2022),
        plan("cloud", 1, Form::ElectronicPlain, Course::Plain, 2022),
        plan("hardware", 1, Form::PaperPlain, Course::Plain, 2022),
        plan("software", 1, Form::PaperPlain, Course::Plain, 2022),
    ];
    let mut d = Draft::new(seed, "t1", "专业型", CCB, Pack::Files, &plans);
    d.s.sales.clear();
    d.look.word_contracts = true;
    let touched = [
        ("01-2发票1", How::Boxed("total"), "TAMPER-003", "第一张发票的价税合计被白框遮盖后另写"),
        ("01-3付款回单", How::Revised("amount"), "TAMPER-001", "第一张回单的金额由追加的修订改写"),
        ("02-2发票1", How::OtherFont("total"), "TAMPER-004", "第二张发票的价税合计首位是另一种字体"),
        ("8-完税证明2021", How::Edited, "TAMPER-002", "2021年完税证明由编辑软件保存"),
        ("02-3付款回单", How::Annotated("amount"), "TAMPER-009", "第二张回单的金额上有文本框批注"),
        ("03-2发票1", How::Mapped("total"), "TAMPER-008", "第三张发票的价税合计字形与编码不符"),
        ("8-完税证明2022", How::Early, "TAMPER-006", "2022年完税证明的文件早于填发日期"),
        ("05-3付款回单", How::Pasted("amount"), "TAMPER-005", "第五张回单扫描件的金额首位是贴上去的"),
    ];
    for (paper, how, rule, what) in touched {
        d.touches.push(Touch { paper, how });
        d.expect(rule, what);
    }
    d.touches.extend(["04-2发票1", "05-2发票1"].map(|paper| Touch { paper, how: How::Scanned }));
    d.s.deals[3].invoices[0].sealed_by = Some(d.s.deals[4].invoices[0].seller.clone());
    d.expect("TAMPER-007", "第四张发票盖的是第五张发票销售方的章，图像相同");
    d.case.may.extend(CONSEQUENCES);
    d
}

/// The form, the list of evidence and nothing that it lists.
fn without_papers(seed: u64) -> Draft {
    let plans = [
        plan("hardware", 1, Form::DigitalPlain, Course::Plain, 2022),
        plan("cloud", 1, Form::ElectronicPlain, Course::Plain, 2022),
    ];
    let mut d = Draft::new(seed, "t2", "特色型", ICBC, Pack::Groups, &plans);
    d.s.sales.clear();
    d.faults.without = vec![
        "screens",
        "licence",
        "01*",
        "02*",
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
        "EVIDENCE-002",
        "EVIDENCE-003",
        "EVIDENCE-004",
        "EVIDENCE-005",
        "EVIDENCE-006",
        "EVIDENCE-007",
        "EVIDENCE-008",
    ] {
        d.expect(rule, "只有申报书和证明材料清单");
    }
    d.case.may.extend([
        "INVEST-003",
        "INVEST-005",
        "INVEST-006",
        "INVEST-007",
        "METRIC-001",
        "METRIC-002",
        "METRIC-004",
        "FORM-014",
        "EVIDENCE-009",
    ]);
    d
}

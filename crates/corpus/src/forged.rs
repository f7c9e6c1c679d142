//! Q: papers of others changed after they were issued, one way each; and what looks like it on honest papers.

use crate::batch::{CCB, ICBC, plan};
use crate::canvas::Op;
use crate::cases::{Draft, Pack};
use crate::deal::{Course, Form};
use crate::forge::{How, Touch, copied_picture};

/// What may be found besides, where figures on papers were changed.
pub const CONSEQUENCES: [&str; 10] = [
    "PAY-003",
    "PAY-006",
    "INVEST-008",
    "INVEST-009",
    "INVEST-007",
    "INVOICE-001",
    "INVOICE-002",
    "INVOICE-008",
    "INVOICE-009",
    "CONTRACT-001",
];

/// Q: electronic and scanned papers, each forged in another way; a photograph of another applicant.
pub fn forged(seed: u64, of: &Draft) -> Draft {
    let plans = [
        plan("hardware", 1, Form::ElectronicPlain, Course::Plain, 2021),
        plan("software", 1, Form::ElectronicPlain, Course::Plain, 2022),
        plan("cloud", 1, Form::ElectronicPlain, Course::Plain, 2022),
        plan("hardware", 1, Form::PaperPlain, Course::Plain, 2022),
        plan("software", 1, Form::PaperPlain, Course::Plain, 2022),
    ];
    let mut d = Draft::new(seed, "Q", "专业型", ICBC, Pack::Files, &plans);
    d.s.sales.clear();
    d.listed = false;
    d.look.word_contracts = true;
    let touched = [
        ("01-3付款回单", How::Boxed("amount"), "TAMPER-003", "第一张回单的金额被白框遮盖后另写"),
        ("01-2发票1", How::Revised("total"), "TAMPER-001", "第一张发票的价税合计由追加的修订改写"),
        ("02-3付款回单", How::OtherFont("amount"), "TAMPER-004", "第二张回单的金额首位是另一种字体"),
        ("8-完税证明2022", How::Edited, "TAMPER-002", "2022年完税证明由编辑软件保存"),
        ("03-2发票1", How::Annotated("total"), "TAMPER-009", "第三张发票的价税合计上有文本框批注"),
        ("03-3付款回单", How::Mapped("amount"), "TAMPER-008", "第三张回单的金额字形与编码不符"),
        ("8-完税证明2021", How::Early, "TAMPER-006", "2021年完税证明的文件早于填发日期"),
        ("04-3付款回单", How::Pasted("amount"), "TAMPER-005", "第四张回单扫描件的金额首位是贴上去的"),
    ];
    for (paper, how, rule, what) in touched {
        d.touches.push(Touch { paper, how });
        d.expect(rule, what);
    }
    // A second way to differ from the page.
    d.touches.push(Touch { paper: "02-2发票1", how: How::Patched("total") });
    // The invoices of two sellers bear one seal.
    d.touches.extend(["04-2发票1", "05-2发票1"].map(|paper| Touch { paper, how: How::Scanned }));
    d.s.deals[4].invoices[0].sealed_by = Some(d.s.deals[3].invoices[0].seller.clone());
    d.expect("TAMPER-007", "第四、第五张发票的销售方不同，印章图像相同");
    d.touches.push(Touch {
        paper: "1-平台截图及现场照片", how: How::Picture(copied_picture(&photo(of)))
    });
    d.expect("DUP-004", "现场照片取自另一申报单位，缩小后重新压缩");
    d.expect("PROC-002", "汇总表没有该单位");
    d.case.may.extend(CONSEQUENCES);
    d
}

/// The photograph among a submission's screens.
fn photo(of: &Draft) -> Vec<u8> {
    let papers = crate::paper::draw(&of.s, &of.look, &of.faults);
    let screens = papers.iter().find(|p| p.name.contains("/1-")).expect("screens");
    let pictures = screens.pages.iter().flat_map(|p| &p.ops).rev();
    let mut bytes = pictures.filter_map(|op| match op {
        Op::Image { bytes, .. } => Some(bytes.as_ref().clone()),
        _ => None,
    });
    bytes.next().expect("a photograph")
}

/// R: honest; an electronic signature as a revision, an account made unreadable, a highlighted amount, a certificate
/// scanned in black and white, invoices of one seller with its seal, scanned.
pub fn lookalikes(seed: u64) -> Draft {
    let again = |p| crate::world::Plan { again: true, ..p };
    let plans = [
        plan("hardware", 1, Form::PaperPlain, Course::Plain, 2021),
        again(plan("hardware", 1, Form::PaperPlain, Course::Plain, 2022)),
    ];
    let mut d = Draft::new(seed, "R", "专业型", CCB, Pack::Files, &plans);
    d.s.sales.clear();
    d.look.word_contracts = true;
    d.touches = vec![
        Touch { paper: "01-3付款回单", how: How::Redacted("payer_account") },
        Touch { paper: "02-3付款回单", how: How::Highlighted("amount") },
        Touch { paper: "8-完税证明2021", how: How::Signed },
        Touch { paper: "8-完税证明2022", how: How::Symbols },
        Touch { paper: "01-2发票1", how: How::Scanned },
        Touch { paper: "02-2发票1", how: How::Scanned },
    ];
    d
}

//! Submissions that came later: one bound into a long PDF, one with photographs, one with kinds the others lack.

use crate::batch::{CCB, plan};
use crate::cases::{Draft, Pack};
use crate::deal::{Course, Form};
use crate::kinds;

const ICBC: &str = "中国工商银行股份有限公司";
const BOC: &str = "中国银行股份有限公司";

/// All of them.
pub fn all(seed: u64) -> Vec<Draft> {
    vec![bound(seed), photographed(seed), of_many_kinds(seed)]
}

/// M: honest, electronic, all evidence in one PDF with separator sheets and blank pages, three receipts a page.
fn bound(seed: u64) -> Draft {
    let plans = [
        plan("hardware", 2, Form::ElectronicPlain, Course::Plain, 2021),
        plan("software", 1, Form::DigitalSpecial, Course::Prepaid, 2022),
        plan("cloud", 1, Form::PaperSpecial, Course::Plain, 2022),
        plan("hardware", 1, Form::PaperPlain, Course::Retention, 2022),
        plan("software", 1, Form::PaperSpecial, Course::Instalments, 2022),
    ];
    Draft::new(seed, "M", "综合型", CCB, Pack::Binder, &plans)
}

/// N: honest, two invoices and two receipts photographed.
fn photographed(seed: u64) -> Draft {
    let plans = [
        plan("hardware", 1, Form::PaperSpecial, Course::Plain, 2021),
        plan("software", 1, Form::DigitalSpecial, Course::Plain, 2022),
    ];
    let mut d = Draft::new(seed, "N", "专业型", ICBC, Pack::Photos, &plans);
    d.s.sales.clear();
    d
}

/// O: honest; a bill, another bank's receipts, cash flow statements of a small company, a special audit, patents, a
/// framework contract with its order, an amendment, a red-letter invoice with its replacement, a tax-free one, payroll.
fn of_many_kinds(seed: u64) -> Draft {
    let plans = [
        plan("hardware", 1, Form::DigitalPlain, Course::Plain, 2021),
        plan("software", 1, Form::ElectronicPlain, Course::Prepaid, 2022),
    ];
    let mut d = Draft::new(seed, "O", "特色型", BOC, Pack::Files, &plans);
    if let Some(last) = d.s.deals[1].payments.last_mut() {
        last.bill = true;
    }
    d.more = kinds::papers(&d.s, &d.look, seed);
    d
}

//! Submissions that came later: one bound into a long PDF, one with photographs, one with kinds the others lack.

use crate::batch::{CCB, ICBC, plan};
use crate::cases::{Draft, Pack};
use crate::deal::{Course, Form};
use crate::kinds;
use crate::names::{self, Good, good, yuan};
use crate::rng::Rng;
use crate::world::Plan;

const BOC: &str = "中国银行股份有限公司";

/// All of them.
pub fn all(seed: u64) -> Vec<Draft> {
    vec![bound(seed), photographed(seed), of_many_kinds(seed), of_rare_invoices(seed)]
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

/// P: honest; two invoices taxed on a difference (on paper, and fully digital), tolls, one on a block chain.
fn of_rare_invoices(seed: u64) -> Draft {
    let plans = [plan("hardware", 1, Form::ElectronicPlain, Course::Plain, 2021)];
    let mut d = Draft::new(seed, "P", "专业型", BOC, Pack::Groups, &plans);
    d.s.sales.clear();
    d.look.word_contracts = true;
    let mut rng = Rng::new(seed, "rare invoices");
    let hands = "人力资源服务";
    let bought: [(Good, &names::Place, &str, Form); 4] = [
        (
            good("software", hands, "平台开发人员派遣服务", "", "项", (180_000, 420_000), (1, 1), 5),
            &names::HUNAN[0],
            "人力资源服务",
            Form::PaperPlain,
        ),
        (
            good("software", hands, "数据标注外包服务", "", "项", (90_000, 240_000), (1, 1), 5),
            &names::PILOT[0],
            "人力资源服务",
            Form::DigitalPlain,
        ),
        (
            good("cloud", "经营租赁", "设备运输车辆通行费", "", "次", (6_000, 19_000), (1, 1), 3),
            &names::HUNAN[2],
            "高速公路信息服务",
            Form::Toll,
        ),
        (
            good("cloud", "信息技术服务", "工业数据存证云服务", "", "年", (60_000, 160_000), (1, 1), 6),
            &names::SHENZHEN,
            "网络科技",
            Form::Chain,
        ),
    ];
    for (n, (thing, seat, trade, form)) in bought.into_iter().enumerate() {
        let seller = names::company(&mut rng, seat, trade);
        let plan: Plan = plan(thing.category, 1, form, Course::Plain, 2022);
        d.s.buy(&mut rng, &mut vec![thing], plan, n + 1, &seller);
        let deal = d.s.deals.last_mut().expect("just bought");
        for invoice in deal.invoices.iter_mut().filter(|_| n < 2) {
            let wages = crate::money::cents(invoice.total * yuan(rng.int(82, 91)) / yuan(100));
            invoice.items = invoice.items.iter().map(|i| i.clone().on_difference(wages)).collect();
            invoice.amount = invoice.items.iter().map(|i| i.amount).sum();
            invoice.tax = invoice.items.iter().map(|i| i.tax).sum();
            invoice.remark = format!("差额征税：{}。", crate::money::plain(wages));
        }
    }
    let total = d.s.claimed();
    d.s.plan = (total * yuan(14) / yuan(10) / yuan(100_000)).ceil() * yuan(100_000);
    d
}

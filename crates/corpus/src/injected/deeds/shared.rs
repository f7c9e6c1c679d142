//! d5 to d7: applicants that have in common what honest ones do not.

use super::hand::{after, buy, draft, rng};
use crate::batch::{CCB, ICBC, LOCAL, plan};
use crate::cases::{Draft, Pack};
use crate::deal::{Course, Form};
use crate::names::{self, Company, day, good};

/// What one agency wrote for two applicants; only their names were put in.
fn prose(brand: &str) -> String {
    format!(
        "{brand}平台立足区域中小制造企业数字化转型的共性难题，针对老旧设备联网率低、工艺经验依赖老师傅口口相传、质量问题回溯周期长达数日等现状，提出先连接、再优化、后协同的三步走路径。第一步以低成本采集终端接入车间存量设备，十五分钟内完成单台改造；第二步把工艺参数与良率数据放到同一条时间轴上分析，找出影响质量的关键工序；第三步向上下游开放产能与库存视图，使紧急插单的响应时间由两天缩短到四小时。"
    )
}

/// The three of them: they share a seller, and two of them their text, telephone and platform.
pub fn all(seed: u64) -> Vec<Draft> {
    let pair = |form| {
        [
            plan("software", 1, form, Course::Plain, 2022),
            plan("cloud", 1, Form::PaperSpecial, Course::Plain, 2022),
        ]
    };
    let mut five = draft(seed, ("d5", 5), "特色型", ICBC, Pack::Files, &pair(Form::ElectronicPlain));
    let mut six = draft(seed, ("d6", 6), "特色型", CCB, Pack::Groups, &pair(Form::PaperPlain));
    let mut seven = draft(seed, ("d7", 7), "专业型", LOCAL, Pack::Files, &pair(Form::DigitalSpecial));
    let mut rng = rng(seed, "shared");

    five.faults.form.push(("（一）平台建设必要性", prose(&five.s.us.brand)));
    six.faults.form.push(("（一）平台建设必要性", prose(&six.s.us.brand)));
    both(&mut five, &mut six, "DUP-005", "两份申报书的建设必要性由同一人代写");
    six.s.contact = five.s.contact.clone();
    both(&mut five, &mut six, "DUP-006", "两家申报单位的联系人和电话相同");
    seven.s.platform = six.s.platform.clone();
    both(&mut six, &mut seven, "DUP-007", "两家申报单位申报同一平台");

    // One seller, one price list, one book of invoices.
    let seller = names::company(&mut rng, &names::HUNAN[0], "电子设备");
    let gateway =
        good("hardware", "计算机外部设备", "边缘计算一体机", "EC-2000X", "台", (28_600, 28_600), (9, 26), 13);
    let like = plan("hardware", 1, Form::PaperPlain, Course::Plain, 2022);
    let mut book: Option<(String, String)> = None;
    for (n, d) in [&mut five, &mut six, &mut seven].into_iter().enumerate() {
        let at = buy(d, gateway.clone(), like, &seller, &mut rng);
        let [a, b, c] = [[2, 3, 4], [5, 6, 7], [8, 9, 10]][n].map(|m| day(2022, m, 16));
        super::hand::redate(d, at, [a, b, c], &mut rng);
        let inv = &mut d.s.deals[at].invoices[0];
        match &book {
            None => book = Some((inv.code.clone(), inv.number.clone())),
            Some((code, number)) => {
                inv.code.clone_from(code);
                inv.number = after(number, n as u64);
            }
        }
        d.expect("DUP-009", "同一销售方给三家申报单位开的发票连号");
        d.expect("DUP-010", "同一销售方以相同单价卖给三家申报单位");
    }
    // Two suppliers of two applicants are paid into one account.
    let account = five.s.deals[1].payments[0].payee.account.clone();
    let payee = &mut seven.s.deals[1].payments[0].payee;
    *payee = Company { account, ..payee.clone() };
    both(&mut five, &mut seven, "DUP-010", "两家供应商收款用同一账号");
    vec![five, six, seven]
}

fn both(a: &mut Draft, b: &mut Draft, rule: &'static str, what: &str) {
    a.expect(rule, what);
    b.expect(rule, what);
}

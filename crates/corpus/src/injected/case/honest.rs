//! What looks like these faults and is honest.

use rust_decimal::Decimal;

use super::{IN_YUEYANG, books, draft, write};
use crate::batch::plan;
use crate::cases::{Draft, Pack};
use crate::deal::{Course, Form};
use crate::flow::{self, Block, c, t};
use crate::forge::{How, Touch};
use crate::form::{self, grid};
use crate::money::wan;
use crate::names::{self, yuan};
use crate::paper::Paper;
use crate::papers;
use crate::rng::Rng;
use crate::scan::Scan;

/// All of them.
pub fn all(seed: u64) -> Vec<Draft> {
    vec![small(seed), renamed(seed)]
}

/// The phone of the office that writes applications for several.
const CONSULTANT: &str = "13873011906";

/// c11: a young company with debts, its last year not yet audited; the short code, rounded figures, net profits, no
/// platform income, a licence of the new sort without a term.
fn small(seed: u64) -> Draft {
    let plans = [
        plan("hardware", 1, Form::ElectronicPlain, Course::Plain, 2021),
        plan("cloud", 1, Form::DigitalPlain, Course::Plain, 2022),
    ];
    let mut d = draft(seed, ("c11", 51), IN_YUEYANG, "专业型", Pack::Files, &plans);
    d.look.word = true;
    d.look.books = 1;
    books::lose(&mut d.s, Decimal::new(62, 2));
    d.faults.without = vec!["audit2022"];
    let b = d.s.books.clone();
    let figure = |v: Decimal| wan(v, 0);
    let ratio = |k: usize| (b[k].closing("负债合计") * yuan(100) / b[k].closing("资产总计")).round_dp(0);
    let grown = |k: usize| {
        let line = b[k].balance.iter().find(|l| l.0 == "开发支出");
        b[k].current("研发费用") + line.map_or(Decimal::ZERO, |l| (l.1 - l.2).max(Decimal::ZERO))
    };
    let code = d.s.us.uscc[8..17].to_string();
    write(
        &mut d,
        &[
            ("封面.联系电话", CONSULTANT.into()),
            ("基本信息.组织机构代码", code),
            ("基本信息.总资产.2021", figure(b[0].closing("资产总计"))),
            ("基本信息.总资产.2022", figure(b[1].closing("资产总计"))),
            ("基本信息.负债率.2021", ratio(0).to_string()),
            ("基本信息.负债率.2022", ratio(1).to_string()),
            ("基本信息.利润.2021", wan(b[0].current("净利润"), 2)),
            ("基本信息.利润.2022", wan(b[1].current("净利润"), 2)),
            ("基本信息.研发投入.2021", wan(grown(0), 2)),
            ("基本信息.研发投入.2022", wan(grown(1), 2)),
            ("平台基本信息.收入总额", String::new()),
            ("平台基本信息.2021年平台收入", String::new()),
            ("平台基本信息.2022年平台收入", String::new()),
            ("平台能力信息.注册用户数", "500".into()),
            ("平台能力信息.活跃用户数", "300".into()),
            ("平台能力信息.接入设备数", "800".into()),
        ],
    );
    d
}

/// c12: renamed in 2022, with the register's notice, and papers of the year before in the old name; the same form on
/// paper; an error of the year before corrected, as the auditors say.
fn renamed(seed: u64) -> Draft {
    let plans = [
        plan("hardware", 1, Form::PaperSpecial, Course::Plain, 2021),
        plan("software", 1, Form::ElectronicPlain, Course::Plain, 2022),
    ];
    let mut d = draft(seed, ("c12", 52), IN_YUEYANG, "综合型", Pack::Files, &plans);
    d.look.word = true;
    d.look.books = 0;
    let mut rng = Rng::new(seed, "old name");
    let old = names::Company {
        name: format!("岳阳市{}软件有限公司", names::company(&mut rng, &names::YUEYANG, "软件").brand),
        ..d.s.us.clone()
    };
    let deal = &mut d.s.deals[0];
    deal.contract.iter_mut().for_each(|k| k.buyer = old.clone());
    deal.invoices.iter_mut().for_each(|i| i.buyer = old.clone());
    deal.payments.iter_mut().for_each(|p| p.payer = old.clone());
    let notice = vec![
        Block::Gap(1.0),
        Block::Title(vec![t("准予变更登记通知书")], 1.8),
        Block::Para(vec![t("　　　　　　　　　　　　　　（岳）登记内变核字〔2022〕第3317号")], false),
        Block::Para(vec![t(format!("{}：", d.s.us.name))], false),
        Block::Para(
            vec![t("你单位申请变更登记的材料齐全，符合法定形式，我局决定准予变更登记。变更事项如下：")],
            true,
        ),
        grid(
            &[1.0, 2.4, 2.4],
            vec![
                vec![c("变更事项"), c("变更前"), c("变更后")],
                vec![c("名称"), c(&old.name), c(&d.s.us.name)],
            ],
            0.9,
        ),
        Block::Gap(1.0),
        Block::Para(vec![t("　　　　　　　　　　　　　　　　　　岳阳市市场监督管理局")], false),
        Block::Para(vec![t("　　　　　　　　　　　　　　　　　　2022年2月18日")], false),
    ];
    d.faults.added.push(("附件/2-名称变更通知书", notice));
    d.touches.push(Touch { paper: "2-营业执照", how: How::Scanned });
    // The year's taxes were paid in the old name.
    d.faults.without = vec!["tax2021"];
    let office = format!("国家税务总局{}税务局", d.s.city);
    let page = papers::tax(&old, &d.s.taxes[0], &format!("343016220{}", rng.digits(9)), &office, d.look.face);
    d.more.push(Paper::one("附件/8-完税证明2021", "tax2021old", "tax_certificate", vec![page]));
    let people: i64 = d.s.staff.iter().sum();
    let months = 25 - i64::from(d.s.period.0.1) + 2;
    write(
        &mut d,
        &[
            ("封面.联系电话", CONSULTANT.into()),
            ("基本信息.项目参与工作人员.工作总量", (people * months * 104 / 100).to_string()),
            ("平台能力信息.注册用户数", "1000".into()),
            ("平台能力信息.活跃用户数", "1000".into()),
        ],
    );
    let fixed = yuan(312_400);
    let opening =
        |name: &str| d.s.books[1].balance.iter().find(|l| l.0 == name).map_or(Decimal::ZERO, |l| l.2) - fixed;
    let edits: Vec<_> =
        ["存货", "流动资产合计", "资产总计", "未分配利润", "所有者权益合计", "负债和所有者权益总计"]
            .into_iter()
            .map(|n| (n, "opening", opening(n)))
            .collect();
    d.faults.books[1] = edits;
    d.faults.on_audit[1] = vec![(
        "basis",
        "我们按照中国注册会计师审计准则的规定执行了审计工作。我们相信，我们获取的审计证据是充分、适当的，为发表审计意见提供了基础。\n如财务报表附注十二所述，贵公司对2021年末存货计价的前期差错进行了更正，追溯调整减少2022年年初存货和未分配利润312,400.00元。本段内容不影响已发表的审计意见。".into(),
    )];
    let mut layout = d.look.form;
    layout.ticks = ("√", "□");
    let pages = flow::set(&form::form(&d.s, layout, &d.faults.form), d.look.style);
    let how = Scan { dpi: 150.0, skew: 0.6, turn: 0, colour: true, noise: 3.0, quality: 50 };
    d.more.push(Paper::one("申报书（盖章扫描件）", "paper", "application_form", pages).scanned(how, d.seed));
    d
}

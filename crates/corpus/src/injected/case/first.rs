//! The first fault of every rule.

use rust_decimal::Decimal;

use super::{HENGYANG, books, draft, words, write};
use crate::batch::plan;
use crate::cases::{Draft, Pack};
use crate::deal::{Course, Form};
use crate::flow;
use crate::form;
use crate::money::{plain, wan};
use crate::names::{day, yuan};
use crate::paper::Paper;
use crate::scan::Scan;
use crate::statement;

/// All of them.
pub fn all(seed: u64) -> Vec<Draft> {
    vec![inflated(seed), careless(seed), young(seed), twice(seed), branch(seed)]
}

/// c1: a form whose figures do not agree with each other; an honour without its certificate; an expired licence.
fn inflated(seed: u64) -> Draft {
    let plans = [plan("hardware", 1, Form::ElectronicPlain, Course::Plain, 2022)];
    let mut d = draft(seed, ("c1", 40), HENGYANG, "综合型", Pack::Groups, &plans);
    d.look.word = true;
    d.s.us.founded = day(2012, 5, 18);
    let people: i64 = d.s.staff.iter().sum();
    let income = d.s.books[1].current("营业收入") / yuan(10);
    let spent = d.s.books[1].current("研发费用") * Decimal::new(16, 1);
    let story = words::long_story(&d.s);
    write(
        &mut d,
        &[
            ("基本信息.企业及项目简介", story),
            ("平台基本信息.平台运营", "独立运营、本企业信息化部门".into()),
            ("平台基本信息.覆盖场景数", "3".into()),
            ("基本信息.项目参与工作人员.工作总量", (people * 42).to_string()),
            ("平台基本信息.收入总额", wan(income.trunc(), 0)),
            ("平台能力信息.注册用户数", "1260".into()),
            ("平台能力信息.活跃用户数", "1860".into()),
            ("基本信息.研发投入.2022", wan(spent, 2)),
            ("基本信息.企业荣誉", "离散制造智能车间|湖南省智能制造标杆车间".into()),
        ],
    );
    d.faults.on_licence = vec![("term", "2012年05月18日至2022年05月17日".into())];
    for (rule, what) in [
        ("FORM-004", "简介一千余字"),
        ("FORM-012", "平台运营勾选两项"),
        ("FORM-013", "场景勾选四项，只填3个"),
        ("FORM-014", "每人42个月，从开工到申报只有二十几个月"),
        ("FORM-015", "收入总额只填2022年的数"),
        ("METRIC-003", "活跃用户多于注册用户"),
        ("FIN-005", "2022年研发投入是利润表研发费用的1.6倍"),
        ("EVIDENCE-013", "荣誉没有证书"),
        ("ENTITY-005", "营业期限已满"),
    ] {
        d.expect(rule, what);
    }
    d
}

/// c2: filed late, the promise shortened, figures that are guesses, a list that names what is not attached.
fn careless(seed: u64) -> Draft {
    let plans = [plan("software", 1, Form::PaperSpecial, Course::Plain, 2022)];
    let mut d = Draft::at(seed, ("c2", 42), HENGYANG, ("特色型", crate::batch::ICBC), Pack::Files, &plans);
    d.look.word = false;
    d.look.form.ticks = ("■", "□");
    d.s.filed = day(2023, 3, 6);
    let sold: Decimal = d.s.sales.iter().filter_map(|s| s.contract.as_ref()).map(|k| k.amount).sum();
    let (first, second) = (d.s.books[0].current("营业收入"), d.s.books[1].current("营业收入"));
    let early = (first / yuan(12) / yuan(10_000)).trunc() * yuan(10_000);
    let much = (second * Decimal::new(118, 2) / yuan(10_000)).trunc() * yuan(10_000);
    let since = d.s.us.founded.format("%Y").to_string().parse::<i32>().expect("a year") - 3;
    write(
        &mut d,
        &[
            ("（一）平台建设必要性", words::PLAN.into()),
            (
                "真实性承诺.全文",
                "我单位承诺：此次申请所提交的材料及附件资料均真实、合法，如有不实之处，我单位愿承担相应的法律责任及由此产生的一切后果。".into(),
            ),
            ("平台能力信息.2022年服务合同额", wan(sold * Decimal::new(6, 1), 2)),
            ("平台能力信息.接入设备数", "1200余".into()),
            ("平台基本信息.2022年平台收入", wan(much, 2)),
            ("平台基本信息.收入总额", wan(early + much, 2)),
            ("基本信息.成立时间", format!("{since}-06-11")),
        ],
    );
    d.faults.listed = vec!["发明专利证书"];
    for (rule, what) in [
        ("FORM-011", "建设方案正文是小四号字"),
        ("FORM-008", "承诺书删去了无重大金融风险一句"),
        ("FORM-010", "3月6日申报"),
        ("METRIC-001", "服务合同额只有所附合同的六成"),
        ("METRIC-006", "接入设备数填1200余"),
        ("FIN-011", "2022年平台收入是营业收入的1.18倍"),
        ("ENTITY-003", "成立时间比执照早三年"),
        ("EVIDENCE-009", "清单列有专利证书，没有附"),
    ] {
        d.expect(rule, what);
    }
    d
}

/// c3: younger than its project; statements that do not add up, and a loss; counts above their lists; a screen of a
/// day after the filing.
fn young(seed: u64) -> Draft {
    let plans = [plan("cloud", 1, Form::DigitalPlain, Course::Plain, 2022)];
    let mut d = draft(seed, ("c3", 43), HENGYANG, "专业型", Pack::Files, &plans);
    d.look.word = false;
    d.s.us.founded = day(2021, 9, 14);
    books::lose(&mut d.s, Decimal::new(6, 2));
    let net = d.s.books[1].current("净利润") + yuan(230_000);
    d.faults.books[1] = vec![("净利润", "current", net)];
    d.s.copyright.0 = format!("2023{}", &d.s.copyright.0[4..]);
    d.faults.clock = Some("2023-03-09 15:47".into());
    let served = d.s.customers.len() + 15;
    write(&mut d, &[("平台能力信息.接入企业数", served.to_string())]);
    for (rule, what) in [
        ("ENTITY-007", "2021年9月成立，项目2021年初开始"),
        ("FIN-007", "净利润比利润总额减所得税多23万元"),
        ("FIN-012", "2022年亏损"),
        ("EVIDENCE-012", "登记号年份晚于登记日期"),
        ("METRIC-002", "接入企业比清单多15家"),
        ("METRIC-005", "平台截图的时间晚于申报日期"),
    ] {
        d.expect(rule, what);
    }
    d
}

/// c4: the paper form says other than the electronic one and lacks a seal; a second balance sheet; a qualified opinion;
/// a page nobody can read.
fn twice(seed: u64) -> Draft {
    let plans = [plan("hardware", 1, Form::PaperPlain, Course::Plain, 2022)];
    let mut d = draft(seed, ("c4", 44), HENGYANG, "专业型", Pack::Files, &plans);
    d.look.word = true;
    let on_paper = [
        ("基本信息.计划投资", wan(d.s.plan + yuan(800_000), 2)),
        (
            "基本信息.企业及项目简介",
            format!(
                "1、申报单位情况简介\n{}主要从事矿山机械备件的加工与维修，并代理数控系统。\n2、平台基本情况简介\n平台用于本公司车间的设备点检和备件领用登记，尚未对外开放。\n3、项目简介\n更换老旧控制柜，为二十台机床加装采集终端。",
                d.s.us.name
            ),
        ),
        ("封面.未盖章", d.s.office.clone()),
    ];
    let mut layout = d.look.form;
    layout.ticks = ("√", "□");
    let pages = flow::set(&form::form(&d.s, layout, &on_paper.to_vec()), d.look.style);
    let how = Scan { dpi: 150.0, skew: 0.7, turn: 0, colour: true, noise: 3.0, quality: 45 };
    d.more.push(Paper::one("申报书（纸质件扫描）", "paper", "application_form", pages).scanned(how, d.seed));
    let more = d.s.books[1].closing("存货") + yuan(1_650_000);
    let total = d.s.books[1].closing("资产总计") + yuan(1_650_000);
    let current = d.s.books[1].closing("流动资产合计") + yuan(1_650_000);
    let kept = d.s.books[1].closing("未分配利润") + yuan(1_650_000);
    let equity = d.s.books[1].closing("所有者权益合计") + yuan(1_650_000);
    let edits = vec![
        ("存货", "closing", more),
        ("流动资产合计", "closing", current),
        ("资产总计", "closing", total),
        ("未分配利润", "closing", kept),
        ("所有者权益合计", "closing", equity),
        ("负债和所有者权益总计", "closing", total),
    ];
    let page = statement::balance(&d.s.books[1], &d.s.us, 0, d.look.face, &edits);
    d.more.push(Paper::one("附件/7-资产负债表（报税）2022", "filed2022", "balance_sheet", vec![page]));
    d.faults.on_audit[1] = vec![
        ("opinion_head", "一、保留意见".into()),
        (
            "opinion",
            "我们认为，除“形成保留意见的基础”部分所述事项可能产生的影响外，后附的财务报表在所有重大方面按照企业会计准则的规定编制，公允反映了贵公司的财务状况以及经营成果和现金流量。".into(),
        ),
        ("basis_head", "二、形成保留意见的基础".into()),
        (
            "basis",
            format!(
                "截至2022年12月31日，贵公司存货账面余额{}元，我们未能实施监盘，也无法实施替代审计程序以获取充分、适当的审计证据。",
                plain(d.s.books[1].closing("存货"))
            ),
        ),
    ];
    d.touches.push(crate::forge::Touch { paper: "8-完税证明2021", how: crate::forge::How::Faint(38.0) });
    for (rule, what) in [
        ("SAME-001", "纸质件的计划投资多80万元"),
        ("SAME-002", "纸质件的企业及项目简介是另一篇"),
        ("FIN-009", "报税的资产负债表比审定的多165万元存货"),
        ("FIN-010", "2022年审计报告是保留意见"),
        ("EVIDENCE-011", "2021年完税证明的扫描件看不清"),
    ] {
        d.expect(rule, what);
    }
    d.suspect("FORM-009", "纸质件封面没有推荐单位公章");
    d
}

/// c5: filed by a branch, without any picture of the platform; the city's table calls it otherwise.
fn branch(seed: u64) -> Draft {
    let plans = [plan("software", 1, Form::ElectronicPlain, Course::Plain, 2022)];
    let mut d = draft(seed, ("c5", 45), HENGYANG, "专业型", Pack::Files, &plans);
    d.look.word = true;
    let name = format!("{}衡阳分公司", d.s.us.name);
    rename(&mut d, &name);
    d.faults.on_licence =
        vec![("type", "有限责任公司分公司(自然人投资或控股)".into()), ("head", "负　责　人".into())];
    d.faults.without = vec!["screens"];
    d.in_table = vec![(0, format!("{}智慧矿山云平台", d.s.us.brand))];
    for (rule, what) in [
        ("ENTITY-006", "分公司申报"),
        ("METRIC-004", "用户、设备、模型等指标没有任何证明"),
        ("EVIDENCE-001", "没有截图和照片"),
        ("PROC-001", "汇总表的平台名称是另一个"),
    ] {
        d.expect(rule, what);
    }
    d
}

/// Gives the applicant another name on every paper.
pub fn rename(d: &mut Draft, name: &str) {
    let old = d.s.us.name.clone();
    d.s.us.name = name.to_owned();
    let change = |c: &mut crate::names::Company| {
        if c.name == old {
            c.name = name.to_owned();
        }
    };
    for deal in d.s.deals.iter_mut().chain(&mut d.s.sales) {
        deal.contract.iter_mut().for_each(|k| [&mut k.buyer, &mut k.seller].into_iter().for_each(change));
        deal.invoices.iter_mut().for_each(|i| [&mut i.buyer, &mut i.seller].into_iter().for_each(change));
        deal.payments.iter_mut().for_each(|p| [&mut p.payer, &mut p.payee].into_iter().for_each(change));
    }
    d.case.id = format!("{}/{name}", d.s.city);
    d.case.applicant = name.to_owned();
}

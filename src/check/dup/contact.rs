//! DUP-006 one phone, e-mail, account or address for different applicants (`domain.md` X-19).

use std::collections::BTreeMap;

use rust_decimal::prelude::ToPrimitive;

use super::papers::{partners, same_applicant};
use crate::check::{All, Cx, Out};
use crate::model::{Draft, Evidence, Kind, Severity, Sourced, Value};
use crate::text::name::brand;
use crate::text::normal::squash;
use crate::text::voucher::sides;

/// What may be shared, the gravest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Account,
    Phone,
    Mail,
    Address,
}

impl What {
    fn name(self) -> &'static str {
        match self {
            What::Account => "银行账号",
            What::Phone => "电话",
            What::Mail => "电子邮箱",
            What::Address => "地址",
        }
    }
}

/// Submissions that use a value, with the place where they do.
type Uses<'a> = Vec<(usize, &'a Sourced<Value>)>;

/// DUP-006.
pub(super) fn contacts(all: &All<'_>, out: &mut Out) {
    if all.cases.len() < 2 {
        return out.cannot("只有一个申报项目");
    }
    let mut by_value: BTreeMap<(What, String), Uses<'_>> = BTreeMap::new();
    for (i, cx) in all.cases.iter().enumerate() {
        for (what, key, s) in of_case(cx) {
            let uses = by_value.entry((what, key)).or_default();
            if !uses.iter().any(|u| u.0 == i) {
                uses.push((i, s));
            }
        }
    }
    // What the same applicants share is one finding.
    let mut by_cases: BTreeMap<Vec<usize>, Vec<(What, Uses<'_>)>> = BTreeMap::new();
    for ((what, _), uses) in by_value {
        let mut apart: Uses<'_> = Vec::new();
        for u in uses {
            let (i, _) = u;
            if apart.iter().all(|(j, _)| {
                !same_applicant(&all.cases[i], &all.cases[*j]) && !partners(&all.cases[i], &all.cases[*j])
            }) {
                apart.push(u);
            }
        }
        if apart.len() > 1 {
            by_cases.entry(apart.iter().map(|u| u.0).collect()).or_default().push((what, apart));
        }
    }
    for (cases, shared) in by_cases {
        out.hit_on(
            cases.iter().map(|i| all.cases[*i].case.id.clone()).collect(),
            draft(all, &cases, &shared),
        );
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Ways to reach the applicant, and the accounts it pays from.
fn of_case<'a>(cx: &Cx<'a>) -> Vec<(What, String, &'a Sourced<Value>)> {
    let mut out = Vec::new();
    for field in ["封面.联系电话", "基本信息.平台负责人.固定电话", "基本信息.平台负责人.移动电话"]
    {
        if let Some(s) = cx.form(field) {
            for part in s.value.to_plain().split(['、', ',', '，', ';', '；', '/', ' ']) {
                let d = digits(part);
                if (7..=13).contains(&d.len()) && d.chars().any(|c| c != d.chars().next().unwrap_or('0')) {
                    out.push((What::Phone, d, s));
                }
            }
        }
    }
    if let Some(s) = cx.form("基本信息.平台负责人.电子邮箱") {
        let mail = squash(&s.value.to_plain()).to_lowercase();
        if mail.contains('@') && mail.contains('.') {
            out.push((What::Mail, mail, s));
        }
    }
    if let Some(s) = cx.form("基本信息.单位地址") {
        let address = squash(&s.value.to_plain()).replace(&format!("{}省", cx.notice.province_name), "");
        // A building or a park houses many; a room does not.
        if address.contains(['室', '房']) && digits(&address).len() >= 3 {
            out.push((What::Address, address, s));
        }
    }
    for d in cx.of(Kind::Payment) {
        let ours = sides(&cx.applicant, d)
            .payer
            .is_some_and(|p| cx.applicant.meets(Some(&p.value.to_plain()), None, false).is_same());
        if let Some(s) = d.value("payer_account").filter(|_| ours) {
            let plain = s.value.to_plain();
            let d = digits(&plain);
            if d.len() >= 10 && !plain.contains('*') && !out.iter().any(|o| o.1 == d) {
                out.push((What::Account, d, s));
            }
        }
    }
    out
}

fn draft(all: &All<'_>, cases: &[usize], shared: &[(What, Uses<'_>)]) -> Draft {
    let many = all.notice.param("DUP-006", "common").to_usize().unwrap_or(3);
    let mut evidence = Vec::new();
    let mut said = Vec::new();
    for (what, uses) in shared {
        said.push(format!("{}“{}”", what.name(), uses[0].1.value.to_plain()));
        evidence.extend(uses.iter().take(4).map(|(_, s)| Evidence::of(what.name(), s)));
    }
    let names: Vec<String> = cases
        .iter()
        .map(|i| {
            all.cases[*i].applicant.names.first().cloned().unwrap_or_else(|| all.cases[*i].case.id.clone())
        })
        .collect();
    let account = shared.iter().any(|s| s.0 == What::Account);
    let common = cases.len() > many && !account;
    let brands: Vec<Option<String>> = names.iter().map(|n| brand(n)).collect();
    let group = brands[0].is_some() && brands.iter().all(|b| *b == brands[0]) && !account;
    let message = format!(
        "{}使用相同的{}。已排除同一申报单位、合作共建{}。{}请各申报单位说明相互关系。",
        names.join("、"),
        said.join("、"),
        if group { "；名称相近，可能属同一集团，故只作提示" } else { "" },
        if common {
            "共用的单位较多，可能是申报服务机构或园区的联系方式，故只作提示。"
        } else if account {
            "付款账号属于一个开户单位，不同单位不会相同。"
        } else {
            "申报服务机构代办、园区统一联系、集团内部共用都可能如此。"
        }
    );
    let kinds: Vec<&str> = shared.iter().map(|s| s.0.name()).collect();
    let draft =
        Draft::anomaly(format!("{}家申报单位{}相同", cases.len(), kinds.join("、")), message, evidence)
            .still_holds(|_| true);
    match (account, common || group) {
        (true, _) => draft.severity(Severity::Major),
        (_, true) => draft.severity(Severity::Notice),
        _ => draft,
    }
}

//! INVEST-008 claimed more than invoiced, INVEST-009 more than paid, INVEST-013 one invoice for too much, INVEST-016 slips.

use rust_decimal::Decimal;

use super::sums::{product, slips};
use crate::check::chain::{
    Chain, chains, claims_without_tax, invoice_key, invoice_total, payment_amount, row_name, total,
};
use crate::check::cx::{money, yuan};
use crate::check::{Cx, Out, say};
use crate::model::{Draft, Evidence, Kind, Severity};

/// What the coverage rules would say of a chain; only one of them speaks.
enum Fault {
    /// The unit or the decimal point slipped.
    Slip(&'static str),
    /// Several rows claim one invoice in full.
    Twice,
    /// More than invoiced, by this much, against this basis.
    More(Decimal, &'static str, Decimal),
}

fn tolerance(cx: &Cx<'_>, chain: &Chain<'_>, claim: Decimal) -> Decimal {
    cx.notice.claim_slack(claim).max(chain.slack())
}

fn fault(cx: &Cx<'_>, chain: &Chain<'_>, net_list: bool) -> Option<Fault> {
    let claim = chain.claimed()?;
    let gross = chain.gross()?;
    let net = chain.net();
    if chain.invoices.is_empty() || claim.is_zero() {
        return None;
    }
    if let Some(why) = slip(cx, chain, claim, gross, net) {
        return Some(Fault::Slip(why));
    }
    let slack = tolerance(cx, chain, claim);
    if claim <= gross + slack {
        let by_net = net.filter(|n| net_list && claim > *n + slack && (claim - gross).abs() > slack);
        return by_net.map(|n| Fault::More(claim - n, "不含税金额", n));
    }
    let full = |amount: Decimal| {
        chain.rows.iter().filter(|r| total(r).is_some_and(|t| (t.1.yuan - amount).abs() <= slack)).count()
    };
    if chain.rows.len() > 1
        && chain.invoices.iter().any(|d| {
            invoice_total(d).is_some_and(|t| full(t.1.yuan) > 1)
                || money(d, "amount").is_some_and(|t| full(t.1.yuan) > 1)
        })
    {
        return Some(Fault::Twice);
    }
    Some(Fault::More(claim - gross, "价税合计", gross))
}

fn slip(
    cx: &Cx<'_>,
    chain: &Chain<'_>,
    claim: Decimal,
    gross: Decimal,
    net: Option<Decimal>,
) -> Option<&'static str> {
    let percent = cx.notice.param("INVEST-016", "percent") / Decimal::ONE_HUNDRED;
    let near =
        |a: Decimal, b: Decimal| !b.is_zero() && (a - b).abs() <= (b.abs() * percent).max(Decimal::new(1, 2));
    if near(claim, gross) {
        return None;
    }
    slips()
        .into_iter()
        .find(|(k, _)| {
            let scaled = claim * *k;
            let slack = chain.slack() * *k;
            near(scaled, gross)
                || (scaled - gross).abs() <= slack.min(gross.abs() * Decimal::new(1, 2))
                || net.is_some_and(|n| near(scaled, n))
        })
        .map(|s| s.1)
}

/// INVEST-008.
pub(super) fn more_than_invoiced(cx: &Cx<'_>, out: &mut Out) {
    let chains = chains(cx);
    let net = claims_without_tax(&chains);
    if chains.iter().all(|c| c.invoices.is_empty()) {
        return out.cannot("清单各行都没有发票可比");
    }
    for chain in &chains {
        if chain.invoices.is_empty() {
            out.skip();
        } else if chain.claimed().is_none() || chain.gross().is_none() {
            out.hit(unreadable(chain));
        } else if doubled(chain) {
            out.skip();
        } else {
            match fault(cx, chain, net) {
                None => out.pass(),
                Some(Fault::More(gap, basis, amount)) => out.hit(more(cx, chain, gap, basis, amount)),
                Some(_) => out.skip(),
            }
        }
    }
}

/// Whether one invoice stands in the chain in several copies for several rows: INVOICE-011 speaks.
fn doubled(chain: &Chain<'_>) -> bool {
    chain.rows.len() > 1 && chain.copies.len() > chain.invoices.len()
}

fn unreadable(chain: &Chain<'_>) -> Draft {
    let mut evidence = chain.claim_evidence();
    evidence.extend(chain.invoices.iter().map(|d| match d.fields.get("total") {
        Some(f) => Evidence::of_field("发票价税合计", f),
        None => crate::check::cx::whole("发票", d),
    }));
    let message =
        format!("{}的总价或所附发票的价税合计未能读取，无法核对是否足额。请人工查看发票。", chain.name());
    Draft::unverifiable("清单金额与发票金额无法核对", message, evidence)
}

fn invoice_evidence(chain: &Chain<'_>, field: &str) -> Vec<Evidence> {
    chain
        .invoices
        .iter()
        .filter_map(|d| {
            let found = if field == "total" { invoice_total(d) } else { money(d, field) };
            let number = d.value("number").map(|n| n.value.to_plain()).unwrap_or_default();
            found.map(|(s, _)| {
                Evidence::of(
                    format!("发票{number}{}", if field == "total" { "价税合计" } else { "合计金额" }),
                    s,
                )
            })
        })
        .collect()
}

fn more(cx: &Cx<'_>, chain: &Chain<'_>, gap: Decimal, basis: &'static str, amount: Decimal) -> Draft {
    let claim = chain.claimed().unwrap_or_default();
    let slack = tolerance(cx, chain, claim);
    let mut evidence = chain.claim_evidence();
    let claims = evidence.len();
    evidence.extend(invoice_evidence(chain, if basis == "价税合计" { "total" } else { "amount" }));
    let what = if chain.rows.len() > 1 { "合计" } else { "" };
    let message = format!(
        "{}{what}申报{}，所附{}张发票{basis}为{}，多申报{}（{}）。已按含税、不含税两种口径和万元、元换算核对，并考虑显示位数与{}的允许误差；同一发票的复印件只计一次，红字发票已冲减。请申报单位补交发票或核减。",
        chain.name(),
        say::yuan(claim),
        chain.invoices.len(),
        say::yuan(amount),
        say::yuan(gap),
        say::percent(gap, claim),
        say::yuan(slack),
    );
    let title = format!("{}申报金额超过发票{}", chain.name(), say::yuan(gap));
    let blind = blind(cx, chain);
    if !blind.is_empty() {
        let message =
            format!("{message}但以下材料未能完全读取，可能是所缺的发票：{}。", say::list(&blind, 5));
        return Draft::unverifiable(title, message, evidence);
    }
    Draft::anomaly(title, message, evidence).effect(gap).still_holds(move |v| {
        let claimed: Option<Decimal> = v[..claims].iter().map(yuan).sum();
        let invoiced: Option<Decimal> = v[claims..].iter().map(yuan).sum();
        matches!((claimed, invoiced), (Some(c), Some(i)) if c > i + slack)
    })
}

/// Invoices of the same seller that nobody could assign, or that could not be read.
fn blind(cx: &Cx<'_>, chain: &Chain<'_>) -> Vec<String> {
    let mut out = cx.blind_spots();
    let sellers: Vec<String> =
        chain.invoices.iter().filter_map(|d| d.value("seller_name")).map(|s| s.value.to_plain()).collect();
    for d in crate::check::chain::unlinked(cx, Kind::Invoice) {
        if invoice_key(d).is_some() && chain.invoices.iter().any(|i| invoice_key(i) == invoice_key(d)) {
            continue;
        }
        let seller = d.value("seller_name").map(|s| s.value.to_plain());
        let same = seller
            .as_ref()
            .is_none_or(|s| sellers.iter().any(|k| crate::text::party::names(k, s, true).may_be_same()));
        if same {
            out.push(format!("{}（同一销售方，未能确定对应哪一行）", say::doc(d)));
        }
    }
    out
}

/// INVEST-013.
pub(super) fn twice(cx: &Cx<'_>, out: &mut Out) {
    let chains = chains(cx);
    let net = claims_without_tax(&chains);
    for chain in chains.iter().filter(|c| !c.invoices.is_empty()) {
        if doubled(chain) || !matches!(fault(cx, chain, net), Some(Fault::Twice)) {
            out.pass();
            continue;
        }
        let claim = chain.claimed().unwrap_or_default();
        let gross = chain.gross().unwrap_or_default();
        let slack = tolerance(cx, chain, claim);
        let mut evidence = chain.claim_evidence();
        let claims = evidence.len();
        evidence.extend(invoice_evidence(chain, "total"));
        let numbers: Vec<String> =
            chain.invoices.iter().filter_map(|d| d.value("number")).map(|s| s.value.to_plain()).collect();
        let message = format!(
            "{}都以发票{}为凭证，合计申报{}，而{}价税合计只有{}，超额分摊{}。已排除一张发票分摊到几行（那时各行之和不超过发票），也没有同一销售方的其他发票可以对应。请申报单位说明各行分别对应哪张发票。",
            chain.name(),
            say::list(&numbers, 4),
            say::yuan(claim),
            if numbers.len() > 1 { "这些发票" } else { "该发票" },
            say::yuan(gross),
            say::yuan(claim - gross)
        );
        let title = format!("{}重复使用同一发票", chain.name());
        let blind = blind(cx, chain);
        let draft = if blind.is_empty() {
            Draft::anomaly(title, message, evidence).effect(claim - gross).still_holds(move |v| {
                let claimed: Option<Decimal> = v[..claims].iter().map(yuan).sum();
                let invoiced: Option<Decimal> = v[claims..].iter().map(yuan).sum();
                matches!((claimed, invoiced), (Some(c), Some(i)) if c > i + slack)
            })
        } else {
            let message = format!("{message}但以下材料未能完全读取：{}。", say::list(&blind, 5));
            Draft::unverifiable(title, message, evidence)
        };
        out.hit(draft);
    }
    if out.passed == 0 && out.drafts.is_empty() {
        out.cannot("清单各行都没有发票可比");
    }
}

/// INVEST-016.
pub(super) fn slipped(cx: &Cx<'_>, out: &mut Out) {
    let chains = chains(cx);
    let net = claims_without_tax(&chains);
    let mut hits: Vec<(&Chain<'_>, &'static str)> = Vec::new();
    for chain in &chains {
        match fault(cx, chain, net) {
            Some(Fault::Slip(why)) => hits.push((chain, why)),
            _ => within_rows(chain, out),
        }
    }
    let compared = chains.iter().filter(|c| c.gross().is_some() && !c.invoices.is_empty()).count();
    let uniform = hits.len() >= 3 && hits.len() == compared && hits.iter().all(|h| h.1 == hits[0].1);
    for (chain, why) in hits {
        let (claim, gross) = (chain.claimed().unwrap_or_default(), chain.gross().unwrap_or_default());
        let mut evidence = chain.claim_evidence();
        let claims = evidence.len();
        evidence.extend(invoice_evidence(chain, "total"));
        let title = format!("{}疑似单位或小数点错位", chain.name());
        let message = format!(
            "{}申报{}，发票价税合计为{}，恰为{why}。更像填写时单位或小数点错位，因此不另报金额超出。请申报单位按发票更正，并核对合计与已完成投资。",
            chain.name(),
            say::yuan(claim),
            say::yuan(gross)
        );
        if uniform {
            let message =
                format!("{message}清单每一行都有同样的倍数，可能是整张清单的单位与表头不同或表头未能识别。");
            out.hit(Draft::unverifiable("整张清单的单位与凭证不一致", message, evidence));
            return;
        }
        let percent = cx.notice.param("INVEST-008", "percent") / Decimal::ONE_HUNDRED;
        let draft = Draft::anomaly(title, message, evidence)
            .effect((claim - gross).max(Decimal::ZERO))
            .still_holds(move |v| {
                let claimed: Option<Decimal> = v[..claims].iter().map(yuan).sum();
                let invoiced: Option<Decimal> = v[claims..].iter().map(yuan).sum();
                matches!((claimed, invoiced), (Some(c), Some(i)) if (c - i).abs() > i.abs() * percent)
            });
        out.hit(draft);
    }
    if chains.is_empty() {
        out.cannot("没有读到投资清单");
    }
}

/// Quantity × price against the row's own total.
fn within_rows(chain: &Chain<'_>, out: &mut Out) {
    for row in &chain.rows {
        let Some(p) = product(row).filter(|p| p.is_broken()) else {
            out.pass();
            continue;
        };
        let Some(why) = p.slip() else {
            out.skip();
            continue;
        };
        let tolerance = p.tolerance();
        let message = format!(
            "数量×单价为{}，总价填{}，恰为{why}。请申报单位更正单价或总价的单位。",
            say::yuan(p.computed()),
            say::printed(p.total.1)
        );
        let mut draft =
            Draft::anomaly(format!("{}单价与总价疑似单位错位", row_name(row)), message, p.evidence(row.row));
        if p.quantity.is_some() {
            draft = draft.still_holds(move |v| match (yuan(&v[0]), yuan(&v[1]), yuan(&v[2])) {
                (Some(t), Some(p), Some(q)) => (p * q - t).abs() > tolerance,
                _ => true,
            });
        }
        out.hit(draft);
    }
}

/// INVEST-009.
pub(super) fn more_than_paid(cx: &Cx<'_>, out: &mut Out) {
    let chains = chains(cx);
    let share = cx.notice.param("INVEST-009", "paid_percent") / Decimal::ONE_HUNDRED;
    for chain in &chains {
        let (Some(claim), false) = (chain.claimed(), chain.payments.is_empty()) else {
            out.skip();
            continue;
        };
        if matches!(fault(cx, chain, false), Some(Fault::Slip(_))) {
            out.skip();
            continue;
        }
        // What is invoiced is due; what is claimed beyond it is INVEST-008's matter.
        let due = chain.gross().filter(|g| !chain.invoices.is_empty() && *g < claim).unwrap_or(claim);
        let Some(paid) = chain.paid() else {
            let evidence = chain.payments.iter().map(|d| crate::check::cx::whole("支付凭证", d)).collect();
            let message = format!("{}的支付凭证金额未能读取，无法核对付款比例。", chain.name());
            out.hit(Draft::unverifiable("付款金额无法核对", message, evidence));
            continue;
        };
        let unsettled = chain.rows.iter().any(|r| r.payments.iter().any(|l| !l.unique));
        if paid + tolerance(cx, chain, due) >= due * share {
            out.pass();
            continue;
        }
        let mut evidence = chain.claim_evidence();
        let claims = evidence.len();
        for d in &chain.payments {
            evidence.extend(payment_amount(d).map(|(s, _)| Evidence::of("付款金额", s)));
        }
        let instalments = crate::check::payment::parties::instalments(chain);
        let message = format!(
            "{}申报{}，已付{}，占{}，尚欠{}。质保金（付款{}%以上）已视为付清。{}",
            chain.name(),
            say::yuan(claim),
            say::yuan(paid),
            say::percent(paid, due),
            say::yuan(due - paid),
            say::number(share * Decimal::ONE_HUNDRED),
            if instalments {
                "合同或付款用途载有分期、预付或质保约定，故只作提示；请核对未付部分是否应计入已完成投资。"
            } else {
                "合同和付款用途中没有看到分期、预付或质保约定。请补交其余支付凭证或说明。"
            }
        );
        let title = format!("{}只付款{}", chain.name(), say::percent(paid, due));
        let mut blind = cx.blind_spots();
        blind.extend(crate::check::vouchers::open(cx));
        if unsettled || !blind.is_empty() {
            let why = if unsettled {
                "部分付款未能唯一对应到行".to_owned()
            } else {
                say::list(&blind, 5)
            };
            out.hit(Draft::unverifiable(title, format!("{message}但{why}，不能据此认定。"), evidence));
            continue;
        }
        let floor = share;
        let slack = tolerance(cx, chain, due);
        let gross = chain.gross().filter(|_| !chain.invoices.is_empty());
        let draft = Draft::anomaly(title, message, evidence)
            .severity(if instalments { Severity::Notice } else { cx.notice.severity("INVEST-009") })
            .still_holds(move |v| {
                let claimed: Option<Decimal> = v[..claims].iter().map(yuan).sum();
                let paid: Option<Decimal> = v[claims..].iter().map(yuan).sum();
                let due = claimed.map(|c| gross.map_or(c, |g| g.min(c)));
                matches!((due, paid), (Some(d), Some(p)) if p + slack < d * floor)
            });
        out.hit(draft);
    }
    if out.passed == 0 && out.drafts.is_empty() {
        out.cannot("没有可比的支付凭证");
    }
}

//! INVEST-005 no contract, INVEST-006 no invoice, INVEST-007 no payment voucher for a row.

use rust_decimal::Decimal;

use crate::check::chain::{row_evidence, row_name, total, unlinked};
use crate::check::{Cx, Out, say, vouchers};
use crate::model::{Category, Draft, Evidence, InvestmentRow, Kind, Severity};
use crate::text::voucher::{Standing, standing};

/// INVEST-005.
pub(super) fn contract(cx: &Cx<'_>, out: &mut Out) {
    missing(cx, out, Kind::Contract, "合同");
}

/// INVEST-006.
pub(super) fn invoice(cx: &Cx<'_>, out: &mut Out) {
    missing(cx, out, Kind::Invoice, "发票");
}

/// INVEST-007.
pub(super) fn payment(cx: &Cx<'_>, out: &mut Out) {
    missing(cx, out, Kind::Payment, "支付凭证");
}

fn missing(cx: &Cx<'_>, out: &mut Out, kind: Kind, word: &str) {
    let rows = &cx.case.investment.rows;
    if rows.is_empty() {
        return out.cannot("没有读到投资清单");
    }
    let small = cx.notice.param("INVEST-005", "small");
    let audited = cx.of(Kind::SpecialAudit).next().is_some();
    let mut without: Vec<&InvestmentRow> = Vec::new();
    for row in rows {
        let links = match kind {
            Kind::Contract => &row.contracts,
            Kind::Invoice => &row.invoices,
            _ => &row.payments,
        };
        let amount = total(row).map(|t| t.1.yuan);
        if !links.is_empty() {
            out.pass();
        } else if row.category == Some(Category::Labour)
            || amount.is_some_and(|a| a.is_zero())
            || (kind == Kind::Contract && amount.is_some_and(|a| a < small))
        {
            out.skip();
        } else {
            without.push(row);
        }
    }
    if without.is_empty() {
        return;
    }
    // Many rows without the same kind of paper have one cause: one finding.
    if without.len() > 3 {
        out.hit(draft(cx, &without, kind, word, audited));
    } else {
        for row in without {
            out.hit(draft(cx, &[row], kind, word, audited));
        }
    }
}

fn draft(cx: &Cx<'_>, rows: &[&InvestmentRow], kind: Kind, word: &str, audited: bool) -> Draft {
    let names: Vec<String> = rows.iter().map(|r| row_name(r)).collect();
    let evidence = rows.iter().filter_map(|r| row_evidence(r)).collect::<Vec<_>>();
    let evidence = if evidence.is_empty() { vec![cx.whole_form("投资清单")] } else { evidence };
    let sum: Decimal = rows.iter().filter_map(|r| total(r)).map(|t| t.1.yuan).sum();
    let title = if let [one] = rows {
        format!("{}没有{word}", row_name(one))
    } else {
        format!("清单有{}行没有{word}", rows.len())
    };
    let count = cx.of(kind).count();
    let mut message = format!(
        "{}合计{}，在附件中没有找到对应的{word}。查找方法：按销售方名称、合同名称和编号、品名、金额（含税和不含税、元和万元）在全部{count}份{word}中逐一比对；{}。",
        say::list(&names, 6),
        say::yuan(sum),
        cx.looked_through()
    );
    let mut may_be = candidates(cx, kind);
    let mut evidence = evidence;
    if kind == Kind::Payment {
        may_be.extend(vouchers::open(cx));
        let void = vouchers::void(cx);
        if !void.is_empty() {
            let list: Vec<String> = void.iter().map(|(d, why)| format!("{}（{why}）", say::doc(d))).collect();
            message += &format!("以下支付凭证没有付成或是收款，不作为付款：{}。", say::list(&list, 5));
            evidence.extend(void.iter().take(5).filter_map(|(d, _)| {
                d.value("status").or_else(|| d.value("direction")).map(|s| Evidence::of("凭证状态", s))
            }));
        }
    }
    let mut blind = cx.blind_spots();
    blind.extend(may_be);
    if !blind.is_empty() {
        message +=
            &format!("但以下材料未能完全读取，可能正是所缺的{word}：{}。请人工查看。", say::list(&blind, 5));
        return Draft::unverifiable(title, message, evidence);
    }
    message += match kind {
        Kind::Contract => "已排除人工费用和零星采购；线上云服务订单可以代替合同。请补交合同或订单。",
        Kind::Invoice => "已排除人工费用。请补交发票，否则该金额没有发票支持。",
        _ => "已排除人工费用；抵账协议、承兑汇票、委托付款等也可证明支付。请补交支付凭证。",
    };
    let cloud = kind == Kind::Contract && rows.iter().all(|r| r.category == Some(Category::Cloud));
    let mut draft = Draft::anomaly(title, message, evidence).effect(if kind == Kind::Invoice {
        sum
    } else {
        Decimal::ZERO
    });
    if audited {
        draft.message += "已附专项审计报告，通知允许以专项审计报告代替，故降为提示。";
    }
    if audited || cloud {
        draft = draft.severity(Severity::Notice);
    }
    draft
}

/// Papers of the kind that belong to no row and of which too little could be read to tell whose they are.
fn candidates(cx: &Cx<'_>, kind: Kind) -> Vec<String> {
    let (party, amount) = match kind {
        Kind::Invoice => ("seller_name", "total"),
        Kind::Contract => ("party_b", "amount"),
        _ => ("payee_name", "amount"),
    };
    unlinked(cx, kind)
        .into_iter()
        .filter(|d| kind != Kind::Payment || standing(&cx.applicant, d) == Standing::Made)
        .filter(|d| {
            let unsure = |f: &str| d.value(f).is_none_or(|s| s.confidence.0 < cx.notice.reading.low);
            // A contract without a total is a framework; with its party read it is known whose it is.
            unsure(party)
                || (unsure(amount) && kind != Kind::Contract)
                || (kind == Kind::Contract && unsure(amount) && unsure("title"))
        })
        .map(|d| format!("{}（要素不全）", say::doc(d)))
        .collect()
}

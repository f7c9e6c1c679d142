//! PAY-001 the payer, PAY-002 the payee, PAY-003 the amount.

use rust_decimal::Decimal;

use crate::check::chain::{Chain, chains, invoice_total, payment_amount, row_name};
use crate::check::cx::yuan;
use crate::check::invoice::facts::{fields, is_linked};
use crate::check::{Cx, Out, say, support};
use crate::model::{Document, Draft, Evidence, Grade, Kind, Severity, Sourced, Value};
use crate::text::party::{Party, is_sale, is_scrap, names};
use crate::text::voucher::{is_received, sides};

pub(super) fn title_of(d: &Document) -> String {
    match d.value("receipt_number") {
        Some(s) => format!("回单{}", s.value.to_plain()),
        None => format!("支付凭证（{}）", say::doc(d)),
    }
}

/// PAY-001.
pub(super) fn payer(cx: &Cx<'_>, out: &mut Out) {
    if !cx.applicant.is_known() {
        return out.cannot("没有读到申报单位的名称");
    }
    let mut any = false;
    for d in cx.of(Kind::Payment).filter(|d| !is_sale(&cx.applicant, d) && !is_scrap(cx.case, d)) {
        any = true;
        let payer = sides(&cx.applicant, d).payer;
        let evidence = || match payer {
            Some(s) => vec![Evidence::of("付款人", s)],
            None => fields(d, &[("payer_name", "付款人")]),
        };
        let name = payer.map(|s| s.value.to_plain()).unwrap_or_default();
        let doubtful = payer.is_some_and(|s| s.grade == Grade::Ocr);
        let own = cx.applicant.names.first().cloned().unwrap_or_default();
        let title = format!("{}的付款人不是申报单位", title_of(d));
        match cx.applicant.meets(Some(&name), None, doubtful) {
            Party::Same | Party::Variant => out.pass(),
            Party::Branch => {
                let message =
                    format!("付款人为“{name}”，是申报单位“{own}”的分支机构或上级。请核对是否代付。");
                out.hit(
                    Draft::anomaly(format!("{}由分支机构付款", title_of(d)), message, evidence())
                        .severity(Severity::Notice),
                );
            }
            Party::Unknown => {
                let message = "付款人未能读取，无法核对是否为申报单位。请人工查看。";
                out.hit(Draft::unverifiable(format!("{}的付款人未能读取", title_of(d)), message, evidence()));
            }
            Party::Doubtful => {
                let message =
                    format!("付款人读作“{name}”，与申报单位“{own}”相近但不相同，可能是误读。请对照原件。");
                out.hit(Draft::unverifiable(title, message, evidence()));
            }
            Party::Other if name.contains('*') => {
                let message = format!("付款人为“{name}”，名称被遮盖，无法核对是否为申报单位。");
                out.hit(Draft::unverifiable(title, message, evidence()));
            }
            Party::Other => {
                let message = format!(
                    "付款人为“{name}”，申报单位为“{own}”。已排除写法差别和分支机构。集团财务公司、资金池、委托付款、供应链金融、个人垫付报销都应有书面材料，请申报单位提供。"
                );
                if let Some(paper) = support::paper(cx, &name, &support::PAYS_FOR_US) {
                    let message = format!(
                        "付款人为“{name}”，不是申报单位“{own}”；附有{}，其中载明由该单位代付，故只作提示。请核对代付关系和金额。",
                        say::doc(paper)
                    );
                    let draft = Draft::anomaly(format!("{}由他人代付", title_of(d)), message, evidence());
                    out.hit(draft.severity(Severity::Notice).still_holds(|_| true));
                    continue;
                }
                let who = cx.applicant.clone();
                let linked = is_linked(cx, d.id) || cx.case.investment.rows.is_empty();
                let draft = Draft::anomaly(title, message, evidence()).still_holds(move |v| {
                    v[0].as_ref().is_none_or(|x| who.meets(Some(&x.to_plain()), None, false) == Party::Other)
                });
                let amount = payment_amount(d).map(|a| a.1.yuan).unwrap_or_default();
                out.hit(if linked { draft.effect(amount) } else { draft.severity(Severity::Minor) });
            }
        }
    }
    if !any {
        out.cannot("没有支付凭证");
    }
}

/// PAY-002.
pub(super) fn payee(cx: &Cx<'_>, out: &mut Out) {
    let mut any = false;
    let mut seen = std::collections::BTreeSet::new();
    for row in &cx.case.investment.rows {
        for link in row.payments.iter().filter(|l| l.unique) {
            let Some(d) = cx.document(link.document) else { continue };
            // What a supplier paid back has the applicant as payee.
            if !seen.insert(d.id) || is_received(&cx.applicant, d) {
                continue;
            }
            let sellers: Vec<&Sourced<Value>> = row
                .invoices
                .iter()
                .filter(|l| l.unique || row.invoices.len() == 1)
                .filter_map(|l| cx.document(l.document)?.value("seller_name"))
                .collect();
            let Some(first) = sellers.first().copied() else {
                out.skip();
                continue;
            };
            any = true;
            match sides(&cx.applicant, d).payee {
                None => {
                    let message = format!(
                        "{}的收款人未能读取，无法与发票销售方“{}”核对。",
                        title_of(d),
                        first.value.to_plain()
                    );
                    out.hit(Draft::unverifiable(
                        "收款人未能读取",
                        message,
                        vec![crate::check::cx::whole("支付凭证", d), Evidence::of("发票销售方", first)],
                    ));
                }
                Some(p) => judge_payee(cx, d, p, &sellers, row, out),
            }
        }
    }
    if !any {
        out.cannot("没有与发票对应的支付凭证");
    }
}

fn judge_payee(
    cx: &Cx<'_>,
    d: &Document,
    p: &Sourced<Value>,
    sellers: &[&Sourced<Value>],
    row: &crate::model::InvestmentRow,
    out: &mut Out,
) {
    let payee = p.value.to_plain();
    let relations: Vec<(Party, &Sourced<Value>)> = sellers
        .iter()
        .map(|s| (names(&payee, &s.value.to_plain(), p.grade == Grade::Ocr || s.grade == Grade::Ocr), *s))
        .collect();
    let best = |want: &[Party]| relations.iter().find(|r| want.contains(&r.0)).map(|r| r.1);
    let renamed = || sellers.iter().any(|s| cx.renamed.tie(&payee, &s.value.to_plain()));
    if best(&[Party::Same, Party::Variant]).is_some() || renamed() {
        return out.pass();
    }
    let seller = relations[0].1;
    let evidence = vec![Evidence::of("收款人", p), Evidence::of("发票销售方", seller)];
    let title = format!("{}的收款人不是发票销售方", title_of(d));
    let facts =
        format!("{}：付款给“{payee}”，而该行发票的销售方是“{}”。", row_name(row), seller.value.to_plain());
    if best(&[Party::Branch]).is_some() {
        let message = format!("{facts}两者是总公司与分支机构，请核对。");
        out.hit(Draft::anomaly(title, message, evidence).severity(Severity::Notice));
    } else if best(&[Party::Doubtful, Party::Unknown]).is_some() || payee.contains('*') {
        out.hit(Draft::unverifiable(
            title,
            format!("{facts}名称来自扫描识别或被遮盖，可能是误读。请对照原件。"),
            evidence,
        ));
    } else if let Some(paper) = support::paper(cx, &payee, &support::PAID_FOR_THEM) {
        let message = format!("{facts}附有{}，其中载明由该单位收款，故只作提示。请核对。", say::doc(paper));
        out.hit(Draft::anomaly(title, message, evidence).severity(Severity::Notice).still_holds(|_| true));
    } else {
        let message = format!(
            "{facts}已排除写法差别和分支机构。融资租赁、保理、债权转让、政府采购平台托管等都应有书面材料，请申报单位提供。"
        );
        let amount = payment_amount(d).map(|a| a.1.yuan).unwrap_or_default();
        out.hit(Draft::anomaly(title, message, evidence).effect(amount).still_holds(|v| {
            match (&v[0], &v[1]) {
                (Some(a), Some(b)) => names(&a.to_plain(), &b.to_plain(), false) == Party::Other,
                _ => true,
            }
        }));
    }
}

/// Whether contract or purpose speak of instalments, prepayment or retention.
pub(in crate::check) fn instalments(chain: &Chain<'_>) -> bool {
    const WORDS: [&str; 16] = [
        "分期",
        "首付",
        "预付",
        "进度款",
        "质保金",
        "质量保证金",
        "尾款",
        "定金",
        "订金",
        "第一期",
        "第二期",
        "一期款",
        "首期",
        "支付合同总",
        "验收后支付",
        "余款",
    ];
    // 签订后支付30%、验收后支付70% are instalments by what they say, in whatever words.
    let told = |d: &&Document| d.value("schedule").or_else(|| d.value("retention")).is_some();
    chain.contracts.iter().any(told)
        || chain.contracts.iter().chain(&chain.payments).any(|d| WORDS.iter().any(|w| d.text.contains(w)))
}

/// Whether so little is paid that PAY-003 speaks instead of INVEST-009.
pub(super) fn is_far_too_little(cx: &Cx<'_>, chain: &Chain<'_>) -> bool {
    let (Some(paid), Some(gross)) = (chain.paid(), chain.gross()) else { return false };
    let low = cx.notice.param("PAY-003", "low_percent") / Decimal::ONE_HUNDRED;
    !chain.invoices.is_empty()
        && !chain.payments.is_empty()
        && gross > Decimal::ZERO
        && paid < gross * low
        && !chain.contracts.is_empty()
        && chain.contracts.iter().all(|c| c.text.chars().count() > 60)
        && !instalments(chain)
}

/// PAY-003.
pub(super) fn amount(cx: &Cx<'_>, out: &mut Out) {
    let chains = chains(cx);
    let over = cx.notice.param("PAY-003", "over_percent") / Decimal::ONE_HUNDRED;
    let mut any = false;
    for chain in chains.iter().filter(|c| !c.invoices.is_empty() && !c.payments.is_empty()) {
        let unique = chain.rows.iter().all(|r| r.payments.iter().all(|l| l.unique));
        let (Some(paid), Some(gross)) = (chain.paid(), chain.gross()) else {
            out.skip();
            continue;
        };
        any = true;
        // A payment that also serves other chains is not all for this one.
        let shared = chain
            .payments
            .iter()
            .any(|p| chains.iter().filter(|c| c.payments.iter().any(|q| q.id == p.id)).count() > 1);
        let much = paid > gross * over + Decimal::ONE && !shared;
        let little = is_far_too_little(cx, chain) && !shared;
        if !much && !little {
            out.pass();
            continue;
        }
        let mut evidence: Vec<Evidence> = chain
            .invoices
            .iter()
            .filter_map(|d| Some(Evidence::of("发票价税合计", invoice_total(d)?.0)))
            .collect();
        let invoices = evidence.len();
        evidence.extend(
            chain.payments.iter().filter_map(|d| Some(Evidence::of("付款金额", payment_amount(d)?.0))),
        );
        let facts = format!(
            "{}：发票价税合计{}，付款合计{}，占{}。",
            chain.name(),
            say::yuan(gross),
            say::yuan(paid),
            say::percent(paid, gross)
        );
        let (title, message) = if much {
            (
                format!("{}付款超过发票{}", chain.name(), say::yuan(paid - gross)),
                format!(
                    "{facts}已排除手续费和退款重付等小额差异（允许超过{}%）。请补交其余发票，或说明多付款项的用途。",
                    say::number((over - Decimal::ONE) * Decimal::ONE_HUNDRED)
                ),
            )
        } else {
            (
                format!("{}付款远少于发票", chain.name()),
                format!(
                    "{facts}合同和付款用途中没有看到分期、预付、质保金约定。请补交其余支付凭证；以承兑汇票、抵账等方式支付的请附证明。"
                ),
            )
        };
        let mut blind = cx.blind_spots();
        if little {
            blind.extend(crate::check::vouchers::open(cx));
        }
        if !unique || !blind.is_empty() {
            let why = if unique {
                format!("以下材料未能完全读取：{}", say::list(&blind, 5))
            } else {
                "部分付款未能唯一对应到行".to_owned()
            };
            out.hit(Draft::unverifiable(title, format!("{message}但{why}，不能据此认定。"), evidence));
            continue;
        }
        let low = cx.notice.param("PAY-003", "low_percent") / Decimal::ONE_HUNDRED;
        out.hit(Draft::anomaly(title, message, evidence).still_holds(move |v| {
            let g: Option<Decimal> = v[..invoices].iter().map(yuan).sum();
            let p: Option<Decimal> = v[invoices..].iter().map(yuan).sum();
            matches!((g, p), (Some(g), Some(p)) if p > g * over + Decimal::ONE || p < g * low)
        }));
    }
    if !any {
        out.cannot("没有可比的发票和支付凭证");
    }
}

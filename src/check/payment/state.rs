//! PAY-006 digits against capitals, PAY-007 vouchers of no payment.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::parties::title_of;
use crate::check::chain::{invoice_total, payment_amount, row_name, total};
use crate::check::contract::dates::day;
use crate::check::cx::{money, yuan};
use crate::check::{Cx, Out, say, vouchers};
use crate::model::{Document, Draft, Evidence, InvestmentRow, Kind, Outcome, Severity, Value};
use crate::text::party::{is_sale, is_scrap, names};
use crate::text::voucher::{Standing, is_plainly_unpaid, is_refund, sides, standing};

/// PAY-006.
pub(super) fn capitals(cx: &Cx<'_>, out: &mut Out) {
    let mut any = false;
    for d in cx.of(Kind::Payment).filter(|d| !is_scrap(cx.case, d)) {
        let (Some((a, am)), Some((c, cm))) = (money(d, "amount"), money(d, "amount_capital")) else {
            out.skip();
            continue;
        };
        any = true;
        if am.yuan.abs() == cm.yuan.abs() {
            out.pass();
            continue;
        }
        let message = format!(
            "{}小写金额为{}，大写“{}”即{}，相差{}。大小写由银行系统同时打印，正常情况下不会不同；汇票大小写不一致即无效。请提供原件，并向开户银行核实。",
            title_of(d),
            say::printed(am),
            c.raw,
            say::yuan(cm.yuan),
            say::yuan((am.yuan - cm.yuan).abs()),
        );
        let evidence = vec![Evidence::of("小写金额", a), Evidence::of("大写金额", c)];
        let title = format!("{}大小写金额不一致", title_of(d));
        out.hit(
            Draft::anomaly(title, message, evidence).effect((am.yuan - cm.yuan).abs()).still_holds(
                |v| matches!((yuan(&v[0]), yuan(&v[1])), (Some(x), Some(y)) if x.abs() != y.abs()),
            ),
        );
    }
    if !any {
        out.cannot("没有同时读到大写和小写金额的支付凭证");
    }
}

/// PAY-007.
pub(super) fn state(cx: &Cx<'_>, out: &mut Out) {
    let void: Vec<u32> = vouchers::void(cx).iter().map(|v| v.0.id).collect();
    let mut any = false;
    for d in cx.of(Kind::Payment).filter(|d| !is_scrap(cx.case, d)) {
        if is_sale(&cx.applicant, d) {
            // Money from customers belongs to 证明材料5; money back from a supplier does not.
            if is_refund(cx.case, &cx.applicant, d) {
                out.hit(returned(cx, d));
            } else if let Some(row) = offered(cx, d) {
                out.hit(got(d, row));
            } else {
                out.skip();
            }
            continue;
        }
        any = true;
        let pending = standing(&cx.applicant, d) == Standing::Pending;
        if !pending && !void.contains(&d.id) {
            out.pass();
            continue;
        }
        let mut draft = unmade(cx, d, pending);
        if !is_plainly_unpaid(d) {
            draft.message.push_str("状态的含义不明确，或收款人未能读取，不能据此认定。");
            draft.outcome = Outcome::Unverifiable;
        }
        out.hit(draft);
    }
    if !any && out.drafts.is_empty() {
        out.cannot("没有支付凭证");
    }
}

/// The row without a payment that this receipt of money was put beside: it is of the row's very amount.
fn offered<'a>(cx: &Cx<'a>, d: &Document) -> Option<&'a InvestmentRow> {
    let amount = payment_amount(d)?.1.yuan;
    cx.case.investment.rows.iter().find(|r| {
        let invoiced = r.invoices.iter().filter(|l| l.unique).filter_map(|l| cx.document(l.document));
        r.payments.is_empty()
            && amount > Decimal::ZERO
            && (total(r).is_some_and(|t| t.1.yuan == amount)
                || invoiced.filter_map(invoice_total).any(|t| t.1.yuan == amount))
    })
}

/// Money received where a payment should be proven.
fn got(d: &Document, row: &InvestmentRow) -> Draft {
    let mut evidence: Vec<Evidence> = ["payer_name", "payee_name"]
        .iter()
        .filter_map(|f| Some(Evidence::of("付款方、收款方", d.value(f)?)))
        .collect();
    evidence.extend(payment_amount(d).map(|a| Evidence::of("金额", a.0)));
    let amount = payment_amount(d).map(|a| a.1.yuan).unwrap_or_default();
    let message = format!(
        "{}是申报单位收到的款项（{}），与{}的金额相同，而该行没有付款凭证。收款回单不能证明付款；客户付来的货款属证明材料5。请核对是否放错，并补交付款回单。",
        title_of(d),
        say::yuan(amount),
        row_name(row),
    );
    Draft::anomaly(format!("{}是收款凭证", title_of(d)), message, evidence)
        .still_holds(move |v| v.iter().any(|x| yuan(x) == Some(amount)))
}

/// A voucher of a payment that was not made.
fn unmade(cx: &Cx<'_>, d: &Document, pending: bool) -> Draft {
    let state = d.value("status").or_else(|| d.value("direction"));
    let said = state.map(|s| s.value.to_plain()).unwrap_or_default();
    let mut evidence: Vec<Evidence> = state.map(|s| Evidence::of("凭证状态或方向", s)).into_iter().collect();
    if evidence.is_empty() {
        evidence.push(crate::check::cx::whole("支付凭证", d));
    }
    let amount = payment_amount(d);
    let again = again(cx, d);
    let failed = d.value("status").is_some() && !pending;
    let title = format!(
        "{}{}",
        title_of(d),
        if pending {
            "打印时尚未付成"
        } else if failed {
            "没有付成"
        } else {
            "是收款凭证"
        }
    );
    let message = format!(
        "{}{}载明“{said}”，{}，不计入已付款。{}",
        title_of(d),
        amount.map_or_else(String::new, |a| format!("（{}）", say::yuan(a.1.yuan))),
        if pending {
            "打印时银行还没有付出"
        } else if failed {
            "这笔款没有付成"
        } else {
            "证明的是收款，不是付款"
        },
        match &again {
            Some(other) =>
                format!("附件中另有{}，收款人和金额相同，属退款或失败后重付，故只作提示。", title_of(other)),
            None =>
                "已查找收款人和金额相同、随后付成的凭证，没有找到。请提供付款成功的回单，或说明如何支付。"
                    .into(),
        }
    );
    let draft = Draft::anomaly(title, message, evidence).still_holds(|v| {
        // Only a word that says the contrary makes it vanish.
        !v[0].as_ref().is_some_and(|x| ["成功", "已付", "付款"].iter().any(|w| x.to_plain().contains(w)))
    });
    if again.is_some() { draft.severity(Severity::Notice) } else { draft }
}

/// A payment of the same amount to the same payee that was made within some weeks.
fn again<'a>(cx: &Cx<'a>, d: &Document) -> Option<&'a Document> {
    let days = cx.notice.param("PAY-007", "days").to_i64().unwrap_or(30);
    let amount = payment_amount(d)?.1.yuan;
    let payee = sides(&cx.applicant, d).payee?.value.to_plain();
    cx.of(Kind::Payment).find(|o| {
        o.id != d.id
            && standing(&cx.applicant, o) == Standing::Made
            && payment_amount(o).is_some_and(|a| a.1.yuan == amount)
            && sides(&cx.applicant, o)
                .payee
                .is_some_and(|p| names(&p.value.to_plain(), &payee, false).is_same())
            && match (day(d, "date"), day(o, "date")) {
                (Some(a), Some(b)) => (0..=days).contains(&(b.1 - a.1).num_days()),
                _ => true,
            }
    })
}

/// Money that came back from a supplier.
fn returned(cx: &Cx<'_>, d: &Document) -> Draft {
    let name = sides(&cx.applicant, d).payer.map(|s| s.value.to_plain()).unwrap_or_default();
    let amount = payment_amount(d);
    let mut evidence: Vec<Evidence> = ["payer_name", "payee_name"]
        .iter()
        .filter_map(|f| Some(Evidence::of("付款方、收款方", d.value(f)?)))
        .collect();
    evidence.extend(amount.map(|a| Evidence::of("金额", a.0)));
    if evidence.is_empty() {
        evidence.push(crate::check::cx::whole("支付凭证", d));
    }
    let again = paid_again(cx, &name, amount.map(|a| a.1.yuan));
    let message = format!(
        "{}是供应商“{name}”付给申报单位的{}，不是申报单位的付款，已从已付款中扣除。{}退货、退款后重付属正常，但应有红字发票或说明；客户付来的货款（证明材料5）不在此列。请申报单位说明该款的性质。",
        title_of(d),
        amount.map_or_else(|| "一笔款".to_owned(), |a| say::yuan(a.1.yuan)),
        if again {
            "附件中另有一笔同额付款，属退款后重付，故只作提示。"
        } else {
            ""
        },
    );
    let sum = amount.map(|a| a.1.yuan).unwrap_or(Decimal::ZERO);
    let title = format!("{}是供应商退回的款项", title_of(d));
    let named = |v: &[Option<Value>]| v.iter().flatten().any(|x| matches!(x, Value::Text(_)));
    let draft = Draft::anomaly(title, message, evidence).still_holds(named);
    if again { draft.severity(Severity::Notice) } else { draft.effect(sum) }
}

/// Whether a supplier was paid this much twice: once before it gave the money back, once after.
fn paid_again(cx: &Cx<'_>, name: &str, amount: Option<Decimal>) -> bool {
    let paid = cx.of(Kind::Payment).filter(|d| {
        let to = sides(&cx.applicant, d).payee;
        standing(&cx.applicant, d) == Standing::Made
            && to.is_some_and(|p| names(&p.value.to_plain(), name, false).is_same())
            && payment_amount(d).is_some_and(|a| Some(a.1.yuan) == amount)
    });
    amount.is_some() && paid.count() > 1
}

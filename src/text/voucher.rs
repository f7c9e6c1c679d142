//! What a payment voucher proves: who paid whom with it, and whether the money went at all (`domain.md` §5).

use super::normal::squash;
use super::party::{Party, Who};
use crate::model::{Case, Document, Field, Grade, Kind, Row, Sourced, Value};

/// Payer and payee of a voucher, as read.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sides<'d> {
    /// Who paid.
    pub payer: Option<&'d Sourced<Value>>,
    /// Who was paid.
    pub payee: Option<&'d Sourced<Value>>,
}

/// Who paid whom. A bill that was passed on pays once at each endorsement: the one the applicant made is its payment,
/// whoever drew the bill and whoever holds it now.
pub fn sides<'d>(who: &Who, doc: &'d Document) -> Sides<'d> {
    let printed = Sides { payer: doc.value("payer_name"), payee: doc.value("payee_name") };
    let drawer = doc.value("drawer");
    if drawer.is_none() && doc.items.is_empty() {
        return printed;
    }
    if meets(who, drawer).is_same() {
        return Sides { payer: drawer, payee: printed.payee };
    }
    let passed = |row: &'d Row| Sides { payer: party(row, "endorser"), payee: party(row, "endorsee") };
    let by =
        |fits: fn(Party) -> bool| doc.items.iter().rev().find(|r| fits(meets(who, party(r, "endorser"))));
    let own = by(Party::is_same).or_else(|| by(|p| p == Party::Doubtful));
    if let Some(row) = own.or(doc.items.last()) {
        return passed(row);
    }
    // Passed on, as its state says, and the page that tells to whom is not there.
    if is_passed_on(doc) && meets(who, printed.payee).is_same() {
        return Sides { payer: printed.payee, payee: None };
    }
    printed
}

/// Whether the applicant got the money.
pub fn is_received(who: &Who, doc: &Document) -> bool {
    let sides = sides(who, doc);
    meets(who, sides.payee).is_same() && !meets(who, sides.payer).is_same()
}

/// Whether the voucher is money that a supplier paid back: from a party that sells to the applicant and, as far as the
/// papers show, buys nothing from it, of an amount that was paid to it or taken back by a credit note, or so called.
pub fn is_refund(case: &Case, who: &Who, doc: &Document) -> bool {
    if !is_received(who, doc) {
        return false;
    }
    let (Some(payer), amount) = (sides(who, doc).payer, doc.value("amount").map(|s| &s.value)) else {
        return false;
    };
    let payer = payer.value.to_plain();
    let is = |name: Option<&Sourced<Value>>| {
        name.is_some_and(|s| super::party::names(&s.value.to_plain(), &payer, false).is_same())
    };
    let customer = case.documents.iter().any(|d| match d.kind {
        Kind::Invoice => is(d.value("buyer_name")),
        Kind::Contract => super::party::is_sale(who, d) && (is(d.value("party_a")) || is(d.value("buyer"))),
        _ => false,
    });
    if customer || amount.is_none() {
        return false;
    }
    let equal = |v: Option<&Sourced<Value>>| match (v.map(|s| &s.value), amount) {
        (Some(Value::Money(a)), Some(Value::Money(b))) => a.yuan.abs() == b.yuan.abs(),
        _ => false,
    };
    let sold = case.documents.iter().any(|d| d.kind == Kind::Invoice && is(d.value("seller_name")));
    let called = doc.value("purpose").is_some_and(|s| s.value.to_plain().contains('退'));
    let answered = || {
        case.documents.iter().any(|d| match d.kind {
            Kind::Payment => d.id != doc.id && is(sides(who, d).payee) && equal(d.value("amount")),
            Kind::Invoice => is(d.value("seller_name")) && equal(d.value("total")) && d.text.contains("红字"),
            _ => false,
        })
    };
    sold && (called || answered())
}

/// Whether a bill made out to the applicant may have been passed on: its back, which would tell, was not read.
pub fn may_be_passed_on(who: &Who, doc: &Document) -> bool {
    doc.value("drawer").is_some() && doc.items.is_empty() && is_received(who, doc)
}

/// What tells a voucher from all others: its receipt number, of a bill with the part of it that was passed on. A number
/// that only counts vouchers (凭证号) tells nothing.
pub fn receipt_key(doc: &Document) -> Option<String> {
    let plain = |f: &str| doc.value(f).map(|s| super::code::clean_code(&s.value.to_plain()));
    let number = plain("receipt_number")?;
    let weak = plain("voucher_number").is_some_and(|v| v == number)
        && plain("serial_number") != Some(number.clone());
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    if weak || number.len() < 8 || digits < 6 {
        return None;
    }
    let part = doc.value("sub_range").map(|s| squash(&s.value.to_plain())).unwrap_or_default();
    Some(format!("{number}#{part}"))
}

/// Whether the money went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing speaks against it.
    Made,
    /// Not yet, when the voucher was printed.
    Pending,
    /// It did not, or it was not the applicant who paid.
    Void,
}

/// States of an order that paid nothing.
const FAILED: &[&str] = &[
    "失败",
    "退回",
    "退汇",
    "退票",
    "撤销",
    "撤回",
    "作废",
    "拒绝",
    "拒付",
    "冲正",
    "止付",
    "驳回",
    "不通过",
];
/// States of an order that has paid nothing yet, or words of them.
const PENDING: &[&str] = &["处理中", "待", "审批中", "审核中", "复核中", "授权中", "未", "草稿"];
/// Those of them that mean nothing else: 未打印 and 待打印 say nothing of the payment.
const PLAINLY_PENDING: &[&str] = &[
    "处理中",
    "审批",
    "审核",
    "复核",
    "授权",
    "待支付",
    "待付款",
    "待处理",
    "待发送",
    "待签收",
    "未支付",
    "未付款",
    "未成功",
    "草稿",
];

/// Whether a voucher's state says plainly that nothing was paid.
pub fn is_plainly_unpaid(doc: &Document) -> bool {
    let state = doc.value("status").map(|s| squash(&s.value.to_plain())).unwrap_or_default();
    FAILED.iter().chain(PLAINLY_PENDING).any(|w| state.contains(w))
}

/// Whether a voucher stands for money that the applicant paid.
pub fn standing(who: &Who, doc: &Document) -> Standing {
    let state = doc.value("status").map(|s| squash(&s.value.to_plain())).unwrap_or_default();
    let says = |words: &[&str]| words.iter().any(|w| state.contains(w));
    if says(FAILED) {
        // 未退回, 无退汇 deny it.
        let denied = ["未", "无", "非"].iter().any(|n| state.starts_with(n));
        return if denied { Standing::Made } else { Standing::Void };
    }
    if says(PENDING) {
        return Standing::Pending;
    }
    // A notice of money that came in proves a payment only where it names who paid whom: a supplier's bank confirms
    // what the applicant paid, the applicant's own bank what it got.
    let received = doc.value("direction").is_some_and(|s| s.value.to_plain() == "收款");
    let sides = sides(who, doc);
    let to_others = sides.payee.is_some() && !meets(who, sides.payee).is_same();
    if received && !to_others && !meets(who, sides.payer).is_same() {
        return Standing::Void;
    }
    Standing::Made
}

fn is_passed_on(doc: &Document) -> bool {
    doc.value("status").is_some_and(|s| squash(&s.value.to_plain()).contains("背书"))
}

fn party<'d>(row: &'d Row, name: &str) -> Option<&'d Sourced<Value>> {
    row.get(name).and_then(Field::found)
}

fn meets(who: &Who, value: Option<&Sourced<Value>>) -> Party {
    let name = value.map(|s| s.value.to_plain());
    who.meets(name.as_deref(), None, value.is_some_and(|s| s.grade == Grade::Ocr))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::build;
    use crate::text::party::applicant_of;

    /// The standing of the clean submission's first payment with these fields changed, and who was paid by it.
    fn judged(changes: &str) -> (Standing, Option<String>) {
        let case = build(&format!("[set.payment1]\n{changes}")).batch.cases.remove(0);
        let who = applicant_of(&case);
        let doc = case.documents.iter().find(|d| d.file.ends_with("回单1.pdf")).unwrap();
        (standing(&who, doc), sides(&who, doc).payee.map(|s| s.value.to_plain()))
    }

    #[test]
    fn what_the_state_says() {
        for (state, expected) in [
            ("交易成功", Standing::Made),
            ("未退回", Standing::Made),
            ("背书已签收", Standing::Made),
            ("交易失败", Standing::Void),
            ("已退汇", Standing::Void),
            ("已撤销", Standing::Void),
            ("银行处理中", Standing::Pending),
            ("待复核", Standing::Pending),
            ("提示收票待签收", Standing::Pending),
        ] {
            assert_eq!(judged(&format!("status = '{state}'")).0, expected, "{state}");
        }
    }

    #[test]
    fn money_received_pays_nothing_unless_the_applicant_paid_it() {
        assert_eq!(judged("direction = '收款'").0, Standing::Made);
        assert_eq!(judged("direction = '收款'\npayer_name = ''").0, Standing::Made);
        let ours = "direction = '收款'\npayer_name = '岳阳巴陵机械有限公司'\npayee_name = ''";
        assert_eq!(judged(ours).0, Standing::Void);
    }

    #[test]
    fn a_bill_whose_back_is_missing_tells_no_payee() {
        let bill =
            "drawer = '岳阳巴陵机械有限公司'\npayer_name = ''\npayee_name = '湖南湘云智造科技有限公司'\n";
        assert_eq!(judged(bill).1.as_deref(), Some("湖南湘云智造科技有限公司"));
        assert_eq!(judged(&format!("{bill}status = '背书已签收'")).1, None);
    }
}

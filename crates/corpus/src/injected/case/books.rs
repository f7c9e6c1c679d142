//! Statements that are as they are: of a company that lost money.

use rust_decimal::Decimal;

use crate::names::yuan;
use crate::world::Submission;

/// Costs so much more in 2022 that the year ends with a loss; what was lost was borrowed from a shareholder, so that
/// everything still agrees.
pub fn lose(s: &mut Submission, share: Decimal) {
    let b = &mut s.books[1];
    let before = b.current("利润总额");
    let more = (b.current("营业收入") * share).round_dp(2) + before;
    let (levy, net) = (b.current("所得税费用"), b.current("净利润"));
    let gone = more - levy;
    for (name, change) in [
        ("管理费用", more),
        ("营业利润", -more),
        ("利润总额", -more),
        ("所得税费用", -levy),
        ("净利润", -gone),
    ] {
        b.income.iter_mut().filter(|l| l.0 == name).for_each(|l| l.1 += change);
    }
    // A tenth of the profit went into the reserve; of a loss nothing does.
    let tenth = (net / yuan(10)).round_dp(2);
    let shift = |b: &mut crate::world::Books, name: &str, by: Decimal| {
        b.balance.iter_mut().filter(|l| l.0 == name).for_each(|l| l.1 += by);
    };
    let reserve = b.closing("盈余公积") - b.balance.iter().find(|l| l.0 == "盈余公积").map_or(tenth, |l| l.2);
    shift(b, "盈余公积", -reserve);
    shift(b, "未分配利润", reserve - gone);
    shift(b, "所有者权益合计", -gone);
    for name in ["其他应付款", "流动负债合计", "负债合计"] {
        shift(b, name, gone);
    }
}

//! Payment vouchers that prove no payment, and those that may yet prove one.

use super::{Cx, say};
use crate::model::{Document, Kind};
use crate::text::party::is_sale;
use crate::text::voucher::{Standing, may_be_passed_on, standing};

/// Vouchers of payments that failed, and of money that came in, with what they say.
pub(super) fn void<'a>(cx: &Cx<'a>) -> Vec<(&'a Document, String)> {
    cx.of(Kind::Payment)
        .filter(|d| !is_sale(&cx.applicant, d) && standing(&cx.applicant, d) == Standing::Void)
        .map(|d| {
            let why = d.value("status").or_else(|| d.value("direction"));
            (d, why.map(|s| s.value.to_plain()).unwrap_or_default())
        })
        .collect()
}

/// Vouchers not settled when they were printed, and bills made out to the applicant whose back was not read.
pub(super) fn open(cx: &Cx<'_>) -> Vec<String> {
    let why = |d: &Document| {
        if standing(&cx.applicant, d) == Standing::Pending {
            Some("打印时尚未付成")
        } else {
            may_be_passed_on(&cx.applicant, d).then_some("可能已背书转让，未见背面")
        }
    };
    cx.of(Kind::Payment).filter_map(|d| why(d).map(|w| format!("{}（{w}）", say::doc(d)))).collect()
}

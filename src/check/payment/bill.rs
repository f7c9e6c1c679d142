//! PAY-008 bills whose number, term or endorsements do not fit (`domain.md` §5.1, P-08).

use chrono::{Months, NaiveDate};
use rust_decimal::prelude::ToPrimitive;

use super::parties::title_of;
use crate::check::contract::dates::day;
use crate::check::cx::{date_of, text};
use crate::check::{Cx, Out};
use crate::model::{Document, Draft, Evidence, Field, Grade, Kind, Sourced, Value};
use crate::text::party::{Party, names};
use crate::text::voucher::may_be_passed_on;

/// PAY-008.
pub(super) fn bill(cx: &Cx<'_>, out: &mut Out) {
    let mut any = false;
    for d in cx.of(Kind::Payment) {
        let is_bill = d.fields.contains_key("bill_number")
            || d.fields.contains_key("drawer")
            || text(d, "voucher").is_some_and(|v| v.1.contains("承兑汇票"));
        if !is_bill {
            continue;
        }
        any = true;
        let before = out.drafts.len();
        number(d, out);
        term(cx, d, out);
        endorsements(d, out);
        if may_be_passed_on(&cx.applicant, d) {
            let message = format!(
                "{}的收票人是申报单位，附件中没有背面，看不出是否背书转让给供应商。请补附背书页。",
                title_of(d)
            );
            let evidence = match d.value("payee_name") {
                Some(s) => vec![Evidence::of("收票人", s)],
                None => vec![crate::check::cx::whole("票据", d)],
            };
            out.hit(Draft::unverifiable(format!("{}没有背书页", title_of(d)), message, evidence));
        }
        if out.drafts.len() == before {
            out.pass();
        }
    }
    if !any {
        out.cannot("没有承兑汇票");
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The day in an electronic bill's number: digits 14 to 21, behind the kind and the bank.
fn day_in_number(number: &str) -> Option<NaiveDate> {
    let d = digits(number);
    (d.len() == 30).then(|| NaiveDate::parse_from_str(d.get(13..21)?, "%Y%m%d").ok()).flatten()
}

fn number(d: &Document, out: &mut Out) {
    let Some((n, printed)) = text(d, "bill_number") else { return };
    if digits(&printed).len() != 30 {
        return;
    }
    let title = format!("{}的票据号码与出票日期不符", title_of(d));
    match (day_in_number(&printed), day(d, "issued_on")) {
        (Some(inside), Some((s, issued))) if inside != issued => {
            let message = format!(
                "{}的票据号码第14至21位为{inside}，出票日期却是{issued}。电子票据号码由系统生成，其中的日期就是出票日期。请核对原件，并在票据系统查询。",
                title_of(d)
            );
            let evidence = vec![Evidence::of("票据号码", n), Evidence::of("出票日期", s)];
            out.hit(Draft::anomaly(title, message, evidence).still_holds(|v| {
                let inside = v[0].as_ref().and_then(|x| day_in_number(&x.to_plain()));
                matches!((inside, date_of(&v[1])), (Some(a), Some(b)) if a != b)
            }));
        }
        (None, _) => {
            let message = format!(
                "{}的票据号码第14至21位不是日期（{}）。电子票据号码依次为票据种类1位、行号12位、日期8位、序号8位和校验1位。请核对原件。",
                title_of(d),
                digits(&printed).get(13..21).unwrap_or_default()
            );
            let draft = Draft::anomaly(
                format!("{}的票据号码有误", title_of(d)),
                message,
                vec![Evidence::of("票据号码", n)],
            );
            out.hit(
                draft.still_holds(|v| v[0].as_ref().is_none_or(|x| day_in_number(&x.to_plain()).is_none())),
            );
        }
        _ => {}
    }
}

/// From issue to maturity no longer than the rules of that day allow, and not backwards.
fn term(cx: &Cx<'_>, d: &Document, out: &mut Out) {
    let (Some((i, issued)), Some((u, due))) = (day(d, "issued_on"), day(d, "due_on")) else { return };
    let param = |name: &str| cx.notice.param("PAY-008", name).to_u32().unwrap_or_default();
    let since = NaiveDate::parse_from_str(&param("since").to_string(), "%Y%m%d").unwrap_or(NaiveDate::MAX);
    let (new, old) = (param("months"), param("old_months"));
    let limit = move |issued: NaiveDate| {
        issued
            .checked_add_months(Months::new(if issued >= since { new } else { old }))
            .unwrap_or(NaiveDate::MAX)
    };
    let wrong = move |issued: NaiveDate, due: NaiveDate| due < issued || due > limit(issued);
    if !wrong(issued, due) {
        return;
    }
    let message = format!(
        "{}出票日期{issued}，到期日{due}，{}。请核对原件。",
        title_of(d),
        if due < issued {
            "到期早于出票".to_owned()
        } else {
            format!("超过当时允许的最长期限（到{}）", limit(issued))
        }
    );
    let evidence = vec![Evidence::of("出票日期", i), Evidence::of("汇票到期日", u)];
    out.hit(
        Draft::anomaly(format!("{}的期限有误", title_of(d)), message, evidence).still_holds(
            move |v| matches!((date_of(&v[0]), date_of(&v[1])), (Some(a), Some(b)) if wrong(a, b)),
        ),
    );
}

/// Each endorsee is the next endorser; the first endorser is the payee.
fn endorsements(d: &Document, out: &mut Out) {
    let side = |at: usize, name: &str| d.items.get(at)?.get(name).and_then(Field::found);
    type Side<'a> = Option<&'a Sourced<Value>>;
    let mut links: Vec<(&str, Side<'_>, Side<'_>)> = Vec::new();
    if !d.items.is_empty() {
        links.push(("收票人与第一个背书人", d.value("payee_name"), side(0, "endorser")));
    }
    for at in 1..d.items.len() {
        links.push(("前一被背书人与后一背书人", side(at - 1, "endorsee"), side(at, "endorser")));
    }
    for (what, a, b) in links {
        let (Some(a), Some(b)) = (a, b) else { continue };
        let ocr = a.grade == Grade::Ocr || b.grade == Grade::Ocr;
        let (x, y) = (a.value.to_plain(), b.value.to_plain());
        let evidence = vec![Evidence::of("前手", a), Evidence::of("后手", b)];
        let title = format!("{}的背书不连续", title_of(d));
        let facts = format!("{}：{what}应为同一单位，实为“{x}”和“{y}”。", title_of(d));
        match names(&x, &y, ocr) {
            Party::Same | Party::Variant | Party::Branch => {}
            Party::Doubtful | Party::Unknown => {
                let message = format!("{facts}名称来自扫描识别，可能是误读。");
                out.hit(Draft::unverifiable(title, message, evidence));
            }
            Party::Other => {
                let message = format!(
                    "{facts}背书不连续的票据不能证明由申报单位付给供应商。已排除写法差别和分支机构。请核对背书页是否齐全。"
                );
                out.hit(Draft::anomaly(title, message, evidence).still_holds(|v| match (&v[0], &v[1]) {
                    (Some(a), Some(b)) => names(&a.to_plain(), &b.to_plain(), false) == Party::Other,
                    _ => true,
                }));
            }
        }
    }
}

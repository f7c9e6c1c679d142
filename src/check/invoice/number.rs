//! INVOICE-007: code and number of an invoice against its date, province and kind.

use chrono::{Datelike, NaiveDate};

use super::facts::is_linked;
use super::marks::{day_of, marked};
use super::sums::title_of;
use crate::check::cx::text;
use crate::check::{Cx, Out};
use crate::model::{Document, Draft, Evidence, Grade, Kind, Severity, Sourced, Value};
use crate::text::code::{clean_code, province_of};
use crate::text::normal::squash;
use crate::text::party::is_scrap;

/// Papers that are filed as invoices and numbered in their own ways.
const OTHERS: [&str; 9] = ["机动车", "二手车", "财政", "客票", "行程单", "定额", "机打", "缴款书", "出租"];

/// The last two digits of codes of twelve, by kind: ordinary paper, rolls, electronic, of tolls, special electronic.
const KINDS: [&str; 7] = ["04", "05", "06", "07", "11", "12", "13"];
/// Those of them that nobody prints: their numbers keep for years.
const ELECTRONIC: [&str; 3] = ["11", "12", "13"];

struct Number<'a> {
    number: &'a Sourced<Value>,
    digits: String,
    code: Option<(&'a Sourced<Value>, String)>,
    day: Option<(&'a Sourced<Value>, NaiveDate)>,
}

/// INVOICE-007.
pub(super) fn numbers(cx: &Cx<'_>, out: &mut Out) {
    let mut any = false;
    for d in cx.of(Kind::Invoice).filter(|d| !is_scrap(cx.case, d)) {
        let name = squash(&text(d, "kind_name").map(|x| x.1).unwrap_or_default());
        let Some((number, raw)) = text(d, "number") else { continue };
        if OTHERS.iter().any(|w| name.contains(w)) {
            out.skip();
            continue;
        }
        any = true;
        let code = text(d, "code").map(|(s, c)| (s, clean_code(&c)));
        let n = Number { number, digits: clean_code(&raw), code, day: day_of(d) };
        let draft = shape(d, &n)
            .or_else(|| digital(cx, d, &n))
            .or_else(|| printed(cx, d, &n))
            .or_else(|| kind(d, &n, &name))
            .or_else(|| region(d, &n));
        match draft {
            Some(draft) => {
                let sum = crate::check::chain::invoice_total(d).filter(|_| is_linked(cx, d.id));
                let serious = draft.severity != Some(Severity::Notice);
                let sum = sum.filter(|_| serious).map(|t| t.1.yuan);
                out.hit(draft.effect(sum.unwrap_or_default()));
            }
            None => out.pass(),
        }
    }
    if !any {
        out.cannot("没有读到发票号码");
    }
}

/// Eight or twenty digits; a code of ten or twelve beside the eight.
fn shape(d: &Document, n: &Number<'_>) -> Option<Draft> {
    let plain = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    let bad_number = !(plain(&n.digits) && matches!(n.digits.len(), 8 | 20));
    let bad_code = n.code.as_ref().is_some_and(|(_, c)| !(plain(c) && matches!(c.len(), 10 | 12)));
    if !bad_number && !bad_code {
        return None;
    }
    let mut evidence = Vec::new();
    let mut said = Vec::new();
    if bad_number {
        evidence.push(Evidence::of("发票号码", n.number));
        said.push(format!("号码“{}”共{}位，应为8位或20位数字", n.digits, n.digits.len()));
    }
    if let Some((s, c)) = n.code.as_ref().filter(|_| bad_code) {
        evidence.push(Evidence::of("发票代码", s));
        said.push(format!("代码“{c}”共{}位，应为10位或12位数字", c.len()));
    }
    let ocr = evidence.iter().any(|e| e.grade == Grade::Ocr);
    let message = format!("{}：{}。请核对原件并到查验平台查验。", title_of(d), said.join("；"));
    let title = format!("{}的代码或号码位数不符", title_of(d));
    Some(if ocr {
        Draft::unverifiable(title, format!("{message}来自扫描识别，更可能是没有读全。"), evidence)
    } else {
        Draft::anomaly(title, message, evidence)
    })
}

/// A fully digitalised number: its year is the year of issue, its province exists, and so did such invoices.
fn digital(cx: &Cx<'_>, d: &Document, n: &Number<'_>) -> Option<Draft> {
    if n.digits.len() != 20 {
        return None;
    }
    let fits = |number: &str| region_known(number);
    if !fits(&n.digits) {
        let message = format!(
            "{}的号码第3、4位为“{}”，不是任何省份或计划单列市的代码。请到查验平台查验。",
            title_of(d),
            n.digits.get(2..4)?
        );
        let title = format!("{}号码中的地区代码不存在", title_of(d));
        return Some(
            Draft::anomaly(title, message, vec![Evidence::of("发票号码", n.number)])
                .still_holds(move |v| v[0].as_ref().is_none_or(|x| !fits(&clean_code(&x.to_plain())))),
        );
    }
    let (dated, day) = n.day?;
    let evidence = vec![Evidence::of("发票号码", n.number), Evidence::of("开票日期", dated)];
    let other_year = |number: &str, day: NaiveDate| year_of(number) != Some(day.year());
    if other_year(&n.digits, day) {
        let message = format!(
            "{}的号码前两位表示{}年，开票日期却是{day}。数电票号码按年赋予，不能跨年使用。请到查验平台查验，并核对号码和日期。",
            title_of(d),
            year_of(&n.digits)?
        );
        let title = format!("{}号码与开票年份矛盾", title_of(d));
        return Some(Draft::anomaly(title, message, evidence).severity(Severity::Critical).still_holds(
            move |v| match (&v[0], &v[1]) {
                (Some(x), Some(Value::Date(d))) => other_year(&clean_code(&x.to_plain()), *d),
                _ => true,
            },
        ));
    }
    let first = cx.notice.tax.digital_from?;
    (day < first).then(|| {
        let message = format!(
            "{}是20位号码的数电票，开票日期为{day}，而数电票自{first}起才在首批地区试点开具。请到查验平台查验，并核对日期。",
            title_of(d)
        );
        Draft::anomaly(format!("{}早于数电票开始试点", title_of(d)), message, evidence)
            // When which region began is not settled (`domain.md` §10): to be looked up, no reproach yet.
            .severity(Severity::Minor)
            .still_holds(move |v| match (&v[0], &v[1]) {
                (Some(x), Some(Value::Date(d))) => clean_code(&x.to_plain()).len() == 20 && *d < first,
                _ => true,
            })
    })
}

fn year_of(number: &str) -> Option<i32> {
    number.get(..2)?.parse::<i32>().ok().map(|y| 2000 + y)
}

fn region_known(number: &str) -> bool {
    number.get(2..4).is_some_and(|r| ("91"..="95").contains(&r) || province_of(r).is_some())
}

/// The year in which a code's paper was made, or its batch of numbers was given out. Codes of kinds that are not known
/// may be built otherwise.
fn made_in(code: &str) -> Option<i32> {
    let year = match code.len() {
        10 => code.get(4..6)?,
        12 if code.starts_with('0') && KINDS.contains(&code.get(10..)?) => code.get(5..7)?,
        _ => return None,
    };
    year.parse::<i32>().ok().map(|y| 2000 + y).filter(|y| (2000..2050).contains(y))
}

/// An invoice of tax control: its paper is older than the invoice.
fn printed(cx: &Cx<'_>, d: &Document, n: &Number<'_>) -> Option<Draft> {
    let (s, code) = n.code.as_ref()?;
    let (dated, day) = n.day?;
    let made = made_in(code)?;
    let evidence = || vec![Evidence::of("发票代码", s), Evidence::of("开票日期", dated)];
    let gap = day.year() - made;
    if gap < 0 {
        let next_years_paper = gap == -1 && day.month() == 12;
        let message = format!(
            "{}的代码“{code}”表示{made}年印制（赋码），开票日期却是{day}：发票不能在印制之前开出。{}请到查验平台查验，并核对代码和日期。",
            title_of(d),
            if next_years_paper {
                "年末领用次年发票的可能存在，故只作提示。"
            } else {
                ""
            }
        );
        let title = format!("{}代码年份晚于开票日期", title_of(d));
        let draft = Draft::anomaly(title, message, evidence()).still_holds(|v| match (&v[0], &v[1]) {
            (Some(c), Some(Value::Date(d))) => {
                made_in(&clean_code(&c.to_plain())).is_none_or(|m| m > d.year())
            }
            _ => true,
        });
        return Some(if next_years_paper { draft.severity(Severity::Notice) } else { draft });
    }
    let stock = cx.notice.param("INVOICE-007", "stock_years");
    if code.len() == 12 && code.get(10..).is_some_and(|k| ELECTRONIC.contains(&k)) {
        return None;
    }
    (rust_decimal::Decimal::from(gap) >= stock).then(|| {
        let message = format!(
            "{}的代码“{code}”表示{made}年印制（赋码），{day}才开出，相隔{gap}年。可能是库存旧票，请留意。",
            title_of(d)
        );
        Draft::anomaly(format!("{}使用多年前的发票", title_of(d)), message, evidence())
            .severity(Severity::Notice)
            .still_holds(move |v| match (&v[0], &v[1]) {
                (Some(c), Some(Value::Date(d))) => made_in(&clean_code(&c.to_plain()))
                    .is_some_and(|m| rust_decimal::Decimal::from(d.year() - m) >= stock),
                _ => true,
            })
    })
}

/// Special (true) or ordinary (false), by a code's own digits.
fn special_by_code(code: &str) -> Option<bool> {
    match code.len() {
        10 => match code.as_bytes().get(7)? {
            b'1' | b'5' => Some(true),
            b'3' | b'6' => Some(false),
            _ => None,
        },
        12 if code.starts_with('0') => match code.get(10..)? {
            "13" => Some(true),
            "04" | "05" | "06" | "07" | "11" | "12" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn special_by_title(name: &str) -> Option<bool> {
    match (name.contains("专用发票"), name.contains("普通发票")) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}

/// The kind as the title, the code and the QR code name it.
fn kind(d: &Document, n: &Number<'_>, name: &str) -> Option<Draft> {
    let titled = special_by_title(name)?;
    let title = d.value("kind_name")?;
    let word = |special: bool| if special { "专用发票" } else { "普通发票" };
    // A paper that carries a digital number beside its own code takes both from different systems.
    let coded = n.code.as_ref().filter(|_| n.digits.len() == 8 && !marked(d, "数电纸质"));
    if let Some((s, code)) = coded
        && let Some(special) = special_by_code(code)
        && special != titled
    {
        let message = format!(
            "{}票头为“{name}”，代码“{code}”却是{}的代码。请到查验平台查验。",
            title_of(d),
            word(special)
        );
        let evidence = vec![Evidence::of("发票代码", s), Evidence::of("票头", title)];
        return Some(
            Draft::anomaly(format!("{}票种与代码不符", title_of(d)), message, evidence).still_holds(
                |v| match (&v[0], &v[1]) {
                    (Some(c), Some(t)) => {
                        matches!((special_by_code(&clean_code(&c.to_plain())), special_by_title(&t.to_plain())), (Some(a), Some(b)) if a != b)
                    }
                    _ => true,
                },
            ),
        );
    }
    let (qr, kind) = text(d, "qr.kind")?;
    let special = match kind.trim() {
        "01" | "08" | "31" => true,
        "04" | "10" | "11" | "14" | "32" => false,
        _ => return None,
    };
    (special != titled).then(|| {
        let message = format!(
            "{}票头为“{name}”，二维码却标明{}（{}）。请到查验平台查验。",
            title_of(d),
            word(special),
            kind.trim()
        );
        let evidence = vec![Evidence::of("二维码票种", qr), Evidence::of("票头", title)];
        Draft::anomaly(format!("{}票种与二维码不符", title_of(d)), message, evidence).still_holds(move |v| {
            v[1].as_ref().is_none_or(|t| special_by_title(&t.to_plain()) == Some(!special))
        })
    })
}

/// The code's province against the seller's: only worth a look, firms move.
fn region(d: &Document, n: &Number<'_>) -> Option<Draft> {
    let (s, id) = text(d, "seller_tax_id")?;
    let id = clean_code(&id);
    let agency = marked(d, "代开") || text(d, "seller_name").is_some_and(|x| x.1.contains("税务"));
    if agency || id.len() != 18 || n.number.grade == Grade::Ocr || s.grade == Grade::Ocr {
        return None;
    }
    let (label, source, digits) = match &n.code {
        Some((c, code)) if code.len() == 10 => ("发票代码", *c, code.get(..2)?.to_owned()),
        Some((c, code)) if code.len() == 12 && code.starts_with('0') => {
            ("发票代码", *c, code.get(1..3)?.to_owned())
        }
        None if n.digits.len() == 20 => ("发票号码", n.number, n.digits.get(2..4)?.to_owned()),
        _ => return None,
    };
    let (of_code, of_seller) = (province_of(&digits)?, province_of(&id)?);
    (of_code != of_seller && source.grade != Grade::Ocr).then(|| {
        let message = format!(
            "{}的{label}属{of_code}，销售方税号登记地为{of_seller}。销售方跨省迁移、跨地区经营可以造成，请留意。",
            title_of(d)
        );
        let evidence = vec![Evidence::of(label, source), Evidence::of("销售方税号", s)];
        Draft::anomaly(format!("{}的地区与销售方不同省", title_of(d)), message, evidence)
            .severity(Severity::Notice)
    })
}

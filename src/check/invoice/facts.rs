//! INVOICE-004 the buyer, INVOICE-005 tax ids, INVOICE-006 the date, INVOICE-008 the QR code, INVOICE-011 used twice.

use std::collections::BTreeMap;

use chrono::Datelike;
use rust_decimal::Decimal;

use super::copies::same_bytes;
use super::sums::title_of;
use crate::check::chain::{chains, invoice_key, invoice_total, row_name};
use crate::check::cx::{money, text, yuan};
use crate::check::filing::Filing;
use crate::check::{Cx, Out, say};
use crate::model::{Document, Draft, Evidence, Grade, Kind, Severity, Sourced, Value};
use crate::text::code::{CodeCheck, check_taxpayer_id, clean_code};
use crate::text::party::{Party, is_placeholder, is_sale, is_scrap, names, party};

/// Whether a row of the list rests on the document.
pub(in crate::check) fn is_linked(cx: &Cx<'_>, id: u32) -> bool {
    cx.case
        .investment
        .rows
        .iter()
        .any(|r| r.contracts.iter().chain(&r.invoices).chain(&r.payments).any(|l| l.document == id))
}

/// Evidence for the fields of a document that are there.
pub(in crate::check) fn fields(d: &Document, pairs: &[(&str, &str)]) -> Vec<Evidence> {
    let found: Vec<Evidence> =
        pairs.iter().filter_map(|(f, l)| Some(Evidence::of_field(*l, d.fields.get(*f)?))).collect();
    if found.is_empty() { vec![crate::check::cx::whole(say::kind(d.kind), d)] } else { found }
}

fn plain(d: &Document, field: &str) -> String {
    d.value(field).map(|s| s.value.to_plain()).unwrap_or_default()
}

/// INVOICE-004.
pub(super) fn buyer(cx: &Cx<'_>, out: &mut Out) {
    if !cx.applicant.is_known() {
        return out.cannot("没有读到申报单位的名称和代码");
    }
    let mut any = false;
    for d in cx.of(Kind::Invoice).filter(|d| !is_sale(&cx.applicant, d) && !is_scrap(cx.case, d)) {
        any = true;
        let evidence = || fields(d, &[("buyer_name", "购买方名称"), ("buyer_tax_id", "购买方税号")]);
        let name = plain(d, "buyer_name");
        let own = cx.applicant.names.first().cloned().unwrap_or_default();
        let title = format!("{}的购买方不是申报单位", title_of(d));
        match party(&cx.applicant, d, "buyer_name", "buyer_tax_id") {
            Party::Same | Party::Variant => {
                let odd = d.value("buyer_name").is_some_and(|s| {
                    s.grade != Grade::Ocr
                        && cx
                            .applicant
                            .names
                            .iter()
                            .all(|n| names(n, &s.value.to_plain(), false) == Party::Other)
                });
                if odd {
                    let message = format!(
                        "购买方税号与申报单位相同，名称却是“{name}”（申报单位为“{own}”）。可能是曾用名或开票时名称未更新，请核对。"
                    );
                    out.hit(
                        Draft::anomaly(format!("{}购买方名称与税号不对应", title_of(d)), message, evidence())
                            .severity(Severity::Notice),
                    );
                } else {
                    out.pass();
                }
            }
            Party::Branch => {
                let message = format!(
                    "购买方为“{name}”，是申报单位“{own}”的分支机构或上级。分支机构采购可以接受，请核对是否用于本平台。"
                );
                out.hit(
                    Draft::anomaly(format!("{}的购买方是分支机构", title_of(d)), message, evidence())
                        .severity(Severity::Notice),
                );
            }
            Party::Doubtful => {
                let message = format!(
                    "购买方读作“{name}”，与申报单位“{own}”相近但不相同，来自扫描识别，可能是误读。请对照原件。"
                );
                out.hit(Draft::unverifiable(title, message, evidence()));
            }
            Party::Unknown => {
                let message = "购买方名称和税号均未能读取，无法核对是否为申报单位。请人工查看。";
                out.hit(Draft::unverifiable(format!("{}的购买方未能读取", title_of(d)), message, evidence()));
            }
            Party::Other => {
                let message = format!(
                    "购买方为“{name}”（税号{}），申报单位为“{own}”（{}）。已比对税号和规范化名称，并排除分支机构。集团集中采购、合作方出资、更名都应有书面材料，请申报单位提供；否则该发票不能作为本单位投入。",
                    plain(d, "buyer_tax_id"),
                    cx.applicant.ids.join("、")
                );
                let who = cx.applicant.clone();
                let linked = is_linked(cx, d.id);
                let both = d.value("buyer_name").is_some();
                let draft = Draft::anomaly(title, message, evidence()).still_holds(move |v| {
                    let t = |i: usize| v.get(i).and_then(|x| x.as_ref()).map(Value::to_plain);
                    let (name, id) = if both { (t(0), t(1)) } else { (None, t(0)) };
                    who.meets(name.as_deref(), id.as_deref(), false) == Party::Other
                });
                let sum = invoice_total(d).filter(|_| linked).map(|t| t.1.yuan);
                let draft = draft.effect(sum.unwrap_or_default());
                out.hit(if linked || cx.case.investment.rows.is_empty() {
                    draft
                } else {
                    draft.severity(Severity::Minor)
                });
            }
        }
    }
    if !any {
        out.cannot("没有投资发票");
    }
}

/// INVOICE-005.
pub(super) fn tax_ids(cx: &Cx<'_>, out: &mut Out) {
    let mut any = false;
    for d in cx.of(Kind::Invoice) {
        for (f, label, severity) in
            [("seller_tax_id", "销售方", Severity::Major), ("buyer_tax_id", "购买方", Severity::Notice)]
        {
            let Some((s, raw)) = text(d, f) else { continue };
            any = true;
            let id = clean_code(&raw);
            if is_placeholder(&id) && id.len() < 9 {
                out.skip();
                continue;
            }
            let why = match check_taxpayer_id(&id) {
                CodeCheck::Valid => {
                    out.pass();
                    continue;
                }
                CodeCheck::WrongCheck { expected } => {
                    format!("校验位应为“{expected}”，实为“{}”", id.chars().last().unwrap_or(' '))
                }
                CodeCheck::Malformed => {
                    format!("共{}位，不是18位统一社会信用代码、15位旧税号或个人税号", id.len())
                }
            };
            let title = format!("{}{label}税号有误", title_of(d));
            let message = format!(
                "{label}税号“{raw}”：{why}。税号由开票系统带出，正常情况下不会有误。请查验发票并核对{label}登记信息。"
            );
            let evidence = vec![Evidence::of(format!("{label}税号"), s)];
            out.hit(if s.grade == Grade::Ocr {
                Draft::unverifiable(title, format!("{message}该税号来自扫描识别，更可能是误读。"), evidence)
            } else {
                Draft::anomaly(title, message, evidence).severity(severity)
            });
        }
    }
    if !any {
        out.cannot("发票上没有读到税号");
    }
}

/// INVOICE-006.
pub(super) fn date(cx: &Cx<'_>, out: &mut Out) {
    let filing = Filing::of(cx);
    let first = cx.notice.years.first().copied().unwrap_or_default();
    let mut any = false;
    for d in cx.of(Kind::Invoice).filter(|d| !is_sale(&cx.applicant, d)) {
        let Some(s) = d.value("date") else { continue };
        let Value::Date(day) = s.value else { continue };
        any = true;
        let effect =
            if is_linked(cx, d.id) { invoice_total(d).map(|t| t.1.yuan) } else { None }.unwrap_or_default();
        if day > filing.limit {
            let message = format!(
                "{}开票日期为{day}，晚于{}。申报时这张发票还不存在，不能作为已完成投资的凭证。请查验发票，并核对申报日期是否填错。",
                title_of(d),
                filing.name()
            );
            out.hit(
                Draft::anomaly(
                    format!("{}开票日期晚于申报", title_of(d)),
                    message,
                    filing.evidence("开票日期", s),
                )
                .severity(Severity::Critical)
                .effect(effect)
                .still_holds(filing.still_later()),
            );
        } else if day.year() < first && is_linked(cx, d.id) {
            let message = format!(
                "{}开票日期为{day}，早于通知所指近两年（{first}年起）。请核对该项投入是否属于本次申报范围。",
                title_of(d)
            );
            out.hit(
                Draft::anomaly(
                    format!("{}不在计入年度内", title_of(d)),
                    message,
                    vec![Evidence::of("开票日期", s)],
                )
                .effect(effect)
                .still_holds(move |v| matches!(&v[0], Some(Value::Date(d)) if d.year() < first)),
            );
        } else {
            out.pass();
        }
    }
    if !any {
        out.cannot("没有读到投资发票的开票日期");
    }
}

/// INVOICE-008.
pub(super) fn qr(cx: &Cx<'_>, out: &mut Out) {
    let mut any = false;
    for d in cx.of(Kind::Invoice) {
        if !d.fields.keys().any(|k| k.starts_with("qr.")) {
            continue;
        }
        any = true;
        let number = plain(d, "qr.number");
        let foreign =
            cx.of(Kind::Invoice).any(|o| o.id != d.id && o.file == d.file && plain(o, "number") == number);
        if foreign && plain(d, "number") != number {
            // The code of a neighbour on the same sheet.
            out.skip();
            continue;
        }
        match qr_draft(d) {
            Some(draft) => out.hit(draft),
            None => out.pass(),
        }
    }
    if !any {
        out.cannot("没有解出发票二维码");
    }
}

/// Fields that print and code both give and that differ.
fn qr_draft(d: &Document) -> Option<Draft> {
    let mut evidence = Vec::new();
    let mut said = Vec::new();
    let printed = |f: &str| d.value(f).filter(|s| s.grade != Grade::Qr);
    for (f, q, label) in [
        ("number", "qr.number", "发票号码"),
        ("code", "qr.code", "发票代码"),
        ("date", "qr.date", "开票日期"),
    ] {
        let (Some(p), Some(c)) = (printed(f), d.value(q)) else { continue };
        if !same_print(&p.value, &c.value) {
            evidence.push(Evidence::of(format!("票面{label}"), p));
            evidence.push(Evidence::of(format!("二维码{label}"), c));
            said.push(format!("{label}票面为{}、二维码为{}", p.value.to_plain(), c.value.to_plain()));
        }
    }
    let pairs = evidence.len();
    let mut bases = 0;
    if let Some((c, q)) = money(d, "qr.amount") {
        let sides: Vec<(&str, &Sourced<Value>, Decimal)> = [("合计金额", "amount"), ("价税合计", "total")]
            .into_iter()
            .filter_map(|(l, f)| money(d, f).filter(|m| m.0.grade != Grade::Qr).map(|(s, m)| (l, s, m.yuan)))
            .collect();
        if sides.len() == 2 && sides.iter().all(|s| s.2.abs() != q.yuan.abs()) {
            evidence.push(Evidence::of("二维码金额", c));
            evidence.extend(sides.iter().map(|s| Evidence::of(format!("票面{}", s.0), s.1)));
            bases = sides.len();
            said.push(format!(
                "二维码金额为{}，与票面合计金额{}、价税合计{}都不等",
                say::yuan(q.yuan),
                say::yuan(sides[0].2),
                say::yuan(sides[1].2)
            ));
        }
    }
    if said.is_empty() {
        return None;
    }
    let title = format!("{}二维码与票面不一致", title_of(d));
    let message = format!(
        "{}：{}。二维码随发票由系统生成，改动票面者往往没有改二维码；金额已按含税、不含税两种口径比对。请到查验平台按二维码的号码查验，并核对原件。",
        title_of(d),
        said.join("；")
    );
    Some(Draft::anomaly(title, message, evidence).still_holds(move |v| {
        let apart = (0..pairs).step_by(2).any(|i| match (&v[i], &v[i + 1]) {
            (Some(a), Some(b)) => !same_print(a, b),
            _ => false,
        });
        let amounts = bases == 2
            && !(pairs + 1..pairs + 3)
                .any(|i| yuan(&v[i]).map(|a| a.abs()) == yuan(&v[pairs]).map(|a| a.abs()));
        apart || amounts
    }))
}

fn same_print(a: &Value, b: &Value) -> bool {
    let digits = |v: &Value| v.to_plain().chars().filter(char::is_ascii_digit).collect::<String>();
    digits(a) == digits(b)
}

/// INVOICE-011.
pub(super) fn twice(cx: &Cx<'_>, out: &mut Out) {
    let mut by_key: BTreeMap<(String, String), Vec<&Document>> = BTreeMap::new();
    for d in cx.of(Kind::Invoice).filter(|d| !is_sale(&cx.applicant, d)) {
        match invoice_key(d) {
            Some(key) => by_key.entry(key).or_default().push(d),
            None => out.skip(),
        }
    }
    if by_key.is_empty() {
        return out.cannot("没有读到完整的发票代码和号码");
    }
    let chains = chains(cx);
    for copies in by_key.values() {
        if copies.len() < 2 {
            out.pass();
            continue;
        }
        let chain = chains
            .iter()
            .find(|c| c.rows.len() > 1 && copies.iter().any(|d| c.copies.iter().any(|x| x.id == d.id)));
        let over = chain.and_then(|c| {
            let (claim, gross) = (c.claimed()?, c.gross()?);
            (claim > gross + cx.notice.claim_slack(claim).max(c.slack())).then_some((c, claim, gross))
        });
        let mut evidence: Vec<Evidence> =
            copies.iter().filter_map(|d| Some(Evidence::of("发票号码", d.value("number")?))).collect();
        let places: Vec<String> = copies.iter().map(|d| say::doc(d)).collect();
        if let Some((chain, claim, gross)) = over {
            evidence.extend(chain.claim_evidence());
            let rows: Vec<String> = chain.rows.iter().map(|r| row_name(r)).collect();
            let message = format!(
                "同一张{}在附件中出现{}次（{}），分别用于{}。各行合计申报{}，而发票只计一次时为{}，{}没有发票支持。已排除一张发票分摊到几行、同一发票重复装订的情形（那时合计不会超过发票）。请申报单位说明。",
                title_of(copies[0]),
                copies.len(),
                places.join("、"),
                say::list(&rows, 5),
                say::yuan(claim),
                say::yuan(gross),
                say::yuan(claim - gross)
            );
            out.hit(
                Draft::anomaly(format!("{}重复作为几项投入的凭证", title_of(copies[0])), message, evidence)
                    .effect(claim - gross),
            );
        } else if copies
            .iter()
            .enumerate()
            .all(|(i, d)| copies[..i].iter().all(|o| o.read_by != d.read_by || same_bytes(o, d)))
        {
            // The print beside its data file is as it should be; so is the same file beside the archive it came in.
            out.pass();
        } else {
            let message = format!(
                "同一张{}在附件中出现{}次（{}）。只计一次时各行仍有足额发票，属重复装订，不影响金额。",
                title_of(copies[0]),
                copies.len(),
                places.join("、")
            );
            out.hit(
                Draft::anomaly(format!("{}重复装订", title_of(copies[0])), message, evidence)
                    .severity(Severity::Notice),
            );
        }
    }
}

//! INVOICE-014: a seller that appears related to the applicant.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::check::chain::invoice_total;
use crate::check::cx::{text, text_of};
use crate::check::{Cx, Out, say};
use crate::model::{Document, Draft, Evidence, Grade, Kind, Severity, Sourced, Value};
use crate::text::name::normal_name;
use crate::text::normal::squash;
use crate::text::party::{Party, is_sale, is_scrap, names};

/// A thing by which two parties may turn out to be one.
struct Mark<'a> {
    what: &'static str,
    key: String,
    label: String,
    source: &'a Sourced<Value>,
}

/// INVOICE-014.
pub(super) fn related(cx: &Cx<'_>, out: &mut Out) {
    let bought: Vec<&Document> =
        cx.of(Kind::Invoice).filter(|d| !is_sale(&cx.applicant, d) && !is_scrap(cx.case, d)).collect();
    if bought.is_empty() {
        return out.cannot("没有投资发票");
    }
    let own = own_marks(cx, &bought);
    let mut sellers: BTreeMap<String, Vec<&Document>> = BTreeMap::new();
    for d in &bought {
        if let Some((_, name)) = text(d, "seller_name") {
            sellers.entry(normal_name(&name)).or_default().push(d);
        }
    }
    for (name, invoices) in &sellers {
        let theirs: Vec<Mark<'_>> = invoices.iter().flat_map(|d| marks(d, "seller")).collect();
        let same: Vec<(&Mark<'_>, &Mark<'_>)> = theirs
            .iter()
            .filter_map(|t| Some((own.iter().find(|o| o.what == t.what && o.key == t.key)?, t)))
            .collect();
        match same.first() {
            Some(_) => out.hit(shares(name, &same, invoices)),
            None => out.pass(),
        }
    }
    partner(cx, &sellers, out);
}

/// The applicant's phones, accounts and addresses: by form, licence and as buyer.
fn own_marks<'a>(cx: &Cx<'a>, bought: &[&'a Document]) -> Vec<Mark<'a>> {
    let mut out = Vec::new();
    for (field, what) in [
        ("封面.联系电话", "电话"),
        ("基本信息.平台负责人.固定电话", "电话"),
        ("基本信息.平台负责人.移动电话", "电话"),
        ("基本信息.单位地址", "地址"),
    ] {
        if let Some(s) = cx.form(field) {
            let label = format!("申报书{}", field.rsplit('.').next().unwrap_or(field));
            out.extend(pieces(what, &label, s));
        }
    }
    for d in cx.of(Kind::BusinessLicence) {
        let own = text(d, "name")
            .is_some_and(|n| cx.applicant.names.iter().any(|k| names(k, &n.1, false).is_same()));
        if let Some(s) = d.value("address").filter(|_| own) {
            out.extend(pieces("地址", "营业执照住所", s));
        }
    }
    for d in bought {
        out.extend(marks(d, "buyer"));
    }
    out
}

fn marks<'a>(d: &'a Document, side: &str) -> Vec<Mark<'a>> {
    let who = if side == "seller" { "销售方" } else { "购买方" };
    let mut out = Vec::new();
    if let Some(s) = d.value(&format!("{side}_address")) {
        out.extend(pieces("电话", &format!("{who}电话"), s));
        out.extend(pieces("地址", &format!("{who}地址"), s));
    }
    if let Some(s) = d.value(&format!("{side}_bank")) {
        out.extend(pieces("账号", &format!("{who}账号"), s));
    }
    out
}

/// What identifies: the digits of a phone or an account, an address down to its number.
fn pieces<'a>(what: &'static str, label: &str, s: &'a Sourced<Value>) -> Vec<Mark<'a>> {
    // A misread digit would join strangers as easily as part friends.
    if s.grade == Grade::Ocr {
        return Vec::new();
    }
    let printed = squash(&text_of(s));
    let keys: Vec<String> = match what {
        "地址" => room(&text_of(s)).into_iter().collect(),
        _ => {
            let (least, most) = if what == "账号" { (12, 32) } else { (7, 12) };
            printed
                .split(|c: char| !(c.is_ascii_digit() || (what == "电话" && c == '-')))
                .map(|p| p.replace('-', ""))
                .filter(|p| (least..=most).contains(&p.len()) && !p.bytes().all(|b| b == b'0'))
                .collect()
        }
    };
    keys.into_iter().map(|key| Mark { what, key, label: label.to_owned(), source: s }).collect()
}

/// An address down to its room, without the phone behind it. Anything less is shared by a whole park.
fn room(text: &str) -> Option<String> {
    let phone = |t: &str| {
        let digits = t.chars().filter(char::is_ascii_digit).count();
        digits >= 7 && t.chars().all(|c| c.is_ascii_digit() || c == '-')
    };
    let words: Vec<&str> = text.split_whitespace().filter(|w| !phone(w)).collect();
    let address = squash(&words.concat());
    let tail = address.chars().rev().take_while(|c| c.is_ascii_digit() || *c == '-').count();
    let exact = address.ends_with(['室', '房']) || (1..=5).contains(&tail);
    let inside = ["栋", "楼", "层", "座", "单元", "幢"].iter().any(|w| address.contains(w));
    // The province may be left out.
    let from = address.find('市').map_or(0, |i| i + '市'.len_utf8());
    (exact && inside && address.chars().count() >= 12).then(|| address[from..].to_owned())
}

fn shares(seller: &str, same: &[(&Mark<'_>, &Mark<'_>)], invoices: &[&Document]) -> Draft {
    let mut evidence = Vec::new();
    let mut said = Vec::new();
    for (own, theirs) in same {
        let line = format!("{}与{}相同（{}）", theirs.label, own.label, theirs.key);
        if !said.contains(&line) {
            said.push(line);
            evidence.push(Evidence::of(theirs.label.clone(), theirs.source));
            evidence.push(Evidence::of(own.label.clone(), own.source));
        }
    }
    let account = same.iter().any(|(_, t)| t.what == "账号");
    let sum: Decimal = invoices.iter().filter_map(|d| invoice_total(d)).map(|t| t.1.yuan).sum();
    let message = format!(
        "销售方“{seller}”的{}。该销售方的发票合计{}。同一园区、同一写字楼、代理记账会使电话或地址相同；关联采购只要真实、价格公允、已披露即可。请申报单位说明双方关系。",
        say::list(&said, 4),
        say::yuan(sum)
    );
    let draft = Draft::anomaly(format!("销售方“{seller}”可能与申报单位有关联"), message, evidence);
    if account { draft.severity(Severity::Major) } else { draft }
}

/// A named partner that also sells a large part of the list.
fn partner(cx: &Cx<'_>, sellers: &BTreeMap<String, Vec<&Document>>, out: &mut Out) {
    let least = cx.notice.param("INVOICE-014", "partner_percent");
    let sum = |list: &[&Document]| -> Decimal {
        list.iter().filter_map(|d| invoice_total(d)).map(|t| t.1.yuan).sum()
    };
    let whole: Decimal = sellers.values().map(|l| sum(l)).sum();
    let named = cx.case.form().into_iter().flat_map(|f| &f.fields).filter(|(k, _)| {
        *k == "平台基本信息.合作伙伴" || (k.starts_with("基本信息.技术支撑单位.") && k.ends_with(".单位名称"))
    });
    for s in named.filter_map(|(_, f)| f.found()) {
        let stated = text_of(s);
        for (name, list) in sellers {
            let part = sum(list);
            let fits = names(&stated, name, false) == Party::Same;
            if !fits || whole.is_zero() || part * Decimal::ONE_HUNDRED < whole * least {
                continue;
            }
            let mut evidence = vec![Evidence::of("申报书合作单位", s)];
            evidence.extend(list[0].value("seller_name").map(|s| Evidence::of("销售方名称", s)));
            let message = format!(
                "申报书所列合作单位“{stated}”同时是销售方，其发票合计{}，占全部投资发票{}的{}。合作方供货可以成立，请留意价格是否公允。",
                say::yuan(part),
                say::yuan(whole),
                say::percent(part, whole)
            );
            out.hit(
                Draft::anomaly(format!("合作单位“{name}”是主要销售方"), message, evidence)
                    .severity(Severity::Notice),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::room;

    #[test]
    fn only_a_room_identifies() {
        assert_eq!(
            room("湖南省长沙市岳麓区示例路1号3栋502 0731-88001122").as_deref(),
            Some("岳麓区示例路1号3栋502")
        );
        assert_eq!(room("长沙市岳麓区示例路1号 0731-88001122"), None);
        assert_eq!(room("长沙市岳麓区软件园3栋"), None);
    }
}

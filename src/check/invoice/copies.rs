//! INVOICE-009 the readings of one invoice against each other, INVOICE-012 what its digests and signatures say.

use std::collections::BTreeMap;

use super::facts::is_linked;
use super::sums::title_of;
use crate::check::chain::{invoice_key, invoice_total};
use crate::check::cx::{whole, yuan};
use crate::check::{Cx, Out, say};
use crate::model::{Document, Draft, Evidence, Grade, IntegrityState, Kind, Severity, Sourced, Value};
use crate::text::code::clean_code;
use crate::text::party::{Party, is_placeholder, names};

/// What every copy of an invoice states alike. Lines are left out: a copy may show them on a list of its own.
const FIELDS: &[(&str, &str)] = &[
    ("code", "发票代码"),
    ("number", "发票号码"),
    ("date", "开票日期"),
    ("buyer_name", "购买方名称"),
    ("buyer_tax_id", "购买方税号"),
    ("seller_name", "销售方名称"),
    ("seller_tax_id", "销售方税号"),
    ("amount", "合计金额"),
    ("tax", "合计税额"),
    ("total", "价税合计"),
];

/// One reading of an invoice: a document, or the print beside a document's data.
struct Copy<'a> {
    document: &'a Document,
    prefix: &'static str,
}

impl<'a> Copy<'a> {
    /// What the copy itself states. What only its QR code says is INVOICE-008's matter.
    fn value(&self, field: &str) -> Option<&'a Sourced<Value>> {
        let s = self.document.value(&format!("{}{field}", self.prefix))?;
        (s.grade != Grade::Qr && !s.value.to_plain().trim().is_empty()).then_some(s)
    }

    fn place(&self) -> String {
        let what = match (self.prefix, self.document.value("number").map(|s| s.grade)) {
            ("", Some(Grade::Data)) => "的结构化数据",
            ("", _) => "",
            _ => "的版面",
        };
        format!("{}{what}", say::doc(self.document))
    }
}

/// Whether two documents are the same pages of the same file, filed twice.
pub(super) fn same_bytes(a: &Document, b: &Document) -> bool {
    !a.sha256.is_empty() && a.sha256 == b.sha256 && a.pages == b.pages
}

/// INVOICE-009.
pub(super) fn copies(cx: &Cx<'_>, out: &mut Out) {
    let mut by_key: BTreeMap<(String, String), Vec<Copy<'_>>> = BTreeMap::new();
    for document in cx.of(Kind::Invoice) {
        let Some(key) = invoice_key(document) else { continue };
        let readings = by_key.entry(key).or_default();
        // The same bytes once more are no other reading.
        if readings.iter().any(|c| same_bytes(c.document, document)) {
            continue;
        }
        readings.push(Copy { document, prefix: "" });
        if document.fields.keys().any(|k| k.starts_with("print.")) {
            readings.push(Copy { document, prefix: "print." });
        }
    }
    if by_key.is_empty() {
        return out.cannot("没有读到完整的发票代码和号码");
    }
    for readings in by_key.values_mut() {
        if readings.len() < 2 {
            out.skip();
            continue;
        }
        // Data is what the tax system issued: the others are held against it.
        readings.sort_by_key(|c| std::cmp::Reverse(c.value("number").map(|s| s.grade)));
        let drafts: Vec<Draft> =
            readings[1..].iter().filter_map(|other| apart(cx, &readings[0], other)).collect();
        if drafts.is_empty() {
            out.pass();
        }
        for draft in drafts {
            out.hit(draft);
        }
    }
}

/// The fields in which two readings of one invoice differ.
fn apart(cx: &Cx<'_>, a: &Copy<'_>, b: &Copy<'_>) -> Option<Draft> {
    let mut evidence = Vec::new();
    let mut said = Vec::new();
    let mut compared: Vec<&'static str> = Vec::new();
    for (field, label) in FIELDS {
        let (Some(x), Some(y)) = (a.value(field), b.value(field)) else { continue };
        if differ(field, &x.value, &y.value, x.grade == Grade::Ocr || y.grade == Grade::Ocr) {
            evidence.push(Evidence::of(format!("{label}（甲）"), x));
            evidence.push(Evidence::of(format!("{label}（乙）"), y));
            said.push(format!("{label}一处为{}，另一处为{}", x.value.to_plain(), y.value.to_plain()));
            compared.push(field);
        }
    }
    if said.is_empty() {
        return None;
    }
    let title = format!("{}的两个版本不一致", title_of(a.document));
    let message = format!(
        "{}有两个版本：甲为{}，乙为{}。{}。号码相同的发票只有一张，各版本应当逐项相同；红冲和换开的发票号码不同，不属此列。已排除空格、括号、全半角等写法差别。请到查验平台按号码查验，以查验结果为准。",
        title_of(a.document),
        a.place(),
        b.place(),
        said.join("；")
    );
    let effect =
        invoice_total(a.document).filter(|_| is_linked(cx, a.document.id) || is_linked(cx, b.document.id));
    let draft = Draft::anomaly(title, message, evidence)
        .effect(effect.map(|t| t.1.yuan).unwrap_or_default())
        .still_holds(move |v| {
            compared.iter().zip(v.chunks(2)).any(|(field, pair)| match pair {
                [Some(x), Some(y)] => differ(field, x, y, false),
                _ => false,
            })
        });
    Some(draft)
}

fn differ(field: &str, a: &Value, b: &Value, doubtful: bool) -> bool {
    let (x, y) = (a.to_plain(), b.to_plain());
    match field {
        "buyer_name" | "seller_name" => names(&x, &y, doubtful) == Party::Other,
        "buyer_tax_id" | "seller_tax_id" => {
            let (x, y) = (clean_code(&x), clean_code(&y));
            !is_placeholder(&x) && !is_placeholder(&y) && x != y
        }
        "amount" | "tax" | "total" => {
            matches!((yuan(&Some(a.clone())), yuan(&Some(b.clone()))), (Some(x), Some(y)) if x != y)
        }
        "code" | "number" => {
            let digits = |s: &str| s.chars().filter(char::is_ascii_digit).collect::<String>();
            digits(&x) != digits(&y)
        }
        _ => x != y,
    }
}

/// INVOICE-012.
pub(super) fn integrity(cx: &Cx<'_>, out: &mut Out) {
    let mut any = false;
    let mut told: Vec<&Document> = Vec::new();
    for d in cx.of(Kind::Invoice) {
        if told.iter().any(|t| same_bytes(t, d)) {
            continue;
        }
        told.push(d);
        let broken: Vec<String> = d
            .integrity
            .iter()
            .filter_map(|i| match &i.state {
                IntegrityState::Broken(what) => Some(format!("{}：{what}", i.what)),
                _ => None,
            })
            .collect();
        let verified = d.integrity.iter().any(|i| i.state == IntegrityState::Verified);
        any |= verified || !broken.is_empty();
        if broken.is_empty() {
            if verified {
                out.pass()
            } else {
                out.skip()
            }
            continue;
        }
        let mut evidence = vec![whole("电子发票文件", d)];
        evidence.extend(d.value("number").map(|s| Evidence::of("发票号码", s)));
        let message = format!(
            "{}带有开具时的摘要或签名，重新计算后不符：{}。说明文件在开具之后被改动过。没有签名、算法不认识的都不算在内。请索取原始文件，或到查验平台按号码查验。",
            title_of(d),
            broken.join("；")
        );
        let effect = invoice_total(d).filter(|_| is_linked(cx, d.id)).map(|t| t.1.yuan).unwrap_or_default();
        out.hit(
            Draft::anomaly(format!("{}在开具之后被改动", title_of(d)), message, evidence)
                .severity(Severity::Critical)
                .effect(effect),
        );
    }
    if !any {
        out.cannot("没有带摘要或签名的电子发票");
    }
}

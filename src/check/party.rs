//! The applicant and the parties of papers.

use crate::model::{Case, Document, Grade, Kind, Sourced, Value};
use crate::text::code::{CodeCheck, check_uscc, clean_code};
use crate::text::party::{Party, Who};

/// Form fields that name the applicant.
pub const NAME_FIELDS: [&str; 2] = ["基本信息.单位名称", "封面.企业名称"];

/// The applicant by form and licence: a paper that names either one is the applicant's (whether the two agree is
/// ENTITY-001's question).
pub fn applicant_of(case: &Case) -> Who {
    let mut who = Who::default();
    if let Some(form) = case.form() {
        for field in NAME_FIELDS {
            add_name(&mut who, form.value(field));
        }
        add_id(&mut who, form.value("基本信息.组织机构代码"));
    }
    for licence in case.documents.iter().filter(|d| d.kind == Kind::BusinessLicence) {
        add_name(&mut who, licence.value("name"));
        add_id(&mut who, licence.value("uscc"));
    }
    who
}

fn add_name(who: &mut Who, value: Option<&Sourced<Value>>) {
    if let Some(Value::Text(t)) = value.map(|s| &s.value)
        && t.chars().count() >= 4
        && !who.names.contains(t)
    {
        who.names.push(t.clone());
    }
}

fn add_id(who: &mut Who, value: Option<&Sourced<Value>>) {
    let Some(s) = value else { return };
    let id = clean_code(&s.value.to_plain());
    if matches!(check_uscc(&id), CodeCheck::Valid) && !who.ids.contains(&id) {
        who.ids.push(id);
    }
}

/// How the party in two fields of a document relates to `who`.
pub fn party(who: &Who, doc: &Document, name: &str, id: &str) -> Party {
    let n = doc.value(name);
    let i = doc.value(id);
    let ocr = [n, i].into_iter().flatten().any(|s| s.grade == Grade::Ocr);
    let text = |s: Option<&Sourced<Value>>| s.map(|s| s.value.to_plain());
    who.meets(text(n).as_deref(), text(i).as_deref(), ocr)
}

/// Whether the document is one of the applicant's sales (证明材料 5): there the applicant is seller or payee, so it
/// never backs the investment list.
pub fn is_sale(who: &Who, doc: &Document) -> bool {
    let (ours, theirs) = match doc.kind {
        Kind::Invoice => {
            (party(who, doc, "seller_name", "seller_tax_id"), party(who, doc, "buyer_name", "buyer_tax_id"))
        }
        Kind::Contract => (party(who, doc, "party_b", ""), party(who, doc, "party_a", "")),
        Kind::Payment => (party(who, doc, "payee_name", ""), party(who, doc, "payer_name", "")),
        _ => return false,
    };
    ours.is_same() && !theirs.is_same()
}

//! The parties of a contract and their roles.

use std::collections::BTreeMap;

use crate::extract::View;
use crate::extract::label::{Finder, Fragment, Hit, Options};
use crate::extract::typed::Typed;
use crate::model::{Field, Value};
use crate::pack::Lexicon;
use crate::text::{name, normal};

/// `party_a`, `party_b`, and by words `buyer` and `seller`.
pub(super) fn read(view: &View<'_>, lexicon: &Lexicon, typed: &Typed) -> BTreeMap<String, Field> {
    let known: Vec<String> = lexicon
        .labels
        .iter()
        .filter(|(key, _)| !key.contains('.') && *key != "date")
        .flat_map(|(_, labels)| labels.iter().cloned())
        .collect();
    let finder = Finder::new(view, &known);
    let hits = |key: &str| {
        let accept = |text: &str| company(text).is_some();
        let options =
            Options { known: &known, accept: Some(&accept), not_below: false, ..Options::default() };
        let mut hits = finder.find(lexicon.of(key), &options);
        hits.retain(|h| !distant(h));
        hits
    };
    let (a, b, buyer, seller) = (hits("a"), hits("b"), hits("buyer"), hits("seller"));
    let mut out = BTreeMap::new();
    let mut put = |field: &str, hit: Option<&Hit>| {
        if let Some((text, at)) = hit.and_then(|h| Some((company(&h.value.text)?, clip(&h.value)))) {
            out.insert(field.to_string(), typed.found(Value::Text(text), &at));
        }
    };
    let qualified = |words: &[&str]| {
        let all = a.iter().chain(&b).chain(&buyer).chain(&seller);
        all.filter(|h| h.qualifier.as_ref().is_some_and(|q| words.iter().any(|w| q.contains(w))))
            .min_by_key(|h| !h.exact)
    };
    let buyer_words: Vec<&str> = lexicon.of("buyer").iter().map(String::as_str).collect();
    let seller_words: Vec<&str> = lexicon.of("seller").iter().map(String::as_str).collect();
    let buys = first(&buyer).or_else(|| qualified(&buyer_words));
    let sells = first(&seller).or_else(|| qualified(&seller_words));
    // Where the paper says neither 甲 nor 乙, the one that pays is named first by custom.
    put("party_a", first(&a).or_else(|| qualified(&["甲方"])).or(if b.is_empty() { buys } else { None }));
    put("party_b", first(&b).or_else(|| qualified(&["乙方"])).or(if a.is_empty() { sells } else { None }));
    put("buyer", buys);
    put("seller", sells);
    out
}

/// The surest hit: exact labels first, then the order of the paper.
fn first(hits: &[Hit]) -> Option<&Hit> {
    hits.iter().min_by_key(|h| !h.exact)
}

/// Whether the value stands so that it may belong to another label.
fn distant(hit: &Hit) -> bool {
    hit.how == crate::extract::label::How::Below && hit.value.text.contains([':', '：'])
}

/// A company's name at the beginning of the value; `None` if there is none.
fn company(text: &str) -> Option<String> {
    const ENDS: &[&str] = &[
        "公司",
        "厂",
        "研究院",
        "研究所",
        "设计院",
        "大学",
        "学院",
        "中心",
        "集团",
        "协会",
        "合作社",
        "事务所",
        "工作室",
        "经营部",
        "商行",
        "分行",
        "支行",
        "局",
        "委员会",
        "医院",
        "学校",
        "基地",
        "店",
    ];
    let bare = normal::squash(text);
    let bare = bare.trim_start_matches(|c: char| ":;,、_".contains(c));
    let cut = [
        ",",
        "。",
        ";",
        "(以下",
        "(下称",
        "地址",
        "法定代表",
        "住所",
        "电话",
        "联系",
        "开户",
        "税号",
        "统一社会",
        "(盖章",
        "(公章",
        "(章",
    ]
    .iter()
    .filter_map(|w| bare.find(w).filter(|p| *p > 0))
    .min()
    .unwrap_or(bare.len());
    // 某某公司（税号 …）: what was cut away stood in brackets.
    let name = name::normal_name(bare[..cut].trim_end_matches('('));
    let count = name.chars().count();
    let verb = ["应", "须", "将", "有权", "负责", "提供", "支付", "同意", "不得"]
        .iter()
        .any(|w| name.starts_with(w));
    let whole = ENDS.iter().any(|e| name.ends_with(e)) || name.ends_with(')') && name.contains("公司");
    (whole && !verb && (4..=50).contains(&count)).then_some(name)
}

/// The value without what follows the name in its run.
fn clip(value: &Fragment) -> Fragment {
    let Some(name) = company(&value.text) else { return value.clone() };
    let wanted = name.chars().count();
    let (mut seen, mut end) = (0, 0);
    for (at, c) in value.text.chars().enumerate() {
        let folded = normal::squash(c.encode_utf8(&mut [0; 4]));
        if seen >= wanted {
            break;
        }
        seen += folded.chars().filter(|f| !":;,、_".contains(*f)).count();
        end = at + 1;
    }
    value.slice(0, end).trim()
}

//! What names, ids and addresses of parties look like.

use super::head::compact;
use crate::extract::label::Fragment;
use crate::text::{code, normal};

/// A party's name: words, not the cipher, not a number.
pub(super) fn is_name(text: &str) -> bool {
    let text = normal::squash(text);
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 2
        && !text.contains(['<', '>', '*', '¥'])
        && 2 * letters > text.chars().count()
        && !is_id(&text)
}

/// The last character of a name, alone on its line.
pub(super) fn is_last(text: &str) -> bool {
    matches!(
        normal::squash(text).as_str(),
        "司" | "厂" | "院" | "所" | "店" | "部" | "行" | "社" | "心" | "学" | "站" | ")"
    )
}

pub(super) fn is_words(text: &str) -> bool {
    let text = normal::squash(text);
    text.chars().count() >= 4 && !text.contains(['<', '>'])
}

/// What may be meant as a tax id, well-formed or not.
pub(super) fn is_id(text: &str) -> bool {
    let id = compact(text);
    (10..=20).contains(&id.len()) && id.bytes().filter(u8::is_ascii_digit).count() >= 6
}

/// What can be nothing but a tax id.
pub(super) fn is_sure_id(text: &str) -> bool {
    let tail = text.rsplit([':', '：']).next().unwrap_or(text);
    let id = compact(tail);
    id.len() == 18 && code::check_uscc(&id) == code::CodeCheck::Valid
}

/// How names of companies end.
const ENDS: &[&str] = &[
    "公司",
    "厂",
    "研究院",
    "研究所",
    "中心",
    "事务所",
    "经营部",
    "商行",
    "分公司",
    "合作社",
    "大学",
    "学院",
    "个体工商户)",
    "普通合伙)",
    "有限合伙)",
];

pub(super) fn is_company(text: &str) -> bool {
    let text = normal::squash(text);
    let tail = text.rsplit(':').next().unwrap_or(&text);
    tail == "个人" || tail.chars().count() >= 6 && is_name(tail) && ENDS.iter().any(|e| tail.ends_with(e))
}

/// Whether a text ends as names of companies do.
pub(super) fn ends_a_name(text: &str) -> bool {
    let text = normal::squash(text);
    is_name(&text) && ENDS.iter().any(|e| text.ends_with(e))
}

/// The end of a company's name, too short to be one: what a line had no room for.
pub(super) fn is_tail(text: &str) -> bool {
    let text = normal::squash(text);
    text.chars().count() < 6 && (is_last(&text) || ENDS.iter().any(|e| text.ends_with(e)))
}

pub(super) fn after_colon(at: &Fragment) -> Fragment {
    let chars: Vec<char> = at.text.chars().collect();
    let from = chars.iter().rposition(|c| matches!(c, ':' | '：')).map_or(0, |i| i + 1);
    at.slice(from, chars.len()).trim()
}

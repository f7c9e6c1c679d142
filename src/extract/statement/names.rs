//! Names of statement lines: as printed to their standard names.

use std::collections::BTreeMap;

use crate::pack::Lexicon;
use crate::text::normal;

/// Prefix of lexicon keys that are no lines.
const NO_LINES: [&str; 2] = ["头.", "列."];

/// The standard names by what is printed.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    by_print: BTreeMap<String, String>,
}

impl Names {
    pub(super) fn new(lexicon: &Lexicon) -> Self {
        let mut by_print = BTreeMap::new();
        for (standard, prints) in &lexicon.labels {
            if NO_LINES.iter().any(|p| standard.starts_with(p)) {
                continue;
            }
            for print in prints {
                by_print.insert(bare(print), standard.clone());
            }
        }
        Self { by_print }
    }

    /// The standard name of exactly this line.
    pub(super) fn exact(&self, printed: &str) -> Option<&str> {
        self.by_print.get(&bare(printed)).map(String::as_str)
    }

    /// The standard name of a line that recognition may have misread by one character, if only one fits.
    pub(super) fn near(&self, printed: &str) -> Option<&str> {
        let printed: Vec<char> = bare(printed).chars().collect();
        if printed.len() < 4 {
            return None;
        }
        let mut found: Option<&str> = None;
        for (print, standard) in &self.by_print {
            let print: Vec<char> = print.chars().collect();
            let slips = if print.len() >= 8 { 2 } else { 1 };
            if print.len().abs_diff(printed.len()) <= slips
                && normal::edit_distance(&print, &printed) <= slips
            {
                if found.is_some_and(|f| f != standard) {
                    return None;
                }
                found = Some(standard);
            }
        }
        found
    }
}

/// A line's name without what stands before and behind it: 一、 （一） 1. 加： 减： 其中： and remarks in brackets, and
/// without the marks that print and engines put in or leave out.
pub(super) fn bare(printed: &str) -> String {
    let mut text: Vec<char> = normal::squash(printed).chars().collect();
    loop {
        let before = text.len();
        strip_number(&mut text);
        for word in ["加:", "减:", "其中:", "加", "减", "其中", "△", "▲", "*", "#", "☆", ":", "、", ".", "-"]
        {
            let word: Vec<char> = word.chars().collect();
            // 减 and 加 without a colon begin no other name of more than the word itself.
            if text.len() > word.len() + 1 && text.starts_with(&word) {
                text.drain(..word.len());
            }
        }
        if text.len() == before {
            break;
        }
    }
    let mut out = String::new();
    let mut depth = 0u32;
    for c in text {
        match c {
            '(' | '[' | '【' | '〔' | '<' => depth += 1,
            ')' | ']' | '】' | '〕' | '>' => depth = depth.saturating_sub(1),
            '、' | ',' | '.' | ':' | ';' | '。' | '-' | '·' | '\'' | '"' | '“' | '”' | '_' | '|' => {}
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// Takes off an enumeration: 一、 （一） 1. 1、 (1) ①.
fn strip_number(text: &mut Vec<char>) {
    let numeral = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
    let open = usize::from(matches!(text.first(), Some('(')));
    let count = text[open..].iter().take_while(|c| numeral(**c)).count();
    if count == 0 || count > 3 {
        return;
    }
    let after = open + count;
    let closed = match text.get(after) {
        Some(')') => true,
        Some('、' | '.' | ',' | ':') => open == 0,
        _ => false,
    };
    if closed && text.len() > after + 1 {
        text.drain(..=after);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::Pack;

    #[test]
    fn prefixes_and_remarks_go() {
        for (printed, name) in [
            ("一、营业收入", "营业收入"),
            ("减：营业成本", "营业成本"),
            ("二、营业利润（亏损以“－”号填列）", "营业利润"),
            ("其中：利息费用", "利息费用"),
            ("　　　　其中：研究费用", "研究费用"),
            ("（一）持续经营净利润（净亏损以“-”号填列）", "持续经营净利润"),
            ("所有者权益（或股东权益）合计", "所有者权益合计"),
            ("加:其他收益", "其他收益"),
            ("1.权益法下不能转损益的其他综合收益", "权益法下不能转损益的其他综合收益"),
            ("一年内到期的非流动资产", "一年内到期的非流动资产"),
            ("四、利润总额（亏损总额以“－”号", "利润总额"),
        ] {
            assert_eq!(bare(printed), name, "{printed}");
        }
    }

    #[test]
    fn standard_names() {
        let pack = Pack::embedded().unwrap();
        let names = Names::new(pack.lexicon("statement"));
        assert_eq!(names.exact("资 产 总 额"), Some("资产总计"));
        assert_eq!(names.exact("负债及所有者权益（或股东权益）总计"), Some("负债和所有者权益总计"));
        assert_eq!(names.near("流动资产台计"), Some("流动资产合计"));
        // 应付账款 and 应收账款 are as near as each other.
        assert_eq!(names.near("应村账款"), None);
        assert_eq!(names.exact("流动资产："), None);
    }
}

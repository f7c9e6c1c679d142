//! Names of companies (`domain.md`, discipline 5).

use super::{confusion, normal};

/// How two company names relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameMatch {
    /// The same after normalising.
    Equal,
    /// Probably the same, differently written: 有限责任公司 for 有限公司, brackets left out, one look-alike character.
    Variant,
    /// Another company.
    Different,
}

/// The name for comparison: folded, without blanks, one kind of brackets, without what stands behind it on forms
/// (（盖章）, a colon, punctuation), upper case.
pub fn normal_name(name: &str) -> String {
    let mut text: String = normal::squash(name)
        .chars()
        .map(|c| match c {
            '[' | '【' | '〔' | '{' | '〈' | '<' => '(',
            ']' | '】' | '〕' | '}' | '〉' | '>' => ')',
            _ => c.to_ascii_uppercase(),
        })
        .collect();
    loop {
        let before = text.len();
        text.truncate(text.trim_end_matches(|c: char| ":,.;。、_-·*\"'“”".contains(c)).len());
        if let Some(open) = text.rfind('(')
            && text.ends_with(')')
            && ["章", "签字", "全称", "以下简称", "简称", "下称"].iter().any(|w| text[open..].contains(w))
        {
            text.truncate(open);
        }
        if text.len() == before {
            break;
        }
    }
    text.trim_start_matches(|c: char| ":,.;。、_*\"'“”".contains(c)).to_string()
}

/// Compares two company names.
pub fn same_company(a: &str, b: &str) -> NameMatch {
    let (a, b) = (normal_name(a), normal_name(b));
    if a.is_empty() || b.is_empty() {
        return NameMatch::Different;
    }
    if a == b {
        return NameMatch::Equal;
    }
    let (x, y) = (core(&a), core(&b));
    if x == y || confusion::one_apart(&x, &y) { NameMatch::Variant } else { NameMatch::Different }
}

/// The name without what varies from paper to paper.
fn core(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '(' | ')')).collect::<String>().replace("有限责任公司", "有限公司")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalising() {
        assert_eq!(normal_name("湖南 云杼科技有限公司（盖章）："), "湖南云杼科技有限公司");
        assert_eq!(normal_name("湖南【长沙】abc有限公司。"), "湖南(长沙)ABC有限公司");
        assert_eq!(normal_name("云杼（湖南）"), "云杼(湖南)");
    }

    #[test]
    fn comparing() {
        use NameMatch::*;
        for (a, b, expected) in [
            ("云杼（长沙）科技有限公司", "云杼(长沙)科技有限公司", Equal),
            ("云杼（长沙）科技有限公司", "云杼长沙科技有限公司", Variant),
            ("云杼科技有限责任公司", "云杼科技有限公司", Variant),
            ("云杼科技有限公司", "云杼科技有限公司长沙分公司", Different),
            ("大华科技有限公司", "太华科技有限公司", Variant),
            ("云杼科技有限公司", "云梭科技有限公司", Different),
            ("", "", Different),
        ] {
            assert_eq!(same_company(a, b), expected, "{a} {b}");
        }
    }
}

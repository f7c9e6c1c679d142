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

/// Kinds of firm and of business that end names.
#[rustfmt::skip]
const KINDS: [&str; 34] = [
    "有限责任公司", "股份有限公司", "有限公司", "分公司", "子公司", "公司", "集团", "股份", "控股", "科技", "技术", "智能",
    "信息", "软件", "网络", "数据", "电子", "设备", "机械", "装备", "自动化", "系统", "工程", "实业", "贸易", "商贸", "发展",
    "服务", "云计算", "互联网", "数字", "工业", "制造", "通信",
];

/// Places that begin names.
#[rustfmt::skip]
const PLACES: [&str; 34] = [
    "中国", "北京", "上海", "天津", "重庆", "广东", "广州", "深圳", "湖南", "长沙", "株洲", "湘潭", "衡阳", "岳阳", "浙江",
    "杭州", "江苏", "苏州", "南京", "湖北", "武汉", "四川", "成都", "山东", "青岛", "福建", "厦门", "安徽", "合肥", "河南",
    "郑州", "陕西", "西安", "无锡",
];

/// What of a company's name tells it from others, without the place before it and the kinds of firm behind it: 云杼 of
/// 湖南云杼智能科技有限公司. None where nothing of two characters is left.
pub fn brand(name: &str) -> Option<String> {
    let mut rest: String = normal_name(name);
    while let (Some(open), Some(close)) = (rest.find('('), rest.find(')')) {
        if close < open {
            break;
        }
        rest.replace_range(open..=close, "");
    }
    let mut rest = rest.as_str();
    while let Some(cut) = KINDS.iter().find_map(|k| rest.strip_suffix(k)).filter(|c| c.chars().count() >= 2) {
        rest = cut;
    }
    while let Some(cut) = PLACES.iter().find_map(|p| rest.strip_prefix(p)) {
        let cut = cut.trim_start_matches(['省', '市']);
        if cut.chars().count() < 2 {
            break;
        }
        rest = cut;
    }
    (rest.chars().count() >= 2).then(|| rest.to_string())
}

/// The name for finding its likes: normalised, without what varies from paper to paper.
pub fn name_key(name: &str) -> String {
    core(&normal_name(name))
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
    fn what_is_left_of_a_name() {
        for (name, expected) in [
            ("湖南云杼智能科技有限公司", Some("云杼")),
            ("云杼（深圳）技术股份有限公司", Some("云杼")),
            ("深圳市云杼电子有限公司", Some("云杼")),
            ("云杼", Some("云杼")),
            ("甲公司", Some("甲公司")),
            ("", None),
        ] {
            assert_eq!(brand(name).as_deref(), expected, "{name}");
        }
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

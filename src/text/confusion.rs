//! Characters that recognition takes for one another. A mismatch that one such slip explains is unverifiable, not an
//! anomaly (`rules.md`, rule 2). Only used to doubt, never to repair.

use super::normal;

/// Groups of look-alikes. A character may stand in several groups; the groups are not transitive.
const GROUPS: &[&str] = &[
    "0ODQo〇○",
    "08",
    "06",
    "69",
    "17",
    "1Il|i!",
    "7?",
    "5S",
    "56",
    "8B",
    "83",
    "86",
    "6Gb",
    "2Z",
    "9g",
    "4A",
    "UV",
    "MN",
    "万方",
    "元无",
    "千干于",
    "土士",
    "己已巳",
    "未末",
    "日曰目",
    "大太",
    "人入八",
    "末未",
    "壹亚",
    "叁参",
    "陆陈",
    "贰贷",
    "柒染",
    "玖政",
    "捌拐",
    "零雪",
    "拾捨抬",
    "佰伯",
    "仟什",
    "角甬",
    "整正",
    "〇零",
    "丶、",
    "-—一",
    ".,。",
];

/// Characters whose loss or gain changes a number: thin strokes that vanish, specks that appear.
const FLEETING: &[char] = &['1', '.'];

/// Whether two texts differ by exactly one recognition slip: one character for a look-alike, or a `1` or a point lost or
/// gained. Blanks and thousands separators do not count; equal texts are not apart.
pub fn one_apart(a: &str, b: &str) -> bool {
    let a: Vec<char> = bare(a);
    let b: Vec<char> = bare(b);
    if a.len() == b.len() {
        let mut apart = a.iter().zip(&b).filter(|(x, y)| x != y);
        return match (apart.next(), apart.next()) {
            (Some((x, y)), None) => alike(*x, *y),
            _ => false,
        };
    }
    let (longer, shorter) = if a.len() > b.len() { (&a, &b) } else { (&b, &a) };
    longer.len() == shorter.len() + 1
        && (0..longer.len()).any(|at| {
            FLEETING.contains(&longer[at])
                && longer[..at] == shorter[..at]
                && longer[at + 1..] == shorter[at..]
        })
}

/// Every text one slip away from this one (blanks and thousands separators left out), without repetition, in order.
pub fn variants(text: &str) -> Vec<String> {
    let bare = bare(text);
    let mut out = Vec::new();
    for (at, c) in bare.iter().enumerate() {
        for other in look_alikes(*c) {
            let mut changed = bare.clone();
            changed[at] = other;
            out.push(changed);
        }
        if FLEETING.contains(c) {
            let mut changed = bare.clone();
            changed.remove(at);
            out.push(changed);
        }
    }
    for at in 0..=bare.len() {
        for c in FLEETING {
            let mut changed = bare.clone();
            changed.insert(at, *c);
            out.push(changed);
        }
    }
    let mut texts: Vec<String> = out.into_iter().map(|chars| chars.into_iter().collect()).collect();
    let same: String = bare.into_iter().collect();
    texts.retain(|t| *t != same);
    texts.sort();
    texts.dedup();
    texts
}

/// Whether a recognised amount in capital numerals may be what is left of `whole`: its head or its tail alone, or all of
/// it but for one numeral mistaken or up to two neighbours lost.
pub fn part_of_capital(read: &str, whole: &str) -> bool {
    let read = capital_signs(read);
    let whole = capital_signs(whole);
    if read.len() < 2 || read == whole {
        return false;
    }
    if read.len() == whole.len() {
        let mut apart = read.iter().zip(&whole).filter(|(x, y)| x != y);
        return matches!((apart.next(), apart.next()), (Some((x, y)), None) if alike(*x, *y));
    }
    if read.len() > whole.len() {
        return false;
    }
    let lost = whole.len() - read.len();
    let head = read.iter().zip(&whole).take_while(|(x, y)| x == y).count();
    whole.ends_with(&read) || whole.starts_with(&read) || (lost <= 2 && whole[head + lost..] == read[head..])
}

/// The numerals of an amount in capitals in one spelling, without what stands before and behind them.
fn capital_signs(text: &str) -> Vec<char> {
    let one = |c: char| match c {
        '圆' | '圓' | '块' => '元',
        '貳' => '贰',
        '参' | '參' | '叄' => '叁',
        '陸' => '陆',
        '萬' => '万',
        '億' => '亿',
        '伯' => '佰',
        '○' | '〇' => '零',
        other => other,
    };
    let mut signs: Vec<char> = normal::squash(text)
        .chars()
        .map(one)
        .filter(|c| "零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分".contains(*c))
        .collect();
    // 元 closes an amount without 角 and 分, like 整: whether it was read says nothing about the amount.
    if signs.last() == Some(&'元') {
        signs.pop();
    }
    signs
}

/// Whether recognised digits may be what is left of `whole`, its head or its tail lost at the edge of the picture.
pub fn part_of_digits(read: &str, whole: &str) -> bool {
    let digits =
        |t: &str| -> String { bare(t).into_iter().filter(|c| c.is_ascii_digit() || *c == '.').collect() };
    let (read, whole) = (digits(read), digits(whole));
    let significant = read.trim_matches(['0', '.']).chars().count();
    significant >= 3 && read.len() < whole.len() && whole.contains(&read)
}

/// Whether the two characters are taken for one another.
pub fn alike(a: char, b: char) -> bool {
    a != b && GROUPS.iter().any(|g| g.contains(a) && g.contains(b))
}

fn look_alikes(c: char) -> impl Iterator<Item = char> {
    GROUPS.iter().filter(move |g| g.contains(c)).flat_map(|g| g.chars()).filter(move |o| *o != c)
}

fn bare(text: &str) -> Vec<char> {
    normal::squash(text).chars().filter(|c| *c != ',').collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_slip() {
        for (a, b) in [
            ("300,000.00", "3000O0.00"),
            ("128,500.00", "123,500.00"),
            ("1000.00", "7000.00"),
            ("30万元", "30方元"),
            ("1234.56", "123456"),
            ("112.00", "12.00"),
            ("91430200MA4L00011Q", "91430200MA4LO0011Q"),
        ] {
            assert!(one_apart(a, b) && one_apart(b, a), "{a} {b}");
        }
    }

    #[test]
    fn more_than_a_slip() {
        for (a, b) in
            [("100", "100"), ("100", "200"), ("12", "21"), ("5000.00", "500.00"), ("300", "8O0"), ("", "11")]
        {
            assert!(!one_apart(a, b), "{a} {b}");
        }
    }

    #[test]
    fn what_is_left_of_an_amount() {
        let whole = "叁拾柒万壹仟玖佰元整";
        for read in
            ["柒万壹仟玖佰圆整", "叁拾柒万壹仟", "叁拾万壹仟玖佰圆整", "参拾染万壹仟玖佰元正", "壹仟玖佰圆整"]
        {
            assert!(part_of_capital(read, whole), "{read}");
        }
        for read in [
            "叁拾捌万壹仟玖佰元整",
            "叁拾柒万壹仟玖佰圆正",
            "壹佰叁拾柒万壹仟玖佰元整",
            "元整",
            "玖佰壹仟元整",
        ] {
            assert!(!part_of_capital(read, whole), "{read}");
        }
        assert!(part_of_digits("71,900.0", "371900.00") && part_of_digits("¥371,9", "371,900.00"));
        for (read, whole) in [
            ("371,900.00", "71,900.00"),
            ("00.00", "371,900.00"),
            ("371,800.00", "371,900.00"),
            ("900", "371900"),
        ] {
            assert!(!part_of_digits(read, whole), "{read}");
        }
    }

    proptest! {
        #[test]
        fn variants_are_what_one_apart_accepts(text in "[0-9A-Z.万]{1,12}") {
            for variant in variants(&text) {
                prop_assert!(one_apart(&text, &variant), "{text} {variant}");
            }
        }
    }
}

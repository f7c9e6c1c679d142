use proptest::prelude::*;

use super::*;

/// `domain.md` §3, every pair.
const PAIRS: &[(i64, &str)] = &[
    (140_950, "壹仟肆佰零玖元伍角"),
    (140_950, "壹仟肆佰零玖圆伍角整"),
    (600_714, "陆仟零柒元壹角肆分"),
    (168_032, "壹仟陆佰捌拾元叁角贰分"),
    (168_032, "壹仟陆佰捌拾元零叁角贰分"),
    (10_700_053, "壹拾万柒仟元零伍角叁分"),
    (10_700_053, "壹拾万零柒仟元伍角叁分"),
    (10_700_053, "壹拾万柒仟圆伍角叁分"),
    (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
    (32_504, "叁佰贰拾伍元零肆分"),
    (5, "伍分"),
    (50, "伍角整"),
    (50, "伍角"),
    (10_000_000, "壹拾万圆整"),
    (10_000_000, "拾万元正"),
    (101_001_001, "壹佰零壹万零壹拾圆零壹分"),
    (10_000_000_100, "壹亿零壹圆整"),
    (15_000_000_000, "壹亿伍仟万圆整"),
    (100_001_000_000, "壹拾亿零壹万圆整"),
    (-265_000, "（负数）贰仟陆佰伍拾圆整"),
    (-265_000, "负贰仟陆佰伍拾元整"),
    (17_050_000, "壹拾柒万零伍佰元整"),
    (123_456_780, "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角整"),
    (9_999_999, "玖万玖仟玖佰玖拾玖圆玖角玖分"),
    (0, "零圆整"),
    // Variants that print and engines give.
    (30_000_000, "人民币（大写）：叁拾万元整"),
    (30_000_000, "⊗叁拾万圆整"),
    (30_000_000, "Ⓧ 叁 拾 万 圆 整"),
    (30_000_000, "三十万元整"),
    (1_230_000, "壹萬貳仟參佰圓整"),
    (20_600, "贰佰零陆元整。"),
    (12_340_000_000_000_000, "壹佰贰拾叁万肆仟亿元整"),
];

#[test]
fn pairs_of_the_domain_sheet() {
    for (cents, text) in PAIRS {
        let expected =
            if *text == "壹佰贰拾叁万肆仟亿元整" { None } else { Some(Decimal::new(*cents, 2)) };
        assert_eq!(parse_capital(text), expected, "{text}");
    }
}

#[test]
fn must_fail() {
    for text in [
        "壹万元伍",
        "壹仟仟元",
        "",
        "圆整",
        "万元整",
        "壹贰元",
        "壹拾佰元",
        "壹佰万万元",
        "壹元伍",
        "整",
        "叁拾万",
        "合同",
        "零零元",
    ] {
        assert_eq!(parse_capital(text), None, "{text}");
    }
}

#[test]
fn found_in_running_text() {
    let text = "合同总价为人民币（大写）叁拾万元整（¥300,000.00），正本一式四份";
    let (range, value) = find_capital(text).unwrap();
    assert_eq!(&text[range], "叁拾万元整");
    assert_eq!(value, Decimal::from(300_000));
    assert_eq!(find_capital("本合同正本一式四份，二分之一"), None);
    let spaced = "大写：壹 万 元 整";
    assert_eq!(
        find_capital(spaced).map(|(r, v)| (&spaced[r], v)),
        Some(("壹 万 元 整", Decimal::from(10_000)))
    );
    assert_eq!(find_capital("（负数）贰佰元整").map(|f| f.1), Some(Decimal::from(-200)));
}

#[test]
fn canonical_forms() {
    for (cents, text) in [
        (10_700_053, "壹拾万柒仟元零伍角叁分"),
        (101_001_001, "壹佰零壹万零壹拾元零壹分"),
        (100_001_000_000, "壹拾亿零壹万元整"),
        (17_050_000, "壹拾柒万零伍佰元整"),
        (50, "伍角整"),
        (5, "伍分"),
        (0, "零元整"),
        (-265_000, "负贰仟陆佰伍拾元整"),
        (15_000_000_000, "壹亿伍仟万元整"),
    ] {
        assert_eq!(to_capital(Decimal::new(cents, 2)), text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]
    #[test]
    fn round_trip(cents in prop_oneof![0i64..100_000_000_000_000, 0i64..100_000_000, -10_000_000i64..0]) {
        let amount = Decimal::new(cents, 2);
        prop_assert_eq!(parse_capital(&to_capital(amount)), Some(amount));
    }

    #[test]
    fn round_trip_with_many_zeros(digits in prop::collection::vec(prop_oneof![3 => Just(0i64), 1 => 1i64..10], 1..15)) {
        let cents = digits.iter().fold(0, |n, d| n * 10 + d);
        let amount = Decimal::new(cents, 2);
        let printed = to_capital(amount);
        prop_assert_eq!(parse_capital(&printed), Some(amount));
        prop_assert_eq!(find_capital(&printed).map(|f| f.1), Some(amount));
    }

    #[test]
    fn soup_never_panics(text in "[壹贰叁零拾佰仟万亿元角分整正负]{0,14}") {
        parse_capital(&text);
        find_capital(&text);
    }
}

#[test]
fn numerals_parted_by_a_misread_character_are_no_amount() {
    assert_eq!(find_capital("口捌方伍仟玖佰贰拾捌圆柒角伍分"), None);
    assert_eq!(find_capital("贰拾玖万柒仟叁区陆拾壹圆玖角贰分"), None);
    assert_eq!(find_capital("壹仟陆玖拾捌圆伍角叁分"), None);
    let two = find_capital("壹万元及贰万元").map(|f| f.1);
    assert_eq!(two, Some(Decimal::from(10_000)));
    assert_eq!(find_capital("第壹期叁万元整").map(|f| f.1), Some(Decimal::from(30_000)));
}

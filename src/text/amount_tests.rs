use proptest::prelude::*;

use super::*;

fn n(text: &str) -> Option<String> {
    parse_number(text).map(|d| d.to_string())
}

fn m(text: &str) -> Option<String> {
    parse_money(text, Unit::Yuan).map(|m| m.to_plain())
}

#[test]
fn numbers_as_printed() {
    assert_eq!(n("1,234.56").as_deref(), Some("1234.56"));
    assert_eq!(n("１，２３４").as_deref(), Some("1234"));
    assert_eq!(n("（1,234.56）").as_deref(), Some("-1234.56"));
    assert_eq!(n("△12").as_deref(), Some("-12"));
    assert_eq!(n("－3.5").as_deref(), Some("-3.5"));
    assert_eq!(n("12%").as_deref(), Some("12"));
    assert_eq!(n("1 2 3 4 . 5 6").as_deref(), Some("1234.56"));
    assert_eq!(n("1 234 567.89").as_deref(), Some("1234567.89"));
    assert_eq!(n("1,234. 56").as_deref(), Some("1234.56"));
}

#[test]
fn no_numbers() {
    for text in ["", "-", "—", "12 34", "1.234.56", "1,23", "12,34,567", "1234,567", "2台", "1e5", ".", "()"]
    {
        assert_eq!(n(text), None, "{text}");
    }
    assert_eq!(leading_number("2 台"), Some((Decimal::TWO, "台")));
}

#[test]
fn amounts_as_printed() {
    assert_eq!(m("¥300,000.00").as_deref(), Some("300000.00"));
    assert_eq!(m("￥ 300，000.00元").as_deref(), Some("300000.00"));
    assert_eq!(m("RMB300000").as_deref(), Some("300000.00"));
    assert_eq!(m("CNY 12.5").as_deref(), Some("12.50"));
    assert_eq!(m("人民币：30万元整").as_deref(), Some("300000.00"));
    assert_eq!(m("30.5 万").as_deref(), Some("305000.00"));
    assert_eq!(m("1.2亿元").as_deref(), Some("120000000.00"));
    assert_eq!(m("(1,234.00)").as_deref(), Some("-1234.00"));
    assert_eq!(m("（¥1,234.00）").as_deref(), Some("1234.00"));
    assert_eq!(m("¥-5.00").as_deref(), Some("-5.00"));
    assert_eq!(m("-¥5.00").as_deref(), Some("-5.00"));
    assert_eq!(m("300,000.00（含税）"), None);
    assert_eq!(m("无"), None);
}

#[test]
fn unit_and_decimals_are_kept() {
    let money = parse_money("12.50", Unit::TenThousand).unwrap();
    assert_eq!((money.to_plain().as_str(), money.unit, money.decimals), ("125000.00", Unit::TenThousand, 2));
    let own = parse_money("12.50元", Unit::TenThousand).unwrap();
    assert_eq!(own.to_plain(), "12.50");
}

#[test]
fn units_by_name() {
    assert_eq!(unit_in("单位：人民币万元"), Some(Unit::TenThousand));
    assert_eq!(unit_in("金额（千元）"), Some(Unit::Thousand));
    assert_eq!(unit_in("单位:元"), Some(Unit::Yuan));
    assert_eq!(unit_in("单位"), None);
}

#[test]
fn amounts_in_running_text() {
    let text =
        "合同编号HT-2022-015，2022年3月5日签订，合同总价：人民币30万元（¥300,000.00），质保金5%，共2台。";
    let found: Vec<_> = find_money(text, Unit::Yuan)
        .into_iter()
        .map(|f| (text[f.range].to_string(), f.money.to_plain(), f.marked))
        .collect();
    assert_eq!(
        found,
        vec![
            ("人民币30万元".to_string(), "300000.00".to_string(), true),
            ("¥300,000.00".to_string(), "300000.00".to_string(), true)
        ]
    );
}

proptest! {
    #[test]
    fn grouped_print_reads_back(cents in -1_000_000_000_000i64..1_000_000_000_000) {
        let value = Decimal::new(cents, 2);
        let printed = crate::model::money::grouped(value);
        prop_assert_eq!(parse_number(&printed), Some(value));
        prop_assert_eq!(parse_money(&format!("¥{printed}"), Unit::Yuan).map(|m| m.yuan), Some(value));
    }

    #[test]
    fn never_panics(text in "\\PC{0,24}") {
        parse_number(&text);
        parse_money(&text, Unit::TenThousand);
        for f in find_money(&text, Unit::Yuan) {
            prop_assert!(text.get(f.range).is_some());
        }
        if let Some((range, _)) = find_capital(&text) {
            prop_assert!(text.get(range).is_some());
        }
    }

    #[test]
    fn never_panics_on_money_like(text in "[0-9,. ()¥元万亿人民币RMB年月-]{0,24}") {
        parse_number(&text);
        parse_money(&text, Unit::TenThousand);
        find_money(&text, Unit::Yuan);
    }
}

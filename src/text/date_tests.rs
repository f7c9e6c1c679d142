use proptest::prelude::*;

use super::*;

fn d(text: &str) -> Option<String> {
    parse_date(text).map(|d| d.to_string())
}

#[test]
fn days_as_printed() {
    for text in [
        "2022年3月5日",
        "2022 年 03 月 05 日",
        "2022-03-05",
        "2022/3/5",
        "2022.03.05",
        "20220305",
        "二〇二二年三月五日",
        "二零二二年叁月零伍日",
        "２０２２年３月５号",
        "2022-03-05 12:30:00",
        "2022年3月5日（签字）",
        "2022年3⽉5⽇",
    ] {
        assert_eq!(d(text).as_deref(), Some("2022-03-05"), "{text}");
    }
    assert_eq!(d("二〇二一年十二月三十一日").as_deref(), Some("2021-12-31"));
    assert_eq!(d("二〇二一年十月二十日").as_deref(), Some("2021-10-20"));
}

#[test]
fn no_days() {
    for text in [
        "2022年3月",
        "2022-13-05",
        "2022-02-30",
        "20221",
        "123420220305",
        "2022-03/05",
        "",
        "长期",
        "2022年月日",
        "1234-01-01",
    ] {
        assert_eq!(d(text), None, "{text}");
    }
}

#[test]
fn days_in_running_text() {
    let text = "自2022年1月1日至 2022-12-31，单号202203051234，签订于二〇二二年三月五日。";
    let found: Vec<_> =
        find_dates(text).into_iter().map(|(r, d)| (text[r].to_string(), d.to_string())).collect();
    assert_eq!(
        found,
        vec![
            ("2022年1月1日".to_string(), "2022-01-01".to_string()),
            ("2022-12-31".to_string(), "2022-12-31".to_string()),
            ("二〇二二年三月五日".to_string(), "2022-03-05".to_string()),
        ]
    );
}

#[test]
fn months_and_periods() {
    let ym = |year, month| YearMonth { year, month };
    for text in ["2022年3月", "2022-03", "2022.3", "202203", "二〇二二年三月", "2022年3月份"] {
        assert_eq!(parse_month(text), Some(ym(2022, 3)), "{text}");
    }
    assert_eq!(parse_month("2022年13月"), None);
    for (text, from, to) in [
        ("2022年1月1日至2022年12月31日", ym(2022, 1), ym(2022, 12)),
        ("2022-01-01 至 2022-01-31", ym(2022, 1), ym(2022, 1)),
        ("2022-01-01 2022-01-31", ym(2022, 1), ym(2022, 1)),
        ("20220101-20220331", ym(2022, 1), ym(2022, 3)),
        ("2021年3月—2022年12月", ym(2021, 3), ym(2022, 12)),
        ("2021.03-2022.12", ym(2021, 3), ym(2022, 12)),
        ("2021-03至2022-12", ym(2021, 3), ym(2022, 12)),
        ("2022年1-3月", ym(2022, 1), ym(2022, 3)),
        ("2022年1月至3月", ym(2022, 1), ym(2022, 3)),
        ("2022年度", ym(2022, 1), ym(2022, 12)),
        ("2022年第二季度", ym(2022, 4), ym(2022, 6)),
        ("2022年3月", ym(2022, 3), ym(2022, 3)),
        ("自2021年3月起至2022年12月止", ym(2021, 3), ym(2022, 12)),
    ] {
        assert_eq!(parse_period(text), Some((from, to)), "{text}");
    }
    assert_eq!(parse_period("2021年3月至今"), None);
    assert_eq!(parse_period("2022年12月至2022年1月"), None);
    let month = |year, month| YearMonth { year, month };
    assert_eq!(parse_span("2022年12月至2022年1月"), Some((month(2022, 12), month(2022, 1))));
}

proptest! {
    #[test]
    fn printed_days_read_back(days in 0i64..40_000) {
        use chrono::Datelike;
        let date = NaiveDate::from_ymd_opt(1950, 1, 1).unwrap() + chrono::Duration::days(days);
        let cn = format!("{}年{}月{}日", date.year(), date.month(), date.day());
        for text in [cn, date.format("%Y-%m-%d").to_string(), date.format("%Y%m%d").to_string(), date.format("%Y. %m. %d").to_string()] {
            prop_assert_eq!(parse_date(&text), Some(date));
            prop_assert_eq!(find_dates(&text).len(), 1);
        }
    }

    #[test]
    fn soup_never_panics(text in "[0-9年月日至.\\-/ 一二十〇]{0,20}") {
        parse_date(&text);
        parse_month(&text);
        parse_period(&text);
        for (range, _) in find_dates(&text) {
            prop_assert!(text.get(range).is_some());
        }
    }
}

//! FORM-004 the length of the story, FORM-010 the day of filing, FORM-014 person-months, FORM-015 years against totals.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::facts::as_month;
use super::signed::is_scan;
use crate::check::cx::{money_of, number_of, text_of, yuan};
use crate::check::filing::Filing;
use crate::check::{Cx, Out, say};
use crate::model::{Draft, Evidence, Field, Grade, Kind, Money, Severity, Sourced, Value, YearMonth};

/// Words as a word processor counts them: a Chinese character or mark one, a run of Latin letters or digits one.
fn words(text: &str) -> usize {
    let mut count = 0;
    let mut inside = false;
    for c in text.chars() {
        let latin = c.is_ascii_alphanumeric() || (inside && matches!(c, '.' | '-' | '_' | '%' | '/'));
        if c.is_whitespace() {
            inside = false;
        } else if latin {
            count += usize::from(!inside);
            inside = true;
        } else {
            inside = false;
            count += 1;
        }
    }
    count
}

/// FORM-004.
pub(super) fn story(cx: &Cx<'_>, out: &mut Out) {
    let Some(s) = cx.form("基本信息.企业及项目简介") else {
        return out.cannot("没有读到企业及项目简介");
    };
    let limit = cx.notice.param("FORM-004", "characters");
    let count = words(&text_of(s));
    if Decimal::from(count) <= limit {
        return out.pass();
    }
    let mut evidence = Evidence::of("企业及项目简介", s);
    evidence.raw = evidence.raw.chars().take(60).collect();
    let title = "企业及项目简介超过字数";
    let message = format!(
        "企业及项目简介共{count}字，超过{}字{}字。按文字处理软件的“字数”计算（汉字和标点各计一字，连续的字母或数字计一字），三个小标题包括在内。请申报单位精简。",
        say::number(limit),
        say::number(Decimal::from(count) - limit)
    );
    out.hit(if s.grade == Grade::Ocr {
        Draft::unverifiable(title, format!("{message}文字来自扫描识别，字数可能有出入。"), vec![evidence])
    } else {
        Draft::anomaly(title, message, vec![evidence])
    });
}

/// FORM-010.
pub(super) fn deadline(cx: &Cx<'_>, out: &mut Out) {
    let Some(form) = cx.case.form() else {
        return out.cannot("没有申报书");
    };
    let limit = cx.notice.deadline;
    let Some(field) = cx.form_field("封面.申报日期") else {
        let evidence = vec![cx.whole_form("申报书封面")];
        let message = format!(
            "申报书封面没有填写申报日期，无法确认是否在{limit}前申报。请申报单位补填，并以寄出的邮戳为准。"
        );
        return out.hit(if is_scan(form) {
            Draft::unverifiable(
                "申报日期未能读取",
                format!("{message}申报书是扫描件，可能没有读到。"),
                evidence,
            )
        } else {
            Draft::anomaly("没有填写申报日期", message, evidence)
        });
    };
    let day = match field.found().map(|s| &s.value) {
        Some(Value::Date(d)) => Some(*d),
        Some(Value::Month(m)) => last_day(*m),
        _ => None,
    };
    let evidence = vec![Evidence::of_field("申报日期", field)];
    let Some(day) = day else {
        let message = "申报日期未能读作日期，无法核对是否按期申报，请对照原件。";
        return out.hit(Draft::unverifiable("申报日期未能读取", message, evidence));
    };
    let month_only = matches!(field, Field::Found(s) if matches!(s.value, Value::Month(_)));
    let start = |d: NaiveDate| if month_only { d.with_day(1).unwrap_or(d) } else { d };
    if start(day) > limit {
        let message = format!(
            "申报日期为{day}，晚于通知规定的{limit}（三、征集程序2）。是否受理以收到的邮戳和电子版时间为准，请核实。"
        );
        out.hit(Draft::anomaly("申报日期晚于截止日", message, evidence).still_holds(move |v| match &v[0] {
            Some(Value::Date(d)) => *d > limit,
            Some(Value::Month(m)) => (m.year, m.month) > (limit.year(), limit.month()),
            _ => true,
        }));
    } else if let Some(opens) = cx.notice.opens.filter(|o| day < *o) {
        let message =
            format!("申报日期为{day}，早于{opens}：本次征集那时还没有开始，多半是年份写错。请申报单位更正。");
        out.hit(
            Draft::anomaly("申报日期早于本次征集", message, evidence).severity(Severity::Notice).still_holds(
                move |v| match &v[0] {
                    Some(Value::Date(d)) => *d < opens,
                    Some(Value::Month(m)) => (m.year, m.month) < (opens.year(), opens.month()),
                    _ => true,
                },
            ),
        );
    } else {
        out.pass();
    }
}

fn last_day(m: YearMonth) -> Option<NaiveDate> {
    let (y, n) = if m.month == 12 { (m.year + 1, 1) } else { (m.year, m.month + 1) };
    NaiveDate::from_ymd_opt(y, n, 1)?.pred_opt()
}

/// Months from one to another, both counted.
fn months(from: YearMonth, to: YearMonth) -> i32 {
    (to.year - from.year) * 12 + to.month as i32 - from.month as i32 + 1
}

/// FORM-014.
pub(super) fn effort(cx: &Cx<'_>, out: &mut Out) {
    let number =
        |f: &str| cx.form(&format!("基本信息.项目参与工作人员.{f}")).and_then(|s| Some((s, number_of(s)?)));
    let start = cx.form("基本信息.项目开始").and_then(|s| Some((s, as_month(&Some(s.value.clone()))?)));
    let (Some((w, work)), Some((t, staff)), Some((s, from))) = (number("工作总量"), number("总数"), start)
    else {
        return out.cannot("没有读到工作总量、人员总数或项目开始时间");
    };
    // Another unit than 人月 cannot be held against months.
    if ["天", "日", "时", "元", "年"].iter().any(|u| w.raw.contains(u)) {
        return out.cannot("工作总量不以人月为单位");
    }
    let to = Filing::of(cx).limit;
    let to = YearMonth { year: to.year(), month: to.month() };
    let elapsed = months(from, to);
    if elapsed <= 0 {
        return out.cannot("项目开始时间晚于申报日期");
    }
    let factor = Decimal::ONE + cx.notice.param("FORM-014", "percent") / Decimal::ONE_HUNDRED;
    let most = staff * Decimal::from(elapsed);
    if work <= most * factor {
        return out.pass();
    }
    let message = format!(
        "已经投入项目的工作总量填{}人月。从项目开始的{}年{}月到申报时共{elapsed}个月（首尾都计），{}人全部投入也只有{} × {elapsed} = {}人月，超出{}。已允许{}%的出入；中途离职、外协人员可使总数偏少，请申报单位说明计算方法。",
        say::number(work),
        from.year,
        from.month,
        say::number(staff),
        say::number(staff),
        say::number(most),
        say::number(work - most),
        say::number(cx.notice.param("FORM-014", "percent"))
    );
    let evidence =
        vec![Evidence::of("工作总量", w), Evidence::of("人员总数", t), Evidence::of("项目开始", s)];
    out.hit(Draft::anomaly("工作总量超出人员与月份", message, evidence).still_holds(move |v| {
        match (yuan(&v[0]), yuan(&v[1]), as_month(&v[2])) {
            (Some(w), Some(t), Some(m)) => w > t * Decimal::from(months(m, to)) * factor,
            _ => true,
        }
    }));
}

/// An amount with where it stands.
type Amount<'a> = (&'a Sourced<Value>, Money);

/// FORM-015.
pub(super) fn years(cx: &Cx<'_>, out: &mut Out) {
    table(cx, "投资", "投资总额", |y| format!("{y}年投资额"), out);
    table(cx, "收入", "收入总额", |y| format!("{y}年平台收入"), out);
}

fn table(cx: &Cx<'_>, what: &str, total: &str, yearly: impl Fn(i32) -> String, out: &mut Out) {
    let get = |name: &str| {
        let s = cx.form(&format!("平台基本信息.{name}"))?;
        money_of(s).map(|m| (s, m))
    };
    let whole = get(total);
    let parts: Vec<(String, Option<Amount<'_>>)> =
        cx.notice.years.iter().map(|y| (yearly(*y), get(&yearly(*y)))).collect();
    if whole.is_none() && parts.iter().all(|p| p.1.is_none()) {
        return if what == "收入" { out.skip() } else { out.cannot("没有读到平台投资情况") };
    }
    let read: Vec<(&str, &Sourced<Value>, Money)> =
        parts.iter().filter_map(|(n, x)| x.map(|(s, m)| (n.as_str(), s, m))).collect();
    let (Some((w, sum)), false) = (whole, read.is_empty()) else {
        return out.cannot(format!("{total}或分年数没有读到"));
    };
    let unread = parts
        .iter()
        .any(|(n, _)| matches!(cx.form_field(&format!("平台基本信息.{n}")), Some(Field::Unreadable(_))));
    let got: Decimal = read.iter().map(|p| p.2.yuan).sum();
    let slack = read.iter().map(|p| p.2.half_unit()).chain([sum.half_unit()]).sum::<Decimal>() * Decimal::TWO;
    let mut evidence = vec![Evidence::of(total, w)];
    evidence.extend(read.iter().map(|(n, s, _)| Evidence::of(*n, s)));
    let terms: Vec<String> = read.iter().map(|(n, _, m)| format!("{n}{}", say::printed(*m))).collect();
    let facts = format!("{} = {}，{total}为{}", terms.join(" + "), say::yuan(got), say::printed(sum));
    if got > sum.yuan + slack {
        let message = format!(
            "{facts}，分年之和反而多{}。已考虑显示位数（允许{}）。请申报单位更正。",
            say::yuan(got - sum.yuan),
            say::yuan(slack)
        );
        let draft = Draft::anomaly(format!("{what}分年之和大于总额"), message, evidence).still_holds(
            move |v| match (yuan(&v[0]), v[1..].iter().map(yuan).sum::<Option<Decimal>>()) {
                (Some(t), Some(parts)) => parts > t + slack,
                _ => true,
            },
        );
        return out.hit(draft);
    }
    if what == "收入" || sum.yuan - got <= slack || unread || read.len() < parts.len() {
        return out.pass();
    }
    remainder(cx, (total, sum), got, facts, evidence, out);
}

/// A total above the years: the rest may be planned, older, or of the year of filing.
fn remainder(
    cx: &Cx<'_>,
    (total, sum): (&str, Money),
    got: Decimal,
    facts: String,
    evidence: Vec<Evidence>,
    out: &mut Out,
) {
    let first = cx.notice.years.first().copied().unwrap_or_default();
    let last = cx.notice.years.last().copied().unwrap_or_default();
    let began = cx.form("基本信息.项目开始").and_then(|s| as_month(&Some(s.value.clone())));
    let planned = cx.form("基本信息.计划投资").and_then(money_of);
    let is_plan = planned.is_some_and(|p| (p.yuan - sum.yuan).abs() <= p.half_unit() + sum.half_unit());
    let later = cx.of(Kind::Invoice).any(|d| {
        matches!(d.value("date").map(|s| &s.value), Some(Value::Date(d)) if d.year() > last || d.year() < first)
    });
    if is_plan || later || began.is_none_or(|m| m.year < first) {
        return out.pass();
    }
    let message = format!(
        "{facts}，其余{}不在各年之内。项目开始于{first}年以后，没有其他年度的发票，也不等于计划投资。请申报单位说明差额属于哪一年。",
        say::yuan(sum.yuan - got)
    );
    out.hit(Draft::anomaly(format!("{total}多于分年之和"), message, evidence).severity(Severity::Notice));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_as_a_word_processor_does() {
        assert_eq!(words("平台V2.0接入 300 台设备。"), 10);
        assert_eq!(words(""), 0);
        assert_eq!(words("OPC UA，MQTT"), 4);
    }

    #[test]
    fn months_include_both_ends() {
        let m = |year, month| YearMonth { year, month };
        assert_eq!(months(m(2022, 1), m(2023, 2)), 14);
        assert_eq!(months(m(2023, 2), m(2023, 2)), 1);
        assert_eq!(last_day(m(2022, 12)), NaiveDate::from_ymd_opt(2022, 12, 31));
    }
}

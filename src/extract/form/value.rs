//! From a piece of text to a typed field.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::spec::Type;
use crate::extract::label::Fragment;
use crate::model::{Confidence, Field, Grade, Money, Source, Sourced, Unit, Value};
use crate::text::{amount, date, normal};

/// Whether nothing was filled in: underscores, brackets, units and date words alone.
pub(super) fn is_blank(text: &str) -> bool {
    let text = strip_seal(&normal::squash(text));
    text.chars().all(|c| "_-—–…·.:：()（）[]年月日至到人个台套种笔家万元亿%TB￥¥|".contains(c))
        && !is_dash(&text)
}

/// A dash that was put in on purpose.
fn is_dash(text: &str) -> bool {
    matches!(text, "-" | "—" | "——" | "–" | "--")
}

/// Text without the form's "(盖章)" and underscores.
pub(super) fn strip_seal(text: &str) -> String {
    let mut text = text.trim_end();
    // "(盖章)", "（单位公章）" and what engines make of the brackets.
    if let Some(at) = text.rfind("章").filter(|at| text[*at..].chars().count() <= 2)
        && let Some(open) = text[..at].rfind(['(', '（', '〈', '<', '[', '【', '《', '{', '「'])
        && text[open..at].chars().count() <= 6
        && text[open..at].contains(['盖', '公', '签', '印'])
    {
        text = &text[..open];
    }
    // The line ended within the bracket: 某某公司（盖
    if let Some(open) = text.rfind(['(', '（'])
        && text[open..].chars().skip(1).all(|c| "单位加盖公签字印章".contains(c))
        && text[open..].chars().count() <= 5
    {
        text = &text[..open];
    }
    text.trim_matches(|c: char| c == '_' || c == ':' || c == '：' || c.is_whitespace()).to_string()
}

/// The field that a fragment gives, `None` if nothing is filled in. `sure` scales the confidence of the reading.
pub(super) fn field(kind: Type, at: &Fragment, unit: Unit, sure: f32, file: &Arc<str>) -> Option<Field> {
    let raw = strip_seal(at.text.trim());
    if is_blank(&raw) {
        return None;
    }
    let text = normal::fold(&raw);
    // A scanned number that breaks off after its point is a number cut short.
    let cut = at.grade == Grade::Ocr && text.trim_end().ends_with(|c| ".．。,，".contains(c));
    let value = match kind {
        Type::Money | Type::Number if cut => None,
        Type::Money => money(&text, unit).map(Value::Money),
        Type::Number => number(&text).map(Value::Number),
        Type::Date => date::parse_date(&text)
            .or_else(|| date::find_dates(&text).into_iter().map(|(_, d)| d).next())
            .map(Value::Date)
            .or_else(|| date::parse_month(&text).map(Value::Month)),
        Type::Text | Type::Period | Type::Ticks | Type::Story => Some(Value::Text(text.clone())),
    };
    // "/" and 无 are answers of their own.
    let value = value.or_else(|| is_none_word(&text).then(|| Value::Text(text.clone())));
    Some(match value {
        Some(value) => found(value, at, &raw, sure, file),
        None => Field::Unreadable(sourced(raw.clone(), at, &raw, sure, file)),
    })
}

/// A read value.
pub(super) fn found(value: Value, at: &Fragment, raw: &str, sure: f32, file: &Arc<str>) -> Field {
    Field::Found(sourced(value, at, raw, sure, file))
}

fn sourced<T>(value: T, at: &Fragment, raw: &str, sure: f32, file: &Arc<str>) -> Sourced<T> {
    // Text that is text is sure but for the label; what was recognised is as sure as its recognition.
    let cap =
        if at.grade == Grade::Ocr { at.confidence.as_unit() } else { at.confidence.as_unit().min(0.995) };
    let source = Source { file: file.clone(), place: at.place.clone() };
    Sourced::new(value, raw, at.grade, Confidence::from_unit(cap * sure), source)
}

/// "/", 无, 暂无, 不涉及 and dashes.
pub(super) fn is_none_word(text: &str) -> bool {
    let text = normal::squash(text);
    is_dash(&text)
        || matches!(
            text.as_str(),
            "/" | "\\" | "无" | "暂无" | "不涉及" | "不适用" | "无。" | "N/A" | "n/a" | "／"
        )
}

/// An amount in a cell: its own unit before the label's, words around it allowed, a second number not.
pub(super) fn money(text: &str, default: Unit) -> Option<Money> {
    if let Some(money) = amount::parse_money(text, default) {
        return Some(money);
    }
    let unit =
        amount::unit_in(text).or_else(|| text.contains('万').then_some(Unit::TenThousand)).unwrap_or(default);
    only_number(text).map(|n| Money::printed(n, unit))
}

/// A count in a cell: "1200个", "1.2万个", "约 300 家".
pub(super) fn number(text: &str) -> Option<Decimal> {
    if let Some(number) = amount::parse_number(text) {
        return Some(number);
    }
    let number = only_number(text)?;
    let squashed = normal::squash(text);
    let after = squashed.trim_start_matches(|c: char| !c.is_ascii_digit());
    let after = after.trim_start_matches(|c: char| c.is_ascii_digit() || ".,".contains(c));
    let factor = match (after.chars().next(), squashed.contains("万元")) {
        (Some('万'), false) => Decimal::from(10_000),
        (Some('亿'), false) => Decimal::from(100_000_000),
        _ => Decimal::ONE,
    };
    number.checked_mul(factor).map(|n| n.normalize())
}

/// The one number of a text; none if there are several.
fn only_number(text: &str) -> Option<Decimal> {
    let text = normal::fold(text);
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let signed = text[..start].trim_end().ends_with(['-', '−', '△']);
    let (number, rest) = amount::leading_number(&text[start..])?;
    if rest.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    Some(if signed { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_with_their_units() {
        let yuan = |t: &str| money(t, Unit::TenThousand).map(|m| m.to_plain());
        assert_eq!(yuan("1,234.50 万元").as_deref(), Some("12345000.00"));
        assert_eq!(yuan("500（万元）").as_deref(), Some("5000000.00"));
        assert_eq!(yuan("（万元）500").as_deref(), Some("5000000.00"));
        assert_eq!(yuan("86500000元").as_deref(), Some("86500000.00"));
        assert_eq!(yuan("-12.5").as_deref(), Some("-125000.00"));
        assert_eq!(yuan("500（其中设备200）"), None);
    }

    #[test]
    fn counts_with_their_units() {
        let count = |t: &str| number(t).map(|n| n.to_string());
        assert_eq!(count("1200个").as_deref(), Some("1200"));
        assert_eq!(count("1.2万个").as_deref(), Some("12000"));
        assert_eq!(count("约 300 家").as_deref(), Some("300"));
        assert_eq!(count("36.5%").as_deref(), Some("36.5"));
        assert_eq!(count("280人月").as_deref(), Some("280"));
        assert_eq!(count("5个地级市3个园区"), None);
    }

    #[test]
    fn a_number_cut_short_is_not_read() {
        let file: Arc<str> = "f".into();
        let at = |grade| Fragment {
            text: "17.".into(),
            place: crate::model::Place::File,
            grade,
            confidence: Confidence(980),
            edges: Vec::new(),
        };
        let read = |grade| field(Type::Money, &at(grade), Unit::TenThousand, 1.0, &file);
        assert!(matches!(read(Grade::Ocr), Some(Field::Unreadable(_))));
        assert!(matches!(read(Grade::Text), Some(Field::Found(_))));
    }

    #[test]
    fn what_the_template_prints_is_blank() {
        for text in ["", "____", "  年  月  日", "年 月 至 年 月", "（万元）", "人", "（盖章）", "人 月"]
        {
            assert!(is_blank(text), "{text}");
        }
        assert_eq!(strip_seal("样本公司〈盖章)"), "样本公司");
        assert_eq!(strip_seal("样本印章有限公司"), "样本印章有限公司");
        assert_eq!(strip_seal("样本公司岳阳分公司（盖"), "样本公司岳阳分公司");
        assert_eq!(strip_seal("样本（岳阳）公司"), "样本（岳阳）公司");
        for text in ["/", "无", "—", "0", "张三"] {
            assert!(!is_blank(text), "{text}");
        }
    }
}

//! How far a finding may rest on recognised values (`rules.md`, grade rules 1 and 2).
//!
//! A wrong accusation is as bad as a missed fake: a contradiction that one look-alike character explains, or that a
//! second reading does not confirm, is not a contradiction but something nobody could verify.

use crate::model::{Confidence, Draft, Evidence, Expect, Grade, Money, Outcome, Severity, Value};
use crate::pack::notice::Thresholds;
use crate::text::amount::{parse_money, parse_number};
use crate::text::capital::{parse_capital, to_capital};
use crate::text::code::clean_code;
use crate::text::confusion::{part_of_capital, part_of_digits, variants};
use crate::text::date::{parse_date, parse_month, parse_span};
use crate::text::name::normal_name;
use crate::text::normal::{likeness, squash};

/// Reads a place a second time, independently; none if that is not possible.
pub(super) type Reread<'a> = dyn Fn(&Evidence, Expect) -> Option<Vec<(String, Confidence)>> + 'a;

/// Applies the caps to an anomaly. `severity` is what it would have without them.
pub(super) fn settle(
    draft: &mut Draft,
    severity: Severity,
    thresholds: Thresholds,
    reread: &Reread<'_>,
) -> Severity {
    if draft.outcome != Outcome::Anomaly || draft.evidence.iter().all(|e| e.grade != Grade::Ocr) {
        return severity;
    }
    if let Some(why) = doubt(draft, severity, thresholds, reread) {
        draft.outcome = Outcome::Unverifiable;
        draft.message = format!("{}\n无法据此认定：{why}。请对照原件复核。", draft.message);
        draft.effect = None;
        return severity.min(Severity::Major);
    }
    if severity >= Severity::Major {
        draft.message.push_str("\n所依据的扫描件数值已独立复读，两次读数一致。");
    }
    severity.min(Severity::Major)
}

fn doubt(draft: &Draft, severity: Severity, t: Thresholds, reread: &Reread<'_>) -> Option<String> {
    let values: Vec<Option<Value>> = draft.evidence.iter().map(|e| e.value.clone()).collect();
    for (i, e) in draft.evidence.iter().enumerate() {
        if e.grade != Grade::Ocr {
            continue;
        }
        if let Some(value) = &e.value {
            if e.confidence.0 < t.low {
                return Some(format!("“{}”的识别置信度过低", e.label));
            }
            if let Some(other) = explained_by_confusion(draft, &values, i, value) {
                return Some(format!(
                    "“{}”若把“{}”读作“{other}”即不存在矛盾，可能是识别误差",
                    e.label, e.raw
                ));
            }
        }
        if let Some(whole) = partly_read(draft, &values, i) {
            return Some(format!("“{}”读作“{}”，可能只读到“{whole}”的一部分", e.label, e.raw));
        }
        // A minor point may rest on one reading, if that was sure.
        let second = severity >= Severity::Major || (e.value.is_some() && e.confidence.0 < t.sure);
        if second && let Some(why) = unconfirmed(draft, &values, i, t, reread) {
            return Some(why);
        }
    }
    None
}

/// A reading one slip away under which the contradiction vanishes.
fn explained_by_confusion(
    draft: &Draft,
    values: &[Option<Value>],
    i: usize,
    value: &Value,
) -> Option<String> {
    let still = draft.still_holds.as_ref()?;
    let raw = &draft.evidence[i].raw;
    // No figure is printed with a nought before its digits.
    let padded = |text: &str| {
        let digits: Vec<char> = text.chars().skip_while(|c| !c.is_ascii_digit()).take(2).collect();
        matches!(digits[..], ['0', next] if next.is_ascii_digit())
    };
    let is_figure = matches!(value, Value::Money(_) | Value::Number(_)) && !padded(raw);
    variants(raw).into_iter().filter(|variant| !(is_figure && padded(variant))).find(|variant| {
        retype(variant, value).is_some_and(|v| {
            if same(&v, value) {
                return false;
            }
            let mut changed = values.to_vec();
            changed[i] = Some(v);
            !still(&changed)
        })
    })
}

/// The amount of other evidence of which this reading may be only a part, if the contradiction would then vanish. A
/// second reading of the same box misses what the box misses, so that it confirms nothing here.
fn partly_read(draft: &Draft, values: &[Option<Value>], i: usize) -> Option<String> {
    let still = draft.still_holds.as_ref()?;
    let read = &draft.evidence[i];
    let mine = amount(&read.value)?;
    draft.evidence.iter().enumerate().filter(|(j, _)| *j != i).find_map(|(_, other)| {
        let whole = amount(&other.value)?;
        let capital = to_capital(whole.yuan);
        // Amounts in different units are not printed alike.
        let printed = (whole.yuan / mine.unit.yuan()).normalize();
        let left = if parse_capital(&read.raw).is_some() {
            part_of_capital(&read.raw, &capital).then_some(capital)?
        } else {
            let printed = format!("{printed:.2}");
            part_of_digits(&read.raw, &printed).then_some(printed)?
        };
        let mut changed = values.to_vec();
        changed[i] = Some(Value::Money(Money { yuan: whole.yuan, ..mine }));
        (!still(&changed)).then_some(left)
    })
}

fn amount(value: &Option<Value>) -> Option<Money> {
    match value {
        Some(Value::Money(m)) => Some(*m),
        _ => None,
    }
}

fn unconfirmed(
    draft: &Draft,
    values: &[Option<Value>],
    i: usize,
    t: Thresholds,
    reread: &Reread<'_>,
) -> Option<String> {
    let e = &draft.evidence[i];
    let Some(value) = &e.value else {
        let seen = reread(e, Expect::Text).unwrap_or_default();
        let text = seen.iter().find(|(s, c)| !squash(s).is_empty() && c.0 >= t.low);
        return text.map(|(s, _)| format!("“{}”首次未读到内容，复读为“{s}”", e.label));
    };
    let Some(readings) = reread(e, expectation(e, value)).filter(|r| !r.is_empty()) else {
        return Some(format!("“{}”来自扫描识别，无法独立复读", e.label));
    };
    let mut confirmed = false;
    for (text, confidence) in &readings {
        let Some(again) = retype(text, value) else { continue };
        if same(&again, value) {
            confirmed = true;
            continue;
        }
        let mut changed = values.to_vec();
        changed[i] = Some(again);
        let vanishes = draft.still_holds.as_ref().is_none_or(|still| !still(&changed));
        if vanishes && confidence.0 >= t.low {
            return Some(format!("“{}”首次读作“{}”，复读为“{text}”，两次不一致", e.label, e.raw));
        }
    }
    (!confirmed).then(|| {
        let seen: Vec<&str> = readings.iter().map(|(s, _)| s.as_str()).collect();
        format!("“{}”首次读作“{}”，复读为“{}”，两次不一致", e.label, e.raw, seen.join("”“"))
    })
}

fn expectation(e: &Evidence, value: &Value) -> Expect {
    match value {
        Value::Money(_) | Value::Number(_) if parse_capital(&e.raw).is_some() => Expect::Capital,
        Value::Money(_) | Value::Number(_) => Expect::Amount,
        Value::Date(_) | Value::Month(_) => Expect::Date,
        Value::Text(t) if !t.is_empty() && t.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') => {
            Expect::Code
        }
        Value::Text(_) | Value::List(_) => Expect::Text,
    }
}

/// Another reading as the type the value has.
fn retype(text: &str, like: &Value) -> Option<Value> {
    typed(text, like).or_else(|| {
        let figure = matches!(like, Value::Money(_) | Value::Number(_)).then(|| text.trim())?;
        // A second look at a cell takes its rulings for strokes.
        if let Some(yuan) = parse_capital(figure.trim_matches(['—', '–', '-', '_', '|', '丨', '.', '·', ' ']))
        {
            return matches!(like, Value::Money(_)).then(|| Value::Money(Money::yuan(yuan)));
        }
        // A unit in brackets behind the figure (110（万元）) is nothing a reader of figures can spell.
        if let Some(at) = figure.find(['(', '（']) {
            return typed(figure[..at].trim_end(), like);
        }
        // A count's own word (33人); not what multiplies it.
        let count = figure.trim_end_matches(|c: char| c.is_alphabetic() && !"万亿千百十".contains(c));
        matches!(like, Value::Number(_)).then(|| typed(count.trim_end(), like))?
    })
}

fn typed(text: &str, like: &Value) -> Option<Value> {
    match like {
        Value::Money(m) => {
            parse_money(text, m.unit).or_else(|| parse_capital(text).map(Money::yuan)).map(Value::Money)
        }
        Value::Number(_) => {
            parse_number(text).or_else(|| parse_number(text.trim_end_matches('%'))).map(Value::Number)
        }
        Value::Date(_) => parse_date(text).map(Value::Date),
        // Both ends of a period stand in one cell: the end that this value is, if it is there again.
        Value::Month(m) => parse_month(text)
            .or_else(|| parse_span(text).map(|(from, to)| if to == *m { to } else { from }))
            .map(Value::Month),
        Value::Text(_) => Some(Value::Text(text.trim().to_owned())),
        Value::List(_) => None,
    }
}

/// Whether two readings say the same.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Money(x), Value::Money(y)) => x.yuan == y.yuan,
        (Value::Text(x), Value::Text(y)) => {
            let (cx, cy) = (clean_code(x), clean_code(y));
            if cx.len() >= 8 && cx.chars().count() * 2 > x.chars().count() {
                return cx == cy;
            }
            let (x, y) = (normal_name(x), normal_name(y));
            x == y || likeness(&x, &y) >= 0.9
        }
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Unit, YearMonth};

    #[test]
    fn an_end_of_a_period_is_found_in_it_again() {
        let month = |year, month| Value::Month(YearMonth { year, month });
        let again = |v: &Value| retype("2022年8月至2021年12月", v);
        assert_eq!(again(&month(2022, 8)), Some(month(2022, 8)));
        assert_eq!(again(&month(2021, 12)), Some(month(2021, 12)));
        assert_ne!(again(&month(2020, 12)), Some(month(2020, 12)));
    }

    #[test]
    fn a_unit_in_brackets_behind_a_figure_is_no_part_of_it() {
        let like = Value::Money(Money::printed("110".parse().unwrap(), Unit::TenThousand));
        for text in ["110(4770)", "110 (万元）", "110（万元）"] {
            assert!(retype(text, &like).is_some_and(|v| same(&v, &like)), "{text}");
        }
        let framed = Value::Money(Money::yuan("135600".parse().unwrap()));
        assert!(retype("—壹拾叁万伍仟陆佰元整—", &framed).is_some_and(|v| same(&v, &framed)));
        let people = Value::Number("33".parse().unwrap());
        assert_eq!(retype("33人", &people), Some(people.clone()));
        assert_eq!(retype("33万", &people).filter(|v| *v == people), None);
        assert!(retype("11(0)", &like).is_none_or(|v| !same(&v, &like)));
    }
}

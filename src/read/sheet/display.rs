//! Cell values as the workbook shows them.

use calamine::{DataRef, DataType, ExcelDateTime, ExcelDateTimeType};
use rust_decimal::{Decimal, RoundingStrategy};

/// The text a cell shows, given its number format.
pub(in crate::read) fn shown(value: &DataRef<'_>, format: Option<&str>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(s) => s.clone(),
        DataRef::SharedString(s) => (*s).to_string(),
        DataRef::Bool(true) => "TRUE".into(),
        DataRef::Bool(false) => "FALSE".into(),
        DataRef::Int(n) => number(Decimal::from(*n), format),
        DataRef::Float(f) => decimal(*f).map_or_else(|| f.to_string(), |d| number(d, format)),
        DataRef::DateTime(date) => moment(*date, format),
        DataRef::DateTimeIso(s) | DataRef::DurationIso(s) => s.clone(),
        DataRef::Error(_) => value.get_error().map_or_else(|| "#ERR".to_string(), ToString::to_string),
    }
}

/// The text a number shows, given its number format: formats of dates make it a date.
pub(in crate::read) fn number_or_date(value: f64, format: Option<&str>, since_1904: bool) -> String {
    match format.map_or(Kind::Number, kind) {
        Kind::Number => shown(&DataRef::Float(value), format),
        kind => {
            let duration = if kind == Kind::Duration {
                ExcelDateTimeType::TimeDelta
            } else {
                ExcelDateTimeType::DateTime
            };
            // A negative number is no date, whatever its format: Excel shows nothing but hashes.
            if value < 0.0 {
                return shown(&DataRef::Float(value), None);
            }
            shown(&DataRef::DateTime(ExcelDateTime::new(value, duration, since_1904)), format)
        }
    }
}

/// What a number format makes of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Number,
    Date,
    Duration,
}

fn kind(format: &str) -> Kind {
    let mut chars = format.chars();
    if format.eq_ignore_ascii_case("general") {
        return Kind::Number;
    }
    while let Some(c) = chars.next() {
        match c {
            ';' => break,
            '"' => chars.by_ref().take_while(|c| *c != '"').for_each(drop),
            '\\' | '_' | '*' => drop(chars.next()),
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                let inside = inside.to_ascii_lowercase();
                if !inside.is_empty() && inside.chars().all(|c| matches!(c, 'h' | 'm' | 's')) {
                    return Kind::Duration;
                }
            }
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => return Kind::Date,
            _ => {}
        }
    }
    Kind::Number
}

/// The code of a number format that workbooks only name by its number; as Chinese Excel shows them.
pub(in crate::read) fn built_in(number: u16) -> Option<&'static str> {
    Some(match number {
        0 => "General",
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        5 | 6 => "\"￥\"#,##0;\"￥\"-#,##0",
        7 | 8 => "\"￥\"#,##0.00;\"￥\"-#,##0.00",
        9 => "0%",
        10 => "0.00%",
        11 => "0.00E+00",
        12 => "# ?/?",
        13 => "# ??/??",
        14 => "yyyy-m-d",
        15 => "d-mmm-yy",
        16 => "d-mmm",
        17 => "mmm-yy",
        18 | 20 => "h:mm",
        19 | 21 => "h:mm:ss",
        22 => "yyyy-m-d h:mm",
        27 | 36 | 50 | 52 | 57 => "yyyy\"年\"m\"月\"",
        28 | 29 | 51 | 53 | 54 | 58 => "m\"月\"d\"日\"",
        30 => "m-d-yy",
        31 => "yyyy\"年\"m\"月\"d\"日\"",
        32..=35 | 55 | 56 => "h:mm:ss",
        37 | 38 => "#,##0 ;(#,##0)",
        39 | 40 => "#,##0.00 ;(#,##0.00)",
        41 => r#"_ * #,##0_ ;_ * \-#,##0_ ;_ * "-"_ ;_ @_ "#,
        42 => r#"_ "￥"* #,##0_ ;_ "￥"* \-#,##0_ ;_ "￥"* "-"_ ;_ @_ "#,
        43 => r#"_ * #,##0.00_ ;_ * \-#,##0.00_ ;_ * "-"??_ ;_ @_ "#,
        44 => r#"_ "￥"* #,##0.00_ ;_ "￥"* \-#,##0.00_ ;_ "￥"* "-"??_ ;_ @_ "#,
        45..=47 => "h:mm:ss",
        48 => "##0.0E+0",
        49 => "@",
        _ => return None,
    })
}

/// A stored double as the decimal its writer meant: fifteen significant digits, as Excel keeps them.
fn decimal(value: f64) -> Option<Decimal> {
    if !value.is_finite() || value.abs() >= 1e27 {
        return None;
    }
    Decimal::from_scientific(&format!("{value:.14e}")).ok().map(|d| d.normalize())
}

/// What a section of a number format asks for.
struct Section {
    prefix: String,
    suffix: String,
    decimals: Option<u32>,
    /// Decimals shown only where the number has them (`#`).
    optional: u32,
    grouped: bool,
    percent: bool,
    thousands: u32,
}

fn number(value: Decimal, format: Option<&str>) -> String {
    let Some(format) = format.filter(|f| !f.eq_ignore_ascii_case("general") && *f != "@" && !f.is_empty())
    else {
        return value.normalize().to_string();
    };
    let sections: Vec<&str> = split_sections(format);
    let (code, own_sign) = match sections.len() {
        0 => return value.normalize().to_string(),
        1 => (sections[0], false),
        n if value.is_zero() && n >= 3 => (sections[2], true),
        _ if value.is_sign_negative() && !value.is_zero() => (sections[1], true),
        _ => (sections[0], false),
    };
    let Some(section) = parse(code) else { return value.normalize().to_string() };
    let Some(decimals) = section.decimals else {
        // A section without digits shows its words only: the dash of an accounting zero.
        let words = section.prefix.trim();
        return if words.is_empty() { value.normalize().to_string() } else { words.to_string() };
    };
    let mut shown = if own_sign { value.abs() } else { value };
    if section.percent {
        shown *= Decimal::ONE_HUNDRED;
    }
    for _ in 0..section.thousands {
        shown /= Decimal::ONE_THOUSAND;
    }
    shown = shown.round_dp_with_strategy(decimals + section.optional, RoundingStrategy::MidpointAwayFromZero);
    let shown = shown.normalize();
    let mut text = if shown.scale() < decimals { padded(shown, decimals) } else { shown.to_string() };
    if section.grouped {
        text = grouped(&text);
    }
    let percent = if section.percent { "%" } else { "" };
    format!("{}{}{}{}", section.prefix.trim_start(), text, percent, section.suffix.trim_end())
}

fn padded(mut value: Decimal, scale: u32) -> String {
    value.rescale(scale);
    value.to_string()
}

fn grouped(text: &str) -> String {
    let (sign, rest) = text.strip_prefix('-').map_or(("", text), |r| ("-", r));
    let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(w, f)| (w, Some(f)));
    let mut out = String::from(sign);
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// Sections are parted by semicolons that stand in no quotes.
fn split_sections(format: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (i, c) in format.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            ';' if !quoted => {
                out.push(&format[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    out.push(&format[start..]);
    out
}

/// Reads one section; `None` for what is no plain number format (fractions, exponents).
fn parse(code: &str) -> Option<Section> {
    let mut section = Section {
        prefix: String::new(),
        suffix: String::new(),
        decimals: None,
        optional: 0,
        grouped: false,
        percent: false,
        thousands: 0,
    };
    let mut point = false;
    let mut pending_commas = 0;
    let mut chars = code.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            // A digit or a blank: asks for decimals, but a section of these alone shows no zero.
            '?' => section.optional += u32::from(point),
            '0' | '#' => {
                section.grouped |= pending_commas > 0 && !point;
                pending_commas = 0;
                let decimals = section.decimals.get_or_insert(0);
                if point && c == '0' {
                    *decimals += 1;
                } else if point {
                    section.optional += 1;
                }
            }
            '.' if section.decimals.is_some() || chars.peek() == Some(&'0') => {
                point = true;
                section.decimals.get_or_insert(0);
            }
            ',' => pending_commas += 1,
            '%' => section.percent = true,
            '/' | 'E' | 'e' if section.decimals.is_some() => return None,
            '"' => {
                let words: String = chars.by_ref().take_while(|c| *c != '"').collect();
                literal(&mut section, &words);
            }
            '\\' => literal(&mut section, &chars.next().map(String::from).unwrap_or_default()),
            // The width of a character, a fill character: blanks.
            '_' | '*' => {
                chars.next();
            }
            '[' => {
                let words: String = chars.by_ref().take_while(|c| *c != ']').collect();
                if let Some(currency) = words.strip_prefix('$') {
                    literal(&mut section, currency.split('-').next().unwrap_or(""));
                }
            }
            c => literal(&mut section, &c.to_string()),
        }
    }
    section.thousands = pending_commas;
    Some(section)
}

fn literal(section: &mut Section, words: &str) {
    if section.decimals.is_some() { section.suffix.push_str(words) } else { section.prefix.push_str(words) }
}

fn moment(date: ExcelDateTime, format: Option<&str>) -> String {
    if date.is_duration() {
        return decimal(date.as_f64()).map_or_else(String::new, |d| d.to_string());
    }
    let (y, m, d, h, min, s, _) = date.to_ymd_hms_milli();
    let code = format.unwrap_or("").to_ascii_lowercase();
    if date.as_f64() < 1.0 {
        return format!("{h:02}:{min:02}:{s:02}");
    }
    if !code.is_empty() && code.contains('y') && !code.contains('d') {
        return if code.contains('m') { format!("{y}年{m}月") } else { format!("{y}年") };
    }
    if (h, min, s) == (0, 0, 0) {
        return format!("{y:04}-{m:02}-{d:02}");
    }
    format!("{y:04}-{m:02}-{d:02} {h:02}:{min:02}:{s:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(value: f64, format: &str) -> String {
        shown(&DataRef::Float(value), Some(format))
    }

    #[test]
    fn float_noise_never_shows() {
        assert_eq!(show(0.1 + 0.2, "General"), "0.3");
        assert_eq!(show(1234.5, "General"), "1234.5");
        assert_eq!(show(86_500_000.0, "General"), "86500000");
    }

    #[test]
    fn formats_of_dates_are_told_from_those_of_numbers() {
        let dates = ["yyyy-m-d", "yyyy\"年\"m\"月\"", "h:mm", "[$-804]yyyy/m/d;@", "mmm-yy"];
        assert!(dates.iter().all(|f| kind(f) == Kind::Date));
        let numbers =
            ["General", "0.00", "[Red]#,##0.00", "\"days\" 0", "_ * #,##0_ ;_ @_ ", "0.00E+00", "@"];
        assert!(numbers.iter().all(|f| kind(f) == Kind::Number));
        assert_eq!(kind("[h]:mm"), Kind::Duration);
        assert_eq!(number_or_date(44_927.0, built_in(14), false), "2023-01-01");
        assert_eq!(number_or_date(44_927.0, built_in(57), false), "2023年1月");
        assert_eq!(number_or_date(0.365, built_in(10), false), "36.50%");
        assert_eq!(number_or_date(-3.0, built_in(14), false), "-3");
    }

    #[test]
    fn formats_show_as_excel_does() {
        assert_eq!(show(1234567.891, "#,##0.00"), "1,234,567.89");
        assert_eq!(show(0.365, "0.0%"), "36.5%");
        assert_eq!(show(-12.5, "#,##0.00;(#,##0.00)"), "(12.50)");
        assert_eq!(show(0.0, r#"_ * #,##0.00_ ;_ * \-#,##0.00_ ;_ * "-"??_ ;_ @_ "#), "-");
        assert_eq!(show(-3.0, r#"_ * #,##0.00_ ;_ * \-#,##0.00_ ;_ * "-"??_ ;_ @_ "#), "-3.00");
        assert_eq!(show(12.0, "0.00\"万元\""), "12.00万元");
        assert_eq!(show(2.5, "0.##"), "2.5");
        assert_eq!(show(1.005, "0.00"), "1.01");
    }
}

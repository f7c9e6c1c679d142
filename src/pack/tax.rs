//! What tax law said on a day, as far as rules need it: rates in force, and since when fully digitalised invoices exist.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;
use toml::Spanned;

/// Tax facts of a notice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tax {
    /// First day on which a fully digitalised invoice (20 digits) could be issued.
    pub digital_from: Option<NaiveDate>,
    /// Periods with the rates that may stand on an invoice.
    pub rates: Vec<Period>,
}

/// Rates in per cent and when they were in force; an open end is none.
#[derive(Clone, Debug, PartialEq)]
pub struct Period {
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// Rates in per cent.
    pub rates: Vec<Decimal>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Raw {
    digital_from: Option<Spanned<String>>,
    #[serde(default)]
    rates: Vec<RawPeriod>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPeriod {
    from: Option<Spanned<String>>,
    to: Option<Spanned<String>>,
    percent: Spanned<Vec<String>>,
}

impl Tax {
    /// Takes over what a notice says; what it does not say stays. An error has the place in the file.
    pub(super) fn apply(&mut self, raw: Raw) -> Result<(), (usize, String)> {
        if let Some(day) = raw.digital_from {
            self.digital_from = Some(parse(&day)?);
        }
        if !raw.rates.is_empty() {
            self.rates = raw.rates.into_iter().map(period).collect::<Result<_, _>>()?;
        }
        Ok(())
    }

    /// Whether a rate may stand on an invoice of this day.
    pub fn in_force(&self, rate: Decimal, day: NaiveDate) -> bool {
        self.of(rate).any(|p| p.from.is_none_or(|f| f <= day) && p.to.is_none_or(|t| t >= day))
    }

    /// Days between a day and the nearest one on which the rate was in force before it; none if it never was.
    pub fn days_after(&self, rate: Decimal, day: NaiveDate) -> Option<i64> {
        self.of(rate)
            .filter(|p| p.from.is_none_or(|f| f <= day))
            .map(|p| p.to.map_or(0, |t| (day - t).num_days().max(0)))
            .min()
    }

    fn of(&self, rate: Decimal) -> impl Iterator<Item = &Period> {
        self.rates.iter().filter(move |p| p.rates.contains(&rate))
    }
}

fn period(raw: RawPeriod) -> Result<Period, (usize, String)> {
    let at = raw.percent.span().start;
    let rates = raw.percent.into_inner().iter().map(|r| r.parse()).collect::<Result<_, _>>();
    Ok(Period {
        from: raw.from.as_ref().map(parse).transpose()?,
        to: raw.to.as_ref().map(parse).transpose()?,
        rates: rates.map_err(|_| (at, "percent 应为百分数的列表（如 [\"13\", \"1.5\"]）".to_owned()))?,
    })
}

fn parse(day: &Spanned<String>) -> Result<NaiveDate, (usize, String)> {
    NaiveDate::parse_from_str(day.get_ref(), "%Y-%m-%d")
        .map_err(|_| (day.span().start, format!("{} 不是日期（应如 2019-04-01）", day.get_ref())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("day")
    }

    #[test]
    fn a_rate_holds_in_its_periods() {
        let raw: Raw = toml::from_str(
            "rates = [{ from = '2020-03-01', to = '2022-03-31', percent = ['1'] }, { from = '2023-01-01', percent = ['1', '1.5'] }]",
        )
        .expect("parses");
        let mut tax = Tax::default();
        tax.apply(raw).expect("dates");
        let one = Decimal::ONE;
        assert!(tax.in_force(one, day("2022-03-31")) && tax.in_force(one, day("2024-01-01")));
        assert!(!tax.in_force(one, day("2022-06-01")));
        assert_eq!(tax.days_after(one, day("2022-04-02")), Some(2));
        assert_eq!(tax.days_after(Decimal::TEN, day("2022-04-02")), None);
    }

    #[test]
    fn a_wrong_day_has_its_place() {
        let raw: Raw = toml::from_str("digital_from = 'bald'").expect("parses");
        assert!(Tax::default().apply(raw).unwrap_err().1.contains("bald"));
    }
}

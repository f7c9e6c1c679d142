//! Amounts in 元 with the unit and the decimals they were printed in.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The unit an amount was printed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Unit {
    /// 元
    #[default]
    Yuan,
    /// 千元
    Thousand,
    /// 万元
    TenThousand,
    /// 百万元
    Million,
    /// 亿元
    HundredMillion,
}

impl Unit {
    /// How many 元 one unit is.
    pub fn yuan(self) -> Decimal {
        Decimal::from(match self {
            Unit::Yuan => 1u32,
            Unit::Thousand => 1_000,
            Unit::TenThousand => 10_000,
            Unit::Million => 1_000_000,
            Unit::HundredMillion => 100_000_000,
        })
    }

    /// The unit's Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Yuan => "元",
            Unit::Thousand => "千元",
            Unit::TenThousand => "万元",
            Unit::Million => "百万元",
            Unit::HundredMillion => "亿元",
        }
    }
}

/// An amount in 元, exact, that remembers how it was displayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// The amount in 元.
    pub yuan: Decimal,
    /// The unit it was printed in.
    pub unit: Unit,
    /// How many decimals were printed, in that unit.
    pub decimals: u32,
}

impl Money {
    /// An amount printed in 元 with two decimals.
    pub fn yuan(yuan: Decimal) -> Self {
        Self { yuan, unit: Unit::Yuan, decimals: 2 }
    }

    /// An amount as printed: `printed` in `unit`.
    pub fn printed(printed: Decimal, unit: Unit) -> Self {
        Self { yuan: printed * unit.yuan(), unit, decimals: printed.scale() }
    }

    /// Half of the last displayed digit, in 元 (`domain.md` §4.3): what display rounding may hide.
    pub fn half_unit(&self) -> Decimal {
        self.unit.yuan() * Decimal::new(5, self.decimals.min(20) + 1)
    }

    /// The amount in 元 with two decimals, as `report.json` writes it.
    pub fn to_plain(&self) -> String {
        plain(self.yuan)
    }
}

/// A decimal with at least two decimals and no more than it needs (`1200000.00`, `0.1234`).
pub fn plain(value: Decimal) -> String {
    let mut normal = value.normalize();
    if normal.scale() < 2 {
        normal.rescale(2);
    }
    normal.to_string()
}

/// An amount with thousands separators, for people (`1,200,000.00`).
pub fn grouped(value: Decimal) -> String {
    let text = plain(value);
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.as_str()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut out = String::from(sign);
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_unit_gives_tolerance() {
        let m = Money::printed(Decimal::new(12345, 2), Unit::TenThousand);
        assert_eq!(m.to_plain(), "1234500.00");
        assert_eq!(m.half_unit(), Decimal::from(50));
    }

    #[test]
    fn grouping() {
        assert_eq!(grouped(Decimal::new(-123456789, 2)), "-1,234,567.89");
        assert_eq!(grouped(Decimal::from(100)), "100.00");
    }
}

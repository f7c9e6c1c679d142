//! Arithmetic as a witness: identities of the statements raise or lower the confidence of recognised values. They never
//! change a value, and what a text layer or a workbook says is not doubted: a sum that does not add up there is a
//! finding, not a reading error.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::model::{Confidence, Field, Grade, Kind, Value};

/// Left side, and the terms of the right side with their signs.
type Identity = (&'static str, &'static [(&'static str, i8)]);

const BALANCE: &[Identity] = &[
    ("资产总计", &[("负债合计", 1), ("所有者权益合计", 1)]),
    ("资产总计", &[("负债和所有者权益总计", 1)]),
    ("资产总计", &[("流动资产合计", 1), ("非流动资产合计", 1)]),
    ("负债合计", &[("流动负债合计", 1), ("非流动负债合计", 1)]),
    ("所有者权益合计", &[("实收资本", 1), ("资本公积", 1), ("盈余公积", 1), ("未分配利润", 1)]),
];

const INCOME: &[Identity] = &[
    ("利润总额", &[("营业利润", 1), ("营业外收入", 1), ("营业外支出", -1)]),
    ("净利润", &[("利润总额", 1), ("所得税费用", -1)]),
];

const CASH: &[Identity] = &[
    ("期末现金及现金等价物余额", &[("期初现金及现金等价物余额", 1), ("现金及现金等价物净增加额", 1)]),
    (
        "现金及现金等价物净增加额",
        &[
            ("经营活动产生的现金流量净额", 1),
            ("投资活动产生的现金流量净额", 1),
            ("筹资活动产生的现金流量净额", 1),
        ],
    ),
];

/// Confidence of a recognised value that an identity confirms.
const CONFIRMED: Confidence = Confidence(980);
/// Confidence of a recognised value that an identity contradicts and none confirms.
const CONTRADICTED: Confidence = Confidence(600);

/// Weighs the recognised values of a statement.
pub(super) fn weigh(kind: Kind, fields: &mut BTreeMap<String, Field>) {
    let (identities, suffixes) = match kind {
        Kind::BalanceSheet => (BALANCE, ["closing", "opening"]),
        Kind::IncomeStatement => (INCOME, ["current", "prior"]),
        _ => (CASH, ["current", "prior"]),
    };
    for suffix in suffixes {
        let mut verdicts: BTreeMap<String, bool> = BTreeMap::new();
        for (left, right) in identities {
            let Some(holds) = holds(fields, left, right, suffix) else { continue };
            for name in right.iter().map(|t| t.0).chain([*left]) {
                let verdict = verdicts.entry(format!("{name}.{suffix}")).or_default();
                *verdict |= holds;
            }
        }
        for (name, confirmed) in verdicts {
            if let Some(Field::Found(s)) = fields.get_mut(&name)
                && s.grade == Grade::Ocr
            {
                s.confidence =
                    if confirmed { s.confidence.max(CONFIRMED) } else { s.confidence.min(CONTRADICTED) };
            }
        }
    }
}

/// Whether an identity holds within what display hides; `None` if a term was not read. Terms that print nothing when
/// they are zero may be absent, if at least two of the right side are there.
fn holds(fields: &BTreeMap<String, Field>, left: &str, right: &[(&str, i8)], suffix: &str) -> Option<bool> {
    let money = |name: &str| match fields.get(&format!("{name}.{suffix}"))?.found()?.value {
        Value::Money(m) => Some(m),
        _ => None,
    };
    let total = money(left)?;
    let mut sum = Decimal::ZERO;
    let mut tolerance = total.half_unit();
    let mut there = 0;
    for (name, sign) in right {
        let Some(term) = money(name) else {
            if fields.contains_key(&format!("{name}.{suffix}")) {
                return None;
            }
            continue;
        };
        there += 1;
        sum += term.yuan * Decimal::from(*sign);
        tolerance += term.half_unit();
    }
    let enough = there == right.len() || there >= 2 || (there == 1 && (sum - total.yuan).abs() <= tolerance);
    (there > 0 && enough).then(|| (sum - total.yuan).abs() <= tolerance)
}

//! The values of own rules, and why there may be none.

use std::cmp::Ordering;
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::facts::Key;
use crate::check::say;
use crate::model::YearMonth;
use crate::text::normal::squash;

/// Characters of a text that a message shows.
const SHOWN: usize = 200;

/// A value.
#[derive(Clone, Debug)]
pub(super) enum Datum {
    Bool(bool),
    Number(Decimal),
    /// 元.
    Money(Decimal),
    Text(Arc<str>),
    Day(NaiveDate),
    Month(YearMonth),
    List(Arc<Vec<Datum>>),
    /// A thing of the case, by index.
    Thing(usize),
    /// The fields of a thing.
    Fields(usize),
}

/// Why there is no value. The order is that of what to tell of two.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Trouble {
    /// The rule costs too much.
    Budget,
    /// Something stands there that cannot be relied on.
    Doubtful(Key),
    /// Not there, or not known.
    Absent(String),
    /// The rule does not fit what is there (a text where a number is wanted).
    Unfit(String),
}

impl Trouble {
    fn rank(&self) -> u8 {
        match self {
            Trouble::Budget => 0,
            Trouble::Doubtful(_) => 1,
            Trouble::Absent(_) => 2,
            Trouble::Unfit(_) => 3,
        }
    }

    /// The one to tell.
    pub(super) fn or(self, other: Self) -> Self {
        if other.rank() < self.rank() { other } else { self }
    }
}

impl Datum {
    pub(super) fn text(text: &str) -> Self {
        Datum::Text(Arc::from(text))
    }

    /// The value as a message shows it.
    pub(super) fn show(&self) -> String {
        match self {
            Datum::Bool(true) => "是".into(),
            Datum::Bool(false) => "否".into(),
            Datum::Number(n) => say::number(*n),
            Datum::Money(m) => say::yuan(*m),
            Datum::Text(t) if t.chars().count() > SHOWN => {
                t.chars().take(SHOWN).chain("……".chars()).collect()
            }
            Datum::Text(t) => t.to_string(),
            Datum::Day(d) => d.to_string(),
            Datum::Month(m) => format!("{:04}-{:02}", m.year, m.month),
            Datum::List(l) => {
                let mut shown: Vec<String> = l.iter().take(11).map(Datum::show_part).collect();
                if shown.len() > 10 {
                    shown[10] = format!("等{}项", l.len());
                }
                shown.join("、")
            }
            Datum::Thing(_) | Datum::Fields(_) => "（材料）".into(),
        }
    }

    /// An element of a list: lists share their parts, so that walking lists of lists may take for ever.
    fn show_part(&self) -> String {
        if matches!(self, Datum::List(_)) { "（列表）".into() } else { self.show() }
    }

    fn kind(&self) -> &'static str {
        match self {
            Datum::Bool(_) => "是非",
            Datum::Number(_) => "数字",
            Datum::Money(_) => "金额",
            Datum::Text(_) => "文字",
            Datum::Day(_) => "日期",
            Datum::Month(_) => "月份",
            Datum::List(_) => "列表",
            Datum::Thing(_) | Datum::Fields(_) => "材料",
        }
    }

    /// What it costs to look at it once.
    pub(super) fn size(&self) -> usize {
        match self {
            Datum::Text(t) => t.len() / 64 + 1,
            Datum::List(l) => l.len() / 16 + 1,
            _ => 1,
        }
    }

    pub(super) fn unfit(&self, wanted: &str) -> Trouble {
        let shown: String = self.show().chars().take(20).collect();
        Trouble::Unfit(format!("“{shown}”是{}，不是{wanted}", self.kind()))
    }

    pub(super) fn bool(&self) -> Result<bool, Trouble> {
        match self {
            Datum::Bool(b) => Ok(*b),
            other => Err(other.unfit("是非")),
        }
    }

    pub(super) fn number(&self) -> Result<Decimal, Trouble> {
        match self {
            Datum::Number(n) | Datum::Money(n) => Ok(*n),
            other => Err(other.unfit("数字")),
        }
    }

    pub(super) fn str(&self) -> Result<&str, Trouble> {
        match self {
            Datum::Text(t) => Ok(t),
            other => Err(other.unfit("文字")),
        }
    }

    pub(super) fn day(&self) -> Result<NaiveDate, Trouble> {
        match self {
            Datum::Day(d) => Ok(*d),
            other => Err(other.unfit("日期")),
        }
    }

    pub(super) fn list(&self) -> Result<&Arc<Vec<Datum>>, Trouble> {
        match self {
            Datum::List(l) => Ok(l),
            other => Err(other.unfit("列表")),
        }
    }

    /// Whether two values are the same. Blanks in texts do not count; values of different kinds cannot be compared,
    /// because "not equal" would then accuse where the author mistook a type.
    pub(super) fn same(&self, other: &Self) -> Result<bool, Trouble> {
        match (self, other) {
            (Datum::Bool(a), Datum::Bool(b)) => Ok(a == b),
            (Datum::Text(a), Datum::Text(b)) => Ok(a == b || squash(a) == squash(b)),
            (Datum::List(a), Datum::List(b)) => {
                // Lists share their parts, so that comparing lists of lists may take for ever.
                if let Some(list) = a.iter().chain(b.iter()).find(|x| matches!(x, Datum::List(_))) {
                    return Err(list.unfit("单个的值"));
                }
                if a.len() != b.len() {
                    return Ok(false);
                }
                a.iter().zip(b.iter()).try_fold(true, |all, (x, y)| Ok(all && x.same(y)?))
            }
            _ => Ok(self.order(other)? == Ordering::Equal),
        }
    }

    pub(super) fn order(&self, other: &Self) -> Result<Ordering, Trouble> {
        match (self, other) {
            (Datum::Day(a), Datum::Day(b)) => Ok(a.cmp(b)),
            (Datum::Month(a), Datum::Month(b)) => Ok(a.cmp(b)),
            (Datum::Text(a), Datum::Text(b)) => Ok(a.cmp(b)),
            (Datum::Number(a) | Datum::Money(a), Datum::Number(b) | Datum::Money(b)) => Ok(a.cmp(b)),
            _ => Err(self.unfit(other.kind())),
        }
    }
}

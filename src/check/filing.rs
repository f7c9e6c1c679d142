//! The day of filing, and what comes after it.

use chrono::NaiveDate;

use super::Cx;
use super::cx::date_of;
use crate::model::{Evidence, Sourced, Value};

/// The day of filing by the form's cover.
pub(super) fn filed<'a>(cx: &Cx<'a>) -> Option<(&'a Sourced<Value>, NaiveDate)> {
    let s = cx.form("封面.申报日期")?;
    match s.value {
        Value::Date(d) => Some((s, d)),
        _ => None,
    }
}

/// The last day on which a paper of the submission can have been made.
#[derive(Clone, Copy)]
pub(super) struct Filing<'a> {
    cover: Option<&'a Sourced<Value>>,
    /// The day of filing; where the form names none, the notice's deadline.
    pub limit: NaiveDate,
}

impl<'a> Filing<'a> {
    pub(super) fn of(cx: &Cx<'a>) -> Self {
        let filed = filed(cx);
        Self { cover: filed.map(|f| f.0), limit: filed.map_or(cx.notice.deadline, |f| f.1) }
    }

    /// How a message names it.
    pub(super) fn name(&self) -> String {
        let limit = self.limit;
        match self.cover {
            Some(_) => format!("申报日期{limit}"),
            None => format!("通知规定的申报截止日{limit}（申报书未填日期）"),
        }
    }

    /// The date of a paper that is later, and the cover's beside it.
    pub(super) fn evidence(&self, label: &str, day: &Sourced<Value>) -> Vec<Evidence> {
        let cover = self.cover.map(|s| Evidence::of("申报日期", s));
        std::iter::once(Evidence::of(label, day)).chain(cover).collect()
    }

    /// Whether what `evidence` gave is still later when it was read again.
    pub(super) fn still_later(self) -> impl Fn(&[Option<Value>]) -> bool + use<> {
        let limit = self.limit;
        move |v| match (date_of(&v[0]), v.get(1)) {
            (Some(a), Some(b)) => date_of(b).is_none_or(|b| a > b),
            (Some(a), None) => a > limit,
            _ => true,
        }
    }
}

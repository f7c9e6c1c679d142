//! From what is printed to a typed field. What stands there and does not parse is unreadable, never dropped.

use std::sync::Arc;

use crate::extract::label::Fragment;
use crate::model::{Confidence, Field, Money, Source, Sourced, Unit, Value};
use crate::text::{amount, code, date, normal};

use super::label::is_cjk;

/// Makes fields of fragments of one file.
#[derive(Clone, Debug)]
pub struct Typed {
    file: Arc<str>,
}

impl Typed {
    /// For fragments of this file.
    pub fn new(file: &Arc<str>) -> Self {
        Self { file: Arc::clone(file) }
    }

    /// A field of this value.
    pub fn found(&self, value: Value, at: &Fragment) -> Field {
        Field::Found(self.sourced(value, at))
    }

    /// Something is printed that is not what should stand there.
    pub fn unreadable(&self, at: &Fragment) -> Field {
        Field::Unreadable(self.sourced(at.text.clone(), at))
    }

    /// Text, its broken lines joined.
    pub fn text(&self, at: &Fragment) -> Field {
        self.found(Value::Text(joined(&at.text)), at)
    }

    /// An amount; `unit` counts where the print names none.
    pub fn money(&self, at: &Fragment, unit: Unit) -> Field {
        match amount::parse_money(&at.text, unit) {
            Some(m) => self.found(Value::Money(m), at),
            None => self.unreadable(at),
        }
    }

    /// An amount in capital numerals.
    pub fn capital(&self, at: &Fragment) -> Field {
        match amount::parse_capital(&at.text) {
            Some(v) => self.found(Value::Money(Money::yuan(v)), at),
            None => self.unreadable(at),
        }
    }

    /// A number; a percentage is its figure.
    pub fn number(&self, at: &Fragment) -> Field {
        match amount::parse_number(&at.text) {
            Some(n) => self.found(Value::Number(n), at),
            None => self.unreadable(at),
        }
    }

    /// A day.
    pub fn date(&self, at: &Fragment) -> Field {
        match date::parse_date(&at.text) {
            Some(d) => self.found(Value::Date(d), at),
            None => self.unreadable(at),
        }
    }

    /// A code or number that identifies something: blanks go, nothing is corrected.
    pub fn code(&self, at: &Fragment) -> Field {
        self.found(Value::Text(code::clean_code(&at.text)), at)
    }

    /// A number with its dashes and letters as printed, only without blanks: accounts, receipt numbers.
    pub fn plain(&self, at: &Fragment) -> Field {
        self.found(Value::Text(normal::squash(&at.text)), at)
    }

    fn sourced<T>(&self, value: T, at: &Fragment) -> Sourced<T> {
        let source = Source { file: Arc::clone(&self.file), place: at.place.clone() };
        Sourced::new(value, at.text.clone(), at.grade, at.confidence, source)
    }
}

/// The field, less sure by this factor: found by its shape only, or not fitting its neighbours.
pub fn weaken(field: Field, factor: f32) -> Field {
    let less = |c: Confidence| Confidence::from_unit(c.as_unit() * factor);
    match field {
        Field::Found(s) => Field::Found(Sourced { confidence: less(s.confidence), ..s }),
        Field::Unreadable(s) => Field::Unreadable(Sourced { confidence: less(s.confidence), ..s }),
    }
}

/// Folded text of several printed lines: a break between Chinese characters is no blank.
pub fn joined(text: &str) -> String {
    let mut out = String::new();
    for part in text.split('\n').map(normal::fold).filter(|p| !p.is_empty()) {
        let glued = out.chars().last().is_none_or(is_cjk) || part.chars().next().is_none_or(is_cjk);
        if !glued {
            out.push(' ');
        }
        out.push_str(&part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Grade, Place};

    fn at(text: &str) -> Fragment {
        Fragment {
            text: text.into(),
            place: Place::File,
            grade: Grade::Text,
            confidence: Confidence::FULL,
            edges: Vec::new(),
        }
    }

    #[test]
    fn broken_lines_are_joined_without_blanks_between_chinese() {
        assert_eq!(joined("湖南某某\n有限公司"), "湖南某某有限公司");
        assert_eq!(joined("Windows\nServer 2019"), "Windows Server 2019");
    }

    #[test]
    fn what_does_not_parse_is_unreadable() {
        let typed = Typed::new(&Arc::from("a.pdf"));
        assert!(matches!(typed.money(&at("不详"), Unit::Yuan), Field::Unreadable(_)));
        assert!(matches!(typed.money(&at("¥1,200.00"), Unit::Yuan), Field::Found(_)));
    }
}

//! From what is printed to a typed field. What stands there and does not parse is unreadable, never dropped.

use std::sync::Arc;

use crate::extract::label::Fragment;
use crate::model::{Confidence, Field, Grade, Money, Source, Sourced, Unit, Value};
use crate::text::code::{self, CodeCheck};
use crate::text::{amount, date, normal};

use super::label::is_cjk;

/// Most confidence of a recognised code whose check character does not hold.
const UNCHECKED: Confidence = Confidence(850);

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
        if let Some(m) = amount::parse_money(&at.text, unit) {
            return self.found(Value::Money(m), at);
        }
        match pointed(at).and_then(|text| amount::parse_money(&text, unit)) {
            Some(m) => weaken(self.found(Value::Money(m), at), 0.9),
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

    /// A taxpayer's id. One seen on pixels whose check character does not hold is a wrong id or a wrong reading: which of
    /// them is not known, so it is never sure.
    pub fn taxpayer_id(&self, at: &Fragment) -> Field {
        let field = self.code(at);
        match field {
            Field::Found(s)
                if at.grade == Grade::Ocr && code::check_taxpayer_id(&at.text) != CodeCheck::Valid =>
            {
                Field::Found(Sourced { confidence: s.confidence.min(UNCHECKED), ..s })
            }
            _ => field,
        }
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

/// A recognised amount whose commas were seen as points (145.200.00): where two points stand, and groups of three digits
/// before two decimals, all but the last part thousands. One point alone may be either and is left as it is.
pub fn pointed(at: &Fragment) -> Option<String> {
    if at.grade != Grade::Ocr {
        return None;
    }
    let text = normal::squash(&at.text);
    let figure = text.trim_start_matches(['¥', '-', '(']).trim_end_matches(['元', ')']);
    let groups: Vec<&str> = figure.split(['.', ',']).collect();
    let digits = |g: &&str| g.bytes().all(|b| b.is_ascii_digit());
    let [first, thousands @ .., cents] = groups.as_slice() else { return None };
    let shaped = (1..=3).contains(&first.len())
        && !thousands.is_empty()
        && thousands.iter().all(|g| g.len() == 3)
        && cents.len() == 2
        && groups.iter().all(digits);
    let (whole, cents) = text.rsplit_once(['.', ',']).filter(|_| shaped)?;
    Some(format!("{}.{cents}", whole.replace('.', ",")))
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
    use crate::extract::fixture::at;

    #[test]
    fn broken_lines_are_joined_without_blanks_between_chinese() {
        assert_eq!(joined("湖南某某\n有限公司"), "湖南某某有限公司");
        assert_eq!(joined("Windows\nServer 2019"), "Windows Server 2019");
    }

    #[test]
    fn commas_seen_as_points_are_told_by_the_shape() {
        let ocr = |text: &str| Fragment { grade: Grade::Ocr, ..at(text) };
        assert_eq!(pointed(&ocr("145.200.00")).as_deref(), Some("145,200.00"));
        assert_eq!(pointed(&ocr("¥1.145,200.00元")).as_deref(), Some("¥1,145,200.00元"));
        for text in ["145.200", "1.5", "145.20.00", "1452.000.00", "145.200.000", "2022.10.11"] {
            assert_eq!(pointed(&ocr(text)), None, "{text}");
        }
        assert_eq!(pointed(&at("145.200.00")), None);
    }

    #[test]
    fn a_recognised_id_whose_check_fails_is_never_sure() {
        let typed = Typed::new(&Arc::from("a.pdf"));
        let sure = |text: &str, grade| {
            let field = typed.taxpayer_id(&Fragment { grade, ..at(text) });
            field.found().map(|f| f.confidence)
        };
        assert_eq!(sure("91430200MA4L00011Q", Grade::Ocr), Some(Confidence::FULL));
        assert_eq!(sure("91430200MA4L00011B", Grade::Ocr), Some(UNCHECKED));
        assert_eq!(sure("91430200MA4L0001Q", Grade::Ocr), Some(UNCHECKED));
        assert_eq!(sure("91430200MA4L00011B", Grade::Text), Some(Confidence::FULL));
    }

    #[test]
    fn what_does_not_parse_is_unreadable() {
        let typed = Typed::new(&Arc::from("a.pdf"));
        assert!(matches!(typed.money(&at("不详"), Unit::Yuan), Field::Unreadable(_)));
        assert!(matches!(typed.money(&at("¥1,200.00"), Unit::Yuan), Field::Found(_)));
    }
}

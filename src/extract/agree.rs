//! Two readings of one amount on one paper, in digits and in capital numerals, as witnesses for each other.

use std::collections::BTreeMap;

use crate::model::{Confidence, Field, Grade, Value};

/// Confidence of recognised amounts that agree.
const CONFIRMED: Confidence = Confidence(980);
/// Most confidence of recognised amounts that do not.
const DOUBTED: Confidence = Confidence(600);

/// Weighs a recognised amount and its capital numerals; values never change, and what a text layer says is not doubted.
pub fn weigh(fields: &mut BTreeMap<String, Field>, digits: &str, capital: &str) {
    let money = |f: Option<&Field>| match f.and_then(Field::found).map(|s| (&s.value, s.raw.clone())) {
        Some((Value::Money(m), raw)) => Some((m.yuan, raw)),
        _ => None,
    };
    let (Some(a), Some(b)) = (money(fields.get(digits)), money(fields.get(capital))) else { return };
    if a.1 == b.1 {
        // One print, given under both names, is no witness.
        return;
    }
    for name in [digits, capital] {
        if let Some(Field::Found(s)) = fields.get_mut(name)
            && s.grade == Grade::Ocr
        {
            s.confidence = if a.0 == b.0 { s.confidence.max(CONFIRMED) } else { s.confidence.min(DOUBTED) };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rust_decimal::Decimal;

    use super::*;
    use crate::model::{Money, Place, Source, Sourced};

    fn fields(grade: Grade, a: i64, b: i64) -> BTreeMap<String, Field> {
        let field = |yuan: i64, raw: &str| {
            let source = Source { file: Arc::from("a.pdf"), place: Place::File };
            Field::Found(Sourced::new(
                Value::Money(Money::yuan(Decimal::from(yuan))),
                raw,
                grade,
                Confidence(800),
                source,
            ))
        };
        BTreeMap::from([
            ("amount".to_string(), field(a, "1")),
            ("amount_capital".to_string(), field(b, "壹")),
        ])
    }

    fn confidence(mut fields: BTreeMap<String, Field>) -> u16 {
        weigh(&mut fields, "amount", "amount_capital");
        fields["amount"].found().unwrap().confidence.0
    }

    #[test]
    fn only_recognised_amounts_are_weighed() {
        assert_eq!(confidence(fields(Grade::Ocr, 5, 5)), 980);
        assert_eq!(confidence(fields(Grade::Ocr, 5, 6)), 600);
        assert_eq!(confidence(fields(Grade::Text, 5, 6)), 800);
    }
}

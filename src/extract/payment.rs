//! Proofs of payment: electronic bank receipts of any bank, transfer vouchers, bills.

mod amount;
mod bill;
mod sides;
mod voucher;

use std::sync::LazyLock;

use regex::Regex;

use crate::extract::label::{Finder, Fragment, Hit, Options, best};
use crate::extract::sheet::Sheet;
use crate::extract::typed::{Typed, weaken};
use crate::extract::{Extracted, Extractor, View, agree};
use crate::model::{Kind, Value};
use crate::pack::{Lexicon, Pack};
use crate::text::{code, date, normal};

/// How much less sure a value is that only its shape told.
const BY_SHAPE: f32 = 0.85;

/// Reads proofs of payment.
#[derive(Debug)]
pub struct Payment;

impl Extractor for Payment {
    fn kind(&self) -> Kind {
        Kind::Payment
    }

    fn extract(&self, view: &View<'_>, pack: &Pack) -> Extracted {
        let lexicon = pack.lexicon("payment");
        let labels = lexicon.labels.iter().filter(|(key, _)| !key.contains('.'));
        let known: Vec<String> = labels.flat_map(|(_, words)| words.iter().cloned()).collect();
        let receipt = Receipt {
            finder: &Finder::new(view, &known),
            lexicon,
            known: &known,
            typed: &Typed::new(&view.file),
            sheet: &Sheet::of(view),
        };
        let mut out = Extracted::default();
        receipt.numbers(&mut out);
        receipt.dates(&mut out);
        amount::read(&receipt, &mut out);
        let kind = voucher::read(&receipt, &mut out);
        if bill::is_bill(kind.as_deref(), &receipt) {
            bill::read(view, &receipt, &mut out);
        } else {
            sides::read(&receipt, kind.as_deref(), &mut out);
        }
        receipt.texts(&mut out);
        agree::weigh(&mut out.fields, "amount", "amount_capital");
        out
    }
}

/// What the parts need.
struct Receipt<'a> {
    finder: &'a Finder<'a>,
    lexicon: &'a Lexicon,
    known: &'a [String],
    typed: &'a Typed,
    sheet: &'a Sheet,
}

impl Receipt<'_> {
    /// All values of a field's labels.
    fn hits(&self, field: &str, accept: &dyn Fn(&str) -> bool, not_below: bool) -> Vec<Hit> {
        let options = Options { accept: Some(accept), not_below, whole_cell: true, ..Options::default() };
        self.finder.find(self.lexicon.of(field), &options)
    }

    /// The best value of a field's labels.
    fn value(&self, field: &str, accept: &dyn Fn(&str) -> bool, not_below: bool) -> Option<Fragment> {
        best(self.hits(field, accept, not_below), self.lexicon.of(field)).map(|h| h.value)
    }

    /// The receipt's own number; where it has none, what the bank's books call the transaction, or the voucher's number.
    fn numbers(&self, out: &mut Extracted) {
        let [receipt, serial, voucher] = ["receipt_number", "serial_number", "voucher_number"]
            .map(|field| self.value(field, &is_number_of_paper, false));
        for (name, at) in [("serial_number", &serial), ("voucher_number", &voucher)] {
            if let Some(at) = at {
                out.fields.insert(name.into(), self.typed.plain(&first_word(at)));
            }
        }
        if let Some(at) = receipt.or(serial).or(voucher) {
            out.fields.insert("receipt_number".into(), self.typed.plain(&first_word(&at)));
        }
    }

    fn dates(&self, out: &mut Extracted) {
        let dated = |t: &str| day_in(t).is_some();
        for field in ["date", "due_date"] {
            if let Some(at) = self.value(field, &dated, false) {
                let at = narrowed(&at);
                out.fields.insert(field.into(), self.typed.date(&at));
            }
        }
        if out.fields.contains_key("date") {
            return;
        }
        // A bare date, but not the one on which the receipt was printed.
        let printed: Vec<Fragment> =
            self.hits("printed_on", &dated, false).into_iter().map(|h| h.value).collect();
        let own = |at: &Fragment| !printed.iter().any(|p| overlaps(p, at));
        let bare = self.sheet.words().find(|w| date::find_dates(&w.at.text).len() == 1 && own(&w.at));
        if let Some(word) = bare {
            out.fields.insert("date".into(), weaken(self.typed.date(&narrowed(&word.at)), BY_SHAPE));
        }
    }

    fn texts(&self, out: &mut Extracted) {
        let any = |t: &str| t.chars().any(char::is_alphanumeric) && !t.contains("打印");
        for field in ["purpose", "currency"] {
            if let Some(at) = self.value(field, &any, true) {
                out.fields.insert(field.into(), self.typed.text(&self.before_label(&at)));
            }
        }
    }

    /// What stands before the next label in a value: where a ruling was missed, two cells came as one.
    fn before_label(&self, at: &Fragment) -> Fragment {
        let chars: Vec<char> = at.text.chars().collect();
        let blank = |i: usize| chars.get(i).is_none_or(|c| c.is_whitespace());
        for start in (1..chars.len()).filter(|i| blank(i - 1) && !blank(*i)) {
            let end = (start..chars.len()).find(|i| blank(*i) || matches!(chars[*i], ':' | '：'));
            let word: String = chars[start..end.unwrap_or(chars.len())].iter().collect();
            let word = normal::squash(&word);
            if word.chars().count() > 1 && self.known.contains(&word) {
                return at.slice(0, start).trim();
            }
        }
        at.clone()
    }
}

/// Where the day stands in a value, in characters: alone, beside a time of day, or run together with it as engines do
/// ("2022-03-0510:11:12", "2022-03-05-10.11.12.123456").
fn day_in(text: &str) -> Option<std::ops::Range<usize>> {
    static GLUED: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(20[0-9]{2}[-/.][0-9]{2}[-/.][0-9]{2})[0-9]{2}[:.][0-9]{2}").ok());
    if date::parse_date(text).is_some() {
        return Some(0..text.chars().count());
    }
    let range = match date::find_dates(text).first() {
        Some((range, _)) => range.clone(),
        None => GLUED.as_ref()?.captures(text)?.get(1)?.range(),
    };
    Some(normal::char_range(text, &range))
}

/// The only day within a value.
fn narrowed(at: &Fragment) -> Fragment {
    day_in(&at.text).map_or_else(|| at.clone(), |range| at.slice(range.start, range.end))
}

/// Whether a text may be a number that banks give a receipt.
fn is_number_of_paper(text: &str) -> bool {
    let text = normal::squash(text);
    let first = text.split(['(', '|']).next().unwrap_or_default();
    let id = code::clean_code(first);
    let digits = id.bytes().filter(u8::is_ascii_digit).count();
    // Blank numbers are printed as zeros; a day with its marks is no number.
    let blank = id.bytes().all(|b| b == b'0');
    let day = first.contains(['年', '/', '.']) && date::parse_date(first).is_some();
    id.len() >= 4 && digits >= 3 && !blank && !day && 3 * id.len() >= 2 * first.chars().count()
}

/// A number may be followed by remarks ("0001-0002 （补打）").
fn first_word(at: &Fragment) -> Fragment {
    let chars: Vec<char> = at.text.chars().collect();
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | ' ' | '－' | '_' | '/');
    let end = chars.iter().position(|c| !plain(c)).filter(|i| *i >= 4).unwrap_or(chars.len());
    at.slice(0, end).trim()
}

fn overlaps(a: &Fragment, b: &Fragment) -> bool {
    match (a.place.bbox(), b.place.bbox()) {
        (Some(x), Some(y)) => {
            a.place.page() == b.place.page() && x.shared_height(y) > 0.0 && x.shared_width(y) > 0.0
        }
        _ => a.text == b.text,
    }
}

/// Inserts unless a better way has found it already.
fn keep(out: &mut Extracted, name: &str, field: crate::model::Field) {
    out.fields.entry(name.to_string()).or_insert(field);
}

/// A text of our own wording that something printed stands for.
fn means(typed: &Typed, text: &str, at: &Fragment) -> crate::model::Field {
    typed.found(Value::Text(text.to_string()), at)
}

#[cfg(test)]
#[path = "payment/tests.rs"]
mod tests;

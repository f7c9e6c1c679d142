//! Invoices as structured data: 数电票 XML, `original_invoice.xml`, tags and custom data of OFD, XBRL, pinyin names.
//! What an element means stands in `rules/lexicon/invoice_data.toml`. The print beside the data is kept as
//! `print.<field>`, so that both can be compared.

mod lines;
mod part;

use std::collections::{BTreeMap, BTreeSet};

use self::part::{Part, Style};
use super::marks;
use crate::extract::typed::{Typed, weaken};
use crate::extract::{Extracted, View};
use crate::model::{Datum, Field, Grade, Row, Value};
use crate::pack::{Elements, Pack};
use crate::text::{code, normal};

/// How sure a value is that two places of the data give differently.
const DISPUTED: f32 = 0.6;

/// What says nothing of the transaction: an empty element is no statement that nothing is printed.
const BESIDES: &[&str] = &[
    "buyer_address",
    "buyer_bank",
    "seller_address",
    "seller_bank",
    "remark",
    "machine_number",
    "payee",
    "reviewer",
    "drawer",
    "kind_name",
];

/// What the data of a document say.
#[derive(Debug, Default)]
pub(super) struct Data {
    fields: BTreeMap<String, Field>,
    /// Names that the data have, be it without a value: there the data say that there is none.
    named: BTreeSet<String>,
    /// What tags point at on the page, beside data that state the same themselves.
    shown: BTreeMap<String, Field>,
    /// Fields of tags that point at something nobody sees.
    covered: BTreeSet<String>,
    items: Vec<Row>,
    /// The lines are what tags point at.
    tagged: bool,
}

/// The parts that are invoices: data proper first, then custom data, then tags.
fn parts<'a>(data: &'a [Datum], names: &'a Elements) -> Vec<Part<'a>> {
    let mut by_part: Vec<(&str, bool, Vec<&Datum>)> = Vec::new();
    for datum in data {
        let custom = datum.path.contains("CustomDatas/");
        match by_part.iter_mut().find(|(part, c, _)| *part == datum.part && *c == custom) {
            Some((.., list)) => list.push(datum),
            None => by_part.push((&datum.part, custom, vec![datum])),
        }
    }
    let mut parts: Vec<Part<'a>> = by_part.into_iter().map(|(.., list)| Part::new(&list, names)).collect();
    parts.sort_by_key(|p| p.style);
    parts
}

/// What the data of the view's pages say, if they are an invoice's.
pub(super) fn read(view: &View<'_>, pack: &Pack, typed: &Typed) -> Option<Data> {
    if view.segment.area.is_some() {
        // Several documents share the page: whose data these are cannot be told.
        return None;
    }
    let names = Elements::new(pack.lexicon("invoice_data"));
    let page = view.pages.iter().find(|p| parts(&p.data, &names).iter().any(Part::is_invoice))?;
    let mut out = Data::default();
    let mut main: Option<Style> = None;
    for part in parts(&page.data, &names) {
        let fields = part.fields(typed);
        let enough = part.is_invoice() || (main.is_some() && part.style != Style::Xml);
        // A second data file is another invoice, or says the same again.
        if !enough || (part.style == Style::Xml && main == Some(Style::Xml)) {
            continue;
        }
        out.add(&part, fields, main.is_some());
        if out.items.is_empty() {
            out.items = lines::lines(&part, typed);
            out.tagged = part.style == Style::Tags;
        }
        main = main.or(Some(part.style));
    }
    Some(out)
}

impl Data {
    /// Adds what a part says to what surer parts have said.
    fn add(&mut self, part: &Part<'_>, fields: BTreeMap<String, Field>, second: bool) {
        for (name, field) in fields {
            if part.style == Style::Tags && !part.is_shown(&name) {
                self.covered.insert(name.clone());
            } else if part.style == Style::Tags && second {
                self.shown.insert(name.clone(), printed(field.clone()));
            }
            match self.fields.get_mut(&name) {
                None if self.named.contains(&name) && part.style == Style::Tags => {}
                None => {
                    self.fields.insert(name, field);
                }
                Some(Field::Found(have)) if part.style != Style::Tags => {
                    if let Field::Found(other) = &field
                        && !same(&have.value, &other.value)
                    {
                        have.alternatives.push(other.raw.clone());
                        let doubted = weaken(Field::Found(have.clone()), DISPUTED);
                        self.fields.insert(name, doubted);
                    }
                }
                Some(_) => {}
            }
        }
        self.named.extend(part.named());
    }

    /// The data as the document's fields, what is printed beside them under `print.`.
    pub(super) fn beside(self, print: Extracted) -> Extracted {
        let mut out = Extracted::default();
        // Numerals beside a printed total that is not the data's are the print's.
        let apart = match (self.fields.get("total"), print.fields.get("total")) {
            (Some(Field::Found(a)), Some(Field::Found(b))) => {
                b.grade != Grade::Qr && !same(&a.value, &b.value)
            }
            _ => false,
        };
        let marks = marks::of_all(&[self.fields.get("marks"), print.fields.get("marks")]);
        for (name, field) in &print.fields {
            let known = self.fields.contains_key(name) || self.named.contains(name);
            let coded = field.found().is_some_and(|s| s.grade == Grade::Qr);
            if apart && !known && name == "total_capital" {
                out.fields.insert(format!("print.{name}"), field.clone());
            } else if name.starts_with("qr.") || !known {
                out.fields.insert(name.clone(), field.clone());
            } else if !coded && !self.fields.contains_key(name) && BESIDES.contains(&name.as_str()) {
                // Data often leave out what is only written beside the figures.
                out.fields.insert(name.clone(), field.clone());
            } else if !coded && !self.fields.contains_key(name) {
                // The data say there is none, the print shows one.
                out.fields.insert(format!("print.{name}"), field.clone());
            }
        }
        for (name, field) in &self.fields {
            if let Some(shown) = self.print_of(name, field, print.fields.get(name)) {
                out.fields.insert(format!("print.{name}"), shown);
            }
        }
        out.fields.extend(self.fields);
        out.fields.extend(marks.map(|m| ("marks".to_string(), m)));
        out.items = match (self.items.is_empty(), self.tagged) {
            (true, _) => print.items,
            (false, true) => lines::tagged(self.items, print.items),
            (false, false) => self.items,
        };
        out
    }

    /// What the page shows for a field. It is read twice, by the tag that points at it and by its label and place;
    /// that one of the two agrees with the data is enough: only a difference of both is a difference.
    fn print_of(&self, name: &str, data: &Field, print: Option<&Field>) -> Option<Field> {
        let read = print.filter(|p| p.found().is_some_and(|s| s.grade != Grade::Qr));
        if name == "marks" {
            return None;
        }
        let tagged = self.shown.get(name);
        let agrees =
            |f: &Field| matches!((f.found(), data.found()), (Some(a), Some(b)) if same(&a.value, &b.value));
        let from_page = data.found().is_some_and(|s| s.source().place.bbox().is_some());
        let candidates = [read, tagged.filter(|_| !self.covered.contains(name))];
        if let Some(equal) = candidates.iter().flatten().find(|f| agrees(f)) {
            return Some((*equal).clone());
        }
        if from_page && !self.covered.contains(name) {
            // The data are a tag, and what it points at is the print.
            return None;
        }
        candidates[1].or(candidates[0]).cloned()
    }
}

/// The same reading as one of the print.
fn printed(field: Field) -> Field {
    match field {
        Field::Found(mut s) => {
            s.grade = Grade::Text;
            Field::Found(s)
        }
        Field::Unreadable(mut s) => {
            s.grade = Grade::Text;
            Field::Unreadable(s)
        }
    }
}

/// Whether two values are one, whatever their blanks and wide signs.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Money(a), Value::Money(b)) => a.yuan == b.yuan,
        (Value::Text(a), Value::Text(b)) => {
            let bare = |t: &str| normal::squash(t).trim_start_matches('¥').to_string();
            bare(a) == bare(b) || (a.is_ascii() && b.is_ascii() && code::clean_code(a) == code::clean_code(b))
        }
        (a, b) => a == b,
    }
}

#[cfg(test)]
#[path = "data/tests.rs"]
mod tests;

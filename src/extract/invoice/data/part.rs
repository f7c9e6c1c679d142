//! One part of the data: its elements by what they mean.

use std::collections::{BTreeMap, HashMap};

use crate::extract::label::Fragment;
use crate::extract::typed::Typed;
use crate::model::{Confidence, Datum, Field, Grade, Place, Row, Unit, Value};
use crate::pack::{Elements, element_of};
use crate::text::{amount, date, normal};

/// Where data stand, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Style {
    /// A data file.
    Xml,
    /// Names and values in the head of an OFD.
    Custom,
    /// Tags: names for pieces of the page.
    Tags,
}

/// An element with what it holds, or points at.
#[derive(Debug)]
struct Entry<'a> {
    /// Path of the element around it, with numbers.
    around: &'a str,
    depth: usize,
    values: Vec<&'a Datum>,
    /// What it may mean: field, rank.
    means: Vec<(&'a str, usize)>,
}

impl Entry<'_> {
    fn is_empty(&self) -> bool {
        self.values.iter().all(|d| d.value.is_empty())
    }

    /// All it holds as one piece of text, with the place that holds all of it. Where every character is an object of
    /// its own, they stand side by side.
    fn fragment(&self) -> Fragment {
        let mut at = self.values.iter().map(|d| one(d)).filter(|f| !f.text.is_empty());
        let letters = self.values.iter().all(|d| d.value.chars().count() <= 1);
        let glue = if letters { "" } else { "\n" };
        let first = at.next().unwrap_or_else(|| one(self.values[0]));
        at.fold(first, |a, b| a.join(&b, glue))
    }
}

fn one(datum: &Datum) -> Fragment {
    Fragment {
        text: datum.value.clone(),
        place: datum.place.clone(),
        grade: Grade::Data,
        confidence: Confidence::FULL,
        edges: Vec::new(),
    }
}

/// A part of the data.
#[derive(Debug)]
pub(super) struct Part<'a> {
    pub(super) style: Style,
    entries: Vec<Entry<'a>>,
}

impl<'a> Part<'a> {
    pub(super) fn new(data: &[&'a Datum], names: &'a Elements) -> Self {
        let mut entries: Vec<Entry<'a>> = Vec::new();
        let mut bases: Vec<&'a str> = Vec::new();
        let mut style = Style::Xml;
        for datum in data {
            let base = element_of(&datum.path);
            let tagged = datum.path[base.len()..].contains("ObjectRef");
            if tagged {
                style = Style::Tags;
            } else if base.contains("CustomDatas/") {
                style = style.max(Style::Custom);
            }
            if bases.last() == Some(&base) {
                if let Some(entry) = entries.last_mut() {
                    entry.values.push(datum);
                }
                continue;
            }
            let Some(entry) = entry(base, datum, names) else { continue };
            bases.push(base);
            entries.push(entry);
        }
        Self { style, entries }
    }

    /// The element that means a field: one with a value first, then by the lexicon's order, then the outermost.
    fn best(&self, field: &str) -> Option<&Entry<'a>> {
        self.all(field).into_iter().min_by_key(|(rank, e)| (e.is_empty(), *rank, e.depth)).map(|(_, e)| e)
    }

    fn all(&self, field: &str) -> Vec<(usize, &Entry<'a>)> {
        let rank = |e: &Entry<'_>| e.means.iter().find(|m| m.0 == field).map(|m| m.1);
        self.entries.iter().filter_map(|e| Some((rank(e)?, e))).collect()
    }

    fn filled(&self, field: &str) -> Option<&Entry<'a>> {
        self.best(field).filter(|e| !e.is_empty())
    }

    fn text(&self, field: &str) -> Option<String> {
        self.filled(field).map(|e| normal::squash(&e.fragment().text))
    }

    /// Whether it states what makes an invoice.
    pub(super) fn is_invoice(&self) -> bool {
        let number = self
            .text("number")
            .is_some_and(|t| matches!(t.len(), 8 | 20) && t.bytes().all(|b| b.is_ascii_digit()));
        let money = ["amount", "total"].iter().any(|f| self.filled(f).is_some());
        let party = ["seller_name", "seller_tax_id", "buyer_name", "buyer_tax_id"]
            .iter()
            .any(|f| self.filled(f).is_some());
        number && money && party
    }

    /// Whether all that a field's tag points at is seen on the page.
    pub(super) fn is_shown(&self, field: &str) -> bool {
        let seen = |e: &Entry<'_>| e.values.iter().all(|d| matches!(d.place, Place::Page { .. }));
        self.filled(field).is_none_or(seen)
    }

    /// The fields the part has elements for, with or without a value.
    pub(super) fn named(&self) -> impl Iterator<Item = String> + '_ {
        let means = self.entries.iter().flat_map(|e| &e.means).map(|m| m.0);
        means.filter(|f| !f.contains('.')).map(str::to_string)
    }

    /// All header fields.
    pub(super) fn fields(&self, typed: &Typed) -> BTreeMap<String, Field> {
        let mut out = BTreeMap::new();
        let codes = ["number", "code", "check_code", "machine_number", "buyer_tax_id", "seller_tax_id"];
        for name in codes {
            self.put(name, &mut out, |e| typed.code(&e.fragment()));
        }
        self.put("date", &mut out, |e| day(&e.fragment(), typed));
        for name in ["amount", "tax", "total"] {
            self.put(name, &mut out, |e| money(e, typed));
        }
        let capital = self.filled("total_capital").or_else(|| self.filled("total"));
        let capital =
            capital.and_then(|e| e.values.iter().find(|d| amount::parse_capital(&d.value).is_some()));
        if let Some(datum) = capital {
            out.insert("total_capital".into(), typed.capital(&one(datum)));
        } else if let Some(entry) = self.filled("total_capital") {
            // Some write the figures under the name of the numerals.
            match money(entry, typed) {
                figures @ Field::Found(_)
                    if figures.found().is_some_and(|s| matches!(s.value, Value::Money(_))) =>
                {
                    out.entry("total".into()).or_insert(figures);
                }
                _ => drop(out.insert("total_capital".into(), typed.capital(&entry.fragment()))),
            }
        }
        for name in ["buyer_name", "seller_name", "remark", "drawer", "payee", "reviewer"] {
            self.put(name, &mut out, |e| typed.text(&e.fragment()));
        }
        for name in ["buyer_address", "buyer_bank", "seller_address", "seller_bank"] {
            let pieces = [format!("{name}.1"), format!("{name}.2")];
            let pieces = pieces.iter().filter_map(|p| self.filled(p)).map(Entry::fragment);
            let whole = self.filled(name).map(Entry::fragment);
            if let Some(at) = whole.or_else(|| pieces.reduce(|a, b| a.join(&b, " "))) {
                out.insert(name.into(), typed.text(&at));
            }
        }
        self.agree_on_number(&mut out);
        self.kind_and_marks(typed, &mut out);
        out
    }

    fn put(&self, name: &str, out: &mut BTreeMap<String, Field>, make: impl Fn(&Entry<'a>) -> Field) {
        if let Some(entry) = self.filled(name) {
            out.insert(name.into(), make(entry));
        }
    }

    /// The number stands in two places of a 数电票; where they differ, both are told.
    fn agree_on_number(&self, out: &mut BTreeMap<String, Field>) {
        let Some(Field::Found(number)) = out.get_mut("number") else { return };
        let chosen = number.value.to_plain();
        for (_, entry) in self.all("number").into_iter().filter(|(rank, e)| *rank < 2 && !e.is_empty()) {
            let other = normal::squash(&entry.fragment().text);
            if other != chosen && !number.alternatives.contains(&other) {
                number.alternatives.push(other);
                number.confidence = number.confidence.min(Confidence(600));
            }
        }
    }

    fn kind_and_marks(&self, typed: &Typed, out: &mut BTreeMap<String, Field>) {
        let chinese = |t: &str| t.chars().any(crate::extract::label::is_cjk);
        let kind = self.filled("kind").or_else(|| self.filled("kind_name")).map(|e| (e, e.fragment()));
        if let Some((entry, at)) = kind.filter(|k| chinese(&k.1.text)) {
            let text = normal::squash(&at.text);
            let bare = entry.means.iter().any(|m| m.0 == "kind") && !text.contains("电子发票");
            let text = if bare { format!("电子发票({text})") } else { text };
            out.insert("kind_name".into(), typed.found(Value::Text(text), &at));
        }
        let mut marks: Vec<(String, Fragment)> = Vec::new();
        let red = [("issue", "N"), ("red", "true"), ("red", "是"), ("red", "1")];
        let red = red.iter().filter(|(f, v)| self.text(f).is_some_and(|t| t.eq_ignore_ascii_case(v)));
        let red = red.map(|(f, _)| *f).chain(self.filled("original").map(|_| "original"));
        marks.extend(red.filter_map(|f| self.filled(f)).map(|e| ("红字".to_string(), e.fragment())));
        for entry in
            self.filled("remark").into_iter().chain(self.all("items.name").into_iter().map(|(_, e)| e))
        {
            let at = entry.fragment();
            marks.extend(super::marks::named(&at.text).into_iter().map(|m| (m, at.clone())));
        }
        let mut names: Vec<String> = Vec::new();
        for (mark, _) in &marks {
            if !names.contains(mark) {
                names.push(mark.clone());
            }
        }
        if let Some((_, at)) = marks.first() {
            out.insert("marks".into(), typed.found(Value::List(names), at));
        }
    }

    /// The lines: elements that lie together and have a line's names.
    pub(super) fn items(&self, typed: &Typed) -> Vec<Row> {
        let mut groups: Vec<(&str, Vec<&Entry<'a>>)> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        for entry in self.entries.iter().filter(|e| e.means.iter().any(|m| m.0.starts_with("items."))) {
            let at = *places.entry(entry.around).or_insert(groups.len());
            if at == groups.len() {
                groups.push((entry.around, Vec::new()));
            }
            groups[at].1.push(entry);
        }
        let rows: Option<Vec<Row>> = groups
            .iter()
            .map(|(_, entries)| line(entries))
            .filter(|l| l.as_ref().is_some_and(is_line) || l.is_none())
            .map(|l| l.map(|l| l.into_iter().map(|(n, e)| (n.to_string(), cell(n, e, typed))).collect()))
            .collect();
        rows.unwrap_or_default()
    }
}

/// The element at a path, if it may mean anything.
fn entry<'a>(base: &'a str, datum: &'a Datum, names: &'a Elements) -> Option<Entry<'a>> {
    let means = names.of(base)?;
    let around = base.rsplit_once('/').map_or("", |(around, _)| around);
    Some(Entry { around, depth: means.depth, values: vec![datum], means: means.fields })
}

/// Which element of a group is which field of a line. None: several amounts stand together, as where one tag points
/// at a whole column.
fn line<'e, 'a>(entries: &[&'e Entry<'a>]) -> Option<BTreeMap<&'e str, &'e Entry<'a>>> {
    let mut out: BTreeMap<&str, &Entry<'a>> = BTreeMap::new();
    let mut doubtful = Vec::new();
    for entry in entries.iter().filter(|e| !e.is_empty()) {
        let fields: Vec<&str> = entry.means.iter().filter_map(|m| m.0.strip_prefix("items.")).collect();
        match fields.as_slice() {
            [field] => {
                let figures =
                    entry.values.iter().filter(|d| amount::parse_money(&d.value, Unit::Yuan).is_some());
                if matches!(*field, "amount" | "tax") && figures.count() > 1 {
                    return None;
                }
                out.entry(field).or_insert(entry);
            }
            _ => doubtful.push((fields, *entry)),
        }
    }
    // A name that may mean two things (SL: 数量 or 税率) means the one that is not there yet.
    for (fields, entry) in doubtful {
        let open: Vec<&&str> = fields.iter().filter(|f| !out.contains_key(**f)).collect();
        if let [field] = open.as_slice() {
            out.insert(field, entry);
        }
    }
    Some(out)
}

fn is_line(line: &BTreeMap<&str, &Entry<'_>>) -> bool {
    line.contains_key("name") || (line.contains_key("amount") && line.len() >= 2)
}

/// A field of a line.
fn cell(name: &str, entry: &Entry<'_>, typed: &Typed) -> Field {
    let at = entry.fragment();
    match name {
        "quantity" => typed.number(&at),
        "unit_price" | "amount" | "tax" => money(entry, typed),
        "rate" => rate(&at, typed),
        _ => typed.text(&at),
    }
}

/// A rate in per cent: `13%`, `0.130000`, `13`; 免税 and `***` stay words.
fn rate(at: &Fragment, typed: &Typed) -> Field {
    let Some(number) = amount::parse_number(&at.text) else { return typed.text(at) };
    let fraction = number < rust_decimal::Decimal::ONE && !at.text.contains(['%', '％']);
    let percent = if fraction { number * rust_decimal::Decimal::ONE_HUNDRED } else { number };
    typed.found(Value::Number(percent.normalize()), at)
}

/// An amount: of several pieces the one that is one, or what they make together; `***` and 免税 stay words.
fn money(entry: &Entry<'_>, typed: &Typed) -> Field {
    let is_money = |d: &&&Datum| amount::parse_money(&d.value, Unit::Yuan).is_some();
    let singles: Vec<&&Datum> = entry.values.iter().filter(is_money).collect();
    let single = match singles.as_slice() {
        [one] => Some(one),
        several => several.iter().find(|d| d.value.contains('.') && d.value.len() > 2),
    };
    if let Some(datum) = single {
        return typed.money(&one(datum), Unit::Yuan);
    }
    let at = entry.fragment();
    if let Some(found) = amount::find_money(&at.text, Unit::Yuan).last() {
        return typed.found(Value::Money(found.money), &at);
    }
    let figures = at.text.chars().any(|c| c.is_ascii_digit());
    if figures { typed.money(&at, Unit::Yuan) } else { typed.text(&at) }
}

/// A day, with or without a time of day.
fn day(at: &Fragment, typed: &Typed) -> Field {
    let text = at.text.replace('\n', "");
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let head = match text.find(['T', ' ']) {
        Some(end) => &text[..end],
        None if digits && text.len() == 14 => &text[..8],
        None => &text,
    };
    match date::parse_date(head).or_else(|| date::parse_date(&text)) {
        Some(day) => typed.found(Value::Date(day), at),
        None => typed.unreadable(at),
    }
}

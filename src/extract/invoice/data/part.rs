//! One part of the data: its elements by what they mean.

use std::collections::{BTreeMap, HashMap};

use crate::extract::label::Fragment;
use crate::extract::typed::Typed;
use crate::model::{Confidence, Datum, Field, Grade, Place, Unit, Value};
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
pub(super) struct Entry<'a> {
    /// Its name, without a number.
    pub(super) name: &'a str,
    /// Path of the element around it, with numbers.
    pub(super) around: &'a str,
    /// The XBRL context it belongs to; empty without.
    pub(super) context: &'a str,
    depth: usize,
    pub(super) values: Vec<&'a Datum>,
    /// What it may mean: field, rank.
    pub(super) means: Vec<(&'a str, usize)>,
}

impl Entry<'_> {
    /// Whether it states nothing. Tags often point at the currency sign alone, which is an object of its own.
    pub(super) fn is_empty(&self) -> bool {
        self.values
            .iter()
            .all(|d| d.value.chars().all(|c| c.is_whitespace() || matches!(c, '¥' | '￥' | '元')))
    }

    /// What it holds, piece by piece: what stands side by side on the page is one, however many objects draw it.
    fn pieces(&self) -> Vec<Fragment> {
        let mut out: Vec<Fragment> = Vec::new();
        // Where every character is an object of its own, they belong together wherever they are.
        let letters = self.values.iter().all(|d| d.value.chars().count() <= 1);
        for piece in self.values.iter().map(|d| one(d)).filter(|f| !f.text.is_empty()) {
            match out.last_mut() {
                Some(last) if letters || adjoin(last, &piece) => *last = last.join(&piece, ""),
                _ => out.push(piece),
            }
        }
        out
    }

    /// All it holds as one piece of text, with the place that holds all of it.
    pub(super) fn fragment(&self) -> Fragment {
        let whole = self.pieces().into_iter().reduce(|a, b| a.join(&b, "\n"));
        let empty = || Fragment {
            text: String::new(),
            place: self.values.first().map_or(Place::File, |d| d.place.clone()),
            grade: Grade::Data,
            confidence: Confidence::FULL,
            edges: Vec::new(),
        };
        whole.unwrap_or_else(empty)
    }
}

/// Whether the second piece goes on where the first one ends.
fn adjoin(a: &Fragment, b: &Fragment) -> bool {
    let (Some(x), Some(y)) = (a.place.bbox(), b.place.bbox()) else { return false };
    let height = x.height().min(y.height());
    let gap = y.x0 - x.x1;
    a.place.page() == b.place.page()
        && x.shared_height(y) > 0.5 * height
        && gap > -0.5 * height
        && gap < 0.5 * height
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
    pub(super) entries: Vec<Entry<'a>>,
    names: &'a Elements,
}

impl<'a> Part<'a> {
    pub(super) fn new(data: &[&'a Datum], names: &'a Elements) -> Self {
        let others = names.names(data.iter().map(|d| element_of(&d.path)));
        let mut entries: Vec<Entry<'a>> = Vec::new();
        let mut last: Option<&'a str> = None;
        let mut contexts: HashMap<&str, &str> = HashMap::new();
        let mut style = Style::Xml;
        for datum in data {
            let base = element_of(&datum.path);
            let tagged = datum.path.get(base.len()..).is_some_and(|rest| rest.contains("ObjectRef"));
            if tagged {
                style = Style::Tags;
            } else if base.contains("CustomDatas/") {
                style = style.max(Style::Custom);
            }
            if last == Some(base) {
                entries.last_mut().into_iter().for_each(|e| e.values.push(datum));
                continue;
            }
            if let Some(element) = datum.path.strip_suffix("/@contextRef") {
                // An element's attributes come before what it holds.
                contexts.insert(element, datum.value.as_str());
                continue;
            }
            let Some(means) = names.among(base, &others) else { continue };
            let (around, name) = base.rsplit_once('/').unwrap_or(("", base));
            let name = name.split('[').next().unwrap_or(name);
            let context = contexts.get(base).copied().unwrap_or_default();
            last = Some(base);
            let values = vec![*datum];
            entries.push(Entry { name, around, context, depth: means.depth, values, means: means.fields });
        }
        Self { style, entries, names }
    }

    /// The element that means a field: one with a value first, then by the lexicon's order, then the outermost.
    fn best(&self, field: &str) -> Option<&Entry<'a>> {
        self.all(field).into_iter().min_by_key(|(rank, e)| (e.is_empty(), *rank, e.depth)).map(|(_, e)| e)
    }

    fn all(&self, field: &str) -> Vec<(usize, &Entry<'a>)> {
        let rank = |e: &Entry<'_>| e.means.iter().find(|m| m.0 == field).map(|m| m.1);
        let found = self.entries.iter().filter_map(|e| Some((rank(e)?, e)));
        // What also means a line's figure, among a line's elements, is the line's.
        let line = |e: &Entry<'_>| {
            let own = |o: &&Entry<'_>| o.around == e.around && o.name != e.name;
            let named = |o: &Entry<'_>| o.means.iter().any(|m| m.0 == "items.name");
            e.means.iter().any(|m| m.0.starts_with("items.")) && self.entries.iter().filter(own).any(named)
        };
        let sum = matches!(field, "amount" | "tax" | "total");
        found.filter(|(_, e)| !sum || !line(e)).collect()
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

    /// The fields the part has elements for. That an element of a data file is empty means that there is nothing;
    /// tags and custom data leave out much that is printed.
    pub(super) fn named(&self) -> impl Iterator<Item = String> + '_ {
        let tells = |e: &&Entry<'_>| self.style == Style::Xml || !e.is_empty();
        let means = self.entries.iter().filter(tells).flat_map(|e| &e.means).map(|m| m.0);
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
        for (name, entry) in self.bare_sums() {
            out.entry(name.to_string()).or_insert_with(|| money(entry, typed));
        }
        let capital = self.filled("total_capital").or_else(|| self.filled("total"));
        let capital = capital.and_then(|e| {
            e.pieces().into_iter().chain([e.fragment()]).find(|f| amount::parse_capital(&f.text).is_some())
        });
        if let Some(at) = capital {
            out.insert("total_capital".into(), typed.capital(&at));
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
        let Some(entry) = self.filled(name) else { return };
        let mut field = make(entry);
        // The same element once more with another value: which one is meant cannot be told.
        let again = |e: &Entry<'_>| e.name == entry.name && e.depth == entry.depth && !e.is_empty();
        for (_, other) in self.all(name).into_iter().filter(|(_, e)| again(e)) {
            let other = make(other);
            let (Field::Found(a), Field::Found(b)) = (&mut field, &other) else { continue };
            if a.value != b.value && !a.alternatives.contains(&b.raw) {
                a.alternatives.push(b.raw.clone());
                a.confidence = a.confidence.min(Confidence(600));
            }
        }
        out.insert(name.into(), field);
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

    /// 金额 and 税额 beside the number, where no line stands: those of the whole invoice.
    pub(super) fn bare_sums(&self) -> Vec<(&'static str, &Entry<'a>)> {
        let number = self.filled("number").filter(|_| self.style == Style::Xml);
        let Some(around) = number.map(|e| e.around) else { return Vec::new() };
        let beside: Vec<&Entry<'a>> = self.entries.iter().filter(|e| e.around == around).collect();
        let of = |field: &str| {
            let mut found = beside.iter().filter(|e| e.means.iter().any(|m| m.0 == field) && !e.is_empty());
            found.next().copied().filter(|_| found.next().is_none())
        };
        if of("items.name").is_some() || beside.iter().any(|e| e.means.iter().any(|m| m.0 == "items.name")) {
            return Vec::new();
        }
        let sums = [("amount", of("items.amount")), ("tax", of("items.tax"))];
        sums.into_iter().filter_map(|(name, entry)| Some((name, entry?))).collect()
    }

    /// The kind by its name, by an element that only that kind has, or by a code.
    fn kind(&self, typed: &Typed) -> Option<Field> {
        let chinese = |t: &str| t.chars().any(crate::extract::label::is_cjk);
        let named = self.filled("kind").or_else(|| self.filled("kind_name")).map(|e| (e, e.fragment()));
        if let Some((entry, at)) = named.filter(|k| chinese(&k.1.text)) {
            let text = normal::squash(&at.text);
            let bare = entry.means.iter().any(|m| m.0 == "kind") && !text.contains("电子发票");
            let text = if bare { format!("电子发票({text})") } else { text };
            return Some(typed.found(Value::Text(text), &at));
        }
        let own = self.entries.iter().filter(|e| !e.is_empty()).find_map(|e| {
            let name = e.means.iter().find_map(|m| m.0.strip_prefix("kind_of."))?;
            Some(typed.found(Value::Text(name.to_string()), &e.fragment()))
        });
        own.or_else(|| {
            let at = self.filled("kind_code")?.fragment();
            let name = self.names.kind(&normal::squash(&at.text))?;
            Some(typed.found(Value::Text(name.to_string()), &at))
        })
    }

    fn kind_and_marks(&self, typed: &Typed, out: &mut BTreeMap<String, Field>) {
        out.extend(self.kind(typed).map(|k| ("kind_name".to_string(), k)));
        let says = |field: &str, words: &[&str]| {
            self.filled(field)
                .filter(|e| words.iter().any(|w| normal::squash(&e.fragment().text).eq_ignore_ascii_case(w)))
        };
        let digits = |e: &&Entry<'_>| e.fragment().text.chars().filter(char::is_ascii_digit).count() >= 8;
        let negative = |name: &&str| {
            let value = out.get(*name).and_then(Field::found).map(|s| &s.value);
            matches!(value, Some(Value::Money(m)) if m.yuan.is_sign_negative() && !m.yuan.is_zero())
        };
        let red = says("issue", &["N", "否"])
            .or_else(|| says("red", &["true", "是", "1", "Y"]))
            .or_else(|| self.filled("original").filter(digits))
            .or_else(|| ["total", "amount"].iter().find(|n| negative(n)).and_then(|n| self.filled(n)));
        let void = says("void", &["true", "是", "1", "Y", "已作废", "作废"]);
        let mut marks: Vec<(String, Fragment)> = Vec::new();
        marks.extend(red.map(|e| ("红字".to_string(), e.fragment())));
        marks.extend(void.map(|e| ("作废".to_string(), e.fragment())));
        let written = self.filled("remark").into_iter().chain(self.filled("mark"));
        for entry in written.chain(self.all("items.name").into_iter().map(|(_, e)| e)) {
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
}

/// An amount: of several pieces the one that is one; `***` and 免税 stay words.
pub(super) fn money(entry: &Entry<'_>, typed: &Typed) -> Field {
    let at = entry.fragment();
    let pieces = entry.pieces();
    let mut amounts: Vec<(&Fragment, _)> = Vec::new();
    for piece in &pieces {
        let Some(m) = amount::parse_money(&piece.text, Unit::Yuan) else { continue };
        if amounts.iter().all(|(_, other): &(_, crate::model::Money)| other.yuan != m.yuan) {
            amounts.push((piece, m));
        }
    }
    match amounts.as_slice() {
        [(piece, _)] => return typed.money(piece, Unit::Yuan),
        // Several amounts, and nothing tells which is meant.
        [_, _, ..] => return typed.unreadable(&at),
        [] => {}
    }
    if let [found] = amount::find_money(&at.text, Unit::Yuan).as_slice() {
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

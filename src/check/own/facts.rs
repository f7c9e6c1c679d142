//! What an own rule may look at: the case as things with fields, owned, so that a condition can be evaluated again
//! with other readings after the rule has returned.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::value::{Datum, Trouble};
use crate::check::{Cx, cx, say};
use crate::model::{
    Document, Evidence, Field, Grade, InvestmentRow, Kind, Link, Row, RowStatus, Value, YearMonth,
};
use crate::text::labels;

/// A field of a thing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) thing: usize,
    pub(super) field: Arc<str>,
}

/// A form, a document, a line of one, a row of the list.
pub(super) struct Thing {
    /// What it is, before the name of a field; empty for the form, whose fields speak for themselves.
    label: String,
    /// What was read.
    pub(super) fields: BTreeMap<String, Field>,
    /// What is known of it, and on which fields that rests.
    pub(super) known: BTreeMap<&'static str, (Result<Datum, Trouble>, Vec<Key>)>,
    /// Whether fields are reached without `.fields`.
    pub(super) plain: bool,
    /// It as a whole.
    pub(super) whole: Evidence,
    /// Whether it is a line of a table: its fields are columns.
    line: bool,
}

/// The case.
pub(in crate::check) struct Facts {
    pub(super) things: Vec<Thing>,
    /// Variables.
    pub(super) names: BTreeMap<&'static str, Datum>,
    /// Documents with their kinds.
    pub(super) documents: Vec<(usize, Kind)>,
    /// Rows of the list.
    pub(super) rows: Vec<usize>,
    /// Readings below this confidence, in thousandths, prove nothing.
    low: u16,
}

impl Facts {
    pub(in crate::check) fn of(case: &Cx<'_>) -> Self {
        let mut facts = Self {
            things: Vec::new(),
            names: BTreeMap::new(),
            documents: Vec::new(),
            rows: Vec::new(),
            low: case.notice.reading.low,
        };
        for document in &case.case.documents {
            let thing = facts.document(document);
            facts.documents.push((thing, document.kind));
        }
        let form = match case.case.form {
            Some(i) => facts.documents.get(i as usize).map(|d| d.0),
            None => None,
        };
        // Without a form there is a thing without fields: whatever is asked of it was not read.
        let form = form.unwrap_or_else(|| facts.add(Thing::new("", case.whole_form("申报书"))));
        facts.things[form].label = String::new();
        facts.applicant(form);
        for row in &case.case.investment.rows {
            let thing = facts.row(row);
            facts.rows.push(thing);
        }
        let things = |list: Vec<usize>| Datum::List(Arc::new(list.into_iter().map(Datum::Thing).collect()));
        let documents = things(facts.documents.iter().map(|d| d.0).collect());
        let rows = things(facts.rows.clone());
        facts.names.extend([("form", Datum::Fields(form)), ("documents", documents), ("rows", rows)]);
        facts.investment(case, form);
        facts.notice(case);
        facts
    }

    fn add(&mut self, thing: Thing) -> usize {
        self.things.push(thing);
        self.things.len() - 1
    }

    fn document(&mut self, d: &Document) -> usize {
        let what = say::kind(d.kind);
        let mut thing = Thing::new(&format!("{what} "), cx::whole(what, d));
        thing.fields = d.fields.clone();
        let kind = serde_json::to_value(d.kind).ok().and_then(|v| v.as_str().map(str::to_owned));
        thing.know("kind", Datum::text(&kind.unwrap_or_default()));
        thing.know("file", Datum::text(&d.file));
        let whole = thing.whole.clone();
        let lines = d.items.iter().map(|row| self.line(what, row, &whole)).collect();
        thing.know("items", Datum::List(Arc::new(lines)));
        self.add(thing)
    }

    fn line(&mut self, what: &str, row: &Row, whole: &Evidence) -> Datum {
        let mut thing = Thing::new(&format!("{what}明细 "), whole.clone());
        (thing.fields, thing.plain, thing.line) = (row.clone(), true, true);
        Datum::Thing(self.add(thing))
    }

    fn row(&mut self, row: &InvestmentRow) -> usize {
        let label = format!("清单第{}行 ", row.row);
        let whole = row.fields.values().next().map(|f| Evidence::of_field(label.trim(), f));
        let form = self.things.iter().find(|t| t.label.is_empty()).map(|t| t.whole.clone());
        let Some(whole) = whole.or(form) else { return self.add(Thing::new(&label, nowhere())) };
        let mut thing = Thing::new(&label, whole);
        (thing.fields, thing.plain, thing.line) = (row.fields.clone(), true, true);
        thing.know("row", Datum::Number(row.row.into()));
        let category = row.category.and_then(|c| serde_json::to_value(c).ok());
        match category.as_ref().and_then(|c| c.as_str()) {
            Some(category) => thing.know("category", Datum::text(category)),
            None => thing.unknown("category", "类别"),
        }
        for (name, links) in
            [("contracts", &row.contracts), ("invoices", &row.invoices), ("payments", &row.payments)]
        {
            let linked = self.linked(links);
            thing.known.insert(name, (linked, Vec::new()));
        }
        for (name, amount, links, field) in
            [("invoiced", row.invoiced, &row.invoices, "total"), ("paid", row.paid, &row.payments, "amount")]
        {
            let sure = row.status != RowStatus::Unverifiable && links.iter().all(|l| l.unique);
            let rests = links.iter().filter_map(|l| self.key(l, field)).collect();
            match amount.filter(|_| sure) {
                Some(yuan) => drop(thing.known.insert(name, (Ok(Datum::Money(yuan)), rests))),
                None => thing.unknown(name, if name == "paid" { "已付金额" } else { "开票金额" }),
            }
        }
        self.add(thing)
    }

    /// The documents of links; a link that is not unique asserts nothing.
    fn linked(&self, links: &[Link]) -> Result<Datum, Trouble> {
        if links.iter().any(|l| !l.unique) {
            return Err(Trouble::Absent("凭证与清单行的对应关系不唯一".into()));
        }
        let things = links.iter().filter_map(|l| self.documents.get(l.document as usize));
        Ok(Datum::List(Arc::new(things.map(|d| Datum::Thing(d.0)).collect())))
    }

    fn key(&self, link: &Link, field: &str) -> Option<Key> {
        let thing = self.documents.get(link.document as usize)?.0;
        self.things[thing].fields.contains_key(field).then(|| Key { thing, field: field.into() })
    }

    fn applicant(&mut self, form: usize) {
        let whole = self.things[form].whole.clone();
        let fields = &self.things[form].fields;
        let first = |names: &[&str]| names.iter().find_map(|n| fields.get(*n)).cloned();
        let name = first(&["基本信息.单位名称", "封面.企业名称"]);
        let code = first(&["基本信息.组织机构代码"]);
        let mut thing = Thing::new("申报单位 ", whole);
        thing.plain = true;
        thing.fields.extend(name.map(|f| ("name".to_owned(), f)));
        thing.fields.extend(code.map(|f| ("uscc".to_owned(), f)));
        let thing = self.add(thing);
        self.names.insert("applicant", Datum::Thing(thing));
    }

    /// The sums of the list, and what they were added up from.
    fn investment(&mut self, case: &Cx<'_>, form: usize) {
        let mut thing = Thing::new("", case.whole_form("申报书"));
        let claim = Key { thing: form, field: "基本信息.已完成投资".into() };
        let parts = self.rows.iter().flat_map(|row| {
            let total = Key { thing: *row, field: "total".into() };
            let known = &self.things[*row].known;
            let papers = ["invoiced", "paid"].into_iter().filter_map(|name| known.get(name));
            std::iter::once(total).chain(papers.flat_map(|k| k.1.clone()))
        });
        for (name, amount, what, rests) in [
            ("claimed", case.case.investment.claimed, "已完成投资", vec![claim]),
            ("supported", case.case.investment.supported, "材料支撑的投资", parts.collect()),
        ] {
            match amount {
                Some(yuan) => drop(thing.known.insert(name, (Ok(Datum::Money(yuan)), rests))),
                None => thing.unknown(name, what),
            }
        }
        let thing = self.add(thing);
        self.names.insert("investment", Datum::Thing(thing));
    }

    fn notice(&mut self, case: &Cx<'_>) {
        let notice = case.notice;
        let mut thing = Thing::new("", case.whole_form("申报书"));
        thing.know("title", Datum::text(&notice.title));
        thing.know("province", Datum::text(&notice.province_name));
        thing.know("deadline", Datum::Day(notice.deadline));
        let YearMonth { year, month } = notice.completion;
        thing.know("completion", Datum::Month(YearMonth { year, month }));
        let years = notice.years.iter().map(|y| Datum::Number((*y).into())).collect();
        thing.know("years", Datum::List(Arc::new(years)));
        let thing = self.add(thing);
        self.names.insert("notice", Datum::Thing(thing));
    }

    /// A field, if it was read well enough to say anything.
    pub(super) fn read(&self, key: &Key) -> Result<Datum, Trouble> {
        match self.things[key.thing].fields.get(&*key.field) {
            None => Err(Trouble::Absent(format!("没有读到{}", self.label(key)))),
            Some(Field::Unreadable(_)) => Err(Trouble::Doubtful(key.clone())),
            Some(Field::Found(s)) if s.grade == Grade::Ocr && s.confidence.0 < self.low => {
                Err(Trouble::Doubtful(key.clone()))
            }
            Some(Field::Found(s)) => Ok(Datum::from(&s.value)),
        }
    }

    /// What a field is called for people.
    pub(super) fn label(&self, key: &Key) -> String {
        let thing = &self.things[key.thing];
        let name = if thing.line {
            labels::column(&key.field, false).to_owned()
        } else {
            labels::field(&key.field, false)
        };
        format!("{}{name}", thing.label)
    }

    /// A thing as a whole, the form without one.
    pub(super) fn whole(&self, thing: Option<usize>) -> Evidence {
        let form = || match self.names.get("form") {
            Some(Datum::Fields(form)) => *form,
            _ => 0,
        };
        self.things.get(thing.unwrap_or_else(form)).map_or_else(nowhere, |t| t.whole.clone())
    }

    /// A field as evidence.
    pub(super) fn evidence(&self, key: &Key) -> Option<Evidence> {
        let field = self.things[key.thing].fields.get(&*key.field)?;
        Some(Evidence::of_field(self.label(key), field))
    }
}

impl Thing {
    fn new(label: &str, whole: Evidence) -> Self {
        Self {
            label: label.to_owned(),
            fields: BTreeMap::new(),
            known: BTreeMap::new(),
            plain: false,
            whole,
            line: false,
        }
    }

    fn know(&mut self, name: &'static str, datum: Datum) {
        self.known.insert(name, (Ok(datum), Vec::new()));
    }

    fn unknown(&mut self, name: &'static str, what: &str) {
        let why = format!("{}{what}不能确定", self.label);
        self.known.insert(name, (Err(Trouble::Absent(why)), Vec::new()));
    }
}

/// Evidence of a row without a single field in a case without form: it cannot be, but nothing may panic.
fn nowhere() -> Evidence {
    cx::place("申报书", "", crate::model::Place::File)
}

impl From<&Value> for Datum {
    fn from(value: &Value) -> Self {
        match value {
            Value::Text(t) => Datum::text(t),
            Value::Money(m) => Datum::Money(m.yuan),
            Value::Number(n) => Datum::Number(*n),
            Value::Date(d) => Datum::Day(*d),
            Value::Month(m) => Datum::Month(*m),
            Value::List(l) => Datum::List(Arc::new(l.iter().map(|t| Datum::text(t)).collect())),
        }
    }
}

//! A builder of small submissions for the cases of rule pages. Cases start from a clean submission (`clean.toml`) and
//! change it:
//!
//! ```toml
//! drop = ["payment1"]                          # documents that are not there
//! unread = ["发票1.pdf"]                        # files that could not be read
//! poor = ["发票2.pdf"]                          # files whose first page is too poor to read
//! [set.invoice1]                               # fields changed; "" removes one
//! total = "¥110000.00"
//! [item.form.1]                                # fields of the first line changed
//! total = "¥21.20万"
//! [grade]                                      # documents read by OCR, with confidence in thousandths
//! invoice1 = 950
//! [traces]                                      # what changes left behind
//! invoice1 = [{ at = "total", mark.revised = { before = "1", after = "2", signed = true } }]
//! [stamps]                                      # seals, equal where `seal` is equal; four centimetres wide on the first page
//! invoice1 = [{ seal = 1, text = "甲公司", at = 300 }]
//! [[doc]]                                      # documents added; `case = "乙"` makes another submission
//! ```
//! `alike = [["photo", "照片"]]` are documents with the same picture. `earlier = [ { … } ]` are records of a ledger. `reread = "none" | "same" | { "raw" = "other" }` says what a second reading gives (default: the same).

mod pages;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::model::{
    Alike, BBox, Batch, Case, Change, Confidence, Document, Evidence, Expect, Field, Grade, Impression,
    Imprint, Integrity, IntegrityState, Investment, Judgement, Kind, Money, Picture, Place, ReadBy, Row,
    Source, Sourced, Stamp, Trace, Unit, Use, Value,
};
use crate::pack::Pack;

const CLEAN: &str = include_str!("clean.toml");
/// Id of the submission that cases change.
pub(crate) const FIRST: &str = "长沙市/甲";

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Spec {
    #[serde(default)]
    base: Option<String>,
    #[serde(default)]
    doc: Vec<DocSpec>,
    #[serde(default)]
    drop: Vec<String>,
    #[serde(default)]
    unread: Vec<String>,
    #[serde(default)]
    poor: Vec<String>,
    #[serde(default)]
    set: BTreeMap<String, BTreeMap<String, toml::Value>>,
    #[serde(default)]
    item: BTreeMap<String, BTreeMap<String, BTreeMap<String, toml::Value>>>,
    #[serde(default)]
    grade: BTreeMap<String, u16>,
    #[serde(default)]
    reread: Option<toml::Value>,
    /// What the ledger knows; without it there is no ledger.
    #[serde(default)]
    earlier: Option<Vec<Use>>,
    /// Traces of changes, by document.
    #[serde(default)]
    traces: BTreeMap<String, Vec<TraceSpec>>,
    /// Seals, by document.
    #[serde(default)]
    stamps: BTreeMap<String, Vec<StampSpec>>,
    /// Names of documents that show the same picture.
    #[serde(default)]
    alike: Vec<[String; 2]>,
}

/// A seal; equal numbers are equal pictures. `at` is its middle's distance from the top of the page.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct StampSpec {
    seal: u32,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    at: Option<f32>,
}

/// A trace at the place of a field (`at = "total"`), elsewhere on the first page (`at = ""`), or of the file.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct TraceSpec {
    #[serde(default)]
    at: Option<String>,
    mark: Change,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct DocSpec {
    #[serde(default)]
    name: String,
    #[serde(default)]
    case: Option<String>,
    kind: Kind,
    file: String,
    #[serde(default)]
    pages: Option<(u32, u32)>,
    #[serde(default)]
    sha256: Option<String>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    like: Option<String>,
    #[serde(default)]
    fields: BTreeMap<String, toml::Value>,
    #[serde(default)]
    items: Vec<BTreeMap<String, toml::Value>>,
    /// Read from this kind of file; a PDF without.
    #[serde(default)]
    read_by: Option<ReadBy>,
    /// Facts about digests and signatures: `["OFD 摘要 A", "Verified"]`, `["PDF 签名", "Broken: what"]`, …
    #[serde(default)]
    integrity: Vec<(String, String)>,
    /// It is a picture with this imprint.
    #[serde(default)]
    picture: Option<u32>,
}

/// A case that can be judged.
pub(crate) struct Built {
    pub(crate) batch: Batch,
    reread: Option<toml::Value>,
}

/// Builds a case from TOML.
pub(crate) fn build(text: &str) -> Built {
    let spec: Spec = toml::from_str(text).unwrap_or_else(|e| panic!("broken case: {e}\n{text}"));
    let mut docs: Vec<DocSpec> = match spec.base.as_deref() {
        Some("empty") => Vec::new(),
        _ => toml::from_str::<Spec>(CLEAN).expect("clean.toml").doc,
    };
    docs.retain(|d| !spec.drop.contains(&d.name));
    for mut added in spec.doc.clone() {
        if let Some(like) = &added.like {
            let model =
                docs.iter().find(|d| d.name == *like).unwrap_or_else(|| panic!("no document {like}")).clone();
            let mut fields = model.fields;
            fields.extend(added.fields);
            added.fields = fields;
            if added.items.is_empty() {
                added.items = model.items;
            }
        }
        docs.push(added);
    }
    let mut cases: BTreeMap<String, Vec<Document>> = BTreeMap::new();
    let mut summaries = Vec::new();
    for mut d in docs {
        for (field, value) in spec.set.get(&d.name).into_iter().flatten() {
            d.fields.insert(field.clone(), value.clone());
        }
        for (line, fields) in spec.item.get(&d.name).into_iter().flatten() {
            let line: usize = line.parse().expect("item number");
            d.items[line - 1].extend(fields.clone());
        }
        let case = d.case.clone().map_or_else(|| FIRST.to_owned(), |c| format!("长沙市/{c}"));
        let mut made = document(&d, &case, spec.grade.get(&d.name).copied());
        made.stamps = spec.stamps.get(&d.name).into_iter().flatten().map(|s| stamp(s, &made)).collect();
        if let Some(hash) = d.picture {
            made.pictures = vec![picture(&made, hash)];
        }
        made.traces = spec.traces.get(&d.name).into_iter().flatten().map(|t| trace(t, &made)).collect();
        if made.kind == Kind::SummaryTable {
            summaries.push(made)
        } else {
            cases.entry(case).or_default().push(made)
        }
    }
    let named = spec.set.keys().chain(spec.item.keys()).chain(spec.grade.keys());
    for name in named.chain(spec.traces.keys()).chain(spec.stamps.keys()) {
        assert!(
            cases.values().flatten().chain(&summaries).any(|d| *d.sha256 == digest(name)),
            "no document {name}"
        );
    }
    let mut batch = Batch { summaries, earlier: spec.earlier.clone(), ..Batch::default() };
    for (id, mut documents) in cases {
        for (i, d) in documents.iter_mut().enumerate() {
            d.id = i as u32;
        }
        let form = documents.iter().position(|d| d.kind == Kind::ApplicationForm).map(|i| i as u32);
        let unread = if id == FIRST {
            spec.unread.iter().map(|f| (Arc::from(f.as_str()), "文件已加密，需要密码".to_owned())).collect()
        } else {
            Vec::new()
        };
        let first = id == FIRST;
        batch.cases.push(Case {
            id,
            documents,
            form,
            investment: Investment::default(),
            unread,
            poor_pages: poor(if first { &spec.poor } else { &[] }),
        });
    }
    for document in &mut batch.summaries {
        document.id = 0;
    }
    batch.alike = spec.alike.iter().map(|pair| alike(&batch, pair)).collect();
    Built { batch, reread: spec.reread }
}

fn poor(files: &[String]) -> Vec<Source> {
    let page = Place::Page { page: 1, bbox: BBox::new(0.0, 0.0, 595.0, 842.0) };
    files.iter().map(|f| Source { file: Arc::from(f.as_str()), place: page.clone() }).collect()
}

impl Built {
    /// Reconciles and judges.
    pub(crate) fn judge(self) -> Judgement {
        self.judge_by(&Pack::embedded().expect("pack"))
    }

    /// Reconciles and judges by another pack.
    pub(crate) fn judge_by(mut self, pack: &Pack) -> Judgement {
        for case in &mut self.batch.cases {
            crate::reconcile::investment(case, pack);
        }
        let reread = self.reread;
        super::judge(&self.batch, pack, &move |e: &Evidence, _: Expect| again(reread.as_ref(), e))
    }
}

fn again(spec: Option<&toml::Value>, e: &Evidence) -> Option<Vec<(String, Confidence)>> {
    let sure = Confidence(960);
    match spec {
        Some(toml::Value::String(s)) if s == "none" => None,
        Some(toml::Value::Table(t)) => match t.get(&e.raw) {
            Some(other) => Some(vec![(other.as_str().unwrap_or_default().to_owned(), sure)]),
            None => Some(vec![(e.raw.clone(), sure)]),
        },
        _ => Some(vec![(e.raw.clone(), sure)]),
    }
}

fn digest(name: &str) -> String {
    format!("sha-{name}")
}

fn document(d: &DocSpec, case: &str, ocr: Option<u16>) -> Document {
    let file: Arc<str> = format!("{case}/{}", d.file).into();
    let grade = if ocr.is_some() { Grade::Ocr } else { Grade::Text };
    let mut maker = Maker {
        file: file.clone(),
        page: d.pages.map_or(1, |p| p.0),
        grade,
        confidence: ocr.unwrap_or(1000),
        x: 50,
        y: 0,
        line: false,
    };
    let row = |maker: &mut Maker, fields: &BTreeMap<String, toml::Value>| -> Row {
        fields.iter().filter_map(|(k, v)| Some((k.clone(), maker.field(v)?))).collect()
    };
    let fields = row(&mut maker, &d.fields);
    maker.line = true;
    let items: Vec<Row> = d
        .items
        .iter()
        .map(|i| {
            maker.y += 12;
            row(&mut maker, i)
        })
        .collect();
    let mut text = d.text.clone().unwrap_or_default();
    for f in fields.values().chain(items.iter().flat_map(Row::values)) {
        match f {
            Field::Found(s) => text.push_str(&s.value.to_plain()),
            Field::Unreadable(s) => text.push_str(&s.raw),
        }
    }
    let name = if d.name.is_empty() { &d.file } else { &d.name };
    Document {
        id: 0,
        file,
        sha256: d.sha256.clone().unwrap_or_else(|| {
            if d.case.is_some() { format!("{case}{}", digest(name)) } else { digest(name) }
        }),
        pages: d.pages.unwrap_or((1, 1)),
        continued: Vec::new(),
        kind: d.kind,
        kind_confidence: Confidence::FULL,
        integrity: d.integrity.iter().map(fact).collect(),
        traces: Vec::new(),
        pictures: Vec::new(),
        stamps: Vec::new(),
        read_by: if ocr.is_some() { ReadBy::Ocr } else { d.read_by.unwrap_or(ReadBy::Pdf) },
        fields,
        items,
        text: crate::text::normal::squash(&text),
    }
}

fn stamp(spec: &StampSpec, d: &Document) -> Stamp {
    let y = spec.at.unwrap_or(700.0);
    let place = Place::Page { page: d.pages.0, bbox: BBox::new(380.0, y - 57.0, 494.0, y + 57.0) };
    Stamp {
        source: Source { file: d.file.clone(), place },
        text: spec.text.clone(),
        confidence: Confidence(950),
        impression: Impression::drawn(spec.seal, 0.1),
    }
}

fn picture(d: &Document, hash: u32) -> Picture {
    let place = Place::Page { page: d.pages.0, bbox: BBox::new(40.0, 40.0, 555.0, 360.0) };
    Picture { source: Source { file: d.file.clone(), place }, imprint: Imprint(u64::from(hash)) }
}

fn alike(batch: &Batch, pair: &[String; 2]) -> Alike {
    let of = |name: &String| {
        let mut all =
            batch.cases.iter().enumerate().flat_map(|(i, c)| c.documents.iter().map(move |d| (i, d)));
        let own = |d: &Document| d.sha256 == digest(name) || d.sha256.ends_with(&digest(name));
        let (i, d) = all.find(|(_, d)| own(d)).unwrap_or_else(|| panic!("no document {name}"));
        (i, picture(d, 0).source)
    };
    let [a, b] = [of(&pair[0]), of(&pair[1])];
    Alike { cases: [a.0, b.0], sources: [a.1, b.1], likeness: 960, distance: 2, mirrored: false }
}

fn trace(spec: &TraceSpec, d: &Document) -> Trace {
    let margin = Place::Page { page: d.pages.0, bbox: BBox::new(300.0, 2.0, 400.0, 8.0) };
    let place = match spec.at.as_deref() {
        None => Place::File,
        Some("") => margin,
        Some(field) => d.value(field).unwrap_or_else(|| panic!("no field {field}")).source().place.clone(),
    };
    Trace { place, mark: spec.mark.clone() }
}

fn fact((what, state): &(String, String)) -> Integrity {
    let state = match state.split_once(": ") {
        Some(("Broken", how)) => IntegrityState::Broken(how.to_owned()),
        Some(("Unknown", how)) => IntegrityState::Unknown(how.to_owned()),
        None if state == "Verified" => IntegrityState::Verified,
        None if state == "Absent" => IntegrityState::Absent,
        _ => panic!("no such state: {state}"),
    };
    Integrity { what: what.clone(), state }
}

struct Maker {
    file: Arc<str>,
    page: u32,
    grade: Grade,
    confidence: u16,
    x: u32,
    y: u32,
    /// The fields of a line stand side by side, others below one another.
    line: bool,
}

impl Maker {
    fn field(&mut self, v: &toml::Value) -> Option<Field> {
        let (mut grade, mut confidence) = (self.grade, self.confidence);
        let mut v = v.clone();
        let mut printed = None;
        if let toml::Value::Table(t) = &v {
            if let Some(raw) = t.get("unreadable") {
                let raw = raw.as_str().expect("text").to_owned();
                return Some(Field::Unreadable(Sourced::new(
                    raw.clone(),
                    raw,
                    grade,
                    Confidence(confidence),
                    self.source(),
                )));
            }
            grade = match t.get("grade").and_then(toml::Value::as_str) {
                Some("ocr") => Grade::Ocr,
                Some("qr") => Grade::Qr,
                Some("data") => Grade::Data,
                Some("text") => Grade::Text,
                _ => grade,
            };
            confidence =
                t.get("confidence").and_then(toml::Value::as_integer).map_or(confidence, |c| c as u16);
            if t.contains_key("below") {
                self.y += 6;
            }
            printed = t.get("raw").and_then(toml::Value::as_str).map(str::to_owned);
            v = t.get("v").expect("v").clone();
        }
        let (value, raw) = match &v {
            toml::Value::Array(a) => {
                let l: Vec<String> = a.iter().filter_map(|x| x.as_str().map(str::to_owned)).collect();
                let raw = l.join("、");
                (Value::List(l), raw)
            }
            toml::Value::String(s) if s.is_empty() => return None,
            toml::Value::String(s) => typed(s),
            other => panic!("not a field: {other}"),
        };
        let raw = printed.unwrap_or(raw);
        Some(Field::Found(Sourced::new(value, raw, grade, Confidence(confidence), self.source())))
    }

    fn source(&mut self) -> Source {
        if self.line {
            self.x += 200;
        } else {
            self.y += 12;
        }
        let (x, y) = (self.x as f32, self.y as f32);
        Source {
            file: self.file.clone(),
            place: Place::Page { page: self.page, bbox: BBox::new(x, y, x + 150.0, y + 10.0) },
        }
    }
}

fn typed(s: &str) -> (Value, String) {
    if let Some(m) = s.strip_prefix('¥') {
        let (figure, unit) = m.strip_suffix('万').map_or((m, Unit::Yuan), |f| (f, Unit::TenThousand));
        let n: Decimal = figure.parse().unwrap_or_else(|_| panic!("not money: {s}"));
        return (Value::Money(Money::printed(n, unit)), figure.to_owned());
    }
    if let Some(n) = s.strip_prefix('#') {
        return (Value::Number(n.parse().unwrap_or_else(|_| panic!("not a number: {s}"))), n.to_owned());
    }
    if let Ok(d) = NaiveDate::parse_from_str(s, "%Y-%m-%d") {
        return (Value::Date(d), s.to_owned());
    }
    if s.len() == 7 && NaiveDate::parse_from_str(&format!("{s}-01"), "%Y-%m-%d").is_ok() {
        let m = crate::text::date::parse_month(s).expect("month");
        return (Value::Month(m), s.to_owned());
    }
    (Value::Text(s.to_owned()), s.to_owned())
}

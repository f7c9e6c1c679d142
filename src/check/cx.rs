//! What a rule sees, and where it says what it found.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::model::{
    Batch, Case, Document, Draft, Evidence, Field, Grade, InvestmentRow, Kind, Money, Place, Source, Sourced,
    Value,
};
use crate::pack::Notice;
use crate::text::party::{Renamings, Who, applicant_of, may_be_paper, poor_papers};

/// A submission and its surroundings.
pub struct Cx<'a> {
    /// All submissions.
    pub batch: &'a Batch,
    /// This one.
    pub case: &'a Case,
    /// The notice.
    pub notice: &'a Notice,
    /// The applicant, by form and licence.
    pub applicant: Who,
    /// Companies that changed their names, by the papers.
    pub renamed: Renamings,
}

/// All submissions.
pub struct All<'a> {
    /// The batch.
    pub batch: &'a Batch,
    /// The notice.
    pub notice: &'a Notice,
    /// One for each submission.
    pub cases: Vec<Cx<'a>>,
}

/// What a rule has to say.
#[derive(Default)]
pub struct Out {
    /// Targets in order.
    pub passed: u32,
    /// Targets with nothing to check.
    pub not_applicable: u32,
    /// Findings with the submissions they concern (empty: the one being judged).
    pub drafts: Vec<(Draft, Vec<String>)>,
    /// Why the rule could not be executed, if nothing at all could be checked.
    pub cannot: Option<String>,
}

impl Out {
    /// A target in order.
    pub fn pass(&mut self) {
        self.passed += 1;
    }

    /// A target with nothing to check.
    pub fn skip(&mut self) {
        self.not_applicable += 1;
    }

    /// A finding on the submission.
    pub fn hit(&mut self, draft: Draft) {
        self.drafts.push((draft, Vec::new()));
    }

    /// A finding on several submissions.
    pub fn hit_on(&mut self, submissions: Vec<String>, draft: Draft) {
        self.drafts.push((draft, submissions));
    }

    /// The rule lacks what it needs. Shown only if no target was checked.
    pub fn cannot(&mut self, why: impl Into<String>) {
        self.cannot.get_or_insert(why.into());
    }
}

impl<'a> Cx<'a> {
    /// The context of a submission.
    pub fn new(batch: &'a Batch, case: &'a Case, notice: &'a Notice) -> Self {
        Self { batch, case, notice, applicant: applicant_of(case), renamed: Renamings::of(case) }
    }

    /// Documents of a kind.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &'a Document> + use<'a> {
        self.case.documents.iter().filter(move |d| d.kind == kind)
    }

    /// A document by id.
    pub fn document(&self, id: u32) -> Option<&'a Document> {
        self.case.documents.get(id as usize)
    }

    /// Invoices and contracts that belong to a row for certain.
    pub fn papers_of(&self, row: &InvestmentRow) -> Vec<&'a Document> {
        let links = row.invoices.iter().chain(&row.contracts).filter(|l| l.unique);
        links.filter_map(|l| self.document(l.document)).collect()
    }

    /// A field of the form that was read.
    pub fn form(&self, name: &str) -> Option<&'a Sourced<Value>> {
        self.case.form()?.value(name)
    }

    /// A field of the form, readable or not.
    pub fn form_field(&self, name: &str) -> Option<&'a Field> {
        self.case.form()?.fields.get(name)
    }

    /// Evidence for the form as a whole.
    pub fn whole_form(&self, label: &str) -> Evidence {
        match self.case.form() {
            Some(form) => whole(label, form),
            None => place(label, &self.case.id, Place::File),
        }
    }

    /// Pages too poor to read that may be papers.
    pub fn poor_papers(&self) -> impl Iterator<Item = &'a Source> {
        poor_papers(self.case)
    }

    /// Why papers may be there that nobody could read: unread files, poor pages, scans of no known kind.
    pub fn blind_spots(&self) -> Vec<String> {
        let mut out: Vec<String> =
            self.case.unread.iter().map(|(f, _)| format!("无法读取的文件 {f}")).collect();
        for s in self.poor_papers() {
            let page = s.place.page().map_or_else(String::new, |p| format!(" 第{p}页"));
            out.push(format!("模糊页面 {}{page}", s.file));
        }
        for d in &self.case.documents {
            if may_be_paper(d) {
                out.push(format!("未能辨认类别的扫描件 {} 第{}页", d.file, d.pages.0));
            }
        }
        out
    }

    /// A short list of where was looked, for findings of absence.
    pub fn looked_through(&self) -> String {
        let mut kinds: Vec<(Kind, usize)> = Vec::new();
        for d in &self.case.documents {
            match kinds.iter_mut().find(|(k, _)| *k == d.kind) {
                Some((_, n)) => *n += 1,
                None => kinds.push((d.kind, 1)),
            }
        }
        kinds.sort();
        let list: Vec<String> = kinds.iter().map(|(k, n)| format!("{}{n}份", super::say::kind(*k))).collect();
        if list.is_empty() {
            "没有任何可读的文件".into()
        } else {
            format!("已查看{}", list.join("、"))
        }
    }
}

/// An amount of a document.
pub fn money<'d>(doc: &'d Document, field: &str) -> Option<(&'d Sourced<Value>, Money)> {
    let s = doc.value(field)?;
    money_of(s).map(|m| (s, m))
}

/// The amount in a value. A plain number is no amount.
pub fn money_of(s: &Sourced<Value>) -> Option<Money> {
    match &s.value {
        Value::Money(m) => Some(*m),
        _ => None,
    }
}

/// The 元 of an evidence value in `still_holds`.
pub fn yuan(value: &Option<Value>) -> Option<Decimal> {
    match value {
        Some(Value::Money(m)) => Some(m.yuan),
        Some(Value::Number(n)) => Some(*n),
        _ => None,
    }
}

/// A number, or the figure of an amount.
pub fn number_of(s: &Sourced<Value>) -> Option<Decimal> {
    match &s.value {
        Value::Number(n) => Some(*n),
        Value::Money(m) => Some(m.yuan / m.unit.yuan()),
        _ => None,
    }
}

/// The text of a value.
pub fn text_of(s: &Sourced<Value>) -> String {
    s.value.to_plain()
}

/// The text of a field that was read and is not blank.
pub fn text<'d>(doc: &'d Document, field: &str) -> Option<(&'d Sourced<Value>, String)> {
    let s = doc.value(field)?;
    let t = text_of(s);
    (!t.trim().is_empty()).then_some((s, t))
}

/// A whole document as evidence.
pub fn whole(label: &str, doc: &Document) -> Evidence {
    let source = first_source(doc).unwrap_or(Source { file: doc.file.clone(), place: Place::File });
    Evidence {
        label: label.into(),
        value: None,
        raw: String::new(),
        source,
        grade: Grade::Text,
        confidence: doc.kind_confidence,
    }
}

fn first_source(doc: &Document) -> Option<Source> {
    let page = doc.pages.0;
    let bbox = crate::model::BBox::new(0.0, 0.0, 0.0, 0.0);
    matches!(doc.read_by, crate::model::ReadBy::Pdf | crate::model::ReadBy::Ocr | crate::model::ReadBy::Ofd)
        .then(|| Source { file: doc.file.clone(), place: Place::Page { page, bbox } })
}

/// A bare place as evidence.
pub fn place(label: &str, file: &str, place: Place) -> Evidence {
    Evidence {
        label: label.into(),
        value: None,
        raw: String::new(),
        source: Source { file: file.into(), place },
        grade: Grade::Text,
        confidence: crate::model::Confidence::FULL,
    }
}

/// A date that was read a second time.
pub(super) fn date_of(v: &Option<Value>) -> Option<NaiveDate> {
    match v {
        Some(Value::Date(d)) => Some(*d),
        _ => None,
    }
}

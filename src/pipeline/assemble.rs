//! From documents to submissions.

use std::collections::BTreeMap;

use crate::ingest::group::{FormMark, Grouping, Item, group};
use crate::ingest::{InputFile, Intake};
use crate::model::{Batch, Case, Document, Grade, Investment, Kind, ReadBy};
use crate::text::code::clean_code;

use super::understand::Understood;

const NO_FORM: &str = "未归入任何申报项目：所在文件夹中没有找到可识别的申报书（附件1）";

/// Submissions with their documents, and what was noted on the way, in Chinese.
pub fn batch(root: &str, intake: &Intake, mut understood: Vec<Understood>) -> (Batch, Vec<String>) {
    let mut items: Vec<Item> =
        intake.files.iter().zip(&understood).map(|(file, what)| item(&file.path, &what.documents)).collect();
    // What could not be taken in lies in a folder as well.
    items.extend(intake.unread.iter().map(|(path, _)| Item { path: path.to_string(), ..Item::default() }));
    let Grouping { groups, loose, mut notes } = group(root, &items);
    let mut batch = Batch::default();
    for group in groups {
        let case = case(group.id, &group.files, intake, &mut understood);
        for (file, reason) in &case.unread {
            batch.unread.push((file.clone(), Some(case.id.clone()), reason.clone()));
        }
        batch.summaries.extend(case.documents.iter().filter(|d| d.kind == Kind::SummaryTable).cloned());
        batch.cases.push(case);
    }
    for index in loose {
        stray(index, intake, &mut understood, &mut batch);
    }
    for (id, summary) in (0..).zip(&mut batch.summaries) {
        summary.id = id;
    }
    batch.unread.sort();
    notes.splice(0..0, intake.notes.iter().cloned());
    (batch, notes)
}

/// A file of no submission: a summary table, or something the report must name.
fn stray(index: usize, intake: &Intake, understood: &mut [Understood], batch: &mut Batch) {
    let Some(file) = intake.files.get(index) else {
        if let Some((path, reason)) = intake.unread.get(index - intake.files.len()) {
            batch.unread.push((path.clone(), None, reason.clone()));
        }
        return;
    };
    let what = std::mem::take(&mut understood[index]);
    let tables: Vec<Document> = what.documents.into_iter().filter(|d| d.kind == Kind::SummaryTable).collect();
    match what.unread {
        Some(why) => batch.unread.push((file.path.clone(), None, why)),
        None if tables.is_empty() => batch.unread.push((file.path.clone(), None, NO_FORM.to_string())),
        None => {}
    }
    batch.summaries.extend(tables);
}

fn case(id: String, files: &[usize], intake: &Intake, understood: &mut [Understood]) -> Case {
    let mut case = Case {
        id,
        documents: Vec::new(),
        form: None,
        investment: Investment::default(),
        unread: Vec::new(),
        poor_pages: Vec::new(),
    };
    for &index in files {
        let Some(file): Option<&InputFile> = intake.files.get(index) else {
            case.unread.extend(intake.unread.get(index - intake.files.len()).cloned());
            continue;
        };
        let what = std::mem::take(&mut understood[index]);
        case.documents.extend(what.documents);
        case.unread.extend(what.unread.map(|why| (file.path.clone(), why)));
        case.poor_pages.extend(what.poor_pages);
    }
    for (id, document) in (0..).zip(&mut case.documents) {
        document.id = id;
    }
    case.form = form_of(&case.documents);
    case
}

/// The form to work with: the electronic one, and of several the fullest.
fn form_of(documents: &[Document]) -> Option<u32> {
    let forms = documents.iter().filter(|d| d.kind == Kind::ApplicationForm);
    forms
        .max_by_key(|d| (d.read_by != ReadBy::Ocr, d.fields.len() + d.items.len(), std::cmp::Reverse(d.id)))
        .map(|d| d.id)
}

fn item(path: &str, documents: &[Document]) -> Item {
    let owner = |d: &Document| {
        let (kind, field) = match d.kind {
            Kind::BusinessLicence => (0, "name"),
            Kind::TaxCertificate => (1, "taxpayer"),
            Kind::BalanceSheet | Kind::IncomeStatement | Kind::CashFlow => (2, "company"),
            Kind::AuditReport => (3, "company"),
            _ => return None,
        };
        d.value(field).map(|s| (kind, s.value.to_plain()))
    };
    let forms = documents.iter().filter(|d| d.kind == Kind::ApplicationForm);
    Item {
        path: path.to_string(),
        form: forms.max_by_key(|d| d.fields.len()).map(mark),
        summary: !documents.is_empty() && documents.iter().all(|d| d.kind == Kind::SummaryTable),
        evidence: documents.iter().any(|d| matches!(d.kind, Kind::Contract | Kind::Invoice | Kind::Payment)),
        owners: documents.iter().filter_map(owner).collect(),
    }
}

fn mark(form: &Document) -> FormMark {
    let first = |names: &[&str]| {
        let found = names.iter().find_map(|n| form.value(n))?;
        let text = found.value.to_plain();
        (!text.trim().is_empty()).then_some((text, found.grade))
    };
    let name = first(&["基本信息.单位名称", "封面.企业名称"]);
    FormMark {
        scanned: name.as_ref().map_or(form.read_by == ReadBy::Ocr, |n| n.1 == Grade::Ocr),
        name: name.map(|n| n.0),
        code: first(&["基本信息.组织机构代码"]).map(|c| clean_code(&c.0)).filter(|c| c.len() >= 9),
        platform: first(&["基本信息.平台名称", "封面.平台名称"]).map(|p| p.0),
    }
}

/// Files by path, to find the bytes of what evidence points to.
pub fn by_path(files: &[InputFile]) -> BTreeMap<&str, &InputFile> {
    files.iter().map(|f| (&*f.path, f)).collect()
}

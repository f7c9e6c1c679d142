//! The application form: every field, tick box and table of the notice's form, however its tables are drawn.

mod columns;
mod commitment;
mod cover;
mod evidence;
mod fields;
mod format;
mod labels;
pub mod list;
mod mend;
mod seals;
mod sheet;
mod spec;
mod summary;
mod table;
mod ticks;
mod value;
mod years;

use super::{Extracted, Extractor, View};
use crate::model::Kind;
use crate::pack::Pack;

pub use commitment::CommitmentExtractor;
pub use evidence::EvidenceListExtractor;
pub use summary::SummaryExtractor;

/// Reads the application form.
pub struct FormExtractor;

impl Extractor for FormExtractor {
    fn kind(&self) -> Kind {
        Kind::ApplicationForm
    }

    fn extract(&self, view: &View<'_>, pack: &Pack) -> Extracted {
        let labels = labels::Labels::new(pack);
        let pages: Vec<_> = view.pages.iter().map(|page| mend::page(page, &labels)).collect();
        let pages = pages.iter().map(AsRef::as_ref).collect();
        let view = &View { file: view.file.clone(), segment: view.segment, pages };
        let sheet = sheet::Sheet::new(view, &labels);
        let mut out = Extracted::default();
        cover::read(&sheet, &labels, &view.file, &mut out.fields);
        commitment::read(&sheet, &view.file, &mut out.fields);
        seals::read(&sheet, &view.file, &mut out.fields);
        // A blank template says nothing, its paper included.
        if out.fields.keys().any(|k| !k.starts_with("真实性承诺.")) {
            format::read(&view.pages, &sheet, &view.file, &mut out.fields);
        }
        years::read(&sheet, &labels, &view.file, &mut out.fields);
        fields::read(&sheet, &view.file, &mut out.fields);
        fields::support(&sheet, &view.file, &mut out.fields);
        fields::stories(&sheet, &view.file, &mut out.fields);
        ticks::read(&sheet, &labels.form, &view.file, &mut out.fields);
        let list = list::read(view);
        out.fields.extend(list.fields);
        out.items = list.items;
        out
    }
}

#[cfg(test)]
mod tests;

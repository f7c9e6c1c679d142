//! Reports: `report.json` for machines, `report.html` for people, and the tables a clerk works with. Pure: texts and
//! bytes out, the caller writes them.

use std::time::Duration;

use crate::model::{Case, Evidence, Kind, Source};

mod arithmetic;
pub mod crop;
pub mod html;
pub mod json;
mod sections;
mod style;
pub mod summary_table;
#[cfg(test)]
mod tests;
pub mod words;
mod workbook;
pub mod worksheet;

pub use words::Lang;

/// What the report says of the run itself.
#[derive(Clone, Debug, Default)]
pub struct RunInfo {
    /// The program's version.
    pub version: String,
    /// When the run began, RFC 3339.
    pub started: String,
    /// When it ended, RFC 3339.
    pub finished: String,
    /// Id of the notice's rule pack.
    pub pack: String,
    /// SHA-256 of the pack.
    pub pack_sha256: String,
    /// Title of the notice.
    pub notice: String,
    /// The folder that was checked, as a person knows it (its last name, no path of the machine).
    pub folder: String,
    /// What was degraded in the run as a whole ("未找到识别模型 …").
    pub notes: Vec<String>,
    /// How long each stage took, in their order.
    pub stages: Vec<StageTime>,
}

/// A stage of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named as in report.json")]
pub enum Stage {
    Ingest,
    Read,
    Understand,
    Reconcile,
    Judge,
    Write,
}

impl Stage {
    /// Its name in `report.json`.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Ingest => "ingest",
            Stage::Read => "read",
            Stage::Understand => "understand",
            Stage::Reconcile => "reconcile",
            Stage::Judge => "judge",
            Stage::Write => "write",
        }
    }
}

/// How long a stage took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageTime {
    /// Which.
    pub stage: Stage,
    /// How long.
    pub took: Duration,
}

/// What can be shown of the place a value was read from.
#[derive(Clone, Debug, PartialEq)]
pub enum Exhibit {
    /// A picture of the place with the box drawn, as PNG or JPEG bytes.
    Picture {
        /// `image/png` or `image/jpeg`.
        mime: &'static str,
        /// The file's bytes.
        bytes: Vec<u8>,
        /// Width in pixels as it should be shown at 96 dpi.
        width: u32,
        /// Height in pixels as it should be shown at 96 dpi.
        height: u32,
    },
    /// The table row, or the lines around it, of a document without fixed pages; the hit is marked.
    Excerpt(Vec<ExcerptPart>),
}

/// A cell or a line of an excerpt.
#[derive(Clone, Debug, PartialEq)]
pub struct ExcerptPart {
    /// Its text.
    pub text: String,
    /// Whether this is the very place.
    pub hit: bool,
}

/// Gives the exhibit of a place; the pipeline answers from the workers and the store.
pub trait Exhibits {
    /// The exhibit of a piece of evidence, if the place can be shown.
    fn show(&self, evidence: &Evidence) -> Option<Exhibit>;
}

/// No exhibits: for tests and for runs without rendering.
pub struct NoExhibits;

impl Exhibits for NoExhibits {
    fn show(&self, _: &Evidence) -> Option<Exhibit> {
        None
    }
}

/// Who a submission is, from its form and licence.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Identity {
    pub(crate) name: Option<String>,
    pub(crate) uscc: Option<String>,
    pub(crate) platform: Option<String>,
    pub(crate) category: Option<String>,
}

/// The identity as the form states it; the code comes from the licence where the form has none of 18 characters.
pub(crate) fn identity(case: &Case) -> Identity {
    let first = |names: &[&str]| {
        let form = case.form()?;
        names.iter().find_map(|n| form.value(n)).map(|s| s.value.to_plain())
    };
    let licence = |name: &str| {
        case.documents
            .iter()
            .filter(|d| d.kind == Kind::BusinessLicence)
            .find_map(|d| d.value(name))
            .map(|s| s.value.to_plain())
    };
    let code = first(&["基本信息.组织机构代码"]);
    Identity {
        name: first(&["基本信息.单位名称", "封面.企业名称"]).or_else(|| licence("name")),
        uscc: code.clone().filter(|c| c.chars().count() == 18).or_else(|| licence("uscc")).or(code),
        platform: first(&["平台基本信息.平台名称", "基本信息.平台名称", "封面.平台名称"]),
        category: first(&["平台基本信息.平台类别"]).map(|c| short_category(&c)),
    }
}

/// 综合型工业互联网平台 is 综合型.
fn short_category(printed: &str) -> String {
    printed.find('型').map_or(printed, |at| &printed[..at + '型'.len_utf8()]).to_string()
}

/// A place in words: "第3页", "表格第2行第4列", "工作表“清单”第5行第3列".
pub(crate) fn place_words(source: &Source, lang: Lang) -> String {
    use crate::model::Place;
    match (&source.place, lang) {
        (Place::File, Lang::Zh) => "整个文件".into(),
        (Place::File, Lang::En) => "whole file".into(),
        (Place::Page { page, .. }, Lang::Zh) => format!("第{page}页"),
        (Place::Page { page, .. }, Lang::En) => format!("page {page}"),
        (Place::Cell { sheet, row, col }, Lang::Zh) => {
            format!("工作表“{sheet}”第{}行第{}列", row + 1, col + 1)
        }
        (Place::Cell { sheet, row, col }, Lang::En) => {
            format!("sheet “{sheet}”, row {}, column {}", row + 1, col + 1)
        }
        (Place::Block { page, cell, .. }, Lang::Zh) => match cell {
            Some((row, col)) => format!("约第{page}页，表格第{}行第{}列", row + 1, col + 1),
            None => format!("约第{page}页"),
        },
        (Place::Block { page, cell, .. }, Lang::En) => match cell {
            Some((row, col)) => format!("about page {page}, table row {}, column {}", row + 1, col + 1),
            None => format!("about page {page}"),
        },
    }
}

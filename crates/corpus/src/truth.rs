//! Labels as TOML: what each document shows, which papers back which row, what should be found.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::canvas::Mark;
use crate::world::Row;

/// A labelled document.
#[derive(Clone, Debug)]
pub struct Doc {
    /// Key within the submission.
    pub key: String,
    /// Path relative to the corpus' root.
    pub file: String,
    /// Kind.
    pub kind: &'static str,
    /// First and last page.
    pub pages: (u32, u32),
    /// `text` or `ocr`.
    pub grade: &'static str,
    /// Fields.
    pub marks: Vec<Mark>,
}

/// Something that should be found.
#[derive(Clone, Debug)]
pub struct Expected {
    /// Code.
    pub rule: &'static str,
    /// `anomaly` or, where a scan does not allow more, `any`.
    pub outcome: &'static str,
    /// What was done, for people.
    pub what: String,
}

/// The labels of a submission.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// Folder relative to the corpus' root, as the report names it.
    pub id: String,
    /// Applicant.
    pub applicant: String,
    /// Honest: no critical or major anomaly may be reported.
    pub clean: bool,
    /// Read from pixels in part: needs the recognition models.
    pub scanned: bool,
    /// Documents.
    pub docs: Vec<Doc>,
    /// Rows with their papers.
    pub rows: Vec<Row>,
    /// Findings.
    pub expected: Vec<Expected>,
    /// Rules that may speak as well, as a consequence of what was injected.
    pub may: Vec<&'static str>,
}

fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

/// The TOML of a case.
pub fn toml(case: &Case) -> String {
    let mut o = String::new();
    let _ = writeln!(o, "# Made by `cargo run -p hecha-corpus`; do not edit.");
    let _ = writeln!(
        o,
        "id = {}\napplicant = {}\nclean = {}\nscanned = {}",
        quote(&case.id),
        quote(&case.applicant),
        case.clean,
        case.scanned
    );
    let _ = writeln!(o, "may = [{}]", case.may.iter().map(|r| quote(r)).collect::<Vec<_>>().join(", "));
    for e in &case.expected {
        let _ = writeln!(
            o,
            "\n[[expected]]\nrule = {}\noutcome = {}\nwhat = {}",
            quote(e.rule),
            quote(e.outcome),
            quote(&e.what)
        );
    }
    for (i, r) in case.rows.iter().enumerate() {
        let list = |k: &[String]| k.iter().map(|k| quote(k)).collect::<Vec<_>>().join(", ");
        let _ = writeln!(o, "\n[[rows]]\nrow = {}\nname = {}", i + 1, quote(&r.name));
        let _ = writeln!(
            o,
            "contracts = [{}]\ninvoices = [{}]\npayments = [{}]",
            list(&r.contracts),
            list(&r.invoices),
            list(&r.payments)
        );
    }
    for d in &case.docs {
        let _ = writeln!(
            o,
            "\n[[documents]]\nkey = {}\nfile = {}\nkind = {}\npages = [{}, {}]\ngrade = {}",
            quote(&d.key),
            quote(&d.file),
            quote(d.kind),
            d.pages.0,
            d.pages.1,
            quote(d.grade)
        );
        let _ = writeln!(o, "[documents.fields]");
        let mut seen = BTreeMap::new();
        for m in &d.marks {
            if seen.insert(m.field.clone(), ()).is_some() {
                continue;
            }
            let bbox = m.bbox.map(|[a, b, c, d]| format!(", box = [{a}, {b}, {c}, {d}]")).unwrap_or_default();
            let _ = writeln!(
                o,
                "{} = {{ value = {}, page = {}{bbox} }}",
                quote(&m.field),
                quote(&m.value),
                m.page
            );
        }
    }
    o
}

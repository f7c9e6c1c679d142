//! Traces of changes on files written by hand, and on the public signed samples.

use crate::model::{Change, Trace};
use crate::read::pdf::PdfReader;
use crate::read::{ReadContext, Reader};

const FONT: &str = "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>";

/// Objects as a file or, with a start, as a revision appended to one.
fn written(before: &[u8], objects: &[(u32, String)], info: bool) -> Vec<u8> {
    let mut out = if before.is_empty() { b"%PDF-1.7\n".to_vec() } else { before.to_vec() };
    let mut table = String::from("xref\n0 1\n0000000000 65535 f \n");
    for (id, object) in objects {
        table += &format!("{id} 1\n{:010} 00000 n \n", out.len());
        out.extend(format!("{id} 0 obj\n{object}\nendobj\n").into_bytes());
    }
    let start = out.len();
    let text = String::from_utf8_lossy(before);
    let prev = text.rfind("startxref\n").map(|at| {
        let digits: String = text[at + 10..].chars().take_while(char::is_ascii_digit).collect();
        format!("/Prev {digits}")
    });
    let info = if info { "/Info 9 0 R" } else { "" };
    let prev = prev.unwrap_or_default();
    out.extend(
        format!("{table}trailer << /Size 20 /Root 1 0 R {prev} {info} >>\nstartxref\n{start}\n%%EOF\n")
            .into_bytes(),
    );
    out
}

fn stream(content: &str) -> String {
    format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len())
}

/// A page with this content, and these annotations as objects from 10 on.
fn file(content: &str, annotations: &[&str]) -> Vec<u8> {
    let list: Vec<String> = (0..annotations.len()).map(|i| format!("{} 0 R", 10 + i)).collect();
    let mut objects = vec![
        (1, "<< /Type /Catalog /Pages 2 0 R >>".to_string()),
        (2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_string()),
        (
            3,
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 300] /Contents 4 0 R {FONT} /Annots [{}] >>",
                list.join(" ")
            ),
        ),
        (4, stream(content)),
        (9, "<< /Producer (pdf-lib) /CreationDate (D:20210301080000+08'00') >>".to_string()),
    ];
    objects.extend(annotations.iter().enumerate().map(|(i, a)| (10 + i as u32, a.to_string())));
    written(&[], &objects, true)
}

fn marks(bytes: &[u8]) -> Vec<Change> {
    let traces = PdfReader.read(bytes, &ReadContext::new(None)).unwrap().traces;
    traces.into_iter().map(|t: Trace| t.mark).filter(|m| !matches!(m, Change::Made { .. })).collect()
}

const PLAIN: &str =
    "BT /F1 10 Tf 50 200 Td (Amount 13,000.00) Tj ET BT /F1 10 Tf 50 170 Td (Date 2021-10-15) Tj ET";

#[test]
fn a_later_revision_is_told_by_what_it_changed() {
    let first = file(PLAIN, &[]);
    assert!(marks(&first).is_empty());
    let other = stream(&PLAIN.replace("13,000.00", "113,000.00"));
    let changed = written(&first, &[(4, other)], true);
    let expected = Change::Revised {
        before: "Amount 13,000.00".into(),
        after: "Amount 113,000.00".into(),
        signed: false,
    };
    assert_eq!(marks(&changed), [expected]);
}

#[test]
fn lawful_revisions_leave_no_trace() {
    let first = file(PLAIN, &[]);
    // A page number, other metadata, the same text drawn anew.
    let numbered = stream(&format!("{PLAIN} BT /F1 8 Tf 200 20 Td (Page 1) Tj ET"));
    assert!(marks(&written(&first, &[(4, numbered)], true)).is_empty());
    assert!(marks(&written(&first, &[(9, "<< /Producer (x) >>".into())], true)).is_empty());
    let again = stream(&PLAIN.replace("50 200 Td", "51 201 Td"));
    assert!(marks(&written(&first, &[(4, again)], true)).is_empty());
}

#[test]
fn covered_text_is_recovered_with_what_stands_on_it() {
    let white = "1 1 1 rg 85 196 80 14 re f 0 g";
    let over = |text: &str| format!("{PLAIN} {white} BT /F1 10 Tf 90 200 Td ({text}) Tj ET");
    let covered = Change::Covered { under: "13,000.00".into(), shows: "113,000.00".into(), picture: false };
    assert_eq!(marks(&file(&over("113,000.00"), &[])), [covered]);
    assert!(marks(&file(&over("13,000.00"), &[])).is_empty(), "the same written again");
    assert!(marks(&file(&format!("{PLAIN} {white}"), &[])).is_empty(), "made unreadable, nothing written");
    let before = format!("{white} {PLAIN}");
    assert!(marks(&file(&before, &[])).is_empty(), "a background");
}

#[test]
fn annotations_tell_what_they_hide_and_show() {
    let drawn = |content: &str| {
        format!(
            "<< /Type /XObject /Subtype /Form /BBox [0 0 80 14] {FONT} /Length {} >>\nstream\n{content}\nendstream",
            content.len()
        )
    };
    let annotation =
        |kind: &str, more: &str| format!("<< /Type /Annot /Subtype /{kind} /Rect [85 196 165 210] {more} >>");
    let look = drawn("1 1 1 rg 0 0 80 14 re f 0 g BT /F1 10 Tf 5 4 Td (113,000.00) Tj ET");
    let text = annotation("FreeText", "/AP << /N 11 0 R >>");
    let replaced = Change::Annotated {
        subtype: "FreeText".into(),
        under: "13,000.00".into(),
        hides: true,
        shows: "113,000.00".into(),
    };
    assert_eq!(marks(&file(PLAIN, &[&text, &look])), [replaced]);
    let seal = drawn("1 0 0 RG 2 w 5 2 60 10 re S");
    let stamp = annotation("Stamp", "/AP << /N 11 0 R >>");
    assert!(
        matches!(&marks(&file(PLAIN, &[&stamp, &seal]))[..], [Change::Annotated { hides: false, shows, .. }] if shows.is_empty())
    );
    for kind in ["Highlight", "Underline", "Text", "Link"] {
        assert!(marks(&file(PLAIN, &[&annotation(kind, "/Contents (113,000.00)")])).is_empty(), "{kind}");
    }
    let bare = annotation("FreeText", "/Contents (113,000.00)");
    assert!(
        matches!(&marks(&file(PLAIN, &[&bare]))[..], [Change::Annotated { hides: false, shows, .. }] if shows == "113,000.00")
    );
}

#[test]
fn the_file_tells_who_made_it_and_when() {
    let traces = PdfReader.read(&file(PLAIN, &[]), &ReadContext::new(None)).unwrap().traces;
    let created = chrono::NaiveDate::from_ymd_opt(2021, 3, 1);
    assert!(traces.iter().any(|t| matches!(&t.mark, Change::Made { producer, created: c, .. } if producer == "pdf-lib" && *c == created)));
}

#[test]
fn damaged_histories_end() {
    let first = file(PLAIN, &[]);
    let whole = written(&first, &[(4, stream("BT /F1 10 Tf 50 200 Td (Amount 9) Tj ET"))], true);
    for step in (0..whole.len()).step_by(5) {
        let mut bytes = whole.clone();
        bytes[step] = bytes[step].wrapping_add(1 + (step % 7) as u8);
        let _ = PdfReader.read(&bytes, &ReadContext::new(None));
    }
}

#[test]
fn signed_fixtures_come_out_right() {
    let of = |bytes: &[u8]| marks(bytes).into_iter().filter(|m| matches!(m, Change::Revised { .. })).count();
    assert_eq!(of(include_bytes!("../../../tests/fixtures/signed/twice.pdf")), 0);
    assert_eq!(of(include_bytes!("../../../tests/fixtures/signed/annotated.pdf")), 0);
}

#[test]
fn public_samples_show_no_change() {
    for folder in ["signed", "pages", "hostile"] {
        #[allow(clippy::disallowed_methods)]
        let Ok(entries) = std::fs::read_dir(format!("../shared/samples/{folder}")) else { continue };
        for path in entries.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "pdf"))
        {
            #[allow(clippy::disallowed_methods)]
            let bytes = std::fs::read(&path).unwrap();
            let Ok(reading) = PdfReader.read(&bytes, &ReadContext::new(None)) else { continue };
            for t in reading.traces {
                // A box of text where nothing stood is a fact, and no change.
                let harmless = matches!(t.mark, Change::Made { .. } | Change::Annotated { hides: false, .. });
                assert!(harmless, "{}: {t:?}", path.display());
            }
        }
    }
}

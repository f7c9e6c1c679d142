//! Data files that lie in a PDF: the tax bureau's and the railway's invoices carry their XML or XBRL as an attachment.

use std::collections::BTreeSet;
use std::io::Read;

use flate2::read::ZlibDecoder;
use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as PdfString};

use crate::model::{Datum, Page};
use crate::read::xml::{flatten, parse};
use crate::text::normal;

/// Most attachments looked at, most bytes of one, and most steps down the tree of names.
const MOST: usize = 16;
const MOST_BYTES: u64 = 4 << 20;
const DEEPEST: usize = 8;
/// Shorter numbers stand on pages by chance.
const NUMBER: std::ops::RangeInclusive<usize> = 8..=20;

/// Puts the data of attachments on the first page. Where there are more pages, it must show a number that the data
/// state too: an invoice attached to a report is none of its pages.
pub(super) fn add(pdf: &Pdf, pages: &mut [Page]) {
    let several = pdf.pages().len() > 1;
    let Some(page) = pages.iter_mut().find(|p| p.number == 1) else { return };
    let mut shown: Option<String> = None;
    for (name, bytes) in files(pdf) {
        let Some(root) = parse(&bytes) else { continue };
        let mut data = Vec::new();
        flatten(&root, &root.name, &name, &mut data);
        let shown = shown.get_or_insert_with(|| text(page));
        if !several || data.iter().any(|d| is_shown(d, shown)) {
            page.data.extend(data);
        }
    }
}

/// What the page shows, its QR codes too.
fn text(page: &Page) -> String {
    let codes = page.codes.iter().map(|c| c.text.as_str());
    page.lines.iter().map(|l| l.text.as_str()).chain(codes).map(normal::squash).collect::<Vec<_>>().join("\n")
}

fn is_shown(datum: &Datum, text: &str) -> bool {
    let value = &datum.value;
    NUMBER.contains(&value.len())
        && value.bytes().all(|b| b.is_ascii_digit())
        && text.contains(value.as_str())
}

/// Attached XML files: name and bytes.
fn files(pdf: &Pdf) -> Vec<(String, Vec<u8>)> {
    let Some(root) = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id()) else { return Vec::new() };
    let mut specs: Vec<Dict<'_>> = Vec::new();
    let names = root.get::<Dict<'_>>(b"Names").and_then(|n| n.get::<Dict<'_>>(b"EmbeddedFiles"));
    if let Some(tree) = names {
        walk(&tree, 0, &mut specs);
    }
    if let Some(list) = root.get::<Array<'_>>(b"AF") {
        specs.extend(list.iter::<Dict<'_>>().take(MOST));
    }
    let mut seen = BTreeSet::new();
    specs.iter().take(2 * MOST).filter_map(file).filter(|f| seen.insert(f.clone())).take(MOST).collect()
}

fn walk<'a>(node: &Dict<'a>, depth: usize, out: &mut Vec<Dict<'a>>) {
    if let Some(names) = node.get::<Array<'a>>(b"Names") {
        // Names and files take turns; names are no dictionaries.
        out.extend(names.iter::<Object<'a>>().take(2 * MOST).filter_map(Object::into_dict));
    }
    if let Some(kids) = node.get::<Array<'a>>(b"Kids").filter(|_| depth < DEEPEST) {
        for kid in kids.iter::<Dict<'a>>().take(MOST) {
            if out.len() < MOST {
                walk(&kid, depth + 1, out);
            }
        }
    }
}

fn file(spec: &Dict<'_>) -> Option<(String, Vec<u8>)> {
    let files = spec.get::<Dict<'_>>(b"EF")?;
    let stream = files.get::<Stream<'_>>(b"UF").or_else(|| files.get::<Stream<'_>>(b"F"))?;
    let name = spec.get::<PdfString<'_>>(b"UF").or_else(|| spec.get::<PdfString<'_>>(b"F"));
    let name: String = name.map(|n| super::form::decode(&n)).unwrap_or_default();
    let raw = stream.raw_data();
    let filters: Vec<String> = match stream.dict().get::<Name<'_>>(b"Filter") {
        Some(one) => vec![one.as_str().to_string()],
        None => stream.dict().get::<Array<'_>>(b"Filter").into_iter().flat_map(names_of).collect(),
    };
    let mut bytes = Vec::new();
    match filters.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => bytes.extend(raw.iter().take(MOST_BYTES as usize)),
        ["FlateDecode" | "Fl"] => {
            ZlibDecoder::new(&raw[..]).take(MOST_BYTES).read_to_end(&mut bytes).ok()?;
        }
        _ => return None,
    }
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default().chars().take(80).collect::<String>();
    Some((if name.is_empty() { "附件".into() } else { name }, bytes))
}

fn names_of(list: Array<'_>) -> Vec<String> {
    list.iter::<Name<'_>>().take(4).map(|n| n.as_str().to_string()).collect()
}

#[cfg(test)]
mod tests {
    use crate::read::pdf::PdfReader;
    use crate::read::{ReadContext, Reader};

    /// A PDF of so many empty pages with this attachment.
    fn pdf(pages: usize, attachment: &str) -> Vec<u8> {
        use lopdf::{Document, Object, Stream, dictionary};
        let mut document = Document::with_version("1.7");
        let tree = document.new_object_id();
        let kids: Vec<Object> = (0..pages)
            .map(|_| {
                let page = dictionary! {
                    "Type" => "Page", "Parent" => tree, "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
                };
                document.add_object(page).into()
            })
            .collect();
        let count = kids.len() as i64;
        document
            .objects
            .insert(tree, dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }.into());
        let file = document.add_object(Stream::new(dictionary! {}, attachment.as_bytes().to_vec()));
        let spec = dictionary! {
            "Type" => "Filespec", "F" => Object::string_literal("a/b.xml"), "EF" => dictionary! { "F" => file },
        };
        let spec = document.add_object(spec);
        let names = dictionary! { "Names" => vec![Object::string_literal("b.xml"), spec.into()] };
        let catalog = dictionary! {
            "Type" => "Catalog", "Pages" => tree, "Names" => dictionary! { "EmbeddedFiles" => names },
        };
        let catalog = document.add_object(catalog);
        document.trailer.set("Root", catalog);
        let mut out = Vec::new();
        document.save_to(&mut out).unwrap();
        out
    }

    fn data(bytes: &[u8]) -> Vec<(String, String)> {
        let reading = PdfReader.read(bytes, &ReadContext::new(None)).unwrap();
        reading.pages[0].data.iter().map(|d| (format!("{} {}", d.part, d.path), d.value.clone())).collect()
    }

    #[test]
    fn an_attached_data_file_is_data_of_the_only_page() {
        assert_eq!(data(&pdf(1, "<a><b>1</b></a>")), [("b.xml a/b".to_string(), "1".to_string())]);
        assert!(data(&pdf(1, "no xml")).is_empty());
    }

    #[test]
    fn of_several_pages_only_if_the_first_shows_its_number() {
        assert!(data(&pdf(2, "<a><b>24432000000012345678</b></a>")).is_empty());
    }
}

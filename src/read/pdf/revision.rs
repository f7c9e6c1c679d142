//! What a later revision of a PDF changed of an earlier one, as far as somebody who looks at the pages would see it.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId};

/// Most bytes a stream may inflate to.
const MOST_INFLATED: usize = 64 << 20;
/// Most objects followed from one page.
const MOST_OBJECTS: usize = 20_000;

/// The difference of two revisions.
pub(super) struct Change {
    /// The shown parts that changed, in words.
    pub shown: Vec<String>,
    /// Objects of the earlier revision that have another content, and no lawful reason for it (object numbers).
    pub rewritten: Vec<u32>,
}

/// What changed; none if either revision cannot be parsed.
pub(super) fn change(earlier: &[u8], later: &[u8]) -> Option<Change> {
    let (before, after) = (load(earlier)?, load(later)?);
    let (old_pages, new_pages) = (before.get_pages(), after.get_pages());
    let mut shown_parts = Vec::new();
    if old_pages.len() != new_pages.len() {
        shown_parts.push(format!("页数（{}页变为{}页）", old_pages.len(), new_pages.len()));
    }
    for (number, old) in &old_pages {
        let Some(new) = new_pages.get(number) else { continue };
        if shown(&before, *old) != shown(&after, *new) {
            shown_parts.push(format!("第{number}页的内容"));
        }
        if fields(&before, *old) != fields(&after, *new) {
            shown_parts.push(format!("第{number}页的表单内容"));
        }
    }
    Some(Change { shown: shown_parts, rewritten: rewritten(&before, &after) })
}

/// The pages that show something else in the later revision; none if either cannot be parsed.
pub(super) fn pages(earlier: &[u8], later: &[u8]) -> Option<Vec<u32>> {
    let (before, after) = (load(earlier)?, load(later)?);
    let new_pages = after.get_pages();
    let old_pages = before.get_pages();
    let differs = |(number, old): &(&u32, &ObjectId)| {
        new_pages.get(number).is_some_and(|new| shown(&before, **old) != shown(&after, *new))
    };
    Some(old_pages.iter().filter(differs).map(|(number, _)| *number).collect())
}

fn rewritten(before: &Document, after: &Document) -> Vec<u32> {
    let form = before.catalog().and_then(|c| c.get(b"AcroForm")).and_then(Object::as_reference).ok();
    let info = before.trailer.get(b"Info").and_then(Object::as_reference).ok();
    let differs = |id: &ObjectId, old: &Object| after.objects.get(id).is_some_and(|new| new != old);
    let objects = before.objects.iter().filter(|(id, old)| {
        Some(**id) != form && Some(**id) != info && !changes_lawfully(old) && differs(id, old)
    });
    objects.map(|(id, _)| id.0).collect()
}

/// What annotating, signing and saving write anew: the way to the pages, lists, form fields and metadata.
fn changes_lawfully(object: &Object) -> bool {
    let dict = match object {
        Object::Dictionary(dict) => dict,
        Object::Stream(stream) => &stream.dict,
        other => return matches!(other, Object::Array(_)),
    };
    let name = |key: &[u8]| dict.get(key).and_then(Object::as_name).ok();
    let kinds: [&[u8]; 6] = [b"Catalog", b"Pages", b"Page", b"Metadata", b"ObjStm", b"XRef"];
    name(b"Type").is_some_and(|t| kinds.contains(&t))
        || name(b"Subtype") == Some(b"Widget")
        || name(b"FT").is_some()
        || dict.has(b"Kids")
        || dict.has(b"VRI")
}

fn load(bytes: &[u8]) -> Option<Document> {
    let options = LoadOptions { max_decompressed_size: Some(MOST_INFLATED), ..Default::default() };
    let document = Document::load_mem_with_options(bytes, options).ok()?;
    (!document.get_pages().is_empty()).then_some(document)
}

/// The page's contents, resources and boxes, with everything they rest on.
fn shown(document: &Document, page: ObjectId) -> String {
    let Ok(dict) = document.get_dictionary(page) else { return String::new() };
    let mut walk = Walk { document, seen: BTreeSet::new(), out: String::new() };
    for key in [&b"Contents"[..], b"Resources", b"MediaBox", b"CropBox", b"Rotate"] {
        if let Ok(value) = dict.get(key) {
            walk.object(value);
        }
    }
    walk.out
}

/// Values and looks of the page's form fields that were there; signatures may be filled in later, new fields added.
fn fields(document: &Document, page: ObjectId) -> BTreeMap<ObjectId, String> {
    let mut out = BTreeMap::new();
    let Ok(dict) = document.get_dictionary(page) else { return out };
    let annotations = dict.get(b"Annots").and_then(|a| document.dereference(a)).map(|(_, a)| a);
    let Some(list) = annotations.ok().and_then(|a| a.as_array().ok()) else { return out };
    for id in list.iter().filter_map(|a| a.as_reference().ok()) {
        let Ok(widget) = document.get_dictionary(id) else { continue };
        let is_widget = widget.get(b"Subtype").and_then(Object::as_name).is_ok_and(|n| n == b"Widget");
        let kind = inherited(document, widget, b"FT").and_then(|o| o.as_name().ok());
        // A field that was empty may lawfully be filled in after a signature: only what had a value counts.
        let Some(value) = inherited(document, widget, b"V") else { continue };
        if !is_widget || kind == Some(b"Sig") {
            continue;
        }
        let mut walk = Walk { document, seen: BTreeSet::new(), out: String::new() };
        walk.object(value);
        if let Ok(look) = widget.get(b"AP") {
            walk.object(look);
        }
        out.insert(id, walk.out);
    }
    out
}

fn inherited<'a>(document: &'a Document, widget: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
    let mut dict = widget;
    for _ in 0..16 {
        if let Ok(value) = dict.get(key) {
            return document.dereference(value).ok().map(|(_, o)| o);
        }
        dict = document.get_dictionary(dict.get(b"Parent").ok()?.as_reference().ok()?).ok()?;
    }
    None
}

/// Writes objects out with what they refer to, numbers of objects left out: another numbering changes nothing.
struct Walk<'a> {
    document: &'a Document,
    seen: BTreeSet<ObjectId>,
    out: String,
}

impl Walk<'_> {
    fn object(&mut self, object: &Object) {
        match object {
            Object::Reference(id) => {
                if self.seen.len() < MOST_OBJECTS
                    && self.seen.insert(*id)
                    && let Ok(target) = self.document.get_object(*id)
                {
                    self.object(&target.clone());
                }
            }
            Object::Array(items) => {
                self.out.push('[');
                items.iter().for_each(|i| self.object(i));
                self.out.push(']');
            }
            Object::Dictionary(dict) => self.dictionary(dict),
            Object::Stream(stream) => {
                self.dictionary(&stream.dict);
                let plain = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
                self.out.push_str(&format!("{:?}", <sha2::Sha256 as sha2::Digest>::digest(&plain)));
            }
            other => self.out.push_str(&format!("{other:?} ")),
        }
    }

    fn dictionary(&mut self, dict: &Dictionary) {
        let mut entries: Vec<(&Vec<u8>, &Object)> = dict.iter().collect();
        entries.sort_by_key(|e| e.0);
        for (key, value) in entries {
            // How a stream is packed, and the way back up the tree, are not what is shown.
            if !matches!(
                key.as_slice(),
                b"Length" | b"Filter" | b"DecodeParms" | b"Parent" | b"P" | b"StructParents"
            ) {
                self.out.push_str(&String::from_utf8_lossy(key));
                self.object(value);
            }
        }
    }
}

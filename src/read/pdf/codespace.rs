//! Codes that a predefined CMap does not know.
//!
//! The interpreter passes over one byte where it finds no mapping, whatever the code space says: from there on a
//! string of two-byte codes is read out of step and gives other, plausible characters (⊗ before an amount in
//! capitals is such a code in `UniGB-UCS2-H`). A file in which that happens is read again with CMaps that name
//! every code: the unknown ones lead to `.notdef`, and the step is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use hayro_interpret::hayro_cmap::{CMap, CMapName, load_embedded};
use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId, Stream};

/// Most bytes a stream of the file may inflate to while it is rewritten.
const MOST_INFLATED: usize = 64 << 20;

/// Whether the file names a predefined CMap of the GB families in plain sight: cheap, for one page's picture.
pub(super) fn names_predefined(bytes: &[u8]) -> bool {
    [&b"/UniGB-"[..], b"/GBK", b"/GB-EUC"].iter().any(|k| memchr::memmem::find(bytes, k).is_some())
}

/// The file with complete CMaps; none if it holds no predefined one, or cannot be rewritten.
pub(super) fn completed(bytes: &[u8]) -> Option<Vec<u8>> {
    let options = LoadOptions { max_decompressed_size: Some(MOST_INFLATED), ..Default::default() };
    let mut document = Document::load_mem_with_options(bytes, options).ok()?;
    let fonts: Vec<(ObjectId, Vec<u8>)> = document
        .objects
        .iter()
        .filter_map(|(id, object)| Some((*id, predefined(object.as_dict().ok()?)?.to_vec())))
        .collect();
    let mut maps: BTreeMap<Vec<u8>, Option<ObjectId>> = BTreeMap::new();
    for (id, name) in fonts {
        let map = *maps.entry(name.clone()).or_insert_with(|| {
            let text = complete(&name)?;
            Some(document.add_object(Stream::new(Dictionary::new(), text.into_bytes())))
        });
        if let (Some(map), Ok(font)) = (map, document.get_dictionary_mut(id)) {
            font.set("Encoding", Object::Reference(map));
        }
    }
    if maps.values().all(Option::is_none) {
        return None;
    }
    let mut out = Vec::new();
    document.save_to(&mut out).ok()?;
    Some(out)
}

/// The name of a composite font's predefined encoding.
fn predefined(font: &Dictionary) -> Option<&[u8]> {
    if font.get(b"Subtype").and_then(Object::as_name).ok()? != b"Type0" {
        return None;
    }
    let name = font.get(b"Encoding").and_then(Object::as_name).ok()?;
    (!name.starts_with(b"Identity")).then_some(name)
}

/// Whether the codes of a CMap of this name are Unicode themselves.
pub(super) fn codes_are_unicode(name: &[u8]) -> bool {
    name.starts_with(b"Uni")
        && [&b"UCS2"[..], b"UTF16"].iter().any(|k| name.windows(k.len()).any(|w| w == *k))
}

/// A predefined CMap with every code of its code space.
fn complete(name: &[u8]) -> Option<String> {
    let map = CMap::parse(load_embedded(CMapName::from_bytes(name))?, load_embedded)?;
    let one: Vec<(u32, u32)> = (0..=0xff).filter_map(|c| Some((c, map.lookup_cid_code(c, 1)?))).collect();
    let two: Vec<(u32, u32)> = (0..=0xffff).filter_map(|c| Some((c, map.lookup_cid_code(c, 2)?))).collect();
    let known: BTreeSet<u32> = two.iter().map(|&(c, _)| c).collect();
    let leads: BTreeSet<u32> = known.iter().map(|c| c >> 8).collect();
    // Trail bytes below this are no second bytes in the GB families (digits of four-byte codes, ASCII).
    let first_trail = if codes_are_unicode(name) { 0 } else { 0x40 };
    let unknown = leads
        .iter()
        .flat_map(|lead| (first_trail..=0xff).map(move |trail| (lead << 8) | trail))
        .filter(|code| !known.contains(code))
        .map(|code| (code, 0));
    let mut text = format!(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /{} def\n/CMapType 1 def\n\
         1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
        String::from_utf8_lossy(name)
    );
    write_ranges(&mut text, "cid", 2, &one);
    write_ranges(&mut text, "cid", 4, &two);
    write_ranges(&mut text, "notdef", 4, &unknown.collect::<Vec<_>>());
    text.push_str("endcmap\nend\nend\n");
    Some(text)
}

fn write_ranges(text: &mut String, kind: &str, digits: usize, codes: &[(u32, u32)]) {
    let mut ranges: Vec<(u32, u32, u32)> = Vec::new();
    for &(code, cid) in codes {
        match ranges.last_mut() {
            // A range stays within one lead byte, and its CIDs run with its codes (all .notdef have one).
            Some((start, end, first))
                if *end + 1 == code
                    && *start >> 8 == code >> 8
                    && (kind == "notdef" || *first + (code - *start) == cid) =>
            {
                *end = code;
            }
            _ => ranges.push((code, code, cid)),
        }
    }
    for block in ranges.chunks(100) {
        let _ = writeln!(text, "{} begin{kind}range", block.len());
        for (start, end, cid) in block {
            let _ = writeln!(text, "<{start:0digits$X}> <{end:0digits$X}> {cid}");
        }
        let _ = writeln!(text, "end{kind}range");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complete_maps_keep_what_was_known_and_the_step() {
        for name in [&b"UniGB-UCS2-H"[..], b"GBK-EUC-H"] {
            let known =
                CMap::parse(load_embedded(CMapName::from_bytes(name)).unwrap(), load_embedded).unwrap();
            let text = complete(name).unwrap();
            let whole = CMap::parse(text.as_bytes(), load_embedded).unwrap();
            for code in (0..=0xffffu32).step_by(7) {
                let before = known.lookup_cid_code(code, 2);
                if before.is_some() {
                    assert_eq!(whole.lookup_cid_code(code, 2), before, "{code:04x}");
                }
            }
        }
        let text = complete(b"UniGB-UCS2-H").unwrap();
        let whole = CMap::parse(text.as_bytes(), load_embedded).unwrap();
        assert_eq!(whole.lookup_cid_code(0x2297, 2), Some(0));
    }
}

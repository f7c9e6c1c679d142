//! What character a glyph stands for, where the file does not say it plainly.

use std::collections::{BTreeMap, HashMap};

use hayro_interpret::font::{Glyph, OutlineFontData, OutlineGlyph, PositionedGlyph};
use hayro_interpret::hayro_cmap::{BfString, CMap, CMapName, CidFamily, load_embedded};
use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as PdfString};

use super::codespace::codes_are_unicode;
use super::figure;

/// What is shown where nothing tells the character.
pub(super) const UNKNOWN: char = '\u{fffd}';

/// A composite font as the file describes it.
struct Described {
    /// The predefined map from codes to CIDs, if it is not the identity.
    encoding: Option<CMap>,
    /// From CIDs to Unicode, if the collection has such a map.
    ucs2: Option<CMap>,
    embedded: bool,
    /// The encoding is one of the predefined ones, by name.
    predefined: bool,
    /// The codes are Unicode themselves.
    plain: bool,
}

/// The font of the run that is being read.
struct Current {
    data: Option<OutlineFontData>,
    dingbats: Option<Dingbats>,
}

#[derive(Clone, Copy)]
enum Dingbats {
    One,
    Two,
}

/// Finds characters, with what was learnt about each font of a file.
pub(super) struct Unicode<'p> {
    pdf: &'p Pdf,
    described: Option<BTreeMap<String, Vec<Described>>>,
    /// Glyph numbers of embedded programs to characters, by the program's key.
    reverse: HashMap<u128, HashMap<u32, char>>,
    current: Option<Current>,
    /// A composite font with a predefined encoding gave a code of nothing: the interpreter skipped a byte.
    skipped: bool,
    /// The numbers given to fonts, by program and name.
    fonts: BTreeMap<(u128, String), u16>,
    /// Whether an outline contradicts the figure that it is said to be.
    figures: HashMap<(u128, char), bool>,
}

impl<'p> Unicode<'p> {
    pub(super) fn new(pdf: &'p Pdf) -> Self {
        let fonts = BTreeMap::new();
        Self {
            pdf,
            described: None,
            reverse: HashMap::new(),
            current: None,
            skipped: false,
            fonts,
            figures: HashMap::new(),
        }
    }

    /// The number of a glyph's font; 0 for fonts without a program.
    pub(super) fn font(&mut self, glyph: &PositionedGlyph<'_>) -> u16 {
        let Glyph::Outline(outline) = &**glyph else { return 0 };
        let Some(data) = &self.current(outline).data else { return 0 };
        let key = (data.cache_key, data.postscript_name.clone().unwrap_or_default());
        let next = u16::try_from(self.fonts.len() + 1).unwrap_or(0);
        *self.fonts.entry(key).or_insert(next)
    }

    /// Whether a glyph that is said to be a figure has an outline that cannot be that figure.
    pub(super) fn contradicts(&mut self, glyph: &PositionedGlyph<'_>, text: &str) -> bool {
        let mut said = text.chars();
        let (Some(ch), None, Glyph::Outline(outline)) = (said.next(), said.next(), &**glyph) else {
            return false;
        };
        if !ch.is_ascii_digit() {
            return false;
        }
        let key = (outline.identifier().cache_key(), ch);
        *self.figures.entry(key).or_insert_with(|| !figure::may_be(ch, &outline.outline()))
    }

    /// Names of fonts by their numbers, without the marks of subsets.
    pub(super) fn names(&self) -> BTreeMap<u16, String> {
        let plain = |name: &str| match name.split_once('+') {
            Some((mark, rest)) if mark.len() == 6 => rest.to_owned(),
            _ => name.to_owned(),
        };
        self.fonts.iter().filter(|((_, n), _)| !n.is_empty()).map(|((_, n), id)| (*id, plain(n))).collect()
    }

    /// Whether a byte was skipped in a string of multi-byte codes: what follows it may be other text than printed.
    pub(super) fn out_of_step(&self) -> bool {
        self.skipped
    }

    /// A new run begins: all its glyphs have one font.
    pub(super) fn begin(&mut self) {
        self.current = None;
    }

    /// Writes the characters of a glyph into `out`.
    pub(super) fn of(&mut self, glyph: &PositionedGlyph<'_>, out: &mut String) {
        out.clear();
        match glyph.as_unicode() {
            Some(BfString::Char(c)) => out.push(c),
            Some(BfString::String(s)) => out.push_str(&s),
            None => {}
        }
        let Glyph::Outline(outline) = &**glyph else {
            if out.is_empty() {
                out.push(UNKNOWN);
            }
            return;
        };
        if outline.char_code() == 0 && !self.skipped {
            self.skipped = self.has_predefined(outline);
        }
        let told = out.chars().next().filter(|&c| is_told(c));
        if told.is_some_and(|c| !may_be_dingbat(c)) {
            return;
        }
        if let Some(kind) = self.current(outline).dingbats {
            out.clear();
            out.push(dingbat(kind, (outline.char_code() & 0xff) as u8));
            return;
        }
        if told.is_none() {
            let found = self.fallback(outline);
            if found.is_some() || out.is_empty() || out.starts_with(|c: char| c.is_control()) {
                out.clear();
                out.push(found.unwrap_or(UNKNOWN));
            }
        }
    }

    fn current(&mut self, outline: &OutlineGlyph) -> &Current {
        self.current.get_or_insert_with(|| {
            let data = outline.font_data();
            let name = data
                .as_ref()
                .and_then(|d| d.postscript_name.as_deref())
                .unwrap_or_default()
                .to_ascii_lowercase();
            let dingbats = if name.contains("wingdings2")
                || name.contains("wingdings-2")
                || name.contains("wingdings 2")
            {
                Some(Dingbats::Two)
            } else if name.contains("wingdings") && !name.contains('3') {
                Some(Dingbats::One)
            } else {
                None
            };
            Current { data, dingbats }
        })
    }

    fn has_predefined(&mut self, outline: &OutlineGlyph) -> bool {
        let name = self.current(outline).data.as_ref().and_then(|d| d.postscript_name.clone());
        let pdf = self.pdf;
        let described = self.described.get_or_insert_with(|| describe(pdf));
        name.and_then(|n| described.get(plain_name(&n))).is_some_and(|f| f.iter().any(|d| d.predefined))
    }

    /// The predefined CMap and the collection's Unicode map; else the font program's own character map, read
    /// backwards. For an embedded program behind the identity its own map is the truth.
    fn fallback(&mut self, outline: &OutlineGlyph) -> Option<char> {
        let data = self.current(outline).data.clone()?;
        let pdf = self.pdf;
        let described = self.described.get_or_insert_with(|| describe(pdf));
        let fonts = data.postscript_name.as_ref().and_then(|n| described.get(plain_name(n)));
        let code = outline.char_code();
        let by_collection = |embedded: bool| {
            fonts?
                .iter()
                .filter(|d| d.embedded == embedded || d.encoding.is_some())
                .find_map(|d| from_code(d, code))
        };
        let by_identity = |fonts: Option<&Vec<Described>>| fonts?.iter().find_map(|d| from_code(d, code));
        if let Some(c) = by_collection(false) {
            return Some(c);
        }
        let reverse =
            self.reverse.entry(data.cache_key).or_insert_with(|| reverse_map((*data.data).as_ref()));
        if let Some(&c) = reverse.get(&outline.glyph_id().to_u32()) {
            return Some(c);
        }
        by_identity(fonts)
    }
}

/// Whether the character says something: neither a control nor from the private area.
fn is_told(c: char) -> bool {
    !c.is_control() && c != UNKNOWN && !('\u{e000}'..='\u{f8ff}').contains(&c)
}

/// Whether the character may in truth be a sign of a symbol font: those fonts give Latin letters.
fn may_be_dingbat(c: char) -> bool {
    matches!(c, 'o' | 'q' | 'x' | 'n' | 'R' | 'S' | 'P' | 'T' | 'O') || ('\u{a0}'..='\u{ff}').contains(&c)
}

/// The signs of the two Wingdings that forms use.
fn dingbat(kind: Dingbats, code: u8) -> char {
    match (kind, code) {
        (Dingbats::One, 0xfe) | (Dingbats::Two, 0x52) => '☑',
        (Dingbats::One, 0xfd | 0x78) | (Dingbats::Two, 0x51 | 0x53 | 0x54) => '☒',
        (Dingbats::One, 0xa8 | 0x6f | 0x71 | 0x72) | (Dingbats::Two, 0xa3 | 0x2a | 0x30) => '☐',
        (Dingbats::One, 0xfc) | (Dingbats::Two, 0x50) => '√',
        (Dingbats::One, 0xfb) | (Dingbats::Two, 0x4f) => '×',
        (Dingbats::One, 0x6e) | (Dingbats::Two, 0xa2) => '■',
        (Dingbats::One, 0x6c) | (Dingbats::Two, 0x98) => '●',
        (Dingbats::One, 0xa1 | 0x6d) => '○',
        _ => '•',
    }
}

fn plain_name(name: &str) -> &str {
    match name.as_bytes().get(6) {
        Some(b'+') => &name[7..],
        _ => name,
    }
}

fn from_code(font: &Described, code: u32) -> Option<char> {
    from_collection(font, code).or_else(|| char::from_u32(code).filter(|&c| font.plain && is_told(c)))
}

fn from_collection(font: &Described, code: u32) -> Option<char> {
    let ucs2 = font.ucs2.as_ref()?;
    let cid = match &font.encoding {
        Some(encoding) => [2, 1, 4, 3].into_iter().find_map(|bytes| encoding.lookup_cid_code(code, bytes))?,
        None => code,
    };
    match ucs2.lookup_bf_string(cid)? {
        BfString::Char(c) => is_told(c).then_some(c),
        BfString::String(s) => s.chars().next().filter(|&c| is_told(c)),
    }
}

/// The composite fonts of a file by name.
fn describe(pdf: &Pdf) -> BTreeMap<String, Vec<Described>> {
    let mut fonts: BTreeMap<String, Vec<Described>> = BTreeMap::new();
    let mut maps: BTreeMap<String, (Option<CMap>, Option<CidFamily>)> = BTreeMap::new();
    for object in pdf.objects() {
        let Object::Dict(dict) = object else { continue };
        if dict.get::<Name<'_>>(b"Subtype").is_none_or(|n| n.as_str() != "Type0") {
            continue;
        }
        let Some(base) = dict.get::<Name<'_>>(b"BaseFont") else { continue };
        let descendant = dict.get::<Array<'_>>(b"DescendantFonts").and_then(|a| a.iter::<Dict<'_>>().next());
        let (encoding, of_encoding) = match dict.get::<Name<'_>>(b"Encoding") {
            Some(name) if !name.as_str().starts_with("Identity") => maps
                .entry(name.as_str().to_string())
                .or_insert_with(|| {
                    let map = load_embedded(CMapName::from_bytes(name.as_str().as_bytes()))
                        .and_then(|data| CMap::parse(data, load_embedded));
                    let family = map
                        .as_ref()
                        .and_then(|m| m.metadata().character_collection.clone())
                        .map(|c| c.family);
                    (map, family)
                })
                .clone(),
            Some(_) => (None, None),
            None => {
                let map = dict
                    .get::<Stream<'_>>(b"Encoding")
                    .and_then(|s| s.decoded().ok())
                    .and_then(|data| CMap::parse(&data, load_embedded));
                (map, None)
            }
        };
        let name = dict.get::<Name<'_>>(b"Encoding").map(|n| n.as_str().to_string());
        let predefined = name.is_some() && encoding.is_some();
        let plain = match (&name, encoding.as_ref().and_then(|m| m.metadata().name.as_ref())) {
            (Some(name), _) => codes_are_unicode(name.as_bytes()),
            (None, Some(name)) => codes_are_unicode(name),
            (None, None) => false,
        };
        let family = of_encoding.or_else(|| descendant.as_ref().and_then(family_of));
        let ucs2 = family
            .and_then(|f| f.ucs2_cmap())
            .and_then(load_embedded)
            .and_then(|d| CMap::parse(d, load_embedded));
        let embedded = descendant.as_ref().is_some_and(is_embedded);
        fonts.entry(plain_name(base.as_str()).to_string()).or_default().push(Described {
            encoding,
            ucs2,
            embedded,
            predefined,
            plain,
        });
        if fonts.len() > 500 {
            break;
        }
    }
    fonts
}

fn family_of(descendant: &Dict<'_>) -> Option<CidFamily> {
    let info = descendant.get::<Dict<'_>>(b"CIDSystemInfo")?;
    let registry = info.get::<PdfString<'_>>(b"Registry")?;
    let ordering = info.get::<PdfString<'_>>(b"Ordering")?;
    Some(CidFamily::from_registry_ordering(registry.as_bytes(), ordering.as_bytes()))
}

fn is_embedded(descendant: &Dict<'_>) -> bool {
    descendant
        .get::<Dict<'_>>(b"FontDescriptor")
        .is_some_and(|d| [&b"FontFile"[..], b"FontFile2", b"FontFile3"].iter().any(|k| d.contains_key(k)))
}

/// A font program's character map read backwards; the first character of a glyph counts.
fn reverse_map(program: &[u8]) -> HashMap<u32, char> {
    let mut map = HashMap::new();
    let Ok(face) = ttf_parser::Face::parse(program, 0) else { return map };
    let Some(table) = face.tables().cmap else { return map };
    for subtable in table.subtables {
        if !subtable.is_unicode() {
            continue;
        }
        subtable.codepoints(|code| {
            if let (Some(glyph), Some(c)) = (subtable.glyph_index(code), char::from_u32(code))
                && is_told(c)
            {
                map.entry(u32::from(glyph.0)).or_insert(c);
            }
        });
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gbk_codes_lead_to_characters() {
        let encoding = CMap::parse(load_embedded(CMapName::from_bytes(b"GBK-EUC-H")).unwrap(), load_embedded);
        let ucs2 = CidFamily::AdobeGB1
            .ucs2_cmap()
            .and_then(load_embedded)
            .and_then(|d| CMap::parse(d, load_embedded));
        let font = Described { encoding, ucs2, embedded: false, predefined: true, plain: false };
        assert_eq!(from_code(&font, 0xb7a2), Some('发'));
        assert_eq!(from_code(&font, 0x41), Some('A'));
    }

    #[test]
    fn subset_prefix_and_dingbats() {
        assert_eq!(plain_name("ABCDEF+SimSun"), "SimSun");
        assert_eq!(plain_name("SimSun"), "SimSun");
        assert_eq!(dingbat(Dingbats::Two, b'R'), '☑');
        assert_eq!(dingbat(Dingbats::One, 0xa8), '☐');
    }
}

//! Which encoding bytes of text are in.

use std::collections::BTreeMap;

use encoding_rs::{BIG5, EUC_KR, Encoding, GB18030, SHIFT_JIS, UTF_8, WINDOWS_1252};

/// Character set of symbol fonts.
pub(super) const SYMBOL: i32 = 2;

/// The fonts of a file and the code page it states.
#[derive(Debug, Default)]
pub(super) struct Fonts {
    /// Name and character set by number.
    pub(super) fonts: BTreeMap<i32, (String, i32)>,
    /// The code page.
    pub(super) page: i32,
}

impl Fonts {
    /// The name of a font; empty where there is none.
    pub(super) fn name(&self, font: i32) -> &str {
        self.fonts.get(&font).map_or("", |f| f.0.as_str())
    }

    /// Whether bytes in a font are codes of symbols.
    pub(super) fn is_symbol(&self, font: i32) -> bool {
        self.fonts.get(&font).is_some_and(|f| f.1 == SYMBOL)
    }

    /// The encoding of bytes in a font. Writers put Chinese bytes in Western fonts where the page is Chinese.
    pub(super) fn encoding(&self, font: i32) -> &'static Encoding {
        let by_font = self.fonts.get(&font).and_then(|f| east_asian_set(f.1));
        by_font.or_else(|| east_asian_page(self.page)).unwrap_or(match self.page {
            65001 => UTF_8,
            _ => WINDOWS_1252,
        })
    }
}

fn east_asian_set(set: i32) -> Option<&'static Encoding> {
    match set {
        134 => Some(GB18030),
        136 => Some(BIG5),
        128 => Some(SHIFT_JIS),
        129 => Some(EUC_KR),
        _ => None,
    }
}

fn east_asian_page(page: i32) -> Option<&'static Encoding> {
    match page {
        936 | 54936 => Some(GB18030),
        950 => Some(BIG5),
        932 => Some(SHIFT_JIS),
        949 => Some(EUC_KR),
        _ => None,
    }
}

//! Fonts for what a file does not embed.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use hayro_interpret::InterpreterSettings;
use hayro_interpret::font::{FontData, FontQuery};
use hayro_interpret::hayro_cmap::CidFamily;

/// Where Chinese fonts usually lie, with the face to take from a collection. Serif first: missing fonts of Chinese
/// office papers are nearly always 宋体.
const PLACES: &[(&str, u32)] = &[
    ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", 2),
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/noto-cjk/NotoSerifCJK-Regular.ttc", 2),
    ("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/truetype/arphic/uming.ttc", 0),
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0),
    ("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf", 0),
    ("/System/Library/Fonts/STHeiti Light.ttc", 0),
];

/// A Chinese font of this machine, read once.
pub fn chinese() -> Option<(FontData, u32)> {
    static FONT: OnceLock<Option<(FontData, u32)>> = OnceLock::new();
    FONT.get_or_init(|| {
        // Fonts are part of the machine like the libraries, not of the input.
        #[allow(clippy::disallowed_methods)]
        PLACES.iter().find_map(|(path, face)| {
            let bytes = std::fs::read(Path::new(path)).ok()?;
            Some((Arc::new(bytes) as FontData, *face))
        })
    })
    .clone()
}

/// Settings for the interpreter with that font behind Chinese names.
pub(super) fn settings() -> InterpreterSettings {
    InterpreterSettings {
        font_resolver: Arc::new(|query| match query {
            FontQuery::Standard(font) => Some(font.get_font_data()),
            FontQuery::Fallback(wanted) => {
                let family = wanted.character_collection.as_ref().map(|c| &c.family);
                let names = [&wanted.post_script_name, &wanted.font_name, &wanted.font_family];
                let asian = matches!(
                    family,
                    Some(
                        CidFamily::AdobeGB1
                            | CidFamily::AdobeCNS1
                            | CidFamily::AdobeJapan1
                            | CidFamily::AdobeKorea1
                    )
                ) || (family.is_some()
                    && names.into_iter().flatten().any(|n| is_chinese_name(n)));
                if asian { chinese() } else { None }
                    .or_else(|| Some(wanted.pick_standard_font().get_font_data()))
            }
        }),
        ..InterpreterSettings::default()
    }
}

fn is_chinese_name(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "simsun",
        "simhei",
        "simkai",
        "simfang",
        "nsimsun",
        "kaiti",
        "fangsong",
        "stsong",
        "stheiti",
        "stkaiti",
        "stfangsong",
        "stzhongsong",
        "yahei",
        "songti",
        "heiti",
        "dengxian",
        "fzs",
        "fzx",
        "宋",
        "黑体",
        "楷",
        "仿宋",
    ];
    let name = name.to_lowercase();
    NAMES.iter().any(|n| name.contains(n))
}

//! The system fonts that the papers are set in, with widths.

use std::sync::OnceLock;

/// A face.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Face {
    /// Noto Serif CJK SC.
    Serif,
    /// Its bold.
    SerifBold,
    /// Noto Sans CJK SC.
    Sans,
    /// Its bold.
    SansBold,
    /// WenQuanYi Zen Hei.
    ZenHei,
    /// AR PL UMing CN.
    Ming,
    /// AR PL UKai CN.
    Kai,
}

/// All of them, in the order of their number.
const FACES: [(Face, &str, u32); 7] = [
    (Face::Serif, "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", 2),
    (Face::SerifBold, "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc", 2),
    (Face::Sans, "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    (Face::SansBold, "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc", 2),
    (Face::ZenHei, "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0),
    (Face::Ming, "/usr/share/fonts/truetype/arphic/uming.ttc", 0),
    (Face::Kai, "/usr/share/fonts/truetype/arphic/ukai.ttc", 0),
];

/// A loaded face.
pub struct Loaded {
    /// For the PDF writer.
    pub pdf: krilla::text::Font,
    metrics: ttf_parser::Face<'static>,
}

impl Face {
    /// The loaded face.
    pub fn get(self) -> &'static Loaded {
        static ALL: OnceLock<Vec<Loaded>> = OnceLock::new();
        let all = ALL.get_or_init(|| {
            FACES
                .iter()
                .map(|(_, path, index)| {
                    let bytes: &'static [u8] = Vec::leak(
                        std::fs::read(path).unwrap_or_else(|e| panic!("{path}: {e} (install fonts-noto-cjk fonts-wqy-zenhei fonts-arphic-uming fonts-arphic-ukai)")),
                    );
                    Loaded {
                        pdf: krilla::text::Font::new(bytes.to_vec().into(), *index).expect("a font"),
                        metrics: ttf_parser::Face::parse(bytes, *index).expect("a font"),
                    }
                })
                .collect()
        });
        &all[self as usize]
    }

    /// Whether the face has the character.
    pub fn has(self, c: char) -> bool {
        self.get().metrics.glyph_index(c).is_some()
    }

    /// Width of a text in points.
    pub fn width(self, text: &str, size: f32) -> f32 {
        split(self, text).iter().map(|(face, run)| face.run_width(run, size)).sum()
    }

    fn run_width(self, run: &str, size: f32) -> f32 {
        let m = &self.get().metrics;
        let units: f32 = run
            .chars()
            .map(|c| m.glyph_index(c).and_then(|g| m.glyph_hor_advance(g)).map_or(500.0, f32::from))
            .sum();
        units * size / f32::from(m.units_per_em())
    }
}

/// The text in runs that one face can show; what a face lacks falls back to Noto Sans.
pub fn split(face: Face, text: &str) -> Vec<(Face, String)> {
    let mut out: Vec<(Face, String)> = Vec::new();
    for c in text.chars() {
        let f = [face, Face::Sans, Face::ZenHei]
            .into_iter()
            .find(|f| f.has(c))
            .unwrap_or_else(|| panic!("no font has {c:?} of {text:?}"));
        match out.last_mut() {
            Some((g, run)) if *g == f => run.push(c),
            _ => out.push((f, c.to_string())),
        }
    }
    out
}

//! Finding what lies outside the input: models, language files, fonts. The only place that looks at the environment.

#![allow(clippy::disallowed_methods, reason = "the environment belongs to the cli")]

use std::env;
use std::path::{Path, PathBuf};

use crate::worker::Places;

/// Names of the model files, as the pinned package holds them.
pub const MODELS: &[&str] =
    &["ch_PP-OCRv4_det_infer.onnx", "ch_PP-OCRv4_rec_infer.onnx", "ch_ppocr_mobile_v2.0_cls_infer.onnx"];
/// Language files that Tesseract needs.
pub const LANGUAGES: &[&str] = &["chi_sim.traineddata", "eng.traineddata"];

const TESSDATA: &[&str] = &[
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
];
const FONTS: &[&str] = &[
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
];

/// Finds engines and fonts. `models` is what the user named: then only that counts.
pub fn find(models: Option<&Path>) -> Places {
    Places {
        models: find_models(models),
        tessdata: find_tessdata(),
        font: FONTS.iter().map(PathBuf::from).find(|p| p.is_file()),
    }
}

fn find_models(named: Option<&Path>) -> Option<PathBuf> {
    let named = named.map(Path::to_path_buf).or_else(|| env::var_os("HECHA_MODELS").map(PathBuf::from));
    let candidates = match named {
        Some(named) => vec![named],
        None => [
            Some(PathBuf::from("models")),
            env::current_exe().ok().and_then(|exe| exe.parent().map(|p| p.join("models"))),
            env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share/hecha/models")),
        ]
        .into_iter()
        .flatten()
        .collect(),
    };
    candidates
        .into_iter()
        .find(|dir| MODELS.iter().any(|m| dir.join(m).is_file()))
        .and_then(|d| d.canonicalize().ok())
}

fn find_tessdata() -> Option<PathBuf> {
    let has = |dir: &PathBuf| dir.join(LANGUAGES[0]).is_file();
    if let Some(named) = env::var_os("TESSDATA_PREFIX").map(PathBuf::from) {
        let inner = named.join("tessdata");
        return [named, inner].into_iter().find(has);
    }
    TESSDATA.iter().map(PathBuf::from).find(has)
}

/// Size and time of everything an engine is made of: when it stays the same, so do the engines.
pub fn state(places: &Places) -> String {
    const LIBRARIES: &[&str] = &[
        "/usr/lib/x86_64-linux-gnu/libtesseract.so.5",
        "/usr/lib/aarch64-linux-gnu/libtesseract.so.5",
        "/usr/lib64/libtesseract.so.5",
        "/usr/lib/libtesseract.so.5",
        "/usr/local/lib/libtesseract.so.5",
    ];
    let inside = |dir: &Option<PathBuf>, names: &[&str]| -> Vec<PathBuf> {
        dir.iter().flat_map(|d| names.iter().map(|n| d.join(n)).collect::<Vec<_>>()).collect()
    };
    let files = inside(&places.models, MODELS)
        .into_iter()
        .chain(inside(&places.tessdata, &[LANGUAGES[0], LANGUAGES[1], "osd.traineddata"]))
        .chain(places.font.clone())
        .chain(LIBRARIES.iter().map(PathBuf::from));
    let states = files.filter_map(|path| {
        let meta = std::fs::metadata(&path).ok()?;
        Some(format!("{} {} {:?}", path.display(), meta.len(), meta.modified().ok()))
    });
    states.collect::<Vec<_>>().join("\n")
}

//! Where engines, models and fonts lie, and the recogniser made of them.

use std::path::PathBuf;

use crate::read::Recogniser;
use crate::read::ocr::Chain;

/// Folders and files outside the input that reading needs; found by the cli, used by the workers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Folder of the PP-OCR models.
    pub models: Option<PathBuf>,
    /// Folder of Tesseract's language files.
    pub tessdata: Option<PathBuf>,
    /// A font with Chinese characters, for PDFs that embed none.
    pub font: Option<PathBuf>,
}

/// The recogniser made of what is there, and what is missing, in Chinese.
pub fn recogniser(places: &Places) -> (Option<Box<dyn Recogniser>>, Vec<String>) {
    let mut notes = Vec::new();
    if places.models.is_none() {
        notes.push("没有找到 PP-OCR 模型，扫描件只能用 Tesseract 识别，准确率明显较低（运行 hecha doctor 查看如何安装）".to_string());
    }
    // The cli has looked in the usual folders: none means none.
    let tessdata = places.tessdata.clone().unwrap_or_else(|| PathBuf::from("/dev/null"));
    let chain = Chain::new(places.models.as_deref(), Some(tessdata));
    if let Some(why) = chain.trouble() {
        notes.push(format!(
            "PP-OCR {why}：请重新下载模型（make models），或用 --models 指定完整的模型文件夹；在此之前扫描件只能用 Tesseract 识别"
        ));
    }
    if chain.usable() {
        return (Some(Box::new(chain)), notes);
    }
    notes.retain(|n| n.contains("模型文件夹"));
    notes.push("没有可用的文字识别引擎，扫描件无法读取（运行 hecha doctor 查看如何安装）".to_string());
    (None, notes)
}

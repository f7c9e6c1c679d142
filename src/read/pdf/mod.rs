//! PDF: the text layer with positions, rulings and pictures; scanned pages go to the recogniser.

mod device;
pub mod fonts;
mod render;
mod runs;
mod unicode;

use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_interpret::{Context, InterpreterCache, InterpreterSettings, TransformExt, interpret_page};
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use image::RgbImage;
use kurbo::Rect;

use self::device::Collector;
use self::render::Renderer;
use self::unicode::Unicode;
use super::layout::arrange;
use super::{ReadContext, Reader};
use crate::model::{Format, ImageBox, Page, ReadBy, ReadError, Reading};

/// Reads PDF files.
pub struct PdfReader;

impl Reader for PdfReader {
    fn formats(&self) -> &'static [Format] {
        &[Format::Pdf]
    }

    fn page_count(&self, bytes: &[u8]) -> Option<u32> {
        catch_unwind(AssertUnwindSafe(|| open(bytes).ok().map(|pdf| pdf.pages().len() as u32))).ok().flatten()
    }

    fn read(&self, bytes: &[u8], cx: &ReadContext<'_>) -> Result<Reading, ReadError> {
        catch_unwind(AssertUnwindSafe(|| read(bytes, cx)))
            .unwrap_or_else(|_| Err(ReadError::Crashed("PDF 解析器内部错误".into())))
    }

    fn render(&self, bytes: &[u8], page: u32, dpi: f32) -> Option<RgbImage> {
        catch_unwind(AssertUnwindSafe(|| {
            let pdf = Pdf::new(bytes.to_vec()).ok()?;
            Renderer::new(&pdf).page(page, dpi).map(|(picture, _)| picture)
        }))
        .ok()
        .flatten()
    }
}

fn open(bytes: &[u8]) -> Result<Pdf, ReadError> {
    Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => ReadError::Encrypted,
        LoadPdfError::Decryption(why) => ReadError::Damaged(format!("加密信息无法识别：{why:?}")),
        LoadPdfError::Invalid => ReadError::Damaged("不是完整的 PDF 文件".into()),
    })
}

fn read(bytes: &[u8], cx: &ReadContext<'_>) -> Result<Reading, ReadError> {
    let pdf = open(bytes)?;
    let mut file = File {
        unicode: Unicode::new(&pdf),
        cache: InterpreterCache::new(),
        settings: fonts::settings(),
        notes: Vec::new(),
    };
    let mut pages = Vec::new();
    for (index, page) in pdf.pages().iter().enumerate() {
        let number = index as u32 + 1;
        if number > cx.max_pages {
            file.notes.push(format!("共 {} 页，只读取前 {} 页", pdf.pages().len(), cx.max_pages));
            break;
        }
        if cx.wants(number) {
            pages.push(file.page(page, number));
        }
    }
    if pdf.pages().is_empty() {
        return Err(ReadError::Damaged("文件中没有页面".into()));
    }
    Ok(Reading { read_by: ReadBy::Pdf, pages, notes: file.notes })
}

/// What is kept while a file is read page by page.
struct File<'p> {
    unicode: Unicode<'p>,
    cache: InterpreterCache<'p>,
    settings: InterpreterSettings,
    notes: Vec<String>,
}

impl<'p> File<'p> {
    fn page(&mut self, page: &'p hayro_syntax::page::Page<'p>, number: u32) -> Page {
        let (width, height) = page.render_dimensions();
        let mut out = Page::empty(number, width, height, ReadBy::Pdf);
        let mut collector = Collector::new(&mut self.unicode, width, height);
        let done = catch_unwind(AssertUnwindSafe(|| {
            let area = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
            let transform = page.initial_transform(true).to_kurbo();
            let mut context = Context::new(transform, area, &self.cache, page.xref(), self.settings.clone());
            interpret_page(page, &mut context, &mut collector);
        }));
        if done.is_err() {
            self.notes.push(format!("第 {number} 页解析时出错，只得到部分内容"));
        }
        if collector.over {
            self.notes.push(format!("第 {number} 页内容过多，只读取了一部分"));
        }
        let runs = runs::runs(&collector.glyphs, &collector.rulings, number);
        let arranged = arrange(runs, &collector.rulings, number);
        out.lines = arranged.lines;
        out.tables = arranged.tables;
        out.images = collector
            .pictures
            .iter()
            .map(|p| ImageBox { bbox: p.bbox, width: p.width, height: p.height })
            .collect();
        out
    }
}

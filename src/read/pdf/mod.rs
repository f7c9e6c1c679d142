//! PDF: the text layer with positions, rulings and pictures; scanned pages go to the recogniser.

mod attached;
mod codes;
mod codespace;
mod covered;
mod damaged;
mod device;
mod figure;
pub mod fonts;
mod form;
mod history;
mod integrity;
pub(in crate::read) mod marks;
mod masked;
mod odd;
mod render;
mod revision;
pub(in crate::read) mod runs;
mod scan;
mod shape;
mod ticks;
mod unicode;
mod unlike;
mod unlock;
pub(in crate::read) mod visible;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use hayro_interpret::{Context, InterpreterCache, InterpreterSettings, TransformExt, interpret_page};
use hayro_syntax::page::Page as PdfPage;
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use image::RgbImage;
use kurbo::Rect;

use self::damaged::Drawn;
use self::device::Collector;
use self::marks::{Glyph, Picture};
use self::render::Renderer;
use self::scan::Plan;
use self::unicode::Unicode;
use super::layout::{Ruling, arrange};
use super::{ReadContext, Reader, Recogniser, qr};
use crate::model::{
    BBox, Code, Confidence, Format, Grade, ImageBox, Line, Page, ReadBy, ReadError, Reading, Trace,
};

/// Reads PDF files.
pub struct PdfReader;

impl Reader for PdfReader {
    fn formats(&self) -> &'static [Format] {
        &[Format::Pdf]
    }

    fn page_count(&self, bytes: &[u8], cx: &ReadContext<'_>) -> Option<u32> {
        let count = || open(cx.owned(bytes)).ok().map(|pdf| pdf.pages().len() as u32);
        catch_unwind(AssertUnwindSafe(count)).ok().flatten()
    }

    fn unlock(&self, bytes: &[u8], passwords: &[&str]) -> Option<Result<Vec<u8>, ReadError>> {
        catch_unwind(AssertUnwindSafe(|| unlock::unlock(bytes, passwords)))
            .unwrap_or_else(|_| Some(Err(ReadError::Crashed("PDF 解析器内部错误".into()))))
    }

    fn read(&self, bytes: &[u8], cx: &ReadContext<'_>) -> Result<Reading, ReadError> {
        catch_unwind(AssertUnwindSafe(|| read_in_step(bytes, cx)))
            .unwrap_or_else(|_| Err(ReadError::Crashed("PDF 解析器内部错误".into())))
    }

    fn render(&self, bytes: &[u8], page: u32, dpi: f32) -> Option<RgbImage> {
        catch_unwind(AssertUnwindSafe(|| {
            let completed = codespace::names_predefined(bytes).then(|| codespace::completed(bytes)).flatten();
            let pdf = Pdf::new(completed.unwrap_or_else(|| bytes.to_vec())).ok()?;
            Renderer::new(&pdf).page(page, dpi).map(|(picture, _)| picture)
        }))
        .ok()
        .flatten()
    }
}

fn open(bytes: Arc<Vec<u8>>) -> Result<Pdf, ReadError> {
    Pdf::new(bytes).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => ReadError::Locked(0),
        LoadPdfError::Decryption(why) => ReadError::Damaged(format!("加密信息无法识别：{why:?}")),
        LoadPdfError::Invalid => ReadError::Damaged("不是完整的 PDF 文件".into()),
    })
}

/// Reads a file, and once more with complete CMaps if codes were met that its own do not know.
fn read_in_step(bytes: &[u8], cx: &ReadContext<'_>) -> Result<Reading, ReadError> {
    let (reading, out_of_step) = read(bytes, cx)?;
    let again = out_of_step.then(|| codespace::completed(bytes)).flatten();
    let mut reading = again.and_then(|completed| read(&completed, cx).ok()).map_or(reading, |(r, _)| r);
    // Once a file, however many jobs read its pages.
    if cx.wants(1) {
        let facts = catch_unwind(AssertUnwindSafe(|| integrity::facts(cx.original.unwrap_or(bytes))));
        reading.integrity = facts.unwrap_or_default();
        // The first page's job speaks for the file.
        let bytes = cx.original.unwrap_or(bytes);
        let traces = catch_unwind(AssertUnwindSafe(|| history::traces(&cx.owned(bytes))));
        reading.traces.extend(traces.unwrap_or_default());
    }
    Ok(reading)
}

/// The reading, and whether codes were met that lead nowhere.
fn read(bytes: &[u8], cx: &ReadContext<'_>) -> Result<(Reading, bool), ReadError> {
    let pdf = open(cx.owned(bytes))?;
    let mut file = File {
        unicode: Unicode::new(&pdf),
        cache: InterpreterCache::new(),
        settings: fonts::settings(),
        renderer: Renderer::new(&pdf),
        recogniser: cx.recogniser,
        notes: Vec::new(),
        traces: Vec::new(),
        trusted: unlike::Trusted::new(),
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
    // What hostile attachments do to a parser costs the attachments.
    let _ = catch_unwind(AssertUnwindSafe(|| attached::add(&pdf, &mut pages)));
    let out_of_step = file.unicode.out_of_step();
    Ok((Reading { notes: file.notes, traces: file.traces, ..Reading::new(ReadBy::Pdf, pages) }, out_of_step))
}

/// What is kept while a file is read page by page.
struct File<'p, 'r> {
    unicode: Unicode<'p>,
    cache: InterpreterCache<'p>,
    settings: InterpreterSettings,
    renderer: Renderer<'p>,
    recogniser: Option<&'r dyn Recogniser>,
    notes: Vec<String>,
    traces: Vec<Trace>,
    /// Figures that are what they are said to be, though they do not look so.
    trusted: unlike::Trusted,
}

impl<'p> File<'p, '_> {
    /// Reads a page; what the renderer or the recogniser cannot stand costs that page only.
    fn page(&mut self, page: &'p PdfPage<'p>, number: u32) -> Page {
        let (width, height) = page.render_dimensions();
        catch_unwind(AssertUnwindSafe(|| self.read_page(page, number))).unwrap_or_else(|_| {
            self.notes.push(format!("第 {number} 页读取时出错，未得到内容"));
            Page::empty(number, width, height, ReadBy::Pdf)
        })
    }

    fn read_page(&mut self, page: &'p PdfPage<'p>, number: u32) -> Page {
        let (width, height) = page.render_dimensions();
        let own = covered::has_annotations(page).then(|| {
            let settings = covered::without_annotations(&self.settings);
            let notes = self.notes.len();
            let last = self.collect_with(page, number, settings).last_seq();
            // The whole page is read next and says it again.
            self.notes.truncate(notes);
            last
        });
        let mut collected = self.collect(page, number);
        let drawn = codes::take_drawn(&mut collected);
        let mut sorted = visible::sort(std::mem::take(&mut collected.glyphs), &collected.fills);
        let mut traces = covered::traces(page, number, &sorted, &collected.fills, own);
        traces.extend(odd::traces(&sorted.seen, &collected.fonts(), number));
        masked::unmask(&mut sorted.seen);
        let ticks = ticks::ticks(&mut collected, &sorted.seen);
        let Collector { rulings, pictures, outlines, fills, .. } = collected;
        self.traces.extend(traces);
        let mut runs = runs::runs(&sorted.seen, &rulings, number);
        let fields = form::undrawn(page, number, |area| {
            runs.iter().filter_map(Line::bbox).any(|b| area.contains(b.mid_x(), b.mid_y()))
        });
        runs.extend(fields.lines);
        let plan = scan::plan(&sorted.seen, &pictures, width, height);
        let mut out = match plan {
            Plan::Whole(dpi) => {
                let area = pictures.iter().map(|p| p.bbox).reduce(BBox::union).unwrap_or_default();
                self.scanned(number, (width, height), (dpi, area), runs, (&sorted.inkless, &rulings))
            }
            Plan::Text | Plan::Parts(_) | Plan::Backed => {
                let behind = (plan == Plan::Backed).then_some(pictures.as_slice());
                runs.extend(self.unlike(number, &sorted, &fills, &runs, width * height));
                let runs = self.completed(number, runs, &outlines, behind);
                self.written(number, (width, height), runs, &rulings)
            }
        };
        out.images =
            pictures.iter().map(|p| ImageBox { bbox: p.bbox, width: p.width, height: p.height }).collect();
        if let (Plan::Parts(parts), Some(recogniser)) = (&plan, self.recogniser) {
            self.traces.extend(scan::parts(&mut out, parts, &self.renderer, recogniser));
        }
        let pictures: Vec<BBox> = pictures.iter().map(|p| p.bbox).collect();
        let invoice = out.lines.iter().any(|l| l.text.contains("发票"));
        for code in codes::decode(&drawn, &pictures, &self.renderer, number, invoice) {
            if out.codes.iter().all(|c| c.text != code.text) {
                out.codes.push(code);
            }
        }
        // A field's box is drawn by its appearance as well; the field knows its state better.
        let of_field = |b: BBox| fields.ticks.iter().any(|f| f.bbox.contains(b.mid_x(), b.mid_y()));
        out.ticks.extend(ticks.into_iter().filter(|t| !of_field(t.bbox)));
        out.ticks.extend(fields.ticks.iter().cloned());
        let mut hidden = runs::runs(&sorted.hidden, &[], number);
        hidden.sort_by(|a, b| position(a).partial_cmp(&position(b)).unwrap_or(std::cmp::Ordering::Equal));
        out.hidden = hidden;
        out
    }

    /// What the page draws.
    fn collect<'s>(&'s mut self, page: &'p PdfPage<'p>, number: u32) -> Collector<'s, 'p> {
        let settings = self.settings.clone();
        self.collect_with(page, number, settings)
    }

    fn collect_with<'s>(
        &'s mut self,
        page: &'p PdfPage<'p>,
        number: u32,
        settings: InterpreterSettings,
    ) -> Collector<'s, 'p> {
        let (width, height) = page.render_dimensions();
        let mut collector = Collector::new(&mut self.unicode, width, height);
        let done = catch_unwind(AssertUnwindSafe(|| {
            let area = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
            let transform = page.initial_transform(true).to_kurbo();
            let mut context = Context::new(transform, area, &self.cache, page.xref(), settings);
            interpret_page(page, &mut context, &mut collector);
        }));
        if done.is_err() {
            self.notes.push(format!("第 {number} 页解析时出错，只得到部分内容"));
        }
        if collector.over {
            self.notes.push(format!("第 {number} 页内容过多，只读取了一部分"));
        }
        collector
    }

    /// Notes where the text layer says other than the page shows; gives what is read in its place.
    fn unlike(
        &mut self,
        number: u32,
        sorted: &visible::Sorted,
        fills: &[marks::Fill],
        runs: &[Line],
        page: f32,
    ) -> Vec<Line> {
        let mut drawn = Drawn::new(&self.renderer, self.recogniser, number);
        self.traces.extend(unlike::figures(sorted, runs, &mut drawn, &mut self.trusted, number));
        let (traces, lines) = unlike::patches(sorted, fills, page, &mut drawn, number);
        self.traces.extend(traces);
        lines
    }

    /// The runs of a page with a text layer, and what it shows without saying it.
    fn completed(
        &mut self,
        number: u32,
        runs: Vec<Line>,
        outlines: &[BBox],
        behind: Option<&[Picture]>,
    ) -> Vec<Line> {
        let mut drawn = Drawn::new(&self.renderer, self.recogniser, number);
        let (mut runs, mended) = damaged::mend(runs, &mut drawn);
        let drawn_letters = damaged::outlines(outlines, &runs, &mut drawn);
        let template = behind.map(|p| damaged::behind(&runs, p, &mut drawn)).unwrap_or_default();
        if mended > 0 {
            self.notes.push(format!("第 {number} 页有 {mended} 处文字缺少编码，改由图像识别"));
        }
        if !drawn_letters.is_empty() || !template.is_empty() {
            let count = drawn_letters.len() + template.len();
            self.notes.push(format!("第 {number} 页有 {count} 处文字是图形，由图像识别"));
        }
        runs.extend(drawn_letters);
        runs.extend(template);
        runs
    }

    /// A page with a text layer.
    fn written(&self, number: u32, size: (f32, f32), runs: Vec<Line>, rulings: &[Ruling]) -> Page {
        let mut out = Page::empty(number, size.0, size.1, ReadBy::Pdf);
        let arranged = arrange(runs, rulings, number);
        out.lines = arranged.lines;
        out.tables = arranged.tables;
        out
    }

    /// A page that is a picture.
    fn scanned(
        &mut self,
        number: u32,
        size: (f32, f32),
        picture: (f32, BBox),
        written: Vec<Line>,
        layer: (&[Glyph], &[Ruling]),
    ) -> Page {
        let written = match self.recogniser {
            Some(recogniser) => match scan::whole(&self.renderer, recogniser, number, picture, written) {
                Some((page, traces)) => {
                    self.notes.extend(super::black(&page));
                    self.traces.extend(traces);
                    return page;
                }
                None => Vec::new(),
            },
            None => written,
        };
        // Without an engine, what a scanner's own program recognised is better than nothing.
        let mut runs = runs::runs(layer.0, layer.1, number);
        for run in &mut runs {
            run.grade = Grade::Ocr;
            run.confidence = Confidence(600);
        }
        self.notes.push(if runs.is_empty() {
            format!("第 {number} 页为图像，没有可用的文字识别引擎")
        } else {
            format!("第 {number} 页为图像，没有可用的文字识别引擎，采用文件自带的识别文字")
        });
        runs.extend(written);
        let arranged = arrange(runs, layer.1, number);
        let mut out = Page::empty(number, size.0, size.1, ReadBy::Ocr);
        out.lines = arranged.lines;
        out.tables = arranged.tables;
        if let Some((picture, dpi)) = self.renderer.page(number, 200.0) {
            let to_points = |v: f32| v * 72.0 / dpi;
            out.codes = qr::decode(&qr::shades(&picture))
                .into_iter()
                .map(|(text, b)| Code {
                    text,
                    bbox: BBox::new(to_points(b[0]), to_points(b[1]), to_points(b[2]), to_points(b[3])),
                })
                .collect();
        }
        out
    }
}

/// Top, then left.
fn position(line: &Line) -> (f32, f32) {
    let b = line.bbox().unwrap_or_default();
    (b.y0, b.x0)
}

#[cfg(test)]
mod tests;

//! OFD (GB/T 33190): the text of the pages with positions, rulings, pictures; the structured data beside them; digests.

mod canvas;
mod data;
mod document;
mod draw;
mod integrity;
mod package;
mod path;
mod picture;
mod resource;
mod seal;
mod text;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use self::data::{Shown, Texts};
use self::document::{Document, Drawn, MM};
use self::package::Package;
use super::layout::arrange;
use super::pdf::marks::Glyph;
use super::pdf::{runs, visible};
use super::{ReadContext, Reader};
use crate::model::{BBox, Confidence, Format, Grade, ImageBox, Line, Page, ReadBy, ReadError, Reading, Seal};

/// A page with less written characters than this may be a scan.
const FEW: usize = 60;
/// The share of the page a picture covers to be the page.
const WHOLE: f32 = 0.5;

/// Reads OFD files.
pub struct OfdReader;

impl Reader for OfdReader {
    fn formats(&self) -> &'static [Format] {
        &[Format::Ofd]
    }

    fn read(&self, bytes: &[u8], cx: &ReadContext<'_>) -> Result<Reading, ReadError> {
        catch_unwind(AssertUnwindSafe(|| read(bytes, cx)))
            .unwrap_or_else(|_| Err(ReadError::Crashed("OFD 解析器内部错误".into())))
    }

    /// Pages are not drawn: fonts are rarely embedded, and a page drawn with others would show what nobody saw.
    fn render(&self, _bytes: &[u8], _page: u32, _dpi: f32) -> Option<image::RgbImage> {
        None
    }
}

fn read(bytes: &[u8], cx: &ReadContext<'_>) -> Result<Reading, ReadError> {
    let package = Package::open(bytes, cx.max_inflated)?;
    let head = package.resolve("", "OFD.xml").ok_or_else(|| ReadError::Damaged("缺少 OFD.xml".into()))?;
    let head = package.tree(&head)?.ok_or_else(|| ReadError::Damaged("OFD.xml 无法解析".into()))?;
    if package.names().iter().any(|n| n.to_lowercase().ends_with("encryptions.xml")) {
        return Err(ReadError::Encrypted);
    }
    let mut reading = Reading::new(ReadBy::Ofd, Vec::new());
    for body in head.nodes().filter(|n| n.name == "DocBody") {
        let location = body.child("DocRoot").map(|n| n.text()).unwrap_or_default();
        let document = match package.resolve("", &location) {
            Some(name) => Document::load(&package, name)?,
            None => None,
        };
        let Some(document) = document else {
            reading.notes.push(format!("缺少文档部件 {}", location.trim()));
            continue;
        };
        let first = reading.pages.len();
        let mut texts = Texts::new();
        for index in 0..document.pages.len() {
            let number = reading.pages.len() as u32 + 1;
            if number > cx.max_pages {
                reading.notes.push(format!("页数超过 {}，之后的未读", cx.max_pages));
                break;
            }
            let drawn = document.draw(&package, index)?;
            let page = page(&package, drawn, (number, index), cx, &mut texts, &mut reading.notes);
            reading.pages.push(page);
        }
        let data = data::data(&package, &document, body, &texts)?;
        if reading.pages.len() == first && !data.is_empty() {
            // No page, but data: they need one to stand on.
            reading.notes.push("文档没有页面，只有结构化数据".into());
            let (w, h) = ((210.0 * MM) as f32, (297.0 * MM) as f32);
            reading.pages.push(Page::empty(first as u32 + 1, w, h, ReadBy::Ofd));
        }
        if let Some(page) = reading.pages.get_mut(first) {
            page.data = data;
        }
        let stamps = integrity::check(&package, body, &document.shown(), &mut reading.integrity)?;
        for stamp in stamps {
            let index = document.page_of(&stamp.page).map(|i| first + i);
            if let Some(page) = index.and_then(|i| reading.pages.get_mut(i)) {
                page.seals.push(Seal::at(stamp.bbox));
            }
        }
    }
    if reading.pages.is_empty() {
        return Err(ReadError::Damaged("OFD 中没有页面，请重新导出后提交".into()));
    }
    Ok(reading)
}

/// A page from what it draws; its text objects go into `texts`.
fn page(
    package: &Package<'_>,
    mut drawn: Drawn,
    (number, index): (u32, usize),
    cx: &ReadContext<'_>,
    texts: &mut Texts,
    notes: &mut Vec<String>,
) -> Page {
    if drawn.absent {
        notes.push(format!("第 {number} 页的内容不在文件中"));
    }
    if drawn.canvas.over {
        notes.push(format!("第 {number} 页内容过多，只读取了一部分"));
    }
    let (width, height) = drawn.size;
    let mut glyphs = std::mem::take(&mut drawn.canvas.glyphs);
    glyphs.retain(|g| {
        let b = g.bbox();
        (0.0..=width).contains(&b.mid_x()) && (0.0..=height).contains(&b.mid_y())
    });
    let mut sorted = visible::sort(glyphs, &drawn.canvas.fills);
    said(&drawn, &sorted.seen, (number, index), texts);
    let shapes = drawn.canvas.take_codes();
    let whole = |b: BBox| b.width() * b.height() >= WHOLE * width * height;
    let pictured = drawn.canvas.pictures.iter().any(|p| whole(p.bbox));
    if pictured && sorted.seen.len() < FEW {
        if let Some(page) = scanned(package, &drawn, number, cx) {
            return page;
        }
        notes.push(format!("第 {number} 页为图像，没有可用的文字识别引擎"));
        sorted.seen.append(&mut sorted.inkless);
    }
    let rulings = &drawn.canvas.rulings;
    let mut lines = runs::runs(&sorted.seen, rulings, number);
    if pictured && sorted.seen.iter().any(|g| g.invisible) {
        for line in &mut lines {
            (line.grade, line.confidence) = (Grade::Ocr, Confidence(600));
        }
    }
    let arranged = arrange(lines, rulings, number);
    let mut page = Page::empty(number, width, height, ReadBy::Ofd);
    (page.lines, page.tables) = (arranged.lines, arranged.tables);
    page.images = images(&drawn);
    page.codes = picture::codes(package, &drawn, &shapes);
    sorted.hidden.extend(sorted.inkless.into_iter().filter(|_| !pictured));
    page.hidden = runs::runs(&sorted.hidden, &[], number);
    let top = |l: &Line| l.bbox().map_or((0, 0), |b| (b.y0 as i64, b.x0 as i64));
    page.hidden.sort_by_key(top);
    page
}

/// A page that is a picture, read by the recogniser.
fn scanned(package: &Package<'_>, drawn: &Drawn, number: u32, cx: &ReadContext<'_>) -> Option<Page> {
    let recogniser = cx.recogniser?;
    let (picture, dpi) = picture::scan(package, drawn)?;
    let mut page = recogniser.page(&picture, dpi, number);
    page.images = images(drawn);
    Some(page)
}

fn images(drawn: &Drawn) -> Vec<ImageBox> {
    // The size in pixels is not looked up for each: what counts is where they are.
    drawn.canvas.pictures.iter().map(|p| ImageBox { bbox: p.bbox, width: 0, height: 0 }).collect()
}

/// Notes where each text object is seen, for tags.
fn said(drawn: &Drawn, seen: &[Glyph], (number, index): (u32, usize), texts: &mut Texts) {
    let mut boxes: HashMap<u32, (BBox, usize)> = HashMap::new();
    for glyph in seen {
        let own = glyph.bbox();
        let entry = boxes.entry(glyph.seq).or_insert((own, 0));
        *entry = (entry.0.union(own), entry.1 + 1);
    }
    for object in &drawn.said {
        let letters = object.text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).count();
        let place = boxes.get(&object.seq).filter(|(_, n)| 2 * n > letters).map(|(b, _)| (number, *b));
        let shown = Shown { text: object.text.clone(), place };
        texts.entry((index, object.id.clone())).or_insert(shown);
    }
}

#[cfg(test)]
mod tests;

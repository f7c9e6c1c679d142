//! Readers: one per format, all giving the same pages. Pure: bytes in, pages out.

pub mod csv;
pub mod doc;
pub mod docx;
mod dom;
mod drawn;
mod figures;
mod flow;
pub mod html;
mod imprint;
pub mod layout;
pub mod likeness;
pub mod locked;
#[cfg(test)]
mod mutants;
pub mod ocr;
pub mod ods;
pub mod odt;
pub mod ofd;
pub mod office_xml;
mod ole;
mod pasted;
pub mod pdf;
pub mod picture;
pub mod qr;
pub mod rtf;
mod ruling;
mod sheet;
mod table;
mod table_borderless;
mod table_rows;
pub mod xls;
pub mod xlsx;
pub mod xml;

use std::sync::Arc;

use image::RgbImage;

pub use crate::model::Expect;
use crate::model::{Confidence, Format, Line, Look, Page, ReadError, Reading};

/// Recognises text in pictures. One engine, or a chain of them; starts no threads.
pub trait Recogniser {
    /// Identifies engines, models and versions; part of the store's key.
    fn fingerprint(&self) -> String;
    /// Reads a whole page picture (any orientation). `dpi` maps pixels to points; `number` counts from 1.
    fn page(&self, picture: &RgbImage, dpi: f32, number: u32) -> Page;
    /// Reads a part of a page whose text layer is damaged. The picture shows the part; `origin` is its top left
    /// on the page in points.
    fn region(&self, picture: &RgbImage, dpi: f32, origin: (f32, f32), page: u32) -> Vec<Line>;
    /// Reads one value a second time, independently of the first (other engine, other preparation).
    fn reread(&self, picture: &RgbImage, expect: Expect) -> Vec<(String, Confidence)>;
}

/// What a reader may use.
pub struct ReadContext<'a> {
    /// The recogniser, if any engine is there.
    pub recogniser: Option<&'a dyn Recogniser>,
    /// Most pages read of one file.
    pub max_pages: u32,
    /// Most bytes any stream may inflate to.
    pub max_inflated: u64,
    /// Only these pages, first and last, from 1 (numbers beyond the end are no error); all of them without. Set only
    /// for readers that tell a page count.
    pub pages: Option<(u32, u32)>,
    /// The bytes to read once more, for a reader that must own them: hundreds of megabytes need not lie there twice.
    pub shared: Option<Arc<Vec<u8>>>,
    /// The file as it lies on the disk, where the bytes to read are what [`Reader::unlock`] made of it: facts about
    /// its integrity rest on this.
    pub original: Option<&'a [u8]>,
}

impl ReadContext<'_> {
    /// Most pages read of one file, unless told otherwise.
    pub const MAX_PAGES: u32 = 2_000;
    /// Most bytes a stream may inflate to, unless told otherwise.
    pub const MAX_INFLATED: u64 = 512 << 20;

    /// `bytes` to own, without a copy where they are what is shared.
    pub(crate) fn owned(&self, bytes: &[u8]) -> Arc<Vec<u8>> {
        let same = self.shared.as_ref().filter(|shared| std::ptr::eq(shared.as_slice(), bytes));
        same.map_or_else(|| Arc::new(bytes.to_vec()), Arc::clone)
    }

    /// Whether a page is to be read.
    pub fn wants(&self, page: u32) -> bool {
        page <= self.max_pages && self.pages.is_none_or(|(first, last)| (first..=last).contains(&page))
    }
}

impl<'a> ReadContext<'a> {
    /// The usual limits, all pages.
    pub fn new(recogniser: Option<&'a dyn Recogniser>) -> Self {
        Self {
            recogniser,
            max_pages: Self::MAX_PAGES,
            max_inflated: Self::MAX_INFLATED,
            pages: None,
            shared: None,
            original: None,
        }
    }
}

/// A reader of one or more formats.
pub trait Reader: Sync {
    /// The formats it reads.
    fn formats(&self) -> &'static [Format];
    /// How many pages the file has, for readers that can read a range of them: long files are then read by several
    /// workers, some pages a job, and a stopped run loses little. None: the file is always read as a whole.
    fn page_count(&self, _bytes: &[u8], _cx: &ReadContext<'_>) -> Option<u32> {
        None
    }
    /// A locked file as it would be without its lock, if one of the passwords opens it. None: there is no lock that
    /// this reader knows.
    ///
    /// # Errors
    /// When no password fits.
    fn unlock(&self, _bytes: &[u8], _passwords: &[&str]) -> Option<Result<Vec<u8>, ReadError>> {
        None
    }
    /// Reads a file, or the pages the context asks for.
    ///
    /// # Errors
    /// When nothing could be read; what was merely degraded goes into the reading's notes.
    fn read(&self, bytes: &[u8], cx: &ReadContext<'_>) -> Result<Reading, ReadError>;
    /// Draws a page at `dpi`, for crops and second readings. None where the format has no fixed pages.
    fn render(&self, bytes: &[u8], page: u32, dpi: f32) -> Option<RgbImage>;
}

/// What is to be said of a page that is black all over.
fn black(page: &Page) -> Option<String> {
    (page.look == Some(Look::Dark) && page.lines.is_empty())
        .then(|| format!("第 {} 页几乎全黑，没有可识别的内容，请重新扫描", page.number))
}

/// All readers.
pub const READERS: &[&dyn Reader] = &[
    &pdf::PdfReader,
    &picture::PictureReader,
    &docx::DocxReader,
    &xlsx::XlsxReader,
    &xml::XmlReader,
    &ofd::OfdReader,
    &doc::DocReader,
    &xls::XlsReader,
    &ods::OdsReader,
    &csv::CsvReader,
    &rtf::RtfReader,
    &odt::OdtReader,
    &html::HtmlReader,
    &office_xml::SheetXmlReader,
    &office_xml::WordXmlReader,
    &locked::LockedReader,
];

/// The reader of a format.
pub fn reader_of(format: Format) -> Option<&'static dyn Reader> {
    READERS.iter().copied().find(|r| r.formats().contains(&format))
}

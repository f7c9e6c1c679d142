//! Showing and re-reading the places that findings point to: by the workers, remembered in the store.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::ingest::InputFile;
use crate::model::{BBox, Confidence, Evidence, Expect, Page, Place, Source};
use crate::read::likeness::likeness;
use crate::report::{ExcerptPart, Exhibit, Exhibits, crop};
use crate::store::{Key, Store};
use crate::worker::{Pool, Reply, Task};

use super::readings::{Outcome, Readings, VERSION};

/// Rows of a table, or lines of text, shown on each side of the hit.
const AROUND: usize = 1;

/// Pixels of a picture's width, where pictures are compared.
const COMPARED: f32 = 640.0;

/// Looks at places again.
pub struct Places<'a> {
    files: BTreeMap<&'a str, &'a InputFile>,
    readings: &'a Readings<'a>,
    store: &'a Store,
    pool: &'a Pool,
    /// The last reading that was looked at: evidence comes file by file.
    last: Mutex<Option<(String, std::sync::Arc<Outcome>)>>,
}

/// A picture as the store keeps it; none where the place cannot be drawn.
#[derive(Serialize, Deserialize)]
struct Kept {
    width: u32,
    height: u32,
}

impl<'a> Places<'a> {
    /// Over these files and their readings.
    pub fn new(
        files: BTreeMap<&'a str, &'a InputFile>,
        readings: &'a Readings<'a>,
        store: &'a Store,
        pool: &'a Pool,
    ) -> Self {
        Self { files, readings, store, pool, last: Mutex::new(None) }
    }

    /// Reads a value a second time; none where that is not possible.
    pub fn reread(&self, evidence: &Evidence, expect: Expect) -> Option<Vec<(String, Confidence)>> {
        let Place::Page { page, bbox } = evidence.source.place else { return None };
        let file = self.files.get(&*evidence.source.file)?;
        let at = format!("{page} {bbox:?} {expect:?}");
        let lock = file.lock.as_deref().unwrap_or_default();
        let key = Key::new(&["reread", VERSION, &file.sha256, lock, self.readings.engine(), &at]);
        if let Some(known) = self.store.get(&key).and_then(|json| serde_json::from_slice(&json).ok()) {
            return known;
        }
        let turned = self.with_page(file, page, |p| p.turned).unwrap_or(0);
        let task = Task::Reread { format: file.format, page, bbox, turned, expect };
        match self.pool.one(&file.disk, task) {
            Reply::Values(values) => {
                if let Ok(json) = serde_json::to_vec(&Some(&values)) {
                    // A full disk was told of when readings were kept; here it only costs time on the next run.
                    let _ = self.store.put(&key, &json);
                }
                Some(values)
            }
            _ => None,
        }
    }

    /// How alike two pictures are, in thousandths, the second seen in a mirror if told so; none where they cannot be
    /// compared.
    pub fn likeness(&self, a: &Source, b: &Source, mirrored: bool) -> Option<u16> {
        let (x, y) = (self.files.get(&*a.file)?, self.files.get(&*b.file)?);
        let at = format!("{:?} {:?} {mirrored}", a.place, b.place);
        let locks = [x, y].map(|f| f.lock.as_deref().unwrap_or_default());
        let key = Key::new(&["alike", VERSION, &x.sha256, &y.sha256, locks[0], locks[1], &at]);
        if let Some(known) = self.store.get(&key).and_then(|json| serde_json::from_slice(&json).ok()) {
            return known;
        }
        let pictures = self.drawn(x, &a.place).zip(self.drawn(y, &b.place));
        let alike =
            pictures.and_then(|(a, b)| likeness(&a, &b, mirrored)).map(|l| Confidence::from_unit(l).0);
        if let Ok(json) = serde_json::to_vec(&alike)
            && !self.pool.stopped()
        {
            let _ = self.store.put(&key, &json);
        }
        alike
    }

    /// A picture as its page shows it.
    fn drawn(&self, file: &InputFile, place: &Place) -> Option<image::RgbImage> {
        let Place::Page { page, bbox } = *place else { return None };
        let dpi = (72.0 * COMPARED / bbox.width().max(1.0)).clamp(36.0, 200.0);
        let task = Task::Render { format: file.format, page, dpi, bbox: None };
        let Reply::Picture(png) = self.pool.one(&file.disk, task) else { return None };
        let whole = image::load_from_memory_with_format(&png, image::ImageFormat::Png).ok()?.into_rgb8();
        let pixel = |v: f32, most: u32| ((v * dpi / 72.0).round().max(0.0) as u32).min(most);
        let BBox { x0, y0, x1, y1 } = bbox;
        let (left, right) = (pixel(x0, whole.width()), pixel(x1, whole.width()));
        let (top, bottom) = (pixel(y0, whole.height()), pixel(y1, whole.height()));
        let (w, h) = (right.saturating_sub(left), bottom.saturating_sub(top));
        (w > 0 && h > 0).then(|| image::imageops::crop_imm(&whole, left, top, w, h).to_image())
    }

    fn outcome(&self, file: &InputFile) -> std::sync::Arc<Outcome> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((sha256, outcome)) = &*last
            && *sha256 == file.sha256
        {
            return outcome.clone();
        }
        let outcome = std::sync::Arc::new(self.readings.get(file));
        *last = Some((file.sha256.clone(), outcome.clone()));
        outcome
    }

    fn with_page<T>(&self, file: &InputFile, number: u32, f: impl FnOnce(&Page) -> T) -> Option<T> {
        match &*self.outcome(file) {
            Outcome::Read(reading, _) => reading.pages.iter().find(|p| p.number == number).map(f),
            Outcome::Failed(_) => None,
        }
    }

    fn picture(&self, file: &InputFile, page: u32, bbox: crate::model::BBox) -> Option<Exhibit> {
        let at = format!("{page} {bbox:?} {}", crop::DPI);
        let lock = file.lock.as_deref().unwrap_or_default();
        let key = Key::new(&["crop", VERSION, &file.sha256, lock, &at]);
        let png = match self.store.get(&key) {
            Some(png) => png,
            None => {
                let task = Task::Render { format: file.format, page, dpi: crop::DPI, bbox: Some(bbox) };
                let png = match self.pool.one(&file.disk, task) {
                    Reply::Picture(png) => png,
                    _ => Vec::new(),
                };
                if !self.pool.stopped() {
                    let _ = self.store.put(&key, &png);
                }
                png
            }
        };
        let size = Kept::of(&png)?;
        let shown = |pixels: u32| (pixels as f32 * 96.0 / crop::DPI).round() as u32;
        Some(Exhibit::Picture {
            mime: "image/png",
            width: shown(size.width),
            height: shown(size.height),
            bytes: png,
        })
    }
}

impl Kept {
    /// The size of a PNG, from its header.
    fn of(png: &[u8]) -> Option<Self> {
        let number =
            |at: usize| png.get(at..at + 4).map(|b| b.iter().fold(0u32, |n, &x| (n << 8) | u32::from(x)));
        Some(Self { width: number(16)?, height: number(20)? })
    }
}

impl Exhibits for Places<'_> {
    fn show(&self, evidence: &Evidence) -> Option<Exhibit> {
        let file = self.files.get(&*evidence.source.file)?;
        match &evidence.source.place {
            Place::File => None,
            Place::Page { page, bbox } => self.picture(file, *page, *bbox),
            place => {
                let Outcome::Read(reading, _) = &*self.outcome(file) else { return None };
                let parts = reading.pages.iter().find_map(|page| excerpt(page, place))?;
                Some(Exhibit::Excerpt(parts))
            }
        }
    }
}

/// The row of the table that holds the place, or the lines around it.
fn excerpt(page: &Page, place: &Place) -> Option<Vec<ExcerptPart>> {
    for table in &page.tables {
        if let Some(hit) = table.cells.iter().find(|c| c.place == *place) {
            let cells =
                table.row(hit.row).map(|c| ExcerptPart { text: c.text.clone(), hit: c.place == *place });
            return Some(cells.collect());
        }
    }
    let at = page.lines.iter().position(|l| l.place == *place)?;
    let (from, to) = (at.saturating_sub(AROUND), (at + AROUND + 1).min(page.lines.len()));
    let lines = page.lines[from..to].iter();
    Some(lines.map(|l| ExcerptPart { text: l.text.clone(), hit: l.place == *place }).collect())
}

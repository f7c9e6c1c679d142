//! The child's side: receives jobs, does them, answers.

use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, mpsc};

use image::{RgbImage, imageops};

use crate::model::{BBox, Format, ReadError};
use crate::read::{Expect, ReadContext, Reader, Recogniser, reader_of};
use crate::report::crop;

use super::engines::{self, Places};
use super::protocol::{Hello, Order, Reply, Start, Task, receive, send};
use super::sandbox;

/// Seconds of CPU a job may take, and more for each page it reads.
const CPU: u64 = 40;
const CPU_PAGE: u64 = 20;
/// Parsers recurse; the room is only mapped when it is used.
const STACK: usize = 64 << 20;
/// Resolution of second readings.
const REREAD_DPI: f32 = 300.0;
/// Most pixels of a drawn page.
const PIXELS: f32 = 80e6;

/// Serves jobs from standard input until it closes.
///
/// # Errors
/// When the parent is gone.
pub fn serve(places: &Places) -> io::Result<()> {
    let readable = [&places.models, &places.tessdata, &places.font].into_iter().flatten().cloned();
    sandbox::enter(&readable.collect::<Vec<_>>());
    let worker = std::thread::Builder::new().stack_size(STACK);
    let places = places.clone();
    let (start, _) = receive::<Start>(&mut io::stdin().lock())?;
    let done = worker.spawn(move || {
        let (recogniser, notes) = engines::recogniser(&places);
        let jobs = incoming();
        let mut out = io::stdout().lock();
        let engine = recogniser.as_ref().map(|r| r.fingerprint());
        send(&mut out, &Hello { engine, notes }, &[])?;
        let passwords: Vec<&str> = start.passwords.iter().collect();
        let mut held = None;
        while let Ok((Order { task, same }, bytes)) = jobs.recv() {
            let file = match held.take().filter(|_| same) {
                Some(file) => file,
                None => open(&task, bytes, &passwords),
            };
            let reply = perform(&task, &file, recogniser.as_deref());
            held = Some(file);
            answer(&mut out, reply)?;
        }
        Ok(())
    })?;
    done.join().unwrap_or_else(|_| Err(io::Error::other("worker thread panicked")))
}

/// Jobs from standard input. When it closes the parent is gone or done with us: whatever runs is of no use.
fn incoming() -> mpsc::Receiver<(Order, Vec<u8>)> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut stdin = io::stdin().lock();
        while let Ok(job) = receive(&mut stdin) {
            if sender.send(job).is_err() {
                break;
            }
        }
        #[allow(clippy::exit, reason = "ends a job that nobody waits for")]
        std::process::exit(0);
    });
    receiver
}

fn answer(out: &mut impl Write, reply: Reply) -> io::Result<()> {
    match reply {
        // Pixels would be large as JSON.
        Reply::Picture(png) => send(out, &Reply::Picture(Vec::new()), &png),
        other => send(out, &other, &[]),
    }
}

/// The file that jobs are done on.
struct File {
    /// As it lies on the disk.
    original: Arc<Vec<u8>>,
    /// Without its lock, where a password opened it; or why none did.
    opened: Option<Result<Arc<Vec<u8>>, ReadError>>,
}

/// Takes the file of a job, without its lock if a password opens it.
fn open(task: &Task, bytes: Vec<u8>, passwords: &[&str]) -> File {
    let (Task::Read { format, .. } | Task::Render { format, .. } | Task::Reread { format, .. }) = task;
    sandbox::allow_cpu(CPU);
    let opened = reader_of(*format).and_then(|reader| reader.unlock(&bytes, passwords));
    File { original: Arc::new(bytes), opened: opened.map(|o| o.map(Arc::new)) }
}

/// Does one job. A panic in a parser becomes a failure.
fn perform(task: &Task, file: &File, recogniser: Option<&dyn Recogniser>) -> Reply {
    let (bytes, original) = match &file.opened {
        None => (&file.original, None),
        Some(Ok(opened)) => (opened, Some(file.original.as_slice())),
        Some(Err(why)) => return Reply::Failed(why.clone()),
    };
    let done = catch_unwind(AssertUnwindSafe(|| match task {
        Task::Read { format, pages } => read(*format, (bytes, original), *pages, recogniser),
        Task::Render { format, page, dpi, bbox } => render(*format, bytes, *page, *dpi, *bbox),
        Task::Reread { format, page, bbox, turned, expect } => {
            reread(*format, bytes, *page, *bbox, *turned, *expect, recogniser)
        }
    }));
    done.unwrap_or_else(|panic| Err(ReadError::Crashed(panic_words(&*panic)))).unwrap_or_else(Reply::Failed)
}

fn reader(format: Format) -> Result<&'static dyn Reader, ReadError> {
    reader_of(format).ok_or_else(|| ReadError::Unsupported(crate::ingest::sniff::name_of(format).to_string()))
}

fn read(
    format: Format,
    (bytes, original): (&Arc<Vec<u8>>, Option<&[u8]>),
    pages: Option<(u32, u32)>,
    recogniser: Option<&dyn Recogniser>,
) -> Result<Reply, ReadError> {
    let reader = reader(format)?;
    sandbox::allow_cpu(CPU);
    let shared = Some(Arc::clone(bytes));
    let mut cx = ReadContext { shared, original, ..ReadContext::new(recogniser) };
    let total = reader.page_count(bytes, &cx);
    let mut count = 4;
    if let (Some(total), Some((first, last))) = (total, pages) {
        let last = last.min(total).min(cx.max_pages);
        cx.pages = Some((first, last));
        count = u64::from((last + 1).saturating_sub(first));
    }
    sandbox::allow_cpu(CPU + CPU_PAGE * count);
    let mut reading = reader.read(bytes, &cx)?;
    if original.is_some() {
        let with = if format == Format::LockedOffice { "或 Office 默认的密码" } else { "" };
        reading.notes.push(format!("文件已加密，用密码清单中的密码{with}打开"));
    }
    Ok(Reply::Read { reading, total })
}

fn render(format: Format, bytes: &[u8], page: u32, dpi: f32, bbox: Option<BBox>) -> Result<Reply, ReadError> {
    let picture = draw(format, bytes, page, dpi)?;
    let picture = bbox.map_or_else(|| picture.clone(), |bbox| crop::crop(&picture, dpi, bbox));
    let mut png = Vec::new();
    picture
        .write_to(&mut io::Cursor::new(&mut png), image::ImageFormat::Png)
        .map_err(|e| ReadError::Damaged(e.to_string()))?;
    Ok(Reply::Picture(png))
}

fn reread(
    format: Format,
    bytes: &[u8],
    page: u32,
    bbox: BBox,
    turned: u16,
    expect: Expect,
    recogniser: Option<&dyn Recogniser>,
) -> Result<Reply, ReadError> {
    let recogniser = recogniser.ok_or(ReadError::NoEngine)?;
    let picture = cut(&draw(format, bytes, page, REREAD_DPI)?, REREAD_DPI, bbox);
    let upright = match turned {
        90 => imageops::rotate90(&picture),
        180 => imageops::rotate180(&picture),
        270 => imageops::rotate270(&picture),
        _ => picture,
    };
    Ok(Reply::Values(recogniser.reread(&upright, expect)))
}

/// The part of a page in `bbox`, with a little paper around it.
fn cut(page: &RgbImage, dpi: f32, bbox: BBox) -> RgbImage {
    let scale = dpi / 72.0;
    let pad = (bbox.height().min(bbox.width()) * 0.2).clamp(1.0, 6.0);
    let pixel = |v: f32, most: u32| ((v * scale).max(0.0) as u32).min(most.saturating_sub(1));
    let (x0, y0) = (pixel(bbox.x0 - pad, page.width()), pixel(bbox.y0 - pad, page.height()));
    let (x1, y1) = (pixel(bbox.x1 + pad, page.width()), pixel(bbox.y1 + pad, page.height()));
    imageops::crop_imm(page, x0, y0, (x1 - x0).max(1), (y1 - y0).max(1)).to_image()
}

fn draw(format: Format, bytes: &[u8], page: u32, dpi: f32) -> Result<RgbImage, ReadError> {
    sandbox::allow_cpu(CPU);
    let picture = reader(format)?.render(bytes, page, dpi);
    picture
        .filter(|p| p.width() as f32 * p.height() as f32 <= PIXELS)
        .ok_or_else(|| ReadError::Unsupported("此文件无法绘制页面".to_string()))
}

fn panic_words(panic: &(dyn std::any::Any + Send)) -> String {
    let words = panic
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| panic.downcast_ref::<String>().cloned());
    words.unwrap_or_else(|| "内部错误".to_string()).chars().take(200).collect()
}

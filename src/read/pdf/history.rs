//! What a PDF tells of its own history: earlier revisions that showed other text, and who saved it when.

use std::sync::Arc;

use chrono::NaiveDate;
use hayro_interpret::{Context, InterpreterCache, TransformExt, interpret_page};
use hayro_syntax::Pdf;
use hayro_syntax::object::DateTime;
use kurbo::Rect;

use super::covered::without_annotations;
use super::device::Collector;
use super::unicode::Unicode;
use super::{fonts, integrity, revision, runs, visible};
use crate::model::{BBox, Change, Line, Place, Trace};
use crate::text::normal::squash;

/// Most revisions compared, most bytes parsed for it, most pages read of one, and most changes told.
const MOST_REVISIONS: usize = 8;
const MOST_BYTES: usize = 256 << 20;
const MOST_PAGES: usize = 20;
const MOST_CHANGES: usize = 50;

/// The traces of the file as a whole.
pub(super) fn traces(bytes: &Arc<Vec<u8>>) -> Vec<Trace> {
    let mut out: Vec<Trace> = made(bytes).into_iter().collect();
    let (ends, signed) = boundaries(bytes);
    if ends.len() < 2 || bytes.len().saturating_mul(2 * ends.len()) > MOST_BYTES {
        return out;
    }
    for pair in ends.windows(2) {
        let (earlier, later) = (&bytes[..pair[0]], &bytes[..pair[1]]);
        for page in revision::pages(earlier, later).unwrap_or_default().into_iter().take(MOST_PAGES) {
            if let (Some(before), Some(after)) = (lines(earlier, page), lines(later, page)) {
                out.extend(changes(&before, &after, page, signed));
            }
        }
    }
    out.truncate(MOST_CHANGES);
    out
}

/// Where the revisions to compare end, in order, and whether the first of them is signed. What was written before a
/// signature is the signer's own business.
fn boundaries(bytes: &[u8]) -> (Vec<usize>, bool) {
    const MARK: &[u8] = b"%%EOF";
    let mut ends: Vec<usize> =
        memchr::memmem::find_iter(bytes, MARK).map(|at| at + MARK.len()).take(1_000).collect();
    // The first mark of a file made for the web ends its first page, not a revision.
    let head = bytes.get(..bytes.len().min(1_024)).unwrap_or_default();
    if memchr::memmem::find(head, b"/Linearized").is_some() && !ends.is_empty() {
        ends.remove(0);
    }
    let first_signed = integrity::ends(bytes).into_iter().min();
    if let Some(signed) = first_signed {
        ends.retain(|e| *e > signed + 2);
        ends.insert(0, signed);
    }
    if let Some(last) = ends.last_mut() {
        *last = bytes.len();
    }
    if ends.len() > MOST_REVISIONS {
        // The first state and the last ones: nothing that is seen today goes unexplained.
        ends.drain(1..=ends.len() - MOST_REVISIONS);
    }
    (ends, first_signed.is_some())
}

/// The lines a reader sees of a page's own content.
fn lines(bytes: &[u8], number: u32) -> Option<Vec<Line>> {
    let pdf = Pdf::new(bytes.to_vec()).ok()?;
    let page = pdf.pages().get(usize::try_from(number).ok()?.checked_sub(1)?)?;
    let (width, height) = page.render_dimensions();
    let mut unicode = Unicode::new(&pdf);
    let cache = InterpreterCache::new();
    let mut collector = Collector::new(&mut unicode, width, height);
    let area = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let transform = page.initial_transform(true).to_kurbo();
    let settings = without_annotations(&fonts::settings());
    let mut context = Context::new(transform, area, &cache, page.xref(), settings);
    interpret_page(page, &mut context, &mut collector);
    let glyphs = std::mem::take(&mut collector.glyphs);
    let sorted = visible::sort(glyphs, &collector.fills);
    Some(runs::runs(&sorted.seen, &collector.rulings, number))
}

/// What stood on a page and stands there no more, with what stands in its place.
fn changes(before: &[Line], after: &[Line], page: u32, signed: bool) -> Vec<Trace> {
    let removed = without(before, after);
    let added = without(after, before);
    let mut out = Vec::new();
    for old in removed {
        let Some(area) = old.bbox() else { continue };
        let here = |l: &&&Line| {
            l.bbox().is_some_and(|b| {
                area.shared_height(b) > 0.4 * area.height().min(b.height()) && area.shared_width(b) > 0.0
            })
        };
        let mut news: Vec<&&Line> = added.iter().filter(here).collect();
        news.sort_by(|a, b| left(a).total_cmp(&left(b)));
        let parts: Vec<&str> = news.iter().map(|l| l.text.as_str()).collect();
        let new = parts.join(" ");
        if lengthened(&old.text, &new) {
            continue;
        }
        let bbox = news.iter().filter_map(|l| l.bbox()).fold(area, BBox::union);
        let cut = |s: &str| s.chars().take(200).collect::<String>();
        out.push(Trace {
            place: Place::Page { page, bbox },
            mark: Change::Revised { before: cut(&old.text), after: cut(&new), signed },
        });
    }
    out
}

fn left(line: &Line) -> f32 {
    line.bbox().map_or(0.0, |b| b.x0)
}

/// Lines whose text is not among the others, as often as it stands there.
fn without<'l>(lines: &'l [Line], others: &[Line]) -> Vec<&'l Line> {
    let mut left: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for other in others {
        *left.entry(squash(&other.text)).or_default() += 1;
    }
    let gone = |line: &&Line| match left.get_mut(&squash(&line.text)) {
        Some(n) if *n > 0 => {
            *n -= 1;
            false
        }
        _ => true,
    };
    lines.iter().filter(gone).collect()
}

/// Whether the old text still stands there, and words that change no figure were put beside it.
fn lengthened(old: &str, new: &str) -> bool {
    let digits = |s: &str| s.chars().filter(char::is_ascii_digit).collect::<String>();
    squash(new).contains(&squash(old)) && digits(new) == digits(old)
}

/// Who made and saved the file, and when.
fn made(bytes: &Arc<Vec<u8>>) -> Option<Trace> {
    let pdf = Pdf::new(Arc::clone(bytes)).ok()?;
    let m = pdf.metadata();
    let text = |b: &Option<Box<[u8]>>| b.as_deref().map(words).unwrap_or_default();
    let mark = Change::Made {
        producer: text(&m.producer),
        creator: text(&m.creator),
        created: m.creation_date.and_then(day),
        modified: m.modification_date.and_then(day),
    };
    let nothing =
        Change::Made { producer: String::new(), creator: String::new(), created: None, modified: None };
    (mark != nothing).then_some(Trace { place: Place::File, mark })
}

fn words(bytes: &[u8]) -> String {
    let text = match bytes {
        [0xfe, 0xff, rest @ ..] => {
            let units: Vec<u16> = rest.chunks_exact(2).map(|p| u16::from_be_bytes([p[0], p[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        _ => std::str::from_utf8(bytes)
            .map_or_else(|_| encoding_rs::GB18030.decode(bytes).0.into_owned(), str::to_owned),
    };
    text.chars().filter(|c| !c.is_control()).take(120).collect::<String>().trim().to_owned()
}

fn day(t: DateTime) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::from(t.year), u32::from(t.month), u32::from(t.day))
}

//! Where the text layer says other than the page shows: figures whose outlines cannot be the figures they are said to
//! be, and small pictures laid over text. Only such places are drawn and recognised: pages without them cost nothing.

use std::collections::BTreeSet;

use super::damaged::Drawn;
use super::marks::{Fill, Glyph, Turn};
use super::runs;
use super::visible::{Sorted, cover};
use crate::model::{BBox, Change, Confidence, Line, Place, Trace};

/// Most places that are recognised on one page.
const MOST: usize = 6;
/// What is recognised less surely than this says nothing.
const LEAST_SURE: u16 = 700;
/// Pictures over text that may be patches: no larger share of the page, no higher (points).
const PATCH: f32 = 0.06;
const PATCH_HEIGHT: f32 = 42.0;

/// Figures of a font that were recognised as what they are said to be, whatever their outlines look like.
pub(super) type Trusted = BTreeSet<(u16, char)>;

/// The traces of figures that are other figures.
pub(super) fn figures(
    sorted: &Sorted,
    runs: &[Line],
    drawn: &mut Drawn<'_, '_>,
    trusted: &mut Trusted,
    number: u32,
) -> Vec<Trace> {
    let mut out = Vec::new();
    let mut done: Vec<BBox> = Vec::new();
    for glyph in sorted.seen.iter().filter(|g| g.unlike && g.turn == Turn::None) {
        if trusted.contains(&(glyph.font, glyph.ch)) || done.len() >= MOST {
            continue;
        }
        let b = glyph.bbox();
        if done.iter().any(|d| d.contains(b.mid_x(), b.mid_y())) {
            continue;
        }
        let Some((says, area)) = runs.iter().find_map(|run| token(run, b)) else { continue };
        done.push(area);
        let Some((shows, confidence)) = seen(drawn, area) else { continue };
        if digits(&shows) == digits(&says) {
            let own = |g: &&Glyph| g.unlike && area.contains(g.bbox().mid_x(), g.bbox().mid_y());
            trusted.extend(sorted.seen.iter().filter(own).map(|g| (g.font, g.ch)));
        } else if digits(&shows).len() >= 2 {
            out.push(Trace {
                place: Place::Page { page: number, bbox: area },
                mark: Change::Unlike { says, shows, confidence, picture: false },
            });
        }
    }
    out
}

/// The number of a run that a glyph stands in, with its box.
fn token(run: &Line, glyph: BBox) -> Option<(String, BBox)> {
    let own = run.bbox()?;
    if !own.contains(glyph.mid_x(), glyph.mid_y()) {
        return None;
    }
    let text: Vec<char> = run.text.chars().collect();
    if run.edges.len() != text.len() + 1 {
        return None;
    }
    let at = (0..text.len()).find(|i| (run.edges[*i]..run.edges[*i + 1]).contains(&glyph.mid_x()))?;
    let part = |c: &char| c.is_ascii_digit() || ",.-/:年月日¥￥".contains(*c);
    let from = at - text[..at].iter().rev().take_while(|c| part(c)).count();
    let to = at + text[at..].iter().take_while(|c| part(c)).count();
    let bbox = BBox { x0: run.edges[from], x1: run.edges[to.max(at + 1)], ..own };
    Some((text[from..to.max(at + 1)].iter().collect(), bbox))
}

/// What the drawn page shows in a box, and how surely.
fn seen(drawn: &mut Drawn<'_, '_>, area: BBox) -> Option<(String, Confidence)> {
    let (dx, dy) = (0.25 * area.height(), 0.15 * area.height());
    let wide = BBox::new(area.x0 - dx, area.y0 - dy, area.x1 + dx, area.y1 + dy);
    let lines = drawn.read(wide, area.height());
    let confidence = lines.iter().map(|l| l.confidence).min().filter(|c| c.0 >= LEAST_SURE)?;
    let parts: Vec<&str> = lines.iter().map(|l| l.text.trim()).collect();
    Some((parts.join(" "), confidence))
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The traces of text under small pictures that show text themselves, and what they show: that is what is read there.
pub(super) fn patches(
    sorted: &Sorted,
    fills: &[Fill],
    page: f32,
    drawn: &mut Drawn<'_, '_>,
    number: u32,
) -> (Vec<Trace>, Vec<Line>) {
    let mut groups: Vec<(Fill, Vec<Glyph>)> = Vec::new();
    for glyph in &sorted.hidden {
        let Some(fill) = cover(glyph, fills).filter(|f| f.picture && is_patch(f.bbox, page)) else {
            continue;
        };
        match groups.iter_mut().find(|(f, _)| f.seq == fill.seq) {
            Some((_, glyphs)) => glyphs.push(*glyph),
            None => groups.push((*fill, vec![*glyph])),
        }
    }
    let (mut traces, mut lines) = (Vec::new(), Vec::new());
    for (fill, under) in groups.into_iter().take(MOST) {
        let on_top = |g: &Glyph| g.seq > fill.seq && fill.bbox.contains(g.bbox().mid_x(), g.bbox().mid_y());
        let says: Vec<String> = runs::runs(&under, &[], number).into_iter().map(|l| l.text).collect();
        let says = says.join(" ");
        if digits(&says).len() < 2 || sorted.seen.iter().any(on_top) {
            continue;
        }
        let read = drawn.read(fill.bbox, fill.bbox.height() * 0.8);
        let Some(confidence) = read.iter().map(|l| l.confidence).min().filter(|c| c.0 >= LEAST_SURE) else {
            continue;
        };
        let parts: Vec<&str> = read.iter().map(|l| l.text.trim()).collect();
        let shows = parts.join(" ");
        if digits(&shows) != digits(&says) && digits(&shows).len() >= 2 {
            traces.push(Trace {
                place: Place::Page { page: number, bbox: fill.bbox },
                mark: Change::Unlike { says, shows, confidence, picture: true },
            });
        }
        lines.extend(read);
    }
    (traces, lines)
}

/// Whether a picture may be a patch over a few words: seals are higher, scans larger.
fn is_patch(b: BBox, page: f32) -> bool {
    b.width() > 1.2 * b.height() && b.height() <= PATCH_HEIGHT && b.width() * b.height() <= PATCH * page
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::pdf::PdfReader;
    use crate::read::pdf::tests::Says;
    use crate::read::{ReadContext, Reader};

    /// A page with an amount, and a picture drawn at a place after it.
    fn file(picture: &str) -> Vec<u8> {
        let stream = |head: &str, body: &str| {
            format!("<< {head} /Length {} >>\nstream\n{body}\nendstream", body.len())
        };
        let content = format!("BT /F1 10 Tf 50 200 Td (13,000.00) Tj ET q {picture} cm /I Do Q");
        let pixels = "ff".repeat(80 * 16) + ">";
        let grey = "/Type /XObject /Subtype /Image /Width 80 /Height 16 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /ASCIIHexDecode";
        let font = "<< /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>";
        let page = format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 300] /Contents 4 0 R /Resources << /Font {font} /XObject << /I 5 0 R >> >> >>"
        );
        let objects = [
            "<< /Type /Catalog /Pages 2 0 R >>".to_string(),
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_string(),
            page,
            stream("", &content),
            stream(grey, &pixels),
        ];
        let mut out = b"%PDF-1.7\n".to_vec();
        for (i, object) in objects.iter().enumerate() {
            out.extend(format!("{} 0 obj\n{object}\nendobj\n", i + 1).into_bytes());
        }
        out.extend(b"trailer << /Size 6 /Root 1 0 R >>\n%%EOF\n");
        out
    }

    fn told(bytes: &[u8], says: &'static str) -> (Vec<Change>, Vec<String>) {
        let reading = PdfReader.read(bytes, &ReadContext::new(Some(&Says(says)))).unwrap();
        let marks = reading.traces.into_iter().map(|t| t.mark).collect();
        (marks, reading.pages[0].lines.iter().map(|l| l.text.clone()).collect())
    }

    #[test]
    fn what_a_patch_shows_is_read_and_told() {
        let over = file("70 0 0 14 45 196");
        let (marks, lines) = told(&over, "913,000.00");
        let expected = Change::Unlike {
            says: "13,000.00".into(),
            shows: "913,000.00".into(),
            confidence: Confidence(900),
            picture: true,
        };
        assert_eq!((marks, lines), (vec![expected], vec!["913,000.00".to_string()]));
        assert!(told(&over, "13,000.00").0.is_empty(), "the same");
        assert!(told(&over, "印章").0.is_empty(), "no figures");
    }

    #[test]
    fn pictures_beside_the_text_and_large_ones_are_no_patches() {
        let patched = |picture: &str| {
            let (marks, _) = told(&file(picture), "913,000.00");
            marks.iter().any(|m| matches!(m, Change::Unlike { picture: true, .. }))
        };
        assert!(!patched("70 0 0 14 245 196"));
        assert!(!patched("90 0 0 90 45 160"));
    }
}

//! Places that ask for a signature, a seal or a date, and whether something is there.

use super::sheet::Sheet;
use crate::model::{BBox, Confidence, Line, Mark, MarkKind, Page, SealInk, Seen};
use crate::read::layout::Ruling;

/// Words that ask for something; the longer ones first. A date is asked for by its label or by its blanks.
const LABELS: &[(&str, MarkKind)] = &[
    ("签字或盖章", MarkKind::Either),
    ("签名或盖章", MarkKind::Either),
    ("签字盖章", MarkKind::Either),
    ("签字(盖章)", MarkKind::Either),
    ("签名(盖章)", MarkKind::Either),
    ("盖章", MarkKind::Seal),
    ("公章", MarkKind::Seal),
    ("(章)", MarkKind::Seal),
    ("签章", MarkKind::Either),
    ("签字", MarkKind::Signature),
    ("签名", MarkKind::Signature),
    ("签订日期", MarkKind::Date),
    ("签署日期", MarkKind::Date),
    ("日期", MarkKind::Date),
];
/// Most places on a page.
const MOST: usize = 40;
/// How far to the right of its words a place reaches at most, in points.
const REACH: f32 = 190.0;
/// How far a seal may stand from the words that ask for it.
const SEAL_REACH: f32 = 40.0;
/// Ink of a few strokes, in square millimetres.
const STROKES: f32 = 1.2;
/// Print is read more surely than this.
const PRINT: Confidence = Confidence(850);
/// What is darker is ink.
const INK: u8 = 150;

/// Finds the places on a page whose lines and seals are known. `k` is points per pixel of the sheet.
pub(super) fn find(page: &Page, sheet: &Sheet, k: f32) -> Vec<Mark> {
    let look = Look { page, sheet, rulings: sheet.rulings.in_points(k), k };
    page.lines.iter().enumerate().filter_map(|(i, line)| look.mark(i, line)).take(MOST).collect()
}

struct Look<'a> {
    page: &'a Page,
    sheet: &'a Sheet,
    rulings: Vec<Ruling>,
    k: f32,
}

/// Characters of a line that say the same without blanks and widths, each with its index in the line.
fn plain(line: &Line) -> Vec<(usize, char)> {
    let narrow = |c: char| match c {
        '（' => '(',
        '）' => ')',
        '：' => ':',
        other => other,
    };
    line.text.chars().enumerate().filter(|c| !c.1.is_whitespace()).map(|(i, c)| (i, narrow(c))).collect()
}

/// The words on a line that ask for something: what for, and from which to which character.
fn asked(line: &Line) -> Option<(MarkKind, usize, usize)> {
    let chars = plain(line);
    let text: String = chars.iter().map(|c| c.1).collect();
    // Sentences speak of signing without asking for it.
    if text.contains(['，', '。', '；']) || chars.len() > 40 {
        return None;
    }
    // 开票日期 and the like ask for the date of a paper, 日期 alone for that of a signature.
    let own = |at: usize, words: &str| {
        let before = text[..at].chars().last();
        words != "日期" || before.is_none_or(|c| !('\u{4e00}'..='\u{9fff}').contains(&c))
    };
    let found = LABELS
        .iter()
        .filter_map(|(words, kind)| Some((*kind, text.rfind(words)?, *words)))
        .filter(|(_, at, words)| own(*at, words));
    let last = found.max_by_key(|(_, at, words)| (*at + words.len(), words.len()));
    if let Some((kind, at, words)) = last {
        let first = text[..at].chars().count();
        let mut end = first + words.chars().count();
        while chars.get(end).is_some_and(|c| matches!(c.1, ')' | ':')) {
            end += 1;
        }
        // 日期 in a heading of a table, 公章 within a sentence: what follows a label is its value.
        let closed = chars.get(end - 1).is_some_and(|c| matches!(c.1, ')' | ':'));
        return (closed || end == chars.len()).then(|| (kind, chars[first].0, chars[end - 1].0 + 1));
    }
    let blanks = text.strip_suffix('日').is_some_and(|t| t.contains('年') && t.contains('月'));
    let only = text.chars().all(|c| "年月日_".contains(c));
    (blanks && only).then(|| (MarkKind::Date, chars[0].0, chars[0].0))
}

impl Look<'_> {
    fn mark(&self, index: usize, line: &Line) -> Option<Mark> {
        let (kind, from, to) = asked(line)?;
        // A cell of a table that is full of such words is a heading; one below the other column says nothing.
        let whole = line.bbox()?;
        let edge = |i: usize| line.edges.get(i).copied();
        let label_box = match (edge(from), edge(to)) {
            (Some(x0), Some(x1)) if x1 > x0 => BBox { x0, x1, ..whole },
            _ => whole,
        };
        let rest: String = line.text.chars().skip(to).collect();
        let area =
            self.place(index, if from == to { BBox { x1: whole.x0, ..whole } } else { label_box }, whole);
        let (beside, printed) = self.written(area, index);
        let text = [rest.trim(), beside.trim()].join(" ").trim().to_owned();
        let seen = match kind {
            MarkKind::Date => dated(&text),
            MarkKind::Seal => self.sealed(label_box, area),
            MarkKind::Signature => self.signed(area, &text),
            MarkKind::Either => match (self.signed(area, &text), self.sealed(label_box, area)) {
                (Seen::Present, _) | (_, Seen::Present) => Seen::Present,
                (Seen::Unknown, _) | (_, Seen::Unknown) => Seen::Unknown,
                _ => Seen::Absent,
            },
        };
        let label: String = line.text.chars().skip(from).take(to - from).collect();
        let label = if label.is_empty() { line.text.clone() } else { label };
        let text = (printed || kind == MarkKind::Date).then_some(text).filter(|t| !t.is_empty());
        Some(Mark { kind, label: label.trim().to_owned(), label_box, bbox: area, seen, text })
    }

    /// The paper beside the words, up to the next print, ruling or edge; below them where there is none beside.
    fn place(&self, index: usize, label: BBox, whole: BBox) -> BBox {
        let height = whole.height().max(4.0);
        let mut right = (label.x1 + REACH).min(self.page.width);
        for r in &self.rulings {
            let x = f32::midpoint(r.x0, r.x1);
            let upright = (r.y1 - r.y0).abs() > (r.x1 - r.x0).abs();
            let across = r.y0.min(r.y1) < label.mid_y() && r.y0.max(r.y1) > label.mid_y();
            if upright && across && x > label.x1 {
                right = right.min(x);
            }
        }
        let beside = self.page.lines.iter().enumerate().filter(|(i, l)| *i != index && asked(l).is_some());
        for b in beside.filter_map(|(_, l)| l.bbox()) {
            if b.x0 > label.x1 && b.shared_height(label) > 0.3 * height {
                right = right.min(b.x0);
            }
        }
        let (y0, y1) = (label.y0 - 0.9 * height, label.y1 + 0.9 * height);
        if right - label.x1 > 2.5 * height {
            return BBox::new(label.x1, y0.max(0.0), right, y1.min(self.page.height));
        }
        let below = label.y1 + 4.5 * height;
        BBox::new(label.x0, label.y1, right.max(label.x1), below.min(self.page.height))
    }

    /// What was read in a place, and whether all of it is surely print.
    fn written(&self, area: BBox, but: usize) -> (String, bool) {
        let mut text = String::new();
        let mut printed = true;
        for (i, line) in self.page.lines.iter().enumerate() {
            let inside = line.bbox().is_some_and(|b| area.contains(b.mid_x(), b.mid_y()));
            // A place is as high as two lines: the print of the neighbours is no writing.
            let level = line.bbox().is_some_and(|b| (b.mid_y() - area.mid_y()).abs() < 0.25 * area.height());
            if i == but || !inside || (!level && line.confidence >= PRINT) || asked(line).is_some() {
                continue;
            }
            text.push_str(line.text.trim());
            printed &= line.confidence >= PRINT;
        }
        (text, printed)
    }

    /// Whether something is written in a place: words, or ink that is no print.
    fn signed(&self, area: BBox, text: &str) -> Seen {
        if text.chars().any(char::is_alphanumeric) {
            return Seen::Present;
        }
        let ink = self.ink(area);
        if ink > STROKES {
            Seen::Present
        } else if ink > STROKES / 4.0 {
            Seen::Unknown
        } else {
            Seen::Absent
        }
    }

    /// Ink in a place that no surely read line explains, in square millimetres.
    fn ink(&self, area: BBox) -> f32 {
        let page = &self.sheet.text;
        let pixel = |v: f32, most: usize| ((v / self.k).max(0.0) as usize).min(most);
        let (x0, x1) = (pixel(area.x0, page.w), pixel(area.x1, page.w));
        let (y0, y1) = (pixel(area.y0, page.h), pixel(area.y1, page.h));
        let print: Vec<[usize; 4]> = self
            .page
            .lines
            .iter()
            .filter(|l| l.confidence >= PRINT)
            .filter_map(Line::bbox)
            .map(|b| {
                let pad = 0.15 * b.height();
                [
                    pixel(b.x0 - pad, page.w),
                    pixel(b.y0 - pad, page.h),
                    pixel(b.x1 + pad, page.w),
                    pixel(b.y1 + pad, page.h),
                ]
            })
            .filter(|p| p[0] < x1 && p[2] > x0 && p[1] < y1 && p[3] > y0)
            .collect();
        let mut n = 0usize;
        for y in y0..y1 {
            for x in x0..x1 {
                let printed = print.iter().any(|p| x >= p[0] && x < p[2] && y >= p[1] && y < p[3]);
                n += usize::from(!printed && page.px[y * page.w + x] < INK);
            }
        }
        let mm = self.k * 25.4 / 72.0;
        n as f32 * mm * mm
    }

    /// Whether a seal stands at a place. Without colours only a ring tells one; empty paper tells that there is none.
    fn sealed(&self, label: BBox, area: BBox) -> Seen {
        let near = |b: BBox| self.page.seals_near(b, SEAL_REACH).next().is_some();
        let over = self
            .page
            .seals
            .iter()
            .any(|s| s.bbox.shared_width(label) > 0.0 && s.bbox.shared_height(label) > 0.0);
        if over || near(label) || near(area) {
            return Seen::Present;
        }
        let grey = !self.page.coloured || self.page.seals.iter().any(|s| s.ink == SealInk::Grey);
        // A copy in black and white, scanned in colour, keeps its seals as dark strokes.
        let around = BBox::new(area.x0 - 40.0, area.y0 - 40.0, area.x1 + 40.0, area.y1 + 40.0);
        if grey || self.ink(around) > 6.0 * STROKES { Seen::Unknown } else { Seen::Absent }
    }
}

/// Whether a date is filled in.
fn dated(text: &str) -> Seen {
    let numerals = |c: char| c.is_ascii_digit() || "〇零一二三四五六七八九十".contains(c);
    if text.chars().filter(|c| numerals(*c)).count() >= 3 {
        Seen::Present
    } else if text.chars().all(|c| "年月日_-/. :".contains(c)) {
        Seen::Absent
    } else {
        Seen::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::super::Grey;
    use super::*;
    use crate::model::{Grade, Place, ReadBy, Seal};

    fn line(text: &str, x0: f32, y0: f32) -> Line {
        let n = text.chars().count();
        Line {
            text: text.into(),
            place: Place::Page { page: 1, bbox: BBox::new(x0, y0, x0 + 10.0 * n as f32, y0 + 10.0) },
            grade: Grade::Ocr,
            confidence: Confidence(990),
            row: 0,
            table: None,
            edges: (0..=n).map(|i| x0 + 10.0 * i as f32).collect(),
            size: 10.0,
        }
    }

    /// A page of 595 by 842 points at 144 dpi.
    fn page(lines: Vec<Line>, coloured: bool) -> (Page, Grey) {
        let mut page = Page::empty(1, 595.0, 842.0, ReadBy::Ocr);
        page.lines = lines;
        page.coloured = coloured;
        (page, Grey::new(1190, 1684, 250))
    }

    fn scrawl(g: &mut Grey, x: usize, y: usize) {
        for i in 0..60 {
            for t in 0..3 {
                g.px[(y + (i * 7) % 30 + t) * g.w + x + i] = 20;
            }
        }
    }

    fn seen(page: &Page, grey: Grey) -> Vec<(MarkKind, Seen)> {
        let sheet = Sheet { text: grey, rulings: Default::default(), ticks: Vec::new(), dpi: 144.0 };
        find(page, &sheet, 0.5).into_iter().map(|m| (m.kind, m.seen)).collect()
    }

    #[test]
    fn strokes_beside_a_label_are_a_signature_and_paper_is_none() {
        let (page, mut grey) = page(vec![line("法定代表人（签字）：", 60.0, 400.0)], true);
        assert_eq!(seen(&page, grey.clone()), [(MarkKind::Signature, Seen::Absent)]);
        scrawl(&mut grey, 400, 795);
        assert_eq!(seen(&page, grey), [(MarkKind::Signature, Seen::Present)]);
    }

    #[test]
    fn a_seal_is_there_or_not_or_cannot_be_told() {
        let lines = || vec![line("甲方（盖章）：", 60.0, 400.0)];
        let (mut colour, grey) = page(lines(), true);
        assert_eq!(seen(&colour, grey.clone()), [(MarkKind::Seal, Seen::Absent)]);
        colour.seals.push(Seal::at(BBox::new(90.0, 350.0, 200.0, 460.0)));
        assert_eq!(seen(&colour, grey.clone()), [(MarkKind::Seal, Seen::Present)]);
        assert_eq!(seen(&page(lines(), false).0, grey.clone()), [(MarkKind::Seal, Seen::Unknown)]);
        // A black seal of a copy that was scanned in colour.
        let mut dark = grey;
        for i in 0..8 {
            scrawl(&mut dark, 420, 740 + 20 * i);
        }
        assert_eq!(seen(&page(lines(), true).0, dark), [(MarkKind::Seal, Seen::Unknown)]);
    }

    #[test]
    fn dates_are_filled_in_or_blank() {
        let of = |text: &str| {
            let (page, grey) = page(vec![line(text, 60.0, 400.0)], true);
            seen(&page, grey)
        };
        assert_eq!(of("日期：2022年3月5日"), [(MarkKind::Date, Seen::Present)]);
        assert_eq!(of("日期：年月日"), [(MarkKind::Date, Seen::Absent)]);
        assert_eq!(of("年 月 日"), [(MarkKind::Date, Seen::Absent)]);
        assert_eq!(of("开票日期栏填写，签字后生效。"), []);
        assert_eq!(of("2022年3月5日"), []);
        assert_eq!(of("开票日期：2022年3月5日"), []);
    }
}

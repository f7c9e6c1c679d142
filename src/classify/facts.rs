//! What classification looks at on a page, or on a part of one.

use crate::model::{BBox, Page, ReadBy};
use crate::text::normal;
use crate::text::payload::Payload;

/// A row of text: runs side by side joined, or one run alone.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// The text without blanks.
    pub(super) text: String,
    /// Height on the page, 0 at the top, 1 at the bottom.
    pub(super) y: f32,
    /// Font size in points, 0 if unknown.
    pub(super) size: f32,
    /// The box, where the page has one.
    pub(super) bbox: Option<BBox>,
    /// The row stands alone: it may be a title.
    pub(super) alone: bool,
}

/// Characters below which a scanned page that looks like no paper is a picture.
const FEW: usize = 60;

/// The facts of a page.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    /// Page number.
    pub(super) number: u32,
    /// Rows and the runs they consist of.
    pub(super) rows: Vec<Row>,
    /// The whole text without blanks.
    pub(super) text: String,
    /// The same as characters.
    chars: Vec<char>,
    /// Recognised from pixels: characters may be wrong.
    pub(super) ocr: bool,
    /// No positions: Word, Excel.
    pub(super) flow: bool,
    /// Share of the page covered by its largest picture, where the page is no scan.
    pub(super) picture: f32,
    /// "第3页 共5页".
    pub(super) mark: Option<(u32, u32)>,
    /// A QR code with an invoice's payload.
    pub(super) invoice_code: bool,
    /// Structured data of an invoice; set by who knows the lexicon.
    pub(super) invoice_data: bool,
    /// Usual font size.
    pub(super) usual: f32,
}

impl Facts {
    /// Facts of a page, or of what lies within an area of it.
    pub(super) fn of(page: &Page, area: Option<BBox>) -> Self {
        let inside = |b: Option<BBox>| match (area, b) {
            (Some(a), Some(b)) => a.contains(b.mid_x(), b.mid_y()),
            _ => true,
        };
        let lines: Vec<_> = page.lines.iter().filter(|l| inside(l.bbox())).collect();
        let flow = !matches!(page.read_by, ReadBy::Pdf | ReadBy::Ofd | ReadBy::Ocr);
        let last_row = lines.iter().map(|l| l.row).max().unwrap_or(0).max(40) as f32;
        let top = area.map_or(0.0, |a| a.y0);
        let height = area.map_or(page.height, BBox::height).max(1.0);
        let mut rows: Vec<Row> = Vec::new();
        let mut text = String::new();
        let mut i = 0;
        while i < lines.len() {
            let mut k = i + 1;
            while k < lines.len() && lines[k].row == lines[i].row {
                k += 1;
            }
            let group = &lines[i..k];
            let parts: Vec<String> = group.iter().map(|l| normal::squash(&l.text)).collect();
            for (line, part) in group.iter().zip(&parts) {
                let y = line.bbox().map_or(line.row as f32 / last_row, |b| (b.y0 - top) / height);
                let alone = group.len() == 1 || line.table.is_none();
                rows.push(Row { text: part.clone(), y, size: line.size, bbox: line.bbox(), alone });
            }
            if group.len() > 1 {
                let bbox = group.iter().filter_map(|l| l.bbox()).reduce(BBox::union);
                let y = bbox.map_or(group[0].row as f32 / last_row, |b| (b.y0 - top) / height);
                rows.push(Row { text: parts.concat(), y, size: group[0].size, bbox, alone: true });
            }
            parts.iter().for_each(|p| text.push_str(p));
            i = k;
        }
        let mut sizes: Vec<f32> = lines.iter().map(|l| l.size).filter(|s| *s > 0.0).collect();
        sizes.sort_by(f32::total_cmp);
        let usual = sizes.get(sizes.len() / 2).copied().unwrap_or(0.0);
        let scan = page.read_by == ReadBy::Ocr;
        let area_of = |b: BBox| b.width() * b.height() / (page.width * page.height).max(1.0);
        let chars: Vec<char> = text.chars().collect();
        let picture = match (scan, page.look.is_some() && chars.len() < FEW) {
            (true, true) => 1.0,
            (true, false) => 0.0,
            _ => page.images.iter().map(|i| area_of(i.bbox)).fold(0.0, f32::max),
        };
        let invoice_code = page
            .codes
            .iter()
            .any(|c| inside(Some(c.bbox)) && Payload::parse(&c.text).is_some_and(|p| p.is_printed()));
        let mark = lines.iter().rev().find_map(|l| page_mark(&normal::squash(&l.text)));
        Self {
            number: page.number,
            rows,
            text,
            chars,
            ocr: scan,
            flow,
            picture,
            mark,
            invoice_code,
            invoice_data: false,
            usual,
        }
    }

    /// How many characters the page shows.
    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    /// Whether nothing worth a document stands here.
    pub(super) fn is_blank(&self) -> bool {
        self.len() < 6 && self.picture < 0.05 && !self.invoice_data && !self.invoice_code
    }

    /// Whether a phrase stands on the page; on recognised pages longer phrases match with one wrong character.
    pub(super) fn has(&self, phrase: &str) -> bool {
        if self.text.contains(phrase) {
            return true;
        }
        let wanted: Vec<char> = phrase.chars().collect();
        self.ocr && wanted.len() >= 5 && near(&self.chars, &wanted).is_some()
    }
}

/// Where `wanted` stands in `text` with at most one character replaced.
pub(super) fn near(text: &[char], wanted: &[char]) -> Option<usize> {
    text.windows(wanted.len()).position(|w| w.iter().zip(wanted).filter(|(a, b)| a != b).take(2).count() <= 1)
}

/// "第3页共5页", "3/5", "第 3 页，共 5 页", "Page 3 of 5" on a row of its own.
fn page_mark(text: &str) -> Option<(u32, u32)> {
    if text.chars().count() > 16 {
        return None;
    }
    let marked = (text.contains('第') && text.contains('页') && text.contains('共'))
        || (text.contains('共') && text.contains('页'))
        || (text.contains('/') && text.chars().all(|c| c.is_ascii_digit() || "/-()页".contains(c)))
        || text.to_ascii_lowercase().starts_with("page");
    if !marked {
        return None;
    }
    let numbers: Vec<u32> =
        text.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect();
    match numbers[..] {
        [n, total] if n >= 1 && n <= total && total < 2000 => Some((n, total)),
        // "共5页第3页".
        [total, n] if text.starts_with('共') && n >= 1 && n <= total => Some((n, total)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_marks() {
        assert_eq!(page_mark("第3页共5页"), Some((3, 5)));
        assert_eq!(page_mark("3/5"), Some((3, 5)));
        assert_eq!(page_mark("共5页,第3页"), Some((3, 5)));
        assert_eq!(page_mark("2022/3/5"), None);
        assert_eq!(page_mark("合同第3条共5款"), None);
    }

    #[test]
    fn one_wrong_character_is_forgiven() {
        let chars: Vec<char> = "湖南增值税寺用发票".chars().collect();
        let wanted: Vec<char> = "增值税专用发票".chars().collect();
        assert_eq!(near(&chars, &wanted), Some(2));
        let other: Vec<char> = "增值税普通发票".chars().collect();
        assert_eq!(near(&other, &wanted), None);
    }
}

//! What classification looks at on a page, or on a part of one.

use super::number::{Mark, page_mark};
use crate::model::{BBox, Confidence, Line, Look, Page, Place, ReadBy};
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
    /// One run, not several side by side.
    pub(super) single: bool,
    /// The row stands alone: it may be a title.
    pub(super) alone: bool,
    /// Its middle is the page's middle, as titles are set; true where positions are not known.
    pub(super) centred: bool,
}

/// Characters below which a scanned page that looks like no paper is a picture.
const FEW: usize = 60;
/// Confidence from which a line of a picture counts as text.
const READABLE: Confidence = Confidence(600);

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
    /// It looks like the screen of a computer.
    pub(super) screen: bool,
    /// Page numbers printed on it; those that count the whole bundle are taken away by who sees all pages.
    pub(super) marks: Vec<Mark>,
    /// Width and height.
    pub(super) size: (f32, f32),
    /// Numbers of contracts named on it.
    pub(super) ids: Vec<String>,
    /// What stands on it beside page numbers, and in how many runs.
    body: (String, usize),
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
                let centred = is_centred(line.bbox(), page.width);
                let (size, bbox) = (line.size, line.bbox());
                rows.push(Row { text: part.clone(), y, size, bbox, single: true, alone, centred });
            }
            if group.len() > 1 {
                let bbox = group.iter().filter_map(|l| l.bbox()).reduce(BBox::union);
                let y = bbox.map_or(group[0].row as f32 / last_row, |b| (b.y0 - top) / height);
                let centred = is_centred(bbox, page.width);
                let (text, size) = (parts.concat(), group[0].size);
                rows.push(Row { text, y, size, bbox, single: false, alone: true, centred });
            }
            parts.iter().for_each(|p| text.push_str(p));
            i = k;
        }
        rows.extend(sheet_name(&lines));
        text.extend(downwards(&lines));
        let mut sizes: Vec<f32> = lines.iter().map(|l| l.size).filter(|s| *s > 0.0).collect();
        sizes.sort_by(f32::total_cmp);
        let usual = sizes.get(sizes.len() / 2).copied().unwrap_or(0.0);
        let scan = page.read_by == ReadBy::Ocr;
        let area_of = |b: BBox| b.width() * b.height() / (page.width * page.height).max(1.0);
        let chars: Vec<char> = text.chars().collect();
        // What engines make of the textures of a photograph is no text.
        let sure = lines.iter().filter(|l| l.confidence >= READABLE).map(|l| l.text.chars().count());
        let few = page.look.is_some_and(|l| l != Look::Dark) && sure.sum::<usize>() < FEW;
        let picture = match (scan, few) {
            (true, true) => 1.0,
            (true, false) => 0.0,
            _ => page.images.iter().map(|i| area_of(i.bbox)).fold(0.0, f32::max),
        };
        let invoice_code = page
            .codes
            .iter()
            .any(|c| inside(Some(c.bbox)) && Payload::parse(&c.text).is_some_and(|p| p.is_printed()));
        let (marks, body) = numbered(&lines, page.height, flow);
        let ids = contract_numbers(&rows);
        Self {
            number: page.number,
            rows,
            text,
            chars,
            ocr: scan,
            flow,
            picture,
            screen: page.look == Some(Look::Screen),
            marks,
            size: (page.width, page.height),
            ids,
            body,
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
        self.body.0.chars().count() < 6 && self.picture < 0.05 && !self.invoice_data && !self.invoice_code
    }

    /// The page number of the document, if one is printed.
    pub(super) fn mark(&self) -> Option<Mark> {
        self.marks.first().copied()
    }

    /// Whether a heading in large print stands in the middle of its head: something begins here.
    pub(super) fn begins(&self) -> bool {
        self.usual > 0.0
            && self.rows.iter().any(|r| {
                let length = r.text.chars().count();
                r.centred && r.y < 0.35 && r.size >= 1.3 * self.usual && (3..=28).contains(&length)
            })
    }

    /// Whether the page is a sheet between documents: "附件三", a kind's name in the middle of nothing, a bar code.
    pub(super) fn is_separator(&self) -> bool {
        let (text, runs) = &self.body;
        let length = text.chars().count();
        if self.flow || self.invoice_code || self.invoice_data || self.picture >= 0.05 || length == 0 {
            return false;
        }
        let code = |c: char| c.is_ascii_alphanumeric() || "*-_".contains(c);
        if text.chars().all(code) && length <= 40 && text.bytes().filter(u8::is_ascii_digit).count() >= 4 {
            return !self.ocr || *runs <= 2;
        }
        if length > 34 || *runs > 12 || text.contains(['。', ';', '|', '¥', '￥', '$', '%', '=']) {
            return false;
        }
        let named = NAMES_OF_PARTS.iter().any(|w| text.contains(w));
        let lettered = text.starts_with("附件") || text.contains("材料");
        // A cover names its parties or its author; a caption belongs to a picture, which may be drawn.
        let cover = !lettered && text.contains([':', '公', '所', '方']);
        let caption = text.starts_with('图')
            || ["照片", "截图", "界面", "首页", "大屏"].iter().any(|w| text.contains(w));
        let figures = text.chars().filter(char::is_ascii_digit).count() > 6;
        let caption = caption && !lettered;
        !cover && !caption && !figures && (named || lettered || (!self.ocr && length <= 20))
    }

    /// Whether a phrase stands on the page; on recognised pages longer phrases match with one wrong character.
    pub(super) fn has(&self, phrase: &str) -> bool {
        if memchr::memmem::find(self.text.as_bytes(), phrase.as_bytes()).is_some() {
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

/// Words on sheets that part the evidence.
const NAMES_OF_PARTS: &[&str] = &[
    "附件",
    "附录",
    "证明材料",
    "佐证",
    "发票",
    "合同",
    "协议",
    "凭证",
    "回单",
    "执照",
    "报告",
    "报表",
    "证明",
    "证书",
    "清单",
    "目录",
    "部分",
    "分册",
    "其他材料",
    "支付",
    "付款",
    "专利",
    "著作权",
    "采购",
    "项目",
];

/// The page numbers among the lines, those at the edges first, and the rest.
fn numbered(lines: &[&Line], height: f32, flow: bool) -> (Vec<Mark>, (String, usize)) {
    let mut marks: Vec<(bool, Mark)> = Vec::new();
    let (mut rest, mut runs) = (String::new(), 0);
    for line in lines {
        let text = normal::squash(&line.text);
        let edge = line.bbox().is_some_and(|b| b.y1 < 0.08 * height || b.y0 > 0.9 * height) && !flow;
        match page_mark(&text, edge) {
            Some(mark) => marks.push((!edge, mark)),
            None if text.is_empty() => {}
            None => {
                rest.push_str(&text);
                runs += 1;
            }
        }
    }
    marks.sort_by_key(|(inner, mark)| (*inner, mark.of.is_none()));
    marks.dedup_by_key(|(_, mark)| *mark);
    (marks.into_iter().map(|(_, mark)| mark).collect(), (rest, runs))
}

fn is_centred(bbox: Option<BBox>, width: f32) -> bool {
    bbox.is_none_or(|b| (b.mid_x() - width / 2.0).abs() < 0.1 * width)
}

/// Words set downwards, a letter a line, as at the side of a form: 付款人, 收款人, 购买方.
fn downwards(lines: &[&Line]) -> Vec<String> {
    let mut letters: Vec<(BBox, &str)> = lines
        .iter()
        .filter(|l| l.text.trim().chars().count() == 1)
        .filter_map(|l| Some((l.bbox()?, l.text.trim())))
        .filter(|(_, t)| t.chars().all(|c| !c.is_ascii() && c.is_alphabetic()))
        .collect();
    letters.sort_by(|a, b| a.0.mid_y().total_cmp(&b.0.mid_y()).then(a.0.x0.total_cmp(&b.0.x0)));
    let mut words: Vec<(BBox, String)> = Vec::new();
    for (bbox, letter) in letters {
        let follows = |(last, _): &&mut (BBox, String)| {
            let height = last.height().max(bbox.height());
            (last.mid_x() - bbox.mid_x()).abs() < 0.5 * height
                && (0.0..4.0 * height).contains(&(bbox.y0 - last.y0))
        };
        match words.iter_mut().find(follows) {
            Some(word) => *word = (bbox, format!("{}{letter}", word.1)),
            None => words.push((bbox, letter.to_owned())),
        }
    }
    words.into_iter().map(|w| w.1).filter(|w| w.chars().count() > 1).collect()
}

/// The name of a workbook's sheet, which names what stands on it where no title does: read like a title further down,
/// so that a printed one comes first.
fn sheet_name(lines: &[&Line]) -> Option<Row> {
    let Place::Cell { sheet, .. } = &lines.first()?.place else { return None };
    let text = normal::squash(sheet);
    let row = Row { text, y: 0.25, size: 0.0, bbox: None, single: false, alone: true, centred: true };
    (!row.text.is_empty()).then_some(row)
}

/// Numbers behind 合同编号 and its like: a contract's pages repeat them at their head or foot.
fn contract_numbers(rows: &[Row]) -> Vec<String> {
    let mut out = Vec::new();
    for row in rows {
        for label in ["合同编号", "协议编号", "合同号", "合同编码", "订单编号", "订单号"]
        {
            let Some((_, rest)) = row.text.split_once(label) else { continue };
            let number: String = rest
                .trim_start_matches(':')
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || "-_/()[]〔〕".contains(*c))
                .collect();
            if number.len() >= 5 && number.bytes().filter(u8::is_ascii_digit).count() >= 3 {
                out.push(number);
            }
        }
    }
    out.sort();
    out.dedup();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wrong_character_is_forgiven() {
        let chars: Vec<char> = "湖南增值税寺用发票".chars().collect();
        let wanted: Vec<char> = "增值税专用发票".chars().collect();
        assert_eq!(near(&chars, &wanted), Some(2));
        let other: Vec<char> = "增值税普通发票".chars().collect();
        assert_eq!(near(&other, &wanted), None);
    }
}

//! A paper form as words in visual rows: for papers whose values stand under or beside labels without rulings that
//! could be trusted.

use crate::extract::View;
use crate::extract::label::Fragment;
use crate::model::{BBox, Grade};
use crate::text::normal;

/// A piece of a run that stands by itself.
#[derive(Clone, Debug)]
pub struct Word {
    /// As printed.
    pub at: Fragment,
    /// Normalised.
    pub text: String,
    /// Where on the page.
    pub bbox: BBox,
    /// Page, from 1.
    pub page: u32,
    /// Number of the run it comes from: words of one run may belong together.
    pub run: usize,
}

/// The words of a view in visual rows.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Rows by page and height, each from left to right.
    pub rows: Vec<Vec<Word>>,
}

impl Sheet {
    /// The words of the pages, where the segment's area counts only.
    pub fn of(view: &View<'_>) -> Self {
        let mut rows = Vec::new();
        for page in &view.pages {
            let mut words = Vec::new();
            for (run, line) in page.lines.iter().enumerate() {
                let Some(bbox) = line.bbox() else { continue };
                if view.segment.area.is_none_or(|a| a.contains(bbox.mid_x(), bbox.mid_y())) {
                    split(&Fragment::of_line(line), page.number, run, &mut words);
                }
            }
            rows.extend(cluster(words));
        }
        Self { rows }
    }

    /// All words.
    pub fn words(&self) -> impl Iterator<Item = &Word> {
        self.rows.iter().flatten()
    }

    /// What is printed on a page, from the first to the last row.
    pub fn extent(&self, page: u32) -> Option<BBox> {
        self.words().filter(|w| w.page == page).map(|w| w.bbox).reduce(BBox::union)
    }
}

/// The row's text without blanks, with the word each character comes from and its left and right edge.
pub fn spelled(row: &[Word]) -> Vec<(char, f32, f32)> {
    let mut out = Vec::new();
    for word in row {
        let chars: Vec<char> = word.at.text.chars().collect();
        let step = word.bbox.width() / chars.len().max(1) as f32;
        for (i, c) in chars.iter().enumerate() {
            let (x0, x1) = match (word.at.edges.get(i), word.at.edges.get(i + 1)) {
                (Some(a), Some(b)) => (*a, *b),
                _ => (word.bbox.x0 + step * i as f32, word.bbox.x0 + step * (i + 1) as f32),
            };
            out.extend(normal::squash(c.encode_utf8(&mut [0; 4])).chars().map(|f| (f, x0, x1)));
        }
    }
    out
}

/// The row's text without blanks.
pub fn squashed(row: &[Word]) -> String {
    row.iter().map(|w| normal::squash(&w.text)).collect()
}

/// The smallest box around a row.
pub fn bounds(row: &[Word]) -> BBox {
    row.iter().map(|w| w.bbox).reduce(BBox::union).unwrap_or_default()
}

/// Splits a run where a blank separates things that stand by themselves: around numbers, and at wide gaps.
fn split(run: &Fragment, page: u32, index: usize, out: &mut Vec<Word>) {
    let chars: Vec<char> = run.text.chars().collect();
    let mut from = 0;
    let mut i = 0;
    while i < chars.len() {
        if chars[i].is_whitespace() {
            let end = (i..chars.len()).find(|k| !chars[*k].is_whitespace()).unwrap_or(chars.len());
            if stands_apart(run, &chars, from, i, end) {
                push(run, from, i, page, index, out);
                from = end;
            }
            i = end;
        } else if glued(run.grade, &chars, i) {
            push(run, from, i, page, index, out);
            from = i;
            i += 1;
        } else {
            i += 1;
        }
    }
    push(run, from, chars.len(), page, index, out);
}

fn push(run: &Fragment, from: usize, to: usize, page: u32, index: usize, out: &mut Vec<Word>) {
    let mut at = run.slice(from, to);
    let total = run.text.chars().count().max(1) as f32;
    // Specks are recognised as dots and dashes.
    let speck = at.grade == Grade::Ocr && !at.text.chars().any(|c| c.is_alphanumeric() || c == '*');
    let (Some(bbox), false) = (at.place.bbox(), at.is_blank() || speck) else { return };
    let mut bbox = bbox;
    if at.edges.is_empty() && (from, to) != (0, run.text.chars().count()) {
        // Without known positions the run's width is shared out evenly.
        let step = bbox.width() / total;
        bbox = BBox { x0: bbox.x0 + step * from as f32, x1: bbox.x0 + step * to as f32, ..bbox };
        at.place = crate::model::Place::Page { page, bbox };
    }
    let at = at.trim();
    let bbox = at.place.bbox().unwrap_or(bbox);
    out.push(Word { text: normal::fold(&at.text), at, bbox, page, run: index });
}

/// Whether the blank between `from..gap` and what starts at `next` separates two things.
fn stands_apart(run: &Fragment, chars: &[char], from: usize, gap: usize, next: usize) -> bool {
    let end = (next..chars.len()).find(|k| chars[*k].is_whitespace()).unwrap_or(chars.len());
    let left: String = chars[from..gap].iter().collect();
    let right: String = chars[next..end].iter().collect();
    let last = left.rsplit(char::is_whitespace).next().unwrap_or_default().to_string();
    let wide = match (run.edges.get(gap), run.edges.get(next), run.place.bbox()) {
        (Some(a), Some(b), Some(bbox)) => b - a > 1.1 * bbox.height(),
        _ => next - gap > 2,
    };
    wide || figure(&right) || figure(&last)
}

/// A number with decimals, a currency sign or a percentage: never a part of a name.
fn figure(text: &str) -> bool {
    let text = normal::squash(text);
    let body = text.trim_start_matches(['¥', '-', '(']).trim_end_matches([')', '%']);
    let number = !body.is_empty() && body.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',');
    number
        && (body.contains('.') || body.len() < text.len() || body.contains(','))
        && body.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether two values were recognised as one at `i`: a currency sign after a digit, or an amount after a percentage.
fn glued(grade: Grade, chars: &[char], i: usize) -> bool {
    let before = i.checked_sub(1).map(|b| chars[b]);
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let currency = matches!(chars[i], '¥' | '￥') && digit(before);
    let after_rate = grade == Grade::Ocr && before == Some('%') && chars[i].is_ascii_digit();
    currency || after_rate || (grade == Grade::Ocr && rate_after_amount(chars, i))
}

/// Whether a percentage begins at `i` right after two decimals of an amount ("46.6213%").
fn rate_after_amount(chars: &[char], i: usize) -> bool {
    let percent =
        (1..=2).any(|n| chars.get(i + n) == Some(&'%') && chars[i..i + n].iter().all(char::is_ascii_digit));
    percent
        && i >= 4
        && chars[i - 3] == '.'
        && chars[i - 2..i].iter().all(char::is_ascii_digit)
        && chars[i - 4].is_ascii_digit()
}

/// Words in rows: a word joins the row whose middle it shares.
fn cluster(mut words: Vec<Word>) -> Vec<Vec<Word>> {
    words.sort_by(|a, b| a.bbox.mid_y().total_cmp(&b.bbox.mid_y()).then(a.bbox.x0.total_cmp(&b.bbox.x0)));
    let mut rows: Vec<Vec<Word>> = Vec::new();
    for word in words {
        let joins = rows.last().is_some_and(|row| {
            let mids: f32 = row.iter().map(|w| w.bbox.mid_y()).sum::<f32>() / row.len() as f32;
            let height = row.iter().map(|w| w.bbox.height()).fold(f32::MAX, f32::min);
            (word.bbox.mid_y() - mids).abs() < 0.5 * height.min(word.bbox.height()).max(4.0)
        });
        match rows.last_mut() {
            Some(row) if joins => row.push(word),
            _ => rows.push(vec![word]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0));
    }
    rows
}

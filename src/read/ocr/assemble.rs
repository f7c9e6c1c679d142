//! From recognised strips to the lines of a page, in points.

use super::crops::Strip;
use super::recognise::Text;
use crate::model::{BBox, Confidence, Grade, Line, Place, TickBox};
use crate::read::layout::Ruling;

/// A run on the page. `k` is points per pixel.
pub(super) fn line(strip: &Strip, text: Text, k: f32, page: u32) -> Line {
    let height = strip.bottom - strip.top;
    let x0 = strip.x0.max(0.0);
    let x1 = x0 + width_on_page(strip);
    let bbox = BBox::new(x0 * k, strip.top * k, x1 * k, strip.bottom * k);
    let edges = if strip.stacked { Vec::new() } else { edges(strip, &text.middles, k) };
    let size = if strip.stacked { bbox.width() } else { height * k };
    Line {
        text: text.text,
        place: Place::Page { page, bbox },
        grade: Grade::Ocr,
        confidence: Confidence::from_unit(text.confidence),
        row: 0,
        table: None,
        edges,
        size,
    }
}

fn width_on_page(strip: &Strip) -> f32 {
    if strip.stacked { strip.grey.h as f32 / 1.5 } else { strip.grey.w as f32 }
}

/// Left edge of each character and the right edge of the last: half-way between the middles, never further from a
/// middle than a full-width character reaches.
fn edges(strip: &Strip, middles: &[f32], k: f32) -> Vec<f32> {
    if middles.is_empty() {
        return Vec::new();
    }
    let mut out = Vec::with_capacity(middles.len() + 1);
    let reach = (strip.bottom - strip.top) * 0.6;
    let width = strip.grey.w as f32;
    out.push((middles[0] - reach).max(0.0));
    for pair in middles.windows(2) {
        let half = (pair[1] - pair[0]) / 2.0;
        // In front of a wide gap the edge stays with the right-hand character.
        out.push(if half > reach { pair[1] - reach } else { pair[0] + half });
    }
    out.push((middles[middles.len() - 1] + reach).min(width));
    let mut last = f32::MIN;
    for e in &mut out {
        *e = ((strip.x0 + *e) * k).max(last);
        last = *e;
    }
    out
}

/// Moves a run by an offset in points.
pub(super) fn shift(line: &mut Line, by: (f32, f32)) {
    if let Place::Page { bbox, .. } = &mut line.place {
        *bbox = BBox::new(bbox.x0 + by.0, bbox.y0 + by.1, bbox.x1 + by.0, bbox.y1 + by.1);
    }
    line.edges.iter_mut().for_each(|x| *x += by.0);
}

/// Joins labels set wide (名　　称： 合　　计): a lone character, then on the same height the rest of the label.
pub(super) fn join_spaced(lines: &mut Vec<Line>, rulings: &[Ruling]) {
    // From the right, so that 开 户 行： grows from its end.
    lines.sort_by(|a, b| left(b).total_cmp(&left(a)));
    let mut i = 0;
    while i < lines.len() {
        let rest = (0..i).rev().find(|j| is_rest(&lines[i], &lines[*j], rulings));
        match rest {
            Some(j) if lone(&lines[i]) => {
                let head = lines.remove(i);
                prepend(&mut lines[j], head);
            }
            _ => i += 1,
        }
    }
}

fn left(line: &Line) -> f32 {
    line.bbox().map_or(0.0, |b| b.x0)
}

fn lone(line: &Line) -> bool {
    let mut chars = line.text.trim().chars();
    chars.next().is_some_and(is_han) && chars.next().is_none() && line.edges.len() == 2
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Whether `rest` goes on with the label that `head` begins.
fn is_rest(head: &Line, rest: &Line, rulings: &[Ruling]) -> bool {
    let (Some(a), Some(b)) = (head.bbox(), rest.bbox()) else { return false };
    let gap = b.x0 - a.x1;
    let beside = gap > 0.0 && gap < 7.0 * head.size && a.shared_height(b) > 0.6 * a.height().min(b.height());
    let alike = head.size < 1.5 * rest.size && rest.size < 1.5 * head.size;
    if !beside || !alike || rest.edges.len() != rest.text.chars().count() + 1 {
        return false;
    }
    let mut chars = rest.text.chars();
    let first = chars.next().is_some_and(is_han);
    let label = rest.text.chars().count() == 1 || chars.take(3).any(|c| matches!(c, '：' | ':' | '、'));
    let parted = rulings.iter().any(|r| {
        let (x, top, bottom) = ((r.x0 + r.x1) / 2.0, r.y0.min(r.y1), r.y0.max(r.y1));
        bottom - top > (r.x1 - r.x0).abs()
            && x > a.x1 - 1.0
            && x < b.x0 + 1.0
            && top < a.mid_y()
            && bottom > a.mid_y()
    });
    first && label && !parted
}

fn prepend(line: &mut Line, head: Line) {
    line.text = format!("{} {}", head.text.trim(), line.text);
    let gap_from = head.edges[1].min(line.edges[0]);
    line.edges.splice(0..0, [head.edges[0], gap_from]);
    line.confidence = line.confidence.min(head.confidence);
    if let (Some(b), Place::Page { bbox, .. }) = (head.bbox(), &mut line.place) {
        *bbox = bbox.union(b);
    }
}

/// Writes the tick boxes into the runs they stand in or beside, as □ and ☑; a box far from any run is a run itself.
pub(super) fn write_ticks(lines: &mut Vec<Line>, ticks: &[TickBox], page: u32) {
    for tick in ticks {
        let c = if tick.ticked { '☑' } else { '□' };
        let b = tick.bbox;
        // The run the box stands in, or the nearest one beside it, on the same height.
        let distance = |l: &Line| -> Option<f32> {
            let run = l.bbox()?;
            let same = run.shared_height(b) > 0.4 * b.height() && l.edges.len() == l.text.chars().count() + 1;
            let gap = (run.x0 - b.x1).max(b.x0 - run.x1).max(0.0);
            (same && gap < 1.6 * b.width()).then_some(gap)
        };
        let nearest = lines
            .iter()
            .enumerate()
            .filter_map(|(i, l)| distance(l).map(|d| (i, d)))
            .min_by(|a, b| a.1.total_cmp(&b.1));
        match nearest {
            Some((i, _)) => insert(&mut lines[i], c, b, tick.confidence),
            None => lines.push(Line {
                text: c.to_string(),
                place: Place::Page { page, bbox: b },
                grade: Grade::Ocr,
                confidence: tick.confidence,
                row: 0,
                table: None,
                edges: vec![b.x0, b.x1],
                size: b.height(),
            }),
        }
    }
}

/// Puts a character into a run where its box stands.
fn insert(line: &mut Line, c: char, b: BBox, confidence: Confidence) {
    let chars: Vec<char> = line.text.chars().collect();
    let at = chars
        .iter()
        .enumerate()
        .position(|(i, _)| (line.edges[i] + line.edges[i + 1]) / 2.0 > b.mid_x())
        .unwrap_or(chars.len());
    line.text = chars[..at].iter().chain([&c]).chain(&chars[at..]).collect();
    let last = chars.len();
    if at == 0 {
        line.edges.insert(0, b.x0.min(line.edges[0]));
    } else if at == last {
        line.edges.push(b.x1.max(line.edges[last]));
    } else {
        // Between two characters: it takes what they leave of the space.
        line.edges.insert(at + 1, b.x1.clamp(line.edges[at], line.edges[at + 1]));
    }
    line.confidence = line.confidence.min(confidence);
    if let Place::Page { bbox, .. } = &mut line.place {
        (bbox.x0, bbox.x1) = (bbox.x0.min(b.x0), bbox.x1.max(b.x1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str, x0: f32) -> Line {
        let n = text.chars().count() as f32;
        let place = Place::Page { page: 1, bbox: BBox::new(x0, 100.0, x0 + n * 10.0, 110.0) };
        Line {
            text: text.into(),
            place,
            grade: Grade::Ocr,
            confidence: Confidence::FULL,
            row: 0,
            table: None,
            edges: (0..=n as u32).map(|i| x0 + i as f32 * 10.0).collect(),
            size: 10.0,
        }
    }

    #[test]
    fn labels_set_wide_are_joined() {
        let mut lines = vec![run("合", 10.0), run("计", 60.0), run("名", 300.0), run("称：某公司", 340.0)];
        join_spaced(&mut lines, &[]);
        let mut texts: Vec<&str> = lines.iter().map(|l| l.text.as_str()).collect();
        texts.sort_unstable();
        assert_eq!(texts, ["合 计", "名 称：某公司"]);
        assert!(lines.iter().all(|l| l.edges.len() == l.text.chars().count() + 1));
        // a ruling between them, or a figure, parts them
        let mut cells = vec![run("台", 10.0), run("套", 60.0)];
        join_spaced(&mut cells, &[Ruling { x0: 40.0, y0: 90.0, x1: 40.0, y1: 120.0 }]);
        assert_eq!(cells.len(), 2);
        let mut figures = vec![run("台", 10.0), run("12.00", 60.0)];
        join_spaced(&mut figures, &[]);
        assert_eq!(figures.len(), 2);
    }

    #[test]
    fn ticks_become_characters() {
        let tick = |x0: f32, y0: f32, ticked| TickBox {
            bbox: BBox::new(x0, y0, x0 + 10.0, y0 + 10.0),
            ticked,
            confidence: Confidence(900),
        };
        let mut lines = vec![run("综合型", 112.0), run("是　否", 200.0)];
        let ticks = [tick(100.0, 100.0, true), tick(207.0, 100.0, false), tick(400.0, 300.0, false)];
        write_ticks(&mut lines, &ticks, 1);
        let texts: Vec<&str> = lines.iter().map(|l| l.text.as_str()).collect();
        assert_eq!(texts, ["☑综合型", "是□　否", "□"]);
        for line in &lines {
            assert_eq!(line.edges.len(), line.text.chars().count() + 1);
            assert!(line.edges.windows(2).all(|e| e[0] <= e[1]), "{:?}", line.edges);
        }
    }
}

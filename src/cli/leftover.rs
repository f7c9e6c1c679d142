//! The words of a file that no field took: what a reader of the result should look at himself.

use std::collections::BTreeSet;

use crate::model::{BBox, Document, Field, Line, Page, Place, Sourced};
use crate::pack::Pack;
use crate::text::normal::squash;

/// Most pieces told of a file.
const MOST: usize = 60;

/// Words that were not placed.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Leftover {
    /// Page and words, in reading order.
    pub(super) words: Vec<(u32, String)>,
    /// How many more there are.
    pub(super) more: usize,
}

/// Where a value was taken from.
struct Taken {
    place: Place,
    raw: String,
}

/// The words of these pages that no field of these documents took, labels and single signs left out.
pub(super) fn of(pages: &[Page], documents: &[&Document], pack: &Pack) -> Leftover {
    let taken: Vec<Taken> = documents.iter().flat_map(|d| taken(d)).collect();
    let known = labels(pack);
    let mut out = Leftover::default();
    for page in pages {
        for line in &page.lines {
            for piece in rest(line, page, &taken) {
                if !says_something(&piece, &known) {
                    continue;
                }
                if out.words.len() < MOST {
                    out.words.push((page.number, piece));
                } else {
                    out.more += 1;
                }
            }
        }
    }
    out
}

fn taken(document: &Document) -> Vec<Taken> {
    let fields = document.fields.values().chain(document.items.iter().flat_map(|row| row.values()));
    let of = |raw: &str, sources: &[crate::model::Source]| -> Vec<Taken> {
        sources.iter().map(|s| Taken { place: s.place.clone(), raw: squash(raw) }).collect()
    };
    let both = |f: &Field| match f {
        Field::Found(Sourced { raw, sources, .. }) => of(raw, sources),
        Field::Unreadable(Sourced { raw, sources, .. }) => of(raw, sources),
    };
    fields.flat_map(both).collect()
}

/// All labels the lexicons know: no news.
fn labels(pack: &Pack) -> BTreeSet<String> {
    let names =
        ["invoice", "invoice_data", "payment", "contract", "licence", "tax", "audit", "form", "statement"];
    names.iter().flat_map(|n| pack.lexicon(n).labels.values().flatten()).map(|l| squash(l)).collect()
}

/// The pieces of a line between what was taken of it.
fn rest(line: &Line, page: &Page, taken: &[Taken]) -> Vec<String> {
    let chars: Vec<char> = line.text.chars().collect();
    let mut free = vec![true; chars.len()];
    match line.bbox() {
        Some(bbox) => {
            let boxes: Vec<BBox> = taken
                .iter()
                .filter_map(|t| match &t.place {
                    Place::Page { page: number, bbox } if *number == page.number => Some(*bbox),
                    _ => None,
                })
                .collect();
            for (i, open) in free.iter_mut().enumerate() {
                let own = match (line.edges.get(i), line.edges.get(i + 1)) {
                    (Some(x0), Some(x1)) => BBox { x0: *x0, x1: *x1, ..bbox },
                    _ => bbox,
                };
                let own = if page.moved() { page.as_filed(own) } else { own };
                let around = |b: &BBox| {
                    BBox::new(b.x0 - 1.0, b.y0 - 2.0, b.x1 + 1.0, b.y1 + 2.0)
                        .contains(own.mid_x(), own.mid_y())
                };
                *open = !boxes.iter().any(around);
            }
        }
        None => {
            for t in taken.iter().filter(|t| t.place == line.place && !t.raw.is_empty()) {
                hide(&chars, &t.raw, &mut free);
            }
        }
    }
    let mut out = vec![String::new()];
    for (c, open) in chars.iter().zip(&free) {
        match open {
            true => out.iter_mut().next_back().into_iter().for_each(|s| s.push(*c)),
            false => out.push(String::new()),
        }
    }
    out.iter().map(|s| s.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|s| !s.is_empty()).collect()
}

/// Marks where `raw` stands among the characters, blanks apart.
fn hide(chars: &[char], raw: &str, free: &mut [bool]) {
    let solid: Vec<(usize, char)> = chars
        .iter()
        .enumerate()
        .flat_map(|(i, c)| squash(&c.to_string()).chars().map(|f| (i, f)).collect::<Vec<_>>())
        .collect();
    let wanted: Vec<char> = raw.chars().collect();
    let found = solid.windows(wanted.len().max(1)).find(|w| w.iter().map(|s| s.1).eq(wanted.iter().copied()));
    for (i, _) in found.into_iter().flatten() {
        free[*i] = false;
    }
}

/// Not a label, not a sign, not a single letter of a word written downwards.
fn says_something(piece: &str, known: &BTreeSet<String>) -> bool {
    let text = squash(piece);
    let bare = text.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | ')'));
    let label = known.contains(bare) || known.contains(bare.trim_end_matches(['(', ')', ':']));
    let letters = bare.chars().filter(|c| c.is_alphanumeric()).count();
    letters >= 2 && !label && !bare.split(':').all(|p| known.contains(p))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Confidence, Grade, ReadBy};

    fn line(text: &str, x0: f32, y0: f32, step: f32) -> Line {
        let count = text.chars().count();
        let bbox = BBox::new(x0, y0, x0 + step * count as f32, y0 + 10.0);
        Line {
            text: text.into(),
            place: Place::Page { page: 1, bbox },
            grade: Grade::Text,
            confidence: Confidence::FULL,
            row: 0,
            table: None,
            edges: (0..=count).map(|i| x0 + step * i as f32).collect(),
            size: 10.0,
        }
    }

    #[test]
    fn what_a_field_took_and_labels_are_left_out() {
        let mut page = Page::empty(1, 595.0, 842.0, ReadBy::Pdf);
        page.lines = vec![
            line("发票号码：12345678", 10.0, 10.0, 10.0),
            line("货", 10.0, 30.0, 10.0),
            line("下载次数：1", 10.0, 50.0, 10.0),
        ];
        let number = Taken {
            place: Place::Page { page: 1, bbox: BBox::new(60.0, 10.0, 140.0, 20.0) },
            raw: "12345678".into(),
        };
        let known = BTreeSet::from(["发票号码".to_string()]);
        let pieces: Vec<String> =
            page.lines.iter().flat_map(|l| rest(l, &page, std::slice::from_ref(&number))).collect();
        assert_eq!(pieces, ["发票号码：", "货", "下载次数：1"]);
        let told: Vec<&String> = pieces.iter().filter(|p| says_something(p, &known)).collect();
        assert_eq!(told, ["下载次数：1"]);
    }

    #[test]
    fn without_places_the_text_decides() {
        let mut page = Page::empty(1, 595.0, 842.0, ReadBy::Docx);
        let place = Place::Block { page: 1, block: 3, cell: None };
        page.lines = vec![Line {
            place: place.clone(),
            edges: Vec::new(),
            ..line("合同 总价：１２０ 元整", 0.0, 0.0, 1.0)
        }];
        let taken = [Taken { place, raw: "120元".into() }];
        assert_eq!(rest(&page.lines[0], &page, &taken), ["合同 总价：", "整"]);
    }
}

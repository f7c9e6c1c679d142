//! Where one run of text holds the end of one column and the beginning of the next: lists without rulings, whose names
//! are broken just before the column beside them begins.

use crate::extract::columns::{Header, Holds};
use crate::extract::label::is_cjk;
use crate::extract::sheet::Word;

/// The left edges of columns as the rows of a list show them.
#[derive(Debug, Default)]
pub(super) struct Seams {
    /// For each pair of neighbouring columns of words: the stretch in which the right one can begin, and where others
    /// in it begin.
    between: Vec<(f32, f32, Vec<f32>)>,
    /// Left edge of the right column's heading, for each pair.
    headings: Vec<f32>,
}

impl Seams {
    pub(super) fn of(rows: &[Vec<Word>], header: &Header) -> Self {
        let mut out = Self::default();
        for pair in
            header.columns.windows(2).filter(|p| p[0].holds == Holds::Text && !p[0].ruled && !p[1].ruled)
        {
            let (from, to) = (pair[0].x1, f32::midpoint(pair[1].x0, pair[1].x1));
            let words = rows.iter().take_while(|r| r[0].page == header.page).flatten();
            let starts = words
                .flat_map(|w| std::iter::once(w.bbox.x0).chain(breaks(w).map(|i| w.at.edges[i])))
                .filter(|x| (from..to).contains(x))
                .collect();
            out.between.push((from, to, starts));
            out.headings.push(pair[1].x0);
        }
        out
    }

    /// The row with such runs cut in two.
    pub(super) fn cut(&self, row: &[Word]) -> Vec<Word> {
        let mut out: Vec<Word> = row.to_vec();
        for ((from, to, starts), heading) in self.between.iter().zip(&self.headings) {
            let mut next = Vec::with_capacity(out.len());
            for word in out {
                match place(&word, (*from, *to), starts, *heading) {
                    Some(i) => next.extend(parts(&word, i)),
                    None => next.push(word),
                }
            }
            out = next;
        }
        out
    }
}

/// Where a word is to be cut: where others begin as well; else at its only break before the next heading, which it
/// reaches over.
fn place(word: &Word, (from, to): (f32, f32), starts: &[f32], heading: f32) -> Option<usize> {
    if word.bbox.x0 >= from || word.bbox.x1 <= from {
        return None;
    }
    let near = 0.08 * word.bbox.height();
    let inside: Vec<usize> = breaks(word).filter(|i| (from..to).contains(&word.at.edges[*i])).collect();
    let votes = |i: usize| starts.iter().filter(|x| (**x - word.at.edges[i]).abs() < near).count();
    let best = inside.iter().copied().max_by_key(|i| votes(*i))?;
    if votes(best) > 1 {
        return Some(best);
    }
    let mut before = inside.iter().copied().filter(|i| word.at.edges[*i] < heading + near);
    let only = before.next().filter(|_| before.next().is_none())?;
    (word.bbox.x1 > heading).then_some(only)
}

/// Characters before which a gap stands: a blank, or more room than a Chinese character takes.
fn breaks(word: &Word) -> impl Iterator<Item = usize> + '_ {
    let chars: Vec<char> = word.at.text.chars().collect();
    let known = word.at.edges.len() == chars.len() + 1;
    let size = word.bbox.height();
    (1..if known { chars.len() } else { 0 }).filter(move |&i| {
        let wide = is_cjk(chars[i - 1]) && word.at.edges[i] - word.at.edges[i - 1] > 1.08 * size;
        !chars[i].is_whitespace() && (chars[i - 1].is_whitespace() || wide)
    })
}

/// The two parts of a word.
fn parts(word: &Word, at: usize) -> Vec<Word> {
    let total = word.at.text.chars().count();
    [(0, at), (at, total)]
        .into_iter()
        .filter_map(|(from, to)| {
            let at = word.at.slice(from, to).trim();
            let bbox = at.place.bbox()?;
            (!at.is_blank()).then(|| Word {
                text: crate::text::normal::fold(&at.text),
                bbox,
                at,
                ..word.clone()
            })
        })
        .collect()
}

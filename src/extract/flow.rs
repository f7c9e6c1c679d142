//! A view as running text that knows where each piece of it stands: for papers whose values stand in sentences.

use std::ops::Range;

use crate::extract::grid::GridRow;
use crate::extract::label::Fragment;
use crate::text::normal;

/// Running text: items of a row parted by tabs, rows by line breaks.
#[derive(Clone, Debug, Default)]
pub struct Flow {
    /// The text as printed.
    pub text: String,
    parts: Vec<(Range<usize>, Fragment)>,
    /// Byte at which each row starts.
    starts: Vec<usize>,
}

impl Flow {
    /// The text of rows.
    pub fn of(rows: &[GridRow]) -> Self {
        let mut flow = Self::default();
        for row in rows {
            if !flow.text.is_empty() {
                flow.text.push('\n');
            }
            flow.starts.push(flow.text.len());
            for (at, item) in row.items.iter().enumerate() {
                if at > 0 {
                    flow.text.push('\t');
                }
                let from = flow.text.len();
                flow.text.push_str(&item.at.text);
                flow.parts.push((from..flow.text.len(), item.at.clone()));
            }
        }
        flow
    }

    /// What stands in these bytes, with its place.
    pub fn fragment(&self, range: &Range<usize>) -> Option<Fragment> {
        let mut out: Option<Fragment> = None;
        for (part, at) in &self.parts {
            let (from, to) = (range.start.max(part.start), range.end.min(part.end));
            if from >= to {
                continue;
            }
            let chars = normal::char_range(&at.text, &(from - part.start..to - part.start));
            let piece = at.slice(chars.start, chars.end).trim();
            if piece.is_blank() {
                continue;
            }
            out = Some(out.map_or(piece.clone(), |o| o.join(&piece, "\n")));
        }
        out
    }

    /// The text without blanks, each character with the bytes it came from.
    pub fn bare(&self) -> Bare {
        let mut bare = Bare::default();
        for (at, c) in self.text.char_indices() {
            for folded in normal::squash(c.encode_utf8(&mut [0; 4])).chars() {
                bare.text.push(folded);
                for _ in 0..folded.len_utf8() {
                    bare.origin.push((at, at + c.len_utf8()));
                }
            }
        }
        bare
    }

    /// The row (from 0) that a byte stands in.
    pub fn row_of(&self, byte: usize) -> usize {
        self.starts.partition_point(|s| *s <= byte).saturating_sub(1)
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.starts.len()
    }
}

/// Folded text without blanks, and the way back.
#[derive(Clone, Debug, Default)]
pub struct Bare {
    /// The text.
    pub text: String,
    origin: Vec<(usize, usize)>,
}

impl Bare {
    /// Bytes of the flow that these bytes of the bare text came from.
    pub fn origin(&self, range: &Range<usize>) -> Range<usize> {
        match (self.origin.get(range.start), range.end.checked_sub(1).and_then(|e| self.origin.get(e))) {
            (Some(from), Some(to)) if range.start < range.end => from.0..to.1,
            _ => 0..0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::grid::Item;
    use crate::model::{Confidence, Grade, Place};

    #[test]
    fn text_leads_back_to_its_places() {
        let item = |text: &str| Item {
            at: Fragment {
                text: text.into(),
                place: Place::Block { page: 1, block: text.len() as u32, cell: None },
                grade: Grade::Text,
                confidence: Confidence::FULL,
                edges: Vec::new(),
            },
            text: normal::squash(text),
            x0: 0.0,
            x1: 1.0,
        };
        let rows = [
            GridRow {
                page: 1, table: None, items: vec![item("合 同 总 价"), item("（大写）叁拾")]
            },
            GridRow { page: 1, table: None, items: vec![item("万元整，含税")] },
        ];
        let flow = Flow::of(&rows);
        let bare = flow.bare();
        let at = bare.text.find("叁拾万元整").unwrap();
        let range = bare.origin(&(at..at + "叁拾万元整".len()));
        assert_eq!(flow.fragment(&range).map(|f| f.text), Some("叁拾\n万元整".to_string()));
        assert_eq!(flow.row_of(range.end - 1), 1);
    }
}

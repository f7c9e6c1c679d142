//! Page numbers as they are printed: "第3页 共5页", "3/5", "- 3 -", "Page 3 of 5", "第三页", and which of them belong to
//! the bundle and not to the document.

/// A printed page number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// The page.
    pub(super) n: u32,
    /// How many the document has, where that is said.
    pub(super) of: Option<u32>,
}

impl Mark {
    /// Whether the other number comes right after this one and may stand in the same document.
    pub(super) fn before(self, next: Self) -> bool {
        next.n == self.n + 1 && self.of == next.of
    }

    /// Whether this is the last page by its own words.
    pub(super) fn is_last(self) -> bool {
        self.of == Some(self.n)
    }
}

/// More pages than this are no document's: years and amounts are not taken for page numbers.
const MOST: u32 = 1500;

/// The page number that a row without blanks consists of. `edge`: the row stands at the upper or lower edge of the
/// page, where a bare number may be one too.
pub(super) fn page_mark(text: &str, edge: bool) -> Option<Mark> {
    let length = text.chars().count();
    if length == 0 || length > 40 {
        return None;
    }
    if let Some(mark) = chinese(text, length <= 18 || edge) {
        return Some(mark);
    }
    if length > 18 {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let bare = lower.trim_matches(|c: char| "-—–_~·.()[]【】|<>".contains(c));
    if let Some(rest) = bare.strip_prefix("page") {
        return pair(rest.trim_start_matches([':', '.']), "of")
            .or_else(|| pair(rest, "/"))
            .or_else(|| one(rest));
    }
    if let Some(mark) = pair(bare, "of") {
        return Some(mark);
    }
    let bare = bare.strip_suffix('页').unwrap_or(bare);
    if let Some(mark) = pair(bare, "/") {
        return Some(mark);
    }
    if !edge {
        return None;
    }
    let framed = bare.len() < lower.len();
    let rest = bare.strip_prefix("p.").or_else(|| bare.strip_prefix('p')).unwrap_or(bare);
    (framed || rest.len() <= 3).then(|| one(rest)).flatten()
}

/// "第3页共5页" in either order, with the total or without.
fn chinese(text: &str, wide: bool) -> Option<Mark> {
    let after = |word: char| {
        text.match_indices(word).find_map(|(at, _)| {
            let rest = &text[at + word.len_utf8()..];
            let end = rest.find('页')?;
            numeral(rest[..end].trim_matches(':')).map(|n| (n, at))
        })
    };
    let (n, at) = after('第')?;
    if let Some((of, _)) = after('共').or_else(|| after('总')) {
        return valid(n, Some(of));
    }
    // "见第3页" is no page number; a footer may have other words before it.
    let alone = at == 0 && text.ends_with('页');
    (alone || (wide && text.ends_with('页') && !text.contains(['见', '至', '从', '于'])))
        .then(|| valid(n, None))
        .flatten()
}

fn pair(text: &str, between: &str) -> Option<Mark> {
    let (n, of) = text.split_once(between)?;
    valid(digits(n)?, Some(digits(of)?))
}

fn one(text: &str) -> Option<Mark> {
    valid(digits(text)?, None)
}

fn valid(n: u32, of: Option<u32>) -> Option<Mark> {
    ((1..=MOST).contains(&n) && of.is_none_or(|of| n <= of && of <= MOST)).then_some(Mark { n, of })
}

fn digits(text: &str) -> Option<u32> {
    let text = text.trim_matches(|c: char| "-—–_~·.()".contains(c));
    // "03" is a page, "00123" is a serial number.
    ((1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

/// Arabic digits, or Chinese numerals up to ninety-nine.
fn numeral(text: &str) -> Option<u32> {
    if let Some(n) = digits(text) {
        return Some(n);
    }
    let of = |c: char| "零一二三四五六七八九".chars().position(|d| d == c).map(|d| d as u32);
    let chars: Vec<char> = text.chars().collect();
    match chars[..] {
        ['十'] => Some(10),
        [a] => of(a),
        ['十', b] => Some(10 + of(b)?),
        [a, '十'] => Some(10 * of(a)?),
        [a, '十', b] => Some(10 * of(a)? + of(b)?),
        _ => None,
    }
}

/// Takes away the numbers that run through the whole file: they count the bundle's pages and say nothing about where a
/// document ends. `marks` are those of each page, in order, with the page's number.
pub(super) fn without_running(marks: &mut [(u32, Vec<Mark>)]) {
    const FEW: usize = 8;
    if marks.len() < FEW {
        return;
    }
    let mut offsets: std::collections::BTreeMap<(i64, bool), usize> = std::collections::BTreeMap::new();
    let offset = |page: u32, m: &Mark| i64::from(m.n) - i64::from(page);
    for (page, list) in marks.iter() {
        for m in list {
            *offsets.entry((offset(*page, m), m.of.is_some())).or_default() += 1;
        }
    }
    let running: Vec<i64> =
        offsets.iter().filter(|(_, n)| **n * 10 >= marks.len() * 6).map(|((o, _), _)| *o).collect();
    // A total that is not the file's is a document's: of a contract that fills the file, or goes on in another one.
    let pages = marks.len() as u32;
    let of_file = |m: &Mark| m.of.is_none_or(|of| of.abs_diff(pages) <= pages / 10 + 1);
    for (page, list) in marks.iter_mut() {
        list.retain(|m| !(of_file(m) && running.contains(&offset(*page, m))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(n: u32, of: u32) -> Option<Mark> {
        Some(Mark { n, of: (of > 0).then_some(of) })
    }

    #[test]
    fn numbers_of_all_sorts() {
        for (text, n, of) in [
            ("第3页共5页", 3, 5),
            ("第3页/共5页", 3, 5),
            ("共5页,第3页", 3, 5),
            ("第三页", 3, 0),
            ("第十二页共二十页", 12, 20),
            ("合同编号:HT-2022-01第3页共5页", 3, 5),
            ("3/5", 3, 5),
            ("-3/5-", 3, 5),
            ("Page3of5", 3, 5),
            ("PAGE3", 3, 0),
            ("3of5", 3, 5),
        ] {
            assert_eq!(page_mark(text, false), mark(n, of), "{text}");
        }
        for (text, n) in [("-3-", 3), ("—12—", 12), ("7", 7), ("P.9", 9), ("第2页", 2)] {
            assert_eq!(page_mark(text, true), mark(n, 0), "{text}");
        }
    }

    #[test]
    fn what_is_no_page_number() {
        for text in
            ["2022/3/5", "合同第3条共5款", "2022", "见附件第3页", "13%", "9/3", "00123", "1,200.00", ""]
        {
            assert_eq!(page_mark(text, false), None, "{text}");
        }
        assert_eq!(page_mark("2022", true), None);
        assert_eq!(page_mark("7", false), None);
    }

    #[test]
    fn the_bundle_s_own_numbers_fall_away() {
        let own = |page: u32| Mark { n: page % 3 + 1, of: Some(3) };
        let mut pages: Vec<(u32, Vec<Mark>)> =
            (1..=12).map(|p| (p, vec![own(p), Mark { n: p, of: Some(12) }])).collect();
        without_running(&mut pages);
        assert!(pages.iter().all(|(p, list)| *list == [own(*p)]));
    }
}

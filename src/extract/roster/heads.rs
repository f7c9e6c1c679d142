//! Headings of a list by their meaning.

use crate::extract::grid::{GridRow, Item};
use crate::extract::list::Column;
use crate::model::Grade;
use crate::pack::Lexicon;
use crate::text::{amount, normal};

/// The words of headings.
pub(in crate::extract) struct Heads {
    words: Vec<(String, String)>,
    main: Vec<String>,
}

impl Heads {
    pub(in crate::extract) fn new(lexicon: &Lexicon) -> Self {
        let words = lexicon
            .labels
            .iter()
            .filter_map(|(key, words)| Some((key.strip_prefix("列.")?, words)))
            .flat_map(|(role, words)| words.iter().map(|w| (normal::squash(w), role.to_string())))
            .collect();
        Self { words, main: lexicon.of("main").to_vec() }
    }

    /// The columns, if the row is a header: at least two known headings, one of them naming the rows. Columns are named
    /// `<block>:<role>`: a list printed in two blocks side by side repeats its headings. Unknown headings are columns
    /// without a role, so that what stands under them goes to no other.
    pub(in crate::extract) fn columns(&self, row: &GridRow) -> Option<Vec<Column>> {
        let mut out: Vec<Column> = Vec::new();
        let (mut block, mut known, mut main) = (0, 0, false);
        let mut seen: Vec<&str> = Vec::new();
        for item in &row.items {
            let role = self.role(item);
            if let Some(role) = role {
                if seen.contains(&role) && (role == "index" || self.main.iter().any(|m| m == role)) {
                    block += 1;
                    seen.clear();
                }
                known += 1;
                main |= self.main.iter().any(|m| m == role);
            }
            let taken = role.is_some_and(|r| seen.contains(&r));
            let name = match role {
                Some(role) if !taken => format!("{block}:{role}"),
                _ => format!("{block}:?{}", out.len()),
            };
            seen.extend(role);
            let unit = amount::unit_in(&item.text);
            out.push(Column { name, x0: item.x0, x1: item.x1, unit, taxed: None });
        }
        let figures = row.items.iter().any(|i| amount::parse_number(&i.text).is_some());
        (known >= 2 && main && known * 2 >= row.items.len() && !figures).then_some(out)
    }

    fn role(&self, item: &Item) -> Option<&str> {
        let text = item.text.trim_end_matches(':');
        let bare = match text.find('(') {
            Some(at) if at > 0 => &text[..at],
            _ => text,
        };
        let exact = |t: &str| self.words.iter().find(|(w, _)| w == t).map(|(_, role)| role.as_str());
        let near = || {
            let chars: Vec<char> = bare.chars().collect();
            let hit = |(w, _): &&(String, String)| {
                let word: Vec<char> = w.chars().collect();
                word.len() >= 4 && word.len() == chars.len() && normal::edit_distance(&word, &chars) == 1
            };
            let scan = item.at.grade == Grade::Ocr;
            self.words.iter().filter(|_| scan).find(hit).map(|(_, role)| role.as_str())
        };
        // 服务企业名称(全称), 接入的企业名称: the end of a short heading says what stands below.
        let ending = || {
            let ends = |(w, _): &&(String, String)| {
                w.chars().count() >= 4
                    && bare.ends_with(w.as_str())
                    && bare.chars().count() <= w.chars().count() + 4
            };
            self.words.iter().find(ends).map(|(_, role)| role.as_str())
        };
        exact(text).or_else(|| exact(bare)).or_else(near).or_else(ending)
    }
}

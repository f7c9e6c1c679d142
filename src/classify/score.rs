//! How well a page fits each kind.

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};

use super::facts::{Facts, Row, near};
use crate::model::Kind;
use crate::pack::{KindCues, Pack};

/// A title found on a page.
#[derive(Clone, Debug)]
pub(super) struct Title {
    /// The row's text.
    pub(super) text: String,
    /// Points it gives: 2 to 6.
    pub(super) weight: i32,
    /// Index into the facts' rows.
    pub(super) row: usize,
}

/// How well a page fits a kind.
#[derive(Clone, Debug)]
pub(super) struct Score {
    /// The kind.
    pub(super) kind: Kind,
    /// Its points.
    pub(super) points: i32,
    /// What it takes.
    pub(super) minimum: i32,
    /// Its title, if the page has one.
    pub(super) title: Option<Title>,
    /// The cues that counted.
    pub(super) why: Vec<String>,
}

impl Score {
    /// Whether the page counts as this kind.
    pub(super) fn holds(&self) -> bool {
        self.points >= self.minimum
    }

    /// The weight of its title.
    pub(super) fn titled(&self) -> i32 {
        self.title.as_ref().map_or(0, |t| t.weight)
    }
}

/// The cues of every kind, with the kind.
pub(super) fn kinds(pack: &Pack) -> Vec<(Kind, &KindCues)> {
    let kind = |name: &str| {
        let name: StrDeserializer<'_, Error> = name.into_deserializer();
        Kind::deserialize(name).ok()
    };
    pack.kinds.iter().filter_map(|(name, cues)| Some((kind(name)?, cues))).collect()
}

/// The scores of a page, the best first.
pub(super) fn scores(facts: &Facts, kinds: &[(Kind, &KindCues)]) -> Vec<Score> {
    let mut all: Vec<Score> = kinds.iter().map(|(kind, cues)| score(facts, *kind, cues)).collect();
    all.sort_by_key(|s| (!s.holds(), -s.points, -s.titled(), s.kind));
    all
}

fn score(facts: &Facts, kind: Kind, cues: &KindCues) -> Score {
    let title = title(facts, cues);
    let mut why = Vec::new();
    let mut points = 0;
    if let Some(title) = &title {
        points += title.weight;
        why.push(format!("标题“{}”", title.text));
    }
    let strong: Vec<&str> = cues.strong.iter().map(String::as_str).filter(|c| facts.has(c)).collect();
    let weak: Vec<&str> = cues.cues.iter().map(String::as_str).filter(|c| facts.has(c)).collect();
    points += (2 * strong.len() + weak.len()).min(18) as i32;
    why.extend(strong.iter().chain(&weak).take(6).map(|c| format!("含“{c}”")));
    let mut complete = cues.needs.iter().all(|group| group.iter().any(|c| facts.has(c)));
    if cues.paper.as_deref() == Some("invoice") && facts.invoice_data {
        points += 12;
        complete = true;
        why.push("发票结构化数据".to_string());
    }
    if cues.paper.as_deref() == Some("invoice") && facts.invoice_code {
        points += 6;
        complete = true;
        why.push("发票二维码".to_string());
    }
    complete &= !vetoed(facts, cues);
    if cues.picture {
        // A picture with little text, or an interface told by the words on its buttons.
        let shows = facts.picture > 0.3 && facts.len() < 250;
        let interface = strong.len() >= 2 && facts.len() < 400;
        complete &= shows || interface || (title.is_some() && facts.len() < 120);
        points += if shows { 5 } else { 0 };
    }
    let against = cues.anti.iter().filter(|c| facts.has(c)).count() as i32;
    points -= 3 * against;
    // Without a title a paper must show it by more than two words that other papers use as well.
    let data = cues.paper.as_deref() == Some("invoice") && facts.invoice_data;
    if !complete || (title.is_none() && strong.is_empty() && !cues.picture && !data) {
        points = points.min(cues.minimum - 1);
    }
    Score { kind, points, minimum: cues.minimum, title, why }
}

/// Whether the page bears the title of another paper that merely speaks of the kind (a list of invoices, a query).
fn vetoed(facts: &Facts, cues: &KindCues) -> bool {
    if cues.veto.is_empty() {
        return false;
    }
    let others = KindCues { titles: cues.veto.clone(), ..KindCues::default() };
    titles(facts, &others).iter().any(|t| t.weight >= 3 && facts.rows[t.row].y < 0.3)
}

/// The best title of the kind on the page.
pub(super) fn title(facts: &Facts, cues: &KindCues) -> Option<Title> {
    titles(facts, cues).into_iter().max_by_key(|t| (t.weight, std::cmp::Reverse(t.row)))
}

/// All rows that read like a title of the kind.
pub(super) fn titles(facts: &Facts, cues: &KindCues) -> Vec<Title> {
    let mut out = Vec::new();
    for (index, row) in facts.rows.iter().enumerate().filter(|(_, r)| r.alone) {
        let Some(base) = fit(row, cues, facts.ocr) else { continue };
        let large = facts.usual > 0.0 && row.size >= 1.25 * facts.usual;
        let top = row.y < 0.3;
        if cues.running && row.y < 0.08 && !large && facts.usual > 0.0 && !facts.flow {
            // A running head is no title.
            continue;
        }
        let weight = base + i32::from(top) + i32::from(large) - i32::from(!top && !large);
        out.push(Title { text: row.text.clone(), weight, row: index });
    }
    out
}

/// Two to four points for a row that is a title of the kind by its words alone.
fn fit(row: &Row, cues: &KindCues, ocr: bool) -> Option<i32> {
    let text = bare(&row.text);
    let length = text.chars().count();
    if !(2..=40).contains(&length) || text.contains(['，', ',', '。', ';', '；', '?', '!', '“']) {
        return None;
    }
    let mut best = None;
    for phrase in &cues.titles {
        let words = phrase.chars().count();
        if length < words {
            continue;
        }
        let end = find_end(text, phrase, ocr);
        let Some(end) = end else { continue };
        let before = end - words;
        let after = length - end;
        let fits = match (before, after) {
            (0, 0) => Some(4),
            (b, a) if b + a <= 4 => Some(3),
            (b, 0) if b <= 26 && words >= 3 => Some(3),
            (b, a) if b <= 20 && a <= 6 && words >= 4 => Some(2),
            _ => None,
        };
        // Words of a clause count beside the title, not in it: 提供应税劳务清单 is one.
        let around: String = text.chars().take(before).chain(text.chars().skip(end)).collect();
        best = best.max(fits.filter(|_| !sentence(&around)));
    }
    for ending in &cues.endings {
        let plain = (4..=30).contains(&length) && !text.contains([':', '、', '/']) && !sentence(text);
        if plain && text.ends_with(ending.as_str()) {
            best = best.max(Some(3));
        }
    }
    best
}

/// Words that make a row a clause and no title.
fn sentence(text: &str) -> bool {
    [
        "应",
        "须",
        "的",
        "提供",
        "出具",
        "开具",
        "本合同",
        "见附",
        "详见",
        "如下",
        "根据",
        "是否",
        "及发票",
        "名称",
        "编号",
        "号码",
        "金额",
        "日期",
    ]
    .iter()
    .any(|w| text.contains(w))
}

/// A row without numbering before and brackets after it.
fn bare(text: &str) -> &str {
    let text = text.trim_matches(|c| "《》【】[]:：-—_.·*".contains(c));
    let text = text
        .trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十、.．()（）".contains(c));
    let mut text = text;
    for tail in
        ["(续)", "(副本)", "(正本)", "(复印件)", "(扫描件)", "(样本)", "(合同)", "(一)", "(二)", "(年报)"]
    {
        text = text.strip_suffix(tail).unwrap_or(text);
    }
    text.trim_matches(|c| "《》【】[]:：-—_.·*".contains(c))
}

/// Where a phrase ends in a text, in characters.
fn find_end(text: &str, phrase: &str, ocr: bool) -> Option<usize> {
    let words = phrase.chars().count();
    if let Some(at) = text.rfind(phrase) {
        return Some(text[..at].chars().count() + words);
    }
    if !ocr || words < 4 {
        return None;
    }
    let text: Vec<char> = text.chars().collect();
    let wanted: Vec<char> = phrase.chars().collect();
    near(&text, &wanted).map(|at| at + words)
}

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
    /// Where the words of the title end in the row: in Chinese the last noun says what a thing is.
    end: usize,
    /// The row begins with a number, as headings within a text do.
    numbered: bool,
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
    overrule(facts, kinds, &mut all);
    nameless(facts, kinds, &mut all);
    all.sort_by_key(|s| (!s.holds(), -s.points, -s.titled(), s.kind));
    all
}

/// A page that is nothing else, with an invoice's code on it or in the shape of one, is an invoice without readable labels.
fn nameless(facts: &Facts, kinds: &[(Kind, &KindCues)], all: &mut [Score]) {
    // What is only known as some picture or other is known by nothing.
    let picture = |kind: Kind| kinds.iter().any(|(k, cues)| *k == kind && cues.picture);
    let plain = |s: &Score| picture(s.kind) && s.title.is_none() && s.why.len() < 2;
    if all.iter().any(|s| s.holds() && !plain(s)) {
        return;
    }
    let paper = |cues: &KindCues| cues.paper.as_deref() == Some("invoice");
    let Some((kind, cues)) = kinds.iter().find(|(_, cues)| paper(cues)) else { return };
    // Lists of invoices and results of queries show codes, too.
    if cues.anti.iter().any(|c| facts.has(c)) || facts.has("附件") {
        return;
    }
    let Some(score) = all.iter_mut().find(|s| s.kind == *kind) else { return };
    if facts.invoice_code {
        score.points = score.minimum;
    } else if super::shape::is_invoice(facts) {
        score.points = score.minimum;
        score.why.push("没有可读的标签，按号码、税号和金额的形式认出".to_string());
    } else {
        return;
    }
    for score in all.iter_mut().filter(|s| picture(s.kind)) {
        score.points = score.points.min(score.minimum - 1);
    }
}

/// A page that names itself at its head is what it says, whatever papers it speaks of: 发票查验结果, 记账凭证, 付款申请单
/// have all the words of an invoice or a receipt, and 收款收据 those of an invoice.
fn overrule(facts: &Facts, kinds: &[(Kind, &KindCues)], all: &mut [Score]) {
    let heads: Vec<(Kind, Title)> = kinds
        .iter()
        .filter_map(|(kind, cues)| {
            let title = all.iter().find(|s| s.kind == *kind)?.title.clone()?;
            let row = &facts.rows[title.row];
            let large = facts.usual > 0.0 && row.size >= 1.25 * facts.usual;
            // 转账凭证 is one character away from 记账凭证: what a misread character may decide decides nothing here.
            let named = cues.titles.iter().chain(&cues.endings).any(|t| row.text.contains(t.as_str()));
            let whole = title.weight >= if *kind == Kind::Other { cues.minimum } else { 5 };
            let head = named && whole && !title.numbered && row.y < 0.3 && (row.centred || large);
            head.then_some((*kind, title))
        })
        .collect();
    for (kind, title) in heads {
        let y = facts.rows[title.row].y;
        for score in all.iter_mut().filter(|s| s.kind != kind) {
            let own = score.title.as_ref().is_some_and(|own| {
                let above = facts.rows[own.row].y + 0.005 < y;
                let same = (facts.rows[own.row].y - y).abs() <= 0.005;
                let equal = kind != Kind::Other && own.weight >= title.weight;
                own.weight >= 3 && (above || equal || (same && own.end > title.end))
            });
            if !own {
                score.points = score.points.min(score.minimum - 1);
            }
        }
    }
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
    if cues.picture {
        // A picture with little text, or an interface told by the words on its buttons.
        let shows = (facts.picture > 0.3 && facts.len() < 250)
            || (facts.picture > 0.12 && facts.len() < 60)
            || (facts.screen && facts.len() < 400);
        let interface = strong.len() >= 2 && facts.len() < 400 && !facts.flow;
        // A heading that says so, above screens with words of their own.
        let large = facts.ocr || facts.picture > 0.12;
        let headed = large && title.as_ref().is_some_and(|t| t.weight >= 4) && facts.len() < 500;
        complete &= shows || interface || headed || (title.is_some() && facts.len() < 120);
        points += if shows { 5 } else { 0 };
        // A picture of which nothing can be read but its caption.
        points += if facts.ocr && title.is_some() && facts.len() < 60 { 4 } else { 0 };
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

/// The best title of the kind on the page.
pub(super) fn title(facts: &Facts, cues: &KindCues) -> Option<Title> {
    titles(facts, cues).into_iter().max_by_key(|t| (t.weight, std::cmp::Reverse(t.row)))
}

/// All rows that read like a title of the kind.
pub(super) fn titles(facts: &Facts, cues: &KindCues) -> Vec<Title> {
    let mut out = Vec::new();
    for (index, row) in facts.rows.iter().enumerate().filter(|(_, r)| r.alone) {
        let Some((base, end)) = fit(row, cues, facts.ocr) else { continue };
        let large = facts.usual > 0.0 && row.size >= 1.25 * facts.usual;
        let top = row.y < 0.3;
        if cues.running && row.y < 0.08 && !large && facts.usual > 0.0 && !facts.flow {
            // A running head is no title.
            continue;
        }
        let weight = base + i32::from(top) + i32::from(large) - i32::from(!top && !large);
        let numbered =
            row.text.starts_with(|c: char| c.is_ascii_digit() || "一二三四五六七八九十(".contains(c))
                && !row.text.starts_with("20");
        out.push(Title { text: row.text.clone(), weight, row: index, end, numbered });
    }
    out
}

/// Two to four points for a row that is a title of the kind by its words alone, and where the words end.
fn fit(row: &Row, cues: &KindCues, ocr: bool) -> Option<(i32, usize)> {
    // The 口 in a letter of a large heading looks like a box with a tick.
    let ticks = ['☑', '☐'];
    let unticked = (ocr && row.text.contains(ticks)).then(|| row.text.replace(ticks, ""));
    let text = bare(unticked.as_deref().unwrap_or(&row.text));
    let whole = fit_text(text, cues, ocr);
    // What stands in brackets behind a title limits it: 申报表(一般纳税人适用).
    let without = text.strip_suffix(')').and_then(|t| t.rfind('(').map(|at| &t[..at]));
    let without = without.filter(|t| t.chars().count() >= 3).and_then(|t| fit_text(t, cues, ocr));
    whole.max(without)
}

fn fit_text(text: &str, cues: &KindCues, ocr: bool) -> Option<(i32, usize)> {
    let length = text.chars().count();
    // A name in quotes may be part of a title, an open quote is a sentence.
    let quoted = text.contains('“') && !text.contains('”');
    if !(2..=40).contains(&length) || quoted || text.contains(['，', ',', '。', ';', '；', '?', '!']) {
        return None;
    }
    let mut best = None;
    let letters = Letters::of(text);
    for phrase in &cues.titles {
        // Nearly all titles stand on nearly no row: one letter that is missing tells.
        if !ocr && !letters.may_spell(phrase) {
            continue;
        }
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
        best = best.max(fits.filter(|_| !sentence(&around)).map(|points| (points, end)));
    }
    for ending in &cues.endings {
        let plain = (4..=30).contains(&length) && !text.contains([':', '、', '/']) && !sentence(text);
        if plain && text.ends_with(ending.as_str()) {
            best = best.max(Some((3, length)));
        }
    }
    best
}

/// Which letters a text has, by a few bits of each.
struct Letters([u64; 8]);

impl Letters {
    fn of(text: &str) -> Self {
        let mut bits = [0; 8];
        text.chars().map(Self::bit).for_each(|(i, bit)| bits[i] |= bit);
        Self(bits)
    }

    fn bit(c: char) -> (usize, u64) {
        let n = c as usize;
        (n >> 6 & 7, 1 << (n & 63))
    }

    /// False only where a letter of the phrase is missing.
    fn may_spell(&self, phrase: &str) -> bool {
        phrase.chars().map(Self::bit).all(|(i, bit)| self.0[i] & bit != 0)
    }
}

/// Words that make a row a clause and no title.
fn sentence(text: &str) -> bool {
    let must = text.match_indices('应').any(|(at, _)| {
        let before = text[..at].ends_with('供');
        let after = text[at + '应'.len_utf8()..].starts_with(['用', '付', '收', '税', '急']);
        !before && !after
    });
    let words = [
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
    ];
    must || words.iter().any(|w| text.contains(w))
}

fn without_frame(text: &str) -> &str {
    text.trim_matches(|c| "《》【】[]:：-—_.·*".contains(c))
}

/// A row without numbering before and brackets after it.
fn bare(text: &str) -> &str {
    let text = without_frame(text);
    let text = text
        .trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十、.．()（）".contains(c));
    let mut text = text;
    for tail in
        ["(续)", "(副本)", "(正本)", "(复印件)", "(扫描件)", "(样本)", "(合同)", "(一)", "(二)", "(年报)"]
    {
        text = text.strip_suffix(tail).unwrap_or(text);
    }
    without_frame(text)
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

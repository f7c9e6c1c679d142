//! Audit reports and special audit reports: whose, for which period, by whom, with which opinion.

use std::ops::Range;

use chrono::NaiveDate;

use crate::extract::flow::{Bare, Flow};
use crate::extract::grid::{self, GridRow};
use crate::extract::label::{self, Fragment, Options};
use crate::extract::typed::Typed;
use crate::extract::{Extracted, Extractor, View};
use crate::model::{Field, Kind, Unit, Value};
use crate::pack::{Lexicon, Pack};
use crate::text::{amount, date, name, normal};

/// Extracts one kind of audit report.
#[derive(Clone, Copy, Debug)]
pub struct Audit(Kind);

/// 审计报告
pub static AUDIT_REPORT: Audit = Audit(Kind::AuditReport);
/// 专项审计报告
pub static SPECIAL_AUDIT: Audit = Audit(Kind::SpecialAudit);

impl Extractor for Audit {
    fn kind(&self) -> Kind {
        self.0
    }

    fn extract(&self, view: &View<'_>, pack: &Pack) -> Extracted {
        let lexicon = pack.lexicon("audit");
        let typed = Typed::new(&view.file);
        let rows = grid::rows(view);
        let flow = Flow::of(&rows);
        let bare = flow.bare();
        let place = |range: Range<usize>| flow.fragment(&bare.origin(&range));
        let labelled = |key: &str, accept: &dyn Fn(&str) -> bool| {
            let options = Options { accept: Some(accept), not_below: true, ..Options::default() };
            label::find_best(view, lexicon.of(key), &options).map(|h| h.value)
        };
        let mut out = Extracted::default();
        let mut put = |name: &str, field: Option<Field>| {
            if let Some(field) = field {
                out.fields.insert(name.to_string(), field);
            }
        };
        let text = |at: Fragment| typed.found(Value::Text(normal::squash(&at.text)), &at);
        let named = |at: Fragment| typed.found(Value::Text(name::normal_name(&at.text)), &at);
        let is_name =
            |t: &str| name::normal_name(t).ends_with("公司") || name::normal_name(t).ends_with("厂");
        put(
            "number",
            number(&bare)
                .and_then(place)
                .or_else(|| labelled("number", &|t| t.chars().filter(char::is_ascii_digit).count() >= 3))
                .map(text),
        );
        put(
            "company",
            addressee(&rows)
                .or_else(|| company(&bare).and_then(place))
                .or_else(|| labelled("company", &is_name))
                .map(named),
        );
        put("firm", firm(&flow).or_else(|| labelled("firm", &|t| t.contains("事务所"))).map(text));
        put("period", year(&bare).and_then(|(y, r)| Some(typed.found(Value::Text(y), &place(r)?))));
        put(
            "opinion",
            opinion(&bare, lexicon).and_then(|(o, r)| Some(typed.found(Value::Text(o), &place(r)?))),
        );
        put(
            "emphasis",
            emphasis(&bare, lexicon).and_then(|(e, r)| Some(typed.found(Value::Text(e), &place(r)?))),
        );
        let dated = labelled("date", &|t| date::parse_date(t).is_some())
            .and_then(|at| Some((date::parse_date(&at.text)?, at)));
        put("date", dated.or_else(|| signed(&flow)).map(|(d, at)| typed.found(Value::Date(d), &at)));
        if self.0 == Kind::SpecialAudit {
            put(
                "amount",
                total(&bare, lexicon).and_then(|(m, r)| Some(typed.found(Value::Money(m), &place(r)?))),
            );
        }
        out
    }
}

/// 湘某会审字〔2023〕第001号
fn number(bare: &Bare) -> Option<Range<usize>> {
    let text = &bare.text;
    for (at, c) in text.char_indices().filter(|(_, c)| matches!(c, '〔' | '[' | '(' | '【' | '［')) {
        let open = at + c.len_utf8();
        let year: String = text[open..].chars().take(4).collect();
        let close = text[open..].chars().nth(4);
        if year.len() != 4
            || !year.starts_with("20")
            || !year.chars().all(|c| c.is_ascii_digit())
            || !matches!(close, Some('〕' | ']' | ')' | '】' | '］'))
        {
            continue;
        }
        let after = open + 4 + close.map_or(0, char::len_utf8);
        let tail: String = text[after..].chars().take(16).collect();
        let Some(end) = tail.find('号').map(|p| after + p + '号'.len_utf8()) else { continue };
        if !text[after..end].chars().any(|c| c.is_ascii_digit()) {
            continue;
        }
        let prefix: Vec<char> = text[..at]
            .chars()
            .rev()
            .take(14)
            .take_while(|c| ('\u{4e00}'..='\u{9fff}').contains(c) || c.is_ascii_alphabetic())
            .collect();
        let mut word: String = prefix.into_iter().rev().collect();
        for cut in ["报告文号", "报告编号", "文号", "编号", "审计报告"] {
            if let Some(p) = word.rfind(cut) {
                word = word[p + cut.len()..].to_string();
            }
        }
        if !word.is_empty() {
            return Some(at - word.len()..end);
        }
    }
    None
}

/// The addressee: a line that is ××公司全体股东： or ××公司：
fn addressee(rows: &[GridRow]) -> Option<Fragment> {
    rows.iter().take(40).flat_map(|r| &r.items).find_map(|item| {
        let text = item.text.trim_end_matches([':', ',', '。']);
        let colon = text.len() < item.text.len();
        let whom = ["全体股东", "董事会", "股东会", "全体投资人", "股东"];
        let name =
            whom.iter().find_map(|w| text.strip_suffix(w)).or(if colon { Some(text) } else { None })?;
        let count = name.chars().count();
        let company = name.ends_with("公司") && (6..=40).contains(&count) && !name.contains([',', '。', ':']);
        // Blanks that print puts between characters count as characters of the run.
        let blanks = |c: &char| c.is_whitespace();
        let total = item.at.text.chars().count() - item.at.text.chars().filter(blanks).count();
        let end = if total == item.at.text.chars().count() { count } else { total };
        company.then(|| item.at.slice(0, end))
    })
}

/// The company in 我们审计了××公司.
fn company(bare: &Bare) -> Option<Range<usize>> {
    let text = &bare.text;
    for word in ["审计了后附的", "审计了", "接受委托,对", "我们对", "审核了", "对"] {
        for (at, _) in text.match_indices(word) {
            let from = at + word.len();
            let Some(end) = text[from..].find("公司").map(|p| from + p + "公司".len()) else { break };
            // A name that ends otherwise is followed by how the report calls it: (以下简称贵公司).
            let end = text[from..end].find("(以下简称").map_or(end, |p| from + p);
            let count = text[from..end].chars().count();
            if (6..=40).contains(&count) && !text[from..end].contains([',', '。', ':', ';']) {
                return Some(from..end);
            }
        }
    }
    None
}

/// The firm: the last line piece that ends in 会计师事务所 and its form.
fn firm(flow: &Flow) -> Option<Fragment> {
    let mut found = None;
    let mut from = 0;
    for piece in flow.text.split_inclusive(['\n', '\t']) {
        let start = from;
        from += piece.len();
        let Some(at) = piece.find("会计师事务所") else { continue };
        let head_end = at + "会计师事务所".len();
        let rest = &piece[head_end..];
        // (普通合伙), 有限公司
        let tail: usize = rest
            .char_indices()
            .take_while(|(i, c)| {
                *i < 60 && !c.is_whitespace() && !matches!(c, '：' | ':' | '，' | '。' | '接')
            })
            .map(|(i, c)| i + c.len_utf8())
            .last()
            .unwrap_or(0);
        let tail_text = normal::squash(&rest[..tail]);
        let form = tail_text.is_empty()
            || tail_text.starts_with('(')
            || tail_text.contains("公司")
            || tail_text.contains("所");
        let lead = piece[..head_end]
            .char_indices()
            .rev()
            .find(|(_, c)| c.is_whitespace() || matches!(c, '：' | ':' | '，'))
            .map_or(0, |(i, c)| i + c.len_utf8());
        let name = normal::squash(&piece[lead..head_end]);
        if form && (8..=30).contains(&name.chars().count()) {
            let range = start + lead..start + head_end + tail;
            found = flow.fragment(&range).or(found);
        }
    }
    found
}

/// The audited year: the balance date, or the year of the statements.
fn year(bare: &Bare) -> Option<(String, Range<usize>)> {
    let text = &bare.text;
    for mark in ["年12月31日", "年度"] {
        for (at, _) in text.match_indices(mark) {
            let Some(from) = at.checked_sub(4).filter(|f| text.is_char_boundary(*f)) else { continue };
            let year = &text[from..at];
            if year.starts_with("20") && year.chars().all(|c| c.is_ascii_digit()) {
                return Some((year.to_string(), from..at));
            }
        }
    }
    None
}

/// The opinion: a named modification; else, where the standard sentence stands, none.
fn opinion(bare: &Bare, lexicon: &Lexicon) -> Option<(String, Range<usize>)> {
    let text = &bare.text;
    for (key, words) in &lexicon.labels {
        let Some(kind) = key.strip_prefix("意见.") else { continue };
        for word in words {
            // 无保留意见 contains 保留意见; what the standard paragraphs say about possible opinions is no opinion.
            let hit = text.match_indices(word.as_str()).find(|(at, _)| {
                !text[..*at].ends_with('无')
                    && (text[*at + word.len()..].starts_with("的基础")
                        || text[..*at].ends_with("形成")
                        || text[..*at].ends_with('、'))
            });
            if let Some((at, _)) = hit {
                return Some((kind.to_string(), at..at + word.len()));
            }
        }
    }
    if let Some(at) = text.find("无保留意见") {
        return Some(("无保留意见".to_string(), at..at + "无保留意见".len()));
    }
    let at = text.find("在所有重大方面")?;
    let end = text[at..].find("公允反映").map(|p| at + p + "公允反映".len())?;
    Some(("无保留意见".to_string(), at..end))
}

/// Paragraphs beside the opinion that a reader must see: 强调事项, 与持续经营相关的重大不确定性. They are headings of their
/// own: behind an enumeration, with the paragraph following at once.
fn emphasis(bare: &Bare, lexicon: &Lexicon) -> Option<(String, Range<usize>)> {
    let text = &bare.text;
    let mut found: Vec<(usize, &str, usize)> = Vec::new();
    for (key, words) in &lexicon.labels {
        let Some(kind) = key.strip_prefix("段落.") else { continue };
        let hit = words.iter().find_map(|word| {
            let headed = |at: &usize| {
                let numbered = text[..*at].ends_with(['、', '.', ')']);
                numbered && text[*at + word.len()..].starts_with(['我', ':'])
            };
            text.match_indices(word.as_str()).map(|m| m.0).find(headed).map(|at| (at, word.len()))
        });
        found.extend(hit.map(|(at, len)| (at, kind, len)));
    }
    found.sort_unstable();
    let (at, _, len) = *found.first()?;
    let names: Vec<&str> = found.iter().map(|f| f.1).collect();
    Some((names.join("、"), at..at + len))
}

/// The day of the report: the last day that stands alone on its line.
fn signed(flow: &Flow) -> Option<(NaiveDate, Fragment)> {
    let all = date::find_dates(&flow.text);
    let alone = all.into_iter().rev().find(|(r, _)| {
        let line = flow.text[..r.start].rfind(['\n', '\t']).map_or(0, |p| p + 1);
        let end = flow.text[r.end..].find(['\n', '\t']).map_or(flow.text.len(), |p| r.end + p);
        let around = format!("{}{}", &flow.text[line..r.start], &flow.text[r.end..end]);
        let around = normal::squash(&around);
        around.is_empty() || around.ends_with(':') || (around.contains("中国") && around.chars().count() <= 8)
    })?;
    Some((alone.1, flow.fragment(&alone.0)?))
}

/// The total that a special audit confirms.
fn total(bare: &Bare, lexicon: &Lexicon) -> Option<(crate::model::Money, Range<usize>)> {
    for word in lexicon.of("总额") {
        for (at, _) in bare.text.match_indices(word.as_str()) {
            let from = at + word.len();
            let rest = &bare.text[from..];
            let end = rest.char_indices().nth(30).map_or(rest.len(), |(i, _)| i);
            let stop = rest[..end].find(['。', ';']).unwrap_or(end);
            if let Some(f) = amount::find_money(&rest[..stop], Unit::Yuan).into_iter().find(|f| f.marked) {
                return Some((f.money, from + f.range.start..from + f.range.end));
            }
        }
    }
    None
}

#[cfg(test)]
#[path = "audit_report_tests.rs"]
mod tests;

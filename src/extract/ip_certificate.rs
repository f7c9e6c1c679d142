//! Certificates of intellectual property: software copyrights, patents, trade marks, works, registered software products.

mod number;

use chrono::NaiveDate;

use crate::extract::flow::Flow;
use crate::extract::grid::{self, GridRow};
use crate::extract::label::{Fragment, is_cjk};
use crate::extract::labelled::Reader;
use crate::extract::typed::{self, Typed};
use crate::extract::{Extracted, Extractor, View, wrapped};
use crate::model::{Field, Grade, Kind, Value};
use crate::pack::{Lexicon, Pack};
use crate::text::{date, name, normal};

/// Extracts certificates of intellectual property.
#[derive(Clone, Copy, Debug)]
pub struct IpCertificate;

/// What a certificate is about, as far as it decides where its fields stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    /// A software copyright.
    Software,
    /// A patent of any kind.
    Patent,
    /// A trade mark.
    Mark,
    /// A work, a software product, a layout design, something else.
    Other,
}

impl Extractor for IpCertificate {
    fn kind(&self) -> Kind {
        Kind::IpCertificate
    }

    fn extract(&self, view: &View<'_>, pack: &Pack) -> Extracted {
        let lexicon = pack.lexicon("ip");
        let known: Vec<String> = lexicon
            .labels
            .iter()
            .filter(|(k, _)| !k.starts_with("类."))
            .flat_map(|(_, l)| l.clone())
            .collect();
        let rows = grid::rows(view);
        let flow = Flow::of(&rows);
        let class = class(&flow, lexicon);
        let sort = match class.as_ref().map(|c| c.0.as_str()) {
            Some("计算机软件著作权") => Sort::Software,
            Some("商标") => Sort::Mark,
            Some(name) if name.ends_with("专利") => Sort::Patent,
            _ => Sort::Other,
        };
        let typed = Typed::new(&view.file);
        let reader = Reader::new(view, lexicon, &known);
        let mut out = Extracted::default();
        let mut put = |name: &str, field: Option<Field>| {
            if let Some(field) = field {
                out.fields.insert(name.to_string(), field);
            }
        };
        let number = number::read(&reader, &flow, sort, &typed);
        put("patent_kind", number.as_ref().and_then(number::patent_kind));
        put("number", number);
        put("certificate_number", number::certificate(&reader, &flow).map(|at| typed.plain(&at)));
        put("type", class.map(|(name, at)| typed.found(Value::Text(name), &at)));
        let (title, short) = reader.title();
        put("title", title.map(|at| written(&at, &typed)));
        put("short_name", short.map(|at| written(&at, &typed)));
        put("owner", reader.owner().map(|at| owners(&at, &typed)));
        for field in ["completed", "applied_on", "granted_on", "registered_on", "expires"] {
            put(field, reader.day(field).map(|(d, at)| typed.found(Value::Date(d), &at)));
        }
        put("published", reader.published(&typed));
        for field in ["acquisition", "rights", "announcement", "inventor", "version"] {
            put(
                field,
                reader.text(field, &|t| (2..=60).contains(&t.chars().count())).map(|at| typed.text(&at)),
            );
        }
        let of = match sort {
            Sort::Patent => "granted_on",
            _ => "registered_on",
        };
        let dated = reader.day(of).or_else(|| reader.alone(&rows));
        put("date", dated.map(|(d, at)| typed.found(Value::Date(d), &at)));
        out
    }
}

/// The sort of certificate by the first word on it that tells one.
fn class(flow: &Flow, lexicon: &Lexicon) -> Option<(String, Fragment)> {
    let bare = flow.bare();
    let words = lexicon.labels.iter().filter_map(|(k, words)| Some((k.strip_prefix("类.")?, words)));
    let found = words.flat_map(|(name, words)| {
        let text = &bare.text;
        words.iter().filter_map(move |w| text.find(w.as_str()).map(|at| (at, w.len(), name)))
    });
    let (at, len, name) = found.min_by_key(|f| (f.0, std::cmp::Reverse(f.1)))?;
    Some((name.to_string(), flow.fragment(&bare.origin(&(at..at + len)))?))
}

impl Reader<'_> {
    /// The title with the lines it is broken over, and the short name that stands in brackets within it.
    fn title(&self) -> (Option<Fragment>, Option<Fragment>) {
        let word =
            |t: &str| t.chars().any(|c| is_cjk(c) || c.is_alphabetic()) && date::parse_date(t).is_none();
        let Some(hit) = self.hit("title", &word) else { return (None, None) };
        let whole = wrapped::continued(self.view, hit.value, hit.at.place.bbox(), self.known);
        let chars: Vec<char> = whole.text.chars().collect();
        let open = chars.iter().position(|c| matches!(c, '[' | '［' | '【' | '〔'));
        let bracket = open.and_then(|open| {
            let close = (open..chars.len()).find(|i| matches!(chars[*i], ']' | '］' | '】' | '〕'))?;
            let inner: String = chars[open + 1..close].iter().collect();
            normal::squash(&inner).starts_with("简称").then_some((open, close))
        });
        let Some((open, close)) = bracket else { return (Some(whole), None) };
        let inner = whole.slice(open + 1, close);
        let label = inner.text.chars().take_while(|c| matches!(c, '简' | '称' | ':' | '：' | ' ')).count();
        let short = inner.slice(label, inner.text.chars().count()).trim();
        let mut title = whole.clone();
        title.text = chars[..open].iter().chain(&chars[close + 1..]).collect();
        title.edges = Vec::new();
        (Some(title.trim()), (!short.is_blank()).then_some(short))
    }

    fn owner(&self) -> Option<Fragment> {
        let name = |t: &str| {
            let n = normal::squash(t).chars().count();
            (2..=120).contains(&n) && t.chars().filter(|c| is_cjk(*c) || c.is_alphabetic()).count() * 2 > n
        };
        let hit = self.hit("owner", &name)?;
        Some(wrapped::continued(self.view, hit.value, hit.at.place.bbox(), self.known))
    }

    /// The first day behind a label.
    fn day(&self, key: &str) -> Option<(NaiveDate, Fragment)> {
        let at = self.text(key, &|t| !date::find_dates(t).is_empty())?;
        let (range, day) = if key == "expires" {
            date::find_dates(&at.text).pop()?
        } else {
            date::find_dates(&at.text).into_iter().next()?
        };
        let chars = normal::char_range(&at.text, &range);
        Some((day, at.slice(chars.start, chars.end)))
    }

    /// The day of first publication, or that there was none.
    fn published(&self, typed: &Typed) -> Option<Field> {
        if let Some((day, at)) = self.day("published") {
            return Some(typed.found(Value::Date(day), &at));
        }
        let at = self.text("published", &|t| normal::squash(t).contains("未发表"))?;
        Some(typed.text(&at))
    }

    /// The last day that stands on the certificate without a label: the day of issue, under the office's seal.
    fn alone(&self, rows: &[GridRow]) -> Option<(NaiveDate, Fragment)> {
        rows.iter().rev().find_map(|row| {
            let (at, item) =
                row.items.iter().enumerate().find(|(_, i)| date::parse_date(&i.at.text).is_some())?;
            let label = |text: &str| {
                let text = text.trim_end_matches(':');
                text.contains("日期")
                    || text.ends_with('至')
                    || self.known.iter().any(|k| normal::squash(k) == text)
            };
            let labelled = at.checked_sub(1).is_some_and(|left| label(&row.items[left].text));
            (!labelled).then(|| date::parse_date(&item.at.text).map(|d| (d, item.at.clone())))?
        })
    }
}

/// Text of one or several lines; blanks that print or recognition puts between Chinese characters are no part of it.
fn written(at: &Fragment, typed: &Typed) -> Field {
    typed.found(Value::Text(close(&typed::joined(&at.text))), at)
}

fn close(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let between = |i: usize| {
        let before = i.checked_sub(1).and_then(|b| chars.get(b));
        chars[i] == ' ' && before.is_some_and(|c| is_cjk(*c)) && chars.get(i + 1).is_some_and(|c| is_cjk(*c))
    };
    (0..chars.len()).filter(|i| !between(*i)).map(|i| chars[i]).collect()
}

/// Ends of names of bodies: a line that ends so is a whole name, and the next line another owner.
const BODIES: [&str; 9] = ["公司", "大学", "学院", "研究院", "研究所", "厂", "中心", "集团", "合作社"];

/// The owner, or all of them with `；` between.
fn owners(at: &Fragment, typed: &Typed) -> Field {
    let mut names: Vec<String> = Vec::new();
    for line in at.text.split('\n') {
        let mut parts = line.split([';', '；']).map(name::normal_name).filter(|p| !p.is_empty());
        if let Some(first) = parts.next() {
            match names.last_mut() {
                Some(last) if !BODIES.iter().any(|b| last.ends_with(b)) && last.chars().count() > 4 => {
                    last.push_str(&first);
                }
                _ => names.push(first),
            }
        }
        names.extend(parts);
    }
    let field = typed.found(Value::Text(names.join("；")), at);
    if at.grade == Grade::Ocr && names.len() > 1 { typed::weaken(field, 0.9) } else { field }
}

#[cfg(test)]
#[path = "ip_certificate/tests.rs"]
mod tests;

//! The head of an invoice: title, code, number, date, check code, machine number.

use std::sync::LazyLock;

use regex::Regex;

use crate::extract::Extracted;
use crate::extract::label::{Finder, Fragment, How, Options, best};
use crate::extract::sheet::{Sheet, Word};
use crate::extract::typed::{Typed, weaken};
use crate::model::{Field, Grade, Value};
use crate::pack::Lexicon;
use crate::text::{code, date, normal};

/// How much less sure a value is that only its shape told.
const BY_SHAPE: f32 = 0.85;

/// What the parts of the head need.
pub(super) struct Head<'a> {
    pub(super) finder: &'a Finder<'a>,
    pub(super) lexicon: &'a Lexicon,
    pub(super) typed: &'a Typed,
    /// Words above the list of goods, the first page's.
    pub(super) words: Vec<&'a Word>,
}

impl Head<'_> {
    pub(super) fn read(&self, sheet: &Sheet, out: &mut Extracted) {
        self.code(out);
        self.check_code(out);
        self.date(out);
        self.number(out);
        self.put(out, "machine_number", &digits(&[12]), |t, f| t.code(f));
        if let Some(at) = title(sheet) {
            let name = whole_title(&normal::squash(&at.text));
            // Every VAT invoice's title begins with a region or 电子发票: on pixels one without may have lost its beginning.
            let cut = at.grade == Grade::Ocr && name.starts_with("增值税");
            let field = self.typed.found(Value::Text(name), &at);
            out.fields.insert("kind_name".into(), if cut { weaken(field, BY_SHAPE) } else { field });
        }
    }

    /// A value by its label.
    fn labelled(&self, field: &str, accept: &dyn Fn(&str) -> bool) -> Option<(Fragment, How)> {
        let labels = self.lexicon.of(field);
        let options = Options { accept: Some(accept), ..Options::default() };
        best(self.finder.find(labels, &options), labels).map(|h| (h.value, h.how))
    }

    fn put(
        &self,
        out: &mut Extracted,
        name: &str,
        accept: &dyn Fn(&str) -> bool,
        make: fn(&Typed, &Fragment) -> Field,
    ) {
        if let Some((at, _)) = self.labelled(name, accept) {
            out.fields.insert(name.into(), make(self.typed, &at));
        }
    }

    fn code(&self, out: &mut Extracted) {
        if let Some((at, _)) = self.labelled("code", &digits(&[10, 12])) {
            out.fields.insert("code".into(), self.typed.code(&at));
            return;
        }
        let machine = self.labelled("machine_number", &digits(&[12])).map(|m| code::clean_code(&m.0.text));
        let shaped = |w: &&&Word| is_code(&compact(&w.text)) && Some(compact(&w.text)) != machine;
        self.by_shape(out, "code", shaped);
    }

    fn number(&self, out: &mut Extracted) {
        if let Some((at, _)) = self.labelled("number", &digits(&[8, 20])) {
            out.fields.insert("number".into(), self.typed.code(&at));
            return;
        }
        static NUMBERED: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(r"(?:N[oO0°º][.:]?|^N|№|号码)[.:]?(?:\d{8}|\d{20})$").ok());
        for (i, word) in self.words.iter().enumerate() {
            let text = normal::squash(&word.text);
            let next = self.words.get(i + 1).filter(|n| {
                matches!(text.trim_end_matches(['.', ':']), "No" | "NO" | "N0" | "№")
                    && digits(&[8, 20])(&n.text)
            });
            let own = NUMBERED.as_ref().is_some_and(|r| r.is_match(&text));
            let at = if own { Some(word.at.clone()) } else { next.map(|n| n.at.clone()) };
            if let Some(at) = at.map(|a| last_digits(&a)) {
                out.fields.insert("number".into(), self.typed.code(&at));
                return;
            }
        }
        let coded = out.fields.contains_key("code");
        let plain = |name: &str| out.fields.get(name).and_then(Field::found).map(|f| f.value.to_plain());
        let (taken, year) =
            (plain("check_code"), plain("date").map(|d| d.chars().skip(2).take(2).collect::<String>()));
        let shaped = |w: &&&Word| {
            let text = compact(&w.text);
            let dated = text.len() == 8 && date::parse_date(&text).is_some();
            let long = text.len() == 20
                && !coded
                && Some(&text) != taken.as_ref()
                && is_long(&text, year.as_deref());
            all_digits(&text) && ((text.len() == 8 && !dated) || long)
        };
        if let Some(word) = self.below_code(out, &shaped) {
            out.fields.insert("number".into(), weaken(self.typed.code(&word.at), BY_SHAPE));
            return;
        }
        self.by_shape(out, "number", shaped);
    }

    /// The number under or beside the code: both are printed together wherever there is a code.
    fn below_code(&self, out: &Extracted, shaped: &dyn Fn(&&&Word) -> bool) -> Option<&Word> {
        let code = out.fields.get("code").and_then(Field::found)?.source().place.bbox()?;
        let near = |w: &&&Word| {
            let below = w.bbox.y0 > code.mid_y() && w.bbox.y0 - code.y1 < 2.0 * code.height();
            below && (w.bbox.x0 - code.x0).abs() < 1.5 * code.height() && w.text.chars().count() == 8
        };
        let mut found = self.words.iter().filter(|w| near(w) && shaped(w));
        found.next().filter(|_| found.next().is_none()).copied()
    }

    fn check_code(&self, out: &mut Extracted) {
        let short = |t: &str| {
            let t = compact(t);
            t.len() == 5 && t.bytes().all(|b| b.is_ascii_hexdigit())
        };
        let accept = |t: &str| digits(&[20])(t) || short(t);
        if let Some((at, _)) = self.labelled("check_code", &accept) {
            let at = self.groups(at);
            // Only Shenzhen's are that short; elsewhere five digits are a piece of the code.
            let code = out.fields.get("code").and_then(Field::found).map(|c| c.value.to_plain());
            let shenzhen = code.is_none_or(|c| c.starts_with("144"));
            if !short(&at.text) {
                out.fields.insert("check_code".into(), self.typed.code(&at));
            } else if shenzhen {
                out.fields.insert("check_code".into(), self.typed.plain(&at));
            }
            return;
        }
        // Printed in four groups of five, or at one go beside a code of tax control.
        let coded = out.fields.contains_key("code");
        let shaped = |w: &&&Word| {
            let groups: Vec<&str> = w.text.split(' ').collect();
            let apart = groups.len() == 4 && groups.iter().all(|g| g.len() == 5 && all_digits(g));
            apart || (coded && digits(&[20])(&w.text))
        };
        self.by_shape(out, "check_code", shaped);
    }

    /// The first of four groups of five digits with the others, where they stand apart on its row.
    fn groups(&self, first: Fragment) -> Fragment {
        let five = |t: &str| t.len() == 5 && all_digits(t);
        let Some(b) = first.place.bbox().filter(|_| five(&compact(&first.text))) else { return first };
        let beside = |w: &&&&Word| {
            Some(w.page) == first.place.page()
                && w.bbox.x0 > b.x1 - 1.0
                && w.bbox.shared_height(b) > 0.5 * b.height()
                && five(&compact(&w.text))
        };
        let mut rest: Vec<&&Word> = self.words.iter().filter(|w| beside(&w)).collect();
        rest.sort_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0));
        match rest.as_slice() {
            [a, b, c] => first.join(&a.at, " ").join(&b.at, " ").join(&c.at, " "),
            _ => first,
        }
    }

    fn date(&self, out: &mut Extracted) {
        let accept = |t: &str| day(t).is_some();
        if let Some((at, _)) = self.labelled("date", &accept) {
            self.put_date(out, &at, 1.0);
            return;
        }
        // The value may come in pieces ("2022" "年" "03" …): all that follows the label on its row.
        for label in self.finder.places(self.lexicon.of("date"), &Options::default()) {
            let Some(b) = label.place.bbox() else { continue };
            let mut rest: Vec<&&Word> = self
                .words
                .iter()
                .filter(|w| {
                    Some(w.page) == label.place.page()
                        && w.bbox.x0 >= b.x1 - 2.0
                        && w.bbox.shared_height(b) > 0.4 * b.height()
                })
                .collect();
            rest.sort_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0));
            let joined = rest.iter().take(6).map(|w| w.at.clone()).reduce(|a, b| a.join(&b, " "));
            if let Some(at) = joined.filter(|a| day(&a.text).is_some()) {
                self.put_date(out, &at, 1.0);
                return;
            }
        }
        let pieces = self.words.windows(3).filter_map(|w| {
            let numbers = w.iter().all(|w| all_digits(&w.text)) && w[0].text.len() == 4;
            let beside = w[2].bbox.x0 > w[1].bbox.x0 && w[1].bbox.x0 > w[0].bbox.x0;
            (numbers && beside).then(|| w[0].at.join(&w[1].at, " ").join(&w[2].at, " "))
        });
        let whole = self.words.iter().filter(|w| !digits(&[8])(&w.text)).map(|w| w.at.clone());
        if let Some(at) = whole.chain(pieces).find(|at| day(&at.text).is_some()) {
            self.put_date(out, &at, BY_SHAPE);
        }
    }

    fn put_date(&self, out: &mut Extracted, at: &Fragment, factor: f32) {
        if let Some(day) = day(&at.text) {
            out.fields.insert("date".into(), weaken(self.typed.found(Value::Date(day), at), factor));
        }
    }

    /// The only word of this shape, or the one that is printed twice.
    fn by_shape(&self, out: &mut Extracted, name: &str, shaped: impl Fn(&&&Word) -> bool) {
        let all: Vec<&&Word> = self.words.iter().filter(|w| shaped(w)).collect();
        let twice = |w: &&&&Word| all.iter().filter(|o| compact(&o.text) == compact(&w.text)).count() > 1;
        let distinct = all.iter().map(|w| compact(&w.text)).collect::<std::collections::BTreeSet<_>>().len();
        // Of several that fit, none is the one.
        let Some(word) = all.iter().find(twice).or_else(|| all.first().filter(|_| distinct == 1)) else {
            return;
        };
        out.fields.insert(name.into(), weaken(self.typed.code(&word.at), BY_SHAPE));
    }
}

/// A day, also where only blanks separate its parts.
fn day(text: &str) -> Option<chrono::NaiveDate> {
    static SPACED: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^(20\d\d)\s+(\d{1,2})\s+(\d{1,2})$").ok());
    let text = normal::fold(text);
    if let Some(c) = SPACED.as_ref().and_then(|r| r.captures(&text)) {
        return date::parse_date(&format!("{}-{}-{}", &c[1], &c[2], &c[3]));
    }
    date::parse_date(&text).or_else(|| match date::find_dates(&text).as_slice() {
        [(_, day)] => Some(*day),
        _ => None,
    })
}

/// The printed title: the row that names the kind of invoice, in the largest letters.
fn title(sheet: &Sheet) -> Option<Fragment> {
    static TITLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"电子发票(?:\((?:[^()]{2,16})\)|\(?(?:增值税专用发票|普通发票)\)?)|\p{Han}{0,8}增值税(?:电子)?(?:专用|普通)发票(?:\((?:卷票|折叠票)\))?|\p{Han}{0,6}通行费\p{Han}{0,4}发票|\p{Han}{0,6}电子普通发票|\p{Han}{0,4}机动车销售统一发票").ok()
    });
    let regex = TITLE.as_ref()?;
    let mut found: Option<(f32, Fragment)> = None;
    for row in &sheet.rows {
        // A title with wide gaps comes as several words; where one word is a title, its neighbours are none.
        let alone = row.iter().any(|w| regex.is_match(&normal::squash(&w.text)));
        let whole = row.iter().map(|w| w.at.clone()).reduce(|a, b| a.join(&b, "")).filter(|_| !alone);
        for at in row.iter().map(|w| w.at.clone()).chain(whole) {
            let text = normal::squash(&at.text);
            let Some(hit) = regex.find(&text).filter(|h| h.len() * 2 > text.len() || h.start() == 0) else {
                continue;
            };
            let height = at.place.bbox().map_or(0.0, |b| b.height());
            if found.as_ref().is_none_or(|f| height > f.0 + 0.5) && !text.contains("清单") {
                found = Some((height, Fragment { text: hit.as_str().to_string(), ..at }));
            }
        }
    }
    found.map(|f| f.1)
}

/// A title whose brackets a scan lost: what stands in them says which it is.
fn whole_title(title: &str) -> String {
    let inner = title.strip_prefix("电子发票").unwrap_or_default().trim_matches(['(', ')']);
    match inner {
        "增值税专用发票" | "普通发票" => format!("电子发票({inner})"),
        _ => title.to_string(),
    }
}

/// Whether the digits can be an invoice code: region, year and kind are where they belong (`domain.md` §2.2).
fn is_code(text: &str) -> bool {
    let region = |from: usize| text.get(from..from + 2).is_some_and(|r| code::province_of(r).is_some());
    let year =
        |from: usize| text.get(from..from + 2).and_then(|y| y.parse().ok()).is_some_and(|y: u32| y < 45);
    if !all_digits(text) {
        return false;
    }
    match text.len() {
        10 => region(0) && year(4),
        12 if text.starts_with('0') => {
            let kind = &text[10..];
            region(1) && year(5) && ["04", "05", "06", "07", "11", "12", "13", "17"].contains(&kind)
        }
        12 => text.starts_with('1') && region(1),
        _ => false,
    }
}

/// Whether twenty digits can be the number of a fully digitalised invoice of that year (§2.3).
fn is_long(text: &str, year: Option<&str>) -> bool {
    let plan_city = ("91"..="95").contains(&text.get(2..4).unwrap_or_default());
    let region = plan_city || text.get(2..4).is_some_and(|r| code::province_of(r).is_some());
    let known = text.get(..2).is_some_and(|y| ("21"..="45").contains(&y));
    region && known && year.is_none_or(|y| text.starts_with(y))
}

/// Letters and digits of a code; nothing where other signs stand among them (the cipher block is full of digits).
pub(super) fn compact(text: &str) -> String {
    let text = normal::squash(text);
    let text = text.trim_matches(|c: char| matches!(c, ':' | '.' | ',' | '、' | '。' | '|'));
    if text.chars().all(|c| c.is_ascii_alphanumeric()) { code::clean_code(text) } else { String::new() }
}

pub(super) fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a text is one number of this many digits.
pub(super) fn digits(lengths: &'static [usize]) -> impl Fn(&str) -> bool {
    move |text| {
        let text = compact(text);
        lengths.contains(&text.len()) && all_digits(&text)
    }
}

/// The digits at the end of the fragment.
fn last_digits(at: &Fragment) -> Fragment {
    let chars: Vec<char> = at.text.chars().collect();
    let from = chars.iter().rposition(|c| !c.is_ascii_digit()).map_or(0, |i| i + 1);
    at.slice(from, chars.len())
}

//! Tax certificates: 税收完税证明 as a table or as prose, and electronic payment vouchers.

use crate::extract::flow::Flow;
use crate::extract::grid::{self, GridRow};
use crate::extract::label::{Finder, Fragment, Options, best};
use crate::extract::list::{self, List};
use crate::extract::typed::Typed;
use crate::extract::{Extracted, Extractor, View, agree};
use crate::model::{Field, Kind, Money, Row, Unit, Value};
use crate::pack::{Lexicon, Pack};
use crate::text::code::{self, CodeCheck};
use crate::text::{amount, date, name, normal};

/// Extracts tax certificates.
#[derive(Clone, Copy, Debug)]
pub struct TaxCertificate;

impl Extractor for TaxCertificate {
    fn kind(&self) -> Kind {
        Kind::TaxCertificate
    }

    fn extract(&self, view: &View<'_>, pack: &Pack) -> Extracted {
        let lexicon = pack.lexicon("tax");
        let typed = Typed::new(&view.file);
        let rows = grid::rows(view);
        let flow = Flow::of(&rows);
        let known: Vec<String> = lexicon
            .labels
            .iter()
            .filter(|(k, _)| !k.contains('.') && *k != "费")
            .flat_map(|(_, l)| l.clone())
            .collect();
        let finder = Finder::new(view, &known);
        let find = |key: &str, accept: &dyn Fn(&str) -> bool| {
            let options = Options { known: &known, accept: Some(accept), ..Options::default() };
            best(finder.find(lexicon.of(key), &options), lexicon.of(key)).map(|h| h.value)
        };
        let mut out = Extracted::default();
        let mut put = |name: &str, field: Option<Field>| {
            if let Some(field) = field {
                out.fields.insert(name.to_string(), field);
            }
        };
        let company = |text: &str| {
            let n = name::normal_name(text).chars().count();
            (4..=60).contains(&n) && !text.chars().any(|c| c.is_ascii_digit())
        };
        put(
            "taxpayer",
            find("taxpayer", &company).or_else(|| in_prose(&flow)).or_else(|| before_code(&flow)).map(|at| {
                let text = name::normal_name(&at.text);
                typed.found(Value::Text(text), &at)
            }),
        );
        put(
            "taxpayer_id",
            find("taxpayer_id", &|t| lead_code(t).is_some())
                .and_then(|at| lead_code(&at.text).map(|end| typed.code(&at.slice(0, end))))
                .or_else(|| only_code(&flow).map(|at| typed.code(&at))),
        );
        put(
            "number",
            number(&flow)
                .or_else(|| find("number", &|t| digits(t) >= 8 && !has_chinese_beyond(t)))
                .map(|at| typed.found(Value::Text(normal::squash(&at.text)), &at)),
        );
        let (items, sum) = items(&rows, lexicon, &typed);
        let sums = sum.map(total_of).unwrap_or_default();
        let labelled = || {
            find("total", &|t| {
                amount::find_money(t, Unit::Yuan).iter().any(|f| f.marked || f.money.decimals == 2)
            })
        };
        let total =
            sums.0.or_else(|| labelled().and_then(|at| money_in(&at))).or_else(|| sum_in_prose(&flow));
        put("amount", total.map(|(m, at)| typed.found(Value::Money(m), &at)));
        let capital = sums.1.or_else(|| {
            let (range, value) = amount::find_capital(&flow.text)?;
            Some((value, flow.fragment(&range)?))
        });
        put("amount_capital", capital.map(|(v, at)| typed.found(Value::Money(Money::yuan(v)), &at)));
        put(
            "period",
            // Of several rows the first is not the period of all.
            if items.len() > 1 { spanned(&items) } else { None }
                .or_else(|| {
                    find("period", &|t| date::parse_period(t).is_some())
                        .or_else(|| of_items(&items))
                        .map(|at| typed.found(Value::Text(normal::squash(&at.text)), &at))
                })
                .or_else(|| stated(&flow, &typed)),
        );
        put(
            "issued",
            find("issued", &|t| !date::find_dates(t).is_empty()).and_then(|at| first_day(&at, &typed)),
        );
        agree::weigh(&mut out.fields, "amount", "amount_capital");
        out.items = items;
        out
    }
}

/// Where the code that a text begins with ends, in characters; engines lose the gap to the next label.
fn lead_code(text: &str) -> Option<usize> {
    let end =
        text.chars().take_while(|c| c.is_ascii_alphanumeric() || c.is_whitespace() || *c == '-').count();
    let code: String = text.chars().take(end).filter(char::is_ascii_alphanumeric).collect();
    (15..=20).contains(&code.len()).then_some(end)
}

fn digits(text: &str) -> usize {
    text.chars().filter(char::is_ascii_digit).count()
}

fn has_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// Whether there is more Chinese than a certificate's short name of place and kind (湘税证).
fn has_chinese_beyond(text: &str) -> bool {
    text.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count() > 6
}

fn first_day(at: &Fragment, typed: &Typed) -> Option<Field> {
    let days = date::find_dates(&at.text);
    let (range, day) = days.first()?;
    let chars = normal::char_range(&at.text, range);
    Some(typed.found(Value::Date(*day), &at.slice(chars.start, chars.end)))
}

/// The certificate's number: behind No., or in the form （231）湘税证明00012345.
fn number(flow: &Flow) -> Option<Fragment> {
    let bare = flow.bare();
    let upper = bare.text.to_ascii_uppercase();
    for (at, mark) in upper.match_indices("NO") {
        let mut from = at + mark.len();
        from += bare.text[from..]
            .chars()
            .take_while(|c| matches!(c, '.' | ':' | '。' | '·' | ',' | '°' | 'º'))
            .map(char::len_utf8)
            .sum::<usize>();
        let run = bare.text[from..].chars().take_while(char::is_ascii_digit).count();
        if (6..=24).contains(&run) {
            return flow.fragment(&bare.origin(&(from..from + run)));
        }
    }
    // 字号 in brackets, then place and kind, then digits.
    for (open, _) in bare.text.match_indices('(') {
        let Some(close) = bare.text[open..].find(')').map(|p| p + open) else { continue };
        let year = &bare.text[open + 1..close];
        if !(2..=4).contains(&year.len()) || !year.chars().all(|c| c.is_ascii_digit()) {
            continue;
        }
        let kind: String =
            bare.text[close + 1..].chars().take_while(|c| has_chinese(&c.to_string())).collect();
        let start = close + 1 + kind.len();
        let run = bare.text[start..].chars().take_while(char::is_ascii_digit).count();
        if (1..=6).contains(&kind.chars().count()) && (6..=12).contains(&run) {
            let mark = usize::from(bare.text[start + run..].starts_with('号')) * '号'.len_utf8();
            return flow.fragment(&bare.origin(&(open..start + run + mark)));
        }
    }
    None
}

/// The rows of the list and the row that sums them up. Rows that are no taxes are marked by `fee`.
fn items<'r>(rows: &'r [GridRow], lexicon: &Lexicon, typed: &Typed) -> (Vec<Row>, Option<&'r GridRow>) {
    let lists = list::lists(rows, lexicon, "表.", &[&["name", "model"], &["amount"]]);
    let (mut items, mut sum) = (Vec::new(), None);
    for (at, list) in lists.iter().enumerate() {
        let end = lists.get(at + 1).map_or(rows.len(), |next| next.header);
        for row in &rows[list.header + 1..end] {
            let text = row.text();
            if text.contains("合计") || text.contains("大写") {
                sum = Some(row);
                break;
            }
            if let Some(item) = item(row, list, lexicon, typed) {
                items.push(item);
            }
        }
    }
    // A sum over the page, in a table of its own or as prose.
    let sum = sum
        .or_else(|| rows.iter().find(|r| r.text().contains("金额合计") || r.text().contains("合计(大写)")));
    (items, sum)
}

fn item(row: &GridRow, list: &List, lexicon: &Lexicon, typed: &Typed) -> Option<Row> {
    let cells = list::cells(row, list);
    let money = cells.get("amount").filter(|f| digits(&f.text) > 0)?;
    let name = cells.get("name").or_else(|| cells.get("model")).filter(|f| has_chinese(&f.text))?;
    let mut out = Row::new();
    out.insert("name".to_string(), typed.text(name));
    out.insert("amount".to_string(), typed.money(money, Unit::Yuan));
    for (column, field) in [("voucher", "voucher"), ("model", "model"), ("period", "period")] {
        if let Some(at) = cells.get(column) {
            out.insert(field.to_string(), typed.found(Value::Text(normal::fold(&at.text)), at));
        }
    }
    if let Some(at) = cells.get("paid_on") {
        out.insert("paid_on".to_string(), typed.date(at));
    }
    let printed = format!("{}{}", name.text, cells.get("model").map_or("", |m| m.text.as_str()));
    if lexicon.of("费").iter().any(|w| normal::squash(&printed).contains(w.as_str())) {
        out.insert("fee".to_string(), typed.found(Value::Text("费".to_string()), name));
    }
    Some(out)
}

/// Digits and capital numerals of a row that sums up.
type Sums = (Option<(Money, Fragment)>, Option<(rust_decimal::Decimal, Fragment)>);

fn total_of(row: &GridRow) -> Sums {
    let mut out: Sums = (None, None);
    for item in &row.items {
        if let Some((range, value)) = amount::find_capital(&item.at.text) {
            let chars = normal::char_range(&item.at.text, &range);
            out.1 = Some((value, item.at.slice(chars.start, chars.end)));
        }
        if let Some(found) = money_in(&item.at) {
            out.0 = Some(found);
        }
    }
    out
}

/// The last amount of a fragment: marked, or with the two decimals that amounts have.
fn money_in(at: &Fragment) -> Option<(Money, Fragment)> {
    let found =
        amount::find_money(&at.text, Unit::Yuan).into_iter().rfind(|f| f.marked || f.money.decimals == 2)?;
    let chars = normal::char_range(&at.text, &found.range);
    Some((found.money, at.slice(chars.start, chars.end)))
}

/// 共计缴纳税款…元 of certificates in prose.
fn sum_in_prose(flow: &Flow) -> Option<(Money, Fragment)> {
    let bare = flow.bare();
    for word in [
        "合计缴纳",
        "共计缴纳",
        "共缴纳",
        "累计缴纳",
        "合计入库",
        "共计入库",
        "缴纳税款共计",
        "实缴税款",
        "缴纳各项税费",
        "税款合计",
        "合计金额",
        "共计",
    ] {
        for (at, _) in bare.text.match_indices(word) {
            let from = at + word.len();
            let rest = &bare.text[from..];
            let end = rest.char_indices().nth(60).map_or(rest.len(), |(i, _)| i);
            if let Some(f) = amount::find_money(&rest[..end], Unit::Yuan).into_iter().find(|f| f.marked) {
                let range = bare.origin(&(from + f.range.start..from + f.range.end));
                return Some((f.money, flow.fragment(&range)?));
            }
        }
    }
    None
}

/// 兹证明…公司（纳税人识别号：…）: the name in prose.
fn in_prose(flow: &Flow) -> Option<Fragment> {
    let bare = flow.bare();
    let from = ["兹证明", "你单位", "纳税人"].iter().find_map(|w| bare.text.find(w).map(|p| p + w.len()))?;
    let end = bare.text[from..].find("公司").map(|p| from + p + "公司".len())?;
    let name = bare.text[from..end].trim_start_matches([':', '(', ',']);
    let start = end - name.len();
    ((6..=40).contains(&name.chars().count())).then(|| flow.fragment(&bare.origin(&(start..end)))).flatten()
}

/// …公司（纳税人识别号：…）: the name before its code in brackets.
fn before_code(flow: &Flow) -> Option<Fragment> {
    let bare = flow.bare();
    let at =
        ["(纳税人识别号", "(统一社会信用代码", "(税号"].iter().filter_map(|w| bare.text.find(w)).min()?;
    let before: Vec<(usize, char)> = bare.text[..at].char_indices().collect();
    let name = before
        .iter()
        .rev()
        .take(40)
        .take_while(|(_, c)| has_chinese(&c.to_string()) || matches!(c, '(' | ')'));
    let (from, _) = name.last()?;
    let range = bare.origin(&(*from..at));
    // The name may not reach over what stands in another row.
    let start = flow.text[range.clone()].rfind(['\n', '\t']).map_or(range.start, |p| range.start + p + 1);
    let found = flow.fragment(&(start..range.end))?;
    let name = name::normal_name(&found.text);
    let body = ["公司", "厂", "院", "所", "中心", "社", "校", "学"].iter().any(|e| name.ends_with(e));
    (body && name.chars().count() >= 4).then_some(found)
}

/// The only valid code on the paper, where no label of its own stands before it (纳税人全称及纳税人识别号).
fn only_code(flow: &Flow) -> Option<Fragment> {
    let mut found: Vec<(&str, usize)> = Vec::new();
    let mut from = 0;
    for word in flow.text.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let code = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        if code.len() == 18
            && code::check_uscc(code) == CodeCheck::Valid
            && !found.iter().any(|f| f.0 == code)
        {
            found.push((code, from));
        }
        from += word.len();
    }
    let [(code, at)] = found[..] else { return None };
    flow.fragment(&(at..at + code.len()))
}

/// The period of the only row.
fn of_items(items: &[Row]) -> Option<Fragment> {
    let [only] = items else { return None };
    let s = only.get("period")?.found()?;
    Some(Fragment {
        text: s.raw.clone(),
        place: s.source().place.clone(),
        grade: s.grade,
        confidence: s.confidence,
        edges: Vec::new(),
    })
}

/// 2022年1月1日至2022年12月31日 in prose.
fn stated(flow: &Flow, typed: &Typed) -> Option<Field> {
    let days = date::find_dates(&flow.text);
    let pair = days.windows(2).find(|pair| {
        let between = flow.text.get(pair[0].0.end..pair[1].0.start).map(normal::squash).unwrap_or_default();
        matches!(between.as_str(), "至" | "到" | "-" | "—" | "~" | "起至")
    })?;
    let at = flow.fragment(&(pair[0].0.start..pair[1].0.end))?;
    Some(typed.found(Value::Text(normal::squash(&at.text)), &at))
}

/// From the first to the last month of the rows, with all their places.
fn spanned(items: &[Row]) -> Option<Field> {
    let read: Vec<_> = items
        .iter()
        .filter_map(|i| i.get("period").and_then(Field::found))
        .filter_map(|s| date::parse_period(&s.raw).map(|p| (p, s)))
        .collect();
    let from = read.iter().map(|(p, _)| p.0).min()?;
    let to = read.iter().map(|(p, _)| p.1).max()?;
    let text = format!("{:04}-{:02}至{:04}-{:02}", from.year, from.month, to.year, to.month);
    let mut out = read[0].1.map(|_| Value::Text(text));
    out.raw = read.iter().map(|(_, s)| s.raw.as_str()).collect::<Vec<_>>().join("；");
    out.sources = read.iter().flat_map(|(_, s)| s.sources.clone()).collect();
    out.confidence = read.iter().map(|(_, s)| s.confidence).min().unwrap_or(out.confidence);
    Some(Field::Found(out))
}

#[cfg(test)]
#[path = "tax_certificate_tests.rs"]
mod tests;

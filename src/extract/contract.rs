//! Contracts: number, title, parties, total, day of signing, price table. Read by their words; a paper without a total
//! (a framework contract) gives none.

mod amount;
mod items;
mod parties;
mod schedule;
mod seals;

use chrono::NaiveDate;

use crate::extract::flow::Flow;
use crate::extract::grid::{self, GridRow};
use crate::extract::label::{self, Fragment, Options};
use crate::extract::typed::Typed;
use crate::extract::{Extracted, Extractor, View, agree};
use crate::model::{Kind, Money, Value};
use crate::pack::{Lexicon, Pack};
use crate::text::{date, normal};

/// Extracts contracts.
#[derive(Clone, Copy, Debug)]
pub struct Contract;

impl Extractor for Contract {
    fn kind(&self) -> Kind {
        Kind::Contract
    }

    fn extract(&self, view: &View<'_>, pack: &Pack) -> Extracted {
        let lexicon = pack.lexicon("contract");
        let typed = Typed::new(&view.file);
        let rows = grid::rows(view);
        let flow = Flow::of(&rows);
        let mut fields = parties::read(view, lexicon, &typed);
        let mut put = |name: &str, value: Option<(Value, Fragment)>| {
            if let Some((value, at)) = value {
                fields.insert(name.to_string(), typed.found(value, &at));
            }
        };
        let title = title(view, &rows, lexicon);
        let changes = title.as_ref().is_some_and(|(t, _)| is_amendment(t));
        let original = if changes { amended(&flow) } else { None };
        // The number of the contract that an amendment names is not its own.
        let other = original.as_ref().map(|(v, _)| v.to_plain());
        put("number", number(view, lexicon, other.as_deref()));
        put("amends", original);
        put("signed_on", signed_on(view, &rows, &flow, lexicon).map(|(d, at)| (Value::Date(d), at)));
        let total = amount::total(&flow, lexicon);
        let capital = total.capital.map(|(v, at)| (Value::Money(Money::yuan(v)), at));
        if total.amount.is_none() && capital.is_none() {
            put("framework", framework(&flow, lexicon, title.as_ref()));
        }
        put("title", title);
        let sum = total.amount.as_ref().map(|(m, _)| m.yuan);
        // Where the total stands in capital numerals alone, they are the total.
        put("amount", total.amount.map(|(m, at)| (Value::Money(m), at)).or_else(|| capital.clone()));
        put("amount_capital", capital);
        put("amount_untaxed", amount::untaxed(&flow, lexicon).map(|(m, at)| (Value::Money(m), at)));
        put("retention", schedule::retention(&flow).map(|(n, at)| (Value::Number(n), at)));
        put("schedule", schedule::instalments(&flow, sum).map(|(l, at)| (Value::List(l), at)));
        put("delivery", delivery(view, lexicon));
        agree::weigh(&mut fields, "amount", "amount_capital");
        let (items, items_total) = items::read(&rows, lexicon, &typed);
        if let Some(total) = items_total {
            fields.insert("items_total".to_string(), total);
        }
        if let Some(seals) = seals::read(view) {
            fields.insert("seals".to_string(), seals);
        }
        Extracted { fields, items }
    }
}

/// Whether a title says that the paper changes another contract.
fn is_amendment(title: &Value) -> bool {
    const WORDS: [&str; 7] =
        ["补充协议", "补充合同", "变更协议", "变更合同", "增补协议", "补充条款", "合同变更"];
    matches!(title, Value::Text(t) if WORDS.iter().any(|w| t.contains(w)))
}

/// The words by which a contract without a total leaves it to orders.
fn framework(flow: &Flow, lexicon: &Lexicon, title: Option<&(Value, Fragment)>) -> Option<(Value, Fragment)> {
    if let Some((Value::Text(text), at)) = title
        && text.contains("框架")
    {
        return Some((Value::Text(text.clone()), at.clone()));
    }
    let bare = flow.bare();
    lexicon.of("框架").iter().find_map(|word| {
        let at = bare.text.find(&normal::squash(word))?;
        let place = flow.fragment(&bare.origin(&(at..at + normal::squash(word).len())))?;
        Some((Value::Text(word.clone()), place))
    })
}

/// The contract's number: letters and digits right behind its label; not `other`, the number of another contract.
fn number(view: &View<'_>, lexicon: &Lexicon, other: Option<&str>) -> Option<(Value, Fragment)> {
    let known = [lexicon.of("signed_on"), lexicon.of("other"), lexicon.of("a"), lexicon.of("b")].concat();
    // The other's number may break over the end of a line.
    let accept = |text: &str| {
        number_in(text).is_some_and(|(n, _)| !other.is_some_and(|o| normal::squash(o).starts_with(&n)))
    };
    let options = Options { known: &known, accept: Some(&accept), not_below: true, ..Options::default() };
    let hit = label::find_best(view, lexicon.of("number"), &options)?;
    let (text, chars) = number_in(&hit.value.text)?;
    Some((Value::Text(text), hit.value.slice(0, chars).trim()))
}

/// The number at the beginning of a text, and how many characters of it that is.
fn number_in(text: &str) -> Option<(String, usize)> {
    let lead = text.chars().take_while(|c| c.is_whitespace() || matches!(c, ':' | '：' | '_')).count();
    let mut out = String::new();
    let mut used = lead;
    for c in text.chars().skip(lead) {
        let folded = normal::squash(c.encode_utf8(&mut [0; 4]));
        let fits = folded.chars().all(|f| {
            f.is_ascii_alphanumeric()
                || "-—_/()[]〔〕【】.#·第号年字".contains(f)
                || ('\u{4e00}'..='\u{9fff}').contains(&f)
        });
        // A blank ends the number, but for the letter-spaced print of engines.
        if !fits || (folded.is_empty() && !out.is_empty() && out.len() > 3) {
            break;
        }
        out.push_str(&folded);
        used += 1;
    }
    let digits = out.chars().filter(char::is_ascii_digit).count();
    let chinese = out.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
    let dated = date::parse_date(&out).is_some();
    (digits >= 2 && chinese <= 8 && !dated && (4..=40).contains(&out.chars().count())).then_some((out, used))
}

/// The title: behind its label, or the first line that ends in 合同 or 协议.
fn title(view: &View<'_>, rows: &[GridRow], lexicon: &Lexicon) -> Option<(Value, Fragment)> {
    for (at, row) in rows.iter().take(20).enumerate() {
        let [item] = row.items.as_slice() else { continue };
        let text = item.text.trim_matches(|c: char| "《》\"“”".contains(c));
        let ends = ["合同", "协议", "合同书", "协议书", "订单", "订购单", "采购单"]
            .iter()
            .any(|e| bracketless(text).ends_with(e));
        let count = text.chars().count();
        if !ends || !(2..=45).contains(&count) || text.contains([':', '。', ',', ';']) {
            continue;
        }
        // A long title breaks over lines of its own size.
        let above = at
            .checked_sub(1)
            .map(|i| &rows[i])
            .filter(|r| r.items.len() == 1 && r.page == row.page)
            .map(|r| &r.items[0]);
        if let Some(above) = above
            && (count <= 6 && same_size(above, item))
            && !above.text.contains([':', '。'])
            && !above.text.chars().any(|c| c.is_ascii_digit())
            && !above.text.ends_with("公司")
        {
            let joined = above.at.join(&item.at, "\n");
            return Some((Value::Text(normal::squash(&joined.text)), joined));
        }
        return Some((Value::Text(text.to_string()), item.at.clone()));
    }
    let options = Options { known: lexicon.of("other"), not_below: true, ..Options::default() };
    let hit = label::find_best(view, lexicon.of("name"), &options)?;
    Some((Value::Text(normal::fold(&hit.value.text)), hit.value))
}

/// A title without the brackets behind it: 采购合同（补充协议）, 服务合同（2022年度）.
fn bracketless(text: &str) -> &str {
    if text.ends_with(')') { text.rfind('(').map_or(text, |at| &text[..at]) } else { text }
}

fn same_size(a: &grid::Item, b: &grid::Item) -> bool {
    match (a.at.place.bbox(), b.at.place.bbox()) {
        (Some(a), Some(b)) => {
            (a.height() - b.height()).abs() < 0.15 * b.height() && b.y0 - a.y1 < 1.5 * b.height()
        }
        _ => false,
    }
}

/// The day of signing: behind its own label; else the latest day beside the signatures, or on a line of its own at the
/// end.
fn signed_on(
    view: &View<'_>,
    rows: &[GridRow],
    flow: &Flow,
    lexicon: &Lexicon,
) -> Option<(NaiveDate, Fragment)> {
    let day = |text: &str| date::find_dates(text).first().map(|(_, d)| *d);
    let accept = |text: &str| {
        date::find_dates(text).first().is_some_and(|(r, _)| normal::char_range(text, r).start <= 3)
    };
    let options = Options { accept: Some(&accept), not_below: true, ..Options::default() };
    let labelled = label::find(view, lexicon.of("signed_on"), &options);
    let dated = |hits: Vec<label::Hit>| {
        hits.into_iter()
            .filter_map(|h| day(&h.value.text).map(|d| (d, first_date(&h.value))))
            .max_by_key(|(d, _)| *d)
    };
    if let Some(found) = dated(labelled) {
        return Some(found);
    }
    // 本合同于2022年3月5日由双方签订
    let prose = date::find_dates(&flow.text).into_iter().find(|(r, _)| {
        let after: String = flow.text[r.end..].chars().filter(|c| !c.is_whitespace()).take(14).collect();
        // 签订了 tells of another contract.
        flow.row_of(r.start) < 30
            && !after.contains('了')
            && ["签订", "签署", "订立"].iter().any(|v| after.contains(v))
    });
    if let Some((range, d)) = prose {
        return Some((d, flow.fragment(&range)?));
    }
    // Signatures stand at the end, but annexes may follow them.
    let signed: Vec<usize> = (0..rows.len()).filter(|r| is_signature(&rows[*r].text())).collect();
    let late = |byte: usize| {
        let row = flow.row_of(byte);
        row + 1 >= flow.rows() * 85 / 100
            || row + 14 >= flow.rows()
            || signed.iter().any(|s| (*s..=*s + 10).contains(&row))
    };
    // Days in the rows of a list are days of delivery.
    let listed =
        |byte: usize| rows.get(flow.row_of(byte)).is_some_and(|r| r.table.is_some() && r.items.len() > 4);
    let at_the_end = date::find_dates(&flow.text)
        .into_iter()
        .filter(|(r, _)| late(r.start) && !listed(r.start) && beside_signature(flow, r.start));
    at_the_end.max_by_key(|(_, d)| *d).and_then(|(r, d)| Some((d, flow.fragment(&r)?)))
}

/// Whether a row without blanks is one of those under which the parties sign: 甲方（盖章）：, 法定代表人（签字）：.
fn is_signature(row: &str) -> bool {
    let marks = [
        "(盖章)",
        "(签字)",
        "(签章)",
        "(公章)",
        "(签名)",
        "(合同章)",
        "(单位盖章)",
        "(章)",
        "签字:",
        "盖章:",
        "签章:",
    ];
    let who = ["方", "人", "代表", "单位"];
    !row.contains('。') && marks.iter().any(|m| row.contains(m)) && who.iter().any(|w| row.contains(w))
}

/// Whether what stands before a day on its line is nothing, or says that it is the day.
fn beside_signature(flow: &Flow, byte: usize) -> bool {
    let line = &flow.text[..byte];
    let from = line.rfind(['\n', '\t']).map_or(0, |p| p + 1);
    let before = normal::squash(&line[from..]);
    before.is_empty()
        || before.trim_end_matches(':').ends_with("日期")
        || before.trim_end_matches(':').ends_with("时间")
}

fn first_date(value: &Fragment) -> Fragment {
    match date::find_dates(&value.text).first() {
        Some((range, _)) => {
            let chars = normal::char_range(&value.text, range);
            value.slice(chars.start, chars.end)
        }
        None => value.clone(),
    }
}

/// What an amendment amends: the number, or else the title, of the contract it names.
fn amended(flow: &Flow) -> Option<(Value, Fragment)> {
    let bare = flow.bare();
    let at = [
        "原合同编号",
        "原合同号",
        "主合同编号",
        "合同编号为",
        "(合同编号",
        "(编号",
        "编号为",
        "合同号为",
        "(合同号",
    ]
    .iter()
    .find_map(|w| bare.text.find(w).map(|p| p + w.len()));
    if let Some(at) = at {
        let end = bare.text[at..].char_indices().nth(41).map_or(bare.text.len(), |(i, _)| at + i);
        let body = bare.text[at..end].trim_start_matches([':', '为']);
        let number: String =
            body.chars().take_while(|c| c.is_ascii_alphanumeric() || "-/_".contains(*c)).collect();
        if number.len() >= 4 {
            let from = at + (end - at - body.len());
            return Some((
                Value::Text(number.clone()),
                flow.fragment(&bare.origin(&(from..from + number.len())))?,
            ));
        }
    }
    let open = bare.text.find('《')?;
    let close = bare.text[open..].find('》')? + open;
    let name = bare.text[open + '《'.len_utf8()..close].to_string();
    Some((Value::Text(name), flow.fragment(&bare.origin(&(open..close + '》'.len_utf8())))?))
}

fn delivery(view: &View<'_>, lexicon: &Lexicon) -> Option<(Value, Fragment)> {
    let options = Options { known: lexicon.of("other"), not_below: true, ..Options::default() };
    let hit = label::find_best(view, lexicon.of("delivery"), &options)?;
    let text = normal::fold(&hit.value.text);
    (text.chars().count() <= 60).then_some((Value::Text(text), hit.value))
}

#[cfg(test)]
#[path = "contract/tests.rs"]
mod tests;

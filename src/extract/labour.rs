//! Evidence of labour: payrolls and papers of social insurance. They are no kind of their own for readers of the report:
//! such a document stays `other` and carries what it says under `labour.*`.

mod matrix;

use rust_decimal::Decimal;
use std::collections::BTreeSet;

use crate::extract::flow::Flow;
use crate::extract::grid::{self, GridRow};
use crate::extract::label::{Finder, Fragment, Options, best};
use crate::extract::list::{self, List};
use crate::extract::roster::{self, Found};
use crate::extract::typed::Typed;
use crate::extract::{Extracted, Extractor, View};
use crate::model::{Field, Kind, Money, Unit, Value, YearMonth};
use crate::pack::{Lexicon, Pack};
use crate::text::{amount, date, name, normal};
use matrix::Matrix;

/// Reads payrolls and papers of social insurance among the documents without a kind.
#[derive(Clone, Copy, Debug)]
pub struct Labour;

impl Extractor for Labour {
    fn kind(&self) -> Kind {
        Kind::Other
    }

    fn extract(&self, view: &View<'_>, pack: &Pack) -> Extracted {
        let lexicon = pack.lexicon("labour");
        let rows = grid::rows(view);
        let mut out = Extracted::default();
        let Some((kind, title)) = title(&rows, lexicon) else { return out };
        let people = roster::read(&rows, &roster::Heads::new(lexicon), lexicon);
        let payroll = kind == "工资表";
        if payroll && let Some(wages) = matrix::read(&rows, lexicon, year_in(&title.text)) {
            let reader = Reader::new(view, lexicon);
            by_months(&wages, &reader, &Typed::new(&view.file), (kind, title), unit(&rows), &mut out);
            return out;
        }
        if payroll && !people.columns.iter().any(|c| c.name.ends_with(":gross") || c.name.ends_with(":net")) {
            // A payroll without a list of wages only speaks of one.
            return out;
        }
        let typed = Typed::new(&view.file);
        let reader = Reader::new(view, lexicon);
        // A month in each row of the list tells more than a title.
        let listed = listed_months(&people);
        let monthly = !listed.is_empty();
        let months = if monthly { listed } else { reader.months(&rows) };
        let mut put = |name: &str, field: Option<Field>| {
            if let Some(field) = field {
                out.fields.insert(format!("labour.{name}"), field);
            }
        };
        put("kind", Some(typed.found(Value::Text(kind), &title)));
        put("company", reader.company().map(|at| typed.found(Value::Text(name::normal_name(&at.text)), &at)));
        put("persons", persons(&reader, &people, &rows, months.len(), &typed));
        put("months", months_field(&months, &typed));
        if monthly && let Some(first) = people.entries.first() {
            let rows = people.entries.iter().filter(|e| month_of(e.cells.get("month")).is_some()).count();
            put("person_months", Some(typed.found(Value::Number(Decimal::from(rows)), first.anchor())));
        }
        let unit = unit(&rows);
        put("total", total(&people, &["gross", "net"], unit, &typed));
        put("net", total(&people, &["net"], unit, &typed));
        out
    }
}

/// The fields of a payroll with a column for each month.
fn by_months(
    wages: &Matrix,
    reader: &Reader<'_>,
    typed: &Typed,
    (kind, title): (String, Fragment),
    unit: Unit,
    out: &mut Extracted,
) {
    let names: BTreeSet<String> = wages.names.iter().map(|at| normal::squash(&at.text)).collect();
    let people = Value::Number(Decimal::from(names.len()));
    let total = wages.total.as_ref().map(|(at, own)| typed.money(at, own.unwrap_or(unit)));
    let fields = [
        ("kind", Some(typed.found(Value::Text(kind), &title))),
        ("company", reader.company().map(|at| typed.found(Value::Text(name::normal_name(&at.text)), &at))),
        ("persons", wages.names.first().map(|at| typed.found(people, at))),
        ("months", months_field(&wages.months, typed)),
        ("total", total),
    ];
    for (name, field) in fields {
        out.fields.extend(field.map(|f| (format!("labour.{name}"), f)));
    }
}

/// The year that a title names.
fn year_in(title: &str) -> Option<i32> {
    let text = normal::squash(title);
    let at = text.find('年')?;
    text[..at].get(at.checked_sub(4)?..)?.parse().ok().filter(|y| (2000..2100).contains(y))
}

/// The title that makes a page one of these papers: a short row near the top.
fn title(rows: &[GridRow], lexicon: &Lexicon) -> Option<(String, Fragment)> {
    rows.iter().take(6).find_map(|row| {
        let text = row.text();
        let short = text.chars().count() <= 45 && !text.contains(['。', ',', ';']);
        let kinds = lexicon.labels.iter().filter_map(|(k, words)| Some((k.strip_prefix("题.")?, words)));
        let hit = kinds
            .flat_map(|(k, words)| words.iter().map(move |w| (k, w)))
            .find(|(_, w)| text.contains(w.as_str()));
        let (kind, _) = hit.filter(|_| short)?;
        let at = row.items.iter().map(|i| i.at.clone()).reduce(|a, b| a.join(&b, " "))?;
        Some((kind.to_string(), at))
    })
}

struct Reader<'a> {
    finder: Finder<'a>,
    lexicon: &'a Lexicon,
    known: Vec<String>,
}

impl<'a> Reader<'a> {
    fn new(view: &View<'a>, lexicon: &'a Lexicon) -> Self {
        let labels = ["persons", "months", "company", "other"];
        let known: Vec<String> = labels.iter().flat_map(|k| lexicon.of(k).to_vec()).collect();
        Self { finder: Finder::new(view, &known), lexicon, known }
    }

    fn text(&self, key: &str, accept: &dyn Fn(&str) -> bool) -> Option<Fragment> {
        let labels = self.lexicon.of(key);
        let options =
            Options { known: &self.known, accept: Some(accept), not_below: true, ..Options::default() };
        best(self.finder.find(labels, &options), labels).map(|h| h.value)
    }

    fn company(&self) -> Option<Fragment> {
        let at = self.text("company", &|t| (4..=60).contains(&normal::squash(t).chars().count()))?;
        let end = at.text.chars().position(|c| matches!(c, ',' | '，' | '。' | ';' | '；'));
        Some(end.map_or(at.clone(), |e| at.slice(0, e)))
    }

    /// The months a paper is about: behind a label, else in the title rows.
    fn months(&self, rows: &[GridRow]) -> Vec<(YearMonth, YearMonth, Fragment)> {
        let period = |t: &str| period(t).is_some();
        if let Some(at) = self.text("months", &period)
            && let Some((from, to)) = self::period(&at.text)
        {
            return vec![(from, to, at)];
        }
        let mut out: Vec<(YearMonth, YearMonth, Fragment)> = Vec::new();
        for row in rows {
            let titled = row.items.len() <= 3 && row.text().chars().count() <= 60;
            for item in row.items.iter().filter(|_| titled) {
                if let Some((from, to)) = month_in(&item.text)
                    && !out.iter().any(|o| (o.0, o.1) == (from, to))
                {
                    out.push((from, to, item.at.clone()));
                }
            }
        }
        // Only titles that speak of wages or insurance; a day of printing is no month.
        out.retain(|o| {
            o.2.text.contains(['资', '薪', '保', '期', '份']) || date::find_dates(&o.2.text).is_empty()
        });
        out.sort_by_key(|o| (o.0, o.1));
        out
    }
}

fn period(text: &str) -> Option<(YearMonth, YearMonth)> {
    let text = normal::squash(text);
    let text = text.split([',', ';', '。', '(']).next().unwrap_or_default();
    date::parse_period(text)
}

/// The month in a title such as 某公司2022年3月工资表, 2022年1-6月工资表.
fn month_in(text: &str) -> Option<(YearMonth, YearMonth)> {
    let text = normal::squash(text);
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    for (k, (at, _)) in chars.iter().enumerate() {
        if !text[*at..].starts_with("20") || k.checked_sub(1).is_some_and(|b| chars[b].1.is_ascii_digit()) {
            continue;
        }
        for (end, c) in text[*at..].char_indices().take(16).filter(|(_, c)| *c == '月') {
            let part = &text[*at..*at + end + c.len_utf8()];
            let day = text[*at + part.len()..].starts_with(|c: char| c.is_ascii_digit());
            if let Some(found) = date::parse_period(part).filter(|_| !day) {
                return Some(found);
            }
        }
    }
    None
}

type Month = (YearMonth, YearMonth, Fragment);

/// The month that a cell of the list names.
fn month_of(cell: Option<&Fragment>) -> Option<YearMonth> {
    let (from, to) = period(&cell?.text)?;
    (from == to).then_some(from)
}

/// The months of a list that has a column for them, each once.
fn listed_months(people: &Found) -> Vec<Month> {
    let mut out: Vec<Month> = Vec::new();
    for at in people.entries.iter().filter_map(|e| e.cells.get("month")) {
        if let Some(month) = month_of(Some(at))
            && !out.iter().any(|o| o.0 == month)
        {
            out.push((month, month, at.clone()));
        }
    }
    out.sort_by_key(|o| o.0);
    out
}

fn months_field(months: &[(YearMonth, YearMonth, Fragment)], typed: &Typed) -> Option<Field> {
    let shown = |m: &YearMonth| format!("{:04}-{:02}", m.year, m.month);
    let texts: Vec<String> = months
        .iter()
        .map(|(a, b, _)| if a == b { shown(a) } else { format!("{}至{}", shown(a), shown(b)) })
        .collect();
    let at = months.iter().map(|m| m.2.clone()).reduce(|a, b| a.join(&b, "；"))?;
    Some(typed.found(Value::Text(texts.join("、")), &at))
}

/// How many people: as printed, else the rows of the list (of several months the different names).
fn persons(
    reader: &Reader<'_>,
    people: &Found,
    rows: &[GridRow],
    months: usize,
    typed: &Typed,
) -> Option<Field> {
    if people.entries.is_empty() {
        let at = reader.text("persons", &|t| count_in(t).is_some()).or_else(|| stated(rows))?;
        return count_in(&at.text).map(|n| typed.found(Value::Number(n), &at));
    }
    let names: BTreeSet<String> = people
        .entries
        .iter()
        .filter_map(|e| e.cells.get("name"))
        .map(|at| normal::squash(&at.text))
        .collect();
    let count = if months > 1 && !names.is_empty() { names.len() } else { people.entries.len() };
    Some(typed.found(Value::Number(Decimal::from(count)), people.entries[0].anchor()))
}

/// The number that a text begins with, of people.
fn count_in(text: &str) -> Option<Decimal> {
    let (n, rest) = amount::leading_number(
        text.trim_start_matches(|c: char| c.is_whitespace() || "为共:：".contains(c)),
    )?;
    let rest = normal::squash(rest);
    let people = rest.is_empty() || rest.starts_with(['人', '名', ',', '。', ';', ')']);
    (n.fract().is_zero() && n > Decimal::ZERO && n < Decimal::from(1_000_000) && people).then_some(n)
}

/// 参保人数为86人 within a sentence.
fn stated(rows: &[GridRow]) -> Option<Fragment> {
    let flow = Flow::of(rows);
    let bare = flow.bare();
    for word in [
        "养老保险参保人数",
        "养老保险人数",
        "养老保险的人数",
        "参保人数",
        "参保职工",
        "参保人员共",
        "共有参保人员",
    ] {
        let Some(at) = bare.text.find(word) else { continue };
        let from = at + word.len();
        let lead: usize =
            bare.text[from..].chars().take(6).take_while(|c| !c.is_ascii_digit()).map(char::len_utf8).sum();
        let digits = bare.text[from + lead..].bytes().take_while(u8::is_ascii_digit).count();
        let people = bare.text[from + lead + digits..].starts_with(['人', '名']);
        if (1..=6).contains(&digits) && people {
            return flow.fragment(&bare.origin(&(from + lead..from + lead + digits)));
        }
    }
    None
}

/// The unit of the amounts: 元 unless another is printed above the list.
fn unit(rows: &[GridRow]) -> Unit {
    let texts = rows.iter().take(8).flat_map(|r| &r.items);
    let labelled = texts.filter_map(|i| i.text.find("单位:").map(|at| amount::unit_in(&i.text[at..])));
    labelled.flatten().next().unwrap_or(Unit::Yuan)
}

/// The printed total of a column: of several lists all totals together.
fn total(people: &Found, columns: &[&str], unit: Unit, typed: &Typed) -> Option<Field> {
    let named = |wanted: &str| people.columns.iter().find(|c| c.name.ends_with(&format!(":{wanted}")));
    let column = columns.iter().find_map(|c| named(c))?;
    let list = List { header: 0, columns: people.columns.clone() };
    let unit = column.unit.unwrap_or(unit);
    let mut sum: Option<Money> = None;
    let mut whole: Option<Fragment> = None;
    for row in people.totals.iter().filter(|r| !r.text().starts_with("小计")) {
        let at = list::cells(row, &list).remove(&column.name)?;
        let money = amount::parse_money(&at.text, unit)?;
        sum = Some(match sum {
            None => money,
            Some(s) => Money { yuan: s.yuan.checked_add(money.yuan)?, ..s },
        });
        whole = Some(whole.map_or(at.clone(), |w| w.join(&at, "；")));
    }
    Some(typed.found(Value::Money(sum?), &whole?))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::extract::fixture;
    use crate::model::{Confidence, Grade, Segment};

    fn read(runs: &[(&str, f32, f32, f32)]) -> String {
        let page = fixture::page(runs, Grade::Text);
        let segment = Segment {
            pages: (1, 1),
            area: None,
            kind: Kind::Other,
            confidence: Confidence::FULL,
            why: Vec::new(),
        };
        let view = View { file: Arc::from("工资.pdf"), segment: &segment, pages: vec![&page] };
        fixture::told(&Labour.extract(&view, &Pack::embedded().unwrap()))
    }

    #[test]
    fn payroll() {
        let told = read(&[
            ("云杼科技有限公司2022年3月工资表", 150.0, 10.0, 14.0),
            ("序号", 20.0, 40.0, 10.0),
            ("姓名", 80.0, 40.0, 10.0),
            ("应发工资", 200.0, 40.0, 10.0),
            ("实发工资", 320.0, 40.0, 10.0),
            ("1", 25.0, 60.0, 10.0),
            ("张三", 80.0, 60.0, 10.0),
            ("8,000.00", 200.0, 60.0, 10.0),
            ("7,000.00", 320.0, 60.0, 10.0),
            ("2", 25.0, 80.0, 10.0),
            ("李四", 80.0, 80.0, 10.0),
            ("9,000.00", 200.0, 80.0, 10.0),
            ("8,000.00", 320.0, 80.0, 10.0),
            ("合计", 20.0, 100.0, 10.0),
            ("17,000.00", 195.0, 100.0, 10.0),
            ("15,000.00", 315.0, 100.0, 10.0),
        ]);
        for line in [
            "labour.kind: 工资表 (",
            "labour.persons: 2 (",
            "labour.months: 2022-03 (",
            "labour.total: 17000.00 (",
            "labour.net: 15000.00 (",
        ] {
            assert!(told.contains(line), "{line}\n{told}");
        }
    }

    #[test]
    fn a_month_in_each_row() {
        let mut runs = vec![
            ("项目新增人员工资发放明细表", 150.0, 10.0, 14.0),
            ("序号", 20.0, 40.0, 10.0),
            ("姓名", 80.0, 40.0, 10.0),
            ("月份", 200.0, 40.0, 10.0),
            ("应发工资（元）", 320.0, 40.0, 10.0),
        ];
        for (n, (who, month)) in
            [("张三", "2022年1月"), ("李四", "2022年1月"), ("张三", "2022年2月")].iter().enumerate()
        {
            let y = 60.0 + 20.0 * n as f32;
            runs.extend([
                (["1", "2", "3"][n], 25.0, y, 10.0),
                (*who, 80.0, y, 10.0),
                (*month, 195.0, y, 10.0),
            ]);
            runs.push(("8,000.00", 330.0, y, 10.0));
        }
        runs.extend([("合计", 20.0, 120.0, 10.0), ("24,000.00", 325.0, 120.0, 10.0)]);
        let told = read(&runs);
        for line in [
            "labour.persons: 2 (",
            "labour.months: 2022-01、2022-02 (",
            "labour.person_months: 3 (",
            "labour.total: 24000.00 (",
        ] {
            assert!(told.contains(line), "{line}\n{told}");
        }
    }

    #[test]
    fn a_column_for_each_month() {
        let mut runs = vec![
            ("平台研发项目人员工资表（2022年7—9月）", 150.0, 10.0, 14.0),
            ("单位：云杼科技有限公司", 20.0, 28.0, 10.0),
            ("金额单位：元", 480.0, 28.0, 10.0),
        ];
        let heads = ["序号", "姓名", "岗位", "7月", "8月", "9月", "应发合计"];
        let rows = [
            ["1", "王一", "工程师", "10000.00", "10500.00", "11000.00", "31500.00"],
            ["2", "李二", "工程师", "9000.00", "9000.00", "9500.00", "27500.00"],
            ["", "合计", "", "19000.00", "19500.00", "20500.00", "59000.00"],
        ];
        for (k, head) in heads.into_iter().enumerate() {
            runs.push((head, 20.0 + 80.0 * k as f32, 46.0, 10.0));
        }
        for (y, row) in [64.0, 82.0, 100.0].into_iter().zip(rows) {
            for (k, text) in row.into_iter().enumerate().filter(|c| !c.1.is_empty()) {
                runs.push((text, 20.0 + 80.0 * k as f32, y, 10.0));
            }
        }
        let told = read(&runs);
        for line in [
            "labour.kind: 工资表 (",
            "labour.persons: 2 (",
            "labour.months: 2022-07、2022-08、2022-09 (",
            "labour.total: 59000.00 (",
        ] {
            assert!(told.contains(line), "{line}\n{told}");
        }
    }

    #[test]
    fn social_insurance_in_a_sentence() {
        let told = read(&[
            ("单位参保证明", 200.0, 10.0, 18.0),
            ("单位名称：云杼科技有限公司，截至2022年12月，该单位参加企业职工", 20.0, 50.0, 10.0),
            ("基本养老保险人数为 86 人，工伤保险人数为 80 人。", 20.0, 66.0, 10.0),
        ]);
        for line in ["labour.kind: 社保证明 (", "labour.persons: 86 (", "labour.company: 云杼科技有限公司 ("]
        {
            assert!(told.contains(line), "{line}\n{told}");
        }
    }

    #[test]
    fn other_papers_carry_nothing() {
        assert_eq!(
            read(&[("会议纪要", 200.0, 10.0, 18.0), ("讨论了工资和社保事宜。", 20.0, 50.0, 10.0)]),
            ""
        );
        assert_eq!(read(&[("工资表", 200.0, 10.0, 18.0), ("姓名", 20.0, 50.0, 10.0)]), "");
    }
}

//! METRIC-002 counts against their lists, METRIC-004 indicators without material, METRIC-005 material of a later day.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::figures::indicator;
use crate::check::cx::{number_of, text, text_of, whole, yuan};
use crate::check::filing::filed;
use crate::check::{Cx, Out, say};
use crate::model::{Document, Draft, Evidence, Field, Grade, Kind, Row, Severity, Sourced, Value};
use crate::text::code::{CodeCheck, check_uscc, clean_code};
use crate::text::date::parse_date;
use crate::text::name::normal_name;
use crate::text::normal::squash;
use crate::text::party::is_sale;

/// An indicator that a list backs: how the list's title names it, and by which columns it is told.
struct Topic {
    field: &'static str,
    words: &'static [&'static str],
    columns: &'static [&'static str],
}

/// In Chinese the last noun says what a list is of: 设备云平台服务企业清单 lists companies, 企业接入设备清单 devices.
const TOPICS: &[Topic] = &[
    Topic { field: "服务区域数", words: &["区域", "地市", "市州"], columns: &["region"] },
    Topic {
        field: "接入第三方服务商数量", words: &["服务商", "合作伙伴", "第三方"], columns: &["name"]
    },
    Topic {
        field: "工业APP数", words: &["APP", "应用清单", "应用列表"], columns: &["app", "name"]
    },
    Topic { field: "平台积累的模型数", words: &["模型"], columns: &["model", "name"] },
    Topic { field: "接入设备数", words: &["设备"], columns: &["device", "name"] },
    Topic {
        field: "接入企业数", words: &["企业", "客户", "服务对象", "用户单位"], columns: &["name"]
    },
];
/// A list that says it shows only some.
const PARTIAL: [&str; 8] = ["部分", "典型", "节选", "主要", "重点", "摘录", "示例", "前十"];

/// What a list is of, by the title it gives itself; else by its file's name, a heading within, its first words. None
/// where a paper holds lists of several things: its rows cannot be told apart.
fn topic_of(d: &Document) -> Option<&'static Topic> {
    let mut inside: Vec<&Topic> = headings(&d.text).iter().filter_map(|h| named(h)).collect();
    inside.dedup_by_key(|t| t.field);
    if inside.len() > 1 {
        return None;
    }
    let own = text(d, "title").and_then(|x| named(&squash(&x.1)));
    let file = || named(&squash(d.file.rsplit('/').next().unwrap_or(&d.file)));
    let head: String = d.text.chars().take(24).collect();
    own.or_else(file).or(inside.pop()).or_else(|| named(&head))
}

/// The words before 清单, 列表 and the like within a text.
fn headings(text: &str) -> Vec<String> {
    const ENDS: [&str; 5] = ["清单", "列表", "一览表", "名录", "名单"];
    let before = |at: usize| {
        let words: Vec<char> = text[..at].chars().rev().take(8).collect();
        words.into_iter().rev().collect::<String>()
    };
    ENDS.iter().flat_map(|e| text.match_indices(e)).map(|(at, _)| before(at)).collect()
}

/// The topic whose word stands last in a title.
fn named(title: &str) -> Option<&'static Topic> {
    let upper = title.to_uppercase();
    let last = |t: &Topic| {
        let ends = t.words.iter().filter_map(|w| Some((upper.rfind(w)? + w.len(), w.len())));
        ends.max()
    };
    TOPICS.iter().rev().filter_map(|t| Some((last(t)?, t))).max_by_key(|(at, _)| *at).map(|(_, t)| t)
}

fn lists<'a>(cx: &Cx<'a>, topic: &Topic) -> Vec<&'a Document> {
    let mine = |d: &&Document| topic_of(d).is_some_and(|t| t.field == topic.field);
    cx.of(Kind::ServiceList).filter(mine).collect()
}

/// METRIC-002.
pub(super) fn counts(cx: &Cx<'_>, out: &mut Out) {
    let mut any = false;
    for topic in TOPICS {
        let Some((s, value)) = stated(cx, topic.field) else { continue };
        if topic.field == "服务区域数" && value > cx.notice.param("METRIC-002", "cities") {
            let message = format!(
                "服务区域数填“{}”，而全国地级行政区共{}个。请申报单位核对。",
                text_of(s),
                say::number(cx.notice.param("METRIC-002", "cities"))
            );
            out.hit(Draft::anomaly("服务区域数超过全国总数", message, vec![Evidence::of("服务区域数", s)]));
            continue;
        }
        let lists = lists(cx, topic);
        if lists.is_empty() || lists.iter().any(|d| partial(d)) {
            continue;
        }
        any = true;
        match against(cx, topic, (s, value), &lists) {
            Some(draft) => out.hit(draft),
            None => out.pass(),
        }
    }
    for d in cx.of(Kind::ServiceList) {
        any |= invalid_codes(cx, d, out);
    }
    if !any {
        out.cannot("没有附可以核对数量的清单");
    }
}

pub(super) fn partial(d: &Document) -> bool {
    let head: String = d.text.chars().take(40).collect();
    let title = text(d, "title").map(|x| x.1).unwrap_or_default();
    PARTIAL.iter().any(|w| head.contains(w) || title.contains(w) || d.file.contains(w))
}

/// The figure of an indicator; of one with several blanks (3个地级市、2个园区) the largest.
fn stated<'a>(cx: &Cx<'a>, name: &str) -> Option<(&'a Sourced<Value>, Decimal)> {
    if let Some(found) = indicator(cx, name) {
        return Some(found);
    }
    let s = cx.form(&format!("平台能力信息.{name}"))?;
    let plain = squash(&text_of(s));
    let numbers = plain.split(|c: char| !c.is_ascii_digit()).filter_map(|p| p.parse::<Decimal>().ok());
    numbers.max().map(|n| (s, n))
}

/// How many different things lists name: rows once, and the places of one row apart.
fn distinct(topic: &Topic, lists: &[&Document]) -> Option<Decimal> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut rows = 0;
    for row in lists.iter().flat_map(|d| &d.items) {
        rows += 1;
        let cell = topic.columns.iter().find_map(|c| row.get(*c).and_then(Field::found));
        let Some(cell) = cell else { continue };
        let code = row.get("uscc").and_then(Field::found).map(|s| clean_code(&text_of(s)));
        match code.filter(|c| c.len() == 18 && topic.field == "接入企业数") {
            Some(code) => {
                names.insert(code);
            }
            None if topic.field == "服务区域数" => {
                let places = squash(&text_of(cell));
                names.extend(
                    places.split(['、', ',', ';', '/', '及']).filter(|p| !p.is_empty()).map(str::to_owned),
                );
            }
            // Devices of one name are as many as their rows, or as the row says.
            None if topic.field == "接入设备数" => {
                names.insert(format!("{rows}"));
            }
            None => {
                names.insert(normal_name(&text_of(cell)));
            }
        }
    }
    if !names.is_empty() {
        return Some(Decimal::from(names.len()));
    }
    let counts: Option<Decimal> =
        lists.iter().map(|d| d.value("distinct").or_else(|| d.value("count")).and_then(number_of)).sum();
    counts
}

/// The devices that a list's own column counts.
fn summed(lists: &[&Document]) -> Option<Decimal> {
    let per_row: Vec<Decimal> = lists
        .iter()
        .flat_map(|d| &d.items)
        .filter_map(|r: &Row| number_of(r.get("devices").and_then(Field::found)?))
        .collect();
    (!per_row.is_empty()).then(|| per_row.iter().sum())
}

fn against(
    cx: &Cx<'_>,
    topic: &Topic,
    (s, value): (&Sourced<Value>, Decimal),
    lists: &[&Document],
) -> Option<Draft> {
    let different = distinct(topic, lists)?;
    let summed = summed(lists).filter(|_| topic.field == "接入设备数");
    let listed = summed.map_or(different, |n| n.max(different));
    if value <= listed {
        return None;
    }
    let rows: Decimal = lists.iter().filter_map(|d| number_of(d.value("count")?)).sum();
    let mut evidence = vec![Evidence::of(topic.field, s)];
    for d in lists {
        evidence.push(match d.value("count") {
            Some(c) => Evidence::of("清单行数", c),
            None => whole("清单", d),
        });
    }
    let repeated = if rows > different && summed.is_none() {
        format!("清单共{}行，去掉重复后{}个；", say::number(rows), say::number(different))
    } else {
        String::new()
    };
    let title = format!("{}多于所附清单", topic.field);
    let message = format!(
        "{}填{}，{repeated}所附清单（{}）只有{}个，差{}。清单没有注明是节选；总分公司、厂区分别计数可以造成差异，请申报单位补全清单或更正。",
        topic.field,
        text_of(s),
        say::list(&lists.iter().map(|d| say::doc(d)).collect::<Vec<_>>(), 3),
        say::number(listed),
        say::number(value - listed)
    );
    let lost = lists.iter().any(|d| {
        let printed = d.value("printed_count").and_then(number_of);
        let read = d.value("count").and_then(number_of);
        let low = d.value("count").is_none_or(|c| c.confidence.0 < cx.notice.reading.sure);
        low || d.fields.contains_key("missing_index")
            || matches!((printed, read), (Some(p), Some(r)) if p > r)
    });
    let blind = cx.blind_spots();
    if lost || !blind.is_empty() {
        let why = if lost {
            "清单可能有行未能读取".to_owned()
        } else {
            format!("另有材料未能读取（{}）", say::list(&blind, 3))
        };
        return Some(Draft::unverifiable(title, format!("{message}但{why}，请人工清点。"), evidence));
    }
    Some(
        Draft::anomaly(title, message, evidence).still_holds(move |v| yuan(&v[0]).is_none_or(|n| n > listed)),
    )
}

/// Codes in a list that no company can have.
fn invalid_codes(cx: &Cx<'_>, d: &Document, out: &mut Out) -> bool {
    let codes: Vec<&Sourced<Value>> = d
        .items
        .iter()
        .filter_map(|r| r.get("uscc").and_then(Field::found))
        .filter(|s| clean_code(&text_of(s)).len() == 18 && s.grade != Grade::Ocr)
        .collect();
    if codes.is_empty() {
        return false;
    }
    let wrong: Vec<&&Sourced<Value>> =
        codes.iter().filter(|s| check_uscc(&text_of(s)) != CodeCheck::Valid).collect();
    let share = cx.notice.param("METRIC-002", "codes_percent") / Decimal::ONE_HUNDRED;
    if wrong.len() < 2 || Decimal::from(wrong.len()) <= Decimal::from(codes.len()) * share {
        out.pass();
        return true;
    }
    let message = format!(
        "{}列有{}个统一社会信用代码，其中{}个校验位不符，不可能是真实代码。个别抄错可以理解，超过{}则需核实所列企业是否存在。",
        say::doc(d),
        codes.len(),
        wrong.len(),
        say::percent(share, Decimal::ONE)
    );
    let evidence = wrong.iter().take(8).map(|s| Evidence::of("清单中的代码", s)).collect();
    out.hit(Draft::anomaly("企业清单中有多个无效代码", message, evidence));
    true
}

/// METRIC-004.
pub(super) fn unsupported(cx: &Cx<'_>, out: &mut Out) {
    const FROM_SCREENS: [&str; 8] = [
        "注册用户数",
        "活跃用户数",
        "接入第三方服务商数量",
        "接入设备数",
        "接入数据采集点数",
        "平台积累的工业数据存量",
        "平台积累的模型数",
        "工业APP数",
    ];
    let filled: Vec<&str> =
        FROM_SCREENS.into_iter().filter(|f| stated(cx, f).is_some_and(|(_, n)| n > Decimal::ZERO)).collect();
    if filled.is_empty() {
        return out.cannot("没有读到能力指标");
    }
    let screens = cx.case.documents.iter().any(|d| matches!(d.kind, Kind::Screenshot | Kind::SpecialAudit));
    // A picture of no known kind may show the platform, or anything else.
    let mute: Vec<String> = cx
        .of(Kind::Other)
        .filter(|d| d.text.chars().count() < 400)
        .map(|d| format!("未能归类的文件 {}", say::doc(d)))
        .collect();
    let mut bare = Vec::new();
    for name in filled {
        let listed = TOPICS.iter().find(|t| t.field == name).is_some_and(|t| !lists(cx, t).is_empty());
        let core = name.trim_start_matches("平台积累的").trim_start_matches("接入").trim_end_matches('数');
        let told = cx.case.documents.iter().any(|d| {
            !matches!(d.kind, Kind::ApplicationForm | Kind::EvidenceList | Kind::Commitment)
                && d.text.contains(core)
        });
        let certified = name == "工业APP数" && cx.of(Kind::IpCertificate).next().is_some();
        if screens || listed || told || certified {
            out.pass();
        } else {
            bare.push(name);
        }
    }
    if bare.is_empty() {
        return;
    }
    let evidence: Vec<Evidence> =
        bare.iter().filter_map(|n| Some(Evidence::of(*n, stated(cx, n)?.0))).collect();
    let message = format!(
        "{}没有截图、清单或其他证明材料。{}。通知要求各项指标提供相关证明材料，请申报单位补充。",
        bare.join("、"),
        cx.looked_through()
    );
    let title = format!("{}项能力指标没有证明材料", bare.len());
    let mut blind = cx.blind_spots();
    blind.extend(mute);
    out.hit(if blind.is_empty() {
        Draft::anomaly(title, message, evidence)
    } else {
        let message = format!("{message}但有材料未能读取或归类（{}），可能就在其中。", say::list(&blind, 3));
        Draft::unverifiable(title, message, evidence)
    });
}

/// METRIC-005.
pub(super) fn younger(cx: &Cx<'_>, out: &mut Out) {
    let Some((s, filing)) = filed(cx) else {
        return out.cannot("没有读到填报日期");
    };
    let mut any = false;
    for d in &cx.case.documents {
        let late: Vec<(&str, &Sourced<Value>, NaiveDate)> = match d.kind {
            Kind::Screenshot => {
                dated(d.value("clock")).map(|(v, day)| ("截图时间", v, day)).into_iter().collect()
            }
            Kind::Contract if is_sale(&cx.applicant, d) => {
                dated(d.value("signed_on")).map(|(v, day)| ("服务合同签订日期", v, day)).into_iter().collect()
            }
            Kind::ServiceList => d
                .items
                .iter()
                .flat_map(|r| ["since", "signed"].map(|c| dated(r.get(c).and_then(Field::found))))
                .flatten()
                .map(|(v, day)| ("清单中的接入时间", v, day))
                .collect(),
            _ => continue,
        };
        if late.is_empty() {
            continue;
        }
        any = true;
        let over: Vec<_> = late.iter().filter(|l| l.2 > filing).collect();
        let Some((label, v, day)) = over.first().copied() else {
            out.pass();
            continue;
        };
        let message = format!(
            "{}的{label}为{day}，晚于填报日期{filing}{}。指标以填报日期为准，此后的材料不能证明当时的数量；申报后补交材料的请注明。",
            say::doc(d),
            if over.len() > 1 { format!("（共{}处）", over.len()) } else { String::new() }
        );
        let evidence = vec![Evidence::of(*label, v), Evidence::of("填报日期", s)];
        let draft = Draft::anomaly(format!("{label}晚于填报日期"), message, evidence).still_holds(|v| {
            let day = |x: &Option<Value>| match x {
                Some(Value::Date(d)) => Some(*d),
                Some(Value::Text(t)) => parse_date(t),
                _ => None,
            };
            match (day(&v[0]), day(&v[1])) {
                (Some(a), Some(b)) => a > b,
                _ => true,
            }
        });
        out.hit(if d.kind == Kind::Contract { draft.severity(Severity::Minor) } else { draft });
    }
    if !any {
        out.cannot("证明材料上没有读到时间");
    }
}

fn dated(s: Option<&Sourced<Value>>) -> Option<(&Sourced<Value>, NaiveDate)> {
    let s = s?;
    match &s.value {
        Value::Date(d) => Some((s, *d)),
        Value::Text(t) => parse_date(t).map(|d| (s, d)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_noun_of_a_title_says_what_is_listed() {
        let field = |title: &str| named(title).map(|t| t.field);
        assert_eq!(field("样本精工设备云平台服务企业清单"), Some("接入企业数"));
        assert_eq!(field("服务企业接入设备清单"), Some("接入设备数"));
        assert_eq!(field("六、工业 APP 清单（20 个）"), Some("工业APP数"));
        assert_eq!(field("第三方服务商列表"), Some("接入第三方服务商数量"));
        assert_eq!(field("会议纪要"), None);
        let found = headings("五、平台模型清单（22个）六、工业APP清单");
        assert_eq!(found, ["五、平台模型", "）六、工业APP"]);
    }
}

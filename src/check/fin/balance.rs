//! FIN-006 the balance sheet balances, FIN-008 one year's close is the next one's opening.

use rust_decimal::Decimal;

use super::figures::year_of;
use crate::check::cx::{money, yuan};
use crate::check::{Cx, Out, say};
use crate::model::{Confidence, Document, Draft, Evidence, Grade, Kind, Money, Severity, Sourced, Value};

type Part<'a> = (&'static str, &'a Sourced<Value>, Money);

/// FIN-006.
pub(super) fn balances(cx: &Cx<'_>, out: &mut Out) {
    const IDENTITIES: [(&str, &[&str]); 4] = [
        ("资产总计", &["负债合计", "所有者权益合计"]),
        ("资产总计", &["负债和所有者权益总计"]),
        ("资产总计", &["流动资产合计", "非流动资产合计"]),
        ("负债合计", &["流动负债合计", "非流动负债合计"]),
    ];
    let mut any = false;
    for d in cx.of(Kind::BalanceSheet) {
        for (column, label) in [("closing", "期末"), ("opening", "年初")] {
            for (whole, parts) in IDENTITIES {
                let Some(w) = money(d, &format!("{whole}.{column}")) else { continue };
                let found: Option<Vec<Part<'_>>> = parts
                    .iter()
                    .map(|p| money(d, &format!("{p}.{column}")).map(|(s, m)| (*p, s, m)))
                    .collect();
                let Some(found) = found else { continue };
                any = true;
                match identity(d, label, (whole, w.0, w.1), &found) {
                    Some(draft) => {
                        out.hit(draft);
                        // One edited line breaks several identities; it is one fault.
                        break;
                    }
                    None => out.pass(),
                }
            }
        }
    }
    if !any {
        out.cannot("没有读到资产负债表的合计项");
    }
}

fn identity(d: &Document, column: &str, whole: Part<'_>, parts: &[Part<'_>]) -> Option<Draft> {
    let sum: Decimal = parts.iter().map(|p| p.2.yuan).sum();
    let unit = parts.iter().map(|p| p.2.half_unit()).chain([whole.2.half_unit()]).max().unwrap_or_default();
    let slack = unit * Decimal::from(parts.len() as u32 + 2);
    let difference = whole.2.yuan - sum;
    if difference.abs() <= slack {
        return None;
    }
    let mut evidence = vec![Evidence::of(format!("{}（{column}）", whole.0), whole.1)];
    evidence.extend(parts.iter().map(|p| Evidence::of(format!("{}（{column}）", p.0), p.1)));
    let terms: Vec<String> = parts.iter().map(|p| format!("{}{}", p.0, say::yuan(p.2.yuan))).collect();
    let year = year_of(d).map(|y| format!("{y}年")).unwrap_or_default();
    let message = format!(
        "{year}资产负债表{column}：{} = {}，而{}为{}，相差{}。已考虑报表单位的显示位数（允许{}）。请核对报表原件；漏行、错列和单位不一会造成此类差异，报表被改动也会。",
        terms.join(" + "),
        say::yuan(sum),
        whole.0,
        say::yuan(whole.2.yuan),
        say::yuan(difference.abs()),
        say::yuan(slack)
    );
    Some(Draft::anomaly(format!("{year}资产负债表{column}不平"), message, evidence).still_holds(move |v| {
        let parts: Option<Decimal> = v[1..].iter().map(yuan).sum();
        match (yuan(&v[0]), parts) {
            (Some(w), Some(p)) => (w - p).abs() > slack,
            _ => true,
        }
    }))
}

/// FIN-008.
pub(super) fn continuity(cx: &Cx<'_>, out: &mut Out) {
    let mut any = false;
    for years in cx.notice.years.windows(2) {
        let (last, this) = (years[0], years[1]);
        for (kind, now, before) in
            [(Kind::BalanceSheet, "closing", "opening"), (Kind::IncomeStatement, "current", "prior")]
        {
            for b in cx.of(kind).filter(|d| year_of(d) == Some(this)) {
                let older: Vec<&Document> = cx.of(kind).filter(|d| year_of(d) == Some(last)).collect();
                if older.is_empty() {
                    continue;
                }
                any |= compare(cx, kind, &older, b, (now, before), (last, this), out);
            }
        }
    }
    if !any {
        out.cannot("没有相邻两年的报表可比");
    }
}

const TOTALS: [&str; 6] = ["资产总计", "负债合计", "所有者权益合计", "营业收入", "利润总额", "净利润"];

/// Whether a line may speak: on scans one misread digit among sixty lines is likely, so that a line that no
/// identity supports must have been read well.
pub(super) fn may_speak(name: &str, read: &Sourced<Value>) -> bool {
    read.grade != Grade::Ocr || TOTALS.contains(&name) || read.confidence >= Confidence(900)
}

/// The lines of a statement that have a value in this column: every line counts (A-ID9), the totals first.
pub(super) fn lines<'d>(statement: &'d Document, column: &str) -> Vec<&'d str> {
    let mut names: Vec<&str> =
        statement.fields.keys().filter_map(|k| k.strip_suffix(column)?.strip_suffix('.')).collect();
    names.sort_by_key(|n| TOTALS.iter().position(|t| t == n).unwrap_or(TOTALS.len()));
    names
}

/// Most lines a finding names one by one.
pub(super) const MOST_NAMED: usize = 6;

/// Whether an auditor's text says that figures of the year before were corrected. Notes have a heading for it where
/// nothing was corrected too.
fn tells_a_correction(text: &str) -> bool {
    const CORRECTED: [&str; 4] = ["追溯调整", "追溯重述", "差错更正", "差错进行了更正"];
    const NOTHING: [&str; 5] = ["无", "未发生", "不存在", "没有", "不涉及"];
    text.split('。').any(|sentence| {
        CORRECTED.iter().any(|w| sentence.contains(w))
            && sentence.chars().any(|c| c.is_ascii_digit())
            && !NOTHING.iter().any(|w| sentence.contains(w))
    })
}

fn compare(
    cx: &Cx<'_>,
    kind: Kind,
    older: &[&Document],
    newer: &Document,
    (now, before): (&str, &str),
    (last, this): (i32, i32),
    out: &mut Out,
) -> bool {
    let mut broken = Vec::new();
    let mut compared = false;
    for name in lines(newer, before) {
        let Some((s, m)) = money(newer, &format!("{name}.{before}")) else { continue };
        let copies: Vec<(&Sourced<Value>, Money)> =
            older.iter().filter_map(|d| money(d, &format!("{name}.{now}"))).collect();
        let Some(first) = copies.first().copied() else { continue };
        if !may_speak(name, s) || !may_speak(name, first.0) {
            continue;
        }
        compared = true;
        let slack = |x: Money| (m.half_unit().max(x.half_unit())) * Decimal::TWO;
        if copies.iter().any(|c| (c.1.yuan - m.yuan).abs() <= slack(c.1)) {
            out.pass();
        } else {
            broken.push((name, (s, m), first, slack(first.1)));
        }
    }
    if broken.is_empty() {
        return compared;
    }
    let count = broken.len();
    broken.truncate(MOST_NAMED);
    let mut evidence = Vec::new();
    let mut said = Vec::new();
    for (name, (s, m), (o, om), _) in &broken {
        evidence.push(Evidence::of(format!("{this}年报表{name}（上年数）"), s));
        evidence.push(Evidence::of(format!("{last}年报表{name}"), o));
        said.push(format!(
            "{name}{this}年报表上年数{}、{last}年报表{}，差{}",
            say::yuan(m.yuan),
            say::yuan(om.yuan),
            say::yuan((m.yuan - om.yuan).abs())
        ));
    }
    let noted = older.iter().copied().chain([newer]).any(|d| {
        ["追溯调整", "会计政策变更", "差错更正", "重述", "审计调整"].iter().any(|w| d.text.contains(w))
    }) || cx.of(Kind::AuditReport).any(|d| tells_a_correction(&d.text));
    let more = if count > MOST_NAMED { format!("等{count}项") } else { String::new() };
    let message = format!(
        "{}前后两年不衔接：{}{more}。{}",
        say::kind(kind),
        said.join("；"),
        if noted {
            "报表或审计报告中有追溯调整、会计政策变更或差错更正的说明，故只作提示。"
        } else {
            "会计政策变更、差错更正、审计调整可以造成差异，但应有说明；报表和审计报告中没有看到。请申报单位说明。"
        }
    );
    let slacks: Vec<Decimal> = broken.iter().map(|b| b.3).collect();
    let draft =
        Draft::anomaly(format!("{}{this}年上年数与{last}年报表不符", say::kind(kind)), message, evidence)
            .still_holds(move |v| {
                slacks.iter().enumerate().any(|(i, slack)| match (yuan(&v[2 * i]), yuan(&v[2 * i + 1])) {
                    (Some(a), Some(b)) => (a - b).abs() > *slack,
                    _ => true,
                })
            });
    out.hit(if noted { draft.severity(Severity::Notice) } else { draft });
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_correction_is_told_with_its_figure_and_a_heading_is_none() {
        assert!(tells_a_correction("如附注十二所述,公司追溯调整减少2022年年初存货312,400.00元。"));
        assert!(!tells_a_correction(
            "四、重要会计政策变更和前期差错更正。本公司2022年度无前期差错更正事项。"
        ));
        assert!(!tells_a_correction("会计政策变更与差错更正。"));
    }
}

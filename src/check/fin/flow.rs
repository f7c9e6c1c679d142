//! FIN-007: the chain of the income statement and of the cash flow statement.

use rust_decimal::Decimal;

use super::figures::year_of;
use crate::check::cx::{money, yuan};
use crate::check::{Cx, Out, say};
use crate::model::{Confidence, Document, Draft, Evidence, Field, Grade, Kind, Money, Sourced, Value};
use crate::text::confusion::part_of_digits;
use crate::text::normal::squash;

/// A term of an identity: its line, and whether it adds (1), takes away (-1) or is printed with either sign (0).
type Term = (&'static str, i8);

struct Identity {
    whole: &'static str,
    terms: &'static [Term],
    /// Terms without which nothing can be said: a statement always has these lines.
    core: &'static [&'static str],
}

const INCOME: &[Identity] = &[
    Identity {
        whole: "净利润",
        terms: &[("利润总额", 1), ("所得税费用", -1)],
        core: &["利润总额", "所得税费用"],
    },
    Identity {
        whole: "利润总额",
        terms: &[("营业利润", 1), ("营业外收入", 1), ("营业外支出", -1)],
        core: &["营业利润", "营业外收入", "营业外支出"],
    },
    Identity {
        whole: "营业利润",
        terms: &[
            ("营业收入", 1),
            ("营业成本", -1),
            ("税金及附加", -1),
            ("销售费用", -1),
            ("管理费用", -1),
            ("研发费用", -1),
            ("财务费用", -1),
            ("其他收益", 1),
            ("投资收益", 1),
            ("净敞口套期收益", 1),
            ("公允价值变动收益", 1),
            ("信用减值损失", 0),
            ("资产减值损失", 0),
            ("资产处置收益", 1),
        ],
        core: &["营业收入", "营业成本", "税金及附加", "管理费用"],
    },
];

const CASH: &[Identity] = &[
    Identity {
        whole: "现金及现金等价物净增加额",
        terms: &[
            ("经营活动产生的现金流量净额", 1),
            ("投资活动产生的现金流量净额", 1),
            ("筹资活动产生的现金流量净额", 1),
            ("汇率变动对现金及现金等价物的影响", 1),
        ],
        core: &["经营活动产生的现金流量净额", "投资活动产生的现金流量净额", "筹资活动产生的现金流量净额"],
    },
    Identity {
        whole: "期末现金及现金等价物余额",
        terms: &[("期初现金及现金等价物余额", 1), ("现金及现金等价物净增加额", 1)],
        core: &["期初现金及现金等价物余额", "现金及现金等价物净增加额"],
    },
];

/// FIN-007.
pub(super) fn chains(cx: &Cx<'_>, out: &mut Out) {
    let mut any = false;
    for (kind, identities) in [(Kind::IncomeStatement, INCOME), (Kind::CashFlow, CASH)] {
        for d in cx.of(kind) {
            for (column, label) in [("current", "本年"), ("prior", "上年")] {
                // One edited line breaks two identities; it is one fault.
                let mut broken = None;
                for identity in identities {
                    let Some(found) = check(d, identity, column) else { continue };
                    any = true;
                    match found {
                        Ok(()) => out.pass(),
                        Err(fault) => {
                            broken = broken.or(Some((identity, fault)));
                        }
                    }
                }
                if let Some((identity, fault)) = broken {
                    out.hit(draft(d, identity, label, &fault, Confidence(cx.notice.reading.sure)));
                }
            }
        }
    }
    any |= cash_in_hand(cx, out);
    if !any {
        out.cannot("没有读到利润表、现金流量表可以核对的项目");
    }
}

struct Fault<'a> {
    whole: (&'a Sourced<Value>, Money),
    terms: Vec<(&'static str, i8, &'a Sourced<Value>, Money)>,
    sum: Decimal,
    slack: Decimal,
    /// Lines that stand there and were not read.
    unread: Vec<&'static str>,
}

/// The identity on one column: none if it cannot be formed.
fn check<'a>(d: &'a Document, identity: &Identity, column: &str) -> Option<Result<(), Fault<'a>>> {
    let get = |name: &str| money(d, &format!("{name}.{column}"));
    let whole = get(identity.whole)?;
    let mut terms = Vec::new();
    let mut unread = Vec::new();
    let printed = squash(&d.text);
    for (name, sign) in identity.terms {
        if let Some(Field::Unreadable(_)) = d.fields.get(&format!("{name}.{column}")) {
            return None;
        }
        match get(name) {
            Some((s, m)) => terms.push((*name, *sign, s, m)),
            // A line that is printed may be blank, or not have been read.
            None if printed.contains(name) => unread.push(*name),
            None if identity.core.contains(name) => return None,
            None => {}
        }
    }
    if identity.terms.len() > 4 && identity.core.iter().any(|c| unread.contains(c)) {
        return None;
    }
    let unit = terms.iter().map(|t| t.3.half_unit()).chain([whole.1.half_unit()]).max()?;
    let slack = unit * Decimal::from(terms.len() as u32 + 2);
    let fixed: Decimal = terms.iter().map(|t| t.3.yuan * Decimal::from(t.1)).sum();
    let loose: Decimal = terms.iter().filter(|t| t.1 == 0).map(|t| t.3.yuan).sum();
    // Impairments are printed as losses with a minus, or without one; 研发费用 may be a part of 管理费用.
    let inside: Decimal = terms.iter().filter(|t| t.0 == "研发费用").map(|t| t.3.yuan).sum();
    let sums = [fixed + loose, fixed - loose, fixed + loose + inside, fixed - loose + inside];
    if sums.iter().any(|s| (*s - whole.1.yuan).abs() <= slack) {
        return Some(Ok(()));
    }
    // Lines of other trades and older forms enter the operating profit as well.
    let other = ["汇兑收益", "手续费及佣金", "退保金", "勘探费用", "其他业务利润"];
    if identity.whole == "营业利润" && other.iter().any(|w| printed.contains(w)) {
        return None;
    }
    Some(Err(Fault { whole, terms, sum: fixed + loose, slack, unread }))
}

fn draft(d: &Document, identity: &Identity, label: &str, f: &Fault<'_>, sure: Confidence) -> Draft {
    let mut evidence = vec![Evidence::of(format!("{}（{label}）", identity.whole), f.whole.0)];
    evidence.extend(f.terms.iter().map(|t| Evidence::of(format!("{}（{label}）", t.0), t.2)));
    let terms: Vec<String> = f
        .terms
        .iter()
        .enumerate()
        .map(|(i, t)| {
            let sign = match (i, t.1) {
                (0, _) => "",
                (_, -1) => " − ",
                _ => " + ",
            };
            format!("{sign}{}{}", t.0, say::yuan(t.3.yuan))
        })
        .collect();
    let year = year_of(d).map(|y| format!("{y}年")).unwrap_or_default();
    let kind = say::kind(d.kind);
    let mut message = format!(
        "{year}{kind}{label}：{} = {}，而{}为{}，相差{}。已考虑显示位数（允许{}）、减值损失的正负写法和研发费用含在管理费用内的情形。",
        terms.concat(),
        say::yuan(f.sum),
        identity.whole,
        say::yuan(f.whole.1.yuan),
        say::yuan((f.whole.1.yuan - f.sum).abs()),
        say::yuan(f.slack)
    );
    let title = format!("{year}{kind}{label}不平（{}）", identity.whole);
    if let Some(why) = doubt(f, sure) {
        message += &why;
        return Draft::unverifiable(title, message, evidence);
    }
    message += "漏行、错列会造成此类差异，报表被改动也会。请核对报表原件。";
    let signs: Vec<i8> = f.terms.iter().map(|t| t.1).collect();
    let slack = f.slack;
    Draft::anomaly(title, message, evidence).still_holds(move |v| {
        let Some(whole) = yuan(&v[0]) else { return true };
        let Some(values) = v[1..].iter().map(yuan).collect::<Option<Vec<_>>>() else { return true };
        let fixed: Decimal = values.iter().zip(&signs).map(|(v, s)| v * Decimal::from(*s)).sum();
        let loose: Decimal = values.iter().zip(&signs).filter(|x| *x.1 == 0).map(|x| x.0).sum();
        (whole - fixed - loose).abs() > slack && (whole - fixed + loose).abs() > slack
    })
}

/// Why a scan's identity may be broken by its reading alone: a line not read, poorly read, or read in part.
fn doubt(f: &Fault<'_>, sure: Confidence) -> Option<String> {
    let lines = || f.terms.iter().map(|t| (t.0, t.1, t.2, t.3)).chain([("合计", -1, f.whole.0, f.whole.1)]);
    if lines().all(|l| l.2.grade != Grade::Ocr) {
        return None;
    }
    if !f.unread.is_empty() {
        return Some(format!("{}可能有数而没有读到，请对照原件。", f.unread.join("、")));
    }
    let gap = f.whole.1.yuan - f.sum;
    let poor = lines().find(|(_, sign, s, m)| {
        // What the line would have to be for the identity to hold, as it would be printed.
        let wanted = (m.yuan + gap * Decimal::from(if *sign == 0 { 1 } else { *sign })) / m.unit.yuan();
        s.grade == Grade::Ocr && (s.confidence < sure || part_of_digits(&s.raw, &format!("{wanted:.2}")))
    });
    poor.map(|l| format!("“{}”一项的读数“{}”可能不全或有误，请对照原件。", l.0, l.2.raw))
}

/// A-ID7: the cash at the end is no more than the balance sheet's 货币资金; less of it may be pledged.
fn cash_in_hand(cx: &Cx<'_>, out: &mut Out) -> bool {
    let mut any = false;
    for d in cx.of(Kind::CashFlow) {
        let Some((s, cash)) = money(d, "期末现金及现金等价物余额.current") else { continue };
        let year = year_of(d);
        let sheet = cx.of(Kind::BalanceSheet).filter(|b| year.is_some() && year_of(b) == year);
        let funds: Vec<(&Sourced<Value>, Money)> =
            sheet.filter_map(|b| money(b, "货币资金.closing")).collect();
        let Some((f, most)) = funds.iter().copied().max_by_key(|x| x.1.yuan) else { continue };
        any = true;
        let slack = cash.half_unit().max(most.half_unit()) * Decimal::TWO;
        if cash.yuan <= most.yuan + slack {
            out.pass();
            continue;
        }
        let year = year.unwrap_or_default();
        let message = format!(
            "{year}年现金流量表期末现金及现金等价物余额为{}，大于资产负债表货币资金{}，多{}。期末现金不应多于货币资金（三个月内到期的投资列为现金等价物的除外，应有附注）；少于则可能是保证金，不作要求。",
            say::yuan(cash.yuan),
            say::yuan(most.yuan),
            say::yuan(cash.yuan - most.yuan)
        );
        let evidence = vec![Evidence::of("期末现金余额", s), Evidence::of("货币资金", f)];
        out.hit(Draft::anomaly(format!("{year}年期末现金大于货币资金"), message, evidence).still_holds(
            move |v| match (yuan(&v[0]), yuan(&v[1])) {
                (Some(a), Some(b)) => a > b + slack,
                _ => true,
            },
        ));
    }
    any
}

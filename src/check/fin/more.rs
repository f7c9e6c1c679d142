//! FIN-005 research, FIN-009 two copies of a statement, FIN-011 the platform's income, FIN-012 ratios.

use rust_decimal::Decimal;

use super::balance::{MOST_NAMED, lines, may_speak};
use super::figures::{Candidate, line, year_of};
use crate::check::cx::{money, money_of, text, yuan};
use crate::check::{Cx, Out, say};
use crate::model::{Document, Draft, Evidence, Kind, Money, Severity, Sourced, Value};
use crate::text::normal::squash;

/// FIN-005.
pub(super) fn research(cx: &Cx<'_>, out: &mut Out) {
    for year in cx.notice.years.clone() {
        let stated = cx.form(&format!("基本信息.研发投入.{year}")).and_then(|s| Some((s, money_of(s)?)));
        let Some((s, m)) = stated else {
            out.cannot(format!("没有读到申报书{year}年研发投入"));
            continue;
        };
        let sources = sources(cx, year);
        if sources.is_empty() {
            out.cannot(format!("报表和专项审计报告中没有读到{year}年的研发费用"));
            continue;
        }
        match research_year(cx, year, (s, m), &sources) {
            Some(draft) => out.hit(draft),
            None => out.pass(),
        }
    }
}

/// What may be meant by 研发投入: the parts that add up to it, with their names.
struct Source<'a> {
    label: String,
    amount: Decimal,
    parts: Vec<&'a Sourced<Value>>,
}

fn sources<'a>(cx: &Cx<'a>, year: i32) -> Vec<Source<'a>> {
    let single =
        |c: &Candidate<'a>| Source { label: c.label.clone(), amount: c.money.yuan, parts: vec![c.source] };
    let spent = line(cx, Kind::IncomeStatement, &["研发费用", "研究费用"], year);
    let mut out: Vec<Source<'a>> = spent.iter().map(single).collect();
    let capital = line(cx, Kind::BalanceSheet, &["开发支出"], year);
    let before = line(cx, Kind::BalanceSheet, &["开发支出"], year - 1);
    if let (Some(e), Some(now)) = (spent.first(), capital.first()) {
        let old = before.first();
        let grown = now.money.yuan - old.map_or(Decimal::ZERO, |o| o.money.yuan);
        if grown > Decimal::ZERO {
            let mut parts = vec![e.source, now.source];
            parts.extend(old.map(|o| o.source));
            out.push(Source {
                label: "研发费用+开发支出增加".into(), amount: e.money.yuan + grown, parts
            });
        }
    }
    for d in cx.of(Kind::SpecialAudit).filter(|d| d.text.contains("研发") || d.text.contains("研究开发"))
    {
        if let Some((s, m)) = money(d, "amount").filter(|_| year_of(d).is_none_or(|y| y == year)) {
            out.push(Source { label: "研发专项审计报告".into(), amount: m.yuan, parts: vec![s] });
        }
    }
    out
}

fn research_year(
    cx: &Cx<'_>,
    year: i32,
    (s, m): (&Sourced<Value>, Money),
    sources: &[Source<'_>],
) -> Option<Draft> {
    let share = |name: &str| cx.notice.param("FIN-005", name) / Decimal::ONE_HUNDRED;
    let (low, high) = (Decimal::ONE - share("percent"), Decimal::ONE + share("over_percent"));
    let half = m.half_unit() * Decimal::TWO;
    let most = sources.iter().map(|x| x.amount).max()?;
    let least = sources.iter().map(|x| x.amount).min()?;
    let over = m.yuan > most * high + half;
    let under = m.yuan < least * low - half;
    if !over && !under {
        return None;
    }
    let table: Vec<String> = sources.iter().map(|x| format!("{}{}", x.label, say::yuan(x.amount))).collect();
    let mut evidence = vec![Evidence::of(format!("申报书{year}年研发投入"), s)];
    for x in sources {
        evidence.extend(x.parts.iter().map(|p| Evidence::of(x.label.clone(), p)));
    }
    let facts = format!("申报书{year}年研发投入填{}，可比的口径为：{}。", say::printed(m), table.join("；"));
    if under {
        let message = format!(
            "{facts}比报表的研发费用少{}。只填自筹部分或平台部分可以造成，请统一口径。",
            say::yuan(least - m.yuan)
        );
        return Some(
            Draft::anomaly(format!("{year}年研发投入少于报表"), message, evidence)
                .severity(Severity::Notice)
                .still_holds(move |v| match (yuan(&v[0]), v[1..].iter().filter_map(yuan).min()) {
                    (Some(x), Some(least)) => x < least * low - half,
                    _ => true,
                }),
        );
    }
    let message = format!(
        "{facts}比其中最大的一项还多{}（{}）。已考虑资本化的开发支出和{}%以内的出入；加计扣除辅助账、研发活动统计表可以支持较大的数，请申报单位提供。",
        say::yuan(m.yuan - most),
        say::percent(m.yuan - most, most),
        say::number(cx.notice.param("FIN-005", "over_percent"))
    );
    let single = sources.iter().all(|x| x.parts.len() == 1);
    Some(Draft::anomaly(format!("{year}年研发投入多于报表"), message, evidence).still_holds(move |v| match (
        yuan(&v[0]),
        v[1..].iter().filter_map(yuan).max(),
    ) {
        (Some(x), Some(read)) => x > if single { read } else { most.max(read) } * high + half,
        _ => true,
    }))
}

/// The period as its digits; those of a whole year say only the year.
fn annual(d: &Document) -> Option<i32> {
    let period = text(d, "period")?.1;
    let digits: String = squash(&period).chars().filter(char::is_ascii_digit).collect();
    let year = year_of(d)?;
    let y = year.to_string();
    let tail = digits.strip_prefix(&y).unwrap_or(&digits);
    let whole = ["", "12", "1231"].contains(&tail)
        || digits.ends_with(&format!("{y}1231"))
        || digits.ends_with(&format!("{y}12"));
    whole.then_some(year)
}

/// FIN-009.
pub(super) fn copies(cx: &Cx<'_>, out: &mut Out) {
    let mut any = false;
    for (kind, column) in
        [(Kind::BalanceSheet, "closing"), (Kind::IncomeStatement, "current"), (Kind::CashFlow, "current")]
    {
        let all: Vec<&Document> = cx.of(kind).filter(|d| annual(d).is_some()).collect();
        for (i, a) in all.iter().enumerate() {
            for b in &all[i + 1..] {
                let merged = |d: &Document| d.text.contains("合并");
                // A group's statement and the company's own are two statements.
                if annual(a) != annual(b) || merged(a) != merged(b) {
                    continue;
                }
                any |= compare(kind, (a, b), column, out);
            }
        }
    }
    if !any {
        out.cannot("没有同一年度同一报表的两个版本");
    }
}

fn compare(kind: Kind, (a, b): (&Document, &Document), column: &str, out: &mut Out) -> bool {
    let mut differing = Vec::new();
    let mut compared = false;
    for name in lines(a, column) {
        let field = format!("{name}.{column}");
        let (Some((s, m)), Some((t, n))) = (money(a, &field), money(b, &field)) else { continue };
        if !may_speak(name, s) || !may_speak(name, t) {
            continue;
        }
        compared = true;
        let slack = m.half_unit().max(n.half_unit()) * Decimal::TWO;
        if (m.yuan - n.yuan).abs() > slack {
            differing.push((name, (s, m), (t, n), slack));
        }
    }
    if differing.is_empty() {
        if compared {
            out.pass();
        }
        return compared;
    }
    let count = differing.len();
    differing.truncate(MOST_NAMED);
    let mut evidence = Vec::new();
    let mut said = Vec::new();
    for (name, (s, m), (t, n), _) in &differing {
        evidence.push(Evidence::of(format!("{name}（{}）", say::doc(a)), s));
        evidence.push(Evidence::of(format!("{name}（{}）", say::doc(b)), t));
        said.push(format!(
            "{name}{}、{}，差{}",
            say::yuan(m.yuan),
            say::yuan(n.yuan),
            say::yuan((m.yuan - n.yuan).abs())
        ));
    }
    let year = year_of(a).unwrap_or_default();
    let audited = [a, b].iter().any(|d| d.text.contains("审计调整") || d.text.contains("追溯调整"));
    let more = if count > MOST_NAMED { format!("等{count}项") } else { String::new() };
    let message = format!(
        "{year}年{}有两个版本（{}、{}），数字不同：{}{more}。{}请申报单位说明以哪一份为准。",
        say::kind(kind),
        say::doc(a),
        say::doc(b),
        said.join("；"),
        if audited {
            "材料中有审计调整或追溯调整的说明，故只作提示。"
        } else {
            "已排除合并报表与单户报表之别和显示位数；审计前后的版本可以不同，但应有说明。"
        }
    );
    let slacks: Vec<Decimal> = differing.iter().map(|d| d.3).collect();
    let draft = Draft::anomaly(format!("{year}年{}两个版本不一致", say::kind(kind)), message, evidence)
        .still_holds(move |v| {
            slacks.iter().enumerate().any(|(i, slack)| match (yuan(&v[2 * i]), yuan(&v[2 * i + 1])) {
                (Some(a), Some(b)) => (a - b).abs() > *slack,
                _ => true,
            })
        });
    out.hit(if audited { draft.severity(Severity::Notice) } else { draft });
    true
}

/// FIN-011.
pub(super) fn income(cx: &Cx<'_>, out: &mut Out) {
    let percent = cx.notice.param("FIN-011", "percent") / Decimal::ONE_HUNDRED;
    for year in cx.notice.years.clone() {
        let stated = cx.form(&format!("平台基本信息.{year}年平台收入")).and_then(|s| Some((s, money_of(s)?)));
        let Some((s, m)) = stated else {
            out.skip();
            continue;
        };
        let mut bounds: Vec<(String, &Sourced<Value>, Money)> = Vec::new();
        if let Some((r, n)) =
            cx.form(&format!("基本信息.主营业务收入.{year}")).and_then(|s| Some((s, money_of(s)?)))
        {
            bounds.push(("申报书主营业务收入".into(), r, n));
        }
        let printed = line(cx, Kind::IncomeStatement, &["营业收入", "营业总收入"], year);
        bounds.extend(printed.iter().map(|c| (c.label.clone(), c.source, c.money)));
        if bounds.is_empty() {
            out.cannot(format!("没有读到{year}年的主营业务收入或营业收入"));
            continue;
        }
        let slack = move |n: Decimal| (m.half_unit() * Decimal::TWO).max(n.abs() * percent);
        let over: Vec<&(String, &Sourced<Value>, Money)> =
            bounds.iter().filter(|b| m.yuan > b.2.yuan + slack(b.2.yuan)).collect();
        // A platform's income within the company's revenue by the statement is what counts.
        let within =
            bounds.iter().any(|b| b.0 != "申报书主营业务收入" && m.yuan <= b.2.yuan + slack(b.2.yuan));
        let Some((label, b, n)) = over.first().copied() else {
            out.pass();
            continue;
        };
        let message = format!(
            "{year}年平台收入填{}，超过{label}{}，多{}。平台收入是企业收入的一部分；集团内其他公司的收入、含税收入、签约额都不应计入。请申报单位核对口径。",
            say::printed(m),
            say::yuan(n.yuan),
            say::yuan(m.yuan - n.yuan)
        );
        let evidence = vec![Evidence::of(format!("{year}年平台收入"), s), Evidence::of(label.clone(), b)];
        let draft = Draft::anomaly(format!("{year}年平台收入超过企业收入"), message, evidence).still_holds(
            move |v| match (yuan(&v[0]), yuan(&v[1])) {
                (Some(x), Some(y)) => x > y + slack(y),
                _ => true,
            },
        );
        out.hit(if within { draft.severity(Severity::Minor) } else { draft });
    }
}

/// FIN-012.
pub(super) fn ratios(cx: &Cx<'_>, out: &mut Out) {
    let mut any = false;
    for year in cx.notice.years.clone() {
        let get = |kind, name: &'static str| line(cx, kind, &[name], year).into_iter().next();
        let assets = get(Kind::BalanceSheet, "资产总计");
        let debts = get(Kind::BalanceSheet, "负债合计");
        let equity = get(Kind::BalanceSheet, "所有者权益合计");
        let revenue = get(Kind::IncomeStatement, "营业收入");
        let profit = get(Kind::IncomeStatement, "利润总额");
        any |= assets.is_some() || revenue.is_some();
        let percent = |name: &str| cx.notice.param("FIN-012", name) / Decimal::ONE_HUNDRED;
        let stated = |f: &str| cx.form(f).and_then(|s| Some((s, money_of(s)?.yuan)));
        let mut found = false;
        let mut hit = |what: &str, message: String, evidence: Vec<Evidence>| {
            found = true;
            out.hit(Draft::anomaly(format!("{year}年{what}"), message, evidence));
        };
        let at = |c: &Candidate<'_>| Evidence::of(c.label.clone(), c.source);
        match (&assets, &debts, &equity) {
            (Some(a), Some(d), _)
                if a.money.yuan > Decimal::ZERO && d.money.yuan >= a.money.yuan * percent("debt_percent") =>
            {
                let message = format!(
                    "{year}年末负债合计{}，资产总计{}，负债率{}。承诺书写明“经营良好，无重大金融风险”，请结合审计意见和偿债安排判断；初创、股东借款投入可以造成。",
                    say::yuan(d.money.yuan),
                    say::yuan(a.money.yuan),
                    say::percent(d.money.yuan, a.money.yuan)
                );
                hit("资不抵债", message, vec![at(d), at(a)]);
            }
            (_, _, Some(e)) if e.money.yuan < Decimal::ZERO => {
                let message = format!(
                    "{year}年末所有者权益合计为{}。承诺书写明“经营良好，无重大金融风险”，请结合审计意见判断。",
                    say::yuan(e.money.yuan)
                );
                hit("所有者权益为负", message, vec![at(e)]);
            }
            _ => {}
        }
        if let Some(p) = profit.filter(|p| p.money.yuan < Decimal::ZERO) {
            let message = format!(
                "{year}年利润总额为{}。研发投入期亏损常见，请结合承诺书“经营良好”判断。",
                say::yuan(p.money.yuan)
            );
            hit("亏损", message, vec![at(&p)]);
        }
        if let Some(r) = revenue.filter(|r| r.money.yuan > Decimal::ZERO) {
            if let Some((s, spent)) =
                stated(&format!("基本信息.研发投入.{year}")).filter(|x| x.1 > r.money.yuan)
            {
                let message = format!(
                    "{year}年研发投入{}大于营业收入{}。请核对单位。",
                    say::yuan(spent),
                    say::yuan(r.money.yuan)
                );
                hit("研发投入大于营业收入", message, vec![Evidence::of("研发投入", s), at(&r)]);
            }
            if let Some((s, tax)) = stated(&format!("基本信息.税金.{year}"))
                .filter(|x| x.1 > r.money.yuan * percent("tax_percent"))
            {
                let message = format!(
                    "{year}年税金{}占营业收入{}的{}，高于常见的范围。土地、股权转让等一次性税款可以造成，请核对。",
                    say::yuan(tax),
                    say::yuan(r.money.yuan),
                    say::percent(tax, r.money.yuan)
                );
                hit("税金占收入过高", message, vec![Evidence::of("税金", s), at(&r)]);
            }
        }
        if !found {
            out.pass();
        }
    }
    if !any {
        out.cannot("没有读到可以计算比率的报表");
    }
}

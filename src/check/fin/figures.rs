//! FIN-001 to FIN-004: 单位运营状况 against the statements. What the form leaves undefined may match any reading; the
//! finding says which were tried.

use rust_decimal::Decimal;

use crate::check::cx::{money, money_of, number_of, yuan};
use crate::check::invest::sums::slips;
use crate::check::{Cx, Out, say};
use crate::model::{Document, Draft, Evidence, Kind, Money, Severity, Sourced, Value};

/// A value of a statement that a figure of the form may mean.
pub(in crate::check) struct Candidate<'a> {
    pub(in crate::check) label: String,
    pub(in crate::check) source: &'a Sourced<Value>,
    pub(in crate::check) money: Money,
}

/// The year a document is about, by its period.
pub(super) fn year_of(d: &Document) -> Option<i32> {
    years_of(d).last().copied()
}

/// Every year its period names.
pub(in crate::check) fn years_of(d: &Document) -> Vec<i32> {
    let Some(text) = d.value("period").map(|s| s.value.to_plain()) else { return Vec::new() };
    let text = crate::text::normal::squash(&text);
    let mut out = Vec::new();
    // A year begins its number: 20201231 names 2020, not 2012 as well.
    for number in text.split(|c: char| !c.is_ascii_digit()) {
        if let Some(Ok(y)) = number.get(..4).map(str::parse::<i32>)
            && (2000..2100).contains(&y)
            && !out.contains(&y)
        {
            out.push(y);
        }
    }
    out
}

/// The values of a line in a year: in that year's statement, and as comparative figure in the next year's.
pub(in crate::check) fn line<'a>(cx: &Cx<'a>, kind: Kind, names: &[&str], year: i32) -> Vec<Candidate<'a>> {
    let (now, before) =
        if kind == Kind::BalanceSheet { ("closing", "opening") } else { ("current", "prior") };
    let mut out = Vec::new();
    for name in names {
        for d in cx.of(kind) {
            let suffix = match year_of(d) {
                Some(y) if y == year => now,
                Some(y) if y == year + 1 => before,
                _ => continue,
            };
            if let Some((s, m)) = money(d, &format!("{name}.{suffix}")) {
                let which = if suffix == now { "" } else { "（次年报表上年数）" };
                out.push(Candidate { label: format!("{name}{which}"), source: s, money: m });
            }
        }
    }
    out
}

struct Figure<'a> {
    code: &'static str,
    name: &'static str,
    kind: Kind,
    lines: &'a [&'a str],
    /// Those of the lines that every such statement prints: one that was not read may be the one meant.
    always: &'a [&'a str],
    floor: Decimal,
}

/// Compares a figure of both years with its candidates. Returns the lines that matched in each year.
fn compare(cx: &Cx<'_>, f: &Figure<'_>, out: &mut Out) -> Vec<Vec<String>> {
    let mut matched = Vec::new();
    for year in &cx.notice.years {
        matched.push(compare_year(cx, f, *year, out));
    }
    matched
}

fn compare_year(cx: &Cx<'_>, f: &Figure<'_>, year: i32, out: &mut Out) -> Vec<String> {
    let stated = cx.form(&format!("基本信息.{}.{year}", f.name)).and_then(|s| Some((s, money_of(s)?)));
    let Some((s, m)) = stated else { return Vec::new() };
    let candidates = line(cx, f.kind, f.lines, year);
    if candidates.is_empty() {
        out.cannot(format!("没有读到{year}年{}的{}", say::kind(f.kind), f.lines[0]));
        return Vec::new();
    }
    let percent = cx.notice.param(f.code, "percent") / Decimal::ONE_HUNDRED;
    let floor = f.floor;
    let slack = move |x: Decimal, unit: Decimal| (unit * Decimal::TWO).max(x.abs() * percent).max(floor);
    let half = m.half_unit();
    let fits = |c: &&Candidate<'_>| (c.money.yuan - m.yuan).abs() <= slack(c.money.yuan, half);
    let fitting: Vec<String> = candidates.iter().filter(fits).map(|c| c.label.clone()).collect();
    if !fitting.is_empty() {
        out.pass();
        return fitting;
    }
    let table: Vec<String> = candidates
        .iter()
        .map(|c| {
            format!(
                "{}{}（申报{}{}）",
                c.label,
                say::yuan(c.money.yuan),
                if m.yuan > c.money.yuan { "多" } else { "少" },
                say::yuan((m.yuan - c.money.yuan).abs())
            )
        })
        .collect();
    let mut evidence = vec![Evidence::of(format!("申报书{year}年{}", f.name), s)];
    evidence.extend(candidates.iter().map(|c| Evidence::of(format!("{year}年{}", c.label), c.source)));
    let slip = slips().into_iter().find(|(k, _)| {
        candidates.iter().any(|c| (m.yuan * *k - c.money.yuan).abs() <= slack(c.money.yuan, half * *k))
    });
    let mut message = format!(
        "申报书{year}年{}填{}，{}中为：{}。",
        f.name,
        say::printed(m),
        say::kind(f.kind),
        table.join("；")
    );
    if let Some((_, why)) = slip {
        message += &format!("两者恰为{why}，更像填写单位有误。");
    }
    if candidates.iter().all(|c| (c.money.yuan < Decimal::ZERO) != (m.yuan < Decimal::ZERO)) {
        message += "两者正负号相反。";
    }
    let title = format!("{year}年{}与{}不符", f.name, say::kind(f.kind));
    // What is below the statement's whole may be a part of it that only the notes show.
    if f.code == "FIN-003"
        && slip.is_none()
        && candidates.iter().all(|c| m.yuan < c.money.yuan)
        && m.yuan > Decimal::ZERO
    {
        message += "主营业务收入小于营业收入可以成立（其他业务收入另计），需看报表附注才能核对。";
        out.hit(Draft::unverifiable(title, message, evidence));
        return Vec::new();
    }
    let unread: Vec<&str> = f
        .always
        .iter()
        .copied()
        .filter(|name| !candidates.iter().any(|c| c.label.split('（').next() == Some(name)))
        .collect();
    if !unread.is_empty() {
        message += &format!("报表中的{}没有读到，所填数可能正是该项，请对照原件。", unread.join("、"));
        out.hit(Draft::unverifiable(title, message, evidence));
        return Vec::new();
    }
    message +=
        "已逐一与上列口径比对，并考虑万元显示位数、合并与单户报表、元与万元换算。请申报单位说明取数口径。";
    out.hit(Draft::anomaly(title, message, evidence).still_holds(move |v| {
        let Some(x) = yuan(&v[0]) else { return true };
        !v[1..].iter().filter_map(yuan).any(|c| (c - x).abs() <= slack(c, half))
    }));
    Vec::new()
}

/// FIN-001.
pub(super) fn assets(cx: &Cx<'_>, out: &mut Out) {
    let f = Figure {
        code: "FIN-001",
        name: "总资产",
        kind: Kind::BalanceSheet,
        lines: &["资产总计"],
        always: &[],
        floor: Decimal::ZERO,
    };
    compare(cx, &f, out);
}

/// FIN-003.
pub(super) fn revenue(cx: &Cx<'_>, out: &mut Out) {
    let lines = &["营业收入", "主营业务收入", "营业总收入"];
    let f = Figure {
        code: "FIN-003",
        name: "主营业务收入",
        kind: Kind::IncomeStatement,
        lines,
        always: &["营业收入"],
        floor: Decimal::ZERO,
    };
    compare(cx, &f, out);
}

/// FIN-004.
pub(super) fn profit(cx: &Cx<'_>, out: &mut Out) {
    let lines = &["利润总额", "净利润", "营业利润"];
    let floor = cx.notice.param("FIN-004", "yuan");
    let f = Figure {
        code: "FIN-004",
        name: "利润",
        kind: Kind::IncomeStatement,
        lines,
        always: &["利润总额", "净利润"],
        floor,
    };
    // A year without taxes on income has one figure for several lines.
    let bare = |l: String| l.split('（').next().unwrap_or_default().to_owned();
    let matched: Vec<Vec<String>> =
        compare(cx, &f, out).into_iter().map(|of| of.into_iter().map(bare).collect()).collect();
    if let [first, second] = matched.as_slice()
        && let (Some(a), Some(b)) = (first.first(), second.first())
        && !first.iter().any(|l| second.contains(l))
    {
        let evidence: Vec<Evidence> = cx
            .notice
            .years
            .iter()
            .filter_map(|y| {
                Some(Evidence::of(format!("申报书{y}年利润"), cx.form(&format!("基本信息.利润.{y}"))?))
            })
            .collect();
        let message = format!(
            "两年利润的取数口径不同：{}年与{a}相等，{}年与{b}相等。通知没有定义“利润”，请统一口径。",
            cx.notice.years[0], cx.notice.years[1]
        );
        out.hit(Draft::anomaly("两年利润口径不一", message, evidence).severity(Severity::Notice));
    }
}

/// FIN-002.
pub(super) fn debt_ratio(cx: &Cx<'_>, out: &mut Out) {
    for year in &cx.notice.years {
        let Some((s, stated)) =
            cx.form(&format!("基本信息.负债率.{year}")).and_then(|s| Some((s, number_of(s)?)))
        else {
            continue;
        };
        // 0.41 for 41 %.
        let percent = if stated.abs() < Decimal::ONE && !s.raw.contains('%') && stated.scale() >= 2 {
            stated * Decimal::ONE_HUNDRED
        } else {
            stated
        };
        let fine = stated.scale() >= 1 && (s.raw.contains('.') || !stated.fract().is_zero());
        let slack = cx.notice.param("FIN-002", if fine { "fine" } else { "coarse" });
        ratio_year(cx, *year, s, percent, slack, out);
    }
}

fn ratio_year(cx: &Cx<'_>, year: i32, s: &Sourced<Value>, percent: Decimal, slack: Decimal, out: &mut Out) {
    let [assets, debts, equity] =
        ["资产总计", "负债合计", "所有者权益合计"].map(|n| line(cx, Kind::BalanceSheet, &[n], year));
    let pairs: Vec<(&Candidate<'_>, &Candidate<'_>)> = debts
        .iter()
        .filter_map(|d| {
            let same = |c: &&Candidate<'_>| {
                c.source.source().file == d.source.source().file
                    && c.label.contains('（') == d.label.contains('（')
            };
            Some((d, assets.iter().find(same)?))
        })
        .filter(|(_, a)| !a.money.yuan.is_zero())
        .collect();
    let Some((debt, asset)) = pairs.first().copied() else {
        return out.cannot(format!("没有读到{year}年资产负债表的负债合计和资产总计"));
    };
    let ratio = |d: Decimal, a: Decimal| d * Decimal::ONE_HUNDRED / a;
    if pairs.iter().any(|(d, a)| (ratio(d.money.yuan, a.money.yuan) - percent).abs() <= slack) {
        return out.pass();
    }
    let actual = ratio(debt.money.yuan, asset.money.yuan).round_dp(2);
    let evidence = vec![
        Evidence::of(format!("申报书{year}年负债率"), s),
        Evidence::of(format!("{year}年负债合计"), debt.source),
        Evidence::of(format!("{year}年资产总计"), asset.source),
    ];
    let facts = format!(
        "申报书{year}年负债率填{}%，按报表 负债合计{} ÷ 资产总计{} = {}%，相差{}个百分点。",
        say::number(percent),
        say::yuan(debt.money.yuan),
        say::yuan(asset.money.yuan),
        actual,
        say::number((percent - actual).abs())
    );
    let other = equity.iter().find(|e| {
        !e.money.yuan.is_zero()
            && (ratio(debt.money.yuan, e.money.yuan) - percent).abs() <= slack.max(Decimal::new(5, 1))
    });
    let title = format!("{year}年负债率与资产负债表不符");
    if other.is_some() {
        let message = format!(
            "{facts}所填数等于负债合计÷所有者权益合计（产权比率），是口径不同，请改按资产负债率填写。"
        );
        return out.hit(
            Draft::anomaly(format!("{year}年负债率填成产权比率"), message, evidence)
                .severity(Severity::Notice),
        );
    }
    let message =
        format!("{facts}也不等于产权比率；允许误差±{}个百分点。请申报单位更正。", say::number(slack));
    out.hit(Draft::anomaly(title, message, evidence).still_holds(move |v| {
        match (yuan(&v[0]), yuan(&v[1]), yuan(&v[2])) {
            (Some(p), Some(d), Some(a)) if !a.is_zero() => {
                (ratio(d, a) - p).abs() > slack && (ratio(d, a) - p * Decimal::ONE_HUNDRED).abs() > slack
            }
            _ => true,
        }
    }));
}

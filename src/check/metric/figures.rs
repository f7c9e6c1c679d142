//! METRIC-001 orders and contracts, METRIC-003 pairs that cannot be, METRIC-006 numbers that are none.

use std::collections::BTreeMap;

use chrono::Datelike;
use rust_decimal::Decimal;

use super::orders;
use crate::check::cx::{money, money_of, number_of, text, yuan};
use crate::check::fin::figures::line;
use crate::check::{Cx, Out, say};
use crate::model::{Document, Draft, Evidence, Kind, Money, Severity, Sourced, Value};
use crate::text::normal::squash;
use crate::text::party::is_sale;

/// An indicator of the form with its figure.
pub(super) fn indicator<'a>(cx: &Cx<'a>, name: &str) -> Option<(&'a Sourced<Value>, Decimal)> {
    let s = cx.form(&format!("平台能力信息.{name}"))?;
    number_of(s).map(|n| (s, n))
}

/// Papers that belong to a contract and are none: they change it, or frame what orders fill.
const NO_CONTRACT: [&str; 5] = ["补充", "变更", "框架", "终止", "解除"];

/// The applicant's sales contracts of a year, copies once. Orders under a framework may be counted as contracts or not:
/// they count only where there are no contracts.
fn sold<'a>(cx: &Cx<'a>, year: i32) -> Vec<&'a Document> {
    let mut seen: BTreeMap<String, &Document> = BTreeMap::new();
    for d in cx.of(Kind::Contract).filter(|d| is_sale(&cx.applicant, d)) {
        let signed = d.value("signed_on").map(|s| s.value.clone());
        if !matches!(signed, Some(Value::Date(day)) if day.year() == year) {
            continue;
        }
        let of = |f: &str| text(d, f).map(|x| squash(&x.1)).unwrap_or_default();
        if NO_CONTRACT.iter().any(|w| of("title").contains(w)) {
            continue;
        }
        let key = match of("number") {
            n if n.is_empty() => {
                format!("{}{}{}{}", of("party_a"), of("title"), of("amount"), of("signed_on"))
            }
            n => n,
        };
        seen.entry(key).or_insert(d);
    }
    let order =
        |d: &&Document| text(d, "title").is_some_and(|t| t.1.contains('订') || t.1.contains("采购单"));
    let (orders, contracts): (Vec<&Document>, Vec<&Document>) = seen.into_values().partition(order);
    if contracts.is_empty() { orders } else { contracts }
}

/// METRIC-001.
pub(super) fn contracts(cx: &Cx<'_>, out: &mut Out) {
    let Some(year) = cx.notice.years.last().copied() else { return };
    let orders = indicator(cx, &format!("{year}年订单数量"));
    let value =
        cx.form(&format!("平台能力信息.{year}年服务合同额")).and_then(|s| money_of(s).map(|m| (s, m)));
    if orders.is_none() && value.is_none() {
        return out.cannot("没有读到订单数量和服务合同额");
    }
    orders::rows(cx, year, out);
    let sold = sold(cx, year);
    if let Some((s, count)) = orders.filter(|_| !sold.is_empty()) {
        let attached = Decimal::from(sold.len());
        if attached <= count {
            out.pass();
        } else {
            let mut evidence = vec![Evidence::of(format!("{year}年订单数量"), s)];
            evidence.extend(
                sold.iter().filter_map(|d| Some(Evidence::of("服务合同签订日期", d.value("signed_on")?))),
            );
            let message = format!(
                "{year}年订单数量填{}，附件中{year}年签订的服务合同就有{}份（相同编号只计一次）。请申报单位核对。",
                say::number(count),
                sold.len()
            );
            out.hit(
                Draft::anomaly("订单数量少于所附服务合同", message, evidence)
                    .still_holds(move |v| yuan(&v[0]).is_none_or(|n| attached > n)),
            );
        }
    }
    let Some((s, m)) = value else { return };
    orders::listed_total(cx, year, (s, m), out);
    match attached(&sold) {
        Some((amounts, sum)) if sum > m.yuan + m.half_unit() * Decimal::TWO => {
            out.hit(over(year, (s, m), &amounts, sum));
        }
        Some((amounts, sum)) => orders::rest(year, (s, m), &amounts, sum, out),
        None if sold.is_empty() => out.cannot(format!("没有附{year}年的服务合同，服务合同额无从核对")),
        None => out.skip(),
    }
    implausible(cx, year, s, m, out);
}

/// The amounts of all contracts; none if one cannot be read (a framework contract has none).
fn attached<'d>(sold: &[&'d Document]) -> Option<(Vec<&'d Sourced<Value>>, Decimal)> {
    let amounts: Vec<(&Sourced<Value>, Money)> =
        sold.iter().filter_map(|d| money(d, "amount").or_else(|| money(d, "amount_capital"))).collect();
    let sum = amounts.iter().map(|a| a.1.yuan).sum();
    (!amounts.is_empty()).then(|| (amounts.iter().map(|a| a.0).collect(), sum))
}

fn over(year: i32, (s, m): (&Sourced<Value>, Money), amounts: &[&Sourced<Value>], sum: Decimal) -> Draft {
    let mut evidence = vec![Evidence::of(format!("{year}年服务合同额"), s)];
    evidence.extend(amounts.iter().map(|a| Evidence::of("服务合同金额", a)));
    let message = format!(
        "{year}年服务合同额填{}，附件中{year}年签订的{}份服务合同合计{}，反而多{}。所附合同可以只是一部分，但不应超过总额。请申报单位核对。",
        say::printed(m),
        amounts.len(),
        say::yuan(sum),
        say::yuan(sum - m.yuan)
    );
    let slack = m.half_unit() * Decimal::TWO;
    Draft::anomaly("服务合同额少于所附合同", message, evidence).still_holds(move |v| {
        match (yuan(&v[0]), v[1..].iter().map(yuan).sum::<Option<Decimal>>()) {
            (Some(x), Some(sum)) => sum > x + slack,
            _ => true,
        }
    })
}

fn implausible(cx: &Cx<'_>, year: i32, s: &Sourced<Value>, m: Money, out: &mut Out) {
    let revenue = line(cx, Kind::IncomeStatement, &["营业收入", "营业总收入"], year);
    let Some(most) = revenue.iter().max_by_key(|c| c.money.yuan).filter(|c| c.money.yuan > Decimal::ZERO)
    else {
        return;
    };
    let times = cx.notice.param("METRIC-001", "revenue_times");
    if m.yuan <= most.money.yuan * times {
        return out.pass();
    }
    let message = format!(
        "{year}年服务合同额填{}，超过当年营业收入{}的{}倍。合同跨年执行、只按净额确认收入可以造成，请留意。",
        say::printed(m),
        say::yuan(most.money.yuan),
        say::number(times)
    );
    let evidence =
        vec![Evidence::of(format!("{year}年服务合同额"), s), Evidence::of(most.label.clone(), most.source)];
    out.hit(
        Draft::anomaly("服务合同额远超营业收入", message, evidence).severity(Severity::Notice).still_holds(
            move |v| match (yuan(&v[0]), yuan(&v[1])) {
                (Some(a), Some(b)) => a > b * times,
                _ => true,
            },
        ),
    );
}

/// METRIC-003.
pub(super) fn pairs(cx: &Cx<'_>, out: &mut Out) {
    let mut any = false;
    for (less, more, severity, why) in [
        ("活跃用户数", "注册用户数", None, "活跃用户是注册用户的一部分"),
        (
            "接入设备数",
            "接入数据采集点数",
            Some(Severity::Notice),
            "一台设备通常至少有一个采集点；按网关计点的可以较少",
        ),
    ] {
        let (Some((a, x)), Some((b, y))) = (indicator(cx, less), indicator(cx, more)) else { continue };
        any = true;
        if x <= y {
            out.pass();
            continue;
        }
        let message = format!(
            "{less}填{}，{more}填{}：{why}，前者却多{}。请申报单位核对统计口径（活跃用户按日、月还是年计）。",
            say::number(x),
            say::number(y),
            say::number(x - y)
        );
        let evidence = vec![Evidence::of(less, a), Evidence::of(more, b)];
        let draft = Draft::anomaly(format!("{less}大于{more}"), message, evidence).still_holds(|v| {
            match (yuan(&v[0]), yuan(&v[1])) {
                (Some(a), Some(b)) => a > b,
                _ => true,
            }
        });
        out.hit(match severity {
            Some(s) => draft.severity(s),
            None => draft,
        });
    }
    any |= orders_and_value(cx, out);
    if !any {
        out.cannot("没有读到可以互相核对的指标");
    }
}

/// Orders without a value, or a value without orders.
fn orders_and_value(cx: &Cx<'_>, out: &mut Out) -> bool {
    let Some(year) = cx.notice.years.last().copied() else { return false };
    let (orders, value) = (format!("{year}年订单数量"), format!("{year}年服务合同额"));
    let money_or_number = |name: &str| {
        let s = cx.form(&format!("平台能力信息.{name}"))?;
        money_of(s).map(|m| m.yuan).or_else(|| number_of(s)).map(|n| (s, n))
    };
    let (Some((a, x)), Some((b, y))) = (money_or_number(&orders), money_or_number(&value)) else {
        return false;
    };
    if x.is_zero() == y.is_zero() {
        out.pass();
        return true;
    }
    let message = format!(
        "{orders}填{}，{value}填{}：一项为零而另一项不为零。免费订单、框架协议可以没有金额，请申报单位说明。",
        say::number(x),
        say::yuan(y)
    );
    let evidence = vec![Evidence::of(orders, a), Evidence::of(value, b)];
    out.hit(Draft::anomaly("订单数量与服务合同额互相矛盾", message, evidence).still_holds(|v| {
        match (yuan(&v[0]), yuan(&v[1])) {
            (Some(a), Some(b)) => a.is_zero() != b.is_zero(),
            _ => true,
        }
    }));
    true
}

/// Indicators that count things, and so are whole numbers; a year may stand before them.
const COUNTS: [&str; 11] = [
    "注册用户数",
    "活跃用户数",
    "年订单数量",
    "接入企业数",
    "接入第三方服务商数量",
    "接入设备数",
    "接入数据采集点数",
    "可解析的工业网络协议种类",
    "平台积累的模型数",
    "工业APP数",
    "服务区域数",
];
const VAGUE: [&str; 8] = ["约", "余", "近", "以上", "+", "超过", "大于", "多个"];

/// METRIC-006.
pub(super) fn plain(cx: &Cx<'_>, out: &mut Out) {
    let Some(form) = cx.case.form() else {
        return out.cannot("没有申报书");
    };
    let fields: Vec<(&str, &Sourced<Value>)> = form
        .fields
        .iter()
        .filter_map(|(k, f)| Some((k.strip_prefix("平台能力信息.")?, f.found()?)))
        .collect();
    if fields.is_empty() {
        return out.cannot("没有读到平台能力信息");
    }
    for (name, s) in &fields {
        let raw = squash(&s.raw);
        let counted = COUNTS.contains(&name.trim_start_matches(|c: char| c.is_ascii_digit()));
        let broken = counted && number_of(s).is_some_and(|n| !n.fract().is_zero());
        let ten_thousand = raw.contains('万');
        let Some(why) =
            VAGUE.iter().find(|w| raw.contains(**w)).map(|w| format!("带有“{w}”，不是确数")).or_else(|| {
                (broken && !ten_thousand).then(|| "是小数，而该项按个（家、笔、种）计".to_owned())
            })
        else {
            out.pass();
            continue;
        };
        let message = format!("{name}填“{}”，{why}。请申报单位填写截至填报日期的确数，并附证明。", s.raw);
        out.hit(Draft::anomaly(format!("{name}不是确数"), message, vec![Evidence::of(*name, s)]));
    }
    roundness(cx, &fields, out);
}

fn roundness(cx: &Cx<'_>, fields: &[(&str, &Sourced<Value>)], out: &mut Out) {
    let round = cx.notice.param("METRIC-006", "round");
    let least = cx.notice.param("METRIC-006", "fields");
    let figures: Vec<(&str, &Sourced<Value>, Decimal)> =
        fields.iter().filter_map(|(n, s)| Some((*n, *s, number_of(s)?))).filter(|f| !f.2.is_zero()).collect();
    if Decimal::from(figures.len()) < least || round.is_zero() {
        return out.skip();
    }
    if figures.iter().any(|f| !(f.2 % round).is_zero()) {
        return out.pass();
    }
    let shown: Vec<String> = figures.iter().map(|f| format!("{}{}", f.0, say::number(f.2))).collect();
    let message = format!(
        "填写的{}项指标都是{}的整倍数（{}）。真实的统计数很少这样整齐，多半是估计数；请申报单位提供统计依据。",
        figures.len(),
        say::number(round),
        say::list(&shown, 13)
    );
    let evidence = figures.iter().map(|f| Evidence::of(f.0, f.1)).collect();
    out.hit(
        Draft::anomaly("指标普遍过于整齐", message, evidence)
            .still_holds(move |v| v.iter().filter_map(yuan).all(|n| (n % round).is_zero())),
    );
}

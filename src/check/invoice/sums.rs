//! INVOICE-001 the sums of an invoice, INVOICE-002 capitals against digits.

use rust_decimal::Decimal;

use crate::check::cx::{money, yuan};
use crate::check::{Cx, Out, say};
use crate::model::{Document, Draft, Evidence, Field, Kind, Row, Severity, Sourced, Value};

/// What names an invoice in a message.
pub(super) fn title_of(d: &Document) -> String {
    match d.value("number") {
        Some(s) => format!("发票{}", s.value.to_plain()),
        None => format!("发票（{}）", say::doc(d)),
    }
}

/// INVOICE-001.
pub(super) fn sums(cx: &Cx<'_>, out: &mut Out) {
    let mut any = false;
    for d in cx.of(Kind::Invoice) {
        any = true;
        let lines = lines(cx, d);
        let whole = whole(cx, d);
        match (whole, lines) {
            (Check::Broken(draft), _) => out.hit(*draft),
            (Check::Fits, Lines::Broken(draft) | Lines::Doubtful(draft)) => out.hit(*draft),
            (Check::Fits, _) | (Check::Nothing, Lines::Fits) => out.pass(),
            (Check::Nothing, Lines::Broken(draft) | Lines::Doubtful(draft)) => out.hit(*draft),
            (Check::Nothing, Lines::Nothing) => out.skip(),
        }
    }
    if !any {
        out.cannot("没有发票");
    }
}

enum Check {
    Fits,
    Broken(Box<Draft>),
    Nothing,
}

enum Lines {
    Fits,
    Broken(Box<Draft>),
    Doubtful(Box<Draft>),
    Nothing,
}

/// 合计金额 + 合计税额 = 价税合计.
fn whole(cx: &Cx<'_>, d: &Document) -> Check {
    let (Some((a, am)), Some((t, tm))) = (money(d, "amount"), money(d, "total")) else {
        return Check::Nothing;
    };
    let slack = cx.notice.param("INVOICE-001", "yuan");
    let tax = money(d, "tax");
    if tax.is_none() {
        // Exempt or not taxable: `***`, or no tax at all.
        return if (am.yuan - tm.yuan).abs() <= slack { Check::Fits } else { Check::Nothing };
    }
    let Some((x, xm)) = tax else { return Check::Nothing };
    let difference = tm.yuan - am.yuan - xm.yuan;
    if difference.abs() <= slack {
        return Check::Fits;
    }
    let evidence =
        vec![Evidence::of("价税合计", t), Evidence::of("合计金额", a), Evidence::of("合计税额", x)];
    let message = format!(
        "{}：合计金额{} + 合计税额{} = {}，而价税合计为{}，相差{}。该等式由开票系统生成，折扣、差额征税、免税、清单都不会使它不成立。请到国家税务总局全国增值税发票查验平台查验，并核对原件。",
        title_of(d),
        say::yuan(am.yuan),
        say::yuan(xm.yuan),
        say::yuan(am.yuan + xm.yuan),
        say::yuan(tm.yuan),
        say::yuan(difference.abs())
    );
    Check::Broken(Box::new(
        Draft::anomaly(format!("{}金额与税额之和不等于价税合计", title_of(d)), message, evidence)
            .still_holds(move |v| match (yuan(&v[0]), yuan(&v[1]), yuan(&v[2])) {
                (Some(t), Some(a), Some(x)) => (t - a - x).abs() > slack,
                _ => true,
            }),
    ))
}

pub(super) fn field<'r>(row: &'r Row, name: &str) -> Option<&'r Sourced<Value>> {
    row.get(name).and_then(Field::found)
}

pub(super) fn amount_of(row: &Row, name: &str) -> Option<Decimal> {
    match &field(row, name)?.value {
        Value::Money(m) => Some(m.yuan),
        Value::Number(n) => Some(*n),
        _ => None,
    }
}

/// Whether line arithmetic means nothing on this invoice.
pub(super) fn is_special(d: &Document) -> bool {
    [
        "差额征税",
        "详见销货清单",
        "见清单",
        "农产品收购",
        "收购",
        "成品油",
        "机动车",
        "通行费",
        "建筑服务",
        "不动产",
    ]
    .iter()
    .any(|w| d.text.contains(w))
}

/// Lines against 合计, and quantity × price against a line's amount.
fn lines(cx: &Cx<'_>, d: &Document) -> Lines {
    let Some((total, tm)) = money(d, "amount") else { return Lines::Nothing };
    if d.items.is_empty() || is_special(d) {
        return Lines::Nothing;
    }
    let amounts: Option<Vec<Decimal>> = d.items.iter().map(|r| amount_of(r, "amount")).collect();
    let Some(amounts) = amounts else { return Lines::Nothing };
    let sum: Decimal = amounts.iter().sum();
    let slack = cx.notice.param("INVOICE-001", "yuan");
    let broken = d.items.iter().enumerate().find_map(|(i, r)| broken_product(r).map(|b| (i, b)));
    let difference = sum - tm.yuan;
    let mut evidence = vec![Evidence::of("合计金额", total)];
    evidence.extend(
        d.items
            .iter()
            .enumerate()
            .filter_map(|(i, r)| Some(Evidence::of(format!("第{}行金额", i + 1), field(r, "amount")?))),
    );
    let count = evidence.len();
    if difference.abs() > slack {
        let title = format!("{}各行金额之和不等于合计", title_of(d));
        let message = format!(
            "{}：{}行金额相加为{}，合计金额为{}，相差{}。折扣行已按负数计入，没有“详见销货清单”和差额征税字样。",
            title_of(d),
            amounts.len(),
            say::yuan(sum),
            say::yuan(tm.yuan),
            say::yuan(difference.abs())
        );
        let Some((i, product)) = broken else {
            // Nothing else on the invoice contradicts: a line may have been lost in reading.
            let message = format!("{message}各行数量×单价均相符，不能排除有行未能读取，请人工核对票面。");
            return Lines::Doubtful(Box::new(Draft::unverifiable(title, message, evidence)));
        };
        let message = format!(
            "{message}其中第{}行数量×单价为{}，与该行金额也不符。请查验发票并核对原件。",
            i + 1,
            say::yuan(product)
        );
        return Lines::Broken(Box::new(Draft::anomaly(title, message, evidence).still_holds(move |v| {
            let parts: Option<Decimal> = v[1..count].iter().map(yuan).sum();
            matches!((yuan(&v[0]), parts), (Some(t), Some(p)) if (t - p).abs() > slack)
        })));
    }
    let Some((i, product)) = broken else { return Lines::Fits };
    let row = &d.items[i];
    let evidence: Vec<Evidence> = ["amount", "quantity", "unit_price"]
        .iter()
        .zip(["金额", "数量", "单价"])
        .filter_map(|(f, l)| Some(Evidence::of(format!("第{}行{l}", i + 1), field(row, f)?)))
        .collect();
    let message = format!(
        "{}第{}行：数量×单价 = {}，而金额为{}。已考虑单价的显示位数；各行之和仍等于合计，故只作一般问题。请核对原件。",
        title_of(d),
        i + 1,
        say::yuan(product),
        say::yuan(amounts[i])
    );
    Lines::Broken(Box::new(
        Draft::anomaly(format!("{}第{}行数量×单价与金额不符", title_of(d), i + 1), message, evidence)
            .severity(Severity::Minor)
            .still_holds(|v| match (yuan(&v[0]), yuan(&v[1]), yuan(&v[2])) {
                (Some(a), Some(q), Some(p)) => {
                    (a - q * p).abs() > Decimal::new(1, 2) + q.abs() * Decimal::new(5, 3)
                }
                _ => true,
            }),
    ))
}

/// Quantity × price where it does not give the line's amount. Half a unit of the price's last digit counts for every
/// piece.
fn broken_product(row: &Row) -> Option<Decimal> {
    let quantity = amount_of(row, "quantity")?;
    let price = field(row, "unit_price")?;
    let (unit_price, half) = match &price.value {
        Value::Money(m) => (m.yuan, m.half_unit()),
        Value::Number(n) => (*n, Decimal::new(5, n.scale() + 1)),
        _ => return None,
    };
    let amount = amount_of(row, "amount")?;
    let product = (quantity * unit_price).round_dp(2);
    let slack = Decimal::new(1, 2).max(quantity.abs() * half);
    ((product - amount).abs() > slack && (product + amount).abs() > slack && !misread(row, quantity, amount))
        .then_some(product)
}

/// Whether quantity or price may be no more than a piece of what is printed: read unsurely, off the line of the amount
/// (a price broken in two), or a run of the digits that the price would have.
fn misread(row: &Row, quantity: Decimal, amount: Decimal) -> bool {
    let [Some(q), Some(p), Some(a)] = ["quantity", "unit_price", "amount"].map(|f| field(row, f)) else {
        return true;
    };
    if [q, p, a].iter().any(|s| s.confidence.0 < 900) {
        return true;
    }
    if let Some(line) = a.source().place.bbox() {
        let middle = |b: crate::model::BBox| (b.y0 + b.y1) / 2.0;
        let off = |s: &Sourced<Value>| {
            let b = s.source().place.bbox();
            b.is_some_and(|b| (middle(b) - middle(line)).abs() > 0.4 * (line.y1 - line.y0))
        };
        if off(q) || off(p) {
            return true;
        }
    }
    let digits = |t: &str| -> String { t.chars().filter(char::is_ascii_digit).collect() };
    let Some(exact) = amount.abs().checked_div(quantity.abs()) else { return true };
    let (read, exact) = (digits(&p.raw), digits(&exact.round_dp(13).to_string()));
    read.len() < exact.len() && (exact.ends_with(&read) || exact.starts_with(&read))
}

/// INVOICE-002.
pub(super) fn capitals(cx: &Cx<'_>, out: &mut Out) {
    let mut any = false;
    for d in cx.of(Kind::Invoice) {
        any = true;
        let Some((c, cm)) = money(d, "total_capital") else {
            if let Some(f @ Field::Unreadable(_)) = d.fields.get("total_capital") {
                let message = format!("{}的大写金额未能读取，无法与小写核对。", title_of(d));
                let evidence = vec![Evidence::of_field("价税合计（大写）", f)];
                out.hit(Draft::unverifiable("大写金额未能读取", message, evidence));
            } else {
                out.skip();
            }
            continue;
        };
        let Some((t, tm)) = money(d, "total") else {
            out.skip();
            continue;
        };
        // A red-letter invoice may print its sign on one side only.
        if cm.yuan.abs() == tm.yuan.abs() {
            out.pass();
            continue;
        }
        let evidence = vec![Evidence::of("价税合计（大写）", c), Evidence::of("价税合计（小写）", t)];
        let message = format!(
            "{}的大写“{}”即{}，小写为{}，相差{}。发票的大小写由开票系统同时生成，不会不同。请查验发票并核对原件。",
            title_of(d),
            c.raw,
            say::yuan(cm.yuan),
            say::yuan(tm.yuan),
            say::yuan((cm.yuan - tm.yuan).abs())
        );
        out.hit(
            Draft::anomaly(format!("{}大小写金额不一致", title_of(d)), message, evidence)
                .still_holds(|v| yuan(&v[0]).map(|x| x.abs()) != yuan(&v[1]).map(|x| x.abs())),
        );
    }
    if !any {
        out.cannot("没有发票");
    }
}

//! CONTRACT-001 parties, CONTRACT-002 amounts.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::check::cx::{money, money_of, yuan};
use crate::check::invoice::facts::{fields, is_linked};
use crate::check::{Cx, Out, say};
use crate::model::{Document, Draft, Evidence, Field, Kind, Severity, Sourced, Value};
use crate::text::normal::squash;
use crate::text::party::{Party, is_sale, is_scrap, names, party};

pub(in crate::check) fn name_of(d: &Document) -> String {
    let title = d.value("title").map(|s| s.value.to_plain()).unwrap_or_default();
    if title.is_empty() {
        format!("合同（{}）", say::doc(d))
    } else {
        format!("《{}》", title.trim_matches(['《', '》']))
    }
}

fn plain(d: &Document, field: &str) -> String {
    d.value(field).map(|s| s.value.to_plain()).unwrap_or_default()
}

/// CONTRACT-001.
pub(super) fn parties(cx: &Cx<'_>, out: &mut Out) {
    if !cx.applicant.is_known() {
        return out.cannot("没有读到申报单位的名称");
    }
    let mut any = false;
    for d in cx.of(Kind::Contract).filter(|d| !is_sale(&cx.applicant, d) && !is_scrap(cx.case, d)) {
        any = true;
        let a = party(&cx.applicant, d, "party_a", "party_a_id");
        let b = party(&cx.applicant, d, "party_b", "party_b_id");
        let evidence = || fields(d, &[("party_a", "合同甲方"), ("party_b", "合同乙方")]);
        let own = cx.applicant.names.first().cloned().unwrap_or_default();
        let title = format!("{}的当事人不含申报单位", name_of(d));
        let both =
            format!("甲方为“{}”，乙方为“{}”，申报单位为“{own}”。", plain(d, "party_a"), plain(d, "party_b"));
        // A letter lost under a seal: elsewhere on the paper the name stands whole.
        let whole = || {
            let text = squash(&d.text);
            cx.applicant.names.iter().any(|n| text.contains(&squash(n)))
        };
        if a.is_same() || b.is_same() || ([a, b].contains(&Party::Doubtful) && whole()) {
            out.pass();
        } else if a == Party::Branch || b == Party::Branch {
            let message =
                format!("{both}其中一方是申报单位的分支机构或上级，可以接受，请核对是否用于本平台。");
            out.hit(
                Draft::anomaly(format!("{}由分支机构签订", name_of(d)), message, evidence())
                    .severity(Severity::Notice),
            );
        } else if a == Party::Unknown || b == Party::Unknown || a == Party::Doubtful || b == Party::Doubtful {
            let message =
                format!("{both}有一方未能读取或与申报单位名称相近而不相同，可能是识别误差。请对照原件。");
            out.hit(Draft::unverifiable(format!("{}的当事人未能核对", name_of(d)), message, evidence()));
        } else {
            let message = format!(
                "{both}已比对规范化名称并排除分支机构。集团统一签约、合作共建、更名都应有书面材料，请申报单位提供；否则该合同不能证明本单位的投入。"
            );
            let who = cx.applicant.clone();
            let draft = Draft::anomaly(title, message, evidence()).still_holds(move |v| {
                v.iter().flatten().all(|x| who.meets(Some(&x.to_plain()), None, false) == Party::Other)
            });
            let linked = is_linked(cx, d.id) || cx.case.investment.rows.is_empty();
            out.hit(if linked { draft } else { draft.severity(Severity::Minor) });
        }
    }
    sellers(cx, out);
    if !any {
        out.cannot("没有投资合同");
    }
}

/// The contract's other party against the seller of the invoices of the same row.
fn sellers(cx: &Cx<'_>, out: &mut Out) {
    let mut seen = BTreeSet::new();
    for row in &cx.case.investment.rows {
        for c in row.contracts.iter().filter(|l| l.unique) {
            for i in row.invoices.iter().filter(|l| l.unique) {
                let (Some(contract), Some(invoice)) = (cx.document(c.document), cx.document(i.document))
                else {
                    continue;
                };
                if !seen.insert((c.document, i.document)) {
                    continue;
                }
                let a = party(&cx.applicant, contract, "party_a", "");
                // The supplier is the party that is not the applicant.
                let side = if a.is_same() { "party_b" } else { "party_a" };
                let (Some(p), Some(s)) = (contract.value(side), invoice.value("seller_name")) else {
                    continue;
                };
                if !a.is_same() && !party(&cx.applicant, contract, "party_b", "").is_same() {
                    continue;
                }
                let ocr = [p, s].iter().any(|x| x.grade == crate::model::Grade::Ocr);
                let (x, y) = (p.value.to_plain(), s.value.to_plain());
                let relation = names(&x, &y, ocr);
                let evidence = vec![Evidence::of("合同对方", p), Evidence::of("发票销售方", s)];
                let title = format!("{}的对方与发票销售方不一致", name_of(contract));
                let facts = format!(
                    "清单第{}行：{}的对方是“{x}”，所附发票的销售方是“{y}”。",
                    row.row,
                    name_of(contract)
                );
                match relation {
                    Party::Same | Party::Variant => out.pass(),
                    _ if cx.renamed.tie(&x, &y) => out.pass(),
                    Party::Branch => {
                        let message = format!("{facts}两者是总公司与分支机构，请核对。");
                        out.hit(Draft::anomaly(title, message, evidence).severity(Severity::Notice));
                    }
                    Party::Doubtful | Party::Unknown => {
                        out.hit(Draft::unverifiable(
                            title,
                            format!("{facts}名称来自扫描识别，可能是误读。"),
                            evidence,
                        ));
                    }
                    Party::Other => {
                        let message = format!(
                            "{facts}已排除写法差别和分支机构。合同权利义务转让、代理商开票都应有书面材料，请申报单位提供。"
                        );
                        out.hit(Draft::anomaly(title, message, evidence).still_holds(|v| {
                            match (&v[0], &v[1]) {
                                (Some(a), Some(b)) => {
                                    names(&a.to_plain(), &b.to_plain(), false) == Party::Other
                                }
                                _ => true,
                            }
                        }));
                    }
                }
            }
        }
    }
}

/// CONTRACT-002.
pub(super) fn amounts(cx: &Cx<'_>, out: &mut Out) {
    let slack = cx.notice.param("CONTRACT-002", "yuan");
    let mut any = false;
    for d in cx.of(Kind::Contract) {
        any = true;
        let amount = money(d, "amount");
        let capital = money(d, "amount_capital");
        if let (Some((a, am)), Some((c, cm))) = (amount, capital) {
            let tolerance = slack.max(am.half_unit().min(Decimal::new(5000, 0)));
            if (am.yuan - cm.yuan).abs() <= tolerance {
                out.pass();
            } else {
                let evidence = vec![Evidence::of("合同金额（小写）", a), Evidence::of("合同金额（大写）", c)];
                let message = format!(
                    "{}小写为{}，大写“{}”即{}，相差{}。大写以元计；已考虑小写以万元书写的情形。请以原件核对，并请双方书面确认。",
                    name_of(d),
                    say::printed(am),
                    c.raw,
                    say::yuan(cm.yuan),
                    say::yuan((am.yuan - cm.yuan).abs())
                );
                out.hit(Draft::anomaly(format!("{}大小写金额不一致", name_of(d)), message, evidence).still_holds(move |v| {
                    matches!((yuan(&v[0]), yuan(&v[1])), (Some(x), Some(y)) if (x - y).abs() > tolerance)
                }));
            }
        } else {
            out.skip();
        }
        if let Some((a, am)) = amount {
            table(d, a, am.yuan, out);
        }
    }
    if !any {
        out.cannot("没有合同");
    }
}

/// Words for what is taken off a price.
const TAKEN_OFF: [&str; 6] = ["优惠", "让利", "折扣", "抹零", "减免", "扣减"];

/// The amounts of the price table. A last row without number or price of goods that holds the sum of those above is
/// their total, whatever could be read of its name.
fn priced(d: &Document) -> Option<Vec<(&Sourced<Value>, Decimal)>> {
    let amounts = d.items.iter().map(|r| {
        let s = r.get("amount").and_then(Field::found)?;
        money_of(s).map(|m| (s, m.yuan))
    });
    let mut lines = amounts.collect::<Option<Vec<_>>>()?;
    if let (Some((last, above)), Some(row)) = (lines.split_last(), d.items.last()) {
        let bare = !row.contains_key("quantity") && !row.contains_key("unit_price");
        if bare && !above.is_empty() && above.iter().map(|l| l.1).sum::<Decimal>() == last.1 {
            lines.pop();
        }
    }
    (!lines.is_empty()).then_some(lines)
}

/// How many characters behind such a word the figure is looked for.
const BEHIND: usize = 30;

/// Whether the contract takes this much off, in words with the figure behind them.
fn takes_off(d: &Document, much: Decimal) -> bool {
    let places = TAKEN_OFF.iter().flat_map(|w| d.text.match_indices(w).map(|(at, w)| at + w.len()));
    places.map(|at| d.text[at..].chars().take(BEHIND).collect::<String>()).any(|behind| {
        let figures = behind.split(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ','));
        figures.filter_map(|f| f.replace(',', "").parse::<Decimal>().ok()).any(|f| f == much)
    })
}

/// The price table against the total: with tax, or without it at any rate that was in force.
fn table(d: &Document, total: &Sourced<Value>, amount: Decimal, out: &mut Out) {
    let Some(lines) = priced(d) else { return };
    let sum: Decimal = lines.iter().map(|l| l.1).sum();
    let rates = [0, 1, 3, 5, 6, 9, 10, 11, 13, 16, 17];
    let fits = |sum: Decimal| {
        rates.iter().any(|r| {
            let factor = Decimal::ONE + Decimal::new(*r, 2);
            (sum * factor - amount).abs() <= Decimal::ONE
        })
    };
    if fits(sum) || (sum > amount && takes_off(d, sum - amount)) {
        return out.pass();
    }
    let mut evidence = vec![Evidence::of("合同金额", total)];
    evidence
        .extend(lines.iter().enumerate().map(|(i, l)| Evidence::of(format!("价目第{}行金额", i + 1), l.0)));
    let title = format!("{}价目表与合同金额不符", name_of(d));
    let message = format!(
        "{}价目表{}行合计{}，合同金额{}，相差{}。已按含税和各档税率的不含税口径核对。请核对是否有优惠或未列明的项目。",
        name_of(d),
        lines.len(),
        say::yuan(sum),
        say::yuan(amount),
        say::yuan((sum - amount).abs())
    );
    if sum < amount {
        let message = format!("{message}价目合计小于合同金额，不能排除有行未能读取。");
        return out.hit(Draft::unverifiable(title, message, evidence));
    }
    out.hit(Draft::anomaly(title, message, evidence).still_holds(move |v| {
        let parts: Option<Decimal> = v[1..].iter().map(yuan).sum();
        match (yuan(&v[0]), parts) {
            (Some(t), Some(p)) => {
                !rates.iter().any(|r| (p * (Decimal::ONE + Decimal::new(*r, 2)) - t).abs() <= Decimal::ONE)
            }
            _ => true,
        }
    }));
}

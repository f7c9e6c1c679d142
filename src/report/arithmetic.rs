//! The sums of a row of the list, in one line: what it claims, what its invoices and payments come to, and what is left.

use rust_decimal::Decimal;

use super::words::Lang;
use crate::model::money::grouped;
use crate::model::{Case, Field, InvestmentRow, Link, Value};

/// The row's arithmetic; nothing where it claims no amount that could be read.
pub(super) fn line(case: &Case, row: &InvestmentRow, lang: Lang) -> Option<String> {
    let claim = match &row.fields.get("total").and_then(Field::found)?.value {
        Value::Money(m) => m.yuan,
        _ => return None,
    };
    let mut out = format!("{} {}", lang.t("清单", "claimed"), grouped(claim));
    if !row.invoices.is_empty() {
        out += &format!(
            "{}{}",
            lang.t("；发票 ", "; invoiced "),
            sum(case, &row.invoices, row.invoiced, "total", lang)
        );
        out += &gap(claim, row.invoiced, lang);
    }
    if !row.payments.is_empty() {
        out += &format!(
            "{}{}",
            lang.t("；付款 ", "; paid "),
            sum(case, &row.payments, row.paid, "amount", lang)
        );
        if let (Some(paid), Some(due)) = (row.paid, row.invoiced.or(Some(claim)).filter(|d| !d.is_zero())) {
            let percent = (paid * Decimal::ONE_HUNDRED / due).round_dp(1).normalize();
            out += &format!("{}{percent}%", lang.t("，占 ", ", "));
        }
    }
    Some(out)
}

/// `60,000.00 ＋ 40,000.00 ＝ 100,000.00`: the shares of the papers, where all are known.
fn sum(case: &Case, links: &[Link], whole: Option<Decimal>, field: &str, lang: Lang) -> String {
    let shares: Option<Vec<Decimal>> = links.iter().map(|l| l.share).collect();
    let known = shares.filter(|_| links.iter().all(|l| l.unique));
    match (known, whole) {
        (Some(shares), _) => {
            let parts: Vec<String> = shares.iter().map(|s| grouped(*s)).collect();
            if parts.len() == 1 {
                return parts.concat();
            }
            format!("{} ＝ {}", parts.join(" ＋ ").replace("＋ -", "－ "), grouped(shares.iter().sum()))
        }
        (None, Some(whole)) => {
            // The papers serve several rows, and only what they come to together is known.
            let papers: Option<Decimal> = links.iter().map(|l| amount(case, l, field)).sum();
            let of = papers.map_or_else(String::new, |p| {
                format!(
                    "{}{}{}",
                    lang.t("（几行共用 ", " (of "),
                    grouped(p),
                    lang.t("，按合计核对）", " shared by several rows)")
                )
            });
            format!("{}{of}", grouped(whole))
        }
        _ => lang.t("（未能确定归属或金额）", "(not determined)").to_owned(),
    }
}

fn amount(case: &Case, link: &Link, field: &str) -> Option<Decimal> {
    match &case.documents.get(link.document as usize)?.value(field)?.value {
        Value::Money(m) => Some(m.yuan),
        _ => None,
    }
}

fn gap(claim: Decimal, sum: Option<Decimal>, lang: Lang) -> String {
    let Some(sum) = sum else { return String::new() };
    match sum - claim {
        d if d.abs() < Decimal::ONE => lang.t("，相符", ", equal").to_owned(),
        d if d < Decimal::ZERO => format!("{}{}", lang.t("，少 ", ", short by "), grouped(-d)),
        d => format!("{}{}", lang.t("，多 ", ", over by "), grouped(d)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::build;
    use crate::pack::Pack;

    fn lines(text: &str) -> Vec<String> {
        let mut case = build(text).batch.cases.remove(0);
        crate::reconcile::investment(&mut case, &Pack::embedded().unwrap());
        case.investment.rows.iter().filter_map(|r| line(&case, r, Lang::Zh)).collect()
    }

    #[test]
    fn the_sums_of_the_rows() {
        let told = lines("[item.form.1]\ntotal = \"¥12.30万\"");
        assert_eq!(told[0], "清单 123,000.00；发票 113,000.00，少 10,000.00；付款 113,000.00，占 100%");
        assert_eq!(
            told[1],
            "清单 212,000.00；发票 212,000.00，相符；付款 106,000.00 ＋ 106,000.00 ＝ 212,000.00，占 100%"
        );
        assert_eq!(lines("drop = ['invoice1', 'payment1', 'contract1']")[0], "清单 113,000.00");
    }
}

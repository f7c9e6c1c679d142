//! Payments and the rows whose invoices they pay: payee by payee, then by amount where the payee is another.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::facts::{Paper, near};
use super::graph::{Edge, Graph};
use super::sums::subsets;
use crate::model::Kind;

/// Rows that are paid together, and what is due for them.
struct Due {
    rows: Vec<usize>,
    invoices: Vec<usize>,
    amount: Option<Decimal>,
    slack: Decimal,
    paid: Decimal,
}

/// Links rows to payments.
pub(super) fn link(graph: &mut Graph<'_>) {
    let payments = graph.of(Kind::Payment);
    let groups: BTreeSet<usize> = payments.iter().filter_map(|p| graph.papers[*p].group).collect();
    let sellers: Vec<BTreeSet<usize>> = (0..graph.claims.len()).map(|r| graph.sellers_of(r)).collect();
    for group in groups {
        let rows: Vec<usize> = (0..graph.claims.len()).filter(|r| sellers[*r].contains(&group)).collect();
        let papers: Vec<usize> =
            payments.iter().copied().filter(|p| graph.papers[*p].group == Some(group)).collect();
        let mut dues = dues(graph, &rows);
        within_payee(graph, &mut dues, &papers);
    }
    across_payees(graph, &payments);
}

fn dues(graph: &Graph<'_>, rows: &[usize]) -> Vec<Due> {
    graph
        .components(rows)
        .into_iter()
        .map(|(rows, invoices)| {
            let slack = rows.iter().map(|r| graph.claims[*r].slack).sum::<Decimal>().max(Decimal::ONE);
            let amount = if invoices.is_empty() {
                rows.iter().map(|r| graph.claims[*r].total).sum()
            } else {
                invoices.iter().map(|p| graph.papers[*p].gross).sum()
            };
            Due { rows, invoices, amount, slack, paid: Decimal::ZERO }
        })
        .collect()
}

fn within_payee(graph: &mut Graph<'_>, dues: &mut [Due], papers: &[usize]) {
    if dues.is_empty() {
        return;
    }
    if dues.len() == 1 {
        let chosen = match dues[0].amount {
            Some(due) => {
                let amounts: Option<Vec<Decimal>> = papers.iter().map(|p| graph.papers[*p].gross).collect();
                let amounts = amounts.unwrap_or_default();
                let all: Decimal = amounts.iter().sum();
                match subsets(due, Decimal::ONE, &amounts).as_slice() {
                    [only] if all > due => only.iter().map(|i| papers[*i]).collect(),
                    _ => papers.to_vec(),
                }
            }
            None => papers.to_vec(),
        };
        for p in chosen {
            pay(graph, &mut dues[0], p, "收款人即该行销售方", true);
        }
        return;
    }
    for &p in papers {
        by_cue(graph, dues, p);
    }
    by_sum(graph, dues, papers);
    for p in open(graph, papers) {
        let needy: Vec<usize> = (0..dues.len())
            .filter(|i| dues[*i].amount.is_none_or(|a| dues[*i].paid + Decimal::ONE < a))
            .collect();
        let unique = needy.len() == 1;
        let why = if unique {
            "收款人一致，其余各行已付清"
        } else {
            "收款人一致，未能唯一确定对应哪一行"
        };
        for i in needy {
            pay(graph, &mut dues[i], p, why, unique);
        }
    }
}

fn open(graph: &Graph<'_>, papers: &[usize]) -> Vec<usize> {
    papers.iter().copied().filter(|p| !graph.is_used(*p)).collect()
}

/// A payment that equals one invoice or due, or that names contract, invoice or goods.
fn by_cue(graph: &mut Graph<'_>, dues: &mut [Due], paper: usize) {
    let named: Vec<usize> = (0..dues.len()).filter(|i| names(graph, &dues[*i], paper)).collect();
    if let [only] = named.as_slice() {
        pay(graph, &mut dues[*only], paper, "用途注明该合同、发票或设备", true);
        return;
    }
    let Some(amount) = graph.papers[paper].gross else { return };
    let equal: Vec<usize> = (0..dues.len())
        .filter(|i| {
            let d = &dues[*i];
            d.amount.is_some_and(|a| (a - amount).abs() <= Decimal::ONE && d.paid.is_zero())
                || d.invoices.iter().any(|p| graph.papers[*p].gross == Some(amount))
        })
        .collect();
    let chosen = match equal.as_slice() {
        [only] => Some(*only),
        several => {
            let close: Vec<usize> =
                several.iter().copied().filter(|i| lies_near(graph, &dues[*i], paper)).collect();
            if let [only] = close.as_slice() { Some(*only) } else { None }
        }
    };
    if let Some(i) = chosen {
        pay(graph, &mut dues[i], paper, "收款人一致，金额等于发票金额", true);
    }
}

fn names(graph: &Graph<'_>, due: &Due, paper: usize) -> bool {
    let p = &graph.papers[paper];
    let has =
        |s: &str, least: usize| s.chars().count() >= least && (p.text.contains(s) || p.title.contains(s));
    due.rows.iter().any(|r| {
        let claim = &graph.claims[*r];
        has(&claim.name, 4)
            || has(&claim.contract, 5)
            || graph
                .contract_of(*r)
                .is_some_and(|c| has(&graph.papers[c].number, 4) || has(&graph.papers[c].title, 5))
    }) || due.invoices.iter().any(|i| has(&graph.papers[*i].number, 8))
}

fn lies_near(graph: &Graph<'_>, due: &Due, paper: usize) -> bool {
    let mine = &graph.papers[paper].file;
    due.invoices.iter().any(|i| near(mine, &graph.papers[*i].file))
        || due.rows.iter().any(|r| graph.contract_of(*r).is_some_and(|c| near(mine, &graph.papers[c].file)))
}

/// Several payments that make up one due; one payment that makes up several.
fn by_sum(graph: &mut Graph<'_>, dues: &mut [Due], papers: &[usize]) {
    for due in dues.iter_mut() {
        let free = open(graph, papers);
        let amounts: Vec<Decimal> = free.iter().map(|p| graph.papers[*p].gross.unwrap_or_default()).collect();
        let Some(amount) = due.amount else { continue };
        if let [only] = subsets(amount - due.paid, Decimal::ONE, &amounts).as_slice() {
            for p in only.iter().map(|k| free[*k]).collect::<Vec<_>>() {
                pay(graph, due, p, "收款人一致，几笔付款合计等于发票金额", true);
            }
        }
    }
    for p in open(graph, papers) {
        let Some(amount) = graph.papers[p].gross else { continue };
        let unpaid: Vec<usize> = (0..dues.len()).filter(|i| dues[*i].paid.is_zero()).collect();
        let amounts: Vec<Decimal> = unpaid.iter().map(|i| dues[*i].amount.unwrap_or_default()).collect();
        if let [only] = subsets(amount, Decimal::ONE, &amounts).as_slice() {
            for i in only.iter().map(|k| unpaid[*k]).collect::<Vec<_>>() {
                let share = dues[i].amount;
                pay_share(graph, &mut dues[i], p, "一笔付款支付几张发票", true, share);
            }
        }
    }
}

/// Payments to someone else, or to a payee nobody could read: by amount to what is otherwise unpaid.
fn across_payees(graph: &mut Graph<'_>, payments: &[usize]) {
    let rows: Vec<usize> =
        (0..graph.claims.len()).filter(|r| graph.edges_of(*r, Kind::Payment).next().is_none()).collect();
    let mut dues: Vec<Due> = dues(graph, &rows);
    for p in open(graph, payments) {
        let fits = |graph: &Graph<'_>, d: &Due, q: &Paper| {
            d.amount.zip(q.gross).is_some_and(|(a, b)| (a - b).abs() <= d.slack)
                || d.invoices
                    .iter()
                    .any(|i| graph.papers[*i].gross.is_some() && graph.papers[*i].gross == q.gross)
        };
        let named: Vec<usize> = (0..dues.len()).filter(|i| names(graph, &dues[*i], p)).collect();
        let equal: Vec<usize> =
            (0..dues.len()).filter(|i| fits(graph, &dues[*i], &graph.papers[p])).collect();
        let close: Vec<usize> = equal.iter().copied().filter(|i| lies_near(graph, &dues[*i], p)).collect();
        let chosen = match (named.as_slice(), equal.as_slice(), close.as_slice()) {
            ([one], ..) => Some((*one, "用途注明该合同、发票或设备")),
            (_, [one], _) | (_, _, [one]) => Some((*one, "金额等于该行发票或清单金额")),
            _ => None,
        };
        if let Some((i, why)) = chosen {
            pay(graph, &mut dues[i], p, why, true);
        }
    }
}

fn pay(graph: &mut Graph<'_>, due: &mut Due, paper: usize, why: &str, unique: bool) {
    let share = graph.papers[paper].gross;
    pay_share(graph, due, paper, why, unique, share);
}

/// A payment for several rows is shared out by what each of them is due.
fn pay_share(
    graph: &mut Graph<'_>,
    due: &mut Due,
    paper: usize,
    why: &str,
    unique: bool,
    share: Option<Decimal>,
) {
    due.paid += share.unwrap_or_default();
    let claims: Decimal = due.rows.iter().filter_map(|r| graph.claims[*r].total).sum();
    for &row in &due.rows.clone() {
        let part = match (share, graph.claims[row].total) {
            (Some(s), _) if due.rows.len() == 1 => Some(s),
            (Some(s), Some(c)) if !claims.is_zero() => Some((s * c / claims).round_dp(2)),
            _ => None,
        };
        graph.add(Edge {
            row,
            paper,
            share: if unique { part } else { None },
            net: None,
            unique,
            why: vec![why.to_owned()],
        });
    }
}

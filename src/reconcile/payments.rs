//! Payments and the rows whose invoices they pay: payee by payee, then by amount where the payee is another.

use rust_decimal::Decimal;

use super::exact::{Cover, PAPERS, ROWS, cover};
use super::facts::Paper;
use super::graph::{Edge, Graph};
use super::place::near;
use super::sums::subsets;
use crate::model::Kind;

/// Rows that are paid together, and what is due for them.
struct Due {
    rows: Vec<usize>,
    invoices: Vec<usize>,
    amount: Option<Decimal>,
    slack: Decimal,
    paid: Decimal,
    /// 元 of the instalments that the rows' contracts agree.
    instalments: Vec<Decimal>,
}

/// Links rows to payments, and to what suppliers paid back.
pub(super) fn link(graph: &mut Graph<'_>) {
    let all = graph.of(Kind::Payment);
    let (refunds, payments): (Vec<usize>, Vec<usize>) = all.iter().partition(|p| graph.papers[**p].refund);
    let rows = graph.rows_by_seller();
    for (group, papers) in graph.papers_by_seller(&payments) {
        let mut dues = dues(graph, rows.get(&group).map_or(&[][..], Vec::as_slice));
        within_payee(graph, &mut dues, &papers);
    }
    across_payees(graph, &payments);
    by_copies(graph, &payments);
    for p in refunds {
        refund(graph, &payments, p);
    }
}

fn dues(graph: &Graph<'_>, rows: &[usize]) -> Vec<Due> {
    graph
        .components(rows, Kind::Invoice)
        .into_iter()
        .map(|(rows, invoices)| {
            let slack = rows.iter().map(|r| graph.claims[*r].slack).sum::<Decimal>().max(Decimal::ONE);
            let amount = if invoices.is_empty() {
                rows.iter().map(|r| graph.claims[*r].total).sum()
            } else {
                invoices.iter().map(|p| graph.papers[*p].gross).sum()
            };
            let mut contracts: Vec<usize> = rows.iter().filter_map(|r| graph.contract_of(*r)).collect();
            contracts.sort_unstable();
            contracts.dedup();
            let instalments =
                contracts.iter().flat_map(|c| graph.papers[*c].instalments.iter().copied()).collect();
            Due { rows, invoices, amount, slack, paid: Decimal::ZERO, instalments }
        })
        .collect()
}

fn within_payee(graph: &mut Graph<'_>, dues: &mut [Due], papers: &[usize]) {
    if let [due] = dues {
        for p in all_for(graph, due, papers) {
            pay(graph, due, p, "收款人即该行销售方", true);
        }
        return;
    }
    if dues.is_empty() {
        return;
    }
    for &p in papers {
        by_cue(graph, dues, p);
    }
    by_instalment(graph, dues, papers);
    exactly(graph, dues, papers);
    by_sum(graph, dues, papers);
    let rest = open(graph, papers);
    let needy: Vec<usize> = (0..dues.len())
        .filter(|i| dues[*i].amount.is_none_or(|a| dues[*i].paid + Decimal::ONE < a))
        .collect();
    if let [only] = needy[..] {
        for p in rest {
            pay(graph, &mut dues[only], p, "收款人一致，其余各行已付清", true);
        }
    } else {
        let rows: Vec<usize> = needy.iter().flat_map(|i| dues[*i].rows.iter().copied()).collect();
        graph.tie(&rows, &rest, "收款人一致，未能唯一确定对应哪一行");
    }
}

/// The payments for the only rows of a seller: all, unless some of them make up what is due and the rest is too much.
fn all_for(graph: &Graph<'_>, due: &Due, papers: &[usize]) -> Vec<usize> {
    let amounts: Option<Vec<Decimal>> = papers.iter().map(|p| graph.papers[*p].gross).collect();
    let (Some(amount), Some(amounts)) = (due.amount, amounts) else { return papers.to_vec() };
    let all: Decimal = amounts.iter().sum();
    match subsets(amount, Decimal::ONE, &amounts).as_slice() {
        [only] if all > amount => only.iter().map(|i| papers[*i]).collect(),
        _ => papers.to_vec(),
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
    let has = |s: &str, least: usize| {
        s.chars().count() >= least && (p.text.contains(s) || p.title.as_str().contains(s))
    };
    due.rows.iter().any(|r| {
        let claim = &graph.claims[*r];
        has(claim.name.as_str(), 4)
            || has(claim.contract.as_str(), 5)
            || graph
                .contract_of(*r)
                .is_some_and(|c| has(&graph.papers[c].mark, 4) || has(graph.papers[c].title.as_str(), 5))
    }) || due.invoices.iter().any(|i| has(&graph.papers[*i].mark, 8))
}

fn lies_near(graph: &Graph<'_>, due: &Due, paper: usize) -> bool {
    let mine = &graph.papers[paper];
    due.invoices.iter().any(|i| near(mine, &graph.papers[*i]))
        || due.rows.iter().any(|r| graph.contract_of(*r).is_some_and(|c| near(mine, &graph.papers[c])))
}

/// A payment of the amount of an instalment that one contract agrees and no other.
fn by_instalment(graph: &mut Graph<'_>, dues: &mut [Due], papers: &[usize]) {
    for p in open(graph, papers) {
        let Some(amount) = graph.papers[p].gross else { continue };
        let agreed: Vec<usize> = (0..dues.len())
            .filter(|i| {
                let d = &dues[*i];
                d.instalments.iter().any(|x| (*x - amount).abs() <= Decimal::ONE)
                    && d.amount.is_none_or(|a| d.paid + amount <= a + d.slack)
            })
            .collect();
        if let [only] = agreed[..] {
            pay(graph, &mut dues[only], p, "收款人一致，金额等于合同约定的一期", true);
        }
    }
}

/// Every way to share out the payments among what is still due, where it is little enough.
fn exactly(graph: &mut Graph<'_>, dues: &mut [Due], papers: &[usize]) {
    let papers = open(graph, papers);
    let needy: Vec<usize> = (0..dues.len())
        .filter(|i| dues[*i].amount.is_some_and(|a| a > dues[*i].paid + Decimal::ONE))
        .collect();
    if needy.len() > ROWS || papers.len() > PAPERS {
        return;
    }
    let left: Vec<(Decimal, Decimal)> =
        needy.iter().map(|i| (dues[*i].amount.unwrap_or_default() - dues[*i].paid, Decimal::ONE)).collect();
    let amounts: Option<Vec<Decimal>> = papers.iter().map(|p| graph.papers[*p].gross).collect();
    let Some(amounts) = amounts else { return };
    let mut found = cover(&left, &amounts, &|_, _| false);
    if matches!(&found, Cover::Ways(pairs) if pairs.iter().any(|p| !p.2)) {
        let early = |i: usize, p: usize| dues[needy[i]].rows.iter().all(|r| graph.is_early(*r, papers[p]));
        let dated = cover(&left, &amounts, &early);
        if let Cover::Ways(_) = dated {
            found = dated;
        }
    }
    let Cover::Ways(pairs) = found else { return };
    for (i, p, certain) in &pairs {
        let several = pairs.iter().filter(|x| x.1 == *p).count() > 1;
        let share = if several { Some(left[*i].0) } else { Some(amounts[*p]) };
        let why = match (certain, several) {
            (true, true) => "一笔付款支付几张发票",
            (true, false) => "收款人一致，付款与发票金额相符",
            _ => "收款人一致，有几种分配都与金额相符，未能唯一确定",
        };
        pay_share(graph, &mut dues[needy[*i]], papers[*p], why, *certain, share.filter(|_| *certain));
    }
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

/// Rows without a payment, joined where they share invoices.
fn unpaid(graph: &Graph<'_>) -> Vec<Due> {
    let rows: Vec<usize> =
        (0..graph.claims.len()).filter(|r| graph.edges_of(*r, Kind::Payment).next().is_none()).collect();
    dues(graph, &rows)
}

fn fits(graph: &Graph<'_>, due: &Due, paper: &Paper) -> bool {
    due.amount.zip(paper.gross).is_some_and(|(a, b)| (a - b).abs() <= due.slack)
        || due
            .invoices
            .iter()
            .any(|i| graph.papers[*i].gross.is_some() && graph.papers[*i].gross == paper.gross)
}

/// Payments to someone else, or to a payee nobody could read: by amount to what is otherwise unpaid.
fn across_payees(graph: &mut Graph<'_>, payments: &[usize]) {
    let mut dues = unpaid(graph);
    for p in open(graph, payments) {
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

/// A copy of a receipt that serves another row may be what a row without payment offers: the checks see that it does
/// not suffice for both.
fn by_copies(graph: &mut Graph<'_>, payments: &[usize]) {
    for &p in payments {
        let copies = graph.papers[p].copies.len();
        if copies == 0 || !graph.is_used(p) {
            continue;
        }
        let same = |d: &Due| {
            fits(graph, d, &graph.papers[p])
                && d.rows
                    .iter()
                    .any(|r| graph.papers[p].group.is_none_or(|g| graph.sellers_of(*r).contains(&g)))
        };
        let offered: Vec<usize> =
            unpaid(graph).into_iter().filter(same).take(copies).flat_map(|d| d.rows).collect();
        graph.tie(&offered, &[p], "另附有同一回单的复印件");
    }
}

/// Money that came back lessens what was paid to the rows of the payment that it answers.
fn refund(graph: &mut Graph<'_>, payments: &[usize], paper: usize) {
    let (group, amount) = (graph.papers[paper].group, graph.papers[paper].gross);
    let answered: Vec<usize> = payments
        .iter()
        .copied()
        .filter(|p| graph.papers[*p].group == group && graph.papers[*p].gross == amount.map(|a| -a))
        .collect();
    let edges = match answered[..] {
        [one] => graph.edges_to(one),
        _ => {
            let of_seller = payments.iter().filter(|p| group.is_some() && graph.papers[**p].group == group);
            of_seller.flat_map(|p| graph.edges_to(*p)).collect()
        }
    };
    let mut rows: Vec<usize> = edges.iter().map(|e| e.row).collect();
    rows.sort_unstable();
    rows.dedup();
    if let [row] = rows[..] {
        let why = vec!["供应商退款，冲减已付款".to_owned()];
        graph.add(Edge { row, paper, share: amount, net: None, unique: true, why });
    } else {
        graph.tie(&rows, &[paper], "供应商退款，未能唯一确定冲减哪一行");
    }
}

fn pay(graph: &mut Graph<'_>, due: &mut Due, paper: usize, why: &str, unique: bool) {
    let share = graph.papers[paper].gross;
    pay_share(graph, due, paper, why, unique, share);
}

/// A payment for several rows is shared out by what each of them is due; the last gets what rounding leaves.
fn pay_share(
    graph: &mut Graph<'_>,
    due: &mut Due,
    paper: usize,
    why: &str,
    unique: bool,
    share: Option<Decimal>,
) {
    due.paid += share.unwrap_or_default();
    let claims: Option<Decimal> = due.rows.iter().map(|r| graph.claims[*r].total).sum();
    let mut left = share.unwrap_or_default();
    let last = due.rows.len() - 1;
    for (n, &row) in due.rows.clone().iter().enumerate() {
        let part = match (share, graph.claims[row].total, claims) {
            (Some(s), ..) if last == 0 => Some(s),
            (Some(_), Some(_), Some(all)) if n == last && !all.is_zero() => Some(left),
            (Some(s), Some(c), Some(all)) if !all.is_zero() => Some((s * c / all).round_dp(2)),
            _ => None,
        };
        left -= part.unwrap_or_default();
        let share = if unique { part } else { None };
        graph.add(Edge { row, paper, share, net: None, unique, why: vec![why.to_owned()] });
    }
}

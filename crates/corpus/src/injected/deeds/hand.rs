//! What a hand changes in a submission that was honest.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::cases::{Draft, Pack};
use crate::deal::{Deal, Invoice, Item, payment};
use crate::money::cents;
use crate::names::{Company, Good, yuan};
use crate::paper::Look;
use crate::rng::Rng;
use crate::truth::Expected;
use crate::world::{Plan, Row};

/// An honest submission without customers, of the `n`th look.
pub fn draft(
    seed: u64,
    (key, n): (&'static str, u8),
    class: &'static str,
    bank: &str,
    pack: Pack,
    plans: &[Plan],
) -> Draft {
    let mut d = Draft::new(seed, key, class, bank, pack, plans);
    d.s.sales.clear();
    let mut look = Look::of(seed, n);
    let scanned = matches!(pack, Pack::Bundle | Pack::Scans | Pack::Binder);
    look.word &= !scanned;
    if !look.word && look.form.ticks.0 == "☑" {
        look.form.ticks = ("√", "□");
    }
    if scanned && look.books == 2 {
        look.books = 1;
    }
    d.look = look;
    d.seed = seed * 1000 + u64::from(n);
    d
}

/// A generator for the changes of a submission.
pub fn rng(seed: u64, key: &str) -> Rng {
    Rng::new(seed, &format!("deeds {key}"))
}

/// Labels what should be found even in a submission that is scanned in part: it stands in what is not scanned.
pub fn surely(d: &mut Draft, rule: &'static str, what: &str) {
    d.case.clean = false;
    d.case.expected.push(Expected { rule, outcome: "anomaly", what: what.into() });
}

/// The supplier of a purchase is another one.
pub fn resell(d: &mut Draft, n: usize, seller: &Company) {
    let deal = &mut d.s.deals[n];
    if let Some(k) = &mut deal.contract {
        k.seller = seller.clone();
    }
    deal.invoices.iter_mut().for_each(|i| i.seller = seller.clone());
    deal.payments.iter_mut().for_each(|p| p.payee = seller.clone());
    for &r in &deal.rows {
        d.s.rows[r].maker.clone_from(&seller.name);
    }
}

/// The days of a purchase with one invoice and one payment.
pub fn redate(d: &mut Draft, n: usize, [signed, invoiced, paid]: [NaiveDate; 3], rng: &mut Rng) {
    let deal = &mut d.s.deals[n];
    if let Some(k) = &mut deal.contract {
        k.signed = signed;
    }
    deal.invoices[0].date = invoiced;
    repay(deal, 0, paid, None, rng);
}

/// A payment of another day, and perhaps another amount: with a receipt of its own.
pub fn repay(deal: &mut Deal, at: usize, day: NaiveDate, amount: Option<Decimal>, rng: &mut Rng) {
    let p = deal.payments[at].clone();
    let sum = amount.unwrap_or(p.amount);
    let made = payment(rng, &p.key, day, (&p.payer, &p.payee), sum, &p.purpose);
    deal.payments[at] = crate::deal::Payment { bill: p.bill, state: p.state, received: p.received, ..made };
}

/// Sums of an invoice from its lines.
pub fn settle(inv: &mut Invoice) {
    inv.amount = inv.items.iter().map(|i| i.amount).sum();
    inv.tax = inv.items.iter().map(|i| i.tax).sum();
    inv.total = inv.amount + inv.tax;
    inv.capital = inv.total;
}

/// A line of the same price with tax, at another rate.
pub fn retaxed(item: &Item, rate: i64) -> Item {
    let gross = item.gross();
    let amount = cents(gross * yuan(100) / yuan(100 + rate));
    Item { rate, amount, tax: gross - amount, ..item.clone() }
}

/// A line of another price, in hundredths of the first.
pub fn repriced(item: &Item, hundredths: i64) -> Item {
    let price = (item.price * yuan(hundredths) / yuan(100)).trunc();
    let gross = price * item.quantity.unwrap_or(Decimal::ONE);
    let amount = cents(gross * yuan(100) / yuan(100 + item.rate));
    Item { price, amount, tax: gross - amount, ..item.clone() }
}

/// The contract of a purchase agrees to another price, in hundredths of what is invoiced.
pub fn contract_price(d: &mut Draft, n: usize, hundredths: i64) {
    let Some(k) = &mut d.s.deals[n].contract else { return };
    k.items = k.items.iter().map(|i| repriced(i, hundredths)).collect();
    k.amount = k.items.iter().map(Item::gross).sum();
    k.capital = k.amount;
}

/// Buys one thing of a seller, and gives the number of the purchase.
pub fn buy(d: &mut Draft, good: Good, plan: Plan, seller: &Company, rng: &mut Rng) -> usize {
    let n = d.s.deals.len();
    d.s.buy(rng, &mut vec![good], plan, n, seller);
    d.s.plan = planned(d.s.claimed());
    n
}

/// A plan above what is claimed.
pub fn planned(claimed: Decimal) -> Decimal {
    ((claimed * yuan(14) / yuan(1_000_000)).trunc() + Decimal::ONE) * yuan(100_000)
}

/// A row without any papers.
pub fn bare(category: &'static str, name: &str, total: Decimal) -> Row {
    Row {
        category,
        name: name.into(),
        contract: String::new(),
        maker: String::new(),
        quantity: Decimal::ONE,
        price: total,
        total,
        contracts: Vec::new(),
        invoices: Vec::new(),
        payments: Vec::new(),
    }
}

/// A red-letter invoice that takes another back.
pub fn red(inv: &Invoice, key: &str, day: NaiveDate, rng: &mut Rng) -> Invoice {
    let mut red = Invoice { key: key.into(), number: rng.digits(8), date: day, ..inv.clone() };
    if !inv.check.is_empty() {
        red.check = rng.digits(20);
    }
    red.remark = format!("对应正数发票代码:{} 号码:{}", inv.code, inv.number);
    for i in &mut red.items {
        (i.quantity, i.amount, i.tax) = (i.quantity.map(|q| -q), -i.amount, -i.tax);
    }
    settle(&mut red);
    red
}

/// The number so many after another one.
pub fn after(number: &str, by: u64) -> String {
    let width = number.len();
    let next = number.parse::<u64>().unwrap_or_default() + by;
    format!("{next:0width$}")
}

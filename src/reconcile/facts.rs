//! What reconciling looks at in rows and papers: amounts, parties, names, dates, neighbourhood.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{place, relate, sellers};
use crate::model::{Case, Category, Document, Field, Grade, Kind, ReadBy, Row, Value};
use crate::pack::Matching;
use crate::text::goods::{Name, goods};
use crate::text::name::normal_name;
use crate::text::normal::squash;
use crate::text::party::{Renamings, Who, is_sale, is_scrap};
use crate::text::voucher::{Standing, is_refund, receipt_key, sides, standing};

/// A row of the list.
pub(super) struct Claim {
    pub(super) name: Name,
    pub(super) contract: Name,
    pub(super) maker: String,
    pub(super) category: Option<Category>,
    /// 元; the printed total, else quantity × unit price.
    pub(super) total: Option<Decimal>,
    /// Half of the last displayed digit.
    pub(super) slack: Decimal,
}

/// A line of a paper: name, amount with tax, amount without.
pub(super) type Line = (Name, Option<Decimal>, Option<Decimal>);

/// A contract, invoice or payment.
#[derive(Default)]
pub(super) struct Paper {
    pub(super) id: u32,
    pub(super) kind: Option<Kind>,
    /// Seller or payee as printed.
    pub(super) seller: Option<String>,
    pub(super) seller_id: Option<String>,
    pub(super) doubtful: bool,
    /// 元 with tax; of a contract its total, of a payment its amount, negative for what came back.
    pub(super) gross: Option<Decimal>,
    /// 元 without tax (invoices).
    pub(super) net: Option<Decimal>,
    /// What credit notes take off, with tax and without.
    pub(super) offset: (Decimal, Decimal),
    pub(super) lines: Vec<Line>,
    /// Number of the contract, of the invoice.
    pub(super) number: String,
    /// The number in small letters, as `text` has it.
    pub(super) mark: String,
    /// Title of a contract, purpose of a payment.
    pub(super) title: Name,
    /// When it was signed, issued or paid.
    pub(super) date: Option<NaiveDate>,
    /// In small letters.
    pub(super) text: String,
    pub(super) file: String,
    pub(super) page: u32,
    /// Which part of a bound file it lies in, see [`place::sections`].
    pub(super) section: Option<usize>,
    /// Further documents that are the same paper again.
    pub(super) copies: Vec<u32>,
    /// Group of the seller, see [`sellers::group`].
    pub(super) group: Option<usize>,
    /// The contract that this one amends, as it names it.
    pub(super) amends: Option<String>,
    /// The paper that this one belongs to: an amendment to its contract, a credit note to its invoice.
    pub(super) belongs: Option<usize>,
    /// Money that a supplier paid back.
    pub(super) refund: bool,
    /// 元 of the instalments that a contract agrees.
    pub(super) instalments: Vec<Decimal>,
}

impl Paper {
    /// Whether it is of this kind.
    pub(super) fn is(&self, kind: Kind) -> bool {
        self.kind == Some(kind)
    }

    /// With tax, credit notes taken off.
    pub(super) fn due(&self) -> Option<Decimal> {
        self.gross.map(|g| g + self.offset.0)
    }

    /// Without tax, credit notes taken off.
    pub(super) fn due_net(&self) -> Option<Decimal> {
        self.net.map(|n| n + self.offset.1)
    }
}

fn plain(row: &BTreeMap<String, Field>, field: &str) -> String {
    row.get(field).and_then(Field::found).map(|s| s.value.to_plain()).unwrap_or_default()
}

fn yuan(row: &BTreeMap<String, Field>, field: &str) -> Option<Decimal> {
    match &row.get(field)?.found()?.value {
        Value::Money(m) => Some(m.yuan),
        _ => None,
    }
}

/// The rows of the form's list.
pub(super) fn claims(items: &[Row]) -> Vec<Claim> {
    items.iter().map(claim).collect()
}

fn claim(row: &Row) -> Claim {
    let money = |f: &str| match row.get(f).and_then(Field::found).map(|s| &s.value) {
        Some(Value::Money(m)) => Some(*m),
        _ => None,
    };
    let quantity = match row.get("quantity").and_then(Field::found).map(|s| &s.value) {
        Some(Value::Number(n)) => Some(*n),
        _ => None,
    };
    let total = money("total");
    let computed = || money("unit_price")?.yuan.checked_mul(quantity?);
    Claim {
        name: Name::new(&plain(row, "name")),
        contract: Name::new(&plain(row, "contract")),
        maker: normal_name(&plain(row, "manufacturer")),
        category: category(&plain(row, "category")),
        total: total.map(|m| m.yuan).or_else(computed),
        slack: total.map_or(Decimal::ZERO, |m| m.half_unit()),
    }
}

/// The category by the extractor's word or the form's own.
pub(super) fn category(text: &str) -> Option<Category> {
    let t = squash(text);
    Some(match t.as_str() {
        "hardware" => Category::Hardware,
        "software" => Category::Software,
        "cloud" => Category::Cloud,
        "labour" => Category::Labour,
        _ if t.contains("硬件") => Category::Hardware,
        _ if t.contains("软件") => Category::Software,
        _ if t.contains("云") => Category::Cloud,
        _ if t.contains("人工") || t.contains("劳务") => Category::Labour,
        _ => return None,
    })
}

/// How a paper came, and how its number was read.
type Carrier = (ReadBy, Option<Grade>);

/// Papers that may back the list: the applicant's sales and payments that were not made are left out, one paper in
/// several copies counts once, by its surest reading. The same invoice as OFD, XML and print is one copy, not several.
/// They come in an order that depends on what they are, not on the order in which they were found.
pub(super) fn papers(case: &Case, who: &Who, renamed: &Renamings, matching: Matching) -> Vec<Paper> {
    let mut documents: Vec<&Document> = case.documents.iter().filter(|d| backs(case, who, d)).collect();
    documents.sort_by_cached_key(|d| {
        let top = d.fields.values().filter_map(Field::found).filter_map(|s| s.source().place.bbox());
        let top = top.map(|b| (b.y0 * 10.0) as i64).min();
        (d.file.to_string(), d.pages, top, plain(&d.fields, "number"), plain(&d.fields, "amount"), d.id)
    });
    let mut out: Vec<Paper> = Vec::new();
    let mut seen: BTreeMap<(Kind, String), (usize, Vec<Carrier>)> = BTreeMap::new();
    for d in documents {
        let mut paper = paper(d, who);
        // One seller under two names is one seller.
        paper.seller = paper.seller.map(|s| renamed.current(&s).to_owned());
        let Some(key) = identity(d, &paper) else {
            out.push(paper);
            continue;
        };
        let field = if d.kind == Kind::Invoice { "number" } else { "receipt_number" };
        let grade = d.value(field).map(|s| s.grade);
        match seen.get_mut(&key) {
            Some((first, carriers)) => {
                let again = carriers.iter().any(|c| c.0 == d.read_by) || d.kind == Kind::Payment;
                if again {
                    out[*first].copies.push(d.id);
                } else {
                    if carriers.iter().all(|c| c.1 < grade) {
                        let copies = std::mem::take(&mut out[*first].copies);
                        out[*first] = Paper { copies, ..paper };
                    }
                    carriers.push((d.read_by, grade));
                }
            }
            None => {
                seen.insert(key, (out.len(), vec![(d.read_by, grade)]));
                out.push(paper);
            }
        }
    }
    sellers::group(&mut out);
    place::sections(&mut out);
    relate::relate(&mut out, matching);
    out
}

fn backs(case: &Case, who: &Who, d: &Document) -> bool {
    let refund = || d.kind == Kind::Payment && is_refund(case, who, d);
    matches!(d.kind, Kind::Contract | Kind::Invoice | Kind::Payment)
        && (!is_sale(who, d) || refund())
        && !is_scrap(case, d)
        && (d.kind != Kind::Payment || standing(who, d) == Standing::Made || refund())
}

/// What makes two documents one paper: an invoice's code and number; a receipt's number with what it says.
fn identity(d: &Document, paper: &Paper) -> Option<(Kind, String)> {
    match d.kind {
        Kind::Invoice if paper.number.len() >= 8 => {
            let code =
                if paper.number.len() == 20 { String::new() } else { squash(&plain(&d.fields, "code")) };
            Some((d.kind, format!("{code}#{}", paper.number)))
        }
        Kind::Payment => {
            let what = (paper.gross?, plain(&d.fields, "date"));
            Some((d.kind, format!("{}#{}#{}", receipt_key(d)?, what.0.normalize(), what.1)))
        }
        _ => None,
    }
}

fn paper(d: &Document, who: &Who) -> Paper {
    let refund = d.kind == Kind::Payment && is_sale(who, d);
    let (seller, id) = match d.kind {
        Kind::Invoice => (d.value("seller_name"), "seller_tax_id"),
        Kind::Contract if d.value("seller").is_some() => (d.value("seller"), "seller_id"),
        Kind::Contract => (d.value("party_b"), "party_b_id"),
        _ if refund => (sides(who, d).payer, "payer_id"),
        _ => (sides(who, d).payee, "payee_id"),
    };
    let gross = match d.kind {
        Kind::Invoice => yuan(&d.fields, "total")
            .or_else(|| yuan(&d.fields, "total_capital"))
            .or_else(|| yuan(&d.fields, "amount")?.checked_add(yuan(&d.fields, "tax")?)),
        _ => yuan(&d.fields, "amount").or_else(|| yuan(&d.fields, "amount_capital")),
    };
    let gross = if refund { gross.map(|g| -g.abs()) } else { gross };
    let lines = d.items.iter().map(|i| line(d, i)).collect();
    let title = match d.kind {
        Kind::Payment => plain(&d.fields, "purpose"),
        _ => plain(&d.fields, "title"),
    };
    let some = |s: String| (!s.trim().is_empty()).then_some(s);
    Paper {
        id: d.id,
        kind: Some(d.kind),
        seller: some(seller.map(|s| s.value.to_plain()).unwrap_or_default()),
        seller_id: some(plain(&d.fields, id)),
        doubtful: seller.is_some_and(|s| s.grade == Grade::Ocr),
        gross,
        net: if d.kind == Kind::Invoice { yuan(&d.fields, "amount") } else { None },
        lines,
        number: squash(&plain(&d.fields, "number")),
        mark: squash(&plain(&d.fields, "number")).to_lowercase(),
        title: Name::new(&title),
        date: match d.value(if d.kind == Kind::Contract { "signed_on" } else { "date" }).map(|s| &s.value) {
            Some(Value::Date(day)) => Some(*day),
            _ => None,
        },
        text: d.text.to_lowercase(),
        file: d.file.to_string(),
        page: d.pages.0,
        amends: if d.kind == Kind::Contract { some(squash(&plain(&d.fields, "amends"))) } else { None },
        refund,
        instalments: gross.map(|g| relate::instalments(d, g)).unwrap_or_default(),
        ..Paper::default()
    }
}

fn line(d: &Document, row: &Row) -> Line {
    let amount = yuan(row, "amount");
    let gross = match d.kind {
        Kind::Invoice => amount.and_then(|a| a.checked_add(yuan(row, "tax").unwrap_or_default())),
        _ => amount,
    };
    (Name::new(&goods(&plain(row, "name"))), gross, amount)
}

//! What reconciling looks at in rows and papers: amounts, parties, names, dates, neighbourhood.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::model::{Case, Category, Document, Field, Grade, Kind, ReadBy, Row, Value};
use crate::text::name::normal_name;
use crate::text::normal::{likeness, squash};
use crate::text::party::{Party, Who, is_sale, is_scrap, names};
use crate::text::voucher::{Standing, sides, standing};

/// A row of the list.
pub(super) struct Claim {
    pub(super) name: String,
    pub(super) contract: String,
    pub(super) maker: String,
    pub(super) category: Option<Category>,
    /// 元; the printed total, else quantity × unit price.
    pub(super) total: Option<Decimal>,
    /// Half of the last displayed digit.
    pub(super) slack: Decimal,
}

/// A contract, invoice or payment.
pub(super) struct Paper {
    pub(super) id: u32,
    pub(super) kind: Kind,
    /// Seller or payee as printed.
    pub(super) seller: Option<String>,
    pub(super) seller_id: Option<String>,
    pub(super) doubtful: bool,
    /// 元 with tax; of a contract its total, of a payment its amount.
    pub(super) gross: Option<Decimal>,
    /// 元 without tax (invoices).
    pub(super) net: Option<Decimal>,
    /// Lines: name, amount with tax, amount without.
    pub(super) lines: Vec<(String, Option<Decimal>, Option<Decimal>)>,
    /// Number of the contract, of the invoice.
    pub(super) number: String,
    /// Title of a contract, purpose of a payment.
    pub(super) title: String,
    pub(super) text: String,
    pub(super) file: String,
    /// Further documents that are the same invoice again.
    pub(super) copies: Vec<u32>,
    /// Group of the seller, see [`sellers`].
    pub(super) group: Option<usize>,
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
    let computed = || Some(money("unit_price")?.yuan * quantity?);
    Claim {
        name: squash(&plain(row, "name")),
        contract: squash(&plain(row, "contract")),
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

/// How an invoice came, and how its number was read.
type Carrier = (ReadBy, Option<Grade>);

/// Papers that may back the list: the applicant's sales and payments that were not made are left out, one invoice in several copies counts once, by its
/// surest reading. The same invoice as OFD, XML and print is one copy, not several.
pub(super) fn papers(case: &Case, who: &Who) -> Vec<Paper> {
    let mut out: Vec<Paper> = Vec::new();
    let mut seen: BTreeMap<(String, String), (usize, Vec<Carrier>)> = BTreeMap::new();
    for d in &case.documents {
        if !matches!(d.kind, Kind::Contract | Kind::Invoice | Kind::Payment)
            || is_sale(who, d)
            || is_scrap(case, d)
            || (d.kind == Kind::Payment && standing(who, d) != Standing::Made)
        {
            continue;
        }
        let paper = paper(d, who);
        if d.kind == Kind::Invoice && paper.number.len() >= 8 {
            let code = squash(&plain(&d.fields, "code"));
            let key = (if paper.number.len() == 20 { String::new() } else { code }, paper.number.clone());
            let grade = d.value("number").map(|s| s.grade);
            if let Some((first, carriers)) = seen.get_mut(&key) {
                if carriers.iter().any(|c| c.0 == d.read_by) {
                    out[*first].copies.push(d.id);
                    continue;
                }
                if carriers.iter().all(|c| c.1 < grade) {
                    let copies = std::mem::take(&mut out[*first].copies);
                    out[*first] = Paper { copies, ..paper };
                }
                carriers.push((d.read_by, grade));
                continue;
            }
            seen.insert(key, (out.len(), vec![(d.read_by, grade)]));
        }
        out.push(paper);
    }
    sellers(&mut out);
    out
}

fn paper(d: &Document, who: &Who) -> Paper {
    let (seller, id) = match d.kind {
        Kind::Invoice => (d.value("seller_name"), "seller_tax_id"),
        Kind::Contract if d.value("seller").is_some() => (d.value("seller"), "seller_id"),
        Kind::Contract => (d.value("party_b"), "party_b_id"),
        _ => (sides(who, d).payee, "payee_id"),
    };
    let gross = match d.kind {
        Kind::Invoice => yuan(&d.fields, "total")
            .or_else(|| yuan(&d.fields, "total_capital"))
            .or_else(|| Some(yuan(&d.fields, "amount")? + yuan(&d.fields, "tax")?)),
        _ => yuan(&d.fields, "amount").or_else(|| yuan(&d.fields, "amount_capital")),
    };
    let lines = d
        .items
        .iter()
        .map(|i| {
            let amount = yuan(i, "amount");
            let gross = match d.kind {
                Kind::Invoice => amount.map(|a| a + yuan(i, "tax").unwrap_or_default()),
                _ => amount,
            };
            (goods(&plain(i, "name")), gross, amount)
        })
        .collect();
    let title = match d.kind {
        Kind::Payment => plain(&d.fields, "purpose"),
        _ => plain(&d.fields, "title"),
    };
    let some = |s: String| (!s.trim().is_empty()).then_some(s);
    Paper {
        id: d.id,
        kind: d.kind,
        seller: some(seller.map(|s| s.value.to_plain()).unwrap_or_default()),
        seller_id: some(plain(&d.fields, id)),
        doubtful: seller.is_some_and(|s| s.grade == Grade::Ocr),
        gross,
        net: if d.kind == Kind::Invoice { yuan(&d.fields, "amount") } else { None },
        lines,
        number: squash(&plain(&d.fields, "number")),
        title: squash(&title),
        text: d.text.clone(),
        file: d.file.to_string(),
        copies: Vec::new(),
        group: None,
    }
}

/// The name of goods without the tax class (`*计算机网络设备*边缘网关`).
pub(super) fn goods(name: &str) -> String {
    let name = squash(name);
    match name.strip_prefix('*').and_then(|rest| rest.split_once('*')) {
        Some((_, rest)) if !rest.is_empty() => rest.to_owned(),
        _ => name,
    }
}

/// Numbers the sellers: papers whose seller's id or name agrees share a group. A recognised name may differ a little.
fn sellers(papers: &mut [Paper]) {
    let mut known: Vec<(Option<String>, Vec<String>, bool)> = Vec::new();
    for p in papers {
        let Some(name) = p.seller.clone() else { continue };
        let id = p.seller_id.as_ref().map(|i| crate::text::code::clean_code(i)).filter(|i| i.len() == 18);
        let found = known.iter().position(|(kid, _, _)| kid.is_some() && *kid == id).or_else(|| {
            known.iter().position(|(_, ns, _)| {
                ns.iter()
                    .any(|n| matches!(names(n, &name, false), Party::Same | Party::Variant | Party::Branch))
            })
        });
        let found = found.or_else(|| {
            known.iter().position(|(kid, ns, ocr)| {
                (p.doubtful || *ocr)
                    && (kid.is_none() || id.is_none() || *kid == id)
                    && ns.iter().any(|n| names(n, &name, true) == Party::Doubtful)
            })
        });
        let group = found.unwrap_or_else(|| {
            known.push((None, Vec::new(), false));
            known.len() - 1
        });
        let entry = &mut known[group];
        entry.0 = entry.0.take().or(id);
        entry.2 |= p.doubtful;
        if !entry.1.contains(&name) {
            entry.1.push(name);
        }
        p.group = Some(group);
    }
}

/// How alike two names of goods or contracts are, 0 to 1; containing counts nearly as much as equality.
pub(super) fn alike(a: &str, b: &str) -> f32 {
    let (a, b) = (squash(a).to_lowercase(), squash(b).to_lowercase());
    let (m, n) = (a.chars().count(), b.chars().count());
    if m < 2 || n < 2 {
        return 0.0;
    }
    if a == b {
        return 1.0;
    }
    if a.contains(&b) || b.contains(&a) {
        return 0.8 + 0.15 * (m.min(n) as f32 / m.max(n) as f32);
    }
    likeness(&a, &b)
}

/// How near two papers lie: in one bundle, in one small folder, or under one leading number.
pub(super) fn near(a: &str, b: &str) -> bool {
    let split = |p: &str| {
        p.rsplit_once('/').map_or((String::new(), p.to_owned()), |(d, f)| (d.to_owned(), f.to_owned()))
    };
    let ((da, fa), (db, fb)) = (split(a), split(b));
    if a == b {
        return false;
    }
    let digits = |s: &str| s.chars().take_while(char::is_ascii_digit).collect::<String>();
    let tail = |s: &str| {
        let stem = s.rsplit_once('.').map_or(s, |x| x.0);
        let t: String = stem.chars().rev().take_while(char::is_ascii_digit).collect();
        t.chars().rev().collect::<String>()
    };
    let last = |d: &str| digits(d.rsplit('/').next().unwrap_or_default());
    if da == db && !last(&da).is_empty() {
        return true;
    }
    (!digits(&fa).is_empty() && digits(&fa) == digits(&fb))
        || (da != db && !tail(&fa).is_empty() && tail(&fa) == tail(&fb))
}

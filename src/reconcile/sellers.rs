//! Who sold: papers whose seller's id or name agrees share a group. A recognised name may differ a little.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{Claim, Paper};
use crate::text::code::clean_code;
use crate::text::confusion::one_apart;
use crate::text::goods::Name;
use crate::text::name::name_key;
use crate::text::party::{Party, names};

/// Likeness below which two names are not looked at closely: far below what makes them one.
const CLOSE: f32 = 0.65;

#[derive(Default)]
struct Seller {
    id: Option<String>,
    /// As printed, ready to be compared, and without what varies.
    names: Vec<(String, Name, String)>,
    doubtful: bool,
}

/// The sellers met so far, by id and name.
#[derive(Default)]
struct Sellers {
    all: Vec<Seller>,
    by_id: BTreeMap<String, usize>,
    by_key: BTreeMap<String, usize>,
}

impl Sellers {
    fn find(&self, name: &str, id: Option<&String>, doubtful: bool) -> Option<usize> {
        if let Some(found) = id.and_then(|i| self.by_id.get(i)) {
            return Some(*found);
        }
        let key = name_key(name);
        if let Some(found) = self.by_key.get(&key) {
            return Some(*found);
        }
        let new = Name::new(name);
        let close = |s: &Seller| s.names.iter().any(|(_, n, _)| n.alike(&new, CLOSE) >= CLOSE);
        let near: Vec<usize> = (0..self.all.len()).filter(|i| close(&self.all[*i])).collect();
        let sure = |(n, _, k): &(String, Name, String)| {
            one_apart(k, &key)
                || ((k.starts_with(&key) || key.starts_with(k)) && names(n, name, false) == Party::Branch)
        };
        let certain = near.iter().find(|i| self.all[**i].names.iter().any(sure));
        let perhaps = || {
            near.iter().find(|i| {
                let s = &self.all[**i];
                (doubtful || s.doubtful)
                    && (s.id.is_none() || id.is_none() || s.id.as_ref() == id)
                    && s.names.iter().any(|(n, ..)| names(n, name, true) == Party::Doubtful)
            })
        };
        certain.or_else(perhaps).copied()
    }

    fn add(&mut self, at: usize, name: &str, id: Option<String>, doubtful: bool) {
        self.by_key.entry(name_key(name)).or_insert(at);
        let seller = &mut self.all[at];
        if let Some(id) = &id {
            self.by_id.entry(id.clone()).or_insert(at);
        }
        seller.id = seller.id.take().or(id);
        seller.doubtful |= doubtful;
        if !seller.names.iter().any(|(n, ..)| n == name) {
            seller.names.push((name.to_owned(), Name::new(name), name_key(name)));
        }
    }
}

/// Numbers the sellers.
pub(super) fn group(papers: &mut [Paper]) {
    let mut known = Sellers::default();
    for p in papers {
        let Some(name) = p.seller.clone() else { continue };
        let id = p.seller_id.as_ref().map(|i| clean_code(i)).filter(|i| i.len() == 18);
        let at = known.find(&name, id.as_ref(), p.doubtful).unwrap_or_else(|| {
            known.all.push(Seller::default());
            known.all.len() - 1
        });
        known.add(at, &name, id, p.doubtful);
        p.group = Some(at);
    }
}

/// The groups that each row's maker names.
pub(super) fn makers(claims: &[Claim], papers: &[Paper]) -> Vec<BTreeSet<usize>> {
    let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
    for p in papers {
        if let (Some(name), Some(group)) = (p.seller.as_deref(), p.group) {
            by_name.entry(name).or_insert(group);
        }
    }
    let ready: Vec<(String, usize)> = by_name.into_iter().map(|(n, g)| (name_key(n), g)).collect();
    let mut known: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for claim in claims {
        let maker = claim.maker.as_str();
        if maker.chars().count() < 4 || known.contains_key(maker) {
            continue;
        }
        let own = name_key(maker);
        let same = |(key, _): &&(String, usize)| *key == own || one_apart(key, &own);
        known.insert(maker, ready.iter().filter(same).map(|r| r.1).collect());
    }
    claims.iter().map(|c| known.get(c.maker.as_str()).cloned().unwrap_or_default()).collect()
}

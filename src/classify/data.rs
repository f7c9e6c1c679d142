//! Whether the structured data of a page are an invoice's.

use std::collections::HashMap;

use crate::model::Page;
use crate::pack::{Elements, element_of};
use crate::text::normal;

/// A number as invoices have it, an amount and a party, all in one part of the data. Words among the values count
/// for nothing.
pub(super) fn is_invoice(page: &Page, elements: &Elements) -> bool {
    let mut parts: HashMap<(&str, bool), [bool; 3]> = HashMap::new();
    let mut number: HashMap<(&str, &str), String> = HashMap::new();
    for datum in page.data.iter().filter(|d| !d.value.is_empty()) {
        let path = element_of(&datum.path);
        let Some(means) = elements.of(path) else { continue };
        let part = (datum.part.as_str(), path.contains("CustomDatas/"));
        let seen = parts.entry(part).or_default();
        for (field, _) in means.fields {
            match field {
                // Where every digit is an object of its own, they come one by one.
                "number" => {
                    let digits = number.entry((&datum.part, path)).or_default();
                    digits.push_str(&normal::squash(&datum.value));
                    seen[0] |= matches!(digits.len(), 8 | 20) && digits.bytes().all(|b| b.is_ascii_digit());
                }
                "amount" | "total" => seen[1] = true,
                "seller_name" | "seller_tax_id" | "buyer_name" | "buyer_tax_id" => seen[2] = true,
                _ => {}
            }
        }
    }
    parts.values().any(|seen| seen.iter().all(|s| *s))
}

//! INVOICE: one invoice, and the invoices of one applicant.

mod copies;
pub(in crate::check) mod facts;
mod marks;
mod number;
mod rate;
mod related;
mod series;
mod sums;

use super::{Rule, batch, case};

/// The rules of this family, by code.
pub(super) const RULES: &[Rule] = &[
    case("INVOICE-001", sums::sums),
    case("INVOICE-002", sums::capitals),
    case("INVOICE-003", rate::rates),
    case("INVOICE-004", facts::buyer),
    case("INVOICE-005", facts::tax_ids),
    case("INVOICE-006", facts::date),
    case("INVOICE-007", number::numbers),
    case("INVOICE-008", facts::qr),
    case("INVOICE-009", copies::copies),
    case("INVOICE-010", marks::counted),
    case("INVOICE-011", facts::twice),
    case("INVOICE-012", copies::integrity),
    case("INVOICE-013", series::consecutive),
    case("INVOICE-014", related::related),
    batch("INVOICE-015", series::check_codes),
    case("INVOICE-016", series::order),
];

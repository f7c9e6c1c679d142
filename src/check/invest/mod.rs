//! INVEST: the list of investments against its papers.

mod contract;
mod cover;
mod goods;
mod labour;
mod order;
mod papers;
mod plan;
mod plausible;
mod plug;
mod repeat;
mod scope;
pub(in crate::check) mod sums;
mod supplier;
mod years;

use super::{Rule, case};

/// The rules of this family, by code.
pub(super) const RULES: &[Rule] = &[
    case("INVEST-001", sums::products),
    case("INVEST-002", sums::sums),
    case("INVEST-003", years::against_platform),
    case("INVEST-004", plan::over_plan),
    case("INVEST-005", papers::contract),
    case("INVEST-006", papers::invoice),
    case("INVEST-007", papers::payment),
    case("INVEST-008", cover::more_than_invoiced),
    case("INVEST-009", cover::more_than_paid),
    case("INVEST-010", contract::above),
    case("INVEST-011", supplier::supplier),
    case("INVEST-012", goods::listed),
    case("INVEST-013", cover::twice),
    case("INVEST-014", repeat::repeated),
    case("INVEST-015", scope::outside),
    case("INVEST-016", cover::slipped),
    case("INVEST-017", order::order),
    case("INVEST-018", plausible::plausible),
    case("INVEST-019", plug::plugged),
    case("INVEST-020", labour::labour),
];

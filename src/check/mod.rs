//! Rules: one file per rule or close family; the runner stamps code and severity and guards against accusing on
//! poor readings. Pure: a batch in, a judgement out.

mod amends;
mod chain;
mod contract;
mod contract_dates;
mod contract_signed;
pub mod cx;
mod dup;
mod dup_contact;
mod dup_platform;
mod dup_prices;
mod dup_runs;
mod dup_text;
mod entity;
mod entity_status;
mod evidence;
mod evidence_more;
mod fin;
mod fin_audit;
mod fin_balance;
mod fin_flow;
mod fin_more;
mod form_blank;
mod form_choices;
mod form_facts;
mod form_figures;
mod form_layout;
mod form_signed;
mod invest_contract;
mod invest_cover;
mod invest_goods;
mod invest_labour;
mod invest_order;
mod invest_papers;
mod invest_plan;
mod invest_plausible;
mod invest_plug;
mod invest_repeat;
mod invest_scope;
mod invest_sums;
mod invest_supplier;
mod invest_years;
mod invoice_copies;
mod invoice_facts;
mod invoice_marks;
mod invoice_number;
mod invoice_rate;
mod invoice_related;
mod invoice_series;
mod invoice_sums;
mod mention;
mod metric;
mod metric_lists;
mod payment;
mod payment_bill;
mod payment_dates;
mod payment_numbers;
mod payment_state;
mod reading;
mod runner;
mod same;
pub mod say;
mod summary;
mod summary_rows;
mod support;
mod tamper;
mod tamper_made;
mod tamper_over;
mod tax;
mod used;
mod vouchers;

#[cfg(test)]
pub(crate) mod testing;

pub use cx::{All, Cx, Out};
pub use runner::judge;
pub use used::papers;

/// How a rule runs.
#[derive(Clone, Copy)]
pub enum Run {
    /// On each submission.
    Case(fn(&Cx<'_>, &mut Out)),
    /// Once, on all submissions.
    Batch(fn(&All<'_>, &mut Out)),
}

/// A rule.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Its code in the catalogue.
    pub code: &'static str,
    /// What it does.
    pub run: Run,
}

const fn case(code: &'static str, run: fn(&Cx<'_>, &mut Out)) -> Rule {
    Rule { code, run: Run::Case(run) }
}

const fn batch(code: &'static str, run: fn(&All<'_>, &mut Out)) -> Rule {
    Rule { code, run: Run::Batch(run) }
}

/// The rules that are built, by code.
pub const RULES: &[Rule] = &[
    case("FORM-001", form_blank::blank),
    case("FORM-002", form_blank::indicators),
    case("FORM-003", form_facts::staff),
    case("FORM-004", form_figures::story),
    case("FORM-005", form_facts::same),
    case("FORM-006", form_facts::code),
    case("FORM-007", form_facts::period),
    case("FORM-008", form_signed::promise),
    case("FORM-009", form_signed::cover),
    case("FORM-010", form_figures::deadline),
    case("FORM-011", form_layout::layout),
    case("FORM-012", form_choices::single),
    case("FORM-013", form_choices::counted),
    case("FORM-014", form_figures::effort),
    case("FORM-015", form_figures::years),
    case("INVEST-001", invest_sums::products),
    case("INVEST-002", invest_sums::sums),
    case("INVEST-003", invest_years::against_platform),
    case("INVEST-004", invest_plan::over_plan),
    case("INVEST-005", invest_papers::contract),
    case("INVEST-006", invest_papers::invoice),
    case("INVEST-007", invest_papers::payment),
    case("INVEST-008", invest_cover::more_than_invoiced),
    case("INVEST-009", invest_cover::more_than_paid),
    case("INVEST-010", invest_contract::above),
    case("INVEST-011", invest_supplier::supplier),
    case("INVEST-012", invest_goods::listed),
    case("INVEST-013", invest_cover::twice),
    case("INVEST-014", invest_repeat::repeated),
    case("INVEST-015", invest_scope::outside),
    case("INVEST-016", invest_cover::slipped),
    case("INVEST-017", invest_order::order),
    case("INVEST-018", invest_plausible::plausible),
    case("INVEST-019", invest_plug::plugged),
    case("INVEST-020", invest_labour::labour),
    case("INVOICE-001", invoice_sums::sums),
    case("INVOICE-002", invoice_sums::capitals),
    case("INVOICE-003", invoice_rate::rates),
    case("INVOICE-004", invoice_facts::buyer),
    case("INVOICE-005", invoice_facts::tax_ids),
    case("INVOICE-006", invoice_facts::date),
    case("INVOICE-007", invoice_number::numbers),
    case("INVOICE-008", invoice_facts::qr),
    case("INVOICE-009", invoice_copies::copies),
    case("INVOICE-010", invoice_marks::counted),
    case("INVOICE-011", invoice_facts::twice),
    case("INVOICE-012", invoice_copies::integrity),
    case("INVOICE-013", invoice_series::consecutive),
    case("INVOICE-014", invoice_related::related),
    batch("INVOICE-015", invoice_series::check_codes),
    case("INVOICE-016", invoice_series::order),
    case("CONTRACT-001", contract::parties),
    case("CONTRACT-002", contract::amounts),
    case("CONTRACT-003", contract_dates::late),
    case("CONTRACT-004", contract_signed::signed),
    case("CONTRACT-005", contract_dates::unborn),
    case("PAY-001", payment::payer),
    case("PAY-002", payment::payee),
    case("PAY-003", payment::amount),
    case("PAY-004", payment_dates::dates),
    case("PAY-005", payment_numbers::numbers),
    case("PAY-006", payment_state::capitals),
    case("PAY-007", payment_state::state),
    case("PAY-008", payment_bill::bill),
    case("FIN-001", fin::assets),
    case("FIN-002", fin::debt_ratio),
    case("FIN-003", fin::revenue),
    case("FIN-004", fin::profit),
    case("FIN-005", fin_more::research),
    case("FIN-006", fin_balance::balances),
    case("FIN-007", fin_flow::chains),
    case("FIN-008", fin_balance::continuity),
    case("FIN-009", fin_more::copies),
    case("FIN-010", fin_audit::audited),
    case("FIN-011", fin_more::income),
    case("FIN-012", fin_more::ratios),
    case("TAX-001", tax::taxes),
    case("TAX-002", tax::taxpayer),
    case("ENTITY-001", entity::name),
    case("ENTITY-002", entity::code),
    case("ENTITY-003", entity_status::founded),
    case("ENTITY-004", entity::province),
    case("ENTITY-005", entity_status::status),
    case("ENTITY-006", entity_status::person),
    case("ENTITY-007", entity_status::began),
    case("METRIC-001", metric::contracts),
    case("METRIC-002", metric_lists::counts),
    case("METRIC-003", metric::pairs),
    case("METRIC-004", metric_lists::unsupported),
    case("METRIC-005", metric_lists::younger),
    case("METRIC-006", metric::plain),
    case("EVIDENCE-001", evidence::pictures),
    case("EVIDENCE-002", evidence::licence),
    case("EVIDENCE-003", evidence::investment),
    case("EVIDENCE-004", evidence::regions),
    case("EVIDENCE-005", evidence::customers),
    case("EVIDENCE-006", evidence::certificates),
    case("EVIDENCE-007", evidence::statements),
    case("EVIDENCE-008", evidence::taxes),
    case("EVIDENCE-009", evidence_more::list),
    batch("EVIDENCE-010", evidence::unread),
    case("EVIDENCE-011", evidence_more::poor),
    case("EVIDENCE-012", evidence_more::numbers),
    case("EVIDENCE-013", evidence_more::honours),
    batch("PROC-001", summary_rows::rows),
    batch("PROC-002", summary::one_to_one),
    batch("PROC-003", summary_rows::cap),
    case("SAME-001", same::figures),
    case("SAME-002", same::wording),
    case("TAMPER-001", tamper::revised),
    case("TAMPER-002", tamper_made::edited),
    case("TAMPER-003", tamper_over::covered),
    case("TAMPER-004", tamper_over::odd),
    case("TAMPER-006", tamper_made::dated),
    case("TAMPER-009", tamper_over::annotated),
    batch("DUP-001", dup::invoices),
    batch("DUP-002", dup::numbers),
    batch("DUP-003", dup::files),
    batch("DUP-005", dup_text::passages),
    batch("DUP-006", dup_contact::contacts),
    batch("DUP-007", dup_platform::twice),
    batch("DUP-008", used::before),
    batch("DUP-009", dup_runs::runs),
    batch("DUP-010", dup_prices::prices),
];

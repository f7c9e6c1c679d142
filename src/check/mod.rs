//! Rules: a folder per family, a file per rule or close kin; the runner stamps code and severity and guards against
//! accusing on poor readings. Pure: a batch in, a judgement out.

mod amends;
mod chain;
mod contract;
pub mod cx;
mod dup;
mod entity;
mod evidence;
mod filing;
mod fin;
mod form;
mod invest;
mod invoice;
mod mention;
mod metric;
mod own;
mod payment;
mod proc;
mod reading;
mod runner;
mod same;
pub mod say;
mod support;
mod suppress;
mod tamper;
mod tax;
mod vouchers;

#[cfg(test)]
pub(crate) mod testing;

pub use cx::{All, Cx, Out};
pub use dup::used::papers;
pub use runner::judge;
pub use suppress::set_aside;

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

/// The rules that are built, by family and code.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    const FAMILIES: &[&[Rule]] = &[
        form::RULES,
        invest::RULES,
        invoice::RULES,
        contract::RULES,
        payment::RULES,
        fin::RULES,
        tax::RULES,
        entity::RULES,
        metric::RULES,
        evidence::RULES,
        proc::RULES,
        same::RULES,
        tamper::RULES,
        dup::RULES,
    ];
    FAMILIES.iter().copied().flatten()
}

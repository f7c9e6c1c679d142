//! Rules: one file per rule or close family; the runner stamps code and severity and guards against accusing on
//! poor readings. Pure: a batch in, a judgement out.

pub mod cx;
mod reading;
mod runner;
pub mod say;

#[cfg(test)]
pub(crate) mod testing;

pub use cx::{All, Cx, Out};
pub use runner::judge;

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
pub const RULES: &[Rule] = &[];

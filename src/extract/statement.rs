//! Financial statements: 资产负债表, 利润表, 现金流量表, ruled or not, one- or two-sided, from any kind of page. Lines are
//! told by their names, columns by their headings.

mod head;
mod header;
mod lines;
mod names;
mod trust;

use crate::extract::{Extracted, Extractor, View, grid};
use crate::model::Kind;
use crate::pack::Pack;

/// Extracts one kind of statement.
#[derive(Clone, Copy, Debug)]
pub struct Statement(Kind);

/// 资产负债表
pub static BALANCE_SHEET: Statement = Statement(Kind::BalanceSheet);
/// 利润表
pub static INCOME_STATEMENT: Statement = Statement(Kind::IncomeStatement);
/// 现金流量表
pub static CASH_FLOW: Statement = Statement(Kind::CashFlow);

impl Extractor for Statement {
    fn kind(&self) -> Kind {
        self.0
    }

    fn extract(&self, view: &View<'_>, pack: &Pack) -> Extracted {
        let lexicon = pack.lexicon("statement");
        let rows = grid::rows(view);
        let headings = header::Headings::new(lexicon, self.0);
        let sheet = lines::Sheet::of(&rows, &headings);
        let head = head::read(view, &rows, &sheet, lexicon, self.0);
        let names = names::Names::new(lexicon);
        let mut fields = lines::fields(&sheet, &names, head.unit, self.0, view);
        trust::weigh(self.0, &mut fields);
        fields.extend(head.fields);
        Extracted { fields, items: Vec::new() }
    }
}

#[cfg(test)]
#[path = "statement/tests.rs"]
mod tests;

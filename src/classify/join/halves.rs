//! Papers of one leaf on two pages: statements that a page break cuts in two, faces and backs of bills.

use super::{Open, STATEMENTS};
use crate::classify::facts::Facts;
use crate::model::Kind;

impl Open {
    /// The statement of which this may be the first half.
    pub(super) fn half(&self) -> Option<Kind> {
        let one = self.segment.kind == Kind::Other && self.segment.pages.0 == self.segment.pages.1;
        self.cover_of.filter(|k| one && STATEMENTS.contains(k))
    }
}

/// A statement cut over two pages: the second half brings what the first has not.
pub(super) fn statement_goes_on(kind: Kind, open: &Open, facts: &Facts) -> bool {
    let (head, tail): (&[&str], &[&str]) = match kind {
        Kind::BalanceSheet => (
            &["货币资金"],
            &[
                "所有者权益总计",
                "所有者权益(或股东权益)总计",
                "股东权益总计",
                "负债和所有者权益合计",
                "权益合计",
            ],
        ),
        Kind::IncomeStatement => (&["营业收入", "营业成本"], &["净利润"]),
        _ => (&["销售商品"], &["期末现金及现金等价物余额", "净增加额"]),
    };
    let any = |text: &str, words: &[&str]| words.iter().any(|w| text.contains(w));
    !any(&open.text, tail) && any(&facts.text, tail) && !any(&facts.text, head)
}

/// Whether a page is the back of the bill whose face came before: it names endorsers and endorsees, and no face.
pub(super) fn is_back_of_bill(face: &str, back: &str) -> bool {
    let shows_face = |text: &str| ["票据金额", "出票人", "出票金额"].iter().any(|w| text.contains(w));
    face.contains("汇票") && shows_face(face) && back.contains("被背书人") && !shows_face(back)
}

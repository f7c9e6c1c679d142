//! Papers that explain why another than the applicant paid, or another than the seller was paid.

use super::Cx;
use super::mention::mentions;
use crate::model::{Document, Kind, ReadBy};
use crate::text::name::normal_name;
use crate::text::normal::squash;

/// Words of papers by which somebody pays for the applicant.
pub(super) const PAYS_FOR_US: [&str; 10] = [
    "委托付款",
    "代付",
    "代为支付",
    "代为付款",
    "付款委托",
    "资金集中管理",
    "资金池",
    "财务公司",
    "统一支付",
    "垫付",
];

/// Words of papers by which somebody is paid in the seller's place.
pub(super) const PAID_FOR_THEM: [&str; 9] =
    ["委托收款", "代收", "债权转让", "保理", "融资租赁", "指定收款", "收款账户变更", "抵账", "债权债务"];

/// A paper that says so and names the party.
pub(super) fn paper<'a>(cx: &Cx<'a>, party: &str, words: &[&str]) -> Option<&'a Document> {
    let party = normal_name(party);
    if party.chars().count() < 4 {
        return None;
    }
    let kinds = |d: &&Document| matches!(d.kind, Kind::Other | Kind::Contract | Kind::Commitment);
    cx.case.documents.iter().filter(kinds).find(|d| {
        let text = squash(&d.text).to_uppercase();
        words.iter().any(|w| text.contains(w)) && mentions(&text, &party, d.read_by == ReadBy::Ocr)
    })
}

#[cfg(test)]
mod tests {
    use crate::check::testing::build;
    use crate::model::Severity;

    fn severity(text: &str, rule: &str) -> Option<Severity> {
        let judged = build(text).judge();
        judged.cases[0].findings.iter().find(|f| f.rule == rule).map(|f| f.severity)
    }

    #[test]
    fn the_paper_makes_a_question_of_a_contradiction() {
        let payer = "[set.payment1]\npayer_name = '湖南湘云集团财务有限公司'\n";
        assert_eq!(severity(payer, "PAY-001"), Some(Severity::Major));
        let agreed = "[[doc]]\nkind = 'other'\nfile = '委托付款协议.pdf'\ntext = '委托付款协议：由湖南湘云集团财务有限公司代为支付货款'\n";
        assert_eq!(severity(&format!("{payer}{agreed}"), "PAY-001"), Some(Severity::Notice));
        let payee = "[set.payment1]\npayee_name = '长沙示例保理有限公司'\n";
        assert_eq!(severity(payee, "PAY-002"), Some(Severity::Major));
        let sold = "[[doc]]\nkind = 'other'\nfile = '通知.pdf'\ntext = '应收账款债权转让通知书：受让人长沙示例保理有限公司'\n";
        assert_eq!(severity(&format!("{payee}{sold}"), "PAY-002"), Some(Severity::Notice));
        // A paper about somebody else explains nothing.
        let other = sold.replace("长沙示例保理有限公司", "岳阳示例保理有限公司");
        assert_eq!(severity(&format!("{payee}{other}"), "PAY-002"), Some(Severity::Major));
    }
}

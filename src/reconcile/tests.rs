//! Small lists whose links are known.

use rust_decimal::Decimal;

use crate::check::testing::build;
use crate::model::{Case, RowStatus};

fn reconciled(text: &str) -> Case {
    let mut built = build(text);
    let mut case = built.batch.cases.remove(0);
    super::investment(&mut case, &crate::pack::Pack::embedded().expect("pack"));
    case
}

fn files(case: &Case, row: usize) -> Vec<String> {
    let r = &case.investment.rows[row];
    r.contracts
        .iter()
        .chain(&r.invoices)
        .chain(&r.payments)
        .map(|l| case.documents[l.document as usize].file.rsplit('/').next().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn the_clean_list_is_backed_row_by_row() {
    let case = reconciled("");
    assert_eq!(files(&case, 0), ["合同1.pdf", "发票1.pdf", "回单1.pdf"]);
    assert_eq!(files(&case, 1), ["合同2.pdf", "发票2.pdf", "回单2.pdf", "回单3.pdf"]);
    assert_eq!(files(&case, 2), ["合同3.pdf", "发票3.pdf", "回单4.pdf"]);
    assert!(case.investment.rows.iter().all(|r| r.status == RowStatus::Supported));
    assert_eq!(case.investment.supported, Some(Decimal::from(431_000)));
    assert_eq!(case.investment.claimed, Some(Decimal::from(431_000)));
}

#[test]
fn what_is_missing_is_missing_unless_something_could_not_be_read() {
    let gone = "drop = ['invoice1', 'payment1', 'contract1']\n";
    assert_eq!(reconciled(gone).investment.rows[0].status, RowStatus::Missing);
    let unread = format!("{gone}unread = ['附件.pdf']\n");
    assert_eq!(reconciled(&unread).investment.rows[0].status, RowStatus::Unverifiable);
}

#[test]
fn one_invoice_covers_several_rows_of_a_seller() {
    let text = r#"
drop = ["contract2", "invoice2", "payment2a", "payment2b", "contract1", "invoice1", "payment1", "contract3", "invoice3", "payment3"]
[item.form.1]
manufacturer = "长沙星图软件有限公司"
[item.form.3]
manufacturer = "长沙星图软件有限公司"
[[doc]]
kind = "invoice"
file = "总发票.pdf"
fields.number = "55667788"
fields.seller_name = "长沙星图软件有限公司"
fields.total = "¥431000.00"
fields.amount = "¥400000.00"
items = [{ name = "详见销货清单", amount = "¥400000.00", tax = "¥31000.00" }]
[[doc]]
kind = "payment"
file = "总付款.pdf"
fields.payee_name = "长沙星图软件有限公司"
fields.amount = "¥431000.00"
"#;
    let case = reconciled(text);
    for row in 0..3 {
        assert_eq!(files(&case, row), ["总发票.pdf", "总付款.pdf"]);
        assert_eq!(case.investment.rows[row].status, RowStatus::Supported, "{row}");
    }
}

#[test]
fn several_contracts_of_one_seller_are_told_apart() {
    let text = r#"
[item.form.1]
manufacturer = "长沙星图软件有限公司"
contract = "采购合同"
[item.form.2]
contract = "采购合同"
[set.contract1]
title = "采购合同"
party_b = "长沙星图软件有限公司"
[set.contract2]
title = "采购合同"
[set.invoice1]
seller_name = "长沙星图软件有限公司"
seller_tax_id = "91430100MA4R7E8F9G"
[set.payment1]
payee_name = "长沙星图软件有限公司"
"#;
    let case = reconciled(text);
    assert_eq!(files(&case, 0), ["合同1.pdf", "发票1.pdf", "回单1.pdf"]);
    assert_eq!(files(&case, 1), ["合同2.pdf", "发票2.pdf", "回单2.pdf", "回单3.pdf"]);
}

#[test]
fn sales_of_the_applicant_are_another_pool() {
    let text = r#"
[[doc]]
kind = "invoice"
file = "销售发票.pdf"
like = "invoice1"
fields.number = "98765432"
fields.seller_name = "湖南湘云智造科技有限公司"
fields.seller_tax_id = "91430100MA4Q1A2B3R"
fields.buyer_name = "湖南衡岳数控设备有限公司"
fields.buyer_tax_id = "91430200MA4T5C6D5G"
"#;
    let case = reconciled(text);
    assert!((0..3).all(|r| !files(&case, r).contains(&"销售发票.pdf".to_owned())));
}

#[test]
fn a_list_without_tax_is_recognised() {
    let text = r#"
[item.form.1]
unit_price = "¥1.00万"
total = "¥10.00万"
[item.form.2]
total = "¥20.00万"
[item.form.3]
total = "¥10.00万"
"#;
    let case = reconciled(text);
    assert!(case.investment.rows.iter().all(|r| r.status == RowStatus::Supported));
    assert_eq!(case.investment.rows[0].invoiced, Some(Decimal::from(100_000)));
}

#[test]
fn a_foreign_payee_is_linked_by_amount_so_that_it_can_be_judged() {
    let case = reconciled("[set.payment1]\npayee_name = '株洲别家贸易有限公司'\n");
    assert_eq!(files(&case, 0), ["合同1.pdf", "发票1.pdf", "回单1.pdf"]);
}

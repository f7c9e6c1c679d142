//! Lists of the size of a large submission, and what holds for any list.

use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::check::testing::build;
use crate::model::{Case, Investment, Kind, RowStatus};
use crate::pack::Pack;

/// What a row of a made-up list is.
#[derive(Clone, Debug)]
struct Made {
    seller: usize,
    /// 元.
    total: u32,
    /// In how many invoices, and in how many payments, it comes.
    invoices: u32,
    payments: u32,
}

fn parts(total: u32, n: u32) -> Vec<u32> {
    let each = total / n;
    (0..n).map(|i| if i + 1 == n { total - each * (n - 1) } else { each }).collect()
}

/// A submission in which each row has a contract, its invoices and its payments.
fn submission(rows: &[Made]) -> String {
    let mut list = String::new();
    let mut docs = String::new();
    for (i, r) in rows.iter().enumerate() {
        let seller = format!("第{}号供应商有限公司", r.seller);
        let (name, total) = (format!("设备型号{i:04}"), r.total);
        list += &format!(
            "{{ name = \"{name}\", contract = \"HT-{i:05}\", manufacturer = \"{seller}\", total = \"¥{total}.00\" }},\n"
        );
        docs += &format!(
            "[[doc]]\nkind = \"contract\"\nfile = \"合同{i}.pdf\"\nfields.number = \"HT-{i:05}\"\nfields.title = \"设备采购合同\"\nfields.party_a = \"湖南湘云智造科技有限公司\"\nfields.party_b = \"{seller}\"\nfields.amount = \"¥{total}.00\"\n"
        );
        for (k, part) in parts(total, r.invoices).iter().enumerate() {
            docs += &format!(
                "[[doc]]\nkind = \"invoice\"\nfile = \"发票{i}-{k}.pdf\"\nfields.code = \"4300212130\"\nfields.number = \"{:08}\"\nfields.seller_name = \"{seller}\"\nfields.total = \"¥{part}.00\"\nitems = [{{ name = \"{name}\", amount = \"¥{part}.00\" }}]\n",
                i * 10 + k
            );
        }
        for (k, part) in parts(total, r.payments).iter().enumerate() {
            docs += &format!(
                "[[doc]]\nkind = \"payment\"\nfile = \"回单{i}-{k}.pdf\"\nfields.receipt_number = \"2022{:08}\"\nfields.payee_name = \"{seller}\"\nfields.amount = \"¥{part}.00\"\nfields.purpose = \"HT-{i:05}\"\n",
                i * 10 + k
            );
        }
    }
    format!(
        "base = \"empty\"\n[[doc]]\nkind = \"application_form\"\nfile = \"申报书.docx\"\nfields.\"基本信息.单位名称\" = \"湖南湘云智造科技有限公司\"\nitems = [\n{list}]\n{docs}"
    )
}

fn reconciled(mut case: Case) -> Case {
    super::investment(&mut case, &Pack::embedded().expect("pack"));
    case
}

fn case(rows: &[Made]) -> Case {
    build(&submission(rows)).batch.cases.remove(0)
}

#[test]
fn five_hundred_rows_against_fifteen_hundred_papers() {
    let rows: Vec<Made> = (0..500)
        .map(|i| Made { seller: i % 60, total: 10_000 + 137 * i as u32, invoices: 1, payments: 1 })
        .collect();
    let case = reconciled(case(&rows));
    let papers = case.documents.iter().filter(|d| d.kind != Kind::ApplicationForm).count();
    assert_eq!((case.investment.rows.len(), papers), (500, 1500));
    for (i, row) in case.investment.rows.iter().enumerate() {
        let file = |links: &[crate::model::Link]| -> Vec<String> {
            links.iter().map(|l| case.documents[l.document as usize].file.to_string()).collect()
        };
        let name = |kind: &str| format!("长沙市/甲/{kind}{i}.pdf");
        assert_eq!(file(&row.contracts), [name("合同")]);
        assert_eq!(file(&row.invoices), [format!("长沙市/甲/发票{i}-0.pdf")]);
        assert_eq!(file(&row.payments), [format!("长沙市/甲/回单{i}-0.pdf")]);
        assert_eq!(row.status, RowStatus::Supported);
    }
}

/// The links of an investment by file, which does not depend on the order of the documents.
fn told(case: &Case) -> Vec<String> {
    let Investment { rows, .. } = &case.investment;
    rows.iter()
        .map(|r| {
            let links = r.contracts.iter().chain(&r.invoices).chain(&r.payments);
            let mut out: Vec<String> = links
                .map(|l| {
                    let file = &case.documents[l.document as usize].file;
                    format!("{file} {:?} {} {}", l.share.map(|s| s.normalize()), l.unique, l.why.join("、"))
                })
                .collect();
            out.sort();
            format!("{:?} {:?} {:?} {}", r.status, r.invoiced, r.paid, out.join("；"))
        })
        .collect()
}

fn made() -> impl Strategy<Value = Vec<Made>> {
    let one = (0usize..3, 1u32..40, 1u32..4, 1u32..4);
    let row =
        one.prop_map(|(seller, k, invoices, payments)| Made { seller, total: k * 500, invoices, payments });
    proptest::collection::vec(row, 1..7)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_paper_is_allotted_beyond_its_amount(rows in made(), drop in 0usize..12, cheat in 0usize..6) {
        let mut case = case(&rows);
        // Something is missing, and a row claims more than its papers.
        if drop < case.documents.len() - 1 {
            case.documents.remove(drop + 1);
            for (i, d) in case.documents.iter_mut().enumerate() {
                d.id = i as u32;
            }
        }
        if let Some(row) = case.documents[0].items.get_mut(cheat) {
            let name = row.get("total").cloned();
            row.insert("unit_price".into(), name.expect("total"));
        }
        let case = reconciled(case);
        for d in case.documents.iter().filter(|d| matches!(d.kind, Kind::Invoice | Kind::Payment)) {
            let field = if d.kind == Kind::Invoice { "total" } else { "amount" };
            let Some(crate::model::Value::Money(whole)) = d.value(field).map(|s| &s.value) else { continue };
            let links = case.investment.rows.iter().flat_map(|r| r.invoices.iter().chain(&r.payments));
            let allotted: Decimal = links.filter(|l| l.document == d.id).filter_map(|l| l.share).sum();
            prop_assert!(allotted <= whole.yuan + Decimal::ONE, "{} {allotted}", d.file);
        }
        // What is not unique asserts no amount.
        for l in case.investment.rows.iter().flat_map(|r| r.invoices.iter().chain(&r.payments)) {
            prop_assert!(l.unique || l.share.is_none());
        }
    }

    #[test]
    fn the_order_of_the_documents_changes_nothing(rows in made(), turn in 1usize..20, back in any::<bool>()) {
        let straight = case(&rows);
        let mut turned = straight.clone();
        let n = turned.documents.len();
        turned.documents.rotate_left(turn % n);
        if back {
            turned.documents.reverse();
        }
        for (i, d) in turned.documents.iter_mut().enumerate() {
            d.id = i as u32;
        }
        turned.form = turned.documents.iter().position(|d| d.kind == Kind::ApplicationForm).map(|i| i as u32);
        prop_assert_eq!(told(&reconciled(straight)), told(&reconciled(turned)));
    }
}

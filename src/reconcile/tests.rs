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

#[test]
fn a_credit_note_follows_its_invoice_and_lessens_it() {
    let text = r#"
[[doc]]
kind = "invoice"
file = "红字发票.pdf"
text = "对应正数发票代码:043002200111号码:22334455"
fields.code = "043002200111"
fields.number = "22339999"
fields.seller_name = "长沙星图软件有限公司"
fields.seller_tax_id = "91430100MA4R7E8F9G"
fields.amount = "¥-50000.00"
fields.total = "¥-53000.00"
items = [{ name = "*信息技术服务*平台应用软件", amount = "¥-50000.00", tax = "¥-3000.00" }]
"#;
    let case = reconciled(text);
    assert_eq!(files(&case, 1), ["合同2.pdf", "发票2.pdf", "红字发票.pdf", "回单2.pdf", "回单3.pdf"]);
    assert_eq!(case.investment.rows[1].invoiced, Some(Decimal::from(159_000)));
    assert_eq!(case.investment.rows[1].status, RowStatus::Short);
    assert_eq!(case.investment.rows[0].status, RowStatus::Supported);
}

#[test]
fn money_that_came_back_lessens_what_was_paid() {
    let refund = r#"
[[doc]]
kind = "payment"
file = "退款.pdf"
fields.receipt_number = "2022-0401-0055"
fields.direction = "收款"
fields.date = "2022-04-01"
fields.payer_name = "长沙星图软件有限公司"
fields.payee_name = "湖南湘云智造科技有限公司"
fields.amount = "¥106000.00"
"#;
    let case = reconciled(refund);
    assert_eq!(files(&case, 1), ["合同2.pdf", "发票2.pdf", "回单2.pdf", "回单3.pdf", "退款.pdf"]);
    assert_eq!(case.investment.rows[1].paid, Some(Decimal::from(106_000)));
    // A customer who also sells pays for what it bought.
    let sale = "[[doc]]\nkind = 'invoice'\nfile = '销售.pdf'\nfields.buyer_name = '长沙星图软件有限公司'\nfields.seller_name = '湖南湘云智造科技有限公司'\nfields.total = '¥106000.00'\n";
    let case = reconciled(&format!("{refund}{sale}"));
    assert_eq!(case.investment.rows[1].paid, Some(Decimal::from(212_000)));
}

#[test]
fn a_receipt_printed_twice_pays_once() {
    let case = reconciled("[[doc]]\nkind = 'payment'\nfile = '证明材料/回单2补打.pdf'\nlike = 'payment2a'\n");
    assert_eq!(case.investment.rows[1].paid, Some(Decimal::from(212_000)));
    assert_eq!(files(&case, 1), ["合同2.pdf", "发票2.pdf", "回单2.pdf", "回单3.pdf"]);
}

#[test]
fn an_amendment_goes_with_its_contract() {
    let text = r#"
[[doc]]
kind = "contract"
file = "补充协议.pdf"
fields.title = "补充协议"
fields.amends = "XT-2022-003"
fields.party_a = "湖南湘云智造科技有限公司"
fields.party_b = "长沙星图软件有限公司"
fields.amount = "¥10000.00"
"#;
    assert_eq!(
        files(&reconciled(text), 1),
        ["合同2.pdf", "补充协议.pdf", "发票2.pdf", "回单2.pdf", "回单3.pdf"]
    );
}

/// Two rows of one seller, each with its contract and a single invoice; payments as given.
fn of_one_seller(schedule: &str, payments: &[u32]) -> Case {
    let mut text = String::from(
        r#"
drop = ["contract1", "invoice1", "payment1", "contract2", "invoice2", "payment2a", "payment2b", "contract3", "invoice3", "payment3"]
[item.form.1]
name = "数据采集网关"
contract = "网关采购合同"
manufacturer = "长沙星图软件有限公司"
total = "¥10.00万"
[item.form.2]
name = "视觉检测系统"
contract = "视觉系统合同"
manufacturer = "长沙星图软件有限公司"
total = "¥20.00万"
[item.form.3]
total = "¥0.00万"
"#,
    );
    for (i, (title, goods, total)) in
        [("网关采购合同", "数据采集网关", 100_000), ("视觉系统合同", "视觉检测系统", 200_000)]
            .iter()
            .enumerate()
    {
        text += &format!(
            "[[doc]]\nkind = 'contract'\nfile = '合同{i}.pdf'\nfields.title = '{title}'\nfields.party_b = '长沙星图软件有限公司'\nfields.amount = '¥{total}.00'\nfields.schedule = {schedule}\n[[doc]]\nkind = 'invoice'\nfile = '发票{i}.pdf'\nfields.code = '4300212130'\nfields.number = '0000000{i}'\nfields.seller_name = '长沙星图软件有限公司'\nfields.total = '¥{total}.00'\nitems = [{{ name = '{goods}' }}]\n"
        );
    }
    for (i, p) in payments.iter().enumerate() {
        text += &format!(
            "[[doc]]\nkind = 'payment'\nfile = '付款{i}.pdf'\nfields.payee_name = '长沙星图软件有限公司'\nfields.amount = '¥{p}.00'\n"
        );
    }
    reconciled(&text)
}

#[test]
fn instalments_find_their_contract() {
    let case = of_one_seller("['30%', '60%', '10%']", &[30_000, 120_000, 10_000, 20_000]);
    assert_eq!(files(&case, 0), ["合同0.pdf", "发票0.pdf", "付款0.pdf", "付款2.pdf"]);
    assert_eq!(files(&case, 1), ["合同1.pdf", "发票1.pdf", "付款1.pdf", "付款3.pdf"]);
}

#[test]
fn what_could_belong_to_either_asserts_nothing_but_is_summed_together() {
    // 60,000 is 60 % of the one and 30 % of the other.
    let case = of_one_seller("['30%', '60%', '10%']", &[30_000, 60_000, 10_000, 60_000, 120_000, 20_000]);
    let rows = &case.investment.rows;
    let open = |row: usize| rows[row].payments.iter().filter(|l| !l.unique).count();
    assert_eq!((open(0), open(1)), (2, 2));
    assert_eq!(rows[0].payments.len() + rows[1].payments.len(), 8);
    assert!(rows[..2].iter().all(|r| r.status == RowStatus::Supported));
}

#[test]
fn papers_bound_behind_their_contract_belong_to_it() {
    // Nothing but the order of the papers tells the two rows apart.
    let mut text = String::from(
        r#"
drop = ["contract1", "invoice1", "payment1", "contract2", "invoice2", "payment2a", "payment2b", "contract3", "invoice3", "payment3"]
[item.form.1]
name = "传感器"
contract = "HT-0001"
manufacturer = "长沙星图软件有限公司"
total = "¥10.00万"
[item.form.2]
name = "传感器"
contract = "HT-0002"
manufacturer = "长沙星图软件有限公司"
total = "¥10.00万"
[item.form.3]
total = "¥0.00万"
"#,
    );
    for i in 1..3 {
        let first = i * 10;
        text += &format!(
            "[[doc]]\nkind = 'contract'\nfile = '合订本.pdf'\npages = [{first}, {}]\nfields.number = 'HT-000{i}'\nfields.party_b = '长沙星图软件有限公司'\nfields.amount = '¥100000.00'\n[[doc]]\nkind = 'invoice'\nfile = '合订本.pdf'\npages = [{}, {}]\nfields.code = '4300212130'\nfields.number = '0000000{i}'\nfields.seller_name = '长沙星图软件有限公司'\nfields.total = '¥100000.00'\nitems = [{{ name = '传感器' }}]\n",
            first + 2,
            first + 3,
            first + 3
        );
    }
    let case = reconciled(&text);
    for row in 0..2 {
        let links = &case.investment.rows[row].invoices;
        assert_eq!(links.len(), 1, "{row}");
        assert!(links[0].unique);
        assert_eq!(case.documents[links[0].document as usize].pages.0, (row as u32 + 1) * 10 + 3);
    }
}

#[test]
fn dates_decide_what_amounts_leave_open() {
    let mut text = String::from(
        r#"
drop = ["contract1", "invoice1", "payment1", "contract2", "invoice2", "payment2a", "payment2b", "contract3", "invoice3", "payment3"]
[item.form.1]
name = "传感器"
contract = "HT-0001"
manufacturer = "长沙星图软件有限公司"
total = "¥10.00万"
[item.form.2]
name = "传感器"
contract = "HT-0002"
manufacturer = "长沙星图软件有限公司"
total = "¥10.00万"
[item.form.3]
total = "¥0.00万"
"#,
    );
    for (i, year) in [(1, 2021), (2, 2022)] {
        text += &format!(
            "[[doc]]\nkind = 'contract'\nfile = '合同{i}.pdf'\nfields.number = 'HT-000{i}'\nfields.party_b = '长沙星图软件有限公司'\nfields.amount = '¥100000.00'\nfields.signed_on = '{year}-03-01'\n[[doc]]\nkind = 'invoice'\nfile = '发票甲{}.pdf'\nfields.code = '4300212130'\nfields.number = '0000000{i}'\nfields.seller_name = '长沙星图软件有限公司'\nfields.total = '¥100000.00'\nfields.date = '{year}-04-01'\n[[doc]]\nkind = 'payment'\nfile = '付款甲{}.pdf'\nfields.payee_name = '长沙星图软件有限公司'\nfields.amount = '¥100000.00'\nfields.date = '{year}-05-01'\n",
            // Names and order of the files say nothing, or the contrary.
            7 - i,
            7 - i
        );
    }
    let case = reconciled(&text);
    assert_eq!(files(&case, 0), ["合同1.pdf", "发票甲6.pdf", "付款甲6.pdf"]);
    assert_eq!(files(&case, 1), ["合同2.pdf", "发票甲5.pdf", "付款甲5.pdf"]);
}

/// A contract in the supplier's former name, an invoice for two rows in its new one.
const RENAMED: &str = r##"
drop = ["invoice1", "invoice2", "payment1", "payment2a", "payment2b", "contract1", "contract2"]
[item.form.1]
manufacturer = "南京样本瑞视科技有限公司"
[item.form.2]
manufacturer = "南京样本康硕科技有限公司"

[[doc]]
name = "contract9"
kind = "contract"
file = "证明材料/合同9.pdf"
fields.title = "设备采购合同"
fields.party_a = "湖南湘云智造科技有限公司"
fields.party_b = "湖南样本电气设备有限公司"
fields.amount = "¥325000.00"
fields.signed_on = "2021-08-01"

[[doc]]
name = "invoice9"
kind = "invoice"
file = "证明材料/发票9.pdf"
fields.number = "01239999"
fields.date = "2021-09-15"
fields.buyer_name = "湖南湘云智造科技有限公司"
fields.seller_name = "湖南样本海纳仪器有限公司"
fields.amount = "¥300000.00"
fields.tax = "¥25000.00"
fields.total = "¥325000.00"
items = [
  { name = "*计算机网络设备*边缘网关", amount = "¥100000.00", rate = "#13", tax = "¥13000.00" },
  { name = "*信息技术服务*平台应用软件", amount = "¥200000.00", rate = "#6", tax = "¥12000.00" },
]

[[doc]]
name = "payment9"
kind = "payment"
file = "证明材料/回单9.pdf"
fields.receipt_number = "2021-9999-0001"
fields.date = "2021-10-15"
fields.payer_name = "湖南湘云智造科技有限公司"
fields.payee_name = "湖南样本海纳仪器有限公司"
fields.amount = "¥325000.00"
"##;

#[test]
fn lines_that_name_goods_and_cost_of_rows_belong_to_them() {
    let case = reconciled(RENAMED);
    for row in [0, 1] {
        let found = files(&case, row);
        assert!(
            found.contains(&"发票9.pdf".to_owned()) && found.contains(&"回单9.pdf".to_owned()),
            "{found:?}"
        );
    }
}

#[test]
fn a_renamed_supplier_is_one_supplier() {
    let notice = "准予变更登记通知书变更事项变更前变更后名称湖南样本电气设备有限公司湖南样本海纳仪器有限公司";
    let text = format!(
        "{RENAMED}\n[[doc]]\nname = 'notice'\nkind = 'other'\nfile = '变更.pdf'\ntext = '{notice}'\n"
    );
    let case = reconciled(&text);
    assert!(files(&case, 0).contains(&"合同9.pdf".to_owned()), "{:?}", files(&case, 0));
    let out = crate::check::testing::build(&text);
    assert!(
        crate::text::party::Renamings::of(&out.batch.cases[0])
            .tie("湖南样本电气设备有限公司", "湖南样本海纳仪器有限公司")
    );
}

//! How much processor time it takes to match 500 rows of a list against 1,500 papers: `cargo bench --bench reconcile`.
//! Three lists: every row with its own seller; sixty sellers; and one seller with papers that cannot be told apart.
#![allow(clippy::print_stdout, clippy::disallowed_methods, missing_docs)]

use std::collections::BTreeMap;
use std::sync::Arc;

use hecha::model::{
    BBox, Case, Confidence, Document, Field, Grade, Investment, Kind, Money, Place, ReadBy, Row, Source,
    Sourced, Value,
};
use hecha::pack::Pack;
use hecha::reconcile::investment;
use rust_decimal::Decimal;
use rustix::time::{ClockId, clock_gettime};

const ROWS: usize = 500;
const ROUNDS: u32 = 5;
const US: &str = "湖南湘云智造科技有限公司";

fn cpu() -> f64 {
    let t = clock_gettime(ClockId::ProcessCPUTime);
    t.tv_sec as f64 * 1000.0 + t.tv_nsec as f64 / 1e6
}

fn field(value: Value, file: &Arc<str>) -> Field {
    let place = Place::Page { page: 1, bbox: BBox::new(10.0, 10.0, 60.0, 20.0) };
    let source = Source { file: file.clone(), place };
    Field::Found(Sourced::new(value.clone(), value.to_plain(), Grade::Text, Confidence::FULL, source))
}

fn text(t: &str, file: &Arc<str>) -> Field {
    field(Value::Text(t.to_owned()), file)
}

fn money(yuan: u32, file: &Arc<str>) -> Field {
    field(Value::Money(Money::yuan(Decimal::from(yuan))), file)
}

fn document(kind: Kind, file: &str, fields: &[(&str, Field)], items: Vec<Row>) -> Document {
    // About as much text as a contract has.
    let text = fields
        .iter()
        .filter_map(|f| f.1.found())
        .map(|s| s.value.to_plain())
        .chain(std::iter::repeat_n("双方本着平等自愿的原则就设备采购事宜协商一致订立本合同".to_owned(), 40))
        .collect();
    Document {
        id: 0,
        file: Arc::from(file),
        sha256: file.to_owned(),
        pages: (1, 1),
        continued: Vec::new(),
        kind,
        kind_confidence: Confidence::FULL,
        read_by: ReadBy::Pdf,
        fields: fields.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect::<BTreeMap<_, _>>(),
        items,
        text,
        integrity: Vec::new(),
        traces: Vec::new(),
        pictures: Vec::new(),
        stamps: Vec::new(),
    }
}

/// `alike`: every row has the same name, amount and contract name as others.
fn case(sellers: usize, alike: bool) -> Case {
    let form: Arc<str> = Arc::from("申报书.docx");
    let mut items = Vec::new();
    let mut documents = Vec::new();
    for i in 0..ROWS {
        let seller = format!("第{}号智能装备有限公司", i % sellers);
        let name = if alike { "工业传感器".to_owned() } else { format!("工业传感器{i:04}型") };
        let contract =
            if alike { "设备采购合同".to_owned() } else { format!("设备采购合同HT-{i:05}") };
        let total = if alike { 20_000 } else { 20_000 + 137 * i as u32 };
        items.push(Row::from([
            ("name".to_owned(), text(&name, &form)),
            ("contract".to_owned(), text(&contract, &form)),
            ("manufacturer".to_owned(), text(&seller, &form)),
            ("total".to_owned(), money(total, &form)),
        ]));
        let file = |kind: &str| -> Arc<str> { Arc::from(format!("附件/{kind}{i}.pdf")) };
        let (c, v, p) = (file("合同"), file("发票"), file("回单"));
        let number = if alike { String::new() } else { format!("HT-{i:05}") };
        documents.push(document(
            Kind::Contract,
            &c,
            &[
                ("number", text(&number, &c)),
                ("title", text("设备采购合同", &c)),
                ("party_a", text(US, &c)),
                ("party_b", text(&seller, &c)),
                ("amount", money(total, &c)),
            ],
            Vec::new(),
        ));
        let line = Row::from([("name".to_owned(), text(&name, &v)), ("amount".to_owned(), money(total, &v))]);
        documents.push(document(
            Kind::Invoice,
            &v,
            &[
                ("code", text("4300212130", &v)),
                ("number", text(&format!("{i:08}"), &v)),
                ("seller_name", text(&seller, &v)),
                ("total", money(total, &v)),
            ],
            vec![line],
        ));
        documents.push(document(
            Kind::Payment,
            &p,
            &[
                ("receipt_number", text(&format!("20220101{i:08}"), &p)),
                ("payee_name", text(&seller, &p)),
                ("amount", money(total, &p)),
            ],
            Vec::new(),
        ));
    }
    documents
        .insert(0, document(Kind::ApplicationForm, &form, &[("基本信息.单位名称", text(US, &form))], items));
    for (id, d) in (0..).zip(&mut documents) {
        d.id = id;
    }
    Case {
        id: "长沙市/甲".into(),
        documents,
        form: Some(0),
        investment: Investment::default(),
        unread: Vec::new(),
        poor_pages: Vec::new(),
    }
}

fn main() {
    let pack = Pack::embedded().expect("pack");
    for (what, sellers, alike) in [
        ("each row its own seller", ROWS, false),
        ("sixty sellers", 60, false),
        ("one seller, nothing to tell the papers apart", 1, true),
    ] {
        let case = case(sellers, alike);
        let papers = case.documents.len() - 1;
        let mut took = Vec::new();
        let mut certain = 0;
        for _ in 0..ROUNDS {
            let mut one = case.clone();
            let before = cpu();
            investment(&mut one, &pack);
            took.push(cpu() - before);
            let links = one.investment.rows.iter().flat_map(|r| r.invoices.iter().chain(&r.payments));
            certain = links.filter(|l| l.unique).count();
        }
        took.sort_by(f64::total_cmp);
        println!(
            "{ROWS} rows, {papers} papers, {what}: {:.0} ms of processor time (median of {ROUNDS}), {certain} links certain",
            took[took.len() / 2]
        );
    }
}

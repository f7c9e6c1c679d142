use std::sync::Arc;

use super::*;
use crate::extract::fixture;
use crate::model::{Confidence, Grade, Segment};

fn read(audit: &Audit, lines: &[&str]) -> String {
    let runs: Vec<(&str, f32, f32, f32)> =
        lines.iter().enumerate().map(|(n, t)| (*t, 20.0, 20.0 * n as f32, 10.0)).collect();
    let page = fixture::page(&runs, Grade::Text);
    let segment =
        Segment { pages: (1, 1), area: None, kind: audit.0, confidence: Confidence::FULL, why: Vec::new() };
    let view = View { file: Arc::from("审计报告.pdf"), segment: &segment, pages: vec![&page] };
    fixture::told(&audit.extract(&view, &Pack::embedded().unwrap()))
}

#[test]
fn qualified_opinion() {
    let told = read(
        &AUDIT_REPORT,
        &[
            "审 计 报 告",
            "湘正会审字[2023]第0156号",
            "云杼智能科技有限公司全体股东：",
            "一、保留意见",
            "我们审计了云杼智能科技有限公司财务报表，包括2022年12月31日的资产负债表。",
            "除“形成保留意见的基础”部分所述事项外，报表在所有重大方面公允反映了财务状况。",
            "湖南正恒会计师事务所（普通合伙）　　中国注册会计师：",
            "二〇二三年二月十日",
        ],
    );
    for line in [
        "company: 云杼智能科技有限公司 (",
        "number: 湘正会审字[2023]第0156号 (",
        "opinion: 保留意见 (",
        "firm: 湖南正恒会计师事务所(普通合伙) (",
        "period: 2022 (",
        "date: 2023-02-10 (",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
}

#[test]
fn possible_opinions_are_no_opinion() {
    let told = read(
        &AUDIT_REPORT,
        &[
            "我们认为，后附的财务报表在所有重大方面按照准则编制，公允反映了公司的财务状况。",
            "如果披露不充分，我们应当发表非无保留意见。",
        ],
    );
    assert!(told.contains("opinion: 无保留意见 ("), "{told}");
}

#[test]
fn special_audit_states_the_investment() {
    let told = read(
        &SPECIAL_AUDIT,
        &[
            "专项审计报告",
            "报告文号：长信专审字（2023）第012号",
            "云杼智能科技有限公司：",
            "经审计，截至2022年12月31日，贵公司累计完成投资合计人民币3,586.20万元。",
        ],
    );
    for line in
        ["amount: 35862000.00 (", "number: 长信专审字(2023)第012号 (", "company: 云杼智能科技有限公司 ("]
    {
        assert!(told.contains(line), "{line}\n{told}");
    }
}

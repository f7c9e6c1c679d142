//! INVEST-011 the maker a row names: neither the seller, nor a party of the contract, nor named in the papers.

use crate::check::chain::{row_evidence, row_name, total};
use crate::check::mention::mentions;
use crate::check::{Cx, Out, say};
use crate::model::{
    Category, Document, Draft, Evidence, Field, Grade, InvestmentRow, ReadBy, Severity, Sourced, Value,
};
use crate::text::name::{brand, normal_name};
use crate::text::normal::squash;
use crate::text::party::{Party, names};

/// INVEST-011.
pub(super) fn supplier(cx: &Cx<'_>, out: &mut Out) {
    let mut strangers: Vec<(&InvestmentRow, Stranger<'_>)> = Vec::new();
    for row in &cx.case.investment.rows {
        match judge(cx, row) {
            Verdict::Nothing => out.skip(),
            Verdict::Known => out.pass(),
            Verdict::Stranger(s) => strangers.push((row, s)),
        }
    }
    if cx.case.investment.rows.is_empty() {
        return out.cannot("没有读到投资清单");
    }
    let (doubtful, certain): (Vec<_>, Vec<_>) = strangers.into_iter().partition(|s| s.1.doubtful);
    for (row, s) in &doubtful {
        let message = format!(
            "{}。有关凭证来自扫描识别，名称可能误读，或型号页未能读出，无法确定。请对照原件。",
            told(row, s)
        );
        let evidence = evidence(row, s);
        out.hit(Draft::unverifiable(format!("{}的生产厂商未能核对", row_name(row)), message, evidence));
    }
    for (row, s) in &certain {
        let message = format!(
            "{}。已比对发票销售方、合同双方以及合同和发票中写明的品牌、型号，并排除写法差别和分支机构。经销商供货属正常，请申报单位提供代理授权、装箱单等说明厂商与供货方的关系，或更正清单。",
            told(row, s)
        );
        let title = format!("{}的生产厂商与凭证不符", row_name(row));
        let makers = s.makers.clone();
        let draft = Draft::anomaly(title, message, evidence(row, s)).still_holds(move |v| {
            let seen = |i: usize| v.get(i).and_then(|x| x.as_ref()).map(Value::to_plain);
            let maker = seen(0).map_or_else(|| makers.clone(), |m| vec![m]);
            let others: Vec<String> = (1..v.len()).filter_map(seen).collect();
            !maker.iter().any(|m| others.iter().any(|o| names(m, o, false) != Party::Other))
        });
        // Hardware is mostly bought from dealers; of software and services the maker is who sold them.
        let hardware = row.category == Some(Category::Hardware) || row.category.is_none();
        out.hit(if hardware { draft.severity(Severity::Notice) } else { draft });
    }
}

struct Stranger<'a> {
    field: &'a Sourced<Value>,
    makers: Vec<String>,
    /// Who sold, as invoices and contracts say.
    sellers: Vec<&'a Sourced<Value>>,
    doubtful: bool,
}

enum Verdict<'a> {
    Nothing,
    Known,
    Stranger(Stranger<'a>),
}

/// The firms a cell names.
fn makers(cell: &str) -> Vec<String> {
    let blank = [
        "无",
        "/",
        "-",
        "自研",
        "自主",
        "自建",
        "自产",
        "本公司",
        "本单位",
        "申报单位",
        "不适用",
        "详见",
        "若干",
    ];
    squash(cell)
        .split(['、', ',', ';', '/', '|'])
        .map(normal_name)
        .filter(|m| m.chars().count() >= 2 && !blank.iter().any(|b| m.starts_with(b)))
        .collect()
}

fn judge<'a>(cx: &Cx<'a>, row: &'a InvestmentRow) -> Verdict<'a> {
    let field = row.fields.get("manufacturer").and_then(Field::found);
    let Some(field) = field.filter(|_| row.category != Some(Category::Labour)) else {
        return Verdict::Nothing;
    };
    let makers = makers(&field.value.to_plain());
    let papers = cx.papers_of(row);
    let sellers: Vec<&Sourced<Value>> = papers
        .iter()
        .flat_map(|d| ["seller_name", "party_b", "party_a", "seller"].iter().filter_map(|f| d.value(f)))
        .filter(|s| !cx.applicant.meets(Some(&s.value.to_plain()), None, false).is_same())
        .collect();
    if makers.is_empty() || sellers.is_empty() {
        return Verdict::Nothing;
    }
    // The applicant's own make is another question.
    if makers.iter().any(|m| cx.applicant.meets(Some(m), None, field.grade == Grade::Ocr).is_same()) {
        return Verdict::Nothing;
    }
    let mut doubtful = false;
    for m in &makers {
        for s in &sellers {
            let ocr = field.grade == Grade::Ocr || s.grade == Grade::Ocr;
            match names(m, &s.value.to_plain(), ocr) {
                Party::Same | Party::Variant | Party::Branch => return Verdict::Known,
                _ if cx.renamed.tie(m, &s.value.to_plain()) => return Verdict::Known,
                Party::Doubtful | Party::Unknown => doubtful = true,
                Party::Other => {}
            }
        }
        if named(&papers, m, field.grade == Grade::Ocr) {
            return Verdict::Known;
        }
    }
    // A scan of which little was read may name the make where nobody could read it.
    doubtful |= papers.iter().any(|d| d.read_by == ReadBy::Ocr && d.text.chars().count() < 60);
    Verdict::Stranger(Stranger { field, makers, sellers, doubtful })
}

/// Whether a paper names the firm, or its brand.
fn named(papers: &[&Document], maker: &str, ocr: bool) -> bool {
    let brand = brand(maker);
    papers.iter().any(|d| {
        let doubtful = ocr || d.read_by == ReadBy::Ocr;
        let text = d.text.to_uppercase();
        mentions(&text, maker, doubtful) || brand.as_deref().is_some_and(|b| mentions(&text, b, doubtful))
    })
}

fn told(row: &InvestmentRow, s: &Stranger<'_>) -> String {
    let mut sellers: Vec<String> = s.sellers.iter().map(|x| x.value.to_plain()).collect();
    sellers.sort();
    sellers.dedup();
    format!(
        "{}的生产厂商填“{}”，而所附合同、发票的供货方是“{}”，其中没有提到该厂商{}",
        row_name(row),
        s.field.value.to_plain(),
        say::list(&sellers, 3),
        total(row).map_or_else(String::new, |t| format!("；该行申报{}", say::printed(t.1))),
    )
}

fn evidence(row: &InvestmentRow, s: &Stranger<'_>) -> Vec<Evidence> {
    let mut out = vec![Evidence::of(format!("清单第{}行生产厂商", row.row), s.field)];
    out.extend(s.sellers.iter().take(4).map(|x| Evidence::of("供货方", x)));
    if out.len() == 1 {
        out.extend(row_evidence(row));
    }
    out
}

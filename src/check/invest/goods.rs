//! INVEST-012 a row's item is among the goods of neither its invoices nor its contracts.

use crate::check::chain::{row_evidence, row_name};
use crate::check::mention::mentions;
use crate::check::{Cx, Out, say};
use crate::model::{Category, Document, Draft, Evidence, Field, InvestmentRow, Kind, ReadBy, Sourced, Value};
use crate::pack::Matching;
use crate::text::goods::{Name, goods};
use crate::text::normal::squash;

/// INVEST-012.
pub(super) fn listed(cx: &Cx<'_>, out: &mut Out) {
    let rows = &cx.case.investment.rows;
    if rows.is_empty() {
        return out.cannot("没有读到投资清单");
    }
    for row in rows {
        let name = row.fields.get("name").and_then(Field::found);
        let papers = cx.papers_of(row);
        let (Some(name), false) = (name, papers.is_empty() || row.category == Some(Category::Labour)) else {
            out.skip();
            continue;
        };
        let plain = name.value.to_plain();
        let says_nothing =
            cx.notice.scope.generic.iter().any(|g| squash(&plain) == *g) || plain.contains("一批");
        if says_nothing || squash(&plain).chars().count() < 2 {
            out.skip();
        } else if papers.iter().any(|d| shows(d, &plain, cx.notice.matching)) {
            out.pass();
        } else {
            judge(row, name, &papers, cx.notice.matching, out);
        }
    }
}

/// The parts of a name that may stand alone: without brackets, on both sides of 及 and the like.
fn parts(name: &str) -> Vec<String> {
    let name = squash(name);
    let bare = name.find(['(', '（']).map_or(name.as_str(), |i| &name[..i]).to_owned();
    let mut out: Vec<String> = vec![name.clone(), bare];
    out.extend(name.split(['、', '及', '和', '与', '/', '+', '(', ')', '-']).map(str::to_owned));
    out.retain(|p| p.chars().count() >= 2);
    out
}

fn lines(d: &Document) -> impl Iterator<Item = &Sourced<Value>> {
    d.items.iter().filter_map(|r| r.get("name").and_then(Field::found))
}

/// Whether the paper shows these goods: in its lines, its title, or, of a contract, anywhere.
fn shows(d: &Document, item: &str, matching: Matching) -> bool {
    let doubtful = d.read_by == ReadBy::Ocr;
    let parts: Vec<Name> = parts(item).iter().map(|p| Name::new(p)).collect();
    let fits = |text: &str| same_goods(&parts, text, matching);
    if lines(d).any(|s| fits(&s.value.to_plain())) {
        return true;
    }
    if d.items.iter().filter_map(|r| r.get("model").and_then(Field::found)).any(|s| fits(&s.value.to_plain()))
    {
        return true;
    }
    let text = d.text.to_lowercase();
    if parts.iter().any(|p| p.len() >= 3 && mentions(&text, p.as_str(), doubtful)) {
        return true;
    }
    d.kind == Kind::Contract && d.value("title").is_some_and(|t| fits(&t.value.to_plain()))
}

/// Whether a printed name means the goods of these parts (`domain.md` C-06): alike, or of the same words in whatever
/// order.
fn same_goods(parts: &[Name], printed: &str, matching: Matching) -> bool {
    let other = Name::new(&goods(printed));
    let (same, kin) = (matching.goods(), matching.kindred());
    parts.iter().any(|p| p.alike(&other, same) >= same || p.kindred(&other) >= kin)
}

fn judge(
    row: &InvestmentRow,
    name: &Sourced<Value>,
    papers: &[&Document],
    matching: Matching,
    out: &mut Out,
) {
    let printed: Vec<&Sourced<Value>> = papers.iter().flat_map(|d| lines(d)).collect();
    let summed = |s: &str| ["详见", "清单", "明细"].iter().any(|w| s.contains(w));
    let to_list = printed.iter().any(|s| summed(&squash(&s.value.to_plain())));
    let mut names: Vec<String> = printed.iter().map(|s| goods(&s.value.to_plain())).collect();
    names.sort();
    names.dedup();
    let mut evidence = vec![Evidence::of(format!("清单第{}行名称", row.row), name)];
    evidence.extend(printed.iter().take(6).map(|s| Evidence::of("发票或合同品名", s)));
    if printed.is_empty() {
        evidence.extend(row_evidence(row));
    }
    let title = format!("{}不在发票或合同品名之中", row_name(row));
    let goods_said = if names.is_empty() { "（未读到品名）".to_owned() } else { say::list(&names, 6) };
    let message = format!(
        "{}：所附发票和合同的品名为{goods_said}。已比对去掉税收分类简称后的品名、规格型号、合同名称和合同全文，并允许写法和次序不同。",
        row_name(row)
    );
    let unread = papers.iter().any(|d| d.kind == Kind::Invoice && d.items.is_empty())
        || papers.iter().all(|d| d.kind != Kind::Invoice && d.items.is_empty());
    let faint =
        papers.iter().any(|d| d.read_by == ReadBy::Ocr) && names.iter().all(|n| n.chars().count() < 2);
    if to_list || unread || faint {
        let why = if to_list {
            "发票写“详见清单”而清单未附或未能读取"
        } else {
            "有凭证的品名未能读取"
        };
        return out.hit(Draft::unverifiable(
            title,
            format!("{message}{why}，无法核对。请补附清单或对照原件。"),
            evidence,
        ));
    }
    let message = format!("{message}请申报单位说明该项与凭证的对应关系，例如开票名称与设备名称的对照。");
    let draft = Draft::anomaly(title, message, evidence).still_holds(move |v| {
        let text = |i: usize| v.get(i).and_then(|x| x.as_ref()).map(Value::to_plain);
        let Some(item) = text(0) else { return true };
        let parts: Vec<Name> = parts(&item).iter().map(|p| Name::new(p)).collect();
        !(1..v.len()).filter_map(text).any(|t| same_goods(&parts, &t, matching))
    });
    out.hit(draft);
}

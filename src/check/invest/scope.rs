//! INVEST-015 items outside the notice's definition of investment.

use crate::check::chain::{row_name, total};
use crate::check::{Cx, Out, say};
use crate::model::{Category, Draft, Evidence, Field, InvestmentRow, Severity, Sourced, Value};
use crate::pack::notice::Scope;
use crate::text::goods::{goods, tax_class};
use crate::text::normal::squash;

/// INVEST-015.
pub(super) fn outside(cx: &Cx<'_>, out: &mut Out) {
    let rows = &cx.case.investment.rows;
    let scope = &cx.notice.scope;
    if rows.is_empty() {
        return out.cannot("没有读到投资清单");
    }
    if *scope == Scope::default() {
        return out.cannot("通知没有给出投资范围的词语");
    }
    for row in rows {
        let Some(name) = row.fields.get("name").and_then(Field::found) else {
            out.skip();
            continue;
        };
        if row.category == Some(Category::Labour) {
            out.pass();
            continue;
        }
        let plain = name.value.to_plain();
        if let Some(word) = ends(&plain, &scope.outside) {
            out.hit(draft(
                row,
                vec![Evidence::of(format!("清单第{}行名称", row.row), name)],
                &named(&word),
                None,
                scope,
            ));
        } else if let Some((line, class)) = class(cx, row, scope) {
            let evidence =
                vec![Evidence::of(format!("清单第{}行名称", row.row), name), Evidence::of("发票品名", line)];
            out.hit(draft(row, evidence, &format!("发票品名属“{class}”类"), None, scope));
        } else if let Some(word) = ends(&plain, &scope.doubtful) {
            let evidence = vec![Evidence::of(format!("清单第{}行名称", row.row), name)];
            out.hit(draft(row, evidence, &named(&word), Some(Severity::Notice), scope));
        } else if is_generic(&plain, scope) && !described(cx, row, scope) {
            let message = format!(
                "{}的名称看不出买的是什么，凭证也没有写明品名，无法判断是否属于通知所指的硬件、软件、云服务投入。请申报单位补列明细。",
                row_name(row)
            );
            let evidence = vec![Evidence::of(format!("清单第{}行名称", row.row), name)];
            out.hit(Draft::unverifiable(format!("{}名称笼统", row_name(row)), message, evidence));
        } else {
            out.pass();
        }
    }
}

fn named(word: &str) -> String {
    format!("名称为“{word}”一类")
}

/// The word of the list in which the name ends: 办公家具 ends in 家具, 家具管理系统 does not.
fn ends(name: &str, words: &[String]) -> Option<String> {
    let name = goods(name);
    let bare = name.find(['(', '（']).filter(|i| *i > 0).map_or(name.as_str(), |i| &name[..i]);
    words.iter().find(|w| bare.ends_with(w.as_str())).cloned()
}

fn is_generic(name: &str, scope: &Scope) -> bool {
    let name = squash(name);
    name.ends_with("一批") || scope.generic.contains(&name)
}

/// A line of the row's invoices in a class that lies outside.
fn class<'a>(cx: &Cx<'a>, row: &InvestmentRow, scope: &Scope) -> Option<(&'a Sourced<Value>, String)> {
    let links = row.invoices.iter().filter(|l| l.unique);
    let lines = links.filter_map(|l| cx.document(l.document)).flat_map(|d| &d.items);
    lines.filter_map(|r| r.get("name").and_then(Field::found)).find_map(|s| {
        let class = tax_class(&s.value.to_plain())?;
        scope.classes.contains(&class).then_some((s, class))
    })
}

/// Whether the row's papers say what was bought.
fn described(cx: &Cx<'_>, row: &InvestmentRow, scope: &Scope) -> bool {
    row.invoices.iter().chain(&row.contracts).filter_map(|l| cx.document(l.document)).any(|d| {
        d.items.iter().filter_map(|r| r.get("name").and_then(Field::found)).any(|s| {
            let name = goods(&s.value.to_plain());
            name.chars().count() >= 2 && !is_generic(&name, scope) && !name.contains("详见")
        })
    })
}

fn draft(
    row: &InvestmentRow,
    evidence: Vec<Evidence>,
    why: &str,
    severity: Option<Severity>,
    scope: &Scope,
) -> Draft {
    let sum = total(row).map(|t| t.1.yuan).unwrap_or_default();
    let message = format!(
        "{}（{}）：{why}。通知所指投资为实现生产要素管控的硬件、相关软件与集成服务、云服务和新增人员劳务。已排除名称中只是带有该词的系统、软件和模块（以名称结尾的词为准）。{}",
        row_name(row),
        say::yuan(sum),
        if severity.is_some() {
            "该类支出有时确为平台所用，请申报单位说明用途。"
        } else {
            "请申报单位说明与平台建设的关系，或从已完成投资中剔除。"
        }
    );
    let (outside, classes) = (scope.outside.clone(), scope.classes.clone());
    let doubtful = scope.doubtful.clone();
    let draft = Draft::anomaly(format!("{}不属于平台投资范围", row_name(row)), message, evidence)
        .effect(sum)
        .still_holds(move |v| {
            let text = |i: usize| v.get(i).and_then(|x| x.as_ref()).map(Value::to_plain);
            let name = text(0).unwrap_or_default();
            ends(&name, &outside).is_some()
                || ends(&name, &doubtful).is_some()
                || text(1).and_then(|t| tax_class(&t)).is_some_and(|c| classes.contains(&c))
        });
    match severity {
        Some(s) => draft.severity(s),
        None => draft,
    }
}

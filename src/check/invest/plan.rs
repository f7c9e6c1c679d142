//! INVEST-004 more completed than planned.

use crate::check::cx::{money_of, yuan};
use crate::check::{Cx, Out, say};
use crate::model::{Draft, Evidence, Field};

const PLAN: &str = "基本信息.计划投资";
const DONE: &str = "基本信息.已完成投资";

/// INVEST-004.
pub(super) fn over_plan(cx: &Cx<'_>, out: &mut Out) {
    let read = |f: &str| cx.form(f).and_then(|s| Some((s, money_of(s)?)));
    let (Some((p, plan)), Some((d, done))) = (read(PLAN), read(DONE)) else {
        let smudged: Vec<Evidence> = [(PLAN, "计划投资"), (DONE, "已完成投资")]
            .into_iter()
            .filter_map(|(f, label)| match cx.form_field(f) {
                Some(field @ Field::Unreadable(_)) => Some(Evidence::of_field(label, field)),
                _ => None,
            })
            .collect();
        if smudged.is_empty() {
            return out.cannot("没有读到计划投资或已完成投资");
        }
        let message = "计划投资或已完成投资的数字未能读取，无法比较两者。请对照原件。";
        return out.hit(Draft::unverifiable("计划投资与已完成投资无法比较", message, smudged));
    };
    // One unit of the coarser display.
    let slack =
        (plan.half_unit() * rust_decimal::Decimal::TWO).max(done.half_unit() * rust_decimal::Decimal::TWO);
    if done.yuan <= plan.yuan + slack {
        return out.pass();
    }
    let message = format!(
        "已完成投资{}，计划投资{}，超出{}（{}）。已考虑显示位数（允许误差{}）。可能是追加投资而未更新计划，或单位填错。请申报单位更正计划投资，或说明超出部分。",
        say::printed(done),
        say::printed(plan),
        say::yuan(done.yuan - plan.yuan),
        say::percent(done.yuan - plan.yuan, plan.yuan),
        say::yuan(slack)
    );
    let evidence = vec![Evidence::of("已完成投资", d), Evidence::of("计划投资", p)];
    out.hit(
        Draft::anomaly("已完成投资超过计划投资", message, evidence)
            .still_holds(move |v| matches!((yuan(&v[0]), yuan(&v[1])), (Some(d), Some(p)) if d > p + slack)),
    );
}

//! DUP-007 one platform filed twice (`domain.md` T-10).

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use super::papers::{partners, same_applicant};
use crate::check::{All, Cx, Out};
use crate::model::{Draft, Evidence, Severity, Sourced, Value};
use crate::text::name::brand;
use crate::text::normal::{likeness, squash};

/// Words of which every platform's name is made.
const COMMON: [&str; 10] =
    ["工业互联网", "互联网", "综合服务", "公共服务", "服务", "平台", "工业", "智能制造", "项目", "云平台"];

fn platform<'a>(cx: &Cx<'a>) -> Option<(&'a Sourced<Value>, String)> {
    let s = cx.form("基本信息.平台名称").or_else(|| cx.form("封面.平台名称"))?;
    Some((s, squash(&s.value.to_plain()).to_lowercase()))
}

/// What is left of a platform's name that belongs to it alone.
fn own_part(name: &str, province: &str) -> String {
    let name = name.replace(&format!("{province}省"), "").replace(province, "");
    COMMON.iter().fold(name, |n, w| n.replace(w, ""))
}

fn close(a: &str, b: &str, least: Decimal) -> bool {
    let like = Decimal::from_f32(likeness(a, b)).unwrap_or_default() * Decimal::ONE_HUNDRED;
    like.round_dp(1) >= least
}

/// DUP-007.
pub(super) fn twice(all: &All<'_>, out: &mut Out) {
    if all.cases.len() < 2 {
        return out.cannot("只有一个申报项目");
    }
    let least = all.notice.param("DUP-007", "percent");
    for (i, x) in all.cases.iter().enumerate() {
        for y in &all.cases[i + 1..] {
            let (Some((a, p)), Some((b, q))) = (platform(x), platform(y)) else { continue };
            let one = same_applicant(x, y);
            let alike = close(&p, &q, least);
            // Different applicants: the part that belongs to the platform alone must be the same and say something.
            let named = p == q && own_part(&p, &all.notice.province_name).chars().count() >= 2;
            if !one && !named {
                continue;
            }
            let submissions = vec![x.case.id.clone(), y.case.id.clone()];
            out.hit_on(submissions, draft((x, a), (y, b), one, if one { alike } else { named }));
        }
    }
}

/// Whether the applicants have one name and no code in common.
fn namesakes(x: &Cx<'_>, y: &Cx<'_>) -> bool {
    let (a, b) = (&x.applicant.ids, &y.applicant.ids);
    !a.is_empty() && !b.is_empty() && !a.iter().any(|i| b.contains(i))
}

fn draft(
    (x, a): (&Cx<'_>, &Sourced<Value>),
    (y, b): (&Cx<'_>, &Sourced<Value>),
    one: bool,
    alike: bool,
) -> Draft {
    let evidence = vec![Evidence::of("平台名称", a), Evidence::of("平台名称", b)];
    let name = |cx: &Cx<'_>| cx.applicant.names.first().cloned().unwrap_or_default();
    let joint = partners(x, y);
    let facts = format!(
        "“{}”（{}，{}）与“{}”（{}，{}）",
        a.value.to_plain(),
        name(x),
        x.case.id,
        b.value.to_plain(),
        name(y),
        y.case.id
    );
    let (title, message) = match (one, alike) {
        (true, _) if namesakes(x, y) => (
            "两个申报单位同名而代码不同",
            format!(
                "{facts}的申报单位名称相同，统一社会信用代码不同（{}；{}）。可能是同一单位而代码有误，也可能是同名的两个单位，本工具不能区分。请先以营业执照核对，再核对是否一个平台申报两次。",
                x.applicant.ids.join("、"),
                y.applicant.ids.join("、")
            ),
        ),
        (true, true) => (
            "同一单位的同一平台申报两次",
            format!(
                "{facts}由同一单位申报，平台名称相同或仅个别字不同。一个平台只能申报一次；已比对单位代码和名称。请推荐单位核实保留哪一份。"
            ),
        ),
        (true, false) => (
            "同一单位申报两个平台",
            format!(
                "{facts}由同一单位申报，平台名称不同。通知没有禁止一个单位申报几个平台，只作提示，请核对投资是否重复计算。"
            ),
        ),
        _ => (
            "不同单位申报同一平台",
            format!(
                "{facts}平台名称完全相同，去掉“工业互联网平台”等通用词后仍相同。{}请推荐单位核实平台的建设运营主体和产权归属。",
                if joint {
                    "申报书载明双方合作共建，故只作提示。"
                } else {
                    "没有看到合作共建的说明。"
                }
            ),
        ),
    };
    let draft = Draft::anomaly(title, message, evidence).still_holds(move |v| match (&v[0], &v[1]) {
        (Some(p), Some(q)) if !one => squash(&p.to_plain()) == squash(&q.to_plain()),
        _ => true,
    });
    // A name without anybody's brand may be what the trade calls such platforms.
    let brands = [x, y].into_iter().flat_map(|cx| &cx.applicant.names).filter_map(|n| brand(n));
    let own = squash(&a.value.to_plain());
    let branded = brands.into_iter().any(|b| own.to_uppercase().contains(&b));
    let draft = if one || branded { draft } else { draft.severity(Severity::Minor) };
    if joint || (one && !alike) { draft.severity(Severity::Notice) } else { draft }
}

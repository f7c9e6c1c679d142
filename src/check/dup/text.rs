//! DUP-005 long passages of one form that stand in another (`domain.md` X-18).

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::papers::{partners, same_applicant};
use crate::check::cx::whole;
use crate::check::{All, Cx, Out, say};
use crate::model::{Confidence, Draft, Evidence, Grade, Severity, Value};
use crate::text::normal::squash;
use crate::text::passage::{Passage, common, marks, runs};

/// Major only from so many characters: a third of a form in which nearly nothing is written is little.
const MUCH: usize = 300;
/// Passages shown of a pair.
const SHOWN: usize = 3;

/// What a form says in its own words.
struct Own {
    chars: Vec<char>,
    runs: Vec<u64>,
}

/// DUP-005.
pub(super) fn passages(all: &All<'_>, out: &mut Out) {
    if all.cases.len() < 2 {
        return out.cannot("只有一个申报项目");
    }
    let own: Vec<Option<Own>> = all.cases.iter().map(|cx| of_form(cx)).collect();
    let everybody = everybody(all, &own);
    let counts = |h: u64| everybody.binary_search(&h).is_err();
    let param = |name: &str| all.notice.param("DUP-005", name);
    let least = param("chars").to_usize().unwrap_or(80).max(20);
    for (i, j) in pairs(&own, &counts) {
        let (x, y) = (&all.cases[i], &all.cases[j]);
        let (Some(a), Some(b)) = (&own[i], &own[j]) else { continue };
        if same_applicant(x, y) || partners(x, y) {
            continue;
        }
        let found = common(&a.runs, &b.runs, least, &counts);
        let length: usize = found.iter().map(|p| p.first.len()).sum();
        if length == 0 {
            continue;
        }
        let mine = |o: &Own| o.runs.iter().filter(|h| counts(**h)).count().max(1);
        let shorter = mine(a).min(mine(b)).max(length);
        let share = Decimal::from(length) * Decimal::ONE_HUNDRED / Decimal::from(shorter);
        let grave = share >= param("percent") && length >= MUCH;
        out.hit_on(
            vec![x.case.id.clone(), y.case.id.clone()],
            draft((x, a), (y, b), &found, share, least, grave),
        );
    }
}

/// The form without sentences that quote policies: everybody quotes them.
fn of_form(cx: &Cx<'_>) -> Option<Own> {
    let text = &cx.case.form()?.text;
    let policy = |s: &str| cx.notice.policy.iter().any(|w| s.contains(w.as_str()));
    let chars: Vec<char> = text
        .split_inclusive(['。', '；', ';', '！', '？'])
        .filter(|s| !policy(s))
        .flat_map(str::chars)
        .collect();
    let runs = runs(&chars);
    Some(Own { chars, runs })
}

/// Runs of the notice's own wording, and those that more applicants share than copy from each other, in order.
fn everybody(all: &All<'_>, own: &[Option<Own>]) -> Vec<u64> {
    let many = all.notice.param("DUP-005", "common").to_usize().unwrap_or(3);
    let mut seen: Vec<u64> = Vec::new();
    for o in own.iter().flatten() {
        let mut mine = o.runs.clone();
        mine.sort_unstable();
        mine.dedup();
        seen.extend(mine);
    }
    seen.sort_unstable();
    let mut out: Vec<u64> = seen.chunk_by(|a, b| a == b).filter(|c| c.len() > many).map(|c| c[0]).collect();
    let wording: Vec<char> = squash(&all.notice.wording).chars().collect();
    out.extend(runs(&wording));
    out.sort_unstable();
    out.dedup();
    out
}

/// Forms that share one of the marks by which they are known; the others have no long passage in common.
fn pairs(own: &[Option<Own>], counts: &dyn Fn(u64) -> bool) -> BTreeSet<(usize, usize)> {
    let mut by_mark: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (i, o) in own.iter().enumerate() {
        for mark in o.iter().flat_map(|o| marks(&o.runs)).filter(|m| counts(*m)) {
            by_mark.entry(mark).or_default().push(i);
        }
    }
    let mut out = BTreeSet::new();
    for cases in by_mark.values() {
        for (n, i) in cases.iter().enumerate() {
            out.extend(cases[n + 1..].iter().map(|j| (*i, *j)));
        }
    }
    out
}

fn draft(
    (x, a): (&Cx<'_>, &Own),
    (y, b): (&Cx<'_>, &Own),
    found: &[Passage],
    share: Decimal,
    least: usize,
    grave: bool,
) -> Draft {
    let mut longest: Vec<&Passage> = found.iter().collect();
    longest.sort_by_key(|p| (std::cmp::Reverse(p.first.len()), p.first.start));
    let mut evidence = Vec::new();
    let mut shown = Vec::new();
    for p in longest.iter().take(SHOWN) {
        let text: String = a.chars[p.first.clone()].iter().collect();
        let head: String = text.chars().take(60).collect();
        shown.push(format!(
            "“{head}{}”（{}字）",
            if text.chars().count() > 60 { "……" } else { "" },
            p.first.len()
        ));
        evidence.extend(place(x, &text));
        evidence.extend(place(y, &b.chars[p.second.clone()].iter().collect::<String>()));
    }
    let length: usize = found.iter().map(|p| p.first.len()).sum();
    let message = format!(
        "两份申报书（{}、{}）有{}段连续{least}字以上相同，共{length}字，占较短一份自有文字的{}%。最长的几段：{}。已除去通知和申报书表格的固定文字、引用政策文件的句子以及多家申报单位共有的文字，并排除同一申报单位和合作共建。同一服务机构代写、同一供应商的产品介绍、集团统一口径都可能造成雷同，请各申报单位说明。",
        x.case.id,
        y.case.id,
        found.len(),
        say::number(share.round_dp(1)),
        shown.join("；"),
    );
    let title = format!("两份申报书有{length}字雷同");
    let draft = Draft::anomaly(title, message, evidence).still_holds(|_| true);
    if grave { draft.severity(Severity::Major) } else { draft }
}

/// The passage as evidence: at the field that holds it, else at the form.
fn place(cx: &Cx<'_>, text: &str) -> Option<Evidence> {
    let form = cx.case.form()?;
    let head: String = text.chars().skip(text.chars().count() / 3).take(24).collect();
    let holds = |s: &&crate::model::Sourced<Value>| squash(&s.value.to_plain()).contains(&head);
    let source = form.fields.values().filter_map(crate::model::Field::found).find(holds);
    let mut evidence = whole("雷同文字", form);
    if let Some(s) = source {
        evidence.source = s.source().clone();
    }
    evidence.value = Some(Value::Text(text.to_owned()));
    evidence.raw = text.to_owned();
    evidence.grade = Grade::Text;
    evidence.confidence = Confidence::FULL;
    Some(evidence)
}

//! DUP-004 one picture in two submissions.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::prelude::ToPrimitive;

use super::papers::{partners, same_applicant};
use crate::check::cx::place;
use crate::check::{All, Cx, Out, say};
use crate::model::{Alike, Document, Draft, Evidence, Kind, Picture, Severity, Source, Use, UsedKind};
use crate::text::name::brand;
use crate::text::party::names;

/// Most pictures shown for two submissions.
const SHOWN: usize = 4;

/// DUP-004.
pub(super) fn pictures(all: &All<'_>, out: &mut Out) {
    if all.cases.len() < 2 && all.batch.earlier.is_none() {
        return out.cannot("只有一个申报项目，也没有使用台账（--ledger）");
    }
    let common = all.notice.param("DUP-004", "common").to_usize().unwrap_or(3);
    let pairs: Vec<&Alike> = all.batch.alike.iter().filter(|a| counts(all, a)).collect();
    let mut by_cases: BTreeMap<[usize; 2], Vec<&Alike>> = BTreeMap::new();
    for pair in &pairs {
        if users(&pairs, &pair.sources[0]).len() <= common {
            by_cases.entry(pair.cases).or_default().push(pair);
        }
    }
    for (cases, pairs) in by_cases {
        let submissions = cases.iter().map(|i| all.cases[*i].case.id.clone()).collect();
        out.hit_on(submissions, draft(all, cases, &pairs));
    }
    for cx in &all.cases {
        if let Some(draft) = earlier(all, cx) {
            out.hit_on(vec![cx.case.id.clone()], draft);
        }
    }
}

/// Whether a pair is of unrelated applicants, and not told as one file by DUP-003.
fn counts(all: &All<'_>, pair: &Alike) -> bool {
    let [Some(a), Some(b)] = pair.cases.map(|i| all.cases.get(i)) else { return false };
    let [x, y] = [(a, &pair.sources[0]), (b, &pair.sources[1])].map(|(cx, s)| document(cx, s));
    let one_file = x.zip(y).is_some_and(|(x, y)| x.sha256 == y.sha256);
    !one_file && !same_applicant(a, b) && !partners(a, b)
}

fn document<'a>(cx: &Cx<'a>, source: &Source) -> Option<&'a Document> {
    cx.case.documents.iter().find(|d| d.file == source.file && d.kind == Kind::Screenshot)
}

/// The submissions that show a picture.
fn users(pairs: &[&Alike], picture: &Source) -> BTreeSet<usize> {
    let mut cases = BTreeSet::new();
    let mut seen: Vec<&Source> = vec![picture];
    let mut at = 0;
    while let Some(source) = seen.get(at).copied() {
        for pair in pairs.iter().filter(|p| p.sources.contains(source)) {
            cases.extend(pair.cases);
            seen.extend(pair.sources.iter().filter(|s| !seen.contains(s)).collect::<Vec<_>>());
        }
        at += 1;
    }
    cases
}

fn draft(all: &All<'_>, cases: [usize; 2], pairs: &[&Alike]) -> Draft {
    let applicants = cases.map(|i| {
        let cx = &all.cases[i];
        cx.applicant.names.first().cloned().unwrap_or_else(|| cx.case.id.clone())
    });
    let mut evidence = Vec::new();
    let mut said = Vec::new();
    for pair in pairs.iter().take(SHOWN) {
        let [a, b] = &pair.sources;
        let at = |s: &Source| {
            let name = s.file.rsplit('/').next().unwrap_or(&s.file).to_owned();
            s.place.page().map_or(name.clone(), |p| format!("{name} 第{p}页"))
        };
        let mirrored = if pair.mirrored { "，其中一幅左右翻转" } else { "" };
        said.push(format!(
            "{}与{}（结构相似度{}%，感知哈希相差{}位{mirrored}）",
            at(a),
            at(b),
            pair.likeness / 10,
            pair.distance
        ));
        evidence.extend([a, b].map(|s| place("图片", &s.file, s.place.clone())));
    }
    let brands = applicants.clone().map(|n| brand(&n));
    let group = brands[0].is_some() && brands[0] == brands[1];
    let message = format!(
        "{}与{}的截图或照片有{}幅高度近似：{}。已排除同一申报单位、合作共建、完全相同的文件（另报）、三个以上申报单位共有的图片。同一供应商的演示界面、公开图片也会如此；{}请各申报单位说明来源。",
        applicants[0],
        applicants[1],
        pairs.len(),
        say::list(&said, SHOWN),
        if group { "两家名称相近，可能属同一集团，故只作提示；" } else { "" },
    );
    let title = format!("两个申报项目有{}幅图片高度近似", pairs.len());
    let draft = Draft::anomaly(title, message, evidence);
    if group { draft.severity(Severity::Notice) } else { draft }
}

/// Pictures that other applicants used in earlier runs: only their imprints are left, so that nobody can be sure.
fn earlier(all: &All<'_>, cx: &Cx<'_>) -> Option<Draft> {
    let bits = all.notice.param("DUP-004", "bits").to_u32().unwrap_or(6);
    let known: Vec<(&Use, crate::model::Imprint)> = all
        .batch
        .earlier
        .iter()
        .flatten()
        .filter(|e| e.kind == UsedKind::Picture && !is_own(cx, e) && !is_here(all, e))
        .filter_map(|e| Some((e, crate::model::Imprint::named(&e.key)?)))
        .collect();
    let common = all.notice.param("DUP-004", "common").to_usize().unwrap_or(3);
    let near = |p: &Picture| {
        let alike = known.iter().filter(|(_, i)| i.distance(p.imprint) <= bits).map(|(e, _)| *e);
        let alike: Vec<&Use> = alike.collect();
        // What many applicants used is everybody's picture.
        let users: BTreeSet<&str> = alike.iter().map(|e| e.applicant.as_str()).collect();
        alike.first().copied().filter(|_| users.len() <= common)
    };
    let pictures = cx.case.documents.iter().flat_map(|d| &d.pictures);
    let found: Vec<(&Picture, &Use)> = pictures.filter_map(|p| Some((p, near(p)?))).collect();
    let (_, first) = found.first()?;
    let evidence: Vec<Evidence> = found
        .iter()
        .take(SHOWN)
        .map(|(p, _)| place("图片", &p.source.file, p.source.place.clone()))
        .collect();
    let message = format!(
        "有{}幅截图或照片与以前申报项目“{}”（{}，台账 {} 记入，{} 第{}页）的图片感知哈希相近。台账只保存哈希，不能逐点比对，不据此认定。请调阅以前的材料对照。",
        found.len(),
        first.submission,
        first.applicant,
        first.noted,
        first.file,
        first.page
    );
    Some(Draft::unverifiable("图片与以前申报项目的图片相近", message, evidence))
}

/// The same submission checked before: its pictures are compared themselves.
fn is_here(all: &All<'_>, earlier: &Use) -> bool {
    earlier.notice == all.notice.id && all.cases.iter().any(|cx| cx.case.id == earlier.submission)
}

fn is_own(cx: &Cx<'_>, earlier: &Use) -> bool {
    let by_id = earlier.applicant_id.as_ref().is_some_and(|id| cx.applicant.ids.contains(id));
    by_id || cx.applicant.names.iter().any(|n| names(n, &earlier.applicant, false).may_be_same())
}

//! Seals, and places that ask for a signature, a seal or a date.

use super::{pages, percent, section};
use crate::model::{MarkKind, Page, Seal, SealInk, SealShape, Seen};
use crate::report::Lang;

/// Both as sections, where there are any.
pub(super) fn tell(out: &mut String, all: &[Page], lang: Lang) {
    let page = |n: u32| pages((n, n), lang);
    let seals = all.iter().flat_map(|p| p.seals.iter().map(move |s| (p.number, s)));
    let seals = seals.map(|(n, s)| format!("{}　{}", page(n), seal(s, lang)));
    section(out, lang.t("印章", "Seals"), seals.collect());
    let marks = all.iter().flat_map(|p| p.marks.iter().map(move |m| (p, m)));
    let marks = marks.map(|(p, m)| {
        let there = match m.seen {
            Seen::Present => lang.t("有", "there"),
            Seen::Absent => lang.t("空白", "empty"),
            Seen::Unknown if !p.coloured => lang.t("灰度扫描，不能判断", "grey scan, cannot be told"),
            Seen::Unknown => lang.t("不能判断", "cannot be told"),
        };
        let kind = match m.kind {
            MarkKind::Signature => lang.t("签字", "signature"),
            MarkKind::Seal => lang.t("盖章", "seal"),
            MarkKind::Either => lang.t("签字或盖章", "signature or seal"),
            MarkKind::Date => lang.t("日期", "date"),
        };
        let text = m.text.as_deref().map(|t| format!("　{}", super::short(t, 40))).unwrap_or_default();
        format!("{}　{}　【{kind}】{there}{text}", page(p.number), super::short(&m.label, 40))
    });
    section(out, lang.t("签字、盖章、日期处", "Places for signatures, seals and dates"), marks.collect());
}

fn seal(s: &Seal, lang: Lang) -> String {
    let ink = match s.ink {
        SealInk::Red => lang.t("红色", "red"),
        SealInk::Purple => lang.t("紫色", "purple"),
        SealInk::Grey => lang.t("黑白", "grey"),
        SealInk::Unknown => "",
    };
    let shape = match s.shape {
        SealShape::Round => lang.t("圆章", "round seal"),
        SealShape::Oval => lang.t("椭圆章", "oval seal"),
        SealShape::Square => lang.t("方章", "square seal"),
        SealShape::Unknown => lang.t("印章", "seal"),
    };
    let text = match &s.text {
        Some(text) => format!("　“{text}”（{}）", percent(s.confidence)),
        None => lang.t("　印文不能辨认", "　its words cannot be read").to_owned(),
    };
    let over = if s.over_text { lang.t("　压在文字上", "　over text") } else { "" };
    let b = s.bbox;
    format!("{ink}{shape}{text}{over}　({:.0},{:.0})–({:.0},{:.0})", b.x0, b.y0, b.x1, b.y1)
}

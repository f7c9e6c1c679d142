//! TAMPER-005 figures of a scan that do not look like the rest of it.

use super::revised::{at, effect, fields_at, is_by_others, issued};
use crate::check::{Cx, Out, say};
use crate::model::{Change, Cue, Draft, ReadBy, Severity};

/// TAMPER-005.
pub(super) fn pasted(cx: &Cx<'_>, out: &mut Out) {
    let mut any = false;
    for d in issued(cx).filter(|d| d.read_by == ReadBy::Ocr) {
        any = true;
        let (mut said, mut evidence, mut most) = (Vec::new(), Vec::new(), 0);
        for t in &d.traces {
            let Change::Pasted { text, cues } = &t.mark else { continue };
            // Stamps with dates, page numbers and notes are put on papers every day.
            if fields_at(d, t).is_empty() {
                continue;
            }
            most = most.max(cues.len());
            let how: Vec<&str> = cues.iter().map(|c| words(*c)).collect();
            said.push(format!("“{text}”：{}", how.join("；")));
            evidence.push(at("与整页不一致的数字", text, t, d));
        }
        if said.is_empty() {
            out.pass();
            continue;
        }
        let message = format!(
            "{}的扫描图像中，有要素数字与同一页其余文字的成像不一致：{}。已排除整页经扫描软件增强、整页由共用字模压缩、印章和二维码覆盖处、彩色字迹，以及不在要素位置的数字。这只是图像线索，请调阅原件，并与其他凭证的金额核对。",
            say::doc(d),
            said.join("。")
        );
        let title = format!("{}扫描件的个别数字有拼贴迹象", say::kind(d.kind));
        let draft = Draft::anomaly(title, message, evidence);
        out.hit(match (most > 1, is_by_others(d)) {
            (true, true) => draft.severity(Severity::Major).effect(effect(cx, d)),
            // The parties of a contract may correct it, and one cue has many explanations.
            _ => draft,
        });
    }
    if !any {
        out.cannot("没有扫描的证明材料");
    }
}

fn words(cue: Cue) -> &'static str {
    match cue {
        Cue::Ink => "墨色为纯黑且边缘比整页文字锐利",
        Cue::Paper => "所在纸面的明暗或颗粒与周围纸面不同",
        Cue::Copied => "与本页另一处的同一数字图像逐点相同",
    }
}

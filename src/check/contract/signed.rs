//! CONTRACT-004 contracts unsigned, unsealed or undated.

use super::dates::day;
use super::wording::name_of;
use crate::check::amends::purchases;
use crate::check::cx::{number_of, whole};
use crate::check::{Cx, Out, say};
use crate::model::{Document, Draft, Evidence, Field, IntegrityState, ReadBy};
use crate::text::date::find_dates;

/// What the paper shows of its signing.
#[derive(PartialEq)]
enum Signing {
    Done,
    /// Nothing there, where it would be seen.
    Not(&'static str),
    /// It cannot be told.
    Unknown(&'static str),
}

/// CONTRACT-004.
pub(super) fn signed(cx: &Cx<'_>, out: &mut Out) {
    let contracts = purchases(cx);
    if contracts.is_empty() {
        return out.cannot("没有合同");
    }
    let mut open: Vec<(&Document, &'static str)> = Vec::new();
    for d in &contracts {
        match signing(d, &contracts) {
            Signing::Done => out.pass(),
            Signing::Not(why) => {
                let message = format!(
                    "{}：{why}。已查找印章图像、电子签名和签章处的图片；线上订单、电子合同平台签署的请附签署证明。请补交双方签章的合同。",
                    name_of(d)
                );
                let mut evidence = vec![whole("合同", d)];
                evidence.extend(d.value("title").map(|s| Evidence::of("合同名称", s)));
                let title = format!("{}未见签章", name_of(d));
                out.hit(Draft::anomaly(title, message, evidence).still_holds(|_| true));
            }
            Signing::Unknown(why) => open.push((d, why)),
        }
        match dated(d) {
            Signing::Done => out.pass(),
            Signing::Not(why) => {
                let message = format!("{}：{why}。请补交载明签订日期的合同，或说明签订时间。", name_of(d));
                let evidence = match d.fields.get("signed_on") {
                    Some(f) => vec![Evidence::of_field("签订日期", f)],
                    None => vec![whole("合同", d)],
                };
                let title = format!("{}没有签订日期", name_of(d));
                out.hit(Draft::anomaly(title, message, evidence).still_holds(|_| true));
            }
            Signing::Unknown(why) => open.push((d, why)),
        }
    }
    // Many contracts that cannot be told have one cause: one finding.
    if !open.is_empty() {
        let list: Vec<String> = open.iter().map(|(d, why)| format!("{}（{why}）", name_of(d))).collect();
        let mut evidence: Vec<Evidence> = open.iter().take(5).map(|(d, _)| whole("合同", d)).collect();
        evidence.dedup_by(|a, b| a.source == b.source);
        let message = format!(
            "以下合同的签章或签订日期未能从复印件确定：{}。灰度、黑白扫描件上的印章常不能识别，手写日期不识读。请对照原件。",
            say::list(&list, 6)
        );
        out.hit(Draft::unverifiable(format!("{}处合同签章或日期未能确定", open.len()), message, evidence));
    }
}

fn seals(d: &Document) -> bool {
    d.value("seals").and_then(number_of).is_some_and(|n| !n.is_zero())
}

fn signing(d: &Document, all: &[&Document]) -> Signing {
    let signature = |i: &&crate::model::Integrity| {
        (i.what.contains("签名") || i.what.contains("签章")) && i.state != IntegrityState::Absent
    };
    if seals(d) || d.integrity.iter().any(|i| signature(&i)) {
        return Signing::Done;
    }
    match d.read_by {
        ReadBy::Ocr => {
            // Where other contracts of the same file show theirs, the scan has colour.
            let colour =
                all.iter().any(|o| o.file == d.file && o.id != d.id && o.read_by == ReadBy::Ocr && seals(o));
            if colour && d.pages.1 > d.pages.0 {
                Signing::Not("同一扫描件中其他合同有印章，这一份没有")
            } else {
                Signing::Unknown("扫描件上没有识别到印章")
            }
        }
        ReadBy::Pdf | ReadBy::Ofd => {
            let online = [
                "电子签",
                "电子合同",
                "e签宝",
                "法大大",
                "契约锁",
                "在线签署",
                "数字证书",
                "服务条款",
                "点击同意",
            ];
            if online.iter().any(|w| d.text.contains(w)) {
                Signing::Unknown("电子签署的合同，文件中没有签名")
            } else {
                Signing::Not("电子版合同上既没有印章图像，也没有电子签名")
            }
        }
        _ => Signing::Unknown("可编辑文件，看不出是否签章"),
    }
}

fn dated(d: &Document) -> Signing {
    match d.fields.get("signed_on") {
        Some(Field::Found(_)) => return Signing::Done,
        Some(Field::Unreadable(_)) => return Signing::Unknown("签订日期未能读取"),
        None => {}
    }
    debug_assert!(day(d, "signed_on").is_none());
    if !find_dates(&d.text).is_empty() {
        // One of the days in the text may be it.
        return Signing::Done;
    }
    if d.read_by == ReadBy::Ocr {
        return Signing::Unknown("没有读到签订日期，可能是手写");
    }
    Signing::Not("全文没有任何日期")
}

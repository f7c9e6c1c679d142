//! EVIDENCE-009 the list of attachments, -011 poor pages, -012 numbers that cannot be, -013 honours.

use chrono::Datelike;

use crate::check::cx::{place, text, text_of, whole};
use crate::check::{Cx, Out, say};
use crate::model::{Document, Draft, Evidence, Field, Grade, Kind, ReadBy, Severity, Sourced, Value};
use crate::text::code::{CodeCheck, check_patent_number, clean_code};
use crate::text::normal::squash;

/// Words of a list of attachments with the kinds of documents that answer them.
const LISTED: &[(&str, &[Kind])] = &[
    ("营业执照", &[Kind::BusinessLicence]),
    ("完税", &[Kind::TaxCertificate]),
    ("纳税证明", &[Kind::TaxCertificate]),
    ("专项审计", &[Kind::SpecialAudit]),
    ("发票", &[Kind::Invoice]),
    ("采购合同", &[Kind::Contract]),
    ("资产负债表", &[Kind::BalanceSheet, Kind::AuditReport]),
    ("审计报告", &[Kind::AuditReport, Kind::SpecialAudit]),
    ("著作权", &[Kind::IpCertificate]),
    ("专利", &[Kind::IpCertificate]),
];

/// EVIDENCE-009.
pub(super) fn list(cx: &Cx<'_>, out: &mut Out) {
    let attached = cx.case.documents.iter().filter(|d| d.kind != Kind::ApplicationForm).count();
    if attached == 0 {
        return out.skip();
    }
    let lists: Vec<&Document> = cx.of(Kind::EvidenceList).collect();
    if lists.is_empty() {
        let blind = cx.blind_spots();
        let message = format!(
            "附件共{attached}份材料，没有找到证明材料清单（通知：证明材料请列明清单，以附件形式附后）。{}。",
            cx.looked_through()
        );
        let evidence = vec![cx.whole_form("申报书（三、有关证明材料）")];
        return out.hit(if blind.is_empty() {
            Draft::anomaly("缺少证明材料清单", format!("{message}请申报单位补交。"), evidence)
        } else {
            let message =
                format!("{message}但以下材料未能完全读取，可能就在其中：{}。", say::list(&blind, 3));
            Draft::unverifiable("没有找到证明材料清单", message, evidence)
        });
    }
    let mut missing: Vec<(&str, Evidence)> = Vec::new();
    for row in lists.iter().flat_map(|d| &d.items) {
        let Some(s) = row.get("name").or_else(|| row.values().next()).and_then(Field::found) else {
            continue;
        };
        let name = squash(&text_of(s));
        let Some((word, kinds)) = LISTED.iter().find(|(w, _)| name.contains(w)) else { continue };
        // An invoice named beside a receipt, a certificate that is none of ours: any sign of it counts.
        let there = cx.case.documents.iter().any(|d| {
            (kinds.contains(&d.kind) && !is_other_right(d, word))
                || (!matches!(d.kind, Kind::EvidenceList | Kind::ApplicationForm)
                    && (d.file.contains(word) || d.text.contains(word)))
        });
        let optional = name.contains("若有") || name.contains("如有") || name.ends_with("无");
        if !there && !optional && !missing.iter().any(|m| m.0 == *word) {
            missing.push((word, Evidence::of("清单所列材料", s)));
        }
    }
    if missing.is_empty() {
        return out.pass();
    }
    let words: Vec<String> = missing.iter().map(|m| m.0.to_owned()).collect();
    let evidence: Vec<Evidence> = missing.into_iter().map(|m| m.1).collect();
    let message = format!(
        "证明材料清单列有{}，附件中没有找到。{}。请申报单位核对清单与附件。",
        words.join("、"),
        cx.looked_through()
    );
    let blind = cx.blind_spots();
    out.hit(if blind.is_empty() {
        Draft::anomaly("证明材料清单与附件不符", message, evidence)
    } else {
        let message = format!("{message}但以下材料未能完全读取：{}。", say::list(&blind, 3));
        Draft::unverifiable("证明材料清单未能核对", message, evidence)
    });
}

/// Whether a certificate is known to be of another sort than the list says: a software copyright is no patent.
fn is_other_right(d: &Document, word: &str) -> bool {
    d.kind == Kind::IpCertificate && text(d, "type").is_some_and(|(_, kind)| !kind.contains(word))
}

/// EVIDENCE-011.
pub(super) fn poor(cx: &Cx<'_>, out: &mut Out) {
    let poor = || cx.poor_papers();
    if poor().next().is_none() {
        return out.pass();
    }
    let mut pages: Vec<String> = Vec::new();
    let mut evidence = Vec::new();
    for s in poor() {
        let name = s.file.rsplit('/').next().unwrap_or(&s.file);
        pages.push(s.place.page().map_or_else(|| name.to_owned(), |p| format!("{name} 第{p}页")));
        evidence.push(place("模糊页面", &s.file, s.place.clone()));
    }
    evidence.truncate(20);
    let message = format!(
        "以下页面过于模糊、倾斜或残缺，不能可靠识别：{}。凡可能用到这些页面的检查，均不作缺失认定，只报“无法核验”。请申报单位以不低于300dpi重新扫描提交。",
        say::list(&pages, 10)
    );
    out.hit(Draft::anomaly(format!("{}页过于模糊", pages.len()), message, evidence));
}

/// What is wrong with a certificate's number, with what else shows it.
struct Wrong<'a> {
    why: String,
    evidence: Vec<(&'static str, &'a Sourced<Value>)>,
}

/// EVIDENCE-012.
pub(super) fn numbers(cx: &Cx<'_>, out: &mut Out) {
    let mut any = false;
    for d in &cx.case.documents {
        let wrong = match d.kind {
            Kind::IpCertificate => certificate(d),
            Kind::AuditReport | Kind::SpecialAudit => report(d),
            _ => continue,
        };
        let Some(number) = d.value("number") else { continue };
        any = true;
        let Some(wrong) = wrong else {
            out.pass();
            continue;
        };
        let mut evidence = vec![Evidence::of("编号", number)];
        evidence.extend(wrong.evidence.iter().map(|(l, s)| Evidence::of(*l, s)));
        let ocr = evidence.iter().any(|e| e.grade == Grade::Ocr);
        let kind = say::kind(d.kind);
        let message = format!(
            "{kind}（{}）的编号“{}”{}。请核对原件，并到公开系统查询。",
            say::doc(d),
            text_of(number),
            wrong.why
        );
        let title = format!("{kind}编号有误");
        out.hit(if ocr {
            Draft::unverifiable(title, format!("{message}编号来自扫描识别，更可能是误读。"), evidence)
        } else {
            Draft::anomaly(title, message, evidence)
        });
    }
    if !any {
        out.cannot("没有读到证书或报告的编号");
    }
}

fn year_in<'d>(d: &'d Document, fields: &[&'static str]) -> Option<(&'static str, &'d Sourced<Value>, i32)> {
    fields.iter().find_map(|f| {
        let s = d.value(f)?;
        match s.value {
            Value::Date(day) => Some((label(f), s, day.year())),
            _ => None,
        }
    })
}

fn label(field: &str) -> &'static str {
    match field {
        "granted_on" => "授权公告日",
        "registered_on" => "登记日期",
        "completed" => "开发完成日期",
        _ => "日期",
    }
}

fn certificate(d: &Document) -> Option<Wrong<'_>> {
    let (_, raw) = text(d, "number")?;
    let code = clean_code(&raw);
    let kind = text(d, "type").map(|x| x.1).unwrap_or_default();
    let bare = |why: String| Some(Wrong { why, evidence: Vec::new() });
    if let Some(at) = code.find("SR").filter(|_| kind.is_empty() || kind.contains("软件")) {
        let (year, serial) = (&code[..at], &code[at + 2..]);
        let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
        if year.len() != 4 || !digits(year) || !matches!(serial.len(), 6 | 7) || !digits(serial) {
            return bare("不合软件著作权登记号的格式（4位年份+SR+6或7位数字）".into());
        }
        let numbered: i32 = year.parse().ok()?;
        let (what, s, registered) = year_in(d, &["registered_on", "date"])?;
        return (numbered > registered).then(|| Wrong {
            why: format!("的年份{numbered}晚于证书的{what}（{registered}年）"),
            evidence: vec![(what, s)],
        });
    }
    if !kind.contains("专利") {
        return None;
    }
    match check_patent_number(&code) {
        CodeCheck::WrongCheck { expected } => {
            return bare(format!("校验位应为“{expected}”，实为“{}”", code.chars().last()?));
        }
        // Design numbers of other systems and application numbers cut short are read as malformed as well.
        CodeCheck::Malformed if code.len() >= 12 => {
            return bare("不合专利号的格式（年份+种类+7位流水号+校验位）".into());
        }
        CodeCheck::Malformed => return None,
        CodeCheck::Valid => {}
    }
    let body = code.trim_start_matches("ZL").trim_start_matches("CN");
    if body.len() == 13 {
        let digit = body.get(4..5)?;
        let named = match digit {
            "1" | "8" => "发明",
            "2" | "9" => "实用新型",
            "3" => "外观设计",
            _ => return None,
        };
        if !kind.contains(named) {
            return bare(format!("第5位“{digit}”表示{named}专利，而证书为{kind}"));
        }
        let numbered: i32 = body.get(..4)?.parse().ok()?;
        let (what, s, granted) = year_in(d, &["granted_on", "date"])?;
        return (numbered > granted).then(|| Wrong {
            why: format!("的申请年份{numbered}晚于{what}（{granted}年）"),
            evidence: vec![(what, s)],
        });
    }
    None
}

/// The year in a report's number is that of its issue.
fn report(d: &Document) -> Option<Wrong<'_>> {
    let (_, raw) = text(d, "number")?;
    let plain = squash(&raw);
    let open = plain.find(['〔', '[', '(', '【'])?;
    let year: i32 = plain[open..].chars().skip(1).take(4).collect::<String>().parse().ok()?;
    let (what, s, dated) = year_in(d, &["date"])?;
    // A report numbered in December may be signed in January, and the other way round.
    ((2000..2100).contains(&year) && (year - dated).abs() > 1).then(|| Wrong {
        why: format!("的年份{year}与报告{what}（{dated}年）相差{}年", (year - dated).abs()),
        evidence: vec![(what, s)],
    })
}

/// EVIDENCE-013.
pub(super) fn honours(cx: &Cx<'_>, out: &mut Out) {
    let Some(s) = cx.form("基本信息.企业荣誉") else {
        return out.cannot("没有读到企业荣誉");
    };
    let listed = split(&text_of(s));
    if listed.is_empty() {
        return out.skip();
    }
    let papers: Vec<&Document> = cx
        .case
        .documents
        .iter()
        .filter(|d| {
            !matches!(
                d.kind,
                Kind::ApplicationForm | Kind::EvidenceList | Kind::Commitment | Kind::SummaryTable
            )
        })
        .collect();
    let mut bare = Vec::new();
    for honour in &listed {
        let found: Vec<&&Document> =
            papers.iter().filter(|d| mentions(d, honour, &cx.notice.province_name)).collect();
        let Some(first) = found.first() else {
            bare.push(format!("“{honour}”"));
            continue;
        };
        // The paper of the honour itself: a certificate or a notice that names its holders.
        let named: Vec<&&&Document> =
            found.iter().filter(|d| d.kind == Kind::Other && d.text.contains("公司")).collect();
        let own = named.is_empty()
            || named.iter().any(|d| cx.applicant.names.iter().any(|n| d.text.contains(&squash(n))))
            || found.iter().any(|d| d.kind != Kind::Other);
        if own || !cx.applicant.is_known() {
            out.pass();
            continue;
        }
        let message = format!(
            "“{honour}”的证明材料（{}）中没有申报单位的名称，而有其他公司名称。更名前取得的请附变更通知书；集团或参股公司的荣誉不应列入。",
            say::doc(first)
        );
        let evidence = vec![whole("荣誉证书", first), Evidence::of("企业荣誉", s)];
        let title = format!("荣誉“{honour}”可能不属申报单位");
        out.hit(if first.read_by == ReadBy::Ocr {
            Draft::unverifiable(title, format!("{message}证书为扫描件，可能没有读全。"), evidence)
        } else {
            Draft::anomaly(title, message, evidence).severity(Severity::Major)
        });
    }
    if !bare.is_empty() {
        missing(cx, s, &bare, &papers, out);
    }
}

fn missing(cx: &Cx<'_>, s: &Sourced<Value>, bare: &[String], papers: &[&Document], out: &mut Out) {
    let mut evidence = Evidence::of("企业荣誉", s);
    evidence.raw = evidence.raw.chars().take(80).collect();
    let message = format!(
        "企业荣誉中的{}在附件中没有找到证书或公布文件。已按名称在全部附件文字中查找。请申报单位补交。",
        say::list(bare, 6)
    );
    let title = format!("{}项荣誉没有证书", bare.len());
    // A certificate that is a picture may say nothing that could be read.
    let mute = papers.iter().any(|d| d.kind == Kind::Other && d.read_by == ReadBy::Ocr);
    let blind = cx.blind_spots();
    out.hit(if mute || !blind.is_empty() || s.grade == Grade::Ocr {
        let message = format!("{message}但有扫描件或未能读取的材料，证书可能就在其中，请人工查看。");
        Draft::unverifiable(title, message, vec![evidence])
    } else {
        Draft::anomaly(title, message, vec![evidence])
    });
}

/// The honours of the block, a line or a sentence each, without numbers, years and brackets around them.
fn split(story: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    const NOUNS: [&str; 22] = [
        "企业",
        "示范",
        "试点",
        "奖",
        "称号",
        "平台",
        "项目",
        "中心",
        "基地",
        "单位",
        "百强",
        "巨人",
        "瞪羚",
        "标杆",
        "车间",
        "工厂",
        "专精特新",
        "产品",
        "案例",
        "品牌",
        "先进",
        "优秀",
    ];
    // Who grants it, in a column beside it.
    const GRANTORS: [&str; 9] = ["厅", "局", "部", "委", "政府", "委员会", "协会", "联合会", "公司"];
    for part in story.split(|c: char| c.is_whitespace() || "；;。、，".contains(c)) {
        let part = squash(part);
        let part = part.trim_start_matches(|c: char| {
            c.is_ascii_digit() || "年月日.、()《》“”\"-:：荣获被评为认定".contains(c)
        });
        let part = part.split(['(', '《', '“']).next().unwrap_or_default();
        let part = part.trim_end_matches(|c: char| c.is_ascii_digit() || "年月日.-".contains(c));
        let chinese = part.chars().filter(|c| ('\u{3400}'..='\u{9fff}').contains(c)).count();
        let said = ["无", "暂无", "获得", "单位", "公司", "序号", "名称", "时间"];
        let named = NOUNS.iter().any(|w| part.contains(w)) && !GRANTORS.iter().any(|w| part.ends_with(w));
        if named && (5..=40).contains(&chinese) && !said.contains(&part) && !out.iter().any(|o| o == part) {
            out.push(part.to_owned());
        }
    }
    out
}

/// Whether a paper speaks of an honour: its name, or the part of it that follows place and year.
fn mentions(d: &Document, honour: &str, province: &str) -> bool {
    let file = squash(&d.file);
    let core: String = honour
        .trim_start_matches(|c: char| c.is_ascii_digit())
        .trim_start_matches("年度")
        .trim_start_matches('年')
        .trim_start_matches("国家级")
        .trim_start_matches(&format!("{province}省"))
        .trim_start_matches("省级")
        .to_owned();
    let within = |w: &str| w.chars().count() >= 4 && (d.text.contains(w) || file.contains(w));
    within(honour) || within(&core)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn honours_are_taken_apart() {
        let story = "1、2021年湖南省智能制造示范企业 湖南省工业和信息化厅；\n2. 高新技术企业（证书编号GR2020）\n并多次受到表彰\n无";
        assert_eq!(split(story), ["湖南省智能制造示范企业", "高新技术企业"]);
        assert!(split("无").is_empty());
    }
}

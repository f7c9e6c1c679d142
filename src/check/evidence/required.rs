//! EVIDENCE-001 to -008 required material, EVIDENCE-010 files that could not be read.

use rust_decimal::prelude::ToPrimitive;

use crate::check::cx::{number_of, place, text_of};
use crate::check::fin::figures::years_of;
use crate::check::{All, Cx, Out, say};
use crate::model::{Document, Draft, Evidence, Grade, Kind, Place, Sourced, Value};
use crate::text::party::{Party, is_sale, names};

/// Whether there is a document of one of the kinds, or one of no known kind whose name or text says so.
fn has(cx: &Cx<'_>, kinds: &[Kind], words: &[&str]) -> bool {
    cx.case.documents.iter().any(|d| kinds.contains(&d.kind) || (d.kind == Kind::Other && says(d, words)))
}

fn says(d: &Document, words: &[&str]) -> bool {
    let head: String = d.text.chars().take(200).collect();
    words.iter().any(|w| d.file.contains(w) || head.contains(w))
}

/// What the notice calls the material of EVIDENCE-001 to -008, with its own number; none if it does not ask for it.
fn asked<'a>(cx: &Cx<'a>, code: &str) -> Option<(u32, &'a str)> {
    let number = cx.notice.param(code, "number").to_u32()?;
    Some((number, cx.notice.material.get(&number)?.as_str()))
}

/// Reports material as missing, or as possibly among what nobody could read; what nobody asks for is not missing.
fn absent(cx: &Cx<'_>, out: &mut Out, code: &str, extra: &str) {
    let Some((number, what)) = asked(cx, code) else { return out.skip() };
    let short = what.trim_start_matches("（若有）").to_owned();
    let mut message = format!("证明材料{number}“{short}”在附件中没有找到。{extra}{}。", cx.looked_through());
    let evidence = vec![cx.whole_form("申报书（三、有关证明材料）")];
    let title = format!("缺少证明材料{number}：{short}");
    let blind: Vec<String> = cx.blind_spots();
    if blind.is_empty() {
        message += "请申报单位补交。";
        out.hit(Draft::anomaly(title, message, evidence));
    } else {
        message += &format!("但以下材料未能完全读取，可能就在其中：{}。请人工查看。", say::list(&blind, 5));
        out.hit(Draft::unverifiable(title, message, evidence));
    }
}

/// EVIDENCE-001.
pub(super) fn pictures(cx: &Cx<'_>, out: &mut Out) {
    if asked(cx, "EVIDENCE-001").is_none() {
        return out.skip();
    }
    if has(cx, &[Kind::Screenshot], &["截图", "界面", "照片", "现场"]) {
        return out.pass();
    }
    // Pictures of no known kind may well be what is asked for.
    if let Some(d) = cx.of(Kind::Other).find(|d| d.text.chars().count() < 200) {
        let message = format!(
            "没有辨认出平台界面截图或现场照片；附件中有未能归类的图像（如{}），可能就是，请人工查看。",
            say::doc(d)
        );
        return out.hit(Draft::unverifiable(
            "平台截图和现场照片未能辨认",
            message,
            vec![crate::check::cx::whole("未归类的文件", d)],
        ));
    }
    absent(cx, out, "EVIDENCE-001", "");
}

/// EVIDENCE-002.
pub(super) fn licence(cx: &Cx<'_>, out: &mut Out) {
    if has(cx, &[Kind::BusinessLicence], &["营业执照"]) {
        out.pass()
    } else {
        absent(cx, out, "EVIDENCE-002", "三证合一的营业执照即可，不需另交组织机构代码证。")
    }
}

/// EVIDENCE-003.
pub(super) fn investment(cx: &Cx<'_>, out: &mut Out) {
    let bought = |kind: Kind| cx.of(kind).any(|d| !is_sale(&cx.applicant, d));
    if has(cx, &[Kind::SpecialAudit], &["专项审计报告"]) || (bought(Kind::Contract) && bought(Kind::Invoice))
    {
        return out.pass();
    }
    let extra = match (bought(Kind::Contract), bought(Kind::Invoice)) {
        (true, false) => "只有合同，没有发票，也没有专项审计报告。",
        (false, true) => "只有发票，没有合同，也没有专项审计报告。",
        _ => "合同、发票和专项审计报告都没有。",
    };
    absent(cx, out, "EVIDENCE-003", extra);
}

fn positive(s: Option<&Sourced<Value>>) -> bool {
    let Some(s) = s else { return false };
    match number_of(s) {
        Some(n) => n > rust_decimal::Decimal::ZERO,
        None => text_of(s).chars().any(|c| ('1'..='9').contains(&c)),
    }
}

/// EVIDENCE-004.
pub(super) fn regions(cx: &Cx<'_>, out: &mut Out) {
    if !positive(cx.form("平台能力信息.服务区域数")) {
        return out.skip();
    }
    let sold = cx.of(Kind::Contract).any(|d| is_sale(&cx.applicant, d));
    if sold || has(cx, &[Kind::ServiceList], &["服务区域", "区域列表", "区域服务"]) {
        return out.pass();
    }
    absent(cx, out, "EVIDENCE-004", "申报书填写了服务区域数，因此应附。");
}

/// EVIDENCE-005.
pub(super) fn customers(cx: &Cx<'_>, out: &mut Out) {
    let year = cx.notice.years.last().copied().unwrap_or_default();
    let calls = [
        "平台能力信息.接入企业数".to_owned(),
        format!("平台能力信息.{year}年订单数量"),
        format!("平台能力信息.{year}年服务合同额"),
        "平台基本信息.收入总额".to_owned(),
        format!("平台基本信息.{year}年平台收入"),
    ];
    if !calls.iter().any(|f| positive(cx.form(f))) {
        return out.skip();
    }
    let sold = cx.case.documents.iter().any(|d| is_sale(&cx.applicant, d));
    if sold || has(cx, &[Kind::ServiceList], &["服务企业", "企业列表", "客户列表", "客户清单", "服务合同"])
    {
        return out.pass();
    }
    absent(cx, out, "EVIDENCE-005", "申报书填写了接入企业、订单、服务合同或平台收入，因此应附。");
}

/// EVIDENCE-006.
pub(super) fn certificates(cx: &Cx<'_>, out: &mut Out) {
    if has(cx, &[Kind::IpCertificate], &["资质", "专利", "著作权", "软著", "知识产权", "证书"])
    {
        out.pass();
    } else {
        absent(cx, out, "EVIDENCE-006", "");
    }
    for d in cx.of(Kind::IpCertificate) {
        holder(cx, d, out);
    }
}

/// What parts the owners of one certificate.
const BETWEEN: [char; 3] = ['；', ';', '、'];

/// Whose a certificate is. What a supplier attached of its own is about what was bought.
fn holder(cx: &Cx<'_>, d: &Document, out: &mut Out) {
    let Some(owner) = d.value("owner").filter(|_| cx.applicant.is_known()) else { return };
    let doubtful = owner.grade == Grade::Ocr;
    let told = text_of(owner);
    let owners: Vec<&str> = told.split(BETWEEN).map(str::trim).filter(|o| !o.is_empty()).collect();
    let ours = |o: &&str| cx.applicant.meets(Some(o), None, doubtful) != Party::Other;
    let sellers = ["seller_name", "party_a", "party_b"];
    let sold = |o: &&str| {
        let named = cx.case.documents.iter().flat_map(|d| sellers.iter().filter_map(|f| d.value(f)));
        named.map(text_of).any(|s| names(&s, o, doubtful).may_be_same())
    };
    if owners.is_empty() || owners.iter().any(ours) || owners.iter().any(sold) {
        return out.pass();
    }
    let own = cx.applicant.names.first().cloned().unwrap_or_default();
    let message = format!(
        "{}的权利人为“{told}”，不是申报单位“{own}”。已排除写法差别、曾用名、分支机构，以及供应商所附的自己的证书。受让、许可使用或集团所有的，请附转让、许可材料。",
        say::doc(d)
    );
    let who = cx.applicant.clone();
    let evidence = vec![Evidence::of("权利人", owner)];
    let draft = Draft::anomaly("证书的权利人不是申报单位", message, evidence);
    out.hit(draft.still_holds(move |v| {
        let again = v[0].as_ref().map(Value::to_plain).unwrap_or_default();
        !again.split(BETWEEN).any(|o| who.meets(Some(o.trim()), None, true) != Party::Other)
    }));
}

/// EVIDENCE-007.
pub(super) fn statements(cx: &Cx<'_>, out: &mut Out) {
    if asked(cx, "EVIDENCE-007").is_none() {
        return out.skip();
    }
    let kinds = [Kind::BalanceSheet, Kind::IncomeStatement, Kind::AuditReport];
    let docs: Vec<&Document> = cx.case.documents.iter().filter(|d| kinds.contains(&d.kind)).collect();
    let named = |year: i32| {
        docs.iter().any(|d| years_of(d).contains(&year))
            || cx.case.documents.iter().any(|d| {
                (kinds.contains(&d.kind) || says(d, &["审计报告", "财务报表", "资产负债表"]))
                    && d.kind != Kind::SpecialAudit
                    && (d.file.contains(&year.to_string())
                        || d.text.contains(&format!("{year}年12月31日"))
                        || d.text.contains(&format!("{year}年度")))
            })
    };
    let missing: Vec<String> =
        cx.notice.years.iter().filter(|y| !named(**y)).map(ToString::to_string).collect();
    if missing.is_empty() {
        return out.pass();
    }
    let undated: Vec<String> = docs.iter().filter(|d| years_of(d).is_empty()).map(|d| say::doc(d)).collect();
    let extra = format!(
        "缺{}年度的财务报表。{}年度报表未经审计不算缺少（申报时年审多未完成）。",
        missing.join("、"),
        cx.notice.years.last().copied().unwrap_or_default()
    );
    if !undated.is_empty() {
        let message =
            format!("{extra}但以下报表的年度未能读取，可能就是：{}。请人工查看。", say::list(&undated, 5));
        let evidence = docs
            .iter()
            .filter(|d| years_of(d).is_empty())
            .map(|d| crate::check::cx::whole("报表", d))
            .collect();
        return out.hit(Draft::unverifiable("财务报表的年度未能核对", message, evidence));
    }
    absent(cx, out, "EVIDENCE-007", &extra);
}

/// EVIDENCE-008.
pub(super) fn taxes(cx: &Cx<'_>, out: &mut Out) {
    if has(cx, &[Kind::TaxCertificate], &["完税证明", "纳税证明", "纳税", "缴款凭证", "税收缴款书"])
    {
        out.pass()
    } else {
        absent(cx, out, "EVIDENCE-008", "")
    }
}

/// EVIDENCE-010.
pub(super) fn unread(all: &All<'_>, out: &mut Out) {
    let draft = |file: &str, why: &str| {
        let name = file.rsplit('/').next().unwrap_or(file);
        let evidence: Vec<Evidence> = vec![place("无法读取的文件", file, Place::File)];
        let message = format!(
            "“{name}”{why}。其中的内容未参与核查，凡可能用到它的检查项均不作缺失认定。请申报单位重新提供可打开的文件。"
        );
        Draft::anomaly(format!("文件无法读取：{name}"), message, evidence)
    };
    for cx in &all.cases {
        for (file, why) in &cx.case.unread {
            out.hit_on(vec![cx.case.id.clone()], draft(file, why));
        }
    }
    for (file, case, why) in &all.batch.unread {
        let known = all.cases.iter().any(|cx| cx.case.unread.iter().any(|(f, _)| f == file));
        if !known {
            out.hit_on(case.iter().cloned().collect(), draft(file, why));
        }
    }
}

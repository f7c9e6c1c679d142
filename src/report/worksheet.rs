//! The verification worksheet (查验清单): what a clerk types into the tax authority's website, invoice by invoice.
//!
//! The site asks for number and date and one value more, which depends on the kind of the invoice (`domain.md` §2).

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_xlsxwriter::XlsxError;

use super::workbook::{self, Sheet};
use crate::model::{Batch, Document, Finding, Grade, Judgement, Kind, Outcome, Severity, Value};
use crate::text::normal::squash;

/// A value surer than this need not be compared with the paper first.
const SURE: f32 = 0.9;

/// What the site asks for beside number and date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// 不含税金额
    Net,
    /// 校验码后6位
    CheckDigits,
    /// 价税合计
    Total,
    /// Invoices the site does not know.
    Elsewhere(&'static str),
    /// The kind could not be told.
    Unknown,
}

/// One invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    doubt: Option<Severity>,
    total: Option<Decimal>,
    case: String,
    kind: String,
    code: String,
    number: String,
    date: String,
    asked: &'static str,
    value: String,
    findings: Vec<String>,
    notes: Vec<String>,
    place: String,
    rows: Vec<u32>,
}

/// The worksheet as an XLSX file.
///
/// # Errors
/// What the library refuses.
pub fn write(batch: &Batch, judgement: &Judgement) -> Result<Vec<u8>, XlsxError> {
    let lines = lines(batch, judgement);
    let rows = lines.iter().enumerate().map(|(i, line)| cells(i, line)).collect();
    let sheet = Sheet {
        name: "发票查验清单".into(),
        title: "发票查验清单".into(),
        notes: vec![
            "按“查验填写项”在国家税务总局全国增值税发票查验平台（inv-veri.chinatax.gov.cn）逐张查验；当日开具的发票次日可查，每张每日限查 5 次。"
                .into(),
            "排序：有疑点的在前，其次按价税合计从大到小。标注“请对照原件”的内容由扫描件识别，先核对再填写。".into(),
        ],
        heads: vec![
            ("序号", 6.0),
            ("申报项目", 26.0),
            ("清单行", 8.0),
            ("发票种类", 20.0),
            ("发票代码", 16.0),
            ("发票号码", 23.0),
            ("开票日期", 11.0),
            ("查验填写项", 13.0),
            ("填写内容", 15.0),
            ("价税合计（元）", 15.0),
            ("疑点", 24.0),
            ("说明", 28.0),
            ("所在文件", 34.0),
            ("查验结果", 12.0),
        ],
        rows,
    };
    workbook::bytes(&[sheet])
}

/// How many invoices the worksheet lists.
pub fn count(batch: &Batch, judgement: &Judgement) -> usize {
    lines(batch, judgement).len()
}

/// Invoices in the order in which they should be looked up; copies of one invoice are one line.
fn lines(batch: &Batch, judgement: &Judgement) -> Vec<Line> {
    let mut lines: BTreeMap<(String, String, String), Line> = BTreeMap::new();
    for (index, case) in batch.cases.iter().enumerate() {
        let own = judgement.cases.get(index).map_or(&[][..], |j| &j.findings);
        let all: Vec<&Finding> = own.iter().chain(&judgement.findings).collect();
        for document in case.documents.iter().filter(|d| d.kind == Kind::Invoice) {
            let mut line = line(document, &case.id, &all);
            let linked =
                |r: &&crate::model::InvestmentRow| r.invoices.iter().any(|l| l.document == document.id);
            line.rows = case.investment.rows.iter().filter(linked).map(|r| r.row).collect();
            // An invoice whose number was not read is a line of its own.
            let own = if line.number.is_empty() { line.place.clone() } else { String::new() };
            let key = (case.id.clone(), format!("{} {}", line.code, line.number), own);
            match lines.get_mut(&key) {
                Some(known) => known.join(line),
                None => drop(lines.insert(key, line)),
            }
        }
    }
    let mut lines: Vec<Line> = lines.into_values().collect();
    lines.sort_by(|a, b| {
        (b.doubt, b.total)
            .cmp(&(a.doubt, a.total))
            .then_with(|| (&a.case, &a.place).cmp(&(&b.case, &b.place)))
    });
    lines
}

impl Line {
    /// Takes over what another copy of the invoice has more.
    fn join(&mut self, other: Self) {
        self.doubt = self.doubt.max(other.doubt);
        self.total = self.total.or(other.total);
        for (mine, theirs) in [(&mut self.kind, other.kind), (&mut self.date, other.date)] {
            if mine.is_empty() {
                *mine = theirs;
            }
        }
        if self.value.is_empty() {
            (self.asked, self.value, self.notes) = (other.asked, other.value, other.notes);
        }
        self.findings.extend(other.findings);
        self.findings.sort();
        self.findings.dedup();
        self.rows.extend(other.rows);
        self.rows.sort_unstable();
        self.rows.dedup();
        self.place = format!("{}；{}", self.place, other.place);
    }
}

fn line(document: &Document, case: &str, findings: &[&Finding]) -> Line {
    let text = |name: &str| document.value(name).map(|s| s.value.to_plain()).unwrap_or_default();
    let (kind, code, number) = (text("kind_name"), text("code"), text("number"));
    let asked = asked(&kind, &code, &number);
    let (label, field, value) = match asked {
        Asked::Net => ("不含税金额", "amount", amount(document, "amount")),
        Asked::Total => ("价税合计", "total", amount(document, "total")),
        Asked::CheckDigits => ("校验码后6位", "check_code", last_digits(&text("check_code"))),
        Asked::Elsewhere(_) => ("不在该平台查验", "", String::new()),
        Asked::Unknown => ("种类未能确认", "", String::new()),
    };
    let mut notes = Vec::new();
    match asked {
        Asked::Elsewhere(why) => notes.push(why.to_string()),
        Asked::Unknown => notes.push("没有读到发票种类，请对照原件确定填写项".into()),
        _ if value.is_empty() => notes.push(format!("没有读到{label}，请对照原件")),
        _ => {}
    }
    for (name, title) in [("number", "号码"), ("date", "日期")] {
        if document.value(name).is_none() {
            notes.push(format!("没有读到{title}，请对照原件"));
        }
    }
    let asked_for = ["code", "number", "date", field].map(|name| document.value(name));
    let recognised: Vec<_> = asked_for.into_iter().flatten().filter(|s| s.grade == Grade::Ocr).collect();
    if recognised.iter().any(|s| s.confidence.as_unit() < SURE) {
        notes.push("识别把握不足，请对照原件".into());
    } else if !recognised.is_empty() {
        notes.push("由扫描件识别，请对照原件".into());
    }
    let touching: Vec<&&Finding> = findings.iter().filter(|f| touches(f, document)).collect();
    let mut codes: Vec<String> = touching.iter().map(|f| format!("{} {}", f.rule, f.title)).collect();
    codes.sort();
    codes.dedup();
    let (first, last) = document.pages;
    let pages = if first == last { format!("第{first}页") } else { format!("第{first}—{last}页") };
    Line {
        doubt: touching.iter().filter(|f| f.outcome == Outcome::Anomaly).map(|f| f.severity).max(),
        total: decimal(document, "total"),
        case: case.to_string(),
        kind,
        code,
        number,
        date: text("date").replace('-', ""),
        asked: label,
        value,
        findings: codes,
        notes,
        place: format!("{} {pages}", document.file),
        rows: Vec::new(),
    }
}

fn cells(index: usize, line: &Line) -> Vec<String> {
    let rows: Vec<String> = line.rows.iter().map(ToString::to_string).collect();
    let total = line.total.map(|t| format!("{t:.2}")).unwrap_or_default();
    vec![
        (index + 1).to_string(),
        line.case.clone(),
        rows.join("、"),
        line.kind.clone(),
        line.code.clone(),
        line.number.clone(),
        line.date.clone(),
        line.asked.to_string(),
        line.value.clone(),
        total,
        line.findings.join("\n"),
        line.notes.join("；"),
        line.place.clone(),
        String::new(),
    ]
}

/// Whether a finding rests on a document.
fn touches(finding: &Finding, document: &Document) -> bool {
    let (first, last) = document.pages;
    finding.evidence.iter().any(|e| {
        e.source.file == document.file && e.source.place.page().is_none_or(|p| (first..=last).contains(&p))
    })
}

/// What the site asks for, by the invoice's name and the shape of its number.
fn asked(kind: &str, code: &str, number: &str) -> Asked {
    let kind = squash(kind);
    let digital = code.is_empty() && number.chars().filter(char::is_ascii_digit).count() == 20;
    if kind.contains("区块链") {
        Asked::Elsewhere("区块链电子发票，请在开具地税务局的区块链发票平台查验")
    } else if ["客票", "行程单", "定额", "非税", "财政", "门票"].iter().any(|k| kind.contains(k))
    {
        Asked::Elsewhere("该类票据不在增值税发票查验平台，请向开具单位核实")
    } else if digital || kind.starts_with("电子发票(") {
        Asked::Total
    } else if kind.contains("专用发票") || kind.contains("机动车") {
        Asked::Net
    } else if kind.contains("二手车") {
        Asked::Total
    } else if ["普通发票", "卷票", "通行费"].iter().any(|k| kind.contains(k)) {
        Asked::CheckDigits
    } else {
        Asked::Unknown
    }
}

fn decimal(document: &Document, name: &str) -> Option<Decimal> {
    match &document.value(name)?.value {
        Value::Money(m) => Some(m.yuan),
        _ => None,
    }
}

fn amount(document: &Document, name: &str) -> String {
    decimal(document, name).map(|a| format!("{a:.2}")).unwrap_or_default()
}

/// The last six digits of a check code; nothing of a code that is shorter.
fn last_digits(code: &str) -> String {
    let digits: Vec<char> = code.chars().filter(char::is_ascii_digit).collect();
    digits.len().checked_sub(6).map(|from| digits[from..].iter().collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_asked_for_its_own_value() {
        let twenty = "25432000000012345678";
        for (kind, code, number, expected) in [
            ("湖南增值税专用发票", "4300212130", "01234567", Asked::Net),
            ("增值税电子专用发票", "043002100113", "01234567", Asked::Net),
            ("湖南增值税电子普通发票", "043002100111", "01234567", Asked::CheckDigits),
            ("湖南增值税普通发票（卷票）", "143002100107", "01234567", Asked::CheckDigits),
            ("湖南增值税电子普通发票（通行费）", "043002100112", "01234567", Asked::CheckDigits),
            ("电子发票（增值税专用发票）", "", twenty, Asked::Total),
            ("电子发票（普通发票）", "", twenty, Asked::Total),
            ("", "", twenty, Asked::Total),
            ("机动车销售统一发票", "143002120660", "01234567", Asked::Net),
            ("", "4300212130", "01234567", Asked::Unknown),
        ] {
            assert_eq!(asked(kind, code, number), expected, "{kind} {number}");
        }
        assert!(matches!(asked("深圳区块链电子普通发票", "144032109110", "01234567"), Asked::Elsewhere(_)));
    }

    #[test]
    fn check_digits_are_the_last_six() {
        assert_eq!(last_digits("12345 67890 12345 67890"), "567890");
        assert_eq!(last_digits("12345"), "");
    }
}

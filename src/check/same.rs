//! SAME-001 and SAME-002: the paper form, as scanned, against the electronic one, field by field and row by row.

use std::collections::BTreeSet;

use super::cx::{text_of, whole};
use super::{Cx, Out, Rule, case, say};
use crate::model::{Document, Draft, Evidence, Field, Grade, Kind, ReadBy, Severity, Sourced, Value};
use crate::text::code::clean_code;
use crate::text::normal::{likeness, squash};
use crate::text::party::{NAME_FIELDS, Party, names};

/// The rules of this family, by code.
pub(super) const RULES: &[Rule] = &[case("SAME-001", figures), case("SAME-002", wording)];

/// What is written or stamped on the paper copy alone, and what is no content.
const BY_HAND: [&str; 4] = ["封面.申报日期", "真实性承诺.", "封面.印章", "版式."];
/// Most fields a run names one by one.
const MOST: usize = 12;
/// Sections and how a reviewer knows them.
const SECTIONS: [&str; 4] = ["封面", "基本信息", "平台基本信息", "平台能力信息"];

/// The other forms of the submission: the scan beside the electronic file, or a second version of it.
fn others<'a>(cx: &Cx<'a>) -> Option<(&'a Document, Vec<&'a Document>)> {
    let form = cx.case.form()?;
    // Two parts of one form have nothing in common.
    let list: Vec<&Document> = cx
        .of(Kind::ApplicationForm)
        .filter(|d| d.id != form.id && d.sha256 != form.sha256 && pairs(form, d).len() >= 5)
        .collect();
    (!list.is_empty()).then_some((form, list))
}

/// One value in both forms.
struct Pair<'a> {
    label: String,
    electronic: &'a Sourced<Value>,
    paper: &'a Sourced<Value>,
}

fn pairs<'a>(form: &'a Document, paper: &'a Document) -> Vec<Pair<'a>> {
    let mut out: Vec<Pair<'a>> = form
        .fields
        .iter()
        .filter(|(k, _)| !BY_HAND.iter().any(|h| k.starts_with(h)))
        .filter_map(|(k, f)| {
            Some(Pair { label: k.replace('.', "·"), electronic: f.found()?, paper: paper.value(k)? })
        })
        .collect();
    // Rows can be told apart by their place only where neither list lost one.
    if form.items.len() == paper.items.len() {
        for (i, (a, b)) in form.items.iter().zip(&paper.items).enumerate() {
            for (k, f) in a {
                let other = b.get(k).and_then(Field::found);
                if let (Some(electronic), Some(paper)) = (f.found(), other) {
                    let name = match k.as_str() {
                        "name" => "设备名称",
                        "contract" => "合同名称",
                        "manufacturer" => "生产厂商",
                        "quantity" => "数量",
                        "unit_price" => "单价",
                        "total" => "总价",
                        _ => continue,
                    };
                    out.push(Pair { label: format!("投资清单第{}行{name}", i + 1), electronic, paper });
                }
            }
        }
    }
    out
}

/// A value that is compared to the digit: amounts, numbers, days, codes, phones.
fn exact(v: &Value) -> Option<String> {
    match v {
        Value::Money(m) => Some(m.yuan.normalize().to_string()),
        Value::Number(n) => Some(n.normalize().to_string()),
        Value::Date(d) => Some(d.format("%Y-%m").to_string()),
        Value::Month(m) => Some(format!("{:04}-{:02}", m.year, m.month)),
        Value::Text(t) => {
            let digits = t.chars().filter(char::is_ascii_digit).count();
            let letters = squash(t).chars().count();
            (digits >= 6 && digits * 2 > letters).then(|| clean_code(t))
        }
        Value::List(_) => None,
    }
}

/// Amounts shown with fewer decimals say the same.
fn same_exact(a: &Value, b: &Value) -> bool {
    if let (Value::Money(x), Value::Money(y)) = (a, b) {
        return (x.yuan - y.yuan).abs() <= x.half_unit().max(y.half_unit());
    }
    match (exact(a), exact(b)) {
        (Some(x), Some(y)) => x == y,
        _ => false,
    }
}

/// Whether both forms are the same applicant's; another's form beside it is no copy.
fn same_applicant(form: &Document, paper: &Document) -> bool {
    let name = |d: &Document| NAME_FIELDS.iter().find_map(|f| d.value(f)).map(text_of);
    match (name(form), name(paper)) {
        (Some(a), Some(b)) => names(&a, &b, true) != Party::Other,
        _ => true,
    }
}

/// SAME-001.
fn figures(cx: &Cx<'_>, out: &mut Out) {
    let Some((form, papers)) = others(cx) else {
        return out.cannot("只有一份申报书，没有纸质扫描件与电子版可以对照");
    };
    for paper in papers {
        if !same_applicant(form, paper) {
            out.hit(stranger(form, paper));
            continue;
        }
        let mut unsure: Vec<(String, Evidence)> = Vec::new();
        let mut found = 0;
        for pair in pairs(form, paper) {
            let (e, p) = (&pair.electronic.value, &pair.paper.value);
            if exact(e).is_none() || exact(p).is_none() {
                continue;
            }
            if same_exact(e, p) {
                out.pass();
                continue;
            }
            let poor = [pair.electronic, pair.paper]
                .iter()
                .any(|s| s.grade == Grade::Ocr && s.confidence.0 < cx.notice.reading.sure);
            if poor || found >= MOST {
                unsure
                    .push((pair.label.clone(), Evidence::of(format!("{}（纸质）", pair.label), pair.paper)));
                continue;
            }
            found += 1;
            out.hit(differs(&pair, paper));
        }
        if !unsure.is_empty() {
            out.hit(unclear(&unsure, paper));
        }
    }
}

/// How the two forms are called: two electronic ones have no paper among them.
fn called(other: &Document) -> [&'static str; 2] {
    if other.read_by == ReadBy::Ocr {
        ["电子版", "纸质件"]
    } else {
        ["申报书", "另一份申报书"]
    }
}

fn differs(pair: &Pair<'_>, paper: &Document) -> Draft {
    let (e, p) = (text_of(pair.electronic), text_of(pair.paper));
    let shown = |s: &Sourced<Value>, plain: &str| match &s.value {
        Value::Money(m) => say::printed(*m),
        _ => plain.to_owned(),
    };
    let gap = match (&pair.electronic.value, &pair.paper.value) {
        (Value::Money(a), Value::Money(b)) => format!("，相差{}", say::yuan((a.yuan - b.yuan).abs())),
        _ => String::new(),
    };
    let [mine, other] = called(paper);
    let message = format!(
        "{}：{mine}为{}，{other}（{}）为{}{gap}。填报说明一要求纸质材料与电子文档一致。已排除显示位数、空格和全半角差别。请申报单位说明以哪一份为准。",
        pair.label,
        shown(pair.electronic, &e),
        say::doc(paper),
        shown(pair.paper, &p)
    );
    let evidence = vec![
        Evidence::of(format!("{}（{mine}）", pair.label), pair.electronic),
        Evidence::of(format!("{}（{other}）", pair.label), pair.paper),
    ];
    let draft = Draft::anomaly(format!("{}{other}与{mine}不一致", pair.label), message, evidence)
        .still_holds(|v| match (&v[0], &v[1]) {
            (Some(a), Some(b)) => !same_exact(a, b),
            _ => true,
        });
    // Only what is claimed beyond the smaller figure of 已完成投资 touches money.
    match (&pair.electronic.value, &pair.paper.value) {
        (Value::Money(a), Value::Money(b)) if pair.label == "基本信息·已完成投资" => {
            draft.effect((a.yuan - b.yuan).abs())
        }
        _ => draft,
    }
}

fn unclear(unsure: &[(String, Evidence)], paper: &Document) -> Draft {
    let labels: Vec<String> = unsure.iter().map(|u| u.0.clone()).collect();
    let message = format!(
        "纸质件（{}）与电子版在{}处读数不同：{}。纸质件由图像识别，这些读数不够清楚，请对照原件。",
        say::doc(paper),
        labels.len(),
        say::list(&labels, MOST)
    );
    let evidence = unsure.iter().take(MOST).map(|u| u.1.clone()).collect();
    Draft::unverifiable("纸质件与电子版有读数未能核对", message, evidence)
}

fn stranger(form: &Document, paper: &Document) -> Draft {
    let mut evidence = Vec::new();
    let mut said = Vec::new();
    for d in [form, paper] {
        if let Some(s) = NAME_FIELDS.iter().find_map(|f| d.value(f)) {
            evidence.push(Evidence::of("申报单位", s));
            said.push(format!("{}为“{}”", say::doc(d), text_of(s)));
        }
    }
    if evidence.is_empty() {
        evidence.push(whole("申报书", paper));
    }
    let message = format!(
        "同一申报项目的文件夹中有两份申报书，申报单位不同：{}。可能放错了文件夹，也可能沿用了别的单位的文本。请核实。",
        said.join("，")
    );
    Draft::anomaly("同一项目有两个单位的申报书", message, evidence).still_holds(|v| {
        match (v.first(), v.get(1)) {
            (Some(Some(a)), Some(Some(b))) => names(&a.to_plain(), &b.to_plain(), true) == Party::Other,
            _ => true,
        }
    })
}

/// SAME-002.
fn wording(cx: &Cx<'_>, out: &mut Out) {
    let Some((form, papers)) = others(cx) else {
        return out.cannot("只有一份申报书，没有纸质扫描件与电子版可以对照");
    };
    let share = |name: &str| cx.notice.share("SAME-002", name);
    let scan = (share("scan_percent"), share("scan_other_percent"));
    let text = (share("text_percent"), share("text_other_percent"));
    for paper in papers.into_iter().filter(|p| same_applicant(form, p)) {
        pages(cx, form, paper, out);
        let mut unsure: Vec<(String, Evidence)> = Vec::new();
        for pair in pairs(form, paper) {
            let (Value::Text(a), Value::Text(b)) = (&pair.electronic.value, &pair.paper.value) else {
                continue;
            };
            if exact(&pair.electronic.value).is_some() || squash(a).is_empty() || squash(b).is_empty() {
                continue;
            }
            let share = alike(a, b);
            let ocr = pair.paper.grade == Grade::Ocr || pair.electronic.grade == Grade::Ocr;
            let (enough, other) = if ocr { scan } else { text };
            if share >= enough {
                out.pass();
            } else if share >= other {
                unsure
                    .push((pair.label.clone(), Evidence::of(format!("{}（纸质）", pair.label), pair.paper)));
            } else {
                out.hit(reworded(&pair, paper, share));
            }
        }
        // Names that differ by a character or two on a scan are what recognition does.
        if unsure.len() > 3 {
            out.hit(unclear(&unsure, paper));
        } else {
            out.passed += unsure.len() as u32;
        }
    }
}

/// How much of two texts is the same: short ones letter by letter, long ones by their passages.
fn alike(a: &str, b: &str) -> f32 {
    let (x, y) = (squash(a), squash(b));
    let letters: Vec<char> = x.chars().collect();
    if letters.len() <= 60 {
        return likeness(&x, &y);
    }
    let pieces: BTreeSet<String> = letters.windows(4).map(|w| w.iter().collect()).collect();
    let kept = pieces.iter().filter(|p| y.contains(p.as_str())).count();
    let length = y.chars().count().min(letters.len()) as f32 / y.chars().count().max(letters.len()) as f32;
    (kept as f32 / pieces.len().max(1) as f32).min(length)
}

fn reworded(pair: &Pair<'_>, paper: &Document, share: f32) -> Draft {
    let cut = |s: &Sourced<Value>| text_of(s).chars().take(40).collect::<String>();
    let [mine, other] = called(paper);
    let message = format!(
        "{}：{mine}为“{}”，{other}（{}）为“{}”，相同的文字约占{}%。已排除空格、换行和全半角差别。请申报单位说明以哪一份为准。",
        pair.label,
        cut(pair.electronic),
        say::doc(paper),
        cut(pair.paper),
        (share * 100.0).round()
    );
    let mut evidence = vec![
        Evidence::of(format!("{}（{mine}）", pair.label), pair.electronic),
        Evidence::of(format!("{}（{other}）", pair.label), pair.paper),
    ];
    for e in &mut evidence {
        e.raw = e.raw.chars().take(120).collect();
    }
    Draft::anomaly(format!("{}{other}与{mine}文字不同", pair.label), message, evidence)
}

/// A part of the form that one copy has and the other has nothing of.
fn pages(cx: &Cx<'_>, form: &Document, paper: &Document, out: &mut Out) {
    let count = |d: &Document, section: &str| {
        d.fields.keys().filter(|k| k.split('.').next() == Some(section)).count()
    };
    // The list of investments as a workbook of its own is no copy that lost its pages.
    if [form, paper].iter().any(|d| SECTIONS.iter().all(|s| count(d, s) == 0)) {
        return;
    }
    for section in SECTIONS {
        let (a, b) = (count(form, section), count(paper, section));
        let (without, with) = match (a, b) {
            (0, n) if n >= 5 => (form, paper),
            (n, 0) if n >= 5 => (paper, form),
            _ => continue,
        };
        let message = format!(
            "“{section}”一部分在{}中有，在{}中没有读到任何栏目。请核对是否缺页。",
            say::doc(with),
            say::doc(without)
        );
        let evidence = vec![whole("缺少该部分的申报书", without), whole("有该部分的申报书", with)];
        let title = format!("“{section}”只在一份申报书中");
        let poor = cx.case.poor_pages.iter().any(|s| *s.file == *without.file);
        out.hit(if poor || !cx.case.unread.is_empty() {
            Draft::unverifiable(title, format!("{message}有页面模糊或文件未能读取，可能就在其中。"), evidence)
        } else {
            Draft::anomaly(title, message, evidence).severity(Severity::Minor)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Money, Unit};

    #[test]
    fn long_texts_are_held_by_their_passages() {
        let text = "平台服务装备企业，接入设备，采集数据，分析能耗。".repeat(5);
        assert!(alike(&text, &text) > 0.99);
        assert!(alike(&text, &text.chars().take(40).collect::<String>()) < 0.5);
    }

    #[test]
    fn fewer_decimals_say_the_same() {
        let of = |text: &str| Value::Money(Money::printed(text.parse().unwrap(), Unit::TenThousand));
        assert!(same_exact(&of("43.10"), &of("43.1")) && same_exact(&of("43.14"), &of("43.1")));
        assert!(!same_exact(&of("43.10"), &of("48.10")));
    }
}

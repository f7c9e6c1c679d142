//! FORM-001 required fields, FORM-002 required indicators.

use crate::check::{Cx, Out, say};
use crate::model::{Document, Draft, Evidence, Field, Grade, ReadBy, Value};

/// Required fields: what any of the alternatives fills, with the label as a reviewer knows it.
const REQUIRED: &[(&str, &[&str])] = &[
    ("封面·企业名称", &["封面.企业名称"]),
    ("封面·平台名称", &["封面.平台名称"]),
    ("封面·联系人", &["封面.联系人"]),
    ("封面·联系电话", &["封面.联系电话"]),
    ("封面·推荐单位", &["封面.推荐单位"]),
    ("封面·申报日期", &["封面.申报日期"]),
    ("平台名称", &["基本信息.平台名称"]),
    ("项目起止时间", &["基本信息.项目起止时间", "基本信息.项目开始", "基本信息.项目结束"]),
    ("计划投资", &["基本信息.计划投资"]),
    ("已完成投资", &["基本信息.已完成投资"]),
    ("单位名称", &["基本信息.单位名称"]),
    ("组织机构代码", &["基本信息.组织机构代码"]),
    ("单位性质", &["基本信息.单位性质"]),
    ("单位地址", &["基本信息.单位地址"]),
    ("成立时间", &["基本信息.成立时间"]),
    ("平台负责人姓名", &["基本信息.平台负责人.姓名"]),
    ("平台负责人电话", &["基本信息.平台负责人.移动电话", "基本信息.平台负责人.固定电话"]),
    ("项目参与工作人员总数", &["基本信息.项目参与工作人员.总数"]),
    ("已经投入项目的工作总量", &["基本信息.项目参与工作人员.工作总量"]),
    ("企业及项目简介", &["基本信息.企业及项目简介"]),
    ("建设方式", &["平台基本信息.建设方式"]),
    ("IaaS设施", &["平台基本信息.IaaS设施"]),
    ("平台运营", &["平台基本信息.平台运营"]),
    ("平台类别", &["平台基本信息.平台类别"]),
    ("覆盖场景", &["平台基本信息.覆盖场景数", "平台基本信息.覆盖场景"]),
    ("面向行业", &["平台基本信息.覆盖行业数", "平台基本信息.面向行业"]),
    ("投资总额", &["平台基本信息.投资总额"]),
];

/// Filled by ticks, which a scan shows as specks: that none was seen means nothing there.
const TICKED: &[&str] = &["建设方式", "IaaS设施", "平台运营", "平台类别", "覆盖场景", "面向行业"];

/// 单位运营状况, each for every year of the notice.
const YEARLY: &[&str] = &["总资产", "负债率", "主营业务收入", "税金", "利润", "研发投入"];

/// The indicators 1 to 13.
const INDICATORS: &[&str] = &[
    "注册用户数",
    "活跃用户数",
    "2022年订单数量",
    "2022年服务合同额",
    "服务区域数",
    "接入企业数",
    "接入第三方服务商数量",
    "接入设备数",
    "接入数据采集点数",
    "可解析的工业网络协议种类",
    "平台积累的工业数据存量",
    "平台积累的模型数",
    "工业APP数",
];
/// Indicators that a 专业型 platform may leave out: the first seven.
const OPTIONAL: usize = 7;

/// FORM-001.
pub(super) fn blank(cx: &Cx<'_>, out: &mut Out) {
    let Some(form) = cx.case.form() else {
        return out.cannot("没有申报书");
    };
    let recognised = form.fields.values().filter_map(Field::found).filter(|s| s.grade == Grade::Ocr).count();
    let scanned = form.read_by == ReadBy::Ocr || recognised * 2 > form.fields.len();
    // Ticks drawn as symbols that no text layer spells are recognised even on an electronic form.
    let ticks_unsure = scanned || recognised > 0;
    let mut missing: Vec<String> = Vec::new();
    let mut unread: Vec<String> = Vec::new();
    let mut filled = 0;
    for (label, fields) in REQUIRED {
        if fields.iter().any(|f| is_filled(form, f)) {
            filled += 1;
        } else if (ticks_unsure && TICKED.contains(label))
            || (scanned && !fields.iter().any(|f| is_surely_empty(cx, form, f)))
        {
            unread.push((*label).to_owned());
        } else {
            missing.push((*label).to_owned());
        }
    }
    for name in YEARLY {
        for year in &cx.notice.years {
            let field = format!("基本信息.{name}.{year}");
            if is_filled(form, &field) {
                filled += 1;
            } else if scanned && !is_surely_empty(cx, form, &field) {
                unread.push(format!("{name}（{year}年）"));
            } else {
                missing.push(format!("{name}（{year}年）"));
            }
        }
    }
    out.passed += filled;
    if !unread.is_empty() {
        let message = format!(
            "没有读到：{}。这些栏目依靠图像识别，没有读到不等于没有填写，请对照申报书核对。",
            say::list(&unread, 12)
        );
        let title = format!("申报书有{}个必填项未能读取", unread.len());
        out.hit(Draft::unverifiable(title, message, vec![cx.whole_form("申报书")]));
    }
    if missing.is_empty() {
        return;
    }
    let count = missing.len();
    let title = format!("申报书有{count}个必填项空白");
    let names = say::list(&missing, 12);
    let evidence = vec![cx.whole_form("申报书")];
    // A form of which much is missing was more likely misread than left empty.
    if count as u32 * 3 > filled || !cx.case.poor_pages.is_empty() {
        let message =
            format!("没有读到：{names}。缺少的项目较多，可能是版式未能识别而不是空白，请对照申报书核对。");
        out.hit(Draft::unverifiable(title, message, evidence));
    } else {
        let message = format!(
            "申报书中没有填写：{names}。已查看封面、基本信息、平台基本信息和单位运营状况各表；请申报单位补填。"
        );
        out.hit(Draft::anomaly(title, message, evidence));
    }
}

fn is_filled(form: &Document, field: &str) -> bool {
    match form.fields.get(field) {
        Some(Field::Found(s)) => match &s.value {
            Value::Text(t) => !t.trim().is_empty(),
            Value::List(l) => !l.is_empty(),
            _ => true,
        },
        Some(Field::Unreadable(_)) => true,
        None => false,
    }
}

/// Whether the cell of a field was found on a scan and holds nothing.
fn is_surely_empty(cx: &Cx<'_>, form: &Document, field: &str) -> bool {
    form.value(field).is_some_and(|s| {
        matches!(&s.value, Value::Text(t) if t.trim().is_empty()) && s.confidence.0 >= cx.notice.reading.low
    })
}

/// Blank, `/`, 无 and dashes count as missing; 0 is filled.
fn has_value(form: &Document, field: &str) -> bool {
    is_filled(form, field)
        && match form.value(field).map(|s| &s.value) {
            Some(Value::Text(t)) => !matches!(
                crate::text::normal::squash(t).as_str(),
                "/" | "\\" | "无" | "-" | "—" | "——" | "--"
            ),
            _ => true,
        }
}

/// FORM-002.
pub(super) fn indicators(cx: &Cx<'_>, out: &mut Out) {
    let Some(form) = cx.case.form() else {
        return out.cannot("没有申报书");
    };
    let field = |i: usize| format!("平台能力信息.{}", INDICATORS[i]);
    let missing: Vec<usize> = (0..INDICATORS.len()).filter(|i| !has_value(form, &field(*i))).collect();
    let names = |of: &[usize]| {
        let list: Vec<String> = of.iter().map(|i| format!("{}.{}", i + 1, INDICATORS[*i])).collect();
        list.join("、")
    };
    let category = form.value("平台基本信息.平台类别").map(|s| (s, s.value.to_plain()));
    let professional = category.as_ref().map(|(_, c)| c.contains("专业型") && !c.contains("综合型"));
    let required: Vec<usize> = missing.iter().copied().filter(|i| *i >= OPTIONAL).collect();
    let mut evidence = vec![cx.whole_form("平台能力信息")];
    if let Some((s, _)) = &category {
        evidence.push(Evidence::of("平台类别", s));
    }
    if missing.len() == INDICATORS.len() {
        let message = "没有读到“平台能力信息”的任何指标，可能是版式未能识别，请对照申报书核对。";
        return out.hit(Draft::unverifiable("平台能力信息未能读取", message, evidence));
    }
    out.passed += (INDICATORS.len() - missing.len()) as u32;
    let (demanded, rule) = match professional {
        Some(true) => (required, "专业型平台第8—13项必填"),
        Some(false) => (missing, "综合型、特色型平台13项须全填"),
        None if required.is_empty() && !missing.is_empty() => {
            let message = format!(
                "未填：{}。平台类别没有读到：若为专业型，这些指标可以不填；若为综合型或特色型则须填写。",
                names(&missing)
            );
            return out.hit(Draft::unverifiable("能力指标是否缺项取决于平台类别", message, evidence));
        }
        None => (required, "第8—13项各类平台均必填"),
    };
    if demanded.is_empty() {
        return;
    }
    // On a scan only what was seen to be empty, `/` or 无 is missing.
    let (demanded, unread): (Vec<usize>, Vec<usize>) =
        demanded.into_iter().partition(|i| form.read_by != ReadBy::Ocr || form.value(&field(*i)).is_some());
    if !unread.is_empty() {
        let message = format!(
            "没有读到：{}。申报书是扫描件，没有读到不等于没有填写，请对照申报书核对。",
            names(&unread)
        );
        let title = format!("必填能力指标有{}项未能读取", unread.len());
        out.hit(Draft::unverifiable(title, message, evidence.clone()));
    }
    if demanded.is_empty() {
        return;
    }
    evidence
        .extend(demanded.iter().filter_map(|i| Some(Evidence::of(INDICATORS[*i], form.value(&field(*i))?))));
    let message =
        format!("{rule}，但以下指标空白或填“/”“无”：{}。填0视为已填。请补填并附证明。", names(&demanded));
    out.hit(Draft::anomaly(format!("必填能力指标缺{}项", demanded.len()), message, evidence));
}

//! FORM-001 required fields, FORM-002 required indicators.

use crate::check::{Cx, Out, say};
use crate::model::{Document, Draft, Evidence, Field, Grade, ReadBy, Value};

/// FORM-001.
pub(super) fn blank(cx: &Cx<'_>, out: &mut Out) {
    let Some(form) = cx.case.form() else {
        return out.cannot("没有申报书");
    };
    let recognised = form.fields.values().filter_map(Field::found).filter(|s| s.grade == Grade::Ocr).count();
    let scanned = form.read_by == ReadBy::Ocr || recognised * 2 > form.fields.len();
    // What is filled by ticks a scan shows as specks: that none was seen means nothing there. Ticks drawn as symbols
    // that no text layer spells are recognised even on an electronic form.
    let ticks_unsure = scanned || recognised > 0;
    let mut missing: Vec<String> = Vec::new();
    let mut unread: Vec<String> = Vec::new();
    let mut filled = 0;
    let ticked = |fields: &[String]| {
        let name = |f: &String| f.strip_prefix("平台基本信息.").map(str::to_owned);
        fields.iter().filter_map(name).any(|name| cx.notice.form.choices.contains_key(&name))
    };
    for (label, fields) in &cx.notice.form.required {
        if fields.iter().any(|f| is_filled(form, f)) {
            filled += 1;
        } else if (ticks_unsure && ticked(fields))
            || (scanned && !fields.iter().any(|f| is_surely_empty(cx, form, f)))
        {
            unread.push(label.clone());
        } else {
            missing.push(label.clone());
        }
    }
    for name in &cx.notice.form.yearly {
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
    if count as u32 * 3 > filled || cx.poor_papers().next().is_some() {
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
    let all = &cx.notice.form.indicators;
    if all.is_empty() {
        return out.skip();
    }
    let field = |i: usize| format!("平台能力信息.{}", all[i]);
    let missing: Vec<usize> = (0..all.len()).filter(|i| !has_value(form, &field(*i))).collect();
    let names = |of: &[usize]| {
        let list: Vec<String> = of.iter().map(|i| format!("{}.{}", i + 1, all[*i])).collect();
        list.join("、")
    };
    let category = form.value("平台基本信息.平台类别").map(|s| (s, s.value.to_plain()));
    let exempt = cx.notice.form.exempt.as_ref();
    let is_exempt = match (exempt, &category) {
        (None, _) => Some(false),
        (Some(_), None) => None,
        // Which of several ticks counts nobody knows.
        (Some(e), Some((_, c))) if c.contains('、') && c.contains(&e.category) => None,
        (Some(e), Some((_, c))) => Some(c.contains(&e.category)),
    };
    let optional = exempt.map_or(0, |e| e.first);
    let kind = exempt.map_or("", |e| e.category.as_str());
    let required: Vec<usize> = missing.iter().copied().filter(|i| *i >= optional).collect();
    let mut evidence = vec![cx.whole_form("平台能力信息")];
    if let Some((s, _)) = &category {
        evidence.push(Evidence::of("平台类别", s));
    }
    if missing.len() == all.len() {
        let message = "没有读到“平台能力信息”的任何指标，可能是版式未能识别，请对照申报书核对。";
        return out.hit(Draft::unverifiable("平台能力信息未能读取", message, evidence));
    }
    out.passed += (all.len() - missing.len()) as u32;
    let range = format!("第{}—{}项", optional + 1, all.len());
    let (demanded, rule) = match is_exempt {
        Some(true) => (required, format!("{kind}平台{range}必填")),
        Some(false) if exempt.is_none() => (missing, format!("{}项须全填", all.len())),
        Some(false) => (missing, format!("{kind}以外的平台{}项须全填", all.len())),
        None if required.is_empty() && !missing.is_empty() => {
            let message = format!(
                "未填：{}。平台类别没有读到或勾选了多项：若为{kind}，这些指标可以不填；其他类别则须填写。",
                names(&missing)
            );
            return out.hit(Draft::unverifiable("能力指标是否缺项取决于平台类别", message, evidence));
        }
        None => (required, format!("{range}各类平台均必填")),
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
    evidence.extend(
        demanded.iter().filter_map(|i| Some(Evidence::of(all[*i].as_str(), form.value(&field(*i))?))),
    );
    let message =
        format!("{rule}，但以下指标空白或填“/”“无”：{}。填0视为已填。请补填并附证明。", names(&demanded));
    out.hit(Draft::anomaly(format!("必填能力指标缺{}项", demanded.len()), message, evidence));
}

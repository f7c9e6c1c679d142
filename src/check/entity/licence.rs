//! ENTITY-001 name, ENTITY-002 code, ENTITY-004 province, each against the business licence.

use crate::check::cx::{text, text_of};
use crate::check::{Cx, Out};
use crate::model::{Draft, Evidence, Grade, Kind, Severity, Value};
use crate::text::code::{clean_code, province_of};
use crate::text::normal::squash;
use crate::text::party::{NAME_FIELDS, Party, names};

/// Short names of the other provinces as they stand in addresses.
const PROVINCES: [&str; 34] = [
    "北京",
    "天津",
    "河北",
    "山西",
    "内蒙古",
    "辽宁",
    "吉林",
    "黑龙江",
    "上海",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "广西",
    "海南",
    "重庆",
    "四川",
    "贵州",
    "云南",
    "西藏",
    "陕西",
    "甘肃",
    "青海",
    "宁夏",
    "新疆",
    "台湾",
    "香港",
    "澳门",
];

/// ENTITY-001.
pub(super) fn name(cx: &Cx<'_>, out: &mut Out) {
    let licences: Vec<_> = cx.of(Kind::BusinessLicence).filter_map(|d| text(d, "name")).collect();
    if licences.is_empty() {
        return out.cannot("没有读到营业执照的名称");
    }
    let Some((label, form)) = NAME_FIELDS.iter().find_map(|f| Some((*f, cx.form(f)?))) else {
        return out.cannot("没有读到申报书的单位名称");
    };
    let stated = text_of(form);
    // A licence of a partner or supplier may lie beside the applicant's.
    let relations: Vec<(Party, _)> = licences
        .iter()
        .map(|(s, n)| (names(&stated, n, s.grade == Grade::Ocr || form.grade == Grade::Ocr), *s))
        .collect();
    if relations.iter().any(|r| r.0 == Party::Same) {
        return out.pass();
    }
    let best = |p: Party| relations.iter().find(|r| r.0 == p).map(|r| r.1);
    let label = if label.starts_with("封面") { "封面企业名称" } else { "单位名称" };
    let draft = |s, why: &str| {
        let facts = format!("申报书{label}为“{stated}”，营业执照名称为“{}”。", text_of(s));
        (format!("{facts}{why}"), vec![Evidence::of(label, form), Evidence::of("营业执照名称", s)])
    };
    let title = "申报单位名称与营业执照不符";
    if let Some(s) = best(Party::Variant) {
        let (message, evidence) =
            draft(s, "属于“有限公司”与“有限责任公司”、括号等写法差别，请以执照为准统一。");
        out.hit(Draft::anomaly(title, message, evidence).severity(Severity::Notice));
    } else if let Some(s) = best(Party::Doubtful).or_else(|| best(Party::Unknown)) {
        let (message, evidence) = draft(s, "至少一处来自扫描识别，名称相近，可能是误读。请对照原件。");
        out.hit(Draft::unverifiable(title, message, evidence));
    } else {
        let (message, evidence) = draft(
            relations[0].1,
            "已排除写法差别。更名的请附市场监管部门的变更通知书；执照为他人所有的，申报主体资格需核实。",
        );
        out.hit(Draft::anomaly(title, message, evidence).still_holds(|v| match (&v[0], &v[1]) {
            (Some(a), Some(b)) => !names(&a.to_plain(), &b.to_plain(), false).is_same(),
            _ => true,
        }));
    }
}

/// ENTITY-002.
pub(super) fn code(cx: &Cx<'_>, out: &mut Out) {
    let licences: Vec<_> = cx.of(Kind::BusinessLicence).filter_map(|d| text(d, "uscc")).collect();
    if licences.is_empty() {
        return out.cannot("没有读到营业执照的统一社会信用代码");
    }
    let Some(form) = cx.form("基本信息.组织机构代码") else {
        return out.cannot("没有读到申报书的组织机构代码");
    };
    let stated = clean_code(&text_of(form));
    if licences.iter().any(|(_, u)| same_code(&stated, &clean_code(u))) {
        return out.pass();
    }
    let (s, uscc) = &licences[0];
    let message = format!(
        "申报书代码为“{}”，营业执照统一社会信用代码为“{uscc}”。申报书填9位组织机构代码的，已与执照代码第9—17位比对。请以执照为准更正。",
        text_of(form)
    );
    let evidence =
        vec![Evidence::of("申报书组织机构代码", form), Evidence::of("营业执照统一社会信用代码", s)];
    let title = "申报书代码与营业执照不符";
    let whole = clean_code(uscc);
    let cut = [(form.grade, &stated, &whole), (s.grade, &whole, &stated)]
        .into_iter()
        .any(|(grade, part, of)| grade == Grade::Ocr && part.len() >= 12 && of.contains(part.as_str()));
    if cut {
        let message =
            format!("{message}其中一处是另一处的一部分，又来自扫描识别，可能没有读全，请对照原件。");
        return out.hit(Draft::unverifiable(title, message, evidence));
    }
    out.hit(Draft::anomaly(title, message, evidence).still_holds(|v| match (&v[0], &v[1]) {
        (Some(a), Some(b)) => !same_code(&clean_code(&a.to_plain()), &clean_code(&b.to_plain())),
        _ => true,
    }));
}

fn same_code(form: &str, licence: &str) -> bool {
    form == licence
        || (form.len() == 9 && licence.len() == 18 && licence.is_ascii() && licence[8..17] == *form)
}

/// ENTITY-004.
pub(super) fn province(cx: &Cx<'_>, out: &mut Out) {
    let licences: Vec<_> = cx.of(Kind::BusinessLicence).collect();
    if licences.is_empty() {
        return out.cannot("没有营业执照");
    }
    let mut foreign = Vec::new();
    for d in &licences {
        // A partner's licence says nothing of the applicant.
        let own = d.value("name").is_none_or(|n| {
            !cx.applicant.is_known()
                || NAME_FIELDS
                    .iter()
                    .filter_map(|f| cx.form(f))
                    .all(|f| names(&text_of(f), &text_of(n), true).may_be_same())
        });
        if !own && licences.len() > 1 {
            continue;
        }
        let Some(address) = d.value("address") else { continue };
        match place_of(cx, &text_of(address)) {
            Some(true) => return out.pass(),
            Some(false) => foreign.push((*d, address)),
            None => {}
        }
    }
    let authority = licences.iter().any(|d| {
        let at = squash(&d.text);
        let here = |w: &str| {
            at.contains(&format!("{w}省市场监督管理局")) || at.contains(&format!("{w}市市场监督管理局"))
        };
        here(&cx.notice.province_name) || cx.notice.cities.iter().any(|c| here(c))
    });
    if authority {
        return out.pass();
    }
    let uscc = licences.iter().find_map(|d| text(d, "uscc")).map(|(_, u)| clean_code(&u));
    let region = uscc.as_deref().and_then(province_of);
    let support = match region {
        Some(p) => format!("代码登记机关区划为{p}（仅供参考，迁址后代码不变）。"),
        None => String::new(),
    };
    let Some((_, address)) = foreign.first().copied() else {
        return if region.is_some_and(|p| p.starts_with(&cx.notice.province_name)) {
            out.pass();
        } else {
            let message = format!(
                "营业执照住所没有读到或没有写明省市，无法确认是否在{}登记。{support}请人工查看。",
                cx.notice.province_name
            );
            out.hit(Draft::unverifiable(
                "登记地未能核对",
                message,
                vec![crate::check::cx::whole("营业执照", licences[0])],
            ));
        };
    };
    let message = format!(
        "营业执照住所为“{}”，不在{}；登记机关也没有看到本省字样。{support}通知要求申报单位在本省依法设立（二、征集条件1）。请核实是否已迁入或另有本省登记。",
        text_of(address),
        cx.notice.province_name
    );
    let here = cx.notice.province_name.clone();
    let cities = cx.notice.cities.clone();
    out.hit(Draft::anomaly("申报单位不在本省登记", message, vec![Evidence::of("营业执照住所", address)]).still_holds(move |v| {
        !matches!(&v[0], Some(Value::Text(t)) if t.contains(&here) || cities.iter().any(|c| t.contains(c.as_str())))
    }));
}

/// Whether an address lies in the notice's province; none if it names no place.
fn place_of(cx: &Cx<'_>, address: &str) -> Option<bool> {
    let a = squash(address);
    let head: String = a.chars().take(12).collect();
    if head.contains(&cx.notice.province_name) {
        return Some(true);
    }
    if PROVINCES.iter().any(|p| *p != cx.notice.province_name && a.starts_with(p)) {
        return Some(false);
    }
    if cx.notice.cities.iter().any(|c| head.contains(c.as_str())) {
        return Some(true);
    }
    let elsewhere =
        PROVINCES.iter().any(|p| head.contains(&format!("{p}省")) || head.contains(&format!("{p}市")))
            || CITIES.iter().any(|c| a.starts_with(&format!("{c}市")));
    elsewhere.then_some(false)
}

/// Cities that an address begins with, their province unsaid: capitals of provinces and the largest others.
const CITIES: [&str; 57] = [
    "石家庄",
    "唐山",
    "太原",
    "呼和浩特",
    "包头",
    "沈阳",
    "大连",
    "长春",
    "哈尔滨",
    "南京",
    "苏州",
    "无锡",
    "常州",
    "南通",
    "徐州",
    "扬州",
    "杭州",
    "宁波",
    "温州",
    "嘉兴",
    "绍兴",
    "合肥",
    "芜湖",
    "福州",
    "厦门",
    "泉州",
    "南昌",
    "赣州",
    "济南",
    "青岛",
    "烟台",
    "潍坊",
    "郑州",
    "洛阳",
    "武汉",
    "宜昌",
    "襄阳",
    "长沙",
    "株洲",
    "广州",
    "深圳",
    "东莞",
    "佛山",
    "珠海",
    "惠州",
    "中山",
    "南宁",
    "柳州",
    "海口",
    "成都",
    "绵阳",
    "贵阳",
    "昆明",
    "西安",
    "兰州",
    "银川",
    "乌鲁木齐",
];

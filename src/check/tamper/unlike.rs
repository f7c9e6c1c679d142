//! TAMPER-008 the text layer says one thing, the drawn page shows another.

use super::revised::{at, differ, effect, fields_at, issued};
use crate::check::{Cx, Out, say};
use crate::model::{Change, Confidence, Document, Draft, Evidence, Grade, ReadBy, Trace, Unit, Value};
use crate::text::amount::parse_money;
use crate::text::date::parse_date;

/// TAMPER-008.
pub(super) fn unlike(cx: &Cx<'_>, out: &mut Out) {
    let mut any = false;
    // A scan's own layer of recognised text is read by nobody: its pixels are.
    for d in issued(cx).filter(|d| d.read_by == ReadBy::Pdf) {
        any = true;
        let mut drafts = d.traces.iter().filter_map(|t| judged(cx, d, t)).peekable();
        if drafts.peek().is_none() {
            out.pass();
        }
        drafts.take(3).for_each(|draft| out.hit(draft));
    }
    if !any {
        out.cannot("没有带文字层的证明材料");
    }
}

fn judged(cx: &Cx<'_>, d: &Document, t: &Trace) -> Option<Draft> {
    let Change::Unlike { says, shows, confidence, picture } = &t.mark else { return None };
    if !differ(says, shows) {
        return None;
    }
    let evidence =
        vec![typed(at("文字层的内容", says, t, d)), seen(at("页面显示的内容", shows, t, d), *confidence)];
    let why = if *picture {
        "文字之上盖有一幅图片，图片中是另外的内容"
    } else {
        "字形与文字编码不是同一个字"
    };
    let message = format!(
        "{}有一处文字层为“{says}”，页面上显示的却是“{shows}”：{why}。按文字层读取的程序与看页面的人会得到不同的结果。已排除扫描件自带的识别文字层、缺少编码的字体、康熙部首等异体字形，以及只盖不写的脱敏。请以出具单位的原始文件为准。",
        say::doc(d)
    );
    if fields_at(d, t).is_empty() {
        let title = format!("{}有一处文字层与页面不一致", say::kind(d.kind));
        let message = format!("{message}\n该处不是已识别的要素，不能判断是否影响内容。");
        return figures(says, shows).then(|| Draft::unverifiable(title, message, evidence));
    }
    let title = format!("{}要素的文字层与页面不一致", say::kind(d.kind));
    let draft = Draft::anomaly(title, message, evidence).effect(effect(cx, d));
    Some(draft.still_holds(|v| match v {
        [Some(Value::Text(a)), Some(Value::Text(b)), ..] => differ(a, b),
        [Some(Value::Money(a)), Some(Value::Money(b)), ..] => a.yuan != b.yuan,
        [a, b, ..] => a != b,
        _ => false,
    }))
}

/// Whether both are long numbers: what stands in no field is told only then.
fn figures(says: &str, shows: &str) -> bool {
    [says, shows].iter().all(|s| s.chars().filter(char::is_ascii_digit).count() >= 3)
}

/// The evidence with the value as an amount or a day, if it is one, so that a second reading is read as one.
fn typed(mut evidence: Evidence) -> Evidence {
    let raw = evidence.raw.as_str();
    let day = parse_date(raw).map(Value::Date);
    let money = || {
        let amount = raw.contains('.') || raw.contains(['¥', '￥']);
        parse_money(raw, Unit::Yuan).filter(|_| amount).map(Value::Money)
    };
    evidence.value = day.or_else(money).or(evidence.value);
    evidence
}

fn seen(evidence: Evidence, confidence: Confidence) -> Evidence {
    Evidence { grade: Grade::Ocr, confidence, ..typed(evidence) }
}

//! What kind of voucher it is: title, bank, direction and state.

use std::sync::LazyLock;

use regex::Regex;

use crate::extract::Extracted;
use crate::extract::label::Fragment;
use crate::extract::sheet::{Word, squashed};
use crate::text::normal;

use super::{Receipt, keep, means};

/// Reads title, bank, direction and state, and tells the kind of voucher.
pub(super) fn read(receipt: &Receipt<'_>, out: &mut Extracted) -> Option<String> {
    let title = title(receipt);
    if let Some(at) = &title {
        keep(out, "title", means(receipt.typed, &normal::squash(&at.text), at));
    }
    let kind =
        title.as_ref().and_then(|at| Some((kind_of(receipt, &normal::squash(&at.text))?.0, at.clone())));
    if let Some((kind, at)) = &kind {
        keep(out, "voucher", means(receipt.typed, kind, at));
    }
    if let Some((text, at)) = bank(receipt) {
        keep(out, "bank", means(receipt.typed, &text, &at));
    }
    if let Some((text, at)) = direction(receipt, title.as_ref()) {
        keep(out, "direction", means(receipt.typed, text, &at));
    }
    let short = |t: &str| (2..=20).contains(&normal::squash(t).chars().count()) && !has_digit(t);
    let state = receipt.value("status", &short, true).or_else(|| stated(receipt));
    if let Some(at) = state {
        keep(out, "status", receipt.typed.text(&at));
    }
    kind.map(|k| k.0)
}

fn has_digit(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
}

/// The kind of voucher whose name is the longest that a text contains, and the length of that name.
fn kind_of(receipt: &Receipt<'_>, text: &str) -> Option<(String, usize)> {
    let kinds =
        receipt.lexicon.labels.iter().filter_map(|(key, words)| Some((key.strip_prefix("凭证.")?, words)));
    kinds
        .flat_map(|(kind, words)| words.iter().map(move |w| (kind, normal::squash(w))))
        .filter(|(_, word)| text.contains(word.as_str()))
        .max_by_key(|(kind, word)| (word.chars().count(), std::cmp::Reverse(*kind)))
        .map(|(kind, word)| (kind.to_string(), word.chars().count()))
}

/// The title: the row near the top that names a voucher, the largest where several do.
fn title(receipt: &Receipt<'_>) -> Option<Fragment> {
    let names = |text: &str| kind_of(receipt, text).is_some();
    let mut found: Option<(f32, Fragment)> = None;
    for row in receipt.sheet.rows.iter().take(8) {
        for word in row {
            let text = normal::squash(&word.text);
            let named = names(&text)
                && !text.contains([':', '。', ','])
                && !["编号", "号码", "专用章", "验证", "打印"].iter().any(|w| text.contains(w));
            let short = (2..=30).contains(&text.chars().count());
            if named && short && found.as_ref().is_none_or(|f| word.bbox.height() > f.0 + 1.0) {
                found = Some((word.bbox.height(), word.at.clone()));
            }
        }
        // A letter-spaced title comes as several words.
        let text = squashed(row);
        if found.is_none()
            && row.len() > 1
            && text.chars().count() <= 24
            && !text.contains(':')
            && names(&text)
        {
            let whole = row.iter().map(|w| w.at.clone()).reduce(|a, b| a.join(&b, ""));
            found = whole.map(|at| (0.0, at));
        }
    }
    found.map(|f| f.1)
}

/// The bank that issued the voucher, by its name among the first rows.
fn bank(receipt: &Receipt<'_>) -> Option<(String, Fragment)> {
    static BANK: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"^(?:[A-Z]+)?(\p{Han}{2,10}?(?:银行|农村信用社|信用联社|农商行))(?:股份有限公司|有限责任公司)?",
        )
        .ok()
    });
    for row in receipt.sheet.rows.iter().take(4) {
        for word in row {
            let text = normal::squash(&word.text);
            if let Some(c) = BANK.as_ref().and_then(|r| r.captures(&text)).filter(|_| !text.contains(':'))
                && !["网上银行", "手机银行", "企业银行", "电子银行"].iter().any(|n| c[1].ends_with(n))
            {
                return Some((c[1].to_string(), word.at.clone()));
            }
        }
    }
    None
}

/// Which way the money went, seen from whoever got the voucher, as its words say: 付款 or 收款.
fn way(text: &str) -> Option<&'static str> {
    // 客户收付款入账通知 and 收付款业务回单 say neither; 付款人回单 says whose copy it is.
    let text = normal::squash(text);
    if text.contains("收付") || text.contains("借/贷") {
        return None;
    }
    let any = |words: &[&str]| words.iter().any(|w| text.contains(w));
    let paid = any(&[
        "付款回单",
        "付款凭证",
        "付款通知",
        "付款入账",
        "付款人回单",
        "业务付款",
        "(付款)",
        "借方回单",
        "借记",
        "(借方)",
        "出账",
        "支出",
        "付费回单",
        "往账",
        "转出",
        "汇出",
        "支票存根",
    ]);
    let got = any(&[
        "收款回单",
        "收款凭证",
        "收款通知",
        "收款人回单",
        "业务收款",
        "(收款)",
        "贷方回单",
        "贷记",
        "(贷方)",
        "入账",
        "收入",
        "来账",
        "转入",
        "汇入",
        "到账",
    ]);
    match (paid, got, text.as_str()) {
        (true, false, _) | (_, _, "借" | "借方" | "付" | "付款" | "D" | "支") => Some("付款"),
        (false, true, _) | (_, _, "贷" | "贷方" | "收" | "收款" | "C") => Some("收款"),
        _ => None,
    }
}

/// The direction: by the title, by a label of its own, by words near the title, or by words down the margin.
fn direction(receipt: &Receipt<'_>, title: Option<&Fragment>) -> Option<(&'static str, Fragment)> {
    if let Some(found) = title.and_then(|at| Some((way(&at.text)?, at.clone()))) {
        return Some(found);
    }
    if let Some(at) = receipt.value("direction", &|t| way(t).is_some(), true) {
        return Some((way(&at.text)?, at));
    }
    let head = |w: &&Word| normal::squash(&w.text).chars().count() <= 20 && !w.text.contains([':', '：']);
    let named = |text: &str| {
        ["回单", "通知", "凭证", "借记", "贷记", "付款)", "收款)"].iter().any(|n| text.contains(n))
    };
    let rows = receipt.sheet.rows.iter().flatten();
    let beside = rows
        .filter(head)
        .filter(|w| named(&normal::squash(&w.text)))
        .find_map(|w| Some((way(&w.text)?, w.at.clone())));
    beside.or_else(|| {
        let joined = downward(receipt);
        joined.into_iter().find_map(|at| Some((way(&at.text).filter(|_| named(&at.text))?, at)))
    })
}

/// Words written downwards, a letter a row, as banks print whose copy a receipt is in its margin.
fn downward(receipt: &Receipt<'_>) -> Vec<Fragment> {
    let mut columns: Vec<Vec<&Word>> = Vec::new();
    let single = |w: &&Word| normal::squash(&w.text).chars().count() == 1;
    for word in receipt.sheet.words().filter(single) {
        let below = |w: &&Word| {
            let (a, b) = (w.bbox, word.bbox);
            (a.mid_x() - b.mid_x()).abs() < 0.5 * a.height().max(4.0)
                && b.mid_y() > a.mid_y()
                && b.y0 - a.y1 < 1.2 * a.height().max(4.0)
        };
        match columns.iter_mut().find(|c| c.last().is_some_and(below)) {
            Some(column) => column.push(word),
            None => columns.push(vec![word]),
        }
    }
    let long = columns.into_iter().filter(|c| c.len() >= 4);
    long.filter_map(|c| c.into_iter().map(|w| w.at.clone()).reduce(|a, b| a.join(&b, ""))).collect()
}

/// A state that is printed without a label.
fn stated(receipt: &Receipt<'_>) -> Option<Fragment> {
    const STATES: [&str; 22] = [
        "交易成功",
        "汇款成功",
        "汇款失败",
        "支付失败",
        "退汇",
        "交易处理中",
        "已撤销",
        "审批中",
        "待授权",
        "转账成功",
        "付款成功",
        "支付成功",
        "处理成功",
        "交易失败",
        "转账失败",
        "付款失败",
        "处理中",
        "银行处理中",
        "待审核",
        "待复核",
        "已退回",
        "已退汇",
    ];
    receipt.sheet.words().find(|w| STATES.contains(&normal::squash(&w.text).as_str())).map(|w| w.at.clone())
}

//! What kind of voucher it is: title, bank, direction and state.

use std::sync::LazyLock;

use regex::Regex;

use crate::extract::Extracted;
use crate::extract::label::Fragment;
use crate::extract::sheet::{Word, squashed};
use crate::text::normal;

use super::{Receipt, keep, means};

pub(super) fn read(receipt: &Receipt<'_>, out: &mut Extracted) {
    let title = title(receipt);
    if let Some(at) = &title {
        keep(out, "title", means(receipt.typed, &normal::squash(&at.text), at));
    }
    if let Some((text, at)) = bank(receipt) {
        keep(out, "bank", means(receipt.typed, &text, &at));
    }
    if let Some((text, at)) = direction(receipt, title.as_ref()) {
        keep(out, "direction", means(receipt.typed, text, &at));
    }
    let short = |t: &str| (2..=20).contains(&normal::squash(t).chars().count());
    let state = receipt.value("status", &short, true).or_else(|| stated(receipt));
    if let Some(at) = state {
        keep(out, "status", receipt.typed.text(&at));
    }
}

/// The title: the row near the top that names a voucher, the largest where several do.
fn title(receipt: &Receipt<'_>) -> Option<Fragment> {
    const NAMES: [&str; 14] = [
        "回单",
        "回执",
        "入账通知",
        "付款通知",
        "凭证",
        "委托书",
        "进账单",
        "存根",
        "承兑汇票",
        "付款单",
        "转账单",
        "交易明细",
        "交易详情",
        "通知单",
    ];
    let mut found: Option<(f32, Fragment)> = None;
    for row in receipt.sheet.rows.iter().take(8) {
        for word in row {
            let text = normal::squash(&word.text);
            let named = NAMES.iter().any(|n| text.contains(n))
                && !text.contains(':')
                && !text.contains("编号")
                && !text.contains("号码");
            let short = (4..=30).contains(&text.chars().count());
            if named && short && found.as_ref().is_none_or(|f| word.bbox.height() > f.0 + 1.0) {
                found = Some((word.bbox.height(), word.at.clone()));
            }
        }
        // A letter-spaced title comes as several words.
        let text = squashed(row);
        if found.is_none()
            && row.len() > 1
            && text.chars().count() <= 24
            && NAMES.iter().any(|n| text.ends_with(n))
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

/// Which way the money went, seen from whoever got the voucher: 付款 or 收款.
fn direction(receipt: &Receipt<'_>, title: Option<&Fragment>) -> Option<(&'static str, Fragment)> {
    let of = |text: &str| {
        let text = normal::squash(text);
        let any = |words: &[&str]| words.iter().any(|w| text.contains(w));
        let paid = any(&[
            "付款回单",
            "付款凭证",
            "付款通知",
            "付款入账",
            "借方回单",
            "借记通知",
            "出账",
            "支出",
            "付费回单",
            "往账",
            "转出",
            "汇出",
        ]);
        let got = any(&[
            "收款回单",
            "收款凭证",
            "收款通知",
            "贷方回单",
            "贷记通知",
            "入账",
            "收入",
            "来账",
            "转入",
            "汇入",
        ]);
        match (paid, got, text.as_str()) {
            (true, false, _) | (_, _, "借" | "借方" | "付" | "D") => Some("付款"),
            (false, true, _) | (_, _, "贷" | "贷方" | "收" | "C") => Some("收款"),
            _ => None,
        }
    };
    let titled = title.and_then(|at| Some((of(&at.text)?, at.clone())));
    titled
        .or_else(|| {
            let at = receipt.value("direction", &|t| of(t).is_some(), true)?;
            Some((of(&at.text)?, at))
        })
        .or_else(|| {
            let head =
                |w: &&Word| normal::squash(&w.text).chars().count() <= 16 && !w.text.contains([':', '：']);
            let named =
                |w: &&Word| w.text.contains("回单") || w.text.contains("通知") || w.text.contains("凭证");
            let rows = receipt.sheet.rows.iter().flatten();
            rows.filter(head).filter(named).find_map(|w| Some((of(&w.text)?, w.at.clone())))
        })
}

/// A state that is printed without a label.
fn stated(receipt: &Receipt<'_>) -> Option<Fragment> {
    const STATES: [&str; 14] = [
        "交易成功",
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

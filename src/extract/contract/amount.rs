//! The total of a contract: near words that introduce a total, never a unit price, an instalment or a penalty.

use std::ops::Range;

use rust_decimal::Decimal;

use crate::extract::flow::{Bare, Flow};
use crate::extract::label::Fragment;
use crate::model::{Money, Unit};
use crate::pack::Lexicon;
use crate::text::{amount, normal};

/// What was found for the total.
#[derive(Clone, Debug, Default)]
pub(super) struct Total {
    /// In digits.
    pub(super) amount: Option<(Money, Fragment)>,
    /// In capital numerals.
    pub(super) capital: Option<(Decimal, Fragment)>,
}

/// A place that may state the total.
#[derive(Clone, Debug)]
struct Candidate {
    rank: u32,
    at: usize,
    money: Option<(Money, Range<usize>)>,
    capital: Option<(Decimal, Range<usize>)>,
}

/// Words after which an amount is not the total.
const OTHERWISE: &[&str] = &[
    "单价",
    "预付",
    "首付",
    "首期",
    "定金",
    "订金",
    "进度款",
    "尾款",
    "余款",
    "质保金",
    "保证金",
    "违约金",
    "赔偿",
    "罚",
    "税额",
    "税金",
    "第一期",
    "第二期",
    "第三期",
    "第一笔",
    "第二笔",
    "分期",
    "剩余",
    "支付至",
    "付至",
    "押金",
    "运费",
    "每月",
    "每年",
    "每日",
    "上限",
    "不超过",
    "限额",
    "原合同",
    "增加",
    "减少",
    "调整",
];

/// How far behind its word a total may stand, in bytes of text without blanks.
const REACH: usize = 240;

/// The total; nothing where no word introduces one (framework contracts).
pub(super) fn total(flow: &Flow, lexicon: &Lexicon) -> Total {
    let bare = flow.bare();
    let mut candidates = Vec::new();
    for (rank, key) in ["总价.1", "总价.2"].iter().enumerate() {
        for word in lexicon.of(key) {
            let word = normal::squash(word);
            for (at, _) in bare.text.match_indices(&word) {
                let found = candidate(&bare, at, at + word.len(), rank as u32);
                candidates.extend(found);
            }
        }
    }
    // Digits and capitals together before either alone, words that name the contract before plain sums, then the first.
    let best = candidates.into_iter().min_by_key(|c| {
        let agree = match (&c.money, &c.capital) {
            (Some((m, _)), Some((v, _))) => u32::from(m.yuan != *v),
            _ => 2,
        };
        (c.rank, agree.min(2) / 2, c.at)
    });
    let Some(best) = best else { return Total::default() };
    let place = |range: &Range<usize>| flow.fragment(&bare.origin(range));
    Total {
        amount: best.money.and_then(|(m, r)| place(&r).map(|f| (m, f))),
        capital: best.capital.and_then(|(v, r)| place(&r).map(|f| (v, f))),
    }
}

/// The amount that a word at `from..to` introduces, if it does.
fn candidate(bare: &Bare, from: usize, to: usize, rank: u32) -> Option<Candidate> {
    let text = &bare.text;
    let before: String = text[..from].chars().rev().take(6).collect::<Vec<_>>().into_iter().rev().collect();
    if before.ends_with("不含税")
        || before.ends_with(['不', '未'])
        || before.ends_with("未税")
        || before.ends_with('占')
        || before.ends_with("除税")
    {
        return None;
    }
    if OTHERWISE.iter().any(|w| before.contains(w) && !before.contains(['。', ';', ':'])) {
        return None;
    }
    let mut end = (to + REACH).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let stop = text[to..end].find(['。', ';']).map_or(end, |p| to + p);
    let window = &text[to..stop];
    // 合同总价的30%, 合同总金额5%
    let share: String = window.chars().take(4).collect();
    if share.starts_with('的') || share.contains('%') || share.starts_with("百分") || share.starts_with('以')
    {
        return None;
    }
    let unit = bracket_unit(window).unwrap_or(Unit::Yuan);
    let start = changed(window);
    let capital = amount::find_capital(&window[start..])
        .map(|(r, v)| (r.start + start..r.end + start, v))
        .filter(|(r, _)| plain(&window[start..r.start]));
    let money = amount::find_money(window, unit).into_iter().filter(|f| f.range.start >= start).find(|f| {
        let between = &window[start..f.range.start];
        let near =
            between.chars().count() <= 14 || capital.as_ref().is_some_and(|(r, _)| f.range.start >= r.start);
        plain(between)
            && (f.marked || (near && f.money.yuan.abs() >= Decimal::from(100)) || unit != Unit::Yuan && near)
    });
    if money.is_none() && capital.is_none() {
        return None;
    }
    let shift = |r: Range<usize>| r.start + to..r.end + to;
    Some(Candidate {
        rank,
        at: from,
        money: money.map(|f| (f.money, shift(f.range))),
        capital: capital.map(|(r, v)| (v, shift(r))),
    })
}

/// Where an amendment states the new amount: behind 由 … 调整为.
fn changed(window: &str) -> usize {
    let words = ["调整为", "变更为", "增加至", "增加到", "减少至", "减少到", "修改为", "变更至", "调整至"];
    words.iter().filter_map(|w| window.find(w).map(|p| p + w.len())).min().unwrap_or(0)
}

/// Whether nothing between the word and the amount turns it into another amount.
fn plain(between: &str) -> bool {
    !between.contains('%') && !OTHERWISE.iter().any(|w| between.contains(w)) && !between.contains("不含税")
}

/// The unit in brackets right behind the word: 合同总价（万元）.
fn bracket_unit(window: &str) -> Option<Unit> {
    let inner = window.strip_prefix('(')?;
    let close = inner.find(')')?;
    let inner = &inner[..close];
    (inner.chars().count() <= 8 && !inner.contains(|c: char| c.is_ascii_digit()))
        .then(|| amount::unit_in(inner))
        .flatten()
}

/// The share kept back until the warranty ends, in percent, with its place.
pub(super) fn retention(flow: &Flow) -> Option<(Decimal, Fragment)> {
    let bare = flow.bare();
    for word in ["质保金", "质量保证金", "保修金", "质保款"] {
        for (at, _) in bare.text.match_indices(word) {
            let after = sentence(&bare.text, at + word.len(), 24);
            if let Some((range, share)) = percent(after) {
                let from = at + word.len();
                let place = flow.fragment(&bare.origin(&(from + range.start..from + range.end)))?;
                return Some((share, place));
            }
            let start = bare.text[..at].char_indices().rev().nth(15).map_or(0, |(i, _)| i);
            let before = &bare.text[start..at];
            let cut = before.rfind(['。', ';', ',']).map_or(0, |p| p + 1);
            if let Some((range, share)) = percent(before.get(cut..).unwrap_or_default()) {
                let from = start + cut;
                let place = flow.fragment(&bare.origin(&(from + range.start..from + range.end)))?;
                return Some((share, place));
            }
        }
    }
    None
}

fn sentence(text: &str, from: usize, chars: usize) -> &str {
    let rest = &text[from..];
    let end = rest.char_indices().nth(chars).map_or(rest.len(), |(i, _)| i);
    let rest = &rest[..end];
    &rest[..rest.find(['。', ';']).unwrap_or(rest.len())]
}

/// The first percentage of a text.
fn percent(text: &str) -> Option<(Range<usize>, Decimal)> {
    let mark = text.find('%')?;
    let digits =
        text[..mark].char_indices().rev().take_while(|(_, c)| c.is_ascii_digit() || *c == '.').last()?;
    let value = text[digits.0..mark].parse().ok()?;
    Some((digits.0..mark + 1, value))
}

/// The instalments in percent, if sentences on payment name some that make up the whole.
pub(super) fn instalments(flow: &Flow) -> Option<(Vec<String>, Fragment)> {
    let bare = flow.bare();
    let (mut shares, mut sum) = (Vec::new(), Decimal::ZERO);
    let (mut first, mut last) = (None, 0);
    let mut from = 0;
    for piece in bare.text.split_inclusive(['。', ';']) {
        let start = from;
        from += piece.len();
        let pays = piece.contains("支付") || piece.contains("付款") || piece.contains("付清");
        if !pays || ["违约", "逾期", "税率", "利率", "赔偿"].iter().any(|w| piece.contains(w)) {
            continue;
        }
        let mut at = 0;
        while let Some((range, share)) = percent(&piece[at..]) {
            let total: Decimal = sum + share;
            if total > Decimal::ONE_HUNDRED {
                return None;
            }
            sum = total;
            shares.push(format!("{}%", share.normalize()));
            first.get_or_insert(start + at + range.start);
            last = start + at + range.end;
            at += range.end;
        }
    }
    let place = flow.fragment(&bare.origin(&(first?..last)))?;
    (sum == Decimal::ONE_HUNDRED && shares.len() > 1).then_some((shares, place))
}

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
    "原总价",
    "原价",
    "其中",
    "暂列",
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
                let found = candidate(flow, &bare, at, at + word.len(), rank as u32);
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
fn candidate(flow: &Flow, bare: &Bare, from: usize, to: usize, rank: u32) -> Option<Candidate> {
    let text = &bare.text;
    let before: String = text[..from].chars().rev().take(6).collect::<Vec<_>>().into_iter().rev().collect();
    if before.ends_with("不含税")
        || before.ends_with(['不', '未'])
        || before.ends_with("未税")
        || before.ends_with('原')
        || before.ends_with('占')
        || before.ends_with("除税")
    {
        return None;
    }
    let clause = before.rsplit(['。', ';', ':', ',', '、']).next().unwrap_or_default();
    if OTHERWISE.iter().any(|w| clause.contains(w)) {
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
    let money = money.map(|f| within_item(flow, bare, f.money, shift(f.range), unit));
    Some(Candidate { rank, at: from, money, capital: capital.map(|(r, v)| (v, shift(r))) })
}

/// The amount as it stands in its cell or on its line: digits that begin the next one are no part of it.
fn within_item(
    flow: &Flow,
    bare: &Bare,
    money: Money,
    range: Range<usize>,
    unit: Unit,
) -> (Money, Range<usize>) {
    let printed = flow.text.get(bare.origin(&range)).unwrap_or_default();
    let Some(end) = printed.find(['\t', '\n']) else { return (money, range) };
    let head = &printed[..end];
    // Numbers break at the ends of lines too, but not behind their decimals.
    let whole = printed[end..].starts_with('\t')
        || head
            .trim_end()
            .rsplit_once('.')
            .is_some_and(|(_, d)| d.len() == 2 && d.bytes().all(|b| b.is_ascii_digit()));
    match amount::find_money(head, unit).pop().filter(|_| whole) {
        Some(f) => {
            let length = normal::squash(head).len();
            (f.money, range.start..range.start + length)
        }
        None => (money, range),
    }
}

/// The total without tax, where the paper names it.
pub(super) fn untaxed(flow: &Flow, lexicon: &Lexicon) -> Option<(Money, Fragment)> {
    let bare = flow.bare();
    let words = lexicon.of("总价.不含税").iter().map(|w| normal::squash(w));
    let mut places: Vec<(usize, usize)> = words
        .flat_map(|w| bare.text.match_indices(&w).map(|(at, _)| (at, at + w.len())).collect::<Vec<_>>())
        .collect();
    places.sort_unstable();
    places.into_iter().find_map(|(at, to)| {
        let (money, range) = candidate(flow, &bare, at, to, 0)?.money?;
        // A heading of a column is followed by other figures.
        bare.text[range.clone()].contains(['¥', '元', '万']).then_some(())?;
        Some((money, flow.fragment(&bare.origin(&range))?))
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

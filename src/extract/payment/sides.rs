//! Who paid and who was paid: by labels that say so, by two blocks under their headings, or as own and other side.

use crate::extract::Extracted;
use crate::extract::label::{Fragment, Hit, Options, best};
use crate::extract::sheet::Word;
use crate::extract::typed::weaken;
use crate::model::{BBox, Field};
use crate::text::normal;

use super::{Receipt, keep};

/// How much less sure a side is that only the usual order told.
const BY_ORDER: f32 = 0.8;

/// What follows 付, 收, 出, 汇 or 申 in the headings of blocks.
const HEADINGS: [&str; 13] = [
    "款人",
    "款方",
    "款",
    "款单位",
    "款账户",
    "款人信息",
    "款方信息",
    "方",
    "票人",
    "请人",
    "票人信息",
    "款单位信息",
    "方信息",
];

const PARTS: [&str; 3] = ["name", "account", "bank"];

/// Reads both sides. A 收据 between companies is signed by a person as 收款人: there only labels of companies count.
pub(super) fn read(receipt: &Receipt<'_>, kind: Option<&str>, out: &mut Extracted) {
    if kind == Some("收据") {
        acknowledged(receipt, out);
        return;
    }
    // Beside a heading over several rows stands a name, an account and a bank: the rows' own labels say which is which.
    let rows = receipt.hits("name", accepts("name"), true).len() > 1;
    let mut beside_headings = Vec::new();
    for side in ["payer", "payee"] {
        for part in PARTS {
            let name = format!("{side}_{part}");
            let hits = receipt.hits(&name, accepts(part), true);
            let Some(hit) = best(hits, receipt.lexicon.of(&name)) else { continue };
            let field = made(receipt, part, &hit.value);
            if rows && part == "name" && is_heading(&hit.label) {
                beside_headings.push((name, field));
            } else {
                keep(out, &name, field);
            }
        }
    }
    if !own_and_other(receipt, out) {
        blocks(receipt, out);
    }
    for (name, field) in beside_headings {
        keep(out, &name, field);
    }
}

/// Whether a label is the heading of a block, not of a row in it.
fn is_heading(label: &str) -> bool {
    let mut letters = label.chars();
    let sign = letters.next().is_some_and(|c| "付收汇出申".contains(c));
    sign && HEADINGS.contains(&letters.as_str())
}

/// A company's receipt: 今收到 whom, and by which company it was given.
fn acknowledged(receipt: &Receipt<'_>, out: &mut Extracted) {
    let whole = |t: &str| ["公司", "厂", "院", "中心", "店", "部", "社"].iter().any(|e| firm(t).ends_with(e));
    for side in ["payer", "payee"] {
        let name = format!("{side}_name");
        if let Some(at) = receipt.value(&name, &whole, true) {
            let chars = firm(&at.text).chars().count();
            let at = at.slice(0, at.text.chars().count().min(chars + blanks(&at.text, chars)));
            keep(out, &name, receipt.typed.text(&at.trim()));
        }
    }
}

/// The name at the beginning of a clause: 某某公司交来货款 names 某某公司.
fn firm(text: &str) -> String {
    let text = normal::squash(text);
    let cut = ["交来", "支付", "缴来", "付来", "的", "(盖章", "(章", "(公章", ",", "。"]
        .iter()
        .filter_map(|w| text.find(w))
        .min()
        .unwrap_or(text.len());
    text[..cut].to_string()
}

/// Blanks among the first letters of a text.
fn blanks(text: &str, letters: usize) -> usize {
    let (mut seen, mut blank) = (0, 0);
    for c in text.chars() {
        if seen == letters {
            break;
        }
        if c.is_whitespace() { blank += 1 } else { seen += 1 }
    }
    blank
}

pub(super) fn accepts(part: &str) -> &'static dyn Fn(&str) -> bool {
    match part {
        "name" => &is_name,
        "account" => &is_account,
        _ => &is_bank,
    }
}

pub(super) fn made(receipt: &Receipt<'_>, part: &str, at: &Fragment) -> Field {
    if part == "account" { receipt.typed.plain(at) } else { receipt.typed.text(&receipt.before_label(at)) }
}

fn is_name(text: &str) -> bool {
    let text = normal::squash(text);
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let labels =
        ["开户", "账号", "户名", "全称", "金额", "大写", "银行回单"].iter().any(|l| text.contains(l));
    letters >= 2 && 2 * letters > text.chars().count() && !labels
}

/// An account: mostly digits, masked ones included.
fn is_account(text: &str) -> bool {
    let text = normal::squash(text);
    let digits = text.chars().filter(|c| c.is_ascii_digit() || *c == '*').count();
    digits >= 6 && 3 * digits >= 2 * text.chars().count() && !text.contains(['¥', ':'])
}

fn is_bank(text: &str) -> bool {
    normal::squash(text).chars().filter(|c| c.is_alphabetic()).count() >= 3
}

/// Labels without a side (户名, 账号): they stand twice, under or beside headings that tell the sides.
fn blocks(receipt: &Receipt<'_>, out: &mut Extracted) {
    let hits: Vec<(&str, Vec<Hit>)> =
        PARTS.iter().map(|part| (*part, receipt.hits(part, accepts(part), true))).collect();
    let anchors = PARTS.iter().find_map(|part| {
        let places = receipt.finder.places(receipt.lexicon.of(part), &Options::default());
        let places: Vec<BBox> = places.iter().filter_map(|f| f.place.bbox()).collect();
        two(&places)
    });
    let Some(anchors) = anchors else {
        return;
    };
    let beside = anchors[1].shared_height(anchors[0]) > 0.3 * anchors[0].height();
    let split = if beside {
        anchors[1].x0 - 0.4 * anchors[1].height()
    } else {
        anchors[1].y0 - 0.6 * anchors[1].height()
    };
    let second = |b: BBox| if beside { b.mid_x() > split } else { b.mid_y() > split };
    let (payer_second, told) = payer_is_second(receipt, anchors, beside);
    for (part, hits) in hits {
        for hit in hits {
            let Some(at) = hit.at.place.bbox() else { continue };
            let side = if second(at) == payer_second { "payer" } else { "payee" };
            let field = made(receipt, part, &hit.value);
            keep(out, &format!("{side}_{part}"), if told { field } else { weaken(field, BY_ORDER) });
        }
    }
}

/// The first place and its companion: on the same row, or lower down.
fn two(places: &[BBox]) -> Option<[BBox; 2]> {
    let first = *places.iter().min_by(|a, b| a.mid_y().total_cmp(&b.mid_y()))?;
    let same = |b: &&BBox| b.shared_height(first) > 0.3 * first.height();
    let row: Vec<&BBox> = places.iter().filter(same).collect();
    if row.len() >= 2 {
        let left = **row.iter().min_by(|a, b| a.x0.total_cmp(&b.x0))?;
        let right = **row.iter().max_by(|a, b| a.x0.total_cmp(&b.x0))?;
        return Some([left, right]);
    }
    let second = places.iter().filter(|b| !same(b)).min_by(|a, b| a.mid_y().total_cmp(&b.mid_y()))?;
    Some([first, *second])
}

/// Whether the second block is the payer's, and whether a heading says so. Headings may be written downwards: their
/// first letter counts.
fn payer_is_second(receipt: &Receipt<'_>, anchors: [BBox; 2], beside: bool) -> (bool, bool) {
    let heading = |w: &&Word, sign: char| {
        let text = normal::squash(&w.text);
        let rest = text.trim_end_matches([':', '(', ')']);
        rest.starts_with(sign) && (rest.chars().count() == 1 || HEADINGS.contains(&&rest[sign.len_utf8()..]))
    };
    let belongs = |b: BBox| -> bool {
        if beside {
            let leads = anchors[1].x0 - b.x1;
            let next_to = leads > -4.0 && leads < 5.0 * anchors[1].height();
            next_to || b.mid_x() > anchors[1].x0
        } else {
            (b.mid_y() - anchors[1].mid_y()).abs() < (b.mid_y() - anchors[0].mid_y()).abs()
        }
    };
    let of = |sign: char| receipt.sheet.words().find(|w| heading(w, sign)).map(|w| belongs(w.bbox));
    let payer = ['付', '汇', '出', '申'].into_iter().find_map(of);
    match (payer, of('收')) {
        (Some(payer), Some(payee)) if payer == payee => (false, false),
        (Some(payer), _) => (payer, true),
        (None, Some(payee)) => (!payee, true),
        (None, None) => (false, false),
    }
}

/// 本方 and 对方: the direction of the voucher tells which of them paid. Labels without a side (户名, 账号) are the
/// other's on the rows of 对方, and one's own elsewhere. True where the voucher is of this manner.
fn own_and_other(receipt: &Receipt<'_>, out: &mut Extracted) -> bool {
    let places = |labels: String| receipt.finder.places(receipt.lexicon.of(&labels), &Options::default());
    let others: Vec<BBox> =
        PARTS.iter().flat_map(|p| places(format!("other_{p}"))).filter_map(|f| f.place.bbox()).collect();
    if others.is_empty() {
        return false;
    }
    let direction = out.fields.get("direction").and_then(Field::found).map(|d| d.value.to_plain());
    let (own, other) = match direction.as_deref() {
        Some("付款") => ("payer", "payee"),
        Some("收款") => ("payee", "payer"),
        _ => return true,
    };
    for part in PARTS {
        for (labels, side) in [("own", own), ("other", other)] {
            if let Some(at) = receipt.value(&format!("{labels}_{part}"), accepts(part), true) {
                keep(out, &format!("{side}_{part}"), made(receipt, part, &at));
            }
        }
        for hit in receipt.hits(part, accepts(part), true) {
            let Some(at) = hit.at.place.bbox() else { continue };
            let beside = others.iter().any(|o| o.shared_height(at) > 0.3 * at.height());
            keep(
                out,
                &format!("{}_{part}", if beside { other } else { own }),
                made(receipt, part, &hit.value),
            );
        }
    }
    true
}

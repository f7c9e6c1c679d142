//! 证明材料清单: what the applicant says is attached.

use super::columns::{self, Header, Role};
use super::sheet::of_cell;
use super::spec::Type;
use super::value;
use crate::extract::grid::{self, GridRow};
use crate::extract::label::{Fragment, is_cjk};
use crate::extract::typed::Typed;
use crate::extract::{Extracted, Extractor, View};
use crate::model::{Kind, Page, Row, Table, Unit};
use crate::pack::Pack;
use crate::text::normal;

const ROLES: &[Role] = &[
    ("index", &["序号", "编号", "附件", "附件号", "附件编号", "材料序号"]),
    (
        "name",
        &[
            "材料名称",
            "名称",
            "附件名称",
            "证明材料名称",
            "证明材料",
            "内容",
            "文件名称",
            "材料",
            "佐证材料名称",
            "佐证材料",
            "材料清单",
            "附件内容",
            "证明文件",
            "证明文件名称",
            "资料名称",
        ],
    ),
    (
        "pages",
        &[
            "页码",
            "起止页码",
            "页数",
            "份数",
            "所在页",
            "所在页码",
            "起始页码",
            "页码范围",
            "对应页码",
            "起始页",
        ],
    ),
    ("remark", &["备注", "说明", "类别"]),
];

/// Reads a list of attachments: `index`, `name`, `pages` a row.
pub struct EvidenceListExtractor;

impl Extractor for EvidenceListExtractor {
    fn kind(&self) -> Kind {
        Kind::EvidenceList
    }

    fn extract(&self, view: &View<'_>, pack: &Pack) -> Extracted {
        let mut out = Extracted::default();
        let mut before: Option<(Header, &Page, &Table)> = None;
        for page in &view.pages {
            for table in &page.tables {
                let own = columns::header(table, ROLES, 2).filter(|h| h.of("name").is_some());
                // A list that goes on over the page does not always repeat its header.
                let header = own.or_else(|| {
                    let (header, page, table_before) = before.as_ref()?;
                    columns::inherit(header, (page, table_before), table)
                });
                let Some(header) = header else { continue };
                out.items.extend(
                    (header.body..table.rows).filter_map(|row| of_row(view, page, table, row, &header)),
                );
                before = Some((header, page, table));
            }
        }
        if out.items.is_empty() {
            let titles = pack.kinds.get("evidence_list").map(|k| k.titles.as_slice()).unwrap_or_default();
            out.items = lines(&grid::rows(view), titles, &Typed::new(&view.file));
        }
        out
    }
}

fn of_row(view: &View<'_>, page: &Page, table: &Table, row: u32, header: &Header) -> Option<Row> {
    let mut fields = Row::new();
    for role in ["index", "name", "pages"] {
        let cell = header.of(role).and_then(|(_, col, ..)| table.at(row, *col));
        let field =
            cell.and_then(|c| value::field(Type::Text, &of_cell(page, c), Unit::Yuan, 0.98, &view.file));
        fields.extend(field.map(|f| (role.to_string(), f)));
    }
    fields.contains_key("name").then_some(fields)
}

/// A list without a table: enumerated lines, with the page behind dots, in brackets or at the end of the row.
fn lines(rows: &[GridRow], titles: &[String], typed: &Typed) -> Vec<Row> {
    let mut out = Vec::new();
    for row in rows {
        let Some(first) = row.items.first() else { continue };
        let Some((index, rest)) = enumerated(&first.at) else { continue };
        let mut parts: Vec<Fragment> = Vec::new();
        if !rest.is_blank() {
            parts.push(rest);
        }
        parts.extend(row.items[1..].iter().map(|i| i.at.clone()));
        let mut pages = parts.len().checked_sub(1).filter(|l| *l > 0).and_then(|l| bare_page(&parts[l]));
        if pages.is_some() {
            parts.pop();
        }
        let Some(mut name) = parts.into_iter().reduce(|a, b| a.join(&b, " ")) else { continue };
        if let Some((cut, at)) = trailing_page(&name) {
            name = name.slice(0, cut).trim();
            pages = pages.or(Some(at));
        }
        let end =
            name.text.trim_end_matches(['.', '…', '·', '。', '-', '—', '_', ' ', '\u{3000}']).chars().count();
        name = name.slice(0, end);
        let text = normal::squash(&name.text);
        let title = titles.iter().any(|t| text.ends_with(t.as_str()));
        if title || text.chars().filter(|c| is_cjk(*c)).count() < 2 {
            continue;
        }
        let mut fields =
            Row::from([("index".to_string(), typed.plain(&index)), ("name".to_string(), typed.text(&name))]);
        fields.extend(pages.map(|at| ("pages".to_string(), typed.plain(&at))));
        out.push(fields);
    }
    out
}

/// 1、 一、 （一） 附件1： before a name: the number, and what follows it.
fn enumerated(at: &Fragment) -> Option<(Fragment, Fragment)> {
    let chars: Vec<char> = at.text.chars().collect();
    let mut i = 0;
    let word =
        ["附件", "附表", "附"].iter().find(|w| at.text.starts_with(**w)).map_or(0, |w| w.chars().count());
    i += word;
    let open = usize::from(matches!(chars.get(i), Some('(' | '（')));
    i += open;
    let from = i;
    let numeral =
        |c: &char| c.is_ascii_digit() || "一二三四五六七八九十-—".contains(*c) || ('０'..='９').contains(c);
    i += chars[i..].iter().take_while(|c| numeral(c) || c.is_whitespace()).count();
    let number = chars.get(from..i)?.iter().filter(|c| !c.is_whitespace()).count();
    if !(1..=6).contains(&number) {
        return None;
    }
    let to = i;
    let mark = match chars.get(i) {
        Some(')' | '）') if open == 1 => 1,
        Some('、' | '.' | '．' | ':' | '：' | ',' | '，') if open == 0 => 1,
        // 附件1 证明材料
        _ if word > 0 && open == 0 => 0,
        None => 0,
        _ => return None,
    };
    let rest = at.slice(to + mark, chars.len());
    let lead = rest.text.chars().take_while(|c| c.is_whitespace() || matches!(c, ':' | '：' | '、')).count();
    let rest = rest.slice(lead, rest.text.chars().count()).trim();
    Some((at.slice(from, to).trim(), rest))
}

/// An item that is nothing but a page or a range of pages.
fn bare_page(at: &Fragment) -> Option<Fragment> {
    let text = normal::squash(&at.text);
    let body = text.trim_matches(|c: char| "第页PpGg.(){}…·".contains(c));
    let fits = !body.is_empty()
        && body.len() <= 9
        && body.chars().all(|c| c.is_ascii_digit() || "-—~至".contains(c));
    (fits && body.chars().any(|c| c.is_ascii_digit())).then(|| {
        let lead = at.text.chars().take_while(|c| matches!(c, '.' | '…' | '·') || c.is_whitespace()).count();
        at.slice(lead, at.text.chars().count()).trim()
    })
}

/// A page at the end of a name: behind dots, or in brackets with 页. Where the name ends, and the page.
fn trailing_page(name: &Fragment) -> Option<(usize, Fragment)> {
    let chars: Vec<char> = name.text.chars().collect();
    let close = chars.len().checked_sub(1)?;
    if matches!(chars[close], ')' | '）') {
        let open = chars.iter().rposition(|c| matches!(c, '(' | '（'))?;
        let inner: String = chars[open + 1..close].iter().collect();
        let page = inner.contains('页') && inner.chars().any(|c| c.is_ascii_digit());
        let digit = chars[open..close].iter().position(char::is_ascii_digit)? + open;
        let last = chars[..close].iter().rposition(char::is_ascii_digit)? + 1;
        return page.then(|| (open, name.slice(digit, last)));
    }
    let page = |c: &char| c.is_ascii_digit() || matches!(c, '-' | '—' | '~');
    let tail = chars.iter().rev().take_while(|c| page(c)).count();
    let from = chars.len() - tail;
    let before = chars[..from].iter().rev().find(|c| !c.is_whitespace())?;
    let dotted = matches!(before, '.' | '…' | '·');
    ((1..=9).contains(&tail) && dotted).then(|| (from, name.slice(from, chars.len())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::fixture::at;

    fn row(items: &[&str]) -> GridRow {
        let item = |(k, t): (usize, &&str)| crate::extract::grid::Item {
            at: at(t),
            text: normal::squash(t),
            x0: k as f32,
            x1: k as f32 + 1.0,
        };
        GridRow { page: 1, table: None, items: items.iter().enumerate().map(item).collect() }
    }

    fn told(rows: &[GridRow]) -> Vec<String> {
        let items = lines(rows, &["证明材料清单".to_string()], &Typed::new(&"a.pdf".into()));
        let plain = |r: &Row, k: &str| r.get(k).and_then(|f| f.found()).map(|s| s.value.to_plain());
        items
            .iter()
            .map(|r| {
                let part = |k| plain(r, k).unwrap_or_default();
                format!("{}|{}|{}", part("index"), part("name"), part("pages"))
            })
            .collect()
    }

    #[test]
    fn enumerated_lines_with_their_pages() {
        let rows = [
            row(&["三、有关证明材料清单"]),
            row(&["1、营业执照............3"]),
            row(&["附件2：近两年合同、发票复印件", "........", "4-12"]),
            row(&["（三）审计报告（见第13页）"]),
            row(&["4", "完税证明", "20"]),
            row(&["2022年12月31日"]),
            row(&["我单位承诺上述材料真实。"]),
        ];
        assert_eq!(
            told(&rows),
            ["1|营业执照|3", "2|近两年合同、发票复印件|4-12", "三|审计报告|13", "4|完税证明|20"]
        );
    }
}

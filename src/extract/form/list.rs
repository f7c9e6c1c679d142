//! 平台已完成的投资清单: found by what its columns are called, wherever it stands and however its pages are cut.

use std::sync::Arc;

use super::columns::{self, Header, Role};
use super::sheet::of_cell;
use super::spec::Type;
use super::value;
use crate::extract::label::Fragment;
use crate::extract::{Extracted, View};
use crate::model::{self, Cell, Field, Page, Row, Table, Value};
use crate::text::{amount, normal};

const ROLES: &[Role] = &[
    (
        "category",
        &[
            "类别",
            "费用类别",
            "投资类别",
            "科目",
            "类型",
            "分类",
            "费用科目",
            "投资类型",
            "设备类别",
            "费用类型",
            "支出类别",
        ],
    ),
    (
        "name",
        &[
            "设备名称",
            "设备(软件)名称",
            "设备/软件名称",
            "设备、软件名称",
            "设备或软件名称",
            "名称",
            "项目名称",
            "设备及软件名称",
            "投资内容",
            "采购内容",
            "货物名称",
            "产品名称",
            "软件名称",
            "建设内容",
            "内容",
            "项目",
            "品名",
            "明细",
        ],
    ),
    ("contract", &["合同名称", "合同", "对应合同", "采购合同", "合同名称及编号", "合同编号", "合同名"]),
    (
        "manufacturer",
        &[
            "生产厂商",
            "供应商",
            "厂商",
            "生产厂家",
            "供应商名称",
            "厂家",
            "服务商",
            "销售方",
            "供货单位",
            "生产商",
            "生产厂商/供应商",
            "生产商/供应商",
            "供货商",
            "卖方",
            "品牌",
            "乙方",
        ],
    ),
    ("quantity", &["数量", "采购数量", "台套数", "工作量", "数量/单位"]),
    ("unit_price", &["单价", "含税单价", "设备单价", "采购单价"]),
    (
        "total",
        &[
            "总价",
            "金额",
            "总额",
            "合计",
            "总金额",
            "合计金额",
            "投资额",
            "总价款",
            "含税总价",
            "投资金额",
            "费用",
            "小计",
            "价格",
        ],
    ),
    ("index", &["序号", "编号", "No", "行号"]),
    ("measure", &["单位", "计量单位"]),
    ("invoice", &["发票号", "发票号码", "发票编号", "发票"]),
    ("model", &["规格型号", "规格", "型号", "型号规格"]),
    ("date", &["日期", "付款日期", "购置时间", "时间", "开票日期"]),
    ("remark", &["备注", "说明", "用途"]),
];

/// Words that make a row a sum.
const SUMS: &[&str] = &["合计", "总计", "小计", "累计", "共计", "总金额"];

/// The categories: field name, words, name in sums.
const CATEGORIES: &[(&str, &[&str], &str)] = &[
    ("hardware", &["硬件"], "硬件"),
    ("software", &["软件"], "软件"),
    ("cloud", &["云服务", "云"], "云服务"),
    ("labour", &["人工", "人员", "劳务", "人力"], "人工"),
];

/// A list while it is read over its tables.
#[derive(Default)]
struct State {
    category: Option<usize>,
    out: Extracted,
    /// The unit stated last: a table that goes on on the next page does not repeat it.
    unit: Option<model::Unit>,
    /// The last row lies right above a break and may go on below it.
    open: bool,
}

/// Reads the list of a view: its rows as items, its sums as fields. Any view will do: a form, a workbook, a page.
pub fn read(view: &View<'_>) -> Extracted {
    let mut state = State::default();
    let mut current: Option<(Header, &Page, &Table)> = None;
    for page in &view.pages {
        for table in &page.tables {
            let found = columns::header(table, ROLES, 4).filter(is_list);
            let header = match (&found, &current) {
                (Some(header), _) => Some(header.clone()),
                (None, Some((header, before, above))) if next_to(before, page) && !other_table(table) => {
                    columns::inherit(header, (before, above), table)
                }
                _ => None,
            };
            let Some(header) = header else {
                if let Some((header, before, _)) = &current
                    && next_to(before, page)
                    && is_sum_alone(table)
                {
                    let default = state.unit.unwrap_or(model::Unit::TenThousand);
                    sum(view, page, table, 0, header, default, &mut state);
                }
                if current.is_some() && table.rows > 1 {
                    current = None;
                }
                continue;
            };
            state.unit = unit_above(page, table).or(state.unit);
            let default = state.unit.unwrap_or(model::Unit::TenThousand);
            rows(view, page, table, &header, default, &mut state);
            state.open = true;
            current = match current.take() {
                // What goes on without a head is read by the head before it, and goes on from this page.
                Some((old, _, above)) if found.is_none() => Some((old, page, above)),
                _ => Some((header, page, table)),
            };
        }
    }
    state.out
}

/// What makes a header that of the list: a name, money, and what only this list has.
fn is_list(header: &Header) -> bool {
    let has = |role: &str| header.of(role).is_some();
    let money = has("total") || has("unit_price");
    let papers = has("contract") || has("invoice");
    let other = has("manufacturer") || has("category");
    has("name")
        && money
        && ((papers && other)
            || (has("manufacturer") && has("category"))
            || (has("category") && has("quantity")))
}

fn next_to(before: &Page, page: &Page) -> bool {
    page.number == before.number || page.number == before.number + 1
}

/// A table that begins something else: a single column, or a label of another table.
fn other_table(table: &Table) -> bool {
    let first: String = table.row(0).map(|c| normal::squash(&c.text)).collect();
    table.cols < 4
        || first.contains("序号荣誉")
        || first.starts_with("平台名称")
        || first.contains("材料名称")
}

/// The row that sums up the list, alone on the page where its last row no longer fitted: its cells are merged, so that
/// the columns of the list are not there.
fn is_sum_alone(table: &Table) -> bool {
    table.rows == 1 && table.cols >= 2 && is_sum(&table.row(0).collect::<Vec<_>>())
}

/// "单位：万元" in the lines right above a table, or in its rows above the header.
fn unit_above(page: &Page, table: &Table) -> Option<model::Unit> {
    let first = table.cells.iter().flat_map(|c| c.lines.iter()).min().copied()? as usize;
    let above = page.lines.iter().take(first).rev().take(4).map(|l| normal::squash(&l.text));
    let inside = table.cells.iter().filter(|c| c.row < 3).map(|c| normal::squash(&c.text));
    above
        .chain(inside)
        .find(|t| t.contains("单位:") || t.contains("金额单位"))
        .and_then(|t| amount::unit_in(&t))
}

fn rows(
    view: &View<'_>,
    page: &Page,
    table: &Table,
    header: &Header,
    default: model::Unit,
    state: &mut State,
) {
    let continued = header.body == 0;
    let mut first = true;
    for row in header.body..table.rows {
        let cells: Vec<&Cell> = table.row(row).collect();
        let text: String = cells.iter().map(|c| normal::squash(&c.text)).collect();
        if text.is_empty() {
            continue;
        }
        if repeats_header(table, row, header) {
            first = false;
            continue;
        }
        if cells.iter().any(|c| c.text.trim_start().starts_with('注')) && cells.len() <= 2 {
            break;
        }
        let category = category_of(table, row, header);
        if let Some(category) = category {
            state.category = Some(category);
        }
        if section_row(table, row).is_some() {
            first = false;
            continue;
        }
        if is_sum(&cells) {
            sum(view, page, table, row, header, default, state);
        } else {
            let fields = row_fields(view, page, table, row, header, default, state.category);
            let joins = (continued && first && state.open) || (!table.ruled && !first);
            take(fields, joins, state);
        }
        first = false;
    }
}

/// Adds a row, or what of it belongs to the row before.
fn take(fields: Row, joins: bool, state: &mut State) {
    let number = |r: &Row| ["total", "unit_price"].iter().any(|n| r.contains_key(*n));
    let named = |r: &Row| r.contains_key("name");
    if joins
        && let Some(last) = state.out.items.last_mut()
        && !(number(&fields) && (number(last) || named(&fields)))
        && ["name", "contract", "manufacturer"].iter().any(|n| fields.contains_key(*n))
        && (!number(&fields) || !number(last))
    {
        for (name, field) in fields {
            join(last, name, field);
        }
        return;
    }
    let none = |f: &Field| f.found().is_some_and(|s| value::is_none_word(&s.raw));
    let empty = fields.iter().filter(|(k, _)| *k != "category").all(|(_, f)| none(f));
    if empty || !(named(&fields) || number(&fields)) {
        return;
    }
    state.out.items.push(fields);
}

/// Text that wraps grows; a figure is taken only where none was.
fn join(row: &mut Row, name: String, field: Field) {
    match (row.get_mut(&name), field) {
        (None, field) => {
            row.insert(name, field);
        }
        (Some(Field::Found(old)), Field::Found(new)) => {
            if let (Value::Text(text), Value::Text(more)) = (&mut old.value, &new.value)
                && name != "category"
            {
                text.push_str(more);
                old.raw.push_str(&new.raw);
                old.confidence = old.confidence.min(new.confidence);
                old.sources.extend(new.sources);
            }
        }
        _ => {}
    }
}

fn repeats_header(table: &Table, row: u32, header: &Header) -> bool {
    let same = header.columns.iter().filter(|(_, col, _, text)| {
        table.at(row, *col).is_some_and(|c| {
            let own = normal::squash(&c.text);
            !own.is_empty() && normal::squash(text).contains(&own) && own.chars().count() >= 2
        })
    });
    same.count() * 2 > header.columns.len()
}

/// The category a row states: in its column (merged cells count for all their rows), or alone in a section row.
fn category_of(table: &Table, row: u32, header: &Header) -> Option<usize> {
    let tell =
        |text: &str| CATEGORIES.iter().position(|(_, words, _)| words.iter().any(|w| text.contains(w)));
    if let Some((_, col, ..)) = header.of("category")
        && let Some(found) = table.at(row, *col).and_then(|c| tell(&normal::squash(&c.text)))
    {
        return Some(found);
    }
    section_row(table, row)
}

/// The category of a row that only names it ("一、硬件设备费"), perhaps with its sum.
fn section_row(table: &Table, row: u32) -> Option<usize> {
    let tell =
        |text: &str| CATEGORIES.iter().position(|(_, words, _)| words.iter().any(|w| text.contains(w)));
    let filled: Vec<String> =
        table.row(row).map(|c| normal::squash(&c.text)).filter(|t| !t.is_empty()).collect();
    let merged = table.row(row).any(|c| c.col_span * 2 > table.cols);
    let alone = match filled.as_slice() {
        [only] if merged || only.contains(['、', '(', '.']) => Some(only),
        [number, only]
            if number.chars().count() <= 3 && number.starts_with(['一', '二', '三', '四', '(']) =>
        {
            Some(only)
        }
        // A section row may carry its sum.
        [only, rest @ ..]
            if merged && only.contains('费') && rest.iter().all(|t| amount::parse_number(t).is_some()) =>
        {
            Some(only)
        }
        _ => None,
    };
    alone.filter(|t| t.chars().count() <= 20 && !SUMS.iter().any(|s| t.contains(s))).and_then(|t| tell(t))
}

fn is_sum(cells: &[&Cell]) -> bool {
    cells.iter().any(|c| {
        let text = normal::squash(&c.text);
        let bare = text.trim_end_matches(|c: char| !c.is_alphabetic());
        let bare = bare.split(['(', ':']).next().unwrap_or("");
        bare.chars().count() <= 10 && SUMS.iter().any(|w| bare.ends_with(w) || bare.starts_with(w))
    })
}

fn sum(
    view: &View<'_>,
    page: &Page,
    table: &Table,
    row: u32,
    header: &Header,
    default: model::Unit,
    state: &mut State,
) {
    let text: String = table.row(row).map(|c| normal::squash(&c.text)).collect();
    let named = CATEGORIES.iter().find(|(_, words, _)| words.iter().any(|w| text.contains(w)));
    let partial = text.contains("小计") || (named.is_some() && !text.contains("总计"));
    let name = if partial {
        let category = named.or_else(|| state.category.map(|i| &CATEGORIES[i]));
        let Some((_, _, label)) = category else { return };
        format!("投资清单.小计.{label}")
    } else {
        "投资清单.合计".to_string()
    };
    let Some((_, col, _, head)) = header.of("total").or_else(|| header.of("unit_price")) else { return };
    let digits = |c: &&Cell| c.text.contains(|c: char| c.is_ascii_digit());
    let own = table.at(row, *col).filter(digits);
    let Some(cell) = own.or_else(|| table.row(row).filter(digits).last()) else { return };
    let mut at = of_cell(page, cell);
    // "合计：120.5万元" in one cell.
    if let Some(start) = at.text.chars().position(|c| c.is_ascii_digit() || "¥￥-".contains(c)) {
        at = at.slice(start, at.text.chars().count());
    }
    // "总计（元）" names the unit of its row.
    let unit = amount::unit_in(&text).or_else(|| amount::unit_in(head)).unwrap_or(default);
    if let Some(field) = value::field(Type::Money, &at, unit, 0.99, &view.file) {
        state.out.fields.entry(name).or_insert(field);
    }
}

fn row_fields(
    view: &View<'_>,
    page: &Page,
    table: &Table,
    row: u32,
    header: &Header,
    default: model::Unit,
    category: Option<usize>,
) -> Row {
    let mut out = Row::new();
    for (role, kind) in [
        ("name", Type::Text),
        ("contract", Type::Text),
        ("manufacturer", Type::Text),
        ("quantity", Type::Number),
        ("unit_price", Type::Money),
        ("total", Type::Money),
    ] {
        let Some((_, col, _, head)) = header.of(role) else { continue };
        let Some(cell) = table.at(row, *col) else { continue };
        // A contract or maker merged over several rows holds for all of them; figures stand for themselves.
        if cell.row != row && matches!(kind, Type::Number | Type::Money) {
            continue;
        }
        let at = of_cell(page, cell);
        let unit = amount::unit_in(head).unwrap_or(default);
        if let Some(field) = cell_field(kind, &at, unit, &view.file) {
            out.insert(role.to_string(), field);
        }
    }
    if let Some(index) = category {
        let at = header
            .of("category")
            .and_then(|(_, col, ..)| table.at(row, *col))
            .filter(|c| !c.text.trim().is_empty())
            .or_else(|| table.row(row).next())
            .map(|c| of_cell(page, c));
        if let Some(at) = at {
            let raw = if normal::squash(&at.text).contains(CATEGORIES[index].1[0]) {
                at.text.clone()
            } else {
                String::new()
            };
            let text = Value::Text(CATEGORIES[index].0.to_string());
            out.insert("category".into(), value::found(text, &at, raw.trim(), 0.98, &view.file));
        }
    }
    out
}

fn cell_field(kind: Type, at: &Fragment, unit: model::Unit, file: &Arc<str>) -> Option<Field> {
    // A dash in a figure column says there is none.
    if matches!(kind, Type::Number | Type::Money) && value::is_none_word(&at.text) {
        return None;
    }
    value::field(kind, at, unit, 0.99, file)
}

//! 附件2 推荐汇总表: a project a row.

use super::columns::{self, Header, Role};
use super::sheet::of_cell;
use super::spec::Type;
use super::value;
use crate::extract::label::{self, Options};
use crate::extract::{Extracted, Extractor, View};
use crate::model::{Kind, Page, Row, Table, Unit};
use crate::pack::Pack;
use crate::text::normal;

const ROLES: &[Role] = &[
    ("index", &["序号", "编号"]),
    ("platform", &["平台名称", "项目名称", "申报平台名称", "平台(项目)名称", "申报项目名称"]),
    (
        "company",
        &[
            "建设单位",
            "申报单位",
            "企业名称",
            "单位名称",
            "承担单位",
            "申报企业",
            "建设单位名称",
            "申报单位名称",
            "项目单位",
        ],
    ),
    (
        "region",
        &[
            "所在市州/县市区",
            "所在市州",
            "所在地区",
            "所在地",
            "市州/县市区",
            "县市区",
            "所在县市区",
            "所属区域",
            "所在区县",
            "市州",
            "所在市州(县市区)",
            "所属市州",
        ],
    ),
    ("park", &["所在园区", "园区", "园区名称", "所属园区"]),
    (
        "contact",
        &["联系人及电话", "联系人及联系电话", "联系人及联系方式", "联系方式", "联系人/电话", "联系人"],
    ),
    ("phone", &["联系电话", "电话", "手机"]),
    ("kind", &["平台类别", "平台类型", "类别"]),
];

/// Reads the summary table.
pub struct SummaryExtractor;

impl Extractor for SummaryExtractor {
    fn kind(&self) -> Kind {
        Kind::SummaryTable
    }

    fn extract(&self, view: &View<'_>, _pack: &Pack) -> Extracted {
        let mut out = Extracted::default();
        let mut current: Option<(Header, &Page, &Table)> = None;
        for page in &view.pages {
            for table in &page.tables {
                let found = columns::header(table, ROLES, 3)
                    .filter(|h| h.of("platform").is_some() && h.of("company").is_some());
                let header = found.clone().or_else(|| {
                    let (header, before, above) = current.as_ref()?;
                    columns::inherit(header, (before, above), table)
                });
                let Some(header) = header else { continue };
                for row in header.body..table.rows {
                    let fields = row_of(view, page, table, row, &header);
                    if fields.contains_key("company") || fields.contains_key("platform") {
                        out.items.push(fields);
                    }
                }
                if found.is_some() {
                    current = Some((header, page, table));
                }
            }
        }
        let labels =
            ["推荐单位", "推荐单位名称", "联系人及电话", "联系人", "联系人及联系电话"].map(String::from);
        for (field, names) in [("recommending_unit", &labels[..2]), ("contact", &labels[2..])] {
            let head =
                |text: &str| ROLES.iter().any(|(_, words)| words.contains(&normal::squash(text).as_str()));
            let accept = |text: &str| {
                !value::is_blank(text) && !head(text) && normal::squash(text).chars().count() < 60
            };
            let options =
                Options { known: &labels, accept: Some(&accept), not_below: true, ..Options::default() };
            // The column heads of the table carry the same words: only what stands outside its rows counts.
            let hit = label::find(view, names, &options).into_iter().find(|h| {
                matches!(h.how, label::How::SameRun | label::How::NextRun | label::How::SameCell)
                    || h.label == "推荐单位"
            });
            if let Some(hit) = hit
                && let Some(found) = value::field(Type::Text, &hit.value, Unit::Yuan, 0.97, &view.file)
            {
                out.fields.insert(field.into(), found);
            }
        }
        out
    }
}

fn row_of(view: &View<'_>, page: &Page, table: &Table, row: u32, header: &Header) -> Row {
    let mut out = Row::new();
    for role in ["index", "platform", "company", "region", "park", "contact", "phone"] {
        let Some((_, col, ..)) = header.of(role) else { continue };
        let Some(cell) = table.at(row, *col) else { continue };
        let kind = if role == "index" { Type::Number } else { Type::Text };
        let at = of_cell(page, cell);
        if let Some(found) = value::field(kind, &at, Unit::Yuan, 0.99, &view.file) {
            // Name and phone in columns of their own make one contact.
            if role == "phone" && out.contains_key("contact") {
                if let (Some(crate::model::Field::Found(contact)), crate::model::Field::Found(phone)) =
                    (out.get_mut("contact"), found)
                {
                    contact.value =
                        crate::model::Value::Text(format!("{} {}", contact.raw.trim(), phone.raw.trim()));
                    contact.raw = format!("{} {}", contact.raw.trim(), phone.raw.trim());
                    contact.sources.extend(phone.sources);
                }
            } else {
                out.insert(if role == "phone" { "contact" } else { role }.to_string(), found);
            }
        }
    }
    let sums = |f: &crate::model::Field| {
        f.found().is_some_and(|s| matches!(normal::squash(&s.raw).as_str(), "合计" | "总计"))
    };
    if out.values().any(sums) { Row::new() } else { out }
}

//! 证明材料清单: what the applicant says is attached.

use super::columns::{self, Role};
use super::sheet::of_cell;
use super::spec::Type;
use super::value;
use crate::extract::label::Fragment;
use crate::extract::{Extracted, Extractor, View};
use crate::model::{Kind, Row, Unit};
use crate::pack::Pack;
use crate::text::normal;

const ROLES: &[Role] = &[
    ("index", &["序号", "编号", "附件", "附件号"]),
    ("name", &["材料名称", "名称", "附件名称", "证明材料名称", "证明材料", "内容", "文件名称", "材料"]),
    ("pages", &["页码", "起止页码", "页数", "份数", "所在页"]),
    ("remark", &["备注", "说明", "类别"]),
];

/// Reads a list of attachments: `index`, `name`, `pages` a row.
pub struct EvidenceListExtractor;

impl Extractor for EvidenceListExtractor {
    fn kind(&self) -> Kind {
        Kind::EvidenceList
    }

    fn extract(&self, view: &View<'_>, _pack: &Pack) -> Extracted {
        let mut out = Extracted::default();
        for page in &view.pages {
            for table in &page.tables {
                let Some(header) = columns::header(table, ROLES, 2).filter(|h| h.of("name").is_some()) else {
                    continue;
                };
                for row in header.body..table.rows {
                    let mut fields = Row::new();
                    for role in ["index", "name", "pages"] {
                        let cell = header.of(role).and_then(|(_, col, ..)| table.at(row, *col));
                        let field = cell.and_then(|c| {
                            value::field(Type::Text, &of_cell(page, c), Unit::Yuan, 0.98, &view.file)
                        });
                        fields.extend(field.map(|f| (role.to_string(), f)));
                    }
                    if fields.contains_key("name") {
                        out.items.push(fields);
                    }
                }
            }
        }
        if out.items.is_empty() {
            // A list without a table: numbered lines.
            for line in view.pages.iter().flat_map(|p| &p.lines) {
                let text = normal::squash(&line.text);
                let numbered = text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(['、', '.']);
                let field = value::field(Type::Text, &Fragment::of_line(line), Unit::Yuan, 0.9, &view.file);
                if let Some(field) = field.filter(|_| numbered) {
                    out.items.push(Row::from([("name".to_string(), field)]));
                }
            }
        }
        out
    }
}
